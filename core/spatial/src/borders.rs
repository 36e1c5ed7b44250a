//! Borders changed by hand: a corner moved, put in or taken away in every area that has it, so that areas which share a line
//! still do, and neither a gap nor an overlap opens.

use breiband_model::{BorderEdit, Point, Polygon};

use crate::exact::{Crossing, Foot, segments_cross, touches};
use crate::mend::doubled_area;
use crate::{Projection, ProjectionError};

/// A corner is where it is said to be within this, millimetres: files write degrees to a centimetre.
const NEAR_MM: u64 = 20;

/// A change of borders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BorderChange {
    /// The corner there goes elsewhere.
    Move {
        /// Where it is.
        at: Point,
        /// Where it goes.
        to: Point,
    },
    /// A new corner on the side between two.
    Insert {
        /// The corners that the side joins.
        between: [Point; 2],
        /// Where the new one is.
        to: Point,
    },
    /// The corner there is taken away.
    Remove {
        /// Where it is.
        at: Point,
    },
}

impl BorderChange {
    /// A scenario's change in the plane; none where it says of no corner what becomes of it.
    ///
    /// # Errors
    /// A place off the map.
    pub fn of(edit: &BorderEdit, projection: &Projection) -> Result<Option<Self>, ProjectionError> {
        let place = |[lon, lat]: [f64; 2]| projection.to_plane(lon, lat);
        Ok(match (edit.at, edit.between, edit.to) {
            (Some(at), _, Some(to)) => Some(Self::Move { at: place(at)?, to: place(to)? }),
            (Some(at), _, None) => Some(Self::Remove { at: place(at)? }),
            (None, Some([a, b]), Some(to)) => Some(Self::Insert { between: [place(a)?, place(b)?], to: place(to)? }),
            _ => None,
        })
    }
}

/// Why borders cannot be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BorderFault {
    /// There is no such corner or side.
    #[error("no border has a corner or a side there")]
    Gone,
    /// More than two areas meet in the corner, or an area would have none left.
    #[error("borders meet in this corner, or an area has no more than three: it can be moved, not taken away")]
    Meets,
    /// A border would cross another one, or itself.
    #[error("a border would cross another one or itself")]
    Crosses,
}

/// Makes a change in all areas that it concerns; where it cannot be made, none is changed. Looks at every side once for each side
/// that becomes another one.
///
/// ```
/// use breiband_model::{Point, Polygon};
/// use breiband_spatial::{BorderChange, change_borders};
/// let square = |x: i32| [(x, 0), (x + 900, 0), (x + 900, 900), (x, 900)].map(|(x, y)| Point::new(x, y)).to_vec();
/// let mut areas = [0, 900].map(|x| Polygon { outer: square(x), holes: Vec::new() });
/// let [a, b] = &mut areas;
/// let change = BorderChange::Move { at: Point::new(900, 900), to: Point::new(1_000, 1_000) };
/// change_borders(&mut [a, b], change).unwrap();
/// assert!(areas.iter().all(|area| area.outer.contains(&Point::new(1_000, 1_000))));
/// ```
///
/// # Errors
/// Where there is nothing to change, or borders would cross.
pub fn change_borders(areas: &mut [&mut Polygon], change: BorderChange) -> Result<(), BorderFault> {
    let mut rings: Vec<Vec<Point>> = areas.iter().flat_map(|area| area.rings().map(<[Point]>::to_vec)).collect();
    let before: Vec<bool> = rings.iter().map(|ring| doubled_area(ring) > 0).collect();
    let ends = match change {
        BorderChange::Move { at, to } => {
            node_around(&mut rings, at);
            let mut found = false;
            for corner in rings.iter_mut().flatten().filter(|corner| is_near(**corner, at)) {
                (*corner, found) = (to, true);
            }
            found.then_some(vec![to]).ok_or(BorderFault::Gone)?
        }
        BorderChange::Insert { between: [a, b], to } => insert(&mut rings, (a, b), to)?,
        BorderChange::Remove { at } => remove(&mut rings, at)?,
    };
    let turned = rings.iter().zip(before).any(|(ring, before)| {
        let area = doubled_area(ring);
        area == 0 || (area > 0) != before
    });
    if turned || clashes(&rings, &ends) {
        return Err(BorderFault::Crosses);
    }
    let mut changed = rings.into_iter();
    for area in areas {
        for ring in std::iter::once(&mut area.outer).chain(&mut area.holes) {
            if let Some(new) = changed.next() {
                *ring = new;
            }
        }
    }
    Ok(())
}

