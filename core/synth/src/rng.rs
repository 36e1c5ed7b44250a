//! Random numbers for terrain and people: SplitMix64 in streams that do not disturb each other.

use breiband_random::{SplitMix64, to_unit};

/// The first number of the stream behind `z`: a good 64-bit hash of a counter.
pub(crate) fn mix(z: u64) -> u64 {
    SplitMix64::new(z).bits()
}

/// A number in 0..1 that depends on nothing but `seed` and `key`.
pub(crate) fn unit(seed: u64, key: u64) -> f64 {
    to_unit(mix(seed ^ mix(key)))
}

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub(crate) struct Rng(SplitMix64);

impl Rng {
    /// Stream number `stream` of `seed`: streams do not disturb each other.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut random = SplitMix64::new(mix(seed ^ mix(stream ^ 0x5851_F42D_4C95_7F2D)));
        random.bits();
        Self(random)
    }

    /// A number in 0..1.
    pub(crate) fn unit(&mut self) -> f64 {
        self.0.unit()
    }

    /// A number in `from..to`.
    pub(crate) fn range(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }

    /// An integer in `0..n`; 0 where `n` is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// True with probability `p`.
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// A shuffled copy of `0..n` (Fisher and Yates).
    pub(crate) fn order(&mut self, n: usize) -> Vec<u32> {
        let mut order: Vec<u32> = (0..n as u32).collect();
        for i in (1..n).rev() {
            order.swap(i, self.below(i + 1));
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_in_range() {
        let mut rng = Rng::new(7, 1);
        for n in 1..200 {
            assert!(rng.below(n) < n);
            assert!((0.0..1.0).contains(&rng.unit()));
        }
        let mut order = rng.order(50);
        order.sort_unstable();
        assert_eq!(order, (0..50).collect::<Vec<_>>());
    }
}
