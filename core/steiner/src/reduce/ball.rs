//! What lies around a vertex of a graph that is being reduced, nearest first (Dijkstra 1959).

use super::{HUB, Reducer};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The workspace of searches.
#[derive(Debug)]
pub(super) struct Ball {
    /// By vertex that was seen in this turn.
    distance: Vec<u64>,
    seen: Vec<u32>,
    turn: u32,
    heap: BinaryHeap<Reverse<(u64, u32)>>,
    /// How many vertices a search may settle.
    most: usize,
}

impl Ball {
    pub(super) fn new(vertices: usize, most: usize) -> Self {
        Self { distance: vec![0; vertices], seen: vec![0; vertices], turn: 0, heap: BinaryHeap::new(), most }
    }

    /// How far a vertex is, if the last search came so far.
    pub(super) fn known(&self, v: u32) -> Option<u64> {
        (self.seen[v as usize] == self.turn).then(|| self.distance[v as usize])
    }

    fn put(&mut self, v: u32, distance: u64) {
        if self.known(v).is_none_or(|known| distance < known) {
            (self.seen[v as usize], self.distance[v as usize]) = (self.turn, distance);
            self.heap.push(Reverse((distance, v)));
        }
    }

    /// Distances from `start` up to `limit`, not through sinks, until those of so many that `is_wanted` are known.
    pub(super) fn around(
        &mut self,
        on: &Reducer,
        start: u32,
        limit: u64,
        mut wanted: usize,
        is_wanted: impl Fn(u32) -> bool,
    ) {
        self.turn += 1;
        self.heap.clear();
        self.put(start, 0);
        let mut settled = 0;
        while let Some(Reverse((distance, v))) = self.heap.pop() {
            if distance > self.distance[v as usize] {
                continue;
            }
            settled += 1;
            wanted -= usize::from(wanted > 0 && is_wanted(v));
            if settled > self.most || wanted == 0 {
                return;
            }
            if on.rows.degree(v) > HUB {
                continue;
            }
            for (e, u) in on.rows.row(v) {
                let reach = distance.saturating_add(on.cost[e as usize]);
                if reach <= limit && !on.is_sink(u) {
                    self.put(u, reach);
                }
            }
        }
    }
}
