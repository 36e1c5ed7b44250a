//! Heights of the ground and what is in sight over them.
//!
//! - [`Raster`] holds an SRTM tile (`.hgt`) or a GeoTIFF in its own coordinates; [`lattice`] brings any number of them into the
//!   region's plane as one [`Terrain`](breiband_model::Terrain).
//! - [`height_at`] is the ground's height anywhere; [`Sight`] says whether a radio ray between two antennas keeps clear of it:
//!   of the Earth's curvature, as the atmosphere bends rays, and of a part of the first Fresnel zone (ITU-R P.530).
//!
//! After the lattice is made there are only integers, + − × ÷ and √, so that a link that is in sight natively is in sight in
//! a browser.

mod geotiff;
mod hgt;
mod lattice;
mod raster;
mod sight;

pub use geotiff::{is_tiff, read_geotiff};
pub use hgt::{is_hgt_name, read_hgt};
pub use lattice::{height_at, lattice};
pub use raster::{Raster, RasterError};
pub use sight::{Antenna, Clearance, Sight, sector_of};
