//! Small regions whose least cost is known by hand or by trying everything.

use breiband_model::{LeftOutReason, Side};

use super::*;

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
                    for side in [0, 1] {
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
    let nodes = [(0, 0), (100, 0), (90_000, 0), (90_100, 0)];
    let parts = region(&nodes, vec![street(&[0, 1]), street(&[2, 3])], &[(50, 10), (90_050, 10)], Some((0, 10)));
    let (_, network) = network(parts);
    assert_eq!(network.left_out.len(), 1);
    assert_eq!((network.left_out[0].reason, network.left_out[0].length_mm), (LeftOutReason::Disconnected, 100_000));
    assert_eq!(network.terminals.len(), 2);
    assert!(matches!(network.demand[1], Demand::Terminal(1)));
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

#[test]
fn in_an_area_that_multiplies_everything_costs_more() {
    use breiband_model::{AreaRule, Building, Polygon, RuledArea, Water};
    let corner = |x: i32, y: i32| Point::new(x * 1000, y * 1000);
    let square = |x: i32, y: i32, half: i32| Polygon {
        outer: [(-1, -1), (1, -1), (1, 1), (-1, 1)].map(|(dx, dy)| corner(x + dx * half, y + dy * half)).to_vec(),
        holes: vec![],
    };
    // Houses on either side of a street and behind a track; a building, a railway, a stream and a pond on the way to them.
    let nodes = [(0, 0), (200, 0), (0, 300), (200, 300), (100, 0)];
    let track = way(WayClass::Track, Surface::Gravel, &[2, 3]);
    let ways = vec![street(&[0, 4]), street(&[4, 1]), track];
    for kind in [LineKind::Rail, LineKind::Stream, LineKind::Duct, LineKind::MinorPowerLine] {
        let houses = [(20, 100), (60, -60), (120, 120), (180, -20)];
        let mut parts = region(&nodes, ways.clone(), &houses, Some((10, -50)));
        parts.lines = vec![line(kind, &[(0, 8), (100, 8), (200, 8)])];
        parts.buildings = vec![Building { external_id: "b".into(), polygon: square(60, -30, 5) }];
        parts.water = vec![Water { external_id: "w".into(), polygon: square(120, 60, 5) }];
        let plain = steiner(&network(parts.clone()).1);
        let rule = AreaRule::Multiply { permille: 1500 };
        parts.ruled_areas = vec![RuledArea { external_id: "a".into(), rule, polygon: square(100, 100, 5_000) }];
        assert_eq!(steiner(&network(parts).1) * 2, plain * 3, "{kind:?}");
    }
}
