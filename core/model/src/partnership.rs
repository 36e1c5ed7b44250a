//! How municipalities build together: who is a member from when to when, by which keys they share, the budgets of the years,
//! what comes first. The scenario's section `[programme]`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{BusinessSettings, GameSettings, Money, Sentence, SiteKind};

/// The section `[programme]` of a scenario.
///
/// In code, begin with [`ProgrammeSettings::usual`]: `default` is a section with nothing in it, not even a key to share by,
/// which [`Scenario::parse`](crate::Scenario::parse) fills in from the usual one.
///
/// ```
/// use breiband_model::{Budget, Measure, ProgrammeSettings, SharingKey};
/// let settings = ProgrammeSettings {
///     keys: [Measure::Equal, Measure::Premises, Measure::CauserPays].map(SharingKey::of).into(),
///     budgets: vec![Budget { year: 2027, amount: 12_000_000.0 }, Budget { year: 2028, amount: 8_000_000.0 }],
///     ..ProgrammeSettings::usual()
/// };
/// assert_eq!(settings.check(), Ok(()));
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProgrammeSettings {
    /// Download speed of what is built, Mbit/s.
    pub delivers_mbps: f64,
    /// Coverage is told at each of these speeds, Mbit/s, ascending.
    pub thresholds_mbps: Vec<f64>,
    /// What the set of speeds is called and where it comes from, on the coverage pages.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub thresholds_source: String,
    /// How densely people live, for coverage; without it, an example.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub density: Option<Density>,
    /// When a drop is built.
    pub drops: DropPolicy,
    /// A table of orders, relative to the scenario file.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub orders: String,
    /// A policy of what homes and public sites ask for, relative to the scenario file; without one, the shipped example.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub policy: String,
    /// Figures that differ from the policy's, by their paths, as in [`crate::Policy::figures`].
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub policy_changes: BTreeMap<String, crate::PolicyChange>,
    /// In the public report, figures of fewer premises than this are not shown.
    pub public_least: u64,
    /// What a premises counts in the order of building.
    pub weights: Weights,
    /// How orders are decided.
    pub ordering: Ordering,
    /// Digging capacity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crews: Option<Crews>,
    /// Branches large enough to contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lots: Option<Lots>,
    /// What a group of municipalities meets that builds without the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game: Option<GameSettings>,
    /// Pupils, staff or beds of public sites, by id, where they differ from the policy's.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub heads: BTreeMap<String, u32>,
    /// What the network earns and costs to run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business: Option<BusinessSettings>,
    /// Who builds together; empty: every municipality of the region, always.
    #[serde(rename = "member", skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// Keys to share by; the first is the agreed one.
    #[serde(rename = "key", skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<SharingKey>,
    /// Money of each year, the years one after another.
    #[serde(rename = "budget", skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<Budget>,
    /// Costs that are no digging: tender, programme office, server room.
    #[serde(rename = "fixed", skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<FixedCost>,
    /// What must be connected by a year.
    #[serde(rename = "milestone", skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<Milestone>,
    /// Years in which nothing is built, everywhere or in one municipality.
    #[serde(rename = "freeze", skip_serializing_if = "Vec::is_empty")]
    pub freezes: Vec<Freeze>,
    /// Orders, besides those of the table.
    #[serde(rename = "order", skip_serializing_if = "Vec::is_empty")]
    pub order_list: Vec<Order>,
}

/// When a drop is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DropPolicy {
    /// With the trench it hangs on.
    #[default]
    WithTrench,
    /// Only where somebody has signed up; the others are passed, and their drops stay to be paid.
    WhenSigned,
}

/// Points of a premises in the order of building: what the money is to reach soonest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Weights {
    /// For being a premises.
    pub premises: u32,
    /// For each household.
    pub household: u32,
    /// For each household with less than `below_mbps` today; unknown counts as less.
    #[serde(alias = "below_30_mbps")]
    pub household_below: u32,
    /// What is too slow, Mbit/s down.
    pub below_mbps: f64,
    /// For being a public site.
    pub site: u32,
    /// For having signed up.
    pub signed_up: u32,
}

impl Weights {
    /// Whether nobody weighs anything, so that no order of building is better than another.
    fn are_nothing(&self) -> bool {
        [self.premises, self.household, self.household_below, self.site, self.signed_up]
            .iter()
            .all(|&weight| weight == 0)
    }
}

