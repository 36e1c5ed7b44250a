//! A tree that connects everything, on which sets of groups are weighed.

use super::Item;
use crate::{Instance, NONE};

/// A tree on which sets are weighed.
#[derive(Debug)]
pub(super) struct Tree {
    /// By vertex: the one towards the root, and what the edge costs.
    up: Vec<(u32, u64)>,
    /// By vertex: that edge.
    edge: Vec<u32>,
    /// By vertex: how many of what is taken is there, and how many edges below it are used. The edge above is used if any.
    uses: Vec<u32>,
    /// What is taken costs.
    pub(super) cost: u64,
}

impl Tree {
    pub(super) fn new(instance: &Instance, edges: &[u32]) -> Self {
        let n = instance.vertices() as usize;
        let mut around: Vec<Vec<(u32, u32)>> = vec![Vec::new(); n];
        for &e in edges {
            let (u, v, _) = instance.edges()[e as usize];
            around[u as usize].push((v, e));
            around[v as usize].push((u, e));
        }
        let (mut up, mut edge) = (vec![(NONE, 0); n], vec![NONE; n]);
        let root = instance.root();
        let mut open = vec![root];
        while let Some(v) = open.pop() {
            for &(next, e) in &around[v as usize] {
                if next != root && up[next as usize].0 == NONE {
                    (up[next as usize], edge[next as usize]) = ((v, instance.edges()[e as usize].2), e);
                    open.push(next);
                }
            }
        }
        Self { up, edge, uses: vec![0; n], cost: 0 }
    }

    pub(super) fn take(&mut self, items: &[Item], set: &[bool]) {
        self.uses.fill(0);
        self.cost = 0;
        (0..set.len()).filter(|&i| set[i]).for_each(|i| self.add(&items[i]));
    }

    pub(super) fn cost_of(&mut self, items: &[Item], set: &[bool]) -> u64 {
        self.take(items, set);
        self.cost
    }

    /// The edges of what is taken, ascending.
    pub(super) fn edges(&self) -> Vec<u32> {
        let used = self.edge.iter().zip(&self.uses).filter(|(_, uses)| **uses > 0);
        let mut edges: Vec<u32> = used.map(|(&e, _)| e).collect();
        edges.sort_unstable();
        edges
    }

    /// Walks up as far as edges come into use.
    pub(super) fn add(&mut self, item: &Item) {
        for &v in &item.vertices {
            let mut at = v as usize;
            while self.up[at].0 != NONE {
                let (above, cost) = self.up[at];
                self.uses[at] += 1;
                if self.uses[at] > 1 {
                    break;
                }
                self.cost += cost;
                at = above as usize;
            }
        }
    }

    /// Walks up as far as edges go out of use.
    pub(super) fn drop(&mut self, item: &Item) {
        for &v in &item.vertices {
            let mut at = v as usize;
            while self.up[at].0 != NONE {
                let (above, cost) = self.up[at];
                self.uses[at] -= 1;
                if self.uses[at] > 0 {
                    break;
                }
                self.cost -= cost;
                at = above as usize;
            }
        }
    }

    /// What taking an item costs besides.
    pub(super) fn adds(&mut self, item: &Item) -> u64 {
        let before = self.cost;
        self.add(item);
        let after = self.cost;
        self.drop(item);
        after - before
    }

    /// What leaving an item out saves.
    pub(super) fn freed(&mut self, item: &Item) -> u64 {
        let before = self.cost;
        self.drop(item);
        let after = self.cost;
        self.add(item);
        before - after
    }
}
