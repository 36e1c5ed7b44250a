//! The route or area being drawn: what each command makes of it, and what it would cost.

use std::rc::Rc;

use breiband::spatial::{Projection, doubled_area, mend_polygon};
use breiband::{
    AreaUse, CostBook, DrawnArea, DrawnRoute, LandUse, Leg, Plan, Point, Problem, Region, RouteUse, Scenario, Sketch,
    Status, Traced, Underfoot,
};
use breiband_wire::{Draw, DrawingView, EditName, Purpose};

use crate::borders;
use crate::document::{Document, Drawing};
use crate::edits::edited;
use crate::facts::word;
use crate::geojson::{Drawn, Writer};
use crate::places::{on_map, within};
use crate::refusal::{Refusal, refuse};
use crate::views::{area_purpose, purpose_of};

/// How many times dearer everything is in an area that is drawn as dearer, until the planner says otherwise.
const DEARER: f64 = 2.0;

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
pub(crate) fn rounded(place: [f64; 2]) -> [f64; 2] {
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
    if let Draw::Begin { purpose, known } = command {
        let Some(variant) = now.variant() else { return Err(refuse("no-files", String::new())) };
        next.drawing = Some(Rc::new(begun(&variant.scenario, region, purpose, known)?));
        return Ok(Step::Edit(name("draw-begin", String::new()), next));
    }
    let Some(drawing) = now.drawing.as_deref() else { return Err(refuse("no-drawing", String::new())) };
    let mut changed = drawing.clone();
    let (count, fixed) = (drawing.points.len(), drawing.purpose == Purpose::Forbidden);
    // An area's corners lie where they are put.
    let snapped = |place, reach_m| match drawing.purpose.is_area() {
        true => rounded(place),
        false => snapped(place, reach_m, sketch, region),
    };
    let is_border = drawing.purpose == Purpose::Border;
    if let Draw::Add { place, .. } | Draw::Move { place, done: true, .. } = command {
        on_map(place, region, drawing.purpose.is_area())?;
    }
    let key = match command {
        // Its corners lie in a ring, in their order.
        Draw::Hover(_) | Draw::Reorder(..) if is_border => return Ok(Step::Show(None)),
        Draw::Add { .. } | Draw::Move { done: true, .. } | Draw::Remove(_) if is_border => {
            borders::step(&command, &mut changed, region)?
        }
        Draw::Begin { .. } => "draw-begin",
        Draw::Add { place, at, reach_m } => {
            let place = snapped(place, reach_m);
            changed.insert(at.map_or(count, |at| at as usize), place);
            "draw-add"
        }
        Draw::Move { at, place, reach_m, done } => {
            let at = at as usize;
            if at >= count {
                return Err(refuse("gone", at.to_string()));
            }
            let place = snapped(place, reach_m);
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
            if count < drawing.purpose.least_points() {
                return Err(refuse("drawing-short", drawing.purpose.least_points().to_string()));
            }
            next.drawing = None;
            if is_border {
                if !drawing.borders.is_empty() {
                    next.change(|variant| {
                        edited(variant);
                        variant.scenario.options.borders.extend(drawing.borders.iter().cloned());
                    });
                }
                let of = drawing.known.and_then(|known| borders::name(region, known));
                return Ok(Step::Edit(name("border", of.unwrap_or_default()), next));
            }
            next.change(|variant| {
                edited(variant);
                put(drawing, &title, &mut variant.scenario);
            });
            return Ok(Step::Edit(name("draw-finish", title), next));
        }
    };
    next.drawing = Some(Rc::new(changed));
    Ok(Step::Edit(name(key, String::new()), next))
}

