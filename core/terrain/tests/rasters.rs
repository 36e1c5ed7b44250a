//! Rasters: hand-made files, GDAL's, broken ones, and real ones in the plane.

#![allow(clippy::print_stderr, reason = "skips are said")]

use std::path::{Path, PathBuf};
use std::process::Command;

use breiband_model::{Bounds, Context, Point, Silent};
use breiband_spatial::{Projection, plane_around};
use breiband_terrain::{Raster, RasterError, height_at, is_tiff, lattice};
use proptest::prelude::*;

fn read_geotiff(bytes: &[u8], epsg: Option<u32>) -> Result<Raster, RasterError> {
    breiband_terrain::read_geotiff(bytes, epsg, &Context::new(&mut Silent))
}

/// A GeoTIFF of one strip without compression, little-endian: 3 × 2 heights of a type.
struct HandMade {
    bits: u16,
    format: u16,
    epsg: u16,
    point: bool,
    bytes: Vec<u8>,
}

/// Tag, type, count, and a value or the bytes that stand elsewhere.
type Entry = (u16, u16, u32, Result<u32, Vec<u8>>);

impl HandMade {
    fn build(&self) -> Vec<u8> {
        let short = |x: u16| u32::from(x);
        let doubles = |all: &[f64]| all.iter().flat_map(|d| d.to_le_bytes()).collect::<Vec<u8>>();
        let shorts = |all: &[u16]| all.iter().flat_map(|d| d.to_le_bytes()).collect::<Vec<u8>>();
        let model = if self.epsg == 4326 { 2048 } else { 3072 };
        let keys = [1, 1, 0, 2, 1025, 0, 1, if self.point { 2 } else { 1 }, model, 0, 1, self.epsg];
        let mut entries: Vec<Entry> = vec![
            (256, 3, 1, Ok(3)),
            (257, 3, 1, Ok(2)),
            (258, 3, 1, Ok(short(self.bits))),
            (259, 3, 1, Ok(1)),
            (262, 3, 1, Ok(1)),
            (273, 4, 1, Err(self.bytes.clone())),
            (277, 3, 1, Ok(1)),
            (278, 3, 1, Ok(2)),
            (279, 4, 1, Ok(self.bytes.len() as u32)),
            (339, 3, 1, Ok(short(self.format))),
            (33550, 12, 3, Err(doubles(&[10.0, 10.0, 0.0]))),
            (33922, 12, 6, Err(doubles(&[0.0, 0.0, 0.0, 500_000.0, 6_900_000.0, 0.0]))),
            (34735, 3, 12, Err(shorts(&keys))),
            (42113, 2, 6, Err(b"-9999\0".to_vec())),
        ];
        if self.epsg == 4326 {
            entries[10].3 = Err(doubles(&[0.5, 0.5, 0.0]));
            entries[11].3 = Err(doubles(&[0.0, 0.0, 0.0, 6.0, 62.0, 0.0]));
        }
        let mut file = b"II*\0\x08\0\0\0".to_vec();
        let mut rest = 8 + 2 + 12 * entries.len() + 4;
        let mut tail = Vec::new();
        file.extend((entries.len() as u16).to_le_bytes());
        for (tag, kind, count, value) in entries {
            let value = value.unwrap_or_else(|bytes| {
                let at = rest as u32;
                rest += bytes.len();
                tail.extend(bytes);
                at
            });
            file.extend(tag.to_le_bytes().into_iter().chain(kind.to_le_bytes()).chain(count.to_le_bytes()));
            file.extend(value.to_le_bytes());
        }
        file.extend([0; 4]);
        file.extend(tail);
        file
    }
}

fn whole(epsg: u16, point: bool) -> HandMade {
    let heights = [10_i16, 20, 30, 40, -9999, 60];
    HandMade { bits: 16, format: 2, epsg, point, bytes: heights.iter().flat_map(|h| h.to_le_bytes()).collect() }
}

#[test]
fn pixels_and_points_lie_half_a_step_apart() {
    let area = read_geotiff(&whole(4326, false).build(), None).expect("sound");
    assert_eq!((area.size(), area.voids()), ((3, 2), 1));
    assert_eq!(area.height_at(6.25, 61.75), Some(10_000), "the middle of the first pixel");
    assert_eq!(area.height_at(6.5, 61.75), Some(15_000));
    assert_eq!(area.height_at(6.01, 61.99), Some(10_000), "the pixel's corner");
    assert_eq!(area.height_at(6.75, 61.25), None, "no data");
    let point = read_geotiff(&whole(4326, true).build(), None).expect("sound");
    assert_eq!(point.height_at(6.0, 62.0), Some(10_000));
    assert_eq!(point.height_at(7.0, 61.5), Some(60_000));
}

