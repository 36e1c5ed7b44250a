//! The solver's stage for what was solved before in nearly the same form.

use super::{SolveError, Solver};
use crate::Monitor;
use crate::local::Local;
use crate::reduce::Parts;
use std::sync::Arc;

impl Solver<'_> {
    /// Takes up the start: its tree grown again and tidied, and its dual as far as it holds.
    pub(super) fn resume(&mut self, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        let (Some(start), Some(lifted), Some(reducer), Some(reduced)) =
            (self.start.take(), &self.lifted, &self.reducer, &self.reduced)
        else {
            return Err(SolveError::Fault("nothing reduced"));
        };
        let small = Arc::clone(&reduced.net);
        let known = start.known(lifted);
        let parts = Parts::of(reducer, reduced);
        let (edges, grown) = parts.along(&small, &known);
        let edges = edges.ok_or(SolveError::Fault("no tree grows"))?;
        let (edges, work) = Local::improved(&small, edges, self.config.seed, self.config.steps.min(self.tidy()));
        self.stats.steps += grown + work;
        if small.cost(&edges) < small.cost(&self.tree) {
            self.offer(&edges, monitor)?;
            self.tree = edges;
        }
        let (Some(lifted), Some((cost, best))) = (&self.lifted, &self.best) else {
            return Err(SolveError::Fault("no tree to compare with"));
        };
        let mut ascent = start.ascent(lifted, best);
        ascent.go_on(&lifted.net, &lifted.net.graph.twins());
        self.proven = ascent.bound;
        monitor.improved(*cost, self.proven);
        self.resumed = Some(ascent);
        Ok(())
    }
}
