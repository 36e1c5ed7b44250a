//! Routes drawn by hand: where their waypoints lie, which roads they follow, and what their freehand legs add.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use breiband_model::{CostBook, DrawnRoute, Leg, Point, Region, RouteUse, Scenario};
use breiband_spatial::line::slice;
use breiband_spatial::{Projection, SegmentGrid};

use crate::demand::Sink;
use crate::ground::{Ground, GroundPiece, Scratch};
use crate::kept::Ways;
use crate::links::{Finder, From, Link, Place, Target, millimetres};
use crate::stretches::{Barred, Stretches};

/// A waypoint: where it came to lie, and the road that it lies on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Anchor {
    pub(crate) point: Point,
    pub(crate) place: Option<Place>,
}

/// Where waypoints lie. One that a road leg leads to or from moves onto the nearest road, however far; one between freehand
/// legs only where a road lies within the book's `beside_m`.
pub(crate) fn anchors(
    points: &[Point],
    leg: impl Fn(usize) -> Leg,
    book: &CostBook,
    finder: &Finder<'_>,
) -> Vec<Anchor> {
    let beside = millimetres(book.limits().beside_m);
    let last = points.len().saturating_sub(1);
    let on_road = |at: usize| (at > 0 && leg(at - 1) == Leg::Road) || (at < last && leg(at) == Leg::Road);
    let anchor = |(at, &point): (usize, &Point)| {
        let reach = if on_road(at) { u32::MAX } else { beside };
        let place = finder.nearest(point, reach, |_| true);
        Anchor { point: place.map_or(point, |place| place.point), place }
    };
    points.iter().enumerate().map(anchor).collect()
}

/// A part of a stretch, from one distance from its tail to another; backwards where the first is the larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) stretch: u32,
    pub(crate) from_mm: u32,
    pub(crate) to_mm: u32,
}

/// The roads as a graph of junctions, with the workspace of its searches.
#[derive(Debug, Default)]
pub(crate) struct Roads {
    first: Vec<u32>,
    /// The junction that an arc leads to, and the stretch it follows.
    arcs: Vec<(u32, u32)>,
    distance: Vec<u64>,
    via: Vec<u32>,
    touched: Vec<u32>,
}

impl Roads {
    /// The graph of everything that may be followed.
    pub(crate) fn new(stretches: &Stretches) -> Self {
        let laid = || (0..).zip(&stretches.all).filter(|(_, s)| s.usage.is_laid());
        let mut first = vec![0_u32; stretches.junctions.len() + 1];
        for (_, s) in laid() {
            first[s.tail as usize] += 1;
            first[s.head as usize] += 1;
        }
        let mut total = 0;
        for slot in &mut first {
            total += std::mem::replace(slot, total);
        }
        let (mut next, mut arcs) = (first.clone(), vec![(0, 0); total as usize]);
        for (number, s) in laid() {
            for (tail, head) in [(s.tail, s.head), (s.head, s.tail)] {
                arcs[next[tail as usize] as usize] = (head, number);
                next[tail as usize] += 1;
            }
        }
        let junctions = stretches.junctions.len();
        Self { first, arcs, distance: vec![u64::MAX; junctions], via: vec![u32::MAX; junctions], touched: Vec::new() }
    }

