//! Writing a GeoPackage: layers in longitude and latitude, plain tables, and styles that QGIS applies by itself.

use super::geometry::Geometry;
use super::{APPLICATION_ID, index};
use crate::value::Value;
use crate::writer::{Database, TableId, WriteError};

/// GeoPackage 1.3.0.
const USER_VERSION: u32 = 10_300;
/// EPSG:4326, longitude and latitude on WGS 84.
const WGS84: i32 = 4326;

/// The kind of a layer's geometries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeometryType {
    /// Points.
    Point,
    /// Single lines.
    LineString,
    /// Single polygons.
    Polygon,
    /// Sets of points.
    MultiPoint,
    /// Sets of lines.
    MultiLineString,
    /// Sets of polygons.
    MultiPolygon,
    /// Anything.
    Geometry,
}

impl GeometryType {
    fn name(self) -> &'static str {
        match self {
            Self::Point => "POINT",
            Self::LineString => "LINESTRING",
            Self::Polygon => "POLYGON",
            Self::MultiPoint => "MULTIPOINT",
            Self::MultiLineString => "MULTILINESTRING",
            Self::MultiPolygon => "MULTIPOLYGON",
            Self::Geometry => "GEOMETRY",
        }
    }
}

/// The type of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Whole numbers.
    Integer,
    /// Floats.
    Real,
    /// Text.
    Text,
    /// 0 or 1.
    Boolean,
}

impl ColumnType {
    fn name(self) -> &'static str {
        match self {
            Self::Integer => "INTEGER",
            Self::Real => "REAL",
            Self::Text => "TEXT",
            Self::Boolean => "BOOLEAN",
        }
    }
}

/// What a new layer is.
#[derive(Debug, Clone, Copy)]
pub struct LayerSpec<'a> {
    /// The table's name.
    pub name: &'a str,
    /// A sentence for the reader, with the attribution that the data asks for.
    pub description: &'a str,
    /// The kind of its geometries.
    pub geometry: GeometryType,
    /// Its attributes. `fid` and `geom` are there without being named.
    pub columns: &'a [(&'a str, ColumnType)],
    /// The QGIS style (a QML document) that is used when the layer is opened.
    pub style: Option<&'a str>,
}

/// Which layer or table of a [`GeoPackage`] is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LayerId(usize);

#[derive(Debug)]
struct LayerState {
    table: TableId,
    name: String,
    description: String,
    /// `None` for a table without geometries.
    geometry: Option<GeometryType>,
    /// The box of each row that has a place, for the spatial index.
    boxes: Vec<(i64, [f64; 4])>,
    style: Option<String>,
}

/// A GeoPackage under construction.
#[derive(Debug)]
pub struct GeoPackage {
    database: Database,
    contents: TableId,
    geometry_columns: TableId,
    layers: Vec<LayerState>,
    timestamp: String,
}

impl GeoPackage {
    /// An empty GeoPackage, last changed at `timestamp` (`2026-01-31T12:00:00.000Z`), as it will say.
    ///
    /// # Errors
    /// None that a caller could cause; the definitions are fixed.
    pub fn new(timestamp: &str) -> Result<Self, WriteError> {
        let mut database = Database::new(APPLICATION_ID, USER_VERSION);
        let systems = database.create_table(SPATIAL_REF_SYS)?;
        for (name, id, organization, definition, description) in SYSTEMS {
            let row =
                vec![name.into(), id.into(), organization.into(), id.into(), definition.into(), description.into()];
            database.insert(systems, row)?;
        }
        let contents = database.create_table(CONTENTS)?;
        let geometry_columns = database.create_table(GEOMETRY_COLUMNS)?;
        Ok(Self { database, contents, geometry_columns, layers: Vec::new(), timestamp: timestamp.to_owned() })
    }

    /// Adds a vector layer, with a spatial index.
    ///
    /// # Errors
    /// Where the name is taken.
    pub fn add_layer(&mut self, layer: &LayerSpec<'_>) -> Result<LayerId, WriteError> {
        self.add(layer.name, layer.description, Some(layer.geometry), layer.columns, layer.style)
    }

    /// Adds a table without geometries.
    ///
    /// # Errors
    /// Where the name is taken.
    pub fn add_table(
        &mut self,
        name: &str,
        description: &str,
        columns: &[(&str, ColumnType)],
    ) -> Result<LayerId, WriteError> {
        self.add(name, description, None, columns, None)
    }

    fn add(
        &mut self,
        name: &str,
        description: &str,
        geometry: Option<GeometryType>,
        columns: &[(&str, ColumnType)],
        style: Option<&str>,
    ) -> Result<LayerId, WriteError> {
        let mut sql = format!("CREATE TABLE {} (\"fid\" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", quote(name));
        if let Some(kind) = geometry {
            sql += &format!(", \"geom\" {}", kind.name());
        }
        for (column, kind) in columns {
            sql += &format!(", {} {}", quote(column), kind.name());
        }
        sql.push(')');
        let table = self.database.create_table(&sql)?;
        self.layers.push(LayerState {
            table,
            name: name.to_owned(),
            description: description.to_owned(),
            geometry,
            boxes: Vec::new(),
            style: style.map(str::to_owned),
        });
        Ok(LayerId(self.layers.len() - 1))
    }

