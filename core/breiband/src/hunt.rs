//! The optimiser at work on a network with masts.
//!
//! A mast is a fixed cost that pays off only where many share it, and a search that changes a tree a little at a time opens
//! none that many would have to move to. So after the optimiser has proven what it can, it is asked a few easier questions:
//! what if each home paid its part of the mast itself (dynamic slope scaling: Kim & Pardalos 1999), and, for the masts that
//! were chosen so, what if they stood already? Every tree they give is a tree of the network at hand; the cheapest at its true
//! cost is kept, and the bound is the one that was proven for the question that was meant.

use std::collections::BTreeSet;

use breiband_model::{CandidateNetwork, CostBook, Edge, MastId, Origin, Part, PartKind, VertexKind};
use breiband_steiner::{Config, Instance, Monitor, Solution, SolveError, Solver, Start, Status, Unheard};

/// Times that shares are worked out anew.
const ROUNDS: u32 = 4;
/// An easier question gets so small a part of the steps.
const PART: u64 = 10;
/// With fewer steps than that a question costs more to begin than it is likely to find: a first answer asks none.
const LEAST: u64 = 50_000;
/// What keeps a mast shut: so many times its own cost.
const SHUT: u64 = 1_000;

/// What masts have to do with an edge.
#[derive(Debug, Clone, Copy)]
enum Role {
    /// It brings the network to a mast, and carries the mast's cost.
    Opens(MastId, u64),
    /// A premises hangs on a mast by it.
    Serves(MastId),
}

/// The optimiser, and its easier questions where there are masts.
#[derive(Debug)]
pub(crate) struct Hunt {
    config: Config,
    /// None once all is asked.
    solver: Option<Solver<'static>>,
    /// None where no easier question is worth asking.
    easier: Option<Easier>,
    /// What the optimiser found and proved, its tree replaced by better ones.
    solution: Option<Solution>,
}

/// The easier questions.
#[derive(Debug)]
struct Easier {
    instance: Instance,
    /// Edges that masts have to do with, ascending.
    roles: Vec<(u32, Role)>,
    /// Among how many a mast's cost is shared.
    sharers: Vec<u64>,
    /// Masts of the best tree: those that stand in the last question.
    open: BTreeSet<MastId>,
    /// How many were asked.
    asked: u32,
}

impl Hunt {
    /// `start` is what is known already.
    pub(crate) fn new(
        network: &CandidateNetwork,
        book: &CostBook,
        instance: Instance,
        config: Config,
        start: Option<Start>,
    ) -> Self {
        let easier = if config.steps / PART >= LEAST { Easier::new(network, book, &instance) } else { None };
        let solver = Solver::owning(instance, config);
        let solver = match start {
            Some(start) => solver.from(start),
            None => solver,
        };
        Self { config, solver: Some(solver), easier, solution: None }
    }

    /// Does a slice of work.
    pub(crate) fn advance(&mut self, monitor: &mut dyn Monitor) -> Result<Status, SolveError> {
        let Some(solver) = &mut self.solver else { return Ok(Status::Done) };
        // What an easier question costs and proves says nothing of the one at hand.
        let status =
            if self.solution.is_none() { solver.advance(monitor) } else { solver.advance(&mut Unheard(monitor)) };
        match status {
            // Too large to be numbered, which the question that was meant is not.
            Err(SolveError::Graph(_)) if self.solution.is_some() => (self.solver, self.easier) = (None, None),
            status => {
                if status? == Status::Running {
                    return Ok(Status::Running);
                }
            }
        }
        let found = self.solver.take().and_then(Solver::into_solution);
        match (&mut self.solution, &mut self.easier, found) {
            (Some(best), Some(easier), Some(found)) => easier.weigh(best, found, monitor),
            (first @ None, _, found) => *first = found,
            _ => {}
        }
        let is_enough = self.solution.as_ref().is_none_or(|solution| self.is_enough(solution));
        if let Some(easier) = self.easier.as_mut().filter(|_| !is_enough && !monitor.cancelled()) {
            // A question whose costs no longer add up is not asked.
            let steps = self.config.steps / PART;
            self.solver = easier.next().map(|question| Solver::owning(question, Config { steps, ..self.config }));
        }
        Ok(if self.solver.is_some() { Status::Running } else { Status::Done })
    }

    pub(crate) fn into_solution(self) -> Option<Solution> {
        self.solution
    }

    fn is_enough(&self, solution: &Solution) -> bool {
        let allowed = u128::from(solution.cost) * u128::from(self.config.enough) / 1_000_000;
        u128::from(solution.cost.saturating_sub(solution.bound)) <= allowed
    }
}

