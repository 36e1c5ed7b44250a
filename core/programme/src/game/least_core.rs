//! The least core, exactly: the linear programme `min ε, x(S) ≤ c(S) + ε for every group S, x(everybody) = total`.
//!
//! Its dual has a row for each member and one more, and a column for each group: weights of groups that cover every member
//! equally (Bondareva 1963, Shapley 1967). That is small enough for a simplex whose basis is solved anew in whole numbers at
//! each step (Bareiss 1968), so nothing is rounded and the answer is a fraction.

/// The least core of a game, its values over one denominator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LeastCore {
    /// ε × `denominator`.
    pub(crate) epsilon: i128,
    /// Each member's payment × `denominator`.
    pub(crate) shares: Vec<i128>,
    /// Above zero.
    pub(crate) denominator: i128,
}

/// Steps of the most violated group before the lowest-numbered one is taken (Bland 1977), which cannot cycle.
const GREEDY: usize = 400;

/// Solves the programme for `members` players; `groups` are proper and not empty, every single member among them.
/// `None` where one is missing. Each step takes O(members³ + groups × members).
pub(crate) fn least_core(members: usize, groups: &[(u32, i128)], total: i128) -> Option<LeastCore> {
    let rows = members + 1;
    let columns = groups.len();
    // Column `columns` is μ, how often the groups cover each member.
    let entry = |column: usize, row: usize| -> i128 {
        match (column == columns, row == members) {
            (true, true) => 0,
            (true, false) => -1,
            (false, true) => 1,
            (false, false) => i128::from(groups[column].0 >> row & 1),
        }
    };
    let cost = |column: usize| if column == columns { -total } else { groups[column].1 };
    let single = |m: usize| groups.iter().position(|group| group.0 == 1 << m);
    let mut basis: Vec<usize> = (0..members).map(single).collect::<Option<_>>()?;
    basis.push(columns);
    for step in 0.. {
        let transposed = basis.iter().map(|&c| (0..rows).map(|r| entry(c, r)).collect()).collect();
        let (prices, scale) = solve(transposed, basis.iter().map(|&c| cost(c)).collect())?;
        let lacking = |c: usize| cost(c) * scale - (0..rows).map(|r| entry(c, r) * prices[r]).sum::<i128>();
        let violated = (0..=columns).filter(|&c| lacking(c) < 0);
        let entering = if step < GREEDY { violated.min_by_key(|&c| (lacking(c), c)) } else { violated.min() };
        let Some(entering) = entering else {
            let epsilon = -prices[members];
            return Some(LeastCore { epsilon, shares: prices[..members].to_vec(), denominator: scale });
        };
        let matrix: Vec<Vec<i128>> = (0..rows).map(|r| basis.iter().map(|&c| entry(c, r)).collect()).collect();
        let (weights, _) = solve(matrix.clone(), (0..rows).map(|r| i128::from(r == members)).collect())?;
        let (change, _) = solve(matrix, (0..rows).map(|r| entry(entering, r)).collect())?;
        // Both have the same denominator. The least ratio leaves; of equals the lowest-numbered column.
        let leaving = (0..rows)
            .filter(|&at| change[at] > 0)
            .min_by(|&a, &b| (weights[a] * change[b]).cmp(&(weights[b] * change[a])).then(basis[a].cmp(&basis[b])))?;
        basis[leaving] = entering;
    }
    None
}

