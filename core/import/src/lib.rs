//! Bytes to a `Region`: OSM extracts, address registers, road databases, GeoJSON and tables.
//!
//! Each reader turns one file into a raw region in degrees, with every problem it met listed; assembling joins the files,
//! chooses the plane, and checks everything against everything.

mod raw;
