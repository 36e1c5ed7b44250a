//! The programme of a plan, put together.

use std::collections::{BTreeMap, BTreeSet};

use breiband_model::{
    CandidateNetwork, CostBook, EdgeId, Flow, Job, Joining, KeyOutcome, Leaving, Measure, Measured, Member,
    MemberFigures, MilestoneOutcome, Money, MunicipalityId, OrderOutcome, OrderStatus, Phase, PremisesId,
    PremisesPhase, Programme, ProgrammeSettings, Region, RoutePlan, Sentence, SettingsFault, Step, Support,
    SupportScheme, YearOutcome,
};

use crate::coverage::coverage;
use crate::horn::{blocks, waiting};
use crate::orders::{Filed, Place, votes};
use crate::owners::Owner;
use crate::reach::reach;
use crate::schedule::{Capacity, Jobs, order, schedule};
use crate::sharing::{Basis, split_capped};
use crate::support::{Built, support};
use crate::treasurer::{WhatIf, no_inhabitants, nobody};
use crate::tree::{Branch, branches, jobs};

/// Why there is no programme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProgrammeError {
    /// No money in any year.
    #[error("there is no budget: add [[programme.budget]] with year and amount to the scenario")]
    NoBudget,
    /// The settings name what the inputs do not have (a member, a site, premises or a handover), a year without members, or a
    /// key by inhabitants that are not known.
    #[error(transparent)]
    Unknown(#[from] SettingsFault),
    /// A table names something that is not there.
    #[error("{place}: {id:?} is no premises and no public site of the inputs: correct the id, or add what it names")]
    UnknownTarget {
        /// Where it stands.
        place: String,
        /// The id.
        id: String,
    },
    /// More members than a game can have.
    #[error("programme.member: {0} members are too many for the game of groups, which has at most 30: leave it out")]
    TooManyPlayers(usize),
}

/// What a programme is made from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// What is on the ground.
    pub region: &'a Region,
    /// Prices.
    pub book: &'a CostBook,
    /// What could be built.
    pub network: &'a CandidateNetwork,
    /// What is.
    pub route: &'a RoutePlan,
    /// How it is to be built together.
    pub settings: &'a ProgrammeSettings,
    /// Orders.
    pub orders: &'a [Filed],
    /// A scheme that supports building.
    pub support: Option<&'a SupportScheme>,
}

impl Input<'_> {
    /// What the plan gives a premises where it is built, Mbit/s down: what the settings say, or less from a mast.
    pub(crate) fn delivers_mbps(&self, premises: usize) -> f64 {
        let by_radio = self.route.outcomes[premises].is_by_radio();
        let mast = self.book.technologies().filter(|_| by_radio).map(|t| t.wireless.down_mbps);
        mast.map_or(self.settings.delivers_mbps, |mbps| mbps.min(self.settings.delivers_mbps))
    }
}

fn minor(major: f64) -> u64 {
    Money::from_major(major).unwrap_or_default().as_minor()
}

/// The settings name `id`, which no input does.
pub(crate) fn unknown_target(path: impl Into<Vec<Step>>, id: &str) -> ProgrammeError {
    let words = "{id} is no premises and no public site of the inputs: correct the id, or add what it names";
    let problem = Sentence::with(words, [("id", format!("{id:?}"))]);
    SettingsFault::new(path, problem).into()
}

/// Premises that a premises' or a site's id names.
fn targets(region: &Region) -> BTreeMap<&str, Option<PremisesId>> {
    let sites = region.sites.iter().map(|site| (site.external_id.as_str(), site.premises));
    let premises = region.premises.iter().enumerate();
    sites.chain(premises.map(|(i, p)| (p.external_id.as_str(), Some(PremisesId::from_usize(i))))).collect()
}

struct Work<'a> {
    input: &'a Input<'a>,
    branches: Vec<Branch>,
    job_of: Vec<usize>,
    /// The job of each premises that is in the plan.
    premises_job: BTreeMap<PremisesId, usize>,
    jobs: Jobs,
    mobilisation: Vec<u64>,
}

/// A way of ordering and its years.
struct Timing {
    blocks: Vec<Vec<usize>>,
    order: Vec<usize>,
    year_of: Vec<Option<usize>>,
}