/// Solves a system in whole numbers: the numerators of the answer and their common denominator, above zero. `None` where it
/// has no single answer.
fn solve(mut matrix: Vec<Vec<i128>>, right: Vec<i128>) -> Option<(Vec<i128>, i128)> {
    let n = right.len();
    for (row, value) in matrix.iter_mut().zip(right) {
        row.push(value);
    }
    let mut before = 1;
    for k in 0..n {
        let pivot_row = (k..n).find(|&r| matrix[r][k] != 0)?;
        matrix.swap(k, pivot_row);
        let pivot = matrix[k].clone();
        for (r, row) in matrix.iter_mut().enumerate().filter(|(r, _)| *r != k) {
            debug_assert!(r < n);
            let factor = row[k];
            for (value, above) in row.iter_mut().zip(&pivot) {
                *value = (*value * pivot[k] - factor * above) / before;
            }
        }
        before = pivot[k];
    }
    let sign = before.signum();
    Some((matrix.into_iter().map(|row| row[n] * sign).collect(), before * sign))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// ε by trying every basis of the dual: the best cover whose weights are not negative.
    fn slow(members: usize, groups: &[(u32, i128)], total: i128) -> (i128, i128) {
        let mut best: Option<(i128, i128)> = None;
        let mut pick = vec![0; members];
        // Groups of as many columns as members; with μ they are a basis.
        fn each(at: usize, from: usize, of: usize, pick: &mut Vec<usize>, visit: &mut impl FnMut(&[usize])) {
            if at == pick.len() {
                return visit(pick);
            }
            for next in from..of {
                pick[at] = next;
                each(at + 1, next + 1, of, pick, visit);
            }
        }
        each(0, 0, groups.len(), &mut pick, &mut |pick| {
            let row = |r: usize| -> Vec<i128> {
                let own = pick.iter().map(|&c| if r == members { 1 } else { i128::from(groups[c].0 >> r & 1) });
                own.chain([if r == members { 0 } else { -1 }]).collect()
            };
            let right = (0..=members).map(|r| i128::from(r == members)).collect();
            let Some((weights, scale)) = solve((0..=members).map(row).collect(), right) else { return };
            if weights.iter().any(|&w| w < 0) {
                return;
            }
            let value: i128 =
                weights[members] * total - pick.iter().zip(&weights).map(|(&c, w)| w * groups[c].1).sum::<i128>();
            if best.is_none_or(|(num, den)| value * den > num * scale) {
                best = Some((value, scale));
            }
        });
        best.expect("the single members are a basis")
    }

    #[test]
    fn a_game_without_a_core() {
        // Any two pay 2 together, three pay 4: each pair asks for 2, so 3 in all.
        let pairs = [(0b001, 2), (0b010, 2), (0b100, 2), (0b011, 2), (0b101, 2), (0b110, 2)];
        let found = least_core(3, &pairs, 4).expect("single members are there");
        assert_eq!((found.epsilon * 3, found.shares), (2 * found.denominator, vec![4 * found.denominator / 3; 3]));
        assert_eq!(least_core(3, &pairs[1..], 4), None);
    }

    proptest! {
        #[test]
        fn is_the_best_of_all_covers(members in 2usize..5, costs in prop::collection::vec(0i128..1_000_000_000_000, 15), total in 0i128..3_000_000_000_000) {
            let groups: Vec<(u32, i128)> = (1..(1u32 << members) - 1).map(|s| (s, costs[s as usize])).collect();
            let found = least_core(members, &groups, total).expect("all groups are there");
            let (num, den) = slow(members, &groups, total);
            prop_assert_eq!(found.epsilon * den, num * found.denominator);
            prop_assert_eq!(found.shares.iter().sum::<i128>(), total * found.denominator);
            for &(group, cost) in &groups {
                let pays: i128 = (0..members).filter(|m| group >> m & 1 == 1).map(|m| found.shares[m]).sum();
                prop_assert!(pays <= cost * found.denominator + found.epsilon);
            }
        }

        #[test]
        fn ten_members_are_no_more_discontented_than_said(costs in prop::collection::vec(1i128..1 << 50, 1024)) {
            let groups: Vec<(u32, i128)> = (1..1023u32).map(|s| (s, costs[s as usize])).collect();
            let found = least_core(10, &groups, 1 << 52).expect("all groups are there");
            let mut tight = 0;
            for &(group, cost) in &groups {
                let pays: i128 = (0..10).filter(|m| group >> m & 1 == 1).map(|m| found.shares[m]).sum();
                prop_assert!(pays <= cost * found.denominator + found.epsilon);
                tight += usize::from(pays == cost * found.denominator + found.epsilon);
            }
            // As many groups hold as a point has coordinates: ε cannot be lower near it, and the programme is convex.
            prop_assert!(tight >= 10);
        }
    }
}
