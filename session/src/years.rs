//! The programme for the page: its figures, each premises' class on the map, and why it comes when it does.

use std::collections::HashMap;

use crate::refusal;
use breiband::{CostBook, EdgeId, Money, Phase, Plan, Programme, Reason, Region, Scenario, Staged};
use breiband_wire::{
    CoverageView, KeyView, MilestoneView, NOT_PLANNED, OrderView, ProgrammeView, UNFUNDED, Value, WhatIfView, YearView,
};

/// Points of the cost–coverage curve that are sent at most.
const CURVE: usize = 240;

/// A programme, or why there is none.
pub(crate) type Outcome = Result<Programme, Value>;

/// Works the programme out; `None` where the scenario asks for none. `orders` gives the bytes of the table of that name.
pub(crate) fn of(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    plan: &Plan,
    orders: impl Fn(&str) -> Option<Vec<u8>>,
) -> Option<Outcome> {
    let settings = scenario.programme.as_ref()?;
    let table = match settings.orders.as_str() {
        "" => None,
        path => match orders(path) {
            Some(bytes) => Some((path, bytes)),
            None => return Some(Err(refusal::not_open(path))),
        },
    };
    let table = table.as_ref().map(|(path, bytes)| (*path, bytes.as_slice()));
    Some(breiband::programme(region, scenario, book, plan, table).map_err(|error| refusal::programme(&error, book)))
}

/// What the page is shown.
pub(crate) fn view(outcome: &Outcome, plan: &Staged<Plan>, scenario: &Scenario) -> ProgrammeView {
    let currency = plan.value.summary.currency.clone();
    let programme = match outcome {
        Ok(programme) => programme,
        Err(problem) => return ProgrammeView { problem: problem.clone(), currency, ..ProgrammeView::default() },
    };
    let year = |one: &breiband::YearOutcome| YearView {
        year: one.year,
        budget: one.budget.as_major(),
        carried_in: one.carried_in.as_major(),
        fixed: one.fixed.as_major(),
        work: one.work.as_major(),
        carried_out: one.carried_out.as_major(),
        metres: one.length_mm as f64 / 1000.0,
        passed: one.passed,
        connected: one.connected,
    };
    let settings = scenario.programme.as_ref();
    let parts = |name: &str| -> Vec<(String, f64)> {
        let key = settings.and_then(|settings| settings.keys.iter().find(|key| key.name == name));
        let parts = key.map_or(&[][..], |key| key.parts.as_slice()).iter();
        parts.map(|part| (part.by.name().to_owned(), part.per_cent)).collect()
    };
    let key = |one: &breiband::KeyOutcome| KeyView {
        name: one.name.clone(),
        parts: parts(&one.name),
        shares: one.shares.iter().map(|row| row.iter().map(|share| share.as_major()).collect()).collect(),
        net: one.net.iter().map(|row| major(row)).collect(),
    };
    let milestone = |one: &breiband::MilestoneOutcome| MilestoneView {
        name: one.name.clone(),
        year: one.year,
        premises: [one.premises, one.reached],
    };
    let order = |one: &breiband::OrderOutcome| OrderView {
        id: one.id.clone(),
        municipality: one.municipality.clone(),
        status: one.status.clone(),
        phase: one.phase.label(),
    };
    ProgrammeView {
        problem: Value::default(),
        years: programme.years.iter().map(year).collect(),
        coverage: coverage(programme),
        curve: curve(programme),
        members: programme.members.iter().map(|member| member.name.clone()).collect(),
        keys: programme.keys.iter().map(key).collect(),
        trunk: trunk(programme),
        what_if: what_if(programme),
        milestones: programme.milestones.iter().map(milestone).collect(),
        orders: programme.orders.iter().map(order).collect(),
        total: programme.total.as_major(),
        unfunded: programme.unfunded.as_major(),
        currency,
    }
}

/// Minor units as major ones: a minor unit is a hundredth, and fewer than 2⁵³ of them are exact.
fn major(minor: &[i64]) -> Vec<f64> {
    minor.iter().map(|&minor| minor as f64 / 100.0).collect()
}

/// By year and member, what lies on its ground for others and what it uses on theirs.
fn trunk(programme: &Programme) -> Vec<Vec<[f64; 2]>> {
    let of = |year: u16, member: &breiband::MemberFigures| {
        let flows = programme.flows.iter().filter(|flow| flow.year == year && flow.ground != flow.user);
        let sum = |of: fn(&breiband::Flow) -> &str| -> Money {
            flows.clone().filter(|flow| of(flow) == member.code).map(|flow| flow.cost).sum()
        };
        [sum(|flow| &flow.ground), sum(|flow| &flow.user)].map(Money::as_major)
    };
    let years = programme.years.iter();
    years.map(|one| programme.members.iter().map(|member| of(one.year, member)).collect()).collect()
}

