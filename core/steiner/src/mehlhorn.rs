//! A tree in O(m log n): spanning tree of the terminals' Voronoi regions (Mehlhorn 1988), then prune.
//!
//! A sink is represented by the foot of its cheapest drop, since no path may pass through it; the drop itself is chosen
//! last, among the feet the tree holds.

use crate::net::Net;
use crate::tree;
use breiband_graph::{UnionFind, Voronoi};

pub(crate) fn tree(net: &Net) -> Option<Vec<u32>> {
    let mut bases = vec![net.root];
    for &t in &net.terminals {
        if net.is_sink(t) {
            bases.push(net.graph.neighbours(t).min_by_key(|arc| (arc.cost, arc.edge))?.head);
        } else {
            bases.push(t);
        }
    }
    bases.sort_unstable();
    bases.dedup();
    let mut regions = Voronoi::new(&net.graph);
    regions.run(&net.graph, &bases, |_, arc| !net.is_sink(arc.head));
    let mut links = Vec::new();
    for (e, &(u, v, cost)) in net.graph.edges().iter().enumerate() {
        if net.is_sink(u) || net.is_sink(v) {
            continue;
        }
        if let (Some(a), Some(b)) = (regions.owner(u), regions.owner(v))
            && a != b
            && let (Some(from), Some(to)) = (regions.distance(u), regions.distance(v))
        {
            // One number sorts faster than two.
            links.push(u128::from(from + cost + to) << 32 | e as u128);
        }
    }
    links.sort_unstable();
    let mut sets = UnionFind::new(bases.len() as u32);
    let mut inside = vec![false; net.kind.len()];
    for &base in &bases {
        inside[base as usize] = true;
    }
    let mut vertices = bases;
    for link in links {
        let (u, v, _) = net.graph.edge(link as u32);
        if let (Some(a), Some(b)) = (regions.owner(u), regions.owner(v))
            && sets.union(a, b)
        {
            for mut at in [u, v] {
                // Behind a vertex that is there, its whole path is.
                while !std::mem::replace(&mut inside[at as usize], true) {
                    vertices.push(at);
                    if let Some(via) = regions.via(at) {
                        let (a, b, _) = net.graph.edge(via);
                        at ^= a ^ b;
                    }
                }
            }
        }
    }
    tree::best_on(net, &vertices)
}
