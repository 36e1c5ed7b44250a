//! A planner's day: choosing premises, drawing routes, changing prices, scenarios side by side, and all of it undone.

mod support;

use breiband_messages::Language;
use breiband_wire::{
    Choice, Command, Draw, Edit, Event, Export, Fact, FoundView, GoalKind, LayerId, MastView, PhaseId, PlaceKind,
    PlaceView, Purpose, Setting, Value, Which,
};
use support::{Desk, region};

const PREMISES: u32 = 200;

fn planned() -> Desk {
    let mut desk = Desk::open(PREMISES);
    desk.run(Command::Plan);
    desk
}

fn find(desk: &mut Desk, text: &str, status: &str, sort: &str) -> (u64, Vec<FoundView>) {
    desk.run(Command::Find {
        text: text.to_owned(),
        status: status.to_owned(),
        service: String::new(),
        sort: sort.to_owned(),
    });
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
        document.named[0].first().map(|name| (name.key.as_str(), name.value.as_str())),
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
        desk.run(Command::Turn(-1));
    }
    assert_eq!(desk.summary().digest, first.digest);
    assert_eq!(desk.document().steps[0], 0);
    desk.heard.clear();
    desk.ask(Command::Turn(1), Vec::new());
    assert_eq!(
        desk.heard(|event| matches!(event, Event::Summary(s) if s.digest == without.digest)),
        1,
        "known at once"
    );
    desk.finish();
    desk.run(Command::Turn(-1));
    let first = desk.document();
    desk.heard.clear();
    desk.run(Command::Turn(-1));
    assert_eq!(desk.document(), first, "there is no more to undo");
    assert_eq!(desk.heard(|event| matches!(event, Event::Summary(_))), 0);
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
    // Each edit has its first answer; only the last one's plan is worked out, and answers for it.
    let best = |event: &Event| matches!(event, Event::Summary(summary) if !summary.first);
    assert_eq!(desk.heard(best), 1);
    assert!(desk.heard.iter().filter(|one| best(&one.reply.event)).all(|one| one.reply.revision == desk.revision));
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

/// How many waypoints each route of the scenario on screen has.
fn waypoints(desk: &Desk) -> Vec<usize> {
    let scenario = breiband::Scenario::parse(&desk.document().toml).expect("its own text");
    scenario.routes.iter().map(|route| route.points.len()).collect()
}

#[test]
fn a_route_is_drawn_priced_finished_and_resumed() {
    let mut desk = planned();
    let first = desk.summary();
    let [near, middle, far] = places(&mut desk);
    desk.draw(Draw::Begin { purpose: Purpose::Candidate, known: None });
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
        desk.run(Command::Turn(-1));
    }
    assert_eq!(desk.drawing(), Some(three));
    assert_eq!(desk.summary().digest, first.digest, "nothing is planned anew while drawing");

    desk.draw(Draw::Finish("Shore".to_owned()));
    assert_eq!(desk.drawing(), None);
    assert_eq!((desk.document().routes[0].name.as_str(), waypoints(&desk)), ("Shore", [3].to_vec()));
    let with = desk.summary();
    assert!(with.bound <= first.cost, "more candidates, and still a proof");
    assert_eq!(desk.digest_of_file(PREMISES), with.digest, "the exported file plans the same");
    assert_eq!(desk.heard(|event| matches!(event, Event::Layer { layer: LayerId::Drawn, features: 1 })), 1);

    // Resumed with all waypoints; given up; brought back.
    desk.draw(Draw::Begin { purpose: Purpose::Candidate, known: Some(0) });
    assert_eq!(desk.drawing().map(|d| (d.points.len(), d.name)), Some((3, "Shore".to_owned())));
    desk.draw(add(far));
    desk.draw(Draw::Cancel);
    assert_eq!(waypoints(&desk), [3]);
    desk.run(Command::Turn(-1));
    desk.draw(Draw::Finish("Shore".to_owned()));
    assert_eq!(waypoints(&desk), [4]);

    desk.edit(Edit::RemoveRoute(0));
    assert_eq!(desk.summary().digest, first.digest);
}

#[test]
fn a_forbidden_route_bars_its_roads() {
    let mut desk = planned();
    let first = desk.summary();
    let [near, _, far] = places(&mut desk);
    desk.draw(Draw::Begin { purpose: Purpose::Forbidden, known: None });
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
    desk.draw(Draw::Begin { purpose: Purpose::Candidate, known: None });
    desk.draw(Draw::Finish(String::new()));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("drawing-short".to_owned()));
    let somewhere = places(&mut desk)[0];
    desk.draw(Draw::Move { at: 7, place: somewhere, reach_m: 0.0, done: true });
    assert_eq!(desk.failure().map(|failure| failure.0), Some("gone".to_owned()));
    // Off the map, and not a number: refused, and under a pointer priced as nothing sensible, and no panic.
    desk.draw(add([f64::NAN, 999.0]));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("off-map".to_owned()));
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
    desk.run(Command::Turn(-1));
    assert_eq!(desk.document().scenarios.len(), 2, "removing is undone too");
}

