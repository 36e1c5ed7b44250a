//! Shortest paths from one or several sources (Dijkstra 1959), in a workspace that is used again.

use crate::{Arc, Csr, MinHeap, NONE};

/// Distances and predecessors of the last search; memory is kept between searches.
#[derive(Debug, Clone)]
pub struct Dijkstra {
    label: Vec<Label>,
    heap: MinHeap,
}

/// How far a vertex is, and by which edge.
#[derive(Debug, Clone, Copy)]
struct Label {
    distance: u64,
    via: u32,
}

const FAR: Label = Label { distance: u64::MAX, via: NONE };

impl Dijkstra {
    /// A workspace for `graph` (or any graph with as many vertices and no longer distances).
    #[must_use]
    pub fn new(graph: &Csr) -> Self {
        let n = graph.vertex_count();
        Self { label: vec![FAR; n as usize], heap: MinHeap::new(n, graph.max_distance()) }
    }

    /// Distances from `source` to every vertex. O((n + m) log n).
    pub fn run(&mut self, graph: &Csr, source: u32) {
        self.run_filtered(graph, &[source], |_, _| true);
    }

    /// Distances from the nearest of `sources`, along arcs for which `allow(tail, arc)` holds.
    ///
    /// Among equally short paths the one found first from the smaller vertex number stays.
    pub fn run_filtered(&mut self, graph: &Csr, sources: &[u32], allow: impl FnMut(u32, Arc) -> bool) {
        self.run_until(graph, sources, allow, |_, _| false);
    }

    /// As [`Dijkstra::run_filtered`], to the first vertex of which `done(vertex, distance)` holds; they are asked nearest
    /// first. What lies nearer is known as after a whole search, what lies farther is not to be asked for. O((n + m) log n) for
    /// the part that is searched.
    ///
    /// ```
    /// use breiband_graph::{Csr, Dijkstra};
    /// let graph = Csr::new(4, &[(0, 1, 1), (1, 2, 1), (2, 3, 1)])?;
    /// let mut search = Dijkstra::new(&graph);
    /// search.run_until(&graph, &[0], |_, _| true, |v, _| v == 1);
    /// assert_eq!((search.distance(1), search.distance(3)), (Some(1), None));
    /// # Ok::<(), breiband_graph::GraphError>(())
    /// ```
    pub fn run_until(
        &mut self,
        graph: &Csr,
        sources: &[u32],
        mut allow: impl FnMut(u32, Arc) -> bool,
        mut done: impl FnMut(u32, u64) -> bool,
    ) {
        self.label.fill(FAR);
        self.heap.clear();
        for &source in sources {
            self.label[source as usize].distance = 0;
            self.heap.push(0, source);
        }
        while let Some((distance, v)) = self.heap.pop() {
            if distance > self.label[v as usize].distance {
                continue;
            }
            if done(v, distance) {
                return;
            }
            for arc in &graph.arcs()[graph.slots(v)] {
                let reach = distance.saturating_add(arc.cost);
                let known = &mut self.label[arc.head as usize];
                if reach < known.distance && allow(v, *arc) {
                    *known = Label { distance: reach, via: arc.edge };
                    self.heap.push(reach, arc.head);
                }
            }
        }
    }

    /// Distance to `v`, if it was reached.
    #[must_use]
    pub fn distance(&self, v: u32) -> Option<u64> {
        Some(self.label[v as usize].distance).filter(|&d| d != u64::MAX)
    }

    /// The last edge of the path to `v`; none at a source and where nothing reaches.
    #[must_use]
    pub fn via(&self, v: u32) -> Option<u32> {
        Some(self.label[v as usize].via).filter(|&e| e != NONE)
    }

    /// The edges of the path to `v`, from `v` back to its source.
    pub fn path<'a>(&'a self, graph: &'a Csr, v: u32) -> impl Iterator<Item = u32> + 'a {
        let mut at = v;
        std::iter::from_fn(move || {
            let edge = self.via(at)?;
            let (a, b, _) = graph.edge(edge);
            at ^= a ^ b;
            Some(edge)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voronoi::tests::graphs;
    use proptest::prelude::*;

    /// Floyd and Warshall: slow and obvious.
    pub(crate) fn all_pairs(g: &Csr) -> Vec<Vec<u64>> {
        let n = g.vertex_count() as usize;
        let mut d = vec![vec![u64::MAX; n]; n];
        for (v, row) in d.iter_mut().enumerate() {
            row[v] = 0;
        }
        for &(u, v, c) in g.edges() {
            let (u, v) = (u as usize, v as usize);
            d[u][v] = d[u][v].min(c);
            d[v][u] = d[v][u].min(c);
        }
        for k in 0..n {
            for i in 0..n {
                for j in 0..n {
                    d[i][j] = d[i][j].min(d[i][k].saturating_add(d[k][j]));
                }
            }
        }
        d
    }

    proptest! {
        #[test]
        fn agrees_with_all_pairs(g in graphs()) {
            let want = all_pairs(&g);
            let mut search = Dijkstra::new(&g);
            for s in 0..g.vertex_count() {
                search.run(&g, s);
                for v in 0..g.vertex_count() {
                    let want = want[s as usize][v as usize];
                    prop_assert_eq!(search.distance(v).unwrap_or(u64::MAX), want);
                    let sum: u64 = search.path(&g, v).map(|e| g.edge(e).2).sum();
                    prop_assert_eq!(search.distance(v).unwrap_or(0), sum);
                }
                let (near, mut last) = (want[s as usize].iter().filter(|d| **d < u64::MAX).max().map_or(0, |d| d / 2), 0);
                search.run_until(&g, &[s], |_, _| true, |_, distance| {
                    last = distance;
                    distance > near
                });
                for v in (0..g.vertex_count()).filter(|&v| want[s as usize][v as usize] < last) {
                    prop_assert_eq!(search.distance(v), Some(want[s as usize][v as usize]));
                }
            }
        }
    }

    #[test]
    fn wide_distances() {
        let half = u64::MAX / 2;
        let g = Csr::new(3, &[(0, 1, half), (1, 2, half)]).unwrap();
        let mut search = Dijkstra::new(&g);
        search.run(&g, 0);
        assert_eq!(search.distance(2), Some(half * 2));
    }
}
