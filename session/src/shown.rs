//! A plan that was written before, shown as it is: `summary.json`, `network.geojson` and `premises.geojson` of its directory.

use breiband::{PlaceKind, Summary};
use breiband_wire::{Fact, LayerId, RegionView, Value};
use serde_json::{Map, Value as Json};

use crate::geojson::Drawn;
use crate::refusal::{self, Refusal, refuse};

/// A plan read back from its files: its figures, and what a click tells.
pub(crate) struct Shown {
    pub(crate) summary: Summary,
    pub(crate) region: RegionView,
    network: Vec<Map<String, Json>>,
    premises: Vec<Map<String, Json>>,
    handovers: Vec<Map<String, Json>>,
    masts: Vec<Map<String, Json>>,
    pops: Vec<Map<String, Json>>,
    cabinets: Vec<Map<String, Json>>,
}

/// Reads the three files; the layers come beside the plan, ready to be drawn.
///
/// # Errors
/// The name of the first file that is none of ours, and why.
pub(crate) fn read(files: &[Vec<u8>]) -> Result<(Shown, Vec<(LayerId, Drawn)>), Refusal> {
    let [summary, network, premises] = files else { return Err(refuse("unreadable", String::new())) };
    let wrong =
        |name: &str, error: serde_json::Error| refuse("unreadable", refusal::in_file(name, refusal::quoted(error)));
    let summary: Summary = serde_json::from_slice(summary).map_err(|error| wrong("summary.json", error))?;
    let network: Json = serde_json::from_slice(network).map_err(|error| wrong("network.geojson", error))?;
    let premises: Json = serde_json::from_slice(premises).map_err(|error| wrong("premises.geojson", error))?;
    let mut bounds = [i32::MAX, i32::MAX, i32::MIN, i32::MIN];
    let (mut lines, mut dots, mut roots) = (Layer::default(), Layer::default(), Layer::default());
    for (properties, geometry) in features(&network) {
        if text(properties, "kind") == "handover"
            && let Some(place) = geometry["coordinates"].get(0).filter(|place| place.is_array())
            && !summary.places.iter().any(|one| one.id == text(properties, "origin"))
            && !roots.properties.iter().any(|root| root.get("origin") == properties.get("origin"))
        {
            roots.add("{}", &serde_json::json!({ "type": "Point", "coordinates": place }), properties);
        }
        if geometry["type"] == "LineString" {
            widen(&mut bounds, &geometry["coordinates"]);
            lines.add(&serde_json::json!({ "method": text(properties, "method") }).to_string(), geometry, properties);
        }
    }
    for (properties, geometry) in features(&premises) {
        widen(&mut bounds, &geometry["coordinates"]);
        let shown = serde_json::json!({ "status": text(properties, "status"), "gets": text(properties, "technology") });
        dots.add(&shown.to_string(), geometry, properties);
    }
    let mut sited = Layer::default();
    for mast in summary.mix.iter().flat_map(|mix| &mix.masts) {
        let place = serde_json::json!({ "type": "Point", "coordinates": mast.place });
        let properties = Map::from_iter([
            ("name".to_owned(), Json::from(mast.name.as_str())),
            ("origin".to_owned(), Json::from(mast.id.as_str())),
        ]);
        sited.add(&serde_json::json!({ "name": mast.name }).to_string(), &place, &properties);
    }
    let (mut pops, mut cabinets) = (Layer::default(), Layer::default());
    for one in &summary.places {
        let layer = if one.kind == PlaceKind::Cabinet { &mut cabinets } else { &mut pops };
        let place = serde_json::json!({ "type": "Point", "coordinates": one.place });
        let shown = serde_json::json!({ "name": one.name, "used": if one.used { "yes" } else { "no" } });
        let properties =
            serde_json::json!({ "name": one.name, "origin": one.id, "cost": one.cost, "source": one.source });
        if let Json::Object(properties) = properties {
            layer.add(&shown.to_string(), &place, &properties);
        }
    }
    let region = RegionView {
        bounds_e7: (bounds[0] <= bounds[2]).then_some(bounds),
        premises: summary.premises,
        ways: 0,
        municipalities: summary.municipalities.len() as u64,
        handovers: roots.properties.len() as u64,
        scenario: String::new(),
        attribution: summary.attribution.clone(),
        borders: Vec::new(),
        technologies: Vec::new(),
    };
    let (lines, network) = lines.finish();
    let (dots, premises) = dots.finish();
    let (roots, handovers) = roots.finish();
    let (sited, masts) = sited.finish();
    let mut layers = vec![(LayerId::Network, lines), (LayerId::Premises, dots), (LayerId::Handovers, roots)];
    if !masts.is_empty() {
        layers.push((LayerId::Masts, sited));
    }
    let ((seen_pops, pops), (seen_cabinets, cabinets)) = (pops.finish(), cabinets.finish());
    layers.extend([(LayerId::Pops, seen_pops), (LayerId::Cabinets, seen_cabinets)]);
    Ok((Shown { summary, region, network, premises, handovers, masts, pops, cabinets }, layers))
}

