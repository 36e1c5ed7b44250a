//! GeoTIFF: heights in strips or tiles, plain, LZW or deflate, of whole or broken numbers. The `tiff` crate unpacks; what the
//! numbers mean and where they are is read here (OGC GeoTIFF 1.1).

use std::io::{Cursor, ErrorKind};

use breiband_model::{Context, Terrain};
use breiband_spatial::Crs;
use tiff::TiffError;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;

use crate::hgt::sound;
use crate::raster::{Heights, Raster, RasterError};

/// Heights that are held at most: 130 MB.
const MOST_NODES: u64 = 1 << 25;
/// A packed byte unpacks to so many at most: LZW's longest code (3,840 bytes in 12 bits); deflate's are 1,032.
const MOST_UNPACKED: u64 = 2_560;
/// What the tag of compression says of heights that are not packed.
const NOT_PACKED: u32 = 1;
/// A tag's values take so many bytes at most: strips of one row each of a very high image.
const MOST_TAG: usize = 1 << 22;
/// Geokeys and what they are called in the standard.
const MODEL_TYPE: u16 = 1024;
const RASTER_TYPE: u16 = 1025;
const GEOGRAPHIC: u16 = 2048;
const PROJECTED: u16 = 3072;
const VERTICAL_UNITS: u16 = 4099;
/// What a geokey says where its value stands elsewhere.
const USER_DEFINED: u16 = 32767;

/// Whether bytes open as TIFF does, of either byte order and size.
pub fn is_tiff(bytes: &[u8]) -> bool {
    [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|magic| bytes.starts_with(*magic))
}

/// Reads a GeoTIFF's first image. `epsg` goes before what the file says of its coordinates: they must be degrees, or those of a
/// transverse Mercator on WGS 84 or ETRS 89 (UTM, NTM).
///
/// A header that says more than the file could hold, however well packed, is not believed.
///
/// # Errors
/// A broken file, more than one band, rotated rasters, or coordinates that are not known here; [`RasterError::Cancelled`], which is
/// asked for at each strip or tile.
pub fn read_geotiff(bytes: &[u8], epsg: Option<u32>, ctx: &Context<'_>) -> Result<Raster, RasterError> {
    let mut limits = Limits::default();
    (limits.decoding_buffer_size, limits.intermediate_buffer_size) = (MOST_TAG, bytes.len());
    limits.ifd_value_size = MOST_TAG;
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(fault)?.with_limits(limits.clone());
    let (columns, rows) = decoder.dimensions().map_err(fault)?;
    let nodes = u64::from(columns) * u64::from(rows);
    if nodes > MOST_NODES {
        return Err(RasterError::TooLarge { nodes, limit: MOST_NODES });
    }
    if columns < 2 || rows < 2 {
        return Err(RasterError::Unsupported("the raster has fewer than two columns or rows".to_owned()));
    }
    let tiff::ColorType::Gray(bits) = decoder.colortype().map_err(fault)? else {
        return Err(RasterError::Unsupported(
            "it has more than one band, so it is a picture and no terrain".to_owned(),
        ));
    };
    let packed =
        decoder.find_tag_unsigned::<u32>(Tag::Compression).map_err(fault)?.is_some_and(|how| how != NOT_PACKED);
    let could_hold = bytes.len() as u64 * if packed { MOST_UNPACKED } else { 1 };
    let says = nodes * u64::from(bits).div_ceil(8);
    if says > could_hold {
        return Err(RasterError::Damaged(format!("{nodes} heights are not in a file of {} bytes", bytes.len())));
    }
    whole(&mut decoder, bytes.len() as u64)?;
    // A chunk may be padded beyond the raster's edge, but never to more than that.
    limits.decoding_buffer_size = usize::try_from(could_hold.min(MOST_NODES * 8)).unwrap_or(usize::MAX).max(MOST_TAG);
    let mut decoder = decoder.with_limits(limits);
    let keys = decoder.find_tag_unsigned_vec::<u16>(Tag::GeoKeyDirectoryTag).map_err(fault)?.unwrap_or_default();
    let key = |wanted: u16| {
        let entry = keys.chunks_exact(4).skip(1).find(|entry| entry[0] == wanted && entry[1] == 0)?;
        Some(entry[3]).filter(|&value| value != USER_DEFINED && value != 0)
    };
    if key(VERTICAL_UNITS).is_some_and(|unit| unit != 9001) {
        return Err(RasterError::Unsupported("its heights are not in metres: convert it with `gdal_calc`".to_owned()));
    }
    let named = match key(MODEL_TYPE) {
        Some(1) => key(PROJECTED),
        Some(2) => key(GEOGRAPHIC),
        _ => key(PROJECTED).or(key(GEOGRAPHIC)),
    };
    let crs = crs_of(epsg.or(named.map(u32::from)))?;
    let (first, step) = placement(&mut decoder, key(RASTER_TYPE) == Some(2))?;
    let no_data = decoder.get_tag_ascii_string(Tag::GdalNodata).ok();
    let no_data = no_data.and_then(|text| text.trim_matches(['\0', ' ']).parse::<f64>().ok());
    let heights = heights(&mut decoder, columns, rows, no_data, ctx)?;
    Ok(Raster { crs, columns, rows, first, step, heights })
}

