//! The ground: heights on a square lattice, with fjords, sounds and valleys carved into mountains, and the sea in the west.

use crate::noise::Noise;

/// Metres between lattice nodes.
pub(crate) const CELL: f64 = 64.0;

/// Heights on a lattice. Node `(i, j)` lies at `(i, j) × CELL` metres east and north of the south-western corner.
#[derive(Debug, Clone)]
pub(crate) struct Terrain {
    /// Nodes from west to east.
    pub(crate) nx: usize,
    /// Nodes from south to north.
    pub(crate) ny: usize,
    /// Metres above the sea, row by row from the south; never exactly zero.
    pub(crate) height: Vec<f32>,
    /// Whether a node under zero belongs to the sea; lakes do not.
    pub(crate) sea: Vec<bool>,
}

impl Terrain {
    /// Makes the ground of a region of `width` × `depth` metres.
    pub(crate) fn new(seed: u64, width: f64, depth: f64) -> Self {
        let (nx, ny) = ((width / CELL) as usize + 1, (depth / CELL) as usize + 1);
        let shape = Shape::new(seed, width);
        let mut height = Vec::with_capacity(nx * ny);
        for j in 0..ny {
            for i in 0..nx {
                let h = shape.height(i as f64 * CELL, j as f64 * CELL) as f32;
                height.push(if h.abs() < 0.25 { 0.25 } else { h });
            }
        }
        let mut terrain = Self { nx, ny, sea: vec![false; height.len()], height };
        terrain.clean();
        terrain
    }

    /// Width and depth in metres.
    pub(crate) fn size(&self) -> (f64, f64) {
        ((self.nx - 1) as f64 * CELL, (self.ny - 1) as f64 * CELL)
    }

    /// How far a place is from the region's edge, metres; negative outside.
    pub(crate) fn to_edge(&self, x: f64, y: f64) -> f64 {
        let (width, depth) = self.size();
        [x, y, width - x, depth - y].into_iter().fold(f64::INFINITY, |least, one| if one < least { one } else { least })
    }

    /// The place of a node in metres.
    pub(crate) fn place(&self, node: u32) -> (f64, f64) {
        ((node as usize % self.nx) as f64 * CELL, (node as usize / self.nx) as f64 * CELL)
    }

    /// The node nearest to a place inside the region.
    pub(crate) fn nearest(&self, x: f64, y: f64) -> u32 {
        let i = ((x / CELL + 0.5) as usize).min(self.nx - 1);
        let j = ((y / CELL + 0.5) as usize).min(self.ny - 1);
        (j * self.nx + i) as u32
    }

    /// The cell that holds a place, by its south-western node; `None` outside.
    pub(crate) fn cell(&self, x: f64, y: f64) -> Option<(usize, usize)> {
        let inside = x >= 0.0 && y >= 0.0;
        let (i, j) = ((x / CELL) as usize, (y / CELL) as usize);
        (inside && i + 1 < self.nx && j + 1 < self.ny).then_some((i, j))
    }

    /// Height at a place, between the nodes of its cell; −1 outside.
    pub(crate) fn at(&self, x: f64, y: f64) -> f64 {
        let Some((i, j)) = self.cell(x, y) else { return -1.0 };
        let (u, v) = (x / CELL - i as f64, y / CELL - j as f64);
        let k = j * self.nx + i;
        let h = |k: usize| f64::from(self.height[k]);
        let south = h(k) + u * (h(k + 1) - h(k));
        let north = h(k + self.nx) + u * (h(k + self.nx + 1) - h(k + self.nx));
        south + v * (north - south)
    }

    /// Whether the whole cell around a place is land: no contour of the water runs through it.
    pub(crate) fn is_land(&self, x: f64, y: f64) -> bool {
        let Some((i, j)) = self.cell(x, y) else { return false };
        let k = j * self.nx + i;
        [k, k + 1, k + self.nx, k + self.nx + 1].iter().all(|&k| self.height[k] > 0.0)
    }

    /// Whether all four cells around a node are land.
    pub(crate) fn is_dry(&self, node: u32) -> bool {
        let (i, j) = (node as usize % self.nx, node as usize / self.nx);
        if i == 0 || j == 0 || i + 1 >= self.nx || j + 1 >= self.ny {
            return false;
        }
        (j - 1..=j + 1).all(|j| (i - 1..=i + 1).all(|i| self.height[j * self.nx + i] > 0.0))
    }

    /// Rise towards east and north, metres per metre.
    pub(crate) fn gradient(&self, x: f64, y: f64) -> (f64, f64) {
        let d = CELL / 2.0;
        ((self.at(x + d, y) - self.at(x - d, y)) / (2.0 * d), (self.at(x, y + d) - self.at(x, y - d)) / (2.0 * d))
    }

    /// Steepness, metres per metre.
    pub(crate) fn slope(&self, x: f64, y: f64) -> f64 {
        let (gx, gy) = self.gradient(x, y);
        (gx * gx + gy * gy).sqrt()
    }

