//! Building together for the page: support, the business case and public sites of a programme; and the game of groups, played
//! one group a slice, beside everything else.

use std::collections::BTreeMap;

use breiband::spatial::Projection;
use breiband::{
    Context, CostBook, EdgeId, FirstYear, FirstYearSearch, Funding, Game, GameTable, LinkLoad, Phase, Plan, Planned,
    Policy, Programme, Region, Scenario, Services, Silent, Verdict,
};
use breiband_wire::{
    BusinessView, FirstYearView, FundingView, GameView, HostView, PlayerView, SharingView, SiteView, SitesView,
    SupportView, TogetherView, Value,
};

use crate::facts::word;
use crate::few;
use crate::refusal;
use crate::years::number;

/// Areas, sways, hosts and links that are sent at most.
const AREAS: usize = 40;
const SWAYS: usize = 8;
const HOSTS: usize = 8;
const LINKS: usize = 12;

/// What a programme was made from.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'a> {
    pub(crate) region: &'a Region,
    pub(crate) scenario: &'a Scenario,
    pub(crate) book: &'a CostBook,
    pub(crate) plan: &'a Plan,
}

/// The demand policy that a scenario names, or the shipped one, with its own changes.
///
/// # Errors
/// Why there is none.
pub(crate) fn policy<'f>(scenario: &Scenario, file: impl Fn(&str) -> Option<&'f [u8]>) -> Result<Policy, Value> {
    let own = policy_file(scenario, file)?;
    match &scenario.programme {
        Some(settings) => own.changed(&settings.policy_changes).map_err(|error| refusal::policy(&error)),
        None => Ok(own),
    }
}

/// The policy without the scenario's own changes.
///
/// # Errors
/// As [`policy`].
pub(crate) fn policy_file<'f>(scenario: &Scenario, file: impl Fn(&str) -> Option<&'f [u8]>) -> Result<Policy, Value> {
    match scenario.programme.as_ref().map_or("", |settings| settings.policy.as_str()) {
        "" => Ok(Policy::example()),
        path => {
            let bytes = file(path).ok_or_else(|| refusal::not_open(path))?;
            Policy::parse(&String::from_utf8_lossy(bytes))
                .map_err(|error| refusal::in_file(path, refusal::policy(&error)))
        }
    }
}

/// Works out public sites, loads and hosts, by the policy that the scenario names.
///
/// # Errors
/// Why there are none.
pub(crate) fn services<'f>(
    made: &Sources<'_>,
    programme: &mut Programme,
    file: impl Fn(&str) -> Option<&'f [u8]>,
) -> Result<(), Value> {
    let policy = policy(made.scenario, file)?;
    let Sources { region, scenario, book, plan } = *made;
    let found = breiband::services(region, scenario, book, plan, programme, &policy);
    programme.services = Some(found.map_err(|error| refusal::programme(&error, book))?);
    Ok(())
}

/// What the page is shown of it.
pub(crate) fn view(made: &Sources<'_>, programme: &Programme, problem: Value) -> TogetherView {
    TogetherView {
        currency: made.plan.summary.currency.clone(),
        support: support(programme),
        business: business(made, programme),
        sites: sites(made, programme),
        members: programme.members.len() as u32,
        groups: breiband::game_groups(made.scenario, programme.members.len()) as u64,
        problem,
    }
}

fn funding(name: &str, of: &Funding) -> FundingView {
    let [cost, support, own, gap] = [of.cost, of.support, of.own, of.gap].map(|amount| amount.as_major());
    FundingView { name: name.to_owned(), eligible: of.eligible, reached: of.reached, cost, support, own, gap }
}

fn support(programme: &Programme) -> Option<SupportView> {
    let support = programme.support.as_ref()?;
    let mut areas: Vec<&breiband::SupportArea> = support.areas.iter().collect();
    areas.sort_by_key(|area| std::cmp::Reverse(area.funding.cost));
    let whole = areas.iter().filter(|area| area.whole).count() as u64;
    Some(SupportView {
        scheme: support.scheme.clone(),
        total: funding("", &support.total),
        unsupported: support.unsupported.as_major(),
        capped: support.capped.as_major(),
        counts: support.counts.iter().map(|(one, count)| (one.name().to_owned(), *count)).collect(),
        municipalities: support.municipalities.iter().map(|m| funding(&m.name, &m.funding)).collect(),
        whole: [whole, areas.len() as u64],
        areas: areas.into_iter().take(AREAS).map(|area| funding(&area.name, &area.funding)).collect(),
    })
}

