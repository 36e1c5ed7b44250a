//! Local search: take the key paths around a vertex out of the tree and reconnect what falls apart, if that is cheaper.
//!
//! A key path runs between *crucial* vertices: terminals and branchings. Taking out one key path is key-path exchange,
//! all those at a branching key-vertex elimination, with a vertex from outside to be connected too Steiner-vertex
//! insertion (Uchoa & Werneck 2010); more of them is a small destroy-and-repair. Everything is done on a rooted tree with
//! parent edges, so a move costs what its neighbourhood holds and not what the tree does.
//! Where premises have several drops, whole lines are exchanged besides ([`lines`]).
//! [`rooted`] is that tree, [`joins`] the search for what connects its parts again.

use crate::NONE;
use crate::net::{Kind, Net};
use crate::tree;
use breiband_random::SplitMix64;
use joins::{CLIMB, Joins};
use lines::{Line, Lines};
use rooted::Rooted;
use std::sync::Arc;

mod joins;
mod lines;
mod rooted;

/// A rooted tree under improvement.
#[derive(Debug)]
pub(crate) struct Local {
    tree: Rooted,
    joins: Joins,
    lines: Lines,
    /// When a move last changed something near each vertex, and when each kind of move was last tried there.
    changed: Vec<u32>,
    tried: Vec<[u32; LEVELS.len()]>,
    clock: u32,
    level: usize,
    at: u32,
    won: bool,
    random: SplitMix64,
    /// Vertices near recent changes.
    recent: Vec<u32>,
    /// Sinks that the root reaches by an edge of their own, which stands for what leaving them out costs.
    excusable: Vec<u32>,
    /// When last it was tried to connect those that are left out together.
    together: u32,
    seen: Vec<u32>,
    turn: u32,
    /// Arcs looked at.
    pub(crate) work: u64,
}

/// A kind of move at a vertex.
#[derive(Debug, Clone, Copy)]
enum Move {
    /// So many key paths go.
    Paths(usize),
    /// As many, for the vertex that is outside to be connected.
    Insertion(usize),
    /// The line above it goes.
    Line,
}

/// The kinds of moves, small ones first.
const LEVELS: [Move; 5] = [Move::Line, Move::Paths(1), Move::Paths(4), Move::Insertion(1), Move::Insertion(3)];
/// Stands for the worth of connecting who must be.
const MUST: i128 = 1 << 90;
/// How many more of those who are left out are connected together with one.
const TOGETHER: [usize; 4] = [1, 3, 8, 20];
/// Vertices that are looked at for them.
const NEAR: usize = 400;

impl Local {
    /// Roots the tree `edges`, which must be a solution.
    pub(crate) fn new(net: Arc<Net>, edges: &[u32], seed: u64) -> Self {
        let n = net.kind.len();
        let mut excusable: Vec<u32> = net.graph.neighbours(net.root).map(|arc| arc.head).collect();
        excusable.retain(|&v| net.is_sink(v));
        excusable.sort_unstable();
        excusable.dedup();
        Self {
            joins: Joins::new(&net),
            lines: Lines::new(&net),
            tree: Rooted::new(net, edges),
            changed: vec![1; n],
            tried: vec![[0; LEVELS.len()]; n],
            clock: 1,
            level: 0,
            at: 0,
            won: false,
            random: SplitMix64::new(seed),
            recent: Vec::new(),
            excusable,
            together: 0,
            seen: vec![0; n],
            turn: 0,
            work: 0,
        }
    }

    /// What the search makes of a tree with so many arcs to look at, and how many it has looked at.
    pub(crate) fn improved(net: &Arc<Net>, edges: Vec<u32>, seed: u64, budget: u64) -> (Vec<u32>, u64) {
        let mut local = Self::new(Arc::clone(net), &edges, seed);
        local.search(budget);
        let better = tree::best_on(net, &tree::vertices_of(net, &local.edges()));
        (better.filter(|better| net.cost(better) < net.cost(&edges)).unwrap_or(edges), local.work)
    }

    /// The tree's edges, ascending.
    pub(crate) fn edges(&self) -> Vec<u32> {
        self.tree.edges()
    }

    /// What the tree costs.
    pub(crate) fn cost(&self) -> u64 {
        self.tree.cost
    }