impl Shown {
    /// A feature's name and facts; `None` where there is no such feature.
    pub(crate) fn facts(&self, layer: LayerId, id: u32) -> Option<(String, Vec<Fact>)> {
        let (table, title): (_, &str) = match layer {
            LayerId::Network => (&self.network, "name"),
            LayerId::Premises => (&self.premises, "address"),
            LayerId::Handovers => (&self.handovers, "name"),
            LayerId::Masts => (&self.masts, "name"),
            LayerId::Pops => (&self.pops, "name"),
            LayerId::Cabinets => (&self.cabinets, "name"),
            _ => return None,
        };
        let one = table.get(id as usize)?;
        let rows: &[(&str, &str)] = match layer {
            LayerId::Network => &[
                ("method", "method"),
                ("kind", "kind"),
                ("price", "price"),
                ("length", "length_m"),
                ("cost", "cost"),
                ("way", "origin"),
            ],
            LayerId::Premises => &[
                ("status", "status"),
                ("reason", "reason"),
                ("gets", "technology"),
                ("distance", "route_m"),
                ("drop_length", "drop_m"),
                ("drop_cost", "drop_cost"),
                ("kind", "kind"),
                ("households", "households"),
                ("municipality", "municipality"),
                ("id", "id"),
            ],
            LayerId::Pops | LayerId::Cabinets => &[("cost", "cost"), ("cost_source", "source"), ("id", "origin")],
            _ => &[("id", "origin")],
        };
        let facts = rows.iter().filter_map(|(label, name)| {
            let value = match (*label, one.get(*name)?) {
                ("cost" | "drop_cost", Json::Number(number)) => {
                    Value::Money(number.as_f64()?, self.summary.currency.clone())
                }
                ("households", number) => Value::Count(number.as_u64()?),
                (_, Json::Number(number)) => Value::Metres(number.as_f64()?),
                (_, Json::String(text)) if text.is_empty() => return None,
                ("gets", Json::String(text)) => Value::Word(format!("gets-{text}")),
                ("status" | "reason" | "kind" | "method", Json::String(text)) => Value::Word(text.clone()),
                (_, Json::String(text)) => Value::Text(text.clone()),
                _ => return None,
            };
            Some(Fact { label: (*label).to_owned(), value })
        });
        Some((text(one, title).to_owned(), facts.collect()))
    }
}

/// A layer being gathered: a feature's number is its place.
#[derive(Default)]
struct Layer {
    features: Vec<String>,
    properties: Vec<Map<String, Json>>,
}

impl Layer {
    fn add(&mut self, shown: &str, geometry: &Json, properties: &Map<String, Json>) {
        let id = self.features.len();
        let feature = format!("{{\"type\":\"Feature\",\"id\":{id},\"properties\":{shown},\"geometry\":{geometry}}}");
        self.features.push(feature);
        self.properties.push(properties.clone());
    }

    fn finish(self) -> (Drawn, Vec<Map<String, Json>>) {
        let features = self.features.len() as u32;
        let geojson = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", self.features.join(","));
        (Drawn { geojson, features }, self.properties)
    }
}

fn features(collection: &Json) -> impl Iterator<Item = (&Map<String, Json>, &Json)> {
    let all = collection["features"].as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().filter_map(|feature| Some((feature["properties"].as_object()?, &feature["geometry"])))
}

fn text<'a>(properties: &'a Map<String, Json>, name: &str) -> &'a str {
    properties.get(name).and_then(Json::as_str).unwrap_or_default()
}

/// Widens a box of 1e-7 degrees by a position, or by all positions of a line.
fn widen(bounds: &mut [i32; 4], coordinates: &Json) {
    let Some(parts) = coordinates.as_array() else { return };
    if let [Json::Number(lon), Json::Number(lat), ..] = parts.as_slice() {
        let e7 = |degrees: &serde_json::Number| (degrees.as_f64().unwrap_or_default() * 1e7).round() as i32;
        let (lon, lat) = (e7(lon), e7(lat));
        *bounds = [bounds[0].min(lon), bounds[1].min(lat), bounds[2].max(lon), bounds[3].max(lat)];
    } else {
        parts.iter().for_each(|part| widen(bounds, part));
    }
}
