//! Lines beside the roads: power on poles, high voltage over the hills, ducts that are already in the ground.

use crate::facts::on_ground;
use crate::growth::{distance, unit_vector};
use crate::municipalities::Municipalities;
use crate::net::{Class, Net};
use crate::rng::{Rng, unit};
use crate::sites::Site;
use crate::terrain::Terrain;

/// A power line with its poles or towers, each at a point of it.
pub(crate) struct PowerLine {
    pub(crate) points: Vec<(f64, f64)>,
    /// Hung on pylons, not on poles.
    pub(crate) high: bool,
}

/// Distribution lines along the smaller roads and a high-voltage line from seat to seat.
pub(crate) fn power(terrain: &Terrain, net: &Net, sites: &[Site], all: &Municipalities, seed: u64) -> Vec<PowerLine> {
    let mut lines = Vec::new();
    for (w, way) in net.ways.iter().enumerate() {
        let share = match way.class {
            Class::Tertiary | Class::Unclassified => 0.75,
            Class::Secondary => 0.4,
            _ => 0.0,
        };
        if on_ground(net, w) && unit(seed ^ 61, w as u64) < share {
            let points = beside(terrain, net, w, 8.5, 2);
            if points.len() >= 2 {
                lines.push(PowerLine { points, high: false });
            }
        }
    }
    let mut rng = Rng::new(seed, 62);
    let mut joined: Vec<u32> = all.seats.iter().take(1).copied().collect();
    while joined.len() < all.seats.len() {
        let gap = |a: u32, b: u32| distance(sites[a as usize].at, sites[b as usize].at);
        let mut best: Option<(f64, u32, u32)> = None;
        for &b in all.seats.iter().filter(|s| !joined.contains(s)) {
            for &a in &joined {
                if best.is_none_or(|x| gap(a, b) < x.0) {
                    best = Some((gap(a, b), a, b));
                }
            }
        }
        let Some((length, a, b)) = best else { break };
        joined.push(b);
        let (from, to) = (sites[a as usize].at, sites[b as usize].at);
        let along = unit_vector((to.0 - from.0, to.1 - from.1));
        let bend = [rng.range(-0.1, 0.1) * length, rng.range(-0.1, 0.1) * length];
        let knots: Vec<(f64, f64)> = [(0.03, 160.0), (0.35, bend[0]), (0.7, bend[1]), (0.97, 160.0)]
            .iter()
            .map(|&(t, off)| {
                let (x, y) = (from.0 + t * (to.0 - from.0), from.1 + t * (to.1 - from.1));
                (x - off * along.1, y + off * along.0)
            })
            .collect();
        let mut points = vec![knots[0]];
        for pair in knots.windows(2) {
            let spans = (distance(pair[0], pair[1]) / 260.0) as usize + 1;
            for s in 1..=spans {
                let t = s as f64 / spans as f64;
                points.push((pair[0].0 + t * (pair[1].0 - pair[0].0), pair[0].1 + t * (pair[1].1 - pair[0].1)));
            }
        }
        lines.push(PowerLine { points, high: true });
    }
    lines
}

/// Ducts along some of the larger roads; each starts and ends in the road's own end.
pub(crate) fn ducts(terrain: &Terrain, net: &Net, seed: u64) -> Vec<Vec<(f64, f64)>> {
    let mut ducts = Vec::new();
    for (w, way) in net.ways.iter().enumerate() {
        let share = match way.class {
            Class::Primary => 0.35,
            Class::Secondary => 0.2,
            Class::Tertiary => 0.08,
            _ => 0.0,
        };
        if on_ground(net, w) && unit(seed ^ 63, w as u64) < share {
            let mut points = beside(terrain, net, w, -3.0, 1);
            if points.len() >= 2 {
                points.insert(0, net.places[way.vertices[0] as usize]);
                points.push(net.places[way.vertices[way.vertices.len() - 1] as usize]);
                ducts.push(points);
            }
        }
    }
    ducts
}

/// A line `offset` metres left of a way, with a point at every `every`th inner vertex.
fn beside(terrain: &Terrain, net: &Net, way: usize, offset: f64, every: usize) -> Vec<(f64, f64)> {
    let vertices = &net.ways[way].vertices;
    let at = |i: usize| net.places[vertices[i] as usize];
    let mut points = Vec::new();
    for i in (1..vertices.len() - 1).step_by(every) {
        let along = unit_vector((at(i + 1).0 - at(i - 1).0, at(i + 1).1 - at(i - 1).1));
        let p = (at(i).0 - offset * along.1, at(i).1 + offset * along.0);
        if terrain.is_land(p.0, p.1) {
            points.push(p);
        }
    }
    points
}
