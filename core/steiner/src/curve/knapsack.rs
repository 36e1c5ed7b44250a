//! The best part of a tree for a budget or a quota: a knapsack of things that hang on each other (Johnson & Niemi 1983).
//!
//! Branches that are worth it at a low rate are taken, those that are not at a high rate are left, and a table over the rest
//! says what each weight costs at least. Where trees are small, that is all of them, and the choice is the tree's best.

use super::branches::MOST;
use super::{Aim, Branches};

/// Cells of the table at most: what is between the two rates is fewer, or weights are told apart less finely.
const CELLS: u64 = 1 << 22;
/// Weights are told apart so finely at least, before less of the tree is looked at.
const FINE: u64 = 1 << 11;
/// How far the two rates are from the one that balances the aim: that many sixteenths of it, and the inverse.
const SPREADS: [u64; 11] = [16 << 20, 512, 128, 64, 48, 32, 24, 20, 18, 17, 16];

/// What is neither taken nor left, each thing after what it hangs on and right before what hangs on it.
struct Things {
    /// Cost, weight and how many things hang on it, itself included.
    rows: Vec<(u64, u64, usize)>,
    /// By position in the tree, its thing.
    of: Vec<Option<usize>>,
}

impl Branches {
    /// The edges of the part that wins most within the aim's budget, or that meets its quota for least; none where the aim is no
    /// place between the tree's ends, or nothing found meets it. `near` is a rate not far from the one that balances the aim. O(n)
    /// and the table.
    pub(super) fn best_part(&self, scale: u64, near: u64, aim: Aim) -> Option<Vec<u32>> {
        let enough = |cost: u64, missed: u64| match aim {
            Aim::Budget(budget) => cost > budget,
            Aim::Missed(most) => missed <= most,
            Aim::Curve | Aim::Rate(_) => false,
        };
        let [low, high] = self.rates_near(scale, near, &enough)?;
        let between = |spread: u64| {
            let below = u128::from(low) * 16 / u128::from(spread);
            let above = (u128::from(high) * u128::from(spread)).div_ceil(16).min(u128::from(MOST));
            let taken = self.kept(Some((scale, below as u64)));
            let things = self.things(&taken, &self.kept(Some((scale, above as u64))));
            let weight: u64 = things.rows.iter().map(|row| row.1).sum();
            (taken, things, weight)
        };
        let is_too_wide = |&spread: &u64| {
            let (_, things, weight) = between(spread);
            (things.rows.len() as u64).saturating_mul(weight.min(FINE)) > CELLS
        };
        // The wider, the more is looked at.
        let fits = SPREADS.partition_point(is_too_wide).min(SPREADS.len() - 1);
        let (taken, things, weight) = between(SPREADS[fits]);
        let (cost, missed) = self.sums(&taken);
        let most = (CELLS / (things.rows.len() as u64).max(1)).max(1);
        let unit = weight.div_ceil(most).max(1);
        let table = Table::new(&things.rows, unit);
        let wanted = match aim {
            Aim::Budget(budget) => table.most_within(budget.checked_sub(cost)?)?,
            Aim::Missed(most) => table.cheapest_from(missed.saturating_sub(most).div_ceil(unit))?,
            Aim::Curve | Aim::Rate(_) => return None,
        };
        let chosen = table.choice(wanted);
        let held = |i: &usize| taken[*i] || things.of[*i].is_some_and(|thing| chosen[thing]);
        Some((1..self.vertex.len()).filter(held).map(|i| self.edge[i].0).collect())
    }

    /// What is in `may` and not in `taken`; a vertex without weight is one thing with the only branch that it leads to.
    fn things(&self, taken: &[bool], may: &[bool]) -> Things {
        let n = self.vertex.len();
        let open: Vec<bool> = (0..n).map(|i| may[i] && !taken[i]).collect();
        let mut branches = vec![0u32; n];
        // By position, that of the last of its chain, which the thing goes by.
        let mut last: Vec<usize> = (0..n).collect();
        let mut child = vec![0; n];
        let (mut cost, mut size) = (vec![0; n], vec![0; n]);
        for i in (1..n).rev().filter(|&i| open[i]) {
            if branches[i] == 1 && self.weight[i] == Some(0) {
                last[i] = last[child[i]];
            } else {
                size[i] += 1;
            }
            cost[last[i]] += self.edge[i].1;
            let up = self.parent[i] as usize;
            (child[up], branches[up]) = (i, branches[up] + 1);
            // A chain's size is that of its last.
            size[up] += size[i];
        }
        let mut rows = Vec::new();
        let mut of = vec![None; n];
        // The next free place behind each thing, by position; those that hang on what is taken follow each other.
        let mut free = vec![0; n];
        let mut next = 0;
        for i in (1..n).filter(|&i| open[i]) {
            let up = self.parent[i] as usize;
            if open[up] && last[up] == last[i] {
                of[i] = of[up];
                continue;
            }
            let place = if open[up] { &mut free[last[up]] } else { &mut next };
            let at = *place;
            *place += size[i];
            of[i] = Some(at);
            free[last[i]] = at + 1;
            if rows.len() < at + size[i] {
                rows.resize(at + size[i], (0, 0, 0));
            }
            rows[at] = (cost[last[i]], self.weight[last[i]].unwrap_or(0), size[i]);
        }
        Things { rows, of }
    }
}

/// What each weight costs at least, of the things from each on.
struct Table<'a> {
    things: &'a [(u64, u64, usize)],
    unit: u64,
    width: usize,
    least: Vec<u64>,
}

impl<'a> Table<'a> {
    fn new(things: &'a [(u64, u64, usize)], unit: u64) -> Self {
        let width = things.iter().map(|row| (row.1 / unit) as usize).sum::<usize>() + 1;
        let mut least = vec![u64::MAX; (things.len() + 1) * width];
        least[things.len() * width] = 0;
        for (at, &(cost, weight, size)) in things.iter().enumerate().rev() {
            let (row, rest) = least[at * width..].split_at_mut(width);
            row.copy_from_slice(&rest[(size - 1) * width..size * width]);
            let weight = (weight / unit) as usize;
            for (best, with) in row[weight..].iter_mut().zip(&rest[..width]) {
                *best = (*best).min(with.saturating_add(cost));
            }
        }
        Self { things, unit, width, least }
    }

    fn most_within(&self, money: u64) -> Option<usize> {
        (0..self.width).rev().find(|&weight| self.least[weight] <= money)
    }

    fn cheapest_from(&self, weight: u64) -> Option<usize> {
        let from = usize::try_from(weight).ok()?;
        (from..self.width).filter(|&w| self.least[w] < u64::MAX).min_by_key(|&w| (self.least[w], std::cmp::Reverse(w)))
    }

    /// Which things cost the least that so much weight does.
    fn choice(&self, mut weight: usize) -> Vec<bool> {
        let mut chosen = vec![false; self.things.len()];
        let mut at = 0;
        while at < chosen.len() {
            let size = self.things[at].2;
            if self.least[at * self.width + weight] == self.least[(at + size) * self.width + weight] {
                at += size;
            } else {
                chosen[at] = true;
                weight -= (self.things[at].1 / self.unit) as usize;
                at += 1;
            }
        }
        chosen
    }
}
