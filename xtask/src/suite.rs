//! Everything that must hold, as a list of steps: each is timed, all are run, and the last line adds them up.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, execute, exists, is_ci, output, program, root, shared, target};
use crate::{browser, debian, demo, fuzz, licences, web};

/// What a step came to; the numbers are of tests, or 1 for a check that is one.
pub(crate) enum Outcome {
    /// All of them hold.
    Passed {
        /// How many.
        number: usize,
        /// A word more.
        note: String,
    },
    /// Those that ran hold; some skipped themselves and said so.
    Partly {
        /// How many ran.
        number: usize,
        /// How often one said `SKIPPED` for want of a program.
        tools: usize,
        /// How often one said `SKIPPED` for want of an input of `../shared`.
        inputs: usize,
    },
    /// They could not be run here.
    Skipped {
        /// How many.
        number: usize,
        /// Why not.
        why: String,
    },
}

struct Step {
    name: &'static str,
    about: &'static str,
    /// Only with `--all`.
    slow: bool,
    run: fn() -> Result<Outcome>,
}

const STEPS: [Step; 12] = [
    Step { name: "fmt", about: "the code is formatted", slow: false, run: fmt },
    Step { name: "licences", about: "licences, bans and sources, by deny.toml", slow: false, run: licences },
    Step { name: "clippy", about: "no warnings, in any target", slow: false, run: clippy },
    Step { name: "tests", about: "unit, property, layering and end-to-end tests", slow: false, run: tests },
    Step { name: "examples", about: "every example runs, and prints something", slow: false, run: examples },
    Step { name: "docs", about: "examples in the documentation", slow: false, run: doc_tests },
    Step { name: "fuzz-seeds", about: "every format's seed corpus, without panics", slow: false, run: fuzz_seeds },
    Step { name: "web", about: "the page builds within its size", slow: false, run: build_web },
    Step { name: "wasm", about: "native and WASM give the same plan and coordinates", slow: false, run: same_in_wasm },
    Step { name: "browser", about: "the page, in a browser", slow: false, run: browser::test },
    Step { name: "fuzz", about: "every format's reader, by libFuzzer", slow: true, run: fuzz::run },
    Step { name: "libproj", about: "coordinates against libproj", slow: true, run: libproj },
];

/// The digest of a million coordinates; a test of `session` holds the native side to it.
const COORDINATES: u64 = 17_961_150_629_487_337_130;

/// Runs the steps; fails at the end if any failed, or was skipped where that counts.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let all = arguments.iter().any(|argument| argument == "--all");
    let only: Vec<&str> = arguments.iter().map(String::as_str).filter(|argument| *argument != "--all").collect();
    if let Some(unknown) = only.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        bail!("no step is called {unknown:?}; the steps are {}", names.join(", "));
    }
    let chosen = |step: &&Step| if only.is_empty() { all || !step.slow } else { only.contains(&step.name) };
    let needs = |names: &[&str]| STEPS.iter().filter(chosen).any(|step| names.contains(&step.name));
    let started = Instant::now();
    // What takes long and shares nothing with the other steps goes on beside them. Each step that needs it waits for it, or
    // tries again what failed here and then says why.
    if needs(&["web", "wasm", "browser"]) {
        std::thread::spawn(web::build_once);
    }
    let tools = if needs(&["tests"]) { PACKAGES } else { &[] };
    let packages = [tools, if needs(&["browser"]) { browser::packages() } else { &[] }].concat();
    std::thread::spawn(move || debian::ensure(&packages));
    let mut rows: Vec<(&str, Duration, String)> = Vec::new();
    let (mut passed, mut failed, mut skipped, mut without_shared) = (0, 0, 0, 0);
    for step in STEPS.iter().filter(chosen) {
        println!("\n── {}: {}", step.name, step.about);
        let begun = Instant::now();
        let text = match (step.run)() {
            Ok(Outcome::Passed { number, note }) => {
                passed += number;
                format!("{number} passed{}{note}", if note.is_empty() { "" } else { ": " })
            }
            Ok(Outcome::Partly { number, tools, inputs }) => {
                passed += number;
                without_shared += inputs;
                if is_ci() {
                    failed += tools;
                } else {
                    skipped += tools;
                }
                format!("{number} passed, {tools} skipped for want of a program, {inputs} for want of ../shared")
            }
            // Where nobody looks, a check that was not made is a check that failed.
            Ok(Outcome::Skipped { number, why }) if is_ci() => {
                failed += number;
                format!("{number} SKIPPED, which fails here: {why}")
            }
            Ok(Outcome::Skipped { number, why }) => {
                skipped += number;
                format!("{number} skipped: {why}")
            }
            Err(error) => {
                failed += 1;
                println!("{error:#}");
                format!("FAILED: {}", error.to_string().lines().next().unwrap_or_default())
            }
        };
        println!("{text}");
        rows.push((step.name, begun.elapsed(), text));
    }
    println!("\n{:<12} {:>8}", "step", "seconds");
    for (name, time, text) in &rows {
        println!("{name:<12} {:>8.1}  {text}", time.as_secs_f64());
    }
    if without_shared > 0 {
        println!("{without_shared} skipped for want of ../shared, which may be absent: each says SKIPPED above");
        if is_ci() && shared().is_dir() {
            bail!("../shared is here, and yet {without_shared} tests did not find their input");
        }
    }
    println!("{passed} passed, {failed} failed, {skipped} skipped in {:.0} s", started.elapsed().as_secs_f64());
    if failed > 0 {
        bail!("{failed} failed");
    }
    Ok(())
}

