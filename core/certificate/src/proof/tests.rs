use super::*;
use crate::Instance;
use proptest::prelude::*;

/// A root 0, a road 0–1–2–3, a short cut 0–2, a triangle 2–3–4, and a house 5 with drops from 1, 2 and 3.
const EDGES: [(u32, u32, u64); 9] =
    [(0, 1, 5), (1, 2, 3), (0, 2, 9), (2, 3, 2), (3, 4, 4), (2, 4, 4), (1, 5, 6), (2, 5, 3), (3, 5, 1)];

fn told(lines: &str, terminals: &[(u32, Option<u64>)]) -> Result<u64, String> {
    let instance = Instance { vertices: 6, edges: &EDGES, root: 0, terminals, sinks: &[5] };
    replay(&instance, format!("breiband proof 1\n{lines}").as_bytes()).map_err(|error| error.to_string())
}

/// The refusal of the last of some lines.
fn refusal(lines: &str, terminals: &[(u32, Option<u64>)]) -> String {
    let last = lines.lines().count() + 2;
    let said = told(&format!("U 99\n{lines}"), terminals).unwrap_err();
    said.strip_prefix(&format!("line {last}: ")).unwrap_or_else(|| panic!("{said} is about another line")).to_owned()
}

#[test]
fn each_rule_is_held() {
    let t = [(3, None), (5, None)];
    assert_eq!(refusal("X 1", &t), "vertex 1 is no dead end: it has several edges, not all to sinks");
    assert_eq!(refusal("X 3", &t), "vertex 3 is a terminal");
    assert_eq!(refusal("X 9", &t), "vertex 9 is not there, or cannot stand there");
    assert!(refusal("J 2", &t).contains("does not lie on a single way"));
    assert_eq!(
        refusal("J 4\nJ 4", &t),
        "vertex 4 does not lie on a single way between two others that are not both sinks"
    );
    assert_eq!(refusal("T 9 3", &t), "edge 9 is not there");
    assert_eq!(refusal("T 3 4", &t), "edge 3 need not be in a best solution");
    assert_eq!(refusal("T 4 3", &t), "edge 4 need not be in a best solution");
    assert_eq!(refusal("T 7 2", &t), "edge 7 need not be in a best solution");
    assert_eq!(refusal("T 8 5", &t), "edge 8 need not be in a best solution");
    assert_eq!(refusal("E 2", &t), "no other edge between the ends of 2 costs no more");
    assert!(refusal("S 3", &t).starts_with("the ends of edge 3 are not joined"));
    assert!(refusal("S 7", &t).starts_with("the ends of edge 7 are not joined"));
    assert!(refusal("F 8", &t).starts_with("edge 8 is no drop"));
    assert!(refusal("F 3", &t).starts_with("edge 3 is no drop"));
    assert!(refusal("V 4 1", &t).starts_with("vertex 4 cannot be replaced"));
    assert!(refusal("V 1 7", &t).starts_with("vertex 1 cannot be replaced"));
    assert!(refusal("W 2", &t).starts_with("vertex 2 cannot be replaced"));
    assert_eq!(refusal("D 2", &t), "the potentials do not rule out edge 2");
    assert_eq!(refusal("( 7", &t), "no proof within a proof can begin or end here");
    assert_eq!(refusal(")", &t), "no proof within a proof can begin or end here");
    assert_eq!(refusal("B 3", &t), "vertex 3 is a terminal");
    assert_eq!(refusal("B 4\nX 4", &t), "after B or K only proofs on the parts can follow");
    assert!(refusal("B 4\n( 9\n)", &t).starts_with("the proof is not complete"));
    assert!(refusal("K\n( 9 99", &t).starts_with("no proof within"));
}

