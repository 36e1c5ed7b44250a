//! A planner's day: choosing premises, drawing routes, changing prices, scenarios side by side, and all of it undone.

mod support;

use breiband_wire::{Choice, Command, Draw, Edit, Event, Export, FoundView, LayerId, Which};
use support::{Desk, region};

const PREMISES: u32 = 200;

fn planned() -> Desk {
    let mut desk = Desk::open(PREMISES);
    desk.run(Command::Plan);
    desk
}

fn find(desk: &mut Desk, text: &str, status: &str, sort: &str) -> (u64, Vec<FoundView>) {
    desk.run(Command::Find { text: text.to_owned(), status: status.to_owned(), sort: sort.to_owned() });
    let found = desk.last(|event| match event {
        Event::Found(count, found) => Some((*count, found.clone())),
        _ => None,
    });
    found.expect("an answer")
}

#[test]
fn premises_are_left_out_and_taken_in_again_and_every_edit_is_undone() {
    let mut desk = planned();
    let first = desk.summary();
    let connected = find(&mut desk, "", "connected", "distance").1;
    assert!(connected.windows(2).all(|pair| pair[0].metres >= pair[1].metres), "farthest first");
    desk.heard.clear();
    desk.edit(Edit::Choose(Which::Numbers(vec![connected[0].id]), Choice::Exclude));
    let without = desk.summary();
    assert_eq!((without.excluded, without.connected), (first.excluded + 1, first.connected - 1));
    assert!(without.cost < first.cost, "the farthest house costs something");
    assert!(desk.heard.iter().all(|one| one.reply.revision == desk.revision), "nothing stale");
    let document = desk.document();
    assert_eq!(
        document.undo.as_ref().map(|name| (name.key.as_str(), name.value.as_str())),
        Some(("exclude", connected[0].label.as_str()))
    );
    assert!(!document.stale);
    assert_eq!(desk.digest_of_file(PREMISES), without.digest, "the exported file plans the same");

    // Typed, two at once; one that is not there is said, and nothing changes.
    let typed = format!("{}\n{}; ", connected[1].label, document.excluded[0]);
    desk.edit(Edit::Choose(Which::Typed(typed), Choice::Exclude));
    assert_eq!(desk.document().excluded.len(), 2);
    desk.edit(Edit::Choose(Which::Typed("Nowhere 7".to_owned()), Choice::Exclude));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("unknown-premises".to_owned()));
    assert_eq!(desk.document().excluded.len(), 2);

    // Whoever has service already is connected where that is asked for.
    let (served, list) = find(&mut desk, "", "already_served", "address");
    assert!(served > 0);
    let before = desk.summary().connected;
    desk.edit(Edit::Choose(Which::Numbers(vec![list[0].id]), Choice::Include));
    assert_eq!(desk.summary().connected, before + 1);
    assert_eq!(desk.digest_of_file(PREMISES), desk.summary().digest);

    for _ in 0..3 {
        desk.run(Command::Undo);
    }
    assert_eq!(desk.summary().digest, first.digest);
    assert!(desk.document().undo.is_none());
    desk.heard.clear();
    desk.ask(Command::Redo, Vec::new());
    assert_eq!(
        desk.heard(|event| matches!(event, Event::Summary(s) if s.digest == without.digest)),
        1,
        "known at once"
    );
    desk.finish();
    desk.run(Command::Undo);
    desk.heard.clear();
    desk.run(Command::Undo);
    assert_eq!(desk.heard(|event| matches!(event, Event::Document(_))), 0, "there is no more to undo");
}

#[test]
fn an_edit_replaces_the_plan_under_way() {
    let mut desk = planned();
    let (_, list) = find(&mut desk, "", "connected", "address");
    desk.heard.clear();
    desk.ask(Command::Edit(Edit::Choose(Which::Numbers(vec![list[0].id]), Choice::Exclude)), Vec::new());
    desk.slice();
    desk.ask(Command::Edit(Edit::Choose(Which::Numbers(vec![list[1].id]), Choice::Exclude)), Vec::new());
    desk.finish();
    assert_eq!(desk.heard(|event| matches!(event, Event::Summary(_))), 1);
    let summaries = desk.heard.iter().filter(|one| matches!(one.reply.event, Event::Summary(_)));
    assert!(summaries.into_iter().all(|one| one.reply.revision == desk.revision));
    assert_eq!(desk.document().excluded.len(), 2);
}

