//! What is there already and may carry fibre: distribution lines on poles, and ducts, of the region and as the scenario draws
//! them. They become edges at their own price, joined to the ways where they come near a junction, a drop's foot or their own
//! ends.

use std::borrow::Cow;
use std::collections::BTreeMap;

use breiband_model::{CostBook, LineKind, Origin, PartKind, Point, Region, RouteUse, Scenario, Side, VertexKind};
use breiband_spatial::SegmentGrid;
use breiband_spatial::line::{locate, slice};

use crate::carry::Nearest;
use crate::draft::Draft;
use crate::ground::Ground;
use crate::links::{Finder, From, Link, Place, Target, millimetres};
use crate::routes;
use crate::stretches::{Stretches, Use, middle_of};

/// Places on existing lines, and the pieces between them.
#[derive(Debug, Default)]
pub(crate) struct Assets<'a> {
    lines: Vec<Existing<'a>>,
    pub(crate) vertices: Vec<Point>,
    /// From vertex, to vertex, line, and the distances along it.
    pieces: Vec<(u32, u32, u32, [u32; 2])>,
}

/// A line that is there already.
#[derive(Debug)]
struct Existing<'a> {
    is_duct: bool,
    origin: Origin,
    points: Cow<'a, [Point]>,
}

/// What may be used: the region's lines as far as the scenario lets them, then those that it draws itself.
fn existing<'a>(
    region: &'a Region,
    scenario: &Scenario,
    book: &CostBook,
    stretches: &Stretches,
    finder: &Finder<'_>,
) -> Vec<Existing<'a>> {
    let usable = |kind| match kind {
        LineKind::MinorPowerLine => scenario.options.use_poles,
        LineKind::Duct => scenario.options.use_ducts,
        _ => false,
    };
    let known = (0..).zip(&region.lines).filter(|(_, line)| usable(line.kind)).map(|(index, line)| Existing {
        is_duct: line.kind == LineKind::Duct,
        origin: Origin::Line(index),
        points: Cow::Borrowed(line.points.as_slice()),
    });
    let mut lines: Vec<Existing<'a>> = known.collect();
    for usage in [RouteUse::Duct, RouteUse::Poles] {
        let drawn = routes::lines_of(region, scenario, usage, book, stretches, finder);
        lines.extend(drawn.into_iter().map(|points| Existing {
            is_duct: usage == RouteUse::Duct,
            origin: Origin::Derived,
            points: Cow::Owned(points),
        }));
    }
    lines
}

/// A place on a line beside a place on a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Beside {
    line: u32,
    along_mm: u32,
    target: Option<Target>,
    /// Where the target is.
    end: Point,
}

/// Finds the places where existing lines meet ways and each other; adds a link for each of the former. What is known
/// of the places `near` them is not looked for anew, and more is known afterwards.
pub(crate) fn find<'a>(
    (region, scenario): (&'a Region, &Scenario),
    book: &CostBook,
    stretches: &Stretches,
    finder: &Finder<'_>,
    links: &mut Vec<Link>,
    near: &mut Nearest,
) -> Assets<'a> {
    let lines = existing(region, scenario, book, stretches, finder);
    let reach = millimetres(book.limits().beside_m);
    let (mut beside, mut number) = (Vec::new(), 0);
    for (line, one) in (0..).zip(&lines) {
        let mut look = |&p: &Point| {
            number += 1;
            near.of(number - 1, p, || finder.nearest(p, reach, |_| true))
        };
        let near: Vec<_> = one.points.iter().map(&mut look).collect();
        at_ends(line, &one.points, &near, &mut beside);
    }
    meeting(&lines, &mut beside);
    at_places(&lines, reach, stretches, links, &mut beside);
    beside.sort_unstable();
    beside.dedup();
    gather(lines, &beside, links)
}

/// Where a line comes beside a way and where it leaves it again: its ends among them.
fn at_ends(line: u32, points: &[Point], near: &[Option<Place>], beside: &mut Vec<Beside>) {
    let mut along = 0_u32;
    for (index, place) in near.iter().enumerate() {
        if index > 0 {
            along = along.saturating_add(mm(points[index - 1].distance_mm(points[index])));
        }
        let Some(place) = place else { continue };
        let is_near = |other: Option<usize>| other.and_then(|o| near.get(o)).is_some_and(Option::is_some);
        if !is_near(index.checked_sub(1)) || !is_near(Some(index + 1)) {
            beside.push(Beside { line, along_mm: along, target: Some(place.target), end: place.point });
        }
    }
}

/// Where lines share a point.
fn meeting(lines: &[Existing<'_>], beside: &mut Vec<Beside>) {
    let mut all: Vec<(Point, u32, u32)> = Vec::new();
    for (line, one) in (0..).zip(lines) {
        let (mut along, points) = (0_u32, &one.points);
        for (index, &point) in points.iter().enumerate() {
            if index > 0 {
                along = along.saturating_add(mm(points[index - 1].distance_mm(point)));
            }
            all.push((point, line, along));
        }
    }
    all.sort_unstable();
    all.dedup();
    for group in all.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
        let places = group.iter();
        beside.extend(places.map(|&(end, line, along_mm)| Beside { line, along_mm, target: None, end }));
    }
}

