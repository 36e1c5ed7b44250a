//! Reading the open files, one a slice.

use std::sync::Arc;

use breiband::{Context, CostBook, ImportError, Importer, Input, Scenario, SourceFile};
use breiband_wire::{Event, FileView, LayerId, PhaseId};

use super::{Job, Relay, Session, Sink};
use crate::document::base_name;
use crate::history::History;
use crate::refusal::{self, refuse};
use crate::views;

/// What is read so far.
pub(super) struct Reading {
    importer: Importer,
    /// The next file's place in the scenario.
    next: usize,
    book: CostBook,
}

impl Session {
    /// Begins to read the document's files anew.
    pub(super) fn read(&mut self, revision: u32, sink: Sink<'_>) {
        self.revision = revision;
        self.stop_playing(revision, sink);
        self.played = None;
        self.region = None;
        self.broken = None;
        self.plan = None;
        self.programme = None;
        self.shares.clear();
        self.sketch = None;
        self.shown = None;
        self.kept.clear();
        self.figures.clear();
        self.differs = None;
        self.curve = None;
        self.job = Some(Job::Read);
        self.tell(Event::Files(self.file_views()), sink);
        self.progress(PhaseId::Reading, None, sink);
    }

    pub(super) fn file_views(&self) -> Vec<FileView> {
        let sources = self.region.as_ref().map_or(&[][..], |region| region.value.sources.as_slice());
        let view = |(name, bytes): (&String, &std::rc::Rc<[u8]>)| {
            let source = sources.iter().find(|source| base_name(&source.name) == name);
            FileView {
                name: name.clone(),
                format: source.map(|source| source.format.clone()).unwrap_or_default(),
                bytes: bytes.len() as u64,
                attribution: source.map(|source| source.attribution.clone()).unwrap_or_default(),
                is_broken: self.broken.as_ref() == Some(name),
            }
        };
        self.history.now.files.iter().map(view).collect()
    }

    /// Takes a file that cannot be read off the list, and reads the others where there are any.
    pub(super) fn leave_out(&mut self, revision: u32, name: &str, sink: Sink<'_>) {
        let without = self.history.now.without(name, None);
        if without.files.is_empty() {
            (self.history, self.broken, self.revision) = (History::default(), None, revision);
            self.tell(Event::Files(Vec::new()), sink);
            self.tell(Event::Idle, sink);
        } else {
            self.history.amend(without);
            self.read(revision, sink);
        }
    }

    /// Drafts a scenario where the files came without one, and sees that it has all it needs.
    pub(super) fn begin_reading(&mut self, sink: Sink<'_>) {
        if self.history.now.variant().is_none() {
            let mut drafted = self.history.now.clone();
            let inputs = drafted.files.keys().filter(|name| !name.to_lowercase().ends_with(".toml"));
            let inputs: Vec<Input> = inputs.map(Input::auto).collect();
            let text = breiband::drafted_scenario(&inputs, &self.today);
            match Scenario::parse(&text) {
                Ok(scenario) => drafted.add(scenario, Some(text)),
                Err(error) => return self.fail(refusal::scenario(&error), sink),
            }
            self.history.amend(drafted);
        }
        let now = &self.history.now;
        let Some(variant) = now.variant() else {
            return self.fail(refuse("no-files", String::new()), sink);
        };
        let scenario = &variant.scenario;
        let book = match now.book_of(scenario) {
            Ok(book) => book,
            Err(refusal) => return self.fail(refusal, sink),
        };
        if let Some(missing) = scenario.inputs.iter().find(|input| now.file(&input.path).is_none()) {
            let path = missing.path.clone();
            return self.fail(refuse("missing-file", path), sink);
        }
        let importer = Importer::new(&scenario.options);
        self.job = Some(Job::Import(Box::new(Reading { importer, next: 0, book })));
    }

    /// Reads one file, or joins them when all are read: a cancel is heard between two files.
    pub(super) fn read_slice(&mut self, mut reading: Box<Reading>, sink: Sink<'_>) {
        // Each file has a bar of its own.
        self.reached.set((PhaseId::Reading, 0));
        let reached = &self.reached;
        let mut relay =
            Relay { revision: self.revision, phase: PhaseId::Reading, last: None, reached, sink: &mut *sink };
        let mut context = Context::new(&mut relay);
        let now = &self.history.now;
        let inputs = now.variant().map_or(&[][..], |variant| variant.scenario.inputs.as_slice());
        if let Some(input) = inputs.get(reading.next) {
            let bytes = now.file(&input.path).unwrap_or_default();
            let added = reading.importer.add(&SourceFile { input: input.clone(), bytes: bytes.into() }, &mut context);
            reading.next += 1;
            match added {
                Ok(()) => self.job = Some(Job::Import(reading)),
                Err(error @ ImportError::File { .. }) if inputs.len() > 1 => {
                    // The good part is read, without what is broken: it is said, and stands in no scenario any more.
                    let without = now.without(&input.path, self.history.before());
                    self.history.amend(without);
                    self.tell(refuse("left-out", refusal::import(&error)).into(), sink);
                    self.job = Some(Job::Read);
                }
                Err(error) => {
                    self.broken = Some(base_name(&input.path).to_owned());
                    self.tell(Event::Files(self.file_views()), sink);
                    self.fail(refuse("import", refusal::import(&error)), sink);
                }
            }
            return;
        }
        let Reading { importer, book, .. } = *reading;
        let region = match importer.finish(&mut context) {
            Ok(region) => region,
            Err(error) => return self.fail(refuse("import", refusal::import(&error)), sink),
        };
        let text = now.variant().map(|variant| variant.toml()).unwrap_or_default();
        let view = views::region(&region.value, &text);
        let issues = views::issues(&region.issues);
        self.region = Some(Arc::new(region));
        self.book = book;
        self.tell(Event::Files(self.file_views()), sink);
        self.tell(Event::Region(view), sink);
        self.tell(Event::Issues(issues), sink);
        self.tell_document(self.revision, sink);
        if self.history.now.drawing.is_some() {
            self.tell_drawing(self.revision, sink);
        }
        self.job = Some(Job::Draw(LayerId::ALL.into_iter().rev().collect(), false));
    }
}
