//! Texts, numbers and money in English, bokmål and nynorsk: for reports and for the web app.
//!
//! The texts are in `messages/{en,nb,nn}.toml`, which a translator can edit without reading Rust. A test holds the three
//! files to the same keys and placeholders.
//!
//! ```
//! use breiband_messages::{Language, text};
//! assert_eq!(text(Language::Nn, "report.more_municipalities", &[("count", "3")]), "3 til");
//! assert_eq!(text(Language::Nb, "status.already_served", &[]), "har tilbud fra før");
//! ```

mod number;

use std::collections::BTreeMap;
use std::sync::OnceLock;

pub use number::{date, decimal, length, money, money_exact, number, per_cent, per_cent_up, read_number};

/// A language of the reports and the web app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Bokmål.
    Nb,
    /// Nynorsk.
    Nn,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::En, Self::Nb, Self::Nn];

    /// Its ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Nb => "nb",
            Self::Nn => "nn",
        }
    }

    /// Its own name for itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Nb => "Bokmål",
            Self::Nn => "Nynorsk",
        }
    }

    /// The language of a code or BCP 47 tag (`nb`, `nn-NO`); `no` is bokmål.
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        match primary.as_str() {
            "en" => Some(Self::En),
            "nb" | "no" => Some(Self::Nb),
            "nn" => Some(Self::Nn),
            _ => None,
        }
    }
}

type Messages = BTreeMap<String, &'static str>;

/// What `build.rs` makes of some tables of the message files, and their texts in each language once they are asked for.
struct Book {
    source: &'static str,
    texts: [OnceLock<Messages>; 3],
}

/// What page and reports say, and what either says alone: a program holds only what it asks for, as the page no report's texts
/// and its worker none of the page's.
static BOTH: Book = Book::new(include_str!(concat!(env!("OUT_DIR"), "/both.txt")));
static REPORTS: Book = Book::new(include_str!(concat!(env!("OUT_DIR"), "/reports.txt")));
static PAGE: Book = Book::new(include_str!(concat!(env!("OUT_DIR"), "/page.txt")));

impl Book {
    const fn new(source: &'static str) -> Self {
        Self { source, texts: [const { OnceLock::new() }; 3] }
    }

    /// All texts of a language by `table.key`.
    fn texts(&self, language: Language) -> &Messages {
        self.texts[language as usize].get_or_init(|| parse(self.source, language))
    }

    /// What a text of a table is in another language.
    fn translated(&self, language: Language, table: &str, english: &str) -> Option<&'static str> {
        let texts = self.texts(Language::En).range(table.to_owned()..).take_while(|(key, _)| key.starts_with(table));
        let (key, _) = texts.into_iter().find(|(_, text)| **text == english)?;
        self.find(language, key)
    }

    fn find(&self, language: Language, key: &str) -> Option<&'static str> {
        self.texts(language).get(key).copied()
    }
}

/// Reads a table's name after a bracket, then its keys, each with a text a language.
fn parse(source: &'static str, language: Language) -> Messages {
    let mut table = "";
    let mut texts = Messages::new();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix('[') {
            table = name;
            continue;
        }
        let all = Language::ALL.map(|_| lines.next().unwrap_or_default());
        texts.insert(format!("{table}.{line}"), all[language as usize]);
    }
    texts
}

/// Whether reports have a text of that key.
pub fn has(key: &str) -> bool {
    [&BOTH, &REPORTS].iter().any(|book| book.find(Language::En, key).is_some())
}

/// The text of `key` (`table.key`) with each `{name}` replaced from `args`; the key itself where there is no such text.
///
/// Tables that go by the names of values are `status`, `reason`, `method`, `kind` (of parts), `left_out`, `technology`, `measure`
/// and `issue` (by code).
///
/// ```
/// use breiband_messages::{Language, text};
/// assert_eq!(text(Language::Nb, "reason.no-way", &[]), "ingen vei innenfor lengste stikkledning");
/// ```
pub fn text(language: Language, key: &str, args: &[(&str, &str)]) -> String {
    let found = [&BOTH, &REPORTS].iter().find_map(|book| book.find(language, key));
    found.map_or_else(|| key.to_owned(), |found| filled(found, args))
}

/// The page's text of `key`: its own of the table `web`, else one that reports have too.
pub fn page_text(language: Language, key: &str) -> Option<&'static str> {
    PAGE.find(language, &format!("web.{key}")).or_else(|| BOTH.find(language, key))
}

