//! Public support for building: which addresses a scheme pays for, in which areas, and how much. The scenario's section
//! `[support]`, and what comes of it. Amounts in the section are major units, in the outcome minor ones.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Money, PremisesKind, ScenarioError};

/// The section `[support]`; amounts are major units. What the file leaves out follows the Norwegian rules as far as they are
/// known; `source` says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SupportScheme {
    /// Name, on every output.
    pub name: String,
    /// Where the rules come from.
    pub source: String,
    /// An address is eligible if its service today is below this, Mbit/s down; unknown counts as below.
    pub below_mbps: f64,
    /// Technologies, as the table of service today names them, that count as able to give what must be delivered: such an
    /// address is not eligible.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub upgradable: Vec<String>,
    /// What is built must deliver this, Mbit/s down.
    pub delivers_mbps: f64,
    /// Kinds of premises that are not paid for.
    pub not_kinds: Vec<PremisesKind>,
    /// Addresses that somebody connects without support, by id, besides those in areas with `rule = "commercial"`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub commercial: Vec<String>,
    /// What an area is.
    pub areas: SupportAreas,
    /// Clusters: eligible addresses no farther apart than this hang together, metres.
    pub cluster_metres: f64,
    /// Clusters: fewer addresses than this are no area.
    pub cluster_least: u64,
    /// Whether an area is supported as a whole or not at all, and so built by a goal that leaves premises out. The goal
    /// `cheapest` leaves nobody out and takes no area whole.
    pub whole: bool,
    /// Most that is paid of an area's cost, per cent with at most three decimals.
    pub per_cent: f64,
    /// Most that is paid for each eligible address that is reached; without it, there is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_per_premises: Option<f64>,
    /// What the municipality pays at least of an area's cost, per cent with at most three decimals.
    pub own_per_cent: f64,
    /// Most that is paid in a year, what is above is not paid later; without it, there is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yearly_cap: Option<f64>,
    /// Where a figure comes from that `source` does not cover, by its field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sources: BTreeMap<String, String>,
}

/// A field of a scheme as it is changed one by one.
#[derive(Debug, Clone, PartialEq)]
pub enum SupportField {
    /// Yes or no.
    Flag(bool),
    /// A number in the field's own unit; none where the scheme sets no limit.
    Number(Option<f64>),
    /// Words.
    Text(String),
    /// Names: of kinds of premises, of technologies, or ids of addresses. Each is once in it, in the order of the scenario's
    /// file.
    List(Vec<String>),
}

/// What a support area is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SupportAreas {
    /// Each municipality.
    #[default]
    Municipalities,
    /// Polygons of the inputs with `rule = "support"`, by their id or name.
    Drawn,
    /// Eligible addresses that lie near each other.
    Clusters,
}

impl SupportAreas {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Municipalities, Self::Drawn, Self::Clusters];

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Municipalities => "municipalities",
            Self::Drawn => "drawn",
            Self::Clusters => "clusters",
        }
    }
}

impl Default for SupportScheme {
    fn default() -> Self {
        Self {
            name: "Support scheme".to_owned(),
            source: "Norwegian county schemes: eligible below 100 Mbit/s, at least 1 Gbit/s delivered, own share 25 % (2020); \
                     general knowledge, to be checked against the call in force"
                .to_owned(),
            below_mbps: 100.0,
            upgradable: Vec::new(),
            delivers_mbps: 1000.0,
            not_kinds: vec![PremisesKind::Cabin, PremisesKind::Outbuilding],
            commercial: Vec::new(),
            areas: SupportAreas::Municipalities,
            cluster_metres: 400.0,
            cluster_least: 5,
            whole: true,
            per_cent: 75.0,
            most_per_premises: None,
            own_per_cent: 25.0,
            yearly_cap: None,
            sources: BTreeMap::new(),
        }
    }
}

/// Per cent as thousandths of a per cent.
fn thousandths(per_cent: f64) -> Option<u64> {
    crate::KeyPart { by: crate::Measure::Equal, per_cent }.share()
}

