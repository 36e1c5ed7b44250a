//! The solver's stage for what was solved before in nearly the same form.

use super::{SolveError, Solver};
use crate::Monitor;
use crate::ascent::Ascent;
use crate::local::Local;
use crate::reduce::Parts;
use std::sync::Arc;

/// A part of the best tree's cost; an earlier dual that still proves so much goes on as it is.
const MUCH: (u64, u64) = (9, 10);

impl Solver<'_> {
    /// Takes up the start: its tree grown again and tidied, and its dual as far as it holds.
    pub(super) fn resume(&mut self, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        let (Some(start), Some(thinned), Some(reducer), Some(reduced)) =
            (self.start.take(), &self.thinned, &self.reducer, &self.reduced)
        else {
            return Err(SolveError::Fault("nothing reduced"));
        };
        let small = Arc::clone(&reduced.net);
        let known = start.known(thinned);
        let parts = Parts::of(reducer, reduced);
        let (edges, grown) = parts.along(&small, &known);
        let edges = edges.ok_or(SolveError::Fault("no tree grows"))?;
        let (edges, work) = Local::improved(&small, edges, self.config.seed, self.config.steps.min(self.tidy()));
        self.stats.steps += grown + work;
        if small.cost(&edges) < small.cost(&self.tree) {
            self.offer(&edges, monitor)?;
            self.tree = edges;
        }
        let (Some(thinned), Some((cost, best))) = (&self.thinned, &self.best) else {
            return Err(SolveError::Fault("no tree to compare with"));
        };
        let twins = thinned.net.graph.twins();
        let mut ascent = start.ascent(thinned, best);
        // Who stays has paid for little of a trunk that others paid for, and goes on around what it raised: where so many went
        // that little is proven still, beginning anew proves more, and does so once the tree that guides it is better.
        let anew =
            (ascent.bound < cost / MUCH.1 * MUCH.0).then(|| Ascent::run_quickly(&thinned.net, &twins, best).bound);
        ascent.go_on(&thinned.net, &twins);
        if anew.is_some_and(|bound| bound > ascent.bound) {
            return Ok(());
        }
        self.proven = ascent.bound;
        monitor.improved(*cost, self.proven);
        self.resumed = Some(ascent);
        Ok(())
    }
}
