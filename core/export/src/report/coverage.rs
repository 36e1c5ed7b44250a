//! The report's pages on coverage: by year, by municipality and by density, as tables and as a curve.

use breiband_messages::{decimal, has, per_cent, shipped, text};
use breiband_model::CoverageRow;

use super::disclosure::NOT_TOLD;
use super::{Report, table};
use crate::html::escape;
use crate::palette::CURVES;

/// Years that are named under the curve.
const LABELS: usize = 13;

/// What is covered of `all` besides `part`.
fn less(all: CoverageRow, part: &CoverageRow) -> CoverageRow {
    let households = all.households.saturating_sub(part.households);
    let households_connected = all.households_connected.saturating_sub(part.households_connected);
    CoverageRow { households, households_connected, ..all }
}

impl Report<'_> {
    pub(super) fn coverage(&self) -> String {
        let programme = self.programme;
        let speeds = &self.settings.thresholds_mbps;
        let mut head = vec![self.say("at_end_of", &[])];
        head.extend(speeds.iter().map(|s| self.say("speed", &[("speed", &decimal(self.language, *s, 0))])));
        head.push(self.say("passed", &[("speed", &decimal(self.language, self.speed(), 0))]));
        let years = std::iter::once(None).chain(programme.years.iter().map(|y| Some(y.year)));
        let row = |year: Option<u16>| {
            let mut cells = vec![year.map_or_else(|| self.say("today", &[]), |year| year.to_string())];
            cells.extend(speeds.iter().map(|&speed| self.share(self.covered("", year, speed))));
            let passed = self.covered("", year, self.speed());
            cells.push(
                (passed.filter(|row| row.households > 0))
                    .map_or_else(String::new, |row| self.share_of(row.households_passed, row.households)),
            );
            let of_year = |&(y, _): &(&breiband_model::YearOutcome, &bool)| Some(y.year) == year;
            if self.programme.years.iter().zip(&self.untold.years).find(of_year).is_some_and(|(_, &few)| few) {
                cells[1..].fill(NOT_TOLD.to_owned());
            }
            cells
        };
        let by_year = table("wide-first", &head, &years.map(row).collect::<Vec<_>>(), None);
        let last = programme.years.last().map(|y| y.year);
        let speed = self.speed();
        let speed_text = decimal(self.language, speed, 0);
        let head: Vec<String> = ["municipality", "households", "covered_today", "covered_after", "homes_more"]
            .map(|k| self.say(k, &[]))
            .into();
        let mut places: Vec<(String, CoverageRow, CoverageRow)> = (self.drawn.view.region.municipalities.iter())
            .filter_map(|m| {
                let (before, after) = (self.covered(&m.code, None, speed)?, self.covered(&m.code, last, speed)?);
                Some((m.name.clone(), before.clone(), after.clone()))
            })
            .collect();
        // Whoever lives in no municipality, so that the rows add up to everybody.
        let [before, after] = [None, last].map(|year| {
            let parts = places.iter().map(|place| if year.is_none() { &place.1 } else { &place.2 });
            self.covered("", year, speed).map(|all| parts.fold(all.clone(), less)).filter(|rest| rest.households > 0)
        });
        if let (Some(before), Some(after)) = (before, after) {
            places.push((self.say("no_municipality", &[]), before, after));
        }
        let rows: Vec<Vec<String>> = (places.iter())
            .zip(self.covered_cells(&places.iter().map(|p| (&p.1, &p.2)).collect::<Vec<_>>()))
            .map(|(place, [households, before, after, more])| vec![place.0.clone(), households, before, after, more])
            .collect();
        let by_place = table("", &head, &rows, None);
        let words = self.paragraph("coverage_text", &[("speed", &speed_text), ("delivers", &self.delivers())]);
        let set = match self.settings.thresholds_source.as_str() {
            "" => String::new(),
            source => self.paragraph("thresholds_source", &[("source", &shipped(self.language, source))]),
        };
        let tables = format!("<div class=\"pair\">{by_year}{by_place}</div>");
        self.section("coverage_title", &format!("{words}{set}{tables}{}{}", self.curve(), self.densities()))
    }

    /// Households, shares covered before and after, and households more, of rows that add up to everybody. Where few are covered,
    /// or few are not, a share is told as a bound; where one of the three tells another that is not told, it is not told either.
    fn covered_cells(&self, rows: &[(&CoverageRow, &CoverageRow)]) -> Vec<[String; 4]> {
        let all = vec![(0..rows.len()).collect::<Vec<_>>()];
        let parts = |row: &CoverageRow| vec![row.households_connected, row.households - row.households_connected];
        let bounded = |row: &CoverageRow| parts(row).into_iter().any(|count| self.is_few(count));
        let last = self.programme.years.last().map(|y| y.year);
        // The share of everybody stands above; where it is a bound, it tells no row's.
        let groups = |year| match self.covered("", year, self.speed()) {
            Some(total) if !bounded(total) => all.clone(),
            _ => Vec::new(),
        };
        let of =
            |counts: &dyn Fn(&(&CoverageRow, &CoverageRow)) -> Vec<u64>, groups: &[Vec<usize>], before: &[bool]| {
                self.hidden(&rows.iter().map(counts).collect::<Vec<_>>(), groups, before).rows
            };
        let more = |row: &(&CoverageRow, &CoverageRow)| row.1.households_connected - row.0.households_connected;
        let none = of(&|row| vec![row.0.households], &all, &[]);
        let today = of(&|row| parts(row.0), &groups(None), &none);
        let (mut later, mut hidden) = (none.clone(), vec![false; rows.len()]);
        loop {
            // What is covered after is what is before, and more.
            let before: Vec<bool> = (0..rows.len()).map(|at| later[at] || (hidden[at] && !today[at])).collect();
            later = of(&|row| parts(row.1), &groups(last), &before);
            let before: Vec<bool> = (0..rows.len()).map(|at| hidden[at] || today[at] || later[at]).collect();
            let next = of(&|row| vec![more(row)], &all, &before);
            if std::mem::replace(&mut hidden, next) == hidden {
                break;
            }
        }
        let share = |row: &CoverageRow, hidden: bool, none: bool| {
            self.told(none || (hidden && !bounded(row)), || self.share(Some(row)))
        };
        let cells = |(at, row): (usize, &(&CoverageRow, &CoverageRow))| {
            [
                self.told(none[at], || self.count(row.0.households)),
                share(row.0, today[at], none[at]),
                share(row.1, later[at], none[at]),
                self.told(hidden[at], || self.count(more(row))),
            ]
        };
        rows.iter().enumerate().map(cells).collect()
    }

    /// Shares of households by speed over the years: connected as a line, passed as a broken one.
    fn curve(&self) -> String {
        let years: Vec<Option<u16>> =
            std::iter::once(None).chain(self.programme.years.iter().map(|y| Some(y.year))).collect();
        let (left, top, width, height) = (52.0, 8.0, 620.0, 200.0);
        let x = |at: usize| left + width * at as f64 / (years.len() - 1).max(1) as f64;
        let y = |share: f64| top + height * (1.0 - share);
        let mut out = String::new();
        for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let (at, label) = (y(share), escape(&per_cent(self.language, share, 0)));
            out += &format!(
                "<path d=\"M{left} {at:.1}h{width}\" stroke=\"#d5d2cc\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
                left - 7.0,
                at + 4.5
            );
        }
        // As many labels as do not run into each other.
        for (at, year) in years.iter().enumerate().step_by(years.len().div_ceil(LABELS)) {
            let label = year.map_or_else(|| self.say("today", &[]), |year| year.to_string());
            out += &format!(
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                x(at),
                top + height + 18.0,
                escape(&label)
            );
        }
        for (number, &speed) in self.settings.thresholds_mbps.iter().enumerate() {
            let colour = CURVES[number % CURVES.len()];
            let line = |of: fn(&CoverageRow) -> u64| {
                let share = |year: &Option<u16>| {
                    let row = self.covered("", *year, speed).filter(|row| row.households > 0);
                    row.map_or(0.0, |row| of(row) as f64 / row.households as f64)
                };
                let points = years.iter().enumerate().map(|(at, year)| format!("{:.1},{:.1}", x(at), y(share(year))));
                points.collect::<Vec<_>>().join(" ")
            };
            let (connected, passed) = (line(|row| row.households_connected), line(|row| row.households_passed));
            if passed != connected {
                out += &format!(
                    "<polyline points=\"{passed}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"5 4\"/>"
                );
            }
            out += &format!("<polyline points=\"{connected}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"3\"/>");
        }
        let item = |(number, speed): (usize, &f64)| {
            format!(
                "<li><svg class=\"line\" viewBox=\"0 0 36 16\" aria-hidden=\"true\"><path d=\"M2 8h32\" stroke=\"{}\" stroke-width=\"5\"/></svg>{}</li>",
                CURVES[number % CURVES.len()],
                escape(&self.say("speed", &[("speed", &decimal(self.language, *speed, 0))]))
            )
        };
        let items: String = self.settings.thresholds_mbps.iter().enumerate().map(item).collect();
        format!(
            "<figure class=\"curves\"><svg viewBox=\"0 0 700 236\" role=\"img\" aria-label=\"{}\" xmlns=\"http://www.w3.org/2000/svg\">{out}</svg><ul class=\"legend\">{items}</ul></figure>",
            escape(&self.say("coverage_curve", &[]))
        )
    }

    /// The same by how densely people live.
    fn densities(&self) -> String {
        let density = self.settings.density.clone().unwrap_or_default();
        let (speed, last) = (self.speed(), self.programme.years.last().map(|y| y.year));
        let row_of = |class: &str, year: Option<u16>| {
            let rows = self.programme.coverage.iter().filter(|row| row.municipality.is_empty());
            rows.filter(|row| row.density == class).find(|row| row.year == year && row.threshold_mbps == speed)
        };
        let head: Vec<String> =
            ["density", "others_near", "households", "covered_today", "covered_after"].map(|k| self.say(k, &[])).into();
        let found: Vec<_> = (density.classes.iter())
            .filter_map(|class| Some((class, row_of(&class.name, None)?, row_of(&class.name, last)?)))
            .collect();
        let rows: Vec<Vec<String>> = (found.iter())
            .zip(self.covered_cells(&found.iter().map(|f| (f.1, f.2)).collect::<Vec<_>>()))
            .map(|((class, ..), [households, before, after, _])| {
                let key = format!("density.{}", class.name);
                let name = if has(&key) { text(self.language, &key, &[]) } else { class.name.clone() };
                let from = self.say("from_count", &[("count", &self.count(class.from))]);
                vec![name, from, households, before, after]
            })
            .collect();
        let within = breiband_messages::length(self.language, density.within_m);
        let words = self
            .paragraph("density_text", &[("within", &within), ("source", &shipped(self.language, &density.source))]);
        let title = escape(&self.say("density_title", &[]));
        format!("<h3>{title}</h3>{words}{}", table("t2", &head, &rows, None))
    }
}
