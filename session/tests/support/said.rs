//! What the page says of a value.

use breiband_messages::{Language, known, money, number, page_text, shipped};
use breiband_wire::Value;

/// A refusal's words in a language.
///
/// # Panics
/// Where the page has none, or one of its placeholders stays empty.
pub(crate) fn said(language: Language, value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Known(text) => shipped(language, text),
        Value::Said(words, values) => {
            let text = known(language, words).unwrap_or_else(|| panic!("there are no words for: {words}")).to_owned();
            values.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
        }
        Value::Count(count) => number(language, i64::try_from(*count).unwrap_or(i64::MAX)),
        Value::Money(amount, currency) => money(language, *amount, currency),
        Value::Why(key, values) => {
            let key = format!("why.{key}");
            let text = page_text(language, &key).unwrap_or_else(|| panic!("there is no message {key}")).to_owned();
            let filled = values.iter().fold(text, |text, (name, value)| {
                let place = format!("{{{name}}}");
                assert!(text.contains(&place), "{key} says nothing of {name}");
                text.replace(&place, &said(language, value))
            });
            assert!(!values.is_empty() || !filled.contains('{'), "{key}: {filled}");
            filled
        }
        other => panic!("no refusal says {other:?}"),
    }
}
