//! `breiband inspect` and `breiband new`.

use std::fmt::Write;
use std::path::Path;

use breiband::{Context, Inspection, Issue, PlanError, Scenario, Staged};

use crate::arguments::{Draft, Inspect};
use crate::failure::Failure;
use crate::inputs::{named_inputs, open, read_cost_book, read_prices, read_region, read_scenario, read_text};
use crate::progress::Watch;
use crate::text;

pub(crate) fn run(arguments: &Inspect) -> Result<(), Failure> {
    let path = Path::new(arguments.files.first().map_or("", String::as_str));
    let is_scenario = arguments.files.len() == 1 && is_scenario(path);
    let (scenario, base) = match is_scenario {
        true => read_scenario(path)?,
        false => {
            let mut inputs = named_inputs(&arguments.files)?;
            for input in &mut inputs {
                input.epsg = arguments.epsg;
            }
            (Scenario::new("inspection", "2000-01-01", inputs), Default::default())
        }
    };
    let book = match &arguments.cost_book {
        Some(path) => read_cost_book(Some(path))?,
        None => read_prices(path, &scenario, &base)?,
    };
    let mut watch = Watch::new(arguments.json);
    let region = read_region(is_scenario.then_some(path), &scenario, &base, &mut watch)?;
    let network = match region.value.ways.is_empty() || region.value.premises.is_empty() {
        true => None,
        false => Some(watch.stage("network", |watch| {
            breiband::candidates(&region.value, &scenario, &book, &mut Context::new(watch)).map_err(Failure::nothing)
        })?),
    };
    let inspection = breiband::inspect(&region, &book, network.as_ref());
    let mut issues = region.issues;
    issues.extend(network.into_iter().flat_map(|n| n.issues));
    if arguments.json {
        let mut object = serde_json::to_value(&inspection).unwrap_or_default();
        object["issue_list"] = serde_json::to_value(&issues).unwrap_or_default();
        object["seconds"] = serde_json::to_value(watch.seconds()).unwrap_or_default();
        text::print(&format!("{object:#}\n"))
    } else {
        text::print(&describe(&Staged::new(inspection, issues), arguments.all))
    }
}

/// Whether a file is a scenario, by its name, or of JSON by what it says of itself: GeoJSON has a type, a scenario a version.
fn is_scenario(path: &Path) -> bool {
    #[derive(serde::Deserialize)]
    struct Head {
        version: Option<serde::de::IgnoredAny>,
        r#type: Option<serde::de::IgnoredAny>,
    }
    let ends = |end: &str| path.extension().is_some_and(|extension| extension == end);
    let says = |text: String| {
        let head = serde_json::from_str::<Head>(text.trim_start_matches('\u{feff}'));
        head.is_ok_and(|head| head.version.is_some() && head.r#type.is_none())
    };
    ends("toml") || (ends("json") && read_text(path).is_ok_and(says))
}

fn describe(inspection: &Staged<Inspection>, all: bool) -> String {
    let Inspection { sources, totals, rules, extent, scale_error, premises, candidates, .. } = &inspection.value;
    let mut out = String::new();
    for source in sources {
        let _ = writeln!(out, "{} ({})", source.name, source.format);
        for (what, n) in &source.counts {
            let _ = writeln!(out, "  {:>12} {}", text::grouped(*n), text::of(*n, what));
        }
        if !source.attribution.is_empty() {
            let _ = writeln!(out, "  {}", source.attribution);
        }
    }
    let _ = writeln!(out, "\nIn the region");
    for (what, n) in totals.iter().chain(premises).filter(|(_, n)| **n > 0) {
        let _ = writeln!(out, "  {:>12} {}", text::grouped(*n), text::of(*n, what));
    }
    if let Some([west, south, east, north]) = extent {
        let _ = writeln!(
            out,
            "  {} to {}, {} to {}; lengths are true to {:.0} mm a kilometre",
            degrees(*west, 'E', 'W'),
            degrees(*east, 'E', 'W'),
            degrees(*south, 'N', 'S'),
            degrees(*north, 'N', 'S'),
            (scale_error * 1e6).ceil()
        );
    }
    if !rules.is_empty() {
        let _ = writeln!(out, "\nWays by rule of the cost book{:>14} {:>9}  price", "km", "ways");
        for row in rules {
            let price = if row.price.is_empty() { "not dug" } else { &row.price };
            let _ = writeln!(
                out,
                "  {:<30} {:>10.1} {:>9}  {price}",
                row.rule,
                row.metres / 1000.0,
                text::grouped(row.ways)
            );
        }
    }
    if !candidates.is_empty() {
        let _ = writeln!(out, "\nCandidates{:>33} {:>9}", "km", "pieces");
        for (kind, quantity) in candidates {
            let (km, pieces) = (text::kilometres(quantity.metres), text::pieces(quantity.count));
            let _ = writeln!(out, "  {kind:<30} {km:>10} {pieces:>9}");
        }
    }
    let none = |what: &str| totals.get(what).is_none_or(|n| *n == 0);
    for missing in [none("ways").then_some(PlanError::NoWays), none("premises").then_some(PlanError::NoPremises)] {
        let _ = missing.map(|missing| write!(out, "\nNot enough to plan by itself: {missing}.\n"));
    }
    out.push_str(&describe_issues(&inspection.issues, if all { usize::MAX } else { 3 }));
    out
}

/// `9.4711° E`, `70.9000° W`.
fn degrees(degrees: f64, positive: char, negative: char) -> String {
    format!("{:.4}° {}", degrees.abs(), if degrees < 0.0 { negative } else { positive })
}

/// Issues by code, the first `limit` of each.
pub(crate) fn describe_issues(issues: &[Issue], limit: usize) -> String {
    if issues.is_empty() {
        return "\nNo issues.\n".to_owned();
    }
    let mut out = String::new();
    let counts = breiband::count_by_code(issues);
    let _ = writeln!(out, "\n{}", text::counted(issues.len() as u64, "issue"));
    for (code, n) in &counts {
        let _ = writeln!(out, "  {:>12} {code}", text::grouped(*n));
        for issue in issues.iter().filter(|i| &i.code == code).take(limit) {
            let _ = writeln!(out, "{:17}{issue}", "");
        }
    }
    out
}

pub(crate) fn draft(arguments: &Draft) -> Result<(), Failure> {
    let date = match &arguments.date {
        Some(date) => date.clone(),
        None => today(),
    };
    let inputs = named_inputs(&arguments.files)?;
    for input in &inputs {
        open(Path::new(&input.path))?;
    }
    let text = breiband::drafted_scenario(&inputs, &date);
    Scenario::parse(&text).map_err(Failure::usage)?;
    text::print(&text)
}

/// Today in UTC: the one place where a clock is read for anything but a stopwatch. Days to a date after Howard Hinnant's
/// public-domain `civil_from_days`.
#[allow(
    clippy::disallowed_methods,
    reason = "a newcomer's scenario starts from today; everything later carries its date"
)]
fn today() -> String {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs());
    date_of_day((seconds / 86_400) as i64)
}

fn date_of_day(day: i64) -> String {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn days_become_dates() {
        assert_eq!(super::date_of_day(0), "1970-01-01");
        assert_eq!(super::date_of_day(19_782), "2024-02-29");
        assert_eq!(super::date_of_day(20_454), "2026-01-01");
    }
}
