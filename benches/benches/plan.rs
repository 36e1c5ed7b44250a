//! Region to certified plan: how time and answers grow with the number of premises, and the Liechtenstein extract.
//!
//! `cargo bench -p breiband-benches --bench plan` runs 10⁴ and 10⁵ premises; `-- --million` adds 10⁶ (some minutes, up to 8 GB),
//! `-- --together` leaves all out but what is computed after Liechtenstein's plan.
#![allow(clippy::print_stdout, missing_docs, reason = "a bench")]

use std::time::Instant;

use breiband::{Context, CostBook, Input, Options, Policy, Recipe, Role, Scenario, Silent, SourceFile};

struct Row {
    name: String,
    premises: u64,
    seconds: [f64; 4],
    gap: f64,
    peak_mb: u64,
}

fn main() {
    let asked = |option: &str| std::env::args().any(|a| a == option);
    let shared =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/osm/liechtenstein-2025-09-19.osm.pbf");
    let extract =
        std::fs::read(&shared).map_err(|_| println!("SKIPPED: the Liechtenstein extract is not at hand")).ok();
    if !asked("--together") {
        growth(asked("--million"), extract.as_deref());
    }
    if let Some(extract) = &extract {
        together(extract);
    }
}

/// Plans larger and larger regions, and Liechtenstein.
fn growth(million: bool, extract: Option<&[u8]>) {
    let mut rows = Vec::new();
    for premises in [10_000, 100_000, 1_000_000].into_iter().take(if million { 3 } else { 2 }) {
        let start = Instant::now();
        let files = breiband::generate(&Recipe { seed: 11, premises, ..Recipe::default() });
        let generated = start.elapsed().as_secs_f64();
        let (scenario, sources) = breiband::scenario_of(&files).expect("a generated scenario");
        rows.push(run(&format!("invented, {premises}"), &scenario, &sources, generated));
    }
    if let Some(bytes) = extract {
        let input = Input { role: Role::Osm, ..Input::auto("liechtenstein.osm.pbf") };
        let scenario = Scenario {
            options: Options::default(),
            ..Scenario::new("Liechtenstein", "2026-01-01", vec![input.clone()])
        };
        let row = run("Liechtenstein", &scenario, &[SourceFile { input, bytes: bytes.into() }], 0.0);
        assert!(row.gap <= 0.005, "the proven gap on Liechtenstein is {}", row.gap);
        rows.push(row);
    }
    println!(
        "{:<22} {:>9} {:>9} {:>9} {:>9} {:>9} {:>12} {:>8} {:>8}",
        "region", "generate", "import", "plan", "files", "total", "µs/premises", "gap %", "peak MB"
    );
    for row in &rows {
        let total: f64 = row.seconds.iter().sum();
        let each = (total - row.seconds[0]) * 1e6 / row.premises as f64;
        let [generate, import, plan, files] = row.seconds;
        println!(
            "{:<22} {generate:>8.2}s {import:>8.2}s {plan:>8.2}s {files:>8.2}s {total:>8.2}s {each:>12.1} {:>8.3} {:>8}",
            row.name,
            row.gap * 100.0,
            row.peak_mb
        );
    }
    let growth = |a: &Row, b: &Row| {
        (b.seconds[1..].iter().sum::<f64>() / b.premises as f64)
            / (a.seconds[1..].iter().sum::<f64>() / a.premises as f64)
    };
    for pair in rows[..if million { 3 } else { 2 }].windows(2) {
        println!("time per premises, {} over {}: ×{:.2}", pair[1].name, pair[0].name, growth(&pair[0], &pair[1]));
    }
}

fn run(name: &str, scenario: &Scenario, sources: &[SourceFile<'_>], generated: f64) -> Row {
    let mut silent = Silent;
    let mut context = Context::new(&mut silent);
    let book = CostBook::example();
    let start = Instant::now();
    let region = breiband::import(sources, &scenario.options, &mut context).expect("the files are read");
    let imported = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let plan = breiband::plan(&region, scenario, &book, &mut context).expect("there is a plan");
    let planned = start.elapsed().as_secs_f64();
    let summary = &plan.value.summary;
    let sum = summary.connected + summary.unreachable + summary.excluded + summary.already_served;
    assert_eq!(sum, summary.premises, "{name}: premises add up");
    assert!(summary.bound <= summary.cost && summary.connected > 0, "{name}: the bound is below the cost");
    let start = Instant::now();
    let files = breiband::files(&region.value, scenario, &book, &plan);
    let written = start.elapsed().as_secs_f64();
    assert!(files.iter().all(|f| !f.bytes.is_empty()));
    Row {
        name: name.to_owned(),
        premises: summary.premises,
        seconds: [generated, imported, planned, written],
        gap: summary.gap,
        peak_mb: peak_megabytes(),
    }
}

/// Everything that is computed after the plan but the groups' networks: the programme, loads and sites, the first year, the report.
fn together(extract: &[u8]) {
    let mut silent = Silent;
    let mut context = Context::new(&mut silent);
    let scenario = Scenario::parse(include_str!("../liechtenstein.toml")).expect("a scenario");
    let input = scenario.inputs[0].clone();
    let sources = [SourceFile { input, bytes: extract.into() }];
    let book = CostBook::example();
    let region = breiband::import(&sources, &scenario.options, &mut context).expect("the files are read");
    let plan = breiband::plan(&region, &scenario, &book, &mut context).expect("there is a plan");
    let (value, planned) = (&region.value, &plan.value);
    let mut seconds = Vec::new();
    let mut programme = timed("programme", &mut seconds, || {
        breiband::programme(value, &scenario, &book, planned, None).expect("members and budgets")
    });
    let services = timed("services", &mut seconds, || {
        breiband::services(value, &scenario, &book, planned, &programme, &Policy::example()).expect("sites")
    });
    programme.services = Some(services);
    let first = timed("first year", &mut seconds, || {
        breiband::first_year(value, &scenario, planned, &programme, &mut context).expect("a year")
    });
    assert!(first.reached <= first.found && first.found <= first.most && first.most <= first.all, "{first:?}");
    programme.first_year = Some(first);
    let files = timed("report", &mut seconds, || breiband::report(value, &scenario, &book, &plan, &programme));
    assert!(files.iter().all(|f| !f.bytes.is_empty()));
    assert!(programme.keys[0].shares.iter().flatten().any(|share| share.as_minor() > 0), "somebody pays");
    let total: f64 = seconds.iter().map(|(_, s)| s).sum();
    print!("Liechtenstein after the plan:");
    for (name, seconds) in &seconds {
        print!(" {name} {seconds:.2}s,");
    }
    println!(
        " together {total:.2}s; the first year's money reaches {}, alone {} and at most {} of {}",
        first.reached, first.found, first.most, first.all
    );
}

/// What `work` makes, and how long that took.
fn timed<T>(name: &'static str, seconds: &mut Vec<(&'static str, f64)>, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let made = work();
    seconds.push((name, start.elapsed().as_secs_f64()));
    made
}

/// The process' largest resident size so far, where the system tells it.
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}