impl Easier {
    /// None without masts.
    fn new(network: &CandidateNetwork, book: &CostBook, instance: &Instance) -> Option<Self> {
        if network.masts.is_empty() {
            return None;
        }
        let role = |edge: &Edge| {
            let mast = network.mast_of(edge)?;
            let home = [edge.tail, edge.head].iter().any(|v| network.vertices[v.index()].kind == VertexKind::Premises);
            if home && network.is_radio(edge) {
                return Some(Role::Serves(mast));
            }
            let of_mast = |part: &&Part| matches!(part.origin, Origin::Mast(_));
            let own = network.parts_of(edge).iter().filter(of_mast);
            let own = own.filter(|part| matches!(part.kind, PartKind::Mast | PartKind::Running));
            Some(Role::Opens(mast, own.map(|part| network.cost_of(part, book).as_minor()).sum()))
        };
        let roles: Vec<(u32, Role)> =
            (0..).zip(&network.edges).filter_map(|(at, edge)| Some((at, role(edge)?))).collect();
        let mut sharers = vec![0_u64; network.masts.len()];
        for (_, role) in &roles {
            if let Role::Serves(mast) = role {
                sharers[mast.index()] += 1;
            }
        }
        // Whoever sees several masts hangs on one.
        sharers.iter_mut().for_each(|count| *count = (*count / 2).max(1));
        Some(Self { instance: instance.clone(), roles, sharers, open: BTreeSet::new(), asked: 0 })
    }

    /// Takes the tree of an easier question at its true cost, if that is less.
    fn weigh(&mut self, best: &mut Solution, found: Solution, monitor: &mut dyn Monitor) {
        let missed: BTreeSet<u32> = found.missed.iter().copied().collect();
        let built: u64 = found.edges.iter().map(|&e| self.instance.edges()[e as usize].2).sum();
        let prizes = self.instance.terminals().iter().filter(|t| missed.contains(&t.vertex)).filter_map(|t| t.prize);
        let cost = built + prizes.sum::<u64>();
        let mut served = vec![0_u64; self.sharers.len()];
        for &(edge, role) in &self.roles {
            if let (Role::Serves(mast), true) = (role, found.edges.binary_search(&edge).is_ok()) {
                served[mast.index()] += 1;
            }
        }
        let used = |mast: &MastId| served[mast.index()] > 0;
        let all = (0..served.len()).map(MastId::from_usize);
        if cost < best.cost {
            (best.cost, best.edges, best.missed) = (cost, found.edges, found.missed);
            self.open = all.filter(used).collect();
            monitor.improved(cost, best.bound);
        } else if self.open.is_empty() {
            self.open = all.filter(used).collect();
        }
        // Who was not chosen keeps its share.
        for (sharers, served) in self.sharers.iter_mut().zip(served) {
            if served > 0 {
                *sharers = served;
            }
        }
    }

    /// The next question: masts paid by those who hang on them; at last, the chosen ones stand, and no others. None after that,
    /// and where its costs are too large to add up.
    fn next(&mut self) -> Option<Instance> {
        self.asked += 1;
        if self.asked > ROUNDS + 1 {
            return None;
        }
        let last = self.asked > ROUNDS;
        let mut edges = self.instance.edges().to_vec();
        let mut opening = vec![0_u64; self.sharers.len()];
        for &(edge, role) in &self.roles {
            if let Role::Opens(mast, own) = role {
                opening[mast.index()] = opening[mast.index()].max(own);
                let cost = &mut edges[edge as usize].2;
                *cost = match last && !self.open.contains(&mast) {
                    true => cost.saturating_add(own.saturating_mul(SHUT)),
                    false => cost.saturating_sub(own),
                };
            }
        }
        if !last {
            for &(edge, role) in &self.roles {
                if let Role::Serves(mast) = role {
                    let cost = &mut edges[edge as usize].2;
                    *cost = cost.saturating_add(opening[mast.index()] / self.sharers[mast.index()]);
                }
            }
        }
        let (terminals, sinks) = (self.instance.terminals().to_vec(), self.instance.sinks().to_vec());
        Instance::new(self.instance.vertices(), edges, self.instance.root(), terminals, sinks).ok()
    }
}

#[cfg(test)]
mod tests {
    use breiband_model::{Context, Silent};

    use super::*;

    #[test]
    fn a_first_answer_asks_one_question_and_a_whole_one_asks_six() {
        let files = crate::generate(&crate::Recipe { premises: 500, terrain: true, ..crate::Recipe::default() });
        let (scenario, sources) = crate::scenario_of(&files).expect("a scenario");
        let mut silent = Silent;
        let mut context = Context::new(&mut silent);
        let region = crate::import(&sources, &scenario.options, &mut context).expect("a region").value;
        let book = CostBook::example();
        let mut network = crate::candidates(&region, &scenario, &book, &mut context).expect("candidates").value;
        assert!(!network.masts.is_empty());
        let asked = |network: &CandidateNetwork, steps: u64| {
            let rate = book.satellite_home().as_minor();
            let weighed = crate::goal::Weigh::new(&scenario, &book).instance(network, &region).expect("sound");
            let instance = weighed.at_rate(1, rate).expect("sound");
            let config = Config { steps, enough: 0, ..Config::default() };
            let mut hunt = Hunt::new(network, &book, instance, config, None);
            let (mut asked, mut silent) = (1, breiband_steiner::Silent);
            while hunt.advance(&mut silent).expect("solved") == Status::Running {
                asked = asked.max(1 + hunt.easier.as_ref().map_or(0, |easier| easier.asked));
            }
            asked
        };
        assert_eq!([200_000, 500_000].map(|steps| asked(&network, steps)), [1, 6]);
        network.masts.clear();
        assert_eq!(asked(&network, 500_000), 1, "no masts, nothing easier");
    }
}
