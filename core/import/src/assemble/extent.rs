//! Where the region is: robustly, since one wrong coordinate must not move the plane.

use crate::raw::{LonLat, RawRegion};

const KM_PER_DEGREE: f64 = 111.2;
/// What lies this far beyond the quartiles…
const MARGIN_KM: f64 = 150.0;
/// …plus so many times their distance, is far from the rest.
const SPREADS: f64 = 10.0;

/// The box of all premises, ways and handovers but the far-away ones.
pub(super) struct Extent {
    bounds: [f64; 4],
    reach: [f64; 4],
    /// Both have longitudes from 0 to 360.
    turned: bool,
}

/// A longitude as it is, or from 0 to 360.
fn east_of(lon: f64, turned: bool) -> f64 {
    if turned && lon < 0.0 { lon + 360.0 } else { lon }
}

impl Extent {
    /// The extent of several files; of their areas and lines where they hold neither premises nor ways nor handovers.
    /// Takes O(n).
    pub(super) fn of<'r>(raws: impl Iterator<Item = &'r RawRegion> + Clone) -> Self {
        let mut places: Vec<LonLat> = Vec::new();
        for raw in raws.clone() {
            places.extend(raw.premises.iter().map(|p| p.point));
            places.extend(raw.ways.iter().flat_map(|w| &w.nodes).filter_map(|&n| raw.nodes.get(n as usize)).copied());
            places.extend(raw.handovers.iter().map(|h| h.point));
        }
        if places.is_empty() {
            for raw in raws {
                places.extend(raw.municipalities.iter().flat_map(|m| &m.2).flat_map(|p| p.outer.iter().copied()));
                places.extend(raw.buildings.iter().flat_map(|b| b.1.outer.iter().copied()));
                places.extend(raw.water.iter().flat_map(|w| w.1.outer.iter().copied()));
                places.extend(raw.lines.iter().flat_map(|l| l.2.iter().copied()));
                places.extend(raw.sites.iter().map(|s| s.3));
                places.extend(raw.poles.iter().copied());
            }
        }
        places.retain(|p| p.lon.abs() <= 180.0 && p.lat.abs() <= 90.0);
        if places.is_empty() {
            return Self { bounds: [0.0; 4], reach: [-180.0, -90.0, 180.0, 90.0], turned: false };
        }
        let (south, north) = reach(quartiles(places.iter().map(|p| p.lat).collect()), KM_PER_DEGREE);
        let narrow = libm::cos(f64::midpoint(south, north).to_radians()).max(0.05);
        let along = |turned| quartiles(places.iter().map(|p| east_of(p.lon, turned)).collect());
        // Most of them lie around the date line: however few lie beyond it, longitudes from 0 to 360 keep them together.
        let across = places.iter().any(|p| p.lon < -90.0) && places.iter().any(|p| p.lon > 90.0);
        let around =
            |(low, high): &(f64, f64)| high - low < 180.0 && (90.0..=270.0).contains(&f64::midpoint(*low, *high));
        let over = across.then(|| along(true)).filter(around);
        let turned = over.is_some();
        let (west, east) = reach(over.unwrap_or_else(|| along(false)), KM_PER_DEGREE * narrow);
        let bounds = [f64::INFINITY, 90.0, f64::NEG_INFINITY, -90.0];
        let mut extent = Self { bounds, reach: [west, south, east, north], turned };
        for p in places {
            if extent.holds(p) {
                let [w, s, e, n] = extent.bounds;
                let lon = east_of(p.lon, turned);
                extent.bounds = [w.min(lon), s.min(p.lat), e.max(lon), n.max(p.lat)];
            }
        }
        extent
    }

    /// West, south, east, north; over the date line, west is more than east.
    pub(super) fn bounds(&self) -> [f64; 4] {
        let [west, south, east, north] = self.bounds;
        let within = |lon: f64| if lon > 180.0 { lon - 360.0 } else { lon };
        [within(west), south, within(east), north]
    }

    /// Whether the box of a ring overlaps that of the extent.
    pub(super) fn overlaps(&self, ring: &[LonLat]) -> bool {
        let [west, south, east, north] = self.bounds;
        let around = |values: &mut dyn Iterator<Item = f64>| {
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
        };
        let lon = around(&mut ring.iter().map(|p| east_of(p.lon, self.turned)));
        let lat = around(&mut ring.iter().map(|p| p.lat));
        lon.0 <= east && west <= lon.1 && lat.0 <= north && south <= lat.1
    }

    /// Whether a place is near the rest.
    pub(super) fn holds(&self, p: LonLat) -> bool {
        let [west, south, east, north] = self.reach;
        (west..=east).contains(&east_of(p.lon, self.turned)) && (south..=north).contains(&p.lat)
    }
}

