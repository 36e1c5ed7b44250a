//! What the page knows: the last events of the session, and the user's own choices. Events change it in one place, [`State::hear`];
//! views only read.

use std::collections::BTreeSet;

use breiband_messages::Language;
use leptos::prelude::*;

use breiband_wire::{
    Command, Event, Fact, FileView, IssueGroup, LayerId, ProgressView, RegionView, Reply, SummaryView,
};

use crate::bridge::{self, Attachment};
use crate::files::Opened;
use crate::text::Words;
use crate::{map, preferences};

/// Facts of the picked feature.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Picked {
    pub(crate) layer: LayerId,
    pub(crate) title: String,
    pub(crate) facts: Vec<Fact>,
}

/// What went wrong last: a code and the core's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) code: String,
    pub(crate) detail: String,
}

/// The page's state: signals, so that a copy is the same state.
#[derive(Clone, Copy)]
pub(crate) struct State {
    pub(crate) words: Words,
    /// `light`, `dark`, or empty for the system's.
    pub(crate) theme: RwSignal<String>,
    pub(crate) files: RwSignal<Vec<FileView>>,
    pub(crate) region: RwSignal<Option<RegionView>>,
    pub(crate) summary: RwSignal<Option<SummaryView>>,
    pub(crate) issues: RwSignal<Vec<IssueGroup>>,
    pub(crate) progress: RwSignal<Option<ProgressView>>,
    pub(crate) busy: RwSignal<bool>,
    pub(crate) cancelled: RwSignal<bool>,
    pub(crate) failure: RwSignal<Option<Failure>>,
    pub(crate) picked: RwSignal<Option<Picked>>,
    pub(crate) hidden: RwSignal<BTreeSet<LayerId>>,
    /// Layers that have something in them.
    pub(crate) filled: RwSignal<BTreeSet<LayerId>>,
    pub(crate) basemap: RwSignal<String>,
    pub(crate) basemap_failed: RwSignal<bool>,
    /// Replies to requests before this one are stale.
    floor: RwSignal<u32>,
    /// The last pick: only its facts are shown.
    pick: RwSignal<u32>,
    /// Whether a region is to be planned as soon as it is read.
    plan_next: RwSignal<bool>,
}

impl State {
    /// The state of a page that was just opened, in the remembered language and theme.
    pub(crate) fn new() -> Self {
        let tag = preferences::get("language").unwrap_or_else(preferences::browser_language);
        Self {
            words: Words(RwSignal::new(Language::from_code(&tag).unwrap_or_default())),
            theme: RwSignal::new(preferences::get("theme").unwrap_or_default()),
            files: RwSignal::default(),
            region: RwSignal::default(),
            summary: RwSignal::default(),
            issues: RwSignal::default(),
            progress: RwSignal::default(),
            busy: RwSignal::new(false),
            cancelled: RwSignal::new(false),
            failure: RwSignal::default(),
            picked: RwSignal::default(),
            hidden: RwSignal::default(),
            filled: RwSignal::default(),
            basemap: RwSignal::default(),
            basemap_failed: RwSignal::new(false),
            floor: RwSignal::new(0),
            pick: RwSignal::new(0),
            plan_next: RwSignal::new(false),
        }
    }

