//! What OSM's tags mean to a planner: pure functions from tags to the model's classes, for OSM's own files and for features
//! of other formats whose properties have the same names.
//!
//! The definitions follow the OSM wiki's *Map features*; each function says where it decides something. Words that only this
//! program's own files use (`built`, `home`, `town_hall`) are in the functions named `…_word`.

use breiband_model::{Access, LandUse, LineKind, PremisesKind, SiteKind, Structure, Surface, WayClass};

macro_rules! known_tags {
    ($($field:ident = $key:literal),+ $(,)?) => {
        /// The tags of one object that mean something here; all others are passed over.
        #[derive(Debug, Default, Clone, Copy)]
        pub(crate) struct Tags<'a> {
            $(pub(crate) $field: Option<&'a str>,)+
        }

        impl<'a> Tags<'a> {
            /// Whether a tag with this key means something here.
            pub(crate) fn knows(key: &[u8]) -> bool {
                std::str::from_utf8(key).is_ok_and(|key| matches!(key, $($key)|+))
            }

            /// The known tags of something that is asked by key; `get` is called once for each.
            pub(crate) fn of(get: impl Fn(&str) -> Option<&'a str>) -> Self {
                Self { $($field: get($key),)+ }
            }

            /// Takes a tag in, if its key is known.
            pub(crate) fn set(&mut self, key: &str, value: &'a str) {
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
    healthcare = "healthcare", highway = "highway", house_name = "addr:housename", house_number = "addr:housenumber",
    interpolation = "addr:interpolation", landuse = "landuse",
    layer = "layer", leisure = "leisure", location = "location", man_made = "man_made", name = "name",
    natural = "natural", office = "office", operator = "operator", owner = "owner", ownership = "ownership",
    place = "addr:place", postcode = "addr:postcode", power = "power", railway = "railway", reference = "ref",
    code_at = "ref:at:gkz", code_bfs = "ref:bfs", code_ch = "swisstopo:BFS_NUMMER", code_de = "de:amtlicher_gemeindeschluessel",
    code_fr = "ref:INSEE", code_no = "ref:kommunenummer", route = "route", shop = "shop", social_facility = "social_facility", street = "addr:street",
    surface = "surface", telecom = "telecom", tourism = "tourism", tower_type = "tower:type", tracktype = "tracktype",
    tunnel = "tunnel", kind = "type", water = "water", waterway = "waterway",
}

/// Whether a tag is set and does not say no.
fn on(value: Option<&str>) -> bool {
    value.is_some_and(|v| !matches!(v, "no" | "false" | "0" | "none" | ""))
}

/// The road-like facts of a way.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Road {
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) class: WayClass,
    pub(crate) surface: Surface,
    pub(crate) structure: Structure,
    pub(crate) access: Access,
    pub(crate) layer: i8,
}

/// Whether a way is one that fibre could follow.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RoadVerdict {
    /// It has neither `highway=*` nor `route=ferry`.
    None,
    /// It is a highway that is not on the ground, or not a way: planned, gone, or a platform.
    Excluded,
    /// A road, track, path or ferry line.
    Road(Road),
}

/// Reads the road-like facts. The outline of an area (`area=yes`) counts as a way round it.
pub(crate) fn road(tags: &Tags<'_>) -> RoadVerdict {
    let ferry = tags.route == Some("ferry") || tags.highway == Some("ferry");
    let class = match tags.highway {
        None if ferry => WayClass::Ferry,
        None => return RoadVerdict::None,
        Some(_) if ferry => WayClass::Ferry,
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
        class,
        surface: surface(tags.surface, tags.tracktype),
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
        // A busway is a road like others, but for buses.
        "service" | "busway" => WayClass::Service,
        "track" => WayClass::Track,
        "footway" => WayClass::Footway,
        "cycleway" => WayClass::Cycleway,
        "bridleway" => WayClass::Bridleway,
        "path" => WayClass::Path,
        "steps" => WayClass::Steps,
        "construction" | "proposed" | "planned" | "abandoned" | "disused" | "razed" | "demolished" | "dismantled"
        | "removed" | "no" | "platform" | "bus_stop" | "raceway" | "rest_area" | "services" | "corridor"
        | "elevator" | "via_ferrata" | "emergency_bay" | "traffic_island" | "" => return None,
        _ => WayClass::Other,
    })
}

