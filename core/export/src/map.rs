//! The map of the report, as SVG: water, roads, borders, premises, the network by method. One unit is a tenth of a millimetre.
//!
//! Everything is rounded to a grid finer than print, and no segment or dot is drawn twice, so that the picture of a million
//! premises is bounded by the paper and not by the region.

use std::collections::HashSet;
use std::fmt::Write as _;

use breiband_messages::{Language, decimal};
use breiband_model::{Bounds, EdgeId, LineKind, Method, PartKind, Phase, Point, Status};
use foldhash::fast::FixedState;

use crate::palette::{BORDER, CABINET, HANDOVER, MAST, METHODS, POP, STATUSES, WATER};
use crate::view::Drawn;

/// A map and how it wants to lie on the page.
pub(crate) struct Map {
    pub(crate) svg: String,
    /// Whether it is higher than wide, and takes a column instead of the page's width.
    pub(crate) tall: bool,
    pub(crate) methods: Vec<Method>,
    pub(crate) statuses: Vec<Status>,
}

/// Room on the page: width and greatest height of a wide map, of a tall one.
const WIDE: (f64, f64) = (1860.0, 900.0);
const TALL: (f64, f64) = (880.0, 1500.0);
const MARGIN: f64 = 26.0;

/// From the plane to the paper.
struct Frame {
    bounds: Bounds,
    scale: f64,
    width: f64,
    height: f64,
    left: f64,
    top: f64,
}

impl Frame {
    fn new(bounds: Bounds) -> (Self, bool) {
        // At least two hundred metres each way, so that a lone house has a map.
        let span = |a: i32, b: i32| (f64::from(b) - f64::from(a)).max(200_000.0);
        let (w, h) = (span(bounds.min.x, bounds.max.x), span(bounds.min.y, bounds.max.y));
        let tall = h > 1.1 * w;
        let (width, most) = if tall { TALL } else { WIDE };
        let scale = ((width - 2.0 * MARGIN) / w).min((most - 2.0 * MARGIN) / h);
        let height = (h * scale + 2.0 * MARGIN).max(0.32 * width).min(most).ceil();
        let (left, top) = ((width - w * scale) / 2.0, (height - h * scale) / 2.0);
        (Self { bounds, scale, width, height, left, top }, tall)
    }

    /// The nearest point of a grid of `step` units.
    fn unit(&self, p: Point, step: i32) -> (i32, i32) {
        let snap = |units: f64| (units / f64::from(step)).round() as i32 * step;
        let x = self.left + (f64::from(p.x) - f64::from(self.bounds.min.x)) * self.scale;
        let y = self.top + (f64::from(self.bounds.max.y) - f64::from(p.y)) * self.scale;
        // Far outside the paper nothing is drawn: keep the numbers small.
        (snap(x.clamp(-9_000.0, 9_000.0)), snap(y.clamp(-9_000.0, 9_000.0)))
    }

    fn outside(&self, a: (i32, i32), b: (i32, i32)) -> bool {
        let beyond = |a: i32, b: i32, most: f64| (a < 0 && b < 0) || (f64::from(a) > most && f64::from(b) > most);
        beyond(a.0, b.0, self.width) || beyond(a.1, b.1, self.height)
    }
}

/// Lines of one colour.
#[derive(Default)]
struct Strokes {
    seen: HashSet<[i32; 4], FixedState>,
    path: String,
}

impl Strokes {
    fn add(&mut self, frame: &Frame, line: impl Iterator<Item = Point>, step: i32) {
        let mut last: Option<(i32, i32)> = None;
        let mut pen_down = false;
        for p in line {
            let here = frame.unit(p, step);
            let Some(from) = last else {
                last = Some(here);
                continue;
            };
            if from == here {
                continue;
            }
            last = Some(here);
            let (a, b) = if from < here { (from, here) } else { (here, from) };
            if frame.outside(a, b) || !self.seen.insert([a.0, a.1, b.0, b.1]) {
                pen_down = false;
                continue;
            }
            if !pen_down {
                let _ = write!(self.path, "M{} {}", from.0, from.1);
            }
            let _ = write!(self.path, "l{} {}", here.0 - from.0, here.1 - from.1);
            pen_down = true;
        }
    }

    fn draw(&self, svg: &mut String, attributes: &str) {
        if !self.path.is_empty() {
            let _ = write!(svg, "<path d=\"{}\" {attributes}/>", self.path);
        }
    }
}