/// Phases, orders, shares and coverage of a plan. O(n log n) in the plan's stretches, once for each proposed order.
///
/// # Errors
/// What the settings ask for and the region does not have.
pub fn programme(input: &Input<'_>) -> Result<Programme, ProgrammeError> {
    let Input { region, settings, .. } = *input;
    if settings.budgets.is_empty() {
        return Err(ProgrammeError::NoBudget);
    }
    let members = members(region, settings)?;
    check_codes(input)?;
    let known = targets(region);
    let work = Work::new(input);
    let find = |id: &String| known.get(id.as_str()).copied();
    let planned = |id: Option<PremisesId>| id.and_then(|id| work.premises_job.get(&id).copied());
    let mut milestones = Vec::new();
    for (at, milestone) in settings.milestones.iter().enumerate() {
        let mut wanted: BTreeSet<PremisesId> = BTreeSet::new();
        for (nth, id) in milestone.premises.iter().enumerate() {
            let path = [Step::Key("milestone"), Step::At(at), Step::Key("premises"), Step::At(nth)];
            wanted.extend(find(id).ok_or_else(|| unknown_target(path, id))?);
        }
        let sites = region.sites.iter().filter(|site| milestone.sites.contains(&site.kind));
        wanted.extend(sites.filter_map(|site| site.premises));
        wanted.retain(|&id| planned(Some(id)).is_some());
        milestones.push((milestone, wanted));
    }
    let codes: Vec<String> = members.iter().map(|member| member.code.clone()).collect();
    let mut orders = Vec::new();
    for filed in input.orders {
        let mut wanted = BTreeSet::new();
        let mut not_planned = Vec::new();
        for (nth, id) in filed.order.targets.iter().enumerate() {
            let found = find(id).ok_or_else(|| match filed.place {
                Place::Settings(at) => {
                    unknown_target([Step::Key("order"), Step::At(at), Step::Key("targets"), Step::At(nth)], id)
                }
                Place::Row { .. } => ProgrammeError::UnknownTarget { place: filed.place.to_string(), id: id.clone() },
            })?;
            match found.filter(|&id| planned(Some(id)).is_some()) {
                Some(id) => {
                    wanted.insert(id);
                }
                None => not_planned.push(id.clone()),
            }
        }
        let (given, needed) = votes(settings, &codes, &filed.order);
        orders.push((filed, wanted, not_planned, (given, needed)));
    }
    let mut jobs = work.jobs.clone();
    let set_of = |wanted: &BTreeSet<PremisesId>| wanted.iter().filter_map(|&id| planned(Some(id))).collect::<Vec<_>>();
    for (filed, wanted, _, _) in &orders {
        if filed.order.status == OrderStatus::Built {
            for job in jobs.closure(set_of(wanted)) {
                jobs.built[job] = true;
                jobs.cost[job] = 0;
            }
        }
    }
    let award = |jobs: &mut Jobs, wanted: &BTreeSet<PremisesId>, points: u32| {
        for job in set_of(wanted) {
            jobs.points[job] += u64::from(points);
        }
    };
    let mut wishes: Vec<(usize, Vec<usize>)> = Vec::new();
    for (filed, wanted, _, (given, needed)) in &orders {
        match filed.order.status {
            OrderStatus::Ordered => wishes.push((0, set_of(wanted))),
            OrderStatus::Proposed if given >= needed => award(&mut jobs, wanted, filed.order.points),
            _ => {}
        }
    }
    let first = settings.budgets[0].year;
    for (milestone, wanted) in &milestones {
        wishes.push((usize::from(milestone.year - first), set_of(wanted)));
    }
    let years = work.capacities();
    let time = |jobs: &Jobs| {
        let horn = blocks(&jobs.after, &jobs.cost, &jobs.points);
        let wanted: Vec<_> = wishes.iter().map(|(y, set)| (*y, jobs.closure(set.iter().copied()))).collect();
        let order = order(jobs, &horn, &wanted, &years);
        let year_of = schedule(jobs, &order, &years);
        Timing { blocks: horn, order, year_of }
    };
    let timing = time(&jobs);
    let phase = |jobs: &Jobs, timing: &Timing, job: usize| match (jobs.built[job], timing.year_of[job]) {
        (true, _) => Phase::Built,
        (_, Some(year)) => Phase::Year(first + year as u16),
        _ => Phase::Unfunded,
    };
    let last = |jobs: &Jobs, timing: &Timing, wanted: &BTreeSet<PremisesId>| {
        set_of(wanted).into_iter().map(|job| phase(jobs, timing, job)).max().unwrap_or(Phase::NotPlanned)
    };
    let order_outcomes = orders
        .iter()
        .map(|(filed, wanted, not_planned, (given, needed))| {
            let approved = given >= needed;
            let now = last(&jobs, &timing, wanted);
            let (if_approved, moves) = if filed.order.status == OrderStatus::Proposed && !approved {
                let mut other = jobs.clone();
                award(&mut other, wanted, filed.order.points);
                let then = time(&other);
                let mut moves = (0, 0);
                for &job in work.premises_job.values() {
                    let (a, b) = (phase(&jobs, &timing, job), phase(&other, &then, job));
                    moves.0 += u64::from(b < a);
                    moves.1 += u64::from(b > a);
                }
                (last(&other, &then, wanted), moves)
            } else {
                (now, (0, 0))
            };
            OrderOutcome {
                id: filed.order.id.clone(),
                municipality: filed.order.municipality.clone(),
                status: match filed.order.status {
                    OrderStatus::Proposed if approved => "approved",
                    OrderStatus::Proposed => "proposed",
                    OrderStatus::Ordered => "ordered",
                    OrderStatus::Built => "built",
                }
                .to_owned(),
                votes: (*given, *needed),
                not_planned: not_planned.clone(),
                phase: now,
                if_approved,
                moves,
            }
        })
        .collect();
    let milestone_outcomes = milestones
        .iter()
        .map(|(milestone, wanted)| MilestoneOutcome {
            name: milestone.name.clone(),
            year: milestone.year,
            premises: wanted.len() as u64,
            reached: wanted
                .iter()
                .filter(|&&id| {
                    work.premises_job.get(&id).is_some_and(|&j| phase(&jobs, &timing, j).by(Some(milestone.year)))
                })
                .count() as u64,
            done: match last(&jobs, &timing, wanted) {
                Phase::Built | Phase::NotPlanned => Some(first),
                Phase::Year(year) => Some(year),
                Phase::Unfunded => None,
            },
        })
        .collect();
    let phase_of_job: Vec<Phase> = (0..jobs.cost.len()).map(|job| phase(&jobs, &timing, job)).collect();
    let premises = work.premises(&jobs, &timing, &phase_of_job, &years);
    let years_out = work.years(&jobs, &timing, &phase_of_job, &premises, &years);
    let supported = match input.support {
        Some(scheme) => Some(work.support(scheme, &phase_of_job, &premises)?),
        None => None,
    };
    let ledger = work.ledger(&members, &phase_of_job, &premises, &years_out)?;
    let horns = waiting(timing.blocks.iter().flatten().copied(), &jobs.cost, &jobs.points);
    // What the years do: funded jobs by year, then the rest, each in order.
    let mut built_order: Vec<usize> = timing.order.clone();
    built_order.sort_by_key(|&job| timing.year_of[job].unwrap_or(usize::MAX));
    let total: u64 = work.jobs.cost.iter().sum();
    let unfunded: u64 =
        (0..jobs.cost.len()).filter(|&j| phase_of_job[j] == Phase::Unfunded).map(|j| work.jobs.cost[j]).sum();
    Ok(Programme {
        coverage: coverage(region, settings, &premises, |at| input.delivers_mbps(at)),
        jobs: work.listed(&jobs, &timing, &phase_of_job, &built_order),
        lots: settings.lots.is_some(),
        waiting: (waiting(built_order.into_iter(), &jobs.cost, &jobs.points), horns),
        premises,
        years: years_out,
        members: ledger.members,
        outside: ledger.outside,
        flows: ledger.flows,
        measured: ledger.measured,
        keys: ledger.keys,
        leaving: ledger.leaving,
        joining: ledger.joining,
        game: None,
        services: None,
        first_year: None,
        business: None,
        support: supported,
        milestones: milestone_outcomes,
        orders: order_outcomes,
        total: Money::from_minor(total),
        unfunded: Money::from_minor(unfunded),
        drops_later: Money::from_minor(work.branches.iter().filter(|b| b.later).map(|b| b.cost).sum()),
    })
}

