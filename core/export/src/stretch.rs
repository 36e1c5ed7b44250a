//! The built network as stretches: parts of chosen edges, joined where nothing changes between them, drawn beside their way.

use breiband_model::{EdgeId, Method, Money, Origin, Part, PartKind, Point, Side};
use breiband_spatial::line;

use crate::view::PlanView;

/// A verge is drawn this far from the middle of its way, metres. For the eye only: lengths are those of the middle.
const VERGE_METRES: f64 = 2.0;

/// A stretch of the built network with one price.
#[derive(Debug, Clone)]
pub(crate) struct Stretch<'a> {
    pub(crate) edge: EdgeId,
    pub(crate) kind: PartKind,
    /// `None` for the lump of an area.
    pub(crate) method: Option<Method>,
    /// Name of the price class, or empty.
    pub(crate) price: &'a str,
    pub(crate) origin: Origin,
    pub(crate) side: Side,
    /// Where it is drawn; one point for what has a place but no length, such as a crossing.
    pub(crate) drawn: Vec<Point>,
    /// The same in degrees.
    pub(crate) lon_lat: Vec<[f64; 2]>,
    pub(crate) mm: u64,
    pub(crate) count: u64,
    pub(crate) cost: Money,
}

impl Stretch<'_> {
    /// Whether it has a place of its own on a map: what stands at a premises, a mast, a point of presence or a
    /// cabinet is told there.
    pub(crate) fn is_drawn(&self) -> bool {
        !matches!(
            self.kind,
            PartKind::Equipment | PartKind::Running | PartKind::Mast | PartKind::Opening | PartKind::Cabinet
        )
    }
}

/// All stretches of the plan, in the order of the edges.
pub(crate) fn stretches<'a>(view: &PlanView<'a>) -> Vec<Stretch<'a>> {
    let network = view.network;
    let mut out = Vec::new();
    for &id in &view.route.edges {
        let edge = &network.edges[id.index()];
        let mut place = network.vertices[edge.tail.index()].point;
        let mut open: Option<(Part, Stretch<'a>)> = None;
        for part in network.parts_of(edge) {
            let points = network.geometry_of(part);
            let cost = network.cost_of(part, view.book);
            if let Some((first, stretch)) = &mut open
                && joins(first, part)
                && stretch.drawn.len() > 1
                && points.len() > 1
                && stretch.drawn.last() == points.first()
            {
                stretch.drawn.extend_from_slice(&points[1..]);
                stretch.mm += network.length_of(part);
                stretch.count += u64::from(part.count);
                stretch.cost = stretch.cost.saturating_add(cost);
            } else {
                out.extend(open.take().map(|(_, stretch)| stretch));
                let price = part.price.map(|id| view.book.price(id));
                // A crossing of no length stands where the line before it ends.
                let drawn = if points.is_empty() { vec![place] } else { points.to_vec() };
                let stretch = Stretch {
                    edge: id,
                    kind: part.kind,
                    method: price.map(|price| price.method),
                    price: price.map_or("", |price| &price.id),
                    origin: part.origin,
                    side: part.side,
                    drawn,
                    lon_lat: Vec::new(),
                    mm: network.length_of(part),
                    count: u64::from(part.count),
                    cost,
                };
                open = Some((*part, stretch));
            }
            place = points.last().copied().unwrap_or(place);
        }
        out.extend(open.map(|(_, stretch)| stretch));
    }
    for stretch in &mut out {
        stretch.drawn.dedup();
        if let Some(left) = left_of_line(view, stretch) {
            stretch.drawn = line::offset(&stretch.drawn, if left { VERGE_METRES } else { -VERGE_METRES });
        }
    }
    out
}

fn joins(a: &Part, b: &Part) -> bool {
    (a.kind, a.origin, a.side, a.price, a.permille) == (b.kind, b.origin, b.side, b.price, b.permille)
}

/// Whether the verge lies left of the line as it is drawn, which may run against its way; `None` for what is on the way.
fn left_of_line(view: &PlanView<'_>, stretch: &Stretch<'_>) -> Option<bool> {
    let left_of_way = match stretch.side {
        Side::Middle => return None,
        Side::Left => true,
        Side::Right => false,
    };
    let Origin::Way(way) = stretch.origin else { return None };
    let nodes = &view.region.way(way).nodes;
    let longest = stretch.drawn.windows(2).max_by_key(|pair| pair[0].distance_squared(pair[1]))?;
    let middle = longest[0].towards(longest[1], 1, 2);
    let ways = nodes.windows(2).map(|pair| (view.region.node(pair[0]), view.region.node(pair[1])));
    let (a, b) = ways.min_by_key(|&(a, b)| distance_to_segment(middle, a, b))?;
    let step = |from: i32, to: i32| i128::from(to) - i128::from(from);
    let dot = step(a.x, b.x) * step(longest[0].x, longest[1].x) + step(a.y, b.y) * step(longest[0].y, longest[1].y);
    Some(left_of_way == (dot >= 0))
}

/// Distance to a segment in millimetres.
fn distance_to_segment(p: Point, a: Point, b: Point) -> u64 {
    let step = |from: i32, to: i32| i128::from(to) - i128::from(from);
    let square = u128::from(a.distance_squared(b));
    if square == 0 {
        return p.distance_mm(a);
    }
    let dot = step(a.x, b.x) * step(a.x, p.x) + step(a.y, b.y) * step(a.y, p.y);
    let along = u128::try_from(dot).unwrap_or(0).min(square);
    // Both fit: squares of distances in the plane are below 2⁶⁵, and a shift keeps their ratio.
    p.distance_mm(a.towards(b, (along >> 2) as u64, (square >> 2).max(1) as u64))
}

/// `left`, `right`, or empty.
pub(crate) fn side_name(side: Side) -> &'static str {
    match side {
        Side::Middle => "",
        Side::Left => "left",
        Side::Right => "right",
    }
}
