//! `breiband plan`.

use std::fmt::Write;

use breiband::{Assumption, Context, Count, MixSummary, PlaceKind, Plan, Quantity, Reason, Scenario, Staged, Summary};

use crate::arguments;
use crate::directory;
use crate::failure::Failure;
use crate::inputs::{read_policy, read_prices, read_region, read_scenario};
use crate::progress::Watch;
use crate::text;

pub(crate) fn run(arguments: &arguments::Plan) -> Result<(), Failure> {
    let (mut scenario, base) = read_scenario(&arguments.scenario)?;
    if let Some(steps) = arguments.steps {
        scenario.options.steps = steps;
    }
    let output = arguments.output.clone().unwrap_or_else(|| directory::beside(&arguments.scenario, "plan"));
    directory::check(&output, &directory::PLAN)?;
    let book = read_prices(&arguments.scenario, &scenario, &base)?;
    let policy = read_policy(&arguments.scenario, &scenario, &base)?;
    let mut watch = Watch::new(arguments.quiet || arguments.json);
    let region = read_region(Some(&arguments.scenario), &scenario, &base, &mut watch)?;
    let mut plan = watch.stage("plan", |watch| {
        breiband::plan(&region, &scenario, &book, &mut Context::new(watch))
            .map_err(|error| Failure::plan_of(error, &region.issues))
    })?;
    breiband::load_sectors(&region.value, &scenario, &book, &mut plan, &policy);
    // The plan's own copy names the cost book that lies beside it, so that it can be planned again from there.
    let copy = Scenario { cost_book: Some("cost-book.toml".to_owned()), ..scenario };
    let policy = copy.programme.as_ref().map(|_| policy);
    let written = watch.stage("files", |_| breiband::files_by(&region.value, &copy, &book, &plan, policy.as_ref()));
    watch.stage("write", |_| directory::write(&output, &written, &directory::PLAN))?;
    let summary = &plan.value.summary;
    if arguments.json {
        let mut object = serde_json::to_value(summary).unwrap_or_default();
        object["seconds"] = serde_json::to_value(watch.seconds()).unwrap_or_default();
        text::print(&format!("{object:#}\n"))
    } else {
        let mut text = describe(summary, &plan);
        let _ = writeln!(text, "\nWritten to {} in {:.1} s.", output.display(), watch.total());
        text::print(&text)
    }
}

fn describe_mix(out: &mut String, mix: &MixSummary, currency: &str) {
    let (years, rate) = mix.horizon;
    let _ = writeln!(
        out,
        "\nTechnologies{:>13} {:>9} {:>7} {:>14} {:>13} {:>14}",
        "premises", "homes", "Mbit/s", "to build", "to run, a year", "running, today"
    );
    for one in &mix.technologies {
        let _ = writeln!(
            out,
            "  {:<14} {:>8} {:>9} {:>7} {:>14} {:>14} {:>14}",
            one.technology.name(),
            text::grouped(one.premises),
            text::grouped(one.homes),
            one.down_mbps,
            text::rounded(one.capex),
            text::rounded(one.opex_a_year),
            text::rounded(one.opex_present)
        );
    }
    let _ = writeln!(
        out,
        "{:>14} {currency} together, running of {years} years at {rate} % included; at most {} above the cheapest mix (proven: \
         not under {})",
        text::rounded(mix.cost),
        text::per_cent_up(mix.gap),
        text::rounded(mix.bound)
    );
    let stands = mix.masts.iter().filter(|m| m.existing).count();
    let fed = mix.masts.iter().filter(|m| m.radio_fed).count();
    let masts = text::counted(mix.masts.len() as u64, "mast");
    let _ = writeln!(out, "{masts:>20}, of which standing {stands}, fed by radio {fed}");
}

/// Points of presence and cabinets: what the plan has of them, and what that costs.
fn places(summary: &Summary, out: &mut String) {
    for (kind, what, state) in
        [(PlaceKind::PointOfPresence, "points of presence", "opened"), (PlaceKind::Cabinet, "cabinets", "reached")]
    {
        let all: Vec<_> = summary.places.iter().filter(|one| one.kind == kind).collect();
        if all.is_empty() {
            continue;
        }
        let used: Vec<_> = all.iter().filter(|one| one.used).collect();
        let cost = text::rounded(used.iter().map(|one| one.cost).sum());
        let (count, currency) = (used.len(), &summary.currency);
        let _ = writeln!(out, "{:>12} of {} {what} {state}, for {cost} {currency}", count, all.len());
        if kind == PlaceKind::PointOfPresence {
            for one in all {
                let state = if one.used { "opened" } else { "not opened" };
                let _ = writeln!(out, "{:>16} {currency} {}: {state}", text::rounded(one.cost), one.name);
            }
        }
    }
}

