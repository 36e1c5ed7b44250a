//! Reading a GeoPackage's vector layers.

use std::collections::BTreeMap;

use thiserror::Error;

use super::geometry::{Geometry, GeometryError};
use crate::reader::{ReadError, Reader, Rows};
use crate::value::Value;

/// Why a GeoPackage could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LayerError {
    /// The file below could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The database has no layers: it lacks the table that would name them.
    #[error("not a GeoPackage: there is no table {0:?}")]
    NotAGeoPackage(&'static str),
    /// A table that the standard prescribes lacks a column, or a layer its geometry.
    #[error("table {table:?} has no column {column:?}")]
    NoSuchColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
}

/// A vector layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Its table.
    pub name: String,
    /// The column with the geometries.
    pub geometry_column: String,
    /// What kind the geometries are said to be, in capitals (`MULTILINESTRING`, `GEOMETRY`).
    pub geometry_type: String,
    /// The coordinate system's number in this file; 0 and −1 are the undefined ones.
    pub srs_id: i64,
    /// The coordinate system's EPSG code, where it has one.
    pub epsg: Option<u32>,
    /// The attributes' names: every column but the geometry, in order.
    pub columns: Vec<String>,
}

/// The vector layers of a GeoPackage, in the order of its table of geometry columns.
///
/// # Errors
/// Where the database is damaged or is no GeoPackage with vector layers.
pub fn layers(reader: &Reader<'_>) -> Result<Vec<Layer>, LayerError> {
    let codes = epsg_codes(reader)?;
    let mut layers = Vec::new();
    for [name, column, kind, srs] in
        columns(reader, "gpkg_geometry_columns", ["table_name", "column_name", "geometry_type_name", "srs_id"])?
    {
        let (Value::Text(name), Value::Text(geometry_column), Value::Integer(srs_id)) = (name, column, srs) else {
            continue;
        };
        let columns = reader.columns(&name)?;
        if !columns.iter().any(|column| column.name.eq_ignore_ascii_case(&geometry_column)) {
            return Err(LayerError::NoSuchColumn { table: name, column: geometry_column });
        }
        let names =
            columns.into_iter().map(|column| column.name).filter(|name| !name.eq_ignore_ascii_case(&geometry_column));
        layers.push(Layer {
            columns: names.collect(),
            geometry_type: kind.as_text().unwrap_or_default().to_ascii_uppercase(),
            epsg: codes.get(&srs_id).copied(),
            name,
            geometry_column,
            srs_id,
        });
    }
    Ok(layers)
}

fn epsg_codes(reader: &Reader<'_>) -> Result<BTreeMap<i64, u32>, LayerError> {
    let rows = columns(reader, "gpkg_spatial_ref_sys", ["srs_id", "organization", "organization_coordsys_id"])?;
    Ok(rows
        .into_iter()
        .filter(|[_, organization, _]| organization.as_text().is_some_and(|name| name.eq_ignore_ascii_case("EPSG")))
        .filter_map(|[id, _, code]| Some((id.as_integer()?, u32::try_from(code.as_integer()?).ok()?)))
        .collect())
}

/// Some columns of a prescribed table.
fn columns<const N: usize>(
    reader: &Reader<'_>,
    table: &'static str,
    names: [&str; N],
) -> Result<Vec<[Value; N]>, LayerError> {
    if !reader.has_table(table) {
        return Err(LayerError::NotAGeoPackage(table));
    }
    let rows = reader.rows(table)?;
    let mut at = [0; N];
    for (place, name) in at.iter_mut().zip(names) {
        let missing = || LayerError::NoSuchColumn { table: table.to_owned(), column: name.to_owned() };
        *place = rows.column(name).ok_or_else(missing)?;
    }
    rows.map(|row| row.map(|row| at.map(|place| row.values[place].clone())).map_err(LayerError::from)).collect()
}

/// A feature of a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// The row's number, the `fid` that GIS programs show.
    pub fid: i64,
    /// The geometry, `None` where it is empty or missing. A broken one spoils its feature only.
    pub geometry: Result<Option<Geometry>, GeometryError>,
    /// The attributes, in the order of [`Layer::columns`].
    pub values: Vec<Value>,
}

/// The features of a layer, in the order of their fids.
///
/// # Errors
/// Where the layer is not one of this file. Damage further on is an error from the iterator.
pub fn features<'a>(reader: &Reader<'a>, layer: &Layer) -> Result<Features<'a>, LayerError> {
    let rows = reader.rows(&layer.name)?;
    let missing = || LayerError::NoSuchColumn { table: layer.name.clone(), column: layer.geometry_column.clone() };
    let geometry = rows.column(&layer.geometry_column).ok_or_else(missing)?;
    Ok(Features { rows, geometry })
}

/// Iterator over a layer's features; see [`features`]. It ends at the first damage, but goes on after text that is not valid.
#[derive(Debug)]
pub struct Features<'a> {
    rows: Rows<'a>,
    geometry: usize,
}

impl Iterator for Features<'_> {
    type Item = Result<Feature, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = match self.rows.next()? {
            Ok(row) => row,
            Err(error) => return Some(Err(error)),
        };
        let mut values = row.values;
        let geometry = match values.remove(self.geometry) {
            Value::Null => Ok(None),
            Value::Blob(blob) => Geometry::decode(&blob).map(|(geometry, _)| geometry),
            _ => Err(GeometryError::Header),
        };
        Some(Ok(Feature { fid: row.rowid, geometry, values }))
    }
}
