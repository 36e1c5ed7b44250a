//! Lays the main roads into the net: shared stretches once, bends smoothed, bridges, tunnels and ferries over water.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::Names;
use crate::net::{Carrier, Class, Net, Way};
use crate::routes::{Link, Reach};
use crate::sites::Site;
use crate::terrain::{CELL, Terrain};

/// Metres between the vertices of roads.
const SPACING: f64 = 30.0;
/// Roads higher than this run in tunnels.
const TUNNEL_HEIGHT: f32 = 210.0;

/// Lays all links; returns which vertex stands at which settlement.
pub(crate) fn lay(
    terrain: &Terrain,
    sites: &[Site],
    reach: &Reach,
    links: &[Link],
    names: &Names,
    net: &mut Net,
) -> BTreeMap<u32, u32> {
    let mut stretches: BTreeMap<(u32, u32), Class> = BTreeMap::new();
    let mut crossings: BTreeMap<(u32, u32), (Class, u32, Vec<u32>)> = BTreeMap::new();
    for link in links {
        let class = class_of(link.load);
        let mut last_dry = link.nodes.first().copied().unwrap_or(0);
        let mut run = vec![last_dry];
        for &node in link.nodes.iter().skip(1) {
            run.push(node);
            if !terrain.is_dry(node) {
                continue;
            }
            if run.len() == 2 {
                let entry = stretches.entry((node.min(last_dry), node.max(last_dry))).or_insert(class);
                *entry = (*entry).min(class);
            } else if node != last_dry {
                let entry = crossings.entry((node.min(last_dry), node.max(last_dry))).or_insert_with(|| {
                    (class, 0, if node < last_dry { run.iter().rev().copied().collect() } else { run.clone() })
                });
                entry.0 = entry.0.min(class);
                entry.1 = entry.1.max(link.load);
            }
            last_dry = node;
            run = vec![node];
        }
    }
    uncross(terrain, &mut stretches);
    let mut fixed: BTreeSet<u32> = sites.iter().map(|s| s.node).collect();
    fixed.extend(crossings.keys().flat_map(|&(a, b)| [a, b]));
    let mut junctions: BTreeMap<u32, u32> = BTreeMap::new();
    let site_of = |node: u32| reach.owner[node as usize];
    for (class, nodes) in chains(&stretches, &fixed) {
        let places = smoothed(&nodes.iter().map(|&k| terrain.place(k)).collect::<Vec<_>>(), 10, Some(0.45 * CELL));
        for (from, to, tunnel) in by_height(terrain, &nodes) {
            let middle = nodes[usize::midpoint(from, to)];
            let name = names.road(site_of(middle), if tunnel { Carrier::Tunnel } else { Carrier::Ground });
            let piece = if tunnel { smoothed(&places[from..=to], 60, None) } else { places[from..=to].to_vec() };
            let ends = [(nodes[from], places[from]), (nodes[to], places[to])];
            let vertices = string(net, &mut junctions, ends, &piece, SPACING, tunnel);
            let carrier = if tunnel { Carrier::Tunnel } else { Carrier::Ground };
            let paved = class != Class::Unclassified || middle % 3 != 0;
            net.ways.push(Way { vertices, class, carrier, paved, private: false, name });
        }
    }
    for (&(a, b), (class, load, nodes)) in &crossings {
        let ends = [(a, terrain.place(a)), (b, terrain.place(b))];
        let (dx, dy) = (ends[1].1.0 - ends[0].1.0, ends[1].1.1 - ends[0].1.1);
        let length = (dx * dx + dy * dy).sqrt();
        let carrier = match length {
            l if l < 420.0 => Carrier::Bridge,
            l if l < 2_800.0 && *load >= 200 => Carrier::Tunnel,
            _ => Carrier::Ferry,
        };
        let (path, spacing) = if carrier == Carrier::Ferry {
            (smoothed(&nodes.iter().map(|&k| terrain.place(k)).collect::<Vec<_>>(), 80, None), 160.0)
        } else {
            (vec![ends[0].1, ends[1].1], SPACING)
        };
        let vertices = string(net, &mut junctions, ends, &path, spacing, true);
        let name = match carrier {
            Carrier::Ferry => format!("{}–{}", names.site(site_of(a)), names.site(site_of(b))),
            _ => names.road(site_of(a), carrier),
        };
        let class = if carrier == Carrier::Ferry { Class::Ferry } else { *class };
        net.ways.push(Way { vertices, class, carrier, paved: true, private: false, name });
    }
    junctions
}

fn class_of(load: u32) -> Class {
    match load {
        600.. => Class::Primary,
        220.. => Class::Secondary,
        40.. => Class::Tertiary,
        _ => Class::Unclassified,
    }
}

/// Where two roads would cross on the diagonals of one cell, the second goes round by the corner that both know.
fn uncross(terrain: &Terrain, stretches: &mut BTreeMap<(u32, u32), Class>) {
    let nx = terrain.nx as u32;
    let rising: Vec<u32> = stretches.keys().filter(|(a, b)| *b == a + nx + 1).map(|k| k.0).collect();
    for a in rising {
        if let Some(class) = stretches.remove(&(a + 1, a + nx)) {
            for edge in [(a, a + 1), (a, a + nx)] {
                let entry = stretches.entry(edge).or_insert(class);
                *entry = (*entry).min(class);
            }
        }
    }
}

