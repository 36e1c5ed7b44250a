//! Plan rural fibre rollouts: from roads and addresses to the cheapest network that connects them, with a proof of how
//! close to cheapest it is.
//!
//! The way of the data is the way of the code: files become a [`Region`], region and [`Scenario`] a [`Plan`], a plan files.
//!
//! ```
//! use breiband::{Context, CostBook, Recipe};
//!
//! // An invented region of 200 premises; `breiband::import` reads your own files the same way.
//! let files = breiband::generate(&Recipe { premises: 200, ..Recipe::default() });
//! let (scenario, sources) = breiband::scenario_of(&files)?;
//!
//! let mut context = Context::silent();
//! let region = breiband::import(&sources, &scenario.options, &mut context)?;
//! let plan = breiband::plan(&region, &scenario, &CostBook::example(), &mut context)?;
//!
//! let summary = &plan.value.summary;
//! assert_eq!(summary.premises, 200);
//! assert_eq!(summary.connected + summary.unreachable + summary.excluded + summary.already_served, 200);
//! println!("{} premises for {} {}, at most {} % above the least possible",
//!     summary.connected, summary.cost, summary.currency, summary.gap * 100.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Everything is deterministic: the same inputs and scenario give the same plan, byte for byte, natively and in a browser.
//!
//! # What is your question?
//!
//! Each file of `core/breiband/examples` answers one: `cargo run --release -p breiband --example own_files`.
//!
//! | before planning | | example |
//! |---|---|---|
//! | How do my files become a region? | [`import`] of [`SourceFile`]s; [`Role`] has what they may hold | `own_files` |
//! | What is in them, and what is wrong? | [`Staged::issues`], [`inspect()`] | `own_files` |
//! | What can a scenario say? | [`drafted_scenario`] writes one with comments, [`Scenario::parse`] reads it | |
//! | What if I make one in code? | [`Scenario::new`]; [`Scenario::check`] says whether it can be | `own_files` |
//! | Is there a region to try things on? | [`generate`] invents one, [`scenario_of`] unpacks it | the others |
//!
//! | planning | | example |
//! |---|---|---|
//! | What does it cost to connect everybody? | [`plan()`], then [`Plan::summary`] | `longest_routes` |
//! | Who is left out, and why? | [`RoutePlan::outcomes`], a row for each of the region's premises | `own_files` |
//! | Who gets fibre for a budget? | [`Goal::Budget`] with [`plan()`] | `budget_series` |
//! | For a share of all, or up to what each is worth? | [`Goal::Coverage`], [`Goal::Worthwhile`] | |
//! | What does each further home cost? | [`coverage_curve`] | `within_budget` |
//! | Fibre, masts or satellite? | [`Goal::Cheapest`] with the scenario's [`mix`](Scenario::mix) | `technology_mix` |
//! | What if prices change? | [`CostBook::changed`], then [`replan`] | `own_prices` |
//! | Which price matters most? | [`repriced`]: the same lines at other prices, at once | `own_prices` |
//! | What do my invoices say of the prices? | [`calibrate`] | |
//! | What does a route cost that I draw? | [`Sketch`] | `drawn_route` |
//! | Does the plan take it? | [`Scenario::routes`] | `drawn_route` |
//! | What does another handover save? | [`Scenario::handovers`], [`Region::into_parts`] | `compare_handovers` |
//! | What differs between two plans? | [`compare()`] as files, [`compared`] as a table | |
//!
//! | building together | | example |
//! |---|---|---|
//! | What is built when, and who pays what? | [`programme()`], by [`ProgrammeSettings`] | `build_together` |
//! | What does each key mean for each member? | [`Programme::keys`] | `cost_shares` |
//! | How is one amount shared, without a plan? | [`share_amount`], [`split`] | |
//! | Would anybody rather build alone? | [`game()`]; [`GameTable`] for many threads | `build_together` |
//! | What could the first year's money buy by itself? | [`first_year()`] | |
//! | When are schools ready, which links fill up? | [`services`], by a [`Policy`] | |
//!
//! | what comes of it | | example |
//! |---|---|---|
//! | The network as a graph? | [`Plan::built_to_petgraph`], [`Plan::to_petgraph`] | `longest_routes` |
//! | How long is an edge? | [`CandidateNetwork::edge_length`] | `longest_routes` |
//! | Places in degrees? | [`spatial::Projection`] | `drawn_route` |
//! | A plan's files, the council's report? | [`files`], [`report`]: names and bytes, for the caller to write | |
//! | Does a plan hold that somebody sent? | [`verify()`] | |
//! | Reasons and assumptions in words? | [`messages::text`], [`assumption`], in three languages | `own_files` |
//!
//! Programs that answer while somebody waits do the same in slices ([`Planner`], [`CurveTracer`], [`FirstYearSearch`],
//! [`GameTable`]), lay candidates out again ([`Layout`], [`candidates_again`]), and show a sound first answer at once:
//! [`repriced`], [`without()`], [`from_curve`], [`from_branches`], [`repaired()`].
//!
//! # What a script should know
//!
//! - **Prices are those of the book that is passed.** Nothing here opens the scenario's [`cost_book`](Scenario::cost_book), and
//!   its [`prices`](Scenario::prices) count once they are in the book: `book.changed(&scenario.prices)?`.
//! - **A scenario made in code is checked as one that is read**, by [`plan()`] and [`replan`]; call [`Scenario::check`] before
//!   other functions. Ids in [`Options`] that nothing has are passed over.
//! - **Units are in the names.** [`Money`] is whole minor units (øre), `f64` amounts are major units; `_mm` is whole
//!   millimetres on the ground, `_m` and `metres` are metres, `_mbps` is Mbit/s; a `gap` or `share` is a part of one.
//! - **Ids are positions** in their region or network ([`model::units`]); what files and scenarios go by is `external_id`.
//! - **Steps, not seconds**, limit the search ([`Options::steps`]), so that the answer does not depend on the machine.
//! - **Problems are values**: a stage returns [`Staged`], its value with every [`Issue`] that it met, and fails only where
//!   there is nothing to return. Errors say what to do.
//! - **No file, no clock, no thread**: the caller reads and writes, and may be told of progress or stop the work ([`Context`]).
//!
//! The nouns that are needed most are below, all of them by subject in [`model`]; each can be named at the root. Examples on
//! their pages name the crate that they live in: `breiband_model::Goal` is `breiband::Goal`.
//!
//! Architecture invariant: this crate re-exports and orchestrates. Loops that cross stages live here; algorithms do not.

