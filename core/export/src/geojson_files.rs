//! GeoJSON (RFC 7946): WGS 84, longitude first, seven decimals. The attribution is a member of the collection.

use std::borrow::Cow;

use breiband_model::EdgeId;
use breiband_sqlite::Value;
use breiband_sqlite::geopackage::ColumnType;
use serde::Serialize;
use serde_json::json;

use crate::stretch::side_name;
use crate::view::{Drawn, PlanView, metres, within_180};

/// A feature.
pub(crate) struct Feature<'a, P> {
    pub(crate) geometry: Geometry<'a>,
    pub(crate) properties: P,
}

/// Longitudes and latitudes, degrees with seven decimals.
pub(crate) enum Geometry<'a> {
    Point(&'a [f64; 2]),
    LineString(&'a [[f64; 2]]),
}

#[derive(Serialize)]
struct StretchProperties<'a> {
    edge: u32,
    kind: &'a str,
    method: Option<breiband_model::Method>,
    price: &'a str,
    origin: &'a str,
    name: Cow<'a, str>,
    side: &'a str,
    length_m: f64,
    count: u64,
    cost: f64,
    #[serde(flatten)]
    load: Option<LoadProperties<'a>>,
}

/// What a stretch carries in the busy hour.
#[derive(Serialize)]
pub(crate) struct LoadProperties<'a> {
    load_mbps: f64,
    last_load_mbps: f64,
    equipment: Option<&'a str>,
    full_in: Option<u16>,
}

impl<'a> LoadProperties<'a> {
    pub(crate) fn of(view: &PlanView<'a>, edge: EdgeId) -> Option<Self> {
        let load = view.loads?.get(&edge)?;
        let [load_mbps, last_load_mbps] = load.load_mbps;
        Some(Self { load_mbps, last_load_mbps, equipment: load.equipment.as_deref(), full_in: load.fills })
    }

    /// The same for a GeoPackage: a value for each of [`LOAD_COLUMNS`].
    pub(crate) fn values(of: Option<&Self>) -> [Value; 4] {
        [
            of.map(|load| load.load_mbps).into(),
            of.map(|load| load.last_load_mbps).into(),
            of.and_then(|load| load.equipment).into(),
            of.and_then(|load| load.full_in).map(u32::from).into(),
        ]
    }
}

/// Columns of a layer of stretches, where loads are known.
pub(crate) const LOAD_COLUMNS: [(&str, ColumnType); 4] = [
    ("load_mbps", ColumnType::Real),
    ("last_load_mbps", ColumnType::Real),
    ("equipment", ColumnType::Text),
    ("full_in", ColumnType::Integer),
];

#[derive(Serialize)]
struct PremisesProperties<'a> {
    id: &'a str,
    address: String,
    municipality: &'a str,
    kind: breiband_model::PremisesKind,
    households: u32,
    status: &'a str,
    reason: &'a str,
    technology: Option<breiband_model::Technology>,
    delivers_mbps: Option<f64>,
    route_m: Option<f64>,
    drop_m: Option<f64>,
    drop_cost: Option<f64>,
    cost_share: Option<f64>,
}

/// A feature collection, a feature a line so that two plans can be compared as text.
pub(crate) fn collection<'a, P: Serialize + 'a>(
    drawn: &Drawn<'_>,
    name: &str,
    features: impl Iterator<Item = Feature<'a, P>>,
) -> Vec<u8> {
    let summary = drawn.view.summary;
    let head = json!({ "type": "FeatureCollection", "name": name, "scenario": summary.name, "date": summary.date,
        "notice": drawn.view.notice(), "attribution": summary.attribution });
    let mut out = head.to_string().into_bytes();
    out.truncate(out.len() - 1);
    out.extend_from_slice(b",\"features\":[");
    for (at, feature) in features.enumerate() {
        out.extend_from_slice(if at == 0 { b"\n" } else { b",\n" });
        out.extend_from_slice(b"{\"type\":\"Feature\",\"geometry\":{\"type\":\"");
        match feature.geometry {
            Geometry::Point(point) => {
                out.extend_from_slice(b"Point\",\"coordinates\":");
                put_place(&mut out, point);
            }
            Geometry::LineString(line) if !crosses_date_line(line) => {
                out.extend_from_slice(b"LineString\",\"coordinates\":");
                put_line(&mut out, line);
            }
            Geometry::LineString(line) => {
                out.extend_from_slice(b"MultiLineString\",\"coordinates\":[");
                for (at, part) in cut_at_date_line(line).iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    put_line(&mut out, part);
                }
                out.push(b']');
            }
        }
        out.extend_from_slice(b"},\"properties\":");
        // Writing numbers and text to memory cannot fail.
        let _ = serde_json::to_writer(&mut out, &feature.properties);
        out.push(b'}');
    }
    out.extend_from_slice(b"\n]}\n");
    out
}

