//! The programme as files: tables, a map layer by phase, and the report.

use breiband_messages::{Language, text as message};
use breiband_model::{EdgeId, FirstYear, Money, Phase, Programme, Reason};
use breiband_sqlite::geopackage::{ColumnType, GeoPackage, Geometry as Shape, GeometryType, LayerSpec};
use breiband_sqlite::{Value, WriteError};
use serde::Serialize;

use crate::business;
use crate::csv_files::{Table, length, text};
use crate::game::{self, signed};
use crate::geojson_files::{Feature, Geometry, LOAD_COLUMNS, LoadProperties, collection};
use crate::report;
use crate::services;
use crate::support;
use crate::together;
use crate::view::{Drawn, OutputFile, PlanView, metres};

/// `programme.json`, tables, `phases.geojson`, `programme.gpkg` and the reports: `report-LANGUAGE.html` for the council,
/// `report-public-LANGUAGE.html` without personal detail.
pub fn programme_files(view: &PlanView<'_>, programme: &Programme) -> Vec<OutputFile> {
    let drawn = Drawn::new(view);
    let phases = Phases::of_jobs(programme);
    let map = report::map(&drawn, programme, &phases);
    let mut files = Vec::new();
    let mut add = |name: String, bytes: Vec<u8>| files.push(OutputFile { name, bytes });
    for (prefix, public) in [("report", false), ("report-public", true)] {
        for language in Language::ALL {
            let page = report::page(&drawn, programme, &map, language, public);
            add(format!("{prefix}-{}.html", language.code()), page.into_bytes());
        }
    }
    let mut json = serde_json::to_vec_pretty(programme).unwrap_or_default();
    json.push(b'\n');
    add("programme.json".to_owned(), json);
    add("years.csv".to_owned(), years(view, programme));
    add("build-order.csv".to_owned(), build_order(view, programme));
    add("shares.csv".to_owned(), shares(view, programme));
    add("coverage.csv".to_owned(), coverage(view, programme));
    add("premises-phases.csv".to_owned(), why_table(&drawn, programme));
    add("phases.geojson".to_owned(), phase_lines(&drawn, &phases));
    add("programme.gpkg".to_owned(), geopackage(&drawn, programme, &phases).unwrap_or_default());
    files.extend(together::tables(view, programme));
    files.extend(programme.services.iter().flat_map(|found| services::tables(view, found)));
    files.extend(programme.business.iter().flat_map(|case| business::tables(view, case)));
    files.extend(programme.first_year.iter().map(|found| first_year(view, found)));
    files.extend(programme.support.iter().flat_map(|found| support::tables(view, found)));
    files.extend(programme.game.iter().flat_map(|found| game::tables(view, found)));
    files
}

/// By edge that a job holds, the job's row in `build-order.csv`, and its phase.
pub(crate) struct Phases(Vec<Option<(i64, Phase)>>);

impl Phases {
    pub(crate) fn of_jobs(programme: &Programme) -> Self {
        let edges =
            || (1..).zip(&programme.jobs).flat_map(|(n, job)| job.edges.iter().map(move |&e| (e, (n, job.phase))));
        let mut phases = vec![None; edges().map(|(edge, _)| edge.index() + 1).max().unwrap_or(0)];
        edges().for_each(|(edge, job)| phases[edge.index()] = Some(job));
        Self(phases)
    }

    pub(crate) fn of(&self, edge: EdgeId) -> Option<(i64, Phase)> {
        self.0.get(edge.index()).copied().flatten()
    }
}

