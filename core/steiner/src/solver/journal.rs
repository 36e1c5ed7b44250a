//! The proof that a solver writes beside its answer: the reductions, and what was proven best on what they left.

use super::Solver;
use crate::ascent::Ascent;
use crate::exact::names;
use crate::net::Net;
use crate::record::{Log, Names};
use crate::reduce::{Reduced, Reducer};
use crate::thinned::Beginning;
use breiband_certificate::{Proof, Step};

/// A proof while it is written.
#[derive(Debug, Default)]
pub(super) struct Journal {
    proof: Proof,
    /// How many steps thin the instance.
    thinning: usize,
    /// What that left is called so.
    thinned: Names,
    /// How many steps are the reductions', those among them.
    trunk: usize,
    /// What all of them left is called so.
    names: Names,
}

impl Journal {
    /// Begins with what thins the instance.
    pub(super) fn begin(&mut self, beginning: Beginning) {
        let Beginning { steps, names } = beginning;
        (self.thinning, self.thinned) = (steps.len(), names);
        self.proof.steps = steps;
    }

    /// The names of what that left.
    pub(super) fn thinned(&self) -> Names {
        self.thinned.clone()
    }

    /// Goes on with the reductions, which prove what they fixed.
    pub(super) fn reduced(&mut self, reducer: &mut Reducer, reduced: &Reduced) {
        let fixed = reducer.fixed_cost();
        let Some(mut record) = reducer.record.take() else { return };
        self.proof.steps.append(&mut record.steps);
        if reducer.terminals() > 0 {
            self.proof.steps.push(Step::Anew);
            self.names = names(&record, reduced);
        }
        self.trunk = self.proof.steps.len();
        self.proof.bound = fixed;
    }

    /// Keeps an ascent on what the reductions left, if it proves more.
    pub(super) fn ascended(&mut self, net: &Net, ascent: &Ascent, bound: u64) {
        let names = std::mem::take(&mut self.names);
        self.offer(bound, || [Step::Potentials(ascent.certificate_as(net, |v| names.vertex(v)))]);
        self.names = names;
    }

    /// The names of what the reductions left.
    pub(super) fn names(&self) -> Names {
        self.names.clone()
    }

    /// Keeps what an exact close wrote, if it proves more.
    pub(super) fn closed(&mut self, log: Log, bound: u64) {
        self.offer(bound, || log.into_steps());
    }

    fn offer<S: IntoIterator<Item = Step>>(&mut self, bound: u64, steps: impl FnOnce() -> S) {
        if bound > self.proof.bound {
            self.proof.bound = bound;
            self.proof.steps.truncate(self.trunk);
            self.proof.steps.extend(steps());
        }
    }

    /// Keeps an ascent on the thinned instance instead of all reductions, if it proves more.
    pub(super) fn certified(&mut self, net: &Net, ascent: &Ascent) {
        if ascent.bound > self.proof.bound {
            self.trunk = self.thinning;
            let names = std::mem::take(&mut self.thinned);
            self.offer(ascent.bound, || [Step::Potentials(ascent.certificate_as(net, |v| names.vertex(v)))]);
        }
    }
}

impl Solver<'_> {
    /// Asks for a [`Proof`], before the first [`Solver::advance`]. It takes memory for as long as the search runs, and changes
    /// nothing else.
    pub fn record(&mut self) {
        self.journal = Some(Journal::default());
    }

    /// Takes the proof that was asked for, once the solver is done. It leaves out what no path reaches, as the solution does.
    pub fn take_proof(&mut self) -> Option<Proof> {
        self.journal.take().map(|journal| journal.proof)
    }
}
