//! Where a search begins of which nearly the same was solved before: at that tree and that dual, as far as they hold.
//!
//! Potentials stay a certificate where edges became dearer or went, and where terminals went. Where edges became cheaper or
//! came, the potentials of each terminal are lowered to what the arcs have left for it, one terminal after the other; then
//! all ascend from there. A tree's edges cost nothing in the heuristic that makes a tree of them again.

use crate::Certificate;
use crate::ascent::Ascent;
use crate::net::{Lifted, Net};
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

    /// Which edges of the lifted instance were in the tree.
    pub(crate) fn known(&self, lifted: &Lifted) -> Vec<bool> {
        let last = lifted.origin.iter().max().map_or(0, |&e| e as usize + 1);
        let mut known = vec![false; last];
        for &e in &self.edges {
            if let Some(known) = known.get_mut(e as usize) {
                *known = true;
            }
        }
        lifted.origin.iter().map(|&e| known[e as usize]).collect()
    }

    /// The potentials as an ascent that can go on: lowered where the arcs do not hold them.
    pub(crate) fn ascent(&self, lifted: &Lifted, tree: &[u32]) -> Ascent {
        let net = &lifted.net;
        let mut ascent = Ascent::empty(net, tree);
        let same_root = self.certificate.root() == net.root;
        let blocks: Vec<_> = self.certificate.blocks().filter(|_| same_root).collect();
        let mut potential = vec![0u64; net.kind.len()];
        let mut members = Vec::new();
        for &t in &net.terminals {
            let named = lifted.terminal(t);
            let block = blocks.binary_search_by_key(&named, |block| block.0).ok().map(|at| blocks[at]);
            members.clear();
            if let Some((_, vertices, values)) = block
                && let Ok(at) = vertices.binary_search(&named)
            {
                let own = values[at];
                for (&v, &value) in vertices.iter().zip(values) {
                    // What no path can end at has lost its edges here, and has them in the instance.
                    if v < lifted.vertices && v != net.root && net.graph.degree(v) > 0 {
                        members.push(v);
                        potential[v as usize] = value.min(own);
                    }
                }
                if t != named {
                    members.push(t);
                    potential[t as usize] = own;
                }
            }
            let ways = fitted(net, &members, &mut potential, &ascent);
            adopt(&mut ascent, &ways, &mut potential, t, members.iter().map(|&v| (v, v)));
            for &v in &members {
                potential[v as usize] = 0;
            }
        }
        ascent
    }
}

/// The arcs on which a terminal's potentials rise, or may; the potentials are lowered to what those have left.
fn fitted(net: &Net, members: &[u32], potential: &mut [u64], ascent: &Ascent) -> Vec<Way> {
    let mut ways = Vec::new();
    let mut fit = true;
    for &head in members {
        for slot in net.graph.slots(head) {
            let tail = net.graph.arcs()[slot].head;
            if !net.is_sink(tail) {
                let rise = potential[head as usize].saturating_sub(potential[tail as usize]);
                let share = rise.min(ascent.residual[slot]);
                fit &= share == rise;
                ways.push(Way { head, tail, slot: slot as u32, share });
            }
        }
    }
    if !fit {
        shorten(&ways, potential);
    }
    ways
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
    }
}