/// The first and the last quartile of some values.
fn quartiles(mut values: Vec<f64>) -> (f64, f64) {
    let first = (values.len() + 1) / 4;
    let last = values.len() - 1 - first.min(values.len() - 1);
    let (first, last) = (first.min(last), first.max(last));
    let low = *values.select_nth_unstable_by(first, f64::total_cmp).1;
    let high = *values.select_nth_unstable_by(last, f64::total_cmp).1;
    (low, high)
}

/// The range of one axis around its quartiles.
fn reach((low, high): (f64, f64), km_per_degree: f64) -> (f64, f64) {
    let margin = MARGIN_KM / km_per_degree + SPREADS * (high - low);
    (low - margin, high + margin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(points: &[(f64, f64)]) -> RawRegion {
        RawRegion {
            handovers: points
                .iter()
                .map(|&(lon, lat)| crate::raw::RawHandover {
                    external_id: String::new(),
                    name: String::new(),
                    point: LonLat { lon, lat },
                    opening: None,
                })
                .collect(),
            ..Default::default()
        }
    }

    #[test]
    fn one_wrong_place_does_not_move_the_region() {
        for n in 2..40 {
            for wrong in [(0.0, 0.0), (62.5, 6.2), (-6.2, 62.5), (6.2, -62.5), (170.0, 80.0)] {
                let mut points: Vec<_> =
                    (0..n).map(|i| (6.2 + f64::from(i) * 0.01, 62.5 - f64::from(i) * 0.01)).collect();
                points.insert(points.len() / 2, wrong);
                let extent = Extent::of([raw(&points)].iter());
                assert!(!extent.holds(LonLat { lon: wrong.0, lat: wrong.1 }), "{n} {wrong:?}");
                assert!((6.19..6.21).contains(&extent.bounds()[0]), "{n} {wrong:?} {:?}", extent.bounds());
            }
        }
    }

    #[test]
    fn a_region_over_the_date_line_is_one() {
        let points: Vec<_> = (-20..20).map(|i| (180.0 + f64::from(i) * 0.01, -17.0)).collect();
        let points: Vec<_> =
            points.into_iter().map(|(lon, lat)| (if lon > 180.0 { lon - 360.0 } else { lon }, lat)).collect();
        let extent = Extent::of([raw(&points)].iter());
        let [west, _, east, _] = extent.bounds();
        assert!((west - 179.8).abs() < 1e-9 && (east + 179.81).abs() < 1e-9, "{west} {east}");
        assert!(points.iter().all(|&(lon, lat)| extent.holds(LonLat { lon, lat })));
        let square =
            |lon: f64| [(0.0, 0.0), (0.1, 0.0), (0.1, 0.1)].map(|(x, y)| LonLat { lon: lon + x, lat: y - 17.0 });
        assert!(extent.overlaps(&square(179.95)) && extent.overlaps(&square(-180.0)) && !extent.overlaps(&square(0.0)));
        assert!(!extent.holds(LonLat { lon: 170.0, lat: -17.0 }) && !extent.holds(LonLat { lon: -17.0, lat: -17.0 }));
    }

    #[test]
    fn a_few_places_over_the_date_line_belong_to_the_rest() {
        for side in [-1.0, 1.0] {
            for beyond in 1..40 {
                // A town near the date line, and a hundredth of a degree apart the rest, so much of it beyond, seen from this side.
                let town = (0..beyond).map(|i| 179.99 + f64::from(i) * 1e-5);
                let rest = (beyond - 40..beyond).map(|i| 180.0 + f64::from(i) * 0.01 + 0.005);
                let within = |lon: f64| side * if lon > 180.0 { lon - 360.0 } else { lon };
                let points: Vec<_> = town.chain(rest).map(|lon| (within(lon), -17.0)).collect();
                let extent = Extent::of([raw(&points)].iter());
                let kept = points.iter().filter(|&&(lon, lat)| extent.holds(LonLat { lon, lat })).count();
                assert_eq!(kept, points.len(), "{beyond} beyond the date line, side {side}");
                let [west, _, east, _] = extent.bounds();
                assert!(west > 179.0 && east < -179.0, "{west} {east}");
            }
        }
        // Wrong places at both of the date line's sides turn no region that lies elsewhere.
        for middle in [5.0, 0.05, -0.05, -5.0] {
            let mut points: Vec<_> = (-10..10).map(|i| (middle + f64::from(i) * 0.01, 51.0)).collect();
            points.extend([(-170.0, 51.0), (170.0, 51.0)]);
            let extent = Extent::of([raw(&points)].iter());
            let kept = points.iter().filter(|&&(lon, lat)| extent.holds(LonLat { lon, lat })).count();
            assert_eq!(kept, 20, "around {middle}");
        }
    }

    #[test]
    fn nothing_and_one_place_are_regions_too() {
        assert!(Extent::of([raw(&[])].iter()).holds(LonLat { lon: 5.0, lat: 60.0 }));
        let one = Extent::of([raw(&[(5.0, 60.0)])].iter());
        assert_eq!(one.bounds(), [5.0, 60.0, 5.0, 60.0]);
    }
}
