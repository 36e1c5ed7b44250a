//! Everything that must hold, as a list of steps: each is timed, all are run, and the last line adds them up.
//!
//! The steps of the page go on beside the others: they share little but the processor, which either half alone would leave idle
//! for a quarter of its time. Where both halves run, each step's output is shown when the step has ended.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::shell::{is_ci, kept, say, shared};
use crate::steps::{self, PACKAGES};
use crate::{browser, debian, fuzz};

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

#[derive(Clone, Copy)]
struct Step {
    name: &'static str,
    about: &'static str,
    half: Half,
    /// Only with `--all`.
    slow: bool,
    run: fn() -> Result<Outcome>,
}

/// What a step is about; the two halves run beside each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Native,
    Page,
}

const STEPS: [Step; 12] = [
    quick("fmt", "the code is formatted", Half::Native, steps::fmt),
    quick("licences", "licences, bans and sources, by deny.toml", Half::Native, steps::licences),
    quick("clippy", "no warnings, in any target", Half::Native, steps::clippy),
    quick("tests", "unit, property, layering and end-to-end tests", Half::Native, steps::tests),
    quick("examples", "every example of the core runs, and prints something", Half::Native, steps::examples),
    quick("docs", "examples in the documentation", Half::Native, steps::doc_tests),
    quick("fuzz-seeds", "every format's seed corpus, without panics", Half::Native, steps::fuzz_seeds),
    quick("web", "the page builds within its size", Half::Page, steps::build_web),
    quick("wasm", "native and WASM give the same plan and coordinates", Half::Page, steps::same_in_wasm),
    quick("browser", "the page, in a browser", Half::Page, browser::test),
    slow("fuzz", "every format's reader, by libFuzzer", fuzz::run),
    slow("libproj", "coordinates against libproj", steps::libproj),
];

const fn quick(name: &'static str, about: &'static str, half: Half, run: fn() -> Result<Outcome>) -> Step {
    Step { name, about, half, slow: false, run }
}

const fn slow(name: &'static str, about: &'static str, run: fn() -> Result<Outcome>) -> Step {
    Step { name, about, half: Half::Native, slow: true, run }
}

/// Runs the steps; fails at the end if any failed, or was skipped where that counts.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let all = arguments.iter().any(|argument| argument == "--all");
    let only: Vec<&str> = arguments.iter().map(String::as_str).filter(|argument| *argument != "--all").collect();
    if let Some(unknown) = only.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        bail!("no step is called {unknown:?}; the steps are {}", names.join(", "));
    }
    let chosen = |step: &&Step| if only.is_empty() { all || !step.slow } else { only.contains(&step.name) };
    let started = Instant::now();
    let needs = |name: &str| STEPS.iter().filter(chosen).any(|step| step.name == name);
    let tools = if needs("tests") { PACKAGES } else { &[] };
    let packages = [tools, if needs("browser") { browser::packages() } else { &[] }].concat();
    // A step that needs one of them waits for it, or tries again what failed here and then says why.
    std::thread::spawn(move || debian::ensure(&packages));

    let (page, native): (Vec<Step>, Vec<Step>) = STEPS.iter().filter(chosen).partition(|step| step.half == Half::Page);
    let sums = Mutex::new(Sums::default());
    if page.is_empty() || native.is_empty() {
        for step in page.iter().chain(&native) {
            step.run(&sums);
        }
    } else {
        let through = |steps: &[Step]| {
            for step in steps {
                println!("… {} begins", step.name);
                let ((), text) = kept(|| step.run(&sums));
                print!("{text}");
            }
        };
        std::thread::scope(|scope| {
            scope.spawn(|| through(&page));
            through(&native);
        });
    }
    let sums = sums.into_inner().unwrap_or_else(PoisonError::into_inner);
    sums.print();
    println!(
        "{} passed, {} failed, {} skipped in {:.0} s",
        sums.passed,
        sums.failed,
        sums.skipped,
        started.elapsed().as_secs_f64()
    );
    if is_ci() && sums.without_shared > 0 && shared().is_dir() {
        bail!("../shared is here, and yet {} tests did not find their input", sums.without_shared);
    }
    if sums.failed > 0 {
        bail!("{} failed", sums.failed);
    }
    Ok(())
}

/// What the steps have come to so far.
#[derive(Default)]
struct Sums {
    /// Each step's name, time, and what it came to in words.
    rows: Vec<(&'static str, Duration, String)>,
    passed: usize,
    failed: usize,
    skipped: usize,
    without_shared: usize,
}

impl Step {
    fn run(&self, sums: &Mutex<Sums>) {
        say(&format!("\n── {}: {}", self.name, self.about));
        let begun = Instant::now();
        let outcome = (self.run)();
        if let Err(error) = &outcome {
            say(&format!("{error:#}"));
        }
        let mut sums = sums.lock().unwrap_or_else(PoisonError::into_inner);
        let text = sums.add(outcome);
        say(&text);
        sums.rows.push((self.name, begun.elapsed(), text));
    }
}

impl Sums {
    /// Counts what a step came to; what that is in words.
    fn add(&mut self, outcome: Result<Outcome>) -> String {
        match outcome {
            Ok(Outcome::Passed { number, note }) => {
                self.passed += number;
                format!("{number} passed{}{note}", if note.is_empty() { "" } else { ": " })
            }
            Ok(Outcome::Partly { number, tools, inputs }) => {
                self.passed += number;
                self.without_shared += inputs;
                // Where nobody looks, a check that was not made is a check that failed.
                if is_ci() {
                    self.failed += tools;
                } else {
                    self.skipped += tools;
                }
                format!("{number} passed, {tools} skipped for want of a program, {inputs} for want of ../shared")
            }
            Ok(Outcome::Skipped { number, why }) if is_ci() => {
                self.failed += number;
                format!("{number} SKIPPED, which fails here: {why}")
            }
            Ok(Outcome::Skipped { number, why }) => {
                self.skipped += number;
                format!("{number} skipped: {why}")
            }
            Err(error) => {
                self.failed += 1;
                format!("FAILED: {}", error.to_string().lines().next().unwrap_or_default())
            }
        }
    }

    /// A row a step, in the order of the list.
    fn print(&self) {
        println!("\n{:<12} {:>8}", "step", "seconds");
        for step in &STEPS {
            for (name, time, text) in self.rows.iter().filter(|row| row.0 == step.name) {
                println!("{name:<12} {:>8.1}  {text}", time.as_secs_f64());
            }
        }
        if self.without_shared > 0 {
            let number = self.without_shared;
            println!("{number} skipped for want of ../shared, which may be absent: each says SKIPPED above");
        }
    }
}