/// Names without the empty and the repeated ones, in their order.
fn once(names: Vec<String>) -> Vec<String> {
    let mut known = BTreeSet::new();
    names.into_iter().filter(|name| !name.is_empty() && known.insert(name.clone())).collect()
}

impl SupportScheme {
    /// The most that is paid of a cost, and the least own share, in thousandths of a per cent; 0 of what is no per cent.
    pub fn parts(&self) -> (u64, u64) {
        (thousandths(self.per_cent).unwrap_or(0), thousandths(self.own_per_cent).unwrap_or(0))
    }

    /// The fields that are changed one by one, by their names in files: all but the sources.
    ///
    /// ```
    /// use breiband_model::{SupportField, SupportScheme};
    /// let mut scheme = SupportScheme::default();
    /// assert!(scheme.fields().contains(&("own_per_cent", SupportField::Number(Some(25.0)))));
    /// scheme.set("own_per_cent", SupportField::Number(Some(20.0))).expect("it is one of them");
    /// assert_eq!(scheme.own_per_cent, 20.0);
    /// ```
    pub fn fields(&self) -> Vec<(&'static str, SupportField)> {
        use SupportField::{Flag, List, Number, Text};
        let kinds = self.not_kinds.iter().map(|kind| kind.name().to_owned()).collect();
        vec![
            ("name", Text(self.name.clone())),
            ("source", Text(self.source.clone())),
            ("below_mbps", Number(Some(self.below_mbps))),
            ("upgradable", List(self.upgradable.clone())),
            ("delivers_mbps", Number(Some(self.delivers_mbps))),
            ("not_kinds", List(kinds)),
            ("commercial", List(self.commercial.clone())),
            ("areas", Text(self.areas.name().to_owned())),
            ("cluster_metres", Number(Some(self.cluster_metres))),
            ("cluster_least", Number(Some(self.cluster_least as f64))),
            ("whole", Flag(self.whole)),
            ("per_cent", Number(Some(self.per_cent))),
            ("most_per_premises", Number(self.most_per_premises)),
            ("own_per_cent", Number(Some(self.own_per_cent))),
            ("yearly_cap", Number(self.yearly_cap)),
        ]
    }

    /// Changes a field of [`SupportScheme::fields`]; where the value is refused, nothing is changed.
    ///
    /// # Errors
    /// A name or value that the field cannot have, and what the scenario's file would be refused for.
    pub fn set(&mut self, field: &str, value: SupportField) -> Result<(), ScenarioError> {
        use SupportField::{Flag, List, Number, Text};
        let mut next = self.clone();
        let refused = |remedy| ScenarioError::Value { field: "support", value: field.to_owned(), remedy };
        match (field, value) {
            ("name", Text(text)) => next.name = text,
            ("source", Text(text)) => next.source = text,
            ("areas", Text(text)) => {
                let named = SupportAreas::ALL.into_iter().find(|areas| areas.name() == text);
                next.areas = named.ok_or_else(|| refused("choose municipalities, drawn or clusters"))?;
            }
            ("whole", Flag(flag)) => next.whole = flag,
            ("upgradable", List(names)) => next.upgradable = once(names),
            ("commercial", List(ids)) => next.commercial = once(ids),
            ("not_kinds", List(names)) => {
                let kind = |name: &String| PremisesKind::ALL.into_iter().find(|kind| kind.name() == name);
                let kinds: Option<Vec<PremisesKind>> = once(names).iter().map(kind).collect();
                let remedy = "choose unknown, home, cabin, business, public or outbuilding";
                next.not_kinds = kinds.ok_or_else(|| refused(remedy))?;
            }
            ("below_mbps", Number(Some(number))) => next.below_mbps = number,
            ("delivers_mbps", Number(Some(number))) => next.delivers_mbps = number,
            ("cluster_metres", Number(Some(number))) => next.cluster_metres = number,
            ("cluster_least", Number(Some(number))) if number >= 0.0 && number.fract() == 0.0 && number <= 1e9 => {
                next.cluster_least = number as u64;
            }
            ("per_cent", Number(Some(number))) => next.per_cent = number,
            ("own_per_cent", Number(Some(number))) => next.own_per_cent = number,
            ("most_per_premises", Number(number)) => next.most_per_premises = number,
            ("yearly_cap", Number(number)) => next.yearly_cap = number,
            _ => return Err(refused("give the field a value of its own kind")),
        }
        next.check()?;
        *self = next;
        Ok(())
    }

