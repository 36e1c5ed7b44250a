//! Region and scenario to plan, at once or in slices.

use breiband_certificate::Certificate;
use breiband_model::{
    Cancelled, CandidateNetwork, Context, CostBook, Issue, Money, Policy, Region, RoutePlan, Scenario, ScenarioError,
    Staged, Summary,
};
use breiband_network::Layout;
use breiband_steiner::{Aim, Config, Instance, InstanceError, Monitor, SolveError, Status, Tracer, Whole};

use crate::goal::{self, Weigh};
use crate::hunt::Hunt;
use crate::known::Known;
use crate::output::shipped_policy;
use crate::{areas, digest, mix, route, summary};

/// A plan: what could be built, what is built, and the proof.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Everything that could be built, priced.
    pub network: CandidateNetwork,
    /// What is built.
    pub route: RoutePlan,
    /// The lower bound, re-checkable by anyone on `network`.
    pub certificate: Certificate,
    /// What a person reads first.
    pub summary: Summary,
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// Nothing to dig along.
    #[error(
        "no ways: none of the inputs holds roads or tracks, and fibre follows them. Add an OpenStreetMap extract of the \
         area (.osm.pbf, from any of the public extract servers; cut it with a margin), NVDB road links as GeoPackage \
         (Statens vegvesen, in Norway), or your own lines as GeoJSON with `as = \"ways\"`"
    )]
    NoWays,
    /// Nobody to connect.
    #[error(
        "no premises: none of the inputs holds addresses. Add an address register (Matrikkelen CSV in Norway), an OpenStreetMap \
         extract with addr:housenumber, a CSV or GeoJSON with `as = \"premises\"`, or set \
         `options.premises_from = \"all-buildings\"`"
    )]
    NoPremises,
    /// Technologies without figures.
    #[error(
        "the scenario mixes technologies ([mix]), and the cost book {0:?} has no section [technologies]: copy that section and the \
         price classes that it names from the shipped book (`breiband prices`)"
    )]
    NoTechnologies(String),
    /// A cabinet without a price.
    #[error(
        "the cabinet {0:?} has no price, and the cost book {1:?} has none for cabinets: give it one (`price = …` under [[cabinet]]), or \
         name a price class in the book (`uses.cabinet`)"
    )]
    NoCabinetPrice(String, String),
    /// Every candidate was forbidden.
    #[error("nothing can be dug: every way is forbidden by the cost book's rules, the scenario, or an area")]
    NothingToDig,
    /// The scenario asks for what cannot be, as [`Scenario::check`] says.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The user stopped it.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// Costs too large to add up.
    #[error("the network cannot be solved: {0}. Check the cost book's currency and prices")]
    Instance(#[from] InstanceError),
    /// What must be connected costs more than the budget.
    #[error(
        "the budget is too small: connecting what the scenario requires (`options.include`, cabinets) costs about {least}. Raise \
         `goal.budget` or require less"
    )]
    Budget {
        /// What the cheapest network found for it costs.
        least: Money,
    },
    /// The optimiser gave up.
    #[error("the optimiser failed: {0}")]
    Solve(#[from] SolveError),
}

/// Connects the premises of `region` that need it at least cost, as `scenario` says, at the prices of `book`.
///
/// ```
/// use breiband::{Context, CostBook, Count, Goal, Recipe};
/// let files = breiband::generate(&Recipe { premises: 200, ..Recipe::default() });
/// let (mut scenario, sources) = breiband::scenario_of(&files)?;
/// scenario.goal = Goal::Budget { threshold_mbps: 100.0, count: Count::Homes, budget: 2_000_000.0 };
/// scenario.options.steps = 1_000_000;
/// let book = CostBook::example().changed(&scenario.prices)?;
/// let mut context = Context::silent();
/// let region = breiband::import(&sources, &scenario.options, &mut context)?;
/// let summary = breiband::plan(&region, &scenario, &book, &mut context)?.value.summary;
/// let choice = summary.choice.ok_or("a budget chooses")?;
/// assert!(summary.cost <= 2_000_000.0 && choice.connected <= choice.most && choice.most <= choice.wanted);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// `book` is used as it is: it has the scenario's own prices where [`CostBook::changed`] put them there.
///
/// Runs to the scenario's step budget; [`Planner`] does the same in slices. Time and memory are near-linear in the size
/// of the region.
///
/// # Errors
/// What is missing, in [`PlanError`]; nothing is planned on less than ways and premises, nor for a scenario that
/// [`Scenario::check`] refuses: a share of 90, a budget that is no number.
pub fn plan(
    region: &Staged<Region>,
    scenario: &Scenario,
    book: &CostBook,
    context: &mut Context<'_>,
) -> Result<Staged<Plan>, PlanError> {
    Planner::new().finish(region, scenario, book, context)
}