/// Whether the inputs have the municipalities that freezes name and, where no members are listed, those that orders, votes and
/// handovers do: a freeze that is misspelt would freeze nothing.
fn check_codes(input: &Input<'_>) -> Result<(), ProgrammeError> {
    use Step::{At, Key};
    let (region, settings) = (input.region, input.settings);
    let known = |code: &str| region.municipalities.iter().any(|m| m.code == code);
    let check = |code: &str, path: &[Step]| match known(code) {
        true => Ok(()),
        false => Err(SettingsFault::new(path, Member::is_nowhere(code))),
    };
    for (at, freeze) in settings.freezes.iter().enumerate().filter(|(_, freeze)| !freeze.municipality.is_empty()) {
        check(&freeze.municipality, &[Key("freeze"), At(at), Key("municipality")])?;
    }
    if !settings.members.is_empty() {
        return Ok(());
    }
    for code in settings.ordering.votes.keys() {
        check(code, &[Key("ordering"), Key("votes")])?;
    }
    for filed in input.orders {
        let path = |key: &'static str| match filed.place {
            Place::Settings(at) => vec![Key("order"), At(at), Key(key)],
            Place::Row { .. } => vec![Key("orders")],
        };
        check(&filed.order.municipality, &path("municipality"))?;
        for code in &filed.order.approved_by {
            check(code, &path("approved_by"))?;
        }
    }
    for (at, handover) in settings.game.iter().flat_map(|game| &game.handovers).enumerate() {
        check(&handover.owner, &[Key("game"), Key("handover"), At(at), Key("owner")])?;
    }
    Ok(())
}

