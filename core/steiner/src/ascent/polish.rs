//! A better dual from a good one: take back what a few neighbouring terminals have raised, and let them, and whom that
//! cuts off, ascend again in another order. What is not worse is kept.
//!
//! Such a move costs what its neighbourhood holds: the arcs a terminal has paid for follow from its potentials, and the
//! saturated arcs by which the root reaches each vertex form a tree, so that only what hangs below a reopened arc is
//! looked at. Any state between two moves is a feasible dual, hence a certificate.

use super::{Ascent, Log, Stand, State, guide};
use crate::NONE;
use crate::net::Net;
use breiband_random::{SplitMix64, mix};

/// Vertices a move may cut off from the root, at least and in how many doublings; beyond, it is given up.
const LOST: (usize, u64) = (64, 6);
/// How many times as many members the sets of all terminals it cuts off may hold together.
const HELD: usize = 16;
/// Vertices a terminal's set may hold to be taken back.
const MEMBERS: usize = 1500;
/// Vertices that are looked at for neighbouring terminals.
const NEAR: usize = 200;
/// Terminals a move takes back, at most.
const CLUSTER: u64 = 12;

/// An ascent under improvement.
#[derive(Debug)]
pub(crate) struct Polish {
    pub(crate) ascent: Ascent,
    /// Potentials of the terminal being withdrawn; zero between uses.
    potential: Vec<u64>,
    seen: Vec<u32>,
    turn: u32,
    random: u64,
    /// Where tree and dual disagreed at the last survey, and what of it is still to be tried.
    hot: Vec<u32>,
    left: Vec<u32>,
}

impl Polish {
    /// Takes over an ascent that was guided by a tree and knows what the root reaches. One that was given and has not gone on,
    /// see [`Ascent::go_on`], does not: its sets would grow beyond the root.
    pub(crate) fn new(net: &Net, mut ascent: Ascent, seed: u64) -> Self {
        debug_assert!(ascent.reached(net.root), "an ascent that has not gone on");
        for i in 0..net.terminals.len() as u32 {
            ascent.retire(i);
        }
        let n = net.kind.len();
        Self {
            ascent,
            potential: vec![0; n],
            seen: vec![0; n],
            turn: 0,
            random: mix(seed),
            hot: Vec::new(),
            left: Vec::new(),
        }
    }

    /// Makes moves until `budget` more arcs have been looked at, or nothing is left to gain.
    pub(crate) fn run(&mut self, net: &Net, twins: &[u32], budget: u64) {
        let end = self.ascent.work.saturating_add(budget);
        while self.ascent.work < end {
            if self.left.is_empty() {
                self.survey(net);
                if self.hot.is_empty() {
                    return;
                }
            }
            self.ascent.work += 1;
            self.random = SplitMix64::new(self.random).bits();
            let at = (self.random % self.left.len() as u64) as usize;
            // Half of the moves are made anywhere: what is not worse elsewhere may let the next one gain.
            let centre = if self.random >> 63 == 0 {
                self.left.swap_remove(at)
            } else {
                net.terminals[((self.random >> 8) % net.terminals.len() as u64) as usize]
            };
            let size = 1 + (self.random >> 40) % CLUSTER;
            self.step(net, twins, centre, size as usize);
        }
    }

    /// Gives the ascent back.
    pub(crate) fn into_ascent(self) -> Ascent {
        self.ascent
    }

    /// Compares with another tree from now on.
    pub(crate) fn follow(&mut self, net: &Net, tree: &[u32]) {
        self.ascent.guide = guide(net, tree);
        self.survey(net);
    }

    /// Where the guiding tree and the dual disagreed when last compared: one of them can be better there.
    pub(crate) fn places(&self) -> &[u32] {
        &self.hot
    }

    /// Finds where tree and dual disagree: heads of arcs of the tree that are not saturated, and terminals whose cuts
    /// the tree crosses more than once. Where there is neither, both are optimal (complementary slackness).
    fn survey(&mut self, net: &Net) {
        let arcs = net.graph.arcs();
        self.hot.clear();
        self.ascent.work += arcs.len() as u64;
        for v in 0..net.kind.len() as u32 {
            let loose = |slot: usize| self.ascent.guides(slot) && self.ascent.residual[slot] > 0;
            if net.graph.slots(v).any(loose) {
                self.hot.push(v);
            }
        }
        for (set, &t) in self.ascent.sets.iter().zip(&net.terminals) {
            for &(v, joined) in &set.members {
                self.potential[v as usize] = set.total - joined;
            }
            let mut paid = 0;
            for &(v, _) in &set.members {
                for slot in net.graph.slots(v).filter(|&slot| self.ascent.guides(slot)) {
                    paid += self.potential[v as usize].saturating_sub(self.potential[arcs[slot].head as usize]);
                }
                self.ascent.work += net.graph.degree(v) as u64;
            }
            for &(v, _) in &set.members {
                self.potential[v as usize] = 0;
            }
            if paid > set.total {
                self.hot.push(t);
            }
        }
        self.left.clone_from(&self.hot);
    }

