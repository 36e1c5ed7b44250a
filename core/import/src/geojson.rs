//! GeoJSON (RFC 7946): collections, single features and geometries, one feature a line, and text sequences (RFC 8142).
//!
//! The text is checked from end to end first, so that a broken file is refused whole; then each feature is read by itself, so
//! that a broken feature costs only itself. Memory beside the text is one feature.

use std::borrow::Cow;
use std::fmt;

use breiband_model::{Context, Input, Issue, Sentence, Severity};
use breiband_spatial::Crs;
use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::error::ReadError;
use crate::feature::{Feature, Shapes, Sink};
use crate::format;
use crate::place::Placer;
use crate::raw::RawRegion;

/// Reads a GeoJSON text.
pub(crate) fn read(bytes: &[u8], input: &Input, ctx: &mut Context<'_>) -> Result<RawRegion, ReadError> {
    let text = format::text(bytes)?;
    let mut region = RawRegion { format: "geojson".to_owned(), ..Default::default() };
    let mut declared: Option<String> = None;
    let mut roots = 0_u64;
    for_each_root(text, |root, place| {
        roots += 1;
        if !root.get().starts_with('{') {
            return Err(ReadError::UnknownFormat { hint: Some(BARE.into()) });
        }
        let head: Head<'_> = serde_json::from_str(root.get()).map_err(|error| damaged(&error, place))?;
        match head.kind.as_deref() {
            Some("FeatureCollection") if !head.features => Err(ReadError::Damaged {
                place: place.to_owned(),
                what: "a FeatureCollection without `features`".into(),
            }),
            Some(kind) if KINDS.contains(&kind) => {
                declared = declared.take().or(head.crs);
                Ok(())
            }
            Some(kind) => {
                let kind = format!("{:?}", kind.chars().take(40).collect::<String>());
                let hint = Sentence::with("the JSON's `type` is {kind}, not one of GeoJSON's", [("kind", kind)]);
                Err(ReadError::UnknownFormat { hint: Some(hint) })
            }
            None => Err(ReadError::UnknownFormat { hint: Some(head.foreign.unwrap_or(BARE).into()) }),
        }
    })?;
    if roots == 0 {
        return Err(ReadError::Empty);
    }
    let placer = match (input.epsg, declared) {
        (None, Some(name)) => Placer::new(Crs::from_name(&name).map_err(|e| ReadError::Crs(Sentence::quoting(e)))?),
        (epsg, _) => Placer::from_epsg(epsg)?,
    };
    let mut sink = Sink::new(&mut region, placer, input.role, &input.path);
    let mut number = 0_u64;
    let length = text.len() as u64;
    let mut done = 0_u64;
    let mut take = |raw: &RawValue| -> Result<(), ReadError> {
        number += 1;
        done += raw.get().len() as u64;
        if number.is_multiple_of(4096) {
            ctx.check()?;
            ctx.observer.progress("import", done, length);
        }
        add(raw, number, &mut sink);
        Ok(())
    };
    for_each_root(text, |root, place| {
        let head: Head<'_> = serde_json::from_str(root.get()).map_err(|error| damaged(&error, place))?;
        if head.kind.as_deref() != Some("FeatureCollection") {
            return take(root);
        }
        let mut stopped = Ok(());
        let mut each = |raw: &RawValue| {
            stopped = take(raw);
            stopped.is_ok()
        };
        let mut json = serde_json::Deserializer::from_str(root.get());
        let result = Collection(&mut each).deserialize(&mut json);
        stopped?;
        result.map_err(|error| damaged(&error, place))
    })?;
    sink.finish()?;
    if number == 0 {
        region.issues.push(Issue::new("no-records", Severity::Warning, "the GeoJSON has no features"));
    }
    Ok(region)
}

const BARE: &str = "it is JSON without GeoJSON's `type`";

