//! Geometries: well-known binary behind a GeoPackage header.

use thiserror::Error;

/// How deep collections may lie in one another.
const MOST_NESTING: u32 = 8;

/// A geometry in the coordinates of its layer: easting or longitude first. Heights and measures are not kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Geometry {
    /// One place.
    Point([f64; 2]),
    /// A line, of any number of points.
    LineString(Vec<[f64; 2]>),
    /// Rings, the outer one first; each ends where it begins.
    Polygon(Vec<Vec<[f64; 2]>>),
    /// Several places.
    MultiPoint(Vec<[f64; 2]>),
    /// Several lines.
    MultiLineString(Vec<Vec<[f64; 2]>>),
    /// Several polygons.
    MultiPolygon(Vec<Vec<Vec<[f64; 2]>>>),
    /// Geometries of any kinds.
    Collection(Vec<Geometry>),
}

/// Why a geometry was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GeometryError {
    /// The blob does not begin with a GeoPackage header of version 1.
    #[error("not a GeoPackage geometry")]
    Header,
    /// The blob ends within the geometry.
    #[error("the geometry is cut short")]
    Truncated,
    /// A coordinate is infinite or not a number.
    #[error("a coordinate is not a finite number")]
    NotFinite,
    /// A geometry type that is not read here, by its code in well-known binary (8 to 12 are curves).
    #[error("geometry type {0} is not supported")]
    Type(u32),
    /// Collections lie in one another too deep, or a part is of another kind than its whole.
    #[error("the geometry's parts do not match")]
    Nesting,
}

impl Geometry {
    /// All points, in order.
    pub fn points(&self) -> Box<dyn Iterator<Item = [f64; 2]> + '_> {
        match self {
            Self::Point(point) => Box::new(std::iter::once(*point)),
            Self::LineString(points) | Self::MultiPoint(points) => Box::new(points.iter().copied()),
            Self::Polygon(lines) | Self::MultiLineString(lines) => Box::new(lines.iter().flatten().copied()),
            Self::MultiPolygon(polygons) => Box::new(polygons.iter().flatten().flatten().copied()),
            Self::Collection(parts) => Box::new(parts.iter().flat_map(Self::points)),
        }
    }

    /// `[min x, min y, max x, max y]`; `None` where there is no point.
    pub fn bounds(&self) -> Option<[f64; 4]> {
        self.points().fold(None, |bounds, [x, y]| {
            let [x0, y0, x1, y1] = bounds.unwrap_or([x, y, x, y]);
            Some([x0.min(x), y0.min(y), x1.max(x), y1.max(y)])
        })
    }

    /// The GeoPackage blob: header with an envelope (but for points), then little-endian well-known binary.
    pub fn encode(&self, srs_id: i32) -> Vec<u8> {
        let bounds = self.bounds();
        let envelope = bounds.filter(|_| !matches!(self, Self::Point(_)));
        let flags = 1 | u8::from(envelope.is_some()) << 1 | u8::from(bounds.is_none()) << 4;
        let mut out = vec![b'G', b'P', 0, flags];
        out.extend_from_slice(&srs_id.to_le_bytes());
        if let Some([x0, y0, x1, y1]) = envelope {
            put_numbers(&mut out, &[x0, x1, y0, y1]);
        }
        self.put_wkb(&mut out);
        out
    }

    fn put_wkb(&self, out: &mut Vec<u8>) {
        let head = |out: &mut Vec<u8>, kind: u32| {
            out.push(1);
            out.extend_from_slice(&kind.to_le_bytes());
        };
        let count = |out: &mut Vec<u8>, count: usize| out.extend_from_slice(&(count as u32).to_le_bytes());
        let line = |out: &mut Vec<u8>, points: &[[f64; 2]]| {
            count(out, points.len());
            put_numbers(out, points.as_flattened());
        };
        match self {
            Self::Point(point) => {
                head(out, 1);
                put_numbers(out, point);
            }
            Self::LineString(points) => {
                head(out, 2);
                line(out, points);
            }
            Self::Polygon(rings) => {
                head(out, 3);
                count(out, rings.len());
                rings.iter().for_each(|ring| line(out, ring));
            }
            Self::MultiPoint(points) => {
                head(out, 4);
                count(out, points.len());
                points.iter().for_each(|point| {
                    head(out, 1);
                    put_numbers(out, point);
                });
            }
            Self::MultiLineString(lines) => {
                head(out, 5);
                count(out, lines.len());
                lines.iter().for_each(|points| {
                    head(out, 2);
                    line(out, points);
                });
            }
            Self::MultiPolygon(polygons) => {
                head(out, 6);
                count(out, polygons.len());
                polygons.iter().for_each(|rings| {
                    head(out, 3);
                    count(out, rings.len());
                    rings.iter().for_each(|ring| line(out, ring));
                });
            }
            Self::Collection(parts) => {
                head(out, 7);
                count(out, parts.len());
                parts.iter().for_each(|part| part.put_wkb(out));
            }
        }
    }

    /// Reads a GeoPackage blob: the geometry, `None` where it is empty, and the id of its coordinate system.
    ///
    /// # Errors
    /// Where the blob is no GeoPackage geometry, is cut short, holds a coordinate that is not finite, or a curve.
    pub fn decode(blob: &[u8]) -> Result<(Option<Self>, i32), GeometryError> {
        let header = blob.first_chunk::<8>().ok_or(GeometryError::Header)?;
        let flags = header[3];
        if &header[..3] != b"GP\0" {
            return Err(GeometryError::Header);
        }
        let srs = [header[4], header[5], header[6], header[7]];
        let srs_id = if flags & 1 == 1 { i32::from_le_bytes(srs) } else { i32::from_be_bytes(srs) };
        let envelope = match flags >> 1 & 7 {
            0 => 0,
            1 => 32,
            2 | 3 => 48,
            4 => 64,
            _ => return Err(GeometryError::Header),
        };
        let wkb = blob.get(8 + envelope..).ok_or(GeometryError::Truncated)?;
        Ok((Wkb { bytes: wkb }.geometry(0)?, srs_id))
    }
}