/// As [`plan`], beginning with what is known of nearly the same: `before` is a plan before a small change of scenario, book or
/// region.
///
/// The plan is as good as asked for and proven in the same way, in a fraction of the time; but which of several nearly cheapest
/// networks it is depends on `before`, where [`plan`] depends on nothing else. Goals that choose by the cost–coverage curve
/// (budget, coverage, worthwhile) are planned from nothing.
///
/// # Errors
/// As [`plan`].
///
/// ```
/// use breiband::{Context, CostBook, Recipe};
/// let files = breiband::generate(&Recipe { premises: 200, ..Recipe::default() });
/// let (scenario, sources) = breiband::scenario_of(&files)?;
/// let (book, mut context) = (CostBook::example(), Context::silent());
/// let region = breiband::import(&sources, &scenario.options, &mut context)?;
/// let plan = breiband::plan(&region, &scenario, &book, &mut context)?;
/// // Half the steps are plenty for what is known already.
/// let mut quick = scenario.clone();
/// quick.options.steps /= 2;
/// let again = breiband::replan(&region, &quick, &book, &plan.value, &mut context)?;
/// assert!(again.value.summary.cost <= plan.value.summary.cost);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn replan(
    region: &Staged<Region>,
    scenario: &Scenario,
    book: &CostBook,
    before: &Plan,
    context: &mut Context<'_>,
) -> Result<Staged<Plan>, PlanError> {
    Planner::new().knowing(before).finish(region, scenario, book, context)
}

/// What a slice came to.
#[derive(Debug)]
pub enum Advance {
    /// There is more to do.
    Running,
    /// The plan, with the issues of the region and of the network.
    Done(Box<Staged<Plan>>),
}

/// Planning in slices, for a caller that must do other things between: a worker that listens for "cancel".
/// Every call must get the same region, scenario and book.
#[derive(Debug, Default)]
pub struct Planner {
    state: State,
    /// What an earlier plan knew.
    known: Option<Known>,
}

#[derive(Default)]
enum State {
    #[default]
    Start,
    /// The candidates are known from a plan of fewer steps.
    Known(Box<CandidateNetwork>, Vec<Issue>),
    Solving(Box<CandidateNetwork>, Vec<Issue>, Box<Hunt>),
    Choosing(Box<CandidateNetwork>, Vec<Issue>, Aim, Box<Tracer>),
    /// Support areas are taken whole: the curve is drawn, and bounds them.
    Grouping(Box<CandidateNetwork>, Vec<Issue>, Aim, Vec<Vec<u32>>, Box<Whole>),
    Finished,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Start => "Start",
            Self::Known(..) => "Known",
            Self::Solving(..) => "Solving",
            Self::Choosing(..) => "Choosing",
            Self::Grouping(..) => "Grouping",
            Self::Finished => "Finished",
        })
    }
}

impl Planner {
    /// A planner that has done nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A planner that goes on from a plan of the same region, scenario and book, but for the steps: its candidates need not be
    /// laid out again. The plan is the one that a new planner gives.
    pub fn again(region: &Staged<Region>, plan: &Staged<Plan>) -> Self {
        let issues = plan.issues.get(region.issues.len()..).unwrap_or_default().to_vec();
        Self { state: State::Known(Box::new(plan.value.network.clone()), issues), known: None }
    }

