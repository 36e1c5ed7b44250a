//! The cost–coverage curve: trees that connect more for more, and lines that no tree lies below.
//!
//! At a *rate*, what a unit of weight is worth, the best tree balances what it costs against what it misses. A low rate
//! gives the corner of the curve where little is built, a high one the corner where everything is; the dual at a rate
//! gives a line, and the upper envelope of the lines bounds every tree there is: budget, coverage and the whole curve
//! are read off it.
//!
//! First a tree that connects all is found by [`Solver`]. At each rate the branches that are not worth it are cut off
//! (strong pruning: Johnson, Minkoff & Phillips 2000) and local search goes on from there. Then a dual ascends at each rate by
//! itself: going on from a lower rate's proves less, since what that had raised lies where the lower rate wanted it. Of one place
//! only the rate counts at which the corners on both sides of it are worth the same; whoever has the time puts that question to
//! [`Solver`], see [`Tracer::asking`]. Between two corners a budget is filled path by path, the best weight for its cost first.

use crate::ascent::{Ascent, Polish};
use crate::growth::Growth;
use crate::local::Local;
use crate::net::Lifted;
use crate::solver::{Config, Monitor, Solution, SolveError, Solver, Stats, Status, Unheard};
use crate::{Certificate, Instance, JointCertificate, Terminal, tree};
use std::sync::Arc;

mod answer;
mod branches;
mod fill;
mod ground;
mod knapsack;
#[cfg(test)]
mod tests;

pub use answer::{Aim, Curve, Line, Point};
use branches::Branches;
use ground::Ground;

/// Rates of a whole curve, besides that of connecting all.
const CORNERS: u64 = 14;
/// Rates tried on the way to one place of the curve.
const TRIES: usize = 10;
/// Points that a corner is looked for from, the best ones.
const BEGINNINGS: usize = 2;
/// Times that what fills a place is chosen again, where there is time.
const SHAKES: usize = 120;
/// A polish that may not look at so many times what the sets hold comes to nothing: it begins by looking at all of it.
const SURVEYED: u64 = 8;
/// The average rate is at least so much, for rates to be told apart.
const FINE: u64 = 1 << 12;

/// Finds the curve of an instance, or a place on it; a terminal's prize is its weight, and those without one must be
/// connected. Terminals of weight 0 are left out of account.
///
/// ```
/// use breiband_steiner::{Aim, Config, Instance, Silent, Terminal, curve};
/// // Two houses of weight 1, at 10 and 30 from the root.
/// let terminals = [1, 2].map(|vertex| Terminal { vertex, prize: Some(1) });
/// let instance = Instance::new(3, vec![(0, 1, 10), (0, 2, 30)], 0, terminals.to_vec(), vec![1, 2])?;
/// let curve = curve(&instance, Aim::Curve, &Config::default(), &mut Silent)?;
/// let corners: Vec<_> = curve.points.iter().map(|p| (p.cost, p.missed_weight)).collect();
/// assert_eq!(corners, [(0, 2), (10, 1), (40, 0)]);
/// assert_eq!((curve.least_cost(0), curve.least_missed(10)), (40, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`crate::solve`]; and [`SolveError::Cancelled`] whenever the monitor stops it.
pub fn curve(instance: &Instance, aim: Aim, config: &Config, monitor: &mut dyn Monitor) -> Result<Curve, SolveError> {
    let mut tracer = Tracer::new(instance, aim, *config)?;
    while tracer.advance(monitor)? == Status::Running {}
    Ok(tracer.into_curve())
}

