//! Foreign coordinates to longitude and latitude: by our own Krüger series where a system is exactly that, by proj4rs elsewhere.

use std::fmt;

use proj4rs::Proj;

use crate::definitions::{definition, has_known_shift, is_plain_geographic, kruger_parameters};
use crate::kruger::TransverseMercator;

/// What every [`CrsError`] about an unknown code advises.
const KNOWN: &str = "known are most systems of the EPSG registry, such as 4326, 4258, UTM 25832, 25833, 25835, 32632, NTM \
5105-5130, 5972, 5973, 3006, 3035, 2056 and 3857. Convert the file first, for example with `ogr2ogr -t_srs EPSG:4326`";

/// Why a coordinate reference system or a coordinate in it could not be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CrsError {
    /// No definition of this code is at hand.
    #[error("EPSG:{code} is not known here; {KNOWN}")]
    UnknownCode {
        /// The EPSG code asked for.
        code: u32,
    },
    /// The text names no coordinate reference system.
    #[error("`{text}` names no coordinate reference system; write EPSG:25832, a bare EPSG code or OGC:CRS84")]
    Unreadable {
        /// The text given.
        text: String,
    },
    /// The definition exists but proj4rs cannot use it: a projection, grid or unit that it lacks.
    #[error("EPSG:{code} cannot be converted here ({reason}); {KNOWN}")]
    Unsupported {
        /// The EPSG code asked for.
        code: u32,
        /// What proj4rs says.
        reason: String,
    },
    /// The coordinate is no place in this system.
    #[error("({x:?}, {y:?}) is no place in EPSG:{code}: {hint}")]
    NoSuchPlace {
        /// The EPSG code of the system.
        code: u32,
        /// Easting or longitude as given.
        x: f64,
        /// Northing or latitude as given.
        y: f64,
        /// What is probably wrong.
        hint: &'static str,
    },
}

/// A coordinate reference system by its EPSG code.
///
/// Coordinates go in as x = easting or longitude, y = northing or latitude, whatever order the registry lists
/// ([`axis_note`](Self::axis_note)). ETRS 89 and WGS 84 are taken as one. What is a transverse Mercator on their ellipsoids goes
/// through our own Krüger series, the same bits on every machine; the rest through proj4rs, older datums by the registry's
/// three or seven parameters, which are good to metres.
///
/// ```
/// use breiband_spatial::Crs;
/// let (lon, lat) = Crs::from_epsg(25832)?.to_lon_lat(355_785.580_650, 6_933_009.229_584)?;
/// assert!((lon - 6.2).abs() < 1e-9 && (lat - 62.5).abs() < 1e-9);
/// # Ok::<(), breiband_spatial::CrsError>(())
/// ```
#[derive(Clone)]
pub struct Crs {
    code: u32,
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    Geographic,
    Kruger(TransverseMercator),
    Foreign(Box<Foreign>),
}

#[derive(Clone)]
struct Foreign {
    source: Proj,
    degrees: Proj,
}

impl Crs {
    /// The system with this EPSG code. Compound systems (5972: UTM 32 with NN2000 heights) stand for their horizontal part.
    ///
    /// # Errors
    /// A code without a definition, or with one that proj4rs cannot use.
    pub fn from_epsg(code: u32) -> Result<Self, CrsError> {
        let definition = definition(code).ok_or(CrsError::UnknownCode { code })?;
        let kind = if is_plain_geographic(definition) {
            Kind::Geographic
        } else if let Some(parameters) = kruger_parameters(definition) {
            Kind::Kruger(TransverseMercator::new(parameters))
        } else {
            Kind::Foreign(Box::new(foreign(code, definition)?))
        };
        Ok(Self { code, kind })
    }

    /// WGS 84 longitude and latitude, as GeoJSON has it (OGC:CRS84).
    pub fn wgs84() -> Self {
        Self { code: 4326, kind: Kind::Geographic }
    }

    /// A system by the names that files use: `25832`, `EPSG:25832`, `urn:ogc:def:crs:EPSG::25832`,
    /// `http://www.opengis.net/def/crs/EPSG/0/25832`, `urn:ogc:def:crs:OGC:1.3:CRS84`.
    ///
    /// # Errors
    /// As [`from_epsg`](Self::from_epsg), and for a text of another shape.
    pub fn from_name(name: &str) -> Result<Self, CrsError> {
        let name = name.trim();
        let last = name.rsplit([':', '/']).next().unwrap_or(name);
        if matches!(last, "CRS84" | "crs84" | "CRS84h") {
            return Ok(Self::wgs84());
        }
        let upper = name.to_ascii_uppercase();
        let code = last.parse::<u32>().ok().filter(|_| last.len() == name.len() || upper.contains("EPSG"));
        code.map_or_else(|| Err(CrsError::Unreadable { text: name.chars().take(80).collect() }), Self::from_epsg)
    }

