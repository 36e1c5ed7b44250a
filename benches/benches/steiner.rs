//! Shortest paths against petgraph's, and address networks solved and certified. Every bench asserts its answer.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a bench")]

#[path = "../../core/steiner/tests/support/address.rs"]
mod address;

use address::address_network;
use breiband_graph::{Csr, Dijkstra};
use breiband_random::SplitMix64;
use breiband_steiner::{Config, Silent, read_stp, solve};
use criterion::{Criterion, criterion_group, criterion_main};
use petgraph::csr::Csr as PetCsr;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

/// A road-like graph: a grid with some diagonals, `side`² vertices and about 1.25 edges for each.
fn roads(side: u32) -> Vec<(u32, u32, u64)> {
    let mut random = SplitMix64::new(5);
    let mut edges = Vec::new();
    for y in 0..side {
        for x in 0..side {
            let v = y * side + x;
            if x + 1 < side && (y == 0 || random.below(100) < 62) {
                edges.push((v, v + 1, 1 + random.below(100_000)));
            }
            if y + 1 < side && (x == 0 || random.below(100) < 62) {
                edges.push((v, v + side, 1 + random.below(100_000)));
            }
        }
    }
    edges
}

fn shortest_paths(c: &mut Criterion) {
    let edges = roads(316);
    let n = 316 * 316;
    let ours = Csr::new(n, &edges).expect("a graph");
    let mut both: Vec<(u32, u32, u64)> = edges.iter().flat_map(|&(u, v, cost)| [(u, v, cost), (v, u, cost)]).collect();
    both.sort_unstable();
    let theirs: PetCsr<(), u64> = PetCsr::from_sorted_edges(&both).expect("sorted edges");
    let mut search = Dijkstra::new(&ours);
    search.run(&ours, 0);
    let found = petgraph::algo::dijkstra(&theirs, 0, None, |edge| *petgraph::visit::EdgeRef::weight(&edge));
    for v in 0..n {
        assert_eq!(search.distance(v), found.get(&v).copied());
    }
    // Turn about, the best of each: other work on the machine disturbs both alike.
    let time = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    };
    let (mut fast, mut slow) = (f64::MAX, f64::MAX);
    for _ in 0..20 {
        fast = fast.min(time(&mut || search.run(black_box(&ours), 0)));
        slow = slow.min(time(&mut || {
            black_box(petgraph::algo::dijkstra(&theirs, 0, None, |edge| *petgraph::visit::EdgeRef::weight(&edge)));
        }));
    }
    eprintln!(
        "one-to-all on {n} vertices: {:.1} ms, petgraph {:.1} ms: {:.2} times",
        fast * 1e3,
        slow * 1e3,
        slow / fast
    );
    c.bench_function("dijkstra/100k", |b| b.iter(|| search.run(black_box(&ours), 0)));
}

fn address_networks(c: &mut Criterion) {
    let mut group = c.benchmark_group("address");
    group.sample_size(10);
    for blocks in [20, 60] {
        let instance = address_network(blocks, 7, 36);
        let config = Config { steps: 5_000_000, ..Config::default() };
        let solution = solve(&instance, &config, &mut Silent).expect("a solution");
        assert_eq!(instance.check(&solution.certificate, &[]), Ok(solution.bound));
        eprintln!(
            "{} terminals: gap {:.2} %",
            instance.terminals().len(),
            (solution.cost - solution.bound) as f64 * 100.0 / solution.cost as f64
        );
        group.bench_function(format!("{}", instance.terminals().len()), |b| {
            b.iter(|| solve(black_box(&instance), &config, &mut Silent));
        });
    }
    group.finish();
}

/// A table of real instances with known optima: what is found, certified and claimed, and in what time.
fn real_instances(_: &mut Criterion) {
    let shared = std::env::var_os("BREIBAND_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let folder = shared.join("data/steiner");
    let Ok(optima) = std::fs::read_to_string(folder.join("optima.csv")) else {
        eprintln!("SKIPPED: real instances: {} is absent", folder.display());
        return;
    };
    eprintln!("instance       optimum         found      certified   gap %        claimed   gap %  seconds");
    for line in optima.lines().skip(1) {
        let words: Vec<&str> = line.split(',').collect();
        let (name, optimum) = (words[0], words[5].parse::<u64>().expect("a number"));
        let file = std::fs::File::open(folder.join(format!("{name}.stp.gz"))).expect("an instance of the list");
        let instance = read_stp(file).expect("a sound instance");
        let start = Instant::now();
        let solution =
            solve(&instance, &Config { steps: 1_500_000_000, ..Config::default() }, &mut Silent).expect("a solution");
        let seconds = start.elapsed().as_secs_f64();
        assert_eq!(instance.check(&solution.certificate, &[]), Ok(solution.bound));
        let claimed = solution.stats.claimed_bound.max(solution.bound);
        assert!(claimed <= optimum && optimum <= solution.cost, "{name}");
        let gap = |bound: u64| (solution.cost - bound) as f64 * 100.0 / solution.cost as f64;
        eprintln!(
            "{name:8} {optimum:13} {:13} {:14} {:7.4} {claimed:14} {:7.4} {seconds:8.2}",
            solution.cost,
            solution.bound,
            gap(solution.bound),
            gap(claimed)
        );
    }
}

criterion_group!(benches, shortest_paths, address_networks, real_instances);
criterion_main!(benches);
