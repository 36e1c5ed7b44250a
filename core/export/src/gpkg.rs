//! `plan.gpkg`: every layer in one file, with the styles that QGIS applies when it opens them.

use breiband_messages::{Language, text};
use breiband_model::{Method, Origin, Point, Polygon};
use breiband_sqlite::geopackage::{ColumnType, GeoPackage, Geometry, GeometryType, LayerSpec};
use breiband_sqlite::{Value, WriteError};

use crate::csv_files::made_from;
use crate::geojson_files::{LOAD_COLUMNS, LoadProperties};
use crate::qgis;
use crate::stretch::{Stretch, side_name};
use crate::view::{Drawn, metres, name_of};
use ColumnType::{Boolean, Integer, Real, Text};

/// The file. Empty where it would be larger than SQLite allows, which is 16 terabytes.
pub(crate) fn geopackage(drawn: &Drawn<'_>) -> Vec<u8> {
    write(drawn).unwrap_or_default()
}

fn write(drawn: &Drawn<'_>) -> Result<Vec<u8>, WriteError> {
    let date = &drawn.view.summary.date;
    let mut package = GeoPackage::new(&format!("{date}T00:00:00.000Z"))?;
    network(drawn, &mut package)?;
    crossings(drawn, &mut package)?;
    premises(drawn, &mut package)?;
    handovers(drawn, &mut package)?;
    masts(drawn, &mut package)?;
    places(drawn, &mut package)?;
    ways(drawn, &mut package)?;
    municipalities(drawn, &mut package)?;
    left_out(drawn, &mut package)?;
    about(drawn, &mut package)?;
    package.into_bytes()
}

/// A layer's description: what it is, in the scenario's language, and whose data it rests on.
fn description(drawn: &Drawn<'_>, name: &str) -> String {
    let view = drawn.view;
    let parts = [text(view.language(), &format!("layer.{name}"), &[]), view.attribution(), view.notice()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

struct Layer<'a> {
    name: &'a str,
    geometry: GeometryType,
    columns: &'a [(&'a str, ColumnType)],
    style: Option<String>,
}

impl Layer<'_> {
    fn add(
        &self,
        drawn: &Drawn<'_>,
        package: &mut GeoPackage,
        features: impl Iterator<Item = (Option<Geometry>, Vec<Value>)>,
    ) -> Result<(), WriteError> {
        let id = package.add_layer(&LayerSpec {
            name: self.name,
            description: &description(drawn, self.name),
            geometry: self.geometry,
            columns: self.columns,
            style: self.style.as_deref(),
        })?;
        for (geometry, values) in features {
            package.add_feature(id, geometry.as_ref(), values)?;
        }
        Ok(())
    }
}

fn stretch_values(drawn: &Drawn<'_>, stretch: &Stretch<'_>) -> Vec<Value> {
    let mut values = vec![
        stretch.edge.as_u32().into(),
        stretch.kind.name().into(),
        stretch.method.map(Method::name).into(),
        stretch.price.into(),
        drawn.view.origin_id(stretch.origin).into(),
        drawn.view.origin_label(stretch.origin).as_ref().into(),
        side_name(stretch.side).into(),
        metres(stretch.mm).into(),
        Value::Integer(stretch.count as i64),
        stretch.cost.as_major().into(),
    ];
    if drawn.view.loads.is_some() {
        values.extend(LoadProperties::values(LoadProperties::of(drawn.view, stretch.edge).as_ref()));
    }
    values
}

/// The columns of stretches: with loads, where they are known.
fn stretch_columns(drawn: &Drawn<'_>) -> Vec<(&'static str, ColumnType)> {
    let loads = drawn.view.loads.iter().flat_map(|_| LOAD_COLUMNS);
    STRETCH.into_iter().chain(loads).collect()
}

const STRETCH: [(&str, ColumnType); 10] = [
    ("edge", Integer),
    ("kind", Text),
    ("method", Text),
    ("price", Text),
    ("origin", Text),
    ("name", Text),
    ("side", Text),
    ("length_m", Real),
    ("count", Integer),
    ("cost", Real),
];

