//! A plan without some of its premises, at once: a first answer while the whole is planned anew.

use std::collections::BTreeSet;

use breiband_certificate::Certificate;
use breiband_model::{CostBook, Demand, Money, PremisesId, Region, Scenario, Staged};
use breiband_steiner::{Solution, Stats};

use crate::planner::finish;
use crate::repaired::prune;
use crate::{Plan, route};

/// `plan` with `left_out` not connected: what only they use is not built, everything else stays as it is, and the bound is
/// that of the others' potentials. It is sound but no optimum: where the trunk could now go another way, it does not.
/// `scenario` is the one that leaves them out. `None` where the certificate begins at one of them,
/// and where the goal chose whom to connect: it might choose others now.
///
/// Dropping a terminal's potential keeps every other rule of the certificate (loads only fall), so the bound holds; it holds
/// for the scenario's own candidates too, which are some of these. Linear in the size of the network.
pub fn without(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    plan: &Staged<Plan>,
    left_out: &BTreeSet<PremisesId>,
) -> Option<Staged<Plan>> {
    if plan.value.route.choice.is_some() {
        return None;
    }
    let mut network = plan.value.network.clone();
    for premises in left_out {
        *network.demand.get_mut(premises.index())? = Demand::ExcludedByScenario;
    }
    let mut gone = BTreeSet::new();
    let mut terminals = Vec::with_capacity(network.terminals.len());
    for mut terminal in std::mem::take(&mut network.terminals) {
        terminal.premises.retain(|premises| !left_out.contains(premises));
        if terminal.premises.is_empty() {
            gone.insert(terminal.vertex.as_u32());
            continue;
        }
        let position = u32::try_from(terminals.len()).ok()?;
        for premises in &terminal.premises {
            network.demand[premises.index()] = Demand::Terminal(position);
        }
        terminals.push(terminal);
    }
    network.terminals = terminals;
    let old = &plan.value.certificate;
    if gone.contains(&old.root()) {
        return None;
    }
    let mut certificate = Certificate::new(old.root());
    for (terminal, vertices, potentials) in old.blocks().filter(|block| !gone.contains(&block.0)) {
        certificate.push(terminal, vertices.iter().copied().zip(potentials.iter().copied()));
    }
    let mut edges: Vec<u32> = plan.value.route.edges.iter().map(|edge| edge.as_u32()).collect();
    prune(&network, &mut edges, network.required().map(|vertex| vertex.as_u32()));
    let cost: Money = edges.iter().map(|&edge| network.edges[edge as usize].cost).sum();
    let bound = u64::try_from(certificate.claim()).ok()?;
    let solution = Solution {
        edges,
        cost: cost.as_minor(),
        bound,
        missed: Vec::new(),
        unreachable: Vec::new(),
        certificate,
        stats: Stats::default(),
    };
    let route = route::plan_of(&network, region, &solution);
    Some(finish(region, scenario, book, network, plan.issues.clone(), route, solution.certificate))
}

#[cfg(test)]
mod tests {
    use breiband_certificate::{Instance, check};
    use breiband_model::{CandidateNetwork, Context, Silent, Status, VertexKind};

    use super::*;

    /// The certificate's own checker on the plan's network.
    fn checked(plan: &Plan) -> u64 {
        let network = &plan.network;
        let edges: Vec<(u32, u32, u64)> =
            network.edges.iter().map(|e| (e.tail.as_u32(), e.head.as_u32(), e.cost.as_minor())).collect();
        let terminals: Vec<_> = network.terminals.iter().map(|t| (t.vertex.as_u32(), None)).collect();
        let vertices = network.vertices.len() as u32;
        let is_sink = |&v: &u32| network.vertices[v as usize].kind == VertexKind::Premises;
        let sinks: Vec<u32> = (0..vertices).filter(is_sink).collect();
        let root = CandidateNetwork::ROOT.as_u32();
        let instance = Instance { vertices, edges: &edges, root, terminals: &terminals, sinks: &sinks };
        check(&instance, &plan.certificate).expect("the certificate holds")
    }

    #[test]
    fn what_is_left_is_sound_bounded_and_never_below_the_optimum() {
        let files = crate::generate(&crate::Recipe { premises: 300, seed: 4, ..crate::Recipe::default() });
        let (scenario, sources) = crate::scenario_of(&files).expect("a scenario");
        let mut silent = Silent;
        let mut context = Context::new(&mut silent);
        let region = crate::import(&sources, &scenario.options, &mut context).expect("a region");
        let book = CostBook::example();
        let plan = crate::plan(&region, &scenario, &book, &mut context).expect("a plan");
        let connected: Vec<PremisesId> = (0..region.value.premises.len())
            .filter(|&at| plan.value.route.outcomes[at].status == Status::Connected)
            .map(PremisesId::from_usize)
            .collect();
        for step in [1, 2, 7, 40] {
            let left_out: BTreeSet<PremisesId> = connected.iter().copied().step_by(step).skip(step / 2).collect();
            let mut other = scenario.clone();
            let ids = left_out.iter().map(|&id| region.value.premises_of(id).external_id.clone());
            other.options.exclude.extend(ids);
            let first = without(&region.value, &other, &book, &plan, &left_out).expect("a first answer").value;
            assert_eq!(checked(&first), first.route.bound.as_minor());
            assert!(first.route.bound <= first.route.cost && first.route.cost <= plan.value.route.cost);
            let still = plan.value.summary.connected - left_out.len() as u64;
            assert_eq!(first.summary.connected, still);
            // A tree: as many edges as vertices it reaches besides the root.
            let edges: Vec<u32> = first.route.edges.iter().map(|edge| edge.as_u32()).collect();
            let reached = route::reached_from_root(&first.network, &edges).into_iter().flatten().count();
            assert_eq!(reached, edges.len() + 1);
            if still > 0 {
                let best = crate::plan(&region, &other, &book, &mut context).expect("a plan").value;
                assert_eq!(best.summary.connected, still);
                assert!(
                    first.route.bound <= best.route.cost,
                    "a bound is a bound for the scenario's own candidates too"
                );
            } else {
                assert_eq!((first.route.cost, edges.len()), (Money::ZERO, 0));
            }
        }
    }
}
