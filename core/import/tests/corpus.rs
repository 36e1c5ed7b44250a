//! Other projects' valid and broken files from `../shared/data/corpus`, where they are at hand.

use std::path::{Path, PathBuf};

mod shared;

use breiband_import::{ImportError, SourceFile, import};
use breiband_model::{Context, Input, Options, Region, Role, Silent, Staged};
use shared::shared;

fn corpus(folder: &str) -> Option<PathBuf> {
    shared(&format!("corpus/{folder}"))
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut all: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    all.retain(|path| path.to_string_lossy().ends_with(ending));
    all.sort();
    all
}

fn read(path: &Path, role: Role) -> Result<Staged<Region>, ImportError> {
    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
    let bytes = std::fs::read(path).expect("readable");
    let file = SourceFile { input: Input { role, ..Input::auto(&name) }, bytes: bytes.into() };
    import(&[file], &Options::default(), &mut Context::new(&mut Silent))
}

/// Files that geojsonhint calls bad and that are read here without a word, and why.
const HINT_DIFFERS: [(&str, &str); 15] = [
    ("bad-polygon-interiorring-rhr", "rings may turn either way: RFC 7946 asks readers to take both"),
    ("bbox-4or6elements", "a `bbox` is not used, so it is not read"),
    ("bbox-contains-string", "a `bbox` is not used, so it is not read"),
    ("bbox-string", "a `bbox` is not used, so it is not read"),
    ("different-first-last", "an open ring is closed when its area is used"),
    ("different-first-size", "heights are passed over, and without them the ring is closed"),
    ("excessive_precision_truncated", "geojsonhint has nothing against it either in this setting"),
    ("feature_changed_semantics", "members of other types are foreign members here"),
    ("featurecollection_changed_semantics", "members of other types are foreign members here"),
    ("geometry_changed_semantics", "members of other types are foreign members here"),
    ("geometrycollection_nested", "nesting is discouraged, not forbidden; it is flattened"),
    ("geometrycollection_single", "discouraged, not forbidden"),
    ("point-toomany", "what comes after the latitude is passed over"),
    ("polygon_winding_order", "rings may turn either way: RFC 7946 asks readers to take both"),
    ("short-linearring", "three positions that do not close are a triangle, closed when it is used"),
];

#[test]
fn geojsonhint_agrees_but_for_a_known_list() {
    let Some(folder) = corpus("geojson/geojsonhint/test/data") else { return };
    let complaints = |path: &Path| match read(path, Role::Auto) {
        Ok(staged) => staged.issues.iter().filter(|i| i.code.starts_with("bad-")).count(),
        Err(_) => 1,
    };
    let good = files(&folder.join("good"), ".geojson");
    assert_eq!(good.len(), 18);
    for path in good {
        assert_eq!(complaints(&path), 0, "{}", path.display());
    }
    let bad = files(&folder.join("bad"), ".geojson");
    let quiet: Vec<_> = bad.iter().filter(|path| complaints(path) == 0).collect();
    let quiet: Vec<_> = quiet.iter().map(|path| path.file_stem().expect("a name").to_string_lossy()).collect();
    assert_eq!(quiet, HINT_DIFFERS.map(|(name, _)| name));
    // Each of several problems in one file is listed.
    let several = read(&folder.join("bad/multiple_problems.geojson"), Role::Auto).expect("some of it is sound");
    assert!(several.issues.iter().filter(|i| i.code == "bad-feature").count() >= 3, "{:?}", several.issues);
}

#[test]
fn csv_spectrum_gives_the_values_it_expects() {
    let Some(folder) = corpus("csv/csv-spectrum") else { return };
    let all = files(&folder.join("csvs"), ".csv");
    assert_eq!(all.len(), 11);
    for path in all {
        let json = folder.join("json").join(path.with_extension("json").file_name().expect("a name"));
        let json = std::fs::read(json).expect("readable");
        let rows: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_slice(&json).expect("rows");
        for column in rows[0].keys() {
            // As ids of a list of sign-ups, to which there are no premises: each value comes back in an issue.
            let bytes = std::fs::read(&path).expect("readable");
            let mut input = Input { role: Role::SignUps, ..Input::auto("spectrum.csv") };
            input.columns.insert("id".to_owned(), column.clone());
            let file = SourceFile { input, bytes: bytes.into() };
            let staged = import(&[file], &Options::default(), &mut Context::new(&mut Silent)).expect("sound");
            let mut found: Vec<&str> = staged.issues.iter().map(|i| i.value.as_str()).collect();
            let mut wanted: Vec<&str> = rows.iter().map(|row| row[column].as_str().expect("text")).collect();
            found.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(found, wanted, "{} {column}", path.display());
        }
    }
}

#[test]
fn geopackages_of_others_are_read_or_their_curves_listed() {
    let Some(folder) = corpus("geopackage/pyogrio/pyogrio/tests/fixtures") else { return };
    for (name, kind) in [("curve", 9), ("curvepolygon", 10), ("multisurface", 12)] {
        let staged = read(&folder.join(format!("{name}.gpkg")), Role::Auto).expect("the file is sound");
        let [issue] = &staged.issues[..] else { panic!("{:?}", staged.issues) };
        assert_eq!((issue.code.as_str(), &issue.record), ("bad-feature", &format!("{name} fid 1")));
        assert!(issue.message.contains(&format!("geometry type {kind}")), "{}", issue.message);
    }
    // Heights and measures are passed over.
    let lines = read(&folder.join("line_zm.gpkg"), Role::Ways).expect("sound");
    assert_eq!(lines.value.ways.len(), 1);
    let nulls = read(&folder.join("test_gpkg_nulls.gpkg"), Role::Handovers).expect("sound");
    assert_eq!(nulls.value.handovers.len(), 4, "{:?}", nulls.issues);
}

#[test]
fn flatgeobufs_twins_are_read_whole() {
    let Some(folder) = corpus("flatgeobuf/flatgeobuf") else { return };
    let small = "src/cpp/test/fixtures";
    for (path, role, what, wanted) in [
        (format!("{small}/bahamas.geojson"), Role::Borders, "municipalities", 1),
        (format!("{small}/multipolygon.geojson"), Role::Borders, "municipalities", 1),
        (format!("{small}/multipolygonsingle.geojson"), Role::Borders, "municipalities", 1),
        (format!("{small}/polygon.geojson"), Role::Borders, "municipalities", 1),
        (format!("{small}/polygonwithhole.geojson"), Role::Borders, "municipalities", 1),
        (format!("{small}/poly_landmarks.geojson"), Role::Borders, "municipalities", 85),
        (format!("{small}/linestring.geojson"), Role::Ways, "ways", 1),
        (format!("{small}/multilinestring.geojson"), Role::Ways, "ways", 2),
        (format!("{small}/multilinestringsingle.geojson"), Role::Ways, "ways", 1),
        (format!("{small}/point.geojson"), Role::Handovers, "handovers", 1),
        ("test/data/countries.geojson".to_owned(), Role::Borders, "municipalities", 179),
        ("test/data/states.geojson".to_owned(), Role::Borders, "municipalities", 49),
    ] {
        let staged = read(&folder.join(&path), role).expect("sound");
        assert_eq!(staged.value.sources[0].counts.get(what), Some(&wanted), "{path}: {:?}", staged.issues);
        // A continent is too wide for one plane, which is said of each record; nothing else is wrong.
        let other =
            staged.issues.iter().find(|i| !matches!(i.code.as_str(), "far-from-the-rest" | "way-without-class"));
        assert!(other.is_none(), "{path}: {other:?}");
    }
}
