//! Any number of plans side by side.

use breiband_export::{OutputFile, PlanView, Side, comparison_files, comparison_table};
use breiband_messages::Language;
use breiband_model::{CostBook, Programme, Region, Scenario, Staged};

use crate::Plan;

pub use breiband_export::MOST_SIDES;

/// A plan to compare, with what it was made from.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// The name it has beside the others; names are unique.
    pub name: &'a str,
    /// What is on the ground.
    pub region: &'a Region,
    /// What was asked.
    pub scenario: &'a Scenario,
    /// At which prices.
    pub book: &'a CostBook,
    /// The plan.
    pub plan: &'a Staged<Plan>,
    /// Its programme, where the scenario has one.
    pub programme: Option<&'a Programme>,
}

/// Holds plans against each other: cost, coverage, gap, phases and shares side by side in `compare-LANGUAGE.html` and
/// `compare.csv`, what is built in which of them in `difference.geojson`, and premises that fare differently in
/// `premises-difference.csv`. The plans may be of different regions, inputs or prices; the first is what the others are held
/// against. More than [`MOST_SIDES`] are not looked at. Near-linear in the plans' lengths, times their number.
pub fn compare(plans: &[Compared<'_>]) -> Vec<OutputFile> {
    let sides: Vec<Side<'_>> = plans.iter().take(MOST_SIDES).map(side).collect();
    comparison_files(&sides)
}

/// The figures of [`compare`] in English words, for a terminal: a row of the plans' names, then one for each figure, its name
/// first.
pub fn compared(plans: &[Compared<'_>]) -> Vec<Vec<String>> {
    let sides: Vec<Side<'_>> = plans.iter().take(MOST_SIDES).map(side).collect();
    comparison_table(&sides, Language::En)
}

fn side<'a>(one: &Compared<'a>) -> Side<'a> {
    let Compared { name, region, scenario, book, plan, programme } = *one;
    let Plan { network, route, summary, .. } = &plan.value;
    let issues = &plan.issues;
    let view = PlanView { region, scenario, book, network, route, summary, issues, loads: None };
    Side { name, view, programme }
}
