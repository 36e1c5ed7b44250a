//! Columns by meaning: the usual names, or those that the scenario gives.

use std::collections::BTreeMap;

use breiband_model::Sentence;
use csv::StringRecord;

use super::Place;
use crate::error::ReadError;

/// Meanings and the names they usually go by, lower case.
const NAMES: &[(&str, &[&str])] = &[
    (
        "id",
        &["id", "external_id", "premises", "premises_id", "address_id", "adresseid", "lokalid", "location_id", "hash"],
    ),
    ("lon", &["lon", "long", "longitude", "lng", "lengdegrad"]),
    ("lat", &["lat", "latitude", "breddegrad"]),
    ("x", &["x", "east", "easting", "øst", "ost", "e"]),
    ("y", &["y", "north", "northing", "nord", "n"]),
    ("epsg", &["epsg", "epsg-kode", "epsg_code", "srid"]),
    ("street", &["street", "addr:street", "adressenavn"]),
    ("number", &["number", "housenumber", "house_number", "addr:housenumber", "nummer"]),
    ("postcode", &["postcode", "zip", "addr:postcode", "postnummer"]),
    ("city", &["city", "addr:city", "poststed"]),
    ("municipality", &["municipality", "municipality_code", "kommunenummer"]),
    ("households", &["households", "husholdninger"]),
    ("parcel", &["parcel", "matrikkelnummer"]),
    ("kind", &["kind", "type"]),
    ("name", &["name", "navn"]),
    ("height_m", &["height_m", "height", "høyde"]),
    ("opening_cost", &["opening_cost", "opening"]),
    ("opening_source", &["opening_source", "source_of_cost"]),
    ("sectors", &["sectors", "sector", "sektorer"]),
    ("existing", &["existing", "stands"]),
    ("down_mbps", &["down_mbps", "down", "download", "download_mbps", "max_advertised_download_speed"]),
    ("up_mbps", &["up_mbps", "up", "upload", "upload_mbps", "max_advertised_upload_speed"]),
    ("down_kbps", &["down_kbps", "down_kbit", "ned_kbps", "nedkapasitet"]),
    ("up_kbps", &["up_kbps", "up_kbit", "opp_kbps", "oppkapasitet"]),
    ("technology", &["technology", "tech", "teknologi"]),
    ("signed_up", &["signed_up", "signed-up", "signup", "sign_up", "påmeldt"]),
];

/// Where each meaning is. Speeds come with the factor to Mbit/s.
pub(super) struct Columns {
    headers: Vec<String>,
    chosen: BTreeMap<&'static str, usize>,
    pub(super) id: Option<usize>,
    pub(super) street: Option<usize>,
    pub(super) number: Option<usize>,
    pub(super) postcode: Option<usize>,
    pub(super) city: Option<usize>,
    pub(super) municipality: Option<usize>,
    pub(super) households: Option<usize>,
    pub(super) parcel: Option<usize>,
    pub(super) kind: Option<usize>,
    pub(super) title: Option<usize>,
    pub(super) mast: [Option<usize>; 3],
    pub(super) opening: [Option<usize>; 2],
    pub(super) technology: Option<usize>,
    pub(super) signed_up: Option<usize>,
    pub(super) down: Option<(usize, f64)>,
    pub(super) up: Option<(usize, f64)>,
}

impl Columns {
    pub(super) fn new(headers: &StringRecord, given: &BTreeMap<String, String>) -> Result<Self, ReadError> {
        let headers: Vec<String> = headers.iter().map(|h| h.trim().to_lowercase()).collect();
        let mut chosen = BTreeMap::new();
        for (meaning, names) in NAMES {
            let found = names.iter().find_map(|name| headers.iter().position(|h| h == name));
            chosen.extend(found.map(|at| (*meaning, at)));
        }
        for (meaning, header) in given {
            let Some((meaning, _)) = NAMES.iter().find(|(known, _)| known == meaning) else {
                let known: Vec<&str> = NAMES.iter().map(|(known, _)| *known).collect();
                let words = "`columns` names the meaning {meaning}, which is not one of: {known}";
                let values = [("meaning", format!("{meaning:?}")), ("known", known.join(", "))];
                return Err(ReadError::Columns(Sentence::with(words, values)));
            };
            let wanted = header.trim().to_lowercase();
            let Some(at) = headers.iter().position(|h| *h == wanted) else {
                let values = [("column", format!("{header:?}")), ("columns", headers.join(", "))];
                let words = "there is no column {column}; the columns are: {columns}";
                return Err(ReadError::Columns(Sentence::with(words, values)));
            };
            chosen.insert(meaning, at);
        }
        let at = |meaning: &str| chosen.get(meaning).copied();
        let speed = |mbps: &str, kbps: &str| at(mbps).map(|i| (i, 1.0)).or_else(|| at(kbps).map(|i| (i, 0.001)));
        Ok(Self {
            id: at("id"),
            street: at("street"),
            number: at("number"),
            postcode: at("postcode"),
            city: at("city"),
            municipality: at("municipality"),
            households: at("households"),
            parcel: at("parcel"),
            kind: at("kind"),
            title: at("name"),
            mast: ["height_m", "sectors", "existing"].map(at),
            opening: ["opening_cost", "opening_source"].map(at),
            technology: at("technology"),
            signed_up: at("signed_up"),
            down: speed("down_mbps", "down_kbps"),
            up: speed("up_mbps", "up_kbps"),
            chosen,
            headers,
        })
    }

    /// The coordinate columns: a pair in degrees first, then any pair.
    pub(super) fn place(&self, epsg: Option<u32>) -> Option<Place> {
        let at = |meaning: &str| self.chosen.get(meaning).copied();
        let pair = |x: &str, y: &str| at(x).zip(at(y));
        let column = at("epsg");
        match (pair("lon", "lat"), pair("x", "y")) {
            // Degrees need no code; the file's code, if any, is that of the other pair.
            (Some((x, y)), None) => Some(Place { x, y, epsg: column, default_epsg: epsg.or(Some(4326)) }),
            (Some((x, y)), Some(_)) => Some(Place { x, y, epsg: None, default_epsg: Some(4326) }),
            (None, Some((x, y))) => Some(Place { x, y, epsg: column, default_epsg: epsg }),
            (None, None) => None,
        }
    }

    pub(super) fn text<'r>(&self, row: &'r StringRecord, at: Option<usize>) -> &'r str {
        at.and_then(|at| row.get(at)).unwrap_or_default().trim()
    }

    /// The position of a header, lower case.
    pub(super) fn find(&self, header: &str) -> Option<usize> {
        self.headers.iter().position(|h| h == header)
    }

    pub(super) fn name(&self, at: usize) -> &str {
        self.headers.get(at).map_or("", String::as_str)
    }

    /// Whether the header has no more than one.
    pub(super) fn are_one(&self) -> bool {
        self.headers.len() == 1
    }

    /// The headers, for messages.
    pub(super) fn list(&self) -> String {
        self.headers.join(", ").chars().take(600).collect()
    }
}
