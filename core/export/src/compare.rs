//! Plans side by side: their figures, phases and shares, and a map of what differs.

use breiband_messages::{Language, date, length, money, money_exact, number, per_cent, per_cent_up, text as message};
use breiband_model::{Money, Phase, Point, Programme, Status};
use breiband_spatial::{Projection, SegmentGrid};
use serde::Serialize;

use crate::csv_files::{Table, text};
use crate::geojson_files::{Feature, Geometry, collection};
use crate::html::{escape, notice};
use crate::map;
use crate::palette::{ALL_PLANS, PLANS, SOME_PLANS};
use crate::report::table;
use crate::view::{Drawn, OutputFile, PlanView};

const STYLE: &str = concat!(include_str!("summary.css"), include_str!("report.css"));
/// A line is another plan's too where it is no farther from it than this, millimetres.
const SAME_MM: u32 = 5;
/// Size of the cells that lines are looked for in, millimetres.
const CELL_MM: u32 = 50_000;
/// Plans that can be compared: sets of them are bits of a number.
pub const MOST_SIDES: usize = breiband_model::MOST_PLAYERS;

/// A plan to compare.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The name it has in the comparison.
    pub name: &'a str,
    /// The plan.
    pub view: PlanView<'a>,
    /// Its programme, where its scenario asks for one.
    pub programme: Option<&'a Programme>,
}

/// A line with the plans that have it.
struct Run {
    sides: u32,
    points: Vec<Point>,
}

