//! The scenario: a small, diffable text file that says what to plan from which inputs. Same scenario, same inputs, same plan.

use serde::{Deserialize, Serialize};

use crate::{AreaRule, Money};

/// What an input file is for. Formats are recognised from the bytes; roles where the format alone does not say it.
///
/// Columns of tables and properties of features (GeoJSON, GeoPackage) go by the names below, and by some usual others. Where a
/// table has no `lon` and `lat` in degrees, it has `x` and `y`, or `east` and `north`, with an EPSG code ([`Input::epsg`]).
/// What is not said is assumed or unknown: only what must be there is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Guess from format, geometry and columns.
    Auto,
    /// An OSM extract: ways, premises, buildings, water, sites, power, borders.
    Osm,
    /// Roads and tracks, as lines tagged as in OSM (`highway`, `surface`, `bridge`, …); of an OSM extract all but its premises.
    Ways,
    /// Addresses, as points: `id`, `street`, `number`, `postcode`, `city`, `municipality` (its code), `households`, `kind` (as
    /// [`PremisesKind`](crate::PremisesKind) names it), and what a table of service or of sign-ups says.
    Premises,
    /// Municipal borders, as areas: `code`, `name`.
    Borders,
    /// Service today, a row an address: `id` and `down_mbps` (or `down_kbps`), which must be there, `up_mbps`, `technology`.
    Service,
    /// Sign-ups, a row an address: `id`, which must be there, and `signed_up`.
    SignUps,
    /// Handovers, as points: `id`, `name`; of a candidate point of presence also `opening_cost` (major units) and
    /// `opening_source`.
    Handovers,
    /// Masts, as points: `id`, `name`, `height_m`, `sectors`, `existing`.
    Masts,
    /// Heights of the ground: SRTM tiles, GeoTIFF.
    Terrain,
    /// Areas, by `id` or `name`, with a `rule`: `forbid`, `multiply` with a `factor`, `lump` with an `amount` in major units,
    /// `exclude-premises`, or, for a support scheme, `support` and `commercial`.
    Areas,
    /// Public sites, as points: `id`, `kind` (as [`SiteKind`](crate::SiteKind) names it), `name`.
    Sites,
    /// Buildings, as areas: `id`.
    Buildings,
    /// Water, tagged as in OSM: areas, coastlines (land on their left), streams.
    Water,
    /// Land use, as areas: `landuse` as in OSM, or `land_use` as [`LandUse`](crate::LandUse) names it.
    LandUse,
    /// Power lines and poles, tagged as in OSM.
    Power,
    /// Existing ducts, as lines.
    Ducts,
}

/// An input of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Path, relative to the scenario file; in the browser the file's name.
    pub path: String,
    /// What it is for.
    #[serde(default = "auto", rename = "as")]
    pub role: Role,
    /// EPSG code of its coordinates where the file does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epsg: Option<u32>,
    /// Attribution to carry into every output, where the file does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
    /// Columns of a table by meaning, such as `lon = "X_COORD"`: the meaning as [`Role`] names it, then the column's own name.
    /// Of tables alone: features' properties go by the usual names.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub columns: std::collections::BTreeMap<String, String>,
}

fn auto() -> Role {
    Role::Auto
}

impl Input {
    /// A file whose role is guessed from its format, geometry and columns.
    pub fn auto(path: impl Into<String>) -> Self {
        Self { path: path.into(), role: Role::Auto, epsg: None, attribution: None, columns: Default::default() }
    }
}

/// What the plan is to reach. Premises that the scenario requires (`options.include`) are connected whatever the goal.
///
/// A threshold is Mbit/s down: who has less today needs the network, and so does whoever's service is not known.
///
/// ```
/// use breiband_model::{Count, Goal};
/// let goal = Goal::Budget { threshold_mbps: 100.0, count: Count::Homes, budget: 30_000_000.0 };
/// assert_eq!((goal.threshold_mbps(), goal.count()), (100.0, Some(Count::Homes)));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", tag = "kind")]
pub enum Goal {
    /// Connect every premises that needs it, at least cost.
    Connect {
        /// A premises needs it if its service today is below this, Mbit/s down.
        #[serde(default = "threshold")]
        threshold_mbps: f64,
    },
    /// Connect whoever costs no more than the value of being connected, at least cost and least value forgone together.
    Worthwhile {
        /// As for `connect`.
        #[serde(default = "threshold")]
        threshold_mbps: f64,
        /// What is counted.
        #[serde(default)]
        count: Count,
        /// What connecting one of them is worth, major units. A branch is built if it is worth more than it costs.
        value: f64,
    },
    /// Serve every premises by the cheapest of fibre, wireless and satellite that gives what it needs, running included.
    Cheapest {
        /// As for `connect`.
        #[serde(default = "threshold")]
        threshold_mbps: f64,
    },
    /// Connect the most for at most so much.
    Budget {
        /// As for `connect`.
        #[serde(default = "threshold")]
        threshold_mbps: f64,
        /// What is counted.
        #[serde(default)]
        count: Count,
        /// What trench and drops of everybody connected may cost together, major units.
        budget: f64,
    },
    /// Connect at least a share of those that need it and can be reached, at least cost.
    Coverage {
        /// As for `connect`.
        #[serde(default = "threshold")]
        threshold_mbps: f64,
        /// What is counted.
        #[serde(default)]
        count: Count,
        /// The share, 0 to 1.
        share: f64,
    },
}

