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
        let eta = libm::asinh(sinh_eta);
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
        let (sin_2xi, cos_2xi) = libm::sincos(2.0 * xi);
        let (sinh_2eta, cosh_2eta) = (libm::sinh(2.0 * eta), libm::cosh(2.0 * eta));
        let (d_xi, d_eta) = clenshaw(&self.beta, (sin_2xi, cos_2xi), (sinh_2eta, cosh_2eta));
        let (sin_xi, cos_xi) = libm::sincos(xi - d_xi);
        let sinh_eta = libm::sinh(eta - d_eta);
        let conformal = sin_xi / (sinh_eta * sinh_eta + cos_xi * cos_xi).sqrt();
        let lon = libm::atan2(sinh_eta, cos_xi) / DEGREE;
        let lat = libm::atan(self.tangent(conformal)) / DEGREE;
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
        let sigma = libm::sinh(self.eccentricity * libm::atanh(self.eccentricity * tangent / secant));
        tangent * (1.0 + sigma * sigma).sqrt() - sigma * secant
    }

    /// τ from τ′ by Newton's method (Karney eqs. 19–21). It doubles its digits each time and starts with three: four rounds do.
    fn tangent(&self, conformal: f64) -> f64 {
        let one_less_e2 = 1.0 - self.eccentricity * self.eccentricity;
        let mut tangent = conformal / one_less_e2;
        for _ in 0..4 {
            let tried = self.conformal_of_tangent(tangent);
            let secant_squared = 1.0 + tangent * tangent;
            let step = (conformal - tried) / (1.0 + tried * tried).sqrt() * (1.0 + one_less_e2 * tangent * tangent)
                / (one_less_e2 * secant_squared.sqrt());
            if !step.is_finite() {
                break;
            }
            tangent += step;
            if step.abs() <= 1e-12 * tangent.abs().max(1.0) {
                break;
            }
        }
        tangent
    }
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
