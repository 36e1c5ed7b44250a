//! A goal that leaves premises out, answered at once from a plan that leaves out nobody: those of its branches that are worth
//! it.

use std::collections::BTreeMap;

use breiband_certificate::Certificate;
use breiband_model::{CandidateNetwork, CostBook, Region, Scenario, Staged};
use breiband_steiner::{Aim, Curve, Line, Point};

use crate::goal::{Weigh, aim};
use crate::{Plan, again};

/// The scenario's goal as a choice among the branches of `plan`, which connects everybody over the candidates of the scenario.
///
/// At a rate, what one of the weight is worth, the branches to keep are found from the leaves to the root; the rate is halved
/// in on until the goal's budget or share is met. Potentials cut down to what their terminals are worth at a rate load no arc
/// more than before, and so prove a line for that rate. `None` where the goal wants everybody or more than its budget can
/// reach, and where the certificate begins elsewhere than all networks do. Some forty passes over the plan's tree.
pub fn from_branches(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    plan: &Staged<Plan>,
) -> Option<Staged<Plan>> {
    if plan.value.route.choice.is_some() || plan.value.certificate.root() != CandidateNetwork::ROOT.as_u32() {
        return None;
    }
    let network = &plan.value.network;
    let weigh = Weigh::new(scenario, book);
    let tree = Tree::of(network, &plan.value, |terminal| weigh.terminal(network, region, terminal));
    let aim = aim(&scenario.goal, tree.weight)?;
    let mut looked: BTreeMap<u64, Point> = BTreeMap::new();
    // Whether a higher rate is nearer to what the goal wants.
    let mut is_low = |rate: u64| {
        let point = looked.entry(rate).or_insert_with(|| tree.at(rate));
        match aim {
            Aim::Budget(budget) => point.cost <= budget,
            Aim::Missed(most) => point.missed_weight > most,
            Aim::Rate(_) | Aim::Curve => false,
        }
    };
    if let Aim::Rate(rate) = aim {
        is_low(rate);
    } else {
        // Nobody is worth nothing; at the most that money can be, everybody is.
        let (mut low, mut high) = (0, 1_u64 << 50);
        is_low(high);
        while is_low(low) && high - low > 1 {
            let middle = low + (high - low) / 2;
            *(if is_low(middle) { &mut low } else { &mut high }) = middle;
        }
    }
    let lines = looked.keys().map(|&rate| tree.line(rate, &plan.value.certificate)).collect();
    // A higher rate keeps what a lower one does.
    let mut points: Vec<Point> = looked.into_values().collect();
    points.dedup();
    let curve = Curve { points, lines, unreachable: tree.unreachable, weight: tree.weight };
    again::from_curve(region, scenario, book, plan, &curve)
}

/// A plan's tree with what its terminals count.
struct Tree {
    /// Vertices from the root outwards, each with the place of its parent in this list, the edge from it and that edge's cost.
    order: Vec<(usize, u32, u64)>,
    /// What each of them counts, in the same order: none where it must be connected.
    weights: Vec<Option<u64>>,
    /// The terminals' vertices with what they count; of those that the tree reaches.
    terminals: Vec<(u32, Option<u64>, usize)>,
    unreachable: Vec<u32>,
    weight: u64,
}