/// Draws the map of a plan.
pub(crate) fn draw(drawn: &Drawn<'_>, language: Language, label: &str) -> Map {
    let (frame, tall, mut svg) = begin(drawn, label);
    let statuses = premises(drawn, &frame, &mut svg, &[Status::AlreadyServed, Status::Excluded, Status::Connected]);
    let methods = network(drawn, &frame, &mut svg);
    let unreachable = premises(drawn, &frame, &mut svg, &[Status::Unreachable]);
    handovers(drawn, &frame, &mut svg);
    svg += "</g>";
    let svg = end(&frame, language, svg);
    let all = [statuses, unreachable].concat();
    let statuses = STATUSES.iter().map(|(status, _)| *status).filter(|status| all.contains(status)).collect();
    Map { svg, tall, methods, statuses }
}

/// The network by phase, drawn once for all languages and readers.
pub(crate) struct PhaseMap {
    frame: Frame,
    pub(crate) tall: bool,
    ground: String,
    premises: String,
    /// The last ones on top: what lines and drops look like, and where they run.
    phases: Vec<[(String, Strokes); 2]>,
    places: String,
}

impl PhaseMap {
    /// Draws the phases that have a colour, the first ones on top. `phase_of` is asked for edges.
    pub(crate) fn new(
        drawn: &Drawn<'_>,
        colours: &[(Phase, &str)],
        phase_of: impl Fn(EdgeId) -> Option<Phase>,
    ) -> Self {
        let (frame, tall) = Frame::new(extent(drawn));
        let (mut ground, mut dots, mut places) = (String::new(), String::new(), String::new());
        self::ground(drawn, &frame, &mut ground);
        premises(drawn, &frame, &mut dots, &[Status::AlreadyServed, Status::Connected]);
        let mut phases: Vec<_> = colours
            .iter()
            .map(|(phase, colour)| {
                let dash = if *phase == Phase::Unfunded { " stroke-dasharray=\"12 9\"" } else { "" };
                let looks = |width: u32| format!("stroke=\"{colour}\" stroke-width=\"{width}\"{dash}");
                [(looks(7), Strokes::default()), (looks(3), Strokes::default())]
            })
            .collect();
        for stretch in drawn.stretches.iter().filter(|stretch| stretch.drawn.len() > 1) {
            let phase = phase_of(stretch.edge);
            if let Some(at) = colours.iter().position(|(own, _)| Some(*own) == phase) {
                let strokes = &mut phases[at][usize::from(is_thin(stretch.kind))].1;
                strokes.add(&frame, stretch.drawn.iter().copied(), 2);
            }
        }
        phases.reverse();
        handovers(drawn, &frame, &mut places);
        places += "</g>";
        names(drawn, &frame, &mut places);
        Self { frame, tall, ground, premises: dots, phases, places }
    }

    /// The map in a language; without `detail`, premises and drops are left out.
    pub(crate) fn svg(&self, language: Language, label: &str, detail: bool) -> String {
        let mut svg = open(&self.frame, label) + &self.ground;
        if detail {
            svg += &self.premises;
        }
        for [lines, drops] in &self.phases {
            if detail {
                drops.1.draw(&mut svg, &drops.0);
            }
            lines.1.draw(&mut svg, &lines.0);
        }
        end(&self.frame, language, svg + &self.places)
    }
}

/// Draws lines by colour, the last ones on top, over the ground of a plan.
pub(crate) fn draw_lines(
    drawn: &Drawn<'_>,
    language: Language,
    label: &str,
    layers: &[(&str, Vec<&[Point]>)],
) -> (String, bool) {
    let (frame, tall, mut svg) = begin(drawn, label);
    for (colour, lines) in layers {
        let mut strokes = Strokes::default();
        lines.iter().for_each(|line| strokes.add(&frame, line.iter().copied(), 2));
        strokes.draw(&mut svg, &format!("stroke=\"{colour}\" stroke-width=\"6\""));
    }
    svg += "</g>";
    names(drawn, &frame, &mut svg);
    (end(&frame, language, svg), tall)
}

/// A map's frame, whether it is tall, and its drawing as far as the ground of the plan; lines follow, then `</g>`.
fn begin(drawn: &Drawn<'_>, label: &str) -> (Frame, bool, String) {
    let (frame, tall) = Frame::new(extent(drawn));
    let mut svg = open(&frame, label);
    ground(drawn, &frame, &mut svg);
    (frame, tall, svg)
}

/// A map's opening, and the paper under it.
fn open(frame: &Frame, label: &str) -> String {
    let (width, height) = (frame.width, frame.height);
    format!(
        "<svg class=\"map\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{label}\" xmlns=\"http://www.w3.org/2000/svg\">\
         <g fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\"><rect width=\"{width}\" height=\"{height}\" fill=\"#f8f7f4\"/>"
    )
}

