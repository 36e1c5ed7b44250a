//! Reductions that keep an optimum, on a graph of linked rows, with an undo log.
//!
//! Degree 1 and 2, parallel edges, TAKE (the cheapest edge at a terminal, if it leads to another), dominated drops of
//! sinks, what `optional` terminals allow, and the tests of `special`, which search (Duin & Volgenant 1989 for the classical
//! ones), repeated until nothing changes; and what no tree better than the best one known needs, by `bounds` and `extend`. An
//! edge of the reduced graph stands for one or several edges of the original: `expand` says which.

mod apart;
mod ball;
mod bounds;
mod drops;
mod extend;
mod nearest;
mod optional;
mod rows;
mod special;
mod thin;

use crate::growth::Growth;
use crate::net::{Kind, Net};
use crate::record::Record;
use crate::{NONE, tree};
pub(crate) use bounds::{Spared, Spares, needless};
use breiband_certificate::Step;
use breiband_graph::Csr;
pub(crate) use extend::Needless;
use rows::Rows;
use special::Scout;
use std::sync::Arc;
pub(crate) use thin::Gone;

/// A further round of searches is made while each takes away one part in so many.
const ROUND: usize = 100;

/// Neighbours beyond which a vertex is passed over by what would look at all of them again and again: a hub, such as the root where
/// thousands may be missed for a prize.
const HUB: u32 = 1_000;

/// Terminals from which on the searches must promise something.
const MANY: usize = 2_000;

/// The graph being reduced.
#[derive(Debug)]
pub(crate) struct Reducer {
    rows: Rows,
    cost: Vec<u64>,
    /// What each edge stands for: below `base` an edge of the original, else a pair in `pairs`.
    expr: Vec<u32>,
    pairs: Vec<(u32, u32)>,
    base: u32,
    kind: Vec<Kind>,
    root: u32,
    /// Terminals and sinks that are left, the root not counted.
    terminals: usize,
    /// Edges that are not reduced.
    left_out: Vec<u32>,
    fixed: Vec<u32>,
    fixed_cost: u64,
    dirty: Vec<u32>,
    queued: Vec<bool>,
    scout: Option<Scout>,
    /// Whether what terminals that may be left out allow is asked.
    pub(crate) excuses: bool,
    /// Vertices that were made one though not every tree holds them, and what stands for an edge that every tree has that does.
    adjoined: Vec<(u32, u32, u32)>,
    /// Costs of all edges there ever were.
    volume: u64,
    /// Arcs the searches have looked at.
    pub(crate) work: u64,
    /// What is done, where a proof is wanted.
    pub(crate) record: Option<Record>,
}

/// A frozen snapshot of what is left.
#[derive(Debug, Clone)]
pub(crate) struct Reduced {
    pub(crate) net: Arc<Net>,
    /// The reducer's edge of each edge.
    pub(crate) edge: Vec<u32>,
    /// By vertex of the net that was reduced: its vertex here, if it has one of its own.
    pub(crate) name: Vec<u32>,
    /// The reducer's vertex of each vertex.
    pub(crate) vertex: Vec<u32>,
}

impl Reduced {
    /// All of a net that nothing was reduced of.
    pub(crate) fn whole(net: &Arc<Net>) -> Self {
        let (vertices, edges) = (net.graph.vertex_count(), net.graph.edge_count());
        let (name, vertex) = ((0..vertices).collect(), (0..vertices).collect());
        Self { net: Arc::clone(net), edge: (0..edges).collect(), name, vertex }
    }

    /// Whether it is all of this net.
    pub(crate) fn is_whole_of(&self, net: &Arc<Net>) -> bool {
        Arc::ptr_eq(&self.net, net)
    }
}

/// The original edges that each edge of a frozen graph stands for.
#[derive(Debug)]
pub(crate) struct Parts {
    /// Where each edge's list begins; one more for the end.
    first: Vec<u32>,
    list: Vec<u32>,
}

impl Parts {
    pub(crate) fn of(reducer: &Reducer, reduced: &Reduced) -> Self {
        let (mut first, mut list) = (vec![0], Vec::new());
        for &e in &reduced.edge {
            reducer.spell_out(vec![reducer.expr[e as usize]], &mut list);
            first.push(list.len() as u32);
        }
        Self { first, list }
    }

