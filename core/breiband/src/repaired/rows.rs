//! A network's edges by vertex.

use breiband_model::CandidateNetwork;

/// Each vertex's neighbours and the edges to them, in one list.
pub(super) struct Rows {
    first: Vec<u32>,
    ends: Vec<(u32, u32)>,
}

impl Rows {
    pub(super) fn new(network: &CandidateNetwork) -> Self {
        let mut first = vec![0_u32; network.vertices.len() + 2];
        for edge in &network.edges {
            first[edge.tail.index() + 2] += 1;
            first[edge.head.index() + 2] += 1;
        }
        for v in 2..first.len() {
            first[v] += first[v - 1];
        }
        let mut ends = vec![(0, 0); network.edges.len() * 2];
        for (number, edge) in (0..).zip(&network.edges) {
            for (from, to) in [(edge.tail, edge.head), (edge.head, edge.tail)] {
                let next = &mut first[from.index() + 1];
                ends[*next as usize] = (to.as_u32(), number);
                *next += 1;
            }
        }
        Self { first, ends }
    }

    pub(super) fn range(&self, vertex: u32) -> std::ops::Range<usize> {
        self.first[vertex as usize] as usize..self.first[vertex as usize + 1] as usize
    }

    pub(super) fn at(&self, slot: usize) -> (u32, u32) {
        self.ends[slot]
    }

    pub(super) fn of(&self, vertex: u32) -> &[(u32, u32)] {
        &self.ends[self.range(vertex)]
    }
}
