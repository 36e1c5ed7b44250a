//! What is asked about the curve, and the answer: trees on it, and lines below it.

use crate::JointCertificate;
use std::cmp::Reverse;

/// Which part of the curve is wanted. Cost is the sum of edge costs, weight the sum of the terminals' prizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// All of it.
    Curve,
    /// The most weight for at most this cost.
    Budget(u64),
    /// The least cost that misses at most this weight.
    Missed(u64),
    /// The least cost and missed weight together, a unit of weight being worth so much.
    Rate(u64),
}

/// A tree and what it misses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// The edges of the tree, by their position in the instance, ascending.
    pub edges: Vec<u32>,
    /// What they cost.
    pub cost: u64,
    /// The terminals that could be connected and are not, ascending.
    pub missed: Vec<u32>,
    /// Their weight.
    pub missed_weight: u64,
}

/// A line that no tree lies below: `scale · cost + rate · missed weight ≥ bound`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Factor of the costs.
    pub scale: u64,
    /// Factor of the weights.
    pub rate: u64,
    /// What the certificate proves.
    pub bound: u64,
    /// The proof, for [`crate::Instance::check_joint`] on [`crate::Instance::at_rate`]; none if the tracer was told to go
    /// [`crate::Tracer::without_proofs`].
    pub certificate: Option<JointCertificate>,
}

impl Line {
    /// What any tree costs that misses at most this weight, at least. Rounded up, as costs are integers.
    #[must_use]
    pub fn least_cost(&self, missed_weight: u64) -> u64 {
        let paid = u128::from(self.rate) * u128::from(missed_weight);
        u128::from(self.bound).saturating_sub(paid).div_ceil(u128::from(self.scale)) as u64
    }

    /// What any tree misses that costs at most this, at least.
    #[must_use]
    pub fn least_missed(&self, cost: u64) -> u64 {
        let paid = u128::from(self.scale) * u128::from(cost);
        u128::from(self.bound).saturating_sub(paid).div_ceil(u128::from(self.rate.max(1))) as u64
    }
}

/// Trees and lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Curve {
    /// Trees, dearer ones missing less, cheapest first.
    pub points: Vec<Point>,
    /// Lines by rate.
    pub lines: Vec<Line>,
    /// Terminals that nothing connects to the root, ascending; in no point and no line.
    pub unreachable: Vec<u32>,
    /// Weight of all terminals that can be connected.
    pub weight: u64,
}

impl Curve {
    /// The point that misses least for at most `cost`; none if what must be connected costs more.
    #[must_use]
    pub fn within(&self, cost: u64) -> Option<&Point> {
        self.points.iter().rev().find(|p| p.cost <= cost)
    }

    /// The cheapest point that misses at most `weight`.
    #[must_use]
    pub fn missing_at_most(&self, weight: u64) -> Option<&Point> {
        self.points.iter().find(|p| p.missed_weight <= weight)
    }

    /// What any tree costs that misses at most this weight, at least.
    #[must_use]
    pub fn least_cost(&self, missed_weight: u64) -> u64 {
        self.lines.iter().map(|line| line.least_cost(missed_weight)).max().unwrap_or(0)
    }

    /// What any tree misses that costs at most this, at least.
    #[must_use]
    pub fn least_missed(&self, cost: u64) -> u64 {
        self.lines.iter().map(|line| line.least_missed(cost)).max().unwrap_or(0)
    }

    /// The line that says most of trees that miss at most this weight.
    #[must_use]
    pub fn line_at(&self, missed_weight: u64) -> Option<&Line> {
        self.lines.iter().max_by_key(|line| (line.least_cost(missed_weight), Reverse(line.rate)))
    }
}
