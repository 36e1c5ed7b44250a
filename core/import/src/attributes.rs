//! OSM's tags to the model's words. GeoJSON and GeoPackage files that use the same names are read by the same rules.

use breiband_model::{Access, LandUse, LineKind, PremisesKind, SiteKind, Structure, Surface, WayClass};

/// What tags say about a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WayAttributes {
    pub(crate) name: String,
    pub(crate) class: WayClass,
    pub(crate) surface: Surface,
    pub(crate) structure: Structure,
    pub(crate) access: Access,
    pub(crate) owner: String,
    pub(crate) layer: i8,
}

/// The attributes of a way, or `None` where the tags describe no way that stands on the ground: a road that is only
/// proposed, a raceway, a platform.
pub(crate) fn way_attributes<'t>(get: impl Fn(&str) -> Option<&'t str>) -> Option<WayAttributes> {
    let ferry = get("route") == Some("ferry") || get("highway") == Some("ferry");
    let class = if ferry { WayClass::Ferry } else { way_class(get("highway")?)? };
    let yes = |value: Option<&str>| value.is_some_and(|v| !matches!(v, "no" | "false" | "0" | "none" | ""));
    let structure = if ferry {
        Structure::Ferry
    } else if yes(get("tunnel")) || get("covered") == Some("yes") {
        Structure::Tunnel
    } else if yes(get("bridge")) {
        Structure::Bridge
    } else {
        Structure::None
    };
    let name = get("name").or_else(|| get("ref")).unwrap_or_default();
    let owner = get("owner").or_else(|| get("ownership")).or_else(|| get("operator")).unwrap_or_default();
    Some(WayAttributes {
        name: name.to_owned(),
        class,
        surface: surface(get("surface"), get("tracktype")),
        structure,
        access: access(get("access")),
        owner: owner.to_owned(),
        layer: get("layer").and_then(|v| v.trim().parse::<i8>().ok()).unwrap_or(0),
    })
}

/// The class of an OSM `highway` value; `None` for what is not built or carries nobody.
pub(crate) fn way_class(highway: &str) -> Option<WayClass> {
    Some(match highway {
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
        "ferry" => WayClass::Ferry,
        "proposed" | "construction" | "planned" | "abandoned" | "razed" | "demolished" | "disused" | "no"
        | "raceway" | "platform" | "corridor" | "elevator" | "bus_stop" | "rest_area" | "services" | "via_ferrata"
        | "" => {
            return None;
        }
        _ => WayClass::Other,
    })
}

/// The ground by `surface`, else by `tracktype`.
pub(crate) fn surface(surface: Option<&str>, tracktype: Option<&str>) -> Surface {
    // `paving_stones:30` and `asphalt;gravel`: the first word decides.
    let word = surface.map(|v| v.split([';', ':']).next().unwrap_or(v).trim());
    match word {
        Some("paved" | "asphalt" | "concrete" | "chipseal" | "metal" | "concrete_lanes" | "concrete_plates") => {
            Surface::Paved
        }
        Some("bricks" | "brick" | "sett" | "cobblestone" | "unhewn_cobblestone" | "paving_stones" | "grass_paver") => {
            Surface::Sett
        }
        Some("gravel" | "fine_gravel" | "compacted" | "pebblestone" | "unpaved" | "rock" | "shells") => Surface::Gravel,
        Some("ground" | "dirt" | "earth" | "grass" | "sand" | "mud" | "wood" | "woodchips" | "soil" | "snow") => {
            Surface::Ground
        }
        _ => match tracktype {
            Some("grade1") => Surface::Paved,
            Some("grade2" | "grade3") => Surface::Gravel,
            Some("grade4" | "grade5") => Surface::Ground,
            _ => Surface::Unknown,
        },
    }
}

/// Access by OSM's `access` tag.
pub(crate) fn access(value: Option<&str>) -> Access {
    match value {
        Some("no") => Access::No,
        Some(
            "private" | "destination" | "customers" | "delivery" | "permit" | "residents" | "agricultural" | "forestry",
        ) => Access::Private,
        _ => Access::Public,
    }
}

/// The kind of public site that tags name, if any.
pub(crate) fn site_kind<'t>(get: impl Fn(&str) -> Option<&'t str>) -> Option<SiteKind> {
    if let Some(kind) = get("amenity").and_then(named_site_kind) {
        return Some(kind);
    }
    if get("healthcare").is_some_and(|v| matches!(v, "hospital" | "clinic" | "centre")) {
        return Some(SiteKind::Health);
    }
    match (get("man_made"), get("tower:type")) {
        (Some("mast" | "communications_tower"), _) | (Some("tower"), Some("communication")) => Some(SiteKind::Mast),
        _ => None,
    }
}

