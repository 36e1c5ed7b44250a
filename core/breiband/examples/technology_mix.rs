//! Everybody by the cheapest of fibre, wireless and satellite, and what becomes of that where a home needs more.
//!
//! `cargo run --release -p breiband --example technology_mix`
#![allow(clippy::print_stdout, reason = "an example's output")]

use breiband::{Context, CostBook, Recipe};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // An invented region with heights of the ground and four masts; real ones come from SRTM tiles and OSM.
    let files = breiband::generate(&Recipe { premises: 400, terrain: true, ..Recipe::default() });
    let (mut scenario, sources) = breiband::scenario_of(&files)?;
    scenario.options.steps = 5_000_000;
    let book = CostBook::example();
    let mut context = Context::silent();
    let region = breiband::import(&sources, &scenario.options, &mut context)?;
    for needs_mbps in [100.0, 120.0, 1_000.0] {
        scenario.mix.get_or_insert_default().needs_mbps = Some(needs_mbps);
        let plan = breiband::plan(&region, &scenario, &book, &mut context)?;
        let Some(mix) = plan.value.summary.mix else { continue };
        println!(
            "Everybody needs {needs_mbps} Mbit/s: {:.0} {}, within {:.1} % of the least",
            mix.cost,
            plan.value.summary.currency,
            mix.gap * 100.0
        );
        for one in &mix.technologies {
            println!("  {:<10} {:>4} premises", one.technology.name(), one.premises);
        }
        for mast in &mix.masts {
            let busiest = mast.sectors.iter().map(|sector| sector.busy_mbps).fold(0.0, f64::max);
            println!("  {} serves {} sectors, the busiest with {busiest} Mbit/s", mast.name, mast.sectors.len());
        }
    }
    Ok(())
}
