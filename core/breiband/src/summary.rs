//! The figures that every output shows.

use std::collections::BTreeMap;

use breiband_model::{
    CabinetId, CandidateNetwork, CostBook, Edge, HandoverId, Issue, Money, MunicipalitySummary, Origin, PartKind,
    PlaceKind, PlaceSummary, Quantity, Reason, Region, RoutePlan, Scenario, Status, Summary, count_by_code,
};
use breiband_spatial::{Projection, Territories};

/// Adds the plan up. O(edges + premises), and a polygon look-up for each edge.
pub(crate) fn summarise(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    network: &CandidateNetwork,
    route: &RoutePlan,
    issues: &[Issue],
) -> Summary {
    let mut reasons: BTreeMap<Reason, u64> = BTreeMap::new();
    let mut by_status = [0u64; 4];
    for outcome in &route.outcomes {
        *reasons.entry(outcome.reason).or_insert(0) += 1;
        by_status[outcome.status as usize] += 1;
    }
    let count = |status: Status| by_status[status as usize];
    let built = || route.edges.iter().map(|e| &network.edges[e.index()]);
    let mut by_class: Vec<Option<Work>> = vec![None; book.prices().count()];
    // Parts of built edges, in order.
    let mut works = Vec::new();
    let mut area_lumps = None;
    let mut line_mm = 0;
    let mut long_drops = Work::default();
    for edge in built() {
        let mut drop = Work::default();
        for part in network.parts_of(edge) {
            let mm = network.length_of(part);
            let cost = network.cost_over(part, mm, book).as_minor();
            let work = Work { mm, count: u64::from(part.count), cost };
            works.push(work);
            line_mm += work.mm;
            if part.kind == PartKind::Drop {
                drop.add(work);
            }
            if let Some(price) = part.price {
                by_class[price.index()].get_or_insert_default().add(work);
            } else if work.cost > 0 {
                area_lumps.get_or_insert_with(Work::default).add(Work { count: 1, ..work });
            }
        }
        if drop.mm as f64 > book.limits().drop_listed_m * 1000.0 {
            long_drops.add(Work { count: 1, ..drop });
        }
    }
    let (mut methods, mut prices) = (Tally::default(), Tally::default());
    for ((_, price), work) in book.prices().zip(by_class) {
        let Some(work) = work else { continue };
        prices.entry(price.id.clone()).add(work);
        methods.entry(method_name(price.method)).add(work);
    }
    // What an area's rule adds is no way of building and has no price class, but methods and prices add up to the cost.
    if let Some(work) = area_lumps {
        for tally in [&mut methods, &mut prices] {
            tally.entry("area-lump".to_owned()).add(work);
        }
    }
    let in_no_municipality = match region.municipalities.is_empty() {
        true => 0,
        false => region.premises.iter().filter(|p| p.municipality.is_none()).count() as u64,
    };
    let attribution: Vec<String> = {
        let mut seen = std::collections::BTreeSet::new();
        let given = region.sources.iter().map(|s| s.attribution.clone());
        given.filter(|a| !a.is_empty() && seen.insert(a.clone())).collect()
    };
    let file = book.file();
    let by_price = prices.0.iter().map(|(name, work)| (name.as_str(), Money::from_minor(work.cost).as_major()));
    let cost_range = crate::uncertainty::range(book, by_price, scenario.options.seed);
    Summary {
        name: scenario.name.clone(),
        date: scenario.date.clone(),
        premises: route.outcomes.len() as u64,
        connected: count(Status::Connected),
        unreachable: count(Status::Unreachable),
        excluded: count(Status::Excluded),
        already_served: count(Status::AlreadyServed),
        reasons,
        in_no_municipality,
        coverage_known: region.premises.iter().any(|p| p.service.is_some()),
        trench_metres: metres(line_mm),
        cost: route.cost.as_major(),
        cost_range,
        currency: file.currency.clone(),
        bound: route.bound.as_major(),
        gap: gap(route.cost, route.bound),
        choice: route.choice.clone(),
        mix: crate::mix::summarise(region, scenario, book, network, route),
        places: places(region, book, network, built()),
        methods: methods.finish(),
        prices: prices.finish(),
        municipalities: municipalities(region, network, route, built(), works),
        long_drops: long_drops.quantity(),
        assumptions: network.assumptions.clone(),
        issues: count_by_code(issues),
        cost_book: [file.name.clone(), file.date.clone(), file.source.clone()],
        attribution,
        notice: scenario.notice.clone(),
        digest: String::new(),
    }
}