#[test]
fn a_project_is_saved_opened_and_refused() {
    let mut desk = planned();
    let (_, list) = find(&mut desk, "", "connected", "address");
    desk.edit(Edit::Choose(Which::Numbers(vec![list[0].id]), Choice::Exclude));
    desk.edit(Edit::Duplicate("Second".to_owned()));
    let expected = desk.summary().digest;
    desk.draw(Draw::Begin { purpose: Purpose::Candidate, known: None });
    desk.draw(add(list[1].place));
    desk.draw(add(list[2].place));
    desk.run(Command::Save);
    let whole = desk.bytes(|event| matches!(event, Event::Saved));
    let head = whole[..=whole.iter().position(|byte| *byte == b'\n').expect("a line")].to_vec();
    assert!(head.len() < whole.len() / 2);
    assert!(!String::from_utf8_lossy(&head).contains("history"), "what was tried before goes to nobody");

    let mut again = Desk::new();
    again.ask(Command::OpenProject { plan: true }, vec![whole.clone()]);
    again.finish();
    assert_eq!(again.failure(), None);
    assert_eq!(again.summary().digest, expected, "it is planned as it was");
    let document = again.document();
    assert_eq!((document.scenarios.len(), document.current, document.excluded.len()), (2, 2, 1));
    assert_eq!(again.drawing(), desk.drawing(), "the route being drawn goes on");

    let text = String::from_utf8_lossy(&head).into_owned();
    let newer = text.replacen("\"breiband_project\":2", "\"breiband_project\":9", 1).into_bytes();
    let cut = whole[..whole.len() - 10].to_vec();
    let empty = Vec::new();
    let other = b"{\"type\":\"FeatureCollection\"}\n".to_vec();
    for (bytes, code) in
        [(newer, "project-newer"), (cut, "project"), (head, "project"), (empty, "project"), (other, "project")]
    {
        again.heard.clear();
        again.ask(Command::OpenProject { plan: true }, vec![bytes]);
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

/// One page in English, for members.
fn page() -> Export {
    Export::Page { language: "en".to_owned(), public: false }
}

#[test]
fn files_are_made_on_request() {
    let mut desk = Desk::open(PREMISES);
    desk.run(Command::Export(page()));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("not-planned".to_owned()));
    desk.run(Command::Plan);
    desk.run(Command::Export(page()));
    let page = desk.bytes(|event| matches!(event, Event::Exported { export: Export::Page { .. }, .. }));
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
    desk.run(Command::Turn(-1));
    assert_eq!(desk.summary().digest, first.digest);
    assert_eq!(desk.document().toml, text, "with its comments");
    assert!(!region(PREMISES).is_empty());
}

/// The programme of the last plan.
fn programme(desk: &Desk) -> breiband_wire::ProgrammeView {
    let last = desk.last(|event| match event {
        Event::Programme(programme) => Some(programme.as_deref().cloned()),
        _ => None,
    });
    last.flatten().expect("a programme")
}

/// What a click on premises tells.
fn facts(desk: &mut Desk, id: u32) -> Vec<Fact> {
    desk.run(Command::Pick { layer: LayerId::Premises, id });
    let facts = desk.last(|event| match event {
        Event::Facts { facts, .. } => Some(facts.clone()),
        _ => None,
    });
    facts.expect("facts")
}

#[test]
fn years_are_begun_paid_and_lengthened_without_planning_anew() {
    let mut desk = planned();
    let first = desk.summary();
    desk.edit(Edit::Scenario(desk.document().toml.split("[programme]").next().expect("text").to_owned()));
    let none = desk.last(|event| match event {
        Event::Programme(programme) => Some(programme.is_none()),
        _ => None,
    });
    assert_eq!(none, Some(true), "a scenario without the section has no years");
    desk.edit(Edit::Programme(4));
    let begun = programme(&desk);
    assert_eq!((begun.problem.is_empty(), begun.years.len()), (true, 4));
    assert_eq!(begun.unfunded, 0.0, "the years pay for everything");
    assert_eq!(begun.years.iter().map(|year| year.connected).sum::<u64>(), first.connected);
    let work: f64 = begun.years.iter().map(|year| year.work).sum();
    assert!((work - begun.total).abs() < 0.01);
    for key in &begun.keys {
        for (year, shares) in begun.years.iter().zip(&key.shares) {
            assert!((shares.iter().sum::<f64>() - year.work - year.fixed).abs() < 0.01, "shares add up");
        }
        for (year, net) in begun.years.iter().zip(&key.net) {
            assert!(
                (net.iter().sum::<f64>() - year.fixed).abs() < 0.01,
                "who pays less on its own ground pays in: {net:?}"
            );
        }
    }
    let reached = begun.curve.last().map(|last| last.1);
    assert_eq!(reached, Some(first.connected));
    assert!(begun.curve.windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 <= pair[1].1));
    for one in &begun.coverage {
        assert!(one.shares.len() == 5 && one.shares.windows(2).all(|pair| pair[0] <= pair[1]));
    }

    // Less money reaches fewer; the network is the same, and is not planned again.
    desk.heard.clear();
    let year = begun.years[0].year;
    desk.edit(Edit::Budget(year, Some(0.0)));
    let poorer = programme(&desk);
    assert_eq!(poorer.years[0].connected, 0);
    assert!(poorer.unfunded > 0.0);
    assert_eq!(desk.heard(|event| matches!(event, Event::Progress(p) if p.phase == PhaseId::Solving)), 0);
    assert_eq!(desk.summary().digest, first.digest);
    desk.edit(Edit::Budget(year + 4, Some(begun.years[0].budget)));
    assert_eq!(programme(&desk).years.len(), 5);
    desk.edit(Edit::Budget(year + 4, None));
    assert_eq!(programme(&desk).years.len(), 4);
    desk.edit(Edit::Budget(year, Some(-1.0)));
    assert!(desk.failure().is_some(), "money owed is no budget");
    desk.run(Command::Turn(-1));
    desk.run(Command::Turn(-1));
    desk.run(Command::Turn(-1));
    assert_eq!(programme(&desk), begun);
}

#[test]
fn a_click_tells_why_and_when() {
    let mut desk = planned();
    desk.edit(Edit::Programme(3));
    let (_, connected) = find(&mut desk, "", "connected", "address");
    let (_, served) = find(&mut desk, "", "already_served", "address");
    let why = |facts: &[Fact]| {
        facts.iter().find_map(|fact| match &fact.value {
            Value::Why(key, values) => Some((key.clone(), values.len())),
            _ => None,
        })
    };
    let facts_of_one = facts(&mut desk, connected[0].id);
    assert!(matches!(why(&facts_of_one), Some((key, 2 | 3)) if key == "first" || key == "year"));
    assert!(["year", "marginal", "share"].iter().all(|label| facts_of_one.iter().any(|fact| fact.label == *label)));
    assert_eq!(why(&facts(&mut desk, served[0].id)), Some(("served".to_owned(), 1)));
}

