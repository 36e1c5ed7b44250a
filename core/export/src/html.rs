//! `summary.html`: one page for the council. Self-contained, prints on one sheet of A4, and runs no script.

use breiband_messages::{Language, date, length, money, number, per_cent_up, shipped, text};
use breiband_model::{Assumption, PlaceKind, Reason, Status};

use crate::map::{self, Map};
use crate::palette::{METHODS, STATUSES};
use crate::view::{Drawn, PlanView};

/// The page's style sheet: the only inline style, so that a server can allow it by its hash.
pub const SUMMARY_STYLE: &str = include_str!("summary.css");

/// Rows of municipalities before the rest is one row.
const MOST_MUNICIPALITIES: usize = 8;
/// Assumptions before the rest is counted.
const MOST_ASSUMPTIONS: usize = 4;

/// The page in a language of the caller's choice.
pub fn summary_html(view: &PlanView<'_>, language: Language) -> String {
    page(&Drawn::new(view), language)
}

/// A scenario's notice in a language, where it has one.
pub(crate) fn notice(language: Language, notice: &str) -> String {
    match breiband_messages::notice(language, notice) {
        none if none.is_empty() => none,
        notice => format!("<p class=\"notice\">{}</p>", escape(&notice)),
    }
}

/// Text from outside, as HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// An assumption as a sentence; an unknown code with its values.
#[must_use]
pub fn assumption(language: Language, assumption: &Assumption) -> String {
    let key = format!("assumption.{}", assumption.code);
    if !breiband_messages::has(&key) {
        let mut parts = vec![assumption.code.replace('-', " ")];
        parts.extend(assumption.values.iter().cloned());
        return parts.join(": ");
    }
    let place = text(language, "assumption.road-junction", &[]);
    let counts = assumption.code == Assumption::HOUSEHOLDS;
    let value = |value: &String| match (value.as_str(), value.parse()) {
        (_, Ok(count)) if counts => number(language, count),
        ("road junction", _) => place.clone(),
        (day, _) if is_day(day) => date(language, day),
        (own, _) => shipped(language, own),
    };
    let values: Vec<String> = assumption.values.iter().map(value).collect();
    let names: Vec<String> = (0..values.len()).map(|at| at.to_string()).collect();
    let args: Vec<_> = names.iter().map(String::as_str).zip(values.iter().map(String::as_str)).collect();
    text(language, &key, &args)
}

/// Whether a value is a day, `yyyy-mm-dd`.
fn is_day(value: &str) -> bool {
    let mark = |at: usize, b: u8| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() };
    value.len() == 10 && value.bytes().enumerate().all(|(at, b)| mark(at, b))
}

/// Rows of tables, and lines of text counted as such, from which on the map and the type are smaller in print.
const MANY_ROWS: usize = 36;

/// Texts and figures of one page.
struct Page<'a> {
    view: &'a PlanView<'a>,
    language: Language,
}

