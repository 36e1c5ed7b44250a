//! Horn's order: jobs of an out-tree in the order that reaches most points soonest.
//!
//! W. A. Horn, "Single-machine job sequencing with treelike precedence ordering and linear delay penalties" (SIAM Journal on
//! Applied Mathematics 23, 1972). The job or group with the most points for its cost joins what it hangs on, until it hangs on
//! nothing that is not yet taken: then it is the next block. Any budget that ends on a block reaches the most points that
//! money can reach on the tree.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Points and cost of a group. What costs nothing comes first.
#[derive(Debug, Clone, Copy)]
struct Worth {
    points: u128,
    cost: u128,
}

impl Worth {
    fn better(&self, other: &Self) -> Ordering {
        match (self.cost, other.cost) {
            (0, 0) => Ordering::Equal,
            (0, _) => Ordering::Greater,
            (_, 0) => Ordering::Less,
            // Points fit 64 bits and costs 62, so the products fit.
            _ => (self.points * other.cost).cmp(&(other.points * self.cost)),
        }
    }
}

struct Entry {
    worth: Worth,
    group: usize,
    version: u32,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Entry {}
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        // Ties: the earlier group.
        self.worth
            .better(&other.worth)
            .then_with(|| other.group.cmp(&self.group))
            .then(self.version.cmp(&other.version))
    }
}

/// The blocks of Horn's order, each with its jobs in order; `after[j]` is the job that `j` hangs on, and is before it in the
/// list. O(n log n).
pub fn blocks(after: &[Option<usize>], cost: &[u64], points: &[u64]) -> Vec<Vec<usize>> {
    let n = after.len();
    let mut owner: Vec<usize> = (0..n).collect();
    let mut worth: Vec<Worth> =
        (0..n).map(|j| Worth { points: u128::from(points[j]), cost: u128::from(cost[j]) }).collect();
    let mut last: Vec<usize> = (0..n).collect();
    let mut next: Vec<Option<usize>> = vec![None; n];
    let (mut version, mut done) = (vec![0u32; n], vec![false; n]);
    let mut heap: BinaryHeap<Entry> = (0..n).map(|group| Entry { worth: worth[group], group, version: 0 }).collect();
    let mut blocks: Vec<Vec<usize>> = Vec::new();
    let mut free = false;
    while let Some(Entry { group, version: seen, .. }) = heap.pop() {
        if owner[group] != group || done[group] || version[group] != seen {
            continue;
        }
        // A group is named after its first job, and hangs on what that job hangs on.
        let above = after[group].map(|job| find(&mut owner, job)).filter(|&above| !done[above]);
        let Some(above) = above else {
            done[group] = true;
            let jobs = std::iter::successors(Some(group), |&job| next[job]);
            // What costs nothing is one block: no budget ends within it.
            match blocks.last_mut() {
                Some(last) if free && worth[group].cost == 0 => last.extend(jobs),
                _ => blocks.push(jobs.collect()),
            }
            free = worth[group].cost == 0;
            continue;
        };
        owner[group] = above;
        next[last[above]] = Some(group);
        last[above] = last[group];
        worth[above].points += worth[group].points;
        worth[above].cost += worth[group].cost;
        version[above] += 1;
        heap.push(Entry { worth: worth[above], group: above, version: version[above] });
    }
    blocks
}

fn find(owner: &mut [usize], mut job: usize) -> usize {
    while owner[job] != job {
        owner[job] = owner[owner[job]];
        job = owner[job];
    }
    job
}

/// Σ points × money spent until they are reached.
pub(crate) fn waiting(order: impl Iterator<Item = usize>, cost: &[u64], points: &[u64]) -> u128 {
    let mut spent = 0u128;
    order.fold(0u128, |sum, job| {
        spent += u128::from(cost[job]);
        sum.saturating_add(spent.saturating_mul(u128::from(points[job])))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn trees() -> impl Strategy<Value = (Vec<Option<usize>>, Vec<u64>, Vec<u64>)> {
        prop::collection::vec((any::<prop::sample::Index>(), 0u64..6, 0u64..6, 0u8..5), 1..8).prop_map(|jobs| {
            let after = jobs.iter().enumerate().map(|(j, job)| (j > 0 && job.3 > 0).then(|| job.0.index(j.max(1))));
            (after.collect(), jobs.iter().map(|j| j.1).collect(), jobs.iter().map(|j| j.2).collect())
        })
    }

    /// Every order that keeps to the tree.
    fn orders(after: &[Option<usize>], taken: &mut Vec<usize>, all: &mut Vec<Vec<usize>>) {
        if taken.len() == after.len() {
            all.push(taken.clone());
        }
        for job in 0..after.len() {
            if !taken.contains(&job) && after[job].is_none_or(|above| taken.contains(&above)) {
                taken.push(job);
                orders(after, taken, all);
                taken.pop();
            }
        }
    }

    proptest! {
        #[test]
        fn no_order_waits_less_and_no_budget_at_a_block_reaches_more((after, cost, points) in trees()) {
            let blocks = blocks(&after, &cost, &points);
            let order: Vec<usize> = blocks.iter().flatten().copied().collect();
            for (at, &job) in order.iter().enumerate() {
                prop_assert!(after[job].is_none_or(|above| order[..at].contains(&above)));
            }
            let mut all = Vec::new();
            orders(&after, &mut Vec::new(), &mut all);
            let least = all.iter().map(|o| waiting(o.iter().copied(), &cost, &points)).min();
            prop_assert_eq!(Some(waiting(order.into_iter(), &cost, &points)), least);
            let (mut spent, mut reached) = (0, 0);
            for block in &blocks {
                spent += block.iter().map(|&j| cost[j]).sum::<u64>();
                reached += block.iter().map(|&j| points[j]).sum::<u64>();
                for set in 0u32..1 << after.len() {
                    let has = |j: usize| set >> j & 1 == 1;
                    let jobs = || (0..after.len()).filter(|&j| has(j));
                    let closed = jobs().all(|j| after[j].is_none_or(has));
                    if closed && jobs().map(|j| cost[j]).sum::<u64>() <= spent {
                        prop_assert!(jobs().map(|j| points[j]).sum::<u64>() <= reached);
                    }
                }
            }
        }
    }
}