/// What a goal counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Count {
    /// Homes: the households of each premises.
    #[default]
    Homes,
    /// Premises, each as one.
    Premises,
}

impl Goal {
    /// A premises needs the network if its service today is below this, Mbit/s down.
    #[must_use]
    pub fn threshold_mbps(&self) -> f64 {
        match self {
            Self::Connect { threshold_mbps }
            | Self::Worthwhile { threshold_mbps, .. }
            | Self::Cheapest { threshold_mbps }
            | Self::Budget { threshold_mbps, .. }
            | Self::Coverage { threshold_mbps, .. } => *threshold_mbps,
        }
    }

    /// Changes the threshold and nothing else.
    pub fn set_threshold_mbps(&mut self, mbps: f64) {
        match self {
            Self::Connect { threshold_mbps }
            | Self::Worthwhile { threshold_mbps, .. }
            | Self::Cheapest { threshold_mbps }
            | Self::Budget { threshold_mbps, .. }
            | Self::Coverage { threshold_mbps, .. } => *threshold_mbps = mbps,
        }
    }

    /// Whether every premises gets the cheapest technology.
    #[must_use]
    pub fn is_cheapest(&self) -> bool {
        matches!(self, Self::Cheapest { .. })
    }

    /// What is counted; none where everybody is connected.
    #[must_use]
    pub fn count(&self) -> Option<Count> {
        match self {
            Self::Connect { .. } => None,
            Self::Cheapest { .. } => Some(Count::Homes),
            Self::Worthwhile { count, .. } | Self::Budget { count, .. } | Self::Coverage { count, .. } => Some(*count),
        }
    }
}

fn threshold() -> f64 {
    100.0
}

impl Default for Goal {
    fn default() -> Self {
        Self::Connect { threshold_mbps: threshold() }
    }
}

/// A handover named in the scenario itself, in degrees; with an opening cost, a candidate point of presence.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedPlace {
    /// Name.
    pub name: String,
    /// Longitude, degrees east.
    pub lon: f64,
    /// Latitude, degrees north.
    pub lat: f64,
    /// What opening it costs, major units: paid only by a plan that uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening_cost: Option<f64>,
    /// Where the cost comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl NamedPlace {
    /// What opening it costs, where it is a point of presence and the cost an amount of money.
    pub fn opening(&self) -> Option<crate::PlacePrice> {
        place_price(self.opening_cost, self.source.as_ref())
    }
}

/// A cabinet that the planner has fixed, in degrees: every plan must reach it and pays for it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedCabinet {
    /// Name; no two have the same.
    pub name: String,
    /// Longitude, degrees east.
    pub lon: f64,
    /// Latitude, degrees north.
    pub lat: f64,
    /// What it costs, major units; without it, the cost book's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<f64>,
    /// Where the price comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl NamedCabinet {
    /// Its id in the plan's files.
    pub fn external_id(&self) -> String {
        format!("scenario/{}", self.name)
    }

    /// Its own price; none where it has none, or one that is no amount of money.
    pub fn own_price(&self) -> Option<crate::PlacePrice> {
        place_price(self.price, self.source.as_ref())
    }
}

fn place_price(major: Option<f64>, source: Option<&String>) -> Option<crate::PlacePrice> {
    let cost = Money::from_major(major?)?;
    Some(crate::PlacePrice { cost, source: source.cloned().unwrap_or_default() })
}

/// A mast of the scenario's own, in degrees: what an input of masts says, in the scenario itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnMast {
    /// Name; no two have the same.
    pub name: String,
    /// Longitude, degrees east.
    pub lon: f64,
    /// Latitude, degrees north.
    pub lat: f64,
    /// Height of its antennas above the ground, metres; without it, the cost book's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height_m: Option<f64>,
    /// Sectors; without it, the cost book's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sectors: Option<u32>,
    /// Whether it stands already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub existing: bool,
}

impl DrawnMast {
    /// Its id in the plan's files.
    pub fn external_id(&self) -> String {
        format!("scenario/{}", self.name)
    }

    /// The mast, put up at `point`, its place in the region's plane.
    pub fn at(&self, point: crate::Point) -> crate::Mast {
        crate::Mast {
            external_id: self.external_id(),
            name: self.name.clone(),
            point,
            height_mm: self.height_m.map(|metres| (metres * 1000.0 + 0.5) as i32),
            sectors: self.sectors,
            existing: self.existing,
        }
    }

    fn fault(&self) -> Option<&'static str> {
        if !on_earth(&[self.lon, self.lat]) {
            return Some(OFF_EARTH);
        }
        let highest = f64::from(crate::Mast::HIGHEST_MM) / 1000.0;
        if self.height_m.is_some_and(|metres| !(0.0..=highest).contains(&metres)) {
            return Some("give a height_m of 0 to 500 metres");
        }
        self.sectors
            .is_some_and(|sectors| !(1..=crate::Mast::MOST_SECTORS).contains(&sectors))
            .then_some("give 1 to 36 sectors")
    }
}

/// What a drawn route is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RouteUse {
    /// Its freehand legs may be dug, besides everything else that may.
    #[default]
    Candidate,
    /// Nothing may be laid along the roads that it follows.
    Forbidden,
    /// A duct lies there that has room for fibre.
    Duct,
    /// Poles stand there that can carry fibre.
    Poles,
}

