//! The council's report: what is built when, who pays what, who is covered by when, in plain words. Self-contained, prints on A4
//! pages, runs no script. The public variant shows no address and no figure of a few premises.

use std::collections::BTreeSet;

use breiband_messages::{Language, date, decimal, money, number, per_cent, per_cent_up, shipped, text};
use breiband_model::{CoverageRow, Money, Phase, Programme, ProgrammeSettings};

use crate::html::{assumption, escape, notice};
use crate::map::{self, PhaseMap};
use crate::palette;
use crate::programme::Phases;
use crate::view::{Drawn, PlanView};
use disclosure::{Hidden, NOT_TOLD, Untold};

mod business;
mod coverage;
mod disclosure;
mod game;
mod phases;
mod services;
mod shares;
mod support;
mod technologies;

const STYLE: &str = concat!(include_str!("summary.css"), include_str!("report.css"));
/// Rows of lots, dearest homes and orders before the rest stands in the tables beside the report.
const MOST_ROWS: usize = 30;
/// A table of so many rows stays on one page.
const SHORT: usize = 16;
const DEAREST: usize = 10;

/// The report in a language of the caller's choice.
pub fn report_html(view: &PlanView<'_>, programme: &Programme, language: Language, public: bool) -> String {
    let drawn = Drawn::new(view);
    page(&drawn, programme, &map(&drawn, programme, &Phases::of_jobs(programme)), language, public)
}

fn colour(programme: &Programme, phase: Phase) -> &'static str {
    match phase {
        Phase::Year(year) => {
            let before = programme.years.iter().filter(|y| y.year < year).count();
            palette::year(before, programme.years.len())
        }
        Phase::Built => palette::BUILT,
        Phase::Unfunded | Phase::NotPlanned => palette::LATER,
    }
}

/// The phases that something is built in, in order.
fn built_in(programme: &Programme) -> Vec<Phase> {
    let phases: BTreeSet<Phase> = programme.jobs.iter().map(|job| job.phase).collect();
    phases.into_iter().collect()
}

/// The map of the reports, in no language yet.
pub(crate) fn map(drawn: &Drawn<'_>, programme: &Programme, phases: &Phases) -> PhaseMap {
    let colours: Vec<_> = built_in(programme).into_iter().map(|phase| (phase, colour(programme, phase))).collect();
    PhaseMap::new(drawn, &colours, |edge| phases.of(edge).map(|job| job.1))
}

struct Report<'a> {
    drawn: &'a Drawn<'a>,
    programme: &'a Programme,
    settings: ProgrammeSettings,
    language: Language,
    public: bool,
    /// What the public is not told.
    untold: Untold,
}

/// A table: cells of text, the first of each row a heading. Figures stand to the right; the class `t2` says that the second
/// column holds words, and so on to `t7`.
pub(crate) fn table(class: &str, head: &[String], rows: &[Vec<String>], sum: Option<Vec<String>>) -> String {
    let line = |class: &str, cells: &[String]| {
        let (first, rest) = cells.split_first().map_or((String::new(), &[][..]), |(first, rest)| (first.clone(), rest));
        let rest: String = rest.iter().map(|cell| format!("<td>{}</td>", escape(cell))).collect();
        format!("<tr{class}><th>{}</th>{rest}</tr>", escape(&first))
    };
    let body: String = rows.iter().map(|row| line("", row)).collect();
    let sum = sum.map(|row| line(" class=\"sum\"", &row)).unwrap_or_default();
    let short = if rows.len() <= SHORT { " short" } else { "" };
    format!(
        "<table class=\"{class}{short}\"><thead>{}</thead><tbody>{body}{sum}</tbody></table>",
        line(" class=\"head\"", head)
    )
}

