//! Features with properties, from whatever format, to the raw region: by the role that the scenario gives the file, else
//! by what the properties say.

use std::borrow::Cow;

use breiband_model::{Access, AreaUse, Issue, LineKind, PremisesKind, Role, Severity, SiteKind, Structure, WayClass};

use crate::place::{NodeTable, Placer};
use crate::raw::{LonLat, RawHandover, RawMast, RawPolygon, RawPremises, RawRegion, RawWay};
use crate::tags::{self, Road, RoadVerdict, Tags};
use crate::value::{self, parse_bool, parse_number};

/// A feature's geometry, flattened: coordinates as in the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Shapes {
    pub(crate) points: Vec<[f64; 2]>,
    pub(crate) lines: Vec<Vec<[f64; 2]>>,
    /// Rings, the outer one first.
    pub(crate) polygons: Vec<Vec<Vec<[f64; 2]>>>,
}

/// A feature of any format.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Feature<'a> {
    /// Where it is in the file, such as `feature 12`.
    pub(crate) record: String,
    /// The format's own id, beside the properties.
    pub(crate) id: Option<String>,
    /// Properties as text, in the order of the file; missing and null ones are not there.
    pub(crate) properties: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    pub(crate) shapes: Shapes,
}

impl Feature<'_> {
    /// A property by its exact name.
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.properties.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The first property that is there, of several names; case does not matter.
    fn any(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| {
            let found =
                self.properties.iter().find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.trim().is_empty());
            found.map(|(_, value)| value.trim())
        })
    }

    /// The properties that have the names of OSM's tags.
    fn tags(&self) -> Tags<'_> {
        Tags::of(|key| self.get(key).or_else(|| self.any(&[key])))
    }

    fn text(&self, names: &[&str]) -> String {
        self.any(names).unwrap_or_default().to_owned()
    }
}

/// Takes features in.
pub(crate) struct Sink<'r> {
    pub(crate) region: &'r mut RawRegion,
    pub(crate) placer: Placer,
    role: Role,
    hint: Option<Role>,
    /// The file's name without folders: part of made-up ids.
    stem: String,
    nodes: NodeTable,
    classless: u64,
}

impl<'r> Sink<'r> {
    pub(crate) fn new(region: &'r mut RawRegion, placer: Placer, role: Role, file: &str) -> Self {
        let stem = file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned();
        Self { region, placer, role, hint: hint(file), stem, nodes: NodeTable::default(), classless: 0 }
    }

    /// What the features that follow probably are, by a layer's name.
    pub(crate) fn set_hint(&mut self, layer: &str) {
        self.hint = hint(layer).or_else(|| hint(&self.stem));
    }

    /// Closes the file: an error where the coordinates cannot be of the system they are said to be in.
    pub(crate) fn finish(self) -> Result<(), crate::ReadError> {
        if self.classless > 0 {
            self.region.issues.push(
                Issue::new(
                    "way-without-class",
                    Severity::Note,
                    format!(
                        "{} ways have no `highway` property and are taken as unclassified public roads",
                        self.classless
                    ),
                )
                .field("highway", ""),
            );
        }
        self.placer.verdict()
    }

    fn issue(&mut self, feature: &Feature<'_>, code: &str, severity: Severity, message: String) -> &mut Issue {
        let issues = &mut self.region.issues;
        issues.push(Issue::new(code, severity, message).record(feature.record.clone()));
        let last = issues.len() - 1;
        &mut issues[last]
    }

    fn bad_place(&mut self, feature: &Feature<'_>, message: String) {
        self.issue(feature, "bad-coordinate", Severity::Error, message);
    }

    fn bad_value(&mut self, feature: &Feature<'_>, field: &str, text: &str, message: &str) {
        let issue = Issue::new("bad-value", Severity::Warning, message);
        self.region.issues.push(issue.record(feature.record.clone()).field(field, text));
    }

    fn count(&mut self, what: &str, n: u64) {
        *self.region.counts.entry(what.to_owned()).or_insert(0) += n;
    }

