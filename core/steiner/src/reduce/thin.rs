//! The reductions that no dual minds: see [`crate::thinned`].

use super::Reducer;
use super::ball::Ball;
use crate::NONE;
use crate::net::Kind;
use breiband_certificate::Step;

/// A vertex that went, and what it had then.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gone {
    pub(crate) vertex: u32,
    /// Its one or two neighbours, [`NONE`] where there is no second, and what the edges to them cost.
    pub(crate) beside: [(u32, u64); 2],
}

/// Vertices a search for a way around settles at most: it is short, or there is none.
const AROUND: usize = 24;
/// Edges that cost more than a way around are looked for again where one in so many did.
const WORTH: usize = 30;
/// Vertices that are tried, all over the graph; all are if one in so many of their edges goes.
const TRIED: usize = 1_000;
const FOUND: usize = 100;

impl Reducer {
    /// Takes away what takes nothing from any dual, until little changes: the vertices that went, in their order.
    pub(crate) fn thin(&mut self) -> Vec<Gone> {
        self.excuses = false;
        self.parallel();
        let mut gone = Vec::new();
        loop {
            self.smooth(&mut gone);
            let edges = self.edges();
            if self.detours() <= edges / WORTH {
                self.smooth(&mut gone);
                return gone;
            }
        }
    }

    /// Dead ends go, and vertices on a single way.
    fn smooth(&mut self, gone: &mut Vec<Gone>) {
        while !self.dirty.is_empty() {
            for vertex in std::mem::take(&mut self.dirty) {
                self.queued[vertex as usize] = false;
                if self.kind[vertex as usize] == Kind::Plain && (1..=2).contains(&self.rows.degree(vertex)) {
                    let mut beside = [(NONE, 0); 2];
                    for (beside, (e, v)) in beside.iter_mut().zip(self.rows.row(vertex)) {
                        *beside = (v, self.cost[e as usize]);
                    }
                    self.plain(vertex);
                    if self.rows.degree(vertex) == 0 {
                        gone.push(Gone { vertex, beside });
                    }
                }
            }
        }
    }

    /// Deletes drops that cost no less than another and the way to it, and other edges that cost more than a way around: how many. On
    /// those ways nobody's potential rises by more than all together may pay for.
    fn detours(&mut self) -> usize {
        let mut ball = Ball::new(self.kind.len(), AROUND);
        let n = self.kind.len() as u32;
        let (mut gone, mut looked) = (0, 0);
        for t in 0..n {
            if self.is_sink(t) && self.rows.degree(t) > 1 {
                let mut drops = self.drops(t);
                // Who may be left out, for an edge from the root, is asked elsewhere.
                drops.retain(|&(_, _, foot)| foot != self.root);
                gone += self.undercut(&mut ball, drops);
            }
        }
        let sample = (0..n).step_by(n as usize / TRIED + 1);
        let tried = sample.len();
        let mut around = 0;
        for (i, v) in sample.chain(0..n).enumerate() {
            if i == tried && around * FOUND < looked {
                break;
            }
            if self.rows.degree(v) < 2 || self.is_sink(v) {
                continue;
            }
            let mut edges = self.costs(v);
            edges.retain(|&(_, _, u)| !self.is_sink(u));
            looked += edges.len();
            let dearest = edges.iter().map(|edge| edge.0).max();
            ball.around(self, v, dearest.unwrap_or(0), usize::MAX, |_| false);
            for (cost, e, u) in edges {
                if ball.known(u).is_some_and(|way| way < cost) {
                    self.drop_as(e, Step::Special);
                    around += 1;
                }
            }
        }
        gone + around
    }
}
