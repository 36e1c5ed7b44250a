//! Checks of what is proven: the certificate against the graph as it was written.

use std::collections::BTreeMap;

use breiband_certificate::{Certificate, Instance, check};
use breiband_graph::UnionFind;
use breiband_model::{CostBook, Scenario};

use super::built::{cabinets, sinks, vertex_count};
use super::equal;
use crate::goal;
use crate::proof::{DemandRow, EdgeRow};

/// What a certificate proves, and what it means for this plan.
pub(super) struct Proven {
    /// Of every network: `scale · cost + rate · missed weight` is at least this.
    pub(super) at_line: u64,
    /// What a network costs at least that misses no more than this one.
    pub(super) cost: u64,
    /// What this one misses, and what it could.
    pub(super) missed: (u64, u64),
}

/// Holds what is said of who is left out against what was proven, and the goal against the plan.
pub(super) fn choice_holds(
    choice: &breiband_model::Choice,
    scenario: &Scenario,
    at_line: u64,
    (missed, wanted): (u64, u64),
    cost: u64,
) -> Result<String, String> {
    let [scale, rate, said] = choice.line;
    if said != at_line {
        return Err(format!("the certificate proves {at_line} at the rate {rate}, and the summary says {said}"));
    }
    let minor = |major: f64| (major * 100.0).round() as u64;
    let money = match scenario.goal {
        breiband_model::Goal::Budget { budget, .. } => minor(budget),
        _ => cost,
    };
    if cost > money {
        return Err(format!("the plan costs {:.2}, more than its budget", cost as f64 / 100.0));
    }
    if let breiband_model::Goal::Coverage { share, .. } = scenario.goal
        && ((wanted - missed) as f64) < share * wanted as f64 - 1e-6
    {
        return Err(format!("{} of {wanted} are connected, less than the share {share}", wanted - missed));
    }
    let paid = u128::from(scale) * u128::from(money);
    let least = u128::from(at_line).saturating_sub(paid).div_ceil(u128::from(rate.max(1)));
    let most = u128::from(wanted).saturating_sub(least) as u64;
    if [choice.wanted, choice.connected, choice.most] != [wanted, wanted - missed, most] {
        return Err(format!(
            "the files have {} of {wanted} connected and prove at most {most}, the summary says {} of {} and {}",
            wanted - missed,
            choice.connected,
            choice.wanted,
            choice.most
        ));
    }
    Ok(format!("{} of {wanted} are connected, and no network for the money connects more than {most}", wanted - missed))
}

/// Holds what the technologies cost together, and at least, against what was proven.
pub(super) fn mix_holds(
    mix: &breiband_model::MixSummary,
    summary: &breiband_model::Summary,
    scenario: &Scenario,
    book: &CostBook,
    demand: &[DemandRow],
    (at_line, bound, (missed, wanted)): (u64, u64, (u64, u64)),
    cost: u64,
) -> Result<String, String> {
    let (mut least, mut all) = (bound, cost);
    if let (true, Some(choice)) = (scenario.goal.is_cheapest(), &summary.choice) {
        let home = book.satellite_home().as_minor();
        let homes: u64 = demand.iter().filter(|row| row.reason == "satellite").filter_map(|row| row.weight).sum();
        let beyond =
            homes.checked_sub(missed).ok_or("more homes are missed by the network than satellites serve".to_owned())?;
        let [scale, rate, _] = choice.line;
        least = goal::least_value([scale, rate, at_line], home, wanted).saturating_add(home.saturating_mul(beyond));
        all = all.saturating_add(home.saturating_mul(homes));
    }
    let (least, all) = (least.min(all) as f64 / 100.0, all as f64 / 100.0);
    equal("what all technologies cost", all, mix.cost)?;
    equal("what they cost at least", least, mix.bound)?;
    Ok(format!("all technologies cost {all:.2}, and no mix of them that serves as many less than {least:.2}"))
}

/// Holds the certificate against the graph file. Terminals that no path from the root reaches are not asked for.
pub(super) fn bound(
    edges: &[EdgeRow],
    demand: &[DemandRow],
    certificate: &Certificate,
    [scale, rate, _]: [u64; 3],
) -> Result<Proven, String> {
    let mut weights: BTreeMap<u32, Option<u64>> = BTreeMap::new();
    for row in demand {
        if let Some(v) = row.vertex {
            let sum = weights.entry(v).or_insert(Some(0));
            *sum = sum.zip(row.weight).map(|(a, b)| a.saturating_add(b));
        }
    }
    let cabinets = cabinets(edges)?;
    weights.extend(cabinets.iter().map(|&v| (v, None)));
    let sinks = sinks(demand, &cabinets);
    // Terminals without any edge have numbers beyond the edges' ends.
    let vertices = vertex_count(edges).max(sinks.last().map_or(0, |v| v.saturating_add(1)));
    let mut sets = UnionFind::new(vertices);
    let sink = |v: u32| sinks.binary_search(&v).is_ok();
    for edge in edges.iter().filter(|e| !sink(e.tail) && !sink(e.head)) {
        sets.union(edge.tail, edge.head);
    }
    let mut reachable = Vec::new();
    for edge in edges {
        for (from, to) in [(edge.tail, edge.head), (edge.head, edge.tail)] {
            if sink(to) && !sink(from) && sets.same(0, from) {
                let weight = weights.get(&to).copied().flatten();
                reachable.push((to, weight.map(|w| w.saturating_mul(rate))));
            }
        }
    }
    reachable.sort_unstable();
    reachable.dedup();
    for row in demand.iter().filter(|d| d.status == "unreachable") {
        if row.vertex.is_some_and(|v| reachable.binary_search_by_key(&v, |r| r.0).is_ok()) {
            return Err(format!("premises {} is said to be unreachable, and the graph reaches it", row.premises));
        }
    }
    let triples: Vec<(u32, u32, u64)> = edges.iter().map(|e| (e.tail, e.head, e.cost.saturating_mul(scale))).collect();
    let instance = Instance { vertices, edges: &triples, root: 0, terminals: &reachable, sinks: &sinks };
    let at_line =
        check(&instance, certificate).map_err(|violation| format!("the certificate proves nothing: {violation}"))?;
    let mut built = UnionFind::new(vertices);
    for edge in edges.iter().filter(|e| e.built) {
        built.union(edge.tail, edge.head);
    }
    let mut missed = (0, 0);
    for (v, _) in &reachable {
        let weight = weights.get(v).copied().flatten();
        missed.1 += weight.unwrap_or(0);
        if !built.same(0, *v) {
            missed.0 +=
                weight.ok_or_else(|| format!("the premises or cabinet at vertex {v} must be connected, and is not"))?;
        }
    }
    let paid = u128::from(rate) * u128::from(missed.0);
    let cost = u128::from(at_line).saturating_sub(paid).div_ceil(u128::from(scale.max(1))) as u64;
    Ok(Proven { at_line, cost, missed })
}
