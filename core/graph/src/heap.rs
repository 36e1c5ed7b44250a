//! A heap of (distance, vertex) pairs with four children to a node, packed into one word where the distances allow it.

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
    Narrow(Heap<u64>),
    Wide(Heap<u128>),
}

impl MinHeap {
    /// A heap for vertices below `vertices` and distances up to `max_distance`.
    #[must_use]
    pub fn new(vertices: u32, max_distance: u64) -> Self {
        let bits = (u32::BITS - vertices.leading_zeros()).max(1);
        let inner = if max_distance.leading_zeros() >= bits {
            Inner::Narrow(Heap::default())
        } else {
            Inner::Wide(Heap::default())
        };
        Self { bits, inner }
    }

    /// Adds a pair. The distance must not exceed the heap's largest.
    #[inline]
    pub fn push(&mut self, distance: u64, vertex: u32) {
        match &mut self.inner {
            Inner::Narrow(heap) => heap.push(distance << self.bits | u64::from(vertex)),
            Inner::Wide(heap) => push_wide(heap, u128::from(distance) << 32 | u128::from(vertex)),
        }
    }

    /// Takes the smallest pair.
    #[inline]
    pub fn pop(&mut self) -> Option<(u64, u32)> {
        match &mut self.inner {
            Inner::Narrow(heap) => heap.pop().map(|key| (key >> self.bits, (key & ((1 << self.bits) - 1)) as u32)),
            Inner::Wide(heap) => pop_wide(heap).map(|key| ((key >> 32) as u64, key as u32)),
        }
    }

    /// Empties it, keeping its memory.
    pub fn clear(&mut self) {
        match &mut self.inner {
            Inner::Narrow(heap) => heap.keys.clear(),
            Inner::Wide(heap) => heap.keys.clear(),
        }
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match &self.inner {
            Inner::Narrow(heap) => heap.keys.is_empty(),
            Inner::Wide(heap) => heap.keys.is_empty(),
        }
    }
}

/// Rarely needed: kept out of the searches' own code.
#[cold]
#[inline(never)]
fn push_wide(heap: &mut Heap<u128>, key: u128) {
    heap.push(key);
}

#[cold]
#[inline(never)]
fn pop_wide(heap: &mut Heap<u128>) -> Option<u128> {
    heap.pop()
}

/// Children of a node: two comparisons side by side find the least of four, and paths are half as long as with two.
const ARITY: usize = 4;

/// The d-ary heap of Johnson (1975).
#[derive(Debug, Clone, Default)]
struct Heap<K> {
    keys: Vec<K>,
}

impl<K: Copy + Ord> Heap<K> {
    #[inline(always)]
    fn push(&mut self, key: K) {
        let mut at = self.keys.len();
        self.keys.push(key);
        while at > 0 {
            let parent = (at - 1) / ARITY;
            if self.keys[parent] <= key {
                break;
            }
            self.keys[at] = self.keys[parent];
            at = parent;
        }
        self.keys[at] = key;
    }

    #[inline(always)]
    fn pop(&mut self) -> Option<K> {
        let last = self.keys.pop()?;
        let keys = &mut self.keys[..];
        let Some(&top) = keys.first() else { return Some(last) };
        let mut at = 0;
        loop {
            let first = ARITY * at + 1;
            let (least, key) = match keys.get(first..) {
                Some(&[a, b, c, d, ..]) => {
                    let left = if b < a { (first + 1, b) } else { (first, a) };
                    let right = if d < c { (first + 3, d) } else { (first + 2, c) };
                    if right.1 < left.1 { right } else { left }
                }
                Some(&[a, ref rest @ ..]) => (first + 1..)
                    .zip(rest)
                    .fold((first, a), |(at, least), (i, &key)| if key < least { (i, key) } else { (at, least) }),
                _ => break,
            };
            if key >= last {
                break;
            }
            keys[at] = key;
            at = least;
        }
        keys[at] = last;
        Some(top)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    proptest! {
        /// Against the standard library's, with pairs that fit one word and pairs that do not.
        #[test]
        fn pops_what_a_binary_heap_pops(
            todo in proptest::collection::vec(proptest::option::weighted(0.6, (0u64..50, 0u32..9)), 0..200), wide: bool,
        ) {
            let shift = if wide { u64::MAX / 50 } else { 1 };
            let mut heap = MinHeap::new(9, 50 * shift);
            let mut plain = BinaryHeap::new();
            for step in todo {
                match step {
                    Some((distance, vertex)) => {
                        heap.push(distance * shift, vertex);
                        plain.push(Reverse((distance * shift, vertex)));
                    }
                    None => prop_assert_eq!(heap.pop(), plain.pop().map(|Reverse(pair)| pair)),
                }
                prop_assert_eq!(heap.is_empty(), plain.is_empty());
            }
        }
    }
}
