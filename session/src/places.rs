//! Places that an edit names: whether they are on the map, and which premises lie inside a ring of them.

use crate::refusal::{Refusal, refuse};
use breiband::spatial::{PolygonIndex, Projection, polygon_contains};
use breiband::{Bounds, Point, Polygon, Region};
use breiband_wire::place;

/// Corners from which on a ring is worth an index.
const MANY_CORNERS: usize = 100;

/// The box of premises and roads, `west, south, east, north` in degrees; nothing where there are none.
pub(crate) fn bounds(region: &Region) -> Option<[f64; 4]> {
    let things = region.premises.iter().map(|premises| premises.point).chain(region.nodes.iter().copied());
    let projection = Projection::new(region.plane);
    Bounds::of(things).map(|bounds| {
        // A box in the plane is none on the globe: its corners' box holds it, to a hair that the margin hides.
        let corners =
            [bounds.min, bounds.max, Point::new(bounds.min.x, bounds.max.y), Point::new(bounds.max.x, bounds.min.y)];
        let degrees = corners.map(|corner| projection.to_unbroken_lon_lat(corner));
        let low = degrees.iter().fold((f64::MAX, f64::MAX), |low, d| (low.0.min(d.0), low.1.min(d.1)));
        let high = degrees.iter().fold((f64::MIN, f64::MIN), |high, d| (high.0.max(d.0), high.1.max(d.1)));
        [low.0, low.1, high.0, high.1]
    })
}

/// Refuses a place that is not on the map or near it: it would be priced, and planned, as if it lay where the plane ends. What goes
/// around things may go far `outside`, as far as the plane reaches.
///
/// # Errors
/// Says over which degrees the map reaches.
pub(crate) fn on_map(at: [f64; 2], region: &Region, outside: bool) -> Result<(), Refusal> {
    let Some(bounds) = bounds(region) else { return Ok(()) };
    let in_plane = Projection::new(region.plane).to_plane(at[0], at[1]).is_ok();
    if in_plane && (outside || place::is_within(place::around(bounds), at)) {
        return Ok(());
    }
    let [west, south, east, north] = bounds;
    Err(refuse("off-map", format!("{west:.2}–{east:.2}, {south:.2}–{north:.2}")))
}

/// The numbers of the premises inside a ring of degrees.
pub(crate) fn within(ring: &[[f64; 2]], region: &Region) -> Vec<usize> {
    let projection = Projection::new(region.plane);
    let outer: Vec<Point> = ring.iter().filter_map(|place| projection.to_plane(place[0], place[1]).ok()).collect();
    let Some(bounds) = Bounds::of(outer.iter().copied()) else { return Vec::new() };
    let ring = [Polygon { outer, holes: Vec::new() }];
    let boxed = (0..region.premises.len()).filter(|&at| bounds.contains(region.premises[at].point));
    // A border has so many corners that sorting them pays.
    if ring[0].outer.len() > MANY_CORNERS {
        let index = PolygonIndex::build(&ring);
        return boxed.filter(|&at| index.containing(region.premises[at].point).is_some()).collect();
    }
    boxed.filter(|&at| polygon_contains(&ring[0], region.premises[at].point)).collect()
}
