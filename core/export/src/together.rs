//! What a treasurer and the joint ordering unit check, as tables: on whose ground and for whom, what if one leaves or joins,
//! milestones and orders.

use breiband_model::{Money, Phase, Programme};

use crate::csv_files::{Table, length, text};
use crate::game::signed;
use crate::view::{OutputFile, PlanView};

/// `members.csv`, `measures.csv`, `trunk.csv`, `leaving.csv`, `milestones.csv` and `order-status.csv`.
pub(crate) fn tables(view: &PlanView<'_>, programme: &Programme) -> Vec<OutputFile> {
    let file = |name: &str, bytes| OutputFile { name: name.to_owned(), bytes };
    vec![
        file("members.csv", members(view, programme)),
        file("measures.csv", measures(view, programme)),
        file("trunk.csv", trunk(view, programme)),
        file("leaving.csv", leaving(view, programme)),
        file("milestones.csv", milestones(view, programme)),
        file("order-status.csv", orders(view, programme)),
    ]
}

fn members(view: &PlanView<'_>, programme: &Programme) -> Vec<u8> {
    let columns = [
        "municipality_code",
        "municipality",
        "premises",
        "connected",
        "on_its_ground",
        "of_it_for_others",
        "caused",
        "of_it_on_others_ground",
        "owed_by_others",
    ];
    let mut table = Table::new(view, &columns);
    for m in &programme.members {
        let head = [text(&m.code).into_owned(), text(&m.name).into_owned()];
        let counts = [m.premises, m.connected].map(|count| count.to_string());
        let amounts = [m.ground, m.for_others, m.caused, m.by_others].map(|amount| amount.to_string());
        table.row(head.into_iter().chain(counts).chain(amounts).chain([signed(m.owed())]));
    }
    table.finish()
}

/// What a treasurer works the shares out from.
fn measures(view: &PlanView<'_>, programme: &Programme) -> Vec<u8> {
    let columns = [
        "year",
        "municipality_code",
        "municipality",
        "shares",
        "inhabitants",
        "premises",
        "connected",
        "built_m",
        "caused",
    ];
    let mut table = Table::new(view, &columns);
    for row in &programme.measured {
        let member = &programme.members[row.member];
        table.row(vec![
            row.year.to_string(),
            text(&member.code).into_owned(),
            text(&member.name).into_owned(),
            u8::from(row.shares).to_string(),
            row.inhabitants.map(|count| count.to_string()).unwrap_or_default(),
            row.premises.to_string(),
            row.connected.to_string(),
            length(row.built_mm),
            row.caused.to_string(),
        ]);
    }
    table.finish()
}

fn trunk(view: &PlanView<'_>, programme: &Programme) -> Vec<u8> {
    let mut table = Table::new(view, &["year", "on_ground_of", "used_by", "cost"]);
    for flow in &programme.flows {
        let codes = [&flow.ground, &flow.user].map(|code| text(code).into_owned());
        table.row(std::iter::once(flow.year.to_string()).chain(codes).chain([flow.cost.to_string()]));
    }
    table.finish()
}

/// A row for each that pays more or less, by the agreed key.
fn leaving(view: &PlanView<'_>, programme: &Programme) -> Vec<u8> {
    let mut table = Table::new(view, &["what_if", "municipality_code", "not_built", "payer_code", "pays_more"]);
    let leaves = programme.leaving.iter().map(|l| ("leaves", l.member, l.avoided, &l.change));
    let joins = programme.joining.iter().map(|j| ("joins", j.member, Money::ZERO, &j.change));
    let code = |member: usize| text(&programme.members[member].code).into_owned();
    for (word, member, avoided, change) in leaves.chain(joins) {
        for (payer, &more) in change.iter().enumerate().filter(|(payer, _)| word == "joins" || *payer != member) {
            table.row([word.to_owned(), code(member), avoided.to_string(), code(payer), signed(more)]);
        }
    }
    table.finish()
}

fn milestones(view: &PlanView<'_>, programme: &Programme) -> Vec<u8> {
    let mut table = Table::new(view, &["milestone", "year", "premises", "reached", "done"]);
    for m in &programme.milestones {
        let numbers = [u64::from(m.year), m.premises, m.reached].map(|number| number.to_string());
        let done = m.done.map_or_else(String::new, |year| year.to_string());
        table.row(std::iter::once(text(&m.name).into_owned()).chain(numbers).chain([done]));
    }
    table.finish()
}

fn orders(view: &PlanView<'_>, programme: &Programme) -> Vec<u8> {
    let columns = [
        "id",
        "municipality_code",
        "status",
        "votes",
        "needed",
        "phase",
        "phase_if_approved",
        "premises_earlier",
        "premises_later",
        "not_planned",
    ];
    let mut table = Table::new(view, &columns);
    for o in &programme.orders {
        let head = [&o.id, &o.municipality, &o.status].map(|cell| text(cell).into_owned());
        let votes = [o.votes.0, o.votes.1].map(|votes| votes.to_string());
        let phases = [o.phase, o.if_approved].map(|phase: Phase| phase.label());
        let moves = [o.moves.0, o.moves.1].map(|count| count.to_string());
        let lacking = text(&o.not_planned.join(" ")).into_owned();
        table.row(head.into_iter().chain(votes).chain(phases).chain(moves).chain([lacking]));
    }
    table.finish()
}
