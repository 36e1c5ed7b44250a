//! The builder against handmade regions, brute force, random regions and real extracts.

mod again;
mod any;
mod drawn;
mod extracts;
mod handmade;
mod masts;

use breiband_model::{
    Access, CandidateNetwork, Context, CostBook, Demand, Handover, LineKind, NodeId, Origin, PartKind, Plane, Point,
    Premises, PremisesKind, Region, RegionParts, Scenario, Silent, SourceId, Structure, Surface, VertexKind, Way,
    WayClass, WayId, length_mm,
};

use crate::build;

fn way(class: WayClass, surface: Surface, nodes: &[u32]) -> Way {
    Way {
        external_id: String::new(),
        source: SourceId::new(0),
        name: String::new(),
        class,
        surface,
        structure: Structure::None,
        access: Access::Public,
        owner: String::new(),
        layer: 0,
        nodes: nodes.iter().map(|&n| NodeId::new(n)).collect(),
    }
}

fn house(x: i32, y: i32) -> Premises {
    Premises {
        external_id: String::new(),
        source: SourceId::new(0),
        street: String::new(),
        number: String::new(),
        postcode: String::new(),
        city: String::new(),
        parcel: String::new(),
        point: Point::new(x, y),
        access_point: None,
        building: None,
        municipality: None,
        households: 1,
        households_assumed: true,
        kind: PremisesKind::Home,
        service: None,
        signed_up: None,
    }
}

/// A region of ways over nodes given in metres, houses and handovers.
fn region(nodes: &[(i32, i32)], ways: Vec<Way>, houses: &[(i32, i32)], handover: Option<(i32, i32)>) -> RegionParts {
    let mut parts = RegionParts::empty(Plane { central_meridian_e7: 65_000_000, origin_latitude_e7: 625_000_000 });
    let metres = |&(x, y): &(i32, i32)| Point::new(x * 1000, y * 1000);
    parts.nodes = nodes.iter().map(metres).collect();
    parts.ways = ways;
    for (number, way) in parts.ways.iter_mut().enumerate() {
        way.external_id = format!("way/{number}");
    }
    for (number, place) in houses.iter().enumerate() {
        let p = metres(place);
        parts.premises.push(Premises { external_id: format!("node/{number}"), ..house(p.x, p.y) });
    }
    parts.handovers = handover
        .iter()
        .map(|place| Handover { external_id: "h".into(), name: "H".into(), point: metres(place), opening: None })
        .collect();
    parts
}

fn scenario() -> Scenario {
    Scenario::new("test", "2026-01-01", vec![])
}

fn network(parts: RegionParts) -> (Region, CandidateNetwork) {
    let region = Region::new(parts).expect("sound");
    let mut silent = Silent;
    let staged =
        build(&region, &scenario(), &CostBook::example(), &mut Context::new(&mut silent)).expect("not cancelled");
    check(&region, &staged.value, &CostBook::example());
    (region, staged.value)
}

