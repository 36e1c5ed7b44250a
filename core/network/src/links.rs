//! Links: straight lines from a place off the ways to the ways near it, and where on the way they end.

use breiband_model::{Point, Region, Side, Structure};
use breiband_spatial::{Hit, SegmentGrid, cross, side_of};

use crate::ground::{is_dug, segments_of};
use crate::stretches::{Stretch, Stretches};

/// Cells of the index, millimetres.
const CELL_MM: u32 = 50_000;

/// Where a link ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// Within a stretch. [`Side::Middle`] where the link comes from the way itself: then either side is at hand.
    Foot { stretch: u32, along_mm: u32, side: Side },
    /// At a junction, in one of its corners.
    Corner { junction: u32, corner: u32 },
    /// On a line drawn by hand: the vertex's number among those of the drawn lines.
    Drawn(u32),
}

/// What a link comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum From {
    /// A sink, by position.
    Sink(u32),
    /// A handover, by position.
    Handover(u32),
    /// A mast, by position.
    Mast(u32),
    /// A cabinet, by position.
    Cabinet(u32),
    /// A way's end that nearly meets another way.
    Gap(Target),
    /// A landing.
    Shore(Target),
    /// A place on a pole line or duct: the vertex's number among those of the assets.
    Asset(u32),
    /// An end of a line drawn by hand: the vertex's number among those of the drawn lines.
    Drawn(u32),
}

/// A straight line to be priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) from: From,
    pub(crate) start: Point,
    pub(crate) end: Point,
    pub(crate) target: Target,
    /// Whether it is the shortest of its place.
    pub(crate) first: bool,
}

impl Link {
    /// The places on the ways that the link joins: one, or two where it comes from a way itself.
    pub(crate) fn targets(&self) -> impl Iterator<Item = Target> {
        let other = match self.from {
            From::Gap(target) | From::Shore(target) => Some(target),
            From::Sink(_) | From::Handover(_) | From::Mast(_) | From::Cabinet(_) | From::Asset(_) | From::Drawn(_) => {
                None
            }
        };
        other.into_iter().chain([self.target])
    }

    /// A stretch that the link ends on or beside.
    pub(crate) fn stretch(&self, stretches: &Stretches) -> Option<u32> {
        match self.target {
            Target::Foot { stretch, .. } => Some(stretch),
            Target::Corner { junction, .. } => stretches.arms_of(junction).first().map(|arm| arm.stretch),
            Target::Drawn(_) => None,
        }
    }
}

/// A place on a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) stretch: u32,
    pub(crate) point: Point,
    pub(crate) target: Target,
}

/// An index over the ways on the ground that have a rule: what a line over the ground would have to cross, and for a [`Finder`].
#[derive(Debug, Clone)]
pub(crate) struct Places {
    pub(crate) grid: SegmentGrid,
    pub(crate) segments: Vec<(Point, Point)>,
    /// The stretch of each.
    pub(crate) owners: Vec<u32>,
    /// For each segment, its place in its stretch and the distance from the stretch's tail, millimetres.
    along: Vec<(u32, u32)>,
}

/// Finds the nearest places on stretches.
pub(crate) struct Finder<'s> {
    stretches: &'s Stretches,
    index: &'s Places,
    /// Which stretches it looks at.
    looks_at: fn(&Stretch) -> bool,
}

impl Default for Places {
    fn default() -> Self {
        Self { grid: SegmentGrid::build(&[], CELL_MM), segments: Vec::new(), owners: Vec::new(), along: Vec::new() }
    }
}

impl Places {
    /// Indexes the stretches of a region's ways.
    pub(crate) fn new(region: &Region, stretches: &Stretches) -> Self {
        let is_on_ground = |s: &Stretch| region.way(s.way).structure == Structure::None && s.rule.is_some();
        let (segments, owners) = segments_of(stretches, is_on_ground);
        let mut along = Vec::with_capacity(segments.len());
        let (mut number, mut at) = (0, 0_u32);
        for (index, &(a, b)) in segments.iter().enumerate() {
            if index > 0 && owners[index] != owners[index - 1] {
                (number, at) = (0, 0);
            }
            along.push((number, at));
            number += 1;
            at = at.saturating_add(u32::try_from(a.distance_mm(b)).unwrap_or(u32::MAX));
        }
        Self { grid: SegmentGrid::build(&segments, CELL_MM), segments, owners, along }
    }
}

impl<'s> Finder<'s> {
    /// Finds where lines over the ground may end.
    pub(crate) fn over(stretches: &'s Stretches, index: &'s Places) -> Self {
        Self { stretches, index, looks_at: is_dug }
    }

