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
//! Dual ascent alone stops where no few terminals can gain by themselves; here all move at once, and the widths say which
//! edges a tree wants. A terminal's flow is kept within a neighbourhood: what its ascent had reached, and some vertices
//! around it. Outside, its potential is zero, which no certificate minds.
//!
//! All arithmetic is single precision in a fixed order, hence the same on every machine. What is proven is whole numbers:
//! [`Relax::lift`] rounds the shares down and checks nothing by floating point.

use crate::ascent::{Ascent, guide};
use crate::net::Net;
use breiband_graph::MinHeap;

/// Vertices around a terminal that its flow may use, beside those that its ascent had reached.
const BALL: usize = 70;
/// Over-relaxation of each step; below two.
const AHEAD: f32 = 1.95;
/// Below half: the steps of flows and potentials multiply to less than what the net's matrix allows.
const STRIDE: f32 = 0.475;
/// Sums are taken in so many parts.
const LANES: usize = 4;
/// An arc that so often in a row nobody used, and nobody came near to wanting, rests: it is looked at once in so many steps.
const IDLE: u8 = 6;
const REST: u32 = 6;
/// The part of an arc's cost up to which wishes leave it alone.
const CALM: f32 = 0.7;
/// A flow below this part of one is none.
const SPECK: f32 = 1e-6;
/// A width is good enough if the next turn of its search would change it by no more than this part of itself.
const NEAR: f32 = 1e-4;
/// Turns at most of the search for an arc's price at the margin: it converges in two or three.
const TURNS: usize = 20;

/// Flows and potentials, by vertex and by the terminals that may use it.
#[derive(Debug)]
pub(crate) struct Relax {
    /// By vertex: where its places begin. A place is a terminal's potential at a vertex.
    first: Vec<u32>,
    /// By place: the terminal's position in `net.terminals`, ascending within a vertex.
    user: Vec<u32>,
    /// By place, and a last one outside: zero.
    potential: Vec<f32>,
    surplus: Vec<f32>,
    /// By place: how far a surplus moves the potential.
    stride: Vec<f32>,
    /// By slot: where its flows begin, one for each place of the arc's head.
    lane: Vec<u32>,
    /// By flow: the same terminal's place at the tail, or the one outside.
    tail: Vec<u32>,
    /// In units of price: [`Relax::unit`] is one whole.
    flow: Vec<f32>,
    /// By slot.
    cost: Vec<f32>,
    /// By slot: its width, in the same units.
    width: Vec<f32>,
    /// By slot: how often in a row it was left alone, up to [`IDLE`].
    idle: Vec<u8>,
    /// Steps made.
    age: u32,
    /// By terminal: its places, by vertex.
    mine: (Vec<u32>, Vec<u32>),
    /// By terminal: its own place at itself.
    goal: Vec<u32>,
    wish: Vec<f32>,
    unit: f32,
}

impl Relax {
    /// Starts from an ascent on the net and a tree. None if there is nothing to relax, or too much.
    ///
    /// `most` is how many flows there may be.
    pub(crate) fn new(net: &Net, ascent: &Ascent, tree: &[u32], most: usize) -> Option<Self> {
        let count = net.terminals.len();
        let mean = ascent.bound / (count as u64).max(1);
        if mean == 0 {
            return None;
        }
        let places = neighbourhoods(net, ascent, most)?;
        let first = starts(places.iter().map(|place| place.0), net.kind.len());
        let user: Vec<u32> = places.iter().map(|place| place.1).collect();
        let mut potential: Vec<f32> = places.iter().map(|place| place.2).collect();
        potential.push(0.0);
        let mut relax = Self {
            surplus: vec![0.0; potential.len()],
            stride: vec![0.0; potential.len()],
            mine: by_terminal(&user, count),
            goal: vec![0; count],
            lane: Vec::new(),
            tail: Vec::new(),
            flow: Vec::new(),
            cost: net.graph.arcs().iter().map(|arc| arc.cost as f32).collect(),
            width: vec![0.0; net.graph.arcs().len()],
            idle: vec![0; net.graph.arcs().len()],
            age: 0,
            wish: Vec::new(),
            unit: mean as f32,
            first,
            user,
            potential,
        };
        for (i, &t) in net.terminals.iter().enumerate() {
            relax.goal[i] = relax.place(t, i as u32)?;
        }
        relax.lay_lanes(net, most)?;
        relax.follow(net, tree);
        Some(relax)
    }

