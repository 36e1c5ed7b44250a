//! What the first year's money could buy by itself: the price of committing to the whole network from the start.

use std::collections::BTreeSet;

use breiband_model::{
    CandidateNetwork, Context, DropPolicy, EdgeId, FirstYear, Money, Phase, Programme, Region, Scenario,
};
use breiband_steiner::{Aim, Instance, SolveError, Status, Terminal, Tracer};

use crate::planner::{Relay, curve_config};
use crate::{Plan, PlanError, ProgrammeFailure, route};

/// The search for the network that reaches most points for the first year's money alone, over the plan's candidates, in slices;
/// and the proof of how many any could. What is built already costs nothing; a drop that waits for a signature is not paid.
#[derive(Debug)]
pub struct FirstYearSearch {
    instance: Instance,
    tracer: Tracer,
    year: u16,
    money: Money,
    spent: Money,
    reached: u64,
}

impl FirstYearSearch {
    /// A search that has done nothing yet.
    ///
    /// # Errors
    /// A scenario without `[programme]`, a programme without a year, costs too large to add up.
    pub fn new(
        region: &Region,
        scenario: &Scenario,
        plan: &Plan,
        programme: &Programme,
    ) -> Result<Self, ProgrammeFailure> {
        let settings = scenario.programme.as_ref().ok_or(ProgrammeFailure::NoSection)?;
        let year = programme.years.first().ok_or(breiband_programme::ProgrammeError::NoBudget)?;
        let money = Money::from_minor(year.budget.as_minor().saturating_sub(year.fixed.as_minor()));
        let network = &plan.network;
        let jobs = programme.jobs.iter().filter(|job| job.phase == Phase::Built);
        let built: BTreeSet<EdgeId> = jobs.flat_map(|job| job.edges.iter().copied()).collect();
        let waits = |terminal: &&breiband_model::Terminal| {
            let mut behind = terminal.premises.iter().map(|&id| region.premises_of(id));
            settings.drops == DropPolicy::WhenSigned && behind.all(|premises| premises.signed_up != Some(true))
        };
        let waiting: BTreeSet<u32> = network.terminals.iter().filter(waits).map(|t| t.vertex.as_u32()).collect();
        let points = breiband_programme::points(region, settings);
        let instance = instance(network, &points, &built, &waiting).map_err(PlanError::Instance)?;
        let aim = Aim::Budget(money.as_minor());
        let mut tracer = Tracer::new(&instance, aim, curve_config(scenario)).map_err(PlanError::Solve)?;
        // A plan that leaves nobody out is the tree that the search would look for first.
        if plan.route.choice.is_none() {
            tracer = tracer.beginning_with(plan.route.edges.iter().map(|edge| edge.as_u32()).collect());
        }
        let is_there = programme.premises.iter().zip(&points).filter(|(row, _)| row.phase.by(Some(year.year)));
        let reached = is_there.map(|(_, points)| points).sum();
        Ok(Self { instance, tracer, year: year.year, money, spent: year.work, reached })
    }

    /// Does a slice of work; says whether there is more to do.
    ///
    /// # Errors
    /// As [`crate::plan`].
    pub fn advance(&mut self, context: &mut Context<'_>) -> Result<bool, PlanError> {
        let status = self.tracer.advance(&mut Relay(context))?;
        context.check()?;
        Ok(status == Status::Running)
    }

    /// What came of it, once [`FirstYearSearch::advance`] has no more to do.
    ///
    /// # Errors
    /// A certificate that does not hold: a fault of the optimiser.
    pub fn finish(self) -> Result<FirstYear, PlanError> {
        let Self { instance, tracer, year, money, spent, reached } = self;
        let curve = tracer.into_curve();
        // Only what a certificate proves is told.
        let mut proven = Vec::new();
        for line in &curve.lines {
            let Some(certificate) = &line.certificate else { continue };
            let fault = |_| PlanError::Solve(SolveError::Fault("a line's certificate does not hold"));
            let scaled = instance.at_rate(line.scale, line.rate).map_err(PlanError::Instance)?;
            if scaled.check_joint(certificate, &curve.unreachable).map_err(fault)? == line.bound {
                proven.push(line);
            }
        }
        let most = proven.iter().map(|line| line.least_missed(money.as_minor())).max().unwrap_or(0);
        let missed = curve.weight.saturating_sub(reached);
        let least = proven.iter().map(|line| line.least_cost(missed)).max().unwrap_or(0);
        let found = curve.within(money.as_minor()).map_or(0, |point| curve.weight - point.missed_weight);
        Ok(FirstYear {
            year,
            money,
            spent,
            reached,
            // The programme's own network is one of those that this money buys.
            found: found.max(reached.min(curve.weight)),
            most: curve.weight - most,
            all: curve.weight,
            least: Money::from_minor(least),
        })
    }
}

/// [`FirstYearSearch`] at once, to the scenario's step budget.
///
/// # Errors
/// A missing section, or as [`crate::plan`].
pub fn first_year(
    region: &Region,
    scenario: &Scenario,
    plan: &Plan,
    programme: &Programme,
    context: &mut Context<'_>,
) -> Result<FirstYear, ProgrammeFailure> {
    let mut search = FirstYearSearch::new(region, scenario, plan, programme)?;
    while search.advance(context)? {}
    Ok(search.finish()?)
}

/// The candidates with points as prizes.
fn instance(
    network: &CandidateNetwork,
    points: &[u64],
    built: &BTreeSet<EdgeId>,
    waiting: &BTreeSet<u32>,
) -> Result<Instance, breiband_steiner::InstanceError> {
    let cost = |id: EdgeId, edge: &breiband_model::Edge| {
        let waits = [edge.tail, edge.head].iter().any(|v| waiting.contains(&v.as_u32()));
        if waits || built.contains(&id) { Money::ZERO } else { edge.building() }
    };
    let prize = |t: &breiband_model::Terminal| t.premises.iter().map(|id| points[id.index()]).sum();
    let terminals = network.terminals.iter().map(|t| Terminal { vertex: t.vertex.as_u32(), prize: Some(prize(t)) });
    route::instance_at(network, cost, terminals.collect())
}
