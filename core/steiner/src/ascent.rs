//! Dual ascent on directed cuts (Wong 1984).
//!
//! Each terminal t holds the set of vertices that reach it through saturated arcs. Raising t by δ pays δ from every arc
//! into the set; arcs that are used up let their tails join. A terminal is finished when its set meets the root, and
//! rests when its set covers the set of another terminal that is still active (whatever connects that one connects it).
//! The sets of one terminal are nested, so its potential is, per vertex, its total less what it was when the vertex
//! joined: no set is stored twice.
//!
//! Each set keeps its list of incoming arcs between turns; smallest list first, put back when it passes 5/4 of the next.

use crate::net::{Kind, Net};
use breiband_certificate::Certificate;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Active,
    Resting,
    Finished,
}

#[derive(Debug, Clone)]
struct Set {
    state: State,
    total: u64,
    /// Members with the total at which they joined.
    members: Vec<(u32, u64)>,
    /// Incoming arcs, as slots of their heads; arcs whose tail has joined since are weeded out on the way.
    cut: Vec<u32>,
}

/// A feasible dual solution: residual costs and the terminals' sets.
#[derive(Debug, Clone)]
pub(crate) struct Ascent {
    /// By slot of v's row: what is left of the arc from that neighbour *into* v.
    pub(crate) residual: Vec<u64>,
    /// By position in `net.terminals`.
    sets: Vec<Set>,
    /// Σ totals: the bound.
    pub(crate) bound: u64,
    /// Arcs looked at.
    pub(crate) work: u64,
    stamp: Vec<u32>,
    turn: u32,
}

impl Ascent {
    /// Ascends from nothing.
    pub(crate) fn run(net: &Net, twins: &[u32]) -> Self {
        let mut ascent = Self {
            residual: net.graph.arcs().iter().map(|arc| arc.cost).collect(),
            sets: Vec::with_capacity(net.terminals.len()),
            bound: 0,
            work: 0,
            stamp: vec![0; net.kind.len()],
            turn: 0,
        };
        let index = index(net);
        let start = Set { state: State::Active, total: 0, members: Vec::new(), cut: Vec::new() };
        ascent.sets.resize(net.terminals.len(), start);
        for (i, &t) in net.terminals.iter().enumerate() {
            ascent.turn += 1;
            ascent.join(net, &index, i, t);
        }
        ascent.climb(net, &index);
        // A terminal rests on the promise that its path will come through another's. With several drops to a sink the
        // promise can be broken by a later drop: whoever is still cut off goes on.
        loop {
            let reached = ascent.reached(net, twins);
            let mut woken = false;
            for (i, &t) in net.terminals.iter().enumerate() {
                if !reached[t as usize] {
                    woken |= ascent.sets[i].state != State::Active;
                    ascent.sets[i].state = State::Active;
                }
            }
            if !woken {
                break;
            }
            ascent.climb(net, &index);
        }
        ascent
    }

    /// Lets every active terminal ascend until it is finished or rests.
    fn climb(&mut self, net: &Net, index: &[u32]) {
        let mut queue: BinaryHeap<Reverse<(u32, u32)>> = (0..self.sets.len())
            .filter(|&i| self.sets[i].state == State::Active)
            .map(|i| Reverse((self.sets[i].cut.len() as u32, i as u32)))
            .collect();
        while let Some(Reverse((_, i))) = queue.pop() {
            let next = queue.peek().map_or(u64::MAX, |Reverse((size, _))| u64::from(*size));
            self.take_turn(net, index, i as usize, next);
            let set = &self.sets[i as usize];
            if set.state == State::Active {
                queue.push(Reverse((set.cut.len() as u32, i)));
            }
        }
    }

    /// Raises one terminal until its cut has grown well beyond `next`, or it is no longer active.
    fn take_turn(&mut self, net: &Net, index: &[u32], i: usize, next: u64) {
        self.turn += 1;
        for &(v, _) in &self.sets[i].members {
            self.stamp[v as usize] = self.turn;
        }
        let arcs = net.graph.arcs();
        let mut joining = Vec::new();
        loop {
            let (stamp, residual, turn) = (&self.stamp, &self.residual, self.turn);
            let set = &mut self.sets[i];
            self.work += set.cut.len() as u64;
            let mut least = u64::MAX;
            set.cut.retain(|&slot| {
                let outside = stamp[arcs[slot as usize].head as usize] != turn;
                if outside {
                    least = least.min(residual[slot as usize]);
                }
                outside
            });
            if set.cut.is_empty() {
                // Cut off from the root: the caller keeps only terminals that are not.
                set.state = State::Finished;
                return;
            }
            if set.cut.len() as u64 * 4 > next.saturating_mul(5) {
                return;
            }
            joining.clear();
            for &slot in &set.cut {
                let left = &mut self.residual[slot as usize];
                *left -= least;
                if *left == 0 {
                    joining.push(arcs[slot as usize].head);
                }
            }
            set.total += least;
            self.bound += least;
            for &v in &joining {
                self.join(net, index, i, v);
                if self.sets[i].state == State::Finished {
                    return;
                }
            }
            if self.sets[i].state != State::Active {
                return;
            }
        }
    }

