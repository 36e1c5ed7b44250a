//! The steps in their order, as a machine that does one bounded slice at a time.

use crate::ascent::{Ascent, Polish};
use crate::exact::Exact;
use crate::growth::{self, Growth};
use crate::local::Local;
use crate::net::Lifted;
use crate::record::{Log, Names, Record};
use crate::reduce::{Reduced, Reducer};
use crate::{Certificate, Instance, Start, mehlhorn, tree};
use breiband_graph::GraphError;
use std::borrow::Cow;
use std::sync::Arc;

mod journal;
mod relaxation;
mod resumption;

use journal::Journal;
use relaxation::Relaxed;

/// How to solve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// Seed of the random choices; the same seed and budget give the same answer on every machine.
    pub seed: u64,
    /// Budget of the improvement phase, in arcs looked at (some 50 to 200 million a second). The reductions, the first
    /// tree and the certificate are always made, whatever the budget.
    pub steps: u64,
    /// The search ends once the proven gap is at most this, in millionths of the cost; 0 goes on until nothing is left.
    pub enough: u32,
}

/// The exact close is tried once the gap is at most one part in so many of the cost.
const NEAR: u64 = 33;
/// Steps that must be left for the exact close to be tried, times the edges of the reduced graph.
const WORTH: u64 = 1_000;
/// As many for it to be tried first of all, where an optimum is asked for.
const EAGER: u64 = 20_000;
/// Terminals of the reduced graph beyond which it is not tried.
const CLOSABLE: u32 = 5_000;
/// Arcs a slice of the search looks at, at least.
const SLICE: u64 = 2_000_000;

impl Default for Config {
    fn default() -> Self {
        Self { seed: 1, steps: 20_000_000, enough: 0 }
    }
}

/// Follows the solver, and may stop it.
pub trait Monitor {
    /// A better tree or bound: the best cost and the best bound so far, on the whole instance.
    fn improved(&mut self, cost: u64, bound: u64);
    /// Steps of the budget that are used.
    fn progress(&mut self, done: u64, of: u64);
    /// Whether to stop; asked between slices of work.
    fn cancelled(&self) -> bool;
}

/// A monitor that neither listens nor stops.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Monitor for Silent {
    fn improved(&mut self, _cost: u64, _bound: u64) {}
    fn progress(&mut self, _done: u64, _of: u64) {}
    fn cancelled(&self) -> bool {
        false
    }
}

/// A monitor that passes on whether to stop, and nothing else: what a question beside the one at hand costs and proves is no news.
pub struct Unheard<'a>(pub &'a mut dyn Monitor);

impl Monitor for Unheard<'_> {
    fn improved(&mut self, _cost: u64, _bound: u64) {}
    fn progress(&mut self, _done: u64, _of: u64) {}
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}

/// Why there is no solution.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SolveError {
    /// The monitor asked to stop before there was a tree and a certificate.
    #[error("cancelled before the first answer")]
    Cancelled,
    /// The instance with its prize arcs is too large to be numbered.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// An invariant of the solver does not hold: a fault of this program, never of its input.
    #[error("internal fault: {0}")]
    Fault(&'static str),
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Vertices, edges and terminals after the reductions.
    pub reduced: (u32, u32, u32),
    /// Cost of the edges that the reductions settled.
    pub settled: u64,
    /// Cost of the first tree.
    pub first_cost: u64,
    /// The best bound the solver claims (on the reduced graph); the certified one is [`Solution::bound`].
    pub claimed_bound: u64,
    /// Arcs looked at in the improvement phase.
    pub steps: u64,
}

/// A tree and the proof of how good it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// The edges of the tree, by their position in the instance, ascending.
    pub edges: Vec<u32>,
    /// What the edges cost, plus the prizes of the terminals in `missed`.
    pub cost: u64,
    /// No solution costs less: what the certificate proves.
    pub bound: u64,
    /// Terminals left out for their prize, ascending.
    pub missed: Vec<u32>,
    /// Terminals that nothing connects to the root, ascending; in neither cost nor bound.
    pub unreachable: Vec<u32>,
    /// The proof of the bound, on the original graph.
    pub certificate: Certificate,
    /// What was done.
    pub stats: Stats,
}

/// Whether there is more to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Call [`Solver::advance`] again.
    Running,
    /// Optimal, out of budget, or cancelled.
    Done,
}