/// The settings' members with the region's names; every municipality with premises where none are listed.
pub(crate) fn members(region: &Region, settings: &ProgrammeSettings) -> Result<Vec<Member>, ProgrammeError> {
    if settings.members.is_empty() {
        let with = |i: usize| region.premises.iter().any(|p| p.municipality.is_some_and(|m| m.index() == i));
        let all = region.municipalities.iter().enumerate().filter(|(i, _)| with(*i));
        return Ok(all
            .map(|(_, m)| Member { code: m.code.clone(), name: m.name.clone(), ..Member::default() })
            .collect());
    }
    let named = settings.members.iter().enumerate().map(|(at, member)| {
        let found = region.municipalities.iter().find(|m| m.code == member.code);
        let found = found.ok_or_else(|| {
            let path = [Step::Key("member"), Step::At(at), Step::Key("code")];
            SettingsFault::new(path, Member::is_nowhere(&member.code))
        })?;
        let name = if member.name.is_empty() { found.name.clone() } else { member.name.clone() };
        Ok(Member { name, ..member.clone() })
    });
    named.collect()
}

struct Ledger {
    members: Vec<MemberFigures>,
    outside: (Money, Money),
    flows: Vec<Flow>,
    measured: Vec<Measured>,
    keys: Vec<KeyOutcome>,
    leaving: Vec<Leaving>,
    joining: Vec<Joining>,
}

/// A year's work by municipality.
#[derive(Default, Clone)]
struct YearBook {
    /// Cost and length on its ground.
    ground: BTreeMap<Option<MunicipalityId>, (u64, u64)>,
    caused: BTreeMap<Option<MunicipalityId>, u64>,
    /// On whose ground, for whom.
    flows: BTreeMap<(Option<MunicipalityId>, Option<MunicipalityId>), u64>,
    /// What only its premises use.
    alone: BTreeMap<Option<MunicipalityId>, u64>,
    connected: BTreeMap<Option<MunicipalityId>, u64>,
}

impl<'a> Work<'a> {
    fn new(input: &'a Input<'a>) -> Self {
        let Input { region, book, network, route, settings, .. } = *input;
        let branches = branches(region, book, network, route, settings);
        let (job_of, first) = jobs(&branches, settings.lots.map(|lots| minor(lots.least)));
        let points = points(region, settings);
        let mut all = Jobs {
            after: first.iter().map(|&at| branches[at].after.map(|above| job_of[above])).collect(),
            cost: vec![0; first.len()],
            length_mm: vec![0; first.len()],
            points: vec![0; first.len()],
            built: vec![false; first.len()],
        };
        let mut premises_job = BTreeMap::new();
        for (branch, &job) in branches.iter().zip(&job_of) {
            if !branch.later {
                all.cost[job] += branch.cost;
                all.length_mm[job] += branch.length_mm;
            }
            for &id in &branch.premises {
                all.points[job] += points[id.index()];
                premises_job.insert(id, job);
            }
        }
        let moving = settings.lots.map_or(0, |lots| minor(lots.mobilisation));
        let mobilisation: Vec<u64> = all.cost.iter().map(|&cost| if cost > 0 { moving } else { 0 }).collect();
        for (cost, moving) in all.cost.iter_mut().zip(&mobilisation) {
            *cost += moving;
        }
        Self { input, branches, job_of, premises_job, jobs: all, mobilisation }
    }

    fn capacities(&self) -> Vec<Capacity> {
        let settings = self.input.settings;
        let frozen_in = |year: u16| {
            let freezes = settings.freezes.iter().filter(|f| (f.from..=f.to).contains(&year));
            let mut frozen = BTreeSet::new();
            for freeze in freezes {
                for (branch, &job) in self.branches.iter().zip(&self.job_of) {
                    let on =
                        |m: Owner| m.is_some_and(|m| self.input.region.municipality(m).code == freeze.municipality);
                    if freeze.municipality.is_empty() || branch.ground.owners().any(on) {
                        frozen.insert(job);
                    }
                }
            }
            frozen
        };
        let year = |budget: &breiband_model::Budget| {
            let fixed = settings.fixed.iter().filter(|f| f.year == budget.year).map(|f| i128::from(minor(f.amount)));
            Capacity {
                money: i128::from(minor(budget.amount)) - fixed.sum::<i128>(),
                length_mm: settings.crews.map(|crews| (f64::from(crews.count) * crews.metres * 1000.0) as u64),
                frozen: frozen_in(budget.year),
            }
        };
        settings.budgets.iter().map(year).collect()
    }

