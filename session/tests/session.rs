//! The session as a worker drives it: commands in, slices, events out.

#[path = "support/said.rs"]
mod said;

use breiband::{Recipe, generate};
use breiband_messages::Language;
use breiband_session::{Outgoing, Session};
use breiband_wire::{Command, Edit, Event, LayerId, Request};

use said::said;

/// A session and everything it has said.
struct Desk {
    session: Session,
    heard: Vec<Outgoing>,
    revision: u32,
}

impl Desk {
    fn new() -> Self {
        Self { session: Session::new(), heard: Vec::new(), revision: 0 }
    }

    fn ask(&mut self, command: Command, attachments: Vec<Vec<u8>>) {
        self.revision += 1;
        let request = Request { revision: self.revision, command };
        self.session.handle(request, attachments, &mut |one| self.heard.push(one));
    }

    fn open(&mut self, files: Vec<(String, Vec<u8>)>, replace: bool) {
        let (names, attachments) = files.into_iter().unzip();
        self.ask(Command::Open { names, replace, today: "2026-01-01".to_owned() }, attachments);
    }

    fn slice(&mut self) {
        self.session.advance(&mut |one| self.heard.push(one));
    }

    fn finish(&mut self) {
        for _ in 0..1_000_000 {
            if !self.session.has_work() {
                return;
            }
            self.slice();
        }
        panic!("the work has no end");
    }

    fn heard(&self, wanted: impl Fn(&Event) -> bool) -> usize {
        self.heard.iter().filter(|one| wanted(&one.reply.event)).count()
    }

    fn failure(&self) -> Option<(&str, String)> {
        self.heard.iter().rev().find_map(|one| match &one.reply.event {
            Event::Failed { code, detail } => Some((code.as_str(), said(Language::En, detail))),
            _ => None,
        })
    }
}

fn region() -> Vec<(String, Vec<u8>)> {
    let recipe = Recipe { premises: 200, seed: 9, ..Recipe::default() };
    generate(&recipe).into_iter().map(|file| (file.name, file.bytes)).collect()
}

#[test]
fn files_are_opened_planned_and_picked() {
    let mut desk = Desk::new();
    desk.open(region(), true);
    desk.finish();
    assert_eq!(desk.failure(), None);
    assert_eq!(desk.heard(|event| matches!(event, Event::Region(region) if region.premises == 200)), 1);
    assert_eq!(desk.heard(|event| matches!(event, Event::Layer { .. })), LayerId::ALL.len());
    assert!(desk.heard(|event| matches!(event, Event::Progress(_))) > 0);

    desk.heard.clear();
    desk.ask(Command::Plan, Vec::new());
    desk.finish();
    // The first answer, and the best one.
    assert_eq!(desk.heard(|event| matches!(event, Event::Summary(_))), 2);
    assert!(matches!(desk.heard.last().map(|one| &one.reply.event), Some(Event::Idle)));
    assert!(desk.heard.iter().all(|one| one.reply.revision == desk.revision), "replies carry the request's revision");

    desk.heard.clear();
    for layer in [LayerId::Premises, LayerId::Ways, LayerId::Network, LayerId::Handovers] {
        desk.ask(Command::Pick { layer, id: 0 }, Vec::new());
        desk.ask(Command::Pick { layer, id: u32::MAX }, Vec::new());
    }
    assert_eq!(desk.heard(|event| matches!(event, Event::Facts { facts, .. } if !facts.is_empty())), 4);
}

#[test]
fn work_is_cancelled_between_slices_and_begun_again() {
    let mut desk = Desk::new();
    desk.open(region(), true);
    desk.ask(Command::Cancel, Vec::new());
    assert!(!desk.session.has_work());
    assert_eq!(desk.heard(|event| *event == Event::Cancelled), 1);

    desk.open(region(), true);
    desk.finish();
    desk.heard.clear();
    desk.ask(Command::Plan, Vec::new());
    desk.slice();
    desk.ask(Command::Cancel, Vec::new());
    desk.finish();
    assert_eq!(desk.heard(|event| matches!(event, Event::Summary(_))), 0);
    assert_eq!(desk.heard(|event| *event == Event::Cancelled), 1);
    desk.ask(Command::Plan, Vec::new());
    desk.finish();
    // The first answer, and the best one.
    assert_eq!(desk.heard(|event| matches!(event, Event::Summary(_))), 2);
    // With nothing under way there is nothing to cancel.
    desk.heard.clear();
    desk.ask(Command::Cancel, Vec::new());
    assert!(desk.heard.is_empty());
}

