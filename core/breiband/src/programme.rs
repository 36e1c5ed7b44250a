//! A plan as a programme.

use breiband_export::{OutputFile, PlanView};
use breiband_model::{CostBook, Policy, Programme, Quantity, Region, Scenario, Services, Staged, Summary};
use breiband_programme::{Flows, Input, OrdersError, PriceClass, ProgrammeError};

use crate::{Plan, PlanError};

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
    /// Planning a group's own network failed.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

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
    let input = Input {
        region,
        book,
        network: &plan.network,
        route: &plan.route,
        settings,
        orders: &orders,
        support: scenario.support.as_ref(),
    };
    let mut programme = breiband_programme::programme(&input)?;
    if let Some(business) = &settings.business {
        let flows = Flows::of(region, &programme);
        let classes = price_classes(book, &plan.summary);
        programme.business = Some(breiband_programme::business(business, &flows, &classes, scenario.options.seed));
    }
    Ok(programme)
}

/// Public sites, the load of links and hosts for the server room, by `policy`.
///
/// # Errors
/// A missing section, or heads of a site that is not there.
pub fn services(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    plan: &Plan,
    programme: &Programme,
    policy: &Policy,
) -> Result<Services, ProgrammeFailure> {
    let settings = scenario.programme.as_ref().ok_or(ProgrammeFailure::NoSection)?;
    let input =
        Input { region, book, network: &plan.network, route: &plan.route, settings, orders: &[], support: None };
    Ok(breiband_programme::services(&input, programme, policy)?)
}

/// The price classes of a plan, by their part of its cost.
fn price_classes(book: &CostBook, summary: &Summary) -> Vec<PriceClass> {
    let class = |(name, quantity): (&String, &Quantity)| {
        let price = book.price(book.price_id(name)?);
        let factors = [price.p10, price.p50, price.p90];
        (summary.cost > 0.0).then(|| PriceClass { name: name.clone(), share: quantity.cost / summary.cost, factors })
    };
    summary.prices.iter().filter_map(class).collect()
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
    let loads = programme.services.as_ref().map(|services| &services.stretches);
    let view = PlanView { region, scenario, book, network, route, summary, issues: &plan.issues, loads };
    breiband_export::programme_files(&view, programme)
}
