//! The exact close: reduce, bound, split at cut vertices, branch.
//!
//! Tests by special distance and tests by bounds feed each other until little changes (Polzin & Vahdati Daneshmand 2001);
//! what is left falls into blocks, each solved by itself; a block that resists is branched on: a vertex is made a terminal,
//! or taken out. Lower bounds come from dual ascents from several roots.

use crate::net::{Kind, Net};
use crate::record::{Log, Names, Record};
use crate::reduce::{Parts, Reduced, Reducer};
use crate::relax::BALL;
use crate::{NONE, SolveError, tree};
use bounding::{Bounding, Bounds};
use breiband_certificate::Step;
use breiband_graph::{Csr, blocks};
use breiband_random::SplitMix64;

mod bounding;
#[cfg(test)]
mod proofs;

/// Arcs that tree and dual may be improved by in turn, times the edges of a block: first, and where that changes little
/// up to the second. At the top, and below a branching.
const DUEL: [(u64, u64); 2] = [(1_000, 64_000), (300, 1_200)];
/// Bounding is repeated while it takes away one edge in so many.
const ROUND: usize = 50;
/// Which edges may be in the next tree, by their width in a relaxation; and how many arcs the search for a tree on them looks at
/// before it ends, times their number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Narrow {
    wide: f32,
    effort: u64,
    /// Vertices around a terminal that its flows may use where the part is relaxed in its turn, which takes more than that if there is
    /// much to relax; it is not where there are none.
    ball: u32,
}

impl Narrow {
    /// Where a relaxation has begun.
    pub(crate) const HASTY: Self = Self { wide: 0.1, effort: 80, ball: 24 };
    /// Where there is none, but an ascent, and few steps.
    pub(crate) const BRIEF: Self = Self { ball: 0, ..Self::HASTY };
    /// Where it nearly ends, and only the best tree will do.
    pub(crate) const THOROUGH: Self = Self { wide: 0.01, effort: 800, ball: BALL };
    /// Where the edges were chosen by a bound.
    const CHOSEN: Self = Self { wide: 1.0, effort: 6_400, ball: BALL };
}

/// Branchings above one another, at most.
const DEPTH: u32 = 200;

/// The close of a net, within a budget.
pub(crate) struct Exact<'a> {
    /// Arcs looked at.
    pub(crate) work: u64,
    pub(crate) limit: u64,
    pub(crate) seed: u64,
    /// Asked now and then.
    pub(crate) stop: &'a dyn Fn() -> bool,
    /// Where only a tree is wanted, on edges that were chosen already: how.
    narrow: Option<Narrow>,
    /// Whether terminals may be left out in the whole, of which a part says nothing; none until the whole is looked at.
    excuses: Option<bool>,
    /// How often trees were looked for below a bound that is too good to be true, and not found.
    in_vain: u32,
    /// What is proven, where a proof is wanted.
    pub(crate) log: Option<Log>,
    /// Told what the best tree costs and the best bound is on the whole, whenever one of them is better.
    pub(crate) news: Option<&'a dyn Fn(u64, u64)>,
    /// What the rest of the whole adds to a tree and to a bound of the net at hand; nothing where no bound of it bounds the whole.
    rest: Option<Rest>,
}

/// What a part's surroundings cost: at most by the trees that are known, at least by what is proven.
#[derive(Debug, Clone, Copy, Default)]
struct Rest {
    most: u64,
    least: u64,
}

impl Rest {
    fn and(self, most: u64, least: u64) -> Self {
        Self { most: self.most.saturating_add(most), least: self.least.saturating_add(least) }
    }
}

/// What is known of the trees of a net that cost less than was asked for.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// The cheapest one found.
    pub(crate) tree: Option<Vec<u32>>,
    /// No tree costs less than this, or than the lesser of what was asked for and the tree.
    pub(crate) bound: u64,
}

