//! What OSM's tags mean to a planner: pure functions from tags to the model's classes.
//!
//! The definitions follow the OSM wiki's *Map features*; each function says where it decides something.

use breiband_model::{Access, LandUse, LineKind, PremisesKind, SiteKind, Structure, Surface, WayClass};

macro_rules! known_tags {
    ($($field:ident = $key:literal),+ $(,)?) => {
        /// The tags of one object that mean something here; all others are passed over.
        #[derive(Debug, Default, Clone, Copy)]
        pub(super) struct Tags<'a> {
            $(pub(super) $field: Option<&'a str>,)+
        }

        impl<'a> Tags<'a> {
            /// Whether a tag with this key means something here.
            pub(super) fn knows(key: &[u8]) -> bool {
                std::str::from_utf8(key).is_ok_and(|key| matches!(key, $($key)|+))
            }

            /// Takes a tag in, if its key is known.
            pub(super) fn set(&mut self, key: &str, value: &'a str) {
                match key {
                    $($key => self.$field = Some(value),)+
                    _ => {}
                }
            }
        }
    };
}

known_tags! {
    access = "access", admin_level = "admin_level", amenity = "amenity", area = "area", boundary = "boundary",
    bridge = "bridge", building = "building", city = "addr:city", covered = "covered", flats = "building:flats",
    healthcare = "healthcare", highway = "highway", house_number = "addr:housenumber", landuse = "landuse",
    layer = "layer", leisure = "leisure", location = "location", man_made = "man_made", name = "name",
    natural = "natural", office = "office", operator = "operator", owner = "owner", ownership = "ownership",
    place = "addr:place", postcode = "addr:postcode", power = "power", railway = "railway", reference = "ref",
    code_at = "ref:at:gkz", code_bfs = "ref:bfs", code_ch = "swisstopo:BFS_NUMMER", code_de = "de:amtlicher_gemeindeschluessel",
    code_fr = "ref:INSEE", code_no = "ref:kommunenummer", route = "route", shop = "shop", social_facility = "social_facility", street = "addr:street",
    surface = "surface", telecom = "telecom", tourism = "tourism", tower_type = "tower:type", tracktype = "tracktype",
    tunnel = "tunnel", kind = "type", water = "water", waterway = "waterway",
}

/// Whether a tag is set to anything but `no`.
fn on(value: Option<&str>) -> bool {
    value.is_some_and(|v| v != "no")
}

/// The road-like facts of a way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Road {
    pub(super) name: String,
    pub(super) owner: String,
    pub(super) class: WayClass,
    pub(super) surface: Surface,
    pub(super) structure: Structure,
    pub(super) access: Access,
    pub(super) layer: i8,
}

/// Whether a way is one that fibre could follow.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum RoadVerdict {
    /// It has neither `highway=*` nor `route=ferry`.
    None,
    /// It is a highway that is not on the ground, or not a way: planned, gone, or a platform.
    Excluded,
    /// A road, track, path or ferry line.
    Road(Road),
}

/// Reads the road-like facts. The outline of an area (`area=yes`) counts as a way round it.
pub(super) fn road(tags: &Tags<'_>) -> RoadVerdict {
    let ferry = tags.route == Some("ferry");
    let class = match tags.highway {
        None if ferry => WayClass::Ferry,
        None => return RoadVerdict::None,
        Some(value) => match way_class(value) {
            Some(class) => class,
            None => return RoadVerdict::Excluded,
        },
    };
    let structure = if ferry {
        Structure::Ferry
    } else if on(tags.bridge) {
        Structure::Bridge
    } else if on(tags.tunnel) || on(tags.covered) {
        Structure::Tunnel
    } else {
        Structure::None
    };
    RoadVerdict::Road(Road {
        name: tags.name.or(tags.reference).unwrap_or_default().to_owned(),
        owner: tags.owner.or(tags.operator).or(tags.ownership).unwrap_or_default().to_owned(),
        class: if ferry { WayClass::Ferry } else { class },
        surface: surface(tags),
        structure,
        access: access(tags.access),
        layer: tags.layer.and_then(|l| l.trim().parse().ok()).unwrap_or(0),
    })
}

/// The class of a `highway=*`, or none where it is not on the ground or not a way.
fn way_class(value: &str) -> Option<WayClass> {
    Some(match value {
        "motorway" | "motorway_link" => WayClass::Motorway,
        "trunk" | "trunk_link" => WayClass::Trunk,
        "primary" | "primary_link" => WayClass::Primary,
        "secondary" | "secondary_link" => WayClass::Secondary,
        "tertiary" | "tertiary_link" => WayClass::Tertiary,
        "unclassified" | "road" => WayClass::Unclassified,
        "residential" => WayClass::Residential,
        "living_street" => WayClass::LivingStreet,
        "pedestrian" => WayClass::Pedestrian,
        "service" => WayClass::Service,
        "track" => WayClass::Track,
        "footway" => WayClass::Footway,
        "cycleway" => WayClass::Cycleway,
        "bridleway" => WayClass::Bridleway,
        "path" => WayClass::Path,
        "steps" => WayClass::Steps,
        "construction" | "proposed" | "planned" | "abandoned" | "disused" | "razed" | "demolished" | "dismantled"
        | "removed" | "no" | "platform" | "bus_stop" | "raceway" | "rest_area" | "services" | "corridor"
        | "elevator" | "via_ferrata" | "emergency_bay" | "traffic_island" => return None,
        _ => WayClass::Other,
    })
}

