//! Contours by marching squares: polygons of where a field is above zero, and the lines between.

/// A field on part of a lattice: `value(i, j)` for `i` in `i0..=i1`, `j` in `j0..=j1`, `step` metres apart.
pub(crate) struct Window<'a> {
    pub(crate) i0: usize,
    pub(crate) i1: usize,
    pub(crate) j0: usize,
    pub(crate) j1: usize,
    pub(crate) step: f64,
    pub(crate) value: &'a dyn Fn(usize, usize) -> f64,
}

/// A polygon in metres: an outer ring, counter-clockwise, and holes, clockwise; neither closed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Area {
    pub(crate) outer: Vec<(f64, f64)>,
    pub(crate) holes: Vec<Vec<(f64, f64)>>,
}

/// A traced line with the field above zero on its left.
pub(crate) struct Trace {
    pub(crate) points: Vec<(f64, f64)>,
    pub(crate) closed: bool,
    /// A node below zero beside the line.
    pub(crate) below: (usize, usize),
}

const NONE: u32 = u32::MAX;

impl Window<'_> {
    /// Polygons of where the field is above zero, closed along the window's edge.
    pub(crate) fn areas(&self) -> Vec<Area> {
        let rings = self.trace(true);
        let mut outers: Vec<(Area, [f64; 4])> = Vec::new();
        let mut holes = Vec::new();
        for ring in rings {
            let points = without_repeats(ring.points);
            let area = signed_area(&points);
            if points.len() < 3 || area.abs() < 400.0 {
                continue;
            }
            if area > 0.0 {
                let bounds = bounds(&points);
                outers.push((Area { outer: points, holes: Vec::new() }, bounds));
            } else {
                holes.push(points);
            }
        }
        for hole in holes {
            let b = bounds(&hole);
            let within = |o: &[f64; 4]| o[0] <= b[0] && o[1] <= b[1] && o[2] >= b[2] && o[3] >= b[3];
            let mut best: Option<usize> = None;
            for (k, (area, o)) in outers.iter().enumerate() {
                let smaller = best.is_none_or(|b| {
                    let b: &[f64; 4] = &outers[b].1;
                    (o[2] - o[0]) * (o[3] - o[1]) < (b[2] - b[0]) * (b[3] - b[1])
                });
                if within(o) && smaller && contains(&area.outer, hole[0]) {
                    best = Some(k);
                }
            }
            if let Some(k) = best {
                outers[k].0.holes.push(hole);
            }
        }
        outers.into_iter().map(|(area, _)| area).collect()
    }

    /// Lines between above and below; open where they leave the window.
    pub(crate) fn lines(&self) -> Vec<Trace> {
        self.trace(false)
    }

    fn trace(&self, padded: bool) -> Vec<Trace> {
        // With padding the lattice is one node larger on each side; those nodes lie on the edge and far below zero.
        let pad = usize::from(padded);
        let w = self.i1 - self.i0 + 1 + 2 * pad;
        let h = self.j1 - self.j0 + 1 + 2 * pad;
        let inner = |k: usize, n: usize| k.clamp(pad, n - 1 - pad) - pad;
        let outside = |i: usize, j: usize| i < pad || j < pad || i + pad >= w || j + pad >= h;
        let node = |i: usize, j: usize| (self.i0 + inner(i, w), self.j0 + inner(j, h));
        let mut values = Vec::with_capacity(w * h);
        for j in 0..h {
            for i in 0..w {
                let (a, b) = node(i, j);
                values.push(if outside(i, j) { -1e9 } else { (self.value)(a, b) });
            }
        }
        let at = |i: usize, j: usize| values[j * w + i];
        // Edge 2k goes east from node k, edge 2k + 1 north.
        let mut next = vec![NONE; 2 * w * h];
        let mut has_previous = vec![false; 2 * w * h];
        for j in 0..h - 1 {
            for i in 0..w - 1 {
                let corner = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
                let above = corner.map(|v| v > 0.0);
                if above == [true; 4] || above == [false; 4] {
                    continue;
                }
                let k = j * w + i;
                let edges = [2 * k, 2 * (k + 1) + 1, 2 * (k + w), 2 * k + 1];
                let joined = corner.iter().sum::<f64>() > 0.0;
                let mut link = |from: usize, to: usize| {
                    next[edges[from]] = edges[to] as u32;
                    has_previous[edges[to]] = true;
                };
                // Counter-clockwise round the cell, a line starts where the field falls below and ends where it rises.
                for e in 0..4 {
                    let (here, there) = (above[e], above[(e + 1) % 4]);
                    if here && !there {
                        let rises = |f: usize| !above[f % 4] && above[(f + 1) % 4];
                        let found = if joined {
                            (1..4).map(|d| e + d).find(|&f| rises(f))
                        } else {
                            (1..4).rev().map(|d| e + d).find(|&f| rises(f))
                        };
                        if let Some(f) = found {
                            link(e, f % 4);
                        }
                    }
                }
            }
        }
        let ends = |edge: usize| {
            let (k, north) = (edge / 2, edge % 2 == 1);
            let (i, j) = (k % w, k / w);
            if north { ((i, j), (i, j + 1)) } else { ((i, j), (i + 1, j)) }
        };
        let point = |edge: usize| {
            let (a, b) = ends(edge);
            let (va, vb) = (at(a.0, a.1), at(b.0, b.1));
            let (pa, pb) = (node(a.0, a.1), node(b.0, b.1));
            // Not nearer to a node than a hundredth, so that rings do not touch themselves there.
            let t = (va / (va - vb)).clamp(0.01, 0.99);
            let mix = |a: usize, b: usize| (a as f64 + t * (b as f64 - a as f64)) * self.step;
            (mix(pa.0, pb.0), mix(pa.1, pb.1))
        };
        let below = |edge: usize| {
            let (a, b) = ends(edge);
            if at(a.0, a.1) > 0.0 { node(b.0, b.1) } else { node(a.0, a.1) }
        };
        let mut traces = Vec::new();
        let follow = |start: usize, next: &mut Vec<u32>| {
            let mut points = vec![point(start)];
            let mut edge = start;
            let mut closed = false;
            loop {
                let to = std::mem::replace(&mut next[edge], NONE);
                if to == NONE {
                    break;
                }
                edge = to as usize;
                if edge == start {
                    closed = true;
                    break;
                }
                points.push(point(edge));
            }
            Trace { points, closed, below: below(start) }
        };
        for start in 0..next.len() {
            if next[start] != NONE && !has_previous[start] {
                traces.push(follow(start, &mut next));
            }
        }
        for start in 0..next.len() {
            if next[start] != NONE {
                traces.push(follow(start, &mut next));
            }
        }
        traces
    }
}

