//! Steering the plan: goals with the curve beside them, areas, ducts and poles drawn, keys, prices and policies as files.

mod support;

use breiband_wire::{
    Command, CurveView, Draw, Edit, Event, FoundView, GoalKind, GoalView, LayerId, MastView, PhaseId, ProgrammeView,
    Purpose, Setting, SummaryView, range,
};
use support::{Desk, region};

const PREMISES: u32 = 200;

fn planned() -> Desk {
    let mut desk = Desk::open(PREMISES);
    desk.run(Command::Plan);
    desk
}

fn find(desk: &mut Desk, text: &str, status: &str, service: &str) -> Vec<FoundView> {
    let [text, status, service] = [text, status, service].map(str::to_owned);
    desk.run(Command::Find { text, status, service, sort: "distance".to_owned() });
    let found = desk.last(|event| match event {
        Event::Found(_, found) => Some(found.clone()),
        _ => None,
    });
    found.expect("an answer")
}

fn curve(desk: &Desk) -> Option<CurveView> {
    let curve = desk.last(|event| match event {
        Event::Curve(curve) => Some(curve.as_deref().cloned()),
        _ => None,
    });
    curve.flatten()
}

fn programme(desk: &Desk) -> ProgrammeView {
    let programme = desk.last(|event| match event {
        Event::Programme(programme) => Some(programme.as_deref().cloned()),
        _ => None,
    });
    programme.flatten().expect("a programme")
}

fn goal(kind: GoalKind, amount: f64) -> Edit {
    Edit::Goal(GoalView { kind, amount, homes: true })
}

#[test]
fn a_goal_is_a_place_on_the_curve_that_is_drawn_beside_it() {
    let mut desk = planned();
    let all = desk.summary();
    assert_eq!((all.choice, curve(&desk)), (None, None), "nobody has asked for a curve");
    desk.run(Command::Curve(true));
    let drawn = curve(&desk).expect("a curve");
    assert!(drawn.places.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1), "more for more");
    let (dearest, most) = drawn.places.last().copied().expect("a place");
    assert_eq!((drawn.homes, most), (true, drawn.wanted), "its end connects every home");

    desk.run(Command::Export(breiband_wire::Export::File("curve.csv".to_owned())));
    let csv = desk.bytes(|event| matches!(event, Event::Exported { name, .. } if name == "curve.csv"));
    let rows = String::from_utf8(csv).expect("text").lines().count();
    assert_eq!(rows, drawn.places.len() + 1, "a row for each place, and their names");

    // Half the money: within it, and as many as the curve says for it, or more.
    let money = dearest / 2.0;
    desk.edit(goal(GoalKind::Budget, money));
    let half = desk.summary();
    let choice = half.choice.expect("the goal chose");
    assert!(half.cost <= money && choice.connected <= choice.most && choice.most <= choice.wanted);
    let expected = drawn.places.iter().filter(|place| place.0 <= money).map(|place| place.1).max().unwrap_or(0);
    assert!(choice.connected >= expected, "{} of {expected}", choice.connected);
    assert_eq!(half.connected + half.excluded + half.unreachable + half.already_served, half.premises);
    assert_eq!(desk.digest_of_file(PREMISES), half.digest, "the exported file plans the same");
    assert_eq!(desk.document().goal, GoalView { kind: GoalKind::Budget, amount: money, homes: true });
    assert_eq!(curve(&desk).as_ref(), Some(&drawn), "another goal has the same curve");
    // A goal does not lay the candidates out anew.
    let phases = desk.heard.iter().filter(|one| one.reply.revision == desk.revision);
    let network = |event: &Event| matches!(event, Event::Progress(p) if p.phase == breiband_wire::PhaseId::Network);
    assert_eq!(phases.filter(|one| network(&one.reply.event)).count(), 0);

    desk.edit(goal(GoalKind::Coverage, 0.9));
    let share = desk.summary().choice.expect("the goal chose");
    assert!(share.connected * 10 >= share.wanted * 9 && share.connected < share.wanted);
    // Premises counted, and not homes: the curve is another one, and nobody is worth nothing.
    desk.edit(Edit::Goal(GoalView { kind: GoalKind::Worthwhile, amount: 1e9, homes: false }));
    assert_eq!(desk.summary().connected, all.connected, "at that price everybody is worth it");
    let by_premises = curve(&desk).expect("drawn anew");
    assert!(!by_premises.homes && by_premises.wanted == all.connected);
    let (dearest, _) = by_premises.places.last().copied().expect("a place");
    assert!(dearest >= all.bound, "no network for everybody is cheaper than proven");
    desk.edit(goal(GoalKind::Budget, -1.0));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("scenario".to_owned()));
    // Prices change the curve; without it being wanted there is none.
    let id = desk.document().prices[0].id.clone();
    desk.edit(Edit::Price { id, per_metre: Some(9_000.0), each: None });
    assert_ne!(curve(&desk).expect("drawn anew"), by_premises);
    desk.run(Command::Curve(false));
    assert_eq!(curve(&desk), None);
    desk.run(Command::Turn(-4));
    assert_eq!(desk.summary().digest, all.digest);
    assert_eq!(desk.document().named[1].len(), 4, "and all four can be done again");
    desk.run(Command::Turn(4));
    assert_eq!((desk.document().steps, desk.document().named[1].len()), ([4, 0], 0));
}

