//! Local search: take the key paths around a vertex out of the tree and reconnect what falls apart, if that is cheaper.
//!
//! A key path runs between *crucial* vertices: terminals and branchings. Taking out one key path is key-path exchange,
//! all those at a branching key-vertex elimination, with a vertex from outside to be connected too Steiner-vertex
//! insertion (Uchoa & Werneck 2010); more of them is a small destroy-and-repair. Everything is done on a rooted tree with
//! parent edges, so a move costs what its neighbourhood holds and not what the tree does.

use crate::NONE;
use crate::net::{Kind, Net};
use crate::tree;
use breiband_graph::{MinHeap, UnionFind};
use breiband_random::{SplitMix64, mix};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Tree vertices of a component that a move marks ahead; further ones are found by climbing.
const MARKED: usize = 64;
/// Vertices a move's search settles.
const SETTLED: usize = 1500;
/// Tree edges a move climbs to find which component a vertex lies in.
const CLIMB: usize = 3000;

/// A rooted tree under improvement.
#[derive(Debug)]
pub(crate) struct Local {
    net: Arc<Net>,
    /// Edge to the parent; none outside the tree and at the root.
    up: Vec<u32>,
    inside: Vec<bool>,
    children: Vec<u32>,
    label: Vec<Label>,
    touched: Vec<u32>,
    heap: MinHeap,
    /// When a move last changed something near each vertex, and when each kind of move was last tried there.
    changed: Vec<u32>,
    tried: Vec<[u32; LEVELS.len()]>,
    clock: u32,
    level: usize,
    at: u32,
    won: bool,
    random: SplitMix64,
    /// Not zero while prices are distorted.
    noise: u64,
    /// What changed since a kick began, to be taken back: vertex, edge to its parent, inside.
    log: Vec<(u32, u32, bool)>,
    /// Vertices near recent changes.
    recent: Vec<u32>,
    /// What the tree costs.
    pub(crate) cost: u64,
    /// Arcs looked at.
    pub(crate) work: u64,
}

/// The kinds of moves, small ones first: how many key paths go, and whether a vertex from outside is tried.
const LEVELS: [(usize, bool); 4] = [(1, false), (4, false), (1, true), (3, true)];

/// What the search of one move knows about a vertex.
#[derive(Debug, Clone, Copy)]
struct Label {
    distance: u64,
    via: u32,
    component: u32,
    settled: bool,
}

const BLANK: Label = Label { distance: u64::MAX, via: NONE, component: NONE, settled: false };

impl Local {
    /// Roots the tree `edges`, which must be a solution.
    pub(crate) fn new(net: Arc<Net>, edges: &[u32], seed: u64) -> Self {
        let n = net.kind.len();
        let mut local = Self {
            net: Arc::clone(&net),
            up: vec![NONE; n],
            inside: vec![false; n],
            children: vec![0; n],
            label: vec![BLANK; n],
            touched: Vec::new(),
            heap: MinHeap::new(n as u32, net.graph.max_distance().saturating_mul(2)),
            changed: vec![1; n],
            tried: vec![[0; LEVELS.len()]; n],
            clock: 1,
            level: 0,
            at: 0,
            won: false,
            random: SplitMix64::new(seed),
            noise: 0,
            log: Vec::new(),
            recent: Vec::new(),
            cost: 0,
            work: 0,
        };
        let mut member = vec![false; net.graph.edge_count() as usize];
        for &e in edges {
            member[e as usize] = true;
        }
        let mut stack = vec![net.root];
        local.inside[net.root as usize] = true;
        while let Some(v) = stack.pop() {
            for arc in net.graph.neighbours(v) {
                if member[arc.edge as usize] && !local.inside[arc.head as usize] {
                    local.inside[arc.head as usize] = true;
                    local.set_up(arc.head, arc.edge);
                    stack.push(arc.head);
                }
            }
        }
        local.log.clear();
        local
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
        let mut edges: Vec<u32> = self.up.iter().copied().filter(|&e| e != NONE).collect();
        edges.sort_unstable();
        edges
    }

