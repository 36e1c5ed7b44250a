//! What an earlier plan knew, as a start for one of nearly the same: its lines and its proof, found again by place.

use std::collections::BTreeSet;

use breiband_certificate::Certificate;
use breiband_model::{CandidateNetwork, Origin, Part, PartKind, Vertex, VertexKind};
use breiband_steiner::Start;

use crate::Plan;

/// What is kept of a plan.
#[derive(Debug)]
pub(crate) struct Known {
    places: Vec<Place>,
    /// The ends of what is built, by position in `places`.
    built: Vec<(u32, u32)>,
    certificate: Certificate,
}

/// A number made of where a vertex is, what it is and which sides of which ways end at it; and how many such there are before
/// it.
type Place = (u64, u32);

impl Known {
    pub(crate) fn of(plan: &Plan) -> Self {
        let network = &plan.network;
        let ends = |edge: &breiband_model::EdgeId| {
            let edge = &network.edges[edge.index()];
            (edge.tail.as_u32(), edge.head.as_u32())
        };
        let mut by_vertex = places(network);
        by_vertex.sort_unstable_by_key(|one| one.1);
        Self {
            places: by_vertex.into_iter().map(|one| one.0).collect(),
            built: plan.route.edges.iter().map(ends).collect(),
            certificate: plan.certificate.clone(),
        }
    }

    /// In the names of another network. O(vertices · log).
    pub(crate) fn start(self, network: &CandidateNetwork) -> Start {
        let now = places(network);
        let renamed = |v: u32| {
            let at = now.binary_search_by_key(self.places.get(v as usize)?, |&(place, _)| place).ok()?;
            Some(now[at].1)
        };
        let both = |&(u, v): &(u32, u32)| {
            let (u, v) = (renamed(u)?, renamed(v)?);
            Some((u.min(v), u.max(v)))
        };
        let built: BTreeSet<(u32, u32)> = self.built.iter().filter_map(both).collect();
        let ends = network.edges.iter().map(|edge| (edge.tail.as_u32(), edge.head.as_u32()));
        let is_built = |&(_, (u, v)): &(u32, (u32, u32))| built.contains(&(u.min(v), u.max(v)));
        let edges = (0..).zip(ends).filter(is_built).map(|(at, _)| at).collect();
        Start::new(edges, &self.certificate, renamed)
    }
}

/// The place of each vertex, ascending: no two are the same.
fn places(network: &CandidateNetwork) -> Vec<(Place, u32)> {
    let mix = breiband_random::mix;
    let sides = sides(network);
    let bare = |(vertex, &sides): (&Vertex, &u64)| {
        let (kind, number) = match vertex.kind {
            // There is one root, wherever the first handover is.
            VertexKind::Root => return 0,
            VertexKind::Handover(id) => (1, id.as_u32()),
            VertexKind::Mast(id) => (2, id.as_u32()),
            VertexKind::Way => (3, 0),
            VertexKind::Premises => (4, 0),
            VertexKind::Cabinet(id) => (5, id.as_u32()),
        };
        let (x, y) = (vertex.point.x as u32, vertex.point.y as u32);
        let at = mix(u64::from(x) << 32 | u64::from(y));
        mix(at ^ mix(kind << 32 | u64::from(number)).wrapping_add(if kind == 3 { sides } else { 0 }))
    };
    let mut order: Vec<(u64, u32)> = network.vertices.iter().zip(&sides).map(bare).zip(0..).collect();
    order.sort_unstable();
    let (mut last, mut count) = (None, 0);
    let place = |(bare, at)| {
        count = if last == Some(bare) { count + 1 } else { 0 };
        last = Some(bare);
        ((bare, count), at)
    };
    order.into_iter().map(place).collect()
}

