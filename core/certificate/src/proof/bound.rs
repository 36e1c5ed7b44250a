//! What potentials rule out: edges and branchings that no solution below U holds (Duin 1993).
//!
//! A certificate of value L leaves residual costs. A solution, cut down to a tree that ends at terminals and is walked from
//! r, costs L and the residual costs of all its arcs at least. With an arc it holds a way from r to it and one on to a
//! terminal; with a branching, a way to it and two on to different terminals, and these share no arc.

use super::extend::{Extension, Priced};
use super::graph::{Graph, Kind, Reached};
use super::replay::Refusal;
use crate::check::{Paid, paid};
use crate::{Certificate, Instance};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What has been ruled out, by number; empty where nothing has.
#[derive(Debug, Default)]
pub(super) struct Ruled {
    dear: Vec<bool>,
    straight: Vec<bool>,
    /// The graph under the last potentials, and what its vertices and edges are called.
    last: Option<(Extension, Reached)>,
}

impl Ruled {
    /// Whether no best solution can go on from an edge.
    pub(super) fn stuck(&mut self, e: u32) -> bool {
        let Some((extension, names)) = &mut self.last else { return false };
        names.edges.binary_search(&e).is_ok_and(|i| extension.edge(i as u32))
    }

    /// Whether no best solution can go on from a branching at a vertex; then that is ruled out.
    pub(super) fn stuck_branching(&mut self, v: u32) -> bool {
        let Some((extension, names)) = &mut self.last else { return false };
        let stuck = names.vertices.binary_search(&v).is_ok_and(|i| extension.branching(i as u32));
        if stuck {
            self.straight[v as usize] = true;
        }
        stuck
    }

    /// Whether no solution in question holds an edge.
    pub(super) fn dear(&self, e: u32) -> bool {
        self.dear.get(e as usize) == Some(&true)
    }

    /// Whether no solution in question branches at a vertex.
    pub(super) fn straight(&self, v: u32) -> bool {
        self.straight.get(v as usize) == Some(&true)
    }

    /// An edge between others was made: what is known of edges is no longer relied on.
    pub(super) fn edges_changed(&mut self) {
        (self.dear, self.last) = (Vec::new(), None);
    }

    /// The graph changed.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Checks potentials on what the root reaches and adds to `ruled` what they rule out; whether they prove the graph's whole
/// claim. That is so too if the root does not reach some terminal.
pub(super) fn apply(graph: &Graph, certificate: &Certificate, target: u64, ruled: &mut Ruled) -> Result<bool, Refusal> {
    let Some(reached) = graph.reached() else { return Ok(true) };
    let name = |v: u32| reached.vertices.binary_search(&v).map(|i| i as u32).map_err(|_| Refusal::Vertex(v));
    let mut edges = Vec::with_capacity(reached.edges.len());
    for &e in &reached.edges {
        let (u, v, cost) = graph.edge(e)?;
        edges.push((name(u)?, name(v)?, cost));
    }
    let mut renamed = Certificate::new(name(certificate.root())?);
    for (t, vertices, values) in certificate.blocks() {
        let t = name(t)?;
        for (&v, &value) in vertices.iter().zip(values) {
            renamed.append(t, name(v)?, value);
        }
    }
    let kind: Vec<Kind> = reached.vertices.iter().map(|&v| graph.kind[v as usize]).collect();
    let vertices = kind.len() as u32;
    let terminals: Vec<_> = (0..vertices).filter(|&v| kind[v as usize] != Kind::Plain).map(|v| (v, None)).collect();
    let sinks: Vec<u32> = (0..vertices).filter(|&v| kind[v as usize] == Kind::Sink).collect();
    let root = name(graph.root)?;
    let instance = Instance { vertices, edges: &edges, root, terminals: &terminals, sinks: &sinks };
    let paid = paid(&instance, &renamed)?;
    let Some(slack) = target.checked_sub(graph.fixed).and_then(|rest| rest.checked_sub(paid.bound)) else {
        return Ok(true);
    };
    if slack == 0 {
        return Ok(true);
    }
    ruled.dear.resize(graph.edge_count(), false);
    ruled.straight.resize(graph.kind.len(), false);
    let view = View { kind: &kind, root: renamed.root(), edges: edges.len(), paid: &paid, slack };
    let twins = view.twins();
    let (from, [one, two]) = (view.root_distances(&twins), view.terminal_distances());
    let mut needed = vec![false; edges.len()];
    for v in 0..kind.len() {
        for slot in paid.rows.slots(v as u32) {
            let (tail, e) = paid.rows.arcs[slot];
            let through = from[tail as usize].saturating_add(paid.left[slot]).saturating_add(one[v]);
            needed[e as usize] |= kind[tail as usize] != Kind::Sink && through < slack;
        }
        if kind[v] == Kind::Plain && from[v].saturating_add(one[v]).saturating_add(two[v]) >= slack {
            ruled.straight[reached.vertices[v] as usize] = true;
        }
    }
    for (i, &e) in reached.edges.iter().enumerate() {
        ruled.dear[e as usize] |= !needed[i];
    }
    let Paid { rows, left, .. } = paid;
    let priced = Priced { rows, edges, kind, left, twins, from, to: one, slack };
    ruled.last = Some((Extension::new(priced), reached));
    Ok(false)
}

/// A graph's residual costs, in its own numbers.
struct View<'a> {
    kind: &'a [Kind],
    root: u32,
    edges: usize,
    paid: &'a Paid,
    /// Distances from here on are all the same.
    slack: u64,
}

