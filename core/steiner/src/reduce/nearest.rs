//! What is nearest to each vertex of some others.

use crate::NONE;
use crate::net::Net;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// By vertex: how far the `K` nearest of some sources are, below `limit` and through no sink, and their positions in the list;
/// `cost` is that of a slot's arc into the row's vertex. And the arcs looked at.
pub(super) fn nearest<const K: usize>(
    net: &Net,
    sources: &[u32],
    cost: impl Fn(usize) -> u64,
    limit: u64,
) -> (Vec<[(u64, u32); K]>, u64) {
    let mut rows = vec![[(u64::MAX, NONE); K]; net.kind.len()];
    let mut heap: BinaryHeap<_> = sources.iter().zip(0u32..).map(|(&t, i)| Reverse((0u64, t, i))).collect();
    let mut work = 0;
    while let Some(Reverse((reach, v, i))) = heap.pop() {
        let row = &mut rows[v as usize];
        let Some(free) = row.iter().position(|&(_, other)| other == NONE || other == i) else { continue };
        if row[free].1 == i {
            continue;
        }
        row[free] = (reach, i);
        work += net.graph.degree(v) as u64;
        for slot in net.graph.slots(v) {
            let tail = net.graph.arcs()[slot].head;
            let reach = reach.saturating_add(cost(slot));
            let row = &rows[tail as usize];
            let open = row[K - 1].1 == NONE && row.iter().all(|&(_, other)| other != i);
            if open && reach < limit && !net.is_sink(tail) {
                heap.push(Reverse((reach, tail, i)));
            }
        }
    }
    (rows, work)
}
