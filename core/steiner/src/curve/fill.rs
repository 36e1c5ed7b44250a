//! Between two corners: the best part of trees that connect everybody, a budget used up path by path, a quota met and what is
//! beyond it shed.

use super::{Aim, Branches, Ground, Point, Stage, Tracer};
use crate::local::Local;
use crate::net::Lifted;
use crate::{NONE, SolveError, Terminal};
use breiband_graph::Dijkstra;
use breiband_random::{SplitMix64, mix};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// How much is looked at around the place.
struct Breadth {
    /// Points on each side of the place that are filled or cut down.
    nearest: usize,
    /// Starts that are improved, the best ones.
    starts: usize,
    /// Rounds of filling and reconnecting what was chosen.
    rounds: usize,
}

const THOROUGH: Breadth = Breadth { nearest: 3, starts: 4, rounds: 3 };
/// Where a dual ascends and no more, and steps are few for the size of the graph.
const BRIEF: Breadth = Breadth { nearest: 2, starts: 2, rounds: 1 };

/// Steps for each edge with which there is time to look around.
const EACH: u64 = 1_000;

/// Branches that are chosen anew weigh no more than what is connected, or a half of that, and so on.
const SIZES: u64 = 6;

/// When to stop adding paths.
#[derive(Debug, Clone, Copy)]
enum Until {
    /// So much is spent.
    Spent(u64),
    /// So much weight is gained.
    Gained(u64),
}

impl Tracer {
    /// The points at the place that was asked for.
    pub(super) fn fill(&mut self) -> Result<Stage, SolveError> {
        let met = |p: &Point| match self.aim {
            Aim::Budget(budget) => p.cost <= budget,
            Aim::Missed(most) => p.missed_weight <= most,
            Aim::Curve | Aim::Rate(_) => true,
        };
        if matches!(self.aim, Aim::Curve | Aim::Rate(_)) || self.curve.points.iter().all(met) {
            return Ok(Stage::Done);
        }
        let ground = self.ground()?;
        let points = &self.curve.points;
        let limit = |p: &&Point| match self.aim {
            Aim::Budget(budget) => p.cost.abs_diff(budget),
            Aim::Missed(most) => p.missed_weight.abs_diff(most),
            Aim::Curve | Aim::Rate(_) => 0,
        };
        let mut nearest: Vec<&Point> = points.iter().collect();
        nearest.sort_by_key(limit);
        let (mut fits, mut over): (Vec<_>, Vec<_>) = nearest.into_iter().partition(|p| match self.aim {
            Aim::Budget(budget) => p.cost <= budget,
            _ => p.missed_weight > 0 && !met(p),
        });
        let breadth = if self.shakes == 0 && self.is_large() { BRIEF } else { THOROUGH };
        fits.truncate(breadth.nearest);
        over.truncate(breadth.nearest);
        let whole = points.last().map(|all| Branches::new(ground, &all.edges));
        let whole = whole.ok_or(SolveError::Fault("no tree to begin with"))?;
        // A small budget goes far by ways that nobody need share.
        let direct = Branches::new(ground, &shortest(ground)).point(ground, None);
        let starts = over.into_iter().chain(fits).chain([&direct]);
        let mut starts: Vec<Point> = starts.map(|point| self.chosen(ground, &whole, point)).collect();
        starts.sort_by_key(|point| self.worth(point));
        starts.dedup_by_key(|point| self.worth(point));
        starts.truncate(breadth.starts);
        // Half of them go on, the better ones.
        let mut better: Vec<Point> = Vec::new();
        for _ in 0..breadth.rounds {
            let mut open = Vec::new();
            for point in starts {
                let before = (point.cost, point.missed_weight);
                let next = self.reconnected(ground, self.filled(ground, &point))?;
                let next = self.chosen(ground, &whole, &next);
                let is_done = (next.cost, next.missed_weight) == before;
                if is_done { &mut better } else { &mut open }.push(next);
            }
            open.sort_by_key(|point| self.worth(point));
            let half = open.len().div_ceil(2);
            better.extend(open.drain(half..));
            starts = open;
        }
        better.extend(starts);
        better.sort_by_key(|point| self.worth(point));
        let best = match better.first().map(|point| self.filled(ground, point)) {
            Some(best) => Some(self.shaken(ground, &whole, best)?),
            None => None,
        };
        for point in best.into_iter().chain(better) {
            self.offer(point);
        }
        Ok(Stage::Done)
    }

    /// Whether there are few steps for each edge.
    fn is_large(&self) -> bool {
        self.instance.edges().len() as u64 > self.config.steps / EACH
    }

