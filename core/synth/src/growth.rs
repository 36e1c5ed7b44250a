//! Local roads and the houses along them: streets in the villages, gravel roads to farms, tracks to cabins and into the woods.

use std::collections::VecDeque;

use crate::names;
use crate::net::{Carrier, Class, Near, Net, Way};
use crate::rng::Rng;
use crate::routes::Reach;
use crate::sites::Site;
use crate::terrain::Terrain;

/// Metres between the vertices of local roads. With [`CLEAR`] metres kept to other vertices no two roads cross unseen.
const STEP: f64 = 28.0;
const CLEAR: f64 = 30.0;
/// Metres from a house to the region's edge, at least: what is straight there in metres is bent in degrees, by centimetres.
const EDGE: f64 = 1.0;
/// Metres between the middles of two houses.
const HOUSE_GAP: f64 = 19.0;
/// Metres from a house's middle to any road vertex.
const HOUSE_TO_ROAD: f64 = 15.9;

/// What stands on a plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Home,
    Farm,
    Cabin,
}

/// A house with an address.
#[derive(Debug, Clone)]
pub(crate) struct House {
    pub(crate) at: (f64, f64),
    /// Unit vector along the front.
    pub(crate) along: (f64, f64),
    /// Width along the front and depth, metres.
    pub(crate) size: (f64, f64),
    /// The way it is numbered along.
    pub(crate) way: u32,
    /// Whether it stands left of the way.
    pub(crate) left: bool,
    /// The settlement it belongs to.
    pub(crate) site: u32,
    pub(crate) usage: Use,
}

/// Everything that grows.
pub(crate) struct Growth<'a> {
    pub(crate) terrain: &'a Terrain,
    pub(crate) reach: &'a Reach,
    pub(crate) net: &'a mut Net,
    pub(crate) houses: Vec<House>,
    near: Near,
    rng: Rng,
    premises: usize,
}

impl<'a> Growth<'a> {
    pub(crate) fn new(terrain: &'a Terrain, reach: &'a Reach, net: &'a mut Net, seed: u64, premises: usize) -> Self {
        let near = Near::new(terrain);
        Self { terrain, reach, net, houses: Vec::with_capacity(premises), near, rng: Rng::new(seed, 41), premises }
    }

    /// Builds the villages, then scatters what is left along the roads, until there are as many houses as asked for.
    pub(crate) fn run(&mut self, sites: &[Site]) {
        let trunk = self.net.ways.len();
        let mut by_site: Vec<Vec<(f64, u32, u32)>> = vec![Vec::new(); sites.len()];
        for (way, index, vertex) in self.ground_vertices(0, trunk) {
            let at = self.net.places[vertex as usize];
            let site = self.site_of(at);
            let d = distance(at, sites[site as usize].at);
            by_site[site as usize].push((d, way, index));
        }
        for (site, mut starts) in sites.iter().zip(by_site) {
            starts.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
            self.village(site, &starts);
        }
        self.countryside();
        self.woods();
    }

    fn site_of(&self, at: (f64, f64)) -> u32 {
        self.reach.owner[self.terrain.nearest(at.0, at.1) as usize]
    }

    /// Inner vertices of ways on the ground: way, position, vertex.
    fn ground_vertices(&self, from: usize, to: usize) -> Vec<(u32, u32, u32)> {
        let mut found = Vec::new();
        for (w, way) in self.net.ways.iter().enumerate().take(to).skip(from) {
            if way.carrier == Carrier::Ground {
                for i in 1..way.vertices.len().saturating_sub(1) {
                    found.push((w as u32, i as u32, way.vertices[i]));
                }
            }
        }
        found
    }

    /// Unit vector along a way at an inner vertex.
    fn along(&self, way: u32, index: u32) -> (f64, f64) {
        let vertices = &self.net.ways[way as usize].vertices;
        let at = |i: usize| self.net.places[vertices[i.min(vertices.len() - 1)] as usize];
        let (a, b) = (at((index as usize).saturating_sub(1)), at(index as usize + 1));
        unit_vector((b.0 - a.0, b.1 - a.1))
    }

