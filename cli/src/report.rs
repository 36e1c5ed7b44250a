//! `breiband report`.

use std::fmt::Write;

use breiband::{Context, Money, Phase, PlanError, Programme, ProgrammeFailure, Summary};

use crate::arguments;
use crate::directory;
use crate::failure::Failure;
use crate::game;
use crate::inputs::{read_orders, read_policy, read_prices, read_region, read_scenario, refused};
use crate::progress::Watch;
use crate::text;

pub(crate) fn run(arguments: &arguments::Report) -> Result<(), Failure> {
    let (scenario, base) = read_scenario(&arguments.scenario)?;
    let refused = |error: ProgrammeFailure| refused(&arguments.scenario, &error);
    let Some(settings) = &scenario.programme else {
        return Err(refused(ProgrammeFailure::NoSection));
    };
    let output = arguments.output.clone().unwrap_or_else(|| directory::beside(&arguments.scenario, "report"));
    directory::check(&output, &directory::REPORT)?;
    let book = read_prices(&arguments.scenario, &scenario, &base)?;
    let orders = read_orders(&arguments.scenario, settings, &base)?;
    let orders = orders.as_ref().map(|(path, bytes)| (*path, bytes.as_slice()));
    let mut watch = Watch::new(arguments.quiet || arguments.json);
    let region = read_region(Some(&arguments.scenario), &scenario, &base, &mut watch)?;
    let plan = watch.stage("plan", |watch| {
        breiband::plan(&region, &scenario, &book, &mut Context::new(watch))
            .map_err(|error| Failure::plan_of(error, &region.issues))
    })?;
    let mut programme = watch
        .stage("programme", |_| breiband::programme(&region.value, &scenario, &book, &plan.value, orders))
        .map_err(refused)?;
    let policy = read_policy(&arguments.scenario, &scenario, &base)?;
    let found = breiband::services(&region.value, &scenario, &book, &plan.value, &programme, &policy);
    programme.services = Some(found.map_err(refused)?);
    if !arguments.quick {
        let first = watch.stage("first year", |watch| {
            breiband::first_year(&region.value, &scenario, &plan.value, &programme, &mut Context::new(watch))
        });
        programme.first_year = Some(first.map_err(|error| match error {
            ProgrammeFailure::Plan(error) => Failure::plan(error),
            error => refused(error),
        })?);
        let table = breiband::GameTable::new(&region.value, &scenario, &book, &plan.value).map_err(refused)?;
        let planned = watch
            .stage("game", |watch| game::plan(&table, watch))
            .map_err(|error| Failure::plan(PlanError::Solve(error)))?;
        programme.game = Some(table.settle(&planned));
    }
    let written = watch.stage("files", |_| breiband::report(&region.value, &scenario, &book, &plan, &programme));
    watch.stage("write", |_| directory::write(&output, &written, &directory::REPORT))?;
    if arguments.json {
        return text::print(&format!("{:#}\n", serde_json::to_value(&programme).unwrap_or_default()));
    }
    let mut out = describe(&plan.value.summary, &programme);
    out.push_str(&crate::inspect::describe_issues(&plan.issues, 1));
    let _ = writeln!(out, "\nWritten to {} in {:.1} s.", output.display(), watch.total());
    text::print(&out)
}

