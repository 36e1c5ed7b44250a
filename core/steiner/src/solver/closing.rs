//! The solver's stage that closes what is left between tree and bound: when it has a chance, and what becomes of it.

use super::journal::Journal;
use super::{SolveError, Solver};
use crate::Monitor;
use crate::exact::{Best, Exact};
use crate::record::Log;
use std::cell::RefCell;
use std::sync::Arc;

/// Edges of the reduced graph below which it is tried however wide the gap is: branching ends there, and a search need not.
const SMALL: u64 = 1_000;
/// The exact close is tried once the gap is at most one part in so many of the cost.
const NEAR: u64 = 10;
/// Steps that must be left for the exact close to be tried, times the edges of the reduced graph.
const WORTH: u64 = 1_000;
/// As many for it to be tried first of all, where an optimum is asked for.
const EAGER: u64 = 20_000;
/// Terminals of the reduced graph beyond which it is not tried.
const CLOSABLE: u32 = 5_000;
/// As many where an optimum is asked for: beyond the former it is tried once potentials have proven what they can.
const CLOSABLE_AT_LAST: u32 = 20_000;

impl Solver<'_> {
    /// Whether tree and dual are so close, and so much of the budget is left, that the exact close has a chance.
    pub(super) fn near(&self) -> bool {
        let edges = u64::from(self.stats.reduced.1);
        if self.is_best()
            || self.closed()
            || self.stats.reduced.2 > if self.eager() { CLOSABLE_AT_LAST } else { CLOSABLE }
            || self.config.steps.saturating_sub(self.stats.steps) < edges.saturating_mul(WORTH)
        {
            return false;
        }
        if edges < SMALL {
            return true;
        }
        let bound = self.stats.claimed_bound.max(self.bound());
        self.best.as_ref().is_some_and(|(cost, _)| cost - bound.min(*cost) <= cost / NEAR)
    }

    /// Whether an optimum is asked for, with steps enough to try for it before anything else.
    fn eager(&self) -> bool {
        let worth = u64::from(self.stats.reduced.1).saturating_mul(EAGER);
        self.config.enough == 0 && self.config.steps.saturating_sub(self.stats.steps) >= worth
    }

    /// Whether the exact close comes before everything else.
    pub(super) fn first_of_all(&self) -> bool {
        self.stats.reduced.2 <= CLOSABLE && self.eager() && self.near()
    }

    /// Tries to close what is left between tree and bound on the reduced graph.
    pub(super) fn close(&mut self, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        let reduced = self.reduced.as_ref().ok_or(SolveError::Fault("nothing reduced"))?;
        let net = Arc::clone(&reduced.net);
        self.tried = true;
        let limit = self.config.steps.saturating_sub(self.stats.steps) / 4 * 3;
        let (settled, bound) = (self.stats.settled, self.bound());
        let cost = self.best.as_ref().map_or(u64::MAX, |&(cost, _)| cost);
        let heard = RefCell::new((&mut *monitor, cost, self.stats.claimed_bound));
        let stop = || heard.borrow().0.cancelled();
        let news = |cost: u64, claimed: u64| {
            let (monitor, best, most) = &mut *heard.borrow_mut();
            if settled.saturating_add(cost) < *best {
                *best = settled + cost;
                monitor.improved(*best, bound);
            }
            // What is left over may hold no better tree, and be bounded by anything.
            let claimed = settled.saturating_add(claimed).min(*best);
            if claimed > *most {
                *most = claimed;
                monitor.claimed(*best, claimed);
            }
        };
        let mut exact = Exact::new(limit, self.config.seed, &stop);
        exact.news = Some(&news);
        exact.log = self.journal.as_ref().map(|_| Log::default());
        let verdict =
            exact.close(&net, Best::known(&net, self.tree.clone()), 0, self.journal.as_ref().map(Journal::names))?;
        self.stats.steps += exact.work;
        if let (Some(journal), Some(log)) = (&mut self.journal, exact.log.take()) {
            journal.closed(log, self.stats.settled + verdict.bound);
        }
        if let Some(edges) = verdict.tree.filter(|edges| net.cost(edges) < net.cost(&self.tree)) {
            self.offer(&edges, monitor)?;
            self.tree = edges;
            self.local = None;
        }
        self.claim(self.stats.settled + verdict.bound, monitor);
        Ok(())
    }
}