/// One figure of all sides: its name in files, the key of its words, a number for files and a text for people.
struct Figure {
    name: String,
    label: (String, Vec<(&'static str, String)>),
    values: Vec<Option<(f64, Kind)>>,
}

#[derive(Clone, Copy)]
enum Kind {
    Count,
    Money,
    Metres,
    Share,
    Gap,
    Exact,
}

/// `compare-LANGUAGE.html`, `compare.csv`, `difference.geojson` and `premises-difference.csv`. Sides are two or more, at most
/// [`MOST_SIDES`]; the first is what the others are held against. Near-linear in the plans' lengths, times their number.
pub fn comparison_files(sides: &[Side<'_>]) -> Vec<OutputFile> {
    let Some(first) = sides.first() else { return Vec::new() };
    let drawn = Drawn::new(&first.view);
    let runs = runs(sides);
    let figures = figures(sides);
    let mut files = Vec::new();
    let mut add = |name: String, bytes: Vec<u8>| files.push(OutputFile { name, bytes });
    for language in Language::ALL {
        let page = Page { sides, drawn: &drawn, language };
        add(format!("compare-{}.html", language.code()), page.html(&figures, &runs).into_bytes());
    }
    add("compare.csv".to_owned(), figures_table(sides, &figures));
    add("difference.geojson".to_owned(), lines(sides, &drawn, &runs));
    add("premises-difference.csv".to_owned(), premises(sides));
    files
}

/// The figures in words: a row of the sides' names, then one for each figure, its name first.
pub fn comparison_table(sides: &[Side<'_>], language: Language) -> Vec<Vec<String>> {
    let Some(first) = sides.first() else { return Vec::new() };
    let page = Page { sides, drawn: &Drawn::new(&first.view), language };
    let (head, rows) = page.rows(&figures(sides));
    std::iter::once(head).chain(rows).collect()
}

/// The built lines of a side in the first side's plane.
fn built(side: &Side<'_>, first: &Side<'_>) -> Vec<Vec<Point>> {
    let (own, plane) = (Projection::new(side.view.region.plane), Projection::new(first.view.region.plane));
    let same = side.view.region.plane == first.view.region.plane;
    let moved = |point: Point| {
        let (lon, lat) = own.to_lon_lat(point);
        plane.to_plane(lon, lat).unwrap_or(point)
    };
    let network = side.view.network;
    let parts = side.view.route.edges.iter().flat_map(|e| network.parts_of(&network.edges[e.index()]));
    let lines = parts.map(|part| network.geometry_of(part)).filter(|line| line.len() > 1);
    lines.map(|line| if same { line.to_vec() } else { line.iter().map(|&p| moved(p)).collect() }).collect()
}

/// Every line of any side once, cut where other sides begin or end to have it. Lines are compared by the middles of their
/// segments, so that a point more or less on the same line makes no difference.
fn runs(sides: &[Side<'_>]) -> Vec<Run> {
    let Some(first) = sides.first() else { return Vec::new() };
    let lines: Vec<Vec<Vec<Point>>> = sides.iter().map(|side| built(side, first)).collect();
    let segments = |lines: &[Vec<Point>]| -> Vec<(Point, Point)> {
        lines.iter().flat_map(|line| line.windows(2).map(|pair| (pair[0], pair[1]))).collect()
    };
    let grids: Vec<SegmentGrid> = lines.iter().map(|lines| SegmentGrid::build(&segments(lines), CELL_MM)).collect();
    let mut runs = Vec::new();
    for (own, lines) in lines.iter().enumerate() {
        let has = |pair: &[Point]| {
            let middle = pair[0].towards(pair[1], 1, 2);
            let on = |at: &usize| *at == own || grids[*at].nearest(middle, SAME_MM).is_some();
            (0..grids.len()).filter(on).fold(0u32, |bits, at| bits | 1 << at)
        };
        for line in lines {
            let pairs: Vec<(&[Point], u32)> = line.windows(2).map(|pair| (pair, has(pair))).collect();
            // What an earlier side has too is written already.
            for run in pairs.chunk_by(|a, b| a.1 == b.1).filter(|run| run[0].1.trailing_zeros() as usize == own) {
                let points = run.iter().map(|(pair, _)| pair[0]).chain(run.last().map(|(pair, _)| pair[1])).collect();
                runs.push(Run { sides: run[0].1, points });
            }
        }
    }
    runs
}

fn figures(sides: &[Side<'_>]) -> Vec<Figure> {
    let mut out = Vec::new();
    let mut add = |name: &str, kind: Kind, of: &dyn Fn(&Side<'_>) -> Option<f64>| {
        let values = sides.iter().map(|side| of(side).map(|value| (value, kind))).collect();
        out.push(Figure { name: name.to_owned(), label: (name.to_owned(), Vec::new()), values });
    };
    let count = |count: u64| Some(count as f64);
    add("premises", Kind::Count, &|s| count(s.view.summary.premises));
    add("connected", Kind::Count, &|s| count(s.view.summary.connected));
    add("already_served", Kind::Count, &|s| count(s.view.summary.already_served));
    add("left_out", Kind::Count, &|s| count(s.view.summary.excluded + s.view.summary.unreachable));
    add("cost", Kind::Money, &|s| Some(s.view.summary.cost));
    add("each", Kind::Money, &|s| {
        let summary = s.view.summary;
        (summary.connected > 0).then(|| summary.cost / summary.connected as f64)
    });
    add("cost_low", Kind::Money, &|s| Some(s.view.summary.cost_range[0]));
    add("cost_high", Kind::Money, &|s| Some(s.view.summary.cost_range[2]));
    add("bound", Kind::Money, &|s| Some(s.view.summary.bound));
    add("gap", Kind::Gap, &|s| Some(s.view.summary.gap));
    add("line", Kind::Metres, &|s| Some(s.view.summary.trench_metres));
    let major = |amount: Money| Some(amount.as_major());
    add("unfunded", Kind::Money, &|s| major(s.programme?.unfunded));
    // What a scheme pays of the funded work, and what is left; of plans without one, nothing.
    let funding = |s: &Side<'_>| s.programme?.support.as_ref().map(|support| support.total);
    if sides.iter().any(|side| funding(side).is_some()) {
        add("support_reached", Kind::Count, &|s| count(funding(s)?.reached));
        add("support", Kind::Money, &|s| major(funding(s)?.support));
        add("own_share", Kind::Money, &|s| major(funding(s)?.own));
        add("funding_gap", Kind::Money, &|s| major(funding(s)?.gap));
    }
    if sides.iter().any(|side| side.programme.is_some_and(|p| p.business.is_some())) {
        add("npv", Kind::Money, &|s| Some(s.programme?.business.as_ref()?.npv));
    }
    let mut labelled = |name: String, key: &str, args: Vec<(&'static str, String)>, values| {
        out.push(Figure { name, label: (key.to_owned(), args), values });
    };
    // What one side speaks of stands in all of them.
    let merged = |of: &dyn Fn(&Programme) -> Vec<String>| {
        let all: Vec<String> = sides.iter().filter_map(|s| s.programme).flat_map(of).collect();
        let mut seen = std::collections::BTreeSet::new();
        all.into_iter().filter(|one| seen.insert(one.clone())).collect::<Vec<_>>()
    };
    for speed in merged(&|p| p.coverage.iter().map(|row| row.threshold_mbps.to_string()).collect()) {
        for (name, last) in [("covered_today", false), ("covered_after", true)] {
            let value = |s: &Side<'_>| {
                let programme = s.programme?;
                let year = programme.years.last().filter(|_| last).map(|y| y.year);
                let wanted = |row: &&breiband_model::CoverageRow| {
                    row.municipality.is_empty() && row.year == year && row.threshold_mbps.to_string() == speed
                };
                let row = programme.coverage.iter().find(wanted).filter(|row| row.households > 0)?;
                Some((row.households_connected as f64 / row.households as f64, Kind::Share))
            };
            labelled(
                format!("{name}_{speed}"),
                name,
                vec![("speed", speed.clone())],
                sides.iter().map(value).collect(),
            );
        }
    }
    let mut years = merged(&|p| p.years.iter().map(|y| y.year.to_string()).collect());
    years.sort();
    for year in years {
        let find = |s: &Side<'_>| s.programme?.years.iter().find(|y| y.year.to_string() == year).cloned();
        let work = |s: &Side<'_>| find(s).map(|y| (y.work.saturating_add(y.fixed).as_major(), Kind::Exact));
        let connected = |s: &Side<'_>| find(s).map(|y| (y.connected as f64, Kind::Count));
        labelled(format!("spent_{year}"), "spent", vec![("year", year.clone())], sides.iter().map(work).collect());
        let values = sides.iter().map(connected).collect();
        labelled(format!("connected_{year}"), "connected_in", vec![("year", year.clone())], values);
    }
    for code in merged(&|p| p.members.iter().map(|m| m.code.clone()).collect()) {
        let value = |s: &Side<'_>| {
            let (programme, key) = (s.programme?, s.programme?.keys.first()?);
            let at = programme.members.iter().position(|m| m.code == code)?;
            Some((key.all_years(at).as_major(), Kind::Exact))
        };
        let named = sides.iter().filter_map(|s| s.programme).flat_map(|p| &p.members).find(|m| m.code == code);
        let name = named.map_or_else(|| code.clone(), |m| m.name.clone());
        labelled(format!("share_{code}"), "share", vec![("name", name)], sides.iter().map(value).collect());
    }
    out
}

fn figures_table(sides: &[Side<'_>], figures: &[Figure]) -> Vec<u8> {
    let names: Vec<String> = sides.iter().map(|side| text(side.name).into_owned()).collect();
    let columns: Vec<&str> = std::iter::once("figure").chain(names.iter().map(String::as_str)).collect();
    let mut table = Table::new(&sides[0].view, &columns);
    let currencies = sides.iter().map(|side| text(&side.view.summary.currency).into_owned());
    table.row(std::iter::once("currency".to_owned()).chain(currencies));
    for figure in figures {
        let cell = |value: &Option<(f64, Kind)>| match value {
            None => String::new(),
            Some((value, Kind::Count)) => format!("{value:.0}"),
            Some((value, Kind::Share | Kind::Gap)) => format!("{value:.6}"),
            Some((value, _)) => format!("{value:.2}"),
        };
        table.row(std::iter::once(text(&figure.name).into_owned()).chain(figure.values.iter().map(cell)));
    }
    table.finish()
}

#[derive(Serialize)]
struct RunProperties {
    sides: Vec<String>,
    length_m: f64,
}

fn lines(sides: &[Side<'_>], drawn: &Drawn<'_>, runs: &[Run]) -> Vec<u8> {
    let lon_lat: Vec<Vec<[f64; 2]>> = runs.iter().map(|run| drawn.line(&run.points)).collect();
    let features = runs.iter().zip(&lon_lat).map(|(run, line)| Feature {
        geometry: Geometry::LineString(line),
        properties: RunProperties {
            sides: within(run.sides, sides.len()).map(|at| sides[at].name.to_owned()).collect(),
            length_m: breiband_model::length_mm(&run.points) as f64 / 1000.0,
        },
    });
    collection(drawn, "difference", features)
}

fn within(bits: u32, count: usize) -> impl Iterator<Item = usize> {
    (0..count).filter(move |at| bits >> at & 1 == 1)
}

/// What becomes of each premises in each plan, where that differs.
fn premises(sides: &[Side<'_>]) -> Vec<u8> {
    let names: Vec<String> = sides.iter().map(|side| text(side.name).into_owned()).collect();
    let columns: Vec<&str> = ["id", "address"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let mut table = Table::new(&sides[0].view, &columns);
    let mut rows: std::collections::BTreeMap<&str, (String, Vec<String>)> = std::collections::BTreeMap::new();
    for (at, side) in sides.iter().enumerate() {
        for (index, (premises, outcome)) in side.view.region.premises.iter().zip(&side.view.route.outcomes).enumerate()
        {
            let entry = rows.entry(&premises.external_id);
            let row = entry.or_insert_with(|| (premises.label(), vec![String::new(); sides.len()]));
            let phase = side.programme.map(|p| p.premises[index].phase).filter(|_| outcome.status == Status::Connected);
            row.1[at] = match phase.map(Phase::label).filter(|label| !label.is_empty()) {
                Some(label) => format!("{} {label}", outcome.status.name()),
                None => outcome.status.name().to_owned(),
            };
        }
    }
    for (id, (address, states)) in rows.iter().filter(|(_, (_, states))| states.iter().any(|s| *s != states[0])) {
        table.row([text(id).into_owned(), text(address).into_owned()].into_iter().chain(states.iter().cloned()));
    }
    table.finish()
}

/// Plans whose table leaves room beside it.
const FEW: usize = 3;

struct Page<'a> {
    sides: &'a [Side<'a>],
    drawn: &'a Drawn<'a>,
    language: Language,
}

impl Page<'_> {
    fn say(&self, key: &str, args: &[(&str, &str)]) -> String {
        message(self.language, &format!("compare.{key}"), args)
    }

    fn cell(&self, value: &Option<(f64, Kind)>, currency: &str) -> String {
        match *value {
            None => "–".to_owned(),
            Some((value, Kind::Count)) => number(self.language, value as i64),
            Some((value, Kind::Money)) => money(self.language, value, currency),
            Some((value, Kind::Exact)) => money_exact(self.language, value, currency, 2),
            Some((value, Kind::Metres)) => length(self.language, value),
            // All is said of all alone, and none of none.
            Some((value, Kind::Share)) if value > 0.0 && value < 1.0 => {
                per_cent(self.language, value.clamp(0.001, 0.999), 1)
            }
            Some((value, Kind::Share)) => per_cent(self.language, value, 1),
            Some((value, Kind::Gap)) => per_cent_up(self.language, value, 2),
        }
    }

    fn figures(&self, figures: &[Figure]) -> String {
        let (head, rows) = self.rows(figures);
        table("wide-first", &head, &rows, None)
    }

    /// The sides' names, and a row in words for each figure that one of them has.
    fn rows(&self, figures: &[Figure]) -> (Vec<String>, Vec<Vec<String>>) {
        let mut head = vec![String::new()];
        head.extend(self.sides.iter().map(|side| side.name.to_owned()));
        let row = |figure: &Figure| {
            let args: Vec<(&str, &str)> = figure.label.1.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let mut row = vec![self.say(&figure.label.0, &args)];
            let cells = figure.values.iter().zip(self.sides);
            row.extend(cells.map(|(value, side)| self.cell(value, &side.view.summary.currency)));
            row
        };
        let given = figures.iter().filter(|figure| figure.values.iter().any(Option::is_some));
        (head, given.map(row).collect())
    }

    fn map(&self, runs: &[Run]) -> (String, bool) {
        let all = breiband_model::everybody(self.sides.len());
        let metres = |keep: &dyn Fn(u32) -> bool| {
            let mm: u64 = runs.iter().filter(|r| keep(r.sides)).map(|r| breiband_model::length_mm(&r.points)).sum();
            length(self.language, mm as f64 / 1000.0)
        };
        let some = |sides: u32| sides != all && sides.count_ones() > 1;
        let mut layers: Vec<(&str, Vec<&[Point]>)> = Vec::new();
        let mut legend = Vec::new();
        let mut layer = |colour: &'static str, label: String, keep: &dyn Fn(u32) -> bool| {
            let lines: Vec<&[Point]> = runs.iter().filter(|r| keep(r.sides)).map(|r| r.points.as_slice()).collect();
            if !lines.is_empty() {
                legend.push((colour, label));
                layers.push((colour, lines));
            }
        };
        layer(ALL_PLANS, self.say("in_all", &[("length", &metres(&|s| s == all))]), &|s| s == all);
        layer(SOME_PLANS, self.say("in_some", &[("length", &metres(&some))]), &some);
        for (at, side) in self.sides.iter().enumerate() {
            let only = |sides: u32| sides == 1 << at && sides != all;
            let label = self.say("only", &[("name", side.name), ("length", &metres(&only))]);
            layer(PLANS[at.min(PLANS.len() - 1)], label, &only);
        }
        let (svg, tall) = map::draw_lines(self.drawn, self.language, &escape(&self.say("map", &[])), &layers);
        let item = |(colour, label): &(&str, String)| {
            format!(
                "<li><svg class=\"line\" viewBox=\"0 0 36 16\" aria-hidden=\"true\"><path d=\"M2 8h32\" stroke=\"{colour}\" \
                 stroke-width=\"6\"/></svg>{}</li>",
                escape(label)
            )
        };
        (
            format!("<figure>{svg}<ul class=\"legend\">{}</ul></figure>", legend.iter().map(item).collect::<String>()),
            tall,
        )
    }

    fn html(&self, figures: &[Figure], runs: &[Run]) -> String {
        let (figure, tall) = self.map(runs);
        let summary = self.sides[0].view.summary;
        let names: Vec<&str> = self.sides.iter().map(|side| side.name).collect();
        let notice = notice(self.language, &summary.notice);
        let mut sources: Vec<&str> =
            self.sides.iter().flat_map(|s| &s.view.summary.attribution).map(String::as_str).collect();
        sources.sort_unstable();
        sources.dedup();
        let digest = |side: &Side<'_>| {
            let said = message(self.language, "report.digest", &[("digest", &side.view.summary.digest)]);
            format!("<p class=\"digest\">{}: {}</p>", escape(side.name), escape(&said))
        };
        format!(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <style>{STYLE}</style>\n</head>\n<body>\n<main class=\"report comparison{}\">\n<header><p class=\"kicker\">{} · {}</p>\
             <h1>{title}</h1>{notice}</header>\n<section>{}<p>{}</p></section>\n{figure}\n<footer><p>{}</p>{}</footer>\n\
             </main>\n</body>\n</html>\n",
            self.language.code(),
            match (tall, self.sides.len() <= FEW) {
                (true, true) => " high beside",
                (true, false) => " high",
                (false, _) => "",
            },
            escape(&self.say("kicker", &[])),
            escape(&date(self.language, &summary.date)),
            self.figures(figures),
            escape(&self.say("text", &[])),
            escape(&sources.join(" · ")),
            self.sides.iter().map(digest).collect::<String>(),
            title = escape(&names.join(" · ")),
        )
    }
}