    pub(crate) fn get(&self, e: u32) -> &[u32] {
        &self.list[self.first[e as usize] as usize..self.first[e as usize + 1] as usize]
    }

    /// The same where the original's edges are `others`, or stand for them.
    pub(crate) fn of_others(mut self, others: &[u32]) -> Self {
        self.list.iter_mut().for_each(|e| *e = others[*e as usize]);
        self
    }

    /// A tree of the frozen graph along the edges that stand for nothing but `used` ones of the original, and the arcs looked at.
    pub(crate) fn along(&self, net: &Net, used: &[bool]) -> (Option<Vec<u32>>, u64) {
        let mut growth = Growth::new(net);
        let grown = growth
            .run(net, net.root, |e, cost| Some(if self.get(e).iter().all(|&e| used[e as usize]) { 0 } else { cost }));
        (grown.and_then(|vertices| tree::best_on(net, &vertices)), growth.work)
    }
}

impl Reducer {
    /// Copies `net`.
    pub(crate) fn new(net: &Net) -> Self {
        Self::among(net, |_| true)
    }

    /// Copies `net`, leaving out edges at vertices that are not to be kept.
    pub(crate) fn among(net: &Net, keep: impl Fn(u32) -> bool) -> Self {
        let m = net.graph.edge_count();
        let mut rows = Rows::new(net.graph.vertex_count(), m);
        let (mut cost, mut left_out) = (Vec::with_capacity(m as usize), Vec::new());
        for (e, &(u, v, c)) in net.graph.edges().iter().enumerate() {
            cost.push(c);
            rows.set_ends(e as u32, u, v);
            if keep(u) && keep(v) {
                rows.link(e as u32);
            } else {
                left_out.push(e as u32);
            }
        }
        let n = net.kind.len();
        let mut reducer = Self {
            rows,
            cost,
            expr: (0..m).collect(),
            pairs: Vec::new(),
            base: m,
            kind: net.kind.clone(),
            root: net.root,
            terminals: net.terminals.len(),
            left_out,
            fixed: Vec::new(),
            fixed_cost: 0,
            dirty: (0..n as u32).collect(),
            queued: vec![true; n],
            scout: None,
            excuses: false,
            adjoined: Vec::new(),
            volume: net.graph.edges().iter().map(|edge| edge.2).sum(),
            work: 0,
            record: None,
        };
        reducer.excuses = reducer.has_excuses();
        reducer
    }

    /// Cost of the edges that are settled.
    pub(crate) fn fixed_cost(&self) -> u64 {
        self.fixed_cost
    }

    /// Reduces by what costs little, until nothing changes.
    pub(crate) fn run(&mut self) {
        self.parallel();
        loop {
            self.settle();
            let dominated = self.terminals > 0 && self.dominated_drops();
            let connected = self.terminals > 0 && self.excuses && self.needless_excuses();
            if !dominated && !connected {
                break;
            }
        }
    }

    /// Reduces by special distances too, until little changes, the searches have looked at `limit` arcs, or `stop` says so.
    pub(crate) fn run_hard(&mut self, limit: u64, stop: &dyn Fn() -> bool) {
        self.run();
        while self.terminals > 0 && self.work <= limit && !self.undecided() {
            let gone = self.special_distances(stop);
            self.run();
            if gone * ROUND <= self.edges() || stop() {
                break;
            }
        }
    }

    /// Whether nearly all that is to be connected may choose between drops, in a graph so large that it matters: then few
    /// vertices are places to rest, and the searches between them take long and find little (beside what thinning finds, 2 % of
    /// Liechtenstein's edges).
    pub(crate) fn undecided(&self) -> bool {
        // What only stays out for its prize, or hangs on one drop, has no choice between places.
        let drops = |v: u32| self.rows.row(v).filter(|&(_, other)| other != self.root).count();
        let sinks = (0..self.kind.len() as u32).filter(|&v| self.is_sink(v) && drops(v) > 1).count();
        self.terminals > MANY && self.terminals.saturating_sub(sinks) * 8 < sinks
    }

