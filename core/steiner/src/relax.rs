//! The flow relaxation of the whole net, solved nearly by steps that improve prices and flows side by side.
//!
//! Each terminal sends one unit of flow from the root, by arcs whose width x is paid for: minimise Σ c·x over widths that
//! hold every terminal's flow (the directed cut relaxation, Wong 1984). Its dual are the certificate's potentials: on each
//! arc the terminals share its cost, and each potential is a shortest way in the terminal's own shares. The method of
//! Chambolle & Pock (2011), which Applegate et al. (2021) made practical for linear programs, alternates between the two:
//!
//! - flows follow the slope of the potentials; where the terminals together want an arc by more than it costs, it is
//!   widened for all of them alike (the projection onto a scaled simplex, Held, Wolfe & Crowder 1974);
//! - potentials fall where flow is in excess, and rise where it is missing.
//!
//! The flows of an edge's two arcs are one number, forwards or backwards: both at once would cancel out. A step of a terminal's
//! flow is worth as much price as suits its potentials, which differ: its [`Relax::units`].
//!
//! Dual ascent alone stops where no few terminals can gain by themselves; here all move at once, and the widths say which
//! edges a tree wants. A terminal's flow is kept within a neighbourhood: what its ascent had reached, and some vertices
//! around it. Outside, its potential is zero, which no certificate minds.
//!
//! All arithmetic is single precision in a fixed order, hence the same on every machine. What is proven is whole numbers:
//! [`Relax::lift`] rounds the shares down and checks nothing by floating point.

use crate::ascent::{Ascent, guide};
use crate::net::Net;
use crate::ways::{Way, adopt, shorten};
use breiband_graph::MinHeap;
use wide::f32x4;

/// Vertices around a terminal that its flow may use, beside those that its ascent had reached: enough where terminals are many.
pub(crate) const BALL: u32 = 70;
/// Over-relaxation of each step; below two.
const AHEAD: f32 = 1.95;
/// Below half: the steps of flows and potentials multiply to less than what the net's matrix allows.
const STRIDE: f32 = 0.475;
/// So many numbers are taken at a time, by one instruction where the processor has it; every one takes the same.
const LANES: usize = 4;
type Four = f32x4;
/// A flow below this part of one is none.
const SPECK: f32 = 1e-6;
/// A width is good enough if the next turn of its search would change it by no more than this part of itself.
const NEAR: f32 = 1e-3;
/// Turns at most of the search for an arc's price at the margin: it converges in two or three.
const TURNS: usize = 20;

/// An edge that some terminal may use. Flow along it counts as positive towards its second end.
#[derive(Debug, Clone, Copy)]
struct Edge {
    /// Its number in the graph.
    id: u32,
    /// The slots of its arcs: in the rows of its second and its first end.
    slots: [u32; 2],
    /// Where its lanes begin.
    first: u32,
    /// What flow costs forwards and backwards; infinite out of a sink.
    cost: [f32; 2],
    /// How wide it is forwards and backwards, where one is as wide as the whole of a flow.
    width: [f32; 2],
    /// Whether all its flows are zero.
    still: bool,
}

/// The flows of some terminals along an edge.
#[derive(Debug, Clone, Copy)]
struct Lane {
    /// In units of price: the terminal's of [`Relax::units`] is one whole.
    flow: Four,
    /// What is one whole.
    whole: Four,
    /// The terminals' places at the second end and at the first, or the one outside.
    ends: [[u32; LANES]; 2],
}