#[test]
fn what_is_so_is_followed() {
    let t = [(3, None), (5, None)];
    // The drop from 3 is the cheapest and leads to a terminal. 4 is a detour, and 0–2 too.
    let fine = "T 8 3\nJ 4\nE 9\nJ 1\nE 2\nJ 2\nT 11 0\n";
    assert_eq!(told(&format!("U 11\n{fine}"), &t), Ok(11));
    assert!(told(&format!("U 12\n{fine}"), &t).unwrap_err().contains("the file ends at line 9"));
    // The other drops one by one: from 1 it is 6, from 2 no more than 3 + 3; from 2 it is 3, from 3 no more than 2 + 1.
    assert_eq!(told("U 11\nF 6\nF 7\nT 8 3\nS 2\nJ 1\nJ 4\nE 10\nJ 2\nT 11 3\n", &t), Ok(11));
    // By blocks: two triangles and the last drop.
    let blocks = "F 6\nF 7\nK\n( 2 5\nT 0 0\n)\n( 8 2\nJ 1\nE 2\nT 3 0\n)\n( 1 8\nT 0 0\n)\n";
    assert_eq!(told(&format!("U 11\n{blocks}"), &t), Ok(11));
    assert!(told(&format!("U 12\n{blocks}"), &t).unwrap_err().contains("the file ends"));
    let twice = blocks.replace("( 1 8", "( 2 4");
    assert_eq!(
        told(&format!("U 11\n{twice}"), &t).unwrap_err(),
        "line 14: no proof within a proof can begin or end here"
    );
    // By a branching: with 4 it costs 5 before the root is reached, without it 3.
    let branching = "B 4\n( 5\nT 8 3\nT 4 3\n)\n( 3\nT 8 3\nX 4\nT 3 3\n)\n";
    assert_eq!(told(&format!("U 3\n{branching}"), &t), Ok(3));
    assert!(told(&format!("U 4\n{branching}"), &t).unwrap_err().contains("the file ends"));
}

#[test]
fn potentials_close_and_rule_out() {
    let t = [(3, None), (5, None)];
    let bound = "T 8 3\nR 0\nP 3 1 5\nP 3 2 8\nP 3 3 10\nP 3 4 10\n";
    assert_eq!(told(&format!("U 11\n{bound}"), &t), Ok(11));
    assert!(told(&format!("U 12\n{bound}"), &t).is_err());
    // One more would rule out 0–2, whose way is one longer, but not the way itself; and no longer once the graph has changed.
    assert_eq!(told(&format!("U 12\n{bound}D 2\nD 2\n"), &t), Err("line 10: edge 2 is not there".to_owned()));
    assert_eq!(
        told(&format!("U 12\n{bound}D 3\n"), &t),
        Err("line 9: the potentials do not rule out edge 3".to_owned())
    );
    assert_eq!(
        told(&format!("U 12\n{bound}J 4\nD 2\n"), &t),
        Err("line 10: the potentials do not rule out edge 2".to_owned())
    );
    let broken = bound.replace("P 3 2 8", "P 3 2 9");
    assert!(told(&format!("U 11\n{broken}"), &t).unwrap_err().starts_with("line 4: the potentials are not valid"));
    let elsewhere = bound.replace("R 0", "R 4");
    assert!(told(&format!("U 11\n{elsewhere}"), &t).unwrap_err().starts_with("line 4: the potentials are not valid"));
}

#[test]
fn prizes_are_edges_from_the_root() {
    // Vertex 6 stands for 4; edge 9 leads there for nothing, edge 10 for the prize.
    let t = [(4, Some(5))];
    let refused = told("U 5\nT 10 0\n", &t).unwrap_err();
    assert_eq!(refused, "line 3: edge 10 need not be in a best solution");
    assert_eq!(
        told("U 5\nR 0\nP 6 6 5\nP 6 4 5\n", &t).unwrap_err().split(':').nth(1),
        Some(" the potentials are not valid")
    );
    assert_eq!(told("U 5\nR 0\nP 6 2 1\nP 6 3 1\nP 6 4 5\nP 6 6 5\n", &t), Ok(5));
    assert!(told("U 6\nR 0\nP 6 4 6\nP 6 6 6\n", &t).is_err());
    assert_eq!(told("U 0\n", &[(4, Some(0))]), Ok(0));
}

