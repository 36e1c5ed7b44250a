//! The files of a region, table by table.

use std::io::Write as _;

use breiband_model::{
    Budget, BusinessSettings, FixedCost, Freeze, GameSettings, Goal, Input, KeyPart, Lots, Measure, Member, Milestone,
    MixSettings, Need, ProgrammeSettings, Role, Scenario, SharingKey, SiteKind, SupportAreas, SupportScheme,
};

use crate::contour::{Area, Window};
use crate::facts::{Facts, Public};
use crate::growth::{House, Use, distance};
use crate::municipalities::Municipalities;
use crate::names::{MUNICIPALITIES, Names, POSTCODES};
use crate::net::{Carrier, Class, Net};
use crate::noise::Noise;
use crate::power::PowerLine;
use crate::rng::unit;
use crate::terrain::{CELL, Terrain};
use crate::write::{Degrees, Features};
use crate::{Recipe, SyntheticFile};

/// Lattice cells along the side of the squares that areas are cut into: 30 km.
const TILE: usize = 469;
/// Longest coastline in one line, points.
const COASTLINE: usize = 400;

/// Everything that is written.
pub(crate) struct Country<'a> {
    pub(crate) recipe: &'a Recipe,
    pub(crate) premises: u32,
    pub(crate) degrees: Degrees,
    pub(crate) terrain: &'a Terrain,
    pub(crate) net: &'a Net,
    pub(crate) houses: &'a [House],
    pub(crate) facts: &'a [Facts],
    pub(crate) publics: &'a [Public],
    pub(crate) names: &'a Names,
    pub(crate) municipalities: &'a Municipalities,
    pub(crate) handovers: Vec<(u32, (f64, f64))>,
    pub(crate) power: Vec<PowerLine>,
    pub(crate) ducts: Vec<Vec<(f64, f64)>>,
    pub(crate) seed: u64,
}