    /// Takes a feature in, or lists why not.
    pub(crate) fn add(&mut self, feature: &Feature<'_>) {
        let shapes = &feature.shapes;
        if shapes.points.is_empty() && shapes.lines.is_empty() && shapes.polygons.is_empty() {
            self.issue(
                feature,
                "no-geometry",
                Severity::Warning,
                "the feature has no geometry and was left out".into(),
            );
            return;
        }
        let role = match self.role {
            Role::Auto | Role::Osm => guess(feature, self.hint),
            role => Some(role),
        };
        match role {
            Some(Role::Ways) => self.ways(feature),
            Some(Role::Premises) => self.premises(feature),
            Some(Role::Borders) => self.border(feature),
            Some(Role::Handovers) => self.handover(feature),
            Some(Role::Masts) => self.mast(feature),
            Some(Role::Sites) => self.site(feature),
            Some(Role::Buildings) => self.buildings(feature),
            Some(Role::Water) => self.water(feature),
            Some(Role::LandUse) => self.land(feature),
            Some(Role::Power) => self.power(feature),
            Some(Role::Ducts) => self.lines(feature, LineKind::Duct),
            Some(Role::Areas) => self.ruled_area(feature),
            Some(Role::Service) => self.service(feature),
            Some(Role::SignUps) => self.sign_up(feature),
            Some(Role::Auto | Role::Osm | Role::Terrain) | None => {
                let message = "nothing says what this feature is: give the input a role with `as =`".to_owned();
                self.issue(feature, "unknown-feature", Severity::Warning, message);
            }
        }
    }

    fn id(&self, feature: &Feature<'_>, names: &[&str]) -> String {
        let id = feature.any(names).map(str::to_owned).or_else(|| feature.id.clone());
        id.unwrap_or_else(|| format!("{}/{}", self.stem, feature.record.replace(' ', "-")))
    }

    fn wrong_geometry(&mut self, feature: &Feature<'_>, wanted: &str) {
        let message = format!("{wanted} wanted here; the feature was left out");
        self.issue(feature, "wrong-geometry", Severity::Error, message);
    }

    fn ways(&mut self, feature: &Feature<'_>) {
        if feature.shapes.lines.is_empty() {
            return self.wrong_geometry(feature, "a line is");
        }
        let road = match tags::road(&feature.tags()) {
            RoadVerdict::Road(road) => road,
            RoadVerdict::None => {
                self.classless += 1;
                Road {
                    name: feature.text(&["name", "navn", "ref"]),
                    class: WayClass::Unclassified,
                    surface: tags::surface(feature.any(&["surface"]), None),
                    structure: Structure::None,
                    access: Access::Public,
                    owner: feature.text(&["owner"]),
                    layer: 0,
                }
            }
            RoadVerdict::Excluded => return self.count("ways not on the ground", 1),
        };
        let id = self.id(feature, &["id", "@id"]);
        for (part, line) in feature.shapes.lines.iter().enumerate() {
            let places = match self.placer.places(line) {
                Ok(places) => places,
                Err(message) => {
                    self.bad_place(feature, message);
                    continue;
                }
            };
            let mut nodes = Vec::with_capacity(line.len());
            for (&xy, place) in line.iter().zip(places) {
                let node = self.nodes.at(&mut self.region.nodes, xy, place);
                if nodes.last() != Some(&node) {
                    nodes.push(node);
                }
            }
            let a = road.clone();
            self.region.ways.push(RawWay {
                external_id: part_id(&id, part),
                name: a.name,
                class: a.class,
                surface: a.surface,
                structure: a.structure,
                access: a.access,
                owner: a.owner,
                layer: a.layer,
                nodes,
                cut: false,
            });
            self.count("ways", 1);
        }
    }

    fn premises(&mut self, feature: &Feature<'_>) {
        let Some(point) = self.point(feature) else { return };
        let households = feature.any(&["households", "husholdninger"]).map(|text| (text, value::parse_count(text)));
        if let Some((text, None)) = households {
            let text = text.to_owned();
            self.bad_value(feature, "households", &text, "no number of households: one is assumed");
        }
        let number = ["number", "housenumber", "addr:housenumber", "nummer"];
        let premises = RawPremises {
            external_id: self.id(feature, &["id", "@id", "hash", "adresseid", "lokalid"]),
            street: feature.text(&["street", "addr:street", "adressenavn", "addr:place"]),
            number: feature.text(&number) + feature.any(&["letter", "bokstav"]).unwrap_or_default(),
            postcode: feature.text(&["postcode", "addr:postcode", "postnummer"]),
            city: feature.text(&["city", "addr:city", "poststed"]),
            parcel: feature.text(&["parcel", "matrikkelnummer"]),
            point,
            access_point: None,
            building: None,
            municipality: feature.any(&["municipality", "kommunenummer", "municipality_code"]).map(str::to_owned),
            households: households.and_then(|(_, n)| n),
            kind: feature.any(&["kind", "building"]).map_or(PremisesKind::Unknown, tags::premises_word),
            service: self.service_of(feature),
            signed_up: feature.any(&["signed_up"]).and_then(parse_bool),
        };
        self.region.premises.push(premises);
        self.count("premises", 1);
    }

