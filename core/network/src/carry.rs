//! From ways as they were cut to ways as they are cut now: what lies away from every change is the same in other numbers.

use breiband_model::{Bounds, Point, Region};
use breiband_spatial::SegmentGrid;

use crate::ground::placed;
use crate::kept::{Cut, Ways};
use crate::links::{Place, Target};
use crate::stretches::{Stretch, Stretches};

/// No number.
const NONE: u32 = u32::MAX;
/// Feet are rounded to the millimetre: what is no farther than this from a change is looked for anew.
const MARGIN_MM: u32 = 1_000;

/// What changed, and the new numbers of what did not.
pub(crate) struct Change {
    stretches: Vec<u32>,
    junctions: Vec<u32>,
    /// The roads, old and new, that a change touches.
    roads: SegmentGrid,
    /// Boxes around their segments, and around these.
    boxes: Vec<Bounds>,
    around: Option<Bounds>,
    /// Areas with a rule that came, went or changed.
    areas: Vec<Bounds>,
}

impl Change {
    /// O(n) in the points of all ways.
    pub(crate) fn between(region: &Region, old: &Ways, new: &Ways) -> Self {
        let matched = matched(&old.stretches, &new.stretches);
        let mut change = Self {
            junctions: junctions(&old.stretches, &new.stretches, &matched),
            stretches: matched,
            roads: SegmentGrid::build(&[], 1 << 16),
            boxes: Vec::new(),
            around: None,
            areas: areas(region, &old.cut, &new.cut),
        };
        let touched = change.touched(&old.stretches, &new.stretches);
        change.roads = SegmentGrid::build(&touched, 1 << 16);
        change.boxes = touched.iter().filter_map(|&(a, b)| Bounds::of([a, b])).collect();
        change.around = Bounds::of(change.boxes.iter().flat_map(|one| [one.min, one.max]));
        change
    }

    /// The segments of all roads that are not the same stretches as before.
    fn touched(&self, old: &Stretches, new: &Stretches) -> Vec<(Point, Point)> {
        let count = |stretches: &Stretches| {
            let mut members = vec![0_u32; stretches.roads as usize];
            stretches.all.iter().for_each(|s| members[s.road as usize] += 1);
            members
        };
        let (old_members, new_members) = (count(old), count(new));
        // The one road of now that all of an old road's stretches are on, where they are all of that.
        let mut road_of = vec![NONE; old.roads as usize];
        let mut is_same = vec![true; old.roads as usize];
        for (s, &now) in old.all.iter().zip(&self.stretches) {
            let road = new.all.get(now as usize).map_or(NONE, |s| s.road);
            let (of, same) = (&mut road_of[s.road as usize], &mut is_same[s.road as usize]);
            if *of == NONE {
                *of = road;
            }
            *same &= road != NONE && *of == road;
        }
        let mut is_kept = vec![false; new.roads as usize];
        for (road, same) in is_same.iter_mut().enumerate() {
            *same = *same && new_members.get(road_of[road] as usize) == Some(&old_members[road]);
            if *same {
                is_kept[road_of[road] as usize] = true;
            }
        }
        let mut segments = Vec::new();
        for (stretches, is_kept) in [(old, &is_same), (new, &is_kept)] {
            for (number, _) in (0..).zip(&stretches.all).filter(|(_, s)| !is_kept[s.road as usize]) {
                segments.extend(stretches.line(number).windows(2).map(|pair| (pair[0], pair[1])));
            }
        }
        segments
    }

    /// Whether something may be otherwise within `reach_mm` of a place.
    pub(crate) fn is_near(&self, p: Point, reach_mm: u32) -> bool {
        let reach = reach_mm.saturating_add(MARGIN_MM);
        let margin = i64::from(reach);
        let is_beside = |area: &Bounds| {
            (i64::from(area.min.x) - margin..=i64::from(area.max.x) + margin).contains(&i64::from(p.x))
                && (i64::from(area.min.y) - margin..=i64::from(area.max.y) + margin).contains(&i64::from(p.y))
        };
        self.areas.iter().any(is_beside) || self.roads.nearest(p, reach).is_some()
    }

    /// Whether a road that meets another in the box may be otherwise.
    pub(crate) fn is_within(&self, place: &Bounds) -> bool {
        self.around.is_some_and(|around| around.overlaps(place)) && self.boxes.iter().any(|one| one.overlaps(place))
    }

    /// Whether something may be otherwise along a straight line.
    pub(crate) fn is_along(&self, from: Point, to: Point, found: &mut Vec<u32>) -> bool {
        let line = Bounds::of([from, to]);
        if line.is_some_and(|line| self.areas.iter().any(|area| area.overlaps(&line))) {
            return true;
        }
        self.roads.crossing(from, to, found);
        !found.is_empty()
    }

