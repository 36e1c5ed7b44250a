//! What no best solution can go on from (Polzin & Vahdati Daneshmand 2002): the lines `Y` and `Z`.
//!
//! Asked of the graph as it was under some potentials. Whatever has gone since is in no best solution of that graph below U either,
//! so its special distances hold on; and what is known to go, or not to branch, helps with what is asked next.

use super::graph::Kind;
use crate::check::Rows;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Vertices of a tree beyond which it is not extended.
const VERTICES: usize = 6;
/// Edges at an end by which it is extended, at most.
const WIDTH: usize = 4;
/// Arcs that the search around a vertex looks at, at least.
const REACH: usize = 400;
/// Terminals near a vertex that are known, with those as far as the last of them, up to so many.
const RESTS: [usize; 2] = [4, 64];
/// Extensions looked at for one line.
const EFFORT: u32 = 100_000;

/// The graph under some potentials, in its own numbers.
#[derive(Debug)]
pub(super) struct Priced {
    pub(super) rows: Rows,
    pub(super) edges: Vec<(u32, u32, u64)>,
    pub(super) kind: Vec<Kind>,
    /// By slot: what the potentials leave of the arc into the row's vertex.
    pub(super) left: Vec<u64>,
    /// By slot: the other slot of the edge.
    pub(super) twins: Vec<usize>,
    /// Distances from the root and to the nearest terminal in what is left; from `slack` on they are all the same.
    pub(super) from: Vec<u64>,
    pub(super) to: Vec<u64>,
    /// What a solution below U may pay of what is left.
    pub(super) slack: u64,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    vertex: u32,
    up: usize,
    depth: u32,
    /// As the depth, from where the tree began: with a vertex, or with an edge.
    far: u32,
    cost: u64,
    /// What is left of its edge, towards this node and away.
    left: [u64; 2],
    degree: u32,
}

#[derive(Debug)]
pub(super) struct Extension {
    on: Priced,
    /// What surrounds a vertex, by number, and how far it is. Empty before that is asked for.
    around: Vec<Vec<(u32, u64)>>,
    /// By vertex: the terminals nearest to it, and how far they are. Empty before anything is asked.
    nearest: Vec<Vec<(u64, u32)>>,
    /// Terminals as they were joined, the nearest first: by how long an edge, and to whom.
    joined: Vec<(u64, u32)>,
    gone: Vec<bool>,
    straight: Vec<bool>,
    tree: Vec<Node>,
    effort: u32,
}

impl Extension {
    pub(super) fn new(on: Priced) -> Self {
        let (n, m) = (on.kind.len(), on.edges.len());
        Self {
            on,
            around: vec![Vec::new(); n],
            nearest: Vec::new(),
            joined: Vec::new(),
            gone: vec![false; m],
            straight: vec![false; n],
            tree: Vec::new(),
            effort: 0,
        }
    }

    /// Whether no best solution holds an edge; it is taken to be gone from then on.
    pub(super) fn edge(&mut self, e: u32) -> bool {
        let (v, head, _) = self.on.edges[e as usize];
        let slot = self.on.rows.slots(v).find(|&slot| self.on.rows.arcs[slot].1 == e);
        let Some(slot) = slot.filter(|_| !self.gone[e as usize] && !self.is_sink(v) && !self.is_sink(head)) else {
            return false;
        };
        self.begin(v);
        self.add(0, slot);
        self.tree[1].far = 0;
        let out = self.is_detour(1, None) || self.is_dear() || self.is_stuck();
        self.gone[e as usize] |= out;
        out
    }

    /// Whether no best solution branches at a vertex; it is taken not to from then on.
    pub(super) fn branching(&mut self, v: u32) -> bool {
        let slots = self.ways_from(v);
        if self.on.kind[v as usize] != Kind::Plain || !(3..=WIDTH).contains(&slots.len()) {
            return false;
        }
        self.begin(v);
        let out = (0u32..1 << slots.len()).filter(|set| set.count_ones() >= 3).all(|set| {
            self.cut(1);
            self.add_all(0, &slots, set);
            (1..self.tree.len()).any(|at| self.is_detour(at, None)) || self.is_dear() || self.is_stuck()
        });
        self.straight[v as usize] |= out;
        out
    }

