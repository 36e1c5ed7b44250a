//! The session's state and its slices.

mod adding;
mod drawing;
mod exporting;
mod following;
mod keeping;
mod planning;
mod playing;
mod reading;
mod relay;
mod showing;
mod steering;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use breiband::steiner::Curve;
use breiband::{CostBook, CoverageCurve, CurveTracer, Layout, Plan, Planner, Region, Sketch, Staged};
use breiband_wire::{Command, Event, LayerId, PhaseId, ProgressView, Reply, Request, SummaryView};

use crate::document::{Files, Variant};
use crate::draw::Pending;
use crate::facts::Behind;
use crate::geojson::Drawn;
use crate::history::History;
use crate::refusal::{Refusal, refuse};
use crate::shown::{self, Shown};
use crate::together::{Played, Playing};
use crate::years::Outcome;
use crate::{compare, edits, facts};

use reading::Reading;
use relay::Relay;

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
    /// The file that could not be read, where no other is there to go on with.
    broken: Option<String>,
    job: Option<Job>,
    /// The revision of the request whose job is under way.
    revision: u32,
    /// The phase under way, and how far it was said to be, in thousandths.
    reached: Cell<(PhaseId, u16)>,
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
            broken: None,
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
            Command::LeaveOut(name) => self.leave_out(revision, &name, sink),
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
            Command::Save => self.save(revision, sink),
            Command::Keep { files } => self.keep(revision, files, sink),
            Command::OpenProject { plan } => self.open_project(revision, &attachments, plan, sink),
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
