//! What the public report does not tell: counts of a few premises, what belongs to them, and what would give them away.
//!
//! As statistical offices do it: a row with a count from 1 to below the least is hidden (minimum frequency), and where its total
//! is told, others with it, until neither a single row nor few premises are left between the total and what is shown
//! (secondary suppression). Both bear the same sign, since "hidden, but not few" would say something too. A. Hundepool and
//! others, Statistical Disclosure Control (Wiley 2012), chapters 4 and 5.

use breiband_model::{Eligibility, Phase, Programme};

use crate::view::PlanView;

/// What stands in place of a figure that is not told: Statistics Norway's sign for it.
pub(super) const NOT_TOLD: &str = ":";

/// The rows and totals that are not told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Hidden {
    /// One a row.
    pub(super) rows: Vec<bool>,
    /// One a group: where even all its rows together would give away a few.
    pub(super) totals: Vec<bool>,
}

impl Hidden {
    /// Nothing is hidden.
    pub(super) fn nothing(rows: usize, groups: usize) -> Self {
        Self { rows: vec![false; rows], totals: vec![false; groups] }
    }

    /// Hides what must be: `counts` are a row's counts of premises, `groups` the rows whose total is told, and rows that are
    /// `hidden` beforehand stay so. O(rows² × groups).
    pub(super) fn of(counts: &[Vec<u64>], groups: &[Vec<usize>], hidden: &[bool], least: u64) -> Self {
        let few = |count: u64| (1..least).contains(&count);
        let before = |row: usize| hidden.get(row).copied().unwrap_or(false);
        let mut rows: Vec<bool> =
            counts.iter().enumerate().map(|(row, own)| before(row) || own.iter().any(|&count| few(count))).collect();
        let mut totals = vec![false; groups.len()];
        let columns = counts.iter().map(Vec::len).max().unwrap_or(0);
        let mut changes = true;
        while std::mem::take(&mut changes) {
            for (group, total) in groups.iter().zip(&mut totals) {
                let away: Vec<usize> = group.iter().copied().filter(|&row| rows[row]).collect();
                let sum = |column: usize| -> u64 { away.iter().filter_map(|&row| counts[row].get(column)).sum() };
                let safe = away.len() != 1 && !(0..columns).map(sum).any(few);
                if safe || *total {
                    continue;
                }
                // The least that can be lost; rows of nobody protect nothing and come last.
                let size = |row: usize| counts[row].iter().sum::<u64>();
                let next =
                    group.iter().copied().filter(|&row| !rows[row]).min_by_key(|&row| (size(row) == 0, size(row), row));
                match next {
                    Some(row) => rows[row] = true,
                    None => *total = true,
                }
                changes = true;
            }
        }
        Self { rows, totals }
    }
}

/// What several pages of a public report do not tell.
#[derive(Debug, Default)]
pub(super) struct Untold {
    /// The years, one each, in which few premises are passed or connected.
    pub(super) years: Vec<bool>,
    /// The members, one each, of whose premises few are connected, planned, or built for without support.
    pub(super) members: Vec<bool>,
    /// Whether few wait for a budget.
    pub(super) unfunded: bool,
    /// Whether few are passed and wait for a drop.
    pub(super) waiting: bool,
}

impl Untold {
    /// Everything is told.
    pub(super) fn nothing(programme: &Programme) -> Self {
        let (years, members) = (vec![false; programme.years.len()], vec![false; programme.members.len()]);
        Self { years, members, ..Self::default() }
    }