    /// Tries moves until none helps any more (true) or `budget` more arcs have been looked at (false). A kind of move is
    /// tried again at a vertex only after something near it changed.
    pub(crate) fn search(&mut self, budget: u64) -> bool {
        let end = self.work.saturating_add(budget);
        while self.level < LEVELS.len() {
            let n = self.net.kind.len() as u32;
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
                    self.log.clear();
                }
            }
            self.at = 0;
            self.level = if std::mem::take(&mut self.won) { 0 } else { self.level + 1 };
        }
        true
    }

    fn try_at(&mut self, v: u32, level: usize) -> bool {
        let (paths, extra) = LEVELS[level];
        let centre = if !extra {
            v
        } else if self.inside[v as usize] || self.net.is_sink(v) {
            return false;
        } else {
            self.work += self.net.graph.degree(v) as u64;
            let near = self.net.graph.neighbours(v).filter(|arc| self.inside[arc.head as usize]);
            let near = near.filter(|arc| !self.net.is_sink(arc.head)).min_by_key(|arc| (arc.cost, arc.edge));
            let Some(mut x) = near.map(|arc| arc.head) else { return false };
            for _ in 0..CLIMB {
                if self.crucial(x) {
                    break;
                }
                self.work += 1;
                x = self.parent(x);
            }
            x
        };
        if !self.crucial(centre) || !self.improve_at(centre, paths, extra.then_some(v)) {
            return false;
        }
        self.remember();
        true
    }

    /// The vertex above a tree vertex; the root is above itself.
    pub(crate) fn parent(&self, v: u32) -> u32 {
        match self.up[v as usize] {
            NONE => v,
            e => self.other(e, v),
        }
    }

    fn other(&self, e: u32, v: u32) -> u32 {
        let (a, b, _) = self.net.graph.edge(e);
        a ^ b ^ v
    }

    fn set_up(&mut self, v: u32, e: u32) {
        self.log.push((v, self.up[v as usize], self.inside[v as usize]));
        let old = std::mem::replace(&mut self.up[v as usize], e);
        if old != NONE {
            let parent = self.other(old, v);
            self.children[parent as usize] -= 1;
            self.cost -= self.net.graph.edge(old).2;
        }
        if e != NONE {
            let parent = self.other(e, v);
            self.children[parent as usize] += 1;
            self.cost += self.net.graph.edge(e).2;
        }
    }

    fn set_inside(&mut self, v: u32, inside: bool) {
        self.log.push((v, self.up[v as usize], self.inside[v as usize]));
        self.inside[v as usize] = inside;
    }

    /// Kicks at a random place.
    pub(crate) fn kick(&mut self) {
        let n = self.net.kind.len() as u64;
        let v = (self.random.bits() % n) as u32;
        self.kick_at(v);
    }

    /// Distorts the tree around a place, repairs what that allows, and takes it all back if nothing is gained.
    pub(crate) fn kick_at(&mut self, mut v: u32) {
        self.work += 64;
        for _ in 0..CLIMB {
            if self.crucial(v) {
                break;
            }
            self.work += 1;
            v = if self.inside[v as usize] {
                self.parent(v)
            } else {
                let around = self.net.graph.slots(v);
                if around.is_empty() {
                    return;
                }
                let pick = (self.random.bits() % around.len() as u64) as usize;
                self.net.graph.arcs()[around.start + pick].head
            };
        }
        if !self.crucial(v) {
            return;
        }
        let before = self.cost;
        self.log.clear();
        self.noise = self.random.bits() | 1;
        let paths = 2 + (self.random.bits() % 12) as usize;
        let moved = self.improve_at(v, paths, None);
        self.noise = 0;
        if moved && self.cost != before {
            self.remember();
            self.settle();
        }
        if self.cost >= before {
            while let Some((v, up, inside)) = self.log.pop() {
                let keep = self.log.len();
                self.set_up(v, up);
                self.inside[v as usize] = inside;
                self.log.truncate(keep);
            }
        }
        self.log.clear();
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

    /// Notes that the vertices of the last move's search may have better moves now.
    fn remember(&mut self) {
        self.clock += 1;
        for &x in &self.touched {
            self.changed[x as usize] = self.clock;
        }
        self.recent.extend_from_slice(&self.touched);
    }

    /// An edge's cost, or half to one and a half of it while prices are distorted.
    fn price(&self, edge: u32, cost: u64) -> u64 {
        if self.noise == 0 {
            return cost;
        }
        let factor = 512 + (mix(self.noise ^ u64::from(edge)) & 1023);
        ((u128::from(cost) * u128::from(factor)) >> 10) as u64
    }

    /// Whether a tree vertex ends key paths.
    pub(crate) fn crucial(&self, v: u32) -> bool {
        self.inside[v as usize] && (self.net.kind[v as usize] != Kind::Plain || self.children[v as usize] != 1)
    }

    fn child_edges(&self, v: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.net
            .graph
            .neighbours(v)
            .filter(move |arc| self.up[arc.head as usize] == arc.edge)
            .map(|arc| (arc.edge, arc.head))
    }

    /// One move at the crucial vertex `v`: takes out up to `paths` key paths nearest to it, the one above it first, and
    /// reconnects, by way of `extra` (outside the tree) if given. Whether the tree became cheaper.
    pub(crate) fn improve_at(&mut self, v: u32, paths: usize, extra: Option<u32>) -> bool {
        for v in self.touched.drain(..) {
            self.label[v as usize] = BLANK;
        }
        let (removed, crucial, limit) = self.key_paths(v, paths);
        if removed.is_empty() {
            return false;
        }
        // While prices are distorted anything is accepted that is not far worse.
        let old = if self.noise == 0 { self.net.cost(&removed) } else { self.net.cost(&removed).saturating_mul(2) };
        // Take the paths out; whoever then has no edge left and is no terminal goes too.
        let undo: Vec<(u32, u32)> = removed.iter().map(|&e| (self.lower_end(e), e)).collect();
        for &(x, _) in &undo {
            self.set_up(x, NONE);
        }
        let mut gone: Vec<u32> = Vec::new();
        for &(x, e) in &undo {
            for y in [x, self.other(e, x)] {
                if self.inside[y as usize]
                    && self.up[y as usize] == NONE
                    && self.children[y as usize] == 0
                    && self.net.kind[y as usize] == Kind::Plain
                {
                    self.set_inside(y, false);
                    gone.push(y);
                }
            }
        }
        let mut tops: Vec<u32> = crucial
            .into_iter()
            .filter(|&x| self.inside[x as usize] && self.up[x as usize] == NONE && x != self.net.root)
            .collect();
        tops.sort_unstable();
        tops.dedup();
        let found = extra.is_none_or(|z| !self.inside[z as usize]).then(|| self.links(&tops, extra, limit)).flatten();
        let better = found.and_then(|links| self.assemble(&links, tops.len() + usize::from(extra.is_some()), old));
        if let Some(new) = better {
            self.attach(&new);
            let mut suspects = undo;
            suspects.sort_unstable();
            for (x, e) in suspects {
                self.trim(x);
                self.trim(self.other(e, x));
            }
            true
        } else {
            for x in gone {
                self.set_inside(x, true);
            }
            for &(x, e) in &undo {
                self.set_up(x, e);
            }
            false
        }
    }

    /// The end of a tree edge that hangs from it.
    fn lower_end(&self, e: u32) -> u32 {
        let (a, b, _) = self.net.graph.edge(e);
        if self.up[a as usize] == e { a } else { b }
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
            if self.up[x as usize] != NONE && self.up[x as usize] != from {
                let (mut last, start) = (NONE, edges.len());
                while self.up[y as usize] != NONE {
                    last = self.up[y as usize];
                    edges.push(last);
                    y = self.other(last, y);
                    if self.crucial(y) {
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
            self.work += self.net.graph.degree(x) as u64;
            let below: Vec<(u32, u32)> = self.child_edges(x).filter(|&(e, _)| e != from).collect();
            for (e, child) in below {
                if found >= count {
                    break;
                }
                let start = edges.len();
                edges.push(e);
                let (mut last, mut y) = (e, child);
                while !self.crucial(y) {
                    self.work += self.net.graph.degree(y) as u64;
                    let Some((e, child)) = self.child_edges(y).next() else { break };
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
        let length = self.net.cost(path);
        if length > first { (length, first) } else { (first, second.max(length)) }
    }

    fn mark(&mut self, v: u32, component: u32, distance: u64) {
        if self.label[v as usize].component == NONE {
            self.touched.push(v);
        }
        self.label[v as usize] = Label { distance, via: NONE, component, settled: false };
    }

    /// Searches from the components under `tops` (and `extra`) at once; edges at which two of them meet, as (length,
    /// edge). Components are numbered by `tops`, then the extra vertex, then the one that holds the root.
    fn links(&mut self, tops: &[u32], extra: Option<u32>, limit: u64) -> Option<Vec<(u64, u32)>> {
        let upper = (tops.len() + usize::from(extra.is_some())) as u32;
        self.heap.clear();
        for (i, &top) in tops.iter().enumerate() {
            self.mark(top, i as u32, 0);
            self.heap.push(0, top);
            let mut queue = vec![top];
            let mut at = 0;
            while at < queue.len() && queue.len() < MARKED {
                let x = queue[at];
                at += 1;
                self.work += self.net.graph.degree(x) as u64;
                let below: Vec<u32> = self.child_edges(x).map(|(_, child)| child).collect();
                for child in below {
                    // A path may not go on from a sink, so only one that is cut off by itself is connected at.
                    if !self.net.is_sink(child) {
                        self.mark(child, i as u32, 0);
                        self.heap.push(0, child);
                        queue.push(child);
                    }
                }
            }
        }
        if let Some(z) = extra {
            if self.net.is_sink(z) {
                return None;
            }
            self.mark(z, upper - 1, 0);
            self.heap.push(0, z);
        }
        // Two components want the shortest link only: once there is one, no search reaches further.
        let pair = upper == 1;
        let mut limit = limit;
        let mut meetings = Vec::new();
        let mut settled = 0;
        while let Some((distance, x)) = self.heap.pop() {
            let label = self.label[x as usize];
            if distance > label.distance || label.settled {
                continue;
            }
            self.label[x as usize].settled = true;
            settled += usize::from(distance > 0);
            if settled > SETTLED {
                break;
            }
            self.work += self.net.graph.degree(x) as u64;
            for slot in self.net.graph.slots(x) {
                let arc = self.net.graph.arcs()[slot];
                let w = arc.head;
                let reach = distance + self.price(arc.edge, arc.cost);
                if reach > limit || pair && reach == limit || arc.edge == label.via {
                    continue;
                }
                let known = self.label[w as usize];
                if known.component == NONE && self.inside[w as usize] {
                    if self.net.is_sink(w) {
                        continue;
                    }
                    let component = self.component(w, upper)?;
                    self.mark(w, component, 0);
                    if component == label.component {
                        self.heap.push(0, w);
                    } else {
                        meetings.push(arc.edge);
                        if pair {
                            limit = reach;
                        }
                    }
                } else if known.component != NONE && known.component != label.component {
                    meetings.push(arc.edge);
                    if reach < known.distance && known.distance > 0 {
                        self.label[w as usize] =
                            Label { distance: reach, via: arc.edge, component: label.component, settled: false };
                        self.heap.push(reach, w);
                    }
                } else if reach < known.distance && !self.net.is_sink(w) {
                    if known.component == NONE {
                        self.touched.push(w);
                    }
                    self.label[w as usize] =
                        Label { distance: reach, via: arc.edge, component: label.component, settled: false };
                    self.heap.push(reach, w);
                }
            }
        }
        let mut links: Vec<(u64, u32)> = meetings
            .into_iter()
            .filter_map(|e| {
                let (a, b, cost) = self.net.graph.edge(e);
                let (x, y) = (self.label[a as usize], self.label[b as usize]);
                let length = x.distance.checked_add(y.distance)?.checked_add(self.price(e, cost))?;
                (x.component != y.component && length <= limit).then_some((length, e))
            })
            .collect();
        links.sort_unstable();
        links.dedup();
        Some(links)
    }

    /// Which component a tree vertex lies in, by climbing; what it passes is remembered.
    fn component(&mut self, w: u32, upper: u32) -> Option<u32> {
        let mut at = w;
        for _ in 0..CLIMB {
            let label = self.label[at as usize];
            if label.component != NONE && label.distance == 0 {
                return Some(label.component);
            }
            if self.up[at as usize] == NONE {
                return Some(upper);
            }
            self.work += 1;
            at = self.other(self.up[at as usize], at);
        }
        None
    }

    /// Edges that join all components for less than `old`, if the links give such.
    fn assemble(&self, links: &[(u64, u32)], upper: usize, old: u64) -> Option<Vec<u32>> {
        let mut sets = UnionFind::new(upper as u32 + 1);
        let mut edges = Vec::new();
        let mut joined = 0;
        for &(_, e) in links {
            let (a, b, _) = self.net.graph.edge(e);
            if sets.union(self.label[a as usize].component, self.label[b as usize].component) {
                joined += 1;
                edges.push(e);
                for mut x in [a, b] {
                    while self.label[x as usize].distance > 0 || self.label[x as usize].via != NONE {
                        let via = self.label[x as usize].via;
                        edges.push(via);
                        x = self.other(via, x);
                    }
                }
            }
        }
        if joined < upper {
            return None;
        }
        edges.sort_unstable();
        edges.dedup();
        let new: u64 = edges.iter().map(|&e| self.net.graph.edge(e).2).sum();
        let mut ends: Vec<u32> = edges
            .iter()
            .flat_map(|&e| {
                let (a, b, _) = self.net.graph.edge(e);
                [a, b]
            })
            .filter(|&x| self.net.is_sink(x))
            .collect();
        ends.sort_unstable();
        let through = ends.windows(2).any(|pair| pair[0] == pair[1]);
        (new < old && !through).then_some(edges)
    }

    /// Hangs the components into the tree along new edges, from the root's outwards.
    fn attach(&mut self, edges: &[u32]) {
        let mut at: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for &e in edges {
            let (a, b, _) = self.net.graph.edge(e);
            at.entry(a).or_default().push(e);
            at.entry(b).or_default().push(e);
        }
        // Ends of new edges that lie in the tree, by the top of their component (the root for the upper one).
        let mut by_top: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for &x in at.keys() {
            if self.inside[x as usize] {
                by_top.entry(self.top(x)).or_default().push(x);
            }
        }
        let mut stack: Vec<u32> = by_top.remove(&self.net.root).unwrap_or_default();
        let mut used = BTreeSet::new();
        while let Some(x) = stack.pop() {
            let Some(around) = at.get(&x) else { continue };
            for &e in around {
                if !used.insert(e) {
                    continue;
                }
                let y = self.other(e, x);
                if self.inside[y as usize] {
                    let top = self.top(y);
                    stack.extend(by_top.remove(&top).unwrap_or_default().into_iter().filter(|&z| z != y));
                    self.reroot(y);
                } else {
                    self.set_inside(y, true);
                }
                self.set_up(y, e);
                stack.push(y);
            }
        }
    }

    fn top(&self, mut x: u32) -> u32 {
        while self.up[x as usize] != NONE {
            x = self.other(self.up[x as usize], x);
        }
        x
    }

    /// Turns the parent edges between `x` and the top of its component around.
    fn reroot(&mut self, x: u32) {
        let mut path = Vec::new();
        let mut at = x;
        while self.up[at as usize] != NONE {
            let e = self.up[at as usize];
            path.push((at, e));
            at = self.other(e, at);
        }
        for &(v, e) in path.iter().rev() {
            let parent = self.other(e, v);
            self.set_up(v, NONE);
            self.set_up(parent, e);
        }
    }

    /// Takes away a leaf that is no terminal, and what hangs on it alone.
    fn trim(&mut self, mut x: u32) {
        while self.inside[x as usize] && self.children[x as usize] == 0 && self.net.kind[x as usize] == Kind::Plain {
            self.inside[x as usize] = false;
            let e = self.up[x as usize];
            if e == NONE {
                return;
            }
            self.set_up(x, NONE);
            x = self.other(e, x);
        }
    }
}

#[cfg(test)]
mod tests;