/// Other formats in JSON by a member that only they have.
const FOREIGN: [(&str, &str); 2] = [
    ("elements", "it is Overpass' JSON; ask for XML, with `[out:xml]` at the beginning and `out geom;` at the end"),
    ("geometryType", "it is Esri's JSON; convert it with `ogr2ogr out.geojson in.json`"),
];

const KINDS: [&str; 9] = [
    "FeatureCollection",
    "Feature",
    "Point",
    "LineString",
    "Polygon",
    "MultiPoint",
    "MultiLineString",
    "MultiPolygon",
    "GeometryCollection",
];

/// Calls `each` with every JSON value of the text and a name for its place.
fn for_each_root<'a>(
    text: &'a str,
    mut each: impl FnMut(&'a RawValue, &str) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let mut before = 0;
    for record in text.split('\u{1e}') {
        let mut values = serde_json::Deserializer::from_str(record).into_iter::<&'a RawValue>();
        loop {
            let at = before + values.byte_offset();
            let Some(value) = values.next() else { break };
            let value = value.map_err(|error| {
                let line = text[..before].matches('\n').count() + error.line();
                let place = format!("line {line}, column {}", error.column());
                if error.is_eof() {
                    ReadError::Truncated { place }
                } else {
                    ReadError::Damaged { place, what: reason(&error) }
                }
            })?;
            each(value, &format!("byte {at}"))?;
        }
        before += record.len() + 1;
    }
    Ok(())
}

/// serde_json's message without its own place.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

fn damaged(error: &serde_json::Error, place: &str) -> ReadError {
    let place = format!("line {}, column {} after {place}", error.line(), error.column());
    ReadError::Damaged { place, what: reason(error) }
}

/// What must be known of a root before its features are read.
struct Head<'a> {
    kind: Option<Cow<'a, str>>,
    crs: Option<String>,
    features: bool,
    foreign: Option<&'static str>,
}

impl<'de> Deserialize<'de> for Head<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct HeadVisitor;
        impl<'de> Visitor<'de> for HeadVisitor {
            type Value = Head<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a GeoJSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Head<'de>, A::Error> {
                let mut head = Head { kind: None, crs: None, features: false, foreign: None };
                while let Some(Text(key)) = map.next_key()? {
                    match key.as_ref() {
                        "type" if head.kind.is_some() => return Err(de::Error::custom("`type` is there twice")),
                        "type" => head.kind = Some(map.next_value::<Text<'de>>()?.0),
                        "features" => {
                            head.features = true;
                            map.next_value::<IgnoredAny>()?;
                        }
                        "crs" => head.crs = crs_name(&map.next_value::<serde_json::Value>()?),
                        key => {
                            let foreign = FOREIGN.iter().find(|(member, _)| *member == key);
                            head.foreign = head.foreign.or(foreign.map(|(_, what)| *what));
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(head)
            }
        }
        deserializer.deserialize_map(HeadVisitor)
    }
}

/// The system that an old-style `crs` member names: GeoJSON of before RFC 7946.
fn crs_name(crs: &serde_json::Value) -> Option<String> {
    let properties = crs.get("properties")?;
    let name = properties.get("name").or_else(|| properties.get("code"))?;
    name.as_str().map(str::to_owned).or_else(|| name.as_u64().map(|code| code.to_string()))
}

/// Walks a collection's features without keeping them; `false` from the callback stops.
struct Collection<'f, F>(&'f mut F);

impl<'de, F: FnMut(&RawValue) -> bool> DeserializeSeed<'de> for Collection<'_, F> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: FnMut(&RawValue) -> bool> Visitor<'de> for Collection<'_, F> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON FeatureCollection")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Text(key)) = map.next_key()? {
            if key == "features" {
                map.next_value_seed(Features(&mut *self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Features<'f, F>(&'f mut F);

impl<'de, F: FnMut(&RawValue) -> bool> DeserializeSeed<'de> for Features<'_, F> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(&RawValue) -> bool> Visitor<'de> for Features<'_, F> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of features")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(raw) = seq.next_element::<&'de RawValue>()? {
            if !(self.0)(raw) {
                return Err(de::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

/// A string, borrowed where it has no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// A property's or an id's value as text; what has parts is left out.
enum Scalar<'a> {
    Nothing,
    Text(Cow<'a, str>),
    Compound,
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ScalarVisitor;
        impl<'de> Visitor<'de> for ScalarVisitor {
            type Value = Scalar<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }
            fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Nothing)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Borrowed(if value { "yes" } else { "no" })))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Owned(value.to_string())))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Owned(value.to_string())))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Owned(value.to_string())))
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Owned(text.to_owned())))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar<'de>, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Scalar::Compound)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Scalar::Compound)
            }
        }
        deserializer.deserialize_any(ScalarVisitor)
    }
}

