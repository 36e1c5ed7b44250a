//! The session's state and its slices.

use std::collections::BTreeMap;

use breiband::{
    Advance, Context, CostBook, Importer, Input, Observer, Plan, PlanError, Planner, Region, Scenario, SourceFile,
    Staged,
};
use breiband_wire::{Command, Event, FileView, LayerId, PhaseId, ProgressView, Reply, Request};

use crate::geojson::Drawn;
use crate::shown::{self, Shown};
use crate::{facts, layers, views};

/// A reply and the big byte strings that go with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// The reply.
    pub reply: Reply,
    /// One for a layer, none for all else.
    pub attachments: Vec<Vec<u8>>,
}

/// An open file.
struct File {
    bytes: Vec<u8>,
}

/// What is under way.
enum Job {
    /// The open files are to be read.
    Read,
    /// Files are being read, one a slice; the next one is at this place in the scenario.
    Import(Box<Reading>),
    /// A plan is being worked out; the first slice lays out the candidate network.
    Plan { planner: Box<Planner>, phase: PhaseId },
    /// Layers are to be drawn, the last one first.
    Draw(Vec<LayerId>),
}

/// What is read so far.
struct Reading {
    importer: Importer,
    next: usize,
    scenario: Scenario,
    text: String,
    book: CostBook,
}