    /// The shortest way along the roads (Dijkstra 1959, ended at the target); `None` where there is none.
    /// O((n + m) log n) in the junctions nearer than the target.
    pub(crate) fn path(&mut self, stretches: &Stretches, from: &Place, to: &Place) -> Option<Vec<Step>> {
        if let (Target::Foot { stretch: a, along_mm: from_mm, .. }, Target::Foot { stretch: b, along_mm: to_mm, .. }) =
            (from.target, to.target)
            && a == b
        {
            return Some(vec![Step { stretch: a, from_mm, to_mm }]);
        }
        for junction in self.touched.drain(..) {
            self.distance[junction as usize] = u64::MAX;
            self.via[junction as usize] = u32::MAX;
        }
        let mut open = BinaryHeap::new();
        for (junction, start) in ends(stretches, from) {
            if start < self.distance[junction as usize] {
                self.distance[junction as usize] = start;
                self.touched.push(junction);
                open.push(Reverse((start, junction)));
            }
        }
        let goals = ends(stretches, to);
        let mut best: Option<(u64, u32)> = None;
        while let Some(Reverse((distance, junction))) = open.pop() {
            if best.is_some_and(|(least, _)| distance >= least) {
                break;
            }
            if distance > self.distance[junction as usize] {
                continue;
            }
            for &(goal, rest) in &goals {
                let whole = distance.saturating_add(rest);
                if goal == junction && best.is_none_or(|known| (whole, goal) < known) {
                    best = Some((whole, goal));
                }
            }
            let range = self.first[junction as usize] as usize..self.first[junction as usize + 1] as usize;
            for at in range {
                let (head, stretch) = self.arcs[at];
                let reach = distance + u64::from(stretches.all[stretch as usize].length_mm);
                let known = &mut self.distance[head as usize];
                if reach < *known {
                    *known = reach;
                    self.via[head as usize] = stretch;
                    self.touched.push(head);
                    open.push(Reverse((reach, head)));
                }
            }
        }
        let (_, goal) = best?;
        Some(self.steps(stretches, from, to, goal))
    }

    fn steps(&self, stretches: &Stretches, from: &Place, to: &Place, goal: u32) -> Vec<Step> {
        let mut steps = Vec::new();
        if let Target::Foot { stretch, along_mm, .. } = to.target {
            let s = &stretches.all[stretch as usize];
            steps.push(Step { stretch, from_mm: if s.tail == goal { 0 } else { s.length_mm }, to_mm: along_mm });
        }
        let mut at = goal;
        while self.via[at as usize] != u32::MAX {
            let stretch = self.via[at as usize];
            let s = &stretches.all[stretch as usize];
            let (before, from_mm, to_mm) =
                if s.head == at { (s.tail, 0, s.length_mm) } else { (s.head, s.length_mm, 0) };
            steps.push(Step { stretch, from_mm, to_mm });
            at = before;
        }
        if let Target::Foot { stretch, along_mm, .. } = from.target {
            let s = &stretches.all[stretch as usize];
            steps.push(Step { stretch, from_mm: along_mm, to_mm: if s.tail == at { 0 } else { s.length_mm } });
        }
        steps.reverse();
        steps.retain(|step| step.from_mm != step.to_mm);
        steps
    }
}

/// The junctions that a place leads to, and how far they are.
fn ends(stretches: &Stretches, place: &Place) -> Vec<(u32, u64)> {
    match place.target {
        Target::Corner { junction, .. } => vec![(junction, 0)],
        Target::Foot { stretch, along_mm, .. } => {
            let s = &stretches.all[stretch as usize];
            vec![(s.tail, u64::from(along_mm)), (s.head, u64::from(s.length_mm.saturating_sub(along_mm)))]
        }
        Target::Drawn(_) => Vec::new(),
    }
}