/// What tells the vertices of one place from each other: both verges have a foot where a drop ends, and a junction has as many
/// corners as arms. A number made of the ways, and their sides, whose lines end at each vertex.
fn sides(network: &CandidateNetwork) -> Vec<u64> {
    let mut sides = vec![0_u64; network.vertices.len()];
    for edge in &network.edges {
        let parts = network.parts_of(edge);
        for (vertex, part) in [(edge.tail, parts.first()), (edge.head, parts.last())] {
            if let Some(Part { kind: PartKind::Along, origin: Origin::Way(way), side, .. }) = part {
                let one = breiband_random::mix(u64::from(way.as_u32()) << 2 | *side as u64);
                sides[vertex.index()] = sides[vertex.index()].wrapping_add(one);
            }
        }
    }
    sides
}

/// The vertices and edges of one network in the names of another that is nearly the same.
#[derive(Debug)]
pub(crate) struct Names {
    /// Today's name of each vertex of before.
    vertices: Vec<Option<u32>>,
    /// Today's ends of the edges of before, the smaller first, with their cost and their name then; ascending.
    edges: Vec<(u32, u32, u64, u32)>,
    /// For each edge of before, today's cheapest between the same vertices.
    today: Vec<Option<u32>>,
}

impl Names {
    /// O(n log n).
    pub(crate) fn new(before: &CandidateNetwork, now: &CandidateNetwork) -> Self {
        let (old, new) = (places(before), places(now));
        let mut vertices = vec![None; old.len()];
        let mut next = 0;
        for &(place, vertex) in &old {
            while new.get(next).is_some_and(|one| one.0 < place) {
                next += 1;
            }
            // Numbers may agree by chance: what no path passes is never taken for what one may.
            let is_sink = |network: &CandidateNetwork, v: u32| network.vertices[v as usize].kind.is_sink();
            let found = new.get(next).filter(|one| one.0 == place && is_sink(now, one.1) == is_sink(before, vertex));
            vertices[vertex as usize] = found.map(|one| one.1);
        }
        let named = |(name, edge): (u32, &breiband_model::Edge)| {
            let (tail, head) = (vertices[edge.tail.index()]?, vertices[edge.head.index()]?);
            Some((tail.min(head), tail.max(head), edge.cost.as_minor(), name))
        };
        let mut edges: Vec<_> = (0..).zip(&before.edges).filter_map(named).collect();
        // Most are in order already, which this sort knows how to use.
        edges.sort();
        let mut names = Self { vertices, edges, today: vec![None; before.edges.len()] };
        let mut next = 0;
        let ends = |edge: u32| now.edges.get(edge as usize).map(|edge| (edge.tail.as_u32(), edge.head.as_u32()));
        for &(tail, head, _, name) in &names.edges {
            while ends(next).is_some_and(|ends| ends < (tail, head)) {
                next += 1;
            }
            let same = (next..).take_while(|&edge| ends(edge) == Some((tail, head)));
            names.today[name as usize] = same.min_by_key(|&edge| (now.edges[edge as usize].cost, edge));
        }
        names
    }

    /// Today's name of a vertex.
    pub(crate) fn vertex(&self, before: u32) -> Option<u32> {
        self.vertices.get(before as usize).copied().flatten()
    }

    /// Today's cheapest edge between the ends of one of before.
    pub(crate) fn edge(&self, before: u32) -> Option<u32> {
        self.today.get(before as usize).copied().flatten()
    }

    /// Which of today's vertices were not there before.
    pub(crate) fn new_vertices(&self, count: usize) -> Vec<bool> {
        let mut is_new = vec![true; count];
        self.vertices.iter().flatten().for_each(|&vertex| is_new[vertex as usize] = false);
        is_new
    }

    /// Which of today's edges are new, or cost less than any that joined their ends before.
    pub(crate) fn fresh(&self, now: &CandidateNetwork) -> Vec<bool> {
        let mut next = 0;
        let fresh = |edge: &breiband_model::Edge| {
            let ends = (edge.tail.as_u32(), edge.head.as_u32());
            while self.edges.get(next).is_some_and(|one| (one.0, one.1) < ends) {
                next += 1;
            }
            self.edges.get(next).is_none_or(|one| (one.0, one.1) != ends || one.2 > edge.cost.as_minor())
        };
        now.edges.iter().map(fresh).collect()
    }
}