/// The kind of public site of an OSM `amenity` value, or of this program's own words.
pub(crate) fn named_site_kind(word: &str) -> Option<SiteKind> {
    Some(match word {
        "school" | "college" | "university" => SiteKind::School,
        "kindergarten" | "childcare" => SiteKind::Kindergarten,
        "townhall" | "town_hall" => SiteKind::TownHall,
        "hospital" | "clinic" | "doctors" | "nursing_home" | "health" => SiteKind::Health,
        "library" => SiteKind::Library,
        "fire_station" => SiteKind::FireStation,
        "police" => SiteKind::Police,
        "server_room" => SiteKind::ServerRoom,
        "mast" => SiteKind::Mast,
        _ => return None,
    })
}

/// Land use by OSM's `landuse`, `natural` and `leisure`, or by this program's own words.
pub(crate) fn land_use<'t>(get: impl Fn(&str) -> Option<&'t str>) -> Option<LandUse> {
    let landuse = get("landuse").and_then(|v| match v {
        "farmland" | "farmyard" | "meadow" | "orchard" | "vineyard" | "grass" | "greenhouse_horticulture" => {
            Some(LandUse::Farmland)
        }
        "forest" => Some(LandUse::Forest),
        "residential" | "commercial" | "industrial" | "retail" | "built" | "institutional" => Some(LandUse::Built),
        "rock" | "quarry" => Some(LandUse::Rock),
        "wetland" => Some(LandUse::Wetland),
        "protected" => Some(LandUse::Protected),
        _ => None,
    });
    let natural = || match get("natural") {
        Some("wood") => Some(LandUse::Forest),
        Some("bare_rock" | "scree" | "cliff") => Some(LandUse::Rock),
        Some("wetland") => Some(LandUse::Wetland),
        _ => None,
    };
    let protected = || {
        let reserve = get("leisure") == Some("nature_reserve");
        (reserve || matches!(get("boundary"), Some("protected_area" | "national_park"))).then_some(LandUse::Protected)
    };
    landuse.or_else(natural).or_else(protected)
}

/// The kind of line that is not a way, by OSM's tags.
pub(crate) fn line_kind<'t>(get: impl Fn(&str) -> Option<&'t str>) -> Option<LineKind> {
    let underground = matches!(get("location"), Some("underground" | "underwater"));
    match (get("power"), get("railway"), get("waterway"), get("natural")) {
        (Some("line"), ..) if !underground => Some(LineKind::PowerLine),
        (Some("minor_line"), ..) if !underground => Some(LineKind::MinorPowerLine),
        (_, Some("rail" | "light_rail" | "tram" | "narrow_gauge" | "funicular" | "subway" | "preserved"), ..)
            if !matches!(get("tunnel"), Some("yes")) =>
        {
            Some(LineKind::Rail)
        }
        (_, _, Some("river" | "stream" | "canal" | "ditch" | "drain"), _)
            if !matches!(get("tunnel"), Some("yes" | "culvert")) =>
        {
            Some(LineKind::Stream)
        }
        (.., Some("coastline")) => Some(LineKind::Coastline),
        _ => None,
    }
}

/// The kind of premises by OSM's `building` value, or by this program's own words.
pub(crate) fn premises_kind(word: &str) -> PremisesKind {
    match word {
        "house" | "detached" | "apartments" | "residential" | "terrace" | "semidetached_house" | "bungalow"
        | "farm" | "home" | "dormitory" => PremisesKind::Home,
        "cabin" | "hut" | "static_caravan" => PremisesKind::Cabin,
        "commercial" | "industrial" | "retail" | "office" | "warehouse" | "hotel" | "supermarket" | "business" => {
            PremisesKind::Business
        }
        "school" | "kindergarten" | "public" | "civic" | "hospital" | "church" | "university" | "college"
        | "government" | "fire_station" | "townhall" | "library" => PremisesKind::Public,
        "garage" | "garages" | "barn" | "shed" | "carport" | "boathouse" | "greenhouse" | "outbuilding" | "stable"
        | "roof" | "farm_auxiliary" | "sty" | "cowshed" => PremisesKind::Outbuilding,
        _ => PremisesKind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(tags: &[(&'static str, &'static str)]) -> Option<WayAttributes> {
        way_attributes(|key| tags.iter().find(|(k, _)| *k == key).map(|(_, v)| *v))
    }

    #[test]
    fn tags_become_attributes() {
        let track = way(&[("highway", "track"), ("tracktype", "grade2"), ("access", "private")]).expect("a way");
        assert_eq!((track.class, track.surface, track.access), (WayClass::Track, Surface::Gravel, Access::Private));
        let bridge = way(&[("highway", "primary_link"), ("bridge", "viaduct"), ("layer", "1")]).expect("a way");
        assert_eq!((bridge.class, bridge.structure, bridge.layer), (WayClass::Primary, Structure::Bridge, 1));
        let ferry = way(&[("route", "ferry"), ("name", "Volda–Folkestad")]).expect("a way");
        assert_eq!((ferry.class, ferry.structure), (WayClass::Ferry, Structure::Ferry));
        assert_eq!(way(&[("highway", "construction")]), None);
        assert_eq!(way(&[("building", "yes")]), None);
        let open = way(&[("highway", "service"), ("tunnel", "no"), ("surface", "asphalt;gravel")]).expect("a way");
        assert_eq!((open.structure, open.surface), (Structure::None, Surface::Paved));
    }
}
