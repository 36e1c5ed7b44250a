//! Dominated drops: of two drops of one sink, the second goes if it costs at least the first plus the way between feet.

use super::Reducer;
use breiband_certificate::Step;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Vertices a search between feet may settle: the feet of a sink lie close to each other.
const SETTLED: usize = 64;

impl Reducer {
    /// Deletes dominated drops; whether there were any. What is deleted is gone before the next is judged, so two
    /// drops never delete each other.
    pub(super) fn dominated_drops(&mut self) -> bool {
        let mut any = false;
        let mut known = BTreeMap::new();
        let mut heap = BinaryHeap::new();
        for t in 0..self.kind.len() as u32 {
            if !self.is_sink(t) || self.rows.degree(t) < 2 {
                continue;
            }
            let mut drops: Vec<(u64, u32, u32)> =
                self.rows.row(t).map(|(e, u)| (self.cost[e as usize], e, u)).collect();
            drops.sort_unstable();
            let mut i = 0;
            while i + 1 < drops.len() {
                let (cost, _, foot) = drops[i];
                let limit = drops[drops.len() - 1].0 - cost;
                self.ball(foot, limit, &mut known, &mut heap);
                let mut at = 0;
                drops.retain(|&(dear, e, other)| {
                    at += 1;
                    let dominated =
                        at > i + 1 && known.get(&other).is_some_and(|&way: &u64| dear >= cost.saturating_add(way));
                    if dominated {
                        self.drop_as(e, Step::Farther);
                        any = true;
                    }
                    !dominated
                });
                i += 1;
            }
        }
        any
    }

    /// Distances from `start` up to `limit`, not through sinks.
    fn ball(&self, start: u32, limit: u64, known: &mut BTreeMap<u32, u64>, heap: &mut BinaryHeap<Reverse<(u64, u32)>>) {
        known.clear();
        heap.clear();
        known.insert(start, 0);
        heap.push(Reverse((0, start)));
        let mut settled = 0;
        while let Some(Reverse((distance, v))) = heap.pop() {
            if known.get(&v).is_some_and(|&d| d < distance) {
                continue;
            }
            settled += 1;
            if settled > SETTLED {
                return;
            }
            for (e, u) in self.rows.row(v) {
                let reach = distance + self.cost[e as usize];
                if reach <= limit && !self.is_sink(u) && known.get(&u).is_none_or(|&d| reach < d) {
                    known.insert(u, reach);
                    heap.push(Reverse((reach, u)));
                }
            }
        }
    }
}
