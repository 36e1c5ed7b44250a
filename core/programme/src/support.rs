//! A support scheme held against a programme: who is eligible, which areas there are, and who pays what of them.
//!
//! What reaching an eligible address costs is shared along the tree as causer-pays does, so that all areas and all addresses
//! that are not eligible together cost exactly what is built.

use std::collections::{BTreeMap, BTreeSet};

use breiband_model::{
    Eligibility, Funding, Money, MunicipalityId, Phase, Point, PremisesPhase, Region, Support, SupportArea,
    SupportAreas, SupportMunicipality, SupportScheme,
};
use breiband_spatial::{PointIndex, PolygonIndex};

use crate::tree::Branch;

/// The areas of a scheme, and what it makes of each premises of the region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Areas {
    /// Names.
    pub names: Vec<String>,
    /// One a premises: whether it is eligible, and the area it lies in.
    pub premises: Vec<(Eligibility, Option<u32>)>,
}

/// Applies the scheme's rules to every premises. `delivers` is what is built for a premises gives, Mbit/s down. O(n log n).
pub fn areas(region: &Region, scheme: &SupportScheme, delivers: impl Fn(usize) -> f64) -> Areas {
    let commercial: BTreeSet<&str> = scheme.commercial.iter().map(String::as_str).collect();
    let index = |commercial: bool| {
        let list: Vec<_> = region.support_areas.iter().filter(|a| a.commercial == commercial).collect();
        (PolygonIndex::build(list.iter().map(|a| &a.polygon)), list)
    };
    let taken = index(true).0;
    let own = |(at, p): (usize, &breiband_model::Premises)| {
        let service = p.service.as_ref();
        let upgradable =
            service.is_some_and(|s| scheme.upgradable.iter().any(|name| name.eq_ignore_ascii_case(&s.technology)));
        match service {
            _ if scheme.not_kinds.contains(&p.kind) => Eligibility::Kind,
            Some(service) if service.down_mbps >= scheme.below_mbps => Eligibility::Served,
            _ if upgradable => Eligibility::Upgradable,
            _ if commercial.contains(p.external_id.as_str()) || taken.containing(p.point).is_some() => {
                Eligibility::Commercial
            }
            _ if delivers(at) < scheme.delivers_mbps => Eligibility::TooSlow,
            _ => Eligibility::Eligible,
        }
    };
    let mut premises: Vec<(Eligibility, Option<u32>)> =
        region.premises.iter().enumerate().map(|one| (own(one), None)).collect();
    let names = match scheme.areas {
        SupportAreas::Municipalities => {
            for (row, p) in premises.iter_mut().zip(&region.premises) {
                row.1 = p.municipality.map(|m| m.as_u32());
            }
            region.municipalities.iter().map(|m| m.name.clone()).collect()
        }
        SupportAreas::Drawn => {
            let (polygons, list) = index(false);
            let mut names: Vec<String> = list.iter().map(|a| a.external_id.clone()).collect();
            names.sort_unstable();
            names.dedup();
            let number = |at: u32| names.partition_point(|name| *name < list[at as usize].external_id) as u32;
            for (row, p) in premises.iter_mut().zip(&region.premises) {
                row.1 = polygons.containing(p.point).map(number);
            }
            names
        }
        SupportAreas::Clusters => clusters(region, scheme, &mut premises),
    };
    for (eligibility, area) in &mut premises {
        if *eligibility == Eligibility::Eligible && area.is_none() {
            *eligibility = Eligibility::NoArea;
        }
    }
    Areas { names, premises }
}

/// Eligible addresses that hang together by steps of the scheme's length (single linkage), the first premises' first.
fn clusters(region: &Region, scheme: &SupportScheme, premises: &mut [(Eligibility, Option<u32>)]) -> Vec<String> {
    let eligible: Vec<usize> = (0..premises.len()).filter(|&i| premises[i].0 == Eligibility::Eligible).collect();
    let points: Vec<Point> = eligible.iter().map(|&i| region.premises[i].point).collect();
    let index = PointIndex::build(&points);
    let reach = (scheme.cluster_metres * 1000.0) as u32;
    let mut number = vec![u32::MAX; points.len()];
    let mut names: Vec<String> = Vec::new();
    let mut in_place: BTreeMap<String, u32> = BTreeMap::new();
    for first in 0..points.len() {
        if number[first] != u32::MAX {
            continue;
        }
        let own = names.len() as u32;
        number[first] = own;
        let mut members = vec![first];
        let mut at = 0;
        while let Some(&member) = members.get(at) {
            for near in index.within(points[member], reach) {
                let other = near.point as usize;
                if number[other] == u32::MAX {
                    number[other] = own;
                    members.push(other);
                }
            }
            at += 1;
        }
        if (members.len() as u64) < scheme.cluster_least {
            // No area, and never looked at again.
            members.iter().for_each(|&member| number[member] = u32::MAX - 1);
            continue;
        }
        let place = region.premises[eligible[first]].municipality;
        let place = place.map_or_else(|| "–".to_owned(), |m| region.municipality(m).name.clone());
        let count = in_place.entry(place.clone()).or_default();
        *count += 1;
        names.push(format!("{place} {count}"));
    }
    for (&i, &number) in eligible.iter().zip(&number) {
        premises[i].1 = (number < u32::MAX - 1).then_some(number);
    }
    names
}

