//! The plan as a rooted tree: what hangs on what, who is behind it, on whose ground it lies, and the branches worth a contract.

use std::collections::BTreeMap;

use breiband_model::{
    CandidateNetwork, CostBook, Demand, DropPolicy, EdgeId, Money, MunicipalityId, PremisesId, ProgrammeSettings,
    Region, RoutePlan, VertexKind,
};
use breiband_spatial::Territories;

/// A stretch of the tree.
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
    pub(crate) behind: BTreeMap<Option<MunicipalityId>, u64>,
    /// Cost and length by the municipality whose ground it lies on.
    pub(crate) ground: BTreeMap<Option<MunicipalityId>, (u64, u64)>,
}

impl Branch {
    /// Its cost by who is behind it, exact. What leads to a cabinet that nobody hangs on is caused by no municipality.
    pub(crate) fn caused(&self) -> Vec<(Option<MunicipalityId>, u64)> {
        if self.behind.is_empty() {
            return vec![(None, self.cost)];
        }
        let weights: Vec<u64> = self.behind.values().copied().collect();
        let parts = Money::from_minor(self.cost).split(&weights);
        self.behind.keys().copied().zip(parts.into_iter().map(Money::as_minor)).collect()
    }
}

/// The branches of a plan, each after what it hangs on.
pub(crate) fn branches(
    region: &Region,
    book: &CostBook,
    network: &CandidateNetwork,
    route: &RoutePlan,
    settings: &ProgrammeSettings,
) -> Vec<Branch> {
    let mut around: BTreeMap<u32, Vec<EdgeId>> = BTreeMap::new();
    for &id in &route.edges {
        let edge = &network.edges[id.index()];
        around.entry(edge.tail.as_u32()).or_default().push(id);
        around.entry(edge.head.as_u32()).or_default().push(id);
    }
    let mut at_vertex: BTreeMap<u32, Vec<PremisesId>> = BTreeMap::new();
    for (index, demand) in network.demand.iter().enumerate() {
        if let (Demand::Terminal(t), Some(_)) = (demand, route.outcomes[index].drop) {
            let vertex = network.terminals[*t as usize].vertex.as_u32();
            at_vertex.entry(vertex).or_default().push(PremisesId::from_usize(index));
        }
    }
    let territories = Territories::new(&region.municipalities);
    let mut branches: Vec<Branch> = Vec::with_capacity(route.edges.len());
    let mut open = std::collections::VecDeque::from([(CandidateNetwork::ROOT.as_u32(), None::<usize>)]);
    let mut seen = vec![false; network.edges.len()];
    while let Some((vertex, after)) = open.pop_front() {
        for &id in around.get(&vertex).into_iter().flatten() {
            if std::mem::replace(&mut seen[id.index()], true) {
                continue;
            }
            let edge = &network.edges[id.index()];
            let far = if edge.tail.as_u32() == vertex { edge.head } else { edge.tail };
            let mut ground: BTreeMap<_, (u64, u64)> = BTreeMap::new();
            for part in network.built_parts_of(edge) {
                for (owner, mm, cost) in territories.paid(network, edge, part, network.cost_of(part, book)) {
                    let entry = ground.entry(owner).or_default();
                    entry.0 += cost.as_minor();
                    entry.1 += mm;
                }
            }
            let premises = at_vertex.get(&far.as_u32()).cloned().unwrap_or_default();
            let signed = |id: &PremisesId| region.premises_of(*id).signed_up == Some(true);
            let drop = network.vertices[far.index()].kind == VertexKind::Premises;
            open.push_back((far.as_u32(), Some(branches.len())));
            branches.push(Branch {
                edge: id,
                after,
                cost: edge.building().as_minor(),
                length_mm: ground.values().map(|g| g.1).sum(),
                later: settings.drops == DropPolicy::WhenSigned && drop && !premises.iter().any(signed),
                premises,
                passed: false,
                behind: BTreeMap::new(),
                ground,
            });
        }
    }
    for at in (0..branches.len()).rev() {
        let mut behind = std::mem::take(&mut branches[at].behind);
        for &id in &branches[at].premises {
            *behind.entry(region.premises_of(id).municipality).or_default() += 1;
        }
        if let Some(after) = branches[at].after {
            for (&municipality, &count) in &behind {
                *branches[after].behind.entry(municipality).or_default() += count;
            }
        }
        branches[at].behind = behind;
    }
    // What leads to a cabinet alone is caused by those behind what it hangs on; from the root itself, by everybody.
    let mut everybody: BTreeMap<Option<MunicipalityId>, u64> = BTreeMap::new();
    for &id in branches.iter().flat_map(|branch| &branch.premises) {
        *everybody.entry(region.premises_of(id).municipality).or_default() += 1;
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