fn network(drawn: &Drawn<'_>, package: &mut GeoPackage) -> Result<(), WriteError> {
    let style = Some(qgis::network(drawn.view.language()));
    let columns = stretch_columns(drawn);
    let layer = Layer { name: "network", geometry: GeometryType::LineString, columns: &columns, style };
    let lines = drawn.stretches.iter().filter(|stretch| stretch.drawn.len() > 1);
    layer.add(drawn, package, lines.map(|s| (Some(Geometry::LineString(s.lon_lat.clone())), stretch_values(drawn, s))))
}

fn crossings(drawn: &Drawn<'_>, package: &mut GeoPackage) -> Result<(), WriteError> {
    let style = Some(qgis::crossings());
    let columns = stretch_columns(drawn);
    let layer = Layer { name: "crossings", geometry: GeometryType::Point, columns: &columns, style };
    let points = drawn.stretches.iter().filter_map(|stretch| match stretch.lon_lat[..] {
        [point] if stretch.is_drawn() => Some((Some(Geometry::Point(point)), stretch_values(drawn, stretch))),
        _ => None,
    });
    layer.add(drawn, package, points)
}

fn premises(drawn: &Drawn<'_>, package: &mut GeoPackage) -> Result<(), WriteError> {
    let columns = [
        ("id", Text),
        ("address", Text),
        ("street", Text),
        ("number", Text),
        ("postcode", Text),
        ("city", Text),
        ("parcel", Text),
        ("municipality_code", Text),
        ("municipality", Text),
        ("kind", Text),
        ("households", Integer),
        ("households_assumed", Boolean),
        ("down_mbps_today", Real),
        ("signed_up", Boolean),
        ("status", Text),
        ("reason", Text),
        ("technology", Text),
        ("delivers_mbps", Real),
        ("route_m", Real),
        ("drop_m", Real),
        ("drop_cost", Real),
        ("cost_share", Real),
    ];
    let style = Some(qgis::premises(drawn.view.language()));
    let layer = Layer { name: "premises", geometry: GeometryType::Point, columns: &columns, style };
    let rows = drawn.premises.iter().map(|row| {
        let p = row.premises;
        let connected = row.outcome.drop.is_some();
        let values = vec![
            p.external_id.as_str().into(),
            p.label().into(),
            p.street.as_str().into(),
            p.number.as_str().into(),
            p.postcode.as_str().into(),
            p.city.as_str().into(),
            p.parcel.as_str().into(),
            row.municipality.0.into(),
            row.municipality.1.into(),
            p.kind.name().into(),
            p.households.into(),
            i32::from(p.households_assumed).into(),
            p.service.as_ref().map(|service| service.down_mbps).into(),
            p.signed_up.map(i32::from).into(),
            row.outcome.status.name().into(),
            row.outcome.reason.name().into(),
            row.outcome.technology.map(|technology| technology.name()).into(),
            row.delivers_mbps.into(),
            connected.then(|| metres(row.outcome.distance_mm)).into(),
            connected.then(|| metres(row.drop_mm)).into(),
            row.drop_cost.map(|cost| cost.as_major()).into(),
            row.share.into(),
        ];
        (Some(Geometry::Point(row.lon_lat)), values)
    });
    layer.add(drawn, package, rows)
}

fn handovers(drawn: &Drawn<'_>, package: &mut GeoPackage) -> Result<(), WriteError> {
    let columns = [("id", Text), ("name", Text)];
    let layer =
        Layer { name: "handovers", geometry: GeometryType::Point, columns: &columns, style: Some(qgis::handovers()) };
    let rows = drawn.view.network.handovers.iter().map(|handover| {
        let values = vec![handover.external_id.as_str().into(), handover.name.as_str().into()];
        (Some(Geometry::Point(drawn.lon_lat(handover.point))), values)
    });
    layer.add(drawn, package, rows)
}