/// A new drawing, or one of the scenario's taken up again with all its points.
fn begun(scenario: &Scenario, region: &Region, purpose: Purpose, known: Option<u32>) -> Result<Drawing, Refusal> {
    let mode = if purpose.is_area() { Leg::Free } else { Leg::Road };
    let Some(at) = known.map(|at| at as usize) else { return Ok(Drawing { purpose, mode, ..Drawing::default() }) };
    let gone = || refuse("gone", at.to_string());
    if purpose == Purpose::Border {
        let (_, ring) = borders::rings(region).nth(at).ok_or_else(gone)?;
        let projection = Projection::new(region.plane);
        let points: Vec<[f64; 2]> = ring.iter().map(|&corner| rounded(projection.to_lon_lat(corner).into())).collect();
        let legs = vec![Leg::Free; points.len().saturating_sub(1)];
        return Ok(Drawing { known: Some(at), purpose, points, legs, mode, ..Drawing::default() });
    }
    if purpose.is_area() {
        let area = scenario.areas.get(at).ok_or_else(gone)?;
        let purpose = area_purpose(area.rule).ok_or_else(gone)?;
        let legs = vec![Leg::Free; area.ring.len().saturating_sub(1)];
        return Ok(Drawing { known: Some(at), purpose, points: area.ring.clone(), legs, mode, ..Drawing::default() });
    }
    let route = scenario.routes.get(at).ok_or_else(gone)?;
    let legs = (1..route.points.len()).map(|after| route.leg(after - 1)).collect();
    let (purpose, points) = (purpose_of(route.usage), route.points.clone());
    Ok(Drawing { known: Some(at), purpose, points, legs, mode, ..Drawing::default() })
}

/// Puts a finished drawing into the scenario: in the place of the one that it was taken from, or at the end.
fn put(drawing: &Drawing, title: &str, scenario: &mut Scenario) {
    let (title, points) = (title.to_owned(), drawing.points.clone());
    let usage = match drawing.purpose {
        Purpose::Candidate => RouteUse::Candidate,
        Purpose::Forbidden => RouteUse::Forbidden,
        Purpose::Duct => RouteUse::Duct,
        Purpose::Poles => RouteUse::Poles,
        // A border is no area of the scenario's own.
        Purpose::Border => return,
        Purpose::NoDig | Purpose::Dearer | Purpose::LeaveOut => {
            let rule = match drawing.purpose {
                Purpose::NoDig => AreaUse::Forbid,
                Purpose::Dearer => AreaUse::Multiply,
                _ => AreaUse::ExcludePremises,
            };
            let factor = (rule == AreaUse::Multiply).then_some(DEARER);
            match drawing.known.and_then(|at| scenario.areas.get_mut(at)) {
                Some(known) => (known.name, known.ring) = (title, points),
                None => scenario.areas.push(DrawnArea { name: title, rule, factor, amount: None, ring: points }),
            }
            return;
        }
    };
    let all_road = drawing.legs.iter().all(|&kind| kind == Leg::Road);
    let legs = if all_road { Vec::new() } else { drawing.legs.clone() };
    let route = DrawnRoute { name: title, usage, points, legs };
    match drawing.known.and_then(|at| scenario.routes.get_mut(at)) {
        Some(known) => *known = route,
        None => scenario.routes.push(route),
    }
}

/// The points with what the pointer would change.
fn pointed(drawing: &Drawing, pending: Option<Pending>) -> Vec<[f64; 2]> {
    let mut points = drawing.points.clone();
    match pending {
        Some(Pending::Hover(place)) => points.push(place),
        Some(Pending::Moving(at, place)) => {
            if let Some(point) = points.get_mut(at) {
                *point = place;
            }
        }
        None => {}
    }
    points
}

/// The route with what the pointer would change, as it came to lie.
fn trace(drawing: &Drawing, pending: Option<Pending>, sketch: &mut Sketch, region: &Region) -> Traced {
    let (points, mut legs) = (pointed(drawing, pending), drawing.legs.clone());
    if points.len() > drawing.points.len() && !drawing.points.is_empty() {
        legs.push(drawing.mode);
    }
    sketch.trace(&in_plane(&points, region), |at| legs.get(at).copied().unwrap_or_default())
}