impl Instance {
    /// The instance whose optimum a [`Line`] bounds: costs times `scale`, prizes times `rate`. O(n + m).
    ///
    /// # Errors
    /// [`crate::InstanceError::TooCostly`] if costs and prizes together exceed 2⁶².
    pub fn at_rate(&self, scale: u64, rate: u64) -> Result<Self, crate::InstanceError> {
        let edges = self.edges().iter().map(|&(u, v, cost)| (u, v, cost.saturating_mul(scale))).collect();
        let terminals =
            self.terminals().iter().map(|t| Terminal { prize: t.prize.map(|prize| prize.saturating_mul(rate)), ..*t });
        Self::new(self.vertices(), edges, self.root(), terminals.collect(), self.sinks().to_vec())
    }

    /// Prizes of all terminals that the root can be connected to. O(n + m).
    ///
    /// # Errors
    /// As [`Instance::graph`].
    pub fn reachable_weight(&self) -> Result<u64, breiband_graph::GraphError> {
        let unreachable = Lifted::new(self)?.unreachable;
        let reached = |t: &&Terminal| unreachable.binary_search(&t.vertex).is_err() && t.vertex != self.root();
        Ok(self.terminals().iter().filter(reached).filter_map(|t| t.prize).sum())
    }

    /// The same with every terminal required.
    fn all_required(&self) -> Result<Self, crate::InstanceError> {
        self.with_terminals(self.terminals().iter().map(|t| Terminal { vertex: t.vertex, prize: None }).collect())
    }
}

/// The anytime form of [`curve`]: each [`Tracer::advance`] does a slice of work.
#[derive(Debug)]
pub struct Tracer {
    /// Without terminals of no weight.
    instance: Instance,
    aim: Aim,
    config: Config,
    stage: Stage,
    /// At work on connecting everybody, or on the one question that counts.
    solver: Option<Box<Solver<'static>>>,
    /// A tree that connects all, if the caller has one.
    known: Option<Vec<u32>>,
    ground: Option<Ground>,
    scale: u64,
    /// Rates still to be looked at, the next one last.
    rates: Vec<u64>,
    /// The search for one place: the rates and the points (cost, missed weight) next to it that give too little and too
    /// much.
    bracket: [(u64, (u64, u64)); 2],
    /// Rates and the best tree found at each.
    corners: Vec<(u64, Vec<u32>)>,
    /// How thoroughly the question at one rate is solved; none to let a dual ascend, and no more.
    asked: Option<Config>,
    /// How often what fills a place is chosen again with a branch worth more or less.
    shakes: usize,
    proofs: bool,
    curve: Curve,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Whole,
    Corners,
    Lines,
    Question,
    Fill,
    Done,
}

impl Tracer {
    /// A tracer that has done nothing yet.
    ///
    /// # Errors
    /// As [`crate::solve`].
    pub fn new(instance: &Instance, aim: Aim, config: Config) -> Result<Self, SolveError> {
        let wanted = instance.terminals().iter().filter(|t| t.prize != Some(0)).copied().collect();
        let instance = instance.with_terminals(wanted).map_err(|_| SolveError::Fault("no instance"))?;
        Ok(Self {
            instance,
            aim,
            config,
            stage: Stage::Whole,
            solver: None,
            known: None,
            ground: None,
            scale: 1,
            rates: Vec::new(),
            bracket: [(0, (0, 0)); 2],
            corners: Vec::new(),
            asked: None,
            shakes: 0,
            proofs: true,
            curve: Curve::default(),
        })
    }

    /// Leaves certificates out: on large instances those of a whole curve take most of the time and memory.
    #[must_use]
    pub fn without_proofs(self) -> Self {
        Self { proofs: false, ..self }
    }

    /// Solves the question of the one rate that counts, with this budget, instead of letting a dual ascend there and no more: a
    /// better tree and a better line, for some ten times the work. A whole curve has no such rate.
    #[must_use]
    pub fn asking(self, config: Config) -> Self {
        Self { asked: (self.aim != Aim::Curve).then_some(config), shakes: SHAKES, ..self }
    }

