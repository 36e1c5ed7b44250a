//! The worker and what is open in it: started, started again after it died, asked for work, stopped.

use std::collections::BTreeSet;
use std::time::Duration;

use leptos::prelude::*;

use breiband_wire::{Command, PhaseId, ProgressView, Value};

use super::{Failure, State};
use crate::bridge::{self, Attachment};
use crate::files::{MOST_BYTES, Opened};
use crate::{map, storage};

/// How long a cancel waits for the worker, which hears it between two slices: the reading of a large file, or laying out the
/// candidates of a large region, is one slice.
const PATIENCE: Duration = Duration::from_millis(500);

impl State {
    /// Starts the worker, in place of one before.
    pub(crate) fn start(self) {
        self.curve_wanted.set(false);
        self.curve.set(None);
        bridge::open(move |reply, attachments| self.hear(reply, attachments), move |detail| self.broken(detail));
    }

    /// Hears that the worker cannot run: it is started again with what was kept last. Where it dies of that, what was kept is opened
    /// and not planned; where it dies of that too, it is given up.
    pub(crate) fn broken(self, detail: String) {
        self.deaths.update(|deaths| *deaths += 1);
        let deaths = self.deaths.get_untracked();
        if deaths > 2 || self.document.with_untracked(Option::is_none) {
            self.busy.set(false);
            self.failure.set(Some(Failure { code: "worker".to_owned(), detail: Value::Text(detail) }));
            return;
        }
        self.restarted.set(true);
        self.hovering.set(false);
        self.play.set(None);
        self.start();
        self.resume(deaths == 1);
    }

    /// Opens the project that the browser has kept; one that was planned is planned, where that is wanted.
    pub(crate) fn resume(self, plan: bool) {
        self.busy.set(true);
        storage::kept(false, move |kept| match kept {
            Some(parts) => self.open_project(parts, plan),
            None => {
                self.busy.set(false);
                self.failure.set(Some(Failure { code: "worker".to_owned(), detail: Value::default() }));
            }
        });
    }

    /// Opens a project's bytes, and the steps of its history after them.
    fn open_project(self, parts: Vec<Attachment>, plan: bool) {
        // What is open stays on screen until the project is known to be one.
        self.work(Command::OpenProject { plan }, parts);
    }

    /// Opens files; with `replace`, instead of those that are open.
    pub(crate) fn open(self, opened: Opened, replace: bool) {
        let Opened { mut files, unreadable, large } = opened;
        let failure = |code: &str, detail: String| Some(Failure { code: code.to_owned(), detail: Value::Text(detail) });
        let mut wrong = unreadable.and_then(|name| failure("unreadable", name));
        if let Some((name, size)) = large {
            let told = |bytes: f64| untrack(|| self.words.bytes(bytes as u64));
            let values = [("name", name), ("size", told(size)), ("most", told(MOST_BYTES))];
            wrong = failure("too-large", untrack(|| self.words.with("files.large", &values)));
        }
        // A project is opened alone: it has its files in it.
        if let Some(at) = files.iter().position(|(name, _)| name.to_lowercase().ends_with(".breiband")) {
            self.open_project(vec![files.swap_remove(at).1], true);
        } else if !files.is_empty() {
            let (names, attachments) = files.into_iter().unzip();
            self.work(Command::Open { names, replace, today: crate::files::today() }, attachments);
            if replace {
                self.summary.set(None);
            }
        }
        // What could be read is opened all the same.
        if wrong.is_some() {
            self.failure.set(wrong);
        }
    }

    /// Takes a file that cannot be read off the list.
    pub(crate) fn leave_out(self, name: String) {
        self.work(Command::LeaveOut(name), Vec::new());
    }

    /// Opens the sample region and plans it.
    pub(crate) fn open_sample(self) {
        self.busy.set(true);
        self.failure.set(None);
        self.plan_next.set(true);
        self.fetching.set(true);
        crate::files::sample(move |opened| {
            if !self.fetching.get_untracked() {
                return;
            }
            self.fetching.set(false);
            if opened.unreadable.is_some() {
                self.busy.set(false);
                self.plan_next.set(false);
            }
            self.open(opened, true);
        });
    }

    /// Shows the plan that the server was given.
    pub(crate) fn open_plan(self) {
        self.busy.set(true);
        self.failure.set(None);
        crate::files::plan(move |opened| match opened.unreadable {
            None => self.work(Command::Show, opened.files.into_iter().map(|(_, bytes)| bytes).collect()),
            Some(name) => {
                self.busy.set(false);
                self.failure.set(Some(Failure { code: "unreadable".to_owned(), detail: Value::Text(name) }));
            }
        });
    }

    /// Plans the open region.
    pub(crate) fn plan(self) {
        self.plan_next.set(false);
        self.work(Command::Plan, Vec::new());
    }

    /// Stops what is running.
    pub(crate) fn cancel(self) {
        self.plan_next.set(false);
        // While files are still fetched there is nothing in the worker that could be stopped.
        if self.fetching.get_untracked() {
            self.fetching.set(false);
            self.busy.set(false);
            self.cancelled.set(true);
            return;
        }
        bridge::send(Command::Cancel, Vec::new());
        let asked = self.asked.get_untracked();
        let unheard =
            move || self.busy.get_untracked() && !self.cancelled.get_untracked() && self.asked.get_untracked() == asked;
        set_timeout(
            move || {
                if unheard() {
                    self.stop()
                }
            },
            PATIENCE,
        );
    }

    /// Ends a worker that does not hear, and starts another. What was being read is gone with the old one, as asked; a region
    /// that was being planned is opened again as the browser has kept it, and not planned.
    fn stop(self) {
        let reading = |progress: &ProgressView| progress.phase == PhaseId::Reading;
        let planning = self.progress.with_untracked(|progress| progress.as_ref().is_some_and(|now| !reading(now)));
        self.start();
        self.hovering.set(false);
        self.play.set(None);
        self.progress.set(None);
        self.cancelled.set(true);
        if planning && self.document.with_untracked(Option::is_some) {
            storage::kept(false, move |kept| match kept {
                Some(parts) => {
                    self.open_project(parts, false);
                    self.cancelled.set(true);
                }
                None => self.close(),
            });
        } else {
            self.close();
        }
    }

    /// Forgets what was open.
    fn close(self) {
        self.busy.set(false);
        self.files.set(Vec::new());
        self.issues.set(Vec::new());
        self.region.set(None);
        self.summary.set(None);
        self.document.set(None);
        self.drawing.set(None);
        self.forget_programme();
        self.unpick();
        for layer in self.filled.get_untracked() {
            map::set_layer(layer, None);
        }
        self.filled.set(BTreeSet::new());
    }

    fn work(self, command: Command, attachments: Vec<Attachment>) {
        self.failure.set(None);
        self.cancelled.set(false);
        self.busy.set(true);
        self.unpick();
        let revision = bridge::send(command, attachments);
        self.floor.set(revision);
        self.asked.set(revision);
    }
}
