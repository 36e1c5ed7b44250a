//! A slow and obvious oracle: the least cost over all subsets of edges, and random instances to hold the rest against.

use crate::net::{Kind, Lifted, Net};
use crate::{Config, Instance, Silent, Terminal, solve};
use breiband_graph::{Csr, UnionFind};
use proptest::prelude::*;

/// An instance with a tree to guide duals by, and what they must not pass.
pub(crate) struct Guided {
    pub(crate) lifted: Lifted,
    /// The first tree's edges in the lifted net, or none.
    pub(crate) tree: Vec<u32>,
    pub(crate) best: u64,
    pub(crate) unreachable: Vec<u32>,
}

/// Lifts an instance, with the solver's first tree if it is to be `guided`.
pub(crate) fn guide_of(instance: &Instance, guided: bool) -> Guided {
    let solution = solve(instance, &Config { steps: 0, ..Config::default() }, &mut Silent).unwrap();
    let lifted = Lifted::new(instance).unwrap();
    let kept = |e: &u32| guided && solution.edges.contains(&lifted.origin[*e as usize]);
    let tree = (0..lifted.origin.len() as u32).filter(kept).collect();
    let (best, unreachable) = optimum(instance);
    Guided { lifted, tree, best, unreachable }
}

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

/// The least cost of a tree with all terminals, by the dynamic programme over sets of them (Dreyfus & Wagner 1971), for
/// nets with few terminals.
pub(crate) fn dreyfus_wagner(net: &Net) -> u64 {
    // One edge at each sink is paid for being there; a way through it would pay for two.
    let toll = net.graph.edges().iter().map(|edge| edge.2).sum::<u64>() + 1;
    let edges: Vec<(u32, u32, u64)> = net
        .graph
        .edges()
        .iter()
        .map(|&(u, v, cost)| (u, v, cost + if net.is_sink(u) || net.is_sink(v) { toll } else { 0 }))
        .collect();
    let tolls = net.terminals.iter().filter(|&&t| net.is_sink(t)).count() as u64 * toll;
    let n = net.kind.len();
    let k = net.terminals.len();
    let mut best = vec![vec![u64::MAX; n]; 1 << k];
    best[0][net.root as usize] = 0;
    for set in 1usize..1 << k {
        let mut row = vec![u64::MAX; n];
        if set.is_power_of_two() {
            row[net.terminals[set.trailing_zeros() as usize] as usize] = 0;
        }
        let mut part = (set - 1) & set;
        while part > 0 {
            for v in 0..n {
                row[v] = row[v].min(best[part][v].saturating_add(best[set ^ part][v]));
            }
            part = (part - 1) & set;
        }
        // Shortest ways by relaxing every edge n times: slow and obvious.
        for _ in 0..n {
            for &(u, v, cost) in &edges {
                let (u, v) = (u as usize, v as usize);
                row[u] = row[u].min(row[v].saturating_add(cost));
                row[v] = row[v].min(row[u].saturating_add(cost));
            }
        }
        best[set] = row;
    }
    best[(1 << k) - 1][net.root as usize] - tolls
}

/// Random connected nets of up to thirty vertices and seven terminals: a grid with holes, costs often tied.
pub(crate) fn nets() -> impl Strategy<Value = Net> {
    (3u32..7, 3u32..6, 1u64..30).prop_flat_map(|(width, height, most)| {
        let n = width * height;
        let costs = prop::collection::vec((0..=most, 0u8..10), (n * 3) as usize);
        let terminals = prop::collection::vec(0..n, 1..8);
        (costs, terminals, 0..n).prop_map(move |(costs, terminals, root)| {
            let mut edges = Vec::new();
            let mut costs = costs.into_iter();
            let mut add = |u: u32, v: u32, needed: bool| {
                let (cost, chance) = costs.next().unwrap_or((1, 0));
                if needed || chance < 7 {
                    edges.push((u, v, cost));
                }
            };
            for y in 0..height {
                for x in 0..width {
                    let v = y * width + x;
                    if x + 1 < width {
                        add(v, v + 1, y == 0);
                    }
                    if y + 1 < height {
                        add(v, v + width, true);
                    }
                    if x + 1 < width && y + 1 < height && (x + y) % 3 == 0 {
                        add(v, v + width + 1, false);
                    }
                }
            }
            let mut kind = vec![Kind::Plain; n as usize];
            for t in terminals {
                kind[t as usize] = Kind::Terminal;
            }
            kind[root as usize] = Kind::Terminal;
            Net::new(Csr::from_edges(n, edges).unwrap(), root, kind)
        })
    })
}

/// Such nets, in which most terminals may be left out for a price, a few have two places that serve them, and some cost to serve.
pub(crate) fn prized_nets() -> impl Strategy<Value = Net> {
    (nets(), prop::collection::vec((0u64..80, 0u8..10, 0u32..30, 0u64..9), 7)).prop_map(|(net, roles)| {
        let (mut edges, mut kind) = (net.graph.edges().to_vec(), net.kind.clone());
        for (&t, (prize, role, other, drop)) in net.terminals.iter().zip(roles) {
            if role == 0 {
                continue;
            }
            let sink = kind.len() as u32;
            kind[t as usize] = Kind::Plain;
            kind.push(Kind::Sink);
            edges.push((t, sink, if role < 4 { drop } else { 0 }));
            edges.push((net.root, sink, prize));
            if role == 1 && other < net.graph.vertex_count() && ![t, net.root].contains(&other) {
                edges.push((other, sink, drop));
            }
        }
        Net::new(Csr::from_edges(kind.len() as u32, edges).unwrap(), net.root, kind)
    })
}
