//! The Shapley value, exact from all groups or from drawn orders of joining, with the interval that the groups' bounds leave.

use breiband_model::{Shapley, everybody};

/// The value from every group: `bounds(S)` is what is known of its cost, at least and at most; of nobody, 0.
///
/// By the definition: member i's value is the sum over groups S without i of |S|! (n − |S| − 1)! / n! × (c(S ∪ i) − c(S)),
/// in whole numbers over n!. Takes O(n 2ⁿ), up to ten members. `share` is by the costs at most, and adds up to the last of them.
pub(crate) fn exact(members: usize, bounds: impl Fn(u32) -> (u64, u64)) -> Vec<Shapley> {
    let factorial = |n: usize| (1..=n as i128).product::<i128>();
    let all = everybody(members);
    let known: Vec<(i128, i128)> = (0..=all).map(bounds).map(|(l, u)| (l.into(), u.into())).collect();
    let mut sums = vec![[0i128; 3]; members];
    for (m, sum) in sums.iter_mut().enumerate() {
        for (group, &(least, most)) in known.iter().enumerate().skip(1) {
            let size = group.count_ones() as usize;
            if group >> m & 1 == 1 {
                let weight = factorial(size - 1) * factorial(members - size);
                *sum = [sum[0] + weight * most, sum[1] + weight * least, sum[2] + weight * most];
            } else {
                let weight = factorial(size) * factorial(members - size - 1);
                *sum = [sum[0] - weight * most, sum[1] - weight * most, sum[2] - weight * least];
            }
        }
    }
    let scale = factorial(members);
    let shares = rounded(&sums.iter().map(|sum| sum[0]).collect::<Vec<_>>(), scale);
    let value = |(share, sum): (i64, &[i128; 3])| Shapley {
        share,
        least: sum[1].div_euclid(scale) as i64,
        most: -(-sum[2]).div_euclid(scale) as i64,
        error: 0,
    };
    shares.into_iter().zip(&sums).map(value).collect()
}

/// The value from orders of joining: the mean of what each member adds. `error` is its standard error; `least` and `most` are
/// what the bounds leave of the mean of these orders.
pub(crate) fn sampled(members: usize, orders: &[Vec<usize>], bounds: impl Fn(u32) -> (u64, u64)) -> Vec<Shapley> {
    let mut sums = vec![[0i128; 3]; members];
    let mut squares = vec![0.0f64; members];
    for order in orders {
        let mut group = 0;
        let mut before = (0, 0);
        for &m in order {
            group |= 1 << m;
            let after = bounds(group);
            let (least, most) =
                (i128::from(after.0) - i128::from(before.1), i128::from(after.1) - i128::from(before.0));
            let added = i128::from(after.1) - i128::from(before.1);
            let sum = &mut sums[m];
            *sum = [sum[0] + added, sum[1] + least, sum[2] + most];
            squares[m] += added as f64 * added as f64;
            before = after;
        }
    }
    let scale = orders.len().max(1) as i128;
    let shares = rounded(&sums.iter().map(|sum| sum[0]).collect::<Vec<_>>(), scale);
    let count = orders.len() as f64;
    let value = |m: usize| {
        let mean = sums[m][0] as f64 / count;
        let spread = (squares[m] / count - mean * mean).max(0.0);
        Shapley {
            share: shares[m],
            least: sums[m][1].div_euclid(scale) as i64,
            most: -(-sums[m][2]).div_euclid(scale) as i64,
            error: (spread / (count - 1.0).max(1.0)).sqrt().ceil() as u64,
        }
    };
    (0..members).map(value).collect()
}

/// Fractions over one denominator as whole numbers with the same sum, rounded down but for the largest remainders.
pub(crate) fn rounded(numerators: &[i128], denominator: i128) -> Vec<i64> {
    let mut whole: Vec<i64> = numerators.iter().map(|n| n.div_euclid(denominator) as i64).collect();
    let sum = numerators.iter().sum::<i128>().div_euclid(denominator) as i64;
    let mut order: Vec<usize> = (0..whole.len()).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(numerators[at].rem_euclid(denominator)), at));
    let left = sum - whole.iter().sum::<i64>();
    for &at in order.iter().take(usize::try_from(left).unwrap_or(0)) {
        whole[at] += 1;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn orders(members: usize) -> Vec<Vec<usize>> {
        if members == 0 {
            return vec![Vec::new()];
        }
        let shorter = orders(members - 1);
        let with = |order: &Vec<usize>, at: usize| {
            let mut order = order.clone();
            order.insert(at, members - 1);
            order
        };
        shorter.iter().flat_map(|order| (0..members).map(move |at| with(order, at))).collect()
    }

    #[test]
    fn a_bankruptcy_known_from_books() {
        // Airport game (Littlechild and Owen 1973): runways of 3, 6 and 9 cost 1, 1 + 1.5, 1 + 1.5 + 3.
        let cost =
            |group: u32| (0..3).filter(|m| group >> m & 1 == 1).map(|m| [3u64, 6, 9][m]).max().unwrap_or(0) * 100;
        let found: Vec<i64> = exact(3, |s| (cost(s), cost(s))).iter().map(|v| v.share).collect();
        assert_eq!(found, [100, 250, 550]);
    }

    proptest! {
        #[test]
        fn is_the_mean_over_all_orders(members in 1usize..6, costs in prop::collection::vec((0u64..1 << 50, 0u64..1 << 40), 32)) {
            let bounds = |s: u32| if s == 0 { (0, 0) } else { let (l, d) = costs[s as usize]; (l, l + d) };
            let found = exact(members, bounds);
            let slow = sampled(members, &orders(members), bounds);
            for (a, b) in found.iter().zip(&slow) {
                prop_assert_eq!((a.share, a.least, a.most), (b.share, b.least, b.most));
                prop_assert!(a.least <= a.share && a.share <= a.most + 1);
            }
            let total: i64 = found.iter().map(|v| v.share).sum();
            prop_assert_eq!(total as u64, bounds(everybody(members)).1);
        }
    }
}