/// A key that a stretch's cost is shared by: the area of the eligible ones behind it, and the municipality.
type Behind = (Option<u32>, Option<MunicipalityId>);

/// What is built: for each branch its cost with mobilisation, and when; branches that wait for a signature cost nothing.
#[derive(Clone, Copy)]
pub(crate) struct Built<'a> {
    pub(crate) branches: &'a [Branch],
    pub(crate) cost: &'a [u64],
    pub(crate) phase: &'a [Phase],
    pub(crate) premises: &'a [PremisesPhase],
    pub(crate) years: &'a [u16],
}

/// The scheme's outcome. O(n log n) in the plan's stretches times the areas behind one.
pub(crate) fn support(
    region: &Region,
    scheme: &SupportScheme,
    delivers: impl Fn(usize) -> f64,
    built: &Built<'_>,
) -> Support {
    let Built { premises, years, .. } = *built;
    let areas = areas(region, scheme, delivers);
    let book = book(region, &areas, built);
    let last = years.last().copied();
    let mut out = Support {
        scheme: [scheme.name.clone(), scheme.all_sources()],
        whole: scheme.whole,
        counts: BTreeMap::new(),
        assumed: 0,
        areas: Vec::new(),
        municipalities: Vec::new(),
        total: Funding::default(),
        unsupported: Money::ZERO,
        capped: Money::ZERO,
        premises: areas.premises,
    };
    // Eligible addresses and those reached, by area and municipality.
    let mut heads: BTreeMap<(u32, Option<MunicipalityId>), (u64, u64)> = BTreeMap::new();
    for ((&(eligibility, area), p), row) in out.premises.iter().zip(&region.premises).zip(premises) {
        *out.counts.entry(eligibility).or_default() += 1;
        if let (Eligibility::Eligible, Some(area)) = (eligibility, area) {
            out.assumed += u64::from(p.service.is_none());
            let head = heads.entry((area, p.municipality)).or_default();
            head.0 += 1;
            head.1 += u64::from(row.phase.by(last));
        }
    }
    // What each area may have at most, by year.
    let (most, own) = scheme.parts();
    let part = |amount: u64, thousandths: u64| u128::from(amount) * u128::from(thousandths);
    let each = scheme.most_per_premises.and_then(Money::from_major);
    let mut funded: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
    for (&(area, _), &(eligible, reached)) in &heads {
        let sums = funded.entry(area).or_default();
        *sums = (sums.0 + eligible, sums.1 + reached);
    }
    let mut rows: Vec<(u32, Vec<u64>, Vec<u64>)> = Vec::new();
    for (&area, &(eligible, reached)) in &funded {
        let cost: Vec<u64> = (0..years.len()).map(|y| book.of_area(y, area)).collect();
        let all: u64 = cost.iter().sum();
        let share = (part(all, most) / 100_000) as u64;
        let left = all - (part(all, own).div_ceil(100_000) as u64).min(all);
        let heads = each.map_or(u64::MAX, |each| each.as_minor().saturating_mul(reached));
        let takes = if scheme.whole && reached < eligible { 0 } else { share.min(left).min(heads) };
        let support = Money::from_minor(takes).split(&cost).into_iter().map(Money::as_minor).collect();
        rows.push((area, cost, support));
    }
    if let Some(cap) = scheme.yearly_cap.and_then(Money::from_major) {
        for year in 0..years.len() {
            let asked: Vec<u64> = rows.iter().map(|row| row.2[year]).collect();
            let sum = asked.iter().copied().map(Money::from_minor).sum::<Money>();
            if sum > cap {
                out.capped = out.capped.saturating_add(Money::from_minor(sum.as_minor() - cap.as_minor()));
                for (row, part) in rows.iter_mut().zip(cap.split(&asked)) {
                    row.2[year] = part.as_minor();
                }
            }
        }
    }
    let mut of: BTreeMap<Option<MunicipalityId>, (Funding, Money)> = BTreeMap::new();
    for (area, cost, support) in rows {
        let (eligible, reached) = funded[&area];
        let (all, paid) = (cost.iter().sum::<u64>(), support.iter().sum::<u64>());
        let own = (part(all, own).div_ceil(100_000) as u64).min(all - paid);
        let places: Vec<_> = heads.range((area, None)..).take_while(|(key, _)| key.0 == area).collect();
        let costs: Vec<u64> = places.iter().map(|((_, m), _)| book.of(area, *m)).collect();
        // A municipality's parts: no support and no own share above what is built for it.
        let supports = Money::from_minor(paid).split(&costs);
        let rest: Vec<u64> = costs.iter().zip(&supports).map(|(cost, s)| cost - s.as_minor()).collect();
        let owns = Money::from_minor(own).split(&rest);
        for (at, ((_, municipality), (eligible, reached))) in places.iter().enumerate() {
            let entry = of.entry(*municipality).or_default();
            entry.0 = entry.0.plus(Funding {
                eligible: *eligible,
                reached: *reached,
                cost: Money::from_minor(costs[at]),
                support: supports[at],
                own: owns[at],
                gap: Money::from_minor(rest[at] - owns[at].as_minor()),
            });
        }
        let funding = Funding {
            eligible,
            reached,
            cost: Money::from_minor(all),
            support: Money::from_minor(paid),
            own: Money::from_minor(own),
            gap: Money::from_minor(all - paid - own),
        };
        out.total = out.total.plus(funding);
        let name = |m: Option<MunicipalityId>| m.map(|m| region.municipality(m).name.clone());
        out.areas.push(SupportArea {
            name: areas.names[area as usize].clone(),
            municipalities: places.iter().filter_map(|((_, m), _)| name(*m)).collect(),
            whole: reached == eligible,
            funding,
            years: cost.into_iter().zip(support).map(|(c, s)| (Money::from_minor(c), Money::from_minor(s))).collect(),
        });
    }
    // From the scheme's areas to those that are listed.
    let place: BTreeMap<u32, u32> = funded.keys().copied().zip(0..).collect();
    out.premises.iter_mut().for_each(|row| row.1 = row.1.and_then(|area| place.get(&area).copied()));
    for (municipality, amount) in book.others() {
        of.entry(municipality).or_default().1 = Money::from_minor(amount);
        out.unsupported = out.unsupported.saturating_add(Money::from_minor(amount));
    }
    out.municipalities = of
        .into_iter()
        .map(|(id, (funding, unsupported))| {
            let known = id.map(|id| region.municipality(id));
            let text = |of: fn(&breiband_model::Municipality) -> &String| known.map(of).cloned().unwrap_or_default();
            SupportMunicipality { code: text(|m| &m.code), name: text(|m| &m.name), funding, unsupported }
        })
        .collect();
    out
}

