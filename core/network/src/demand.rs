//! Who is to be connected: a decision for every premises, before any route is looked for.

use std::collections::BTreeSet;

use breiband_model::{Demand, Point, PremisesId, Region, Scenario};

use crate::ground::Ground;

/// A place where a drop is to end, and the premises behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sink {
    pub(crate) point: Point,
    pub(crate) premises: Vec<PremisesId>,
}

impl Sink {
    /// Homes behind it.
    pub(crate) fn homes(&self, region: &Region) -> u32 {
        self.premises.iter().fold(0, |sum, &p| region.premises_of(p).homes().saturating_add(sum))
    }
}

/// Decides for each premises; those that need it and share a drop point share a sink. Sinks are in the order of their first
/// premises.
pub(crate) fn decide(region: &Region, scenario: &Scenario, ground: &Ground<'_>) -> (Vec<Demand>, Vec<Sink>) {
    let threshold_mbps = scenario.goal.threshold_mbps();
    let options = &scenario.options;
    let excluded: BTreeSet<&str> = options.exclude.iter().map(String::as_str).collect();
    let included: BTreeSet<&str> = options.include.iter().map(String::as_str).collect();
    let mut demand = Vec::with_capacity(region.premises.len());
    let mut wanted = Vec::new();
    for (index, premises) in region.premises.iter().enumerate() {
        let point = premises.drop_point();
        demand.push(if !excluded.is_empty() && excluded.contains(premises.external_id.as_str()) {
            Demand::ExcludedByScenario
        } else if !included.is_empty() && included.contains(premises.external_id.as_str()) {
            wanted.push((point, PremisesId::from_usize(index)));
            Demand::NoWay
        } else if options.exclude_kinds.contains(&premises.kind) {
            Demand::ExcludedKind
        } else if ground.excludes_premises(premises.point) {
            Demand::ExcludedArea
        } else if premises.service.as_ref().is_some_and(|s| s.down_mbps >= threshold_mbps) {
            Demand::AlreadyServed
        } else {
            wanted.push((point, PremisesId::from_usize(index)));
            Demand::NoWay
        });
    }
    wanted.sort_unstable();
    let mut sinks: Vec<Sink> = wanted
        .chunk_by(|a, b| a.0 == b.0)
        .map(|group| Sink { point: group[0].0, premises: group.iter().map(|w| w.1).collect() })
        .collect();
    sinks.sort_unstable_by_key(|sink| sink.premises[0]);
    (demand, sinks)
}
