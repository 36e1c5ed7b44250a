//! Heights of the ground on a regular lattice of the region's plane.

use crate::Point;

/// Heights of the ground: nodes a step apart in the region's plane, west to east, row by row from the south.
///
/// Between nodes the ground is bilinear. A node without a height is *unknown*, and so is the ground beside it: nothing is
/// claimed to be in sight over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terrain {
    origin: Point,
    step_mm: u32,
    columns: u32,
    heights: Vec<i32>,
}

impl Terrain {
    /// The height of an unknown node.
    pub const UNKNOWN: i32 = i32::MIN;
    /// No ground is lower, millimetres: the deepest trench is 11 km deep.
    pub const LOWEST_MM: i32 = -12_000_000;
    /// Nor higher.
    pub const HIGHEST_MM: i32 = 9_500_000;
    /// No step is longer than this, millimetres: 10 km.
    pub const LONGEST_STEP_MM: u32 = 10_000_000;

    /// Heights in millimetres above the sea, or [`Terrain::UNKNOWN`]. The first is that of `origin`, the south-western node;
    /// rows of `columns` nodes follow each other northwards.
    ///
    /// `None` where the rows are not whole, there are fewer than two columns or rows, the step is zero or over 10 km, or a
    /// height is none that ground has.
    pub fn new(origin: Point, step_mm: u32, columns: u32, heights: Vec<i32>) -> Option<Self> {
        let rows = heights.len().checked_div(columns as usize)?;
        let whole = columns >= 2 && rows >= 2 && rows * columns as usize == heights.len();
        let heights_fit = |&h: &i32| h == Self::UNKNOWN || Self::is_height(h);
        let sound = whole && (1..=Self::LONGEST_STEP_MM).contains(&step_mm) && heights.iter().all(heights_fit);
        sound.then_some(Self { origin, step_mm, columns, heights })
    }

    /// Whether ground may be so high, millimetres.
    pub fn is_height(mm: i32) -> bool {
        (Self::LOWEST_MM..=Self::HIGHEST_MM).contains(&mm)
    }

    /// The south-western node.
    pub fn origin(&self) -> Point {
        self.origin
    }

    /// Millimetres between neighbouring nodes.
    pub fn step_mm(&self) -> u32 {
        self.step_mm
    }

    /// Nodes from west to east.
    pub fn columns(&self) -> u32 {
        self.columns
    }

    /// Nodes from south to north.
    pub fn rows(&self) -> u32 {
        (self.heights.len() / self.columns as usize) as u32
    }

    /// All heights, row by row from the south-west.
    pub fn heights(&self) -> &[i32] {
        &self.heights
    }

    /// How many nodes are unknown.
    pub fn unknown(&self) -> usize {
        self.heights.iter().filter(|&&h| h == Self::UNKNOWN).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lattice_is_whole() {
        let make = |columns, count| Terrain::new(Point::new(0, 0), 1000, columns, vec![0; count]);
        assert!(make(2, 4).is_some());
        assert!(make(3, 4).is_none() && make(0, 4).is_none() && make(4, 4).is_none() && make(1, 4).is_none());
        assert!(Terrain::new(Point::new(0, 0), 0, 2, vec![0; 4]).is_none());
        assert!(Terrain::new(Point::new(0, 0), 1, 2, vec![0, 1, 2, 30_000_000]).is_none());
        assert_eq!(Terrain::new(Point::new(0, 0), 1, 2, vec![0, 1, 2, i32::MIN]).map(|t| t.unknown()), Some(1));
    }
}
