//! How many homes does each budget reach? Plans an invented region for a series of budgets and prints a table as CSV.
//!
//! `cargo run --release -p breiband --example budget_series > budgets.csv`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example's output")]

use breiband::{Context, CostBook, Count, Goal, PlanError, Recipe};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = breiband::generate(&Recipe { premises: 400, seed: 3, ..Recipe::default() });
    let (mut scenario, sources) = breiband::scenario_of(&files)?;
    scenario.options.steps = 3_000_000;
    let mut context = Context::silent();
    let region = breiband::import(&sources, &scenario.options, &mut context)?;
    let book = CostBook::example();

    let mut reached = Vec::new();
    println!("budget,homes,homes_at_most,cost,cost_at_least");
    for millions in [1, 2, 4, 8, 16] {
        let budget = f64::from(millions) * 1e6;
        scenario.goal = Goal::Budget { threshold_mbps: 100.0, count: Count::Homes, budget };
        let summary = match breiband::plan(&region, &scenario, &book, &mut context) {
            Ok(plan) => plan.value.summary,
            // What the scenario requires costs more than that.
            Err(PlanError::Budget { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        let choice = summary.choice.ok_or("a budget leaves somebody out")?;
        println!("{budget},{},{},{},{}", choice.connected, choice.most, summary.cost, summary.bound);
        assert!(summary.cost <= budget);
        reached.push(choice);
    }
    // What is proven for more money holds for less.
    assert!(reached.windows(2).all(|pair| pair[0].connected <= pair[1].most));
    Ok(())
}
