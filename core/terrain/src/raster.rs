//! A raster of heights in its own coordinates.

use breiband_model::Cancelled;
use breiband_spatial::Crs;

/// Why a raster could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RasterError {
    /// The file contradicts its format.
    #[error("the raster is damaged ({0}): download it again")]
    Damaged(String),
    /// A kind of raster that is not read.
    #[error("{0}")]
    Unsupported(String),
    /// Its coordinates are unknown, or of no use here.
    #[error("{0}")]
    Crs(String),
    /// More nodes than are held.
    #[error("the raster has {nodes} heights, more than {limit}: cut it to the region first (`gdalwarp -te`)")]
    TooLarge {
        /// Heights in it.
        nodes: u64,
        /// The most.
        limit: u64,
    },
    /// The user asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Heights at the nodes of a grid, the first row the northernmost, each from west to east.
#[derive(Debug, Clone, PartialEq)]
pub struct Raster {
    /// Coordinates.
    pub(crate) crs: Crs,
    pub(crate) columns: u32,
    pub(crate) rows: u32,
    /// Easting or longitude of the first column, northing or latitude of the first row.
    pub(crate) first: [f64; 2],
    /// Between columns eastwards and between rows southwards, both above zero.
    pub(crate) step: [f64; 2],
    pub(crate) heights: Heights,
}

/// Heights as the file has them: whole metres take half the room.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Heights {
    /// Metres; [`Heights::VOID`] where there is none.
    Metres(Vec<i16>),
    /// Millimetres; [`breiband_model::Terrain::UNKNOWN`] where there is none.
    Millimetres(Vec<i32>),
}

impl Heights {
    pub(crate) const VOID: i16 = i16::MIN;

    /// Millimetres.
    fn get(&self, at: usize) -> Option<i32> {
        match self {
            Self::Metres(all) => all.get(at).filter(|&&h| h != Self::VOID).map(|&h| i32::from(h) * 1000),
            Self::Millimetres(all) => all.get(at).filter(|&&h| h != breiband_model::Terrain::UNKNOWN).copied(),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Metres(all) => all.len(),
            Self::Millimetres(all) => all.len(),
        }
    }
}

/// Parts of a step: positions between nodes are whole numbers of them.
const PARTS: i64 = 1 << 16;

impl Raster {
    /// Nodes from west to east, and from north to south.
    pub fn size(&self) -> (u32, u32) {
        (self.columns, self.rows)
    }

    /// Nodes without a height.
    pub fn voids(&self) -> usize {
        (0..self.heights.len()).filter(|&at| self.heights.get(at).is_none()).count()
    }

    /// Between neighbouring nodes from north to south, metres on the ground (a degree of latitude is 111.2 km).
    pub fn step_metres(&self) -> f64 {
        if self.crs.is_geographic() { self.step[1] * 111_200.0 } else { self.step[1] }
    }

    /// The ground's height at a place in degrees, millimetres; between nodes it is bilinear. `None` outside, and beside nodes
    /// without a height. Up to half a step outside, the outermost nodes' heights are taken, so that neighbouring tiles whose
    /// heights are those of pixels meet.
    pub fn height_at(&self, lon: f64, lat: f64) -> Option<i32> {
        let (x, y) = self.crs.from_lon_lat(lon, lat)?;
        let (column, right) = position((x - self.first[0]) / self.step[0], self.columns)?;
        let (row, down) = position((self.first[1] - y) / self.step[1], self.rows)?;
        let width = self.columns as usize;
        let at = row * width + column;
        bilinear([at, at + 1, at + width, at + width + 1].map(|at| self.heights.get(at)), (right, down), PARTS)
    }
}

/// The node before a position and the parts of a step beyond it. A node is followed by another.
fn position(steps: f64, nodes: u32) -> Option<(usize, i64)> {
    let last = f64::from(nodes) - 1.0;
    // Written so that NaN fails too.
    if !(steps >= -0.5 && steps <= last + 0.5) {
        return None;
    }
    let all = (steps.clamp(0.0, last) * PARTS as f64) as i64;
    let node = (all / PARTS).min(i64::from(nodes) - 2);
    Some((node as usize, all - node * PARTS))
}

/// Between four nodes: the first two in a row, then those of the next row. A node that does not count need not be known.
/// The result is rounded down. `parts` is at most 2¹⁶, heights are those of ground.
pub(crate) fn bilinear(nodes: [Option<i32>; 4], (right, on): (i64, i64), parts: i64) -> Option<i32> {
    let weights = [(parts - right) * (parts - on), right * (parts - on), (parts - right) * on, right * on];
    let mut sum = 0;
    for (node, weight) in nodes.into_iter().zip(weights) {
        if weight != 0 {
            sum += i64::from(node?) * weight;
        }
    }
    i32::try_from(sum.div_euclid(parts * parts)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_nodes_the_ground_is_bilinear() {
        let nodes = [Some(0), Some(100), Some(200), Some(700)];
        assert_eq!(bilinear(nodes, (0, 0), 10), Some(0));
        assert_eq!(bilinear(nodes, (10, 10), 10), Some(700));
        assert_eq!(bilinear(nodes, (5, 5), 10), Some(250));
        assert_eq!(bilinear([Some(-3), Some(-4), None, None], (5, 0), 10), Some(-4), "rounded down");
        assert_eq!(bilinear([Some(0), None, Some(0), Some(0)], (1, 0), 10), None);
        assert_eq!(bilinear([Some(7), None, None, None], (0, 0), 10), Some(7));
    }

    #[test]
    fn tiles_meet_half_a_step_outside() {
        assert_eq!(position(-0.5, 4), Some((0, 0)));
        assert_eq!(position(3.5, 4), Some((2, PARTS)));
        assert_eq!(position(1.25, 4), Some((1, PARTS / 4)));
        assert_eq!(position(3.6, 4), None);
        assert_eq!(position(f64::NAN, 4), None);
    }
}
