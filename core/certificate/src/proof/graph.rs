//! The graph a proof changes: parallel edges allowed, every edge and vertex under its number.

use super::replay::Refusal;
use breiband_graph::{Csr, blocks};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// May be used.
    Plain,
    /// Must be connected and may be passed through (the root is one).
    Terminal,
    /// Must be connected and is the end of its path.
    Sink,
}

#[derive(Debug, Clone)]
pub(super) struct Graph {
    edges: Vec<(u32, u32, u64)>,
    alive: Vec<bool>,
    /// The edges at each vertex, with some that are gone.
    rows: Vec<Vec<u32>>,
    degree: Vec<u32>,
    pub(super) kind: Vec<Kind>,
    pub(super) root: u32,
    /// Terminals and sinks that are left, the root not counted.
    pub(super) terminals: usize,
    /// Cost of the edges that were taken.
    pub(super) fixed: u64,
    /// Cost of the edges there are.
    volume: u64,
    /// Whether there were sinks to begin with.
    sinks: bool,
}

/// What the root reaches: vertices and edges, ascending.
#[derive(Debug)]
pub(super) struct Reached {
    pub(super) vertices: Vec<u32>,
    pub(super) edges: Vec<u32>,
}

impl Graph {
    /// A graph without edges.
    pub(super) fn new(kind: Vec<Kind>, root: u32) -> Self {
        let n = kind.len();
        let sinks = kind.contains(&Kind::Sink);
        let terminals = (0..n as u32).filter(|&v| v != root && kind[v as usize] != Kind::Plain).count();
        Self {
            edges: Vec::new(),
            alive: Vec::new(),
            rows: vec![Vec::new(); n],
            degree: vec![0; n],
            kind,
            root,
            terminals,
            fixed: 0,
            volume: 0,
            sinks,
        }
    }

    /// Numbers an edge that is not there.
    pub(super) fn skip(&mut self) {
        self.edges.push((0, 0, 0));
        self.alive.push(false);
    }

    /// One more edge, with the next number.
    pub(super) fn add(&mut self, u: u32, v: u32, cost: u64) -> Result<(), Refusal> {
        let e = u32::try_from(self.edges.len()).map_err(|_| Refusal::TooLarge)?;
        self.volume = self.volume.checked_add(cost).ok_or(Refusal::TooLarge)?;
        self.edges.push((u, v, cost));
        self.alive.push(true);
        for x in [u, v] {
            self.rows[x as usize].push(e);
            self.degree[x as usize] += 1;
        }
        Ok(())
    }

    pub(super) fn edge_count(&self) -> usize {
        self.edges.len()
    }

    /// The ends and the cost of an edge that is there.
    pub(super) fn edge(&self, e: u32) -> Result<(u32, u32, u64), Refusal> {
        if self.alive.get(e as usize) == Some(&true) { Ok(self.edges[e as usize]) } else { Err(Refusal::Edge(e)) }
    }

    pub(super) fn cost(&self, e: u32) -> u64 {
        self.edges[e as usize].2
    }

    pub(super) fn is_sink(&self, v: u32) -> bool {
        self.kind[v as usize] == Kind::Sink
    }

    /// Whether there are sinks at all.
    pub(super) fn has_sinks(&self) -> bool {
        self.sinks
    }

    pub(super) fn is_terminal(&self, v: u32) -> bool {
        self.kind[v as usize] == Kind::Terminal
    }

    pub(super) fn degree(&self, v: u32) -> u32 {
        self.degree[v as usize]
    }

    /// A vertex that need not be connected.
    pub(super) fn plain(&self, v: u32) -> Result<(), Refusal> {
        match self.kind.get(v as usize) {
            Some(Kind::Plain) => Ok(()),
            Some(_) => Err(Refusal::NotPlain(v)),
            None => Err(Refusal::Vertex(v)),
        }
    }

    /// The edges at a vertex with their other ends.
    pub(super) fn row(&self, v: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.rows[v as usize].iter().filter(|&&e| self.alive[e as usize]).map(move |&e| {
            let (a, b, _) = self.edges[e as usize];
            (e, a ^ b ^ v)
        })
    }

    /// Takes an edge away, if it is there.
    pub(super) fn remove(&mut self, e: u32) {
        if !std::mem::replace(&mut self.alive[e as usize], false) {
            return;
        }
        let (u, v, cost) = self.edges[e as usize];
        self.volume -= cost;
        for x in [u as usize, v as usize] {
            self.degree[x] -= 1;
            // A row is swept when most of it is gone, so that hubs are not swept with every edge.
            if self.rows[x].len() > 2 * self.degree[x] as usize + 8 {
                let alive = &self.alive;
                self.rows[x].retain(|&e| alive[e as usize]);
            }
        }
    }

    /// Takes all of a vertex's edges away.
    pub(super) fn strip(&mut self, v: u32) {
        for e in std::mem::take(&mut self.rows[v as usize]) {
            self.remove(e);
        }
    }

    /// Fixes a cost.
    pub(super) fn fix(&mut self, cost: u64) -> Result<(), Refusal> {
        self.fixed = self.fixed.checked_add(cost).ok_or(Refusal::TooLarge)?;
        Ok(())
    }

    /// Changes what an edge costs that is there.
    pub(super) fn set_cost(&mut self, e: u32, cost: u64) -> Result<(), Refusal> {
        let old = std::mem::replace(&mut self.edges[e as usize].2, cost);
        self.volume = (self.volume - old).checked_add(cost).ok_or(Refusal::TooLarge)?;
        Ok(())
    }

