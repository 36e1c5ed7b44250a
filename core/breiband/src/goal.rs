//! Goals that leave premises out, in the optimiser's terms: what each premises weighs, which place of the cost–coverage
//! curve is wanted, and what a place means as a plan.

use std::collections::BTreeSet;

use breiband_model::{
    CandidateNetwork, Choice, Context, CostBook, Count, CurvePoint, Goal, Money, Premises, PremisesId, Region,
    Scenario, Staged,
};
use breiband_steiner::{
    Aim, Certificate, Curve, Instance, InstanceError, Line, Point, Solution, Status, Terminal, Tracer,
};

use crate::planner::{PlanError, Relay, candidates, curve_config};
use crate::route;

/// What premises weigh by a scenario's goal.
pub(crate) struct Weigh<'a> {
    count: Option<Count>,
    /// Where every premises gets the cheapest technology: what a satellite gives, Mbit/s down.
    satellite: Option<f64>,
    required: BTreeSet<&'a str>,
}

impl<'a> Weigh<'a> {
    pub(crate) fn new(scenario: &'a Scenario, book: &CostBook) -> Self {
        let satellite = book.technologies().filter(|_| scenario.goal.is_cheapest());
        Self { satellite: satellite.map(|t| t.satellite.down_mbps), ..Self::counting(scenario, scenario.goal.count()) }
    }

    fn counting(scenario: &'a Scenario, count: Option<Count>) -> Self {
        Self { count, satellite: None, required: scenario.options.include.iter().map(String::as_str).collect() }
    }

    /// Whether a satellite may serve the premises with this need.
    pub(crate) fn satellite_may(&self, premises: &Premises, needs_mbps: Option<f64>) -> bool {
        let enough = self.satellite.zip(needs_mbps).is_some_and(|(gives, needs)| needs <= gives);
        enough && !self.required.contains(premises.external_id.as_str())
    }

    /// What the premises with this need counts; none where it must be connected.
    pub(crate) fn premises(&self, premises: &Premises, needs_mbps: Option<f64>) -> Option<u64> {
        if self.satellite.is_some() {
            return self.satellite_may(premises, needs_mbps).then(|| u64::from(premises.homes()));
        }
        if self.required.contains(premises.external_id.as_str()) {
            return None;
        }
        self.count.map(|count| match count {
            Count::Homes => u64::from(premises.households),
            Count::Premises => 1,
        })
    }

    /// What the terminals at some vertices, ascending, count together; those that must be connected count nothing.
    pub(crate) fn terminals(&self, network: &CandidateNetwork, region: &Region, vertices: &[u32]) -> u64 {
        self.sum(network, region, |vertex| vertices.binary_search(&vertex).is_ok())
    }

    /// What all terminals count together, but for those at some vertices, ascending.
    pub(crate) fn all_but(&self, network: &CandidateNetwork, region: &Region, vertices: &[u32]) -> u64 {
        self.sum(network, region, |vertex| vertices.binary_search(&vertex).is_err())
    }

    fn sum(&self, network: &CandidateNetwork, region: &Region, among: impl Fn(u32) -> bool) -> u64 {
        let chosen = network.terminals.iter().filter(|t| among(t.vertex.as_u32()));
        chosen.filter_map(|t| self.terminal(network, region, t)).sum()
    }

    /// What a terminal counts; none where it must be connected.
    pub(crate) fn terminal(
        &self,
        network: &CandidateNetwork,
        region: &Region,
        terminal: &breiband_model::Terminal,
    ) -> Option<u64> {
        let one = |&id: &PremisesId| self.premises(region.premises_of(id), network.needs_mbps.get(id.index()).copied());
        terminal.premises.iter().map(one).sum()
    }

    /// The network as an instance whose prizes are weights.
    pub(crate) fn instance(&self, network: &CandidateNetwork, region: &Region) -> Result<Instance, InstanceError> {
        let prize = |t: &breiband_model::Terminal| self.terminal(network, region, t);
        let terminals = network.terminals.iter().map(|t| Terminal { vertex: t.vertex.as_u32(), prize: prize(t) });
        route::instance_with(network, terminals.collect())
    }
}

/// Which place of the curve a goal wants; none where it wants everybody.
pub(crate) fn aim(goal: &Goal, weight: u64) -> Option<Aim> {
    let minor = |major: f64| Money::from_major(major).unwrap_or(Money::ZERO).as_minor();
    match *goal {
        Goal::Connect { .. } | Goal::Cheapest { .. } => None,
        Goal::Worthwhile { value, .. } => Some(Aim::Rate(minor(value))),
        Goal::Budget { budget, .. } => Some(Aim::Budget(minor(budget))),
        Goal::Coverage { share, .. } => Some(Aim::Missed(weight - wanted(share, weight))),
    }
}

