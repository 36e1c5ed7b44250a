//! The indexes against brute force and rstar on random input.

use breiband_model::{Point, Polygon};
use breiband_spatial::{
    Crossing, Hit, PointIndex, PolygonIndex, SegmentGrid, Side, crossing_point, polygon_contains, segments_cross,
    side_of,
};
use proptest::collection::vec;
use proptest::prelude::*;
use rstar::primitives::{GeomWithData, Line};
use rstar::{PointDistance, RTree};

type Segment = (Point, Point);

/// Points on a coarse lattice, so that ties, touches and common stretches happen all the time, or anywhere.
fn point() -> impl Strategy<Value = Point> {
    prop_oneof![
        3 => (-20_i32..20, -20_i32..20).prop_map(|(x, y)| Point::new(x * 1_000, y * 1_000)),
        2 => (-50_000_i32..50_000, -50_000_i32..50_000).prop_map(|(x, y)| Point::new(x, y)),
    ]
}

/// As [`point`], and now and then at the ends of the plane.
fn wild_point() -> impl Strategy<Value = Point> {
    prop_oneof![6 => point(), 1 => (any::<i32>(), any::<i32>()).prop_map(|(x, y)| Point::new(x, y))]
}

fn segments() -> impl Strategy<Value = Vec<Segment>> {
    vec((wild_point(), wild_point()), 0..60)
}

/// Exact squared distance in whole mm², rounded down, by 128-bit fractions and nothing clever. `None` beyond 1,000 km.
fn slow_distance_squared((a, b): Segment, p: Point) -> Option<u64> {
    let big = |v: i32| i128::from(v);
    let (dx, dy, px, py) = (big(b.x) - big(a.x), big(b.y) - big(a.y), big(p.x) - big(a.x), big(p.y) - big(a.y));
    let (length, dot) = (dx * dx + dy * dy, dx * px + dy * py);
    let square = if dot <= 0 {
        px * px + py * py
    } else if dot >= length {
        (px - dx) * (px - dx) + (py - dy) * (py - dy)
    } else {
        let height = dx * py - dy * px;
        if height.abs() > 1 << 62 { i128::MAX } else { height * height / length }
    };
    u64::try_from(square).ok().filter(|&square| square <= 1_000_000_000_000_000_000)
}

fn slow_within(segments: &[Segment], p: Point, max_mm: u32) -> Vec<(u64, u32)> {
    let mut all: Vec<(u64, u32)> = segments
        .iter()
        .zip(0..)
        .filter_map(|(&segment, id)| Some((slow_distance_squared(segment, p)?, id)))
        .filter(|&(square, _)| square <= u64::from(max_mm).pow(2))
        .collect();
    all.sort_unstable();
    all
}

fn keys(hits: &[Hit]) -> Vec<(u64, u32)> {
    hits.iter().map(|hit| (hit.distance_squared, hit.segment)).collect()
}

fn check_foot(segments: &[Segment], p: Point, hit: &Hit) -> Result<(), TestCaseError> {
    let (a, b) = segments[hit.segment as usize];
    let (near, exact) = (p.distance_squared(hit.foot) as f64, hit.distance_squared as f64);
    // The foot is rounded by half a millimetre in each axis, the square by up to one.
    prop_assert!((near.sqrt() - exact.sqrt()).abs() < 1.71, "{near} {exact}");
    prop_assert_eq!(hit.along_mm, a.distance_mm(hit.foot));
    prop_assert!(hit.along_mm <= a.distance_mm(b) + 1);
    Ok(())
}

