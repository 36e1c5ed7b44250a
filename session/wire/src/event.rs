//! What the session tells the page: views, ready to be shown in any language.
//!
//! Words that depend on the language are message keys; numbers are numbers with their unit. The page turns both into text.

use serde::{Deserialize, Serialize};

use crate::{DocumentView, DrawingView, Export, FoundView, GameView, LayerId, ProgrammeView, TogetherView};

/// An event and the revision of the request it answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The revision of the request.
    pub revision: u32,
    /// What happened.
    pub event: Event,
}

/// What happened in the session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The worker has started and takes commands.
    Ready,
    /// The files that are open now.
    Files(Vec<FileView>),
    /// Something is under way.
    Progress(ProgressView),
    /// A region was read.
    Region(RegionView),
    /// A layer's content: one attachment of GeoJSON, longitude and latitude.
    Layer {
        /// Which layer.
        layer: LayerId,
        /// How many features it has; 0 empties it.
        features: u32,
    },
    /// A plan is ready.
    Summary(Box<SummaryView>),
    /// What connecting more and more costs; `None` where that is not drawn (yet).
    Curve(Option<Box<CurveView>>),
    /// What is built when, and who pays; `None` where the scenario has no programme.
    Programme(Option<Box<ProgrammeView>>),
    /// Support, the business case and public sites of that programme.
    Together(Option<Box<TogetherView>>),
    /// How far the game of groups is: groups planned, and all; `None` where it is not under way.
    Playing(Option<(u32, u32)>),
    /// What came of the game of groups; `None` where it is not known of the programme on screen.
    Game(Option<Box<GameView>>),
    /// Problems found so far, by kind.
    Issues(Vec<IssueGroup>),
    /// The answer to a pick; `title` is the feature's own name.
    Facts {
        /// The picked layer.
        layer: LayerId,
        /// The picked number.
        id: u32,
        /// A name or address, not translated.
        title: String,
        /// What is known about it.
        facts: Vec<Fact>,
    },
    /// The document, after it was opened or edited.
    Document(Box<DocumentView>),
    /// The route or area being drawn: one attachment of GeoJSON; `None` when nothing is drawn any more.
    Drawing(Option<Box<DrawingView>>),
    /// The scenario's drawn routes in their order: metres, and how many of them the plan on screen uses.
    Routes(Vec<[f64; 2]>),
    /// The project as its bytes: one attachment.
    Saved,
    /// What is to be kept. The first attachment is the project, the second the files that only its history has, each without
    /// inputs where none were wanted; the third says where the history stands, and then come its steps, in place of all that were told
    /// from that one on.
    Kept {
        /// Whether the inputs are in it.
        files: bool,
        /// The number of the first step.
        from: u32,
    },
    /// A file that was asked for: one attachment.
    Exported {
        /// Which.
        export: Export,
        /// A name for it.
        name: String,
    },
    /// The files that the command line writes of the plan on screen.
    Outputs(Vec<OutputView>),
    /// Premises that were looked for: how many there are, and the first of them.
    Found(u64, Vec<FoundView>),
    /// What was asked cannot be done.
    Failed {
        /// A stable code; the page has a sentence for the ones a user can mend.
        code: String,
        /// What else is to say: a name, or a sentence of the page's with what stands in it.
        detail: Value,
    },
    /// The work was stopped on request.
    Cancelled,
    /// Nothing is running any more.
    Idle,
}

/// An open file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileView {
    /// Its name.
    pub name: String,
    /// What it was recognised as, such as `osm.pbf`; empty if unread so far.
    pub format: String,
    /// Its size.
    pub bytes: u64,
    /// Who must be named.
    pub attribution: String,
    /// Whether it could not be read, and nothing else is there to go on with.
    pub is_broken: bool,
}

/// A file that can be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputView {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

/// The stages of the work, as the user sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PhaseId {
    /// Files are read.
    Reading,
    /// Everything that could be dug is laid out.
    Network,
    /// The cheapest network is searched for.
    Solving,
    /// The bound is proven.
    Proving,
    /// The map is drawn.
    Drawing,
}

impl PhaseId {
    /// The phase's message key part.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Network => "network",
            Self::Solving => "solving",
            Self::Proving => "proving",
            Self::Drawing => "drawing",
        }
    }
}

/// How far the work is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ProgressView {
    /// What is being done.
    pub phase: PhaseId,
    /// Share of the phase done, thousandths; `None` where it is not known.
    pub permille: Option<u16>,
}

/// A region as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionView {
    /// West, south, east, north, 1e-7 degrees; `None` where it holds no place.
    pub bounds_e7: Option<[i32; 4]>,
    /// Premises read.
    pub premises: u64,
    /// Ways read.
    pub ways: u64,
    /// Municipalities read.
    pub municipalities: u64,
    /// Handovers read.
    pub handovers: u64,
    /// The scenario's text as it is in use.
    pub scenario: String,
    /// Who must be named on the map.
    pub attribution: Vec<String>,
    /// The borders that can be changed: the municipality's name, one for each of its parts.
    pub borders: Vec<String>,
    /// The technologies that its table of service today names.
    pub technologies: Vec<String>,
}