/// Flows and potentials, by the terminals that may use a vertex or an edge.
#[derive(Debug)]
pub(crate) struct Relax {
    /// By vertex: where its places begin; one more for the end.
    rows: Vec<u32>,
    /// By place: the terminal's position in `net.terminals`, ascending within a vertex.
    user: Vec<u32>,
    /// By place, and last the one outside: zero.
    potential: Vec<f32>,
    surplus: Vec<f32>,
    /// By place: how far a surplus moves the potential.
    stride: Vec<f32>,
    edges: Vec<Edge>,
    /// The flows, edge by edge, ascending by terminal; what fills an edge's last lane lies outside.
    lanes: Vec<Lane>,
    /// By terminal: its own place at itself.
    goal: Vec<u32>,
    /// By terminal: the price that one whole of its flow stands for.
    units: Vec<f32>,
    /// What an edge's flows ask for, while it is looked at: lanes of the longest.
    wish: Vec<Four>,
}

impl Relax {
    /// Starts from an ascent on the net and a tree. None if there is nothing to relax, or too much.
    ///
    /// A flow may use as many vertices around its terminal as `ball` says; `most` is how many flows there may be.
    pub(crate) fn new(net: &Net, ascent: &Ascent, tree: &[u32], ball: u32, most: usize) -> Option<Self> {
        let count = net.terminals.len();
        let mean = ascent.bound / (count as u64).max(1);
        if mean == 0 {
            return None;
        }
        let places = neighbourhoods(net, ascent, ball, most)?;
        let mut relax = Self {
            rows: starts(places.iter().map(|place| place.0), net.kind.len()),
            user: places.iter().map(|place| place.1).collect(),
            potential: places.iter().map(|place| place.2).chain([0.0]).collect(),
            surplus: vec![0.0; places.len() + 1],
            stride: Vec::new(),
            edges: Vec::new(),
            lanes: Vec::new(),
            goal: vec![0; count],
            units: (0..count).map(|i| unit(ascent.potentials(i).map(|(_, top)| top).max(), mean)).collect(),
            wish: Vec::new(),
        };
        drop(places);
        for (i, &t) in net.terminals.iter().enumerate() {
            relax.goal[i] = relax.place(t, i as u32)?;
        }
        relax.lay_lanes(net, most)?;
        relax.follow(net, tree);
        Some(relax)
    }

    /// Flows and potentials in all: the work of a step.
    pub(crate) fn size(&self) -> u64 {
        (self.lanes.len() * LANES + self.user.len()) as u64
    }

    fn places(&self, v: u32) -> std::ops::Range<usize> {
        self.rows[v as usize] as usize..self.rows[v as usize + 1] as usize
    }

    fn place(&self, v: u32, terminal: u32) -> Option<u32> {
        let places = self.places(v);
        self.user[places.clone()].binary_search(&terminal).ok().map(|at| (places.start + at) as u32)
    }

    /// The lanes of an edge.
    fn lanes(&self, edge: usize) -> std::ops::Range<usize> {
        let end = self.edges.get(edge + 1).map_or(self.lanes.len(), |next| next.first as usize);
        self.edges[edge].first as usize..end
    }

