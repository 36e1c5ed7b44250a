//! Vertices and their potentials, block after block.

use std::ops::Range;

/// The entries of all blocks, none of them zero.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Entries {
    vertices: Vec<u32>,
    potentials: Vec<u64>,
}

impl Entries {
    pub(crate) fn len(&self) -> usize {
        self.vertices.len()
    }

    /// Adds those that are not zero; how many there are then.
    pub(crate) fn extend(&mut self, potential: impl IntoIterator<Item = (u32, u64)>) -> usize {
        for (vertex, value) in potential {
            if value > 0 {
                self.vertices.push(vertex);
                self.potentials.push(value);
            }
        }
        self.len()
    }

    pub(crate) fn of(&self, block: Range<usize>) -> (&[u32], &[u64]) {
        (&self.vertices[block.clone()], &self.potentials[block])
    }

    pub(crate) fn reserve(&mut self, more: usize) {
        self.vertices.reserve_exact(more);
        self.potentials.reserve_exact(more);
    }

    pub(crate) fn shrink_to_fit(&mut self) {
        self.vertices.shrink_to_fit();
        self.potentials.shrink_to_fit();
    }
}
