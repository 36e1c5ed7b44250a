//! Where a search begins of which nearly the same was solved before: at that tree and that dual, as far as they hold.
//!
//! What a terminal paid for an arc is stretched or shrunk with it: all who paid for it share what it costs now as they shared
//! it before, and what nobody paid for is there for whoever comes first. Each terminal's potentials are the highest that its
//! shares allow; then all ascend from there. So a price that changes everywhere alike changes nothing but the bound. A tree's
//! edges cost nothing in the heuristic that makes a tree of them again.

use crate::Certificate;
use crate::ascent::Ascent;
use crate::net::Net;
use crate::thinned::Thinned;
use crate::ways::{Way, adopt, shorten};

/// What was found for an instance that was nearly the same, in the names of the instance at hand.
///
/// Nothing rests on it being right: a tree is made anew and a bound is proven anew.
#[derive(Debug, Clone, Default)]
pub struct Start {
    edges: Vec<u32>,
    certificate: Certificate,
}

impl Start {
    /// From the edges of a tree, by their position in the instance at hand, and the certificate of the instance before, whose
    /// vertices have the names that `renamed` says, if any. O(certificate · log).
    ///
    /// ```
    /// use breiband_steiner::{Config, Instance, Silent, Solver, Start, Status, Terminal, solve};
    /// let terminal = |vertex| Terminal { vertex, prize: None };
    /// let before = Instance::new(3, vec![(0, 1, 5), (1, 2, 3)], 0, vec![terminal(2)], vec![])?;
    /// let known = solve(&before, &Config::default(), &mut Silent)?;
    /// // One terminal more, behind the other: the dual still proves what it proved, and ascends from there.
    /// let edges = vec![(0, 1, 5), (1, 2, 3), (2, 3, 2)];
    /// let now = Instance::new(4, edges, 0, vec![terminal(2), terminal(3)], vec![])?;
    /// let start = Start::new(known.edges, &known.certificate, Some);
    /// let mut solver = Solver::new(&now, Config { steps: 0, ..Config::default() }).from(start);
    /// while solver.advance(&mut Silent)? == Status::Running {}
    /// let solution = solver.into_solution().expect("an answer");
    /// assert_eq!((solution.cost, solution.bound), (10, 10));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(edges: Vec<u32>, certificate: &Certificate, renamed: impl Fn(u32) -> Option<u32>) -> Self {
        let mut blocks: Vec<(u32, Vec<(u32, u64)>)> = certificate
            .blocks()
            .filter_map(|(terminal, vertices, potentials)| {
                let entries = vertices.iter().zip(potentials);
                let mut entries: Vec<(u32, u64)> =
                    entries.filter_map(|(&v, &potential)| Some((renamed(v)?, potential))).collect();
                entries.sort_unstable();
                entries.dedup_by_key(|entry| entry.0);
                Some((renamed(terminal)?, entries))
            })
            .collect();
        blocks.sort_unstable_by_key(|block| block.0);
        blocks.dedup_by_key(|block| block.0);
        let root = renamed(certificate.root()).unwrap_or_else(|| certificate.root());
        let mut renamed = Certificate::new(root);
        for (terminal, entries) in blocks {
            renamed.push(terminal, entries);
        }
        Self { edges, certificate: renamed }
    }

    /// Which edges of the thinned instance were in the tree.
    pub(crate) fn known(&self, thinned: &Thinned) -> Vec<bool> {
        thinned.known(&self.edges)
    }

    /// What the potentials paid for, paid again at today's costs, as an ascent that can go on.
    pub(crate) fn ascent(&self, thinned: &Thinned, tree: &[u32]) -> Ascent {
        let net = &*thinned.net;
        let mut ascent = Ascent::empty(net, tree);
        let blocks = self.blocks(thinned);
        let mut potential = vec![0u64; net.kind.len()];
        let mut paid = vec![0u64; net.graph.arcs().len()];
        for block in &blocks {
            block.iter().for_each(|&(v, value)| potential[v as usize] = value);
            for rise in rises(net, block, &potential) {
                let paid = &mut paid[rise.slot as usize];
                *paid = paid.saturating_add(rise.share);
            }
            block.iter().for_each(|&(v, _)| potential[v as usize] = 0);
        }
        let mut ways = Vec::new();
        for (i, (block, &t)) in blocks.iter().zip(&net.terminals).enumerate() {
            block.iter().for_each(|&(v, value)| potential[v as usize] = value);
            ways.clear();
            ways.extend(rises(net, block, &potential).map(|way| {
                let (left, paid) = (ascent.residual[way.slot as usize], paid[way.slot as usize]);
                let cost = net.graph.arcs()[way.slot as usize].cost;
                let share = (u128::from(way.share) * u128::from(cost)).checked_div(u128::from(paid));
                let share = share.map_or(left, |share| u64::try_from(share).unwrap_or(left).min(left));
                Way { share, ..way }
            }));
            block.iter().for_each(|&(v, _)| potential[v as usize] = u64::MAX);
            shorten(&ways, &mut potential);
            adopt(&mut ascent, i, &ways, &mut potential, t, block.iter().map(|&(v, _)| (v, v)));
            block.iter().for_each(|&(v, _)| potential[v as usize] = 0);
        }
        ascent
    }

    /// What is known of each terminal: vertices with potentials, none higher than its own; nothing of those that are new.
    fn blocks(&self, thinned: &Thinned) -> Vec<Vec<(u32, u64)>> {
        let net = &thinned.net;
        let same_root = thinned.here(self.certificate.root()) == Some(net.root);
        let blocks: Vec<_> = self.certificate.blocks().filter(|_| same_root).collect();
        let known = |&t: &u32| {
            let named = thinned.terminal(t);
            let at = blocks.binary_search_by_key(&named, |block| block.0).ok()?;
            let (_, vertices, values) = blocks[at];
            let own = values[vertices.binary_search(&named).ok()?];
            let entries =
                vertices.iter().zip(values).filter_map(|(&v, &value)| Some((thinned.here(v)?, value.min(own))));
            let entries = entries.filter(|&(v, _)| v != net.root);
            let added = thinned.here(named) != Some(t);
            Some(entries.chain(added.then_some((t, own))).collect())
        };
        net.terminals.iter().map(|t| known(t).unwrap_or_default()).collect()
    }
}