#[test]
fn the_first_answer_comes_before_the_best_and_is_never_given_away() {
    let mut desk = Desk::open(PREMISES);
    desk.ask(Command::Plan, Vec::new());
    let summaries = |desk: &Desk| desk.heard(|event| matches!(event, Event::Summary(_)));
    while summaries(&desk) == 0 {
        desk.slice();
    }
    let first = desk.summary();
    assert!(first.first && first.connected > 0);
    assert!(!desk.document().stale);
    desk.ask(Command::Export(page()), Vec::new());
    assert_eq!(desk.failure().map(|failure| failure.0), Some("not-planned".to_owned()));
    desk.finish();
    let best = desk.summary();
    assert!(!best.first && best.cost <= first.cost && best.connected == first.connected);
    assert_eq!(desk.digest_of_file(PREMISES), best.digest);
    // What was planned before is shown at once, without a first answer.
    desk.edit(Edit::Duplicate("again".to_owned()));
    assert!(!desk.summary().first);
    // A house left out is answered before anything is planned: its branch goes, and the bound stays one.
    let (_, far) = find(&mut desk, "", "connected", "distance");
    desk.heard.clear();
    let edit = Edit::Choose(Which::Numbers(vec![far[0].id]), Choice::Exclude);
    desk.ask(Command::Edit(edit), Vec::new());
    let first = desk.summary();
    assert!(first.first && first.connected == best.connected - 1);
    assert!(first.bound <= first.cost && first.cost < best.cost);
    desk.finish();
    let next = desk.summary();
    // Planned as the file is, from nothing: near the first answer, and not always below it.
    assert!(!next.first && first.bound <= next.cost && next.bound <= first.cost);
    assert_eq!(desk.digest_of_file(PREMISES), next.digest);
}

#[test]
fn premises_inside_a_ring_are_chosen_together() {
    let mut desk = planned();
    let first = desk.summary();
    let [west, south, east, north] = desk
        .last(|event| match event {
            Event::Region(region) => region.bounds_e7,
            _ => None,
        })
        .expect("a box")
        .map(|e7| f64::from(e7) / 1e7);
    let middle = (west + east) / 2.0;
    let ring = vec![[west, south], [middle, south], [middle, north], [west, north]];
    desk.edit(Edit::Choose(Which::Within(ring), Choice::Exclude));
    let document = desk.document();
    let (_, all) = find(&mut desk, "", "", "address");
    let inside: Vec<bool> = all.iter().map(|one| one.place[0] < middle).collect();
    let wanted = inside.iter().filter(|&&inside| inside).count();
    assert_eq!(document.excluded.len(), wanted, "the definition: west of the middle");
    assert!(wanted > 0 && desk.summary().connected < first.connected);
    desk.edit(Edit::Choose(Which::Within(vec![[0.0, 0.0], [1e-6, 0.0], [0.0, 1e-6]]), Choice::Exclude));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("none-inside".to_owned()));
}

#[test]
fn handovers_are_put_moved_and_removed() {
    let mut desk = planned();
    let first = desk.summary();
    let (_, far) = find(&mut desk, "", "connected", "distance");
    let mine = |place| PlaceView { name: "Mine".to_owned(), place, ..PlaceView::default() };
    let put = |at, place: Option<[f64; 2]>| Edit::Place(PlaceKind::Handover, at, place.map(mine));
    desk.edit(put(None, Some(far[0].place)));
    assert_eq!(desk.document().handovers, [mine(far[0].place)]);
    assert!(desk.summary().cost < first.cost, "a handover beside the farthest house saves trench");
    assert_eq!(desk.digest_of_file(PREMISES), desk.summary().digest);
    desk.edit(put(Some(0), Some(far[1].place)));
    assert_eq!(desk.document().handovers[0].place, far[1].place);
    desk.edit(put(Some(0), None));
    assert_eq!(desk.summary().digest, first.digest);
}

#[test]
fn points_of_presence_and_cabinets_are_put_priced_moved_and_removed() {
    let mut desk = planned();
    let first = desk.summary();
    let (_, far) = find(&mut desk, "", "connected", "distance");
    let named = |name: &str, at: usize, cost| PlaceView {
        name: name.to_owned(),
        place: far[at].place,
        cost,
        source: "Offer of May".to_owned(),
    };
    let put = |kind, at, view| Edit::Place(kind, at, view);
    // One that is too dear is not opened, and changes nothing else.
    desk.edit(put(PlaceKind::Pop, None, Some(named("Hut", 0, Some(9e8)))));
    let dear = desk.summary();
    assert_eq!(dear.places, [(false, "Hut".to_owned(), 9e8, false)]);
    assert_eq!(dear.cost, first.cost);
    // A cheap one is, and its cost is paid.
    desk.edit(put(PlaceKind::Pop, Some(0), Some(named("Hut", 0, Some(10.0)))));
    let cheap = desk.summary();
    assert_eq!(cheap.places, [(false, "Hut".to_owned(), 10.0, true)]);
    assert!(cheap.cost < first.cost && cheap.bound <= cheap.cost);
    assert_eq!(desk.digest_of_file(PREMISES), cheap.digest, "as on the command line");
    assert_eq!(desk.document().handovers, [named("Hut", 0, Some(10.0))]);
    assert_eq!(desk.document().named[0][0].key, "pop");
    desk.run(Command::Turn(-1));
    assert_eq!(desk.summary().places, dear.places);
    desk.edit(put(PlaceKind::Pop, Some(0), None));
    assert_eq!((desk.document().named[0][0].key.as_str(), desk.summary().digest), ("remove-pop", first.digest.clone()));
    // A cabinet is reached and paid whatever it costs: by the book where it does not say.
    desk.edit(put(PlaceKind::Cabinet, None, Some(named("K1", 1, None))));
    let usual = desk.document().usual[1].0;
    let with = desk.summary();
    assert!(usual > 0.0 && with.places == [(true, "K1".to_owned(), usual, true)]);
    assert!(with.cost >= first.cost && with.bound <= with.cost);
    assert_eq!(desk.digest_of_file(PREMISES), with.digest);
    assert_eq!(desk.document().cabinets[0].source, "", "the book's price has the book's source");
    desk.edit(put(PlaceKind::Cabinet, Some(0), Some(named("K1", 1, Some(usual + 1000.0)))));
    assert!((desk.summary().cost - with.cost - 1000.0).abs() < 0.01);
    desk.edit(put(PlaceKind::Cabinet, None, Some(named("K1", 2, None))));
    assert_eq!(desk.failure(), Some(("name-taken".to_owned(), "K1".to_owned())));
    desk.edit(put(PlaceKind::Cabinet, None, Some(named("K2", 2, Some(-1.0)))));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("bad-cost".to_owned()));
    desk.edit(put(PlaceKind::Cabinet, Some(0), None));
    assert_eq!(desk.summary().digest, first.digest);
}

