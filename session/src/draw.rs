//! The route being drawn: what each command makes of it, and what it would cost.

use std::rc::Rc;

use breiband::spatial::Projection;
use breiband::{CostBook, DrawnRoute, LandUse, Leg, Point, Problem, Region, RouteUse, Sketch, Traced, Underfoot};
use breiband_wire::{Draw, DrawingView, EditName};

use crate::document::{Document, Drawing};
use crate::edits::{Refusal, edited};
use crate::facts::word;
use crate::geojson::{Drawn, Writer};

/// What the pointer would change, and does not yet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Pending {
    /// A waypoint at the end.
    Hover([f64; 2]),
    /// A waypoint on its way.
    Moving(usize, [f64; 2]),
}

/// What a drawing command comes to.
pub(crate) enum Step {
    /// The document changes.
    Edit(EditName, Document),
    /// Only what is shown does.
    Show(Option<Pending>),
}

/// Degrees to the centimetre, as files carry them.
fn rounded(place: [f64; 2]) -> [f64; 2] {
    place.map(|degrees| (degrees * 1e7).round() / 1e7)
}

/// Moves a place onto a road within reach.
fn snapped(place: [f64; 2], reach_m: f64, sketch: &Sketch, region: &Region) -> [f64; 2] {
    let projection = Projection::new(region.plane);
    let reach = (reach_m.clamp(0.0, 10_000.0) * 1000.0) as u32;
    let near = projection.to_plane(place[0], place[1]).ok().and_then(|p| sketch.snap(p, reach));
    rounded(near.map_or(place, |p| projection.to_lon_lat(p).into()))
}

/// Takes a drawing command.
///
/// # Errors
/// Where nothing is drawn, or too little to finish.
pub(crate) fn step(command: Draw, now: &Document, sketch: &Sketch, region: &Region) -> Result<Step, Refusal> {
    let leg = |free| if free { Leg::Free } else { Leg::Road };
    let name = |key: &str, value: String| EditName { key: key.to_owned(), value };
    let mut next = now.clone();
    if let Draw::Begin { route, forbidden } = command {
        let usage = if forbidden { RouteUse::Forbidden } else { RouteUse::Candidate };
        let mut drawing = Drawing { usage, ..Drawing::default() };
        let Some(variant) = now.variant() else { return Err(("no-files", String::new())) };
        if let Some(at) = route.map(|at| at as usize) {
            let Some(known) = variant.scenario.routes.get(at) else { return Err(("gone", at.to_string())) };
            let legs = (1..known.points.len()).map(|after| known.leg(after - 1)).collect();
            drawing =
                Drawing { route: Some(at), usage: known.usage, points: known.points.clone(), legs, mode: Leg::Road };
        }
        next.drawing = Some(Rc::new(drawing));
        return Ok(Step::Edit(name("draw-begin", String::new()), next));
    }
    let Some(drawing) = now.drawing.as_deref() else { return Err(("no-drawing", String::new())) };
    let mut changed = drawing.clone();
    let (count, fixed) = (drawing.points.len(), drawing.usage == RouteUse::Forbidden);
    let key = match command {
        Draw::Begin { .. } => "draw-begin",
        Draw::Add { place, at, reach_m } => {
            let place = snapped(place, reach_m, sketch, region);
            changed.insert(at.map_or(count, |at| at as usize), place);
            "draw-add"
        }
        Draw::Move { at, place, reach_m, done } => {
            let at = at as usize;
            if at >= count {
                return Err(("gone", at.to_string()));
            }
            let place = snapped(place, reach_m, sketch, region);
            if !done {
                return Ok(Step::Show(Some(Pending::Moving(at, place))));
            }
            changed.points[at] = place;
            "draw-move"
        }
        Draw::Remove(at) => {
            changed.remove(at as usize);
            "draw-remove"
        }
        Draw::Reorder(from, to) => {
            changed.reorder(from as usize, to as usize);
            "draw-reorder"
        }
        Draw::Mode(free) => {
            changed.mode = leg(free && !fixed);
            "draw-mode"
        }
        Draw::Leg(at, free) => {
            if let Some(kind) = changed.legs.get_mut(at as usize) {
                *kind = leg(free && !fixed);
            }
            "draw-leg"
        }
        Draw::Hover(place) => return Ok(Step::Show(Some(Pending::Hover(rounded(place))))),
        Draw::Leave => return Ok(Step::Show(None)),
        Draw::Cancel => {
            next.drawing = None;
            return Ok(Step::Edit(name("draw-cancel", String::new()), next));
        }
        Draw::Finish(title) => {
            if count < 2 {
                return Err(("drawing-short", String::new()));
            }
            let all_road = drawing.legs.iter().all(|&kind| kind == Leg::Road);
            let route = DrawnRoute {
                name: title.clone(),
                usage: drawing.usage,
                points: drawing.points.clone(),
                legs: if all_road { Vec::new() } else { drawing.legs.clone() },
            };
            next.drawing = None;
            next.change(|variant| {
                edited(variant);
                let routes = &mut variant.scenario.routes;
                match drawing.route.and_then(|at| routes.get_mut(at)) {
                    Some(known) => *known = route,
                    None => routes.push(route),
                }
            });
            return Ok(Step::Edit(name("draw-finish", title), next));
        }
    };
    next.drawing = Some(Rc::new(changed));
    Ok(Step::Edit(name(key, String::new()), next))
}

