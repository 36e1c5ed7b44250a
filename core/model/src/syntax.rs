//! What a parser says of a text, in words that somebody who edits the file by hand can use.

/// What a parser's error says, with the program's names of types in words, and a date without quotes named as what it is.
///
/// ```
/// let error = toml::from_str::<std::collections::BTreeMap<String, u64>>("metres = -3").unwrap_err();
/// assert!(breiband_model::in_words(&error.to_string()).ends_with("expected a whole number, 0 or more\n"));
/// ```
pub fn in_words(error: &str) -> String {
    const TYPES: [(&str, &str); 8] = [
        ("u64", "a whole number, 0 or more"),
        ("usize", "a whole number, 0 or more"),
        ("u32", "a whole number from 0 to 4,294,967,295"),
        ("u16", "a whole number from 0 to 65,535"),
        ("u8", "a whole number from 0 to 255"),
        ("f64", "a number"),
        ("a string", "a text in quotes"),
        ("a map", "names with values, such as { name = value }"),
    ];
    let mut text = error.to_owned();
    for (name, words) in TYPES {
        let said = format!("expected {name}");
        if let Some(at) = text.find(&said)
            && !text[at + said.len()..].starts_with(|c: char| c.is_alphanumeric())
        {
            text.replace_range(at..at + said.len(), &format!("expected {words}"));
        }
    }
    // A parser takes a bare date for something of its own, and calls that a map.
    let is_date = |line: &str| {
        let value = line.split_once('=').map_or("", |(_, value)| value.trim());
        let shape = value.as_bytes().get(..10).is_some_and(|day| day[4] == b'-' && day[7] == b'-');
        shape && value.starts_with(|c: char| c.is_ascii_digit())
    };
    if text.contains("invalid type: map, expected a text") && text.lines().any(is_date) {
        text = text.replace("invalid type: map, expected a text in quotes", "write the date in quotes");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn types_are_told_in_words() {
        let said = |text: &str| in_words(&crate::Scenario::parse(text).expect_err(text).to_string());
        let head = "version = 1\nname = \"x\"\ndate = \"2026-01-01\"\n[goal]\nkind = \"connect\"\n";
        assert!(said("version = 1\nname = \"x\"\ndate = 2026-01-01").contains("write the date in quotes"));
        assert!(said(&format!("{head}[options]\nsteps = -1")).contains("expected a whole number, 0 or more"));
        assert!(said(&format!("{head}[options]\ngap = \"a\"")).contains("expected a number"));
        assert!(said(&head.replace("\"x\"", "7")).contains("expected a text in quotes"));
        let inhabitants = "[[programme.member]]\ncode = \"1\"\ninhabitants = 300";
        assert!(said(&format!("{head}{inhabitants}")).contains("expected names with values"));
        // What only begins as a type's name stays.
        assert_eq!(in_words("expected u640"), "expected u640");
    }
}
