//! What readers hand over: everything in degrees, nothing yet checked against anything else.

use std::collections::BTreeMap;

use breiband_model::{
    Access, AreaRule, Issue, LandUse, LineKind, Mast, Money, PlacePrice, PremisesKind, Service, SiteKind, Structure,
    Surface, WayClass,
};

use crate::value::{parse_bool, parse_count, parse_number};

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
    /// The file lacks some of the way's nodes, so this is a piece of it: others may have its id.
    pub(crate) cut: bool,
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

/// A handover as read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RawHandover {
    pub(crate) external_id: String,
    pub(crate) name: String,
    pub(crate) point: LonLat,
    pub(crate) opening: Option<PlacePrice>,
}

impl RawHandover {
    /// Takes what opening it costs, major units, and where that comes from; empty texts say nothing. What cannot be is left out
    /// and returned: field, text, and why.
    pub(crate) fn describe<'t>(
        &mut self,
        [cost, source]: [&'t str; 2],
    ) -> Option<(&'static str, &'t str, &'static str)> {
        let cost = cost.trim();
        match parse_number(cost).and_then(Money::from_major) {
            Some(amount) => self.opening = Some(PlacePrice { cost: amount, source: source.trim().to_owned() }),
            None if cost.is_empty() => {}
            None => {
                return Some(("opening_cost", cost, "no amount of 0 or more: it is taken as a handover that is there"));
            }
        }
        None
    }
}

/// A mast as read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RawMast {
    pub(crate) external_id: String,
    pub(crate) name: String,
    pub(crate) point: LonLat,
    pub(crate) height_mm: Option<i32>,
    pub(crate) sectors: Option<u32>,
    pub(crate) existing: bool,
}

impl RawMast {
    /// Takes height in metres, sectors, and whether it stands from what a file says; empty texts say nothing. What cannot be is left out
    /// and returned: field, text, and why.
    pub(crate) fn describe<'t>(
        &mut self,
        [height, sectors, existing]: [&'t str; 3],
    ) -> Vec<(&'static str, &'t str, &'static str)> {
        let mut wrong = Vec::new();
        let highest = f64::from(Mast::HIGHEST_MM) / 1000.0;
        match parse_number(height.trim().trim_end_matches('m')).filter(|m| (0.0..=highest).contains(m)) {
            Some(metres) => self.height_mm = Some((metres * 1000.0 + 0.5) as i32),
            None if height.trim().is_empty() => {}
            None => wrong.push(("height_m", height, "no height of 0 to 500 m: the cost book's is taken")),
        }
        match parse_count(sectors).filter(|n| (1..=Mast::MOST_SECTORS).contains(n)) {
            Some(count) => self.sectors = Some(count),
            None if sectors.trim().is_empty() => {}
            None => wrong.push(("sectors", sectors, "no number of 1 to 36: the cost book's is taken")),
        }
        match existing.trim().to_lowercase().as_str() {
            "existing" => self.existing = true,
            "proposed" | "new" => self.existing = false,
            word => match parse_bool(word) {
                Some(stands) => self.existing = stands,
                None => wrong.push(("existing", existing, "neither yes nor no: it is taken as new")),
            },
        }
        wrong
    }
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
    pub(crate) handovers: Vec<RawHandover>,
    pub(crate) masts: Vec<RawMast>,
    /// Heights of the ground, in their own coordinates.
    pub(crate) terrain: Vec<breiband_terrain::Raster>,
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