    /// Begins with a tree that connects all that can be, by its edges' positions in the instance, instead of looking for one;
    /// what is none is left aside. That connecting all costs something is not proven then.
    #[must_use]
    pub fn beginning_with(self, edges: Vec<u32>) -> Self {
        Self { known: Some(edges), ..self }
    }

    /// What was found so far.
    #[must_use]
    pub fn curve(&self) -> &Curve {
        &self.curve
    }

    /// What was found; all of it once [`Tracer::advance`] is done.
    #[must_use]
    pub fn into_curve(self) -> Curve {
        self.curve
    }

    /// Does a slice of work.
    ///
    /// # Errors
    /// [`SolveError::Cancelled`] if the monitor asks to stop; [`SolveError::Graph`] and [`SolveError::Fault`] as
    /// [`crate::solve`].
    pub fn advance(&mut self, monitor: &mut dyn Monitor) -> Result<Status, SolveError> {
        if monitor.cancelled() && self.stage != Stage::Done {
            return Err(SolveError::Cancelled);
        }
        self.stage = match self.stage {
            Stage::Whole => self.whole(monitor)?,
            Stage::Corners => self.corner()?,
            Stage::Lines => self.line()?,
            Stage::Question => self.ask(monitor)?,
            Stage::Fill => self.fill()?,
            Stage::Done => Stage::Done,
        };
        let (all, third) = (self.config.steps, self.config.steps / 3);
        let so_far = |done: usize| third / (CORNERS + 1) * (done as u64).min(CORNERS + 1);
        let done = match self.stage {
            Stage::Whole => 0,
            Stage::Corners => third + so_far(self.corners.len()),
            Stage::Lines => third * 2 + so_far(self.curve.lines.len()),
            Stage::Question => third * 2 + self.solver.as_ref().map_or(0, |solver| solver.part_of(third)),
            Stage::Fill | Stage::Done => all,
        };
        monitor.progress(done, all);
        Ok(if self.stage == Stage::Done { Status::Done } else { Status::Running })
    }

    fn ground(&self) -> Result<&Ground, SolveError> {
        self.ground.as_ref().ok_or(SolveError::Fault("no ground"))
    }

    /// Connects everything, which gives the last point, a line through it and the rates worth looking at.
    fn whole(&mut self, monitor: &mut dyn Monitor) -> Result<Stage, SolveError> {
        if let Some(edges) = self.known.take()
            && let Some((whole, ground)) = self.begun(&edges)?
        {
            return Ok(self.placed(whole, ground));
        }
        let config = Config { steps: self.config.steps / 3, ..self.config };
        let question = |tracer: &Self| {
            // Where nothing that may be left out counts, leaving it out is all there is to ask.
            let everybody = tracer.instance.reachable_weight().ok()? > 0;
            let asked = if everybody { tracer.instance.all_required() } else { tracer.instance.at_rate(1, 1) };
            Some((asked.ok()?, config))
        };
        let Some(whole) = self.solved(question, monitor)? else { return Ok(Stage::Whole) };
        let ground = Ground::new(&self.instance)?;
        Ok(self.placed(whole, ground))
    }

    /// A slice of solving a question; the answer, once it is there.
    fn solved(
        &mut self,
        question: impl FnOnce(&Self) -> Option<(Instance, Config)>,
        monitor: &mut dyn Monitor,
    ) -> Result<Option<Solution>, SolveError> {
        let mut solver = match self.solver.take() {
            Some(solver) => solver,
            None => {
                let (instance, config) = question(self).ok_or(SolveError::Fault("no instance"))?;
                Box::new(Solver::owning(instance, config))
            }
        };
        if solver.advance(&mut Unheard(monitor))? == Status::Running {
            self.solver = Some(solver);
            return Ok(None);
        }
        solver.into_solution().ok_or(SolveError::Cancelled).map(Some)
    }

