//! What the page knows: the last events of the session, and the user's own choices. Events change it in one place, [`State::hear`];
//! views only read.

use std::collections::BTreeSet;
use std::time::Duration;

use breiband_messages::Language;
use leptos::prelude::*;

use breiband_wire::{
    Choice, Command, CurveView, DocumentView, Draw, DrawingView, Edit, Event, Export, Fact, FileView, FoundView,
    GameView, IssueGroup, LayerId, MastView, OutputView, PhaseId, PlaceKind, PlaceView, ProgrammeView, ProgressView,
    Purpose, RegionView, Reply, SummaryView, TogetherView, Value, Which,
};

use crate::bridge::{self, Attachment};
use crate::files::{MOST_BYTES, Opened};
use crate::text::Words;
use crate::{map, preferences, storage};

/// How long a cancel waits for the worker, which hears it between two slices: the reading of a large file, or laying out the
/// candidates of a large region, is one slice.
const PATIENCE: Duration = Duration::from_millis(500);

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
            Event::Summary(summary) => self.summary.set(Some(*summary)),
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

    /// Starts the worker, in place of one before.
    pub(crate) fn start(self) {
        self.curve_wanted.set(false);
        self.curve.set(None);
        bridge::open(move |reply, attachments| self.hear(reply, attachments), move |detail| self.broken(detail));
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

    /// Draws.
    pub(crate) fn draw(self, draw: Draw) {
        self.next_hover.set(None);
        self.failure.set(None);
        if matches!(draw, Draw::Begin { .. }) {
            self.unpick();
            self.tool.set(None);
            self.drawing_name.set(String::new());
            // What it comes to stands at the top.
            preferences::to_top("panel");
        }
        bridge::send(Command::Draw(draw), Vec::new());
    }

    /// Follows the pointer, no faster than the worker answers.
    fn hover(self, draw: Draw) {
        if self.hovering.get_untracked() {
            self.next_hover.set(Some(draw));
        } else {
            self.hovering.set(true);
            bridge::send(Command::Draw(draw), Vec::new());
        }
    }

    /// Takes what the pointer did on the map while something is drawn.
    pub(crate) fn stroke(self, stroke: &map::Stroke) {
        let map::Stroke { place, at, reach_m, .. } = *stroke;
        // A border is priced nowhere, so that nothing follows the pointer.
        let is_border =
            || self.drawing.with_untracked(|one| one.as_ref().is_some_and(|d| d.purpose == Purpose::Border));
        match (stroke.kind.as_str(), at) {
            ("add", _) => self.draw(Draw::Add { place, at: None, reach_m }),
            ("insert", Some(_)) => self.draw(Draw::Add { place, at, reach_m }),
            ("move", Some(at)) => self.hover(Draw::Move { at, place, reach_m, done: false }),
            ("drop", Some(at)) => self.draw(Draw::Move { at, place, reach_m, done: true }),
            ("remove", Some(at)) => self.draw(Draw::Remove(at)),
            ("finish" | "hover" | "leave", _) if is_border() => {}
            ("finish", _) => self.finish_drawing(),
            ("hover", _) => self.hover(Draw::Hover(place)),
            ("leave", _) => self.hover(Draw::Leave),
            _ => {}
        }
    }

    /// Ends what is being drawn, under its name or a new one.
    pub(crate) fn finish_drawing(self) {
        let Some(drawing) = self.drawing.get_untracked() else { return };
        let known = |document: &DocumentView| match drawing.purpose.is_area() {
            true => document.areas.iter().map(|area| area.name.clone()).collect(),
            false => document.routes.iter().map(|route| route.name.clone()).collect(),
        };
        let key = if drawing.purpose.is_area() { "area" } else { drawing.purpose.name() };
        let given = [self.drawing_name.get_untracked().trim().to_owned(), drawing.name.clone()];
        let given = given.into_iter().find(|name| !name.is_empty());
        let name = given.unwrap_or_else(|| self.free_name(&format!("unnamed.{key}"), known));
        self.draw(Draw::Finish(name));
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

    /// Takes up the tool that puts a place of the next name that is free; a point of presence costs what the cost book says of one.
    pub(crate) fn put_place(self, kind: PlaceKind) {
        let known = |d: &DocumentView| d.handovers.iter().chain(&d.cabinets).map(|one| one.name.clone()).collect();
        let name = self.free_name(&format!("{}s.name", kind.name()), known);
        let usual = self.document.with_untracked(|d| d.as_ref().map(|d| d.usual[0].clone())).unwrap_or_default();
        let (cost, source) = if kind == PlaceKind::Pop { (Some(usual.0), usual.1) } else { (None, String::new()) };
        self.tool.set(Some(Tool::Place(kind, None, PlaceView { name, cost, source, ..PlaceView::default() })));
    }

    /// Takes up the tool that puts a mast of the next name that is free.
    pub(crate) fn put_mast(self) {
        let known = |d: &DocumentView| d.masts.iter().map(|one| one.name.clone()).collect();
        let name = self.free_name("masts.name", known);
        self.tool.set(Some(Tool::Mast(None, MastView { name, ..MastView::default() })));
    }

    /// Prints the page, by day: ink is dark, and the legend has the map's colours.
    pub(crate) fn print(self) {
        let theme = self.theme.get_untracked();
        self.theme.set("light".to_owned());
        map::print(move || self.theme.set(theme));
    }

    fn free_name(self, key: &str, known: impl Fn(&DocumentView) -> BTreeSet<String>) -> String {
        let known = self.document.with_untracked(|document| document.as_ref().map(known)).unwrap_or_default();
        let name = |n: usize| untrack(|| self.words.with(key, &[("n", n.to_string())]));
        (1..=known.len()).map(name).find(|name| !known.contains(name)).unwrap_or_else(|| name(known.len() + 1))
    }

    /// Takes what a tool was used on: a ring, or one place.
    pub(crate) fn used(self, places: Vec<[f64; 2]>) {
        let Some(tool) = self.tool.get_untracked() else { return };
        self.tool.set(None);
        match (tool, places.as_slice()) {
            (Tool::Lasso(choice), [_, _, _, ..]) => self.edit(Edit::Choose(Which::Within(places), choice)),
            (Tool::Place(kind, at, view), [place, ..]) => {
                self.edit(Edit::Place(kind, at, Some(PlaceView { place: *place, ..view })));
            }
            (Tool::Mast(at, mast), [place, ..]) => {
                self.edit(Edit::Mast(at, Some(MastView { place: *place, ..mast })));
            }
            _ => {}
        }
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
        let revision = bridge::send(command, attachments);
        self.floor.set(revision);
        self.asked.set(revision);
    }
}
