//! The council's report: what is built when, who pays what, who is covered by when, in plain words. Self-contained, prints on A4
//! pages, runs no script. The public variant shows no address and no figure of a few premises.

use std::collections::{BTreeSet, HashSet};

use breiband_messages::{Language, date, decimal, length, money, number, per_cent, per_cent_up, text};
use breiband_model::{CoverageRow, Joining, Money, Phase, Programme, ProgrammeSettings};

use crate::html::{assumption, escape};
use crate::map::{self, PhaseMap};
use crate::view::{Drawn, PlanView};

mod business;
mod coverage;
mod game;
mod services;
mod support;

const STYLE: &str = concat!(include_str!("summary.css"), include_str!("report.css"));
/// Colours of the years, one after another; later years take the last.
const YEARS: [&str; 8] = ["#08519c", "#3182bd", "#31a354", "#a1b51f", "#e6a117", "#d95f0e", "#c51b8a", "#7a0177"];
/// Rows of lots, dearest homes and orders before the rest stands in the tables beside the report.
const MOST_ROWS: usize = 40;
const DEAREST: usize = 10;

/// The report in a language of the caller's choice.
pub fn report_html(view: &PlanView<'_>, programme: &Programme, language: Language, public: bool) -> String {
    let drawn = Drawn::new(view);
    page(&drawn, programme, &map(&drawn, programme, public), language, public)
}

fn colour(programme: &Programme, phase: Phase) -> &'static str {
    match phase {
        Phase::Year(year) => {
            let first = programme.years.first().map_or(year, |y| y.year);
            YEARS[usize::from(year.saturating_sub(first)).min(YEARS.len() - 1)]
        }
        Phase::Built => "#1a1a1a",
        Phase::Unfunded | Phase::NotPlanned => "#7d7d7d",
    }
}

/// The phases that something is built in, in order.
fn built_in(programme: &Programme) -> Vec<Phase> {
    let phases: BTreeSet<Phase> = programme.jobs.iter().map(|job| job.phase).collect();
    phases.into_iter().collect()
}

/// The map of the reports for one public, in no language yet.
pub(crate) fn map(drawn: &Drawn<'_>, programme: &Programme, public: bool) -> PhaseMap {
    let edges = |phase: Phase| -> HashSet<_> {
        let jobs = programme.jobs.iter().filter(|job| job.phase == phase);
        jobs.flat_map(|job| job.edges.iter().copied()).collect()
    };
    let phases = built_in(programme).into_iter();
    let layers: Vec<_> = phases.map(|phase| (phase, colour(programme, phase), edges(phase))).collect();
    map::draw_phases(drawn, &layers, !public)
}

struct Report<'a> {
    drawn: &'a Drawn<'a>,
    programme: &'a Programme,
    settings: ProgrammeSettings,
    language: Language,
    public: bool,
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
    format!(
        "<table class=\"{class}\"><thead>{}</thead><tbody>{body}{sum}</tbody></table>",
        line(" class=\"head\"", head)
    )
}