    /// Flows in all: the work of a step.
    pub(crate) fn size(&self) -> u64 {
        (self.flow.len() + self.potential.len()) as u64
    }

    fn places(&self, v: u32) -> std::ops::Range<usize> {
        self.first[v as usize] as usize..self.first[v as usize + 1] as usize
    }

    fn place(&self, v: u32, terminal: u32) -> Option<u32> {
        let places = self.places(v);
        self.user[places.clone()].binary_search(&terminal).ok().map(|at| (places.start + at) as u32)
    }

    /// One flow for each arc and each terminal with a place at its head.
    fn lay_lanes(&mut self, net: &Net, most: usize) -> Option<()> {
        let outside = self.user.len() as u32;
        for v in 0..net.kind.len() as u32 {
            let places = self.places(v);
            for slot in net.graph.slots(v) {
                self.lane.push(self.tail.len() as u32);
                let u = net.graph.arcs()[slot].head;
                if net.is_sink(u) {
                    continue;
                }
                let mut at = self.places(u);
                for place in places.clone() {
                    while at.start < at.end && self.user[at.start] < self.user[place] {
                        at.start += 1;
                    }
                    let same = at.start < at.end && self.user[at.start] == self.user[place];
                    let tail = if same { at.start as u32 } else { outside };
                    self.tail.push(tail);
                    self.stride[place] += 1.0;
                    self.stride[tail as usize] += 1.0;
                }
                if self.tail.len() > most {
                    return None;
                }
            }
        }
        self.lane.push(self.tail.len() as u32);
        self.flow = vec![0.0; self.tail.len()];
        for stride in &mut self.stride {
            *stride = if *stride > 0.0 { STRIDE / *stride } else { 0.0 };
        }
        Some(())
    }

    /// First flows: the tree's paths, as far as the neighbourhoods reach.
    fn follow(&mut self, net: &Net, tree: &[u32]) {
        let used = guide(net, tree);
        for (i, &t) in net.terminals.iter().enumerate() {
            let mut v = t;
            while v != net.root
                && let Some(place) = self.place(v, i as u32)
                && let Some(slot) = net.graph.slots(v).find(|&slot| used.get(slot) == Some(&true))
            {
                self.flow[(self.lane[slot] + place - self.first[v as usize]) as usize] = self.unit;
                v = net.graph.arcs()[slot].head;
            }
        }
    }

    /// One step of flows and potentials, O(flows).
    pub(crate) fn step(&mut self, net: &Net) {
        self.surplus.fill(0.0);
        for &goal in &self.goal {
            self.surplus[goal as usize] = self.unit;
        }
        self.age += 1;
        let mut wish = std::mem::take(&mut self.wish);
        for v in 0..net.kind.len() as u32 {
            let places = self.places(v);
            if places.is_empty() {
                continue;
            }
            for slot in net.graph.slots(v) {
                // Who rests is looked at in turns.
                if self.idle[slot] < IDLE || (slot as u32 ^ self.age).is_multiple_of(REST) {
                    self.widen(slot, places.clone(), &mut wish);
                }
            }
        }
        self.wish = wish;
        let last = self.potential.len() - 1;
        for ((potential, stride), surplus) in self.potential[..last].iter_mut().zip(&self.stride).zip(&self.surplus) {
            *potential += AHEAD * (positive(*potential + stride * surplus) - *potential);
        }
    }

