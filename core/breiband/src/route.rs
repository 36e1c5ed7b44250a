//! Between fibre and graphs: the candidate network as the optimiser's instance, and its solution as a route plan.

use breiband_model::{
    CandidateNetwork, Demand, Edge, EdgeId, Goal, Money, PremisesOutcome, Reason, Region, RoutePlan, Status, Technology,
};
use breiband_steiner::{Instance, InstanceError, Solution, Terminal};

use crate::goal::Chosen;

/// The network as an instance: same vertex and edge numbers, premises as sinks, all to be connected.
pub(crate) fn instance(network: &CandidateNetwork) -> Result<Instance, InstanceError> {
    let required = |t: &breiband_model::Terminal| Terminal { vertex: t.vertex.as_u32(), prize: None };
    instance_with(network, network.terminals.iter().map(required).collect())
}

/// The network as an instance with other terminals, and the cabinets that every plan must reach.
pub(crate) fn instance_with(network: &CandidateNetwork, terminals: Vec<Terminal>) -> Result<Instance, InstanceError> {
    let cabinets = network.cabinets.iter().filter_map(|cabinet| cabinet.vertex);
    let required = cabinets.map(|vertex| Terminal { vertex: vertex.as_u32(), prize: None });
    instance_at(network, |_, edge| edge.cost, terminals.into_iter().chain(required).collect())
}

/// The network as an instance with other terminals and other costs.
pub(crate) fn instance_at(
    network: &CandidateNetwork,
    cost: impl Fn(EdgeId, &Edge) -> Money,
    terminals: Vec<Terminal>,
) -> Result<Instance, InstanceError> {
    let vertices = u32::try_from(network.vertices.len()).map_err(|_| InstanceError::TooLarge)?;
    let ends = |e: &Edge| (e.tail.as_u32(), e.head.as_u32());
    let priced = |(at, e)| (ends(e).0, ends(e).1, cost(EdgeId::from_usize(at), e).as_minor());
    let edges = network.edges.iter().enumerate().map(priced).collect();
    let sinks = (0..vertices).filter(|&v| network.vertices[v as usize].kind.is_sink()).collect();
    Instance::new(vertices, edges, CandidateNetwork::ROOT.as_u32(), terminals, sinks)
}

/// The solution as a plan: what becomes of each premises, and how far it is from the root.
pub(crate) fn plan_of(network: &CandidateNetwork, region: &Region, solution: &Solution) -> RoutePlan {
    let reached = reached_from_root(network, &solution.edges);
    let outcomes = (0..region.premises.len()).map(|i| outcome(network, &reached, Reason::NoHandover, i)).collect();
    RoutePlan {
        edges: solution.edges.iter().map(|&e| EdgeId::new(e)).collect(),
        outcomes,
        cost: Money::from_minor(solution.cost),
        bound: Money::from_minor(solution.bound),
        choice: None,
    }
}

/// A choice of whom to connect as a plan; `unreachable` are the sinks that nothing reaches, ascending. `by_satellite` says
/// which premises a satellite serves where no network does.
pub(crate) fn plan_of_chosen(
    network: &CandidateNetwork,
    region: &Region,
    goal: &Goal,
    chosen: &Chosen,
    unreachable: &[u32],
    by_satellite: impl Fn(usize) -> bool,
) -> RoutePlan {
    let reached = reached_from_root(network, &chosen.edges);
    let left_out = match goal {
        Goal::Connect { .. } => Reason::NoHandover,
        Goal::Worthwhile { .. } => Reason::NotWorthwhile,
        Goal::Cheapest { .. } => Reason::Satellite,
        Goal::Budget { .. } => Reason::OverBudget,
        Goal::Coverage { .. } => Reason::BeyondShare,
    };
    let why = |i: usize| match network.demand[i] {
        Demand::Terminal(t) if unreachable.binary_search(&network.terminals[t as usize].vertex.as_u32()).is_ok() => {
            Reason::NoHandover
        }
        _ => left_out,
    };
    RoutePlan {
        edges: chosen.edges.iter().map(|&e| EdgeId::new(e)).collect(),
        outcomes: (0..region.premises.len())
            .map(|i| {
                let found = outcome(network, &reached, why(i), i);
                let lacks = matches!(found.reason, Reason::NoWay | Reason::NoHandover | Reason::Satellite);
                if lacks && by_satellite(i) { SATELLITE } else { found }
            })
            .collect(),
        cost: Money::from_minor(chosen.cost),
        bound: Money::from_minor(chosen.bound),
        choice: Some(chosen.choice.clone()),
    }
}

