//! The ground as a GeoTIFF: whole metres in degrees, one strip a row, without compression.

use crate::terrain::{CELL, Terrain};
use crate::write::Degrees;

/// Nodes beyond the region on each side: an antenna at its border looks over known ground.
const MARGIN: u32 = 9;
/// What stands for no height: nowhere.
const NO_DATA: i16 = -32768;
/// Entries of the directory.
const ENTRIES: usize = 14;
/// Bytes of the header and the directory.
const HEAD: u32 = 8 + 2 + 12 * ENTRIES as u32 + 4;

/// A field of the directory.
enum Field {
    /// Shorts; up to two stand in the entry itself.
    Shorts(Vec<u16>),
    Longs(Vec<u32>),
    Doubles(Vec<f64>),
    Text(&'static [u8]),
}

impl Field {
    /// The standard's number of the type, how many values, and their bytes.
    fn encode(&self) -> (u16, u32, Vec<u8>) {
        match self {
            Self::Shorts(all) => (3, all.len() as u32, all.iter().flat_map(|v| v.to_le_bytes()).collect()),
            Self::Longs(all) => (4, all.len() as u32, all.iter().flat_map(|v| v.to_le_bytes()).collect()),
            Self::Doubles(all) => (12, all.len() as u32, all.iter().flat_map(|v| v.to_le_bytes()).collect()),
            Self::Text(text) => (2, text.len() as u32, text.to_vec()),
        }
    }
}

/// Heights at nodes as far apart as the lattice's, in degrees of WGS 84; the sea's floor is the sea.
pub(crate) fn geotiff(terrain: &Terrain, degrees: &Degrees) -> Vec<u8> {
    let (width, depth) = terrain.size();
    // A box of degrees around the region, which is a little turned in them.
    let corners = [(0.0, 0.0), (width, 0.0), (0.0, depth), (width, depth)].map(|at| degrees.lon_lat(at));
    let least = |pick: fn(&(f64, f64)) -> f64| corners.iter().map(pick).fold(f64::INFINITY, f64::min);
    let most = |pick: fn(&(f64, f64)) -> f64| corners.iter().map(pick).fold(f64::NEG_INFINITY, f64::max);
    let (columns, rows) = ((width / CELL) as u32 + 2 + 2 * MARGIN, (depth / CELL) as u32 + 2 + 2 * MARGIN);
    let steps = |from: f64, to: f64, nodes: u32| (to - from) / f64::from(nodes - 1 - 2 * MARGIN);
    let step = [steps(least(|c| c.0), most(|c| c.0), columns), steps(least(|c| c.1), most(|c| c.1), rows)];
    let margin = f64::from(MARGIN);
    let (west, north) = (least(|c| c.0) - margin * step[0], most(|c| c.1) + margin * step[1]);
    let mut heights = Vec::with_capacity(columns as usize * rows as usize * 2);
    for row in 0..rows {
        for column in 0..columns {
            let place = degrees.metres(west + f64::from(column) * step[0], north - f64::from(row) * step[1]);
            // Beyond the border the ground goes on as it is there.
            let inside = |v: f64, size: f64| v.clamp(0.0, size - 0.001);
            let height =
                place.map_or(NO_DATA, |(x, y)| terrain.at(inside(x, width), inside(y, depth)).max(0.0).round() as i16);
            heights.extend(height.to_le_bytes());
        }
    }
    let bytes_a_row = columns * 2;
    // Strips follow one another at the file's end; where that is, the fields before say.
    let fields = |strips: u32| -> [(u16, Field); ENTRIES] {
        let starts = (0..rows).map(|row| strips + row * bytes_a_row).collect();
        [
            (256, Field::Longs(vec![columns])),
            (257, Field::Longs(vec![rows])),
            (258, Field::Shorts(vec![16])),
            (259, Field::Shorts(vec![1])),
            (262, Field::Shorts(vec![1])),
            (273, Field::Longs(starts)),
            (277, Field::Shorts(vec![1])),
            (278, Field::Longs(vec![1])),
            (279, Field::Longs(vec![bytes_a_row; rows as usize])),
            (339, Field::Shorts(vec![2])),
            (33550, Field::Doubles(vec![step[0], step[1], 0.0])),
            (33922, Field::Doubles(vec![0.0, 0.0, 0.0, west, north, 0.0])),
            // Version, and three keys: geographic, heights at nodes, WGS 84.
            (34735, Field::Shorts(vec![1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 2, 2048, 0, 1, 4326])),
            (42113, Field::Text(b"-32768\0")),
        ]
    };
    let long = |field: &Field| field.encode().2.len() as u32;
    let beside: u32 = fields(0).iter().map(|(_, field)| long(field)).filter(|&bytes| bytes > 4).sum();
    let mut file = b"II*\0\x08\0\0\0".to_vec();
    file.extend((ENTRIES as u16).to_le_bytes());
    let mut tail = Vec::new();
    for (tag, field) in fields(HEAD + beside) {
        let (kind, count, mut bytes) = field.encode();
        file.extend(tag.to_le_bytes().into_iter().chain(kind.to_le_bytes()).chain(count.to_le_bytes()));
        if bytes.len() > 4 {
            file.extend((HEAD + tail.len() as u32).to_le_bytes());
            tail.extend(bytes);
        } else {
            bytes.resize(4, 0);
            file.extend(bytes);
        }
    }
    file.extend([0; 4]);
    file.extend(tail);
    file.extend(heights);
    file
}
