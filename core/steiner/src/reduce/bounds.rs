//! Tests by a bound: what no tree cheaper than the best one known can hold (Duin 1993; Polzin & Vahdati Daneshmand 2001).
//!
//! A dual of value L leaves residual costs. A tree that holds an arc pays L, and the residual costs of a way from the
//! root to the arc, of the arc, and of a way on to a terminal. Where that reaches the best cost, the arc can go; where a
//! branching would cost that much, the vertex is passed straight through or not at all.

use super::Reducer;
use super::extend::{Extension, Needless};
use super::nearest::nearest;
use crate::ascent::Ascent;
use crate::net::{Kind, Net};
use breiband_certificate::Step;
use breiband_graph::MinHeap;

/// Degree up to which a vertex that does not branch is replaced by edges between its neighbours.
const DEGREE: usize = 4;

/// What no tree cheaper than a given cost needs.
#[derive(Debug, Default)]
pub(crate) struct Spared {
    edges: Vec<u32>,
    /// Vertices at which no such tree branches.
    straight: Vec<u32>,
}

impl Spared {
    /// What trees of `net` that cost less than `upper` can do without, by an ascent on it.
    pub(crate) fn by(net: &Net, twins: &[u32], ascent: &Ascent, upper: u64) -> Self {
        // Where the bound is reached there is no such tree, and nothing to look for.
        let slack = upper.saturating_sub(ascent.bound);
        if slack == 0 {
            return Self::default();
        }
        let (from, [one, two]) = (from_root(net, twins, ascent, slack), to_terminals(net, ascent, slack));
        let arcs = net.graph.arcs();
        let sum = |parts: [u64; 3]| parts.into_iter().fold(0u64, u64::saturating_add);
        let mut spared = Self::default();
        let mut needed = vec![false; net.graph.edge_count() as usize];
        for v in 0..net.kind.len() as u32 {
            for slot in net.graph.slots(v) {
                let tail = arcs[slot].head;
                let through = sum([from[tail as usize], ascent.residual[slot], one[v as usize]]);
                if !net.is_sink(tail) && through < slack {
                    needed[arcs[slot].edge as usize] = true;
                }
            }
            let branching = sum([from[v as usize], one[v as usize], two[v as usize]]);
            if net.kind[v as usize] == Kind::Plain && branching >= slack {
                spared.straight.push(v);
            }
        }
        spared.edges.extend((0..net.graph.edge_count()).filter(|&e| !needed[e as usize]));
        spared
    }

    /// By edge, whether it is needed.
    pub(crate) fn needed(&self, edges: u32) -> Vec<bool> {
        let mut needed = vec![true; edges as usize];
        for &e in &self.edges {
            needed[e as usize] = false;
        }
        needed
    }
}

/// What a dual leaves of the costs, and what trees below a limit may pay of that.
pub(super) struct Priced<'a> {
    pub(super) twins: &'a [u32],
    /// By slot.
    pub(super) residual: &'a [u64],
    /// From the root to each vertex; what reaches `slack` may be more.
    pub(super) from: &'a [u64],
    /// From each vertex to a terminal.
    pub(super) to: &'a [u64],
    pub(super) slack: u64,
}

/// What trees of `net` that cost less than `upper` can do without since none can go on from it, in the order in which that must be
/// seen; and the arcs looked at.
pub(crate) fn needless(
    net: &Net,
    twins: &[u32],
    ascent: &Ascent,
    upper: u64,
    stop: &dyn Fn() -> bool,
) -> (Vec<Needless>, u64) {
    let slack = upper.saturating_sub(ascent.bound);
    if slack == 0 {
        return Default::default();
    }
    let (from, [to, _]) = (from_root(net, twins, ascent, slack), to_terminals(net, ascent, slack));
    Extension::new(net, Priced { twins, residual: &ascent.residual, from: &from, to: &to, slack }).run(stop)
}

/// What several ascents spare: of each that spares what none before it does.
#[derive(Debug)]
pub(crate) struct Spares {
    pub(crate) list: Vec<Spared>,
    /// Edges and vertices that are spared already.
    edges: Vec<bool>,
    straight: Vec<bool>,
}

impl Spares {
    pub(crate) fn of(net: &Net) -> Self {
        let (edges, straight) = (net.graph.edge_count() as usize, net.kind.len());
        Self { list: Vec::new(), edges: vec![false; edges], straight: vec![false; straight] }
    }

