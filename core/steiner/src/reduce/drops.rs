//! Dominated drops: of two drops of one sink, the second goes if it costs at least the first plus the way between feet. To a terminal,
//! or the root, no way is needed: it is in every tree. So a prize that is no more than the cheapest drop is missed at once.

use super::{HUB, Reducer};
use crate::net::Kind;
use breiband_certificate::Step;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Vertices a search between feet may settle: the feet of a sink lie close to each other.
const SETTLED: usize = 64;

/// The workspace of searches between feet.
#[derive(Debug)]
struct Ball {
    /// By vertex that was seen in this turn.
    distance: Vec<u64>,
    seen: Vec<u32>,
    turn: u32,
    heap: BinaryHeap<Reverse<(u64, u32)>>,
}

impl Ball {
    fn new(vertices: usize) -> Self {
        Self { distance: vec![0; vertices], seen: vec![0; vertices], turn: 0, heap: BinaryHeap::new() }
    }

    /// How far a vertex is, if the last search came so far.
    fn known(&self, v: u32) -> Option<u64> {
        (self.seen[v as usize] == self.turn).then(|| self.distance[v as usize])
    }

    fn put(&mut self, v: u32, distance: u64) {
        if self.known(v).is_none_or(|known| distance < known) {
            (self.seen[v as usize], self.distance[v as usize]) = (self.turn, distance);
            self.heap.push(Reverse((distance, v)));
        }
    }

    /// Distances from `start` up to `limit`, not through sinks, until those of `feet` vertices that `is_foot` are known.
    fn around(&mut self, on: &Reducer, start: u32, limit: u64, mut feet: usize, is_foot: impl Fn(u32) -> bool) {
        self.turn += 1;
        self.heap.clear();
        self.put(start, 0);
        let mut settled = 0;
        while let Some(Reverse((distance, v))) = self.heap.pop() {
            if distance > self.distance[v as usize] {
                continue;
            }
            settled += 1;
            feet -= usize::from(feet > 0 && is_foot(v));
            if settled > SETTLED || feet == 0 {
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

impl Reducer {
    /// Deletes dominated drops; whether there were any. What is deleted is gone before the next is judged, so two
    /// drops never delete each other.
    pub(super) fn dominated_drops(&mut self) -> bool {
        let mut any = false;
        let mut ball = Ball::new(self.kind.len());
        for t in 0..self.kind.len() as u32 {
            if !self.is_sink(t) || self.rows.degree(t) < 2 {
                continue;
            }
            let mut drops: Vec<(u64, u32, u32)> =
                self.rows.row(t).map(|(e, u)| (self.cost[e as usize], e, u)).collect();
            drops.sort_unstable();
            // What is dearer than a drop from what is in every tree.
            if let Some(place) = drops.iter().position(|drop| self.kind[drop.2 as usize] == Kind::Terminal) {
                any |= place + 1 < drops.len();
                for (_, e, _) in drops.drain(place + 1..) {
                    self.drop_as(e, Step::Farther);
                }
            }
            // Whether it is left out is asked by `optional`, of all at once.
            if self.excuses && drops.last().is_some_and(|drop| self.kind[drop.2 as usize] == Kind::Terminal) {
                drops.pop();
            }
            let mut i = 0;
            while i + 1 < drops.len() {
                let (cost, _, foot) = drops[i];
                let limit = drops[drops.len() - 1].0 - cost;
                let others = &drops[i + 1..];
                ball.around(self, foot, limit, others.len(), |v| others.iter().any(|drop| drop.2 == v));
                let mut at = 0;
                drops.retain(|&(dear, e, other)| {
                    at += 1;
                    let dominated = at > i + 1 && ball.known(other).is_some_and(|way| dear >= cost.saturating_add(way));
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
}
