//! Re-checking a finished plan from its files: nothing the planner said is believed.

use std::collections::BTreeMap;

use breiband_certificate::{Certificate, Instance, check};
use breiband_graph::UnionFind;
use breiband_model::{Context, CostBook, Region, Scenario, length_mm};
use serde::Serialize;

use crate::digest::sha256;
use crate::output::Manifest;
use crate::proof::{DemandRow, EdgeRow, PartRow, read_demand, read_graph};
use crate::{SourceFile, goal, import, radio};

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
    /// The plan's cost, recomputed, major units.
    pub cost: f64,
    /// The bound that the certificate proves, major units.
    pub bound: f64,
    /// The gap between them, a fraction rounded up to six decimals.
    pub gap: f64,
}

impl Verification {
    /// Whether every check that could be made holds.
    pub fn holds(&self) -> bool {
        self.checks.iter().all(|c| c.state != CheckState::Fails)
    }
}

/// Re-checks a plan from its files: `read` gives the bytes of one of the plan's files by name, `read_input` those of an
/// input by the path its scenario has. Linear in the size of the files.
///
/// Checked are: every file's and input's digest; each edge's cost from its geometry and the cost book; that what is built
/// is a tree that connects exactly the premises said to be connected; its cost; the certificate's bound; that every
/// premises is accounted for; and, where the inputs are at hand, that every metre of every way is in the graph or listed as
/// left out, that points of presence and cabinets are paid, and that radio links are in sight and homes and masts cost what the cost book says.
pub fn verify(
    read: &mut dyn FnMut(&str) -> std::io::Result<Vec<u8>>,
    read_input: &mut dyn FnMut(&str) -> std::io::Result<Vec<u8>>,
    context: &mut Context<'_>,
) -> Verification {
    let mut report = Report::default();
    if let Err(problem) = run(read, read_input, context, &mut report) {
        report.check("files", Err(problem));
    }
    Verification {
        checks: report.checks,
        left_out: report.left_out,
        cost: report.cost as f64 / 100.0,
        bound: report.bound as f64 / 100.0,
        gap: crate::summary::gap(
            breiband_model::Money::from_minor(report.cost),
            breiband_model::Money::from_minor(report.bound),
        ),
    }
}

#[derive(Default)]
struct Report {
    checks: Vec<Check>,
    left_out: BTreeMap<String, (u64, f64)>,
    cost: u64,
    bound: u64,
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
    let mut file = |name: &str| read(name).map_err(|e| format!("{name} cannot be read: {e}"));
    let text = |bytes: Vec<u8>, name: &str| String::from_utf8(bytes).map_err(|_| format!("{name} is not UTF-8"));
    let manifest: Manifest =
        serde_json::from_slice(&file("manifest.json")?).map_err(|e| format!("manifest.json: {e}"))?;
    report.check("output-digests", output_digests(&manifest, &mut file));