    /// Where all of it comes from: its source, and those of figures that have their own.
    pub fn all_sources(&self) -> String {
        let own = self.sources.iter().map(|(field, source)| format!("{field}: {source}"));
        std::iter::once(self.source.clone()).filter(|s| !s.is_empty()).chain(own).collect::<Vec<_>>().join("; ")
    }

    /// The first fault.
    pub(crate) fn check(&self) -> Result<(), ScenarioError> {
        let fault = |field, value: String, remedy| Err(ScenarioError::Value { field, value, remedy });
        for (field, mbps) in [("support.below_mbps", self.below_mbps), ("support.delivers_mbps", self.delivers_mbps)] {
            if !(0.0..=1e6).contains(&mbps) {
                return fault(field, mbps.to_string(), "choose 0 to 1,000,000 Mbit/s");
            }
        }
        for (field, per_cent) in [("support.per_cent", self.per_cent), ("support.own_per_cent", self.own_per_cent)] {
            if thousandths(per_cent).is_none() {
                return fault(field, per_cent.to_string(), "write 0 to 100 per cent with at most three decimals");
            }
        }
        let amount = |major: f64| Money::from_major(major).is_some_and(|m| (m.as_major() - major).abs() < 1e-6);
        for (field, most) in
            [("support.most_per_premises", self.most_per_premises), ("support.yearly_cap", self.yearly_cap)]
        {
            if let Some(most) = most.filter(|&most| !amount(most)) {
                return fault(
                    field,
                    most.to_string(),
                    "write an amount from 0 to 90 trillion with at most two decimals",
                );
            }
        }
        let known = self.fields();
        if let Some(field) = self.sources.keys().find(|field| known.iter().all(|(known, _)| known != field)) {
            return fault("support.sources", field.clone(), "name a field of this section, such as per_cent");
        }
        if !(1.0..=100_000.0).contains(&self.cluster_metres) {
            return fault("support.cluster_metres", self.cluster_metres.to_string(), "choose 1 to 100,000 metres");
        }
        Ok(())
    }
}

/// Whether a scheme pays for an address, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Eligibility {
    /// It does.
    Eligible,
    /// Its kind is not paid for.
    Kind,
    /// Its service today is enough.
    Served,
    /// Its service today can be raised to what must be delivered.
    Upgradable,
    /// Somebody connects it without support.
    Commercial,
    /// It lies in no area.
    NoArea,
    /// What is built is slower than what must be delivered.
    TooSlow,
}

impl Eligibility {
    /// Every one, in order.
    pub const ALL: [Self; 7] =
        [Self::Eligible, Self::Kind, Self::Served, Self::Upgradable, Self::Commercial, Self::NoArea, Self::TooSlow];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::Kind => "kind",
            Self::Served => "served",
            Self::Upgradable => "upgradable",
            Self::Commercial => "commercial",
            Self::NoArea => "no_area",
            Self::TooSlow => "too_slow",
        }
    }
}

/// An amount and who pays it: `cost` is always the sum of the other three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Funding {
    /// Eligible addresses.
    pub eligible: u64,
    /// Of them reached by the end of the last year.
    pub reached: u64,
    /// What reaching them costs, trunk shared by who is behind it, lots' mobilisation included.
    pub cost: Money,
    /// What the scheme pays.
    pub support: Money,
    /// What the municipality pays at least.
    pub own: Money,
    /// What nobody pays yet.
    pub gap: Money,
}