    /// Tries moves until none helps any more (true) or `budget` more arcs have been looked at (false). A kind of move is
    /// tried again at a vertex only after something near it changed.
    pub(crate) fn search(&mut self, budget: u64) -> bool {
        let end = self.work.saturating_add(budget);
        while self.level <= LEVELS.len() {
            if self.level == LEVELS.len() {
                let won = self.together != self.clock && (self.prune() | self.connect_together(end));
                if self.work >= end {
                    return false;
                }
                if !won {
                    return true;
                }
                self.level = 0;
            }
            let n = self.tree.net.kind.len() as u32;
            while self.at < n {
                if self.work >= end {
                    return false;
                }
                let v = self.at;
                self.at += 1;
                if self.changed[v as usize] > self.tried[v as usize][self.level] {
                    self.tried[v as usize][self.level] = self.clock;
                    let level = self.level;
                    self.won |= self.try_at(v, level);
                    self.recent.clear();
                    self.tree.keep();
                }
            }
            self.at = 0;
            self.level = if std::mem::take(&mut self.won) { 0 } else { self.level + 1 };
        }
        true
    }

    fn try_at(&mut self, v: u32, level: usize) -> bool {
        let won = match LEVELS[level] {
            Move::Line => self.exchange_line(v),
            Move::Paths(paths) => self.tree.crucial(v) && self.improve_at(v, paths, None),
            Move::Insertion(paths) => match self.near(v) {
                Some(centre) => self.improve_at(centre, paths, Some(v)),
                None => false,
            },
        };
        if won {
            self.remember();
        }
        won
    }

    /// The crucial vertex by which a vertex outside the tree might be connected.
    fn near(&mut self, v: u32) -> Option<u32> {
        if self.tree.holds(v) || self.tree.net.is_sink(v) {
            return None;
        }
        self.work += self.tree.net.graph.degree(v) as u64;
        let near = self.tree.net.graph.neighbours(v).filter(|arc| self.tree.holds(arc.head));
        let near = near.filter(|arc| !self.tree.net.is_sink(arc.head)).min_by_key(|arc| (arc.cost, arc.edge));
        let mut x = near.map(|arc| arc.head)?;
        for _ in 0..CLIMB {
            if self.tree.crucial(x) {
                break;
            }
            self.work += 1;
            x = self.tree.parent(x);
        }
        self.tree.crucial(x).then_some(x)
    }

    /// Exchanges the line above a vertex. Whether the tree became cheaper.
    fn exchange_line(&mut self, v: u32) -> bool {
        if self.lines.are_none() {
            return false;
        }
        self.forget();
        let Some(line) = Line::above(&self.tree, v) else { return false };
        let won = self.lines.exchange(&mut self.tree, &line);
        self.work += std::mem::take(&mut self.lines.work);
        won
    }

    /// Tries to connect those who are left out, some neighbours at a time, for less than leaving them out costs: none of them may be
    /// worth the way alone. Whether it helped anywhere.
    fn connect_together(&mut self, end: u64) -> bool {
        self.together = self.clock;
        let mut won = false;
        for at in 0..self.excusable.len() {
            for size in TOGETHER {
                if self.work >= end {
                    // There is more to try.
                    self.together = 0;
                    return won;
                }
                won |= self.insert_at(self.excusable[at], size);
                self.recent.clear();
                self.tree.keep();
            }
        }
        won
    }

    /// Leaves out every branch that costs more than leaving out all whom it connects (strong pruning: Johnson, Minkoff & Phillips
    /// 2000). Whether there was one. O(n).
    fn prune(&mut self) -> bool {
        if self.excusable.is_empty() {
            return false;
        }
        let (net, tree) = (Arc::clone(&self.tree.net), &self.tree);
        let mut order = vec![net.root];
        let mut at = 0;
        while let Some(&v) = order.get(at) {
            at += 1;
            self.work += net.graph.degree(v) as u64;
            order.extend(tree.below(v).map(|(_, child)| child));
        }
        let excuse = |v: u32| {
            let own = net.graph.neighbours(v).filter(|arc| net.is_sink(v) && arc.head == net.root);
            own.min_by_key(|arc| (arc.cost, arc.edge))
        };
        // What each branch is worth, and whether it goes.
        let mut worth = vec![0i128; net.kind.len()];
        let mut goes = vec![false; net.kind.len()];
        for &v in order.iter().skip(1).rev() {
            if net.kind[v as usize] != Kind::Plain {
                worth[v as usize] += excuse(v).map_or(MUST, |arc| i128::from(arc.cost));
            }
            let gained = worth[v as usize] - i128::from(tree.up(v).map_or(0, |e| net.graph.edge(e).2));
            goes[v as usize] = gained < 0;
            if gained > 0 {
                worth[tree.parent(v) as usize] += gained.min(MUST);
            }
        }
        let mut edges = Vec::with_capacity(order.len());
        let mut gone = Vec::new();
        for &v in order.iter().skip(1) {
            goes[v as usize] |= goes[tree.parent(v) as usize];
            if !goes[v as usize] {
                edges.extend(tree.up(v));
                continue;
            }
            gone.extend([v, tree.parent(v)]);
            edges.extend(excuse(v).map(|arc| arc.edge));
        }
        if gone.is_empty() {
            return false;
        }
        self.tree = Rooted::new(net, &edges);
        self.clock += 1;
        gone.iter().for_each(|&v| self.changed[v as usize] = self.clock);
        true
    }