    let book = CostBook::parse(&text(file("cost-book.toml")?, "cost-book.toml")?).map_err(|e| e.to_string())?;
    let scenario = Scenario::parse(&text(file("scenario.toml")?, "scenario.toml")?).map_err(|e| e.to_string())?;
    let edges = read_graph(&file("graph.csv.gz")?).map_err(|e| e.to_string())?;
    let demand = read_demand(&file("demand.csv.gz")?).map_err(|e| e.to_string())?;
    let summary: breiband_model::Summary =
        serde_json::from_slice(&file("summary.json")?).map_err(|e| format!("summary.json: {e}"))?;
    report.check("edge-costs", edge_costs(&edges, &book));
    report.check("tree", tree(&edges, &demand));
    report.cost = edges.iter().filter(|e| e.built).map(|e| e.cost).fold(0, u64::saturating_add);
    report.check("cost", equal("the built edges' cost", report.cost as f64 / 100.0, summary.cost));
    report.check("premises", premises(&demand, &summary));
    let named: Vec<(String, u64)> = scenario
        .handovers
        .iter()
        .filter_map(|h| Some((format!("scenario/{}", h.name), h.opening()?.cost.as_minor())))
        .collect();
    if !named.is_empty() || !scenario.cabinets.is_empty() || !summary.places.is_empty() {
        report.check("places", places(&named, &scenario, &book, &edges, &summary));
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
    match bound(&edges, &demand, &certificate, line) {
        Ok(Proven { at_line, cost: bound, missed }) => {
            report.bound = bound;
            if let Some(mix) = &summary.mix {
                report.check(
                    "mix",
                    mix_holds(mix, &summary, &scenario, &book, &demand, (at_line, bound, missed), report.cost),
                );
            }
            if let Some(choice) = &summary.choice {
                report.check("choice", choice_holds(choice, &scenario, at_line, missed, report.cost));
            }
            report.check("bound", equal("the certificate's bound", bound as f64 / 100.0, summary.bound));
        }
        Err(problem) => report.check("bound", Err(problem)),
    }
    let left_out = read_left_out(&text(file("left-out.csv")?, "left-out.csv")?)?;
    for (_, reason, mm) in &left_out {
        let entry = report.left_out.entry(reason.clone()).or_default();
        entry.0 += 1;
        entry.1 += *mm as f64 / 1000.0;
    }
    let takes_whole = crate::areas::scheme(&scenario).is_some();
    let areas = summary.choice.as_ref().and_then(|choice| choice.areas);
    match inputs(&manifest, &scenario, read_input) {
        Err(missing) => {
            let mixes = scenario.mix.is_some().then_some("technologies");
            let whole = (takes_whole || areas.is_some()).then_some("areas");
            for name in ["input-digests", "nothing-unlisted"].into_iter().chain(mixes).chain(whole) {
                report.checks.push(Check { name, state: CheckState::NotChecked, text: missing.clone() });
            }
        }
        Ok(files) => {
            report.check("input-digests", input_digests(&manifest, &files));
            let region = import(&files, &scenario.options, context).map_err(|e| e.to_string())?;
            let handovers = breiband_network::handovers(&region.value, &scenario, &mut Vec::new());
            let openings = handovers.into_iter().filter_map(|h| Some((h.external_id, h.opening?.cost.as_minor())));
            let openings: Vec<(String, u64)> = openings.collect();
            if !openings.is_empty() {
                report.check("openings", openings_hold(&openings, &edges, &summary));
            }
            report.check("nothing-unlisted", nothing_unlisted(&region.value, &edges, &demand, &left_out));
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

/// What the scenario asks for and the summary does not say.
const LOST: &str = "the scenario asks for it, and summary.json does not say what it came to";

fn equal(what: &str, found: f64, said: f64) -> Result<String, String> {
    if (found - said).abs() < 0.005 {
        Ok(format!("{what} is {found:.2}, as the summary says"))
    } else {
        Err(format!("{what} is {found:.2}, and the summary says {said:.2}"))
    }
}

fn output_digests(
    manifest: &Manifest,
    file: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
) -> Result<String, String> {
    for (name, digest) in &manifest.outputs {
        if &sha256(&file(name)?) != digest {
            return Err(format!("{name} was changed after it was written"));
        }
    }
    Ok(format!("{} files are as they were written", manifest.outputs.len()))
}

fn edge_costs(edges: &[EdgeRow], book: &CostBook) -> Result<String, String> {
    let mut parts = 0;
    for (index, edge) in edges.iter().enumerate() {
        let mut cost = 0u64;
        for part in &edge.parts {
            parts += 1;
            if !part.price.is_empty() {
                let id = book.price_id(&part.price);
                let id = id.ok_or_else(|| format!("edge {index}: the cost book has no price {:?}", part.price))?;
                let priced = book.price(id).cost(length_mm(&part.geometry), part.count, part.permille);
                cost = cost.saturating_add(priced.as_minor());
            }
            cost = cost.saturating_add(part.lump);
        }
        if cost != edge.cost {
            return Err(format!(
                "edge {index} costs {cost} by geometry and cost book, and the graph says {}",
                edge.cost
            ));
        }
    }
    Ok(format!("{} edges of {parts} parts cost what geometry and cost book say", edges.len()))
}

/// What is built must be a tree, and hold exactly the premises said to be connected.
fn tree(edges: &[EdgeRow], demand: &[DemandRow]) -> Result<String, String> {
    let vertices = vertex_count(edges);
    let mut sets = UnionFind::new(vertices);
    let mut built = 0u64;
    let cabinets = cabinets(edges)?;
    let sinks = sinks(demand, &cabinets);
    let mut touches = BTreeMap::new();
    for (index, edge) in edges.iter().enumerate().filter(|(_, e)| e.built) {
        built += 1;
        if !sets.union(edge.tail, edge.head) {
            return Err(format!("built edge {index} closes a ring"));
        }
        for v in [edge.tail, edge.head] {
            if sinks.binary_search(&v).is_ok() && touches.insert(v, index).is_some() {
                return Err(format!(
                    "two built edges meet at vertex {v}, a premises' or cabinet's: no path passes through it"
                ));
            }
        }
    }
    for row in demand {
        let reached = row.vertex.is_some_and(|v| v < vertices && sets.same(0, v));
        if reached != (row.status == "connected") {
            return Err(format!(
                "premises {} is said to be {}, and the built edges say otherwise",
                row.premises, row.status
            ));
        }
    }
    for v in cabinets {
        if !sets.same(0, v) {
            return Err(format!("the cabinet at vertex {v} must be reached, and no built edge does"));
        }
    }
    let stray = edges.iter().position(|e| e.built && !sets.same(0, e.tail));
    match stray {
        Some(index) => Err(format!("built edge {index} hangs on no handover")),
        None => Ok(format!("{built} built edges are a tree from the handovers to every connected premises")),
    }
}

fn premises(demand: &[DemandRow], summary: &breiband_model::Summary) -> Result<String, String> {
    let count = |status: &str| demand.iter().filter(|d| d.status == status).count() as u64;
    let found = [count("connected"), count("unreachable"), count("excluded"), count("already_served")];
    let said = [summary.connected, summary.unreachable, summary.excluded, summary.already_served];
    if found != said || summary.premises != demand.len() as u64 || found.iter().sum::<u64>() != summary.premises {
        return Err(format!(
            "the files have {found:?} of {} premises, the summary {said:?} of {}",
            demand.len(),
            summary.premises
        ));
    }
    let [connected, unreachable, excluded, served] = found;
    Ok(format!(
        "{connected} connected + {unreachable} unreachable + {excluded} excluded + {served} already served = {}",
        demand.len()
    ))
}

fn vertex_count(edges: &[EdgeRow]) -> u32 {
    edges.iter().map(|e| e.tail.max(e.head)).max().map_or(1, |v| v.saturating_add(1))
}

/// The cabinets' vertices: the ends, all of whose edges carry the price of one cabinet.
fn cabinets(edges: &[EdgeRow]) -> Result<Vec<u32>, String> {
    let of = |edge: &EdgeRow| edge.parts.iter().find(|part| part.kind == "cabinet").map(|part| part.origin.clone());
    let mut ends: BTreeMap<u32, String> = BTreeMap::new();
    for edge in edges {
        if let Some(id) = of(edge) {
            ends.insert(edge.tail, id.clone());
            ends.insert(edge.head, id);
        }
    }
    if ends.is_empty() {
        return Ok(Vec::new());
    }
    ends.remove(&0);
    for edge in edges {
        let id = of(edge);
        for end in [edge.tail, edge.head] {
            if ends.get(&end) != id.as_ref() {
                ends.remove(&end);
            }
        }
    }
    // Where a cabinet's edge is all there is at both its ends, it lies at the one that is met later.
    let by_id: BTreeMap<String, u32> = ends.into_iter().map(|(end, id)| (id, end)).collect();
    match edges
        .iter()
        .find_map(|edge| of(edge).filter(|id| by_id.get(id).is_none_or(|v| edge.tail != *v && edge.head != *v)))
    {
        Some(id) => Err(format!("an edge carries the price of the cabinet {id}, and does not lead to it alone")),
        None => Ok(by_id.into_values().collect()),
    }
}

/// Holds the scenario's points of presence and cabinets against the graph, and the summary's against what is built.
fn places(
    named: &[(String, u64)],
    scenario: &Scenario,
    book: &CostBook,
    edges: &[EdgeRow],
    summary: &breiband_model::Summary,
) -> Result<String, String> {
    let told = openings_hold(named, edges, summary)?;
    let usual = book.cabinet_price().map(|id| book.price(id));
    let unreached = summary.issues.get("cabinet-unreachable").copied().unwrap_or(0)
        + summary.issues.get("cabinet-off-map").copied().unwrap_or(0);
    let mut missing = 0;
    for cabinet in &scenario.cabinets {
        let id = cabinet.external_id();
        let wanted = cabinet.own_price().map(|own| own.cost).or(usual.map(|price| price.cost(0, 1, 1000)));
        let wanted = wanted.ok_or_else(|| format!("the cabinet {id} has no price"))?.as_minor();
        let paid: Vec<u64> = paid_for(edges, "cabinet", &id, book).collect();
        match paid.iter().all(|cost| *cost == wanted) {
            true if paid.is_empty() => missing += 1,
            true => {}
            false => return Err(format!("the cabinet {id} does not cost {:.2} in the graph", wanted as f64 / 100.0)),
        }
    }
    if missing > unreached {
        return Err(format!("{missing} cabinets are not in the graph, and {unreached} are said to be out of reach"));
    }
    let parts = |kind| built_parts(edges, kind).map(|part| part.origin.as_str()).collect();
    let there: [std::collections::BTreeSet<&str>; 2] = [parts("opening"), parts("cabinet")];
    for one in &summary.places {
        if there[one.kind as usize].contains(one.id.as_str()) != one.used {
            return Err(format!("the summary and what is built do not agree on whether the plan has {}", one.id));
        }
    }
    if there.iter().map(std::collections::BTreeSet::len).sum::<usize>()
        != summary.places.iter().filter(|p| p.used).count()
    {
        return Err("a point of presence or cabinet is built that the summary does not name".to_owned());
    }
    Ok(format!(
        "{told}; {} of {} cabinets are reached and paid",
        scenario.cabinets.len() - missing as usize,
        scenario.cabinets.len()
    ))
}

fn built_parts<'a>(edges: &'a [EdgeRow], kind: &'static str) -> impl Iterator<Item = &'a PartRow> {
    edges.iter().filter(|edge| edge.built).flat_map(|edge| &edge.parts).filter(move |part| part.kind == kind)
}

/// What the parts of a kind and origin cost.
fn paid_for<'a>(edges: &'a [EdgeRow], kind: &'a str, id: &'a str, book: &'a CostBook) -> impl Iterator<Item = u64> {
    let parts = edges.iter().flat_map(|edge| &edge.parts).filter(move |part| part.kind == kind && part.origin == id);
    parts.map(|part| {
        let each = book
            .price_id(&part.price)
            .map_or(0, |price| book.price(price).cost(0, part.count, part.permille).as_minor());
        each.saturating_add(part.lump)
    })
}

/// Every way from the root into a point of presence must carry what opening it costs.
fn openings_hold(
    openings: &[(String, u64)],
    edges: &[EdgeRow],
    summary: &breiband_model::Summary,
) -> Result<String, String> {
    let off_map = summary.issues.get("handover-off-map").copied().unwrap_or(0);
    let (mut missing, mut opened) = (0, 0);
    for (id, cost) in openings {
        let of = |edge: &EdgeRow, kind: &str| edge.parts.iter().any(|part| part.kind == kind && part.origin == *id);
        let Some(door) = edges.iter().find(|edge| of(edge, "opening")) else {
            missing += 1;
            continue;
        };
        opened += u64::from(door.built);
        let place = if door.tail == 0 { door.head } else { door.tail };
        let ways = edges.iter().filter(|edge| [(0, place), (place, 0)].contains(&(edge.tail, edge.head)));
        if ways.clone().count() == 0 || ways.clone().any(|edge| !of(edge, "opening") || edge.cost != *cost) {
            return Err(format!("a way into the point of presence {id} does not cost {:.2}", *cost as f64 / 100.0));
        }
        if edges.iter().any(|edge| of(edge, "handover") && edge.tail != place && edge.head != place) {
            return Err(format!("a line from the point of presence {id} begins elsewhere"));
        }
    }
    if missing > off_map {
        return Err(format!(
            "{missing} points of presence are not in the graph, and {off_map} are said to be off the map"
        ));
    }
    Ok(format!("{opened} of {} points of presence are opened and paid", openings.len()))
}

fn sinks(demand: &[DemandRow], cabinets: &[u32]) -> Vec<u32> {
    let mut sinks: Vec<u32> = demand.iter().filter_map(|d| d.vertex).chain(cabinets.iter().copied()).collect();
    sinks.sort_unstable();
    sinks.dedup();
    sinks
}

/// What a certificate proves, and what it means for this plan.
struct Proven {
    /// Of every network: `scale · cost + rate · missed weight` is at least this.
    at_line: u64,
    /// What a network costs at least that misses no more than this one.
    cost: u64,
    /// What this one misses, and what it could.
    missed: (u64, u64),
}

/// Holds what is said of who is left out against what was proven, and the goal against the plan.
fn choice_holds(
    choice: &breiband_model::Choice,
    scenario: &Scenario,
    at_line: u64,
    (missed, wanted): (u64, u64),
    cost: u64,
) -> Result<String, String> {
    let [scale, rate, said] = choice.line;
    if said != at_line {
        return Err(format!("the certificate proves {at_line} at the rate {rate}, and the summary says {said}"));
    }
    let minor = |major: f64| (major * 100.0).round() as u64;
    let money = match scenario.goal {
        breiband_model::Goal::Budget { budget, .. } => minor(budget),
        _ => cost,
    };
    if cost > money {
        return Err(format!("the plan costs {:.2}, more than its budget", cost as f64 / 100.0));
    }
    if let breiband_model::Goal::Coverage { share, .. } = scenario.goal
        && ((wanted - missed) as f64) < share * wanted as f64 - 1e-6
    {
        return Err(format!("{} of {wanted} are connected, less than the share {share}", wanted - missed));
    }
    let paid = u128::from(scale) * u128::from(money);
    let least = u128::from(at_line).saturating_sub(paid).div_ceil(u128::from(rate.max(1)));
    let most = u128::from(wanted).saturating_sub(least) as u64;
    if [choice.wanted, choice.connected, choice.most] != [wanted, wanted - missed, most] {
        return Err(format!(
            "the files have {} of {wanted} connected and prove at most {most}, the summary says {} of {} and {}",
            wanted - missed,
            choice.connected,
            choice.wanted,
            choice.most
        ));
    }
    Ok(format!("{} of {wanted} are connected, and no network for the money connects more than {most}", wanted - missed))
}

/// Holds what the technologies cost together, and at least, against what was proven.
fn mix_holds(
    mix: &breiband_model::MixSummary,
    summary: &breiband_model::Summary,
    scenario: &Scenario,
    book: &CostBook,
    demand: &[DemandRow],
    (at_line, bound, (missed, wanted)): (u64, u64, (u64, u64)),
    cost: u64,
) -> Result<String, String> {
    let (mut least, mut all) = (bound, cost);
    if let (true, Some(choice)) = (scenario.goal.is_cheapest(), &summary.choice) {
        let home = book.satellite_home().as_minor();
        let homes: u64 = demand.iter().filter(|row| row.reason == "satellite").filter_map(|row| row.weight).sum();
        let beyond =
            homes.checked_sub(missed).ok_or("more homes are missed by the network than satellites serve".to_owned())?;
        let [scale, rate, _] = choice.line;
        least = goal::least_value([scale, rate, at_line], home, wanted).saturating_add(home.saturating_mul(beyond));
        all = all.saturating_add(home.saturating_mul(homes));
    }
    let (least, all) = (least.min(all) as f64 / 100.0, all as f64 / 100.0);
    equal("what all technologies cost", all, mix.cost)?;
    equal("what they cost at least", least, mix.bound)?;
    Ok(format!("all technologies cost {all:.2}, and no mix of them that serves as many less than {least:.2}"))
}

/// Holds the certificate against the graph file. Terminals that no path from the root reaches are not asked for.
fn bound(
    edges: &[EdgeRow],
    demand: &[DemandRow],
    certificate: &Certificate,
    [scale, rate, _]: [u64; 3],
) -> Result<Proven, String> {
    let mut weights: BTreeMap<u32, Option<u64>> = BTreeMap::new();
    for row in demand {
        if let Some(v) = row.vertex {
            let sum = weights.entry(v).or_insert(Some(0));
            *sum = sum.zip(row.weight).map(|(a, b)| a.saturating_add(b));
        }
    }
    let cabinets = cabinets(edges)?;
    weights.extend(cabinets.iter().map(|&v| (v, None)));
    let sinks = sinks(demand, &cabinets);
    // Terminals without any edge have numbers beyond the edges' ends.
    let vertices = vertex_count(edges).max(sinks.last().map_or(0, |v| v.saturating_add(1)));
    let mut sets = UnionFind::new(vertices);
    let sink = |v: u32| sinks.binary_search(&v).is_ok();
    for edge in edges.iter().filter(|e| !sink(e.tail) && !sink(e.head)) {
        sets.union(edge.tail, edge.head);
    }
    let mut reachable = Vec::new();
    for edge in edges {
        for (from, to) in [(edge.tail, edge.head), (edge.head, edge.tail)] {
            if sink(to) && !sink(from) && sets.same(0, from) {
                let weight = weights.get(&to).copied().flatten();
                reachable.push((to, weight.map(|w| w.saturating_mul(rate))));
            }
        }
    }
    reachable.sort_unstable();
    reachable.dedup();
    for row in demand.iter().filter(|d| d.status == "unreachable") {
        if row.vertex.is_some_and(|v| reachable.binary_search_by_key(&v, |r| r.0).is_ok()) {
            return Err(format!("premises {} is said to be unreachable, and the graph reaches it", row.premises));
        }
    }
    let triples: Vec<(u32, u32, u64)> = edges.iter().map(|e| (e.tail, e.head, e.cost.saturating_mul(scale))).collect();
    let instance = Instance { vertices, edges: &triples, root: 0, terminals: &reachable, sinks: &sinks };
    let at_line =
        check(&instance, certificate).map_err(|violation| format!("the certificate proves nothing: {violation}"))?;
    let mut built = UnionFind::new(vertices);
    for edge in edges.iter().filter(|e| e.built) {
        built.union(edge.tail, edge.head);
    }
    let mut missed = (0, 0);
    for (v, _) in &reachable {
        let weight = weights.get(v).copied().flatten();
        missed.1 += weight.unwrap_or(0);
        if !built.same(0, *v) {
            missed.0 +=
                weight.ok_or_else(|| format!("the premises or cabinet at vertex {v} must be connected, and is not"))?;
        }
    }
    let paid = u128::from(rate) * u128::from(missed.0);
    let cost = u128::from(at_line).saturating_sub(paid).div_ceil(u128::from(scale.max(1))) as u64;
    Ok(Proven { at_line, cost, missed })
}

/// Rows of `left-out.csv`: origin, reason, millimetres.
fn read_left_out(text: &str) -> Result<Vec<(String, String, u64)>, String> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| format!("left-out.csv: {e}"))?.clone();
    let column = |name: &str| {
        header.iter().position(|h| h == name).ok_or_else(|| format!("left-out.csv has no column {name:?}"))
    };
    let (origin, reason, metres) = (column("origin")?, column("reason")?, column("length_m")?);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| format!("left-out.csv: {e}"))?;
        let length: f64 = record[metres].parse().map_err(|_| format!("left-out.csv: length {:?}", &record[metres]))?;
        let origin = record[origin].trim_start_matches('\'').to_owned();
        rows.push((origin, record[reason].to_owned(), (length.max(0.0) * 1000.0 + 0.5) as u64));
    }
    Ok(rows)
}