fn method_name(method: breiband_model::Method) -> String {
    serde_json::to_value(method).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// (cost − bound) / cost, rounded up to six decimals, so that it never says less than the truth.
pub(crate) fn gap(cost: Money, bound: Money) -> f64 {
    let (cost, bound) = (u128::from(cost.as_minor()), u128::from(bound.as_minor()));
    if cost == 0 {
        return 0.0;
    }
    let millionths = (cost.saturating_sub(bound) * 1_000_000).div_ceil(cost);
    millionths as f64 / 1e6
}

fn metres(mm: u64) -> f64 {
    mm as f64 / 1000.0
}

/// Metres, pieces and cost being added up, as integers.
#[derive(Debug, Clone, Copy, Default)]
struct Work {
    mm: u64,
    count: u64,
    cost: u64,
}

impl Work {
    fn add(&mut self, other: Self) {
        self.mm += other.mm;
        self.count += other.count;
        self.cost += other.cost;
    }

    fn quantity(self) -> Quantity {
        Quantity { metres: metres(self.mm), count: self.count, cost: Money::from_minor(self.cost).as_major() }
    }
}

#[derive(Default)]
struct Tally(BTreeMap<String, Work>);

impl Tally {
    fn entry(&mut self, key: String) -> &mut Work {
        self.0.entry(key).or_default()
    }

    fn finish(self) -> BTreeMap<String, Quantity> {
        self.0.into_iter().map(|(key, work)| (key, work.quantity())).collect()
    }
}

/// Points of presence, then cabinets: a part of what is built says whether the plan has them.
fn places<'a>(
    region: &Region,
    book: &CostBook,
    network: &'a CandidateNetwork,
    built: impl Iterator<Item = &'a Edge>,
) -> Vec<PlaceSummary> {
    let projection = Projection::new(region.plane);
    let paid = |part: &&breiband_model::Part| matches!(part.kind, PartKind::Opening | PartKind::Cabinet);
    let used: std::collections::BTreeSet<Origin> =
        built.flat_map(|edge| network.parts_of(edge)).filter(paid).map(|part| part.origin).collect();
    let of = |kind, id: &str, name: &str, point, cost: Money, source: &str, origin| {
        let (lon, lat) = projection.to_lon_lat(point);
        PlaceSummary {
            kind,
            id: id.to_owned(),
            name: name.to_owned(),
            place: [lon, lat].map(|degrees| (degrees * 1e7).round() / 1e7),
            cost: cost.as_major(),
            source: source.to_owned(),
            used: used.contains(&origin),
        }
    };
    let candidates = network.handovers.iter().enumerate().filter_map(|(at, h)| {
        let (own, origin) = (h.opening.as_ref()?, Origin::Handover(HandoverId::from_usize(at)));
        Some(of(PlaceKind::PointOfPresence, &h.external_id, &h.name, h.point, own.cost, &own.source, origin))
    });
    let usual = book.cabinet_price().map(|id| book.price(id));
    let cabinets = network.cabinets.iter().enumerate().map(|(at, c)| {
        let usual = || usual.map_or((Money::ZERO, ""), |price| (price.cost(0, 1, 1000), price.source.as_str()));
        let (cost, source) = c.price.as_ref().map_or_else(usual, |own| (own.cost, own.source.as_str()));
        let origin = Origin::Cabinet(CabinetId::from_usize(at));
        of(PlaceKind::Cabinet, &c.external_id, &c.name, c.point, cost, source, origin)
    });
    candidates.chain(cabinets).collect()
}

fn municipalities<'a>(
    region: &Region,
    network: &'a CandidateNetwork,
    route: &RoutePlan,
    built: impl Iterator<Item = &'a Edge>,
    works: Vec<Work>,
) -> Vec<MunicipalitySummary> {
    if region.municipalities.is_empty() {
        return Vec::new();
    }
    let territories = Territories::new(&region.municipalities);
    // One more for what lies in none, so that the rows add up to the whole.
    let outside = region.municipalities.len();
    let mut work = vec![Work::default(); outside + 1];
    let mut premises = vec![[0u64; 3]; outside + 1];
    let mut works = works.into_iter();
    for edge in built {
        for (part, done) in network.parts_of(edge).iter().zip(&mut works) {
            // What is counted is counted where the part begins.
            let mut count = done.count;
            for (owner, mm, cost) in territories.paid(network, edge, part, Money::from_minor(done.cost)) {
                let piece = Work { mm, count: std::mem::take(&mut count), cost: cost.as_minor() };
                work[owner.map_or(outside, breiband_model::MunicipalityId::index)].add(piece);
            }
        }
    }
    for (p, outcome) in region.premises.iter().zip(&route.outcomes) {
        let row = &mut premises[p.municipality.map_or(outside, breiband_model::MunicipalityId::index)];
        row[0] += 1;
        row[1] += u64::from(outcome.status == Status::Connected);
        row[2] += u64::from(outcome.status == Status::AlreadyServed);
    }
    let names = region.municipalities.iter().map(|m| (m.code.clone(), m.name.clone())).chain([Default::default()]);
    let rows = names.zip(work).zip(premises);
    rows.filter(|((_, work), row)| work.cost > 0 || row[0] > 0)
        .map(|(((code, name), work), [all, connected, already_served])| MunicipalitySummary {
            code,
            name,
            premises: all,
            connected,
            already_served,
            work: work.quantity(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_round_up() {
        assert_eq!(gap(Money::from_minor(3), Money::from_minor(2)), 0.333_334);
        assert_eq!(gap(Money::from_minor(3), Money::from_minor(3)), 0.0);
        assert_eq!(gap(Money::ZERO, Money::ZERO), 0.0);
    }
}