    /// A tree that the caller has as an answer of which nothing is proven, and where it lies; none if it does not connect all that
    /// can be.
    fn begun(&self, edges: &[u32]) -> Result<Option<(Solution, Ground)>, SolveError> {
        if edges.iter().any(|&e| e as usize >= self.instance.edges().len()) {
            return Ok(None);
        }
        let ground = Ground::new(&self.instance)?;
        let unreachable = ground.lifted.unreachable.clone();
        let branches = Branches::new(&ground, edges);
        let wanted = |t: &&Terminal| unreachable.binary_search(&t.vertex).is_err();
        if ground.total_weight() == 0
            || !branches.hold(&ground, self.instance.terminals().iter().filter(wanted).map(|t| t.vertex))
        {
            return Ok(None);
        }
        let Point { edges, cost, missed, .. } = branches.point(&ground, None);
        let certificate = Certificate::new(self.instance.root());
        let whole = Solution { edges, cost, bound: 0, missed, unreachable, certificate, stats: Stats::default() };
        Ok(Some((whole, ground)))
    }

    /// The place of connecting all, and the rates worth looking at.
    fn placed(&mut self, whole: Solution, ground: Ground) -> Stage {
        self.curve.weight = ground.total_weight();
        self.curve.unreachable = whole.unreachable;
        let branches = Branches::new(&ground, &whole.edges);
        self.curve.points.push(branches.point(&ground, None));
        let certificate = JointCertificate::from(whole.certificate);
        // What must be connected bounds what may be, once leaving out costs no less than what each pays.
        let payers = certificate.blocks().flat_map(|(payers, ..)| payers);
        let rates = payers.filter_map(|&(t, own)| Some(own.div_ceil(ground.weight[t as usize]?)));
        let rate = rates.max().unwrap_or(0).max(1);
        self.curve.lines.push(Line { scale: 1, rate, bound: whole.bound, certificate: Some(certificate) });
        if self.curve.weight == 0 {
            self.ground = Some(ground);
            return Stage::Done;
        }
        let average = (whole.cost / self.curve.weight).max(1);
        self.scale = if matches!(self.aim, Aim::Rate(_)) { 1 } else { FINE.div_ceil(average) };
        let all = branches.least_rate(self.scale, &|_, missed| missed == 0);
        self.bracket = [(0, (0, self.curve.weight)), (all, (whole.cost, 0))];
        self.rates = match self.aim {
            Aim::Rate(rate) => vec![rate],
            Aim::Curve => (0..=CORNERS)
                .map(|k| {
                    let wanted = u128::from(self.curve.weight) * u128::from(k) / u128::from(CORNERS + 1);
                    let most = self.curve.weight - wanted as u64;
                    branches.least_rate(self.scale, &|_, missed| missed <= most)
                })
                .collect(),
            Aim::Budget(budget) if budget >= whole.cost => Vec::new(),
            Aim::Budget(budget) => vec![branches.least_rate(self.scale, &|cost, _| cost > budget).saturating_sub(1), 0],
            Aim::Missed(0) => Vec::new(),
            Aim::Missed(most) => vec![branches.least_rate(self.scale, &|_, missed| missed <= most), 0],
        };
        self.rates.dedup();
        self.ground = Some(ground);
        Stage::Corners
    }

    /// Only the corners on both sides of the place say anything there; with no time for more than one line, it is drawn at the rate
    /// between them.
    fn keep_nearest(&mut self) {
        let slope = self.near();
        if self.asked.is_some() {
            let ends = self.bracket.map(|end| end.0);
            self.corners.retain(|c| ends.contains(&c.0));
        } else {
            let nearest = self.corners.iter().min_by_key(|c| c.0.abs_diff(slope)).cloned();
            self.corners = nearest.map(|(_, edges)| (slope, edges)).into_iter().collect();
        }
    }