    fn service_of(&mut self, feature: &Feature<'_>) -> Option<breiband_model::Service> {
        let down = feature.any(&["down_mbps"])?;
        let up = feature.any(&["up_mbps"]).unwrap_or("0");
        let speeds = value::parse_speed(down, 1.0).zip(value::parse_speed(up, 1.0));
        match speeds {
            Some((down_mbps, up_mbps)) => {
                Some(breiband_model::Service { down_mbps, up_mbps, technology: feature.text(&["technology"]) })
            }
            None => {
                let text = down.to_owned();
                self.bad_value(feature, "down_mbps", &text, "no speed in Mbit/s: taken as no service");
                None
            }
        }
    }

    fn service(&mut self, feature: &Feature<'_>) {
        if let Some(service) = self.service_of(feature) {
            let id = self.id(feature, &["id", "premises", "adresseid"]);
            self.region.service.push((id, service, feature.record.clone()));
            self.count("service", 1);
        }
    }

    fn sign_up(&mut self, feature: &Feature<'_>) {
        let id = self.id(feature, &["id", "premises", "adresseid"]);
        let signed = feature.any(&["signed_up"]).and_then(parse_bool).unwrap_or(true);
        self.region.sign_ups.push((id, signed, feature.record.clone()));
        self.count("sign-ups", 1);
    }

    /// The feature's point; the middle of an area's corners.
    fn point(&mut self, feature: &Feature<'_>) -> Option<LonLat> {
        let shapes = &feature.shapes;
        let outer = shapes.polygons.first().and_then(|rings| rings.first()).filter(|ring| !ring.is_empty());
        let xy = match (shapes.points.first(), outer) {
            (Some(&point), _) => point,
            (None, Some(ring)) => {
                let corners = if ring.len() > 1 && ring.first() == ring.last() { &ring[1..] } else { ring };
                let sum = corners.iter().fold([0.0, 0.0], |[x, y], [a, b]| [x + a, y + b]);
                sum.map(|v| v / corners.len() as f64)
            }
            (None, None) => {
                self.wrong_geometry(feature, "a point is");
                return None;
            }
        };
        let placed = self.placer.place(xy);
        placed.map_err(|message| self.bad_place(feature, message)).ok()
    }

    fn polygons(&mut self, feature: &Feature<'_>) -> Vec<RawPolygon> {
        if feature.shapes.polygons.is_empty() {
            self.wrong_geometry(feature, "an area is");
        }
        let mut found = Vec::new();
        for rings in &feature.shapes.polygons {
            let rings: Result<Vec<_>, _> = rings.iter().map(|ring| self.placer.places(ring)).collect();
            match rings {
                Ok(rings) => {
                    let mut rings = rings.into_iter();
                    found.extend(rings.next().map(|outer| RawPolygon { outer, holes: rings.collect() }));
                }
                Err(message) => self.bad_place(feature, message),
            }
        }
        found
    }

    fn border(&mut self, feature: &Feature<'_>) {
        let name = feature.text(&["name", "navn", "kommunenavn"]);
        let code = feature.any(&["code", "kommunenummer", "municipality_code", "id"]).map(str::to_owned);
        let code = code.or_else(|| (!name.is_empty()).then(|| name.clone()));
        let code = code.unwrap_or_else(|| self.id(feature, &[]));
        let area = self.polygons(feature);
        if !area.is_empty() {
            self.region.municipalities.push((code, name, area));
            self.count("municipalities", 1);
        }
    }

    fn handover(&mut self, feature: &Feature<'_>) {
        let Some(point) = self.point(feature) else { return };
        let id = self.id(feature, &["id"]);
        let name = feature.any(&["name", "navn"]).unwrap_or(&id).to_owned();
        let texts =
            [["opening_cost", "opening"], ["opening_source", "source_of_cost"]].map(|names| feature.text(&names));
        let mut handover = RawHandover { external_id: id, name, point, opening: None };
        if let Some((field, text, message)) = handover.describe([&texts[0], &texts[1]]) {
            self.bad_value(feature, field, text, message);
        }
        self.region.handovers.push(handover);
        self.count("handovers", 1);
    }