    /// How many edges there were to begin with.
    pub(crate) fn originals(&self) -> usize {
        self.base as usize
    }

    /// How many edges are left.
    pub(crate) fn edges(&self) -> usize {
        (0..self.cost.len() as u32).filter(|&e| self.rows.is_linked(e)).count()
    }

    /// How many terminals and sinks are left, the root not counted.
    pub(crate) fn terminals(&self) -> usize {
        self.terminals
    }

    /// Writes something down, where a proof is wanted.
    fn note(&mut self, write: impl FnOnce(&mut Record)) {
        if let Some(record) = &mut self.record {
            write(record);
        }
    }

    /// Deletes an edge that some optimum does without, for a reason.
    fn drop_as(&mut self, e: u32, why: fn(u32) -> Step) {
        self.note(|record| record.drop(e, why));
        self.delete(e);
    }

    /// Deletes an edge that some optimum does without.
    pub(crate) fn delete(&mut self, e: u32) {
        let (u, v) = self.rows.ends(e);
        self.rows.unlink(e);
        self.touch(u);
        self.touch(v);
    }

    fn touch(&mut self, v: u32) {
        if !std::mem::replace(&mut self.queued[v as usize], true) {
            self.dirty.push(v);
        }
    }

    /// Works off the changed vertices, round by round (so that a hub is looked at once a round, not once a merger).
    fn settle(&mut self) {
        while !self.dirty.is_empty() && self.terminals > 0 {
            for v in std::mem::take(&mut self.dirty) {
                self.queued[v as usize] = false;
                if self.rows.degree(v) > 0 && self.terminals > 0 {
                    match self.kind[v as usize] {
                        Kind::Plain => self.plain(v),
                        Kind::Terminal => self.terminal(v),
                        Kind::Sink => self.sink(v),
                    }
                }
            }
        }
    }

    fn is_sink(&self, v: u32) -> bool {
        self.kind[v as usize] == Kind::Sink
    }

    fn plain(&mut self, v: u32) {
        match self.rows.degree(v) {
            1 => {
                let only = self.rows.row(v).next();
                if let Some((e, _)) = only {
                    self.note(|record| record.dead_end(v));
                    self.delete(e);
                }
            }
            2 => {
                let pair = {
                    let mut row = self.rows.row(v);
                    (row.next(), row.next())
                };
                let (Some((e, a)), Some((f, b))) = pair else { return };
                if a == b {
                    let dear = if (self.cost[e as usize], e) > (self.cost[f as usize], f) { e } else { f };
                    self.drop_as(dear, Step::Equal);
                } else if self.is_sink(a) && self.is_sink(b) {
                    self.note(|record| record.dead_end(v));
                    self.delete(e);
                    self.delete(f);
                } else {
                    self.rows.unlink(e);
                    self.rows.unlink(f);
                    self.append(e, f);
                    self.cost[e as usize] += self.cost[f as usize];
                    self.rows.set_ends(e, a, b);
                    self.note(|record| record.join(v, e));
                    self.link_best(e);
                }
            }
            _ if self.excuses => self.place(v),
            _ => {}
        }
    }

    /// A terminal's cheapest edge (to no sink) is taken if it leads to a terminal, or is the only one.
    fn terminal(&mut self, v: u32) {
        let mut best: Option<(u64, bool, u32, u32)> = None;
        let mut ways = 0;
        for (e, u) in self.rows.row(v) {
            if !self.is_sink(u) {
                ways += 1;
                let key = (self.cost[e as usize], self.kind[u as usize] != Kind::Terminal, e, u);
                best = Some(best.map_or(key, |b| b.min(key)));
            }
        }
        match best {
            Some((_, false, e, _)) => self.contract(e),
            Some((_, true, e, _)) if ways == 1 && (v != self.root || self.rows.degree(v) == 1) => self.contract(e),
            _ => {}
        }
    }