/// Who could leave, then who could join.
fn what_if(programme: &Programme) -> Vec<WhatIfView> {
    let leaving = programme.leaving.iter().filter(|_| programme.members.len() > 1).map(|one| WhatIfView {
        member: one.member as u32,
        joins: false,
        amount: one.avoided.as_major(),
        change: major(&one.change),
    });
    let joining = programme.joining.iter().map(|one| WhatIfView {
        member: one.member as u32,
        joins: true,
        amount: one.pays.as_major(),
        change: major(&one.change),
    });
    leaving.chain(joining).collect()
}

fn coverage(programme: &Programme) -> Vec<CoverageView> {
    let mut views: Vec<CoverageView> = Vec::new();
    // Rows come by area, then year, then speed; the first area is all of them.
    for row in programme.coverage.iter().filter(|row| row.municipality.is_empty() && row.density.is_empty()) {
        let share = row.households_connected as f64 / row.households.max(1) as f64;
        match views.iter_mut().find(|view| view.mbps == row.threshold_mbps) {
            Some(view) => view.shares.push(share),
            None => views.push(CoverageView { mbps: row.threshold_mbps, shares: vec![share] }),
        }
    }
    views
}

/// Money and premises after each job, thinned where there are many: the last point is always there.
fn curve(programme: &Programme) -> Vec<(f64, u64)> {
    let mut points = vec![(0.0, 0)];
    let (mut cost, mut premises) = (Money::ZERO, 0);
    let every = programme.jobs.len().div_ceil(CURVE).max(1);
    for (at, job) in programme.jobs.iter().enumerate() {
        cost = cost.checked_add(job.cost).unwrap_or(cost);
        premises += job.premises;
        if (at + 1) % every == 0 || at + 1 == programme.jobs.len() {
            points.push((cost.as_major(), premises));
        }
    }
    points
}

/// The phase of each chosen edge.
pub(crate) fn phases(programme: &Programme) -> HashMap<EdgeId, Phase> {
    programme.jobs.iter().flat_map(|job| job.edges.iter().map(|&edge| (edge, job.phase))).collect()
}

/// A phase as a number that the map compares with the year on screen.
pub(crate) fn number(phase: Phase) -> u16 {
    match phase {
        Phase::Built => 0,
        Phase::Year(year) => year,
        Phase::Unfunded => UNFUNDED,
        Phase::NotPlanned => NOT_PLANNED,
    }
}

/// Why a premises comes when it does, or does not: a message and its values.
pub(crate) fn why(
    at: usize,
    scenario: &Scenario,
    book: &CostBook,
    plan: &Plan,
    programme: Option<&Programme>,
) -> Option<Vec<Value>> {
    let outcome = plan.route.outcomes.get(at)?;
    let say = |key: &str, values: Vec<(&str, Value)>| {
        Value::Why(key.to_owned(), values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    };
    let not_planned = || match outcome.reason {
        Reason::Service => {
            let threshold_mbps = scenario.goal.threshold_mbps();
            say("served", vec![("threshold", Value::Text(threshold_mbps.to_string()))])
        }
        Reason::NoWay => say("no_way", vec![("limit", Value::Text(book.limits().drop_max_m.to_string()))]),
        Reason::NoHandover => say("no_handover", Vec::new()),
        Reason::OverBudget => say("over_budget", Vec::new()),
        Reason::NotWorthwhile => say("not_worthwhile", Vec::new()),
        Reason::BeyondShare => say("beyond_share", Vec::new()),
        Reason::Satellite => say("satellite", Vec::new()),
        _ => say("excluded", Vec::new()),
    };
    let Some(phase) = programme.and_then(|programme| programme.premises.get(at)) else {
        return outcome.drop.is_none().then(|| vec![not_planned()]);
    };
    let money = |amount: Money| Value::Money(amount.as_major(), plan.summary.currency.clone());
    let rank = ("rank", Value::Count(phase.rank.into()));
    let from = programme.and_then(|programme| programme.years.first()).map_or(0, |year| year.year);
    let first = match phase.phase {
        Phase::NotPlanned => not_planned(),
        phased => {
            let year = if let Phase::Year(year) = phased { year.to_string() } else { String::new() };
            say(phase.why(from), vec![("year", Value::Text(year)), rank, ("missing", money(phase.missing))])
        }
    };
    let waits = phase.phase != Phase::NotPlanned && !phase.connected;
    let waits = waits.then(|| say("unsigned", Vec::new()));
    let reach = (phase.reach > Money::ZERO).then(|| say("reach", vec![("cost", money(phase.reach))]));
    Some(std::iter::once(first).chain(waits).chain(reach).collect())
}
