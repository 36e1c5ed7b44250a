//! What does each key mean for each municipality? Shares the cost of an invented region's network by three keys.
//!
//! `cargo run --release -p breiband --example cost_shares`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example's output")]

use breiband::{Budget, Context, CostBook, Measure, Money, ProgrammeSettings, Recipe, SharingKey};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = breiband::generate(&Recipe { premises: 500, seed: 3, ..Recipe::default() });
    let (mut scenario, sources) = breiband::scenario_of(&files)?;
    let mut context = Context::silent();
    let region = breiband::import(&sources, &scenario.options, &mut context)?;
    let book = CostBook::example();
    let plan = breiband::plan(&region, &scenario, &book, &mut context)?.value;

    // Every municipality of the region is a member, and there is money for everything in the second year at the latest.
    scenario.programme = Some(ProgrammeSettings {
        keys: [Measure::Equal, Measure::Premises, Measure::CauserPays].map(SharingKey::of).into(),
        budgets: vec![
            Budget { year: 2027, amount: 5_000_000.0 },
            Budget { year: 2028, amount: plan.summary.cost.ceil() },
        ],
        ..ProgrammeSettings::usual()
    });
    scenario.check()?;
    let programme = breiband::programme(&region.value, &scenario, &book, &plan, None)?;

    let names: Vec<&str> = programme.keys.iter().map(|key| key.name.as_str()).collect();
    println!("{:<16} {:>14} {:>14} {:>14}", plan.summary.currency, names[0], names[1], names[2]);
    for (at, member) in programme.members.iter().enumerate() {
        print!("{:<16}", member.name);
        programme.keys.iter().for_each(|key| print!(" {:>14}", key.all_years(at).to_string()));
        println!();
    }
    for key in &programme.keys {
        let all: Money = (0..programme.members.len()).map(|at| key.all_years(at)).sum();
        assert_eq!(all, plan.route.cost, "{}: shares add up to the last øre", key.name);
    }
    Ok(())
}
