//! The proof that a solver writes beside its answer: the reductions, and what was proven best on what they left.

use super::Solver;
use crate::ascent::Ascent;
use crate::exact::names;
use crate::net::Net;
use crate::record::{Log, Names};
use crate::reduce::{Reduced, Reducer};
use breiband_certificate::{Proof, Step};

/// A proof while it is written.
#[derive(Debug, Default)]
pub(super) struct Journal {
    proof: Proof,
    /// How many steps are the reductions'.
    trunk: usize,
    /// What is left is called so.
    names: Names,
}

impl Journal {
    /// Begins with the reductions, which prove what they fixed.
    pub(super) fn reduced(&mut self, reducer: &mut Reducer, reduced: &Reduced) {
        let fixed = reducer.fixed_cost();
        let Some(mut record) = reducer.record.take() else { return };
        self.proof.steps = std::mem::take(&mut record.steps);
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

    /// Keeps an ascent on the whole net instead of all else, if it proves more.
    pub(super) fn certified(&mut self, net: &Net, ascent: &Ascent) {
        if ascent.bound > self.proof.bound {
            self.proof =
                Proof { bound: ascent.bound, steps: vec![Step::Potentials(ascent.certificate_as(net, |v| v))] };
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
