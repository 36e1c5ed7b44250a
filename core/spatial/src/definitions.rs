//! Reading the PROJ strings of the EPSG registry: which systems are exactly Krüger's, and which miss a datum shift.

use crate::kruger::{Ellipsoid, GRS80, Parameters, WGS84};

/// Datums whose shift to WGS 84 proj4rs knows as three or seven parameters (or as none at all).
const SHIFTED: [&str; 9] =
    ["WGS84", "NAD83", "OSGB36", "GGRS87", "carthage", "hermannskogel", "ire65", "nzgd49", "potsdam"];

/// The registry's PROJ string of a code, or ours for the Norwegian compound systems that it lacks.
pub(crate) fn definition(code: u32) -> Option<&'static str> {
    u16::try_from(horizontal(code)).ok().and_then(crs_definitions::from_code).map(|found| found.proj4.trim())
}

/// The horizontal part of the compound systems that Norwegian data comes in: with heights of NN2000.
fn horizontal(code: u32) -> u32 {
    match code {
        5942 => 4258,
        5971..=5976 => code - 5971 + 25831,
        5945..=5970 => code - 5945 + 5105,
        _ => code,
    }
}

/// The parameters of a definition that is exactly a transverse Mercator in metres on GRS 80 or WGS 84 without a shift.
pub(crate) fn kruger_parameters(definition: &str) -> Option<Parameters> {
    let number = |key: &str, default: f64| match value(definition, key) {
        Some(text) => text.parse::<f64>().ok().filter(|number| number.is_finite()),
        None => Some(default),
    };
    let ellipsoid = unshifted_ellipsoid(definition)?;
    let metric = value(definition, "units") == Some("m");
    if !metric || ["axis", "pm", "to_meter", "nadgrids"].iter().any(|key| value(definition, key).is_some()) {
        return None;
    }
    match value(definition, "proj")? {
        "utm" => {
            let zone = value(definition, "zone")?.parse::<u8>().ok().filter(|zone| (1..=60).contains(zone))?;
            Some(Parameters {
                ellipsoid,
                central_meridian: f64::from(zone) * 6.0 - 183.0,
                origin_latitude: 0.0,
                scale: 0.9996,
                false_easting: 500_000.0,
                false_northing: if value(definition, "south").is_some() { 10_000_000.0 } else { 0.0 },
            })
        }
        "tmerc" => Some(Parameters {
            ellipsoid,
            central_meridian: number("lon_0", 0.0)?,
            origin_latitude: number("lat_0", 0.0)?,
            scale: number("k", 1.0)?,
            false_easting: number("x_0", 0.0)?,
            false_northing: number("y_0", 0.0)?,
        }),
        _ => None,
    }
}

/// Whether the definition's degrees are ETRS 89's or WGS 84's.
pub(crate) fn is_plain_geographic(definition: &str) -> bool {
    value(definition, "proj") == Some("longlat")
        && unshifted_ellipsoid(definition).is_some()
        && value(definition, "pm").is_none()
}

/// Whether proj4rs can bring the definition's datum to WGS 84. Without a shift it would silently be read as WGS 84, 50 to
/// 500 m away from the truth.
pub(crate) fn has_known_shift(definition: &str) -> bool {
    match (value(definition, "datum"), value(definition, "nadgrids")) {
        (Some(datum), _) => SHIFTED.contains(&datum),
        (None, Some(grid)) => grid == "@null",
        (None, None) => {
            value(definition, "towgs84").is_some() || matches!(value(definition, "ellps"), Some("GRS80" | "WGS84"))
        }
    }
}

/// GRS 80 or WGS 84, where the definition is on one of them and its datum is taken for WGS 84's.
fn unshifted_ellipsoid(definition: &str) -> Option<Ellipsoid> {
    let zeroes = |shift: &str| shift.split(',').all(|part| part.parse::<f64>() == Ok(0.0));
    if !value(definition, "towgs84").is_none_or(zeroes) {
        return None;
    }
    match (value(definition, "datum"), value(definition, "ellps")) {
        (Some("WGS84"), _) | (None, Some("WGS84")) => Some(WGS84),
        (Some("NAD83"), _) | (None, Some("GRS80")) => Some(GRS80),
        _ => None,
    }
}

/// The value of `+key=value`, empty for a bare `+key`.
fn value<'a>(definition: &'a str, key: &str) -> Option<&'a str> {
    definition.split_whitespace().find_map(|word| {
        let (name, value) = word.strip_prefix('+')?.split_once('=').unwrap_or((&word[1..], ""));
        (name == key).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_without_its_shift_is_not_taken_for_wgs84() {
        assert!(!has_known_shift("+proj=tmerc +lat_0=0 +lon_0=15.8 +k=1 +ellps=bessel +units=m +no_defs"));
        assert!(!has_known_shift("+proj=utm +zone=12 +datum=NAD27 +units=m +no_defs"));
        assert!(!has_known_shift("+proj=nzmg +ellps=intl +nadgrids=nzgd2kgrid0005.gsb +units=m"));
        assert!(has_known_shift("+proj=utm +zone=32 +ellps=intl +towgs84=-87,-98,-121,0,0,0,0 +units=m"));
    }

    #[test]
    fn only_plain_metres_are_krugers() {
        assert!(
            kruger_parameters("+proj=utm +zone=33 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs").is_some()
        );
        assert!(kruger_parameters("+proj=utm +zone=33 +ellps=intl +towgs84=-87,-98,-121,0,0,0,0 +units=m").is_none());
        assert!(kruger_parameters("+proj=tmerc +lon_0=15 +axis=wsu +ellps=WGS84 +units=m").is_none());
        assert!(kruger_parameters("+proj=tmerc +lon_0=15 +datum=NAD83 +units=us-ft").is_none());
    }
}
