//! The finished network: what no handover reaches is listed, chains become single edges, and vertices are numbered in the
//! order of a walk from the root, so that neighbours lie near each other in memory.

use breiband_model::{
    CandidateNetwork, CostBook, Edge, LeftOut, LeftOutReason, Money, Origin, Part, Point, VertexId, VertexKind,
};

use crate::draft::Draft;

const NONE: u32 = u32::MAX;

/// The draft's edges by vertex.
struct Rows {
    first: Vec<u32>,
    edges: Vec<u32>,
}

impl Rows {
    fn new(draft: &Draft) -> Self {
        let mut first = vec![0_u32; draft.vertices.len() + 1];
        for edge in &draft.edges {
            first[edge.tail as usize] += 1;
            first[edge.head as usize] += 1;
        }
        let mut total = 0;
        for slot in &mut first {
            total += std::mem::replace(slot, total);
        }
        let mut next = first.clone();
        let mut edges = vec![0; total as usize];
        for (index, edge) in (0..).zip(&draft.edges) {
            for vertex in [edge.tail, edge.head] {
                let slot = &mut next[vertex as usize];
                edges[*slot as usize] = index;
                *slot += 1;
            }
        }
        Self { first, edges }
    }

    fn of(&self, vertex: u32) -> &[u32] {
        &self.edges[self.slots(vertex)]
    }

    /// The places of a vertex's edges.
    fn slots(&self, vertex: u32) -> std::ops::Range<usize> {
        self.first[vertex as usize] as usize..self.first[vertex as usize + 1] as usize
    }
}

/// Which vertices the root reaches.
pub(crate) fn reached(draft: &Draft) -> Vec<bool> {
    let rows = Rows::new(draft);
    let mut reached = vec![false; draft.vertices.len()];
    let mut stack = vec![0];
    reached[0] = true;
    while let Some(vertex) = stack.pop() {
        for &edge in rows.of(vertex) {
            let other = other_end(draft, edge, vertex);
            // A premises is a sink: nothing is reached through it.
            if !reached[other as usize] {
                reached[other as usize] = true;
                if !draft.vertices[other as usize].kind.is_sink() {
                    stack.push(other);
                }
            }
        }
    }
    reached
}

/// Keeps only edges whose ends are reached; a drop into ways that are not reached goes with them.
pub(crate) fn keep_reached(draft: &mut Draft, reached: &[bool]) {
    let vertices = &draft.vertices;
    let on_ways = |v: u32| vertices[v as usize].kind == VertexKind::Premises || reached[v as usize];
    draft.edges.retain(|edge| on_ways(edge.tail) && on_ways(edge.head));
}

/// A chain of edges between two vertices that stay.
struct Chain {
    tail: u32,
    head: u32,
    /// The first draft edge seen from the tail.
    edge: u32,
}

/// Contracts chains, renumbers, sorts and prices. `sinks` are the draft's vertices of the terminals, `cabinets` those of the cabinets.
pub(crate) fn freeze(
    draft: Draft,
    (sinks, cabinets): (&[u32], &[u32]),
    book: &CostBook,
    network: &mut CandidateNetwork,
) {
    let rows = Rows::new(&draft);
    let mut stays: Vec<bool> = (0..draft.vertices.len() as u32)
        .map(|v| {
            let edges = rows.of(v);
            draft.vertices[v as usize].kind != VertexKind::Way
                || !(edges.is_empty()
                    || edges.len() == 2 && other_end(&draft, edges[0], v) != other_end(&draft, edges[1], v))
        })
        .collect();
    // Vertices without edges neither stay nor are passed.
    let (order, ends) = number(&draft, &rows, &mut stays, sinks);
    let mut new_id = vec![NONE; draft.vertices.len()];
    for (id, &vertex) in (0..).zip(&order) {
        new_id[vertex as usize] = id;
    }
    let mut chains: Vec<Chain> = Vec::with_capacity(draft.edges.len());
    for (tail, &vertex) in (0..).zip(&order) {
        let first = chains.len();
        for slot in rows.slots(vertex) {
            let head = new_id[ends[slot] as usize];
            // Each chain is met from both ends and kept from the smaller; `number` left no loops.
            if tail < head {
                chains.push(Chain { tail, head, edge: rows.edges[slot] });
            }
        }
        chains[first..].sort_unstable_by_key(|c| (c.head, c.edge));
    }
    network.vertices = order.iter().map(|&v| draft.vertices[v as usize]).collect();
    network.edges = Vec::with_capacity(chains.len());
    let mut points: Vec<Point> = Vec::with_capacity(draft.points.len());
    let mut parts: Vec<Part> = Vec::with_capacity(draft.parts.len());
    for chain in &chains {
        let from = parts.len();
        walk(&draft, &rows, &stays, order[chain.tail as usize], chain.edge, |edge, forwards| {
            let source = draft.parts_of(&draft.edges[edge as usize]);
            let mut copy = |part: &Part| {
                let at = points.len() as u32;
                let geometry = &draft.points[part.geometry.0 as usize..part.geometry.1 as usize];
                if forwards {
                    points.extend_from_slice(geometry);
                } else {
                    points.extend(geometry.iter().rev());
                }
                parts.push(Part { geometry: (at, points.len() as u32), ..*part });
            };
            if forwards { source.iter().for_each(&mut copy) } else { source.iter().rev().for_each(&mut copy) }
        });
        network.edges.push(Edge {
            tail: VertexId::new(chain.tail),
            head: VertexId::new(chain.head),
            cost: Money::ZERO,
            running: Money::ZERO,
            parts: (from as u32, parts.len() as u32),
        });
    }
    (network.parts, network.points) = (parts, points);
    network.price_all(book);
    for (terminal, &vertex) in network.terminals.iter_mut().zip(sinks) {
        terminal.vertex = VertexId::new(new_id[vertex as usize]);
    }
    for (cabinet, &vertex) in network.cabinets.iter_mut().zip(cabinets) {
        let id = new_id[vertex as usize];
        cabinet.vertex = (id != NONE).then(|| VertexId::new(id));
    }
}