/// The drawing with what stands beside every map.
fn end(frame: &Frame, language: Language, mut svg: String) -> String {
    furniture(frame, language, &mut svg);
    svg + "</svg>"
}

/// The symbols of the handovers, points of presence, cabinets and masts that there are, 36 by 16, with the keys of their names.
pub(crate) fn place_symbols(drawn: &Drawn<'_>) -> Vec<(String, &'static str)> {
    let network = drawn.view.network;
    let mut symbols = Vec::new();
    if network.handovers.iter().any(|place| place.opening.is_none()) {
        symbols.push((format!("<path d=\"{}\" fill=\"{HANDOVER}\"/>", star(18, 8, 8.0)), "report.legend_handover"));
    }
    if network.handovers.iter().any(|place| place.opening.is_some()) {
        symbols.push((format!("<path d=\"M18 1l7 7-7 7-7-7z\" fill=\"{POP}\"/>"), "place.point-of-presence"));
    }
    if !network.cabinets.is_empty() {
        symbols.push((format!("<path d=\"M13 3h10v10h-10z\" fill=\"{CABINET}\"/>"), "place.cabinet"));
    }
    if !drawn.masts.is_empty() {
        symbols.push((format!("<path d=\"{}\" fill=\"{MAST}\"/>", pentagon(18, 8, 8.0)), "report.legend_mast"));
    }
    symbols
}

/// What is drawn thin: what serves one building.
fn is_thin(kind: PartKind) -> bool {
    matches!(kind, PartKind::Drop | PartKind::Radio)
}

fn handovers(drawn: &Drawn<'_>, frame: &Frame, svg: &mut String) {
    for mast in drawn.masts.iter() {
        let (x, y) = frame.unit(mast.1, 1);
        // A triangle is a premises that nothing reaches.
        *svg += &format!("<path d=\"{}\" fill=\"{MAST}\" stroke=\"#fff\" stroke-width=\"4\"/>", pentagon(x, y, 20.0));
    }
    let network = drawn.view.network;
    let used: std::collections::BTreeSet<&str> =
        drawn.view.summary.places.iter().filter(|place| place.used).map(|place| place.id.as_str()).collect();
    for cabinet in network.cabinets.iter().filter(|cabinet| cabinet.vertex.is_some()) {
        let (x, y) = frame.unit(cabinet.point, 1);
        let (left, top) = (x - 13, y - 13);
        *svg += &format!(
            "<rect x=\"{left}\" y=\"{top}\" width=\"26\" height=\"26\" fill=\"{CABINET}\" stroke=\"#fff\" stroke-width=\"4\"/>"
        );
    }
    for place in network.handovers.iter().filter(|place| place.opening.is_some()) {
        let (x, y) = frame.unit(place.point, 1);
        let (left, right, top, foot) = (x - 22, x + 22, y - 22, y + 22);
        // One that the plan does not open is hollow.
        let fill = if used.contains(place.external_id.as_str()) { POP } else { "#fff" };
        *svg += &format!(
            "<path d=\"M{x} {top}L{right} {y}L{x} {foot}L{left} {y}z\" fill=\"{fill}\" stroke=\"{POP}\" stroke-width=\"5\"/>"
        );
    }
    for handover in network.handovers.iter().filter(|place| place.opening.is_none()) {
        let (x, y) = frame.unit(handover.point, 1);
        *svg += &format!("<path d=\"{}\" fill=\"{HANDOVER}\" stroke=\"#fff\" stroke-width=\"5\"/>", star(x, y, 26.0));
    }
}

/// Letters of a name on the map, and about how wide one is.
const LONGEST_NAME: usize = 36;
const LETTER: f64 = 15.5;