#[test]
fn names_the_line() {
    for (lines, said) in [
        ("", "line 2: the second line must be `U` and a number"),
        ("U -1\n", "line 2: the second line must be `U` and a number"),
        ("U 1\nP 1 1 1\n", "line 3: lines `P` follow a line `R r`"),
        ("U 1\nR 0\nP 3 3 0\n", "line 4: it is no step of a proof"),
        ("U 1\nX\n", "line 3: it is no step of a proof"),
        ("U 1\nX 1 2\n", "line 3: it is no step of a proof"),
        ("U 1\nX 4294967296\n", "line 3: it is no step of a proof"),
        ("U 1\nV 1 256\n", "line 3: it is no step of a proof"),
        ("U 1\n", "the file ends at line 2"),
    ] {
        let error = told(lines, &[(3, None)]).unwrap_err();
        assert!(error.starts_with(said), "{error}");
    }
    let instance = Instance { vertices: 6, edges: &EDGES, root: 0, terminals: &[(3, None)], sinks: &[] };
    let error = |bytes: &[u8]| replay(&instance, bytes).unwrap_err().to_string();
    assert!(error(b"U 1\n").starts_with("line 1: a proof begins with"));
    assert!(error(&[b'b'; 1 << 20]).starts_with("line 1: it is too long"));
    let unsound = Instance { terminals: &[(3, None), (3, None)], ..instance };
    assert!(replay(&unsound, &b"breiband proof 1\nU 1\n"[..]).unwrap_err().to_string().starts_with("the instance: "));
}

/// Proofs within proofs cannot be piled up without end.
#[test]
fn depth_is_limited() {
    let mut lines = "U 9\n".to_owned();
    for _ in 0..1_100 {
        lines += "K\n( 9 0\n";
    }
    assert!(told(&lines, &[(3, None)]).is_err());
}

proptest! {
    #[test]
    fn never_panics(words in prop::collection::vec((0usize..20, 0u32..14, 0u32..14, 0u64..9), 0..40)) {
        let letters = ["X", "J", "T", "E", "S", "F", "V", "R", "P", "D", "W", "N", "B", "K", "(", ")", "R 0\nP", "U", "", "B 4\n("];
        let mut lines = "U 99\n".to_owned();
        for (letter, a, b, c) in words {
            let count = ["", " a", " a b", " a b c"][(a as usize + letter) % 4];
            let said = count.replace('a', &a.to_string()).replace('b', &b.to_string()).replace('c', &c.to_string());
            lines += &format!("{}{said}\n", letters[letter]);
        }
        prop_assert!(told(&lines, &[(3, Some(4)), (5, None)]).is_err());
    }

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let instance = Instance { vertices: 6, edges: &EDGES, root: 0, terminals: &[(3, None)], sinks: &[] };
        prop_assert!(replay(&instance, &bytes[..]).is_err());
    }
}

/// What a graph's best solution costs with what is fixed, by trying all sets of its edges.
fn least(graph: &graph::Graph) -> u64 {
    let edges: Vec<_> = (0..graph.edge_count() as u32).filter_map(|e| graph.edge(e).ok()).collect();
    let cost = |set: u32| (0..edges.len()).filter(|i| set >> i & 1 == 1).map(|i| edges[i].2).sum::<u64>();
    let connects = |set: u32| {
        let (mut inside, mut grown) = (vec![false; graph.kind.len()], true);
        inside[graph.root as usize] = true;
        while std::mem::take(&mut grown) {
            for (_, &(u, v, _)) in edges.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1) {
                for (a, b) in [(u, v), (v, u)] {
                    let goes = inside[a as usize] && !graph.is_sink(a) && !inside[b as usize];
                    (inside[b as usize], grown) = (inside[b as usize] || goes, grown || goes);
                }
            }
        }
        (0..inside.len()).all(|v| inside[v] || graph.kind[v] == graph::Kind::Plain)
    };
    let sets = (0..1u32 << edges.len()).filter(|&set| connects(set));
    graph.fixed + sets.map(cost).min().unwrap_or(1 << 40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    /// Whatever step is followed, the best solution costs what it did.
    #[test]
    fn no_rule_changes_the_least_cost(n in 3usize..7,
        edges in prop::collection::vec((0u32..6, 0u32..6, 0u64..7), 2..11),
        kinds in prop::collection::vec(0u8..4, 6),
        steps in prop::collection::vec((0u8..7, 0u32..16, 0u32..6, 0u8..64), 40)) {
        use graph::{Graph, Kind};
        let mut kinds: Vec<Kind> =
            kinds[..n].iter().map(|k| [Kind::Plain, Kind::Plain, Kind::Terminal, Kind::Sink][*k as usize]).collect();
        kinds[0] = Kind::Terminal;
        let mut graph = Graph::new(kinds, 0);
        for (u, v, cost) in edges {
            let (u, v) = (u % n as u32, v % n as u32);
            if u != v && !(graph.is_sink(u) && graph.is_sink(v)) {
                graph.add(u, v, cost).unwrap();
            }
        }
        let want = least(&graph);
        if want == 1 << 40 {
            // Nothing connects the terminals.
            return Ok(());
        }
        let mut search = search::Search::default();
        for (kind, e, v, pairs) in steps {
            let mut next = graph.clone();
            let followed = match kind {
                0 => rules::dead_end(&mut next, v),
                1 => rules::join(&mut next, v),
                2 => rules::take(&mut next, &mut search, e, v),
                3 => rules::equal(&mut next, e),
                4 => rules::special(&mut next, &mut search, e),
                5 => rules::farther(&mut next, &mut search, e),
                _ => rules::replace(&mut next, &mut search, v, pairs),
            };
            if followed.is_ok() {
                prop_assert_eq!(least(&next), want, "step {} of {} {}", kind, e, v);
                graph = next;
            }
        }
    }
}