impl Default for Weights {
    fn default() -> Self {
        // Norway's law calls 30 Mbit/s high speed.
        Self { premises: 1, household: 0, household_below: 0, below_mbps: 30.0, site: 0, signed_up: 0 }
    }
}

/// How densely people live around a premises: classes by how many others lie near it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Density {
    /// Other premises no farther than this are counted, outbuildings left out, metres.
    pub within_m: f64,
    /// Where the classes come from.
    pub source: String,
    /// Classes, the sparsest first.
    #[serde(rename = "class")]
    pub classes: Vec<DensityClass>,
}

/// A class of [`Density`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DensityClass {
    /// Name; `scattered`, `hamlet` and `village` are translated.
    pub name: String,
    /// So many others at least; the first class has 0.
    pub from: u64,
}

impl Default for Density {
    fn default() -> Self {
        let class = |name: &str, from| DensityClass { name: name.to_owned(), from };
        Self {
            within_m: 250.0,
            source: "General knowledge: example, uncalibrated".to_owned(),
            classes: vec![class("scattered", 0), class("hamlet", 10), class("village", 50)],
        }
    }
}

/// How orders are decided: each member has its votes, and so many make an order approved.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ordering {
    /// Votes that approve an order; 0: more than half of them all.
    pub needed: u32,
    /// Votes by municipality code; one each where nothing is said.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub votes: BTreeMap<String, u32>,
}

/// Digging capacity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crews {
    /// Crews.
    pub count: u32,
    /// Metres of line a crew builds in a season.
    pub metres: f64,
}

/// Branches are gathered until they are worth a contract.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lots {
    /// A branch of this cost is a lot, major units.
    pub least: f64,
    /// Cost of moving crews and machines in, for each lot, major units.
    #[serde(default)]
    pub mobilisation: f64,
}

/// A municipality that builds along.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Official code, as in the borders.
    pub code: String,
    /// Name; the borders' where it is empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// First day of membership, `yyyy-mm-dd`; without one, always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// First day it is no longer a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Most that it pays in a year, major units; what is above falls to the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<f64>,
    /// Inhabitants by date.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inhabitants: BTreeMap<String, u64>,
}

impl Member {
    /// Whether it is a member on any day of `year`.
    pub fn in_year(&self, year: u16) -> bool {
        let starts = self.from.as_deref().is_none_or(|from| from <= format!("{year:04}-12-31").as_str());
        let lasts = self.until.as_deref().is_none_or(|until| until > format!("{year:04}-01-01").as_str());
        starts && lasts
    }

    /// The latest figure of inhabitants on 1 January of `year`, with its date.
    pub fn inhabitants_in(&self, year: u16) -> Option<(&str, u64)> {
        let day = format!("{year:04}-01-01");
        self.inhabitants.range(..=day).next_back().map(|(date, &count)| (date.as_str(), count))
    }
}

/// What a part of a key goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Each member the same.
    Equal,
    /// Inhabitants on 1 January of the year.
    Inhabitants,
    /// All premises in its area.
    Premises,
    /// Premises connected in the year.
    ConnectedPremises,
    /// Metres built in its area in the year.
    Metres,
    /// The cost of every stretch by who uses it, drops and trunk alike.
    CauserPays,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 6] =
        [Self::Equal, Self::Inhabitants, Self::Premises, Self::ConnectedPremises, Self::Metres, Self::CauserPays];

    /// The measure's name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Inhabitants => "inhabitants",
            Self::Premises => "premises",
            Self::ConnectedPremises => "connected-premises",
            Self::Metres => "metres",
            Self::CauserPays => "causer-pays",
        }
    }
}

/// A part of a key.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyPart {
    /// What it goes by.
    pub by: Measure,
    /// How much of the cost, per cent with at most three decimals.
    pub per_cent: f64,
}

impl KeyPart {
    /// Its share in thousandths of a per cent; `None` where it is not in 0 to 100 or finer than that.
    pub fn share(&self) -> Option<u64> {
        let thousandths = self.per_cent * 1000.0;
        let rounded = (thousandths + 0.5).floor();
        let exact = (0.0..=100_000.0).contains(&thousandths) && (thousandths - rounded).abs() < 1e-6;
        exact.then_some(rounded as u64)
    }
}

/// A key that a cost is shared by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharingKey {
    /// Name, on every output.
    pub name: String,
    /// Its parts: together 100 %.
    pub parts: Vec<KeyPart>,
}

