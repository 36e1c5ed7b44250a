//! From a plan to a programme: what is built when, who pays what, who is covered by when.
//!
//! Architecture invariant: this crate is given a plan and chooses no route. What asks for other plans (coalitions of
//! municipalities) is given a function that prices them.

mod build;
mod business;
mod calibrate;
mod coverage;
pub mod game;
mod horn;
mod host;
mod natural;
mod orders;
mod owners;
mod players;
mod reach;
mod schedule;
mod services;
mod sharing;
mod support;
mod table;
mod treasurer;
mod tree;
mod units;
mod whole;

pub use build::{Input, ProgrammeError, points, programme};
pub use business::{Flows, PriceClass, business};
pub use calibrate::{Calibration, CalibrationError, ClassFit, InvoiceFit, calibrate};
pub use horn::blocks;
pub use orders::{Filed, OrdersError, Place, orders};
pub use players::Players;
pub use schedule::{Capacity, Jobs, order, schedule};
pub use services::{loads, services};
pub use sharing::{Basis, Capped, split, split_capped};
pub use support::{Areas, areas as support_areas};
pub use treasurer::{AmountShares, WhatIf, share_amount};
