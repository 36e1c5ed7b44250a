//! Reductions where terminals may be left out (Uchoa 2006; Rehfeldt & Koch 2022).
//!
//! A sink that one place alone serves, or else an edge from what is in every tree, is *optional*: who holds the place has it for
//! nothing more, once what either edge costs at least is settled. Several of one place are left out together. A place whose sink is
//! worth no more than the way there is passed or not there at all; two places that are worth the edge between them are held together.
//! And what is worth the way from whatever is in every tree is connected.

use super::{HUB, Reducer};
use crate::net::{Kind, Net};
use breiband_certificate::Step;
use breiband_graph::{MinHeap, UnionFind};

/// A sink that may be left out.
#[derive(Debug, Clone, Copy)]
struct Optional {
    sink: u32,
    /// The one vertex that serves it, no terminal.
    place: u32,
    /// The edges from there, and from what is in every tree.
    served: u32,
    excuse: u32,
}

impl Reducer {
    /// Whether most sinks may be left out as they are. Where few have an edge from the root, as a house with a drop there, to look for
    /// them again and again is not worth its while.
    pub(super) fn has_excuses(&self) -> bool {
        let sinks = (0..self.kind.len() as u32).filter(|&v| self.is_sink(v)).count();
        let optional = self.rows.row(self.root).filter(|&(_, u)| self.is_sink(u)).count();
        optional > 0 && optional * 2 >= sinks
    }

    fn optional_sink(&self, t: u32) -> Option<Optional> {
        if !self.is_sink(t) || self.rows.degree(t) != 2 {
            return None;
        }
        let mut row = self.rows.row(t);
        let ((e, u), (f, w)) = (row.next()?, row.next()?);
        match (self.kind[u as usize], self.kind[w as usize]) {
            (Kind::Plain, Kind::Terminal) => Some(Optional { sink: t, place: u, served: e, excuse: f }),
            (Kind::Terminal, Kind::Plain) => Some(Optional { sink: t, place: w, served: f, excuse: e }),
            _ => None,
        }
        // What an excuse stands for is forgotten below, so it may lead along no vertex.
        .filter(|optional| self.expr[optional.excuse as usize] < self.base)
    }

    /// The sink that a place serves for nothing, if it has one.
    fn optional_at(&self, v: u32, but: Option<u32>) -> Option<Optional> {
        if self.rows.degree(v) > HUB {
            return None;
        }
        let sinks = self.rows.row(v).filter(|&(e, t)| self.cost[e as usize] == 0 && Some(t) != but);
        sinks.filter_map(|(_, t)| self.optional_sink(t)).next()
    }

    /// What an optional sink's edges cost at least is settled; if its place has another one, they become one.
    pub(super) fn excuse(&mut self, t: u32) {
        let Some(optional) = self.optional_sink(t) else { return };
        let own = self.cost[optional.served as usize];
        if own > 0 {
            // A dearer place is dominated by the excuse, which leads to a terminal.
            let least = own.min(self.cost[optional.excuse as usize]);
            self.note(|record| record.lower(t));
            self.cost[optional.served as usize] -= least;
            self.cost[optional.excuse as usize] -= least;
            self.fixed_cost += least;
            self.touch(t);
            if own > least {
                return;
            }
        }
        if let Some(other) = self.optional_at(optional.place, Some(t)) {
            self.leave_out_together(optional, other);
        }
    }

    /// Makes one sink of two of the same place.
    fn leave_out_together(&mut self, one: Optional, other: Optional) {
        self.note(|record| record.merge(one.sink, other.sink));
        self.append(other.served, one.served);
        self.cost[other.excuse as usize] += self.cost[one.excuse as usize];
        self.dismiss(one);
    }

    /// A sink is no longer asked about: whatever tree is made of the vertices that are held serves it, or pays its excuse.
    fn dismiss(&mut self, gone: Optional) {
        self.rows.unlink(gone.served);
        self.rows.unlink(gone.excuse);
        self.kind[gone.sink as usize] = Kind::Plain;
        self.terminals -= 1;
        self.touch(gone.place);
    }

    /// A place that may serve an optional sink goes if it is passed or not there; or is made one with another.
    pub(super) fn place(&mut self, v: u32) {
        let Some(optional) = self.optional_at(v, None) else { return };
        let price = self.cost[optional.excuse as usize];
        if self.rows.degree(v) == 3 {
            let mut row = self.rows.row(v).filter(|&(e, _)| e != optional.served);
            let (Some((e, a)), Some((f, b))) = (row.next(), row.next()) else { return };
            drop(row);
            let worth = price > self.cost[e as usize].min(self.cost[f as usize]);
            if !worth && a != b && !(self.is_sink(a) && self.is_sink(b)) {
                return self.pass(optional, (e, a), (f, b));
            }
        }
        self.adjoin(optional, price);
    }

    /// Joins what lies on both sides of a place by an edge that costs what the way costs more than leaving its sink out.
    fn pass(&mut self, optional: Optional, (e, a): (u32, u32), (f, b): (u32, u32)) {
        let Optional { sink, place, served, excuse } = optional;
        let price = self.cost[excuse as usize];
        self.rows.unlink(e);
        self.rows.unlink(f);
        self.fixed_cost += price;
        self.append(e, f);
        self.append(e, served);
        self.cost[e as usize] = self.cost[e as usize] + self.cost[f as usize] - price;
        self.rows.set_ends(e, a, b);
        self.note(|record| record.pass(place, sink, e));
        self.dismiss(optional);
        self.link_best(e);
    }