impl Report<'_> {
    fn say(&self, key: &str, args: &[(&str, &str)]) -> String {
        text(self.language, &format!("council.{key}"), args)
    }

    /// In place of a number that the public is not told.
    fn few(&self) -> String {
        self.say("few", &[("least", &self.count(self.settings.public_least))])
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

    fn years(&self) -> String {
        match self.programme.years.as_slice() {
            [] => String::new(),
            [only] => only.year.to_string(),
            [first, .., last] => format!("{}–{}", first.year, last.year),
        }
    }

    /// A key's name for people: a plain one by its measure.
    fn key_name(&self, name: &str) -> String {
        let plain = breiband_model::Measure::ALL.iter().any(|measure| measure.name() == name);
        if plain { text(self.language, &format!("measure.{name}"), &[]) } else { name.to_owned() }
    }

    /// A key's parts: `30 % equal parts, 70 % inhabitants`.
    fn key_parts(&self, name: &str) -> String {
        let key = self.settings.keys.iter().find(|key| key.name == name);
        let part = |part: &breiband_model::KeyPart| {
            let places = if part.per_cent.fract() == 0.0 { 0 } else { 3 };
            let measure = text(self.language, &format!("measure.{}", part.by.name()), &[]);
            format!("{}\u{a0}% {measure}", decimal(self.language, part.per_cent, places))
        };
        key.map(|key| key.parts.iter().map(part).collect::<Vec<_>>().join(", ")).unwrap_or_default()
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
        row.filter(|row| row.households > 0).map_or_else(
            || "–".to_owned(),
            |row| per_cent(self.language, row.households_connected as f64 / row.households as f64, 1),
        )
    }

    fn head(&self) -> String {
        let (programme, summary) = (self.programme, self.drawn.view.summary);
        let last = programme.years.last().map(|y| y.year);
        let connected: u64 = programme.years.iter().map(|y| y.connected).sum();
        let work: Money = programme.years.iter().map(|y| y.work).sum();
        let fixed: Money = programme.years.iter().map(|y| y.fixed).sum();
        let all = work.saturating_add(fixed);
        let speed = self.speed();
        let headline = self.say(
            "headline",
            &[("connected", &self.count(connected)), ("years", &self.years()), ("cost", &self.money(all))],
        );
        let notice = match breiband_messages::notice(self.language, &summary.notice) {
            none if none.is_empty() => none,
            notice => format!("<p class=\"notice\">{}</p>", escape(&notice)),
        };
        let variant = if self.public { self.say("public", &[]) } else { self.say("internal", &[]) };
        let speed_text = decimal(self.language, speed, 0);
        let tiles = [
            (self.count(connected), self.say("tile_connected", &[])),
            (self.money(all), self.say("tile_cost", &[])),
            (self.share(self.covered("", None, speed)), self.say("tile_before", &[("speed", &speed_text)])),
            (self.share(self.covered("", last, speed)), self.say("tile_after", &[("speed", &speed_text)])),
            (self.money(programme.unfunded), self.say("tile_unfunded", &[])),
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

    fn phase_name(&self, phase: Phase) -> String {
        match phase {
            Phase::Built => self.say("phase_built", &[]),
            Phase::Year(year) => year.to_string(),
            Phase::Unfunded => self.say("phase_unfunded", &[]),
            Phase::NotPlanned => self.say("phase_none", &[]),
        }
    }

    fn figure(&self, map: &PhaseMap) -> String {
        let svg = map.svg(self.language, &escape(&self.say("map", &[])));
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
        let places: String = map::place_symbols(self.drawn.view.network).into_iter().map(place).collect();
        format!("<figure>{svg}<ul class=\"legend\">{items}{places}</ul></figure>")
    }

    fn phases(&self) -> String {
        let programme = self.programme;
        let head: Vec<String> = ["year", "budget", "carried_in", "fixed", "work", "carried_out", "line", "connected"]
            .map(|key| self.say(key, &[]))
            .into();
        let rows: Vec<Vec<String>> = programme
            .years
            .iter()
            .map(|y| {
                let mut row = vec![y.year.to_string()];
                row.extend([y.budget, y.carried_in, y.fixed, y.work, y.carried_out].map(|m| self.minor(m)));
                row.push(length(self.language, y.length_mm as f64 / 1000.0));
                row.push(self.count(y.connected));
                row
            })
            .collect();
        let sum = |of: fn(&breiband_model::YearOutcome) -> Money| self.minor(programme.years.iter().map(of).sum());
        let mm: u64 = programme.years.iter().map(|y| y.length_mm).sum();
        let total = vec![
            self.say("together", &[]),
            sum(|y| y.budget),
            String::new(),
            sum(|y| y.fixed),
            sum(|y| y.work),
            String::new(),
            length(self.language, mm as f64 / 1000.0),
            self.count(programme.years.iter().map(|y| y.connected).sum()),
        ];
        let mut out = self.paragraph("phases_text", &[]);
        out += &table("", &head, &rows, Some(total));
        let mut notes = Vec::new();
        for y in &programme.years {
            if y.short > Money::ZERO {
                notes.push(self.say("note_short", &[("year", &y.year.to_string()), ("amount", &self.money(y.short))]));
            }
        }
        if programme.unfunded > Money::ZERO {
            notes.push(self.say("note_unfunded", &[("amount", &self.money(programme.unfunded))]));
        }
        if programme.drops_later > Money::ZERO {
            notes.push(self.say("note_drops", &[("amount", &self.money(programme.drops_later))]));
        }
        let (now, horn) = programme.waiting;
        let extra = if horn == 0 { 0.0 } else { (now - horn.min(now)) as f64 / horn as f64 };
        notes.push(self.say("note_order", &[("extra", &per_cent_up(self.language, extra, 1))]));
        if let Some(last) = programme.years.last() {
            let (points, most) = (self.count(last.points), self.count(last.most_points));
            notes.push(
                self.say("note_points", &[("points", &points), ("most", &most), ("year", &last.year.to_string())]),
            );
        }
        if let Some(first) = &programme.first_year {
            let [reached, found, most] = [first.reached, first.found, first.most].map(|n| self.count(n));
            let year = first.year.to_string();
            let (money, spent, least) = (self.money(first.money), self.money(first.spent), self.money(first.least));
            let args = [
                ("year", year.as_str()),
                ("money", &money),
                ("spent", &spent),
                ("reached", &reached),
                ("found", &found),
                ("most", &most),
                ("least", &least),
            ];
            notes.push(self.say("note_first_year", &args));
        }
        for y in &programme.years {
            if let Some((block, spent, cost)) = y.in_progress {
                let args = [y.year.to_string(), block.to_string(), self.money(spent), self.money(cost)];
                notes.push(self.say(
                    "note_block",
                    &[("year", &args[0]), ("block", &args[1]), ("spent", &args[2]), ("cost", &args[3])],
                ));
            }
        }
        for milestone in &programme.milestones {
            let args = [
                milestone.name.clone(),
                self.count(milestone.reached),
                self.count(milestone.premises),
                milestone.year.to_string(),
                milestone.done.map_or_else(|| self.say("phase_unfunded", &[]), |year| year.to_string()),
            ];
            let kept = milestone.reached == milestone.premises;
            let named = [
                ("name", args[0].as_str()),
                ("reached", &args[1]),
                ("premises", &args[2]),
                ("year", &args[3]),
                ("done", &args[4]),
            ];
            let word = match (milestone.premises, kept) {
                (0, _) => "milestone_nothing",
                (_, true) => "milestone_kept",
                (_, false) => "milestone_missed",
            };
            notes.push(self.say(word, &named));
        }
        for freeze in &self.settings.freezes {
            let place = self.drawn.view.region.municipalities.iter().find(|m| m.code == freeze.municipality);
            let place = place.map_or_else(|| self.say("everywhere", &[]), |m| m.name.clone());
            let years = if freeze.from == freeze.to {
                freeze.from.to_string()
            } else {
                format!("{}–{}", freeze.from, freeze.to)
            };
            notes.push(self.say("note_freeze", &[("place", &place), ("years", &years), ("reason", &freeze.reason)]));
        }
        let items: String = notes.iter().map(|note| format!("<li>{}</li>", escape(note))).collect();
        out += &format!("<ul>{items}</ul>");
        self.section("phases_title", &out)
    }

    fn lots(&self) -> String {
        let programme = self.programme;
        if !programme.lots {
            return String::new();
        }
        let head: Vec<String> =
            ["lot", "year", "after", "premises", "line", "cost", "places"].map(|key| self.say(key, &[])).into();
        let least = self.settings.public_least;
        let shown: Vec<_> = programme.jobs.iter().enumerate().filter(|(_, job)| job.cost > Money::ZERO).collect();
        let rows: Vec<Vec<String>> = shown
            .iter()
            .take(MOST_ROWS)
            .map(|(at, job)| {
                let few = self.public && job.premises < least;
                vec![
                    (at + 1).to_string(),
                    self.phase_name(job.phase),
                    job.after
                        .filter(|&above| programme.jobs[above].cost > Money::ZERO)
                        .map_or_else(|| "–".to_owned(), |above| (above + 1).to_string()),
                    if few { self.few() } else { self.count(job.premises) },
                    length(self.language, job.length_mm as f64 / 1000.0),
                    if few { "–".to_owned() } else { self.minor(job.cost) },
                    job.municipalities.join(", "),
                ]
            })
            .collect();
        let more = match shown.len().saturating_sub(MOST_ROWS) {
            0 => String::new(),
            rest => self.paragraph("more_lots", &[("count", &self.count(rest as u64))]),
        };
        self.section(
            "lots_title",
            &format!("{}{}{more}", self.paragraph("lots_text", &[]), table("t2 t3 t7", &head, &rows, None)),
        )
    }

    fn shares(&self) -> String {
        let programme = self.programme;
        let mut out = self.paragraph("shares_text", &[]);
        // A column for each year in which other figures begin to count.
        let mut from: Vec<u16> = programme.members.iter().flat_map(|m| m.inhabitants.iter().map(|f| f.0)).collect();
        from.sort_unstable();
        from.dedup();
        let figure = |m: &breiband_model::MemberFigures, year: u16| {
            m.inhabitants.iter().rev().find(|figure| figure.0 <= year).map(|figure| figure.2)
        };
        let mut head = vec![self.say("municipality", &[])];
        head.extend(from.iter().map(|year| self.say("inhabitants_from", &[("year", &year.to_string())])));
        head.extend(programme.keys.iter().map(|key| self.key_name(&key.name)));
        let rows: Vec<Vec<String>> = programme
            .members
            .iter()
            .enumerate()
            .map(|(m, member)| {
                let mut row = vec![member.name.clone()];
                row.extend(from.iter().map(|&y| figure(member, y).map_or_else(|| "–".to_owned(), |n| self.count(n))));
                row.extend(programme.keys.iter().map(|key| self.minor(key.shares.iter().map(|year| year[m]).sum())));
                row
            })
            .collect();
        let mut sum = vec![self.say("together", &[])];
        let all = |year: u16| programme.members.iter().filter_map(|member| figure(member, year)).sum();
        sum.extend(from.iter().map(|&year| self.count(all(year))));
        sum.extend(programme.keys.iter().map(|key| self.minor(key.shares.iter().flatten().copied().sum())));
        out += &table("", &head, &rows, Some(sum));
        for key in &programme.keys {
            let unpaid: Money = key.unpaid.iter().copied().sum();
            if unpaid > Money::ZERO {
                out +=
                    &self.paragraph("unpaid", &[("key", &self.key_name(&key.name)), ("amount", &self.money(unpaid))]);
            }
        }
        let Some(agreed) = programme.keys.first() else { return self.section("shares_title", &out) };
        let parts = format!("{} ({})", self.key_name(&agreed.name), self.key_parts(&agreed.name));
        out += &format!("<h3>{}</h3>", escape(&self.say("agreed_title", &[("key", &parts)])));
        let mut head = vec![self.say("municipality", &[])];
        head.extend(programme.years.iter().map(|y| y.year.to_string()));
        head.extend(["together", "net"].map(|key| self.say(key, &[])));
        let rows: Vec<Vec<String>> = programme
            .members
            .iter()
            .enumerate()
            .map(|(m, member)| {
                let mut row = vec![member.name.clone()];
                row.extend(agreed.shares.iter().map(|year| self.minor(year[m])));
                row.push(self.minor(agreed.shares.iter().map(|year| year[m]).sum()));
                row.push(self.exact(agreed.net.iter().map(|year| i128::from(year[m])).sum()));
                row
            })
            .collect();
        let mut sum = vec![self.say("together", &[])];
        sum.extend(agreed.shares.iter().map(|year| self.minor(year.iter().copied().sum())));
        sum.push(self.minor(agreed.shares.iter().flatten().copied().sum()));
        sum.push(self.exact(agreed.net.iter().flatten().map(|&n| i128::from(n)).sum()));
        out += &table("", &head, &rows, Some(sum));
        out += &self.paragraph("net_text", &[]);
        out += &format!("<h3>{}</h3>", escape(&self.say("ground_title", &[])));
        let head: Vec<String> =
            ["municipality", "ground", "for_others", "caused", "by_others"].map(|key| self.say(key, &[])).into();
        let rows: Vec<Vec<String>> = programme
            .members
            .iter()
            .map(|m| {
                let mut row = vec![m.name.clone()];
                row.extend([m.ground, m.for_others, m.caused, m.by_others].map(|amount| self.minor(amount)));
                row
            })
            .chain((programme.outside != (Money::ZERO, Money::ZERO)).then(|| {
                let (ground, caused) = programme.outside;
                vec![self.say("outside", &[]), self.minor(ground), String::new(), self.minor(caused), String::new()]
            }))
            .collect();
        let sum_of = |of: fn(&breiband_model::MemberFigures) -> Money, outside: Money| {
            self.minor(programme.members.iter().map(of).sum::<Money>().saturating_add(outside))
        };
        let sum = vec![
            self.say("together", &[]),
            sum_of(|m| m.ground, programme.outside.0),
            String::new(),
            sum_of(|m| m.caused, programme.outside.1),
            String::new(),
        ];
        out += &self.paragraph("ground_text", &[]);
        out += &table("", &head, &rows, Some(sum));
        self.section("shares_title", &out)
    }

    fn together(&self) -> String {
        let programme = self.programme;
        let mut out = String::new();
        if let Some(game) = &programme.game {
            out += &self.game(game);
        }
        if programme.members.len() > 1 && !programme.leaving.is_empty() {
            out += &format!("<h3>{}</h3>", escape(&self.say("leaving_title", &[])));
            out += &self.paragraph("leaving_text", &[]);
            let head: Vec<String> = ["leaves", "avoided", "others_more"].map(|key| self.say(key, &[])).into();
            let rows: Vec<Vec<String>> = programme
                .leaving
                .iter()
                .map(|l| {
                    let others: i128 = l.change.iter().map(|&c| i128::from(c)).sum();
                    vec![programme.members[l.member].name.clone(), self.minor(l.avoided), self.exact(others)]
                })
                .collect();
            out += &table("", &head, &rows, None);
        }
        if !programme.joining.is_empty() {
            out += &format!("<h3>{}</h3>", escape(&self.say("joining_title", &[])));
            out += &self.paragraph("joining_text", &[]);
            let head: Vec<String> = ["joins", "pays_then", "others_more"].map(|key| self.say(key, &[])).into();
            let row = |j: &Joining| {
                let others = j.change.iter().enumerate().filter(|(m, _)| *m != j.member);
                let others: i128 = others.map(|(_, &c)| i128::from(c)).sum();
                vec![programme.members[j.member].name.clone(), self.minor(j.pays), self.exact(others)]
            };
            let rows: Vec<Vec<String>> = programme.joining.iter().map(row).collect();
            out += &table("", &head, &rows, None);
        }
        if out.is_empty() { out } else { self.section("together_title", &out) }
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
                    let (up, down) = (self.count(o.moves.0), self.count(o.moves.1));
                    let phase = self.phase_name(o.if_approved);
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
        if high > budgets {
            lines.push(self.say("risk_budget", &[("budget", &amount(budgets)), ("short", &amount(high - budgets))]));
        }
        if self.programme.milestones.iter().any(|m| m.reached < m.premises) {
            lines.push(self.say("risk_milestone", &[]));
        }
        if !summary.coverage_known {
            lines.push(text(self.language, "report.no_coverage", &[]));
        }
        let unsigned = self.drawn.view.region.premises.iter().zip(&self.programme.premises);
        let unsigned =
            unsigned.filter(|(p, phase)| phase.phase != Phase::NotPlanned && p.signed_up == Some(false)).count();
        if unsigned > 0 {
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
        let prices = [("name", name.as_str()), ("date", &date(self.language, day)), ("source", source)];
        out += &format!("<p>{}</p>", escape(&text(self.language, "report.prices_text", &prices)));
        if self.public {
            out += &self.paragraph("method_public", &[("least", &self.count(self.settings.public_least))]);
        } else {
            out += &self.paragraph("method_files", &[]);
        }
        self.section("method_title", &out)
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
    let report = Report { drawn, programme, settings, language, public };
    let figure = report.figure(map);
    let sections = [
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
         <style>{STYLE}</style>\n</head>\n<body>\n<main class=\"report{}\">\n{}\n{figure}\n{}\n{}\n</main>\n</body>\n</html>\n",
        language.code(),
        escape(&drawn.view.summary.name),
        escape(&report.say("kicker", &[])),
        if map.tall { " high" } else { "" },
        report.head(),
        sections.join("\n"),
        report.footer(),
    )
}