/// A text with each `{name}` replaced by its value; what is no name, or has no value, stays as it is. A value is never looked into.
pub fn filled<N: AsRef<str>, V: AsRef<str>>(mut rest: &str, args: &[(N, V)]) -> String {
    let mut out = String::with_capacity(rest.len() + 16);
    while let Some((before, name, after)) = placeholder(rest) {
        out.push_str(before);
        match args.iter().find(|(known, _)| known.as_ref() == name) {
            Some((_, value)) => out.push_str(value.as_ref()),
            None => out.extend(["{", name, "}"]),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The notice of invented regions, as their scenarios have it.
pub const INVENTED: &str = "Invented data: no place, road or address in it exists";

/// A scenario's notice in a language: that of invented regions is known, another stands as its author wrote it.
pub fn notice(language: Language, notice: &str) -> String {
    // An author may end the sentence or not.
    let known = (notice.trim_end_matches('.') == INVENTED).then(|| BOTH.find(language, "plan.invented")).flatten();
    known.unwrap_or(notice).to_owned()
}

/// A name or source that comes with Breiband, in a language; another's stands as its author wrote it.
pub fn shipped(language: Language, own: &str) -> String {
    BOTH.translated(language, "shipped.", own).unwrap_or(own).to_owned()
}

/// An English sentence on what is wrong and what to do, in a language: of the page's table `known`.
pub fn known(language: Language, words: &str) -> Option<&'static str> {
    PAGE.translated(language, "known.", words)
}

/// The first `{name}` of a text, with what is before and after it.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    // Braces may stand around a name, as in TOML.
    let (open, close) = text.match_indices('}').find_map(|(close, _)| Some((text[..close].rfind('{')?, close)))?;
    Some((&text[..open], &text[open + 1..close], &text[close + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(language: Language) -> Messages {
        [&BOTH, &REPORTS, &PAGE].into_iter().flat_map(|book| book.texts(language).clone()).collect()
    }

    fn placeholders(mut text: &str) -> Vec<&str> {
        let mut names = Vec::new();
        while let Some((_, name, after)) = placeholder(text) {
            names.push(name);
            text = after;
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    #[test]
    fn the_notice_of_invented_data_is_said_in_every_language() {
        let said = Language::ALL.map(|language| notice(language, INVENTED));
        assert!(
            said[0].starts_with(INVENTED) && said[1].contains("Oppdiktede") && said[2].contains("Oppdikta"),
            "{said:?}"
        );
        assert_eq!(notice(Language::Nb, "Utkast"), "Utkast");
        assert_eq!(notice(Language::Nn, ""), "");
    }

    #[test]
    fn what_is_shipped_is_said_in_every_language() {
        let known = "General knowledge: example, uncalibrated";
        assert_eq!(shipped(Language::En, known), known);
        assert_eq!(shipped(Language::Nb, known), "Allmennkunnskap: eksempel, ikke kalibrert");
        assert_eq!(shipped(Language::Nn, "Tilbod frå mai"), "Tilbod frå mai");
    }

    #[test]
    fn all_languages_have_the_same_keys_and_placeholders() {
        let english = all(Language::En);
        assert!(english.len() > 80);
        for language in [Language::Nb, Language::Nn] {
            let other = all(language);
            let missing: Vec<_> = english.keys().filter(|key| !other.contains_key(*key)).collect();
            let extra: Vec<_> = other.keys().filter(|key| !english.contains_key(*key)).collect();
            assert!(
                missing.is_empty() && extra.is_empty(),
                "{}: missing {missing:?}, extra {extra:?}",
                language.code()
            );
            for (key, text) in &english {
                assert_eq!(placeholders(text), placeholders(other[key]), "{}: {key}", language.code());
                assert_eq!(text.trim().is_empty(), other[key].trim().is_empty(), "{}: {key}", language.code());
            }
        }
    }

    /// Of the forms that a norm allows, or the words that there are for a thing, one is used throughout.
    #[test]
    fn each_language_keeps_to_one_form() {
        let others = [
            (Language::Nb, "bro kostnadsboken kostnadsbokens scenarier"),
            (
                Language::Nn,
                "bestilling fyrst fyrste gje gjev henne husstand husstandar husstandane kostnadsboka lina line medlemene \
                 medlemer stig stigar støtte støtteordning vart vert",
            ),
        ];
        for (language, others) in others {
            for (key, text) in all(language) {
                let said = placeholders(text)
                    .iter()
                    .fold(text.to_lowercase(), |text, name| text.replace(&format!("{{{name}}}"), ""));
                let word = said
                    .split(|one: char| !one.is_alphanumeric())
                    .find(|word| others.split(' ').any(|other| other == *word));
                assert_eq!(word, None, "{}: {key}: {text}", language.code());
            }
        }
    }

    #[test]
    fn the_files_are_toml_of_one_text_a_line() {
        let sources = [
            include_str!("../messages/en.toml"),
            include_str!("../messages/nb.toml"),
            include_str!("../messages/nn.toml"),
        ];
        for (language, source) in Language::ALL.into_iter().zip(sources) {
            let tables: BTreeMap<String, BTreeMap<String, String>> =
                toml::from_str(source).unwrap_or_else(|e| panic!("{}.toml: {e}", language.code()));
            let read = all(language);
            assert_eq!(read.len(), tables.values().map(BTreeMap::len).sum::<usize>(), "{}.toml", language.code());
            for (table, texts) in &tables {
                for (key, text) in texts {
                    let own = read.get(&format!("{table}.{key}"));
                    assert_eq!(
                        own,
                        Some(&text.as_str()),
                        "{}.toml: {table}.{key}: one line, no escapes",
                        language.code()
                    );
                }
            }
        }
    }

    #[test]
    fn unknown_keys_and_arguments_stay_visible() {
        assert_eq!(text(Language::En, "no.such", &[]), "no.such");
        assert_eq!(text(Language::En, "report.more_municipalities", &[]), "{count} more");
    }

    #[test]
    fn values_are_put_in_once_also_between_braces() {
        let values = [("year", "2027"), ("who", "{year}")];
        assert_eq!(filled("{who}: add } { {year} = … } and {what}", &values), "{year}: add } { 2027 = … } and {what}");
    }

    #[test]
    fn tags_are_understood() {
        assert_eq!(Language::from_code("nn-NO"), Some(Language::Nn));
        assert_eq!(Language::from_code("no"), Some(Language::Nb));
        assert_eq!(Language::from_code("de"), None);
        assert!(Language::ALL.iter().all(|&l| Language::from_code(l.code()) == Some(l)));
    }
}
