//! From what was kept of a file to the raw region.

use std::collections::{BTreeMap, BTreeSet};

use breiband_model::{Cancelled, Context, Issue, PremisesFrom, PremisesKind, Severity};

use super::collect::{Collected, Node, Origin, Place, RelationRecord, Tally, Thing, WayRecord};
use super::premises::{self, Candidate};
use super::resolve::{Resolved, duplicate, resolve, short};
use super::{OsmOptions, rings, statistics};
use crate::raw::{LonLat, RawPolygon, RawRegion, RawWay};

/// Relations may ask for this many points in all, beyond sixteen for each reference: a file that names one long way in
/// ten thousand relations is not followed.
const SPARE_POINTS: usize = 1 << 20;

/// Builds the raw region. `what` is the format's name.
pub(super) fn build(
    mut collected: Collected,
    options: &OsmOptions,
    what: &str,
    context: &mut Context<'_>,
) -> Result<RawRegion, Cancelled> {
    let mut budget = collected.refs.len().saturating_mul(16).saturating_add(SPARE_POINTS);
    let resolved = resolve(&mut collected);
    let by_id = ways_by_id(&mut collected);
    note_no_nodes(&mut collected, &resolved);
    note_other_addresses(&mut collected);
    context.check()?;
    let mut raw = RawRegion {
        format: what.to_owned(),
        attribution: "© OpenStreetMap contributors (ODbL)".to_owned(),
        ..RawRegion::default()
    };
    roads(&mut collected, &resolved, &by_id, &mut raw);
    lines(&mut collected, &resolved, &by_id, &mut raw);
    context.check()?;
    raw.poles = std::mem::take(&mut collected.poles).into_iter().map(degrees).collect();
    borders(&mut collected, &resolved, &by_id, &mut budget, &mut raw);
    let mut things = std::mem::take(&mut collected.things);
    let distinct_street_number = distinct_street_number(&things);
    join_doubled_buildings(&mut things, &collected.relations, &by_id);
    let mut candidates = Vec::new();
    let mut seen = BTreeSet::new();
    for thing in &things {
        if let Some((kind, id)) = repeated(thing, &collected, &mut seen) {
            collected.issues.add(|| duplicate(kind, id));
            continue;
        }
        if let Some(candidate) = placed(thing, &mut collected, &resolved, &by_id, &mut budget, &mut raw) {
            candidates.push(candidate);
        }
    }
    context.check()?;
    raw.premises = match options.premises_from {
        PremisesFrom::Addresses => premises::distinct(candidates, &mut collected.issues),
        PremisesFrom::AllBuildings => premises::all_buildings(candidates),
    };
    counts(&collected, &resolved, distinct_street_number, &mut raw);
    raw.issues = collected.issues.into_list();
    close_rings(&mut raw);
    Ok(raw)
}

/// Gives every area its first point once more at the end: the readers here keep rings open, the raw form has them as files do.
fn close_rings(raw: &mut RawRegion) {
    let areas = raw.buildings.iter_mut().map(|b| &mut b.1).chain(raw.water.iter_mut().map(|w| &mut w.1));
    let areas = areas.chain(raw.land.iter_mut().map(|l| &mut l.1));
    let areas = areas.chain(raw.municipalities.iter_mut().flat_map(|m| &mut m.2));
    for area in areas {
        for ring in std::iter::once(&mut area.outer).chain(&mut area.holes) {
            ring.extend(ring.first().copied());
        }
    }
}

fn degrees(place: Place) -> LonLat {
    LonLat { lon: f64::from(place.lon) / 1e7, lat: f64::from(place.lat) / 1e7 }
}

fn points(nodes: &[Node], positions: &[u32]) -> Vec<LonLat> {
    positions.iter().map(|&p| degrees(nodes[p as usize].place)).collect()
}

/// Positions of the ways by their ids; of several with one id the first.
struct WaysById(Vec<(i64, u32)>);

impl WaysById {
    fn find(&self, id: i64) -> Option<u32> {
        self.0.binary_search_by_key(&id, |entry| entry.0).ok().map(|at| self.0[at].1)
    }

    /// Whether the way at a position is the first with its id.
    fn is_first(&self, ways: &[WayRecord], position: u32) -> bool {
        self.find(ways[position as usize].id) == Some(position)
    }
}

fn ways_by_id(collected: &mut Collected) -> WaysById {
    let mut by_id: Vec<(i64, u32)> = collected.ways.iter().zip(0..).map(|(way, at)| (way.id, at)).collect();
    by_id.sort_unstable();
    let issues = &mut collected.issues;
    by_id.dedup_by(|later, first| {
        let same = later.0 == first.0;
        if same {
            issues.add(|| duplicate("way", later.0));
        }
        same
    });
    WaysById(by_id)
}