    fn village(&mut self, site: &Site, starts: &[(f64, u32, u32)]) {
        let quota = (site.quota as usize).min(self.premises - self.houses.len());
        let mut wanted = site.quota as f64 * 13.5;
        let radius = 140.0 + 21.0 * f64::from(site.quota).sqrt();
        let mut queue = VecDeque::new();
        let mut served: Vec<u32> = Vec::new();
        for &(d, way, index) in starts.iter().take_while(|s| s.0 < radius) {
            if !served.contains(&way) {
                served.push(way);
            }
            wanted -= 22.0;
            if index % 3 == 1 && d < radius * 0.9 {
                let along = self.along(way, index);
                let vertex = self.net.ways[way as usize].vertices[index as usize];
                let first_left = self.rng.chance(0.5);
                for left in [first_left, !first_left] {
                    if self.rng.chance(0.85) {
                        queue.push_back((vertex, if left { (-along.1, along.0) } else { (along.1, -along.0) }, 0u32));
                    }
                }
            }
        }
        let first_street = self.net.ways.len();
        while let Some((vertex, heading, generation)) = queue.pop_front() {
            if wanted <= 0.0 {
                break;
            }
            let steps = 3 + self.rng.below(if site.quota > 120 { 9 } else { 6 });
            let Some(vertices) = self.grow(vertex, heading, steps, 0.16, 0.22, true) else { continue };
            wanted -= vertices.len() as f64 * STEP;
            if generation < 3 {
                let phase = self.rng.below(2);
                for k in (2..vertices.len()).filter(|k| (k + phase).is_multiple_of(3)) {
                    let (a, b) = (self.net.places[vertices[k - 1] as usize], self.net.places[vertices[k] as usize]);
                    let along = unit_vector((b.0 - a.0, b.1 - a.1));
                    queue.push_back((vertices[k], (-along.1, along.0), generation + 1));
                    queue.push_back((vertices[k], (along.1, -along.0), generation + 1));
                }
            }
            let name = names::street(&mut self.rng);
            let paved = generation < 2 || self.rng.chance(0.6);
            self.net.ways.push(Way {
                vertices,
                class: if site.quota < 25 { Class::Unclassified } else { Class::Residential },
                carrier: Carrier::Ground,
                paved,
                private: false,
                name,
            });
        }
        let goal = self.houses.len() + quota;
        let streets: Vec<u32> = (first_street as u32..self.net.ways.len() as u32).collect();
        let reach = |d: f64| if d < radius { 0.92 } else { 0.0 };
        // From the middle outwards: first along the main road, then street by street.
        for way in served.into_iter().chain(streets) {
            let count = self.net.ways[way as usize].vertices.len();
            for i in 0..count - 1 {
                if self.houses.len() >= goal {
                    return;
                }
                let at = self.net.places[self.net.ways[way as usize].vertices[i] as usize];
                let chance = reach(distance(at, site.at) * if way as usize >= first_street { 0.5 } else { 1.0 });
                if self.rng.chance(chance) {
                    self.pair(way, i, Use::Home);
                }
            }
        }
    }

    /// Up to two houses, left and right of a stretch of road.
    fn pair(&mut self, way: u32, index: usize, usage: Use) {
        for left in [true, false] {
            let (t, setback) = (self.rng.range(0.2, 0.8), self.rng.range(16.5, 24.0));
            self.house(way, index, t, left, setback, usage);
        }
    }

    /// Puts a house at part `t` of the way's stretch `index`, `setback` metres to its side, if there is room.
    fn house(&mut self, way: u32, index: usize, t: f64, left: bool, setback: f64, usage: Use) -> bool {
        if self.houses.len() >= self.premises {
            return false;
        }
        let vertices = &self.net.ways[way as usize].vertices;
        let (a, b) = (self.net.places[vertices[index] as usize], self.net.places[vertices[index + 1] as usize]);
        let along = unit_vector((b.0 - a.0, b.1 - a.1));
        let side = if left { (-along.1, along.0) } else { (along.1, -along.0) };
        let at = (a.0 + t * (b.0 - a.0) + setback * side.0, a.1 + t * (b.1 - a.1) + setback * side.1);
        let free = self.terrain.is_land(at.0, at.1)
            && self.terrain.to_edge(at.0, at.1) > EDGE
            && self.terrain.slope(at.0, at.1) < 0.45
            && self.net.nearest(at, HOUSE_TO_ROAD, |_| false).is_none()
            && self.room(at, HOUSE_GAP);
        if !free {
            return false;
        }
        let size = match usage {
            Use::Home => (self.rng.range(9.0, 14.0), self.rng.range(7.0, 10.0)),
            Use::Farm => (self.rng.range(11.0, 16.0), self.rng.range(8.0, 10.5)),
            Use::Cabin => (self.rng.range(7.0, 10.0), self.rng.range(5.0, 7.0)),
        };
        let site = self.site_of(at);
        self.near.add(at);
        self.houses.push(House { at, along, size, way, left, site, usage });
        true
    }

