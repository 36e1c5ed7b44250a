//! Re-checking a finished plan from its files: nothing the planner said is believed.

use std::collections::BTreeMap;

use breiband_certificate::Certificate;
use breiband_model::{Context, CostBook, Money, Scenario};
use serde::Serialize;

use crate::output::Manifest;
use crate::proof::{read_demand, read_graph};
use crate::{import, radio};

mod built;
mod files;
mod proven;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
    /// It could not be made, and why is in the text.
    NotChecked,
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// A stable kebab-case name.
    pub name: &'static str,
    /// How it ended.
    pub state: CheckState,
    /// What was found, in one English sentence.
    pub text: String,
}

/// Everything that was checked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verification {
    /// The checks, in the order they were made.
    pub checks: Vec<Check>,
    /// What the graph leaves out, by reason: how many, and metres.
    pub left_out: BTreeMap<String, (u64, f64)>,
    /// The plan's cost, recomputed, major units; none where its graph cannot be read.
    pub cost: Option<f64>,
    /// The bound that the certificate proves, major units; none where it proves none.
    pub bound: Option<f64>,
    /// The gap between them, a fraction rounded up to six decimals; none without both.
    pub gap: Option<f64>,
}

impl Verification {
    /// Whether every check that could be made holds.
    pub fn holds(&self) -> bool {
        self.checks.iter().all(|c| c.state != CheckState::Fails)
    }

    /// The checks that could not be made.
    pub fn not_made(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|c| c.state == CheckState::NotChecked)
    }
}

/// Re-checks a plan from its files: `read` gives the bytes of one of the plan's files by name, `read_input` those of an
/// input by the path its scenario has. Linear in the size of the files. [`files`](crate::files) has an example.
///
/// Checked are: every file's and input's digest; each edge's cost from its geometry and the cost book; that what is built is a
/// tree that connects exactly the premises said to be connected; its cost; the certificate's bound; that every premises is
/// accounted for; and, where the inputs are at hand, that every metre of every way is in the graph or listed as left out, that
/// points of presence and cabinets are paid, and that radio links are in sight and homes and masts cost what the cost book
/// says.
pub fn verify(
    read: &mut dyn FnMut(&str) -> std::io::Result<Vec<u8>>,
    read_input: &mut dyn FnMut(&str) -> std::io::Result<Vec<u8>>,
    context: &mut Context<'_>,
) -> Verification {
    let mut report = Report::default();
    if let Err(problem) = run(read, read_input, context, &mut report) {
        report.check("files", Err(problem));
    }
    let [cost, bound] = [report.cost, report.bound].map(|minor| minor.map(Money::from_minor));
    Verification {
        checks: report.checks,
        left_out: report.left_out,
        cost: cost.map(Money::as_major),
        bound: bound.map(Money::as_major),
        gap: cost.zip(bound).map(|(cost, bound)| crate::summary::gap(cost, bound)),
    }
}

#[derive(Default)]
struct Report {
    checks: Vec<Check>,
    left_out: BTreeMap<String, (u64, f64)>,
    cost: Option<u64>,
    bound: Option<u64>,
}

impl Report {
    fn check(&mut self, name: &'static str, result: Result<String, String>) {
        let (state, text) = match result {
            Ok(text) => (CheckState::Holds, text),
            Err(text) => (CheckState::Fails, text),
        };
        self.checks.push(Check { name, state, text });
    }
}