/// What tells of addresses in ways that are not read.
fn note_other_addresses(collected: &mut Collected) {
    let Tally { named_houses, interpolations, .. } = collected.tally;
    let named =
        "houses that have a name and no number are no addresses here; if people live there, add a table of them";
    let between = "ways that stand for all the addresses between two are not filled in: add a file of these addresses";
    let both = [("addr:housename", named_houses, named), ("addr:interpolation", interpolations, between)];
    for (tag, count, message) in both.into_iter().filter(|(_, count, _)| *count > 0) {
        collected
            .issues
            .add(|| Issue::new("addresses-not-read", Severity::Note, message).field(tag, count.to_string()));
    }
}

/// At the edge of an extract some nodes are missing. Where most are, the file was made without them.
fn note_no_nodes(collected: &mut Collected, resolved: &Resolved) {
    let references: u64 = collected.ways.iter().map(|way| u64::from(way.end - way.start)).sum();
    if resolved.missing > 0 && resolved.missing * 2 > references {
        collected.issues.add(|| {
            let message = "the file holds ways without most of their nodes, which say where they lie: ask for the nodes too (Overpass: \
                           `out geom;`, or `(._;>;); out;`), or cut the extract with `osmium extract`";
            Issue::new("ways-without-nodes", Severity::Error, message).field("nodes missing", resolved.missing.to_string())
        });
    }
}

fn roads(collected: &mut Collected, resolved: &Resolved, by_id: &WaysById, raw: &mut RawRegion) {
    let mut used = vec![false; resolved.nodes.len()];
    for (position, road) in std::mem::take(&mut collected.roads) {
        if !by_id.is_first(&collected.ways, position) {
            continue;
        }
        let way = collected.ways[position as usize];
        let cut = resolved.lacks_nodes(&way);
        for nodes in resolved.pieces(&way, &mut collected.issues) {
            nodes.iter().for_each(|&n| used[n as usize] = true);
            raw.ways.push(RawWay {
                external_id: format!("way/{}", way.id),
                name: road.name.clone(),
                class: road.class,
                surface: road.surface,
                structure: road.structure,
                access: road.access,
                owner: road.owner.clone(),
                layer: road.layer,
                nodes,
                cut,
            });
        }
    }
    let mut renumbered = vec![0_u32; used.len()];
    for (position, _) in used.iter().enumerate().filter(|(_, used)| **used) {
        renumbered[position] = raw.nodes.len() as u32;
        raw.nodes.push(degrees(resolved.nodes[position].place));
    }
    for way in &mut raw.ways {
        way.nodes.iter_mut().for_each(|n| *n = renumbered[*n as usize]);
    }
}

fn lines(collected: &mut Collected, resolved: &Resolved, by_id: &WaysById, raw: &mut RawRegion) {
    for (position, kind) in std::mem::take(&mut collected.lines) {
        if !by_id.is_first(&collected.ways, position) {
            continue;
        }
        let way = collected.ways[position as usize];
        for piece in resolved.pieces(&way, &mut collected.issues) {
            raw.lines.push((format!("way/{}", way.id), kind, points(&resolved.nodes, &piece)));
        }
    }
}

/// Municipalities: the closed borders of the deepest admin level of 8 and 7 that has one (Liechtenstein, Switzerland,
/// Austria, Germany and Finland have their municipalities at 8; Norway, Denmark and Sweden at 7), else of level 6.
/// Deeper levels are parts of municipalities, higher ones are districts and states.
fn borders(collected: &mut Collected, resolved: &Resolved, by_id: &WaysById, budget: &mut usize, raw: &mut RawRegion) {
    let relations = std::mem::take(&mut collected.relations);
    for level in [8, 7, 6] {
        let mut seen = BTreeSet::new();
        for relation in relations.iter().filter(|r| r.border.as_ref().is_some_and(|b| b.level == level)) {
            let Some(border) = &relation.border else { continue };
            if !seen.insert(relation.id) {
                continue;
            }
            let area = assembled(relation, collected, resolved, by_id, budget);
            let label = format!("relation/{}", relation.id);
            if area.open > 0 || area.polygons.is_empty() {
                // A border that leaves the extract is no area; a part of one would be a wrong one.
                collected.issues.add(|| {
                    Issue::new(
                        "open-border",
                        Severity::Note,
                        "the border leaves the file and was left out; give a file of borders",
                    )
                    .record(label)
                    .field("name", &border.name)
                });
                continue;
            }
            let name = if border.name.is_empty() { border.code.clone() } else { border.name.clone() };
            raw.municipalities.push((border.code.clone(), name, area.polygons));
        }
        if !raw.municipalities.is_empty() {
            break;
        }
    }
    collected.relations = relations;
}

/// A relation's area.
struct Assembled {
    polygons: Vec<RawPolygon>,
    open: usize,
}

