//! What is built when, and who pays: the programme as the page sees it. Amounts are major units.

use serde::{Deserialize, Serialize};

use crate::Value;

/// When something is built, as the map's number: 0 is today, else a year; what is planned but in no budget comes after every year,
/// and belongs to the whole plan.
pub const UNFUNDED: u16 = 9998;
/// And what is in no plan.
pub const NOT_PLANNED: u16 = 9999;

/// The programme of the plan on screen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ProgrammeView {
    /// Why there is none; empty where there is one.
    pub problem: Value,
    /// The years, in order.
    pub years: Vec<YearView>,
    /// Shares of all households that have a speed: today, and at the end of each year.
    pub coverage: Vec<CoverageView>,
    /// Money spent and premises reached after each job, in the order of building, from nothing: the cost–coverage curve.
    pub curve: Vec<(f64, u64)>,
    /// Names of the members.
    pub members: Vec<String>,
    /// What each of them pays, by key.
    pub keys: Vec<KeyView>,
    /// Trunk that serves somebody else, by year and member: what lies on its ground for others, and what it uses on theirs.
    pub trunk: Vec<Vec<[f64; 2]>>,
    /// What if one leaves or joins, by the agreed key: the first.
    pub what_if: Vec<WhatIfView>,
    /// What was promised, and whether it is kept.
    pub milestones: Vec<MilestoneView>,
    /// What was ordered, and when it comes.
    pub orders: Vec<OrderView>,
    /// Cost of everything in the plan.
    pub total: f64,
    /// Of it after the last budget.
    pub unfunded: f64,
    /// ISO 4217 code.
    pub currency: String,
}

/// A year of building.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct YearView {
    /// Year.
    pub year: u16,
    /// The year's own money.
    pub budget: f64,
    /// What earlier years left.
    pub carried_in: f64,
    /// Costs besides building.
    pub fixed: f64,
    /// Spent on building.
    pub work: f64,
    /// Left for the next year.
    pub carried_out: f64,
    /// Metres built.
    pub metres: f64,
    /// Premises that the network comes past.
    pub passed: u64,
    /// Of them connected.
    pub connected: u64,
}

/// A speed, and the shares of households that have it: today first, then at the end of each year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CoverageView {
    /// Mbit/s.
    pub mbps: f64,
    /// Fractions.
    pub shares: Vec<f64>,
}

/// What each member pays by one key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyView {
    /// The key's name.
    pub name: String,
    /// Its parts: a measure's name in files, and per cent.
    pub parts: Vec<(String, f64)>,
    /// A row for each year, a column for each member.
    pub shares: Vec<Vec<f64>>,
    /// Likewise what a member pays in, or gets out if negative, where each pays the work on its own ground itself.
    pub net: Vec<Vec<f64>>,
}

/// What happens to the shares if a member is not there in any year, or in every one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WhatIfView {
    /// Who: position among the members.
    pub member: u32,
    /// Whether it joins; it leaves otherwise.
    pub joins: bool,
    /// What is not built then, where it leaves; what it pays, where it joins.
    pub amount: f64,
    /// What each member pays more over all years; nothing for the one that leaves.
    pub change: Vec<f64>,
}

/// A milestone held against the years.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MilestoneView {
    /// Name.
    pub name: String,
    /// Year it is wanted.
    pub year: u16,
    /// Premises that it names, and of them reached in time.
    pub premises: [u64; 2],
}

/// An order held against the years.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderView {
    /// Id.
    pub id: String,
    /// Who ordered.
    pub municipality: String,
    /// `proposed`, `approved`, `ordered` or `built`.
    pub status: String,
    /// A year, `built`, `unfunded`, or empty where nothing is to be built.
    pub phase: String,
}
