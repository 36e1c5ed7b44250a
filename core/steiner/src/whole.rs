//! Groups of terminals that are taken whole or not at all, for a budget, a quota or a rate.
//!
//! Without that rule the problem is [`crate::curve`]'s, whose lines bound this one too. Sets of groups are weighed on a tree that
//! connects everything, where a set costs the paths to it: all sets where there are few groups, else the best weight for its
//! cost first, from nothing and from what the curve's trees hold whole. The best of them are solved for themselves, and what
//! that saves is spent again.

use std::collections::BTreeSet;

use crate::solver::{Config, Monitor, SolveError, Solver, Status, Unheard};
use crate::{Aim, Curve, Instance, Point, Terminal};
use tree::Tree;

mod tree;

/// Sets that are solved for themselves. Up to five groups these are all there are, and the choice among them is exact.
const SOLVED: usize = 32;
/// Groups up to which all sets are weighed on the tree.
const ALL_SETS: usize = 12;
/// Groups that are tried one by one with the money that solving a set has saved.
const MORE: usize = 8;

/// Where there are very many groups, one part in so many is taken or goes before all are weighed again.
const BATCH: usize = 256;

/// The search, in slices.
#[derive(Debug)]
pub struct Whole {
    instance: Instance,
    aim: Aim,
    config: Config,
    curve: Curve,
    items: Vec<Item>,
    stage: Stage,
    solver: Option<Box<Solver<'static>>>,
    tree: Option<Tree>,
    /// Sets to be solved, the next one last.
    queue: Vec<Vec<bool>>,
    best: Option<(Point, Vec<bool>)>,
    spent: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Everything,
    Weigh,
    Solve,
    Done,
}

/// Terminals that go together.
#[derive(Debug)]
struct Item {
    vertices: Vec<u32>,
    weight: u64,
    required: bool,
}

impl Whole {
    /// A search that has done nothing yet. `groups` are lists of terminals' vertices, no vertex in two of them; terminals in
    /// none are taken one by one. `curve` is that of the instance and the aim.
    pub fn new(instance: &Instance, groups: &[Vec<u32>], aim: Aim, curve: Curve, config: Config) -> Self {
        let terminals = instance.terminals();
        let of = |v: u32| terminals.binary_search_by_key(&v, |t| t.vertex).ok().map(|at| terminals[at]);
        let lost = |v: &u32| curve.unreachable.binary_search(v).is_ok() || *v == instance.root();
        let grouped: BTreeSet<u32> = groups.iter().flatten().copied().collect();
        let alone = terminals.iter().filter(|t| !grouped.contains(&t.vertex)).map(|t| vec![t.vertex]);
        let items = groups.iter().cloned().chain(alone).filter_map(|group| {
            let vertices: Vec<u32> = group.into_iter().filter(|v| !lost(v)).collect();
            let members: Vec<Terminal> = vertices.iter().filter_map(|&v| of(v)).collect();
            let weight = members.iter().filter_map(|t| t.prize).sum();
            let required = members.iter().any(|t| t.prize.is_none());
            (!members.is_empty() && (weight > 0 || required)).then_some(Item { vertices, weight, required })
        });
        Self {
            items: items.collect(),
            instance: instance.clone(),
            aim,
            config: Config { steps: config.steps / 3, ..config },
            curve,
            stage: Stage::Everything,
            solver: None,
            tree: None,
            queue: Vec::new(),
            best: None,
            spent: false,
        }
    }