/// Refuses a file that ends before its last strip or tile: unpacked, it would seem to have too large ones.
fn whole(decoder: &mut Decoder<Cursor<&[u8]>>, length: u64) -> Result<(), RasterError> {
    for (offsets, sizes) in [(Tag::StripOffsets, Tag::StripByteCounts), (Tag::TileOffsets, Tag::TileByteCounts)] {
        let mut numbers = |tag| decoder.find_tag_unsigned_vec::<u64>(tag).map_err(fault).map(Option::unwrap_or_default);
        let (offsets, sizes) = (numbers(offsets)?, numbers(sizes)?);
        if offsets.iter().zip(&sizes).any(|(&offset, &size)| offset.saturating_add(size) > length) {
            return Err(cut_off());
        }
    }
    Ok(())
}

fn cut_off() -> RasterError {
    RasterError::Damaged("it is cut off before its end".to_owned())
}

/// What the crate says, in our words.
fn fault(error: TiffError) -> RasterError {
    match error {
        TiffError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => cut_off(),
        TiffError::UnsupportedError(what) => RasterError::Unsupported(format!(
            "this kind of TIFF is not read ({what}): convert it with `gdal_translate -co COMPRESS=DEFLATE`"
        )),
        TiffError::LimitsExceeded => RasterError::Unsupported(
            "its strips, tiles or tags are too large: convert it with `gdal_translate -co TILED=YES`".to_owned(),
        ),
        other => RasterError::Damaged(other.to_string()),
    }
}

fn crs_of(epsg: Option<u32>) -> Result<Crs, RasterError> {
    let Some(code) = epsg else {
        return Err(RasterError::Crs(
            "the raster does not say its coordinate system by an EPSG code: set `epsg =` on this input".to_owned(),
        ));
    };
    let crs = Crs::from_epsg(code).map_err(|e| RasterError::Crs(e.to_string()))?;
    if !crs.has_forward() {
        return Err(RasterError::Crs(format!(
            "rasters in EPSG:{code} are not read: bring it to degrees with `gdalwarp -t_srs EPSG:4326`"
        )));
    }
    Ok(crs)
}

/// The first node's place and the steps from node to node. `point`: heights are those of the grid's nodes; else of pixels, whose
/// middles are meant.
fn placement(decoder: &mut Decoder<Cursor<&[u8]>>, point: bool) -> Result<([f64; 2], [f64; 2]), RasterError> {
    let mut numbers = |tag| match decoder.find_tag(tag).map_err(fault)? {
        Some(value) => value.into_f64_vec().map_err(fault),
        None => Ok(Vec::new()),
    };
    let scale = numbers(Tag::ModelPixelScaleTag)?;
    let tie = numbers(Tag::ModelTiepointTag)?;
    let matrix = numbers(Tag::ModelTransformationTag)?;
    let (corner, step) = match (scale.as_slice(), tie.as_slice(), matrix.as_slice()) {
        (&[dx, dy, ..], &[i, j, _, x, y, _], _) => ([x - i * dx, y + j * dy], [dx, dy]),
        (_, _, &[dx, turn, _, x, other, dy, _, y, ..]) if turn == 0.0 && other == 0.0 => ([x, y], [dx, -dy]),
        (_, _, [_, _, _, _, _, _, _, _, ..]) => {
            let text = "the raster is turned: straighten it with `gdalwarp -t_srs EPSG:4326`";
            return Err(RasterError::Unsupported(text.to_owned()));
        }
        _ => {
            let text = "the TIFF does not say where it is: it is no GeoTIFF, or its world file was left behind (`gdal_translate` \
                        joins them)";
            return Err(RasterError::Crs(text.to_owned()));
        }
    };
    let half = if point { 0.0 } else { 0.5 };
    let first = [corner[0] + half * step[0], corner[1] - half * step[1]];
    let sound = step.iter().all(|s| *s > 0.0 && *s < 1e6) && first.iter().all(|f| f.abs() < 1e9);
    sound.then_some((first, step)).ok_or_else(|| {
        RasterError::Unsupported("its rows do not go from north to south: straighten it with `gdalwarp`".to_owned())
    })
}

