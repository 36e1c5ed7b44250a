//! Line exchange: a stretch of the tree goes with all drops on its way, another way joins what it joined, and each sink takes
//! the drop that is cheapest then.
//!
//! Where roads have two verges and premises drops to both, a line branches at every premises. A key path ends there, so
//! taking out some of them never moves a line across the road. Here what branches are only drops, the line goes as a whole.
//! The other way is a shortest one where an edge costs less by what its end would save premises.

use super::joins::{CLIMB, MARKED};
use super::rooted::Rooted;
use crate::NONE;
use crate::net::{Kind, Net};
use breiband_graph::MinHeap;

/// Vertices that the search for it settles.
const SETTLED: usize = 400;
/// What is saved makes an edge cheaper, down to one part in so many of its cost.
const LEAST: u64 = 16;

/// A stretch of the tree between two places where more than drops branch, or from its last drop.
pub(super) struct Line {
    /// Its edges and its drops.
    edges: Vec<u32>,
    /// The vertices that go with it.
    vertices: Vec<u32>,
    /// Sinks on its way.
    sinks: Vec<u32>,
    /// Where the other way begins: the vertex at its lower end, or the last sink.
    from: u32,
}

/// What the search knows about a vertex.
#[derive(Debug, Clone, Copy)]
struct Label {
    distance: u64,
    via: u32,
    /// By how much edges to it are cheaper.
    saves: u64,
    settled: bool,
}

const BLANK: Label = Label { distance: u64::MAX, via: NONE, saves: 0, settled: false };

/// The workspace of such exchanges.
#[derive(Debug)]
pub(super) struct Lines {
    label: Vec<Label>,
    touched: Vec<u32>,
    heap: MinHeap,
    /// Arcs looked at.
    pub(super) work: u64,
}

impl Line {
    /// The line above a vertex, if it ends there and has drops on its way.
    pub(super) fn above(tree: &Rooted, v: u32) -> Option<Self> {
        if !tree.holds(v) || tree.net.is_sink(v) || v == tree.net.root {
            return None;
        }
        let mut line = Self { edges: Vec::new(), vertices: Vec::new(), sinks: Vec::new(), from: v };
        if tree.net.kind[v as usize] == Kind::Plain {
            match tree.below(v).filter(|&(_, child)| !tree.net.is_sink(child)).count() {
                0 => {
                    line.take(tree, v);
                    line.from = line.sinks.pop()?;
                }
                1 => return None,
                _ => {}
            }
        }
        let mut at = v;
        while let Some(e) = tree.up(at) {
            line.edges.push(e);
            at = tree.other(e, at);
            let onwards = tree.below(at).filter(|&(_, child)| !tree.net.is_sink(child)).count();
            if at == tree.net.root || tree.net.kind[at as usize] != Kind::Plain || onwards > 1 {
                break;
            }
            line.take(tree, at);
        }
        (!line.sinks.is_empty()).then_some(line)
    }

    /// Takes in a vertex with its drops.
    fn take(&mut self, tree: &Rooted, v: u32) {
        self.vertices.push(v);
        for (e, child) in tree.below(v).filter(|&(_, child)| tree.net.is_sink(child)) {
            self.edges.push(e);
            self.sinks.push(child);
        }
    }
}

impl Lines {
    pub(super) fn new(net: &Net) -> Self {
        let n = if net.terminals.iter().any(|&t| net.is_sink(t)) { net.graph.vertex_count() } else { 0 };
        Self {
            label: vec![BLANK; n as usize],
            touched: Vec::new(),
            heap: MinHeap::new(n, net.graph.max_distance()),
            work: 0,
        }
    }

    /// Whether there is nothing to exchange: without sinks there are no lines.
    pub(super) fn are_none(&self) -> bool {
        self.label.is_empty()
    }

    /// The vertices that the last search met, and those of what was exchanged.
    pub(super) fn touched(&self) -> &[u32] {
        &self.touched
    }

    /// Forgets the last search.
    pub(super) fn clear(&mut self) {
        for v in self.touched.drain(..) {
            self.label[v as usize] = BLANK;
        }
    }

    fn at(&mut self, v: u32) -> &mut Label {
        let label = &mut self.label[v as usize];
        if label.distance == u64::MAX && label.saves == 0 {
            self.touched.push(v);
        }
        label
    }

