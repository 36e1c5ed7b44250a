//! The game of building together: every group of members planned on its own, over the plan's candidates.

use breiband_model::{Cancelled, Context, CostBook, Game, GameSettings, Money, Region, Scenario};
use breiband_programme::game::{Ground, Planned, groups, orders, settle};
use breiband_programme::{Input, Players};
use breiband_steiner::{Certificate, Config, Instance, Silent, SolveError, Terminal, solve};

use crate::{Plan, ProgrammeFailure};

/// A game that is laid out, its groups not yet planned. Groups are planned independently of each other, in any order and on
/// any thread, and the game is the same.
///
/// ```no_run
/// # use breiband::{Context, CostBook, GameTable, Plan, Region, Scenario, Silent};
/// # fn f(region: &Region, scenario: &Scenario, book: &CostBook, plan: &Plan) -> Result<(), Box<dyn std::error::Error>> {
/// let table = GameTable::new(region, scenario, book, plan)?;
/// let planned = (0..table.groups().len()).map(|at| table.plan(at)).collect::<Result<Vec<_>, _>>()?;
/// let game = table.settle(&planned);
/// println!("together they save at least {:?} øre", game.saving.map(|saving| saving.0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct GameTable {
    players: Players,
    settings: GameSettings,
    keys: Vec<breiband_model::SharingKey>,
    orders: Vec<Vec<usize>>,
    groups: Vec<u32>,
    /// The ground without what no group needs.
    ground: Ground,
    whole: Option<Planned>,
    seed: u64,
}

impl GameTable {
    /// Lays the game of a plan's members out, as the scenario's section `[programme]` says.
    ///
    /// # Errors
    /// A missing section, or members and handovers that the region does not have.
    pub fn new(region: &Region, scenario: &Scenario, book: &CostBook, plan: &Plan) -> Result<Self, ProgrammeFailure> {
        let settings = scenario.programme.as_ref().ok_or(ProgrammeFailure::NoSection)?;
        let network = &plan.network;
        let players =
            Players::new(&Input { region, book, network, route: &plan.route, settings, orders: &[], support: None })?;
        let game = settings.game.clone().unwrap_or_default();
        let seed = scenario.options.seed;
        let is_sink = |&v: &u32| network.vertices[v as usize].kind.is_sink();
        let sinks: Vec<u32> = (0..network.vertices.len() as u32).filter(is_sink).collect();
        let ground = players.ground.contracted(&sinks);
        let (orders, groups) = layout(scenario, players.members.len());
        let keys = settings.keys.clone();
        let whole = whole(plan, &players);
        Ok(Self { groups, ground, whole, players, settings: game, keys, orders, seed })
    }

    /// The groups to plan: bits of their members.
    pub fn groups(&self) -> &[u32] {
        &self.groups
    }

    /// Plans the group at a position of [`GameTable::groups`]: a network for its premises, and a certified bound.
    ///
    /// # Errors
    /// A fault of the optimiser.
    pub fn plan(&self, at: usize) -> Result<Planned, SolveError> {
        let group = self.groups[at];
        let ground = &self.ground;
        let wanted = |t: &&(u32, u32)| t.1 & group != 0;
        let mut unwanted = vec![false; ground.vertices as usize];
        ground.terminals.iter().filter(|t| !wanted(t)).for_each(|t| unwanted[t.0 as usize] = true);
        let mut numbers = Vec::new();
        let mut edges = Vec::new();
        for (number, s) in ground.stretches.iter().enumerate() {
            if let (Some(cost), false) = (s.cost_for(group), unwanted[s.tail as usize] || unwanted[s.head as usize]) {
                numbers.push(number as u32);
                edges.push((s.tail, s.head, cost));
            }
        }
        let terminals: Vec<&(u32, u32)> = ground.terminals.iter().filter(wanted).collect();
        let required = terminals.iter().map(|t| Terminal { vertex: t.0, prize: None }).collect();
        let sinks = terminals.iter().map(|t| t.0).collect();
        let fault = |_| SolveError::Fault("a group's candidates are no instance");
        let instance = Instance::new(ground.vertices, edges, ground.root, required, sinks).map_err(fault)?;
        let config = Config { seed: self.seed, steps: self.settings.steps, ..Config::default() };
        let solution = solve(&instance, &config, &mut Silent)?;
        if !solution.unreachable.is_empty() {
            return Ok(Planned { members: group, ..Planned::default() });
        }
        let fault = |_| SolveError::Fault("a group's certificate does not hold");
        let bound = instance.check(&solution.certificate, &[]).map_err(fault)?;
        Ok(Planned {
            members: group,
            cost: Some((bound, solution.cost)),
            tree: solution.edges.iter().map(|&e| numbers[e as usize]).collect(),
            proof: proof(&solution.certificate, ground, self.players.members.len()),
        })
    }

