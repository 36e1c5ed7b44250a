//! A slow and obvious oracle: the least cost over all subsets of edges, and random instances to hold the rest against.

use crate::{Instance, Terminal};
use breiband_graph::UnionFind;
use proptest::prelude::*;

/// The least cost of edges and missed prizes over all edge subsets, for up to some 14 edges, leaving out terminals that
/// cannot be reached; and those, ascending.
pub(crate) fn optimum(instance: &Instance) -> (u64, Vec<u32>) {
    let edges = instance.edges();
    let all = (1u32 << edges.len()) - 1;
    let blocked = |v: u32| instance.sinks().binary_search(&v).is_ok();
    // Which vertices the root reaches, walking the subset and never on from a sink.
    let reached = |subset: u32| {
        let mut reached = vec![false; instance.vertices() as usize];
        let mut stack = vec![instance.root()];
        reached[instance.root() as usize] = true;
        while let Some(x) = stack.pop() {
            if blocked(x) {
                continue;
            }
            for (e, &(u, v, _)) in edges.iter().enumerate() {
                if subset >> e & 1 == 1 && (u == x || v == x) {
                    let y = u ^ v ^ x;
                    if !std::mem::replace(&mut reached[y as usize], true) {
                        stack.push(y);
                    }
                }
            }
        }
        reached
    };
    let most = reached(all);
    let unreachable: Vec<u32> = instance.terminals().iter().map(|t| t.vertex).filter(|&t| !most[t as usize]).collect();
    let mut best = u64::MAX;
    for subset in 0..=all {
        let cost: u64 = edges.iter().enumerate().filter(|(e, _)| subset >> e & 1 == 1).map(|(_, e)| e.2).sum();
        if cost >= best {
            continue;
        }
        let reached = reached(subset);
        let missed = instance.terminals().iter().filter(|t| most[t.vertex as usize] && !reached[t.vertex as usize]);
        let missed = missed.map(|t| t.prize).try_fold(0u64, |sum, prize| Some(sum + prize?));
        if let Some(missed) = missed {
            best = best.min(cost + missed);
        }
    }
    (best, unreachable)
}

/// What a solution must be, from the instance alone: a tree at the root that passes through no sink, its cost, and the
/// terminals that it does not reach all reported or paid for.
pub(crate) fn assert_sound(instance: &Instance, solution: &crate::Solution) {
    let mut sets = UnionFind::new(instance.vertices());
    let mut cost = 0;
    let mut degree = vec![0; instance.vertices() as usize];
    assert!(solution.edges.is_sorted());
    for &e in &solution.edges {
        let (u, v, c) = instance.edges()[e as usize];
        assert!(sets.union(u, v), "a cycle");
        cost += c;
        degree[u as usize] += 1;
        degree[v as usize] += 1;
    }
    for &e in &solution.edges {
        assert!(sets.same(instance.edges()[e as usize].0, instance.root()), "not connected to the root");
    }
    for &sink in instance.sinks() {
        assert!(degree[sink as usize] <= 1, "a path through a sink");
    }
    let mut missed = Vec::new();
    for t in instance.terminals() {
        if !sets.same(t.vertex, instance.root()) && solution.unreachable.binary_search(&t.vertex).is_err() {
            cost += t.prize.expect("a required terminal is missing");
            missed.push(t.vertex);
        }
    }
    assert_eq!(missed, solution.missed);
    assert_eq!(cost, solution.cost);
    let bound = instance.check(&solution.certificate, &solution.unreachable).expect("a valid certificate");
    assert_eq!(bound, solution.bound);
    assert!(bound <= cost);
    assert_eq!(u128::from(bound), solution.certificate.claim());
}

/// Random small instances: sinks, prizes, parallel edges, zero costs, ties, several components, no terminals.
pub(crate) fn instances() -> impl Strategy<Value = Instance> {
    (2u32..9).prop_flat_map(|n| {
        let edges = prop::collection::vec((0..n, 0..n, 0u64..10), 0..14);
        let roles = prop::collection::vec((0u8..10, 0u64..15), n as usize);
        (edges, roles, 0..n, prop::bool::weighted(0.3)).prop_map(move |(edges, roles, root, prized)| {
            let edges: Vec<_> = edges.into_iter().filter(|e| e.0 != e.1).collect();
            let (mut terminals, mut sinks) = (Vec::new(), Vec::new());
            for (v, (role, prize)) in roles.into_iter().enumerate() {
                let vertex = v as u32;
                let prize = (prized && role % 2 == 0).then_some(prize);
                if role < 5 {
                    terminals.push(Terminal { vertex, prize });
                }
                if (3..6).contains(&role) && vertex != root {
                    sinks.push(vertex);
                }
            }
            Instance::new(n, edges, root, terminals, sinks).unwrap()
        })
    })
}
