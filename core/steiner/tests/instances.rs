//! Real Steiner instances with proven optima, and address networks as the project plans them: every answer is a tree,
//! every certificate holds, every optimum lies between bound and cost, and the gaps are what they were or better.

#[path = "support/address.rs"]
mod address;

use breiband_graph::UnionFind;
use breiband_steiner::{Certificate, Config, Instance, Silent, Solution, Solver, Status, Terminal, read_stp, solve};
use std::path::PathBuf;

/// Checks an answer from the instance alone.
fn assert_sound(instance: &Instance, solution: &Solution) {
    let mut sets = UnionFind::new(instance.vertices());
    let mut degree = vec![0u32; instance.vertices() as usize];
    let mut cost = 0;
    for &e in &solution.edges {
        let (u, v, c) = instance.edges()[e as usize];
        assert!(sets.union(u, v), "a cycle");
        degree[u as usize] += 1;
        degree[v as usize] += 1;
        cost += c;
    }
    assert!(instance.sinks().iter().all(|&s| degree[s as usize] <= 1), "a path through a sink");
    assert!(instance.terminals().iter().all(|t| sets.same(t.vertex, instance.root())), "a terminal is missing");
    assert_eq!(cost, solution.cost);
    // From the file alone, as somebody else would.
    let file = Certificate::parse(&solution.certificate.to_gzip_bytes()).expect("a readable certificate");
    assert_eq!(instance.check(&file, &[]), Ok(solution.bound));
}

fn gap(cost: u64, bound: u64) -> f64 {
    (cost - bound) as f64 / cost as f64
}