#[test]
fn the_support_scheme_is_changed_field_by_field_and_says_where_its_figures_come_from() {
    let mut desk = planned();
    let field = |desk: &mut Desk, name: &str| desk.document().support.into_iter().find(|one| one.path == name);
    desk.edit(Edit::Support(false));
    assert!(desk.document().support.is_empty());
    desk.edit(Edit::SupportField("per_cent".to_owned(), Setting::Number(Some(60.0))));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("gone".to_owned()));
    desk.edit(Edit::Support(true));
    let shipped = field(&mut desk, "per_cent").expect("a field");
    assert_eq!(shipped.value, shipped.own);
    let set = |value| Edit::SupportField("per_cent".to_owned(), Setting::Number(value));
    desk.edit(set(Some(60.0)));
    desk.edit(Edit::SupportSource("per_cent".to_owned(), "Decision 12/26".to_owned()));
    let changed = field(&mut desk, "per_cent").expect("a field");
    assert_eq!((changed.value, changed.noted.as_str()), (Setting::Number(Some(60.0)), "Decision 12/26"));
    let name = desk.document().named[0][0].clone();
    assert_eq!((name.key.as_str(), name.value.as_str()), ("support-source", "per_cent"));
    let text = desk.document().toml;
    assert!(text.contains("[support.sources]\nper_cent = \"Decision 12/26\""), "{text}");
    assert!(breiband::Scenario::parse(&text).expect("its own text").support.expect("a scheme").per_cent == 60.0);
    // What the file would be refused for is refused, and changes nothing.
    desk.edit(set(Some(160.0)));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("scenario".to_owned()));
    assert_eq!(field(&mut desk, "per_cent").map(|one| one.value), Some(Setting::Number(Some(60.0))));
    desk.edit(Edit::SupportField("areas".to_owned(), Setting::Text("moons".to_owned())));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("scenario".to_owned()));
    desk.edit(Edit::SupportField("areas".to_owned(), Setting::Text("clusters".to_owned())));
    desk.edit(Edit::SupportField("yearly_cap".to_owned(), Setting::Number(Some(1e6))));
    let scheme = breiband::Scenario::parse(&desk.document().toml).expect("sound").support.expect("a scheme");
    assert_eq!((scheme.areas, scheme.yearly_cap), (breiband::SupportAreas::Clusters, Some(1e6)));
    // Back to what ships, its own source goes; and undo takes the steps back.
    desk.edit(set(Some(75.0)));
    assert_eq!(field(&mut desk, "per_cent").map(|one| one.noted), Some(String::new()));
    desk.run(Command::Turn(-1));
    assert_eq!(field(&mut desk, "per_cent").map(|one| one.noted), Some("Decision 12/26".to_owned()));
}

#[test]
fn the_lists_of_the_support_scheme_are_changed_with_their_sources_and_undone() {
    let mut desk = planned();
    let eligible = |desk: &Desk, rule: &str| {
        let support = together(desk).support.expect("a scheme");
        support.counts.iter().find(|one| one.0 == rule).map_or(0, |one| one.1)
    };
    let field = |desk: &Desk, name: &str| desk.document().support.into_iter().find(|one| one.path == name).expect(name);
    let set = |name: &str, names: &[&str]| {
        Edit::SupportField(name.to_owned(), Setting::List(names.iter().map(|&name| name.to_owned()).collect()))
    };
    desk.edit(Edit::Support(false));
    desk.edit(Edit::Support(true));
    let shipped = desk.document().toml;
    assert_eq!(field(&desk, "not_kinds").own, Setting::List(vec!["cabin".to_owned(), "outbuilding".to_owned()]));
    let cabins = eligible(&desk, "kind");
    desk.edit(set("not_kinds", &[]));
    assert_eq!(eligible(&desk, "kind"), 0, "of {cabins}");
    assert_eq!(desk.document().named[0][0].value, "not_kinds");
    desk.edit(set("not_kinds", &["castle"]));
    assert!(desk.failure().is_some_and(|(code, told)| code == "scenario" && told.contains("not_kinds")));
    // An address is kept by its id, as the scenario's file has it, and shown as an address.
    let served = eligible(&desk, "eligible");
    let (_, found) = find(&mut desk, "", "connected", "distance");
    let one = &found[0];
    desk.edit(set("commercial", &[&one.label]));
    let kept = field(&desk, "commercial");
    assert_eq!(kept.titles, std::slice::from_ref(&one.label));
    let Setting::List(ids) = kept.value else { panic!("a list") };
    assert_eq!((ids.len(), eligible(&desk, "commercial"), eligible(&desk, "eligible")), (1, 1, served - 1));
    desk.edit(Edit::SupportSource("commercial".to_owned(), "Telenor's plans".to_owned()));
    desk.edit(set("commercial", &[&ids[0], "Nowhere 1"]));
    assert_eq!(desk.failure(), Some(("unknown-premises".to_owned(), "Nowhere 1".to_owned())));
    // A technology that counts as able to give enough; the region says which there are.
    let known = desk.last(|event| match event {
        Event::Region(region) => Some(region.technologies.clone()),
        _ => None,
    });
    let known = known.expect("a region");
    assert!(!known.is_empty() && known.is_sorted(), "{known:?}");
    let all: Vec<&str> = known.iter().map(String::as_str).collect();
    desk.edit(set("upgradable", &all));
    assert!(eligible(&desk, "upgradable") > 0);
    let text = desk.document().toml;
    let scheme = breiband::Scenario::parse(&text).expect("its own text").support.expect("a scheme");
    assert_eq!((scheme.upgradable, scheme.commercial, scheme.not_kinds.len()), (known, ids, 0));
    assert!(text.contains("commercial = \"Telenor's plans\""), "{text}");
    for _ in 0..4 {
        desk.run(Command::Turn(-1));
    }
    assert_eq!(desk.document().toml, shipped);
}

