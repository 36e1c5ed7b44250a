//! The plan as a rooted tree: what hangs on what, who is behind it, on whose ground it lies, and the branches worth a contract.

use breiband_model::{
    CandidateNetwork, CostBook, Demand, DropPolicy, EdgeId, Money, PremisesId, ProgrammeSettings, Region, RoutePlan,
    VertexId, VertexKind,
};
use breiband_spatial::Territories;

use crate::owners::{ByOwner, Owner};

/// A stretch of the tree.
#[derive(Debug, Clone)]
pub(crate) struct Stretch {
    pub(crate) edge: EdgeId,
    /// What it hangs on, if it does not begin at the root.
    pub(crate) after: Option<usize>,
    /// Premises at its far end.
    pub(crate) premises: Vec<PremisesId>,
    /// The vertex there.
    far: VertexId,
}

/// A stretch, and what is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Branch {
    pub(crate) edge: EdgeId,
    pub(crate) after: Option<usize>,
    /// What building it costs; running is no part of a programme's money.
    pub(crate) cost: u64,
    pub(crate) length_mm: u64,
    /// Whether it waits for a signature: its cost is in no job.
    pub(crate) later: bool,
    /// Whether it leads to no premises but to a cabinet: it is built and paid with what it hangs on.
    pub(crate) passed: bool,
    /// Premises at its far end.
    pub(crate) premises: Vec<PremisesId>,
    /// Premises behind it, by municipality.
    pub(crate) behind: ByOwner<u64>,
    /// Cost and length by the municipality whose ground it lies on.
    pub(crate) ground: ByOwner<(u64, u64)>,
}

impl Branch {
    /// A part of its cost by who is behind it, exact. What leads to a cabinet that nobody hangs on is caused by no
    /// municipality.
    pub(crate) fn caused(&self, cost: u64) -> Vec<(Owner, u64)> {
        if self.behind.is_empty() {
            return vec![(None, cost)];
        }
        let weights: Vec<u64> = self.behind.values().copied().collect();
        let parts = Money::from_minor(cost).split(&weights);
        self.behind.owners().zip(parts.into_iter().map(Money::as_minor)).collect()
    }
}

/// The stretches of a plan, each after what it hangs on.
pub(crate) fn stretches(network: &CandidateNetwork, route: &RoutePlan) -> Vec<Stretch> {
    let mut around: Vec<(VertexId, EdgeId)> = Vec::with_capacity(2 * route.edges.len());
    for &id in &route.edges {
        let edge = &network.edges[id.index()];
        around.extend([(edge.tail, id), (edge.head, id)]);
    }
    around.sort_unstable();
    let mut dropped: Vec<(VertexId, PremisesId)> = Vec::new();
    for (index, demand) in network.demand.iter().enumerate() {
        if let (Demand::Terminal(t), Some(_)) = (demand, route.outcomes[index].drop) {
            dropped.push((network.terminals[*t as usize].vertex, PremisesId::from_usize(index)));
        }
    }
    dropped.sort_unstable();
    let mut stretches: Vec<Stretch> = Vec::with_capacity(route.edges.len());
    let mut seen = vec![false; network.edges.len()];
    let (mut vertex, mut after) = (CandidateNetwork::ROOT, None);
    loop {
        for id in listed(&around, vertex) {
            if std::mem::replace(&mut seen[id.index()], true) {
                continue;
            }
            let edge = &network.edges[id.index()];
            let far = if edge.tail == vertex { edge.head } else { edge.tail };
            stretches.push(Stretch { edge: id, after, premises: listed(&dropped, far).collect(), far });
        }
        let next = after.map_or(0, |at| at + 1);
        let Some(stretch) = stretches.get(next) else { return stretches };
        (vertex, after) = (stretch.far, Some(next));
    }
}

/// What stands beside a vertex in a sorted list.
fn listed<T: Copy>(list: &[(VertexId, T)], vertex: VertexId) -> impl Iterator<Item = T> {
    let begins = list.partition_point(|entry| entry.0 < vertex);
    list[begins..].iter().take_while(move |entry| entry.0 == vertex).map(|entry| entry.1)
}

/// The branches of a plan, each after what it hangs on.
pub(crate) fn branches(
    region: &Region,
    book: &CostBook,
    network: &CandidateNetwork,
    route: &RoutePlan,
    settings: &ProgrammeSettings,
) -> Vec<Branch> {
    let territories = Territories::new(&region.municipalities);
    let branch = |Stretch { edge: id, after, premises, far }: Stretch| {
        let edge = &network.edges[id.index()];
        let mut ground: ByOwner<(u64, u64)> = ByOwner::default();
        for part in network.built_parts_of(edge) {
            for (owner, mm, cost) in territories.paid(network, edge, part, network.cost_of(part, book)) {
                let entry = ground.of(owner);
                entry.0 += cost.as_minor();
                entry.1 += mm;
            }
        }
        let signed = |id: &PremisesId| region.premises_of(*id).signed_up == Some(true);
        let drop = network.vertices[far.index()].kind == VertexKind::Premises;
        Branch {
            edge: id,
            after,
            cost: edge.building().as_minor(),
            length_mm: ground.values().map(|g| g.1).sum(),
            later: settings.drops == DropPolicy::WhenSigned && drop && !premises.iter().any(signed),
            premises,
            passed: false,
            behind: ByOwner::default(),
            ground,
        }
    };
    let mut branches: Vec<Branch> = stretches(network, route).into_iter().map(branch).collect();
    for at in (0..branches.len()).rev() {
        let mut behind = std::mem::take(&mut branches[at].behind);
        for &id in &branches[at].premises {
            *behind.of(region.premises_of(id).municipality) += 1;
        }
        if let Some(after) = branches[at].after {
            for (municipality, count) in behind.iter() {
                *branches[after].behind.of(municipality) += count;
            }
        }
        branches[at].behind = behind;
    }
    // What leads to a cabinet alone is caused by those behind what it hangs on; from the root itself, by everybody.
    let mut everybody: ByOwner<u64> = ByOwner::default();
    for &id in branches.iter().flat_map(|branch| &branch.premises) {
        *everybody.of(region.premises_of(id).municipality) += 1;
    }
    for at in 0..branches.len() {
        if branches[at].behind.is_empty() {
            let above = branches[at].after.map(|after| branches[after].behind.clone());
            (branches[at].behind, branches[at].passed) = (above.unwrap_or_else(|| everybody.clone()), true);
        }
    }
    branches
}

/// The job of each branch, and the branch each job begins with. Without a least cost every branch is a job.
pub(crate) fn jobs(branches: &[Branch], least: Option<u64>) -> (Vec<usize>, Vec<usize>) {
    let mut gathered: Vec<u64> = branches.iter().map(|b| if b.later { 0 } else { b.cost }).collect();
    let mut begins = vec![false; branches.len()];
    for at in (0..branches.len()).rev() {
        begins[at] = match (least, branches[at].after) {
            (_, Some(after)) if branches[at].passed => {
                gathered[after] += gathered[at];
                false
            }
            (None, _) | (_, None) => true,
            (Some(least), Some(after)) => {
                let enough = gathered[at] >= least.max(1);
                if !enough {
                    gathered[after] += gathered[at];
                }
                enough
            }
        };
    }
    let mut job_of = vec![0; branches.len()];
    let mut first = Vec::new();
    for (at, branch) in branches.iter().enumerate() {
        job_of[at] = match branch.after {
            Some(after) if !begins[at] => job_of[after],
            _ => {
                first.push(at);
                first.len() - 1
            }
        };
    }
    (job_of, first)
}
