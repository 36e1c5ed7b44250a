//! Connected components.

use crate::{Csr, NONE};

/// Which component each vertex lies in; components are numbered by their smallest vertex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Components {
    /// Component of each vertex.
    pub of: Vec<u32>,
    /// Number of vertices of each component.
    pub sizes: Vec<u32>,
}

/// Finds the connected components. O(n + m).
#[must_use]
pub fn components(graph: &Csr) -> Components {
    let mut of = vec![NONE; graph.vertex_count() as usize];
    let mut sizes = Vec::new();
    let mut stack = Vec::new();
    for start in 0..graph.vertex_count() {
        if of[start as usize] != NONE {
            continue;
        }
        let id = sizes.len() as u32;
        let mut size = 0;
        of[start as usize] = id;
        stack.push(start);
        while let Some(v) = stack.pop() {
            size += 1;
            for arc in graph.neighbours(v) {
                let of = &mut of[arc.head as usize];
                if *of == NONE {
                    *of = id;
                    stack.push(arc.head);
                }
            }
        }
        sizes.push(size);
    }
    Components { of, sizes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UnionFind;
    use crate::voronoi::tests::graphs;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_union_find(g in graphs()) {
            let found = components(&g);
            let mut sets = UnionFind::new(g.vertex_count());
            for &(u, v, _) in g.edges() {
                sets.union(u, v);
            }
            for u in 0..g.vertex_count() {
                for v in 0..g.vertex_count() {
                    prop_assert_eq!(found.of[u as usize] == found.of[v as usize], sets.same(u, v));
                }
                prop_assert_eq!(found.sizes[found.of[u as usize] as usize], sets.size(u));
            }
        }
    }
}
