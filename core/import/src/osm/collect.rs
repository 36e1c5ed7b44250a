//! What is kept of a file while it is read: all node places, all node references of ways, and the objects that mean
//! something here.

use breiband_model::{Issue, LineKind, PremisesKind, Severity, SiteKind};

use super::issues::Issues;
use crate::tags::{self, Address, Area, Road, RoadVerdict, Tags};

/// A place in ten-millionths of a degree: OSM's own resolution, about a centimetre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) lon: i32,
    pub(super) lat: i32,
}

impl Place {
    /// The place, where it is on the globe. Both in nanodegrees.
    pub(super) fn from_nanodegrees(lon: i64, lat: i64) -> Option<Self> {
        let tenth_micro = |nano: i64| (nano + if nano < 0 { -50 } else { 50 }) / 100;
        let ok =
            (-180_000_000_000..=180_000_000_000).contains(&lon) && (-90_000_000_000..=90_000_000_000).contains(&lat);
        ok.then(|| Self { lon: tenth_micro(lon) as i32, lat: tenth_micro(lat) as i32 })
    }

    /// The place, where it is on the globe; NaN is nowhere.
    pub(super) fn from_degrees(lon: f64, lat: f64) -> Option<Self> {
        let ok = (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat);
        ok.then(|| Self { lon: (lon * 1e7).round() as i32, lat: (lat * 1e7).round() as i32 })
    }
}

/// A node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) id: i64,
    pub(super) place: Place,
}

/// A way's id and where its references lie in [`Collected::refs`].
#[derive(Debug, Clone, Copy)]
pub(super) struct WayRecord {
    pub(super) id: i64,
    pub(super) start: u32,
    pub(super) end: u32,
    /// It has a `highway` tag of whatever value, or is a ferry.
    pub(super) highway: bool,
}

/// A member of a relation that is a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) way: i64,
    /// Its role is `inner`.
    pub(super) inner: bool,
}

/// An area made of ways.
#[derive(Debug, Clone)]
pub(super) struct RelationRecord {
    pub(super) id: i64,
    pub(super) members: Vec<Member>,
    pub(super) border: Option<Border>,
}

/// An admin border.
#[derive(Debug, Clone)]
pub(super) struct Border {
    pub(super) level: u8,
    pub(super) code: String,
    pub(super) name: String,
}

/// Which object a [`Thing`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Node(Node),
    /// Position in [`Collected::ways`].
    Way(u32),
    /// Position in [`Collected::relations`].
    Relation(u32),
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Node {}

/// An object that is an area, an address or a public site, or several of these.
#[derive(Debug, Clone)]
pub(super) struct Thing {
    pub(super) origin: Origin,
    pub(super) area: Area,
    pub(super) outbuilding: bool,
    pub(super) address: Option<Address>,
    pub(super) site: Option<(SiteKind, String)>,
    pub(super) kind: PremisesKind,
    pub(super) households: Option<u32>,
}

/// Everything kept of a file.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) nodes: Vec<Node>,
    /// Nodes whose places their ways say: a file that has them there may lack the nodes themselves.
    pub(super) located: Vec<Node>,
    pub(super) refs: Vec<i64>,
    pub(super) ways: Vec<WayRecord>,
    pub(super) relations: Vec<RelationRecord>,
    /// By position in `ways`.
    pub(super) roads: Vec<(u32, Road)>,
    pub(super) lines: Vec<(u32, LineKind)>,
    pub(super) things: Vec<Thing>,
    pub(super) poles: Vec<Place>,
    pub(super) tally: Tally,
    pub(super) issues: Issues,
}

/// Counts taken while reading, by the definitions of [`super`].
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Tally {
    pub(super) nodes: u64,
    pub(super) ways: u64,
    pub(super) relations: u64,
    pub(super) deleted: u64,
    pub(super) excluded_highways: u64,
    pub(super) bridges: u64,
    pub(super) tunnels: u64,
    pub(super) address_nodes: u64,
    pub(super) address_ways: u64,
    pub(super) address_ways_on_buildings: u64,
    pub(super) address_relations: u64,
    pub(super) buildings: u64,
    pub(super) building_relations: u64,
    pub(super) buildings_without_address: u64,
    pub(super) schools: u64,
    pub(super) kindergartens: u64,
    pub(super) town_halls: u64,
    pub(super) fire_stations: u64,
    pub(super) masts: u64,
    /// Houses that have a name and no number.
    pub(super) named_houses: u64,
    /// Ways that stand for the addresses between two.
    pub(super) interpolations: u64,
}

