//! Routes drawn by hand: what they add to the network, what they bar, and what they are said to cost.

use std::sync::Arc;

use breiband_model::{DrawnRoute, LandArea, LandUse, LeftOutReason, Leg, Polygon, RouteUse, Staged, Water};
use breiband_spatial::Projection;
use proptest::prelude::*;

use super::*;
use crate::{Problem, Sketch, Underfoot};

/// A valley: from the handover a road runs 1,000 m east, 1,000 m north and 1,000 m back west. Two houses lie at its far end,
/// one lies in the middle between its arms.
fn valley() -> RegionParts {
    let nodes = [(0, 0), (1000, 0), (1000, 1000), (0, 1000)];
    let ways =
        vec![way(WayClass::Tertiary, Surface::Paved, &[0, 1]), way(WayClass::Track, Surface::Gravel, &[1, 2, 3])];
    region(&nodes, ways, &[(5, 1020), (30, 1020), (40, 500)], Some((-10, 0)))
}

fn degrees(parts: &RegionParts, places: &[(i32, i32)]) -> Vec<[f64; 2]> {
    let projection = Projection::new(parts.plane);
    let place = |&(x, y): &(i32, i32)| projection.to_lon_lat(Point::new(x * 1000, y * 1000)).into();
    places.iter().map(place).collect()
}

fn built(parts: RegionParts, scenario: &Scenario) -> (Arc<Staged<Region>>, CandidateNetwork) {
    let region = Region::new(parts).expect("sound");
    let mut silent = Silent;
    let book = CostBook::example();
    let network = build(&region, scenario, &book, &mut Context::new(&mut silent)).expect("not cancelled").value;
    check(&region, &network, &book);
    (Arc::new(Staged::new(region, Vec::new())), network)
}

fn with_route(parts: &RegionParts, usage: RouteUse, places: &[(i32, i32)], legs: Vec<Leg>) -> Scenario {
    let mut scenario = scenario();
    scenario.routes.push(DrawnRoute { name: "drawn".into(), usage, points: degrees(parts, places), legs });
    scenario
}

fn drawn_metres(network: &CandidateNetwork) -> f64 {
    let drawn = network.parts.iter().filter(|part| part.kind == PartKind::Drawn);
    drawn.map(|part| network.length_of(part)).sum::<u64>() as f64 / 1000.0
}

#[test]
fn a_freehand_leg_is_an_edge_that_drops_may_end_on() {
    let parts = valley();
    let (_, without) = built(valley(), &scenario());
    let scenario = with_route(&parts, RouteUse::Candidate, &[(3, 2), (3, 995)], vec![Leg::Free]);
    let (_, network) = built(parts, &scenario);
    assert_eq!(drawn_metres(&without), 0.0);
    let metres = drawn_metres(&network);
    assert!((999.9..1000.1).contains(&metres), "from road to road, once: {metres}");
    // The middle house lies 500 m from either road, and 37 m from the line.
    let drops = |network: &CandidateNetwork, house: u32| -> Vec<u64> {
        let is_drop = |part: &&breiband_model::Part| {
            part.kind == PartKind::Drop && part.origin == Origin::Premises(breiband_model::PremisesId::new(house))
        };
        network.parts.iter().filter(is_drop).map(|part| network.length_of(part) / 1000).collect()
    };
    assert!(drops(&without, 2).iter().all(|&m| m >= 499));
    assert!(drops(&network, 2).contains(&37), "{:?}", drops(&network, 2));
}

#[test]
fn a_road_leg_adds_nothing_and_a_forbidden_one_is_left_out_to_the_metre() {
    let parts = valley();
    let (_, without) = built(valley(), &scenario());
    let (_, same) = built(valley(), &with_route(&parts, RouteUse::Candidate, &[(0, 0), (0, 1000)], vec![]));
    assert_eq!(without, same);
    // 300 m of the track: from (1000, 800) to (900, 1000).
    let scenario = with_route(&parts, RouteUse::Forbidden, &[(990, 800), (900, 990)], vec![]);
    let (_, barred) = built(valley(), &scenario);
    let left_out: u64 = barred
        .left_out
        .iter()
        .filter(|one| one.reason == LeftOutReason::ForbiddenByScenario)
        .map(|one| one.length_mm)
        .sum();
    assert!(left_out.abs_diff(300_000) <= 2, "{left_out} mm of road are barred");
}