/// What becomes of a premises that a satellite serves.
const SATELLITE: PremisesOutcome = PremisesOutcome {
    status: Status::Excluded,
    reason: Reason::Satellite,
    drop: None,
    distance_mm: 0,
    technology: Some(Technology::Satellite),
};

/// For each vertex of the chosen tree: its distance from the root in millimetres and the edge that leads to it.
pub(crate) fn reached_from_root(network: &CandidateNetwork, chosen: &[u32]) -> Vec<Option<(u64, Option<EdgeId>)>> {
    let mut starts = vec![0u32; network.vertices.len() + 1];
    let ends = |e: u32| {
        let edge = &network.edges[e as usize];
        [edge.tail.index(), edge.head.index()]
    };
    for &e in chosen {
        for v in ends(e) {
            starts[v + 1] += 1;
        }
    }
    for v in 0..network.vertices.len() {
        starts[v + 1] += starts[v];
    }
    let mut next = starts.clone();
    let mut incident = vec![0u32; chosen.len() * 2];
    for &e in chosen {
        for v in ends(e) {
            incident[next[v] as usize] = e;
            next[v] += 1;
        }
    }
    let mut reached = vec![None; network.vertices.len()];
    let root = CandidateNetwork::ROOT.index();
    if let Some(place) = reached.get_mut(root) {
        *place = Some((0, None));
    }
    let mut open = vec![root];
    while let Some(v) = open.pop() {
        let Some((distance, _)) = reached[v] else { continue };
        for &e in &incident[starts[v] as usize..starts[v + 1] as usize] {
            let [tail, head] = ends(e);
            let other = if tail == v { head } else { tail };
            if reached[other].is_none() {
                let length = network.edge_length(&network.edges[e as usize]);
                reached[other] = Some((distance + length, Some(EdgeId::new(e))));
                open.push(other);
            }
        }
    }
    reached
}

fn outcome(
    network: &CandidateNetwork,
    reached: &[Option<(u64, Option<EdgeId>)>],
    not_reached: Reason,
    premises: usize,
) -> PremisesOutcome {
    let (status, reason) = match network.demand[premises] {
        Demand::Terminal(t) => {
            if let Some((distance_mm, drop)) = reached[network.terminals[t as usize].vertex.index()] {
                let on_air = drop.is_some_and(|id| network.is_radio(&network.edges[id.index()]));
                let technology = Some(if on_air { Technology::Wireless } else { Technology::Fibre });
                return PremisesOutcome {
                    status: Status::Connected,
                    reason: Reason::InPlan,
                    drop,
                    distance_mm,
                    technology,
                };
            }
            let status = if not_reached == Reason::NoHandover { Status::Unreachable } else { Status::Excluded };
            (status, not_reached)
        }
        Demand::AlreadyServed => (Status::AlreadyServed, Reason::Service),
        Demand::ExcludedByScenario => (Status::Excluded, Reason::ByScenario),
        Demand::ExcludedKind => (Status::Excluded, Reason::Kind),
        Demand::ExcludedArea => (Status::Excluded, Reason::Area),
        Demand::NoWay => (Status::Unreachable, Reason::NoWay),
    };
    PremisesOutcome { status, reason, drop: None, distance_mm: 0, technology: None }
}
