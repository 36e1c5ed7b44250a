//! Problems with prizes and no root, asked as problems with one, root after root.
//!
//! A tree that comes near a vertex is no better than the best tree that holds it: joined to it by a way whose cost the prizes on
//! that way make up for, it costs no more. So once the best tree that holds a vertex is known, or a bound for it, everything
//! that such ways reach can be left out, and what remains falls into parts. In none of them more can be saved on missing every
//! prize than, added up, each terminal's prize less what it takes to leave the terminal's surroundings. Where that is no more than
//! what a known tree saves, nothing is left to ask; mostly that is so after the first root, if it was chosen well.
//!
//! The potentials that bound the best tree with a root r bound trees without it too: one that holds a vertex v misses r's prize and,
//! seen from v, costs at least the bound less the sum of all potentials there. Where that is no less than a known tree
//! costs, v can be left out as well. On a map with small prizes this leaves four roots to ask where it would be ninety.
//!
//! The model with one added root instead, from which each terminal has a dear way in, holds all of this in one problem. Its
//! relaxation is weak, since a tree may enter in parts and everywhere: with 10,000 vertices on a path it took a minute and proved
//! nothing where this takes a hundredth of a second.

use crate::instance::{Instance, InstanceError, Terminal};
use crate::{Certificate, NONE};
use breiband_graph::{Csr, UnionFind, Voronoi};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Roots that are compared in a part, at most: those of the greatest prizes.
const ROOTS: usize = 8;

/// A graph, and prizes of some of its vertices.
#[derive(Debug, Clone)]
pub(super) struct Anywhere {
    graph: Csr,
    pub(super) terminals: Vec<Terminal>,
    /// By vertex; zero for none.
    prize: Vec<u64>,
    /// All prizes together: what missing everything costs.
    pub(super) all: u64,
}

/// Vertices among which the best tree may lie, connected.
#[derive(Debug)]
pub(super) struct Part {
    /// No tree that joins several terminals in it saves more than that on missing everything.
    most: u64,
    /// Ascending.
    vertices: Vec<u32>,
}

/// What is left to ask of, root after root.
#[derive(Debug)]
pub(super) struct Left<'a> {
    of: &'a Anywhere,
    /// In the order in which they came up; those that were asked of are empty.
    parts: Vec<Part>,
    /// By vertex: in which part it is.
    home: Vec<u32>,
}

impl Anywhere {
    pub(super) fn new(n: u32, edges: Vec<(u32, u32, u64)>, terminals: Vec<Terminal>) -> Result<Self, InstanceError> {
        let mut prize = vec![0u64; n as usize];
        let mut all = 0u64;
        for t in &terminals {
            let own = t.prize.unwrap_or(0);
            prize[t.vertex as usize] = own;
            all = all.checked_add(own).ok_or(InstanceError::TooCostly)?;
        }
        // With all prizes missed, as any of the problems with a root may have it, they must fit as an instance's costs do.
        let whole = Instance::new(n, edges, 0, terminals, Vec::new())?;
        let costs = whole.edges().iter().map(|edge| u128::from(edge.2)).sum::<u128>();
        if costs + 2 * u128::from(all) > 1 << 62 {
            return Err(InstanceError::TooCostly);
        }
        Ok(Self { graph: whole.graph()?, terminals: whole.terminals().to_vec(), prize, all })
    }

    /// The file's edges.
    pub(super) fn edges(&self) -> &[(u32, u32, u64)] {
        self.graph.edges()
    }

    pub(super) fn vertices(&self) -> u32 {
        self.prize.len() as u32
    }

    /// What a tree of one vertex costs at least: the greatest prize is not missed.
    pub(super) fn alone(&self) -> u64 {
        self.all - self.prize.iter().max().unwrap_or(&0)
    }

    /// The cost of what saves so much.
    pub(super) fn without(&self, saved: u64) -> u64 {
        self.all.saturating_sub(saved)
    }

    /// The best tree that holds the vertex of the greatest prize, as an instance.
    pub(super) fn around_richest(&self) -> Result<Instance, InstanceError> {
        let richest = (0..).zip(&self.prize).max_by_key(|&(v, prize)| (prize, Reverse(v))).map_or(0, |(v, _)| v);
        rooted(self.vertices(), self.edges().to_vec(), richest, self.terminals.clone())
    }