/// Two places a few kilometres apart, and one beside their middle.
fn places(desk: &mut Desk) -> [[f64; 2]; 3] {
    let (_, list) = find(desk, "", "connected", "distance");
    let (far, near) = (list[0].place, list[list.len() - 1].place);
    let middle = [f64::midpoint(far[0], near[0]), f64::midpoint(far[1], near[1]) + 0.002];
    [near, middle, far]
}

fn add(place: [f64; 2]) -> Draw {
    Draw::Add { place, at: None, reach_m: 30.0 }
}

#[test]
fn a_route_is_drawn_priced_finished_and_resumed() {
    let mut desk = planned();
    let first = desk.summary();
    let [near, middle, far] = places(&mut desk);
    desk.draw(Draw::Begin { route: None, forbidden: false });
    desk.draw(add(near));
    desk.draw(Draw::Hover(far));
    let hover = desk.drawing().expect("being drawn");
    assert_eq!((hover.points.len(), hover.legs.len()), (1, 0), "the pointer adds no waypoint");
    assert!(hover.metres > 100.0 && hover.cost > 0.0 && hover.added <= hover.cost);
    assert!(hover.premises[0] <= hover.premises[1] && hover.premises[1] > 0);
    let sum: f64 = hover.grounds.iter().map(|ground| ground.2).sum::<f64>() + hover.crossings;
    assert!((sum - hover.cost).abs() < 0.01, "the parts add up");

    desk.draw(Draw::Mode(true));
    desk.draw(add(far));
    desk.draw(Draw::Add { place: middle, at: Some(1), reach_m: 0.0 });
    let three = desk.drawing().expect("being drawn");
    assert_eq!(three.legs, [true, true], "a freehand leg is cut into two");
    desk.draw(Draw::Move { at: 1, place: near, reach_m: 0.0, done: false });
    assert_ne!(desk.drawing(), Some(three.clone()));
    desk.draw(Draw::Leave);
    assert_eq!(desk.drawing(), Some(three.clone()), "let go of, it is where it was");
    desk.draw(Draw::Leg(0, false));
    desk.draw(Draw::Reorder(0, 2));
    desk.draw(Draw::Remove(0));
    assert_eq!(desk.drawing().map(|drawing| drawing.points.len()), Some(2));
    for _ in 0..3 {
        desk.run(Command::Undo);
    }
    assert_eq!(desk.drawing(), Some(three));
    assert_eq!(desk.summary().digest, first.digest, "nothing is planned anew while drawing");

    desk.draw(Draw::Finish("Shore".to_owned()));
    assert_eq!(desk.drawing(), None);
    assert_eq!(desk.document().routes.iter().map(|r| (r.name.as_str(), r.points)).collect::<Vec<_>>(), [("Shore", 3)]);
    let with = desk.summary();
    assert!(with.bound <= first.cost, "more candidates, and still a proof");
    assert_eq!(desk.digest_of_file(PREMISES), with.digest, "the exported file plans the same");
    assert_eq!(desk.heard(|event| matches!(event, Event::Layer { layer: LayerId::Drawn, features: 1 })), 1);

    // Resumed with all waypoints; given up; brought back.
    desk.draw(Draw::Begin { route: Some(0), forbidden: false });
    assert_eq!(desk.drawing().map(|d| (d.points.len(), d.name)), Some((3, "Shore".to_owned())));
    desk.draw(add(far));
    desk.draw(Draw::Cancel);
    assert_eq!(desk.document().routes[0].points, 3);
    desk.run(Command::Undo);
    desk.draw(Draw::Finish("Shore".to_owned()));
    assert_eq!(desk.document().routes[0].points, 4);

    desk.edit(Edit::RemoveRoute(0));
    assert_eq!(desk.summary().digest, first.digest);
}

#[test]
fn a_forbidden_route_bars_its_roads() {
    let mut desk = planned();
    let first = desk.summary();
    let [near, _, far] = places(&mut desk);
    desk.draw(Draw::Begin { route: None, forbidden: true });
    desk.draw(Draw::Mode(true));
    desk.draw(add(near));
    desk.draw(add(far));
    assert_eq!(desk.drawing().map(|drawing| drawing.legs), Some(vec![false]), "it follows the roads");
    desk.draw(Draw::Finish("Not here".to_owned()));
    let barred = desk.summary();
    assert!(barred.connected < first.connected || barred.cost > first.cost, "the cheapest road is taken away");
    assert_eq!(desk.digest_of_file(PREMISES), barred.digest);
    desk.edit(Edit::ForbidRoute(0, false));
    assert_eq!(desk.summary().digest, first.digest, "a road that may be dug anyway adds nothing");
}

