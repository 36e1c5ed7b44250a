//! A uniform grid over segments: the fast path for snapping, and for finding what a line crosses.
//!
//! Segments are copied into the cells that they run through, cell after cell in one array, so that a query reads a few short
//! contiguous stretches. `f64` decides what is clearly nearer or farther; what is close to a tie is decided in exact integers.

use breiband_model::{Bounds, Point};

use crate::exact::{Crossing, Foot, segments_cross};

/// The place of a segment that is nearest to the point asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hit {
    /// Index of the segment in the slice that the grid was built from.
    pub segment: u32,
    /// The nearest place on the segment, rounded to the millimetre.
    pub foot: Point,
    /// Squared distance to the segment in whole mm², rounded down: from the exact place, not from the rounded `foot`.
    pub distance_squared: u64,
    /// Distance from the segment's first point to `foot`, in millimetres.
    pub along_mm: u64,
}

impl Hit {
    /// Distance in millimetres, rounded to the nearest.
    pub fn distance_mm(&self) -> u64 {
        let root = self.distance_squared.isqrt();
        if self.distance_squared - root * root > root { root + 1 } else { root }
    }

    fn of(segment: u32, a: Point, b: Point, p: Point) -> Self {
        let exact = Foot::of(a, b, p);
        let foot = exact.point(a, b);
        Self { segment, foot, distance_squared: exact.distance_squared, along_mm: a.distance_mm(foot) }
    }
}

/// A cell-sorted uniform grid over segments.
///
/// Queries order by (`distance_squared`, segment index), so that a tie always goes to the smaller index. Building takes
/// O(segments + cells); a query reads the few cells around it.
///
/// ```
/// use breiband_model::Point;
/// use breiband_spatial::SegmentGrid;
/// let road = [(Point::new(0, 0), Point::new(50_000, 0)), (Point::new(50_000, 0), Point::new(90_000, 30_000))];
/// let grid = SegmentGrid::build(&road, 100_000);
/// let hit = grid.nearest(Point::new(20_000, 4_000), 10_000).unwrap();
/// assert_eq!((hit.segment, hit.foot, hit.distance_mm(), hit.along_mm), (0, Point::new(20_000, 0), 4_000, 20_000));
/// assert!(grid.nearest(Point::new(20_000, 4_000), 3_999).is_none());
/// ```
#[derive(Debug, Clone)]
pub struct SegmentGrid {
    origin: Point,
    /// A cell is 2^shift millimetres wide.
    shift: u32,
    columns: i64,
    rows: i64,
    /// Where each cell's entries start, row by row, and their end.
    starts: Vec<u32>,
    entries: Vec<Entry>,
    segments: usize,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    a: Point,
    b: Point,
    segment: u32,
}

impl SegmentGrid {
    /// A grid over `segments` with cells of about `cell_mm` (rounded up to a power of two, and widened until cells and
    /// entries are a small multiple of the segments). The size changes speed, never answers: some two to four segments a
    /// cell is quickest. A segment's id is its index.
    pub fn build(segments: &[(Point, Point)], cell_mm: u32) -> Self {
        let bounds = Bounds::of(segments.iter().flat_map(|&(a, b)| [a, b]))
            .unwrap_or(Bounds { min: Point::new(0, 0), max: Point::new(0, 0) });
        let mut grid = Self {
            origin: bounds.min,
            shift: cell_mm.clamp(64, 1 << 30).next_power_of_two().trailing_zeros(),
            columns: 1,
            rows: 1,
            starts: Vec::new(),
            entries: Vec::new(),
            segments: segments.len(),
        };
        let most = 8 * segments.len() as i64 + 1024;
        loop {
            (grid.columns, grid.rows) = (grid.column(bounds.max.x) + 1, grid.row(bounds.max.y) + 1);
            let entries = |&(a, b): &(Point, Point)| {
                1 + (i64::from(a.x.abs_diff(b.x)) >> grid.shift) + (i64::from(a.y.abs_diff(b.y)) >> grid.shift)
            };
            if grid.columns * grid.rows <= most && segments.iter().map(entries).sum::<i64>() <= most {
                break;
            }
            grid.shift += 1;
        }
        grid.fill(segments);
        grid
    }

