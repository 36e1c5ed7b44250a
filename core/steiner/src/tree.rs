//! From a set of vertices to the best tree on them: spanning tree, best drop of each sink, prune.

use crate::NONE;
use crate::net::{Kind, Net};
use breiband_graph::UnionFind;

/// The endpoints of some edges, each once, ascending.
pub(crate) fn vertices_of(net: &Net, edges: &[u32]) -> Vec<u32> {
    let mut vertices: Vec<u32> = edges
        .iter()
        .flat_map(|&e| {
            let (u, v, _) = net.graph.edge(e);
            [u, v]
        })
        .collect();
    vertices.push(net.root);
    vertices.sort_unstable();
    vertices.dedup();
    vertices
}

/// A minimum spanning tree on the edges among `vertices` (sinks by their cheapest drop), pruned of what no terminal
/// needs; the edges ascending, or none if the vertices do not hold a tree with every terminal.
pub(crate) fn best_on(net: &Net, vertices: &[u32]) -> Option<Vec<u32>> {
    let mut inside = vec![false; net.kind.len()];
    for &v in vertices {
        inside[v as usize] = true;
    }
    let mut order = Vec::new();
    for &v in vertices {
        if net.is_sink(v) {
            continue;
        }
        for arc in net.graph.neighbours(v) {
            if v < arc.head && inside[arc.head as usize] && !net.is_sink(arc.head) {
                // One number sorts faster than two.
                order.push(u128::from(arc.cost) << 32 | u128::from(arc.edge));
            }
        }
    }
    order.sort_unstable();
    let mut sets = UnionFind::new(net.graph.vertex_count());
    let mut edges = Vec::with_capacity(vertices.len());
    for key in order {
        let e = key as u32;
        let (u, v, _) = net.graph.edge(e);
        if sets.union(u, v) {
            edges.push(e);
        }
    }
    for &t in &net.terminals {
        if net.is_sink(t) {
            let drop = net
                .graph
                .neighbours(t)
                .filter(|arc| inside[arc.head as usize] && sets.same(arc.head, net.root))
                .min_by_key(|arc| (arc.cost, arc.edge))?;
            edges.push(drop.edge);
        } else if !sets.same(t, net.root) {
            return None;
        }
    }
    edges.retain(|&e| {
        let (u, v, _) = net.graph.edge(e);
        net.is_sink(u) || net.is_sink(v) || sets.same(u, net.root)
    });
    prune(net, &mut edges);
    Some(edges)
}

/// Takes away leaves that are no terminals, again and again; `edges` is a forest, and is left ascending.
pub(crate) fn prune(net: &Net, edges: &mut Vec<u32>) {
    let n = net.kind.len();
    // The exclusive-or of a vertex's edges is its only edge once its degree is one.
    let mut degree = vec![0u32; n];
    let mut last = vec![0u32; n];
    for &e in edges.iter() {
        let (u, v, _) = net.graph.edge(e);
        for x in [u, v] {
            degree[x as usize] += 1;
            last[x as usize] ^= e;
        }
    }
    let mut gone = vec![false; 0];
    let mut stack: Vec<u32> = Vec::new();
    for &e in edges.iter() {
        let (u, v, _) = net.graph.edge(e);
        stack.extend([u, v].into_iter().filter(|&x| degree[x as usize] == 1 && net.kind[x as usize] == Kind::Plain));
    }
    if !stack.is_empty() {
        gone = vec![false; net.graph.edge_count() as usize];
    }
    while let Some(v) = stack.pop() {
        if degree[v as usize] != 1 {
            continue;
        }
        let e = last[v as usize];
        gone[e as usize] = true;
        let (a, b, _) = net.graph.edge(e);
        let other = a ^ b ^ v;
        degree[v as usize] = 0;
        degree[other as usize] -= 1;
        last[other as usize] ^= e;
        if degree[other as usize] == 1 && net.kind[other as usize] == Kind::Plain {
            stack.push(other);
        }
    }
    if !gone.is_empty() {
        edges.retain(|&e| !gone[e as usize]);
    }
    edges.sort_unstable();
}

/// Whether `edges` is a tree that holds the root and every terminal and passes through no sink.
pub(crate) fn is_solution(net: &Net, edges: &[u32]) -> bool {
    let mut sets = UnionFind::new(net.graph.vertex_count());
    let mut at_sink = vec![NONE; net.kind.len()];
    edges.iter().all(|&e| {
        let (u, v, _) = net.graph.edge(e);
        let single =
            [u, v].into_iter().all(|x| !net.is_sink(x) || std::mem::replace(&mut at_sink[x as usize], e) == NONE);
        single && sets.union(u, v)
    }) && net.terminals.iter().all(|&t| sets.same(t, net.root))
}
