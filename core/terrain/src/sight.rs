//! Line of sight: whether a radio ray keeps clear of the ground.

use breiband_model::{Point, Terrain, Wireless};

use crate::lattice::height_at;

/// The Earth's mean radius, millimetres.
const EARTH_MM: u64 = 6_371_000_000;
/// Light's way in a second, metres: over MHz it is the wavelength in micrometres.
const LIGHT: u64 = 299_792_458;

/// An antenna.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Antenna {
    /// Where it is.
    pub point: Point,
    /// Its height above the ground, millimetres.
    pub height_mm: i32,
}

/// What counts as in sight.
///
/// The ray is straight, and the Earth `earth_permille / 1000` times as large as it is. Along the way the ground (and `clutter_mm` on
/// top of it) must stay below the ray by `clearance_permille / 1000` of the first Fresnel zone's radius √(λ·d₁·d₂/(d₁+d₂)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    /// How many times as large the Earth seems, thousandths; not zero.
    pub earth_permille: u32,
    /// Part of the first Fresnel zone, thousandths.
    pub clearance_permille: u32,
    /// Carrier frequency, MHz; not zero.
    pub frequency_mhz: u32,
    /// What stands on the ground, millimetres.
    pub clutter_mm: u32,
}

/// The narrowest place of a ray.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clearance {
    /// Room between what must be clear and the ground, millimetres; below zero where the ground reaches into it.
    pub room_mm: i64,
    /// Where, millimetres from the first antenna.
    pub at_mm: u64,
}

/// The longest ray that is looked at, millimetres: 200 km.
const LONGEST_MM: u64 = 200_000_000;

impl Sight {
    /// What a cost book asks of a link at a frequency.
    pub fn new(wireless: &Wireless, frequency_mhz: u32) -> Self {
        // In range, as the cost book was checked.
        let permille = |x: f64| (x * 1000.0 + 0.5) as u32;
        Self {
            earth_permille: permille(wireless.earth_factor).max(1),
            clearance_permille: permille(wireless.clearance),
            frequency_mhz: frequency_mhz.max(1),
            clutter_mm: permille(wireless.clutter_m),
        }
    }

    /// The narrowest place between two antennas; the same from either end, but for where it is measured from.
    ///
    /// The ground is looked at every half step of the terrain or less, the ends left out. Where rays touch nothing between, the room is
    /// `i64::MAX`. `None` where the ground is unknown on the way, and beyond 200 km. Linear in the length.
    pub fn clearance(&self, terrain: &Terrain, a: Antenna, b: Antenna) -> Option<Clearance> {
        let mut least = Clearance { room_mm: i64::MAX, at_mm: 0 };
        let whole = self.walk(terrain, a, b, |room_mm, at_mm| {
            if room_mm < least.room_mm {
                least = Clearance { room_mm, at_mm };
            }
            true
        })?;
        debug_assert!(whole);
        if a > b {
            least.at_mm = a.point.distance_mm(b.point) - least.at_mm;
        }
        Some(least)
    }

    /// Whether two antennas see each other: the room is nowhere below zero, and the ground known. It stops at the first obstacle.
    pub fn is_clear(&self, terrain: &Terrain, a: Antenna, b: Antenna) -> bool {
        self.walk(terrain, a, b, |room_mm, _| room_mm >= 0) == Some(true)
    }

    /// Walks from the smaller antenna to the larger; `each` hears the room and the distance, and says whether to go on.
    fn walk(&self, terrain: &Terrain, a: Antenna, b: Antenna, mut each: impl FnMut(i64, u64) -> bool) -> Option<bool> {
        // From one end always, so that rounding is the same both ways.
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        let length = a.point.distance_mm(b.point);
        if length > LONGEST_MM {
            return None;
        }
        let top = |antenna: Antenna| Some(i64::from(height_at(terrain, antenna.point)?) + i64::from(antenna.height_mm));
        let (low, high) = (top(a)?, top(b)?);
        let samples = length.div_ceil(u64::from(terrain.step_mm() / 2).max(1)).max(1);
        // d₁·d₂ is at most 10¹⁶, so all that follows fits.
        let diameter = 2 * EARTH_MM / 1000 * u64::from(self.earth_permille);
        let wavelength_um = LIGHT / u64::from(self.frequency_mhz);
        let part = u64::from(self.clearance_permille);
        for sample in 1..samples {
            let point = a.point.towards(b.point, sample, samples);
            let from_a = length * sample / samples;
            let product = from_a * (length - from_a);
            let ray = (low * (samples - sample) as i64 + high * sample as i64).div_euclid(samples as i64);
            let bulge = product.div_ceil(diameter);
            let radius_squared = product / length * wavelength_um / 1000;
            let zone = (radius_squared * part / 1000 * part / 1000).isqrt();
            let ground = i64::from(height_at(terrain, point)?) + i64::from(self.clutter_mm);
            if !each(ray - ground - bulge as i64 - zone as i64, from_a) {
                return Some(false);
            }
        }
        Some(true)
    }
}

/// The sector that `to` lies in, seen from `from`: `count` equal ones, the first from north to east. At `from` itself the first.
pub fn sector_of(from: Point, to: Point, count: u32) -> u32 {
    let (east, north) = (i64::from(to.x) - i64::from(from.x), i64::from(to.y) - i64::from(from.y));
    if (east, north) == (0, 0) {
        return 0;
    }
    let turn = libm::atan2(east as f64, north as f64) / (2.0 * std::f64::consts::PI);
    let turn = if turn < 0.0 { turn + 1.0 } else { turn };
    // The cast saturates.
    ((turn * f64::from(count)) as u32).min(count.saturating_sub(1))
}