fn without_repeats(mut points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    points.dedup_by(|a, b| (a.0 - b.0).abs() < 0.05 && (a.1 - b.1).abs() < 0.05);
    while points.len() > 1 {
        let (a, b) = (points[0], points[points.len() - 1]);
        if (a.0 - b.0).abs() < 0.05 && (a.1 - b.1).abs() < 0.05 {
            points.pop();
        } else {
            break;
        }
    }
    // Points on a straight line of the window's edge say nothing.
    let n = points.len();
    let keep = |k: usize| {
        let (a, b, c) = (points[(k + n - 1) % n], points[k], points[(k + 1) % n]);
        ((b.0 - a.0) * (c.1 - b.1) - (b.1 - a.1) * (c.0 - b.0)).abs() > 1e-6
    };
    (0..n).filter(|&k| n < 4 || keep(k)).map(|k| points[k]).collect()
}

/// Twice-halved shoelace: positive counter-clockwise, square metres.
pub(crate) fn signed_area(ring: &[(f64, f64)]) -> f64 {
    let n = ring.len();
    (0..n).map(|k| (ring[k], ring[(k + 1) % n])).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>() / 2.0
}

fn bounds(ring: &[(f64, f64)]) -> [f64; 4] {
    ring.iter().fold([f64::MAX, f64::MAX, f64::MIN, f64::MIN], |b, p| {
        [b[0].min(p.0), b[1].min(p.1), b[2].max(p.0), b[3].max(p.1)]
    })
}

/// Whether a ring holds a point (even–odd rule).
pub(crate) fn contains(ring: &[(f64, f64)], p: (f64, f64)) -> bool {
    let mut inside = false;
    let mut a = ring[ring.len() - 1];
    for &b in ring {
        if (a.1 > p.1) != (b.1 > p.1) && p.0 < (b.0 - a.0) * (p.1 - a.1) / (b.1 - a.1) + a.0 {
            inside = !inside;
        }
        a = b;
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_island_has_a_hole() {
        let ring = |i: usize, j: usize| {
            let d = ((i as f64 - 10.0) * (i as f64 - 10.0) + (j as f64 - 10.0) * (j as f64 - 10.0)).sqrt();
            3.0 - (d - 6.0).abs()
        };
        let window = Window { i0: 0, i1: 20, j0: 0, j1: 20, step: 10.0, value: &ring };
        let areas = window.areas();
        assert_eq!(areas.len(), 1);
        assert_eq!(areas[0].holes.len(), 1);
        // π (9² − 3²) × 100 m²
        let area = signed_area(&areas[0].outer) + areas[0].holes.iter().map(|h| signed_area(h)).sum::<f64>();
        assert!((area - 22_619.0).abs() < 600.0, "{area}");
        assert!(window.lines().iter().all(|l| l.closed));
    }

    #[test]
    fn areas_close_along_the_window_and_lines_stay_open() {
        let east = |i: usize, _: usize| i as f64 - 4.5;
        let window = Window { i0: 0, i1: 9, j0: 0, j1: 5, step: 1.0, value: &east };
        let areas = Window { i0: 0, i1: 9, j0: 0, j1: 5, step: 100.0, value: &east }.areas();
        assert_eq!(areas.len(), 1);
        assert!((signed_area(&areas[0].outer) - 450.0 * 500.0).abs() < 1.0);
        let lines = window.lines();
        assert_eq!(lines.len(), 1);
        // Above zero on the left: the line runs south.
        assert!(!lines[0].closed && lines[0].points[0].1 > lines[0].points[5].1);
    }
}
