//! Figures as they are told: no more digits than mean something.

/// Rounded to two decimals.
pub(crate) fn cents(major: f64) -> f64 {
    (major * 100.0).round() / 100.0
}

/// Rounded to one decimal.
pub(crate) fn tenths(figure: f64) -> f64 {
    (figure * 10.0).round() / 10.0
}