fn put_numbers(out: &mut Vec<u8>, numbers: &[f64]) {
    for number in numbers {
        out.extend_from_slice(&number.to_le_bytes());
    }
}

/// A geometry's head: byte order, kind (1 to 7) and numbers per point.
#[derive(Clone, Copy)]
struct Head {
    little: bool,
    kind: u32,
    dimensions: usize,
}

struct Wkb<'a> {
    bytes: &'a [u8],
}

impl Wkb<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], GeometryError> {
        let (front, rest) = self.bytes.split_first_chunk::<N>().ok_or(GeometryError::Truncated)?;
        self.bytes = rest;
        Ok(*front)
    }

    fn integer(&mut self, little: bool) -> Result<u32, GeometryError> {
        let bytes = self.take()?;
        Ok(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn number(&mut self, little: bool) -> Result<f64, GeometryError> {
        let bytes = self.take()?;
        Ok(if little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    fn head(&mut self) -> Result<Head, GeometryError> {
        let little = match self.take::<1>()? {
            [0] => false,
            [1] => true,
            _ => return Err(GeometryError::Header),
        };
        let code = self.integer(little)?;
        // ISO adds 1000 for Z, 2000 for M, 3000 for both; PostGIS' older form sets the highest bits.
        let flags = code >> 29;
        let iso = code & 0x1fff_ffff;
        let extra = match (iso / 1000, flags & 4 != 0, flags & 2 != 0) {
            (0, z, m) => usize::from(z) + usize::from(m),
            (1 | 2, false, false) => 1,
            (3, false, false) => 2,
            _ => return Err(GeometryError::Type(code)),
        };
        if flags & 1 != 0 {
            self.integer(little)?; // the older form's own coordinate system
        }
        match iso % 1000 {
            kind @ 1..=7 => Ok(Head { little, kind, dimensions: 2 + extra }),
            _ => Err(GeometryError::Type(code)),
        }
    }

    /// How many parts follow, checked against the bytes that are left at `least` bytes each.
    fn count(&mut self, head: Head, least: usize) -> Result<usize, GeometryError> {
        let count = self.integer(head.little)? as usize;
        if count > self.bytes.len() / least { Err(GeometryError::Truncated) } else { Ok(count) }
    }

    /// A point; `None` where it is empty, which is written as NaN.
    fn point(&mut self, head: Head) -> Result<Option<[f64; 2]>, GeometryError> {
        let (x, y) = (self.number(head.little)?, self.number(head.little)?);
        for _ in 2..head.dimensions {
            self.number(head.little)?;
        }
        match (x.is_finite() && y.is_finite(), x.is_nan() && y.is_nan()) {
            (true, _) => Ok(Some([x, y])),
            (_, true) => Ok(None),
            _ => Err(GeometryError::NotFinite),
        }
    }

    fn line(&mut self, head: Head) -> Result<Vec<[f64; 2]>, GeometryError> {
        let count = self.count(head, head.dimensions * 8)?;
        (0..count).map(|_| self.point(head)?.ok_or(GeometryError::NotFinite)).collect()
    }

    fn rings(&mut self, head: Head) -> Result<Vec<Vec<[f64; 2]>>, GeometryError> {
        let count = self.count(head, 4)?;
        (0..count).map(|_| self.line(head)).collect()
    }

    fn part(&mut self, kind: u32) -> Result<Head, GeometryError> {
        let head = self.head()?;
        if head.kind == kind { Ok(head) } else { Err(GeometryError::Nesting) }
    }

    fn geometry(&mut self, depth: u32) -> Result<Option<Geometry>, GeometryError> {
        let head = self.head()?;
        let geometry = match head.kind {
            1 => return Ok(self.point(head)?.map(Geometry::Point)),
            2 => Geometry::LineString(self.line(head)?),
            3 => Geometry::Polygon(self.rings(head)?),
            kind => {
                let count = self.count(head, 9)?;
                match kind {
                    4 => {
                        let points: Result<Vec<_>, _> =
                            (0..count).map(|_| self.part(1).and_then(|head| self.point(head))).collect();
                        Geometry::MultiPoint(points?.into_iter().flatten().collect())
                    }
                    5 => Geometry::MultiLineString(
                        (0..count).map(|_| self.part(2).and_then(|head| self.line(head))).collect::<Result<_, _>>()?,
                    ),
                    6 => Geometry::MultiPolygon(
                        (0..count).map(|_| self.part(3).and_then(|head| self.rings(head))).collect::<Result<_, _>>()?,
                    ),
                    _ if depth >= MOST_NESTING => return Err(GeometryError::Nesting),
                    _ => {
                        let parts: Result<Vec<_>, _> = (0..count).map(|_| self.geometry(depth + 1)).collect();
                        Geometry::Collection(parts?.into_iter().flatten().collect())
                    }
                }
            }
        };
        Ok(Some(geometry).filter(|geometry| geometry.points().next().is_some()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn points() -> impl Strategy<Value = Vec<[f64; 2]>> {
        prop::collection::vec([-1e7..1e7, -1e7..1e7], 1..6)
    }

    fn geometry() -> impl Strategy<Value = Geometry> {
        let lines = || prop::collection::vec(points(), 1..4);
        let leaf = prop_oneof![
            [-1e7..1e7, -1e7..1e7].prop_map(Geometry::Point),
            points().prop_map(Geometry::LineString),
            lines().prop_map(Geometry::Polygon),
            points().prop_map(Geometry::MultiPoint),
            lines().prop_map(Geometry::MultiLineString),
            prop::collection::vec(lines(), 1..3).prop_map(Geometry::MultiPolygon),
        ];
        leaf.prop_recursive(3, 12, 4, |inner| prop::collection::vec(inner, 1..4).prop_map(Geometry::Collection))
    }

    proptest! {
        #[test]
        fn geometries_come_back_and_cut_ones_do_not(geometry in geometry(), srs: i32, cut: prop::sample::Index) {
            let blob = geometry.encode(srs);
            prop_assert_eq!(Geometry::decode(&blob), Ok((Some(geometry), srs)));
            prop_assert!(Geometry::decode(&blob[..cut.index(blob.len())]).is_err());
        }

        #[test]
        fn any_bytes_are_a_geometry_or_an_error(tail: Vec<u8>, kind in 0_u8..9, at: prop::sample::Index, byte: u8, sound in geometry()) {
            let mut blob = b"GP\0\x01\0\0\0\0\x01".to_vec();
            blob.extend_from_slice(&[kind, 0, 0, 0]);
            blob.extend(tail);
            let _ = Geometry::decode(&blob);
            let mut blob = sound.encode(4326);
            let at = at.index(blob.len());
            blob[at] = byte;
            let _ = Geometry::decode(&blob);
        }
    }

    #[test]
    fn an_empty_point_is_no_geometry() {
        let blob = Geometry::Point([f64::NAN, f64::NAN]).encode(0);
        assert_eq!(Geometry::decode(&blob), Ok((None, 0)));
        let blob = Geometry::LineString(vec![[0.0, f64::INFINITY]]).encode(0);
        assert_eq!(Geometry::decode(&blob), Err(GeometryError::NotFinite));
    }

    #[test]
    fn heights_and_measures_are_dropped_in_every_spelling() {
        for (code, extra) in
            [(1_u32, 0), (1001, 1), (2001, 1), (3001, 2), (0x8000_0001, 1), (0x4000_0001, 1), (0xC000_0001, 2)]
        {
            let mut blob = b"GP\0\0\0\0\0\0\0".to_vec();
            blob.extend_from_slice(&code.to_be_bytes());
            for number in [7.0, 8.0, 1.0, 2.0].iter().take(2 + extra) {
                blob.extend_from_slice(&f64::to_be_bytes(*number));
            }
            assert_eq!(Geometry::decode(&blob), Ok((Some(Geometry::Point([7.0, 8.0])), 0)), "{code:x}");
        }
        let curve = [&b"GP\0\x01\0\0\0\0\x01"[..], &[10, 0, 0, 0, 0, 0, 0, 0]].concat();
        assert_eq!(Geometry::decode(&curve), Err(GeometryError::Type(10)));
    }
}
