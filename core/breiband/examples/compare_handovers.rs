//! What does a second handover save? Plans an invented region with each set of handovers and compares.
//!
//! `cargo run --release -p breiband --example compare_handovers`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example's output")]

use breiband::{Context, CostBook, Recipe};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = breiband::generate(&Recipe { premises: 500, seed: 3, ..Recipe::default() });
    let (scenario, sources) = breiband::scenario_of(&files)?;
    let mut context = Context::silent();
    let region = breiband::import(&sources, &scenario.options, &mut context)?;
    let book = CostBook::example();

    let all = breiband::plan(&region, &scenario, &book, &mut context)?.value.summary;
    let mut parts = region.value.clone().into_parts();
    println!("{} handovers: {:.0} {} for {} premises", parts.handovers.len(), all.cost, all.currency, all.connected);

    parts.handovers.truncate(1);
    let fewer = breiband::Staged::new(breiband::Region::new(parts)?, region.issues.clone());
    let one = breiband::plan(&fewer, &scenario, &book, &mut context)?.value.summary;
    println!("1 handover: {:.0} {} for {} premises", one.cost, one.currency, one.connected);

    // Both costs are within their proven gaps of the least possible, so the saving is known to the same precision.
    if one.connected == all.connected {
        println!("saved: at least {:.0} {}", (one.bound - all.cost).max(0.0), all.currency);
        assert!(all.bound <= one.cost, "more handovers cannot cost more than the least with fewer");
    }
    Ok(())
}