/// Masts in use, where the scenario mixes technologies.
fn masts(drawn: &Drawn<'_>, package: &mut GeoPackage) -> Result<(), WriteError> {
    if drawn.view.summary.mix.is_none() {
        return Ok(());
    }
    let columns = [
        ("id", Text),
        ("name", Text),
        ("existing", Boolean),
        ("height_m", Real),
        ("fed_by", Text),
        ("premises", Integer),
        ("homes", Integer),
        ("sectors", Integer),
        ("busiest", Real),
    ];
    let style = Some(qgis::masts());
    let layer = Layer { name: "masts", geometry: GeometryType::Point, columns: &columns, style };
    let rows = drawn.masts.iter().map(|(mast, _)| {
        let sum = |of: fn(&breiband_model::SectorLoad) -> u64| {
            Value::Integer(mast.sectors.iter().map(of).sum::<u64>() as i64)
        };
        let values = vec![
            mast.id.as_str().into(),
            mast.name.as_str().into(),
            i32::from(mast.existing).into(),
            mast.height_m.into(),
            (if mast.radio_fed { "radio" } else { "fibre" }).into(),
            sum(|sector| sector.premises),
            sum(|sector| sector.homes),
            Value::Integer(mast.sectors.len() as i64),
            crate::geojson_files::busiest(mast).into(),
        ];
        (Some(Geometry::Point(mast.place)), values)
    });
    layer.add(drawn, package, rows)
}

/// Points of presence and cabinets, where there are any.
fn places(drawn: &Drawn<'_>, package: &mut GeoPackage) -> Result<(), WriteError> {
    let all = &drawn.view.summary.places;
    if all.is_empty() {
        return Ok(());
    }
    let columns = [("id", Text), ("name", Text), ("kind", Text), ("cost", Real), ("source", Text), ("used", Boolean)];
    let style = Some(qgis::places(drawn.view.language()));
    let layer = Layer { name: "places", geometry: GeometryType::Point, columns: &columns, style };
    let rows = all.iter().map(|one| {
        let values = vec![
            one.id.as_str().into(),
            one.name.as_str().into(),
            one.kind.name().into(),
            one.cost.into(),
            one.source.as_str().into(),
            i32::from(one.used).into(),
        ];
        (Some(Geometry::Point(one.place)), values)
    });
    layer.add(drawn, package, rows)
}

fn ways(drawn: &Drawn<'_>, package: &mut GeoPackage) -> Result<(), WriteError> {
    let columns = [
        ("id", Text),
        ("name", Text),
        ("class", Text),
        ("surface", Text),
        ("structure", Text),
        ("access", Text),
        ("owner", Text),
        ("built", Boolean),
    ];
    let region = drawn.view.region;
    let mut built = vec![false; region.ways.len()];
    for stretch in &drawn.stretches {
        if let Origin::Way(id) = stretch.origin {
            built[id.index()] = true;
        }
    }
    let layer =
        Layer { name: "ways", geometry: GeometryType::LineString, columns: &columns, style: Some(qgis::ways()) };
    let rows = region.ways.iter().zip(built).map(|(way, built)| {
        let line = way.nodes.iter().map(|&node| drawn.lon_lat(region.node(node))).collect();
        let values = vec![
            way.external_id.as_str().into(),
            way.name.as_str().into(),
            name_of(way.class).into(),
            name_of(way.surface).into(),
            name_of(way.structure).into(),
            name_of(way.access).into(),
            way.owner.as_str().into(),
            i32::from(built).into(),
        ];
        (Some(Geometry::LineString(line)), values)
    });
    layer.add(drawn, package, rows)
}

