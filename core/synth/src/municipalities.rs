//! Eight municipalities: seats far apart, settlements to the seat they reach first, borders along watersheds and fjords.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::contour::{Area, contains, signed_area};
use crate::routes::{Link, Reach};
use crate::sites::Site;
use crate::terrain::{CELL, Terrain};
use crate::write::Degrees;

/// Municipalities in a region, always.
pub(crate) const COUNT: usize = 8;

/// The partition of the region.
pub(crate) struct Municipalities {
    /// Which settlement is the seat.
    pub(crate) seats: Vec<u32>,
    /// The areas: together the whole region, sea included.
    pub(crate) areas: Vec<Vec<Area>>,
    /// The same in degrees, as they are written: what is straight there is bent in metres, and rounded besides.
    written: Vec<Vec<Area>>,
    degrees: Degrees,
    labels: Vec<u8>,
    nx: usize,
    ny: usize,
    step: (f64, f64),
}

impl Municipalities {
    /// Divides the region.
    pub(crate) fn new(terrain: &Terrain, reach: &Reach, sites: &[Site], links: &[Link], degrees: Degrees) -> Self {
        let seats = seats(sites);
        let of_site = divide(sites, links, &seats);
        let (width, depth) = terrain.size();
        let size = (2.0 * CELL).max(width.max(depth) / 240.0);
        let (nx, ny) = (((width / size) as usize).max(8), ((depth / size) as usize).max(8));
        let step = (width / nx as f64, depth / ny as f64);
        let mut labels = Vec::with_capacity(nx * ny);
        for j in 0..ny {
            for i in 0..nx {
                let node = terrain.nearest((i as f64 + 0.5) * step.0, (j as f64 + 0.5) * step.1);
                labels.push(of_site[reach.owner[node as usize] as usize]);
            }
        }
        for (m, &seat) in seats.iter().enumerate() {
            let at = sites[seat as usize].at;
            labels[(at.1 / step.1) as usize * nx + (at.0 / step.0) as usize] = m as u8;
        }
        let mut all = Self { seats, areas: Vec::new(), written: Vec::new(), degrees, labels, nx, ny, step };
        all.absorb_exclaves();
        all.areas = all.outlines();
        let ring = |ring: &Vec<(f64, f64)>| ring.iter().map(|&place| all.degrees.lon_lat(place)).collect();
        let area = |area: &Area| Area { outer: ring(&area.outer), holes: area.holes.iter().map(ring).collect() };
        all.written = all.areas.iter().map(|areas| areas.iter().map(area).collect()).collect();
        all
    }

    /// The municipality whose area holds a place, both as they are written.
    pub(crate) fn of(&self, at: (f64, f64)) -> usize {
        let (i, j) =
            (((at.0 / self.step.0) as usize).min(self.nx - 1), ((at.1 / self.step.1) as usize).min(self.ny - 1));
        let here = self.labels[j * self.nx + i];
        let around = (j.saturating_sub(2)..=(j + 2).min(self.ny - 1))
            .all(|j| (i.saturating_sub(2)..=(i + 2).min(self.nx - 1)).all(|i| self.labels[j * self.nx + i] == here));
        if around {
            return usize::from(here);
        }
        let at = self.degrees.lon_lat(at);
        let holds = |a: &Area| contains(&a.outer, at) && !a.holes.iter().any(|h| contains(h, at));
        self.written.iter().position(|areas| areas.iter().any(holds)).unwrap_or(usize::from(here))
    }

