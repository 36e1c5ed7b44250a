//! `breiband compare`.

use std::path::Path;

use breiband::{Compared, Context, CostBook, MOST_SIDES, Plan, Programme, Region, Scenario, Staged};

use crate::arguments;
use crate::directory;
use crate::failure::Failure;
use crate::inputs::{holds_plan, inputs_of, read, read_orders, read_prices, read_region, read_scenario, refused};
use crate::progress::Watch;
use crate::text;

/// A plan that was made to be compared.
struct Planned {
    name: String,
    region: Staged<Region>,
    scenario: Scenario,
    book: CostBook,
    plan: Staged<Plan>,
    programme: Option<Programme>,
}

impl Planned {
    fn side(&self) -> Compared<'_> {
        let Self { name, region, scenario, book, plan, programme } = self;
        Compared { name, region: &region.value, scenario, book, plan, programme: programme.as_ref() }
    }
}

pub(crate) fn run(arguments: &arguments::Compare) -> Result<(), Failure> {
    let given = &arguments.plans;
    if !(2..=MOST_SIDES).contains(&given.len()) {
        return Err(Failure::usage(format!("compare 2 to {MOST_SIDES} plans or scenarios; {} are named", given.len())));
    }
    let output = arguments.output.as_deref().unwrap_or(Path::new("comparison"));
    directory::check(output, &directory::COMPARISON)?;
    let mut watch = Watch::new(arguments.quiet);
    let mut plans = Vec::new();
    for path in given {
        plans.push(planned(path, arguments, &mut watch)?);
    }
    // Those of one name are told apart by where they lie, all of them.
    let names: Vec<String> = plans.iter().map(|plan| plan.name.clone()).collect();
    for (plan, path) in plans.iter_mut().zip(given) {
        if names.iter().filter(|name| **name == plan.name).count() > 1 {
            plan.name = format!("{} ({})", plan.name, path.display());
        }
    }
    let sides: Vec<Compared<'_>> = plans.iter().map(Planned::side).collect();
    let written = watch.stage("files", |_| breiband::compare(&sides));
    watch.stage("write", |_| directory::write(output, &written, &directory::COMPARISON))?;
    let figures = describe(&breiband::compared(&sides));
    text::print(&format!("{figures}\nWritten to {} in {:.1} s.\n", output.display(), watch.total()))
}

/// A scenario's plan, or the plan of a directory made again from the scenario that lies in it.
fn planned(path: &Path, arguments: &arguments::Compare, watch: &mut Watch) -> Result<Planned, Failure> {
    let directory = path.is_dir();
    let file = if directory { path.join("scenario.toml") } else { path.to_path_buf() };
    if directory {
        holds_plan(path)?;
    }
    let (scenario, base) = read_scenario(&file)?;
    let here = |problem: String| Failure::input(format!("{}: {problem}", file.display()));
    let inputs_base = match directory {
        true => inputs_of(path, arguments.inputs.as_deref(), &scenario)?
            .ok_or_else(|| here("its inputs are not found; say where they lie with --inputs".to_owned()))?,
        false => base.clone(),
    };
    let book = read_prices(&file, &scenario, &base)?;
    let region = read_region((!directory).then_some(&*file), &scenario, &inputs_base, watch)?;
    let plan = watch.stage("plan", |watch| {
        breiband::plan(&region, &scenario, &book, &mut Context::new(watch))
            .map_err(|error| Failure::plan_of(error, &region.issues))
    })?;
    if directory {
        let manifest = String::from_utf8_lossy(&read(&path.join("manifest.json"))?).into_owned();
        if !manifest.contains(&plan.value.summary.digest) {
            return Err(here("its inputs or this program have changed since it was planned: plan it again".to_owned()));
        }
    }
    let programme = match &scenario.programme {
        Some(settings) if !settings.budgets.is_empty() => {
            let orders = read_orders(&file, settings, &inputs_base)?;
            let orders = orders.as_ref().map(|(table, bytes)| (*table, bytes.as_slice()));
            let programme = breiband::programme(&region.value, &scenario, &book, &plan.value, orders);
            Some(programme.map_err(|error| refused(&file, &error))?)
        }
        _ => None,
    };
    // A directory or file is what a person tells plans apart by; scenarios side by side often have one name.
    let name = path.file_stem().map_or_else(|| path.display().to_string(), |stem| stem.to_string_lossy().into_owned());
    Ok(Planned { name, region, scenario, book, plan, programme })
}

/// The table of figures, its columns aligned.
fn describe(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let widest = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|at| widest(at).unwrap_or(0)).collect();
    let mut out = String::new();
    for row in rows {
        for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let gap = " ".repeat(width - cell.chars().count());
            out += &if at == 0 { format!("{cell}{gap}") } else { format!("  {gap}{cell}") };
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_under_their_plan() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let table = describe(&[row(["", "North, first", "b"]), row(["Connected", "1", "22"])]);
        assert_eq!(table, "           North, first   b\nConnected             1  22\n");
    }
}