/// Places in the region's plane; those off the map lie where its plane begins.
pub(crate) fn in_plane(points: &[[f64; 2]], region: &Region) -> Vec<Point> {
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
    plan: Option<&Plan>,
) -> (DrawingView, Drawn) {
    if drawing.purpose.is_area() {
        return area_view(drawing, name, pending, region, book, plan);
    }
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
    let mut grounds: Vec<(String, f64, f64)> = traced
        .grounds()
        .into_iter()
        .map(|(ground, amount)| (ground_word(ground), amount.length_mm as f64 / 1000.0, amount.cost.as_major()))
        .collect();
    let mut crossings: breiband::Money = traced.legs.iter().map(|leg| leg.crossings).sum();
    let (mut cost, mut added) = (traced.cost(), traced.added());
    // What is there already costs its own price along all of it, whatever it lies on.
    let there = match drawing.purpose {
        Purpose::Duct => Some(book.use_price(|uses| &uses.existing_duct)),
        Purpose::Poles => Some(book.use_price(|uses| &uses.existing_poles)),
        _ => None,
    };
    if let Some(price) = there {
        let length_mm: u64 = traced.grounds().values().map(|amount| amount.length_mm).sum();
        cost = book.price(price).cost(length_mm, 0, 1000);
        (added, crossings) = (cost, breiband::Money::ZERO);
        grounds = vec![(drawing.purpose.name().to_owned(), length_mm as f64 / 1000.0, cost.as_major())];
    }
    let limits = book.limits();
    let view = DrawingView {
        purpose: drawing.purpose,
        known: drawing.known.and_then(|at| u32::try_from(at).ok()),
        name,
        free: drawing.mode == Leg::Free,
        points: traced.waypoints.iter().take(drawing.points.len()).map(degrees).collect(),
        legs: drawing.legs.iter().map(|&kind| kind == Leg::Free).collect(),
        problems: problems.collect(),
        metres: grounds.iter().map(|ground| ground.1).sum(),
        grounds,
        crossings: crossings.as_major(),
        cost: cost.as_major(),
        added: added.as_major(),
        square_metres: 0.0,
        premises: [traced.passed, traced.within],
        reach: [limits.drop_listed_m, limits.drop_max_m],
        currency: book.file().currency.clone(),
    };
    (view, writer.finish())
}

/// The area being drawn, and who is inside.
fn area_view(
    drawing: &Drawing,
    name: String,
    pending: Option<Pending>,
    region: &Region,
    book: &CostBook,
    plan: Option<&Plan>,
) -> (DrawingView, Drawn) {
    let ring = pointed(drawing, pending);
    let corners = in_plane(&ring, region);
    let mut writer = Writer::new(Projection::new(region.plane));
    if corners.len() > 2 {
        writer.ring(0, &[("area", drawing.purpose.name())], &corners);
    }
    // Side `id` leads to the corner after it, the last one back to the first: each can be pulled, also while the pointer is
    // shown as one corner more, by two dashed sides.
    let fixed = drawing.points.len();
    let sides = if fixed > 2 { fixed } else { fixed.saturating_sub(1) };
    for id in 0..sides {
        writer.line(
            id as u32,
            &[("leg", "free"), ("hover", "no")],
            [corners[id], corners[(id + 1) % fixed]].into_iter(),
        );
    }
    if corners.len() > fixed && fixed > 0 {
        for end in [fixed - 1, 0] {
            writer.line(fixed as u32, &[("leg", "free"), ("hover", "yes")], [corners[end], corners[fixed]].into_iter());
        }
    }
    for (id, &corner) in (0..).zip(corners.iter().take(fixed)) {
        writer.point(id, &[("waypoint", if id == 0 { "first" } else { "other" })], corner);
    }
    let around = |at: usize| (corners[at], corners[(at + 1) % corners.len()]);
    let metres = (0..corners.len()).map(around).map(|(a, b)| a.distance_mm(b)).sum::<u64>() as f64 / 1000.0;
    let inside = if corners.len() > 2 { within(&ring, region) } else { Vec::new() };
    let (doubled, crosses) = covered(&corners, drawing.purpose);
    let is_connected = |at: usize| {
        plan.and_then(|plan| plan.route.outcomes.get(at)).is_some_and(|one| one.status == Status::Connected)
    };
    let connected = inside.iter().filter(|&&at| is_connected(at)).count();
    let view = DrawingView {
        purpose: drawing.purpose,
        known: drawing.known.and_then(|at| u32::try_from(at).ok()),
        name,
        free: true,
        points: drawing.points.clone(),
        legs: vec![true; drawing.legs.len()],
        problems: crosses.then(|| ["crosses-itself".to_owned(), String::new()]).into_iter().collect(),
        grounds: Vec::new(),
        crossings: 0.0,
        metres,
        cost: 0.0,
        added: 0.0,
        square_metres: doubled as f64 / 2e6,
        premises: [inside.len() as u64, connected as u64],
        reach: [0.0, 0.0],
        currency: book.file().currency.clone(),
    };
    (view, writer.finish())
}

