//! Checks of what is built: every edge's price from its parts, the tree, and who it reaches.

use std::collections::BTreeMap;

use breiband_graph::UnionFind;
use breiband_model::{CostBook, Scenario, length_mm};

use crate::proof::{DemandRow, EdgeRow, PartRow};

pub(super) fn edge_costs(edges: &[EdgeRow], book: &CostBook) -> Result<String, String> {
    let mut parts = 0;
    for (index, edge) in edges.iter().enumerate() {
        let mut cost = 0u64;
        for part in &edge.parts {
            parts += 1;
            if !part.price.is_empty() {
                let id = book.price_id(&part.price);
                let id = id.ok_or_else(|| format!("edge {index}: the cost book has no price {:?}", part.price))?;
                let priced = book.price(id).cost(length_mm(&part.geometry), part.count, part.permille);
                cost = cost.saturating_add(priced.as_minor());
            }
            cost = cost.saturating_add(part.lump);
        }
        if cost != edge.cost {
            return Err(format!(
                "edge {index} costs {cost} by geometry and cost book, and the graph says {}",
                edge.cost
            ));
        }
    }
    Ok(format!("{} edges of {parts} parts cost what geometry and cost book say", edges.len()))
}

/// What is built must be a tree, and hold exactly the premises said to be connected.
pub(super) fn tree(edges: &[EdgeRow], demand: &[DemandRow]) -> Result<String, String> {
    let vertices = vertex_count(edges);
    let mut sets = UnionFind::new(vertices);
    let mut built = 0u64;
    let cabinets = cabinets(edges)?;
    let sinks = sinks(demand, &cabinets);
    let mut touches = BTreeMap::new();
    for (index, edge) in edges.iter().enumerate().filter(|(_, e)| e.built) {
        built += 1;
        if !sets.union(edge.tail, edge.head) {
            return Err(format!("built edge {index} closes a ring"));
        }
        for v in [edge.tail, edge.head] {
            if sinks.binary_search(&v).is_ok() && touches.insert(v, index).is_some() {
                return Err(format!(
                    "two built edges meet at vertex {v}, a premises' or cabinet's: no path passes through it"
                ));
            }
        }
    }
    for row in demand {
        let reached = row.vertex.is_some_and(|v| v < vertices && sets.same(0, v));
        if reached != (row.status == "connected") {
            return Err(format!(
                "premises {} is said to be {}, and the built edges say otherwise",
                row.premises, row.status
            ));
        }
    }
    for v in cabinets {
        if !sets.same(0, v) {
            return Err(format!("the cabinet at vertex {v} must be reached, and no built edge does"));
        }
    }
    let stray = edges.iter().position(|e| e.built && !sets.same(0, e.tail));
    match stray {
        Some(index) => Err(format!("built edge {index} hangs on no handover")),
        None => Ok(format!("{built} built edges are a tree from the handovers to every connected premises")),
    }
}

pub(super) fn premises(demand: &[DemandRow], summary: &breiband_model::Summary) -> Result<String, String> {
    let count = |status: &str| demand.iter().filter(|d| d.status == status).count() as u64;
    let found = [count("connected"), count("unreachable"), count("excluded"), count("already_served")];
    let said = [summary.connected, summary.unreachable, summary.excluded, summary.already_served];
    if found != said || summary.premises != demand.len() as u64 || found.iter().sum::<u64>() != summary.premises {
        return Err(format!(
            "the files have {found:?} of {} premises, the summary {said:?} of {}",
            demand.len(),
            summary.premises
        ));
    }
    let [connected, unreachable, excluded, served] = found;
    Ok(format!(
        "{connected} connected + {unreachable} unreachable + {excluded} excluded + {served} already served = {}",
        demand.len()
    ))
}

pub(super) fn vertex_count(edges: &[EdgeRow]) -> u32 {
    edges.iter().map(|e| e.tail.max(e.head)).max().map_or(1, |v| v.saturating_add(1))
}

/// The cabinets' vertices: the ends, all of whose edges carry the price of one cabinet.
pub(super) fn cabinets(edges: &[EdgeRow]) -> Result<Vec<u32>, String> {
    let of = |edge: &EdgeRow| edge.parts.iter().find(|part| part.kind == "cabinet").map(|part| part.origin.clone());
    let mut ends: BTreeMap<u32, String> = BTreeMap::new();
    for edge in edges {
        if let Some(id) = of(edge) {
            ends.insert(edge.tail, id.clone());
            ends.insert(edge.head, id);
        }
    }
    if ends.is_empty() {
        return Ok(Vec::new());
    }
    ends.remove(&0);
    for edge in edges {
        let id = of(edge);
        for end in [edge.tail, edge.head] {
            if ends.get(&end) != id.as_ref() {
                ends.remove(&end);
            }
        }
    }
    // Where a cabinet's edge is all there is at both its ends, it lies at the one that is met later.
    let by_id: BTreeMap<String, u32> = ends.into_iter().map(|(end, id)| (id, end)).collect();
    match edges
        .iter()
        .find_map(|edge| of(edge).filter(|id| by_id.get(id).is_none_or(|v| edge.tail != *v && edge.head != *v)))
    {
        Some(id) => Err(format!("an edge carries the price of the cabinet {id}, and does not lead to it alone")),
        None => Ok(by_id.into_values().collect()),
    }
}