#[test]
fn the_page_is_told_what_the_others_pay_if_one_leaves_or_joins() {
    let mut desk = planned();
    let text = desk.document().toml;
    let mut scenario = breiband::Scenario::parse(&text).expect("its own text");
    let settings = scenario.programme.as_mut().expect("the section");
    let (first, members) = (settings.budgets[0].year, settings.members.len());
    settings.members[0].from = Some(format!("{}-01-01", first + 50));
    desk.edit(Edit::Scenario(scenario.to_toml()));
    assert_eq!(desk.failure(), None);
    let programme = desk.last(|event| match event {
        Event::Programme(Some(view)) => Some(view.clone()),
        _ => None,
    });
    let programme = programme.expect("a programme");
    let (leaving, joining): (Vec<_>, Vec<_>) = programme.what_if.iter().partition(|one| !one.joins);
    assert_eq!((leaving.len(), joining.len()), (members, 1));
    assert_eq!(joining[0].member, 0);
    // Who joins pays what it relieves the others of: the whole stays the same.
    let others: f64 = joining[0].change.iter().skip(1).sum();
    assert!((joining[0].amount + others).abs() < 0.005 && others < 0.0, "{others}");
    // Who leaves takes along what only it uses; the others pay its share but for that.
    let shares = |m: usize| programme.keys[0].shares.iter().map(|row| row[m]).sum::<f64>();
    for one in leaving.iter().skip(1) {
        let more: f64 = one.change.iter().sum();
        assert!((more + one.amount - shares(one.member as usize)).abs() < 0.005, "{more} {}", one.amount);
    }
}

#[test]
fn the_page_is_told_of_trunk_that_serves_somebody_else() {
    let mut desk = planned();
    let programme = desk.last(|event| match event {
        Event::Programme(Some(view)) => Some(view.clone()),
        _ => None,
    });
    let programme = programme.expect("a programme");
    desk.run(Command::Export(Export::File("members.csv".to_owned())));
    let table = desk.bytes(|event| matches!(event, Event::Exported { .. }));
    let table = String::from_utf8(table).expect("text");
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    let at = |name: &str| rows[0].iter().position(|one| *one == name).expect("a column");
    let columns = ["of_it_for_others", "of_it_on_others_ground"].map(at);
    assert_eq!(rows.len(), programme.members.len() + 1);
    for (m, row) in rows[1..].iter().enumerate() {
        for (which, &column) in columns.iter().enumerate() {
            let told: f64 = programme.trunk.iter().map(|year| year[m][which]).sum();
            let written: f64 = row[column].parse().expect("an amount");
            assert!((told - written).abs() < 0.005, "{row:?}: {told}");
        }
    }
    assert_eq!(programme.trunk.len(), programme.years.len());
    assert!(programme.trunk.iter().flatten().any(|one| one[0] > 0.0), "some trunk serves somebody else");
}

#[test]
fn every_file_of_the_command_line_is_made_and_packed() {
    let mut desk = planned();
    desk.edit(Edit::Programme(3));
    let exported = |desk: &mut Desk, export: Export| {
        desk.run(Command::Export(export));
        desk.bytes(|event| matches!(event, Event::Exported { .. }))
    };
    let names = ["plan.gpkg", "network.geojson", "premises.csv", "summary.json", "shares.csv", "programme.gpkg"];
    for name in names {
        assert!(exported(&mut desk, Export::File(name.to_owned())).len() > 100, "{name}");
    }
    let public = exported(&mut desk, Export::Page { language: "nn".to_owned(), public: true });
    assert!(String::from_utf8_lossy(&public).contains("lang=\"nn\""));
    let folder = exported(&mut desk, Export::Folder { language: "nb".to_owned() });
    let entries = unpacked(&folder);
    assert_eq!(entries[0].0, "index.html");
    // Its first page links to all else, with a word on each.
    let index = String::from_utf8_lossy(&entries[0].1);
    for (name, _) in &entries[1..] {
        assert!(index.contains(&format!("<li><a href=\"{name}\">{name}</a>: ")), "{name}");
    }
    assert!(index.contains("hver adresse og hva den får") && index.ends_with("</main>\n</body>\n</html>\n"));
    for name in ["plan.gpkg", "manifest.json", "report/shares.csv", "report/report-nn.html"] {
        assert!(entries.iter().any(|(entry, bytes)| entry == name && !bytes.is_empty()), "{name}");
    }
    // Whatever is in the archive is listed by its size, and given by its name.
    desk.run(Command::Outputs);
    let listed = desk.last(|event| match event {
        Event::Outputs(listed) => Some(listed.clone()),
        _ => None,
    });
    let listed = listed.expect("a list");
    assert_eq!(listed.len() + 1, entries.len(), "all but the first page");
    for one in &listed {
        let entry = entries.iter().find(|(name, _)| name.trim_start_matches("report/") == one.name).expect("packed");
        assert_eq!(entry.1.len() as u64, one.bytes, "{}", one.name);
    }
    for name in ["sites.csv", "server-room.csv", "issues.csv", "certificate.txt.gz"] {
        assert!(listed.iter().any(|one| one.name == name), "{name}");
    }
    let csv = exported(&mut desk, Export::File("shares.csv".to_owned()));
    assert!(entries.contains(&("report/shares.csv".to_owned(), csv)));
    desk.run(Command::Export(Export::File("../secret".to_owned())));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("gone".to_owned()));
}

