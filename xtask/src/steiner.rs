//! The optimiser on instances with known optima: a table for the bench report.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::shell::{cargo, execute, output, program, root, shared, target};
use crate::web;

/// Where the table is kept.
const REPORT: &str = "benches/STEINER.md";
/// Seconds that one instance may take, unless told otherwise.
const SECONDS: u32 = 60;

/// What SCIP-Jack (SCIP 8.0.2 with SoPlex 6.0.2) took to prove the optima, in seconds of one thread on an idle machine like that on
/// which the table was made.
const SCIP_JACK: [(&str, f64); 10] = [
    ("I052", 0.01),
    ("I056", 0.05),
    ("I053", 0.05),
    ("I054", 0.07),
    ("I004", 0.18),
    ("I039", 0.68),
    ("G207", 1.86),
    ("I063", 4.7),
    ("G204", 5.9),
    ("I003", 15.6),
];

/// One instance and the least cost known.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) file: PathBuf,
    /// Terminals.
    pub(crate) terminals: u64,
    pub(crate) optimum: u64,
}

/// Solves every instance and writes the table. An answer that cannot be right is an error.
pub(crate) fn bench(arguments: &[String]) -> Result<()> {
    let seconds = match arguments {
        [] => SECONDS,
        [flag, seconds] if flag == "--time" => seconds.parse().context("--time wants whole seconds")?,
        _ => bail!("usage: cargo xtask bench-steiner [--time SECONDS]"),
    };
    let solver = solver()?;
    let mut table = format!(
        "# The optimiser on instances with known optima\n\n\
         `cargo xtask bench-steiner --time {seconds}` writes this table: one thread; a search is asked to end after {seconds} s. The\n\
         optima are the published ones (Leitner, Ljubić, Luipersbeck, Prossegger & Resch 2014). *Certified* is what the\n\
         certificate proves to anyone, and *gone on* the same with the seconds that it took where `--certified` asks to go on until it proves\n\
         no more; *proved by log* what the log of `--proof` was found to prove when it was followed from the\n\
         instance alone (the seconds that took stand behind it), *claimed* what the solver says. Seconds are of the processor. In\n\
         WASM the search has as much time. Beside it what SCIP-Jack (SCIP 8.0.2 with SoPlex 6.0.2) took to prove the optimum, measured\n\
         once on an idle machine of the same kind, and by how many times that is exceeded.\n\n\
         | instance | value | claimed bound | above the optimum | certified gap | gone on | CPU s | claimed gap | gap proved by log | replay s | CPU s | SCIP-Jack s | ratio | peak MB | WASM above | WASM claimed gap | WASM CPU s | WASM MB |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
    );
    let proof = target()?.join("bench-proof.gz");
    let log = proof.to_string_lossy();
    let wasm = target()?.join("bench-wasm");
    web::module_of("breiband-benches-wasm", "solver", &wasm)?;
    let mut together = [0.0; 3];
    for case in cases()? {
        let answer = solve(&solver, &case, &["--time", &seconds.to_string(), "--proof", &log])?;
        let (proved, replay) = answer.proved.context("no proof")?;
        let gone_on = solve(&solver, &case, &["--time", &seconds.to_string(), "--certified"])?;
        let other = solve_in_wasm(&wasm, &case, seconds)?;
        let reference = SCIP_JACK.iter().find(|(name, _)| *name == case.name).map(|(_, seconds)| *seconds);
        let theirs = reference.map_or_else(String::new, |theirs| format!("{theirs:.2}"));
        let ratio = reference.map_or_else(String::new, |theirs| format!("{:.2}", answer.seconds / theirs));
        if let Some(theirs) = reference {
            together = [together[0] + answer.seconds, together[1] + theirs, together[2] + other.seconds];
        }
        let _ = writeln!(
            table,
            "| {} | {} | {} | {:.4} % | {:.4} % | {:.4} % | {:.2} | {:.4} % | {:.4} % | {:.2} | {:.2} | {theirs} | {ratio} | {:.0} | {:.4} % | {:.4} % | {:.2} | {:.0} |",
            case.name,
            answer.cost,
            answer.bound,
            above(answer.cost, case.optimum),
            answer.gap * 100.0,
            gone_on.gap * 100.0,
            gone_on.seconds,
            answer.claimed * 100.0,
            (1.0 - proved as f64 / answer.cost as f64) * 100.0,
            replay,
            answer.seconds,
            answer.megabytes,
            above(other.cost, case.optimum),
            other.claimed * 100.0,
            other.seconds,
            other.megabytes,
        );
        println!("{}", table.lines().last().unwrap_or_default());
    }
    let [ours, theirs, in_wasm] = together;
    let ratio = ours / theirs;
    let _ =
        writeln!(table, "| together | | | | | | | | | | {ours:.2} | {theirs:.2} | {ratio:.2} | | | | {in_wasm:.2} | |");
    fs::remove_file(&proof)?;
    fs::write(root().join(REPORT), table)?;
    println!("written to {REPORT}");
    Ok(())
}

