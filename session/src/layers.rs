//! The map's layers: the region's things, and the plan's once there is one. A feature's number is its place in the region's table;
//! in the network layer its place in [`stretches`].

use breiband::spatial::Projection;
use breiband::{
    CandidateNetwork, CostBook, EdgeId, Eligibility, MastSummary, Money, Part, Phase, PlaceSummary, Plan, Point,
    Premises, Programme, Region, Status, WayClass,
};
use breiband_wire::LayerId;

use crate::facts::{method_of, word};
use crate::geojson::{Drawn, Writer};
use crate::{together, years};

/// Draws one layer; with a programme what is built has its year, and with `shares` premises have their class of cost.
pub(crate) fn draw(
    layer: LayerId,
    region: &Region,
    plan: Option<&Plan>,
    book: &CostBook,
    programme: Option<&Programme>,
    shares: &[Option<f64>],
) -> Drawn {
    let mut writer = Writer::new(Projection::new(region.plane));
    match layer {
        LayerId::Water => {
            for (id, water) in numbered(&region.water) {
                writer.area(id, &[], std::iter::once(&water.polygon));
            }
        }
        LayerId::Municipalities => {
            for (id, municipality) in numbered(&region.municipalities).filter(|(_, one)| !one.area.is_empty()) {
                writer.area(id, &[("name", &municipality.name)], municipality.area.iter());
            }
        }
        LayerId::Buildings => {
            for (id, building) in numbered(&region.buildings) {
                writer.area(id, &[], std::iter::once(&building.polygon));
            }
        }
        LayerId::Ways => {
            for (id, way) in numbered(&region.ways) {
                let class = if way.class == WayClass::Service { "service".to_owned() } else { word(&way.class) };
                writer.line(id, &[("class", &class)], way.nodes.iter().map(|node| region.nodes[node.index()]));
            }
        }
        LayerId::Network => {
            if let Some(plan) = plan {
                let phases = programme.map(years::phases).unwrap_or_default();
                let services = programme.and_then(|one| one.services.as_ref());
                for (id, (edge, part)) in (0..).zip(stretches(plan)) {
                    let line = plan.network.geometry_of(part).iter().copied();
                    let year = years::number(phases.get(&edge).copied().unwrap_or(Phase::NotPlanned)).to_string();
                    let load = together::load_class(services, edge);
                    writer.line(id, &[("method", &method_of(part, book)), ("year", &year), ("load", load)], line);
                }
            }
        }
        LayerId::Premises => {
            for (id, premises) in numbered(&region.premises) {
                let outcome = plan.and_then(|plan| plan.route.outcomes.get(id as usize));
                let status = outcome.map_or("unplanned", |outcome| Status::name(outcome.status));
                let phase = programme.and_then(|programme| programme.premises.get(id as usize));
                let year = years::number(phase.map_or(Phase::NotPlanned, |phase| phase.phase)).to_string();
                let properties = [
                    ("status", status),
                    ("year", &year),
                    ("service", service_class(premises)),
                    ("technology", technology_class(premises)),
                    ("gets", outcome.and_then(|outcome| outcome.technology).map_or("none", |one| one.name())),
                    ("cost", cost_class(shares.get(id as usize).copied().flatten())),
                    ("support", support_class(programme, id as usize)),
                ];
                writer.point(id, &properties, premises.point);
            }
        }
        // The session draws these itself: they are of the document, or of two plans.
        LayerId::Drawn | LayerId::Difference => {}
        LayerId::Sites => {
            let ready = together::readiness(region, programme);
            for ((id, site), ready) in numbered(&region.sites).zip(ready) {
                writer.point(id, &[("ready", &ready.to_string())], site.point);
            }
        }
        LayerId::Masts => {
            for (id, (mast, point)) in (0..).zip(plan.map(masts).unwrap_or_default()) {
                writer.point(id, &[("name", &mast.name)], point);
            }
        }
        LayerId::Handovers | LayerId::Pops => {
            let handovers = plan.map_or(&region.handovers, |plan| &plan.network.handovers);
            let is_pop = layer == LayerId::Pops;
            for (id, handover) in numbered(handovers).filter(|(_, one)| one.opening.is_some() == is_pop) {
                let used = if place_of(plan, &handover.external_id).is_some_and(|one| one.used) { "yes" } else { "no" };
                writer.point(id, &[("name", &handover.name), ("used", used)], handover.point);
            }
        }
        LayerId::Cabinets => {
            for (id, cabinet) in plan.map(|plan| numbered(&plan.network.cabinets)).into_iter().flatten() {
                let used = if cabinet.vertex.is_some() { "yes" } else { "no" };
                writer.point(id, &[("name", &cabinet.name), ("used", used)], cabinet.point);
            }
        }
    }
    writer.finish()
}

