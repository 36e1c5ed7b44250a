//! The passes, in order.

use std::borrow::Cow;
use std::sync::Arc;

use breiband_model::{
    Assumption, Cancelled, CandidateNetwork, Context, CostBook, Issue, Region, Scenario, Side, Staged,
};

use crate::assets::Assets;
use crate::demand::Sink;
use crate::draft::Draft;
use crate::ground::{Ground, Lie};
use crate::held::Held;
use crate::kept::{Cut, Door, Kept, Ways};
use crate::lines::Lines;
use crate::links::Link;
use crate::masts::Masts;
use crate::routes::Drawn;
use crate::stretches::Stretches;

mod finding;
mod laying;

/// The names of the passes, in order.
pub const PASSES: [&str; 14] = [
    "demand",
    "stretches",
    "drops",
    "handovers",
    "masts",
    "gaps",
    "water",
    "assets",
    "drawn",
    "sides",
    "lines",
    "links",
    "reach",
    "freeze",
];

type Pass<'a> = fn(&mut State<'a>, &mut Context<'_>) -> Result<(), Cancelled>;

pub(crate) fn steps<'a>() -> [Pass<'a>; PASSES.len()] {
    [
        State::demand,
        State::stretches,
        State::drops,
        State::handovers,
        State::masts,
        State::gaps,
        State::water,
        State::assets,
        State::drawn,
        State::sides,
        State::lines,
        State::links,
        State::reach,
        State::freeze,
    ]
}

/// Builds the candidate network of a region: O(n log n) in ways and premises together.
///
/// The root is vertex 0. Every premises has a [`Demand`]; every metre of every way is in the graph (once for a single line,
/// once on each verge) or in [`CandidateNetwork::left_out`].
///
/// # Errors
/// [`Cancelled`], where the observer says so.
pub fn build(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    ctx: &mut Context<'_>,
) -> Result<Staged<CandidateNetwork>, Cancelled> {
    build_with(region, scenario, book, None, ctx).map(|(network, _)| network)
}

/// As [`build`], with what is kept of the last time, if anything is; and what is to be kept now.
pub(crate) fn build_with(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    kept: Option<Kept>,
    ctx: &mut Context<'_>,
) -> Result<(Staged<CandidateNetwork>, Option<Kept>), Cancelled> {
    let mut state = State::new(region, scenario, book, kept);
    for (number, step) in steps().iter().enumerate() {
        ctx.check()?;
        ctx.observer.progress("network", number as u64, PASSES.len() as u64);
        step(&mut state, ctx)?;
    }
    ctx.observer.progress("network", PASSES.len() as u64, PASSES.len() as u64);
    Ok((Staged::new(state.network, state.issues), state.kept))
}

/// What the passes hand to each other. Each field is filled by one pass and only read afterwards, but for the draft, the
/// network and the issues, which grow.
pub(crate) struct State<'a> {
    pub(crate) region: &'a Region,
    pub(crate) scenario: &'a Scenario,
    pub(crate) book: &'a CostBook,
    pub(crate) ground: Ground<'a>,
    pub(crate) sinks: Vec<Sink>,
    pub(crate) ways: Arc<Ways>,
    /// The side of each stretch that carries a single line.
    pub(crate) sides: Vec<Side>,
    pub(crate) links: Vec<Link>,
    pub(crate) lines: Lines,
    pub(crate) draft: Draft,
    /// The draft's vertex of each sink.
    pub(crate) sink_vertices: Vec<u32>,
    /// Masts with what they see.
    pub(crate) masts: Masts,
    /// The draft's vertex of each mast.
    pub(crate) mast_vertices: Vec<u32>,
    /// The draft's vertex of each handover.
    pub(crate) handover_vertices: Vec<u32>,
    /// The draft's vertex of each cabinet.
    pub(crate) cabinet_vertices: Vec<u32>,
    pub(crate) assets: Assets<'a>,
    /// The draft's vertex of each place on a pole line or duct.
    pub(crate) asset_vertices: Vec<u32>,
    pub(crate) drawn: Drawn,
    /// The draft's vertex of each place on a line drawn by hand.
    pub(crate) drawn_vertices: Vec<u32>,
    pub(crate) network: CandidateNetwork,
    pub(crate) issues: Vec<Issue>,
    /// What the passes found the last time, and found now: nothing where the candidates are laid out once.
    pub(crate) kept: Option<Kept>,
}

impl<'a> State<'a> {
    pub(crate) fn new(region: &'a Region, scenario: &'a Scenario, book: &'a CostBook, mut kept: Option<Kept>) -> Self {
        let lie = match &mut kept {
            Some(kept) => kept.lie(region),
            None => Arc::new(Lie::new(region)),
        };
        if let Some(kept) = &mut kept {
            kept.doors.resize(region.premises.len(), Door::default());
        }
        let ways = Arc::new(Ways::new(region, Cut::of(scenario), Stretches::default()));
        Self {
            region,
            scenario,
            book,
            ground: Ground::new(Held::Borrowed(region), Cow::Borrowed(book), lie, &scenario.areas),
            sinks: Vec::new(),
            ways,
            sides: Vec::new(),
            links: Vec::new(),
            lines: Lines::default(),
            draft: Draft::default(),
            sink_vertices: Vec::new(),
            masts: Masts::default(),
            mast_vertices: Vec::new(),
            handover_vertices: Vec::new(),
            cabinet_vertices: Vec::new(),
            assets: Assets::default(),
            asset_vertices: Vec::new(),
            drawn: Drawn::default(),
            drawn_vertices: Vec::new(),
            network: CandidateNetwork::default(),
            issues: Vec::new(),
            kept,
        }
    }

    fn assume(&mut self, code: &str, values: Vec<String>) {
        self.network.assumptions.push(Assumption { code: code.to_owned(), values });
    }
}