/// Ground by `surface`, else by `tracktype`.
fn surface(tags: &Tags<'_>) -> Surface {
    match tags.surface {
        Some(value) => match value.split(':').next().unwrap_or(value) {
            "asphalt" | "paved" | "concrete" | "chipseal" | "metal" | "metal_grid" | "tarmac" | "bitumen"
            | "rubber" | "tartan" => Surface::Paved,
            "sett" | "cobblestone" | "unhewn_cobblestone" | "paving_stones" | "bricks" | "brick" | "grass_paver"
            | "stone" => Surface::Sett,
            "gravel" | "fine_gravel" | "compacted" | "pebblestone" | "unpaved" | "rock" | "shells" => Surface::Gravel,
            "ground" | "dirt" | "earth" | "grass" | "sand" | "mud" | "wood" | "woodchips" | "clay" | "snow" | "ice" => {
                Surface::Ground
            }
            _ => Surface::Unknown,
        },
        None => match tags.tracktype {
            Some("grade1") => Surface::Paved,
            Some("grade2" | "grade3") => Surface::Gravel,
            Some("grade4" | "grade5") => Surface::Ground,
            _ => Surface::Unknown,
        },
    }
}

fn access(value: Option<&str>) -> Access {
    match value {
        Some("private" | "destination" | "customers" | "permit" | "residents" | "delivery" | "employees") => {
            Access::Private
        }
        Some("no") => Access::No,
        _ => Access::Public,
    }
}

/// What an area is; it may be several things at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Area {
    /// A building, and so an obstacle.
    pub(super) building: bool,
    /// A lake, a river's area, a reservoir.
    pub(super) water: bool,
    /// Land use.
    pub(super) land: Option<LandUse>,
}

impl Area {
    /// Whether it is anything at all.
    pub(super) fn is_any(self) -> bool {
        self.building || self.water || self.land.is_some()
    }
}

/// What an area is.
pub(super) fn area(tags: &Tags<'_>) -> Area {
    let water = tags.natural == Some("water")
        || matches!(tags.waterway, Some("riverbank" | "dock"))
        || matches!(tags.landuse, Some("reservoir" | "basin"));
    Area { building: on(tags.building), water, land: if water { None } else { land_use(tags) } }
}

fn land_use(tags: &Tags<'_>) -> Option<LandUse> {
    let by_use = match tags.landuse {
        Some("farmland" | "meadow" | "orchard" | "vineyard" | "plant_nursery" | "allotments") => {
            Some(LandUse::Farmland)
        }
        Some("forest") => Some(LandUse::Forest),
        Some(
            "residential" | "commercial" | "industrial" | "retail" | "farmyard" | "garages" | "education"
            | "institutional" | "religious" | "construction" | "railway" | "cemetery",
        ) => Some(LandUse::Built),
        Some("quarry") => Some(LandUse::Rock),
        _ => None,
    };
    let by_nature = match tags.natural {
        Some("wood") => Some(LandUse::Forest),
        Some("bare_rock" | "scree" | "rock" | "shingle") => Some(LandUse::Rock),
        Some("wetland") => Some(LandUse::Wetland),
        _ => None,
    };
    let protected =
        tags.leisure == Some("nature_reserve") || matches!(tags.boundary, Some("protected_area" | "national_park"));
    if protected { Some(LandUse::Protected) } else { by_use.or(by_nature) }
}

/// What a line is, besides a way. Rivers, rails and cables under ground are no obstacle and are passed over.
pub(super) fn line(tags: &Tags<'_>) -> Option<LineKind> {
    let buried = on(tags.tunnel) || matches!(tags.location, Some("underground" | "underwater"));
    if tags.natural == Some("coastline") {
        return Some(LineKind::Coastline);
    }
    if buried {
        return None;
    }
    match (tags.railway, tags.waterway, tags.power) {
        (Some("rail" | "light_rail" | "narrow_gauge" | "tram" | "subway" | "funicular" | "preserved"), _, _) => {
            Some(LineKind::Rail)
        }
        (_, Some("river" | "stream" | "canal"), _) => Some(LineKind::Stream),
        (_, _, Some("line")) => Some(LineKind::PowerLine),
        (_, _, Some("minor_line")) => Some(LineKind::MinorPowerLine),
        _ => None,
    }
}

/// An address as tagged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Address {
    /// `addr:street`, else `addr:place`.
    pub(super) street: String,
    pub(super) number: String,
    pub(super) postcode: String,
    pub(super) city: String,
}