#[test]
fn a_drawn_duct_or_pole_line_is_used_like_one_of_the_inputs() {
    use breiband_model::LineKind;
    // Straight over the ground, and along the roads: the network is that of a region which has the same line.
    let along = [(0, 0), (1000, 0), (1000, 1000), (0, 1000)];
    for (usage, kind) in [(RouteUse::Duct, LineKind::Duct), (RouteUse::Poles, LineKind::MinorPowerLine)] {
        for (places, legs, line) in [
            (&[(0, 0), (0, 1000)][..], vec![Leg::Free], &[(0, 0), (0, 1000)][..]),
            (&[(0, 0), (0, 1000)], vec![], &along),
        ] {
            let mut parts = valley();
            let (_, drawn) = built(valley(), &with_route(&parts, usage, places, legs));
            parts.lines = vec![super::line(kind, line)];
            let (_, given) = built(parts, &scenario());
            assert_eq!(
                (drawn.edges.len(), steiner(&drawn)),
                (given.edges.len(), steiner(&given)),
                "{usage:?} {places:?}"
            );
            assert!(steiner(&drawn) < steiner(&built(valley(), &scenario()).1), "it saves digging");
        }
    }
}

#[test]
fn a_drawn_area_is_one_of_the_inputs_with_the_same_rule() {
    use breiband_model::{AreaUse, DrawnArea, RuledArea};
    let corners = [(-60, 300), (300, 300), (300, 700), (-60, 700)];
    let outer = corners.map(|(x, y)| Point::new(x * 1000, y * 1000)).to_vec();
    let uses = [AreaUse::Forbid, AreaUse::Multiply, AreaUse::Lump, AreaUse::ExcludePremises];
    for rule in uses {
        let mut parts = valley();
        let (factor, amount) = (Some(2.5), Some(12_345.0));
        let mut own = with_route(&parts, RouteUse::Candidate, &[(3, 2), (3, 995)], vec![Leg::Free]);
        let mut other = own.clone();
        let ring = degrees(&parts, &corners);
        own.areas.push(DrawnArea { name: "a".into(), rule, factor, amount, ring });
        let rule = own.areas[0].area_rule().expect("a rule");
        let polygon = Polygon { outer: outer.clone(), holes: Vec::new() };
        let (_, drawn) = built(valley(), &own);
        parts.ruled_areas.push(RuledArea { external_id: "a".into(), rule, polygon });
        other.areas.clear();
        assert_eq!(drawn, built(parts, &other).1);
        assert_ne!(drawn, built(valley(), &other).1, "the area changes something");
    }
}

#[test]
fn a_drawn_area_is_mended_as_those_of_files_are() {
    use breiband_model::{AreaUse, DrawnArea, RuledArea};
    // A bow tie over the road: its halves meet where its sides cross.
    let corners = [(-60, 300), (300, 700), (300, 300), (-60, 700)];
    let place = |(x, y): (i32, i32)| Point::new(x * 1000, y * 1000);
    let mut parts = valley();
    let mut own = with_route(&parts, RouteUse::Candidate, &[(3, 2), (3, 995)], vec![Leg::Free]);
    let other = own.clone();
    let (rule, factor, amount) = (AreaUse::Multiply, Some(2.5), None);
    own.areas.push(DrawnArea { name: "a".into(), rule, factor, amount, ring: degrees(&parts, &corners) });
    let region = Region::new(valley()).expect("sound");
    let (mut silent, book) = (Silent, CostBook::example());
    let staged = build(&region, &own, &book, &mut Context::new(&mut silent)).expect("not cancelled");
    let told: Vec<&str> =
        staged.issues.iter().filter(|one| one.code == "polygon-mended").map(|one| one.record.as_str()).collect();
    assert_eq!(told, ["a"], "the user is told that it crosses itself");
    let (_, drawn) = built(valley(), &own);
    for half in [[(-60, 300), (120, 500), (-60, 700)], [(300, 700), (120, 500), (300, 300)]] {
        let polygon = Polygon { outer: half.map(place).to_vec(), holes: Vec::new() };
        let rule = own.areas[0].area_rule().expect("a rule");
        parts.ruled_areas.push(RuledArea { external_id: "a".into(), rule, polygon });
    }
    assert_eq!(drawn, built(parts, &other).1);
    // Closed, and with a corner twice, it is the same.
    let ring = &mut own.areas[0].ring;
    ring.insert(1, ring[0]);
    ring.push(ring[0]);
    assert_eq!(drawn, built(valley(), &own).1);
}