/// How a drawn route gets from one point to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Leg {
    /// Along the roads, the shortest way.
    #[default]
    Road,
    /// Straight over the ground.
    Free,
}

/// A route drawn by hand.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnRoute {
    /// Name.
    #[serde(default)]
    pub name: String,
    /// What it is for.
    #[serde(default, rename = "use")]
    pub usage: RouteUse,
    /// Longitude and latitude of each waypoint, degrees; at least two.
    pub points: Vec<[f64; 2]>,
    /// One for each pair of neighbouring points; none at all means that every leg follows the roads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legs: Vec<Leg>,
}

impl DrawnRoute {
    /// The leg after waypoint `at`.
    pub fn leg(&self, at: usize) -> Leg {
        self.legs.get(at).copied().unwrap_or_default()
    }
}

/// What an area drawn by hand is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AreaUse {
    /// Nothing is dug there.
    Forbid,
    /// What is built there costs `factor` times its price.
    Multiply,
    /// Every stretch that enters it costs `amount` more.
    Lump,
    /// Premises there are left out.
    ExcludePremises,
}

impl AreaUse {
    /// Every use, in order.
    pub const ALL: [Self; 4] = [Self::Forbid, Self::Multiply, Self::Lump, Self::ExcludePremises];

    /// The use's name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Forbid => "forbid",
            Self::Multiply => "multiply",
            Self::Lump => "lump",
            Self::ExcludePremises => "exclude-premises",
        }
    }

    /// The rule of an area of this use; `None` where it multiplies by no `factor` of 0 to 1000, or adds no `amount` of money
    /// (major units).
    pub fn rule(self, factor: Option<f64>, amount: Option<f64>) -> Option<AreaRule> {
        match self {
            Self::Forbid => Some(AreaRule::Forbid),
            Self::ExcludePremises => Some(AreaRule::ExcludePremises),
            Self::Multiply => {
                let factor = factor.filter(|factor| (0.0..=1000.0).contains(factor))?;
                Some(AreaRule::Multiply { permille: (factor * 1000.0 + 0.5) as u32 })
            }
            Self::Lump => Some(AreaRule::Lump { amount: Money::from_major(amount?)?.as_minor() }),
        }
    }
}

/// An area drawn by hand, with a rule: what an input of areas says, in the scenario itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnArea {
    /// Name.
    #[serde(default)]
    pub name: String,
    /// What it is for.
    pub rule: AreaUse,
    /// By what `multiply` multiplies, 0 to 1000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<f64>,
    /// What `lump` adds, major currency units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// Longitude and latitude of each corner, degrees; at least three. The last is joined to the first.
    pub ring: Vec<[f64; 2]>,
}

impl DrawnArea {
    /// Its rule; `None` where `factor` or `amount` is missing or no figure that can be used.
    pub fn area_rule(&self) -> Option<AreaRule> {
        self.rule.rule(self.factor, self.amount)
    }
}

/// A price that differs from the cost book's.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceChange {
    /// Major currency units a metre, instead of the book's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_metre: Option<f64>,
    /// Major currency units each, instead of the book's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<f64>,
    /// Where the figure comes from, instead of what the book says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Which OSM objects are premises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PremisesFrom {
    /// Distinct addresses.
    #[default]
    Addresses,
    /// Every building, addressed or not: for extracts without addresses.
    AllBuildings,
}

/// What is assumed, mended and excluded on the way in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Which OSM objects are premises.
    pub premises_from: PremisesFrom,
    /// Gaps between ways up to this length are mended, metres; 0 mends none.
    pub mend_gaps_m: f64,
    /// Whether distribution lines on poles may carry fibre.
    pub use_poles: bool,
    /// Whether existing ducts may be used.
    pub use_ducts: bool,
    /// Premises left out of the plan, by external id. Ids that no premises has are passed over, here and in `include`.
    pub exclude: Vec<String>,
    /// Premises connected whatever else leaves them out (their service today, their kind, an area), by external id.
    pub include: Vec<String>,
    /// Kinds of premises left out.
    pub exclude_kinds: Vec<crate::PremisesKind>,
    /// Ways that may not be dug, by external id; ids that no way has are passed over.
    pub forbid_ways: Vec<String>,
    /// Optimiser steps (arcs looked at, some 100 million a second): more steps, better answers. The same steps give the
    /// same plan on every machine.
    pub steps: u64,
    /// The optimiser stops once its answer is proven to be within this part of the least cost, 0 to 1; 0 uses all steps.
    pub gap: f64,
    /// Seed of every random choice.
    pub seed: u64,
    /// Corners of municipal borders that are elsewhere than the inputs say, one after the other.
    #[serde(rename = "border", skip_serializing_if = "Vec::is_empty")]
    pub borders: Vec<BorderEdit>,
}

/// A corner of a municipal border that is moved, put in or taken away, in every municipality that has it. Places are longitude
/// and latitude, degrees; a corner is found within two centimetres.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BorderEdit {
    /// The corner that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<[f64; 2]>,
    /// Or the corners that a side joins, which gets a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub between: Option<[[f64; 2]; 2]>,
    /// Where the corner goes, or the new one is; without it, the corner is taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<[f64; 2]>,
}