    /// A place on a way in today's numbers.
    pub(crate) fn place(&self, place: &Place) -> Option<Place> {
        let stretch = self.stretch(place.stretch)?;
        let target = match place.target {
            Target::Foot { stretch, along_mm, side } => {
                Target::Foot { stretch: self.stretch(stretch)?, along_mm, side }
            }
            Target::Corner { junction, corner } => {
                let junction = self.junctions[junction as usize];
                (junction != NONE).then_some(Target::Corner { junction, corner })?
            }
            Target::Drawn(_) => return None,
        };
        Some(Place { stretch, target, ..*place })
    }

    fn stretch(&self, old: u32) -> Option<u32> {
        Some(self.stretches[old as usize]).filter(|&new| new != NONE)
    }
}

/// The nearest place on a way to each of a row of points, as far as it is known.
#[derive(Debug, Default)]
pub(crate) struct Nearest(Vec<(Point, Option<Option<Place>>)>);

impl Nearest {
    /// The place nearest to the point of that number; `look` finds it where it is not known. Numbers come in order.
    pub(crate) fn of(&mut self, number: usize, p: Point, look: impl FnOnce() -> Option<Place>) -> Option<Place> {
        if number >= self.0.len() {
            self.0.push((p, None));
        }
        let known = &mut self.0[number];
        if known.0 != p {
            *known = (p, None);
        }
        *known.1.get_or_insert_with(look)
    }

    /// Goes on with ways that are cut otherwise; they were looked for within so much.
    pub(crate) fn carry(&mut self, change: &Change, reach_mm: u32) {
        for (point, found) in &mut self.0 {
            let Some(place) = found else { continue };
            *found = match place {
                _ if change.is_near(*point, reach_mm) => None,
                Some(place) => change.place(place).map(Some),
                None => Some(None),
            };
        }
    }
}

/// Areas that are not the same in both lists, which keep their order.
fn areas(region: &Region, old: &Cut, new: &Cut) -> Vec<Bounds> {
    let (old, new) = (&old.areas[..], &new.areas[..]);
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let changed = old[head..old.len() - tail].iter().chain(&new[head..new.len() - tail]);
    let polygons = changed.flat_map(|area| placed(region, area));
    polygons.filter_map(|area| Bounds::of(area.polygon.rings().flatten().copied())).collect()
}

/// For each old stretch the new one that is the same: from both ends of each way, as far as they are.
fn matched(old: &Stretches, new: &Stretches) -> Vec<u32> {
    let mut matched = vec![NONE; old.all.len()];
    let is_same = |a: usize, b: usize| {
        let key = |s: &Stretch| (s.rule, s.usage, s.drops, s.permille, s.lumps, s.length_mm);
        key(&old.all[a]) == key(&new.all[b]) && old.line(a as u32) == new.line(b as u32)
    };
    let (mut a, mut b) = (0, 0);
    while a < old.all.len() && b < new.all.len() {
        let way = old.all[a].way;
        let end = |stretches: &Stretches, from: usize| {
            stretches.all[from..].iter().position(|s| s.way != way).map_or(stretches.all.len(), |at| from + at)
        };
        let (mut a_end, mut b_end) = (end(old, a), end(new, b));
        let (a_next, b_next) = (a_end, b_end);
        while a < a_end && b < b_end && is_same(a, b) {
            matched[a] = b as u32;
            (a, b) = (a + 1, b + 1);
        }
        while a < a_end && b < b_end && is_same(a_end - 1, b_end - 1) {
            (a_end, b_end) = (a_end - 1, b_end - 1);
            matched[a_end] = b_end as u32;
        }
        (a, b) = (a_next, b_next);
    }
    matched
}

/// For each old junction the new one that the same stretches meet at.
fn junctions(old: &Stretches, new: &Stretches, matched: &[u32]) -> Vec<u32> {
    let mut junctions = vec![NONE; old.junctions.len()];
    for (s, &now) in old.all.iter().zip(matched) {
        let Some(now) = new.all.get(now as usize) else { continue };
        (junctions[s.tail as usize], junctions[s.head as usize]) = (now.tail, now.head);
    }
    for (junction, now) in (0..).zip(&mut junctions) {
        let arms = |stretches: &Stretches, junction| -> Vec<(u32, bool)> {
            stretches.arms_of(junction).iter().map(|arm| (arm.stretch, arm.at_head)).collect()
        };
        if *now != NONE {
            let then = arms(old, junction).into_iter().map(|(stretch, at_head)| (matched[stretch as usize], at_head));
            if !then.eq(arms(new, *now)) {
                *now = NONE;
            }
        }
    }
    junctions
}