/// A route's waypoints in the plane; none where one of them lies off the map.
pub(crate) fn points_of(route: &DrawnRoute, projection: &Projection) -> Vec<Point> {
    let points = route.points.iter().map(|p| projection.to_plane(p[0], p[1]).ok());
    points.collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// What the scenario's forbidden routes bar. They follow the roads as these are without any: `open`.
pub(crate) fn barred(region: &Region, scenario: &Scenario, book: &CostBook, open: &Ways) -> Barred {
    let mut barred = Barred::new();
    let (stretches, finder) = (&open.stretches, Finder::over(&open.stretches, &open.index));
    let (mut roads, projection) = (Roads::new(stretches), Projection::new(region.plane));
    for route in scenario.routes.iter().filter(|route| route.usage == RouteUse::Forbidden) {
        let anchors = anchors(&points_of(route, &projection), |_| Leg::Road, book, &finder);
        for pair in anchors.windows(2) {
            let (Some(from), Some(to)) = (&pair[0].place, &pair[1].place) else { continue };
            for step in roads.path(stretches, from, to).unwrap_or_default() {
                let (a, b) = (step.from_mm.min(step.to_mm), step.from_mm.max(step.to_mm));
                barred.entry(step.stretch).or_default().push((a, b));
            }
        }
    }
    barred
}

/// The lines of the scenario's routes of one use, as they come to lie: along the roads or straight, leg after leg. A route
/// that is interrupted, where no roads lead on, is several lines.
pub(crate) fn lines_of(
    region: &Region,
    scenario: &Scenario,
    usage: RouteUse,
    book: &CostBook,
    stretches: &Stretches,
    finder: &Finder<'_>,
) -> Vec<Vec<Point>> {
    let drawn: Vec<&DrawnRoute> = scenario.routes.iter().filter(|route| route.usage == usage).collect();
    if drawn.is_empty() {
        return Vec::new();
    }
    let (mut roads, projection) = (Roads::new(stretches), Projection::new(region.plane));
    let mut lines: Vec<Vec<Point>> = Vec::new();
    for route in drawn {
        let anchors = anchors(&points_of(route, &projection), |at| route.leg(at), book, finder);
        let mut line: Vec<Point> = anchors.first().map(|anchor| anchor.point).into_iter().collect();
        for (at, pair) in anchors.windows(2).enumerate() {
            let steps = match (route.leg(at), &pair[0].place, &pair[1].place) {
                (Leg::Free, ..) => Some(Vec::new()),
                (Leg::Road, Some(from), Some(to)) => roads.path(stretches, from, to),
                (Leg::Road, ..) => None,
            };
            match steps {
                Some(steps) => line.extend(steps.iter().flat_map(|step| line_of(stretches, step))),
                None => lines.push(std::mem::take(&mut line)),
            }
            line.push(pair[1].point);
        }
        lines.push(line);
    }
    lines.iter_mut().for_each(Vec::dedup);
    lines.retain(|line| line.len() > 1);
    lines
}

/// The line of a step, in its direction.
pub(crate) fn line_of(stretches: &Stretches, step: &Step) -> Vec<Point> {
    let (a, b) = (step.from_mm.min(step.to_mm), step.from_mm.max(step.to_mm));
    let mut line = slice(stretches.line(step.stretch), u64::from(a), u64::from(b));
    if step.from_mm > step.to_mm {
        line.reverse();
    }
    line
}

/// A piece of a freehand leg between two places where something joins it.
#[derive(Debug)]
pub(crate) struct Span {
    /// Numbers of its places.
    pub(crate) ends: [u32; 2],
    /// What it lies on.
    pub(crate) pieces: Vec<GroundPiece>,
}

/// The freehand legs of the scenario's candidate routes.
#[derive(Debug, Default)]
pub(crate) struct Drawn {
    /// Places on them.
    pub(crate) vertices: Vec<Point>,
    /// What lies between.
    pub(crate) spans: Vec<Span>,
}

impl Drawn {
    /// Finds places and spans; adds a link for each end on a road, and one for each sink that a leg comes near enough to.
    pub(crate) fn find(
        region: &Region,
        scenario: &Scenario,
        book: &CostBook,
        ground: &Ground<'_>,
        finder: &Finder<'_>,
        sinks: &[Sink],
        links: &mut Vec<Link>,
    ) -> Self {
        let mut drawn = Self::default();
        let mut shared: BTreeMap<Point, u32> = BTreeMap::new();
        let mut scratch = Scratch::default();
        let projection = Projection::new(region.plane);
        for route in scenario.routes.iter().filter(|r| r.usage == RouteUse::Candidate) {
            let anchors = anchors(&points_of(route, &projection), |at| route.leg(at), book, finder);
            for (at, pair) in anchors.windows(2).enumerate() {
                let [from, to] = [pair[0], pair[1]];
                if route.leg(at) == Leg::Free && from.point != to.point {
                    let ends = [(from, to.point), (to, from.point)]
                        .map(|(end, other)| drawn.end(&end, other, &mut shared, finder, links));
                    drawn.leg(ends, book, ground, &mut scratch, sinks, links);
                }
            }
        }
        drawn
    }

    /// The place of a leg's end: its own on a road, or else that of every leg that ends there.
    fn end(
        &mut self,
        end: &Anchor,
        other: Point,
        shared: &mut BTreeMap<Point, u32>,
        finder: &Finder<'_>,
        links: &mut Vec<Link>,
    ) -> u32 {
        let number = self.vertices.len() as u32;
        match &end.place {
            None => match shared.get(&end.point) {
                Some(&known) => return known,
                None => drop(shared.insert(end.point, number)),
            },
            Some(place) => {
                let target = finder.turned_to(place, other);
                let (start, end) = (place.point, place.point);
                links.push(Link { from: From::Drawn(number), start, end, target, first: false });
            }
        }
        self.vertices.push(end.point);
        number
    }

    /// Adds a leg, cut where drops end on it: on land only.
    fn leg(
        &mut self,
        ends: [u32; 2],
        book: &CostBook,
        ground: &Ground<'_>,
        scratch: &mut Scratch,
        sinks: &[Sink],
        links: &mut Vec<Link>,
    ) {
        let [from, to] = ends.map(|end| self.vertices[end as usize]);
        let whole = ground.ground_pieces(scratch, (from, to), false);
        let reach = millimetres(book.limits().drop_max_m);
        let grid = SegmentGrid::build(&[(from, to)], 1 << 20);
        let is_dry = |p: Point| {
            let along = from.distance_mm(p);
            let under = whole.iter().find(|piece| from.distance_mm(piece.to) >= along);
            under.is_some_and(|piece| !piece.wet)
        };
        let mut feet: Vec<(u64, Point, u32)> = Vec::new();
        for (number, sink) in (0..).zip(sinks) {
            let Some(hit) = grid.nearest(sink.point, reach) else { continue };
            if hit.foot != from && hit.foot != to && is_dry(hit.foot) {
                feet.push((hit.along_mm, hit.foot, number));
            }
        }
        feet.sort_unstable();
        let (mut tail, mut inside) = (ends[0], false);
        let mut span = |this: &mut Self, head: u32| {
            let line = [tail, head].map(|end| this.vertices[end as usize]);
            let pieces = ground.ground_pieces(scratch, (line[0], line[1]), inside);
            inside = pieces.last().is_some_and(|piece| ground.areas_at(piece.from.towards(piece.to, 1, 2)).lump > 0);
            this.spans.push(Span { ends: [tail, head], pieces });
            tail = head;
        };
        for same in feet.chunk_by(|a, b| a.1 == b.1) {
            let number = self.vertices.len() as u32;
            self.vertices.push(same[0].1);
            span(self, number);
            for &(_, end, sink) in same {
                let (from, target) = (From::Sink(sink), Target::Drawn(number));
                links.push(Link { from, start: sinks[sink as usize].point, end, target, first: false });
            }
        }
        span(self, ends[1]);
    }
}

/// How far each sink is from a line, where that is no farther than `reach_mm`; by number.
pub(crate) fn near(line: &[Point], sinks: &[Sink], reach_mm: u32) -> Vec<(u32, u32)> {
    let Some(bounds) = breiband_model::Bounds::of(line.iter().copied()) else { return Vec::new() };
    let segments: Vec<(Point, Point)> = line.windows(2).map(|pair| (pair[0], pair[1])).collect();
    let grid = SegmentGrid::build(&segments, (reach_mm / 4).max(64));
    let reach = i64::from(reach_mm);
    let is_inside = |p: Point| {
        let within =
            |v: i32, low: i32, high: i32| (i64::from(low) - reach..=i64::from(high) + reach).contains(&i64::from(v));
        within(p.x, bounds.min.x, bounds.max.x) && within(p.y, bounds.min.y, bounds.max.y)
    };
    (0..)
        .zip(sinks)
        .filter(|(_, sink)| is_inside(sink.point))
        .filter_map(|(number, sink)| {
            let hit = grid.nearest(sink.point, reach_mm)?;
            Some((number, u32::try_from(hit.distance_mm()).unwrap_or(u32::MAX)))
        })
        .collect()
}
