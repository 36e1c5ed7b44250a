//! Line of sight against a slow oracle, by hand reckoning, and by what must hold of any answer.

use breiband_model::{Point, Terrain};
use breiband_terrain::{Antenna, Sight, height_at, sector_of};
use proptest::prelude::*;

const STEP: u32 = 30_000;
const SIDE: u32 = 24;

fn lattice(heights: impl Fn(u32, u32) -> i32) -> Terrain {
    let all = (0..SIDE * SIDE).map(|n| heights(n % SIDE, n / SIDE)).collect();
    Terrain::new(Point::new(-7, 11), STEP, SIDE, all).expect("a whole lattice")
}

fn at(x: i32, y: i32, height_mm: i32) -> Antenna {
    Antenna { point: Point::new(x, y), height_mm }
}

const RULES: Sight = Sight { earth_permille: 1333, clearance_permille: 600, frequency_mhz: 3600, clutter_mm: 0 };

/// The room in floating point, looked at forty times as closely, by textbook formulas.
fn oracle(rules: &Sight, terrain: &Terrain, a: Antenna, b: Antenna) -> f64 {
    let ground = |x: f64, y: f64| {
        let (u, v) = ((x + 7.0) / f64::from(STEP), (y - 11.0) / f64::from(STEP));
        let (i, j) = (u.floor().min(f64::from(SIDE - 2)), v.floor().min(f64::from(SIDE - 2)));
        let (u, v) = (u - i, v - j);
        let h = |di: u32, dj: u32| f64::from(terrain.heights()[((j as u32 + dj) * SIDE + i as u32 + di) as usize]);
        (1.0 - u) * (1.0 - v) * h(0, 0) + u * (1.0 - v) * h(1, 0) + (1.0 - u) * v * h(0, 1) + u * v * h(1, 1)
    };
    let end = |p: Antenna| (f64::from(p.point.x), f64::from(p.point.y), f64::from(p.height_mm));
    let ((ax, ay, ah), (bx, by, bh)) = (end(a), end(b));
    let length = libm::hypot(bx - ax, by - ay) / 1000.0;
    let (from, to) = (ground(ax, ay) + ah, ground(bx, by) + bh);
    let wavelength = 299_792_458.0 / (f64::from(rules.frequency_mhz) * 1e6);
    let steps = a.point.distance_mm(b.point).div_ceil(u64::from(STEP / 2)).max(1) as u32;
    let samples = steps * 40;
    let room = |n: u32| {
        let t = f64::from(n) / f64::from(samples);
        let (d1, d2) = (t * length, (1.0 - t) * length);
        let bulge = d1 * d2 / (2.0 * 6_371_000.0 * f64::from(rules.earth_permille) / 1000.0);
        let zone = (wavelength * d1 * d2 / length).sqrt() * f64::from(rules.clearance_permille) / 1000.0;
        from + (to - from) * t
            - ground(ax + (bx - ax) * t, ay + (by - ay) * t)
            - f64::from(rules.clutter_mm)
            - 1000.0 * (bulge + zone)
    };
    // From our first sample to our last: what stands at an antenna's own foot hides nothing.
    (40..=samples - 40).map(room).fold(f64::INFINITY, f64::min)
}

#[test]
fn ten_kilometres_of_flat_ground() {
    // The Earth bulges by 1.471 m in the middle, and 60 % of the first zone are 8.657 m: 10.128 m are just enough.
    let flat = Terrain::new(Point::new(0, 0), 100_000, 102, vec![0; 102 * 2]).expect("whole");
    let pair = |height| (at(50_000, 50_000, height), at(10_050_000, 50_000, height));
    let (a, b) = pair(10_140);
    assert!(RULES.is_clear(&flat, a, b));
    let (a, b) = pair(10_120);
    assert!(!RULES.is_clear(&flat, a, b));
    let narrow = RULES.clearance(&flat, a, b).expect("known ground");
    assert!((4_900_000..=5_100_000).contains(&narrow.at_mm) && (-12..=-2).contains(&narrow.room_mm), "{narrow:?}");
    let higher = Sight { frequency_mhz: 26_000, ..RULES };
    assert!(higher.is_clear(&flat, a, b), "a shorter wave needs less room");
}

