//! Edits of the document, and what the page sees of it.

use serde::{Deserialize, Serialize};

use crate::LayerId;

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

/// What a drawing is for: a route, or an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// A route that may be dug, besides everything else that may.
    #[default]
    Candidate,
    /// A route whose roads are barred.
    Forbidden,
    /// A duct that is there already.
    Duct,
    /// Poles that are there already.
    Poles,
    /// An area where nothing is dug.
    NoDig,
    /// An area where everything costs more.
    Dearer,
    /// An area whose premises are left out.
    LeaveOut,
    /// The border of a municipality, whose neighbours' move with it.
    Border,
}

impl Purpose {
    /// All that are drawn anew: a border is there.
    pub const ALL: [Self; 7] =
        [Self::Candidate, Self::Forbidden, Self::Duct, Self::Poles, Self::NoDig, Self::Dearer, Self::LeaveOut];

    /// Its name in message keys and in the map's style.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::Forbidden => "forbidden",
            Self::Duct => "duct",
            Self::Poles => "poles",
            Self::NoDig => "no-dig",
            Self::Dearer => "dearer",
            Self::LeaveOut => "leave-out",
            Self::Border => "border",
        }
    }

    /// Whether it is an area; a route otherwise.
    pub const fn is_area(self) -> bool {
        matches!(self, Self::NoDig | Self::Dearer | Self::LeaveOut | Self::Border)
    }

    /// How many points it has at least.
    pub const fn least_points(self) -> usize {
        if self.is_area() { 3 } else { 2 }
    }
}

/// Whom the plan is to connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum GoalKind {
    /// Everybody who needs it.
    #[default]
    Connect,
    /// The most for at most an amount.
    Budget,
    /// At least a share.
    Coverage,
    /// Whoever costs no more than it is worth.
    Worthwhile,
    /// Everybody, by the cheapest technology.
    Cheapest,
}

impl GoalKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Connect, Self::Budget, Self::Coverage, Self::Worthwhile, Self::Cheapest];

    /// Whether it is set by a figure, which chooses among premises.
    pub const fn has_figure(self) -> bool {
        matches!(self, Self::Budget | Self::Coverage | Self::Worthwhile)
    }

    /// Its name in message keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Budget => "budget",
            Self::Coverage => "coverage",
            Self::Worthwhile => "worthwhile",
            Self::Cheapest => "cheapest",
        }
    }
}

/// A goal and its figure.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct GoalView {
    /// Whom to connect.
    pub kind: GoalKind,
    /// The budget or what connecting one is worth, major units; the share, 0 to 1; nothing for everybody.
    pub amount: f64,
    /// Whether homes are counted; premises otherwise.
    pub homes: bool,
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
    /// Where a changed price comes from; empty is what the book says.
    PriceSource(String, String),
    /// Gives a figure of the demand policy, by its path, another value; `None` is the policy's own.
    Policy(String, Option<Setting>),
    /// Where a changed figure of the policy comes from; empty for nothing.
    PolicySource(String, String),
    /// Begins a support scheme as it ships, or takes it away.
    Support(bool),
    /// Gives a field of the support scheme another value. What is new in its list of addresses may be an id or an address.
    SupportField(String, Setting),
    /// Where a figure of the support scheme comes from; empty for nothing.
    SupportSource(String, String),
    /// Who has less than this today needs a connection, Mbit/s.
    Threshold(f64),
    /// Whom the plan is to connect.
    Goal(GoalView),
    /// A key that costs are shared by: without a number a new one, without parts it is taken away. Parts are a measure's name in
    /// files and per cent.
    Key {
        /// Which.
        at: Option<u32>,
        /// Its name.
        name: String,
        /// Its parts, together 100 per cent.
        parts: Vec<(String, f64)>,
    },
    /// Money for a year, major units; `None` takes the last year away. The year after the last one adds it.
    Budget(u16, Option<f64>),
    /// Begins a programme: so many years of equal budgets that pay for the whole plan together.
    Programme(u16),
    /// A handover, point of presence or cabinet of the scenario's own: without a number a new one, `None` takes it away.
    Place(PlaceKind, Option<u32>, Option<PlaceView>),
    /// A mast of the scenario's own: without a number a new one, `None` takes it away.
    Mast(Option<u32>, Option<MastView>),
    /// Municipal borders are as the files have them again.
    ResetBorders,
    /// Takes a drawn route away.
    RemoveRoute(u32),
    /// Makes a drawn route a candidate, or bars its roads.
    ForbidRoute(u32, bool),
    /// Takes a drawn area away.
    RemoveArea(u32),
    /// How many times dearer everything is in a drawn area.
    AreaFactor(u32, f64),
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

/// What is done to the route or area being drawn. Places are longitude and latitude, degrees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Draw {
    /// Begins a new drawing, or goes on with one of the scenario's.
    Begin {
        /// What it is for.
        purpose: Purpose,
        /// The number of the scenario's route or area to go on with, or of the region's border.
        known: Option<u32>,
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
    /// The pointer is here: what would it come to with a waypoint here?
    Hover([f64; 2]),
    /// The pointer is elsewhere.
    Leave,
    /// The drawing is done, named so.
    Finish(String),
    /// The drawing is given up; undo brings it back.
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
    /// Premises left out, out of reach, and served already.
    pub others: [u64; 3],
    /// The costs that one such project in ten, half of all, and nine in ten stay below, major units.
    pub cost_range: [f64; 3],
    /// Cost of the methods, dearest first, major units.
    pub methods: Vec<(String, f64)>,
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
    /// Where the figure comes from.
    pub source: String,
    /// What the scenario says of where its own figure comes from.
    pub noted: String,
}

