//! The frozen graph: adjacency in compressed rows.

use std::ops::Range;

/// Why a list of edges is not a graph.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// An endpoint is not below the number of vertices.
    #[error("edge {edge}: vertex {vertex} is not below the number of vertices, {vertices}")]
    OutOfRange {
        /// Position of the edge in the list.
        edge: usize,
        /// The endpoint.
        vertex: u32,
        /// Number of vertices.
        vertices: u32,
    },
    /// Both endpoints are the same vertex.
    #[error("edge {edge}: it joins vertex {vertex} to itself")]
    SelfLoop {
        /// Position of the edge in the list.
        edge: usize,
        /// The vertex.
        vertex: u32,
    },
    /// All costs together do not fit 64 bits, so distances might not either.
    #[error("edge {edge}: the sum of all costs up to here exceeds 64 bits")]
    CostOverflow {
        /// Position of the edge in the list.
        edge: usize,
    },
    /// More edges than 32-bit arc positions can number, or the one vertex number kept for "none".
    #[error("too large: {vertices} vertices and {edges} edges")]
    TooLarge {
        /// Number of vertices.
        vertices: u32,
        /// Number of edges.
        edges: usize,
    },
}

/// One direction of an edge, as seen from its tail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arc {
    /// The vertex it leads to.
    pub head: u32,
    /// The edge it is a direction of.
    pub edge: u32,
    /// The edge's cost.
    pub cost: u64,
}

/// An undirected graph in compressed rows: 16 bytes an edge for the list, 32 for its two arcs.
///
/// Parallel edges and zero costs are allowed, self-loops are not. Neighbours come in the order of the edge list.
#[derive(Debug, Clone)]
pub struct Csr {
    first: Vec<u32>,
    arcs: Vec<Arc>,
    edges: Vec<(u32, u32, u64)>,
    max_distance: u64,
}

impl Csr {
    /// Freezes `edges` (two endpoints and a cost each) over the vertices `0..vertices`. O(n + m).
    ///
    /// # Errors
    /// An endpoint out of range, a self-loop, costs whose sum does not fit 64 bits, 2³² − 1 vertices or 2³¹ edges.
    pub fn new(vertices: u32, edges: &[(u32, u32, u64)]) -> Result<Self, GraphError> {
        Self::from_edges(vertices, edges.to_vec())
    }

    /// As [`Csr::new`], taking the list instead of copying it.
    ///
    /// # Errors
    /// As [`Csr::new`].
    pub fn from_edges(vertices: u32, edges: Vec<(u32, u32, u64)>) -> Result<Self, GraphError> {
        if vertices == u32::MAX || edges.len() >= (1 << 31) {
            return Err(GraphError::TooLarge { vertices, edges: edges.len() });
        }
        let mut first = vec![0u32; vertices as usize + 1];
        let (mut sum, mut largest) = (0u64, 0u64);
        for (edge, &(u, v, cost)) in edges.iter().enumerate() {
            if let Some(vertex) = [u, v].into_iter().find(|&x| x >= vertices) {
                return Err(GraphError::OutOfRange { edge, vertex, vertices });
            }
            if u == v {
                return Err(GraphError::SelfLoop { edge, vertex: u });
            }
            sum = sum.checked_add(cost).ok_or(GraphError::CostOverflow { edge })?;
            largest = largest.max(cost);
            first[u as usize] += 1;
            first[v as usize] += 1;
        }
        let mut at = 0;
        for slot in &mut first {
            at += std::mem::replace(slot, at);
        }
        let mut arcs = vec![Arc { head: 0, edge: 0, cost: 0 }; edges.len() * 2];
        for (edge, &(u, v, cost)) in edges.iter().enumerate() {
            for (tail, head) in [(u, v), (v, u)] {
                let slot = &mut first[tail as usize];
                arcs[*slot as usize] = Arc { head, edge: edge as u32, cost };
                *slot += 1;
            }
        }
        first.rotate_right(1);
        first[0] = 0;
        Ok(Self { first, arcs, edges, max_distance: longest(sum, largest, vertices) })
    }

