//! Masts in the session: their sectors are loaded as the command line loads them.

mod support;

use std::collections::BTreeMap;

use breiband::{Policy, Recipe, Scenario, generate};
use breiband_wire::{Command, Edit, Event, Export};
use support::Desk;

const FILE: &str = "busy.toml";

fn exported(desk: &mut Desk, export: Export) -> String {
    desk.run(Command::Export(export.clone()));
    let bytes = desk.bytes(|event| matches!(event, Event::Exported { export: one, .. } if *one == export));
    String::from_utf8(bytes).expect("text")
}

#[test]
fn sectors_are_loaded_by_the_scenarios_policy() {
    let policy = Policy::example_text().replacen("busy_mbps = 3.0", "busy_mbps = 30.0", 1);
    let files = generate(&Recipe { premises: 600, terrain: true, ..Recipe::default() });
    let mut desk = Desk::new();
    let mut all: Vec<_> = files.iter().map(|file| (file.name.clone(), file.bytes.clone())).collect();
    all.push((FILE.to_owned(), policy.clone().into_bytes()));
    desk.load(all);
    desk.run(Command::Plan);
    let masts = || Export::File("masts.csv".to_owned());
    let shipped = exported(&mut desk, masts());
    assert!(shipped.lines().count() > 1, "a mast is in use");

    // The policy chooses no route: the plan stays, and what its masts carry does not.
    let digest = desk.summary().digest;
    let text = exported(&mut desk, Export::Scenario);
    let text = text.replacen("[programme]", &format!("[programme]\npolicy = {FILE:?}"), 1);
    desk.edit(Edit::Scenario(text.clone()));
    assert_eq!(desk.failure(), None);
    let own = exported(&mut desk, masts());
    assert_eq!(desk.summary().digest, digest);
    assert_ne!(own, shipped);

    // As the command line does it.
    let scenario = Scenario::parse(&text).expect("a scenario");
    let (_, sources) = breiband::scenario_of(&files).expect("a scenario");
    let mut silent = breiband::Silent;
    let mut context = breiband::Context::new(&mut silent);
    let book = breiband::CostBook::example();
    let region = breiband::import(&sources, &scenario.options, &mut context).expect("a region");
    let mut plan = breiband::plan(&region, &scenario, &book, &mut context).expect("a plan");
    let policy = Policy::parse(&policy).expect("a policy");
    breiband::load_sectors(&region.value, &scenario, &book, &mut plan, &policy);
    let written = breiband::files_by(&region.value, &scenario, &book, &plan, Some(&policy));
    let written: BTreeMap<&str, &[u8]> = written.iter().map(|file| (file.name.as_str(), &*file.bytes)).collect();
    assert_eq!(own.as_bytes(), written["masts.csv"]);

    desk.run(Command::Turn(-1));
    assert_eq!(exported(&mut desk, masts()), shipped);
}