#[test]
fn what_is_drawn_off_the_map_is_listed() {
    use breiband_model::{AreaUse, DrawnArea};
    let mut scenario = scenario();
    let far = vec![[-179.0, -80.0], [-178.0, -80.0], [-178.0, -79.0]];
    let (rule, factor, amount) = (AreaUse::Forbid, None, None);
    scenario.areas.push(DrawnArea { name: "swapped".into(), rule, factor, amount, ring: far.clone() });
    let route = DrawnRoute { name: "lost".into(), points: far, ..DrawnRoute::default() };
    scenario.routes.push(route);
    let region = Region::new(valley()).expect("sound");
    let (mut silent, book) = (Silent, CostBook::example());
    let staged = build(&region, &scenario, &book, &mut Context::new(&mut silent)).expect("not cancelled");
    let listed: Vec<&str> =
        staged.issues.iter().filter(|one| one.code == "drawn-off-map").map(|one| one.record.as_str()).collect();
    assert_eq!(listed, ["swapped", "lost"]);
}

#[test]
fn the_price_while_drawing_is_that_of_the_network() {
    let mut parts = valley();
    // A lake of 100 m across the way, and farmland on the far side of it.
    let square = |x0: i32, y0: i32, x1: i32, y1: i32| Polygon {
        outer: [(x0, y0), (x1, y0), (x1, y1), (x0, y1)].map(|(x, y)| Point::new(x * 1000, y * 1000)).to_vec(),
        holes: Vec::new(),
    };
    parts.water.push(Water { external_id: "lake".into(), polygon: square(-500, 300, 500, 400) });
    parts.land.push(LandArea { land_use: LandUse::Farmland, polygon: square(-500, 700, 500, 900) });
    // No houses: nothing cuts the leg.
    parts.premises.clear();
    let places = [(3, 0), (3, 1000)];
    let scenario = with_route(&parts, RouteUse::Candidate, &places, vec![Leg::Free]);
    let book = CostBook::example();
    let (region, network) = built(parts, &scenario);
    let is_drawn =
        |edge: &&breiband_model::Edge| network.parts_of(edge).iter().any(|part| matches!(part.kind, PartKind::Drawn));
    let edge = network.edges.iter().find(is_drawn).expect("it is laid");
    let line = [Point::new(3_000, 0), Point::new(3_000, 1_000_000)];
    let drawn: breiband_model::Money = network
        .parts_of(edge)
        .iter()
        .filter(|part| part.origin == Origin::Derived)
        .map(|part| network.cost_of(part, &book))
        .sum();
    let mut sketch = Sketch::new(region, &scenario, &book);
    let traced = sketch.trace(&line, |_| Leg::Free);
    assert_eq!(traced.cost(), drawn);
    let metres: Vec<(Underfoot, u64)> =
        traced.grounds().into_iter().map(|(ground, amount)| (ground, amount.length_mm / 1000)).collect();
    let expected =
        [(Underfoot::Land(None), 700), (Underfoot::Land(Some(LandUse::Farmland)), 200), (Underfoot::Water, 100)];
    assert_eq!(metres, expected);
    assert_eq!(traced.added(), traced.cost(), "nothing is planned yet");
    assert_eq!(traced.lengths_mm(), [1_000_000, 0]);
    // Planned, all of it is there; of a line that goes on as far again, half.
    sketch.set_built(&network, &everything(&network));
    let again = sketch.trace(&line, |_| Leg::Free);
    assert_eq!((again.lengths_mm(), again.added()), ([1_000_000, 1_000_000], breiband_model::Money::ZERO));
    let longer = sketch.trace(&[line[0], Point::new(3_000, 2_000_000)], |_| Leg::Free);
    assert_eq!(longer.lengths_mm(), [2_000_000, 1_000_000]);
}

/// A plan that builds every edge.
fn everything(network: &breiband_model::CandidateNetwork) -> breiband_model::RoutePlan {
    let edges = (0..network.edges.len()).map(breiband_model::EdgeId::from_usize).collect();
    let (cost, bound) = (breiband_model::Money::ZERO, breiband_model::Money::ZERO);
    breiband_model::RoutePlan { edges, outcomes: Vec::new(), cost, bound, choice: None }
}