impl Collected {
    /// Takes a node; the place is none where its coordinates are not on the globe.
    pub(super) fn node(&mut self, id: i64, place: Option<Place>, tags: Option<&Tags<'_>>) {
        self.tally.nodes += 1;
        let Some(place) = place else {
            self.issues.add(|| {
                Issue::new("bad-coordinate", Severity::Error, "the node is not on the globe and was left out")
                    .record(format!("node/{id}"))
            });
            return;
        };
        let node = Node { id, place };
        self.nodes.push(node);
        let Some(tags) = tags else { return };
        if tags.power == Some("pole") || tags.man_made == Some("utility_pole") {
            self.poles.push(place);
        }
        self.thing(Origin::Node(node), Area::default(), tags);
    }

    /// Takes a way with its node references.
    pub(super) fn way(&mut self, id: i64, tags: &Tags<'_>, refs: &[i64]) {
        self.tally.ways += 1;
        let (Ok(start), Ok(end)) = (u32::try_from(self.refs.len()), u32::try_from(self.refs.len() + refs.len())) else {
            self.issues.add(|| {
                Issue::new(
                    "too-many-references",
                    Severity::Error,
                    "the file has more than four thousand million node references",
                )
                .record(format!("way/{id}"))
            });
            return;
        };
        let position = self.ways.len() as u32;
        let road = tags::road(tags);
        let highway = tags.highway.is_some();
        self.refs.extend_from_slice(refs);
        self.ways.push(WayRecord { id, start, end, highway });
        let is_road = matches!(road, RoadVerdict::Road(_));
        match road {
            RoadVerdict::Road(road) => {
                self.tally.bridges += u64::from(highway && tags.bridge.is_some_and(|v| v != "no"));
                self.tally.tunnels += u64::from(highway && tags.tunnel.is_some_and(|v| v != "no"));
                self.roads.push((position, road));
            }
            RoadVerdict::Excluded => self.tally.excluded_highways += 1,
            RoadVerdict::None => {}
        }
        if let Some(kind) = tags::line(tags) {
            self.lines.push((position, kind));
        }
        let area = if is_road && tags.building.is_none() { Area::default() } else { tags::area(tags) };
        self.thing(Origin::Way(position), area, tags);
    }

    /// Takes a relation with its members that are ways.
    pub(super) fn relation(&mut self, id: i64, tags: &Tags<'_>, members: &[Member]) {
        self.tally.relations += 1;
        let is_area = matches!(tags.kind, Some("multipolygon" | "boundary"));
        if !is_area {
            return;
        }
        let border = (tags.boundary == Some("administrative"))
            .then(|| {
                let level = tags.admin_level?.trim().parse().ok()?;
                let name = tags.name.unwrap_or_default().to_owned();
                let code = tags::municipality_code(tags).map_or_else(|| format!("relation/{id}"), str::to_owned);
                Some(Border { level, code, name })
            })
            .flatten();
        let area = tags::area(tags);
        let position = self.relations.len() as u32;
        let things = self.things.len();
        self.thing(Origin::Relation(position), area, tags);
        if border.is_some() || self.things.len() > things {
            self.relations.push(RelationRecord { id, members: members.to_vec(), border });
        }
    }

    fn thing(&mut self, origin: Origin, area: Area, tags: &Tags<'_>) {
        let address = tags::address(tags);
        let site = tags::site(tags);
        self.count(origin, area, tags);
        if !area.is_any() && address.is_none() && site.is_none() {
            return;
        }
        self.things.push(Thing {
            origin,
            area,
            outbuilding: tags.building.is_some_and(tags::is_outbuilding),
            address,
            site: site.map(|kind| (kind, tags.name.unwrap_or_default().to_owned())),
            kind: tags::premises_kind(tags),
            households: tags::households(tags),
        });
    }

    fn count(&mut self, origin: Origin, area: Area, tags: &Tags<'_>) {
        let tally = &mut self.tally;
        let addressed = tags.house_number.is_some();
        match origin {
            Origin::Node(_) => tally.address_nodes += u64::from(addressed),
            Origin::Way(_) => {
                tally.address_ways += u64::from(addressed);
                tally.address_ways_on_buildings += u64::from(addressed && area.building);
                tally.buildings += u64::from(area.building);
                tally.buildings_without_address += u64::from(area.building && !addressed);
            }
            Origin::Relation(_) => {
                tally.address_relations += u64::from(addressed);
                tally.building_relations += u64::from(area.building);
            }
        }
        match tags.amenity {
            Some("school") => tally.schools += 1,
            Some("kindergarten") => tally.kindergartens += 1,
            Some("townhall") => tally.town_halls += 1,
            Some("fire_station") => tally.fire_stations += 1,
            _ => {}
        }
        tally.masts += u64::from(tags.man_made == Some("mast"));
        tally.named_houses += u64::from(tags.house_name.is_some() && !addressed);
        tally.interpolations += u64::from(tags.interpolation.is_some());
    }
}
