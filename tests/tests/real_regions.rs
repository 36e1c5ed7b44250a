//! Real extracts from end to end, through the Rust API: import, plan, files, verification.

use std::collections::BTreeMap;
use std::path::Path;

use breiband::{
    CheckState, Context, CostBook, Count, Goal, Input, OutputFile, Plan, PlanError, Region, Role, Scenario, Silent,
    SourceFile, Staged,
};
use breiband_tests::{shared, verified};

fn source(path: &Path, role: Role) -> SourceFile<'static> {
    let name = path.file_name().expect("a file").to_string_lossy().into_owned();
    let bytes = std::fs::read(path).expect("the file is readable");
    SourceFile { input: Input { role, ..Input::auto(name) }, bytes: bytes.into() }
}

struct Planned {
    region: Staged<Region>,
    scenario: Scenario,
    plan: Staged<Plan>,
    files: BTreeMap<String, Vec<u8>>,
}

fn planned(sources: &[SourceFile<'static>]) -> Planned {
    planned_for(sources, |_| {})
}

fn planned_for(sources: &[SourceFile<'static>], ask: impl FnOnce(&mut Scenario)) -> Planned {
    let inputs = sources.iter().map(|s| s.input.clone()).collect();
    let mut scenario = Scenario { cost_book: None, ..Scenario::new("Test", "2026-01-01", inputs) };
    ask(&mut scenario);
    let book = CostBook::example();
    let mut silent = Silent;
    let mut context = Context::new(&mut silent);
    let region = breiband::import(sources, &scenario.options, &mut context).expect("the files are read");
    let plan = breiband::plan(&region, &scenario, &book, &mut context).expect("there is a plan");
    let files = breiband::files(&region.value, &scenario, &book, &plan);
    let files = files.into_iter().map(|OutputFile { name, bytes }| (name, bytes)).collect();
    Planned { region, scenario, plan, files }
}

fn assert_sound(planned: &Planned, sources: &[SourceFile<'static>]) {
    let summary = &planned.plan.value.summary;
    let sum = summary.connected + summary.unreachable + summary.excluded + summary.already_served;
    assert_eq!(sum, summary.premises);
    assert_eq!(summary.premises, planned.region.value.premises.len() as u64);
    assert!(summary.bound <= summary.cost);
    let verification = verified(&planned.files, sources);
    for check in &verification.checks {
        assert_eq!(check.state, CheckState::Holds, "{}: {}", check.name, check.text);
    }
    // Whom a goal chooses is one more.
    let checks = 8 + usize::from(!matches!(planned.scenario.goal, Goal::Connect { .. }));
    assert_eq!(verification.checks.len(), checks, "every check is made: {:#?}", verification.checks);
}

#[test]
fn liechtenstein_is_planned_and_verifies() {
    let Some(path) = shared("osm/liechtenstein-2025-09-19.osm.pbf") else { return };
    let sources = [source(&path, Role::Auto)];
    let planned = planned(&sources);
    assert_sound(&planned, &sources);
    let summary = &planned.plan.value.summary;
    assert!(summary.gap <= 0.005, "the proven gap is {}", summary.gap);
    assert!(summary.connected as f64 > 0.99 * summary.premises as f64, "{} connected", summary.connected);
    // DOMAIN's plausibility: a whole greenfield municipality averages far less than the dearest unserved homes.
    let each = summary.cost / summary.connected as f64;
    assert!((8_000.0..30_000.0).contains(&each), "{each} NOK a premises");
    assert!(!summary.coverage_known);
    assert!(summary.assumptions.iter().any(|a| a.code == "no-coverage-data"));
    assert!(summary.attribution.iter().any(|a| a.contains("OpenStreetMap")));
}

/// The default steps are enough for the flow relaxation: search alone leaves 6 % on a map as large as this.
#[test]
fn who_is_worth_it_on_liechtenstein_is_proven_closely() {
    let Some(path) = shared("osm/liechtenstein-2025-09-19.osm.pbf") else { return };
    let sources = [source(&path, Role::Auto)];
    let planned = planned_for(&sources, |scenario| {
        scenario.goal = Goal::Worthwhile { threshold_mbps: 100.0, value: 20_000.0, count: Count::Homes };
    });
    assert_sound(&planned, &sources);
    let summary = &planned.plan.value.summary;
    assert!(summary.gap <= 0.03, "the proven gap is {}", summary.gap);
}

#[test]
fn anholt_is_planned_and_verifies() {
    let Some(path) = shared("osm/anholt.osm.gz") else { return };
    let sources = [source(&path, Role::Auto)];
    let planned = planned(&sources);
    assert_sound(&planned, &sources);
    assert!(planned.plan.value.summary.connected > 400);
}

#[test]
fn the_same_bytes_come_out_twice() {
    let Some(path) = shared("osm/anholt.osm.gz") else { return };
    let sources = [source(&path, Role::Auto)];
    let (first, second) = (planned(&sources), planned(&sources));
    for (a, b) in first.files.iter().zip(&second.files) {
        assert!(a == b, "{} differs", a.0);
    }
    assert_eq!(first.scenario, second.scenario);
}

#[test]
fn a_changed_file_is_found_out() {
    let Some(path) = shared("osm/anholt.osm.gz") else { return };
    let sources = [source(&path, Role::Auto)];
    let planned = planned(&sources);
    for name in ["graph.csv.gz", "certificate.txt.gz", "summary.json", "cost-book.toml", "demand.csv.gz", "plan.gpkg"] {
        let mut files = planned.files.clone();
        let bytes = files.get_mut(name).expect("every plan has it");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        assert!(!verified(&files, &sources).holds(), "a changed {name} goes unseen");
    }
}

#[test]
fn oslo_joins_several_sources() {
    let (Some(osm), Some(nvdb), Some(borders)) = (
        shared("osm/oslo-center.osm.pbf"),
        shared("norway/nvdb-ruteplan-oslo-1000-links.gpkg"),
        shared("norway/kommuner-2019.geojson.gz"),
    ) else {
        return;
    };
    // Roads from OpenStreetMap.
    let sources = [source(&osm, Role::Osm), source(&borders, Role::Borders)];
    let planned_osm = planned(&sources);
    assert_sound(&planned_osm, &sources);
    let region = &planned_osm.region.value;
    let oslo = region.municipalities.iter().position(|m| m.code == "0301").expect("Oslo is among the borders");
    let inside = region.premises.iter().filter(|p| p.municipality.is_some_and(|m| m.index() == oslo)).count();
    // The borders are coarse: some quays lie outside them.
    let all = region.premises.len();
    assert!(inside as f64 > 0.97 * all as f64, "{inside} of {all} premises lie in Oslo");
    // Roads from the national road database, addresses from OpenStreetMap.
    let sources = [source(&nvdb, Role::Ways), source(&osm, Role::Premises), source(&borders, Role::Borders)];
    let planned_nvdb = planned(&sources);
    assert_sound(&planned_nvdb, &sources);
    let summary = &planned_nvdb.plan.value.summary;
    assert!(summary.connected > 0);
    assert!(summary.attribution.iter().any(|a| a.contains("NLOD")));
}

#[test]
fn elverum_has_no_roads_and_says_so() {
    let Some(path) = shared("norway/Basisdata_3420_Elverum_25833_MatrikkelenAdresse.csv.gz") else { return };
    let sources = [source(&path, Role::Auto)];
    let scenario = Scenario::new("Elverum", "2026-01-01", vec![sources[0].input.clone()]);
    let mut silent = Silent;
    let mut context = Context::new(&mut silent);
    let region = breiband::import(&sources, &scenario.options, &mut context).expect("the register is read");
    assert_eq!(region.value.premises.len(), 10_871);
    let error = breiband::plan(&region, &scenario, &CostBook::example(), &mut context).expect_err("no roads");
    assert!(matches!(error, PlanError::NoWays));
    let text = error.to_string();
    assert!(text.contains("OpenStreetMap") && text.contains("NVDB"), "{text}");
}