    /// How many segments the grid holds.
    pub fn len(&self) -> usize {
        self.segments
    }

    /// Whether the grid holds no segment.
    pub fn is_empty(&self) -> bool {
        self.segments == 0
    }

    /// The nearest segment within `max_mm` of `p`.
    pub fn nearest(&self, p: Point, max_mm: u32) -> Option<Hit> {
        self.nearest_by(p, max_mm, |_| true)
    }

    /// The nearest segment within `max_mm` of `p` among those that `keep` accepts.
    pub fn nearest_by(&self, p: Point, max_mm: u32, keep: impl Fn(u32) -> bool) -> Option<Hit> {
        let mut best = Best::within(p, max_mm);
        let (column, row) = (self.column(p.x), self.row(p.y));
        let (x, y) = (i64::from(p.x), i64::from(p.y));
        for entry in self.cells(row, column, column) {
            best.offer(entry, &keep);
        }
        // Ring by ring around the point's own cell, each cut down to the square that can still hold something nearer: mostly
        // that is no more than the own cell and one beside it.
        let outside = (-column).max(column - self.columns + 1).max(-row).max(row - self.rows + 1).max(1);
        let farthest = column.max(self.columns - 1 - column).max(row).max(self.rows - 1 - row);
        for ring in outside..=farthest {
            let first = self.column_of(x - best.reach).max(column - ring);
            let last = self.column_of(x + best.reach).min(column + ring);
            let bottom = self.row_of(y - best.reach).max(row - ring);
            let top = self.row_of(y + best.reach).min(row + ring);
            if first > column - ring && last < column + ring && bottom > row - ring && top < row + ring {
                break;
            }
            let (west, east) = (first.max(0), last.min(self.columns - 1));
            let mut scan = |row: i64, first: i64, last: i64| {
                for entry in self.cells(row, first, last) {
                    best.offer(entry, &keep);
                }
            };
            if bottom == row - ring {
                scan(bottom, west, east);
            }
            if top == row + ring {
                scan(top, west, east);
            }
            for side in (row - ring + 1).max(bottom).max(0)..=(row + ring - 1).min(top).min(self.rows - 1) {
                if first == column - ring {
                    scan(side, first, first);
                }
                if last == column + ring {
                    scan(side, last, last);
                }
            }
        }
        best.hit()
    }

    /// The nearest segment within `max_mm` of each point, in the points' order. Asks cell by cell, which is several times
    /// quicker than asking one by one in any order.
    pub fn nearest_many(&self, points: &[Point], max_mm: u32) -> Vec<Option<Hit>> {
        // Cell and index in one number: there are fewer than 2^32 of each. The point beside it spares a jump through memory.
        let mut order: Vec<(u64, Point)> =
            points.iter().zip(0..).map(|(&p, index)| (self.cell_number(p) << 32 | index, p)).collect();
        order.sort_unstable_by_key(|&(key, _)| key);
        let mut hits = vec![None; points.len()];
        for (key, p) in order {
            hits[(key & u64::from(u32::MAX)) as usize] = self.nearest(p, max_mm);
        }
        hits
    }

    /// All segments within `max_mm` of `p`, by distance and then index. `hits` is cleared first; it is passed in so that it
    /// can be used again.
    pub fn within(&self, p: Point, max_mm: u32, hits: &mut Vec<Hit>) {
        hits.clear();
        let limit = u64::from(max_mm) * u64::from(max_mm);
        let (x, y, r) = (i64::from(p.x), i64::from(p.y), i64::from(max_mm));
        let near = Best::within(p, max_mm);
        for row in self.row_of(y - r).max(0)..=self.row_of(y + r).min(self.rows - 1) {
            for entry in self.cells(row, self.column_of(x - r).max(0), self.column_of(x + r).min(self.columns - 1)) {
                if near.distance_squared(entry) <= near.maybe {
                    hits.push(Hit::of(entry.segment, entry.a, entry.b, p));
                }
            }
        }
        hits.retain(|hit| hit.distance_squared <= limit);
        hits.sort_unstable_by_key(|hit| (hit.distance_squared, hit.segment));
        hits.dedup_by_key(|hit| hit.segment);
    }

