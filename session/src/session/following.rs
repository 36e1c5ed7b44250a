//! What an edit, or one taken back, changes: it is followed as far as it reaches and no further.

use breiband::Scenario;
use breiband_wire::{EditName, Event, LayerId};

use super::{Job, Session, Sink, answer, tell_layer};
use crate::document::Document;
use crate::refusal::{self, Refusal, refuse};
use crate::together;

impl Session {
    /// Takes an edit into the history, or says why not.
    pub(super) fn take_edit(&mut self, revision: u32, applied: Result<(EditName, Document), Refusal>, sink: Sink<'_>) {
        let checked = applied.and_then(|(name, document)| {
            if let Some(variant) = document.variant() {
                // Its own text is parsed again: what cannot be read from its file cannot be planned either.
                Scenario::parse(&variant.scenario.to_toml()).map_err(|error| refusal::scenario(&error))?;
                document.book_of(&variant.scenario)?;
                // A file that is not open is told where it is missed; a figure that cannot be is no edit.
                if variant.scenario.programme.as_ref().is_some_and(|settings| !settings.policy_changes.is_empty()) {
                    let policy = together::policy(&variant.scenario, |path| document.file(path));
                    policy.map_err(|detail| refuse("policy", detail))?;
                }
            }
            Ok((name, document))
        });
        match checked {
            Ok((name, document)) => {
                let before = self.history.now.clone();
                if self.history.edit(name, document) {
                    self.changed(revision, &before, sink);
                } else {
                    self.tell_document(revision, sink);
                    if self.history.now.drawing.is_some() {
                        self.tell_drawing(revision, sink);
                    }
                    self.idle_unless_busy(revision, sink);
                }
            }
            Err(refusal) => {
                answer(revision, refusal.into(), Vec::new(), sink);
                self.unchanged(revision, sink);
            }
        }
    }

    /// Goes so many edits forward, or back.
    pub(super) fn step(&mut self, revision: u32, steps: i32, sink: Sink<'_>) {
        let before = self.history.now.clone();
        if self.history.turn(steps) {
            self.changed(revision, &before, sink);
        } else {
            self.unchanged(revision, sink);
        }
    }

    /// The document is told for every edit, also where it is as it was: the page takes none that is older than its last edit.
    pub(super) fn unchanged(&mut self, revision: u32, sink: Sink<'_>) {
        self.tell_document(revision, sink);
        self.idle_unless_busy(revision, sink);
    }

    pub(super) fn idle_unless_busy(&mut self, revision: u32, sink: Sink<'_>) {
        if matches!(self.job, None | Some(Job::Curve(..))) {
            answer(revision, Event::Idle, Vec::new(), sink);
        } else {
            // The page hears nothing older than what it asked last: what still runs speaks for that.
            self.revision = revision;
        }
    }

    /// Follows the document from what it was: reads, plans and draws what the change asks for, and no more.
    pub(super) fn changed(&mut self, revision: u32, before: &Document, sink: Sink<'_>) {
        self.pending = None;
        // What still runs speaks for this edit from now on, or is replaced.
        self.revision = revision;
        let now = self.history.now.clone();
        if self.region.is_none() || before.is_read_from() != now.is_read_from() {
            if before.drawing.is_some() && now.drawing.is_none() {
                // What goes on is told once it is read; what has ended, at once.
                answer(revision, Event::Drawing(None), Vec::new(), sink);
            }
            return self.read(revision, sink);
        }
        let same = before.variant() == now.variant() && before.files == now.files;
        if before.files != now.files {
            // Orders and policies are read anew with the programme.
            self.played = None;
            self.stop_playing(revision, sink);
            self.tell(Event::Files(self.file_views()), sink);
        }
        if !same && self.playing.as_ref().is_some_and(|playing| playing.key() != self.game_key()) {
            self.stop_playing(revision, sink);
        }
        if !same && let Some(variant) = now.variant() {
            match now.book_of(&variant.scenario) {
                Ok(book) => self.book = book,
                Err(refusal) => {
                    answer(revision, refusal.into(), Vec::new(), sink);
                }
            }
        }
        self.tell_document(revision, sink);
        if !same && self.curve_wanted {
            self.tell_curve(sink);
        }
        if before.drawing != now.drawing {
            self.tell_drawing(revision, sink);
        }
        let is_stale = self.plan.is_some() || matches!(self.job, Some(Job::Plan { .. } | Job::Programme { .. }));
        let plans = !same && self.follows && (is_stale || self.job.is_none());
        if plans {
            self.plan_now(sink);
        }
        // After a plan that is there at once: what was drawn stands on the map already.
        let skipped = |document: &Document| document.drawing.as_ref().and_then(|drawing| drawing.taken());
        if !same_drawn(before, &now) || skipped(before) != skipped(&now) {
            let drawn = self.drawn_routes();
            tell_layer(revision, LayerId::Drawn, drawn, sink);
        }
        if !plans {
            self.idle_unless_busy(revision, sink);
        }
    }
}

/// Whether two documents have the same of their own on the map.
fn same_drawn(a: &Document, b: &Document) -> bool {
    let (Some(a), Some(b)) = (a.variant(), b.variant()) else { return false };
    let (a, b) = (&a.scenario, &b.scenario);
    a.routes == b.routes
        && a.areas == b.areas
        && a.handovers == b.handovers
        && a.cabinets == b.cabinets
        && a.masts == b.masts
}