    /// A planner over candidates that are laid out already, those of the scenario.
    pub fn over(network: Staged<CandidateNetwork>) -> Self {
        Self { state: State::Known(Box::new(network.value), network.issues), known: None }
    }

    /// Whether the next slice lays out the candidates.
    pub fn is_at_start(&self) -> bool {
        matches!(self.state, State::Start)
    }

    /// The same planner over candidates that are laid out already.
    #[must_use]
    pub fn laid(self, network: Staged<CandidateNetwork>) -> Self {
        Self { known: self.known, ..Self::over(network) }
    }

    /// Begins the search with what a plan of nearly the same knows, as [`replan`] does.
    #[must_use]
    pub fn knowing(self, before: &Plan) -> Self {
        Self { known: Some(Known::of(before)), ..self }
    }

    /// Works on to the end, for a scenario that may have been made in code.
    fn finish(
        mut self,
        region: &Staged<Region>,
        scenario: &Scenario,
        book: &CostBook,
        context: &mut Context<'_>,
    ) -> Result<Staged<Plan>, PlanError> {
        scenario.check()?;
        loop {
            if let Advance::Done(plan) = self.advance(region, scenario, book, context)? {
                return Ok(*plan);
            }
        }
    }

    /// Does one slice: first the candidate network, then the optimiser's slices. After the last, it says `Running` forever.
    ///
    /// # Errors
    /// As [`plan`].
    pub fn advance(
        &mut self,
        region: &Staged<Region>,
        scenario: &Scenario,
        book: &CostBook,
        context: &mut Context<'_>,
    ) -> Result<Advance, PlanError> {
        match std::mem::replace(&mut self.state, State::Finished) {
            State::Start => {
                let network = candidates(&region.value, scenario, book, context)?;
                self.solve(Box::new(network.value), network.issues, &region.value, scenario, book)
            }
            State::Known(network, issues) => self.solve(network, issues, &region.value, scenario, book),
            State::Solving(network, issues, mut solver) => {
                let status = solver.advance(&mut Relay(context))?;
                context.check()?;
                if status == Status::Running {
                    self.state = State::Solving(network, issues, solver);
                    return Ok(Advance::Running);
                }
                let solution = solver.into_solution().ok_or(SolveError::Cancelled)?;
                if scenario.goal.is_cheapest() {
                    let weigh = Weigh::new(scenario, book);
                    let wanted = weigh.all_but(&network, &region.value, &solution.unreachable);
                    let rate = book.satellite_home().as_minor();
                    let unreachable = solution.unreachable.clone();
                    let missed = weigh.terminals(&network, &region.value, &solution.missed);
                    let chosen = goal::cheapest(solution, rate, wanted, missed);
                    return Self::choose(region, scenario, book, (*network, issues), chosen, &unreachable);
                }
                let route = route::plan_of(&network, &region.value, &solution);
                let issues = [region.issues.clone(), issues].concat();
                let plan = finish(&region.value, scenario, book, *network, issues, route, solution.certificate);
                Ok(Advance::Done(Box::new(plan)))
            }
            State::Choosing(network, issues, aim, mut tracer) => {
                let status = tracer.advance(&mut Relay(context))?;
                context.check()?;
                if status == Status::Running {
                    self.state = State::Choosing(network, issues, aim, tracer);
                    return Ok(Advance::Running);
                }
                let curve = tracer.into_curve();
                if let Some(groups) = areas::groups(&network, &region.value, scenario) {
                    let instance = Weigh::new(scenario, book).instance(&network, &region.value)?;
                    let whole = Whole::new(&instance, &groups, aim, curve, curve_config(scenario));
                    self.state = State::Grouping(network, issues, aim, groups, Box::new(whole));
                    return Ok(Advance::Running);
                }
                let unreachable = curve.unreachable.clone();
                let chosen = goal::choose(&scenario.goal, aim, curve)?;
                Self::choose(region, scenario, book, (*network, issues), chosen, &unreachable)
            }
            State::Grouping(network, issues, aim, groups, mut whole) => {
                let status = whole.advance(&mut Relay(context))?;
                context.check()?;
                if status == Status::Running {
                    self.state = State::Grouping(network, issues, aim, groups, whole);
                    return Ok(Advance::Running);
                }
                let (curve, point) = whole.into_parts();
                let unreachable = curve.unreachable.clone();
                let mut chosen = goal::choose_whole(&scenario.goal, aim, curve, point)?;
                chosen.choice.areas = Some(areas::count(&network, &groups, &unreachable, &chosen.edges));
                Self::choose(region, scenario, book, (*network, issues), chosen, &unreachable)
            }
            State::Finished => Ok(Advance::Running),
        }
    }

