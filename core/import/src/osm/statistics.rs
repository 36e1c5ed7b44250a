//! Figures of the road graph, as `inspect` shows them.

use std::collections::BTreeMap;

use breiband_model::WayClass;

use crate::raw::{LonLat, RawRegion};

/// The earth's mean radius in metres (IUGG): good to 0.5 % anywhere, which a figure in whole kilometres can bear.
const EARTH_RADIUS: f64 = 6_371_008.8;

/// Figures of the graph of roads and tracks: motorway to service and track; no foot, cycle or bridle ways, no steps, no
/// squares, no ferries.
///
/// - `road_metres`: their length on a sphere of the earth's mean radius;
/// - `road_nodes`: nodes on them;
/// - `road_junctions`: nodes with another number of neighbours than two, dead ends included;
/// - `road_edges`: pieces of ways between nodes where a way ends or several ways meet (more than there would be between
///   junctions: a way that goes on as another way is two);
/// - `road_components`, and `road_largest_component_nodes`.
pub(super) fn road_statistics(region: &RawRegion) -> BTreeMap<String, u64> {
    let roads: Vec<&[u32]> = region.ways.iter().filter(|w| is_road(w.class)).map(|w| w.nodes.as_slice()).collect();
    let count = region.nodes.len();
    let mut uses = vec![0_u32; count];
    let mut ends = vec![false; count];
    let mut parent: Vec<u32> = (0..count as u32).collect();
    let mut links = Vec::new();
    let mut metres = 0.0;
    for nodes in &roads {
        nodes.iter().for_each(|&n| uses[n as usize] += 1);
        for &end in nodes.first().iter().chain(&nodes.last()) {
            ends[*end as usize] = true;
        }
        for pair in nodes.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            metres += distance(region.nodes[a as usize], region.nodes[b as usize]);
            links.push((a.min(b), a.max(b)));
            let (a, b) = (root(&mut parent, a), root(&mut parent, b));
            parent[a.max(b) as usize] = a.min(b);
        }
    }
    links.sort_unstable();
    links.dedup();
    let mut neighbours = vec![0_u32; count];
    for &(a, b) in &links {
        neighbours[a as usize] += 1;
        neighbours[b as usize] += 1;
    }
    let meets = |n: u32| ends[n as usize] || uses[n as usize] > 1;
    let edges: usize =
        roads.iter().map(|nodes| 1 + nodes[1..nodes.len() - 1].iter().filter(|&&n| meets(n)).count()).sum();
    let mut sizes: BTreeMap<u32, u64> = BTreeMap::new();
    for node in (0..count as u32).filter(|&n| uses[n as usize] > 0) {
        *sizes.entry(root(&mut parent, node)).or_default() += 1;
    }
    let on_roads = uses.iter().filter(|&&u| u > 0).count();
    let junctions = (0..count).filter(|&n| uses[n] > 0 && neighbours[n] != 2).count();
    [
        ("road_metres", metres.round() as u64),
        ("road_nodes", on_roads as u64),
        ("road_junctions", junctions as u64),
        ("road_edges", edges as u64),
        ("road_components", sizes.len() as u64),
        ("road_largest_component_nodes", sizes.values().copied().max().unwrap_or(0)),
    ]
    .map(|(key, count)| (key.to_owned(), count))
    .into()
}

fn is_road(class: WayClass) -> bool {
    use WayClass as W;
    !matches!(class, W::Pedestrian | W::Footway | W::Cycleway | W::Bridleway | W::Path | W::Steps | W::Ferry | W::Other)
}

fn root(parent: &mut [u32], mut node: u32) -> u32 {
    while parent[node as usize] != node {
        parent[node as usize] = parent[parent[node as usize] as usize];
        node = parent[node as usize];
    }
    node
}

/// Great-circle distance in metres, after Sinnott's haversine.
fn distance(a: LonLat, b: LonLat) -> f64 {
    let half = |x: f64, y: f64| {
        let sine = libm::sin((y - x).to_radians() / 2.0);
        sine * sine
    };
    let h = half(a.lat, b.lat) + libm::cos(a.lat.to_radians()) * libm::cos(b.lat.to_radians()) * half(a.lon, b.lon);
    2.0 * EARTH_RADIUS * libm::asin(h.sqrt().min(1.0))
}