    /// Indices of all segments that share a point with the segment `a b`, ascending. `found` is cleared first.
    pub fn crossing(&self, a: Point, b: Point, found: &mut Vec<u32>) {
        found.clear();
        self.cells_along(a, b, |row, first, last| {
            for entry in self.cells(row, first, last) {
                if segments_cross(a, b, entry.a, entry.b) != Crossing::None {
                    found.push(entry.segment);
                }
            }
        });
        found.sort_unstable();
        found.dedup();
    }

    fn fill(&mut self, segments: &[(Point, Point)]) {
        let mut starts = vec![0_u32; (self.columns * self.rows + 1) as usize];
        for &(a, b) in segments {
            self.cells_along(a, b, |row, first, last| {
                let offset = row * self.columns;
                for count in &mut starts[(offset + first) as usize..=(offset + last) as usize] {
                    *count += 1;
                }
            });
        }
        // Counts become ends; filling backwards turns ends into starts and keeps the segments' order within a cell.
        let mut total = 0;
        for count in &mut starts {
            total += *count;
            *count = total;
        }
        let blank = Entry { a: Point::new(0, 0), b: Point::new(0, 0), segment: 0 };
        let mut entries = vec![blank; total as usize];
        for (index, &(a, b)) in segments.iter().enumerate().rev() {
            let segment = index as u32;
            self.cells_along(a, b, |row, first, last| {
                let offset = row * self.columns;
                for end in &mut starts[(offset + first) as usize..=(offset + last) as usize] {
                    *end -= 1;
                    entries[*end as usize] = Entry { a, b, segment };
                }
            });
        }
        (self.starts, self.entries) = (starts, entries);
    }

    /// The entries of the cells `first..=last` of a row; none of a row or columns outside of the grid.
    fn cells(&self, row: i64, first: i64, last: i64) -> &[Entry] {
        if row < 0 || row >= self.rows || first > last || first < 0 || last >= self.columns {
            return &[];
        }
        let offset = row * self.columns;
        &self.entries
            [self.starts[(offset + first) as usize] as usize..self.starts[(offset + last + 1) as usize] as usize]
    }

    /// Calls `visit(row, first, last)` for stretches of cells that together hold every point of the segment in the grid
    /// (and perhaps a neighbour that it just misses).
    fn cells_along(&self, a: Point, b: Point, mut visit: impl FnMut(i64, i64, i64)) {
        let (low, high) = if a.y <= b.y { (a, b) } else { (b, a) };
        let (first_row, last_row) = (self.row(low.y).max(0), self.row(high.y).min(self.rows - 1));
        let (west, east) = (self.column(a.x.min(b.x)), self.column(a.x.max(b.x)));
        let (west, east) = (west.max(0), east.min(self.columns - 1));
        if west > east {
            return;
        }
        if first_row == last_row || east - west <= 1 {
            for row in first_row..=last_row {
                visit(row, west, east);
            }
            return;
        }
        // More than one row means that low.y < high.y.
        let slope = (f64::from(high.x) - f64::from(low.x)) / (f64::from(high.y) - f64::from(low.y));
        let x_at = |y: i64| {
            let y = (y as f64).clamp(f64::from(low.y), f64::from(high.y));
            f64::from(low.x) + (y - f64::from(low.y)) * slope
        };
        for row in first_row..=last_row {
            let bottom = i64::from(self.origin.y) + (row << self.shift);
            let (x1, x2) = (x_at(bottom), x_at(bottom + (1 << self.shift)));
            // A millimetre more on both sides covers the rounding.
            let first = self.column_of(x1.min(x2).floor() as i64 - 1).max(west);
            let last = self.column_of(x1.max(x2).ceil() as i64 + 1).min(east);
            if first <= last {
                visit(row, first, last);
            }
        }
    }

