//! Rasters to one lattice in the region's plane, and the height between its nodes.

use breiband_model::{Bounds, Cancelled, Context, Point, Terrain};
use breiband_spatial::Projection;

use crate::raster::{Raster, bilinear};

/// Nodes of a lattice at most; a finer one is made coarser. 16 million take 64 MB.
const MOST_NODES: u64 = 1 << 24;
/// No lattice is finer than this, millimetres.
const FINEST_MM: u32 = 5_000;
/// No lattice is coarser than this, millimetres.
const COARSEST_MM: u32 = 2_000_000;

/// Brings `rasters` to a lattice over `bounds`. Its step is that of the finest raster, in whole metres and at least 5, and is doubled
/// until there are no more than 16 million nodes. Where rasters overlap, the first that knows a height gives it.
///
/// `None` without rasters, where the bounds are beyond all of them, or too wide for any lattice. Takes a step back to degrees
/// for each node.
///
/// # Errors
/// [`Cancelled`].
pub fn lattice(
    rasters: &[Raster],
    projection: &Projection,
    bounds: Bounds,
    ctx: &Context<'_>,
) -> Result<Option<Terrain>, Cancelled> {
    let finest = rasters.iter().map(Raster::step_metres).fold(f64::INFINITY, f64::min);
    if !finest.is_finite() {
        return Ok(None);
    }
    // A step is above zero and below 111,200 km; the cast saturates.
    let mut step = ((finest + 0.5) as u32).saturating_mul(1000).clamp(FINEST_MM, COARSEST_MM);
    let nodes = |step: u32| {
        let along = |low: i32, high: i32| u64::from(low.abs_diff(high)).div_ceil(u64::from(step)) + 1;
        (along(bounds.min.x, bounds.max.x).max(2), along(bounds.min.y, bounds.max.y).max(2))
    };
    while nodes(step).0 * nodes(step).1 > MOST_NODES {
        step *= 2;
        if step > COARSEST_MM {
            return Ok(None);
        }
    }
    let (columns, rows) = nodes(step);
    let mut heights = Vec::with_capacity((columns * rows) as usize);
    let mut known = false;
    for row in 0..rows {
        ctx.check()?;
        for column in 0..columns {
            let axis =
                |from: i32, n: u64| i32::try_from(i64::from(from) + n as i64 * i64::from(step)).unwrap_or(i32::MAX);
            let (lon, lat) = projection.to_lon_lat(Point::new(axis(bounds.min.x, column), axis(bounds.min.y, row)));
            let height = rasters.iter().find_map(|raster| raster.height_at(lon, lat));
            known |= height.is_some();
            heights.push(height.unwrap_or(Terrain::UNKNOWN));
        }
    }
    let columns = u32::try_from(columns).unwrap_or(u32::MAX);
    Ok(if known { Terrain::new(bounds.min, step, columns, heights) } else { None })
}

/// The ground's height at `p`, millimetres; `None` off the lattice and beside unknown nodes. Constant time.
pub fn height_at(terrain: &Terrain, p: Point) -> Option<i32> {
    let step = i64::from(terrain.step_mm());
    let (east, north) =
        (i64::from(p.x) - i64::from(terrain.origin().x), i64::from(p.y) - i64::from(terrain.origin().y));
    let (columns, rows) = (i64::from(terrain.columns()), i64::from(terrain.rows()));
    if east < 0 || north < 0 || east > (columns - 1) * step || north > (rows - 1) * step {
        return None;
    }
    // The last node belongs to the cell before it.
    let (column, row) = ((east / step).min(columns - 2), (north / step).min(rows - 2));
    let at = (row * columns + column) as usize;
    let heights = terrain.heights();
    let known = |at: usize| heights.get(at).copied().filter(|&h| h != Terrain::UNKNOWN);
    let nodes = [at, at + 1, at + columns as usize, at + columns as usize + 1].map(known);
    // 2¹⁶ parts of a cell: on the steepest slope of the finest lattice a tenth of a millimetre.
    let parts = |mm: i64| ((mm << 16) + step / 2) / step;
    bilinear(nodes, (parts(east - column * step), parts(north - row * step)), 1 << 16)
}