/// What `breiband solve` says.
struct Answer {
    cost: u64,
    gap: f64,
    claimed: f64,
    bound: u64,
    optimal: bool,
    /// What a log proves, and the seconds it took to follow it.
    proved: Option<(u64, f64)>,
    seconds: f64,
    megabytes: f64,
}

fn solve(solver: &Path, case: &Case, limits: &[&str]) -> Result<Answer> {
    let text = output(program(solver).arg("solve").arg(&case.file).arg("--json").args(limits))?;
    let said: Value = serde_json::from_str(&text)?;
    let number = |name: &str| said[name].as_f64().with_context(|| format!("no {name} for {}", case.name));
    let answer = Answer {
        cost: said["cost"].as_u64().context("no cost")?,
        gap: number("gap")?,
        bound: said["claimed_bound"].as_u64().context("no bound")?,
        claimed: number("claimed_gap")?,
        proved: said["proved"].as_u64().zip(said["replay_seconds"].as_f64()),
        optimal: said["optimal"].as_bool().context("no verdict")?,
        seconds: number("cpu_seconds")?,
        megabytes: number("peak_bytes")? / 1e6,
    };
    if answer.cost < case.optimum
        || answer.bound > case.optimum
        || answer.proved.is_some_and(|(proved, _)| proved > case.optimum)
        || answer.optimal != (answer.cost == case.optimum && answer.claimed == 0.0)
    {
        bail!(
            "{}: {} and a bound of {} cannot be: the optimum is {}",
            case.name,
            answer.cost,
            answer.bound,
            case.optimum
        );
    }
    Ok(answer)
}

/// What the same search comes to in WASM.
struct InWasm {
    cost: u64,
    claimed: f64,
    seconds: f64,
    megabytes: f64,
}

fn solve_in_wasm(module: &Path, case: &Case, seconds: u32) -> Result<InWasm> {
    let mut node = program("node");
    let text = output(node.arg("benches/solve.mjs").arg(module).arg(&case.file).arg(seconds.to_string()))?;
    let said: Value = serde_json::from_str(&text)?;
    let whole = |name: &str| said[name].as_u64().with_context(|| format!("no {name} for {}", case.name));
    let (cost, claimed) = (whole("cost")?, whole("claimed")?);
    if cost < case.optimum || claimed > case.optimum {
        bail!("{} in WASM: {cost} and a bound of {claimed} cannot be: the optimum is {}", case.name, case.optimum);
    }
    Ok(InWasm {
        cost,
        claimed: 1.0 - claimed as f64 / cost as f64,
        seconds: said["cpu_seconds"].as_f64().context("no time")?,
        megabytes: whole("bytes")? as f64 / 1e6,
    })
}

pub(crate) fn above(cost: u64, optimum: u64) -> f64 {
    (cost as f64 / optimum as f64 - 1.0) * 100.0
}

fn solver() -> Result<PathBuf> {
    execute(cargo().args(["build", "--quiet", "--locked", "--release", "--package", "breiband-cli"]))?;
    Ok(target()?.join("release/breiband"))
}

/// The instances of the shared folder, as its list of optima names them.
pub(crate) fn cases() -> Result<Vec<Case>> {
    let folder = shared().join("steiner");
    let list = folder.join("optima.csv");
    let text =
        fs::read_to_string(&list).with_context(|| format!("{}: no instances with known optima", list.display()))?;
    text.lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let [name, _, _, _, terminals, optimum] = cells[..] else { bail!("{}: {line}", list.display()) };
            let number = |cell: &str| cell.trim().parse().with_context(|| format!("{}: {line}", list.display()));
            let file = folder.join(format!("{name}.stp.gz"));
            Ok(Case { name: name.to_owned(), file, terminals: number(terminals)?, optimum: number(optimum)? })
        })
        .collect()
}
