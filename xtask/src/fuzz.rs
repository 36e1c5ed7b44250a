//! Long fuzzing of the readers with libFuzzer, guided by coverage, on the stable toolchain: the coverage pass is part of LLVM
//! and the fuzzer's driver part of the crate `libfuzzer-sys`, so that neither nightly nor `cargo fuzz` is needed. Sanitizers,
//! which would be, have nothing to find in safe code; panics, endless loops and hunger for memory are found.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, exists, program, root, say, target};
use crate::suite::Outcome;
use crate::{debian, shell};

/// The targets in `fuzz/fuzz_targets`, each with seeds in the folder of its name.
const TARGETS: [&str; 6] = ["csv", "geojson", "gpkg", "osm-pbf", "osm-xml", "tif"];
/// Inputs tried per target: the same ones every time, as long as the code is the same.
const RUNS: u32 = 1_000_000;
/// Longest input, bytes: longer than the longest seed, a GeoPackage.
const LENGTH: u32 = 98_304;
/// Seconds after which one input counts as an endless loop.
const TIMEOUT: u32 = 20;
/// Megabytes after which one input counts as unbounded hunger.
const MEMORY: u32 = 1_024;

/// Compiles in counters for every edge of the control flow, and the operands of comparisons.
const COVERAGE: &str = "--cfg fuzzing -Ccodegen-units=1 -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Builds the targets and runs each on its seeds.
pub(crate) fn run() -> Result<Outcome> {
    // libFuzzer's driver is C++.
    debian::ensure(&[("c++", "g++")])?;
    if !exists("c++") {
        return Ok(Outcome::Skipped {
            number: TARGETS.len(),
            why: "there is no C++ compiler for libFuzzer".to_owned(),
        });
    }
    let folder = target()?.join("fuzz");
    // With a target named, build scripts and macros are built without the counters.
    let host = shell::host()?;
    let build = ["build", "--quiet", "--locked", "--release", "--manifest-path", "fuzz/Cargo.toml", "--target", &host];
    shell::execute(cargo().args(build).env("CARGO_TARGET_DIR", &folder).env("RUSTFLAGS", COVERAGE))?;
    let mut failed = Vec::new();
    for name in TARGETS {
        let (corpus, found) = (folder.join("corpus").join(name), folder.join("found").join(name));
        if corpus.exists() {
            fs::remove_dir_all(&corpus)?;
        }
        for made in [&corpus, &found] {
            fs::create_dir_all(made)?;
        }
        say(&format!("fuzz: {name}, {RUNS} inputs"));
        let run = program(folder.join(&host).join("release").join(name))
            .arg(&corpus)
            .arg(root().join("fuzz/seeds").join(name))
            .args([
                format!("-runs={RUNS}"),
                "-seed=1".to_owned(),
                format!("-max_len={LENGTH}"),
                format!("-timeout={TIMEOUT}"),
                format!("-rss_limit_mb={MEMORY}"),
                "-print_final_stats=1".to_owned(),
                format!("-artifact_prefix={}/", found.display()),
            ])
            .output()
            .with_context(|| format!("cannot start the fuzz target {name}"))?;
        let told = String::from_utf8_lossy(&run.stderr);
        if run.status.success() {
            told.lines().filter(|line| line.starts_with("stat::")).for_each(say);
        } else {
            say(&told);
            failed.push(format!("{name} (the input is in {})", found.display()));
        }
    }
    if !failed.is_empty() {
        bail!("inputs that the readers do not stand: {}", failed.join(", "));
    }
    Ok(Outcome::Passed { number: TARGETS.len(), note: format!("{RUNS} inputs each") })
}
