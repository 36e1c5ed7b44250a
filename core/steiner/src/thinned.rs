//! The net that trees and potentials are looked for on: without dead ends, vertices on a single way, dearer parallel edges, and edges
//! and drops that another way makes needless.
//!
//! Of the classical tests (Duin & Volgenant 1989) these are the ones that a dual does not mind (`reduce::thin`). What it proves of the
//! rest it proves of the whole. On a way around, potentials rise by no more than all together may pay for. And a vertex on a single
//! way takes a potential between those of its neighbours: nobody's rise is then more on either side than is left to pay for there,
//! since together they rise by no more than both sides cost. A raw road network halves by it, and what moves along edges step by step
//! comes twice as far.

use crate::net::{Added, Lifted, Net};
use crate::record::{Names, Record};
use crate::reduce::{Gone, Parts, Reducer};
use crate::{Instance, NONE, SolveError};
use breiband_certificate::Step;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// An instance as a net without what potentials can do without, and the way back.
#[derive(Debug)]
pub(crate) struct Thinned {
    pub(crate) net: Arc<Net>,
    /// By edge: the instance's edges that it stands for; numbers beyond those are prize arcs and free edges.
    parts: Parts,
    /// By vertex: the lifted net's.
    vertex: Vec<u32>,
    /// By vertex of the lifted net: the one here, if there is.
    here: Vec<u32>,
    /// What went, in that order.
    gone: Vec<Gone>,
    /// By vertex: whether the root reaches it.
    pub(crate) reached: Vec<bool>,
    added: Added,
    /// Terminals that nothing connects to the root, ascending.
    pub(crate) unreachable: Vec<u32>,
    /// The instance's number of edges.
    edges: u32,
}

/// How the proof of a thinned instance begins, and what it calls what is left then.
#[derive(Debug)]
pub(crate) struct Beginning {
    pub(crate) steps: Vec<Step>,
    pub(crate) names: Names,
}

impl Thinned {
    /// Lifts an instance and thins it; and what a proof begins with, if one is `wanted`. O((n + m) log n).
    pub(crate) fn new(instance: &Instance, wanted: bool) -> Result<(Self, Option<Beginning>), SolveError> {
        let lifted = Lifted::new(instance)?;
        let edges = instance.edges().len() as u32;
        let mut reducer = Reducer::among(&lifted.net, |v| lifted.reached[v as usize]);
        if wanted {
            reducer.record = Some(Record::new(Names::lifted(&lifted.net, &lifted.origin, edges as usize)));
        }
        let gone = reducer.thin();
        let reduced = reducer.freeze_all().ok_or(SolveError::Fault("the thinned graph is none"))?;
        let beginning = reducer.record.take().map(|record| {
            let names = Names::of_some(&record, &reduced.vertex, &reduced.edge);
            Beginning { names, steps: record.steps }
        });
        let parts = Parts::of(&reducer, &reduced).of_others(&lifted.origin);
        let reached = reduced.vertex.iter().map(|&v| lifted.reached[v as usize]).collect();
        let Lifted { added, unreachable, .. } = lifted;
        let (net, vertex, here) = (reduced.net, reduced.vertex, reduced.name);
        Ok((Self { net, parts, vertex, here, gone, reached, added, unreachable, edges }, beginning))
    }

    /// The instance's terminal that a terminal stands for.
    pub(crate) fn terminal(&self, t: u32) -> u32 {
        self.added.terminal(self.vertex[t as usize])
    }

    /// The vertex of one of the instance's, if it is left.
    pub(crate) fn here(&self, v: u32) -> Option<u32> {
        self.here[..self.added.vertices as usize].get(v as usize).copied().filter(|&v| v != NONE)
    }

    /// Whether a vertex of the lifted net is a sink: those do not go.
    fn is_sink(&self, v: u32) -> bool {
        let here = self.here[v as usize];
        here != NONE && self.net.is_sink(here)
    }

    /// The instance's edges that some edges stand for, ascending.
    pub(crate) fn edges(&self, edges: &[u32]) -> Vec<u32> {
        let parts = edges.iter().flat_map(|&e| self.parts.get(e)).copied();
        let mut edges: Vec<u32> = parts.filter(|&e| e < self.edges).collect();
        edges.sort_unstable();
        edges
    }