    /// The same graph with other costs, by edge and what it costs here. O(n + m), and several times as fast as freezing it
    /// anew.
    ///
    /// ```
    /// let graph = breiband_graph::Csr::new(2, &[(0, 1, 5)])?;
    /// let dearer = graph.with_costs(|_, cost| cost * 2)?;
    /// assert_eq!(dearer.edge(0), (0, 1, 10));
    /// # Ok::<(), breiband_graph::GraphError>(())
    /// ```
    ///
    /// # Errors
    /// [`GraphError::CostOverflow`].
    pub fn with_costs(&self, cost: impl Fn(u32, u64) -> u64) -> Result<Self, GraphError> {
        let mut graph = self.clone();
        let (mut sum, mut largest) = (0u64, 0u64);
        for (edge, (_, _, own)) in graph.edges.iter_mut().enumerate() {
            *own = cost(edge as u32, *own);
            sum = sum.checked_add(*own).ok_or(GraphError::CostOverflow { edge })?;
            largest = largest.max(*own);
        }
        for arc in &mut graph.arcs {
            arc.cost = graph.edges[arc.edge as usize].2;
        }
        graph.max_distance = longest(sum, largest, self.vertex_count());
        Ok(graph)
    }

    /// Number of vertices.
    #[must_use]
    pub fn vertex_count(&self) -> u32 {
        (self.first.len() - 1) as u32
    }

    /// Number of edges.
    #[must_use]
    pub fn edge_count(&self) -> u32 {
        self.edges.len() as u32
    }

    /// The arcs that leave `v`.
    ///
    /// # Panics
    /// If `v` is not a vertex.
    pub fn neighbours(&self, v: u32) -> impl ExactSizeIterator<Item = Arc> + Clone + '_ {
        self.arcs[self.slots(v)].iter().copied()
    }

    /// Positions in [`Csr::arcs`] of the arcs that leave `v`.
    ///
    /// # Panics
    /// If `v` is not a vertex.
    #[inline]
    #[must_use]
    pub fn slots(&self, v: u32) -> Range<usize> {
        self.first[v as usize] as usize..self.first[v as usize + 1] as usize
    }

    /// All arcs, those of vertex 0 first.
    #[must_use]
    pub fn arcs(&self) -> &[Arc] {
        &self.arcs
    }

    /// For each position in [`Csr::arcs`], the position of the same edge's other direction. O(n + m).
    #[must_use]
    pub fn twins(&self) -> Vec<u32> {
        let mut seen = vec![crate::NONE; self.edges.len()];
        let mut twins = vec![0; self.arcs.len()];
        for (slot, arc) in self.arcs.iter().enumerate() {
            let other = std::mem::replace(&mut seen[arc.edge as usize], slot as u32);
            if other != crate::NONE {
                twins[slot] = other;
                twins[other as usize] = slot as u32;
            }
        }
        twins
    }

    /// Number of arcs that leave `v`.
    #[must_use]
    pub fn degree(&self, v: u32) -> usize {
        self.slots(v).len()
    }

    /// Endpoints and cost of an edge, as given.
    ///
    /// # Panics
    /// If `e` is not an edge.
    #[must_use]
    pub fn edge(&self, e: u32) -> (u32, u32, u64) {
        self.edges[e as usize]
    }

    /// All edges, as given.
    #[must_use]
    pub fn edges(&self) -> &[(u32, u32, u64)] {
        &self.edges
    }

    /// No simple path costs more than this.
    #[must_use]
    pub fn max_distance(&self) -> u64 {
        self.max_distance
    }
}

/// What no shortest path exceeds.
fn longest(sum: u64, largest: u64, vertices: u32) -> u64 {
    sum.min(largest.saturating_mul(u64::from(vertices)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_no_graph() {
        assert_eq!(Csr::new(2, &[(0, 2, 1)]).unwrap_err(), GraphError::OutOfRange { edge: 0, vertex: 2, vertices: 2 });
        assert_eq!(Csr::new(2, &[(1, 1, 1)]).unwrap_err(), GraphError::SelfLoop { edge: 0, vertex: 1 });
        assert_eq!(Csr::new(2, &[(0, 1, u64::MAX), (0, 1, 1)]).unwrap_err(), GraphError::CostOverflow { edge: 1 });
        assert!(matches!(Csr::new(u32::MAX, &[]), Err(GraphError::TooLarge { .. })));
    }

    #[test]
    fn rows_hold_both_directions() {
        let g = Csr::new(4, &[(0, 1, 5), (2, 1, 0), (1, 0, 7)]).unwrap();
        let heads: Vec<_> = g.neighbours(1).map(|a| (a.head, a.edge, a.cost)).collect();
        assert_eq!(heads, [(0, 0, 5), (2, 1, 0), (0, 2, 7)]);
        assert_eq!(g.degree(3), 0);
        let twins = g.twins();
        for (slot, &twin) in twins.iter().enumerate() {
            assert_ne!(slot, twin as usize);
            assert_eq!(twins[twin as usize] as usize, slot);
            assert_eq!(g.arcs()[slot].edge, g.arcs()[twin as usize].edge);
        }
    }
}
