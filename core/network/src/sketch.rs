//! A route priced while it is drawn: the same roads, ground and prices as the candidate network, one leg at a time.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use breiband_model::{
    CandidateNetwork, CostBook, LandUse, Leg, Money, Origin, Point, Region, RoutePlan, Scenario, Staged, Surface,
};
use breiband_spatial::SegmentGrid;

use crate::demand::{self, Sink};
use crate::draft::Draft;
use crate::ground::{Ground, Scratch};
use crate::held::Held;
use crate::kept::{self, Kept};
use crate::lines::landings;
use crate::links::{Finder, Places, millimetres};
use crate::routes::{self, Anchor, Roads};
use crate::stretches::{Stretches, Use};

/// A place is on the plan's own line where it is no farther from it than this, millimetres: pieces of one road are rounded
/// by themselves.
const SAME_MM: u32 = 5;
/// A straight line is held against the plan in steps of so much, and in no more than so many.
const STEP_MM: u64 = 20_000;
const MOST_STEPS: u64 = 500;
/// Legs remembered between two calls.
const REMEMBERED: usize = 64;

/// What a piece of a route lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Underfoot {
    /// Along a road of this surface.
    Road(Surface),
    /// Over land of this use, if it is known.
    Land(Option<LandUse>),
    /// Under water.
    Water,
}

/// Length and cost of what lies on one kind of ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    /// Millimetres.
    pub length_mm: u64,
    /// Cost by the book.
    pub cost: Money,
}

/// Why a leg cannot be built as drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// No roads lead from one waypoint to the next.
    NoRoad,
    /// An area's rule forbids it; the area's id.
    Area(String),
    /// It meets a road that may not be crossed; the rule's name.
    Crossing(String),
}

/// A leg as it came to lie, and what it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedLeg {
    /// Its line.
    pub points: Vec<Point>,
    /// Along roads, or over the ground.
    pub kind: Leg,
    /// By what it lies on.
    pub grounds: BTreeMap<Underfoot, Amount>,
    /// Roads, railways, streams and buildings crossed, and lumps of areas.
    pub crossings: Money,
    /// The part of all that which the plan has already.
    pub built: Money,
    /// How much of the line the plan has already, millimetres.
    pub built_mm: u64,
    /// What stands in its way.
    pub problem: Option<Problem>,
    /// Premises within the longest drop, by their drop point, and how far they are, millimetres.
    near: Vec<(u32, u32)>,
}

impl TracedLeg {
    /// Its whole cost.
    pub fn cost(&self) -> Money {
        self.grounds.values().map(|amount| amount.cost).sum::<Money>().saturating_add(self.crossings)
    }
}

/// A route as it came to lie.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traced {
    /// Where each waypoint came to lie.
    pub waypoints: Vec<Point>,
    /// One leg for each pair of neighbouring waypoints.
    pub legs: Vec<Arc<TracedLeg>>,
    /// Premises that need a connection and lie within the book's `drop_listed_m`.
    pub passed: u64,
    /// Those within its `drop_max_m`.
    pub within: u64,
}

impl Traced {
    /// By what the route lies on.
    pub fn grounds(&self) -> BTreeMap<Underfoot, Amount> {
        let mut sums: BTreeMap<Underfoot, Amount> = BTreeMap::new();
        for (&ground, amount) in self.legs.iter().flat_map(|leg| &leg.grounds) {
            let sum = sums.entry(ground).or_default();
            sum.length_mm += amount.length_mm;
            sum.cost = sum.cost.saturating_add(amount.cost);
        }
        sums
    }

    /// The whole route's cost.
    pub fn cost(&self) -> Money {
        self.legs.iter().map(|leg| leg.cost()).sum()
    }

    /// Its length, and how much of that the plan has already, millimetres.
    pub fn lengths_mm(&self) -> [u64; 2] {
        let all = self.legs.iter().flat_map(|leg| leg.grounds.values()).map(|amount| amount.length_mm).sum();
        [all, self.legs.iter().map(|leg| leg.built_mm).sum::<u64>().min(all)]
    }

    /// What the plan would have to build for it: the cost without what it has already.
    pub fn added(&self) -> Money {
        let cost = |leg: &Arc<TracedLeg>| Money::from_minor(leg.cost().as_minor().saturating_sub(leg.built.as_minor()));
        self.legs.iter().map(cost).sum()
    }
}

type LegKey = (Point, Point, Leg);

/// Everything needed to price a route as it is drawn: roads, ground and premises of a region, indexed once.
///
/// Costs are those of one line: along roads its metres, over the ground also what it crosses. Crossing a road at a junction,
/// and drops, depend on the rest of the plan and are left to it.
pub struct Sketch {
    ground: Ground<'static>,
    stretches: Arc<Stretches>,
    places: Arc<Places>,
    roads: Roads,
    sinks: Vec<Sink>,
    built: Option<SegmentGrid>,
    legs: Vec<(LegKey, Arc<TracedLeg>)>,
    scratch: Scratch,
    nearest: Vec<u32>,
}

