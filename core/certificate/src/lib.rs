//! Lower bounds that anyone can re-check: their file formats and their checkers, and no solver.
//!
//! A [`Certificate`] is one set of numbers on the original graph; a [`Proof`] is a log of reductions, bounds and branchings
//! (its format stands at [`Step`]). What a certificate proves falls short of the least cost by the gap of the relaxation;
//! a proof can reach it.
//!
//! For a root r and each terminal t the certificate holds a sparse potential π_t: V → ℕ with π_t(r) = 0. It is valid iff
//!
//! 1. for every existing arc (u, v) of an edge e: Σ_t max(0, π_t(v) − π_t(u)) ≤ c_e, each direction by itself; arcs
//!    that leave a *sink* (a vertex no path passes through) do not exist;
//! 2. π_t(t) ≤ prize_t, where t may be left out for its prize.
//!
//! Then every tree S that holds r costs, with the prizes it misses, at least L = Σ_t π_t(t): along S's path from r to t
//! the rises of π_t add up to at least π_t(t), and S uses each edge in one direction.
//!
//! Where several terminals pay for the same ground, a [`JointCertificate`] says so in a fraction of the room; each pays for its share
//! of the potential, and [`JointCertificate::separate`] gives the certificate that it stands for.
//!
//! The file has one line `R r` and lines `P t v π` in increasing (t, v), decimal, zeros left out; it may be gzipped.
//!
//! ```
//! use breiband_certificate::{Certificate, Instance, check};
//! let edges = [(0, 1, 5), (1, 2, 3)];
//! let instance = Instance { vertices: 3, edges: &edges, root: 0, terminals: &[(2, None)], sinks: &[] };
//! let certificate = Certificate::parse(b"R 0\nP 2 1 5\nP 2 2 8\n")?;
//! assert_eq!(check(&instance, &certificate)?, 8);
//! let too_good = Certificate::parse(b"R 0\nP 2 1 5\nP 2 2 9\n")?;
//! assert!(check(&instance, &too_good).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod entries;
mod joint;
mod lines;
mod proof;
mod text;

use entries::Entries;

pub use check::{Instance, Violation, check, check_joint};
pub use joint::JointCertificate;
pub use lines::{Lines, ParseError, why_unread};
pub use proof::{Proof, Refusal, ReplayError, Step, replay};
pub use text::gzipped;

/// Potentials of one bound. See the crate's front page for what makes it valid.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Certificate {
    root: u32,
    /// Terminal and the end of its entries.
    blocks: Vec<(u32, usize)>,
    entries: Entries,
}

impl Certificate {
    /// A certificate without potentials: the bound 0.
    #[must_use]
    pub fn new(root: u32) -> Self {
        Self { root, ..Self::default() }
    }

    /// Adds a terminal's potential; entries of zero are left out.
    ///
    /// Terminals must come in increasing order and a terminal's vertices too: nothing is sorted here, the checker
    /// refuses what is out of order.
    pub fn push(&mut self, terminal: u32, potential: impl IntoIterator<Item = (u32, u64)>) {
        let before = self.len();
        let end = self.entries.extend(potential);
        if end > before {
            self.blocks.push((terminal, end));
        }
    }

    /// Gives back the room that was kept for more.
    pub fn shrink_to_fit(&mut self) {
        self.blocks.shrink_to_fit();
        self.entries.shrink_to_fit();
    }

    /// The root r.
    #[must_use]
    pub fn root(&self) -> u32 {
        self.root
    }

    /// Number of non-zero potentials.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds no potential at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Each terminal with its vertices and their potentials.
    pub fn blocks(&self) -> impl Iterator<Item = (u32, &[u32], &[u64])> {
        let mut start = 0;
        self.blocks.iter().map(move |&(terminal, end)| {
            let (vertices, potentials) = self.entries.of(std::mem::replace(&mut start, end)..end);
            (terminal, vertices, potentials)
        })
    }

    /// Σ_t π_t(t): the bound it claims. Only [`check`] says whether the claim holds.
    #[must_use]
    pub fn claim(&self) -> u128 {
        self.blocks()
            .filter_map(|(t, vertices, potentials)| vertices.binary_search(&t).ok().map(|i| u128::from(potentials[i])))
            .sum()
    }
}
