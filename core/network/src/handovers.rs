//! The roots: handovers of the region and the scenario, or one that is assumed and said to be.

use breiband_graph::UnionFind;
use breiband_model::{Assumption, Cabinet, Handover, Issue, Point, Region, Scenario, Severity, SiteKind};
use breiband_spatial::Projection;

use crate::demand::Sink;
use crate::ground::is_dug;
use crate::links::{Finder, From, Link};
use crate::stretches::Stretches;

/// Handovers of the region, then those of the scenario; one off the map is left out, and said to be.
pub fn named(region: &Region, scenario: &Scenario, issues: &mut Vec<Issue>) -> Vec<Handover> {
    let projection = Projection::new(region.plane);
    let mut handovers = region.handovers.clone();
    handovers.extend(scenario.handovers.iter().filter_map(|place| {
        let (what, at) = (("handover-off-map", "handover"), [place.lon, place.lat]);
        let point = on_map(&projection, what, &place.name, at, issues)?;
        Some(Handover {
            external_id: format!("scenario/{}", place.name),
            name: place.name.clone(),
            point,
            opening: place.opening(),
        })
    }));
    handovers
}

/// The scenario's cabinets, none of which has a vertex yet; one off the map is left out, and said to be.
pub(crate) fn cabinets(region: &Region, scenario: &Scenario, issues: &mut Vec<Issue>) -> Vec<Cabinet> {
    let projection = Projection::new(region.plane);
    let of = |place: &breiband_model::NamedCabinet| {
        let point = on_map(&projection, ("cabinet-off-map", "cabinet"), &place.name, [place.lon, place.lat], issues)?;
        let (external_id, name, price) = (place.external_id(), place.name.clone(), place.own_price());
        Some(Cabinet { external_id, name, point, price, vertex: None })
    };
    scenario.cabinets.iter().filter_map(of).collect()
}

/// Where a place of the scenario lies; one off the map is said to be left out, by a code and as what it is.
pub(crate) fn on_map(
    projection: &Projection,
    (code, what): (&str, &str),
    name: &str,
    [lon, lat]: [f64; 2],
    issues: &mut Vec<Issue>,
) -> Option<Point> {
    let off = |error| {
        Issue::new(code, Severity::Error, format!("This {what} is left out: {error}."))
            .record(name)
            .field("lon, lat", format!("{lon}, {lat}"))
    };
    projection.to_plane(lon, lat).map_err(|error| issues.push(off(error))).ok()
}

/// A handover where none is known: the town hall nearest to the middle of the premises that lies at the largest connected
/// part of the ways; where there is none, that part's junction nearest to the middle. `None` where there are no ways.
pub(crate) fn assumed(
    region: &Region,
    stretches: &Stretches,
    finder: &Finder<'_>,
    sinks: &[Sink],
    links: &[Link],
) -> Option<(Handover, Assumption)> {
    let mut sets = UnionFind::new(stretches.junctions.len() as u32);
    for s in stretches.all.iter().filter(|s| s.usage.is_laid()) {
        sets.union(s.tail, s.head);
    }
    // The part with most premises; then with most junctions; then with the first one.
    let mut premises = vec![0_u64; stretches.junctions.len()];
    for link in links.iter().filter(|l| l.first) {
        if let (From::Sink(sink), Some(stretch)) = (link.from, link.stretch(stretches)) {
            let part = sets.find(stretches.all[stretch as usize].tail);
            premises[part as usize] += sinks[sink as usize].premises.len() as u64;
        }
    }
    let dug: Vec<u32> = stretches.all.iter().filter(|s| is_dug(s)).flat_map(|s| [s.tail, s.head]).collect();
    let parts: Vec<u32> = dug.iter().map(|&junction| sets.find(junction)).collect();
    let part =
        parts.into_iter().max_by_key(|&part| (premises[part as usize], sets.size(part), std::cmp::Reverse(part)))?;
    let points: Vec<Point> = if sinks.is_empty() {
        dug.iter().map(|&j| stretches.junctions[j as usize]).collect()
    } else {
        sinks.iter().map(|s| s.point).collect()
    };
    let middle = median(&points);
    let mut in_part = |stretch: u32| sets.find(stretches.all[stretch as usize].tail) == part;
    let hall = region
        .sites
        .iter()
        .filter(|site| site.kind == SiteKind::TownHall)
        .filter(|site| finder.nearest(site.point, 1_000_000, |_| true).is_some_and(|place| in_part(place.stretch)))
        .min_by_key(|site| (site.point.distance_squared(middle), &site.external_id));
    let (name, external_id, point) = match hall {
        Some(hall) => (hall.label().to_owned(), hall.external_id.clone(), hall.point),
        None => {
            let junction = dug
                .iter()
                .copied()
                .filter(|&junction| sets.find(junction) == part)
                .min_by_key(|&j| (stretches.junctions[j as usize].distance_squared(middle), j))?;
            ("road junction".to_owned(), "assumed".to_owned(), stretches.junctions[junction as usize])
        }
    };
    let (lon, lat) = Projection::new(region.plane).to_lon_lat(point);
    let values = vec![name.clone(), format!("{lon:.5}"), format!("{lat:.5}")];
    let assumption = Assumption { code: "assumed-handover".to_owned(), values };
    Some((Handover { external_id, name, point, opening: None }, assumption))
}

/// The median of each axis.
fn median(points: &[Point]) -> Point {
    let axis = |pick: fn(&Point) -> i32| {
        let mut values: Vec<i32> = points.iter().map(pick).collect();
        let half = values.len() / 2;
        if values.is_empty() { 0 } else { *values.select_nth_unstable(half).1 }
    };
    Point::new(axis(|p| p.x), axis(|p| p.y))
}