    /// The instance's terminals that are left out where some edges are used, ascending: their prizes are paid.
    pub(crate) fn missed(&self, edges: &[u32]) -> Vec<u32> {
        let missed = |&e: &u32| {
            let (u, v, _) = self.net.graph.edge(e);
            let at_root = u == self.net.root || v == self.net.root;
            (at_root && self.parts.get(e).iter().all(|&e| e >= self.edges))
                .then(|| self.terminal(u ^ v ^ self.net.root))
        };
        let mut missed: Vec<u32> = edges.iter().filter_map(missed).collect();
        missed.sort_unstable();
        missed
    }

    /// By edge: whether it stands for nothing but edges of the instance that are `known`.
    pub(crate) fn known(&self, edges: &[u32]) -> Vec<bool> {
        let mut known = vec![false; self.edges as usize];
        for &e in edges {
            if let Some(known) = known.get_mut(e as usize) {
                *known = true;
            }
        }
        let is_known = |e: u32| {
            let mut own = self.parts.get(e).iter().filter(|&&e| e < self.edges).peekable();
            own.peek().is_some() && own.all(|&e| known[e as usize])
        };
        (0..self.net.graph.edge_count()).map(is_known).collect()
    }

    /// What carries potentials from here to the instance.
    pub(crate) fn carrier(&self) -> Carrier<'_> {
        let mut last = vec![NONE; self.here.len()];
        let mut before = vec![[NONE; 2]; self.gone.len()];
        for (k, gone) in self.gone.iter().enumerate() {
            for (side, &(v, _)) in gone.beside.iter().enumerate().filter(|(_, beside)| beside.0 != NONE) {
                before[k][side] = std::mem::replace(&mut last[v as usize], k as u32);
            }
        }
        let left = self.gone.iter().map(|gone| gone.beside.map(|(_, cost)| [cost; 2])).collect();
        Carrier { whole: self, last, before, left, potential: vec![0; self.here.len()], due: BinaryHeap::new() }
    }
}

/// Carries one terminal's potentials after the other to the vertices that went, the last first.
#[derive(Debug)]
pub(crate) struct Carrier<'a> {
    whole: &'a Thinned,
    /// By vertex of the lifted net: the last that went beside it, and by what went and side: the one that went before beside the
    /// same vertex.
    last: Vec<u32>,
    before: Vec<[u32; 2]>,
    /// By what went and side: what is left to pay from there and to there.
    left: Vec<[[u64; 2]; 2]>,
    /// By vertex of the lifted net, zero between uses.
    potential: Vec<u64>,
    due: BinaryHeap<u32>,
}