    fn is_sink(&self, v: u32) -> bool {
        self.on.kind[v as usize] == Kind::Sink
    }

    fn ways_from(&self, v: u32) -> Vec<usize> {
        self.on.rows.slots(v).filter(|&slot| !self.gone[self.on.rows.arcs[slot].1 as usize]).collect()
    }

    fn begin(&mut self, v: u32) {
        self.effort = EFFORT;
        self.tree.clear();
        self.tree.push(Node { vertex: v, up: 0, depth: 0, far: 0, cost: 0, left: [0; 2], degree: 0 });
    }

    fn add(&mut self, up: usize, slot: usize) {
        let (vertex, e) = self.on.rows.arcs[slot];
        let left = [self.on.twins[slot], slot].map(|slot| self.on.left[slot]);
        self.tree[up].degree += 1;
        let (depth, far) = (self.tree[up].depth + 1, self.tree[up].far + 1);
        self.tree.push(Node { vertex, up, depth, far, cost: self.on.edges[e as usize].2, left, degree: 1 });
    }

    fn add_all(&mut self, up: usize, slots: &[usize], set: u32) {
        for (i, &slot) in slots.iter().enumerate() {
            if set >> i & 1 == 1 {
                self.add(up, slot);
            }
        }
    }

    fn cut(&mut self, count: usize) {
        for node in self.tree.split_off(count) {
            self.tree[node.up].degree -= 1;
        }
    }

    /// Whether a stretch on the way from a node to another is longer than their special distance. At `fork` edges may meet.
    fn is_detour(&mut self, from: usize, fork: Option<usize>) -> bool {
        (0..self.tree.len()).any(|to| {
            let longest = self.longest(from, to, fork);
            longest > 0 && self.apart(self.tree[from].vertex, self.tree[to].vertex, longest) < longest
        })
    }

    /// The longest stretch between two nodes: from one at which edges meet to the next.
    fn longest(&self, from: usize, to: usize, fork: Option<usize>) -> u64 {
        // Both sides climb to where they meet.
        let (mut a, mut b) = (from, to);
        let (mut side_a, mut side_b) = (vec![], vec![]);
        while a != b {
            let (at, side) =
                if self.tree[a].depth >= self.tree[b].depth { (&mut a, &mut side_a) } else { (&mut b, &mut side_b) };
            side.push(*at);
            *at = self.tree[*at].up;
        }
        let meets = |at: usize| self.tree[at].degree >= 3 || fork == Some(at);
        let (mut longest, mut open) = (0u64, 0u64);
        let steps = side_a.iter().map(|&at| (at, self.tree[at].up)).chain(side_b.iter().rev().map(|&at| (at, at)));
        for (edge, end) in steps {
            open = open.saturating_add(self.tree[edge].cost);
            longest = longest.max(open);
            if meets(end) {
                open = 0;
            }
        }
        longest
    }

    /// Whether special distances join the ends for less than the tree costs.
    fn is_undercut(&mut self) -> bool {
        let mut out: Vec<u32> = self.tree.iter().filter(|node| node.degree == 1).map(|node| node.vertex).collect();
        let own = self.tree.iter().fold(0u64, |sum, node| sum.saturating_add(node.cost));
        let (mut inside, mut sum) = (Vec::new(), 0u64);
        if out.len() < 3 {
            return false;
        }
        inside.extend(out.pop());
        while !out.is_empty() && sum < own {
            let mut least = (u64::MAX, 0);
            for (at, &v) in out.iter().enumerate() {
                for &u in &inside {
                    least = least.min((self.apart(u, v, own), at));
                }
            }
            sum = sum.saturating_add(least.0);
            inside.push(out.swap_remove(least.1));
        }
        sum < own
    }

