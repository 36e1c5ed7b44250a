//! Rows of half-edges as doubly linked lists in flat arrays: edges move and vanish in constant time.

use crate::NONE;

/// Half-edge `2e + side` lies in the row of the edge's end on that side.
#[derive(Debug)]
pub(crate) struct Rows {
    ends: Vec<[u32; 2]>,
    next: Vec<u32>,
    prev: Vec<u32>,
    first: Vec<u32>,
    degree: Vec<u32>,
    linked: Vec<bool>,
}

impl Rows {
    pub(crate) fn new(vertices: u32, edges: u32) -> Self {
        let (n, m) = (vertices as usize, edges as usize);
        Self {
            ends: vec![[0; 2]; m],
            next: vec![NONE; 2 * m],
            prev: vec![NONE; 2 * m],
            first: vec![NONE; n],
            degree: vec![0; n],
            linked: vec![false; m],
        }
    }

    pub(crate) fn ends(&self, e: u32) -> (u32, u32) {
        let [u, v] = self.ends[e as usize];
        (u, v)
    }

    /// Names the ends of an edge that is not linked.
    pub(crate) fn set_ends(&mut self, e: u32, u: u32, v: u32) {
        self.ends[e as usize] = [u, v];
    }

    /// One more edge, not linked; its ends are yet to be named.
    pub(crate) fn add(&mut self) -> u32 {
        self.ends.push([0; 2]);
        self.next.extend([NONE; 2]);
        self.prev.extend([NONE; 2]);
        self.linked.push(false);
        (self.linked.len() - 1) as u32
    }

    pub(crate) fn is_linked(&self, e: u32) -> bool {
        self.linked[e as usize]
    }

    pub(crate) fn degree(&self, v: u32) -> u32 {
        self.degree[v as usize]
    }

    pub(crate) fn link(&mut self, e: u32) {
        self.linked[e as usize] = true;
        for side in 0..2 {
            let half = 2 * e + side;
            let v = self.ends[e as usize][side as usize] as usize;
            let next = std::mem::replace(&mut self.first[v], half);
            self.next[half as usize] = next;
            self.prev[half as usize] = NONE;
            if next != NONE {
                self.prev[next as usize] = half;
            }
            self.degree[v] += 1;
        }
    }

    /// Takes an edge out of both rows, if it is in them.
    pub(crate) fn unlink(&mut self, e: u32) {
        if !std::mem::replace(&mut self.linked[e as usize], false) {
            return;
        }
        for side in 0..2 {
            let half = (2 * e + side) as usize;
            let v = self.ends[e as usize][side as usize] as usize;
            let (prev, next) = (self.prev[half], self.next[half]);
            if prev == NONE {
                self.first[v] = next;
            } else {
                self.next[prev as usize] = next;
            }
            if next != NONE {
                self.prev[next as usize] = prev;
            }
            self.degree[v] -= 1;
        }
    }

    /// The first half-edge of a row, with its edge and its other end.
    pub(crate) fn first(&self, v: u32) -> Option<(u32, u32, u32)> {
        self.at(self.first[v as usize])
    }

    /// The half-edge after another.
    pub(crate) fn after(&self, half: u32) -> Option<(u32, u32, u32)> {
        self.at(self.next[half as usize])
    }

    fn at(&self, half: u32) -> Option<(u32, u32, u32)> {
        (half != NONE).then(|| (half, half / 2, self.ends[half as usize / 2][1 - half as usize % 2]))
    }

    /// The edges of a row with their other ends.
    pub(crate) fn row(&self, v: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let mut at = self.first(v);
        std::iter::from_fn(move || {
            let (half, e, u) = at?;
            at = self.after(half);
            Some((e, u))
        })
    }
}
