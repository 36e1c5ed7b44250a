//! Which premises are furthest from a handover along the network, and which branch is the longest? Reads the plan as a petgraph
//! graph.
//!
//! `cargo run --release -p breiband --example longest_routes`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example's output")]

use breiband::petgraph::algo::dijkstra;
use breiband::petgraph::graph::NodeIndex;
use breiband::{CandidateNetwork, Context, CostBook, Recipe, Status};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = breiband::generate(&Recipe { premises: 500, seed: 4, ..Recipe::default() });
    let (scenario, sources) = breiband::scenario_of(&files)?;
    let mut context = Context::silent();
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

    // Millimetres from the root to every vertex that is reached: node and edge numbers are those of the network.
    let root = NodeIndex::new(CandidateNetwork::ROOT.index());
    let reached = dijkstra(&built, root, None, |edge| plan.network.edge_length(edge.weight()));
    let (end, longest) = reached.iter().max_by_key(|(end, length)| (**length, **end)).ok_or("nothing is built")?;
    println!("the longest branch ends at {:?} after {:.2} km", built[*end].kind, *longest as f64 / 1e6);
    assert_eq!(Some(*longest), routes.last().map(|(distance_mm, _)| *distance_mm));
    Ok(())
}
