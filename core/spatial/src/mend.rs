//! Sound polygons from the rings that files really hold.

use std::fmt;

use breiband_model::{Point, Polygon};
use geo::BooleanOps;
use geo_types::{Coord, LineString, MultiPolygon};

use crate::exact::{Crossing, Side, segments_cross, side_of};
use crate::grid::SegmentGrid;
use crate::polygons::PolygonIndex;

/// What was wrong with a ring and put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Repair {
    /// The ring's last point was not its first.
    Closed {
        /// Which ring, 0 being the outer one.
        ring: usize,
    },
    /// Points that repeat their predecessor were left out.
    Repeated {
        /// Which ring.
        ring: usize,
        /// How many.
        points: usize,
    },
    /// The ring encloses nothing (fewer than three distinct points, or all on one line) and was left out.
    Dropped {
        /// Which ring.
        ring: usize,
    },
    /// The ring ran the wrong way round (RFC 7946: outer rings counter-clockwise, holes clockwise).
    Turned {
        /// Which ring.
        ring: usize,
    },
    /// Rings cross or overlap each other or themselves: the area was rebuilt by the even-odd rule.
    Uncrossed {
        /// A place where they do.
        near: Point,
    },
    /// A hole lies outside of the outer ring: it became an area of its own by the even-odd rule.
    HoleOutside {
        /// Which ring.
        ring: usize,
    },
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed { ring } => write!(f, "ring {ring} was not closed"),
            Self::Repeated { ring, points } => write!(f, "ring {ring} repeated {points} points"),
            Self::Dropped { ring } => write!(f, "ring {ring} encloses nothing and was dropped"),
            Self::Turned { ring } => write!(f, "ring {ring} ran the wrong way round"),
            Self::Uncrossed { near } => {
                write!(f, "the boundary crossed itself near ({}, {}) mm and was rebuilt", near.x, near.y)
            }
            Self::HoleOutside { ring } => write!(f, "hole {ring} lay outside of its area"),
        }
    }
}

/// Sound polygons and what it took to get them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mended {
    /// The polygons: none where nothing was enclosed, several where a crossing boundary fell apart. Outer rings run
    /// counter-clockwise, holes clockwise, none is closed.
    pub polygons: Vec<Polygon>,
    /// What was put right, in the order of the rings; empty for sound rings.
    pub repairs: Vec<Repair>,
}

impl Mended {
    /// Whether the boundary crossed itself.
    #[must_use]
    pub fn crossed(&self) -> bool {
        self.repairs.iter().any(|repair| matches!(repair, Repair::Uncrossed { .. }))
    }
}

/// Makes polygons of the rings of one polygon as a file has them: the outer ring first, each closed.
///
/// Sound rings keep every coordinate. Crossing ones are rebuilt by the even-odd rule, to the millimetre.
///
/// ```
/// use breiband_model::Point;
/// use breiband_spatial::mend_polygon;
/// let bow_tie = [(0, 0), (10, 10), (10, 0), (0, 10), (0, 0)].map(|(x, y)| Point::new(x, y)).to_vec();
/// let mended = mend_polygon(&[bow_tie]);
/// assert_eq!(mended.polygons.len(), 2);
/// assert_eq!(mended.repairs.len(), 1);
/// ```
pub fn mend_polygon(rings: &[Vec<Point>]) -> Mended {
    let mut repairs = Vec::new();
    let mut clean: Vec<(usize, Vec<Point>)> = Vec::new();
    for (ring, points) in rings.iter().enumerate() {
        let points = without_repetition(ring, points, &mut repairs);
        let encloses = points.iter().any(|&p| crate::exact::cross(points[0], points[1.min(points.len() - 1)], p) != 0);
        if encloses {
            clean.push((ring, points));
        } else {
            repairs.push(Repair::Dropped { ring });
            if ring == 0 {
                return Mended { polygons: Vec::new(), repairs };
            }
        }
    }
    if clean.is_empty() {
        return Mended { polygons: Vec::new(), repairs };
    }
    let mut near = bad_crossing(clean.iter().map(|(_, points)| points.as_slice()));
    let outside = holes_outside(&clean);
    if near.is_none() && outside.is_empty() {
        for (ring, points) in &mut clean {
            if (doubled_area(points) > 0) != (*ring == 0) {
                points.reverse();
                repairs.push(Repair::Turned { ring: *ring });
            }
        }
        let mut points = clean.into_iter().map(|(_, points)| points);
        let polygon = Polygon { outer: points.next().unwrap_or_default(), holes: points.collect() };
        return Mended { polygons: vec![polygon], repairs };
    }
    repairs.extend(near.map(|near| Repair::Uncrossed { near }));
    repairs.extend(outside);
    let mut polygons = even_odd(clean.into_iter().map(|(_, points)| points).collect());
    // Rounding to millimetres can make a sliver cross again, hardly ever twice.
    for _ in 0..3 {
        near = polygons.iter().find_map(|polygon| bad_crossing(polygon.rings()));
        if near.is_none() {
            break;
        }
        polygons =
            even_odd(polygons.iter().flat_map(|p| p.rings().map(<[Point]>::to_vec).collect::<Vec<_>>()).collect());
    }
    Mended { polygons, repairs }
}

/// Holes with a point outside of the outer ring, which is the first.
fn holes_outside(rings: &[(usize, Vec<Point>)]) -> Vec<Repair> {
    let [(_, outer), holes @ ..] = rings else { return Vec::new() };
    if holes.is_empty() {
        return Vec::new();
    }
    let alone = Polygon { outer: outer.clone(), holes: Vec::new() };
    let index = PolygonIndex::build([&alone]);
    let outside = |hole: &[Point]| hole.iter().any(|&p| index.containing(p).is_none());
    holes.iter().filter(|(_, hole)| outside(hole)).map(|&(ring, _)| Repair::HoleOutside { ring }).collect()
}