impl std::fmt::Debug for Sketch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sketch").field("stretches", &self.stretches.all.len()).finish_non_exhaustive()
    }
}

impl Sketch {
    /// Indexes a region: O(n log n). Forbidden routes of the scenario bar their roads here too.
    pub fn new(region: Arc<Staged<Region>>, scenario: &Scenario, book: &CostBook) -> Self {
        Self::with(region, scenario, book, &mut Kept::default())
    }

    /// As [`Sketch::new`], with what is kept of the region.
    pub(crate) fn with(region: Arc<Staged<Region>>, scenario: &Scenario, book: &CostBook, kept: &mut Kept) -> Self {
        let lie = kept.lie(&region.value);
        let mut ground = Ground::new(Held::Shared(Arc::clone(&region)), Cow::Owned(book.clone()), lie, &scenario.areas);
        let region = &region.value;
        let ways = kept::cut(region, scenario, book, &ground, Some(kept));
        let (stretches, places) = (Arc::clone(&ways.stretches), Arc::clone(&ways.index));
        ground.set_ways(Arc::clone(&places));
        let roads = Roads::new(&stretches);
        let (_, sinks) = demand::decide(region, scenario, &ground);
        let nearest = vec![u32::MAX; sinks.len()];
        Self {
            ground,
            stretches,
            places,
            roads,
            sinks,
            built: None,
            legs: Vec::new(),
            scratch: Scratch::default(),
            nearest,
        }
    }

    /// Says what is planned already: what lies there costs a drawn route nothing more.
    pub fn set_built(&mut self, network: &CandidateNetwork, route: &RoutePlan) {
        let parts = route.edges.iter().flat_map(|&edge| network.parts_of(&network.edges[edge.index()]));
        let lines =
            parts.filter(|part| !matches!(part.origin, Origin::Premises(_))).map(|part| network.geometry_of(part));
        let segments: Vec<(Point, Point)> =
            lines.flat_map(|line| line.windows(2).map(|pair| (pair[0], pair[1]))).collect();
        self.built = Some(SegmentGrid::build(&segments, 50_000));
        self.legs.clear();
    }

    /// The nearest place on a road no farther than `reach_mm`.
    pub fn snap(&self, p: Point, reach_mm: u32) -> Option<Point> {
        let finder = Finder::over(&self.stretches, &self.places);
        finder.nearest(p, reach_mm, |_| true).map(|place| place.point)
    }

    /// Traces a route through `points`, in the region's plane; `leg` says how each leg runs. Legs that were traced before
    /// are remembered, so that moving one waypoint costs two.
    pub fn trace(&mut self, points: &[Point], leg: impl Fn(usize) -> Leg) -> Traced {
        let finder = Finder::over(&self.stretches, &self.places);
        let anchors = routes::anchors(points, &leg, self.ground.book(), &finder);
        let mut traced = Traced { waypoints: anchors.iter().map(|anchor| anchor.point).collect(), ..Traced::default() };
        for (at, pair) in anchors.windows(2).enumerate() {
            let key = (pair[0].point, pair[1].point, leg(at));
            let known = self.legs.iter().find(|(known, _)| *known == key).map(|(_, leg)| Arc::clone(leg));
            let leg = known.unwrap_or_else(|| {
                let leg = Arc::new(self.trace_leg(&pair[0], &pair[1], key.2));
                if self.legs.len() == REMEMBERED {
                    self.legs.remove(0);
                }
                self.legs.push((key, Arc::clone(&leg)));
                leg
            });
            traced.legs.push(leg);
        }
        let limits = self.ground.book().limits();
        let listed = millimetres(limits.drop_listed_m);
        for leg in &traced.legs {
            for &(sink, mm) in &leg.near {
                let known = &mut self.nearest[sink as usize];
                *known = (*known).min(mm);
            }
        }
        for leg in &traced.legs {
            for &(sink, _) in &leg.near {
                let mm = std::mem::replace(&mut self.nearest[sink as usize], u32::MAX);
                if mm != u32::MAX {
                    let premises = self.sinks[sink as usize].premises.len() as u64;
                    traced.within += premises;
                    traced.passed += if mm <= listed { premises } else { 0 };
                }
            }
        }
        traced
    }

    fn trace_leg(&mut self, from: &Anchor, to: &Anchor, kind: Leg) -> TracedLeg {
        let mut leg = TracedLeg {
            points: vec![from.point, to.point],
            kind,
            grounds: BTreeMap::new(),
            crossings: Money::ZERO,
            built: Money::ZERO,
            built_mm: 0,
            problem: None,
            near: Vec::new(),
        };
        match kind {
            Leg::Free => self.trace_free(&mut leg),
            Leg::Road => {
                let path = match (&from.place, &to.place) {
                    (Some(from), Some(to)) => self.roads.path(&self.stretches, from, to),
                    _ => None,
                };
                match path {
                    Some(steps) => self.trace_road(&steps, &mut leg),
                    None => leg.problem = Some(Problem::NoRoad),
                }
            }
        }
        if leg.problem != Some(Problem::NoRoad) {
            let reach = millimetres(self.ground.book().limits().drop_max_m);
            leg.near = routes::near(&leg.points, &self.sinks, reach);
        }
        leg
    }

