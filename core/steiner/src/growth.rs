//! The shortest-path heuristic: from one vertex, connect the nearest terminal, again and again (Takahashi & Matsuyama
//! 1980), on all edges or on those the dual ascent saturated.

use crate::NONE;
use crate::net::{Kind, Net};
use crate::tree;
use breiband_graph::MinHeap;

/// By what part of its cost a fully wide edge is cheaper.
const CHEAPER: f32 = 0.98;

/// Reusable workspace of the heuristic.
#[derive(Debug)]
pub(crate) struct Growth {
    distance: Vec<u64>,
    via: Vec<u32>,
    connected: Vec<bool>,
    touched: Vec<u32>,
    heap: MinHeap,
    /// Arcs looked at so far.
    pub(crate) work: u64,
}

/// A tree grown from the root along the cheapest ways, nearly in O(m log n) where terminals lie close together.
pub(crate) fn tree(net: &Net) -> Option<Vec<u32>> {
    let vertices = Growth::new(net).run(net, net.root, |_, cost| Some(cost))?;
    tree::best_on(net, &vertices)
}

impl Growth {
    pub(crate) fn new(net: &Net) -> Self {
        let n = net.kind.len();
        Self {
            distance: vec![u64::MAX; n],
            via: vec![NONE; n],
            connected: vec![false; n],
            touched: Vec::new(),
            heap: MinHeap::new(n as u32, net.graph.max_distance()),
            work: 0,
        }
    }

    /// Grows a tree from the root along the edges that a relaxation's flows use: `width` is from 0 to 1.
    pub(crate) fn along(&mut self, net: &Net, width: impl Fn(u32) -> f32) -> Option<Vec<u32>> {
        self.run(net, net.root, |e, cost| Some(cost - (cost as f32 * CHEAPER * width(e)) as u64))
    }

    /// Grows a tree from `start` (no sink) along the edges that `cost` prices; the vertices it holds, or none if a
    /// terminal cannot be reached.
    pub(crate) fn run(
        &mut self,
        net: &Net,
        start: u32,
        mut cost: impl FnMut(u32, u64) -> Option<u64>,
    ) -> Option<Vec<u32>> {
        for v in self.touched.drain(..) {
            self.distance[v as usize] = u64::MAX;
            self.via[v as usize] = NONE;
            self.connected[v as usize] = false;
        }
        self.heap.clear();
        let mut missing = net.terminals.len() + 1;
        let mut held = vec![start];
        self.touched.push(start);
        self.distance[start as usize] = 0;
        self.connected[start as usize] = true;
        missing -= usize::from(net.kind[start as usize] == Kind::Terminal);
        self.heap.push(0, start);
        while missing > 0 {
            let (distance, v) = self.heap.pop()?;
            if distance > self.distance[v as usize] {
                continue;
            }
            if !self.connected[v as usize] && net.kind[v as usize] != Kind::Plain {
                // Its path was pushed again, at distance 0.
                missing -= self.connect(net, v, &mut held);
                continue;
            }
            if net.is_sink(v) {
                continue;
            }
            self.work += net.graph.degree(v) as u64;
            for &arc in &net.graph.arcs()[net.graph.slots(v)] {
                let head = arc.head as usize;
                if self.connected[head] {
                    continue;
                }
                let Some(cost) = cost(arc.edge, arc.cost) else { continue };
                let reach = distance + cost;
                if reach < self.distance[head] {
                    if self.distance[head] == u64::MAX {
                        self.touched.push(arc.head);
                    }
                    self.distance[head] = reach;
                    self.via[head] = arc.edge;
                    self.heap.push(reach, arc.head);
                }
            }
        }
        held.sort_unstable();
        Some(held)
    }

    /// Adds the path that ends at `v`; how many terminals it holds.
    fn connect(&mut self, net: &Net, v: u32, held: &mut Vec<u32>) -> usize {
        let mut gained = 0;
        let mut at = v;
        while !self.connected[at as usize] {
            self.connected[at as usize] = true;
            self.distance[at as usize] = 0;
            held.push(at);
            gained += usize::from(net.kind[at as usize] != Kind::Plain);
            if !net.is_sink(at) {
                self.heap.push(0, at);
            }
            let (a, b, _) = net.graph.edge(self.via[at as usize]);
            at ^= a ^ b;
        }
        gained
    }
}