    /// What comes of the game; `planned` are the plans of [`GameTable::groups`], in their order.
    pub fn settle(&self, planned: &[Planned]) -> Game {
        let rules = self.players.rules(&self.orders, &self.keys);
        settle(&rules, &self.ground, planned, self.whole.as_ref().map(|plan| (&self.players.ground, plan)))
    }
}

/// How many groups the game of so many members plans, by the scenario's own settings.
pub fn game_groups(scenario: &Scenario, members: usize) -> usize {
    layout(scenario, members).1.len()
}

/// The orders that are drawn and the groups that are planned, by the scenario's settings.
fn layout(scenario: &Scenario, members: usize) -> (Vec<Vec<usize>>, Vec<u32>) {
    let own = scenario.programme.as_ref().and_then(|settings| settings.game.as_ref());
    let samples = own.map_or_else(|| GameSettings::default().samples, |game| game.samples);
    let orders = orders(members, samples, scenario.options.seed);
    let groups = groups(members, &orders);
    (orders, groups)
}

/// Plays the game of a plan's members, one group after another.
///
/// # Errors
/// As [`GameTable::new`] and [`GameTable::plan`], or cancelled.
pub fn game(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    plan: &Plan,
    context: &mut Context<'_>,
) -> Result<Game, ProgrammeFailure> {
    let table = GameTable::new(region, scenario, book, plan)?;
    let mut planned = Vec::new();
    for at in 0..table.groups().len() {
        context.observer.progress("game", at as u64, table.groups().len() as u64);
        if context.observer.cancelled() {
            return Err(crate::PlanError::Cancelled(Cancelled).into());
        }
        planned.push(table.plan(at).map_err(crate::PlanError::Solve)?);
    }
    Ok(table.settle(&planned))
}

/// The plan itself as everybody's: its network, and its certificate where that is about what building costs alone.
fn whole(plan: &Plan, players: &Players) -> Option<Planned> {
    let members = players.members.len();
    let ground = &players.ground;
    let runs = plan.network.edges.iter().any(|edge| edge.running > Money::ZERO);
    let proof = match plan.route.choice {
        None if !runs => proof(&plan.certificate, ground, members),
        _ => vec![0; members],
    };
    let tree: Vec<u32> = plan.route.edges.iter().map(|e| e.as_u32()).collect();
    Some(Planned { members: breiband_model::everybody(members), cost: Some((0, 0)), tree, proof })
}

/// A certificate's bound by member; a building's entry that several share is split between them.
fn proof(certificate: &Certificate, ground: &Ground, members: usize) -> Vec<u64> {
    let mut sums = vec![0; members];
    if certificate.root() != ground.root {
        return sums;
    }
    let needs: std::collections::BTreeMap<u32, u32> = ground.terminals.iter().copied().collect();
    for (terminal, vertices, potentials) in certificate.blocks() {
        let Some(&bits) = needs.get(&terminal) else { continue };
        let own = vertices.binary_search(&terminal).map_or(0, |at| potentials[at]);
        let sharing = (0..members).filter(|m| bits >> m & 1 == 1);
        sharing.for_each(|m| sums[m] += own / u64::from(bits.count_ones()));
    }
    sums
}