    fn mast(&mut self, feature: &Feature<'_>) {
        let Some(point) = self.point(feature) else { return };
        let id = self.id(feature, &["id"]);
        let name = feature.any(&["name", "navn"]).unwrap_or(&id).to_owned();
        let texts =
            [["height_m", "height"], ["sectors", "sector"], ["existing", "stands"]].map(|names| feature.text(&names));
        let mut mast = RawMast { external_id: id, name, point, height_mm: None, sectors: None, existing: false };
        for (field, text, message) in mast.describe([&texts[0], &texts[1], &texts[2]]) {
            self.bad_value(feature, field, text, message);
        }
        self.region.masts.push(mast);
        self.count("masts", 1);
    }

    fn site(&mut self, feature: &Feature<'_>) {
        let Some(point) = self.point(feature) else { return };
        let kind = feature.any(&["kind"]).and_then(tags::site_word);
        let kind = kind.or_else(|| tags::site(&feature.tags())).unwrap_or(SiteKind::Other);
        let id = self.id(feature, &["id", "@id"]);
        self.region.sites.push((id, kind, feature.text(&["name", "navn"]), point));
        self.count("sites", 1);
    }

    fn buildings(&mut self, feature: &Feature<'_>) {
        let id = self.id(feature, &["id", "@id"]);
        for (part, polygon) in self.polygons(feature).into_iter().enumerate() {
            self.region.buildings.push((part_id(&id, part), polygon));
            self.count("buildings", 1);
        }
    }

    fn water(&mut self, feature: &Feature<'_>) {
        if !feature.shapes.lines.is_empty() {
            return match tags::line(&feature.tags()) {
                Some(kind) => self.lines(feature, kind),
                // A ditch, or a stream in a pipe: nothing that a line would have to cross.
                None if feature.any(&["waterway"]).is_some() => self.count("water of no width", 1),
                None => self.lines(feature, LineKind::Coastline),
            };
        }
        let id = self.id(feature, &["id", "@id"]);
        for (part, polygon) in self.polygons(feature).into_iter().enumerate() {
            self.region.water.push((part_id(&id, part), polygon));
            self.count("water", 1);
        }
    }

    fn land(&mut self, feature: &Feature<'_>) {
        let mut tags = feature.tags();
        tags.landuse = feature.any(&["land_use", "use"]).or(tags.landuse);
        let land_use = tags::land_use(&tags).or_else(|| tags.landuse.and_then(tags::land_use_word));
        let Some(land_use) = land_use else { return self.count("land of other use", 1) };
        for polygon in self.polygons(feature) {
            self.region.land.push((land_use, polygon));
            self.count("land", 1);
        }
    }

    fn power(&mut self, feature: &Feature<'_>) {
        if !feature.shapes.lines.is_empty() {
            let kind = tags::line(&feature.tags()).unwrap_or(LineKind::PowerLine);
            return self.lines(feature, kind);
        }
        if matches!(feature.any(&["power"]), Some("tower" | "portal")) {
            return self.count("pylons", 1);
        }
        for &xy in &feature.shapes.points {
            match self.placer.place(xy) {
                Ok(place) => {
                    self.region.poles.push(place);
                    self.count("poles", 1);
                }
                Err(message) => self.bad_place(feature, message),
            }
        }
    }

    fn lines(&mut self, feature: &Feature<'_>, kind: LineKind) {
        if feature.shapes.lines.is_empty() {
            return self.wrong_geometry(feature, "a line is");
        }
        let id = self.id(feature, &["id", "@id"]);
        for (part, line) in feature.shapes.lines.iter().enumerate() {
            match self.placer.places(line) {
                Ok(places) => {
                    self.region.lines.push((part_id(&id, part), kind, places));
                    self.count("lines", 1);
                }
                Err(message) => self.bad_place(feature, message),
            }
        }
    }

