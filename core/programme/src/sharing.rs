//! Who pays what: keys of several parts, exact to the minor unit.
//!
//! A share is amount × Σ part × own / all, a fraction that is kept whole: everybody gets the whole minor units of it, and
//! those left over go to the largest remainders (ties: the earlier member). Parts of a key are not rounded one by one.

use breiband_model::{Measure, Money, SharingKey};

use crate::natural::Natural;

/// What a member has of each measure: what [`split`] goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Basis {
    /// Inhabitants.
    pub inhabitants: u64,
    /// Premises.
    pub premises: u64,
    /// Premises connected.
    pub connected: u64,
    /// Millimetres built in its area.
    pub built_mm: u64,
    /// What it caused along the tree, minor units.
    pub caused: u64,
}

impl Basis {
    /// The figure that a measure goes by.
    pub fn of(&self, measure: Measure) -> u64 {
        match measure {
            Measure::Equal => 1,
            Measure::Inhabitants => self.inhabitants,
            Measure::Premises => self.premises,
            Measure::ConnectedPremises => self.connected,
            Measure::Metres => self.built_mm,
            Measure::CauserPays => self.caused,
        }
    }
}

/// Splits `amount` among members with these `bases`. The shares add up to `amount` exactly; a part whose measure is 0 for all
/// members is split equally. Without members there are no shares.
///
/// Takes O(members × parts²) operations on numbers of some hundred bits.
///
/// ```
/// use breiband_model::{KeyPart, Measure, Money, SharingKey};
/// use breiband_programme::{Basis, split};
/// let part = |by, per_cent| KeyPart { by, per_cent };
/// let key = SharingKey { name: "agreed".into(), parts: vec![part(Measure::Equal, 30.0), part(Measure::Inhabitants, 70.0)] };
/// let bases = [1_000, 3_000].map(|inhabitants| Basis { inhabitants, ..Basis::default() });
/// assert_eq!(split(Money::from_minor(1_000), &key, &bases), [325, 675].map(Money::from_minor));
/// ```
pub fn split(amount: Money, key: &SharingKey, bases: &[Basis]) -> Vec<Money> {
    let one = Natural::from(1);
    let product = |factors: &mut dyn Iterator<Item = Natural>| factors.fold(one.clone(), |a, b| a.times(&b));
    // Each part: its share in thousandths of a per cent, what each member has, and what all have.
    let parts: Vec<(Natural, Vec<u64>, Natural)> = key
        .parts
        .iter()
        .map(|part| {
            let mut own: Vec<u64> = bases.iter().map(|basis| basis.of(part.by)).collect();
            if own.iter().all(|&figure| figure == 0) {
                own.fill(1);
            }
            let all = own.iter().fold(Natural::default(), |sum, &figure| sum.plus(&Natural::from(figure)));
            (Natural::from(part.share().unwrap_or(0)), own, all)
        })
        .collect();
    let scale: Natural = parts.iter().fold(Natural::default(), |sum, (share, ..)| sum.plus(share));
    let denominator = product(&mut parts.iter().map(|(_, _, all)| all.clone())).times(&scale);
    if bases.is_empty() || denominator.is_zero() {
        return Vec::new();
    }
    let fraction = |member: usize| {
        let terms = parts.iter().enumerate().map(|(at, (share, own, _))| {
            let others = product(&mut parts.iter().enumerate().filter(|(k, _)| *k != at).map(|(_, p)| p.2.clone()));
            share.times(&Natural::from(own[member])).times(&others)
        });
        terms.fold(Natural::default(), |sum, term| sum.plus(&term)).times(&Natural::from(amount.as_minor()))
    };
    let (mut shares, remainders): (Vec<u64>, Vec<Natural>) =
        (0..bases.len()).map(|member| fraction(member).divide(&denominator)).unzip();
    let left = amount.as_minor() - shares.iter().sum::<u64>();
    let mut order: Vec<usize> = (0..bases.len()).collect();
    order.sort_by(|&a, &b| remainders[b].cmp(&remainders[a]).then(a.cmp(&b)));
    for &member in order.iter().take(left as usize) {
        shares[member] += 1;
    }
    shares.into_iter().map(Money::from_minor).collect()
}

/// Shares under caps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capped {
    /// One a member.
    pub shares: Vec<Money>,
    /// What all caps together leave unpaid.
    pub unpaid: Money,
}