    /// Connects a sink that is left out, and up to `size` of the nearest others that are, if that is cheaper.
    fn insert_at(&mut self, sink: u32, size: usize) -> bool {
        let (net, tree) = (Arc::clone(&self.tree.net), &self.tree);
        let is_out = |v: u32| net.is_sink(v) && tree.up(v).is_some() && tree.parent(v) == net.root;
        let nearest = net.graph.neighbours(sink).filter(|arc| arc.head != net.root && !net.is_sink(arc.head));
        let Some(hub) = nearest.min_by_key(|arc| (arc.cost, arc.edge)).map(|arc| arc.head) else { return false };
        if !is_out(sink) || tree.holds(hub) {
            return false;
        }
        self.turn += 1;
        let (mut queue, mut out) = (vec![hub], vec![sink]);
        (self.seen[hub as usize], self.seen[sink as usize]) = (self.turn, self.turn);
        let mut at = 0;
        while at < queue.len() && queue.len() < NEAR && out.len() <= size {
            self.work += net.graph.degree(queue[at]) as u64;
            for arc in net.graph.neighbours(queue[at]) {
                if std::mem::replace(&mut self.seen[arc.head as usize], self.turn) == self.turn {
                    continue;
                }
                if is_out(arc.head) {
                    out.push(arc.head);
                } else if !net.is_sink(arc.head) && !self.tree.holds(arc.head) {
                    queue.push(arc.head);
                }
            }
            at += 1;
        }
        out.truncate(size + 1);
        let removed: Vec<u32> = out.iter().filter_map(|&v| self.tree.up(v)).collect();
        let limit = net.cost(&removed);
        self.forget();
        self.joins.in_earnest = true;
        let won = self.exchange(removed, out, limit, Some(hub));
        self.joins.in_earnest = false;
        if won {
            self.remember();
        }
        won
    }

    /// Kicks at a random place.
    pub(crate) fn kick(&mut self) {
        let n = self.tree.net.kind.len() as u64;
        let v = (self.random.bits() % n) as u32;
        self.kick_at(v);
    }

    /// Distorts the tree around a place, repairs what that allows, and takes it all back if nothing is gained.
    pub(crate) fn kick_at(&mut self, mut v: u32) {
        self.work += 64;
        for _ in 0..CLIMB {
            if self.tree.crucial(v) {
                break;
            }
            self.work += 1;
            v = if self.tree.holds(v) {
                self.tree.parent(v)
            } else {
                let around = self.tree.net.graph.slots(v);
                if around.is_empty() {
                    return;
                }
                let pick = (self.random.bits() % around.len() as u64) as usize;
                self.tree.net.graph.arcs()[around.start + pick].head
            };
        }
        if !self.tree.crucial(v) {
            return;
        }
        let before = self.tree.cost;
        self.tree.keep();
        self.joins.noise = self.random.bits() | 1;
        let paths = 2 + (self.random.bits() % 12) as usize;
        let moved = self.improve_at(v, paths, None);
        self.joins.noise = 0;
        if moved && self.tree.cost != before {
            self.remember();
            self.settle();
        }
        if self.tree.cost >= before {
            self.tree.take_back(0);
        }
        self.tree.keep();
    }

    /// Small moves near what changed, until none helps.
    fn settle(&mut self) {
        let mut level = 0;
        while level < LEVELS.len() {
            self.recent.sort_unstable();
            self.recent.dedup();
            let near = std::mem::take(&mut self.recent);
            let mut won = false;
            for &v in &near {
                if self.changed[v as usize] > self.tried[v as usize][level] {
                    self.tried[v as usize][level] = self.clock;
                    if self.try_at(v, level) {
                        won = true;
                    }
                }
            }
            self.recent.extend(near);
            level = if won { 0 } else { level + 1 };
        }
        self.recent.clear();
    }

    /// Forgets the last move's search.
    fn forget(&mut self) {
        self.joins.clear();
        self.lines.clear();
    }

    /// Notes that the vertices of the last move's search may have better moves now.
    fn remember(&mut self) {
        self.clock += 1;
        for touched in [self.joins.touched(), self.lines.touched()] {
            touched.iter().for_each(|&x| self.changed[x as usize] = self.clock);
            self.recent.extend_from_slice(touched);
        }
    }