    /// The best tree at the next rate.
    fn corner(&mut self) -> Result<Stage, SolveError> {
        let Some(rate) = self.rates.pop() else {
            self.corners.sort_unstable();
            self.corners.dedup_by_key(|c| c.0);
            if matches!(self.aim, Aim::Budget(_) | Aim::Missed(_)) {
                self.keep_nearest();
            }
            return Ok(Stage::Lines);
        };
        let ground = self.ground()?;
        // Of what was found at other rates, the best at this one, once its worthless branches are cut off.
        let mut best: Option<(u128, Point)> = None;
        let mut points: Vec<&Point> = self.curve.points.iter().collect();
        points.sort_by_key(|point| self.value(point, rate));
        for point in points.into_iter().take(BEGINNINGS) {
            let branches = Branches::new(ground, &point.edges);
            let point = branches.point(ground, Some((self.scale, rate)));
            let value = self.value(&point, rate);
            if best.as_ref().is_none_or(|(least, _)| value < *least) {
                best = Some((value, point));
            }
        }
        let (value, start) = best.ok_or(SolveError::Fault("no tree to begin with"))?;
        let point = if value == 0 { start } else { self.improved(ground, rate, start)? };
        let found = (point.cost, point.missed_weight);
        self.corners.push((rate, point.edges.clone()));
        self.offer(point);
        let much = match self.aim {
            Aim::Budget(budget) => found.0 > budget,
            Aim::Missed(most) => found.1 <= most,
            Aim::Curve | Aim::Rate(_) => return Ok(Stage::Corners),
        };
        self.bracket[usize::from(much)] = (rate, found);
        let [(low, _), (high, _)] = self.bracket;
        if self.rates.is_empty()
            && self.corners.len() < TRIES
            && let Some(next) = self.slope().filter(|next| low < *next && *next < high)
        {
            self.rates.push(next);
        }
        Ok(Stage::Corners)
    }

    /// The rate at which both ends of the bracket are worth the same, if one costs more and the other misses more.
    fn slope(&self) -> Option<u64> {
        let [(_, (less, missed)), (_, (more, fewer))] = self.bracket;
        let by =
            more.checked_sub(less).zip(missed.checked_sub(fewer)).filter(|(cost, weight)| *cost > 0 && *weight > 0);
        by.map(|(cost, weight)| (u128::from(cost) * u128::from(self.scale) / u128::from(weight)) as u64)
    }

    /// A rate not far from the one that balances the aim.
    fn near(&self) -> u64 {
        self.slope().unwrap_or(self.bracket[1].0)
    }

    /// Cost and missed weight together.
    fn value(&self, point: &Point, rate: u64) -> u128 {
        u128::from(point.cost) * u128::from(self.scale) + u128::from(point.missed_weight) * u128::from(rate)
    }

    /// Local search from a point at a rate, its worthless branches cut off.
    fn improved(&self, ground: &Ground, rate: u64, point: Point) -> Result<Point, SolveError> {
        let net = Arc::new(ground.net(self.scale, rate)?);
        let budget = self.config.steps / 3 / (CORNERS + 1);
        let mut local = Local::new(net, &ground.lift(&point.edges), self.config.seed);
        if local.search(budget) {
            while local.work < budget {
                local.kick();
            }
        }
        let branches = Branches::new(ground, &ground.lower(&local.edges()));
        let next = branches.point(ground, Some((self.scale, rate)));
        Ok(if self.value(&next, rate) < self.value(&point, rate) { next } else { point })
    }

    /// Keeps a point unless another is better in both.
    fn offer(&mut self, point: Point) {
        let no_better = |p: &Point, q: &Point| p.cost <= q.cost && p.missed_weight <= q.missed_weight;
        if self.curve.points.iter().any(|p| no_better(p, &point)) {
            return;
        }
        self.curve.points.retain(|p| !no_better(&point, p));
        let at = self.curve.points.partition_point(|p| p.cost < point.cost);
        self.curve.points.insert(at, point);
    }