/// Splits as [`split`] does, but nobody pays more than its cap: what is above is split among the others by the same key, again
/// and again. Shares and `unpaid` add up to `amount`.
pub fn split_capped(amount: Money, key: &SharingKey, bases: &[Basis], caps: &[Option<Money>]) -> Capped {
    let mut shares = vec![Money::ZERO; bases.len()];
    let mut open: Vec<usize> = (0..bases.len()).collect();
    let mut rest = amount;
    while !open.is_empty() {
        let now: Vec<Basis> = open.iter().map(|&member| bases[member]).collect();
        let parts = split(rest, key, &now);
        let cap = |member: usize| caps.get(member).copied().flatten();
        let over: Vec<bool> =
            open.iter().zip(&parts).map(|(&member, part)| cap(member).is_some_and(|cap| *part > cap)).collect();
        if !over.contains(&true) {
            for (&member, part) in open.iter().zip(parts) {
                shares[member] = part;
            }
            return Capped { shares, unpaid: Money::ZERO };
        }
        for (&member, _) in open.iter().zip(&over).filter(|(_, over)| **over) {
            let most = cap(member).unwrap_or_default();
            shares[member] = most;
            rest = Money::from_minor(rest.as_minor() - most.as_minor());
        }
        let mut over = over.into_iter();
        open.retain(|_| over.next() == Some(false));
    }
    Capped { shares, unpaid: rest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use breiband_model::KeyPart;
    use proptest::prelude::*;

    /// The founding partnership's shares for 2017: 30 % equally, 70 % by inhabitants on 1 January. The eight figures are
    /// from the table that IKT-samarbeidet Sunnmøre (eKommune Sunnmøre) published.
    const SUNNMORE_2017: [(&str, u64, u64); 8] = [
        ("Ålesund", 47_199, 43_287),
        ("Ørskog", 2_296, 5_673),
        ("Norddal", 1_663, 5_143),
        ("Skodje", 4_667, 7_659),
        ("Sula", 9_007, 11_295),
        ("Giske", 8_176, 10_599),
        ("Haram", 9_312, 11_550),
        ("Sandøy", 1_246, 4_794),
    ];

    fn founding() -> SharingKey {
        let part = |by, per_cent| KeyPart { by, per_cent };
        SharingKey { name: "30/70".into(), parts: vec![part(Measure::Equal, 30.0), part(Measure::Inhabitants, 70.0)] }
    }

    #[test]
    fn the_founding_partnerships_table_comes_out() {
        let bases: Vec<Basis> =
            SUNNMORE_2017.iter().map(|row| Basis { inhabitants: row.1, ..Basis::default() }).collect();
        // A hundred per cent in thousandths: the published three decimals.
        let shares = split(Money::from_minor(100_000), &founding(), &bases);
        for (row, share) in SUNNMORE_2017.iter().zip(&shares) {
            assert_eq!(share.as_minor(), row.2, "{}", row.0);
        }
        // An amount: 12,345,678.90 kr, amount × (0.3 / 8 + 0.7 × own / 83,566), worked out elsewhere with exact fractions.
        let shares = split(Money::from_minor(1_234_567_890), &founding(), &bases);
        let expect =
            [534_404_604, 70_040_373, 63_494_205, 94_560_061, 139_442_158, 130_848_374, 142_596_314, 59_181_801];
        assert_eq!(shares.iter().map(|share| share.as_minor()).collect::<Vec<_>>(), expect);
        assert_eq!(expect.iter().sum::<u64>(), 1_234_567_890);
    }

    fn bases() -> impl Strategy<Value = Vec<Basis>> {
        let basis = (0u64..1 << 40, 0u64..9, 0u64..3, any::<u64>(), 0u64..1 << 53).prop_map(
            |(inhabitants, premises, connected, built_mm, caused)| Basis {
                inhabitants,
                premises,
                connected,
                built_mm,
                caused,
            },
        );
        prop::collection::vec(basis, 1..9)
    }

    fn keys() -> impl Strategy<Value = SharingKey> {
        prop::collection::vec((0usize..6, 1u64..1000), 1..5).prop_map(|parts| {
            let all: u64 = parts.iter().map(|p| p.1).sum();
            let mut left = 100_000;
            let count = parts.len();
            let parts = parts.into_iter().enumerate().map(|(at, (measure, weight))| {
                let share = if at + 1 == count { left } else { weight * 100_000 / all };
                left -= share;
                KeyPart { by: Measure::ALL[measure], per_cent: share as f64 / 1000.0 }
            });
            SharingKey { name: "k".into(), parts: parts.collect() }
        })
    }

    proptest! {
        #[test]
        fn shares_add_up_and_lie_within_a_minor_unit(amount in 0u64..1 << 62, key in keys(), bases in bases()) {
            let shares = split(Money::from_minor(amount), &key, &bases);
            prop_assert_eq!(shares.iter().map(|s| u128::from(s.as_minor())).sum::<u128>(), u128::from(amount));
            for (at, share) in shares.iter().enumerate() {
                let quota: f64 = key.parts.iter().map(|part| {
                    let all: f64 = bases.iter().map(|b| b.of(part.by) as f64).sum();
                    let own = if all == 0.0 { 1.0 / bases.len() as f64 } else { bases[at].of(part.by) as f64 / all };
                    part.per_cent / 100.0 * own
                }).sum::<f64>() * amount as f64;
                prop_assert!((share.as_minor() as f64 - quota).abs() <= 1.0 + quota * 1e-9, "{share:?} {quota}");
            }
        }

        #[test]
        fn caps_hold_and_nothing_is_lost(
            amount in 0u64..1 << 40, key in keys(), bases in bases(), caps in prop::collection::vec(prop::option::of(0u64..1 << 38), 8)
        ) {
            let caps: Vec<Option<Money>> = caps.into_iter().map(|cap| cap.map(Money::from_minor)).collect();
            let capped = split_capped(Money::from_minor(amount), &key, &bases, &caps);
            let paid: u64 = capped.shares.iter().map(|s| s.as_minor()).sum();
            prop_assert_eq!(paid + capped.unpaid.as_minor(), amount);
            for (share, cap) in capped.shares.iter().zip(&caps) {
                prop_assert!(cap.is_none_or(|cap| *share <= cap));
            }
            // Something is unpaid only where everybody has a cap and pays it.
            if capped.unpaid > Money::ZERO {
                prop_assert!(capped.shares.iter().zip(&caps).all(|(share, cap)| Some(*share) == *cap));
            }
        }
    }
}