fn assembled(
    relation: &RelationRecord,
    collected: &mut Collected,
    resolved: &Resolved,
    by_id: &WaysById,
    budget: &mut usize,
) -> Assembled {
    let (mut outer, mut inner): (Vec<Vec<u32>>, Vec<Vec<u32>>) = (Vec::new(), Vec::new());
    let mut absent = 0;
    for member in &relation.members {
        let Some(position) = by_id.find(member.way) else {
            absent += 1;
            continue;
        };
        let way = collected.ways[position as usize];
        let size = (way.end - way.start) as usize;
        if size > *budget {
            let id = relation.id;
            collected.issues.add(|| {
                Issue::new(
                    "too-complex",
                    Severity::Error,
                    "the relations of the file ask for far too many points; this one was left out",
                )
                .record(format!("relation/{id}"))
            });
            return Assembled { polygons: Vec::new(), open: 1 };
        }
        *budget -= size;
        let outline = resolved.outline(&way, &mut collected.issues);
        if member.inner { inner.push(outline) } else { outer.push(outline) }
    }
    let join = |ways: &[Vec<u32>]| rings::join(&ways.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let (outer, inner) = (join(&outer), join(&inner));
    let places = |rings: Vec<Vec<u32>>| rings.iter().map(|ring| points(&resolved.nodes, ring)).collect::<Vec<_>>();
    // Holes are tried against every outline: bounded by the same budget.
    let work = outer.closed.len().saturating_mul(inner.closed.iter().chain(&outer.closed).map(Vec::len).sum());
    let (polygons, outside) = if work > SPARE_POINTS * 64 {
        let open =
            outer.closed.into_iter().map(|ring| RawPolygon { outer: points(&resolved.nodes, &ring), holes: vec![] });
        (open.collect(), inner.closed.len())
    } else {
        rings::with_holes(places(outer.closed), places(inner.closed))
    };
    let record = || format!("relation/{}", relation.id);
    let open = outer.open + inner.open + usize::from(absent > 0 && outer.open == 0 && polygons.is_empty());
    if relation.border.is_none() && open > 0 {
        collected.issues.add(|| {
            Issue::new(
                "open-ring",
                Severity::Warning,
                "the area's outline does not close, as is normal at the edge of an extract; what closes was used",
            )
            .record(record())
            .field("members missing", absent.to_string())
        });
    }
    if outside > 0 {
        collected.issues.add(|| {
            Issue::new("hole-outside", Severity::Warning, "holes that lie in no outline were passed over")
                .record(record())
                .field("holes", outside.to_string())
        });
    }
    Assembled { polygons, open }
}

/// The object, where one of the same type and id came before it. Ways are checked by [`WaysById`].
fn repeated(thing: &Thing, collected: &Collected, seen: &mut BTreeSet<(bool, i64)>) -> Option<(&'static str, i64)> {
    let (kind, id) = match thing.origin {
        Origin::Node(node) => ("node", node.id),
        Origin::Way(_) => return None,
        Origin::Relation(position) => ("relation", collected.relations[position as usize].id),
    };
    (!seen.insert((kind == "node", id))).then_some((kind, id))
}

/// Puts an object's areas and site into the region; a candidate for a premises comes back where there is a place.
fn placed<'a>(
    thing: &'a Thing,
    collected: &mut Collected,
    resolved: &Resolved,
    by_id: &WaysById,
    budget: &mut usize,
    raw: &mut RawRegion,
) -> Option<Candidate<'a>> {
    let (external_id, polygons, lone_point) = match thing.origin {
        Origin::Node(node) => (format!("node/{}", node.id), Vec::new(), Some(degrees(node.place))),
        Origin::Way(position) => {
            if !by_id.is_first(&collected.ways, position) {
                return None;
            }
            let way = collected.ways[position as usize];
            let mut outline = resolved.outline(&way, &mut collected.issues);
            let closed = outline.len() >= 4 && outline.first() == outline.last();
            if closed {
                outline.pop();
            }
            let lone = outline.get(outline.len() / 2).map(|&n| degrees(resolved.nodes[n as usize].place));
            let polygons = if closed {
                vec![RawPolygon { outer: points(&resolved.nodes, &outline), holes: Vec::new() }]
            } else {
                note_no_area(thing, &way, outline.len(), collected);
                Vec::new()
            };
            (format!("way/{}", way.id), polygons, lone)
        }
        Origin::Relation(position) => {
            let relation = collected.relations[position as usize].clone();
            let area = assembled(&relation, collected, resolved, by_id, budget);
            (format!("relation/{}", relation.id), area.polygons, None)
        }
    };
    let point = polygons.first().map(rings::inside_point).or(lone_point)?;
    let mut building = None;
    for polygon in polygons {
        if thing.area.water {
            raw.water.push((external_id.clone(), polygon.clone()));
        }
        if let Some(land) = thing.area.land {
            raw.land.push((land, polygon.clone()));
        }
        if thing.area.building {
            building.get_or_insert(raw.buildings.len() as u32);
            raw.buildings.push((external_id.clone(), polygon));
        }
    }
    if let Some((kind, name)) = &thing.site {
        raw.sites.push((external_id.clone(), *kind, name.clone(), point));
    }
    (thing.address.is_some() || thing.area.building).then_some(Candidate { thing, external_id, point, building })
}

