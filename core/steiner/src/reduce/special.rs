//! Tests by special distance (Duin & Volgenant 1989): how far apart two vertices are when every terminal on the way is a
//! place to rest, and only the longest stretch counts.
//!
//! Whatever tree spans the terminals, two parts of it can be joined again for the special distance of a vertex in one to
//! a vertex in the other. So an edge that costs no less can go, a vertex whose neighbours are joined more cheaply without
//! it branches in no tree that is needed, and a terminal's cheapest edge is taken if its second cheapest costs no less
//! than the first and the way on to another terminal. Past somebody who may be left out a stretch is shorter by what that would cost
//! (Uchoa 2006). Ways lead through no sink, and a sink's own drops are left alone.

use super::Reducer;
use crate::NONE;
use crate::net::Kind;
use breiband_certificate::Step;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Arcs a search may look at.
const REACH: usize = 300;
/// Degree up to which a vertex is replaced by edges between its neighbours.
const DEGREE: usize = 4;
/// Costs together beyond which no further edges are made.
const VOLUME: u64 = 1 << 63;
/// Edges or vertices between questions whether to stop.
const PAUSE: u32 = 256;

/// The workspace of searches for special distances.
#[derive(Debug)]
pub(super) struct Scout {
    /// Longest stretch so far, and the length of the present one.
    label: Vec<(u64, u64)>,
    seen: Vec<u32>,
    turn: u32,
    heap: BinaryHeap<Reverse<(u64, u64, u32)>>,
    /// By vertex, by how much a stretch goes on shorter past it; empty where by nothing.
    gains: Vec<u64>,
    /// Arcs looked at.
    work: u64,
}

impl Scout {
    fn new(vertices: usize) -> Self {
        Self {
            label: vec![(0, 0); vertices],
            seen: vec![0; vertices],
            turn: 0,
            heap: BinaryHeap::new(),
            gains: Vec::new(),
            work: 0,
        }
    }

    /// Looks around `from` along stretches of at most `limit`, not by edge `shut` nor through vertex `closed`, until
    /// `found` says so of a vertex and its special distance.
    fn search(
        &mut self,
        on: &Reducer,
        from: u32,
        limit: u64,
        (shut, closed): (u32, u32),
        mut found: impl FnMut(u32, u64) -> bool,
    ) {
        self.turn += 1;
        self.heap.clear();
        self.put(from, 0, 0);
        let mut looked = 0;
        while let Some(Reverse((longest, stretch, v))) = self.heap.pop() {
            if self.label[v as usize] != (longest, stretch) {
                continue;
            }
            if v != from && found(v, longest) || looked > REACH {
                break;
            }
            let gain = self.gains.get(v as usize).copied().unwrap_or(0);
            let start = if on.kind[v as usize] == Kind::Terminal { 0 } else { stretch.saturating_sub(gain) };
            for (e, u) in on.rows.row(v) {
                looked += 1;
                let stretch = start + on.cost[e as usize];
                let longest = longest.max(stretch);
                if longest <= limit && e != shut && u != closed && !on.is_sink(u) {
                    self.put(u, longest, stretch);
                }
            }
        }
        self.work += looked as u64;
    }

    fn put(&mut self, v: u32, longest: u64, stretch: u64) {
        let at = v as usize;
        if self.seen[at] != self.turn || (longest, stretch) < self.label[at] {
            self.seen[at] = self.turn;
            self.label[at] = (longest, stretch);
            self.heap.push(Reverse((longest, stretch, v)));
        }
    }
}

impl Reducer {
    /// One round of the tests, or what of it is done before `stop` says so; how many edges and vertices went.
    pub(super) fn special_distances(&mut self, stop: &dyn Fn() -> bool) -> usize {
        let mut scout = self.scout.take().unwrap_or_else(|| Scout::new(self.kind.len()));
        scout.gains = self.gains();
        let gone = self.long_edges(&mut scout, stop);
        self.settle();
        scout.gains = self.gains();
        let gone = gone + self.dispensable_branchings(&mut scout, stop);
        self.settle();
        scout.gains = Vec::new();
        let gone = gone + self.nearest_vertices(&mut scout, stop);
        self.settle();
        self.work += std::mem::take(&mut scout.work);
        self.scout = Some(scout);
        gone
    }

