//! Points of presence and cabinets: what is opened is paid and nothing else, held against every choice of what to open.

use std::collections::{BTreeMap, BinaryHeap};

use breiband::{
    CandidateNetwork, Context, CostBook, Input, NamedCabinet, NamedPlace, PartKind, PlaceKind, Plan, Region, Role,
    Scenario, Silent, SourceFile, Staged,
};
use proptest::prelude::*;

const BASE: [f64; 2] = [6.2, 62.5];

/// A place so many steps of about ten metres from the corner of the map.
fn at([east, north]: [u16; 2]) -> [f64; 2] {
    [BASE[0] + f64::from(east) * 0.0002, BASE[1] + f64::from(north) * 0.0001]
}

/// A track along each row and column of a grid, and houses beside them.
fn files(houses: &[[u16; 2]]) -> Vec<SourceFile<'static>> {
    let line = |from, to| {
        let way = serde_json::json!({ "type": "LineString", "coordinates": [at(from), at(to)] });
        serde_json::json!({ "type": "Feature", "properties": { "highway": "track" }, "geometry": way })
    };
    let point = |(number, &place): (usize, &[u16; 2])| {
        let properties = serde_json::json!({ "id": format!("h{number}"), "addr:housenumber": number.to_string() });
        let place = serde_json::json!({ "type": "Point", "coordinates": at(place) });
        serde_json::json!({ "type": "Feature", "properties": properties, "geometry": place })
    };
    let mut tracks = Vec::new();
    for (a, b) in [(0, 20), (20, 40)] {
        for other in [0, 20, 40] {
            tracks.extend([line([a, other], [b, other]), line([other, a], [other, b])]);
        }
    }
    let file = |path: &str, role, features: Vec<serde_json::Value>| SourceFile {
        input: Input { role, ..Input::auto(path) },
        bytes: serde_json::json!({ "type": "FeatureCollection", "features": features }).to_string().into_bytes().into(),
    };
    let houses = houses.iter().enumerate().map(point).collect();
    vec![file("ways.geojson", Role::Ways, tracks), file("houses.geojson", Role::Premises, houses)]
}

struct Planned {
    scenario: Scenario,
    sources: Vec<SourceFile<'static>>,
    region: Staged<Region>,
    plan: Staged<Plan>,
}

fn planned(houses: &[[u16; 2]], openings: &[([u16; 2], f64)], cabinets: &[[u16; 2]]) -> Planned {
    let sources = files(houses);
    let mut scenario = Scenario::new("Places", "2026-01-01", sources.iter().map(|file| file.input.clone()).collect());
    scenario.options.gap = 0.0;
    for (number, (place, cost)) in openings.iter().enumerate() {
        let [lon, lat] = at(*place);
        let (name, opening_cost) = (format!("P{number}"), Some(*cost));
        scenario.handovers.push(NamedPlace { name, lon, lat, opening_cost, source: Some("Offer".into()) });
    }
    for (number, place) in cabinets.iter().enumerate() {
        let [lon, lat] = at(*place);
        scenario.cabinets.push(NamedCabinet { name: format!("K{number}"), lon, lat, ..NamedCabinet::default() });
    }
    let mut silent = Silent;
    let mut context = Context::new(&mut silent);
    let region = breiband::import(&sources, &scenario.options, &mut context).expect("its own files");
    let plan = breiband::plan(&region, &scenario, &CostBook::example(), &mut context).expect("a plan");
    Planned { scenario, sources, region, plan }
}

