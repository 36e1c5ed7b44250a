//! Problems without a root against all that could be answered.

use super::read_problem;
use crate::{Config, Silent};
use breiband_graph::UnionFind;
use proptest::prelude::*;
use std::fmt::Write;

type Edges = Vec<(u32, u32, u64)>;

fn text(n: u32, edges: &Edges, prizes: &[(u32, u64)]) -> String {
    let mut text = format!("SECTION Graph\nNodes {n}\nEdges {}\n", edges.len());
    for (u, v, cost) in edges {
        let _ = writeln!(text, "E {} {} {cost}", u + 1, v + 1);
    }
    let _ = writeln!(text, "END\nSECTION Terminals\nTerminals {}", prizes.len());
    for (v, prize) in prizes {
        let _ = writeln!(text, "TP {} {prize}", v + 1);
    }
    text + "END\nEOF\n"
}

/// The least cost of a tree on any set of vertices, with the prizes outside it.
fn least(n: u32, edges: &Edges, prizes: &[(u32, u64)]) -> u64 {
    let mut sorted = edges.clone();
    sorted.sort_by_key(|edge| edge.2);
    let cost = |set: u32| {
        let mut sets = UnionFind::new(n);
        let inside = |v: u32| set >> v & 1 == 1;
        let within = sorted.iter().filter(|(u, v, _)| inside(*u) && inside(*v));
        let used: Vec<u64> = within.filter(|(u, v, _)| sets.union(*u, *v)).map(|edge| edge.2).collect();
        let missed = prizes.iter().filter(|(v, _)| !inside(*v)).map(|(_, prize)| prize);
        (used.len() as u32 + 1 == set.count_ones()).then(|| used.iter().sum::<u64>() + missed.sum::<u64>())
    };
    (1..1 << n).filter_map(cost).min().unwrap()
}

