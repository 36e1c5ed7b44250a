//! What readers hand over: everything in degrees, nothing yet checked against anything else.

use std::collections::BTreeMap;

use breiband_model::{
    Access, AreaRule, Issue, LandUse, LineKind, PremisesKind, Service, SiteKind, Structure, Surface, WayClass,
};

/// A place in degrees: WGS 84 or ETRS 89, taken as one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LonLat {
    /// Degrees east.
    pub(crate) lon: f64,
    /// Degrees north.
    pub(crate) lat: f64,
}

/// An area as read: rings may be unclosed, crossed or wrongly turned; assembling mends them and says so.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct RawPolygon {
    /// The outer ring.
    pub(crate) outer: Vec<LonLat>,
    /// Holes.
    pub(crate) holes: Vec<Vec<LonLat>>,
}

/// A way as read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RawWay {
    pub(crate) external_id: String,
    pub(crate) name: String,
    pub(crate) class: WayClass,
    pub(crate) surface: Surface,
    pub(crate) structure: Structure,
    pub(crate) access: Access,
    pub(crate) owner: String,
    pub(crate) layer: i8,
    /// Positions in [`RawRegion::nodes`]: ways of one file meet where they share one.
    pub(crate) nodes: Vec<u32>,
}

/// An address as read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RawPremises {
    pub(crate) external_id: String,
    pub(crate) street: String,
    pub(crate) number: String,
    pub(crate) postcode: String,
    pub(crate) city: String,
    pub(crate) parcel: String,
    pub(crate) point: LonLat,
    pub(crate) access_point: Option<LonLat>,
    /// Position in [`RawRegion::buildings`], where the reader knows it.
    pub(crate) building: Option<u32>,
    /// Official code where the source gives it.
    pub(crate) municipality: Option<String>,
    pub(crate) households: Option<u32>,
    pub(crate) kind: PremisesKind,
    pub(crate) service: Option<Service>,
    pub(crate) signed_up: Option<bool>,
}

/// One file's contents. Tables join to premises by external id when the region is assembled.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct RawRegion {
    /// What the file was read as, such as `osm.pbf`.
    pub(crate) format: String,
    /// Attribution the format implies, or empty.
    pub(crate) attribution: String,
    /// What was read, for `inspect`.
    pub(crate) counts: BTreeMap<String, u64>,
    pub(crate) nodes: Vec<LonLat>,
    pub(crate) ways: Vec<RawWay>,
    pub(crate) premises: Vec<RawPremises>,
    pub(crate) sites: Vec<(String, SiteKind, String, LonLat)>,
    pub(crate) handovers: Vec<(String, String, LonLat)>,
    /// Code, name, area.
    pub(crate) municipalities: Vec<(String, String, Vec<RawPolygon>)>,
    pub(crate) buildings: Vec<(String, RawPolygon)>,
    pub(crate) water: Vec<(String, RawPolygon)>,
    pub(crate) land: Vec<(LandUse, RawPolygon)>,
    pub(crate) lines: Vec<(String, LineKind, Vec<LonLat>)>,
    pub(crate) poles: Vec<LonLat>,
    pub(crate) ruled_areas: Vec<(String, AreaRule, RawPolygon)>,
    /// Name, whether somebody builds there without support, area.
    pub(crate) support_areas: Vec<(String, bool, RawPolygon)>,
    /// Service today by external id of the premises, with the record it came from.
    pub(crate) service: Vec<(String, Service, String)>,
    /// Sign-ups by external id of the premises, with the record it came from.
    pub(crate) sign_ups: Vec<(String, bool, String)>,
    /// Every problem met, without the file's name: the caller adds it.
    pub(crate) issues: Vec<Issue>,
}