#[derive(Default)]
struct Properties<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Properties<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PropertiesVisitor;
        impl<'de> Visitor<'de> for PropertiesVisitor {
            type Value = Properties<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`properties` as an object or null")
            }
            fn visit_unit<E>(self) -> Result<Properties<'de>, E> {
                Ok(Properties::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties<'de>, A::Error> {
                let mut all = Vec::new();
                while let Some((Text(key), value)) = map.next_entry::<Text<'de>, Scalar<'de>>()? {
                    if let Scalar::Text(value) = value {
                        all.push((key, value));
                    }
                }
                Ok(Properties(all))
            }
        }
        deserializer.deserialize_any(PropertiesVisitor)
    }
}

/// Coordinates of any nesting: RFC 7946 puts `type` anywhere, so it may not be known yet.
enum Coordinates {
    Position([f64; 2]),
    List(Vec<Coordinates>),
}

enum Element {
    Number(f64),
    Nested(Coordinates),
}

impl<'de> Deserialize<'de> for Element {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ElementVisitor;
        impl<'de> Visitor<'de> for ElementVisitor {
            type Value = Element;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or an array of them")
            }
            fn visit_f64<E>(self, value: f64) -> Result<Element, E> {
                Ok(Element::Number(value))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Element, E> {
                Ok(Element::Number(value as f64))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Element, E> {
                Ok(Element::Number(value as f64))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Element, A::Error> {
                let mut list = Vec::new();
                let (mut position, mut numbers) = ([0.0; 2], 0);
                while let Some(element) = seq.next_element::<Element>()? {
                    match element {
                        Element::Number(value) if list.is_empty() => {
                            if let Some(slot) = position.get_mut(numbers) {
                                *slot = value;
                            }
                            numbers += 1;
                        }
                        Element::Nested(nested) if numbers == 0 => list.push(nested),
                        _ => return Err(de::Error::custom("numbers and arrays are mixed in the coordinates")),
                    }
                }
                match numbers {
                    0 => Ok(Element::Nested(Coordinates::List(list))),
                    1 => Err(de::Error::custom("a position has two numbers or more")),
                    _ => Ok(Element::Nested(Coordinates::Position(position))),
                }
            }
        }
        deserializer.deserialize_any(ElementVisitor)
    }
}

#[derive(Deserialize)]
struct Geometry<'a> {
    #[serde(rename = "type", borrow)]
    kind: Text<'a>,
    #[serde(default)]
    coordinates: Option<Element>,
    #[serde(default, borrow)]
    geometries: Option<Vec<Geometry<'a>>>,
}

#[derive(Deserialize)]
struct JsonFeature<'a> {
    #[serde(rename = "type", borrow)]
    kind: Text<'a>,
    #[serde(default, borrow)]
    id: Option<Scalar<'a>>,
    #[serde(default, borrow)]
    properties: Option<Properties<'a>>,
    #[serde(default, borrow)]
    geometry: Option<Geometry<'a>>,
}

