//! How far each group's flows may reach.

use super::LANES;
use crate::NONE;
use crate::ascent::Ascent;
use crate::net::Net;
use breiband_graph::MinHeap;

/// A vertex that some of a group may use.
pub(super) struct Place {
    /// The vertex' rank.
    pub(super) rank: u32,
    pub(super) group: u32,
    /// Which of its terminals may, a bit each.
    pub(super) own: u8,
    /// Their first potentials.
    pub(super) potential: [f32; LANES],
}

/// Places ascending by group: for each terminal of the group the vertices that its ascent had reached, and the `ball`
/// nearest to it. None if there are more than `most`.
pub(super) fn neighbourhoods(
    net: &Net,
    ascent: &Ascent,
    groups: &[[u32; LANES]],
    rank: &[u32],
    ball: u32,
    most: usize,
) -> Option<Vec<Place>> {
    let mut places: Vec<Place> = Vec::new();
    // By vertex: its last place.
    let mut last = vec![NONE; net.kind.len()];
    let mut nearby = Nearby::new(net);
    for (group, terminals) in (0..).zip(groups) {
        let first = places.len();
        let mut at = |places: &mut Vec<Place>, vertex: u32| {
            let known = last[vertex as usize] as usize;
            if last[vertex as usize] != NONE && known >= first {
                return known;
            }
            last[vertex as usize] = places.len() as u32;
            places.push(Place { rank: rank[vertex as usize], group, own: 0, potential: [0.0; LANES] });
            places.len() - 1
        };
        for (k, &i) in terminals.iter().enumerate().filter(|(_, i)| **i != NONE) {
            for (v, potential) in ascent.potentials(i as usize) {
                let at = at(&mut places, v);
                places[at].own |= 1 << k;
                places[at].potential[k] = potential as f32;
            }
            let mut met = 0;
            nearby.visit(net, net.terminals[i as usize], false, |v| {
                met += 1;
                if met > ball {
                    return false;
                }
                let at = at(&mut places, v);
                places[at].own |= 1 << k;
                true
            });
        }
        if places.len() > most {
            return None;
        }
    }
    Some(places)
}

/// The vertices around a terminal, nearest first (Dijkstra 1959), in a workspace that is used again.
pub(super) struct Nearby {
    distance: Vec<u64>,
    touched: Vec<u32>,
    heap: MinHeap,
}

impl Nearby {
    pub(super) fn new(net: &Net) -> Self {
        let heap = MinHeap::new(net.graph.vertex_count(), net.graph.max_distance());
        Self { distance: vec![u64::MAX; net.kind.len()], touched: Vec::new(), heap }
    }

    /// Visits them, the terminal first, as long as `visit` wants more; never the root, and other `sinks` only if wanted.
    pub(super) fn visit(&mut self, net: &Net, t: u32, sinks: bool, mut visit: impl FnMut(u32) -> bool) {
        self.heap.clear();
        self.distance[t as usize] = 0;
        self.touched.push(t);
        self.heap.push(0, t);
        while let Some((reach, v)) = self.heap.pop() {
            if reach > self.distance[v as usize] || v == net.root {
                continue;
            }
            if !visit(v) {
                break;
            }
            if v != t && net.is_sink(v) {
                continue;
            }
            for arc in net.graph.neighbours(v) {
                let reach = reach + arc.cost;
                let old = &mut self.distance[arc.head as usize];
                if reach < *old && (sinks || !net.is_sink(arc.head)) {
                    if *old == u64::MAX {
                        self.touched.push(arc.head);
                    }
                    *old = reach;
                    self.heap.push(reach, arc.head);
                }
            }
        }
        for v in self.touched.drain(..) {
            self.distance[v as usize] = u64::MAX;
        }
    }
}