    /// A choice of whom to connect as a plan.
    fn choose(
        region: &Staged<Region>,
        scenario: &Scenario,
        book: &CostBook,
        (network, issues): (CandidateNetwork, Vec<Issue>),
        mut chosen: goal::Chosen,
        unreachable: &[u32],
    ) -> Result<Advance, PlanError> {
        let certificate = chosen.certificate.take().ok_or(SolveError::Fault("a line without a proof"))?;
        let weigh = Weigh::new(scenario, book);
        let by_satellite =
            |i: usize| weigh.satellite_may(&region.value.premises[i], network.needs_mbps.get(i).copied());
        let (value, goal) = (&region.value, &scenario.goal);
        let route = route::plan_of_chosen(&network, value, goal, &chosen, unreachable, by_satellite);
        let issues = [region.issues.clone(), issues].concat();
        let plan = finish(value, scenario, book, network, issues, route, certificate);
        Ok(Advance::Done(Box::new(plan)))
    }

    /// Hands the candidates to the optimiser.
    fn solve(
        &mut self,
        network: Box<CandidateNetwork>,
        issues: Vec<Issue>,
        region: &Region,
        scenario: &Scenario,
        book: &CostBook,
    ) -> Result<Advance, PlanError> {
        if scenario.goal.is_cheapest() {
            // What a home's satellite costs is the prize of its terminal.
            let rate = book.satellite_home().as_minor();
            let instance = Weigh::new(scenario, book).instance(&network, region)?.at_rate(1, rate)?;
            return Ok(self.hunt(network, issues, instance, scenario, book));
        }
        if scenario.goal.count().is_some() {
            let instance = Weigh::new(scenario, book).instance(&network, region)?;
            if let Some(aim) = goal::aim(&scenario.goal, instance.reachable_weight().map_err(SolveError::from)?) {
                let tracer = Tracer::new(&instance, aim, curve_config(scenario))?;
                // What a curve makes do with is too little to solve the goal's own question.
                let is_long = scenario.options.steps > CURVE_STEPS;
                let tracer = Box::new(if is_long { tracer.asking(config(scenario)) } else { tracer });
                self.state = State::Choosing(network, issues, aim, tracer);
                return Ok(Advance::Running);
            }
        }
        let instance = route::instance(&network)?;
        Ok(self.hunt(network, issues, instance, scenario, book))
    }

    /// Sets the optimiser to work.
    fn hunt(
        &mut self,
        network: Box<CandidateNetwork>,
        issues: Vec<Issue>,
        instance: Instance,
        scenario: &Scenario,
        book: &CostBook,
    ) -> Advance {
        let start = self.known.take().map(|known| known.start(&network));
        let hunt = Hunt::new(&network, book, instance, config(scenario), start);
        self.state = State::Solving(network, issues, Box::new(hunt));
        Advance::Running
    }
}

/// How the optimiser is to work on a scenario's plan.
pub(crate) fn config(scenario: &Scenario) -> Config {
    // A gap is at most one: the cast is exact enough, and never out of range.
    let enough = (scenario.options.gap * 1e6) as u32;
    Config { seed: scenario.options.seed, steps: scenario.options.steps, enough, certified: false }
}

/// Steps that a curve is given in full. A goal that chooses whom to connect and has no more is answered from the curve alone;
/// with more, its own question is solved as well, which takes some ten times as long.
pub const CURVE_STEPS: u64 = 50_000_000;