/// What a plan says of a point of presence or cabinet.
pub(crate) fn place_of<'a>(plan: Option<&'a Plan>, id: &str) -> Option<&'a PlaceSummary> {
    plan?.summary.places.iter().find(|one| one.id == id)
}

/// Masts in use, with their places.
pub(crate) fn masts(plan: &Plan) -> Vec<(&MastSummary, Point)> {
    let used = plan.summary.mix.iter().flat_map(|mix| &mix.masts);
    let place =
        |mast: &MastSummary| plan.network.masts.iter().find(|one| one.external_id == mast.id).map(|one| one.point);
    used.filter_map(|mast| Some((mast, place(mast)?))).collect()
}

/// The parts of the chosen edges that can be seen, in the network layer's order.
pub(crate) fn stretches(plan: &Plan) -> impl Iterator<Item = (EdgeId, &Part)> {
    let network: &CandidateNetwork = &plan.network;
    plan.route.edges.iter().flat_map(move |&edge| {
        let parts = network.parts_of(&network.edges[edge.index()]).iter();
        parts.filter(|part| network.geometry_of(part).len() > 1).map(move |part| (edge, part))
    })
}

/// The class of a premises' service today, by the speeds that statistics count.
pub(crate) fn service_class(premises: &Premises) -> &'static str {
    match premises.service.as_ref().map(|service| service.down_mbps) {
        None => "unknown",
        Some(mbps) if mbps >= 1000.0 => "1000",
        Some(mbps) if mbps >= 100.0 => "100",
        Some(mbps) if mbps >= 30.0 => "30",
        Some(mbps) if mbps > 0.0 => "slow",
        Some(_) => "none",
    }
}

/// The class of a premises' technology today, by what the register's word holds.
fn technology_class(premises: &Premises) -> &'static str {
    let word = premises.service.as_ref().map(|service| service.technology.to_lowercase()).unwrap_or_default();
    let holds = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    match () {
        () if holds(&["fib", "ftth", "fttb"]) => "fibre",
        () if holds(&["coax", "hfc", "cable", "kabel", "docsis"]) => "cable",
        () if holds(&["dsl", "copper", "kobber", "kopar"]) => "copper",
        () if holds(&["radio", "wireless", "fwa", "4g", "5g", "lte", "mobil", "trådl"]) => "radio",
        () if holds(&["sat"]) => "satellite",
        () => "unknown",
    }
}

/// What a support scheme makes of a premises.
fn support_class(programme: Option<&Programme>, at: usize) -> &'static str {
    let support = programme.and_then(|programme| programme.support.as_ref());
    let row = support.and_then(|support| Some((support.premises.get(at)?, support)));
    match row {
        None => "none",
        Some((&(Eligibility::Eligible, area), support)) => {
            let area = area.and_then(|area| support.areas.get(area as usize));
            if area.is_some_and(|area| area.funding.support > Money::ZERO) { "paid" } else { "unpaid" }
        }
        Some(((Eligibility::Served, _), _)) => "served",
        Some(_) => "not",
    }
}

/// The class of a premises' part of the cost, major units.
fn cost_class(share: Option<f64>) -> &'static str {
    match share {
        None => "none",
        Some(cost) if cost < 25_000.0 => "1",
        Some(cost) if cost < 50_000.0 => "2",
        Some(cost) if cost < 100_000.0 => "3",
        Some(cost) if cost < 200_000.0 => "4",
        Some(_) => "5",
    }
}

fn numbered<T>(things: &[T]) -> impl Iterator<Item = (u32, &T)> {
    (0..).zip(things)
}
