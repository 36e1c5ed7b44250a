//! What holds in every invented region, looked at from outside: through its files.

use std::collections::{BTreeMap, BTreeSet};

use breiband_model::{Role, Scenario};
use breiband_synth::{Recipe, SyntheticFile, generate};
use proptest::prelude::*;
use serde_json::Value;

struct Region {
    files: Vec<SyntheticFile>,
}

impl Region {
    fn new(seed: u64, premises: u32) -> Self {
        Self { files: generate(&Recipe { seed, premises, ..Recipe::default() }) }
    }

    fn text(&self, name: &str) -> &str {
        let file = self.files.iter().find(|f| f.name == name).unwrap_or_else(|| panic!("{name} is there"));
        std::str::from_utf8(&file.bytes).expect("UTF-8")
    }

    fn features(&self, name: &str) -> Vec<Value> {
        let mut value: Value = serde_json::from_str(self.text(name)).expect("JSON");
        match value["features"].take() {
            Value::Array(features) => features,
            other => panic!("{name} holds {other}"),
        }
    }

    fn rows(&self, name: &str) -> Vec<Vec<&str>> {
        let rows: Vec<Vec<&str>> = self.text(name).lines().map(|l| l.split(',').collect()).collect();
        assert!(rows.iter().all(|r| r.len() == rows[0].len()), "{name} has rows of one length");
        rows.into_iter().skip(1).collect()
    }
}

type Ring = Vec<(f64, f64)>;

fn ring(value: &Value) -> Ring {
    let number = |v: &Value| v.as_f64().expect("a number");
    value.as_array().expect("positions").iter().map(|p| (number(&p[0]), number(&p[1]))).collect()
}

fn holds(rings: &[Ring], p: (f64, f64)) -> bool {
    let crossings = |ring: &Ring| {
        ring.windows(2)
            .filter(|e| (e[0].1 > p.1) != (e[1].1 > p.1))
            .filter(|e| p.0 < (e[1].0 - e[0].0) * (p.1 - e[0].1) / (e[1].1 - e[0].1) + e[0].0)
            .count()
    };
    rings.iter().map(crossings).sum::<usize>() % 2 == 1
}

fn rings(polygon: &Value) -> Vec<Ring> {
    polygon.as_array().expect("rings").iter().map(ring).collect()
}

fn check(seed: u64, premises: u32) {
    let region = Region::new(seed, premises);
    let addresses = region.rows("premises.csv");
    assert_eq!(addresses.len(), premises as usize, "seed {seed}: as many premises as asked for");
    let ids: BTreeSet<&str> = addresses.iter().map(|r| r[0]).collect();
    assert_eq!(ids.len(), addresses.len(), "ids are unique");
    let labels: BTreeSet<_> = addresses.iter().map(|r| (r[3], r[4], r[5])).collect();
    assert_eq!(labels.len(), addresses.len(), "addresses are distinct");
    let served: BTreeSet<&str> = region.rows("service.csv").iter().map(|r| r[0]).collect();
    assert_eq!(served, ids, "the service table covers all");
    let lacking: BTreeSet<&str> = region
        .rows("service.csv")
        .iter()
        .filter(|r| r[1].parse::<f64>().expect("a number") < 100.0)
        .map(|r| r[0])
        .collect();
    let (public, private): (Vec<_>, Vec<_>) = addresses.iter().partition(|r| r[9] == "public");
    let without = private.iter().filter(|r| lacking.contains(r[0])).count();
    let third = (premises as usize * 3).div_ceil(10);
    assert!((third - public.len().min(third)..=third).contains(&without), "{without} of {premises} are unserved");
    assert_eq!(region.rows("sign-ups.csv").len(), lacking.len());

    let places: Vec<(f64, f64)> =
        addresses.iter().map(|r| (r[1].parse().expect("degrees"), r[2].parse().expect("degrees"))).collect();
    let water: Vec<Vec<Ring>> = region
        .features("water.geojson")
        .iter()
        .filter(|f| f["properties"]["natural"] == "water")
        .map(|f| rings(&f["geometry"]["coordinates"]))
        .collect();
    assert!(!water.is_empty());
    for (row, &place) in addresses.iter().zip(&places) {
        assert!(!water.iter().any(|w| holds(w, place)), "seed {seed}: {} stands in the water", row[0]);
    }

    let borders = region.features("borders.geojson");
    assert_eq!(borders.len(), 8);
    let sites = region.features("sites.geojson");
    for border in &borders {
        let code = border["properties"]["code"].as_str().expect("a code");
        let areas: Vec<Vec<Ring>> =
            border["geometry"]["coordinates"].as_array().expect("polygons").iter().map(rings).collect();
        let inside = |p: (f64, f64)| areas.iter().any(|a| holds(a, p));
        assert!(addresses.iter().any(|r| r[7] == code), "seed {seed}: {code} has premises");
        for (row, &place) in addresses.iter().zip(&places) {
            assert_eq!(inside(place), row[7] == code, "seed {seed}: {} and the border of {code}", row[0]);
        }
        for kind in ["school", "town_hall"] {
            let here = |s: &&Value| {
                s["properties"]["kind"] == kind && {
                    let p = &s["geometry"]["coordinates"];
                    inside((p[0].as_f64().expect("degrees"), p[1].as_f64().expect("degrees")))
                }
            };
            assert!(sites.iter().find(here).is_some(), "seed {seed}: {code} has a {kind}");
        }
    }
    joined(&region, seed);
    let handovers = region.features("handovers.geojson");
    assert!((2..=4).contains(&handovers.len()));
}

