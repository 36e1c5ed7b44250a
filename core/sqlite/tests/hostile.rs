//! Files that lie: every one is an error or other rows, never a panic, an endless loop, or more memory than the file is worth.

use breiband_sqlite::geopackage::{ColumnType, GeoPackage, Geometry, GeometryType, LayerSpec, features, layers};
use breiband_sqlite::{ReadError, Reader};
use proptest::prelude::*;

fn sample() -> Vec<u8> {
    let mut package = GeoPackage::new("2026-01-01T00:00:00.000Z").unwrap();
    let columns = [("name", ColumnType::Text), ("length", ColumnType::Real)];
    let layer = LayerSpec {
        name: "lines",
        description: "d",
        geometry: GeometryType::LineString,
        columns: &columns,
        style: Some("<qgis/>"),
    };
    let layer = package.add_layer(&layer).unwrap();
    for row in 0..400_u32 {
        let line = (0..row % 300 + 2).map(|at| [f64::from(at) / 100.0, f64::from(row)]).collect();
        package
            .add_feature(
                layer,
                Some(&Geometry::LineString(line)),
                vec![format!("no {row}").into(), f64::from(row).into()],
            )
            .unwrap();
    }
    package.into_bytes().unwrap()
}

/// Reads all there is; the bytes that came out, which the file's size bounds.
fn read_all(bytes: &[u8]) -> Result<usize, String> {
    let reader = Reader::new(bytes).map_err(|e| e.to_string())?;
    let mut total = 0;
    for table in reader.tables() {
        if let Ok(rows) = reader.rows(&table.name) {
            for row in rows.flatten() {
                total += row
                    .values
                    .iter()
                    .map(|v| v.as_text().map_or(0, str::len) + v.as_blob().map_or(0, <[u8]>::len))
                    .sum::<usize>();
            }
        }
    }
    for layer in layers(&reader).map_err(|e| e.to_string())? {
        features(&reader, &layer).map_err(|e| e.to_string())?.for_each(drop);
    }
    Ok(total)
}

#[test]
fn a_cut_file_says_so() {
    let bytes = sample();
    assert!(read_all(&bytes).unwrap() > 500_000);
    for length in [0, 1, 15, 16, 50, 99, 100, 4_095, 4_096, bytes.len() / 2, bytes.len() - 1] {
        let error = Reader::new(&bytes[..length]).unwrap_err();
        match length {
            ..16 => assert_eq!(error, ReadError::NotADatabase),
            _ => assert!(matches!(error, ReadError::Truncated { .. }), "{length}: {error}"),
        }
    }
}

#[test]
fn a_page_that_points_to_itself_is_damage() {
    let mut bytes = sample();
    for page in 1..bytes.len() / 4096 {
        let start = page * 4096;
        if bytes[start] == 5 {
            bytes[start + 8..start + 12].copy_from_slice(&(page as u32 + 1).to_be_bytes());
        }
    }
    let reader = Reader::new(&bytes).unwrap();
    let last = reader.rows("lines").unwrap().last().unwrap();
    assert_eq!(last.unwrap_err().to_string().split(": ").last(), Some("the page is used twice"));
}

#[test]
fn invalid_text_spoils_its_row_only() {
    let mut bytes = sample();
    let at = bytes.windows(6).position(|w| w == b"no 399").unwrap();
    bytes[at] = 0xff;
    let reader = Reader::new(&bytes).unwrap();
    let rows: Vec<_> = reader.rows("lines").unwrap().collect();
    assert_eq!(rows.len(), 400);
    let error = rows[399].as_ref().unwrap_err().to_string();
    assert_eq!(error, "table \"lines\", row 400, column \"name\": the text is not valid UTF-8");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn spoiled_bytes_do_no_harm(spoils in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40), head in any::<bool>()) {
        let mut bytes = sample();
        // Half the time only where it hurts most: the first pages hold the header, the schema and the tables of layers.
        let reach = if head { 4_096 * 12 } else { bytes.len() };
        for (at, byte) in spoils {
            let at = at.index(reach.min(bytes.len()));
            bytes[at] = byte;
        }
        if let Ok(total) = read_all(&bytes) {
            prop_assert!(total <= 2 * bytes.len() * 8);
        }
    }

    #[test]
    fn random_pages_do_no_harm(mut tail in prop::collection::vec(any::<u8>(), 924..8_000)) {
        let mut bytes = sample()[..100].to_vec();
        bytes[16..18].copy_from_slice(&1024_u16.to_be_bytes());
        bytes[24..32].fill(0);
        tail[0] = 5 | tail[0] & 8;
        bytes.append(&mut tail);
        let _ = read_all(&bytes);
    }
}
