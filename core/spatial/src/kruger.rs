//! The transverse Mercator projection by Krüger's series to the sixth order of the third flattening, on `libm` only.
//!
//! Method and coefficients: Karney, *Transverse Mercator with an accuracy of a few nanometers*, J. Geodesy 85 (2011), eqs. 7–36.
//! Within 3,900 km of the central meridian the truncated series is good to some nanometres. `libm` gives the same bits native
//! and WASM, which the platforms' own mathematics does not.

/// An ellipsoid of revolution by its equatorial radius and inverse flattening.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ellipsoid {
    pub(crate) radius_metres: f64,
    pub(crate) inverse_flattening: f64,
}

/// The ellipsoid of ETRS 89 and its national realisations.
pub(crate) const GRS80: Ellipsoid = Ellipsoid { radius_metres: 6_378_137.0, inverse_flattening: 298.257_222_101 };
/// The ellipsoid of WGS 84: 0.1 mm smaller at the poles than GRS 80.
pub(crate) const WGS84: Ellipsoid = Ellipsoid { radius_metres: 6_378_137.0, inverse_flattening: 298.257_223_563 };

/// Farther than this from the central meridian, in degrees, the series is not used.
pub(crate) const WIDEST_DEGREES: f64 = 60.0;
/// Farther than this from the origin, in metres, there is nothing that the inverse could mean.
const FARTHEST_METRES: f64 = 20_000_000.0;
const DEGREE: f64 = core::f64::consts::PI / 180.0;

/// The projection's parameters, as a coordinate reference system lists them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Parameters {
    pub(crate) ellipsoid: Ellipsoid,
    pub(crate) central_meridian: f64,
    pub(crate) origin_latitude: f64,
    pub(crate) scale: f64,
    pub(crate) false_easting: f64,
    pub(crate) false_northing: f64,
}

/// A transverse Mercator projection between degrees and metres.
#[derive(Debug, Clone)]
pub(crate) struct TransverseMercator {
    central_meridian: f64,
    false_easting: f64,
    /// False northing less the origin's meridian arc.
    northing_shift: f64,
    /// Rectifying radius times the scale on the central meridian.
    radius: f64,
    eccentricity: f64,
    alpha: [f64; 6],
    beta: [f64; 6],
    delta: [f64; 6],
}

impl TransverseMercator {
    pub(crate) fn new(p: Parameters) -> Self {
        let f = 1.0 / p.ellipsoid.inverse_flattening;
        let n = f / (2.0 - f);
        let n2 = n * n;
        let radius = p.ellipsoid.radius_metres / (1.0 + n) * (1.0 + n2 * (1.0 / 4.0 + n2 * (1.0 / 64.0 + n2 / 256.0)));
        let mut projection = Self {
            central_meridian: p.central_meridian,
            false_easting: p.false_easting,
            northing_shift: 0.0,
            radius: radius * p.scale,
            eccentricity: (f * (2.0 - f)).sqrt(),
            alpha: alpha(n),
            beta: beta(n),
            delta: delta(n),
        };
        let origin_arc = projection.meridian_arc(p.origin_latitude);
        projection.northing_shift = p.false_northing - origin_arc;
        projection
    }

    /// Easting and northing in metres of a place whose longitude is within [`WIDEST_DEGREES`] of the central meridian;
    /// `None` beyond, and for what is no place at all.
    pub(crate) fn forward(&self, lon_deg: f64, lat_deg: f64) -> Option<(f64, f64)> {
        let mut from_meridian = lon_deg - self.central_meridian;
        if from_meridian > 180.0 {
            from_meridian -= 360.0;
        } else if from_meridian < -180.0 {
            from_meridian += 360.0;
        }
        // Written so that NaN fails too.
        if !(from_meridian.abs() <= WIDEST_DEGREES && lat_deg.abs() <= 90.0) {
            return None;
        }
        let (sin_lon, cos_lon) = libm::sincos(from_meridian * DEGREE);
        let conformal = self.conformal_tangent(lat_deg);
        // ξ′ = atan2(τ′, cos λ) and η′ = asinh(sin λ / √(τ′² + cos² λ)); the series needs only sines and cosines of their doubles.
        let hypotenuse_squared = conformal * conformal + cos_lon * cos_lon;
        let hypotenuse = hypotenuse_squared.sqrt();
        let sinh_eta = sin_lon / hypotenuse;
        let xi = libm::atan2(conformal, cos_lon);
        let eta = asinh(sinh_eta);
        let sin_2xi = 2.0 * conformal * cos_lon / hypotenuse_squared;
        let cos_2xi = (cos_lon - conformal) * (cos_lon + conformal) / hypotenuse_squared;
        let sinh_2eta = 2.0 * sinh_eta * (1.0 + sinh_eta * sinh_eta).sqrt();
        let cosh_2eta = 1.0 + 2.0 * sinh_eta * sinh_eta;
        let (d_xi, d_eta) = clenshaw(&self.alpha, (sin_2xi, cos_2xi), (sinh_2eta, cosh_2eta));
        Some((self.false_easting + self.radius * (eta + d_eta), self.northing_shift + self.radius * (xi + d_xi)))
    }