fn years(view: &PlanView<'_>, programme: &Programme) -> Vec<u8> {
    let columns = [
        "year",
        "budget",
        "carried_in",
        "fixed",
        "work",
        "carried_out",
        "short",
        "length_m",
        "jobs",
        "passed",
        "connected",
        "points",
        "most_points",
        "block_in_progress",
        "block_spent",
        "block_cost",
    ];
    let mut table = Table::new(view, &columns);
    for y in &programme.years {
        let block = |of: fn(&(usize, Money, Money)) -> String| y.in_progress.as_ref().map(of).unwrap_or_default();
        let [begin, end] = y.balances().map(|minor| signed(minor as i64));
        let [budget, fixed, work, short] = [y.budget, y.fixed, y.work, y.short].map(|m| m.to_string());
        let amounts = [budget, begin, fixed, work, end, short];
        let counts = [y.jobs, y.passed, y.connected, y.points, y.most_points].map(|n| n.to_string());
        let mut row = vec![y.year.to_string()];
        row.extend(amounts);
        row.push(length(y.length_mm));
        row.extend(counts);
        row.extend([block(|b| b.0.to_string()), block(|b| b.1.to_string()), block(|b| b.2.to_string())]);
        table.row(row);
    }
    table.finish()
}

fn build_order(view: &PlanView<'_>, programme: &Programme) -> Vec<u8> {
    let columns = ["order", "phase", "after", "block", "premises", "points", "length_m", "cost", "municipalities"];
    let mut table = Table::new(view, &columns);
    for (at, job) in programme.jobs.iter().enumerate() {
        table.row(vec![
            (at + 1).to_string(),
            job.phase.label(),
            job.after.map(|above| (above + 1).to_string()).unwrap_or_default(),
            job.block.to_string(),
            job.premises.to_string(),
            job.points.to_string(),
            length(job.length_mm),
            job.cost.to_string(),
            text(&job.municipalities.join("; ")).into_owned(),
        ]);
    }
    table.finish()
}

/// `first-year.csv`
fn first_year(view: &PlanView<'_>, found: &FirstYear) -> OutputFile {
    let columns =
        ["year", "money", "spent", "points", "points_found", "points_at_most", "points_in_all", "cost_at_least"];
    let mut table = Table::new(view, &columns);
    let points = [found.reached, found.found, found.most, found.all].map(|points| points.to_string());
    let head = [found.year.to_string(), found.money.to_string(), found.spent.to_string()];
    table.row(head.into_iter().chain(points).chain([found.least.to_string()]));
    OutputFile { name: "first-year.csv".to_owned(), bytes: table.finish() }
}

fn shares(view: &PlanView<'_>, programme: &Programme) -> Vec<u8> {
    let columns = ["key", "year", "municipality_code", "municipality", "share", "on_own_ground", "net"];
    let mut table = Table::new(view, &columns);
    for key in &programme.keys {
        for ((year, row), nets) in programme.years.iter().zip(&key.shares).zip(&key.net) {
            for ((member, share), &net) in programme.members.iter().zip(row).zip(nets) {
                table.row(vec![
                    text(&key.name).into_owned(),
                    year.year.to_string(),
                    text(&member.code).into_owned(),
                    text(&member.name).into_owned(),
                    share.to_string(),
                    signed(share.as_minor() as i64 - net),
                    signed(net),
                ]);
            }
        }
        // With it a year's shares add up to what it costs.
        for (year, unpaid) in programme.years.iter().zip(&key.unpaid).filter(|(_, unpaid)| **unpaid > Money::ZERO) {
            let [name, when] = [text(&key.name).into_owned(), year.year.to_string()];
            let nothing = String::new;
            table.row(vec![
                name,
                when,
                nothing(),
                "above every cap".to_owned(),
                unpaid.to_string(),
                nothing(),
                nothing(),
            ]);
        }
    }
    table.finish()
}

fn coverage(view: &PlanView<'_>, programme: &Programme) -> Vec<u8> {
    let columns = [
        "municipality_code",
        "density",
        "at_end_of",
        "threshold_mbps",
        "households",
        "households_passed",
        "households_connected",
        "premises",
        "premises_passed",
        "premises_connected",
    ];
    let mut table = Table::new(view, &columns);
    for row in &programme.coverage {
        let counts = [
            row.households,
            row.households_passed,
            row.households_connected,
            row.premises,
            row.premises_passed,
            row.premises_connected,
        ];
        let head = [
            text(&row.municipality).into_owned(),
            text(&row.density).into_owned(),
            row.year.map_or_else(|| "today".to_owned(), |year| year.to_string()),
            row.threshold_mbps.to_string(),
        ];
        table.row(head.into_iter().chain(counts.map(|count| count.to_string())));
    }
    table.finish()
}

