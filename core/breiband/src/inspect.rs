//! What is in a region, before anything is planned.

use std::collections::BTreeMap;

use breiband_model::{
    CandidateNetwork, CostBook, Issue, PartKind, Quantity, Region, RuleId, Source, Staged, WayId, count_by_code,
    length_mm,
};
use serde::Serialize;

/// Metres of ways under one rule of the cost book.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleMetres {
    /// The rule's name; `no rule` where none matches.
    pub rule: String,
    /// The price it leads to; empty where it forbids.
    pub price: String,
    /// Ways.
    pub ways: u64,
    /// Metres.
    pub metres: f64,
}

/// What is in a region, counted: what `breiband inspect` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inspection {
    /// Input files with their counts.
    pub sources: Vec<Source>,
    /// Totals by kind of object.
    pub totals: BTreeMap<String, u64>,
    /// Metres of ways per rule, in the book's order.
    pub rules: Vec<RuleMetres>,
    /// The region's extent: west, south, east, north in degrees; over the date line, west is more than east.
    pub extent: Option<[f64; 4]>,
    /// The largest relative error of a length in the region's plane: 1e-6 is a millimetre a kilometre.
    pub scale_error: f64,
    /// Premises without any way near, those in no municipality, and the like, by reason.
    pub premises: BTreeMap<String, u64>,
    /// Metres of candidate edges by kind, where a candidate network was built.
    pub candidates: BTreeMap<String, Quantity>,
    /// Issues by code.
    pub issues: BTreeMap<String, u64>,
}

/// Counts a region under a cost book; with `network`, its candidates too. Linear.
pub fn inspect(region: &Staged<Region>, book: &CostBook, network: Option<&Staged<CandidateNetwork>>) -> Inspection {
    let value = &region.value;
    let mut by_rule: BTreeMap<Option<RuleId>, (u64, u64)> = BTreeMap::new();
    for (index, way) in value.ways.iter().enumerate() {
        let entry = by_rule.entry(book.rule_for(way, None)).or_default();
        entry.0 += 1;
        entry.1 += length_mm(&value.way_points(WayId::from_usize(index)));
    }
    // In the book's order, with what no rule matches last.
    let mut rows: Vec<_> = by_rule.into_iter().collect();
    rows.sort_by_key(|(rule, _)| rule.map_or(u32::MAX, RuleId::as_u32));
    let rules = rows.into_iter().map(|(rule, (ways, mm))| RuleMetres {
        rule: rule.map_or("no rule".to_owned(), |r| book.rule(r).name.clone()),
        price: rule.and_then(|r| book.along(r)).map(|p| book.price(p).id.clone()).unwrap_or_default(),
        ways,
        metres: mm as f64 / 1000.0,
    });
    let projection = breiband_spatial::Projection::new(value.plane);
    let points = value.nodes.iter().copied().chain(value.premises.iter().map(|p| p.point));
    let bounds = breiband_model::Bounds::of(points);
    let mut issues = region.issues.clone();
    issues.extend(network.iter().flat_map(|n| n.issues.clone()));
    Inspection {
        sources: value.sources.clone(),
        totals: totals(value),
        rules: rules.collect(),
        extent: bounds.map(|b| {
            let ((west, south), (east, north)) = (projection.to_lon_lat(b.min), projection.to_lon_lat(b.max));
            [west, south, east, north]
        }),
        scale_error: bounds.map_or(0.0, |b| projection.scale_error(b)),
        premises: premises(value),
        candidates: network.map(|n| candidates(&n.value, book)).unwrap_or_default(),
        issues: count_by_code(&issues),
    }
}

fn totals(region: &Region) -> BTreeMap<String, u64> {
    let all = [
        ("ways", region.ways.len()),
        ("premises", region.premises.len()),
        ("public sites", region.sites.len()),
        ("handovers", region.handovers.len()),
        ("masts", region.masts.len()),
        ("terrain heights", region.terrain.as_ref().map_or(0, |t| t.heights().len() - t.unknown())),
        ("municipalities", region.municipalities.len()),
        ("buildings", region.buildings.len()),
        ("water areas", region.water.len()),
        ("land use areas", region.land.len()),
        ("lines", region.lines.len()),
        ("poles", region.poles.len()),
        ("areas with a rule", region.ruled_areas.len()),
    ];
    all.into_iter().map(|(name, n)| (name.to_owned(), n as u64)).collect()
}

fn premises(region: &Region) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    let mut count = |name: &str, n: usize| {
        if n > 0 {
            counts.insert(name.to_owned(), n as u64);
        }
    };
    let all = &region.premises;
    count("with service known", all.iter().filter(|p| p.service.is_some()).count());
    count("signed up", all.iter().filter(|p| p.signed_up == Some(true)).count());
    count("with an access point", all.iter().filter(|p| p.access_point.is_some()).count());
    count("in a building", all.iter().filter(|p| p.building.is_some()).count());
    count("households assumed", all.iter().filter(|p| p.households_assumed).count());
    if !region.municipalities.is_empty() {
        count("in no municipality", all.iter().filter(|p| p.municipality.is_none()).count());
    }
    counts
}

fn candidates(network: &CandidateNetwork, book: &CostBook) -> BTreeMap<String, Quantity> {
    let mut sums: BTreeMap<&str, (u64, u64, u64)> = BTreeMap::new();
    for part in &network.parts {
        let entry = sums.entry(part.kind.name()).or_default();
        entry.0 += network.length_of(part);
        entry.1 += if part.kind == PartKind::Along { 1 } else { u64::from(part.count.max(1)) };
        entry.2 = entry.2.saturating_add(network.cost_of(part, book).as_minor());
    }
    let quantity = |(mm, count, cost): (u64, u64, u64)| Quantity {
        metres: mm as f64 / 1000.0,
        count,
        cost: breiband_model::Money::from_minor(cost).as_major(),
    };
    sums.into_iter().map(|(kind, sum)| (kind.to_owned(), quantity(sum))).collect()
}

impl Inspection {
    /// Whether any issue was found.
    pub fn is_clean(&self) -> bool {
        self.issues.is_empty()
    }

    /// The first `limit` issues of each code, in their order, for listings.
    pub fn sample(issues: &[Issue], limit: usize) -> Vec<&Issue> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut keep = |issue: &&Issue| {
            let count = seen.entry(issue.code.clone()).or_default();
            *count += 1;
            *count <= limit
        };
        issues.iter().filter(|issue| keep(issue)).collect()
    }
}