/// The best tree of a net so far.
pub(crate) struct Best {
    /// What a tree must cost less than to be of use.
    upper: u64,
    tree: Option<Vec<u32>>,
}

impl Best {
    /// None yet, and only one that costs less than `upper` is of use.
    pub(crate) fn below(upper: u64) -> Self {
        Self { upper, tree: None }
    }

    /// A tree that is known.
    pub(crate) fn known(net: &Net, tree: Vec<u32>) -> Self {
        Self { upper: net.cost(&tree), tree: Some(tree) }
    }

    fn offer(&mut self, net: &Net, edges: Vec<u32>) {
        let cost = net.cost(&edges);
        if cost < self.upper {
            (self.upper, self.tree) = (cost, Some(edges));
        }
    }

    fn verdict(self, bound: u64) -> Verdict {
        Verdict { bound: bound.min(self.upper), tree: self.tree }
    }
}

impl<'a> Exact<'a> {
    pub(crate) fn new(limit: u64, seed: u64, stop: &'a dyn Fn() -> bool) -> Self {
        Self {
            work: 0,
            limit,
            seed,
            stop,
            narrow: None,
            excuses: None,
            in_vain: 0,
            log: None,
            news: None,
            rest: Some(Rest::default()),
        }
    }

    /// Looks for a tree below `upper` on the edges that are wide in a relaxation, and those of some trees that are known. Such a
    /// part of a net is so sparse that reductions take most of it (Danna, Rothberg & Le Pape 2005 on the idea).
    pub(crate) fn along(
        &mut self,
        net: &Net,
        width: impl Fn(u32) -> f32,
        trees: &[&[u32]],
        upper: u64,
        narrow: Narrow,
    ) -> Result<Option<Vec<u32>>, SolveError> {
        let mut edges: Vec<u32> = (0..net.graph.edge_count()).filter(|&e| width(e) >= narrow.wide).collect();
        edges.extend(trees.iter().copied().flatten());
        edges.sort_unstable();
        edges.dedup();
        let ends = edges.iter().map(|&e| net.graph.edge(e)).collect();
        let part = Net::new(Csr::from_edges(net.graph.vertex_count(), ends)?, net.root, net.kind.clone());
        let mut within = Exact::new(edges.len() as u64 * narrow.effort, self.seed, self.stop);
        (within.narrow, within.excuses) = (Some(narrow), self.excuses);
        let tree = within.close(&part, Best::below(upper), 0, None)?.tree;
        self.work += within.work;
        Ok(tree.map(|tree| tree.iter().map(|&e| edges[e as usize]).collect()))
    }

    fn spent(&self) -> bool {
        self.work > self.limit || (self.stop)()
    }

    /// Tells of a tree and a bound of the net at hand.
    fn tell(&self, cost: u64, bound: u64) {
        if let (Some(news), Some(rest)) = (self.news, self.rest) {
            news(rest.most.saturating_add(cost), rest.least.saturating_add(bound));
        }
    }

