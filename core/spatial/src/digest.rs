//! One number over many projected coordinates, to compare machines.

use breiband_model::Point;
use breiband_random::SplitMix64;

use crate::{Crs, Projection, plane_around};

/// A digest of `n` pseudo-random places of northern Europe taken through a local plane and back, and through UTM zones 32, 33
/// and 35: equal on two machines exactly if every millimetre and every bit of every degree is.
///
/// The places are the same for every call (SplitMix64 from a fixed seed); the digest is FNV-1a of 64 bits.
pub fn coordinate_digest(n: u64) -> u64 {
    let planes = [(5.9, 61.9, 7.1, 63.1), (9.4, 47.0, 9.7, 47.3), (24.0, 69.0, 26.0, 71.0)]
        .map(|(west, south, east, north)| Projection::new(plane_around(west, south, east, north)));
    let zones = [25832, 25833, 32635].map(|code| Crs::from_epsg(code).ok());
    let mut random = SplitMix64::new(0x6272_6569_6261_6e64);
    let mut between = |low: u64, high: u64| low + random.below(high - low);
    let mut digest = Fnv(0xcbf2_9ce4_8422_2325);
    for index in 0..n {
        let plane = &planes[(index % 3) as usize];
        let lon = between(40_000_000, 320_000_000) as f64 / 1e7;
        let lat = between(450_000_000, 715_000_000) as f64 / 1e7;
        let p = plane.to_plane(lon, lat).unwrap_or(Point::new(i32::MIN, i32::MIN));
        digest.eat(u64::from(p.x as u32) << 32 | u64::from(p.y as u32));
        let (lon, lat) = plane.to_lon_lat(p);
        digest.eat(lon.to_bits());
        digest.eat(lat.to_bits());
        let (x, y) = (between(100_000_000, 900_000_000), between(5_000_000_000, 7_900_000_000));
        let zone = zones[(index % 3) as usize].as_ref();
        let (lon, lat) =
            zone.and_then(|zone| zone.to_lon_lat(x as f64 / 1e3, y as f64 / 1e3).ok()).unwrap_or((f64::NAN, 0.0));
        digest.eat(lon.to_bits());
        digest.eat(lat.to_bits());
    }
    digest.0
}

struct Fnv(u64);

impl Fnv {
    fn eat(&mut self, word: u64) {
        for byte in word.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
}