    /// Does a slice of work.
    ///
    /// # Errors
    /// As [`crate::solve`].
    pub fn advance(&mut self, monitor: &mut dyn Monitor) -> Result<Status, SolveError> {
        if monitor.cancelled() {
            return Err(SolveError::Cancelled);
        }
        match self.stage {
            Stage::Everything => {
                let all = vec![true; self.items.len()];
                if let Some(point) = self.solve(&all, self.config.steps, monitor)? {
                    self.tree = Some(Tree::new(&self.instance, &point.edges));
                    self.offer(point, all);
                    self.stage = Stage::Weigh;
                }
            }
            Stage::Weigh => {
                self.queue = self.chosen();
                self.stage = Stage::Solve;
            }
            Stage::Solve => match self.queue.last().cloned() {
                Some(set) => {
                    if let Some(point) = self.solve(&set, self.config.steps / SOLVED as u64, monitor)? {
                        self.queue.pop();
                        self.offer(point, set);
                    }
                }
                None if std::mem::replace(&mut self.spent, true) => self.stage = Stage::Done,
                None => self.queue = self.more(),
            },
            Stage::Done => {}
        }
        Ok(if self.stage == Stage::Done { Status::Done } else { Status::Running })
    }

    /// The curve as it was given, and the best choice of whole groups, if any is within the budget.
    pub fn into_parts(self) -> (Curve, Option<Point>) {
        (self.curve, self.best.map(|(point, _)| point))
    }

    /// Connects a set, for no more than it costs on the tree; `None` until that is done.
    fn solve(&mut self, set: &[bool], steps: u64, monitor: &mut dyn Monitor) -> Result<Option<Point>, SolveError> {
        let mut solver = match self.solver.take() {
            Some(solver) => solver,
            None => {
                let vertices = (0..set.len()).filter(|&i| set[i]).flat_map(|i| self.items[i].vertices.iter());
                let terminals = vertices.map(|&vertex| Terminal { vertex, prize: None }).collect();
                let instance = self.instance.with_terminals(terminals).map_err(|_| SolveError::Fault("no instance"))?;
                Box::new(Solver::owning(instance, Config { steps, ..self.config }))
            }
        };
        if solver.advance(&mut Unheard(monitor))? == Status::Running {
            self.solver = Some(solver);
            return Ok(None);
        }
        let solution = solver.into_solution().ok_or(SolveError::Cancelled)?;
        let (mut edges, mut cost) = (solution.edges, solution.cost);
        // With few steps the tree that connects everything may know better.
        if let Some(tree) = &mut self.tree
            && tree.cost_of(&self.items, set) < cost
        {
            (edges, cost) = (tree.edges(), tree.cost);
        }
        let out = (0..set.len()).filter(|&i| !set[i]).flat_map(|i| self.items[i].vertices.iter().copied());
        let weighs = |v: &u32| {
            let at = self.instance.terminals().binary_search_by_key(v, |t| t.vertex);
            at.is_ok_and(|at| self.instance.terminals()[at].prize.is_some_and(|prize| prize > 0))
        };
        let mut missed: Vec<u32> = out.filter(weighs).collect();
        missed.sort_unstable();
        Ok(Some(Point { edges, cost, missed, missed_weight: self.missed(set) }))
    }

    fn missed(&self, set: &[bool]) -> u64 {
        (0..set.len()).filter(|&i| !set[i]).map(|i| self.items[i].weight).sum()
    }

    /// What is compared: less is better; `None` where it is not allowed.
    fn value(&self, cost: u64, missed: u64) -> Option<(u128, u64)> {
        match self.aim {
            Aim::Budget(budget) => (cost <= budget).then_some((u128::from(missed), cost)),
            Aim::Missed(most) => (missed <= most).then_some((u128::from(cost), missed)),
            Aim::Rate(rate) => Some((u128::from(cost) + u128::from(missed) * u128::from(rate), cost)),
            Aim::Curve => Some((u128::from(missed), cost)),
        }
    }

    fn offer(&mut self, point: Point, set: Vec<bool>) {
        let Some(value) = self.value(point.cost, point.missed_weight) else { return };
        let held = self.best.as_ref().and_then(|(best, _)| self.value(best.cost, best.missed_weight));
        if held.is_none_or(|held| value < held) {
            self.best = Some((point, set));
        }
    }

    fn required(&self) -> Vec<bool> {
        self.items.iter().map(|item| item.required).collect()
    }

