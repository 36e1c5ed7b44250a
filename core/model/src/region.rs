//! The region: what is on the ground before anything is planned. A [`Region`] that exists is sound: every id in it points
//! at something, every line has two points, every ring three.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    HandoverId, Mast, Money, MunicipalityId, NodeId, Plane, Point, Polygon, PremisesId, SourceId, Terrain, WayId,
};

/// The class of a way, after OSM's `highway` values; other sources are mapped onto them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are OSM's")]
pub enum WayClass {
    Motorway,
    Trunk,
    Primary,
    Secondary,
    Tertiary,
    Unclassified,
    Residential,
    LivingStreet,
    Pedestrian,
    Service,
    Track,
    Footway,
    Cycleway,
    Bridleway,
    Path,
    Steps,
    /// A ferry line over water.
    Ferry,
    /// A way of a class that no rule knows.
    Other,
}

/// The ground of a way, after OSM's `surface` and `tracktype`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// Asphalt, concrete, chip seal and the like.
    Paved,
    /// Setts, cobbles, paving stones.
    Sett,
    /// Gravel, compacted, fine gravel.
    Gravel,
    /// Earth, grass, sand, wood.
    Ground,
    /// Not said by the source: rules go by the class.
    Unknown,
}

/// What carries the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Structure {
    /// The ground.
    None,
    /// A bridge.
    Bridge,
    /// A tunnel or covered way.
    Tunnel,
    /// A ferry.
    Ferry,
}

/// Who may use the way; who must be asked to dig.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Open, or not said.
    Public,
    /// Private, destination or customers only: a landowner's consent is needed.
    Private,
    /// Forbidden.
    No,
}

/// A road, track, path or ferry line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The source's id, such as `way/123`.
    pub external_id: String,
    /// The file it came from.
    pub source: SourceId,
    /// Street name or road number, or empty.
    pub name: String,
    /// Class.
    pub class: WayClass,
    /// Ground.
    pub surface: Surface,
    /// Bridge, tunnel or ferry.
    pub structure: Structure,
    /// Access.
    pub access: Access,
    /// Owner where the source says it (`public`, `private`, a name), or empty.
    pub owner: String,
    /// Vertical layer (OSM `layer`), 0 on the ground.
    pub layer: i8,
    /// Its nodes, two or more, no two neighbours equal. Ways meet where they share a node.
    pub nodes: Vec<NodeId>,
}

/// What a premises is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PremisesKind {
    /// Not said by the source.
    Unknown,
    /// One or more households.
    Home,
    /// A holiday home.
    Cabin,
    /// A firm or farm building.
    Business,
    /// A school, town hall, institution.
    Public,
    /// A barn, garage or other building that nobody lives or works in.
    Outbuilding,
}

impl PremisesKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Unknown, Self::Home, Self::Cabin, Self::Business, Self::Public, Self::Outbuilding];

    /// The kind's name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Home => "home",
            Self::Cabin => "cabin",
            Self::Business => "business",
            Self::Public => "public",
            Self::Outbuilding => "outbuilding",
        }
    }
}

/// The service an address can buy today.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Downstream, Mbit/s.
    pub down_mbps: f64,
    /// Upstream, Mbit/s.
    pub up_mbps: f64,
    /// Technology as the source names it.
    pub technology: String,
}

/// A distinct address that can be connected.
#[derive(Debug, Clone, PartialEq)]
pub struct Premises {
    /// The source's id, such as `node/123` or a register's address id. Unique in the region.
    pub external_id: String,
    /// The file it came from.
    pub source: SourceId,
    /// Street or place name, or empty.
    pub street: String,
    /// House number with its letter, or empty.
    pub number: String,
    /// Postal code, as text.
    pub postcode: String,
    /// Post town or place.
    pub city: String,
    /// Property number (gnr/bnr) or parcel, or empty.
    pub parcel: String,
    /// Where the address is.
    pub point: Point,
    /// Where a drop should end, if the source says it (Matrikkelen's access point).
    pub access_point: Option<Point>,
    /// The building it lies in, by position in [`Region::buildings`].
    pub building: Option<u32>,
    /// The municipality whose area it lies in, or whose code the source gives.
    pub municipality: Option<MunicipalityId>,
    /// Households behind the address.
    pub households: u32,
    /// Whether `households` is an assumption of one.
    pub households_assumed: bool,
    /// What it is.
    pub kind: PremisesKind,
    /// Service today, where a table says it.
    pub service: Option<Service>,
    /// Whether somebody here has signed up for fibre, where a table says it.
    pub signed_up: Option<bool>,
}