fn describe(summary: &Summary, plan: &Staged<Plan>) -> String {
    let mut out = String::new();
    let money = |x: f64| format!("{} {}", text::rounded(x), summary.currency);
    let _ = writeln!(out, "{} ({})", summary.name, summary.date);
    if !summary.notice.is_empty() {
        let _ = writeln!(out, "{}", summary.notice);
    }
    let _ = writeln!(out, "\n{:>12} premises", text::grouped(summary.premises));
    let groups = [
        (summary.connected, "connected"),
        (summary.already_served, "already served"),
        (summary.excluded, "excluded"),
        (summary.unreachable, "unreachable"),
    ];
    for (n, what) in groups {
        let _ = writeln!(out, "{:>12} {what}", text::grouped(n));
    }
    for (reason, n) in summary.reasons.iter().filter(|(r, _)| !matches!(r, Reason::InPlan | Reason::Service)) {
        let why = match reason {
            Reason::NoWay => "no way within the longest drop",
            Reason::NoHandover => "on ways that no handover reaches",
            Reason::ByScenario => "excluded by the scenario",
            Reason::Kind => "of a kind that is left out",
            Reason::Area => "excluded by an area's rule",
            Reason::NotWorthwhile => "cost more than they are worth",
            Reason::OverBudget => "beyond the budget",
            Reason::BeyondShare => "beyond the share asked for",
            Reason::Satellite => "by satellite, which costs less than a network to them",
            Reason::InPlan | Reason::Service => continue,
        };
        let _ = writeln!(out, "{:>16} {why}", text::grouped(*n));
    }
    if summary.in_no_municipality > 0 {
        let _ = writeln!(out, "{:>16} in no municipality", text::grouped(summary.in_no_municipality));
    }
    let _ = writeln!(out, "\n{:>12.1} km of line", summary.trench_metres / 1000.0);
    let _ = writeln!(out, "{:>12} {}", text::rounded(summary.cost), summary.currency);
    let [low, _, high] = summary.cost_range;
    let _ = writeln!(
        out,
        "{:>12} to {}: eight such projects in ten, by the prices' own spread",
        text::rounded(low),
        money(high)
    );
    if summary.connected > 0 {
        let _ = writeln!(
            out,
            "{:>12} {} a premises",
            text::rounded(summary.cost / summary.connected as f64),
            summary.currency
        );
    }
    if let Some(choice) = &summary.choice {
        let what = match choice.count {
            Count::Homes => "homes",
            Count::Premises => "premises",
        };
        let _ = writeln!(
            out,
            "{:>12} of {} {what} that could be connected (proven: for this money not over {})",
            text::grouped(choice.connected),
            text::grouped(choice.wanted),
            text::grouped(choice.most)
        );
        if let Some([built, all]) = choice.areas {
            let (built, all) = (text::grouped(built), text::grouped(all));
            let _ = writeln!(
                out,
                "{built:>12} of {all} support areas built, each as a whole or not at all: the proof holds without that rule too"
            );
        }
    }
    let _ = writeln!(
        out,
        "{:>12} above the least possible trench and drop cost, at most (proven: not under {})",
        text::per_cent_up(summary.gap),
        money(summary.bound)
    );
    places(summary, &mut out);
    if let Some(mix) = &summary.mix {
        describe_mix(&mut out, mix, &summary.currency);
    }
    let _ = writeln!(out, "\nBy method{:>19} {:>9} {:>14}", "km", "pieces", summary.currency);
    for (method, Quantity { metres, count, cost }) in &summary.methods {
        let (km, pieces, cost) = (text::kilometres(*metres), text::pieces(*count), text::rounded(*cost));
        let _ = writeln!(out, "  {method:<16} {km:>9} {pieces:>9} {cost:>14}");
    }
    if summary.long_drops.count > 0 {
        let _ = writeln!(
            out,
            "\n{} longer than the cost book lists: {:.1} km for {}",
            text::counted(summary.long_drops.count, "drop"),
            summary.long_drops.metres / 1000.0,
            money(summary.long_drops.cost)
        );
    }
    let _ = writeln!(out, "\nPrices: {} ({}). {}.", summary.cost_book[0], summary.cost_book[1], summary.cost_book[2]);
    // What the prices are has just been said.
    for assumption in summary.assumptions.iter().filter(|assumption| assumption.code != Assumption::EXAMPLE_PRICES) {
        let _ = writeln!(out, "{}", breiband::assumption(breiband::messages::Language::En, assumption));
    }
    out.push_str(&crate::inspect::describe_issues(&plan.issues, 1));
    for attribution in &summary.attribution {
        let _ = writeln!(out, "{attribution}");
    }
    out
}