fn municipalities(drawn: &Drawn<'_>, package: &mut GeoPackage) -> Result<(), WriteError> {
    let columns = [
        ("code", Text),
        ("name", Text),
        ("premises", Integer),
        ("connected", Integer),
        ("already_served", Integer),
        ("length_m", Real),
        ("cost", Real),
    ];
    let style = Some(qgis::municipalities());
    let layer = Layer { name: "municipalities", geometry: GeometryType::MultiPolygon, columns: &columns, style };
    let view = drawn.view;
    let rows = view.region.municipalities.iter().map(|municipality| {
        let figures =
            view.summary.municipalities.iter().find(|m| m.code == municipality.code && m.name == municipality.name);
        let area: Vec<_> = municipality.area.iter().map(|polygon| rings(drawn, polygon)).collect();
        let count = |of: fn(&breiband_model::MunicipalitySummary) -> u64| Value::Integer(figures.map_or(0, of) as i64);
        let values = vec![
            municipality.code.as_str().into(),
            municipality.name.as_str().into(),
            count(|m| m.premises),
            count(|m| m.connected),
            count(|m| m.already_served),
            figures.map_or(0.0, |m| m.work.metres).into(),
            figures.map_or(0.0, |m| m.work.cost).into(),
        ];
        ((!area.is_empty()).then_some(Geometry::MultiPolygon(area)), values)
    });
    layer.add(drawn, package, rows)
}

/// Rings closed, as well-known binary wants them.
fn rings(drawn: &Drawn<'_>, polygon: &Polygon) -> Vec<Vec<[f64; 2]>> {
    let close = |ring: &[Point]| ring.iter().chain(ring.first()).map(|&point| drawn.lon_lat(point)).collect();
    polygon.rings().map(close).collect()
}

fn left_out(drawn: &Drawn<'_>, package: &mut GeoPackage) -> Result<(), WriteError> {
    let columns =
        [("made_from", Text), ("origin", Text), ("name", Text), ("reason", Text), ("length_m", Real), ("detail", Text)];
    let layer = Layer { name: "left_out", geometry: GeometryType::Geometry, columns: &columns, style: None };
    let view = drawn.view;
    let rows = view.network.left_out.iter().map(|left| {
        let geometry = match left.origin {
            Origin::Way(id) => Some(Geometry::LineString(drawn.line(&view.region.way_points(id)))),
            Origin::Premises(id) => Some(Geometry::Point(drawn.lon_lat(view.region.premises_of(id).point))),
            Origin::Line(index) => {
                view.region.lines.get(index as usize).map(|line| Geometry::LineString(drawn.line(&line.points)))
            }
            Origin::Handover(id) => {
                view.network.handovers.get(id.index()).map(|h| Geometry::Point(drawn.lon_lat(h.point)))
            }
            Origin::Mast(id) => view.network.masts.get(id.index()).map(|m| Geometry::Point(drawn.lon_lat(m.point))),
            Origin::Cabinet(id) => {
                view.network.cabinets.get(id.index()).map(|c| Geometry::Point(drawn.lon_lat(c.point)))
            }
            Origin::Derived => None,
        };
        let values = vec![
            made_from(left.origin).into(),
            view.origin_id(left.origin).into(),
            view.origin_label(left.origin).as_ref().into(),
            left.reason.name().into(),
            metres(left.length_mm).into(),
            left.detail.as_str().into(),
        ];
        (geometry, values)
    });
    layer.add(drawn, package, rows)
}

/// Where the file comes from, as a table of names and values.
fn about(drawn: &Drawn<'_>, package: &mut GeoPackage) -> Result<(), WriteError> {
    let summary = drawn.view.summary;
    let language = Language::default();
    let table = package.add_table("about", "Scenario, prices, sources", &[("name", Text), ("value", Text)])?;
    let mut rows: Vec<(&str, String)> = vec![
        ("scenario", summary.name.clone()),
        ("date", summary.date.clone()),
        ("notice", drawn.view.notice()),
        ("cost_book", summary.cost_book.join(" · ")),
        ("currency", summary.currency.clone()),
        ("cost", format!("{:.2}", summary.cost)),
        ("bound", format!("{:.2}", summary.bound)),
        ("gap", summary.gap.to_string()),
        ("digest", summary.digest.clone()),
    ];
    rows.extend(summary.assumptions.iter().map(|a| ("assumption", crate::html::assumption(language, a))));
    rows.extend(summary.attribution.iter().map(|text| ("attribution", text.clone())));
    for (name, value) in rows {
        package.add_row(table, vec![name.into(), value.into()])?;
    }
    Ok(())
}
