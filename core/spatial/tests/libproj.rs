//! Coordinates against libproj itself, in this process, on 10,000 places: `cargo test -p breiband-spatial --features libproj`.
//!
//! It builds PROJ from source, some 8 CPU minutes; everyday tests hold the committed points of `cs2cs.csv`.
#![cfg(feature = "libproj")]

use breiband_model::{Plane, Point};
use breiband_spatial::{Crs, Projection};
use proj::Proj;

/// Some 10,000 places over Norway and its neighbours, on a lattice whose steps share no factor.
fn places() -> impl Iterator<Item = (f64, f64)> {
    (0..10_000_u32).map(|i| {
        let lon = 4.0 + f64::from(i * 7_919 % 10_007) * 28.0 / 10_007.0;
        let lat = 46.0 + f64::from(i * 6_007 % 10_009) * 25.5 / 10_009.0;
        (lon, lat)
    })
}

#[test]
fn the_plane_agrees_with_libproj() {
    let theirs = Proj::new(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad \
         +step +proj=tmerc +lat_0=62.5 +lon_0=6.5 +k=1 +ellps=GRS80",
    )
    .expect("a valid pipeline");
    let ours = Projection::new(Plane { central_meridian_e7: 65_000_000, origin_latitude_e7: 625_000_000 });
    for (lon, lat) in places() {
        let (x, y) = theirs.convert((lon, lat)).expect("a place");
        let (our_x, our_y) = ours.to_plane_metres(lon, lat).expect("a place");
        assert!((x - our_x).abs() < 1e-6 && (y - our_y).abs() < 1e-6, "({lon}, {lat}): {x} {our_x}, {y} {our_y}");
        let p = ours.to_plane(lon, lat).expect("a place");
        assert!(p.distance_mm(Point::new((x * 1e3).round() as i32, (y * 1e3).round() as i32)) <= 1);
    }
}

#[test]
fn foreign_systems_agree_with_libproj() {
    for code in [25832, 25833, 25835, 32632, 3006, 3067, 5106, 3035, 3857] {
        let theirs = Proj::new_known_crs("EPSG:4258", &format!("EPSG:{code}"), None).expect("known codes");
        let ours = Crs::from_epsg(code).expect("a known code");
        for (lon, lat) in places().filter(|(lon, _)| (6.0..20.0).contains(lon)) {
            let (x, y) = theirs.convert((lon, lat)).expect("a place");
            let (our_lon, our_lat) = ours.to_lon_lat(x, y).expect("a place");
            let east = (our_lon - lon) * 111_320.0 * lat.to_radians().cos();
            let north = (our_lat - lat) * 111_320.0;
            assert!(east.abs() < 1e-3 && north.abs() < 1e-3, "EPSG:{code} ({lon}, {lat}): {east} m, {north} m");
        }
    }
}