/// All heights, chunk by chunk.
fn heights(
    decoder: &mut Decoder<Cursor<&[u8]>>,
    columns: u32,
    rows: u32,
    no_data: Option<f64>,
    ctx: &Context<'_>,
) -> Result<Heights, RasterError> {
    let (width, height) = decoder.chunk_dimensions();
    if width == 0 || height == 0 {
        return Err(RasterError::Damaged("its strips or tiles are empty".to_owned()));
    }
    let across = columns.div_ceil(width);
    let (mut metres, mut millimetres) = (Vec::new(), Vec::new());
    for band in 0..rows.div_ceil(height) {
        let first_row = (band * height) as usize;
        let end = (first_row + height as usize).min(rows as usize) * columns as usize;
        for turn in 0..across {
            ctx.check()?;
            let chunk = band * across + turn;
            let data = decoder.read_chunk(chunk).map_err(fault)?;
            let (wide, high) = decoder.chunk_data_dimensions(chunk);
            let place = Place { first: first_row * columns as usize + (turn * width) as usize, wide, high, columns };
            match data {
                DecodingResult::I16(all) => {
                    // A mark that is no whole number marks none of them.
                    let empty = |h: i16| no_data == Some(f64::from(h));
                    metres.resize(end, Heights::VOID);
                    place.put(&mut metres, &all, |h| if empty(h) { Heights::VOID } else { sound(h) })?;
                }
                other => {
                    millimetres.resize(end, Terrain::UNKNOWN);
                    let (to, take) = (&mut millimetres, |h| in_millimetres(h, no_data));
                    match other {
                        DecodingResult::U8(all) => place.put(to, &all, |h| take(h.into()))?,
                        DecodingResult::U16(all) => place.put(to, &all, |h| take(h.into()))?,
                        DecodingResult::I32(all) => place.put(to, &all, |h| take(h.into()))?,
                        DecodingResult::U32(all) => place.put(to, &all, |h| take(h.into()))?,
                        DecodingResult::F32(all) => place.put(to, &all, |h| take(h.into()))?,
                        DecodingResult::F64(all) => place.put(to, &all, take)?,
                        _ => {
                            return Err(RasterError::Unsupported(
                                "its numbers are of a kind no terrain has".to_owned(),
                            ));
                        }
                    }
                }
            }
        }
    }
    Ok(if millimetres.is_empty() { Heights::Metres(metres) } else { Heights::Millimetres(millimetres) })
}

/// A height, or unknown: the file's own mark, what is no number, and what is nowhere on Earth.
fn in_millimetres(height: f64, no_data: Option<f64>) -> i32 {
    // A mark written with too few digits is meant all the same.
    let marked = no_data.is_some_and(|n| height == n || height as f32 == n as f32);
    let millimetres = (height * 1000.0).round();
    // What is no number is in no range.
    let known = (f64::from(Terrain::LOWEST_MM)..=f64::from(Terrain::HIGHEST_MM)).contains(&millimetres);
    if known && !marked { millimetres as i32 } else { Terrain::UNKNOWN }
}

/// Where a chunk goes.
struct Place {
    first: usize,
    wide: u32,
    high: u32,
    columns: u32,
}

impl Place {
    fn put<S: Copy, T>(&self, to: &mut [T], from: &[S], take: impl Fn(S) -> T) -> Result<(), RasterError> {
        let (wide, high) = (self.wide as usize, self.high as usize);
        for row in 0..high {
            let at = self.first + row * self.columns as usize;
            let (Some(to), Some(from)) = (to.get_mut(at..at + wide), from.get(row * wide..(row + 1) * wide)) else {
                return Err(RasterError::Damaged("a strip or tile is too small".to_owned()));
            };
            to.iter_mut().zip(from).for_each(|(to, &from)| *to = take(from));
        }
        Ok(())
    }
}
