//! The builder against handmade regions, brute force and real extracts.

use crate::build;
use breiband_model::{
    Access, CandidateNetwork, Context, CostBook, Demand, Handover, LeftOutReason, NodeId, Origin, PartKind, Plane,
    Point, Premises, PremisesKind, Region, RegionParts, Scenario, Side, Silent, SourceId, Structure, Surface,
    VertexKind, Way, WayClass, WayId, length_mm,
};

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
        .map(|place| Handover { external_id: "h".into(), name: "H".into(), point: metres(place) })
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

const METRE: u64 = 45_000;
const CROSSING: u64 = 1_000_000;

/// The least cost of serving places along a straight road from its beginning, by trying every set of verge pieces and
/// crossings. Each place is metres from the beginning and whether it is on the left. Drops are not counted.
fn brute_force(places: &[(i32, bool)]) -> u64 {
    let mut stations: Vec<i32> = places.iter().map(|p| p.0).collect();
    stations.push(0);
    stations.sort_unstable();
    stations.dedup();
    let n = stations.len() - 1;
    // Bits: left pieces, right pieces, crossings at stations 1…n. Both verges begin in one point.
    (0_u32..1 << (3 * n))
        .filter_map(|built| {
            let bit = |group: usize, i: usize| built >> (group * n + i) & 1 == 1;
            let mut reached = vec![[false; 2]; n + 1];
            reached[0] = [true; 2];
            for _ in 0..=n {
                for i in 0..n {
                    for side in 0..2 {
                        if bit(side, i) && (reached[i][side] || reached[i + 1][side]) {
                            (reached[i][side], reached[i + 1][side]) = (true, true);
                        }
                    }
                    if bit(2, i) && (reached[i + 1][0] || reached[i + 1][1]) {
                        reached[i + 1] = [true; 2];
                    }
                }
            }
            let at = |x: i32| stations.iter().position(|&s| s == x).unwrap_or(0);
            if !places.iter().all(|&(x, left)| reached[at(x)][usize::from(!left)]) {
                return None;
            }
            let pieces = |i: usize| u64::from(bit(0, i)) + u64::from(bit(1, i));
            let metres: u64 = (0..n).map(|i| pieces(i) * (stations[i + 1] - stations[i]) as u64).sum();
            Some(metres * METRE + (0..n).filter(|&i| bit(2, i)).count() as u64 * CROSSING)
        })
        .min()
        .expect("building everything serves everyone")
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(40))]
    #[test]
    fn a_straight_road_costs_crossings_or_a_second_trench(
        places in proptest::collection::vec((1_i32..30, proptest::bool::ANY, 4_i32..40), 1..5),
    ) {
        let road = way(WayClass::Residential, Surface::Paved, &[0, 1]);
        let places: std::collections::BTreeMap<_, _> =
            places.iter().map(|&(x, left, away)| ((x * 7, left), away)).collect();
        let houses: Vec<_> =
            places.iter().map(|(&(x, left), &away)| (x, if left { away } else { -away })).collect();
        let (_, network) = network(region(&[(0, 0), (220, 0)], vec![road], &houses, Some((0, 0))));
        let drops: u64 = places.values().map(|&away| away as u64 * 12_000).sum();
        let along: Vec<_> = places.keys().copied().collect();
        proptest::prop_assert_eq!(steiner(&network), brute_force(&along) + drops);
    }
}

#[test]
fn a_track_has_one_line_and_the_far_side_pays_the_crossing() {
    let track = way(WayClass::Track, Surface::Gravel, &[0, 1]);
    let (_, network) =
        network(region(&[(0, 0), (100, 0)], vec![track], &[(20, 10), (30, 10), (50, -10)], Some((0, 0))));
    // Two of three are on the left, so the line is there.
    let sides: std::collections::BTreeSet<Side> =
        network.parts.iter().filter(|p| p.kind == PartKind::Along).map(|p| p.side).collect();
    assert_eq!(sides, [Side::Left].into());
    assert_eq!(steiner(&network), 50 * 30_000 + 3 * 10 * 12_000 + 200_000);
}