/// The real instances of these names, or all, with their published optima; none where they are absent, and a line that says what is
/// skipped.
#[allow(clippy::print_stderr, reason = "a skip is told")]
fn real(what: &str, names: &[&str]) -> Vec<(String, u64, Instance)> {
    let shared = std::env::var_os("BREIBAND_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = shared.join("data/steiner");
    let Ok(optima) = std::fs::read_to_string(folder.join("optima.csv")) else {
        eprintln!("SKIPPED: {what} of real instances: {} is absent", folder.display());
        return Vec::new();
    };
    let listed = optima.lines().skip(1).map(|line| {
        let mut words = line.split(',');
        let name = words.next().unwrap_or_default();
        (name, words.next_back().and_then(|word| word.parse::<u64>().ok()).expect("a number"))
    });
    let wanted = |name: &str| names.is_empty() || names.contains(&name);
    let some = listed.filter(|(name, _)| wanted(name)).map(|(name, optimum)| {
        let file = std::fs::File::open(folder.join(format!("{name}.stp.gz"))).expect("an instance of the list");
        (name.to_owned(), optimum, read_stp(file).expect("a sound instance"))
    });
    let some: Vec<_> = some.collect();
    assert!(!some.is_empty() && some.len() >= names.len(), "{what}: not all are listed");
    some
}

#[test]
fn proven_optima_lie_between_bound_and_cost() {
    for (name, optimum, instance) in real("proven optima", &[]) {
        let solution =
            solve(&instance, &Config { steps: 3_000_000, ..Config::default() }, &mut Silent).expect("a solution");
        assert_sound(&instance, &solution);
        assert!(solution.bound <= optimum && optimum <= solution.cost, "{name}");
        assert!(solution.stats.claimed_bound <= optimum, "{name}");
        let (above, below) = (gap(solution.cost, optimum), gap(optimum, solution.bound));
        eprintln!("{name}: {:.3} % above the optimum, certified {:.3} % below it", above * 100.0, below * 100.0);
        let (above_at_most, below_at_most) = if name.starts_with('G') { (0.02, 0.015) } else { (0.002, 0.008) };
        assert!(above <= above_at_most && below <= below_at_most, "{name}");
    }
}

/// Branching proves these in a tenth of a second and in two, and says nothing that a certificate could.
#[test]
fn a_certificate_comes_near_what_branching_proves_where_that_is_asked() {
    for (name, optimum, instance) in real("certificates", &["I054", "G204"]) {
        let config = Config { steps: 1_000_000_000, ..Config::default() };
        let [ended, gone_on] = [false, true].map(|certified| {
            let solution = solve(&instance, &Config { certified, ..config }, &mut Silent).expect("a solution");
            assert_sound(&instance, &solution);
            assert_eq!((solution.cost, solution.stats.claimed_bound), (optimum, optimum), "{name}");
            gap(optimum, solution.bound)
        });
        assert!(ended > 0.001 && gone_on < 0.000_1, "{name}: {ended} and {gone_on}");
    }
}

#[test]
fn small_real_instances_are_solved_to_optimality() {
    for (name, optimum, instance) in real("small ones", &["I052", "I053", "I054", "I056"]) {
        let solution =
            solve(&instance, &Config { steps: 200_000_000, ..Config::default() }, &mut Silent).expect("a solution");
        assert_sound(&instance, &solution);
        assert_eq!((solution.cost, solution.stats.claimed_bound), (optimum, optimum), "{name}");
    }
}

/// What the solver writes down proves the published optimum to a replayer that knows nothing of it, and recording changes no
/// answer.
#[test]
fn proofs_of_real_instances_reach_their_optimum() {
    for (name, optimum, instance) in real("proofs", &["I052", "I053", "I054", "I056", "I004", "I039"]) {
        let config = Config { steps: 1_000_000_000, ..Config::default() };
        let mut solver = Solver::new(&instance, config);
        solver.record();
        while solver.advance(&mut Silent).expect("a solution") == Status::Running {}
        let bytes = solver.take_proof().expect("a proof").to_gzip_bytes();
        let solution = solver.into_solution().expect("a solution");
        assert_eq!(instance.replay(&bytes[..]).expect("a proof that holds"), optimum, "{name}");
        // Cut off anywhere, it proves nothing.
        for part in 1..8 {
            assert!(instance.replay(&bytes[..bytes.len() * part / 8]).is_err(), "{name}");
        }
        if name == "I052" {
            assert_eq!(solution, solve(&instance, &config, &mut Silent).expect("a solution"), "{name}");
        }
    }
}

/// Address networks have sinks, prizes none; halves of their houses with prizes have both.
#[test]
fn proofs_of_address_networks_hold() {
    for (blocks, prize) in [(4, None), (6, None), (4, Some(150)), (6, Some(400))] {
        let instance = address::address_network(blocks, 7, 60);
        let prized = |(i, t): (usize, &Terminal)| Terminal { prize: prize.filter(|_| i % 2 == 0), ..*t };
        let terminals = instance.terminals().iter().enumerate().map(prized).collect();
        let instance = instance.with_terminals(terminals).expect("a sound instance");
        let mut solver = Solver::new(&instance, Config { steps: 50_000_000, ..Config::default() });
        solver.record();
        while solver.advance(&mut Silent).expect("a solution") == Status::Running {}
        let proof = solver.take_proof().expect("a proof");
        let solution = solver.into_solution().expect("a solution");
        let proven = instance.replay(&proof.to_gzip_bytes()[..]).expect("a proof that holds");
        eprintln!("{blocks} blocks, {prize:?}: cost {}, certified {}, proved {proven}", solution.cost, solution.bound);
        assert_eq!(proven, proof.bound);
        assert!(solution.bound <= proven && proven <= solution.cost);
    }
}

#[test]
fn address_networks() {
    for (blocks, seed, drop_price) in [(6, 1, 36), (12, 2, 60), (12, 3, 120)] {
        let instance = address::address_network(blocks, seed, drop_price);
        let solution =
            solve(&instance, &Config { steps: 2_000_000, ..Config::default() }, &mut Silent).expect("a solution");
        assert_sound(&instance, &solution);
        let gap = gap(solution.cost, solution.bound);
        eprintln!("{} houses, drops at {drop_price}: gap {:.2} %", instance.terminals().len(), gap * 100.0);
        assert!(gap < 0.06);
    }
}

#[test]
fn same_answer_twice_and_on_scaled_costs() {
    let instance = address::address_network(5, 9, 36);
    let config = Config { seed: 3, steps: 500_000, ..Config::default() };
    let first = solve(&instance, &config, &mut Silent).expect("a solution");
    assert_eq!(first, solve(&instance, &config, &mut Silent).expect("a solution"));
    let tripled = instance.edges().iter().map(|&(u, v, c)| (u, v, c * 3)).collect();
    let terminals: Vec<Terminal> = instance.terminals().to_vec();
    let scaled =
        Instance::new(instance.vertices(), tripled, instance.root(), terminals, instance.sinks().to_vec()).unwrap();
    let again = solve(&scaled, &Config { seed: 3, steps: 0, ..Config::default() }, &mut Silent).expect("a solution");
    let plain = solve(&instance, &Config { seed: 3, steps: 0, ..Config::default() }, &mut Silent).expect("a solution");
    assert_eq!((again.cost, again.bound, again.edges), (plain.cost * 3, plain.bound * 3, plain.edges));
}

#[test]
fn mutated_certificates_are_refused() {
    let instance = address::address_network(4, 5, 36);
    let solution = solve(&instance, &Config { steps: 0, ..Config::default() }, &mut Silent).expect("a solution");
    let mut text = Vec::new();
    solution.certificate.write_text(&mut text).expect("memory");
    let text = String::from_utf8(text).expect("plain text");
    let lines: Vec<&str> = text.lines().collect();
    let refused = |instance: &Instance, lines: &[String]| match Certificate::parse(lines.join("\n").as_bytes()) {
        Ok(certificate) => instance.check(&certificate, &[]) != Ok(solution.bound),
        Err(_) => true,
    };
    let owned: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
    assert!(!refused(&instance, &owned));
    for (i, line) in lines.iter().enumerate().skip(1) {
        let words: Vec<u64> = line.split(' ').skip(1).map(|word| word.parse().expect("a number")).collect();
        let mut doubled = owned.clone();
        doubled.insert(i, (*line).to_owned());
        assert!(refused(&instance, &doubled), "line {i} twice");
        if words[0] == words[1] {
            let mut raised = owned.clone();
            raised[i] = format!("P {} {} {}", words[0], words[1], words[2] + 1);
            let certificate = Certificate::parse(raised.join("\n").as_bytes()).expect("a readable certificate");
            assert!(instance.check(&certificate, &[]).is_err(), "line {i} raised");
        }
    }
    // A sink's edge that is fully paid for: a unit less must not do.
    let paid = solution.edges.iter().filter(|&&e| {
        let mut edges = instance.edges().to_vec();
        edges[e as usize].2 -= 1;
        let cheaper = Instance::new(
            instance.vertices(),
            edges,
            instance.root(),
            instance.terminals().to_vec(),
            instance.sinks().to_vec(),
        );
        cheaper.expect("a sound instance").check(&solution.certificate, &[]).is_err()
    });
    assert!(paid.count() * 10 > solution.edges.len() * 9, "an optimal dual pays for nearly every edge of the tree");
}