#[test]
fn every_goal_has_a_name_as_an_edit() {
    let mut desk = Desk::open(PREMISES);
    // The goal that is there already is no edit: it comes last.
    for (before, kind) in (0..).zip(GoalKind::ALL.into_iter().rev()) {
        desk.edit(goal(kind, 0.5));
        assert_eq!(desk.document().steps, [before + 1, 0]);
        // A desk holds what is told to the messages.
        assert_eq!(desk.document().named[0][0].key, format!("goal-{}", kind.name()));
    }
}

/// A square of degrees around a place.
fn around([lon, lat]: [f64; 2], half: f64) -> [[f64; 2]; 4] {
    [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(x, y)| [lon + x * half * 2.0, lat + y * half])
}

fn draw(desk: &mut Desk, purpose: Purpose, points: &[[f64; 2]], name: &str) {
    desk.draw(Draw::Begin { purpose, known: None });
    if !purpose.is_area() {
        desk.draw(Draw::Mode(true));
    }
    for &place in points {
        desk.draw(Draw::Add { place, at: None, reach_m: 30.0 });
    }
    desk.draw(Draw::Finish(name.to_owned()));
}

#[test]
fn areas_are_drawn_with_their_rules() {
    let mut desk = planned();
    let first = desk.summary();
    let house = find(&mut desk, "", "connected", "")[0].clone();
    let ring = around(house.place, 0.004);
    // While it is drawn: who is inside, and a corner that the pointer would add.
    desk.draw(Draw::Begin { purpose: Purpose::LeaveOut, known: None });
    for place in &ring[..2] {
        desk.draw(Draw::Add { place: *place, at: None, reach_m: 500.0 });
    }
    desk.draw(Draw::Finish(String::new()));
    assert_eq!(desk.failure(), Some(("drawing-short".to_owned(), "3".to_owned())));
    desk.draw(Draw::Hover(ring[2]));
    let hover = desk.drawing().expect("being drawn");
    assert!(hover.points.len() == 2 && hover.square_metres > 10_000.0);
    desk.draw(Draw::Add { place: ring[2], at: None, reach_m: 500.0 });
    desk.draw(Draw::Add { place: ring[3], at: None, reach_m: 500.0 });
    let whole = desk.drawing().expect("being drawn");
    let inside = whole.premises;
    assert_eq!(whole.points, ring.map(|place| place.map(|d| (d * 1e7).round() / 1e7)), "corners do not snap");
    assert!((whole.square_metres / (2.0 * hover.square_metres) - 1.0).abs() < 0.01, "a triangle is half the square");
    assert!(inside[1] >= 1 && inside[1] <= inside[0] && whole.problems.is_empty());
    // Its last two corners the other way round: the line crosses itself, and goes round half of what it did.
    desk.draw(Draw::Move { at: 2, place: ring[3], reach_m: 500.0, done: true });
    desk.draw(Draw::Move { at: 3, place: ring[2], reach_m: 500.0, done: true });
    let bow = desk.drawing().expect("being drawn");
    assert_eq!(bow.problems, [["crosses-itself".to_owned(), String::new()]]);
    assert!((whole.square_metres / (2.0 * bow.square_metres) - 1.0).abs() < 0.01, "{}", bow.square_metres);
    desk.run(Command::Turn(-2));
    desk.draw(Draw::Finish("Cabins".to_owned()));
    let without = desk.summary();
    assert_eq!(without.connected + inside[1], first.connected, "those inside are left out");
    assert_eq!(desk.digest_of_file(PREMISES), without.digest, "the exported file plans the same");
    let drawn = |desk: &Desk| {
        desk.last(|event| match event {
            Event::Layer { layer: LayerId::Drawn, features } => Some(*features),
            _ => None,
        })
    };
    assert_eq!(drawn(&desk), Some(1));

    // Taken up again with all its corners, one of them moved; given up; removed.
    desk.draw(Draw::Begin { purpose: Purpose::LeaveOut, known: Some(0) });
    assert_eq!((desk.drawing().map(|d| (d.points.len(), d.name)), drawn(&desk)), (Some((4, "Cabins".into())), Some(0)));
    desk.draw(Draw::Cancel);
    assert_eq!((desk.document().areas.len(), drawn(&desk)), (1, Some(1)));
    desk.edit(Edit::RemoveArea(0));
    assert_eq!(desk.summary().digest, first.digest);
    desk.edit(Edit::RemoveArea(0));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("gone".to_owned()));

    // Around everything, all costs twice as much; then three times.
    let wide = around(house.place, 2.0);
    draw(&mut desk, Purpose::Dearer, &wide, "Everywhere");
    let twice = desk.summary();
    assert!((twice.bound..=twice.cost).contains(&(first.cost * 2.0)) || twice.cost <= first.cost * 2.0);
    assert!(twice.bound > first.bound * 1.9, "nothing escapes");
    desk.edit(Edit::AreaFactor(0, 3.0));
    assert!(desk.summary().bound > first.bound * 2.9);
    desk.edit(Edit::AreaFactor(0, -1.0));
    assert_eq!(desk.failure().map(|failure| failure.0), Some("scenario".to_owned()));
    desk.run(Command::Turn(-100));
    assert_eq!(desk.summary().digest, first.digest);

    // Where nothing may be dug nobody is reached by digging through it.
    draw(&mut desk, Purpose::NoDig, &ring, "Reserve");
    let barred = desk.summary();
    assert!(barred.connected < first.connected || barred.bound >= first.bound);
    assert_ne!(barred.digest, first.digest);
    assert_eq!(desk.digest_of_file(PREMISES), barred.digest);
}

