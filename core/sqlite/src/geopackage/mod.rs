//! OGC GeoPackage on top of the SQLite file format: vector layers with a coordinate system and a spatial
//! index, plain tables, and QGIS styles.
//!
//! ```
//! use breiband_sqlite::{Reader, geopackage::{ColumnType, GeoPackage, Geometry, GeometryType, LayerSpec, features, layers}};
//!
//! let mut package = GeoPackage::new("2026-01-01T00:00:00.000Z")?;
//! let schools = package.add_layer(&LayerSpec {
//!     name: "schools",
//!     description: "Where there are schools",
//!     geometry: GeometryType::Point,
//!     columns: &[("name", ColumnType::Text)],
//!     style: None,
//! })?;
//! package.add_feature(schools, Some(&Geometry::Point([6.15, 62.47])), vec!["Ålesund".into()])?;
//! let bytes = package.into_bytes()?;
//!
//! let reader = Reader::new(&bytes)?;
//! let layer = &layers(&reader)?[0];
//! assert_eq!((layer.name.as_str(), layer.epsg), ("schools", Some(4326)));
//! let feature = features(&reader, layer)?.next().unwrap()?;
//! assert_eq!(feature.geometry?, Some(Geometry::Point([6.15, 62.47])));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The standard is OGC 12-128r18, <https://www.geopackage.org/spec130/>.

mod geometry;
mod index;
mod read;
mod write;

pub use geometry::{Geometry, GeometryError};
pub use read::{Feature, Features, Layer, LayerError, features, layers};
pub use write::{ColumnType, GeoPackage, GeometryType, LayerId, LayerSpec};

/// `GPKG` in ASCII: the application id of a GeoPackage.
pub const APPLICATION_ID: u32 = 0x4750_4B47;
