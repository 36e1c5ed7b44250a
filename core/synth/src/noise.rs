//! Smooth noise: Perlin's gradient noise on a hashed lattice, with + − × ÷ only.

use crate::rng::mix;

/// Sixteen directions of length one, as constants so that no trigonometry is needed.
const DIRECTIONS: [(f64, f64); 16] = {
    const C: f64 = 0.923_879_532_511_286_7;
    const S: f64 = 0.382_683_432_365_089_8;
    const D: f64 = std::f64::consts::FRAC_1_SQRT_2;
    [
        (1.0, 0.0),
        (C, S),
        (D, D),
        (S, C),
        (0.0, 1.0),
        (-S, C),
        (-D, D),
        (-C, S),
        (-1.0, 0.0),
        (-C, -S),
        (-D, -D),
        (-S, -C),
        (0.0, -1.0),
        (S, -C),
        (D, -D),
        (C, -S),
    ]
};

/// A field of noise of one wavelength.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noise {
    seed: u64,
    per_metre: f64,
}

impl Noise {
    /// Noise number `stream` of `seed` with the given wavelength in metres.
    pub(crate) fn new(seed: u64, stream: u64, wavelength: f64) -> Self {
        Self { seed: mix(seed ^ mix(stream ^ 0xA076_1D64_78BD_642F)), per_metre: 1.0 / wavelength }
    }

    /// The value at a place, about −1 to 1, mean 0.
    pub(crate) fn at(&self, x: f64, y: f64) -> f64 {
        // The lattice's own zeros are moved off the region's corner.
        let (x, y) = (x * self.per_metre + 137.37, y * self.per_metre + 71.73);
        let (fx, fy) = (x.floor(), y.floor());
        let (ix, iy) = (fx as i64, fy as i64);
        let (u, v) = (x - fx, y - fy);
        let corner = |dx: i64, dy: i64| {
            let key = ((ix + dx) as u64).wrapping_mul(0x9E37_79B9) ^ (((iy + dy) as u64) << 32);
            let (gx, gy) = DIRECTIONS[(mix(self.seed ^ key) >> 60) as usize];
            gx * (u - dx as f64) + gy * (v - dy as f64)
        };
        let fade = |t: f64| t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
        let (su, sv) = (fade(u), fade(v));
        let south = corner(0, 0) + su * (corner(1, 0) - corner(0, 0));
        let north = corner(0, 1) + su * (corner(1, 1) - corner(0, 1));
        (south + sv * (north - south)) * 1.4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_smooth_and_bounded() {
        let noise = Noise::new(3, 1, 1_000.0);
        for i in 0..5_000 {
            let (x, y) = (f64::from(i) * 13.0, f64::from(i) * 7.0);
            assert!(noise.at(x, y).abs() <= 1.5);
            assert!((noise.at(x, y) - noise.at(x + 1.0, y)).abs() < 0.02, "a metre changes little");
        }
    }
}
