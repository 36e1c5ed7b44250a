//! Every fuzz seed through the same entry as its fuzz target, and damaged copies of each: nothing panics.

use std::path::PathBuf;

use breiband_import::{ImportError, SourceFile, import};
use breiband_model::{BorderEdit, Context, Input, Options, Region, Role, Silent, Staged};
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
        ("a.csv", b"one,two\n1,2\n", "by its first line, are: one, two"),
        ("a.csv", b"Addresses of 2025\nid,lon,lat\n1,6,62\n", "single column: addresses of 2025"),
        ("a.csv", b"id,lon,lat\n1,-41.2,175.3\n", "latitude seems to stand where longitude should"),
        ("a.csv", b"id;x;y\n1;32353222.1;6930000.2\n", "epsg = 4647"),
        ("a.geojson", b"{\"version\":0.6,\"elements\":[]}", "[out:xml]"),
        ("a.geojson", b"{\"geometryType\":\"esriGeometryPoint\",\"features\":[]}", "Esri"),
        ("a.geojson", b"[{\"lat\":62.4}]", "without GeoJSON"),
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

#[test]
fn borders_are_changed_as_the_scenario_says_before_premises_are_placed() {
    let square = |code: u32, west: u32| {
        let (a, b) = (f64::from(west) / 100.0 + 6.0, f64::from(west + 1) / 100.0 + 6.0);
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"kommunenummer\":\"{code}\"}},\"geometry\":{{\"type\":\"Polygon\",\
             \"coordinates\":[[[{a},62],[{b},62],[{b},62.01],[{a},62.01],[{a},62]]]}}}}"
        )
    };
    let borders = format!("{{\"type\":\"FeatureCollection\",\"features\":[{},{}]}}", square(1, 0), square(2, 1));
    let premises = "id,lon,lat\nhome,6.011,62.005\naway,6.002,62.005\n";
    let read = |borders_changed: Vec<BorderEdit>| {
        let files = [("borders.geojson", Role::Borders, borders.as_str()), ("premises.csv", Role::Premises, premises)];
        let sources: Vec<SourceFile<'_>> = files
            .iter()
            .map(|(name, role, text)| SourceFile {
                input: Input { role: *role, ..Input::auto(*name) },
                bytes: text.as_bytes().into(),
            })
            .collect();
        let options = Options { borders: borders_changed, ..Options::default() };
        let staged = import(&sources, &options, &mut Context::new(&mut Silent)).expect("it is read");
        let of = staged.value.premises[0].municipality.map(|id| staged.value.municipality(id).code.clone());
        let issues = staged.issues.iter().filter(|issue| issue.code == "border-unchanged").count();
        (of.unwrap_or_default(), issues)
    };
    assert_eq!(read(Vec::new()), ("2".to_owned(), 0));
    // The line between them is bent around the home.
    let bend = BorderEdit { between: Some([[6.01, 62.0], [6.01, 62.01]]), to: Some([6.013, 62.005]), at: None };
    assert_eq!(read(vec![bend.clone()]), ("1".to_owned(), 0));
    let back = BorderEdit { at: Some([6.013, 62.005]), ..BorderEdit::default() };
    assert_eq!(read(vec![bend, back]), ("2".to_owned(), 0));
    let nowhere = BorderEdit { at: Some([6.5, 62.5]), to: Some([6.0, 62.0]), between: None };
    assert_eq!(read(vec![nowhere]), ("2".to_owned(), 1));
}