impl Premises {
    /// Homes to be served here: its households, at least one.
    pub fn homes(&self) -> u32 {
        self.households.max(1)
    }

    /// Where the drop ends: the access point if there is one.
    pub fn drop_point(&self) -> Point {
        self.access_point.unwrap_or(self.point)
    }

    /// `Street 12B, 6020 Ålesund`, as far as it is known; else the external id.
    pub fn label(&self) -> String {
        let mut text = [self.street.as_str(), self.number.as_str()].join(" ").trim().to_owned();
        let place = [self.postcode.as_str(), self.city.as_str()].join(" ").trim().to_owned();
        if !text.is_empty() && !place.is_empty() {
            text.push_str(", ");
        }
        text.push_str(&place);
        if text.is_empty() { self.external_id.clone() } else { text }
    }
}

/// Kinds of public sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum SiteKind {
    School,
    Kindergarten,
    TownHall,
    Health,
    Library,
    FireStation,
    Police,
    ServerRoom,
    Mast,
    Other,
}

/// A school, town hall or other public site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicSite {
    /// The source's id.
    pub external_id: String,
    /// What it is.
    pub kind: SiteKind,
    /// Name, or empty.
    pub name: String,
    /// Where it is.
    pub point: Point,
    /// Its premises, where one lies in the same building or within 30 m.
    pub premises: Option<PremisesId>,
}

impl PublicSite {
    /// Its name or, where it has none, its id.
    pub fn label(&self) -> &str {
        if self.name.is_empty() { &self.external_id } else { &self.name }
    }
}

/// What a place costs that is opened or put up, and where the figure comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacePrice {
    /// What it costs.
    pub cost: Money,
    /// Where the figure comes from; may be empty.
    pub source: String,
}

/// Where backbone capacity can be bought: the only roots of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// The source's id.
    pub external_id: String,
    /// Name.
    pub name: String,
    /// Where it is.
    pub point: Point,
    /// What opening it costs a plan that uses it: it is a point of presence then. None of a handover that is there anyhow.
    pub opening: Option<PlacePrice>,
}

/// A municipality or other admin area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Municipality {
    /// Official code as text (leading zeros kept), or the source's id.
    pub code: String,
    /// Name, or the code.
    pub name: String,
    /// Its area; empty where only the code is known.
    pub area: Vec<Polygon>,
}

/// Kinds of linear obstacles and assets besides ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// A railway or tramway.
    Rail,
    /// A river, stream or canal drawn as a line.
    Stream,
    /// The coastline, land on its left (OSM's rule).
    Coastline,
    /// A high-voltage line: an obstacle, and a hint for pylons.
    PowerLine,
    /// A distribution line on poles: aerial fibre can be hung there.
    MinorPowerLine,
    /// An existing duct with room for fibre.
    Duct,
}

/// A line that is not a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The source's id.
    pub external_id: String,
    /// What it is.
    pub kind: LineKind,
    /// Its points, two or more.
    pub points: Vec<Point>,
}

/// Land use of an area, for the price of digging across it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum LandUse {
    Farmland,
    Forest,
    Built,
    Rock,
    Wetland,
    Protected,
}

/// A rule for an area of the scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "rule")]
pub enum AreaRule {
    /// Nothing is dug here.
    Forbid,
    /// Prices here are multiplied, in thousandths (1500 = ×1.5).
    Multiply {
        /// Thousandths.
        permille: u32,
    },
    /// A lump for each edge that enters, in minor units.
    Lump {
        /// Minor units.
        amount: u64,
    },
    /// Premises here are left out of the plan.
    ExcludePremises,
}

/// An area with a rule: protected land, heritage, a landowner who says no.
#[derive(Debug, Clone, PartialEq)]
pub struct RuledArea {
    /// The source's id or name.
    pub external_id: String,
    /// The rule.
    pub rule: AreaRule,
    /// The area.
    pub polygon: Polygon,
}

/// An area that support may be given to, or that somebody builds in without any. It changes no candidate and no price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportPolygon {
    /// The source's id or name; polygons of one name are one area.
    pub external_id: String,
    /// Whether somebody connects the addresses in it without support.
    pub commercial: bool,
    /// The area.
    pub polygon: Polygon,
}

