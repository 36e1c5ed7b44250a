//! From a plan to a programme: what is built when, who pays what, who is covered by when.
//!
//! Architecture invariant: this crate is given a plan and chooses no route. What asks for other plans (coalitions of
//! municipalities) is given a function that prices them.

mod natural;
mod orders;
mod sharing;
mod treasurer;

pub use orders::{Filed, OrdersError, orders};
pub use sharing::{Basis, Capped, split, split_capped};
pub use treasurer::{AmountShares, share_amount};
