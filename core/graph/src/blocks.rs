//! Blocks: the largest parts that no single vertex cuts apart (Hopcroft & Tarjan 1973).

use crate::{Csr, NONE};

/// The blocks of what can be reached from one vertex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocks {
    block: Vec<u32>,
    top: Vec<u32>,
}

impl Blocks {
    /// The block of an edge, or none if its ends are not reached.
    #[must_use]
    pub fn of_edge(&self, e: u32) -> Option<u32> {
        Some(self.block[e as usize]).filter(|&b| b != NONE)
    }

    /// By block, its vertex that lies nearest to the start. What hangs below a block has a smaller number.
    #[must_use]
    pub fn tops(&self) -> &[u32] {
        &self.top
    }
}

/// Finds the blocks of what `start` reaches. O(n + m).
///
/// ```
/// use breiband_graph::{Csr, blocks};
/// // A triangle 0–1–2 and an edge 2–3.
/// let graph = Csr::new(4, &[(0, 1, 1), (1, 2, 1), (2, 0, 1), (2, 3, 1)])?;
/// let blocks = blocks(&graph, 0);
/// assert_eq!(blocks.tops(), [2, 0]);
/// assert_eq!(blocks.of_edge(3), Some(0));
/// assert_eq!(blocks.of_edge(0), blocks.of_edge(2));
/// # Ok::<(), breiband_graph::GraphError>(())
/// ```
#[must_use]
pub fn blocks(graph: &Csr, start: u32) -> Blocks {
    let n = graph.vertex_count() as usize;
    let mut number = vec![0u32; n];
    let mut low = vec![0u32; n];
    let mut next: Vec<usize> = (0..n as u32).map(|v| graph.slots(v).start).collect();
    let mut found = Blocks { block: vec![NONE; graph.edge_count() as usize], top: Vec::new() };
    let (mut open, mut path) = (Vec::new(), vec![(start, NONE)]);
    let mut count = 1;
    number[start as usize] = count;
    low[start as usize] = count;
    while let Some(&(v, came)) = path.last() {
        let at = &mut next[v as usize];
        if *at < graph.slots(v).end {
            let arc = graph.arcs()[*at];
            *at += 1;
            let w = arc.head as usize;
            if arc.edge == came {
                continue;
            }
            if number[w] == 0 {
                count += 1;
                (number[w], low[w]) = (count, count);
                open.push(arc.edge);
                path.push((arc.head, arc.edge));
            } else if number[w] < number[v as usize] {
                open.push(arc.edge);
                low[v as usize] = low[v as usize].min(number[w]);
            }
            continue;
        }
        path.pop();
        let Some(&(above, _)) = path.last() else { break };
        low[above as usize] = low[above as usize].min(low[v as usize]);
        if low[v as usize] >= number[above as usize] {
            let name = found.top.len() as u32;
            found.top.push(above);
            while let Some(e) = open.pop() {
                found.block[e as usize] = name;
                if e == came {
                    break;
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{UnionFind, voronoi::tests::graphs};
    use proptest::prelude::*;

    proptest! {
        /// Two edges share a block exactly if no vertex parts them: by taking each vertex out in turn.
        #[test]
        fn no_vertex_parts_a_block(graph in graphs()) {
            let found = blocks(&graph, 0);
            let m = graph.edge_count();
            for e in 0..m {
                for f in e + 1..m {
                    let (Some(a), Some(b)) = (found.of_edge(e), found.of_edge(f)) else { continue };
                    // Ends that are not the vertex taken out stand for their edge.
                    let parted = (0..graph.vertex_count()).any(|x| {
                        let mut sets = UnionFind::new(graph.vertex_count());
                        for &(u, v, _) in graph.edges().iter().filter(|edge| edge.0 != x && edge.1 != x) {
                            sets.union(u, v);
                        }
                        let end = |e: u32| { let (u, v, _) = graph.edge(e); if u == x { v } else { u } };
                        !sets.same(end(e), end(f))
                    });
                    prop_assert_eq!(a == b, !parted, "edges {} and {}", e, f);
                }
            }
        }
    }
}
