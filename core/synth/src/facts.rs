//! What is known about each address: kind, households, street and number, public sites, service today, sign-ups.

use std::collections::BTreeMap;

use crate::growth::{House, Use, distance};
use crate::municipalities::Municipalities;
use crate::names::Names;
use crate::net::{Carrier, Net};
use crate::rng::{Rng, unit};
use crate::routes::Link;
use crate::sites::Site;
use crate::terrain::Terrain;

/// The facts of one address.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) street: String,
    pub(crate) number: u32,
    pub(crate) municipality: usize,
    /// `home`, `cabin`, `business`, `public` or `outbuilding`.
    pub(crate) kind: &'static str,
    pub(crate) households: u32,
    /// Mbit/s down and up, and technology.
    pub(crate) service: (f64, f64, &'static str),
    pub(crate) signed_up: bool,
}

/// A public site in a house.
#[derive(Debug, Clone)]
pub(crate) struct Public {
    pub(crate) house: u32,
    pub(crate) kind: &'static str,
    pub(crate) name: String,
}

/// Of ten addresses, ordered from the centres outwards, so many have fibre or cable. Whole numbers: a share is not rounded.
const SERVED_OF_TEN: usize = 7;

/// Whoever has so many Mbit/s today is not asked to sign up.
const ENOUGH: f64 = 100.0;

/// Draws all facts.
pub(crate) struct Census<'a> {
    pub(crate) seed: u64,
    pub(crate) terrain: &'a Terrain,
    pub(crate) net: &'a Net,
    pub(crate) houses: &'a [House],
    pub(crate) sites: &'a [Site],
    pub(crate) links: &'a [Link],
    pub(crate) names: &'a Names,
    pub(crate) municipalities: &'a Municipalities,
}