#[test]
fn scenarios_that_are_planned_are_compared_in_files() {
    let mut desk = planned();
    desk.run(Command::Export(Export::Comparison));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("one-scenario".to_owned()));
    let first = desk.summary();
    desk.edit(Edit::Duplicate(first.name.clone()));
    let (_, list) = find(&mut desk, "", "connected", "distance");
    desk.edit(Edit::Choose(Which::Numbers(vec![list[0].id]), Choice::Exclude));
    let second = desk.summary();
    desk.run(Command::Export(Export::Comparison));
    let entries = unpacked(&desk.bytes(|event| matches!(event, Event::Exported { .. })));
    let names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
    for name in ["compare.csv", "compare-nn.html", "difference.geojson", "premises-difference.csv"] {
        assert!(names.contains(&name), "{name} of {names:?}");
    }
    let table = &entries.iter().find(|(name, _)| name == "compare.csv").expect("the figures").1;
    let table = String::from_utf8_lossy(table);
    let head = table.lines().next().unwrap_or_default();
    assert!(head.contains(&format!("{} (2)", first.name)), "two of one name are told apart: {head}");
    let row = |digits: u64| table.lines().any(|line| line.contains(&digits.to_string()));
    assert!(row(first.connected) && row(second.connected), "{table}");
}

/// The entries of a ZIP archive, read by its local headers alone; checks each one's CRC.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    use std::io::Read as _;
    let number = |at: usize, size: usize| (0..size).rev().fold(0_usize, |n, i| n << 8 | usize::from(bytes[at + i]));
    let (mut at, mut entries) = (0, Vec::new());
    while bytes[at..].starts_with(b"PK\x03\x04") {
        let (crc, packed, size, name) =
            (number(at + 14, 4), number(at + 18, 4), number(at + 22, 4), number(at + 26, 2));
        let start = at + 30 + name;
        let mut content = Vec::new();
        flate2::read::DeflateDecoder::new(&bytes[start..start + packed]).read_to_end(&mut content).expect("deflated");
        let mut check = flate2::Crc::new();
        check.update(&content);
        assert_eq!((content.len(), check.sum() as usize), (size, crc));
        entries.push((String::from_utf8_lossy(&bytes[at + 30..start]).into_owned(), content));
        at = start + packed;
    }
    let end = bytes.len() - 22;
    assert_eq!(
        (&bytes[end..end + 4], number(end + 10, 2), number(end + 16, 4)),
        (&b"PK\x05\x06"[..], entries.len(), at)
    );
    entries
}

fn together(desk: &Desk) -> breiband_wire::TogetherView {
    let view = desk.last(|event| match event {
        Event::Together(view) => Some(view.as_deref().cloned()),
        _ => None,
    });
    view.flatten().expect("a programme that is worked out")
}

fn playing(desk: &Desk) -> Option<(u32, u32)> {
    desk.last(|event| match event {
        Event::Playing(progress) => Some(*progress),
        _ => None,
    })
    .flatten()
}

fn game(desk: &Desk) -> Option<breiband_wire::GameView> {
    desk.last(|event| match event {
        Event::Game(game) => Some(game.as_deref().cloned()),
        _ => None,
    })
    .flatten()
}

#[test]
fn support_sites_and_the_business_come_with_the_years() {
    let desk = planned();
    let view = together(&desk);
    let support = view.support.expect("the scenario's scheme");
    let near = |a: f64, b: f64| (a - b).abs() < 0.005;
    let sums = |f: &breiband_wire::FundingView| near(f.support + f.own + f.gap, f.cost);
    assert!(sums(&support.total) && support.municipalities.iter().chain(&support.areas).all(sums));
    let of = |pick: fn(&breiband_wire::FundingView) -> f64| support.municipalities.iter().map(pick).sum::<f64>();
    assert!(near(of(|f| f.cost), support.total.cost) && near(of(|f| f.support), support.total.support));
    let sites = view.sites.expect("public sites");
    assert!(!sites.sites.is_empty() && !sites.hosts.is_empty() && sites.sites.iter().all(|s| s.place[1] > 50.0));
    assert!(view.business.is_some_and(|one| one.cumulative.len() == 25 && !one.sways.is_empty()));
    assert_eq!((view.members, view.problem.is_empty()), (8, true));
    // The same figures stand in the file that the command line writes.
    let file = |name: &str| {
        let mut desk = planned();
        desk.run(Command::Export(Export::File(name.to_owned())));
        desk.bytes(|event| matches!(event, Event::Exported { .. }))
    };
    let table = String::from_utf8(file("support-municipalities.csv")).expect("text");
    for one in &support.municipalities {
        assert!(table.contains(&format!("{:.2}", one.support)), "{one:?}\n{table}");
    }
    assert!(String::from_utf8_lossy(&file("sites.csv")).lines().count() > sites.sites.len());
    assert!(String::from_utf8_lossy(&file("network.csv")).contains("load_mbps"));
}

