//! The shared server room: places scored by what reaching them twice costs, by the way from the public sites, and by what a
//! single failure cuts off.

use breiband_graph::{Csr, Dijkstra};
use breiband_model::{CandidateNetwork, Host, Money, Point, Policy, VertexKind};
use breiband_spatial::PointIndex;

use crate::build::Input;
use crate::units::{cents, tenths};

/// Hosts, the best first (ties: by id): the handovers and the policy's kinds of sites. A site stands at the place of the
/// candidates that is nearest to it. Paths follow everything that could be built, through nobody's house; what the plan builds
/// is free for them. What fails is looked for in all of it too: what is cut off is cut off however much is built.
///
/// Three searches a host, O(hosts × m log n).
pub(crate) fn hosts(input: &Input<'_>, policy: &Policy) -> Vec<Host> {
    let Some(ways) = Ways::new(input) else { return Vec::new() };
    let region = input.region;
    let sites: Vec<u32> = region
        .sites
        .iter()
        .filter(|site| policy.site(site.kind).is_some())
        .filter_map(|site| ways.nearest(site.point))
        .collect();
    let handovers =
        ways.vertices.iter().enumerate().filter_map(|(new, &v)| match input.network.vertices[v as usize].kind {
            VertexKind::Handover(id) => input.network.handovers.get(id.index()).map(|h| (h, new as u32)),
            _ => None,
        });
    let handovers: Vec<_> = handovers.collect();
    let doors: Vec<u32> = handovers.iter().map(|h| h.1).collect();
    let mut by_cost = Dijkstra::new(&ways.cost);
    let mut by_length = Dijkstra::new(&ways.length);
    let mut found = Vec::new();
    let mut score = |id: &str, name: &str, at: u32| {
        by_cost.run(&ways.cost, at);
        let Some((backbone, door)) = doors.iter().filter_map(|&d| Some((by_cost.distance(d)?, d))).min() else {
            return;
        };
        let mut used = vec![false; ways.cost.edge_count() as usize];
        by_cost.path(&ways.cost, door).for_each(|e| used[e as usize] = true);
        by_cost.run_filtered(&ways.cost, &[at], |_, arc| !used[arc.edge as usize]);
        // Another handover, so that one may fail; where there is only one, another way to it.
        let other = |d: &&u32| **d != door || (doors.len() == 1 && door != at);
        let second = doors.iter().filter(other).filter_map(|&d| by_cost.distance(d)).min();
        by_length.run(&ways.length, at);
        let reached: Vec<u64> = sites.iter().filter_map(|&site| by_length.distance(site)).collect();
        let mean =
            if reached.is_empty() { 0.0 } else { reached.iter().sum::<u64>() as f64 / 1e3 / reached.len() as f64 };
        let cut = worst_cut(&ways.length, at, &sites);
        let room = &policy.server_room;
        let major = |minor: u64| Money::from_minor(minor).as_major();
        let total =
            major(backbone) + second.map_or(0.0, major) + room.per_km * mean / 1000.0 + room.per_site_cut * cut as f64;
        found.push(Host {
            id: id.to_owned(),
            name: name.to_owned(),
            backbone: Money::from_minor(backbone),
            second_path: second.map(Money::from_minor),
            mean_metres: tenths(mean),
            cut,
            score: cents(total),
        });
    };
    for (handover, at) in &handovers {
        score(&handover.external_id, &handover.name, *at);
    }
    for site in region.sites.iter().filter(|site| policy.server_room.kinds.contains(&site.kind)) {
        if let Some(at) = ways.nearest(site.point) {
            score(&site.external_id, &site.name, at);
        }
    }
    // Without a second path a place is worse than any that has one.
    found.sort_by(|a, b| {
        let key = |host: &Host| (host.second_path.is_none(), host.score);
        key(a).0.cmp(&key(b).0).then(a.score.total_cmp(&b.score)).then_with(|| a.id.cmp(&b.id))
    });
    found
}

/// The candidates without houses and without the backbone between handovers, which is not ours.
struct Ways {
    /// The network's vertex of each.
    vertices: Vec<u32>,
    /// Minor units, what is built for nothing.
    cost: Csr,
    /// Millimetres.
    length: Csr,
    index: PointIndex,
}