/// Every invariant of a finished network.
fn check(region: &Region, network: &CandidateNetwork, book: &CostBook) {
    assert_eq!(network.demand.len(), region.premises.len());
    let mut behind = vec![0; region.premises.len()];
    for (number, terminal) in network.terminals.iter().enumerate() {
        assert!(!terminal.premises.is_empty());
        assert_eq!(network.vertices[terminal.vertex.index()].kind, VertexKind::Premises);
        for premises in &terminal.premises {
            behind[premises.index()] += 1;
            assert_eq!(network.demand[premises.index()], Demand::Terminal(number as u32));
        }
    }
    for (demand, count) in network.demand.iter().zip(behind) {
        assert_eq!(count, i32::from(matches!(demand, Demand::Terminal(_))));
    }
    // Vertices, edges, parts.
    assert_eq!(network.vertices.first().map(|v| v.kind), Some(VertexKind::Root));
    let mut degree = vec![0; network.vertices.len()];
    let mut laid = vec![[0_u64; 3]; region.ways.len()];
    let mut pieces = vec![1_u64; region.ways.len()];
    for edge in &network.edges {
        assert!(edge.tail < edge.head);
        degree[edge.tail.index()] += 1;
        degree[edge.head.index()] += 1;
        let parts = network.parts_of(edge);
        assert_eq!(edge.cost, parts.iter().map(|p| network.cost_of(p, book)).sum());
        let ends = [network.vertices[edge.tail.index()].point, network.vertices[edge.head.index()].point];
        let line: Vec<Point> = parts.iter().flat_map(|p| network.geometry_of(p)).copied().collect();
        let at_root = network.vertices[edge.tail.index()].kind == VertexKind::Root;
        if let (Some(&first), Some(&last)) = (line.first(), line.last()) {
            assert_eq!([first, last], ends, "an edge's geometry runs from tail to head");
        } else {
            assert!(at_root || ends[0].distance_mm(ends[1]) <= 1, "only crossings have no geometry");
        }
        for pair in parts.iter().filter(|p| p.geometry.0 < p.geometry.1).collect::<Vec<_>>().windows(2) {
            let (a, b) = (network.geometry_of(pair[0]), network.geometry_of(pair[1]));
            assert_eq!(a.last(), b.first(), "parts follow each other");
        }
        for part in parts.iter().filter(|p| p.kind == PartKind::Along) {
            let Origin::Way(way) = part.origin else { panic!("{part:?} follows a way") };
            laid[way.index()][part.side as usize] += network.length_of(part);
            pieces[way.index()] += 1;
        }
        for end in [edge.tail, edge.head] {
            if network.vertices[end.index()].kind == VertexKind::Premises {
                for part in parts.iter().filter(|p| matches!(p.kind, PartKind::Drop)) {
                    assert!(matches!(part.origin, Origin::Premises(_)));
                }
            }
        }
    }
    // Every metre of every way is laid, once or on both verges, or listed.
    let mut listed = vec![0_u64; region.ways.len()];
    for left_out in &network.left_out {
        if let Origin::Way(way) = left_out.origin {
            listed[way.index()] += left_out.length_mm;
        }
    }
    for way in 0..region.ways.len() {
        let length = length_mm(&region.way_points(WayId::from_usize(way)));
        // A way may have stretches with two verges and stretches with one line, on either side.
        let [middle, left, right] = laid[way];
        let slack = 4 * pieces[way];
        let (least, most) = (left.max(right) + middle + listed[way], left + right + middle + listed[way]);
        assert!(
            least <= length + slack && most + slack >= length,
            "way {way}: {length} mm, {:?}, {listed:?}",
            laid[way]
        );
    }
    // Connected from the root, but for terminals that no handover reaches.
    let edges: Vec<_> = network.edges.iter().map(|e| (e.tail.as_u32(), e.head.as_u32(), e.cost.as_minor())).collect();
    let graph = breiband_graph::Csr::new(network.vertices.len() as u32, &edges).expect("a sound graph");
    let components = breiband_graph::components(&graph);
    for (vertex, component) in components.of.iter().enumerate() {
        let kind = network.vertices[vertex].kind;
        assert!(*component == 0 || kind == VertexKind::Premises && degree[vertex] == 0, "{vertex}: {kind:?}");
        // Chains are contracted.
        if kind == VertexKind::Way && degree[vertex] == 2 {
            let ends: Vec<_> = graph.neighbours(vertex as u32).map(|a| a.head).collect();
            assert_eq!(ends[0], ends[1], "only a ring keeps a vertex on its way");
        }
    }
}

/// The least cost of joining the root to all terminals: Dreyfus and Wagner's programme over subsets, exact.
fn steiner(network: &CandidateNetwork) -> u64 {
    let n = network.vertices.len();
    let edges: Vec<_> = network.edges.iter().map(|e| (e.tail.index(), e.head.index(), e.cost.as_minor())).collect();
    let terminals: Vec<usize> = network.terminals.iter().map(|t| t.vertex.index()).collect();
    let far = u64::MAX / 4;
    let mut best = vec![vec![far; n]; 1 << terminals.len()];
    for set in 1..best.len() {
        if set.is_power_of_two() {
            best[set][terminals[set.trailing_zeros() as usize]] = 0;
        }
        let mut half = (set - 1) & set;
        while half > 0 {
            for v in (0..n).filter(|v| !terminals.contains(v)) {
                best[set][v] = best[set][v].min(best[half][v] + best[set ^ half][v]);
            }
            half = (half - 1) & set;
        }
        // Bellman and Ford: small graphs only.
        let mut changed = true;
        while std::mem::take(&mut changed) {
            for &(u, v, cost) in &edges {
                for (from, to) in [(u, v), (v, u)] {
                    // A sink is left only by its own path, and never entered by another's.
                    let passes = terminals.contains(&to)
                        || terminals.contains(&from) && !(set.is_power_of_two() && best[set][from] == 0);
                    if !passes && best[set][from] + cost < best[set][to] {
                        best[set][to] = best[set][from] + cost;
                        changed = true;
                    }
                }
            }
        }
    }
    best[best.len() - 1][0]
}

fn street(nodes: &[u32]) -> Way {
    way(WayClass::Residential, Surface::Paved, nodes)
}

fn line(kind: LineKind, points: &[(i32, i32)]) -> breiband_model::Line {
    let points = points.iter().map(|&(x, y)| Point::new(x * 1000, y * 1000)).collect();
    breiband_model::Line { external_id: "line".into(), kind, points }
}
