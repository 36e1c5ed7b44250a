//! To and from petgraph, so that analysts can go on with the tools they know.

use crate::{Csr, GraphError};
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::visit::EdgeRef;

impl Csr {
    /// The same graph for petgraph: node and edge indices are our vertex and edge numbers, weights our costs.
    #[must_use]
    pub fn to_petgraph(&self) -> UnGraph<(), u64, u32> {
        let mut graph = UnGraph::with_capacity(self.vertex_count() as usize, self.edge_count() as usize);
        for _ in 0..self.vertex_count() {
            graph.add_node(());
        }
        for &(u, v, cost) in self.edges() {
            graph.add_edge(NodeIndex::new(u as usize), NodeIndex::new(v as usize), cost);
        }
        graph
    }

    /// Freezes a petgraph graph, edge costs by `cost`.
    ///
    /// # Errors
    /// As [`Csr::new`].
    pub fn from_petgraph<N, E>(
        graph: &UnGraph<N, E, u32>,
        mut cost: impl FnMut(&E) -> u64,
    ) -> Result<Self, GraphError> {
        let edges = graph
            .edge_references()
            .map(|e| (e.source().index() as u32, e.target().index() as u32, cost(e.weight())))
            .collect();
        Self::from_edges(graph.node_count() as u32, edges)
    }
}

#[cfg(test)]
mod tests {
    use crate::Csr;
    use crate::voronoi::tests::graphs;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn there_and_back(g in graphs()) {
            let back = Csr::from_petgraph(&g.to_petgraph(), |&c| c).unwrap();
            prop_assert_eq!(back.edges(), g.edges());
            prop_assert_eq!(back.vertex_count(), g.vertex_count());
        }
    }
}
