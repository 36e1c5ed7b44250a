//! Who pays what, and what does building together save? Plans an invented region as a programme of eight municipalities.
//!
//! `cargo run --release -p breiband --example build_together`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example's output")]

use breiband::{Context, CostBook, Money, Recipe};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = breiband::generate(&Recipe { premises: 500, seed: 3, ..Recipe::default() });
    let (scenario, sources) = breiband::scenario_of(&files)?;
    let mut context = Context::silent();
    let region = breiband::import(&sources, &scenario.options, &mut context)?;
    let book = CostBook::example();
    let plan = breiband::plan(&region, &scenario, &book, &mut context)?;

    let orders = files.iter().find(|f| f.name == "orders.csv").map(|f| ("orders.csv", f.bytes.as_slice()));
    let programme = breiband::programme(&region.value, &scenario, &book, &plan.value, orders)?;
    for year in &programme.years {
        println!("{}: {} of work, {} premises connected", year.year, year.work, year.connected);
    }
    for key in &programme.keys {
        let total: Money = key.shares.iter().flatten().copied().sum();
        println!("by {}: {total}", key.name);
        let spent: Money = programme.years.iter().map(|y| y.work.saturating_add(y.fixed)).sum();
        assert_eq!(total, spent, "shares add up to the last minor unit");
    }
    let game = breiband::game(&region.value, &scenario, &book, &plan.value, &mut context)?;
    if let Some((least, _)) = game.saving {
        println!("together they save at least {:.0} {}", least as f64 / 100.0, plan.value.summary.currency);
    }
    for sharing in &game.allocations {
        println!("by {}: {:?}, {} groups wronged", sharing.name, sharing.verdict, sharing.wronged.len());
    }
    Ok(())
}
