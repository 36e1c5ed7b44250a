//! `breiband solve`.

use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use breiband::steiner::{Answer, Config, Monitor, Problem, gzipped};

use crate::arguments::Solve;
use crate::directory;
use crate::failure::Failure;
use crate::inputs::read_problem;
use crate::text;

pub(crate) fn run(arguments: &Solve) -> Result<(), Failure> {
    for output in [&arguments.output, &arguments.certificate, &arguments.proof].into_iter().flatten() {
        directory::check_file(output)?;
    }
    let path = &arguments.file;
    let start = Instant::now();
    let problem = read_problem(path)?;
    let limit = arguments.time;
    let steps = if limit.is_some() { u64::MAX / 4 } else { arguments.steps };
    let mut watch =
        Watch { problem: &problem, start, limit, log: arguments.log, first: true, certified: 0, claimed: 0 };
    let config = Config { seed: arguments.seed, steps, enough: 0, certified: arguments.certified };
    let answer = problem
        .solve(&config, arguments.proof.is_some(), &mut watch)
        .map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
    if !answer.unreachable.is_empty() {
        let names: Vec<String> = answer.unreachable.iter().take(5).map(|v| (v + 1).to_string()).collect();
        return Err(Failure::nothing(format!(
            "{}: {} cannot be reached from the rest, such as {}",
            path.display(),
            text::counted(answer.unreachable.len() as u64, "terminal"),
            names.join(", ")
        )));
    }
    // What is printed as certified was checked as anyone would, from the problem and the certificates alone.
    if problem.check(&answer.cases, &[]).ok().map(|bound| bound.min(answer.cost)) != Some(answer.bound) {
        return Err(Failure::unverified(format!("{}: the certificate does not hold", path.display())));
    }
    let Answer { cost, bound: certified, claimed, steps, .. } = answer;
    let cpu = cpu_seconds().unwrap_or_else(|| start.elapsed().as_secs_f64());
    let peak = peak_bytes();
    // What cannot be written takes nothing else with it: it is told when all the rest is.
    let mut done = Vec::new();
    if let Some(output) = &arguments.output {
        let mut text = format!("VALUE {}\n", problem.figure(cost));
        for (u, v) in &answer.tree {
            let _ = writeln!(text, "{u} {v}");
        }
        done.push(directory::write_file(output, text.as_bytes()));
    }
    if let Some(output) = &arguments.certificate {
        let bytes = packed(output, |to| answer.write_certificates(&problem, to))?;
        done.push(directory::write_file(output, &bytes));
    }
    let proved = match &arguments.proof {
        Some(output) => {
            let (proved, bytes) = prove(&problem, answer, output)?;
            done.push(directory::write_file(output, &bytes));
            Some(proved)
        }
        None => None,
    };
    let gap = |bound| text::gap(cost, bound);
    let distance = |bound| match cost == bound {
        true => "optimal".to_owned(),
        false => format!("at most {} above", text::per_cent_up(gap(bound))),
    };
    if arguments.json {
        let number = |value: u64| serde_json::from_str::<serde_json::Value>(&problem.figure(value)).unwrap_or_default();
        let mut object = serde_json::json!({
            "cost": number(cost),
            "bound": number(certified),
            "gap": gap(certified),
            "optimal": claimed == cost,
            "claimed_bound": number(claimed),
            "claimed_gap": gap(claimed),
            "cpu_seconds": cpu,
            "peak_bytes": peak,
            "steps": steps,
        });
        if let Some(proved) = &proved {
            object["proved"] = number(proved.bound);
            object["replay_seconds"] = proved.seconds.into();
        }
        done.push(text::print(&format!("{object:#}\n")));
        return done.into_iter().collect();
    }
    let mut out = String::new();
    let [vertices, edges, terminals] = problem.sizes.map(|count| text::grouped(count as u64));
    let _ = writeln!(out, "{}: {vertices} vertices, {edges} edges, {terminals} terminals", path.display());
    let _ = writeln!(out, "cost       {}", problem.figure(cost));
    let _ = writeln!(
        out,
        "certified  {}: at most {} above the least possible, as anyone can check",
        problem.figure(certified),
        text::per_cent_up(gap(certified))
    );
    if let Some(proved) = &proved {
        let _ = writeln!(
            out,
            "proved     {}: {}, by a log that was replayed in {:.2} s",
            problem.figure(proved.bound),
            distance(proved.bound),
            proved.seconds
        );
    }
    let _ = writeln!(out, "claimed    {}: {}, by the solver's own word", problem.figure(claimed), distance(claimed));
    let memory = peak.map_or(String::new(), |bytes| format!(", {} MB", bytes.div_ceil(1_000_000)));
    let _ = writeln!(out, "{cpu:.2} s{memory}");
    done.push(text::print(&out));
    done.into_iter().collect()
}