impl BorderEdit {
    fn is_sound(&self) -> bool {
        let places = self.at.iter().chain(self.between.iter().flatten()).chain(&self.to);
        let has_one = match (self.at, self.between) {
            (Some(_), None) => true,
            (None, Some(_)) => self.to.is_some(),
            _ => false,
        };
        has_one && places.into_iter().all(on_earth)
    }
}

/// What to do about a place that is not [`on_earth`].
const OFF_EARTH: &str = "give lon in −180 to 180 and lat in −85 to 85 degrees";

/// What to do about a price that is none.
const AMOUNT: &str = "give its cost an amount of 0 or more, at most 90 trillion";

fn on_earth([lon, lat]: &[f64; 2]) -> bool {
    (-180.0..=180.0).contains(lon) && (-85.0..=85.0).contains(lat)
}

impl Default for Options {
    fn default() -> Self {
        Self {
            premises_from: PremisesFrom::default(),
            mend_gaps_m: 0.0,
            use_poles: true,
            use_ducts: true,
            exclude: Vec::new(),
            include: Vec::new(),
            exclude_kinds: vec![crate::PremisesKind::Outbuilding],
            forbid_ways: Vec::new(),
            steps: 3_000_000_000,
            gap: 0.005,
            seed: 1,
            borders: Vec::new(),
        }
    }
}

/// A scenario, in TOML or JSON. [`Scenario::parse`] reads and checks one; one that was made or changed in code is checked by
/// [`Scenario::check`].
///
/// ```
/// use breiband_model::{Goal, Input, Role, Scenario};
/// let addresses = Input { role: Role::Premises, ..Input::auto("addresses.geojson") };
/// let mut scenario = Scenario::new("Mine", "2026-01-01", vec![Input::auto("roads.osm.pbf"), addresses]);
/// scenario.goal = Goal::Connect { threshold_mbps: 30.0 };
/// scenario.options.exclude.push("node/17".to_owned());
/// scenario.check()?;
/// assert_eq!(Scenario::parse(&scenario.to_toml())?, scenario);
/// # Ok::<(), breiband_model::ScenarioError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Version of this format: 1.
    pub version: u32,
    /// Name, on every output.
    pub name: String,
    /// Date on every output, `yyyy-mm-dd`: outputs carry this, never the clock.
    pub date: String,
    /// Language of reports: `en`, `nb` or `nn`.
    #[serde(default = "english")]
    pub language: String,
    /// Path of a cost book, relative to the scenario file; without one, the shipped example. Whoever plans reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_book: Option<String>,
    /// A sentence shown on every output, such as "Invented data".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notice: String,
    /// Inputs.
    #[serde(default, rename = "input")]
    pub inputs: Vec<Input>,
    /// The goal.
    #[serde(default)]
    pub goal: Goal,
    /// Handovers besides those in the inputs.
    #[serde(default, rename = "handover", skip_serializing_if = "Vec::is_empty")]
    pub handovers: Vec<NamedPlace>,
    /// Cabinets that every plan must reach.
    #[serde(default, rename = "cabinet", skip_serializing_if = "Vec::is_empty")]
    pub cabinets: Vec<NamedCabinet>,
    /// Masts besides those in the inputs, for the section `[mix]`.
    #[serde(default, rename = "mast", skip_serializing_if = "Vec::is_empty")]
    pub masts: Vec<DrawnMast>,
    /// Options.
    #[serde(default)]
    pub options: Options,
    /// Technologies besides fibre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mix: Option<crate::MixSettings>,
    /// How municipalities build together: years, orders, shares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programme: Option<crate::ProgrammeSettings>,
    /// A scheme that supports building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support: Option<crate::SupportScheme>,
    /// Prices that differ from the cost book's, by price class. Planning knows only the book that it is given:
    /// [`CostBook::changed`](crate::CostBook::changed) puts them into it first.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub prices: std::collections::BTreeMap<String, PriceChange>,
    /// Routes drawn by hand.
    #[serde(default, rename = "route", skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<DrawnRoute>,
    /// Areas drawn by hand, with their rules.
    #[serde(default, rename = "area", skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<DrawnArea>,
}

fn english() -> String {
    "en".to_owned()
}

/// Why a scenario cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    /// Not TOML or JSON, or fields of the wrong type.
    #[error("the scenario is not readable: {0}")]
    Syntax(String),
    /// A version this program does not know.
    #[error("the scenario has version {0}, and this program reads version 1: a newer Breiband wrote it")]
    Version(u32),
    /// A value out of range.
    #[error("the scenario's {field} is {value:?}: {remedy}")]
    Value {
        /// Field.
        field: &'static str,
        /// Value.
        value: String,
        /// What to do.
        remedy: &'static str,
    },
    /// The same, where its line in the file is known.
    #[error("line {line}: {fault}")]
    At {
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        fault: Box<ScenarioError>,
    },
    /// A fault in the section `[programme]`.
    #[error("{}{fault}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
    Programme {
        /// Where it stands, in TOML.
        line: Option<usize>,
        /// What is wrong.
        fault: crate::SettingsFault,
    },
}

