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
//! Four terminals that are neighbours share a neighbourhood, and go side by side through it: what a step reads and writes is then
//! four numbers in a row, and there are fewer places to know of.
//!
//! All arithmetic is single precision in a fixed order, hence the same on every machine. What is proven is whole numbers:
//! [`Relax::lift`] rounds the shares down and checks nothing by floating point.

use crate::NONE;
use crate::ascent::{Ascent, guide};
use crate::net::Net;
use step::Wish;
use walk::Walk;
use wide::f32x4;

mod proof;
mod reach;
mod step;
mod walk;

pub(crate) use step::{COARSE, FINE};

/// Vertices around a terminal that its group's flows may use, beside those that its ascent had reached: enough where terminals are
/// many.
pub(crate) const BALL: u32 = 56;
/// Below half: the steps of flows and potentials multiply to less than what the net's matrix allows.
const STRIDE: f32 = 0.475;
/// What flow costs on a free edge, as a part of what a terminal pays on average: there must be something left to pay where the search
/// for a width ends.
const FREE: f32 = 1e-5;
/// So many numbers are taken at a time, by one instruction where the processor has it; every one takes the same.
const LANES: usize = 4;
type Four = f32x4;

/// An edge that some group may use. Flow along it counts as positive towards its second end.
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
    /// Whether all its flows are known to be zero.
    still: bool,
}

/// The flows of a group along an edge.
#[derive(Debug, Clone, Copy)]
struct Lane {
    /// Where all of it goes here, one.
    flow: Four,
    /// The group's places at the second end and at the first, or the one outside.
    ends: [u32; 2],
    group: u32,
}

/// Flows and potentials, by the groups of terminals that may use a vertex or an edge.
#[derive(Debug)]
pub(crate) struct Relax {
    /// By vertex: when the walk comes to it.
    rank: Vec<u32>,
    /// By rank: where the vertex' places begin; one more for the end.
    rows: Vec<u32>,
    /// By place: the group, ascending within a vertex.
    user: Vec<u32>,
    /// By place: which terminals of the group may use it, a bit each.
    own: Vec<u8>,
    /// By place, and last the one outside, zero: in units of [`Relax::units`].
    potential: Vec<Four>,
    surplus: Vec<Four>,
    /// By place: how far a surplus moves the potentials of those who may use it.
    stride: Vec<f32>,
    edges: Vec<Edge>,
    /// The flows, edge by edge, ascending by group.
    lanes: Vec<Lane>,
    /// By group: its terminals' positions in `net.terminals`; [`NONE`] fills the last one up.
    groups: Vec<[u32; LANES]>,
    /// By group: each terminal's place at itself; what fills the last one up lies outside.
    goal: Vec<[u32; LANES]>,
    /// By group: the price that one whole of each terminal's flow stands for.
    units: Vec<Four>,
    /// What an edge's flows ask for, while it is looked at: lanes of the longest.
    wishes: Vec<Wish>,
    /// Steps so far.
    steps: u32,
}

impl Relax {
    /// Starts from an ascent on the net and a tree. None if there is nothing to relax, or too much.
    ///
    /// A group's flows may use as many vertices around each of its terminals as `ball` says; `most` is how many flows there may be.
    pub(crate) fn new(net: &Net, ascent: &Ascent, tree: &[u32], ball: u32, most: usize) -> Option<Self> {
        let mean = ascent.bound / (net.terminals.len() as u64).max(1);
        if mean == 0 {
            return None;
        }
        let walk = Walk::along(net, tree);
        let groups = walk.groups(net);
        let places = reach::neighbourhoods(net, ascent, &groups, &walk.rank, ball, most / LANES)?;
        let unit = |&i: &u32| {
            if i == NONE { 1.0 } else { unit(ascent.potentials(i as usize).map(|(_, top)| top).max(), mean) }
        };
        let rows = starts(places.iter().map(|place| place.rank), net.kind.len());
        let units: Vec<Four> = groups.iter().map(|group| group.each_ref().map(unit).into()).collect();
        let outside = places.len();
        let (mut user, mut own) = (vec![0u32; outside], vec![0u8; outside]);
        let mut potential = vec![Four::ZERO; outside + 1];
        let mut next = rows.clone();
        for place in places {
            let at = &mut next[place.rank as usize];
            user[*at as usize] = place.group;
            own[*at as usize] = place.own;
            potential[*at as usize] = Four::from(place.potential) / units[place.group as usize];
            *at += 1;
        }
        drop(next);
        let mut relax = Self {
            rows,
            rank: walk.rank,
            user,
            own,
            potential,
            surplus: vec![Four::ZERO; outside + 1],
            stride: Vec::new(),
            edges: Vec::new(),
            lanes: Vec::new(),
            goal: Vec::new(),
            units,
            groups,
            wishes: Vec::new(),
            steps: 0,
        };
        let outside = outside as u32;
        for (g, group) in (0..).zip(&relax.groups) {
            let mut goal = [outside; LANES];
            for (goal, &i) in goal.iter_mut().zip(group).filter(|(_, i)| **i != NONE) {
                *goal = relax.place(net.terminals[i as usize], g)?;
            }
            relax.goal.push(goal);
        }
        relax.lay_lanes(net, &walk.order, most / LANES, mean as f32 * FREE)?;
        relax.follow(net, tree);
        Some(relax)
    }