/// How far a point lies from an edge, millimetres.
fn off_mm(p: Point, (c, d): Segment) -> f64 {
    let [x, y] = [f64::from(d.x) - f64::from(c.x), f64::from(d.y) - f64::from(c.y)];
    let [u, v] = [f64::from(p.x) - f64::from(c.x), f64::from(p.y) - f64::from(c.y)];
    let along = if x == 0.0 && y == 0.0 { 0.0 } else { ((u * x + v * y) / (x * x + y * y)).clamp(0.0, 1.0) };
    ((u - along * x).powi(2) + (v - along * y).powi(2)).sqrt()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn nearest_and_within_equal_brute_force(
        segments in segments(), cell in 1_u32..60_000, max in prop_oneof![0_u32..30_000, Just(900_000_000)],
        points in vec(wild_point(), 1..6),
    ) {
        let grid = SegmentGrid::build(&segments, cell);
        let mut hits = Vec::new();
        for (&p, many) in points.iter().zip(grid.nearest_many(&points, max)) {
            let expected = slow_within(&segments, p, max);
            grid.within(p, max, &mut hits);
            prop_assert_eq!(keys(&hits), expected.clone());
            let nearest = grid.nearest(p, max);
            prop_assert_eq!(nearest.map(|hit| (hit.distance_squared, hit.segment)), expected.first().copied());
            prop_assert_eq!(nearest, many);
            prop_assert_eq!(nearest, hits.first().copied());
            let odd = grid.nearest_by(p, max, |id| id % 2 == 1).map(|hit| hit.segment);
            prop_assert_eq!(odd, expected.iter().map(|&(_, id)| id).find(|id| id % 2 == 1));
            for hit in &hits {
                check_foot(&segments, p, hit)?;
            }
        }
    }

    #[test]
    fn crossing_equals_brute_force(segments in segments(), cell in 1_u32..60_000, a in wild_point(), b in wild_point()) {
        let grid = SegmentGrid::build(&segments, cell);
        let mut found = vec![9];
        grid.crossing(a, b, &mut found);
        let slow: Vec<u32> =
            segments.iter().zip(0..).filter(|((c, d), _)| segments_cross(a, b, *c, *d) != Crossing::None).map(|(_, id)| id).collect();
        prop_assert_eq!(found, slow);
    }

    #[test]
    fn nearest_equals_rstar(segments in vec((point(), point()), 1..60), p in point()) {
        let floats = |p: Point| [f64::from(p.x), f64::from(p.y)];
        let tree = RTree::bulk_load(
            segments.iter().zip(0..).map(|(&(a, b), id)| GeomWithData::new(Line::new(floats(a), floats(b)), id)).collect::<Vec<GeomWithData<_, u32>>>());
        let theirs = tree.nearest_neighbor(&floats(p)).expect("not empty").distance_2(&floats(p));
        let ours = SegmentGrid::build(&segments, 5_000).nearest(p, 1_000_000).expect("within reach").distance_squared;
        prop_assert!((theirs - ours as f64).abs() <= 1.0 + theirs * 1e-9, "{theirs} {ours}");
    }

    #[test]
    fn segments_cross_as_geo_says(a in point(), b in point(), c in point(), d in point()) {
        use geo::line_intersection::{LineIntersection, line_intersection};
        let coord = |p: Point| geo_types::Coord { x: f64::from(p.x), y: f64::from(p.y) };
        prop_assume!(a != b && c != d);
        let theirs = line_intersection(geo_types::Line::new(coord(a), coord(b)), geo_types::Line::new(coord(c), coord(d)));
        let ours = segments_cross(a, b, c, d);
        match theirs {
            None => prop_assert_eq!(ours, Crossing::None),
            Some(LineIntersection::SinglePoint { intersection, is_proper }) => {
                prop_assert_eq!(ours, if is_proper { Crossing::Proper } else { Crossing::Touch });
                let p = crossing_point(a, b, c, d).expect("they meet");
                prop_assert!((f64::from(p.x) - intersection.x).abs() <= 0.51 && (f64::from(p.y) - intersection.y).abs() <= 0.51);
            }
            Some(LineIntersection::Collinear { .. }) => prop_assert_eq!(ours, Crossing::Touch),
        }
        prop_assert_eq!(segments_cross(c, d, b, a), ours);
        prop_assert_eq!(crossing_point(a, b, c, d).is_some(), ours != Crossing::None);
        let turned = match side_of(a, b, c) { Side::Left => Side::Right, Side::Right => Side::Left, Side::On => Side::On };
        prop_assert_eq!(side_of(b, a, c), turned);
    }

    #[test]
    fn polygons_hold_what_brute_force_says(polygons in vec(polygon(), 0..8), points in vec(wild_point(), 1..10)) {
        let index = PolygonIndex::build(&polygons);
        for p in points {
            let slow: Vec<u32> = polygons.iter().zip(0..).filter(|(polygon, _)| slow_contains(polygon, p)).map(|(_, id)| id).collect();
            prop_assert_eq!(index.containing(p), slow.first().copied());
            prop_assert_eq!(index.all_containing(p), slow);
            for polygon in &polygons {
                prop_assert_eq!(polygon_contains(polygon, p), slow_contains(polygon, p));
            }
        }
    }

    #[test]
    fn lengths_inside_equal_sampling(polygons in vec(polygon(), 1..5), a in point(), b in point()) {
        let crossed = PolygonIndex::build(&polygons).crossed_by(a, b);
        let length = a.distance_mm(b);
        for (polygon, id) in polygons.iter().zip(0..) {
            let ours = crossed.iter().find(|crossed| crossed.polygon == id).map_or(0, |crossed| crossed.inside_mm);
            prop_assert!(ours <= length);
            // A sample every 20 mm; each place where the line crosses an edge may cost one of them, and running along an edge
            // is inside to the one and not to the other.
            let edges: Vec<Segment> = polygon.rings().flat_map(|ring| ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))).collect();
            prop_assume!(!edges.iter().any(|&(c, d)| side_of(a, b, c) == Side::On && side_of(a, b, d) == Side::On));
            let samples = length / 20;
            let sample = |i: u64| a.towards(b, 2 * i + 1, 2 * samples);
            let inside = (0..samples).filter(|&i| polygon_contains(polygon, sample(i))).count() as u64;
            // Samples are whole millimetres: within one of an edge they may lie on the other side of it than the line does.
            let doubtful = (0..samples).filter(|&i| edges.iter().any(|&edge| off_mm(sample(i), edge) <= 1.0)).count() as u64;
            let crossings = edges.iter().filter(|&&(c, d)| segments_cross(a, b, c, d) != Crossing::None).count() as u64;
            let sampled = (inside * length).checked_div(samples).unwrap_or(0);
            let allowed = 20 + crossings * 40 + doubtful * 20;
            prop_assert!(ours.abs_diff(sampled) <= allowed, "{ours} {sampled} of {length}, {crossings} crossings, {doubtful} in doubt");
        }
    }

    #[test]
    fn points_near_equal_brute_force(points in vec(wild_point(), 0..60), p in wild_point(), radius in 0_u32..40_000) {
        let index = PointIndex::build(&points);
        let mut slow: Vec<(u64, u32)> = points.iter().zip(0..).map(|(q, id)| (q.distance_squared(p), id)).collect();
        slow.sort_unstable();
        prop_assert_eq!(index.nearest(p).map(|n| (n.distance_squared, n.point)), slow.first().copied());
        slow.retain(|&(square, _)| square <= u64::from(radius).pow(2));
        prop_assert_eq!(index.count_within(p, radius, usize::MAX), slow.len());
        prop_assert_eq!(index.count_within(p, radius, 2), slow.len().min(2));
        let near: Vec<_> = index.within(p, radius).into_iter().map(|n| (n.distance_squared, n.point)).collect();
        prop_assert_eq!(near, slow);
    }
}

