//! A tree from its root outwards, and which of its branches are worth what they cost (strong pruning).

use super::{Ground, Point};
use crate::NONE;
use std::ops::{Add, Mul, Sub};

/// Stands for the gain of what must be connected.
const MUST: i128 = 1 << 125;
/// As much where all costs and weights together are less.
const NARROW: i64 = 1 << 60;
/// No rate is higher.
pub(super) const MOST: u64 = 1 << 61;

/// The vertices of a tree, each after its parent.
#[derive(Debug, Clone)]
pub(super) struct Branches {
    pub(super) vertex: Vec<u32>,
    /// Position of the parent; of the root, its own.
    pub(super) parent: Vec<u32>,
    /// The edge to the parent and its cost.
    pub(super) edge: Vec<(u32, u64)>,
    /// What each vertex weighs; none where it must be kept.
    pub(super) weight: Vec<Option<u64>>,
    /// All edges' costs, and all that may be left out of the tree.
    cost: u64,
    weighs: u64,
    /// Weight of what the tree does not hold.
    outside: u64,
}

/// What is still to be asked of a tree, once a rate is known at which what is kept is as wanted, or one at which it is not: a
/// higher rate keeps no less.
struct Open<'a> {
    branches: Branches,
    scale: u64,
    wanted: &'a dyn Fn(u64, u64) -> bool,
}

impl<'a> Open<'a> {
    fn new(branches: &Branches, scale: u64, wanted: &'a dyn Fn(u64, u64) -> bool) -> Self {
        Self { branches: branches.clone(), scale, wanted }
    }

    /// Whether cost and missed weight are as wanted at a rate no lower than any at which they were not, and no higher than any at
    /// which they were.
    fn is(&mut self, rate: u64) -> bool {
        let kept = self.branches.kept(Some((self.scale, rate)));
        let (cost, missed) = self.branches.sums(&kept);
        let is = (self.wanted)(cost, missed);
        if kept[1..].contains(&!is) {
            self.branches = if is { self.branches.no_more_than(&kept) } else { self.branches.no_less_than(&kept) };
        }
        is
    }
}

impl Branches {
    /// Roots the part of `edges` that hangs together with the root: of a cycle a tree, and nothing behind what no path may pass.
    pub(super) fn new(ground: &Ground, edges: &[u32]) -> Self {
        let root = ground.lifted.net.root;
        let mut member = vec![false; ground.graph.edge_count() as usize];
        for &e in edges {
            member[e as usize] = true;
        }
        let mut held = vec![false; ground.weight.len()];
        held[root as usize] = true;
        let mut branches = Self {
            vertex: vec![root],
            parent: vec![0],
            edge: vec![(NONE, 0)],
            weight: vec![Some(0)],
            cost: 0,
            weighs: 0,
            outside: ground.total_weight(),
        };
        // Deep first, so that neighbours stand near one another.
        let mut open = vec![0];
        while let Some(at) = open.pop() {
            let v = branches.vertex[at as usize];
            for arc in ground.graph.neighbours(v).filter(|_| !ground.blocked[v as usize]) {
                if member[arc.edge as usize] && !std::mem::replace(&mut held[arc.head as usize], true) {
                    let weight = ground.weight[arc.head as usize];
                    open.push(branches.vertex.len() as u32);
                    branches.vertex.push(arc.head);
                    branches.parent.push(at);
                    branches.edge.push((arc.edge, arc.cost));
                    branches.weight.push(weight);
                    branches.cost += arc.cost;
                    branches.weighs += weight.unwrap_or(0);
                    branches.outside -= weight.unwrap_or(0);
                }
            }
        }
        branches
    }

    /// Whether the tree holds all these vertices.
    pub(super) fn hold(&self, ground: &Ground, mut wanted: impl Iterator<Item = u32>) -> bool {
        let mut held = vec![false; ground.weight.len()];
        self.vertex.iter().for_each(|&v| held[v as usize] = true);
        wanted.all(|v| held[v as usize])
    }

    /// By position, whether it is kept: with a rate, only branches that win more than they cost; and the least that is
    /// needed to reach what must be, or what has a weight.
    pub(super) fn kept(&self, at: Option<(u64, u64)>) -> Vec<bool> {
        let (scale, rate) = at.unwrap_or((0, 1));
        let all = u128::from(self.cost) * u128::from(scale) + u128::from(self.weighs) * u128::from(rate);
        if all < NARROW as u128 {
            self.kept_in([scale, rate], NARROW, |number| number as i64)
        } else {
            self.kept_in([scale, rate], MUST, i128::from)
        }
    }

