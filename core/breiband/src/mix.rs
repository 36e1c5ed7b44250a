//! What the technologies of a plan come to: whom each serves and at what cost, and whether masts carry their load.

use std::collections::BTreeMap;

use breiband_model::{
    BusyHour, CandidateNetwork, CostBook, Count, Demand, Issue, MastId, MastSummary, MixSummary, Money, PartKind,
    Policy, Premises, Region, RoutePlan, Scenario, SectorLoad, Severity, SitedMast, Staged, Technology,
    TechnologySummary, VertexId, VertexKind, count_by_code,
};
use breiband_spatial::Projection;
use breiband_terrain::sector_of;

use crate::goal::{Weigh, least_value};
use crate::route::reached_from_root;
use crate::{Plan, summary};

/// Codes of what is said of a plan's own choice of technologies, and not of its inputs or candidates.
pub(crate) const CODES: [&str; 2] = [BEHIND_RADIO, OVERLOADED];
const BEHIND_RADIO: &str = "fibre-behind-radio";
const OVERLOADED: &str = "sector-overloaded";

/// A technology's sums, minor units.
#[derive(Default, Clone, Copy)]
struct Sums {
    premises: u64,
    homes: u64,
    capex: u64,
    a_year: u64,
    present: u64,
}

/// The technologies of a plan; none where the scenario does not mix them. Sectors have premises and homes, and no load yet.
pub(crate) fn summarise(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    network: &CandidateNetwork,
    route: &RoutePlan,
) -> Option<MixSummary> {
    let technologies = scenario.mix.as_ref().and(book.technologies())?;
    let mut sums = [Sums::default(); 3];
    for id in &route.edges {
        let edge = &network.edges[id.index()];
        // A fibre that leads on from a mast to a premises is the fibre's.
        let drop = network.parts_of(edge).iter().any(|part| part.kind == PartKind::Drop);
        let on_mast = !drop && network.mast_of(edge).is_some();
        let of = if on_mast { Technology::Wireless } else { Technology::Fibre };
        let sum = &mut sums[of as usize];
        for part in network.parts_of(edge) {
            let cost = network.cost_of(part, book).as_minor();
            match (part.kind, part.price) {
                (PartKind::Running, Some(price)) => {
                    sum.present += cost;
                    sum.a_year += book.price(price).cost(0, part.count, 1000).as_minor();
                }
                _ => sum.capex += cost,
            }
        }
    }
    let home = |name: &str| book.each(name, 1, 1000).as_minor();
    let dish = [home(&technologies.satellite.equipment), home(&technologies.satellite.running)];
    let all = book.satellite_home().as_minor();
    let weigh = Weigh::new(scenario, book);
    // Homes by satellite, and those of them that no network reaches: they are in no line.
    let (mut by_satellite, mut beyond) = (0_u64, 0_u64);
    for (at, (premises, outcome)) in region.premises.iter().zip(&route.outcomes).enumerate() {
        let Some(technology) = outcome.technology else { continue };
        let sum = &mut sums[technology as usize];
        let homes = u64::from(premises.homes());
        sum.premises += 1;
        sum.homes += homes;
        if technology == Technology::Satellite {
            sum.capex += dish[0] * homes;
            sum.a_year += dish[1] * homes;
            sum.present += (all - dish[0]) * homes;
            by_satellite += homes;
            beyond += weigh.premises(premises, network.needs_mbps.get(at).copied()).unwrap_or(0);
        }
    }
    let (cost, bound) = match &route.choice {
        Some(choice) if scenario.goal.is_cheapest() => {
            // Counted are those that a network could connect.
            debug_assert_eq!(choice.count, Count::Homes);
            let missed = choice.wanted - choice.connected;
            let least = least_value(choice.line, all, choice.wanted);
            let beyond = beyond.saturating_sub(missed);
            (route.cost.as_minor() + all * by_satellite, least + all * beyond)
        }
        _ => (route.cost.as_minor(), route.bound.as_minor()),
    };
    let (cost, bound) = (Money::from_minor(cost), Money::from_minor(bound.min(cost)));
    let major = |minor: u64| Money::from_minor(minor).as_major();
    Some(MixSummary {
        technologies: Technology::ALL
            .iter()
            .map(|&technology| {
                let sum = sums[technology as usize];
                TechnologySummary {
                    technology,
                    premises: sum.premises,
                    homes: sum.homes,
                    down_mbps: technologies.down_mbps(technology),
                    capex: major(sum.capex),
                    opex_a_year: major(sum.a_year),
                    opex_present: major(sum.present),
                }
            })
            .collect(),
        cost: cost.as_major(),
        bound: bound.as_major(),
        gap: summary::gap(cost, bound),
        horizon: (technologies.years, technologies.discount_per_cent),
        masts: masts(region, network, route),
    })
}

