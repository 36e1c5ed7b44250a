//! The optimiser at work on a network with masts.
//!
//! A mast is a fixed cost that pays off only where many share it, and a search that changes a tree a little at a time opens none
//! that many would have to move to. So after the optimiser has proven what it can, it is asked a few easier questions: what
//! if each home paid its part of the mast itself (dynamic slope scaling: Kim & Pardalos 1999), and, for the masts that were
//! chosen so, what if they stood already? Every tree they give is a tree of the network at hand; the cheapest at its true
//! cost is kept, and the bound is the one that was proven for the question that was meant.

use std::collections::BTreeSet;

use breiband_model::{CandidateNetwork, CostBook, MastId, Origin, PartKind, VertexKind};
use breiband_steiner::{Config, Instance, Monitor, Solution, SolveError, Solver, Status, Unheard};

/// Times that shares are worked out anew.
const ROUNDS: u32 = 4;
/// An easier question gets so small a part of the steps.
const PART: u64 = 10;
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
    instance: Instance,
    /// Edges that masts have to do with, ascending.
    roles: Vec<(u32, Role)>,
    /// Among how many a mast's cost is shared.
    sharers: Vec<u64>,
    config: Config,
    /// None between two questions.
    solver: Option<Solver<'static>>,
    round: u32,
    /// What the optimiser found and proved, its tree replaced by better ones.
    solution: Option<Solution>,
    /// Masts of the best tree: those that stand in the last question.
    open: BTreeSet<MastId>,
}

impl Hunt {
    pub(crate) fn new(network: &CandidateNetwork, book: &CostBook, instance: Instance, config: Config) -> Self {
        let role = |edge: &breiband_model::Edge| {
            let mast = network.mast_of(edge)?;
            let home = [edge.tail, edge.head].iter().any(|v| network.vertices[v.index()].kind == VertexKind::Premises);
            if home && network.is_radio(edge) {
                return Some(Role::Serves(mast));
            }
            let of_mast = |part: &&breiband_model::Part| matches!(part.origin, Origin::Mast(_));
            let own = network
                .parts_of(edge)
                .iter()
                .filter(of_mast)
                .filter(|part| matches!(part.kind, PartKind::Mast | PartKind::Running));
            Some(Role::Opens(mast, own.map(|part| network.cost_of(part, book).as_minor()).sum()))
        };
        let roles: Vec<(u32, Role)> = match network.masts.is_empty() {
            true => Vec::new(),
            false => (0..).zip(&network.edges).filter_map(|(at, edge)| Some((at, role(edge)?))).collect(),
        };
        let mut sharers = vec![0_u64; network.masts.len()];
        for (_, role) in &roles {
            if let Role::Serves(mast) = role {
                sharers[mast.index()] += 1;
            }
        }
        // Whoever sees several masts hangs on one.
        sharers.iter_mut().for_each(|count| *count = (*count / 2).max(1));
        let solver = Some(Solver::owning(instance.clone(), config));
        let open = BTreeSet::new();
        Self { instance, roles, sharers, config, solver, round: 0, solution: None, open }
    }

    /// Does a slice of work.
    pub(crate) fn advance(&mut self, monitor: &mut dyn Monitor) -> Result<Status, SolveError> {
        let solver = self.solver.as_mut().ok_or(SolveError::Fault("nothing is asked"))?;
        // What an easier question costs and proves says nothing of the one at hand.
        let status = if self.round == 0 { solver.advance(monitor) } else { solver.advance(&mut Unheard(monitor)) };
        if status? == Status::Running {
            return Ok(Status::Running);
        }
        let found = self.solver.take().and_then(Solver::into_solution);
        if self.round == 0 {
            self.solution = found;
        } else {
            if let Some(found) = found {
                self.weigh(found, monitor);
            }
        }
        self.round += 1;
        if self.round > ROUNDS + 1 || self.roles.is_empty() || self.is_enough() || monitor.cancelled() {
            return Ok(Status::Done);
        }
        let steps = self.config.steps / PART;
        self.solver = Some(Solver::owning(self.question()?, Config { steps, ..self.config }));
        Ok(Status::Running)
    }

    pub(crate) fn into_solution(self) -> Option<Solution> {
        self.solution
    }

    fn is_enough(&self) -> bool {
        self.solution.as_ref().is_some_and(|s| {
            let allowed = u128::from(s.cost) * u128::from(self.config.enough) / 1_000_000;
            u128::from(s.cost.saturating_sub(s.bound)) <= allowed
        })
    }

    /// Takes the tree of an easier question at its true cost, if that is less.
    fn weigh(&mut self, found: Solution, monitor: &mut dyn Monitor) {
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
        let Some(best) = &mut self.solution else { return };
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

    /// The next easier question: masts paid by those who hang on them; at last, the chosen ones stand, and no others.
    fn question(&self) -> Result<Instance, SolveError> {
        let mut edges = self.instance.edges().to_vec();
        let last = self.round > ROUNDS;
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
                    edges[edge as usize].2 += opening[mast.index()] / self.sharers[mast.index()];
                }
            }
        }
        let (terminals, sinks) = (self.instance.terminals().to_vec(), self.instance.sinks().to_vec());
        Instance::new(self.instance.vertices(), edges, self.instance.root(), terminals, sinks)
            .map_err(|_| SolveError::Fault("an easier question is no instance"))
    }
}
