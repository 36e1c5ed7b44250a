//! The bound: what everybody paid for is paid for still, and what costs less or is new is shared among those who would use it.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use breiband_certificate::Certificate;
use breiband_graph::Csr;
use breiband_model::CandidateNetwork;

use crate::Plan;
use crate::known::Names;

/// Vertices looked at around a new one for what it lies between.
const NEAR: usize = 64;

/// The potentials of `before` in the names of `network`, lowered where they would load a line by more than it costs. Terminals
/// that are no more, or `unreachable`, have none; those that are new have what their cheapest line costs. Also says how many
/// came and went.
pub(super) fn mended(
    network: &CandidateNetwork,
    names: &Names,
    graph: &Csr,
    before: &Plan,
    unreachable: &[u32],
) -> (Certificate, usize) {
    let mut is_wanted = vec![false; network.vertices.len()];
    for vertex in network.required() {
        is_wanted[vertex.index()] = unreachable.binary_search(&vertex.as_u32()).is_err();
    }
    let mut mender = Mender::new(network, names, graph);
    let (mut blocks, mut gone) = (Blocks::default(), 0);
    let mut kept = vec![false; network.vertices.len()];
    for (terminal, vertices, potentials) in before.certificate.blocks() {
        let Some(terminal) = names.vertex(terminal).filter(|&terminal| is_wanted[terminal as usize]) else {
            gone += 1;
            continue;
        };
        kept[terminal as usize] = true;
        let named = vertices.iter().zip(potentials).filter_map(|(&v, &value)| Some((names.vertex(v)?, value)));
        blocks.push(terminal, named, &mender.is_touched);
    }
    mender.ask(&blocks);
    let mut order: Vec<(u32, Option<usize>)> =
        (0..blocks.heads.len()).map(|at| (blocks.heads[at].0, Some(at))).collect();
    order.extend((0..).zip(&is_wanted).filter(|&(v, &wanted)| wanted && !kept[v as usize]).map(|(v, _)| (v, None)));
    let new = order.len() - blocks.heads.len();
    order.sort_unstable();
    let mut certificate = Certificate::new(CandidateNetwork::ROOT.as_u32());
    for (terminal, block) in order {
        match block {
            Some(at) if blocks.heads[at].2 => certificate.push(terminal, mender.lower(blocks.of(at))),
            Some(at) => certificate.push(terminal, blocks.of(at).iter().copied()),
            None if terminal == certificate.root() => {}
            None => {
                // Nobody else pays for a line that ends at a sink.
                let lines = graph.neighbours(terminal).map(|arc| arc.cost);
                let is_sink = network.vertices[terminal as usize].kind.is_sink();
                certificate.push(terminal, is_sink.then(|| lines.min()).flatten().map(|least| (terminal, least)));
            }
        }
    }
    (certificate, new + gone)
}

/// Potentials by terminal, in today's names and their order.
#[derive(Default)]
struct Blocks {
    /// Terminal, where its entries end, and whether a touched vertex is among them.
    heads: Vec<(u32, usize, bool)>,
    entries: Vec<(u32, u64)>,
}

impl Blocks {
    fn push(&mut self, terminal: u32, entries: impl Iterator<Item = (u32, u64)>, is_touched: &[bool]) {
        let start = self.entries.len();
        let mut touched = false;
        self.entries.extend(entries.inspect(|&(v, _)| touched |= is_touched[v as usize]));
        let own = &mut self.entries[start..];
        // Most are in order already, or nearly, which this sort knows how to use.
        if !own.is_sorted() {
            own.sort();
        }
        self.heads.push((terminal, self.entries.len(), touched));
    }

    fn of(&self, at: usize) -> &[(u32, u64)] {
        let start = at.checked_sub(1).map_or(0, |before| self.heads[before].1);
        &self.entries[start..self.heads[at].1]
    }
}

/// What changed on the way from one network to the other, and the workspace to lower a terminal's potentials.
struct Mender<'a> {
    network: &'a CandidateNetwork,
    graph: &'a Csr,
    /// Edges that are new or cheaper.
    is_fresh: Vec<bool>,
    /// The ends of these.
    is_touched: Vec<bool>,
    /// New vertices that paths may pass, with what they lie between: at most two known vertices and how far these are.
    between: Vec<(u32, Vec<(u32, u64)>)>,
    /// What everybody together would rise on a fresh edge, to its head and to its tail.
    asked: Vec<[u128; 2]>,
    /// Potentials before and now; zero between two calls.
    before: Vec<u64>,
    now: Vec<u64>,
    in_use: Vec<u32>,
}

impl<'a> Mender<'a> {
    fn new(network: &'a CandidateNetwork, names: &Names, graph: &'a Csr) -> Self {
        let (vertices, edges) = (network.vertices.len(), network.edges.len());
        let is_fresh = names.fresh(network);
        let mut is_touched = vec![false; vertices];
        for (edge, _) in network.edges.iter().zip(&is_fresh).filter(|one| *one.1) {
            (is_touched[edge.tail.index()], is_touched[edge.head.index()]) = (true, true);
        }
        let is_new = names.new_vertices(vertices);
        let ends = |v: &u32| is_new[*v as usize] && !network.vertices[*v as usize].kind.is_sink();
        let between = (0..vertices as u32).filter(ends).map(|v| (v, around(network, graph, &is_new, v))).collect();
        Self {
            network,
            graph,
            is_fresh,
            is_touched,
            between,
            asked: vec![[0; 2]; edges],
            before: vec![0; vertices],
            now: vec![0; vertices],
            in_use: Vec::new(),
        }
    }

