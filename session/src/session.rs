//! The session's state and its slices.

mod adding;
mod drawing;
mod exporting;
mod playing;
mod reading;
mod steering;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use breiband::steiner::Curve;
use breiband::{
    Advance, Context, CostBook, CoverageCurve, CurveTracer, Layout, Observer, Plan, PlanError, Planner, PremisesId,
    Region, Scenario, Sketch, Staged,
};
use breiband_wire::{Command, Event, LayerId, PhaseId, ProgressView, Reply, Request, SummaryView};

use crate::document::{Document, Files, History, Variant, plan_key, unpriced_key};
use crate::draw::Pending;
use crate::facts::Behind;
use crate::geojson::Drawn;
use crate::project::{self, Head, Saved, SavedFile};
use crate::refusal::{self, Refusal, refuse};
use crate::shown::{self, Shown};
use crate::together::{self, Played, Playing};
use crate::years::{self, Outcome};
use crate::{compare, edits, facts, layers, views};

use reading::Reading;

/// Plans that are kept, so that undoing an edit or going back to a scenario shows its plan at once.
const KEPT_PLANS: usize = 6;
/// Steps of the first answer: a tree and a bound, hardly improved; and of one that begins with an earlier plan's, which is
/// nearly as good as the whole.
const FIRST_STEPS: u64 = 200_000;
const KNOWN_STEPS: u64 = 5_000_000;
/// The key of a first answer: no scenario's.
const FIRST: &str = "first";

/// A reply and the big byte strings that go with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// The reply.
    pub reply: Reply,
    /// One for a layer, none for all else.
    pub attachments: Vec<Vec<u8>>,
}

/// What is under way.
enum Job {
    /// The document's files are to be read.
    Read,
    /// They are being read, one a slice.
    Import(Box<Reading>),
    /// A plan is being worked out; the first slice lays out the candidate network. The first answer comes after the few steps
    /// that `first` says.
    Plan { planner: Box<Planner>, phase: PhaseId, first: Option<u64> },
    /// The programme of the plan on screen is to be worked out; then what the plan changed on the map is drawn. What was a
    /// first answer is followed by the whole.
    Programme { first: bool },
    /// The cost–coverage curve is being drawn, while nothing else is to be done.
    Curve(String, Box<CurveTracer>),
    /// Layers are to be drawn, the last one first; then a better plan is looked for, if this one was the first answer.
    Draw(Vec<LayerId>, bool),
}

/// What a drawn route is priced with, and what that was made from.
struct Priced {
    sketch: Sketch,
    /// What it depends on, as text; and the scenario and files that this was last seen of: a pointer that moves asks no more.
    key: String,
    seen: (Rc<Variant>, Files),
}

/// A plan, and what it is the plan of.
struct Planned {
    key: String,
    plan: Rc<Staged<Plan>>,
}

/// Everything between two commands: the document with its files, the region read from them, the plan made of it, and the work
/// under way.
pub struct Session {
    today: String,
    history: History,
    book: CostBook,
    region: Option<Arc<Staged<Region>>>,
    /// The plan on screen, which may be of an older edit while a new one is worked out.
    plan: Option<Rc<Staged<Plan>>>,
    plan_key: String,
    /// Whether its candidates are those of the scenario on screen: a first answer of few steps, and not of a repair.
    plan_whole: bool,
    /// Steps that the plan on screen was given, if it was planned.
    answered: u64,
    /// What its candidates depend on; empty where it has others.
    plan_network: String,
    /// What it depends on besides the prices, and those.
    plan_unpriced: String,
    plan_book: CostBook,
    /// The file that these are of, where it is not the shipped book.
    plan_book_file: Option<Rc<[u8]>>,
    /// What the plan on screen is of, besides the premises that its scenario leaves out, and those.
    plan_base: String,
    plan_excludes: BTreeSet<String>,
    /// What the plan on screen comes to by years, where the scenario asks for it.
    programme: Option<Outcome>,
    /// The game of groups while it is played, beside the jobs; and what came of the last one.
    playing: Option<Box<Playing>>,
    played: Option<Played>,
    /// Each premises' part of the plan's cost.
    shares: Vec<Option<f64>>,
    /// The last plans, newest last.
    kept: Vec<Planned>,
    /// The figures of every plan made, by its key.
    figures: BTreeMap<String, SummaryView>,
    /// Whether edits are planned by themselves: once the user has planned.
    follows: bool,
    /// What a drawn route is priced with.
    sketch: Option<Priced>,
    /// Where the candidates of one edit after another are laid out.
    layout: Option<Layout>,
    pending: Option<Pending>,
    /// The scenario that the map shows the difference to.
    differs: Option<u32>,
    /// Whether the cost–coverage curve is wanted, and the last one with what it was drawn of.
    curve_wanted: bool,
    curve: Option<(String, CoverageCurve, Curve)>,
    /// A plan read back from its files, while nothing else is open.
    shown: Option<Shown>,
    job: Option<Job>,
    /// The revision of the request whose job is under way.
    revision: u32,
    /// The phase under way, and how far it was said to be, in thousandths.
    reached: Cell<(PhaseId, u16)>,
}