/// The anytime form: each [`Solver::advance`] does a slice of work.
#[derive(Debug)]
pub struct Solver<'a> {
    instance: Cow<'a, Instance>,
    config: Config,
    stage: Stage,
    /// What was found for nearly the same, until it is taken up.
    start: Option<Start>,
    lifted: Option<Lifted>,
    reducer: Option<Reducer>,
    reduced: Option<Reduced>,
    local: Option<Local>,
    /// The dual under improvement, once the first local optimum is found, and the twin of each arc.
    polish: Option<(Polish, Vec<u32>)>,
    /// The dual of the start, until it is improved.
    resumed: Option<Ascent>,
    /// The flow relaxation, while it runs.
    relaxed: Option<Relaxed>,
    /// Vertices of the reduced net where tree and dual disagreed last.
    places: Vec<u32>,
    /// The best tree of the reduced net.
    tree: Vec<u32>,
    /// Edges of the best tree, in the lifted net.
    best: Option<(u64, Vec<u32>)>,
    certificate: Option<(u64, Certificate)>,
    /// What the relaxation and its ascents have proven: the bound of the best of their duals.
    proven: u64,
    /// Whether the exact close has been tried.
    tried: bool,
    /// The proof, if one was asked for.
    journal: Option<Journal>,
    stats: Stats,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Lift,
    First,
    Reduce,
    Resume,
    Ascend,
    Relax,
    Search,
    Close,
    Certify,
    Done,
}

/// Solves an instance to the end of its budget.
///
/// # Errors
/// [`SolveError::Cancelled`] if the monitor stops it before the first answer; a monitor that stops it later gets the
/// best so far.
pub fn solve(instance: &Instance, config: &Config, monitor: &mut dyn Monitor) -> Result<Solution, SolveError> {
    let mut solver = Solver::new(instance, *config);
    while solver.advance(monitor)? == Status::Running {}
    solver.into_solution().ok_or(SolveError::Cancelled)
}

impl<'a> Solver<'a> {
    /// A solver for an instance that the caller keeps.
    #[must_use]
    pub fn new(instance: &'a Instance, config: Config) -> Self {
        Self::over(Cow::Borrowed(instance), config)
    }

