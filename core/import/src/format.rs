//! What a file is: by its first bytes, then by its name. Compressed files are unpacked here, within bounds.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::MultiGzDecoder;

use crate::error::ReadError;

/// The formats that are read, for messages.
pub(crate) const FORMATS_READ: &str = "OSM (.osm.pbf, .osm), GeoJSON (also one feature a line), GeoPackage, CSV tables \
(premises, service, sign-ups, handovers, masts, sites, Matrikkelen addresses), and terrain (SRTM .hgt, GeoTIFF); OSM XML, GeoJSON, \
CSV and terrain also as .gz";

/// How many times its size a gzip file may unpack to. Maps reach 30 or so; deflate's own limit is 1,032.
const LARGEST_RATIO: u64 = 200;
/// Below this size the ratio does not matter.
const HARMLESS_BYTES: u64 = 64 << 20;
/// Nothing larger is unpacked: beyond it, a 32-bit browser tab could not hold it anyway.
const LARGEST_BYTES: u64 = 3 << 30;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    OsmPbf,
    OsmXml,
    GeoJson,
    GeoPackage,
    Hgt,
    Tiff,
    Table,
}

/// The bytes, unpacked where they are gzip.
pub(crate) fn unpack(bytes: &[u8]) -> Result<Cow<'_, [u8]>, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(bytes));
    }
    let limit = (bytes.len() as u64).saturating_mul(LARGEST_RATIO).clamp(HARMLESS_BYTES, LARGEST_BYTES);
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes).take(limit + 1).read_to_end(&mut unpacked).map_err(|error| {
        if error.kind() == std::io::ErrorKind::UnexpectedEof {
            ReadError::Truncated { place: format!("byte {} of the gzip stream", bytes.len()) }
        } else {
            ReadError::Damaged { place: "the gzip stream".into(), what: format!("{error}; download it again") }
        }
    })?;
    if unpacked.len() as u64 > limit {
        return Err(if limit == LARGEST_BYTES {
            ReadError::TooLarge { what: "the unpacked file".into(), limit: "3 GiB".into() }
        } else {
            ReadError::Bomb { limit: LARGEST_RATIO }
        });
    }
    Ok(Cow::Owned(unpacked))
}

/// The text without a byte order mark, and where it stops being UTF-8 if it does.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, ReadError> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(ReadError::NotUtf8 { place: "its first byte (it is UTF-16)".into() });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|&&b| b == b'\n').count() + 1;
        ReadError::NotUtf8 { place: format!("line {line}") }
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The first bytes of a gzip file, unpacked: enough for [`recognise`]. None for any other file.
pub(crate) fn peek(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return None;
    }
    let mut start = Vec::new();
    // What is broken here is reported when the whole is unpacked.
    let _ = MultiGzDecoder::new(bytes).take(4096).read_to_end(&mut start);
    Some(start)
}