    /// Whether a solution pays as much of what is left as it may, wherever it comes in.
    fn is_dear(&self) -> bool {
        let slack = u128::from(self.on.slack);
        let ends = (0..self.tree.len()).filter(|&end| self.tree[end].degree == 1);
        ends.clone().all(|entry| {
            // On the way from there to the first node edges are walked away from theirs.
            let mut against = vec![false; self.tree.len()];
            let mut at = entry;
            while at != 0 {
                against[at] = true;
                at = self.tree[at].up;
            }
            let edges = self.tree.iter().zip(&against).map(|(node, &against)| node.left[usize::from(against)]);
            let on = ends.clone().filter(|&end| end != entry).map(|end| self.on.to[self.tree[end].vertex as usize]);
            let from = self.on.from[self.tree[entry].vertex as usize];
            edges.chain(on).chain([from]).map(u128::from).sum::<u128>() >= slack
        })
    }

    /// Whether at some end every extension is out. Ends are tried by how few edges they have, then the farthest, then that of the
    /// dearest edge: the first two of a small tree, else the first, with all that are alike.
    fn is_stuck(&mut self) -> bool {
        if self.tree.len() > VERTICES {
            return false;
        }
        let mut ends = Vec::new();
        for (i, node) in self.tree.iter().enumerate() {
            let v = node.vertex as usize;
            let ways = self.ways_from(node.vertex).len();
            if node.degree == 1 && self.on.kind[v] == Kind::Plain && (ways <= WIDTH + 1 || self.straight[v]) {
                ends.push(((ways, Reverse(node.far), Reverse(node.cost)), i));
            }
        }
        ends.sort_unstable();
        let tried = if self.tree.len() <= 3 { 2 } else { 1 };
        let last = ends.get(tried - 1).map(|end| end.0);
        let alike = ends.into_iter().enumerate().take_while(|(i, end)| *i < tried || Some(end.0) == last);
        alike.map(|(_, (_, end))| end).collect::<Vec<_>>().into_iter().any(|end| self.is_dead_end(end))
    }

    fn is_dead_end(&mut self, end: usize) -> bool {
        let v = self.tree[end].vertex;
        let count = self.tree.len();
        let mut slots = self.ways_from(v);
        slots.retain(|&slot| {
            let head = self.on.rows.arcs[slot].0;
            let open = self.tree.iter().all(|node| node.vertex != head);
            open && {
                self.add(end, slot);
                let out = self.is_detour(count, Some(end));
                self.cut(count);
                !out
            }
        });
        let straight = self.straight[v as usize];
        if slots.len() > WIDTH && !straight {
            return false;
        }
        let sets = if straight { 0 } else { 1u32 << slots.len() };
        let (one, several) = ((0..slots.len()).map(|i| 1u32 << i), (0..sets).filter(|set| set.count_ones() > 1));
        one.chain(several).all(|set| self.is_out(end, &slots, set))
    }

    fn is_out(&mut self, end: usize, slots: &[usize], set: u32) -> bool {
        let Some(effort) = self.effort.checked_sub(1).filter(|_| slots.len() < 32) else { return false };
        self.effort = effort;
        let count = self.tree.len();
        self.add_all(end, slots, set);
        let out = self.is_dear()
            || (count..self.tree.len()).any(|at| self.is_detour(at, None))
            || self.is_undercut()
            || self.is_stuck();
        self.cut(count);
        out
    }

    /// At least the special distance of two vertices: a way, or the longest of three stretches by terminals near them.
    fn apart(&mut self, a: u32, b: u32, limit: u64) -> u64 {
        if self.is_sink(a) || self.is_sink(b) {
            return u64::MAX;
        }
        if self.joined.is_empty() {
            self.nearest = nearest(&self.on);
            self.joined = joined(&self.on, &self.nearest);
        }
        for v in [a, b] {
            if self.around[v as usize].is_empty() {
                self.around[v as usize] = around(&self.on, v);
            }
        }
        let way = |from: u32, to: u32| {
            let around = &self.around[from as usize];
            around.binary_search_by_key(&to, |&(v, _)| v).map(|at| around[at].1)
        };
        let mut least = way(a, b).or(way(b, a)).unwrap_or(u64::MAX);
        for &(x, s) in &self.nearest[a as usize] {
            for &(y, t) in &self.nearest[b as usize] {
                if x.max(y) < least.min(limit) {
                    least = least.min(x.max(y).max(self.between(s, t)));
                }
            }
        }
        least
    }

