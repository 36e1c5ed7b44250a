//! Tables and figures for people.

use std::io::{ErrorKind, Write};

use crate::failure::Failure;

/// Prints text. Where nobody reads on (`breiband … | head`) that is nobody's fault, and the command ends as it would have.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    print_bytes(text.as_bytes())
}

/// As [`print()`], of bytes that need not be text.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::unwritten("standard output", &error)),
        _ => Ok(()),
    }
}

/// Says a line on standard error. Where even that cannot be written, the exit code is left to tell.
pub(crate) fn say(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// An integer with thin groups: 12 534 is `12,534`.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(c);
    }
    text
}

/// What is counted, of as many as there are: `ways`, and of one `way`.
pub(crate) fn of(n: u64, many: &str) -> String {
    let one = |word: &str| match word {
        "premises" => word.to_owned(),
        "addresses" => "address".to_owned(),
        _ => match word.strip_suffix("ies") {
            Some(stem) => format!("{stem}y"),
            None => word.strip_suffix('s').unwrap_or(word).to_owned(),
        },
    };
    if n == 1 { many.split(' ').map(one).collect::<Vec<_>>().join(" ") } else { many.to_owned() }
}

/// Kilometres of so many metres; nothing of what has no length.
pub(crate) fn kilometres(metres: f64) -> String {
    if metres > 0.0 { format!("{:.1}", metres / 1000.0) } else { String::new() }
}

/// A number of pieces; nothing of what goes by length alone.
pub(crate) fn pieces(n: u64) -> String {
    if n > 0 { grouped(n) } else { String::new() }
}

/// A count and what is counted: `1 issue`, `1,153 issues`.
pub(crate) fn counted(n: u64, one: &str) -> String {
    format!("{} {one}{}", grouped(n), if n == 1 { "" } else { "s" })
}

/// The columns that hold every member's code and name: at least 6 and 16 characters.
pub(crate) fn columns<'a>(members: impl IntoIterator<Item = (&'a str, &'a str)>) -> (usize, usize) {
    let wide = |text: &str| text.chars().count() + 1;
    members.into_iter().fold((6, 16), |(codes, names), (code, name)| (codes.max(wide(code)), names.max(wide(name))))
}

/// A non-negative figure rounded to the integer, grouped.
pub(crate) fn rounded(x: f64) -> String {
    grouped((x.max(0.0) + 0.5) as u64)
}

/// An amount with its minor units, grouped: `1,234,567.89`.
pub(crate) fn money(amount: breiband::Money) -> String {
    format!("{}.{:02}", grouped(amount.as_minor() / 100), amount.as_minor() % 100)
}

/// A fraction as per cent with two decimals, rounded up so that a proof never sounds better than it is.
pub(crate) fn per_cent_up(fraction: f64) -> String {
    format!("{:.2} %", (fraction * 10_000.0 - 1e-9).ceil().max(0.0) / 100.0)
}

/// What a cost is above a bound, as a part of it.
pub(crate) fn gap(cost: u64, bound: u64) -> f64 {
    if cost == 0 { 0.0 } else { cost.saturating_sub(bound) as f64 / cost as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_and_rounded_up() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(12), "12");
        assert_eq!(per_cent_up(0.00381), "0.39 %");
        assert_eq!(per_cent_up(0.0), "0.00 %");
    }

    #[test]
    fn what_is_counted_once_is_singular() {
        let words =
            ["municipalities", "areas with a rule", "public sites", "premises", "in a building", "households assumed"];
        let one = ["municipality", "area with a rule", "public site", "premises", "in a building", "household assumed"];
        assert_eq!(words.map(|many| of(1, many)), one);
        assert_eq!(words.map(|many| of(2, many)), words);
    }

    #[test]
    fn columns_hold_the_longest_code_and_name() {
        assert_eq!(columns([("4601", "Bergen"), ("1", "Å")]), (6, 16));
        assert_eq!(columns([("E07000123", "Ås"), ("1", "Newcastle-under-Lyme")]), (10, 21));
    }
}