    /// The connected parts of those vertices of `among` that stay, and how much can be saved in each.
    fn parts(&self, among: &[u32], stays: impl Fn(u32) -> bool) -> Vec<Part> {
        let mut home = vec![NONE; self.prize.len()];
        let mut parts: Vec<Part> = Vec::new();
        for &start in among {
            if home[start as usize] != NONE || !stays(start) {
                continue;
            }
            let name = parts.len() as u32;
            home[start as usize] = name;
            let mut vertices = vec![start];
            let mut at = 0;
            while let Some(&v) = vertices.get(at) {
                at += 1;
                for arc in self.graph.neighbours(v) {
                    if home[arc.head as usize] == NONE && stays(arc.head) {
                        home[arc.head as usize] = name;
                        vertices.push(arc.head);
                    }
                }
            }
            vertices.sort_unstable();
            parts.push(Part { most: 0, vertices });
        }
        self.weigh(&mut parts, &home);
        parts
    }

    /// Notes how much can be saved in each part at most. A tree that joins several terminals leaves the surroundings of each
    /// (its Voronoi region, to the middle of the edges that lead out of it), and no two of these have anything in common.
    fn weigh(&self, parts: &mut [Part], home: &[u32]) {
        let sources: Vec<u32> =
            parts.iter().flat_map(|part| &part.vertices).copied().filter(|&v| self.prize[v as usize] > 0).collect();
        let mut regions = Voronoi::new(&self.graph);
        regions.run(&self.graph, &sources, |tail, arc| home[tail as usize] == home[arc.head as usize]);
        // Twice the cheapest way out.
        let mut leaving = vec![None; sources.len()];
        for &(u, v, cost) in self.graph.edges() {
            if home[u as usize] != home[v as usize] {
                continue;
            }
            for (v, beyond) in [(u, v), (v, u)] {
                if let (Some(owner), Some(distance)) = (regions.owner(v), regions.distance(v))
                    && regions.owner(beyond).is_some_and(|other| other != owner)
                {
                    let way = u128::from(distance) * 2 + u128::from(cost);
                    let least = &mut leaving[owner as usize];
                    *least = Some(least.map_or(way, |least: u128| least.min(way)));
                }
            }
        }
        let mut most = vec![0u128; parts.len()];
        for (&source, leaving) in sources.iter().zip(leaving) {
            // Whoever has no other beside it is joined to nobody.
            if let Some(leaving) = leaving {
                most[home[source as usize] as usize] +=
                    (u128::from(self.prize[source as usize]) * 2).saturating_sub(leaving);
            }
        }
        for (part, most) in parts.iter_mut().zip(most) {
            part.most = u64::try_from(most / 2).unwrap_or(u64::MAX);
        }
    }
}

impl<'a> Left<'a> {
    pub(super) fn of(of: &'a Anywhere) -> Self {
        let all: Vec<u32> = (0..of.prize.len() as u32).collect();
        let parts = of.parts(&all, |_| true);
        let mut left = Self { of, parts: Vec::new(), home: vec![NONE; all.len()] };
        left.add(parts);
        left
    }

    fn add(&mut self, parts: Vec<Part>) {
        for part in parts {
            for &v in &part.vertices {
                self.home[v as usize] = self.parts.len() as u32;
            }
            self.parts.push(part);
        }
    }

    /// The part in which more may be saved than in any other, if that is more than what a known tree saves.
    pub(super) fn widest(&self, saved: u64) -> Option<usize> {
        let open = (0..self.parts.len()).filter(|&at| self.parts[at].most > saved);
        open.max_by_key(|&at| (self.parts[at].most, Reverse(at)))
    }

    /// Whether no other part is left to ask where so much is saved.
    pub(super) fn is_last(&self, at: usize, saved: u64) -> bool {
        (0..self.parts.len()).all(|other| other == at || self.parts[other].most <= saved)
    }

    /// The part that holds a vertex.
    pub(super) fn part_of(&self, v: u32) -> Option<usize> {
        self.home.get(v as usize).filter(|&&home| home != NONE).map(|&home| home as usize)
    }

