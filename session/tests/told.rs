//! What the page is told: of places that are on no map, of what became of drawn routes, and of every edit its document.

mod support;

use breiband_wire::{Choice, Command, Draw, Edit, Event, LayerId, MastView, PlaceKind, PlaceView, Purpose, Which};
use support::Desk;

const FAR: [[f64; 2]; 3] = [[10.75, 59.91], [0.0, 0.0], [63.0, 3.5]];

fn refused(desk: &Desk, code: &str) {
    assert_eq!(desk.failure().map(|failure| failure.0), Some(code.to_owned()));
}

fn middle(desk: &Desk) -> [f64; 2] {
    let bounds = desk.last(|event| match event {
        Event::Region(region) => region.bounds_e7,
        _ => None,
    });
    let [west, south, east, north] = bounds.expect("a region").map(|e7| f64::from(e7) / 1e7);
    [(west + east) / 2.0, (south + north) / 2.0]
}

#[test]
fn a_place_that_is_not_on_the_map_is_refused_and_nothing_changes() {
    let mut desk = Desk::open(60);
    desk.run(Command::Plan);
    let before = desk.document();
    for place in FAR {
        desk.edit(Edit::Place(PlaceKind::Handover, None, Some(PlaceView { place, ..PlaceView::default() })));
        refused(&desk, "off-map");
        desk.edit(Edit::Mast(None, Some(MastView { place, ..MastView::default() })));
        refused(&desk, "off-map");
    }
    let (code, detail) = desk.failure().expect("refused");
    assert!(code == "off-map" && detail.matches('–').count() == 2, "{detail}");
    assert_eq!(desk.document(), before);
    desk.draw(Draw::Begin { purpose: Purpose::Candidate, known: None });
    desk.draw(Draw::Add { place: middle(&desk), at: None, reach_m: 0.0 });
    for place in FAR {
        desk.draw(Draw::Add { place, at: None, reach_m: 0.0 });
        refused(&desk, "off-map");
        desk.draw(Draw::Move { at: 0, place, reach_m: 0.0, done: true });
        refused(&desk, "off-map");
    }
    assert_eq!(desk.drawing().map(|one| one.points.len()), Some(1));
    // A ring around nobody is told as what it is.
    let [lon, lat] = middle(&desk).map(|at| at + 5.0);
    let ring = vec![[lon, lat], [lon + 0.1, lat], [lon, lat + 0.1]];
    desk.edit(Edit::Choose(Which::Within(ring), Choice::Exclude));
    refused(&desk, "none-inside");
}

#[test]
fn a_drawn_route_tells_how_much_of_it_the_plan_uses() {
    let mut desk = Desk::open(120);
    desk.run(Command::Plan);
    let routes = |desk: &Desk| {
        let told = desk.last(|event| match event {
            Event::Routes(routes) => Some(routes.clone()),
            _ => None,
        });
        told.expect("told with every whole plan")
    };
    assert_eq!(routes(&desk), Vec::<[f64; 2]>::new());
    // Along the roads from a handover to whoever is reached by the shortest way: the plan has most of it. Over the ground through the
    // middle: it has little of that.
    desk.run(Command::Find {
        text: String::new(),
        status: "connected".to_owned(),
        service: String::new(),
        sort: "distance".to_owned(),
    });
    let found = desk.last(|event| match event {
        Event::Found(_, found) => Some(found.clone()),
        _ => None,
    });
    let nearest = found.expect("a list").last().expect("somebody is connected").place;
    let handovers = desk.bytes(|event| matches!(event, Event::Layer { layer: LayerId::Handovers, features: 1.. }));
    let handovers: serde_json::Value = serde_json::from_slice(&handovers).expect("GeoJSON");
    let place =
        |one: &serde_json::Value| [0, 1].map(|axis| one["geometry"]["coordinates"][axis].as_f64().expect("a point"));
    let away = |[lon, lat]: &[f64; 2]| (lon - nearest[0]).abs() / 2.0 + (lat - nearest[1]).abs();
    let all = handovers["features"].as_array().expect("features").iter().map(place);
    let handover = all.min_by(|a, b| away(a).total_cmp(&away(b))).expect("a handover");
    let [lon, lat] = middle(&desk);
    for (points, free) in [([handover, nearest], false), ([[lon, lat], [lon + 0.01, lat + 0.02]], true)] {
        desk.draw(Draw::Begin { purpose: Purpose::Candidate, known: None });
        desk.draw(Draw::Mode(free));
        for place in points {
            desk.draw(Draw::Add { place, at: None, reach_m: 0.0 });
        }
        desk.draw(Draw::Finish("R".to_owned()));
    }
    let told = routes(&desk);
    assert!(told.len() == 2 && told.iter().all(|[all, used]| (0.0..=*all).contains(used)), "{told:?}");
    assert!(told[0][1] > 0.5 * told[0][0] && told[1][1] < 0.5 * told[1][0], "{told:?}");
    // Without the routes there is nothing to tell.
    desk.edit(Edit::RemoveRoute(0));
    assert_eq!(routes(&desk), told[1..]);
    desk.edit(Edit::RemoveRoute(0));
    assert_eq!(routes(&desk), Vec::<[f64; 2]>::new());
}

/// The page takes no document that is older than its last edit: each is told of, also where it changed nothing.
#[test]
fn every_edit_tells_the_document_with_its_own_revision() {
    let mut desk = Desk::open(60);
    desk.run(Command::Plan);
    let told = |desk: &Desk| {
        let all = desk.heard.iter().rev();
        let mut documents = all.filter(|one| matches!(one.reply.event, Event::Document(_)));
        documents.next().map(|one| one.reply.revision)
    };
    desk.edit(Edit::Rename("Another".to_owned()));
    for steps in [1, -1, -1, -1, 1, 1, 1] {
        desk.run(Command::Turn(steps));
        assert_eq!(told(&desk), Some(desk.revision), "{steps}");
    }
    let edits = [Edit::RemoveRoute(7), Edit::Rename("Another".to_owned()), Edit::AreaFactor(3, 2.0)];
    for edit in edits {
        desk.edit(edit);
        assert_eq!(told(&desk), Some(desk.revision));
    }
    assert_eq!(desk.document().scenarios[0].name, "Another");
}