impl Tree {
    fn of(network: &CandidateNetwork, plan: &Plan, weigh: impl Fn(&breiband_model::Terminal) -> Option<u64>) -> Self {
        let mut at: Vec<Vec<(usize, u32)>> = vec![Vec::new(); network.vertices.len()];
        for edge in &plan.route.edges {
            let ends = &network.edges[edge.index()];
            at[ends.tail.index()].push((ends.head.index(), edge.as_u32()));
            at[ends.head.index()].push((ends.tail.index(), edge.as_u32()));
        }
        let root = CandidateNetwork::ROOT.index();
        let mut places = vec![usize::MAX; network.vertices.len()];
        places[root] = 0;
        let (mut order, mut vertices) = (vec![(0, 0, 0)], vec![root]);
        let mut next = 0;
        while let Some(&vertex) = vertices.get(next) {
            for &(other, edge) in &at[vertex] {
                if places[other] == usize::MAX {
                    places[other] = vertices.len();
                    vertices.push(other);
                    order.push((next, edge, network.edges[edge as usize].cost.as_minor()));
                }
            }
            next += 1;
        }
        let mut weights = vec![Some(0); vertices.len()];
        let (mut terminals, mut unreachable) = (Vec::new(), Vec::new());
        let cabinets = network.cabinets.iter().filter_map(|cabinet| cabinet.vertex).map(|vertex| (vertex, None));
        for (vertex, counts) in network.terminals.iter().map(|one| (one.vertex, weigh(one))).chain(cabinets) {
            let place = places[vertex.index()];
            if place == usize::MAX {
                unreachable.push(vertex.as_u32());
            } else {
                weights[place] = counts;
                terminals.push((vertex.as_u32(), counts, place));
            }
        }
        unreachable.sort_unstable();
        terminals.sort_unstable();
        let weight = terminals.iter().filter_map(|one| one.1).sum();
        Self { order, weights, terminals, unreachable, weight }
    }

    /// The branches that are worth what they cost at a rate.
    fn at(&self, rate: u64) -> Point {
        let worth = |counts: &Option<u64>| counts.map(|counts| u128::from(counts) * u128::from(rate));
        // None where something behind must be connected.
        let mut gains: Vec<Option<u128>> = self.weights.iter().map(worth).collect();
        let mut is_kept = vec![true; self.order.len()];
        for place in (1..self.order.len()).rev() {
            let (parent, _, cost) = self.order[place];
            match gains[place] {
                None => gains[parent] = None,
                Some(gain) if gain > u128::from(cost) => {
                    gains[parent] = gains[parent].map(|sum| sum + gain - u128::from(cost));
                }
                Some(_) => is_kept[place] = false,
            }
        }
        let mut point = Point { edges: Vec::new(), cost: 0, missed: Vec::new(), missed_weight: 0 };
        for place in 1..self.order.len() {
            let (parent, edge, cost) = self.order[place];
            is_kept[place] &= is_kept[parent];
            if is_kept[place] {
                point.edges.push(edge);
                point.cost += cost;
            }
        }
        point.edges.sort_unstable();
        for &(vertex, counts, place) in &self.terminals {
            if let Some(counts) = counts.filter(|&counts| counts > 0 && !is_kept[place]) {
                point.missed.push(vertex);
                point.missed_weight += counts;
            }
        }
        point
    }

    /// What the potentials of everybody's certificate still prove where a terminal may be missed at a rate.
    fn line(&self, rate: u64, certificate: &Certificate) -> Line {
        let bound = certificate.blocks().map(|(terminal, vertices, potentials)| {
            let own = vertices.binary_search(&terminal).map_or(0, |at| potentials[at]);
            own.min(self.most(terminal, rate))
        });
        Line { scale: 1, rate, bound: bound.fold(0, u64::saturating_add), certificate: None }
    }

    /// The most that a terminal's potential may be at a rate.
    fn most(&self, terminal: u32, rate: u64) -> u64 {
        let known = self.terminals.binary_search_by_key(&terminal, |one| one.0);
        let counts = known.map_or(Some(0), |at| self.terminals[at].1);
        counts.map_or(u64::MAX, |counts| counts.saturating_mul(rate))
    }
}

#[cfg(test)]
mod tests {
    use breiband_certificate::{Instance, check};
    use breiband_model::{Context, Goal, Silent, VertexKind};

    use super::*;

