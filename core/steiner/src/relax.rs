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
use wide::f32x4;

mod proof;
mod reach;
mod step;

/// Vertices around a terminal that its flow may use, beside those that its ascent had reached: enough where terminals are many.
pub(crate) const BALL: u32 = 70;
/// Below half: the steps of flows and potentials multiply to less than what the net's matrix allows.
const STRIDE: f32 = 0.475;
/// So many numbers are taken at a time, by one instruction where the processor has it; every one takes the same.
const LANES: usize = 4;
type Four = f32x4;

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
        let places = reach::neighbourhoods(net, ascent, ball, most)?;
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

    /// How wide each edge is in the wider of its directions, from 0 to 1.
    pub(crate) fn widths(&self, net: &Net) -> Vec<f32> {
        let mut widths = vec![0.0f32; net.graph.edge_count() as usize];
        for edge in &self.edges {
            widths[edge.id as usize] = edge.width[0].max(edge.width[1]).min(1.0);
        }
        widths
    }
}

/// The price that one whole of a terminal's flow stands for: between half its own highest potential and half the mean of all,
/// which measured best of what was tried.
fn unit(top: Option<u64>, mean: u64) -> f32 {
    let top = top.unwrap_or(0).max(mean / 10).max(1);
    (top as f32 * mean as f32).sqrt() / 2.0
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

#[cfg(test)]
mod tests;
