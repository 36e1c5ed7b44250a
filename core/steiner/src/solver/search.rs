//! The solver's stage that improves tree and dual side by side, in slices.

use super::{SolveError, Solver};
use crate::ascent::{Ascent, Polish};
use crate::local::Local;
use crate::{Monitor, tree};
use std::sync::Arc;

/// Arcs a slice of the search looks at, at least.
const SLICE: u64 = 2_000_000;
/// Slices without gain after which work on the dual alone ends.
const PATIENCE: u32 = 8;

impl Solver<'_> {
    /// A slice of local search; from its first optimum on, of kicks where tree and dual disagree and of work on the
    /// dual there. Whether there is budget for more.
    pub(super) fn search(&mut self, monitor: &mut dyn Monitor) -> Result<bool, SolveError> {
        let reduced = self.reduced.as_ref().ok_or(SolveError::Fault("nothing reduced"))?;
        let net = Arc::clone(&reduced.net);
        let left = self.config.steps.saturating_sub(self.stats.steps);
        if left == 0 || self.closed() {
            self.local = None;
            return Ok(false);
        }
        let slice = left.min(SLICE.max(u64::from(net.graph.edge_count()) * 8));
        if self.is_best() {
            let bound = self.bound();
            self.polish(slice, false, monitor)?;
            self.idle = if self.bound() > bound { 0 } else { self.idle + 1 };
            return Ok(self.idle < PATIENCE);
        }
        let mut local = match self.local.take() {
            Some(local) => local,
            None => Local::new(Arc::clone(&net), &self.tree, self.config.seed),
        };
        let (work, cost) = (local.work, local.cost());
        for &place in &self.places {
            if local.work - work < slice {
                local.kick_at(place);
            }
        }
        let settled = local.search(slice.saturating_sub(local.work - work));
        while settled && self.polish.is_some() && local.work - work < slice {
            local.kick();
        }
        self.stats.steps += local.work - work;
        let mut better = false;
        if local.cost() < cost {
            let edges = tree::best_on(&net, &tree::vertices_of(&net, &local.edges()))
                .ok_or(SolveError::Fault("a searched tree is none"))?;
            better = self.offer(&edges, monitor)?;
            self.tree = edges;
        }
        self.local = Some(local);
        if settled || self.polish.is_some() || self.stats.steps > self.config.steps / 4 * 3 {
            self.polish(slice, better, monitor)?;
        }
        Ok(true)
    }

    /// A slice of work on the dual, which begins with the ascent that the best tree guides.
    fn polish(&mut self, slice: u64, better: bool, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        let (Some(thinned), Some(reduced), Some((cost, best))) = (&self.thinned, &self.reduced, &self.best) else {
            return Err(SolveError::Fault("no tree to compare with"));
        };
        let net = &thinned.net;
        let (mut polish, twins) = self.polish.take().unwrap_or_else(|| {
            let twins = net.graph.twins();
            let ascent = self.resumed.take().unwrap_or_else(|| Ascent::run_quickly(net, &twins, best));
            (Polish::new(net, ascent, self.config.seed), twins)
        });
        if better {
            polish.follow(net, best);
        }
        let (work, bound) = (polish.ascent.work, polish.ascent.bound);
        polish.run(net, &twins, slice);
        self.stats.steps += polish.ascent.work - work;
        self.places.clear();
        self.places.extend(polish.places().iter().map(|&v| reduced.name[v as usize]).filter(|&v| v != crate::NONE));
        shuffle(&mut self.places, self.config.seed ^ self.stats.steps);
        if polish.ascent.bound > bound {
            monitor.improved(*cost, polish.ascent.bound);
        }
        self.polish = Some((polish, twins));
        Ok(())
    }
}

/// Puts places in a random order.
pub(crate) fn shuffle(places: &mut [u32], seed: u64) {
    for i in (1..places.len()).rev() {
        let pick = breiband_random::mix(seed.wrapping_add(i as u64)) % (i as u64 + 1);
        places.swap(i, pick as usize);
    }
}
