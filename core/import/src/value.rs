//! Numbers and truths out of text. Nothing that is not finite gets through.

/// A finite number, with decimal point or (where no point is there) decimal comma.
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let number = text.parse::<f64>().ok().or_else(|| {
        (!text.contains('.') && text.matches(',').count() == 1).then(|| text.replace(',', ".").parse().ok()).flatten()
    })?;
    number.is_finite().then_some(number)
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
        for text in ["NaN", "inf", "1e999", "", "1.000,5", "12a"] {
            assert_eq!(parse_number(text), None, "{text}");
        }
        assert_eq!(parse_count("2.5"), None);
        assert_eq!(parse_bool("Ja"), Some(true));
        assert_eq!(parse_bool("perhaps"), None);
    }
}
