//! The browser tests: finds a Chromium or installs Debian's, and runs `tests/browser` with it through playwright-core.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::shell::{exists, find, program, root, shared, target, watch};
use crate::suite::Outcome;
use crate::{debian, demo, steps, web};

/// Names under which Chromium and Chrome are installed.
const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// Why no script is run.
const NONE: &str = "no Chromium or Chrome on this machine, and no right to install one";

/// What has to be installed for the tests: nothing where there is a browser already.
pub(crate) fn packages() -> debian::Packages {
    if found().is_some() { &[] } else { &[("chromium", "chromium")] }
}

/// The tests in `tests/browser`, one `test("…")` each.
pub(crate) fn count() -> Result<usize> {
    let text = fs::read_to_string(root().join("tests/browser/run.mjs"))?;
    Ok(text.lines().filter(|line| line.starts_with("test(")).count())
}

/// Runs the browser tests, or says how many were skipped.
pub(crate) fn test() -> Result<Outcome> {
    if !demo::has_sample() {
        return Ok(Outcome::Skipped { number: count()?, why: "data/sample is not in this checkout".to_owned() });
    }
    let Some(browser) = browser()? else {
        return Ok(Outcome::Skipped { number: count()?, why: NONE.to_owned() });
    };
    if !exists("node") {
        return Ok(Outcome::Skipped { number: count()?, why: "node is not on the path".to_owned() });
    }
    let (text, succeeded) = run("run.mjs", &browser, None)?;
    let passed = text.lines().filter(|line| line.starts_with("ok ")).count();
    if !succeeded {
        let failed = text.lines().filter(|line| line.starts_with("not ok ")).count();
        bail!("{failed} browser tests failed, {passed} passed");
    }
    if passed == 0 {
        bail!("the browser tests ran none");
    }
    Ok(Outcome::Passed { number: passed, note: String::new() })
}

/// Prints how soon the page is there, how long planning takes in the tab, and how the map moves.
pub(crate) fn measure() -> Result<()> {
    let Some(browser) = browser()? else { bail!(NONE) };
    let liechtenstein = shared().join("osm/liechtenstein-2025-09-19.osm.pbf");
    if !liechtenstein.is_file() {
        println!("measure-web: {} is not there, Liechtenstein is left out", liechtenstein.display());
    }
    let (_, succeeded) = run("measure.mjs", &browser, Some(&liechtenstein))?;
    if succeeded { Ok(()) } else { bail!("the page could not be measured") }
}

/// Goes through the first ten minutes of somebody who has never seen the page; pictures of each step go into the folder named.
pub(crate) fn journey(words: &[String]) -> Result<()> {
    let Some(browser) = browser()? else { bail!(NONE) };
    let folder = words.first().map_or_else(|| target().map(|target| target.join("journey")), |word| Ok(word.into()))?;
    let (_, succeeded) = run("journey.mjs", &browser, Some(&folder))?;
    if succeeded { Ok(()) } else { bail!("the journey found something; its pictures are in {}", folder.display()) }
}

/// Runs one of the scripts in `tests/browser`, with what it is to look at or write to, once the page and the programs are built: what
/// it printed, and whether it succeeded.
fn run(script: &str, browser: &Path, word: Option<&Path>) -> Result<(String, bool)> {
    web::build_once()?;
    steps::build_programs()?;
    watch(
        program("node")
            .arg(Path::new("tests/browser").join(script))
            .args(word)
            .env("BREIBAND_BROWSER", browser)
            .env("BREIBAND_PROGRAM", demo::program_path()?)
            .env("BREIBAND_WEB", web::dist())
            .env("BREIBAND_WORK", target()?.join("browser-tests")),
    )
}

/// Where a browser is; installs Debian's where that is allowed.
fn browser() -> Result<Option<PathBuf>> {
    debian::ensure(packages())?;
    Ok(found())
}

fn found() -> Option<PathBuf> {
    let named = std::env::var_os("BREIBAND_BROWSER").map(PathBuf::from);
    named.or_else(|| NAMES.iter().find_map(|name| find(name)))
}
