//! Minimum spanning forests (Kruskal 1956).

use crate::{Csr, UnionFind};

/// Edges of a minimum spanning forest among those for which `keep(edge)` holds, in increasing (cost, edge). O(m log m).
///
/// Ties go to the smaller edge number, so the forest is unique.
#[must_use]
pub fn minimum_spanning_forest(graph: &Csr, mut keep: impl FnMut(u32) -> bool) -> Vec<u32> {
    let mut order: Vec<(u64, u32)> =
        (0..graph.edge_count()).filter(|&e| keep(e)).map(|e| (graph.edge(e).2, e)).collect();
    order.sort_unstable();
    let mut sets = UnionFind::new(graph.vertex_count());
    let mut forest = Vec::new();
    for (_, e) in order {
        let (u, v, _) = graph.edge(e);
        if sets.union(u, v) {
            forest.push(e);
        }
    }
    forest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voronoi::tests::graphs;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn costs_what_petgraphs_does(g in graphs()) {
            use petgraph::data::Element;
            let ours: u64 = minimum_spanning_forest(&g, |_| true).iter().map(|&e| g.edge(e).2).sum();
            let theirs: u64 = petgraph::algo::min_spanning_tree(&g.to_petgraph())
                .filter_map(|element| match element {
                    Element::Edge { weight, .. } => Some(weight),
                    Element::Node { .. } => None,
                })
                .sum();
            prop_assert_eq!(ours, theirs);
        }
    }
}
