//! What the page knows: the last events of the session, and the user's own choices. Events change it in one place, [`State::hear`];
//! views only read.

mod drawing;
mod hearing;
mod running;

use std::collections::BTreeSet;

use breiband_messages::Language;
use leptos::prelude::*;

use breiband_wire::{
    Choice, Command, CurveView, DocumentView, Draw, DrawingView, Edit, Export, Fact, FileView, FoundView, GameView,
    IssueGroup, LayerId, MastView, OutputView, PlaceKind, PlaceView, ProgrammeView, ProgressView, Purpose, RegionView,
    SummaryView, TogetherView, Value,
};

use crate::text::Words;
use crate::{bridge, map, preferences};

/// Facts of the picked feature.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Picked {
    pub(crate) layer: LayerId,
    pub(crate) id: u32,
    pub(crate) title: String,
    pub(crate) facts: Vec<Fact>,
}

/// The panel's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tab {
    Plan,
    Years,
    Scenarios,
    Premises,
    Prices,
    Files,
}

impl Tab {
    pub(crate) const ALL: [Self; 6] =
        [Self::Plan, Self::Years, Self::Scenarios, Self::Premises, Self::Prices, Self::Files];

    /// Its message key under `tab`, and the end of its elements' ids.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Years => "years",
            Self::Scenarios => "scenarios",
            Self::Premises => "premises",
            Self::Prices => "prices",
            Self::Files => "files",
        }
    }
}

/// What the next touch of the map is for, besides looking.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tool {
    /// Premises inside a ring are chosen so.
    Lasso(Choice),
    /// A handover, point of presence or cabinet is put there: which of the scenario's own, and what else it is.
    Place(PlaceKind, Option<u32>, PlaceView),
    /// A mast is put there: which of the scenario's own, and what else it is.
    Mast(Option<u32>, MastView),
}