/// What is built by year, and for whom.
struct Book(Vec<BTreeMap<Behind, u64>>);

impl Book {
    fn of_area(&self, year: usize, area: u32) -> u64 {
        self.0[year].iter().filter(|(key, _)| key.0 == Some(area)).map(|(_, cost)| cost).sum()
    }

    fn of(&self, area: u32, municipality: Option<MunicipalityId>) -> u64 {
        self.0.iter().filter_map(|year| year.get(&(Some(area), municipality))).sum()
    }

    /// What is built for those that are not eligible, by municipality.
    fn others(&self) -> BTreeMap<Option<MunicipalityId>, u64> {
        let mut sums = BTreeMap::new();
        for ((_, municipality), cost) in self.0.iter().flatten().filter(|(key, _)| key.0.is_none()) {
            *sums.entry(*municipality).or_default() += cost;
        }
        sums
    }
}

/// Shares each branch's cost among those behind it, by head.
fn book(region: &Region, areas: &Areas, built: &Built<'_>) -> Book {
    let Built { branches, cost, phase, years, .. } = *built;
    let mut behind: Vec<BTreeMap<Behind, u64>> = vec![BTreeMap::new(); branches.len()];
    let mut book = vec![BTreeMap::new(); years.len()];
    let enter = |book: &mut Vec<BTreeMap<Behind, u64>>, at: usize, cost: u64, here: BTreeMap<Behind, u64>| {
        let year = match phase[at] {
            Phase::Year(year) if !branches[at].later => years.iter().position(|&y| y == year),
            _ => None,
        };
        let Some(year) = year else { return };
        let counts: Vec<u64> = here.values().copied().collect();
        let parts = Money::from_minor(cost).split(&counts);
        for (key, part) in here.into_keys().zip(parts) {
            *book[year].entry(key).or_default() += part.as_minor();
        }
    };
    // What leads to a cabinet alone is caused by those behind what it hangs on, whose year is its own; from the root itself, by
    // everybody.
    let mut cost = cost.to_vec();
    let mut alone = Vec::new();
    let mut everybody: BTreeMap<Behind, u64> = BTreeMap::new();
    for at in (0..branches.len()).rev() {
        match branches[at].after {
            Some(after) if branches[at].passed => {
                cost[after] += cost[at];
                continue;
            }
            None if branches[at].passed => {
                alone.push(at);
                continue;
            }
            _ => {}
        }
        let mut here = std::mem::take(&mut behind[at]);
        for &id in &branches[at].premises {
            let (eligibility, area) = areas.premises[id.index()];
            let area = area.filter(|_| eligibility == Eligibility::Eligible);
            *here.entry((area, region.premises_of(id).municipality)).or_default() += 1;
        }
        if let Some(after) = branches[at].after {
            for (&key, &count) in &here {
                *behind[after].entry(key).or_default() += count;
            }
        }
        if branches[at].after.is_none() {
            for (&key, &count) in &here {
                *everybody.entry(key).or_default() += count;
            }
        }
        enter(&mut book, at, cost[at], here);
    }
    for at in alone {
        enter(&mut book, at, cost[at], everybody.clone());
    }
    Book(book)
}

#[cfg(test)]
mod tests;