#[test]
fn corners_at_a_crossroads_are_joined_around_it() {
    let street = |nodes: &[u32]| way(WayClass::Residential, Surface::Paved, nodes);
    let nodes = [(0, 0), (100, 0), (0, 100), (-100, 0), (0, -100)];
    let ways = vec![street(&[3, 0, 1]), street(&[2, 0, 4])];
    // The handover lies in the north-eastern corner, the houses in the two western ones.
    let (_, network) = network(region(&nodes, ways, &[(-10, 11), (-10, -11)], Some((10, 11))));
    // 11 m down to the eastern street, 10 m along its northern verge to the corner, over the northern street, 10 m on along
    // the western street's northern verge; from there 11 m to the one house, and over the street and 11 m to the other.
    assert_eq!(steiner(&network), 3 * 11 * 12_000 + 2 * 10 * METRE + 2 * CROSSING);
}

#[test]
fn what_may_not_be_dug_is_listed_and_may_be_crossed() {
    let mut motorway = way(WayClass::Motorway, Surface::Paved, &[1, 4, 5]);
    motorway.external_id = "m".into();
    let street = |nodes: &[u32]| way(WayClass::Residential, Surface::Paved, nodes);
    let nodes = [(0, 0), (100, 0), (200, 0), (300, 0), (100, 50), (100, 500)];
    let (_, network) = network(region(&nodes, vec![street(&[0, 1, 2]), motorway], &[(150, 20)], Some((0, 10))));
    assert_eq!(network.left_out.len(), 1);
    assert_eq!(network.left_out[0].reason, LeftOutReason::ForbiddenByRule);
    assert_eq!(network.left_out[0].length_mm, 500_000);
    // The northern verge is cut by the motorway: bore under it, 1,500 a metre but no price each, so it costs nothing here
    // but the metres along and the two links.
    assert_eq!(steiner(&network), 150 * METRE + (10 + 20) * 12_000);
}

#[test]
fn ferries_land_once_at_either_end() {
    let mut ferry = way(WayClass::Ferry, Surface::Unknown, &[1, 2, 3]);
    ferry.structure = Structure::Ferry;
    let street = |nodes: &[u32]| way(WayClass::Residential, Surface::Paved, nodes);
    let nodes = [(0, 0), (100, 0), (400, 0), (3100, 0), (3200, 0)];
    let ways = vec![street(&[0, 1]), ferry, street(&[3, 4])];
    let (_, network) = network(region(&nodes, ways, &[(3150, 10)], Some((0, 10))));
    let cable = 3000 * 60_000 + 2 * 25_000_000;
    assert_eq!(steiner(&network), 150 * METRE + cable + 20 * 12_000);
}

#[test]
fn drops_pay_for_what_they_cross() {
    use breiband_model::{Building, Line, LineKind, Polygon, Water};
    let street = way(WayClass::Residential, Surface::Paved, &[0, 1]);
    let base = || region(&[(0, 0), (100, 0)], vec![street.clone()], &[(50, 100)], Some((50, 0)));
    let square = |x: i32, y: i32, half: i32| Polygon {
        outer: [(-1, -1), (1, -1), (1, 1), (-1, 1)]
            .map(|(dx, dy)| Point::new(1000 * (x + dx * half), 1000 * (y + dy * half)))
            .to_vec(),
        holes: vec![],
    };
    let plain = steiner(&network(base()).1);
    assert_eq!(plain, 100 * 12_000);
    let mut parts = base();
    parts.buildings = vec![
        Building { external_id: "own".into(), polygon: square(50, 100, 5) },
        Building { external_id: "other".into(), polygon: square(50, 50, 5) },
    ];
    assert_eq!(steiner(&network(parts).1), plain + 3_000_000);
    let mut parts = base();
    parts.lines = [LineKind::Rail, LineKind::Stream, LineKind::PowerLine]
        .map(|kind| Line {
            external_id: "l".into(),
            kind,
            points: vec![Point::new(0, 50_000), Point::new(100_000, 50_000)],
        })
        .to_vec();
    assert_eq!(steiner(&network(parts).1), plain + 6_000_000 + 1_500_000);
    let mut parts = base();
    parts.water = vec![Water { external_id: "pond".into(), polygon: square(50, 50, 10) }];
    assert_eq!(steiner(&network(parts).1), 80 * 12_000 + 20 * 60_000 + 2 * 25_000_000);
    // A track in between: it becomes the nearer way, and crossing it for the street costs.
    let mut parts = base();
    parts.nodes.extend([Point::new(0, 60_000), Point::new(100_000, 60_000)]);
    let mut track = way(WayClass::Track, Surface::Gravel, &[2, 3]);
    track.external_id = "track".into();
    parts.ways.push(track);
    assert_eq!(steiner(&network(parts).1), 40 * 12_000 + 60 * 12_000 + 200_000);
}

