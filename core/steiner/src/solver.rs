//! The steps in their order, as a machine that does one bounded slice at a time.

use crate::ascent::{Ascent, Polish};
use crate::exact::{Exact, Narrow};
use crate::growth::{self, Growth};
use crate::local::Local;
use crate::net::Net;
use crate::record::Record;
use crate::reduce::{Reduced, Reducer};
use crate::thinned::Thinned;
use crate::{Certificate, Instance, Start, mehlhorn, tree};
use std::borrow::Cow;
use std::sync::Arc;

mod closing;
mod interface;
mod journal;
mod relaxation;
mod resumption;
mod search;

pub use interface::{Config, Monitor, Silent, Solution, SolveError, Stats, Status, Unheard};
use journal::Journal;
use relaxation::Relaxed;
pub(crate) use search::shuffle;

/// The anytime form: each [`Solver::advance`] does a slice of work.
#[derive(Debug)]
pub struct Solver<'a> {
    instance: Cow<'a, Instance>,
    config: Config,
    stage: Stage,
    /// What was found for nearly the same, until it is taken up.
    start: Option<Start>,
    thinned: Option<Thinned>,
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
    /// Edges of the best tree, in the thinned net.
    best: Option<(u64, Vec<u32>)>,
    certificate: Option<(u64, Certificate)>,
    /// What the relaxation and its ascents have proven: the bound of the best of their duals.
    proven: u64,
    /// Whether the exact close has been tried.
    tried: bool,
    /// Slices of work on the dual, one after the other, that gained nothing while the tree could not be better.
    idle: u32,
    /// The proof, if one was asked for.
    journal: Option<Journal>,
    stats: Stats,
}

/// Edges of the reduced graph up to which the best tree on saturated arcs is looked for, and the steps for each edge that must be left.
const SPARSE: u64 = 400_000;
const WORTHWHILE: u64 = 20;

