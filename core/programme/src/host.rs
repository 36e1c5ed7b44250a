//! The shared server room: places scored by what reaching them twice costs, by the way from the public sites, and by what a
//! single failure cuts off.

use breiband_graph::{Csr, Dijkstra};
use breiband_model::{CandidateNetwork, Handover, Host, Money, Point, Policy, PublicSite, VertexKind};
use breiband_spatial::PointIndex;

use crate::build::Input;
use crate::units::{cents, tenths};

/// Hosts, the best first (ties: by id): the handovers and the policy's kinds of sites. A site stands at the place of the
/// candidates that is nearest to it. Paths follow everything that could be built, through nobody's house; what the plan builds
/// is free for them. What fails is looked for in all of it too: what is cut off is cut off however much is built.
///
/// Three searches a host over what offers a choice, O(hosts × m log n).
pub(crate) fn hosts(input: &Input<'_>, policy: &Policy) -> Vec<Host> {
    let region = input.region;
    let places = Places::new(input);
    let near = |site: &PublicSite| places.index.nearest(site.point).map(|near| near.point);
    let known = region.sites.iter().filter(|site| policy.site(site.kind).is_some());
    let sites: Vec<u32> = known.filter_map(near).collect();
    let kinds = places.vertices.iter().map(|&v| input.network.vertices[v as usize].kind);
    let handovers = kinds.zip(0..).filter_map(|(kind, new)| match kind {
        VertexKind::Handover(id) => input.network.handovers.get(id.index()).map(|h| (h, new)),
        _ => None,
    });
    let handovers: Vec<(&Handover, u32)> = handovers.collect();
    let doors: Vec<u32> = handovers.iter().map(|h| h.1).collect();
    let rooms = region.sites.iter().filter(|site| policy.server_room.kinds.contains(&site.kind));
    let rooms: Vec<(&PublicSite, u32)> = rooms.filter_map(|site| Some((site, near(site)?))).collect();
    let kept: Vec<u32> =
        rooms.iter().map(|room| room.1).chain(sites.iter().copied()).chain(doors.iter().copied()).collect();
    let Some(ways) = places.ways(input, &kept) else { return Vec::new() };
    let [sites, doors] = [sites, doors].map(|of| of.into_iter().map(|place| ways.name(place)).collect::<Vec<u32>>());
    let cuts = Cuts::new(&ways.length, &sites);
    let mut by_cost = Dijkstra::new(&ways.cost);
    let mut by_length = Dijkstra::new(&ways.length);
    let mut found = Vec::new();
    let mut score = |id: &str, name: &str, place: u32| {
        let at = ways.name(place);
        let Some((backbone, door)) = nearest(&mut by_cost, &ways.cost, at, &doors, |_| true) else { return };
        let mut used = vec![false; ways.cost.edge_count() as usize];
        by_cost.path(&ways.cost, door).for_each(|e| used[e as usize] = true);
        // Another handover, so that one may fail; where there is only one, another way to it.
        let other = |d: &u32| *d != door || (doors.len() == 1 && door != at);
        let others: Vec<u32> = doors.iter().copied().filter(other).collect();
        let second = nearest(&mut by_cost, &ways.cost, at, &others, |edge| !used[edge as usize]).map(|found| found.0);
        by_length.run(&ways.length, at);
        let reached: Vec<u64> = sites.iter().filter_map(|&site| by_length.distance(site)).collect();
        let mean =
            if reached.is_empty() { 0.0 } else { reached.iter().sum::<u64>() as f64 / 1e3 / reached.len() as f64 };
        let cut = cuts.worst(at);
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
    for (site, at) in &rooms {
        score(&site.external_id, &site.name, *at);
    }
    // Without a second path a place is worse than any that has one.
    found.sort_by(|a, b| {
        let key = |host: &Host| (host.second_path.is_none(), host.score);
        key(a).0.cmp(&key(b).0).then(a.score.total_cmp(&b.score)).then_with(|| a.id.cmp(&b.id))
    });
    found
}

/// The nearest of some doors along the edges that are allowed (ties: the first by number), and how far it is. The search knows
/// the path.
fn nearest(
    search: &mut Dijkstra,
    graph: &Csr,
    from: u32,
    doors: &[u32],
    allow: impl Fn(u32) -> bool,
) -> Option<(u64, u32)> {
    let mut found: Option<(u64, u32)> = None;
    let mut open = doors.to_vec();
    search.run_until(
        graph,
        &[from],
        |_, arc| allow(arc.edge),
        |v, distance| {
            if let Some(at) = open.iter().position(|&door| door == v) {
                open.swap_remove(at);
                found = Some(found.map_or((distance, v), |known| known.min((distance, v))));
            }
            open.is_empty() || found.is_some_and(|(near, _)| near < distance)
        },
    );
    found
}

/// Where the candidates lead, without houses and without the backbone between handovers, which is not ours.
struct Places {
    /// The network's vertex of each.
    vertices: Vec<u32>,
    index: PointIndex,
}

/// What leads from place to place, wherever there is a choice.
struct Ways {
    /// The place of each vertex of the two graphs, ascending.
    places: Vec<u32>,
    /// Minor units, what is built for nothing.
    cost: Csr,
    /// Millimetres.
    length: Csr,
}

impl Places {
    fn new(input: &Input<'_>) -> Self {
        let network: &CandidateNetwork = input.network;
        let open = |v: u32| !matches!(network.vertices[v as usize].kind, VertexKind::Premises | VertexKind::Root);
        let vertices: Vec<u32> = (0..network.vertices.len() as u32).filter(|&v| open(v)).collect();
        let points: Vec<Point> = vertices.iter().map(|&v| network.vertices[v as usize].point).collect();
        Self { index: PointIndex::build(&points), vertices }
    }

    /// The ways between the places `kept`, and wherever a path may choose.
    fn ways(&self, input: &Input<'_>, kept: &[u32]) -> Option<Ways> {
        let network: &CandidateNetwork = input.network;
        let mut built = vec![false; network.edges.len()];
        input.route.edges.iter().for_each(|edge| built[edge.index()] = true);
        let mut name = vec![u32::MAX; network.vertices.len()];
        self.vertices.iter().enumerate().for_each(|(new, &old)| name[old as usize] = new as u32);
        let mut ways = Vec::new();
        for (edge, built) in network.edges.iter().zip(built) {
            let [tail, head] = [edge.tail, edge.head].map(|v| name[v.index()]);
            if tail != u32::MAX && head != u32::MAX && tail != head {
                let cost = if built { 0 } else { edge.building().as_minor() };
                ways.push(Way { ends: [tail, head], cost, length: network.edge_length(edge) });
            }
        }
        Ways::new(&choices(self.vertices.len(), &ways, kept), kept)
    }
}

impl Ways {
    fn new(ways: &[Way], kept: &[u32]) -> Option<Self> {
        let mut places: Vec<u32> = ways.iter().flat_map(|way| way.ends).chain(kept.iter().copied()).collect();
        places.sort_unstable();
        places.dedup();
        let ends = ways.iter().map(|way| way.ends.map(|end| position(&places, end)));
        let edges: Vec<_> = ways.iter().zip(ends).map(|(way, [a, b])| (a, b, way.cost)).collect();
        let cost = Csr::from_edges(places.len() as u32, edges).ok()?;
        let length = cost.with_costs(|e, _| ways[e as usize].length).ok()?;
        Some(Self { places, cost, length })
    }

    /// The vertex of a place that was kept, or where ways end.
    fn name(&self, place: u32) -> u32 {
        position(&self.places, place)
    }
}

/// Where a number stands among ascending ones.
fn position(sorted: &[u32], number: u32) -> u32 {
    sorted.partition_point(|&other| other < number) as u32
}

/// A way between two places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Way {
    ends: [u32; 2],
    cost: u64,
    length: u64,
}

