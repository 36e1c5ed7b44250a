//! Settlements: where villages and hamlets stand, and how many premises each is meant to have.

use crate::noise::Noise;
use crate::rng::{Rng, unit};
use crate::terrain::{CELL, Terrain};

/// A village or hamlet.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    /// The lattice node at its centre.
    pub(crate) node: u32,
    /// Its place in metres.
    pub(crate) at: (f64, f64),
    /// Premises along its streets.
    pub(crate) quota: u32,
}

/// Chooses settlements on low, gentle ground: villages some 3 km apart, hamlets between them. At least 12.
pub(crate) fn settle(terrain: &Terrain, seed: u64, premises: u32) -> Vec<Site> {
    let mut candidates = candidates(terrain, seed);
    candidates.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut spacing = 3_000.0;
    loop {
        let villages = spread(terrain, &candidates, &[], spacing);
        let hamlets = spread(terrain, &candidates, &villages, spacing * 0.46);
        if villages.len() + hamlets.len() >= 12 || spacing < 300.0 {
            return share_out(terrain, seed, premises, &villages, &hamlets);
        }
        spacing *= 0.8;
    }
}

/// Lattice nodes that could carry a settlement, with how well they suit.
fn candidates(terrain: &Terrain, seed: u64) -> Vec<(f32, u32)> {
    let favour = Noise::new(seed, 21, 3_000.0);
    let mut found = Vec::new();
    for j in (4..terrain.ny.saturating_sub(4)).step_by(3) {
        for i in (4..terrain.nx.saturating_sub(4)).step_by(3) {
            let node = (j * terrain.nx + i) as u32;
            let h = f64::from(terrain.height[node as usize]);
            if !(2.0..140.0).contains(&h) || !terrain.is_dry(node) {
                continue;
            }
            let (x, y) = terrain.place(node);
            let slope = terrain.slope(x, y);
            if slope > 0.25 {
                continue;
            }
            // Room: how many of the nodes around are dry and low.
            let mut room = 0.0;
            for (di, dj) in [
                (-4i64, 0i64),
                (4, 0),
                (0, -4),
                (0, 4),
                (-3, -3),
                (3, 3),
                (-3, 3),
                (3, -3),
                (-2, 0),
                (2, 0),
                (0, 2),
                (0, -2),
            ] {
                let k = (j as i64 + dj) * terrain.nx as i64 + i as i64 + di;
                let g = f64::from(terrain.height[k as usize]);
                room += if g > 1.0 && (g - h).abs() < 45.0 { 1.0 } else { 0.0 };
            }
            if room < 4.0 {
                continue;
            }
            let near_shore = if h < 35.0 { 0.8 } else { 0.0 };
            let suits = 0.16 * room - 5.0 * slope - h / 90.0 + near_shore + 0.7 * favour.at(x, y);
            found.push(((suits + 0.4 * unit(seed, u64::from(node))) as f32, node));
        }
    }
    found
}

/// Takes candidates in order, none nearer than `spacing` to one taken or to `taken`.
fn spread(terrain: &Terrain, candidates: &[(f32, u32)], taken: &[u32], spacing: f64) -> Vec<u32> {
    let size = (spacing / CELL).max(1.0);
    let key = |node: u32| {
        let (i, j) = (node as usize % terrain.nx, node as usize / terrain.nx);
        ((i as f64 / size) as usize, (j as f64 / size) as usize)
    };
    let columns = (terrain.nx as f64 / size) as usize + 3;
    let rows = (terrain.ny as f64 / size) as usize + 3;
    let mut buckets: Vec<Vec<u32>> = vec![Vec::new(); columns * rows];
    for &node in taken {
        let (a, b) = key(node);
        buckets[b * columns + a].push(node);
    }
    let mut chosen = Vec::new();
    for &(_, node) in candidates {
        let (a, b) = key(node);
        let (x, y) = terrain.place(node);
        let clear = (b.saturating_sub(1)..=b + 1).all(|b| {
            (a.saturating_sub(1)..=a + 1).all(|a| {
                buckets[b * columns + a].iter().all(|&other| {
                    let (ox, oy) = terrain.place(other);
                    (ox - x) * (ox - x) + (oy - y) * (oy - y) >= spacing * spacing
                })
            })
        });
        if clear {
            buckets[b * columns + a].push(node);
            chosen.push(node);
        }
    }
    chosen
}

/// Gives villages 54 % of the premises, a few of them most, and hamlets 13 %; the rest stand along the roads.
fn share_out(terrain: &Terrain, seed: u64, premises: u32, villages: &[u32], hamlets: &[u32]) -> Vec<Site> {
    let mut rng = Rng::new(seed, 22);
    let weights: Vec<f64> = villages
        .iter()
        .map(|_| {
            let u = rng.range(0.04, 1.0);
            0.25 + 0.55 / (u.sqrt() * u.sqrt().sqrt())
        })
        .collect();
    let total: f64 = weights.iter().sum::<f64>().max(1e-9);
    let for_villages = f64::from(premises) * 0.54;
    let per_hamlet = f64::from(premises) * 0.13 / hamlets.len().max(1) as f64;
    let site = |node: u32, quota: f64| Site { node, at: terrain.place(node), quota: quota as u32 };
    let mut sites: Vec<Site> =
        villages.iter().zip(&weights).map(|(&node, w)| site(node, for_villages * w / total)).collect();
    sites.extend(hamlets.iter().map(|&node| site(node, per_hamlet * rng.range(0.35, 1.65))));
    sites
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settlements_stand_dry_and_apart() {
        for seed in 0..4 {
            let terrain = Terrain::new(seed, 20_000.0, 15_000.0);
            let sites = settle(&terrain, seed, 4_000);
            assert!(sites.len() >= 12);
            for (k, a) in sites.iter().enumerate() {
                assert!(terrain.is_dry(a.node));
                for b in &sites[..k] {
                    let (dx, dy) = (a.at.0 - b.at.0, a.at.1 - b.at.1);
                    assert!(dx * dx + dy * dy > 100.0 * 100.0);
                }
            }
        }
    }
}