    /// Exchanges a line, if that is cheaper. Whether it was.
    pub(super) fn exchange(&mut self, tree: &mut Rooted, line: &Line) -> bool {
        let old = tree.net.cost(&line.edges);
        let mark = tree.mark();
        for &e in &line.edges {
            tree.cut(tree.lower_end(e));
        }
        for &v in &line.vertices {
            tree.set_inside(v, false);
        }
        let Some(new) = self.other_way(tree, line, old) else {
            tree.take_back(mark);
            return false;
        };
        tree.attach(&new);
        for &e in &line.edges {
            let (a, b, _) = tree.net.graph.edge(e);
            self.touched.extend([a, b]);
            tree.trim(a);
            tree.trim(b);
        }
        true
    }

    /// Edges that do what a line did for less than `old`, once it is out of the tree.
    fn other_way(&mut self, tree: &Rooted, line: &Line, old: u64) -> Option<Vec<u32>> {
        let net = &tree.net;
        for &s in &line.sinks {
            self.work += net.graph.degree(s) as u64;
            // Whoever has no drop to what is left has one of its own, at worst the dearest.
            let held = net.graph.neighbours(s).filter(|arc| tree.holds(arc.head)).map(|arc| arc.cost).min();
            let most = held.or_else(|| net.graph.neighbours(s).map(|arc| arc.cost).max()).unwrap_or(0);
            for arc in net.graph.neighbours(s) {
                if !tree.holds(arc.head) && arc.cost < most {
                    let label = self.at(arc.head);
                    label.saves = label.saves.saturating_add(most - arc.cost);
                }
            }
        }
        let end = self.search(tree, line.from, old)?;
        let mut new = Vec::new();
        let mut at = end;
        while self.label[at as usize].via != NONE {
            let via = self.label[at as usize].via;
            new.push(via);
            at = tree.other(via, at);
        }
        let mut on: Vec<u32> = new.iter().flat_map(|&e| [net.graph.edge(e).0, net.graph.edge(e).1]).collect();
        on.sort_unstable();
        for &s in &line.sinks {
            let open = |v: u32| !net.is_sink(v) && (tree.holds(v) || on.binary_search(&v).is_ok());
            let drop = net.graph.neighbours(s).filter(|arc| open(arc.head)).min_by_key(|arc| (arc.cost, arc.edge))?;
            new.push(drop.edge);
        }
        (net.cost(&new) < old).then_some(new)
    }

    /// The nearest vertex of the root's part from the part at `from`, no further than `limit`.
    fn search(&mut self, tree: &Rooted, from: u32, limit: u64) -> Option<u32> {
        let net = &tree.net;
        self.heap.clear();
        // A sink has nothing below it.
        let (part, work) = if net.is_sink(from) { (vec![from], 0) } else { tree.part(from, MARKED) };
        self.work += work;
        for x in part {
            self.at(x).distance = 0;
            self.heap.push(0, x);
        }
        let mut settled = 0;
        while let Some((distance, x)) = self.heap.pop() {
            let label = self.label[x as usize];
            if distance > label.distance || label.settled {
                continue;
            }
            self.label[x as usize].settled = true;
            // What was reached by an edge is not where it began, however little that costs.
            if label.via != NONE && tree.holds(x) {
                if self.is_rooted(tree, x) {
                    return Some(x);
                }
                // Further down in the part that it began with.
                continue;
            }
            settled += 1;
            if settled > SETTLED {
                return None;
            }
            self.work += net.graph.degree(x) as u64;
            for arc in net.graph.neighbours(x) {
                if net.is_sink(arc.head) {
                    continue;
                }
                let label = self.label[arc.head as usize];
                let reach = distance + arc.cost.saturating_sub(label.saves).max(arc.cost / LEAST);
                if reach < label.distance && reach <= limit {
                    let label = self.at(arc.head);
                    (label.distance, label.via) = (reach, arc.edge);
                    self.heap.push(reach, arc.head);
                }
            }
        }
        None
    }

    /// Whether a tree vertex is in the root's part.
    fn is_rooted(&mut self, tree: &Rooted, v: u32) -> bool {
        let mut at = v;
        for _ in 0..CLIMB {
            let Some(e) = tree.up(at) else { return at == tree.net.root };
            self.work += 1;
            at = tree.other(e, at);
        }
        false
    }
}