    /// The longest edge between two terminals on their least spanning tree.
    fn between(&self, mut s: u32, mut t: u32) -> u64 {
        let mut longest = 0;
        while s != t {
            let at = if self.joined[s as usize].0 <= self.joined[t as usize].0 { &mut s } else { &mut t };
            let (length, above) = self.joined[*at as usize];
            if length == u64::MAX {
                return u64::MAX;
            }
            (longest, *at) = (longest.max(length), above);
        }
        longest
    }
}

/// The vertices around one, itself among them, and how far they are, no way through a sink.
fn around(on: &Priced, from: u32) -> Vec<(u32, u64)> {
    let mut known = BTreeMap::from([(from, 0u64)]);
    let mut heap = BinaryHeap::from([Reverse((0u64, from))]);
    let (mut distance, mut looked, mut last) = (Vec::new(), 0, None);
    while let Some(Reverse((reach, v))) = heap.pop() {
        if known.get(&v) != Some(&reach) {
            continue;
        }
        if last.is_some_and(|last| reach > last) {
            break;
        }
        distance.push((v, reach));
        if looked > REACH {
            // All that are as far as this one belong to it.
            last = Some(reach);
            continue;
        }
        for slot in on.rows.slots(v) {
            let (u, e) = on.rows.arcs[slot];
            looked += 1;
            let reach = reach.saturating_add(on.edges[e as usize].2);
            if on.kind[u as usize] != Kind::Sink && known.get(&u).is_none_or(|&old| reach < old) {
                known.insert(u, reach);
                heap.push(Reverse((reach, u)));
            }
        }
    }
    distance.sort_unstable();
    distance
}

/// The terminals nearest to each vertex, no way through a sink.
fn nearest(on: &Priced) -> Vec<Vec<(u64, u32)>> {
    let n = on.kind.len();
    let mut nearest: Vec<Vec<(u64, u32)>> = vec![Vec::new(); n];
    let rests = (0..n as u32).filter(|&v| on.kind[v as usize] == Kind::Terminal);
    let mut heap: BinaryHeap<_> = rests.map(|t| Reverse((0u64, t, t))).collect();
    while let Some(Reverse((reach, rest, v))) = heap.pop() {
        let open = |known: &[(u64, u32)], reach: u64| {
            let near = known.len() < RESTS[0] || known.len() < RESTS[1] && known[RESTS[0] - 1].0 == reach;
            near && known.iter().all(|&(_, other)| other != rest)
        };
        if !open(&nearest[v as usize], reach) {
            continue;
        }
        nearest[v as usize].push((reach, rest));
        for slot in on.rows.slots(v) {
            let (u, e) = on.rows.arcs[slot];
            let reach = reach.saturating_add(on.edges[e as usize].2);
            if on.kind[u as usize] != Kind::Sink && open(&nearest[u as usize], reach) {
                heap.push(Reverse((reach, rest, u)));
            }
        }
    }
    nearest
}

/// The terminals' least spanning tree, by how its parts were joined (Kruskal on the ways between their regions, Mehlhorn 1988).
fn joined(on: &Priced, nearest: &[Vec<(u64, u32)>]) -> Vec<(u64, u32)> {
    let n = on.kind.len();
    let mut ways = Vec::new();
    for v in 0..n {
        for slot in on.rows.slots(v as u32) {
            let (u, e) = on.rows.arcs[slot];
            if let (Some(&(a, s)), Some(&(b, t))) = (nearest[u as usize].first(), nearest[v].first())
                && (u as usize) < v
                && s != t
            {
                ways.push((a.saturating_add(on.edges[e as usize].2).saturating_add(b), s, t));
            }
        }
    }
    ways.sort_unstable();
    let mut joined: Vec<(u64, u32)> = (0..n as u32).map(|v| (u64::MAX, v)).collect();
    let mut size = vec![1u32; n];
    for (length, s, t) in ways {
        let [mut s, mut t] = [s, t].map(|mut at| {
            while joined[at as usize].1 != at {
                at = joined[at as usize].1;
            }
            at
        });
        if s != t {
            if size[s as usize] < size[t as usize] {
                (s, t) = (t, s);
            }
            size[s as usize] += size[t as usize];
            joined[t as usize] = (length, s);
        }
    }
    joined
}