/// Twice what an area covers, square millimetres, and whether its line crosses itself: then it is what planning takes it for. A
/// border that would cross is refused.
fn covered(corners: &[Point], purpose: Purpose) -> (u128, bool) {
    if purpose == Purpose::Border || corners.len() < 3 {
        return (doubled_area(corners).unsigned_abs(), false);
    }
    let mended = mend_polygon(&[[corners, &corners[..1]].concat()]);
    let rings = mended.polygons.iter().map(|one| {
        let holes: u128 = one.holes.iter().map(|hole| doubled_area(hole).unsigned_abs()).sum();
        doubled_area(&one.outer).unsigned_abs() - holes
    });
    (rings.sum(), mended.crossed())
}

/// The scenario's own areas, routes, handovers, cabinets and masts, for the map; routes are numbered first, then areas. `skip` is the drawing that is being changed.
pub(crate) fn finished(scenario: &Scenario, skip: Option<&Drawing>, sketch: &mut Sketch, region: &Region) -> Drawn {
    let mut writer = Writer::new(Projection::new(region.plane));
    let skipped = |is_area: bool| skip?.taken().filter(|taken| taken.0 == is_area).map(|taken| taken.1);
    let routes = scenario.routes.as_slice();
    for (id, area) in (0..).zip(&scenario.areas).filter(|(id, _)| skipped(true) != Some(*id as usize)) {
        let usage = area_purpose(area.rule).map_or("lump", Purpose::name);
        writer.ring(routes.len() as u32 + id, &[("use", usage), ("name", &area.name)], &in_plane(&area.ring, region));
    }
    for (id, route) in (0..).zip(routes).filter(|(id, _)| skipped(false) != Some(*id as usize)) {
        // What is barred cannot be traced along the roads that are left: it is shown straight.
        let traced = sketch.trace(&in_plane(&route.points, region), |at| route.leg(at));
        let usage = purpose_of(route.usage).name();
        let line = traced.legs.iter().flat_map(|leg| leg.points.iter().copied());
        writer.line(id, &[("use", usage), ("name", &route.name)], line);
    }
    let handovers = scenario.handovers.iter().map(|one| {
        let usage = if one.opening_cost.is_some() { "pop" } else { "handover" };
        (usage, one.name.as_str(), one.lon, one.lat)
    });
    let cabinets = scenario.cabinets.iter().map(|one| ("cabinet", one.name.as_str(), one.lon, one.lat));
    let masts = scenario.masts.iter().map(|one| ("mast", one.name.as_str(), one.lon, one.lat));
    let projection = Projection::new(region.plane);
    for (id, (usage, name, lon, lat)) in
        (routes.len() + scenario.areas.len()..).zip(handovers.chain(cabinets).chain(masts))
    {
        // What is off the map is said by the plan.
        if let Ok(point) = projection.to_plane(lon, lat) {
            writer.point(id as u32, &[("use", usage), ("name", name)], point);
        }
    }
    writer.finish()
}

/// The scenario's routes: metres, and how many of them the plan uses.
pub(crate) fn used(scenario: &Scenario, sketch: &mut Sketch, region: &Region) -> Vec<[f64; 2]> {
    let lengths = |route: &DrawnRoute| {
        let traced = sketch.trace(&in_plane(&route.points, region), |at| route.leg(at));
        traced.lengths_mm().map(|mm| mm as f64 / 1000.0)
    };
    scenario.routes.iter().map(lengths).collect()
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
