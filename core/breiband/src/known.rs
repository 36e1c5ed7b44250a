//! What an earlier plan knew, as a start for one of nearly the same: its lines and its proof, found again by place.

use std::collections::BTreeSet;

use breiband_certificate::Certificate;
use breiband_model::{CandidateNetwork, Vertex, VertexKind};
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

/// Where a vertex is, what it is, and how many such there are at its place before it.
type Place = (i32, i32, u8, u32, u32);

impl Known {
    pub(crate) fn of(plan: &Plan) -> Self {
        let network = &plan.network;
        let ends = |edge: &breiband_model::EdgeId| {
            let edge = &network.edges[edge.index()];
            (edge.tail.as_u32(), edge.head.as_u32())
        };
        Self {
            places: places(network),
            built: plan.route.edges.iter().map(ends).collect(),
            certificate: plan.certificate.clone(),
        }
    }

    /// In the names of another network. O(vertices · log).
    pub(crate) fn start(self, network: &CandidateNetwork) -> Start {
        let mut now: Vec<(Place, u32)> = places(network).into_iter().zip(0..).collect();
        now.sort_unstable();
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

/// The place of each vertex: no two are the same.
fn places(network: &CandidateNetwork) -> Vec<Place> {
    let bare = |vertex: &Vertex| {
        let (kind, number) = match vertex.kind {
            VertexKind::Root => (0, 0),
            VertexKind::Handover(id) => (1, id.as_u32()),
            VertexKind::Mast(id) => (2, id.as_u32()),
            VertexKind::Way => (3, 0),
            VertexKind::Premises => (4, 0),
            VertexKind::Cabinet(id) => (5, id.as_u32()),
        };
        // There is one root, wherever the first handover is.
        let (x, y) = if kind == 0 { (0, 0) } else { (vertex.point.x, vertex.point.y) };
        (x, y, kind, number)
    };
    let mut order: Vec<_> = network.vertices.iter().map(bare).zip(0_usize..).collect();
    order.sort_unstable();
    let mut places = vec![(0, 0, 0, 0, 0); order.len()];
    let mut last = None;
    let mut count = 0;
    for (bare, at) in order {
        count = if last == Some(bare) { count + 1 } else { 0 };
        last = Some(bare);
        places[at] = (bare.0, bare.1, bare.2, bare.3, count);
    }
    places
}
