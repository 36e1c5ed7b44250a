//! The solver's stage that closes what is left between tree and bound: when it has a chance, and what becomes of it.

use super::journal::Journal;
use super::{SolveError, Solver};
use crate::Monitor;
use crate::exact::{Best, Exact};
use crate::record::Log;
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

impl Solver<'_> {
    /// Whether tree and dual are so close, and so much of the budget is left, that the exact close has a chance.
    pub(super) fn near(&self) -> bool {
        let edges = u64::from(self.stats.reduced.1);
        if self.closed()
            || self.stats.reduced.2 > CLOSABLE
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
    pub(super) fn eager(&self) -> bool {
        let worth = u64::from(self.stats.reduced.1).saturating_mul(EAGER);
        self.config.enough == 0 && self.config.steps.saturating_sub(self.stats.steps) >= worth
    }

    /// Tries to close what is left between tree and bound on the reduced graph.
    pub(super) fn close(&mut self, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        let reduced = self.reduced.as_ref().ok_or(SolveError::Fault("nothing reduced"))?;
        let net = Arc::clone(&reduced.net);
        self.tried = true;
        let limit = self.config.steps.saturating_sub(self.stats.steps) / 4 * 3;
        let stop = || monitor.cancelled();
        let mut exact = Exact::new(limit, self.config.seed, &stop);
        exact.log = self.journal.as_ref().map(|_| Log::default());
        let verdict =
            exact.close(&net, Best::known(&net, self.tree.clone()), 0, self.journal.as_ref().map(Journal::names))?;
        self.stats.steps += exact.work;
        if let (Some(journal), Some(log)) = (&mut self.journal, exact.log.take()) {
            journal.closed(log, self.stats.settled + verdict.bound);
        }
        self.stats.claimed_bound = self.stats.claimed_bound.max(self.stats.settled + verdict.bound);
        if let Some(edges) = verdict.tree.filter(|edges| net.cost(edges) < net.cost(&self.tree)) {
            self.offer(&edges, monitor)?;
            self.tree = edges;
            self.local = None;
        }
        Ok(())
    }
}