    /// Whether no house stands within `gap` metres.
    pub(crate) fn room(&self, at: (f64, f64), gap: f64) -> bool {
        let mut free = true;
        self.near.visit(at, |k| free &= distance(self.houses[k as usize].at, at) >= gap);
        free
    }

    /// Grows a road from a vertex: up to `steps` steps, `bend` in each at most, no steeper than `grade`.
    fn grow(
        &mut self,
        from: u32,
        heading: (f64, f64),
        steps: usize,
        bend: f64,
        grade: f64,
        join: bool,
    ) -> Option<Vec<u32>> {
        let mut line: Vec<(f64, f64)> = Vec::new();
        let mut here = self.net.places[from as usize];
        let mut heading = heading;
        let mut joined = None;
        for step in 0..steps {
            if step > 0 {
                heading = turned(heading, self.rng.range(-bend, bend));
            }
            // On a slope the road turns along it.
            let (gx, gy) = self.terrain.gradient(here.0, here.1);
            let steep = (gx * gx + gy * gy).sqrt();
            if steep > grade * 0.7 && step > 0 {
                let level = unit_vector((-gy, gx));
                let sign = if level.0 * heading.0 + level.1 * heading.1 < 0.0 { -1.0 } else { 1.0 };
                heading = unit_vector((heading.0 + 0.5 * sign * level.0, heading.1 + 0.5 * sign * level.1));
            }
            let there = (here.0 + STEP * heading.0, here.1 + STEP * heading.1);
            let rise = (self.terrain.at(there.0, there.1) - self.terrain.at(here.0, here.1)).abs();
            if !self.terrain.is_land(there.0, there.1) || rise > grade * STEP || !self.room(there, HOUSE_TO_ROAD) {
                break;
            }
            let own = |k: u32| k == from && step < 2;
            if let Some((other, _)) = self.net.nearest(there, CLEAR, own) {
                let target = self.net.places[other as usize];
                let gap = distance(target, here);
                let ahead = (target.0 - here.0) * heading.0 + (target.1 - here.1) * heading.1;
                let nearest_to_here = self.net.nearest(here, 46.0, |k| k == from && step < 2).map(|n| n.0);
                if join && step > 1 && gap > 12.0 && gap < 45.0 && ahead > 0.6 * gap && nearest_to_here == Some(other) {
                    joined = Some(other);
                }
                break;
            }
            let itself = line.iter().rev().skip(1).any(|&p| distance(p, there) < CLEAR);
            if itself {
                break;
            }
            line.push(there);
            here = there;
        }
        if line.len() < 2 {
            return None;
        }
        let mut vertices = vec![from];
        for at in line {
            vertices.push(self.net.vertex(at));
        }
        vertices.extend(joined);
        Some(vertices)
    }

    /// Scatters houses, farms and cabins along the roads until all premises are there.
    fn countryside(&mut self) {
        let mut from = 0;
        for round in 0..9 {
            let to = self.net.ways.len();
            let vertices = self.ground_vertices(if round % 3 == 2 { 0 } else { from }, to);
            from = if round % 3 == 1 { 0 } else { to };
            for k in self.rng.order(vertices.len()) {
                if self.houses.len() >= self.premises {
                    return;
                }
                let (way, index, vertex) = vertices[k as usize];
                let class = self.net.ways[way as usize].class;
                if class == Class::Residential || class == Class::Service {
                    continue;
                }
                // Sparse first, so that what there is spreads over the whole region.
                if self.rng.chance(if round == 0 { 0.35 } else { 0.6 }) {
                    self.homestead(way, index as usize, vertex, class);
                }
            }
            if from == to && round % 3 == 0 {
                from = 0;
            }
        }
        // Should there still be too few, every free plot is taken.
        for way in 0..self.net.ways.len() as u32 {
            if self.net.ways[way as usize].carrier != Carrier::Ground {
                continue;
            }
            for index in 0..self.net.ways[way as usize].vertices.len() - 1 {
                for (t, left) in [(0.1, true), (0.1, false), (0.6, true), (0.6, false)] {
                    self.house(way, index, t, left, 17.0, Use::Home);
                    self.house(way, index, t, left, 38.0, Use::Home);
                }
            }
        }
    }

