//! Our side of `cargo xtask peers`: seconds of the processor from the instance in memory to the answer, as JSON.
//!
//! `peers tree FILE` does Mehlhorn's step alone; `peers answer FILE SECONDS` is the whole solver, which ends within so many seconds or
//! once the gap is half a per cent. Every answer is checked before it is printed.
#![allow(clippy::print_stdout, reason = "printing is what it is for")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use breiband_graph::UnionFind;
use breiband_steiner::{Config, Instance, Monitor, Solution, read_problem, solve};

// The step is private to the optimiser and stays so: its own sources are timed, with nothing around them.
#[allow(dead_code, reason = "a part of the optimiser")]
#[path = "../src/mehlhorn.rs"]
mod mehlhorn;
#[allow(dead_code, reason = "a part of the optimiser")]
#[path = "../src/net.rs"]
mod net;
#[allow(dead_code, reason = "a part of the optimiser")]
#[path = "../src/tree.rs"]
mod tree;
#[allow(dead_code, reason = "a part of the optimiser")]
const NONE: u32 = u32::MAX;

/// The gap that is enough, millionths.
const ENOUGH: u32 = 5_000;
/// Goes of which the fastest counts: so many, or as fit into so long.
const GOES: usize = 9;
const RUNNING: Duration = Duration::from_secs(1);
/// Seconds that a go takes at least, by as many runs as it needs: the system counts in ticks of some milliseconds.
const GO: f64 = 0.3;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    // Cargo adds a word of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let read = |file| -> Result<Instance, Failure> { Ok(read_problem(std::fs::File::open(file)?)?.instance) };
    match arguments[..] {
        ["tree", file] => first_tree(&read(file)?),
        ["answer", file, limit] => short_answer(&read(file)?, limit.parse()?),
        _ => Err("peers tree FILE, or peers answer FILE SECONDS".into()),
    }
}

fn first_tree(instance: &Instance) -> Result<(), Failure> {
    let net = net::Lifted::new(instance)?.net;
    let (edges, seconds) = fastest(|| mehlhorn::tree(black_box(&net)));
    let edges = edges.ok_or("no tree")?;
    let cost = checked(instance, &edges, &[])?;
    println!("{{\"cost\": {cost}, \"seconds\": {seconds}}}");
    Ok(())
}

fn short_answer(instance: &Instance, limit: f64) -> Result<(), Failure> {
    let config = Config { steps: u64::MAX, enough: ENOUGH, certified: true, ..Config::default() };
    let (found, seconds) = fastest(|| solve(black_box(instance), &config, &mut Clock { begun: Instant::now(), limit }));
    let Solution { edges, cost, bound, missed, certificate, .. } = found?;
    if instance.check(&certificate, &[]) != Ok(bound) || checked(instance, &edges, &missed)? != cost {
        return Err("the answer or its certificate does not hold".into());
    }
    println!("{{\"cost\": {cost}, \"bound\": {bound}, \"left_out\": {}, \"seconds\": {seconds}}}", missed.len());
    Ok(())
}

/// Stops when the time is over.
struct Clock {
    begun: Instant,
    /// Seconds.
    limit: f64,
}

impl Monitor for Clock {
    fn improved(&mut self, _cost: u64, _bound: u64) {}
    fn progress(&mut self, _done: u64, _of: u64) {}
    fn cancelled(&self) -> bool {
        self.elapsed() >= 1.0
    }
    fn elapsed(&self) -> f64 {
        self.begun.elapsed().as_secs_f64() / self.limit
    }
}

/// What a tree and the prizes of those outside it cost, if it is a tree that holds the root and everybody else.
fn checked(instance: &Instance, edges: &[u32], missed: &[u32]) -> Result<u64, Failure> {
    let mut sets = UnionFind::new(instance.vertices());
    let mut cost = 0;
    for &e in edges {
        let (u, v, price) = instance.edges()[e as usize];
        cost += price;
        if !sets.union(u, v) {
            return Err("the answer has a cycle".into());
        }
    }
    for terminal in instance.terminals() {
        match (missed.binary_search(&terminal.vertex), terminal.prize) {
            (Ok(_), Some(prize)) => cost += prize,
            (Err(_), _) if sets.same(terminal.vertex, instance.root()) => {}
            _ => return Err(format!("the answer leaves {} out", terminal.vertex + 1).into()),
        }
    }
    if edges.iter().any(|&e| !sets.same(instance.edges()[e as usize].0, instance.root())) {
        return Err("the answer is in pieces".into());
    }
    Ok(cost)
}

/// The answer, and the least seconds of the processor that it took.
fn fastest<T>(mut run: impl FnMut() -> T) -> (T, f64) {
    let begun = Instant::now();
    let mut best = f64::INFINITY;
    let mut go = || {
        let before = seconds();
        for runs in 1u32.. {
            let answer = run();
            let taken = seconds() - before;
            if taken >= GO {
                best = best.min(taken / f64::from(runs));
                return answer;
            }
        }
        unreachable!("time passes")
    };
    let mut answer = go();
    for _ in 1..GOES {
        if begun.elapsed() > RUNNING {
            break;
        }
        answer = go();
    }
    (answer, best)
}

/// Seconds of computing of this thread so far; of the clock where the system does not tell.
fn seconds() -> f64 {
    static BEGUN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = text.split_ascii_whitespace().next().and_then(|word| word.parse::<u64>().ok());
    nanoseconds.map_or_else(|| BEGUN.elapsed().as_secs_f64(), |nanoseconds| nanoseconds as f64 / 1e9)
}
