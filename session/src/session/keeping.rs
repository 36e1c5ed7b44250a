//! The project as bytes, and back: as a file, and as what the browser keeps.

use std::rc::Rc;

use breiband_wire::Event;

use super::{Session, Sink, answer};
use crate::document::{Document, Drawing};
use crate::few;
use crate::history::History;
use crate::project::{self, Head, Saved, SavedFile};
use crate::refusal::{self, refuse};

impl Session {
    fn head(&self) -> Head {
        let Document { files, variants, current, drawing } = &self.history.now;
        let listed = files.iter().map(|(name, file)| SavedFile { name: name.clone(), bytes: file.len() as u64 });
        let scenarios = variants.iter().map(|one| Saved::of(one)).collect();
        let head = Head::new(self.today.clone(), scenarios, *current, self.follows, listed.collect());
        Head { drawing: drawing.as_deref().cloned(), ..head }
    }

    /// Gives the project with its inputs.
    pub(super) fn save(&self, revision: u32, sink: Sink<'_>) {
        let mut bytes = self.head().line();
        self.history.now.files.values().for_each(|file| bytes.extend_from_slice(file));
        answer(revision, Event::Saved, vec![bytes], sink);
    }

    /// Gives what is to be kept of the project, with `files` its inputs.
    pub(super) fn keep(&mut self, revision: u32, files: bool, sink: Sink<'_>) {
        let (from, steps) = self.history.untold();
        let (shelved, others) = self.history.shelved(files);
        let mut project = self.head().line();
        let mut more = Vec::new();
        if files {
            self.history.now.files.values().for_each(|file| project.extend_from_slice(file));
            others.iter().for_each(|file| more.extend_from_slice(file));
        }
        let attachments = [project, more, shelved].into_iter().chain(steps).collect();
        answer(revision, Event::Kept { files, from }, attachments, sink);
    }

    /// Opens a project, with the steps of its history where they were kept.
    pub(super) fn open_project(&mut self, revision: u32, attachments: &[Vec<u8>], plan: bool, sink: Sink<'_>) {
        self.revision = revision;
        let bytes = attachments.first().map_or(&[][..], Vec::as_slice);
        let (head, contents, more) = match project::read(bytes) {
            Ok(project) => project,
            Err(refusal) => return self.fail(refusal, sink),
        };
        let drawing = head.drawing.and_then(Drawing::sound);
        let mut document = Document { current: head.current, drawing, ..Document::default() };
        for saved in head.scenarios {
            match saved.variant() {
                Ok(variant) => document.variants.push(variant),
                Err(error) => return self.fail(refusal::scenario(&error), sink),
            }
        }
        if document.variant().is_none() {
            return self.fail(refuse("project", String::new()), sink);
        }
        let files = head.files.into_iter().zip(contents);
        document.files = Rc::new(few::map(files.map(|(file, bytes)| (file.name, bytes.into()))));
        (self.today, self.follows) = (head.today, head.planned && plan);
        self.history = match attachments {
            [_, shelved, steps @ ..] => History::resumed(document, shelved, more, steps),
            _ => History::begin(document),
        };
        self.read(revision, sink);
    }
}