    /// Adds a feature with a value for each attribute. Coordinates are longitude and latitude, degrees.
    ///
    /// # Errors
    /// Where the number of values is wrong.
    pub fn add_feature(
        &mut self,
        layer: LayerId,
        geometry: Option<&Geometry>,
        values: Vec<Value>,
    ) -> Result<(), WriteError> {
        let layer = &mut self.layers[layer.0];
        let mut row = Vec::with_capacity(values.len() + 2);
        row.push(Value::Null);
        if layer.geometry.is_some() {
            row.push(geometry.map(|geometry| geometry.encode(WGS84)).into());
        }
        row.extend(values);
        let fid = self.database.insert(layer.table, row)?;
        layer.boxes.extend(geometry.and_then(Geometry::bounds).map(|bounds| (fid, bounds)));
        Ok(())
    }

    /// Adds a row to a table without geometries.
    ///
    /// # Errors
    /// Where the number of values is wrong.
    pub fn add_row(&mut self, table: LayerId, values: Vec<Value>) -> Result<(), WriteError> {
        self.add_feature(table, None, values)
    }

    /// The file.
    ///
    /// # Errors
    /// Where it would be larger than SQLite allows.
    pub fn into_bytes(mut self) -> Result<Vec<u8>, WriteError> {
        let layers = std::mem::take(&mut self.layers);
        for layer in &layers {
            let boxes = layer.boxes.iter().map(|&(_, bounds)| bounds);
            let bounds = boxes.reduce(|[a, b, c, d], [x0, y0, x1, y1]| [a.min(x0), b.min(y0), c.max(x1), d.max(y1)]);
            let bounds = bounds.map_or([const { Value::Null }; 4], |bounds| bounds.map(Value::Real));
            let srs = layer.geometry.map(|_| WGS84);
            self.put_contents(
                &layer.name,
                if srs.is_some() { "features" } else { "attributes" },
                &layer.description,
                bounds,
                srs,
            )?;
            if let Some(kind) = layer.geometry {
                let row = vec![
                    layer.name.as_str().into(),
                    "geom".into(),
                    kind.name().into(),
                    WGS84.into(),
                    0.into(),
                    0.into(),
                ];
                self.database.insert(self.geometry_columns, row)?;
            }
        }
        if layers.iter().any(|layer| layer.geometry.is_some()) {
            let extensions = index::create_extensions(&mut self.database)?;
            for layer in layers.iter().filter(|layer| layer.geometry.is_some()) {
                index::add(&mut self.database, extensions, &layer.name, &layer.boxes)?;
            }
        }
        if layers.iter().any(|layer| layer.style.is_some()) {
            self.put_styles(&layers)?;
        }
        self.database.into_bytes()
    }

    fn put_contents(
        &mut self,
        name: &str,
        kind: &str,
        about: &str,
        bounds: [Value; 4],
        srs: Option<i32>,
    ) -> Result<(), WriteError> {
        let mut row: Vec<Value> =
            vec![name.into(), kind.into(), name.into(), about.into(), self.timestamp.as_str().into()];
        row.extend(bounds);
        row.push(srs.into());
        self.database.insert(self.contents, row).map(|_| ())
    }

    fn put_styles(&mut self, layers: &[LayerState]) -> Result<(), WriteError> {
        self.put_contents("layer_styles", "attributes", "", [const { Value::Null }; 4], None)?;
        let table = self.database.create_table(LAYER_STYLES)?;
        for layer in layers {
            let Some(style) = &layer.style else { continue };
            let row = vec![
                Value::Null,
                "".into(),
                "".into(),
                layer.name.as_str().into(),
                "geom".into(),
                layer.name.as_str().into(),
                style.as_str().into(),
                Value::Null,
                Value::Integer(1),
                layer.description.as_str().into(),
                "".into(),
                Value::Null,
                self.timestamp.as_str().into(),
            ];
            self.database.insert(table, row)?;
        }
        Ok(())
    }
}

pub(super) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

const SPATIAL_REF_SYS: &str = "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, \
     organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)";

const CONTENTS: &str = "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, \
     identifier TEXT UNIQUE, description TEXT DEFAULT '', \
     last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), \
     min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER, \
     CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))";

const GEOMETRY_COLUMNS: &str = "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, \
     geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, \
     CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name), \
     CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name), \
     CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))";

/// As QGIS creates it.
const LAYER_STYLES: &str = "CREATE TABLE \"layer_styles\" (\"id\" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, \
     \"f_table_catalog\" TEXT(256), \"f_table_schema\" TEXT(256), \"f_table_name\" TEXT(256), \"f_geometry_column\" TEXT(256), \
     \"styleName\" TEXT(30), \"styleQML\" TEXT, \"styleSLD\" TEXT, \"useAsDefault\" BOOLEAN, \"description\" TEXT, \
     \"owner\" TEXT(30), \"ui\" TEXT(30), \"update_time\" DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))";

/// Name, id, organization, definition and description of the coordinate systems that every GeoPackage names.
const SYSTEMS: [(&str, i32, &str, &str, &str); 3] = [
    ("Undefined Cartesian SRS", -1, "NONE", "undefined", "undefined Cartesian coordinate reference system"),
    ("Undefined geographic SRS", 0, "NONE", "undefined", "undefined geographic coordinate reference system"),
    (
        "WGS 84 geodetic",
        WGS84,
        "EPSG",
        "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563,AUTHORITY[\"EPSG\",\"7030\"]],\
         AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],\
         UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],AXIS[\"Latitude\",NORTH],AXIS[\"Longitude\",EAST],\
         AUTHORITY[\"EPSG\",\"4326\"]]",
        "longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid",
    ),
];
