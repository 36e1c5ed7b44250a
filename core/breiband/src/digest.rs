//! The plan's digest: equal where the plan is, natively and in a browser.

use breiband_model::{CandidateNetwork, Region, RoutePlan};
use sha2::{Digest, Sha256};

/// SHA-256 over a canonical text of the plan: cost and bound, each chosen edge with its cost and geometry in millimetres,
/// and each premises with its status, reason and distance. Lower-case hex.
pub(crate) fn of_plan(region: &Region, network: &CandidateNetwork, route: &RoutePlan) -> String {
    let mut text = Text { hash: Sha256::new(), bytes: Vec::with_capacity(2 * CHUNK), digits: itoa::Buffer::new() };
    let plane = region.plane;
    text.put("plane ").number(plane.central_meridian_e7).put(" ").number(plane.origin_latitude_e7);
    text.put("\ncost ").number(route.cost.as_minor()).put(" bound ").number(route.bound.as_minor()).put("\n");
    for &id in &route.edges {
        let edge = &network.edges[id.index()];
        text.put("edge ").number(edge.cost.as_minor());
        for part in network.parts_of(edge) {
            text.put(" ").put(part.kind.name());
            for point in network.geometry_of(part) {
                text.put(" ").number(point.x).put(",").number(point.y);
            }
        }
        text.put("\n").pass_on();
    }
    for (premises, outcome) in region.premises.iter().zip(&route.outcomes) {
        text.put("premises ").put(&premises.external_id).put(" ").put(outcome.status.name()).put(" ");
        text.put(outcome.reason.name()).put(" ").number(outcome.distance_mm).put("\n").pass_on();
    }
    text.hash.update(&text.bytes);
    hex(&text.hash.finalize())
}

/// So much text is gathered before it is hashed.
const CHUNK: usize = 1 << 14;

/// Text on its way into a hash.
struct Text {
    hash: Sha256,
    bytes: Vec<u8>,
    digits: itoa::Buffer,
}

impl Text {
    fn put(&mut self, text: &str) -> &mut Self {
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }

    fn number(&mut self, number: impl itoa::Integer) -> &mut Self {
        self.bytes.extend_from_slice(self.digits.format(number).as_bytes());
        self
    }

    fn pass_on(&mut self) {
        if self.bytes.len() >= CHUNK {
            self.hash.update(&self.bytes);
            self.bytes.clear();
        }
    }
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// SHA-256 of bytes, lower-case hex: how a [`Manifest`](crate::Manifest) knows files.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
