//! `breiband solve`.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use breiband::steiner::{Config, Monitor, Problem, Proof, Solver, Status, read_problem};

use crate::arguments::Solve;
use crate::directory;
use crate::failure::Failure;
use crate::text;

/// One part in so many of the steps or the time is for a second search, where the root is free.
const KEPT: u32 = 4;

pub(crate) fn run(arguments: &Solve) -> Result<(), Failure> {
    let path = &arguments.file;
    let start = Instant::now();
    let file = std::fs::File::open(path).map_err(|error| Failure::file(path, &error))?;
    let problem = read_problem(file).map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
    let limit = match arguments.time {
        Some(seconds) => Some(
            Duration::try_from_secs_f64(seconds)
                .map_err(|_| Failure::usage("--time must be a number of seconds, not negative"))?,
        ),
        None => None,
    };
    let all = if limit.is_some() { u64::MAX / 4 } else { arguments.steps };
    // Where the root is free, a part is kept for the best tree around what is found.
    let free = problem.has_free_root();
    let kept = if free { all / u64::from(KEPT) } else { 0 };
    let fault = |error| Failure::input(format!("{}: {error}", path.display()));
    let mut watch = Watch {
        problem: &problem,
        start,
        limit: limit.map(|limit| if free { limit - limit / KEPT } else { limit }),
        log: arguments.log,
        first: true,
        certified: 0,
        claimed: 0,
    };
    let mut solver = Solver::new(&problem.instance, Config { seed: arguments.seed, steps: all - kept, enough: 0 });
    if arguments.proof.is_some() {
        solver.record();
    }
    while solver.advance(&mut watch).map_err(fault)? == Status::Running {}
    let proof = solver.take_proof();
    let solution = solver.into_solution().ok_or_else(|| Failure::input("there is no solution"))?;
    if !solution.unreachable.is_empty() {
        let names: Vec<String> = solution.unreachable.iter().take(5).map(|v| (v + 1).to_string()).collect();
        return Err(Failure::nothing(format!(
            "{}: {} terminals cannot be reached from the rest, such as {}",
            path.display(),
            solution.unreachable.len(),
            names.join(", ")
        )));
    }
    // What is printed as certified was checked as anyone would, from the instance and the certificate alone.
    let checked = problem.instance.check(&solution.certificate, &[]);
    if checked != Ok(solution.bound) {
        return Err(Failure::unverified(format!("{}: the certificate does not hold", path.display())));
    }
    let (mut cost, mut tree) = problem.tree(&solution);
    let certified = problem.value(solution.bound);
    if free && problem.value(solution.stats.claimed_bound).max(certified) < cost {
        let config = Config { seed: arguments.seed, steps: kept, enough: 0 };
        let mut quiet = Watch { limit, log: false, first: true, ..watch };
        if let Some(better) = around(&problem, &tree, config, &mut quiet).filter(|better| better.0 < cost) {
            (cost, tree) = better;
        }
    }
    let claimed = problem.value(solution.stats.claimed_bound).max(certified).min(cost);
    let cpu = cpu_seconds().unwrap_or_else(|| start.elapsed().as_secs_f64());
    let peak = peak_bytes();
    if let Some(output) = &arguments.output {
        let mut text = format!("VALUE {}\n", problem.figure(cost));
        for (u, v) in tree {
            let _ = writeln!(text, "{u} {v}");
        }
        directory::write_file(output, text.as_bytes())?;
    }
    if let Some(output) = &arguments.certificate {
        let certificate = &solution.certificate;
        let bytes = packed(output, || certificate.to_gzip_bytes(), |to| certificate.write_text(to))?;
        directory::write_file(output, &bytes)?;
    }
    let proved = match (&arguments.proof, proof) {
        (Some(output), Some(proof)) => Some(prove(&problem, proof, output)?),
        _ => None,
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
            "steps": solution.stats.steps,
        });
        if let Some(proved) = &proved {
            object["proved"] = number(proved.bound);
            object["replay_seconds"] = proved.seconds.into();
        }
        text::print(&format!("{object:#}\n"));
        return Ok(());
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
    text::print(&out);
    Ok(())
}

/// The best tree that is found around the greatest prize of one, where the root is free, and its cost.
fn around(
    problem: &Problem,
    tree: &[(u32, u32)],
    config: Config,
    watch: &mut Watch<'_>,
) -> Option<(u64, Vec<(u32, u32)>)> {
    let held: BTreeSet<u32> = tree.iter().flat_map(|&(u, v)| [u - 1, v - 1]).collect();
    let terminals = problem.instance.terminals().iter().filter(|t| t.prize.is_some() && held.contains(&t.vertex));
    let root = terminals.max_by_key(|t| (t.prize, Reverse(t.vertex)))?.vertex;
    let rooted = problem.rooted_at(root)?;
    let mut solver = Solver::new(&rooted.instance, config);
    while solver.advance(watch).ok()? == Status::Running {}
    let (cost, tree) = rooted.tree(&solver.into_solution()?);
    // Without an edge a tree is one vertex: that of the greatest prize of all, as whoever checks the answer takes it.
    let prizes = || problem.instance.terminals().iter().filter_map(|t| t.prize);
    let alone = prizes().sum::<u64>() - prizes().max().unwrap_or(0);
    Some((if tree.is_empty() { alone } else { cost }, tree))
}

/// A file's bytes: gzipped if its name says so.
fn packed(
    output: &Path,
    gzip: impl FnOnce() -> Vec<u8>,
    text: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>,
) -> Result<Vec<u8>, Failure> {
    if output.extension().is_some_and(|extension| extension == "gz") {
        return Ok(gzip());
    }
    let mut bytes = Vec::new();
    text(&mut bytes).map_err(|error| Failure::file(output, &error))?;
    Ok(bytes)
}

/// What a proof proves.
struct Proved {
    /// In the units of the problem's instance, less what was added.
    bound: u64,
    /// What it took to follow the proof.
    seconds: f64,
}

/// Writes a proof, and follows what was written as anyone would.
fn prove(problem: &Problem, proof: Proof, output: &Path) -> Result<Proved, Failure> {
    let bytes = packed(output, || proof.to_gzip_bytes(), |to| proof.write_text(to))?;
    drop(proof);
    let before = (cpu_seconds(), Instant::now());
    let bound = problem
        .instance
        .replay(&bytes[..])
        .map_err(|error| Failure::unverified(format!("{}: the proof does not hold: {error}", output.display())))?;
    let seconds = match (before.0, cpu_seconds()) {
        (Some(before), Some(after)) => after - before,
        _ => before.1.elapsed().as_secs_f64(),
    };
    directory::write_file(output, &bytes)?;
    Ok(Proved { bound: problem.value(bound), seconds })
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
        let cost = self.problem.value(cost);
        let figure = |bound: u64| {
            let bound = self.problem.value(bound);
            format!("{} ({})", self.problem.figure(bound), text::per_cent_up(text::gap(cost, bound)))
        };
        eprintln!(
            "{:8.2} s  cost {}  certified {}  claimed {}",
            self.start.elapsed().as_secs_f64(),
            self.problem.figure(cost),
            figure(self.certified),
            figure(self.claimed.max(self.certified)),
        );
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
