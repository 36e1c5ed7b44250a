//! GeoPackages: the road network of NVDB by its own topology, any other layer by role, properties and names.

use std::borrow::Cow;

use breiband_model::{Access, Context, Input, Issue, Role, Severity, Structure, Surface, WayClass};
use breiband_sqlite::geopackage::{Feature as Row, Geometry, Layer, LayerError, features, layers};
use breiband_sqlite::{ReadError as SqliteError, Reader, Value};

use crate::error::ReadError;
use crate::feature::{Feature, Shapes, Sink};
use crate::place::{NodeTable, Placer, push};
use crate::raw::{RawRegion, RawWay};

/// Reads every vector layer.
pub(crate) fn read(bytes: &[u8], input: &Input, ctx: &mut Context<'_>) -> Result<RawRegion, ReadError> {
    let reader = Reader::new(bytes).map_err(|e| damaged(&e))?;
    let found = layers(&reader).map_err(|error| match error {
        LayerError::NotAGeoPackage(_) => {
            let hint = "it is an SQLite database, but no GeoPackage; convert it with `ogr2ogr out.gpkg in`";
            ReadError::UnknownFormat { hint: Some(hint.into()) }
        }
        error => ReadError::Damaged { place: "the list of layers".into(), what: error.to_string() },
    })?;
    let mut region = RawRegion { format: "gpkg".to_owned(), ..Default::default() };
    if found.is_empty() {
        region.issues.push(Issue::new("no-records", Severity::Warning, "the GeoPackage has no vector layer"));
    }
    for layer in &found {
        let epsg = input.epsg.or(layer.epsg);
        let placer = Placer::from_epsg(epsg)?;
        let rows = features(&reader, layer)
            .map_err(|error| ReadError::Damaged { place: format!("layer {}", layer.name), what: error.to_string() })?;
        let roads = Nvdb::find(layer).filter(|_| matches!(input.role, Role::Auto | Role::Ways));
        if let Some(columns) = roads {
            region.format = "nvdb-gpkg".to_owned();
            region.attribution = "Inneholder data under NLOD, Statens vegvesen".to_owned();
            columns.read(layer, rows, placer, &mut region, ctx)?;
        } else {
            generic(layer, rows, placer, input, &mut region, ctx)?;
        }
    }
    Ok(region)
}

fn damaged(error: &SqliteError) -> ReadError {
    match error {
        SqliteError::NotADatabase => ReadError::UnknownFormat { hint: Some("it is no GeoPackage".into()) },
        SqliteError::Truncated { found, .. } => ReadError::Truncated { place: format!("byte {found}") },
        other => ReadError::Damaged { place: "the database".into(), what: other.to_string() },
    }
}

type Rows<'a> = breiband_sqlite::geopackage::Features<'a>;

/// The rows one by one: a row whose text is broken costs only itself, a broken page the file.
fn each(
    layer: &Layer,
    rows: Rows<'_>,
    issues: &mut Vec<Issue>,
    ctx: &mut Context<'_>,
    mut take: impl FnMut(Row, Shapes, &mut Vec<Issue>),
) -> Result<(), ReadError> {
    for (number, row) in rows.enumerate() {
        if number.is_multiple_of(4096) {
            ctx.check()?;
            ctx.observer.progress("import", number as u64, 0);
        }
        let mut row = match row {
            Ok(row) => row,
            Err(error @ SqliteError::Text { .. }) => {
                let record = format!("{} row {}", layer.name, number + 1);
                issues.push(Issue::new("not-utf8", Severity::Error, error.to_string()).record(record));
                continue;
            }
            Err(error) => return Err(damaged(&error)),
        };
        let geometry = std::mem::replace(&mut row.geometry, Ok(None));
        let mut shapes = Shapes::default();
        match geometry {
            Ok(geometry) => geometry.into_iter().for_each(|g| flatten(g, &mut shapes)),
            Err(error) => {
                let message = format!("{error}; the feature was left out");
                let record = format!("{} fid {}", layer.name, row.fid);
                issues.push(
                    Issue::new("bad-feature", Severity::Error, message)
                        .record(record)
                        .field(&layer.geometry_column, ""),
                );
                continue;
            }
        }
        take(row, shapes, issues);
    }
    Ok(())
}

fn flatten(geometry: Geometry, into: &mut Shapes) {
    match geometry {
        Geometry::Point(point) => into.points.push(point),
        Geometry::MultiPoint(points) => into.points.extend(points),
        Geometry::LineString(line) => into.lines.push(line),
        Geometry::MultiLineString(lines) => into.lines.extend(lines),
        Geometry::Polygon(rings) => into.polygons.push(rings),
        Geometry::MultiPolygon(polygons) => into.polygons.extend(polygons),
        Geometry::Collection(parts) => parts.into_iter().for_each(|part| flatten(part, into)),
    }
}

