//! Which premises are furthest from a handover along the network? Reads the plan as a petgraph graph.
//!
//! `cargo run --release -p breiband --example longest_routes`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example's output")]

use breiband::{Context, CostBook, Recipe, Silent, Status};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = breiband::generate(&Recipe { premises: 500, seed: 4, ..Recipe::default() });
    let (scenario, sources) = breiband::scenario_of(&files)?;
    let mut silent = Silent;
    let mut context = Context::new(&mut silent);
    let region = breiband::import(&sources, &scenario.options, &mut context)?;
    let plan = breiband::plan(&region, &scenario, &CostBook::example(), &mut context)?.value;

    let built = plan.built_to_petgraph();
    let touched = built.node_indices().filter(|&v| built.neighbors(v).next().is_some()).count();
    println!("{} edges over {touched} vertices are built", built.edge_count());
    // A tree has one vertex more than it has edges.
    assert_eq!(touched, built.edge_count() + 1);

    let mut routes: Vec<_> = plan
        .route
        .outcomes
        .iter()
        .zip(&region.value.premises)
        .filter(|(outcome, _)| outcome.status == Status::Connected)
        .map(|(outcome, premises)| (outcome.distance_mm, premises.label()))
        .collect();
    routes.sort();
    for (distance_mm, label) in routes.iter().rev().take(5) {
        println!("{:6.2} km  {label}", *distance_mm as f64 / 1e6);
    }
    Ok(())
}