    /// What points are compared by at the place: less is better.
    fn worth(&self, p: &Point) -> (bool, u64, u64) {
        match self.aim {
            Aim::Budget(budget) => (p.cost > budget, p.missed_weight, p.cost),
            Aim::Missed(most) => (p.missed_weight > most, p.cost, p.missed_weight),
            Aim::Curve | Aim::Rate(_) => (false, p.cost, p.missed_weight),
        }
    }

    /// The best part of a point's tree with what it leaves out beside it, as the `whole` tree reaches that.
    fn chosen(&self, ground: &Ground, whole: &Branches, point: &Point) -> Point {
        let branches = Branches::new(ground, &whole.beside(ground, &point.edges));
        let best = branches.best_part(self.scale, self.near(), self.aim);
        let best = best.map(|edges| Branches::new(ground, &edges).point(ground, None));
        // Of a large tree only a part is looked at.
        best.filter(|best| self.worth(best) < self.worth(point)).unwrap_or_else(|| point.clone())
    }

    /// Chooses again, with some branch of the tree that connects everybody grafted where it is nearest to what is connected, or with
    /// some branch worth nothing, or twice what it is; keeps what is better. Between two corners of the curve many choices are nearly
    /// as good, and each is a local optimum (large neighbourhoods: Shaw 1998).
    fn shaken(&self, ground: &Ground, whole: &Branches, mut best: Point) -> Result<Point, SolveError> {
        if self.shakes == 0 {
            return Ok(best);
        }
        let weighed = |branches: Branches| (branches.weights(), branches);
        let around = |point: &Point| weighed(Branches::new(ground, &whole.beside(ground, &point.edges)));
        let (whole_weights, mut beside) = (whole.weights(), around(&best));
        let mut random = mix(self.config.seed);
        for _ in 0..self.shakes {
            random = SplitMix64::new(random).bits();
            let held = self.curve.weight - best.missed_weight;
            let some = |branches: &Branches, weights: &[u64]| {
                branches.top(weights, (random >> 8) as usize % weights.len(), held >> ((random >> 2) % SIZES))
            };
            let choice = if random & 1 == 0 {
                let Some(top) = some(whole, &whole_weights) else { continue };
                let grafted = grafted(ground, &best.edges, whole.branch(top));
                Branches::new(ground, &whole.beside(ground, &grafted))
            } else {
                let (weights, branches) = &beside;
                let Some(top) = some(branches, weights) else { continue };
                branches.reweighted(top, random & 2)
            };
            let Some(edges) = choice.best_part(self.scale, self.near(), self.aim) else { continue };
            let next = Branches::new(ground, &edges).point(ground, None);
            let next = self.reconnected(ground, self.filled(ground, &next))?;
            let next = self.filled(ground, &self.chosen(ground, whole, &next));
            if self.worth(&next) < self.worth(&best) {
                best = next;
                beside = around(&best);
            }
        }
        Ok(best)
    }

    fn filled(&self, ground: &Ground, point: &Point) -> Point {
        match self.aim {
            Aim::Budget(budget) if point.cost <= budget => {
                let edges = grown(ground, &point.edges, Until::Spent(budget - point.cost));
                Branches::new(ground, &edges).point(ground, None)
            }
            Aim::Missed(most) => {
                let mut edges = point.edges.clone();
                if point.missed_weight > most {
                    edges = grown(ground, &edges, Until::Gained(point.missed_weight - most));
                }
                let branches = Branches::new(ground, &edges);
                let spare = most.saturating_sub(branches.point(ground, None).missed_weight);
                Branches::new(ground, &branches.shed(spare)).point(ground, None)
            }
            _ => point.clone(),
        }
    }

    /// Connects what a point connects, by local search, for less.
    fn reconnected(&self, ground: &Ground, point: Point) -> Result<Point, SolveError> {
        let chosen = self.instance.terminals().iter().filter(|t| point.missed.binary_search(&t.vertex).is_err());
        let terminals = chosen.map(|t| Terminal { vertex: t.vertex, prize: None }).collect();
        let instance = self.instance.with_terminals(terminals).map_err(|_| SolveError::Fault("no instance"))?;
        let lifted = Lifted::new(&instance)?;
        let mut up = vec![NONE; instance.edges().len()];
        for (e, &origin) in (0..).zip(&lifted.origin) {
            up[origin as usize] = e;
        }
        let start: Vec<u32> = point.edges.iter().map(|&e| up[e as usize]).collect();
        if start.contains(&NONE) {
            return Ok(point);
        }
        let mut local = Local::new(Arc::new(lifted.net), &start, self.config.seed);
        local.search(self.config.steps / 3 / super::CORNERS);
        let edges: Vec<u32> = local.edges().iter().map(|&e| lifted.origin[e as usize]).collect();
        let next = Branches::new(ground, &edges).point(ground, None);
        let worse = next.cost > point.cost || next.missed_weight > point.missed_weight;
        Ok(if worse { point } else { next })
    }
}