/// Maximal runs of stretches of one class between junctions.
fn chains(stretches: &BTreeMap<(u32, u32), Class>, fixed: &BTreeSet<u32>) -> Vec<(Class, Vec<u32>)> {
    let mut around: BTreeMap<u32, Vec<(u32, Class)>> = BTreeMap::new();
    for (&(a, b), &class) in stretches {
        around.entry(a).or_default().push((b, class));
        around.entry(b).or_default().push((a, class));
    }
    let is_end = |node: u32| {
        let next = &around[&node];
        fixed.contains(&node) || next.len() != 2 || next[0].1 != next[1].1
    };
    let mut used: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut found = Vec::new();
    // Ends first; what is left then are rings, cut open anywhere.
    for rings in [false, true] {
        for (&start, next) in &around {
            if !rings && !is_end(start) {
                continue;
            }
            for &(first, class) in next {
                if !used.insert((start.min(first), start.max(first))) {
                    continue;
                }
                let mut nodes = vec![start, first];
                let mut here = first;
                while !is_end(here) && here != start {
                    let onward = around[&here].iter().find(|(n, _)| !used.contains(&(here.min(*n), here.max(*n))));
                    let Some(&(to, _)) = onward else { break };
                    used.insert((here.min(to), here.max(to)));
                    nodes.push(to);
                    here = to;
                }
                found.push((class, nodes));
            }
        }
    }
    found
}

/// Splits a chain where it goes into the mountain and comes out again: first and last position, and whether in a tunnel.
fn by_height(terrain: &Terrain, nodes: &[u32]) -> Vec<(usize, usize, bool)> {
    let high = |k: usize| terrain.height[nodes[k] as usize] > TUNNEL_HEIGHT;
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut k = 0;
    while k < nodes.len() {
        let mut end = k;
        while end + 1 < nodes.len() && high(k) && high(end + 1) {
            end += 1;
        }
        if end - k >= 5 {
            if k > from {
                pieces.push((from, k, false));
            }
            pieces.push((k, end, true));
            from = end;
        }
        k = end + 1;
    }
    if from + 1 < nodes.len() {
        pieces.push((from, nodes.len() - 1, false));
    }
    pieces
}

/// Rounds a line's corners; the ends stay, and no point moves farther than `limit` metres.
fn smoothed(line: &[(f64, f64)], rounds: usize, limit: Option<f64>) -> Vec<(f64, f64)> {
    let mut now = line.to_vec();
    for _ in 0..rounds {
        let before = now.clone();
        for k in 1..line.len().saturating_sub(1) {
            let mean = |f: fn(&(f64, f64)) -> f64| 0.5 * f(&before[k]) + 0.25 * (f(&before[k - 1]) + f(&before[k + 1]));
            let (x, y) = (mean(|p| p.0), mean(|p| p.1));
            let (dx, dy) = (x - line[k].0, y - line[k].1);
            let moved = (dx * dx + dy * dy).sqrt();
            let scale = limit.map_or(1.0, |l| if moved > l { l / moved } else { 1.0 });
            now[k] = (line[k].0 + dx * scale, line[k].1 + dy * scale);
        }
    }
    now
}

/// Puts vertices about `spacing` metres apart along a line; its ends are shared with whatever else ends there.
fn string(
    net: &mut Net,
    junctions: &mut BTreeMap<u32, u32>,
    ends: [(u32, (f64, f64)); 2],
    line: &[(f64, f64)],
    spacing: f64,
    loose: bool,
) -> Vec<u32> {
    let [first, last] = ends.map(|(node, at)| *junctions.entry(node).or_insert_with(|| net.vertex(at)));
    let lengths: Vec<f64> = line
        .windows(2)
        .map(|p| ((p[1].0 - p[0].0) * (p[1].0 - p[0].0) + (p[1].1 - p[0].1) * (p[1].1 - p[0].1)).sqrt())
        .collect();
    let total: f64 = lengths.iter().sum();
    let parts = ((total / spacing) as usize + 1).max(1);
    let mut vertices = vec![first];
    let (mut k, mut passed) = (0, 0.0);
    for part in 1..parts {
        let goal = total * part as f64 / parts as f64;
        while k + 1 < lengths.len() && passed + lengths[k] < goal {
            passed += lengths[k];
            k += 1;
        }
        let t = if lengths[k] > 0.0 { ((goal - passed) / lengths[k]).clamp(0.0, 1.0) } else { 0.0 };
        let at = (line[k].0 + t * (line[k + 1].0 - line[k].0), line[k].1 + t * (line[k + 1].1 - line[k].1));
        vertices.push(if loose { net.loose_vertex(at) } else { net.vertex(at) });
    }
    vertices.push(last);
    vertices
}
