//! GeoJSON for the map: written straight into one string, six decimals (a decimetre), which is finer than a screen shows.

use breiband::spatial::Projection;
use breiband::{Point, Polygon};

/// A layer being written.
pub(crate) struct Writer {
    projection: Projection,
    text: String,
    features: u32,
}

/// A written layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drawn {
    /// A feature collection.
    pub(crate) geojson: String,
    /// How many features it holds.
    pub(crate) features: u32,
}

impl Writer {
    /// An empty layer of things in `projection`'s plane.
    pub(crate) fn new(projection: Projection) -> Self {
        Self { projection, text: String::from("{\"type\":\"FeatureCollection\",\"features\":["), features: 0 }
    }

    /// The finished layer.
    pub(crate) fn finish(mut self) -> Drawn {
        self.text.push_str("]}");
        Drawn { geojson: self.text, features: self.features }
    }

    /// A point; `properties` are names and plain words.
    pub(crate) fn point(&mut self, id: u32, properties: &[(&str, &str)], point: Point) {
        self.begin(id, properties, "Point");
        self.position(point);
        self.end();
    }

    /// A line of two points or more.
    pub(crate) fn line(&mut self, id: u32, properties: &[(&str, &str)], line: impl Iterator<Item = Point>) {
        self.begin(id, properties, "LineString");
        self.positions(line);
        self.end();
    }

    /// An area within one ring.
    pub(crate) fn ring(&mut self, id: u32, properties: &[(&str, &str)], ring: &[Point]) {
        self.begin(id, properties, "Polygon");
        self.text.push('[');
        self.positions(ring.iter().chain(ring.first()).copied());
        self.text.push(']');
        self.end();
    }

    /// An area of any number of polygons.
    pub(crate) fn area<'a>(&mut self, id: u32, properties: &[(&str, &str)], area: impl Iterator<Item = &'a Polygon>) {
        self.begin(id, properties, "MultiPolygon");
        self.text.push('[');
        for (at, polygon) in area.enumerate() {
            self.text.push_str(if at == 0 { "[" } else { ",[" });
            for (at, ring) in polygon.rings().enumerate() {
                if at > 0 {
                    self.text.push(',');
                }
                // GeoJSON closes its rings, the model does not.
                self.positions(ring.iter().chain(ring.first()).copied());
            }
            self.text.push(']');
        }
        self.text.push(']');
        self.end();
    }

    fn begin(&mut self, id: u32, properties: &[(&str, &str)], kind: &str) {
        if self.features > 0 {
            self.text.push(',');
        }
        self.features += 1;
        self.text.push_str(&format!("{{\"type\":\"Feature\",\"id\":{id},\"properties\":{{"));
        for (at, (name, value)) in properties.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            self.text.push_str(&format!("{comma}\"{name}\":{}", serde_json::Value::from(*value)));
        }
        self.text.push_str("},\"geometry\":{\"type\":\"");
        self.text.push_str(kind);
        self.text.push_str("\",\"coordinates\":");
    }

    fn end(&mut self) {
        self.text.push_str("}}");
    }

    fn positions(&mut self, points: impl Iterator<Item = Point>) {
        self.text.push('[');
        for (at, point) in points.enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.position(point);
        }
        self.text.push(']');
    }

    fn position(&mut self, point: Point) {
        let (lon, lat) = self.projection.to_unbroken_lon_lat(point);
        self.text.push('[');
        self.degrees(lon);
        self.text.push(',');
        self.degrees(lat);
        self.text.push(']');
    }

    fn degrees(&mut self, degrees: f64) {
        let millionths = (degrees * 1e6).round() as i64;
        if millionths < 0 {
            self.text.push('-');
        }
        let size = millionths.unsigned_abs();
        let mut digits = [b'0'; 6];
        let mut rest = size % 1_000_000;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        self.text.push_str(&(size / 1_000_000).to_string());
        self.text.push('.');
        self.text.extend(digits.iter().map(|&digit| char::from(digit)));
    }
}

#[cfg(test)]
mod tests {
    use breiband::Plane;

    use super::*;

    #[test]
    fn a_layer_is_geojson() {
        let plane = Plane { central_meridian_e7: -61_000_000, origin_latitude_e7: 620_000_000 };
        let mut writer = Writer::new(Projection::new(plane));
        writer.point(0, &[("name", "a \"quoted\" name")], Point::new(0, 0));
        writer.line(1, &[], [Point::new(0, 0), Point::new(1_000_000, 0)].into_iter());
        let triangle =
            Polygon { outer: vec![Point::new(0, 0), Point::new(9_000, 0), Point::new(0, 9_000)], holes: vec![] };
        writer.area(2, &[], [&triangle].into_iter());
        let drawn = writer.finish();
        let value: serde_json::Value = serde_json::from_str(&drawn.geojson).expect("JSON");
        let features = value["features"].as_array().expect("features");
        assert_eq!((drawn.features, features.len()), (3, 3));
        assert_eq!(features[0]["geometry"]["coordinates"], serde_json::json!([-6.1, 62.0]));
        assert_eq!(features[0]["properties"]["name"], "a \"quoted\" name");
        let ring = &features[2]["geometry"]["coordinates"][0][0];
        assert_eq!((ring.as_array().map(Vec::len), &ring[0]), (Some(4), &ring[3]));
    }
}