#[test]
fn a_duct_that_is_drawn_is_priced_and_used() {
    let mut desk = planned();
    let first = desk.summary();
    let houses = find(&mut desk, "", "connected", "");
    let (far, near) = (houses[0].place, houses[houses.len() - 1].place);
    desk.draw(Draw::Begin { purpose: Purpose::Duct, known: None });
    desk.draw(Draw::Add { place: near, at: None, reach_m: 30.0 });
    desk.draw(Draw::Add { place: far, at: None, reach_m: 30.0 });
    let view = desk.drawing().expect("being drawn");
    assert_eq!(view.grounds.iter().map(|ground| ground.0.as_str()).collect::<Vec<_>>(), ["duct"]);
    assert!((view.grounds[0].2 - view.cost).abs() < 0.01 && view.crossings == 0.0);
    desk.draw(Draw::Finish("Old duct".to_owned()));
    let with = desk.summary();
    assert!(with.cost < first.cost, "what is there need not be dug");
    let ducts = |name: &str| name == "existing-duct";
    assert!(with.methods.iter().any(|method| ducts(&method.name) && method.metres > 100.0));
    assert_eq!(desk.digest_of_file(PREMISES), with.digest);
    assert_eq!(desk.document().routes[0].purpose, Purpose::Duct);
}