/// Junctions and feet of first drops that a line passes.
fn at_places(lines: &[Existing<'_>], reach: u32, stretches: &Stretches, links: &[Link], beside: &mut Vec<Beside>) {
    let (mut segments, mut owners) = (Vec::new(), Vec::new());
    for (line, one) in (0_u32..).zip(lines) {
        let mut along = 0_u32;
        for pair in one.points.windows(2) {
            let length = mm(pair[0].distance_mm(pair[1]));
            segments.push((pair[0], pair[1]));
            owners.push((line, along, length));
            along = along.saturating_add(length);
        }
    }
    if segments.is_empty() {
        return;
    }
    let grid = SegmentGrid::build(&segments, 100_000);
    let mut hits = Vec::new();
    let mut done: Vec<u32> = Vec::new();
    let mut look = |p: Point, target: &dyn Fn(Point) -> Target| {
        grid.within(p, reach, &mut hits);
        done.clear();
        for hit in &hits {
            let (line, start, length) = owners[hit.segment as usize];
            // Hits come nearest first: one for each line.
            if done.contains(&line) {
                continue;
            }
            done.push(line);
            let along = mm(hit.along_mm);
            // Fibre leaves a pole line at a pole.
            let at = match along {
                _ if lines[line as usize].is_duct => along,
                _ if along * 2 < length => 0,
                _ => length,
            };
            let from = grid_point(segments[hit.segment as usize], at, length);
            beside.push(Beside { line, along_mm: start.saturating_add(at), target: Some(target(from)), end: p });
        }
    };
    for (junction, &point) in (0..).zip(&stretches.junctions) {
        let laid =
            |arm: &crate::stretches::Arm| matches!(stretches.all[arm.stretch as usize].usage, Use::Verges | Use::Line);
        if stretches.arms_of(junction).iter().any(laid) {
            look(point, &|from| Target::Corner { junction, corner: stretches.corner_towards(junction, from) });
        }
    }
    for link in links.iter().filter(|l| l.first && matches!(l.from, From::Sink(_))) {
        if let Target::Foot { .. } = link.target {
            look(link.end, &|_| link.target);
        }
    }
}

fn grid_point((a, b): (Point, Point), at: u32, length: u32) -> Point {
    if length == 0 { a } else { a.towards(b, u64::from(at), u64::from(length)) }
}

/// Vertices by place, pieces between neighbours on a line, links to the ways.
fn gather<'a>(lines: Vec<Existing<'a>>, beside: &[Beside], links: &mut Vec<Link>) -> Assets<'a> {
    let mut assets = Assets { lines, ..Assets::default() };
    let mut vertex_at: BTreeMap<Point, u32> = BTreeMap::new();
    for on_line in beside.chunk_by(|a, b| a.line == b.line) {
        let line = on_line[0].line;
        let points = &assets.lines[line as usize].points;
        let mut last: Option<(u32, u32)> = None;
        for here in on_line {
            let point = locate(points, u64::from(here.along_mm)).unwrap_or(points[0]);
            let vertex = *vertex_at.entry(point).or_insert_with(|| {
                assets.vertices.push(point);
                assets.vertices.len() as u32 - 1
            });
            if let Some((before, from)) = last
                && before != vertex
            {
                assets.pieces.push((before, vertex, line, [from, here.along_mm]));
            }
            last = Some((vertex, here.along_mm));
            if let Some(target) = here.target {
                links.push(Link { from: From::Asset(vertex), start: point, end: here.end, target, first: false });
            }
        }
    }
    assets
}

impl Assets<'_> {
    /// Adds the pieces to the draft; returns its vertex of each place.
    pub(crate) fn lay(&self, book: &CostBook, ground: &Ground<'_>, draft: &mut Draft) -> Vec<u32> {
        let vertices: Vec<u32> = self.vertices.iter().map(|&p| draft.vertex(p, VertexKind::Way)).collect();
        for &(tail, head, line, [from, to]) in &self.pieces {
            let source = &self.lines[line as usize];
            let (kind, price) = if source.is_duct {
                (PartKind::Duct, book.use_price(|u| &u.existing_duct))
            } else {
                (PartKind::Poles, book.use_price(|u| &u.existing_poles))
            };
            let piece = slice(&source.points, u64::from(from), u64::from(to));
            let permille = ground.areas_at(middle_of(&piece)).permille;
            let geometry = draft.geometry(&piece);
            draft.part(kind, source.origin, Side::Middle, Some(price), geometry, 0, permille);
            draft.edge(vertices[tail as usize], vertices[head as usize]);
        }
        vertices
    }
}

fn mm(length: u64) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
