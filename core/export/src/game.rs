//! The game as tables: every group's cost, the Shapley values, and the sharings held against the groups.

use breiband_model::{Game, Money, Verdict};

use crate::csv_files::{Table, text};
use crate::view::{OutputFile, PlanView};

/// `game.csv`, `shapley.csv`, `sharings.csv` and `wronged-groups.csv`.
pub(crate) fn tables(view: &PlanView<'_>, game: &Game) -> Vec<OutputFile> {
    let file = |name: &str, bytes| OutputFile { name: name.to_owned(), bytes };
    vec![
        file("game.csv", groups(view, game)),
        file("shapley.csv", values(view, game)),
        file("sharings.csv", sharings(view, game)),
        file("wronged-groups.csv", wronged(view, game)),
    ]
}

/// Minor units as an amount, with its sign.
pub(crate) fn signed(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    format!("{sign}{}", Money::from_minor(minor.unsigned_abs()))
}

fn codes(game: &Game, group: u32) -> String {
    let codes = (0..game.members.len()).filter(|m| group >> m & 1 == 1).map(|m| game.members[m].0.as_str());
    text(&codes.collect::<Vec<_>>().join(" ")).into_owned()
}

fn groups(view: &PlanView<'_>, game: &Game) -> Vec<u8> {
    let mut table = Table::new(view, &["group", "members", "feasible", "cost_at_least", "cost_at_most"]);
    for group in &game.groups {
        let amount = |of: fn(&(u64, u64)) -> u64| {
            group.cost.as_ref().map(|cost| Money::from_minor(of(cost)).to_string()).unwrap_or_default()
        };
        table.row(vec![
            codes(game, group.members),
            group.members.count_ones().to_string(),
            u8::from(group.cost.is_some()).to_string(),
            amount(|cost| cost.0),
            amount(|cost| cost.1),
        ]);
    }
    table.finish()
}

fn values(view: &PlanView<'_>, game: &Game) -> Vec<u8> {
    let columns = [
        "municipality_code",
        "municipality",
        "alone_at_least",
        "alone_at_most",
        "shapley",
        "shapley_at_least",
        "shapley_at_most",
        "standard_error",
        "share_of_proof",
    ];
    let mut table = Table::new(view, &columns);
    for (m, (code, name)) in game.members.iter().enumerate() {
        let alone = game.group(1 << m).and_then(|group| group.cost);
        let value = game.shapley.get(m);
        let amount = |minor: Option<i64>| minor.map(signed).unwrap_or_default();
        table.row(vec![
            text(code).into_owned(),
            text(name).into_owned(),
            amount(alone.map(|cost| cost.0 as i64)),
            amount(alone.map(|cost| cost.1 as i64)),
            amount(value.map(|v| v.share)),
            amount(value.map(|v| v.least)),
            amount(value.map(|v| v.most)),
            amount(value.map(|v| v.error as i64)),
            amount(game.dual.get(m).map(|&part| part as i64)),
        ]);
    }
    table.finish()
}

fn sharings(view: &PlanView<'_>, game: &Game) -> Vec<u8> {
    let columns = ["sharing", "verdict", "municipality_code", "municipality", "share", "over_alone", "over_shapley"];
    let mut table = Table::new(view, &columns);
    for allocation in &game.allocations {
        let verdict = match allocation.verdict {
            Verdict::Holds => "holds",
            Verdict::Fails => "fails",
            Verdict::Undecided => "undecided",
        };
        for (m, (code, name)) in game.members.iter().enumerate() {
            table.row(vec![
                text(&allocation.name).into_owned(),
                verdict.to_owned(),
                text(code).into_owned(),
                text(name).into_owned(),
                signed(allocation.shares[m]),
                signed(allocation.over_alone[m] as i64),
                allocation.over_shapley.get(m).map(|&over| signed(over)).unwrap_or_default(),
            ]);
        }
    }
    table.finish()
}

fn wronged(view: &PlanView<'_>, game: &Game) -> Vec<u8> {
    let mut table = Table::new(view, &["sharing", "group", "members", "pays_too_much"]);
    for allocation in &game.allocations {
        for &(group, more) in &allocation.wronged {
            let size = group.count_ones().to_string();
            table.row(vec![text(&allocation.name).into_owned(), codes(game, group), size, signed(more as i64)]);
        }
    }
    table.finish()
}