#[test]
fn keys_are_changed_added_and_taken_away() {
    let mut desk = planned();
    desk.edit(Edit::Programme(3));
    let before = programme(&desk);
    assert_eq!(before.keys[0].parts, [("equal".to_owned(), 30.0), ("inhabitants".to_owned(), 70.0)]);
    let key = |at, name: &str, parts: &[(&str, f64)]| {
        let parts = parts.iter().map(|(by, per_cent)| ((*by).to_owned(), *per_cent)).collect();
        Edit::Key { at, name: name.to_owned(), parts }
    };
    desk.edit(key(Some(0), "Half and half", &[("equal", 50.0), ("metres", 50.0)]));
    let after = programme(&desk);
    assert_eq!(after.keys[0].name, "Half and half");
    assert_ne!(after.keys[0].shares, before.keys[0].shares);
    let sum = |view: &ProgrammeView, key: usize| view.keys[key].shares.iter().flatten().sum::<f64>();
    assert!((sum(&after, 0) - sum(&before, 0)).abs() < 0.005, "to the øre, the same in all");
    desk.edit(key(None, "By metres", &[("metres", 100.0)]));
    assert_eq!(programme(&desk).keys.len(), before.keys.len() + 1);
    desk.edit(key(Some(0), "Half and half", &[("equal", 50.0), ("metres", 40.0)]));
    let said = desk.failure().expect("it does not add up");
    assert!(said.1.contains("90.000 %"), "{}", said.1);
    desk.edit(key(Some(2), "By metres", &[]));
    assert_eq!(programme(&desk).keys.len(), before.keys.len());
}

#[test]
fn prices_policies_and_data_are_added_as_files_without_losing_anything() {
    let mut desk = planned();
    desk.edit(Edit::Duplicate("Other".to_owned()));
    let first = desk.summary();
    let book = breiband::CostBook::example_text().replace("per_metre = 450", "per_metre = 9450");
    add(&mut desk, "ours.toml", book.clone().into_bytes());
    let document = desk.document();
    assert_eq!((document.scenarios.len(), document.steps), (2, [2, 0]), "the other scenario and the history stay");
    assert!(document.toml.contains("cost_book = \"ours.toml\""));
    let dearer = desk.summary();
    assert!(dearer.cost > first.cost, "and it is planned anew");
    // Another book of the same name, its prices the same and its rules not: not the old lines at other prices.
    let other = book.replace("price = \"asphalt-verge\"", "price = \"gravel-verge\"");
    desk.heard.clear();
    add(&mut desk, "ours.toml", other.into_bytes());
    let next = desk.summary();
    assert!(next.cost < dearer.cost);
    assert_eq!(desk.heard(|event| matches!(event, Event::Summary(s) if s.bound > next.cost)), 0, "a bound is one");
    desk.run(Command::Turn(-1));
    assert_eq!(desk.summary().digest, dearer.digest);
    // Borders of one municipality more, as a file.
    let square = "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"kommunenummer\":\"9999\",\
        \"name\":\"Nowhere\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[1,1],[2,1],[2,2],[1,2],[1,1]]]}}]}";
    add(&mut desk, "borders-more.geojson", square.as_bytes().to_vec());
    assert_eq!(desk.document().named[0][0].key, "add-files");
    assert!(desk.document().toml.contains("borders-more.geojson"));
    desk.run(Command::Turn(-2));
    assert_eq!(desk.summary().digest, first.digest, "undone, it is as it was");
}

/// Adds a file to what is open.
fn add(desk: &mut Desk, name: &str, bytes: Vec<u8>) {
    let open = Command::Open { names: vec![name.to_owned()], replace: false, today: "2026-01-01".to_owned() };
    desk.ask(open, vec![bytes]);
    desk.finish();
}

