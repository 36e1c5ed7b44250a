//! The business case as tables: the years, and what each figure does to the net present value.

use breiband_model::BusinessCase;

use crate::csv_files::{Table, text};
use crate::view::{OutputFile, PlanView};

/// `business.csv` and `sensitivity.csv`.
pub(crate) fn tables(view: &PlanView<'_>, case: &BusinessCase) -> Vec<OutputFile> {
    let columns =
        ["year", "homes_passed", "customers", "revenue", "opex", "renewal", "capex", "net", "cumulative", "discounted"];
    let mut years = Table::new(view, &columns);
    for y in &case.years {
        let figures = [y.passed, y.customers, y.revenue, y.opex, y.renewal, y.capex, y.net, y.cumulative, y.discounted];
        let row = std::iter::once(y.year.to_string()).chain(figures.map(|figure| format!("{figure:.2}")));
        years.row(row);
    }
    let mut sways = Table::new(view, &["figure", "npv_at_p10", "npv", "npv_at_p90"]);
    for sway in &case.sways {
        let figures = [sway.at_p10, case.npv, sway.at_p90].map(|figure| format!("{figure:.2}"));
        sways.row(std::iter::once(text(&sway.of).into_owned()).chain(figures));
    }
    let file = |name: &str, bytes| OutputFile { name: name.to_owned(), bytes };
    vec![file("business.csv", years.finish()), file("sensitivity.csv", sways.finish())]
}