/// The line of a value in TOML, or of the nearest thing around it.
pub(crate) fn line_of(text: &str, section: &str, path: &[crate::Step]) -> Option<usize> {
    use crate::Step;
    let document = toml::de::DeTable::parse(text).ok()?;
    let mut span = None;
    let mut here = document.get_ref().get(section);
    for step in path {
        let Some(value) = here else { break };
        span = Some(value.span());
        here = match (value.get_ref(), step) {
            (toml::de::DeValue::Table(table), Step::Key(key)) => table.get(*key),
            (toml::de::DeValue::Array(array), Step::At(index)) => array.get(*index),
            _ => None,
        };
    }
    let span = here.map(|value| value.span()).or(span)?;
    Some(text.get(..span.start)?.matches('\n').count() + 1)
}

/// The line, from 1, of what `keys` lead to in a TOML text, or of the nearest thing around it; an array's entries go by their
/// number, from 1, or by a text that stands in them. None where the text is no TOML or the first key is not there.
pub fn line_in_toml(text: &str, keys: &[&str]) -> Option<usize> {
    use toml::de::DeValue;
    let document = toml::de::DeTable::parse(text).ok()?;
    let (first, rest) = keys.split_first()?;
    let mut here = document.get_ref().get(*first)?;
    for key in rest {
        let holds = |one: &&toml::Spanned<DeValue<'_>>| match one.get_ref() {
            DeValue::Table(table) => table.values().any(|value| value.get_ref().as_str() == Some(key)),
            value => value.as_str() == Some(key),
        };
        let next = match here.get_ref() {
            DeValue::Table(table) => table.get(*key),
            DeValue::Array(array) => match key.parse::<usize>() {
                Ok(number) => number.checked_sub(1).and_then(|at| array.get(at)),
                Err(_) => array.iter().find(holds),
            },
            _ => None,
        };
        let Some(next) = next else { break };
        here = next;
    }
    Some(text.get(..here.span().start)?.matches('\n').count() + 1)
}

impl ScenarioError {
    /// The same fault with its line in `text`, where that is known.
    fn placed(self, text: &str) -> Self {
        let Self::Value { field, value, .. } = &self else { return self };
        let keys: Vec<&str> = field.split('.').chain([value.as_str()]).collect();
        match line_in_toml(text, &keys) {
            Some(line) => Self::At { line, fault: Box::new(self) },
            None => self,
        }
    }
}

impl Scenario {
    /// A scenario for `inputs`, with everything else as it ships; `date` is `yyyy-mm-dd`.
    pub fn new(name: impl Into<String>, date: impl Into<String>, inputs: Vec<Input>) -> Self {
        Self {
            version: 1,
            name: name.into(),
            date: date.into(),
            language: english(),
            cost_book: None,
            notice: String::new(),
            inputs,
            goal: Goal::default(),
            handovers: Vec::new(),
            cabinets: Vec::new(),
            masts: Vec::new(),
            options: Options::default(),
            mix: None,
            programme: None,
            support: None,
            prices: Default::default(),
            routes: Vec::new(),
            areas: Vec::new(),
        }
    }

