//! Public sites and capacity: which site is ready when, what each link carries in the busy hour, and the year that it is full.

use std::collections::BTreeMap;

use breiband_model::{
    BusyHour, EdgeId, LinkLoad, Phase, Policy, Programme, PublicSite, Services, SiteKind, SiteService, Step, VertexKind,
};

use crate::build::{Input, ProgrammeError, unknown_target};
use crate::host::hosts;
use crate::tree::{self, Stretch};
use crate::units::tenths;

/// Sites, links and hosts of a programme, by `policy`. O(n) in the plan's stretches, and a shortest-path search for each host.
///
/// # Errors
/// Heads of a site that is not there.
pub fn services(input: &Input<'_>, programme: &Programme, policy: &Policy) -> Result<Services, ProgrammeError> {
    let Input { region, network, route, settings, .. } = *input;
    for id in settings.heads.keys() {
        if !region.sites.iter().any(|site| site.external_id == *id) {
            return Err(unknown_target([Step::Key("heads")], id));
        }
    }
    let first = programme.years.first().map_or(0, |y| y.year);
    let tree = tree::stretches(network, route);
    let behind = behind(input, policy, &tree);
    Ok(Services {
        policy: [policy.name.clone(), policy.date.clone(), policy.source.clone()],
        years: [first, first + policy.horizon],
        sites: sites(input, programme, policy),
        links: links(input, programme, policy, &tree, &behind, first),
        hosts: hosts(input, policy),
        equipment: policy.equipment.iter().map(|one| one.name.clone()).collect(),
        stretches: stretches(policy, &tree, &behind, first),
    })
}

/// The load of every stretch of a plan, by its edge; `first` is the first year. O(n) in the plan's stretches.
pub fn loads(input: &Input<'_>, policy: &Policy, first: u16) -> BTreeMap<EdgeId, LinkLoad> {
    let tree = tree::stretches(input.network, input.route);
    stretches(policy, &tree, &behind(input, policy, &tree), first)
}

fn stretches(policy: &Policy, tree: &[Stretch], behind: &[BusyHour], first: u16) -> BTreeMap<EdgeId, LinkLoad> {
    let own = tree.iter().zip(behind);
    own.map(|(branch, &behind)| (branch.edge, load(policy, first, String::new(), false, behind))).collect()
}

fn sites(input: &Input<'_>, programme: &Programme, policy: &Policy) -> Vec<SiteService> {
    let region = input.region;
    let phase = |site: &PublicSite| site.premises.map_or(Phase::NotPlanned, |id| programme.premises[id.index()].phase);
    let today = |site: &PublicSite| {
        let service = site.premises.and_then(|id| region.premises_of(id).service.as_ref());
        service.map(|service| service.down_mbps)
    };
    // A way to the server room leads over any service that is there today, or over what is built.
    let way = |site: &PublicSite| if today(site).is_some_and(|mbps| mbps > 0.0) { Phase::Built } else { phase(site) };
    let room = region.sites.iter().filter(|site| site.kind == SiteKind::ServerRoom).map(way).min();
    let known = region.sites.iter().filter_map(|site| Some((site, policy.site(site.kind)?)));
    known
        .map(|(site, demand)| {
            let enough = today(site).is_some_and(|mbps| mbps >= demand.needs_mbps);
            let given = site.premises.map_or(input.settings.delivers_mbps, |id| input.delivers_mbps(id.index()));
            let delivers = given >= demand.needs_mbps;
            let municipality = site.premises.and_then(|id| region.premises_of(id).municipality);
            let heads = policy.heads(site, &input.settings.heads);
            SiteService {
                id: site.external_id.clone(),
                name: site.name.clone(),
                kind: site.kind,
                municipality: municipality.map_or_else(String::new, |id| region.municipality(id).name.clone()),
                heads,
                busy_mbps: policy.site_busy(site.kind, heads.0).busy_mbps,
                needs_mbps: demand.needs_mbps,
                today_mbps: today(site),
                ready: match (enough, delivers) {
                    (true, _) => Phase::Built,
                    (false, true) => phase(site),
                    (false, false) => Phase::NotPlanned,
                },
                feide: room.filter(|_| demand.feide).map(|room| room.max(way(site))),
            }
        })
        .collect()
}