    /// Looks for a cheaper tree of `net` than the best one. With `names`, what it does proves to a replayer that no tree costs less
    /// than the bound.
    pub(crate) fn close(
        &mut self,
        net: &Net,
        mut best: Best,
        depth: u32,
        names: Option<Names>,
    ) -> Result<Verdict, SolveError> {
        let mut reducer = Reducer::new(net);
        reducer.excuses &= *self.excuses.get_or_insert(reducer.excuses);
        reducer.record = names.map(Record::new);
        let mut bound = 0;
        // The potentials that are written down for nothing but the bound.
        let mut lasting = None;
        let (mut effort, most) = DUEL[usize::from(depth > 0)];
        loop {
            reducer.run_hard(u64::MAX, self.stop);
            self.gather(&mut reducer);
            self.work += u64::from(net.graph.edge_count()) + std::mem::take(&mut reducer.work);
            let fixed = reducer.fixed_cost();
            let reduced = reducer.freeze().ok_or(SolveError::Fault("the reduced graph is none"))?;
            if reduced.net.terminals.len() < reducer.terminals() || fixed >= best.upper {
                // Whatever tree is left out costs no less than the best.
                return Ok(best.verdict(u64::MAX));
            }
            if reducer.terminals() == 0 {
                best.offer(net, back(net, &reducer, &reduced, &[])?);
                return Ok(best.verdict(u64::MAX));
            }
            let parts = split(&reduced.net)?;
            if parts.len() != 1 || parts[0].edge.len() < reduced.edge.len() {
                let sum = fixed.saturating_add(self.parts(net, &reducer, &reduced, &parts, &mut best, depth)?);
                self.forget(lasting.filter(|_| sum >= bound.min(best.upper)));
                return Ok(best.verdict(sum.max(bound)));
            }
            let mut below = Best::below(best.upper - fixed);
            let known = self.again(&reducer, &reduced, &best);
            let rest = self.rest;
            self.rest = rest.map(|rest| rest.and(fixed, fixed));
            let Bounds { bound: own, spared, needless, hot, ascents } =
                Bounding::of(self, &reduced.net, known, below.upper)?.run(&mut below, effort)?;
            self.rest = rest;
            let better = fixed + own > bound;
            bound = bound.max(fixed + own);
            if better {
                self.forget(lasting.take());
            }
            if let Some(edges) = &below.tree {
                best.offer(net, back(net, &reducer, &reduced, edges)?);
            }
            if let (Some(log), Some(record)) = (&mut self.log, &reducer.record) {
                let needed = reducer.needed(&spared, &needless, &reduced.edge, &reduced.vertex);
                // Lines on what is needless follow the potentials that say so.
                let last = (bound < best.upper && !needless.is_empty()).then(|| ascents.len().saturating_sub(1));
                for (i, (rooted, ascent)) in ascents.iter().enumerate() {
                    let needed = needed.get(i) == Some(&true) || Some(i) == last;
                    let bounds = better && lasting.is_none() && ascent.bound == own;
                    if needed || bounds {
                        let at = log.push(record.potentials(rooted, ascent, &reduced.vertex));
                        lasting = lasting.or((bounds && !needed).then_some(at));
                    }
                }
            }
            drop(ascents);
            if bound >= best.upper {
                return Ok(best.verdict(bound));
            }
            let before = reducer.edges();
            let gone = reducer.take_away(&spared, &needless, &reduced.edge, &reduced.vertex);
            self.gather(&mut reducer);
            if self.spent() {
                return Ok(best.verdict(bound));
            }
            if gone * ROUND < before && effort < most {
                effort *= 4;
            } else if gone * ROUND < before {
                if depth == DEPTH {
                    return Ok(best.verdict(bound));
                }
                let hot: Vec<u32> = hot.iter().map(|&v| reduced.vertex[v as usize]).collect();
                let (least, verdict) = self.branch(net, &reducer, best, bound, &hot, depth)?;
                self.forget(lasting.filter(|_| least >= verdict.bound));
                return Ok(verdict);
            }
        }
    }

    /// The best tree on what is left, nearly: grown along the edges that it uses.
    fn again(&mut self, reducer: &Reducer, reduced: &Reduced, best: &Best) -> Option<Vec<u32>> {
        let tree = best.tree.as_ref()?;
        let mut used = vec![false; reducer.originals()];
        for &e in tree {
            used[e as usize] = true;
        }
        let (tree, work) = Parts::of(reducer, reduced).along(&reduced.net, &used);
        self.work += work;
        tree
    }

    /// Writes down what a reducer has done since.
    fn gather(&mut self, reducer: &mut Reducer) {
        if let (Some(log), Some(record)) = (&mut self.log, &mut reducer.record) {
            log.gather(record);
        }
    }

    /// Leaves out a step that proves nothing more.
    fn forget(&mut self, step: Option<usize>) {
        if let (Some(log), Some(step)) = (&mut self.log, step) {
            log.forget(step);
        }
    }