    /// One move around `centre`; taken back if the bound falls.
    fn step(&mut self, net: &Net, twins: &[u32], centre: u32, size: usize) {
        let cluster = self.near(net, centre, size);
        let limit = LOST.0 << ((self.random >> 32) % LOST.1);
        self.ascent.begin();
        let mut opened = Vec::new();
        for &i in &cluster {
            self.ascent.withdraw(net, &mut self.potential, i, &mut opened);
        }
        let lost = self.ascent.cut_off(net, twins, &opened, limit);
        let kept = lost.is_some_and(|lost| self.again(net, twins, cluster, &lost, limit));
        self.ascent.end(kept);
    }

    /// Lets the withdrawn terminals, and those among the `lost` vertices, ascend again; whether the bound has not
    /// fallen. None of it is done if the sets would be too large.
    fn again(&mut self, net: &Net, twins: &[u32], cluster: Vec<u32>, lost: &[u32], limit: usize) -> bool {
        let ascent = &mut self.ascent;
        let mut others: Vec<u32> = lost
            .iter()
            .filter(|&&v| !ascent.reached(v))
            .filter_map(|&v| ascent.spots[v as usize].terminal())
            .filter(|i| !cluster.contains(i))
            .collect();
        others.sort_unstable();
        if others.iter().map(|&i| ascent.sets[i as usize].members.len()).sum::<usize>() > HELD * limit {
            return false;
        }
        ascent.jitter = self.random | 1;
        let mut among = cluster;
        let own = among.len();
        among.extend(others);
        for &i in &among[own..] {
            ascent.save(i);
        }
        for &i in &among {
            ascent.stands[i as usize] = Stand::fresh(i);
        }
        for &i in &among[..own] {
            ascent.turn += 1;
            ascent.join(net, i as usize, net.terminals[i as usize]);
            ascent.stands[i as usize].rank = (0, ascent.sets[i as usize].cut.len() as u32);
        }
        for &i in &among[own..] {
            ascent.resume(net, i as usize);
        }
        ascent.settle(net, twins, &among);
        for &i in &among {
            ascent.retire(i);
        }
        ascent.jitter = 0;
        ascent.better()
    }

    /// Up to `size` terminals around one, breadth first.
    fn near(&mut self, net: &Net, centre: u32, size: usize) -> Vec<u32> {
        self.turn += 1;
        let mut found = Vec::new();
        let mut queue = vec![centre];
        self.seen[centre as usize] = self.turn;
        let mut at = 0;
        while at < queue.len() && queue.len() < NEAR && found.len() < size {
            let v = queue[at];
            at += 1;
            let terminal = self.ascent.spots[v as usize].terminal();
            if let Some(i) = terminal.filter(|&i| self.ascent.sets[i as usize].members.len() <= MEMBERS) {
                found.push(i);
            }
            if net.is_sink(v) && v != centre || v == net.root {
                continue;
            }
            self.ascent.work += net.graph.degree(v) as u64;
            for arc in net.graph.neighbours(v) {
                if self.seen[arc.head as usize] != self.turn {
                    self.seen[arc.head as usize] = self.turn;
                    queue.push(arc.head);
                }
            }
        }
        found
    }
}

impl Ascent {
    /// Ends a terminal's part in an ascent.
    fn retire(&mut self, i: u32) {
        let stand = &mut self.stands[i as usize];
        (stand.state, stand.wards) = (State::Finished, Vec::new());
        self.sets[i as usize].cut = Vec::new();
    }

    fn guides(&self, slot: usize) -> bool {
        self.guide.get(slot) == Some(&true)
    }

    /// Notes how a set stands before it changes.
    fn save(&mut self, i: u32) {
        if let Some(log) = &mut self.log {
            log.sets.push((i, self.sets[i as usize].clone()));
        }
    }

    fn begin(&mut self) {
        self.log = Some(Log { bound: self.bound, ..Log::default() });
    }

    fn better(&self) -> bool {
        self.log.as_ref().is_none_or(|log| self.bound >= log.bound)
    }

    /// Ends a move; takes it back unless it is `kept`.
    fn end(&mut self, kept: bool) {
        if let Some(log) = self.log.take()
            && !kept
        {
            self.bound = log.bound;
            for (slot, old) in log.residual.into_iter().rev() {
                self.residual[slot as usize] = old;
            }
            for (v, old) in log.via.into_iter().rev() {
                self.put_via(v, old);
            }
            for (i, set) in log.sets.into_iter().rev() {
                self.sets[i as usize] = set;
            }
        }
    }

