use super::*;
use crate::exact::{Best, Exact};
use crate::net::Kind;
use crate::oracle::{dreyfus_wagner, instances, nets, optimum, prized_nets};
use crate::{Config, Instance, Proof, Silent, Solver, Status, Terminal};
use breiband_certificate::ReplayError;
use breiband_graph::Csr;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// What a solver proves of an instance, and what its solution costs.
fn proven(instance: &Instance, steps: u64) -> (Proof, u64) {
    let mut solver = Solver::new(instance, Config { steps, ..Config::default() });
    solver.record();
    while solver.advance(&mut Silent).unwrap() == Status::Running {}
    let proof = solver.take_proof().unwrap();
    (proof, solver.into_solution().unwrap().cost)
}

fn text(proof: &Proof) -> String {
    let mut text = Vec::new();
    proof.write_text(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn instance_of(net: &Net) -> Instance {
    let terminals = net.terminals.iter().map(|&vertex| Terminal { vertex, prize: None }).collect();
    let sinks = net.terminals.iter().copied().filter(|&t| net.is_sink(t)).collect();
    Instance::new(net.graph.vertex_count(), net.graph.edges().to_vec(), net.root, terminals, sinks).unwrap()
}

/// What an exact close from scratch proves of a net within a budget.
fn closed(net: &Net, limit: u64) -> Proof {
    let mut exact = Exact::new(limit, 1, &|| false);
    exact.log = Some(Log::default());
    let origin: Vec<u32> = (0..net.graph.edge_count()).collect();
    let names = Names::lifted(net, &origin, origin.len());
    let verdict = exact.close(net, Best::below(u64::MAX), 0, Some(names)).unwrap();
    Proof { bound: verdict.bound, steps: exact.log.unwrap().into_steps().collect() }
}

/// Hypercubes, of which no reduction takes anything away, or two with a vertex in common: what is left to blocks, bounds and
/// branchings (Rosseti, Poggi de Aragão, Ribeiro, Uchoa & Werneck 2001 on such instances).
fn cubes() -> impl Strategy<Value = Net> {
    (prop_oneof![Just((3u32, 2u32)), Just((4, 1)), Just((5, 1))], 0u64..4).prop_flat_map(
        |((dimension, copies), spread)| {
            let n = 1u32 << dimension;
            let costs = prop::collection::vec(10..=10 + spread, (copies * n * dimension / 2) as usize);
            (costs, prop::collection::vec(0..n, 5..9)).prop_map(move |(costs, terminals)| {
                let pairs =
                    (0..n).flat_map(|v| (0..dimension).map(move |bit| (v, v | 1 << bit))).filter(|(v, w)| v < w);
                let pairs = (0..copies)
                    .flat_map(|copy| pairs.clone().map(move |(v, w)| (copy * (n - 1) + v, copy * (n - 1) + w)));
                let edges = pairs.zip(costs).map(|((v, w), cost)| (v, w, cost)).collect();
                // No two of them next to each other.
                let terminals = (0..).zip(terminals).map(|(i, t)| i % copies * (n - 1) + (t ^ (t.count_ones() & 1)));
                let terminals: Vec<u32> = terminals.collect();
                let mut kind = vec![Kind::Plain; (copies * (n - 1) + 1) as usize];
                for &t in &terminals {
                    kind[t as usize] = Kind::Terminal;
                }
                Net::new(Csr::from_edges(kind.len() as u32, edges).unwrap(), terminals[0], kind)
            })
        },
    )
}

/// A line that may or may not be a step: `kind` chooses which, the numbers what it is about.
fn any_line(n: u32, m: u32, best: u64, (kind, a, b, value): (u8, u32, u32, u64)) -> String {
    let (v, w, e) = (a % (n + 3), b % (n + 3), b % (m + 12));
    match kind % 22 {
        0 => format!("X {v}"),
        1 => format!("J {v}"),
        2 | 3 => format!("T {e} {v}"),
        4 => format!("E {e}"),
        5 => format!("S {e}"),
        6 => format!("F {e}"),
        7 => format!("V {v} {}", value % 64),
        8 | 9 => format!("R {v}\nP {w} {w} {}", value % 6 + 1),
        10 => {
            // A cut of two vertices.
            let (x, y) = (v.min(w), v.max(w));
            format!("R {}\nP {w} {x} {value}\nP {w} {y} {value}", b % n)
        }
        11 | 12 => format!("D {e}"),
        13 => format!("W {v}"),
        14 => "N".to_owned(),
        18 => format!("L {v}"),
        19 => format!("M {v} {w}"),
        20 => format!("H {v} {w}"),
        21 => format!("A {e} {w} {v}"),
        15 => format!("B {v}\n( {}\n)\n( {}\n)", value % (best + 2), value % (best + 2) + 1),
        16 => format!("B {v}"),
        _ => match value % 4 {
            0 => "K".to_owned(),
            1 => format!("( {}", u64::from(a) % (best + 3)),
            2 => format!("( {} {e}", u64::from(a) % (best + 3)),
            _ => ")".to_owned(),
        },
    }
}

/// Whether a replayer follows the lines as far as they go, though they may not prove enough yet.
fn followed(instance: &Instance, lines: &str) -> bool {
    match instance.replay(lines.as_bytes()) {
        Ok(bound) => panic!("{bound} is more than the optimum, but is proved by\n{lines}"),
        Err(ReplayError::End { .. }) => true,
        Err(_) => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    /// Whatever is written, nothing above the optimum is proved: each line is tried, and stays if it is followed.
    #[test]
    fn no_lines_prove_too_much(
        (instance, best) in prop_oneof![
            instances().prop_map(|instance| { let best = optimum(&instance).0; (instance, best) }),
            prized_nets().prop_map(|net| (instance_of(&net), dreyfus_wagner(&net))),
        ],
        lines in prop::collection::vec((any::<u8>(), any::<u32>(), any::<u32>(), 0u64..200), 60), more in 1u64..3) {
        let (n, m) = (instance.vertices(), instance.edges().len() as u32);
        let mut text = format!("breiband proof 1\nU {}\n", best + more);
        for line in lines {
            let longer = format!("{text}{}\n", any_line(n, m, best, line));
            if followed(&instance, &longer) {
                text = longer;
            }
        }
    }

    #[test]
    fn solvers_prove_the_optimum(instance in instances()) {
        let (want, _) = optimum(&instance);
        let (proof, cost) = proven(&instance, 20_000_000);
        let lines = text(&proof);
        prop_assert_eq!(instance.replay(lines.as_bytes()).map_err(|e| format!("{e}\n{lines}")), Ok(want));
        prop_assert_eq!(instance.replay(&proof.to_gzip_bytes()[..]).ok(), Some(want));
        prop_assert_eq!(cost, want);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    /// A proof that says a unit more is refused, with whatever else is changed in it.
    #[test]
    fn mutated_proofs_prove_no_more(
        net in prop_oneof![3 => nets(), 3 => prized_nets(), 1 => cubes()],
        changes in prop::collection::vec(
            (any::<u8>(), any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..60),
    ) {
        let want = dreyfus_wagner(&net);
        let instance = instance_of(&net);
        let whole = text(&closed(&net, u64::MAX)).replacen(&format!("U {want}\n"), &format!("U {}\n", want + 1), 1);
        let lines: Vec<String> = whole.lines().map(str::to_owned).collect();
        // Every claim within the proof a unit higher, too.
        let raised: Vec<String> = lines.iter().map(|line| match line.strip_prefix("( ") {
            Some(rest) => {
                let (bound, edge) = rest.split_once(' ').map_or((rest, ""), |(bound, edge)| (bound, edge));
                format!("( {} {edge}", bound.parse::<u64>().unwrap() + 1).trim_end().to_owned()
            }
            None => line.clone(),
        }).collect();
        for mut lines in [lines, raised] {
            prop_assert!(instance.replay(lines.join("\n").as_bytes()).is_err());
            for (what, at, other, word) in &changes {
                let before = lines.clone();
                if lines.len() < 4 {
                    break;
                }
                let (at, other) = (2 + at.index(lines.len() - 2), 2 + other.index(lines.len() - 2));
                match what % 5 {
                    0 => drop(lines.remove(at)),
                    1 => lines.insert(at, before[other].clone()),
                    2 => lines.swap(at, other),
                    _ => {
                        let mut words: Vec<String> = lines[at].split(' ').map(str::to_owned).collect();
                        let word = word.index(words.len());
                        if let Ok(number) = words[word].parse::<u64>() {
                            words[word] = if what % 5 == 3 { number + 1 } else { number.saturating_sub(1) }.to_string();
                        }
                        lines[at] = words.join(" ");
                    }
                }
                let proven = instance.replay(lines.join("\n").as_bytes());
                prop_assert!(!proven.is_ok_and(|bound| bound > want));
                lines = before;
            }
        }
    }

    #[test]
    fn closes_prove_the_optimum(net in prop_oneof![3 => nets(), 3 => prized_nets(), 1 => cubes()]) {
        let want = dreyfus_wagner(&net);
        let lines = text(&closed(&net, u64::MAX));
        let proven = instance_of(&net).replay(lines.as_bytes());
        prop_assert_eq!(proven.map_err(|e| format!("{e}\n{lines}")), Ok(want));
    }

    /// Whenever the budget ends, what is written proves what was found out by then.
    #[test]
    fn closes_that_end_early_prove_their_bound(net in prop_oneof![nets(), prized_nets(), cubes()], limit in 0u64..200_000) {
        let proof = closed(&net, limit);
        let lines = text(&proof);
        let proven = instance_of(&net).replay(lines.as_bytes());
        prop_assert_eq!(proven.map_err(|e| format!("{e}\n{lines}")), Ok(proof.bound));
        prop_assert!(proof.bound <= dreyfus_wagner(&net));
    }
}

/// What random nets need: only branchings are rare (`exact::proofs` asks for some), so `B` and `W` may come or not.
#[test]
fn steps_of_nearly_every_kind_are_written() {
    let mut kinds = std::collections::BTreeSet::new();
    let mut runner = TestRunner::deterministic();
    let strategies = [nets().boxed(), prized_nets().boxed(), cubes().boxed()];
    for strategy in (0..200).flat_map(|_| &strategies) {
        let net = strategy.new_tree(&mut runner).unwrap().current();
        let lines = text(&closed(&net, u64::MAX));
        assert_eq!(instance_of(&net).replay(lines.as_bytes()).unwrap(), dreyfus_wagner(&net));
        kinds.extend(lines.lines().skip(2).map(|line| line.as_bytes()[0]));
        for instance in [instances().new_tree(&mut runner).unwrap().current(), instance_of(&net)] {
            let lines = text(&proven(&instance, 20_000_000).0);
            kinds.extend(lines.lines().skip(2).map(|line| line.as_bytes()[0]));
        }
    }
    kinds.retain(|kind| !b"BW".contains(kind));
    assert_eq!(String::from_utf8(kinds.into_iter().collect()).unwrap(), "()ADEFHJKLMNPRSTVXYZ");
}
