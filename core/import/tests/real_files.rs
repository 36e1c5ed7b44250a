//! Real files from `../shared/data`, where they are at hand.

mod shared;

use breiband_import::{SourceFile, import};
use breiband_model::{Context, Input, Options, Region, Role, Silent, Staged, Structure, WayClass, count_by_code};
use shared::shared;

fn file(path: &str, role: Role) -> Option<SourceFile<'static>> {
    let bytes = std::fs::read(shared(path)?).expect("readable");
    Some(SourceFile { input: Input { role, ..Input::auto(path) }, bytes: bytes.into() })
}

fn read(files: &[SourceFile<'_>]) -> Staged<Region> {
    import(files, &Options::default(), &mut Context::new(&mut Silent)).expect("a sound file")
}

const ELVERUM: &str = "norway/Basisdata_3420_Elverum_25833_MatrikkelenAdresse.csv.gz";
const OSLO: &str = "osm/oslo-center.osm.pbf";
const NVDB: &str = "norway/nvdb-ruteplan-oslo-1000-links.gpkg";
const BORDERS: &str = "norway/kommuner-2019.geojson.gz";

#[test]
fn elverum_has_its_addresses() {
    let Some(file) = file(ELVERUM, Role::Auto) else { return };
    let staged = read(&[file]);
    let region = &staged.value;
    assert_eq!(region.premises.len(), 10_871);
    let points: std::collections::BTreeSet<_> = region.premises.iter().map(|p| p.point).collect();
    assert_eq!(points.len(), 10_364);
    assert_eq!(region.premises.iter().filter(|p| p.access_point.is_some()).count(), 598);
    assert_eq!(staged.issues, []);
    assert_eq!(region.sources[0].attribution, "© Kartverket (CC BY 4.0)");
    let first = &region.premises[0];
    assert_eq!(first.external_id, "399524883");
    assert_eq!(first.label(), "Gobakkvegen 438, 2410 HERNES");
    assert_eq!(first.parcel, "19/1");
    let municipality = region.municipality(first.municipality.expect("the register says it"));
    assert_eq!((municipality.code.as_str(), municipality.name.as_str()), ("3420", "Elverum"));
    let lettered = region.premises.iter().find(|p| p.external_id == "225678815").expect("there");
    assert_eq!((lettered.street.as_str(), lettered.number.as_str()), ("Ildervegen", "1A"));
    let drop = lettered.access_point.expect("there");
    // (311612.78, 6755767.45) to (311611.92, 6755738.40) in EPSG:25833, whose scale there is about 1.00004.
    assert!((29_050..29_080).contains(&lettered.point.distance_mm(drop)), "{}", lettered.point.distance_mm(drop));
}

#[test]
fn nvdb_links_meet_at_its_nodes() {
    let Some(file) = file(NVDB, Role::Auto) else { return };
    let staged = read(&[file]);
    let region = &staged.value;
    let short = count_by_code(&staged.issues).get("short-way").copied().unwrap_or(0);
    assert_eq!(region.ways.len() as u64 + short, 1_000);
    let metres: u64 = (0..region.ways.len())
        .map(|w| breiband_model::length_mm(&region.way_points(breiband_model::WayId::from_usize(w))))
        .sum();
    assert!((119_000_000..119_600_000).contains(&metres), "{metres} mm of 119 km");
    assert_eq!(region.ways.iter().filter(|w| w.structure == Structure::Bridge).count(), 71);
    assert_eq!(region.ways.iter().filter(|w| w.structure == Structure::Tunnel).count(), 16);
    assert!(region.ways.iter().any(|w| w.class == WayClass::Trunk && w.name == "E18"));
    assert_eq!(region.sources[0].attribution, "Inneholder data under NLOD, Statens vegvesen");
    assert_eq!(region.sources[0].format, "nvdb-gpkg");
}

#[test]
fn oslo_comes_from_several_sources() {
    let sources = [file(OSLO, Role::Premises), file(NVDB, Role::Ways), file(BORDERS, Role::Borders)];
    let Some(files) = sources.into_iter().collect::<Option<Vec<_>>>() else { return };
    let staged = read(&files);
    let region = &staged.value;
    let codes = count_by_code(&staged.issues);
    eprintln!("{codes:?}");
    let all: Vec<&str> = region.municipalities.iter().map(|m| m.code.as_str()).collect();
    assert!(all.contains(&"0301"), "{all:?}");
    assert!(all.len() < 20, "{all:?}");
    assert!(region.premises.len() > 10_000);
    let oslo = all.iter().position(|c| *c == "0301").expect("there");
    let inside = region.premises.iter().filter(|p| p.municipality.is_some_and(|m| m.index() == oslo)).count();
    assert!(inside as f64 > 0.9 * region.premises.len() as f64, "{inside} of {}", region.premises.len());
    let outside = region.premises.iter().filter(|p| p.municipality.is_none()).count() as u64;
    assert_eq!(codes.get("in-no-municipality").copied().unwrap_or(0), outside);
    assert!(region.premises.iter().filter(|p| p.building.is_some()).count() > 5_000);
    assert!(region.ways.iter().all(|w| w.source.index() == 1));
    assert_eq!(
        region.sources.iter().map(|s| s.attribution.as_str()).collect::<Vec<_>>(),
        ["© OpenStreetMap contributors (ODbL)", "Inneholder data under NLOD, Statens vegvesen", ""]
    );
}

#[test]
fn all_borders_are_read() {
    let Some(file) = file(BORDERS, Role::Auto) else { return };
    let staged = read(&[file]);
    assert_eq!(staged.value.municipalities.len(), 422);
    assert!(staged.value.municipalities.iter().all(|m| !m.area.is_empty()));
    for code in ["1532", "1524", "1546", "1529", "1531", "1523", "1534", "1504"] {
        assert!(staged.value.municipalities.iter().any(|m| m.code == code), "{code}");
    }
    // GEOS finds all 422 valid, and so nothing is mended here.
    assert_eq!(staged.issues, []);
}

#[test]
fn anholt_is_read_through_gzip() {
    let Some(file) = file("osm/anholt.osm.gz", Role::Auto) else { return };
    let staged = read(&[file]);
    assert_eq!(staged.value.sources[0].format, "osm.gz");
    assert!(staged.value.premises.len() > 500 && staged.value.ways.len() > 100);
}