    /// Gives small detached pieces to the neighbour around them.
    fn absorb_exclaves(&mut self) {
        for _ in 0..4 {
            let mut part = vec![u32::MAX; self.labels.len()];
            let mut sizes: Vec<(u8, usize, usize)> = Vec::new();
            for start in 0..self.labels.len() {
                if part[start] != u32::MAX {
                    continue;
                }
                let mut stack = vec![start];
                part[start] = sizes.len() as u32;
                let mut count = 0;
                while let Some(k) = stack.pop() {
                    count += 1;
                    for n in self.neighbours(k).into_iter().flatten() {
                        if part[n] == u32::MAX && self.labels[n] == self.labels[k] {
                            part[n] = sizes.len() as u32;
                            stack.push(n);
                        }
                    }
                }
                sizes.push((self.labels[start], count, start));
            }
            let largest = |label: u8| sizes.iter().filter(|s| s.0 == label).map(|s| s.1).max().unwrap_or(0);
            let keep: Vec<bool> = sizes.iter().map(|s| s.1 == largest(s.0) || s.1 * 5 > largest(s.0)).collect();
            let mut changed = false;
            for k in 0..self.labels.len() {
                if !keep[part[k] as usize] {
                    let other = self.neighbours(k).into_iter().flatten().find(|&n| keep[part[n] as usize]);
                    if let Some(n) = other {
                        self.labels[k] = self.labels[n];
                        changed = true;
                    }
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn neighbours(&self, k: usize) -> [Option<usize>; 4] {
        let (i, j) = (k % self.nx, k / self.nx);
        [
            (i > 0).then(|| k - 1),
            (i + 1 < self.nx).then(|| k + 1),
            (j > 0).then(|| k - self.nx),
            (j + 1 < self.ny).then(|| k + self.nx),
        ]
    }

    /// Rings around each label, their corners rounded alike on both sides.
    fn outlines(&self) -> Vec<Vec<Area>> {
        let (w, h) = (self.nx + 1, self.ny + 1);
        let label = |i: i64, j: i64| {
            let inside = i >= 0 && j >= 0 && i < self.nx as i64 && j < self.ny as i64;
            if inside { self.labels[j as usize * self.nx + i as usize] } else { u8::MAX }
        };
        // Border edges from each lattice point: east, north, west, south.
        let border = |i: i64, j: i64, d: usize| match d {
            0 => label(i, j) != label(i, j - 1),
            1 => label(i - 1, j) != label(i, j),
            2 => label(i - 1, j) != label(i - 1, j - 1),
            _ => label(i - 1, j - 1) != label(i, j - 1),
        };
        const MOVES: [(i64, i64); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];
        let mut places: Vec<(f64, f64)> =
            (0..w * h).map(|k| ((k % w) as f64 * self.step.0, (k / w) as f64 * self.step.1)).collect();
        for _ in 0..8 {
            let before = places.clone();
            for j in 0..h as i64 {
                for i in 0..w as i64 {
                    let ways: Vec<usize> = (0..4).filter(|&d| border(i, j, d)).collect();
                    let k = j as usize * w + i as usize;
                    let corner = (i == 0 || i + 1 == w as i64) && (j == 0 || j + 1 == h as i64);
                    if ways.len() != 2 || corner {
                        continue;
                    }
                    let next = |d: usize| before[(j + MOVES[d].1) as usize * w + (i + MOVES[d].0) as usize];
                    let (a, b) = (next(ways[0]), next(ways[1]));
                    places[k] = (0.5 * before[k].0 + 0.25 * (a.0 + b.0), 0.5 * before[k].1 + 0.25 * (a.1 + b.1));
                }
            }
        }
        (0..COUNT as u8).map(|m| self.rings(m, w, h, &label, &places)).collect()
    }

    fn rings(&self, m: u8, w: usize, h: usize, label: &dyn Fn(i64, i64) -> u8, places: &[(f64, f64)]) -> Vec<Area> {
        // Directed edges with the label on the left: east, north, west, south from each point.
        let mine = |i: i64, j: i64, d: usize| {
            let (left, right) = match d {
                0 => (label(i, j), label(i, j - 1)),
                1 => (label(i - 1, j), label(i, j)),
                2 => (label(i - 1, j - 1), label(i - 1, j)),
                _ => (label(i, j - 1), label(i - 1, j - 1)),
            };
            left == m && right != m
        };
        let mut used = vec![[false; 4]; w * h];
        let mut outers: Vec<Area> = Vec::new();
        let mut holes = Vec::new();
        for start in 0..w * h {
            for d0 in 0..4 {
                let (mut i, mut j, mut d) = ((start % w) as i64, (start / w) as i64, d0);
                if used[start][d0] || !mine(i, j, d0) {
                    continue;
                }
                let mut ring = Vec::new();
                loop {
                    let k = j as usize * w + i as usize;
                    if used[k][d] {
                        break;
                    }
                    used[k][d] = true;
                    ring.push(places[k]);
                    (i, j) = match d {
                        0 => (i + 1, j),
                        1 => (i, j + 1),
                        2 => (i - 1, j),
                        _ => (i, j - 1),
                    };
                    // Left first, so that pieces that touch at a corner stay apart.
                    let Some(turn) = [1, 0, 3].into_iter().find(|t| mine(i, j, (d + t) % 4)) else { break };
                    d = (d + turn) % 4;
                }
                if signed_area(&ring) > 0.0 {
                    outers.push(Area { outer: straightened(ring), holes: Vec::new() });
                } else {
                    holes.push(straightened(ring));
                }
            }
        }
        for hole in holes {
            let inside = |a: &&mut Area| contains(&a.outer, hole[0]);
            if let Some(area) =
                outers.iter_mut().filter(inside).min_by(|a, b| signed_area(&a.outer).total_cmp(&signed_area(&b.outer)))
            {
                area.holes.push(hole);
            }
        }
        outers
    }
}

/// Without most of the points in the middle of straight lines, which only the region's edge has. Some stay: what is straight in
/// metres is bent in degrees, by the square of its length (4 cm a kilometre at 63° N).
fn straightened(ring: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let n = ring.len();
    let straight = |k: usize| {
        let (a, b, c) = (ring[(k + n - 1) % n], ring[k], ring[(k + 1) % n]);
        ((a.0 == b.0 && b.0 == c.0) || (a.1 == b.1 && b.1 == c.1)) && n > 8
    };
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for (k, &place) in ring.iter().enumerate() {
        let near = kept.last().is_some_and(|&last| crate::growth::distance(last, place) < 1_000.0);
        if !(near && straight(k)) {
            kept.push(place);
        }
    }
    kept
}

/// Eight settlements, large and far apart.
fn seats(sites: &[Site]) -> Vec<u32> {
    let weight = |s: &Site| f64::from(s.quota).max(1.0).sqrt().sqrt();
    let mut seats: Vec<u32> = Vec::new();
    let first = (0..sites.len()).max_by(|&a, &b| sites[a].quota.cmp(&sites[b].quota).then(b.cmp(&a)));
    seats.extend(first.map(|k| k as u32));
    let mut nearest = vec![f64::MAX; sites.len()];
    while seats.len() < COUNT.min(sites.len()) {
        let last = sites[seats[seats.len() - 1] as usize].at;
        for (k, site) in sites.iter().enumerate() {
            nearest[k] = nearest[k].min(crate::growth::distance(site.at, last));
        }
        let score = |k: usize| nearest[k] * weight(&sites[k]);
        let best = (0..sites.len()).max_by(|&a, &b| score(a).total_cmp(&score(b)).then(b.cmp(&a)));
        seats.extend(best.map(|k| k as u32));
    }
    seats
}

/// The seat each settlement reaches first along the links.
fn divide(sites: &[Site], links: &[Link], seats: &[u32]) -> Vec<u8> {
    let mut graph: Vec<Vec<(u32, u32)>> = vec![Vec::new(); sites.len()];
    for link in links {
        graph[link.ends.0 as usize].push((link.ends.1, link.cost));
        graph[link.ends.1 as usize].push((link.ends.0, link.cost));
    }
    let mut best = vec![(u64::MAX, 0u8); sites.len()];
    let mut heap: BinaryHeap<_> = seats.iter().enumerate().map(|(m, &s)| Reverse((0u64, m as u8, s))).collect();
    while let Some(Reverse((cost, m, k))) = heap.pop() {
        if (cost, m) >= best[k as usize] {
            continue;
        }
        best[k as usize] = (cost, m);
        for &(next, step) in &graph[k as usize] {
            heap.push(Reverse((cost + u64::from(step), m, next)));
        }
    }
    best.into_iter().map(|(_, m)| m).collect()
}