    /// As [`Branches::kept`], in numbers that hold all there is to win and to pay; `must` stands for more than that.
    fn kept_in<N>(&self, times: [u64; 2], must: N, number: impl Fn(u64) -> N) -> Vec<bool>
    where
        N: Copy + Ord + Add<Output = N> + Sub<Output = N> + Mul<Output = N>,
    {
        let ([scale, rate], nothing) = (times.map(&number), number(0));
        let mut gain: Vec<N> = self.weight.iter().map(|w| w.map_or(must, |w| number(w) * rate)).collect();
        let mut kept = vec![true; gain.len()];
        for i in (1..gain.len()).rev() {
            let net = gain[i] - number(self.edge[i].1) * scale;
            kept[i] = net > nothing;
            if kept[i] {
                let up = &mut gain[self.parent[i] as usize];
                *up = (*up + net).min(must);
            }
        }
        for i in 1..kept.len() {
            kept[i] = kept[i] && kept[self.parent[i] as usize];
        }
        kept
    }

    /// What the kept branches cost and what is missed.
    pub(super) fn sums(&self, kept: &[bool]) -> (u64, u64) {
        let mut sums = (0, self.outside);
        for (i, &kept) in kept.iter().enumerate() {
            if kept {
                sums.0 += self.edge[i].1;
            } else {
                sums.1 += self.weight[i].unwrap_or(0);
            }
        }
        sums
    }

    /// The tree without what is not kept.
    fn no_more_than(&self, kept: &[bool]) -> Self {
        let mut part = self.some(|i| kept[i]);
        part.outside += (1..kept.len()).filter(|&i| !kept[i]).filter_map(|i| self.weight[i]).sum::<u64>();
        part
    }

    /// The tree with all that is kept as its root, which costs what that does.
    fn no_less_than(&self, kept: &[bool]) -> Self {
        let mut part = self.some(|i| !kept[i]);
        part.edge[0].1 += (1..kept.len()).filter(|&i| kept[i]).map(|i| self.edge[i].1).sum::<u64>();
        part
    }

    /// The root and what stands at some positions; what hangs on another hangs on the root.
    fn some(&self, held: impl Fn(usize) -> bool) -> Self {
        let mut name = vec![0; self.vertex.len()];
        let mut some = Self {
            vertex: vec![self.vertex[0]],
            parent: vec![0],
            edge: vec![self.edge[0]],
            weight: vec![self.weight[0]],
            ..*self
        };
        for i in (1..name.len()).filter(|&i| held(i)) {
            name[i] = some.vertex.len() as u32;
            some.vertex.push(self.vertex[i]);
            some.parent.push(name[self.parent[i] as usize]);
            some.edge.push(self.edge[i]);
            some.weight.push(self.weight[i]);
        }
        some
    }

    /// The tree without the branches that are not worth their cost at a scale and a rate; without either, without
    /// those that lead to nothing.
    pub(super) fn point(&self, ground: &Ground, at: Option<(u64, u64)>) -> Point {
        let kept = self.kept(at);
        let (cost, missed_weight) = self.sums(&kept);
        let mut held = vec![false; ground.weight.len()];
        let mut edges = Vec::new();
        for (i, &kept) in kept.iter().enumerate() {
            if kept {
                held[self.vertex[i] as usize] = true;
                if i > 0 {
                    edges.push(self.edge[i].0);
                }
            }
        }
        edges.sort_unstable();
        let missed = (0u32..)
            .zip(ground.weight.iter().zip(&held))
            .filter(|(_, (weight, held))| weight.is_some_and(|w| w > 0) && !**held)
            .map(|(v, _)| v)
            .collect();
        Point { edges, cost, missed, missed_weight }
    }

    /// `edges`, and from what they leave out the ways of this tree as far as they are needed to reach them.
    pub(super) fn beside(&self, ground: &Ground, edges: &[u32]) -> Vec<u32> {
        let mut inside = ground.inside(edges);
        let mut all = edges.to_vec();
        for i in 1..self.vertex.len() {
            let mut at = i;
            let wanted = self.weight[i] != Some(0);
            while wanted && !std::mem::replace(&mut inside[self.vertex[at] as usize], true) {
                all.push(self.edge[at].0);
                at = self.parent[at] as usize;
            }
        }
        all
    }

    /// By position, the weight of the branch that begins there; what must be kept counts nothing.
    pub(super) fn weights(&self) -> Vec<u64> {
        let mut weights: Vec<u64> = self.weight.iter().map(|weight| weight.unwrap_or(0)).collect();
        for i in (1..weights.len()).rev() {
            weights[self.parent[i] as usize] += weights[i];
        }
        weights
    }