/// Holds the scenario's points of presence and cabinets against the graph, and the summary's against what is built.
pub(super) fn places(
    named: &[(String, u64)],
    scenario: &Scenario,
    book: &CostBook,
    edges: &[EdgeRow],
    summary: &breiband_model::Summary,
) -> Result<String, String> {
    let told = openings_hold(named, edges, summary)?;
    let usual = book.cabinet_price().map(|id| book.price(id));
    let unreached = summary.issues.get("cabinet-unreachable").copied().unwrap_or(0)
        + summary.issues.get("cabinet-off-map").copied().unwrap_or(0);
    let mut missing = 0;
    for cabinet in &scenario.cabinets {
        let id = cabinet.external_id();
        let wanted = cabinet.own_price().map(|own| own.cost).or(usual.map(|price| price.cost(0, 1, 1000)));
        let wanted = wanted.ok_or_else(|| format!("the cabinet {id} has no price"))?.as_minor();
        let paid: Vec<u64> = paid_for(edges, "cabinet", &id, book).collect();
        match paid.iter().all(|cost| *cost == wanted) {
            true if paid.is_empty() => missing += 1,
            true => {}
            false => return Err(format!("the cabinet {id} does not cost {:.2} in the graph", wanted as f64 / 100.0)),
        }
    }
    if missing > unreached {
        return Err(format!("{missing} cabinets are not in the graph, and {unreached} are said to be out of reach"));
    }
    let parts = |kind| built_parts(edges, kind).map(|part| part.origin.as_str()).collect();
    let there: [std::collections::BTreeSet<&str>; 2] = [parts("opening"), parts("cabinet")];
    for one in &summary.places {
        if there[one.kind as usize].contains(one.id.as_str()) != one.used {
            return Err(format!("the summary and what is built do not agree on whether the plan has {}", one.id));
        }
    }
    if there.iter().map(std::collections::BTreeSet::len).sum::<usize>()
        != summary.places.iter().filter(|p| p.used).count()
    {
        return Err("a point of presence or cabinet is built that the summary does not name".to_owned());
    }
    Ok(format!(
        "{told}; {} of {} cabinets are reached and paid",
        scenario.cabinets.len() - missing as usize,
        scenario.cabinets.len()
    ))
}

pub(super) fn built_parts<'a>(edges: &'a [EdgeRow], kind: &'static str) -> impl Iterator<Item = &'a PartRow> {
    edges.iter().filter(|edge| edge.built).flat_map(|edge| &edge.parts).filter(move |part| part.kind == kind)
}

/// What the parts of a kind and origin cost.
pub(super) fn paid_for<'a>(
    edges: &'a [EdgeRow],
    kind: &'a str,
    id: &'a str,
    book: &'a CostBook,
) -> impl Iterator<Item = u64> {
    let parts = edges.iter().flat_map(|edge| &edge.parts).filter(move |part| part.kind == kind && part.origin == id);
    parts.map(|part| {
        let each = book
            .price_id(&part.price)
            .map_or(0, |price| book.price(price).cost(0, part.count, part.permille).as_minor());
        each.saturating_add(part.lump)
    })
}

/// Every way from the root into a point of presence must carry what opening it costs.
pub(super) fn openings_hold(
    openings: &[(String, u64)],
    edges: &[EdgeRow],
    summary: &breiband_model::Summary,
) -> Result<String, String> {
    let off_map = summary.issues.get("handover-off-map").copied().unwrap_or(0);
    let (mut missing, mut opened) = (0, 0);
    for (id, cost) in openings {
        let of = |edge: &EdgeRow, kind: &str| edge.parts.iter().any(|part| part.kind == kind && part.origin == *id);
        let Some(door) = edges.iter().find(|edge| of(edge, "opening")) else {
            missing += 1;
            continue;
        };
        opened += u64::from(door.built);
        let place = if door.tail == 0 { door.head } else { door.tail };
        let ways = edges.iter().filter(|edge| [(0, place), (place, 0)].contains(&(edge.tail, edge.head)));
        if ways.clone().count() == 0 || ways.clone().any(|edge| !of(edge, "opening") || edge.cost != *cost) {
            return Err(format!("a way into the point of presence {id} does not cost {:.2}", *cost as f64 / 100.0));
        }
        if edges.iter().any(|edge| of(edge, "handover") && edge.tail != place && edge.head != place) {
            return Err(format!("a line from the point of presence {id} begins elsewhere"));
        }
    }
    if missing > off_map {
        return Err(format!(
            "{missing} points of presence are not in the graph, and {off_map} are said to be off the map"
        ));
    }
    Ok(format!("{opened} of {} points of presence are opened and paid", openings.len()))
}

/// The vertices that no path passes through.
pub(super) fn sinks(demand: &[DemandRow], cabinets: &[u32]) -> Vec<u32> {
    let mut sinks: Vec<u32> = demand.iter().filter_map(|d| d.vertex).chain(cabinets.iter().copied()).collect();
    sinks.sort_unstable();
    sinks.dedup();
    sinks
}