    /// One flow for each edge and each terminal with a place at one of its ends.
    fn lay_lanes(&mut self, net: &Net, most: usize) -> Option<()> {
        let outside = self.user.len() as u32;
        let mut degree = vec![0u32; self.user.len() + 1];
        let twins = net.graph.twins();
        let mut both: Vec<[u32; 2]> = Vec::new();
        for v in 0..net.kind.len() as u32 {
            for slot in net.graph.slots(v).filter(|&slot| net.graph.arcs()[slot].head < v) {
                let arc = net.graph.arcs()[slot];
                both.clear();
                let (mut at, mut other) = (self.places(v), self.places(arc.head));
                while !at.is_empty() || !other.is_empty() {
                    let next = |places: &std::ops::Range<usize>| {
                        if places.is_empty() { crate::NONE } else { self.user[places.start] }
                    };
                    let (here, there) = (next(&at), next(&other));
                    let take = |places: &mut std::ops::Range<usize>, whether: bool| {
                        if whether { places.next().map_or(outside, |place| place as u32) } else { outside }
                    };
                    both.push([take(&mut at, here <= there), take(&mut other, there <= here)]);
                }
                if both.is_empty() {
                    continue;
                }
                let open = |from: u32| if net.is_sink(from) { f32::INFINITY } else { arc.cost as f32 };
                self.edges.push(Edge {
                    id: arc.edge,
                    slots: [slot as u32, twins[slot]],
                    first: self.lanes.len() as u32,
                    cost: [open(arc.head), open(v)],
                    width: [0.0; 2],
                    still: false,
                });
                for four in both.chunks(LANES) {
                    let (mut whole, mut ends) = ([1.0; LANES], [[outside; LANES]; 2]);
                    for (k, both) in four.iter().enumerate() {
                        for (end, &place) in both.iter().enumerate() {
                            ends[end][k] = place;
                            degree[place as usize] += 1;
                            if let Some(&user) = self.user.get(place as usize) {
                                whole[k] = self.units[user as usize];
                            }
                        }
                    }
                    self.lanes.push(Lane { flow: Four::ZERO, whole: whole.into(), ends });
                }
            }
            if self.lanes.len() * LANES > most {
                return None;
            }
        }
        let longest = (0..self.edges.len()).map(|edge| self.lanes(edge).len()).max();
        self.wish = vec![Four::ZERO; longest.unwrap_or(0)];
        let stride = |&degree: &u32| if degree > 0 { STRIDE / degree as f32 } else { 0.0 };
        self.stride = degree[..self.user.len()].iter().map(stride).collect();
        Some(())
    }

    /// First flows: the tree's paths, as far as the neighbourhoods reach.
    fn follow(&mut self, net: &Net, tree: &[u32]) {
        let used = guide(net, tree);
        // The edge that each slot belongs to, and whether flow by it is backwards.
        let mut edge_of = vec![(crate::NONE, false); net.graph.arcs().len()];
        for (at, edge) in self.edges.iter().enumerate() {
            edge_of[edge.slots[0] as usize] = (at as u32, false);
            edge_of[edge.slots[1] as usize] = (at as u32, true);
        }
        for (i, &t) in net.terminals.iter().enumerate() {
            let mut v = t;
            while v != net.root
                && let Some(place) = self.place(v, i as u32)
                && let Some(slot) = net.graph.slots(v).find(|&slot| used.get(slot) == Some(&true))
                && let (edge, back) = edge_of[slot]
                && edge != crate::NONE
            {
                let lanes = self.lanes(edge as usize);
                for lane in &mut self.lanes[lanes] {
                    if let Some(k) = lane.ends[usize::from(back)].iter().position(|&at| at == place) {
                        lane.flow.as_mut_array()[k] = if back { -self.units[i] } else { self.units[i] };
                    }
                }
                v = net.graph.arcs()[slot].head;
            }
        }
    }

    /// One step of flows and potentials, O(flows).
    pub(crate) fn step(&mut self) {
        for (&goal, unit) in self.goal.iter().zip(&self.units) {
            self.surplus[goal as usize] += unit;
        }
        let mut lanes = &mut self.lanes[..];
        for at in 0..self.edges.len() {
            let end = self.edges.get(at + 1).map_or(lanes.len(), |next| (next.first - self.edges[at].first) as usize);
            let (own, rest) = lanes.split_at_mut(end);
            lanes = rest;
            let (potential, surplus) = (&self.potential[..], &mut self.surplus[..]);
            // The compiler makes straight code of the usual lengths.
            let edge = &mut self.edges[at];
            match end {
                1 => widen(edge, &mut own[..1], &mut self.wish[..1], potential, surplus),
                2 => widen(edge, &mut own[..2], &mut self.wish[..2], potential, surplus),
                3 => widen(edge, &mut own[..3], &mut self.wish[..3], potential, surplus),
                4 => widen(edge, &mut own[..4], &mut self.wish[..4], potential, surplus),
                n => widen(edge, own, &mut self.wish[..n], potential, surplus),
            }
        }
        let moved = self.potential.iter_mut().zip(&self.stride).zip(&mut self.surplus);
        for ((potential, stride), surplus) in moved {
            *potential += AHEAD * (positive(*potential + stride * *surplus) - *potential);
            *surplus = 0.0;
        }
        self.surplus[self.user.len()] = 0.0;
    }

