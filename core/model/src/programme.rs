//! The programme: what is built in which year, who pays what, who is covered by when. Amounts are minor units.

use serde::Serialize;

use crate::{BusinessCase, EdgeId, Game, Money, Services, Support};

/// When something is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Before the first year.
    Built,
    /// In that year.
    Year(u16),
    /// In the plan, but after the last budget.
    Unfunded,
    /// Not in the plan.
    NotPlanned,
}

impl Phase {
    /// The year, `built`, `unfunded`, or empty.
    pub fn label(self) -> String {
        match self {
            Self::Built => "built".to_owned(),
            Self::Year(year) => year.to_string(),
            Self::Unfunded => "unfunded".to_owned(),
            Self::NotPlanned => String::new(),
        }
    }

    /// Whether it is there at the end of `year`; `None` asks for today.
    pub fn by(self, year: Option<u16>) -> bool {
        match self {
            Self::Built => true,
            Self::Year(built) => year.is_some_and(|year| built <= year),
            Self::Unfunded | Self::NotPlanned => false,
        }
    }
}

/// A branch that is built as a whole: a lot, or a single stretch where there are no lots.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Job {
    /// Its edges.
    #[serde(skip)]
    pub edges: Vec<EdgeId>,
    /// The job it hangs on.
    pub after: Option<usize>,
    /// When it is built.
    pub phase: Phase,
    /// Cost, moving in included.
    pub cost: Money,
    /// Length, millimetres.
    pub length_mm: u64,
    /// Premises that it connects or passes.
    pub premises: u64,
    /// Their points.
    pub points: u64,
    /// Block of Horn's order (Horn 1972), from 1.
    pub block: usize,
    /// Names of the municipalities it lies in, by cost.
    pub municipalities: Vec<String>,
}

/// A year of building. Blocks are those of Horn's order (Horn 1972): branches by falling points for their cost.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct YearOutcome {
    /// Year.
    pub year: u16,
    /// The year's own money.
    pub budget: Money,
    /// What earlier years left; less what they lacked, [`YearOutcome::balances`] has it.
    pub carried_in: Money,
    /// Costs besides building.
    pub fixed: Money,
    /// Spent on building.
    pub work: Money,
    /// What is left for the next year.
    pub carried_out: Money,
    /// What is lacking for the fixed costs.
    pub short: Money,
    /// Metres built, in millimetres.
    pub length_mm: u64,
    /// Jobs done.
    pub jobs: u64,
    /// Premises that the network comes past.
    pub passed: u64,
    /// Of them connected.
    pub connected: u64,
    /// Points reached by the end of the year.
    pub points: u64,
    /// The most that any order could have reached on this network with the money spent by then, blocks taken in part.
    pub most_points: u64,
    /// The first block of Horn's order that is not done, where one is begun: block, spent, cost.
    pub in_progress: Option<(usize, Money, Money)>,
}

impl YearOutcome {
    /// What the year begins and ends with, minor units; negative where fixed costs exceed the money.
    /// Begin + budget − fixed − work = end.
    pub fn balances(&self) -> [i128; 2] {
        let [budget, fixed, work, left, short] =
            [self.budget, self.fixed, self.work, self.carried_out, self.short].map(|m| i128::from(m.as_minor()));
        let end = left - short;
        [end - budget + fixed + work, end]
    }
}

/// A premises in the programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PremisesPhase {
    /// When the network reaches it.
    pub phase: Phase,
    /// Whether its drop is built then too.
    pub connected: bool,
    /// Its place in the order of building, from 1; 0 where it is not in the plan.
    pub rank: u32,
    /// What the plan saves if it alone is left out.
    pub marginal: Money,
    /// Money that would bring it into an earlier year, or into the last one.
    pub missing: Money,
    /// Of one that could be connected and is not in the plan: what bringing the network to it alone costs. Else nothing.
    pub reach: Money,
}