impl Census<'_> {
    /// Facts in the houses' order, and the public sites.
    pub(crate) fn take(&self) -> (Vec<Facts>, Vec<Public>) {
        let mut rng = Rng::new(self.seed, 51);
        let of: Vec<usize> = self.houses.iter().map(|h| self.municipalities.of(h.at)).collect();
        let publics = self.publics(&of);
        let mut numbers: BTreeMap<(usize, &str), [u32; 2]> = BTreeMap::new();
        let mut facts: Vec<Facts> = Vec::with_capacity(self.houses.len());
        for (house, &municipality) in self.houses.iter().zip(&of) {
            let name = self.net.ways[house.way as usize].name.as_str();
            let street = if name.is_empty() { self.names.site(house.site) } else { name };
            let next = &mut numbers.entry((municipality, street)).or_insert([0, 0])[usize::from(house.left)];
            *next += 1;
            let number = 2 * *next - u32::from(house.left);
            let d = distance(house.at, self.sites[house.site as usize].at);
            let town = self.sites[house.site as usize].quota >= 90 && d < 260.0;
            let (kind, households) = match house.usage {
                Use::Cabin => ("cabin", 1),
                Use::Farm if rng.chance(0.12) => ("business", 1),
                Use::Farm if rng.chance(0.03) => ("outbuilding", 0),
                Use::Home if town && rng.chance(0.16) => ("business", 1),
                Use::Home if town && rng.chance(0.14) => ("home", 2 + rng.below(7) as u32),
                Use::Home if rng.chance(0.01) => ("outbuilding", 0),
                _ => ("home", 1),
            };
            let street = street.to_owned();
            let service = (0.0, 0.0, "none");
            facts.push(Facts { street, number, municipality, kind, households, service, signed_up: false });
        }
        for public in &publics {
            let facts = &mut facts[public.house as usize];
            facts.kind = "public";
            facts.households = 0;
        }
        self.service(&mut facts, &mut rng);
        self.service_of_publics(&mut facts, &publics);
        (facts, publics)
    }

    /// Town hall, school and more in each municipality, and a school in every larger village.
    fn publics(&self, of: &[usize]) -> Vec<Public> {
        let mut taken = vec![false; self.houses.len()];
        let mut publics = Vec::new();
        let mut nearest: Vec<Vec<(f64, u32)>> = vec![Vec::new(); self.municipalities.seats.len()];
        for (k, (house, &m)) in self.houses.iter().zip(of).enumerate() {
            let d = distance(house.at, self.sites[self.municipalities.seats[m] as usize].at);
            let list = &mut nearest[m];
            if list.len() == 16 && d >= list[15].0 {
                continue;
            }
            let place = list.partition_point(|e| (e.0, e.1) < (d, k as u32));
            list.insert(place, (d, k as u32));
            list.truncate(16);
        }
        for (m, list) in nearest.iter().enumerate() {
            let name = crate::names::MUNICIPALITIES[m].1;
            let kinds = [
                ("town_hall", format!("{name} kommunehus")),
                ("school", format!("{name} skule")),
                ("kindergarten", format!("{name} barnehage")),
                ("health", format!("{name} helsesenter")),
                ("library", format!("{name} bibliotek")),
                ("fire_station", format!("{name} brannstasjon")),
            ];
            let sparse = if list.len() < 14 { 2 } else { 6 };
            for ((kind, name), &(_, house)) in
                kinds.into_iter().take(sparse).zip(list.iter().step_by(if sparse == 2 { 1 } else { 2 }))
            {
                taken[house as usize] = true;
                publics.push(Public { house, kind, name });
            }
            if m == 0
                && let Some(&(_, house)) = list.iter().find(|e| !taken[e.1 as usize])
            {
                taken[house as usize] = true;
                publics.push(Public { house, kind: "server_room", name: format!("{name} driftssenter") });
            }
        }
        // The house nearest to the point 150 m north-east of each larger village's centre is its school.
        let mut best: Vec<(f64, u32)> = vec![(f64::MAX, 0); self.sites.len()];
        for (k, house) in self.houses.iter().enumerate() {
            let site = &self.sites[house.site as usize];
            let d = distance(house.at, (site.at.0 + 150.0, site.at.1 + 150.0));
            if site.quota >= 70 && !taken[k] && d < best[house.site as usize].0 {
                best[house.site as usize] = (d, k as u32);
            }
        }
        for (k, (d, house)) in best.into_iter().enumerate() {
            if d < f64::MAX && !self.municipalities.seats.contains(&(k as u32)) {
                publics.push(Public { house, kind: "school", name: format!("{} skule", self.names.site(k as u32)) });
            }
        }
        publics
    }

    /// Service today: the remotest have the least.
    fn service(&self, facts: &mut [Facts], rng: &mut Rng) {
        let island = self.across_water();
        let remoteness: Vec<f64> = self
            .houses
            .iter()
            .map(|house| {
                let site = &self.sites[house.site as usize];
                let key = u64::from(house.site);
                let settled = 1.0 / (1.0 + f64::from(site.quota) / 45.0);
                let away = (distance(house.at, site.at) / 1_300.0).min(1.4);
                let usage = match house.usage {
                    Use::Home => 0.0,
                    Use::Farm => 0.22,
                    Use::Cabin => 0.5,
                };
                let sea = if island[house.site as usize] { 0.55 } else { 0.0 };
                0.9 * settled + 0.75 * away + usage + sea + 0.5 * unit(self.seed ^ 52, key) + 0.15 * rng.unit()
            })
            .collect();
        let mut order: Vec<u32> = (0..facts.len() as u32).collect();
        order.sort_unstable_by(|&a, &b| remoteness[a as usize].total_cmp(&remoteness[b as usize]).then(a.cmp(&b)));
        let served = facts.len() * SERVED_OF_TEN / 10;
        let unserved = (facts.len() - served).max(1) as f64;
        for (rank, &k) in order.iter().enumerate() {
            let site = &self.sites[self.houses[k as usize].site as usize];
            let luck = rng.unit();
            let fact = &mut facts[k as usize];
            fact.service = if rank < served {
                match luck {
                    l if site.quota > 200 && l < 0.35 => (500.0, 50.0, "cable"),
                    l if l < 0.7 => (1_000.0, 1_000.0, "fibre"),
                    _ => (500.0, 500.0, "fibre"),
                }
            } else {
                let deep = (rank - served) as f64 / unserved;
                match luck + 0.4 * deep {
                    l if l < 0.35 => (60.0, 15.0, "vdsl"),
                    l if l < 0.75 => (40.0, 10.0, "fixed wireless"),
                    l if l < 1.15 => (12.0, 1.5, "adsl"),
                    l if l < 1.28 => (30.0, 4.0, "satellite"),
                    _ => (0.0, 0.0, "none"),
                }
            };
            let willing = match fact.kind {
                "public" => 1.0,
                "cabin" => 0.25,
                "outbuilding" => 0.0,
                _ => 0.46 + 0.2 * (unit(self.seed ^ 53, u64::from(self.houses[k as usize].site)) - 0.5),
            };
            fact.signed_up = rank >= served && rng.chance(willing);
        }
    }

    /// A public site has what some home of its municipality has: who built first did not always begin with the school. The
    /// school with the least is a new building that has no line yet. A server room stands where it is well served.
    fn service_of_publics(&self, facts: &mut [Facts], publics: &[Public]) {
        let mut rng = Rng::new(self.seed, 54);
        let mut homes: Vec<Vec<usize>> = vec![Vec::new(); self.municipalities.seats.len()];
        for (at, fact) in facts.iter().enumerate().filter(|(_, fact)| fact.kind == "home") {
            homes[fact.municipality].push(at);
        }
        for public in publics.iter().filter(|public| public.kind != "server_room") {
            let site = public.house as usize;
            let here = &homes[facts[site].municipality];
            if let Some(&home) = here.get(rng.below(here.len())) {
                facts[site].service = facts[home].service;
                facts[site].signed_up = facts[home].service.0 < ENOUGH;
            }
        }
        let schools = publics.iter().filter(|public| public.kind == "school").map(|public| public.house as usize);
        let least = schools.min_by(|&a, &b| facts[a].service.0.total_cmp(&facts[b].service.0));
        if let Some(site) = least.filter(|&site| facts[site].signed_up) {
            facts[site].service = (0.0, 0.0, "none");
        }
    }

    /// Which settlements are reached from the largest mainland only over water.
    fn across_water(&self) -> Vec<bool> {
        let mut groups: Vec<u32> = (0..self.sites.len() as u32).collect();
        let root = |groups: &[u32], mut k: u32| {
            while groups[k as usize] != k {
                k = groups[k as usize];
            }
            k
        };
        for link in self.links {
            if link.nodes.iter().all(|&n| self.terrain.height[n as usize] > 0.0) {
                let (a, b) = (root(&groups, link.ends.0), root(&groups, link.ends.1));
                groups[a.max(b) as usize] = a.min(b);
                groups[link.ends.0 as usize] = a.min(b);
                groups[link.ends.1 as usize] = a.min(b);
            }
        }
        let mut people: BTreeMap<u32, u64> = BTreeMap::new();
        for (k, site) in self.sites.iter().enumerate() {
            *people.entry(root(&groups, k as u32)).or_default() += u64::from(site.quota);
        }
        let main = people.iter().max_by_key(|(k, n)| (**n, std::cmp::Reverse(**k))).map(|(k, _)| *k);
        (0..self.sites.len() as u32).map(|k| Some(root(&groups, k)) != main).collect()
    }
}

/// Vertices beside which a handover stands: near the largest settlements, apart from each other.
pub(crate) fn handovers(
    net: &Net,
    sites: &[Site],
    junctions: &BTreeMap<u32, u32>,
    count: usize,
) -> Vec<(u32, (f64, f64))> {
    let mut order: Vec<u32> = (0..sites.len() as u32).collect();
    order.sort_by_key(|&k| (std::cmp::Reverse(sites[k as usize].quota), k));
    let mut chosen: Vec<(u32, (f64, f64))> = Vec::new();
    for apart in [6_000.0, 2_500.0, 0.0] {
        for &k in &order {
            let near =
                chosen.iter().any(|c| c.0 == k || distance(sites[c.0 as usize].at, sites[k as usize].at) < apart);
            if chosen.len() < count
                && !near
                && let Some(&vertex) = junctions.get(&sites[k as usize].node)
            {
                let at = net.places[vertex as usize];
                chosen.push((k, (at.0 + 6.0, at.1 - 5.0)));
            }
        }
    }
    chosen
}

/// Whether pole lines or ducts may follow the way.
pub(crate) fn on_ground(net: &Net, way: usize) -> bool {
    net.ways[way].carrier == Carrier::Ground && net.ways[way].vertices.len() >= 4
}