    /// How wide each edge is in the wider of its directions, from 0 to 1.
    pub(crate) fn widths(&self, net: &Net) -> Vec<f32> {
        let mut widths = vec![0.0f32; net.graph.edge_count() as usize];
        for edge in &self.edges {
            widths[edge.id as usize] = edge.width[0].max(edge.width[1]).min(1.0);
        }
        widths
    }

    /// What each flow's terminal may pay of its edge, in whole numbers: forwards, or backwards if negative. In no direction
    /// do they together pay more than it costs.
    fn shares(&self, net: &Net) -> Vec<i64> {
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

impl Lane {
    /// What the slopes ask for: the flows, and what the potentials at the second end have over those at the first.
    #[inline(always)]
    fn wish(&self, potential: &[f32]) -> Four {
        // Spelled out, so that it is straight code whatever the compiler thinks of closures within closures.
        let at = |[a, b, c, d]: [u32; LANES]| {
            Four::new([potential[a as usize], potential[b as usize], potential[c as usize], potential[d as usize]])
        };
        self.flow + at(self.ends[0]) - at(self.ends[1])
    }
}

/// The flows of an edge: what the slopes ask for, cut down to the widths at which the excess just pays for it.
#[inline(always)]
fn widen(edge: &mut Edge, lanes: &mut [Lane], wish: &mut [Four], potential: &[f32], surplus: &mut [f32]) {
    let mut all = [Four::ZERO; 2];
    for (lane, wish) in lanes.iter().zip(&mut *wish) {
        *wish = lane.wish(potential);
        all = [all[0] + towards(*wish, 1.0), all[1] + towards(*wish, -1.0)];
    }
    for (direction, sign) in [(0, 1.0), (1, -1.0)] {
        let (old, cost) = (edge.width[direction], edge.cost[direction]);
        edge.width[direction] = if sum(all[direction]) > cost {
            let wished = wish.iter().map(|wish| towards(*wish, sign));
            narrowed(wished.zip(lanes.iter().map(|lane| lane.whole)), cost, old)
        } else {
            0.0
        };
    }
    if edge.still && edge.width == [0.0; 2] {
        return;
    }
    edge.still = true;
    let [forth, back] = edge.width;
    for (lane, wish) in lanes.iter_mut().zip(&*wish) {
        let (was, whole) = (lane.flow, lane.whole);
        let new = wish.fast_min(whole * forth).fast_max(whole * -back);
        let change = new - was;
        // What a flow will be if it goes on as it goes now.
        let ahead = (new + change).to_array();
        let next = was + change * AHEAD;
        // Next to nothing is nothing.
        lane.flow = next & next.abs().simd_ge(whole * SPECK);
        edge.still &= lane.flow.simd_eq(Four::ZERO).all();
        for i in 0..LANES {
            surplus[lane.ends[0][i] as usize] -= ahead[i];
            surplus[lane.ends[1][i] as usize] += ahead[i];
        }
    }
}

/// What of the wishes is forwards, or backwards: zero for the others.
fn towards(wish: Four, sign: f32) -> Four {
    (wish * sign).fast_max(Four::ZERO)
}

/// A share forwards, or backwards.
fn signed(share: u64, direction: usize) -> i64 {
    let share = i64::try_from(share).unwrap_or(i64::MAX);
    if direction == 0 { share } else { -share }
}

fn sum(four: Four) -> f32 {
    let [a, b, c, d] = four.to_array();
    (a + b) + (c + d)
}

fn total(wishes: impl Iterator<Item = Four>) -> f32 {
    sum(wishes.fold(Four::ZERO, |sum, wish| sum + wish))
}

/// The wishes that pass a width, and their units; zero for the others.
fn beyond(wish: Four, whole: Four, width: f32) -> (Four, Four) {
    let over = wish.simd_gt(whole * width);
    (wish & over, whole & over)
}

/// Newton's next width, if wishes of so much together, of so many units, are wider than the last one.
fn newton(sum: f32, units: f32, cost: f32) -> f32 {
    if units > 0.0 { positive((sum - cost) / units) } else { 0.0 }
}

/// Where the excess of wishes over a width adds up to the cost: Newton's method, from anywhere. `pairs` are wishes and wholes.
#[inline(always)]
fn narrowed(pairs: impl Iterator<Item = (Four, Four)> + Clone, cost: f32, start: f32) -> f32 {
    let mut width = start;
    for _ in 0..TURNS {
        let (mut sums, mut units) = (Four::ZERO, Four::ZERO);
        for (wish, whole) in pairs.clone() {
            let (over, unit) = beyond(wish, whole, width);
            (sums, units) = (sums + over, units + unit);
        }
        let next = newton(sum(sums), sum(units), cost);
        let close = (next - width).abs() <= NEAR * width;
        width = next;
        if close {
            break;
        }
    }
    width
}

/// The price that one whole of a terminal's flow stands for: between half its own highest potential and half the mean of all,
/// which measured best of what was tried.
fn unit(top: Option<u64>, mean: u64) -> f32 {
    let top = top.unwrap_or(0).max(mean / 10).max(1);
    (top as f32 * mean as f32).sqrt() / 2.0
}

/// The number if it is positive, else zero: one instruction, where `max` has to think of what is no number.
fn positive(x: f32) -> f32 {
    if x > 0.0 { x } else { 0.0 }
}

/// Vertex, terminal and first potential of each place, ascending.
fn neighbourhoods(net: &Net, ascent: &Ascent, ball: u32, most: usize) -> Option<Vec<(u32, u32, f32)>> {
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

/// Where each of so many rows begins if these are the rows of some entries; one row more, for the end.
fn starts(rows: impl Iterator<Item = u32>, count: usize) -> Vec<u32> {
    let mut first = vec![0u32; count + 1];
    for row in rows {
        first[row as usize + 1] += 1;
    }
    for row in 0..count {
        first[row + 1] += first[row];
    }
    first
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::{Guided, guide_of, instances};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        /// Whatever the flows, what their shares prove is a certificate that does not pass the optimum, before and after it
        /// ascends.
        #[test]
        fn shares_prove_what_they_say(
            instance in instances(), steps in 0usize..200, guided: bool, ball in 1..BALL,
        ) {
            let Guided { lifted, tree, best, unreachable } = guide_of(&instance, guided);
            let net = &lifted.net;
            let twins = net.graph.twins();
            let ascent = Ascent::run(net, &twins, &tree);
            let Some(mut relax) = Relax::new(net, &ascent, &tree, ball, 1 << 20) else { return Ok(()) };
            for _ in 0..steps {
                relax.step();
            }
            let shares = relax.shares(net);
            for (at, edge) in relax.edges.iter().enumerate() {
                let own = &shares[relax.lanes(at).start * LANES..relax.lanes(at).end * LANES];
                let cost = net.graph.edge(edge.id).2 as i64;
                prop_assert!(own.iter().filter(|&&share| share > 0).sum::<i64>() <= cost);
                prop_assert!(own.iter().filter(|&&share| share < 0).sum::<i64>() >= -cost);
            }
            let widths = relax.widths(net);
            prop_assert!(widths.iter().all(|width| (0.0..=1.0).contains(width)));
            let mut ascent = relax.lift(net, &tree);
            for _ in 0..2 {
                let bound = ascent.bound;
                prop_assert!(bound <= best);
                prop_assert_eq!(instance.check(&ascent.clone().into_certificate(&lifted), &unreachable), Ok(bound));
                ascent.go_on(net, &twins);
                prop_assert!(ascent.bound >= bound);
            }
        }
    }
}