    /// Reads and checks a scenario in TOML, or JSON where the text opens with `{`.
    ///
    /// # Errors
    /// The first fault, with its field.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let syntax = |e: String| ScenarioError::Syntax(crate::in_words(&e));
        let text = text.trim_start_matches('\u{feff}');
        let json = text.trim_start().starts_with('{');
        let mut scenario: Self = if json {
            serde_json::from_str(text).map_err(|e| syntax(e.to_string()))?
        } else {
            toml::from_str(text).map_err(|e| syntax(e.to_string()))?
        };
        scenario.check_figures().map_err(|error| error.placed(text))?;
        if let Some(programme) = &mut scenario.programme {
            programme.complete();
            programme.check().map_err(|fault| {
                let line = fault.line(text);
                ScenarioError::Programme { line, fault }
            })?;
        }
        Ok(scenario)
    }

    /// The scenario as TOML, which [`Scenario::parse`] reads as the same.
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(self).unwrap_or_default()
    }

    /// Whether [`Scenario::parse`] would take it: for a scenario that was made or changed in code. Planning it asks first. Some
    /// faults are not seen there: a budget below zero connects nobody, a route of one point is none.
    ///
    /// ```
    /// use breiband_model::{Count, Goal, Scenario};
    /// let mut scenario = Scenario::new("Mine", "2026-01-01", vec![]);
    /// scenario.goal = Goal::Coverage { threshold_mbps: 100.0, count: Count::Homes, share: 90.0 };
    /// let fault = scenario.check().unwrap_err().to_string();
    /// assert_eq!(fault, "the scenario's goal.share is \"90\": give a share of 0 to 1, such as 0.95");
    /// ```
    ///
    /// # Errors
    /// The first fault, with its field and what to do.
    pub fn check(&self) -> Result<(), ScenarioError> {
        self.check_figures()?;
        let programme = self.programme.as_ref().map_or(Ok(()), crate::ProgrammeSettings::check);
        programme.map_err(|fault| ScenarioError::Programme { line: None, fault })
    }

    fn check_figures(&self) -> Result<(), ScenarioError> {
        let fault = |field, value: String, remedy| Err(ScenarioError::Value { field, value, remedy });
        // As it was written: 1e300 has no three hundred digits there.
        let figure = |value: f64| format!("{value:?}").trim_end_matches(".0").to_owned();
        match self.version {
            0 => return fault("version", "0".to_owned(), "write version = 1"),
            1 => {}
            newer => return Err(ScenarioError::Version(newer)),
        }
        if !is_date(&self.date) {
            return fault("date", self.date.clone(), "write a date as yyyy-mm-dd");
        }
        if !["en", "nb", "nn"].contains(&self.language.as_str()) {
            return fault("language", self.language.clone(), "choose en, nb or nn");
        }
        let threshold_mbps = self.goal.threshold_mbps();
        if !(0.0..=1e6).contains(&threshold_mbps) {
            return fault("goal.threshold_mbps", figure(threshold_mbps), "choose 0 to 1,000,000 Mbit/s");
        }
        match self.goal {
            Goal::Worthwhile { value, .. } if !(0.0..=1e12).contains(&value) => {
                return fault(
                    "goal.value",
                    figure(value),
                    "give what connecting one is worth, from 0 to 1,000,000,000,000",
                );
            }
            Goal::Budget { budget, .. } if !(0.0..=8.0e13).contains(&budget) => {
                return fault("goal.budget", figure(budget), "give an amount from 0 to 80,000,000,000,000");
            }
            Goal::Coverage { share, .. } if !(0.0..=1.0).contains(&share) => {
                return fault("goal.share", figure(share), "give a share of 0 to 1, such as 0.95");
            }
            _ => {}
        }
        if let (Goal::Cheapest { .. }, None) = (&self.goal, &self.mix) {
            return fault(
                "goal.kind",
                "cheapest".to_owned(),
                "add the section [mix], which says what else than fibre there is",
            );
        }
        if let Some(mix) = &self.mix {
            let needs = mix.needs.iter().map(|need| need.mbps).chain(mix.needs_mbps);
            if let Some(mbps) = needs.into_iter().find(|mbps| !(0.0..=1e6).contains(mbps)) {
                return fault("mix.needs", figure(mbps), "choose 0 to 1,000,000 Mbit/s");
            }
            if mix.propose > 200 {
                return fault("mix.propose", mix.propose.to_string(), "propose at most 200 masts");
            }
        }
        if !(0.0..=1.0).contains(&self.options.gap) {
            return fault("options.gap", figure(self.options.gap), "choose 0 to 1: 0.005 is half a per cent");
        }
        if !(0.0..=100.0).contains(&self.options.mend_gaps_m) {
            return fault("options.mend_gaps_m", figure(self.options.mend_gaps_m), "choose 0 to 100 metres");
        }
        if self.inputs.iter().any(|input| input.path.trim().is_empty()) {
            return fault("input.path", String::new(), "name the file, or take the [[input]] away");
        }
        for (at, place) in self.handovers.iter().enumerate() {
            let namesake = |other: &NamedPlace| {
                other.name == place.name && (other.opening_cost.is_some() || place.opening_cost.is_some())
            };
            if self.handovers[..at].iter().any(namesake) {
                return fault("handover", place.name.clone(), "give each point of presence a name of its own");
            }
            if !on_earth(&[place.lon, place.lat]) {
                return fault("handover", place.name.clone(), OFF_EARTH);
            }
            if place.opening_cost.is_some() && place.opening().is_none() {
                return fault("handover", place.name.clone(), AMOUNT);
            }
            if place.opening_cost.is_none() && place.source.is_some() {
                let remedy = "it says where a cost comes from: add opening_cost, or take it away";
                return fault("handover.source", place.name.clone(), remedy);
            }
        }
        for (at, cabinet) in self.cabinets.iter().enumerate() {
            if !on_earth(&[cabinet.lon, cabinet.lat]) {
                return fault("cabinet", cabinet.name.clone(), OFF_EARTH);
            }
            if self.cabinets[..at].iter().any(|other| other.name == cabinet.name) {
                return fault("cabinet", cabinet.name.clone(), "give each cabinet a name of its own");
            }
            if cabinet.price.is_some() && cabinet.own_price().is_none() {
                return fault("cabinet", cabinet.name.clone(), AMOUNT);
            }
        }
        for (at, mast) in self.masts.iter().enumerate() {
            if let Some(remedy) = mast.fault() {
                return fault("mast", mast.name.clone(), remedy);
            }
            if self.masts[..at].iter().any(|other| other.name == mast.name) {
                return fault("mast", mast.name.clone(), "give each mast a name of its own");
            }
            if self.mix.is_none() {
                let remedy = "add the section [mix], which says what else than fibre there is";
                return fault("mast", mast.name.clone(), remedy);
            }
        }
        if let Some(support) = &self.support {
            support.check()?;
        }
        let both = |id: &&String| self.options.exclude.contains(id);
        if let Some(id) = self.options.include.iter().find(both) {
            return fault("options.include", id.clone(), "take it out of options.exclude, or out of this list");
        }
        if let Some(edit) = self.options.borders.iter().find(|edit| !edit.is_sound()) {
            let remedy =
                "give `at` a corner and `to` where it goes, or `between` two corners and `to` a new one, as [lon, lat]";
            return fault("options.border", format!("{edit:?}"), remedy);
        }
        for area in &self.areas {
            if area.ring.len() < 3 || !area.ring.iter().all(on_earth) {
                return fault("area", area.name.clone(), "give three corners or more, each as [lon, lat] in degrees");
            }
            if area.area_rule().is_none() {
                let remedy = "`multiply` needs a `factor` from 0 to 1000, `lump` an `amount` of money";
                return fault("area", area.name.clone(), remedy);
            }
        }
        for route in &self.routes {
            if route.points.len() < 2 || !route.points.iter().all(on_earth) {
                return fault("route", route.name.clone(), "give two points or more, each as [lon, lat] in degrees");
            }
            if route.usage == RouteUse::Forbidden && route.legs.contains(&Leg::Free) {
                return fault(
                    "route.legs",
                    route.name.clone(),
                    "a forbidden route follows the roads: leave its legs out",
                );
            }
            if !route.legs.is_empty() && route.legs.len() + 1 != route.points.len() {
                return fault("route.legs", route.name.clone(), "give one leg for each pair of neighbouring points");
            }
        }
        Ok(())
    }
}

