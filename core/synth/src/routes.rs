//! Main roads: settlements are joined along the cheapest ground; water is crossed where going round would cost more.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::rng::unit;
use crate::sites::Site;
use crate::terrain::{CELL, Terrain};

/// Directions to the eight neighbours; `d ^ 1` is the opposite of `d`.
const STEPS: [(i64, i64); 8] = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1)];

/// Which settlement each node is nearest to by road, and how to get there.
pub(crate) struct Reach {
    /// Position of the settlement, by node.
    pub(crate) owner: Vec<u32>,
    cost: Vec<u32>,
    towards: Vec<u8>,
}

/// A road between two neighbouring settlements.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    /// Settlements.
    pub(crate) ends: (u32, u32),
    /// Cost in decimetres of easy ground.
    pub(crate) cost: u32,
    /// Nodes from one to the other.
    pub(crate) nodes: Vec<u32>,
    /// Premises that depend on it, about.
    pub(crate) load: u32,
}

/// Spreads from all settlements at once (Dijkstra), over land by slope and over water at a price.
pub(crate) fn reach(terrain: &Terrain, seed: u64, sites: &[Site]) -> Reach {
    let n = terrain.height.len();
    let dry: Vec<bool> = (0..n as u32).map(|node| terrain.is_dry(node)).collect();
    let mut reach = Reach { owner: vec![u32::MAX; n], cost: vec![u32::MAX; n], towards: vec![u8::MAX; n] };
    let mut heap = BinaryHeap::new();
    for (k, site) in sites.iter().enumerate() {
        reach.cost[site.node as usize] = 0;
        reach.owner[site.node as usize] = k as u32;
        heap.push(Reverse((0u32, site.node)));
    }
    while let Some(Reverse((cost, node))) = heap.pop() {
        if cost > reach.cost[node as usize] {
            continue;
        }
        for (d, to) in neighbours(terrain, node) {
            let next = cost.saturating_add(step_cost(terrain, seed, &dry, node, to, d));
            if next < reach.cost[to as usize] {
                reach.cost[to as usize] = next;
                reach.owner[to as usize] = reach.owner[node as usize];
                reach.towards[to as usize] = d ^ 1;
                heap.push(Reverse((next, to)));
            }
        }
    }
    reach
}

fn neighbours(terrain: &Terrain, node: u32) -> impl Iterator<Item = (u8, u32)> {
    let (nx, ny) = (terrain.nx as i64, terrain.ny as i64);
    let (i, j) = (i64::from(node) % nx, i64::from(node) / nx);
    STEPS.iter().enumerate().filter_map(move |(d, (di, dj))| {
        let (i, j) = (i + di, j + dj);
        (i >= 0 && j >= 0 && i < nx && j < ny).then_some((d as u8, (j * nx + i) as u32))
    })
}

fn step_cost(terrain: &Terrain, seed: u64, dry: &[bool], from: u32, to: u32, d: u8) -> u32 {
    let length = if d < 4 { CELL * 10.0 } else { CELL * 14.142 };
    if !dry[to as usize] {
        let enter = if dry[from as usize] { 22_000.0 } else { 0.0 };
        return (length * 2.6 + enter) as u32;
    }
    let (a, b) = (f64::from(terrain.height[from as usize]).max(0.0), f64::from(terrain.height[to as usize]));
    let grade = (a - b).abs() * 10.0 / length;
    // Beyond a grade it is a tunnel, and that has its price.
    let climb = (grade * 9.0).min(4.0) + if b > 150.0 { 1.4 } else { b / 400.0 };
    (length * (1.0 + climb + 0.45 * unit(seed ^ 77, u64::from(to)))) as u32
}

/// The cheapest links that join all settlements, and some that save long ways round.
pub(crate) fn links(terrain: &Terrain, reach: &Reach, sites: &[Site]) -> Vec<Link> {
    let mut best: BTreeMap<(u32, u32), (u32, u32, u32)> = BTreeMap::new();
    for node in 0..terrain.height.len() as u32 {
        let here = reach.owner[node as usize];
        for (d, to) in neighbours(terrain, node).filter(|(d, _)| [0, 2, 4, 6].contains(d)) {
            let there = reach.owner[to as usize];
            if here == there || here == u32::MAX || there == u32::MAX {
                continue;
            }
            let length = if d < 4 { CELL * 10.0 } else { CELL * 14.142 };
            let cost = reach.cost[node as usize].saturating_add(reach.cost[to as usize]).saturating_add(length as u32);
            let (key, value) =
                if here < there { ((here, there), (cost, node, to)) } else { ((there, here), (cost, to, node)) };
            let entry = best.entry(key).or_insert(value);
            *entry = (*entry).min(value);
        }
    }
    let mut order: Vec<_> = best.into_iter().map(|(ends, (cost, u, v))| (cost, ends, (u, v))).collect();
    order.sort_unstable();
    let mut groups: Vec<u32> = (0..sites.len() as u32).collect();
    let mut graph: Vec<Vec<(u32, u32)>> = vec![Vec::new(); sites.len()];
    let mut kept = Vec::new();
    let mut later = Vec::new();
    for (cost, ends, meet) in order {
        let (a, b) = (find(&mut groups, ends.0), find(&mut groups, ends.1));
        if a == b {
            later.push((cost, ends, meet));
            continue;
        }
        groups[a.max(b) as usize] = a.min(b);
        graph[ends.0 as usize].push((ends.1, cost));
        graph[ends.1 as usize].push((ends.0, cost));
        kept.push(link(terrain, reach, cost, ends, meet));
    }
    load(sites, &graph, &mut kept);
    for (cost, ends, meet) in later {
        let wet = over_water(terrain, reach, meet);
        let factor = if wet { 5.0 } else { 2.6 };
        if farther_than(&graph, ends.0, ends.1, f64::from(cost) * factor) {
            graph[ends.0 as usize].push((ends.1, cost));
            graph[ends.1 as usize].push((ends.0, cost));
            let mut extra = link(terrain, reach, cost, ends, meet);
            let quota = |k: u32| sites[k as usize].quota;
            extra.load = quota(ends.0).min(quota(ends.1)).max(if wet { 300 } else { 0 });
            kept.push(extra);
        }
    }
    kept
}