impl PremisesPhase {
    /// Which sentence of the table `why` says when it is built, where it is in the plan; `first` is the first year. With money
    /// for everything up to it, and yet not built sooner, it waits for crews or a freeze.
    pub fn why(&self, first: u16) -> &'static str {
        match (self.phase, self.missing == Money::ZERO) {
            (Phase::Year(year), true) if year > first => "year_time",
            (Phase::Year(_), true) => "first",
            (Phase::Year(_), false) => "year",
            (Phase::Unfunded, true) => "unfunded_time",
            (Phase::Unfunded, false) => "unfunded",
            _ => "built",
        }
    }
}

/// Coverage of an area at a time and a speed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CoverageRow {
    /// Municipality code; empty for all.
    pub municipality: String,
    /// Density class; empty for all.
    pub density: String,
    /// End of this year; `None` is today.
    pub year: Option<u16>,
    /// Speed, Mbit/s.
    pub threshold_mbps: f64,
    /// Households.
    pub households: u64,
    /// Of them with the speed, or passed by a network that gives it.
    pub households_passed: u64,
    /// Of them with the speed.
    pub households_connected: u64,
    /// Premises, outbuildings left out.
    pub premises: u64,
    /// Of them with the speed, or passed.
    pub premises_passed: u64,
    /// Of them with the speed.
    pub premises_connected: u64,
}

/// A member's figures over all years.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MemberFigures {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Inhabitants that count, with the first year they count in and the date of the figure.
    pub inhabitants: Vec<(u16, String, u64)>,
    /// Premises.
    pub premises: u64,
    /// Premises that the programme connects.
    pub connected: u64,
    /// Cost of what is built on its ground.
    pub ground: Money,
    /// Cost of what its premises use, trunk shared by who is behind it.
    pub caused: Money,
    /// Of what is built on its ground, what serves others.
    pub for_others: Money,
    /// Of what it uses, what is built on others' ground.
    pub by_others: Money,
}

impl MemberFigures {
    /// What the others owe it for trunk on its ground that serves them, less what it owes for theirs; minor units.
    pub fn owed(&self) -> i64 {
        self.for_others.as_minor() as i64 - self.by_others.as_minor() as i64
    }
}

/// What a year builds on a municipality's ground for a municipality's premises: trunk that serves somebody else where the two
/// differ. All of them add up to the year's building work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// Year.
    pub year: u16,
    /// Code of the municipality on whose ground it is built; empty on nobody's.
    pub ground: String,
    /// Code of the municipality whose premises use it; empty of those in none.
    pub user: String,
    /// Cost.
    pub cost: Money,
}

/// What keys go by, of a member in a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Measured {
    /// Year.
    pub year: u16,
    /// The member's number.
    pub member: usize,
    /// Whether it shares that year's cost.
    pub shares: bool,
    /// Inhabitants, where they are known.
    pub inhabitants: Option<u64>,
    /// All premises in its area.
    pub premises: u64,
    /// Premises connected in the year.
    pub connected: u64,
    /// Millimetres built in its area in the year.
    pub built_mm: u64,
    /// What its premises caused in the year.
    pub caused: Money,
}

/// What everybody pays by one key.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KeyOutcome {
    /// The key's name.
    pub name: String,
    /// Shares: a row for each year, a column for each member.
    pub shares: Vec<Vec<Money>>,
    /// What caps leave unpaid, a year.
    pub unpaid: Vec<Money>,
    /// Share less the work on its own ground in minor units: what a member pays in (or gets out, if negative) where each
    /// pays its own contractors. Fixed costs, and work on the ground of whoever is no member in the year, are paid from the
    /// common fund.
    pub net: Vec<Vec<i64>>,
}

impl KeyOutcome {
    /// What the member at a position of [`Programme::members`] pays over all years.
    #[must_use]
    pub fn all_years(&self, member: usize) -> Money {
        self.shares.iter().filter_map(|year| year.get(member)).copied().sum()
    }
}

/// What happens to the shares by the agreed key if a member is not there from the first year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Leaving {
    /// Who leaves: position among the members.
    pub member: usize,
    /// Cost that goes with it: what only its premises use.
    pub avoided: Money,
    /// What each of the others pays more, minor units; 0 for the one that leaves.
    pub change: Vec<i64>,
}

