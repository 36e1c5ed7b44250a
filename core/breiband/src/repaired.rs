//! A plan over candidates that changed in places, at once: its lines and its proof as far as they hold, mended where they do
//! not.

mod bound;
mod lines;
#[cfg(test)]
mod tests;

use breiband_graph::Csr;
use breiband_model::{CandidateNetwork, CostBook, Edge, Region, Scenario, Staged};
use breiband_steiner::{Solution, Stats};

use crate::known::Names;
use crate::planner::summarised;
use crate::{Plan, route};

pub(crate) use lines::prune;

/// Of so many terminals one may come or go. Nothing is known of what new ones could pay for together but their own drops, nor
/// of what is left to pay for by those who stay, so that the bound is short by all that.
const MOST_CHANGED: usize = 10;

/// The plan over `network`, the candidates of `scenario`, that `before` comes to: what it builds stays where it may, and who is
/// cut off or new is joined to it by the shortest way (Dijkstra 1959). It is sound but no optimum: where a trunk could now go
/// another way, it does not.
///
/// The bound is that of the potentials of `before`, which hold on every line that costs no less than it did. On lines that are
/// new or cheaper, all who would rise share what the line costs, and each terminal's potentials are the highest that its shares
/// allow. `None` where a goal leaves premises out, or left them out, where the certificate begins elsewhere than all networks
/// do, and where so many came or went that a short search says more. It has no digest. O(n log n) in the size of the network,
/// and the proof is walked once.
pub fn repaired(
    region: &Staged<Region>,
    scenario: &Scenario,
    book: &CostBook,
    network: Staged<CandidateNetwork>,
    before: &Plan,
) -> Option<Staged<Plan>> {
    let chooses = scenario.goal.count().is_some() || scenario.goal.is_cheapest();
    if chooses || before.route.choice.is_some() || before.certificate.root() != CandidateNetwork::ROOT.as_u32() {
        return None;
    }
    let Staged { value: network, issues } = network;
    let names = Names::new(&before.network, &network);
    let ends = |edge: &Edge| (edge.tail.as_u32(), edge.head.as_u32(), edge.cost.as_minor());
    let graph = Csr::from_edges(network.vertices.len() as u32, network.edges.iter().map(ends).collect()).ok()?;
    let tree = lines::joined(&network, &names, &graph, before);
    let (certificate, changed) = bound::mended(&network, &names, &graph, before, &tree.unreachable);
    if changed > network.terminals.len() / MOST_CHANGED {
        return None;
    }
    let solution = Solution {
        cost: tree.edges.iter().map(|&edge| network.edges[edge as usize].cost.as_minor()).sum(),
        edges: tree.edges,
        bound: u64::try_from(certificate.claim()).ok()?,
        missed: Vec::new(),
        unreachable: tree.unreachable,
        certificate,
        stats: Stats::default(),
    };
    let route = route::plan_of(&network, &region.value, &solution);
    let issues = region.issues.iter().cloned().chain(issues).collect();
    Some(summarised(&region.value, scenario, book, network, issues, route, solution.certificate))
}