    #[test]
    fn branches_for_a_goal_are_sound_and_their_lines_are_proven_by_certificates() {
        let files = crate::generate(&crate::Recipe { premises: 250, seed: 6, ..crate::Recipe::default() });
        let (mut scenario, sources) = crate::scenario_of(&files).expect("a scenario");
        let mut silent = Silent;
        let mut context = Context::new(&mut silent);
        let region = crate::import(&sources, &scenario.options, &mut context).expect("a region");
        let book = CostBook::example();
        let plan = crate::plan(&region, &scenario, &book, &mut context).expect("a plan");
        let must = &region.value.premises[7].external_id;
        scenario.options.include = vec![must.clone()];
        let (threshold_mbps, count) = (scenario.goal.threshold_mbps(), Default::default());
        let goals = [
            Goal::Budget { threshold_mbps, count, budget: plan.value.summary.cost / 2.0 },
            Goal::Budget { threshold_mbps, count, budget: plan.value.summary.cost * 2.0 },
            Goal::Coverage { threshold_mbps, count, share: 0.8 },
            Goal::Worthwhile { threshold_mbps, count, value: 40_000.0 },
        ];
        for goal in goals {
            let other = Scenario { goal, ..scenario.clone() };
            let first = from_branches(&region.value, &other, &book, &plan).expect("a first answer").value;
            let best = crate::plan(&region, &other, &book, &mut context).expect("a plan").value;
            let [ours, whole] = [&first, &best].map(|plan| plan.route.choice.clone().expect("the goal chose"));
            assert_eq!(ours.wanted, whole.wanted);
            let [scale, rate, bound] = ours.line.map(u128::from);
            for (plan, choice) in [(&first, &ours), (&best, &whole)] {
                let missed = u128::from(choice.wanted - choice.connected);
                assert!(scale * u128::from(plan.route.cost.as_minor()) + rate * missed >= bound, "{:?}", other.goal);
            }
            assert!(ours.connected <= whole.most || first.route.cost > best.route.cost);
            match other.goal {
                Goal::Budget { budget, .. } => {
                    assert!(first.summary.cost <= budget);
                    let all = budget > plan.value.summary.cost;
                    assert!(!all || ours.connected == ours.wanted);
                    assert!(ours.connected * 2 > ours.wanted, "half of the money reaches more than half");
                }
                Goal::Coverage { .. } => assert!(ours.connected * 10 >= ours.wanted * 8),
                _ => {}
            }
            let edges: Vec<u32> = first.route.edges.iter().map(|edge| edge.as_u32()).collect();
            let reached = crate::route::reached_from_root(&first.network, &edges).into_iter().flatten().count();
            assert_eq!(reached, edges.len() + 1, "a tree");
            // The line's own certificate, written out and given to the checker.
            let weigh = Weigh::new(&other, &book);
            let network = &plan.value.network;
            let tree = Tree::of(network, &plan.value, |one| weigh.terminal(network, &region.value, one));
            let root = CandidateNetwork::ROOT.as_u32();
            let mut certificate = Certificate::new(root);
            for (terminal, vertices, potentials) in plan.value.certificate.blocks() {
                let most = tree.most(terminal, ours.line[1]);
                let cut = potentials.iter().map(|&potential| potential.min(most));
                certificate.push(terminal, vertices.iter().copied().zip(cut));
            }
            let edges: Vec<(u32, u32, u64)> =
                network.edges.iter().map(|e| (e.tail.as_u32(), e.head.as_u32(), e.cost.as_minor())).collect();
            let prize = |counts: Option<u64>| counts.map(|counts| counts * ours.line[1]);
            let terminals: Vec<_> = tree.terminals.iter().map(|one| (one.0, prize(one.1))).collect();
            let vertices = network.vertices.len() as u32;
            let is_sink = |&v: &u32| network.vertices[v as usize].kind == VertexKind::Premises;
            let sinks: Vec<u32> = (0..vertices).filter(is_sink).collect();
            let instance = Instance { vertices, edges: &edges, root, terminals: &terminals, sinks: &sinks };
            assert_eq!(check(&instance, &certificate).expect("it holds"), ours.line[2]);
        }
        let everybody = Scenario { goal: Goal::Connect { threshold_mbps }, ..scenario };
        assert!(from_branches(&region.value, &everybody, &book, &plan).is_none());
    }
}