/// Why a premises is served when it is, and what would change that: a sentence for the person who lives there.
pub(crate) fn why(drawn: &Drawn<'_>, programme: &Programme, language: Language, at: usize) -> String {
    let (row, phase) = (&drawn.premises[at], &programme.premises[at]);
    let say = |key: &str, args: &[(&str, &str)]| message(language, &format!("why.{key}"), args);
    let missing = breiband_messages::money(language, phase.missing.as_major(), &drawn.view.summary.currency);
    let rank = breiband_messages::number(language, i64::from(phase.rank));
    let year = match phase.phase {
        Phase::Year(year) => year.to_string(),
        _ => String::new(),
    };
    let base = match (phase.phase, row.outcome.reason) {
        (Phase::Built | Phase::Year(_) | Phase::Unfunded, _) => {
            let first = programme.years.first().map_or(0, |first| first.year);
            say(phase.why(first), &[("year", &year), ("rank", &rank), ("missing", &missing)])
        }
        (Phase::NotPlanned, Reason::Service) => {
            let threshold_mbps = drawn.view.scenario.goal.threshold_mbps();
            say("served", &[("threshold", &threshold_mbps.to_string())])
        }
        (Phase::NotPlanned, Reason::NoWay) => {
            say("no_way", &[("limit", &drawn.view.book.limits().drop_max_m.to_string())])
        }
        (Phase::NotPlanned, Reason::NoHandover) => say("no_handover", &[]),
        (Phase::NotPlanned, Reason::Satellite) => say("satellite", &[]),
        (Phase::NotPlanned, Reason::OverBudget) => say("over_budget", &[]),
        (Phase::NotPlanned, Reason::NotWorthwhile) => say("not_worthwhile", &[]),
        (Phase::NotPlanned, Reason::BeyondShare) => say("beyond_share", &[]),
        (Phase::NotPlanned, _) => say("excluded", &[]),
    };
    let waits = matches!(phase.phase, Phase::Year(_) | Phase::Built | Phase::Unfunded) && !phase.connected;
    let more = match (waits, phase.reach) {
        (true, _) => say("unsigned", &[]),
        (false, Money::ZERO) => return base,
        (false, reach) => {
            let cost = breiband_messages::money(language, reach.as_major(), &drawn.view.summary.currency);
            say("reach", &[("cost", &cost)])
        }
    };
    format!("{base} {more}")
}

fn why_table(drawn: &Drawn<'_>, programme: &Programme) -> Vec<u8> {
    let columns = [
        "id",
        "municipality_code",
        "phase",
        "connected",
        "rank",
        "cost_share",
        "marginal_cost",
        "missing_money",
        "reach_cost",
        "status",
        "reason",
        "why",
    ];
    let mut table = Table::new(drawn.view, &columns);
    let language = drawn.view.language();
    for (at, (row, phase)) in drawn.premises.iter().zip(&programme.premises).enumerate() {
        let planned = phase.phase != Phase::NotPlanned;
        let or_empty = |text: String| if planned { text } else { String::new() };
        table.row(vec![
            text(&row.premises.external_id).into_owned(),
            text(row.municipality.0).into_owned(),
            phase.phase.label(),
            u8::from(planned && phase.connected).to_string(),
            or_empty(phase.rank.to_string()),
            row.share.map(|share| format!("{share:.2}")).unwrap_or_default(),
            or_empty(phase.marginal.to_string()),
            or_empty(phase.missing.to_string()),
            Some(phase.reach).filter(|&reach| reach > Money::ZERO).map(|reach| reach.to_string()).unwrap_or_default(),
            row.outcome.status.name().to_owned(),
            row.outcome.reason.name().to_owned(),
            text(&why(drawn, programme, language, at)).into_owned(),
        ]);
    }
    table.finish()
}

#[derive(Serialize)]
struct PhaseProperties<'a> {
    edge: u32,
    kind: &'a str,
    phase: String,
    #[serde(rename = "order", skip_serializing_if = "Option::is_none")]
    number: Option<i64>,
    length_m: f64,
    cost: f64,
    #[serde(flatten)]
    load: Option<LoadProperties<'a>>,
}