#[test]
fn a_ridge_hides_and_unknown_ground_is_not_crossed() {
    let ridge = lattice(|i, _| if i == 12 { 40_000 } else { 0 });
    let (a, b) = (at(60_000, 300_000, 20_000), at(600_000, 300_000, 20_000));
    assert!(!RULES.is_clear(&ridge, a, b));
    assert!(RULES.is_clear(&ridge, Antenna { height_mm: 70_000, ..a }, Antenna { height_mm: 70_000, ..b }));
    assert!(RULES.is_clear(&lattice(|_, _| 0), a, b));
    let hole = lattice(|i, _| if i == 12 { Terrain::UNKNOWN } else { -50_000 });
    assert!(!RULES.is_clear(&hole, a, b), "nobody knows what stands there");
    assert_eq!(RULES.clearance(&hole, a, b), None);
    assert_eq!(height_at(&hole, Point::new(353_000, 300_000)), None);
    assert_eq!(height_at(&hole, Point::new(-8, 300_000)), None, "off the lattice");
    let corner = Point::new(-7 + 23 * STEP as i32, 11 + 23 * STEP as i32);
    assert_eq!(height_at(&hole, corner), Some(-50_000), "the last node is on it");
}

#[test]
fn sectors_go_round_from_the_north() {
    let from = Point::new(5, 5);
    let of = |x, y| sector_of(from, Point::new(5 + x, 5 + y), 3);
    assert_eq!([of(1, 100), of(100, -20), of(50, -100), of(-50, -100), of(-100, 0), of(-1, 100)], [0, 0, 1, 1, 2, 2]);
    assert_eq!(sector_of(from, from, 3), 0);
    assert_eq!(sector_of(from, Point::new(-9, 5), 1), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn sight_is_what_the_slow_oracle_says(
        heights in prop::collection::vec(0..60_000_i32, (SIDE * SIDE) as usize),
        ends in prop::array::uniform2((0..690_000_i32, 20..690_000_i32, 500..90_000_i32)),
        frequency_mhz in 700..30_000_u32, clearance_permille in 0..1001_u32, clutter_mm in 0..9_000_u32,
    ) {
        let terrain = lattice(|i, j| heights[(j * SIDE + i) as usize]);
        let rules = Sight { frequency_mhz, clearance_permille, clutter_mm, ..RULES };
        let [a, b] = ends.map(|(x, y, h)| at(x.min(689_900), y.min(689_900), h));
        prop_assume!(a.point.distance_mm(b.point) > 2 * u64::from(STEP));
        let found = rules.clearance(&terrain, a, b).expect("known everywhere");
        let truth = oracle(&rules, &terrain, a, b);
        // Nothing is seen that the oracle does not see, but for millimetres of rounding; and between two samples the ground
        // rises no more than its steepest slope allows: half the largest step between neighbours, twice over on the diagonal.
        let steepest = heights.iter().max().unwrap() - heights.iter().min().unwrap();
        prop_assert!(found.room_mm as f64 >= truth - 6.0, "{found:?} {truth}");
        prop_assert!(found.room_mm as f64 <= truth + f64::from(steepest) + 500.0, "{found:?} {truth}");
        prop_assert_eq!(rules.is_clear(&terrain, a, b), found.room_mm >= 0);
        // From either end it is the same.
        let back = rules.clearance(&terrain, b, a).expect("known");
        prop_assert_eq!(back.room_mm, found.room_mm);
        // A taller mast sees no less, and neither does one over less clutter.
        let taller = rules.clearance(&terrain, Antenna { height_mm: a.height_mm + 5_000, ..a }, b).expect("known");
        prop_assert!(taller.room_mm >= found.room_mm);
        let bare = Sight { clutter_mm: 0, ..rules }.clearance(&terrain, a, b).expect("known");
        prop_assert!((bare.room_mm - found.room_mm - i64::from(clutter_mm)).abs() <= 1);
    }

    #[test]
    fn on_gentle_ground_the_oracle_and_the_answer_agree(
        seed in prop::collection::vec(-1_000..1_000_i32, 36), ends in prop::array::uniform2((0..689_000_i32, 20..689_000_i32)),
        masts in prop::array::uniform2(2_000..40_000_i32),
    ) {
            // Hills of 40 m on 120: between samples the ground rises by less than five metres.
        let wave = |i: u32, j: u32| {
            let at = |a: u32, b: u32| seed[(a.min(5) * 6 + b.min(5)) as usize] * 20;
            let (u, v) = ((i % 4) as i32, (j % 4) as i32);
            let (a, b) = (i / 4, j / 4);
            ((4 - u) * ((4 - v) * at(a, b) + v * at(a, b + 1)) + u * ((4 - v) * at(a + 1, b) + v * at(a + 1, b + 1))) / 16
        };
        let terrain = lattice(wave);
        let [a, b] = [0, 1].map(|k| at(ends[k].0, ends[k].1, masts[k]));
        prop_assume!(a.point.distance_mm(b.point) > u64::from(STEP));
        let truth = oracle(&RULES, &terrain, a, b);
        if truth.abs() > 5_000.0 {
            prop_assert_eq!(RULES.is_clear(&terrain, a, b), truth > 0.0);
        }
        let found = RULES.clearance(&terrain, a, b).expect("known");
        prop_assert!((found.room_mm as f64 - truth).abs() < 5_000.0, "{:?} {}", found, truth);
    }
}
