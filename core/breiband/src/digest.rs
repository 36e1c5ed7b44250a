//! The plan's digest: equal where the plan is, natively and in a browser.

use breiband_model::{CandidateNetwork, Region, RoutePlan};
use sha2::{Digest, Sha256};

/// SHA-256 over a canonical text of the plan: cost and bound, each chosen edge with its cost and geometry in millimetres,
/// and each premises with its status, reason and distance. Lower-case hex.
pub(crate) fn of_plan(region: &Region, network: &CandidateNetwork, route: &RoutePlan) -> String {
    let mut hash = Sha256::new();
    let plane = region.plane;
    hash.update(format!("plane {} {}\n", plane.central_meridian_e7, plane.origin_latitude_e7));
    hash.update(format!("cost {} bound {}\n", route.cost.as_minor(), route.bound.as_minor()));
    for &id in &route.edges {
        let edge = &network.edges[id.index()];
        hash.update(format!("edge {}", edge.cost.as_minor()));
        for part in network.parts_of(edge) {
            hash.update(format!(" {}", part.kind.name()));
            for point in network.geometry_of(part) {
                hash.update(format!(" {},{}", point.x, point.y));
            }
        }
        hash.update("\n");
    }
    for (premises, outcome) in region.premises.iter().zip(&route.outcomes) {
        let (status, reason) = (outcome.status.name(), outcome.reason.name());
        hash.update(format!("premises {} {status} {reason} {}\n", premises.external_id, outcome.distance_mm));
    }
    hex(&hash.finalize())
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// SHA-256 of bytes, lower-case hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