#[test]
fn the_game_is_played_beside_everything_else() {
    let mut desk = planned();
    let year = programme(&desk).years[0].year;
    desk.ask(Command::Play(true), Vec::new());
    let mut slices = 0;
    while playing(&desk).is_some_and(|(done, _)| done < 5) {
        desk.slice();
        slices += 1;
        assert!(slices < 10_000, "the game gets nowhere");
    }
    assert_eq!(playing(&desk), Some((5, 255)));
    // Whoever asks meanwhile is answered at once.
    desk.heard.clear();
    desk.ask(Command::Pick { layer: LayerId::Premises, id: 3 }, Vec::new());
    assert_eq!(desk.heard(|event| matches!(event, Event::Facts { .. })), 1);
    // Given up, it stops; and nothing of it is told.
    desk.ask(Command::Play(false), Vec::new());
    assert_eq!(playing(&desk), None);
    assert!(!desk.session.has_work() && game(&desk).is_none());
    desk.run(Command::Play(true));
    let found = game(&desk).expect("it was played to its end");
    assert_eq!((found.groups, found.players.len()), ((255, true), 8));
    assert!(found.saving.is_some_and(|[least, most]| least <= most && least > 0.0), "{:?}", found.saving);
    let first = found.first_year.as_ref().expect("the first year");
    assert!(first.points[0] <= first.points[1] && first.points[1] <= first.points[2]);
    for sharing in &found.sharings {
        assert!((sharing.shares.iter().sum::<f64>() - found.joint).abs() < 0.01, "{sharing:?}");
    }
    // It is in the report that is given from the page.
    desk.run(Command::Export(Export::File("game.csv".to_owned())));
    assert!(String::from_utf8_lossy(&desk.bytes(|e| matches!(e, Event::Exported { .. }))).lines().count() > 255);
    // Another budget asks another first year: what was played is not told of it, and is again once that is undone.
    desk.edit(Edit::Budget(year, Some(0.0)));
    assert_eq!(game(&desk), None);
    desk.run(Command::Turn(-1));
    assert_eq!(game(&desk), Some(found));
    // An edit ends a game that is under way.
    desk.ask(Command::Play(true), Vec::new());
    desk.slice();
    desk.edit(Edit::Budget(year, Some(0.0)));
    assert_eq!(playing(&desk), None);
}

#[test]
fn another_scenario_ends_the_game_of_this_one() {
    let mut desk = planned();
    desk.edit(Edit::Duplicate("Other".to_owned()));
    let (_, list) = find(&mut desk, "", "connected", "distance");
    desk.edit(Edit::Choose(Which::Numbers(vec![list[0].id]), Choice::Exclude));
    desk.ask(Command::Play(true), Vec::new());
    desk.slice();
    // The other scenario is not planned any more, and its planning is given up: nothing takes the game's turn.
    desk.ask(Command::Edit(Edit::Threshold(90.0)), Vec::new());
    assert_eq!(playing(&desk), None, "it was the game of another plan");
    desk.ask(Command::Cancel, Vec::new());
    desk.finish();
    assert!(playing(&desk).is_none() && game(&desk).is_none());
    // Neither does it go on over files that are read anew, and that is told.
    desk.run(Command::Turn(-1));
    desk.ask(Command::Play(true), Vec::new());
    assert!(playing(&desk).is_some());
    let open = Command::Open { names: vec!["more.csv".to_owned()], replace: false, today: "2026-01-01".to_owned() };
    desk.ask(open, vec![b"id,lon,lat\nmore,6.2,62.5\n".to_vec()]);
    assert_eq!(playing(&desk), None);
}

#[test]
fn masts_are_put_changed_and_removed() {
    let recipe = breiband::Recipe { premises: 300, terrain: true, ..breiband::Recipe::default() };
    let files = breiband::generate(&recipe);
    let mut desk = Desk::new();
    // Without the region's own masts, and without the section that makes use of any.
    let (mut scenario, _) = breiband::scenario_of(&files).expect("a scenario");
    scenario.inputs.retain(|input| input.path != "masts.csv");
    scenario.mix = None;
    scenario.goal = breiband::Goal::default();
    let mut given: Vec<_> = files.iter().map(|file| (file.name.clone(), file.bytes.clone())).collect();
    given.retain(|(name, _)| name != "scenario.toml" && name != "masts.csv");
    given.push(("scenario.toml".to_owned(), scenario.to_toml().into_bytes()));
    desk.load(given);
    desk.run(Command::Plan);
    let (first, before) = (desk.summary(), desk.document().toml);
    // Where the region's own first mast would stand.
    let table = files.iter().find(|file| file.name == "masts.csv").expect("it has masts");
    let table = String::from_utf8(table.bytes.clone()).expect("text");
    let row: Vec<&str> = table.lines().nth(1).expect("a mast").split(',').collect();
    let place = [1, 2].map(|column| row[column].parse().expect("degrees"));
    let mast = MastView { name: "Knoll".to_owned(), place, height_m: Some(60.0), ..MastView::default() };
    desk.edit(Edit::Mast(None, Some(mast.clone())));
    assert_eq!(
        (desk.document().masts, desk.document().named[0][0].value.clone()),
        (vec![mast.clone()], "Knoll".into())
    );
    assert!(desk.document().toml.contains("[[mast]]") && desk.document().toml.contains("[mix]"));
    let drawn = desk.bytes(|event| matches!(event, Event::Layer { layer: LayerId::Drawn, .. }));
    assert!(
        String::from_utf8_lossy(&drawn).contains("\"use\":\"mast\""),
        "it is on the map, taken into the plan or not"
    );
    // Where every technology may serve and masts cost next to nothing, the mast does.
    for id in ["mast-new", "mast-running", "sector-radio"] {
        desk.edit(Edit::Price { id: id.to_owned(), per_metre: None, each: Some(1.0) });
    }
    desk.edit(Edit::Goal(breiband_wire::GoalView { kind: GoalKind::Cheapest, ..Default::default() }));
    desk.run(Command::Export(Export::File("masts.csv".to_owned())));
    let table = String::from_utf8(desk.bytes(|event| matches!(event, Event::Exported { .. }))).expect("text");
    assert!(table.contains("scenario/Knoll"), "{table}");
    // What is out of range, or not there, is said, and changes nothing.
    let plan = desk.summary().digest;
    desk.edit(Edit::Mast(Some(0), Some(MastView { height_m: Some(900.0), ..mast.clone() })));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("scenario".to_owned()));
    desk.edit(Edit::Mast(Some(7), None));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("gone".to_owned()));
    assert_eq!(desk.summary().digest, plan);
    let moved = MastView { place: place.map(|degrees| degrees + 0.001), existing: true, sectors: Some(2), ..mast };
    desk.edit(Edit::Mast(Some(0), Some(moved.clone())));
    assert_eq!(desk.document().masts, [moved]);
    desk.run(Command::Turn(-1));
    assert_eq!(desk.summary().digest, plan);
    // The last mast takes the section that it brought with it, and everything is as it was.
    desk.edit(Edit::Goal(breiband_wire::GoalView { kind: GoalKind::Connect, ..Default::default() }));
    desk.edit(Edit::Mast(Some(0), None));
    for id in ["mast-new", "mast-running", "sector-radio"] {
        desk.edit(Edit::Price { id: id.to_owned(), per_metre: None, each: None });
    }
    assert_eq!((desk.document().toml, desk.summary().digest), (before, first.digest));
}