    /// A vertex of a part to be the root: one of great prize, that leaves little to ask where so much is saved already. Behind it, how
    /// much may be saved beyond it.
    pub(super) fn root(&self, at: usize, saved: u64) -> (u32, u64) {
        let prize = |v: u32| self.of.prize[v as usize];
        let mut roots = self.parts[at].vertices.clone();
        roots.sort_by_key(|&v| (Reverse(prize(v)), v));
        roots.truncate(ROOTS);
        let mut best = (self.parts[at].vertices[0], u64::MAX);
        for root in roots {
            let near = self.near(at as u32, root);
            let beyond = self.but(at, |v| near[v as usize]).iter().map(|part| part.most).max().unwrap_or(0);
            if beyond < best.1 {
                best = (root, beyond);
            }
            if beyond <= saved {
                break;
            }
        }
        best
    }

    /// The best tree in a part that holds a vertex of it, as an instance.
    pub(super) fn rooted(&self, at: usize, root: u32) -> Result<Instance, InstanceError> {
        let inside = |v: u32| self.home[v as usize] == at as u32;
        let edges = self.of.graph.edges().iter().copied().filter(|&(u, v, _)| inside(u) && inside(v)).collect();
        rooted(self.of.prize.len() as u32, edges, root, self.of.terminals.clone())
    }

    /// What is left of a part without some vertices.
    fn but(&self, at: usize, without: impl Fn(u32) -> bool) -> Vec<Part> {
        self.of.parts(&self.parts[at].vertices, |v| self.home[v as usize] == at as u32 && !without(v))
    }

    /// By vertex, whether a way leads there from the root for which, as far as anywhere on it, the prizes before make up.
    fn near(&self, at: u32, root: u32) -> Vec<bool> {
        let mut near = vec![false; self.home.len()];
        near[root as usize] = true;
        let mut ways = BinaryHeap::from([(self.of.prize[root as usize], Reverse(root))]);
        while let Some((purse, Reverse(v))) = ways.pop() {
            for arc in self.of.graph.neighbours(v) {
                let head = arc.head as usize;
                if near[head] || self.home[head] != at {
                    continue;
                }
                if let Some(rest) = purse.checked_sub(arc.cost) {
                    near[head] = true;
                    ways.push((rest + self.of.prize[head], Reverse(arc.head)));
                }
            }
        }
        near
    }

    /// Takes a part away that was asked of with a root, and leaves what may hold a tree that costs less than the best with that root and
    /// less than `cost`. The certificate must hold for the part's problem with the root.
    pub(super) fn take(&mut self, at: usize, certificate: &Certificate, cost: u64) {
        let root = certificate.root();
        let near = self.near(at as u32, root);
        let mut potential = vec![0u128; self.home.len()];
        for (_, vertices, potentials) in certificate.blocks() {
            for (&v, &own) in vertices.iter().zip(potentials) {
                // One more vertex than there are stands for what is out of reach.
                if let Some(sum) = potential.get_mut(v as usize) {
                    *sum += u128::from(own);
                }
            }
        }
        // What a tree costs at least that holds a vertex of no potential, and not the root.
        let most = certificate.claim() + u128::from(self.of.prize[root as usize]);
        let dear = |v: u32| most >= u128::from(cost) + potential[v as usize];
        let beyond = self.but(at, |v| near[v as usize] || dear(v));
        let part = std::mem::replace(&mut self.parts[at], Part { most: 0, vertices: Vec::new() });
        for v in part.vertices {
            self.home[v as usize] = NONE;
        }
        self.add(beyond);
    }

    /// What every tree in what is left costs at least.
    pub(super) fn bound(&self) -> u64 {
        let most = self.parts.iter().map(|part| part.most).max().unwrap_or(0);
        self.of.without(most).min(self.of.alone())
    }
}

/// The problem with a root; terminals with prizes that nothing connects to it are missed in any tree, and one that is added stands for
/// them.
pub(super) fn rooted(
    n: u32,
    mut edges: Vec<(u32, u32, u64)>,
    root: u32,
    mut terminals: Vec<Terminal>,
) -> Result<Instance, InstanceError> {
    let mut sets = UnionFind::new(n);
    for &(u, v, _) in &edges {
        sets.union(u, v);
    }
    let mut lost = 0u64;
    for prize in terminals.iter().filter(|t| !sets.same(t.vertex, root)).filter_map(|t| t.prize) {
        lost = lost.checked_add(prize).ok_or(InstanceError::TooCostly)?;
    }
    terminals.retain(|t| t.prize.is_none() || sets.same(t.vertex, root));
    if lost > 0 {
        edges.push((root, n, lost));
        terminals.push(Terminal { vertex: n, prize: Some(lost) });
    }
    Instance::new(n + u32::from(lost > 0), edges, root, terminals, Vec::new())
}