#[test]
fn an_island_without_a_link_is_listed() {
    let street = |nodes: &[u32]| way(WayClass::Residential, Surface::Paved, nodes);
    let nodes = [(0, 0), (100, 0), (90_000, 0), (90_100, 0)];
    let parts = region(&nodes, vec![street(&[0, 1]), street(&[2, 3])], &[(50, 10), (90_050, 10)], Some((0, 10)));
    let (_, network) = network(parts);
    assert_eq!(network.left_out.len(), 1);
    assert_eq!((network.left_out[0].reason, network.left_out[0].length_mm), (LeftOutReason::Disconnected, 100_000));
    assert_eq!(network.terminals.len(), 2);
    assert!(matches!(network.demand[1], Demand::Terminal(1)));
}

fn street(nodes: &[u32]) -> Way {
    way(WayClass::Residential, Surface::Paved, nodes)
}

fn line(kind: breiband_model::LineKind, points: &[(i32, i32)]) -> breiband_model::Line {
    let points = points.iter().map(|&(x, y)| Point::new(x * 1000, y * 1000)).collect();
    breiband_model::Line { external_id: "line".into(), kind, points }
}

#[test]
fn islands_are_reached_over_the_sound() {
    use breiband_model::LineKind;
    // Two coasts 1,000 m apart with the sea between; a road 100 m from either.
    let nodes = [(0, 0), (3_000, 0), (0, 1_200), (3_000, 1_200)];
    let mut parts = region(&nodes, vec![street(&[0, 1]), street(&[2, 3])], &[(1_500, 1_210)], Some((1_500, -10)));
    let without = network(parts.clone()).1;
    assert!(without.left_out.iter().any(|l| l.reason == LeftOutReason::Disconnected));
    // Land is on the left: the southern coast runs west, the northern one east.
    parts.lines = vec![
        line(LineKind::Coastline, &[(3_500, 100), (-500, 100)]),
        line(LineKind::Coastline, &[(-500, 1_100), (3_500, 1_100)]),
    ];
    let (_, network) = network(parts);
    assert!(network.left_out.is_empty(), "{:?}", network.left_out);
    let water: Vec<_> = network.parts.iter().filter(|p| p.kind == PartKind::Water).collect();
    assert!(!water.is_empty() && water.len() < 40, "{}", water.len());
    assert!(water.iter().all(|p| p.count == 2 && (1_000_000..=2_500_000).contains(&network.length_of(p))));
    // 200 m on land, 1,000 m of cable with two landings, a crossing of each road at most, some metres along.
    let least = 200 * 12_000 + 1_000 * 60_000 + 2 * 25_000_000 + 2 * 10 * 12_000;
    let cost = steiner(&network);
    assert!((least..least + 2 * CROSSING + 600 * METRE).contains(&cost), "{cost} {least}");
}

#[test]
fn a_road_around_a_lake_is_cheaper_than_the_lake() {
    use breiband_model::{Polygon, Water};
    // A pond of 200 m × 100 m with a road around it: no way over it is worth two landings.
    let nodes = [(0, 0), (300, 0), (300, 200), (0, 200)];
    let mut parts = region(&nodes, vec![street(&[0, 1, 2, 3, 0])], &[(150, 210)], Some((150, -10)));
    let corner = |x: i32, y: i32| Point::new(x * 1000, y * 1000);
    let outer = vec![corner(50, 50), corner(250, 50), corner(250, 150), corner(50, 150)];
    parts.water = vec![Water { external_id: "pond".into(), polygon: Polygon { outer, holes: vec![] } }];
    let (_, network) = network(parts);
    let from_shore = |e: &breiband_model::Edge| {
        let parts = network.parts_of(e);
        parts.iter().any(|p| p.kind == PartKind::Water)
            && parts.iter().all(|p| p.kind != PartKind::Drop)
            && parts.iter().all(|p| p.kind != PartKind::Handover)
    };
    assert!(!network.edges.iter().any(from_shore));
}

