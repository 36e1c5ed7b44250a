//! Which areas hold a point, and how far a line runs inside each.

use breiband_model::{Bounds, Point, Polygon};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::exact::{Crossing, at_fraction, cross, crossing_fraction, segments_cross, touches};

/// A polygon that a segment runs through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Crossed {
    /// Index of the polygon in the order given to [`PolygonIndex::build`].
    pub polygon: u32,
    /// Millimetres of the segment inside the polygon; running along its boundary does not count.
    pub inside_mm: u64,
}

/// Polygons behind an R*-tree of their boxes, each with its edges sorted by height, so that a point is tested against the
/// few edges beside it.
///
/// ```
/// use breiband_model::{Point, Polygon};
/// use breiband_spatial::PolygonIndex;
/// let square = Polygon { outer: [(0, 0), (9, 0), (9, 9), (0, 9)].map(|(x, y)| Point::new(x, y)).to_vec(), holes: vec![] };
/// let index = PolygonIndex::build([&square]);
/// assert_eq!(index.containing(Point::new(9, 5)), Some(0)); // the boundary is inside
/// assert_eq!(index.crossed_by(Point::new(-4, 5), Point::new(4, 5))[0].inside_mm, 4);
/// ```
#[derive(Debug, Clone)]
pub struct PolygonIndex {
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
    polygons: Vec<Banded>,
}

impl PolygonIndex {
    /// An index of the polygons in the order given; one without points is never found.
    pub fn build<'a>(polygons: impl IntoIterator<Item = &'a Polygon>) -> Self {
        let polygons: Vec<Banded> = polygons.into_iter().map(Banded::new).collect();
        let boxes = polygons
            .iter()
            .zip(0..)
            .filter_map(|(polygon, id)| {
                let bounds = polygon.bounds?;
                Some(GeomWithData::new(Rectangle::from_corners(floats(bounds.min), floats(bounds.max)), id))
            })
            .collect();
        Self { tree: RTree::bulk_load(boxes), polygons }
    }

    /// How many polygons the index holds.
    pub fn len(&self) -> usize {
        self.polygons.len()
    }

    /// Whether the index holds no polygon.
    pub fn is_empty(&self) -> bool {
        self.polygons.is_empty()
    }

    /// The polygon that holds `p`, its boundary included; the one with the smallest index where there are several.
    pub fn containing(&self, p: Point) -> Option<u32> {
        self.holding(p).min()
    }

    /// All polygons that hold `p`, ascending.
    pub fn all_containing(&self, p: Point) -> Vec<u32> {
        let mut all: Vec<u32> = self.holding(p).collect();
        all.sort_unstable();
        all
    }

    /// The polygons that the segment `a b` runs through for a millimetre or more, ascending.
    pub fn crossed_by(&self, a: Point, b: Point) -> Vec<Crossed> {
        self.crossed_among(a, b, |_| true)
    }

    /// As [`PolygonIndex::crossed_by`], of the polygons that `keep` accepts; the others are not looked at.
    pub fn crossed_among(&self, a: Point, b: Point, keep: impl Fn(u32) -> bool) -> Vec<Crossed> {
        let reach = AABB::from_corners(floats(a), floats(b));
        let mut crossed: Vec<Crossed> = self
            .tree
            .locate_in_envelope_intersecting(&reach)
            .filter(|node| keep(node.data))
            .map(|node| Crossed { polygon: node.data, inside_mm: self.polygons[node.data as usize].inside_mm(a, b) })
            .filter(|crossed| crossed.inside_mm > 0)
            .collect();
        crossed.sort_unstable_by_key(|crossed| crossed.polygon);
        crossed
    }

    fn holding(&self, p: Point) -> impl Iterator<Item = u32> {
        self.tree
            .locate_all_at_point(&floats(p))
            .map(|node| node.data)
            .filter(move |&id| self.polygons[id as usize].place(p) != Place::Outside)
    }
}

/// Whether `polygon` holds `p`: even-odd over all its rings, the boundary included. Exact, in O(points).
pub fn polygon_contains(polygon: &Polygon, p: Point) -> bool {
    place(edges(polygon), p) != Place::Outside
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Inside,
    Boundary,
    Outside,
}

/// A polygon's edges, sorted into horizontal bands.
#[derive(Debug, Clone)]
struct Banded {
    bounds: Option<Bounds>,
    /// A band is 2^shift millimetres high.
    shift: u32,
    /// Where each band's edges start, and their end.
    starts: Vec<u32>,
    edges: Vec<(Point, Point)>,
}

