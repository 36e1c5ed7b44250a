//! Support areas as the optimiser and the check see them: groups of terminals that are built whole or not at all.

use std::collections::{BTreeMap, BTreeSet};

use breiband_model::{CandidateNetwork, Demand, Eligibility, Region, Scenario, SupportScheme};
use breiband_programme::support_areas;

/// The scenario's scheme, where it takes areas whole and the goal is a place on the cost–coverage curve: the cheapest
/// technology for each takes no areas whole.
pub(crate) fn scheme(scenario: &Scenario) -> Option<&SupportScheme> {
    let on_curve = scenario.goal.count().is_some() && !scenario.goal.is_cheapest();
    scenario.support.as_ref().filter(|scheme| scheme.whole && on_curve)
}

/// The areas' terminals by vertex, where the scenario's scheme takes areas whole and its goal leaves anybody out. A building
/// entry that two areas share belongs to the first.
pub(crate) fn groups(network: &CandidateNetwork, region: &Region, scenario: &Scenario) -> Option<Vec<Vec<u32>>> {
    let scheme = scheme(scenario)?;
    let areas = support_areas(region, scheme, |_| scheme.delivers_mbps);
    let mut groups = vec![Vec::new(); areas.names.len()];
    let mut taken = vec![false; network.terminals.len()];
    for (demand, (eligibility, area)) in network.demand.iter().zip(&areas.premises) {
        if let (Demand::Terminal(t), Eligibility::Eligible, Some(area)) = (demand, eligibility, area)
            && !std::mem::replace(&mut taken[*t as usize], true)
        {
            groups[*area as usize].push(network.terminals[*t as usize].vertex.as_u32());
        }
    }
    groups.retain(|group: &Vec<u32>| !group.is_empty());
    Some(groups)
}

/// How many of the groups with anybody to connect are built by these edges, and how many there are. Who counts nothing by the
/// goal, as a school does among homes, is built with the group or not.
pub(crate) fn count(network: &CandidateNetwork, groups: &[Vec<u32>], unreachable: &[u32], edges: &[u32]) -> [u64; 2] {
    let mut held = vec![false; network.vertices.len()];
    for &edge in edges {
        let edge = &network.edges[edge as usize];
        (held[edge.tail.index()], held[edge.head.index()]) = (true, true);
    }
    let lost = |v: &u32| unreachable.binary_search(v).is_ok();
    let reachable = |group: &&Vec<u32>| !group.iter().all(lost);
    let built = |group: &&Vec<u32>| group.iter().all(|v| lost(v) || held[*v as usize]);
    let all = groups.iter().filter(reachable);
    [all.clone().filter(built).count() as u64, all.count() as u64]
}

/// Checks that each area is built whole or not at all. `state` has, for each premises that could be connected, its building
/// entry and whether it is.
pub(crate) fn whole(
    region: &Region,
    scenario: &Scenario,
    said: [u64; 2],
    state: &BTreeMap<&str, (u32, bool)>,
) -> Result<String, String> {
    let scheme = scenario.support.as_ref().ok_or("the summary speaks of areas, and the scenario has no [support]")?;
    let areas = support_areas(region, scheme, |_| scheme.delivers_mbps);
    let mut found: Vec<Option<bool>> = vec![None; areas.names.len()];
    let mut taken = BTreeSet::new();
    for (premises, (eligibility, area)) in region.premises.iter().zip(&areas.premises) {
        let (Eligibility::Eligible, Some(area)) = (eligibility, area) else { continue };
        let Some(&(entry, connected)) = state.get(premises.external_id.as_str()) else { continue };
        if !taken.insert(entry) {
            continue;
        }
        match &mut found[*area as usize] {
            Some(other) if *other != connected => {
                return Err(format!("the area {:?} is built in part", areas.names[*area as usize]));
            }
            here => *here = Some(connected),
        }
    }
    let built = [Some(true), Some(false)].map(|state| found.iter().filter(|one| **one == state).count() as u64);
    match said == [built[0], built[0] + built[1]] {
        true => Ok(format!("{} of {} areas are built, each as a whole", said[0], said[1])),
        false => Err(format!("{built:?} areas are built and not, and the summary says {} of {}", said[0], said[1])),
    }
}