#[test]
fn metres_of_a_zone_and_broken_numbers_are_read() {
    let heights = [1.5_f32, 2.25, 3.0, 4.0, 5.0, f32::NAN];
    let bytes = heights.iter().flat_map(|h| h.to_le_bytes()).collect();
    let file = HandMade { bits: 32, format: 3, epsg: 25832, point: true, bytes }.build();
    let raster = read_geotiff(&file, None).expect("sound");
    assert_eq!((raster.voids(), raster.step_metres()), (1, 10.0));
    // 500,000 E is the zone's own meridian, 9° E.
    let (lon, lat) = breiband_spatial::Crs::from_epsg(25832).unwrap().to_lon_lat(500_010.0, 6_900_000.0).unwrap();
    assert!((2_249..=2_250).contains(&raster.height_at(lon, lat).expect("known")), "{lon} {lat}");
}

#[test]
fn what_cannot_be_placed_is_refused_with_a_remedy() {
    let text = |result: Result<_, RasterError>| result.map(|_: Raster| ()).expect_err("refused").to_string();
    assert!(text(read_geotiff(&whole(3857, false).build(), None)).contains("gdalwarp"), "no forward series");
    assert!(text(read_geotiff(&whole(32767, false).build(), None)).contains("epsg ="), "no code");
    assert!(read_geotiff(&whole(32767, false).build(), Some(25832)).is_ok(), "the scenario's code");
    assert!(text(read_geotiff(b"II*\0", None)).contains("damaged"));
    let mut many = whole(4326, false).build();
    many[18..22].copy_from_slice(&60_000_u32.to_le_bytes());
    many[30..34].copy_from_slice(&60_000_u32.to_le_bytes());
    many[102..106].copy_from_slice(&60_000_u32.to_le_bytes());
    assert!(text(read_geotiff(&many, None)).contains("cut it"), "3,600 million heights of a small file");
    for place in [18, 30, 102] {
        many[place..place + 4].copy_from_slice(&5_000_u32.to_le_bytes());
    }
    let refused = text(read_geotiff(&many, None));
    assert!(refused.contains("damaged") && refused.contains("25000000"), "no file holds more than it has: {refused}");
}

