//! Numbers, money, lengths and dates as each language writes them.
//!
//! Norwegian groups digits by a no-break space and has a decimal comma; a unit follows after a no-break space.

use crate::Language;

const NO_BREAK_SPACE: char = '\u{a0}';

/// A whole number: `12,534` or `12 534`. Norwegian does not group four digits, by its own rule, but tables line up
/// better grouped, and so it is done throughout.
pub fn number(language: Language, number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let grouped = group(language, &digits);
    if number < 0 { format!("\u{2212}{grouped}") } else { grouped }
}

fn group(language: Language, digits: &str) -> String {
    let separator = if language == Language::En { ',' } else { NO_BREAK_SPACE };
    let mut out = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// A number with `places` decimals, rounded to nearest: `1,234.5` or `1 234,5`. An en dash where it is not finite.
pub fn decimal(language: Language, value: f64, places: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{:.places$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let zero = text.bytes().all(|b| matches!(b, b'0' | b'.'));
    let mut out = if value < 0.0 && !zero { "\u{2212}".to_owned() } else { String::new() };
    out.push_str(&group(language, whole));
    if !fraction.is_empty() {
        out.push(if language == Language::En { '.' } else { ',' });
        out.push_str(fraction);
    }
    out
}

/// An amount in major units, without minor ones: `NOK 16,000` or `16 000 kr`.
pub fn money(language: Language, amount: f64, currency: &str) -> String {
    let amount = decimal(language, amount, 0);
    match (language, currency) {
        (Language::En, _) => format!("{currency}{NO_BREAK_SPACE}{amount}"),
        (_, "NOK") => format!("{amount}{NO_BREAK_SPACE}kr"),
        _ => format!("{amount}{NO_BREAK_SPACE}{currency}"),
    }
}

/// A fraction in per cent, rounded to nearest: `0.38 %` or `0,38 %`.
pub fn per_cent(language: Language, fraction: f64, places: usize) -> String {
    format!("{}{NO_BREAK_SPACE}%", decimal(language, fraction * 100.0, places))
}

/// A fraction in per cent, rounded up: for a bound that must not say less than the truth.
pub fn per_cent_up(language: Language, fraction: f64, places: usize) -> String {
    let scale = [1.0, 10.0, 100.0, 1_000.0, 10_000.0][places.min(4)];
    // A fraction given to six decimals must not be pushed up by its own representation.
    let steps = (fraction * 100.0 * scale - 1e-7).ceil().max(0.0);
    format!("{}{NO_BREAK_SPACE}%", decimal(language, steps / scale, places))
}

/// A length: `840 m`, `12.5 km`, `1,030 km`.
pub fn length(language: Language, metres: f64) -> String {
    let (value, places, unit) = match metres {
        m if m < 1_000.0 => (m, 0, "m"),
        m if m < 100_000.0 => (m / 1_000.0, 1, "km"),
        m => (m / 1_000.0, 0, "km"),
    };
    format!("{}{NO_BREAK_SPACE}{unit}", decimal(language, value, places))
}

/// A date given as `yyyy-mm-dd`: `31 January 2026` or `31. januar 2026`. Any other text stays as it is.
pub fn date(language: Language, iso: &str) -> String {
    const ENGLISH: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    const NORWEGIAN: [&str; 12] = [
        "januar",
        "februar",
        "mars",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "desember",
    ];
    let mut fields = iso.split('-').map(|field| field.parse::<usize>().ok());
    match (fields.next().flatten(), fields.next().flatten(), fields.next().flatten(), fields.next()) {
        (Some(year), Some(month @ 1..=12), Some(day @ 1..=31), None) => match language {
            Language::En => format!("{day} {} {year}", ENGLISH[month - 1]),
            _ => format!("{day}. {} {year}", NORWEGIAN[month - 1]),
        },
        _ => iso.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{En, Nb, Nn};

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(number(En, 12_534), "12,534");
        assert_eq!(number(Nb, 12_534), "12\u{a0}534");
        assert_eq!(number(Nn, -1_000_000), "\u{2212}1\u{a0}000\u{a0}000");
        assert_eq!((number(En, 999), number(En, 0)), ("999".into(), "0".into()));
        assert_eq!(number(En, i64::MIN), "\u{2212}9,223,372,036,854,775,808");
    }

    #[test]
    fn money_and_shares() {
        assert_eq!(money(En, 16_000.0, "NOK"), "NOK\u{a0}16,000");
        assert_eq!(money(Nn, 16_000.4, "NOK"), "16\u{a0}000\u{a0}kr");
        assert_eq!(money(Nb, 5.0, "EUR"), "5\u{a0}EUR");
        assert_eq!(per_cent(Nb, 0.0038, 2), "0,38\u{a0}%");
        assert_eq!(decimal(En, -0.001, 1), "0.0");
        assert_eq!(decimal(En, f64::NAN, 1), "–");
    }

    #[test]
    fn bounds_round_up() {
        assert_eq!(per_cent_up(En, 0.003_801, 2), "0.39\u{a0}%");
        assert_eq!(per_cent_up(En, 0.003_8, 2), "0.38\u{a0}%");
        assert_eq!(per_cent_up(En, 0.000_001, 2), "0.01\u{a0}%");
        assert_eq!(per_cent_up(En, 0.0, 2), "0.00\u{a0}%");
        for hundredths in 0..=10_000_u32 {
            let said = per_cent_up(En, f64::from(hundredths) / 10_000.0, 2);
            assert_eq!(said, format!("{}.{:02}\u{a0}%", hundredths / 100, hundredths % 100));
        }
    }

    #[test]
    fn lengths_and_dates() {
        assert_eq!(length(En, 840.2), "840\u{a0}m");
        assert_eq!(length(Nb, 12_540.0), "12,5\u{a0}km");
        assert_eq!(length(En, 1_030_400.0), "1,030\u{a0}km");
        assert_eq!(date(En, "2026-01-31"), "31 January 2026");
        assert_eq!(date(Nn, "2026-11-03"), "3. november 2026");
        assert_eq!(date(Nn, "soon"), "soon");
    }
}