fn generic(
    layer: &Layer,
    rows: Rows<'_>,
    placer: Placer,
    input: &Input,
    region: &mut RawRegion,
    ctx: &mut Context<'_>,
) -> Result<(), ReadError> {
    let mut issues = Vec::new();
    let mut sink = Sink::new(region, placer, input.role, &input.path);
    sink.set_hint(&layer.name);
    each(layer, rows, &mut issues, ctx, |row, shapes, _| {
        let values = layer.columns.iter().zip(row.values);
        let properties = values
            .filter_map(|(name, value)| {
                let text = match value {
                    Value::Text(text) => text,
                    Value::Integer(number) => number.to_string(),
                    Value::Real(number) => number.to_string(),
                    Value::Null | Value::Blob(_) => return None,
                };
                Some((Cow::Borrowed(name.as_str()), Cow::Owned(text)))
            })
            .collect();
        let record = format!("{} fid {}", layer.name, row.fid);
        sink.add(&Feature { record, id: Some(format!("{}/{}", layer.name, row.fid)), properties, shapes });
    })?;
    sink.finish()?;
    region.issues.append(&mut issues);
    Ok(())
}

/// The columns of NVDB's "ruteplan" network.
struct Nvdb {
    from: usize,
    to: usize,
    kind: usize,
    name: Option<usize>,
    medium: Option<usize>,
    bike: Option<usize>,
    id: Option<usize>,
    from_measure: Option<usize>,
}

impl Nvdb {
    fn find(layer: &Layer) -> Option<Self> {
        let at = |name: &str| layer.columns.iter().position(|column| column.eq_ignore_ascii_case(name));
        Some(Self {
            from: at("FromNodeID")?,
            to: at("ToNodeID")?,
            kind: at("VEGTYPE")?,
            name: at("GATENAVN"),
            medium: at("Medium"),
            bike: at("IsBikeRoad"),
            id: at("ROUTEID"),
            from_measure: at("FROM_M"),
        })
    }

    /// Links meet at the nodes that the source names, and nowhere else: a bridge over a road shares no node with it.
    fn read(
        &self,
        layer: &Layer,
        rows: Rows<'_>,
        mut placer: Placer,
        region: &mut RawRegion,
        ctx: &mut Context<'_>,
    ) -> Result<(), ReadError> {
        let mut issues = Vec::new();
        let mut table = NodeTable::default();
        let RawRegion { nodes, ways, counts, .. } = region;
        each(layer, rows, &mut issues, ctx, |row, shapes, issues| {
            let text = |at: Option<usize>| at.and_then(|at| row.values.get(at)).map(plain).unwrap_or_default();
            let record = format!("{} fid {}", layer.name, row.fid);
            let line: Vec<[f64; 2]> = joined(shapes.lines);
            if line.len() < 2 {
                let message = "the link has no line and was left out";
                issues.push(Issue::new("wrong-geometry", Severity::Error, message).record(record));
                return;
            }
            let places = match placer.places(&line) {
                Ok(places) => places,
                Err(message) => {
                    issues.push(Issue::new("bad-coordinate", Severity::Error, message).record(record));
                    return;
                }
            };
            let (from, to) = (text(Some(self.from)), text(Some(self.to)));
            let last = places.len() - 1;
            let mut numbers = Vec::with_capacity(places.len());
            for (i, place) in places.into_iter().enumerate() {
                let name = if i == 0 { &from } else { &to };
                numbers.push(match i {
                    _ if (i == 0 || i == last) && !name.is_empty() => table.named(nodes, name, place),
                    _ if i == 0 || i == last => table.at(nodes, line[i], place),
                    _ => push(nodes, place),
                });
            }
            let (class, access, owner) = road_class(&text(Some(self.kind)), text(self.bike) == "1");
            let id = match (text(self.id), text(self.from_measure)) {
                (id, _) if id.is_empty() => format!("{}/{}", layer.name, row.fid),
                (id, measure) => format!("{id}@{measure}"),
            };
            ways.push(RawWay {
                external_id: id,
                name: text(self.name),
                class,
                surface: Surface::Unknown,
                structure: medium(&text(self.medium)),
                access,
                owner: owner.to_owned(),
                layer: 0,
                nodes: numbers,
                cut: false,
            });
            *counts.entry("ways".to_owned()).or_insert(0) += 1;
        })?;
        region.issues.append(&mut issues);
        placer.verdict()
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.trim().to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Null | Value::Blob(_) => String::new(),
    }
}

/// Parts that follow one another as one line.
fn joined(lines: Vec<Vec<[f64; 2]>>) -> Vec<[f64; 2]> {
    let mut all: Vec<[f64; 2]> = lines.into_iter().flatten().collect();
    all.dedup();
    all
}

/// Class, access and owner by NVDB's road category: Europaveg, riksveg, fylkesveg, kommunal, privat, skogsbilveg.
fn road_class(category: &str, bike: bool) -> (WayClass, Access, &'static str) {
    let (class, access, owner) = match category {
        "E" => (WayClass::Trunk, Access::Public, "Statens vegvesen"),
        "R" => (WayClass::Primary, Access::Public, "Statens vegvesen"),
        "F" => (WayClass::Secondary, Access::Public, "fylkeskommune"),
        "K" => (WayClass::Residential, Access::Public, "kommune"),
        "P" => (WayClass::Service, Access::Private, "privat"),
        "S" => (WayClass::Track, Access::Private, "privat"),
        _ => (WayClass::Other, Access::Public, ""),
    };
    (if bike { WayClass::Cycleway } else { class }, access, owner)
}

/// NVDB's medium: T tunnel, U under the ground, B bridge, L in the air, and ferries on the water's surface.
fn medium(code: &str) -> Structure {
    match code {
        "T" | "U" | "J" => Structure::Tunnel,
        "B" | "L" => Structure::Bridge,
        "O" | "F" => Structure::Ferry,
        _ => Structure::None,
    }
}