    /// Deletes edges that cost at least the special distance of their ends without them.
    fn long_edges(&mut self, scout: &mut Scout, stop: &dyn Fn() -> bool) -> usize {
        let mut gone = 0;
        for e in unhurried(self.cost.len(), stop) {
            let (u, v) = self.rows.ends(e);
            if !self.rows.is_linked(e) || self.is_sink(u) || self.is_sink(v) {
                continue;
            }
            let mut shorter = false;
            scout.search(self, u, self.cost[e as usize], (e, NONE), |x, _| {
                shorter |= x == v;
                shorter
            });
            if shorter {
                self.drop_as(e, Step::Special);
                gone += 1;
            }
        }
        gone
    }

    /// Replaces vertices that branch in no tree that is needed by edges between their neighbours.
    fn dispensable_branchings(&mut self, scout: &mut Scout, stop: &dyn Fn() -> bool) -> usize {
        let mut gone = 0;
        for v in unhurried(self.kind.len(), stop) {
            let degree = self.rows.degree(v) as usize;
            if self.kind[v as usize] != Kind::Plain || !(3..=DEGREE).contains(&degree) {
                continue;
            }
            let around: Vec<(u32, u32)> = self.rows.row(v).collect();
            if around.iter().any(|&(_, u)| self.is_sink(u)) {
                continue;
            }
            if let Some(apart) = self.joined_without(scout, v, &around) {
                self.replace(v, &around, &apart, false);
                gone += 1;
            }
        }
        gone
    }

    /// The special distances between a vertex's neighbours without it, by pair, if any three or more of them are joined
    /// for no more than their edges to the vertex cost.
    fn joined_without(&self, scout: &mut Scout, v: u32, around: &[(u32, u32)]) -> Option<Vec<Vec<u64>>> {
        let k = around.len();
        let cost: Vec<u64> = around.iter().map(|&(e, _)| self.cost[e as usize]).collect();
        let total: u64 = cost.iter().sum();
        let mut apart = vec![vec![u64::MAX; k]; k];
        for i in 0..k - 1 {
            let mut missing = k - 1 - i;
            scout.search(self, around[i].1, total, (NONE, v), |x, longest| {
                for j in i + 1..k {
                    if around[j].1 == x {
                        (apart[i][j], apart[j][i]) = (longest, longest);
                        missing -= 1;
                    }
                }
                missing == 0
            });
            // Of any three one is joined to one of the other two: a vertex may be too far from one other at most.
            if apart[i].iter().filter(|&&way| way < u64::MAX).count() + 2 < k {
                return None;
            }
        }
        let dispensable = (0u32..1 << k).filter(|set| set.count_ones() >= 3).all(|set| {
            let chosen: Vec<usize> = (0..k).filter(|i| set >> i & 1 == 1).collect();
            let own: u64 = chosen.iter().map(|&i| cost[i]).sum();
            spanning(&apart, &chosen).is_some_and(|joined| joined <= own)
        });
        dispensable.then_some(apart)
    }