    /// By position, whether it belongs to the branch that begins at one.
    fn within(&self, top: usize) -> Vec<bool> {
        let mut within = vec![false; self.vertex.len()];
        within[top] = true;
        for i in top + 1..within.len() {
            within[i] = within[self.parent[i] as usize];
        }
        within
    }

    /// The same tree, the weights of the branch that begins at a position being another multiple of what they are.
    pub(super) fn reweighted(&self, top: usize, times: u64) -> Self {
        let mut branches = self.clone();
        for (weight, within) in branches.weight.iter_mut().zip(self.within(top)) {
            if within {
                *weight = weight.map(|weight| weight.saturating_mul(times));
            }
        }
        branches.weighs = branches.weight.iter().flatten().sum();
        branches
    }

    /// The largest branch around a position that weighs no more than `most`; none if that is none, or all.
    pub(super) fn top(&self, weights: &[u64], mut at: usize, most: u64) -> Option<usize> {
        while at > 0 && weights[self.parent[at] as usize] <= most {
            at = self.parent[at] as usize;
        }
        (at > 0 && (1..=most).contains(&weights[at])).then_some(at)
    }

    /// The vertices of the branch that begins at a position, and its edges but for the one that leads to it.
    pub(super) fn branch(&self, top: usize) -> (Vec<u32>, Vec<u32>) {
        let within = self.within(top);
        let held: Vec<usize> = (top..within.len()).filter(|&i| within[i]).collect();
        (held.iter().map(|&i| self.vertex[i]).collect(), held[1..].iter().map(|&i| self.edge[i].0).collect())
    }

    /// The least rate at which cost and missed weight of what is kept are as wanted, if they are for every higher one;
    /// the rate of keeping everything if there is none.
    pub(super) fn least_rate(&self, scale: u64, wanted: &dyn Fn(u64, u64) -> bool) -> u64 {
        let all = self.edge.iter().map(|e| e.1).sum::<u64>().saturating_mul(scale).saturating_add(1);
        let (mut low, mut high) = (0, all.min(MOST));
        let mut open = Open::new(self, scale, wanted);
        while low < high {
            let middle = low + (high - low) / 2;
            if open.is(middle) { high = middle } else { low = middle + 1 }
        }
        low
    }

    /// Two rates within one part in 256 of each other, found from one that is not far from them: what is kept is not as wanted at
    /// the lower one, and is at the higher one and above. None if it always is, or never.
    pub(super) fn rates_near(&self, scale: u64, near: u64, wanted: &dyn Fn(u64, u64) -> bool) -> Option<[u64; 2]> {
        let mut open = Open::new(self, scale, wanted);
        let (mut low, mut high) = (near / 2, near.saturating_mul(2).clamp(1, MOST));
        while !open.is(high) {
            if high == MOST {
                return None;
            }
            (low, high) = (high, high.saturating_mul(4).min(MOST));
        }
        while open.is(low) {
            if low == 0 {
                return None;
            }
            (low, high) = (low / 4, low);
        }
        while high - low > (low >> 8).max(1) {
            let middle = low + (high - low) / 2;
            if open.is(middle) { high = middle } else { low = middle }
        }
        Some([low, high])
    }

    /// Cuts off, one by one, the dearest branch that weighs no more than what may still be missed; the tree's edges.
    pub(super) fn shed(&self, mut spare: u64) -> Vec<u32> {
        let mut gone = vec![false; self.vertex.len()];
        loop {
            let mut sum: Vec<(u64, Option<u64>)> = vec![(0, Some(0)); gone.len()];
            let mut best: Option<(u64, usize)> = None;
            for i in (1..gone.len()).rev().filter(|&i| !gone[i]) {
                let (cost, weight) = sum[i];
                let branch = (cost + self.edge[i].1, weight.zip(self.weight[i]).map(|(a, b)| a + b));
                let up = &mut sum[self.parent[i] as usize];
                *up = (up.0 + branch.0, up.1.zip(branch.1).map(|(a, b)| a + b));
                if branch.1.is_some_and(|w| w <= spare) && best.is_none_or(|(most, _)| branch.0 > most) {
                    best = Some((branch.0, i));
                    sum[i] = branch;
                }
            }
            let Some((_, top)) = best.filter(|(cost, _)| *cost > 0) else { break };
            gone[top] = true;
            spare -= self.weight[top].unwrap_or(0);
            for i in top + 1..gone.len() {
                if !gone[i] && gone[self.parent[i] as usize] {
                    gone[i] = true;
                    spare -= self.weight[i].unwrap_or(0);
                }
            }
        }
        (1..gone.len()).filter(|&i| !gone[i]).map(|i| self.edge[i].0).collect()
    }
}