impl View<'_> {
    /// By slot: the other one of the edge. What enters one end leaves the other.
    fn twins(&self) -> Vec<usize> {
        let mut first = vec![None; self.edges];
        let mut twins = vec![0; self.paid.rows.arcs.len()];
        for (slot, &(_, e)) in self.paid.rows.arcs.iter().enumerate() {
            match first[e as usize] {
                None => first[e as usize] = Some(slot),
                Some(other) => (twins[slot], twins[other]) = (other, slot),
            }
        }
        twins
    }

    /// Residual distances from the root.
    fn root_distances(&self, twins: &[usize]) -> Vec<u64> {
        let rows = &self.paid.rows;
        let mut distance = vec![u64::MAX; self.kind.len()];
        distance[self.root as usize] = 0;
        let mut heap = BinaryHeap::from([Reverse((0u64, self.root))]);
        while let Some(Reverse((reach, v))) = heap.pop() {
            if reach > distance[v as usize] || self.kind[v as usize] == Kind::Sink {
                continue;
            }
            for slot in rows.slots(v) {
                let (head, _) = rows.arcs[slot];
                let reach = reach.saturating_add(self.paid.left[twins[slot]]);
                if reach < self.slack && reach < distance[head as usize] {
                    distance[head as usize] = reach;
                    heap.push(Reverse((reach, head)));
                }
            }
        }
        distance
    }

    /// Residual distances to the nearest terminal, and to the nearest of the others.
    fn terminal_distances(&self) -> [Vec<u64>; 2] {
        let n = self.kind.len();
        let mut distance = [vec![u64::MAX; n], vec![u64::MAX; n]];
        let mut owner = vec![None; n];
        let ends = (0..n as u32).filter(|&t| t != self.root && self.kind[t as usize] != Kind::Plain);
        let mut heap: BinaryHeap<_> = ends.map(|t| Reverse((0u64, t, t))).collect();
        while let Some(Reverse((reach, v, t))) = heap.pop() {
            let at = v as usize;
            match owner[at] {
                None => (owner[at], distance[0][at]) = (Some(t), reach),
                Some(first) if first != t && distance[1][at] == u64::MAX => distance[1][at] = reach,
                Some(_) => continue,
            }
            for slot in self.paid.rows.slots(v) {
                let (tail, _) = self.paid.rows.arcs[slot];
                let reach = reach.saturating_add(self.paid.left[slot]);
                let there = tail as usize;
                let open = owner[there] != Some(t) && distance[1][there] == u64::MAX;
                if reach < self.slack && open && self.kind[there] != Kind::Sink {
                    heap.push(Reverse((reach, tail, t)));
                }
            }
        }
        distance
    }
}