/// An area of land use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LandArea {
    /// Use.
    pub land_use: LandUse,
    /// The area.
    pub polygon: Polygon,
}

/// A building's outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Building {
    /// The source's id.
    pub external_id: String,
    /// The outline.
    pub polygon: Polygon,
}

/// A body of water: lake, river bank, or sea polygon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Water {
    /// The source's id.
    pub external_id: String,
    /// The area.
    pub polygon: Polygon,
}

/// An input file: its name, digest and attribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Name as the user gave it.
    pub name: String,
    /// What it was read as, such as `osm.pbf`.
    pub format: String,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// Attribution that every derived file carries, such as `© OpenStreetMap contributors (ODbL)`.
    pub attribution: String,
    /// What was read from it, such as `ways` → 8,605: for `inspect`.
    pub counts: std::collections::BTreeMap<String, u64>,
}

/// What is on the ground, in millimetres of one local plane. It is sound: every id in it points at something, every line has
/// two points, every ring three. Its parts are read as fields.
///
/// ```
/// use breiband_model::{Plane, Region, RegionParts};
/// let region = Region::new(RegionParts::empty(Plane { central_meridian_e7: 36_000_000, origin_latitude_e7: 631_000_000 }))?;
/// assert!(region.premises.is_empty());
/// let mut parts = region.into_parts(); // to change them, and check them again
/// parts.poles.push(breiband_model::Point::new(0, 0));
/// assert_eq!(Region::new(parts)?.poles.len(), 1);
/// # Ok::<(), breiband_model::UnsoundRegion>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    parts: RegionParts,
}

/// The public parts of a region before it is checked. Build one, then [`Region::new`].
#[derive(Debug, Clone, PartialEq)]
pub struct RegionParts {
    /// The plane all points are in.
    pub plane: Plane,
    /// Input files.
    pub sources: Vec<Source>,
    /// Places of the way network's nodes.
    pub nodes: Vec<Point>,
    /// Ways.
    pub ways: Vec<Way>,
    /// Premises.
    pub premises: Vec<Premises>,
    /// Public sites.
    pub sites: Vec<PublicSite>,
    /// Handovers.
    pub handovers: Vec<Handover>,
    /// Masts.
    pub masts: Vec<Mast>,
    /// Heights of the ground, where an input has them.
    pub terrain: Option<Terrain>,
    /// Municipalities.
    pub municipalities: Vec<Municipality>,
    /// Buildings.
    pub buildings: Vec<Building>,
    /// Water areas.
    pub water: Vec<Water>,
    /// Land use areas.
    pub land: Vec<LandArea>,
    /// Lines that are not ways.
    pub lines: Vec<Line>,
    /// Poles that could carry fibre.
    pub poles: Vec<Point>,
    /// Areas with a rule.
    pub ruled_areas: Vec<RuledArea>,
    /// Areas of a support scheme.
    pub support_areas: Vec<SupportPolygon>,
}

impl RegionParts {
    /// A region with nothing in it.
    pub fn empty(plane: Plane) -> Self {
        Self {
            plane,
            sources: Vec::new(),
            nodes: Vec::new(),
            ways: Vec::new(),
            premises: Vec::new(),
            sites: Vec::new(),
            handovers: Vec::new(),
            masts: Vec::new(),
            terrain: None,
            municipalities: Vec::new(),
            buildings: Vec::new(),
            water: Vec::new(),
            land: Vec::new(),
            lines: Vec::new(),
            poles: Vec::new(),
            ruled_areas: Vec::new(),
            support_areas: Vec::new(),
        }
    }
}

/// Why parts are not a region: a fault of the program that built them, not of the user's data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{table} {record}: {problem}")]
pub struct UnsoundRegion {
    /// The table.
    pub table: &'static str,
    /// The record's external id.
    pub record: String,
    /// What is wrong.
    pub problem: &'static str,
}