    fn premises(&self, jobs: &Jobs, timing: &Timing, phases: &[Phase], years: &[Capacity]) -> Vec<PremisesPhase> {
        let nothing = PremisesPhase {
            phase: Phase::NotPlanned,
            connected: false,
            rank: 0,
            marginal: Money::ZERO,
            missing: Money::ZERO,
            reach: Money::ZERO,
        };
        let reach = reach(self.input.network, self.input.route);
        let mut rows: Vec<_> = reach.into_iter().map(|reach| PremisesPhase { reach, ..nothing }).collect();
        let mut ranked: Vec<usize> = timing.order.clone();
        ranked.sort_by_key(|&job| timing.year_of[job].unwrap_or(usize::MAX));
        let mut place = vec![0u32; jobs.cost.len()];
        let mut spent_by = vec![0i128; jobs.cost.len()];
        let mut spent = 0i128;
        for (at, &job) in ranked.iter().enumerate() {
            spent += i128::from(jobs.cost[job]);
            spent_by[job] = spent;
            place[job] = at as u32 + 1;
        }
        let money_until = |year: usize| years[..year].iter().map(|y| y.money).sum::<i128>();
        for at in 0..self.branches.len() {
            let branch = &self.branches[at];
            let job = self.job_of[at];
            let short = match phases[job] {
                Phase::Unfunded => spent_by[job] - money_until(years.len()),
                _ => timing.year_of[job].filter(|&y| y > 0).map_or(0, |y| spent_by[job] - money_until(y)),
            };
            let mut marginal = 0;
            let mut here = Some(at);
            while let Some(b) = here.filter(|&b| self.branches[b].behind.values().sum::<u64>() == 1) {
                marginal += self.branches[b].cost;
                here = self.branches[b].after;
            }
            for &id in &branch.premises {
                rows[id.index()] = PremisesPhase {
                    phase: phases[job],
                    connected: !branch.later,
                    rank: place[job],
                    marginal: Money::from_minor(marginal),
                    missing: Money::from_minor(u64::try_from(short).unwrap_or(0)),
                    reach: Money::ZERO,
                };
            }
        }
        // A premises' rank counts premises, not jobs.
        let mut by_place: Vec<usize> = (0..rows.len()).filter(|&i| rows[i].phase != Phase::NotPlanned).collect();
        by_place.sort_by_key(|&i| (rows[i].rank, i));
        for (rank, i) in by_place.into_iter().enumerate() {
            rows[i].rank = rank as u32 + 1;
        }
        rows
    }

    fn years(
        &self,
        jobs: &Jobs,
        timing: &Timing,
        phases: &[Phase],
        premises: &[PremisesPhase],
        capacities: &[Capacity],
    ) -> Vec<YearOutcome> {
        let settings = self.input.settings;
        let mut carried = 0i128;
        let mut out = Vec::new();
        let (mut spent, mut reached) = (0u64, 0u64);
        let built_points: u64 = (0..jobs.cost.len()).filter(|&j| jobs.built[j]).map(|j| jobs.points[j]).sum();
        reached += built_points;
        for (at, budget) in settings.budgets.iter().enumerate() {
            let done: Vec<usize> = (0..jobs.cost.len()).filter(|&j| timing.year_of[j] == Some(at)).collect();
            let work: u64 = done.iter().map(|&j| jobs.cost[j]).sum();
            spent += work;
            reached += done.iter().map(|&j| jobs.points[j]).sum::<u64>();
            let own = minor(budget.amount);
            let left = carried + capacities[at].money - i128::from(work);
            let positive = |x: i128| Money::from_minor(u64::try_from(x).unwrap_or(0));
            let here = |p: &&PremisesPhase| p.phase == Phase::Year(budget.year);
            let unfinished = timing.blocks.iter().enumerate().find_map(|(number, block)| {
                let done = |j: usize| phases[j].by(Some(budget.year));
                let begun = block.iter().any(|&j| done(j) && !jobs.built[j]);
                let all = block.iter().all(|&j| done(j));
                let cost =
                    |only: bool| -> u64 { block.iter().filter(|&&j| !only || done(j)).map(|&j| jobs.cost[j]).sum() };
                (!all)
                    .then(|| begun.then(|| (number + 1, Money::from_minor(cost(true)), Money::from_minor(cost(false)))))
            });
            out.push(YearOutcome {
                year: budget.year,
                budget: Money::from_minor(own),
                carried_in: positive(carried),
                fixed: Money::from_minor(u64::try_from(i128::from(own) - capacities[at].money).unwrap_or(0)),
                work: Money::from_minor(work),
                carried_out: positive(left),
                short: positive(-left),
                length_mm: done.iter().map(|&j| jobs.length_mm[j]).sum(),
                jobs: done.len() as u64,
                passed: premises.iter().filter(here).count() as u64,
                connected: premises.iter().filter(here).filter(|p| p.connected).count() as u64,
                points: reached,
                most_points: most_points(&timing.blocks, jobs, spent),
                in_progress: unfinished.flatten(),
            });
            carried = left;
        }
        out
    }

