//! Exact integer geometry of points and segments in the plane.
//!
//! Coordinates are `i32` millimetres, so a difference has 33 bits, a product 66 and a cross product 67: all of it fits `i128`.

use std::cmp::Ordering;

use breiband_model::Point;

/// Which side of a directed segment a point is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// To the left of somebody who walks from the first point to the second.
    Left,
    /// To the right.
    Right,
    /// On the line through both.
    On,
}

/// How two segments meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Crossing {
    /// Not at all.
    None,
    /// In one point inside both.
    Proper,
    /// At an end of one of them, or along a common stretch.
    Touch,
}

/// Twice the signed area of the triangle `a b c`: positive where `c` is left of `a → b`.
pub fn cross(a: Point, b: Point, c: Point) -> i128 {
    let (abx, aby) = difference(a, b);
    let (acx, acy) = difference(a, c);
    // Within 2,147 km a difference has 31 bits and a sign: products of them differ by less than 2^63.
    if (abx.abs() | aby.abs() | acx.abs() | acy.abs()) < 1 << 31 {
        return i128::from(abx * acy - aby * acx);
    }
    i128::from(abx) * i128::from(acy) - i128::from(aby) * i128::from(acx)
}

/// The sign of [`cross`].
#[inline]
pub(crate) fn turn(a: Point, b: Point, c: Point) -> Ordering {
    let (abx, aby) = difference(a, b);
    let (acx, acy) = difference(a, c);
    if (abx.abs() | aby.abs() | acx.abs() | acy.abs()) < 1 << 31 {
        return (abx * acy).cmp(&(aby * acx));
    }
    (i128::from(abx) * i128::from(acy)).cmp(&(i128::from(aby) * i128::from(acx)))
}

/// The side of the directed segment `a → b` that `p` is on.
///
/// ```
/// use breiband_model::Point;
/// use breiband_spatial::{Side, side_of};
/// let (a, b) = (Point::new(0, 0), Point::new(10, 0));
/// assert_eq!(side_of(a, b, Point::new(5, 1)), Side::Left);
/// assert_eq!(side_of(a, b, Point::new(5, -1)), Side::Right);
/// assert_eq!(side_of(a, b, Point::new(50, 0)), Side::On);
/// ```
pub fn side_of(a: Point, b: Point, p: Point) -> Side {
    match turn(a, b, p) {
        Ordering::Greater => Side::Left,
        Ordering::Less => Side::Right,
        Ordering::Equal => Side::On,
    }
}

/// Whether and how the segments `a b` and `c d` meet. Exact.
#[inline]
pub fn segments_cross(a: Point, b: Point, c: Point, d: Point) -> Crossing {
    if a.x.max(b.x) < c.x.min(d.x)
        || c.x.max(d.x) < a.x.min(b.x)
        || a.y.max(b.y) < c.y.min(d.y)
        || c.y.max(d.y) < a.y.min(b.y)
    {
        return Crossing::None;
    }
    let (c_side, d_side) = (turn(a, b, c), turn(a, b, d));
    if c_side == d_side && c_side != Ordering::Equal {
        return Crossing::None;
    }
    let (a_side, b_side) = (turn(c, d, a), turn(c, d, b));
    if a_side == b_side && a_side != Ordering::Equal {
        return Crossing::None;
    }
    let level = Ordering::Equal;
    if c_side != level && d_side != level && a_side != level && b_side != level {
        Crossing::Proper
    } else if (c_side == level && on_segment(a, b, c))
        || (d_side == level && on_segment(a, b, d))
        || (a_side == level && on_segment(c, d, a))
        || (b_side == level && on_segment(c, d, b))
    {
        Crossing::Touch
    } else {
        Crossing::None
    }
}

/// Where the segments `a b` and `c d` meet, rounded to the millimetre; `None` where they do not.
///
/// Where they share a stretch, the point of it nearest to `a`.
pub fn crossing_point(a: Point, b: Point, c: Point, d: Point) -> Option<Point> {
    match segments_cross(a, b, c, d) {
        Crossing::None => None,
        Crossing::Proper => {
            let (numerator, denominator) = crossing_fraction(a, b, c, d)?;
            Some(at_fraction(a, b, numerator, denominator))
        }
        Crossing::Touch => [a, b, c, d]
            .into_iter()
            .filter(|&p| touches(a, b, p) && touches(c, d, p))
            .min_by_key(|&p| (a.distance_squared(p), p)),
    }
}

/// Where the line `c d` cuts `a → b`, as a fraction of `a b` with a positive denominator; `None` where they are parallel.
pub(crate) fn crossing_fraction(a: Point, b: Point, c: Point, d: Point) -> Option<(i128, i128)> {
    let from_a = cross(c, d, a);
    let from_b = cross(c, d, b);
    let denominator = from_a - from_b;
    match denominator.cmp(&0) {
        Ordering::Equal => None,
        Ordering::Greater => Some((from_a, denominator)),
        Ordering::Less => Some((-from_a, -denominator)),
    }
}

