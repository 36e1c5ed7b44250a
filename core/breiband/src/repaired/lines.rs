//! The lines: what was built and may be still, and the shortest ways from it to whoever has none.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use breiband_graph::Csr;
use breiband_model::CandidateNetwork;

use crate::Plan;
use crate::known::Names;

/// A tree that reaches all terminals and cabinets but those that nothing reaches; both ascending.
pub(super) struct Joined {
    pub(super) edges: Vec<u32>,
    pub(super) unreachable: Vec<u32>,
}

/// What was built, as far as it may be still and leads to somebody; and one after the other, the shortest way to it from
/// whoever is cut off or new, over pieces of what was built for nothing.
pub(super) fn joined(network: &CandidateNetwork, names: &Names, graph: &Csr, before: &Plan) -> Joined {
    let mut is_free = vec![false; network.edges.len()];
    for edge in &before.route.edges {
        if let Some(edge) = names.edge(edge.as_u32()) {
            is_free[edge as usize] = true;
        }
    }
    let mut wanted: Vec<u32> = network.required().map(|vertex| vertex.as_u32()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let count = network.vertices.len();
    let mut joiner = Joiner {
        network,
        graph,
        is_free,
        is_joined: vec![false; count],
        found: vec![(u64::MAX, u32::MAX); count],
        touched: Vec::new(),
        edges: Vec::new(),
    };
    let mut is_cut_off = vec![false; count];
    joiner.join(CandidateNetwork::ROOT.as_u32());
    for &vertex in &wanted {
        if !joiner.is_joined[vertex as usize] && !is_cut_off[vertex as usize] && !joiner.reach(vertex) {
            // Whoever it could have come by is cut off too.
            joiner.touched.iter().for_each(|&v| is_cut_off[v as usize] = true);
        }
    }
    let (mut edges, is_joined) = (joiner.edges, joiner.is_joined);
    let unreachable = wanted.iter().copied().filter(|&vertex| !is_joined[vertex as usize]).collect();
    prune(network, &mut edges, wanted);
    edges.sort_unstable();
    Joined { edges, unreachable }
}

/// A tree that grows from the root.
struct Joiner<'a> {
    network: &'a CandidateNetwork,
    graph: &'a Csr,
    /// What was built before.
    is_free: Vec<bool>,
    is_joined: Vec<bool>,
    /// How far a vertex is from where the search begins, and the edge towards there: of the last search's `touched`.
    found: Vec<(u64, u32)>,
    touched: Vec<u32>,
    edges: Vec<u32>,
}

impl Joiner<'_> {
    fn is_sink(&self, vertex: u32) -> bool {
        self.network.vertices[vertex as usize].kind.is_sink()
    }

    /// Joins a vertex with all that hangs on it by what was built.
    fn join(&mut self, vertex: u32) {
        if std::mem::replace(&mut self.is_joined[vertex as usize], true) {
            return;
        }
        let mut open = vec![vertex];
        while let Some(vertex) = open.pop() {
            if self.is_sink(vertex) {
                continue;
            }
            for arc in self.graph.neighbours(vertex) {
                if self.is_free[arc.edge as usize] && !std::mem::replace(&mut self.is_joined[arc.head as usize], true) {
                    self.edges.push(arc.edge);
                    open.push(arc.head);
                }
            }
        }
    }

    /// Joins a vertex by the shortest way to the tree; whether there is one.
    fn reach(&mut self, from: u32) -> bool {
        for vertex in self.touched.drain(..) {
            self.found[vertex as usize] = (u64::MAX, u32::MAX);
        }
        self.found[from as usize].0 = 0;
        self.touched.push(from);
        let mut open = BinaryHeap::from([Reverse((0_u64, from))]);
        while let Some(Reverse((so_far, vertex))) = open.pop() {
            if self.is_joined[vertex as usize] {
                self.adopt(from, vertex);
                return true;
            }
            if so_far > self.found[vertex as usize].0 || (vertex != from && self.is_sink(vertex)) {
                continue;
            }
            for arc in self.graph.neighbours(vertex) {
                // The tree is left by no sink.
                if self.is_joined[arc.head as usize] && self.is_sink(arc.head) {
                    continue;
                }
                let cost = if self.is_free[arc.edge as usize] { 0 } else { arc.cost };
                let reach = so_far.saturating_add(cost);
                let known = &mut self.found[arc.head as usize];
                if reach < known.0 {
                    if known.0 == u64::MAX {
                        self.touched.push(arc.head);
                    }
                    *known = (reach, arc.edge);
                    open.push(Reverse((reach, arc.head)));
                }
            }
        }
        false
    }

    /// Takes the way from a place in the tree to where the search began, with what hangs on it.
    fn adopt(&mut self, from: u32, tree: u32) {
        let mut at = tree;
        while at != from {
            let edge = self.found[at as usize].1;
            let (one, other, _) = self.graph.edge(edge);
            at ^= one ^ other;
            if !self.is_joined[at as usize] {
                self.edges.push(edge);
                self.join(at);
            }
        }
    }
}

/// Takes away what leads to nobody of those `wanted`, again and again; `edges` is a forest and keeps its order.
pub(crate) fn prune(network: &CandidateNetwork, edges: &mut Vec<u32>, wanted: impl IntoIterator<Item = u32>) {
    let mut keep = vec![false; network.vertices.len()];
    keep[CandidateNetwork::ROOT.index()] = true;
    wanted.into_iter().for_each(|vertex| keep[vertex as usize] = true);
    let ends = |edge: u32| {
        let edge = &network.edges[edge as usize];
        [edge.tail.index(), edge.head.index()]
    };
    // The exclusive-or of a vertex's edges is its only edge once there is one left.
    let mut last = vec![(0_u32, 0_u32); network.vertices.len()];
    for &edge in edges.iter() {
        ends(edge).into_iter().for_each(|v| last[v] = (last[v].0 + 1, last[v].1 ^ edge));
    }
    let mut gone = BTreeSet::new();
    let mut open: Vec<usize> = (0..last.len()).filter(|&v| last[v].0 == 1 && !keep[v]).collect();
    while let Some(v) = open.pop() {
        let (count, edge) = last[v];
        if count != 1 {
            continue;
        }
        gone.insert(edge);
        for end in ends(edge) {
            last[end] = (last[end].0 - 1, last[end].1 ^ edge);
            if last[end].0 == 1 && !keep[end] {
                open.push(end);
            }
        }
    }
    edges.retain(|edge| !gone.contains(edge));
}