#[test]
fn a_broken_file_that_is_added_costs_no_edit() {
    let mut desk = planned();
    let first = desk.summary();
    let house = find(&mut desk, "", "connected", "")[0].id;
    desk.edit(Edit::Choose(breiband_wire::Which::Numbers(vec![house]), breiband_wire::Choice::Exclude));
    let (edited, document) = (desk.summary(), desk.document());
    add(&mut desk, "torn.geojson", b"{\"type\":\"FeatureCollection\",\"features\":[{".to_vec());
    assert_eq!(desk.failure().map(|failure| failure.0), Some("left-out".to_owned()));
    assert_eq!(desk.document(), document, "nothing is left of it, the history included");
    assert_eq!(desk.summary().digest, edited.digest);
    // In the place of a good file it leaves that one there.
    let (name, good) = region(PREMISES).into_iter().find(|(name, _)| name == "ways.geojson").expect("ways");
    add(&mut desk, &name, good[..good.len() / 2].to_vec());
    assert_eq!((desk.document(), desk.summary().digest), (document, edited.digest));
    desk.run(Command::Turn(-1));
    assert_eq!(desk.summary().digest, first.digest);
}

#[test]
fn a_file_that_replaces_another_and_a_scenario_that_is_added_are_undone() {
    let mut desk = planned();
    let first = desk.summary();
    let (name, bytes) = region(PREMISES).into_iter().find(|(name, _)| name == "premises.csv").expect("premises");
    let text = String::from_utf8(bytes).expect("text");
    let rows: Vec<&str> = text.lines().collect();
    let fewer = rows[..rows.len() / 2].join("\n");
    add(&mut desk, &name, fewer.into_bytes());
    let half = desk.summary();
    assert!(half.premises < first.premises, "{name} is read anew");
    desk.run(Command::Turn(-1));
    assert_eq!(desk.summary().digest, first.digest, "the file that it replaced is back");
    desk.run(Command::Turn(1));
    assert_eq!(desk.summary().digest, half.digest);
    desk.run(Command::Turn(-1));
    // A scenario comes beside the one on screen, and takes nothing away.
    let other = desk.document().toml.replacen("threshold_mbps = 100", "threshold_mbps = 30", 1);
    add(&mut desk, "other.toml", other.into_bytes());
    assert_eq!((desk.document().scenarios.len(), desk.document().threshold), (2, 30.0));
    assert!(desk.summary().connected < first.connected);
    desk.run(Command::Turn(-1));
    assert_eq!((desk.document().scenarios.len(), desk.summary().digest), (1, first.digest));
    add(&mut desk, "other.toml", b"version = 1\nname = 3".to_vec());
    assert_eq!(desk.failure().map(|failure| failure.0), Some("scenario".to_owned()));
}

#[test]
fn a_broken_file_is_said_and_the_good_part_is_read() {
    let mut desk = Desk::new();
    let mut files: Vec<(String, Vec<u8>)> = region(PREMISES);
    files.retain(|(name, _)| name != "scenario.toml" && name != "orders.csv");
    let good = files.len();
    files.insert(0, ("torn.geojson".to_owned(), b"{\"type\":\"FeatureCollection\",\"features\":[{".to_vec()));
    let (names, attachments) = files.into_iter().unzip();
    desk.ask(Command::Open { names, replace: true, today: "2026-01-01".to_owned() }, attachments);
    desk.finish();
    let said = desk.failure().expect("it is said");
    assert!(said.0 == "left-out" && said.1.contains("torn.geojson"), "{said:?}");
    let document = desk.document();
    assert!(!document.toml.contains("torn") && document.toml.matches("[[input]]").count() == good);
    desk.run(Command::Plan);
    assert!(desk.summary().connected > 0);
}

