//! Prices and the ordered rules that choose them: every number a planner might want to change, with its date and source.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::{Access, LandUse, Money, PriceId, RuleId, Sentence, Structure, Surface, Technologies, Way, WayClass};

/// How a stretch of network is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Ploughed into the ground.
    Plough,
    /// Dug trench in a verge or carriageway.
    Trench,
    /// Micro-trench in asphalt.
    MicroTrench,
    /// Hung on poles.
    Aerial,
    /// Pulled through an existing duct.
    ExistingDuct,
    /// Bored or thrust under a road, railway, building or stream.
    Bore,
    /// Fixed to a bridge or laid in a tunnel.
    Structure,
    /// Laid on the bed of a lake, river or fjord.
    Subsea,
    /// Sent through the air: masts, antennas, radio links and the terminals at their ends.
    Radio,
    /// Put up: terminals and dishes at homes, cabinets, points of presence.
    Equipment,
    /// Run year by year, at its present value.
    Running,
}

impl Method {
    /// The method's name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plough => "plough",
            Self::Trench => "trench",
            Self::MicroTrench => "micro-trench",
            Self::Aerial => "aerial",
            Self::ExistingDuct => "existing-duct",
            Self::Bore => "bore",
            Self::Structure => "structure",
            Self::Subsea => "subsea",
            Self::Radio => "radio",
            Self::Equipment => "equipment",
            Self::Running => "running",
        }
    }
}

/// A price class: so much a metre, so much each, and how sure it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Name, unique in the book, such as `asphalt-verge`.
    pub id: String,
    /// Building method.
    pub method: Method,
    /// Major currency units a metre.
    #[serde(default)]
    pub per_metre: f64,
    /// Major currency units each (crossing, landing, lump).
    #[serde(default)]
    pub each: f64,
    /// The factor on this class that one project in ten stays below.
    #[serde(default = "one")]
    pub p10: f64,
    /// The factor that half of all projects stay below; 1 unless prices are known to be biased.
    #[serde(default = "one")]
    pub p50: f64,
    /// The factor that nine projects in ten stay below.
    #[serde(default = "one")]
    pub p90: f64,
    /// Where the figure comes from.
    #[serde(default)]
    pub source: String,
}

fn one() -> f64 {
    1.0
}

impl Price {
    /// Cost of `length_mm` millimetres and `count` pieces, times `permille` / 1000, rounded half up to the minor unit.
    ///
    /// Integer arithmetic on the price in minor units per metre, so that anyone can recompute it:
    /// `(⌊(length × per_metre + 500) / 1000⌋ + count × each) × permille / 1000`, the last division rounded half up too.
    #[inline]
    pub fn cost(&self, length_mm: u64, count: u32, permille: u32) -> Money {
        let per_metre = Money::from_major(self.per_metre).unwrap_or_default().as_minor();
        let each = Money::from_major(self.each).unwrap_or_default().as_minor();
        // 64 bits suffice nearly always.
        let short = || {
            let metres = length_mm.checked_mul(per_metre)?.checked_add(500)? / 1000;
            let whole = metres.checked_add(u64::from(count).checked_mul(each)?)?;
            Some(whole.checked_mul(u64::from(permille))?.checked_add(500)? / 1000)
        };
        short().map_or_else(|| long_cost([length_mm, per_metre], [count.into(), each], permille), Money::from_minor)
    }
}

/// The same where 64 bits do not suffice on the way.
#[cold]
fn long_cost([length_mm, per_metre]: [u64; 2], [count, each]: [u64; 2], permille: u32) -> Money {
    let metres = (u128::from(length_mm) * u128::from(per_metre) + 500) / 1000;
    let whole = metres + u128::from(count) * u128::from(each);
    Money::from_minor(u64::try_from((whole * u128::from(permille) + 500) / 1000).unwrap_or(u64::MAX))
}