impl SharingKey {
    /// A key of one measure, named after it.
    pub fn of(by: Measure) -> Self {
        Self { name: by.name().to_owned(), parts: vec![KeyPart { by, per_cent: 100.0 }] }
    }

    /// Whether any part goes by `measure`.
    pub fn goes_by(&self, measure: Measure) -> bool {
        self.parts.iter().any(|part| part.by == measure)
    }
}

/// A year's money.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Year.
    pub year: u16,
    /// Amount, major units. What a year does not use, the next one has.
    pub amount: f64,
}

/// A cost besides building.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedCost {
    /// What it is for.
    pub name: String,
    /// Year.
    pub year: u16,
    /// Amount, major units.
    pub amount: f64,
}

/// What must be connected by the end of a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// Name, on every output.
    pub name: String,
    /// Last year.
    pub year: u16,
    /// Public sites of these kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<SiteKind>,
    /// Premises, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub premises: Vec<String>,
}

/// Years in which nothing is built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Freeze {
    /// First year.
    pub from: u16,
    /// Last year.
    pub to: u16,
    /// Municipality code, a member's or not; everywhere where it is empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub municipality: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// How far an order has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrderStatus {
    /// Asked for: approved once enough votes are for it.
    #[default]
    Proposed,
    /// Ordered: it is built before everything that is not.
    Ordered,
    /// Built: its cost is behind us.
    Built,
}

/// What a municipality orders through the joint ordering unit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Id, unique.
    pub id: String,
    /// Code of the municipality that orders.
    pub municipality: String,
    /// Premises and public sites, by id.
    pub targets: Vec<String>,
    /// Points that the order adds to each of its targets once it is approved.
    #[serde(default)]
    pub points: u32,
    /// How far it has come.
    #[serde(default)]
    pub status: OrderStatus,
    /// Codes of the municipalities that have voted for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approved_by: Vec<String>,
}

/// What is wrong with a section, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {problem}", self.place())]
pub struct SettingsFault {
    /// The scenario's section.
    pub section: &'static str,
    /// The way to the value: names and positions.
    pub path: Vec<Step>,
    /// What is wrong and what to do.
    pub problem: Sentence,
}

/// A step on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A key of a table.
    Key(&'static str),
    /// A position in an array.
    At(usize),
}

impl Member {
    /// A code that no municipality of the inputs has.
    pub fn is_nowhere(code: &str) -> Sentence {
        let words = "the code {code} is no municipality of the inputs: add their borders, or correct the code";
        Sentence::with(words, [("code", format!("{code:?}"))])
    }

    /// A code that no member has.
    pub fn is_unknown(code: &str) -> Sentence {
        Sentence::with("no member has the code {code}: correct it, or list the member", [("code", format!("{code:?}"))])
    }
}

impl Order {
    /// An order's id that another has.
    pub fn is_twice(&self) -> Sentence {
        Sentence::with("order {id} is there twice: give each an id of its own", [("id", format!("{:?}", self.id))])
    }
}

impl SettingsFault {
    /// A fault in the section `[programme]`.
    pub fn new(path: impl Into<Vec<Step>>, problem: impl Into<Sentence>) -> Self {
        Self { section: "programme", path: path.into(), problem: problem.into() }
    }

    /// The same fault in another section.
    #[must_use]
    pub fn within(self, section: &'static str) -> Self {
        Self { section, ..self }
    }

    /// Where it is: the section and the names and positions on the way, as `programme.key[2].parts`.
    #[must_use]
    pub fn place(&self) -> String {
        let mut text = String::from(self.section);
        for step in &self.path {
            match step {
                Step::Key(key) => text.extend([".", key]),
                Step::At(index) => text.push_str(&format!("[{}]", index + 1)),
            }
        }
        text
    }

    /// The line, from 1, in the scenario that the settings were read from; none where that is no TOML.
    pub fn line(&self, scenario: &str) -> Option<usize> {
        crate::scenario::line_of(scenario, self.section, &self.path)
    }
}

/// The years that a programme may speak of.
const YEARS: std::ops::RangeInclusive<u16> = 1900..=2200;