    fn note(&mut self, step: Step) -> usize {
        self.log.as_mut().map_or(0, |log| log.push(step))
    }

    /// As [`Exact::close`], of a net within the one whose proof is being written; `edge` tells which part it is.
    fn within(
        &mut self,
        net: &Net,
        best: Best,
        depth: u32,
        names: Option<Names>,
        edge: Option<u32>,
    ) -> Result<Verdict, SolveError> {
        let at = self.note(Step::Open(0, edge));
        let verdict = self.close(net, best, depth, names)?;
        if let Some(log) = &mut self.log {
            log.close(at, verdict.bound);
        }
        Ok(verdict)
    }

    /// Solves each block by itself; the sum of their bounds.
    fn parts(
        &mut self,
        net: &Net,
        reducer: &Reducer,
        reduced: &Reduced,
        parts: &[Part],
        best: &mut Best,
        depth: u32,
    ) -> Result<u64, SolveError> {
        let mut known = vec![false; reduced.edge.len()];
        for e in self.again(reducer, reduced, best).into_iter().flatten() {
            known[e as usize] = true;
        }
        // The largest comes last: what is found in it is news of the whole by then.
        let mut open: Vec<(&Part, Best)> = parts.iter().map(|part| (part, part.known(&known))).collect();
        open.sort_by_key(|(part, _)| std::cmp::Reverse(part.edge.len()));
        let (rest, fixed) = (self.rest, reducer.fixed_cost());
        let (mut edges, mut sum, mut cost) = (Vec::new(), 0, 0);
        self.note(Step::Blocks);
        while let Some((part, best)) = open.pop() {
            let others = open.iter().fold(fixed + cost, |sum, (_, best)| sum.saturating_add(best.upper));
            self.rest = rest.map(|rest| rest.and(others, fixed + sum));
            let record = reducer.record.as_ref();
            let name = |record: &Record, e: u32| record.edge(reduced.edge[part.edge[e as usize] as usize]);
            let first = record.filter(|_| !part.edge.is_empty()).map(|record| name(record, 0));
            let names = record.map(|record| {
                let vertices = part.vertex.iter().map(|&v| record.vertex(reduced.vertex[v as usize]));
                Names::anew(vertices.collect(), (0..part.edge.len() as u32).map(|e| name(record, e)).collect())
            });
            let verdict = self.within(&part.net, best, depth, names, first)?;
            let tree = verdict.tree.ok_or(SolveError::Fault("a block without a tree"))?;
            cost += part.net.cost(&tree);
            edges.extend(tree.iter().map(|&e| part.edge[e as usize]));
            sum += verdict.bound;
        }
        self.rest = rest;
        best.offer(net, back(net, reducer, reduced, &edges)?);
        Ok(sum)
    }

    fn any(&mut self, of: &[u32]) -> u32 {
        self.seed = SplitMix64::new(self.seed).bits();
        of[(self.seed % of.len() as u64) as usize]
    }