/// What a rule asks of a way. Empty lists ask nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Condition {
    /// Any of these classes.
    pub class: Vec<WayClass>,
    /// Any of these surfaces.
    pub surface: Vec<Surface>,
    /// Any of these structures.
    pub structure: Vec<Structure>,
    /// Any of these access rules.
    pub access: Vec<Access>,
    /// Any of these owners.
    pub owner: Vec<String>,
    /// Any of these land uses at the stretch's middle.
    pub land_use: Vec<LandUse>,
}

impl Condition {
    /// Whether a way on `land_use` meets every part of the condition.
    pub fn holds(&self, way: &Way, land_use: Option<LandUse>) -> bool {
        let any = |empty: bool, found: bool| empty || found;
        any(self.class.is_empty(), self.class.contains(&way.class))
            && any(self.surface.is_empty(), self.surface.contains(&way.surface))
            && any(self.structure.is_empty(), self.structure.contains(&way.structure))
            && any(self.access.is_empty(), self.access.contains(&way.access))
            && any(self.owner.is_empty(), self.owner.contains(&way.owner))
            && any(self.land_use.is_empty(), land_use.is_some_and(|l| self.land_use.contains(&l)))
    }
}

/// A row of the rule table for ways; the first whose condition holds decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Name, unique in the book, for `inspect`.
    pub name: String,
    /// When it applies; without one, always.
    #[serde(default, rename = "when")]
    pub condition: Condition,
    /// The price of a metre along the way; none forbids it.
    #[serde(default)]
    pub price: Option<String>,
    /// The price of crossing the way once.
    #[serde(default)]
    pub crossing: Option<String>,
    /// 2 where either verge can be dug, 1 where one line is laid.
    #[serde(default = "one_line")]
    pub verges: u8,
    /// Whether a drop may end on it.
    #[serde(default = "yes")]
    pub drops: bool,
}

fn one_line() -> u8 {
    1
}

fn yes() -> bool {
    true
}

/// Named uses of prices that no way rule covers. Each names a price of the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uses {
    /// A metre of drop on ground of unknown use.
    pub drop: String,
    /// A metre of drop or off-road trench by land use.
    #[serde(default)]
    pub ground: BTreeMap<LandUse, String>,
    /// Crossing under a building that is not the premises' own.
    pub building_crossing: String,
    /// Crossing a railway.
    pub rail_crossing: String,
    /// Crossing a stream drawn as a line.
    pub stream_crossing: String,
    /// Water: a metre on the bed, and each landing.
    pub water: String,
    /// Mending a gap between ways, a metre.
    pub gap: String,
    /// Fibre on existing poles, a metre.
    pub existing_poles: String,
    /// Fibre in an existing duct, a metre.
    pub existing_duct: String,
    /// Opening a point of presence, each: how sure its cost is, and what one costs that does not say it itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point_of_presence: Option<String>,
    /// A cabinet, each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cabinet: Option<String>,
}

/// Limits that a planner may want to change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// A drop longer than this is listed as a breach, metres.
    pub drop_listed_m: f64,
    /// No drop candidate is longer than this, metres.
    pub drop_max_m: f64,
    /// Drop candidates a premises, on different ways or sides.
    pub drop_candidates: u8,
    /// Longest shore-to-shore candidate, metres.
    pub water_max_m: f64,
    /// A landing lies at most this far from a way, metres.
    pub landing_max_m: f64,
    /// Way ends nearer than this to another way, but not joined, are listed as gaps, metres.
    pub gap_listed_m: f64,
    /// A pole or duct this near to a way or a drop's foot can be joined to it, metres.
    pub beside_m: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            drop_listed_m: 150.0,
            drop_max_m: 1_000.0,
            drop_candidates: 3,
            water_max_m: 10_000.0,
            landing_max_m: 300.0,
            gap_listed_m: 3.0,
            beside_m: 15.0,
        }
    }
}

/// A cost book as it stands in its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostBookFile {
    /// Name, shown in every output.
    pub name: String,
    /// Date of the prices, `yyyy-mm-dd`.
    pub date: String,
    /// Where they come from; "example, uncalibrated" where they are guesses.
    pub source: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Limits.
    #[serde(default)]
    pub limits: Limits,
    /// Price classes.
    #[serde(rename = "price")]
    pub prices: Vec<Price>,
    /// The rule table.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
    /// Prices of everything that is not a way.
    pub uses: Uses,
    /// Technologies, for scenarios that mix them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technologies: Option<Technologies>,
}