#[test]
fn sites_are_found_and_premises_filtered_by_service() {
    let mut desk = planned();
    let sites = find(&mut desk, "", "sites", "");
    assert!(!sites.is_empty() && sites.iter().all(|one| one.layer == LayerId::Sites));
    let name = sites[0].label.clone();
    assert!(find(&mut desk, &name, "", "").contains(&sites[0]), "by name, among premises");
    desk.run(Command::Pick { layer: LayerId::Sites, id: sites[0].id });
    let title = desk.last(|event| match event {
        Event::Facts { title, .. } => Some(title.clone()),
        _ => None,
    });
    assert_eq!(title, Some(name));
    let classes = ["1000", "100", "30", "slow", "none", "unknown"];
    let counts = classes.map(|class| {
        desk.run(Command::Find {
            text: String::new(),
            status: String::new(),
            service: class.to_owned(),
            sort: "address".to_owned(),
        });
        desk.last(|event| match event {
            Event::Found(count, _) => Some(*count),
            _ => None,
        })
    });
    assert_eq!(counts.iter().flatten().sum::<u64>(), u64::from(PREMISES), "each has one class");
    assert!(region(PREMISES).len() > 1);
}

#[test]
fn the_section_that_a_goal_needs_goes_with_it() {
    let mut desk = planned();
    let before = desk.document().toml;
    assert!(!before.contains("[mix]"));
    desk.edit(goal(GoalKind::Cheapest, 0.0));
    assert!(desk.document().toml.contains("[mix]"));
    desk.edit(goal(GoalKind::Connect, 0.0));
    assert_eq!(desk.document().toml.matches("[mix]").count(), 0, "nothing is left behind");
    // One that the planner wrote stays.
    let own = format!("{}\n[mix]\n", desk.document().toml);
    desk.edit(Edit::Scenario(own));
    desk.edit(goal(GoalKind::Cheapest, 0.0));
    desk.edit(goal(GoalKind::Connect, 0.0));
    assert!(desk.document().toml.contains("[mix]"));
}

#[test]
fn areas_are_told_of_once_they_are_taken_whole() {
    let mut desk = planned();
    let cost = desk.summary().cost;
    let support = desk.document().support;
    assert!(support.iter().any(|one| one.path == "whole" && one.value == Setting::Flag(true)), "areas are taken whole");
    desk.heard.clear();
    desk.edit(goal(GoalKind::Budget, cost / 2.0));
    let answers = desk.heard.iter().filter_map(|one| match &one.reply.event {
        Event::Summary(summary) => Some((summary.first, summary.choice.expect("a choice").areas)),
        _ => None,
    });
    let answers: Vec<_> = answers.collect();
    assert_eq!(answers[0], (true, None), "a first answer heeds no areas");
    let Some((false, Some([built, all]))) = answers.last() else { panic!("{answers:?}") };
    assert!(built <= all && *all > 0, "{built} of {all}");
}

#[test]
fn a_first_answer_says_nothing_of_sites() {
    let mut desk = planned();
    let ready = |desk: &Desk| -> Vec<u64> {
        let drawn = desk.bytes(|event| matches!(event, Event::Layer { layer: LayerId::Sites, .. }));
        let value: serde_json::Value = serde_json::from_slice(&drawn).expect("GeoJSON");
        let of = |one: &serde_json::Value| one["properties"]["ready"].as_str().and_then(|text| text.parse().ok());
        value["features"].as_array().expect("features").iter().filter_map(of).collect()
    };
    let known = ready(&desk);
    assert!(known.iter().any(|year| *year > 0), "some wait");
    let house = find(&mut desk, "", "connected", "")[0].id;
    let choose = Edit::Choose(breiband_wire::Which::Numbers(vec![house]), breiband_wire::Choice::Exclude);
    desk.ask(Command::Edit(choose), Vec::new());
    let is_whole = |desk: &Desk| !desk.summary().first;
    while !is_whole(&desk) {
        assert_eq!(ready(&desk), known, "what was known stays until the whole plan is there");
        desk.slice();
    }
    desk.finish();
    assert_eq!(ready(&desk).len(), known.len());
}

