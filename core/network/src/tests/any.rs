//! Random regions: every invariant holds, and the same region gives the same network.

use super::*;

/// A random region on a coarse grid of nodes, so that ways meet, overlap, touch and cross each other.
pub(super) fn any_region() -> impl proptest::strategy::Strategy<Value = RegionParts> {
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