    /// Longitude and latitude in degrees; `None` where the numbers are no place in this projection.
    pub(crate) fn inverse(&self, easting: f64, northing: f64) -> Option<(f64, f64)> {
        let x = easting - self.false_easting;
        let y = northing - self.northing_shift;
        if !(x.abs() <= FARTHEST_METRES && y.abs() <= FARTHEST_METRES) {
            return None;
        }
        let (xi, eta) = (y / self.radius, x / self.radius);
        let (sin_xi, cos_xi) = libm::sincos(xi);
        let sinh_eta = libm::sinh(eta);
        let cosh_eta = (1.0 + sinh_eta * sinh_eta).sqrt();
        let doubled = (2.0 * sin_xi * cos_xi, 1.0 - 2.0 * sin_xi * sin_xi);
        let doubled_hyperbolic = (2.0 * sinh_eta * cosh_eta, 1.0 + 2.0 * sinh_eta * sinh_eta);
        let (d_xi, d_eta) = clenshaw(&self.beta, doubled, doubled_hyperbolic);
        // ξ′ = ξ − Δξ and η′ = η − Δη, by the addition theorems: both differences are thousandths.
        let (sin_d, cos_d) = small_sine(d_xi, -1.0);
        let (sinh_d, cosh_d) = small_sine(d_eta, 1.0);
        let (sin_xi, cos_xi) = (sin_xi * cos_d - cos_xi * sin_d, cos_xi * cos_d + sin_xi * sin_d);
        let sinh_eta = sinh_eta * cosh_d - cosh_eta * sinh_d;
        // The conformal latitude χ: sin χ = sin ξ′ / cosh η′, and cos χ as long as what remains of a unit.
        let across_squared = sinh_eta * sinh_eta + cos_xi * cos_xi;
        let along_squared = sin_xi * sin_xi;
        let across = across_squared.sqrt();
        let whole = along_squared + across_squared;
        let doubled = (2.0 * sin_xi * across / whole, (across_squared - along_squared) / whole);
        let (d_chi, _) = clenshaw(&self.delta, doubled, (0.0, 1.0));
        let lon = libm::atan2(sinh_eta, cos_xi) / DEGREE;
        let lat = (libm::atan2(sin_xi, across) + d_chi) / DEGREE;
        if !(lon.abs() <= WIDEST_DEGREES + 1.0 && lat.abs() <= 90.0) {
            return None;
        }
        let lon = self.central_meridian + lon;
        Some((
            if lon > 180.0 {
                lon - 360.0
            } else if lon < -180.0 {
                lon + 360.0
            } else {
                lon
            },
            lat,
        ))
    }

    /// Scaled length of the meridian from the equator to a latitude.
    fn meridian_arc(&self, lat_deg: f64) -> f64 {
        let conformal = self.conformal_tangent(lat_deg);
        let squared = 1.0 + conformal * conformal;
        let sin_cos = (2.0 * conformal / squared, (1.0 - conformal * conformal) / squared);
        let (d_xi, _) = clenshaw(&self.alpha, sin_cos, (0.0, 1.0));
        self.radius * (libm::atan(conformal) + d_xi)
    }

    /// τ′: the tangent of the conformal latitude (Karney eqs. 7–9).
    fn conformal_tangent(&self, lat_deg: f64) -> f64 {
        self.conformal_of_tangent(libm::tan(lat_deg * DEGREE))
    }

