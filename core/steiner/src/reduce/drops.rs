//! Dominated drops: of two drops of one sink, the second goes if it costs at least the first plus the way between feet. To a terminal,
//! or the root, no way is needed: it is in every tree. So a prize that is no more than the cheapest drop is missed at once.

use super::Reducer;
use super::ball::Ball;
use crate::net::Kind;
use breiband_certificate::Step;

/// Vertices a search between feet may settle: the feet of a sink lie close to each other.
const SETTLED: usize = 64;

/// What a drop costs, its edge, and its foot.
type Drop = (u64, u32, u32);

impl Reducer {
    /// Deletes dominated drops; whether there were any.
    pub(super) fn dominated_drops(&mut self) -> bool {
        let mut any = false;
        let mut ball = Ball::new(self.kind.len(), SETTLED);
        for t in 0..self.kind.len() as u32 {
            if !self.is_sink(t) || self.rows.degree(t) < 2 {
                continue;
            }
            let mut drops = self.drops(t);
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
            any |= self.undercut(&mut ball, drops) > 0;
        }
        any
    }

    /// The drops of a sink, the cheapest first.
    pub(super) fn drops(&self, t: u32) -> Vec<Drop> {
        let mut drops = self.costs(t);
        drops.sort_unstable();
        drops
    }

    /// What each edge of a vertex costs, the edge, and its other end.
    pub(super) fn costs(&self, v: u32) -> Vec<(u64, u32, u32)> {
        self.rows.row(v).map(|(e, u)| (self.cost[e as usize], e, u)).collect()
    }

    /// Deletes those of a sink's drops, the cheapest first, that cost no less than another and the way to it; how many. What is
    /// deleted is gone before the next is judged, so two drops never delete each other.
    pub(super) fn undercut(&mut self, ball: &mut Ball, mut drops: Vec<Drop>) -> usize {
        let count = drops.len();
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
                }
                !dominated
            });
            i += 1;
        }
        count - drops.len()
    }
}