/// The mast that serves a premises.
fn serving(network: &CandidateNetwork, route: &RoutePlan, premises: usize) -> Option<MastId> {
    let outcome = &route.outcomes[premises];
    outcome.drop.filter(|_| outcome.is_by_radio()).and_then(|id| network.mast_of(&network.edges[id.index()]))
}

/// The number of the mast's sector that a premises lies in.
fn sector(mast: &SitedMast, premises: &Premises) -> usize {
    sector_of(mast.point, premises.drop_point(), mast.sectors) as usize
}

/// Masts in use, with who is in their sectors.
fn masts(region: &Region, network: &CandidateNetwork, route: &RoutePlan) -> Vec<MastSummary> {
    let projection = Projection::new(region.plane);
    let chosen: Vec<u32> = route.edges.iter().map(|e| e.as_u32()).collect();
    let reached = reached_from_root(network, &chosen);
    let mut found: BTreeMap<MastId, MastSummary> = BTreeMap::new();
    for (index, vertex) in network.vertices.iter().enumerate() {
        let (VertexKind::Mast(id), Some((_, Some(fed)))) = (vertex.kind, reached[index]) else { continue };
        let mast = &network.masts[id.index()];
        let (lon, lat) = projection.to_lon_lat(mast.point);
        let one = MastSummary {
            id: mast.external_id.clone(),
            name: mast.name.clone(),
            place: [lon, lat].map(|degrees| (degrees * 1e7).round() / 1e7),
            existing: mast.existing,
            height_m: f64::from(mast.height_mm) / 1000.0,
            radio_fed: network.is_radio(&network.edges[fed.index()]),
            sectors: vec![SectorLoad::default(); mast.sectors as usize],
        };
        found.insert(id, one);
    }
    for (at, premises) in region.premises.iter().enumerate() {
        let Some(id) = serving(network, route, at) else { continue };
        let sector = sector(&network.masts[id.index()], premises);
        if let Some(load) = found.get_mut(&id).and_then(|m| m.sectors.get_mut(sector)) {
            load.premises += 1;
            load.homes += u64::from(premises.homes());
        }
    }
    found.into_values().collect()
}

/// Loads the sectors of a plan's masts with what a policy says homes and public sites ask for in the busy hour, those with the
/// heads that the scenario says (`[programme.heads]`), and lists those that carry more than it lets them (`sector-overloaded`).
/// What was said by another policy goes.
///
/// A sector is loaded as a link is: with the average of all in it, and the fastest one at full speed besides, as far as radio
/// gives that; at most to the policy's `fill_per_cent` of the cost book's `sector_mbps`. Linear in the premises.
pub fn load_sectors(region: &Region, scenario: &Scenario, book: &CostBook, plan: &mut Staged<Plan>, policy: &Policy) {
    let Some(technologies) = book.technologies() else { return };
    let Plan { network, route, summary, .. } = &mut plan.value;
    let Some(mix) = &mut summary.mix else { return };
    let wireless = &technologies.wireless;
    let heads = scenario.programme.as_ref().map(|settings| settings.heads.clone()).unwrap_or_default();
    let hours = policy.busy_hours(region, &heads);
    let mut busy: BTreeMap<(&str, usize), BusyHour> = BTreeMap::new();
    for (at, premises) in region.premises.iter().enumerate() {
        let Some(id) = serving(network, route, at) else { continue };
        let mast = &network.masts[id.index()];
        busy.entry((mast.external_id.as_str(), sector(mast, premises))).or_default().add(hours[at]);
    }
    plan.issues.retain(|issue| issue.code != OVERLOADED);
    for mast in &mut mix.masts {
        for (number, sector) in mast.sectors.iter_mut().enumerate() {
            let all = busy.get(&(mast.id.as_str(), number)).copied().unwrap_or_default();
            let all = BusyHour { peak_mbps: all.peak_mbps.min(wireless.down_mbps), ..all };
            let tenths = |x: f64| (x * 10.0).round() / 10.0;
            sector.busy_mbps = tenths(all.load_mbps());
            sector.capacity_mbps = tenths(wireless.sector_mbps * policy.fill_per_cent / 100.0);
            if sector.busy_mbps > sector.capacity_mbps {
                let message = "more premises hang on this sector than it carries in the busy hour: give the mast more sectors, another \
                               mast beside it, or some of the premises fibre (options.include with [[mix.needs]])";
                let value = format!("{} Mbit/s of {}", sector.busy_mbps, sector.capacity_mbps);
                let issue = Issue::new(OVERLOADED, Severity::Warning, message).record(&mast.id);
                plan.issues.push(issue.field(format!("sector {}", number + 1), value));
            }
        }
    }
    summary.issues = count_by_code(&plan.issues);
}

