//! Invented fjord country: a region with everything a planner's inputs hold, made from a seed, as files that are imported like
//! any others.
//!
//! ```
//! use breiband_synth::{Recipe, generate};
//! let files = generate(&Recipe { premises: 200, ..Recipe::default() });
//! assert!(files.iter().any(|f| f.name == "scenario.toml"));
//! ```
//!
//! # How it is made
//! Valleys are the zeros of a noise field; where their floors lie under the sea they are fjords and sounds. Settlements stand
//! on low, gentle ground, and roads follow the cheapest way between them on a lattice of 64 m. The same recipe gives the same
//! bytes native and WASM: no trigonometry, SplitMix64 for chance. Area, time and memory grow in proportion to the premises.

mod contour;
mod facts;
mod files;
mod growth;
mod municipalities;
mod names;
mod net;
mod noise;
mod power;
mod rng;
mod routes;
mod sites;
mod terrain;
mod tiff;
mod trunk;
mod write;

use breiband_model::Role;

/// What region to invent.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// Chooses one of 2⁶⁴ regions.
    pub seed: u64,
    /// Addresses: 100 to 1,000,000; outside, the nearer of these.
    pub premises: u32,
    /// Longitude and latitude of the region's middle, degrees. The default lies in the open Norwegian Sea, so that nobody takes
    /// the region for a real one.
    pub centre: (f64, f64),
    /// Date in the scenario, `yyyy-mm-dd`.
    pub date: String,
    /// Whether the ground's heights and masts are written too, and the scenario mixes technologies.
    pub terrain: bool,
}

/// Houses in a municipality at least: a town hall, a school, and somebody's home.
const FEWEST: u32 = 3;

impl Default for Recipe {
    fn default() -> Self {
        Self { seed: 1, premises: 4_000, centre: (3.6, 63.1), date: "2026-01-01".to_owned(), terrain: false }
    }
}

/// A file of an invented region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntheticFile {
    /// Name, unique in the region.
    pub name: String,
    /// What it is for; [`Role::Auto`] for the scenario itself and for the orders that it names.
    pub role: Role,
    /// Contents.
    pub bytes: Vec<u8>,
}

/// Invents a region. Takes time and memory in proportion to `premises`. A centre that is not in degrees, or nearer
/// than 10° to a pole, is taken as the default one.
///
/// # The files
/// Coordinates are degrees (WGS 84) with at most seven decimals. Ways that meet share a vertex, digit for digit.
///
/// | file | what | properties or columns |
/// |---|---|---|
/// | `ways.geojson` | lines | `id`, `highway` or `route` = `ferry`, `surface` = `asphalt`, `gravel` or `ground`, `bridge`, `tunnel`, `layer`, `access` = `private`, `name` |
/// | `premises.csv` | addresses | `id,lon,lat,street,number,postcode,city,municipality,households,kind` |
/// | `service.csv` | service today, one row an address | `id,down_mbps,up_mbps,technology` |
/// | `sign-ups.csv` | the addresses without 100 Mbit/s | `id,signed_up` = `true` or `false` |
/// | `borders.geojson` | eight areas | `code`, `name` |
/// | `handovers.geojson` | points | `id`, `name` |
/// | `sites.geojson` | points, each at the place of an address | `id`, `kind` = `school`, `town_hall`, …, `name` |
/// | `buildings.geojson` | areas; each address stands in one | `id`, `building` |
/// | `water.geojson` | areas `natural` = `water`; lines `natural` = `coastline`, land on their left | `id`, `natural` |
/// | `land.geojson` | areas | `id`, `landuse` = `farmland`, `forest`, `rock` |
/// | `power.geojson` | lines and points | `id`, `power` = `line`, `minor_line`, `pole`, `tower` |
/// | `ducts.geojson` | lines, where there are any | `id`, `name` |
/// | `terrain.tif` | GeoTIFF of heights, only where the recipe asks for terrain | whole metres at nodes some 64 m apart |
/// | `masts.csv` | masts, only where the recipe asks for terrain | `id,lon,lat,name,height_m,sectors,existing` |
/// | `orders.csv` | orders of the municipalities | `id,municipality,targets,points,status,approved_by` |
/// | `scenario.toml` | names all of these with their roles | |
pub fn generate(recipe: &Recipe) -> Vec<SyntheticFile> {
    let premises = recipe.premises.clamp(100, 1_000_000);
    let default = Recipe::default().centre;
    let sound = (-180.0..=180.0).contains(&recipe.centre.0) && (-80.0..=80.0).contains(&recipe.centre.1);
    let centre = if sound { recipe.centre } else { default };
    let square_metres = (70.0 + f64::from(premises) / 14.0) * 1e6;
    let width = (square_metres * 1.35).sqrt();
    let mut seed = rng::mix(recipe.seed);
    // A seed whose land is too small for its people, or that leaves a municipality with too few, is passed over for the next.
    loop {
        let terrain = terrain::Terrain::new(seed, width, square_metres / width);
        let sites = sites::settle(&terrain, seed, premises);
        let land = terrain.height.iter().filter(|h| **h > 0.0).count() as f64 / terrain.height.len() as f64;
        if sites.len() >= 12
            && (0.42..0.80).contains(&land)
            && let Some(files) = people(recipe, premises, centre, seed, &terrain, &sites)
        {
            return files;
        }
        seed = rng::mix(seed);
    }
}

/// Lays roads on the land, builds houses along them and writes it all down; none if a municipality has too few of them.
fn people(
    recipe: &Recipe,
    premises: u32,
    centre: (f64, f64),
    seed: u64,
    terrain: &terrain::Terrain,
    sites: &[sites::Site],
) -> Option<Vec<SyntheticFile>> {
    let reach = routes::reach(terrain, seed, sites);
    let links = routes::links(terrain, &reach, sites);
    let names = names::Names::new(seed, sites.len());
    let mut net = net::Net::new(terrain);
    let junctions = trunk::lay(terrain, sites, &reach, &links, &names, &mut net);
    let mut growth = growth::Growth::new(terrain, &reach, &mut net, seed, premises as usize);
    growth.run(sites);
    let houses = std::mem::take(&mut growth.houses);
    let degrees = write::Degrees::new(centre, terrain.size());
    let municipalities = municipalities::Municipalities::new(terrain, &reach, sites, &links, degrees.clone());
    let mut inhabited = [0u32; municipalities::COUNT];
    for house in &houses {
        inhabited[municipalities.of(house.at)] += 1;
    }
    if inhabited.iter().any(|&count| count < FEWEST) {
        return None;
    }
    let census = facts::Census {
        seed,
        terrain,
        net: &net,
        houses: &houses,
        sites,
        links: &links,
        names: &names,
        municipalities: &municipalities,
    };
    let (facts, publics) = census.take();
    let count = 3 + premises as usize / 50_000;
    let country = files::Country {
        recipe,
        premises,
        degrees,
        handovers: facts::handovers(&net, sites, &junctions, count),
        power: power::power(terrain, &net, sites, &municipalities, seed),
        ducts: power::ducts(terrain, &net, seed),
        terrain,
        net: &net,
        houses: &houses,
        facts: &facts,
        publics: &publics,
        names: &names,
        municipalities: &municipalities,
        seed,
    };
    Some(country.files())
}
