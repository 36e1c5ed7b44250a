//! The form everything works on: every terminal required and reachable, sinks are terminals, prizes are arcs.
//!
//! A prize becomes an arc from the root to the terminal that costs the prize (paid when it is left out). Where the
//! terminal may be passed through, a new sink behind it takes that arc, with a free edge from the terminal.

use crate::Instance;
use breiband_graph::Csr;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// May be used.
    Plain,
    /// Must be connected and may be passed through (the root is one).
    Terminal,
    /// Must be connected and is the end of its path.
    Sink,
}

/// A graph with its root and terminals.
#[derive(Debug, Clone)]
pub(crate) struct Net {
    pub(crate) graph: Csr,
    pub(crate) root: u32,
    pub(crate) kind: Vec<Kind>,
    /// Terminals and sinks but the root, ascending.
    pub(crate) terminals: Vec<u32>,
}

impl Net {
    pub(crate) fn new(graph: Csr, root: u32, kind: Vec<Kind>) -> Self {
        let terminals = (0..graph.vertex_count()).filter(|&v| v != root && kind[v as usize] != Kind::Plain).collect();
        Self { graph, root, kind, terminals }
    }

    pub(crate) fn is_sink(&self, v: u32) -> bool {
        self.kind[v as usize] == Kind::Sink
    }

    pub(crate) fn cost(&self, edges: &[u32]) -> u64 {
        edges.iter().map(|&e| self.graph.edge(e).2).sum()
    }
}

/// An instance as a [`Net`], and the way back.
#[derive(Debug, Clone)]
pub(crate) struct Lifted {
    pub(crate) net: Net,
    /// The instance's edge of each of the net's edges; from `edge_count` on, the prize arcs and free edges.
    pub(crate) origin: Vec<u32>,
    pub(crate) added: Added,
    /// Terminals that nothing connects to the root, ascending.
    pub(crate) unreachable: Vec<u32>,
    /// Whether each vertex can be reached from the root.
    pub(crate) reached: Vec<bool>,
}

/// The vertices that lifting adds behind the instance's.
#[derive(Debug, Clone)]
pub(crate) struct Added {
    /// The instance's number of vertices.
    pub(crate) vertices: u32,
    /// The instance's terminal of each that was added.
    stands_for: Vec<u32>,
}

impl Added {
    /// The instance's terminal that a terminal of the lifted net stands for.
    pub(crate) fn terminal(&self, t: u32) -> u32 {
        if t < self.vertices { t } else { self.stands_for[(t - self.vertices) as usize] }
    }
}

impl Lifted {
    pub(crate) fn new(instance: &Instance) -> Result<Self, breiband_graph::GraphError> {
        let n = instance.vertices();
        let root = instance.root();
        let mut blocked = vec![false; n as usize];
        for &sink in instance.sinks() {
            blocked[sink as usize] = true;
        }
        let reached = reach(instance, &blocked)?;
        let mut kind = vec![Kind::Plain; n as usize];
        let mut unreachable = Vec::new();
        let mut stands_for = Vec::new();
        let mut extra = Vec::new();
        for t in instance.terminals() {
            let v = t.vertex as usize;
            if t.vertex == root {
                continue;
            }
            if !reached[v] {
                unreachable.push(t.vertex);
                continue;
            }
            let end = match (blocked[v], t.prize) {
                (true, prize) => {
                    kind[v] = Kind::Sink;
                    prize.map(|_| t.vertex)
                }
                (false, None) => {
                    kind[v] = Kind::Terminal;
                    None
                }
                (false, Some(_)) => {
                    let end = n + stands_for.len() as u32;
                    stands_for.push(t.vertex);
                    extra.push((t.vertex, end, 0));
                    Some(end)
                }
            };
            if let (Some(end), Some(prize)) = (end, t.prize) {
                extra.push((root, end, prize));
            }
        }
        kind[root as usize] = Kind::Terminal;
        kind.resize(n as usize + stands_for.len(), Kind::Sink);
        // Edges at sinks that are no (reachable) terminal, or between two sinks, can never be used in any direction.
        let dead = |v: u32| blocked[v as usize] && kind[v as usize] != Kind::Sink;
        let m = instance.edges().len() as u32;
        let (mut edges, mut origin) = (Vec::with_capacity(m as usize), Vec::with_capacity(m as usize));
        for (e, &(u, v, cost)) in instance.edges().iter().enumerate() {
            if !(dead(u) || dead(v) || blocked[u as usize] && blocked[v as usize]) {
                edges.push((u, v, cost));
                origin.push(e as u32);
            }
        }
        origin.extend((m..).take(extra.len()));
        edges.extend(extra);
        let vertices = kind.len() as u32;
        let net = Net::new(Csr::from_edges(vertices, edges)?, root, kind);
        let mut reached = reached;
        reached.resize(vertices as usize, true);
        Ok(Self { net, origin, added: Added { vertices: n, stands_for }, unreachable, reached })
    }
}

/// Which vertices a path from the root can end at.
fn reach(instance: &Instance, blocked: &[bool]) -> Result<Vec<bool>, breiband_graph::GraphError> {
    let graph = instance.graph()?;
    let mut reached = vec![false; blocked.len()];
    reached[instance.root() as usize] = true;
    let mut stack = vec![instance.root()];
    while let Some(v) = stack.pop() {
        for arc in graph.neighbours(v) {
            let head = arc.head as usize;
            if !reached[head] {
                reached[head] = true;
                if !blocked[head] {
                    stack.push(arc.head);
                }
            }
        }
    }
    Ok(reached)
}
