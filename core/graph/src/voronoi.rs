//! Which source is nearest to each vertex, how far, and by which edge (Mehlhorn 1988's first step).

use crate::{Arc, Csr, MinHeap, NONE};

/// Voronoi regions of the last run; memory is kept between runs.
///
/// Ties are broken by (distance, owner, edge), owners being numbered by their place in the list of sources.
#[derive(Debug, Clone)]
pub struct Voronoi {
    label: Vec<Label>,
    heap: MinHeap,
}

#[derive(Debug, Clone, Copy)]
struct Label {
    distance: u64,
    owner: u32,
    via: u32,
}

const FAR: Label = Label { distance: u64::MAX, owner: NONE, via: NONE };

impl Voronoi {
    /// A workspace for `graph`.
    #[must_use]
    pub fn new(graph: &Csr) -> Self {
        let n = graph.vertex_count();
        Self { label: vec![FAR; n as usize], heap: MinHeap::new(n, graph.max_distance()) }
    }

    /// Grows the regions of `sources` along arcs for which `allow(tail, arc)` holds; a source always owns itself (the
    /// first in the list where one is named twice).
    pub fn run(&mut self, graph: &Csr, sources: &[u32], mut allow: impl FnMut(u32, Arc) -> bool) {
        self.label.fill(FAR);
        self.heap.clear();
        for (owner, &source) in sources.iter().enumerate() {
            if self.label[source as usize].owner == NONE {
                self.label[source as usize] = Label { distance: 0, owner: owner as u32, via: NONE };
                self.heap.push(0, source);
            }
        }
        while let Some((distance, v)) = self.heap.pop() {
            let label = self.label[v as usize];
            if distance > label.distance {
                continue;
            }
            for &arc in &graph.arcs()[graph.slots(v)] {
                let reach = distance.saturating_add(arc.cost);
                let known = self.label[arc.head as usize];
                let shorter = reach < known.distance;
                // Equal distances: the smaller owner spreads again (its label can only fall, so this ends); a source
                // has no incoming edge and keeps itself.
                let earlier = reach == known.distance
                    && (label.owner < known.owner && (known.via != NONE)
                        || label.owner == known.owner && arc.cost > 0 && arc.edge < known.via && known.via != NONE);
                if (shorter || earlier) && allow(v, arc) {
                    self.label[arc.head as usize] = Label { distance: reach, owner: label.owner, via: arc.edge };
                    if shorter || label.owner != known.owner {
                        self.heap.push(reach, arc.head);
                    }
                }
            }
        }
    }

    /// Distance of `v` to its owner, if any source reaches it.
    #[must_use]
    pub fn distance(&self, v: u32) -> Option<u64> {
        Some(self.label[v as usize].distance).filter(|&d| d != u64::MAX)
    }

    /// The place in the list of sources of the one nearest to `v`.
    #[must_use]
    pub fn owner(&self, v: u32) -> Option<u32> {
        Some(self.label[v as usize].owner).filter(|&o| o != NONE)
    }

    /// The edge by which `v` is reached; none at a source.
    #[must_use]
    pub fn via(&self, v: u32) -> Option<u32> {
        Some(self.label[v as usize].via).filter(|&e| e != NONE)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::Dijkstra;
    use proptest::prelude::*;

    /// Small graphs with parallel edges, ties, zero costs and several components.
    pub(crate) fn graphs() -> impl Strategy<Value = Csr> {
        (1u32..12).prop_flat_map(|n| {
            prop::collection::vec((0..n, 0..n, 0u64..6), 0..24).prop_map(move |edges| {
                let edges: Vec<_> = edges.into_iter().filter(|e| e.0 != e.1).collect();
                Csr::new(n, &edges).unwrap()
            })
        })
    }

    proptest! {
        #[test]
        fn nearest_source_with_the_smallest_number(g in graphs(), picks in prop::collection::vec(0u32..12, 1..5)) {
            let mut sources: Vec<u32> = picks.iter().map(|p| p % g.vertex_count()).collect();
            sources.sort_unstable();
            sources.dedup();
            let mut regions = Voronoi::new(&g);
            regions.run(&g, &sources, |_, _| true);
            let mut search = Dijkstra::new(&g);
            let mut best = vec![(u64::MAX, NONE); g.vertex_count() as usize];
            for (i, &s) in sources.iter().enumerate() {
                // A source keeps itself, so nothing passes through one.
                search.run_filtered(&g, &[s], |_, arc| !sources.contains(&arc.head));
                for (v, best) in best.iter_mut().enumerate() {
                    *best = (*best).min((search.distance(v as u32).unwrap_or(u64::MAX), i as u32));
                }
            }
            for v in 0..g.vertex_count() {
                let (distance, owner) = best[v as usize];
                prop_assert_eq!(regions.distance(v).unwrap_or(u64::MAX), distance);
                if distance < u64::MAX {
                    prop_assert_eq!(regions.owner(v), Some(owner));
                }
                // Following the edges leads to the owner, in as many units as the distance.
                let (mut at, mut sum, mut hops) = (v, 0, 0);
                while let Some(e) = regions.via(at) {
                    let (a, b, c) = g.edge(e);
                    at ^= a ^ b;
                    sum += c;
                    hops += 1;
                    prop_assert!(hops <= g.vertex_count());
                }
                if distance < u64::MAX {
                    prop_assert_eq!((sources[owner as usize], distance), (at, sum));
                }
            }
        }
    }
}
