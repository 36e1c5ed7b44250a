//! Polylines and mended polygons against what must hold for each.

use breiband_model::{Point, Polygon, length_mm};
use breiband_spatial::{Repair, line, mend_polygon, polygon_contains};
use proptest::collection::vec;
use proptest::prelude::*;

fn point() -> impl Strategy<Value = Point> {
    prop_oneof![
        2 => (-8_i32..8, -8_i32..8).prop_map(|(x, y)| Point::new(x * 1_000, y * 1_000)),
        1 => (-9_000_i32..9_000, -9_000_i32..9_000).prop_map(|(x, y)| Point::new(x, y)),
    ]
}

fn ring(points: &[(i32, i32)]) -> Vec<Point> {
    points.iter().map(|&(x, y)| Point::new(x, y)).collect()
}

/// Even-odd over rings as a file has them.
fn in_rings(rings: &[Vec<Point>], p: Point) -> bool {
    let polygon = Polygon { outer: rings[0].clone(), holes: rings[1..].to_vec() };
    polygon_contains(&polygon, p)
}

fn near_boundary(rings: &[Vec<Point>], p: Point, mm: u64) -> bool {
    rings.iter().flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1))).any(|(&a, &b)| {
        let (_, along) = line::project(&[a, b], p);
        line::locate(&[a, b], along).is_some_and(|foot| foot.distance_squared(p) <= mm * mm)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn pieces_add_up(points in vec(point(), 1..12), cut in 0_u64..60_000) {
        let length = length_mm(&points);
        prop_assert_eq!(line::locate(&points, 0), points.iter().zip(points.iter().skip(1)).find(|(a, b)| a != b).map(|(a, _)| *a).or(points.last().copied()));
        prop_assert_eq!(line::locate(&points, length), points.last().copied());
        let (left, right) = (line::slice(&points, 0, cut), line::slice(&points, cut, length));
        prop_assert_eq!(left.last(), right.first());
        // Each cut segment's two parts are rounded on their own.
        let sum = length_mm(&left) + length_mm(&right);
        prop_assert!(sum.abs_diff(length) <= 2 + points.len() as u64, "{sum} {length}");
        let mut back = line::slice(&points, cut, 0);
        back.reverse();
        prop_assert_eq!(back, left);
        prop_assert_eq!(line::slice(&points, length, length), vec![*points.last().expect("a point")]);
    }

    #[test]
    fn projecting_finds_the_place_again(points in vec(point(), 2..10), at in 0_u64..40_000) {
        let at = at.min(length_mm(&points));
        let p = line::locate(&points, at).expect("a point");
        let (length, along) = line::project(&points, p);
        prop_assert_eq!(length, length_mm(&points));
        // Where the line crosses itself the first place is found: it is the same place all the same.
        prop_assert!(line::locate(&points, along).expect("a point").distance_mm(p) <= 2);
    }

    #[test]
    fn offsets_keep_their_distance(points in vec(point(), 2..10), metres in -3.0_f64..3.0) {
        let beside = line::offset(&points, metres);
        for &p in &beside {
            let (_, along) = line::project(&points, p);
            let off = line::locate(&points, along).expect("a point").distance_mm(p) as f64;
            // At inner bends it may come nearer to another stretch; a mitre sticks out threefold at most.
            prop_assert!(off <= metres.abs() * 1e3 * 3.05 + 2.0, "{off}");
        }
        prop_assert!(beside.len() <= 2 * points.len());
    }

    #[test]
    fn simplified_lines_stay_near(points in vec(point(), 0..20), tolerance in 0_u32..3_000) {
        let simple = line::simplify(&points, tolerance);
        prop_assert_eq!(simple.first(), points.first());
        prop_assert_eq!(simple.last(), points.last());
        prop_assert!(simple.iter().all(|p| points.contains(p)));
        for &p in points.iter().filter(|_| simple.len() > 1) {
            let (_, along) = line::project(&simple, p);
            prop_assert!(line::locate(&simple, along).expect("a point").distance_mm(p) <= u64::from(tolerance) + 1);
        }
    }

    #[test]
    fn mended_polygons_cover_the_even_odd_area(rings in vec(vec(point(), 0..12), 1..4), points in vec(point(), 20)) {
        let mended = mend_polygon(&rings);
        for polygon in &mended.polygons {
            let again: Vec<Vec<Point>> = polygon.rings().map(|ring| [ring, &ring[..1]].concat()).collect();
            let twice = mend_polygon(&again);
            let crossing = twice.repairs.iter().any(|repair| !matches!(repair, Repair::Uncrossed { .. }));
            prop_assert!(!crossing, "{:?}", twice.repairs);
        }
        // The outer ring that encloses nothing takes everything with it.
        prop_assume!(mended.repairs.first() != Some(&Repair::Dropped { ring: 0 }) && !mended.polygons.is_empty());
        prop_assume!(!mended.repairs.contains(&Repair::Dropped { ring: 0 }));
        for p in points {
            if !near_boundary(&rings, p, 3) {
                let ours = mended.polygons.iter().filter(|polygon| polygon_contains(polygon, p)).count();
                prop_assert_eq!(ours, usize::from(in_rings(&rings, p)), "{:?} in {:?}", p, mended);
            }
        }
    }
}

#[test]
fn sound_rings_stay_as_they_are() {
    let outer = ring(&[(0, 0), (90, 0), (90, 90), (0, 90), (0, 0)]);
    let hole = ring(&[(10, 10), (10, 20), (20, 20), (20, 10), (10, 10)]);
    let mended = mend_polygon(&[outer.clone(), hole.clone()]);
    assert_eq!(mended.repairs, []);
    assert_eq!(mended.polygons, [Polygon { outer: outer[..4].to_vec(), holes: vec![hole[..4].to_vec()] }]);
}

#[test]
fn what_was_mended_is_said() {
    let turned = mend_polygon(&[ring(&[(0, 0), (0, 90), (90, 90), (90, 0), (0, 0)])]);
    assert_eq!(turned.repairs, [Repair::Turned { ring: 0 }]);
    let open = mend_polygon(&[ring(&[(0, 0), (90, 0), (90, 90), (90, 90), (0, 90)])]);
    assert_eq!(open.repairs, [Repair::Closed { ring: 0 }, Repair::Repeated { ring: 0, points: 1 }]);
    assert_eq!(open.polygons[0].outer.len(), 4);
    let flat = mend_polygon(&[ring(&[(0, 0), (50, 50), (90, 90), (0, 0)])]);
    assert_eq!((flat.polygons, flat.repairs), (vec![], vec![Repair::Dropped { ring: 0 }]));
    let square =
        |x: i32, y: i32, side: i32| ring(&[(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]);
    let outside = mend_polygon(&[square(0, 0, 50), square(100, 0, 50)]);
    assert_eq!((outside.polygons.len(), outside.repairs), (2, vec![Repair::HoleOutside { ring: 1 }]));
    let bow_tie = mend_polygon(&[ring(&[(0, 0), (10, 10), (10, 0), (0, 10), (0, 0)])]);
    assert_eq!(bow_tie.repairs, [Repair::Uncrossed { near: Point::new(5, 5) }]);
    assert_eq!(bow_tie.polygons.iter().map(|polygon| polygon.outer.len()).collect::<Vec<_>>(), [3, 3]);
    assert_eq!(mend_polygon(&[]).polygons, []);
}