#[test]
fn drawing_too_little_or_nothing_is_said() {
    let mut desk = planned();
    desk.draw(Draw::Leave);
    assert_eq!(desk.failure(), None, "a late pointer is no mistake");
    desk.draw(Draw::Begin { route: None, forbidden: false });
    desk.draw(Draw::Finish(String::new()));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("drawing-short".to_owned()));
    desk.draw(Draw::Move { at: 7, place: [0.0, 0.0], reach_m: 0.0, done: true });
    assert_eq!(desk.failure().map(|failure| failure.0), Some("gone".to_owned()));
    // Off the map, and not a number: priced as nothing sensible, and no panic.
    desk.draw(add([f64::NAN, 999.0]));
    desk.draw(Draw::Hover([179.0, -80.0]));
    desk.draw(Draw::Cancel);
}

#[test]
fn prices_and_threshold_steer_the_plan() {
    let mut desk = planned();
    let first = desk.summary();
    let dear = &first.methods[0].name;
    let price = desk.document().prices.into_iter().find(|price| price.method == *dear && price.per_metre > 0.0);
    let price = price.expect("the method has a price");
    let edit = |factor: f64| Edit::Price {
        id: price.id.clone(),
        per_metre: Some((price.per_metre * factor).round()),
        each: None,
    };
    desk.edit(edit(3.0));
    assert!(desk.summary().cost > first.cost);
    assert_eq!(desk.digest_of_file(PREMISES), desk.summary().digest);
    let changed = desk.document().prices.into_iter().find(|one| one.id == price.id).expect("still there");
    assert_eq!((changed.per_metre, changed.book[0]), ((price.per_metre * 3.0).round(), price.per_metre));
    desk.edit(edit(-1.0));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("price".to_owned()));
    desk.edit(Edit::Price { id: price.id, per_metre: None, each: None });
    assert_eq!(desk.summary().digest, first.digest);
    // Fewer need it where less is enough.
    desk.edit(Edit::Threshold(1.0));
    assert!(desk.summary().connected < first.connected);
    desk.edit(Edit::Threshold(-5.0));
    assert_eq!(desk.document().threshold, 1.0);
    assert_eq!(desk.failure().map(|failure| failure.0), Some("scenario".to_owned()));
}

#[test]
fn scenarios_are_copied_named_compared_and_removed() {
    let mut desk = planned();
    let first = desk.summary();
    desk.edit(Edit::Duplicate("Cheaper".to_owned()));
    assert_eq!(desk.summary().name, "Cheaper");
    desk.edit(Edit::Note("without the farthest".to_owned()));
    let (_, list) = find(&mut desk, "", "connected", "distance");
    let far: Vec<u32> = list.iter().take(5).map(|one| one.id).collect();
    desk.edit(Edit::Choose(Which::Numbers(far), Choice::Exclude));
    let document = desk.document();
    let figures: Vec<(u32, f64)> =
        document.scenarios.iter().map(|one| (one.id, one.figures.as_ref().map_or(0.0, |f| f.cost))).collect();
    assert_eq!(figures, [(1, first.cost), (2, desk.summary().cost)]);
    assert_eq!(document.scenarios[1].note, "without the farthest");

    desk.run(Command::Differ(Some(1)));
    let drawn = desk.bytes(|event| matches!(event, Event::Layer { layer: LayerId::Difference, .. }));
    let value: serde_json::Value = serde_json::from_slice(&drawn).expect("GeoJSON");
    let side = |word: &str, kind: &str| {
        let features = value["features"].as_array().expect("features").iter();
        features.filter(|one| one["properties"]["in"] == word && one["geometry"]["type"] == kind).count()
    };
    assert_eq!((side("here", "Point"), side("there", "Point")), (0, 5));
    assert!(side("both", "LineString") > side("there", "LineString") && side("there", "LineString") > 0);

    desk.edit(Edit::Switch(1));
    assert_eq!(desk.summary().digest, first.digest);
    desk.edit(Edit::RemoveScenario(1));
    assert_eq!(desk.document().current, 2);
    desk.edit(Edit::RemoveScenario(2));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("last-scenario".to_owned()));
    desk.run(Command::Undo);
    assert_eq!(desk.document().scenarios.len(), 2, "removing is undone too");
}

