//! How does the price of asphalt move the plan? Scales one price class and plans again, from what the plan before knows.
//!
//! `cargo run --release -p breiband --example own_prices`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example's output")]

use breiband::{Context, CostBook, Recipe, Silent};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = breiband::generate(&Recipe { premises: 500, seed: 6, ..Recipe::default() });
    let (scenario, sources) = breiband::scenario_of(&files)?;
    let mut silent = Silent;
    let mut context = Context::new(&mut silent);
    let region = breiband::import(&sources, &scenario.options, &mut context)?;

    let mut last = 0.0;
    let mut before = None;
    for factor in [1.0, 1.5, 2.0] {
        let mut file = CostBook::example().file().clone();
        for price in file.prices.iter_mut().filter(|p| p.id == "asphalt-verge") {
            price.per_metre *= factor;
        }
        let book = CostBook::new(file)?;
        let plan = match &before {
            None => breiband::plan(&region, &scenario, &book, &mut context)?.value,
            Some(before) => breiband::replan(&region, &scenario, &book, before, &mut context)?.value,
        };
        let summary = &plan.summary;
        let asphalt = summary.prices.get("asphalt-verge").map_or(0.0, |q| q.metres);
        println!("asphalt × {factor}: {:.0} {}, {asphalt:.0} m of it in asphalt", summary.cost, summary.currency);
        // The least possible cannot fall when a price rises.
        assert!(summary.cost >= last);
        last = summary.bound;
        before = Some(plan);
    }
    Ok(())
}