    /// The line of the next corner, and the tree that its dual suggests.
    fn line(&mut self) -> Result<Stage, SolveError> {
        let Some((rate, edges)) = self.corners.get(self.curve.lines.len() - 1) else {
            self.curve.lines.sort_by_key(|line| (u128::from(line.rate) << 32) / u128::from(line.scale));
            // Without a corner, the place is where everybody is connected.
            let is_open = self.asked.is_some() && !self.corners.is_empty();
            return Ok(if is_open { Stage::Question } else { Stage::Fill });
        };
        let rate = *rate;
        let ground = self.ground()?;
        let net = ground.net(self.scale, rate)?;
        let twins = net.graph.twins();
        let mut ascent = Ascent::run_jointly(&net, &twins, &ground.lift(edges));
        // Comparing tree and dual looks at all the sets hold.
        let budget = self.config.steps / 3 / self.corners.len() as u64;
        if budget > SURVEYED * ascent.held() {
            let mut polish = Polish::new(&net, ascent.parted(&net), self.config.seed);
            polish.run(&net, &twins, budget);
            ascent = polish.into_ascent();
        }
        let saturated = ascent.saturated(&net);
        let grown = Growth::new(&net).run(&net, net.root, |e, cost| saturated[e as usize].then_some(cost));
        let suggested = grown.and_then(|vertices| tree::best_on(&net, &vertices)).map(|edges| {
            let branches = Branches::new(ground, &ground.lower(&edges));
            branches.point(ground, Some((self.scale, rate)))
        });
        let better = match suggested {
            Some(point) => Some(self.improved(ground, rate, point)?),
            None => None,
        };
        let bound = ascent.bound;
        let certificate = self.proofs.then(|| ascent.into_joint_certificate(&ground.lifted));
        self.curve.lines.push(Line { scale: self.scale, rate, bound, certificate });
        if let Some(point) = better {
            self.offer(point);
        }
        Ok(Stage::Lines)
    }

    /// What a part of the cost, in millionths, is of cost and missed weight together.
    fn of_cost(&self, enough: u32, rate: u64) -> u32 {
        let best = self.curve.points.iter().map(|point| (self.value(point, rate), point.cost)).min();
        let part = best.and_then(|(value, cost)| {
            (u128::from(enough) * u128::from(cost) * u128::from(self.scale)).checked_div(value)
        });
        part.map_or(enough, |part| enough.min(part as u32))
    }

    /// The line and the tree of the one rate that counts, by solving the question there.
    fn ask(&mut self, monitor: &mut dyn Monitor) -> Result<Stage, SolveError> {
        let [(low, _), (high, _)] = self.bracket;
        let rate = match self.aim {
            Aim::Rate(rate) => Some(rate),
            // Of trees that are not the best at their rates, it may lie beside both.
            _ => self.slope().map(|slope| slope.min(high).max(low)),
        };
        let (Some(rate), Some(config)) = (rate, self.asked) else { return Ok(Stage::Fill) };
        let question = |tracer: &Self| {
            let config = Config { enough: tracer.of_cost(config.enough, rate), ..config };
            Some((tracer.instance.at_rate(tracer.scale, rate).ok()?, config))
        };
        let Some(Solution { edges, bound, certificate, .. }) = self.solved(question, monitor)? else {
            return Ok(Stage::Question);
        };
        let ground = self.ground()?;
        let point = Branches::new(ground, &edges).point(ground, Some((self.scale, rate)));
        let certificate = self.proofs.then(|| certificate.into());
        self.curve.lines.push(Line { scale: self.scale, rate, bound, certificate });
        self.offer(point);
        // What is near the place is looked for again, from the better tree.
        let all = self.curve.points.last().map_or((0, 0), |p| (p.cost, p.missed_weight));
        self.bracket = [(0, (0, self.curve.weight)), (u64::MAX, all)];
        self.rates = vec![rate];
        (self.asked, self.corners) = (None, Vec::new());
        Ok(Stage::Corners)
    }
}