    /// Flows and potentials in all: the work of a step.
    pub(crate) fn size(&self) -> u64 {
        ((self.lanes.len() + self.user.len()) * LANES) as u64
    }

    fn places(&self, v: u32) -> std::ops::Range<usize> {
        let rank = self.rank[v as usize] as usize;
        self.rows[rank] as usize..self.rows[rank + 1] as usize
    }

    fn place(&self, v: u32, group: u32) -> Option<u32> {
        let places = self.places(v);
        self.user[places.clone()].binary_search(&group).ok().map(|at| (places.start + at) as u32)
    }

    /// Whether a group's terminal may use a place; nobody may the one outside.
    fn may(&self, place: u32, k: usize) -> bool {
        self.own.get(place as usize).is_some_and(|own| own >> k & 1 == 1)
    }

    /// The lanes of an edge.
    fn lanes(&self, edge: usize) -> std::ops::Range<usize> {
        let end = self.edges.get(edge + 1).map_or(self.lanes.len(), |next| next.first as usize);
        self.edges[edge].first as usize..end
    }

    /// One lane for each edge and each group with a place at one of its ends; at a sink, for its own group. No flow costs less than
    /// the `least`.
    fn lay_lanes(&mut self, net: &Net, order: &[u32], most: usize, least: f32) -> Option<()> {
        let outside = self.user.len() as u32;
        let mut degree = vec![0u32; self.user.len() + 1];
        let twins = net.graph.twins();
        for &v in order {
            let before = |&slot: &usize| self.rank[net.graph.arcs()[slot].head as usize] < self.rank[v as usize];
            for slot in net.graph.slots(v).filter(before) {
                let arc = net.graph.arcs()[slot];
                let first = self.lanes.len() as u32;
                let (mut at, mut other) = (self.places(v), self.places(arc.head));
                while !at.is_empty() || !other.is_empty() {
                    let next = |places: &std::ops::Range<usize>| {
                        if places.is_empty() { NONE } else { self.user[places.start] }
                    };
                    let (here, there) = (next(&at), next(&other));
                    let take = |places: &mut std::ops::Range<usize>, whether: bool| {
                        if whether { places.next().map_or(outside, |place| place as u32) } else { outside }
                    };
                    let ends = [take(&mut at, here <= there), take(&mut other, there <= here)];
                    let is_out = |end: u32, v: u32| end == outside && net.is_sink(v);
                    if !is_out(ends[0], v) && !is_out(ends[1], arc.head) {
                        ends.iter().for_each(|&end| degree[end as usize] += 1);
                        self.lanes.push(Lane { flow: Four::ZERO, ends, group: here.min(there) });
                    }
                }
                if self.lanes.len() as u32 == first {
                    continue;
                }
                let open = |from: u32| if net.is_sink(from) { f32::INFINITY } else { (arc.cost as f32).max(least) };
                self.edges.push(Edge {
                    id: arc.edge,
                    slots: [slot as u32, twins[slot]],
                    first,
                    cost: [open(arc.head), open(v)],
                    width: [0.0; 2],
                    still: true,
                });
            }
            if self.lanes.len() > most {
                return None;
            }
        }
        let longest = (0..self.edges.len()).map(|edge| self.lanes(edge).len()).max();
        self.wishes = vec![Wish::NONE; longest.unwrap_or(0)];
        let stride = |&degree: &u32| if degree > 0 { STRIDE / degree as f32 } else { 0.0 };
        self.stride = degree[..self.user.len()].iter().map(stride).collect();
        Some(())
    }

    /// First flows: the tree's paths, as far as the neighbourhoods reach.
    fn follow(&mut self, net: &Net, tree: &[u32]) {
        let used = guide(net, tree);
        // The edge that each slot belongs to, and whether flow by it is backwards.
        let mut edge_of = vec![(NONE, false); net.graph.arcs().len()];
        for (at, edge) in self.edges.iter().enumerate() {
            edge_of[edge.slots[0] as usize] = (at as u32, false);
            edge_of[edge.slots[1] as usize] = (at as u32, true);
        }
        for g in 0..self.groups.len() {
            for (k, i) in self.groups[g].into_iter().enumerate().filter(|&(_, i)| i != NONE) {
                let mut v = net.terminals[i as usize];
                while v != net.root
                    && self.place(v, g as u32).is_some_and(|place| self.may(place, k))
                    && let Some(slot) = net.graph.slots(v).find(|&slot| used.get(slot) == Some(&true))
                    && let (edge, back) = edge_of[slot]
                    && edge != NONE
                {
                    let lanes = self.lanes(edge as usize);
                    self.edges[edge as usize].still = false;
                    let lanes = &mut self.lanes[lanes];
                    if let Ok(at) = lanes.binary_search_by_key(&(g as u32), |lane| lane.group) {
                        lanes[at].flow.as_mut_array()[k] = if back { -1.0 } else { 1.0 };
                    }
                    v = net.graph.arcs()[slot].head;
                }
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

/// The price that one whole of a terminal's flow stands for at first: between its own highest potential and the mean of all, which
/// measured best of what was tried.
fn unit(top: Option<u64>, mean: u64) -> f32 {
    let top = top.unwrap_or(0).max(mean / 10).max(1);
    (top as f32 * mean as f32).sqrt()
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