impl ProgrammeSettings {
    /// Settings as they ship: every municipality a member, the founding key and the plain ones, no budget.
    pub fn usual() -> Self {
        let part = |by, per_cent| KeyPart { by, per_cent };
        let founding = SharingKey {
            name: "30 % equal, 70 % premises".to_owned(),
            parts: vec![part(Measure::Equal, 30.0), part(Measure::Premises, 70.0)],
        };
        Self {
            delivers_mbps: 1000.0,
            thresholds_mbps: vec![30.0, 100.0, 1000.0],
            public_least: 5,
            keys: vec![founding, SharingKey::of(Measure::CauserPays)],
            ..Self::default()
        }
    }

    /// Fills in what the file left out.
    pub(crate) fn complete(&mut self) {
        let usual = Self::usual();
        if self.delivers_mbps == 0.0 {
            self.delivers_mbps = usual.delivers_mbps;
        }
        if self.thresholds_mbps.is_empty() {
            self.thresholds_mbps = usual.thresholds_mbps;
        }
        if self.public_least == 0 {
            self.public_least = usual.public_least;
        }
        if self.keys.is_empty() {
            self.keys = usual.keys;
        }
    }

    /// The first fault, with the way to it.
    ///
    /// # Errors
    /// A member without inhabitants that a key asks for, keys that are not 100 %, dates out of order, a year missing among
    /// the budgets, an amount that is no amount.
    pub fn check(&self) -> Result<(), SettingsFault> {
        use Step::{At, Key};
        let fault = |path: Vec<Step>, problem: Sentence| Err(SettingsFault::new(path, problem));
        let amount = |major: f64| Money::from_major(major).filter(|m| (m.as_major() - major).abs() < 1e-6).is_some();
        let money: Sentence = "write an amount from 0 to 90 trillion with at most two decimals".into();
        let speed = |mbps: f64| (0.0..=1e6).contains(&mbps);
        if !speed(self.delivers_mbps) {
            return fault(vec![Key("delivers_mbps")], "choose 0 to 1,000,000 Mbit/s".into());
        }
        if !speed(self.weights.below_mbps) {
            return fault(vec![Key("weights"), Key("below_mbps")], "choose 0 to 1,000,000 Mbit/s".into());
        }
        if self.weights.are_nothing() {
            return fault(vec![Key("weights")], "nobody weighs anything: give one of the weights 1 or more".into());
        }
        let ascending = self.thresholds_mbps.windows(2).all(|pair| pair[0] < pair[1]);
        if !ascending || !self.thresholds_mbps.iter().all(|&mbps| speed(mbps)) {
            return fault(vec![Key("thresholds_mbps")], "give speeds in Mbit/s, each above the one before".into());
        }
        if let Some(density) = &self.density {
            let rising = density.classes.windows(2).all(|pair| pair[0].from < pair[1].from);
            if !rising || density.classes.first().is_none_or(|class| class.from != 0) {
                let problem = "give classes with rising `from`, the first from 0, such as 0, 10, 50";
                return fault(vec![Key("density"), Key("class")], problem.into());
            }
            if !(1.0..=100_000.0).contains(&density.within_m) {
                return fault(vec![Key("density"), Key("within_m")], "choose 1 to 100,000 metres".into());
            }
        }
        if let Some(crews) = self.crews
            && !(crews.count <= 10_000 && (0.0..=1e7).contains(&crews.metres))
        {
            return fault(vec![Key("crews")], "give up to 10,000 crews and 10,000,000 metres a season".into());
        }
        if let Some(lots) = self.lots
            && !(amount(lots.least) && amount(lots.mobilisation))
        {
            return fault(vec![Key("lots")], money);
        }
        for (at, budget) in self.budgets.iter().enumerate() {
            if !YEARS.contains(&budget.year) {
                return fault(vec![Key("budget"), At(at), Key("year")], "write a year from 1900 to 2200".into());
            }
            if !amount(budget.amount) {
                return fault(vec![Key("budget"), At(at), Key("amount")], money);
            }
            let earlier = &self.budgets[..at];
            if earlier.iter().any(|other| other.year == budget.year) {
                let words = "{year} has two budgets: leave one out, or add the two up";
                let problem = Sentence::with(words, [("year", budget.year.to_string())]);
                return fault(vec![Key("budget"), At(at), Key("year")], problem);
            }
            if let Some(next) = earlier.last().map(|last| last.year + 1)
                && budget.year != next
            {
                let words = "the budget of {year} is missing: years follow one another, an amount of 0 is fine";
                let problem = Sentence::with(words, [("year", next.to_string())]);
                return fault(vec![Key("budget"), At(at), Key("year")], problem);
            }
        }
        for (at, fixed) in self.fixed.iter().enumerate() {
            if !amount(fixed.amount) {
                return fault(vec![Key("fixed"), At(at), Key("amount")], money);
            }
            self.in_budget(fixed.year, "fixed", at, "year")?;
        }
        for (at, milestone) in self.milestones.iter().enumerate() {
            if milestone.sites.is_empty() && milestone.premises.is_empty() {
                return fault(
                    vec![Key("milestone"), At(at)],
                    "it names nothing: give kinds of sites, such as school, or premises by id".into(),
                );
            }
            self.in_budget(milestone.year, "milestone", at, "year")?;
        }
        for (at, freeze) in self.freezes.iter().enumerate() {
            if !YEARS.contains(&freeze.from) {
                return fault(vec![Key("freeze"), At(at), Key("from")], "write a year from 1900 to 2200".into());
            }
            if freeze.from > freeze.to {
                return fault(vec![Key("freeze"), At(at)], "it ends before it begins: turn from and to round".into());
            }
        }
        self.check_members()?;
        for (at, budget) in self.budgets.iter().enumerate().filter(|_| !self.members.is_empty()) {
            if !self.members.iter().any(|member| member.in_year(budget.year)) {
                let words =
                    "nobody is a member in {year}: take the budget away, or let a member join sooner or leave later";
                let problem = Sentence::with(words, [("year", budget.year.to_string())]);
                return fault(vec![Key("budget"), At(at), Key("year")], problem);
            }
        }
        self.check_keys()?;
        if let Some(game) = &self.game {
            game.check(|code| self.knows(code))?;
        }
        if let Some(business) = &self.business {
            business.check(self.budgets.len())?;
        }
        for code in self.ordering.votes.keys() {
            if !self.knows(code) {
                return fault(vec![Key("ordering"), Key("votes")], Member::is_unknown(code));
            }
        }
        let votes = |member: &Member| self.ordering.votes.get(&member.code).copied().unwrap_or(1);
        let all = self.members.iter().map(votes).fold(0, u32::saturating_add);
        if !self.members.is_empty() && self.ordering.needed > all {
            let words = "the members have {all} votes together: ask for no more, or no order could ever be approved";
            let problem = Sentence::with(words, [("all", all.to_string())]);
            return fault(vec![Key("ordering"), Key("needed")], problem);
        }
        let mut seen = std::collections::BTreeSet::new();
        for (at, order) in self.order_list.iter().enumerate() {
            if let Err(problem) = self.check_order(order) {
                return fault(vec![Key("order"), At(at)], problem);
            }
            if !seen.insert(order.id.as_str()) {
                return fault(vec![Key("order"), At(at), Key("id")], order.is_twice());
            }
        }
        Ok(())
    }

