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
//! A step of a terminal's flow is worth as much price as suits its potentials, which differ: its [`Relax::units`].
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
/// Sums are taken in so many parts, so that a processor can take several at once, and every one takes the same.
const LANES: usize = 4;
type Four = [f32; LANES];
/// Fills a row of places up to whole lanes.
const NOBODY: u32 = u32::MAX;
/// A flow below this part of one is none.
const SPECK: f32 = 1e-6;
/// A width is good enough if the next turn of its search would change it by no more than this part of itself.
const NEAR: f32 = 1e-4;
/// Turns at most of the search for an arc's price at the margin: it converges in two or three.
const TURNS: usize = 20;

/// Where what belongs to a vertex begins; in a list with one more for the end.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    /// Its places: which terminals have a potential there. Whole lanes.
    place: u32,
    /// Its arcs: those by which flow comes in.
    arc: u32,
    /// The flows of its arcs, one for each place and arc, an arc's together.
    flow: u32,
}

/// Flows and potentials, by vertex and by the terminals that may use it.
#[derive(Debug)]
pub(crate) struct Relax {
    rows: Vec<Row>,
    /// By place: the terminal's position in `net.terminals`, ascending within a vertex, then [`NOBODY`].
    user: Vec<u32>,
    /// By place, and last those outside: zero.
    potential: Vec<f32>,
    surplus: Vec<f32>,
    /// By place: how far a surplus moves the potential.
    stride: Vec<f32>,
    /// By flow: the same terminal's place at the tail, or the one outside.
    tail: Vec<u32>,
    /// In units of price: the terminal's of [`Relax::units`] is one whole.
    flow: Vec<f32>,
    /// By arc: its slot in the graph.
    slot: Vec<u32>,
    /// By arc.
    cost: Vec<f32>,
    /// By arc: its width, where one is as wide as the whole of a flow.
    width: Vec<f32>,
    /// By terminal: its places, by vertex.
    mine: (Vec<u32>, Vec<u32>),
    /// By terminal: its own place at itself.
    goal: Vec<u32>,
    /// What an arc's flows ask for, while it is looked at: lanes of the longest row.
    wish: Vec<Four>,
    /// By terminal: the price that one whole of its flow stands for.
    units: Vec<f32>,
    /// By place: the same.
    whole: Vec<f32>,
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
        let mut relax = Self {
            rows: Vec::with_capacity(net.kind.len() + 1),
            user: Vec::new(),
            potential: Vec::new(),
            surplus: Vec::new(),
            stride: Vec::new(),
            tail: Vec::new(),
            flow: Vec::new(),
            slot: Vec::new(),
            cost: Vec::new(),
            width: Vec::new(),
            mine: (Vec::new(), Vec::new()),
            goal: vec![0; count],
            wish: Vec::new(),
            units: (0..count).map(|i| unit(ascent.potentials(i).map(|(_, top)| top).max(), mean)).collect(),
            whole: Vec::new(),
        };
        relax.lay_rows(net, neighbourhoods(net, ascent, most)?);
        relax.lay_flows(net, most)?;
        for (i, &t) in net.terminals.iter().enumerate() {
            relax.goal[i] = relax.place(t, i as u32)?;
        }
        relax.follow(net, tree);
        Some(relax)
    }

    /// Flows in all: the work of a step.
    pub(crate) fn size(&self) -> u64 {
        (self.flow.len() + self.potential.len()) as u64
    }

    fn places(&self, v: u32) -> std::ops::Range<usize> {
        self.rows[v as usize].place as usize..self.rows[v as usize + 1].place as usize
    }

    fn arcs(&self, v: u32) -> std::ops::Range<usize> {
        self.rows[v as usize].arc as usize..self.rows[v as usize + 1].arc as usize
    }

    /// The flows of one of a vertex's arcs.
    fn lane(&self, v: u32, arc: usize) -> std::ops::Range<usize> {
        let (row, width) = (self.rows[v as usize], self.places(v).len());
        let first = row.flow as usize + (arc - row.arc as usize) * width;
        first..first + width
    }

    fn place(&self, v: u32, terminal: u32) -> Option<u32> {
        let places = self.places(v);
        self.user[places.clone()].binary_search(&terminal).ok().map(|at| (places.start + at) as u32)
    }

    /// The places at each vertex, in whole lanes, and its arcs, but for those out of sinks.
    fn lay_rows(&mut self, net: &Net, places: Vec<(u32, u32, f32)>) {
        let mut next = places.into_iter().peekable();
        for v in 0..net.kind.len() as u32 {
            self.rows.push(Row { place: self.user.len() as u32, arc: self.slot.len() as u32, flow: 0 });
            while let Some((_, i, potential)) = next.next_if(|place| place.0 == v) {
                self.user.push(i);
                self.potential.push(potential);
            }
            if self.user.len() == self.rows[v as usize].place as usize {
                continue;
            }
            self.user.resize(self.user.len().next_multiple_of(LANES), NOBODY);
            self.potential.resize(self.user.len(), 0.0);
            for slot in net.graph.slots(v).filter(|&slot| !net.is_sink(net.graph.arcs()[slot].head)) {
                self.slot.push(slot as u32);
                self.cost.push(net.graph.arcs()[slot].cost as f32);
            }
        }
        self.rows.push(Row { place: self.user.len() as u32, arc: self.slot.len() as u32, flow: 0 });
        self.potential.resize(self.user.len() + LANES, 0.0);
        self.surplus = vec![0.0; self.potential.len()];
        self.width = vec![0.0; self.slot.len()];
        self.whole = self.user.iter().map(|&i| self.units.get(i as usize).copied().unwrap_or(1.0)).collect();
        self.mine = by_terminal(&self.user, net.terminals.len());
        let widest = self.rows.windows(2).map(|row| (row[1].place - row[0].place) as usize / LANES).max();
        self.wish = vec![[0.0; LANES]; widest.unwrap_or(0)];
    }

    /// One flow for each arc and each place at its head.
    fn lay_flows(&mut self, net: &Net, most: usize) -> Option<()> {
        let outside = self.user.len() as u32;
        let mut degree = vec![0u32; self.potential.len()];
        for v in 0..net.kind.len() as u32 {
            self.rows[v as usize].flow = self.tail.len() as u32;
            for arc in self.arcs(v) {
                let mut at = self.places(net.graph.arcs()[self.slot[arc] as usize].head);
                for place in self.places(v) {
                    let user = self.user[place];
                    while at.start < at.end && self.user[at.start] < user {
                        at.start += 1;
                    }
                    let same = user != NOBODY && at.start < at.end && self.user[at.start] == user;
                    let tail = if same { at.start as u32 } else { outside };
                    self.tail.push(tail);
                    degree[place] += 1;
                    degree[tail as usize] += 1;
                }
            }
            if self.tail.len() > most {
                return None;
            }
        }
        let end = self.rows.len() - 1;
        self.rows[end].flow = self.tail.len() as u32;
        self.flow = vec![0.0; self.tail.len()];
        self.stride = degree.iter().map(|&degree| if degree > 0 { STRIDE / degree as f32 } else { 0.0 }).collect();
        Some(())
    }

    /// First flows: the tree's paths, as far as the neighbourhoods reach.
    fn follow(&mut self, net: &Net, tree: &[u32]) {
        let used = guide(net, tree);
        for (i, &t) in net.terminals.iter().enumerate() {
            let mut v = t;
            while v != net.root
                && let Some(place) = self.place(v, i as u32)
                && let Some(arc) = self.arcs(v).find(|&arc| used.get(self.slot[arc] as usize) == Some(&true))
            {
                let at = self.lane(v, arc).start + place as usize - self.places(v).start;
                self.flow[at] = self.units[i];
                v = net.graph.arcs()[self.slot[arc] as usize].head;
            }
        }
    }

    /// One step of flows and potentials, O(flows).
    pub(crate) fn step(&mut self) {
        for (&goal, unit) in self.goal.iter().zip(&self.units) {
            self.surplus[goal as usize] += unit;
        }
        for v in 0..self.rows.len() - 1 {
            // The compiler makes straight code of the usual lengths.
            match self.places(v as u32).len() / LANES {
                0 => {}
                1 => self.widen(v, 1),
                2 => self.widen(v, 2),
                3 => self.widen(v, 3),
                4 => self.widen(v, 4),
                5 => self.widen(v, 5),
                6 => self.widen(v, 6),
                n => self.widen(v, n),
            }
        }
        let places = self.user.len();
        let moved = self.potential[..places].iter_mut().zip(&self.stride).zip(&mut self.surplus);
        for ((potential, stride), surplus) in moved {
            *potential += AHEAD * (positive(*potential + stride * *surplus) - *potential);
            *surplus = 0.0;
        }
    }

    /// The flows of a vertex's arcs, `n` lanes each: what the slopes ask for, cut down to the width at which the excess
    /// just pays for the arc.
    #[inline(always)]
    fn widen(&mut self, v: usize, n: usize) {
        let (row, next) = (self.rows[v], self.rows[v + 1]);
        let arcs = row.arc as usize..next.arc as usize;
        let lanes = row.flow as usize..next.flow as usize;
        let here = row.place as usize / LANES..next.place as usize / LANES;
        let potential = &self.potential[..];
        let head = &potential.as_chunks::<LANES>().0[here.clone()][..n];
        let whole = &self.whole.as_chunks::<LANES>().0[here.clone()][..n];
        let flows = self.flow[lanes.clone()].as_chunks_mut::<LANES>().0.chunks_exact_mut(n);
        let tails = self.tail[lanes].as_chunks::<LANES>().0.chunks_exact(n);
        let wish = &mut self.wish[..n];
        let surplus = &mut self.surplus[..];
        let arcs = self.cost[arcs.clone()].iter().zip(&mut self.width[arcs]);
        for (((&cost, width), flow), tail) in arcs.zip(flows).zip(tails) {
            for k in 0..n {
                wish[k] = tail[k].map(|tail| potential[tail as usize]);
            }
            let old = *width;
            let (mut sums, mut overs, mut units) = ([0.0f32; LANES], [0.0f32; LANES], [0.0f32; LANES]);
            for k in 0..n {
                let wished = wishes(flow[k], head[k], wish[k]);
                wish[k] = wished;
                sums = plus(sums, wished);
                let (over, unit) = beyond(wished, whole[k], old);
                (overs, units) = (plus(overs, over), plus(units, unit));
            }
            *width = if sum(sums) > cost {
                let next = newton(sum(overs), sum(units), cost);
                if (next - old).abs() <= NEAR * old { next } else { narrowed(wish, whole, cost, next) }
            } else {
                0.0
            };
            // What a flow will be if it goes on as it goes now.
            for k in 0..n {
                let (was, wished, most) = (flow[k], wish[k], whole[k].map(|whole| whole * *width));
                let new: Four = std::array::from_fn(|i| if wished[i] < most[i] { wished[i] } else { most[i] });
                let ahead: Four = std::array::from_fn(|i| new[i] + new[i] - was[i]);
                let next: Four = std::array::from_fn(|i| was[i] + AHEAD * (new[i] - was[i]));
                // Next to nothing is nothing.
                flow[k] = std::array::from_fn(|i| if next[i].abs() < SPECK * whole[k][i] { 0.0 } else { next[i] });
                wish[k] = ahead;
                let left = &mut surplus.as_chunks_mut::<LANES>().0[here.start + k];
                *left = std::array::from_fn(|i| left[i] - ahead[i]);
            }
            for k in 0..n {
                for i in 0..LANES {
                    surplus[tail[k][i] as usize] += wish[k][i];
                }
            }
        }
    }

    /// How wide each edge is in the wider of its directions, from 0 to 1.
    pub(crate) fn widths(&self, net: &Net) -> Vec<f32> {
        let mut widths = vec![0.0f32; net.graph.edge_count() as usize];
        for (&slot, &width) in self.slot.iter().zip(&self.width) {
            let edge = &mut widths[net.graph.arcs()[slot as usize].edge as usize];
            *edge = edge.max(width.min(1.0));
        }
        widths
    }

    /// What each flow's terminal may pay of its arc, in whole numbers; together never more than the arc costs.
    fn shares(&self, net: &Net) -> Vec<u64> {
        let mut shares = vec![0u64; self.flow.len()];
        let mut wish: Vec<Four> = Vec::new();
        for v in 0..net.kind.len() as u32 {
            let head = self.potential[self.places(v)].as_chunks::<LANES>().0;
            let whole = self.whole[self.places(v)].as_chunks::<LANES>().0;
            for arc in self.arcs(v) {
                let lane = self.lane(v, arc);
                let flow = self.flow[lane.clone()].as_chunks::<LANES>().0;
                let tail = self.tail[lane.clone()].as_chunks::<LANES>().0;
                wish.clear();
                wish.extend(
                    (0..flow.len())
                        .map(|k| wishes(flow[k], head[k], tail[k].map(|tail| self.potential[tail as usize]))),
                );
                let cost = self.cost[arc];
                let tight = above(&wish, whole, 0.0).0 > cost;
                let width = if tight { narrowed(&wish, whole, cost, self.width[arc]) } else { 0.0 };
                let mut left = net.graph.arcs()[self.slot[arc] as usize].cost;
                let mut most: Option<usize> = None;
                for ((flow, wish), whole) in lane.zip(wish.as_flattened()).zip(whole.as_flattened()) {
                    let share = (positive(wish - width * whole) as u64).min(left);
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
        potential[self.user.len()..].fill(0);
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
                for arc in self.arcs(v) {
                    let flow = self.lane(v, arc).start + head as usize - self.places(v).start;
                    ways.push(Way { head, tail: self.tail[flow], slot: self.slot[arc], share: shares[flow] });
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

/// What the slopes ask for: the flows, and what the potentials at the head have over those at the tail.
fn wishes(flow: Four, head: Four, tail: Four) -> Four {
    std::array::from_fn(|i| positive(flow[i] + head[i] - tail[i]))
}

fn plus(a: Four, b: Four) -> Four {
    std::array::from_fn(|i| a[i] + b[i])
}

fn sum([a, b, c, d]: Four) -> f32 {
    (a + b) + (c + d)
}

/// The wishes that pass a width, and their units; zero for the others.
fn beyond(wish: Four, whole: Four, width: f32) -> (Four, Four) {
    let over: [bool; LANES] = std::array::from_fn(|i| wish[i] > width * whole[i]);
    let of = |what: Four| std::array::from_fn(|i| if over[i] { what[i] } else { 0.0 });
    (of(wish), of(whole))
}

/// The sums of the wishes above a width, and of their units.
#[inline(always)]
fn above(wish: &[Four], whole: &[Four], width: f32) -> (f32, f32) {
    let (mut sums, mut units) = ([0.0f32; LANES], [0.0f32; LANES]);
    for (&wish, &whole) in wish.iter().zip(whole) {
        let (over, unit) = beyond(wish, whole, width);
        (sums, units) = (plus(sums, over), plus(units, unit));
    }
    (sum(sums), sum(units))
}

/// Newton's next width, if wishes of so much together, of so many units, are wider than the last one.
fn newton(sum: f32, units: f32, cost: f32) -> f32 {
    if units > 0.0 { positive((sum - cost) / units) } else { 0.0 }
}

/// Where the excess of wishes over a width adds up to the cost: Newton's method, from anywhere.
#[inline(always)]
fn narrowed(wish: &[Four], whole: &[Four], cost: f32, start: f32) -> f32 {
    let mut width = start;
    for _ in 0..TURNS {
        let (sum, units) = above(wish, whole, width);
        let next = newton(sum, units, cost);
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

/// An arc as one terminal sees it, and what it may pay for it.
struct Way {
    head: u32,
    tail: u32,
    slot: u32,
    share: u64,
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
    let of = || (0u32..).zip(user.iter().copied()).filter(|(_, i)| *i != NOBODY);
    let first = starts(of().map(|(_, i)| i), count);
    let mut at = first.clone();
    let mut places = vec![0u32; user.len()];
    for (place, i) in of() {
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
                relax.step();
            }
            let shares = relax.shares(net);
            for v in 0..net.kind.len() as u32 {
                for arc in relax.arcs(v) {
                    let cost = net.graph.arcs()[relax.slot[arc] as usize].cost;
                    prop_assert!(shares[relax.lane(v, arc)].iter().sum::<u64>() <= cost);
                }
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