    fn conformal_of_tangent(&self, tangent: f64) -> f64 {
        let secant = (1.0 + tangent * tangent).sqrt();
        // σ = sinh(e · atanh(e sin φ)). Both series are short: e² is 0.0067, and nothing beyond these terms reaches a bit.
        let u = self.eccentricity * tangent / secant;
        let u2 = u * u;
        let atanh = u
            * (1.0
                + u2 * (1.0 / 3.0
                    + u2 * (1.0 / 5.0
                        + u2 * (1.0 / 7.0
                            + u2 * (1.0 / 9.0 + u2 * (1.0 / 11.0 + u2 * (1.0 / 13.0 + u2 * (1.0 / 15.0))))))));
        let (sigma, _) = small_sine(self.eccentricity * atanh, 1.0);
        tangent * (1.0 + sigma * sigma).sqrt() - sigma * secant
    }
}

/// sin and cos of an angle under a hundredth with `sign` −1, sinh and cosh with 1: their series to the last bit.
fn small_sine(x: f64, sign: f64) -> (f64, f64) {
    let x2 = sign * x * x;
    (
        x * (1.0 + x2 * (1.0 / 6.0 + x2 * (1.0 / 120.0 + x2 / 5_040.0))),
        1.0 + x2 * (1.0 / 2.0 + x2 * (1.0 / 24.0 + x2 * (1.0 / 720.0))),
    )
}

/// asinh, by its series where that ends soon: within 200 km of the central meridian.
fn asinh(x: f64) -> f64 {
    let x2 = x * x;
    if x2 > 1e-3 {
        return libm::asinh(x);
    }
    x * (1.0
        + x2 * (-1.0 / 6.0 + x2 * (3.0 / 40.0 + x2 * (-5.0 / 112.0 + x2 * (35.0 / 1_152.0 + x2 * (-63.0 / 2_816.0))))))
}

/// Σ cⱼ sin 2jζ for the complex ζ = ξ + iη, real and imaginary part, by Clenshaw's recurrence.
fn clenshaw(c: &[f64; 6], (sin, cos): (f64, f64), (sinh, cosh): (f64, f64)) -> (f64, f64) {
    // 2 cos 2ζ
    let (ar, ai) = (2.0 * cos * cosh, -2.0 * sin * sinh);
    let (mut y1r, mut y1i, mut y2r, mut y2i) = (0.0, 0.0, 0.0, 0.0);
    for &coefficient in c.iter().rev() {
        let yr = ar * y1r - ai * y1i - y2r + coefficient;
        let yi = ar * y1i + ai * y1r - y2i;
        (y2r, y2i, y1r, y1i) = (y1r, y1i, yr, yi);
    }
    // sin 2ζ
    let (sr, si) = (sin * cosh, cos * sinh);
    (sr * y1r - si * y1i, sr * y1i + si * y1r)
}

/// Karney eq. 35.
fn alpha(n: f64) -> [f64; 6] {
    [
        n * (1.0 / 2.0
            + n * (-2.0 / 3.0
                + n * (5.0 / 16.0 + n * (41.0 / 180.0 + n * (-127.0 / 288.0 + n * (7_891.0 / 37_800.0)))))),
        n * n
            * (13.0 / 48.0
                + n * (-3.0 / 5.0 + n * (557.0 / 1_440.0 + n * (281.0 / 630.0 + n * (-1_983_433.0 / 1_935_360.0))))),
        n * n * n * (61.0 / 240.0 + n * (-103.0 / 140.0 + n * (15_061.0 / 26_880.0 + n * (167_603.0 / 181_440.0)))),
        n * n * n * n * (49_561.0 / 161_280.0 + n * (-179.0 / 168.0 + n * (6_601_661.0 / 7_257_600.0))),
        n * n * n * n * n * (34_729.0 / 80_640.0 + n * (-3_418_889.0 / 1_995_840.0)),
        n * n * n * n * n * n * (212_378_941.0 / 319_334_400.0),
    ]
}