/// The scenario's inputs, or what is missing.
fn inputs(
    manifest: &Manifest,
    scenario: &Scenario,
    read_input: &mut dyn FnMut(&str) -> std::io::Result<Vec<u8>>,
) -> Result<Vec<SourceFile<'static>>, String> {
    if manifest.inputs.len() != scenario.inputs.len() {
        return Err("the manifest and the scenario list different inputs".to_owned());
    }
    let read = |input: &breiband_model::Input| match read_input(&input.path) {
        Ok(bytes) => Ok(SourceFile { input: input.clone(), bytes: bytes.into() }),
        Err(e) => Err(format!("the input {} cannot be read: {e}", input.path)),
    };
    scenario.inputs.iter().map(read).collect()
}

fn input_digests(manifest: &Manifest, files: &[SourceFile<'_>]) -> Result<String, String> {
    for (file, (name, digest)) in files.iter().zip(&manifest.inputs) {
        if &sha256(&file.bytes) != digest {
            return Err(format!("the input {name} is not the one that was planned"));
        }
    }
    Ok(format!("{} inputs are the ones that were planned", files.len()))
}

/// Every metre of every way must be in the graph or listed as left out, and every premises in the demand file.
fn nothing_unlisted(
    region: &Region,
    edges: &[EdgeRow],
    demand: &[DemandRow],
    left_out: &[(String, String, u64)],
) -> Result<String, String> {
    let same_premises =
        region.premises.iter().map(|p| p.external_id.as_str()).eq(demand.iter().map(|d| d.premises.as_str()));
    if !same_premises {
        return Err("the demand file does not list the premises of the inputs".to_owned());
    }
    let mut covered: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for part in edges.iter().flat_map(|e| &e.parts).filter(|p| p.kind == "along") {
        let entry = covered.entry(part.origin.as_str()).or_default();
        entry.0 += length_mm(&part.geometry);
        // Where a way is cut, each piece's length is rounded by itself.
        entry.1 += 2 * part.geometry.len() as u64 + 2;
    }
    for (origin, _, mm) in left_out {
        let entry = covered.entry(origin.as_str()).or_default();
        entry.0 += mm;
        entry.1 += 2;
    }
    let mut expected: BTreeMap<&str, u64> = BTreeMap::new();
    let mut total = 0;
    for (index, way) in region.ways.iter().enumerate() {
        let length = length_mm(&region.way_points(breiband_model::WayId::from_usize(index)));
        *expected.entry(way.external_id.as_str()).or_default() += length;
        total += length;
    }
    for (way, length) in expected {
        let (found, tolerance) = covered.get(way).copied().unwrap_or_default();
        if found + tolerance < length {
            return Err(format!(
                "{way} is {:.1} m long, and only {:.1} m of it are in the graph or listed as left out",
                length as f64 / 1000.0,
                found as f64 / 1000.0
            ));
        }
    }
    Ok(format!("all {:.1} km of ways are in the graph or listed as left out", total as f64 / 1e6))
}