/// Each municipality's name at the middle of its premises.
fn names(drawn: &Drawn<'_>, frame: &Frame, svg: &mut String) {
    let region = drawn.view.region;
    let mut sums = vec![(0i64, 0i64, 0i64); region.municipalities.len()];
    for premises in &region.premises {
        if let Some(id) = premises.municipality {
            let sum = &mut sums[id.index()];
            *sum = (sum.0 + i64::from(premises.point.x), sum.1 + i64::from(premises.point.y), sum.2 + 1);
        }
    }
    for (municipality, (x, y, count)) in region.municipalities.iter().zip(sums) {
        if count > 0 {
            let (x, y) = frame.unit(Point::new((x / count) as i32, (y / count) as i32), 1);
            let name = &municipality.name;
            let short = match name.char_indices().nth(LONGEST_NAME) {
                Some((end, _)) => format!("{}…", name[..end].trim_end()),
                None => name.clone(),
            };
            // The whole name stays on the map.
            let half = (short.chars().count() as f64 * LETTER / 2.0) as i32;
            let width = frame.width as i32;
            let x = if 2 * half < width { x.clamp(half, width - half) } else { width / 2 };
            *svg += &format!(
                "<text x=\"{x}\" y=\"{y}\" font-size=\"27\" font-weight=\"600\" text-anchor=\"middle\" fill=\"#222\" stroke=\"#fff\" \
                 stroke-width=\"7\" stroke-linejoin=\"round\" paint-order=\"stroke\">{}</text>",
                crate::html::escape(&short)
            );
        }
    }
}

fn extent(drawn: &Drawn<'_>) -> Bounds {
    let region = drawn.view.region;
    let built = drawn.stretches.iter().flat_map(|stretch| stretch.drawn.iter().copied());
    let homes = region.premises.iter().map(|premises| premises.point);
    let roots = drawn.view.network.handovers.iter().map(|handover| handover.point);
    let bounds = Bounds::of(built.chain(homes).chain(roots)).or_else(|| Bounds::of(region.nodes.iter().copied()));
    bounds.unwrap_or(Bounds { min: Point::new(0, 0), max: Point::new(0, 0) })
}

/// Water, roads and borders.
fn ground(drawn: &Drawn<'_>, frame: &Frame, svg: &mut String) {
    let region = drawn.view.region;
    let mut water = String::new();
    for body in &region.water {
        for ring in body.polygon.rings() {
            let mut points: Vec<_> = ring.iter().map(|&p| frame.unit(p, 2)).collect();
            points.dedup();
            let seen = points.windows(2).any(|pair| !frame.outside(pair[0], pair[1]));
            if points.len() < 3 || !seen {
                continue;
            }
            for (at, (x, y)) in points.iter().enumerate() {
                water += &if at == 0 { format!("M{x} {y}L") } else { format!("{x} {y} ") };
            }
            water.push('z');
        }
    }
    if !water.is_empty() {
        *svg += &format!("<path d=\"{water}\" fill=\"{WATER}\" fill-rule=\"evenodd\"/>");
    }
    let (mut shore, mut borders, mut ways) = (Strokes::default(), Strokes::default(), Strokes::default());
    for line in region.lines.iter().filter(|line| matches!(line.kind, LineKind::Coastline | LineKind::Stream)) {
        shore.add(frame, line.points.iter().copied(), 3);
    }
    for way in &region.ways {
        ways.add(frame, way.nodes.iter().map(|&node| region.node(node)), 3);
    }
    for ring in region.municipalities.iter().flat_map(|m| &m.area).flat_map(|polygon| polygon.rings()) {
        borders.add(frame, ring.iter().chain(ring.first()).copied(), 3);
    }
    shore.draw(svg, "stroke=\"#a9c4d3\" stroke-width=\"3\"");
    ways.draw(svg, "stroke=\"#d3cfc7\" stroke-width=\"3\"");
    borders.draw(svg, &format!("stroke=\"{BORDER}\" stroke-width=\"3\" stroke-dasharray=\"14 9\""));
}

/// The network, the dearest methods on top; which of them there are.
fn network(drawn: &Drawn<'_>, frame: &Frame, svg: &mut String) -> Vec<Method> {
    let mut found = Vec::new();
    for (method, colour) in METHODS {
        let (mut lines, mut drops) = (Strokes::default(), Strokes::default());
        for stretch in
            drawn.stretches.iter().filter(|stretch| stretch.method == Some(method) && stretch.drawn.len() > 1)
        {
            let strokes = if is_thin(stretch.kind) { &mut drops } else { &mut lines };
            strokes.add(frame, stretch.drawn.iter().copied(), 2);
        }
        if lines.path.is_empty() && drops.path.is_empty() {
            continue;
        }
        found.push(method);
        let dash = match method {
            Method::Subsea => " stroke-dasharray=\"18 10\"",
            // Many to a mast: they must not hide what is under them.
            Method::Radio => " stroke-opacity=\"0.35\"",
            _ => "",
        };
        drops.draw(svg, &format!("stroke=\"{colour}\" stroke-width=\"3\"{dash}"));
        lines.draw(svg, &format!("stroke=\"{colour}\" stroke-width=\"6\"{dash}"));
    }
    found
}

