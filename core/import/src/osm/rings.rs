//! Rings: ways joined end to end into closed outlines, holes given to the outline they lie in, and a point inside.

use std::collections::BTreeMap;

use crate::raw::{LonLat, RawPolygon};

/// Closed rings of node positions, and how many chains stayed open.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Rings {
    /// Each without its repeated last node, three nodes or more.
    pub(super) closed: Vec<Vec<u32>>,
    /// Chains whose ends meet nothing: a member is missing.
    pub(super) open: usize,
}

/// Joins ways end to end. Where several ways meet, the earliest unused one goes on, and a loop is cut off as soon as it
/// closes, so that rings which touch in a point come out as separate rings. O(n log n) in the number of ways, O(1) per node.
pub(super) fn join(ways: &[&[u32]]) -> Rings {
    let mut rings = Rings::default();
    let mut by_end: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut used = vec![false; ways.len()];
    for (index, way) in ways.iter().enumerate() {
        match way {
            [] | [_] => used[index] = true,
            [first, .., last] if first == last => {
                used[index] = true;
                push_ring(&mut rings, way[..way.len() - 1].to_vec());
            }
            [first, .., last] => {
                by_end.entry(*first).or_default().push(index);
                by_end.entry(*last).or_default().push(index);
            }
        }
    }
    for ends in by_end.values_mut() {
        ends.reverse();
    }
    for start in 0..ways.len() {
        if used[start] {
            continue;
        }
        used[start] = true;
        let mut chain = ways[start].to_vec();
        // Where the chain has been at the ends of its ways: node -> position in the chain.
        let mut visited = BTreeMap::from([(chain[0], 0), (chain[chain.len() - 1], chain.len() - 1)]);
        loop {
            let end = chain[chain.len() - 1];
            let candidates = by_end.entry(end).or_default();
            while candidates.last().is_some_and(|&w| used[w]) {
                candidates.pop();
            }
            let Some(next) = candidates.pop() else {
                rings.open += 1;
                break;
            };
            used[next] = true;
            let way = ways[next];
            if way[0] == end {
                chain.extend_from_slice(&way[1..]);
            } else {
                chain.extend(way[..way.len() - 1].iter().rev());
            }
            let end = chain[chain.len() - 1];
            if let Some(&from) = visited.get(&end) {
                let ring = chain.split_off(from);
                chain.push(end);
                visited.retain(|_, position| *position <= from);
                push_ring(&mut rings, ring[..ring.len() - 1].to_vec());
                if from == 0 {
                    break;
                }
            } else {
                visited.insert(end, chain.len() - 1);
            }
        }
    }
    rings
}

fn push_ring(rings: &mut Rings, ring: Vec<u32>) {
    if ring.len() >= 3 {
        rings.closed.push(ring);
    }
}

/// Gives each hole to the smallest outline that holds its first point that is not on the outline; the second value counts
/// the holes that lie in none.
pub(super) fn with_holes(outers: Vec<Vec<LonLat>>, holes: Vec<Vec<LonLat>>) -> (Vec<RawPolygon>, usize) {
    let mut polygons: Vec<RawPolygon> =
        outers.into_iter().map(|outer| RawPolygon { outer, holes: Vec::new() }).collect();
    let boxes: Vec<[f64; 4]> = polygons.iter().map(|p| bounds(&p.outer)).collect();
    let areas: Vec<f64> = polygons.iter().map(|p| area(&p.outer).abs()).collect();
    let mut outside = 0;
    for hole in holes {
        let holder = (0..polygons.len())
            .filter(|&at| {
                let within = |p: &&LonLat| in_box(**p, boxes[at]) && contains(&polygons[at].outer, **p);
                hole.iter().take(8).filter(within).count() * 2 > hole.len().min(8)
            })
            .min_by(|&a, &b| areas[a].total_cmp(&areas[b]).then(a.cmp(&b)));
        match holder {
            Some(at) => polygons[at].holes.push(hole),
            None => outside += 1,
        }
    }
    (polygons, outside)
}

fn bounds(ring: &[LonLat]) -> [f64; 4] {
    ring.iter().fold([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY], |b, p| {
        [b[0].min(p.lon), b[1].min(p.lat), b[2].max(p.lon), b[3].max(p.lat)]
    })
}

fn in_box(p: LonLat, b: [f64; 4]) -> bool {
    p.lon >= b[0] && p.lat >= b[1] && p.lon <= b[2] && p.lat <= b[3]
}

/// Twice the signed area, in square degrees, positive anticlockwise.
fn area(ring: &[LonLat]) -> f64 {
    let Some(&origin) = ring.first() else { return 0.0 };
    pairs(ring).map(|(a, b)| cross(origin, a, b)).sum()
}

fn cross(o: LonLat, a: LonLat, b: LonLat) -> f64 {
    (a.lon - o.lon) * (b.lat - o.lat) - (a.lat - o.lat) * (b.lon - o.lon)
}

fn pairs(ring: &[LonLat]) -> impl Iterator<Item = (LonLat, LonLat)> {
    ring.iter().zip(ring.iter().cycle().skip(1)).map(|(&a, &b)| (a, b))
}