#[test]
fn a_border_is_moved_and_the_neighbours_with_it() {
    let mut desk = planned();
    let first = desk.summary();
    let rings = desk.last(|event| match event {
        Event::Region(region) => Some(region.borders.clone()),
        _ => None,
    });
    let rings = rings.expect("a region");
    let begin = |desk: &mut Desk, known: usize| {
        desk.draw(Draw::Begin { purpose: Purpose::Border, known: Some(known as u32) });
        desk.drawing().expect("a border").points
    };
    let corners: Vec<Vec<[f64; 2]>> = (0..rings.len())
        .map(|known| {
            let points = begin(&mut desk, known);
            desk.draw(Draw::Cancel);
            points
        })
        .collect();
    // Corners that two municipalities have, and one that three have.
    let shared = |corner: &[f64; 2]| corners.iter().filter(|ring| ring.contains(corner)).count();
    let (ring, at) = (0..corners.len())
        .find_map(|ring| Some((ring, corners[ring].iter().position(|corner| shared(corner) == 2)?)))
        .expect("neighbours");
    assert_eq!(begin(&mut desk, ring), corners[ring]);
    assert_eq!(desk.drawing().map(|drawing| drawing.name), Some(rings[ring].clone()));
    let corner = corners[ring][at];
    let to = [corner[0] + 1e-5, corner[1] - 2e-5];
    desk.draw(Draw::Move { at: at as u32, place: to, reach_m: 500.0, done: true });
    // Across the whole region it would cross others: it is said, and stays where it was.
    desk.draw(Draw::Move { at: at as u32, place: [corner[0] + 2.0, corner[1]], reach_m: 0.0, done: true });
    assert_eq!(desk.failure().map(|failure| failure.0), Some("border".to_owned()));
    assert_eq!(desk.drawing().map(|drawing| drawing.points[at]), Some(to));
    // A click bends the side that is nearest; the corner it makes is taken away again.
    let next = desk.drawing().expect("drawn").points[(at + 1) % corners[ring].len()];
    let middle = [f64::midpoint(to[0], next[0]), f64::midpoint(to[1], next[1]) + 1e-6];
    desk.draw(Draw::Add { place: middle, at: None, reach_m: 0.0 });
    let bent = desk.drawing().expect("drawn").points;
    assert_eq!((bent.len(), bent.iter().position(|&one| one == bent[at]).is_some()), (corners[ring].len() + 1, true));
    desk.draw(Draw::Remove(at as u32 + 1));
    desk.draw(Draw::Finish(String::new()));
    assert_eq!(desk.drawing(), None, "it is told that nothing is drawn any more");
    let document = desk.document();
    let name = &document.named[0][0];
    assert_eq!((name.key.as_str(), name.value.as_str()), ("border", rings[ring].as_str()));
    assert_eq!((document.border_edits, document.toml.matches("[[options.border]]").count()), (3, 3));
    assert_eq!(desk.digest_of_file(PREMISES), desk.summary().digest, "the exported file plans the same");
    // Both have the corner where it is now, and nobody where it was.
    let after: Vec<Vec<[f64; 2]>> = (0..rings.len())
        .map(|known| {
            let points = begin(&mut desk, known);
            desk.draw(Draw::Cancel);
            points
        })
        .collect();
    assert_eq!(after.iter().filter(|ring| ring.contains(&to)).count(), 2);
    assert!(!after.iter().any(|ring| ring.contains(&corner)));
    // Where three meet, none can be taken away.
    if let Some((ring, at)) =
        (0..after.len()).find_map(|ring| Some((ring, after[ring].iter().position(|corner| shared(corner) > 2)?)))
    {
        begin(&mut desk, ring);
        desk.draw(Draw::Remove(at as u32));
        assert_eq!(desk.failure().map(|failure| failure.0), Some("border".to_owned()));
        desk.draw(Draw::Cancel);
    }
    desk.edit(Edit::ResetBorders);
    assert!(!desk.document().toml.contains("options.border"), "as in the files");
    assert_eq!(desk.summary().digest, first.digest);
    desk.run(Command::Turn(-1));
    assert_eq!(desk.document().border_edits, 3);
}

#[test]
fn every_price_that_is_shipped_has_a_name_and_a_source_in_every_language() {
    let desk = Desk::open(40);
    let document = desk.document();
    assert!(document.prices.len() > 20);
    let own = document.book.iter().step_by(2).chain(document.prices.iter().map(|price| &price.source));
    let told = own.chain(document.usual.iter().map(|(_, source)| source));
    for text in told.filter(|text| !text.is_empty()) {
        let [english, others @ ..] = Language::ALL.map(|language| breiband_messages::shipped(language, text));
        assert_eq!(english, *text);
        assert!(others.iter().all(|other| *other != english), "{text} is English in another language");
    }
    for price in &document.prices {
        let key = format!("price.{}", price.id);
        assert!(breiband_messages::has(&key), "there is no message {key}");
    }
}