    /// How many of so many sets may be solved: with fewer steps than a set has edges to look at, solving it finds little that the
    /// tree does not show.
    fn affordable(&self, sets: usize) -> usize {
        let edges = (self.instance.edges().len() as u64).max(1);
        usize::try_from(self.config.steps / edges).unwrap_or(sets).clamp(1, sets)
    }

    /// The sets worth solving, the most promising last.
    fn chosen(&mut self) -> Vec<Vec<bool>> {
        let Some(mut tree) = self.tree.take() else { return Vec::new() };
        let mut sets =
            if self.items.len() <= ALL_SETS { self.every_set(&mut tree) } else { self.grown_sets(&mut tree) };
        self.tree = Some(tree);
        sets.dedup();
        sets.truncate(self.affordable(SOLVED));
        sets.reverse();
        sets
    }

    /// Of all sets first the best that the tree allows, then those that would be better still and are not ruled out, by what
    /// they cost on the tree; then the rest of what it allows.
    fn every_set(&self, tree: &mut Tree) -> Vec<Vec<bool>> {
        let n = self.items.len();
        let mut allowed = Vec::new();
        let mut dearer = Vec::new();
        for bits in 0u32..1 << n {
            let set: Vec<bool> = (0..n).map(|i| bits >> i & 1 == 1).collect();
            if self.items.iter().zip(&set).any(|(item, taken)| item.required && !taken) {
                continue;
            }
            let (cost, missed) = (tree.cost_of(&self.items, &set), self.missed(&set));
            match self.value(cost, missed) {
                Some(value) => allowed.push((value, set)),
                None => dearer.push((cost, missed, set)),
            }
        }
        allowed.sort();
        let best = allowed.first().map(|(value, _)| *value);
        let hopeful = |(_, missed, _): &(u64, u64, Vec<bool>)| match self.aim {
            Aim::Budget(budget) => {
                best.is_none_or(|best| u128::from(*missed) < best.0) && self.curve.least_cost(*missed) <= budget
            }
            _ => false,
        };
        dearer.retain(hopeful);
        dearer.sort();
        let mut allowed = allowed.into_iter().map(|(_, set)| set);
        let first = allowed.next();
        first.into_iter().chain(dearer.into_iter().map(|(_, _, set)| set)).chain(allowed).collect()
    }

    /// Sets grown from nothing, and from what each tree of the curve holds whole.
    fn grown_sets(&self, tree: &mut Tree) -> Vec<Vec<bool>> {
        let mut starts = vec![self.required()];
        for point in &self.curve.points {
            let held = |item: &Item| item.vertices.iter().all(|v| point.missed.binary_search(v).is_err());
            let set: Vec<bool> = self.items.iter().map(|item| item.required || held(item)).collect();
            // What does not fit is thinned out: the least weight for its cost goes first.
            starts.push(self.thinned(tree, set));
        }
        let mut found: Vec<((u128, u64), Vec<bool>)> = Vec::new();
        for start in starts {
            let set = self.grown(tree, start);
            let (cost, missed) = (tree.cost_of(&self.items, &set), self.missed(&set));
            if let Some(value) = self.value(cost, missed) {
                found.push((value, set));
            }
        }
        found.sort();
        found.into_iter().map(|(_, set)| set).collect()
    }

    /// Takes groups away until the set is within the budget.
    fn thinned(&self, tree: &mut Tree, mut set: Vec<bool>) -> Vec<bool> {
        let Aim::Budget(budget) = self.aim else { return set };
        tree.take(&self.items, &set);
        while tree.cost > budget {
            let loose = (0..set.len()).filter(|&i| set[i] && !self.items[i].required);
            let mut own: Vec<(usize, u64)> =
                loose.map(|i| (i, tree.freed(&self.items[i]))).filter(|(_, freed)| *freed > 0).collect();
            own.sort_by(|a, b| {
                let worth = |x: &(usize, u64), other: u64| u128::from(self.items[x.0].weight) * u128::from(other);
                worth(a, b.1).cmp(&worth(b, a.1)).then(a.0.cmp(&b.0))
            });
            if own.is_empty() {
                break;
            }
            for &(worst, _) in &own[..(own.len() / BATCH).max(1)] {
                if tree.cost > budget {
                    set[worst] = false;
                    tree.drop(&self.items[worst]);
                }
            }
        }
        set
    }