    /// Adds what one more spares if it is news, or in any case; whether it was added.
    pub(crate) fn add(&mut self, spared: Spared, always: bool) -> bool {
        let edges = fresh(&mut self.edges, spared.edges.iter().copied());
        let straight = fresh(&mut self.straight, spared.straight.iter().copied());
        let added = edges + straight > 0 || always;
        if added {
            self.list.push(spared);
        }
        added
    }
}

/// How many of these are seen for the first time.
fn fresh(seen: &mut [bool], all: impl Iterator<Item = u32>) -> usize {
    all.filter(|&at| !std::mem::replace(&mut seen[at as usize], true)).count()
}

impl Reducer {
    /// Which of these a proof must hold the potentials of: those that spare an edge that none before does and that is not
    /// `needless`, or a vertex that may be replaced.
    pub(crate) fn needed(&self, spared: &[Spared], needless: &[Needless], edge: &[u32], vertex: &[u32]) -> Vec<bool> {
        let (mut gone, mut replaced) = (vec![false; edge.len()], vec![false; vertex.len()]);
        for needless in needless {
            match *needless {
                Needless::Edge(e) => gone[e as usize] = true,
                Needless::Branching(v) => replaced[v as usize] = true,
            }
        }
        let needed = |spared: &Spared| {
            let straight = spared.straight.iter().copied().filter(|&v| self.rows.degree(vertex[v as usize]) >= 3);
            fresh(&mut gone, spared.edges.iter().copied()) + fresh(&mut replaced, straight) > 0
        };
        spared.iter().map(needed).collect()
    }

    /// Takes away what is needless and what is spared, named as in the frozen graph; how many edges and vertices.
    ///
    /// Edges go before any vertex is replaced, whatever the reason: what replaces a vertex takes over the numbers of edges.
    pub(crate) fn take_away(
        &mut self,
        spared: &[Spared],
        needless: &[Needless],
        edge: &[u32],
        vertex: &[u32],
    ) -> usize {
        let mut gone = 0;
        let mut straight = Vec::new();
        for &needless in needless {
            match needless {
                Needless::Edge(e) => {
                    self.drop_as(edge[e as usize], Step::Stuck);
                    gone += 1;
                }
                Needless::Branching(v) => {
                    self.note(|record| record.needless_branching(vertex[v as usize]));
                    straight.push(v);
                }
            }
        }
        for &e in spared.iter().flat_map(|spared| &spared.edges) {
            if self.rows.is_linked(edge[e as usize]) {
                self.drop_as(edge[e as usize], Step::Dear);
                gone += 1;
            }
        }
        for &v in spared.iter().flat_map(|spared| &spared.straight).chain(&straight) {
            let v = vertex[v as usize];
            let around: Vec<(u32, u32)> = self.rows.row(v).collect();
            if (3..=DEGREE).contains(&around.len()) && around.iter().all(|&(_, u)| !self.is_sink(u)) {
                self.replace(v, &around, &vec![vec![u64::MAX; around.len()]; around.len()], true);
                gone += 1;
            }
        }
        gone
    }
}

/// Residual distances from the root, below `limit`.
fn from_root(net: &Net, twins: &[u32], ascent: &Ascent, limit: u64) -> Vec<u64> {
    let mut distance = vec![u64::MAX; net.kind.len()];
    let mut heap = MinHeap::new(net.graph.vertex_count(), limit.saturating_add(net.graph.max_distance()));
    distance[net.root as usize] = 0;
    heap.push(0, net.root);
    while let Some((reach, v)) = heap.pop() {
        if reach > distance[v as usize] || net.is_sink(v) {
            continue;
        }
        for slot in net.graph.slots(v) {
            let head = net.graph.arcs()[slot].head as usize;
            let reach = reach + ascent.residual[twins[slot] as usize];
            if reach < limit && reach < distance[head] {
                distance[head] = reach;
                heap.push(reach, head as u32);
            }
        }
    }
    distance
}

/// Residual distances to the nearest and the second nearest terminal, below `limit`.
fn to_terminals(net: &Net, ascent: &Ascent, limit: u64) -> [Vec<u64>; 2] {
    let (rows, _) = nearest::<2>(net, &net.terminals, |slot| ascent.residual[slot], limit);
    [0, 1].map(|k| rows.iter().map(|row| row[k].0).collect())
}
