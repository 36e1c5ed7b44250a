//! From an order to years: money and metres of each year, what is frozen, and what must be done by when.

use std::collections::BTreeSet;

/// What can be built in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capacity {
    /// Money of the year less its fixed costs, minor units; may be negative.
    pub money: i128,
    /// Millimetres that the crews build; `None` has no limit.
    pub length_mm: Option<u64>,
    /// Jobs that are frozen.
    pub frozen: BTreeSet<usize>,
}

/// The jobs of a programme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Jobs {
    /// The job each hangs on, which stands before it.
    pub after: Vec<Option<usize>>,
    /// Cost, minor units.
    pub cost: Vec<u64>,
    /// Length.
    pub length_mm: Vec<u64>,
    /// Points.
    pub points: Vec<u64>,
    /// Built already.
    pub built: Vec<bool>,
}

impl Jobs {
    /// `jobs` and everything they hang on, less what is built.
    pub fn closure(&self, jobs: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
        let mut set = BTreeSet::new();
        for job in jobs {
            let mut here = Some(job);
            while let Some(job) = here.filter(|&job| !self.built[job] && set.insert(job)) {
                here = self.after[job];
            }
        }
        set
    }
}

/// The order of building: Horn's, with what `wanted` names (position of the last year, jobs closed upwards) drawn forward, but
/// no earlier than its year asks.
pub fn order(
    jobs: &Jobs,
    blocks: &[Vec<usize>],
    wanted: &[(usize, BTreeSet<usize>)],
    years: &[Capacity],
) -> Vec<usize> {
    let mut wanted: Vec<&(usize, BTreeSet<usize>)> = wanted.iter().collect();
    wanted.sort_by_key(|(year, _)| *year);
    let mut order = Vec::new();
    let mut taken = jobs.built.clone();
    for (at, (_, set)) in wanted.iter().enumerate() {
        // For each later wish: what is spent once it and everything before it is built.
        let mut loads: Vec<(i128, u128, BTreeSet<usize>, usize)> = Vec::new();
        let mut all = BTreeSet::new();
        for (year, set) in &wanted[at..] {
            all.extend(set.iter().copied().filter(|&job| !taken[job]));
            let done = order.iter().chain(&all);
            let (cost, length) = done.fold((0i128, 0u128), |(c, l), &job| {
                (c + i128::from(jobs.cost[job]), l + u128::from(jobs.length_mm[job]))
            });
            loads.push((cost, length, all.clone(), *year));
        }
        let fits = |loads: &[(i128, u128, BTreeSet<usize>, usize)]| {
            loads.iter().all(|(cost, length, _, year)| {
                let until = &years[..=*year];
                let metres = until.iter().try_fold(0u128, |sum, y| Some(sum + u128::from(y.length_mm?)));
                *cost <= until.iter().map(|y| y.money).sum() && metres.is_none_or(|metres| *length <= metres)
            })
        };
        for block in blocks {
            let fresh: Vec<usize> = block.iter().copied().filter(|&job| !taken[job]).collect();
            for (cost, length, set, _) in &mut loads {
                for job in fresh.iter().filter(|job| !set.contains(job)) {
                    *cost += i128::from(jobs.cost[*job]);
                    *length += u128::from(jobs.length_mm[*job]);
                }
            }
            if !fits(&loads) {
                break;
            }
            for job in fresh {
                taken[job] = true;
                order.push(job);
            }
        }
        for &job in blocks.iter().flatten().filter(|job| set.contains(job)) {
            if !std::mem::replace(&mut taken[job], true) {
                order.push(job);
            }
        }
    }
    for &job in blocks.iter().flatten() {
        if !std::mem::replace(&mut taken[job], true) {
            order.push(job);
        }
    }
    order
}

