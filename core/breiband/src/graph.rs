//! The network as a petgraph graph, for analysts who want to look at it with other tools.

use breiband_model::{CandidateNetwork, Edge, EdgeId, Vertex};
use petgraph::graph::{NodeIndex, UnGraph};

use crate::Plan;

impl Plan {
    /// Everything that could be built as a petgraph graph: node `i` is vertex `i`, edge `i` is edge `i`; its length is
    /// [`CandidateNetwork::edge_length`]. O(n + m).
    pub fn to_petgraph(&self) -> UnGraph<Vertex, Edge> {
        graph_of(&self.network, 0..self.network.edges.len())
    }

    /// What is built as a petgraph graph: a tree from [`CandidateNetwork::ROOT`], and vertices that nothing leads to. Node `i`
    /// is vertex `i`; edges keep the order of `route.edges`. O(n + m).
    pub fn built_to_petgraph(&self) -> UnGraph<Vertex, Edge> {
        graph_of(&self.network, self.route.edges.iter().map(|e: &EdgeId| e.index()))
    }
}

fn graph_of(network: &CandidateNetwork, edges: impl Iterator<Item = usize>) -> UnGraph<Vertex, Edge> {
    let mut graph = UnGraph::with_capacity(network.vertices.len(), edges.size_hint().0);
    for vertex in &network.vertices {
        graph.add_node(*vertex);
    }
    for index in edges {
        let edge = network.edges[index];
        graph.add_edge(NodeIndex::new(edge.tail.index()), NodeIndex::new(edge.head.index()), edge);
    }
    graph
}