/// Puts a corner on the side of every ring that joins two: on the part of it that lies nearest, where one area has more corners on
/// that side than another.
fn insert(rings: &mut [Vec<Point>], (a, b): (Point, Point), to: Point) -> Result<Vec<Point>, BorderFault> {
    let corners: Vec<Point> = rings.iter().flatten().copied().filter(|&corner| is_on((a, b), corner)).collect();
    let is_side = |x: Point, y: Point| (is_near(x, a) && is_near(y, b)) || (is_near(x, b) && is_near(y, a));
    for ring in rings.iter_mut() {
        node(ring, &corners, is_side);
    }
    let part = |x: Point, y: Point| [x, y].iter().all(|&end| is_near(end, a) || is_near(end, b) || is_on((a, b), end));
    let sides = rings.iter().flat_map(|ring| sides(ring)).filter(|&(x, y)| part(x, y));
    let far = |(x, y): (Point, Point)| (Foot::of(x, y, to).distance_squared, x.min(y), x.max(y));
    let (x, y) = sides.min_by_key(|&side| far(side)).ok_or(BorderFault::Gone)?;
    for ring in rings {
        let joined = |p: Point, q: Point| (is_near(p, x) && is_near(q, y)) || (is_near(p, y) && is_near(q, x));
        let places: Vec<usize> = (0..ring.len()).filter(|&at| joined(ring[at], ring[(at + 1) % ring.len()])).collect();
        places.into_iter().rev().for_each(|at| ring.insert(at + 1, to));
    }
    Ok(vec![to])
}

/// Takes a corner away from the one or two rings that go through it, from the same corner to the same corner.
fn remove(rings: &mut [Vec<Point>], at: Point) -> Result<Vec<Point>, BorderFault> {
    node_around(rings, at);
    let mut beside: Option<[Point; 2]> = None;
    for ring in rings.iter() {
        for (place, _) in ring.iter().enumerate().filter(|(_, corner)| is_near(**corner, at)) {
            let (before, after) = (ring[(place + ring.len() - 1) % ring.len()], ring[(place + 1) % ring.len()]);
            let same = |[a, b]: [Point; 2]| {
                (is_near(a, before) && is_near(b, after)) || (is_near(a, after) && is_near(b, before))
            };
            if ring.len() <= 3 || beside.is_some_and(|known| !same(known)) {
                return Err(BorderFault::Meets);
            }
            beside = Some([before, after]);
        }
    }
    rings.iter_mut().for_each(|ring| ring.retain(|corner| !is_near(*corner, at)));
    beside.map(|[a, b]| vec![a, b]).ok_or(BorderFault::Gone)
}

/// Gives every ring that passes through a place a corner there, and the sides beside it the corners that others have on them: what
/// is the same line in two areas is then the same sides.
fn node_around(rings: &mut [Vec<Point>], at: Point) {
    let Some(corner) = rings.iter().flatten().copied().filter(|&corner| is_near(corner, at)).min() else { return };
    for ring in rings.iter_mut() {
        node(ring, &[corner], |a, b| !is_near(a, at) && !is_near(b, at));
    }
    let around: Vec<(Point, Point)> =
        rings.iter().flat_map(|ring| sides(ring)).filter(|&(a, b)| is_near(a, at) || is_near(b, at)).collect();
    let corners: Vec<Point> =
        rings.iter().flatten().copied().filter(|&corner| around.iter().any(|&side| is_on(side, corner))).collect();
    for ring in rings {
        node(ring, &corners, |a, b| is_near(a, at) || is_near(b, at));
    }
}

/// Puts corners that lie on a ring's chosen sides into it, in their order.
fn node(ring: &mut Vec<Point>, corners: &[Point], is_chosen: impl Fn(Point, Point) -> bool) {
    for place in (0..ring.len()).rev() {
        let (a, b) = (ring[place], ring[(place + 1) % ring.len()]);
        if !is_chosen(a, b) {
            continue;
        }
        let mut on: Vec<Point> = corners.iter().copied().filter(|&corner| is_on((a, b), corner)).collect();
        on.sort_unstable_by_key(|corner| (a.distance_squared(*corner), *corner));
        on.dedup_by(|next, known| is_near(*next, *known));
        ring.splice(place + 1..place + 1, on);
    }
}