/// What happens to the shares by the agreed key if a member that joins later, or has left, is there in every year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Joining {
    /// Who joins: position among the members.
    pub member: usize,
    /// What it pays over all years then.
    pub pays: Money,
    /// What each member pays more, minor units; below zero for those whom it relieves.
    pub change: Vec<i64>,
}

/// What committing to the plan's whole network costs in the first year, against networks for that year's money alone. Counted
/// are points, as the order of building weighs premises; a lot's mobilisation is left out of what other networks pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FirstYear {
    /// The year.
    pub year: u16,
    /// Its money for building.
    pub money: Money,
    /// What the programme spends of it.
    pub spent: Money,
    /// Points that the programme reaches by its end.
    pub reached: u64,
    /// Points that a network reaches which was found for this money alone.
    pub found: u64,
    /// No network reaches more for this money: proven.
    pub most: u64,
    /// Points of everybody that could be connected.
    pub all: u64,
    /// No network reaches as many as the programme for less: proven.
    pub least: Money,
}

/// A milestone held against the years.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MilestoneOutcome {
    /// Name.
    pub name: String,
    /// Year it is wanted.
    pub year: u16,
    /// Premises it names that are in the plan.
    pub premises: u64,
    /// Of them reached in time.
    pub reached: u64,
    /// The year in which all are; `None`: in no year.
    pub done: Option<u16>,
}

/// An order held against the years.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrderOutcome {
    /// Id.
    pub id: String,
    /// Who ordered.
    pub municipality: String,
    /// `proposed`, `approved`, `ordered` or `built`.
    pub status: String,
    /// Votes for it, and votes needed.
    pub votes: (u32, u32),
    /// Targets that the plan does not connect, by id: served already, excluded or out of reach.
    pub not_planned: Vec<String>,
    /// When the last of its targets is reached.
    pub phase: Phase,
    /// The same, were it approved.
    pub if_approved: Phase,
    /// Premises that would come in an earlier year, and in a later one.
    pub moves: (u64, u64),
}

/// Phases, orders, shares and coverage of a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Programme {
    /// The years, in order.
    pub years: Vec<YearOutcome>,
    /// What is built, in the order of building.
    pub jobs: Vec<Job>,
    /// Whether jobs are lots.
    pub lots: bool,
    /// A row for each premises of the region.
    #[serde(skip)]
    pub premises: Vec<PremisesPhase>,
    /// Coverage: by municipality, density class, year and speed.
    pub coverage: Vec<CoverageRow>,
    /// Members.
    pub members: Vec<MemberFigures>,
    /// What is built on nobody's ground, and what non-members' premises use.
    pub outside: (Money, Money),
    /// On whose ground and for whom, by year.
    pub flows: Vec<Flow>,
    /// What keys go by, years first.
    pub measured: Vec<Measured>,
    /// Shares by key.
    pub keys: Vec<KeyOutcome>,
    /// What if one leaves, one a member.
    pub leaving: Vec<Leaving>,
    /// What if one joins from the first year, one a member that is not there in every year and has the figures the key asks
    /// for.
    pub joining: Vec<Joining>,
    /// What groups of members would pay on their own; `None` where it was not asked for.
    pub game: Option<Game>,
    /// Public sites, links and the server room; `None` where it was not asked for.
    pub services: Option<Services>,
    /// The business case; `None` where the scenario asks for none.
    pub business: Option<BusinessCase>,
    /// What a support scheme pays; `None` where the scenario has none.
    pub support: Option<Support>,
    /// What the first year could have bought by itself; `None` where it was not asked for.
    pub first_year: Option<FirstYear>,
    /// Milestones.
    pub milestones: Vec<MilestoneOutcome>,
    /// Orders.
    pub orders: Vec<OrderOutcome>,
    /// Points × money spent before they are reached, in this order and in Horn's: how much later people are reached because
    /// of milestones, orders and freezes. Points × minor units.
    pub waiting: (u128, u128),
    /// Cost of everything in the plan, moving in included, fixed costs not.
    pub total: Money,
    /// Of it after the last budget.
    pub unfunded: Money,
    /// Drops that wait for a signature.
    pub drops_later: Money,
}