    /// Takes a reply of the worker.
    pub(crate) fn hear(self, reply: Reply, mut attachments: Vec<Attachment>) {
        let Reply { revision, event } = reply;
        if let Event::Facts { layer, title, facts, .. } = event {
            if revision == self.pick.get_untracked() {
                self.picked.set(Some(Picked { layer, title, facts }));
            }
            return;
        }
        if revision < self.floor.get_untracked() {
            return;
        }
        match event {
            Event::Ready | Event::Facts { .. } => {}
            Event::Files(files) => self.files.set(files),
            Event::Progress(progress) => self.progress.set(Some(progress)),
            Event::Region(region) => {
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
            Event::Summary(summary) => self.summary.set(Some(*summary)),
            Event::Issues(issues) => self.issues.set(issues),
            Event::Failed { code, detail } => {
                self.plan_next.set(false);
                self.failure.set(Some(Failure { code, detail }));
            }
            Event::Cancelled => {
                self.plan_next.set(false);
                self.cancelled.set(true);
            }
            Event::Idle => {
                self.busy.set(false);
                self.progress.set(None);
                if self.plan_next.get_untracked() && self.region.get_untracked().is_some() {
                    self.plan();
                }
            }
        }
    }

    /// Hears that the worker cannot run.
    pub(crate) fn broken(self, detail: String) {
        self.busy.set(false);
        self.failure.set(Some(Failure { code: "worker".to_owned(), detail }));
    }

    /// Opens files; with `replace`, instead of those that are open.
    pub(crate) fn open(self, opened: Opened, replace: bool) {
        match opened {
            Ok(files) => {
                let (names, attachments) = files.into_iter().unzip();
                self.work(Command::Open { names, replace, today: crate::files::today() }, attachments);
                self.summary.set(None);
            }
            Err(name) => self.failure.set(Some(Failure { code: "unreadable".to_owned(), detail: name })),
        }
    }

    /// Opens the sample region and plans it.
    pub(crate) fn open_sample(self) {
        self.busy.set(true);
        self.failure.set(None);
        self.plan_next.set(true);
        crate::files::sample(move |opened| {
            if opened.is_err() {
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
        crate::files::plan(move |opened| match opened {
            Ok(files) => self.work(Command::Show, files.into_iter().map(|(_, bytes)| bytes).collect()),
            Err(name) => {
                self.busy.set(false);
                self.failure.set(Some(Failure { code: "unreadable".to_owned(), detail: name }));
            }
        });
    }

    /// Plans the open region.
    pub(crate) fn plan(self) {
        self.plan_next.set(false);
        self.work(Command::Plan, Vec::new());
    }

    /// Uses a scenario text from now on.
    pub(crate) fn set_scenario(self, text: String) {
        self.summary.set(None);
        self.work(Command::SetScenario { text }, Vec::new());
    }

    /// Stops what is running.
    pub(crate) fn cancel(self) {
        self.plan_next.set(false);
        bridge::send(Command::Cancel, Vec::new());
    }

    /// Asks for a feature's facts; nothing closes them.
    pub(crate) fn pick(self, feature: Option<(LayerId, u32)>) {
        match feature {
            Some((layer, id)) => self.pick.set(bridge::send(Command::Pick { layer, id }, Vec::new())),
            None => self.unpick(),
        }
    }

    /// Closes the facts.
    pub(crate) fn unpick(self) {
        self.pick.set(0);
        self.picked.set(None);
        map::unpick();
    }

    /// Shows or hides a layer.
    pub(crate) fn show(self, layer: LayerId, visible: bool) {
        self.hidden.update(|hidden| {
            if visible {
                hidden.remove(&layer);
            } else {
                hidden.insert(layer);
            }
        });
        map::set_visible(layer, visible);
    }

    /// Chooses the language.
    pub(crate) fn speak(self, language: Language) {
        preferences::set("language", language.code());
        self.words.0.set(language);
    }

    /// Whether the page is dark now.
    pub(crate) fn is_dark(self) -> bool {
        match self.theme.get().as_str() {
            "dark" => true,
            "light" => false,
            _ => preferences::system_is_dark(),
        }
    }

    /// Switches between light and dark.
    pub(crate) fn toggle_theme(self) {
        let theme = if untrack(|| self.is_dark()) { "light" } else { "dark" };
        preferences::set("theme", theme);
        self.theme.set(theme.to_owned());
    }

    /// Switches the background map on, or off with an empty address.
    pub(crate) fn use_basemap(self, address: String) {
        self.basemap_failed.set(false);
        self.basemap.set(address);
    }

    fn work(self, command: Command, attachments: Vec<Attachment>) {
        self.failure.set(None);
        self.cancelled.set(false);
        self.busy.set(true);
        self.unpick();
        self.floor.set(bridge::send(command, attachments));
    }
}
