//! The page's words and numbers in the language in force.

use breiband_messages::{self as messages, Language};
use breiband_wire::Value;
use leptos::prelude::*;

/// Looks words up in the language in force; reading it in a view follows the language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words(pub(crate) RwSignal<Language>);

/// A text as a view that follows what it reads: one type for all, since each closure of a view is compiled by itself.
pub(crate) fn live(text: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(text)
}

/// Whether an attribute is there, likewise.
pub(crate) fn holds(is_so: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(is_so)
}

/// When something is shown, likewise.
pub(crate) fn whenever(is_so: impl Fn() -> bool + Send + Sync + 'static) -> Box<dyn Fn() -> bool + Send + Sync> {
    Box::new(is_so)
}

impl Words {
    /// The message of `key`, or the key itself, which shows what is missing.
    pub(crate) fn get(self, key: &str) -> String {
        self.find(key).unwrap_or_else(|| key.to_owned())
    }

    /// The message of `key` as a view that follows the language: one type for all, since each closure of a view is compiled by itself.
    pub(crate) fn say(self, key: &'static str) -> impl Fn() -> String + Copy + Send + Sync + 'static {
        move || self.get(key)
    }

    /// The message of `key`, if there is one: the page's own, else the one that reports use.
    pub(crate) fn find(self, key: &str) -> Option<String> {
        messages::page_text(self.0.get(), key).map(str::to_owned)
    }

    /// The message of `key` with `{name}` replaced by the values.
    pub(crate) fn with(self, key: &str, values: &[(&str, String)]) -> String {
        messages::filled(&self.get(key), values)
    }

    /// A whole number.
    pub(crate) fn count(self, count: u64) -> String {
        messages::number(self.0.get(), i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// A number as it is, with at most three decimals.
    pub(crate) fn plain(self, number: f64) -> String {
        let places = (0..3).find(|&places| {
            let shifted = number * 10_f64.powi(places);
            (shifted - shifted.round()).abs() < 1e-6
        });
        messages::decimal(self.0.get(), number, places.unwrap_or(3) as usize)
    }

    /// A name or source that comes with Breiband, in the language in force.
    pub(crate) fn shipped(self, text: &str) -> String {
        messages::shipped(self.0.get(), text)
    }

    /// A number of a field, as it is written in the language in force.
    pub(crate) fn figure(self, number: &str) -> String {
        let places = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        number.parse().map_or_else(|_| number.to_owned(), |value| messages::decimal(self.0.get(), value, places))
    }

    /// What somebody wrote into a field for numbers.
    pub(crate) fn written(self, text: &str) -> Option<f64> {
        messages::read_number(self.0.get_untracked(), text)
    }

    /// A length.
    pub(crate) fn metres(self, metres: f64) -> String {
        messages::length(self.0.get(), metres)
    }

    /// An amount in whole units of its currency.
    pub(crate) fn money(self, major: f64, currency: &str) -> String {
        messages::money(self.0.get(), major, currency)
    }

    /// An amount, in millions from a million on: for headlines and tables.
    pub(crate) fn millions(self, major: f64, currency: &str) -> String {
        if major.abs() < 1_000_000.0 {
            return self.money(major, currency);
        }
        let millions = messages::decimal(self.0.get(), major / 1e6, 1);
        self.with("millions", &[("n", millions), ("currency", self.currency(currency))])
    }

    /// A currency as it is named in running text.
    pub(crate) fn currency(self, code: &str) -> String {
        if code == "NOK" && self.0.get() != Language::En { "kr".to_owned() } else { code.to_owned() }
    }

    /// A number with some decimals.
    pub(crate) fn decimal(self, value: f64, places: usize) -> String {
        messages::decimal(self.0.get(), value, places)
    }

    /// A share in per cent, rounded up: it says what is proven.
    pub(crate) fn per_cent(self, share: f64) -> String {
        messages::per_cent_up(self.0.get(), share, 2)
    }

    /// A share in whole per cent.
    pub(crate) fn part(self, share: f64) -> String {
        messages::per_cent(self.0.get(), share, 0)
    }

    /// An area: hectares, or square kilometres from one on.
    pub(crate) fn area(self, square_metres: f64) -> String {
        let (size, unit) =
            if square_metres < 1e6 { (square_metres / 1e4, "ha") } else { (square_metres / 1e6, "km²") };
        format!("{}\u{a0}{unit}", messages::decimal(self.0.get(), size, if size < 10.0 { 2 } else { 1 }))
    }

    /// A file's size.
    pub(crate) fn bytes(self, bytes: u64) -> String {
        let (size, places, unit) = if bytes < 1_000_000 {
            (bytes as f64 / 1e3, usize::from(bytes < 10_000), "kB")
        } else {
            (bytes as f64 / 1e6, 1, "MB")
        };
        format!("{}\u{a0}{unit}", messages::decimal(self.0.get(), size, places))
    }

    /// A fact's value.
    pub(crate) fn value(self, value: &Value) -> String {
        match value {
            Value::Text(text) => text.clone(),
            Value::Known(text) => self.shipped(text),
            Value::Said(words, values) => {
                messages::filled(messages::known(self.0.get(), words).unwrap_or(words), values)
            }
            Value::Word(word) => self.find(&format!("value.{word}")).unwrap_or_else(|| word.clone()),
            Value::Count(count) => self.count(*count),
            Value::Metres(metres) => self.metres(*metres),
            Value::Money(major, currency) => self.money(*major, currency),
            Value::Speed(down, up) => {
                let plain = |mbps| messages::decimal(self.0.get(), mbps, 0);
                format!("{}\u{a0}/\u{a0}{}\u{a0}Mbit/s", plain(*down), plain(*up))
            }
            Value::Why(key, values) => {
                let values: Vec<(&str, String)> =
                    values.iter().map(|(name, value)| (name.as_str(), self.value(value))).collect();
                self.with(&format!("why.{key}"), &values)
            }
            Value::Flag(flag) => self.get(if *flag { "yes" } else { "no" }),
        }
    }
}