#[test]
fn near_misses_are_listed_and_mended_if_asked() {
    let nodes = [(0, 0), (2_000, 0), (2_002, 0), (4_000, 0)];
    let parts = region(&nodes, vec![street(&[0, 1]), street(&[2, 3])], &[(3_500, 10)], Some((0, 10)));
    let region = Region::new(parts).expect("sound");
    let book = CostBook::example();
    let plan = |mend_gaps_m: f64| {
        let mut scenario = scenario();
        scenario.options.mend_gaps_m = mend_gaps_m;
        let mut silent = Silent;
        let staged = build(&region, &scenario, &book, &mut Context::new(&mut silent)).expect("not cancelled");
        check(&region, &staged.value, &book);
        staged
    };
    let listed = plan(0.0);
    assert_eq!(listed.issues.iter().filter(|i| i.code == "near-miss-gap").count(), 2);
    assert!(listed.value.left_out.iter().any(|l| l.reason == LeftOutReason::Disconnected));
    let mended = plan(2.5);
    assert!(mended.value.left_out.is_empty());
    assert_eq!(steiner(&mended.value), 3_498 * METRE + 2 * 12_000 + 20 * 12_000);
}

#[test]
fn ducts_and_poles_are_used_at_their_own_price() {
    use breiband_model::LineKind;
    let nodes = [(0, 0), (1_000, 0)];
    for (kind, price) in [(LineKind::Duct, 4_000), (LineKind::MinorPowerLine, 10_000)] {
        let mut parts = region(&nodes, vec![street(&[0, 1])], &[(1_000, 20)], Some((0, 20)));
        parts.lines = vec![line(kind, &[(0, 5), (500, 5), (1_000, 5)])];
        let (_, network) = network(parts);
        // The handover is joined to the corner of the dead end, where the line begins 5 m away; it ends beside the other.
        assert_eq!(steiner(&network), 2 * 20 * 12_000 + 2 * 5 * 12_000 + 1_000 * price);
    }
}

#[test]
fn areas_forbid_multiply_and_charge() {
    use breiband_model::{AreaRule, Polygon, RuledArea};
    let corner = |x: i32, y: i32| Point::new(x * 1000, y * 1000);
    let outer = vec![corner(40, -500), corner(60, -500), corner(60, 500), corner(40, 500)];
    let area =
        |rule| RuledArea { external_id: "a".into(), rule, polygon: Polygon { outer: outer.clone(), holes: vec![] } };
    let plan = |rule| {
        let mut parts = region(&[(0, 0), (100, 0)], vec![street(&[0, 1])], &[(100, 10), (50, 10)], Some((0, 10)));
        parts.ruled_areas = vec![area(rule)];
        parts.premises.truncate(1);
        network(parts).1
    };
    let plain = 100 * METRE + 20 * 12_000;
    // The drops cross no area when they go straight to the road's ends.
    assert_eq!(steiner(&plan(AreaRule::Multiply { permille: 1500 })), plain + 10 * METRE);
    assert_eq!(steiner(&plan(AreaRule::Lump { amount: 777 })), plain + 777);
    let forbidden = plan(AreaRule::Forbid);
    let ways = forbidden.left_out.iter().filter(|l| matches!(l.origin, Origin::Way(_)));
    let listed: Vec<_> = ways.map(|l| (l.reason, l.length_mm)).collect();
    assert_eq!(listed, [(LeftOutReason::ForbiddenArea, 20_000), (LeftOutReason::Disconnected, 40_000)]);
    let mut parts = region(&[(0, 0), (100, 0)], vec![street(&[0, 1])], &[(100, 10), (50, 10)], Some((0, 10)));
    parts.ruled_areas = vec![area(AreaRule::ExcludePremises)];
    assert_eq!(network(parts).1.demand, [Demand::Terminal(0), Demand::ExcludedArea]);
}

