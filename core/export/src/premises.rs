//! Premises with what becomes of them: status, reason, drop, and their part of the cost.

use breiband_model::{CandidateNetwork, Demand, Money, PartKind, Point, Premises, PremisesOutcome, RoutePlan};

use crate::view::PlanView;

/// A premises as every file lists it.
#[derive(Debug, Clone)]
pub(crate) struct PremisesRow<'a> {
    pub(crate) premises: &'a Premises,
    /// Where it is, in degrees.
    pub(crate) lon_lat: [f64; 2],
    pub(crate) outcome: &'a PremisesOutcome,
    /// Service level of what serves it in the plan, Mbit/s down, where the scenario mixes technologies.
    pub(crate) delivers_mbps: Option<f64>,
    pub(crate) municipality: (&'a str, &'a str),
    /// Length of its drop, millimetres; 0 where it has none.
    pub(crate) drop_mm: u64,
    /// Cost of its drop, shared or not.
    pub(crate) drop_cost: Option<Money>,
    /// Its equal part of every stretch that it uses, the drop included; major units, rounded to minor ones.
    pub(crate) share: Option<f64>,
}

/// A row for each premises, in the region's order; `degrees` gives a place's longitude and latitude.
pub(crate) fn rows<'a>(view: &PlanView<'a>, degrees: impl Fn(Point) -> [f64; 2]) -> Vec<PremisesRow<'a>> {
    let (network, region) = (view.network, view.region);
    let shares = shares(network, view.route);
    let technologies = view.scenario.mix.as_ref().and(view.book.technologies());
    let rows = region.premises.iter().zip(&view.route.outcomes).enumerate();
    rows.map(|(at, (premises, outcome))| {
        let drop = outcome.drop.map(|id| &network.edges[id.index()]);
        let parts = drop.map(|edge| network.parts_of(edge)).unwrap_or_default();
        let own = || parts.iter().filter(|part| part.kind == PartKind::Drop);
        let municipality = premises.municipality.map(|id| region.municipality(id));
        PremisesRow {
            premises,
            lon_lat: degrees(premises.point),
            outcome,
            delivers_mbps: technologies.zip(outcome.technology).map(|(all, one)| all.down_mbps(one)),
            municipality: municipality.map_or(("", ""), |m| (&m.code, &m.name)),
            drop_mm: own().map(|part| network.length_of(part)).sum(),
            drop_cost: drop.map(|edge| edge.cost),
            share: shares.get(at).copied().flatten(),
        }
    })
    .collect()
}

/// Each connected premises' part when every edge's cost is split equally among the premises behind it, major units; a row
/// for each premises of the region. Linear in the network's size.
pub fn shares(network: &CandidateNetwork, route: &RoutePlan) -> Vec<Option<f64>> {
    let count = network.vertices.len();
    let mut neighbours: Vec<Vec<(usize, f64)>> = vec![Vec::new(); count];
    for &id in &route.edges {
        let edge = &network.edges[id.index()];
        let cost = edge.cost.as_minor() as f64;
        neighbours[edge.tail.index()].push((edge.head.index(), cost));
        neighbours[edge.head.index()].push((edge.tail.index(), cost));
    }
    let mut behind = vec![0_u64; count];
    for (demand, outcome) in network.demand.iter().zip(&route.outcomes) {
        if let (Demand::Terminal(t), Some(_)) = (demand, outcome.drop) {
            behind[network.terminals[*t as usize].vertex.index()] += 1;
        }
    }
    // The tree from the root: each vertex with its parent and the cost of the edge between.
    let mut order: Vec<(usize, Option<(usize, f64)>)> = Vec::new();
    let mut seen = vec![false; count];
    if count > 0 {
        order.push((CandidateNetwork::ROOT.index(), None));
        seen[CandidateNetwork::ROOT.index()] = true;
    }
    let mut at = 0;
    while let Some(&(vertex, _)) = order.get(at) {
        at += 1;
        for &(next, cost) in &neighbours[vertex] {
            if !std::mem::replace(&mut seen[next], true) {
                order.push((next, Some((vertex, cost))));
            }
        }
    }
    for &(vertex, parent) in order.iter().rev() {
        if let Some((parent, _)) = parent {
            behind[parent] += behind[vertex];
        }
    }
    let mut share = vec![0.0_f64; count];
    for &(vertex, parent) in &order {
        if let Some((parent, cost)) = parent {
            share[vertex] = share[parent] + cost / behind[vertex].max(1) as f64;
        }
    }
    let of = |demand: &Demand, outcome: &PremisesOutcome| match (demand, outcome.drop) {
        (Demand::Terminal(t), Some(_)) => Some(share[network.terminals[*t as usize].vertex.index()].round() / 100.0),
        _ => None,
    };
    network.demand.iter().zip(&route.outcomes).map(|(demand, outcome)| of(demand, outcome)).collect()
}
