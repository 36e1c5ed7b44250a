//! Polylines in the plane: places along them, pieces of them, lines beside them.
//!
//! Distances along a line add up its segments' rounded lengths, as [`length_mm`] does.

use breiband_model::{Point, length_mm};
use geo::Simplify;
use geo_types::{Coord, LineString};

/// The point `distance_mm` along the line, rounded to the millimetre; the last point beyond the end, `None` without points.
///
/// ```
/// use breiband_model::Point;
/// use breiband_spatial::line;
/// let bend = [Point::new(0, 0), Point::new(100, 0), Point::new(100, 50)];
/// assert_eq!(line::locate(&bend, 120), Some(Point::new(100, 20)));
/// ```
pub fn locate(line: &[Point], distance_mm: u64) -> Option<Point> {
    let mut left = distance_mm;
    for pair in line.windows(2) {
        let length = pair[0].distance_mm(pair[1]);
        if left < length {
            return Some(pair[0].towards(pair[1], left, length));
        }
        left -= length;
    }
    line.last().copied()
}

/// The piece between two distances along the line, which are clamped to it. Backwards where `from_mm > to_mm`. One point
/// where both are the same place; none for a line without points.
pub fn slice(line: &[Point], from_mm: u64, to_mm: u64) -> Vec<Point> {
    if from_mm > to_mm {
        let mut piece = slice(line, to_mm, from_mm);
        piece.reverse();
        return piece;
    }
    let (Some(first), Some(last)) = (locate(line, from_mm), locate(line, to_mm)) else { return Vec::new() };
    let mut piece = vec![first];
    let mut along = 0;
    for pair in line.windows(2) {
        along += pair[0].distance_mm(pair[1]);
        if along >= to_mm {
            break;
        }
        if along > from_mm && piece.last() != Some(&pair[1]) {
            piece.push(pair[1]);
        }
    }
    if piece.last() != Some(&last) {
        piece.push(last);
    }
    piece
}

/// The line `left_metres` to the left (to the right where negative) of somebody walking along `line`: for showing verges,
/// not for measuring.
///
/// Corners are mitred; where the mitre would stick out more than about three times the distance the corner is cut off.
/// Tight inner bends may overlap themselves.
pub fn offset(line: &[Point], left_metres: f64) -> Vec<Point> {
    let mut clean = line.to_vec();
    clean.dedup();
    let distance = left_metres * 1e3;
    if clean.len() < 2 || !distance.is_finite() {
        return clean;
    }
    let normals: Vec<(f64, f64)> = clean
        .windows(2)
        .map(|pair| {
            let dx = f64::from(pair[1].x) - f64::from(pair[0].x);
            let dy = f64::from(pair[1].y) - f64::from(pair[0].y);
            let length = (dx * dx + dy * dy).sqrt();
            (-dy / length, dx / length)
        })
        .collect();
    let moved = |p: Point, (nx, ny): (f64, f64)| {
        // `as` saturates: a point at the edge of the plane stays in it.
        Point::new((f64::from(p.x) + nx * distance).round() as i32, (f64::from(p.y) + ny * distance).round() as i32)
    };
    let mut beside = Vec::with_capacity(clean.len() + 4);
    beside.push(moved(clean[0], normals[0]));
    for (pair, &p) in normals.windows(2).zip(&clean[1..]) {
        let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
        let one_and_cosine = 1.0 + ax * bx + ay * by;
        // The mitre is √(2 / (1 + cos)) times the distance long.
        if one_and_cosine < 0.22 {
            beside.extend([moved(p, pair[0]), moved(p, pair[1])]);
        } else {
            beside.push(moved(p, ((ax + bx) / one_and_cosine, (ay + by) / one_and_cosine)));
        }
    }
    beside.push(moved(clean[clean.len() - 1], normals[normals.len() - 1]));
    beside
}

/// The line without the points that matter less than `tolerance_mm` (Ramer–Douglas–Peucker); its ends stay.
pub fn simplify(line: &[Point], tolerance_mm: u32) -> Vec<Point> {
    if line.len() < 3 {
        return line.to_vec();
    }
    let floats: LineString<f64> = line.iter().map(|p| Coord { x: f64::from(p.x), y: f64::from(p.y) }).collect();
    floats.simplify(f64::from(tolerance_mm)).coords().map(|c| Point::new(c.x as i32, c.y as i32)).collect()
}

/// The whole line's length in millimetres, and the distance along it of the place nearest to `p`.
pub fn project(line: &[Point], p: Point) -> (u64, u64) {
    let mut along = 0;
    let mut best = (u64::MAX, 0);
    for pair in line.windows(2) {
        let foot = crate::exact::Foot::of(pair[0], pair[1], p);
        if foot.distance_squared < best.0 {
            best = (foot.distance_squared, along + pair[0].distance_mm(foot.point(pair[0], pair[1])));
        }
        along += pair[0].distance_mm(pair[1]);
    }
    (length_mm(line), best.1)
}
