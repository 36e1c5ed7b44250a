//! Units with checked arithmetic: money in minor units, lengths in millimetres.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount of money in minor currency units (øre, cent). Sums are checked; shares always add up.
///
/// ```
/// use breiband_model::Money;
/// let shares = Money::from_minor(100).split(&[1, 1, 1]);
/// assert_eq!(shares.iter().map(|s| s.as_minor()).collect::<Vec<_>>(), [34, 33, 33]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(u64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// `minor` øre or cent.
    pub const fn from_minor(minor: u64) -> Self {
        Self(minor)
    }

    /// An amount in major units (kroner, euro), rounded to the nearest minor unit.
    /// `None` where it is negative, not finite or beyond 9·10¹³.
    pub fn from_major(major: f64) -> Option<Self> {
        let minor = major * 100.0;
        // Below 2⁵³ every integer is exact, so the rounding is too.
        (minor.is_finite() && (0.0..9.0e15).contains(&minor)).then_some(Self((minor + 0.5) as u64))
    }

    /// Minor units.
    pub const fn as_minor(self) -> u64 {
        self.0
    }

    /// Major units, for people: beyond 9·10¹³ the last digits are rounded.
    pub fn as_major(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// The sum, or `None` where it does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The sum, kept at the largest amount where it does not fit.
    pub fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Splits the amount in proportion to `weights` by largest remainders (ties: the earlier weight). The parts add up
    /// exactly; with no positive weight all of it falls to the first part.
    pub fn split(self, weights: &[u64]) -> Vec<Self> {
        let total: u128 = weights.iter().map(|&w| u128::from(w)).sum();
        if total == 0 {
            let mut parts = vec![Self::ZERO; weights.len()];
            if let Some(first) = parts.first_mut() {
                *first = self;
            }
            return parts;
        }
        let share = |w: u64| (u128::from(self.0) * u128::from(w) / total, u128::from(self.0) * u128::from(w) % total);
        let mut parts: Vec<u64> = weights.iter().map(|&w| share(w).0 as u64).collect();
        let left = self.0 - parts.iter().sum::<u64>();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|&i| (std::cmp::Reverse(share(weights[i]).1), i));
        for &i in order.iter().take(left as usize) {
            parts[i] += 1;
        }
        parts.into_iter().map(Self).collect()
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Self::saturating_add)
    }
}

/// `numerator / denominator` in per cent with two decimals, for people; `0` of nothing is 0 %.
pub fn per_cent(numerator: u64, denominator: u64) -> f64 {
    if denominator == 0 {
        return 0.0;
    }
    // Ten-thousandths as an integer first, so that the printed figure is the same everywhere.
    let ten_thousandths = u128::from(numerator) * 10_000 / u128::from(denominator);
    ten_thousandths as f64 / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        for (amount, weights) in
            [(100, vec![1, 1, 1]), (1, vec![3, 7]), (7, vec![0, 0]), (u64::MAX, vec![u64::MAX, 1, 5])]
        {
            let parts = Money::from_minor(amount).split(&weights);
            assert_eq!(parts.iter().map(|p| p.as_minor()).sum::<u64>(), amount);
        }
    }

    #[test]
    fn major_units_are_checked() {
        assert_eq!(Money::from_major(1_234.56), Some(Money::from_minor(123_456)));
        assert_eq!(Money::from_major(-0.01), None);
        assert_eq!(Money::from_major(f64::NAN), None);
    }
}
