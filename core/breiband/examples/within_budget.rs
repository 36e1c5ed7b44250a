//! Who gets fibre for half the money? Draws the cost–coverage curve of an invented region, plans for half of what everybody
//! would cost, and says how many more any other network could connect.
//!
//! `cargo run --release -p breiband --example within_budget`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example's output")]

use breiband::{Context, CostBook, Count, Goal, Recipe};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = breiband::generate(&Recipe { premises: 1_000, seed: 3, ..Recipe::default() });
    let (mut scenario, sources) = breiband::scenario_of(&files)?;
    scenario.options.steps = 6_000_000;
    let mut context = Context::silent();
    let region = breiband::import(&sources, &scenario.options, &mut context)?;
    let book = CostBook::example();

    let curve = breiband::coverage_curve(&region, &scenario, &book, &mut context)?;
    for place in &curve.places {
        println!(
            "{:5} of {} homes for {:11.0} {}, and not under {:11.0}",
            place.connected, curve.wanted, place.cost, curve.currency, place.bound
        );
    }
    let everybody = curve.places.last().map_or(0.0, |place| place.cost);

    let budget = (everybody / 2.0).round();
    scenario.goal = Goal::Budget { threshold_mbps: scenario.goal.threshold_mbps(), count: Count::Homes, budget };
    let plan = breiband::plan(&region, &scenario, &book, &mut context)?.value;
    let choice = plan.summary.choice.ok_or("a budget leaves somebody out")?;
    println!("\nfor {budget:.0}: {} homes, and no network connects more than {}", choice.connected, choice.most);
    assert!(plan.summary.cost <= budget && choice.connected <= choice.most);
    assert!(choice.connected * 2 > choice.wanted, "the cheap half of the money reaches more than half of the homes");
    Ok(())
}