mod again;
mod areas;
mod branches;
mod compare;
mod digest;
mod first_year;
mod game;
mod goal;
mod graph;
mod hunt;
mod inspect;
mod known;
mod mix;
pub mod model;
mod output;
mod planner;
mod programme;
mod proof;
mod radio;
mod repaired;
mod route;
mod sources;
mod summary;
mod uncertainty;
mod verify;
mod without;

#[doc(inline)]
pub use breiband_certificate as certificate;
pub use breiband_certificate::Certificate;
pub use breiband_export::{OutputFile, assumption, shares};
pub use breiband_import::{ImportError, Importer, ReadError, SourceFile, import};
#[doc(inline)]
pub use breiband_messages as messages;
#[doc(hidden)]
pub use breiband_model::*;
#[doc(inline)]
pub use breiband_model::{
    CandidateNetwork, Context, CostBook, Count, DrawnRoute, Goal, Input, Issue, Money, Observer, Options, Point,
    Premises, PremisesOutcome, PriceChange, Programme, ProgrammeSettings, Reason, Region, Role, RoutePlan, Scenario,
    Silent, Staged, Status, Summary,
};
pub use breiband_network::{Amount, Layout, Problem, Sketch, Traced, TracedLeg, Underfoot};
pub use breiband_programme::game::Planned;
pub use breiband_programme::{
    AmountShares, Basis, Calibration, CalibrationError, Capped, ClassFit, InvoiceFit, ProgrammeError, WhatIf,
    calibrate, share_amount, split, split_capped,
};
#[doc(inline)]
pub use breiband_spatial as spatial;
#[doc(inline)]
pub use breiband_steiner as steiner;
pub use breiband_synth::{Recipe, SyntheticFile, generate};
/// The crate of the graphs that [`Plan::to_petgraph`] gives, so that its algorithms are at hand in the right version.
pub use petgraph;

pub use again::{from_curve, repriced};
pub use branches::from_branches;
pub use compare::{Compared, MOST_SIDES, compare, compared};
pub use digest::sha256;
pub use first_year::{FirstYearSearch, first_year};
pub use game::{GameTable, game, game_groups};
pub use goal::{CoverageCurve, CurveTracer, coverage_curve};
pub use inspect::{Inspection, RuleMetres, inspect};
pub use mix::load_sectors;
pub use output::{Manifest, files, files_by};
pub use planner::{Advance, CURVE_STEPS, Plan, PlanError, Planner, candidates, candidates_again, plan, replan};
pub use programme::{ProgrammeFailure, programme, report, services};
pub use repaired::repaired;
pub use sources::{drafted_scenario, scenario_of};
pub use verify::{Check, CheckState, Verification, verify};
pub use without::without;