/// The value of a setting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Setting {
    /// Yes or no.
    Flag(bool),
    /// A number; none for no limit.
    Number(Option<f64>),
    /// Words.
    Text(String),
    /// Names, as files have them.
    List(Vec<String>),
}

/// A field of the demand policy or of the support scheme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SettingView {
    /// Its path, as the scenario's file names it.
    pub path: String,
    /// As it is in use.
    pub value: Setting,
    /// What it replaces: the policy's own, or as a scheme ships.
    pub own: Setting,
    /// What the scenario says of where its own value comes from.
    pub noted: String,
    /// What the names of a list stand for, where that is another name: the addresses of ids.
    pub titles: Vec<String>,
}

/// The demand policy: what homes and public sites ask for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PolicyView {
    /// Name, date and source.
    pub of: [String; 3],
    /// Its figures.
    pub figures: Vec<SettingView>,
}

/// What a place of the scenario's own is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PlaceKind {
    /// Where backbone capacity is bought.
    Handover,
    /// A candidate point of presence: a handover with an opening cost, numbered among the handovers.
    Pop,
    /// A cabinet.
    Cabinet,
}

impl PlaceKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Handover, Self::Pop, Self::Cabinet];

    /// Its name in message keys and in the map's style.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Handover => "handover",
            Self::Pop => "pop",
            Self::Cabinet => "cabinet",
        }
    }
}

/// A handover, point of presence or cabinet of the scenario's own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PlaceView {
    /// Name.
    pub name: String,
    /// Longitude and latitude, degrees.
    pub place: [f64; 2],
    /// What opening it or putting it up costs, major units; without it, a handover is there anyhow, and a cabinet costs what the cost
    /// book says.
    pub cost: Option<f64>,
    /// Where the cost comes from.
    pub source: String,
}

/// A mast of the scenario's own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MastView {
    /// Name.
    pub name: String,
    /// Longitude and latitude, degrees.
    pub place: [f64; 2],
    /// Height of its antennas above the ground, metres; the cost book's where it says none.
    pub height_m: Option<f64>,
    /// Sectors; the cost book's where it says none.
    pub sectors: Option<u32>,
    /// Whether it stands already.
    pub existing: bool,
}

/// A drawn route of the scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RouteView {
    /// Name.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
}

/// A drawn area of the scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AreaView {
    /// Name.
    pub name: String,
    /// What it is for; none where a file gave it a rule that is not drawn.
    pub purpose: Option<Purpose>,
    /// How many times dearer everything is there.
    pub factor: Option<f64>,
}

/// The document as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentView {
    /// How many edits can be undone, and done again.
    pub steps: [u32; 2],
    /// The names of the last edits, newest first, and of those that can be done again, next first.
    pub named: [Vec<EditName>; 2],
    /// All scenarios.
    pub scenarios: Vec<ScenarioView>,
    /// The number of the one on screen.
    pub current: u32,
    /// Its threshold, Mbit/s.
    pub threshold: f64,
    /// Its goal.
    pub goal: GoalView,
    /// ISO 4217 code of its prices.
    pub currency: String,
    /// Its cost book's name, date and source.
    pub book: [String; 3],
    /// Its prices.
    pub prices: Vec<PriceView>,
    /// The policy of its programme, where it has one that can be read.
    pub policy: Option<PolicyView>,
    /// Its support scheme, field by field; empty where it has none.
    pub support: Vec<SettingView>,
    /// Its drawn routes.
    pub routes: Vec<RouteView>,
    /// Its drawn areas.
    pub areas: Vec<AreaView>,
    /// Its own handovers, beside those of the inputs; those with a cost are points of presence.
    pub handovers: Vec<PlaceView>,
    /// Its cabinets.
    pub cabinets: Vec<PlaceView>,
    /// What a point of presence and a cabinet cost by the cost book, major units, and where it has that from.
    pub usual: [(f64, String); 2],
    /// Its own masts, beside those of the inputs.
    pub masts: Vec<MastView>,
    /// How many changes of municipal borders it makes.
    pub border_edits: u32,
    /// Ids of premises that it leaves out.
    pub excluded: Vec<String>,
    /// Ids of premises that it connects whatever else.
    pub included: Vec<String>,
    /// The scenario file that gives the same plan on the command line.
    pub toml: String,
    /// Whether the plan on screen is another one's.
    pub stale: bool,
}

/// The route or area being drawn, and what it comes to. Its lines are the attachment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawingView {
    /// What it is for.
    pub purpose: Purpose,
    /// The route or area of the scenario that is being changed.
    pub known: Option<u32>,
    /// Its name, if it has one already.
    pub name: String,
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
    /// What an area covers, square metres.
    pub square_metres: f64,
    /// Premises passed, and within the longest drop; in an area those inside, and of them those that the plan connects.
    pub premises: [u64; 2],
    /// What is taken for passed, and the longest drop, metres.
    pub reach: [f64; 2],
    /// ISO 4217 code.
    pub currency: String,
}

/// One premises or public site of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoundView {
    /// Premises, or sites.
    pub layer: LayerId,
    /// Its number in that layer.
    pub id: u32,
    /// Address or id.
    pub label: String,
    /// Municipality, or empty.
    pub municipality: String,
    /// Status as a message key, `unplanned` without a plan; a site's kind.
    pub status: String,
    /// Cost of its own drop, major units; 0 where it has none.
    pub drop_cost: f64,
    /// Fibre to the handover, metres; 0 where it is not connected.
    pub metres: f64,
    /// Longitude and latitude, degrees.
    pub place: [f64; 2],
}
