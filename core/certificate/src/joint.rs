//! Potentials that several terminals pay for together, each for some of their height.

use crate::Certificate;
use crate::entries::Entries;
use std::ops::Range;

/// As a [`Certificate`], where many terminals pay for the same ground one after the other: a village that nobody's prize is
/// worth, and each home's prize pays for some of the way to it. In a certificate the village stands once for every home; here it
/// stands once.
///
/// A block is one potential π and its payers, lowest first, with what each pays: they stack up to levels 0 ≤ x₁ ≤ x₂ ≤ …, and the
/// one between x and x + a has the potential min(a, max(0, π(v) − x)) at v. Its own is a, for which π(t) ≥ x + a; or t is a sink
/// at which π is zero. A terminal's potential is the sum over all blocks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JointCertificate {
    root: u32,
    /// The ends of each block's payers, and of its entries.
    blocks: Vec<(usize, usize)>,
    payers: Vec<(u32, u64)>,
    entries: Entries,
}

impl JointCertificate {
    /// A certificate without potentials: the bound 0.
    #[must_use]
    pub fn new(root: u32) -> Self {
        Self { root, ..Self::default() }
    }

    /// Makes room for so many more potentials.
    pub fn reserve(&mut self, potentials: usize) {
        self.entries.reserve(potentials);
    }

    /// Adds a potential, its vertices in increasing order, and those who pay for it, the lowest share first; entries of zero are
    /// left out. Nothing is sorted here, the checker refuses what is out of order.
    pub fn push(
        &mut self,
        payers: impl IntoIterator<Item = (u32, u64)>,
        potential: impl IntoIterator<Item = (u32, u64)>,
    ) {
        let before = self.payers.len();
        self.payers.extend(payers.into_iter().filter(|(_, amount)| *amount > 0));
        if self.payers.len() > before {
            let end = self.entries.extend(potential);
            self.blocks.push((self.payers.len(), end));
        }
    }

    /// The root r.
    #[must_use]
    pub fn root(&self) -> u32 {
        self.root
    }

    /// Number of non-zero potentials.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds no potential at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Each block's payers with what they pay, its vertices and their potentials.
    pub fn blocks(&self) -> impl Iterator<Item = (&[(u32, u64)], &[u32], &[u64])> {
        self.ranges().map(|(payers, entries)| {
            let (vertices, potentials) = self.entries.of(entries);
            (&self.payers[payers], vertices, potentials)
        })
    }

    fn ranges(&self) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
        let mut start = (0, 0);
        self.blocks.iter().map(move |&end| {
            let (payers, entries) = std::mem::replace(&mut start, end);
            (payers..end.0, entries..end.1)
        })
    }

    /// What each terminal pays for by itself: proves as much, and may be many times as large.
    #[must_use]
    pub fn separate(&self) -> Certificate {
        // Terminal, level, amount and entries of each share.
        let mut shares = Vec::with_capacity(self.payers.len());
        for (payers, entries) in self.ranges() {
            let mut level = 0;
            for &(terminal, amount) in &self.payers[payers] {
                shares.push((terminal, level, amount, entries.clone()));
                level = u64::saturating_add(level, amount);
            }
        }
        shares.sort_by_key(|share| share.0);
        let mut certificate = Certificate::new(self.root);
        let mut own: Vec<(u32, u64)> = Vec::new();
        for of_one in shares.chunk_by(|a, b| a.0 == b.0) {
            for (terminal, level, amount, entries) in of_one {
                let (vertices, potentials) = self.entries.of(entries.clone());
                let share = |value: &u64| value.saturating_sub(*level).min(*amount);
                let entries = vertices.iter().copied().zip(potentials.iter().map(share));
                own.extend(entries.filter(|(_, value)| *value > 0));
                if vertices.binary_search(terminal).is_err() {
                    own.push((*terminal, *amount));
                }
            }
            // Stable, and quick where it is one block with one vertex at its end.
            own.sort_by_key(|entry| entry.0);
            own.dedup_by(|next, sum| {
                let same = next.0 == sum.0;
                sum.1 = sum.1.saturating_add(if same { next.1 } else { 0 });
                same
            });
            certificate.push(of_one[0].0, own.drain(..));
        }
        certificate
    }
}

impl From<Certificate> for JointCertificate {
    /// The same, each paying alone.
    fn from(certificate: Certificate) -> Self {
        let mut joint = Self::new(certificate.root());
        for (terminal, vertices, potentials) in certificate.blocks() {
            let own = vertices.binary_search(&terminal).ok().map(|at| (terminal, potentials[at]));
            joint.payers.extend(own);
            let before = joint.blocks.last().map_or(0, |block| block.1);
            joint.blocks.push((joint.payers.len(), before + vertices.len()));
        }
        Self { entries: certificate.entries, ..joint }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Instance, Violation, check, check_joint};
    use proptest::prelude::*;

    /// Two homes with two drops each along a road, and a third place on it.
    const EDGES: [(u32, u32, u64); 7] = [(0, 1, 10), (1, 2, 2), (1, 3, 5), (2, 3, 1), (1, 4, 4), (2, 4, 1), (2, 5, 20)];

    type Entries<'a> = &'a [(u32, u64)];