    fn sink(&mut self, v: u32) {
        let best =
            self.rows.row(v).map(|(e, u)| (self.cost[e as usize], self.kind[u as usize] != Kind::Terminal, e, u)).min();
        if let Some((_, unsure, e, u)) = best
            && (!unsure || self.rows.degree(v) == 1)
        {
            self.note(|record| record.take(e, u));
            self.take(e);
            let others: Vec<u32> = self.rows.row(v).map(|(e, _)| e).collect();
            for e in others {
                self.delete(e);
            }
            self.terminals -= 1;
            self.promote(u);
        } else if self.excuses {
            self.excuse(v);
        }
    }

    /// Settles an edge as part of the solution; the caller sees to the vertices.
    fn take(&mut self, e: u32) {
        self.fixed.push(self.expr[e as usize]);
        self.fixed_cost += self.cost[e as usize];
        let (u, v) = self.rows.ends(e);
        self.rows.unlink(e);
        self.touch(u);
        self.touch(v);
    }

    /// Makes a vertex one that must be connected.
    fn promote(&mut self, v: u32) {
        if self.kind[v as usize] == Kind::Plain {
            self.kind[v as usize] = Kind::Terminal;
            self.terminals += 1;
            self.touch(v);
            self.touch_around(v);
        }
    }

    fn touch_around(&mut self, v: u32) {
        if self.rows.degree(v) > HUB {
            return;
        }
        let mut at = self.rows.first(v);
        while let Some((half, _, u)) = at {
            self.touch(u);
            at = self.rows.after(half);
        }
    }

    /// Takes an edge and makes one vertex of its ends (no sinks); the smaller row moves.
    fn contract(&mut self, e: u32) {
        let (u, v) = self.rows.ends(e);
        self.take(e);
        let (keep, gone) = if self.rows.degree(u) >= self.rows.degree(v) { (u, v) } else { (v, u) };
        self.note(|record| record.take(e, keep));
        let count =
            usize::from(self.kind[u as usize] == Kind::Terminal) + usize::from(self.kind[v as usize] == Kind::Terminal);
        let rooted = self.root == u || self.root == v;
        self.terminals -= count - 1;
        self.kind[keep as usize] = Kind::Terminal;
        self.kind[gone as usize] = Kind::Plain;
        if rooted {
            // The root is not counted: merging with it takes one terminal away, or none if the other was plain.
            self.root = keep;
        }
        self.move_row(gone, keep);
        self.touch(keep);
        self.touch_around(keep);
    }

    /// Moves a vertex' edges to another, but for those between the two.
    fn move_row(&mut self, from: u32, to: u32) {
        let moved: Vec<(u32, u32)> = self.rows.row(from).collect();
        for (f, other) in moved {
            self.rows.unlink(f);
            if other != to {
                self.rows.set_ends(f, to, other);
                self.link_best(f);
            }
        }
    }

    /// What stands for two things together.
    fn pair(&mut self, one: u32, other: u32) -> u32 {
        self.pairs.push((one, other));
        self.base + (self.pairs.len() - 1) as u32
    }

    /// Lets an edge stand for what another one does, too.
    fn append(&mut self, e: u32, f: u32) {
        self.expr[e as usize] = self.pair(self.expr[e as usize], self.expr[f as usize]);
    }

    /// Links an edge unless a cheaper parallel one exists, and unlinks a dearer one.
    fn link_best(&mut self, e: u32) {
        let (u, v) = self.rows.ends(e);
        let (few, many) = if self.rows.degree(u) <= self.rows.degree(v) { (u, v) } else { (v, u) };
        self.touch(u);
        self.touch(v);
        let twin = self.rows.row(few).find(|&(_, other)| other == many).map(|(f, _)| f);
        if let Some(f) = twin {
            if (self.cost[f as usize], f) <= (self.cost[e as usize], e) {
                self.note(|record| record.drop(e, Step::Equal));
                return;
            }
            self.note(|record| record.drop(f, Step::Equal));
            self.rows.unlink(f);
        }
        self.rows.link(e);
    }