    /// Longitude and latitude in degrees of the place at `x` (easting or longitude) and `y` (northing or latitude).
    ///
    /// # Errors
    /// Numbers that are not finite or are no place in this system.
    pub fn to_lon_lat(&self, x: f64, y: f64) -> Result<(f64, f64), CrsError> {
        let wrong = |hint| CrsError::NoSuchPlace { code: self.code, x, y, hint };
        if !(x.is_finite() && y.is_finite()) {
            return Err(wrong("not a finite number"));
        }
        match &self.kind {
            Kind::Geographic if x.abs() <= 180.0 && y.abs() <= 90.0 => Ok((x, y)),
            Kind::Geographic => Err(wrong("longitude is within ±180 and latitude within ±90 degrees")),
            Kind::Kruger(projection) => {
                projection.inverse(x, y).ok_or_else(|| wrong("too far from the zone; wrong code or unit?"))
            }
            Kind::Foreign(foreign) => foreign.to_lon_lat(x, y).map_err(wrong),
        }
    }

    /// Easting or longitude and northing or latitude of a place in degrees. `None` where there is no such place, and for systems
    /// that have no [`has_forward`](Self::has_forward).
    pub fn from_lon_lat(&self, lon: f64, lat: f64) -> Option<(f64, f64)> {
        match &self.kind {
            Kind::Geographic => Some((lon, lat)),
            Kind::Kruger(projection) => projection.forward(lon, lat),
            Kind::Foreign(_) => None,
        }
    }

    /// Whether degrees can be brought to this system with the same bits on every machine: where it is degrees itself, or goes
    /// through our own Krüger series.
    pub fn has_forward(&self) -> bool {
        !matches!(self.kind, Kind::Foreign(_))
    }

    /// The EPSG code asked for.
    pub fn epsg(&self) -> u32 {
        self.code
    }

    /// Whether coordinates are degrees of longitude and latitude.
    pub fn is_geographic(&self) -> bool {
        match &self.kind {
            Kind::Geographic => true,
            Kind::Kruger(_) => false,
            Kind::Foreign(foreign) => foreign.source.is_latlong(),
        }
    }

    /// One sentence on which number is which.
    pub fn axis_note(&self) -> &'static str {
        if self.is_geographic() {
            "x is longitude and y is latitude in degrees, although the registry lists latitude first"
        } else {
            "x is the easting and y is the northing, in whichever order the registry lists them"
        }
    }
}

impl fmt::Debug for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crs(EPSG:{})", self.code)
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EPSG:{}", self.code)
    }
}

impl PartialEq for Crs {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Crs {}

impl Foreign {
    fn to_lon_lat(&self, x: f64, y: f64) -> Result<(f64, f64), &'static str> {
        let mut place = if self.source.is_latlong() { (x.to_radians(), y.to_radians(), 0.0) } else { (x, y, 0.0) };
        proj4rs::transform::transform(&self.source, &self.degrees, &mut place)
            .map_err(|_| "outside of where its projection can be undone")?;
        let (lon, lat) = (place.0.to_degrees(), place.1.to_degrees());
        if lon.abs() <= 180.0 && lat.abs() <= 90.0 {
            Ok((lon, lat))
        } else {
            Err("its projection gives no longitude and latitude there")
        }
    }
}

fn foreign(code: u32, definition: &str) -> Result<Foreign, CrsError> {
    let unsupported = |reason: &str| CrsError::Unsupported { code, reason: reason.to_owned() };
    if !has_known_shift(definition) {
        return Err(unsupported("its datum's shift to WGS 84 is unknown or needs a grid file"));
    }
    let source = Proj::from_proj_string(definition).map_err(|error| unsupported(&error.to_string()))?;
    if !source.has_inverse() && !source.is_latlong() {
        return Err(unsupported("its projection has no inverse"));
    }
    let degrees = Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs")
        .map_err(|error| unsupported(&error.to_string()))?;
    Ok(Foreign { source, degrees })
}
