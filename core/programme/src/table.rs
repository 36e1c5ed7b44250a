//! Tables that people write by hand or save from a spreadsheet.

use breiband_model::Sentence;

/// A reader of a table with a header; lines that begin with `#` are remarks. Its separator is a semicolon or a tab where the
/// header has more of them than of commas, as spreadsheets write them where the comma is the decimal mark.
pub(crate) fn reader(bytes: &[u8]) -> (csv::Reader<&[u8]>, Decimals) {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let header = bytes.split(|&byte| byte == b'\n').find(|line| !line.is_empty() && !line.starts_with(b"#"));
    let separator = breiband_model::separator(header.unwrap_or_default(), b",;\t");
    let reader =
        csv::ReaderBuilder::new().delimiter(separator).trim(csv::Trim::All).comment(Some(b'#')).from_reader(bytes);
    (reader, if separator == b',' { Decimals::Point } else { Decimals::Either })
}

/// What is wrong with a table that cannot be read, in words for whoever filled it in.
pub(crate) fn broken(error: &csv::Error) -> Sentence {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            let words = "the row has {found} cells and the header {columns}: leave empty cells empty, and put quotes around text \
                         that holds what separates them";
            Sentence::with(words, [("found", len.to_string()), ("columns", expected_len.to_string())])
        }
        csv::ErrorKind::Utf8 { .. } => "the text is not UTF-8: save the table as UTF-8".into(),
        _ => Sentence::quoting(error),
    }
}

/// How a table writes decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decimals {
    /// With a point.
    Point,
    /// With a point or a comma, which separates no cells here.
    Either,
}

impl Decimals {
    /// A figure of 0 or more and less than 10¹²; thousands may be apart by spaces.
    pub(crate) fn figure(self, text: &str) -> Option<f64> {
        let mut plain: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
        if self == Self::Either && !plain.contains('.') {
            plain = plain.replacen(',', ".", 1);
        }
        plain.parse().ok().filter(|figure| (0.0..1e12).contains(figure))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_and_decimals_are_told_apart() {
        let cells = |text: &str| -> Vec<String> {
            let (mut reader, _) = reader(text.as_bytes());
            reader.records().flatten().flat_map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>()).collect()
        };
        assert_eq!(cells("\u{feff}# a, b, c\na;b\n1,5;2\n"), ["1,5", "2"]);
        assert_eq!(cells("a,b\r\n1;2,3\r\n"), ["1;2", "3"]);
        assert_eq!(cells("a\tb\n1\t2\n"), ["1", "2"]);
        assert_eq!(cells(""), [""; 0]);
        assert_eq!(Decimals::Either.figure("520 000,50"), Some(520_000.5));
        assert_eq!(Decimals::Either.figure("520\u{a0}000.5"), Some(520_000.5));
        assert_eq!(Decimals::Point.figure("1 000.5"), Some(1_000.5));
        for (decimals, text) in [
            (Decimals::Point, "1,5"),
            (Decimals::Either, "1.000,5"),
            (Decimals::Either, "1,000,5"),
            (Decimals::Point, "-1"),
            (Decimals::Point, "nan"),
            (Decimals::Point, "1e300"),
            (Decimals::Point, ""),
        ] {
            assert_eq!(decimals.figure(text), None, "{text}");
        }
    }
}