#[test]
fn a_cancelled_reading_stops_before_all_is_read() {
    let mut desk = Desk::new();
    desk.open(region(), true);
    desk.slice();
    desk.slice();
    assert!(desk.session.has_work(), "files are read one a slice");
    assert_eq!(desk.heard(|event| matches!(event, Event::Region(_))), 0);
    desk.ask(Command::Cancel, Vec::new());
    desk.finish();
    assert_eq!(desk.heard(|event| matches!(event, Event::Region(_))), 0);
}

#[test]
fn a_written_plan_is_shown_again() {
    let files = generate(&Recipe { premises: 200, seed: 9, ..Recipe::default() });
    let (scenario, sources) = breiband::scenario_of(&files).expect("a scenario");
    let mut silent = breiband::Silent;
    let mut context = breiband::Context::new(&mut silent);
    let region = breiband::import(&sources, &scenario.options, &mut context).expect("a region");
    let book = breiband::CostBook::example();
    let plan = breiband::plan(&region, &scenario, &book, &mut context).expect("a plan");
    let written = breiband::files(&region.value, &scenario, &book, &plan);
    let file = |name: &str| written.iter().find(|file| file.name == name).expect("it is written").bytes.clone();
    let attachments = vec![file("summary.json"), file("network.geojson"), file("premises.geojson")];

    let mut desk = Desk::new();
    desk.ask(Command::Show, attachments.clone());
    assert_eq!(desk.failure(), None);
    let digest = &plan.value.summary.digest;
    assert_eq!(desk.heard(|event| matches!(event, Event::Summary(summary) if summary.digest == *digest)), 1);
    for layer in [LayerId::Premises, LayerId::Network, LayerId::Handovers] {
        let drawn =
            |event: &Event| matches!(event, Event::Layer { layer: one, features } if *one == layer && *features > 0);
        assert_eq!(desk.heard(drawn), 1, "{layer:?}");
        desk.ask(Command::Pick { layer, id: 0 }, Vec::new());
    }
    assert_eq!(desk.heard(|event| matches!(event, Event::Facts { facts, .. } if !facts.is_empty())), 3);

    // Cut short, or of another kind: said, not shown.
    for at in 0..3 {
        let mut broken = attachments.clone();
        broken[at].truncate(100);
        let mut desk = Desk::new();
        desk.ask(Command::Show, broken);
        assert_eq!(desk.failure().map(|(code, _)| code), Some("unreadable"));
        assert_eq!(desk.heard(|event| matches!(event, Event::Summary(_))), 0);
    }
}

#[test]
fn what_cannot_be_done_is_said() {
    let mut desk = Desk::new();
    desk.ask(Command::Plan, Vec::new());
    assert_eq!(desk.failure().map(|(code, _)| code), Some("no-files"));

    desk.open(vec![("broken.osm.pbf".to_owned(), b"not a map".to_vec())], true);
    desk.finish();
    let (code, detail) = desk.failure().expect("a failure");
    assert!(code == "import" && detail.contains("broken.osm.pbf"), "{code}: {detail}");
    let files = |desk: &Desk| {
        let told = desk.heard.iter().rev().find_map(|one| match &one.reply.event {
            Event::Files(files) => Some(files.clone()),
            _ => None,
        });
        told.expect("files are told")
    };
    assert!(matches!(files(&desk).as_slice(), [one] if one.is_broken), "it is marked on the list");
    desk.ask(Command::LeaveOut("broken.osm.pbf".to_owned()), Vec::new());
    desk.finish();
    assert_eq!(files(&desk), [], "and can be taken off it");

    // One that is cut short is told as that, in the page's language.
    let length = 1_000_u32.to_be_bytes();
    desk.open(vec![("cut.osm.pbf".to_owned(), [&length[..], b"\x0a\x09OSMHeader"].concat())], true);
    desk.finish();
    let (_, detail) = desk.failure().expect("a failure");
    assert!(detail.contains("is cut short"), "{detail}");

    let premises = b"id,lon,lat\na,6.2,62.5\nb,6.21,bad\n".to_vec();
    desk.open(vec![("premises.csv".to_owned(), premises)], true);
    desk.finish();
    let issues = desk.heard.iter().rev().find_map(|one| match &one.reply.event {
        Event::Issues(groups) => Some(groups.clone()),
        _ => None,
    });
    let issues = issues.expect("the good row is kept, the bad one listed");
    assert!(issues.iter().any(|group| group.code == "bad-coordinate" && group.count == 1), "{issues:?}");
    desk.ask(Command::Plan, Vec::new());
    desk.finish();
    let (code, detail) = desk.failure().expect("a failure");
    assert!(code == "plan" && detail.contains("OpenStreetMap"), "{code}: {detail}");

    desk.ask(Command::Edit(Edit::Scenario("version = 1\nname = 3".to_owned())), Vec::new());
    desk.finish();
    assert_eq!(desk.failure().map(|(code, _)| code), Some("scenario"));
}