#[test]
fn a_cancel_leaves_the_curve_alone() {
    let mut desk = planned();
    desk.ask(Command::Curve(true), Vec::new());
    desk.slice();
    assert_eq!(curve(&desk), None, "it takes more slices than one");
    desk.heard.clear();
    desk.ask(Command::Cancel, Vec::new());
    assert!(desk.heard.is_empty(), "there was nothing to cancel");
    desk.finish();
    assert!(curve(&desk).is_some());
}

#[test]
fn a_policy_is_changed_figure_by_figure() {
    let mut desk = planned();
    let digest = desk.summary().digest;
    let table = |desk: &mut Desk| {
        desk.run(Command::Export(breiband_wire::Export::File("links.csv".to_owned())));
        desk.bytes(|event| matches!(event, Event::Exported { .. }))
    };
    let links = table(&mut desk);
    let figure = |desk: &Desk, path: &str| {
        let policy = desk.document().policy.expect("its programme has one");
        policy.figures.into_iter().find(|one| one.path == path).expect("a figure")
    };
    let busy = "homes.busy_mbps";
    assert_eq!(figure(&desk, busy).value, figure(&desk, busy).own);
    desk.edit(Edit::Policy(busy.to_owned(), Some(Setting::Number(Some(30.0)))));
    assert_eq!((figure(&desk, busy).value, desk.summary().digest), (Setting::Number(Some(30.0)), digest.clone()));
    let more = table(&mut desk);
    assert_ne!(more, links, "links fill up sooner");
    desk.edit(Edit::PolicySource(busy.to_owned(), "Measured".to_owned()));
    assert_eq!(
        (figure(&desk, busy).noted.as_str(), desk.document().named[0][0].key.as_str()),
        ("Measured", "policy-source")
    );
    let together = desk.last(|event| match event {
        Event::Together(view) => Some(view.as_deref().cloned()),
        _ => None,
    });
    let told = together.flatten().and_then(|view| view.sites).expect("sites").policy;
    assert!(told[2].contains("homes.busy_mbps (Measured)"), "{}", told[2]);
    // The scenario's file says it all: what is made from it has the same table.
    let text = desk.document().toml;
    let mut again = planned();
    again.edit(Edit::Scenario(text));
    assert_eq!(table(&mut again), more);
    // What cannot be is no edit.
    for (path, value) in [("site.school.heads", 1.5), ("fill_per_cent", 0.0), ("homes.nothing", 1.0)] {
        desk.edit(Edit::Policy(path.to_owned(), Some(Setting::Number(Some(value)))));
        assert_eq!(desk.failure().map(|failure| failure.0), Some("policy".to_owned()), "{path}");
    }
    desk.edit(Edit::Policy("site.school.feide".to_owned(), Some(Setting::Flag(false))));
    assert_eq!(figure(&desk, "site.school.feide").value, Setting::Flag(false));
    desk.edit(Edit::Policy("site.school.feide".to_owned(), None));
    desk.edit(Edit::Policy(busy.to_owned(), None));
    assert!(!desk.document().toml.contains("policy_changes") && table(&mut desk) == links, "it is as it was");
}

#[test]
fn progress_never_goes_back_while_better_answers_are_looked_for() {
    let mut desk = Desk::open(600);
    desk.run(Command::Plan);
    let (cost, begun) = (desk.summary().cost, desk.heard.len());
    desk.edit(Edit::Goal(GoalView { kind: GoalKind::Budget, amount: cost / 2.0, homes: false }));
    let (mut last, mut answers, mut told) = ((PhaseId::Reading, None), 0, 0);
    for one in &desk.heard[begun..] {
        match &one.reply.event {
            Event::Summary(_) => (last, answers) = ((PhaseId::Reading, None), answers + 1),
            Event::Progress(progress) => {
                if let (Some(now), (phase, Some(before))) = (progress.permille, last) {
                    assert!(phase != progress.phase || now >= before, "{before} to {now}");
                }
                assert!(progress.permille != Some(1000), "what is at its end is not under way");
                (last, told) = ((progress.phase, progress.permille.or(last.1)), told + 1);
            }
            _ => {}
        }
    }
    assert!(answers > 1 && told > 5, "{answers} answers, {told} times told");
}