/// Premises of some statuses, one dot a place; which of the statuses there are.
fn premises(drawn: &Drawn<'_>, frame: &Frame, svg: &mut String, which: &[Status]) -> Vec<Status> {
    let many = drawn.premises.len();
    let size = if many < 1_000 {
        12
    } else if many < 6_000 {
        9
    } else {
        7
    };
    let mut found = Vec::new();
    for &status in which {
        let colour = STATUSES.iter().find(|(known, _)| *known == status).map_or("#000", |(_, colour)| colour);
        let mut seen = HashSet::new();
        let mut path = String::new();
        for row in drawn.premises.iter().filter(|row| row.outcome.status == status) {
            let place = frame.unit(row.premises.point, 4);
            if seen.insert(place) {
                let (x, y) = place;
                path += &match status {
                    Status::Unreachable => format!("M{} {}l-9 16h18z", x, y - 10),
                    _ => format!("M{x} {y}h0"),
                };
            }
        }
        if path.is_empty() {
            continue;
        }
        found.push(status);
        *svg += &match status {
            Status::Unreachable => format!("<path d=\"{path}\" fill=\"{colour}\" stroke=\"#fff\" stroke-width=\"2\"/>"),
            _ => format!("<path d=\"{path}\" stroke=\"{colour}\" stroke-width=\"{size}\"/>"),
        };
    }
    found
}

/// Sine and cosine of multiples of 36°, as numbers: the same on every machine.
const TURN: [(f64, f64); 10] = [
    (0.0, -1.0),
    (0.587_785, -0.809_017),
    (0.951_057, -0.309_017),
    (0.951_057, 0.309_017),
    (0.587_785, 0.809_017),
    (0.0, 1.0),
    (-0.587_785, 0.809_017),
    (-0.951_057, 0.309_017),
    (-0.951_057, -0.309_017),
    (-0.587_785, -0.809_017),
];

/// A five-pointed star of radius `r`.
pub(crate) fn star(x: i32, y: i32, r: f64) -> String {
    around(x, y, (0..10).map(|at| (at, if at % 2 == 0 { r } else { r * 0.45 })))
}

/// A pentagon of radius `r`, one corner up.
fn pentagon(x: i32, y: i32, r: f64) -> String {
    around(x, y, (0..10).step_by(2).map(|at| (at, r)))
}

/// A closed path about a place: its corners by their tenth of the whole turn, with their distances.
fn around(x: i32, y: i32, corners: impl Iterator<Item = (usize, f64)>) -> String {
    let mut path = String::new();
    for (at, radius) in corners {
        let (sine, cosine) = TURN[at];
        path += if at == 0 { "M" } else { "L" };
        path += &format!("{} {}", x + (sine * radius).round() as i32, y + (cosine * radius).round() as i32);
    }
    path.push('z');
    path
}

/// A length as a scale bar says it: without needless decimals.
fn round_length(language: Language, metres: f64) -> String {
    let (value, unit) = if metres < 1_000.0 { (metres, "m") } else { (metres / 1_000.0, "km") };
    let places = usize::from(value.fract() > 0.0);
    format!("{}\u{a0}{unit}", decimal(language, value, places))
}

/// Scale bar and north arrow.
fn furniture(frame: &Frame, language: Language, svg: &mut String) {
    let most = frame.width / 5.0 / frame.scale / 1e3; // metres
    let mut metres = 1.0;
    for step in [2.0, 2.5, 2.0].iter().cycle().take(24) {
        if metres * step <= most {
            metres *= step;
        } else {
            break;
        }
    }
    let bar = (metres * 1e3 * frame.scale).round();
    let (x, y) = (frame.width - bar - 30.0, frame.height - 28.0);
    *svg += &format!(
        "<g font-size=\"26\" fill=\"#333\" text-anchor=\"middle\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"56\" rx=\"6\" fill=\"#fff\" \
         fill-opacity=\"0.82\"/><path d=\"M{x} {}v12h{bar}v-12\" fill=\"none\" stroke=\"#333\" stroke-width=\"4\"/>\
         <text x=\"{}\" y=\"{}\">{}</text>",
        x - 14.0,
        y - 38.0,
        bar + 28.0,
        y - 6.0,
        x + bar / 2.0,
        y - 10.0,
        round_length(language, metres),
    );
    let x = frame.width - 40.0;
    *svg += &format!("<path d=\"M{x} 18l13 36l-13 -8l-13 8z\" fill=\"#333\"/><text x=\"{x}\" y=\"80\">N</text></g>");
}