/// A file that is read on screen before it is taken.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// What went wrong last: a code, of which there is a title, and what else is to say.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Failure {
    pub(crate) code: String,
    pub(crate) detail: Value,
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
    pub(crate) document: RwSignal<Option<DocumentView>>,
    /// Notifies when the session has answered an edit, whether it took it or not.
    pub(crate) answers: Trigger,
    pub(crate) drawing: RwSignal<Option<DrawingView>>,
    /// Of the drawn routes, metres and how many of them the plan uses.
    pub(crate) routes: RwSignal<Vec<[f64; 2]>>,
    /// The name that the drawing will have, where the user gives it one.
    pub(crate) drawing_name: RwSignal<String>,
    /// What connecting more and more costs, where it is asked for and drawn.
    pub(crate) curve: RwSignal<Option<CurveView>>,
    /// Whether it is drawn; and whether the user asked for it, whatever the goal.
    pub(crate) curve_wanted: RwSignal<bool>,
    pub(crate) curve_asked: RwSignal<bool>,
    pub(crate) found: RwSignal<Option<(u64, Vec<FoundView>)>>,
    /// The files that can be given, while their list is open.
    pub(crate) outputs: RwSignal<Option<Vec<OutputView>>>,
    /// What is built when; `None` where the scenario does not ask for it.
    pub(crate) programme: RwSignal<Option<ProgrammeView>>,
    /// Support, business case and sites of that programme.
    pub(crate) together: RwSignal<Option<TogetherView>>,
    /// Whether these are on screen in place of the years.
    pub(crate) beside: RwSignal<bool>,
    /// How far the game of groups is, while it is played; and what came of it.
    pub(crate) play: RwSignal<Option<(u32, u32)>>,
    pub(crate) game: RwSignal<Option<GameView>>,
    /// The year whose end the map shows; `None` shows the whole plan.
    pub(crate) year: RwSignal<Option<u16>>,
    /// Whether the years play.
    pub(crate) playing: RwSignal<bool>,
    /// What premises are coloured by: `status`, `year`, `service`, `technology`, `gets`, `cost` or `support`; `load` colours the
    /// network.
    pub(crate) colour: RwSignal<&'static str>,
    /// The key that shares are shown by.
    pub(crate) sharing: RwSignal<usize>,
    pub(crate) tab: RwSignal<Tab>,
    pub(crate) tool: RwSignal<Option<Tool>>,
    /// A file that is shown as text.
    pub(crate) shown: RwSignal<Option<Shown>>,
    /// The request whose file is shown, not given.
    to_show: RwSignal<Option<u32>>,
    /// The scenario that the map shows the difference to.
    pub(crate) differs: RwSignal<Option<u32>>,
    /// Whether the page is shown to a council: few words, nothing to edit.
    pub(crate) council: RwSignal<bool>,
    /// The step of the guided tour that is shown.
    pub(crate) tour: RwSignal<Option<usize>>,
    /// What the browser's storage said: empty, `full` or `refused`.
    pub(crate) storage: RwSignal<String>,
    /// Whether a project of an earlier visit can be opened.
    pub(crate) resumable: RwSignal<bool>,
    /// Whether the worker died and was started again, which is said until the next edit; and how often without coming to rest.
    pub(crate) restarted: RwSignal<bool>,
    deaths: RwSignal<u8>,
    /// Whether the inputs are kept by the browser already.
    files_kept: RwSignal<bool>,
    /// Whether the sample's files are still on their way.
    fetching: RwSignal<bool>,
    /// The pointer's last place, while the worker still answers the one before.
    next_hover: RwSignal<Option<Draw>>,
    hovering: RwSignal<bool>,
    /// What was opened or planned last: replies to requests before it are stale, since all of it comes anew.
    floor: RwSignal<u32>,
    /// The last edit, or what was opened or planned since: the document is told for each, and what is under way.
    asked: RwSignal<u32>,
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
            document: RwSignal::default(),
            answers: Trigger::new(),
            drawing: RwSignal::default(),
            routes: RwSignal::default(),
            drawing_name: RwSignal::default(),
            curve: RwSignal::default(),
            curve_wanted: RwSignal::new(false),
            curve_asked: RwSignal::new(false),
            found: RwSignal::default(),
            outputs: RwSignal::default(),
            programme: RwSignal::default(),
            together: RwSignal::default(),
            beside: RwSignal::new(false),
            play: RwSignal::default(),
            game: RwSignal::default(),
            year: RwSignal::default(),
            playing: RwSignal::new(false),
            colour: RwSignal::new("status"),
            sharing: RwSignal::new(0),
            tab: RwSignal::new(Tab::Plan),
            tool: RwSignal::default(),
            shown: RwSignal::default(),
            to_show: RwSignal::default(),
            differs: RwSignal::default(),
            council: RwSignal::new(false),
            tour: RwSignal::default(),
            storage: RwSignal::default(),
            resumable: RwSignal::new(false),
            restarted: RwSignal::new(false),
            deaths: RwSignal::new(0),
            files_kept: RwSignal::new(false),
            fetching: RwSignal::new(false),
            next_hover: RwSignal::default(),
            hovering: RwSignal::new(false),
            floor: RwSignal::new(0),
            asked: RwSignal::new(0),
            pick: RwSignal::new(0),
            plan_next: RwSignal::new(false),
        }
    }

    /// Asks for the cost–coverage curve also where the goal needs none, or no more.
    pub(crate) fn ask_curve(self, asked: bool) {
        self.curve_asked.set(asked);
        self.follow_curve();
    }

    /// The curve is drawn after each edit as long as the goal is a place on it or the user asks for it, and no longer.
    fn follow_curve(self) {
        let is_place = self.document.with_untracked(|one| one.as_ref().is_some_and(|one| one.goal.kind.has_figure()));
        let wanted = is_place || self.curve_asked.get_untracked();
        if self.curve_wanted.get_untracked() != wanted {
            self.curve_wanted.set(wanted);
            self.ask(Command::Curve(wanted));
        }
    }

    /// Changes the document.
    pub(crate) fn edit(self, edit: Edit) {
        self.failure.set(None);
        self.restarted.set(false);
        self.asked.set(bridge::send(Command::Edit(edit), Vec::new()));
    }

    /// Takes the last edit back, or does it again.
    pub(crate) fn turn(self, back: bool) {
        self.turn_by(if back { -1 } else { 1 });
    }

    /// Goes so many edits forward, or back.
    pub(crate) fn turn_by(self, steps: i32) {
        self.failure.set(None);
        self.asked.set(bridge::send(Command::Turn(steps), Vec::new()));
    }

    /// Takes a key that is meant for the whole page; whether it was one.
    pub(crate) fn key(self, key: &str, command: bool, shift: bool, [in_field, on_button]: [bool; 2]) -> bool {
        let drawing = self.drawing.get_untracked();
        match (key, &drawing) {
            ("z" | "Z", _) if command && !in_field => self.turn(!shift),
            ("y", _) if command && !in_field => self.turn(false),
            ("p" | "P", _) if command && !shift && self.region.with_untracked(Option::is_some) => self.print(),
            ("Enter", Some(_)) if !in_field && !on_button => self.finish_drawing(),
            ("Escape", Some(_)) => self.draw(Draw::Cancel),
            ("Escape", None) if self.tool.with_untracked(Option::is_some) => self.tool.set(None),
            ("Escape", None) if self.council.get_untracked() => self.show_council(false),
            ("Escape", None) if self.picked.with_untracked(Option::is_some) => self.unpick(),
            ("f" | "F", Some(drawing)) if !command && !in_field && !drawing.purpose.is_area() => {
                self.draw(Draw::Mode(!drawing.free));
            }
            ("Backspace" | "Delete", Some(drawing)) if !in_field && drawing.purpose != Purpose::Border => {
                if let Some(last) = drawing.points.len().checked_sub(1) {
                    self.draw(Draw::Remove(last as u32));
                }
            }
            ("d" | "D", None) if !command && !in_field && self.document.with_untracked(Option::is_some) => {
                self.draw(Draw::Begin { purpose: Purpose::Candidate, known: None });
            }
            _ => return false,
        }
        true
    }

    /// Shows the page to a council, by years where there are any; or to the planner again.
    pub(crate) fn show_council(self, council: bool) {
        self.council.set(council);
        self.unpick();
        preferences::to_top("panel");
        if self.differs.get_untracked().is_some() {
            self.differ(None);
        }
        // What a planner tries out is nothing to decide on.
        map::set_visible(
            LayerId::Drawn,
            !council && !self.hidden.with_untracked(|hidden| hidden.contains(&LayerId::Drawn)),
        );
        map::show_whole();
        self.colour.set(if council && self.programme.with_untracked(Option::is_some) { "year" } else { "status" });
    }

    /// Prints the page, by day: ink is dark, and the legend has the map's colours.
    pub(crate) fn print(self) {
        let theme = self.theme.get_untracked();
        self.theme.set("light".to_owned());
        map::print(move || self.theme.set(theme));
    }

    /// Asks for a file, to be shown as text or given.
    pub(crate) fn export(self, export: Export, show: bool) {
        self.failure.set(None);
        let revision = bridge::send(Command::Export(export), Vec::new());
        if show {
            self.to_show.set(Some(revision));
        }
    }

    /// Gives the user the project as a file.
    pub(crate) fn save(self) {
        self.ask(Command::Save);
    }

    /// Asks for something that changes nothing.
    pub(crate) fn ask(self, command: Command) {
        bridge::send(command, Vec::new());
    }

    /// Shows where this scenario's plan and another's differ.
    pub(crate) fn differ(self, other: Option<u32>) {
        self.differs.set(other);
        self.ask(Command::Differ(other));
    }

    fn forget_programme(self) {
        self.routes.set(Vec::new());
        self.programme.set(None);
        self.together.set(None);
        self.play.set(None);
        self.game.set(None);
    }

    /// Colours the map by something, or as it is without it.
    pub(crate) fn toggle_colour(self, name: &'static str) {
        self.colour.update(|now| *now = if *now == name { "status" } else { name });
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

    /// Whether a region is open and can be worked on: a document alone may be of files that could not be read.
    pub(crate) fn is_open(self) -> bool {
        self.region.with(Option::is_some) && self.document.with(Option::is_some)
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
}