    /// Adds groups, the best weight for its cost on the tree first, as far as the aim asks.
    fn grown(&self, tree: &mut Tree, mut set: Vec<bool>) -> Vec<bool> {
        tree.take(&self.items, &set);
        let mut missed = self.missed(&set);
        loop {
            let allowed = |cost: u64, item: &Item, tree: &Tree| match self.aim {
                Aim::Budget(budget) => tree.cost + cost <= budget,
                Aim::Missed(most) => missed > most,
                Aim::Rate(rate) => u128::from(cost) < u128::from(item.weight) * u128::from(rate),
                Aim::Curve => true,
            };
            let mut open: Vec<(u64, usize)> = Vec::new();
            for i in (0..set.len()).filter(|&i| !set[i]) {
                let cost = tree.adds(&self.items[i]);
                if allowed(cost, &self.items[i], tree) {
                    open.push((cost, i));
                }
            }
            open.sort_by(|a, b| {
                let worth = |x: &(u64, usize), cost: u64| u128::from(self.items[x.1].weight) * u128::from(cost);
                worth(b, a.0).cmp(&worth(a, b.0)).then(a.cmp(b))
            });
            let batch = (open.len() / BATCH).max(1);
            let mut taken = 0;
            for (_, i) in open {
                let cost = tree.adds(&self.items[i]);
                if taken < batch && allowed(cost, &self.items[i], tree) {
                    tree.add(&self.items[i]);
                    set[i] = true;
                    taken += 1;
                }
            }
            missed = self.missed(&set);
            if taken == 0 {
                return self.shed(tree, set, missed);
            }
        }
    }

    /// Leaves out again what the aim can do without, the most it saves first.
    fn shed(&self, tree: &mut Tree, mut set: Vec<bool>, mut missed: u64) -> Vec<bool> {
        loop {
            let spare = |item: &Item, freed: u64| match self.aim {
                Aim::Missed(most) => missed + item.weight <= most,
                Aim::Rate(rate) => u128::from(freed) > u128::from(item.weight) * u128::from(rate),
                Aim::Budget(_) | Aim::Curve => false,
            };
            let loose = (0..set.len()).filter(|&i| set[i] && !self.items[i].required);
            let own = loose.map(|i| (tree.freed(&self.items[i]), std::cmp::Reverse(i)));
            let most = own.filter(|&(freed, i)| freed > 0 && spare(&self.items[i.0], freed)).max();
            let Some((_, std::cmp::Reverse(i))) = most else { return set };
            set[i] = false;
            missed += self.items[i].weight;
            tree.drop(&self.items[i]);
        }
    }

    /// With what solving the best set has saved: that set and one group more, or one fewer where the aim has enough.
    fn more(&mut self) -> Vec<Vec<bool>> {
        let (Some(mut tree), Some((point, set))) = (self.tree.take(), &self.best) else { return Vec::new() };
        tree.take(&self.items, set);
        let mut open: Vec<(u64, usize)> = match self.aim {
            Aim::Budget(budget) => (0..set.len())
                .filter(|&i| !set[i])
                .map(|i| (tree.adds(&self.items[i]), i))
                .filter(|(cost, _)| point.cost + cost / 2 <= budget)
                .collect(),
            _ => Vec::new(),
        };
        open.sort_by_key(|&(cost, i)| (cost, std::cmp::Reverse(self.items[i].weight), i));
        open.truncate(self.affordable(MORE));
        let with = |(_, i): (u64, usize)| {
            let mut next = set.clone();
            next[i] = true;
            next
        };
        let sets = open.into_iter().map(with).collect();
        self.tree = Some(tree);
        sets
    }
}

#[cfg(test)]
mod tests;