    /// Makes one place of two, if whoever holds one has reason to hold the other by the edge between them.
    fn adjoin(&mut self, optional: Optional, price: u64) {
        let v = optional.place;
        let ways = self.rows.row(v).filter(|&(_, u)| !self.is_sink(u));
        let Some((cost, e, u)) = ways.map(|(e, u)| (self.cost[e as usize], e, u)).min() else { return };
        if cost > price || self.kind[u as usize] != Kind::Plain {
            return;
        }
        let Some(other) = self.optional_at(u, None).filter(|other| self.cost[other.excuse as usize] >= cost) else {
            return;
        };
        let (keep, gone) = if self.rows.degree(u) >= self.rows.degree(v) { (u, v) } else { (v, u) };
        self.note(|record| record.adjoin(e, optional.sink, keep));
        self.cost[optional.excuse as usize] -= cost;
        self.fixed_cost += cost;
        // The sink's excuse no longer costs what leaving it out would: where the place is held, it is served.
        self.adjoined.extend([e, optional.served].map(|edge| (keep, gone, self.expr[edge as usize])));
        self.rows.unlink(e);
        self.move_row(gone, keep);
        self.touch(optional.sink);
        self.touch(other.sink);
        self.touch(keep);
        self.touch_around(keep);
    }

    /// Deletes excuses that cost no less than a way from whatever is in every tree; whether there were any. Who has but one way left is
    /// connected at once, and others by a way from there.
    pub(super) fn needless_excuses(&mut self) -> bool {
        let excuses = (0..self.kind.len() as u32).filter(|&t| self.is_sink(t) && self.rows.degree(t) > 1);
        let dear = |t: u32| self.rows.row(t).filter(|&(_, u)| self.kind[u as usize] == Kind::Terminal);
        let Some(limit) = excuses.flat_map(dear).map(|(e, _)| self.cost[e as usize]).max() else { return false };
        let n = self.kind.len() as u32;
        let (mut distance, mut heap) = (vec![u64::MAX; n as usize], MinHeap::new(n, limit));
        for v in (0..n).filter(|&v| self.kind[v as usize] == Kind::Terminal) {
            distance[v as usize] = 0;
            heap.push(0, v);
        }
        let mut any = false;
        while let Some((mut reach, v)) = heap.pop() {
            if reach > distance[v as usize] {
                continue;
            }
            if self.kind[v as usize] == Kind::Plain {
                any |= self.needless_excuses_at(v, reach);
                if self.kind[v as usize] == Kind::Terminal {
                    (reach, distance[v as usize]) = (0, 0);
                }
            }
            for (e, u) in self.rows.row(v) {
                let far = reach.saturating_add(self.cost[e as usize]);
                if far <= limit && far < distance[u as usize] && !self.is_sink(u) {
                    distance[u as usize] = far;
                    heap.push(far, u);
                }
            }
        }
        any
    }

    /// Deletes those of a vertex's sinks, so far from what is in every tree.
    fn needless_excuses_at(&mut self, v: u32, reach: u64) -> bool {
        let mut dear = Vec::new();
        for (drop, t) in self.rows.row(v).filter(|&(_, t)| self.is_sink(t)) {
            let least = self.cost[drop as usize].saturating_add(reach);
            let excuses = self.rows.row(t).filter(|&(_, u)| self.kind[u as usize] == Kind::Terminal);
            dear.extend(excuses.filter(|&(e, _)| self.cost[e as usize] >= least).map(|(e, _)| (e, t)));
        }
        for &(e, t) in &dear {
            self.drop_as(e, Step::Farther);
            if self.rows.degree(t) == 1 {
                self.sink(t);
            }
        }
        !dear.is_empty()
    }

    /// Adds the edges of the original that hold together what was made one place, wherever one of those at hand leads.
    pub(super) fn hold_together(&self, net: &Net, originals: &mut Vec<u32>) {
        if self.adjoined.is_empty() {
            return;
        }
        let mut sets = UnionFind::new(net.graph.vertex_count());
        for &(u, v, _) in &self.adjoined {
            sets.union(u, v);
        }
        let mut held: Vec<(u32, u32)> = self.adjoined.iter().map(|&(u, _, expr)| (sets.find(u), expr)).collect();
        held.sort_unstable();
        let mut met = vec![false; net.kind.len()];
        let mut at = 0;
        while let Some(&e) = originals.get(at) {
            at += 1;
            let (u, v, _) = net.graph.edge(e);
            for set in [u, v].map(|x| sets.find(x)) {
                if !std::mem::replace(&mut met[set as usize], true) {
                    let from = held.partition_point(|&(other, _)| other < set);
                    let own = held[from..].iter().take_while(|&&(other, _)| other == set);
                    self.spell_out(own.map(|&(_, expr)| expr).collect(), originals);
                }
            }
        }
    }

    /// By vertex, what a way gains by it: what its optional sinks save there, up to its cheapest edge, so that no way gets shorter by a
    /// round trip. Empty where nobody may be left out.
    pub(super) fn gains(&self) -> Vec<u64> {
        if !self.excuses {
            return Vec::new();
        }
        let mut gains = vec![0u64; self.kind.len()];
        for optional in (0..self.kind.len() as u32).filter_map(|t| self.optional_sink(t)) {
            let saved = self.cost[optional.excuse as usize].saturating_sub(self.cost[optional.served as usize]);
            gains[optional.place as usize] = gains[optional.place as usize].saturating_add(saved);
        }
        for (v, gain) in (0..).zip(&mut gains).filter(|(_, gain)| **gain > 0) {
            let ways = self.rows.row(v).filter(|&(_, u)| !self.is_sink(u));
            *gain = (*gain).min(ways.map(|(e, _)| self.cost[e as usize]).min().unwrap_or(0));
        }
        gains
    }
}