    /// What the public is not told where counts below `least` are few. O(n) in the premises.
    pub(super) fn of(view: &PlanView<'_>, programme: &Programme, least: u64) -> Self {
        let all = |rows: usize| [(0..rows).collect::<Vec<_>>()];
        let years: Vec<Vec<u64>> = programme.years.iter().map(|y| vec![y.passed, y.connected]).collect();
        let last = programme.years.last().map(|y| y.year);
        let eligible = |at: usize| {
            programme.support.as_ref().is_some_and(|support| support.premises[at].0 == Eligibility::Eligible)
        };
        let mut counts: Vec<Vec<u64>> = programme.members.iter().map(|m| vec![m.connected, 0, 0]).collect();
        for (at, (p, row)) in view.region.premises.iter().zip(&programme.premises).enumerate() {
            let code = p.municipality.map(|m| view.region.municipality(m).code.as_str());
            if let Some(member) = programme.members.iter().position(|m| Some(m.code.as_str()) == code) {
                counts[member][1] += u64::from(row.phase != Phase::NotPlanned);
                counts[member][2] += u64::from(row.phase.by(last) && !eligible(at));
            }
        }
        let few = |wanted: &dyn Fn(&breiband_model::PremisesPhase) -> bool| {
            (1..least).contains(&(programme.premises.iter().filter(|row| wanted(row)).count() as u64))
        };
        Self {
            years: Hidden::of(&years, &all(years.len()), &[], least).rows,
            members: Hidden::of(&counts, &all(counts.len()), &[], least).rows,
            unfunded: few(&|row| row.phase == Phase::Unfunded),
            waiting: few(&|row| row.phase != Phase::NotPlanned && !row.connected),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_that_is_few_takes_another_with_it() {
        let counts = [[700u64], [3], [40], [90]].map(|row| row.to_vec());
        let all = [(0..4).collect::<Vec<_>>()];
        assert_eq!(Hidden::of(&counts, &all, &[], 5).rows, [false, true, true, false]);
        assert_eq!(Hidden::of(&counts, &[], &[], 5).rows, [false, true, false, false], "no total is told");
        assert_eq!(Hidden::of(&counts, &all, &[], 1).rows, [false; 4]);
        // One and one are two, which is still few; nobody protects nobody.
        let counts = [[1u64], [1], [0], [60]].map(|row| row.to_vec());
        assert_eq!(Hidden::of(&counts, &all, &[], 5).rows, [true, true, false, true]);
        // Where nothing else is left, the total is not told either.
        let counts = [[3u64], [0]].map(|row| row.to_vec());
        let found = Hidden::of(&counts, &[vec![0, 1]], &[], 5);
        assert_eq!((found.rows, found.totals), (vec![true, true], vec![true]));
    }

    proptest! {
        /// Whoever takes what is shown from a total that is told is left with several rows, and with nobody or many.
        #[test]
        fn nothing_few_is_worked_out(
            counts in prop::collection::vec(prop::collection::vec(0u64..20, 2), 1..12),
            cuts in prop::collection::vec(prop::collection::vec(any::<bool>(), 12), 1..4),
            least in 1u64..8,
        ) {
            let groups: Vec<Vec<usize>> =
                cuts.iter().map(|cut| (0..counts.len()).filter(|&row| cut[row]).collect()).collect();
            let found = Hidden::of(&counts, &groups, &[], least);
            for (own, &hidden) in counts.iter().zip(&found.rows) {
                prop_assert!(hidden || !own.iter().any(|count| (1..least).contains(count)));
            }
            for (group, _) in groups.iter().zip(&found.totals).filter(|(_, away)| !**away) {
                let sum = |column: usize, keep: &dyn Fn(usize) -> bool| -> u64 {
                    group.iter().filter(|&&row| keep(row)).map(|&row| counts[row][column]).sum()
                };
                for left in [0, 1].map(|column| sum(column, &|_| true) - sum(column, &|row| !found.rows[row])) {
                    prop_assert!(!(1..least).contains(&left));
                }
                prop_assert!(group.iter().filter(|&&row| found.rows[row]).count() != 1);
            }
            if !counts.iter().flatten().any(|count| (1..least).contains(count)) {
                prop_assert_eq!(found, Hidden::nothing(counts.len(), groups.len()));
            }
        }
    }
}
