//! What the page says of a value.

use breiband_messages::{Language, filled, known, money, number, page_text, shipped};
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
            filled(known(language, words).unwrap_or_else(|| panic!("there are no words for: {words}")), values)
        }
        Value::Count(count) => number(language, i64::try_from(*count).unwrap_or(i64::MAX)),
        Value::Money(amount, currency) => money(language, *amount, currency),
        Value::Why(key, values) => {
            let key = format!("why.{key}");
            let text = page_text(language, &key).unwrap_or_else(|| panic!("there is no message {key}"));
            for (name, _) in values {
                assert!(text.contains(&format!("{{{name}}}")), "{key} says nothing of {name}");
            }
            assert!(!values.is_empty() || !text.contains('{'), "{key}: {text}");
            let values: Vec<_> = values.iter().map(|(name, value)| (name, said(language, value))).collect();
            filled(text, &values)
        }
        other => panic!("no refusal says {other:?}"),
    }
}
