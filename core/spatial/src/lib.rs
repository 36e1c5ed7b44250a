//! Coordinates and geometry: the local plane, foreign coordinate systems, spatial indexes, snapping and polylines.
//!
//! - [`Projection`] takes longitude and latitude to integer millimetres in a [`Plane`](breiband_model::Plane) and back; [`Crs`]
//!   takes foreign coordinates to longitude and latitude.
//! - [`SegmentGrid`] snaps points to segments and finds what a line crosses; [`PolygonIndex`] tells which areas hold a point
//!   or are crossed by a line, [`Territories`] on whose ground a stretch lies; [`PointIndex`] finds points near a point.
//! - [`line`] cuts, shifts and simplifies polylines; [`mend_polygon`] makes sound polygons of broken rings.
//!
//! Everything after the projection is integer arithmetic, or `f64` with + − × ÷ √ only, so that results are the same bits
//! native and WASM.

mod borders;
mod crs;
mod definitions;
mod digest;
mod exact;
mod grid;
mod kruger;
pub mod line;
mod mend;
mod points;
mod polygons;
mod projection;
mod territories;

pub use borders::{BorderChange, BorderFault, change_borders, nearest_side};
pub use crs::{Crs, CrsError};
pub use digest::coordinate_digest;
pub use exact::{Crossing, Side, cross, crossing_point, segments_cross, side_of};
pub use grid::{Hit, SegmentGrid};
pub use mend::{Mended, Repair, doubled_area, mend_polygon};
pub use points::{NearPoint, PointIndex};
pub use polygons::{Crossed, PolygonIndex, polygon_contains};
pub use projection::{Projection, ProjectionError, plane_around};
pub use territories::Territories;
