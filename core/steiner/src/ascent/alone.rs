//! The last terminal to ascend, which nobody's turn comes after.
//!
//! Its set may come to hold nearly all, and its cut be as large: looking at all of that for every rise would take longer than
//! everything before it. Nothing else pays meanwhile, so its incoming arcs can stand in a heap, by how far it will have risen
//! when they are used up (as in Prim's algorithm), and are charged once it ends.

use super::{Ascent, State};
use crate::net::Net;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The rise at which an arc is used up, and its slot.
type Arrival = Reverse<(u64, u32)>;

impl Ascent {
    /// Raises the stamped terminal until it is no longer active. Nothing of it is noted to be taken back. Who goes on in its
    /// place, or it itself.
    ///
    /// O(a log a) for the a arcs around its members.
    pub(super) fn climb_alone(&mut self, net: &Net, twins: &[u32], i: usize) -> usize {
        let arcs = net.graph.arcs();
        let raised = self.stands[i].set as usize;
        let begun = self.sets[raised].total;
        let cut = std::mem::take(&mut self.sets[raised].cut);
        let mut arrivals: BinaryHeap<Arrival> = cut
            .into_iter()
            .filter(|&slot| !self.holds(arcs[slot as usize].head))
            .map(|slot| Reverse((self.residual[slot as usize], slot)))
            .collect();
        self.work += arrivals.len() as u64;
        // By vertex: the rise at which it joined, if it did so here.
        let mut joined = vec![0; net.kind.len()];
        let mut rise = 0;
        let mut joining = Vec::new();
        let mut done = 0;
        while self.stands[i].state == State::Active {
            joining.clear();
            while let Some(&Reverse((at, slot))) = arrivals.peek() {
                let tail = arcs[slot as usize].head;
                let outside = !self.holds(tail);
                if outside && !joining.is_empty() && at > rise {
                    break;
                }
                arrivals.pop();
                self.work += 1;
                if outside {
                    rise = at;
                    joining.push(slot);
                }
                self.residual[slot as usize] = if outside { 0 } else { at - joined[tail as usize] };
            }
            let total = begun + rise;
            self.bound += total - self.sets[raised].total;
            self.sets[raised].total = total;
            if joining.is_empty() {
                // Cut off from the root: the caller keeps only terminals that are not.
                self.stands[i].state = State::Finished;
                break;
            }
            for &slot in &joining {
                if self.reached(arcs[slot as usize].head) {
                    self.flood(net, twins, arcs[twins[slot as usize] as usize].head, slot);
                }
            }
            let first = self.sets[raised].members.len();
            for (at, &slot) in joining.iter().enumerate() {
                done = at;
                self.join(net, i, arcs[slot as usize].head);
                if self.stands[i].state != State::Active {
                    break;
                }
            }
            for &(v, _) in &self.sets[raised].members[first..] {
                joined[v as usize] = rise;
            }
            let cut = self.sets[raised].cut.drain(..);
            arrivals.extend(cut.map(|slot| Reverse((self.residual[slot as usize] + rise, slot))));
        }
        let mut cut = Vec::new();
        for Reverse((at, slot)) in arrivals {
            let tail = arcs[slot as usize].head;
            // The root was met last, and is no member.
            let holds = self.holds(tail) && tail != net.root;
            self.residual[slot as usize] = at - if holds { joined[tail as usize] } else { rise };
            if !holds {
                cut.push(slot);
            }
        }
        self.sets[raised].cut = cut;
        self.ended(net, i, &joining[done.min(joining.len())..])
    }

    /// Whether the stamped set holds a vertex.
    pub(super) fn holds(&self, v: u32) -> bool {
        self.spots[v as usize].stamp == self.turn
    }
}