/// Parts of the time: once the first has gone by the reductions end, since a tree and a bound are worth more than a smaller net; if
/// the second has by the time that there is an ascent, the certificate's is made next, lest it come after the time.
const REDUCING: f64 = 0.3;
const SHORT: f64 = 0.15;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Thin,
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
            stage: Stage::Thin,
            start: None,
            thinned: None,
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
            idle: 0,
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
            Stage::Thin => {
                self.thin()?;
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
                if monitor.elapsed() > SHORT && !self.closed() {
                    self.prove_early(monitor)?;
                }
                if self.first_of_all() { Stage::Close } else { Stage::Relax }
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

    /// What part of `all` the used part of the budget is.
    pub(crate) fn part_of(&self, all: u64) -> u64 {
        let done = u128::from(self.stats.steps.min(self.config.steps)) * u128::from(all);
        done.checked_div(u128::from(self.config.steps)).unwrap_or(0) as u64
    }

    /// The instance as what the rest works on.
    fn thin(&mut self) -> Result<(), SolveError> {
        let (thinned, beginning) = Thinned::new(&self.instance, self.journal.is_some())?;
        if let (Some(journal), Some(beginning)) = (&mut self.journal, beginning) {
            journal.begin(beginning);
        }
        self.thinned = Some(thinned);
        Ok(())
    }

    /// A first tree, before anything that takes long.
    fn first(&mut self, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        let thinned = self.thinned.as_ref().ok_or(SolveError::Fault("no net"))?;
        let edges = growth::tree(&thinned.net).ok_or(SolveError::Fault("no first tree"))?;
        let cost = thinned.net.cost(&edges);
        self.stats.first_cost = cost;
        self.best = Some((cost, edges));
        monitor.improved(cost, 0);
        Ok(())
    }

    /// Reduces the net as far as it goes without a bound, and makes a tree of what is left. Where nearly all choose between drops,
    /// thinning has found nearly all there is to find: trees and potentials are looked for on one net then.
    fn reduce(&mut self, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        let thinned = self.thinned.as_ref().ok_or(SolveError::Fault("no net"))?;
        let mut reducer = Reducer::among(&thinned.net, |v| thinned.reached[v as usize]);
        reducer.record = self.journal.as_ref().map(|journal| Record::new(journal.thinned()));
        let reduced = if reducer.undecided() && !reducer.excuses {
            Reduced::whole(&thinned.net)
        } else {
            reducer.run_hard(self.config.steps, &|| monitor.cancelled() || monitor.elapsed() > REDUCING);
            reducer.freeze().ok_or(SolveError::Fault("the reduced graph is none"))?
        };
        if let Some(journal) = &mut self.journal {
            journal.reduced(&mut reducer, &reduced);
        }
        self.stats.settled = reducer.fixed_cost();
        let graph = &reduced.net.graph;
        self.stats.reduced = (graph.vertex_count(), graph.edge_count(), reduced.net.terminals.len() as u32);
        let edges = match &self.best {
            Some((_, first)) if reduced.is_whole_of(&thinned.net) => Some(first.clone()),
            _ => mehlhorn::tree(&reduced.net),
        };
        let edges = edges.ok_or(SolveError::Fault("no tree of what is left"))?;
        (self.reducer, self.reduced) = (Some(reducer), Some(reduced));
        self.offer(&edges, monitor)?;
        self.tree = edges;
        Ok(())
    }

    /// Keeps a tree of the reduced graph if it is the best.
    fn offer(&mut self, edges: &[u32], monitor: &mut dyn Monitor) -> Result<bool, SolveError> {
        let (Some(thinned), Some(reducer), Some(reduced)) = (&self.thinned, &self.reducer, &self.reduced) else {
            return Err(SolveError::Fault("nothing reduced"));
        };
        if self.best.as_ref().is_some_and(|(cost, _)| *cost <= reducer.fixed_cost() + reduced.net.cost(edges)) {
            return Ok(false);
        }
        let originals = reducer.expand(&thinned.net, edges.iter().map(|&e| reduced.edge[e as usize]));
        let edges = tree::best_on(&thinned.net, &tree::vertices_of(&thinned.net, &originals))
            .ok_or(SolveError::Fault("an expanded tree is none"))?;
        if !tree::is_solution(&thinned.net, &edges) {
            return Err(SolveError::Fault("an expanded tree is no solution"));
        }
        let cost = thinned.net.cost(&edges);
        if self.best.as_ref().is_some_and(|(best, _)| *best <= cost) {
            return Ok(false);
        }
        self.best = Some((cost, edges));
        monitor.improved(cost, self.bound());
        Ok(true)
    }

    /// Notes what is proven of the reduced graph.
    fn claim(&mut self, bound: u64, monitor: &mut dyn Monitor) {
        if bound > self.stats.claimed_bound {
            self.stats.claimed_bound = bound;
            monitor.claimed(self.best.as_ref().map_or(u64::MAX, |&(cost, _)| cost), bound);
        }
    }

    fn bound(&self) -> u64 {
        let polished = self.polish.as_ref().map_or(0, |(polish, _)| polish.ascent.bound);
        let polished = polished.max(self.proven);
        self.certificate.as_ref().map_or(polished, |(bound, _)| *bound)
    }

    /// Whether the best tree costs no more than the bound on the reduced graph, or the proven gap is small enough.
    fn closed(&self) -> bool {
        let Some((cost, _)) = &self.best else { return false };
        self.is_best() && !self.config.certified || self.enough(*cost, self.bound(), 0)
    }

    /// Whether no tree is better; the certificate need not prove it.
    fn is_best(&self) -> bool {
        self.best.as_ref().is_some_and(|(cost, _)| *cost <= self.stats.claimed_bound)
    }

    /// Whether a gap is what was asked for, or at most so many millionths more.
    fn enough(&self, cost: u64, bound: u64, more: u32) -> bool {
        let allowed = u128::from(cost) * (u128::from(self.config.enough) + u128::from(more)) / 1_000_000;
        u128::from(cost.saturating_sub(bound)) <= allowed
    }

    /// Ascends on the reduced graph, guided by the best tree, and grows a tree on what that saturated. Where nothing was reduced, the
    /// certificate may come from that ascent.
    fn ascend(&mut self, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        let (Some(thinned), Some(reduced)) = (&self.thinned, &self.reduced) else {
            return Err(SolveError::Fault("nothing reduced"));
        };
        let net = Arc::clone(&reduced.net);
        let is_whole = reduced.is_whole_of(&thinned.net);
        let run = if is_whole { Ascent::run_quickly } else { Ascent::run };
        let ascent = run(&net, &net.graph.twins(), &self.tree);
        self.claim(self.stats.settled + ascent.bound, monitor);
        if let Some(journal) = &mut self.journal {
            journal.ascended(&net, &ascent, self.stats.settled + ascent.bound);
        }
        let saturated = ascent.saturated(&net);
        if is_whole && self.resumed.as_ref().is_none_or(|resumed| resumed.bound < ascent.bound) {
            self.resumed = Some(ascent);
        } else {
            drop(ascent);
        }
        let mut growth = Growth::new(&net);
        let grown = growth.run(&net, net.root, |e, cost| saturated[e as usize].then_some(cost));
        if let Some(edges) = grown.and_then(|vertices| tree::best_on(&net, &vertices))
            && net.cost(&edges) < net.cost(&self.tree)
        {
            self.offer(&edges, monitor)?;
            self.tree = edges;
        }
        self.saturated_tree(&net, &saturated, monitor)
    }

    /// The best tree on what an ascent saturated, nearly, where terminals may be left out: whom a tree grows to first decides there
    /// who else is worth it, and a search leaves that late. As long as it is a small part of the budget.
    fn saturated_tree(
        &mut self,
        net: &Arc<Net>,
        saturated: &[bool],
        monitor: &mut dyn Monitor,
    ) -> Result<(), SolveError> {
        let edges = u64::from(net.graph.edge_count());
        let left = self.config.steps.saturating_sub(self.stats.steps);
        let optional = self.instance.terminals().iter().any(|t| t.prize.is_some());
        if !optional
            || edges > SPARSE
            || left < edges * WORTHWHILE
            || self.is_best()
            || self.closed()
            || self.first_of_all()
        {
            return Ok(());
        }
        let stop = || monitor.cancelled();
        let mut exact = Exact::new(u64::MAX, self.config.seed, &stop);
        let width = |e: u32| if saturated[e as usize] { 1.0 } else { 0.0 };
        let found = exact.along(net, width, &[&self.tree], net.cost(&self.tree), Narrow::BRIEF)?;
        self.stats.steps += exact.work;
        if let Some(edges) = found {
            self.offer(&edges, monitor)?;
            self.tree = edges;
        }
        Ok(())
    }

    /// Makes the dual that the certificate may come from, if there is none.
    fn prove_early(&mut self, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        let (Some(thinned), Some((cost, best))) = (&self.thinned, &self.best) else {
            return Err(SolveError::Fault("no tree to compare with"));
        };
        let known = self.resumed.take();
        let ascent = known.unwrap_or_else(|| Ascent::run_quickly(&thinned.net, &thinned.net.graph.twins(), best));
        self.proven = self.proven.max(ascent.bound);
        monitor.improved(*cost, self.proven);
        self.resumed = Some(ascent);
        Ok(())
    }

    fn certify(&mut self, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        (self.reducer, self.reduced, self.local) = (None, None, None);
        let thinned = self.thinned.as_ref().ok_or(SolveError::Fault("no net"))?;
        let net = &thinned.net;
        let polished = self.polish.take().map(|(polish, _)| polish.ascent);
        let relaxed = self.relaxed.take().map(|relaxed| relaxed.ascent);
        let ascent = polished.or(relaxed).or(self.resumed.take()).unwrap_or_else(|| {
            Ascent::run_quickly(net, &net.graph.twins(), self.best.as_ref().map_or(&[], |(_, edges)| &edges[..]))
        });
        let bound = ascent.bound;
        if let Some(journal) = &mut self.journal {
            journal.certified(net, &ascent);
        }
        let certificate = ascent.into_certificate(thinned);
        // Wherever this is tested, every answer's proof is.
        debug_assert_eq!(self.instance.check(&certificate, &thinned.unreachable), Ok(bound));
        self.certificate = Some((bound, certificate));
        if let Some((cost, _)) = &self.best {
            monitor.improved(*cost, bound);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
