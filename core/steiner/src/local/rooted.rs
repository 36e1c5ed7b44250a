//! A rooted tree that changes: parent edges, what grafting and pruning it take, and how to take it all back.

use crate::NONE;
use crate::net::{Kind, Net};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A tree under change. While a move is tried it may be in parts; only the root's own has the root on top.
#[derive(Debug)]
pub(super) struct Rooted {
    pub(super) net: Arc<Net>,
    /// Edge to the parent; none outside the tree and on top.
    up: Vec<u32>,
    inside: Vec<bool>,
    children: Vec<u32>,
    /// What was before each change since the last that was kept: vertex, edge to its parent, inside.
    log: Vec<(u32, u32, bool)>,
    /// What the tree costs.
    pub(super) cost: u64,
}

impl Rooted {
    /// Roots the tree `edges`.
    pub(super) fn new(net: Arc<Net>, edges: &[u32]) -> Self {
        let n = net.kind.len();
        let mut tree = Self {
            net: Arc::clone(&net),
            up: vec![NONE; n],
            inside: vec![false; n],
            children: vec![0; n],
            log: Vec::new(),
            cost: 0,
        };
        let mut member = vec![false; net.graph.edge_count() as usize];
        for &e in edges {
            member[e as usize] = true;
        }
        let mut stack = vec![net.root];
        tree.inside[net.root as usize] = true;
        while let Some(v) = stack.pop() {
            for arc in net.graph.neighbours(v) {
                if member[arc.edge as usize] && !tree.inside[arc.head as usize] {
                    tree.inside[arc.head as usize] = true;
                    tree.set_up(arc.head, arc.edge);
                    stack.push(arc.head);
                }
            }
        }
        tree.keep();
        tree
    }

    /// The tree's edges, ascending.
    pub(super) fn edges(&self) -> Vec<u32> {
        let mut edges: Vec<u32> = self.up.iter().copied().filter(|&e| e != NONE).collect();
        edges.sort_unstable();
        edges
    }

    pub(super) fn holds(&self, v: u32) -> bool {
        self.inside[v as usize]
    }

    /// The edge to the vertex above, if there is one.
    pub(super) fn up(&self, v: u32) -> Option<u32> {
        Some(self.up[v as usize]).filter(|&e| e != NONE)
    }

    /// The vertex above a tree vertex; what is on top is above itself.
    pub(super) fn parent(&self, v: u32) -> u32 {
        self.up(v).map_or(v, |e| self.other(e, v))
    }

    pub(super) fn other(&self, e: u32, v: u32) -> u32 {
        let (a, b, _) = self.net.graph.edge(e);
        a ^ b ^ v
    }

    /// The end of a tree edge that hangs from it.
    pub(super) fn lower_end(&self, e: u32) -> u32 {
        let (a, b, _) = self.net.graph.edge(e);
        if self.up[a as usize] == e { a } else { b }
    }

    /// Whether a tree vertex ends key paths.
    pub(super) fn crucial(&self, v: u32) -> bool {
        self.inside[v as usize] && (self.net.kind[v as usize] != Kind::Plain || self.children[v as usize] != 1)
    }

    /// The edges to the vertices below, and those.
    pub(super) fn below(&self, v: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let under = self.net.graph.neighbours(v).filter(move |arc| self.up[arc.head as usize] == arc.edge);
        under.map(|arc| (arc.edge, arc.head))
    }

    /// A vertex and what is below it, breadth first, until there are `most` or some more; and the arcs looked at. No other sinks: a
    /// path may not go on from a sink, so only one that is cut off by itself is connected at.
    pub(super) fn part(&self, top: u32, most: usize) -> (Vec<u32>, u64) {
        let (mut part, mut work, mut at) = (vec![top], 0, 0);
        while at < part.len() && part.len() < most {
            let x = part[at];
            at += 1;
            work += self.net.graph.degree(x) as u64;
            part.extend(self.below(x).map(|(_, child)| child).filter(|&child| !self.net.is_sink(child)));
        }
        (part, work)
    }

    /// Whether a vertex hangs from nothing, with nothing below, and is wanted by nobody.
    pub(super) fn is_bare(&self, v: u32) -> bool {
        self.up[v as usize] == NONE && self.is_loose(v)
    }

    fn is_loose(&self, v: u32) -> bool {
        self.inside[v as usize] && self.children[v as usize] == 0 && self.net.kind[v as usize] == Kind::Plain
    }

    /// Cuts a vertex off from the one above.
    pub(super) fn cut(&mut self, v: u32) {
        self.set_up(v, NONE);
    }

    /// Hangs a vertex from the other end of an edge, or from nothing.
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

    /// Takes a vertex in, or leaves it out.
    pub(super) fn set_inside(&mut self, v: u32, inside: bool) {
        self.log.push((v, self.up[v as usize], self.inside[v as usize]));
        self.inside[v as usize] = inside;
    }

    /// What has been done so far stays.
    pub(super) fn keep(&mut self) {
        self.log.clear();
    }

    /// Where [`Rooted::take_back`] may go back to, until something is kept.
    pub(super) fn mark(&self) -> usize {
        self.log.len()
    }

    /// Takes back what has been done since a mark.
    pub(super) fn take_back(&mut self, mark: usize) {
        while self.log.len() > mark
            && let Some((v, up, inside)) = self.log.pop()
        {
            let left = self.log.len();
            self.set_up(v, up);
            self.inside[v as usize] = inside;
            self.log.truncate(left);
        }
    }

    /// Hangs the components into the tree along new edges, from the root's outwards.
    pub(super) fn attach(&mut self, edges: &[u32]) {
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

    /// The top of the part that a vertex is in.
    fn top(&self, mut x: u32) -> u32 {
        while let Some(e) = self.up(x) {
            x = self.other(e, x);
        }
        x
    }

    /// Turns the parent edges between `x` and the top of its component around.
    fn reroot(&mut self, x: u32) {
        let mut path = Vec::new();
        let mut at = x;
        while let Some(e) = self.up(at) {
            path.push((at, e));
            at = self.other(e, at);
        }
        for &(v, e) in path.iter().rev() {
            let parent = self.other(e, v);
            self.cut(v);
            self.set_up(parent, e);
        }
    }

    /// Takes away a leaf that is no terminal, and what hangs on it alone.
    pub(super) fn trim(&mut self, mut x: u32) {
        while self.is_loose(x) {
            self.set_inside(x, false);
            let Some(e) = self.up(x) else { return };
            self.cut(x);
            x = self.other(e, x);
        }
    }
}
