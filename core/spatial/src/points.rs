//! An index of points for analysts: rstar behind names that speak millimetres.

use breiband_model::Point;
use rstar::RTree;
use rstar::primitives::GeomWithData;

/// A point of a [`PointIndex`] and how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NearPoint {
    /// Index in the slice that the index was built from.
    pub point: u32,
    /// Squared distance in mm².
    pub distance_squared: u64,
}

/// An R*-tree of points. Ties go to the smaller index.
///
/// ```
/// use breiband_model::Point;
/// use breiband_spatial::PointIndex;
/// let index = PointIndex::build(&[Point::new(0, 0), Point::new(10, 0), Point::new(10, 0)]);
/// assert_eq!(index.nearest(Point::new(9, 0)).unwrap().point, 1);
/// assert_eq!(index.within(Point::new(0, 0), 10).len(), 3);
/// ```
#[derive(Debug, Clone)]
pub struct PointIndex {
    tree: RTree<GeomWithData<[f64; 2], (u32, Point)>>,
}

impl PointIndex {
    /// An index of `points`, in O(n log n).
    pub fn build(points: &[Point]) -> Self {
        let nodes = points.iter().zip(0..).map(|(&p, i)| GeomWithData::new(floats(p), (i, p))).collect();
        Self { tree: RTree::bulk_load(nodes) }
    }

    /// How many points the index holds.
    pub fn len(&self) -> usize {
        self.tree.size()
    }

    /// Whether the index holds no point.
    pub fn is_empty(&self) -> bool {
        self.tree.size() == 0
    }

    /// The point nearest to `p`, if there is any.
    pub fn nearest(&self, p: Point) -> Option<NearPoint> {
        let first = self.tree.nearest_neighbor(&floats(p))?;
        // The tree's squares are rounded beyond 94 km: look at all that may be as near. Squares too large to be told apart are all
        // as near.
        let square = first.data.1.distance_squared(p);
        let reach = if square == u64::MAX { f64::INFINITY } else { square as f64 * (1.0 + 1e-12) + 1.0 };
        self.candidates(p, reach).min_by_key(order)
    }

    /// The points within `radius_mm` of `p`, by distance and then index.
    pub fn within(&self, p: Point, radius_mm: u32) -> Vec<NearPoint> {
        let mut near: Vec<_> = self.near(p, radius_mm).collect();
        near.sort_unstable_by_key(order);
        near
    }

    /// How many points lie within `radius_mm` of `p`, counted up to `most`. Allocates nothing.
    pub fn count_within(&self, p: Point, radius_mm: u32, most: usize) -> usize {
        self.near(p, radius_mm).take(most).count()
    }

    fn near(&self, p: Point, radius_mm: u32) -> impl Iterator<Item = NearPoint> {
        let limit = u64::from(radius_mm) * u64::from(radius_mm);
        let reach = limit as f64 * (1.0 + 1e-12) + 1.0;
        self.candidates(p, reach).filter(move |near| near.distance_squared <= limit)
    }

    fn candidates(&self, p: Point, reach_squared: f64) -> impl Iterator<Item = NearPoint> {
        self.tree
            .locate_within_distance(floats(p), reach_squared)
            .map(move |node| NearPoint { point: node.data.0, distance_squared: node.data.1.distance_squared(p) })
    }
}

fn order(near: &NearPoint) -> (u64, u32) {
    (near.distance_squared, near.point)
}

fn floats(p: Point) -> [f64; 2] {
    [f64::from(p.x), f64::from(p.y)]
}