    /// A solver that keeps its instance.
    #[must_use]
    pub fn owning(instance: Instance, config: Config) -> Solver<'static> {
        Solver::over(Cow::Owned(instance), config)
    }

    fn over(instance: Cow<'a, Instance>, config: Config) -> Self {
        Self {
            instance,
            config,
            stage: Stage::Lift,
            start: None,
            lifted: None,
            reducer: None,
            reduced: None,
            local: None,
            polish: None,
            resumed: None,
            relaxed: None,
            places: Vec::new(),
            tree: Vec::new(),
            best: None,
            certificate: None,
            proven: 0,
            tried: false,
            journal: None,
            stats: Stats::default(),
        }
    }

    /// Begins with what was found for nearly the same instance: where little changed, that is nearly proven at once.
    #[must_use]
    pub fn from(self, start: Start) -> Self {
        Self { start: Some(start), ..self }
    }

    /// Does a slice of work.
    ///
    /// # Errors
    /// [`SolveError::Cancelled`] if the monitor asks to stop before there is a tree.
    pub fn advance(&mut self, monitor: &mut dyn Monitor) -> Result<Status, SolveError> {
        if monitor.cancelled() && self.stage != Stage::Done {
            if self.best.is_none() {
                return Err(SolveError::Cancelled);
            }
            self.stage = if self.certificate.is_none() { Stage::Certify } else { Stage::Done };
        }
        self.stage = match self.stage {
            Stage::Lift => {
                self.lifted = Some(Lifted::new(&self.instance)?);
                Stage::First
            }
            Stage::First => {
                self.first(monitor)?;
                Stage::Reduce
            }
            Stage::Reduce => {
                self.reduce(monitor)?;
                if self.start.is_some() { Stage::Resume } else { Stage::Ascend }
            }
            Stage::Resume => {
                self.resume(monitor)?;
                if self.closed() { Stage::Relax } else { Stage::Ascend }
            }
            Stage::Ascend => {
                self.ascend(monitor)?;
                if self.eager() && self.near() { Stage::Close } else { Stage::Relax }
            }
            Stage::Relax => {
                if self.relax(monitor)? {
                    Stage::Relax
                } else {
                    Stage::Search
                }
            }
            Stage::Search => {
                if !self.search(monitor)? {
                    Stage::Certify
                } else if !self.tried && self.polish.is_some() && self.near() {
                    Stage::Close
                } else {
                    Stage::Search
                }
            }
            Stage::Close => {
                self.close(monitor)?;
                if self.polish.is_some() || self.closed() { Stage::Search } else { Stage::Relax }
            }
            Stage::Certify => {
                self.certify(monitor)?;
                Stage::Done
            }
            Stage::Done => Stage::Done,
        };
        monitor.progress(self.stats.steps.min(self.config.steps), self.config.steps);
        Ok(if self.stage == Stage::Done { Status::Done } else { Status::Running })
    }

    /// The best tree so far, certified as far as the solver has come.
    #[must_use]
    pub fn solution(&self) -> Option<Solution> {
        let lifted = self.lifted.as_ref()?;
        let (cost, edges) = self.best.as_ref()?;
        let (bound, certificate) =
            self.certificate.clone().unwrap_or_else(|| (0, Certificate::new(self.instance.root())));
        Some(self.describe(lifted, *cost, edges, bound, certificate))
    }

    /// As [`Solver::solution`], without a copy of the certificate.
    #[must_use]
    pub fn into_solution(mut self) -> Option<Solution> {
        let (bound, certificate) =
            self.certificate.take().unwrap_or_else(|| (0, Certificate::new(self.instance.root())));
        let lifted = self.lifted.as_ref()?;
        let (cost, edges) = self.best.as_ref()?;
        Some(self.describe(lifted, *cost, edges, bound, certificate))
    }

    fn describe(&self, lifted: &Lifted, cost: u64, edges: &[u32], bound: u64, certificate: Certificate) -> Solution {
        let m = self.instance.edges().len() as u32;
        let originals = edges.iter().map(|&e| lifted.origin[e as usize]);
        let kept: Vec<u32> = originals.filter(|&e| e < m).collect();
        let mut missed: Vec<u32> = edges
            .iter()
            .filter(|&&e| lifted.origin[e as usize] >= m)
            .filter_map(|&e| {
                let (u, v, _) = lifted.net.graph.edge(e);
                let end = [u, v].into_iter().find(|&x| lifted.net.is_sink(x))?;
                (u == lifted.net.root || v == lifted.net.root).then(|| lifted.terminal(end))
            })
            .collect();
        missed.sort_unstable();
        Solution {
            edges: kept,
            cost,
            bound,
            missed,
            unreachable: lifted.unreachable.clone(),
            certificate,
            stats: self.stats,
        }
    }

    /// A first tree, before anything that takes long.
    fn first(&mut self, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        let lifted = self.lifted.as_ref().ok_or(SolveError::Fault("no net"))?;
        let edges = growth::tree(&lifted.net).ok_or(SolveError::Fault("no first tree"))?;
        let cost = lifted.net.cost(&edges);
        self.stats.first_cost = cost;
        self.best = Some((cost, edges));
        monitor.improved(cost, 0);
        Ok(())
    }

    /// Reduces the net as far as it goes without a bound, and makes a tree of what is left.
    fn reduce(&mut self, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        let lifted = self.lifted.as_ref().ok_or(SolveError::Fault("no net"))?;
        let mut reducer = Reducer::new(&lifted.net, &lifted.reached);
        if self.journal.is_some() {
            let names = Names::lifted(&lifted.net, &lifted.origin, self.instance.edges().len());
            reducer.record = Some(Record::new(names));
        }
        reducer.run_hard(self.config.steps);
        let reduced = reducer.freeze().ok_or(SolveError::Fault("the reduced graph is none"))?;
        if let Some(journal) = &mut self.journal {
            journal.reduced(&mut reducer, &reduced);
        }
        self.stats.settled = reducer.fixed_cost();
        let graph = &reduced.net.graph;
        self.stats.reduced = (graph.vertex_count(), graph.edge_count(), reduced.net.terminals.len() as u32);
        let edges = mehlhorn::tree(&reduced.net).ok_or(SolveError::Fault("no tree of what is left"))?;
        (self.reducer, self.reduced) = (Some(reducer), Some(reduced));
        self.offer(&edges, monitor)?;
        self.tree = edges;
        Ok(())
    }

    /// Keeps a tree of the reduced graph if it is the best.
    fn offer(&mut self, edges: &[u32], monitor: &mut dyn Monitor) -> Result<bool, SolveError> {
        let (Some(lifted), Some(reducer), Some(reduced)) = (&self.lifted, &self.reducer, &self.reduced) else {
            return Err(SolveError::Fault("nothing reduced"));
        };
        if self.best.as_ref().is_some_and(|(cost, _)| *cost <= reducer.fixed_cost() + reduced.net.cost(edges)) {
            return Ok(false);
        }
        let originals = reducer.expand(edges.iter().map(|&e| reduced.edge[e as usize]));
        let edges = tree::best_on(&lifted.net, &tree::vertices_of(&lifted.net, &originals))
            .ok_or(SolveError::Fault("an expanded tree is none"))?;
        if !tree::is_solution(&lifted.net, &edges) {
            return Err(SolveError::Fault("an expanded tree is no solution"));
        }
        let cost = lifted.net.cost(&edges);
        if self.best.as_ref().is_some_and(|(best, _)| *best <= cost) {
            return Ok(false);
        }
        self.best = Some((cost, edges));
        monitor.improved(cost, self.bound());
        Ok(true)
    }

    fn bound(&self) -> u64 {
        let polished = self.polish.as_ref().map_or(0, |(polish, _)| polish.ascent.bound);
        let polished = polished.max(self.proven);
        self.certificate.as_ref().map_or(polished, |(bound, _)| *bound)
    }

    /// Whether the best tree costs no more than the bound on the reduced graph, or the proven gap is small enough.
    fn closed(&self) -> bool {
        let Some((cost, _)) = &self.best else { return false };
        *cost <= self.stats.claimed_bound || self.enough(*cost, self.bound(), 0)
    }

    /// Whether a gap is what was asked for, or at most so many millionths more.
    fn enough(&self, cost: u64, bound: u64, more: u32) -> bool {
        let allowed = u128::from(cost) * (u128::from(self.config.enough) + u128::from(more)) / 1_000_000;
        u128::from(cost.saturating_sub(bound)) <= allowed
    }

    /// Ascends on the reduced graph, guided by the best tree, and grows a tree on what that saturated.
    fn ascend(&mut self, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        let reduced = self.reduced.as_ref().ok_or(SolveError::Fault("nothing reduced"))?;
        let net = Arc::clone(&reduced.net);
        let ascent = Ascent::run(&net, &net.graph.twins(), &self.tree);
        self.stats.claimed_bound = self.stats.claimed_bound.max(self.stats.settled + ascent.bound);
        if let Some(journal) = &mut self.journal {
            journal.ascended(&net, &ascent, self.stats.settled + ascent.bound);
        }
        let saturated = ascent.saturated(&net);
        drop(ascent);
        let mut growth = Growth::new(&net);
        let grown = growth.run(&net, net.root, |e, cost| saturated[e as usize].then_some(cost));
        if let Some(edges) = grown.and_then(|vertices| tree::best_on(&net, &vertices))
            && net.cost(&edges) < net.cost(&self.tree)
        {
            self.offer(&edges, monitor)?;
            self.tree = edges;
        }
        Ok(())
    }

    /// Whether tree and dual are so close, and so much of the budget is left, that the exact close has a chance.
    fn near(&self) -> bool {
        let edges = u64::from(self.stats.reduced.1);
        if self.closed()
            || self.stats.reduced.2 > CLOSABLE
            || self.config.steps.saturating_sub(self.stats.steps) < edges.saturating_mul(WORTH)
        {
            return false;
        }
        let bound = self.stats.claimed_bound.max(self.bound());
        self.best.as_ref().is_some_and(|(cost, _)| cost - bound.min(*cost) <= cost / NEAR)
    }

    /// Whether an optimum is asked for, with steps enough to try for it before anything else.
    fn eager(&self) -> bool {
        let worth = u64::from(self.stats.reduced.1).saturating_mul(EAGER);
        self.config.enough == 0 && self.config.steps.saturating_sub(self.stats.steps) >= worth
    }

    /// Tries to close what is left between tree and bound on the reduced graph.
    fn close(&mut self, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        let reduced = self.reduced.as_ref().ok_or(SolveError::Fault("nothing reduced"))?;
        let net = Arc::clone(&reduced.net);
        self.tried = true;
        let limit = self.config.steps.saturating_sub(self.stats.steps) / 4 * 3;
        let stop = || monitor.cancelled();
        let mut exact = Exact::new(limit, self.config.seed, &stop);
        exact.log = self.journal.as_ref().map(|_| Log::default());
        let verdict = exact.close(&net, net.cost(&self.tree), 0, self.journal.as_ref().map(Journal::names))?;
        self.stats.steps += exact.work;
        if let (Some(journal), Some(log)) = (&mut self.journal, exact.log.take()) {
            journal.closed(log, self.stats.settled + verdict.bound);
        }
        self.stats.claimed_bound = self.stats.claimed_bound.max(self.stats.settled + verdict.bound);
        if let Some(edges) = verdict.tree {
            self.offer(&edges, monitor)?;
            self.tree = edges;
            self.local = None;
        }
        Ok(())
    }

    /// A slice of local search; from its first optimum on, of kicks where tree and dual disagree and of work on the
    /// dual there. Whether there is budget for more.
    fn search(&mut self, monitor: &mut dyn Monitor) -> Result<bool, SolveError> {
        let reduced = self.reduced.as_ref().ok_or(SolveError::Fault("nothing reduced"))?;
        let net = Arc::clone(&reduced.net);
        let left = self.config.steps.saturating_sub(self.stats.steps);
        if left == 0 || net.terminals.is_empty() || self.closed() {
            self.local = None;
            return Ok(false);
        }
        let mut local = match self.local.take() {
            Some(local) => local,
            None => Local::new(Arc::clone(&net), &self.tree, self.config.seed),
        };
        let (work, cost) = (local.work, local.cost());
        let slice = left.min(SLICE.max(u64::from(net.graph.edge_count()) * 8));
        for &place in &self.places {
            if local.work - work < slice {
                local.kick_at(place);
            }
        }
        let settled = local.search(slice.saturating_sub(local.work - work));
        while settled && self.polish.is_some() && local.work - work < slice {
            local.kick();
        }
        self.stats.steps += local.work - work;
        let mut better = false;
        if local.cost() < cost {
            let edges = tree::best_on(&net, &tree::vertices_of(&net, &local.edges()))
                .ok_or(SolveError::Fault("a searched tree is none"))?;
            better = self.offer(&edges, monitor)?;
            self.tree = edges;
        }
        self.local = Some(local);
        if settled || self.polish.is_some() || self.stats.steps > self.config.steps / 4 * 3 {
            self.polish(slice, better, monitor)?;
        }
        Ok(true)
    }

    /// A slice of work on the dual, which begins with the ascent that the best tree guides.
    fn polish(&mut self, slice: u64, better: bool, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        let (Some(lifted), Some(reduced), Some((cost, best))) = (&self.lifted, &self.reduced, &self.best) else {
            return Err(SolveError::Fault("no tree to compare with"));
        };
        let net = &lifted.net;
        let (mut polish, twins) = self.polish.take().unwrap_or_else(|| {
            let twins = net.graph.twins();
            let ascent = self.resumed.take().unwrap_or_else(|| Ascent::run(net, &twins, best));
            (Polish::new(net, ascent, self.config.seed), twins)
        });
        if better {
            polish.follow(net, best);
        }
        let (work, bound) = (polish.ascent.work, polish.ascent.bound);
        polish.run(net, &twins, slice);
        self.stats.steps += polish.ascent.work - work;
        self.places.clear();
        self.places.extend(polish.places().iter().map(|&v| reduced.name[v as usize]).filter(|&v| v != crate::NONE));
        shuffle(&mut self.places, self.config.seed ^ self.stats.steps);
        if polish.ascent.bound > bound {
            monitor.improved(*cost, polish.ascent.bound);
        }
        self.polish = Some((polish, twins));
        Ok(())
    }

    fn certify(&mut self, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        (self.reducer, self.reduced, self.local) = (None, None, None);
        let lifted = self.lifted.as_ref().ok_or(SolveError::Fault("no net"))?;
        let net = &lifted.net;
        let polished = self.polish.take().map(|(polish, _)| polish.ascent);
        let relaxed = self.relaxed.take().map(|relaxed| relaxed.ascent);
        let ascent = polished.or(relaxed).or(self.resumed.take()).unwrap_or_else(|| {
            Ascent::run(net, &net.graph.twins(), self.best.as_ref().map_or(&[], |(_, edges)| &edges[..]))
        });
        let bound = ascent.bound;
        if let Some(journal) = &mut self.journal {
            journal.certified(net, &ascent);
        }
        let certificate = ascent.into_certificate(lifted);
        self.certificate = Some((bound, certificate));
        if let Some((cost, _)) = &self.best {
            monitor.improved(*cost, bound);
        }
        Ok(())
    }
}

/// Puts places in a random order.
pub(crate) fn shuffle(places: &mut [u32], seed: u64) {
    for i in (1..places.len()).rev() {
        let pick = breiband_random::mix(seed.wrapping_add(i as u64)) % (i as u64 + 1);
        places.swap(i, pick as usize);
    }
}

#[cfg(test)]
mod tests;
