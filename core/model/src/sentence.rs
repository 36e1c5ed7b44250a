//! What is wrong and what to do, in English, and what stands in it: whoever speaks other languages finds the sentence by its
//! words.

use std::fmt;

/// An English sentence with `{names}`, and what stands in their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Its words.
    pub words: &'static str,
    /// The names in it, and what they stand for.
    pub values: Vec<(&'static str, String)>,
}

impl Sentence {
    /// A sentence with something in it.
    pub fn with<const N: usize>(words: &'static str, values: [(&'static str, String); N]) -> Self {
        Self { words, values: values.into() }
    }

    /// The words of another, such as a parser.
    pub fn quoting(what: impl ToString) -> Self {
        Self::with("{what}", [("what", what.to_string())])
    }

    /// Whether it says no more than what another said.
    pub fn is_quote(&self) -> bool {
        self.words == "{what}"
    }
}

impl From<&'static str> for Sentence {
    fn from(words: &'static str) -> Self {
        Self { words, values: Vec::new() }
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.words;
        while let Some((before, name, after)) = self.next(rest) {
            f.write_str(before)?;
            f.write_str(name)?;
            rest = after;
        }
        f.write_str(rest)
    }
}

impl Sentence {
    /// What is before the first name that stands for something, what that is, and what is after it.
    fn next<'t>(&'t self, text: &'static str) -> Option<(&'static str, &'t str, &'static str)> {
        let places = self.values.iter().filter_map(|(name, value)| {
            let at = text
                .match_indices(name)
                .map(|(at, _)| at)
                .find(|&at| text[..at].ends_with('{') && text[at + name.len()..].starts_with('}'))?;
            Some((at, name.len(), value.as_str()))
        });
        let (at, length, value) = places.min_by_key(|(at, ..)| *at)?;
        Some((&text[..at - 1], value, &text[at + length + 1..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_where_their_names_do() {
        let text = |sentence: Sentence| sentence.to_string();
        assert_eq!(text("write a date".into()), "write a date");
        let values = [("year", "2027".to_owned()), ("who", "{year}".to_owned())];
        assert_eq!(
            text(Sentence::with("{who}: add { {year} = … } and {what}", values)),
            "{year}: add { 2027 = … } and {what}"
        );
        assert!(Sentence::quoting("line 3").is_quote() && text(Sentence::quoting("line 3")) == "line 3");
    }
}