/// The ground by `surface`, else, or where that says nothing known, by `tracktype`.
pub(crate) fn surface(surface: Option<&str>, tracktype: Option<&str>) -> Surface {
    // `paving_stones:30` and `asphalt;gravel`: the first word decides.
    match surface.map(|v| v.split([';', ':']).next().unwrap_or(v).trim()) {
        Some(
            "asphalt" | "paved" | "concrete" | "concrete_lanes" | "concrete_plates" | "chipseal" | "metal"
            | "metal_grid" | "tarmac" | "bitumen" | "rubber" | "tartan",
        ) => Surface::Paved,
        Some(
            "sett" | "cobblestone" | "unhewn_cobblestone" | "paving_stones" | "bricks" | "brick" | "grass_paver"
            | "stone",
        ) => Surface::Sett,
        Some("gravel" | "fine_gravel" | "compacted" | "pebblestone" | "unpaved" | "rock" | "shells") => Surface::Gravel,
        Some(
            "ground" | "dirt" | "earth" | "grass" | "sand" | "mud" | "wood" | "woodchips" | "clay" | "soil" | "snow"
            | "ice",
        ) => Surface::Ground,
        _ => match tracktype {
            Some("grade1") => Surface::Paved,
            Some("grade2" | "grade3") => Surface::Gravel,
            Some("grade4" | "grade5") => Surface::Ground,
            _ => Surface::Unknown,
        },
    }
}

fn access(value: Option<&str>) -> Access {
    match value {
        Some("no") => Access::No,
        Some(
            "private" | "destination" | "customers" | "delivery" | "permit" | "residents" | "employees"
            | "agricultural" | "forestry",
        ) => Access::Private,
        _ => Access::Public,
    }
}

/// What an area is; it may be several things at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Area {
    /// A building, and so an obstacle.
    pub(crate) building: bool,
    /// A lake, a river's area, a reservoir.
    pub(crate) water: bool,
    /// Land use.
    pub(crate) land: Option<LandUse>,
}

impl Area {
    /// Whether it is anything at all.
    pub(crate) fn is_any(self) -> bool {
        self.building || self.water || self.land.is_some()
    }
}

/// What an area is.
pub(crate) fn area(tags: &Tags<'_>) -> Area {
    let water = tags.natural == Some("water")
        || matches!(tags.waterway, Some("riverbank" | "dock"))
        || matches!(tags.landuse, Some("reservoir" | "basin"));
    Area { building: on(tags.building), water, land: if water { None } else { land_use(tags) } }
}

/// Land use by this program's own words: OSM says these with other keys.
pub(crate) fn land_use_word(word: &str) -> Option<LandUse> {
    Some(match word {
        "built" => LandUse::Built,
        "rock" => LandUse::Rock,
        "wetland" => LandUse::Wetland,
        "protected" => LandUse::Protected,
        _ => return None,
    })
}