    /// Solves with a vertex as a terminal, and without it: the bound by that alone, and the verdict.
    fn branch(
        &mut self,
        net: &Net,
        reducer: &Reducer,
        mut best: Best,
        bound: u64,
        hot: &[u32],
        depth: u32,
    ) -> Result<(u64, Verdict), SolveError> {
        let fixed = reducer.fixed_cost();
        let reduced = reducer.freeze().ok_or(SolveError::Fault("the reduced graph is none"))?;
        let block = &reduced.net;
        if block.terminals.len() < reducer.terminals() || fixed >= best.upper {
            return Ok((u64::MAX, best.verdict(u64::MAX)));
        }
        // Where tree and dual disagree, a branching raises the bound.
        let mut disputed = vec![false; block.kind.len()];
        for &v in hot {
            if let Some(name) = reduced.name.get(v as usize).filter(|&&name| name != NONE) {
                disputed[*name as usize] = true;
            }
        }
        let most = (0..block.kind.len() as u32)
            .filter(|&v| block.kind[v as usize] == Kind::Plain)
            .max_by_key(|&v| (disputed[v as usize], block.graph.degree(v), std::cmp::Reverse(v)));
        let Some(v) = most else { return Err(SolveError::Fault("nothing to branch on")) };
        let mut kind = block.kind.clone();
        kind[v as usize] = Kind::Terminal;
        let names = reducer.record.as_ref().map(|record| names(record, &reduced));
        let start = self.log.as_ref().map(Log::len);
        if let Some(record) = &reducer.record {
            self.note(Step::Branch(record.vertex(reduced.vertex[v as usize])));
        }
        let with = Net::new(block.graph.clone(), block.root, kind);
        // Half a branching bounds nothing.
        let rest = self.rest.take();
        let verdict = self.within(&with, Best::below(best.upper - fixed), depth + 1, names.clone(), None)?;
        let mut least = verdict.bound;
        if let Some(edges) = verdict.tree {
            best.offer(net, back(net, reducer, &reduced, &edges)?);
        }
        if self.spent() {
            // Half a branching proves nothing.
            if let (Some(log), Some(start)) = (&mut self.log, start) {
                log.cut(start);
            }
            self.rest = rest;
            return Ok((0, best.verdict(bound)));
        }
        let kept: Vec<u32> = (0..block.graph.edge_count())
            .filter(|&e| {
                let (a, b, _) = block.graph.edge(e);
                a != v && b != v
            })
            .collect();
        let edges = kept.iter().map(|&e| block.graph.edge(e)).collect();
        let graph = Csr::from_edges(block.graph.vertex_count(), edges)?;
        let without = Net::new(graph, block.root, block.kind.clone());
        let names = names.map(|names| names.among(&kept));
        let below = Best::below(best.upper.saturating_sub(fixed));
        let verdict = self.within(&without, below, depth + 1, names, None)?;
        self.rest = rest;
        least = least.min(verdict.bound);
        if let Some(edges) = verdict.tree {
            let edges: Vec<u32> = edges.iter().map(|&e| kept[e as usize]).collect();
            best.offer(net, back(net, reducer, &reduced, &edges)?);
        }
        let least = fixed.saturating_add(least);
        Ok((least, best.verdict(bound.max(least))))
    }
}

/// What a replayer calls the vertices and edges of a frozen graph once it has numbered them anew.
pub(crate) fn names(record: &Record, reduced: &Reduced) -> Names {
    Names::anew(
        reduced.vertex.iter().map(|&v| record.vertex(v)).collect(),
        reduced.edge.iter().map(|&e| record.edge(e)).collect(),
    )
}

/// A tree of the reduced graph as one of the net.
fn back(net: &Net, reducer: &Reducer, reduced: &Reduced, edges: &[u32]) -> Result<Vec<u32>, SolveError> {
    let originals = reducer.expand(net, edges.iter().map(|&e| reduced.edge[e as usize]));
    let edges =
        tree::best_on(net, &tree::vertices_of(net, &originals)).ok_or(SolveError::Fault("an expanded tree is none"))?;
    if tree::is_solution(net, &edges) { Ok(edges) } else { Err(SolveError::Fault("an expanded tree is no solution")) }
}

/// A block as a net of its own, and what its vertices and edges are in the whole.
struct Part {
    net: Net,
    vertex: Vec<u32>,
    edge: Vec<u32>,
}

impl Part {
    /// The best tree known, where the marked edges of the whole are one here.
    fn known(&self, marked: &[bool]) -> Best {
        let tree: Vec<u32> = (0..self.edge.len() as u32).filter(|&e| marked[self.edge[e as usize] as usize]).collect();
        if tree::is_solution(&self.net, &tree) { Best::known(&self.net, tree) } else { Best::below(u64::MAX) }
    }
}

