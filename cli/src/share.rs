//! `breiband share`.

use std::fmt::Write;

use breiband::{CostBook, Money, WhatIf, share_amount};

use crate::arguments::Share;
use crate::failure::Failure;
use crate::inputs::{read_prices, read_scenario, refused_settings};
use crate::text;

pub(crate) fn run(arguments: &Share) -> Result<(), Failure> {
    let (scenario, base) = read_scenario(&arguments.scenario)?;
    // The currency is the prices', where nobody says another.
    let currency = match (&arguments.currency, &scenario.cost_book) {
        (Some(currency), _) => currency.clone(),
        (None, None) => CostBook::example().file().currency.clone(),
        (None, Some(_)) => read_prices(&arguments.scenario, &scenario, &base)?.file().currency.clone(),
    };
    let settings = scenario.programme.ok_or_else(|| {
        let path = arguments.scenario.display();
        Failure::input(format!("{path}: it has no section [programme]: nobody shares"))
    })?;
    let amount = arguments.amount;
    let what_if = match (&arguments.without, &arguments.with) {
        (Some(code), _) => WhatIf::Leaves(code),
        (None, Some(code)) => WhatIf::Joins(code),
        (None, None) => WhatIf::Agreed,
    };
    let shares = share_amount(&settings, arguments.year, amount, what_if)
        .map_err(|fault| refused_settings(&arguments.scenario, &fault))?;
    if arguments.json {
        let members = shares.members.iter().zip(&shares.inhabitants).enumerate().map(|(at, ((code, name), figure))| {
            let pays: serde_json::Map<String, serde_json::Value> =
                shares.keys.iter().map(|(key, split)| (key.clone(), split.shares[at].to_string().into())).collect();
            serde_json::json!({ "code": code, "name": name, "pays": pays,
                "inhabitants": figure.as_ref().map(|f| f.1), "on": figure.as_ref().map(|f| &f.0) })
        });
        let object = serde_json::json!({ "year": arguments.year, "amount": amount.to_string(), "currency": currency,
            "members": members.collect::<Vec<_>>(), "need_plan": shares.need_plan });
        return text::print(&format!("{object:#}\n"));
    }
    let mut out = format!("{} {currency} of {}\n", text::money(amount), arguments.year);
    let (codes, names) = text::columns(shares.members.iter().map(|(code, name)| (code.as_str(), name.as_str())));
    let wide = codes + names;
    for (key, split) in &shares.keys {
        let _ = writeln!(out, "\nBy the key {key:?}");
        let per_cent = |share: Money| match amount.as_minor() {
            0 => 0.0,
            all => share.as_minor() as f64 / all as f64 * 100.0,
        };
        for ((member, figure), &share) in shares.members.iter().zip(&shares.inhabitants).zip(&split.shares) {
            let figure = figure.as_ref().map(|(date, count)| format!("  {} on {date}", text::grouped(*count)));
            let _ = writeln!(
                out,
                "  {:<codes$}{:<names$}{:>18} {:>8.3} %{}",
                member.0,
                member.1,
                text::money(share),
                per_cent(share),
                figure.unwrap_or_default()
            );
        }
        let paid: Money = split.shares.iter().copied().sum();
        let _ = writeln!(out, "  {:<wide$}{:>18}", "together", text::money(paid));
        if split.unpaid > Money::ZERO {
            let _ = writeln!(out, "  {:<wide$}{:>18}", "above every cap", text::money(split.unpaid));
        }
    }
    for key in &shares.need_plan {
        let _ = writeln!(out, "\n{key}: goes by what is built, see `breiband report`");
    }
    text::print(&out)
}