/// A file's bytes: gzipped if its name says so.
fn packed(
    output: &Path,
    text: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>,
) -> Result<Vec<u8>, Failure> {
    if output.extension().is_some_and(|extension| extension == "gz") {
        return Ok(gzipped(text));
    }
    let mut bytes = Vec::new();
    text(&mut bytes).map_err(|error| Failure::file(output, &error))?;
    Ok(bytes)
}

/// What a proof proves.
struct Proved {
    /// In the units of the problem's instance.
    bound: u64,
    /// What it took to follow the proof.
    seconds: f64,
}

/// A proof as `output` is to have it, followed as anyone would.
fn prove(problem: &Problem, answer: Answer, output: &Path) -> Result<(Proved, Vec<u8>), Failure> {
    let bytes = packed(output, |to| answer.write_proofs(problem, to))?;
    let cost = answer.cost;
    drop(answer);
    let before = (cpu_seconds(), Instant::now());
    let bound = problem
        .replay(&bytes[..])
        .map_err(|error| Failure::unverified(format!("{}: the proof does not hold: {error}", output.display())))?;
    let seconds = match (before.0, cpu_seconds()) {
        (Some(before), Some(after)) => after - before,
        _ => before.1.elapsed().as_secs_f64(),
    };
    Ok((Proved { bound: bound.min(cost), seconds }, bytes))
}

/// Logs improvements if asked to, and ends the search when its time is up.
struct Watch<'a> {
    problem: &'a Problem,
    start: Instant,
    limit: Option<Duration>,
    log: bool,
    first: bool,
    /// The best bounds so far.
    certified: u64,
    claimed: u64,
}

impl Watch<'_> {
    fn line(&self, cost: u64) {
        if !self.log {
            return;
        }
        let figure =
            |bound: u64| format!("{} ({})", self.problem.figure(bound), text::per_cent_up(text::gap(cost, bound)));
        text::say(format_args!(
            "{:8.2} s  cost {}  certified {}  claimed {}",
            self.start.elapsed().as_secs_f64(),
            self.problem.figure(cost),
            figure(self.certified),
            figure(self.claimed.max(self.certified)),
        ));
    }
}

impl Monitor for Watch<'_> {
    fn improved(&mut self, cost: u64, bound: u64) {
        self.first = false;
        self.certified = bound;
        self.line(cost);
    }

    fn claimed(&mut self, cost: u64, bound: u64) {
        self.claimed = bound;
        self.line(cost);
    }

    fn progress(&mut self, _done: u64, _of: u64) {}

    fn cancelled(&self) -> bool {
        // However little time there is, there is a first answer.
        !self.first && self.limit.is_some_and(|limit| self.start.elapsed() >= limit)
    }

    fn elapsed(&self) -> f64 {
        self.limit.map_or(0.0, |limit| (self.start.elapsed().as_secs_f64() / limit.as_secs_f64()).min(1.0))
    }
}

/// Seconds of computing of this thread so far, where the system tells.
fn cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    let nanoseconds: u64 = text.split_ascii_whitespace().next()?.parse().ok()?;
    Some(nanoseconds as f64 / 1e9)
}

/// The most memory held so far, where the system tells.
fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_ascii_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