/// The format of unpacked bytes.
pub(crate) fn recognise(bytes: &[u8], name: &str) -> Result<Format, ReadError> {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let unknown = |hint: &'static str| Err(ReadError::UnknownFormat { hint: Some(hint.into()) });
    if bytes.get(4..15) == Some(b"\x0a\x09OSMHeader") || name.ends_with(".pbf") {
        return Ok(Format::OsmPbf);
    }
    if bytes.starts_with(b"SQLite format 3\0") || name.ends_with(".gpkg") {
        return Ok(Format::GeoPackage);
    }
    if breiband_terrain::is_tiff(bytes) {
        return Ok(Format::Tiff);
    }
    if breiband_terrain::is_hgt_name(name) {
        return Ok(Format::Hgt);
    }
    const PACKED: &str = "it is compressed; unpack it";
    for (magic, hint) in [
        (&b"PK\x03\x04"[..], "it is a zip archive (or a spreadsheet); unpack it, or save the table as CSV"),
        (b"fgb", "it is FlatGeobuf; convert it with `ogr2ogr out.gpkg in.fgb`"),
        (b"\x00\x00\x27\x0a", "it is a shapefile; convert it with `ogr2ogr out.gpkg in.shp`"),
        (b"PAR1", "it is Parquet; convert it with `ogr2ogr out.gpkg in.parquet`"),
        (b"BZh", PACKED),
        (b"\xfd7zXZ\0", PACKED),
        (b"\x28\xb5\x2f\xfd", PACKED),
        (b"7z\xbc\xaf\x27\x1c", PACKED),
        (b"Rar!\x1a\x07", PACKED),
        (b"!table", "it is MapInfo's; convert it with `ogr2ogr out.gpkg in`"),
        (b"\xff\xe0\x04o5m", "it is o5m; convert it with `osmium cat in.o5m -o out.osm.pbf`"),
        (b"%PDF", "it is a PDF"),
        (b"\xff\xd8\xff", "it is a picture"),
        (b"\x89PNG", "it is a picture"),
    ] {
        if bytes.starts_with(magic) {
            return unknown(hint);
        }
    }
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = &start[..start.len().min(4096)];
    let start = start.trim_ascii_start();
    match start.first() {
        None if bytes.len() < 4096 => Err(ReadError::Empty),
        Some(b'<') => {
            let has = |word: &str| start.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word.as_bytes()));
            if name.ends_with(".osh") {
                unknown(
                    "it is a history file, with several versions of each object; cut one day out of it with `osmium time-filter`",
                )
            } else if has("<html") {
                unknown("it is a web page, so the download probably led to a log-in or an error")
            } else if has("<osm") || name.ends_with(".osm") {
                Ok(Format::OsmXml)
            } else {
                unknown("it is XML, but not OSM's; convert it with `ogr2ogr out.gpkg in`")
            }
        }
        Some(b'{' | b'[' | 0x1e) => Ok(Format::GeoJson),
        _ if name.ends_with("json") => Ok(Format::GeoJson),
        _ if name.ends_with(".osm") => Ok(Format::OsmXml),
        _ if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) => Ok(Format::Table),
        _ if crate::osm::is_opl(start) => unknown("it is OPL; convert it with `osmium cat in.opl -o out.osm.pbf`"),
        _ if start.contains(&0) => Err(ReadError::UnknownFormat { hint: None }),
        _ => Ok(Format::Table),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_their_bytes() {
        let of = |bytes: &[u8], name| recognise(bytes, name);
        assert_eq!(of(b"\0\0\0\x0d\x0a\x09OSMHeader", "x"), Ok(Format::OsmPbf));
        assert_eq!(of(b"<?xml version='1.0'?><osm version='0.6'>", "x"), Ok(Format::OsmXml));
        assert_eq!(of(b"\xef\xbb\xbf {\"type\":1}", "x.txt"), Ok(Format::GeoJson));
        assert_eq!(of(b"id;lon;lat\n", "x"), Ok(Format::Table));
        assert_eq!(of(b"SQLite format 3\0", "x"), Ok(Format::GeoPackage));
        assert_eq!(of(b"MM\0*\0\0", "x"), Ok(Format::Tiff));
        assert_eq!(of(b"\0\0\0\0", "a/N47E009.hgt.gz"), Ok(Format::Hgt));
        assert_eq!(of(b" \n", "x.csv"), Err(ReadError::Empty));
        for (bytes, name, said) in [
            (&b"<?xml version='1.0'?><!DOCTYPE html><html><body>Error</body></html>"[..], "answer.osm", "web page"),
            (b"<osm version='0.6'>", "a.osh", "time-filter"),
            (b"n22789888 v5 dV c1 t2017-06-15T16:41:40Z i1 ux T x11.5 y56.7\n", "a.opl", "osmium cat"),
            (b"!table\n!version 300\n", "a.tab", "ogr2ogr"),
            (b"\xfd7zXZ\0\0\x04", "a.osm.xz", "unpack it"),
            (b"\x28\xb5\x2f\xfd\x04", "a.osm.zst", "unpack it"),
        ] {
            let refused = of(bytes, name).expect_err(name).to_string();
            assert!(refused.contains(said), "{name}: {refused}");
        }
        let zip = of(b"PK\x03\x04", "x.csv").expect_err("zip").to_string();
        assert!(zip.contains("zip") && zip.contains("GeoJSON"), "{zip}");
    }

    #[test]
    fn gzip_is_bounded() {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let zeros = vec![0_u8; 1 << 20];
        for _ in 0..100 {
            encoder.write_all(&zeros).expect("memory");
        }
        let bomb = encoder.finish().expect("memory");
        assert_eq!(unpack(&bomb), Err(ReadError::Bomb { limit: LARGEST_RATIO }));
        let cut = unpack(&bomb[..bomb.len() / 2]);
        assert!(matches!(cut, Err(ReadError::Truncated { .. } | ReadError::Bomb { .. })), "cut");
    }
}
