//! The project as bytes, and back.

use std::rc::Rc;

use breiband::Scenario;

use super::{Session, Sink};
use crate::document::{Document, History, Variant};
use crate::project::{self, Head, Saved, SavedFile};
use crate::refusal::{self, refuse};

impl Session {
    /// The project: its head, and with `files` the inputs.
    pub(super) fn project(&self, files: bool) -> Vec<u8> {
        let saved = |variant: &Rc<Variant>| Saved {
            id: variant.id,
            note: variant.note.clone(),
            toml: variant.toml(),
            lent_mix: variant.lent_mix,
        };
        let document = &self.history.now;
        let listed =
            document.files.iter().map(|(name, file)| SavedFile { name: name.clone(), bytes: file.len() as u64 });
        let head = Head::new(
            self.today.clone(),
            document.variants.iter().map(saved).collect(),
            document.current,
            self.follows,
            listed.collect(),
        );
        let head = Head { drawing: document.drawing.as_deref().cloned(), ..head };
        let mut bytes = head.line();
        if files {
            document.files.values().for_each(|file| bytes.extend_from_slice(file));
        }
        bytes
    }

    pub(super) fn open_project(&mut self, revision: u32, bytes: &[u8], plan: bool, sink: Sink<'_>) {
        self.revision = revision;
        let (head, contents) = match project::read(bytes) {
            Ok(project) => project,
            Err(refusal) => return self.fail(refusal, sink),
        };
        let drawing = head.drawing.filter(|drawing| drawing.legs.len() + 1 == drawing.points.len().max(1)).map(Rc::new);
        let mut document = Document { current: head.current, drawing, ..Document::default() };
        for saved in &head.scenarios {
            match Scenario::parse(&saved.toml) {
                Ok(scenario) => document.variants.push(Rc::new(Variant {
                    id: saved.id,
                    note: saved.note.clone(),
                    scenario,
                    text: Some(saved.toml.clone()),
                    lent_mix: saved.lent_mix,
                })),
                Err(error) => return self.fail(refusal::scenario(&error), sink),
            }
        }
        if document.variant().is_none() {
            return self.fail(refuse("project", String::new()), sink);
        }
        let files = head.files.iter().zip(contents);
        document.files = Rc::new(files.map(|(file, bytes)| (file.name.clone(), bytes.into())).collect());
        (self.today, self.follows) = (head.today, head.planned && plan);
        self.history = History::begin(document);
        self.read(revision, sink);
    }
}