#[test]
fn a_file_that_was_cut_off_is_to_be_downloaded_again() {
    let made = whole(4326, false);
    let mut file = made.build();
    // The heights behind all else, as most programs write them.
    let behind = file.len() as u32;
    file[78..82].copy_from_slice(&behind.to_le_bytes());
    file.extend(&made.bytes);
    assert!(read_geotiff(&file, None).is_ok());
    // Said to be packed, so that only where they end tells that they are not there.
    file[46..48].copy_from_slice(&32_773_u16.to_le_bytes());
    for cut in [1, 11, 13, 40] {
        let refused = read_geotiff(&file[..file.len() - cut], None).expect_err("cut off").to_string();
        assert!(refused.contains("cut off") && refused.contains("download it again"), "{cut}: {refused}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    #[test]
    fn broken_files_are_refused_and_never_panic(at in 0..300_usize, byte: u8, more in prop::collection::vec((0..300_usize, any::<u8>()), 0..4), cut in 0..400_usize) {
        let mut file = whole(4326, false).build();
        for (at, byte) in std::iter::once((at, byte)).chain(more) {
            if let Some(place) = file.get_mut(at) {
                *place = byte;
            }
        }
        file.truncate(cut.max(4));
        let _ = read_geotiff(&file, None);
    }
}

fn shared(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("BREIBAND_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join("data/terrain").join(name);
    if !path.exists() {
        eprintln!("SKIPPED: {} is not here", path.display());
        return None;
    }
    Some(path)
}

#[test]
fn gebco_has_the_depths_and_heights_of_its_description() {
    let Some(path) = shared("gebco-2024-sunnmore.tif") else { return };
    let bytes = std::fs::read(path).expect("readable");
    assert!(is_tiff(&bytes));
    let raster = read_geotiff(&bytes, None).expect("sound");
    assert_eq!((raster.size(), raster.voids()), ((288, 288), 0));
    let all = || {
        (0..288 * 288).map(|n| {
            let (i, j) = (f64::from(n % 288), f64::from(n / 288));
            raster.height_at(5.9 + (i + 0.5) / 240.0, 63.1 - (j + 0.5) / 240.0).expect("known")
        })
    };
    assert_eq!((all().min().unwrap() / 1000, all().max().unwrap() / 1000), (-695, 1737));
}

#[test]
fn every_way_that_gdal_packs_it_is_read_the_same() {
    let Some(path) = shared("gebco-2024-sunnmore.tif") else { return };
    if Command::new("gdal_translate").arg("--version").output().is_err() {
        eprintln!("SKIPPED: no gdal_translate");
        return;
    }
    let truth = read_geotiff(&std::fs::read(&path).expect("readable"), None).expect("sound");
    let folder = std::env::temp_dir().join(format!("breiband-terrain-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let places = (0..4000).map(|n| (5.95 + f64::from(n % 63) / 55.0, 61.95 + f64::from(n / 63) / 60.0));
    for options in [
        "-co COMPRESS=NONE",
        "-co COMPRESS=NONE -co TILED=YES -co BLOCKXSIZE=64 -co BLOCKYSIZE=32",
        "-co COMPRESS=DEFLATE -co PREDICTOR=3",
        "-co COMPRESS=DEFLATE -co PREDICTOR=2 -co TILED=YES",
        "-co COMPRESS=LZW -co PREDICTOR=3 -co TILED=YES",
        "-co COMPRESS=PACKBITS -co BLOCKYSIZE=7",
        "-co ENDIANNESS=BIG -co COMPRESS=LZW -co PREDICTOR=2",
        "-co BIGTIFF=YES",
        "-ot Float64",
        "-ot Int16 -co COMPRESS=LZW -co PREDICTOR=2",
        "-ot Int16 -co COMPRESS=DEFLATE -co ENDIANNESS=BIG",
        "-ot Int32",
    ] {
        let to = folder.join("variant.tif");
        let made = Command::new("gdal_translate").args(["-q"]).args(options.split(' ')).arg(&path).arg(&to).status();
        assert!(made.expect("it runs").success(), "{options}");
        let raster =
            read_geotiff(&std::fs::read(&to).expect("written"), None).unwrap_or_else(|e| panic!("{options}: {e}"));
        for (lon, lat) in places.clone() {
            let (found, wanted) = (raster.height_at(lon, lat), truth.height_at(lon, lat));
            let near =
                found.zip(wanted).is_some_and(|(f, w)| (f - w).abs() <= if options.contains("Int") { 500 } else { 0 });
            assert!(near, "{options} at {lon} {lat}: {found:?}, {wanted:?}");
        }
    }
    // UTM: what GDAL reads at the middles of pixels.
    let to = folder.join("utm.tif");
    let warp = "-q -overwrite -t_srs EPSG:25832 -r bilinear -te 350000 6880000 400000 6960000 -tr 500 500 -co COMPRESS=DEFLATE";
    let made = Command::new("gdalwarp").args(warp.split(' ')).arg(&path).arg(&to).status();
    assert!(made.expect("it runs").success());
    let raster = read_geotiff(&std::fs::read(&to).expect("written"), None).expect("sound");
    let utm = breiband_spatial::Crs::from_epsg(25832).expect("known");
    for n in (0..100 * 160).step_by(997) {
        let (i, j) = (n % 100, n / 100);
        let told =
            Command::new("gdallocationinfo").arg("-valonly").arg(&to).args([i.to_string(), j.to_string()]).output();
        let told = told.expect("it runs").stdout;
        let told: f64 = String::from_utf8_lossy(&told).trim().parse().expect("a height");
        let middle = (350_250.0 + 500.0 * f64::from(i), 6_959_750.0 - 500.0 * f64::from(j));
        let (lon, lat) = utm.to_lon_lat(middle.0, middle.1).expect("in the zone");
        let found = f64::from(raster.height_at(lon, lat).expect("known")) / 1000.0;
        // A nanometre beside the middle is 2⁻¹⁶ of a pixel at most, on a slope of a kilometre a pixel.
        assert!((found - told).abs() < 0.02, "{i} {j}: {found}, {told}");
    }
    std::fs::remove_dir_all(&folder).expect("ours");
}

#[test]
fn a_tile_becomes_a_lattice_of_the_plane() {
    let Some(path) = shared("N47E009.hgt.gz") else { return };
    let mut bytes = Vec::new();
    let packed = std::fs::File::open(path).expect("readable");
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(packed), &mut bytes).expect("gzip");
    let tile = breiband_terrain::read_hgt(&bytes, "N47E009.hgt.gz", &Context::new(&mut Silent)).expect("a tile");
    assert_eq!((tile.size(), tile.voids()), ((1201, 1201), 15_299));
    let projection = Projection::new(plane_around(9.47, 47.05, 9.64, 47.27));
    let corner = |lon, lat| projection.to_plane(lon, lat).expect("near");
    let bounds = Bounds::of([corner(9.47, 47.05), corner(9.64, 47.27)]).expect("two");
    let ctx = &mut Silent;
    let terrain = lattice(std::slice::from_ref(&tile), &projection, bounds, &Context::new(ctx))
        .expect("not cancelled")
        .expect("known");
    assert_eq!(terrain.step_mm(), 93_000, "3 seconds of latitude");
    // Vaduz castle stands some 570 m above the sea, the Rhine below it at 455.
    let height = |lon, lat| height_at(&terrain, corner(lon, lat)).expect("known") / 1000;
    assert!((540..=620).contains(&height(9.5243, 47.1394)), "{}", height(9.5243, 47.1394));
    assert!((445..=470).contains(&height(9.5050, 47.1400)), "{}", height(9.5050, 47.1400));
    // At the lattice's nodes the heights are the tile's own, between its nodes.
    for n in (0..terrain.heights().len()).step_by(97) {
        let (i, j) = (n as i32 % terrain.columns() as i32, n as i32 / terrain.columns() as i32);
        let p = Point::new(bounds.min.x + i * 93_000, bounds.min.y + j * 93_000);
        let (lon, lat) = projection.to_lon_lat(p);
        assert_eq!(height_at(&terrain, p), tile.height_at(lon, lat), "node {n}");
    }
    let far = Bounds { min: corner(8.0, 46.0), max: corner(8.1, 46.1) };
    assert_eq!(lattice(&[tile], &projection, far, &Context::new(ctx)).expect("not cancelled"), None);
}