/// The address, where there is a house number.
pub(super) fn address(tags: &Tags<'_>) -> Option<Address> {
    let text = |value: Option<&str>| value.unwrap_or_default().trim().to_owned();
    tags.house_number.map(|number| Address {
        street: text(tags.street.or(tags.place)),
        number: number.trim().to_owned(),
        postcode: text(tags.postcode),
        city: text(tags.city),
    })
}

/// The public site that an object is.
pub(super) fn site(tags: &Tags<'_>) -> Option<SiteKind> {
    match tags.amenity {
        Some("school") => return Some(SiteKind::School),
        Some("kindergarten" | "childcare") => return Some(SiteKind::Kindergarten),
        Some("townhall") => return Some(SiteKind::TownHall),
        Some("fire_station") => return Some(SiteKind::FireStation),
        Some("library") => return Some(SiteKind::Library),
        Some("police") => return Some(SiteKind::Police),
        Some("hospital" | "clinic" | "nursing_home") => return Some(SiteKind::Health),
        _ => {}
    }
    let mast = matches!(tags.man_made, Some("mast" | "communications_tower"))
        || tags.man_made == Some("tower") && tags.tower_type == Some("communication");
    let health = matches!(tags.healthcare, Some("hospital" | "clinic" | "nursing_home"))
        || matches!(tags.social_facility, Some("nursing_home" | "assisted_living"));
    if mast {
        Some(SiteKind::Mast)
    } else if health {
        Some(SiteKind::Health)
    } else if tags.telecom == Some("data_center") {
        Some(SiteKind::ServerRoom)
    } else {
        None
    }
}

/// Whether a building is one that nobody lives or works in.
pub(super) fn is_outbuilding(building: &str) -> bool {
    matches!(
        building,
        "garage"
            | "garages"
            | "shed"
            | "barn"
            | "carport"
            | "farm_auxiliary"
            | "stable"
            | "sty"
            | "cowshed"
            | "greenhouse"
            | "roof"
            | "boathouse"
            | "silo"
            | "slurry_tank"
            | "storage_tank"
            | "tank"
            | "toilets"
            | "transformer_tower"
            | "service"
            | "container"
            | "tent"
            | "ruins"
            | "collapsed"
            | "bunker"
            | "bridge"
            | "digester"
            | "gazebo"
            | "hangar"
            | "parking"
            | "shelter"
            | "outbuilding"
            | "water_tower"
            | "tower"
            | "chimney"
            | "wall"
            | "construction"
    )
}

/// What a premises is, by its building and what is done there. An addressed outbuilding is `Unknown`: somebody gave it an
/// address for a reason.
pub(super) fn premises_kind(tags: &Tags<'_>) -> PremisesKind {
    let by_building = match tags.building {
        Some(
            "house" | "detached" | "residential" | "apartments" | "terrace" | "semidetached_house" | "semi"
            | "bungalow" | "farm" | "dormitory" | "houseboat" | "villa",
        ) => PremisesKind::Home,
        Some("cabin" | "hut" | "chalet" | "holiday_home" | "summer_cottage" | "allotment_house") => PremisesKind::Cabin,
        Some(
            "school" | "kindergarten" | "hospital" | "university" | "college" | "civic" | "public" | "government"
            | "townhall" | "church" | "chapel" | "cathedral" | "mosque" | "synagogue" | "temple" | "fire_station"
            | "museum" | "library" | "train_station" | "sports_hall" | "stadium",
        ) => PremisesKind::Public,
        Some(
            "commercial" | "retail" | "office" | "industrial" | "warehouse" | "hotel" | "supermarket" | "kiosk"
            | "shop" | "manufacture",
        ) => PremisesKind::Business,
        Some(other) if is_outbuilding(other) && tags.house_number.is_none() => PremisesKind::Outbuilding,
        _ => PremisesKind::Unknown,
    };
    if site(tags).is_some_and(|s| s != SiteKind::Mast) {
        return PremisesKind::Public;
    }
    match by_building {
        PremisesKind::Unknown => match tags.tourism {
            Some("chalet" | "wilderness_hut" | "alpine_hut") => PremisesKind::Cabin,
            Some("hotel" | "guest_house" | "hostel" | "motel" | "camp_site" | "apartment") => PremisesKind::Business,
            Some("museum") => PremisesKind::Public,
            _ if on(tags.shop) || on(tags.office) || tags.amenity.is_some() => PremisesKind::Business,
            _ => PremisesKind::Unknown,
        },
        kind => kind,
    }
}

/// Households, where the source counts flats.
pub(super) fn households(tags: &Tags<'_>) -> Option<u32> {
    tags.flats.and_then(|f| f.trim().parse().ok()).filter(|&n| n > 0 && n < 10_000)
}

/// The official code of a municipality, by the tags that countries use for it, else `ref`.
pub(super) fn municipality_code<'a>(tags: &Tags<'a>) -> Option<&'a str> {
    tags.code_no
        .or(tags.code_bfs)
        .or(tags.code_ch)
        .or(tags.code_at)
        .or(tags.code_de)
        .or(tags.code_fr)
        .or(tags.reference)
}