    fn in_budget(&self, year: u16, table: &'static str, at: usize, key: &'static str) -> Result<(), SettingsFault> {
        if self.budgets.iter().any(|budget| budget.year == year) {
            return Ok(());
        }
        let path = vec![Step::Key(table), Step::At(at), Step::Key(key)];
        let words = "{year} has no budget: add [[programme.budget]] year = {year}";
        Err(SettingsFault::new(path, Sentence::with(words, [("year", year.to_string())])))
    }

    /// Whether `code` is a member's; without a list, any may be.
    fn knows(&self, code: &str) -> bool {
        self.members.is_empty() || self.members.iter().any(|member| member.code == code)
    }

    /// What is wrong with an order, without looking at the region.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub fn check_order(&self, order: &Order) -> Result<(), Sentence> {
        if order.id.is_empty() || order.targets.is_empty() {
            return Err("an order has an id and at least one target: a premises' or a public site's id".into());
        }
        match std::iter::once(&order.municipality).chain(&order.approved_by).find(|code| !self.knows(code)) {
            Some(code) => Err(Member::is_unknown(code)),
            None => Ok(()),
        }
    }

    fn check_members(&self) -> Result<(), SettingsFault> {
        use Step::{At, Key};
        let fault =
            |at, key, problem: Sentence| Err(SettingsFault::new(vec![Key("member"), At(at), Key(key)], problem));
        let mut seen = std::collections::BTreeSet::new();
        for (at, member) in self.members.iter().enumerate() {
            if member.code.is_empty() || !seen.insert(member.code.as_str()) {
                return fault(
                    at,
                    "code",
                    Sentence::with("the code {code} is empty or there twice", [("code", format!("{:?}", member.code))]),
                );
            }
            for (key, date) in [("from", &member.from), ("until", &member.until)] {
                if date.as_deref().is_some_and(|date| !crate::scenario::is_date(date)) {
                    return fault(at, key, "write a date as yyyy-mm-dd".into());
                }
            }
            if let (Some(from), Some(until)) = (&member.from, &member.until)
                && from >= until
            {
                return fault(
                    at,
                    "until",
                    Sentence::with(
                        "it leaves on {until}, before it joins on {from}",
                        [("until", until.clone()), ("from", from.clone())],
                    ),
                );
            }
            if let Some(date) = member.inhabitants.keys().find(|date| !crate::scenario::is_date(date)) {
                return fault(
                    at,
                    "inhabitants",
                    Sentence::with("{date} is no date: write yyyy-mm-dd = number", [("date", format!("{date:?}"))]),
                );
            }
            if member.inhabitants.values().any(|&count| count > 1 << 32) {
                return fault(
                    at,
                    "inhabitants",
                    "more inhabitants than there are people: write how many live in the municipality".into(),
                );
            }
            if member.cap.is_some_and(|cap| Money::from_major(cap).is_none()) {
                return fault(at, "cap", "write an amount from 0 to 90 trillion".into());
            }
        }
        Ok(())
    }

    fn check_keys(&self) -> Result<(), SettingsFault> {
        use Step::{At, Key};
        let mut names = std::collections::BTreeSet::new();
        for (at, key) in self.keys.iter().enumerate() {
            let path = || vec![Key("key"), At(at)];
            if key.name.is_empty() || !names.insert(key.name.as_str()) {
                let problem =
                    Sentence::with("the name {name} is empty or there twice", [("name", format!("{:?}", key.name))]);
                return Err(SettingsFault::new(path(), problem));
            }
            let shares: Option<Vec<u64>> = key.parts.iter().map(KeyPart::share).collect();
            let Some(shares) = shares else {
                let problem = "each part is 0 to 100 per cent with at most three decimals";
                return Err(SettingsFault::new(path(), problem));
            };
            let sum: u64 = shares.iter().sum();
            if sum != 100_000 {
                let sum = format!("{}.{:03}", sum / 1000, sum % 1000);
                let problem = Sentence::with("the parts add up to {sum} %, not to 100 %", [("sum", sum)]);
                return Err(SettingsFault::new(path(), problem));
            }
            if !key.goes_by(Measure::Inhabitants) {
                continue;
            }
            if self.members.is_empty() {
                let problem =
                    "it goes by inhabitants, and there are no members with inhabitants: add [[programme.member]]";
                return Err(SettingsFault::new(path(), problem));
            }
            for (at, member) in self.members.iter().enumerate() {
                let years = self.budgets.iter().map(|budget| budget.year).filter(|&year| member.in_year(year));
                for year in years {
                    if member.inhabitants_in(year).is_none() {
                        let words = "member {member} has no inhabitants on or before 1 January {year}, and the key {key} asks \
                                     for them: add inhabitants = { {year}-01-01 = … }";
                        let (code, name) = (member.code.clone(), format!("{:?}", key.name));
                        let values = [("member", code), ("year", year.to_string()), ("key", name)];
                        let problem = Sentence::with(words, values);
                        return Err(SettingsFault::new(vec![Key("member"), At(at)], problem));
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::Scenario;

    const HEAD: &str = "version = 1\nname = \"s\"\ndate = \"2026-01-01\"\n";

    fn refused(section: &str) -> String {
        Scenario::parse(&format!("{HEAD}{section}")).expect_err("it is refused").to_string()
    }

    #[test]
    fn faults_are_refused_with_their_line() {
        let cases = [
            (
                "[[programme.budget]]\nyear = 2027\namount = 1\n[[programme.budget]]\nyear = 2029\namount = 1\n",
                "line 8",
                "2028 is missing",
            ),
            (
                "[[programme.budget]]\nyear = 2027\namount = 1\n[[programme.budget]]\nyear = 2027\namount = 2\n",
                "line 8",
                "2027 has two budgets",
            ),
            (
                "[[programme.key]]\nname = \"a\"\nparts = [{ by = \"equal\", per_cent = 30 }, { by = \"premises\", per_cent = 60 }]\n",
                "line 4",
                "90.000 %",
            ),
            ("[[programme.member]]\ncode = \"1\"\nfrom = \"2020-01-01\"\nuntil = \"2019-01-01\"\n", "line 7", "before"),
            ("[[programme.member]]\ncode = \"1\"\nfrom = \"yesterday\"\n", "line 6", "yyyy-mm-dd"),
            ("[[programme.member]]\ncode = \"1\"\nfrom = \"2026-02-30\"\n", "line 6", "yyyy-mm-dd"),
            ("[[programme.member]]\ncode = \"1\"\ninhabitants = { 2026-06-31 = 3 }\n", "line 6", "no date"),
            (
                "[[programme.budget]]\nyear = 2027\namount = 1\n[[programme.member]]\ncode = \"1\"\nuntil = \"2027-01-01\"\n",
                "line 5",
                "nobody is a member in 2027",
            ),
            (
                "[[programme.member]]\ncode = \"1\"\n[programme.ordering]\nneeded = 3\nvotes = { 1 = 2 }\n",
                "line 7",
                "2 votes together",
            ),
            ("[[programme.freeze]]\nfrom = 3028\nto = 3028\n", "line 5", "1900 to 2200"),
            (
                "[[programme.budget]]\nyear = 2027\namount = 1\n[[programme.key]]\nname = \"k\"\nparts = [{ by = \"inhabitants\", per_cent = 100 }]\n\
                 [[programme.member]]\ncode = \"1\"\n",
                "line 10",
                "inhabitants",
            ),
            ("[[programme.milestone]]\nname = \"m\"\nyear = 2030\nsites = [\"school\"]\n", "line 6", "no budget"),
            ("[[programme.order]]\nid = \"o\"\nmunicipality = \"1\"\ntargets = []\n", "line 4", "target"),
            ("[programme]\nbudgets = 3\n", "line 5", "unknown field"),
            ("[programme.game]\nwayleave_per_metre = -2\n", "line 5", "0 to 1000000"),
            ("[programme.business]\ntake_rate = [0.5, 1.2]\n", "line 5", "0 to 1"),
            ("[programme.business.spread]\nopex = [1, 0.5, 2]\n", "line 5", "none below"),
            ("[programme.business]\nhorizon = 0\n", "line 5", "100 years"),
            ("[programme.density]\nclass = [{ name = \"a\", from = 3 }]\n", "line 5", "from 0"),
            ("[programme.game]\nsamples = 0\n", "line 5", "orders"),
            (
                "[[programme.member]]\ncode = \"1\"\n[[programme.game.handover]]\nname = \"h\"\nowner = \"2\"\n",
                "line 8",
                "no member",
            ),
        ];
        for (section, line, word) in cases {
            let said = refused(section);
            assert!(said.contains(line) && said.contains(word), "{section}: {said}");
        }
    }

    #[test]
    fn dates_decide_who_is_in_and_with_how_many() {
        let member = super::Member {
            code: "1504".into(),
            from: Some("2013-02-01".into()),
            until: Some("2018-01-01".into()),
            inhabitants: [("2013-01-01".to_owned(), 44_096), ("2017-01-01".to_owned(), 47_199)].into(),
            ..Default::default()
        };
        assert_eq!([2012, 2013, 2017, 2018].map(|year| member.in_year(year)), [false, true, true, false]);
        assert_eq!(member.inhabitants_in(2016), Some(("2013-01-01", 44_096)));
        assert_eq!(member.inhabitants_in(2017), Some(("2017-01-01", 47_199)));
        assert_eq!(member.inhabitants_in(2012), None);
    }

    #[test]
    fn a_programme_survives_a_round_trip() {
        let mut scenario = Scenario::parse(&format!("{HEAD}[programme]\n")).expect("an empty section");
        let programme = scenario.programme.as_mut().expect("it is there");
        assert_eq!(programme.thresholds_mbps, [30.0, 100.0, 1000.0]);
        programme.budgets.push(super::Budget { year: 2027, amount: 1.5 });
        programme.lots = Some(super::Lots { least: 10.0, mobilisation: 1.0 });
        programme.order_list.push(super::Order {
            id: "o".into(),
            municipality: "1".into(),
            targets: vec!["a".into()],
            ..Default::default()
        });
        programme.members.push(super::Member {
            code: "1".into(),
            inhabitants: [("2026-01-01".to_owned(), 7)].into(),
            ..Default::default()
        });
        assert_eq!(Scenario::parse(&scenario.to_toml()).expect("its own text"), scenario);
    }
}
