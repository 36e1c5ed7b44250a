//! A support scheme as tables: every address, every area by year, every municipality.

use breiband_model::{Funding, Money, Support};

use crate::csv_files::{Table, text};
use crate::view::{OutputFile, PlanView};

/// `support-areas.csv`, `support-municipalities.csv` and `support-premises.csv`.
pub(crate) fn tables(view: &PlanView<'_>, support: &Support) -> Vec<OutputFile> {
    let file = |name: &str, bytes| OutputFile { name: name.to_owned(), bytes };
    vec![
        file("support-areas.csv", areas(view, support)),
        file("support-municipalities.csv", municipalities(view, support)),
        file("support-premises.csv", premises(view, support)),
    ]
}

fn sums(funding: &Funding) -> impl Iterator<Item = String> + use<> {
    let counts = [funding.eligible, funding.reached].map(|count| count.to_string());
    let amounts = [funding.cost, funding.support, funding.own, funding.gap].map(|amount| amount.to_string());
    counts.into_iter().chain(amounts)
}

fn areas(view: &PlanView<'_>, support: &Support) -> Vec<u8> {
    let columns =
        ["area", "municipalities", "whole", "year", "eligible", "reached", "cost", "support", "own_share", "gap"];
    let first = view.scenario.programme.as_ref().and_then(|p| p.budgets.first()).map_or(0, |budget| budget.year);
    let mut table = Table::new(view, &columns);
    for area in &support.areas {
        let head = |year: String| {
            let whole = u8::from(area.whole).to_string();
            [text(&area.name).into_owned(), text(&area.municipalities.join("; ")).into_owned(), whole, year]
        };
        // A row for all years, then one for each: who pays the rest is a matter of the whole.
        table.row(head(String::new()).into_iter().chain(sums(&area.funding)));
        for (year, (cost, paid)) in (first..).zip(&area.years).filter(|(_, (cost, _))| *cost > Money::ZERO) {
            let amounts = [String::new(), String::new(), cost.to_string(), paid.to_string()];
            table.row(head(year.to_string()).into_iter().chain(amounts).chain([String::new(), String::new()]));
        }
    }
    table.finish()
}

fn municipalities(view: &PlanView<'_>, support: &Support) -> Vec<u8> {
    let columns = [
        "municipality_code",
        "municipality",
        "eligible",
        "reached",
        "cost",
        "support",
        "own_share",
        "gap",
        "cost_not_eligible",
    ];
    let mut table = Table::new(view, &columns);
    for m in &support.municipalities {
        let head = [text(&m.code).into_owned(), text(&m.name).into_owned()];
        table.row(head.into_iter().chain(sums(&m.funding)).chain([m.unsupported.to_string()]));
    }
    table.finish()
}

fn premises(view: &PlanView<'_>, support: &Support) -> Vec<u8> {
    let mut table = Table::new(view, &["id", "eligibility", "area"]);
    for (premises, (eligibility, area)) in view.region.premises.iter().zip(&support.premises) {
        let area = area.and_then(|area| support.areas.get(area as usize)).map_or("", |area| area.name.as_str());
        table.row([text(&premises.external_id).as_ref(), eligibility.name(), text(area).as_ref()]);
    }
    table.finish()
}
