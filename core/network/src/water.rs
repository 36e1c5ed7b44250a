//! Water crossings: a sparse set of straight shore-to-shore candidates between landings near the ways.
//!
//! Landings are the places on ways that are nearest to the shore, one for each half kilometre of shore and connected part
//! of the ways. Each looks in eight directions for the nearest landings beyond the water: on other parts of the ways, and on
//! its own where the way around is longer than the crossing is dear.

use std::collections::BTreeMap;

use breiband_graph::UnionFind;
use breiband_model::{Cancelled, Context, CostBook, Point};

use crate::carry::{Change, Nearest};
use crate::detours::{Detours, KnownDetours};
use crate::ground::{Ground, is_dug};
use crate::links::{Finder, From, Link, Place, millimetres};
use crate::stretches::Stretches;

/// Landings are clustered in squares of 2^19 mm, about 500 m.
const CLUSTER_SHIFT: u32 = 19;
/// Shores are sampled at least this far apart, millimetres.
const SAMPLE_MM: u64 = 100_000;
/// Landings looked at in each direction before giving up: those on other parts of the ways, and those on the same.
const TRIES: [u32; 2] = [6, 3];
/// No number.
const NONE: u32 = u32::MAX;

/// What was found along the shores, for the next time: it depends on the ways beside them and on no scenario.
#[derive(Debug, Default)]
pub(crate) struct Shores {
    /// The place on a way that is nearest to each sample of the shores.
    samples: Nearest,
    /// Where the landings are, and for each the others within reach, nearest first.
    landings: Vec<Point>,
    near: Vec<Vec<Near>>,
    /// Ways around between them.
    detours: KnownDetours,
}

/// A landing seen from another.
#[derive(Debug)]
struct Near {
    other: u32,
    /// The eighth of the compass that it lies in.
    sector: u8,
    /// What a cable there costs, if it is worked out; none where there is no crossing.
    cost: Option<Option<u64>>,
}

impl Shores {
    /// Goes on with ways that are cut otherwise.
    pub(crate) fn carry(&mut self, change: &Change, shore_mm: u32) {
        self.detours.carry(change);
        self.samples.carry(change, shore_mm);
    }

    /// Forgets what depends on what things cost.
    pub(crate) fn forget_costs(&mut self) {
        self.detours = KnownDetours::default();
        self.near.iter_mut().flatten().for_each(|near| near.cost = None);
    }

    /// Finds out which landings see which; those that were there the last time know each other.
    fn meet(&mut self, landings: &[Landing], reach: u32) {
        let points: Vec<Point> = landings.iter().map(|landing| landing.place.point).collect();
        let before = std::mem::replace(&mut self.landings, points);
        let points = &self.landings;
        if before == *points {
            return;
        }
        let (now_of, is_new) = renumbered(&before, points);
        let mut near: Vec<Vec<Near>> = points.iter().map(|_| Vec::new()).collect();
        let (mut is_sorted, mut last) = (true, None);
        for (mut seen, &now) in std::mem::take(&mut self.near).into_iter().zip(&now_of) {
            if now != NONE {
                is_sorted &= last.is_none_or(|last| last < now);
                last = Some(now);
                seen.iter_mut().for_each(|one| one.other = now_of[one.other as usize]);
                seen.retain(|one| one.other != NONE);
                near[now as usize] = seen;
            }
        }
        let mut cells: BTreeMap<(i32, i32), Vec<u32>> = BTreeMap::new();
        // Cells of a fourth of the reach: a handful of them around each landing.
        let shift = (reach / 4).max(1 << CLUSTER_SHIFT).ilog2();
        let cell = |p: Point| (p.y >> shift, p.x >> shift);
        for (number, &point) in (0..).zip(points) {
            cells.entry(cell(point)).or_default().push(number);
        }
        let around = (reach >> shift) as i32 + 1;
        let mut has_met = vec![false; points.len()];
        for (number, &from) in (0..).zip(points).filter(|one| is_new[one.0 as usize]) {
            let (row, column) = cell(from);
            for row in row - around..=row + around {
                for &other in cells.range((row, column - around)..=(row, column + around)).flat_map(|one| one.1) {
                    let to = points[other as usize];
                    if other == number || to.distance_squared(from) > u64::from(reach) * u64::from(reach) {
                        continue;
                    }
                    near[number as usize].push(Near { other, sector: sector(from, to) as u8, cost: None });
                    if !is_new[other as usize] {
                        let seen = Near { other: number, sector: sector(to, from) as u8, cost: None };
                        near[other as usize].push(seen);
                        has_met[other as usize] = true;
                    }
                }
            }
        }
        for (number, (seen, &from)) in near.iter_mut().zip(points).enumerate() {
            // What kept its order, and met nobody new, is in order still.
            if !is_sorted || is_new[number] || has_met[number] {
                seen.sort_by_key(|one| (points[one.other as usize].distance_squared(from), one.other));
            }
        }
        self.near = near;
    }
}