#[test]
fn a_project_is_saved_opened_and_refused() {
    let mut desk = planned();
    let (_, list) = find(&mut desk, "", "connected", "address");
    desk.edit(Edit::Choose(Which::Numbers(vec![list[0].id]), Choice::Exclude));
    desk.edit(Edit::Duplicate("Second".to_owned()));
    let expected = desk.summary().digest;
    desk.draw(Draw::Begin { route: None, forbidden: false });
    desk.draw(add(list[1].place));
    desk.draw(add(list[2].place));
    desk.run(Command::Save { files: true });
    let whole = desk.bytes(|event| matches!(event, Event::Saved { files: true }));
    desk.run(Command::Save { files: false });
    let head = desk.bytes(|event| matches!(event, Event::Saved { files: false }));
    assert!(whole.starts_with(&head) && head.len() < whole.len() / 2);

    let mut again = Desk::new();
    again.ask(Command::OpenProject, vec![whole.clone()]);
    again.finish();
    assert_eq!(again.failure(), None);
    assert_eq!(again.summary().digest, expected, "it is planned as it was");
    let document = again.document();
    assert_eq!((document.scenarios.len(), document.current, document.excluded.len()), (2, 2, 1));
    assert_eq!(again.drawing(), desk.drawing(), "the route being drawn goes on");

    let text = String::from_utf8_lossy(&head).into_owned();
    let newer = text.replacen("\"breiband_project\":1", "\"breiband_project\":9", 1).into_bytes();
    let cut = whole[..whole.len() - 10].to_vec();
    let empty = Vec::new();
    let other = b"{\"type\":\"FeatureCollection\"}\n".to_vec();
    for (bytes, code) in
        [(newer, "project-newer"), (cut, "project"), (head, "project"), (empty, "project"), (other, "project")]
    {
        again.heard.clear();
        again.ask(Command::OpenProject, vec![bytes]);
        again.finish();
        assert_eq!(again.failure().map(|failure| failure.0).as_deref(), Some(code));
    }
    again.edit(Edit::Note("goes on".to_owned()));
    assert_eq!(again.document().scenarios.len(), 2, "what was open stays");
}

#[test]
fn premises_are_found_by_address_and_listed() {
    let mut desk = planned();
    let (count, all) = find(&mut desk, "", "", "address");
    assert_eq!((count, all.len()), (200, 200));
    let wanted = &all[57];
    let (_, found) = find(&mut desk, &wanted.label.to_uppercase(), "", "address");
    assert!(found.iter().any(|one| one.id == wanted.id), "{}", wanted.label);
    assert_eq!(find(&mut desk, "no such place", "", "address").0, 0);
    let summary = desk.summary();
    for (status, expected) in [("connected", summary.connected), ("already_served", summary.already_served)] {
        assert_eq!(find(&mut desk, "", status, "cost").0, expected);
    }
    let (_, dear) = find(&mut desk, "", "connected", "cost");
    assert!(dear.windows(2).all(|pair| pair[0].drop_cost >= pair[1].drop_cost));
}

#[test]
fn files_are_made_on_request() {
    let mut desk = Desk::open(PREMISES);
    desk.run(Command::Export(Export::Page));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("not-planned".to_owned()));
    desk.run(Command::Plan);
    desk.run(Command::Export(Export::Page));
    let page = desk.bytes(|event| matches!(event, Event::Exported { export: Export::Page, .. }));
    assert!(String::from_utf8_lossy(&page).contains(&desk.summary().digest));
    desk.run(Command::Export(Export::Rust));
    let program = desk.bytes(|event| matches!(event, Event::Exported { export: Export::Rust, .. }));
    assert!(String::from_utf8_lossy(&program).contains("fn main()"));
}

#[test]
fn a_scenario_text_is_an_edit_that_reads_again_only_for_other_inputs() {
    let mut desk = planned();
    let first = desk.summary();
    let text = desk.document().toml;
    desk.heard.clear();
    desk.edit(Edit::Scenario(text.replace("threshold_mbps = 100", "threshold_mbps = 1")));
    assert_eq!(desk.heard(|event| matches!(event, Event::Region(_))), 0, "the region stays");
    desk.edit(Edit::Scenario("version = 1\nname = 3".to_owned()));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("scenario".to_owned()));
    desk.run(Command::Undo);
    assert_eq!(desk.summary().digest, first.digest);
    assert_eq!(desk.document().toml, text, "with its comments");
    assert!(!region(PREMISES).is_empty());
}