fn without_repetition(ring: usize, points: &[Point], repairs: &mut Vec<Repair>) -> Vec<Point> {
    let mut clean = points.to_vec();
    if clean.len() > 1 && clean.first() == clean.last() {
        clean.pop();
    } else if clean.len() > 2 {
        repairs.push(Repair::Closed { ring });
    }
    let before = clean.len();
    clean.dedup();
    while clean.len() > 1 && clean.first() == clean.last() {
        clean.pop();
    }
    if clean.len() < before {
        repairs.push(Repair::Repeated { ring, points: before - clean.len() });
    }
    clean
}

/// A place where edges of the rings meet though they are no neighbours, if there is one. Two different rings may touch in
/// points, as a hole may touch its outer ring.
fn bad_crossing<'a>(rings: impl Iterator<Item = &'a [Point]>) -> Option<Point> {
    let mut edges: Vec<Edge> = Vec::new();
    for (ring, points) in rings.enumerate() {
        let last = points.len() - 1;
        let ends = points.iter().zip(points.iter().cycle().skip(1)).enumerate();
        edges.extend(ends.map(|(place, (&a, &b))| Edge { a, b, ring, place, last }));
    }
    // Most areas are houses: looking at every pair of their edges is quicker than any index.
    if edges.len() <= 32 {
        return edges
            .iter()
            .enumerate()
            .find_map(|(index, edge)| edges[index + 1..].iter().find_map(|other| edge.meets_badly(other)));
    }
    let total: u64 = edges.iter().map(|edge| edge.a.distance_mm(edge.b)).sum();
    let cell = u32::try_from(total / edges.len() as u64 * 2).unwrap_or(u32::MAX);
    let ends: Vec<(Point, Point)> = edges.iter().map(|edge| (edge.a, edge.b)).collect();
    let grid = SegmentGrid::build(&ends, cell);
    let mut found = Vec::new();
    edges.iter().enumerate().find_map(|(index, edge)| {
        grid.crossing(edge.a, edge.b, &mut found);
        let later = found.iter().map(|&other| other as usize).filter(|&other| other > index);
        later.into_iter().find_map(|other| edge.meets_badly(&edges[other]))
    })
}

/// An edge of a ring, with its place in it.
struct Edge {
    a: Point,
    b: Point,
    ring: usize,
    place: usize,
    /// The place of the ring's last edge.
    last: usize,
}

impl Edge {
    /// Where a later edge meets this one as it may not.
    fn meets_badly(&self, later: &Self) -> Option<Point> {
        let (a, b, c, d) = (self.a, self.b, later.a, later.b);
        // Neighbours share an end, and no more unless one runs back along the other.
        if self.ring == later.ring && later.place == self.place + 1 && side_of(a, b, d) != Side::On {
            return None;
        }
        let crossing = segments_cross(a, b, c, d);
        if crossing == Crossing::None {
            return None;
        }
        let other_ring = self.ring != later.ring;
        let neighbours = later.place == self.place + 1 || (self.place == 0 && later.place == later.last);
        let fine = crossing == Crossing::Touch && (other_ring || neighbours) && !overlap(a, b, c, d);
        if fine { None } else { crate::exact::crossing_point(a, b, c, d).or(Some(a)) }
    }
}

/// Whether two segments that touch share more than a point.
fn overlap(a: Point, b: Point, c: Point, d: Point) -> bool {
    let shared = [(a, c, d), (b, c, d), (c, a, b), (d, a, b)];
    let mut shared = shared.into_iter().filter(|&(p, from, to)| crate::exact::touches(from, to, p)).map(|(p, ..)| p);
    let first = shared.next();
    shared.any(|p| Some(p) != first)
}

fn even_odd(rings: Vec<Vec<Point>>) -> Vec<Polygon> {
    let line = |points: &Vec<Point>| -> LineString<f64> {
        points.iter().map(|p| Coord { x: f64::from(p.x), y: f64::from(p.y) }).collect()
    };
    let mut lines = rings.iter().map(line);
    let Some(outer) = lines.next() else { return Vec::new() };
    let crossing = geo_types::Polygon::new(outer, lines.collect());
    let sound: MultiPolygon<f64> = crossing.union(&MultiPolygon::new(Vec::new()));
    sound.into_iter().filter_map(|polygon| rounded(&polygon)).collect()
}

fn rounded(polygon: &geo_types::Polygon<f64>) -> Option<Polygon> {
    let ring = |line: &LineString<f64>, outer: bool| {
        let mut points: Vec<Point> =
            line.coords().map(|c| Point::new(c.x.round() as i32, c.y.round() as i32)).collect();
        points.dedup();
        while points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        let area = doubled_area(&points);
        if (area > 0) != outer {
            points.reverse();
        }
        (area != 0).then_some(points)
    };
    let holes = polygon.interiors().iter().filter_map(|hole| ring(hole, false)).collect();
    ring(polygon.exterior(), true).map(|outer| Polygon { outer, holes })
}

/// Twice the signed area of a ring in square millimetres, positive for counter-clockwise.
pub fn doubled_area(ring: &[Point]) -> i128 {
    ring.iter()
        .zip(ring.iter().cycle().skip(1))
        .map(|(a, b)| i128::from(a.x) * i128::from(b.y) - i128::from(b.x) * i128::from(a.y))
        .sum()
}