fn crosses_date_line(line: &[[f64; 2]]) -> bool {
    let beyond = line.iter().filter(|place| place[0].abs() > 180.0).count();
    beyond > 0 && beyond < line.len()
}

/// The parts of a line on each side of the date line, as RFC 7946 (3.1.9) has them; each ends on it.
fn cut_at_date_line(line: &[[f64; 2]]) -> Vec<Vec<[f64; 2]>> {
    let (mut parts, mut part): (Vec<Vec<[f64; 2]>>, Vec<[f64; 2]>) = (Vec::new(), Vec::new());
    let mut last: Option<[f64; 2]> = None;
    for &[lon, lat] in line {
        let beyond = |lon: f64| lon.abs() > 180.0;
        if let Some([from_lon, from_lat]) = last.filter(|from| beyond(from[0]) != beyond(lon)) {
            let edge = 180.0_f64.copysign(if beyond(lon) { lon } else { from_lon });
            let on_edge = from_lat + (lat - from_lat) * (edge - from_lon) / (lon - from_lon);
            let on_edge = (on_edge * 1e7).round() / 1e7;
            // What lies beyond is told from the other side.
            let (before, after) = if beyond(lon) { (edge, -edge) } else { (-edge, edge) };
            part.push([before, on_edge]);
            parts.push(std::mem::replace(&mut part, vec![[after, on_edge]]));
        }
        part.push([within_180(lon), lat]);
        last = Some([lon, lat]);
    }
    parts.push(part);
    parts.iter_mut().for_each(Vec::dedup);
    parts.retain(|part| part.len() > 1);
    parts
}

fn put_line(out: &mut Vec<u8>, line: &[[f64; 2]]) {
    out.push(b'[');
    for (at, point) in line.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        put_place(out, point);
    }
    out.push(b']');
}

fn put_place(out: &mut Vec<u8>, place: &[f64; 2]) {
    out.push(b'[');
    put_degrees(out, within_180(place[0]));
    out.push(b',');
    put_degrees(out, place[1]);
    out.push(b']');
}

/// A number of seven decimals as `serde_json` writes it, the shortest that reads back the same, but made from integers: most
/// of a file is such numbers.
fn put_degrees(out: &mut Vec<u8>, degrees: f64) {
    const ONE: u64 = 10_000_000;
    let units = (degrees * 1e7).round();
    // Close to zero, an exponent is shorter; beyond 180 degrees there is nothing.
    if units.abs() < 1000.0 || units.abs() > 2e9 || units / 1e7 != degrees {
        let _ = serde_json::to_writer(out, &degrees);
        return;
    }
    let mut digits = itoa::Buffer::new();
    if units < 0.0 {
        out.push(b'-');
    }
    let units = units.abs() as u64;
    out.extend_from_slice(digits.format(units / ONE).as_bytes());
    out.push(b'.');
    let fraction = &digits.format(units % ONE + ONE).as_bytes()[1..];
    let last = fraction.iter().rposition(|&digit| digit != b'0').unwrap_or(0);
    out.extend_from_slice(&fraction[..=last]);
}

/// `network.geojson`: what is built; crossings and surcharges are points.
pub(crate) fn network(drawn: &Drawn<'_>) -> Vec<u8> {
    let features = drawn.stretches.iter().filter(|stretch| stretch.is_drawn()).map(|stretch| Feature {
        geometry: match stretch.lon_lat.as_slice() {
            [point] => Geometry::Point(point),
            line => Geometry::LineString(line),
        },
        properties: StretchProperties {
            edge: stretch.edge.as_u32(),
            kind: stretch.kind.name(),
            method: stretch.method,
            price: stretch.price,
            origin: drawn.view.origin_id(stretch.origin),
            name: drawn.view.origin_label(stretch.origin),
            side: side_name(stretch.side),
            length_m: metres(stretch.mm),
            count: stretch.count,
            cost: stretch.cost.as_major(),
            load: LoadProperties::of(drawn.view, stretch.edge),
        },
    });
    collection(drawn, "network", features)
}