fn run(
    read: &mut dyn FnMut(&str) -> std::io::Result<Vec<u8>>,
    read_input: &mut dyn FnMut(&str) -> std::io::Result<Vec<u8>>,
    context: &mut Context<'_>,
    report: &mut Report,
) -> Result<(), String> {
    let mut file = |name: &str| read(name).map_err(|e| unread(name, &e));
    let text = |bytes: Vec<u8>, name: &str| String::from_utf8(bytes).map_err(|_| format!("{name} is not UTF-8"));
    let manifest: Manifest =
        serde_json::from_slice(&file("manifest.json")?).map_err(|e| unlike("manifest.json", &e))?;
    report.check("output-digests", files::output_digests(&manifest, &mut file));

    let book = CostBook::parse(&text(file("cost-book.toml")?, "cost-book.toml")?)
        .map_err(|e| format!("cost-book.toml: {e}"))?;
    let scenario =
        Scenario::parse(&text(file("scenario.toml")?, "scenario.toml")?).map_err(|e| format!("scenario.toml: {e}"))?;
    let edges = read_graph(&file("graph.csv.gz")?).map_err(|e| e.to_string())?;
    let demand = read_demand(&file("demand.csv.gz")?).map_err(|e| e.to_string())?;
    let summary: breiband_model::Summary =
        serde_json::from_slice(&file("summary.json")?).map_err(|e| unlike("summary.json", &e))?;
    report.check("edge-costs", built::edge_costs(&edges, &book));
    report.check("tree", built::tree(&edges, &demand));
    let cost = edges.iter().filter(|e| e.built).map(|e| e.cost).fold(0, u64::saturating_add);
    report.cost = Some(cost);
    report.check("cost", equal("the built edges' cost", cost as f64 / 100.0, summary.cost));
    report.check("premises", built::premises(&demand, &summary));
    let named: Vec<(String, u64)> = scenario
        .handovers
        .iter()
        .filter_map(|h| Some((format!("scenario/{}", h.name), h.opening()?.cost.as_minor())))
        .collect();
    if !named.is_empty() || !scenario.cabinets.is_empty() || !summary.places.is_empty() {
        report.check("places", built::places(&named, &scenario, &book, &edges, &summary));
    }

    let certificate =
        Certificate::parse(&file("certificate.txt.gz")?).map_err(|e| format!("certificate.txt.gz: {e}"))?;
    // What has to be checked is for the scenario to say: a summary that lost a part is not the better for it.
    let asked = [
        ("mix", scenario.mix.is_some() && summary.mix.is_none()),
        ("choice", scenario.goal.count().is_some() && summary.choice.is_none()),
    ];
    for (name, _) in asked.into_iter().filter(|(_, is_lost)| *is_lost) {
        report.check(name, Err(LOST.to_owned()));
    }
    let line = summary.choice.as_ref().map_or([1, 1, 0], |choice| choice.line);
    match proven::bound(&edges, &demand, &certificate, line) {
        Ok(proven::Proven { at_line, cost: bound, missed }) => {
            report.bound = Some(bound);
            if let Some(mix) = &summary.mix {
                report.check(
                    "mix",
                    proven::mix_holds(mix, &summary, &scenario, &book, &demand, (at_line, bound, missed), cost),
                );
            }
            if let Some(choice) = &summary.choice {
                report.check("choice", proven::choice_holds(choice, &scenario, at_line, missed, cost));
            }
            report.check("bound", equal("the certificate's bound", bound as f64 / 100.0, summary.bound));
        }
        Err(problem) => report.check("bound", Err(problem)),
    }
    let left_out = files::read_left_out(&text(file("left-out.csv")?, "left-out.csv")?)?;
    for (_, reason, mm) in &left_out {
        let entry = report.left_out.entry(reason.clone()).or_default();
        entry.0 += 1;
        entry.1 += *mm as f64 / 1000.0;
    }
    let takes_whole = crate::areas::scheme(&scenario).is_some();
    let areas = summary.choice.as_ref().and_then(|choice| choice.areas);
    match files::inputs(&manifest, &scenario, read_input) {
        Err(missing) => {
            let mixes = scenario.mix.is_some().then_some("technologies");
            let whole = (takes_whole || areas.is_some()).then_some("areas");
            for name in ["input-digests", "nothing-unlisted"].into_iter().chain(mixes).chain(whole) {
                report.checks.push(Check { name, state: CheckState::NotChecked, text: missing.clone() });
            }
        }
        Ok(files) => {
            report.check("input-digests", files::input_digests(&manifest, &files));
            let region = import(&files, &scenario.options, context).map_err(|e| e.to_string())?;
            let handovers = breiband_network::handovers(&region.value, &scenario, &mut Vec::new());
            let openings = handovers.into_iter().filter_map(|h| Some((h.external_id, h.opening?.cost.as_minor())));
            let openings: Vec<(String, u64)> = openings.collect();
            if !openings.is_empty() {
                report.check("openings", built::openings_hold(&openings, &edges, &summary));
            }
            report.check("nothing-unlisted", files::nothing_unlisted(&region.value, &edges, &demand, &left_out));
            if scenario.mix.is_some() {
                report.check("technologies", radio::check(&region.value, &scenario, &book, &edges, &demand));
            }
            if takes_whole || areas.is_some() {
                let wanted = demand.iter().filter(|row| row.status != "unreachable");
                let state =
                    wanted.filter_map(|row| Some((row.premises.as_str(), (row.vertex?, row.status == "connected"))));
                let found = areas.ok_or_else(|| LOST.to_owned());
                let found =
                    found.and_then(|said| crate::areas::whole(&region.value, &scenario, said, &state.collect()));
                report.check("areas", found);
            }
        }
    }
    Ok(())
}

/// Why a file cannot be read, in words for whoever was given the plan.
fn unread(name: &str, error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => format!("{name} is missing: have the plan's whole folder sent again"),
        _ => format!("{name} cannot be read: {error}"),
    }
}

/// Why a file is not what `breiband plan` writes.
fn unlike(name: &str, error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Eof => format!("{name} is cut off at line {}", error.line()),
        _ => format!("{name} was not written by `breiband plan`, or changed since: {error}"),
    }
}

/// What the scenario asks for and the summary does not say.
const LOST: &str = "the scenario asks for it, and summary.json does not say what it came to";

fn equal(what: &str, found: f64, said: f64) -> Result<String, String> {
    if (found - said).abs() < 0.005 {
        Ok(format!("{what} is {found:.2}, as the summary says"))
    } else {
        Err(format!("{what} is {found:.2}, and the summary says {said:.2}"))
    }
}
