//! The SQLite 3 file format, and the GeoPackage on top of it, in pure safe Rust.
//!
//! GeoPackages are read and written in the browser too, where SQLite itself (C) does not compile without a wasm C toolchain,
//! and the bytes have to be equal everywhere. A GeoPackage needs only a small part of SQLite: tables that are written once,
//! in one go, and tables that are read from end to end. That part is here; there is no SQL, no journal and no update.
//!
//! ```
//! use breiband_sqlite::{Database, Reader, Value};
//!
//! let mut database = Database::new(0, 1);
//! let town = database.create_table("CREATE TABLE town (id INTEGER PRIMARY KEY, name TEXT UNIQUE, people INTEGER)")?;
//! database.insert(town, vec![Value::Null, "Ålesund".into(), 47_199.into()])?;
//! let bytes = database.into_bytes()?;
//!
//! let reader = Reader::new(&bytes)?;
//! let row = reader.rows("town")?.next().unwrap()?;
//! assert_eq!(row.values, [Value::Integer(1), "Ålesund".into(), 47_199.into()]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The format is described at <https://www.sqlite.org/fileformat2.html>.

mod btree;
mod ddl;
pub mod geopackage;
mod reader;
mod record;
mod rtree;
mod value;
mod writer;

pub use ddl::{Column, DdlError};
pub use reader::{ReadError, Reader, Row, Rows, Table};
pub use value::Value;
pub use writer::{Database, TableId, WriteError};