/// The shortest ways from the root.
fn shortest(ground: &Ground) -> Vec<u32> {
    let mut dijkstra = Dijkstra::new(&ground.graph);
    dijkstra.run_filtered(&ground.graph, &[ground.lifted.net.root], |v, _| !ground.blocked[v as usize]);
    (0..ground.graph.vertex_count()).filter_map(|v| dijkstra.via(v)).collect()
}

/// `edges` and a branch, joined by the shortest way between them.
fn grafted(ground: &Ground, edges: &[u32], (vertices, branch): (Vec<u32>, Vec<u32>)) -> Vec<u32> {
    let mut all = edges.to_vec();
    let inside = ground.inside(edges);
    let mut dijkstra = Dijkstra::new(&ground.graph);
    let sources: Vec<u32> = vertices.into_iter().filter(|&v| !ground.blocked[v as usize]).collect();
    dijkstra.run_filtered(&ground.graph, &sources, |v, _| !ground.blocked[v as usize]);
    let reached = (0..ground.graph.vertex_count()).filter(|&v| inside[v as usize] && !ground.blocked[v as usize]);
    let nearest = reached.filter_map(|v| Some((dijkstra.distance(v)?, v))).min();
    let mut at = nearest.map(|(_, v)| v);
    while let Some((v, e)) = at.and_then(|v| Some((v, dijkstra.via(v)?))) {
        let (a, b, _) = ground.graph.edge(e);
        all.push(e);
        at = Some(v ^ a ^ b);
    }
    all.extend(branch);
    all.sort_unstable();
    all.dedup();
    all
}

/// Adds paths to terminals outside, the most weight for its cost first.
fn grown(ground: &Ground, edges: &[u32], until: Until) -> Vec<u32> {
    let n = ground.weight.len();
    let mut distance = vec![u64::MAX; n];
    let mut via = vec![NONE; n];
    let mut heap = BinaryHeap::new();
    let mut edges = edges.to_vec();
    let mut inside = ground.inside(&edges);
    for v in (0..n as u32).filter(|&v| inside[v as usize]) {
        distance[v as usize] = 0;
        heap.push(Reverse((0, v)));
    }
    let wanted = |v: u32| ground.weight[v as usize].is_some_and(|w| w > 0);
    let mut outside: Vec<u32> = (0..n as u32).filter(|&v| !inside[v as usize] && wanted(v)).collect();
    let (mut left, mut missing) = match until {
        Until::Spent(money) => (money, u64::MAX),
        Until::Gained(weight) => (u64::MAX, weight),
    };
    while missing > 0 {
        while let Some(Reverse((reach, v))) = heap.pop() {
            if reach > distance[v as usize] || ground.blocked[v as usize] {
                continue;
            }
            for arc in ground.graph.neighbours(v) {
                let next = reach + arc.cost;
                if next < distance[arc.head as usize] && next <= left {
                    (distance[arc.head as usize], via[arc.head as usize]) = (next, arc.edge);
                    heap.push(Reverse((next, arc.head)));
                }
            }
        }
        outside.retain(|&v| !inside[v as usize]);
        let weight = |v: u32| u128::from(ground.weight[v as usize].unwrap_or(0).min(missing));
        let reach = |v: u32| u128::from(distance[v as usize]);
        let fits = outside.iter().copied().filter(|&v| distance[v as usize] <= left && distance[v as usize] < u64::MAX);
        let best = fits.max_by(|&a, &b| {
            (weight(a) * reach(b)).cmp(&(weight(b) * reach(a))).then(reach(b).cmp(&reach(a))).then(b.cmp(&a))
        });
        let Some(best) = best else { break };
        left -= distance[best as usize];
        let mut at = best;
        while !std::mem::replace(&mut inside[at as usize], true) {
            missing = missing.saturating_sub(ground.weight[at as usize].unwrap_or(0));
            distance[at as usize] = 0;
            heap.push(Reverse((0, at)));
            edges.push(via[at as usize]);
            let (a, b, _) = ground.graph.edge(via[at as usize]);
            at ^= a ^ b;
        }
    }
    edges
}