/// Why a cost book cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CostBookError {
    /// Not TOML, or fields of the wrong type.
    #[error("the cost book is not readable: {0}")]
    Syntax(String),
    /// A price that is negative, not finite or finer than a minor unit.
    #[error("price {id:?}: {field} must be a number from 0 to 90 trillion with at most two decimals")]
    BadPrice {
        /// The price class.
        id: String,
        /// The field.
        field: &'static str,
    },
    /// Two prices or rules of one name.
    #[error("the name {0:?} is used twice: names must be unique")]
    Duplicate(String),
    /// A name that no price has.
    #[error("{user} names the price {price:?}, which no [[price]] has: correct or add it")]
    UnknownPrice {
        /// Who asks for it.
        user: String,
        /// The missing price.
        price: String,
    },
    /// A limit or a rule out of range.
    #[error("{0}")]
    Range(Sentence),
}

impl CostBookError {
    /// The line, from 1, in the text that the book was read from; a fault of syntax says its own.
    pub fn line(&self, text: &str) -> Option<usize> {
        match self {
            Self::BadPrice { id, .. } => crate::line_in_toml(text, &["price", id]),
            Self::UnknownPrice { user, .. } => {
                let (table, name) = user.split_once(['.', ' '])?;
                crate::line_in_toml(text, &[table, name.trim_matches('"')])
            }
            Self::Syntax(_) | Self::Duplicate(_) | Self::Range(_) => None,
        }
    }
}

/// A checked cost book: every name in it leads to a price.
///
/// ```
/// use breiband_model::{CostBook, PriceChange};
/// let book = CostBook::example();
/// let dearer = PriceChange { per_metre: Some(512.5), source: Some("Quote of 2026".to_owned()), ..PriceChange::default() };
/// let mine = book.changed(&[("asphalt-verge".to_owned(), dearer)].into())?;
/// let price = mine.price(mine.price_id("asphalt-verge").expect("it is in the book"));
/// assert_eq!(price.cost(2_000, 0, 1_000).to_string(), "1025.00"); // two metres
/// # Ok::<(), breiband_model::CostBookError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CostBook {
    file: CostBookFile,
    by_id: BTreeMap<String, PriceId>,
}

impl CostBook {
    /// The book that ships with Breiband: example prices for Norway, uncalibrated.
    pub fn example() -> Self {
        static BOOK: LazyLock<CostBook> = LazyLock::new(|| match CostBook::parse(EXAMPLE) {
            Ok(book) => book,
            Err(error) => unreachable!("checked by a test: {error}"),
        });
        BOOK.clone()
    }