    fn ruled_area(&mut self, feature: &Feature<'_>) {
        let number = |names: &[&str]| feature.any(names).and_then(parse_number);
        let named = feature.any(&["rule"]).map(|r| r.to_ascii_lowercase().replace('_', "-"));
        if let Some(rule @ ("support" | "commercial")) = named.as_deref() {
            let id = self.id(feature, &["id", "name"]);
            for polygon in self.polygons(feature) {
                self.region.support_areas.push((id.clone(), rule == "commercial", polygon));
                self.count("support areas", 1);
            }
            return;
        }
        let usage = AreaUse::ALL.into_iter().find(|usage| Some(usage.name()) == named.as_deref());
        let rule = match usage {
            Some(usage) => usage.rule(number(&["factor"]), number(&["amount"])).ok_or(match usage {
                AreaUse::Multiply => ("factor", "`multiply` needs a `factor` from 0 to 1000"),
                _ => ("amount", "`lump` needs an `amount` of money, not negative"),
            }),
            None => Err(("rule", "`rule` is one of forbid, multiply, lump, exclude-premises, support, commercial")),
        };
        match rule {
            Ok(rule) => {
                let id = self.id(feature, &["id", "name"]);
                for polygon in self.polygons(feature) {
                    self.region.ruled_areas.push((id.clone(), rule.clone(), polygon));
                    self.count("areas", 1);
                }
            }
            Err((field, message)) => {
                let text = feature.text(&[field]);
                let message = format!("{message}; the area was left out");
                let issue = Issue::new("bad-rule", Severity::Error, message);
                self.region.issues.push(issue.record(feature.record.clone()).field(field, text));
            }
        }
    }
}

fn part_id(id: &str, part: usize) -> String {
    if part == 0 { id.to_owned() } else { format!("{id}#{}", part + 1) }
}

/// What a file or layer probably holds, by its name.
fn hint(name: &str) -> Option<Role> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_lowercase();
    let words: [(&[&str], Role); 13] = [
        (&["service", "coverage", "dekning"], Role::Service),
        (&["sign-up", "signup", "sign_up"], Role::SignUps),
        (&["handover"], Role::Handovers),
        (&["mast", "antenna"], Role::Masts),
        (&["premises", "address", "adress"], Role::Premises),
        (&["border", "kommune", "municipal", "grense"], Role::Borders),
        (&["building", "bygning"], Role::Buildings),
        (&["site", "school", "skole"], Role::Sites),
        (&["water", "coast", "lake", "vann", "vatn"], Role::Water),
        (&["power", "pole"], Role::Power),
        (&["duct"], Role::Ducts),
        (&["way", "road", "street", "veg"], Role::Ways),
        (&["land"], Role::LandUse),
    ];
    words.iter().find(|(words, _)| words.iter().any(|word| name.contains(word))).map(|&(_, role)| role)
}

/// What a feature probably is: by its properties, then by the file's name.
fn guess(feature: &Feature<'_>, hint: Option<Role>) -> Option<Role> {
    let shapes = &feature.shapes;
    let (point, line, area) = (!shapes.points.is_empty(), !shapes.lines.is_empty(), !shapes.polygons.is_empty());
    let has = |names: &[&str]| feature.any(names).is_some();
    let fits = match hint {
        Some(Role::Ways | Role::Ducts) => line,
        Some(Role::Premises | Role::Handovers | Role::Masts | Role::Sites) => point || area,
        Some(Role::Borders | Role::Buildings | Role::LandUse) => area,
        Some(Role::Water) => line || area,
        Some(Role::Power) => line || point,
        Some(_) => true,
        None => false,
    };
    if area && has(&["rule"]) {
        Some(Role::Areas)
    } else if line && (has(&["highway"]) || feature.any(&["route"]) == Some("ferry")) {
        Some(Role::Ways)
    } else if (line || point) && has(&["power"]) {
        Some(Role::Power)
    } else if point && has(&["number", "housenumber", "addr:housenumber", "nummer"]) {
        Some(Role::Premises)
    } else if area && has(&["kommunenummer", "municipality_code"]) {
        Some(Role::Borders)
    } else if fits {
        hint
    } else if area && has(&["building"]) {
        Some(Role::Buildings)
    } else if line && has(&["railway"])
        || (line || area) && (matches!(feature.any(&["natural"]), Some("water" | "coastline")) || has(&["waterway"]))
    {
        Some(Role::Water)
    } else if area && has(&["landuse", "land_use", "leisure", "natural"]) {
        Some(Role::LandUse)
    } else if point && (has(&["amenity", "man_made", "healthcare"])) {
        Some(Role::Sites)
    } else if point && has(&["households", "street", "addr:street"]) {
        Some(Role::Premises)
    } else if area && has(&["code"]) {
        Some(Role::Borders)
    } else {
        None
    }
}