impl Country<'_> {
    /// All files, the scenario last.
    pub(crate) fn files(&self) -> Vec<SyntheticFile> {
        let file = |name: &str, role, bytes| SyntheticFile { name: name.to_owned(), role, bytes };
        let mut files = vec![
            file("ways.geojson", Role::Ways, self.ways()),
            file("premises.csv", Role::Premises, self.addresses()),
            file("service.csv", Role::Service, self.service()),
            file("sign-ups.csv", Role::SignUps, self.sign_ups()),
            file("borders.geojson", Role::Borders, self.borders()),
            file("handovers.geojson", Role::Handovers, self.handover_points()),
            file("sites.geojson", Role::Sites, self.sites()),
            file("buildings.geojson", Role::Buildings, self.buildings()),
            file("water.geojson", Role::Water, self.water()),
            file("land.geojson", Role::LandUse, self.land()),
            file("power.geojson", Role::Power, self.power_lines()),
        ];
        if !self.ducts.is_empty() {
            files.push(file("ducts.geojson", Role::Ducts, self.duct_lines()));
        }
        if self.recipe.terrain {
            files.push(file("terrain.tif", Role::Terrain, crate::tiff::geotiff(self.terrain, &self.degrees)));
            files.push(file("masts.csv", Role::Masts, self.masts()));
        }
        let inputs = files.iter().map(|f| Input { role: f.role, ..Input::auto(f.name.as_str()) }).collect();
        let title = format!("Invented fjord country, {} premises, seed {}", self.premises, self.recipe.seed);
        let mut scenario = Scenario::new(title, self.recipe.date.as_str(), inputs);
        scenario.notice = "Invented data: no place, road or address in it exists".to_owned();
        scenario.programme = Some(self.programme());
        if self.recipe.terrain {
            scenario.goal = Goal::Cheapest { threshold_mbps: scenario.goal.threshold_mbps() };
            let schools = Need { sites: vec![SiteKind::School], mbps: 1_000.0, ..Need::default() };
            scenario.mix =
                Some(MixSettings { propose: 6, propose_least: 10, needs: vec![schools], ..MixSettings::default() });
        }
        scenario.support = Some(SupportScheme {
            name: "Example scheme".to_owned(),
            source: "invented, for the example".to_owned(),
            areas: SupportAreas::Clusters,
            cluster_metres: 300.0,
            cluster_least: 4,
            most_per_premises: Some(25_000.0),
            yearly_cap: Some((self.lacking() * 4_000.0 / 100_000.0).ceil() * 100_000.0),
            ..SupportScheme::default()
        });
        let comment = "# Invented data: fjord country made from a seed. No place, road or address in it exists.\n";
        files.push(file("orders.csv", Role::Auto, self.orders()));
        files.push(file("scenario.toml", Role::Auto, format!("{comment}{}", scenario.to_toml()).into_bytes()));
        files
    }

    /// Masts that stand: the highest node of the ground in each of the region's quarters, with three sectors.
    fn masts(&self) -> Vec<u8> {
        let mut out = b"id,lon,lat,name,height_m,sectors,existing\n".to_vec();
        let (nx, ny) = (self.terrain.nx, self.terrain.ny);
        for quarter in 0..4 {
            let (left, low) = (quarter % 2 * nx / 2, quarter / 2 * ny / 2);
            let nodes = (low..low + ny / 2).flat_map(|j| (left..left + nx / 2).map(move |i| j * nx + i));
            let highest =
                nodes.max_by(|&a, &b| self.terrain.height[a].total_cmp(&self.terrain.height[b]).then(b.cmp(&a)));
            if let Some(node) = highest {
                let _ = write!(out, "m{},", quarter + 1);
                self.degrees.append(&mut out, self.terrain.place(node as u32));
                let _ = writeln!(out, ",Mast {},30,3,true", quarter + 1);
            }
        }
        out
    }

    /// Premises that lack the speed which support is given for.
    fn lacking(&self) -> f64 {
        self.facts.iter().filter(|f| f.service.0 < 100.0).count() as f64
    }

    /// How the eight build together: invented inhabitants, the founding key, five years' budgets that do not reach quite all.
    fn programme(&self) -> ProgrammeSettings {
        let mut households = [0u64; MUNICIPALITIES.len()];
        for facts in self.facts {
            households[facts.municipality] += u64::from(facts.households);
        }
        let member = |((code, _), households): (&(&str, &str), u64)| Member {
            code: (*code).to_owned(),
            inhabitants: [
                ("2026-01-01".to_owned(), households * 21 / 10 + 7),
                ("2028-01-01".to_owned(), households * 83 / 40 + 5),
            ]
            .into(),
            ..Member::default()
        };
        let lacking = self.lacking();
        let part = |by, per_cent| KeyPart { by, per_cent };
        let founding = SharingKey {
            name: "30/70".to_owned(),
            parts: vec![part(Measure::Equal, 30.0), part(Measure::Inhabitants, 70.0)],
        };
        let plain = [Measure::ConnectedPremises, Measure::Metres, Measure::CauserPays].map(SharingKey::of);
        let amount = (lacking * 9_500.0 / 100_000.0).ceil() * 100_000.0;
        let fixed = |name: &str, year, share: f64| FixedCost {
            name: name.to_owned(),
            year,
            amount: (amount * share / 10_000.0).ceil() * 10_000.0,
        };
        let milestone = |name: &str, year, sites, premises| Milestone { name: name.to_owned(), year, sites, premises };
        // The last two addresses without service of the municipality that is named last.
        let wants =
            |f: &Facts| f.municipality + 1 == MUNICIPALITIES.len() && f.service.0 < 100.0 && f.kind != "outbuilding";
        let last = self.facts.iter().enumerate().rev().filter(|(_, f)| wants(f)).take(2);
        let mut far: Vec<String> = last.map(|(k, _)| format!("a{}", k + 1)).collect();
        far.sort();
        if far.is_empty() {
            far.push("a1".to_owned());
        }
        ProgrammeSettings {
            orders: "orders.csv".to_owned(),
            lots: Some(Lots { least: 600_000.0, mobilisation: 20_000.0 }),
            business: Some(BusinessSettings { source: "invented, for the example".to_owned(), ..Default::default() }),
            game: Some(GameSettings {
                wayleave_per_metre: 15.0,
                source: "invented, for the example".to_owned(),
                ..GameSettings::default()
            }),
            members: MUNICIPALITIES.iter().zip(households).map(member).collect(),
            keys: std::iter::once(founding).chain(plain).collect(),
            budgets: (2027..2032).map(|year| Budget { year, amount }).collect(),
            fixed: vec![fixed("Tender", 2027, 0.04), fixed("Programme office", 2028, 0.02)],
            milestones: vec![
                milestone("Skular", 2029, vec![SiteKind::School], Vec::new()),
                milestone("Ytste grenda", 2028, Vec::new(), far),
            ],
            freezes: vec![Freeze {
                from: 2028,
                to: 2028,
                municipality: MUNICIPALITIES[2].0.to_owned(),
                reason: "Omlegging av hovudvegen".to_owned(),
            }],
            ..ProgrammeSettings::usual()
        }
    }

    /// An order of each municipality for the last of its addresses without service: one ordered, one nearly approved.
    fn orders(&self) -> Vec<u8> {
        let mut out = b"id,municipality,targets,points,status,approved_by\n".to_vec();
        for (m, (code, _)) in MUNICIPALITIES.iter().enumerate() {
            let lacks = |f: &&Facts| f.municipality == m && f.service.0 < 100.0 && f.kind != "outbuilding";
            let ids = self.facts.iter().enumerate().filter(|(_, f)| lacks(f)).map(|(k, _)| format!("a{}", k + 1));
            let mut ids: Vec<String> = ids.collect();
            let targets = ids.split_off(ids.len().saturating_sub(3));
            if targets.is_empty() {
                continue;
            }
            let voters = MUNICIPALITIES.iter().map(|(code, _)| *code).filter(|voter| voter != code).take(m);
            let status = if m == 0 { "ordered" } else { "proposed" };
            let voters = voters.collect::<Vec<_>>().join(" ");
            let _ = writeln!(out, "o{},{code},{},{},{status},{voters}", m + 1, targets.join(" "), 10 + 5 * m);
        }
        out
    }

    fn ways(&self) -> Vec<u8> {
        let mut features = Features::new(&self.degrees);
        for (w, way) in self.net.ways.iter().enumerate() {
            let id = format!("w{}", w + 1);
            let mut properties = vec![("id", id.as_str())];
            match way.class.highway() {
                Some(highway) => properties.push(("highway", highway)),
                None => properties.push(("route", "ferry")),
            }
            match (way.class, way.paved) {
                (Class::Ferry, _) => {}
                (Class::Track, _) if w % 2 == 0 => properties.push(("surface", "ground")),
                (_, true) => properties.push(("surface", "asphalt")),
                (_, false) => properties.push(("surface", "gravel")),
            }
            match way.carrier {
                Carrier::Bridge => properties.extend([("bridge", "yes"), ("layer", "1")]),
                Carrier::Tunnel => properties.extend([("tunnel", "yes"), ("layer", "-1")]),
                Carrier::Ground | Carrier::Ferry => {}
            }
            if way.private {
                properties.push(("access", "private"));
            }
            if !way.name.is_empty() {
                properties.push(("name", &way.name));
            }
            features.line(&properties, way.vertices.iter().map(|&v| self.net.places[v as usize]));
        }
        features.finish()
    }

    fn addresses(&self) -> Vec<u8> {
        let mut out = b"id,lon,lat,street,number,postcode,city,municipality,households,kind\n".to_vec();
        for (k, (house, facts)) in self.houses.iter().zip(self.facts).enumerate() {
            let m = facts.municipality;
            let _ = write!(out, "a{},", k + 1);
            self.degrees.append(&mut out, house.at);
            let (code, name) = MUNICIPALITIES[m];
            let _ = writeln!(
                out,
                ",{},{},{},{name},{code},{},{}",
                facts.street, facts.number, POSTCODES[m], facts.households, facts.kind
            );
        }
        out
    }

    fn service(&self) -> Vec<u8> {
        let mut out = b"id,down_mbps,up_mbps,technology\n".to_vec();
        for (k, facts) in self.facts.iter().enumerate() {
            let (down, up, technology) = facts.service;
            let _ = writeln!(out, "a{},{down},{up},{technology}", k + 1);
        }
        out
    }

    fn sign_ups(&self) -> Vec<u8> {
        let mut out = b"id,signed_up\n".to_vec();
        for (k, facts) in self.facts.iter().enumerate() {
            if facts.service.0 < 100.0 {
                let _ = writeln!(out, "a{},{}", k + 1, facts.signed_up);
            }
        }
        out
    }

    fn borders(&self) -> Vec<u8> {
        let mut features = Features::new(&self.degrees);
        for (areas, (code, name)) in self.municipalities.areas.iter().zip(MUNICIPALITIES) {
            features.multi_polygon(&[("code", code), ("name", name)], areas);
        }
        features.finish()
    }

    fn handover_points(&self) -> Vec<u8> {
        let mut features = Features::new(&self.degrees);
        for (k, &(site, at)) in self.handovers.iter().enumerate() {
            let (id, name) = (format!("h{}", k + 1), format!("{} knutepunkt", self.names.site(site)));
            features.point(&[("id", &id), ("name", &name)], at);
        }
        features.finish()
    }

    fn sites(&self) -> Vec<u8> {
        let mut features = Features::new(&self.degrees);
        for (k, public) in self.publics.iter().enumerate() {
            let id = format!("s{}", k + 1);
            let properties = [("id", id.as_str()), ("kind", public.kind), ("name", &public.name)];
            features.point(&properties, self.houses[public.house as usize].at);
        }
        features.finish()
    }

    fn buildings(&self) -> Vec<u8> {
        let mut features = Features::new(&self.degrees);
        for (k, (house, facts)) in self.houses.iter().zip(self.facts).enumerate() {
            let id = format!("b{}", k + 1);
            let kind = match facts.kind {
                "public" => "public",
                "cabin" => "cabin",
                "business" => "commercial",
                "outbuilding" => "garage",
                _ if facts.households > 1 => "apartments",
                _ => "house",
            };
            features.polygon(&[("id", &id), ("building", kind)], &rectangle(house.at, house.along, house.size));
        }
        let mut barns = 0;
        for (k, house) in self.houses.iter().enumerate().filter(|(_, h)| h.usage == Use::Farm) {
            let side = if unit(self.seed ^ 71, k as u64) < 0.5 { 1.0 } else { -1.0 };
            let back = (if house.left { 1.0 } else { -1.0 }) * 7.0;
            let (ax, ay) = house.along;
            let at = (house.at.0 + side * 25.0 * ax - back * ay, house.at.1 + side * 25.0 * ay + back * ax);
            let clear = self.terrain.is_land(at.0, at.1)
                && self.net.nearest(at, 22.0, |_| false).is_none()
                && !self.near_house(k, at);
            if clear {
                barns += 1;
                let id = format!("b{}", self.houses.len() + barns);
                features.polygon(&[("id", &id), ("building", "barn")], &rectangle(at, house.along, (19.0, 11.0)));
            }
        }
        features.finish()
    }

    /// Whether a place is nearer than 22 m to a house built shortly before or after house `k`: those stand on the same road.
    fn near_house(&self, k: usize, at: (f64, f64)) -> bool {
        let range = k.saturating_sub(12)..(k + 13).min(self.houses.len());
        range.into_iter().any(|n| n != k && distance(self.houses[n].at, at) < 22.0)
    }

    fn water(&self) -> Vec<u8> {
        let mut features = Features::new(&self.degrees);
        let (nx, terrain) = (self.terrain.nx, self.terrain);
        let depth = |i: usize, j: usize| -f64::from(terrain.height[j * nx + i]);
        let height = |i: usize, j: usize| f64::from(terrain.height[j * nx + i]);
        let mut count = 0;
        for (i0, i1, j0, j1) in tiles(terrain.nx, terrain.ny) {
            for area in (Window { i0, i1, j0, j1, step: CELL, value: &depth }).areas() {
                count += 1;
                features.polygon(&[("id", &format!("v{count}")), ("natural", "water")], &area);
            }
        }
        let mut count = 0;
        for (i0, i1, j0, j1) in tiles(terrain.nx, terrain.ny) {
            for line in (Window { i0, i1, j0, j1, step: CELL, value: &height }).lines() {
                if !terrain.sea[line.below.1 * nx + line.below.0] {
                    continue;
                }
                let mut points = line.points;
                if line.closed {
                    points.push(points[0]);
                }
                let mut from = 0;
                while from + 1 < points.len() {
                    let to = (from + COASTLINE).min(points.len() - 1);
                    count += 1;
                    let properties = [("id", &*format!("c{count}")), ("natural", "coastline")];
                    features.line(&properties, points[from..=to].iter().copied());
                    from = to;
                }
            }
        }
        features.finish()
    }

    /// Farmland on the low, gentle ground, forest above it, rock at the top: areas of a coarser lattice.
    fn land(&self) -> Vec<u8> {
        const COARSE: usize = 3;
        let mut features = Features::new(&self.degrees);
        let terrain = self.terrain;
        let patch = Noise::new(self.seed, 72, 1_100.0);
        let step = COARSE as f64 * CELL;
        let h = |i: usize, j: usize| {
            f64::from(terrain.height[(j * COARSE).min(terrain.ny - 1) * terrain.nx + (i * COARSE).min(terrain.nx - 1)])
        };
        let at = |i: usize, j: usize| (i as f64 * step, j as f64 * step);
        let farmland = |i: usize, j: usize| {
            let (x, y) = at(i, j);
            let gentle = 90.0 * (0.17 - terrain.slope(x, y));
            (h(i, j) - 3.0).min(48.0 - h(i, j)).min(gentle) + 9.0 * patch.at(x, y) - 4.0
        };
        let tree_line = |x: f64, y: f64| 290.0 + 60.0 * patch.at(y, x);
        let forest = |i: usize, j: usize| {
            let (x, y) = at(i, j);
            (h(i, j) - 14.0).min(tree_line(x, y) - h(i, j)).min(-farmland(i, j) * 3.0)
        };
        let rock = |i: usize, j: usize| {
            let (x, y) = at(i, j);
            h(i, j) - tree_line(x, y) - 12.0
        };
        let (nx, ny) = ((terrain.nx - 1) / COARSE + 1, (terrain.ny - 1) / COARSE + 1);
        let mut count = 0;
        let mut emit = |landuse: &str, value: &dyn Fn(usize, usize) -> f64, least: f64| {
            for (i0, i1, j0, j1) in tiles_of(nx, ny, TILE / COARSE) {
                for area in (Window { i0, i1, j0, j1, step, value }).areas() {
                    if crate::contour::signed_area(&area.outer) > least {
                        count += 1;
                        features.polygon(&[("id", &format!("l{count}")), ("landuse", landuse)], &area);
                    }
                }
            }
        };
        emit("farmland", &farmland, 9_000.0);
        emit("forest", &forest, 30_000.0);
        emit("rock", &rock, 30_000.0);
        features.finish()
    }

    fn power_lines(&self) -> Vec<u8> {
        let mut features = Features::new(&self.degrees);
        for (k, line) in self.power.iter().enumerate() {
            let kind = if line.high { "line" } else { "minor_line" };
            features.line(&[("id", &format!("p{}", k + 1)), ("power", kind)], line.points.iter().copied());
        }
        let mut poles = 0;
        for line in &self.power {
            let kind = if line.high { "tower" } else { "pole" };
            for &at in &line.points {
                poles += 1;
                features.point(&[("id", &format!("m{poles}")), ("power", kind)], at);
            }
        }
        features.finish()
    }

    fn duct_lines(&self) -> Vec<u8> {
        let mut features = Features::new(&self.degrees);
        for (k, duct) in self.ducts.iter().enumerate() {
            let (id, name) = (format!("d{}", k + 1), format!("Trekkerør {}", k + 1));
            features.line(&[("id", &id), ("name", &name)], duct.iter().copied());
        }
        features.finish()
    }
}

/// A rectangle around a place, counter-clockwise.
fn rectangle(at: (f64, f64), along: (f64, f64), size: (f64, f64)) -> Area {
    let (w, d) = (size.0 / 2.0, size.1 / 2.0);
    let corner = |u: f64, v: f64| (at.0 + u * along.0 - v * along.1, at.1 + u * along.1 + v * along.0);
    Area { outer: vec![corner(-w, -d), corner(w, -d), corner(w, d), corner(-w, d)], holes: Vec::new() }
}

/// First and last node of each tile, both ways; neighbours share their edge.
fn tiles(nx: usize, ny: usize) -> impl Iterator<Item = (usize, usize, usize, usize)> {
    tiles_of(nx, ny, TILE)
}

fn tiles_of(nx: usize, ny: usize, tile: usize) -> impl Iterator<Item = (usize, usize, usize, usize)> {
    (0..ny - 1).step_by(tile).flat_map(move |j0| {
        (0..nx - 1).step_by(tile).map(move |i0| (i0, (i0 + tile).min(nx - 1), j0, (j0 + tile).min(ny - 1)))
    })
}