/// Everything between two commands: open files, the region read from them, the plan made of it, and the work under way.
pub struct Session {
    files: BTreeMap<String, File>,
    today: String,
    /// The user's own scenario text; without one, a draft for the open files.
    scenario_text: Option<String>,
    scenario: Option<Scenario>,
    book: CostBook,
    region: Option<Staged<Region>>,
    plan: Option<Staged<Plan>>,
    /// A plan read back from its files, while nothing else is open.
    shown: Option<Shown>,
    job: Option<Job>,
    /// The revision of the request whose job is under way.
    revision: u32,
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
            files: BTreeMap::new(),
            today: String::new(),
            scenario_text: None,
            scenario: None,
            book: CostBook::example(),
            region: None,
            plan: None,
            shown: None,
            job: None,
            revision: 0,
        }
    }

    /// Whether [`Session::advance`] has something to do.
    pub fn has_work(&self) -> bool {
        self.job.is_some()
    }

    /// Takes a request; `attachments` are the bytes of the files that it names. Answers come through `sink`, of work that takes
    /// longer by and by from [`Session::advance`].
    pub fn handle(&mut self, request: Request, attachments: Vec<Vec<u8>>, sink: Sink<'_>) {
        let revision = request.revision;
        match request.command {
            Command::Open { names, replace, today } => {
                if replace {
                    self.files.clear();
                    self.scenario_text = None;
                }
                self.today = today;
                self.take_files(names.into_iter().zip(attachments));
                self.read(revision, sink);
            }
            Command::Show => {
                self.revision = revision;
                match shown::read(&attachments) {
                    Ok((shown, layers)) => self.show(shown, layers, sink),
                    Err(detail) => self.fail("unreadable", detail, sink),
                }
            }
            Command::SetScenario { text } => {
                self.scenario_text = Some(text);
                self.read(revision, sink);
            }
            Command::Plan => {
                self.revision = revision;
                if self.region.is_some() {
                    self.plan = None;
                    self.job = Some(Job::Plan { planner: Box::default(), phase: PhaseId::Network });
                } else {
                    self.fail("no-files", String::new(), sink);
                }
            }
            Command::Cancel => {
                if self.job.take().is_some() {
                    self.tell(Event::Cancelled, sink);
                    self.tell(Event::Idle, sink);
                }
            }
            Command::Pick { layer, id } => {
                let planned = self.region.as_ref().and_then(|region| {
                    let plan = self.plan.as_ref().map(|plan| &plan.value);
                    facts::of(layer, id, &region.value, plan, &self.book)
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
            None => {}
            Some(Job::Read) => self.begin_reading(sink),
            Some(Job::Import(reading)) => self.read_slice(reading, sink),
            Some(Job::Plan { planner, phase }) => self.plan_slice(planner, phase, sink),
            Some(Job::Draw(mut left)) => {
                if let Some(layer) = left.pop() {
                    self.draw(layer, sink);
                    self.job = Some(Job::Draw(left));
                } else {
                    self.tell(Event::Idle, sink);
                }
            }
        }
    }

    fn show(&mut self, shown: Shown, layers: Vec<(LayerId, Drawn)>, sink: Sink<'_>) {
        self.files.clear();
        (self.region, self.plan, self.job) = (None, None, None);
        self.tell(Event::Region(shown.region.clone()), sink);
        self.tell(Event::Summary(Box::new(views::summary(&shown.summary))), sink);
        for (layer, drawn) in layers {
            self.tell_layer(layer, drawn, sink);
        }
        self.shown = Some(shown);
        self.tell(Event::Idle, sink);
    }

    fn take_files(&mut self, files: impl Iterator<Item = (String, Vec<u8>)>) {
        for (name, bytes) in files {
            if name.to_lowercase().ends_with(".toml") && !is_cost_book(&bytes) {
                self.scenario_text = Some(String::from_utf8_lossy(&bytes).into_owned());
            } else {
                // A file that the user's own scenario does not name is added to it.
                let is_named = |text: &String| {
                    Scenario::parse(text).is_ok_and(|s| s.inputs.iter().any(|i| base_name(&i.path) == name))
                };
                let adds = !name.to_lowercase().ends_with(".toml") && self.region.is_some();
                if let Some(text) = self.scenario_text.as_mut()
                    && adds
                    && !self.files.contains_key(&name)
                    && !is_named(text)
                {
                    let quoted = serde_json::Value::from(name.as_str());
                    text.push_str(&format!("\n[[input]]\npath = {quoted}\n"));
                }
                self.files.insert(name, File { bytes });
            }
        }
    }

    /// Begins reading anew.
    fn read(&mut self, revision: u32, sink: Sink<'_>) {
        self.revision = revision;
        self.region = None;
        self.plan = None;
        self.shown = None;
        self.job = Some(Job::Read);
        self.tell(Event::Files(self.file_views()), sink);
        self.progress(PhaseId::Reading, None, sink);
    }

    fn file_views(&self) -> Vec<FileView> {
        let sources = self.region.as_ref().map_or(&[][..], |region| region.value.sources.as_slice());
        let view = |(name, file): (&String, &File)| {
            let source = sources.iter().find(|source| base_name(&source.name) == name);
            FileView {
                name: name.clone(),
                format: source.map(|source| source.format.clone()).unwrap_or_default(),
                bytes: file.bytes.len() as u64,
                attribution: source.map(|source| source.attribution.clone()).unwrap_or_default(),
            }
        };
        self.files.iter().map(view).collect()
    }

    fn begin_reading(&mut self, sink: Sink<'_>) {
        let inputs = self.files.iter().filter(|(name, _)| !name.to_lowercase().ends_with(".toml"));
        let inputs: Vec<Input> = inputs.map(|(name, _)| Input::auto(name)).collect();
        let text = self.scenario_text.clone().unwrap_or_else(|| breiband::drafted_scenario(&inputs, &self.today));
        let scenario = match Scenario::parse(&text) {
            Ok(scenario) => scenario,
            Err(error) => return self.fail("scenario", error.to_string(), sink),
        };
        let book = scenario.cost_book.as_ref().map(|path| {
            let file = self.files.get(base_name(path)).ok_or(("missing-file", path.clone()))?;
            CostBook::parse(&String::from_utf8_lossy(&file.bytes))
                .map_err(|error| ("scenario", format!("{path}: {error}")))
        });
        let book = match book.unwrap_or_else(|| Ok(CostBook::example())) {
            Ok(book) => book,
            Err((code, detail)) => return self.fail(code, detail, sink),
        };
        if let Some(missing) = scenario.inputs.iter().find(|input| !self.files.contains_key(base_name(&input.path))) {
            return self.fail("missing-file", missing.path.clone(), sink);
        }
        let importer = Importer::new(&scenario.options);
        self.job = Some(Job::Import(Box::new(Reading { importer, next: 0, scenario, text, book })));
    }

    /// Reads one file, or joins them when all are read: a cancel is heard between two files.
    fn read_slice(&mut self, mut reading: Box<Reading>, sink: Sink<'_>) {
        let mut relay = Relay { revision: self.revision, phase: PhaseId::Reading, last: None, sink: &mut *sink };
        let mut context = Context::new(&mut relay);
        if let Some(input) = reading.scenario.inputs.get(reading.next) {
            let bytes = self.files.get(base_name(&input.path)).map_or(&[][..], |file| file.bytes.as_slice());
            let added = reading.importer.add(&SourceFile { input: input.clone(), bytes: bytes.into() }, &mut context);
            reading.next += 1;
            match added {
                Ok(()) => self.job = Some(Job::Import(reading)),
                Err(error) => self.fail("import", error.to_string(), sink),
            }
            return;
        }
        let Reading { importer, scenario, text, book, .. } = *reading;
        let region = match importer.finish(&mut context) {
            Ok(region) => region,
            Err(error) => return self.fail("import", error.to_string(), sink),
        };
        let view = views::region(&region.value, &text);
        let issues = views::issues(&region.issues);
        self.region = Some(region);
        self.scenario = Some(scenario);
        self.book = book;
        self.tell(Event::Files(self.file_views()), sink);
        self.tell(Event::Region(view), sink);
        self.tell(Event::Issues(issues), sink);
        self.job = Some(Job::Draw(LayerId::ALL.into_iter().rev().collect()));
    }

    fn plan_slice(&mut self, mut planner: Box<Planner>, phase: PhaseId, sink: Sink<'_>) {
        let (Some(region), Some(scenario)) = (&self.region, &self.scenario) else {
            return self.fail("no-files", String::new(), sink);
        };
        let mut relay = Relay { revision: self.revision, phase, last: None, sink: &mut *sink };
        let advanced = planner.advance(region, scenario, &self.book, &mut Context::new(&mut relay));
        match advanced {
            Ok(Advance::Running) => self.job = Some(Job::Plan { planner, phase: PhaseId::Solving }),
            Ok(Advance::Done(plan)) => {
                self.tell(Event::Summary(Box::new(views::summary(&plan.value.summary))), sink);
                self.tell(Event::Issues(views::issues(&plan.issues)), sink);
                self.plan = Some(*plan);
                self.progress(PhaseId::Drawing, None, sink);
                self.job = Some(Job::Draw(vec![LayerId::Handovers, LayerId::Premises, LayerId::Network]));
            }
            Err(PlanError::Cancelled(_)) => {
                self.tell(Event::Cancelled, sink);
                self.tell(Event::Idle, sink);
            }
            Err(error) => self.fail("plan", error.to_string(), sink),
        }
    }

    fn draw(&self, layer: LayerId, sink: Sink<'_>) {
        let Some(region) = &self.region else { return };
        let drawn = layers::draw(layer, &region.value, self.plan.as_ref().map(|plan| &plan.value), &self.book);
        self.tell_layer(layer, drawn, sink);
    }

    fn tell_layer(&self, layer: LayerId, drawn: Drawn, sink: Sink<'_>) {
        let event = Event::Layer { layer, features: drawn.features };
        let reply = Reply { revision: self.revision, event };
        let attachments = if drawn.features > 0 { vec![drawn.geojson.into_bytes()] } else { Vec::new() };
        sink(Outgoing { reply, attachments });
    }

    fn progress(&self, phase: PhaseId, permille: Option<u16>, sink: Sink<'_>) {
        self.tell(Event::Progress(ProgressView { phase, permille }), sink);
    }

    fn tell(&self, event: Event, sink: Sink<'_>) {
        sink(Outgoing { reply: Reply { revision: self.revision, event }, attachments: Vec::new() });
    }

    fn fail(&mut self, code: &str, detail: String, sink: Sink<'_>) {
        self.job = None;
        self.tell(Event::Failed { code: code.to_owned(), detail }, sink);
        self.tell(Event::Idle, sink);
    }
}

/// The last part of a path: in a browser, files have no folders.
fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Whether a `.toml` file is a cost book and not a scenario.
fn is_cost_book(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| CostBook::parse(text).is_ok())
}

/// Passes progress on, no more often than a bar could show.
struct Relay<'a> {
    revision: u32,
    phase: PhaseId,
    last: Option<Option<u16>>,
    sink: Sink<'a>,
}

impl Observer for Relay<'_> {
    fn progress(&mut self, _stage: &'static str, done: u64, of: u64) {
        let permille = (of > 0).then(|| (u128::from(done.min(of)) * 1000 / u128::from(of)) as u16 / 5 * 5);
        if self.last != Some(permille) {
            self.last = Some(permille);
            let event = Event::Progress(ProgressView { phase: self.phase, permille });
            (self.sink)(Outgoing { reply: Reply { revision: self.revision, event }, attachments: Vec::new() });
        }
    }
}
