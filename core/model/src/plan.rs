//! The plan: which edges are built, who is connected, what it costs, and how close to cheapest that is proven to be.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Assumption, EdgeId, MixSummary, Money, Technology};

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

/// Why a premises has its status. `reason.` and its [name](Reason::name) are the key of its words in every language, such as
/// `reason.no-way`.
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
    /// Reaching it costs more than it is worth by the goal.
    NotWorthwhile,
    /// The goal's budget reaches others.
    OverBudget,
    /// The goal's share is met without it.
    BeyondShare,
    /// A satellite serves it at less than any network would.
    Satellite,
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
            Self::NotWorthwhile => "not-worthwhile",
            Self::OverBudget => "over-budget",
            Self::BeyondShare => "beyond-share",
            Self::Satellite => "satellite",
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
    /// What serves it in the plan; none where nothing of the plan does.
    pub technology: Option<Technology>,
}

impl PremisesOutcome {
    /// Whether a mast serves it.
    pub fn is_by_radio(&self) -> bool {
        self.technology == Some(Technology::Wireless)
    }
}

/// The chosen network: a tree from the root over the handovers.
#[derive(Debug, Clone, PartialEq)]
pub struct RoutePlan {
    /// Chosen edges, ascending.
    pub edges: Vec<EdgeId>,
    /// One entry per premises of the region.
    pub outcomes: Vec<PremisesOutcome>,
    /// Sum of the chosen edges' costs.
    pub cost: Money,
    /// Certified lower bound: no network costs less that connects the same premises or, where the goal leaves some out,
    /// as many.
    pub bound: Money,
    /// What is known of the choice, where the goal leaves premises out.
    pub choice: Option<Choice>,
}

/// How many a plan connects of those it could, and what is proven of that. Counted are homes or premises, as the goal
/// says; of what must be connected, none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// What is counted.
    pub count: crate::Count,
    /// Those that could be connected.
    pub wanted: u64,
    /// Those that are.
    pub connected: u64,
    /// No network connects more for the goal's budget or, where it has none, for what this one costs.
    pub most: u64,
    /// Proven of every network: `scale · cost in minor units + rate · those not connected ≥ proven`.
    pub line: [u64; 3],
    /// The cost–coverage curve as far as it was looked at, cheapest first.
    pub curve: Vec<CurvePoint>,
    /// Where support areas are built whole or not at all: how many are, and how many there are. What is proven is proven
    /// of every network, whole areas or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub areas: Option<[u64; 2]>,
}

/// A place on the cost–coverage curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// What the network costs, major units.
    pub cost: f64,
    /// How many it connects of those counted.
    pub connected: u64,
    /// What connecting as many costs at least, major units.
    pub bound: f64,
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
    /// The costs that one such project in ten, half of all, and nine in ten stay below, by the factors in the cost book; major
    /// units.
    #[serde(default)]
    pub cost_range: [f64; 3],
    /// ISO 4217 code.
    pub currency: String,
    /// Certified lower bound, major units.
    pub bound: f64,
    /// Proven gap: (cost − bound) / cost, a fraction rounded up to six decimals.
    pub gap: f64,
    /// What is known of who is left out, where the goal leaves some out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
    /// Technologies, where the scenario mixes them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mix: Option<MixSummary>,
    /// Candidate points of presence and cabinets: what each costs, and whether the plan has it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<PlaceSummary>,
    /// By building method, as [`Method::name`](crate::Method::name) has it, and `area-lump` for what areas' rules add.
    pub methods: BTreeMap<String, Quantity>,
    /// By price class, and `area-lump` for what areas' rules add.
    pub prices: BTreeMap<String, Quantity>,
    /// By municipality, in the region's order: premises connected, and metres and cost on its ground.
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

/// What a place with a price of its own is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceKind {
    /// A candidate point of presence.
    PointOfPresence,
    /// A cabinet.
    Cabinet,
}

impl PlaceKind {
    /// The kind's name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::PointOfPresence => "point-of-presence",
            Self::Cabinet => "cabinet",
        }
    }
}

/// A place with a price of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlaceSummary {
    /// What it is.
    pub kind: PlaceKind,
    /// Its id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Longitude and latitude, degrees.
    pub place: [f64; 2],
    /// What it costs, major units.
    pub cost: f64,
    /// Where the cost comes from.
    pub source: String,
    /// Whether the plan opens it, or reaches it: only then is it paid.
    pub used: bool,
}

/// A municipality's figures; in the last row, without code and name, those of what lies in none.
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
    /// Metres and cost of what is built on its ground: stretches are cut where they cross a border.
    pub work: Quantity,
}

impl MunicipalitySummary {
    /// Whether these are the figures of what lies in no municipality.
    #[must_use]
    pub fn is_elsewhere(&self) -> bool {
        self.code.is_empty() && self.name.is_empty()
    }
}