/// Some close together, some apart, some with nothing to gain; or two such groups far from one another.
fn problems() -> impl Strategy<Value = (u32, Edges, Vec<(u32, u64)>)> {
    let group = |n: u32| {
        let cost = prop_oneof![0u64..4, 5u64..15, Just(60)];
        let edges = prop::collection::vec((0..n, 0..n, cost), 0..14);
        let prize = prop_oneof![Just(None), (0u64..12).prop_map(Some), (5u64..40).prop_map(Some)];
        (Just(n), edges, prop::collection::vec(prize, n as usize))
    };
    let pair = (group(4), group(4), 40u64..90).prop_map(|((n, mut edges, mut prizes), (_, others, more), bridge)| {
        edges.extend((1..n).map(|v| (v - 1, v, 15)));
        edges.extend((1..n).map(|v| (n + v - 1, n + v, 15)));
        edges.extend(others.into_iter().map(|(u, v, cost)| (n + u, n + v, cost)));
        edges.push((0, n, bridge));
        prizes.extend(more);
        (2 * n, edges, prizes)
    });
    prop_oneof![(2u32..9).prop_flat_map(group), pair].prop_map(|(n, mut edges, prizes)| {
        edges.retain(|(u, v, _)| u != v);
        let mut prizes: Vec<(u32, u64)> = (0..).zip(prizes).filter_map(|(v, prize)| Some((v, prize?))).collect();
        if prizes.is_empty() {
            prizes.push((0, 3));
        }
        (n, edges, prizes)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn a_tree_may_begin_anywhere((n, edges, prizes) in problems(), steps in prop_oneof![Just(0), Just(2_000_000u64)]) {
        let problem = read_problem(text(n, &edges, &prizes).as_bytes()).unwrap();
        let want = least(n, &edges, &prizes);
        let found = problem.solve(&Config { steps, ..Config::default() }, true, &mut Silent).unwrap();
        prop_assert!(found.bound <= found.claimed && found.claimed <= want && want <= found.cost);
        if steps > 0 {
            prop_assert_eq!((found.cost, found.claimed), (want, want));
        }
        prop_assert_eq!(problem.check(&found.cases, &[]).unwrap().min(found.cost), found.bound);
        let mut proofs = Vec::new();
        found.write_proofs(&problem, &mut proofs).unwrap();
        let proved = problem.replay(&proofs[..]).unwrap();
        prop_assert!(proved <= want && (steps == 0 || proved == want), "{proved} of {want}");
        let mut answer = format!("VALUE {}\n", problem.figure(found.cost));
        for (u, v) in &found.tree {
            let _ = writeln!(answer, "{u} {v}");
        }
        prop_assert_eq!(problem.read_answer(answer.as_bytes()).unwrap(), found.cost);
    }
}

/// Two good places far apart, of which only one can be in a tree; more could be saved in the one, as far as can be seen at once, and more
/// is in the other.
const EDGES: [(u32, u32, u64); 6] = [(0, 1, 50), (1, 2, 50), (2, 3, 50), (3, 4, 900), (4, 5, 2), (5, 6, 30)];
const PRIZES: [(u32, u64); 7] = [(0, 60), (1, 60), (2, 60), (3, 60), (4, 50), (5, 50), (6, 50)];

#[test]
fn without_a_root_a_tree_begins_where_it_pays() {
    let problem = read_problem(text(7, &EDGES.to_vec(), &PRIZES).as_bytes()).unwrap();
    let found = problem.solve(&Config::default(), false, &mut Silent).unwrap();
    assert_eq!((found.cost, &found.tree[..]), (32 + 240, &[(5, 6), (6, 7)][..]));
    assert_eq!((found.bound, found.cases.len()), (272, 2));
    // Left out, or for another vertex, a certificate does not hold the place of what was asked.
    assert!(problem.check(&found.cases[..1], &[]).unwrap() < 272);
    let twice = [0, 0].map(|i| found.cases[i].clone());
    let refused = problem.check(&twice, &[]).unwrap_err().to_string();
    assert_eq!(
        refused,
        format!("the root {} is none of the vertices that are left to ask of", twice[0].certificates[0].root())
    );
}

#[test]
fn along_a_road_one_root_is_enough() {
    let n = 2_000;
    let edges = (1..n).map(|v| (v - 1, v, u64::from(v * 7 % 90))).collect();
    let prizes: Vec<(u32, u64)> = (0..n).step_by(3).map(|v| (v, 200 + u64::from(v * 13 % 100))).collect();
    let problem = read_problem(text(n, &edges, &prizes).as_bytes()).unwrap();
    let found = problem.solve(&Config::default(), false, &mut Silent).unwrap();
    assert_eq!((found.cases.len(), found.claimed), (1, found.cost));
}

#[test]
fn a_file_of_several_proofs_is_refused_by_its_line() {
    let problem = read_problem(text(7, &EDGES.to_vec(), &PRIZES).as_bytes()).unwrap();
    let found = problem.solve(&Config::default(), true, &mut Silent).unwrap();
    let mut proofs = Vec::new();
    found.write_proofs(&problem, &mut proofs).unwrap();
    let proofs = String::from_utf8(proofs).unwrap();
    assert_eq!(problem.replay(proofs.as_bytes()).unwrap(), 272);
    let (first, second) = proofs.split_at(proofs.rfind("at ").unwrap());
    assert!(problem.replay(first.as_bytes()).unwrap() < 272, "what nobody proved is not proved");
    assert_eq!(problem.replay(&b""[..]).unwrap(), problem.check(&[], &[]).unwrap());
    let line = first.lines().count() + 1;
    let refused = |text: &str| problem.replay(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        refused(&(first.to_owned() + &second.replacen("at ", "at 9", 1))),
        format!("line {line}: the vertex is none of those that are left to ask")
    );
    assert_eq!(
        refused(&first[3..]),
        "line 1: before a proof stands what it is about: `at`, its root, and what a known tree costs"
    );
    let title = line + second.lines().position(|text| text == "breiband proof 1").unwrap();
    assert_eq!(
        refused(&(first.to_owned() + &second.replace("breiband proof 1", "breiband proof 2"))),
        format!("line {title}: a proof begins with the line `breiband proof 1`")
    );
    let root = second[3..].split(' ').next().unwrap();
    let other = second.replace(&format!("R {root}\n"), &format!("R {}\n", root.parse::<u32>().unwrap() - 1));
    assert_eq!(
        refused(&(first.to_owned() + &other)),
        format!("line {line}: the certificate behind this line does not hold")
    );
}
