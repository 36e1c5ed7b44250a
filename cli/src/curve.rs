//! `breiband curve`.

use std::fmt::Write;

use breiband::{Context, Count};

use crate::arguments::Curve;
use crate::directory;
use crate::failure::Failure;
use crate::inputs::{read_prices, read_region, read_scenario};
use crate::progress::Watch;
use crate::text;

pub(crate) fn run(arguments: &Curve) -> Result<(), Failure> {
    let (mut scenario, base) = read_scenario(&arguments.scenario)?;
    if let Some(steps) = arguments.steps {
        scenario.options.steps = steps;
    }
    if let Some(output) = &arguments.output {
        directory::check_file(output)?;
    }
    let book = read_prices(&arguments.scenario, &scenario, &base)?;
    let mut watch = Watch::new(arguments.quiet || arguments.json);
    let region = read_region(Some(&arguments.scenario), &scenario, &base, &mut watch)?;
    let curve = watch.stage("curve", |watch| {
        breiband::coverage_curve(&region, &scenario, &book, &mut Context::new(watch))
            .map_err(|error| Failure::plan_of(error, &region.issues))
    })?;
    let mut table = format!(
        "{:>14} {:>10} {:>8} {:>14} {:>16}\n",
        curve.currency,
        match curve.count {
            Count::Homes => "homes",
            Count::Premises => "premises",
        },
        "share",
        "at least",
        "each of the next"
    );
    for (at, place) in curve.places.iter().enumerate() {
        let share = place.connected as f64 / curve.wanted.max(1) as f64;
        let next = curve.each_of_the_next(at);
        let _ = writeln!(
            table,
            "{:>14} {:>10} {:>6.1} % {:>14} {:>16}",
            text::rounded(place.cost),
            text::grouped(place.connected),
            share * 100.0,
            text::rounded(place.bound),
            next.map(text::rounded).unwrap_or_default()
        );
    }
    if arguments.json {
        table = format!("{:#}\n", serde_json::to_value(&curve).unwrap_or_default());
    }
    // Whatever becomes of the one, the other is not lost.
    let printed = text::print(&table);
    if let Some(output) = &arguments.output {
        directory::write_file(output, curve.csv().as_bytes())?;
    }
    printed
}