    fn listed(&self, jobs: &Jobs, timing: &Timing, phases: &[Phase], order: &[usize]) -> Vec<Job> {
        let n = jobs.cost.len();
        let mut edges: Vec<Vec<EdgeId>> = vec![Vec::new(); n];
        let mut counts = vec![0u64; n];
        let mut ground: Vec<BTreeMap<MunicipalityId, u64>> = vec![BTreeMap::new(); n];
        for (branch, &job) in self.branches.iter().zip(&self.job_of) {
            edges[job].push(branch.edge);
            counts[job] += branch.premises.len() as u64;
            for (municipality, (cost, _)) in branch.ground.iter().filter(|(_, (cost, _))| *cost > 0) {
                if let Some(municipality) = municipality {
                    *ground[job].entry(municipality).or_default() += cost;
                }
            }
        }
        let mut block = vec![0; n];
        for (number, jobs) in timing.blocks.iter().enumerate() {
            for &job in jobs {
                block[job] = number + 1;
            }
        }
        let built = (0..n).filter(|&job| jobs.built[job]);
        let listed: Vec<usize> = built.chain(order.iter().copied()).collect();
        let mut place = vec![0; n];
        for (at, &job) in listed.iter().enumerate() {
            place[job] = at;
        }
        let row = |&job: &usize| {
            let mut by_cost: Vec<_> = ground[job].iter().collect();
            by_cost.sort_by_key(|(id, cost)| (std::cmp::Reverse(**cost), **id));
            let name = |(id, _): (&MunicipalityId, &u64)| self.input.region.municipality(*id).name.clone();
            Job {
                edges: edges[job].clone(),
                after: jobs.after[job].map(|above| place[above]),
                phase: phases[job],
                cost: Money::from_minor(self.jobs.cost[job]),
                length_mm: jobs.length_mm[job],
                premises: counts[job],
                points: jobs.points[job],
                block: block[job],
                municipalities: by_cost.into_iter().map(name).collect(),
            }
        };
        listed.iter().map(row).collect()
    }