impl Region {
    /// Checks the parts: ids in range, lines of two points or more, rings of three or more, unique ids of premises and masts.
    /// Takes O(n log n).
    ///
    /// # Errors
    /// The first unsound record.
    pub fn new(parts: RegionParts) -> Result<Self, UnsoundRegion> {
        let fault = |table, record: &str, problem| Err(UnsoundRegion { table, record: record.to_owned(), problem });
        for way in &parts.ways {
            if way.nodes.len() < 2 {
                return fault("ways", &way.external_id, "has fewer than two nodes");
            }
            if way.nodes.iter().any(|n| n.index() >= parts.nodes.len()) {
                return fault("ways", &way.external_id, "refers to a node that does not exist");
            }
            if way.nodes.windows(2).any(|pair| pair[0] == pair[1]) {
                return fault("ways", &way.external_id, "repeats a node");
            }
        }
        let mut seen = BTreeSet::new();
        for premises in &parts.premises {
            if !seen.insert(premises.external_id.as_str()) {
                return fault("premises", &premises.external_id, "has an id that another one has");
            }
            if premises.municipality.is_some_and(|m| m.index() >= parts.municipalities.len()) {
                return fault("premises", &premises.external_id, "lies in a municipality that does not exist");
            }
            if premises.building.is_some_and(|b| b as usize >= parts.buildings.len()) {
                return fault("premises", &premises.external_id, "lies in a building that does not exist");
            }
        }
        if let Some(site) = parts.sites.iter().find(|s| s.premises.is_some_and(|p| p.index() >= parts.premises.len())) {
            return fault("sites", &site.external_id, "refers to a premises that does not exist");
        }
        let bad = |m: &&Mast| {
            m.height_mm.is_some_and(|h| !(0..=Mast::HIGHEST_MM).contains(&h))
                || m.sectors.is_some_and(|s| !(1..=Mast::MOST_SECTORS).contains(&s))
        };
        if let Some(mast) = parts.masts.iter().find(bad) {
            return fault("masts", &mast.external_id, "is not 0 to 500 m high, or has not 1 to 36 sectors");
        }
        let mut seen = BTreeSet::new();
        if let Some(mast) = parts.masts.iter().find(|mast| !seen.insert(mast.external_id.as_str())) {
            return fault("masts", &mast.external_id, "has an id that another one has");
        }
        if let Some(line) = parts.lines.iter().find(|l| l.points.len() < 2) {
            return fault("lines", &line.external_id, "has fewer than two points");
        }
        let short = |polygon: &Polygon| polygon.rings().any(|ring| ring.len() < 3);
        if let Some(b) = parts.buildings.iter().find(|b| short(&b.polygon)) {
            return fault("buildings", &b.external_id, "has a ring of fewer than three points");
        }
        if let Some(area) = parts.support_areas.iter().find(|a| short(&a.polygon)) {
            return fault("support_areas", &area.external_id, "has a ring of fewer than three points");
        }
        if let Some(w) = parts.water.iter().find(|w| short(&w.polygon)) {
            return fault("water", &w.external_id, "has a ring of fewer than three points");
        }
        if let Some(m) = parts.municipalities.iter().find(|m| m.area.iter().any(short)) {
            return fault("municipalities", &m.code, "has a ring of fewer than three points");
        }
        if parts.land.iter().any(|l| short(&l.polygon)) || parts.ruled_areas.iter().any(|a| short(&a.polygon)) {
            return fault("land", "", "has a ring of fewer than three points");
        }
        Ok(Self { parts })
    }

    /// Gives the parts back, to change and check them again.
    pub fn into_parts(self) -> RegionParts {
        self.parts
    }

    /// The point of a node.
    pub fn node(&self, id: NodeId) -> Point {
        self.parts.nodes[id.index()]
    }

    /// A way.
    pub fn way(&self, id: WayId) -> &Way {
        &self.parts.ways[id.index()]
    }

    /// The points of a way.
    pub fn way_points(&self, id: WayId) -> Vec<Point> {
        self.way(id).nodes.iter().map(|&n| self.node(n)).collect()
    }

    /// A premises.
    pub fn premises_of(&self, id: PremisesId) -> &Premises {
        &self.parts.premises[id.index()]
    }

    /// A handover.
    pub fn handover(&self, id: HandoverId) -> &Handover {
        &self.parts.handovers[id.index()]
    }

    /// A municipality.
    pub fn municipality(&self, id: MunicipalityId) -> &Municipality {
        &self.parts.municipalities[id.index()]
    }
}

impl std::ops::Deref for Region {
    type Target = RegionParts;

    /// Reading the parts is free; changing them takes [`Region::into_parts`] and a new check.
    fn deref(&self) -> &RegionParts {
        &self.parts
    }
}