impl Page<'_> {
    fn say(&self, key: &str, args: &[(&str, &str)]) -> String {
        escape(&text(self.language, &format!("report.{key}"), args))
    }

    /// What the page says too.
    fn both(&self, key: &str, args: &[(&str, &str)]) -> String {
        escape(&text(self.language, &format!("plan.{key}"), args))
    }

    fn count(&self, count: u64) -> String {
        number(self.language, i64::try_from(count).unwrap_or(i64::MAX))
    }

    fn money(&self, amount: f64) -> String {
        money(self.language, amount, &self.view.summary.currency)
    }

    fn header(&self) -> String {
        let summary = self.view.summary;
        let by_goal = [Reason::NotWorthwhile, Reason::OverBudget, Reason::BeyondShare, Reason::Satellite];
        let headline = if summary.connected == 0 && by_goal.iter().any(|reason| summary.reasons.contains_key(reason)) {
            self.say("headline_nobody", &[])
        } else if summary.connected == 0 && summary.unreachable == 0 {
            self.say("headline_none", &[])
        } else {
            let (connected, premises) = (self.count(summary.connected), self.count(summary.premises));
            self.say(
                "headline",
                &[("connected", &connected), ("premises", &premises), ("cost", &self.money(summary.cost))],
            )
        };
        let notice = notice(self.language, &summary.notice);
        format!(
            "<header><p class=\"kicker\">{} · {} · {}</p><h1>{headline}</h1>{notice}</header>",
            self.say("kicker", &[]),
            escape(&summary.name),
            escape(&date(self.language, &summary.date)),
        )
    }

    fn figures(&self) -> String {
        let summary = self.view.summary;
        let each =
            if summary.connected == 0 { "–".to_owned() } else { self.money(summary.cost / summary.connected as f64) };
        let tiles = [
            (self.count(summary.connected), "figure_connected"),
            (self.money(summary.cost), "figure_cost"),
            (each, "figure_each"),
            (length(self.language, summary.trench_metres), "figure_length"),
            (per_cent_up(self.language, summary.gap, 2), "figure_gap"),
        ];
        let tile = |(figure, key): &(String, &str)| {
            format!("<div><dd>{}</dd><dt>{}</dt></div>", escape(figure), self.say(key, &[]))
        };
        let [low, middle, high] = summary.cost_range.map(|cost| self.money(cost));
        let range = [("low", low.as_str()), ("middle", middle.as_str()), ("high", high.as_str())];
        // A network that costs nothing certain or uncertain has no spread.
        let range = match summary.cost_range[2] > 0.0 {
            true => format!("<p class=\"range\">{}</p>", self.both("range", &range)),
            false => String::new(),
        };
        format!("<dl class=\"figures\">{}</dl>{range}", tiles.iter().map(tile).collect::<String>())
    }

    fn legend(&self, drawn: &Drawn<'_>, map: &Map) -> String {
        let mut out = String::from("<ul class=\"legend\">");
        let mut item = |swatch: &str, label: &str| {
            // Lines are wider than dots.
            let (class, from, width) = if swatch.contains("M2 8") { ("line", 0, 36) } else { ("dot", 9, 18) };
            let svg =
                format!("<svg class=\"{class}\" viewBox=\"{from} 0 {width} 16\" aria-hidden=\"true\">{swatch}</svg>");
            out.push_str(&format!("<li>{svg}{}</li>", escape(label)));
        };
        for (method, colour) in METHODS.iter().filter(|(method, _)| map.methods.contains(method)) {
            let dash = if *method == breiband_model::Method::Subsea { " stroke-dasharray=\"10 5\"" } else { "" };
            let label = text(self.language, &format!("method.{}", method.name()), &[]);
            item(&format!("<path d=\"M2 8h32\" stroke=\"{colour}\" stroke-width=\"5\"{dash}/>"), &label);
        }
        for (status, colour) in STATUSES.iter().filter(|(status, _)| map.statuses.contains(status)) {
            let swatch = match status {
                Status::Unreachable => format!("<path d=\"M18 1l-8 14h16z\" fill=\"{colour}\"/>"),
                _ => format!("<circle cx=\"18\" cy=\"8\" r=\"5\" fill=\"{colour}\"/>"),
            };
            item(&swatch, &text(self.language, &format!("status.{}", status.name()), &[]));
        }
        for (swatch, key) in map::place_symbols(drawn) {
            item(&swatch, &text(self.language, key, &[]));
        }
        out.push_str("</ul>");
        out
    }

    fn premises(&self) -> String {
        let summary = self.view.summary;
        let share =
            |count: u64| breiband_messages::per_cent(self.language, count as f64 / summary.premises.max(1) as f64, 1);
        let row = |class: &str, swatch: &str, label: &str, count: u64| {
            format!(
                "<tr{class}><th>{swatch}{}</th><td>{}</td><td>{}</td></tr>",
                escape(label),
                self.count(count),
                share(count)
            )
        };
        let mut rows = String::new();
        for (status, colour) in STATUSES {
            let (total, reasons): (u64, &[Reason]) = match status {
                Status::Connected => (summary.connected, &[]),
                Status::Unreachable => (summary.unreachable, &[Reason::NoWay, Reason::NoHandover]),
                Status::Excluded => (
                    summary.excluded,
                    &[
                        Reason::ByScenario,
                        Reason::Kind,
                        Reason::Area,
                        Reason::NotWorthwhile,
                        Reason::OverBudget,
                        Reason::BeyondShare,
                        Reason::Satellite,
                    ],
                ),
                Status::AlreadyServed => (summary.already_served, &[]),
            };
            let shape = match status {
                Status::Unreachable => "<path d=\"M5 0l-5 10h10z\"",
                _ => "<circle cx=\"5\" cy=\"5\" r=\"5\"",
            };
            let swatch = format!("<svg class=\"dot\" viewBox=\"0 0 10 10\">{shape} fill=\"{colour}\"/></svg>");
            rows += &row("", &swatch, &text(self.language, &format!("status.{}", status.name()), &[]), total);
            for reason in reasons {
                if let Some(&count) = summary.reasons.get(reason).filter(|&&count| count > 0) {
                    rows += &row(
                        " class=\"why\"",
                        "",
                        &text(self.language, &format!("reason.{}", reason.name()), &[]),
                        count,
                    );
                }
            }
        }
        rows += &row(" class=\"sum\"", "", &text(self.language, "report.premises_all", &[]), summary.premises);
        format!("<section><h2>{}</h2><table>{rows}</table></section>", self.say("premises_title", &[]))
    }

    /// Whom each technology serves and what it costs; nothing where the scenario has fibre alone.
    fn technologies(&self) -> String {
        let Some(mix) = &self.view.summary.mix else { return String::new() };
        let heads = ["premises_column", "speed_column", "capex_column", "opex_column"];
        let heads: String = heads.iter().map(|key| format!("<td>{}</td>", self.say(key, &[]))).collect();
        let mut rows = format!("<tr class=\"head\"><th>{}</th>{heads}</tr>", self.say("technology_column", &[]));
        for one in mix.technologies.iter().filter(|one| one.premises > 0) {
            let label = text(self.language, &format!("technology.{}", one.technology.name()), &[]);
            rows += &format!(
                "<tr><th>{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                escape(&label),
                self.count(one.premises),
                self.count(one.down_mbps.round() as u64),
                self.money(one.capex),
                self.money(one.opex_a_year)
            );
        }
        let (years, rate) = mix.horizon;
        let gap = per_cent_up(self.language, mix.gap, 2);
        let (cost, bound) = (self.money(mix.cost), self.money(mix.bound.floor()));
        let rate = breiband_messages::per_cent(self.language, rate / 100.0, 1);
        let told =
            [("cost", cost.as_str()), ("bound", &bound), ("gap", &gap), ("years", &years.to_string()), ("rate", &rate)];
        let full = mix.masts.iter().flat_map(|mast| &mast.sectors).filter(|s| s.busy_mbps > s.capacity_mbps).count();
        let full = match full {
            0 => String::new(),
            n => format!(" {}", self.say("sectors_full", &[("count", &self.count(n as u64))])),
        };
        let masts = match mix.masts.len() {
            0 => String::new(),
            n => {
                let new = mix.masts.iter().filter(|mast| !mast.existing).count();
                let counts = [n, new].map(|n| self.count(n as u64));
                format!("<p>{}{full}</p>", self.say("masts_text", &[("count", &counts[0]), ("new", &counts[1])]))
            }
        };
        format!(
            "<section><h2>{}</h2><table>{rows}</table><p>{}</p>{masts}</section>",
            self.say("technology_title", &[]),
            self.say("mix_text", &told)
        )
    }

    /// Points of presence one by one, opened or not, and the cabinets together.
    fn places(&self) -> String {
        let all = &self.view.summary.places;
        if all.is_empty() {
            return String::new();
        }
        let row = |label: &str, cost: f64, state: &str| {
            format!("<tr><th>{}</th><td>{}</td><td>{state}</td></tr>", escape(label), self.money(cost))
        };
        let heads: String =
            ["cost_column", "used_column"].map(|key| format!("<td>{}</td>", self.say(key, &[]))).concat();
        let mut rows = format!("<tr class=\"head\"><th>{}</th>{heads}</tr>", self.say("place_column", &[]));
        let (candidates, cabinets): (Vec<_>, Vec<_>) =
            all.iter().partition(|one| one.kind == PlaceKind::PointOfPresence);
        let (shown, rest) = candidates.split_at(candidates.len().min(MOST_MUNICIPALITIES));
        for one in shown {
            rows +=
                &row(&one.name, one.cost, &self.both(if one.used { "place_opened" } else { "place_unopened" }, &[]));
        }
        for (used, state) in [(true, "place_opened"), (false, "place_unopened")] {
            let of: Vec<f64> = rest.iter().filter(|one| one.used == used).map(|one| one.cost).collect();
            if !of.is_empty() {
                let label = text(self.language, "report.more_places", &[("count", &self.count(of.len() as u64))]);
                rows += &row(&label, of.iter().sum(), &self.both(state, &[]));
            }
        }
        for (used, state) in [(true, "place_built"), (false, "place_unreached")] {
            let of: Vec<f64> = cabinets.iter().filter(|one| one.used == used).map(|one| one.cost).collect();
            if !of.is_empty() {
                let label = text(self.language, "plan.cabinets", &[("count", &self.count(of.len() as u64))]);
                rows += &row(&label, of.iter().sum(), &self.both(state, &[]));
            }
        }
        let (title, about) = (self.both("places_title", &[]), self.both("places_text", &[]));
        format!("<section><h2>{title}</h2><table>{rows}</table><p>{about}</p></section>")
    }

    fn building(&self) -> String {
        let summary = self.view.summary;
        let row = |class: &str, label: &str, metres: f64, count: u64, cost: f64| {
            let pieces = if count == 0 { String::new() } else { self.count(count) };
            let metres = if metres > 0.0 { self.count(metres.round() as u64) } else { String::new() };
            format!(
                "<tr{class}><th>{}</th><td>{metres}</td><td>{pieces}</td><td>{}</td></tr>",
                escape(label),
                self.money(cost)
            )
        };
        let mut rows = format!(
            "<tr class=\"head\"><th>{}</th><td>{}</td><td>{}</td><td>{}</td></tr>",
            self.say("method_column", &[]),
            self.say("metres_column", &[]),
            self.say("pieces_column", &[]),
            self.say("cost_column", &[])
        );
        let mut rest = summary.cost;
        for (method, _) in METHODS {
            let name = method.name();
            if let Some(work) = summary.methods.get(name) {
                rows +=
                    &row("", &text(self.language, &format!("method.{name}"), &[]), work.metres, work.count, work.cost);
                rest -= work.cost;
            }
        }
        // What an area's rule adds belongs to no method.
        if rest >= 0.5 {
            rows += &row("", &text(self.language, "report.lumps", &[]), 0.0, 0, rest);
        }
        rows +=
            &row(" class=\"sum\"", &text(self.language, "report.total", &[]), summary.trench_metres, 0, summary.cost);
        format!("<section><h2>{}</h2><table>{rows}</table></section>", self.say("building_title", &[]))
    }

    fn municipalities(&self) -> String {
        let all = &self.view.summary.municipalities;
        if all.is_empty() {
            return String::new();
        }
        let (elsewhere, mut sorted): (Vec<_>, Vec<_>) = all.iter().partition(|m| m.is_elsewhere());
        sorted.sort_by(|a, b| b.premises.cmp(&a.premises).then_with(|| a.code.cmp(&b.code)));
        let shown = if sorted.len() > MOST_MUNICIPALITIES { MOST_MUNICIPALITIES - 1 } else { sorted.len() };
        let row = |label: &str, [connected, served, premises]: [u64; 3], cost: f64| {
            let counts = [connected, served, premises].map(|count| format!("<td>{}</td>", self.count(count)));
            format!("<tr><th>{}</th>{}<td>{}</td></tr>", escape(label), counts.concat(), self.money(cost))
        };
        let mut rows = format!(
            "<tr class=\"head\"><th>{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            self.say("municipality_column", &[]),
            self.both("connected_column", &[]),
            self.say("served_column", &[]),
            self.say("premises_column", &[]),
            self.say("cost_column", &[])
        );
        for m in &sorted[..shown] {
            rows += &row(&m.name, [m.connected, m.already_served, m.premises], m.work.cost);
        }
        let rest = &sorted[shown..];
        if !rest.is_empty() {
            let label = text(self.language, "report.more_municipalities", &[("count", &self.count(rest.len() as u64))]);
            let sum = |of: fn(&breiband_model::MunicipalitySummary) -> u64| rest.iter().map(|m| of(m)).sum();
            let counts = [sum(|m| m.connected), sum(|m| m.already_served), sum(|m| m.premises)];
            rows += &row(&label, counts, rest.iter().map(|m| m.work.cost).sum());
        }
        for m in elsewhere {
            let label = text(self.language, "plan.elsewhere", &[]);
            rows += &row(&label, [m.connected, m.already_served, m.premises], m.work.cost);
        }
        format!("<section><h2>{}</h2><table>{rows}</table></section>", self.say("municipality_title", &[]))
    }

    fn proof(&self) -> String {
        let summary = self.view.summary;
        let gap = if summary.gap == 0.0 {
            self.say("gap_text_zero", &[])
        } else {
            let bound = self.money(summary.bound.floor());
            let gap = per_cent_up(self.language, summary.gap, 2);
            self.say("gap_text", &[("bound", &bound), ("cost", &self.money(summary.cost)), ("gap", &gap)])
        };
        let choice = summary.choice.as_ref().map_or(String::new(), |choice| {
            let key = match choice.count {
                breiband_model::Count::Homes => "choice_homes",
                breiband_model::Count::Premises => "choice_premises",
            };
            let [connected, wanted, most] = [choice.connected, choice.wanted, choice.most].map(|n| self.count(n));
            let said = self.say(key, &[("connected", &connected), ("wanted", &wanted), ("most", &most)]);
            let areas = choice.areas.map_or_else(String::new, |[built, all]| {
                let (built, all) = (self.count(built), self.count(all));
                format!(" {}", self.both("choice_areas", &[("built", &built), ("all", &all)]))
            });
            format!("<p>{said}{areas}</p>")
        });
        let [name, day, source] = &summary.cost_book;
        let own = |text: &str| shipped(self.language, text);
        let mut prices = self
            .say("prices_text", &[("name", &own(name)), ("date", &date(self.language, day)), ("source", &own(source))]);
        if summary.assumptions.iter().any(|a| a.code == Assumption::EXAMPLE_PRICES) {
            prices += " ";
            prices += &self.say("prices_example", &[]);
        }
        format!(
            "<section><h2>{}</h2>{choice}<p>{gap}</p></section><section><h2>{}</h2><p>{prices}</p></section>",
            self.say("gap_title", &[]),
            self.say("prices_title", &[])
        )
    }

    fn assumptions(&self) -> String {
        let summary = self.view.summary;
        let mut lines = Vec::new();
        if !summary.coverage_known {
            lines.push(self.say("no_coverage", &[]));
        }
        // What the page says elsewhere is not said twice.
        let told = |a: &&Assumption| {
            a.code != Assumption::EXAMPLE_PRICES && (summary.coverage_known || a.code != Assumption::NO_COVERAGE)
        };
        let made: Vec<_> = summary.assumptions.iter().filter(told).collect();
        let shown = if made.len() > MOST_ASSUMPTIONS { MOST_ASSUMPTIONS - 1 } else { made.len() };
        lines.extend(made[..shown].iter().map(|a| escape(&assumption(self.language, a))));
        if made.len() > shown {
            lines.push(self.say("more_assumptions", &[("count", &self.count((made.len() - shown) as u64))]));
        }
        if summary.in_no_municipality > 0 {
            lines.push(self.say("in_no_municipality", &[("count", &self.count(summary.in_no_municipality))]));
        }
        if summary.long_drops.count > 0 {
            let limit = length(self.language, self.view.book.limits().drop_listed_m);
            let (count, cost) = (self.count(summary.long_drops.count), self.money(summary.long_drops.cost));
            lines.push(self.say("long_drops", &[("count", &count), ("limit", &limit), ("cost", &cost)]));
        }
        let issues: u64 = summary.issues.values().sum();
        if issues > 0 {
            lines.push(self.say("issues_text", &[("count", &self.count(issues))]));
        }
        if lines.is_empty() {
            lines.push(self.say("assumptions_none", &[]));
        }
        let items: String = lines.iter().map(|line| format!("<li>{line}</li>")).collect();
        format!("<section><h2>{}</h2><ul>{items}</ul></section>", self.say("assumptions_title", &[]))
    }

    fn footer(&self) -> String {
        let summary = self.view.summary;
        let sources = match summary.attribution.is_empty() {
            true => String::new(),
            false => format!("<p>{}</p>", self.say("attribution", &[("sources", &summary.attribution.join(" · "))])),
        };
        let digest = self.say("digest", &[("digest", &summary.digest)]);
        format!("<footer>{sources}<p class=\"digest\">{digest}</p></footer>")
    }
}

/// The page.
pub(crate) fn page(drawn: &Drawn<'_>, language: Language) -> String {
    let page = Page { view: drawn.view, language };
    let map = map::draw(drawn, language, &page.say("map", &[]));
    let figure = format!("<figure>{}{}</figure>", map.svg, page.legend(drawn, &map));
    let tables = [page.premises(), page.technologies(), page.building(), page.places(), page.municipalities()].concat();
    let words = [page.proof(), page.assumptions()].concat();
    // Many rows and words get a smaller map and type, so that one sheet still holds them.
    let rows = tables.matches("<tr").count() + words.chars().count() / 60;
    let shape = if map.tall { "tall" } else { "wide" };
    let dense = if rows > MANY_ROWS { " dense" } else { "" };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{} · {}</title>\n\
         <style>{SUMMARY_STYLE}</style>\n</head>\n<body>\n<main class=\"{shape}{dense}\">\n{}\n{}\n<div class=\"body\">\n{figure}\n\
         <div class=\"text\">\n{tables}\n{words}\n</div>\n</div>\n{}\n</main>\n</body>\n</html>\n",
        language.code(),
        escape(&drawn.view.summary.name),
        page.say("kicker", &[]),
        page.header(),
        page.figures(),
        page.footer(),
    )
}