/// The year of each job (its position), `None` where the money ends before, and of built ones. A job is paid in the year it is
/// done. What is frozen is passed over with what hangs on it; else the order is kept, and a job that the money does not reach
/// waits, and those behind it too. Money that is left goes on to the next year, a season's crews do not.
pub fn schedule(jobs: &Jobs, order: &[usize], years: &[Capacity]) -> Vec<Option<usize>> {
    let mut year_of = vec![None; jobs.cost.len()];
    let mut dug = vec![0u64; jobs.cost.len()];
    let mut money = 0i128;
    for (at, year) in years.iter().enumerate() {
        money += year.money;
        let mut metres = year.length_mm;
        for &job in order {
            let ready = jobs.after[job].is_none_or(|above| jobs.built[above] || year_of[above].is_some());
            if year_of[job].is_some() || !ready || year.frozen.contains(&job) {
                continue;
            }
            if i128::from(jobs.cost[job]) > money {
                break;
            }
            if let Some(left) = &mut metres {
                let step = (jobs.length_mm[job] - dug[job]).min(*left);
                dug[job] += step;
                *left -= step;
                if dug[job] < jobs.length_mm[job] {
                    break;
                }
            }
            money -= i128::from(jobs.cost[job]);
            year_of[job] = Some(at);
        }
    }
    year_of
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::horn::{blocks, waiting};
    use proptest::prelude::*;

    type Wishes = Vec<(usize, BTreeSet<usize>)>;

    fn programmes() -> impl Strategy<Value = (Jobs, Vec<Capacity>, Wishes)> {
        let job = (any::<prop::sample::Index>(), 0u64..9, 0u64..9, 0u64..9, 0u8..5);
        let year = (-2i128..20, prop::option::of(0u64..20), prop::collection::btree_set(0usize..12, 0..3));
        let wish = (0usize..4, prop::collection::vec(0usize..12, 1..3));
        let parts =
            (prop::collection::vec(job, 1..12), prop::collection::vec(year, 4), prop::collection::vec(wish, 0..3));
        parts.prop_map(|(list, years, wishes)| {
            let n = list.len();
            let jobs = Jobs {
                after: list.iter().enumerate().map(|(j, l)| (j > 0 && l.4 > 0).then(|| l.0.index(j.max(1)))).collect(),
                cost: list.iter().map(|l| l.1).collect(),
                length_mm: list.iter().map(|l| l.2).collect(),
                points: list.iter().map(|l| l.3).collect(),
                built: vec![false; n],
            };
            let years =
                years.into_iter().map(|(money, length_mm, frozen)| Capacity { money, length_mm, frozen }).collect();
            let wanted = wishes.into_iter().map(|(y, set)| (y, jobs.closure(set.into_iter().map(|j| j % n)))).collect();
            (jobs, years, wanted)
        })
    }

    proptest! {
        #[test]
        fn trunks_come_first_and_no_year_overspends((jobs, years, wanted) in programmes()) {
            let horn = blocks(&jobs.after, &jobs.cost, &jobs.points);
            let order = order(&jobs, &horn, &wanted, &years);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..jobs.cost.len()).collect::<Vec<_>>());
            for (at, &job) in order.iter().enumerate() {
                prop_assert!(jobs.after[job].is_none_or(|above| order[..at].contains(&above)));
            }
            let horns = waiting(horn.iter().flatten().copied(), &jobs.cost, &jobs.points);
            prop_assert!(horns <= waiting(order.iter().copied(), &jobs.cost, &jobs.points));
            let year_of = schedule(&jobs, &order, &years);
            let mut budget = 0i128;
            for (at, year) in years.iter().enumerate() {
                budget += year.money;
                let done = |of: &[u64]| (0..of.len()).filter(|&j| year_of[j].is_some_and(|y| y <= at)).map(|j| i128::from(of[j])).sum::<i128>();
                let any = year_of.contains(&Some(at));
                prop_assert!(!any || done(&jobs.cost) <= budget);
                if let Some(metres) = years[..=at].iter().try_fold(0i128, |sum, y| Some(sum + i128::from(y.length_mm?))) {
                    prop_assert!(done(&jobs.length_mm) <= metres);
                }
                for (job, when) in year_of.iter().enumerate().filter(|(_, when)| **when == Some(at)) {
                    prop_assert!(!year.frozen.contains(&job), "{job} {when:?}");
                    prop_assert!(jobs.after[job].is_none_or(|above| year_of[above] <= Some(at) && year_of[above].is_some()));
                }
            }
        }

        #[test]
        fn a_milestone_that_money_reaches_is_kept((jobs, mut years, wanted) in programmes()) {
            for year in &mut years {
                year.frozen.clear();
                year.length_mm = None;
                year.money = year.money.max(0);
            }
            let horn = blocks(&jobs.after, &jobs.cost, &jobs.points);
            let year_of = schedule(&jobs, &order(&jobs, &horn, &wanted, &years), &years);
            // With all wishes of each year together within that year's money, every one of them holds.
            let within = |until: usize| {
                let all: BTreeSet<usize> = wanted.iter().filter(|(y, _)| *y <= until).flat_map(|(_, s)| s.iter().copied()).collect();
                all.iter().map(|&j| i128::from(jobs.cost[j])).sum::<i128>() <= years[..=until].iter().map(|y| y.money).sum()
            };
            if (0..4).all(within) {
                for (year, set) in &wanted {
                    prop_assert!(set.iter().all(|&j| year_of[j].is_some_and(|y| y <= *year)), "{year} {set:?} {year_of:?}");
                }
            }
        }
    }
}
