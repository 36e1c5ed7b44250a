//! The candidate network: everything that could be dug, hung or laid in a region, priced by the cost book.
//!
//! [`build`] runs the named [`PASSES`] one after the other:
//!
//! 1. `demand` decides who is to be connected.
//! 2. `stretches` cuts the ways at their junctions and gives each stretch its rule; what may not be dug is listed.
//! 3. `drops` looks for the places on different roads where each premises' drop may end.
//! 4. `handovers` finds the roots, or assumes one and says so.
//! 5. `masts` finds masts, proposes some, and tells which premises they see.
//! 6. `gaps` lists ways that nearly meet, and mends them if asked.
//! 7. `water` looks for shore-to-shore candidates.
//! 8. `assets` finds where pole lines and ducts come beside the ways.
//! 9. `drawn` takes the freehand legs of the scenario's routes, and lets drops end on them.
//! 10. `sides` chooses the side of roads that carry a single line.
//! 11. `lines` lays both verges, or the single line, with crossings at junctions and feet.
//! 12. `links` prices the straight lines over the ground (drops, leads to handovers and masts, gaps, water crossings, drawn legs) and
//!     radio links.
//! 13. `reach` lists what no handover reaches.
//! 14. `freeze` contracts chains and numbers vertices in the order of a walk from the root.
//!
//! Lengths are integer millimetres and costs integer minor units throughout, so that the network is the same on every
//! machine. A [`Layout`] lays out one scenario after another and looks for nothing twice; a [`Sketch`] prices a route while it is
//! drawn, by the same rules.

mod assets;
mod carry;
mod demand;
mod detours;
mod draft;
mod finish;
mod gaps;
mod ground;
mod handovers;
mod held;
mod kept;
mod layout;
mod lines;
mod links;
mod masts;
mod passes;
mod proposals;
mod routes;
mod sketch;
mod stretches;
#[cfg(test)]
mod tests;
mod water;

pub use handovers::named as handovers;
pub use layout::Layout;
pub use masts::named as masts;
pub use passes::{PASSES, build};
pub use sketch::{Amount, Problem, Sketch, Traced, TracedLeg, Underfoot};