    /// Takes back all that terminal `i` has raised; slots of arcs that are no longer saturated go to `opened`.
    fn withdraw(&mut self, net: &Net, potential: &mut [u64], i: u32, opened: &mut Vec<u32>) {
        let old = self.take(i);
        for &(v, joined) in &old.members {
            potential[v as usize] = old.total - joined;
        }
        for &(v, _) in &old.members {
            self.work += net.graph.degree(v) as u64;
            for slot in net.graph.slots(v) {
                let tail = net.graph.arcs()[slot].head;
                let paid = potential[v as usize].saturating_sub(potential[tail as usize]);
                if paid > 0 && !net.is_sink(tail) {
                    let left = self.residual[slot];
                    if let Some(log) = &mut self.log {
                        log.residual.push((slot as u32, left));
                    }
                    if left == 0 {
                        opened.push(slot as u32);
                    }
                    self.residual[slot] = left + paid;
                }
            }
        }
        for &(v, _) in &old.members {
            potential[v as usize] = 0;
        }
        self.bound -= old.total;
        if let Some(log) = &mut self.log {
            log.sets.push((i, old));
        }
    }

    /// The vertices that the root no longer reaches, or reaches another way, now that arcs are `opened`; none if they
    /// are too many.
    fn cut_off(&mut self, net: &Net, twins: &[u32], opened: &[u32], limit: usize) -> Option<Vec<u32>> {
        let arcs = net.graph.arcs();
        let mut lost = Vec::new();
        for &slot in opened {
            let v = arcs[twins[slot as usize] as usize].head;
            if self.via[v as usize] == slot {
                self.set_via(v, NONE);
                lost.push(v);
            }
        }
        let mut at = 0;
        while let Some(&v) = lost.get(at) {
            at += 1;
            if lost.len() > limit {
                return None;
            }
            if net.is_sink(v) {
                continue;
            }
            self.work += net.graph.degree(v) as u64;
            for slot in net.graph.slots(v) {
                let head = arcs[slot].head;
                if self.via[head as usize] == twins[slot] {
                    self.set_via(head, NONE);
                    lost.push(head);
                }
            }
        }
        for &v in &lost {
            if self.reached(v) {
                continue;
            }
            self.work += net.graph.degree(v) as u64;
            let other = net.graph.slots(v).find(|&slot| {
                let tail = arcs[slot].head;
                self.residual[slot] == 0 && self.reached(tail) && !net.is_sink(tail)
            });
            if let Some(slot) = other {
                self.flood(net, twins, v, slot as u32);
            }
        }
        Some(lost)
    }

    /// Readies a terminal that had finished or rested to go on from where it stands.
    pub(super) fn resume(&mut self, net: &Net, i: usize) {
        let (arcs, t) = (net.graph.arcs(), net.terminals[i]);
        self.turn += 1;
        let raised = self.stands[i].set as usize;
        let set = &mut self.sets[raised];
        set.forget_unpaid();
        set.cut.clear();
        if set.members.is_empty() {
            self.join(net, i, t);
        } else {
            for &(v, _) in &set.members {
                self.spots[v as usize].stamp = self.turn;
            }
            if self.spots[t as usize].stamp != self.turn {
                // It was handed a set and has paid nothing since.
                self.spots[t as usize].stamp = self.turn;
                set.members.push((t, set.total));
            }
            let mut free = Vec::new();
            for &(v, _) in &set.members {
                self.work += net.graph.degree(v) as u64;
                for slot in net.graph.slots(v) {
                    let tail = arcs[slot].head;
                    let spot = self.spots[tail as usize];
                    if spot.stamp != self.turn && !spot.is_sink() {
                        if self.residual[slot] == 0 {
                            free.push(tail);
                        } else {
                            set.cut.push(slot as u32);
                        }
                    }
                }
            }
            for v in free {
                self.join(net, i, v);
                if self.stands[i].state != State::Active {
                    break;
                }
            }
        }
        self.stands[i].rank = (0, self.set_of(i).cut.len() as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::{Guided, guide_of, instances};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        /// Whatever the moves, what stands between them is a certificate that never falls and never passes the optimum.
        #[test]
        fn every_state_is_a_certificate(instance in instances(), seed in 0u64..100, guided: bool) {
            let Guided { lifted, tree, best, unreachable } = guide_of(&instance, guided);
            let net = &lifted.net;
            let twins = net.graph.twins();
            let mut polish = Polish::new(net, Ascent::run(net, &twins, &tree), seed);
            let mut bound = polish.ascent.bound;
            for _ in 0..4 {
                if !net.terminals.is_empty() {
                    for &t in &net.terminals {
                        polish.random = mix(polish.random + 1);
                        polish.step(net, &twins, t, 1 + (polish.random % 4) as usize);
                    }
                    polish.run(net, &twins, 500);
                }
                prop_assert!(polish.ascent.bound >= bound && polish.ascent.bound <= best);
                bound = polish.ascent.bound;
                let certificate = polish.ascent.clone().into_lifted_certificate(&lifted);
                prop_assert_eq!(instance.check(&certificate, &unreachable), Ok(bound));
            }
        }
    }
}