fn describe(summary: &Summary, programme: &Programme) -> String {
    let mut out = format!("{} ({})\n", summary.name, summary.date);
    if !summary.notice.is_empty() {
        let _ = writeln!(out, "{}", summary.notice);
    }
    let _ = writeln!(out, "\n{:<6}{:>18}{:>18}{:>18}{:>11}", "year", "budget", "fixed", "building", "connected");
    for y in &programme.years {
        let [budget, fixed, work] = [y.budget, y.fixed, y.work].map(text::money);
        let _ = writeln!(out, "{:<6}{budget:>18}{fixed:>18}{work:>18}{:>11}", y.year, text::grouped(y.connected));
    }
    let _ = writeln!(out, "{:>42}{:>18}  in no budget yet", "", text::money(programme.unfunded));
    let _ = writeln!(out, "All amounts are in {}.", summary.currency);
    for y in programme.years.iter().filter(|y| y.short > Money::ZERO) {
        let _ = writeln!(out, "By the end of {} the fixed costs exceed the money by {}", y.year, text::money(y.short));
    }
    if let Some(first) = &programme.first_year {
        let reached = text::counted(first.reached, "point");
        let [found, most] = [first.found, first.most].map(text::grouped);
        let _ = writeln!(
            out,
            "With the money of {} ({}) the plan reaches {reached}; {found} by a network for it alone, {most} at most by any",
            first.year,
            text::money(first.money)
        );
    }
    for milestone in &programme.milestones {
        let word = match milestone.premises {
            0 => "nothing to build",
            all if all == milestone.reached => "kept",
            _ => "missed",
        };
        let _ = writeln!(
            out,
            "Milestone {:?} by {}: {word}, {} of {}",
            milestone.name, milestone.year, milestone.reached, milestone.premises
        );
    }
    let (codes, names) =
        text::columns(programme.members.iter().map(|member| (member.code.as_str(), member.name.as_str())));
    let wide = codes + names;
    for key in &programme.keys {
        let _ = writeln!(out, "\nShares of all years by the key {:?}", key.name);
        for (m, member) in programme.members.iter().enumerate() {
            let share = key.all_years(m);
            let _ = writeln!(out, "  {:<codes$}{:<names$}{:>18}", member.code, member.name, text::money(share));
        }
        let _ = writeln!(out, "  {:<wide$}{:>18}", "together", text::money(key.shares.iter().flatten().copied().sum()));
        let unpaid: Money = key.unpaid.iter().copied().sum();
        if unpaid > Money::ZERO {
            let _ = writeln!(out, "  {:<wide$}{:>18}", "above every cap", text::money(unpaid));
        }
    }
    if let Some(services) = programme.services.as_ref().filter(|services| !services.sites.is_empty()) {
        let last = programme.years.last().map(|y| y.year);
        let there = |phase: Phase| phase == Phase::Built || phase.by(last);
        let ready = services.sites.iter().filter(|site| there(site.ready)).count();
        let _ =
            writeln!(out, "\n{ready} of {} public sites have what they need after the last year", services.sites.len());
        if let Some(host) = services.hosts.first() {
            let _ = writeln!(
                out,
                "The server room is best placed at {} ({} looked at)",
                host.name,
                text::counted(services.hosts.len() as u64, "place")
            );
        }
    }
    if let Some(support) = &programme.support {
        let total = support.total;
        let [cost, paid, own, gap] = [total.cost, total.support, total.own, total.gap].map(text::money);
        let whole = support.areas.iter().filter(|area| area.whole).count();
        let _ = writeln!(
            out,
            "\n{}: {} of {} eligible premises reached, {whole} of {} areas whole\n  cost {cost} = support {paid} + own share {own} + gap {gap}",
            support.scheme[0],
            text::grouped(total.reached),
            text::grouped(total.eligible),
            support.areas.len()
        );
    }
    if let Some(case) = &programme.business {
        let signed = |major: f64| format!("{}{}", if major < 0.0 { "-" } else { "" }, text::rounded(major.abs()));
        let payback = case
            .payback
            .map_or_else(|| "not paid back within the horizon".to_owned(), |year| format!("paid back in {year}"));
        let [low, _, high] = case.npv_range.map(signed);
        let _ = writeln!(
            out,
            "\nNet present value {} {} (eight cases in ten: {low} to {high}), {payback}, subsidy needed {}",
            signed(case.npv),
            summary.currency,
            signed(case.subsidy)
        );
    }
    if let Some(found) = &programme.game {
        out.push_str(&game::describe(found, &summary.currency));
    }
    out
}