/// The least whole number that is a share of a weight, but for the rounding of the share itself.
fn wanted(share: f64, weight: u64) -> u64 {
    ((share * weight as f64 - 1e-6).ceil().max(0.0) as u64).min(weight)
}

/// A solution whose prizes are weights at `rate`, as a place of the curve: `wanted` is the weight of all, `missed` what it
/// misses.
pub(crate) fn cheapest(solution: Solution, rate: u64, wanted: u64, missed: u64) -> Chosen {
    let cost = solution.cost - rate * missed;
    let line = Line { scale: 1, rate, bound: solution.bound, certificate: None };
    let bound = line.least_cost(missed);
    let major = |minor| Money::from_minor(minor).as_major();
    let place = CurvePoint { cost: major(cost), connected: wanted - missed, bound: major(bound) };
    let choice = Choice {
        count: Count::Homes,
        wanted,
        connected: wanted - missed,
        most: wanted.saturating_sub(line.least_missed(cost)),
        line: [line.scale, line.rate, line.bound],
        curve: vec![place],
        areas: None,
    };
    Chosen { edges: solution.edges, cost, bound, certificate: Some(solution.certificate), choice }
}

/// A place of the curve as a plan needs it.
pub(crate) struct Chosen {
    pub(crate) edges: Vec<u32>,
    pub(crate) cost: u64,
    pub(crate) bound: u64,
    /// What proves the line; none of a curve that was drawn without.
    pub(crate) certificate: Option<Certificate>,
    pub(crate) choice: Choice,
}

/// The place of `curve` that `aim` wants.
pub(crate) fn choose(goal: &Goal, aim: Aim, curve: Curve) -> Result<Chosen, PlanError> {
    let value = |p: &Point, rate| u128::from(p.cost) + u128::from(p.missed_weight) * u128::from(rate);
    let point = match aim {
        Aim::Budget(budget) => curve.within(budget),
        Aim::Missed(most) => curve.missing_at_most(most),
        Aim::Rate(rate) => curve.points.iter().min_by_key(|p| (value(p, rate), p.cost)),
        Aim::Curve => curve.points.last(),
    };
    let point = point.cloned();
    choose_whole(goal, aim, curve, point)
}

/// The same for a place that was found otherwise; `curve` bounds it.
pub(crate) fn choose_whole(goal: &Goal, aim: Aim, mut curve: Curve, point: Option<Point>) -> Result<Chosen, PlanError> {
    let least = curve.points.first().map_or(0, |p| p.cost);
    let point = point.ok_or(PlanError::Budget { least: Money::from_minor(least) })?;
    let money = match aim {
        Aim::Budget(budget) => budget,
        _ => point.cost,
    };
    // One certificate goes with a plan: of the line that says most of what the goal asks about, then of the rest.
    let says = |line: &Line| {
        let missed = if let Aim::Budget(budget) = aim { line.least_missed(budget) } else { 0 };
        (missed, line.least_cost(point.missed_weight), line.least_missed(money))
    };
    let places = places(&curve);
    let at = (0..curve.lines.len()).max_by_key(|&i| (says(&curve.lines[i]), std::cmp::Reverse(i))).unwrap_or(0);
    let line = curve.lines.swap_remove(at);
    let choice = Choice {
        count: goal.count().unwrap_or_default(),
        wanted: curve.weight,
        connected: curve.weight - point.missed_weight,
        most: curve.weight.saturating_sub(line.least_missed(money)),
        line: [line.scale, line.rate, line.bound],
        curve: places,
        areas: None,
    };
    Ok(Chosen {
        bound: line.least_cost(point.missed_weight),
        edges: point.edges,
        cost: point.cost,
        certificate: line.certificate.map(|joint| joint.separate()),
        choice,
    })
}

/// What cost and missed weight at `rate` come to together in any network, at least: of a line `scale · cost + rate · missed ≥
/// bound`, where no more than `weight` can be missed.
pub(crate) fn least_value([scale, at, bound]: [u64; 3], rate: u64, weight: u64) -> u64 {
    let beyond = u128::from(at).saturating_sub(u128::from(rate) * u128::from(scale)) * u128::from(weight);
    u128::from(bound).saturating_sub(beyond).div_ceil(u128::from(scale.max(1))) as u64
}

