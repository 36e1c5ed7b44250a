//! What is asked of the solver, what it tells meanwhile, and what it answers.

use super::Solver;
use crate::Certificate;
use crate::thinned::Thinned;
use breiband_graph::GraphError;

/// How to solve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// Seed of the random choices; the same seed and budget give the same answer on every machine.
    pub seed: u64,
    /// Budget of the improvement phase, in arcs looked at (some 50 to 200 million a second). The reductions, the first
    /// tree and the certificate are always made, whatever the budget.
    pub steps: u64,
    /// The search ends once the proven gap is at most this, in millionths of the cost; 0 goes on until nothing is left.
    pub enough: u32,
    /// Whether the search goes on until the certificate proves it, or no more can be had: else it ends once reductions and
    /// branching have proven the tree, of which a certificate says nothing.
    pub certified: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self { seed: 1, steps: 20_000_000, enough: 0, certified: false }
    }
}

/// Follows the solver, and may stop it.
pub trait Monitor {
    /// A better tree or bound: the best cost and the best bound so far, on the whole instance. The bound is one that the
    /// certificate will hold.
    fn improved(&mut self, cost: u64, bound: u64);
    /// A better bound that the solver claims and no certificate holds yet, and the best cost so far: an exact close proves more than
    /// potentials of the whole do, and tells here how far it is.
    fn claimed(&mut self, cost: u64, bound: u64) {
        let _ = (cost, bound);
    }
    /// Steps of the budget that are used.
    fn progress(&mut self, done: u64, of: u64);
    /// Whether to stop; asked between slices of work.
    fn cancelled(&self) -> bool;
    /// What part of its time has gone by, from 0 to 1; 0 where it has no limit but steps.
    fn elapsed(&self) -> f64 {
        0.0
    }
}

/// A monitor that neither listens nor stops.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Monitor for Silent {
    fn improved(&mut self, _cost: u64, _bound: u64) {}
    fn progress(&mut self, _done: u64, _of: u64) {}
    fn cancelled(&self) -> bool {
        false
    }
}

/// A monitor that passes on the time and whether to stop, and nothing else: what a question beside the one at hand costs and
/// proves is no news.
pub struct Unheard<'a>(pub &'a mut dyn Monitor);

impl Monitor for Unheard<'_> {
    fn improved(&mut self, _cost: u64, _bound: u64) {}
    fn progress(&mut self, _done: u64, _of: u64) {}
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
    fn elapsed(&self) -> f64 {
        self.0.elapsed()
    }
}

/// Why there is no solution.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SolveError {
    /// The monitor asked to stop before there was a tree and a certificate.
    #[error("cancelled before the first answer")]
    Cancelled,
    /// The instance with its prize arcs is too large to be numbered.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// An invariant of the solver does not hold: a fault of this program, never of its input.
    #[error("internal fault: {0}")]
    Fault(&'static str),
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Vertices, edges and terminals after the reductions.
    pub reduced: (u32, u32, u32),
    /// Cost of the edges that the reductions settled.
    pub settled: u64,
    /// Cost of the first tree.
    pub first_cost: u64,
    /// The best bound the solver claims (on the reduced graph); the certified one is [`Solution::bound`].
    pub claimed_bound: u64,
    /// Arcs looked at in the improvement phase.
    pub steps: u64,
}

/// A tree and the proof of how good it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// The edges of the tree, by their position in the instance, ascending.
    pub edges: Vec<u32>,
    /// What the edges cost, plus the prizes of the terminals in `missed`.
    pub cost: u64,
    /// No solution costs less: what the certificate proves.
    pub bound: u64,
    /// Terminals left out for their prize, ascending.
    pub missed: Vec<u32>,
    /// Terminals that nothing connects to the root, ascending; in neither cost nor bound.
    pub unreachable: Vec<u32>,
    /// The proof of the bound, on the original graph.
    pub certificate: Certificate,
    /// What was done.
    pub stats: Stats,
}

/// Whether there is more to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Call [`Solver::advance`] again.
    Running,
    /// Optimal, out of budget, or cancelled.
    Done,
}

impl Solver<'_> {
    /// The best tree so far, certified as far as the solver has come.
    #[must_use]
    pub fn solution(&self) -> Option<Solution> {
        let thinned = self.thinned.as_ref()?;
        let (cost, edges) = self.best.as_ref()?;
        let (bound, certificate) =
            self.certificate.clone().unwrap_or_else(|| (0, Certificate::new(self.instance.root())));
        Some(self.describe(thinned, *cost, edges, bound, certificate))
    }

    /// As [`Solver::solution`], without a copy of the certificate.
    #[must_use]
    pub fn into_solution(mut self) -> Option<Solution> {
        let (bound, certificate) =
            self.certificate.take().unwrap_or_else(|| (0, Certificate::new(self.instance.root())));
        let thinned = self.thinned.as_ref()?;
        let (cost, edges) = self.best.as_ref()?;
        Some(self.describe(thinned, *cost, edges, bound, certificate))
    }

    fn describe(&self, thinned: &Thinned, cost: u64, edges: &[u32], bound: u64, certificate: Certificate) -> Solution {
        Solution {
            edges: thinned.edges(edges),
            cost,
            bound,
            missed: thinned.missed(edges),
            unreachable: thinned.unreachable.clone(),
            certificate,
            stats: self.stats,
        }
    }
}
