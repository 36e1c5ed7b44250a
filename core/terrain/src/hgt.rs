//! SRTM tiles: big-endian heights in metres of one square degree, which only the file's name tells.

use breiband_model::{Context, Terrain};
use breiband_spatial::Crs;

use crate::raster::{Heights, Raster, RasterError};

/// Whether a file's name is that of a tile: `N47E009.hgt`, also with a folder, more words, or `.gz`.
pub fn is_hgt_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.strip_suffix(".gz").unwrap_or(&name).ends_with(".hgt")
}

/// Reads a tile of 1″ (3601 × 3601) or 3″ (1201 × 1201), unpacked. Its place is in its name: `N47E009` opens that of the tile
/// whose south-western corner is 47° N 9° E.
///
/// # Errors
/// Another size, or a name that says no place; [`RasterError::Cancelled`], which is asked for at each row.
pub fn read_hgt(bytes: &[u8], name: &str, ctx: &Context<'_>) -> Result<Raster, RasterError> {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let (lat, lon) = corner(base).ok_or_else(|| {
        RasterError::Crs(format!(
            "{base:?} does not open with its corner as N47E009 does, and nothing else in an .hgt file says where it is: \
             give it the name that it was published under"
        ))
    })?;
    let nodes =
        [1201_u32, 3601].into_iter().find(|&n| n as usize * n as usize * 2 == bytes.len()).ok_or_else(|| {
            RasterError::Damaged(format!(
                "{} bytes, where a tile of 3″ has 2,884,802 and one of 1″ has 25,934,402",
                bytes.len()
            ))
        })?;
    let mut heights = Vec::with_capacity(bytes.len() / 2);
    for row in bytes.chunks_exact(2 * nodes as usize) {
        ctx.check()?;
        heights.extend(row.chunks_exact(2).map(|pair| sound(i16::from_be_bytes([pair[0], pair[1]]))));
    }
    let step = 1.0 / f64::from(nodes - 1);
    Ok(Raster {
        crs: Crs::wgs84(),
        columns: nodes,
        rows: nodes,
        first: [f64::from(lon), f64::from(lat) + 1.0],
        step: [step, step],
        heights: Heights::Metres(heights),
    })
}

/// A height in metres, or void: old tiles have other marks than −32768 for what the radar did not see, and nothing is so deep or
/// high.
pub(crate) fn sound(height: i16) -> i16 {
    if Terrain::is_height(i32::from(height) * 1000) { height } else { Heights::VOID }
}

/// Latitude and longitude of the corner.
fn corner(name: &str) -> Option<(i32, i32)> {
    let half = |from: usize, digits: usize, signs: [char; 2]| {
        let sign = name.get(from..from + 1)?.chars().next()?.to_ascii_uppercase();
        let text = name.get(from + 1..from + 1 + digits)?;
        let degrees: i32 = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())??;
        signs.iter().position(|&s| s == sign).map(|at| if at == 0 { degrees } else { -degrees })
    };
    let (lat, lon) = (half(0, 2, ['N', 'S'])?, half(3, 3, ['E', 'W'])?);
    ((-90..90).contains(&lat) && (-180..180).contains(&lon)).then_some((lat, lon))
}

#[cfg(test)]
mod tests {
    use super::*;
    use breiband_model::Silent;

    #[test]
    fn a_name_says_the_corner() {
        assert_eq!(corner("N47E009.hgt"), Some((47, 9)));
        assert_eq!(corner("s05w120.SRTMGL1.hgt"), Some((-5, -120)));
        for wrong in ["47E009.hgt", "N4E009", "N47X009", "N91E009", "N47E181", "", "Ñ47E009", "N+7E009"] {
            assert_eq!(corner(wrong), None, "{wrong}");
        }
        assert!(is_hgt_name("a/N47E009.HGT.gz") && !is_hgt_name("N47E009.tif"));
    }

    #[test]
    fn rows_go_south_and_voids_are_known() {
        let mut bytes = vec![0_u8; 1201 * 1201 * 2];
        let mut put = |row: usize, column: usize, height: i16| {
            bytes[(row * 1201 + column) * 2..][..2].copy_from_slice(&height.to_be_bytes());
        };
        put(0, 0, 500);
        put(1200, 1200, -32768);
        put(600, 600, 1000);
        let raster = read_hgt(&bytes, "N47E009.hgt", &Context::new(&mut Silent)).expect("a tile");
        assert_eq!(raster.voids(), 1);
        assert_eq!(raster.height_at(9.0, 48.0), Some(500_000));
        assert_eq!(raster.height_at(9.5, 47.5), Some(1_000_000));
        assert_eq!(raster.height_at(10.0, 47.0), None, "unknown");
        assert_eq!(raster.height_at(9.5 + 0.5 / 1200.0, 47.5).map(|h| h / 1000), Some(500));
        assert_eq!(raster.height_at(8.9, 47.5), None, "outside");
        assert!(matches!(
            read_hgt(&bytes[1..], "N47E009.hgt", &Context::new(&mut Silent)),
            Err(RasterError::Damaged(_))
        ));
        assert!(matches!(read_hgt(&bytes, "tile.hgt", &Context::new(&mut Silent)), Err(RasterError::Crs(_))));
    }
}
