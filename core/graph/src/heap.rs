//! A monotone-friendly binary heap of (distance, vertex), packed into one word where the distances allow it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A min-heap of `(distance, vertex)` pairs, smallest distance first, then smallest vertex.
///
/// Pairs are packed into one 64-bit word when the largest distance leaves room for the vertex number (nearly always),
/// else into 128 bits. There is no decrease-key: push again and skip what is stale when it is popped.
#[derive(Debug, Clone)]
pub struct MinHeap {
    bits: u32,
    inner: Inner,
}

#[derive(Debug, Clone)]
enum Inner {
    Narrow(BinaryHeap<Reverse<u64>>),
    Wide(BinaryHeap<Reverse<u128>>),
}

impl MinHeap {
    /// A heap for vertices below `vertices` and distances up to `max_distance`.
    #[must_use]
    pub fn new(vertices: u32, max_distance: u64) -> Self {
        let bits = (u32::BITS - vertices.leading_zeros()).max(1);
        let inner = if max_distance.leading_zeros() >= bits {
            Inner::Narrow(BinaryHeap::new())
        } else {
            Inner::Wide(BinaryHeap::new())
        };
        Self { bits, inner }
    }

    /// Adds a pair. The distance must not exceed the heap's largest.
    #[inline]
    pub fn push(&mut self, distance: u64, vertex: u32) {
        match &mut self.inner {
            Inner::Narrow(heap) => heap.push(Reverse(distance << self.bits | u64::from(vertex))),
            Inner::Wide(heap) => heap.push(Reverse(u128::from(distance) << 32 | u128::from(vertex))),
        }
    }

    /// Takes the smallest pair.
    #[inline]
    pub fn pop(&mut self) -> Option<(u64, u32)> {
        match &mut self.inner {
            Inner::Narrow(heap) => {
                heap.pop().map(|Reverse(key)| (key >> self.bits, (key & ((1 << self.bits) - 1)) as u32))
            }
            Inner::Wide(heap) => heap.pop().map(|Reverse(key)| ((key >> 32) as u64, key as u32)),
        }
    }

    /// Empties it, keeping its memory.
    pub fn clear(&mut self) {
        match &mut self.inner {
            Inner::Narrow(heap) => heap.clear(),
            Inner::Wide(heap) => heap.clear(),
        }
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match &self.inner {
            Inner::Narrow(heap) => heap.is_empty(),
            Inner::Wide(heap) => heap.is_empty(),
        }
    }
}