    /// The text of [`CostBook::example`], to copy and change.
    pub fn example_text() -> &'static str {
        EXAMPLE
    }

    /// Reads and checks a book in TOML.
    ///
    /// # Errors
    /// The first fault, with the name it is under.
    pub fn parse(text: &str) -> Result<Self, CostBookError> {
        Self::new(toml::from_str(text).map_err(|e| CostBookError::Syntax(crate::in_words(&e.to_string())))?)
    }

    /// Checks a book.
    ///
    /// # Errors
    /// The first fault, with the name it is under.
    pub fn new(file: CostBookFile) -> Result<Self, CostBookError> {
        let mut by_id = BTreeMap::new();
        for (index, price) in file.prices.iter().enumerate() {
            for (field, amount) in [("per_metre", price.per_metre), ("each", price.each)] {
                let exact = Money::from_major(amount).is_some_and(|m| (m.as_major() - amount).abs() < 1e-6);
                if !exact {
                    return Err(CostBookError::BadPrice { id: price.id.clone(), field });
                }
            }
            let ordered = 0.0 < price.p10 && price.p10 <= price.p50 && price.p50 <= price.p90 && price.p90 < 100.0;
            if !ordered {
                let words = "price {price}: the factors must satisfy 0 < p10 ≤ p50 ≤ p90 < 100";
                return Err(CostBookError::Range(Sentence::with(words, [("price", format!("{:?}", price.id))])));
            }
            if by_id.insert(price.id.clone(), PriceId::from_usize(index)).is_some() {
                return Err(CostBookError::Duplicate(price.id.clone()));
            }
        }
        let known = |user: &str, id: &str| match by_id.contains_key(id) {
            true => Ok(()),
            false => Err(CostBookError::UnknownPrice { user: user.to_owned(), price: id.to_owned() }),
        };
        if !crate::scenario::is_date(&file.date) {
            return Err(CostBookError::Range(Sentence::with(
                "date {date}: write a day as yyyy-mm-dd",
                [("date", format!("{:?}", file.date))],
            )));
        }
        let mut names = std::collections::BTreeSet::new();
        for rule in &file.rules {
            if !names.insert(rule.name.as_str()) {
                return Err(CostBookError::Duplicate(rule.name.clone()));
            }
            for price in rule.price.iter().chain(&rule.crossing) {
                known(&format!("rule {:?}", rule.name), price)?;
            }
            let fault = |words| CostBookError::Range(Sentence::with(words, [("rule", format!("{:?}", rule.name))]));
            if !(1..=2).contains(&rule.verges) {
                return Err(fault("rule {rule}: verges must be 1 or 2"));
            }
            if rule.price.is_some() && rule.crossing.is_none() {
                return Err(fault("rule {rule}: a way that is dug needs a crossing price"));
            }
        }
        let u = &file.uses;
        let singles = [
            ("drop", &u.drop),
            ("building_crossing", &u.building_crossing),
            ("rail_crossing", &u.rail_crossing),
            ("stream_crossing", &u.stream_crossing),
            ("water", &u.water),
            ("gap", &u.gap),
            ("existing_poles", &u.existing_poles),
            ("existing_duct", &u.existing_duct),
        ];
        for (user, price) in singles {
            known(&format!("uses.{user}"), price)?;
        }
        let no_metres = |user: String, price: &str| {
            let words = "price {price}: {user} has no metres, so set `each`";
            CostBookError::Range(Sentence::with(words, [("price", format!("{price:?}")), ("user", user)]))
        };
        for (user, price) in [("point_of_presence", &u.point_of_presence), ("cabinet", &u.cabinet)] {
            let Some(price) = price else { continue };
            known(&format!("uses.{user}"), price)?;
            if file.prices.iter().any(|p| p.id == *price && p.per_metre != 0.0) {
                return Err(no_metres(format!("uses.{user}"), price));
            }
        }
        for price in u.ground.values() {
            known("uses.ground", price)?;
        }
        let l = &file.limits;
        let limits = [l.drop_listed_m, l.drop_max_m, l.water_max_m, l.landing_max_m, l.gap_listed_m, l.beside_m];
        if limits.iter().any(|m| !(0.0..=1_000_000.0).contains(m)) || !(1..=8).contains(&l.drop_candidates) {
            return Err(CostBookError::Range(
                "limits: lengths must lie in 0 to 1,000,000 m, drop_candidates in 1 to 8".into(),
            ));
        }
        if let Some(technologies) = &file.technologies {
            for (user, price) in technologies.prices() {
                known(user, price)?;
                if file.prices.iter().any(|p| p.id == price && p.per_metre != 0.0) {
                    return Err(no_metres(user.to_owned(), price));
                }
            }
            if let Some(fault) = technologies.fault() {
                return Err(CostBookError::Range(fault));
            }
        }
        Ok(Self { file, by_id })
    }

    /// The book with a scenario's own prices ([`Scenario::prices`](crate::Scenario::prices)) in place of its own. Changing
    /// twice is changing once.
    ///
    /// # Errors
    /// A price class that the book does not have, or a price out of range.
    pub fn changed(&self, changes: &BTreeMap<String, crate::PriceChange>) -> Result<Self, CostBookError> {
        let mut file = self.file.clone();
        for (id, change) in changes {
            let Some(price) = file.prices.iter_mut().find(|price| price.id == *id) else {
                return Err(CostBookError::UnknownPrice { user: "the scenario".to_owned(), price: id.clone() });
            };
            price.per_metre = change.per_metre.unwrap_or(price.per_metre);
            price.each = change.each.unwrap_or(price.each);
            price.source = change.source.clone().unwrap_or_else(|| price.source.clone());
        }
        Self::new(file)
    }

    /// The book as it stands in its file.
    pub fn file(&self) -> &CostBookFile {
        &self.file
    }

    /// The book as TOML.
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(&self.file).unwrap_or_default()
    }

    /// Limits.
    pub fn limits(&self) -> &Limits {
        &self.file.limits
    }

    /// Technologies, where the book has them.
    pub fn technologies(&self) -> Option<&Technologies> {
        self.file.technologies.as_ref()
    }

    /// What serving a home by satellite costs: its equipment, and running it at its present value. Nothing in a book without
    /// technologies.
    pub fn satellite_home(&self) -> Money {
        let Some(technologies) = self.technologies() else { return Money::ZERO };
        let served = &technologies.satellite;
        let running = self.each(&served.running, 1, technologies.present_permille());
        self.each(&served.equipment, 1, 1000).saturating_add(running)
    }

    /// What so many pieces of a price class cost, at a factor in thousandths; nothing where the book has no such class.
    pub fn each(&self, name: &str, count: u32, permille: u32) -> Money {
        self.price_id(name).map(|id| self.price(id).cost(0, count, permille)).unwrap_or_default()
    }

    /// The price of an id of this book.
    pub fn price(&self, id: PriceId) -> &Price {
        &self.file.prices[id.index()]
    }

    /// All prices with their ids.
    pub fn prices(&self) -> impl Iterator<Item = (PriceId, &Price)> {
        self.file.prices.iter().enumerate().map(|(i, p)| (PriceId::from_usize(i), p))
    }

    /// The id of the price class of that name. O(log prices).
    pub fn price_id(&self, name: &str) -> Option<PriceId> {
        self.by_id.get(name).copied()
    }

    /// The rule of an id of this book.
    pub fn rule(&self, id: RuleId) -> &Rule {
        &self.file.rules[id.index()]
    }

    /// The first rule whose condition holds; `None` forbids the way. O(rules).
    pub fn rule_for(&self, way: &Way, land_use: Option<LandUse>) -> Option<RuleId> {
        self.file.rules.iter().position(|r| r.condition.holds(way, land_use)).map(RuleId::from_usize)
    }

    /// The price along a way under `rule`; `None` where the rule forbids it.
    pub fn along(&self, rule: RuleId) -> Option<PriceId> {
        self.rule(rule).price.as_deref().and_then(|name| self.price_id(name))
    }

    /// The price of crossing a way under `rule`; `None` where it may not be crossed.
    pub fn crossing(&self, rule: RuleId) -> Option<PriceId> {
        self.rule(rule).crossing.as_deref().and_then(|name| self.price_id(name))
    }

    /// The price a use names. Uses are checked when the book is made.
    pub fn use_price(&self, pick: impl Fn(&Uses) -> &String) -> PriceId {
        self.by_id.get(pick(&self.file.uses)).copied().unwrap_or(PriceId::new(0))
    }

    /// The price class of opening a point of presence, where the book has one.
    pub fn opening_price(&self) -> Option<PriceId> {
        self.file.uses.point_of_presence.as_deref().and_then(|name| self.price_id(name))
    }

    /// The price class of a cabinet, where the book has one.
    pub fn cabinet_price(&self) -> Option<PriceId> {
        self.file.uses.cabinet.as_deref().and_then(|name| self.price_id(name))
    }

    /// The price of a metre of off-road ground: of its use or, where that is not known or has none, a drop's.
    pub fn ground_price(&self, land_use: Option<LandUse>) -> PriceId {
        let named = land_use.and_then(|l| self.file.uses.ground.get(&l)).and_then(|name| self.price_id(name));
        named.unwrap_or_else(|| self.use_price(|u| &u.drop))
    }
}

