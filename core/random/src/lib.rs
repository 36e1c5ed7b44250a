//! Random numbers that are the same on every machine: SplitMix64 (Steele, Lea and Flood, *Fast splittable pseudorandom
//! number generators*, 2014). Good for shuffles, samples and tie-breaks; not for secrets.
//!
//! ```
//! use breiband_random::SplitMix64;
//! let mut random = SplitMix64::new(7);
//! let (die, share) = (1 + random.below(6), random.unit());
//! assert!((1..=6).contains(&die) && (0.0..1.0).contains(&share));
//! assert_eq!(SplitMix64::new(7).below(6) + 1, die);
//! ```

/// What the state grows by with every number: 2⁶⁴ divided by the golden ratio, made odd.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64's output function: a bijection of 64 bits in which every bit of the result depends on all of `z`. 0 stays 0.
#[must_use]
pub const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number from 0 to below 1: the upper 53 bits, each value exact.
#[must_use]
pub const fn to_unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// A stream of random numbers; its period is 2⁶⁴.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// The stream that begins behind `state`.
    #[must_use]
    pub const fn new(state: u64) -> Self {
        Self(state)
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number from 0 to below 1.
    pub const fn unit(&mut self) -> f64 {
        to_unit(self.bits())
    }

    /// A whole number below `n`, by remainder: for an `n` far below 2⁶⁴ no value is noticeably likelier than another.
    ///
    /// # Panics
    /// Where `n` is 0: there is no such number.
    pub const fn below(&mut self, n: u64) -> u64 {
        self.bits() % n
    }
}

/// Cases to draw of a figure that rests on several uncertain ones: enough for steady tenths.
pub const DRAWS: usize = 4_000;

/// An uncertain figure at a rank from 0 to below 1, by what it stays below in one case in ten, in half of all and in nine in
/// ten: those three are met exactly, and between and beyond them it is linear in the rank. Never below 0.
///
/// ```
/// assert_eq!([0.1, 0.5, 0.9].map(|rank| breiband_random::at_rank([0.8, 1.0, 1.5], rank)), [0.8, 1.0, 1.5]);
/// ```
#[must_use]
pub fn at_rank([p10, p50, p90]: [f64; 3], rank: f64) -> f64 {
    let side = if rank < 0.5 { p50 - p10 } else { p90 - p50 };
    (p50 + (rank - 0.5) / 0.4 * side).max(0.0)
}

/// What one case in ten, half of all and nine in ten of some [`DRAWS`] stay below.
///
/// # Panics
/// Where nothing was drawn.
#[must_use]
pub fn p10_p50_p90(mut drawn: Vec<f64>) -> [f64; 3] {
    drawn.sort_unstable_by(f64::total_cmp);
    [1, 5, 9].map(|tenth| drawn[drawn.len() * tenth / 10])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_numbers_are_the_published_ones() {
        let mut random = SplitMix64::new(1_234_567);
        let expected = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!([(); 3].map(|()| random.bits()), expected);
    }

    #[test]
    fn units_are_below_one_and_fill_the_range() {
        assert_eq!((to_unit(0), to_unit(u64::MAX)), (0.0, 1.0 - f64::EPSILON / 2.0));
        let mut random = SplitMix64::new(3);
        let tenths = (0..10_000).fold([0_u32; 10], |mut tenths, _| {
            tenths[(random.unit() * 10.0) as usize] += 1;
            tenths
        });
        assert!(tenths.iter().all(|n| (800..1_200).contains(n)), "{tenths:?}");
    }
}
