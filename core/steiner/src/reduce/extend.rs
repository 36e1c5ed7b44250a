//! Tests by extension: an edge goes if no best tree can go on from it (Polzin & Vahdati Daneshmand 2002).
//!
//! Suppose a best tree holds some edges that hang together, and no others where two of them meet. Then it must go on from each
//! end that is no terminal, by one or several further edges. It does not hold them at all
//! - if some stretch of them is longer than the special distance of two vertices on both sides of it;
//! - if its ends can be joined by special distances for less than they cost;
//! - if it would pay as much of a dual's residual costs as a tree below the best one known may; or
//! - if at one of its ends every further edge, and every set of them, is out for one of these reasons.
//!
//! All reasons are strict, so what goes is in no best tree of the graph as it was, and whatever else goes makes no difference:
//! special distances stay those of that graph. A vertex at which no best tree branches is replaced, as in `special`.

use super::apart::Apart;
use super::bounds::Priced;
use crate::net::{Kind, Net};
use std::cmp::Reverse;

/// Vertices of a tree beyond which it is not extended: more take longer and find little.
const VERTICES: usize = 6;
/// Edges at an end by which it is extended, at most.
const WIDTH: usize = 4;
/// Degrees of vertices of which it is asked whether a best tree branches there.
const BRANCHINGS: std::ops::RangeInclusive<usize> = 3..=4;
/// Extensions looked at for an edge.
const EFFORT: u32 = 300;
/// No node.
const NOWHERE: usize = usize::MAX;
/// No stretch is so long.
const NEVER: u64 = u64::MAX;
/// Vertices between questions whether to stop.
const PAUSE: u32 = 256;

/// What no best tree needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needless {
    /// An edge.
    Edge(u32),
    /// A branching at a vertex.
    Branching(u32),
}

/// A vertex of the tree that is extended.
#[derive(Debug, Clone, Copy)]
struct Node {
    vertex: u32,
    /// The node it hangs on; the first hangs on itself.
    up: usize,
    /// Edges on the way from where the tree began.
    far: u32,
    /// Of the edge to that one.
    cost: u64,
    /// Its residual costs: towards this node, and away.
    residual: [u64; 2],
    /// Edges of the tree.
    degree: u32,
}

/// Ways from an end, how far it is, what its edge costs; and which it is.
type Rank = (u32, Reverse<(u32, u64)>, usize);

/// What has been found of a net, and a tree that is extended in it.
pub(super) struct Extension<'a> {
    net: &'a Net,
    priced: Priced<'a>,
    apart: Apart<'a>,
    /// What has been found.
    gone: Vec<bool>,
    straight: Vec<bool>,
    /// Edges that are left.
    degree: Vec<u32>,
    tree: Vec<Node>,
    /// By node: the longest stretch on the way from the one asked about, and the present one.
    stretches: Vec<(u64, u64)>,
    /// Extensions that may still be looked at.
    left: u32,
    work: u64,
}

impl<'a> Extension<'a> {
    pub(super) fn new(net: &'a Net, priced: Priced<'a>) -> Self {
        let n = net.kind.len();
        Self {
            net,
            priced,
            apart: Apart::new(net),
            gone: vec![false; net.graph.edge_count() as usize],
            straight: vec![false; n],
            degree: (0..n as u32).map(|v| net.graph.degree(v) as u32).collect(),
            tree: Vec::new(),
            stretches: Vec::new(),
            left: 0,
            work: 0,
        }
    }

    /// What is found at each vertex in turn, in the order it was found in, and the arcs looked at.
    pub(super) fn run(mut self, stop: &dyn Fn() -> bool) -> (Vec<Needless>, u64) {
        let mut found = Vec::new();
        for v in 0..self.net.kind.len() as u32 {
            if v.is_multiple_of(PAUSE) && stop() {
                break;
            }
            if self.net.is_sink(v) {
                continue;
            }
            let branches = BRANCHINGS.contains(&(self.degree[v as usize] as usize));
            if branches && self.net.kind[v as usize] == Kind::Plain && self.is_straight(v) {
                self.straight[v as usize] = true;
                found.push(Needless::Branching(v));
            }
            for slot in self.net.graph.slots(v) {
                let arc = self.net.graph.arcs()[slot];
                if arc.head < v
                    && !self.gone[arc.edge as usize]
                    && !self.net.is_sink(arc.head)
                    && self.is_needless(v, slot)
                {
                    self.gone[arc.edge as usize] = true;
                    self.degree[v as usize] -= 1;
                    self.degree[arc.head as usize] -= 1;
                    found.push(Needless::Edge(arc.edge));
                }
            }
        }
        (found, self.work + self.apart.work)
    }