    /// The cell of a point, or the nearest one to it.
    fn cell_number(&self, p: Point) -> u64 {
        let row = self.row(p.y).clamp(0, self.rows - 1);
        let column = self.column(p.x).clamp(0, self.columns - 1);
        (row * self.columns + column) as u64
    }

    fn column(&self, x: i32) -> i64 {
        self.column_of(i64::from(x))
    }

    fn row(&self, y: i32) -> i64 {
        self.row_of(i64::from(y))
    }

    fn column_of(&self, x: i64) -> i64 {
        (x - i64::from(self.origin.x)) >> self.shift
    }

    fn row_of(&self, y: i64) -> i64 {
        (y - i64::from(self.origin.y)) >> self.shift
    }
}

/// The nearest segment found so far.
struct Best {
    p: Point,
    x: f64,
    y: f64,
    limit: u64,
    entry: Option<Entry>,
    exact: Option<u64>,
    /// A segment whose `f64` squared distance is below this is nearer for certain.
    surely: f64,
    /// One above this is farther for certain.
    maybe: f64,
    /// What is nearer lies within this many millimetres in each axis.
    reach: i64,
}

impl Best {
    fn within(p: Point, max_mm: u32) -> Self {
        let limit = u64::from(max_mm) * u64::from(max_mm);
        let mut best = Self {
            p,
            x: f64::from(p.x),
            y: f64::from(p.y),
            limit,
            entry: None,
            exact: Some(limit),
            surely: 0.0,
            maybe: 0.0,
            reach: 0,
        };
        best.set_margins(limit as f64);
        best
    }

    /// The `f64` distance is off by under 1e-4 mm, at the ends of the earth; whole square millimetres round by up to 1.
    fn set_margins(&mut self, distance_squared: f64) {
        let distance = distance_squared.sqrt();
        let margin = 2.0 + 1e-3 * (1.0 + distance);
        self.surely = distance_squared - margin;
        self.maybe = distance_squared + margin;
        self.reach = distance as i64 + 3;
    }

    fn distance_squared(&self, entry: &Entry) -> f64 {
        let (ax, ay) = (f64::from(entry.a.x) - self.x, f64::from(entry.a.y) - self.y);
        let (dx, dy) = (f64::from(entry.b.x) - f64::from(entry.a.x), f64::from(entry.b.y) - f64::from(entry.a.y));
        // The smallest divisor stands for a segment without length, whose dot product is zero.
        let t = (-(ax * dx + ay * dy) / (dx * dx + dy * dy).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
        let (fx, fy) = (ax + t * dx, ay + t * dy);
        fx * fx + fy * fy
    }

    #[inline]
    fn offer(&mut self, entry: &Entry, keep: &impl Fn(u32) -> bool) {
        let distance_squared = self.distance_squared(entry);
        if distance_squared > self.maybe || !keep(entry.segment) {
            return;
        }
        if distance_squared < self.surely {
            self.exact = None;
        } else {
            let this = Foot::of(entry.a, entry.b, self.p).distance_squared;
            let best = match (self.exact, &self.entry) {
                (Some(exact), _) => exact,
                (None, Some(e)) => Foot::of(e.a, e.b, self.p).distance_squared,
                (None, None) => self.limit,
            };
            self.exact = Some(best);
            let id = self.entry.map_or(u32::MAX, |e| e.segment);
            if (this, entry.segment) >= (best, id) {
                return;
            }
            self.exact = Some(this);
        }
        self.entry = Some(*entry);
        self.set_margins(distance_squared);
    }

    fn hit(&self) -> Option<Hit> {
        self.entry.map(|e| Hit::of(e.segment, e.a, e.b, self.p))
    }
}
