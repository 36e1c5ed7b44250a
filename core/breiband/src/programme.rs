//! A plan as a programme.

use std::collections::BTreeMap;

use breiband_export::{OutputFile, PlanView};
use breiband_model::{CostBook, Money, Policy, Programme, Region, Scenario, Services, SettingsFault, Staged};
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

impl ProgrammeFailure {
    /// What the scenario itself has wrong, with the way to it.
    pub fn in_settings(&self) -> Option<&SettingsFault> {
        match self {
            Self::Settings(ProgrammeError::Unknown(fault)) => Some(fault),
            _ => None,
        }
    }
}

/// Phases, orders, shares and coverage of `plan`, as the scenario's section `[programme]` says. `orders` is the table that it
/// names: name and bytes.
///
/// The plan is taken as it is, so one plan can be looked at under many programmes: the section says nothing of the network.
/// O(n log n) in the plan's stretches, once for each proposed order.
///
/// ```
/// use breiband::{Budget, Context, CostBook, Measure, ProgrammeSettings, Recipe, SharingKey};
/// let files = breiband::generate(&Recipe { premises: 200, ..Recipe::default() });
/// let (mut scenario, sources) = breiband::scenario_of(&files)?;
/// let (book, mut context) = (CostBook::example(), Context::silent());
/// let region = breiband::import(&sources, &scenario.options, &mut context)?;
/// let plan = breiband::plan(&region, &scenario, &book, &mut context)?.value;
/// scenario.programme = Some(ProgrammeSettings {
///     keys: vec![SharingKey::of(Measure::Equal), SharingKey::of(Measure::CauserPays)],
///     budgets: vec![Budget { year: 2027, amount: plan.summary.cost }],
///     ..ProgrammeSettings::usual()
/// });
/// let programme = breiband::programme(&region.value, &scenario, &book, &plan, None)?;
/// let shares = (0..programme.members.len()).map(|member| programme.keys[1].all_years(member));
/// assert_eq!(shares.sum::<breiband::Money>(), plan.route.cost);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
        let classes = price_classes(book, plan);
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

/// The price classes of what a plan builds, by their part of its cost.
fn price_classes(book: &CostBook, plan: &Plan) -> Vec<PriceClass> {
    let network = &plan.network;
    let built = || plan.route.edges.iter().map(|edge| &network.edges[edge.index()]);
    let mut costs: BTreeMap<&str, Money> = BTreeMap::new();
    for part in built().flat_map(|edge| network.built_parts_of(edge)) {
        if let Some(price) = part.price {
            let sum = costs.entry(book.price(price).id.as_str()).or_default();
            *sum = sum.saturating_add(network.cost_of(part, book));
        }
    }
    let all = built().map(breiband_model::Edge::building).sum::<Money>().as_major();
    let class = |(name, cost): (&str, Money)| {
        let price = book.price(book.price_id(name)?);
        let factors = [price.p10, price.p50, price.p90];
        (all > 0.0).then(|| PriceClass { name: name.to_owned(), share: cost.as_major() / all, factors })
    };
    costs.into_iter().filter_map(class).collect()
}

/// The council's report in three languages, for members and for the public, and the tables behind it. What it tells of the
/// game, of the first year and of public sites is what `programme` has of them: [`game()`](crate::game()),
/// [`first_year()`](crate::first_year()) and [`services`] find it.
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
