//! The colours of reports, maps and QGIS styles: the page's by day, where both show the same thing. A test over the page's style sheet
//! holds the two together, and holds each palette to what eyes that see fewer colours tell apart.

use breiband_model::{Method, Status};

/// Every method, the cheapest first.
pub const METHODS: [(Method, &str); 11] = [
    (Method::Plough, "#dc8f0a"),
    (Method::Trench, "#db3f3e"),
    (Method::MicroTrench, "#8b2b63"),
    (Method::Aerial, "#5e4fa3"),
    (Method::ExistingDuct, "#2f8e67"),
    (Method::Bore, "#593827"),
    (Method::Structure, "#4d5f7d"),
    (Method::Subsea, "#026ee3"),
    (Method::Radio, "#b6154e"),
    // Of these no line is drawn.
    (Method::Equipment, "#7a7a7a"),
    (Method::Running, "#b0b0b0"),
];

/// Every status.
pub const STATUSES: [(Status, &str); 4] = [
    (Status::Connected, "#048473"),
    (Status::Unreachable, "#bc1f4c"),
    (Status::Excluded, "#a49e8d"),
    (Status::AlreadyServed, "#9db6bc"),
];

/// Years, from the first to the last; a programme's are spread over them.
pub const YEARS: [&str; 8] = ["#270c5a", "#510481", "#7d2587", "#a7357e", "#d0466e", "#ee5e5f", "#f28c5c", "#f0ab39"];
/// What is built before the first year.
pub const BUILT: &str = "#182125";
/// What no year's money reaches.
pub const LATER: &str = "#909b9f";

/// Curves beside each other, one after another.
pub const CURVES: [&str; 4] = ["#909da2", "#248ca7", "#165d6e", "#c05401"];

/// What one of several plans has alone; the first two are those of the page's difference.
pub const PLANS: [&str; 6] = ["#1369c8", "#c35402", "#0caedf", "#601709", "#161774", "#524952"];
/// What all plans have.
pub const ALL_PLANS: &str = "#878c8f";
/// What some of the plans have.
pub const SOME_PLANS: &str = "#080011";

/// Places, told apart by their shapes too.
pub const POP: &str = "#6a3d9a";
/// See [`POP`].
pub const CABINET: &str = "#8c510a";
/// See [`POP`].
pub const MAST: &str = "#c2185b";
/// See [`POP`].
pub const HANDOVER: &str = "#14202b";
/// The ground: water, and municipalities' borders.
pub const WATER: &str = "#cfe1e8";
/// See [`WATER`].
pub const BORDER: &str = "#8d8779";

/// The colour of one of so many years, the first of which is at 0.
pub(crate) fn year(at: usize, of: usize) -> &'static str {
    let (last, steps) = (of.saturating_sub(1).max(1), YEARS.len() - 1);
    YEARS[((at * steps + last / 2) / last).min(steps)]
}

#[cfg(test)]
mod tests {
    use super::{YEARS, year};

    #[test]
    fn years_are_spread_over_all_colours() {
        assert_eq!([0, 1, 2].map(|at| year(at, 3)), [YEARS[0], YEARS[4], YEARS[7]]);
        assert_eq!((year(0, 1), year(0, 0), year(11, 12), year(40, 12)), (YEARS[0], YEARS[0], YEARS[7], YEARS[7]));
    }
}
