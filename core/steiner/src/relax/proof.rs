//! What the flows prove: whole numbers that each terminal may pay of an edge, and the potentials that follow from them.

use super::step::{narrowed, positive, total, towards};
use super::{Four, LANES, Relax, starts};
use crate::ascent::Ascent;
use crate::net::Net;
use crate::ways::{Way, adopt, shorten};

impl Relax {
    /// What each flow's terminal may pay of its edge, in whole numbers: forwards, or backwards if negative. In no direction
    /// do they together pay more than it costs.
    pub(super) fn shares(&self, net: &Net) -> Vec<i64> {
        let mut shares = vec![0i64; self.lanes.len() * LANES];
        let mut wish: Vec<Four> = Vec::new();
        for (at, edge) in self.edges.iter().enumerate() {
            let own = self.lanes(at);
            let lanes = &self.lanes[own.clone()];
            wish.clear();
            wish.extend(lanes.iter().map(|lane| lane.wish(&self.potential)));
            for (direction, sign) in [(0, 1.0f32), (1, -1.0)] {
                let cost = edge.cost[direction];
                if !cost.is_finite() {
                    continue;
                }
                let pairs = wish.iter().zip(lanes).map(|(wish, lane)| (towards(*wish, sign), lane.whole));
                let tight = total(pairs.clone().map(|(wish, _)| wish)) > cost;
                let width = if tight { narrowed(pairs.clone(), cost, edge.width[direction]) } else { 0.0 };
                let mut left = net.graph.edge(edge.id).2;
                let mut most: Option<(usize, u64)> = None;
                let pairs = pairs.flat_map(|(wish, whole)| wish.to_array().into_iter().zip(whole.to_array()));
                for (flow, (wish, whole)) in (own.start * LANES..own.end * LANES).zip(pairs) {
                    let share = (positive(wish - width * whole) as u64).min(left);
                    left -= share;
                    if share > 0 {
                        shares[flow] = signed(share, direction);
                        if most.is_none_or(|(_, most)| share > most) {
                            most = Some((flow, share));
                        }
                    }
                }
                // What rounding left of a tight edge goes to whoever pays most, so that it is saturated.
                if tight && let Some((flow, share)) = most {
                    shares[flow] = signed(share + left, direction);
                }
            }
        }
        shares
    }

    /// The potentials that the shares prove, as an ascent that can go on.
    pub(crate) fn lift(&self, net: &Net, tree: &[u32]) -> Ascent {
        let shares = self.shares(net);
        let outside = self.user.len() as u32;
        let mut potential = vec![u64::MAX; self.potential.len()];
        potential[self.user.len()] = 0;
        let mut lifted = Ascent::empty(net, tree);
        let mut vertex = vec![0u32; self.user.len()];
        for v in 0..net.kind.len() as u32 {
            vertex[self.places(v)].fill(v);
        }
        let (places, flows) = (self.places_of_terminals(), self.flows_of_terminals());
        let mut ways: Vec<Way> = Vec::new();
        for (i, &goal) in self.goal.iter().enumerate() {
            ways.clear();
            for &(edge, flow) in flows.of(i) {
                let lane = &self.lanes[flow as usize / LANES];
                let [second, first] = lane.ends.map(|ends| ends[flow as usize % LANES]);
                let (edge, share) = (&self.edges[edge as usize], shares[flow as usize]);
                for (direction, head, tail) in [(0, second, first), (1, first, second)] {
                    if head != outside && edge.cost[direction].is_finite() {
                        let share = if (share > 0) == (direction == 0) { share.unsigned_abs() } else { 0 };
                        ways.push(Way { head, tail, slot: edge.slots[direction], share });
                    }
                }
            }
            shorten(&ways, &mut potential);
            let members = places.of(i).iter().map(|&place| (place, vertex[place as usize]));
            adopt(&mut lifted, &ways, &mut potential, goal, members);
        }
        lifted
    }

    /// The places of each terminal, ascending.
    fn places_of_terminals(&self) -> Lists<u32> {
        let entries = || self.user.iter().zip(0..).map(|(&i, place)| (i, place));
        Lists::new(self.goal.len(), entries)
    }

    /// The flows of each terminal with their edges, ascending.
    fn flows_of_terminals(&self) -> Lists<(u32, u32)> {
        let of_edge = |edge: usize| {
            let flows = self.lanes(edge).start * LANES..self.lanes(edge).end * LANES;
            flows.map(move |flow| (edge as u32, flow as u32))
        };
        let user = |(edge, flow): (u32, u32)| {
            let ends = self.lanes[flow as usize / LANES].ends.map(|ends| ends[flow as usize % LANES]);
            let place = ends.into_iter().find_map(|place| self.user.get(place as usize));
            place.map(|&user| (user, (edge, flow)))
        };
        Lists::new(self.goal.len(), || (0..self.edges.len()).flat_map(of_edge).filter_map(user))
    }
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