/// As [`config`], for a curve: it makes do with less at each of its corners, a sixtieth of what a plan may use beyond
/// [`CURVE_STEPS`]. As the gaps between its corners are structural, there is no telling when one is small enough.
pub(crate) fn curve_config(scenario: &Scenario) -> Config {
    let steps = scenario.options.steps;
    Config { steps: steps.min(CURVE_STEPS).max(steps / 60), enough: 0, ..config(scenario) }
}

/// Adds a plan up. `issues` are those of the region and of the candidates; what another plan over them said besides goes.
pub(crate) fn finish(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    network: CandidateNetwork,
    issues: Vec<Issue>,
    route: RoutePlan,
    certificate: Certificate,
) -> Staged<Plan> {
    let mut plan = summarised(region, scenario, book, network, issues, route, certificate);
    plan.value.summary.digest = digest::of_plan(region, &plan.value.network, &plan.value.route);
    plan
}

/// As [`finish`], without a digest: of what is shown and never kept nobody asks one, and it takes as long as the rest.
pub(crate) fn summarised(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    network: CandidateNetwork,
    mut issues: Vec<Issue>,
    route: RoutePlan,
    certificate: Certificate,
) -> Staged<Plan> {
    issues.retain(|issue| !mix::CODES.contains(&issue.code.as_str()));
    issues.extend(mix::issues(&network, &route));
    let summary = summary::summarise(region, scenario, book, &network, &route, &issues);
    let mut plan = Staged::new(Plan { network, route, certificate, summary }, issues);
    if plan.value.summary.mix.is_some() {
        let policy = shipped_policy(scenario).unwrap_or_else(Policy::example);
        mix::load_sectors(region, scenario, book, &mut plan, &policy);
    }
    plan
}

/// Everything that could be built in `region`, priced by `book`: what [`plan`] chooses from. Near-linear in the size of the
/// region.
///
/// # Errors
/// What is missing, in [`PlanError`].
pub fn candidates(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    context: &mut Context<'_>,
) -> Result<Staged<CandidateNetwork>, PlanError> {
    is_enough(region, scenario, book)?;
    something(breiband_network::build(region, scenario, book, context)?)
}

/// As [`candidates`], of the layout's region and at its prices: the same, and sooner the second time.
///
/// # Errors
/// As [`candidates`].
pub fn candidates_again(
    layout: &mut Layout,
    scenario: &Scenario,
    context: &mut Context<'_>,
) -> Result<Staged<CandidateNetwork>, PlanError> {
    is_enough(layout.region(), scenario, layout.book())?;
    something(layout.build(scenario, context)?)
}

/// Whether there is what a plan needs.
fn is_enough(region: &Region, scenario: &Scenario, book: &CostBook) -> Result<(), PlanError> {
    if region.ways.is_empty() {
        return Err(PlanError::NoWays);
    }
    if region.premises.is_empty() {
        return Err(PlanError::NoPremises);
    }
    if scenario.mix.is_some() && book.technologies().is_none() {
        return Err(PlanError::NoTechnologies(book.file().name.clone()));
    }
    let unpriced = |cabinet: &&breiband_model::NamedCabinet| cabinet.price.is_none() && book.cabinet_price().is_none();
    if let Some(cabinet) = scenario.cabinets.iter().find(unpriced) {
        return Err(PlanError::NoCabinetPrice(cabinet.name.clone(), book.file().name.clone()));
    }
    Ok(())
}

fn something(network: Staged<CandidateNetwork>) -> Result<Staged<CandidateNetwork>, PlanError> {
    if network.value.edges.is_empty() { Err(PlanError::NothingToDig) } else { Ok(network) }
}

/// The optimiser's monitor on top of the context's observer.
pub(crate) struct Relay<'a, 'b>(pub(crate) &'a mut Context<'b>);

impl Monitor for Relay<'_, '_> {
    fn improved(&mut self, cost: u64, bound: u64) {
        self.0.observer.improved(cost, bound);
    }

    fn progress(&mut self, done: u64, of: u64) {
        self.0.observer.progress("solve", done, of);
    }

    fn cancelled(&self) -> bool {
        self.0.observer.cancelled()
    }
}
