//! Every kind of edit is answered at once, soundly, and then by the plan that the scenario has from nothing.

mod support;

use breiband_wire::{
    Choice, Command, Draw, Edit, Event, FoundView, GoalKind, GoalView, PlaceKind, PlaceView, Purpose, SummaryView,
    Which,
};
use support::Desk;

const PREMISES: u32 = 250;

/// The answers to what was asked last.
fn answers(desk: &Desk) -> Vec<SummaryView> {
    let told = desk.heard.iter().filter_map(|one| match &one.reply.event {
        Event::Summary(summary) => Some((**summary).clone()),
        _ => None,
    });
    told.collect()
}

fn connected(desk: &mut Desk) -> Vec<FoundView> {
    let [text, service] = [String::new(), String::new()];
    desk.run(Command::Find { text, status: "connected".to_owned(), service, sort: "distance".to_owned() });
    let found = desk.last(|event| match event {
        Event::Found(_, found) => Some(found.clone()),
        _ => None,
    });
    found.expect("an answer")
}

/// Makes an edit and holds its two answers against each other, and the last against the scenario's file, planned from nothing.
fn told(desk: &mut Desk, name: &str, edit: impl FnOnce(&mut Desk)) {
    desk.heard.clear();
    edit(desk);
    let answers = answers(desk);
    let [first, whole] = answers.as_slice() else { panic!("{name}: {} answers", answers.len()) };
    assert!(first.first && !whole.first, "{name}");
    assert!(first.bound <= whole.cost && whole.bound <= first.cost, "{name}: both are right");
    assert_eq!((first.connected, first.unreachable), (whole.connected, whole.unreachable), "{name}");
    let digest = whole.digest.clone();
    assert_eq!(desk.digest_of_file(PREMISES), digest, "{name}: what was planned before leaves no trace");
}

fn place(kind: PlaceKind, at: Option<u32>, place: [f64; 2]) -> Edit {
    Edit::Place(kind, at, Some(PlaceView { name: format!("{kind:?}"), place, ..PlaceView::default() }))
}

fn drawn(desk: &mut Desk, purpose: Purpose, free: bool, points: &[[f64; 2]]) {
    desk.draw(Draw::Begin { purpose, known: None });
    if !purpose.is_area() {
        desk.draw(Draw::Mode(free));
    }
    for &place in points {
        desk.draw(Draw::Add { place, at: None, reach_m: 200.0 });
    }
    desk.heard.clear();
    desk.draw(Draw::Finish(purpose.name().to_owned()));
}

#[test]
fn every_edit_has_a_first_answer_that_is_sound_and_leaves_no_trace() {
    let mut desk = Desk::open(PREMISES);
    desk.run(Command::Plan);
    let list = connected(&mut desk);
    let (far, near) = (list[0].clone(), list[list.len() / 2].clone());
    let choose = |choice| Edit::Choose(Which::Numbers(vec![far.id]), choice);
    told(&mut desk, "left out", |desk| desk.edit(choose(Choice::Exclude)));
    told(&mut desk, "required", |desk| desk.edit(choose(Choice::Include)));
    told(&mut desk, "a point of presence", |desk| desk.edit(place(PlaceKind::Pop, None, far.place)));
    told(&mut desk, "moved", |desk| desk.edit(place(PlaceKind::Pop, Some(0), near.place)));
    told(&mut desk, "a handover", |desk| desk.edit(place(PlaceKind::Handover, None, far.place)));
    told(&mut desk, "a cabinet", |desk| desk.edit(place(PlaceKind::Cabinet, None, near.place)));
    let line = [far.place, near.place];
    told(&mut desk, "freehand", |desk| drawn(desk, Purpose::Candidate, true, &line));
    told(&mut desk, "along roads", |desk| drawn(desk, Purpose::Candidate, false, &line));
    told(&mut desk, "a duct", |desk| drawn(desk, Purpose::Duct, false, &line));
    told(&mut desk, "poles", |desk| drawn(desk, Purpose::Poles, true, &line));
    told(&mut desk, "barred", |desk| drawn(desk, Purpose::Forbidden, false, &line));
    let ring = [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]];
    let ring = ring.map(|[x, y]: [f64; 2]| [near.place[0] + 0.004 * x, near.place[1] + 0.002 * y]);
    for purpose in [Purpose::NoDig, Purpose::Dearer, Purpose::LeaveOut] {
        told(&mut desk, purpose.name(), |desk| drawn(desk, purpose, false, &ring));
    }
    told(&mut desk, "dug again", |desk| desk.edit(Edit::RemoveArea(0)));
    told(&mut desk, "free again", |desk| desk.edit(Edit::RemoveRoute(4)));
}

#[test]
fn another_goal_and_another_place_are_answered_together() {
    let mut desk = Desk::open(PREMISES);
    desk.run(Command::Plan);
    let far = connected(&mut desk)[0].clone();
    let goal = GoalView { kind: GoalKind::Coverage, amount: 0.8, homes: true };
    desk.edit(Edit::Goal(goal));
    desk.heard.clear();
    desk.edit(place(PlaceKind::Handover, None, far.place));
    let answers = answers(&desk);
    let [first, next, whole] = answers.as_slice() else { panic!("{} answers", answers.len()) };
    assert!(first.first && next.first && !whole.first && first.choice.is_some());
    assert!(first.bound <= whole.cost && whole.bound <= first.cost && next.bound <= whole.cost);
    assert!(next.gap <= first.gap && whole.gap <= next.gap, "{} {} {}", first.gap, next.gap, whole.gap);
}