    fn trace_road(&self, steps: &[routes::Step], leg: &mut TracedLeg) {
        let book = self.ground.book();
        let mut points: Vec<Point> = vec![leg.points[0]];
        for step in steps {
            let s = &self.stretches.all[step.stretch as usize];
            let Some(price) = s.rule.and_then(|rule| book.along(rule)) else { continue };
            let (a, b) = (step.from_mm.min(step.to_mm), step.from_mm.max(step.to_mm));
            let line = routes::line_of(&self.stretches, step);
            let is_ferry = s.usage == Use::Ferry;
            let count = if is_ferry { landings(&self.stretches, step.stretch) } else { 0 };
            let length = u64::from(b - a);
            let cost = book.price(price).cost(length, count, s.permille);
            let surface = self.ground.region().way(s.way).surface;
            let ground = if is_ferry { Underfoot::Water } else { Underfoot::Road(surface) };
            add(&mut leg.grounds, ground, length, cost);
            let lump = [s.lumps[0] * u64::from(a == 0), s.lumps[1] * u64::from(b >= s.length_mm)];
            leg.crossings = leg.crossings.saturating_add(Money::from_minor(lump[0].max(lump[1])));
            let built = self.built_mm(&line);
            leg.built_mm += built.min(length);
            let all = built >= length.saturating_sub(1);
            let have = if all { cost } else { book.price(price).cost(built, 0, s.permille) };
            leg.built = leg.built.saturating_add(have);
            points.extend(line);
        }
        points.push(leg.points[1]);
        points.dedup();
        if points.len() < 2 {
            points.push(leg.points[1]);
        }
        leg.points = points;
    }

    fn trace_free(&mut self, leg: &mut TracedLeg) {
        let line = (leg.points[0], leg.points[1]);
        let book = self.ground.book();
        let pieces = self.ground.ground_pieces(&mut self.scratch, line, false);
        for piece in &pieces {
            let length = piece.from.distance_mm(piece.to);
            let count = if piece.wet { 2 } else { 0 };
            let cost = book.price(piece.price).cost(length, count, piece.permille);
            let ground = if piece.wet { Underfoot::Water } else { Underfoot::Land(piece.land_use) };
            add(&mut leg.grounds, ground, length, cost);
        }
        // Laid as it would be in a network of its own: what it crosses are the parts besides the pieces.
        let mut draft = Draft::default();
        match self.ground.lay_drawn(&self.stretches, &mut draft, &mut self.scratch, &pieces) {
            Ok(()) => {
                let lumps = draft.parts.iter().filter(|part| part.geometry.0 == part.geometry.1);
                let cost = |part: &breiband_model::Part| {
                    let priced = part.price.map(|price| book.price(price).cost(0, part.count, part.permille));
                    priced.unwrap_or_default().saturating_add(part.lump)
                };
                leg.crossings = lumps.map(cost).sum();
            }
            Err((breiband_model::LeftOutReason::ForbiddenArea, area)) => leg.problem = Some(Problem::Area(area)),
            Err((_, rule)) => leg.problem = Some(Problem::Crossing(rule)),
        }
        // The plan may leave a straight line between its ends.
        let length = line.0.distance_mm(line.1);
        let steps = length.div_ceil(STEP_MM).clamp(1, MOST_STEPS);
        let points: Vec<Point> = (0..=steps).map(|step| line.0.towards(line.1, step, steps)).collect();
        leg.built_mm = self.built_mm(&points).min(length);
        let share = u128::from(leg.cost().as_minor()) * u128::from(leg.built_mm) / u128::from(length.max(1));
        leg.built = u64::try_from(share).map_or(leg.cost(), Money::from_minor);
    }

    /// Millimetres of a line that the plan has already: each of its segments is judged by its middle.
    fn built_mm(&self, line: &[Point]) -> u64 {
        let Some(built) = &self.built else { return 0 };
        let on_plan = |pair: &&[Point]| built.nearest(pair[0].towards(pair[1], 1, 2), SAME_MM).is_some();
        line.windows(2).filter(on_plan).map(|pair| pair[0].distance_mm(pair[1])).sum()
    }
}

fn add(grounds: &mut BTreeMap<Underfoot, Amount>, ground: Underfoot, length_mm: u64, cost: Money) {
    let sum = grounds.entry(ground).or_default();
    sum.length_mm += length_mm;
    sum.cost = sum.cost.saturating_add(cost);
}
