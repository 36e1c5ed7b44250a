//! Numbers and truths out of text. Nothing that is not finite gets through.

use std::borrow::Cow;

/// A finite number, with decimal point or (where no point is there) decimal comma; thousands may stand apart by spaces or by
/// apostrophes, and a degree sign may follow.
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches('°').trim_end();
    let text = &*thousands_joined(text);
    let number = text.parse::<f64>().ok().or_else(|| {
        (!text.contains('.') && text.matches(',').count() == 1).then(|| text.replace(',', ".").parse().ok()).flatten()
    })?;
    number.is_finite().then_some(number)
}

/// `6 930 000,2` and `2'600'000.5` as one run of digits; anything else as it is.
fn thousands_joined(text: &str) -> Cow<'_, str> {
    let apart = |c: char| c.is_whitespace() || matches!(c, '\'' | '’');
    if !text.contains(apart) {
        return Cow::Borrowed(text);
    }
    let whole = text.split(['.', ',']).next().unwrap_or(text).trim_start_matches('-');
    let mut groups = whole.split(apart);
    let digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()) && digits(group));
    if first && groups.all(|group| group.len() == 3 && digits(group)) {
        Cow::Owned(text.chars().filter(|&c| !apart(c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// A speed, multiplied into Mbit/s: not negative, at most 10 Tbit/s.
pub(crate) fn parse_speed(text: &str, factor: f64) -> Option<f64> {
    parse_number(text).map(|v| v * factor).filter(|v| (0.0..=1e7).contains(v))
}

/// A count of households or sectors: whole, up to 10,000.
pub(crate) fn parse_count(text: &str) -> Option<u32> {
    let number = parse_number(text)?;
    (number.fract() == 0.0 && (0.0..=10_000.0).contains(&number)).then_some(number as u32)
}

/// Yes or no, in the words that tables use.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "1" | "true" | "yes" | "ja" | "y" | "x" | "t" | "signed" => Some(true),
        "0" | "false" | "no" | "nei" | "n" | "f" | "" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_finite_numbers_are_numbers() {
        assert_eq!(parse_number(" 1,5 "), Some(1.5));
        assert_eq!(parse_number("-6.25"), Some(-6.25));
        assert_eq!(parse_number("6 930 000,25"), Some(6_930_000.25));
        assert_eq!(parse_number("353\u{a0}222"), Some(353_222.0));
        assert_eq!(parse_number("-2'600'000.5"), Some(-2_600_000.5));
        assert_eq!(parse_number("6.151°"), Some(6.151));
        for text in ["1 2", "62 28 12", "1234 567", "62°28'12", "12 345 67", "1 000 x"] {
            assert_eq!(parse_number(text), None, "{text}");
        }
        for text in ["NaN", "inf", "1e999", "", "1.000,5", "12a"] {
            assert_eq!(parse_number(text), None, "{text}");
        }
        assert_eq!(parse_count("2.5"), None);
        assert_eq!(parse_bool("Ja"), Some(true));
        assert_eq!(parse_bool("perhaps"), None);
    }
}