    /// The flows of one arc: what the slopes ask for, cut down to the width at which the excess just pays for the arc.
    fn widen(&mut self, slot: usize, places: std::ops::Range<usize>, wish: &mut Vec<f32>) {
        let lane = self.lane[slot] as usize..self.lane[slot + 1] as usize;
        if lane.is_empty() {
            return;
        }
        let (flow, tail) = (&mut self.flow[lane.clone()], &self.tail[lane]);
        let (cost, old) = (self.cost[slot], self.width[slot]);
        wishes(flow, tail, &self.potential, places.clone(), wish);
        let (sum, _) = above(wish, 0.0);
        let (over, count) = if sum > cost { above(wish, old) } else { (0.0, 0.0) };
        let width = match (sum > cost, count > 0.0) {
            (false, _) => 0.0,
            (true, false) => width(wish, cost, 0.0),
            (true, true) => {
                let next = ((over - cost) / count).max(0.0);
                if (next - old).abs() <= NEAR * old { next } else { width(wish, cost, next) }
            }
        };
        self.width[slot] = width;
        if width == 0.0 && flow.iter().all(|&flow| flow == 0.0) {
            self.idle[slot] = if sum < cost * CALM { (self.idle[slot] + 1).min(IDLE) } else { 0 };
            return;
        }
        self.idle[slot] = 0;
        let speck = SPECK * self.unit;
        // What a flow will be if it goes on as it goes now.
        for (flow, wish) in flow.iter_mut().zip(wish.iter_mut()) {
            let new = if *wish < width { *wish } else { width };
            *wish = 2.0 * new - *flow;
            *flow += AHEAD * (new - *flow);
            // Next to nothing is nothing, so that arcs come to rest.
            *flow = if flow.abs() < speck { 0.0 } else { *flow };
        }
        for (surplus, ahead) in self.surplus[places].iter_mut().zip(wish.iter()) {
            *surplus -= ahead;
        }
        for (&tail, ahead) in tail.iter().zip(wish.iter()) {
            self.surplus[tail as usize] += ahead;
        }
    }

    /// How wide each edge is in the wider of its directions, from 0 to 1.
    pub(crate) fn widths(&self, net: &Net) -> Vec<f32> {
        let mut widths = vec![0.0f32; net.graph.edge_count() as usize];
        for (arc, &width) in net.graph.arcs().iter().zip(&self.width) {
            let edge = &mut widths[arc.edge as usize];
            *edge = edge.max((width / self.unit).min(1.0));
        }
        widths
    }

    /// What each flow's terminal may pay of its arc, in whole numbers; together never more than the arc costs.
    fn shares(&self, net: &Net) -> Vec<u64> {
        let mut shares = vec![0u64; self.flow.len()];
        let mut wish: Vec<f32> = Vec::new();
        for v in 0..net.kind.len() as u32 {
            let places = self.places(v);
            for slot in net.graph.slots(v) {
                let lane = self.lane[slot] as usize..self.lane[slot + 1] as usize;
                let (flow, tail) = (&self.flow[lane.clone()], &self.tail[lane.clone()]);
                wishes(flow, tail, &self.potential, places.clone(), &mut wish);
                let cost = self.cost[slot];
                let tight = wish.iter().sum::<f32>() > cost;
                let width = if tight { width(&wish, cost, self.width[slot]) } else { 0.0 };
                let mut left = net.graph.arcs()[slot].cost;
                let mut most: Option<usize> = None;
                for (flow, wish) in lane.zip(&wish) {
                    let share = (positive(wish - width) as u64).min(left);
                    shares[flow] = share;
                    left -= share;
                    if share > 0 && most.is_none_or(|most| share > shares[most]) {
                        most = Some(flow);
                    }
                }
                // What rounding left of a tight arc goes to whoever pays most, so that it is saturated.
                if tight && let Some(most) = most {
                    shares[most] += left;
                }
            }
        }
        shares
    }

    /// The potentials that the shares prove, as an ascent that can go on.
    pub(crate) fn lift(&self, net: &Net, tree: &[u32]) -> Ascent {
        let shares = self.shares(net);
        let mut potential = vec![u64::MAX; self.potential.len()];
        potential[self.user.len()] = 0;
        let mut lifted = Ascent::empty(net, tree);
        let mut vertex = vec![0u32; self.user.len()];
        for v in 0..net.kind.len() as u32 {
            vertex[self.places(v)].fill(v);
        }
        let mut ways: Vec<Way> = Vec::new();
        for (i, &goal) in self.goal.iter().enumerate() {
            let mine = &self.mine.1[self.mine.0[i] as usize..self.mine.0[i + 1] as usize];
            ways.clear();
            for &head in mine {
                let v = vertex[head as usize];
                for slot in net.graph.slots(v) {
                    let lane = self.lane[slot]..self.lane[slot + 1];
                    if !lane.is_empty() {
                        let flow = (lane.start + head - self.first[v as usize]) as usize;
                        ways.push(Way { head, tail: self.tail[flow], slot: slot as u32, share: shares[flow] });
                    }
                }
            }
            // Shortest ways from outside; there are few, and they follow the numbering.
            loop {
                let mut changed = false;
                for way in &ways {
                    let reach = potential[way.tail as usize].saturating_add(way.share);
                    if reach < potential[way.head as usize] {
                        potential[way.head as usize] = reach;
                        changed = true;
                    }
                }
                if !changed {
                    break;
                }
            }
            let total = potential[goal as usize];
            let mut members = Vec::new();
            for &place in mine {
                let at = &mut potential[place as usize];
                *at = (*at).min(total);
                if *at > 0 {
                    members.push((vertex[place as usize], total - *at));
                }
            }
            members.sort_unstable_by_key(|&(v, joined)| (joined, v));
            for way in &ways {
                let paid = potential[way.head as usize].saturating_sub(potential[way.tail as usize]);
                lifted.residual[way.slot as usize] -= paid;
            }
            lifted.adopt(total, members);
        }
        lifted
    }
}