    /// Finds where drops may end.
    pub(crate) fn of_drops(stretches: &'s Stretches, index: &'s Places) -> Self {
        Self { stretches, index, looks_at: |s| s.drops }
    }

    /// The nearest place within `max_mm` of `p` on a stretch that `keep` accepts.
    pub(crate) fn nearest(&self, p: Point, max_mm: u32, keep: impl Fn(u32) -> bool) -> Option<Place> {
        let may = |segment: u32| {
            let stretch = self.index.owners[segment as usize];
            (self.looks_at)(&self.stretches.all[stretch as usize]) && keep(stretch)
        };
        let hit = self.index.grid.nearest_by(p, max_mm, may)?;
        Some(self.place(p, &hit))
    }

    fn place(&self, p: Point, hit: &Hit) -> Place {
        let stretch = self.index.owners[hit.segment as usize];
        let s = &self.stretches.all[stretch as usize];
        let (number, start) = self.index.along[hit.segment as usize];
        let along_mm = start.saturating_add(u32::try_from(hit.along_mm).unwrap_or(u32::MAX));
        let end = match along_mm {
            0 => Some(s.tail),
            mm if mm >= s.length_mm => Some(s.head),
            _ => None,
        };
        if let Some(junction) = end {
            let point = self.stretches.junctions[junction as usize];
            let corner = self.stretches.corner_towards(junction, p);
            return Place { stretch, point, target: Target::Corner { junction, corner } };
        }
        let side = self.side(self.stretches.line(stretch), number as usize, hit.foot, p);
        Place { stretch, point: hit.foot, target: Target::Foot { stretch, along_mm, side } }
    }

    /// The place on a way from which to leave for `p`: at a foot, the side that `p` is on.
    pub(crate) fn turned_to(&self, place: &Place, p: Point) -> Target {
        match place.target {
            Target::Corner { junction, .. } => {
                Target::Corner { junction, corner: self.stretches.corner_towards(junction, p) }
            }
            Target::Foot { stretch, along_mm, .. } => {
                let line = self.stretches.line(stretch);
                let mut at = 0_u64;
                let mut side = Side::Middle;
                for pair in line.windows(2) {
                    at += pair[0].distance_mm(pair[1]);
                    if u64::from(along_mm) <= at {
                        side = match side_of(pair[0], pair[1], p) {
                            breiband_spatial::Side::Left => Side::Left,
                            breiband_spatial::Side::Right => Side::Right,
                            breiband_spatial::Side::On => Side::Middle,
                        };
                        break;
                    }
                }
                Target::Foot { stretch, along_mm, side }
            }
            Target::Drawn(_) => place.target,
        }
    }

    /// The side of `line` that `p` is on, whose foot is on the segment after point `at`.
    fn side(&self, line: &[Point], at: usize, foot: Point, p: Point) -> Side {
        let (a, b) = (line[at], line[at + 1]);
        // At a bend the outer side is meant, and the two segments need not agree on it.
        let bend = if foot == a && at > 0 {
            cross(line[at - 1], a, b)
        } else if foot == b && at + 2 < line.len() {
            cross(a, b, line[at + 2])
        } else {
            0
        };
        match bend.signum() {
            1 if foot != p => Side::Right,
            -1 if foot != p => Side::Left,
            _ => match side_of(a, b, p) {
                breiband_spatial::Side::Left => Side::Left,
                breiband_spatial::Side::Right => Side::Right,
                breiband_spatial::Side::On => Side::Middle,
            },
        }
    }

    /// The nearest places within `max_mm` of `p` on up to `count` different roads, nearest first. A junction of a road that
    /// is already there adds nothing.
    pub(crate) fn on_roads(&self, p: Point, max_mm: u32, count: usize, places: &mut Vec<Place>) {
        places.clear();
        let mut done: Vec<u32> = Vec::new();
        // A bound on the roads looked at, for places where many roads end in one junction.
        for _ in 0..count * 4 {
            let all = &self.stretches.all;
            let Some(place) = self.nearest(p, max_mm, |s| !done.contains(&all[s as usize].road)) else { break };
            let road = all[place.stretch as usize].road;
            let repeats = match place.target {
                Target::Foot { .. } => false,
                Target::Corner { junction, .. } => {
                    let arms = self.stretches.arms_of(junction);
                    arms.iter().any(|arm| done.contains(&all[arm.stretch as usize].road))
                }
                Target::Drawn(_) => false,
            };
            done.push(road);
            if !repeats {
                places.push(place);
                if places.len() == count {
                    break;
                }
            }
        }
    }
}

/// Metres of a cost book as millimetres for a search.
pub(crate) fn millimetres(metres: f64) -> u32 {
    // A cost book's limits are at most 1,000,000 m; the cast saturates.
    (metres * 1000.0) as u32
}