    /// Whether no best tree holds the edge of a slot in a vertex's row.
    fn is_needless(&mut self, v: u32, slot: usize) -> bool {
        self.begin(v, EFFORT);
        self.add(0, slot);
        // It begins with the edge, whichever of its ends is the first.
        self.tree[1].far = 0;
        self.is_detour(1, NOWHERE) || self.is_dear() || self.is_stuck()
    }

    /// Whether no best tree holds three or more of a vertex's edges.
    fn is_straight(&mut self, v: u32) -> bool {
        let slots: Vec<usize> = self.ways_from(v).collect();
        (0u32..1 << slots.len()).rev().filter(|set| set.count_ones() >= 3).all(|set| {
            self.begin(v, EFFORT);
            self.add_all(0, &slots, set);
            (1..self.tree.len()).any(|at| self.is_detour(at, NOWHERE)) || self.is_dear() || self.is_stuck()
        })
    }

    /// The slots of the edges that are left in a vertex's row.
    fn ways_from(&self, v: u32) -> impl Iterator<Item = usize> + '_ {
        self.net.graph.slots(v).filter(|&slot| !self.gone[self.net.graph.arcs()[slot].edge as usize])
    }

    fn begin(&mut self, v: u32, effort: u32) {
        self.left = effort;
        self.tree.clear();
        self.tree.push(Node { vertex: v, up: 0, far: 0, cost: 0, residual: [0; 2], degree: 0 });
    }

    /// Adds the edge of a slot in the row of a node's vertex.
    fn add(&mut self, up: usize, slot: usize) {
        let arc = self.net.graph.arcs()[slot];
        let [into, out] = [slot, self.priced.twins[slot] as usize].map(|slot| self.priced.residual[slot]);
        self.tree[up].degree += 1;
        let far = self.tree[up].far + 1;
        self.tree.push(Node { vertex: arc.head, up, far, cost: arc.cost, residual: [out, into], degree: 1 });
    }

    /// Adds those of some slots that are in a set.
    fn add_all(&mut self, up: usize, slots: &[usize], set: u32) {
        for (i, &slot) in slots.iter().enumerate() {
            if set >> i & 1 == 1 {
                self.add(up, slot);
            }
        }
    }

    /// Takes off the edges that were added last.
    fn cut(&mut self, count: usize) {
        for node in self.tree.split_off(count) {
            self.tree[node.up].degree -= 1;
        }
    }

    /// Whether a special distance from a node is shorter than some stretch on the way there. Other edges may meet at the node
    /// `fork`, so a stretch ends there.
    fn is_detour(&mut self, from: usize, fork: usize) -> bool {
        let count = self.tree.len();
        self.stretches.clear();
        self.stretches.resize(count, (NEVER, 0));
        self.stretches[from] = (0, 0);
        let ends = |at: usize, degree: u32| degree >= 3 || at == fork;
        let mut at = from;
        while at != 0 {
            let Node { up, cost, degree, .. } = self.tree[at];
            let (longest, open) = self.stretches[at];
            let open = if at != from && ends(at, degree) { 0 } else { open } + cost;
            self.stretches[up] = (longest.max(open), open);
            at = up;
        }
        for at in 1..count {
            let Node { up, cost, .. } = self.tree[at];
            if self.stretches[at].0 == NEVER {
                let (longest, open) = self.stretches[up];
                let open = if ends(up, self.tree[up].degree) { 0 } else { open } + cost;
                self.stretches[at] = (longest.max(open), open);
            }
        }
        self.work += count as u64;
        (0..count).any(|to| {
            let longest = self.stretches[to].0;
            to != from && self.apart.below(self.tree[from].vertex, self.tree[to].vertex, longest) < longest
        })
    }

    /// Whether the ends can be joined by special distances for less than the tree costs.
    fn is_undercut(&mut self) -> bool {
        let mut out: Vec<(u64, u32)> =
            self.tree.iter().filter(|node| node.degree == 1).map(|node| (u64::MAX, node.vertex)).collect();
        let mut left: u64 = self.tree.iter().map(|node| node.cost).sum();
        let Some((_, mut last)) = out.pop().filter(|_| out.len() > 1) else { return false };
        while !out.is_empty() {
            for (reach, v) in &mut out {
                *reach = (*reach).min(self.apart.below(last, *v, left));
            }
            let Some(at) = (0..out.len()).min_by_key(|&at| out[at].0).filter(|&at| out[at].0 < left) else {
                return false;
            };
            left -= out[at].0;
            last = out.swap_remove(at).1;
        }
        true
    }

    /// Whether a tree that holds this one pays as much of the residual costs as it may: it comes in at one end, and goes on to a
    /// terminal at each of the others.
    fn is_dear(&self) -> bool {
        let slack = self.priced.slack;
        if slack > u64::MAX / 64 {
            // Sums might not fit.
            return false;
        }
        let on = |node: &Node| if node.degree == 1 { self.priced.to[node.vertex as usize].min(slack) } else { 0 };
        // What it pays if it comes in at the first node, which need not be an end; then at each of the others instead.
        let first: u64 = self.tree.iter().map(|node| node.residual[0].min(slack) + on(node)).sum();
        let mut paid = [0u64; VERTICES + WIDTH];
        self.tree.iter().enumerate().all(|(i, node)| {
            let [towards, away] = node.residual.map(|cost| cost.min(slack));
            paid[i] = if i == 0 { first } else { paid[node.up] - towards + away };
            node.degree != 1 || paid[i] - on(node) + self.priced.from[node.vertex as usize].min(slack) >= slack
        })
    }

    /// Whether at some end every extension is out.
    fn is_stuck(&mut self) -> bool {
        if self.tree.len() > VERTICES {
            return false;
        }
        let mut ends: Vec<_> = self.tree.iter().enumerate().filter_map(|(i, node)| self.rank(i, node)).collect();
        ends.sort_unstable();
        ends.truncate(if self.tree.len() <= 3 { 2 } else { 1 });
        ends.into_iter().any(|(.., end)| self.is_dead_end(end))
    }

    /// Which end to extend first: where there are few ways, then the farthest, then that of the dearest edge. None where the tree
    /// may end, or has too many ways.
    fn rank(&self, i: usize, node: &Node) -> Option<Rank> {
        let v = node.vertex as usize;
        let open = node.degree == 1 && self.net.kind[v] == Kind::Plain;
        let few = self.degree[v] as usize <= WIDTH + 1 || self.straight[v];
        (open && few).then_some((self.degree[v], Reverse((node.far, node.cost)), i))
    }

    fn is_dead_end(&mut self, end: usize) -> bool {
        let v = self.tree[end].vertex;
        let count = self.tree.len();
        let mut slots: Vec<usize> = self.ways_from(v).collect();
        slots.retain(|&slot| {
            // A tree holds no circle.
            let head = self.net.graph.arcs()[slot].head;
            let open = self.tree.iter().all(|node| node.vertex != head);
            open && {
                self.add(end, slot);
                let out = self.is_detour(count, end);
                self.cut(count);
                !out
            }
        });
        if self.straight[v as usize] {
            return (0..slots.len()).all(|i| self.is_out(end, &slots, 1 << i));
        }
        if slots.len() > WIDTH {
            return false;
        }
        // One edge is out less often than several.
        let mut sets: Vec<u32> = (1..1 << slots.len()).collect();
        sets.sort_unstable_by_key(|set| (set.count_ones(), *set));
        sets.into_iter().all(|set| self.is_out(end, &slots, set))
    }

    /// Whether no best tree goes on by a set of edges at an end.
    fn is_out(&mut self, end: usize, slots: &[usize], set: u32) -> bool {
        let Some(left) = self.left.checked_sub(1) else { return false };
        self.left = left;
        let count = self.tree.len();
        self.add_all(end, slots, set);
        // Of the first of several it is known where they meet.
        let first = if set.count_ones() == 1 { count } else { count + 1 };
        let out = self.is_dear()
            || (first..self.tree.len()).any(|at| self.is_detour(at, NOWHERE))
            || self.is_undercut()
            || self.is_stuck();
        self.cut(count);
        out
    }
}