/// Land use; protection goes before what grows there.
pub(crate) fn land_use(tags: &Tags<'_>) -> Option<LandUse> {
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
pub(crate) fn line(tags: &Tags<'_>) -> Option<LineKind> {
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
pub(crate) struct Address {
    /// `addr:street`, else `addr:place`.
    pub(crate) street: String,
    pub(crate) number: String,
    pub(crate) postcode: String,
    pub(crate) city: String,
}

/// The address, where there is a house number.
pub(crate) fn address(tags: &Tags<'_>) -> Option<Address> {
    let text = |value: Option<&str>| value.unwrap_or_default().trim().to_owned();
    tags.house_number.map(|number| Address {
        street: text(tags.street.or(tags.place)),
        number: number.trim().to_owned(),
        postcode: text(tags.postcode),
        city: text(tags.city),
    })
}

/// The public site of an `amenity`.
fn amenity(value: &str) -> Option<SiteKind> {
    Some(match value {
        "school" => SiteKind::School,
        "kindergarten" | "childcare" => SiteKind::Kindergarten,
        "townhall" => SiteKind::TownHall,
        "fire_station" => SiteKind::FireStation,
        "library" => SiteKind::Library,
        "police" => SiteKind::Police,
        "hospital" | "clinic" | "nursing_home" => SiteKind::Health,
        _ => return None,
    })
}

/// The kind of public site by a word that somebody chose for it: OSM's, or this program's own.
pub(crate) fn site_word(word: &str) -> Option<SiteKind> {
    amenity(word).or(match word {
        "college" | "university" => Some(SiteKind::School),
        "town_hall" => Some(SiteKind::TownHall),
        "doctors" | "health" => Some(SiteKind::Health),
        "server_room" => Some(SiteKind::ServerRoom),
        "mast" => Some(SiteKind::Mast),
        _ => None,
    })
}

/// The public site that an object is.
pub(crate) fn site(tags: &Tags<'_>) -> Option<SiteKind> {
    if let Some(kind) = tags.amenity.and_then(amenity) {
        return Some(kind);
    }
    let mast = matches!(tags.man_made, Some("mast" | "communications_tower"))
        || tags.man_made == Some("tower") && tags.tower_type == Some("communication");
    let health = matches!(tags.healthcare, Some("hospital" | "clinic" | "centre" | "nursing_home"))
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
pub(crate) fn is_outbuilding(building: &str) -> bool {
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

/// The kind of premises by OSM's `building`, or by this program's own words.
pub(crate) fn premises_word(word: &str) -> PremisesKind {
    match word {
        "house" | "detached" | "residential" | "apartments" | "terrace" | "semidetached_house" | "semi"
        | "bungalow" | "farm" | "dormitory" | "houseboat" | "villa" | "home" => PremisesKind::Home,
        "cabin" | "hut" | "chalet" | "holiday_home" | "summer_cottage" | "allotment_house" | "static_caravan" => {
            PremisesKind::Cabin
        }
        "school" | "kindergarten" | "hospital" | "university" | "college" | "civic" | "public" | "government"
        | "townhall" | "church" | "chapel" | "cathedral" | "mosque" | "synagogue" | "temple" | "fire_station"
        | "museum" | "library" | "train_station" | "sports_hall" | "stadium" => PremisesKind::Public,
        "commercial" | "retail" | "office" | "industrial" | "warehouse" | "hotel" | "supermarket" | "kiosk"
        | "shop" | "manufacture" | "business" => PremisesKind::Business,
        other if is_outbuilding(other) => PremisesKind::Outbuilding,
        _ => PremisesKind::Unknown,
    }
}

/// What a premises is, by its building and what is done there. An addressed outbuilding is `Unknown`: somebody gave it an
/// address for a reason.
pub(crate) fn premises_kind(tags: &Tags<'_>) -> PremisesKind {
    if site(tags).is_some_and(|s| s != SiteKind::Mast) {
        return PremisesKind::Public;
    }
    let by_building = match tags.building.map_or(PremisesKind::Unknown, premises_word) {
        PremisesKind::Outbuilding if tags.house_number.is_some() => PremisesKind::Unknown,
        kind => kind,
    };
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
pub(crate) fn households(tags: &Tags<'_>) -> Option<u32> {
    tags.flats.and_then(|f| f.trim().parse().ok()).filter(|&n| n > 0 && n < 10_000)
}

/// The official code of a municipality, by the tags that countries use for it, else `ref`.
pub(crate) fn municipality_code<'a>(tags: &Tags<'a>) -> Option<&'a str> {
    tags.code_no
        .or(tags.code_bfs)
        .or(tags.code_ch)
        .or(tags.code_at)
        .or(tags.code_de)
        .or(tags.code_fr)
        .or(tags.reference)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(tags: &[(&'static str, &'static str)]) -> Tags<'static> {
        Tags::of(|key| tags.iter().find(|(k, _)| *k == key).map(|(_, v)| *v))
    }

    fn way(given: &[(&'static str, &'static str)]) -> Road {
        match road(&tags(given)) {
            RoadVerdict::Road(road) => road,
            other => panic!("{given:?}: {other:?}"),
        }
    }

    #[test]
    fn tags_become_roads() {
        let track = way(&[("highway", "track"), ("tracktype", "grade2"), ("access", "private")]);
        assert_eq!((track.class, track.surface, track.access), (WayClass::Track, Surface::Gravel, Access::Private));
        let bridge = way(&[("highway", "primary_link"), ("bridge", "viaduct"), ("layer", "1")]);
        assert_eq!((bridge.class, bridge.structure, bridge.layer), (WayClass::Primary, Structure::Bridge, 1));
        for ferry in [way(&[("route", "ferry"), ("name", "Volda–Folkestad")]), way(&[("highway", "ferry")])] {
            assert_eq!((ferry.class, ferry.structure), (WayClass::Ferry, Structure::Ferry));
        }
        let open = way(&[("highway", "service"), ("tunnel", "no"), ("surface", "asphalt;gravel")]);
        assert_eq!((open.structure, open.surface), (Structure::None, Surface::Paved));
        assert_eq!(way(&[("highway", "busway")]).class, WayClass::Service);
        assert_eq!(road(&tags(&[("highway", "construction")])), RoadVerdict::Excluded);
        assert_eq!(road(&tags(&[("building", "yes")])), RoadVerdict::None);
    }

    #[test]
    fn both_ways_to_fill_the_tags_agree() {
        let given = [("highway", "path"), ("addr:housenumber", "7"), ("ref:kommunenummer", "1504"), ("unknown", "x")];
        let mut set = Tags::default();
        for (key, value) in given {
            assert_eq!(Tags::knows(key.as_bytes()), key != "unknown");
            set.set(key, value);
        }
        assert_eq!(format!("{set:?}"), format!("{:?}", tags(&given)));
    }

    #[test]
    fn an_addressed_barn_is_somebodys() {
        assert_eq!(premises_kind(&tags(&[("building", "barn")])), PremisesKind::Outbuilding);
        assert_eq!(premises_kind(&tags(&[("building", "barn"), ("addr:housenumber", "3")])), PremisesKind::Unknown);
        assert_eq!(premises_kind(&tags(&[("building", "house"), ("amenity", "school")])), PremisesKind::Public);
    }
}
