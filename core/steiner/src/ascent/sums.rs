//! Two sets of one terminal as one.

use super::Set;
use crate::net::Net;

/// The potentials of the two sets that are added up; zero between uses.
pub(super) struct Sums {
    first: Vec<u64>,
    second: Vec<u64>,
}

impl Sums {
    pub(super) fn new(net: &Net) -> Self {
        let n = net.kind.len();
        Self { first: vec![0; n], second: vec![0; n] }
    }

    /// A set of both potentials together. What each has paid for by itself, and their sum need not pay for, is given
    /// back. O(arcs at the members).
    pub(super) fn of(&mut self, net: &Net, residual: &mut [u64], sets: [&Set; 2]) -> Set {
        let mut vertices = Vec::new();
        for (set, potential) in sets.into_iter().zip([&mut self.first, &mut self.second]) {
            for (v, own) in set.potentials() {
                potential[v as usize] = own;
                vertices.push(v);
            }
        }
        vertices.sort_unstable();
        vertices.dedup();
        let (first, second) = (&mut self.first, &mut self.second);
        for &v in &vertices {
            let head = v as usize;
            for slot in net.graph.slots(v) {
                let tail = net.graph.arcs()[slot].head as usize;
                let paid = first[head].saturating_sub(first[tail]) + second[head].saturating_sub(second[tail]);
                residual[slot] += paid - (first[head] + second[head]).saturating_sub(first[tail] + second[tail]);
            }
        }
        let total = sets[0].total + sets[1].total;
        let joined = |&v: &u32| (v, total - first[v as usize] - second[v as usize]);
        let mut members: Vec<(u32, u64)> = vertices.iter().map(joined).collect();
        members.sort_unstable_by_key(|&(v, joined)| (joined, v));
        for &v in &vertices {
            (first[v as usize], second[v as usize]) = (0, 0);
        }
        Set { total, members, ..Set::fresh(sets[0].by) }
    }
}