#[test]
fn the_nearest_is_found_from_one_corner_of_the_plane_to_the_other() {
    let corner = Point::new(i32::MAX, i32::MAX);
    let index = PointIndex::build(&[Point::new(i32::MIN, i32::MIN), Point::new(i32::MIN, i32::MIN + 1)]);
    assert_eq!(index.nearest(corner).map(|near| (near.point, near.distance_squared)), Some((0, u64::MAX)));
}

/// Any rings at all, crossing ones too: even-odd gives an answer for each.
fn polygon() -> impl Strategy<Value = Polygon> {
    (vec(point(), 3..40), vec(vec(point(), 3..6), 0..3)).prop_map(|(outer, holes)| Polygon { outer, holes })
}

/// A ray to the east, with fractions; the boundary first.
fn slow_contains(polygon: &Polygon, p: Point) -> bool {
    let mut inside = false;
    for ring in polygon.rings() {
        for i in 0..ring.len() {
            let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
            if slow_distance_squared((a, b), p) == Some(0) && segments_cross(a, b, p, p) != Crossing::None {
                return true;
            }
            let (ax, ay, bx, by) = (i128::from(a.x), i128::from(a.y), i128::from(b.x), i128::from(b.y));
            let (x, y) = (i128::from(p.x), i128::from(p.y));
            // x < ax + (y - ay) (bx - ax) / (by - ay), without the division.
            let beyond = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) * (by - ay).signum() > 0;
            inside ^= (ay > y) != (by > y) && beyond;
        }
    }
    inside
}

#[test]
fn far_and_empty_queries_end_at_once() {
    let empty = SegmentGrid::build(&[], 100_000);
    assert!(empty.is_empty());
    assert_eq!(empty.nearest(Point::new(i32::MIN, i32::MAX), u32::MAX), None);
    let corner = |x, y| Point::new(x, y);
    // Two metres of road at either end of the plane: the grid stays small.
    let far = [
        (corner(i32::MIN, i32::MIN), corner(i32::MIN + 1_000, i32::MIN)),
        (corner(i32::MAX, i32::MAX), corner(i32::MAX, i32::MAX - 1_000)),
    ];
    let grid = SegmentGrid::build(&far, 1);
    assert_eq!(grid.nearest(corner(i32::MAX, i32::MAX), 10).map(|hit| hit.segment), Some(1));
    // The plane reaches a millimetre farther to the south-west.
    assert_eq!(grid.nearest(corner(0, 0), u32::MAX).map(|hit| hit.segment), Some(1));
    let mut hits = Vec::new();
    grid.within(corner(0, 0), u32::MAX, &mut hits);
    assert_eq!(hits.len(), 2);
}
