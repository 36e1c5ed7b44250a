//! OSM files against their known counts and against each other.

use std::path::PathBuf;

use breiband_model::{Context, Silent};

use super::*;

fn shared(path: &str) -> Option<Vec<u8>> {
    let root = std::env::var_os("BREIBAND_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let file = root.join("data").join(path);
    let bytes = std::fs::read(&file).ok();
    if bytes.is_none() {
        eprintln!("SKIPPED: {} is not there", file.display());
    }
    bytes
}

fn read_all(bytes: &[u8], format: OsmFormat) -> Result<RawRegion, ReadError> {
    read(bytes, format, &OsmOptions::default(), &mut Context::new(&mut Silent))
}

fn check_counts(region: &RawRegion, expected: &[(&str, u64)]) {
    for (key, count) in expected {
        assert_eq!(region.counts.get(*key), Some(count), "{key} in {:#?}", region.counts);
    }
}

#[test]
fn liechtenstein_to_the_unit() {
    let Some(bytes) = shared("osm/liechtenstein-2025-09-19.osm.pbf") else { return };
    let start = std::time::Instant::now();
    let region = read_all(&bytes, OsmFormat::Pbf).unwrap();
    eprintln!("{:?}", start.elapsed());
    eprintln!("{:#?} {:?}", region.counts, breiband_model::count_by_code(&region.issues));
}
