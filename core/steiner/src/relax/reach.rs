//! How far each terminal's flow may reach.

use crate::ascent::Ascent;
use crate::net::Net;
use breiband_graph::MinHeap;

/// Vertex, terminal and first potential of each place, ascending: the vertices that a terminal's ascent had reached, and the
/// `ball` nearest to it. None if there are more than `most`.
pub(super) fn neighbourhoods(net: &Net, ascent: &Ascent, ball: u32, most: usize) -> Option<Vec<(u32, u32, f32)>> {
    let n = net.kind.len();
    let mut places: Vec<(u32, u32, f32)> = Vec::new();
    let mut distance = vec![u64::MAX; n];
    let mut seen = vec![crate::NONE; n];
    let mut touched = Vec::new();
    let mut heap = MinHeap::new(n as u32, net.graph.max_distance());
    for (i, &t) in net.terminals.iter().enumerate() {
        let i = i as u32;
        for (v, potential) in ascent.potentials(i as usize) {
            seen[v as usize] = i;
            places.push((v, i, potential as f32));
        }
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
            if std::mem::replace(&mut seen[v as usize], i) != i {
                places.push((v, i, 0.0));
            }
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
        if places.len() > most {
            return None;
        }
    }
    places.sort_unstable_by_key(|&(v, i, _)| (v, i));
    Some(places)
}
