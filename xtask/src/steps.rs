//! What the steps of the suite do, but for those with a module of their own.

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, execute, exists, output, program, root, say, target};
use crate::suite::Outcome;
use crate::{debian, demo, licences, web};

/// The digest of a million coordinates; a test of `session` holds the native side to it.
const COORDINATES: u64 = 17_961_150_629_487_337_130;

fn one(result: Result<String>) -> Result<Outcome> {
    result.map(|note| Outcome::Passed { number: 1, note })
}

pub(crate) fn fmt() -> Result<Outcome> {
    execute(cargo().args(["fmt", "--all", "--check"]))?;
    one(Ok(String::new()))
}

pub(crate) fn clippy() -> Result<Outcome> {
    // The page and its worker are linted where they run: for this machine, Leptos would have to be compiled once more.
    let native = ["--workspace", "--all-targets", "--exclude", "breiband-app", "--exclude", "breiband-worker"];
    execute(cargo().args(["clippy", "--quiet", "--locked"]).args(native).args(["--", "-D", "warnings"]))?;
    one(Ok(String::new()))
}

/// Checks the licences, after the check itself: built alone, as it runs, these tasks need no second build with the others.
pub(crate) fn licences() -> Result<Outcome> {
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
pub(crate) const PACKAGES: debian::Packages =
    &[("sqlite3", "sqlite3"), ("ogrinfo", "gdal-bin"), ("osmium", "osmium-tool")];

pub(crate) fn tests() -> Result<Outcome> {
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
pub(crate) fn examples() -> Result<Outcome> {
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
            say(&format!("{name}: {}", text.lines().next().unwrap_or_default()));
            number += 1;
        }
    }
    Ok(Outcome::Passed { number, note: String::new() })
}

pub(crate) fn doc_tests() -> Result<Outcome> {
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
        say(line);
    }
    if !output.status.success() {
        say(&text);
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
pub(crate) fn fuzz_seeds() -> Result<Outcome> {
    cargo_test(&[&["--workspace", "--test", "fuzz_seeds"], &WITHOUT[..]].concat())
}

pub(crate) fn libproj() -> Result<Outcome> {
    // The crate builds PROJ itself, without its optional parts.
    debian::ensure(&[("cmake", "cmake"), ("sqlite3", "sqlite3"), ("pkg-config", "pkg-config"), ("c++", "g++")])?;
    cargo_test(&["--package", "breiband-spatial", "--features", "libproj"])
}

/// Builds the page and holds it to its size and to the lints.
pub(crate) fn build_web() -> Result<Outcome> {
    web::build_once()?;
    web::check_sizes()?;
    web::lint()?;
    Ok(Outcome::Passed { number: 2, note: String::new() })
}

/// Plans the sample region with the command line and with the worker's WASM in Node, and compares the digests.
pub(crate) fn same_in_wasm() -> Result<Outcome> {
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
