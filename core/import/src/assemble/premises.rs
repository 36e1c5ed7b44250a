//! Premises: distinct, in their municipality and building; sites joined to the premises they are in.

use std::collections::{BTreeMap, HashMap, HashSet};

use breiband_model::{Context, Issue, Point, Premises, PremisesId, PublicSite, RegionParts, Severity};
use breiband_spatial::{PointIndex, PolygonIndex};

use super::areas::{BuildingPlaces, Municipalities};
use super::{Frame, Issues, doubled, source};
use crate::error::ImportError;
use crate::raw::{RawPremises, RawRegion};

/// One address in two files is one premises where the two places are within this, millimetres.
const SAME_ADDRESS_MM: u64 = 200_000;
/// A site without a building of its own belongs to a premises within this, millimetres.
const SITE_REACH_MM: u32 = 30_000;

/// Moves all premises into the region. `outlines` are the region's buildings.
pub(super) fn join(
    raws: &mut [RawRegion],
    frame: &Frame,
    (buildings, outlines): (&BuildingPlaces, &PolygonIndex),
    mut municipalities: Municipalities,
    parts: &mut RegionParts,
    issues: &mut Issues,
    ctx: &Context<'_>,
) -> Result<(), ImportError> {
    let several = raws.iter().filter(|raw| !raw.premises.is_empty()).count() > 1;
    let mut ids: HashMap<String, usize> = HashMap::new();
    let mut addresses: HashMap<String, (usize, Point)> = HashMap::new();
    for (index, raw) in raws.iter_mut().enumerate() {
        let file = parts.sources[index].name.clone();
        for (turn, mut premises) in std::mem::take(&mut raw.premises).into_iter().enumerate() {
            ctx.check_at(turn)?;
            let id = premises.external_id.clone();
            let point = match frame.point(premises.point) {
                Ok(point) => point,
                Err(issue) => {
                    issues.push(&file, &id, *issue);
                    continue;
                }
            };
            if let Some(&first) = ids.get(&id) {
                let first = (first != index).then(|| parts.sources[first].name.as_str());
                issues.push(&file, &id, doubled("duplicate-premises", "premises", first).field("id", &id));
                continue;
            }
            if several && let Some(key) = address_key(&premises) {
                match addresses.get(&key) {
                    Some(&(first, at)) if first != index && at.distance_mm(point) <= SAME_ADDRESS_MM => {
                        let message =
                            format!("this address is also in {}, whose record was kept", parts.sources[first].name);
                        let issue = Issue::new("same-address", Severity::Note, message);
                        issues.push(&file, &id, issue.field("address", key.replace('\u{1f}', " ")));
                        continue;
                    }
                    Some(_) => {}
                    None => {
                        addresses.insert(key, (index, point));
                    }
                }
            }
            let municipality = match premises.municipality.take() {
                Some(code) => Some(municipalities.with_code(&code, parts)),
                None => municipalities.at(point),
            };
            if municipality.is_none() && municipalities.have_borders() {
                let message = "the premises lies in none of the municipalities whose borders were given";
                issues.push(&file, &id, Issue::new("in-no-municipality", Severity::Warning, message));
            }
            let access_point = premises.access_point.and_then(|place| match frame.point(place) {
                Ok(point) => Some(point),
                Err(mut issue) => {
                    issue.severity = Severity::Warning;
                    issue.field = "access point".to_owned();
                    issues.push(&file, &id, *issue);
                    None
                }
            });
            let building = premises.building.and_then(|b| buildings[index].get(b as usize).copied().flatten());
            ids.insert(id, index);
            parts.premises.push(Premises {
                external_id: premises.external_id,
                source: source(index),
                street: premises.street,
                number: premises.number,
                postcode: premises.postcode,
                city: premises.city,
                parcel: premises.parcel,
                point,
                access_point,
                building: building.or_else(|| outlines.containing(point)),
                municipality,
                households: premises.households.unwrap_or(1),
                households_assumed: premises.households.is_none(),
                kind: premises.kind,
                service: premises.service,
                signed_up: premises.signed_up,
            });
        }
    }
    if parts.premises.len() >= u32::MAX as usize {
        return Err(ImportError::TooMany("premises"));
    }
    Ok(())
}

/// Street, number and town in lower case; none where the street or number is not known.
fn address_key(premises: &RawPremises) -> Option<String> {
    if premises.street.is_empty() || premises.number.is_empty() {
        return None;
    }
    let number: String = premises.number.split_whitespace().collect();
    Some([premises.street.to_lowercase(), number.to_lowercase()].join("\u{1f}"))
}

/// Moves the sites into the region, each with the premises in its building or else the nearest within 30 m.
pub(super) fn sites(
    raws: &mut [RawRegion],
    frame: &Frame,
    outlines: &PolygonIndex,
    parts: &mut RegionParts,
    issues: &mut Issues,
) {
    if raws.iter().all(|raw| raw.sites.is_empty()) {
        return;
    }
    let points: Vec<Point> = parts.premises.iter().map(|p| p.point).collect();
    let near = PointIndex::build(&points);
    let mut in_building: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (number, premises) in parts.premises.iter().enumerate() {
        if let Some(building) = premises.building {
            in_building.entry(building).or_default().push(number);
        }
    }
    let mut seen: HashSet<String> = HashSet::new();
    for (index, raw) in raws.iter_mut().enumerate() {
        let file = parts.sources[index].name.clone();
        for (external_id, kind, name, place) in std::mem::take(&mut raw.sites) {
            let point = match frame.point(place) {
                Ok(point) => point,
                Err(issue) => {
                    issues.push(&file, &external_id, *issue);
                    continue;
                }
            };
            if !seen.insert(external_id.clone()) {
                let message = "a site with this id was read before; this one was left out";
                issues.push(&file, &external_id, Issue::new("duplicate-site", Severity::Warning, message));
                continue;
            }
            let inside = outlines.containing(point).and_then(|building| in_building.get(&building));
            let same =
                inside.and_then(|all| all.iter().copied().min_by_key(|&p| (points[p].distance_squared(point), p)));
            let premises = same.or_else(|| near.within(point, SITE_REACH_MM).first().map(|n| n.point as usize));
            let premises = premises.map(PremisesId::from_usize);
            parts.sites.push(PublicSite { external_id, kind, name, point, premises });
        }
    }
}
