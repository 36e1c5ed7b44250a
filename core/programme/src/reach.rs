//! What it costs to bring the network to somebody whom the plan leaves out.

use breiband_graph::{Csr, Dijkstra};
use breiband_model::{CandidateNetwork, Demand, EdgeId, Money, RoutePlan, VertexKind};

/// By premises: of one that could be connected and is not, the building that would bring the plan's network to it alone, the cheapest
/// way there is; else nothing. The others' costs stay as they are, so neighbours who come along share most of it.
///
/// One search from everything that is built, through nobody's house: O(m log n); none where the plan leaves nobody out.
pub(crate) fn reach(network: &CandidateNetwork, route: &RoutePlan) -> Vec<Money> {
    let mut costs = vec![Money::ZERO; route.outcomes.len()];
    let left_out = |at: usize| match network.demand[at] {
        Demand::Terminal(t) if route.outcomes[at].drop.is_none() => Some(network.terminals[t as usize].vertex.as_u32()),
        _ => None,
    };
    if (0..costs.len()).all(|at| left_out(at).is_none()) {
        return costs;
    }
    let is_house = |v: u32| network.vertices[v as usize].kind == VertexKind::Premises;
    let ends = |id: &EdgeId| {
        let edge = &network.edges[id.index()];
        [edge.tail.as_u32(), edge.head.as_u32()]
    };
    let mut built: Vec<u32> = route.edges.iter().flat_map(ends).filter(|&v| !is_house(v)).collect();
    built.push(CandidateNetwork::ROOT.as_u32());
    built.sort_unstable();
    built.dedup();
    let edges: Vec<(u32, u32, u64)> = (network.edges.iter())
        .map(|edge| (edge.tail.as_u32(), edge.head.as_u32(), edge.building().as_minor()))
        .collect();
    let Ok(graph) = Csr::new(network.vertices.len() as u32, &edges) else { return costs };
    let mut search = Dijkstra::new(&graph);
    search.run_filtered(&graph, &built, |tail, _| !is_house(tail));
    for (at, cost) in costs.iter_mut().enumerate() {
        *cost = left_out(at).and_then(|v| search.distance(v)).map_or(Money::ZERO, Money::from_minor);
    }
    costs
}
