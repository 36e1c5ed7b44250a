//! What the flows prove: whole numbers that each terminal may pay of an edge, and the potentials that follow from them.

use super::step::{Wish, positive, widths};
use super::{Edge, LANES, Relax, starts};
use crate::NONE;
use crate::ascent::Ascent;
use crate::net::Net;
use crate::ways::{Way, adopt, shorten};

impl Relax {
    /// What each flow's terminal may pay of its edge, in whole numbers: forwards, or backwards if negative. In no direction
    /// do they together pay more than it costs.
    pub(super) fn shares(&self, net: &Net) -> Vec<[i64; LANES]> {
        let mut shares = vec![[0i64; LANES]; self.lanes.len()];
        let mut wishes: Vec<Wish> = Vec::new();
        for (at, edge) in self.edges.iter().enumerate() {
            let own = self.lanes(at);
            wishes.clear();
            wishes.extend(self.lanes[own.clone()].iter().map(|lane| Wish::of(lane, &self.potential, &self.units)));
            let shares = &mut shares[own];
            let widths = widths(&wishes, edge.cost, edge.width);
            for (direction, sign) in [(0, 1.0f32), (1, -1.0)] {
                let cost = edge.cost[direction];
                if !cost.is_finite() {
                    continue;
                }
                let width = widths[direction];
                let mut left = net.graph.edge(edge.id).2;
                let mut most: Option<(usize, usize, u64)> = None;
                for (lane, wish) in wishes.iter().enumerate() {
                    for (k, over) in ((wish.flow * sign - width) * wish.unit).to_array().into_iter().enumerate() {
                        let share = (positive(over) as u64).min(left);
                        if share > 0 {
                            left -= share;
                            shares[lane][k] = signed(share, direction);
                            if most.is_none_or(|(_, _, most)| share > most) {
                                most = Some((lane, k, share));
                            }
                        }
                    }
                }
                // What rounding left of a tight edge goes to whoever pays most, so that it is saturated.
                if width > 0.0
                    && let Some((lane, k, share)) = most
                {
                    shares[lane][k] = signed(share + left, direction);
                }
            }
        }
        shares
    }

    /// The potentials that the shares prove, as an ascent that can go on.
    pub(crate) fn lift(&self, net: &Net, tree: &[u32]) -> Ascent {
        let shares = self.shares(net);
        let mut potential = vec![u64::MAX; self.potential.len()];
        let mut lifted = Ascent::empty(net, tree);
        let mut vertex = vec![0u32; self.user.len()];
        for v in 0..net.kind.len() as u32 {
            vertex[self.places(v)].fill(v);
        }
        let (places, flows) = (self.places_of_groups(), self.flows_of_groups());
        let (mut own, mut ways): (Vec<Lanes>, Vec<Way>) = (Vec::new(), Vec::new());
        potential[self.user.len()] = 0;
        for (g, group) in self.groups.iter().enumerate() {
            let places = places.of(g);
            own.clear();
            own.extend(flows.of(g).iter().map(|&(edge, lane)| {
                let Edge { cost, slots, .. } = self.edges[edge as usize];
                Lanes { ends: self.lanes[lane as usize].ends, cost, slots, shares: shares[lane as usize] }
            }));
            for (k, &i) in group.iter().enumerate().filter(|(_, i)| **i != NONE) {
                let may = |place: u32| self.may(place, k);
                places.iter().for_each(|&place| potential[place as usize] = if may(place) { u64::MAX } else { 0 });
                ways.clear();
                for lanes in &own {
                    let ([second, first], share) = (lanes.ends, lanes.shares[k]);
                    for (direction, head, tail) in [(0, second, first), (1, first, second)] {
                        if may(head) && lanes.cost[direction].is_finite() {
                            let share = if (share > 0) == (direction == 0) { share.unsigned_abs() } else { 0 };
                            ways.push(Way { head, tail, slot: lanes.slots[direction], share });
                        }
                    }
                }
                shorten(&ways, &mut potential);
                let members = places.iter().filter(|&&place| may(place)).map(|&place| (place, vertex[place as usize]));
                adopt(&mut lifted, i as usize, &ways, &mut potential, self.goal[g][k], members);
            }
        }
        lifted
    }

    /// The places of each group, ascending.
    fn places_of_groups(&self) -> Lists<u32> {
        Lists::new(self.groups.len(), || self.user.iter().zip(0..).map(|(&g, place)| (g, place)))
    }

    /// The lanes of each group with their edges, ascending.
    fn flows_of_groups(&self) -> Lists<(u32, u32)> {
        let of_edge = |edge: usize| self.lanes(edge).map(move |lane| (edge as u32, lane as u32));
        let entry = |(edge, lane): (u32, u32)| (self.lanes[lane as usize].group, (edge, lane));
        Lists::new(self.groups.len(), || (0..self.edges.len()).flat_map(of_edge).map(entry))
    }
}

/// An edge as a group sees it, and what its terminals may pay.
struct Lanes {
    ends: [u32; 2],
    cost: [f32; 2],
    slots: [u32; 2],
    shares: [i64; LANES],
}

/// A share forwards, or backwards.
fn signed(share: u64, direction: usize) -> i64 {
    let share = i64::try_from(share).unwrap_or(i64::MAX);
    if direction == 0 { share } else { -share }
}

/// Lists of entries, one behind the other.
struct Lists<T> {
    first: Vec<u32>,
    list: Vec<T>,
}

impl<T: Copy + Default> Lists<T> {
    /// `count` lists from entries with the number of their list.
    fn new<I: Iterator<Item = (u32, T)>>(count: usize, entries: impl Fn() -> I) -> Self {
        let first = starts(entries().map(|entry| entry.0), count);
        let mut at = first.clone();
        let mut list = vec![T::default(); first[count] as usize];
        for (i, entry) in entries() {
            list[at[i as usize] as usize] = entry;
            at[i as usize] += 1;
        }
        Self { first, list }
    }

    fn of(&self, i: usize) -> &[T] {
        &self.list[self.first[i] as usize..self.first[i + 1] as usize]
    }
}