    /// The fresh arcs on which the terminal at hand could rise: edge, direction, tail and head.
    fn fresh_arcs(&self) -> Vec<(u32, usize, u32, u32)> {
        let mut arcs = Vec::new();
        for &head in self.in_use.iter().filter(|&&v| self.is_touched[v as usize] && self.before[v as usize] > 0) {
            for arc in self.graph.neighbours(head) {
                if self.is_fresh[arc.edge as usize] && !self.network.vertices[arc.head as usize].kind.is_sink() {
                    arcs.push((arc.edge, self.way(arc.edge, arc.head), arc.head, head));
                }
            }
        }
        arcs
    }

    /// The direction of an edge that is left at `tail`: 0 for forwards.
    fn way(&self, edge: u32, tail: u32) -> usize {
        usize::from(self.network.edges[edge as usize].tail.as_u32() != tail)
    }

    /// Adds up what everybody would rise on fresh edges.
    fn ask(&mut self, blocks: &Blocks) {
        for at in 0..blocks.heads.len() {
            if !blocks.heads[at].2 {
                continue;
            }
            self.take(blocks.of(at));
            for (edge, way, tail, head) in self.fresh_arcs() {
                self.asked[edge as usize][way] += u128::from(self.rise(tail, head));
            }
            self.clear();
        }
    }

    /// Takes a terminal's potentials; a new vertex has one between those that it lies between.
    fn take(&mut self, block: &[(u32, u64)]) {
        for &(v, value) in block {
            self.before[v as usize] = value;
            self.in_use.push(v);
        }
        for at in 0..self.between.len() {
            let (v, known) = &self.between[at];
            let value = match known[..] {
                [(one, _)] => self.before[one as usize],
                [(one, near), (other, far)] => {
                    let [one, other] = [one, other].map(|v| u128::from(self.before[v as usize]));
                    let (near, far) = (u128::from(near), u128::from(far));
                    let between = (one * far + other * near).checked_div(near + far).unwrap_or(one.min(other));
                    between as u64
                }
                _ => 0,
            };
            self.before[*v as usize] = value;
            self.in_use.push(*v);
        }
    }

    fn clear(&mut self) {
        for v in self.in_use.drain(..) {
            (self.before[v as usize], self.now[v as usize]) = (0, 0);
        }
    }

    fn rise(&self, tail: u32, head: u32) -> u64 {
        self.before[head as usize].saturating_sub(self.before[tail as usize])
    }

    /// How far the terminal may rise on an arc.
    fn share(&self, edge: u32, way: usize, tail: u32, head: u32) -> u64 {
        let rise = self.rise(tail, head);
        let (asked, cost) = (self.asked[edge as usize][way], self.network.edges[edge as usize].cost.as_minor());
        if !self.is_fresh[edge as usize] || asked <= u128::from(cost) {
            return rise;
        }
        (u128::from(rise) * u128::from(cost) / asked) as u64
    }

    /// A terminal's potentials, the highest that its shares allow, by vertex.
    fn lower(&mut self, block: &[(u32, u64)]) -> Vec<(u32, u64)> {
        self.take(block);
        for at in 0..self.in_use.len() {
            let v = self.in_use[at] as usize;
            self.now[v] = self.before[v];
        }
        let mut open = BinaryHeap::new();
        for (edge, way, tail, head) in self.fresh_arcs() {
            self.settle(edge, way, (tail, head), &mut open);
        }
        while let Some(Reverse((value, v))) = open.pop() {
            if value > self.now[v as usize] || self.network.vertices[v as usize].kind.is_sink() {
                continue;
            }
            let graph = self.graph;
            for arc in graph.neighbours(v) {
                self.settle(arc.edge, self.way(arc.edge, v), (v, arc.head), &mut open);
            }
        }
        let mut entries: Vec<(u32, u64)> = self.in_use.iter().map(|&v| (v, self.now[v as usize])).collect();
        // Two runs, each in order: those that were there, and the new ones.
        entries.sort();
        entries.dedup();
        self.clear();
        entries
    }

    /// Lowers an arc's head to what the arc lets it have.
    fn settle(&mut self, edge: u32, way: usize, (tail, head): (u32, u32), open: &mut BinaryHeap<Reverse<(u64, u32)>>) {
        if self.now[head as usize] <= self.now[tail as usize] {
            return;
        }
        let most = self.now[tail as usize].saturating_add(self.share(edge, way, tail, head));
        if self.now[head as usize] > most {
            self.now[head as usize] = most;
            open.push(Reverse((most, head)));
        }
    }
}

/// The two known vertices nearest to a new one over new ones, and how far they are.
fn around(network: &CandidateNetwork, graph: &Csr, is_new: &[bool], from: u32) -> Vec<(u32, u64)> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut open = BinaryHeap::from([Reverse((0_u64, from))]);
    while let Some(Reverse((so_far, v))) = open.pop() {
        if !seen.insert(v) {
            continue;
        }
        if !is_new[v as usize] {
            found.push((v, so_far));
            if found.len() == 2 {
                break;
            }
            continue;
        }
        if seen.len() > NEAR {
            break;
        }
        for arc in graph.neighbours(v).filter(|arc| !network.vertices[arc.head as usize].kind.is_sink()) {
            open.push(Reverse((so_far.saturating_add(arc.cost), arc.head)));
        }
    }
    found
}