    /// Fixes an edge between two vertices, no sinks, and makes them one, which is a terminal.
    pub(super) fn contract(&mut self, e: u32, keep: u32, gone: u32) -> Result<(), Refusal> {
        self.fix(self.cost(e))?;
        let count = usize::from(self.is_terminal(keep)) + usize::from(self.is_terminal(gone));
        self.terminals = (self.terminals + 1).checked_sub(count).ok_or(Refusal::TooLarge)?;
        self.kind[keep as usize] = Kind::Terminal;
        self.kind[gone as usize] = Kind::Plain;
        if self.root == gone {
            self.root = keep;
        }
        self.merge(keep, gone);
        Ok(())
    }

    /// Makes one vertex of two, without the edges between them.
    pub(super) fn merge(&mut self, keep: u32, gone: u32) {
        for f in std::mem::take(&mut self.rows[gone as usize]) {
            if !self.alive[f as usize] {
                continue;
            }
            let (a, b, cost) = self.edges[f as usize];
            let other = a ^ b ^ gone;
            if other == keep {
                self.remove(f);
                continue;
            }
            self.edges[f as usize] = (keep, other, cost);
            self.rows[keep as usize].push(f);
            self.degree[keep as usize] += 1;
        }
        self.degree[gone as usize] = 0;
    }

    /// Fixes a sink's edge: the sink is done, its foot must be connected.
    pub(super) fn settle(&mut self, e: u32, sink: u32, foot: u32) -> Result<(), Refusal> {
        self.fix(self.cost(e))?;
        self.strip(sink);
        self.kind[sink as usize] = Kind::Plain;
        self.terminals -= usize::from(self.is_terminal(foot));
        self.kind[foot as usize] = Kind::Terminal;
        Ok(())
    }

    /// Leaves a sink out of account.
    pub(super) fn dismiss(&mut self, sink: u32) {
        self.strip(sink);
        self.kind[sink as usize] = Kind::Plain;
        self.terminals -= 1;
    }

    /// What the root reaches through no sink; none if some terminal is not among it.
    pub(super) fn reached(&self) -> Option<Reached> {
        let mut inside = vec![false; self.kind.len()];
        inside[self.root as usize] = true;
        let mut stack = vec![self.root];
        while let Some(v) = stack.pop() {
            if self.is_sink(v) {
                continue;
            }
            for (_, u) in self.row(v) {
                if !std::mem::replace(&mut inside[u as usize], true) {
                    stack.push(u);
                }
            }
        }
        if inside.iter().zip(&self.kind).any(|(&inside, &kind)| !inside && kind != Kind::Plain) {
            return None;
        }
        let vertices = (0..self.kind.len() as u32).filter(|&v| inside[v as usize]).collect();
        let edges = (0..self.edges.len() as u32).filter(|&e| {
            let (u, v, _) = self.edges[e as usize];
            self.alive[e as usize] && inside[u as usize] && inside[v as usize]
        });
        Some(Reached { vertices, edges: edges.collect() })
    }

    /// A graph of some vertices and edges, numbered anew in their order, with nothing fixed.
    fn part(&self, reached: &Reached, root: u32, kind: impl Fn(u32) -> Kind) -> Result<Self, Refusal> {
        let name = |v: u32| reached.vertices.binary_search(&v).map(|i| i as u32).map_err(|_| Refusal::Vertex(v));
        let mut part = Self::new(reached.vertices.iter().map(|&v| kind(v)).collect(), name(root)?);
        for &e in &reached.edges {
            let (u, v, cost) = self.edges[e as usize];
            part.add(name(u)?, name(v)?, cost)?;
        }
        Ok(part)
    }

    /// What is left, numbered anew; nothing is fixed in it.
    pub(super) fn anew(&self, reached: &Reached) -> Result<Self, Refusal> {
        self.part(reached, self.root, |v| self.kind[v as usize])
    }

    /// The blocks that a solution must pass, and by edge, which of them it lies in.
    pub(super) fn split(&self, reached: &Reached) -> Result<(Vec<Self>, Vec<Option<usize>>), Refusal> {
        let ends: Vec<_> = reached.edges.iter().map(|&e| self.edges[e as usize]).collect();
        let csr = Csr::new(self.kind.len() as u32, &ends).map_err(|_| Refusal::TooLarge)?;
        let found = blocks(&csr, self.root);
        let mut members = vec![Vec::new(); found.tops().len()];
        for (i, &e) in reached.edges.iter().enumerate() {
            if let Some(block) = found.of_edge(i as u32) {
                members[block as usize].push(e);
            }
        }
        let mut kind = self.kind.clone();
        let (mut parts, mut part_of) = (Vec::new(), vec![None; self.edges.len()]);
        // What hangs below a block comes before it: whether it is needed is known by then.
        for (edges, &top) in members.into_iter().zip(found.tops()) {
            let mut vertices: Vec<u32> =
                edges.iter().map(|&e| self.edges[e as usize]).flat_map(|(u, v, _)| [u, v]).collect();
            vertices.sort_unstable();
            vertices.dedup();
            if vertices.iter().all(|&v| v == top || kind[v as usize] == Kind::Plain) {
                continue;
            }
            kind[top as usize] = Kind::Terminal;
            for &e in &edges {
                part_of[e as usize] = Some(parts.len());
            }
            parts.push(self.part(&Reached { vertices, edges }, top, |v| kind[v as usize])?);
        }
        Ok((parts, part_of))
    }
}