    /// Deletes a vertex and adds an edge for each pair of its neighbours that nothing joins as cheaply; it is known to be
    /// `straight` by a bound, or else by these distances.
    pub(super) fn replace(&mut self, v: u32, around: &[(u32, u32)], apart: &[Vec<u64>], straight: bool) {
        let (mut made, mut needless) = (Vec::new(), Vec::new());
        for i in 0..around.len() {
            for j in i + 1..around.len() {
                let ((e, a), (f, b)) = (around[i], around[j]);
                let cost = self.cost[e as usize] + self.cost[f as usize];
                if apart[i][j] > cost {
                    made.push((a, b, cost, (self.expr[e as usize], self.expr[f as usize]), (i, j)));
                } else {
                    needless.push((i, j));
                }
            }
        }
        let volume: u64 = made.iter().map(|&(_, _, cost, ..)| cost).sum();
        if self.volume.saturating_add(volume) > VOLUME {
            return;
        }
        self.volume += volume;
        let name = self.record.as_mut().map(|record| {
            let name = record.replace(v, around, apart, straight);
            record.steps.extend(needless.into_iter().map(|(i, j)| Step::Special(name(i, j))));
            name
        });
        for &(e, _) in around {
            self.delete(e);
        }
        self.queued[v as usize] = true;
        let mut free = around.iter().map(|&(e, _)| e);
        for (a, b, cost, pair, (i, j)) in made {
            let e = free.next().unwrap_or_else(|| self.rows.add());
            if let (Some(name), Some(record)) = (&name, &mut self.record) {
                record.rename(e, name(i, j));
            }
            let expr = self.pair(pair.0, pair.1);
            if e as usize == self.cost.len() {
                self.cost.push(cost);
                self.expr.push(expr);
            } else {
                (self.cost[e as usize], self.expr[e as usize]) = (cost, expr);
            }
            self.rows.set_ends(e, a, b);
            self.link_best(e);
        }
    }

    /// Takes a terminal's cheapest edge if its second cheapest costs no less than the first and the way on to another
    /// terminal.
    fn nearest_vertices(&mut self, scout: &mut Scout, stop: &dyn Fn() -> bool) -> usize {
        let mut taken = 0;
        for t in unhurried(self.kind.len(), stop) {
            if self.kind[t as usize] != Kind::Terminal || self.terminals == 0 {
                continue;
            }
            let mut ways: Vec<(u64, u32, u32)> = self
                .rows
                .row(t)
                .filter(|&(_, u)| !self.is_sink(u))
                .map(|(e, u)| (self.cost[e as usize], e, u))
                .collect();
            ways.sort_unstable();
            let [(first, e, x), (second, ..), ..] = ways[..] else { continue };
            if first == second || self.kind[x as usize] == Kind::Terminal {
                continue;
            }
            let mut near = false;
            // The first terminal met is the nearest: until then, the longest stretch is the whole way.
            scout.search(self, x, second - first, (NONE, t), |y, _| {
                near |= self.kind[y as usize] == Kind::Terminal;
                near
            });
            // A root that serves only sinks need not branch out; any other terminal has company to reach.
            if near && (t != self.root || self.has_company()) {
                self.contract(e);
                taken += 1;
            }
        }
        taken
    }

    /// Whether the root must reach a terminal that is no sink.
    fn has_company(&self) -> bool {
        self.kind.iter().enumerate().any(|(v, &kind)| kind == Kind::Terminal && v as u32 != self.root)
    }
}

/// All numbers below `count`, until `stop` says so.
fn unhurried(count: usize, stop: &dyn Fn() -> bool) -> impl Iterator<Item = u32> {
    (0..count as u32).take_while(move |&i| !i.is_multiple_of(PAUSE) || !stop())
}

/// What a spanning tree of the chosen ones costs, if they are joined at all (Prim).
fn spanning(apart: &[Vec<u64>], chosen: &[usize]) -> Option<u64> {
    let mut reach: Vec<u64> = chosen.iter().map(|&j| apart[chosen[0]][j]).collect();
    let mut out: Vec<usize> = (1..chosen.len()).collect();
    let mut sum = 0u64;
    while !out.is_empty() {
        let (at, &next) = out.iter().enumerate().min_by_key(|&(_, &j)| reach[j])?;
        if reach[next] == u64::MAX {
            return None;
        }
        sum = sum.checked_add(reach[next])?;
        out.swap_remove(at);
        for &j in &out {
            reach[j] = reach[j].min(apart[chosen[next]][chosen[j]]);
        }
    }
    Some(sum)
}