    /// Of parallel edges only the cheapest stays.
    fn parallel(&mut self) {
        let n = self.kind.len() as u32;
        let mut seen: Vec<(u32, u32)> = vec![(NONE, 0); n as usize];
        let mut dearer = Vec::new();
        for v in 0..n {
            for (e, u) in self.rows.row(v) {
                if u < v {
                    continue;
                }
                let (by, f) = &mut seen[u as usize];
                if *by != v {
                    (*by, *f) = (v, e);
                } else if (self.cost[e as usize], e) < (self.cost[*f as usize], *f) {
                    dearer.push(std::mem::replace(f, e));
                } else {
                    dearer.push(e);
                }
            }
        }
        for e in dearer {
            self.drop_as(e, Step::Equal);
        }
    }

    fn spell_out(&self, mut exprs: Vec<u32>, originals: &mut Vec<u32>) {
        while let Some(expr) = exprs.pop() {
            match expr.checked_sub(self.base) {
                None => originals.push(expr),
                Some(pair) => {
                    let (a, b) = self.pairs[pair as usize];
                    exprs.extend([a, b]);
                }
            }
        }
    }

    /// The edges of `net`, which was reduced, that some of the reducer's edges, and all that is settled, stand for; ascending.
    pub(crate) fn expand(&self, net: &Net, edges: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut originals = Vec::new();
        self.spell_out(
            edges.map(|e| self.expr[e as usize]).chain(self.fixed.iter().copied()).collect(),
            &mut originals,
        );
        self.hold_together(net, &mut originals);
        originals.sort_unstable();
        originals.dedup();
        originals
    }

    /// Freezes what is left, vertices renumbered depth first from the root so that neighbours lie close in memory, and edges so too.
    pub(crate) fn freeze(&self) -> Option<Reduced> {
        let (order, name) = self.walk(vec![self.root]);
        let onwards = |v: u32| {
            let name = &name;
            let further = move |&(_, u): &(u32, u32)| name[u as usize] != NONE && name[u as usize] > name[v as usize];
            self.rows.row(v).filter(further).map(|(e, _)| e)
        };
        let edges = order.iter().flat_map(|&v| onwards(v)).collect();
        self.frozen(order, name, edges)
    }

    /// Freezes what is left and the edges that [`Reducer::among`] left out, edges in their order; what the root does not reach comes
    /// last.
    pub(crate) fn freeze_all(&mut self) -> Option<Reduced> {
        for e in std::mem::take(&mut self.left_out) {
            self.rows.link(e);
        }
        let held = (0..self.kind.len() as u32).rev().filter(|&v| self.rows.degree(v) > 0);
        let (order, name) = self.walk(held.chain([self.root]).collect());
        let edges = (0..self.cost.len() as u32).filter(|&e| self.rows.is_linked(e)).collect();
        self.frozen(order, name, edges)
    }

    /// What can be reached from some vertices, the last first, in the order of a walk; and each vertex' place in it, or [`NONE`].
    fn walk(&self, mut stack: Vec<u32>) -> (Vec<u32>, Vec<u32>) {
        let mut name = vec![NONE; self.kind.len()];
        let mut order = Vec::new();
        while let Some(v) = stack.pop() {
            if name[v as usize] != NONE {
                continue;
            }
            name[v as usize] = order.len() as u32;
            order.push(v);
            if !self.is_sink(v) && self.terminals > 0 {
                stack.extend(self.rows.row(v).map(|(_, u)| u).filter(|&u| name[u as usize] == NONE));
            }
        }
        (order, name)
    }

    /// A net of these vertices, which have these names, and edges.
    fn frozen(&self, order: Vec<u32>, name: Vec<u32>, mut edge: Vec<u32>) -> Option<Reduced> {
        if self.terminals == 0 {
            edge.clear();
        }
        let named = |&e: &u32| {
            let (u, v) = self.rows.ends(e);
            let (a, b) = (name[u as usize], name[v as usize]);
            (a.min(b), a.max(b), self.cost[e as usize])
        };
        let graph = Csr::from_edges(order.len() as u32, edge.iter().map(named).collect()).ok()?;
        let kind = order.iter().map(|&v| self.kind[v as usize]).collect();
        Some(Reduced { net: Arc::new(Net::new(graph, 0, kind)), edge, name, vertex: order })
    }
}

#[cfg(test)]
mod tests;