/// The same ways as far as they offer a choice: dead ends are gone, and what leads on without a fork is one way. The places
/// `kept` stay, as far from each other as before, and what cuts them off. O(n + m).
fn choices(places: usize, ways: &[Way], kept: &[u32]) -> Vec<Way> {
    let mut around: Vec<Vec<u32>> = vec![Vec::new(); places];
    for (way, number) in ways.iter().zip(0..) {
        way.ends.iter().for_each(|&end| around[end as usize].push(number));
    }
    let mut is_kept = vec![false; places];
    kept.iter().for_each(|&place| is_kept[place as usize] = true);
    let mut degree: Vec<usize> = around.iter().map(Vec::len).collect();
    let mut gone = vec![false; ways.len()];
    let far = |way: u32, place: u32| {
        let [a, b] = ways[way as usize].ends;
        if a == place { b } else { a }
    };
    let mut ends: Vec<u32> = (0..places as u32).filter(|&p| degree[p as usize] == 1 && !is_kept[p as usize]).collect();
    while let Some(place) = ends.pop() {
        let Some(&way) = around[place as usize].iter().find(|&&way| !gone[way as usize]) else { continue };
        gone[way as usize] = true;
        let next = far(way, place) as usize;
        (degree[place as usize], degree[next]) = (0, degree[next] - 1);
        if degree[next] == 1 && !is_kept[next] {
            ends.push(next as u32);
        }
    }
    let leads_on = |place: u32| degree[place as usize] == 2 && !is_kept[place as usize];
    let mut found = Vec::new();
    for start in (0..places as u32).filter(|&place| !leads_on(place)) {
        for &first in &around[start as usize] {
            let mut whole = Way { ends: [start, start], cost: 0, length: 0 };
            let mut next = Some(first).filter(|&way| !gone[way as usize]);
            while let Some(way) = next {
                gone[way as usize] = true;
                let Way { cost, length, .. } = ways[way as usize];
                let end = far(way, whole.ends[1]);
                whole = Way { ends: [start, end], cost: whole.cost + cost, length: whole.length + length };
                let on = || around[end as usize].iter().copied().find(|&way| !gone[way as usize]);
                next = if leads_on(end) { on() } else { None };
            }
            if whole.ends[1] != start {
                found.push(whole);
            }
        }
    }
    found
}