/// Whether an earlier plan helps to a first answer: one that is not the whole, of a goal that asks for no curve.
fn may_begin_known(variant: &Rc<Variant>) -> bool {
    let scenario = &variant.scenario;
    scenario.options.steps > KNOWN_STEPS && (scenario.goal.count().is_none() || scenario.goal.is_cheapest())
}

/// Where events go: posted at once, so that progress is seen while a slice still runs.
pub(crate) type Sink<'a> = &'a mut dyn FnMut(Outgoing);

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// A session with nothing open.
    pub fn new() -> Self {
        Self {
            today: String::new(),
            history: History::default(),
            book: CostBook::example(),
            region: None,
            plan: None,
            plan_key: String::new(),
            plan_whole: false,
            answered: 0,
            plan_network: String::new(),
            plan_unpriced: String::new(),
            plan_book: CostBook::example(),
            plan_book_file: None,
            plan_base: String::new(),
            plan_excludes: BTreeSet::new(),
            programme: None,
            playing: None,
            played: None,
            shares: Vec::new(),
            kept: Vec::new(),
            figures: BTreeMap::new(),
            follows: false,
            sketch: None,
            layout: None,
            pending: None,
            differs: None,
            curve_wanted: false,
            curve: None,
            shown: None,
            job: None,
            revision: 0,
            reached: Cell::new((PhaseId::Reading, 0)),
        }
    }

    /// Whether [`Session::advance`] has something to do.
    pub fn has_work(&self) -> bool {
        self.job.is_some() || self.playing.is_some()
    }

    /// Takes a request; `attachments` are the bytes of the files that it names. Answers come through `sink`, of work that takes
    /// longer by and by from [`Session::advance`].
    pub fn handle(&mut self, request: Request, attachments: Vec<Vec<u8>>, sink: Sink<'_>) {
        let revision = request.revision;
        match request.command {
            Command::Open { names, replace, today } => {
                let files = names.into_iter().zip(attachments.into_iter().map(Rc::from)).collect();
                if replace || self.history.now.variant().is_none() {
                    let known = if replace { Files::default() } else { Rc::clone(&self.history.now.files) };
                    self.open(revision, known, files, today, sink);
                } else {
                    let added = adding::added(files, &self.history.now);
                    self.take_edit(revision, added, sink);
                }
            }
            Command::Show => {
                self.revision = revision;
                match shown::read(&attachments) {
                    Ok((shown, layers)) => self.show(shown, layers, sink),
                    Err(refusal) => self.fail(refusal, sink),
                }
            }
            Command::Play(true) => self.play(revision, sink),
            Command::Play(false) => self.stop_playing(revision, sink),
            Command::Plan => {
                self.revision = revision;
                if self.region.is_some() {
                    self.follows = true;
                    self.plan_now(sink);
                } else if matches!(self.job, Some(Job::Read | Job::Import(_))) {
                    self.follows = true;
                } else if self.history.now.variant().is_some() {
                    // Their reading was given up: what is read is planned.
                    self.follows = true;
                    self.read(revision, sink);
                } else {
                    self.fail(refuse("no-files", String::new()), sink);
                }
            }
            Command::Edit(edit) => {
                let region = self.region.as_ref().map(|region| &region.value);
                let summary = self.plan.as_ref().map(|plan| &plan.value.summary);
                let applied = edits::apply(&edit, &self.history.now, region, summary);
                self.take_edit(revision, applied, sink);
            }
            Command::Turn(steps) => self.step(revision, steps, sink),
            Command::Curve(wanted) => {
                self.curve_wanted = wanted;
                self.tell_curve(sink);
                self.begin_curve();
            }
            Command::Draw(command) => self.draw_command(revision, command, sink),
            Command::Save { files } => {
                let bytes = self.project(files);
                answer(revision, Event::Saved { files }, vec![bytes], sink);
            }
            Command::OpenProject { plan } => {
                self.open_project(revision, attachments.first().map_or(&[][..], Vec::as_slice), plan, sink)
            }
            Command::Differ(other) => {
                self.differs = other;
                match self.difference() {
                    Ok(drawn) => tell_layer(revision, LayerId::Difference, drawn, sink),
                    Err(refusal) => {
                        self.differs = None;
                        answer(revision, refusal.into(), Vec::new(), sink);
                    }
                }
            }
            Command::Find { text, status, service, sort } => {
                if let Some(region) = &self.region {
                    let plan = self.plan.as_ref().map(|plan| &plan.value);
                    let (count, found) = compare::find(&text, &status, &service, &sort, &region.value, plan);
                    answer(revision, Event::Found(count, found), Vec::new(), sink);
                }
            }
            Command::Export(export) => match self.export(&export) {
                Ok((name, bytes)) => answer(revision, Event::Exported { export, name }, vec![bytes], sink),
                Err(refusal) => {
                    answer(revision, refusal.into(), Vec::new(), sink);
                }
            },
            Command::Outputs => self.tell_outputs(revision, sink),
            Command::Cancel => {
                // The curve is drawn beside what is asked for: it is no work that could be in the way.
                if self.job.take_if(|job| !matches!(job, Job::Curve(..))).is_some() {
                    self.tell(Event::Cancelled, sink);
                    self.tell(Event::Idle, sink);
                }
            }
            Command::Pick { layer, id } => {
                let planned = self.region.as_ref().and_then(|region| {
                    let plan = self.plan.as_ref().map(|plan| &plan.value);
                    let variant = self.history.now.variant()?;
                    let programme = self.programme.as_ref().and_then(|programme| programme.as_ref().ok());
                    let behind = Behind { scenario: &variant.scenario, programme, shares: &self.shares };
                    facts::of(layer, id, &region.value, plan, &self.book, behind)
                });
                let found = planned.or_else(|| self.shown.as_ref()?.facts(layer, id));
                if let Some((title, facts)) = found {
                    let event = Event::Facts { layer, id, title, facts };
                    sink(Outgoing { reply: Reply { revision, event }, attachments: Vec::new() });
                }
            }
        }
    }

    /// Does one slice of the work under way.
    pub fn advance(&mut self, sink: Sink<'_>) {
        match self.job.take() {
            None => self.game_slice(sink),
            Some(Job::Read) => self.begin_reading(sink),
            Some(Job::Import(reading)) => self.read_slice(reading, sink),
            Some(Job::Plan { planner, phase, first }) => self.plan_slice(planner, phase, first, sink),
            Some(Job::Programme { first }) => self.programme_slice(first, sink),
            Some(Job::Curve(key, tracer)) => self.curve_slice(key, tracer, sink),
            Some(Job::Draw(mut left, first)) => {
                if let Some(layer) = left.pop() {
                    self.draw(layer, sink);
                    self.job = Some(Job::Draw(left, first));
                } else if first {
                    let known = self.region.as_ref().zip(self.plan.as_ref()).filter(|_| self.plan_whole);
                    let planner = known.map(|(region, plan)| Planner::again(region, plan)).unwrap_or_default();
                    let first = self.next_answer();
                    self.job = Some(Job::Plan { planner: Box::new(planner), phase: PhaseId::Solving, first });
                } else if self.follows && self.plan.is_none() {
                    // A project that was planned when it was saved.
                    self.plan_now(sink);
                } else {
                    self.tell_routes(self.revision, sink);
                    self.tell(Event::Idle, sink);
                    self.begin_curve();
                }
            }
        }
    }

    fn show(&mut self, shown: Shown, layers: Vec<(LayerId, Drawn)>, sink: Sink<'_>) {
        (self.region, self.plan, self.job) = (None, None, None);
        (self.programme, self.playing, self.played) = (None, None, None);
        self.history = History::default();
        self.tell(Event::Region(shown.region.clone()), sink);
        self.tell(Event::Summary(Box::new(views::summary(&shown.summary))), sink);
        for (layer, drawn) in layers {
            tell_layer(self.revision, layer, drawn, sink);
        }
        self.shown = Some(shown);
        self.tell(Event::Idle, sink);
    }

    /// The steps of the answer after a first one; none for the whole. Whom to connect is chosen in between from the curve alone.
    fn next_answer(&self) -> Option<u64> {
        let scenario = &self.history.now.variant()?.scenario;
        let chooses = scenario.goal.count().is_some() && !scenario.goal.is_cheapest();
        (chooses && self.answered < breiband::CURVE_STEPS).then_some(breiband::CURVE_STEPS)
    }

    /// What the plan of the scenario on screen depends on.
    fn key(&self) -> String {
        self.history.now.variant().map(|variant| plan_key(&variant.scenario, &self.book)).unwrap_or_default()
    }

    /// Takes an edit into the history, or says why not.
    fn take_edit(
        &mut self,
        revision: u32,
        applied: Result<(breiband_wire::EditName, Document), Refusal>,
        sink: Sink<'_>,
    ) {
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
    fn step(&mut self, revision: u32, steps: i32, sink: Sink<'_>) {
        let before = self.history.now.clone();
        if self.history.turn(steps) {
            self.changed(revision, &before, sink);
        } else {
            self.unchanged(revision, sink);
        }
    }

    /// The document is told for every edit, also where it is as it was: the page takes none that is older than its last edit.
    fn unchanged(&mut self, revision: u32, sink: Sink<'_>) {
        self.tell_document(revision, sink);
        self.idle_unless_busy(revision, sink);
    }

    fn idle_unless_busy(&mut self, revision: u32, sink: Sink<'_>) {
        if matches!(self.job, None | Some(Job::Curve(..))) {
            answer(revision, Event::Idle, Vec::new(), sink);
        } else {
            // The page hears nothing older than what it asked last: what still runs speaks for that.
            self.revision = revision;
        }
    }

    /// Follows the document from what it was: reads, plans and draws what the change asks for, and no more.
    fn changed(&mut self, revision: u32, before: &Document, sink: Sink<'_>) {
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

    /// Plans the scenario on screen; at once where that was done before.
    fn plan_now(&mut self, sink: Sink<'_>) {
        let key = self.key();
        let kept = self.kept.iter().find(|kept| kept.key == key).map(|kept| Rc::clone(&kept.plan));
        match kept {
            Some(plan) => {
                self.plan_whole = true;
                self.show_plan(plan, key, false, sink);
            }
            None => match self.at_once().or_else(|| Some((self.mended()?, true))) {
                Some((plan, whole)) => {
                    (self.plan_whole, self.answered) = (whole, 0);
                    self.show_plan(Rc::new(plan), key, true, sink);
                }
                None => {
                    // Another goal chooses among the same candidates.
                    let known = self.region.as_ref().zip(self.plan.as_ref());
                    let known =
                        known.filter(|_| !self.plan_network.is_empty() && self.plan_network == self.network_key());
                    let phase = if known.is_some() { PhaseId::Solving } else { PhaseId::Network };
                    let mut planner = known.map(|(region, plan)| Planner::again(region, plan)).unwrap_or_default();
                    // The first answer begins with what the last whole plan knows; the whole depends on nothing before.
                    let last = self.kept.last().filter(|_| self.history.now.variant().is_some_and(may_begin_known));
                    if let Some(last) = last {
                        planner = planner.knowing(&last.plan.value);
                    }
                    let first = Some(if last.is_some() { KNOWN_STEPS } else { FIRST_STEPS });
                    self.job = Some(Job::Plan { planner: Box::new(planner), phase, first });
                    self.progress(phase, None, sink);
                }
            },
        }
    }

    /// What a plan depends on besides the premises that its scenario leaves out; and those.
    fn base(&self) -> Option<(String, BTreeSet<String>)> {
        let mut bare = self.history.now.variant()?.scenario.clone();
        let excludes = std::mem::take(&mut bare.options.exclude).into_iter().collect();
        Some((plan_key(&bare, &self.book), excludes))
    }

    /// The plan on screen without the premises that the scenario leaves out beyond it, where that is the whole difference.
    fn without_more(&self) -> Option<Staged<Plan>> {
        let (base, excludes) = self.base()?;
        let (region, plan) = (self.region.as_ref()?, self.plan.as_ref()?);
        if base != self.plan_base || !self.plan_excludes.is_subset(&excludes) {
            return None;
        }
        let more = |one: &breiband::Premises| {
            excludes.contains(&one.external_id) && !self.plan_excludes.contains(&one.external_id)
        };
        let premises = region.value.premises.iter().enumerate().filter(|(_, one)| more(one));
        let left_out = premises.map(|(at, _)| PremisesId::from_usize(at)).collect();
        breiband::without(&region.value, &self.history.now.variant()?.scenario, &self.book, plan, &left_out)
    }

    fn show_plan(&mut self, plan: Rc<Staged<Plan>>, key: String, first: bool, sink: Sink<'_>) {
        let plan = self.with_loads(plan);
        let mut summary = views::summary(&plan.value.summary);
        summary.first = first;
        summary.choice = plan.value.route.choice.as_ref().map(views::choice);
        if let Some(variant) = self.history.now.variant() {
            summary.name.clone_from(&variant.scenario.name);
        }
        // A first answer is shown, but never kept: what is compared, exported and saved is the scenario's whole plan.
        if !first {
            self.figures.insert(key.clone(), summary.clone());
            self.kept.retain(|kept| kept.key != key);
            self.kept.push(Planned { key: key.clone(), plan: Rc::clone(&plan) });
            if self.kept.len() > KEPT_PLANS {
                self.kept.remove(0);
            }
        }
        self.tell(Event::Summary(Box::new(summary)), sink);
        self.tell(Event::Issues(views::issues(&plan.issues)), sink);
        self.shares = breiband::shares(&plan.value.network, &plan.value.route);
        (self.plan_base, self.plan_excludes) = self.base().unwrap_or_default();
        self.plan_unpriced =
            self.history.now.variant().map(|variant| unpriced_key(&variant.scenario)).unwrap_or_default();
        self.plan_book.clone_from(&self.book);
        self.plan_book_file = self.history.now.book_file();
        self.plan_network = if self.plan_whole { self.network_key() } else { String::new() };
        // The programme of another plan is none of this one's.
        (self.plan, self.programme) = (Some(plan), None);
        self.plan_key = if first { FIRST.to_owned() } else { key };
        if let Some(Priced { sketch, .. }) = &mut self.sketch
            && let Some(plan) = &self.plan
        {
            sketch.set_built(&plan.value.network, &plan.value.route);
        }
        self.tell_document(self.revision, sink);
        if self.history.now.drawing.is_some() {
            self.tell_drawing(self.revision, sink);
        }
        self.progress(PhaseId::Drawing, None, sink);
        self.job = Some(Job::Programme { first });
    }

    /// Works out the programme of the plan on screen, and asks for what it changes on the map.
    fn programme_slice(&mut self, first: bool, sink: Sink<'_>) {
        self.programme = match (&self.region, &self.plan, self.history.now.variant()) {
            (Some(region), Some(plan), Some(variant)) => {
                let table = |path: &str| self.history.now.file(path).map(<[u8]>::to_vec);
                years::of(&region.value, &variant.scenario, &self.book, &plan.value, table)
            }
            _ => None,
        };
        let both = self.programme.as_ref().zip(self.plan.as_ref()).zip(self.history.now.variant());
        let view = both.map(|((one, plan), variant)| Box::new(years::view(one, plan, &variant.scenario)));
        self.tell(Event::Programme(view), sink);
        if !first {
            self.gather(sink);
        }
        let mut layers = vec![
            LayerId::Handovers,
            LayerId::Pops,
            LayerId::Cabinets,
            LayerId::Masts,
            LayerId::Premises,
            LayerId::Network,
        ];
        if !first {
            // When a site is ready is worked out for the whole plan alone.
            layers.push(LayerId::Sites);
        }
        if self.differs.is_some() && !first {
            layers.insert(0, LayerId::Difference);
        }
        self.job = Some(Job::Draw(layers, first));
    }

    fn plan_slice(&mut self, mut planner: Box<Planner>, phase: PhaseId, first: Option<u64>, sink: Sink<'_>) {
        let (Some(region), Some(variant)) = (&self.region, self.history.now.variant()) else {
            return self.fail(refuse("no-files", String::new()), sink);
        };
        // Fewer steps than that are the whole already.
        let first = first.filter(|steps| variant.scenario.options.steps > *steps);
        let quick = first.map(|steps| {
            let mut quick = variant.scenario.clone();
            quick.options.steps = steps;
            quick
        });
        let scenario = quick.as_ref().unwrap_or(&variant.scenario);
        let mut relay = Relay { revision: self.revision, phase, last: None, reached: &self.reached, sink: &mut *sink };
        let mut context = Context::new(&mut relay);
        let laid = if planner.is_at_start() {
            let layout = steering::layout_of(&mut self.layout, region, &self.book);
            let laid = breiband::candidates_again(layout, scenario, &mut context);
            laid.map(|network| *planner = std::mem::take(&mut *planner).laid(network))
        } else {
            Ok(())
        };
        let advanced = laid.and_then(|()| planner.advance(region, scenario, &self.book, &mut context));
        match advanced {
            Ok(Advance::Running) => self.job = Some(Job::Plan { planner, phase: PhaseId::Solving, first }),
            Ok(Advance::Done(plan)) => {
                let key = self.key();
                (self.plan_whole, self.answered) = (true, first.unwrap_or(u64::MAX));
                self.show_plan(Rc::new(*plan), key, first.is_some(), sink);
            }
            Err(PlanError::Cancelled(_)) => {
                self.tell(Event::Cancelled, sink);
                self.tell(Event::Idle, sink);
            }
            Err(error) => self.fail(refuse("plan", refusal::plan(&error, &self.book)), sink),
        }
    }

    fn tell_document(&self, revision: u32, sink: Sink<'_>) {
        let keys = self.history.now.variants.iter().map(|variant| {
            let book = self.history.now.book_of(&variant.scenario).unwrap_or_else(|_| self.book.clone());
            plan_key(&variant.scenario, &book)
        });
        let figures: Vec<Option<&SummaryView>> = keys.map(|key| self.figures.get(&key)).collect();
        let is_stale = self.plan.is_some() && self.plan_key != self.key() && self.plan_key != FIRST;
        let original = self.history.now.variant().map(|variant| {
            let bare = Scenario { prices: BTreeMap::new(), ..variant.scenario.clone() };
            self.history.now.book_of(&bare).unwrap_or_else(|_| self.book.clone())
        });
        let original = original.as_ref().unwrap_or(&self.book);
        let region = self.region.as_ref().map(|region| &region.value);
        let view = views::document(&self.history, region, &figures, is_stale, &self.book, original);
        answer(revision, Event::Document(Box::new(view)), Vec::new(), sink);
    }

    /// The project: its head, and with `files` the inputs.
    fn project(&self, files: bool) -> Vec<u8> {
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

    fn open_project(&mut self, revision: u32, bytes: &[u8], plan: bool, sink: Sink<'_>) {
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

    fn difference(&self) -> Result<Drawn, Refusal> {
        let none = Drawn { geojson: String::new(), features: 0 };
        let (Some(other), Some(region)) = (self.differs, &self.region) else { return Ok(none) };
        let other = self.history.now.find(other).ok_or_else(|| refuse("gone", other.to_string()))?;
        let key = plan_key(&other.scenario, &self.history.now.book_of(&other.scenario)?);
        let kept = self.kept.iter().find(|kept| kept.key == key).map(|kept| &kept.plan.value);
        match (self.plan.as_ref().filter(|_| self.plan_key == self.key()), kept) {
            (Some(here), Some(there)) => Ok(compare::difference(&here.value, there, &region.value)),
            _ => Err(refuse("not-planned", other.scenario.name.clone())),
        }
    }

    fn draw(&mut self, layer: LayerId, sink: Sink<'_>) {
        let drawn = match (layer, &self.region) {
            (_, None) => return,
            (LayerId::Drawn, _) => self.drawn_routes(),
            (LayerId::Difference, _) => {
                let drawn = self.difference();
                self.differs = self.differs.filter(|_| drawn.is_ok());
                drawn.unwrap_or(Drawn { geojson: String::new(), features: 0 })
            }
            (_, Some(region)) => {
                let plan = self.plan.as_ref().map(|plan| &plan.value);
                let programme = self.programme.as_ref().and_then(|programme| programme.as_ref().ok());
                layers::draw(layer, &region.value, plan, &self.book, programme, &self.shares)
            }
        };
        tell_layer(self.revision, layer, drawn, sink);
    }

    fn progress(&self, phase: PhaseId, permille: Option<u16>, sink: Sink<'_>) {
        self.reached.set((phase, 0));
        self.tell(Event::Progress(ProgressView { phase, permille }), sink);
    }

    fn tell(&self, event: Event, sink: Sink<'_>) {
        sink(Outgoing { reply: Reply { revision: self.revision, event }, attachments: Vec::new() });
    }

    fn fail(&mut self, refusal: Refusal, sink: Sink<'_>) {
        self.job = None;
        self.tell(refusal.into(), sink);
        self.tell(Event::Idle, sink);
    }
}

fn answer(revision: u32, event: Event, attachments: Vec<Vec<u8>>, sink: Sink<'_>) {
    sink(Outgoing { reply: Reply { revision, event }, attachments });
}

fn tell_layer(revision: u32, layer: LayerId, drawn: Drawn, sink: Sink<'_>) {
    let attachments = if drawn.features > 0 { vec![drawn.geojson.into_bytes()] } else { Vec::new() };
    answer(revision, Event::Layer { layer, features: drawn.features }, attachments, sink);
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

/// Passes progress on, no more often than a bar could show. A phase has stages that each begin anew: what is said never goes back,
/// and where one has come to its end while the phase goes on, nobody knows how long it will be.
struct Relay<'a> {
    revision: u32,
    phase: PhaseId,
    last: Option<Option<u16>>,
    reached: &'a Cell<(PhaseId, u16)>,
    sink: Sink<'a>,
}

impl Relay<'_> {
    fn reach(&self, now: u16) -> Option<u16> {
        let (phase, before) = self.reached.get();
        let most = if phase == self.phase { before.max(now) } else { now };
        self.reached.set((self.phase, most));
        (most < 1000).then_some(most)
    }
}

impl Observer for Relay<'_> {
    fn progress(&mut self, _stage: &'static str, done: u64, of: u64) {
        let permille = (of > 0).then(|| (u128::from(done.min(of)) * 1000 / u128::from(of)) as u16 / 5 * 5);
        let permille = permille.and_then(|now| self.reach(now));
        if self.last != Some(permille) {
            self.last = Some(permille);
            let event = Event::Progress(ProgressView { phase: self.phase, permille });
            (self.sink)(Outgoing { reply: Reply { revision: self.revision, event }, attachments: Vec::new() });
        }
    }
}