/// The least cost of connecting every terminal and cabinet, over every choice of what to open: Dreyfus and Wagner's recursion on
/// the network without its root, once for each.
fn least(network: &CandidateNetwork) -> u64 {
    let n = network.vertices.len();
    let root = CandidateNetwork::ROOT.index();
    let mut around: Vec<Vec<(usize, u64)>> = vec![Vec::new(); n];
    let mut doors: BTreeMap<usize, u64> = BTreeMap::new();
    for edge in &network.edges {
        let (u, v, cost) = (edge.tail.index(), edge.head.index(), edge.cost.as_minor());
        if u == root {
            doors.insert(v, cost);
        } else {
            around[u].push((v, cost));
            around[v].push((u, cost));
        }
    }
    let sink = |v: usize| network.vertices[v].kind.is_sink();
    let cabinets = network.cabinets.iter().filter_map(|cabinet| cabinet.vertex);
    let wanted: Vec<usize> = network.terminals.iter().map(|t| t.vertex).chain(cabinets).map(|v| v.index()).collect();
    let all = (1usize << wanted.len()) - 1;
    let doors: Vec<(usize, u64)> = doors.into_iter().collect();
    let mut best = u64::MAX;
    for open in 1..1usize << doors.len() {
        let opened = || (0..doors.len()).filter(|at| open >> at & 1 == 1).map(|at| doors[at]);
        // Whatever is opened is one place.
        let mut around = around.clone();
        for (v, _) in opened() {
            around[root].push((v, 0));
            around[v].push((root, 0));
        }
        let mut cost = vec![vec![u64::MAX; n]; all + 1];
        for (bit, &t) in wanted.iter().enumerate() {
            cost[1 << bit][t] = 0;
        }
        for set in 1..=all {
            for v in (0..n).filter(|&v| !sink(v)) {
                let mut part = (set - 1) & set;
                while part > 0 {
                    let sum = cost[part][v].saturating_add(cost[set ^ part][v]);
                    cost[set][v] = cost[set][v].min(sum);
                    part = (part - 1) & set;
                }
            }
            let mut heap: BinaryHeap<_> = (0..n).map(|v| (std::cmp::Reverse(cost[set][v]), v)).collect();
            while let Some((std::cmp::Reverse(here), v)) = heap.pop() {
                if here == u64::MAX || here > cost[set][v] {
                    continue;
                }
                for &(w, price) in around[v].iter().filter(|(w, _)| !sink(*w)) {
                    if here + price < cost[set][w] {
                        cost[set][w] = here + price;
                        heap.push((std::cmp::Reverse(here + price), w));
                    }
                }
            }
        }
        let opening: u64 = opened().map(|(_, cost)| cost).sum();
        best = best.min(cost[all][root].saturating_add(opening));
    }
    best
}

fn verified(planned: &Planned) -> Vec<(String, breiband::CheckState, String)> {
    let Planned { scenario, sources, region, plan } = planned;
    let files = breiband::files(&region.value, scenario, &CostBook::example(), plan);
    let find = |name: &str| {
        let found = files.iter().find(|file| file.name == name).map(|file| file.bytes.clone());
        found.ok_or_else(|| std::io::Error::other("no such file"))
    };
    let input = |name: &str| {
        let found = sources.iter().find(|file| file.input.path == name).map(|file| file.bytes.to_vec());
        found.ok_or_else(|| std::io::Error::other("no such input"))
    };
    let mut silent = Silent;
    let found = breiband::verify(&mut { find }, &mut { input }, &mut Context::new(&mut silent));
    found.checks.into_iter().map(|check| (check.name.to_owned(), check.state, check.text)).collect()
}

fn place() -> impl Strategy<Value = [u16; 2]> {
    [0_u16..=40, 0_u16..=40]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_choice_of_what_to_open_is_cheaper(
        houses in prop::collection::vec(place(), 1..4),
        openings in prop::collection::vec((place(), 0_u32..60_000), 1..4),
        cabinets in prop::collection::vec(place(), 0..3),
    ) {
        let openings: Vec<([u16; 2], f64)> = openings.iter().map(|(p, cost)| (*p, f64::from(*cost))).collect();
        let with = planned(&houses, &openings, &cabinets);
        let Plan { network, route, summary, .. } = &with.plan.value;
        let least = least(network);
        prop_assert_eq!(route.cost.as_minor(), least, "small nets are solved");
        prop_assert!(route.bound.as_minor() <= least);
        // Paid for is what is opened.
        let opened: f64 = summary.places.iter().filter(|one| one.used).map(|one| one.cost).sum();
        let parts = |kind| {
            let edges = route.edges.iter().map(|id| &network.edges[id.index()]);
            let parts: Vec<_> = edges.flat_map(|edge| network.parts_of(edge)).filter(|part| part.kind == kind).collect();
            parts
        };
        let (doors, closets) = (parts(PartKind::Opening), parts(PartKind::Cabinet));
        let book = CostBook::example();
        let paid: u64 = doors.iter().chain(&closets).map(|part| network.cost_of(part, &book).as_minor()).sum();
        prop_assert_eq!((opened * 100.0).round() as u64, paid);
        let used = |kind| summary.places.iter().filter(|one| one.kind == kind && one.used).count();
        prop_assert_eq!(used(PlaceKind::PointOfPresence), doors.len());
        prop_assert_eq!((used(PlaceKind::Cabinet), closets.len()), (cabinets.len(), cabinets.len()));
        // A cabinet more is never cheaper than none.
        let without = planned(&houses, &openings, &[]);
        prop_assert!(without.plan.value.route.cost <= route.cost);
        for (name, state, text) in verified(&with) {
            prop_assert_eq!(state, breiband::CheckState::Holds, "{}: {}", name, text);
        }
    }
}