    fn verdict(terminals: &[(u32, Option<u64>)], blocks: &[[Entries<'_>; 2]]) -> Result<u64, Violation> {
        let instance = Instance { vertices: 6, edges: &EDGES, root: 0, terminals, sinks: &[3, 4] };
        let mut joint = JointCertificate::new(0);
        for [payers, potential] in blocks {
            joint.push(payers.iter().copied(), potential.iter().copied());
        }
        let proven = check_joint(&instance, &joint);
        if let Ok(bound) = proven {
            assert_eq!(check(&instance, &joint.separate()), Ok(bound));
        }
        proven
    }

    #[test]
    fn each_rule_is_held_for_shares() {
        let homes = [(3, Some(4)), (4, Some(5)), (5, None)];
        // Six of the ten along the road are paid by both homes, and both pay for their own drops.
        assert_eq!(verdict(&homes, &[[&[(3, 3), (4, 3)], &[(1, 6), (2, 6)]]]), Ok(6));
        assert_eq!(verdict(&homes, &[[&[(3, 4), (4, 5)], &[(1, 9), (2, 9)]]]), Ok(9));
        // The place is no sink: its share must reach no higher than its potential.
        let with_place = |own| verdict(&homes, &[[&[(3, 3), (5, 4)], &[(1, 6), (2, 7), (5, own)]]]);
        assert_eq!(with_place(7), Ok(7));
        assert_eq!(with_place(6), Err(Violation::Share { terminal: 5, level: 7, potential: 6 }));
        assert_eq!(
            verdict(&homes, &[[&[(5, 1)], &[(1, 1), (2, 1)]]]),
            Err(Violation::Share { terminal: 5, level: 1, potential: 0 })
        );
        // A drop costs 1 from place 2: whoever pays for more than lies there pays for that.
        assert_eq!(verdict(&homes, &[[&[(3, 3), (4, 4)], &[(1, 6), (2, 6)]]]), Ok(7));
        assert!(matches!(
            verdict(&homes, &[[&[(3, 3), (4, 5)], &[(1, 6), (2, 6)]]]),
            Err(Violation::Overloaded { from: 2, to: 4, cost: 1, .. })
        ));
        assert!(matches!(
            verdict(&homes, &[[&[(4, 5), (3, 4)], &[(1, 11), (2, 11)]]]),
            Err(Violation::Overloaded { from: 0, to: 1, cost: 10, .. })
        ));
        // What lies below a share is not paid for again: home 4 pays one at place 2, which is two short of where its share ends.
        assert_eq!(verdict(&homes, &[[&[(3, 4), (4, 1)], &[(1, 5), (2, 3)]]]), Ok(5));
        // Two blocks share costs and prizes.
        let twice = |more| verdict(&homes, &[[&[(3, 3)], &[(1, 3), (2, 3)]], [&[(3, more)], &[(1, 2), (2, 2)]]]);
        assert_eq!(twice(1), Ok(4));
        assert_eq!(twice(2), Err(Violation::Prize { terminal: 3, potential: 5, prize: 4 }));
        assert_eq!(verdict(&homes, &[[&[(2, 1)], &[(1, 1), (2, 1)]]]), Err(Violation::NoTerminal(2)));
        assert_eq!(verdict(&homes, &[[&[(3, 1)], &[(0, 1)]]]), Err(Violation::RootPotential(3)));
        assert_eq!(
            verdict(&homes, &[[&[(3, 1)], &[(2, 1), (1, 1)]]]),
            Err(Violation::Order { terminal: 3, vertex: 1 })
        );
        assert_eq!(verdict(&homes, &[[&[(3, 1)], &[(9, 1)]]]), Err(Violation::Vertex { terminal: 3, vertex: 9 }));
        let all = [(0, None), (5, None)];
        assert_eq!(verdict(&all, &[[&[(0, 1)], &[(1, 1)]]]), Err(Violation::RootPotential(0)));
        let endless = [&[(5, u64::MAX)][..]; 2];
        assert_eq!(
            verdict(&homes, &[endless, endless]),
            Err(Violation::Overloaded { edge: 6, from: 2, to: 5, cost: 20 })
        );
        assert_eq!(verdict(&homes, &[[&[(5, 2), (5, u64::MAX)], &[(5, 3)]]]), Err(Violation::TooLarge));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]
        /// Whatever is accepted jointly is accepted apart.
        #[test]
        fn what_shares_prove_their_terminals_prove(
            blocks in prop::collection::vec((
                prop::collection::vec((prop::sample::select(vec![3u32, 4, 5]), 1u64..4), 1..4),
                prop::collection::btree_map(1u32..6, 1u64..7, 0..5),
            ), 0..3),
        ) {
            let homes = [(3, Some(4)), (4, Some(5)), (5, None)];
            let blocks: Vec<(_, Vec<_>)> =
                blocks.into_iter().map(|(payers, potential)| (payers, potential.into_iter().collect())).collect();
            let blocks: Vec<_> = blocks.iter().map(|(payers, entries)| [&payers[..], &entries[..]]).collect();
            let _ = verdict(&homes, &blocks);
        }

        #[test]
        fn a_certificate_is_a_joint_one(values in prop::collection::btree_map(1u32..6, 1u64..7, 0..5), t in 3u32..6) {
            let homes = [(3, Some(4)), (4, Some(5)), (5, None)];
            let instance = Instance { vertices: 6, edges: &EDGES, root: 0, terminals: &homes, sinks: &[3, 4] };
            let mut certificate = Certificate::new(0);
            certificate.push(t, values);
            let proven = check(&instance, &certificate);
            prop_assert_eq!(check_joint(&instance, &certificate.clone().into()), proven.clone());
            if let Ok(bound) = proven {
                prop_assert_eq!(check(&instance, &JointCertificate::from(certificate).separate()), Ok(bound));
            }
        }
    }
}
