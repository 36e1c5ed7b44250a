//! Every fuzz seed through the same entry as its fuzz target, and damaged copies of each: nothing panics.

use std::path::PathBuf;

use breiband_import::{ImportError, SourceFile, import};
use breiband_model::{Context, Input, Options, Region, Silent, Staged};
use proptest::prelude::*;

fn run(name: &str, bytes: &[u8]) -> Result<Staged<Region>, ImportError> {
    let file = SourceFile { input: Input::auto(name), bytes: bytes.into() };
    import(&[file], &Options::default(), &mut Context::new(&mut Silent))
}

fn seeds() -> Vec<(String, Vec<u8>)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    let mut seeds = Vec::new();
    for folder in std::fs::read_dir(root).expect("the seeds are checked in") {
        let folder = folder.expect("a folder").path();
        for file in std::fs::read_dir(folder).expect("a folder of seeds") {
            let path = file.expect("a seed").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            seeds.push((name, std::fs::read(&path).expect("readable")));
        }
    }
    seeds.sort();
    seeds
}

#[test]
fn every_seed_is_read_or_refused() {
    let all = seeds();
    assert!(all.len() >= 13, "{}", all.len());
    for (name, bytes) in all {
        let result = run(&name, &bytes);
        // Those whose names say so are broken as a whole; they are refused by name.
        match (&result, name.starts_with("cut") || name.starts_with("not-")) {
            (Ok(_), false) => {}
            (Err(error), true) => assert!(error.to_string().starts_with(&name), "{error}"),
            _ => panic!("{name}: {result:?}"),
        }
    }
}

#[test]
fn broken_files_say_what_and_where() {
    for (name, bytes, wanted) in [
        ("a.csv", &b""[..], "empty"),
        ("a.csv", b"id,lon,lat\n\xff,1,2\n", "line 2"),
        ("a.csv", b"one,two\n1,2\n", "columns are: one, two"),
        ("a.csv", b"PK\x03\x04", "zip"),
        ("a.csv", b"id,x,y\n1,355785,6933009\n2,355786,6933010\n", "epsg = 25832"),
        ("a.geojson", b"{\"type\":\"Topology\"}", "Topology"),
        ("a.geojson", b"{\"type\":\"FeatureCollection\",\"features\":[{}", "cut short"),
        ("a.geojson", b"{\"type\":\"Point\",\"coordinates\":[NaN,1]}", "line 1"),
        ("a.html", b"<!doctype html><html>", "web page"),
    ] {
        let error = run(name, bytes).expect_err(name).to_string();
        assert!(error.starts_with(name) && error.contains(wanted), "{error}");
    }
}

#[test]
fn a_crossing_border_is_mended_and_said() {
    let bytes = br#"{"type":"Feature","properties":{"code":"1"},"geometry":
        {"type":"Polygon","coordinates":[[[6,62],[7,63],[7,62],[6,63],[6,62]]]}}"#;
    let staged = run("borders.geojson", bytes).expect("mended");
    assert_eq!(staged.value.municipalities[0].area.len(), 2);
    let issue = &staged.issues[0];
    assert_eq!(
        (issue.code.as_str(), issue.file.as_str(), issue.record.as_str()),
        ("polygon-mended", "borders.geojson", "1")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn damaged_seeds_do_not_panic(cut in 0.0_f64..=1.0, flips in prop::collection::vec((0.0_f64..1.0, 0_u8..8), 0..6)) {
        for (name, mut bytes) in seeds() {
            bytes.truncate((bytes.len() as f64 * cut.max(0.2)) as usize);
            for (at, bit) in &flips {
                let at = (bytes.len() as f64 * at) as usize;
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
            let _ = run(&name, &bytes);
        }
    }
}
