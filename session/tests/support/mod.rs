//! A session and everything it has said.
#![allow(dead_code, reason = "each test file uses its part")]

mod said;

use breiband::{Recipe, generate};
use breiband_messages::{Language, page_text};
use breiband_session::{Outgoing, Session};
use breiband_wire::{Command, DocumentView, Draw, DrawingView, Edit, Event, Export, Request, SummaryView};

pub(crate) use said::said;

/// A session and everything it has said.
pub(crate) struct Desk {
    pub(crate) session: Session,
    pub(crate) heard: Vec<Outgoing>,
    pub(crate) revision: u32,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self { session: Session::new(), heard: Vec::new(), revision: 0 }
    }

    /// A session with an invented region of so many premises open.
    pub(crate) fn open(premises: u32) -> Self {
        let mut desk = Self::new();
        desk.load(region(premises));
        desk
    }

    pub(crate) fn load(&mut self, files: Vec<(String, Vec<u8>)>) {
        let (names, attachments) = files.into_iter().unzip();
        self.ask(Command::Open { names, replace: true, today: "2026-01-01".to_owned() }, attachments);
        self.finish();
        assert_eq!(self.failure(), None);
    }

    pub(crate) fn ask(&mut self, command: Command, attachments: Vec<Vec<u8>>) {
        self.revision += 1;
        let request = Request { revision: self.revision, command };
        self.session.handle(request, attachments, &mut |one| self.heard.push(one));
    }

    /// Asks, and does all the work that follows.
    pub(crate) fn run(&mut self, command: Command) {
        self.ask(command, Vec::new());
        self.finish();
    }

    pub(crate) fn edit(&mut self, edit: Edit) {
        self.run(Command::Edit(edit));
    }

    pub(crate) fn draw(&mut self, draw: Draw) {
        self.run(Command::Draw(draw));
    }

    pub(crate) fn slice(&mut self) {
        self.session.advance(&mut |one| self.heard.push(one));
    }

    pub(crate) fn finish(&mut self) {
        for _ in 0..1_000_000 {
            if !self.session.has_work() {
                return self.assert_worded();
            }
            self.slice();
        }
        panic!("the work has no end");
    }

    /// The page has words for every edit and every failure that it was told of.
    fn assert_worded(&self) {
        let has = |key: &str| page_text(Language::En, key).is_some();
        let worded = |key: String| assert!(has(&key), "there is no message {key}");
        for one in &self.heard {
            match &one.reply.event {
                Event::Document(document) => {
                    document.named.iter().flatten().for_each(|name| worded(format!("edit.{}", name.key)));
                }
                Event::Failed { code, detail } => {
                    worded(format!("failure.{code}"));
                    for language in Language::ALL {
                        said(language, detail);
                    }
                }
                _ => {}
            }
        }
    }

    pub(crate) fn heard(&self, wanted: impl Fn(&Event) -> bool) -> usize {
        self.heard.iter().filter(|one| wanted(&one.reply.event)).count()
    }

    /// What the last event of a kind held.
    pub(crate) fn last<T>(&self, wanted: impl Fn(&Event) -> Option<T>) -> Option<T> {
        self.heard.iter().rev().find_map(|one| wanted(&one.reply.event))
    }

    pub(crate) fn failure(&self) -> Option<(String, String)> {
        self.last(|event| match event {
            Event::Failed { code, detail } => Some((code.clone(), said(Language::En, detail))),
            _ => None,
        })
    }

    pub(crate) fn summary(&self) -> SummaryView {
        let summary = self.last(|event| match event {
            Event::Summary(summary) => Some((**summary).clone()),
            _ => None,
        });
        summary.expect("something was planned")
    }

    pub(crate) fn document(&self) -> DocumentView {
        let document = self.last(|event| match event {
            Event::Document(document) => Some((**document).clone()),
            _ => None,
        });
        document.expect("something is open")
    }

    pub(crate) fn drawing(&self) -> Option<DrawingView> {
        let drawing = self.last(|event| match event {
            Event::Drawing(drawing) => Some(drawing.as_deref().cloned()),
            _ => None,
        });
        drawing.expect("something was drawn")
    }

    /// The bytes of the last attachment of the events wanted.
    pub(crate) fn bytes(&self, wanted: impl Fn(&Event) -> bool) -> Vec<u8> {
        let found = self.heard.iter().rev().find(|one| wanted(&one.reply.event));
        found.and_then(|one| one.attachments.first().cloned()).expect("it has an attachment")
    }

    /// The digest of the exported scenario, planned without a session as the command line does.
    pub(crate) fn digest_of_file(&mut self, premises: u32) -> String {
        self.run(Command::Export(Export::Scenario));
        let text = self.bytes(|event| matches!(event, Event::Exported { export: Export::Scenario, .. }));
        let scenario = breiband::Scenario::parse(&String::from_utf8(text).expect("text")).expect("a scenario");
        let files = generate(&recipe(premises));
        let (_, sources) = breiband::scenario_of(&files).expect("a scenario");
        let book = breiband::CostBook::example().changed(&scenario.prices).expect("its prices");
        let mut silent = breiband::Silent;
        let mut context = breiband::Context::new(&mut silent);
        let region = breiband::import(&sources, &scenario.options, &mut context).expect("a region");
        breiband::plan(&region, &scenario, &book, &mut context).expect("a plan").value.summary.digest
    }
}

pub(crate) fn recipe(premises: u32) -> Recipe {
    Recipe { premises, seed: 9, ..Recipe::default() }
}

/// The files of an invented region, its plan kept short.
pub(crate) fn region(premises: u32) -> Vec<(String, Vec<u8>)> {
    generate(&recipe(premises)).into_iter().map(|file| (file.name, file.bytes)).collect()
}