fn sides(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

fn is_near(a: Point, b: Point) -> bool {
    a.distance_squared(b) <= NEAR_MM * NEAR_MM
}

/// Whether a corner lies on a side, and at neither of its ends.
fn is_on((a, b): (Point, Point), corner: Point) -> bool {
    // Where the nearest place of the side is an end, the corner is not near it, as it is near no end.
    !is_near(a, corner) && !is_near(b, corner) && Foot::of(a, b, corner).distance_squared <= NEAR_MM * NEAR_MM
}

/// The place in a ring at which a new corner bends the side that lies nearest to it.
///
/// ```
/// use breiband_model::Point;
/// let ring = [(0, 0), (900, 0), (900, 900), (0, 900)].map(|(x, y)| Point::new(x, y));
/// assert_eq!(breiband_spatial::nearest_side(&ring, Point::new(880, 500)), 2);
/// ```
#[must_use]
pub fn nearest_side(ring: &[Point], place: Point) -> usize {
    let far = |at: usize| Foot::of(ring[at], ring[(at + 1) % ring.len()], place).distance_squared;
    (0..ring.len()).min_by_key(|&at| far(at)).map_or(0, |at| at + 1)
}

/// Whether a side with one of these ends meets another side otherwise than in a corner of both.
fn clashes(rings: &[Vec<Point>], ends: &[Point]) -> bool {
    let all: Vec<(Point, Point)> = rings.iter().flat_map(|ring| sides(ring)).collect();
    let new = all.iter().filter(|(a, b)| ends.contains(a) || ends.contains(b));
    new.into_iter().any(|&(a, b)| a == b || all.iter().any(|&(c, d)| meets(a, b, c, d)))
}

fn meets(a: Point, b: Point, c: Point, d: Point) -> bool {
    match segments_cross(a, b, c, d) {
        Crossing::None => false,
        Crossing::Proper => true,
        Crossing::Touch => match [a == c || a == d, b == c || b == d] {
            [true, true] => false,
            [false, false] => true,
            [shares_a, _] => {
                let (own, other) = (if shares_a { b } else { a }, if c == a || c == b { d } else { c });
                touches(c, d, own) || touches(a, b, other)
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polygon(ring: &[(i32, i32)]) -> Polygon {
        Polygon { outer: ring.iter().map(|&(x, y)| Point::new(x * 1000, y * 1000)).collect(), holes: Vec::new() }
    }

    fn at(x: i32, y: i32) -> Point {
        Point::new(x * 1000, y * 1000)
    }

    fn change(areas: &mut [Polygon], change: BorderChange) -> Result<(), BorderFault> {
        let mut all: Vec<&mut Polygon> = areas.iter_mut().collect();
        change_borders(&mut all, change)
    }

    fn area(areas: &[Polygon]) -> i128 {
        areas.iter().flat_map(|area| area.rings().map(doubled_area).collect::<Vec<_>>()).sum()
    }

    /// Three areas side by side: two below, and one above along both, without a corner where they meet.
    fn three() -> Vec<Polygon> {
        vec![
            polygon(&[(0, 0), (10, 0), (10, 10), (0, 10)]),
            polygon(&[(10, 0), (20, 0), (20, 10), (10, 10)]),
            polygon(&[(0, 10), (20, 10), (20, 20), (0, 20)]),
        ]
    }

    #[test]
    fn neighbours_move_with_the_line_that_they_share() {
        // The upper one has no corner at (10, 10), and gets it.
        let mut areas = three();
        let whole = area(&areas);
        change(&mut areas, BorderChange::Move { at: at(10, 10), to: at(11, 12) }).expect("a corner");
        assert!(areas.iter().all(|one| one.outer.contains(&at(11, 12))));
        assert_eq!(area(&areas), whole, "what one loses the others gain");
        // A corner at the rim: nobody has what lies outside.
        change(&mut areas, BorderChange::Move { at: at(20, 10), to: at(22, 10) }).expect("a corner");
        assert_eq!(areas.iter().filter(|one| one.outer.contains(&at(22, 10))).count(), 2);
        assert!(area(&areas) > whole);
    }

    #[test]
    fn a_side_is_bent_where_both_have_it() {
        let mut areas = three();
        let whole = area(&areas);
        // As the upper one sees its side; the lower ones have a corner on it.
        change(&mut areas, BorderChange::Insert { between: [at(0, 10), at(20, 10)], to: at(4, 13) }).expect("a side");
        assert_eq!(areas.iter().map(|one| one.outer.contains(&at(4, 13))).collect::<Vec<_>>(), [true, false, true]);
        assert_eq!(area(&areas), whole);
        change(&mut areas, BorderChange::Remove { at: at(4, 13) }).expect("a corner");
        assert_eq!(area(&areas), whole);
        let sizes: Vec<i128> = areas.iter().map(|one| doubled_area(&one.outer)).collect();
        assert_eq!(sizes, three().iter().map(|one| doubled_area(&one.outer)).collect::<Vec<_>>());
    }

    #[test]
    fn what_would_open_a_gap_or_cross_is_refused_and_changes_nothing() {
        let refused = |what: BorderChange, fault| {
            let mut areas = three();
            assert_eq!(change(&mut areas, what), Err(fault), "{what:?}");
            assert_eq!(areas, three());
        };
        refused(BorderChange::Remove { at: at(10, 10) }, BorderFault::Meets);
        refused(BorderChange::Remove { at: at(5, 5) }, BorderFault::Gone);
        refused(BorderChange::Move { at: at(1, 1), to: at(2, 2) }, BorderFault::Gone);
        refused(BorderChange::Insert { between: [at(0, 0), at(20, 20)], to: at(2, 2) }, BorderFault::Gone);
        refused(BorderChange::Move { at: at(10, 10), to: at(25, 15) }, BorderFault::Crosses);
        refused(BorderChange::Move { at: at(0, 0), to: at(15, 15) }, BorderFault::Crosses);
        refused(BorderChange::Move { at: at(0, 0), to: at(10, 10) }, BorderFault::Crosses);
        let mut triangle = vec![polygon(&[(0, 0), (10, 0), (0, 10)])];
        assert_eq!(change(&mut triangle, BorderChange::Remove { at: at(0, 0) }), Err(BorderFault::Meets));
    }

    /// Whatever is done to a tessellation, the areas cover the same ground once, as long as its rim stays.
    #[test]
    fn a_tessellation_stays_one() {
        const SIDE: i32 = 5;
        let mut state = 7_u64;
        let mut next = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        let mut areas: Vec<Polygon> = (0..SIDE * SIDE)
            .map(|cell| {
                let (x, y) = (cell % SIDE * 10, cell / SIDE * 10);
                polygon(&[(x, y), (x + 10, y), (x + 10, y + 10), (x, y + 10)])
            })
            .collect();
        let whole = area(&areas);
        let rim = |p: Point| [p.x, p.y].iter().any(|&c| c <= 0 || c >= SIDE * 10_000);
        let mut done = [0; 3];
        for _ in 0..4_000 {
            let ring = &areas[next(areas.len() as u64) as usize].outer;
            let place = next(ring.len() as u64) as usize;
            let (corner, after) = (ring[place], ring[(place + 1) % ring.len()]);
            let mut near = |p: Point| Point::new(p.x + next(6_000) as i32 - 3_000, p.y + next(6_000) as i32 - 3_000);
            let to = near(corner);
            let middle = near(corner.towards(after, 1, 2));
            let (kind, what) = match next(3) {
                0 if !rim(corner) => (0, BorderChange::Move { at: corner, to }),
                1 if !(rim(corner) && rim(after)) => (1, BorderChange::Insert { between: [after, corner], to: middle }),
                2 if !rim(corner) => (2, BorderChange::Remove { at: corner }),
                _ => continue,
            };
            let before = areas.clone();
            match change(&mut areas, what) {
                Ok(()) => done[kind] += 1,
                Err(_) => assert_eq!(areas, before),
            }
            assert_eq!(area(&areas), whole, "{what:?}");
        }
        assert!(done.iter().all(|&count| count > 100), "{done:?}");
        // Each place is held by one area, or by those that meet there.
        for _ in 0..2_000 {
            let place = Point::new(next(50_000) as i32, next(50_000) as i32);
            assert!(areas.iter().any(|one| crate::polygon_contains(one, place)), "{place:?} is in a gap");
        }
    }
}