/// Reads one feature, or a bare geometry, into the sink.
fn add(raw: &RawValue, number: u64, sink: &mut Sink<'_>) {
    let record = format!("feature {number}");
    let bad = |record: &str, what: String| {
        Issue::new("bad-feature", Severity::Error, format!("{what}; the feature was left out")).record(record)
    };
    let read = serde_json::from_str::<JsonFeature<'_>>(raw.get());
    let json = match read {
        Ok(json) => json,
        Err(error) => {
            sink.region.issues.push(bad(&record, reason(&error)));
            return;
        }
    };
    let mut feature = Feature { record, ..Default::default() };
    feature.id = match json.id {
        Some(Scalar::Text(id)) => Some(id.into_owned()),
        Some(Scalar::Compound) => {
            let what = "the `id` is neither text nor a number".to_owned();
            let record = feature.record.clone();
            sink.region.issues.push(Issue::new("bad-feature-id", Severity::Warning, what).record(record));
            None
        }
        _ => None,
    };
    let flat = match (json.kind.0.as_ref(), json.geometry) {
        ("Feature", Some(geometry)) => flatten(geometry, &mut feature.shapes),
        ("Feature", None) => Ok(()),
        (kind, _) if KINDS[2..].contains(&kind) => match serde_json::from_str::<Geometry<'_>>(raw.get()) {
            Ok(geometry) => flatten(geometry, &mut feature.shapes),
            Err(error) => Err(reason(&error)),
        },
        (kind, _) => Err(format!("the `type` is {:?}, not \"Feature\"", kind.chars().take(40).collect::<String>())),
    };
    if let Err(what) = flat {
        sink.region.issues.push(bad(&feature.record, what));
        return;
    }
    feature.properties = json.properties.unwrap_or_default().0;
    sink.add(&feature);
}

fn flatten(geometry: Geometry<'_>, into: &mut Shapes) -> Result<(), String> {
    let kind = geometry.kind.0;
    if kind == "GeometryCollection" {
        let parts = geometry.geometries.ok_or("a GeometryCollection without `geometries`")?;
        return parts.into_iter().try_for_each(|part| flatten(part, into));
    }
    let Some(Element::Nested(coordinates)) = geometry.coordinates else {
        return Err(format!("a {} without `coordinates`", kind.chars().take(40).collect::<String>()));
    };
    let empty = matches!(&coordinates, Coordinates::List(list) if list.is_empty());
    match kind.as_ref() {
        _ if empty && KINDS[2..].contains(&kind.as_ref()) => {}
        "Point" => into.points.push(position(coordinates)?),
        "MultiPoint" => into.points.extend(line(coordinates)?),
        "LineString" => into.lines.push(long(line(coordinates)?)?),
        "MultiLineString" => {
            for part in list(coordinates)? {
                into.lines.push(long(line(part)?)?);
            }
        }
        "Polygon" => into.polygons.push(rings(coordinates)?),
        "MultiPolygon" => {
            for part in list(coordinates)? {
                into.polygons.push(rings(part)?);
            }
        }
        other => {
            return Err(format!("the geometry's `type` {:?} is unknown", other.chars().take(40).collect::<String>()));
        }
    }
    Ok(())
}

fn position(coordinates: Coordinates) -> Result<[f64; 2], String> {
    match coordinates {
        Coordinates::Position(position) => Ok(position),
        Coordinates::List(_) => Err("the coordinates are nested too deeply for the geometry's type".to_owned()),
    }
}

fn list(coordinates: Coordinates) -> Result<Vec<Coordinates>, String> {
    match coordinates {
        Coordinates::List(list) => Ok(list),
        Coordinates::Position(_) => {
            Err("the coordinates are not nested deeply enough for the geometry's type".to_owned())
        }
    }
}

fn line(coordinates: Coordinates) -> Result<Vec<[f64; 2]>, String> {
    list(coordinates)?.into_iter().map(position).collect()
}

fn long(line: Vec<[f64; 2]>) -> Result<Vec<[f64; 2]>, String> {
    if line.len() < 2 { Err("a line has two positions or more".to_owned()) } else { Ok(line) }
}

fn rings(coordinates: Coordinates) -> Result<Vec<Vec<[f64; 2]>>, String> {
    list(coordinates)?.into_iter().map(line).collect()
}
