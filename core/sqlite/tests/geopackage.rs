//! GeoPackages of other programs, and what other programs make of ours. Skips, loudly, where the files or the programs are absent.
#![allow(clippy::print_stderr)]

use std::path::PathBuf;
use std::process::Command;

use breiband_sqlite::geopackage::{
    ColumnType, GeoPackage, Geometry, GeometryError, GeometryType, LayerSpec, features, layers,
};
use breiband_sqlite::{Reader, Value};

fn shared(path: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("BREIBAND_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let read = std::fs::read(folder.join("data").join(path)).ok();
    if read.is_none() {
        eprintln!("SKIPPED: {path} is not at hand");
    }
    read
}

#[test]
fn a_thousand_links_of_the_national_road_database() {
    let Some(bytes) = shared("norway/nvdb-ruteplan-oslo-1000-links.gpkg") else { return };
    let reader = Reader::new(&bytes).unwrap();
    let layers = layers(&reader).unwrap();
    assert_eq!(layers.len(), 1);
    let layer = &layers[0];
    assert_eq!(
        (layer.name.as_str(), layer.epsg, layer.geometry_type.as_str()),
        ("ERFKPS", Some(25833), "MULTILINESTRING")
    );
    assert_eq!(layer.columns.len(), 46);
    let measured = layer.columns.iter().position(|name| name == "METER_ORG").unwrap();
    let (mut count, mut drawn, mut said) = (0, 0.0, 0.0);
    for feature in features(&reader, layer).unwrap() {
        let feature = feature.unwrap();
        let Some(Geometry::MultiLineString(lines)) = feature.geometry.unwrap() else { panic!("link {}", feature.fid) };
        for pair in lines.iter().flat_map(|line| line.windows(2)) {
            drawn += ((pair[0][0] - pair[1][0]).powi(2) + (pair[0][1] - pair[1][1]).powi(2)).sqrt();
        }
        said += feature.values[measured].as_number().unwrap();
        count += 1;
    }
    assert_eq!(count, 1000);
    // 119 km, and the register's own lengths within half a percent.
    assert!((118_500.0..119_500.0).contains(&drawn), "{drawn}");
    assert!((said / drawn - 1.0).abs() < 0.005, "{said} {drawn}");
}

#[test]
fn other_projects_files() {
    let folder = "corpus/geopackage/pyogrio/pyogrio/tests/fixtures/";
    let read = |name: &str| {
        let bytes = shared(&format!("{folder}{name}.gpkg"))?;
        let reader = Reader::new(&bytes).unwrap();
        let layer = &layers(&reader).unwrap()[0];
        assert_eq!(layer.name, name);
        Some((layer.clone(), features(&reader, layer).unwrap().map(|f| f.unwrap()).collect::<Vec<_>>()))
    };
    // Curves are the expected failures: they are refused, one feature at a time.
    for (name, code) in [("curve", 9), ("curvepolygon", 10), ("multisurface", 12)] {
        let Some((_, found)) = read(name) else { return };
        assert!(!found.is_empty());
        for feature in found {
            assert_eq!(feature.geometry, Err(GeometryError::Type(code)), "{name}");
        }
    }
    let Some((layer, found)) = read("line_zm") else { return };
    assert_eq!(layer.geometry_type, "LINESTRING");
    assert!(matches!(found[0].geometry, Ok(Some(Geometry::LineString(_)))), "{found:?}");
    let Some((layer, found)) = read("test_gpkg_nulls") else { return };
    assert_eq!(found.len(), 4, "{layer:?}");
    let nulls: Vec<_> =
        found.iter().map(|feature| feature.values.iter().filter(|value| **value == Value::Null).count()).collect();
    assert_eq!(nulls, [0, 0, 0, 11]);
}

/// Three layers, one of them with all the kinds of attributes, and a table.
fn sample() -> Vec<u8> {
    let mut package = GeoPackage::new("2026-01-01T00:00:00.000Z").unwrap();
    let columns = [
        ("name", ColumnType::Text),
        ("households", ColumnType::Integer),
        ("metres", ColumnType::Real),
        ("sure", ColumnType::Boolean),
    ];
    let layer = |name, geometry| LayerSpec {
        name,
        description: "© somebody",
        geometry,
        columns: &columns,
        style: Some("<qgis/>"),
    };
    let homes = package.add_layer(&layer("homes", GeometryType::Point)).unwrap();
    let lines = package.add_layer(&layer("a \"line\"", GeometryType::LineString)).unwrap();
    let areas = package.add_layer(&layer("areas", GeometryType::MultiPolygon)).unwrap();
    let about = package
        .add_table("about", "Where this comes from", &[("key", ColumnType::Text), ("value", ColumnType::Text)])
        .unwrap();
    for row in 0..2_000_u32 {
        let (x, y) = (6.0 + f64::from(row % 50) / 100.0, 62.0 + f64::from(row / 50) / 100.0);
        let values = || {
            vec![
                format!("Gardsvegen {row}").into(),
                row.into(),
                (f64::from(row) / 7.0).into(),
                i64::from(row % 2).into(),
            ]
        };
        package.add_feature(homes, Some(&Geometry::Point([x, y])), values()).unwrap();
        let line = (0..row % 40 + 2).map(|at| [x + f64::from(at) / 1e4, y]).collect();
        package.add_feature(lines, Some(&Geometry::LineString(line)), values()).unwrap();
    }
    let ring = vec![[6.0, 62.0], [6.5, 62.0], [6.5, 62.4], [6.0, 62.0]];
    package.add_feature(areas, Some(&Geometry::MultiPolygon(vec![vec![ring]])), vec![Value::Null; 4]).unwrap();
    package.add_feature(areas, None, vec![Value::Null; 4]).unwrap();
    package.add_row(about, vec!["source".into(), "invented".into()]).unwrap();
    package.into_bytes().unwrap()
}

#[test]
fn what_is_written_is_read_and_the_same_every_time() {
    let bytes = sample();
    assert_eq!(bytes, sample());
    let reader = Reader::new(&bytes).unwrap();
    let names: Vec<_> = layers(&reader).unwrap().into_iter().map(|layer| (layer.name, layer.epsg)).collect();
    assert_eq!(
        names,
        [("homes".to_owned(), Some(4326)), ("a \"line\"".to_owned(), Some(4326)), ("areas".to_owned(), Some(4326))]
    );
    assert_eq!((reader.application_id(), reader.user_version()), (0x4750_4B47, 10_300));
}

/// What `program` prints; `None` where it is not there.
fn run(program: &str, arguments: &[&std::ffi::OsStr]) -> Option<String> {
    let Ok(output) = Command::new(program).args(arguments).output() else {
        eprintln!("SKIPPED: {program} is not installed");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[test]
fn the_spatial_index_is_sound_and_finds_what_a_scan_finds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("it.gpkg");
    std::fs::write(&path, sample()).unwrap();
    let ask = |sql: &str| run("sqlite3", &[path.as_os_str(), sql.as_ref()]);
    let Some(sound) = ask("SELECT rtreecheck('rtree_homes_geom'), rtreecheck('rtree_a \"line\"_geom')") else { return };
    assert_eq!(sound, "ok|ok");
    // A row of `areas` has no geometry, and so no place in the index.
    let rows = "SELECT (SELECT count(*) FROM rtree_homes_geom), (SELECT count(*) FROM rtree_areas_geom)";
    assert_eq!(ask(rows).as_deref(), Some("2000|1"));
    let grid = |row: u32| (6.0 + f64::from(row % 50) / 100.0, 62.0 + f64::from(row / 50) / 100.0);
    for (west, south, east, north) in
        [(6.105, 62.045, 6.335, 62.215), (5.0, 61.0, 7.0, 63.0), (6.001, 62.001, 6.009, 62.009)]
    {
        let inside = (0..2_000)
            .filter(|&row| {
                let (x, y) = grid(row);
                (west..=east).contains(&x) && (south..=north).contains(&y)
            })
            .count();
        let window = format!(
            "SELECT count(*) FROM rtree_homes_geom WHERE minx <= {east} AND maxx >= {west} AND miny <= {north} AND maxy >= {south}"
        );
        assert_eq!(ask(&window), Some(inside.to_string()), "{window}");
    }
}

#[test]
fn spatial_indexes_of_every_depth_are_sound() {
    let folder = tempfile::tempdir().unwrap();
    for count in [0_u32, 1, 51, 52, 2_601, 2_602, 9_000] {
        let mut package = GeoPackage::new("2026-01-01T00:00:00.000Z").unwrap();
        let layer =
            LayerSpec { name: "l", description: "", geometry: GeometryType::LineString, columns: &[], style: None };
        let layer = package.add_layer(&layer).unwrap();
        for row in 0..count {
            let (x, y) = (f64::from(row * 7_919 % 1_009) / 101.0, f64::from(row * 104_729 % 1_013) / 103.0);
            package
                .add_feature(layer, Some(&Geometry::LineString(vec![[x, y], [x + 0.01, y - 0.02]])), vec![])
                .unwrap();
        }
        let path = folder.path().join("it.gpkg");
        std::fs::write(&path, package.into_bytes().unwrap()).unwrap();
        let ask = "SELECT rtreecheck('rtree_l_geom'), count(*) FROM rtree_l_geom WHERE minx > -1";
        let Some(answer) = run("sqlite3", &[path.as_os_str(), ask.as_ref()]) else { return };
        assert_eq!(answer, format!("ok|{count}"));
    }
}

#[test]
fn the_spatial_index_follows_edits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("it.gpkg");
    std::fs::write(&path, sample()).unwrap();
    let edit = |sql: &str| run("ogrinfo", &[path.as_os_str(), "-sql".as_ref(), sql.as_ref()]);
    let Some(has) = edit("SELECT HasSpatialIndex('homes', 'geom') AS indexed") else { return };
    assert!(has.contains("(Integer) = 1"), "{has}");
    for sql in [
        "DELETE FROM homes WHERE fid <= 100",
        "UPDATE homes SET geom = (SELECT geom FROM homes WHERE fid = 2000) WHERE fid = 101",
        "UPDATE homes SET geom = NULL WHERE fid = 102",
        "UPDATE homes SET fid = 5000 WHERE fid = 103",
        "INSERT INTO homes (geom, name) SELECT geom, 'new' FROM homes WHERE fid = 104",
    ] {
        edit(sql);
    }
    let ask = "SELECT rtreecheck('rtree_homes_geom'), (SELECT count(*) FROM rtree_homes_geom), \
               (SELECT count(*) FROM homes WHERE geom NOTNULL), \
               (SELECT group_concat(id) FROM (SELECT id FROM rtree_homes_geom WHERE id IN (101, 102, 103, 5000, 5001) ORDER BY id)), \
               (SELECT a.minx = b.minx FROM rtree_homes_geom a, rtree_homes_geom b WHERE a.id = 101 AND b.id = 2000)";
    let Some(answer) = run("sqlite3", &[path.as_os_str(), ask.as_ref()]) else { return };
    assert_eq!(answer, "ok|1900|1900|101,5000,5001|1");
}

#[test]
fn gdal_opens_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("it.gpkg");
    std::fs::write(&path, sample()).unwrap();
    let Ok(output) = Command::new("ogrinfo").args(["-so", "-al"]).arg(&path).output() else {
        eprintln!("SKIPPED: ogrinfo is not installed");
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    for part in [
        "Layer name: homes",
        "Layer name: a \"line\"",
        "Layer name: about",
        "Layer name: layer_styles",
        "Feature Count: 2000",
        "households: Integer",
        "sure: Integer(Boolean)",
        "ID[\"EPSG\",4326]",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.contains("Extent: (6.000000, 62.000000) - (6.490000, 62.390000)"), "{text}");
    let query = "SELECT ST_GeometryType(geom) AS kind, count(*) AS n FROM \"a \"\"line\"\"\" GROUP BY 1";
    let output = Command::new("ogrinfo").args(["-q", "-dialect", "SQLite", "-sql", query]).arg(&path).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("n (Integer) = 2000"), "{text}{}", String::from_utf8_lossy(&output.stderr));
}