/// All ways, ferries included, hang together through shared coordinates; none repeats a point.
fn joined(region: &Region, seed: u64) {
    let mut node: BTreeMap<(u64, u64), usize> = BTreeMap::new();
    let mut groups: Vec<usize> = Vec::new();
    fn root(groups: &mut [usize], mut k: usize) -> usize {
        while groups[k] != k {
            groups[k] = groups[groups[k]];
            k = groups[k];
        }
        k
    }
    for way in region.features("ways.geojson") {
        let points = ring(&way["geometry"]["coordinates"]);
        assert!(points.len() >= 2 && points.windows(2).all(|p| p[0] != p[1]), "{}", way["properties"]["id"]);
        let mut first = None;
        for p in points {
            let next = groups.len();
            let k = *node.entry((p.0.to_bits(), p.1.to_bits())).or_insert(next);
            if k == next {
                groups.push(next);
            }
            let (a, b) = (root(&mut groups, k), root(&mut groups, *first.get_or_insert(k)));
            groups[a] = b;
        }
    }
    let parts: BTreeSet<usize> = (0..groups.len()).map(|k| root(&mut groups, k)).collect();
    assert_eq!(parts.len(), 1, "seed {seed}: the network is in {} parts", parts.len());
}

#[test]
fn a_region_of_a_few_thousand() {
    check(2, 3_000);
}

/// The first lands of these seeds have a municipality where nobody lives, or in a single house.
#[test]
fn a_municipality_is_never_empty() {
    check(7_436_318_423_034_850_749, 1_255);
    check(378_636_368_597_816_297, 494);
}

/// A house close to the region's edge, which is straight in metres and bent in degrees.
#[test]
fn a_house_at_the_edge_is_within_the_border() {
    check(12_143_128_949_106_684_223, 753);
}

#[test]
fn the_scenario_names_every_file() {
    let region = Region::new(3, 300);
    let scenario = Scenario::parse(region.text("scenario.toml")).expect("a scenario");
    assert!(scenario.notice.contains("Invented data"));
    let named: Vec<(&str, Role)> = scenario.inputs.iter().map(|i| (i.path.as_str(), i.role)).collect();
    let there: Vec<(&str, Role)> =
        region.files.iter().filter(|f| f.role != Role::Auto).map(|f| (f.name.as_str(), f.role)).collect();
    assert_eq!(named, there);
}

/// Public sites are served as homes are, together some three in ten below 100 Mbit/s, and schools are among those that wait; one
/// of these has nothing.
#[test]
fn public_sites_are_as_mixed_as_homes() {
    let (mut lacking, mut all, mut waiting, mut cut_off) = (0, 0, 0, 0);
    for seed in 1..=8 {
        let region = Region::new(seed, 1_000);
        let place = |lon: &str, lat: &str| [lon, lat].map(|text| text.parse::<f64>().expect("degrees").to_bits());
        let id: BTreeMap<_, &str> = region.rows("premises.csv").iter().map(|r| (place(r[1], r[2]), r[0])).collect();
        let mbps: BTreeMap<&str, f64> =
            region.rows("service.csv").iter().map(|r| (r[0], r[1].parse().expect("a number"))).collect();
        let signed: BTreeSet<&str> =
            region.rows("sign-ups.csv").iter().filter(|r| r[1] == "true").map(|r| r[0]).collect();
        for site in region.features("sites.geojson") {
            let at = &site["geometry"]["coordinates"];
            let at = id[&[&at[0], &at[1]].map(|degrees| degrees.as_f64().expect("degrees").to_bits())];
            let (kind, lacks) = (&site["properties"]["kind"], mbps[at] < 100.0);
            assert!(!lacks || kind != "server_room" && signed.contains(at), "seed {seed}: {at}");
            lacking += u32::from(lacks);
            all += 1;
            waiting += u32::from(lacks && kind == "school");
            cut_off += u32::from(mbps[at] == 0.0 && kind == "school");
        }
    }
    assert!((20..45).contains(&(100 * lacking / all)), "{lacking} of {all} sites are below 100 Mbit/s");
    assert!(waiting >= 8 && (4..=waiting).contains(&cut_off), "{waiting} schools wait, {cut_off} of them have nothing");
}

#[test]
fn the_same_recipe_gives_the_same_bytes() {
    let recipe = Recipe { seed: 9, premises: 400, ..Recipe::default() };
    assert_eq!(generate(&recipe), generate(&recipe));
}

#[test]
fn a_senseless_recipe_is_mended() {
    let files = generate(&Recipe { premises: 0, centre: (f64::NAN, 300.0), ..Recipe::default() });
    let text = String::from_utf8_lossy(&files[1].bytes);
    assert_eq!(text.lines().count(), 101);
}

#[test]
fn the_bundled_sample_is_what_the_generator_makes() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/sample");
    for file in generate(&Recipe { seed: SAMPLE_SEED, premises: 4_000, ..Recipe::default() }) {
        let path = folder.join(&file.name);
        let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert!(bytes == file.bytes, "{} differs: breiband synth --seed {SAMPLE_SEED} -o data/sample", file.name);
    }
}

/// The seed in data/MANIFEST.toml.
const SAMPLE_SEED: u64 = 5;

#[test]
fn a_share_of_the_premises_is_counted_without_rounding() {
    check(399_836_289_545_746_126, 1_410);
}

#[test]
fn a_house_within_centimetres_of_a_border_lies_where_the_file_has_it() {
    // Of the region's edge, and of a municipality's.
    check(1_176_691_505_850_581_309, 286);
    check(12_615_321_794_343_501_939, 777);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn every_seed_gives_a_sound_region(seed in any::<u64>(), premises in 100u32..1_500) {
        check(seed, premises);
    }
}
