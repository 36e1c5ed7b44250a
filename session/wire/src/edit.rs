//! Edits of the document, and what the page sees of it.

use serde::{Deserialize, Serialize};

/// Which premises are meant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Which {
    /// By their numbers in the premises layer.
    Numbers(Vec<u32>),
    /// All that lie within this ring, longitude and latitude in degrees.
    Within(Vec<[f64; 2]>),
    /// By their ids or addresses, typed: one a line, or with semicolons between.
    Typed(String),
}

/// What is wanted of premises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Choice {
    /// As the scenario's rules say.
    Rules,
    /// Connected whatever else leaves them out.
    Include,
    /// Left out.
    Exclude,
}

/// A change of the document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Edit {
    /// Includes or excludes premises.
    Choose(Which, Choice),
    /// Gives a price class another price; `None` is the book's own.
    Price {
        /// The price class.
        id: String,
        /// Major units a metre.
        per_metre: Option<f64>,
        /// Major units each.
        each: Option<f64>,
    },
    /// Who has less than this today needs a connection, Mbit/s.
    Threshold(f64),
    /// Money for a year, major units; `None` takes the last year away. The year after the last one adds it.
    Budget(u16, Option<f64>),
    /// Begins a programme: so many years of equal budgets that pay for the whole plan together.
    Programme(u16),
    /// A handover of the scenario's own: without a number a new one, without a place it is taken away.
    Handover {
        /// Which of the scenario's own.
        at: Option<u32>,
        /// Its name.
        name: String,
        /// Longitude and latitude, degrees.
        place: Option<[f64; 2]>,
    },
    /// Takes a drawn route away.
    RemoveRoute(u32),
    /// Makes a drawn route a candidate, or bars its roads.
    ForbidRoute(u32, bool),
    /// A copy of the scenario on screen, named so; it is on screen then.
    Duplicate(String),
    /// Another name for the scenario on screen.
    Rename(String),
    /// Another note on the scenario on screen.
    Note(String),
    /// Takes a scenario away, unless it is the only one.
    RemoveScenario(u32),
    /// Puts another scenario on screen.
    Switch(u32),
    /// Uses this scenario text (TOML) instead of the scenario on screen.
    Scenario(String),
}

/// What is done to the route being drawn. Places are longitude and latitude, degrees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Draw {
    /// Begins a new route, or goes on with one of the scenario's.
    Begin {
        /// The route to go on with.
        route: Option<u32>,
        /// Whether a new one bars its roads.
        forbidden: bool,
    },
    /// Puts a waypoint before number `at`, or at the end.
    Add {
        /// Where.
        place: [f64; 2],
        /// Before which waypoint.
        at: Option<u32>,
        /// It moves onto a road no farther than this, metres.
        reach_m: f64,
    },
    /// Moves a waypoint.
    Move {
        /// Which.
        at: u32,
        /// Where to.
        place: [f64; 2],
        /// As in `Add`.
        reach_m: f64,
        /// Whether it was let go: only then is it an edit.
        done: bool,
    },
    /// Takes a waypoint away.
    Remove(u32),
    /// Moves a waypoint to another place in the order.
    Reorder(u32, u32),
    /// Says how the next leg runs: straight over the ground, or along the roads.
    Mode(bool),
    /// Says how a leg runs.
    Leg(u32, bool),
    /// The pointer is here: what would the route cost with a waypoint here?
    Hover([f64; 2]),
    /// The pointer is elsewhere.
    Leave,
    /// The route is done, named so.
    Finish(String),
    /// The route is given up; undo brings it back.
    Cancel,
}

/// The name of an edit: a message key under `edit`, and a value for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditName {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}

/// A scenario among others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScenarioView {
    /// Its number.
    pub id: u32,
    /// Name.
    pub name: String,
    /// Note.
    pub note: String,
    /// The figures of its plan, if it was planned as it is.
    pub figures: Option<ScenarioFigures>,
}

/// What scenarios are compared by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScenarioFigures {
    /// Premises connected.
    pub connected: u64,
    /// Metres of new line.
    pub metres: f64,
    /// Cost, major units.
    pub cost: f64,
    /// Proven gap, a fraction.
    pub gap: f64,
    /// ISO 4217 code.
    pub currency: String,
}

/// A price class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceView {
    /// Its id in the book.
    pub id: String,
    /// The building method.
    pub method: String,
    /// Major units a metre, as planned with.
    pub per_metre: f64,
    /// Major units each, as planned with.
    pub each: f64,
    /// The book's own.
    pub book: [f64; 2],
    /// Where the book's figure comes from.
    pub source: String,
}

/// A drawn route of the scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RouteView {
    /// Name.
    pub name: String,
    /// Whether it bars its roads.
    pub forbidden: bool,
    /// Waypoints.
    pub points: u32,
}

/// The document as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentView {
    /// What can be undone next.
    pub undo: Option<EditName>,
    /// What can be done again next.
    pub redo: Option<EditName>,
    /// How many edits can be undone, and done again.
    pub steps: [u32; 2],
    /// All scenarios.
    pub scenarios: Vec<ScenarioView>,
    /// The number of the one on screen.
    pub current: u32,
    /// Its threshold, Mbit/s.
    pub threshold: f64,
    /// ISO 4217 code of its prices.
    pub currency: String,
    /// Its cost book's name, date and source.
    pub book: [String; 3],
    /// Its prices.
    pub prices: Vec<PriceView>,
    /// Its drawn routes.
    pub routes: Vec<RouteView>,
    /// Its own handovers, beside those of the inputs: name, longitude and latitude.
    pub handovers: Vec<(String, [f64; 2])>,
    /// Ids of premises that it leaves out.
    pub excluded: Vec<String>,
    /// Ids of premises that it connects whatever else.
    pub included: Vec<String>,
    /// The scenario file that gives the same plan on the command line.
    pub toml: String,
    /// Whether the plan on screen is another one's.
    pub stale: bool,
}

/// The route being drawn, and what it would cost. Its line is the attachment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawingView {
    /// The route of the scenario that is being changed.
    pub route: Option<u32>,
    /// Its name, if it has one already.
    pub name: String,
    /// Whether it bars its roads.
    pub forbidden: bool,
    /// Whether the next leg is freehand.
    pub free: bool,
    /// Where the waypoints lie, degrees.
    pub points: Vec<[f64; 2]>,
    /// Whether each leg is freehand.
    pub legs: Vec<bool>,
    /// Message keys under `drawing` of what stands in the way, with a value.
    pub problems: Vec<[String; 2]>,
    /// Metres and cost by what it lies on: message keys under `ground`.
    pub grounds: Vec<(String, f64, f64)>,
    /// Cost of what it crosses, major units.
    pub crossings: f64,
    /// Whole length, metres.
    pub metres: f64,
    /// Whole cost, major units.
    pub cost: f64,
    /// What the plan does not have already, major units.
    pub added: f64,
    /// Premises passed, and within the longest drop.
    pub premises: [u64; 2],
    /// What is taken for passed, and the longest drop, metres.
    pub reach: [f64; 2],
    /// ISO 4217 code.
    pub currency: String,
}

/// One premises of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoundView {
    /// Its number in the premises layer.
    pub id: u32,
    /// Address or id.
    pub label: String,
    /// Municipality, or empty.
    pub municipality: String,
    /// Status as a message key, `unplanned` without a plan.
    pub status: String,
    /// Cost of its own drop, major units; 0 where it has none.
    pub drop_cost: f64,
    /// Fibre to the handover, metres; 0 where it is not connected.
    pub metres: f64,
    /// Longitude and latitude, degrees.
    pub place: [f64; 2],
}