/// A plan's figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SummaryView {
    /// The scenario's name.
    pub name: String,
    /// A sentence that every output carries, such as "Invented data"; may be empty.
    pub notice: String,
    /// All premises: always the sum of the next four.
    pub premises: u64,
    /// Those that the plan connects.
    pub connected: u64,
    /// Those that no way or handover reaches.
    pub unreachable: u64,
    /// Those that the scenario leaves out.
    pub excluded: u64,
    /// Those that have the wanted service already.
    pub already_served: u64,
    /// Whether any premises' service today is known.
    pub coverage_known: bool,
    /// Metres of new line, whatever the method.
    pub trench_metres: f64,
    /// Total cost, major units.
    pub cost: f64,
    /// The costs that one such project in ten, half of all, and nine in ten stay below, major units.
    pub cost_range: [f64; 3],
    /// Whether this is the first answer, and a better one is on its way.
    pub first: bool,
    /// What the goal chose, where it leaves premises out.
    pub choice: Option<ChoiceView>,
    /// Points of presence, then cabinets: whether it is a cabinet, its name, what it costs (major units), whether the plan has it.
    pub places: Vec<(bool, String, f64, bool)>,
    /// Certified lower bound, major units.
    pub bound: f64,
    /// Proven gap, a fraction of the cost.
    pub gap: f64,
    /// ISO 4217 code of the currency.
    pub currency: String,
    /// By building method, dearest first.
    pub methods: Vec<Amount>,
    /// By municipality.
    pub municipalities: Vec<MunicipalityView>,
    /// What the plan rests on that no input says.
    pub assumptions: Vec<AssumptionView>,
    /// The cost book's name, date and source.
    pub cost_book: [String; 3],
    /// SHA-256 of the plan, lower-case hex: the same here and on the command line.
    pub digest: String,
}

/// What a goal that leaves premises out came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceView {
    /// Whether homes are counted; premises otherwise.
    pub homes: bool,
    /// Those that could be connected.
    pub wanted: u64,
    /// Those that are.
    pub connected: u64,
    /// The most that any network could connect for the money.
    pub most: u64,
    /// Where areas are taken whole: how many are built, and how many there are. A first answer takes none whole yet.
    pub areas: Option<[u64; 2]>,
}

/// The cost–coverage curve: a place for each network that is best for its money, cheapest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CurveView {
    /// Whether homes are counted; premises otherwise.
    pub homes: bool,
    /// Those that could be connected.
    pub wanted: u64,
    /// What each network costs, major units, and how many it connects.
    pub places: Vec<(f64, u64)>,
    /// ISO 4217 code.
    pub currency: String,
}

/// Cost and length of one building method.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Amount {
    /// The method's stable name, as in the network layer's `method`.
    pub name: String,
    /// Metres.
    pub metres: f64,
    /// Places where it is done, of what is counted and not measured: crossings, landings.
    pub count: u64,
    /// Major units.
    pub cost: f64,
}

/// A municipality's part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MunicipalityView {
    /// Name.
    pub name: String,
    /// Premises that the plan connects there.
    pub connected: u64,
    /// Metres in its territory.
    pub metres: f64,
    /// Cost in its territory, major units.
    pub cost: f64,
}

/// An assumption: the key of its message, and the values for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssumptionView {
    /// A stable code.
    pub code: String,
    /// Values for the message, in its order.
    pub values: Vec<String>,
}

/// Issues of one code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueGroup {
    /// The code.
    pub code: String,
    /// `note`, `warning` or `error`.
    pub severity: String,
    /// How many there are.
    pub count: u64,
    /// The first few.
    pub examples: Vec<IssueView>,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueView {
    /// Its code.
    pub code: String,
    /// File, record, field and value, as far as there are any.
    pub place: String,
    /// What it means, in English.
    pub message: String,
}

/// A label and a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// Message key of the label, under `fact`.
    pub label: String,
    /// The value.
    pub value: Value,
}

/// A value that the page writes out in its language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// A name, id or other text that is the same in all languages.
    Text(String),
    /// A message key under `value`; shown as it is where there is no such message.
    Word(String),
    /// A number of things.
    Count(u64),
    /// Metres.
    Metres(f64),
    /// An amount in major units of a currency.
    Money(f64, String),
    /// Megabits per second, down and up.
    Speed(f64, f64),
    /// Yes or no.
    Flag(bool),
    /// A message key under `why`, and what its placeholders stand for.
    Why(String, Vec<(String, Self)>),
    /// An English name that comes with Breiband, which the page has in its languages; another's stands as it is.
    Known(String),
    /// An English sentence with `{names}`, which the page has in its languages, and what these stand for.
    Said(String, Vec<(String, String)>),
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Default for Value {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Value {
    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }
}