/// The edges whose loss cuts something off (Tarjan 1974), and how many sites lie on either side.
struct Cuts {
    /// By vertex, when the search entered it, and in which component.
    entered: Vec<u32>,
    component: Vec<u32>,
    /// Sites of each component.
    sites: Vec<u64>,
    bridges: Vec<Bridge>,
}

/// An edge that nothing goes around.
struct Bridge {
    component: u32,
    /// When the vertices behind it were entered.
    behind: std::ops::Range<u32>,
    /// Sites among them.
    sites: u64,
}

impl Cuts {
    /// O(n + m).
    fn new(graph: &Csr, sites: &[u32]) -> Self {
        let n = graph.vertex_count() as usize;
        let mut own = vec![0u64; n];
        sites.iter().for_each(|&site| own[site as usize] += 1);
        let mut cuts = Self { entered: vec![0; n], component: vec![0; n], sites: Vec::new(), bridges: Vec::new() };
        let mut low = vec![0u32; n];
        let mut clock = 0;
        for from in 0..graph.vertex_count() {
            if cuts.entered[from as usize] > 0 {
                continue;
            }
            let component = cuts.sites.len() as u32;
            let mut enter = |v: u32, cuts: &mut Self, low: &mut [u32]| {
                clock += 1;
                (cuts.entered[v as usize], low[v as usize], cuts.component[v as usize]) = (clock, clock, component);
                clock
            };
            // Vertex, the edge that led to it, and the next of its arcs.
            let mut open = vec![(from, u32::MAX, graph.slots(from).start)];
            let mut last = enter(from, &mut cuts, &mut low);
            while let Some(&mut (v, by, ref mut next)) = open.last_mut() {
                if *next < graph.slots(v).end {
                    let arc = graph.arcs()[*next];
                    *next += 1;
                    if arc.edge == by {
                        continue;
                    }
                    match cuts.entered[arc.head as usize] {
                        0 => {
                            last = enter(arc.head, &mut cuts, &mut low);
                            open.push((arc.head, arc.edge, graph.slots(arc.head).start));
                        }
                        before => low[v as usize] = low[v as usize].min(before),
                    }
                    continue;
                }
                open.pop();
                if let Some(&(above, _, _)) = open.last() {
                    let (above, v) = (above as usize, v as usize);
                    if low[v] > cuts.entered[above] {
                        let behind = cuts.entered[v]..last + 1;
                        cuts.bridges.push(Bridge { component, behind, sites: own[v] });
                    }
                    low[above] = low[above].min(low[v]);
                    own[above] += own[v];
                }
            }
            cuts.sites.push(own[from as usize]);
        }
        cuts
    }

    /// How many sites the worst single edge cuts off from `from`: those behind a bridge, or `from`'s own side of it. Sites that
    /// nothing reaches are cut off anyhow and not counted. O(bridges).
    fn worst(&self, from: u32) -> u64 {
        let (component, entered) = (self.component[from as usize], self.entered[from as usize]);
        let bridges = self.bridges.iter().filter(|bridge| bridge.component == component);
        let cut = bridges.map(|bridge| {
            if bridge.behind.contains(&entered) { self.sites[component as usize] - bridge.sites } else { bridge.sites }
        });
        cut.max().unwrap_or(0)
    }
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
            prop_assert_eq!(Cuts::new(&graph, &sites).worst(from), slow);
        }

        #[test]
        fn choices_keep_what_is_between_the_places_kept(
            raw in prop::collection::vec((0u32..12, 0u32..12, 0u64..9), 1..20), kept in prop::collection::vec(0u32..12, 1..6)
        ) {
            let ways: Vec<Way> = raw.into_iter().filter(|(a, b, _)| a != b)
                .map(|(a, b, cost)| Way { ends: [a, b], cost, length: 10 - cost }).collect();
            let fewer = choices(12, &ways, &kept);
            prop_assert!(fewer.len() <= ways.len());
            let named = Ways::new(&fewer, &kept).expect("graphs");
            for (of, few) in [((|way: &Way| way.cost) as fn(&Way) -> u64, &named.cost), (|way| way.length, &named.length)] {
                let edges: Vec<_> = ways.iter().map(|way| (way.ends[0], way.ends[1], of(way))).collect();
                let all = Csr::new(12, &edges).expect("a graph");
                let (mut one, mut other) = (Dijkstra::new(&all), Dijkstra::new(few));
                let sites: Vec<u32> = kept.iter().map(|&place| named.name(place)).collect();
                let (cuts, fewer) = (Cuts::new(&all, &kept), Cuts::new(few, &sites));
                for &from in &kept {
                    one.run(&all, from);
                    other.run(few, named.name(from));
                    for &to in &kept {
                        prop_assert_eq!(one.distance(to), other.distance(named.name(to)));
                    }
                    prop_assert_eq!(cuts.worst(from), fewer.worst(named.name(from)));
                }
            }
        }
    }
}
