//! Who has fast service today, who gets fibre, and who is left out, and why? Reads roads and addresses as GeoJSON and a table
//! of service, lists what is wrong with them, plans, and says it of every address. The data are invented.
//!
//! `cargo run --release -p breiband --example own_files`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example's output")]

use breiband::messages::{Language, text};
use breiband::{Context, CostBook, Goal, Input, Role, Scenario, SourceFile, Status};

/// Invented files, by name: your own are read with `std::fs::read`.
const FILES: [(&str, Role, &str); 3] = [
    (
        "roads.geojson",
        Role::Ways,
        r#"{"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"highway": "residential", "surface": "gravel", "name": "Storgata"},
             "geometry": {"type": "LineString", "coordinates": [[3.60, 63.1], [3.61, 63.1], [3.62, 63.102]]}},
            {"type": "Feature", "properties": {"highway": "track", "name": "Holmen"},
             "geometry": {"type": "LineString", "coordinates": [[3.66, 63.1], [3.67, 63.1]]}}]}"#,
    ),
    (
        "addresses.geojson",
        Role::Premises,
        r#"{"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"id": "a1", "street": "Storgata", "number": "1"},
             "geometry": {"type": "Point", "coordinates": [3.601, 63.1002]}},
            {"type": "Feature", "properties": {"id": "a2", "street": "Storgata", "number": "2"},
             "geometry": {"type": "Point", "coordinates": [3.605, 63.1002]}},
            {"type": "Feature", "properties": {"id": "a3", "street": "Storgata", "number": "3"},
             "geometry": {"type": "Point", "coordinates": [3.619, 63.1022]}},
            {"type": "Feature", "properties": {"id": "a4", "street": "Holmen", "number": "1"},
             "geometry": {"type": "Point", "coordinates": [3.665, 63.1002]}},
            {"type": "Feature", "properties": {"id": "a5", "street": "Fjellet", "number": "1"},
             "geometry": {"type": "Point", "coordinates": [3.64, 63.12]}}]}"#,
    ),
    ("service.csv", Role::Service, "id,down_mbps,up_mbps,technology\na2,20,2,dsl\na3,500,100,coax\na9,10,1,dsl\n"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let inputs = FILES.map(|(name, role, _)| Input { role, ..Input::auto(name) });
    let sources = inputs.clone().into_iter().zip(FILES);
    let sources: Vec<SourceFile<'_>> =
        sources.map(|(input, (_, _, content))| SourceFile { input, bytes: content.as_bytes().into() }).collect();
    let mut scenario = Scenario::new("Invented islands", "2026-01-01", inputs.into());
    scenario.goal = Goal::Connect { threshold_mbps: 100.0 };

    let mut context = Context::silent();
    let region = breiband::import(&sources, &scenario.options, &mut context)?;
    region.issues.iter().for_each(|issue| println!("{issue}"));
    assert_eq!(region.issues.len(), 1, "there is no address a9");

    let plan = breiband::plan(&region, &scenario, &CostBook::example(), &mut context)?.value;
    for assumed in &plan.summary.assumptions {
        println!("{}", breiband::assumption(Language::En, assumed));
    }
    for (premises, outcome) in region.value.premises.iter().zip(&plan.route.outcomes) {
        let today = premises
            .service
            .as_ref()
            .map_or("service not known".to_owned(), |today| format!("{} Mbit/s", today.down_mbps));
        let status = text(Language::En, &format!("status.{}", outcome.status.name()), &[]);
        let why = text(Language::En, &format!("reason.{}", outcome.reason.name()), &[]);
        println!("{}, {today} today: {status}, {why}", premises.label());
    }
    let count = |status| plan.route.outcomes.iter().filter(|outcome| outcome.status == status).count();
    assert_eq!([Status::Connected, Status::AlreadyServed, Status::Unreachable].map(count), [2, 1, 2]);
    Ok(())
}
