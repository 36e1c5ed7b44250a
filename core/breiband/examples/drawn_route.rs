//! What does a shortcut over the ground cost, and does the plan take it? Prices a line drawn by hand as the page does, puts it
//! into the scenario, plans, and bars a road for comparison.
//!
//! `cargo run --release -p breiband --example drawn_route`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example's output")]

use std::sync::Arc;

use breiband::spatial::Projection;
use breiband::{Context, CostBook, DrawnRoute, Leg, Recipe, RouteUse, Sketch};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = breiband::generate(&Recipe { premises: 500, seed: 3, ..Recipe::default() });
    let (mut scenario, sources) = breiband::scenario_of(&files)?;
    let mut context = Context::silent();
    let region = Arc::new(breiband::import(&sources, &scenario.options, &mut context)?);
    let book = CostBook::example();
    let plan = breiband::plan(&region, &scenario, &book, &mut context)?.value;

    // From the first premises straight to the last one.
    let all = &region.value.premises;
    let ends = [all[0].point, all[all.len() - 1].point];
    let mut sketch = Sketch::new(Arc::clone(&region), &scenario, &book);
    sketch.set_built(&plan.network, &plan.route);
    for (leg, name) in [(Leg::Road, "along the roads"), (Leg::Free, "straight")] {
        let traced = sketch.trace(&ends, |_| leg);
        println!("{name}: {} {}, {} premises passed", traced.cost().as_major(), plan.summary.currency, traced.passed);
        assert!(traced.added() <= traced.cost(), "what the plan has already is not paid for twice");
    }

    let projection = Projection::new(region.value.plane);
    let points: Vec<[f64; 2]> = ends.iter().map(|&p| projection.to_lon_lat(p).into()).collect();
    scenario.routes.push(DrawnRoute {
        name: "Straight".to_owned(),
        usage: RouteUse::Candidate,
        points: points.clone(),
        legs: vec![Leg::Free],
    });
    let with = breiband::plan(&region, &scenario, &book, &mut context)?.value.summary;
    println!("as a candidate: {:.0} instead of {:.0} {}", with.cost, plan.summary.cost, with.currency);
    assert!(with.bound <= plan.summary.cost, "one candidate more cannot make the least dearer");

    scenario.routes[0] = DrawnRoute { usage: RouteUse::Forbidden, legs: Vec::new(), ..scenario.routes[0].clone() };
    let barred = breiband::plan(&region, &scenario, &book, &mut context)?.value.summary;
    println!("its roads barred: {:.0} {} for {} premises", barred.cost, barred.currency, barred.connected);
    Ok(())
}