/// Whether a point is in a ring, by counting crossings of a ray to the east.
fn contains(ring: &[LonLat], p: LonLat) -> bool {
    let crossings = pairs(ring)
        .filter(|(a, b)| (a.lat > p.lat) != (b.lat > p.lat))
        .filter(|(a, b)| p.lon < a.lon + (p.lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon))
        .count();
    crossings % 2 == 1
}

/// A point inside a polygon: its centroid where that lies inside and in no hole, else the middle of its widest stretch on
/// the centroid's parallel.
pub(super) fn inside_point(polygon: &RawPolygon) -> LonLat {
    let ring = &polygon.outer;
    let Some(&origin) = ring.first() else { return LonLat { lon: 0.0, lat: 0.0 } };
    let (mut lon, mut lat, mut doubled) = (0.0, 0.0, 0.0);
    for (a, b) in pairs(ring) {
        let weight = cross(origin, a, b);
        lon += weight * (a.lon + b.lon - 2.0 * origin.lon);
        lat += weight * (a.lat + b.lat - 2.0 * origin.lat);
        doubled += weight;
    }
    let centroid = LonLat { lon: origin.lon + lon / (3.0 * doubled), lat: origin.lat + lat / (3.0 * doubled) };
    // A ring without area, or one whose area is lost in rounding.
    if doubled.is_nan() || doubled.abs() <= 1e-18 || !in_box(centroid, bounds(ring)) {
        return origin;
    }
    if contains(ring, centroid) && !polygon.holes.iter().any(|hole| contains(hole, centroid)) {
        return centroid;
    }
    let mut crossings: Vec<f64> = std::iter::once(ring)
        .chain(&polygon.holes)
        .flat_map(|ring| pairs(ring))
        .filter(|(a, b)| (a.lat > centroid.lat) != (b.lat > centroid.lat))
        .map(|(a, b)| a.lon + (centroid.lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon))
        .collect();
    crossings.sort_by(f64::total_cmp);
    crossings
        .chunks_exact(2)
        .max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])))
        .map_or(origin, |pair| LonLat { lon: (pair[0] + pair[1]) / 2.0, lat: centroid.lat })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, size: f64) -> Vec<LonLat> {
        [(x, y), (x + size, y), (x + size, y + size), (x, y + size)].map(|(lon, lat)| LonLat { lon, lat }).to_vec()
    }

    #[test]
    fn ways_in_any_direction_close() {
        let ways: [&[u32]; 3] = [&[1, 2, 3], &[5, 4, 3], &[5, 6, 1]];
        assert_eq!(join(&ways), Rings { closed: vec![vec![1, 2, 3, 4, 5, 6]], open: 0 });
    }

    #[test]
    fn touching_rings_come_apart() {
        // Two triangles that share node 1, one of them cut at its other nodes.
        let ways: [&[u32]; 4] = [&[1, 2], &[2, 3, 1], &[1, 4, 5], &[5, 1]];
        assert_eq!(join(&ways).closed, [vec![1, 2, 3], vec![1, 4, 5]]);
        // A chain whose loop does not come back to its start: the loop is a ring, the tail stays open.
        let ways: [&[u32]; 4] = [&[9, 1], &[1, 2], &[2, 3], &[3, 1]];
        assert_eq!(join(&ways), Rings { closed: vec![vec![1, 2, 3]], open: 1 });
    }

    #[test]
    fn a_missing_member_leaves_the_chain_open() {
        let ways: [&[u32]; 3] = [&[1, 2, 3], &[3, 4], &[7, 8, 9, 7]];
        assert_eq!(join(&ways), Rings { closed: vec![vec![7, 8, 9]], open: 1 });
    }

    #[test]
    fn holes_go_to_the_smallest_outline() {
        let (polygons, outside) = with_holes(
            vec![square(0.0, 0.0, 10.0), square(2.0, 2.0, 4.0)],
            vec![square(3.0, 3.0, 1.0), square(7.0, 7.0, 1.0), square(20.0, 20.0, 1.0)],
        );
        assert_eq!((polygons[0].holes.len(), polygons[1].holes.len(), outside), (1, 1, 1));
    }

    #[test]
    fn the_point_is_inside() {
        let outer = [(0., 0.), (9., 0.), (9., 9.), (8., 9.), (8., 1.), (0., 1.)].map(|(lon, lat)| LonLat { lon, lat });
        let polygon = RawPolygon { outer: outer.to_vec(), holes: vec![] };
        assert!(contains(&polygon.outer, inside_point(&polygon)));
        let ringed = RawPolygon { outer: square(0.0, 0.0, 10.0), holes: vec![square(4.0, 4.0, 2.0)] };
        let point = inside_point(&ringed);
        assert!(contains(&ringed.outer, point) && !contains(&ringed.holes[0], point));
        let flat = RawPolygon { outer: vec![LonLat { lon: 1.0, lat: 1.0 }; 4], holes: vec![] };
        assert_eq!(inside_point(&flat), LonLat { lon: 1.0, lat: 1.0 });
    }
}
