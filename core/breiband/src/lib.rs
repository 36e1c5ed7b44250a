//! Plan rural fibre rollouts: from roads and addresses to the cheapest network that connects them, with a proof of how
//! close to cheapest it is.
//!
//! The way of the data is the way of the code: files become a [`Region`], region and [`Scenario`] a [`Plan`], a plan files.
//!
//! ```
//! use breiband::{Context, CostBook, Recipe, Silent};
//!
//! // An invented region of 200 premises; `breiband::import` reads your own files the same way.
//! let files = breiband::generate(&Recipe { premises: 200, ..Recipe::default() });
//! let (scenario, sources) = breiband::scenario_of(&files)?;
//!
//! let mut silent = Silent;
//! let mut context = Context::new(&mut silent);
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
//! Architecture invariant: this crate re-exports and orchestrates. Loops that cross stages live here; algorithms do not.

mod again;
mod areas;
mod branches;
mod compare;
mod digest;
mod first_year;
mod game;
mod goal;
mod hunt;
mod inspect;
mod known;
mod mix;
mod output;
mod petgraph;
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

pub use breiband_certificate::{self as certificate, Certificate};
pub use breiband_export::{OutputFile, assumption, shares};
pub use breiband_import::{ImportError, Importer, ReadError, SourceFile, import};
pub use breiband_messages as messages;
pub use breiband_model::*;
pub use breiband_network::{Amount, Layout, Problem, Sketch, Traced, TracedLeg, Underfoot};
pub use breiband_programme::game::Planned;
pub use breiband_programme::{
    AmountShares, Basis, Calibration, CalibrationError, Capped, ClassFit, InvoiceFit, ProgrammeError, WhatIf,
    calibrate, share_amount, split, split_capped,
};
pub use breiband_spatial as spatial;
pub use breiband_steiner as steiner;
pub use breiband_synth::{Recipe, SyntheticFile, generate};

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