impl Banded {
    fn new(polygon: &Polygon) -> Self {
        let all: Vec<(Point, Point)> = edges(polygon).collect();
        let bounds = Bounds::of(all.iter().map(|edge| edge.0));
        let mut banded = Self { bounds, shift: 32, starts: vec![0, 0], edges: Vec::new() };
        let Some(bounds) = bounds else { return banded };
        // The edges of a house are looked at faster than sorted.
        if all.len() <= 16 {
            banded.starts = vec![0, all.len() as u32];
            banded.edges = all;
            return banded;
        }
        let height = i64::from(bounds.max.y) - i64::from(bounds.min.y);
        // The lowest bands whose edges, counted in each band that they run through, stay within four times their number.
        banded.shift = (10..32)
            .find(|&shift| {
                let crossed = |&(a, b): &(Point, Point)| 1 + (i64::from(a.y.abs_diff(b.y)) >> shift);
                height >> shift <= all.len() as i64 && all.iter().map(crossed).sum::<i64>() <= 4 * all.len() as i64
            })
            .unwrap_or(32);
        let bands = (height >> banded.shift) as usize + 1;
        let mut starts = vec![0_u32; bands + 1];
        for &edge in &all {
            for band in banded.bands(bounds, edge) {
                starts[band] += 1;
            }
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut sorted = vec![(Point::default(), Point::default()); total as usize];
        for &edge in &all {
            for band in banded.bands(bounds, edge) {
                starts[band] -= 1;
                sorted[starts[band] as usize] = edge;
            }
        }
        (banded.starts, banded.edges) = (starts, sorted);
        banded
    }

    fn bands(&self, bounds: Bounds, (a, b): (Point, Point)) -> std::ops::RangeInclusive<usize> {
        let band = |y: i32| ((i64::from(y) - i64::from(bounds.min.y)) >> self.shift) as usize;
        band(a.y.min(b.y).max(bounds.min.y))..=band(a.y.max(b.y).min(bounds.max.y))
    }

    fn place(&self, p: Point) -> Place {
        match self.bounds {
            Some(bounds) if bounds.contains(p) => {
                let band = *self.bands(bounds, (p, p)).start();
                place(self.band(band).iter().copied(), p)
            }
            _ => Place::Outside,
        }
    }

    fn band(&self, band: usize) -> &[(Point, Point)] {
        &self.edges[self.starts[band] as usize..self.starts[band + 1] as usize]
    }

    /// Cuts `a b` wherever it meets an edge and adds up the pieces whose middle is inside.
    fn inside_mm(&self, a: Point, b: Point) -> u64 {
        let Some(bounds) = self.bounds else { return 0 };
        if !bounds.overlaps(&Bounds {
            min: Point::new(a.x.min(b.x), a.y.min(b.y)),
            max: Point::new(a.x.max(b.x), a.y.max(b.y)),
        }) {
            return 0;
        }
        let mut cuts = Vec::new();
        for band in self.bands(bounds, (a, b)) {
            for &(c, d) in self.band(band) {
                match segments_cross(a, b, c, d) {
                    Crossing::None => {}
                    Crossing::Proper => cuts.extend(
                        crossing_fraction(a, b, c, d).map(|(num, den)| a.distance_mm(at_fraction(a, b, num, den))),
                    ),
                    Crossing::Touch => {
                        cuts.extend([c, d].into_iter().filter(|&p| touches(a, b, p)).map(|p| a.distance_mm(p)));
                    }
                }
            }
        }
        // Meeting no edge, the segment lies where its ends do.
        if cuts.is_empty() && !(bounds.contains(a) && bounds.contains(b)) {
            return 0;
        }
        let length = a.distance_mm(b);
        cuts.extend([0, length]);
        cuts.sort_unstable();
        cuts.dedup();
        cuts.windows(2)
            .filter(|cut| self.place(a.towards(b, cut[0] + cut[1], 2 * length)) == Place::Inside)
            .map(|cut| cut[1].min(length) - cut[0].min(length))
            .sum()
    }
}

fn place(edges: impl Iterator<Item = (Point, Point)>, p: Point) -> Place {
    let mut inside = false;
    for (a, b) in edges {
        if touches(a, b, p) {
            return Place::Boundary;
        }
        if (a.y > p.y) != (b.y > p.y) {
            let (low, high) = if a.y < b.y { (a, b) } else { (b, a) };
            inside ^= cross(low, high, p) > 0;
        }
    }
    if inside { Place::Inside } else { Place::Outside }
}

fn edges(polygon: &Polygon) -> impl Iterator<Item = (Point, Point)> {
    polygon.rings().flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1))).map(|(&a, &b)| (a, b))
}

fn floats(p: Point) -> [f64; 2] {
    [f64::from(p.x), f64::from(p.y)]
}