/// The point at `numerator / denominator` (within 0..=1) of the way from `a` to `b`, rounded to the millimetre.
pub(crate) fn at_fraction(a: Point, b: Point, numerator: i128, denominator: i128) -> Point {
    if numerator <= 0 || denominator <= 0 {
        return a;
    }
    if numerator >= denominator {
        return b;
    }
    // numerator < denominator < 2^68 and a difference has 33 bits: the product fits.
    let axis = |from: i32, to: i32| {
        let step = (i128::from(to) - i128::from(from)) * numerator;
        let rounded = match (i64::try_from(step + denominator / 2), i64::try_from(denominator)) {
            (Ok(step), Ok(denominator)) => i128::from(step.div_euclid(denominator)),
            _ => (step + denominator / 2).div_euclid(denominator),
        };
        (i128::from(from) + rounded) as i32
    };
    Point::new(axis(a.x, b.x), axis(a.y, b.y))
}

/// Whether `p` lies on the segment `a b`, ends included.
#[inline]
pub(crate) fn touches(a: Point, b: Point, p: Point) -> bool {
    on_segment(a, b, p) && turn(a, b, p) == Ordering::Equal
}

/// Whether `p`, known to be on the line through `a` and `b`, lies between them.
#[inline]
fn on_segment(a: Point, b: Point, p: Point) -> bool {
    (a.x.min(b.x)..=a.x.max(b.x)).contains(&p.x) && (a.y.min(b.y)..=a.y.max(b.y)).contains(&p.y)
}

#[inline]
fn difference(from: Point, to: Point) -> (i64, i64) {
    (i64::from(to.x) - i64::from(from.x), i64::from(to.y) - i64::from(from.y))
}

/// A point's nearest place on a segment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Foot {
    /// Whole square millimetres, rounded down.
    pub(crate) distance_squared: u64,
    /// How far along the segment: `0..=denominator`.
    numerator: i128,
    /// Not zero.
    denominator: i128,
}

impl Foot {
    /// The nearest place of the segment `a b` to `p`.
    pub(crate) fn of(a: Point, b: Point, p: Point) -> Self {
        let (dx, dy) = difference(a, b);
        let (px, py) = difference(a, p);
        if let Some(foot) = small_foot(dx, dy, px, py) {
            return foot;
        }
        let (dx, dy, px, py) = (i128::from(dx), i128::from(dy), i128::from(px), i128::from(py));
        let length_squared = dx * dx + dy * dy;
        let dot = dx * px + dy * py;
        if dot <= 0 || length_squared == 0 {
            return Self { distance_squared: a.distance_squared(p), numerator: 0, denominator: 1 };
        }
        if dot >= length_squared {
            return Self { distance_squared: b.distance_squared(p), numerator: 1, denominator: 1 };
        }
        let height = (dx * py - dy * px).unsigned_abs();
        let length_squared_u = length_squared.unsigned_abs();
        // Heights of 2^64 and more belong to distances of thousands of kilometres: those saturate.
        let distance_squared = height
            .checked_mul(height)
            .map_or(u64::MAX, |square| u64::try_from(square / length_squared_u).unwrap_or(u64::MAX));
        Self { distance_squared, numerator: dot, denominator: length_squared }
    }

    /// The place itself, rounded to the millimetre.
    pub(crate) fn point(&self, a: Point, b: Point) -> Point {
        at_fraction(a, b, self.numerator, self.denominator)
    }
}

/// The same in 64 bits where they suffice: differences under 2^30 mm have dot products under 2^61.
fn small_foot(dx: i64, dy: i64, px: i64, py: i64) -> Option<Foot> {
    if (dx.abs() | dy.abs() | px.abs() | py.abs()) >= 1 << 30 {
        return None;
    }
    let length_squared = dx * dx + dy * dy;
    let dot = dx * px + dy * py;
    let (distance_squared, numerator, denominator) = if dot <= 0 {
        (px * px + py * py, 0, 1)
    } else if dot >= length_squared {
        ((px - dx) * (px - dx) + (py - dy) * (py - dy), 1, 1)
    } else {
        let height = i128::from(dx * py - dy * px);
        let square = height * height;
        let quotient = match u64::try_from(square) {
            Ok(square) => (square / length_squared.unsigned_abs()) as i64,
            Err(_) => (square / i128::from(length_squared)) as i64,
        };
        (quotient, dot, length_squared)
    };
    Some(Foot {
        distance_squared: distance_squared.unsigned_abs(),
        numerator: i128::from(numerator),
        denominator: i128::from(denominator),
    })
}
