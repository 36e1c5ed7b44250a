//! What was edited can be taken back after the session died, as the browser keeps it: in steps, each told once.

mod support;

use breiband_wire::{Command, DocumentView, Edit, Event, GoalKind, GoalView};

use support::Desk;

/// What the browser has of a session.
#[derive(Default)]
struct Kept {
    project: Vec<u8>,
    more: Vec<u8>,
    place: Vec<u8>,
    steps: Vec<Vec<u8>>,
    /// Bytes that came in all.
    told: usize,
}

impl Kept {
    fn take(&mut self, desk: &mut Desk, files: bool) {
        desk.run(Command::Keep { files });
        let told = desk.heard.iter().rev().find_map(|one| match one.reply.event {
            Event::Kept { from, .. } => Some((from as usize, one.attachments.clone())),
            _ => None,
        });
        let (from, parts) = told.expect("it is told");
        let [project, more, place, steps @ ..] = parts.as_slice() else { panic!("a project and what its history has") };
        self.told += steps.iter().map(Vec::len).sum::<usize>();
        if files {
            (self.project, self.more) = (project.clone(), more.clone());
        } else {
            let end = |bytes: &[u8]| bytes.iter().position(|byte| *byte == b'\n').expect("a line") + 1;
            self.project = [project.as_slice(), &self.project[end(&self.project)..]].concat();
        }
        self.place.clone_from(place);
        self.steps.truncate(from);
        self.steps.extend_from_slice(steps);
    }

    fn open(&self) -> Desk {
        let mut desk = Desk::new();
        let project = [self.project.as_slice(), &self.more].concat();
        let attachments = [vec![project, self.place.clone()], self.steps.clone()].concat();
        desk.ask(Command::OpenProject { plan: true }, attachments);
        desk.finish();
        assert_eq!(desk.failure(), None);
        desk
    }
}

/// What is on screen of the document, and the plan's digest. Of another scenario's figures nothing is known until it is planned.
fn shown(desk: &Desk) -> (DocumentView, String) {
    let mut document = desk.document();
    document.scenarios.iter_mut().for_each(|one| one.figures = None);
    (document, desk.summary().digest)
}

#[track_caller]
fn assert_same(a: &Desk, b: &Desk) {
    let (a, b) = (shown(a), shown(b));
    assert_eq!(a.0.toml, b.0.toml);
    assert!(a == b, "{:?} {:?}", a.0.named, b.0.named);
}

#[test]
fn every_edit_outlives_the_session() {
    let mut desk = Desk::open(120);
    desk.run(Command::Plan);
    let mut kept = Kept::default();
    kept.take(&mut desk, true);
    let price = |each: f64| Edit::Price { id: "rock".to_owned(), per_metre: Some(each), each: None };
    let book = breiband::CostBook::example().to_toml().replace("name = \"", "name = \"Dearer: ");
    desk.edit(price(900.0));
    kept.take(&mut desk, false);
    desk.edit(Edit::Duplicate("Second".to_owned()));
    desk.edit(Edit::Goal(GoalView { kind: GoalKind::Coverage, homes: false, amount: 0.5 }));
    kept.take(&mut desk, false);
    // Another file twice under one name: only the history has the first one.
    for text in [book.clone(), book.replace("Dearer", "Dearest")] {
        let open = Command::Open { names: vec!["b.toml".to_owned()], replace: false, today: "2026-01-01".to_owned() };
        desk.ask(open, vec![text.into_bytes()]);
        desk.finish();
        kept.take(&mut desk, true);
    }
    desk.edit(price(700.0));
    kept.take(&mut desk, false);
    desk.run(Command::Turn(-2));
    kept.take(&mut desk, true);
    let once: usize = kept.steps.iter().map(Vec::len).sum();
    assert!(kept.told == once && kept.steps.len() == 7, "{} {once}: no step is told twice", kept.told);

    // Back to the beginning and forward to the end, each state as it was in the session before.
    let mut again = kept.open();
    let [past, future] = desk.document().steps;
    assert_eq!((past, future), (4, 2));
    assert_same(&again, &desk);
    let turns = [vec![-1; past as usize], vec![1; (past + future) as usize]].concat();
    for turn in turns {
        desk.run(Command::Turn(turn));
        again.run(Command::Turn(turn));
        assert_same(&again, &desk);
    }
    // It is told to the browser once more, and outlives that session too.
    let mut once_more = Kept::default();
    once_more.take(&mut again, true);
    assert_same(&once_more.open(), &desk);
    // What follows an edit after some were taken back is another history.
    again.run(Command::Turn(-4));
    again.edit(Edit::Rename("Another way".to_owned()));
    once_more.take(&mut again, true);
    assert_eq!(once_more.open().document().steps, [3, 0]);
}

#[test]
fn a_history_that_cannot_be_read_leaves_the_project() {
    let mut desk = Desk::open(60);
    desk.run(Command::Plan);
    desk.edit(Edit::Rename("Named".to_owned()));
    let mut kept = Kept::default();
    kept.take(&mut desk, true);
    let whole = kept.steps.clone();
    let torn = [vec![], whole[..1].to_vec(), vec![b"{".to_vec(); 2], [whole.clone(), vec![b"{}".to_vec()]].concat()];
    for steps in torn {
        kept.steps = steps;
        let again = kept.open();
        assert_eq!(again.document().steps, [0, 0]);
        assert_eq!(again.summary().digest, desk.summary().digest);
    }
    kept.steps = whole;
    assert_eq!(kept.open().document().steps, [1, 0]);
}
