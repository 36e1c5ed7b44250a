//! The least and the most that figures may be, for the page to say before an edit is refused. The core has the last word; a test of
//! the session holds the two against each other.

/// A mast's height, metres.
pub const MAST_HEIGHT_M: [f64; 2] = [0.0, 500.0];
/// A mast's sectors.
pub const MAST_SECTORS: [f64; 2] = [1.0, 36.0];
/// What an area multiplies the price of digging by.
pub const AREA_FACTOR: [f64; 2] = [0.0, 1_000.0];
/// Any amount of money, major units: whole numbers of minor units are exact so far.
pub const AMOUNT: [f64; 2] = [0.0, 89_999_999_999_999.0];
/// Any share in per cent.
pub const PER_CENT: [f64; 2] = [0.0, 100.0];
/// Years that a policy looks ahead.
pub const HORIZON: [f64; 2] = [1.0, 60.0];

/// That of a setting of the policy or the support scheme, by its path.
pub fn of_setting(path: &str) -> Option<[f64; 2]> {
    match path.rsplit('.').next()? {
        "horizon" => Some(HORIZON),
        name if name.ends_with("per_cent") => Some(PER_CENT),
        _ => None,
    }
}