/// For each place of before its number among those of now, and which of now's are new. Those that share a place keep their order.
fn renumbered(before: &[Point], now: &[Point]) -> (Vec<u32>, Vec<bool>) {
    let sorted = |points: &[Point]| {
        let mut sorted: Vec<(Point, u32)> = points.iter().copied().zip(0..).collect();
        sorted.sort_unstable();
        sorted
    };
    let (mut now_of, mut is_new) = (vec![NONE; before.len()], vec![true; now.len()]);
    let mut open = sorted(now).into_iter().peekable();
    for (point, number) in sorted(before) {
        while open.next_if(|one| one.0 < point).is_some() {}
        if let Some((_, now)) = open.next_if(|one| one.0 == point) {
            now_of[number as usize] = now;
            is_new[now as usize] = false;
        }
    }
    (now_of, is_new)
}

struct Landing {
    place: Place,
    part: u32,
    shore_mm: u64,
}

/// Adds links for water crossings. What is known of the `shores` is not looked for anew, and more is known afterwards.
///
/// # Errors
/// [`Cancelled`].
pub(crate) fn find(
    stretches: &Stretches,
    ground: &Ground<'_>,
    finder: &Finder<'_>,
    book: &CostBook,
    links: &mut Vec<Link>,
    shores: &mut Shores,
    ctx: &Context<'_>,
) -> Result<(), Cancelled> {
    let reach = millimetres(book.limits().water_max_m);
    if reach == 0 || !ground.has_shores() {
        return Ok(());
    }
    let shore_mm = millimetres(book.limits().landing_max_m);
    let landings = landings(stretches, ground, finder, shore_mm, &mut shores.samples);
    shores.meet(&landings, reach);
    let mut detours = Detours::new(stretches, book);
    let mut chosen: Vec<(u32, u32)> = Vec::new();
    for (number, landing) in (0..).zip(&landings) {
        if number % 256 == 0 {
            ctx.check()?;
        }
        let from = landing.place.point;
        let mut tried = [[0_u32; 8]; 2];
        for near in &mut shores.near[number as usize] {
            let other = &landings[near.other as usize];
            let same = usize::from(other.part == landing.part);
            let sector = &mut tried[same][usize::from(near.sector)];
            if *sector >= TRIES[same] {
                continue;
            }
            *sector += 1;
            let look = || ground.crossing_cost(from, other.place.point, u64::from(shore_mm));
            let Some(cost) = *near.cost.get_or_insert_with(look) else { continue };
            if same == 1 && detours.is_cheaper(&landing.place, &other.place, cost, &mut shores.detours) {
                continue;
            }
            *sector = u32::MAX;
            chosen.push((number.min(near.other), number.max(near.other)));
        }
    }
    chosen.sort_unstable();
    chosen.dedup();
    for (a, b) in chosen {
        let (a, b) = (&landings[a as usize].place, &landings[b as usize].place);
        links.push(Link {
            from: From::Shore(finder.turned_to(a, b.point)),
            start: a.point,
            end: b.point,
            target: finder.turned_to(b, a.point),
            first: false,
        });
    }
    Ok(())
}

/// The nearest place on a way for each stretch of shore, thinned to one a cluster, connected part and shore.
fn landings(
    stretches: &Stretches,
    ground: &Ground<'_>,
    finder: &Finder<'_>,
    reach: u32,
    samples: &mut Nearest,
) -> Vec<Landing> {
    let mut parts = UnionFind::new(stretches.junctions.len() as u32);
    for s in stretches.all.iter().filter(|s| is_dug(s)) {
        parts.union(s.tail, s.head);
    }
    let mut best: BTreeMap<(i32, i32, u32, u32), Landing> = BTreeMap::new();
    let mut number = 0;
    let mut look = |shore: u32, p: Point| {
        let found = samples.of(number, p, || finder.nearest(p, reach, |_| true));
        number += 1;
        let Some(place) = found else { return };
        let part = parts.find(stretches.all[place.stretch as usize].tail);
        let shore_mm = place.point.distance_mm(p);
        let key = (p.y >> CLUSTER_SHIFT, p.x >> CLUSTER_SHIFT, part, shore);
        let landing = Landing { place, part, shore_mm };
        match best.entry(key) {
            std::collections::btree_map::Entry::Vacant(slot) => drop(slot.insert(landing)),
            std::collections::btree_map::Entry::Occupied(mut slot) => {
                let order = |l: &Landing| (l.shore_mm, l.place.stretch, l.place.point);
                if order(&landing) < order(slot.get()) {
                    slot.insert(landing);
                }
            }
        }
    };
    let (mut shore, mut since) = (u32::MAX, 0);
    for (this, a, b) in ground.shore_lines() {
        let length = a.distance_mm(b);
        if this != shore {
            look(this, a);
            (shore, since) = (this, 0);
        }
        // A long segment is sampled along its length; short ones are passed over until enough has gone by.
        let mut at = SAMPLE_MM - since;
        while at < length {
            look(this, a.towards(b, at, length));
            at += SAMPLE_MM;
        }
        since = (length + since) % SAMPLE_MM;
    }
    // Several clusters may share one place.
    let mut all: Vec<Landing> = best.into_values().collect();
    all.sort_by_key(|l| (l.place.target, l.shore_mm));
    all.dedup_by_key(|l| l.place.target);
    all
}

/// The eighth of the compass that `to` lies in.
fn sector(from: Point, to: Point) -> usize {
    let (dx, dy) = (i64::from(to.x) - i64::from(from.x), i64::from(to.y) - i64::from(from.y));
    usize::from(dx < 0) << 2 | usize::from(dy < 0) << 1 | usize::from(dx.abs() < dy.abs())
}