/// What a planner should know of a plan with radio: fibre that hangs on it.
pub(crate) fn issues(network: &CandidateNetwork, route: &RoutePlan) -> Vec<Issue> {
    if network.masts.is_empty() {
        return Vec::new();
    }
    let chosen: Vec<u32> = route.edges.iter().map(|e| e.as_u32()).collect();
    let reached = reached_from_root(network, &chosen);
    // Whether the way from the root to a vertex leads through the air, as far as it was asked.
    let mut known: Vec<Option<bool>> = vec![None; network.vertices.len()];
    let mut behind_radio = |mut vertex: VertexId| {
        let mut way = Vec::new();
        let behind = loop {
            if let Some(behind) = known[vertex.index()] {
                break behind;
            }
            way.push(vertex);
            let Some((_, Some(id))) = reached[vertex.index()] else { break false };
            let edge = &network.edges[id.index()];
            // Not where it passes a mast: fibre that feeds one leads on.
            if network.is_radio(edge) {
                break true;
            }
            vertex = if edge.head == vertex { edge.tail } else { edge.head };
        };
        way.into_iter().for_each(|vertex| known[vertex.index()] = Some(behind));
        behind
    };
    let mut count = 0_u64;
    for (demand, outcome) in network.demand.iter().zip(&route.outcomes) {
        if let (Demand::Terminal(t), Some(Technology::Fibre)) = (demand, outcome.technology) {
            count += u64::from(behind_radio(network.terminals[*t as usize].vertex));
        }
    }
    let message = "so many premises have fibre that a radio link feeds: what they can get is what that link carries";
    let issue = || Issue::new(BEHIND_RADIO, Severity::Warning, message).field("premises", count.to_string());
    (count > 0).then(issue).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use breiband_model::{
        Edge, EdgeId, Origin, Part, Point, PremisesId, PremisesOutcome, Reason, Side, Status, Terminal, Vertex,
    };

    use super::*;

    /// Root, mast, way and premises in a row; `feed` is how the mast is fed.
    fn row(feed: PartKind) -> (CandidateNetwork, RoutePlan) {
        let kinds = [VertexKind::Root, VertexKind::Mast(MastId::new(0)), VertexKind::Way, VertexKind::Premises];
        let part = |kind| Part {
            kind,
            origin: Origin::Derived,
            side: Side::Middle,
            price: None,
            geometry: (0, 0),
            count: 0,
            permille: 1000,
            lump: Money::ZERO,
        };
        let edge = |at: u32| Edge {
            tail: VertexId::new(at),
            head: VertexId::new(at + 1),
            cost: Money::ZERO,
            running: Money::ZERO,
            parts: (at, at + 1),
        };
        let mast = SitedMast {
            external_id: "m".to_owned(),
            name: String::new(),
            point: Point::default(),
            height_mm: 0,
            sectors: 1,
            existing: true,
        };
        let network = CandidateNetwork {
            vertices: kinds.map(|kind| Vertex { point: Point::default(), kind }).into(),
            edges: (0..3).map(edge).collect(),
            parts: [feed, PartKind::Along, PartKind::Drop].map(part).into(),
            terminals: vec![Terminal { vertex: VertexId::new(3), premises: vec![PremisesId::new(0)] }],
            demand: vec![Demand::Terminal(0)],
            masts: vec![mast],
            ..CandidateNetwork::default()
        };
        let outcome = PremisesOutcome {
            status: Status::Connected,
            reason: Reason::InPlan,
            drop: Some(EdgeId::new(2)),
            distance_mm: 0,
            technology: Some(Technology::Fibre),
        };
        let edges = (0..3).map(EdgeId::new).collect();
        let (cost, bound) = (Money::ZERO, Money::ZERO);
        (network, RoutePlan { edges, outcomes: vec![outcome], cost, bound, choice: None })
    }

    #[test]
    fn fibre_beyond_a_mast_hangs_on_radio_only_where_radio_feeds_the_mast() {
        let said = |feed| {
            let (network, route) = row(feed);
            issues(&network, &route)
        };
        assert_eq!(said(PartKind::MastLead), []);
        let by_radio = said(PartKind::Radio);
        assert_eq!(by_radio.iter().map(|issue| issue.code.as_str()).collect::<Vec<_>>(), [BEHIND_RADIO]);
    }
}