/// `phases.geojson`: what is built, by phase.
fn phase_lines(drawn: &Drawn<'_>, phases: &Phases) -> Vec<u8> {
    let features = drawn.stretches.iter().map(|stretch| Feature {
        geometry: match stretch.lon_lat.as_slice() {
            [point] => Geometry::Point(point),
            line => Geometry::LineString(line),
        },
        properties: PhaseProperties {
            edge: stretch.edge.as_u32(),
            kind: stretch.kind.name(),
            phase: phases.of(stretch.edge).map_or(Phase::NotPlanned, |job| job.1).label(),
            number: phases.of(stretch.edge).map(|job| job.0),
            length_m: metres(stretch.mm),
            cost: stretch.cost.as_major(),
            load: LoadProperties::of(drawn.view, stretch.edge),
        },
    });
    collection(drawn, "phases", features)
}

fn geopackage(drawn: &Drawn<'_>, programme: &Programme, phases: &Phases) -> Result<Vec<u8>, WriteError> {
    use ColumnType::{Boolean, Integer, Real, Text};
    let (view, language) = (drawn.view, drawn.view.language());
    let mut package = GeoPackage::new(&format!("{}T00:00:00.000Z", view.summary.date))?;
    let describe = |name: &str| {
        let parts = [message(language, &format!("layer.{name}"), &[]), view.attribution(), view.notice()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    };
    let mut columns = vec![("edge", Integer), ("kind", Text), ("phase", Text), ("order", Integer)];
    columns.extend([("length_m", Real), ("cost", Real)]);
    columns.extend(view.loads.iter().flat_map(|_| LOAD_COLUMNS));
    let layer = package.add_layer(&LayerSpec {
        name: "phases_network",
        description: &describe("phases_network"),
        geometry: GeometryType::LineString,
        columns: &columns,
        style: None,
    })?;
    for stretch in drawn.stretches.iter().filter(|stretch| stretch.lon_lat.len() > 1) {
        let job = phases.of(stretch.edge);
        let mut values: Vec<Value> = vec![
            stretch.edge.as_u32().into(),
            stretch.kind.name().into(),
            job.map_or(Phase::NotPlanned, |job| job.1).label().into(),
            job.map(|job| job.0).into(),
            metres(stretch.mm).into(),
            stretch.cost.as_major().into(),
        ];
        if view.loads.is_some() {
            values.extend(LoadProperties::values(LoadProperties::of(view, stretch.edge).as_ref()));
        }
        package.add_feature(layer, Some(&Shape::LineString(stretch.lon_lat.clone())), values)?;
    }
    let layer = package.add_layer(&LayerSpec {
        name: "phases_premises",
        description: &describe("phases_premises"),
        geometry: GeometryType::Point,
        columns: &[
            ("id", Text),
            ("address", Text),
            ("municipality", Text),
            ("phase", Text),
            ("connected", Boolean),
            ("rank", Integer),
            ("cost_share", Real),
            ("marginal_cost", Real),
            ("missing_money", Real),
            ("reach_cost", Real),
            ("why", Text),
        ],
        style: None,
    })?;
    for (at, (row, phase)) in drawn.premises.iter().zip(&programme.premises).enumerate() {
        let planned = phase.phase != Phase::NotPlanned;
        let values: Vec<Value> = vec![
            row.premises.external_id.as_str().into(),
            row.premises.label().into(),
            row.municipality.1.into(),
            phase.phase.label().into(),
            i32::from(planned && phase.connected).into(),
            planned.then_some(phase.rank).into(),
            row.share.into(),
            planned.then(|| phase.marginal.as_major()).into(),
            planned.then(|| phase.missing.as_major()).into(),
            Some(phase.reach.as_major()).filter(|&reach| reach > 0.0).into(),
            why(drawn, programme, language, at).into(),
        ];
        package.add_feature(layer, Some(&Shape::Point(row.lon_lat)), values)?;
    }
    package.into_bytes()
}