    /// Sinks rocks of a few cells, fills ponds, and tells the sea from lakes.
    fn clean(&mut self) {
        let mut seen = vec![false; self.height.len()];
        let mut stack = Vec::new();
        let mut part = Vec::new();
        for start in 0..self.height.len() {
            if seen[start] {
                continue;
            }
            let land = self.height[start] > 0.0;
            let mut at_border = false;
            part.clear();
            stack.push(start);
            seen[start] = true;
            while let Some(k) = stack.pop() {
                part.push(k);
                let (i, j) = (k % self.nx, k / self.nx);
                at_border |= i == 0 || j == 0 || i + 1 == self.nx || j + 1 == self.ny;
                let mut visit = |k: usize| {
                    if !seen[k] && (self.height[k] > 0.0) == land {
                        seen[k] = true;
                        stack.push(k);
                    }
                };
                if i > 0 {
                    visit(k - 1);
                }
                if i + 1 < self.nx {
                    visit(k + 1);
                }
                if j > 0 {
                    visit(k - self.nx);
                }
                if j + 1 < self.ny {
                    visit(k + self.nx);
                }
            }
            if land && part.len() < 5 {
                part.iter().for_each(|&k| self.height[k] = -3.0);
            } else if !land && part.len() < 24 {
                part.iter().for_each(|&k| self.height[k] = 2.0);
            } else if !land {
                // Water that leaves the region is sea; so is a basin too large for a lake.
                let sea = at_border || part.len() > 1_200;
                part.iter().for_each(|&k| self.sea[k] = sea);
            }
        }
        // A rock that was sunk lies in the sea, unless a lake holds it.
        for k in 0..self.height.len() {
            let near_lake = k > 0 && self.height[k - 1] < 0.0 && !self.sea[k - 1];
            if self.height[k] == -3.0 && !near_lake {
                self.sea[k] = true;
            }
        }
    }
}

/// The formula behind the heights.
struct Shape {
    width: f64,
    warp: [Noise; 2],
    valley: [Noise; 2],
    floor: Noise,
    rise: Noise,
    breadth: Noise,
    ragged: [Noise; 2],
    skerries: Noise,
    rough: [Noise; 2],
}

impl Shape {
    fn new(seed: u64, width: f64) -> Self {
        let noise = |stream, wavelength| Noise::new(seed, stream, wavelength);
        Self {
            width,
            warp: [noise(1, 4_600.0), noise(2, 4_600.0)],
            valley: [noise(3, 7_400.0), noise(4, 4_100.0)],
            floor: noise(5, 9_000.0),
            rise: noise(6, 5_200.0),
            breadth: noise(7, 6_000.0),
            ragged: [noise(10, 1_900.0), noise(11, 560.0)],
            skerries: noise(12, 2_300.0),
            rough: [noise(8, 900.0), noise(9, 340.0)],
        }
    }

    /// A field whose zeros are the axes of fjords and valleys.
    fn axis(&self, x: f64, y: f64) -> f64 {
        self.valley[0].at(x, y * 1.25) + 0.36 * self.valley[1].at(x, y)
    }

    fn height(&self, x: f64, y: f64) -> f64 {
        let (wx, wy) = (x + 1_300.0 * self.warp[0].at(x, y), y + 1_300.0 * self.warp[1].at(x, y));
        let step = 40.0;
        let v = self.axis(wx, wy);
        let (gx, gy) = ((self.axis(wx + step, wy) - v) / step, (self.axis(wx, wy + step) - v) / step);
        // Metres from the nearest axis, about.
        let distance = v.abs() / ((gx * gx + gy * gy).sqrt() + 6e-5)
            + 230.0 * self.ragged[0].at(x, y)
            + 95.0 * self.ragged[1].at(x, y);
        let edge = (0.34 * self.width).min(16_000.0);
        let west = (x / edge).min(1.0);
        let east = ((x - (self.width - edge)) / edge).max(0.0);
        let floor = -95.0
            + 62.0 * smooth(west)
            + 85.0 * smooth(east)
            + 55.0 * self.floor.at(x, y)
            + 95.0 * (1.0 - smooth(west)) * self.skerries.at(x, y);
        let rise = (480.0 + 420.0 * self.rise.at(x, y)).max(150.0) * (0.34 + 0.66 * smooth(west));
        let half = 330.0 + 300.0 * self.breadth.at(x, y);
        let t = ((distance - half) / 640.0).max(0.0);
        let rough = 16.0 * self.rough[0].at(x, y) + 6.0 * self.rough[1].at(x, y);
        let h = floor + rise * (t * t / (1.0 + t * t)) + rough * (0.5 + t.min(1.5));
        // Low land is flattened: the strand flat that villages stand on.
        if h > 0.0 { h * (0.32 + 0.68 * (h / 220.0).min(1.0)) } else { h }
    }
}

fn smooth(t: f64) -> f64 {
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_sea_and_land_and_no_height_of_zero() {
        for seed in 0..6 {
            let terrain = Terrain::new(seed, 20_000.0, 15_000.0);
            let land = terrain.height.iter().filter(|h| **h > 0.0).count() as f64 / terrain.height.len() as f64;
            assert!((0.25..0.9).contains(&land), "seed {seed}: {land} is land");
            assert!(terrain.height.iter().all(|h| *h != 0.0));
            assert!(terrain.sea.iter().zip(&terrain.height).all(|(sea, h)| !sea || *h < 0.0));
        }
    }
}