/// The route with what the pointer would change, as it came to lie.
fn trace(drawing: &Drawing, pending: Option<Pending>, sketch: &mut Sketch, region: &Region) -> Traced {
    let (mut points, mut legs) = (drawing.points.clone(), drawing.legs.clone());
    match pending {
        Some(Pending::Hover(place)) => {
            if !points.is_empty() {
                legs.push(drawing.mode);
            }
            points.push(place);
        }
        Some(Pending::Moving(at, place)) => {
            if let Some(point) = points.get_mut(at) {
                *point = place;
            }
        }
        None => {}
    }
    sketch.trace(&in_plane(&points, region), |at| legs.get(at).copied().unwrap_or_default())
}

/// Places in the region's plane; those off the map lie where its plane begins.
fn in_plane(points: &[[f64; 2]], region: &Region) -> Vec<Point> {
    let projection = Projection::new(region.plane);
    points.iter().map(|p| projection.to_plane(p[0], p[1]).unwrap_or_default()).collect()
}

/// What the page is shown of the drawing, and its line.
pub(crate) fn view(
    drawing: &Drawing,
    name: String,
    pending: Option<Pending>,
    sketch: &mut Sketch,
    region: &Region,
    book: &CostBook,
) -> (DrawingView, Drawn) {
    let traced = trace(drawing, pending, sketch, region);
    let projection = Projection::new(region.plane);
    let degrees = |p: &Point| -> [f64; 2] { projection.to_lon_lat(*p).into() };
    let mut writer = Writer::new(Projection::new(region.plane));
    for (id, leg) in (0..).zip(&traced.legs) {
        let kind = match (&leg.problem, leg.kind) {
            (Some(_), _) => "problem",
            (None, Leg::Road) => "road",
            (None, Leg::Free) => "free",
        };
        let hover = if id as usize >= drawing.legs.len() { "yes" } else { "no" };
        writer.line(id, &[("leg", kind), ("hover", hover)], leg.points.iter().copied());
    }
    for (id, &point) in (0..).zip(traced.waypoints.iter().take(drawing.points.len())) {
        writer.point(id, &[("waypoint", if id == 0 { "first" } else { "other" })], point);
    }
    let problems = traced.legs.iter().filter_map(|leg| {
        let [code, value] = match leg.problem.as_ref()? {
            Problem::NoRoad => ["no-road", ""],
            Problem::Area(area) => ["area", area],
            Problem::Crossing(rule) => ["crossing", rule],
        };
        Some([code.to_owned(), value.to_owned()])
    });
    let grounds: Vec<(String, f64, f64)> = traced
        .grounds()
        .into_iter()
        .map(|(ground, amount)| (ground_word(ground), amount.length_mm as f64 / 1000.0, amount.cost.as_major()))
        .collect();
    let crossings: breiband::Money = traced.legs.iter().map(|leg| leg.crossings).sum();
    let limits = book.limits();
    let view = DrawingView {
        route: drawing.route.and_then(|at| u32::try_from(at).ok()),
        name,
        forbidden: drawing.usage == RouteUse::Forbidden,
        free: drawing.mode == Leg::Free,
        points: traced.waypoints.iter().take(drawing.points.len()).map(degrees).collect(),
        legs: drawing.legs.iter().map(|&kind| kind == Leg::Free).collect(),
        problems: problems.collect(),
        metres: grounds.iter().map(|ground| ground.1).sum(),
        grounds,
        crossings: crossings.as_major(),
        cost: traced.cost().as_major(),
        added: traced.added().as_major(),
        premises: [traced.passed, traced.within],
        reach: [limits.drop_listed_m, limits.drop_max_m],
        currency: book.file().currency.clone(),
    };
    (view, writer.finish())
}

/// The scenario's finished routes, for the map.
pub(crate) fn routes(routes: &[DrawnRoute], skip: Option<usize>, sketch: &mut Sketch, region: &Region) -> Drawn {
    let mut writer = Writer::new(Projection::new(region.plane));
    for (id, route) in (0..).zip(routes).filter(|(id, _)| skip != Some(*id as usize)) {
        // What is barred cannot be traced along the roads that are left: it is shown straight.
        let traced = sketch.trace(&in_plane(&route.points, region), |at| route.leg(at));
        let usage = if route.usage == RouteUse::Forbidden { "forbidden" } else { "candidate" };
        let line = traced.legs.iter().flat_map(|leg| leg.points.iter().copied());
        writer.line(id, &[("use", usage), ("name", &route.name)], line);
    }
    writer.finish()
}

fn ground_word(ground: Underfoot) -> String {
    match ground {
        Underfoot::Road(surface) => format!("road-{}", word(&surface)),
        Underfoot::Land(None) => "land-unknown".to_owned(),
        Underfoot::Land(Some(land_use)) => format!("land-{}", land_word(land_use)),
        Underfoot::Water => "water".to_owned(),
    }
}

fn land_word(land_use: LandUse) -> String {
    word(&land_use)
}