/// Karney eq. 36.
fn beta(n: f64) -> [f64; 6] {
    [
        n * (1.0 / 2.0
            + n * (-2.0 / 3.0
                + n * (37.0 / 96.0 + n * (-1.0 / 360.0 + n * (-81.0 / 512.0 + n * (96_199.0 / 604_800.0)))))),
        n * n
            * (1.0 / 48.0
                + n * (1.0 / 15.0 + n * (-437.0 / 1_440.0 + n * (46.0 / 105.0 + n * (-1_118_711.0 / 3_870_720.0))))),
        n * n * n * (17.0 / 480.0 + n * (-37.0 / 840.0 + n * (-209.0 / 4_480.0 + n * (5_569.0 / 90_720.0)))),
        n * n * n * n * (4_397.0 / 161_280.0 + n * (-11.0 / 504.0 + n * (-830_251.0 / 7_257_600.0))),
        n * n * n * n * n * (4_583.0 / 161_280.0 + n * (-108_847.0 / 3_991_680.0)),
        n * n * n * n * n * n * (20_648_693.0 / 638_668_800.0),
    ]
}

/// The series from the conformal latitude to the latitude itself: the same that turns τ′ into τ, Karney eqs. 19–21, without
/// Newton's rounds. Engsager and Poder, *A highly accurate world wide algorithm for the transverse Mercator mapping (almost)*,
/// Proc. XXIII Intl. Cartographic Conf. (2007).
fn delta(n: f64) -> [f64; 6] {
    [
        n * (2.0 + n * (-2.0 / 3.0 + n * (-2.0 + n * (116.0 / 45.0 + n * (26.0 / 45.0 + n * (-2_854.0 / 675.0)))))),
        n * n * (7.0 / 3.0 + n * (-8.0 / 5.0 + n * (-227.0 / 45.0 + n * (2_704.0 / 315.0 + n * (2_323.0 / 945.0))))),
        n * n * n * (56.0 / 15.0 + n * (-136.0 / 35.0 + n * (-1_262.0 / 105.0 + n * (73_814.0 / 2_835.0)))),
        n * n * n * n * (4_279.0 / 630.0 + n * (-332.0 / 35.0 + n * (-399_572.0 / 14_175.0))),
        n * n * n * n * n * (4_174.0 / 315.0 + n * (-144_838.0 / 6_237.0)),
        n * n * n * n * n * n * (601_676.0 / 22_275.0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The series against the functions that they stand for.
        #[test]
        fn series_say_what_the_functions_say(x in -0.0316_f64..0.0316, d in -0.01_f64..0.01, tangent in -100_f64..100.0) {
            let close = |a: f64, b: f64| (a - b).abs() <= 4e-16 * b.abs().max(1e-3);
            prop_assert!(close(asinh(x), libm::asinh(x)));
            prop_assert!(close(small_sine(d, 1.0).0, libm::sinh(d)) && close(small_sine(d, 1.0).1, libm::cosh(d)));
            prop_assert!(close(small_sine(d, -1.0).0, libm::sin(d)) && close(small_sine(d, -1.0).1, libm::cos(d)));
            let mercator = TransverseMercator::new(Parameters {
                ellipsoid: GRS80, central_meridian: 0.0, origin_latitude: 0.0, scale: 1.0, false_easting: 0.0,
                false_northing: 0.0,
            });
            let secant = (1.0 + tangent * tangent).sqrt();
            let sigma = libm::sinh(mercator.eccentricity * libm::atanh(mercator.eccentricity * tangent / secant));
            let slow = tangent * (1.0 + sigma * sigma).sqrt() - sigma * secant;
            prop_assert!(close(mercator.conformal_of_tangent(tangent), slow));
        }

        /// There and back, as far as the truncated series are good: Newton's rounds are not missed.
        #[test]
        fn the_inverse_undoes_the_forward(lon in -30_f64..30.0, lat in -89.9_f64..89.9) {
            let mercator = TransverseMercator::new(Parameters {
                ellipsoid: GRS80, central_meridian: 0.0, origin_latitude: 0.0, scale: 1.0, false_easting: 0.0,
                false_northing: 0.0,
            });
            let (x, y) = mercator.forward(lon, lat).unwrap();
            let (lon2, lat2) = mercator.inverse(x, y).unwrap();
            // A ten-thousandth of a millimetre.
            prop_assert!((lat - lat2).abs() < 1e-12, "{} {}", lat, lat2);
            prop_assert!((lon - lon2).abs() * libm::cos(lat * DEGREE) < 1e-12, "{} {}", lon, lon2);
        }
    }
}
