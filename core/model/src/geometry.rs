//! Points and polylines in a local plane, in integer millimetres.
//!
//! Longitude and latitude become a [`Point`] once, in `breiband-spatial`; everything after that is integer arithmetic, so that
//! a length is the same on every machine.

use serde::{Deserialize, Serialize};

/// A local transverse-Mercator plane with scale 1 on its central meridian, on the GRS 80 ellipsoid.
///
/// The point scale at easting `x` is about `1 + x²/2R²`: 3 cm per kilometre at 50 km from the central meridian.
/// Degrees are kept in units of 1e-7 so that the plane is equal where its bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Plane {
    /// Longitude of the central meridian, 1e-7 degrees east.
    pub central_meridian_e7: i32,
    /// Latitude whose meridian arc is northing zero, 1e-7 degrees north.
    pub origin_latitude_e7: i32,
}

/// A place in a [`Plane`]: millimetres east and north of its origin.
///
/// ```
/// use breiband_model::Point;
/// assert_eq!(Point::new(0, 0).distance_mm(Point::new(3_000, 4_000)), 5_000);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Point {
    /// Millimetres east of the origin.
    pub x: i32,
    /// Millimetres north of the origin.
    pub y: i32,
}

impl Point {
    /// The point `x` millimetres east and `y` millimetres north of the origin.
    pub const fn new(x: i32, y: i32) -> Self {
        Self { x, y }
    }

    /// Squared distance in mm². Exact: two points are at most 2³² mm apart in each axis.
    #[inline]
    pub fn distance_squared(self, other: Self) -> u64 {
        let (dx, dy) = (u64::from(self.x.abs_diff(other.x)), u64::from(self.y.abs_diff(other.y)));
        // Each square is below 2⁶⁴, their sum need not be.
        (dx * dx).saturating_add(dy * dy)
    }

    /// Distance in millimetres, rounded to the nearest.
    #[inline]
    pub fn distance_mm(self, other: Self) -> u64 {
        let square = self.distance_squared(other);
        // Below 2⁵² the float is exact, and its root is never rounded up to the next integer.
        let root = if square < 1 << 52 { (square as f64).sqrt() as u64 } else { square.isqrt() };
        // (r + ½)² = r² + r + ¼, so the nearest integer is r + 1 from r² + r + 1 on.
        if square - root * root > root { root + 1 } else { root }
    }

    /// The point at `numerator / denominator` of the way to `other`, rounded to the nearest millimetre.
    /// `denominator` is not zero.
    pub fn towards(self, other: Self, numerator: u64, denominator: u64) -> Self {
        let axis = |from: i32, to: i32| {
            // The same in 64 bits where they suffice, as they nearly always do.
            let steps = i64::try_from(numerator).ok().and_then(|n| (i64::from(to) - i64::from(from)).checked_mul(n));
            if let (Some(step), Ok(whole)) = (steps, i64::try_from(denominator))
                && let Some(sum) = step.checked_add(whole / 2)
            {
                return i32::try_from(i64::from(from) + sum.div_euclid(whole)).unwrap_or(to);
            }
            let step = (i128::from(to) - i128::from(from)) * i128::from(numerator);
            let half = i128::from(denominator) / 2;
            let rounded = (step + half).div_euclid(i128::from(denominator));
            i32::try_from(i128::from(from) + rounded).unwrap_or(to)
        };
        Self::new(axis(self.x, other.x), axis(self.y, other.y))
    }
}

/// Length of a polyline in millimetres: the sum of its segments' rounded lengths.
pub fn length_mm(line: &[Point]) -> u64 {
    line.windows(2).map(|pair| pair[0].distance_mm(pair[1])).sum()
}

/// An axis-parallel box, both corners included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// Smallest coordinates.
    pub min: Point,
    /// Largest coordinates.
    pub max: Point,
}

impl Bounds {
    /// The smallest box around `points`; `None` where there are none.
    pub fn of(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        let mut points = points.into_iter();
        let first = points.next()?;
        Some(points.fold(Self { min: first, max: first }, |b, p| Self {
            min: Point::new(b.min.x.min(p.x), b.min.y.min(p.y)),
            max: Point::new(b.max.x.max(p.x), b.max.y.max(p.y)),
        }))
    }

    /// Whether `p` lies in the box or on its edge.
    pub fn contains(&self, p: Point) -> bool {
        (self.min.x..=self.max.x).contains(&p.x) && (self.min.y..=self.max.y).contains(&p.y)
    }

    /// Whether the boxes share a point.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.min.x <= other.max.x && other.min.x <= self.max.x && self.min.y <= other.max.y && other.min.y <= self.max.y
    }
}

/// An area with holes: an outer ring and any number of inner ones. Rings are not closed (the last point is not the first).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Polygon {
    /// The outer ring, at least three points.
    pub outer: Vec<Point>,
    /// Holes, at least three points each.
    pub holes: Vec<Vec<Point>>,
}

impl Polygon {
    /// All rings, the outer one first.
    pub fn rings(&self) -> impl Iterator<Item = &[Point]> {
        std::iter::once(self.outer.as_slice()).chain(self.holes.iter().map(Vec::as_slice))
    }

    /// The box around the outer ring.
    pub fn bounds(&self) -> Option<Bounds> {
        Bounds::of(self.outer.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn distances_round_to_nearest() {
        // √2 = 1.414…, √(2²+3²) = 3.606…
        assert_eq!(Point::new(0, 0).distance_mm(Point::new(1, 1)), 1);
        assert_eq!(Point::new(0, 0).distance_mm(Point::new(2, 3)), 4);
        assert_eq!(Point::new(i32::MIN, 0).distance_mm(Point::new(i32::MAX, 0)), u64::from(u32::MAX));
    }

    proptest! {
        #[test]
        fn short_cuts_change_nothing(x in any::<(i32, i32)>(), y in any::<(i32, i32)>(), near in -70_000_000..70_000_000,
            part in any::<(u64, u64)>(), digits in 1_u32..64) {
            let (a, b) = (Point::new(x.0, x.1), Point::new(y.0, y.1));
            for b in [b, Point::new(a.x.saturating_add(near), a.y.saturating_sub(near / 3))] {
                let square = |d: u32| u128::from(d) * u128::from(d);
                let squared = square(a.x.abs_diff(b.x)) + square(a.y.abs_diff(b.y));
                prop_assert_eq!(a.distance_squared(b), u64::try_from(squared).unwrap_or(u64::MAX));
                if let Ok(squared) = u64::try_from(squared) {
                    let root = squared.isqrt();
                    prop_assert_eq!(a.distance_mm(b), root + u64::from(squared - root * root > root));
                }
                let (whole, part) = ((part.0 >> digits).max(1), (part.1 >> digits) % (part.0 >> digits).max(1));
                let axis = |from: i32, to: i32| {
                    let step = (i128::from(to) - i128::from(from)) * i128::from(part) + i128::from(whole) / 2;
                    i128::from(from) + step.div_euclid(i128::from(whole))
                };
                let p = a.towards(b, part, whole);
                prop_assert_eq!((i128::from(p.x), i128::from(p.y)), (axis(a.x, b.x), axis(a.y, b.y)));
            }
        }
    }

    #[test]
    fn towards_is_symmetric_at_the_ends() {
        let (a, b) = (Point::new(-5, 7), Point::new(1_000, -3));
        assert_eq!(a.towards(b, 0, 9), a);
        assert_eq!(a.towards(b, 9, 9), b);
    }
}