fn note_no_area(thing: &Thing, way: &WayRecord, nodes: usize, collected: &mut Collected) {
    if nodes < 2 {
        collected.issues.add(|| short(way));
    } else if thing.area.is_any() {
        collected.issues.add(|| {
            Issue::new(
                "open-area",
                Severity::Warning,
                "the way is tagged as an area but does not close; it is no obstacle and no land use",
            )
            .record(format!("way/{}", way.id))
        });
    }
}

/// A building with a yard is often tagged on its relation and on the outer way too: the relation stands for both, and takes
/// the address where only the way has one.
fn join_doubled_buildings(things: &mut [Thing], relations: &[RelationRecord], by_id: &WaysById) {
    let mut by_way: BTreeMap<u32, usize> = BTreeMap::new();
    for (at, thing) in things.iter().enumerate() {
        if let (Origin::Way(position), true) = (thing.origin, thing.area.building) {
            by_way.entry(position).or_insert(at);
        }
    }
    for at in 0..things.len() {
        let Origin::Relation(position) = things[at].origin else { continue };
        let members = &relations[position as usize].members;
        // With members missing, the ways may be all there is of the building.
        if !things[at].area.building || members.iter().any(|member| by_id.find(member.way).is_none()) {
            continue;
        }
        let outer: Vec<u32> =
            members.iter().filter(|member| !member.inner).filter_map(|member| by_id.find(member.way)).collect();
        for way in outer.iter().filter_map(|way| by_way.get(way).copied()) {
            things[way].area.building = false;
            // Of several houses in one relation, each keeps its own address.
            if outer.len() == 1 && things[at].address.is_none() {
                things[at].address = things[way].address.take();
                things[at].households = things[at].households.or(things[way].households);
                if things[at].kind == PremisesKind::Unknown {
                    things[at].kind = things[way].kind;
                }
            }
        }
    }
}

/// Distinct street (else place) and number of nodes and ways, whatever the town.
fn distinct_street_number(things: &[Thing]) -> u64 {
    let addressed =
        things.iter().filter(|t| !matches!(t.origin, Origin::Relation(_))).filter_map(|t| t.address.as_ref());
    addressed.map(|a| (a.street.as_str(), a.number.as_str())).collect::<BTreeSet<_>>().len() as u64
}

fn counts(collected: &Collected, resolved: &Resolved, distinct_street_number: u64, raw: &mut RawRegion) {
    let tally = collected.tally;
    let mut counts: BTreeMap<String, u64> = [
        ("elements_nodes", tally.nodes),
        ("elements_ways", tally.ways),
        ("elements_relations", tally.relations),
        ("elements_deleted", tally.deleted),
        ("highways_excluded", tally.excluded_highways),
        ("bridges", tally.bridges),
        ("tunnels", tally.tunnels),
        ("missing_node_references", resolved.missing),
        ("missing_node_references_of_highways", resolved.missing_from_highways),
        ("ways", raw.ways.len() as u64),
    ]
    .map(|(key, count)| (key.to_owned(), count))
    .into();
    counts.extend(statistics::road_statistics(raw));
    let rest = [
        ("addresses", tally.address_nodes + tally.address_ways),
        ("address_nodes", tally.address_nodes),
        ("address_ways", tally.address_ways),
        ("address_ways_on_buildings", tally.address_ways_on_buildings),
        ("address_relations", tally.address_relations),
        ("distinct_street_number", distinct_street_number),
        ("premises", raw.premises.len() as u64),
        ("buildings", tally.buildings),
        ("building_relations", tally.building_relations),
        ("buildings_without_address", tally.buildings_without_address),
        ("schools", tally.schools),
        ("kindergartens", tally.kindergartens),
        ("town_halls", tally.town_halls),
        ("fire_stations", tally.fire_stations),
        ("masts", tally.masts),
        ("sites", raw.sites.len() as u64),
        ("municipalities", raw.municipalities.len() as u64),
        ("water_areas", raw.water.len() as u64),
        ("land_areas", raw.land.len() as u64),
        ("lines", raw.lines.len() as u64),
        ("poles", raw.poles.len() as u64),
    ];
    counts.extend(rest.map(|(key, count)| (key.to_owned(), count)));
    raw.counts = counts;
}