    /// What each branch costs with its part of the lot's mobilisation, which goes by what the lot costs otherwise.
    fn costs(&self) -> Vec<u64> {
        let mut moving: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, branch) in self.branches.iter().enumerate() {
            if !branch.later && branch.cost > 0 {
                moving.entry(self.job_of[at]).or_default().push(at);
            }
        }
        let mut costs: Vec<u64> = self.branches.iter().map(|branch| branch.cost).collect();
        for (job, list) in moving {
            let weights: Vec<u64> = list.iter().map(|&at| self.branches[at].cost).collect();
            for (at, part) in list.into_iter().zip(Money::from_minor(self.mobilisation[job]).split(&weights)) {
                costs[at] += part.as_minor();
            }
        }
        costs
    }

    /// What a scheme pays of the funded work.
    fn support(
        &self,
        scheme: &SupportScheme,
        phases: &[Phase],
        premises: &[PremisesPhase],
    ) -> Result<Support, ProgrammeError> {
        let Input { region, settings, .. } = *self.input;
        let known: BTreeSet<&str> = region.premises.iter().map(|p| p.external_id.as_str()).collect();
        if let Some(at) = scheme.commercial.iter().position(|id| !known.contains(id.as_str())) {
            let id = &scheme.commercial[at];
            let words = "{id} is no premises of the inputs: correct the id, or add what it names";
            let problem = Sentence::with(words, [("id", format!("{id:?}"))]);
            return Err(SettingsFault::new([Step::Key("commercial"), Step::At(at)], problem).within("support").into());
        }
        let years: Vec<u16> = settings.budgets.iter().map(|budget| budget.year).collect();
        let phase: Vec<Phase> = self.job_of.iter().map(|&job| phases[job]).collect();
        let (branches, cost) = (self.branches.as_slice(), self.costs());
        let built = Built { branches, cost: &cost, phase: &phase, premises, years: &years };
        Ok(support(region, scheme, |at| self.input.delivers_mbps(at), &built))
    }

    /// The funded work by year and municipality.
    fn books(&self, phases: &[Phase], premises: &[PremisesPhase]) -> Vec<YearBook> {
        let settings = self.input.settings;
        let mut books = vec![YearBook::default(); settings.budgets.len()];
        let first = settings.budgets[0].year;
        let book_of = |job: usize| match phases[job] {
            Phase::Year(year) => Some(usize::from(year - first)),
            _ => None,
        };
        let costs = self.costs();
        for (at, branch) in self.branches.iter().enumerate().filter(|(_, b)| !b.later) {
            let Some(book) = book_of(self.job_of[at]).map(|year| &mut books[year]) else { continue };
            let cost = costs[at];
            let weights: Vec<u64> = branch.ground.values().map(|g| g.0).collect();
            let on_ground = Money::from_minor(cost).split(&weights);
            for (owner, (_, mm)) in branch.ground.iter() {
                book.ground.entry(owner).or_default().1 += mm;
            }
            for (owner, part) in branch.ground.owners().zip(on_ground) {
                book.ground.entry(owner).or_default().0 += part.as_minor();
                for (user, share) in branch.caused(part.as_minor()) {
                    *book.caused.entry(user).or_default() += share;
                    *book.flows.entry((owner, user)).or_default() += share;
                }
            }
            if let Some(only) = branch.behind.only() {
                *book.alone.entry(only).or_default() += cost;
            }
        }
        for (premises, row) in self.input.region.premises.iter().zip(premises) {
            if let (Phase::Year(year), true) = (row.phase, row.connected) {
                *books[usize::from(year - first)].connected.entry(premises.municipality).or_default() += 1;
            }
        }
        books
    }

    fn ledger(
        &self,
        members: &[Member],
        phases: &[Phase],
        premises: &[PremisesPhase],
        years: &[YearOutcome],
    ) -> Result<Ledger, ProgrammeError> {
        let (region, settings) = (self.input.region, self.input.settings);
        let books = self.books(phases, premises);
        let ids: Vec<Option<MunicipalityId>> = members
            .iter()
            .map(|m| region.municipalities.iter().position(|r| r.code == m.code).map(MunicipalityId::from_usize))
            .collect();
        let count = |id: Option<MunicipalityId>| region.premises.iter().filter(|p| p.municipality == id).count() as u64;
        let counts: Vec<u64> = ids.iter().map(|&id| count(id)).collect();
        let caps: Vec<Option<Money>> = members.iter().map(|m| m.cap.and_then(Money::from_major)).collect();
        let measured = |at: usize, m: usize| {
            let (book, year) = (&books[at], years[at].year);
            Measured {
                year,
                member: m,
                shares: members[m].in_year(year),
                inhabitants: members[m].inhabitants_in(year).map(|(_, count)| count),
                premises: counts[m],
                connected: book.connected.get(&ids[m]).copied().unwrap_or(0),
                built_mm: book.ground.get(&ids[m]).map_or(0, |g| g.1),
                caused: Money::from_minor(book.caused.get(&ids[m]).copied().unwrap_or(0)),
            }
        };
        // Shares of one year by one key; of a member that leaves, its own cost goes too.
        let share = |key: &breiband_model::SharingKey, at: usize, what_if: WhatIf<'_>, less: u64| {
            let year = years[at].year;
            let in_year: Vec<usize> = (0..members.len()).filter(|&m| what_if.is_there(&members[m], year)).collect();
            if in_year.is_empty() && what_if == WhatIf::Agreed {
                return Err(ProgrammeError::Unknown(nobody(settings, year)));
            }
            let mut bases = Vec::new();
            for &m in &in_year {
                let own = measured(at, m);
                if own.inhabitants.is_none() && key.goes_by(Measure::Inhabitants) {
                    return Err(ProgrammeError::Unknown(no_inhabitants(settings, m, &members[m].name, key, year)));
                }
                bases.push(Basis {
                    inhabitants: own.inhabitants.unwrap_or(0),
                    premises: own.premises,
                    connected: own.connected,
                    built_mm: own.built_mm,
                    caused: own.caused.as_minor(),
                });
            }
            let amount = years[at].work.as_minor() + years[at].fixed.as_minor() - less;
            let in_caps: Vec<Option<Money>> = in_year.iter().map(|&m| caps[m]).collect();
            let split = split_capped(Money::from_minor(amount), key, &bases, &in_caps);
            let mut row = vec![Money::ZERO; members.len()];
            for (&m, part) in in_year.iter().zip(split.shares) {
                row[m] = part;
            }
            Ok((row, split.unpaid))
        };
        let all = (0..years.len()).flat_map(|at| (0..members.len()).map(move |m| (at, m)));
        let all_measured = all.map(|(at, m)| measured(at, m)).collect();
        let ground = |at: usize, m: usize| books[at].ground.get(&ids[m]).map_or(0, |g| g.0);
        let mut keys = Vec::new();
        for key in &settings.keys {
            let rows: Result<Vec<_>, _> = (0..years.len()).map(|at| share(key, at, WhatIf::Agreed, 0)).collect();
            let (shares, unpaid): (Vec<Vec<Money>>, Vec<Money>) = rows?.into_iter().unzip();
            // Whoever is no member in a year settles nothing with the fund, which then pays the work on its ground.
            let net = shares.iter().enumerate().map(|(at, row)| {
                let own = |m: usize| if members[m].in_year(years[at].year) { ground(at, m) } else { 0 };
                row.iter().enumerate().map(|(m, share)| share.as_minor() as i64 - own(m) as i64).collect()
            });
            keys.push(KeyOutcome { name: key.name.clone(), net: net.collect(), shares, unpaid });
        }
        let (mut leaving, mut joining) = (Vec::new(), Vec::new());
        if let Some(key) = settings.keys.first() {
            // What each member pays more, in all years together, if these were the shares.
            let change = |rows: &[(Vec<Money>, Money)]| -> Vec<i64> {
                let of = |m: usize| {
                    let pairs = rows.iter().zip(&keys[0].shares);
                    pairs.map(|((then, _), now)| then[m].as_minor() as i64 - now[m].as_minor() as i64).sum()
                };
                (0..members.len()).map(of).collect()
            };
            for (m, id) in ids.iter().enumerate() {
                let less: Vec<u64> = books.iter().map(|book| book.alone.get(id).copied().unwrap_or(0)).collect();
                let what_if = WhatIf::Leaves(&members[m].code);
                let rows: Result<Vec<_>, _> = (0..years.len()).map(|at| share(key, at, what_if, less[at])).collect();
                let mut change = change(&rows?);
                change[m] = 0;
                leaving.push(Leaving { member: m, avoided: Money::from_minor(less.iter().sum()), change });
            }
            for m in (0..members.len()).filter(|&m| !years.iter().all(|y| members[m].in_year(y.year))) {
                let what_if = WhatIf::Joins(&members[m].code);
                let rows: Result<Vec<_>, _> = (0..years.len()).map(|at| share(key, at, what_if, 0)).collect();
                // Without a figure that the key asks for, nobody knows.
                let Ok(rows) = rows else { continue };
                let pays = rows.iter().map(|(row, _)| row[m]).sum();
                joining.push(Joining { member: m, pays, change: change(&rows) });
            }
        }
        let sum = |of: &dyn Fn(&YearBook) -> u64| Money::from_minor(books.iter().map(of).sum());
        let flow = |keep: &dyn Fn(Option<MunicipalityId>, Option<MunicipalityId>) -> bool| {
            sum(&|book| book.flows.iter().filter(|((g, u), _)| keep(*g, *u)).map(|(_, c)| c).sum())
        };
        let figures = members.iter().zip(&ids).enumerate().map(|(m, (member, &id))| MemberFigures {
            code: member.code.clone(),
            name: member.name.clone(),
            inhabitants: {
                let figure = |y: &YearOutcome| {
                    let (date, count) = member.inhabitants_in(y.year)?;
                    Some((y.year, date.to_owned(), count))
                };
                let mut figures: Vec<(u16, String, u64)> = years.iter().filter_map(figure).collect();
                figures.dedup_by(|later, earlier| later.1 == earlier.1);
                figures
            },
            premises: counts[m],
            connected: sum(&|book| book.connected.get(&id).copied().unwrap_or(0)).as_minor(),
            ground: flow(&|g, _| g == id),
            caused: flow(&|_, u| u == id),
            for_others: flow(&|g, u| g == id && u != id),
            by_others: flow(&|g, u| g != id && u == id),
        });
        let code = |id: Option<MunicipalityId>| id.map_or_else(String::new, |id| region.municipality(id).code.clone());
        let flows = years.iter().zip(&books).flat_map(|(y, book)| {
            let row = |(&(ground, user), &cost): (&(_, _), &u64)| Flow {
                year: y.year,
                ground: code(ground),
                user: code(user),
                cost: Money::from_minor(cost),
            };
            book.flows.iter().map(row).collect::<Vec<_>>()
        });
        let flows = flows.filter(|flow| flow.cost > Money::ZERO).collect();
        let member = |id: Option<MunicipalityId>| id.is_some() && ids.contains(&id);
        Ok(Ledger {
            members: figures.collect(),
            outside: (flow(&|g, _| !member(g)), flow(&|_, u| !member(u))),
            flows,
            measured: all_measured,
            keys,
            leaving,
            joining,
        })
    }
}