pub(crate) fn is_date(text: &str) -> bool {
    let digits = |range: std::ops::Range<usize>| {
        text.get(range)
            .filter(|part| part.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|part| part.parse::<u32>().ok())
    };
    let marks = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    let (true, Some(year), Some(month), Some(day)) = (marks, digits(0..4), digits(5..7), digits(8..10)) else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_day_that_there_was() {
        for day in ["2026-02-28", "2024-02-29", "2000-02-29", "2026-12-31", "2026-04-30"] {
            assert!(is_date(day), "{day}");
        }
        let none = ["2026-02-30", "2026-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00"];
        for text in none.into_iter().chain(["+026-+1-+1", "2026-1-01", "26-01-01", "2026/01/01", "", "2026-01-0½"]) {
            assert!(!is_date(text), "{text}");
        }
    }

    #[test]
    fn a_value_out_of_range_is_refused_with_its_line() {
        let head = "version = 1\nname = \"s\"\ndate = \"2026-01-01\"\n";
        let cases = [
            ("[goal]\nkind = \"budget\"\nthreshold_mbps = 100\nbudget = -1\n", "line 7"),
            ("[options]\ngap = 2\n", "line 5"),
            ("language = \"fr\"\n", "line 4"),
            (
                "[[handover]]\nname = \"a\"\nlon = 1\nlat = 1\n[[handover]]\nname = \"b\"\nlon = 1\nlat = 100\n",
                "line 8",
            ),
            ("[support]\nname = \"s\"\nsource = \"t\"\nper_cent = 175.0\n", "line 7"),
        ];
        for (section, line) in cases {
            let said = Scenario::parse(&format!("{head}{section}")).expect_err(section).to_string();
            assert!(said.starts_with(line), "{section}: {said}");
        }
    }

    #[test]
    fn a_scenario_survives_a_round_trip() {
        let mut scenario = Scenario::new("Test", "2026-01-01", vec![Input::auto("a.osm.pbf")]);
        scenario.handovers.push(NamedPlace { name: "H".into(), lon: 6.2, lat: 62.5, ..Default::default() });
        scenario.handovers.push(NamedPlace {
            name: "P".into(),
            lon: 6.21,
            lat: 62.5,
            opening_cost: Some(350_000.5),
            source: Some("Offer of May".into()),
        });
        scenario.cabinets.push(NamedCabinet { name: "K1".into(), lon: 6.2, lat: 62.51, ..Default::default() });
        let own = scenario.handovers[1].opening().expect("a point of presence");
        assert_eq!((own.cost, own.source.as_str()), (Money::from_minor(35_000_050), "Offer of May"));
        assert!(scenario.handovers[0].opening().is_none() && scenario.cabinets[0].own_price().is_none());
        scenario.prices.insert("asphalt-verge".into(), PriceChange { per_metre: Some(512.5), ..Default::default() });
        scenario.routes.push(DrawnRoute {
            name: "Over the ridge".into(),
            usage: RouteUse::Candidate,
            points: vec![[6.2, 62.5], [6.2100001, 62.5], [6.22, 62.51]],
            legs: vec![Leg::Road, Leg::Free],
        });
        assert_eq!(Scenario::parse(&scenario.to_toml()).expect("its own text"), scenario);
        let ring = vec![[6.2, 62.5], [6.21, 62.5], [6.21, 62.51]];
        let area = |rule, factor, amount| DrawnArea { name: "Bog".into(), rule, factor, amount, ring: ring.clone() };
        scenario.areas.push(area(AreaUse::Multiply, Some(1.5), None));
        scenario.areas.push(area(AreaUse::Lump, None, Some(7.77)));
        assert_eq!(Scenario::parse(&scenario.to_toml()).expect("its own text"), scenario);
        let rules: Vec<_> = scenario.areas.iter().map(DrawnArea::area_rule).collect();
        assert_eq!(rules, [Some(AreaRule::Multiply { permille: 1500 }), Some(AreaRule::Lump { amount: 777 })]);
        scenario.mix = Some(crate::MixSettings::default());
        let mast =
            DrawnMast { name: "Knoll".into(), lon: 6.2, lat: 62.5, height_m: Some(24.5), ..DrawnMast::default() };
        scenario.masts.push(mast.clone());
        scenario.masts.push(DrawnMast {
            name: "Tower".into(),
            sectors: Some(2),
            existing: true,
            height_m: None,
            ..mast
        });
        let json = serde_json::to_string(&scenario).expect("plain data");
        assert_eq!(Scenario::parse(&json).expect("JSON too"), scenario);
        assert_eq!(Scenario::parse(&format!("\u{feff}{json}")).expect("as an editor may save it"), scenario);
        scenario.options.borders = vec![
            BorderEdit { at: Some([6.2, 62.5]), to: Some([6.21, 62.5]), between: None },
            BorderEdit { at: None, to: Some([6.21, 62.51]), between: Some([[6.2, 62.5], [6.22, 62.5]]) },
            BorderEdit { at: Some([6.2, 62.5]), ..BorderEdit::default() },
        ];
        assert_eq!(Scenario::parse(&scenario.to_toml()).expect("its own text"), scenario);
        let mast = scenario.masts[0].at(crate::Point::default());
        assert_eq!((mast.external_id.as_str(), mast.height_mm, mast.sectors), ("scenario/Knoll", Some(24_500), None));
    }

    #[test]
    fn faults_name_the_field() {
        let text = Scenario::new("Test", "yesterday", vec![]).to_toml();
        assert!(Scenario::parse(&text).expect_err("no date").to_string().contains("yyyy-mm-dd"));
        let text = Scenario { version: 9, ..Scenario::new("Test", "2026-01-01", vec![]) }.to_toml();
        assert_eq!(Scenario::parse(&text), Err(ScenarioError::Version(9)));
        let mut scenario = Scenario::new("Test", "2026-01-01", vec![]);
        scenario.options.exclude = vec!["node/1".into()];
        scenario.options.include = vec!["node/1".into()];
        assert!(Scenario::parse(&scenario.to_toml()).expect_err("both").to_string().contains("options.include"));
        let mut scenario = Scenario::new("Test", "2026-01-01", vec![]);
        scenario.routes.push(DrawnRoute { points: vec![[6.2, 62.5]], ..Default::default() });
        assert!(Scenario::parse(&scenario.to_toml()).expect_err("one point").to_string().contains("two points"));
        let mut scenario = Scenario::new("Test", "2026-01-01", vec![]);
        let ring = vec![[6.2, 62.5], [6.21, 62.5], [6.21, 62.51]];
        let area = DrawnArea { name: String::new(), rule: AreaUse::Multiply, factor: None, amount: None, ring };
        scenario.areas.push(area);
        assert!(Scenario::parse(&scenario.to_toml()).expect_err("no factor").to_string().contains("factor"));
        let fault = |change: fn(&mut Scenario)| {
            let mast = DrawnMast { name: "Knoll".into(), lon: 6.2, lat: 62.5, ..DrawnMast::default() };
            let mut scenario = Scenario::new("Test", "2026-01-01", vec![]);
            scenario.mix = Some(crate::MixSettings::default());
            scenario.masts.push(mast);
            Scenario::parse(&scenario.to_toml()).expect("a mast is one");
            change(&mut scenario);
            Scenario::parse(&scenario.to_toml()).expect_err("a fault").to_string()
        };
        assert!(fault(|scenario| scenario.masts[0].height_m = Some(501.0)).contains("0 to 500"));
        assert!(fault(|scenario| scenario.masts[0].sectors = Some(0)).contains("1 to 36"));
        assert!(fault(|scenario| scenario.masts[0].lat = 90.0).contains("degrees"));
        assert!(fault(|scenario| scenario.masts.push(scenario.masts[0].clone())).contains("name of its own"));
        assert!(fault(|scenario| scenario.mix = None).contains("[mix]"));
        assert!(fault(|scenario| scenario.version = 0).contains("write version = 1"));
        assert!(fault(|scenario| scenario.inputs.push(Input::auto(" "))).contains("name the file"));
        let said = fault(|scenario| scenario.options.gap = 1e300);
        assert_eq!(said, "line 26: the scenario's options.gap is \"1e300\": choose 0 to 1: 0.005 is half a per cent");
        assert!(
            fault(|s| s.handovers.push(NamedPlace {
                opening_cost: Some(-1.0),
                ..NamedPlace { name: "P".into(), lon: 6.2, lat: 62.5, ..Default::default() }
            }))
            .contains("give its cost")
        );
        let cabinet = |price| NamedCabinet { name: "K".into(), lon: 6.2, lat: 62.5, price, ..NamedCabinet::default() };
        let mut scenario = Scenario::new("Test", "2026-01-01", vec![]);
        scenario.cabinets = vec![cabinet(Some(1.0)), cabinet(None)];
        assert!(Scenario::parse(&scenario.to_toml()).expect_err("twice").to_string().contains("name of its own"));
        scenario.cabinets = vec![cabinet(Some(f64::INFINITY))];
        assert!(Scenario::parse(&scenario.to_toml()).expect_err("no amount").to_string().contains("give its cost"));
        for edit in [
            BorderEdit::default(),
            BorderEdit { between: Some([[6.1, 62.0], [6.2, 62.0]]), ..BorderEdit::default() },
            BorderEdit { at: Some([6.1, 95.0]), ..BorderEdit::default() },
        ] {
            let mut scenario = Scenario::new("Test", "2026-01-01", vec![]);
            scenario.options.borders.push(edit);
            assert!(Scenario::parse(&scenario.to_toml()).expect_err("a fault").to_string().contains("options.border"));
        }
    }
}
