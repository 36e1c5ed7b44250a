//! Between two corners: the best part of trees that connect everybody, a budget used up path by path, a quota met and what is
//! beyond it shed.

use super::{Aim, Branches, Ground, Point, Stage, Tracer};
use crate::local::Local;
use crate::net::Lifted;
use crate::{NONE, SolveError, Terminal};
use breiband_graph::Dijkstra;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// Rounds of filling and reconnecting what was chosen.
const ROUNDS: usize = 3;
/// Points on each side of the place that are filled or cut down.
const NEAREST: usize = 3;

/// Starts that are improved, the best ones.
const STARTS: usize = 4;

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
        fits.truncate(NEAREST);
        over.truncate(NEAREST);
        let whole = points.last().map(|all| Branches::new(ground, &all.edges));
        let whole = whole.ok_or(SolveError::Fault("no tree to begin with"))?;
        // A small budget goes far by ways that nobody need share.
        let direct = Branches::new(ground, &shortest(ground)).point(ground, None);
        let starts = over.into_iter().chain(fits).chain([&direct]);
        let mut starts: Vec<Point> = starts.map(|point| self.chosen(ground, &whole, point)).collect();
        starts.sort_by_key(|point| self.worth(point));
        starts.dedup_by_key(|point| self.worth(point));
        starts.truncate(STARTS);
        let mut better = Vec::new();
        for mut point in starts {
            for _ in 0..ROUNDS {
                let before = (point.cost, point.missed_weight);
                point = self.filled(ground, &point);
                point = self.reconnected(ground, point)?;
                point = self.chosen(ground, &whole, &point);
                if (point.cost, point.missed_weight) == before {
                    break;
                }
            }
            better.push(self.filled(ground, &point));
        }
        for point in better {
            self.offer(point);
        }
        Ok(Stage::Done)
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
        let best = branches.best_part(self.scale, self.aim);
        let best = best.map(|edges| Branches::new(ground, &edges).point(ground, None));
        // Of a large tree only a part is looked at.
        best.filter(|best| self.worth(best) < self.worth(point)).unwrap_or_else(|| point.clone())
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

/// Adds paths to terminals outside, the most weight for its cost first.
fn grown(ground: &Ground, edges: &[u32], until: Until) -> Vec<u32> {
    let n = ground.weight.len();
    let mut distance = vec![u64::MAX; n];
    let mut via = vec![NONE; n];
    let mut heap = BinaryHeap::new();
    let mut edges = edges.to_vec();
    let root = ground.lifted.net.root;
    let mut inside = vec![false; n];
    for v in edges.iter().flat_map(|&e| [ground.graph.edge(e).0, ground.graph.edge(e).1]).chain([root]) {
        if !std::mem::replace(&mut inside[v as usize], true) {
            distance[v as usize] = 0;
            heap.push(Reverse((0, v)));
        }
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