fn business(made: &Sources<'_>, programme: &Programme) -> Option<BusinessView> {
    let case = programme.business.as_ref()?;
    let settings = made.scenario.programme.as_ref()?.business.as_ref()?;
    Some(BusinessView {
        source: settings.source.clone(),
        npv: case.npv,
        rate: settings.discount_per_cent,
        last: case.years.last().map_or(0, |year| year.year),
        payback: case.payback,
        subsidy: [case.subsidy, case.subsidy_per_home],
        range: case.npv_range,
        pays: case.pays,
        cumulative: case.years.iter().map(|year| (year.year, year.cumulative)).collect(),
        sways: case.sways.iter().take(SWAYS).map(|sway| (sway.of.clone(), sway.at_p10, sway.at_p90)).collect(),
    })
}

fn sites(made: &Sources<'_>, programme: &Programme) -> Option<SitesView> {
    let services = programme.services.as_ref()?;
    let projection = Projection::new(made.region.plane);
    let places: BTreeMap<&str, breiband::Point> =
        few::map(made.region.sites.iter().map(|site| (site.external_id.as_str(), site.point)));
    let site = |one: &breiband::SiteService| SiteView {
        name: if one.name.is_empty() { one.id.clone() } else { one.name.clone() },
        kind: word(&one.kind),
        municipality: one.municipality.clone(),
        mbps: (one.needs_mbps, one.today_mbps),
        ready: number(one.ready),
        feide: one.feide.map(number),
        place: places.get(one.id.as_str()).map_or([0.0; 2], |&point| projection.to_lon_lat(point).into()),
    };
    let host = |one: &breiband::Host| HostView {
        name: one.name.clone(),
        backbone: one.backbone.as_major(),
        second: one.second_path.map(|cost| cost.as_major()),
        way: one.mean_metres,
        cut: one.cut,
    };
    let mut links: Vec<&LinkLoad> = services.links.iter().filter(|link| link.fills.is_some()).collect();
    links.sort_by(|a, b| a.fills.cmp(&b.fills).then_with(|| b.load_mbps[0].total_cmp(&a.load_mbps[0])));
    let link = |one: &LinkLoad| {
        let equipment = one.equipment.clone().unwrap_or_default();
        (one.name.clone(), one.handover, one.load_mbps[0], equipment, one.fills.unwrap_or(0))
    };
    Some(SitesView {
        policy: services.policy.clone(),
        sites: services.sites.iter().map(site).collect(),
        hosts: services.hosts.iter().take(HOSTS).map(host).collect(),
        equipment: services.equipment.clone(),
        links: links.into_iter().take(LINKS).map(link).collect(),
    })
}

/// When each of the region's sites is ready, as the map's number; by its place in the region's table. Without a programme nobody
/// asks; where it is not known (yet), it is not ready.
pub(crate) fn readiness(region: &Region, programme: Option<&Programme>) -> Vec<u16> {
    let services = programme.and_then(|programme| programme.services.as_ref());
    let known: BTreeMap<&str, Phase> =
        few::map(services.iter().flat_map(|services| services.sites.iter().map(|site| (site.id.as_str(), site.ready))));
    let unknown = number(if programme.is_some() { Phase::NotPlanned } else { Phase::Built });
    let of = |site: &breiband::PublicSite| known.get(site.external_id.as_str()).map_or(unknown, |&phase| number(phase));
    region.sites.iter().map(of).collect()
}

/// The class of a stretch's load in the busy hour: the place of the equipment that it needs in the policy's list, from 1.
pub(crate) fn load_class(services: Option<&Services>, edge: EdgeId) -> &'static str {
    let Some(services) = services else { return "none" };
    let load = services.stretches.get(&edge).and_then(|load| load.equipment.as_deref());
    let at = load.and_then(|name| services.equipment.iter().position(|one| one == name));
    ["1", "2", "3", "4", "5"][at.unwrap_or(4).min(4)]
}

