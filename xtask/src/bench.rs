//! The same kernel natively and in WASM: files to a certified plan, in turn, and the ratio of the best times. Each run is a process
//! of its own: on a small region WASM is still being compiled for most of it.

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, execute, program, target};
use crate::web;

const ROUNDS: usize = 3;

/// Prints both times and their ratio for the sample, or another folder of files; the plans' digests must be equal.
pub(crate) fn run(folder: Option<&str>) -> Result<()> {
    let folder = folder.unwrap_or("data/sample");
    web::build_once()?;
    println!("bench-wasm: building the native side in release");
    let build =
        ["build", "--quiet", "--locked", "--release", "--package", "breiband-session", "--example", "time_plan"];
    execute(cargo().args(build))?;
    let native = target()?.join("release/examples/time_plan");
    let (mut ours, mut theirs) = (f64::MAX, f64::MAX);
    for _ in 0..ROUNDS {
        let (digest, seconds) = timed(program(&native).arg(folder))?;
        let mut node = program("node");
        node.arg("tests/browser/digest.mjs").arg(web::dist()).arg(folder);
        let (other, other_seconds) = timed(&mut node)?;
        if digest != other {
            bail!("the plans differ: native {digest}, WASM {other}");
        }
        ours = ours.min(seconds);
        theirs = theirs.min(other_seconds);
    }
    println!(
        "{folder}, files to plan, best of {ROUNDS}: native {ours:.2} s, WASM {theirs:.2} s, ratio {:.2}",
        theirs / ours
    );
    Ok(())
}

/// The digest on standard output and the seconds on standard error.
fn timed(command: &mut std::process::Command) -> Result<(String, f64)> {
    let output = command.output().with_context(|| format!("cannot start {}", command.get_program().display()))?;
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        bail!("{error}");
    }
    let seconds = error.lines().last().unwrap_or_default().trim().parse().context("no seconds on standard error")?;
    Ok((String::from_utf8_lossy(&output.stdout).trim().to_owned(), seconds))
}
