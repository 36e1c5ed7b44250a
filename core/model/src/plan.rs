//! The plan: which edges are built, who is connected, what it costs, and how close to cheapest that is proven to be.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Assumption, EdgeId, Money};

/// What becomes of a premises in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Connected.
    Connected,
    /// It needs it, and cannot be connected.
    Unreachable,
    /// Left out on purpose.
    Excluded,
    /// It has the service already.
    AlreadyServed,
}

impl Status {
    /// Every status, in order.
    pub const ALL: [Self; 4] = [Self::Connected, Self::Unreachable, Self::Excluded, Self::AlreadyServed];

    /// The status's name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Unreachable => "unreachable",
            Self::Excluded => "excluded",
            Self::AlreadyServed => "already_served",
        }
    }
}

/// Why a premises has its status; the key of a message in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The network reaches it.
    InPlan,
    /// No way within the longest drop.
    NoWay,
    /// No handover reaches the way it would be connected to.
    NoHandover,
    /// The scenario names it.
    ByScenario,
    /// The scenario leaves out its kind.
    Kind,
    /// An area's rule.
    Area,
    /// Its service today.
    Service,
}

impl Reason {
    /// The reason's name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::InPlan => "in-plan",
            Self::NoWay => "no-way",
            Self::NoHandover => "no-handover",
            Self::ByScenario => "by-scenario",
            Self::Kind => "kind",
            Self::Area => "area",
            Self::Service => "service",
        }
    }
}

/// A premises' part in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PremisesOutcome {
    /// Status.
    pub status: Status,
    /// Why.
    pub reason: Reason,
    /// The drop edge, where it is connected.
    pub drop: Option<EdgeId>,
    /// Route length from the root along the network, millimetres, drop included; 0 where it is not connected.
    pub distance_mm: u64,
}

/// The chosen network: a tree from the root over the handovers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutePlan {
    /// Chosen edges, ascending.
    pub edges: Vec<EdgeId>,
    /// One entry per premises of the region.
    pub outcomes: Vec<PremisesOutcome>,
    /// Sum of the chosen edges' costs.
    pub cost: Money,
    /// Certified lower bound: no network that connects the same premises costs less.
    pub bound: Money,
}

/// Metres and cost of one kind of work.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Quantity {
    /// Metres.
    pub metres: f64,
    /// Pieces.
    pub count: u64,
    /// Major currency units.
    pub cost: f64,
}

/// What a person reads first. Every output shows these figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The scenario's name.
    pub name: String,
    /// The scenario's date.
    pub date: String,
    /// All premises; always the sum of the next four.
    pub premises: u64,
    /// Connected.
    pub connected: u64,
    /// Unreachable.
    pub unreachable: u64,
    /// Excluded.
    pub excluded: u64,
    /// Already served.
    pub already_served: u64,
    /// Premises by reason.
    pub reasons: BTreeMap<Reason, u64>,
    /// Premises that lie in no municipality.
    pub in_no_municipality: u64,
    /// Whether any premises' service today is known.
    pub coverage_known: bool,
    /// Metres of new line, whatever the method; crossings have none.
    pub trench_metres: f64,
    /// Total cost, major units.
    pub cost: f64,
    /// The costs that one such project in ten, half of all, and nine in ten stay below, by the factors in the cost book.
    #[serde(default)]
    pub cost_range: [f64; 3],
    /// ISO 4217 code.
    pub currency: String,
    /// Certified lower bound, major units.
    pub bound: f64,
    /// Proven gap: (cost − bound) / cost, a fraction rounded up to six decimals.
    pub gap: f64,
    /// By building method.
    pub methods: BTreeMap<String, Quantity>,
    /// By price class.
    pub prices: BTreeMap<String, Quantity>,
    /// By municipality code: premises connected, and metres and cost in its territory.
    pub municipalities: Vec<MunicipalitySummary>,
    /// Drops over the listed length, with their cost.
    pub long_drops: Quantity,
    /// What the plan rests on that no input says.
    pub assumptions: Vec<Assumption>,
    /// Issues by code.
    pub issues: BTreeMap<String, u64>,
    /// Cost book: name, date and source.
    pub cost_book: [String; 3],
    /// Attributions of the inputs.
    pub attribution: Vec<String>,
    /// The scenario's notice, such as "Invented data".
    pub notice: String,
    /// SHA-256 over the plan's canonical form: equal natively and in the browser.
    pub digest: String,
}

/// A municipality's figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MunicipalitySummary {
    /// Official code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Premises.
    pub premises: u64,
    /// Of them connected.
    pub connected: u64,
    /// Of them already served.
    pub already_served: u64,
    /// Metres and cost of edges whose middle lies in it.
    pub work: Quantity,
}
