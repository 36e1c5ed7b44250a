//! Natural numbers of any size: shares of mixed keys have denominators that no machine integer holds.

use std::cmp::Ordering;

/// A natural number, its digits to the base 2³², lowest first, without leading zeros.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Natural(Vec<u32>);

impl From<u64> for Natural {
    fn from(value: u64) -> Self {
        let mut number = Self(vec![value as u32, (value >> 32) as u32]);
        number.trim();
        number
    }
}

impl Natural {
    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        let mut sum = Vec::with_capacity(self.0.len().max(other.0.len()) + 1);
        let mut carry = 0u64;
        for at in 0..self.0.len().max(other.0.len()) {
            let digit = |n: &Self| u64::from(n.0.get(at).copied().unwrap_or(0));
            carry += digit(self) + digit(other);
            sum.push(carry as u32);
            carry >>= 32;
        }
        sum.push(carry as u32);
        let mut sum = Self(sum);
        sum.trim();
        sum
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        let mut product = vec![0u32; self.0.len() + other.0.len() + 1];
        for (i, &a) in self.0.iter().enumerate() {
            let mut carry = 0u64;
            for (j, &b) in other.0.iter().enumerate() {
                carry += u64::from(product[i + j]) + u64::from(a) * u64::from(b);
                product[i + j] = carry as u32;
                carry >>= 32;
            }
            product[i + other.0.len()] = carry as u32;
        }
        let mut product = Self(product);
        product.trim();
        product
    }

    /// The difference; nothing where `other` is larger.
    pub(crate) fn minus(&self, other: &Self) -> Self {
        let mut difference = Vec::with_capacity(self.0.len());
        let mut borrow = 0i64;
        for (at, &digit) in self.0.iter().enumerate() {
            let mut value = i64::from(digit) - i64::from(other.0.get(at).copied().unwrap_or(0)) - borrow;
            borrow = i64::from(value < 0);
            value += borrow << 32;
            difference.push(value as u32);
        }
        let mut difference =
            if borrow == 0 && self.0.len() >= other.0.len() { Self(difference) } else { Self::default() };
        difference.trim();
        difference
    }

    /// Quotient and remainder where the quotient fits 64 bits, else the largest quotient that does. `divisor` is not 0.
    pub(crate) fn divide(&self, divisor: &Self) -> (u64, Self) {
        let mut quotient = 0u64;
        for bit in (0..64).rev() {
            let tried = quotient | (1 << bit);
            if divisor.times(&Self::from(tried)) <= *self {
                quotient = tried;
            }
        }
        (quotient, self.minus(&divisor.times(&Self::from(quotient))))
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(value: u128) -> Natural {
        Natural::from((value >> 64) as u64)
            .times(&Natural::from(1 << 32).times(&Natural::from(1 << 32)))
            .plus(&Natural::from(value as u64))
    }

    proptest! {
        #[test]
        fn counts_as_machine_integers_do(a in 0u128..1 << 100, b in 1u128..1 << 60, q in any::<u64>(), r in any::<u64>()) {
            prop_assert_eq!(of(a).plus(&of(b)), of(a + b));
            prop_assert_eq!(of(a.max(b)).minus(&of(a.min(b))), of(a.abs_diff(b)));
            prop_assert_eq!(of(a).cmp(&of(b)), a.cmp(&b));
            let (b, r) = (b, u128::from(r) % b);
            let whole = b * u128::from(q) + r;
            prop_assert_eq!(of(whole).divide(&of(b)), (q, of(r)));
        }
    }
}
