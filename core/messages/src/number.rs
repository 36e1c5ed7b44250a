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

/// The number that somebody wrote in a language's form: `1,234.5`, or `1 234,5`. Groups may be left out; where they are set apart, each
/// separator stands where [`number`] puts one, so that `512,50` is no English number: a decimal comma is never taken for a group's.
/// Norwegian takes a decimal point too, but not before three digits, where it may be meant to set thousands apart.
pub fn read_number(language: Language, text: &str) -> Option<f64> {
    let is_english = language == Language::En;
    let text = text.trim();
    let (is_negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = match text.split_once(if is_english { '.' } else { ',' }) {
        Some((whole, fraction)) => (whole, fraction),
        None if is_english => (text, ""),
        None => text.split_once('.').filter(|(_, fraction)| fraction.len() != 3).unwrap_or((text, "")),
    };
    let is_separator = |one: char| one.is_whitespace() || (is_english && one == ',');
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let groups: Vec<&str> = whole.split(is_separator).collect();
    let has_groups =
        groups.len() == 1 || (matches!(groups[0].len(), 1..=3) && groups[1..].iter().all(|group| group.len() == 3));
    // One kind of separator, whichever it is.
    let mut separators = whole.chars().filter(|&one| is_separator(one)).map(|one| one == ',');
    let first = separators.next();
    if !(has_groups && separators.all(|one| Some(one) == first)) {
        return None;
    }
    if !(groups.iter().all(|group| is_digits(group)) && is_digits(fraction)) {
        return None;
    }
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let value: f64 = format!("0{}.{fraction}0", groups.concat()).parse().ok()?;
    value.is_finite().then_some(if is_negative { -value } else { value })
}

/// An amount in major units, without minor ones: `NOK 16,000` or `16 000 kr`.
pub fn money(language: Language, amount: f64, currency: &str) -> String {
    money_exact(language, amount, currency, 0)
}

/// As [`money`], with so many decimals.
pub fn money_exact(language: Language, amount: f64, currency: &str, places: usize) -> String {
    let amount = decimal(language, amount, places);
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
    fn what_is_written_is_read_or_refused() {
        let read = |text| [En, Nb, Nn].map(|language| read_number(language, text));
        for (text, en, norwegian) in [
            ("512", Some(512.0), Some(512.0)),
            ("512.5", Some(512.5), Some(512.5)),
            ("512,50", None, Some(512.5)),
            ("1,25", None, Some(1.25)),
            ("1,250", Some(1_250.0), Some(1.25)),
            ("1.250", Some(1.25), None),
            ("1,234,567.8", Some(1_234_567.8), None),
            ("1 234 567,8", None, Some(1_234_567.8)),
            ("1.234.567,8", None, None),
            ("1\u{a0}234", Some(1_234.0), Some(1_234.0)),
            ("1\u{202f}234", Some(1_234.0), Some(1_234.0)),
            ("12 34", None, None),
            ("1234,567", None, Some(1_234.567)),
            ("1,234 567", None, None),
            (",5", None, Some(0.5)),
            (".5", Some(0.5), Some(0.5)),
            ("5.", Some(5.0), Some(5.0)),
            ("1,,250", None, None),
            (" \u{2212}1 ", Some(-1.0), Some(-1.0)),
            ("-0.5", Some(-0.5), Some(-0.5)),
            ("", None, None),
            ("-", None, None),
            (",", None, None),
            ("1e5", None, None),
            ("inf", None, None),
            ("NaN", None, None),
            ("\u{0665}", None, None),
        ] {
            assert_eq!(read(text), [en, norwegian, norwegian], "{text:?}");
        }
        let huge = "9".repeat(400);
        assert_eq!(read(&huge), [None; 3]);
    }

    #[test]
    fn what_is_shown_is_read_back() {
        for language in [En, Nb, Nn] {
            for value in [0.0, 0.5, 7.0, 999.0, 1_000.0, 12_345.25, -1_234_567.125, 1e15] {
                for places in 0..4 {
                    let shown = decimal(language, value, places);
                    let plain = format!("{value:.places$}").parse().expect("a number");
                    assert_eq!(read_number(language, &shown), Some(plain), "{shown} {places}");
                }
            }
        }
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
