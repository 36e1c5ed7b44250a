//! A walk along the tree and what lies around it: what is near in the net is met soon after, and lies near in memory.

use super::LANES;
use crate::NONE;
use crate::net::Net;
use crate::tree;
use breiband_graph::{Dijkstra, MinHeap};

/// All vertices, one after the other.
pub(super) struct Walk {
    pub(super) order: Vec<u32>,
    /// By vertex: its place in the order.
    pub(super) rank: Vec<u32>,
}

impl Walk {
    /// Through the tree from the root, and through what hangs on it by shortest ways; each sink when the walk comes to where the tree
    /// drops to it, or where it is cheapest to. O(m log n).
    pub(super) fn along(net: &Net, edges: &[u32]) -> Self {
        let mut vertices = tree::vertices_of(net, edges);
        vertices.retain(|&v| !net.is_sink(v));
        let mut dijkstra = Dijkstra::new(&net.graph);
        dijkstra.run_filtered(&net.graph, &vertices, |_, arc| !net.is_sink(arc.head));
        let mut walked = vec![false; net.graph.edge_count() as usize];
        let on_tree = edges.iter().copied().filter(|&e| {
            let (u, v, _) = net.graph.edge(e);
            !net.is_sink(u) || !net.is_sink(v)
        });
        let around = (0..net.graph.vertex_count()).filter_map(|v| dijkstra.via(v));
        on_tree.chain(around).for_each(|e| walked[e as usize] = true);
        for &t in net.terminals.iter().filter(|&&t| net.is_sink(t)) {
            let feet = || net.graph.slots(t).map(|slot| net.graph.arcs()[slot]).filter(|arc| arc.head != net.root);
            let foot = feet().min_by_key(|arc| (!walked[arc.edge as usize], arc.cost, arc.edge));
            // Whoever the tree leaves out hangs from the root there.
            net.graph
                .neighbours(t)
                .for_each(|arc| walked[arc.edge as usize] = Some(arc.edge) == foot.map(|foot| foot.edge));
        }
        let mut walk = Self { order: Vec::with_capacity(net.kind.len()), rank: vec![NONE; net.kind.len()] };
        let mut stack: Vec<u32> = (0..net.graph.vertex_count()).rev().chain([net.root]).collect();
        while let Some(v) = stack.pop() {
            if walk.rank[v as usize] == NONE {
                walk.rank[v as usize] = walk.order.len() as u32;
                walk.order.push(v);
                stack.extend(net.graph.neighbours(v).filter(|arc| walked[arc.edge as usize]).map(|arc| arc.head));
            }
        }
        walk
    }

    /// The terminals by their positions, four and four: as the walk meets them, each with the nearest that are left.
    /// [`NONE`] fills the last group up.
    pub(super) fn groups(&self, net: &Net) -> Vec<[u32; LANES]> {
        let mut left = vec![NONE; net.kind.len()];
        (0..).zip(&net.terminals).for_each(|(i, &t)| left[t as usize] = i);
        let mut near = Near::new(net);
        let mut groups = Vec::with_capacity(net.terminals.len().div_ceil(LANES));
        let mut over = Vec::new();
        for &t in &self.order {
            if left[t as usize] == NONE {
                continue;
            }
            let found = near.around(net, t, &left);
            let group: [u32; LANES] = std::array::from_fn(|k| found.get(k).map_or(NONE, |&t| left[t as usize]));
            found.iter().for_each(|&t| left[t as usize] = NONE);
            if group[LANES - 1] == NONE {
                over.extend(group.into_iter().filter(|&i| i != NONE));
            } else {
                groups.push(group);
            }
        }
        let group = |some: &[u32]| std::array::from_fn(|k| some.get(k).copied().unwrap_or(NONE));
        groups.extend(over.chunks(LANES).map(group));
        groups
    }
}

/// Vertices that the search for neighbours settles.
const SETTLED: usize = 300;

/// The workspace of that search.
struct Near {
    distance: Vec<u64>,
    touched: Vec<u32>,
    heap: MinHeap,
}

impl Near {
    fn new(net: &Net) -> Self {
        let heap = MinHeap::new(net.graph.vertex_count(), net.graph.max_distance());
        Self { distance: vec![u64::MAX; net.kind.len()], touched: Vec::new(), heap }
    }

    /// A terminal, and those that are nearest to it of those that are left.
    fn around(&mut self, net: &Net, t: u32, left: &[u32]) -> Vec<u32> {
        let mut found = Vec::with_capacity(LANES);
        self.heap.clear();
        self.touched.drain(..).for_each(|v| self.distance[v as usize] = u64::MAX);
        self.distance[t as usize] = 0;
        self.touched.push(t);
        self.heap.push(0, t);
        let mut settled = 0;
        while let Some((reach, v)) = self.heap.pop() {
            if reach > self.distance[v as usize] || v == net.root {
                continue;
            }
            if left[v as usize] != NONE {
                found.push(v);
            }
            settled += 1;
            if found.len() == LANES || settled == SETTLED {
                break;
            }
            if v != t && net.is_sink(v) {
                continue;
            }
            for arc in net.graph.neighbours(v) {
                let reach = reach + arc.cost;
                let old = &mut self.distance[arc.head as usize];
                if reach < *old {
                    if *old == u64::MAX {
                        self.touched.push(arc.head);
                    }
                    *old = reach;
                    self.heap.push(reach, arc.head);
                }
            }
        }
        found
    }
}