/// A random region on a coarse grid of nodes, so that ways meet, overlap, touch and cross each other.
fn any_region() -> impl proptest::strategy::Strategy<Value = RegionParts> {
    use breiband_model::{AreaRule, Building, LandArea, LandUse, Line, LineKind, Polygon, RuledArea, Water};
    use proptest::collection::vec;
    use proptest::prelude::*;
    let classes = [
        WayClass::Motorway,
        WayClass::Primary,
        WayClass::Residential,
        WayClass::Service,
        WayClass::Track,
        WayClass::Footway,
        WayClass::Other,
    ];
    let ways = vec((0..7_usize, 0..20_u8, vec(0..30_u32, 2..7)), 1..14);
    let place = || (-50..550_i32, -50..450_i32);
    let polygon = || {
        (place(), 1..150_i32, 1..150_i32).prop_map(|((x, y), w, h)| {
            let corner = |x: i32, y: i32| Point::new(x * 1000, y * 1000);
            let outer = vec![corner(x, y), corner(x + w, y), corner(x + w, y + h), corner(x, y + h)];
            Polygon { outer, holes: vec![] }
        })
    };
    let rule = prop_oneof![
        Just(AreaRule::Forbid),
        Just(AreaRule::Multiply { permille: 1500 }),
        Just(AreaRule::Lump { amount: 700 }),
        Just(AreaRule::ExcludePremises),
    ];
    let lines = vec((0..6_usize, vec(place(), 2..5)), 0..5);
    (
        vec((-3..4_i32, -3..4_i32), 30),
        ways,
        vec(place(), 0..12),
        proptest::option::of(place()),
        vec(polygon(), 0..4),
        vec(polygon(), 0..4),
        vec((rule, polygon()), 0..3),
        lines,
    )
        .prop_map(move |(shake, ways, houses, handover, water, buildings, areas, lines)| {
            let nodes: Vec<_> =
                shake.iter().zip(0..).map(|(d, i)| ((i % 6) * 100 + d.0, (i / 6) * 100 + d.1)).collect();
            let ways = ways
                .into_iter()
                .filter_map(|(class, how, mut nodes)| {
                    nodes.dedup();
                    let mut way = way(classes[class], Surface::Paved, &nodes);
                    way.structure = match how {
                        0 => Structure::Bridge,
                        1 => Structure::Tunnel,
                        2 => Structure::Ferry,
                        _ => Structure::None,
                    };
                    way.access = if how == 3 { Access::No } else { Access::Public };
                    (nodes.len() > 1).then_some(way)
                })
                .collect();
            let mut parts = region(&nodes, ways, &houses, handover);
            let kinds = [
                LineKind::Rail,
                LineKind::Stream,
                LineKind::Coastline,
                LineKind::PowerLine,
                LineKind::MinorPowerLine,
                LineKind::Duct,
            ];
            parts.lines = lines
                .into_iter()
                .map(|(kind, points)| Line { external_id: "l".into(), ..line(kinds[kind], &points) })
                .collect();
            parts.land = buildings.iter().map(|p| LandArea { land_use: LandUse::Forest, polygon: p.clone() }).collect();
            let id = || "x".to_owned();
            parts.water = water.into_iter().map(|polygon| Water { external_id: id(), polygon }).collect();
            parts.buildings = buildings.into_iter().map(|polygon| Building { external_id: id(), polygon }).collect();
            parts.ruled_areas =
                areas.into_iter().map(|(rule, polygon)| RuledArea { external_id: id(), rule, polygon }).collect();
            parts
        })
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(400))]
    #[test]
    fn invariants_hold_on_any_region(parts in any_region(), mend in 0..2_u8) {
        let region = Region::new(parts).expect("sound");
        let book = CostBook::example();
        let mut scenario = scenario();
        scenario.options.mend_gaps_m = f64::from(mend) * 3.0;
        let plan = || {
            let mut silent = Silent;
            build(&region, &scenario, &book, &mut Context::new(&mut silent)).expect("not cancelled")
        };
        let staged = plan();
        check(&region, &staged.value, &book);
        proptest::prop_assert!(plan() == staged);
        // No drop, lead or landing ends on a tunnel, bridge, ferry or motorway: they start no edge of their own there.
        let code = |p: &breiband_model::Part| matches!(p.kind, PartKind::Drop | PartKind::Handover | PartKind::Gap);
        for edge in staged.value.edges.iter() {
            let parts = staged.value.parts_of(edge);
            for pair in parts.windows(2).filter(|pair| code(&pair[0]) != code(&pair[1])) {
                let along = if code(&pair[0]) { &pair[1] } else { &pair[0] };
                if let (PartKind::Along, Origin::Way(way)) = (along.kind, along.origin) {
                    let way = region.way(way);
                    // A link may end in a junction where such a way begins; a contracted chain then goes on along it.
                    let end = staged.value.geometry_of(if code(&pair[0]) { &pair[0] } else { &pair[1] });
                    let touches = |p: Option<&Point>| p.is_some_and(|p| way.nodes.iter().any(|&n| region.node(n) == *p));
                    proptest::prop_assert!(
                        way.structure == Structure::None || touches(end.last()) || touches(end.first())
                    );
                }
            }
        }
    }
}