fn one(result: Result<String>) -> Result<Outcome> {
    result.map(|note| Outcome::Passed { number: 1, note })
}

fn fmt() -> Result<Outcome> {
    execute(cargo().args(["fmt", "--all", "--check"]))?;
    one(Ok(String::new()))
}

fn clippy() -> Result<Outcome> {
    // The page and its worker are linted where they run: for this machine, Leptos would have to be compiled once more.
    let native = ["--workspace", "--all-targets", "--exclude", "breiband-app", "--exclude", "breiband-worker"];
    execute(cargo().args(["clippy", "--quiet", "--locked"]).args(native).args(["--", "-D", "warnings"]))?;
    one(Ok(String::new()))
}

/// Checks the licences, after the check itself: built alone, as it runs, these tasks need no second build with the others.
fn licences() -> Result<Outcome> {
    let Outcome::Passed { number, .. } = cargo_test(&["--package", "xtask"])? else {
        bail!("the check of the licences was skipped");
    };
    Ok(Outcome::Passed { number: number + 1, note: licences::check()? })
}

/// What the steps on the workspace leave out: benches have their own command, these tasks their own step, and the page and
/// its worker have no native tests.
const WITHOUT: [&str; 10] = [
    "--exclude",
    "breiband-benches",
    "--exclude",
    "breiband-benches-wasm",
    "--exclude",
    "breiband-app",
    "--exclude",
    "breiband-worker",
    "--exclude",
    "xtask",
];

/// Other people's programs that tests hold our files against, and Debian's packages of them.
const PACKAGES: debian::Packages = &[("sqlite3", "sqlite3"), ("ogrinfo", "gdal-bin"), ("osmium", "osmium-tool")];

fn tests() -> Result<Outcome> {
    debian::ensure(PACKAGES)?;
    // Not `--all-targets`: that would build the examples a second time, as tests without a test.
    cargo_test(&[&["--workspace", "--lib", "--bins", "--tests"], &WITHOUT[..]].concat())
}

/// Builds the command line and the examples as the tests' step does, with the whole workspace: package by package, other
/// features would build everything again.
pub(crate) fn build_programs() -> Result<()> {
    let chosen = ["build", "--quiet", "--locked", "--workspace", "--examples", "--bin", "breiband"];
    execute(cargo().args(chosen).args(WITHOUT))
}

/// Runs every file of `core/*/examples`; each asserts what it shows, and must print something.
fn examples() -> Result<Outcome> {
    build_programs()?;
    let built = target()?.join("debug/examples");
    let mut number = 0;
    for folder in ["breiband", "import"] {
        let mut names: Vec<String> = std::fs::read_dir(root().join("core").join(folder).join("examples"))?
            .flatten()
            .filter_map(|entry| Some(entry.path().file_stem()?.to_str()?.to_owned()))
            .collect();
        names.sort();
        for name in names {
            let text = output(&mut program(built.join(&name)))?;
            if text.trim().is_empty() {
                bail!("the example {name} printed nothing");
            }
            println!("{name}: {}", text.lines().next().unwrap_or_default());
            number += 1;
        }
    }
    Ok(Outcome::Passed { number, note: String::new() })
}

fn doc_tests() -> Result<Outcome> {
    cargo_test(&[&["--workspace", "--doc"], &WITHOUT[..]].concat())
}