/// The vertices that stay, in the order of a depth-first walk from the root; then sinks that it does not meet. Where a chain
/// would lead back to where it began, one vertex of it is made to stay. Also, by slot of `rows`, the vertex at the end of the chain
/// that begins there.
fn number(draft: &Draft, rows: &Rows, stays: &mut [bool], sinks: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut order = Vec::new();
    let mut ends = vec![NONE; rows.edges.len()];
    let mut seen = vec![false; draft.vertices.len()];
    let mut stack = Vec::new();
    for start in std::iter::once(0).chain(sinks.iter().copied()) {
        stack.push(start);
        while let Some(vertex) = stack.pop() {
            if std::mem::replace(&mut seen[vertex as usize], true) {
                continue;
            }
            order.push(vertex);
            // Last in, first out: the first edge is followed first.
            for slot in rows.slots(vertex).rev() {
                let edge = rows.edges[slot];
                if ends[slot] == NONE {
                    let (mut head, mut last) = walk(draft, rows, stays, vertex, edge, |_, _| {});
                    if head == vertex {
                        (head, last) = (other_end(draft, edge, vertex), edge);
                        stays[head as usize] = true;
                    }
                    ends[slot] = head;
                    // The same chain from its other end.
                    if let Some(back) = rows.slots(head).find(|&slot| rows.edges[slot] == last) {
                        ends[back] = vertex;
                    }
                }
                if !seen[ends[slot] as usize] {
                    stack.push(ends[slot]);
                }
            }
        }
    }
    (order, ends)
}

/// Follows `edge` from `vertex` through vertices that do not stay; calls `each` with every edge and whether it is walked
/// forwards. Returns the vertex and the edge it ends with.
fn walk(
    draft: &Draft,
    rows: &Rows,
    stays: &[bool],
    vertex: u32,
    edge: u32,
    mut each: impl FnMut(u32, bool),
) -> (u32, u32) {
    let (mut at, mut edge) = (vertex, edge);
    loop {
        each(edge, draft.edges[edge as usize].tail == at);
        at = other_end(draft, edge, at);
        if stays[at as usize] {
            return (at, edge);
        }
        match rows.of(at) {
            &[a, b] => edge = if a == edge { b } else { a },
            _ => return (at, edge),
        }
    }
}

fn other_end(draft: &Draft, edge: u32, vertex: u32) -> u32 {
    let edge = &draft.edges[edge as usize];
    if edge.tail == vertex { edge.head } else { edge.tail }
}

/// Adds to `list`, joining what has the same origin, reason and detail as the entry before.
pub(crate) fn leave_out(list: &mut Vec<LeftOut>, origin: Origin, reason: LeftOutReason, length_mm: u64, detail: &str) {
    match list.last_mut() {
        Some(last) if last.origin == origin && last.reason == reason && last.detail == detail => {
            last.length_mm += length_mm;
        }
        _ => list.push(LeftOut { origin, reason, length_mm, detail: detail.to_owned() }),
    }
}
