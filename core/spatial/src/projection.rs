//! The local plane: longitude and latitude to integer millimetres and back.

use breiband_model::{Bounds, Plane, Point};

use crate::kruger::{GRS80, Parameters, TransverseMercator};

/// Degrees between the meridians and parallels on which [`plane_around`] puts a plane.
const PLANE_STEP_DEGREES: f64 = 0.25;
/// GRS 80's polar radius: the smallest mean radius of curvature anywhere on it.
const POLAR_RADIUS_METRES: f64 = 6_356_752.314_140_347;

/// Why a longitude and latitude could not become a [`Point`].
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ProjectionError {
    /// A coordinate is NaN or infinite.
    #[error("the coordinate ({lon}, {lat}) is not a number")]
    NotFinite {
        /// Degrees east, as given.
        lon: f64,
        /// Degrees north, as given.
        lat: f64,
    },
    /// Not a longitude within ±180° and a latitude within ±90°: often metres of a projected system, or the axes swapped.
    #[error(
        "({lon}, {lat}) is no longitude and latitude in degrees; are these metres of a projected coordinate system?"
    )]
    NotDegrees {
        /// Degrees east, as given.
        lon: f64,
        /// Degrees north, as given.
        lat: f64,
    },
    /// More than some 2,147 km from the plane's origin: the plane is local.
    #[error("({lon}, {lat}) is too far from the region's centre for one plane (over 2,147 km)")]
    TooFar {
        /// Degrees east.
        lon: f64,
        /// Degrees north.
        lat: f64,
    },
}

/// The projection of a [`Plane`]: transverse Mercator on GRS 80 with scale 1 on the central meridian, by Krüger's series.
///
/// WGS 84 longitude and latitude are read as ETRS 89's (they differ by the continents' drift, under a metre). The result is the same bits on every
/// machine.
///
/// ```
/// use breiband_spatial::{Projection, plane_around};
/// let projection = Projection::new(plane_around(5.9, 61.9, 7.1, 63.1));
/// let p = projection.to_plane(6.5, 62.5)?;
/// assert_eq!((p.x, p.y), (0, 0)); // the plane's origin
/// let (lon, lat) = projection.to_lon_lat(p);
/// assert!((lon - 6.5).abs() < 1e-8 && (lat - 62.5).abs() < 1e-8);
/// # Ok::<(), breiband_spatial::ProjectionError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Projection {
    plane: Plane,
    mercator: TransverseMercator,
}

impl Projection {
    /// The projection of `plane`.
    pub fn new(plane: Plane) -> Self {
        let mercator = TransverseMercator::new(Parameters {
            ellipsoid: GRS80,
            central_meridian: f64::from(plane.central_meridian_e7) / 1e7,
            origin_latitude: f64::from(plane.origin_latitude_e7) / 1e7,
            scale: 1.0,
            false_easting: 0.0,
            false_northing: 0.0,
        });
        Self { plane, mercator }
    }

    /// The plane projected to.
    pub fn plane(&self) -> Plane {
        self.plane
    }

    /// The point of a place given in degrees, rounded to the millimetre.
    ///
    /// # Errors
    /// Numbers that are not finite, not degrees, or over 2,147 km (`i32` millimetres) from the plane's origin.
    pub fn to_plane(&self, lon_deg: f64, lat_deg: f64) -> Result<Point, ProjectionError> {
        let (lon, lat) = (lon_deg, lat_deg);
        if !(lon.is_finite() && lat.is_finite()) {
            return Err(ProjectionError::NotFinite { lon, lat });
        }
        if lon.abs() > 180.0 || lat.abs() > 90.0 {
            return Err(ProjectionError::NotDegrees { lon, lat });
        }
        let too_far = ProjectionError::TooFar { lon, lat };
        let (x, y) = self.mercator.forward(lon, lat).ok_or(too_far)?;
        match (millimetres(x), millimetres(y)) {
            (Some(x), Some(y)) => Ok(Point::new(x, y)),
            _ => Err(too_far),
        }
    }

    /// Longitude and latitude of a point, in degrees.
    pub fn to_lon_lat(&self, p: Point) -> (f64, f64) {
        self.to_lon_lat_metres(f64::from(p.x) / 1e3, f64::from(p.y) / 1e3)
    }

    /// Longitude and latitude of a point, in degrees; the longitude goes on beyond ±180° on the far side of the date line, so that
    /// what lies on both sides of it stays together.
    pub fn to_unbroken_lon_lat(&self, p: Point) -> (f64, f64) {
        let (lon, lat) = self.to_lon_lat(p);
        let meridian = f64::from(self.plane.central_meridian_e7) / 1e7;
        let turns = if lon - meridian > 180.0 {
            -360.0
        } else if lon - meridian < -180.0 {
            360.0
        } else {
            0.0
        };
        (lon + turns, lat)
    }

    /// The largest relative error of lengths measured in the plane within `bounds`: an upper bound of `scale - 1`.
    ///
    /// 3e-5 is 3 cm on a kilometre.
    pub fn scale_error(&self, bounds: Bounds) -> f64 {
        let farthest = f64::from(bounds.min.x).abs().max(f64::from(bounds.max.x).abs()) / 1e3;
        let q = (farthest / POLAR_RADIUS_METRES) * (farthest / POLAR_RADIUS_METRES);
        q / 2.0 + q * q / 24.0
    }

    /// Easting and northing in metres, unrounded: for tests and for export with more digits.
    pub fn to_plane_metres(&self, lon_deg: f64, lat_deg: f64) -> Option<(f64, f64)> {
        self.mercator.forward(lon_deg, lat_deg)
    }

    fn to_lon_lat_metres(&self, x: f64, y: f64) -> (f64, f64) {
        // An i32 of millimetres is always within the series' reach, except beyond a pole that is nearer than 2,147 km.
        self.mercator
            .inverse(x, y)
            .unwrap_or((f64::from(self.plane.central_meridian_e7) / 1e7, if y > 0.0 { 90.0 } else { -90.0 }))
    }
}

/// The plane for a region within the given box of degrees.
///
/// Central meridian and origin lie on a grid of 0.25°, so that a small edit of the region keeps its plane and with it every
/// millimetre. A box over the date line has `lon_min > lon_max`. What is not a number counts as 0.
pub fn plane_around(lon_min: f64, lat_min: f64, lon_max: f64, lat_max: f64) -> Plane {
    let mut lon = f64::midpoint(lon_min, lon_max);
    if lon_min > lon_max {
        lon += if lon > 0.0 { -180.0 } else { 180.0 };
    }
    Plane {
        central_meridian_e7: on_grid(lon, 180.0),
        origin_latitude_e7: on_grid(f64::midpoint(lat_min, lat_max), 90.0),
    }
}

fn on_grid(degrees: f64, limit: f64) -> i32 {
    let degrees = if degrees.is_nan() { 0.0 } else { degrees.clamp(-limit, limit) };
    ((degrees / PLANE_STEP_DEGREES).round() * (PLANE_STEP_DEGREES * 1e7)) as i32
}

fn millimetres(metres: f64) -> Option<i32> {
    let mm = (metres * 1e3).round();
    (mm >= f64::from(i32::MIN) && mm <= f64::from(i32::MAX)).then_some(mm as i32)
}