/// The arcs on which a terminal's potentials may rise, each with how much they do as its share.
fn rises<'a>(net: &'a Net, block: &'a [(u32, u64)], potential: &'a [u64]) -> impl Iterator<Item = Way> + 'a {
    block.iter().flat_map(move |&(head, value)| {
        let arcs = net.graph.slots(head).map(|slot| (slot, net.graph.arcs()[slot].head));
        arcs.filter(|&(_, tail)| !net.is_sink(tail)).map(move |(slot, tail)| {
            let share = value.saturating_sub(potential[tail as usize]);
            Way { head, tail, slot: slot as u32, share }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::{assert_sound, instances, optimum};
    use crate::{Config, Instance, Silent, Solution, Solver, Status, Terminal, solve};
    use proptest::prelude::*;

    fn from(start: Start, instance: &Instance, steps: u64) -> Solution {
        let mut solver = Solver::new(instance, Config { steps, ..Config::default() }).from(start);
        while solver.advance(&mut Silent).unwrap() == Status::Running {}
        solver.into_solution().unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        #[test]
        fn whatever_was_known_is_a_sound_start(one in instances(), other in instances(), shift in 0u32..4) {
            let known = solve(&one, &Config::default(), &mut Silent).unwrap();
            let start = Start::new(known.edges, &known.certificate, |v| v.checked_sub(shift));
            let solution = from(start, &other, 100_000);
            assert_sound(&other, &solution);
            prop_assert_eq!(solution.cost, optimum(&other).0);
        }

        #[test]
        fn the_same_question_is_answered_at_once(instance in instances()) {
            let known = solve(&instance, &Config::default(), &mut Silent).unwrap();
            let start = Start::new(known.edges.clone(), &known.certificate, Some);
            let solution = from(start, &instance, 0);
            assert_sound(&instance, &solution);
            prop_assert!(solution.cost <= known.cost && solution.bound >= known.bound);
        }

        /// Dearer edges and fewer terminals take nothing from what is proven but what the terminals that went had raised.
        #[test]
        fn what_still_holds_is_kept(instance in instances(), dearer in prop::collection::vec(0u64..4, 14), gone: u16) {
            let known = solve(&instance, &Config::default(), &mut Silent).unwrap();
            let edges = instance.edges().iter().zip(&dearer).map(|(&(u, v, cost), more)| (u, v, cost + more));
            let stays = |t: &Terminal| gone >> (t.vertex % 16) & 1 == 0;
            let terminals: Vec<Terminal> = instance.terminals().iter().copied().filter(stays).collect();
            let (n, sinks) = (instance.vertices(), instance.sinks().to_vec());
            let changed = Instance::new(n, edges.collect(), instance.root(), terminals, sinks).unwrap();
            let kept: u64 = known
                .certificate
                .blocks()
                .filter(|block| changed.terminals().iter().any(|t| t.vertex == block.0))
                .filter_map(|(t, vertices, values)| Some(values[vertices.binary_search(&t).ok()?]))
                .sum();
            let start = Start::new(known.edges.clone(), &known.certificate, Some);
            let solution = from(start, &changed, 0);
            assert_sound(&changed, &solution);
            prop_assert!(solution.bound >= kept);
        }

        /// Where everything becomes so many times as dear, so does the bound: nothing is proven again.
        #[test]
        fn a_price_that_changes_everywhere_changes_nothing_else(instance in instances(), times in 1u64..5) {
            let known = solve(&instance, &Config::default(), &mut Silent).unwrap();
            let edges = instance.edges().iter().map(|&(u, v, cost)| (u, v, cost * times));
            let prizes = instance.terminals().iter();
            let terminals = prizes.map(|t| Terminal { prize: t.prize.map(|prize| prize * times), ..*t }).collect();
            let (n, sinks) = (instance.vertices(), instance.sinks().to_vec());
            let dearer = Instance::new(n, edges.collect(), instance.root(), terminals, sinks).unwrap();
            let start = Start::new(known.edges.clone(), &known.certificate, Some);
            let solution = from(start, &dearer, 0);
            assert_sound(&dearer, &solution);
            prop_assert!(solution.bound >= known.bound * times);
        }
    }
}