#[test]
fn figures_are_taken_up_to_the_bounds_that_the_page_says() {
    let mut desk = Desk::open(PREMISES);
    let place = find(&mut desk, "", "", "")[0].place;
    let ring = around(place, 0.002);
    draw(&mut desk, Purpose::Dearer, &ring, "Bog");
    let mast = |height: f64, sectors: f64| {
        // Each has a name of its own.
        let mast = MastView { name: format!("{height} {sectors}"), place, ..MastView::default() };
        Edit::Mast(None, Some(MastView { height_m: Some(height), sectors: Some(sectors as u32), ..mast }))
    };
    let policy = |path: &'static str| move |value| Edit::Policy(path.to_owned(), Some(Setting::Number(Some(value))));
    let support = |value| Edit::SupportField("own_per_cent".to_owned(), Setting::Number(Some(value)));
    desk.edit(Edit::Support(true));
    let price = |value| Edit::Price { id: "forest".to_owned(), per_metre: Some(value), each: None };
    let asked: [(_, &dyn Fn(f64) -> Edit); 8] = [
        (range::AMOUNT, &price),
        (range::MAST_HEIGHT_M, &|value| mast(value, 3.0)),
        (range::MAST_SECTORS, &|value| mast(20.0, value)),
        (range::AREA_FACTOR, &|value| Edit::AreaFactor(0, value)),
        (range::PER_CENT, &|value| goal(GoalKind::Coverage, value / 100.0)),
        (range::of_setting("homes.take_per_cent").expect("one"), &policy("homes.take_per_cent")),
        (range::of_setting("horizon").expect("one"), &policy("horizon")),
        (range::of_setting("own_per_cent").expect("one"), &support),
    ];
    assert_eq!(range::of_setting("homes.peak_mbps"), None);
    for (at, ([least, most], edit)) in asked.into_iter().enumerate() {
        for (value, is_taken) in [(least, true), (most, true), (least - 1.0, false), (most + 1.0, false)] {
            let before = (desk.document().named[0].len(), desk.heard(|event| matches!(event, Event::Failed { .. })));
            desk.edit(edit(value));
            let after = (desk.document().named[0].len(), desk.heard(|event| matches!(event, Event::Failed { .. })));
            // -1 sectors are 0 in a whole number.
            assert_eq!(
                (after.0 - before.0, after.1 - before.1),
                (usize::from(is_taken), usize::from(!is_taken)),
                "{at}: {value}"
            );
        }
    }
}

/// The answers to what was asked last.
fn answers(desk: &Desk) -> Vec<SummaryView> {
    let told = desk.heard.iter().filter_map(|one| match &one.reply.event {
        Event::Summary(summary) => Some((**summary).clone()),
        _ => None,
    });
    told.collect()
}

#[test]
fn a_first_answer_begins_with_what_is_known_and_the_whole_with_nothing() {
    begins_with_what_is_known(600);
    begins_with_what_is_known(2_000);
    begins_with_what_is_known(4_000);
}

fn begins_with_what_is_known(premises: u32) {
    let mut desk = Desk::open(premises);
    desk.run(Command::Plan);
    desk.heard.clear();
    desk.edit(Edit::Threshold(30.0));
    let known = answers(&desk);

    let mut fresh = Desk::open(premises);
    fresh.edit(Edit::Threshold(30.0));
    fresh.heard.clear();
    fresh.run(Command::Plan);
    let unknown = answers(&fresh);

    assert_eq!((known.len(), unknown.len()), (2, 2));
    assert!(known[0].first && unknown[0].first && !known[1].first);
    assert!(known[0].gap < unknown[0].gap, "{} of {}", known[0].gap, unknown[0].gap);
    assert!(known[0].bound <= unknown[1].cost && unknown[1].bound <= known[0].cost, "both are right");
    assert_eq!(known[1], unknown[1], "what was planned before leaves no trace");
}
