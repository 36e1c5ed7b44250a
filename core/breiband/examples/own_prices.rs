//! Which price matters most, and how does the price of asphalt move the plan? Makes each price class a fifth dearer in turn,
//! which is answered at once for the same lines, then plans with dearer asphalt from what the plan before knows.
//!
//! `cargo run --release -p breiband --example own_prices`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example's output")]

use std::collections::BTreeMap;

use breiband::{Context, CostBook, CostBookError, PriceChange, Recipe};

/// The book with one of its price classes multiplied, rounded to whole kroner.
fn scaled(book: &CostBook, class: &str, factor: f64) -> Result<CostBook, CostBookError> {
    let prices = book.price_id(class).map(|id| book.price(id));
    let change = |price: &breiband::Price| PriceChange {
        per_metre: Some((price.per_metre * factor).round()),
        each: Some((price.each * factor).round()),
        source: Some(format!("{class} × {factor}")),
    };
    book.changed(&prices.map(|price| (class.to_owned(), change(price))).into_iter().collect::<BTreeMap<_, _>>())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = breiband::generate(&Recipe { premises: 500, seed: 6, ..Recipe::default() });
    let (scenario, sources) = breiband::scenario_of(&files)?;
    let mut context = Context::silent();
    let region = breiband::import(&sources, &scenario.options, &mut context)?;
    let book = CostBook::example();
    let plan = breiband::plan(&region, &scenario, &book, &mut context)?;

    let mut dearer = Vec::new();
    for class in plan.value.summary.prices.keys() {
        let books = [&book, &scaled(&book, class, 1.2)?];
        let first = breiband::repriced(&region.value, &scenario, books, &plan).ok_or("the goal wants everybody")?;
        dearer.push((first.value.summary.cost - plan.value.summary.cost, class));
        assert!(plan.value.summary.bound <= first.value.summary.cost, "the least cannot fall when a price rises");
    }
    dearer.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (by, class) in &dearer {
        println!("{class} a fifth dearer: {by:+.0} {}", plan.value.summary.currency);
    }

    let mut before = plan.value;
    for factor in [1.0, 1.5, 2.0] {
        let book = scaled(&book, "asphalt-verge", factor)?;
        let plan = breiband::replan(&region, &scenario, &book, &before, &mut context)?.value;
        let summary = &plan.summary;
        let asphalt = summary.prices.get("asphalt-verge").map_or(0.0, |quantity| quantity.metres);
        println!("asphalt × {factor}: {:.0} {}, {asphalt:.0} m of it in asphalt", summary.cost, summary.currency);
        assert!(summary.cost >= before.summary.bound, "the least cannot fall when a price rises");
        before = plan;
    }
    Ok(())
}