#[test]
fn a_road_leg_follows_the_roads_and_counts_who_it_passes() {
    let (region, _) = built(valley(), &scenario());
    let book = CostBook::example();
    let mut sketch = Sketch::new(Arc::clone(&region), &scenario(), &book);
    let ends = [Point::new(100_000, 30_000), Point::new(100_000, 950_000)];
    let traced = sketch.trace(&ends, |_| Leg::Road);
    assert_eq!(traced.waypoints, [Point::new(100_000, 0), Point::new(100_000, 1_000_000)]);
    let grounds = traced.grounds();
    assert_eq!(grounds[&Underfoot::Road(Surface::Paved)].length_mm, 900_000);
    assert_eq!(grounds[&Underfoot::Road(Surface::Gravel)].length_mm, 1_900_000);
    // All three lie within a kilometre, two within 150 m.
    assert_eq!((traced.passed, traced.within), (2, 3));
    // Backwards it is the same route.
    let back = sketch.trace(&[ends[1], ends[0]], |_| Leg::Road);
    assert_eq!((back.cost(), back.passed), (traced.cost(), traced.passed));
    // What is planned is not paid for twice.
    let network = build(&region.value, &scenario(), &book, &mut Context::new(&mut Silent)).expect("built").value;
    sketch.set_built(&network, &everything(&network));
    let again = sketch.trace(&ends, |_| Leg::Road);
    assert_eq!((traced.lengths_mm(), again.lengths_mm()), ([2_800_000, 0], [2_800_000; 2]));
    assert_eq!((again.cost(), again.added()), (traced.cost(), breiband_model::Money::ZERO));
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let mut parts = valley();
    // An island of its own.
    parts.nodes.extend([Point::new(5_000_000, 0), Point::new(5_100_000, 0)]);
    parts.ways.push(Way { external_id: "way/9".into(), ..way(WayClass::Track, Surface::Gravel, &[4, 5]) });
    let (region, _) = built(parts, &scenario());
    let mut sketch = Sketch::new(region, &scenario(), &CostBook::example());
    let apart = sketch.trace(&[Point::new(0, 0), Point::new(5_050_000, 0)], |_| Leg::Road);
    assert_eq!(apart.legs[0].problem, Some(Problem::NoRoad));
    assert_eq!(apart.cost(), breiband_model::Money::ZERO);
    let none = sketch.trace(&[], |_| Leg::Road);
    assert!(none.legs.is_empty() && none.waypoints.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// On random street grids with missing streets: the path is as short as Bellman and Ford's.
    #[test]
    fn paths_are_shortest(gone in proptest::collection::vec(any::<bool>(), 40), a in 0_usize..25, b in 0_usize..25) {
        let nodes: Vec<(i32, i32)> = (0..25).map(|n| (n % 5 * 100 + n * n % 7, n / 5 * 100 + n % 3)).collect();
        let mut pairs = Vec::new();
        for n in 0..25_u32 {
            if n % 5 < 4 { pairs.push((n, n + 1)); }
            if n < 20 { pairs.push((n, n + 5)); }
        }
        let pairs: Vec<(u32, u32)> = pairs.into_iter().zip(&gone).filter(|(_, gone)| !**gone).map(|(pair, _)| pair).collect();
        prop_assume!(!pairs.is_empty());
        let ways = pairs.iter().map(|&(a, b)| way(WayClass::Tertiary, Surface::Paved, &[a, b])).collect();
        let used = |n: usize| pairs.iter().any(|&(a, b)| a as usize == n || b as usize == n);
        prop_assume!(used(a) && used(b));
        let parts = region(&nodes, ways, &[], Some((0, 0)));
        let points = parts.nodes.clone();
        let mut best = [u64::MAX; 25];
        best[a] = 0;
        for _ in 0..25 {
            for &(u, v) in &pairs {
                let (u, v) = (u as usize, v as usize);
                let length = points[u].distance_mm(points[v]);
                best[v] = best[v].min(best[u].saturating_add(length));
                best[u] = best[u].min(best[v].saturating_add(length));
            }
        }
        let region = Arc::new(Staged::new(Region::new(parts).expect("sound"), Vec::new()));
        let mut sketch = Sketch::new(region, &scenario(), &CostBook::example());
        let traced = sketch.trace(&[points[a], points[b]], |_| Leg::Road);
        if best[b] == u64::MAX {
            prop_assert_eq!(traced.legs[0].problem.clone(), Some(Problem::NoRoad));
        } else {
            let length: u64 = traced.grounds().values().map(|amount| amount.length_mm).sum();
            prop_assert_eq!(length, best[b]);
        }
    }
}
