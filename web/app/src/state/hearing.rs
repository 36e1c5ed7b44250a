//! What the session says, taken into the state: the one place where events change it.

use leptos::prelude::*;

use breiband_wire::{Command, Event, Reply};

use super::{Failure, Picked, Shown, State};
use crate::bridge::{self, Attachment};
use crate::{map, storage};

impl State {
    /// Takes a reply of the worker.
    pub(crate) fn hear(self, reply: Reply, mut attachments: Vec<Attachment>) {
        let Reply { revision, event } = reply;
        match event {
            Event::Facts { layer, id, title, facts } => {
                if revision == self.pick.get_untracked() {
                    self.picked.set(Some(Picked { layer, id, title, facts }));
                }
                return;
            }
            Event::Saved => {
                let name = self.document.with_untracked(|document| {
                    let document = document.as_ref()?;
                    document.scenarios.iter().find(|one| one.id == document.current).map(|one| one.name.clone())
                });
                if let Some(bytes) = attachments.pop() {
                    storage::download(&format!("{}.breiband", name.unwrap_or_default()), &bytes);
                }
                return;
            }
            Event::Kept { files, from } => {
                storage::keep(attachments, files, from, move |said| self.storage.set(said));
                return;
            }
            Event::Exported { name, .. } => {
                let Some(bytes) = attachments.pop() else { return };
                if self.to_show.get_untracked() == Some(revision) {
                    self.to_show.set(None);
                    self.shown.set(Some(Shown { name, text: storage::text(&bytes) }));
                } else {
                    storage::download(&name, &bytes);
                }
                return;
            }
            _ => {}
        }
        // The game goes on beside all that is asked meanwhile.
        if let Event::Playing(progress) = event {
            return self.play.set(progress);
        }
        if let Event::Game(game) = event {
            return self.game.set(game.map(|game| *game));
        }
        // What an earlier edit changed stays changed after a later one, which may tell of something else alone: it is taken as it
        // comes. An earlier document would put back what is being written, and an earlier rest hide what is under way.
        let is_superseded = matches!(event, Event::Document(_) | Event::Progress(_) | Event::Idle);
        let least = if is_superseded { self.asked } else { self.floor };
        if revision < least.get_untracked() {
            return;
        }
        match event {
            Event::Ready | Event::Facts { .. } | Event::Saved | Event::Kept { .. } | Event::Exported { .. } => {}
            Event::Playing(_) | Event::Game(_) => {}
            Event::Together(together) => self.together.set(together.map(|together| *together)),
            Event::Files(files) => {
                // The project is kept with its files once they are others.
                self.files_kept.set(false);
                self.files.set(files);
            }
            Event::Progress(progress) => {
                self.busy.set(true);
                self.progress.set(Some(progress));
            }
            Event::Document(document) => {
                self.document.set(Some(*document));
                self.answers.notify();
                self.follow_curve();
                bridge::send(Command::Keep { files: !self.files_kept.get_untracked() }, Vec::new());
                self.files_kept.set(true);
            }
            Event::Drawing(drawing) => {
                map::set_drawing(drawing.is_some(), attachments.pop().as_ref());
                self.drawing.set(drawing.map(|drawing| *drawing));
                self.hovering.set(false);
                if let Some(next) = self.next_hover.get_untracked() {
                    self.next_hover.set(None);
                    self.hover(next);
                }
            }
            Event::Routes(routes) => self.routes.set(routes),
            Event::Programme(programme) => {
                let programme = programme.map(|programme| *programme);
                let years: Vec<u16> = programme.iter().flat_map(|one| one.years.iter().map(|year| year.year)).collect();
                let first = years.first().map_or(0, |year| year - 1);
                if self.year.get_untracked().is_some_and(|year| year != first && !years.contains(&year)) {
                    self.year.set(None);
                }
                self.programme.set(programme);
            }
            Event::Curve(curve) => self.curve.set(curve.map(|curve| *curve)),
            Event::Found(count, found) => self.found.set(Some((count, found))),
            Event::Outputs(outputs) => self.outputs.set(Some(outputs)),
            Event::Region(region) => {
                self.curve.set(None);
                self.summary.set(None);
                self.found.set(None);
                self.differs.set(None);
                self.forget_programme();
                self.year.set(None);
                if let Some(bounds) = region.bounds_e7 {
                    map::fit(bounds);
                }
                self.region.set(Some(region));
            }
            Event::Layer { layer, features } => {
                map::set_layer(layer, attachments.pop().filter(|_| features > 0).as_ref());
                self.filled.update(|filled| {
                    if features > 0 {
                        filled.insert(layer);
                    } else {
                        filled.remove(&layer);
                    }
                });
            }
            Event::Summary(summary) => {
                // A better answer is looked for, even before anything is told of that.
                self.busy.update(|busy| *busy |= summary.first);
                self.summary.set(Some(*summary));
            }
            Event::Issues(issues) => self.issues.set(issues),
            Event::Failed { code, detail } => {
                self.plan_next.set(false);
                self.failure.set(Some(Failure { code, detail }));
                self.answers.notify();
            }
            Event::Cancelled => {
                self.plan_next.set(false);
                self.cancelled.set(true);
            }
            Event::Idle => {
                self.busy.set(false);
                self.progress.set(None);
                self.deaths.set(0);
                if self.plan_next.get_untracked() && self.region.get_untracked().is_some() {
                    self.plan();
                }
            }
        }
    }
}