/// What is behind each branch.
fn behind(input: &Input<'_>, policy: &Policy, tree: &[Stretch]) -> Vec<BusyHour> {
    let hours = policy.busy_hours(input.region, &input.settings.heads);
    let mut behind = vec![BusyHour::default(); tree.len()];
    for at in (0..tree.len()).rev() {
        tree[at].premises.iter().for_each(|id| behind[at].add(hours[id.index()]));
        if let Some(after) = tree[at].after {
            let own = behind[at];
            behind[after].add(own);
        }
    }
    behind
}

fn links(
    input: &Input<'_>,
    programme: &Programme,
    policy: &Policy,
    tree: &[Stretch],
    behind: &[BusyHour],
    first: u16,
) -> Vec<LinkLoad> {
    let network = input.network;
    let mut lot_of = vec![usize::MAX; network.edges.len()];
    for (number, job) in programme.jobs.iter().enumerate() {
        job.edges.iter().for_each(|edge| lot_of[edge.index()] = number);
    }
    let lot = |stretch: &Stretch| lot_of[stretch.edge.index()];
    let mut handovers = Vec::new();
    let mut lots = Vec::new();
    for (at, branch) in tree.iter().enumerate() {
        let edge = &network.edges[branch.edge.index()];
        let handover = [edge.tail, edge.head].into_iter().find_map(|v| match network.vertices[v.index()].kind {
            VertexKind::Handover(id) if branch.after.is_none() => network.handovers.get(id.index()),
            _ => None,
        });
        if let Some(handover) = handover {
            handovers.push(load(policy, first, handover.name.clone(), true, behind[at]));
        }
        let begins = branch.after.is_none_or(|after| lot(&tree[after]) != lot(branch));
        if programme.lots && begins && programme.jobs.get(lot(branch)).is_some_and(|job| job.cost.as_minor() > 0) {
            lots.push((lot(branch), load(policy, first, (lot(branch) + 1).to_string(), false, behind[at])));
        }
    }
    lots.sort_by_key(|(number, _)| *number);
    handovers.into_iter().chain(lots.into_iter().map(|(_, load)| load)).collect()
}

/// A link's load by year: the average of all that are behind it, grown, and one user at full speed besides.
fn load(policy: &Policy, first: u16, name: String, handover: bool, behind: BusyHour) -> LinkLoad {
    let growth = 1.0 + policy.homes.growth_per_cent / 100.0;
    let mut by_year = vec![behind.busy_mbps];
    for year in 0..usize::from(policy.horizon) {
        by_year.push(by_year[year] * growth);
    }
    let total = |busy_mbps: f64| BusyHour { busy_mbps, ..behind }.load_mbps();
    let carries = |mbps: f64, year: usize| total(by_year[year]) <= mbps * policy.fill_per_cent / 100.0 + 1e-9;
    let last = usize::from(policy.horizon);
    let smallest = |year: usize| policy.equipment.iter().find(|one| carries(one.mbps, year));
    let chosen = smallest(0);
    let full = chosen.and_then(|one| (0..=last).find(|&year| !carries(one.mbps, year)));
    LinkLoad {
        name,
        handover,
        homes: behind.homes,
        sites: behind.sites,
        load_mbps: [total(by_year[0]), total(by_year[last])].map(tenths),
        equipment: chosen.map(|one| one.name.clone()),
        fills: full.map(|year| first + year as u16),
        lasting: smallest(last).map(|one| one.name.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_fills_in_the_year_that_hand_reckoning_says() {
        let mut policy = Policy::example();
        policy.fill_per_cent = 50.0;
        policy.horizon = 10;
        policy.homes.growth_per_cent = 100.0;
        let behind = BusyHour { homes: 100, sites: 1, busy_mbps: 300.0, peak_mbps: 1_000.0 };
        // 1,300 in the first year; half of 10G is 5,000: 300 × 2ⁿ + 1,000 is above it from n = 4 on (5,800).
        let found = load(&policy, 2027, "x".into(), true, behind);
        assert_eq!((found.equipment.as_deref(), found.fills), (Some("10G"), Some(2031)));
        assert_eq!(found.load_mbps, [1_300.0, 308_200.0]);
        assert_eq!(found.lasting, None, "more than half of 100G");
        let nobody = load(&policy, 2027, "y".into(), false, BusyHour::default());
        assert_eq!((nobody.load_mbps, nobody.fills, nobody.lasting.as_deref()), ([0.0; 2], None, Some("1G")));
    }
}
