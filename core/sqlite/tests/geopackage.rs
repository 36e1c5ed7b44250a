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