    /// Lets `v` and whatever reaches it through saturated arcs into set `i`, which must be the stamped one.
    fn join(&mut self, net: &Net, index: &[u32], i: usize, v: u32) {
        let arcs = net.graph.arcs();
        if self.stamp[v as usize] == self.turn {
            return;
        }
        self.stamp[v as usize] = self.turn;
        let first = self.sets[i].members.len();
        let total = self.sets[i].total;
        self.sets[i].members.push((v, total));
        let mut at = first;
        while let Some(&(v, _)) = self.sets[i].members.get(at) {
            at += 1;
            if v == net.root {
                self.sets[i].state = State::Finished;
                return;
            }
            let other = index[v as usize];
            if other != crate::NONE && other as usize != i && self.sets[other as usize].state == State::Active {
                self.sets[i].state = State::Resting;
            }
            self.work += net.graph.degree(v) as u64;
            for slot in net.graph.slots(v) {
                let tail = arcs[slot].head;
                if self.stamp[tail as usize] == self.turn {
                    continue;
                }
                if net.kind[tail as usize] == Kind::Sink {
                    if self.sets[i].state == State::Active && self.covers(net, index, i, tail) {
                        self.sets[i].state = State::Resting;
                    }
                } else if self.residual[slot] == 0 {
                    self.stamp[tail as usize] = self.turn;
                    self.sets[i].members.push((tail, total));
                } else {
                    self.sets[i].cut.push(slot as u32);
                }
            }
        }
    }

    /// Whether the stamped set holds all that another, active sink has gathered beside itself.
    fn covers(&self, net: &Net, index: &[u32], i: usize, sink: u32) -> bool {
        let other = index[sink as usize] as usize;
        if other == i || self.sets[other].state != State::Active {
            return false;
        }
        let mut some = false;
        for slot in net.graph.slots(sink) {
            if self.residual[slot] == 0 {
                some = true;
                if self.stamp[net.graph.arcs()[slot].head as usize] != self.turn {
                    return false;
                }
            }
        }
        some
    }

    /// Which vertices the root reaches through saturated arcs.
    pub(crate) fn reached(&self, net: &Net, twins: &[u32]) -> Vec<bool> {
        let mut reached = vec![false; net.kind.len()];
        reached[net.root as usize] = true;
        let mut stack = vec![net.root];
        while let Some(v) = stack.pop() {
            if net.is_sink(v) {
                continue;
            }
            for slot in net.graph.slots(v) {
                let head = net.graph.arcs()[slot].head;
                if !reached[head as usize] && self.residual[twins[slot] as usize] == 0 {
                    reached[head as usize] = true;
                    stack.push(head);
                }
            }
        }
        reached
    }

    /// Whether each edge is saturated in a direction that exists.
    pub(crate) fn saturated(&self, net: &Net) -> Vec<bool> {
        let mut saturated = vec![false; net.graph.edge_count() as usize];
        for (arc, &left) in net.graph.arcs().iter().zip(&self.residual) {
            if left == 0 && !net.is_sink(arc.head) {
                saturated[arc.edge as usize] = true;
            }
        }
        saturated
    }

    /// The certificate, with each vertex and terminal renamed (`None`: left out, as its potential is implied).
    pub(crate) fn into_certificate(
        self,
        net: &Net,
        vertex: impl Fn(u32) -> Option<u32>,
        terminal: impl Fn(u32) -> u32,
    ) -> Certificate {
        let mut certificate = Certificate::new(vertex(net.root).unwrap_or(net.root));
        let mut order: Vec<(u32, u32)> =
            net.terminals.iter().enumerate().map(|(i, &t)| (terminal(t), i as u32)).collect();
        order.sort_unstable();
        let mut sets = self.sets;
        let mut entries: Vec<(u32, u64)> = Vec::new();
        for (t, i) in order {
            let set = &mut sets[i as usize];
            let members = std::mem::take(&mut set.members);
            set.cut = Vec::new();
            entries.clear();
            entries.extend(
                members
                    .iter()
                    .filter(|(_, joined)| *joined < set.total)
                    .filter_map(|&(v, joined)| vertex(v).map(|v| (v, set.total - joined))),
            );
            entries.sort_unstable();
            certificate.push(t, entries.iter().copied());
        }
        certificate
    }
}

/// Position in `net.terminals` of each terminal.
fn index(net: &Net) -> Vec<u32> {
    let mut index = vec![crate::NONE; net.kind.len()];
    for (i, &t) in net.terminals.iter().enumerate() {
        index[t as usize] = i as u32;
    }
    index
}
