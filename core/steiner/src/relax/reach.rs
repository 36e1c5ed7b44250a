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

/// Places ascending by rank and group: for each terminal of the group the vertices that its ascent had reached, and the `ball`
/// nearest to it. None if there are more than `most`.
pub(super) fn neighbourhoods(
    net: &Net,
    ascent: &Ascent,
    groups: &[[u32; LANES]],
    rank: &[u32],
    ball: u32,
    most: usize,
) -> Option<Vec<Place>> {
    let n = net.kind.len();
    let mut places: Vec<Place> = Vec::new();
    let mut distance = vec![u64::MAX; n];
    // By vertex: its last place.
    let mut last = vec![NONE; n];
    let mut touched = Vec::new();
    let mut heap = MinHeap::new(n as u32, net.graph.max_distance());
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
            let t = net.terminals[i as usize];
            heap.clear();
            distance[t as usize] = 0;
            touched.push(t);
            heap.push(0, t);
            let mut settled = 0;
            while let Some((reach, v)) = heap.pop() {
                if reach > distance[v as usize] || v == net.root {
                    continue;
                }
                settled += 1;
                if settled > ball {
                    break;
                }
                let at = at(&mut places, v);
                places[at].own |= 1 << k;
                for arc in net.graph.neighbours(v) {
                    let reach = reach + arc.cost;
                    let old = &mut distance[arc.head as usize];
                    if !net.is_sink(arc.head) && reach < *old {
                        if *old == u64::MAX {
                            touched.push(arc.head);
                        }
                        *old = reach;
                        heap.push(reach, arc.head);
                    }
                }
            }
            for v in touched.drain(..) {
                distance[v as usize] = u64::MAX;
            }
        }
        if places.len() > most {
            return None;
        }
    }
    places.sort_unstable_by_key(|place| (place.rank, place.group));
    Some(places)
}