impl Carrier<'_> {
    /// How many vertices the instance has.
    pub(crate) fn vertices(&self) -> u32 {
        self.whole.added.vertices
    }

    /// Puts a terminal's potentials into an empty list, under the instance's names, with those of all that went.
    pub(crate) fn carry(&mut self, own: impl Iterator<Item = (u32, u64)>, list: &mut Vec<(u32, u64)>) {
        for (v, potential) in own {
            self.put(self.whole.vertex[v as usize], potential, list);
        }
        while let Some(k) = self.due.pop() {
            while self.due.peek() == Some(&k) {
                self.due.pop();
            }
            let potential = self.between(k as usize);
            if potential > 0 {
                self.put(self.whole.gone[k as usize].vertex, potential, list);
            }
        }
        list.iter().for_each(|&(v, _)| self.potential[v as usize] = 0);
        // Those of vertices that were added by lifting are implied.
        list.retain(|&(v, _)| v < self.vertices());
    }

    fn put(&mut self, v: u32, potential: u64, list: &mut Vec<(u32, u64)>) {
        self.potential[v as usize] = potential;
        list.push((v, potential));
        let mut k = self.last[v as usize];
        while k != NONE {
            self.due.push(k);
            let side = usize::from(self.whole.gone[k as usize].beside[1].0 == v);
            k = self.before[k as usize][side];
        }
    }

    /// The potential of what went: as far below its higher neighbour as is left to pay for, and no lower than the other.
    fn between(&mut self, k: usize) -> u64 {
        let [a, b] = self.whole.gone[k].beside.map(|(v, _)| if v == NONE { 0 } else { self.potential[v as usize] });
        let (high, low) = if a >= b { (0, 1) } else { (1, 0) };
        let (top, rise) = (a.max(b), a.abs_diff(b));
        let from = &mut self.left[k][high][1];
        let paid = rise.min(*from);
        *from -= paid;
        // Nobody comes from where there is nothing, or a sink.
        let below = self.whole.gone[k].beside[low].0;
        if below != NONE && !self.whole.is_sink(below) {
            self.left[k][low][0] -= rise - paid;
        }
        top - paid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ascent::Ascent;
    use crate::net::Kind;
    use crate::oracle::{instances, optimum};
    use crate::{Config, Silent, solve};
    use proptest::prelude::*;

    /// An instance with more vertices on each edge, edges that cost more than it beside it, and dead ends, as the numbers say.
    fn padded(instance: &Instance, numbers: &[u8]) -> Instance {
        let mut numbers = numbers.iter().copied().cycle();
        let mut any = |below: u64| u64::from(numbers.next().unwrap_or(0)) % below;
        let mut n = instance.vertices();
        let mut edges = Vec::new();
        for &(u, v, cost) in instance.edges() {
            let (mut at, mut left) = (u, cost);
            for _ in 0..any(4) {
                let part = any(left + 1);
                edges.push((at, n, part));
                (at, left, n) = (n, left - part, n + 1);
                for _ in 0..any(3) {
                    edges.push((at, n, any(10)));
                    n += 1;
                }
            }
            edges.push((at, v, left));
            edges.extend((0..any(2)).map(|_| (u, v, cost + 1 + any(5))));
        }
        let (terminals, sinks) = (instance.terminals().to_vec(), instance.sinks().to_vec());
        Instance::new(n, edges, instance.root(), terminals, sinks).unwrap()
    }

    fn thinned(instance: &Instance) -> Thinned {
        Thinned::new(instance, false).unwrap().0
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5000))]
        #[test]
        fn what_was_added_goes_and_the_optimum_stays(
            instance in instances(), numbers in prop::collection::vec(any::<u8>(), 1..60),
        ) {
            let padded = padded(&instance, &numbers);
            let (few, thin) = (thinned(&instance), thinned(&padded));
            prop_assert_eq!(&thin.unreachable, &few.unreachable);
            prop_assert_eq!(&thin.net.terminals.len(), &few.net.terminals.len());
            let edges = |thin: &Thinned| {
                let reached = |&&(u, v, _): &&(u32, u32, u64)| thin.reached[u as usize] && thin.reached[v as usize];
                thin.net.graph.edges().iter().filter(reached).count()
            };
            prop_assert!(edges(&thin) <= edges(&few));
            for v in 0..thin.net.graph.vertex_count() {
                let on_a_way = thin.net.kind[v as usize] == Kind::Plain && (1..=2).contains(&thin.net.graph.degree(v));
                prop_assert!(!on_a_way || !thin.reached[v as usize]);
            }
            let solution = solve(&padded, &Config { steps: 1_000_000, ..Config::default() }, &mut Silent).unwrap();
            prop_assert_eq!(solution.cost, optimum(&instance).0);
        }

        /// Whatever potentials prove here, they prove there.
        #[test]
        fn what_is_proven_of_the_rest_is_proven_of_the_whole(
            instance in instances(), numbers in prop::collection::vec(any::<u8>(), 1..60), quickly: bool,
        ) {
            let padded = padded(&instance, &numbers);
            let thin = thinned(&padded);
            let twins = thin.net.graph.twins();
            let ascent =
                if quickly { Ascent::run_quickly(&thin.net, &twins, &[]) } else { Ascent::run(&thin.net, &twins, &[]) };
            let bound = ascent.bound;
            prop_assert_eq!(padded.check(&ascent.into_certificate(&thin), &thin.unreachable), Ok(bound));
        }
    }
}