    /// One move at the crucial vertex `v`: takes out up to `paths` key paths nearest to it, the one above it first, and
    /// reconnects, by way of `extra` (outside the tree) if given. Whether the tree became cheaper.
    pub(crate) fn improve_at(&mut self, v: u32, paths: usize, extra: Option<u32>) -> bool {
        self.forget();
        let (removed, crucial, limit) = self.key_paths(v, paths);
        !removed.is_empty() && self.exchange(removed, crucial, limit, extra)
    }

    /// Takes edges out, and reconnects the crucial vertices that they cut off, by links no longer than `limit` and by way of `extra`
    /// if given. Whether the tree became cheaper.
    fn exchange(&mut self, removed: Vec<u32>, crucial: Vec<u32>, limit: u64, extra: Option<u32>) -> bool {
        // While prices are distorted anything is accepted that is not far worse.
        let worse = if self.joins.noise == 0 { 1 } else { 2 };
        let old = self.tree.net.cost(&removed).saturating_mul(worse);
        let mark = self.tree.mark();
        let tree = &mut self.tree;
        // Take the paths out; whoever then has no edge left and is no terminal goes too.
        let mut ends: Vec<(u32, u32)> = removed.iter().map(|&e| (tree.lower_end(e), e)).collect();
        for &(x, _) in &ends {
            tree.cut(x);
        }
        for &(x, e) in &ends {
            for y in [x, tree.other(e, x)] {
                if tree.is_bare(y) {
                    tree.set_inside(y, false);
                }
            }
        }
        let mut tops = crucial;
        tops.retain(|&x| tree.holds(x) && tree.up(x).is_none() && x != tree.net.root);
        tops.sort_unstable();
        tops.dedup();
        let parts = tops.len() + usize::from(extra.is_some());
        let found =
            if extra.is_some_and(|z| tree.holds(z)) { None } else { self.joins.links(tree, &tops, extra, limit) };
        let better = found.and_then(|links| self.joins.assemble(tree, &links, parts, old));
        self.work += std::mem::take(&mut self.joins.work);
        let Some(new) = better else {
            tree.take_back(mark);
            return false;
        };
        tree.attach(&new);
        ends.sort_unstable();
        for (x, e) in ends {
            tree.trim(x);
            tree.trim(tree.other(e, x));
        }
        true
    }

    /// Edges of up to `count` key paths found breadth first from `v`, the crucial vertices they touch, and the sum of
    /// the two longest: no longer link is wanted, as the old paths would do.
    fn key_paths(&mut self, v: u32, count: usize) -> (Vec<u32>, Vec<u32>, u64) {
        let mut longest = (0, 0);
        let (mut edges, mut crucial, mut found) = (Vec::new(), vec![v], 0);
        let mut at = 0;
        let mut came: Vec<u32> = vec![NONE];
        while at < crucial.len() && found < count {
            let x = crucial[at];
            let from = came[at];
            at += 1;
            // Upwards.
            let mut y = x;
            if self.tree.up(x).is_some_and(|e| e != from) {
                let (mut last, start) = (NONE, edges.len());
                while let Some(e) = self.tree.up(y) {
                    last = e;
                    edges.push(last);
                    y = self.tree.other(last, y);
                    if self.tree.crucial(y) {
                        break;
                    }
                }
                crucial.push(y);
                came.push(last);
                found += 1;
                longest = self.longest(longest, &edges[start..]);
            }
            if found >= count {
                break;
            }
            self.work += self.tree.net.graph.degree(x) as u64;
            let below: Vec<(u32, u32)> = self.tree.below(x).filter(|&(e, _)| e != from).collect();
            for (e, child) in below {
                if found >= count {
                    break;
                }
                let start = edges.len();
                edges.push(e);
                let (mut last, mut y) = (e, child);
                while !self.tree.crucial(y) {
                    self.work += self.tree.net.graph.degree(y) as u64;
                    let Some((e, child)) = self.tree.below(y).next() else { break };
                    edges.push(e);
                    (last, y) = (e, child);
                }
                crucial.push(y);
                came.push(last);
                found += 1;
                longest = self.longest(longest, &edges[start..]);
            }
        }
        (edges, crucial, longest.0 + longest.1)
    }

    fn longest(&self, (first, second): (u64, u64), path: &[u32]) -> (u64, u64) {
        let length = self.tree.net.cost(path);
        if length > first { (length, first) } else { (first, second.max(length)) }
    }
}

#[cfg(test)]
mod tests;