/// Runs `cargo test`, shows what it prints, and counts. What a test itself skipped is counted from its `SKIPPED:` lines.
fn cargo_test(arguments: &[&str]) -> Result<Outcome> {
    let mut command = cargo();
    command.arg("test").args(["--no-fail-fast", "--locked"]).args(arguments).env("CARGO_TERM_COLOR", "never");
    // Tests print why they skip; without this the harness hides it for those that pass.
    command.args(["--", "--show-output"]);
    let output = command.stdin(std::process::Stdio::null()).output().context("cannot start cargo test")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let number = |line: &str, word: &str| -> usize {
        let before = line.split(word).next().unwrap_or_default();
        before.rsplit([' ', '.', ';']).find(|part| !part.is_empty()).and_then(|part| part.parse().ok()).unwrap_or(0)
    };
    let results: Vec<&str> = text.lines().filter(|line| line.starts_with("test result:")).collect();
    let passed: usize = results.iter().map(|line| number(line, " passed")).sum();
    let failed: usize = results.iter().map(|line| number(line, " failed")).sum();
    let ignored: usize = results.iter().map(|line| number(line, " ignored")).sum();
    let skips: Vec<&str> = text.lines().filter(|line| line.trim_start().starts_with("SKIPPED")).collect();
    for line in &skips {
        println!("{line}");
    }
    if !output.status.success() {
        print!("{text}");
        bail!("{failed} tests failed, {passed} passed");
    }
    if ignored > 0 {
        bail!("{ignored} tests are ignored: a test runs or is not there");
    }
    if skips.is_empty() {
        return Ok(Outcome::Passed { number: passed, note: String::new() });
    }
    let tools = skips.iter().filter(|line| line.ends_with("is not installed")).count();
    let inputs = skips.len() - tools;
    Ok(Outcome::Partly { number: passed.saturating_sub(skips.len()), tools, inputs })
}

/// Every seed of `fuzz/seeds`, whole, cut short and with flipped bits, through the same entry as the fuzz targets.
fn fuzz_seeds() -> Result<Outcome> {
    cargo_test(&[&["--workspace", "--test", "fuzz_seeds"], &WITHOUT[..]].concat())
}

fn libproj() -> Result<Outcome> {
    // The crate builds PROJ itself, without its optional parts.
    debian::ensure(&[("cmake", "cmake"), ("sqlite3", "sqlite3"), ("pkg-config", "pkg-config"), ("c++", "g++")])?;
    cargo_test(&["--package", "breiband-spatial", "--features", "libproj"])
}

/// Builds the page, unless that is done or under way beside the other steps, and holds it to its size and to the lints.
fn build_web() -> Result<Outcome> {
    web::build_once()?;
    web::check_sizes()?;
    web::lint()?;
    Ok(Outcome::Passed { number: 2, note: String::new() })
}

/// Plans the sample region with the command line and with the worker's WASM in Node, and compares the digests.
fn same_in_wasm() -> Result<Outcome> {
    if !demo::has_sample() {
        return Ok(Outcome::Skipped { number: 1, why: "data/sample is not in this checkout".to_owned() });
    }
    if !exists("node") {
        return Ok(Outcome::Skipped { number: 1, why: "node is not on the path".to_owned() });
    }
    web::build_once()?;
    build_programs()?;
    let plan = target()?.join("digest-plan");
    let native = program(demo::program_path()?)
        .args(["plan", "data/sample/scenario.toml", "--json", "-o"])
        .arg(&plan)
        .output()
        .context("cannot start breiband")?;
    let json: serde_json::Value = serde_json::from_slice(&native.stdout).context("breiband plan --json")?;
    let native = json["digest"].as_str().context("breiband plan --json gives no digest")?.to_owned();
    let wasm = output(program("node").arg("tests/browser/digest.mjs").arg(web::dist()).arg("data/sample"))?;
    if wasm.trim() != native {
        bail!("the plans differ: native {native}, WASM {}", wasm.trim());
    }
    let million = output(program("node").args(["tests/browser/digest.mjs"]).arg(web::dist()).arg("--coordinates"))?;
    if million.trim() != COORDINATES.to_string() {
        bail!("a million coordinates differ: native {COORDINATES}, WASM {}", million.trim());
    }
    Ok(Outcome::Passed { number: 2, note: format!("digest {}…", &native[..native.len().min(16)]) })
}
