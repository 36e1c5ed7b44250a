//! The map's layers: the region's things, and the plan's once there is one. A feature's number is its place in the region's table;
//! in the network layer its place in [`stretches`].

use breiband::spatial::Projection;
use breiband::{CandidateNetwork, CostBook, EdgeId, Part, Plan, Region, Status, WayClass};
use breiband_wire::LayerId;

use crate::facts::{method_of, word};
use crate::geojson::{Drawn, Writer};

/// Draws one layer.
pub(crate) fn draw(layer: LayerId, region: &Region, plan: Option<&Plan>, book: &CostBook) -> Drawn {
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
                for (id, (_, part)) in (0..).zip(stretches(plan)) {
                    let line = plan.network.geometry_of(part).iter().copied();
                    writer.line(id, &[("method", &method_of(part, book))], line);
                }
            }
        }
        LayerId::Premises => {
            for (id, premises) in numbered(&region.premises) {
                let outcome = plan.and_then(|plan| plan.route.outcomes.get(id as usize));
                let status = outcome.map_or("unplanned", |outcome| Status::name(outcome.status));
                writer.point(id, &[("status", status)], premises.point);
            }
        }
        // The session draws these itself: they are of the document, or of two plans.
        LayerId::Drawn | LayerId::Difference => {}
        LayerId::Sites => {
            for (id, site) in numbered(&region.sites) {
                writer.point(id, &[], site.point);
            }
        }
        LayerId::Handovers => {
            let handovers = plan.map_or(&region.handovers, |plan| &plan.network.handovers);
            for (id, handover) in numbered(handovers) {
                writer.point(id, &[("name", &handover.name)], handover.point);
            }
        }
    }
    writer.finish()
}

/// The parts of the chosen edges that can be seen, in the network layer's order.
pub(crate) fn stretches(plan: &Plan) -> impl Iterator<Item = (EdgeId, &Part)> {
    let network: &CandidateNetwork = &plan.network;
    plan.route.edges.iter().flat_map(move |&edge| {
        let parts = network.parts_of(&network.edges[edge.index()]).iter();
        parts.filter(|part| network.geometry_of(part).len() > 1).map(move |part| (edge, part))
    })
}

fn numbered<T>(things: &[T]) -> impl Iterator<Item = (u32, &T)> {
    (0..).zip(things)
}
