//! The optimiser: connects terminals to a root at (provably nearly) least cost.
//!
//! It knows vertices, edges, costs and prizes, and nothing of premises, roads or fibre. All numbers are integers, every
//! answer is the same on every machine, and each comes with a [`Certificate`]: a lower bound on the original graph that
//! [`breiband_certificate::check`] verifies without any of the code in here.
//!
//! ```
//! use breiband_steiner::{Config, Instance, Silent, Terminal, solve};
//! // A root 0, a road 0–1–2 and two premises, 3 and 4, that nothing passes through.
//! let edges = vec![(0, 1, 50), (1, 2, 40), (1, 3, 9), (2, 3, 5), (2, 4, 7)];
//! let terminals = [3, 4].map(|vertex| Terminal { vertex, prize: None });
//! let instance = Instance::new(5, edges, 0, terminals.to_vec(), vec![3, 4])?;
//! let solution = solve(&instance, &Config::default(), &mut Silent)?;
//! assert_eq!((solution.cost, solution.bound), (102, 102));
//! assert_eq!(solution.edges, [0, 1, 3, 4]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Reading order
//! [`Instance`] is what is asked. `net` is the form the rest works on: sinks and prizes made uniform. `thinned` leaves out
//! what no proof needs. `growth` gives a first tree at once, and better ones later. `reduce` shrinks the net with an undo log
//! (its `special` by what is joined more cheaply otherwise, `bounds` by a dual, `extend` by following all ways on); `mehlhorn`
//! gives a tree of what is left, and `tree` prunes them all. `ascent` raises the dual bound, and its `polish` improves it.
//! `relax` moves all potentials and flows at once, where no few terminals can gain by themselves, and says which edges a tree
//! wants; `ways` makes potentials of what it says. `local` improves trees. `exact` closes what is left between them, and
//! `record` writes down what it proves. `solver` strings these together, from nothing or from a [`Start`]: what was found for
//! nearly the same. `curve` asks what part of the terminals is worth connecting, for a budget, a quota, or all of the
//! cost–coverage curve; `whole` takes terminals in groups. `stp` reads files, and asks what has no root at one after another
//! (its `anywhere`).

mod ascent;
mod curve;
mod exact;
mod growth;
mod instance;
mod local;
mod mehlhorn;
mod net;
#[cfg(test)]
mod oracle;
mod record;
mod reduce;
mod relax;
mod solver;
mod start;
mod stp;
mod thinned;
mod tree;
mod ways;
mod whole;

pub use breiband_certificate::{Certificate, JointCertificate, Proof, gzipped};
pub use curve::{Aim, Curve, Line, Point, Tracer, curve};
pub use instance::{Instance, InstanceError, Terminal};
pub use solver::{Config, Monitor, Silent, Solution, SolveError, Solver, Stats, Status, Unheard, solve};
pub use start::Start;
pub use stp::{Answer, AnswerError, Case, Problem, StpError, Unproven, read_problem, read_stp};
pub use whole::Whole;

pub(crate) const NONE: u32 = u32::MAX;
