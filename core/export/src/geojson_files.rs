//! GeoJSON (RFC 7946): WGS 84, longitude first, seven decimals. The attribution is a member of the collection.

use serde_json::{Map, Value, json};

use crate::stretch::side_name;
use crate::view::{Drawn, metres, name_of};

/// A feature collection, a feature a line so that two plans can be compared as text.
fn collection(drawn: &Drawn<'_>, name: &str, features: impl Iterator<Item = Value>) -> Vec<u8> {
    let summary = drawn.view.summary;
    let head = json!({ "type": "FeatureCollection", "name": name, "scenario": summary.name, "date": summary.date,
        "notice": summary.notice, "attribution": summary.attribution });
    let mut out = head.to_string();
    out.truncate(out.len() - 1);
    out.push_str(",\"features\":[");
    for (at, feature) in features.enumerate() {
        out.push_str(if at == 0 { "\n" } else { ",\n" });
        out.push_str(&feature.to_string());
    }
    out.push_str("\n]}\n");
    out.into_bytes()
}

fn feature(geometry: Value, properties: Value) -> Value {
    let mut feature = Map::new();
    feature.insert("type".to_owned(), "Feature".into());
    feature.insert("geometry".to_owned(), geometry);
    feature.insert("properties".to_owned(), properties);
    Value::Object(feature)
}

/// `network.geojson`: what is built; crossings and surcharges are points.
pub(crate) fn network(drawn: &Drawn<'_>) -> Vec<u8> {
    let features = drawn.stretches.iter().map(|stretch| {
        let geometry = match drawn.line(&stretch.drawn).as_slice() {
            [point] => json!({ "type": "Point", "coordinates": point }),
            line => json!({ "type": "LineString", "coordinates": line }),
        };
        let properties = json!({
            "edge": stretch.edge.as_u32(),
            "kind": stretch.kind.name(),
            "method": stretch.method.map(name_of),
            "price": stretch.price,
            "origin": drawn.view.origin_id(stretch.origin),
            "name": drawn.view.origin_label(stretch.origin),
            "side": side_name(stretch.side),
            "length_m": metres(stretch.mm),
            "count": stretch.count,
            "cost": stretch.cost.as_major(),
        });
        feature(geometry, properties)
    });
    collection(drawn, "network", features)
}

/// `premises.geojson`: every premises with what becomes of it.
pub(crate) fn premises(drawn: &Drawn<'_>) -> Vec<u8> {
    let features = drawn.premises.iter().map(|row| {
        let p = row.premises;
        let connected = row.outcome.drop.is_some();
        let properties = json!({
            "id": p.external_id,
            "address": p.label(),
            "municipality": row.municipality.1,
            "kind": name_of(p.kind),
            "households": p.households,
            "status": row.outcome.status.name(),
            "reason": row.outcome.reason.name(),
            "route_m": connected.then(|| metres(row.outcome.distance_mm)),
            "drop_m": connected.then(|| metres(row.drop_mm)),
            "drop_cost": row.drop_cost.map(|cost| cost.as_major()),
            "cost_share": row.share,
        });
        feature(json!({ "type": "Point", "coordinates": drawn.lon_lat(p.point) }), properties)
    });
    collection(drawn, "premises", features)
}