/// The blocks that a tree passes. A cut vertex with terminals beyond it must be reached.
fn split(net: &Net) -> Result<Vec<Part>, SolveError> {
    let blocks = blocks(&net.graph, net.root);
    let mut edges: Vec<Vec<u32>> = vec![Vec::new(); blocks.tops().len()];
    for e in 0..net.graph.edge_count() {
        if let Some(b) = blocks.of_edge(e) {
            edges[b as usize].push(e);
        }
    }
    let mut kind = net.kind.clone();
    let mut name = vec![NONE; kind.len()];
    let mut parts = Vec::new();
    for (edges, &top) in edges.into_iter().zip(blocks.tops()) {
        let mut members = vec![top];
        name[top as usize] = 0;
        let mut ends = Vec::with_capacity(edges.len());
        for &e in &edges {
            let (u, v, cost) = net.graph.edge(e);
            for x in [u, v] {
                if name[x as usize] == NONE {
                    name[x as usize] = members.len() as u32;
                    members.push(x);
                }
            }
            ends.push((name[u as usize], name[v as usize], cost));
        }
        for &x in &members {
            name[x as usize] = NONE;
        }
        let mut own: Vec<Kind> = members.iter().map(|&x| kind[x as usize]).collect();
        if own[1..].iter().all(|&k| k == Kind::Plain) {
            continue;
        }
        own[0] = Kind::Terminal;
        kind[top as usize] = Kind::Terminal;
        let graph = Csr::from_edges(members.len() as u32, ends)?;
        parts.push(Part { net: Net::new(graph, 0, own), vertex: members, edge: edges });
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ascent::Ascent;
    use crate::net::Lifted;
    use crate::oracle::{dreyfus_wagner, instances, nets, optimum, prized_nets};
    use crate::reduce::Spared;
    use proptest::prelude::*;

    fn closed(net: &Net, upper: u64) -> Verdict {
        let mut exact = Exact::new(u64::MAX, 1, &|| false);
        exact.close(net, Best::below(upper), 0, None).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn finds_and_proves_the_optimum(instance in instances()) {
            let lifted = Lifted::new(&instance).unwrap();
            let (want, _) = optimum(&instance);
            // What nothing reaches is no part of what is closed.
            let reducer = Reducer::among(&lifted.net, |v| lifted.reached[v as usize]);
            let net = &reducer.freeze().unwrap().net;
            let verdict = closed(net, u64::MAX);
            prop_assert_eq!((verdict.bound, net.cost(&verdict.tree.unwrap())), (want, want));
            let nothing = closed(net, want);
            prop_assert!(nothing.tree.is_none() && nothing.bound == want);
        }

        #[test]
        fn what_several_ascents_spare_is_in_no_better_tree(net in prop_oneof![nets(), prized_nets()]) {
            let want = dreyfus_wagner(&net);
            let mut reducer = Reducer::new(&net);
            let before = reducer.freeze().unwrap();
            let twins = before.net.graph.twins();
            let others = before.net.terminals.iter().copied().filter(|&t| !before.net.is_sink(t));
            let roots = [before.net.root].into_iter().chain(others);
            let spared: Vec<Spared> = roots
                .map(|root| {
                    let rooted = Net::new(before.net.graph.clone(), root, before.net.kind.clone());
                    Spared::by(&rooted, &twins, &Ascent::run(&rooted, &twins, &[]), want + 1)
                })
                .collect();
            reducer.take_away(&spared, &[], &before.edge, &before.vertex);
            prop_assert_eq!(dreyfus_wagner(&reducer.freeze().unwrap().net), want);
        }

        #[test]
        fn agrees_with_dreyfus_and_wagner(net in prop_oneof![nets(), prized_nets()]) {
            let want = dreyfus_wagner(&net);
            let verdict = closed(&net, u64::MAX);
            let tree = verdict.tree.unwrap();
            prop_assert!(tree::is_solution(&net, &tree));
            prop_assert_eq!((verdict.bound, net.cost(&tree)), (want, want));
        }
    }
}