/// What each premises of the region counts in the order of building, orders left out.
pub fn points(region: &Region, settings: &ProgrammeSettings) -> Vec<u64> {
    let w = settings.weights;
    let sites: BTreeSet<PremisesId> = region.sites.iter().filter_map(|site| site.premises).collect();
    let of = |(at, p): (usize, &breiband_model::Premises)| {
        let slow = p.service.as_ref().is_none_or(|service| service.down_mbps < w.below_mbps);
        let household = u64::from(w.household) + if slow { u64::from(w.household_below) } else { 0 };
        u64::from(w.premises)
            + household * u64::from(p.households)
            + u64::from(w.site) * u64::from(sites.contains(&PremisesId::from_usize(at)))
            + u64::from(w.signed_up) * u64::from(p.signed_up == Some(true))
    };
    region.premises.iter().enumerate().map(of).collect()
}

/// Points that `money` reaches at most, the last block taken in part, rounded up.
fn most_points(blocks: &[Vec<usize>], jobs: &Jobs, money: u64) -> u64 {
    let (mut left, mut points) = (u128::from(money), 0u128);
    for block in blocks {
        let cost: u128 = block.iter().map(|&j| u128::from(jobs.cost[j])).sum();
        let own: u128 = block.iter().map(|&j| u128::from(jobs.points[j])).sum();
        if cost > left {
            points += (own * left).div_ceil(cost);
            break;
        }
        left -= cost;
        points += own;
    }
    points as u64
}