impl Funding {
    /// The sum of two.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            eligible: self.eligible + other.eligible,
            reached: self.reached + other.reached,
            cost: self.cost.saturating_add(other.cost),
            support: self.support.saturating_add(other.support),
            own: self.own.saturating_add(other.own),
            gap: self.gap.saturating_add(other.gap),
        }
    }
}

/// A support area in the programme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SupportArea {
    /// Name.
    pub name: String,
    /// Names of the municipalities that its eligible addresses lie in.
    pub municipalities: Vec<String>,
    /// Whether every eligible address in it is reached by the end of the last year.
    pub whole: bool,
    /// Its sums.
    pub funding: Funding,
    /// Cost and support of each year.
    pub years: Vec<(Money, Money)>,
}

/// A municipality's part in the scheme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SupportMunicipality {
    /// Code; empty for addresses in none.
    pub code: String,
    /// Name.
    pub name: String,
    /// Sums of its addresses.
    pub funding: Funding,
    /// What is built for its other addresses, which the scheme pays nothing of.
    pub unsupported: Money,
}

/// A scheme held against a programme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Support {
    /// The scheme's name and source.
    pub scheme: [String; 2],
    /// Whether areas are taken whole.
    pub whole: bool,
    /// For each premises of the region whether it is eligible, and its area by position in `areas`.
    #[serde(skip)]
    pub premises: Vec<(Eligibility, Option<u32>)>,
    /// Premises by eligibility.
    pub counts: BTreeMap<Eligibility, u64>,
    /// Eligible ones whose service today is not known.
    pub assumed: u64,
    /// Areas with eligible addresses.
    pub areas: Vec<SupportArea>,
    /// Municipalities with addresses that are eligible or cost something.
    pub municipalities: Vec<SupportMunicipality>,
    /// All together.
    pub total: Funding,
    /// Of the building work of all years what is for addresses that are not eligible: with the total's cost, all of it.
    pub unsupported: Money,
    /// What the yearly cap takes away.
    pub capped: Money,
}

#[cfg(test)]
mod tests {
    use crate::{Scenario, SupportField};

    #[test]
    fn faults_name_the_field_and_the_section_survives_a_round_trip() {
        let head = "version = 1\nname = \"s\"\ndate = \"2026-01-01\"\n[support]\n";
        let read = |line: &str| Scenario::parse(&format!("{head}{line}\n"));
        for (line, word) in [
            ("below_mbps = -1", "support.below_mbps"),
            ("per_cent = 101", "support.per_cent"),
            ("own_per_cent = 12.34567", "three decimals"),
            ("most_per_premises = -2", "support.most_per_premises"),
            ("cluster_metres = 0", "support.cluster_metres"),
            ("areas = \"counties\"", "counties"),
        ] {
            let said = read(line).expect_err(line).to_string();
            assert!(said.contains(word), "{line}: {said}");
        }
        let mut scheme = crate::SupportScheme::default();
        let list = |names: &[&str]| SupportField::List(names.iter().map(|&name| name.to_owned()).collect());
        scheme.set("not_kinds", list(&["cabin", "", "public", "cabin"])).expect("kinds");
        assert_eq!(scheme.not_kinds, [crate::PremisesKind::Cabin, crate::PremisesKind::Public]);
        let said = scheme.set("not_kinds", list(&["castle"])).expect_err("no kind").to_string();
        assert!(said.contains("not_kinds") && said.contains("outbuilding"), "{said}");
        assert!(scheme.set("areas", list(&["drawn"])).is_err());
        assert_eq!(scheme.not_kinds.len(), 2, "what is refused changes nothing");
        let scenario = read("areas = \"clusters\"\nyearly_cap = 1000.5").expect("a sound section");
        assert_eq!(scenario.support.as_ref().map(|s| s.parts()), Some((75_000, 25_000)));
        assert_eq!(Scenario::parse(&scenario.to_toml()).expect("its own text"), scenario);
    }
}