impl Ways {
    fn new(input: &Input<'_>) -> Option<Self> {
        let network: &CandidateNetwork = input.network;
        let mut built = vec![false; network.edges.len()];
        input.route.edges.iter().for_each(|edge| built[edge.index()] = true);
        let open = |v: u32| !matches!(network.vertices[v as usize].kind, VertexKind::Premises | VertexKind::Root);
        let vertices: Vec<u32> = (0..network.vertices.len() as u32).filter(|&v| open(v)).collect();
        let mut name = vec![u32::MAX; network.vertices.len()];
        vertices.iter().enumerate().for_each(|(new, &old)| name[old as usize] = new as u32);
        let (mut costs, mut lengths) = (Vec::new(), Vec::new());
        for (edge, built) in network.edges.iter().zip(built) {
            let [a, b] = [edge.tail, edge.head].map(|v| name[v.index()]);
            if a != u32::MAX && b != u32::MAX && a != b {
                costs.push((a, b, if built { 0 } else { edge.building().as_minor() }));
                lengths.push((a, b, network.parts_of(edge).iter().map(|part| network.length_of(part)).sum()));
            }
        }
        let points: Vec<Point> = vertices.iter().map(|&v| network.vertices[v as usize].point).collect();
        let count = vertices.len() as u32;
        Some(Self {
            cost: Csr::new(count, &costs).ok()?,
            length: Csr::new(count, &lengths).ok()?,
            index: PointIndex::build(&points),
            vertices,
        })
    }

    fn nearest(&self, point: Point) -> Option<u32> {
        self.index.nearest(point).map(|near| near.point)
    }
}

/// How many of `sites` the worst single edge cuts off from `from`: those behind a bridge (Tarjan 1974), or `from`'s own side of
/// it. Sites that nothing reaches are cut off anyhow and not counted. O(n + m).
fn worst_cut(graph: &Csr, from: u32, sites: &[u32]) -> u64 {
    let n = graph.vertex_count() as usize;
    let mut own = vec![0u64; n];
    sites.iter().for_each(|&site| own[site as usize] += 1);
    let (mut entered, mut low) = (vec![0u32; n], vec![0u32; n]);
    let mut clock = 1;
    let mut worst = 0;
    // Vertex, the edge that led to it, and the next of its arcs.
    let mut open = vec![(from, u32::MAX, graph.slots(from).start)];
    (entered[from as usize], low[from as usize]) = (clock, clock);
    while let Some(&mut (v, by, ref mut next)) = open.last_mut() {
        if *next < graph.slots(v).end {
            let arc = graph.arcs()[*next];
            *next += 1;
            let (w, here) = (arc.head as usize, v as usize);
            if arc.edge == by {
                continue;
            }
            if entered[w] == 0 {
                clock += 1;
                (entered[w], low[w]) = (clock, clock);
                open.push((arc.head, arc.edge, graph.slots(arc.head).start));
            } else {
                low[here] = low[here].min(entered[w]);
            }
            continue;
        }
        open.pop();
        if let Some(&(above, _, _)) = open.last() {
            let (above, v) = (above as usize, v as usize);
            if low[v] > entered[above] {
                worst = worst.max(own[v]);
            }
            low[above] = low[above].min(low[v]);
            own[above] += own[v];
        }
    }
    worst
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reached(edges: &[(u32, u32, u64)], n: usize, from: u32, without: usize) -> Vec<bool> {
        let mut seen = vec![false; n];
        seen[from as usize] = true;
        for _ in 0..n {
            for (_, &(a, b, _)) in edges.iter().enumerate().filter(|(e, _)| *e != without) {
                let both = seen[a as usize] || seen[b as usize];
                (seen[a as usize], seen[b as usize]) = (both, both);
            }
        }
        seen
    }

    proptest! {
        #[test]
        fn a_cut_is_what_taking_each_edge_away_shows(
            raw in prop::collection::vec((0u32..9, 0u32..9), 1..16), sites in prop::collection::vec(0u32..9, 0..7), from in 0u32..9
        ) {
            let edges: Vec<_> = raw.into_iter().filter(|(a, b)| a != b).map(|(a, b)| (a, b, 1)).collect();
            let graph = Csr::new(9, &edges).expect("a graph");
            let count = |seen: Vec<bool>| sites.iter().filter(|&&s| seen[s as usize]).count() as u64;
            let all = count(reached(&edges, 9, from, usize::MAX));
            let slow = (0..edges.len()).map(|e| all - count(reached(&edges, 9, from, e))).max().unwrap_or(0);
            prop_assert_eq!(worst_cut(&graph, from, &sites), slow);
        }
    }
}