const EXAMPLE: &str = include_str!("../cost-books/norway-example.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_serde_writes() {
        use crate::PremisesKind as Kind;
        use Method::{
            Aerial, Bore, Equipment, ExistingDuct, MicroTrench, Plough, Radio, Running, Structure, Subsea, Trench,
        };
        let all =
            [Plough, Trench, MicroTrench, Aerial, ExistingDuct, Bore, Structure, Subsea, Radio, Equipment, Running];
        for method in all {
            assert_eq!(serde_json::to_value(method).unwrap(), method.name());
        }
        for kind in [Kind::Unknown, Kind::Home, Kind::Cabin, Kind::Business, Kind::Public, Kind::Outbuilding] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
    }

    #[test]
    fn the_shipped_book_is_sound() {
        let book = CostBook::parse(EXAMPLE).expect("the shipped cost book parses");
        assert_eq!(CostBook::parse(&book.to_toml()).expect("it survives a round trip"), book);
        assert!(book.file().source.contains("uncalibrated"));
        let date = format!("date = {:?}", book.file().date);
        assert!(EXAMPLE.contains(&date));
        let said = CostBook::parse(&EXAMPLE.replacen(&date, "date = \"2026-02-30\"", 1)).expect_err("no such day");
        assert!(said.to_string().contains("2026-02-30"), "{said}");
    }

    #[test]
    fn costs_round_half_up() {
        let book = CostBook::example();
        let price = book.price(book.price_id("asphalt-verge").expect("in the book"));
        assert_eq!(price.cost(1_000, 0, 1000), Money::from_minor(45_000));
        // 11 mm at 45,000 øre a metre is 495 øre exactly; 1 mm is 45.
        assert_eq!(price.cost(11, 0, 1000), Money::from_minor(495));
        assert_eq!(price.cost(1, 0, 500), Money::from_minor(23));
        for (length, count, permille) in [(11, 0, 1000), (1, 0, 500), (987_654, 3, 1234), (u64::MAX / 5_000_000, 9, 1)]
        {
            let [per_metre, each] =
                [price.per_metre, price.each].map(|one| Money::from_major(one).expect("a price").as_minor());
            let long = long_cost([length, per_metre], [count.into(), each], permille);
            assert_eq!(price.cost(length, count, permille), long);
        }
        let most = price.cost(u64::MAX, u32::MAX, u32::MAX);
        assert_eq!(most, Money::from_minor(u64::MAX));
    }

    #[test]
    fn a_scenario_changes_prices() {
        let change = |per_metre| crate::PriceChange { per_metre: Some(per_metre), ..Default::default() };
        let changes = BTreeMap::from([("asphalt-verge".to_owned(), change(500.0))]);
        let book = CostBook::example().changed(&changes).expect("it has that price");
        let id = book.price_id("asphalt-verge").expect("in the book");
        assert_eq!(book.price(id).cost(1_000, 0, 1000), Money::from_minor(50_000));
        assert_eq!(book.changed(&changes).expect("again"), book);
        let unknown = BTreeMap::from([("gold".to_owned(), change(1.0))]);
        assert!(matches!(book.changed(&unknown), Err(CostBookError::UnknownPrice { .. })));
        let bad = BTreeMap::from([("asphalt-verge".to_owned(), change(-1.0))]);
        assert!(matches!(book.changed(&bad), Err(CostBookError::BadPrice { .. })));
    }

    #[test]
    fn faults_are_named() {
        let text = EXAMPLE.replacen("price = \"asphalt-verge\"", "price = \"gold\"", 1);
        assert!(matches!(CostBook::parse(&text), Err(CostBookError::UnknownPrice { .. })));
        let text = EXAMPLE.replacen("per_metre = 450", "per_metre = -1", 1);
        assert!(matches!(CostBook::parse(&text), Err(CostBookError::BadPrice { .. })));
    }
}
