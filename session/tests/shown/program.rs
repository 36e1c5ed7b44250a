//! What the page shows as Rust, word for word.
#![allow(clippy::print_stdout, reason = "its output")]
use breiband::{Context, CostBook, Scenario, Silent, SourceFile};

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scenario = Scenario::parse(&std::fs::read_to_string("scenario.toml")?)?;
    let book = CostBook::example();
    let mut sources = Vec::new();
    for input in &scenario.inputs {
        sources.push(SourceFile { input: input.clone(), bytes: std::fs::read(&input.path)?.into() });
    }
    let mut silent = Silent;
    let mut context = Context::new(&mut silent);
    let region = breiband::import(&sources, &scenario.options, &mut context)?;
    let plan = breiband::plan(&region, &scenario, &book, &mut context)?;
    let summary = &plan.value.summary;
    println!("{} premises for {} {}: {}", summary.connected, summary.cost, summary.currency, summary.digest);
    Ok(())
}