/// What the slopes ask for on an arc: its flows, and what the head's potentials have over those at the tail.
fn wishes(flow: &[f32], tail: &[u32], potential: &[f32], places: std::ops::Range<usize>, wish: &mut Vec<f32>) {
    wish.clear();
    wish.extend(tail.iter().map(|&tail| potential[tail as usize]));
    for ((wish, &flow), &head) in wish.iter_mut().zip(flow).zip(&potential[places]) {
        *wish = positive(flow + head - *wish);
    }
}

/// The sum of the wishes above a width, and how many they are: in lanes, so that a processor can take several at once, and
/// every one takes the same.
fn above(wish: &[f32], width: f32) -> (f32, f32) {
    let (mut sums, mut counts) = ([0.0f32; LANES], [0.0f32; LANES]);
    let chunks = wish.chunks_exact(LANES);
    for (&wish, (sum, count)) in chunks.remainder().iter().zip(sums.iter_mut().zip(&mut counts)) {
        *sum += if wish > width { wish } else { 0.0 };
        *count += if wish > width { 1.0 } else { 0.0 };
    }
    for chunk in chunks {
        for (&wish, (sum, count)) in chunk.iter().zip(sums.iter_mut().zip(&mut counts)) {
            *sum += if wish > width { wish } else { 0.0 };
            *count += if wish > width { 1.0 } else { 0.0 };
        }
    }
    let [a, b, c, d] = sums;
    let [i, j, k, l] = counts;
    ((a + b) + (c + d), (i + j) + (k + l))
}

/// The number if it is positive, else zero: one instruction, where `max` has to think of what is no number.
fn positive(x: f32) -> f32 {
    if x > 0.0 { x } else { 0.0 }
}

/// An arc as one terminal sees it, and what it may pay for it.
struct Way {
    head: u32,
    tail: u32,
    slot: u32,
    share: u64,
}

/// Where the excess of wishes over a width adds up to the cost: Newton's method, from anywhere.
fn width(wish: &[f32], cost: f32, start: f32) -> f32 {
    let mut width = start;
    for _ in 0..TURNS {
        let (sum, count) = above(wish, width);
        let next = if count == 0.0 { 0.0 } else { ((sum - cost) / count).max(0.0) };
        let close = (next - width).abs() <= NEAR * width;
        width = next;
        if close {
            break;
        }
    }
    width
}

/// Vertex, terminal and first potential of each place, ascending.
fn neighbourhoods(net: &Net, ascent: &Ascent, most: usize) -> Option<Vec<(u32, u32, f32)>> {
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
            if settled > BALL {
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

/// The places of each terminal, ascending.
fn by_terminal(user: &[u32], count: usize) -> (Vec<u32>, Vec<u32>) {
    let first = starts(user.iter().copied(), count);
    let mut at = first.clone();
    let mut places = vec![0u32; user.len()];
    for (place, &i) in (0..).zip(user) {
        places[at[i as usize] as usize] = place;
        at[i as usize] += 1;
    }
    (first, places)
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
        fn shares_prove_what_they_say(instance in instances(), steps in 0usize..200, guided: bool) {
            let Guided { lifted, tree, best, unreachable } = guide_of(&instance, guided);
            let net = &lifted.net;
            let twins = net.graph.twins();
            let ascent = Ascent::run(net, &twins, &tree);
            let Some(mut relax) = Relax::new(net, &ascent, &tree, 1 << 20) else { return Ok(()) };
            for _ in 0..steps {
                relax.step(net);
            }
            let shares = relax.shares(net);
            for slot in 0..net.graph.arcs().len() {
                let lane = relax.lane[slot] as usize..relax.lane[slot + 1] as usize;
                prop_assert!(shares[lane].iter().sum::<u64>() <= net.graph.arcs()[slot].cost);
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