/// A root 0, a road 0–1–2–3 of 7, 4 and 5, a short cut 1–3 of 9, and optional terminals: 1 for 6, 2 for 8, 3 for 5. Vertices 6 to 8 and
/// edges 6 to 11 stand for them.
#[test]
fn who_may_be_left_out_is_asked_by_place() {
    let edges = [(0, 1, 7), (1, 2, 4), (2, 3, 5), (1, 3, 9), (3, 4, 1), (4, 5, 1)];
    let terminals = [(1, Some(6)), (2, Some(8)), (3, Some(5))];
    let instance = Instance { vertices: 6, edges: &edges, root: 0, terminals: &terminals, sinks: &[] };
    let told = |lines: &str| {
        let proof = format!("breiband proof 1\n{lines}");
        replay(&instance, proof.as_bytes()).map_err(|error| error.to_string())
    };
    let refused = |lines: &str| {
        let said = told(&format!("U 99\n{lines}")).unwrap_err();
        said.split_once(": ").map(|(_, said)| said.to_owned()).unwrap()
    };
    assert_eq!(refused("L 2"), "vertex 2 is no sink with an edge");
    assert_eq!(refused("L 99"), "vertex 99 is no sink with an edge");
    let optional = "is no sink with a free edge from the vertex in question, a second from a terminal, and no other";
    for (line, v) in [("M 6 7", 6), ("M 6 6", 6), ("M 2 7", 2), ("M 7 99", 99), ("H 3 2", 2), ("A 1 2 1", 2)] {
        assert_eq!(refused(line), format!("vertex {v} {optional}"), "{line}");
    }
    // 3 lies on three ways; without the short cut on two, neither cheaper than its prize. 2 is worth more than the way to it.
    let passed = "does not lie on a single way that costs at least what its sink's second edge does, both ways";
    assert_eq!(refused("H 3 8"), format!("vertex 3 {passed}"));
    assert_eq!(refused("X 5\nX 4\nH 2 7"), format!("vertex 2 {passed}"));
    assert_eq!(refused("X 5\nX 4\nH 3 7"), format!("vertex 3 {passed}"));
    // 1 and 2 are worth the way between them, which is the cheapest at either; no other two are, and none is with the root.
    for line in ["A 2 7 2", "A 2 8 2", "A 3 6 1", "A 0 6 1", "A 1 6 0", "A 1 8 1"] {
        let said = refused(line);
        assert!(said.contains("need not be in a best solution") || said.ends_with("is a terminal"), "{line}: {said}");
    }
    // Held together they are worth 10 and cost 7: all are connected, and 3 is left out for 5 or joined for 5.
    let lines = "X 5\nX 4\nA 1 6 2\nM 6 7\nE 3\nJ 3\nL 8\nM 8 7\nJ 2\nE 9\n";
    let worth = "T 13 0\n";
    assert_eq!(told(&format!("U 16\n{lines}{worth}")).map_err(|e| e + lines), Ok(16));
    assert!(told(&format!("U 17\n{lines}{worth}")).is_err());
}