/// `premises.geojson`: every premises with what becomes of it.
pub(crate) fn premises(drawn: &Drawn<'_>) -> Vec<u8> {
    let features = drawn.premises.iter().map(|row| {
        let p = row.premises;
        let connected = row.outcome.drop.is_some();
        Feature {
            geometry: Geometry::Point(&row.lon_lat),
            properties: PremisesProperties {
                id: &p.external_id,
                address: p.label(),
                municipality: row.municipality.1,
                kind: p.kind,
                households: p.households,
                status: row.outcome.status.name(),
                reason: row.outcome.reason.name(),
                technology: row.outcome.technology,
                delivers_mbps: row.delivers_mbps,
                route_m: connected.then(|| metres(row.outcome.distance_mm)),
                drop_m: connected.then(|| metres(row.drop_mm)),
                drop_cost: row.drop_cost.map(|cost| cost.as_major()),
                cost_share: row.share,
            },
        }
    });
    collection(drawn, "premises", features)
}

#[derive(Serialize)]
struct MastProperties<'a> {
    id: &'a str,
    name: &'a str,
    existing: bool,
    height_m: f64,
    radio_fed: bool,
    premises: u64,
    homes: u64,
    sectors: usize,
    busiest: f64,
}

/// `masts.geojson`: masts in use; `busiest` is the part of what it can be loaded with that the busiest sector is.
pub(crate) fn masts(drawn: &Drawn<'_>) -> Vec<u8> {
    let places: Vec<[f64; 2]> = drawn.masts.iter().map(|(mast, _)| mast.place).collect();
    let features = drawn.masts.iter().zip(&places).map(|((mast, _), place)| Feature {
        geometry: Geometry::Point(place),
        properties: MastProperties {
            id: &mast.id,
            name: &mast.name,
            existing: mast.existing,
            height_m: mast.height_m,
            radio_fed: mast.radio_fed,
            premises: mast.sectors.iter().map(|sector| sector.premises).sum(),
            homes: mast.sectors.iter().map(|sector| sector.homes).sum(),
            sectors: mast.sectors.len(),
            busiest: busiest(mast),
        },
    });
    collection(drawn, "masts", features)
}

/// `places.geojson`: points of presence and cabinets, with what they cost and whether the plan has them.
pub(crate) fn places(drawn: &Drawn<'_>) -> Vec<u8> {
    let all = &drawn.view.summary.places;
    let features = all.iter().map(|one| Feature {
        geometry: Geometry::Point(&one.place),
        properties: json!({
            "id": one.id, "name": one.name, "kind": one.kind, "cost": one.cost, "source": one.source, "used": one.used,
        }),
    });
    collection(drawn, "places", features)
}

/// The busiest sector's load as a part of what it can be loaded with, three decimals.
pub(crate) fn busiest(mast: &breiband_model::MastSummary) -> f64 {
    let part = |sector: &breiband_model::SectorLoad| sector.busy_mbps / sector.capacity_mbps.max(0.1);
    (mast.sectors.iter().map(part).fold(0.0, f64::max) * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_end_on_the_date_line_and_go_on_behind_it() {
        let east = [[179.9, -17.0], [180.1, -17.2], [180.2, -17.2], [179.8, -17.4]];
        assert!(crosses_date_line(&east) && !crosses_date_line(&east[1..3]) && !crosses_date_line(&east[..1]));
        let parts = [
            vec![[179.9, -17.0], [180.0, -17.1]],
            vec![[-180.0, -17.1], [-179.9, -17.2], [-179.8, -17.2], [-180.0, -17.3]],
            vec![[180.0, -17.3], [179.8, -17.4]],
        ];
        assert_eq!(cut_at_date_line(&east), parts);
        let west = [[-179.9, 1.0], [-180.0, 1.0], [-180.1, 1.0]];
        assert_eq!(cut_at_date_line(&west), [vec![[-179.9, 1.0], [-180.0, 1.0]], vec![[180.0, 1.0], [179.9, 1.0]]]);
    }

    proptest! {
        #[test]
        fn degrees_are_what_serde_writes(units in -1_800_000_000_i64..1_800_000_000, shift in 0_u32..31, other: f64) {
            for degrees in [(units >> shift) as f64 / 1e7, (units / 1_000_000 * 1_000_000) as f64 / 1e7, other, -0.0] {
                let mut ours = Vec::new();
                put_degrees(&mut ours, degrees);
                prop_assert_eq!(String::from_utf8(ours).unwrap(), serde_json::to_string(&degrees).unwrap());
            }
        }
    }
}
