//! A plan as a programme, and what each municipality would pay alone.

use breiband_export::{OutputFile, PlanView};
use breiband_model::{
    Alone, CandidateNetwork, Context, CostBook, Money, MunicipalityId, Programme, Region, Scenario, Staged,
};
use breiband_programme::{Input, OrdersError, ProgrammeError};
use breiband_steiner::{Config, Instance, Solver, Status, Terminal};

use crate::planner::Relay;
use crate::{Plan, PlanError, route};

/// Why there is no programme.
#[derive(Debug, thiserror::Error)]
pub enum ProgrammeFailure {
    /// The scenario does not ask for one.
    #[error("the scenario has no section [programme]: `breiband new` writes one as comments")]
    NoSection,
    /// The table of orders was refused.
    #[error(transparent)]
    Orders(#[from] OrdersError),
    /// The settings ask for what the region does not have.
    #[error(transparent)]
    Settings(#[from] ProgrammeError),
    /// Pricing a municipality's own network failed.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

/// Optimiser steps for a municipality's own network: bounds, not drawings, are wanted.
const STEPS_ALONE: u64 = 4_000_000;

/// Phases, orders, shares and coverage of `plan`, as the scenario's section `[programme]` says. `orders` is the table that it
/// names: name and bytes.
///
/// # Errors
/// A missing section, a refused table, codes and ids that the region does not have.
pub fn programme(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    plan: &Plan,
    orders: Option<(&str, &[u8])>,
) -> Result<Programme, ProgrammeFailure> {
    let settings = scenario.programme.as_ref().ok_or(ProgrammeFailure::NoSection)?;
    let orders = breiband_programme::orders(settings, orders)?;
    let input = Input { region, book, network: &plan.network, route: &plan.route, settings, orders: &orders };
    Ok(breiband_programme::programme(&input)?)
}

/// What each member of the programme would pay to serve its own premises alone, over the same candidates and from any
/// handover: a network's cost and a certified bound, in the members' order. One optimiser run a member.
///
/// # Errors
/// Cancelled, or a fault of the optimiser.
pub fn alone(
    region: &Region,
    scenario: &Scenario,
    plan: &Plan,
    programme: &Programme,
    context: &mut Context<'_>,
) -> Result<Vec<Alone>, PlanError> {
    let network = &plan.network;
    let whole = route::instance(network)?;
    let mut rows = Vec::new();
    for member in &programme.members {
        let id = region.municipalities.iter().position(|m| m.code == member.code).map(MunicipalityId::from_usize);
        let own = |t: &&breiband_model::Terminal| t.premises.iter().any(|&p| region.premises_of(p).municipality == id);
        let terminals: Vec<Terminal> =
            network.terminals.iter().filter(own).map(|t| Terminal { vertex: t.vertex.as_u32(), prize: None }).collect();
        let root = CandidateNetwork::ROOT.as_u32();
        let instance =
            Instance::new(whole.vertices(), whole.edges().to_vec(), root, terminals, whole.sinks().to_vec())?;
        let config = Config { steps: STEPS_ALONE.min(scenario.options.steps), ..crate::planner::config(scenario, 1) };
        let mut solver = Solver::owning(instance, config);
        while solver.advance(&mut Relay(context))? == Status::Running {}
        context.check()?;
        let solution = solver.into_solution().ok_or(breiband_model::Cancelled)?;
        rows.push(Alone { cost: Money::from_minor(solution.cost), bound: Money::from_minor(solution.bound) });
    }
    Ok(rows)
}

/// The council's report in three languages, for members and for the public, and the tables behind it.
pub fn report(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    plan: &Staged<Plan>,
    programme: &Programme,
) -> Vec<OutputFile> {
    let Plan { network, route, summary, .. } = &plan.value;
    let view = PlanView { region, scenario, book, network, route, summary, issues: &plan.issues };
    breiband_export::programme_files(&view, programme)
}
