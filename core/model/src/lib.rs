//! The types that every stage of Breiband shares: units, the region, the scenario, the candidate network and the plan.

mod geometry;

pub use geometry::{Bounds, Plane, Point, Polygon, length_mm};