    fn homestead(&mut self, way: u32, index: usize, vertex: u32, class: Class) {
        let along = self.along(way, index as u32);
        let at = self.net.places[vertex as usize];
        let (gx, gy) = self.terrain.gradient(at.0, at.1);
        let uphill_left = -along.1 * gx + along.0 * gy > 0.0;
        let left = if self.rng.chance(0.75) { uphill_left } else { !uphill_left };
        let heading = if left { (-along.1, along.0) } else { (along.1, -along.0) };
        let kind = self.rng.unit();
        if class == Class::Track {
            let setback = self.rng.range(18.0, 40.0);
            self.house(way, index, 0.5, left, setback, Use::Cabin);
        } else if kind < 0.30 {
            let (t, setback) = (self.rng.range(0.1, 0.9), self.rng.range(17.0, 34.0));
            self.house(way, index, t, left, setback, if kind < 0.2 { Use::Home } else { Use::Farm });
        } else if kind < 0.46 {
            // A driveway to a farm off the road.
            if let Some(vertices) = self.grow(vertex, heading, 2 + (kind * 100.0) as usize % 3, 0.1, 0.3, false) {
                let last = vertices.len() - 2;
                let drive = self.add_way(vertices, Class::Service, String::new(), false);
                self.net.ways[drive as usize].private = true;
                self.net.ways[drive as usize].name = self.net.ways[way as usize].name.clone();
                self.house(drive, last, 0.9, left, 17.0, Use::Farm);
            }
        } else if kind < 0.88 {
            let steps = 4 + self.rng.below(20);
            if let Some(vertices) = self.grow(vertex, heading, steps, 0.3, 0.22, false) {
                let name = names::farm(&mut self.rng);
                let paved = self.rng.chance(0.15);
                let stretches = vertices.len() - 1;
                let road = self.add_way(vertices, Class::Unclassified, name, paved);
                let mut k = 1 + self.rng.below(2);
                while k < stretches {
                    let left = self.rng.chance(0.5);
                    let (t, setback) = (self.rng.unit(), self.rng.range(17.0, 36.0));
                    let usage = if self.rng.chance(0.55) { Use::Farm } else { Use::Home };
                    self.house(road, k, t, left, setback, usage);
                    k += 1 + self.rng.below(5);
                }
                self.house(road, stretches - 1, 0.9, true, 18.0, Use::Farm);
            }
        } else {
            let steps = 10 + self.rng.below(26);
            if let Some(vertices) = self.grow(vertex, heading, steps, 0.35, 0.3, false) {
                let stretches = vertices.len() - 1;
                let track = self.add_way(vertices, Class::Track, String::new(), false);
                if self.rng.chance(0.5) {
                    for k in (stretches / 2..stretches).step_by(2) {
                        let left = self.rng.chance(0.5);
                        let setback = self.rng.range(17.0, 45.0);
                        self.house(track, k, 0.5, left, setback, Use::Cabin);
                    }
                }
            }
        }
    }

    fn add_way(&mut self, vertices: Vec<u32>, class: Class, name: String, paved: bool) -> u32 {
        self.net.ways.push(Way { vertices, class, carrier: Carrier::Ground, paved, private: false, name });
        (self.net.ways.len() - 1) as u32
    }

    /// Forest tracks that nobody lives on.
    fn woods(&mut self) {
        let vertices = self.ground_vertices(0, self.net.ways.len());
        let tracks = self.premises / 30;
        let mut laid = 0;
        for k in self.rng.order(vertices.len()).into_iter().take(tracks * 8) {
            if laid >= tracks {
                return;
            }
            let (way, index, vertex) = vertices[k as usize];
            if [Class::Residential, Class::Service, Class::Primary].contains(&self.net.ways[way as usize].class) {
                continue;
            }
            let along = self.along(way, index);
            let heading = if self.rng.chance(0.5) { (-along.1, along.0) } else { (along.1, -along.0) };
            let steps = 8 + self.rng.below(30);
            if let Some(vertices) = self.grow(vertex, heading, steps, 0.35, 0.34, false) {
                self.add_way(vertices, Class::Track, String::new(), false);
                laid += 1;
            }
        }
    }
}

/// Distance in metres.
pub(crate) fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    ((a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1)).sqrt()
}

/// The vector at length one; east where it has no length.
pub(crate) fn unit_vector(v: (f64, f64)) -> (f64, f64) {
    let length = (v.0 * v.0 + v.1 * v.1).sqrt();
    if length > 1e-9 { (v.0 / length, v.1 / length) } else { (1.0, 0.0) }
}

/// Turned left by the angle whose half has tangent `t`.
fn turned(v: (f64, f64), t: f64) -> (f64, f64) {
    let (c, s) = ((1.0 - t * t) / (1.0 + t * t), 2.0 * t / (1.0 + t * t));
    (v.0 * c - v.1 * s, v.0 * s + v.1 * c)
}
