//! Premises: distinct addresses, or every building.
//!
//! Two objects are the same address where street (else place) and number agree, capitals and spaces aside, and their towns
//! do not contradict: equal postcodes where both have one, equal towns where both have one. Where one of them says neither,
//! they must lie within 500 m. Streets of the same name in two villages are thus two streets, unlike in a count of distinct
//! street and number alone. An object with a number and no street is always an address of its own.
//!
//! Of several objects with one address the node is kept, then the building that is no outbuilding, then the first.

use std::collections::BTreeMap;

use breiband_model::{Issue, PremisesKind, Severity};

use super::collect::{Origin, Thing};
use super::issues::Issues;
use crate::raw::{LonLat, RawPremises};
use crate::tags::Address;

/// An object that may be a premises.
pub(super) struct Candidate<'a> {
    pub(super) thing: &'a Thing,
    pub(super) external_id: String,
    pub(super) point: LonLat,
    pub(super) building: Option<u32>,
}

/// Addresses within this distance may be one where a town is not said, in degrees of latitude (500 m).
const NEAR: f64 = 0.0045;

/// One premises per distinct address, in the order of the candidates.
pub(super) fn distinct(candidates: Vec<Candidate<'_>>, issues: &mut Issues) -> Vec<RawPremises> {
    let mut by_address: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (at, candidate) in candidates.iter().enumerate() {
        if let Some(address) = &candidate.thing.address {
            by_address.entry((folded(&address.street), folded(&address.number))).or_default().push(at);
        }
    }
    let mut same_as: Vec<Option<usize>> = vec![None; candidates.len()];
    for ((street, _), mut group) in by_address {
        if street.is_empty() || group.len() < 2 {
            continue;
        }
        group.sort_by_key(|&at| (rank(&candidates[at]), at));
        let mut kept: Vec<usize> = Vec::new();
        for &at in &group {
            // Bounded: real groups have a handful of members.
            let holder = kept.iter().take(1_000).copied().find(|&first| is_same(&candidates[first], &candidates[at]));
            match holder {
                Some(first) => same_as[at] = Some(first),
                None => kept.push(at),
            }
        }
    }
    for (candidate, same) in candidates.iter().zip(&same_as) {
        if let Some(first) = same {
            let address = candidate.thing.address.as_ref();
            issues.add(|| {
                Issue::new(
                    "duplicate-address",
                    Severity::Note,
                    format!("the address is that of {}, which stands for both", candidates[*first].external_id),
                )
                .record(candidate.external_id.clone())
                .field("addr:housenumber", address.map(Address::label).unwrap_or_default())
            });
        }
    }
    candidates
        .into_iter()
        .zip(same_as)
        .filter(|(candidate, same)| candidate.thing.address.is_some() && same.is_none())
        .map(|(candidate, _)| candidate.into_premises())
        .collect()
}

/// Every building that is no outbuilding, addressed or not.
pub(super) fn all_buildings(candidates: Vec<Candidate<'_>>) -> Vec<RawPremises> {
    candidates
        .into_iter()
        .filter(|c| c.thing.area.building && (!c.thing.outbuilding || c.thing.address.is_some()))
        .map(Candidate::into_premises)
        .collect()
}

impl Address {
    fn label(&self) -> String {
        [&self.street, &self.number, &self.postcode, &self.city].map(String::as_str).join(" ").trim().to_owned()
    }
}

impl Candidate<'_> {
    fn into_premises(self) -> RawPremises {
        let address = self.thing.address.clone().unwrap_or_default();
        RawPremises {
            external_id: self.external_id,
            street: address.street,
            number: address.number,
            postcode: address.postcode,
            city: address.city,
            parcel: String::new(),
            point: self.point,
            access_point: None,
            building: self.building,
            municipality: None,
            households: self.thing.households,
            kind: self.thing.kind,
            service: None,
            signed_up: None,
        }
    }
}

fn rank(candidate: &Candidate<'_>) -> u8 {
    match candidate.thing.origin {
        Origin::Node(_) => 0,
        _ if candidate.thing.area.building && !candidate.thing.outbuilding => {
            if candidate.thing.kind == PremisesKind::Outbuilding { 2 } else { 1 }
        }
        _ => 2,
    }
}

fn is_same(a: &Candidate<'_>, b: &Candidate<'_>) -> bool {
    let (Some(first), Some(second)) = (&a.thing.address, &b.thing.address) else { return false };
    let agree = |x: &str, y: &str| x.is_empty() || y.is_empty() || folded(x) == folded(y);
    let said = |x: &Address| !x.postcode.is_empty() || !x.city.is_empty();
    let comparable =
        !first.postcode.is_empty() && !second.postcode.is_empty() || !first.city.is_empty() && !second.city.is_empty();
    let near = (a.point.lat - b.point.lat).abs() < NEAR && (a.point.lon - b.point.lon).abs() < 2.0 * NEAR;
    agree(&first.postcode, &second.postcode)
        && agree(&first.city, &second.city)
        && (near || comparable && said(first) && said(second))
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}