fn find(groups: &mut [u32], k: u32) -> u32 {
    let mut root = k;
    while groups[root as usize] != root {
        groups[root as usize] = groups[groups[root as usize] as usize];
        root = groups[root as usize];
    }
    root
}

fn link(terrain: &Terrain, reach: &Reach, cost: u32, ends: (u32, u32), meet: (u32, u32)) -> Link {
    let mut nodes = descent(terrain, reach, meet.0);
    nodes.reverse();
    nodes.extend(descent(terrain, reach, meet.1));
    Link { ends, cost, nodes, load: 0 }
}

/// The nodes from `node` to its settlement.
fn descent(terrain: &Terrain, reach: &Reach, mut node: u32) -> Vec<u32> {
    let mut nodes = vec![node];
    while reach.towards[node as usize] != u8::MAX {
        let (di, dj) = STEPS[reach.towards[node as usize] as usize];
        node = (i64::from(node) + dj * terrain.nx as i64 + di) as u32;
        nodes.push(node);
    }
    nodes
}

fn over_water(terrain: &Terrain, reach: &Reach, meet: (u32, u32)) -> bool {
    let wet = |node| descent(terrain, reach, node).iter().any(|&k| terrain.height[k as usize] < 0.0);
    wet(meet.0) || wet(meet.1)
}

/// Whether `to` is farther than `limit` from `from` on the links so far: a search that stops at the limit.
fn farther_than(graph: &[Vec<(u32, u32)>], from: u32, to: u32, limit: f64) -> bool {
    let mut known: BTreeMap<u32, u64> = BTreeMap::from([(from, 0)]);
    let mut heap = BinaryHeap::from([Reverse((0u64, from))]);
    while let Some(Reverse((cost, k))) = heap.pop() {
        if k == to {
            return false;
        }
        if known.get(&k).is_some_and(|&c| c < cost) {
            continue;
        }
        for &(next, step) in &graph[k as usize] {
            let there = cost + u64::from(step);
            if there as f64 <= limit && known.get(&next).is_none_or(|&c| there < c) {
                known.insert(next, there);
                heap.push(Reverse((there, next)));
            }
        }
    }
    true
}

/// Gives each link of the tree the smaller of the populations on its sides.
fn load(sites: &[Site], graph: &[Vec<(u32, u32)>], tree: &mut [Link]) {
    let mut parent = vec![u32::MAX; sites.len()];
    let mut order = Vec::with_capacity(sites.len());
    let mut seen = vec![false; sites.len()];
    for start in 0..sites.len() {
        if seen[start] {
            continue;
        }
        seen[start] = true;
        let mut stack = vec![start as u32];
        while let Some(k) = stack.pop() {
            order.push(k);
            for &(next, _) in &graph[k as usize] {
                if !seen[next as usize] {
                    seen[next as usize] = true;
                    parent[next as usize] = k;
                    stack.push(next);
                }
            }
        }
    }
    let mut below: Vec<u64> = sites.iter().map(|s| u64::from(s.quota) + 5).collect();
    let total: u64 = below.iter().sum();
    for &k in order.iter().rev() {
        if parent[k as usize] != u32::MAX {
            below[parent[k as usize] as usize] += below[k as usize];
        }
    }
    for link in tree {
        let (a, b) = link.ends;
        let child = if parent[a as usize] == b { a } else { b };
        let side = below[child as usize];
        link.load = side.min(total - side) as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sites::settle;

    #[test]
    fn links_join_all_settlements_step_by_step() {
        let terrain = Terrain::new(5, 16_000.0, 12_000.0);
        let sites = settle(&terrain, 5, 2_000);
        let reach = reach(&terrain, 5, &sites);
        let links = links(&terrain, &reach, &sites);
        let mut groups: Vec<u32> = (0..sites.len() as u32).collect();
        for link in &links {
            assert_eq!(link.nodes.first(), Some(&sites[link.ends.0 as usize].node));
            assert_eq!(link.nodes.last(), Some(&sites[link.ends.1 as usize].node));
            for pair in link.nodes.windows(2) {
                assert!(neighbours(&terrain, pair[0]).any(|(_, to)| to == pair[1]));
            }
            let (a, b) = (find(&mut groups, link.ends.0), find(&mut groups, link.ends.1));
            groups[a.max(b) as usize] = a.min(b);
        }
        assert!((0..sites.len() as u32).all(|k| find(&mut groups, k) == 0));
    }
}
