//! The ways as they grow: vertices with a lattice that finds the ones near a place.

use crate::terrain::Terrain;

/// How important a way is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Primary,
    Secondary,
    Tertiary,
    Unclassified,
    Residential,
    Service,
    Track,
    Ferry,
}

impl Class {
    /// OSM's `highway` value; a ferry has none.
    pub(crate) fn highway(self) -> Option<&'static str> {
        Some(match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Tertiary => "tertiary",
            Self::Unclassified => "unclassified",
            Self::Residential => "residential",
            Self::Service => "service",
            Self::Track => "track",
            Self::Ferry => return None,
        })
    }
}

/// What carries a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Carrier {
    Ground,
    Bridge,
    Tunnel,
    Ferry,
}

/// A way: vertices in order.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    pub(crate) vertices: Vec<u32>,
    pub(crate) class: Class,
    pub(crate) carrier: Carrier,
    pub(crate) paved: bool,
    pub(crate) private: bool,
    pub(crate) name: String,
}

/// All ways, and an index of their vertices.
pub(crate) struct Net {
    pub(crate) places: Vec<(f64, f64)>,
    pub(crate) ways: Vec<Way>,
    near: Near,
}

impl Net {
    pub(crate) fn new(terrain: &Terrain) -> Self {
        Self { places: Vec::new(), ways: Vec::new(), near: Near::new(terrain) }
    }

    /// Adds a vertex that other ways keep clear of.
    pub(crate) fn vertex(&mut self, at: (f64, f64)) -> u32 {
        self.near.add(at);
        self.places.push(at);
        (self.places.len() - 1) as u32
    }

    /// Adds a vertex that is not in the way of anything: at sea, on a bridge, in a tunnel.
    pub(crate) fn loose_vertex(&mut self, at: (f64, f64)) -> u32 {
        self.near.skip();
        self.places.push(at);
        (self.places.len() - 1) as u32
    }

    /// The nearest vertex within `radius` metres (at most a cell) that `skip` does not exclude, with its distance.
    pub(crate) fn nearest(&self, at: (f64, f64), radius: f64, skip: impl Fn(u32) -> bool) -> Option<(u32, f64)> {
        let mut best: Option<(u32, f64)> = None;
        self.near.visit(at, |k| {
            let p = self.places[k as usize];
            let d = ((p.0 - at.0) * (p.0 - at.0) + (p.1 - at.1) * (p.1 - at.1)).sqrt();
            if d < radius && best.is_none_or(|(_, b)| d < b) && !skip(k) {
                best = Some((k, d));
            }
        });
        best
    }
}

/// Points in the terrain's cells, as linked lists.
pub(crate) struct Near {
    nx: usize,
    ny: usize,
    head: Vec<u32>,
    next: Vec<u32>,
}

const END: u32 = u32::MAX;

impl Near {
    pub(crate) fn new(terrain: &Terrain) -> Self {
        Self { nx: terrain.nx, ny: terrain.ny, head: vec![END; terrain.nx * terrain.ny], next: Vec::new() }
    }

    fn cell(&self, at: (f64, f64)) -> (usize, usize) {
        let clamp = |v: f64, n: usize| ((v / crate::terrain::CELL).max(0.0) as usize).min(n - 1);
        (clamp(at.0, self.nx), clamp(at.1, self.ny))
    }

    /// Adds the next point: points are numbered from 0 in the order they come.
    pub(crate) fn add(&mut self, at: (f64, f64)) {
        let (i, j) = self.cell(at);
        let head = &mut self.head[j * self.nx + i];
        self.next.push(*head);
        *head = (self.next.len() - 1) as u32;
    }

    /// Uses up a number without a point.
    pub(crate) fn skip(&mut self) {
        self.next.push(END);
    }

    /// Calls `see` with the points of the nine cells around a place.
    pub(crate) fn visit(&self, at: (f64, f64), mut see: impl FnMut(u32)) {
        let (i, j) = self.cell(at);
        for j in j.saturating_sub(1)..=(j + 1).min(self.ny - 1) {
            for i in i.saturating_sub(1)..=(i + 1).min(self.nx - 1) {
                let mut k = self.head[j * self.nx + i];
                while k != END {
                    see(k);
                    k = self.next[k as usize];
                }
            }
        }
    }
}