#[test]
fn a_cabinet_nobody_reaches_is_said_and_costs_nothing() {
    let mut with = planned(&[[1, 1]], &[([0, 0], 1000.0)], &[[20, 20]]);
    with.scenario.cabinets[0].lon = 170.0;
    let mut silent = Silent;
    let mut context = Context::new(&mut silent);
    let plan = breiband::plan(&with.region, &with.scenario, &CostBook::example(), &mut context).expect("a plan");
    assert_eq!(plan.value.summary.issues.get("cabinet-off-map"), Some(&1));
    assert!(plan.value.summary.places.iter().all(|one| one.kind == PlaceKind::PointOfPresence));
    let bare = CostBook::parse(&CostBook::example_text().replace("cabinet = \"cabinet\"\n", "")).expect("a book");
    let refused = breiband::plan(&with.region, &with.scenario, &bare, &mut context).expect_err("no price").to_string();
    assert!(refused.contains("K0") && refused.contains("uses.cabinet"), "{refused}");
}

#[test]
fn verify_notices_a_cabinet_or_an_opening_that_is_not_paid() {
    let holds = planned(&[[1, 1], [39, 39]], &[([0, 0], 9000.0)], &[[20, 21]]);
    let fails = |change: &dyn Fn(&mut Planned)| {
        let Planned { scenario, sources, region, plan } = &holds;
        let mut other = Planned {
            scenario: scenario.clone(),
            sources: files(&[[1, 1], [39, 39]]),
            region: region.clone(),
            plan: plan.clone(),
        };
        assert_eq!(sources.len(), other.sources.len());
        change(&mut other);
        let found = verified(&other);
        let failed = found.into_iter().find(|(_, state, _)| *state == breiband::CheckState::Fails);
        failed.map(|(name, ..)| name).expect("something fails")
    };
    assert_eq!(fails(&|it| it.scenario.handovers[0].opening_cost = Some(9001.0)), "places");
    assert_eq!(fails(&|it| it.scenario.cabinets[0].price = Some(1.0)), "places");
    assert_eq!(fails(&|it| it.plan.value.summary.places[0].used = false), "places");
    assert_eq!(fails(&|it| drop(it.plan.value.summary.places.pop())), "places");
    let files = breiband::files(&holds.region.value, &holds.scenario, &CostBook::example(), &holds.plan);
    let file = |name: &str| &*files.iter().find(|file| file.name == name).expect(name).bytes;
    let rows = String::from_utf8_lossy(file("places.csv"));
    assert!(rows.contains(",P0,point-of-presence,") && rows.contains(",9000.00,Offer,1"), "{rows}");
    let layer: serde_json::Value = serde_json::from_slice(file("places.geojson")).expect("GeoJSON");
    assert_eq!(layer["features"][1]["properties"]["kind"], "cabinet");
    assert!(file("plan.gpkg").windows(6).any(|bytes| bytes == b"places"));
    assert!(String::from_utf8_lossy(file("summary.html")).contains("Points of presence and cabinets"));
    let leaf = holds.plan.value.network.cabinets[0].vertex.expect("it is reached");
    let spur = move |it: &mut Planned| {
        let network = &it.plan.value.network;
        it.plan.value.route.edges.retain(|id| {
            let edge = &network.edges[id.index()];
            edge.head != leaf && edge.tail != leaf
        });
    };
    assert_eq!(fails(&spur), "tree");
}
