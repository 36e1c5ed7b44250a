//! Metres to files: GeoJSON and CSV with seven decimals of a degree.

use std::io::Write as _;

use breiband_model::{Plane, Point};
use breiband_spatial::Projection;

/// Turns metres from the region's south-western corner into degrees.
#[derive(Debug, Clone)]
pub(crate) struct Degrees {
    projection: Projection,
    /// The corner's place in the plane, metres.
    corner: (f64, f64),
}

impl Degrees {
    /// For a region of the given size around a centre in degrees.
    pub(crate) fn new(centre: (f64, f64), size: (f64, f64)) -> Self {
        let e7 = |degrees: f64| (degrees * 1e7).round() as i32;
        let plane = Plane { central_meridian_e7: e7(centre.0), origin_latitude_e7: e7(centre.1) };
        Self { projection: Projection::new(plane), corner: (-size.0 / 2.0, -size.1 / 2.0) }
    }

    /// Longitude and latitude in units of 1e-7 degrees.
    fn e7(&self, at: (f64, f64)) -> (i64, i64) {
        let mm = |v: f64| (v * 1e3).round() as i32;
        let (lon, lat) = self.projection.to_lon_lat(Point::new(mm(at.0 + self.corner.0), mm(at.1 + self.corner.1)));
        ((lon * 1e7).round() as i64, (lat * 1e7).round() as i64)
    }

    /// The metres of a place in degrees; `None` far away.
    pub(crate) fn metres(&self, lon: f64, lat: f64) -> Option<(f64, f64)> {
        let (x, y) = self.projection.to_plane_metres(lon, lat)?;
        Some((x - self.corner.0, y - self.corner.1))
    }

    /// Longitude and latitude of a place.
    pub(crate) fn lon_lat(&self, at: (f64, f64)) -> (f64, f64) {
        let (lon, lat) = self.e7(at);
        (lon as f64 / 1e7, lat as f64 / 1e7)
    }

    /// Appends `lon,lat`.
    pub(crate) fn append(&self, out: &mut Vec<u8>, at: (f64, f64)) {
        let (lon, lat) = self.e7(at);
        append_e7(out, lon);
        out.push(b',');
        append_e7(out, lat);
    }
}

fn append_e7(out: &mut Vec<u8>, value: i64) {
    let sign = if value < 0 { "-" } else { "" };
    let text = format!("{sign}{}.{:07}", value.unsigned_abs() / 10_000_000, value.unsigned_abs() % 10_000_000);
    let short = text.trim_end_matches('0');
    out.extend_from_slice(if short.ends_with('.') { &text[..short.len() + 1] } else { short }.as_bytes());
}

/// A GeoJSON feature collection being written, one feature a line.
pub(crate) struct Features<'a> {
    degrees: &'a Degrees,
    out: Vec<u8>,
    any: bool,
}

impl<'a> Features<'a> {
    pub(crate) fn new(degrees: &'a Degrees) -> Self {
        Self { degrees, out: b"{\"type\":\"FeatureCollection\",\"features\":[".to_vec(), any: false }
    }

    fn open(&mut self, properties: &[(&str, &str)], kind: &str) {
        self.out.extend_from_slice(if self.any { b",\n" } else { b"\n" });
        self.any = true;
        self.out.extend_from_slice(b"{\"type\":\"Feature\",\"properties\":{");
        for (k, (key, value)) in properties.iter().enumerate() {
            if k > 0 {
                self.out.push(b',');
            }
            // Names hold no quotes or control characters, so their text is JSON as it stands; writing to a Vec cannot fail.
            let _ = write!(self.out, "\"{key}\":\"{value}\"");
        }
        let _ = write!(self.out, "}},\"geometry\":{{\"type\":\"{kind}\",\"coordinates\":");
    }

    fn close(&mut self) {
        self.out.extend_from_slice(b"}}");
    }

    pub(crate) fn point(&mut self, properties: &[(&str, &str)], at: (f64, f64)) {
        self.open(properties, "Point");
        self.out.push(b'[');
        self.degrees.append(&mut self.out, at);
        self.out.push(b']');
        self.close();
    }

    pub(crate) fn line(&mut self, properties: &[(&str, &str)], points: impl Iterator<Item = (f64, f64)>) {
        self.open(properties, "LineString");
        self.positions(points);
        self.close();
    }

    pub(crate) fn polygon(&mut self, properties: &[(&str, &str)], area: &crate::contour::Area) {
        self.open(properties, "Polygon");
        self.rings(area);
        self.close();
    }

    pub(crate) fn multi_polygon(&mut self, properties: &[(&str, &str)], areas: &[crate::contour::Area]) {
        self.open(properties, "MultiPolygon");
        self.out.push(b'[');
        for (k, area) in areas.iter().enumerate() {
            if k > 0 {
                self.out.push(b',');
            }
            self.rings(area);
        }
        self.out.push(b']');
        self.close();
    }

    fn rings(&mut self, area: &crate::contour::Area) {
        self.out.push(b'[');
        for (k, ring) in std::iter::once(&area.outer).chain(&area.holes).enumerate() {
            if k > 0 {
                self.out.push(b',');
            }
            self.positions(ring.iter().copied().chain(ring.first().copied()));
        }
        self.out.push(b']');
    }

    fn positions(&mut self, points: impl Iterator<Item = (f64, f64)>) {
        for (k, at) in points.enumerate() {
            self.out.extend_from_slice(if k > 0 { b",[" } else { b"[[" });
            self.degrees.append(&mut self.out, at);
            self.out.push(b']');
        }
        self.out.push(b']');
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.out.extend_from_slice(b"\n]}\n");
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_decimals_and_no_more() {
        let text = |value| {
            let mut out = Vec::new();
            append_e7(&mut out, value);
            String::from_utf8(out).expect("ASCII")
        };
        assert_eq!(text(35_000_001), "3.5000001");
        assert_eq!(text(-1), "-0.0000001");
        assert_eq!(text(620_000_000), "62.0");
    }

    #[test]
    fn features_are_json() {
        let degrees = Degrees::new((3.5, 63.0), (1_000.0, 1_000.0));
        let mut features = Features::new(&degrees);
        features.point(&[("id", "a")], (500.0, 500.0));
        features.line(&[], [(0.0, 0.0), (10.0, 0.0)].into_iter());
        let value: serde_json::Value = serde_json::from_slice(&features.finish()).expect("JSON");
        assert_eq!(value["features"][0]["geometry"]["coordinates"][0], 3.5);
        assert_eq!(value["features"][1]["geometry"]["coordinates"].as_array().map(Vec::len), Some(2));
    }
}