fn places(curve: &Curve) -> Vec<CurvePoint> {
    let place = |p: &Point| CurvePoint {
        cost: Money::from_minor(p.cost).as_major(),
        connected: curve.weight - p.missed_weight,
        bound: Money::from_minor(curve.least_cost(p.missed_weight)).as_major(),
    };
    curve.points.iter().map(place).collect()
}

/// The cost–coverage curve of a region: what connecting more and more costs, and what it costs at least.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct CoverageCurve {
    /// What is counted.
    pub count: Count,
    /// Those that could be connected; of what the scenario requires, none.
    pub wanted: u64,
    /// Places on the curve, cheapest first; the last connects all.
    pub places: Vec<CurvePoint>,
    /// ISO 4217 code of the costs.
    pub currency: String,
}

impl CoverageCurve {
    /// What each of those costs that the place after `at` connects besides, major units; none after the last place.
    #[must_use]
    pub fn each_of_the_next(&self, at: usize) -> Option<f64> {
        let (here, next) = (self.places.get(at)?, self.places.get(at + 1)?);
        Some((next.cost - here.cost) / (next.connected - here.connected) as f64)
    }

    /// The curve as CSV, a row for each place; costs are major units.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut csv = String::from("cost,connected,share,bound,cost_of_the_next_each\n");
        for (at, place) in self.places.iter().enumerate() {
            let share = place.connected as f64 / self.wanted.max(1) as f64;
            let next = self.each_of_the_next(at).map(|next| format!("{next:.2}")).unwrap_or_default();
            let (cost, connected, bound) = (place.cost, place.connected, place.bound);
            csv.push_str(&format!("{cost:.2},{connected},{share:.6},{bound:.2},{next}\n"));
        }
        csv
    }
}

/// Draws the cost–coverage curve of `region` as `scenario` counts (homes, where its goal does not say), in one call and to
/// the scenario's step budget. What the goal itself asks for does not matter.
///
/// ```no_run
/// # use breiband::{Context, CostBook, Scenario, Silent, SourceFile};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let (files, scenario): (Vec<SourceFile>, Scenario) = unimplemented!();
/// let region = breiband::import(&files, &scenario.options, &mut Context::new(&mut Silent))?;
/// let book = CostBook::example();
/// let curve = breiband::coverage_curve(&region, &scenario, &book, &mut Context::new(&mut Silent))?;
/// for place in &curve.places {
///     println!("{} homes for {:.0}, at least {:.0}", place.connected, place.cost, place.bound);
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`crate::plan`].
pub fn coverage_curve(
    region: &Staged<Region>,
    scenario: &Scenario,
    book: &CostBook,
    context: &mut Context<'_>,
) -> Result<CoverageCurve, PlanError> {
    let network = candidates(&region.value, scenario, book, context)?.value;
    let mut tracer = CurveTracer::over(&network, &region.value, scenario, book)?;
    loop {
        if let Some(curve) = tracer.advance(context)? {
            return Ok(curve);
        }
    }
}

/// [`coverage_curve`] in slices, over candidates that are laid out already.
#[derive(Debug)]
pub struct CurveTracer {
    tracer: Tracer,
    count: Count,
    currency: String,
}

impl CurveTracer {
    /// A tracer over `network`: the candidates of any plan of the same region, prices and scenario, whatever that one's goal.
    ///
    /// # Errors
    /// Costs too large to add up.
    pub fn over(
        network: &CandidateNetwork,
        region: &Region,
        scenario: &Scenario,
        book: &CostBook,
    ) -> Result<Self, PlanError> {
        let count = scenario.goal.count().unwrap_or_default();
        let instance = Weigh::counting(scenario, Some(count)).instance(network, region)?;
        let tracer = Tracer::new(&instance, Aim::Curve, curve_config(scenario))?.without_proofs();
        Ok(Self { tracer, count, currency: book.file().currency.clone() })
    }

    /// Does a slice of work; the curve, when it is drawn. After that there is nothing to ask it for.
    ///
    /// # Errors
    /// As [`crate::plan`].
    pub fn advance(&mut self, context: &mut Context<'_>) -> Result<Option<CoverageCurve>, PlanError> {
        let status = self.tracer.advance(&mut Relay(context))?;
        context.check()?;
        Ok((status != Status::Running).then(|| {
            let curve = self.tracer.curve();
            let currency = self.currency.clone();
            CoverageCurve { count: self.count, wanted: curve.weight, places: places(curve), currency }
        }))
    }

    /// The networks behind the curve's places, once it is drawn.
    #[must_use]
    pub fn into_curve(self) -> Curve {
        self.tracer.into_curve()
    }
}
