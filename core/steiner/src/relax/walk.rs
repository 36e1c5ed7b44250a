//! A walk along the tree and what lies around it: what is near in the net is met soon after, and lies near in memory.

use super::LANES;
use super::reach::Nearby;
use crate::NONE;
use crate::net::Net;
use crate::tree;
use breiband_graph::Dijkstra;

/// Vertices that the search for a terminal's neighbours looks at.
const MET: usize = 300;

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
        let around = (0..net.graph.vertex_count()).filter_map(|v| dijkstra.via(v));
        edges.iter().copied().chain(around).for_each(|e| walked[e as usize] = true);
        for &t in net.terminals.iter().filter(|&&t| net.is_sink(t)) {
            // Whoever the tree leaves out hangs from the root there.
            let feet = net.graph.neighbours(t).filter(|arc| arc.head != net.root);
            let drop = feet.min_by_key(|arc| (!walked[arc.edge as usize], arc.cost, arc.edge)).map(|arc| arc.edge);
            net.graph.neighbours(t).for_each(|arc| walked[arc.edge as usize] = Some(arc.edge) == drop);
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
        let mut nearby = Nearby::new(net);
        let mut groups = Vec::with_capacity(net.terminals.len().div_ceil(LANES));
        let mut over = Vec::new();
        for &t in &self.order {
            if left[t as usize] == NONE {
                continue;
            }
            let (mut found, mut met) = (Vec::with_capacity(LANES), 0);
            nearby.visit(net, t, true, |v| {
                let i = std::mem::replace(&mut left[v as usize], NONE);
                found.extend(Some(i).filter(|&i| i != NONE));
                met += 1;
                found.len() < LANES && met < MET
            });
            match <[u32; LANES]>::try_from(found) {
                Ok(group) => groups.push(group),
                Err(found) => over.extend(found),
            }
        }
        let group = |some: &[u32]| std::array::from_fn(|k| some.get(k).copied().unwrap_or(NONE));
        groups.extend(over.chunks(LANES).map(group));
        groups
    }
}
