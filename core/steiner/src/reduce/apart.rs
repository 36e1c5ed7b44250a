//! Special distances (Duin & Volgenant 1989) on a graph that stays as it is.
//!
//! Two vertices are at most as far apart as the way between them, or as the longest of three stretches: from each to a terminal
//! near it, and between those two terminals on the spanning tree of all of them (Mehlhorn 1988), which has the least longest
//! edge between any two. So whatever lies between is looked up and not searched for.

use super::nearest::nearest;
use crate::NONE;
use crate::net::{Kind, Net};
use breiband_graph::{MinHeap, UnionFind};

/// Terminals near a vertex that are known.
const NEAREST: usize = 4;
/// Arcs that the search around a vertex looks at.
const REACH: usize = 60;

/// How far apart vertices are, at most.
pub(super) struct Apart<'a> {
    net: &'a Net,
    /// By vertex: how far the terminals nearest to it are, and which they are of `joined`.
    nearest: Vec<[(u64, u32); NEAREST]>,
    /// The spanning tree as it grew: the edge by which a terminal's part was joined to another one's, and to whose.
    joined: Vec<(u64, u32)>,
    /// By vertex: those around it, itself among them, ascending, and how far they are. Empty before that is asked for.
    around: Vec<Box<[(u32, u64)]>>,
    /// The workspace of a search.
    distance: Vec<u64>,
    heap: MinHeap,
    /// Arcs looked at.
    pub(super) work: u64,
}

impl<'a> Apart<'a> {
    pub(super) fn new(net: &'a Net) -> Self {
        let n = net.kind.len();
        let rests: Vec<u32> = (0..n as u32).filter(|&v| net.kind[v as usize] == Kind::Terminal).collect();
        let (nearest, work) = nearest(net, &rests, |slot| net.graph.arcs()[slot].cost, u64::MAX);
        let mut apart = Self {
            net,
            nearest,
            joined: Vec::new(),
            around: vec![Box::default(); n],
            distance: vec![u64::MAX; n],
            heap: MinHeap::new(net.graph.vertex_count(), net.graph.max_distance()),
            work,
        };
        apart.span(rests.len() as u32);
        apart
    }

    /// Spans the terminals, the shortest way between their regions first; the smaller part is hung below the larger.
    fn span(&mut self, count: u32) {
        let mut ways: Vec<(u64, u32, u32)> = Vec::new();
        for &(u, v, cost) in self.net.graph.edges() {
            let ((a, s), (b, t)) = (self.nearest[u as usize][0], self.nearest[v as usize][0]);
            if s != t && s != NONE && t != NONE && !self.net.is_sink(u) && !self.net.is_sink(v) {
                ways.push((a + cost + b, s, t));
            }
        }
        ways.sort_unstable();
        self.joined = (0..count).map(|i| (u64::MAX, i)).collect();
        let mut parts = UnionFind::new(count);
        for (length, s, t) in ways {
            let (a, b) = (parts.find(s), parts.find(t));
            if parts.union(a, b) {
                let above = parts.find(a);
                self.joined[(a ^ b ^ above) as usize] = (length, above);
            }
        }
    }

    /// The longest edge between two terminals on the spanning tree, if it is below a limit. O(log terminals).
    fn between(&self, mut s: u32, mut t: u32, limit: u64) -> Option<u64> {
        let mut longest = 0;
        while s != t {
            let ((a, above), (b, other)) = (self.joined[s as usize], self.joined[t as usize]);
            if a <= b {
                (longest, s) = (a, above);
            } else {
                (longest, t) = (b, other);
            }
            if longest >= limit {
                return None;
            }
        }
        Some(longest)
    }

    fn look_around(&mut self, from: u32) -> Box<[(u32, u64)]> {
        self.heap.clear();
        self.distance[from as usize] = 0;
        self.heap.push(0, from);
        let (mut touched, mut found, mut looked) = (vec![from], Vec::new(), 0);
        while let Some((reach, v)) = self.heap.pop() {
            if reach > self.distance[v as usize] {
                continue;
            }
            found.push((v, reach));
            if looked > REACH {
                break;
            }
            for arc in self.net.graph.neighbours(v) {
                looked += 1;
                let reach = reach + arc.cost;
                let old = &mut self.distance[arc.head as usize];
                if reach < *old && !self.net.is_sink(arc.head) {
                    if *old == u64::MAX {
                        touched.push(arc.head);
                    }
                    *old = reach;
                    self.heap.push(reach, arc.head);
                }
            }
        }
        for v in touched {
            self.distance[v as usize] = u64::MAX;
        }
        self.work += looked as u64;
        found.sort_unstable();
        found.into()
    }

    /// How far it is from one to the other, where that is near.
    fn way(&mut self, from: u32, to: u32) -> Option<u64> {
        if self.around[from as usize].is_empty() {
            self.around[from as usize] = self.look_around(from);
        }
        let around = &self.around[from as usize];
        around.binary_search_by_key(&to, |&(v, _)| v).ok().map(|at| around[at].1)
    }

    /// At least the special distance of two vertices if that is found to be below a limit; else at least the limit. Nothing is
    /// near a sink: no way may rest there, nor may one begin there that did not end there before.
    pub(super) fn below(&mut self, a: u32, b: u32, limit: u64) -> u64 {
        if self.net.is_sink(a) || self.net.is_sink(b) {
            return u64::MAX;
        }
        let mut least = self.way(a, b).or_else(|| self.way(b, a)).unwrap_or(u64::MAX);
        for (x, s) in self.nearest[a as usize] {
            for (y, t) in self.nearest[b as usize] {
                let ends = x.max(y);
                let most = limit.min(least);
                if ends < most
                    && let Some(between) = self.between(s, t, most)
                {
                    least = ends.max(between);
                }
            }
        }
        least
    }
}