impl Report<'_> {
    fn say(&self, key: &str, args: &[(&str, &str)]) -> String {
        text(self.language, &format!("council.{key}"), args)
    }

    /// Rows that are not told, with the groups of rows whose total is; in the council's own report, none.
    fn hidden(&self, counts: &[Vec<u64>], groups: &[Vec<usize>], before: &[bool]) -> Hidden {
        match self.public {
            true => Hidden::of(counts, groups, before, self.settings.public_least),
            false => Hidden::nothing(counts.len(), groups.len()),
        }
    }

    /// Whether a count by itself is not told.
    fn is_few(&self, count: u64) -> bool {
        self.public && (1..self.settings.public_least).contains(&count)
    }

    /// A figure, where it is told.
    fn told(&self, hidden: bool, figure: impl FnOnce() -> String) -> String {
        if hidden { NOT_TOLD.to_owned() } else { figure() }
    }

    fn count(&self, count: u64) -> String {
        number(self.language, i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// An amount without minor units, with its currency.
    fn money(&self, amount: Money) -> String {
        money(self.language, amount.as_major(), &self.drawn.view.summary.currency)
    }

    /// An amount with its minor units.
    fn exact(&self, minor: i128) -> String {
        let sign = if minor < 0 { "\u{2212}" } else { "" };
        let minor = minor.unsigned_abs();
        let whole = number(self.language, i64::try_from(minor / 100).unwrap_or(i64::MAX));
        let comma = if self.language == Language::En { '.' } else { ',' };
        format!("{sign}{whole}{comma}{:02}", minor % 100)
    }

    fn minor(&self, amount: Money) -> String {
        self.exact(i128::from(amount.as_minor()))
    }

    /// A signed amount of minor units without them: what is an estimate is not told to the øre.
    fn whole(&self, minor: i64) -> String {
        let rounded = (minor.unsigned_abs() + 50) / 100;
        let sign = if minor < 0 && rounded > 0 { "\u{2212}" } else { "" };
        format!("{sign}{}", self.count(rounded))
    }

    fn years(&self) -> String {
        match self.programme.years.as_slice() {
            [] => String::new(),
            [only] => only.year.to_string(),
            // Word joiners: the headline does not break between two years.
            [first, .., last] => format!("{}\u{2060}–\u{2060}{}", first.year, last.year),
        }
    }

    /// A key's name for people: a plain one by its measure.
    fn key_name(&self, name: &str) -> String {
        let plain = breiband_model::Measure::ALL.iter().any(|measure| measure.name() == name);
        if plain { text(self.language, &format!("measure.{name}"), &[]) } else { name.to_owned() }
    }

    /// A paragraph; what it says of the tables beside the report, which hold everything, is not for the public.
    fn with_files(&self, key: &str, files: &str, args: &[(&str, &str)]) -> String {
        let mut words = self.say(key, args);
        if !self.public {
            words.push(' ');
            words += &self.say(files, args);
        }
        format!("<p>{}</p>", escape(&words))
    }

    /// That a table goes on elsewhere.
    fn rest(&self, key: &str, rest: usize) -> String {
        match rest {
            0 => String::new(),
            rest => self.paragraph(if self.public { "more_rows" } else { key }, &[("count", &self.count(rest as u64))]),
        }
    }

    fn section(&self, title: &str, body: &str) -> String {
        format!("<section><h2>{}</h2>{body}</section>", escape(&self.say(title, &[])))
    }

    fn paragraph(&self, key: &str, args: &[(&str, &str)]) -> String {
        format!("<p>{}</p>", escape(&self.say(key, args)))
    }

    /// The speed that the headline speaks of: the goal's, else the nearest above.
    fn speed(&self) -> f64 {
        let threshold_mbps = self.drawn.view.scenario.goal.threshold_mbps();
        let at_least = self.settings.thresholds_mbps.iter().copied().find(|&t| t >= threshold_mbps);
        at_least.or(self.settings.thresholds_mbps.last().copied()).unwrap_or(threshold_mbps)
    }

    fn covered(&self, code: &str, year: Option<u16>, speed: f64) -> Option<&CoverageRow> {
        self.programme.coverage.iter().find(|row| {
            row.municipality == code && row.density.is_empty() && row.year == year && row.threshold_mbps == speed
        })
    }

    fn share(&self, row: Option<&CoverageRow>) -> String {
        row.filter(|row| row.households > 0)
            .map_or_else(|| "–".to_owned(), |row| self.share_of(row.households_connected, row.households))
    }

    /// A share; 100 % only of all and 0 % only of none. Of a few, or of all but a few, the public is told a bound.
    fn share_of(&self, part: u64, all: u64) -> String {
        let least = self.settings.public_least;
        let share = |thousandths: u64| per_cent(self.language, thousandths as f64 / 1_000.0, 1);
        // A true bound: what is just not few, rounded away from the share.
        if self.is_few(all - part) && all > least {
            return self.say("share_over", &[("share", &share((all - least) * 1_000 / all))]);
        }
        if self.is_few(part) && all > least {
            return self.say("share_under", &[("share", &share((least * 1_000).div_ceil(all)))]);
        }
        let plain = part as f64 / all as f64;
        let honest = if part == all || part == 0 { plain } else { plain.clamp(0.001, 0.999) };
        self.told(self.is_few(part) || self.is_few(all - part), || per_cent(self.language, honest, 1))
    }

    fn head(&self) -> String {
        let (programme, summary) = (self.programme, self.drawn.view.summary);
        let last = programme.years.last().map(|y| y.year);
        let connected: u64 = programme.years.iter().map(|y| y.connected).sum();
        let work: Money = programme.years.iter().map(|y| y.work).sum();
        let fixed: Money = programme.years.iter().map(|y| y.fixed).sum();
        let all = work.saturating_add(fixed);
        let speed = self.speed();
        let technologies = self.connected_by();
        let word = match (connected, technologies.is_empty()) {
            (0, _) => "headline_none",
            (1, true) if !self.public => "headline_one",
            (1, false) if !self.public => "headline_mix_one",
            (_, true) => "headline",
            (_, false) => "headline_mix",
        };
        let mut headline = self.say(
            word,
            &[
                ("connected", &self.told(self.is_few(connected), || self.count(connected))),
                ("years", &self.years()),
                ("cost", &self.money(all)),
            ],
        );
        headline += &technologies;
        let notice = notice(self.language, &summary.notice);
        let variant = if self.public { self.say("public", &[]) } else { self.say("internal", &[]) };
        let speed_text = decimal(self.language, speed, 0);
        let tiles = [
            (self.told(self.is_few(connected), || self.count(connected)), self.say("tile_connected", &[])),
            (self.money(all), self.say("tile_cost", &[])),
            (self.share(self.covered("", None, speed)), self.say("tile_before", &[("speed", &speed_text)])),
            (self.share(self.covered("", last, speed)), self.say("tile_after", &[("speed", &speed_text)])),
            (self.told(self.untold.unfunded, || self.money(programme.unfunded)), self.say("tile_unfunded", &[])),
        ];
        let tile = |(figure, label): &(String, String)| {
            format!("<div><dd>{}</dd><dt>{}</dt></div>", escape(figure), escape(label))
        };
        format!(
            "<header><p class=\"kicker\">{} · {} · {} · {}</p><h1>{}</h1>{notice}</header><dl class=\"figures\">{}</dl>",
            escape(&self.say("kicker", &[])),
            escape(&summary.name),
            escape(&date(self.language, &summary.date)),
            escape(&variant),
            escape(&headline),
            tiles.iter().map(tile).collect::<String>(),
        )
    }

    /// When something is built, on one line: a column of years has no room for words below each other.
    fn phase_name(&self, phase: Phase) -> String {
        let words = match phase {
            Phase::Built => self.say("phase_built", &[]),
            Phase::Year(year) => year.to_string(),
            Phase::Unfunded => self.say("phase_unfunded", &[]),
            Phase::NotPlanned => self.say("phase_none", &[]),
        };
        words.replace(' ', "\u{a0}")
    }

    fn figure(&self, map: &PhaseMap) -> String {
        let svg = map.svg(self.language, &escape(&self.say("map", &[])), !self.public);
        let item = |phase: &Phase| {
            let dash = if *phase == Phase::Unfunded { " stroke-dasharray=\"6 4\"" } else { "" };
            format!(
                "<li><svg class=\"line\" viewBox=\"0 0 36 16\" aria-hidden=\"true\"><path d=\"M2 8h32\" stroke=\"{}\" stroke-width=\"6\"{dash}/></svg>{}</li>",
                colour(self.programme, *phase),
                escape(&self.phase_name(*phase))
            )
        };
        let items: String = built_in(self.programme).iter().map(item).collect();
        let place = |(swatch, key): (String, &str)| {
            let name = escape(&text(self.language, key, &[]));
            format!("<li><svg class=\"dot\" viewBox=\"9 0 18 16\" aria-hidden=\"true\">{swatch}</svg>{name}</li>")
        };
        let places: String = map::place_symbols(self.drawn).into_iter().map(place).collect();
        format!("<figure>{svg}<ul class=\"legend\">{items}{places}</ul></figure>")
    }

    fn orders(&self) -> String {
        let programme = self.programme;
        if programme.orders.is_empty() {
            return String::new();
        }
        let head: Vec<String> =
            ["order", "municipality", "status", "votes", "year", "if_approved"].map(|key| self.say(key, &[])).into();
        let name = |code: &str| {
            let member = programme.members.iter().find(|m| m.code == code);
            member.map_or_else(|| code.to_owned(), |m| m.name.clone())
        };
        let rows: Vec<Vec<String>> = programme
            .orders
            .iter()
            .take(MOST_ROWS)
            .map(|o| {
                let then = if o.status == "proposed" && o.phase != Phase::NotPlanned {
                    let phase = self.phase_name(o.if_approved);
                    let [up, down] = [o.moves.0, o.moves.1].map(|n| self.told(self.is_few(n), || self.count(n)));
                    self.say("moves", &[("phase", &phase), ("up", &up), ("down", &down)])
                } else {
                    String::new()
                };
                let votes = format!("{}/{}", o.votes.0, o.votes.1);
                let status = self.say(&format!("order_{}", o.status), &[]);
                vec![o.id.clone(), name(&o.municipality), status, votes, self.phase_name(o.phase), then]
            })
            .collect();
        self.section(
            "orders_title",
            &format!("{}{}", self.paragraph("orders_text", &[]), table("t2 t3 t5 t6", &head, &rows, None)),
        )
    }

    fn dearest(&self) -> String {
        if self.public {
            return String::new();
        }
        let mut rows: Vec<usize> = (0..self.programme.premises.len())
            .filter(|&at| self.programme.premises[at].phase != Phase::NotPlanned)
            .collect();
        rows.sort_by_key(|&at| (std::cmp::Reverse(self.programme.premises[at].marginal), at));
        let head: Vec<String> = ["address", "municipality", "marginal", "year"].map(|key| self.say(key, &[])).into();
        let rows: Vec<Vec<String>> = rows
            .into_iter()
            .take(DEAREST)
            .map(|at| {
                let (row, phase) = (&self.drawn.premises[at], &self.programme.premises[at]);
                let marginal = self.minor(phase.marginal);
                vec![row.premises.label(), row.municipality.1.to_owned(), marginal, self.phase_name(phase.phase)]
            })
            .collect();
        if rows.is_empty() {
            return String::new();
        }
        self.section(
            "dearest_title",
            &format!("{}{}", self.paragraph("dearest_text", &[]), table("t2 t4", &head, &rows, None)),
        )
    }

    fn risks(&self) -> String {
        let summary = self.drawn.view.summary;
        let mut lines = Vec::new();
        let [low, _, high] = summary.cost_range;
        let amount = |major: f64| money(self.language, major, &summary.currency);
        lines.push(
            self.say("risk_price", &[("cost", &amount(summary.cost)), ("low", &amount(low)), ("high", &amount(high))]),
        );
        let budgets: f64 = self.programme.years.iter().map(|y| y.budget.as_major()).sum();
        // The budgets pay for more than the network; what of it is not told is left out.
        let [_, moving, fixed] = self.parts();
        let beside = if self.tells_whole() { moving.saturating_add(fixed) } else { fixed };
        // What is built already is paid.
        let built =
            self.programme.jobs.iter().filter(|job| job.phase == Phase::Built).map(|job| job.cost).sum::<Money>();
        let short = high + beside.as_major() - built.as_major() - budgets;
        if short > 0.0 {
            lines.push(self.say("risk_budget", &[("budget", &amount(budgets)), ("short", &amount(short))]));
        }
        let missed = self.programme.milestones.iter().filter(|m| m.reached < m.premises).count();
        if missed > 0 {
            lines.push(self.say("risk_milestone", &[("count", &self.count(missed as u64))]));
        }
        if !summary.coverage_known {
            lines.push(text(self.language, "report.no_coverage", &[]));
        }
        let unsigned = self.drawn.view.region.premises.iter().zip(&self.programme.premises);
        let unsigned =
            unsigned.filter(|(p, phase)| phase.phase != Phase::NotPlanned && p.signed_up == Some(false)).count();
        if unsigned > 0 && !self.is_few(unsigned as u64) {
            lines.push(self.say("risk_signed", &[("count", &self.count(unsigned as u64))]));
        }
        lines.extend(summary.assumptions.iter().map(|a| assumption(self.language, a)));
        let items: String = lines.iter().map(|line| format!("<li>{}</li>", escape(line))).collect();
        self.section("risks_title", &format!("<ul>{items}</ul>"))
    }

    fn method(&self) -> String {
        let summary = self.drawn.view.summary;
        let gap = per_cent_up(self.language, summary.gap, 2);
        let bound = money(self.language, summary.bound.floor(), &summary.currency);
        let cost = money(self.language, summary.cost, &summary.currency);
        let [name, day, source] = &summary.cost_book;
        let mut out = self.paragraph("method_network", &[("gap", &gap), ("bound", &bound), ("cost", &cost)]);
        out += &self.paragraph("method_order", &[]);
        out += &self.paragraph("method_shares", &[]);
        let own = |text: &str| shipped(self.language, text);
        let prices = [("name", own(name)), ("date", date(self.language, day)), ("source", own(source))];
        let prices = prices.each_ref().map(|(key, value)| (*key, value.as_str()));
        out += &format!("<p>{}</p>", escape(&text(self.language, "report.prices_text", &prices)));
        if !self.public {
            out += &self.paragraph("method_files", &[]);
        }
        self.section("method_title", &out)
    }

    /// What the public version leaves out and how it says so, before the first table that does.
    fn public_note(&self) -> String {
        match self.public {
            true => self.paragraph("method_public", &[("least", &self.count(self.settings.public_least))]),
            false => String::new(),
        }
    }

    fn footer(&self) -> String {
        let summary = self.drawn.view.summary;
        let sources = match summary.attribution.is_empty() {
            true => String::new(),
            false => {
                let said = text(self.language, "report.attribution", &[("sources", &summary.attribution.join(" · "))]);
                format!("<p>{}</p>", escape(&said))
            }
        };
        let digest = text(self.language, "report.digest", &[("digest", &summary.digest)]);
        format!("<footer>{sources}<p class=\"digest\">{}</p></footer>", escape(&digest))
    }
}

/// The page.
pub(crate) fn page(
    drawn: &Drawn<'_>,
    programme: &Programme,
    map: &PhaseMap,
    language: Language,
    public: bool,
) -> String {
    let settings = drawn.view.scenario.programme.clone().unwrap_or_else(ProgrammeSettings::usual);
    let untold = match public {
        true => Untold::of(drawn.view, programme, settings.public_least),
        false => Untold::nothing(programme),
    };
    let report = Report { drawn, programme, settings, language, public, untold };
    let figure = report.figure(map);
    let sections = [
        report.technologies(),
        report.coverage(),
        report.phases(),
        report.shares(),
        report.support(),
        report.together(),
        report.business(),
        report.services(),
        report.orders(),
        report.lots(),
        report.dearest(),
        report.risks(),
        report.method(),
    ];
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{} · {}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main class=\"report{}\">\n{}\n{figure}\n{}{}\n{}\n</main>\n</body>\n</html>\n",
        language.code(),
        escape(&drawn.view.summary.name),
        escape(&report.say("kicker", &[])),
        if map.tall { " high" } else { "" },
        report.head(),
        report.public_note(),
        sections.join("\n"),
        report.footer(),
    )
}