/// What came of a game, and what it was the game of.
pub(crate) struct Played {
    pub(crate) key: String,
    game: Game,
    first_year: FirstYear,
}

impl Played {
    /// Makes it part of a programme.
    pub(crate) fn attach(&self, programme: &mut Programme) {
        programme.game = Some(self.game.clone());
        programme.first_year = Some(self.first_year);
    }
}

/// A game under way.
pub(crate) struct Playing {
    key: String,
    first: Option<FirstYear>,
    search: Option<FirstYearSearch>,
    table: Option<GameTable>,
    planned: Vec<Planned>,
}

impl Playing {
    pub(crate) fn new(key: String) -> Self {
        Self { key, first: None, search: None, table: None, planned: Vec::new() }
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Groups planned, and all; 0 of 0 while that is not known yet.
    pub(crate) fn progress(&self) -> (u32, u32) {
        let all = self.table.as_ref().map_or(0, |table| table.groups().len());
        (self.planned.len() as u32, all as u32)
    }

    /// Does one slice; what came of the game after the last.
    ///
    /// # Errors
    /// In the core's own words.
    pub(crate) fn advance(&mut self, made: &Sources<'_>, programme: &Programme) -> Result<Option<Played>, String> {
        let Sources { region, scenario, book, plan } = *made;
        let Some(first_year) = self.first else {
            let search = match &mut self.search {
                Some(search) => search,
                none => none.insert(
                    FirstYearSearch::new(region, scenario, plan, programme).map_err(|error| error.to_string())?,
                ),
            };
            let mut silent = Silent;
            if !search.advance(&mut Context::new(&mut silent)).map_err(|error| error.to_string())?
                && let Some(search) = self.search.take()
            {
                self.first = Some(search.finish().map_err(|error| error.to_string())?);
            }
            return Ok(None);
        };
        let Some(table) = &self.table else {
            let table = GameTable::new(region, scenario, book, plan).map_err(|error| error.to_string())?;
            self.table = Some(table);
            return Ok(None);
        };
        if self.planned.len() < table.groups().len() {
            self.planned.push(table.plan(self.planned.len()).map_err(|error| error.to_string())?);
            return Ok(None);
        }
        Ok(Some(Played { key: self.key.clone(), game: table.settle(&self.planned), first_year }))
    }
}

/// What the page is shown of a game.
pub(crate) fn game_view(programme: &Programme) -> Option<GameView> {
    let game = programme.game.as_ref()?;
    let major = |minor: i64| minor as f64 / 100.0;
    let cost = |group: u32| game.group(group).and_then(|group| group.cost);
    let player = |(m, (_, name)): (usize, &(String, String))| PlayerView {
        name: name.clone(),
        alone: cost(1 << m).map(|(least, most)| [least, most].map(|minor| major(minor as i64))),
        shapley: game.shapley.get(m).map(|value| [value.least, value.most].map(major)),
    };
    let sharing = |one: &breiband::Allocation| SharingView {
        name: one.name.clone(),
        verdict: match one.verdict {
            Verdict::Holds => "holds",
            Verdict::Fails => "fails",
            Verdict::Undecided => "undecided",
        }
        .to_owned(),
        shares: one.shares.iter().map(|&share| major(share)).collect(),
        wronged: one
            .wronged
            .first()
            .map(|&(group, more)| (game.names(group).map(str::to_owned).collect(), major(more as i64))),
        undecided: one.undecided,
    };
    let first_year = programme.first_year.map(|first| FirstYearView {
        year: first.year,
        money: first.money.as_major(),
        points: [first.reached, first.found, first.most],
    });
    Some(GameView {
        groups: (game.groups.len() as u64, game.all),
        joint: cost(game.everybody()).map_or(0.0, |(_, most)| major(most as i64)),
        saving: game.saving.map(|(least, most)| [least, most].map(major)),
        players: game.members.iter().enumerate().map(player).collect(),
        sharings: game.allocations.iter().map(sharing).collect(),
        first_year,
    })
}
