//! Areas: to the plane, mended where their rings are broken, and said so.

use std::collections::BTreeMap;

use breiband_model::{
    BorderEdit, Building, Cancelled, Context, Issue, Municipality, MunicipalityId, Point, Polygon, RegionParts,
    Severity,
};
use breiband_spatial::{BorderChange, PolygonIndex, Repair, mend_polygon};

use super::seen::Seen;
use super::{Frame, Issues};
use crate::raw::{LonLat, RawPolygon, RawRegion};

/// The sound polygons of an area; what was put right is listed.
pub(super) fn mended(
    polygon: &RawPolygon,
    frame: &Frame,
    file: &str,
    record: &str,
    issues: &mut Issues,
) -> Vec<Polygon> {
    let ring = |ring: &Vec<LonLat>| {
        ring.iter().map(|&place| frame.any_point(place)).collect::<Result<Vec<Point>, Box<Issue>>>()
    };
    let rings: Result<Vec<_>, _> = std::iter::once(&polygon.outer).chain(&polygon.holes).map(ring).collect();
    let rings = match rings {
        Ok(rings) => rings,
        Err(issue) => {
            issues.push(file, record, *issue);
            return Vec::new();
        }
    };
    let mended = mend_polygon(&rings);
    // Turned rings and repeated points mean nothing to anybody: only what changes the area is told.
    let told: Vec<&Repair> =
        mended.repairs.iter().filter(|r| !matches!(r, Repair::Turned { .. } | Repair::Repeated { .. })).collect();
    if mended.polygons.is_empty() {
        let message = "the area encloses nothing and was left out";
        issues.push(file, record, Issue::new("polygon-empty", Severity::Warning, message));
    } else if let Some(first) = told.first() {
        let more = if told.len() > 1 { format!(" (and {} more repairs)", told.len() - 1) } else { String::new() };
        let place = match first {
            Repair::Uncrossed { near } => {
                let (lon, lat) = frame.projection.to_lon_lat(*near);
                format!("the boundary crosses itself near {lon:.5}, {lat:.5} and was rebuilt by the even-odd rule")
            }
            other => other.to_string(),
        };
        let issue = Issue::new("polygon-mended", Severity::Note, format!("{place}{more}"));
        issues.push(file, record, issue);
    }
    mended.polygons
}

/// Where each file's buildings went: by file and position in the file, the position in the region.
pub(super) type BuildingPlaces = Vec<Vec<Option<u32>>>;

/// Moves all buildings into the region.
pub(super) fn buildings(
    raws: &mut [RawRegion],
    frame: &Frame,
    parts: &mut RegionParts,
    issues: &mut Issues,
    ctx: &Context<'_>,
) -> Result<BuildingPlaces, Cancelled> {
    let mut places: BuildingPlaces = Vec::with_capacity(raws.len());
    let mut seen = Seen::new(raws.len());
    for (index, raw) in raws.iter_mut().enumerate() {
        let file = parts.sources[index].name.clone();
        let mut of_file = Vec::with_capacity(raw.buildings.len());
        for (turn, (external_id, polygon)) in std::mem::take(&mut raw.buildings).into_iter().enumerate() {
            ctx.check_at(turn)?;
            if let Some((file, place)) = seen.earlier(index, &external_id, &polygon.outer, turn) {
                of_file.push(places[file][place]);
                continue;
            }
            let polygons = mended(&polygon, frame, &file, &external_id, issues);
            of_file.push((!polygons.is_empty()).then_some(parts.buildings.len() as u32));
            for polygon in polygons {
                parts.buildings.push(Building { external_id: external_id.clone(), polygon });
            }
        }
        places.push(of_file);
    }
    Ok(places)
}

/// Municipalities by code, and by place where there are borders.
pub(super) struct Municipalities {
    by_code: BTreeMap<String, MunicipalityId>,
    index: PolygonIndex,
    owners: Vec<MunicipalityId>,
}

impl Municipalities {
    /// Whether any municipality has an area.
    pub(super) fn have_borders(&self) -> bool {
        !self.owners.is_empty()
    }

    /// The municipality that holds `point`.
    pub(super) fn at(&self, point: Point) -> Option<MunicipalityId> {
        self.index.containing(point).and_then(|i| self.owners.get(i as usize).copied())
    }

    /// The municipality with this code: a new one without an area where nothing else is known of it.
    pub(super) fn with_code(&mut self, code: &str, parts: &mut RegionParts) -> MunicipalityId {
        if let Some(&id) = self.by_code.get(code) {
            return id;
        }
        let id = MunicipalityId::from_usize(parts.municipalities.len());
        parts.municipalities.push(Municipality { code: code.to_owned(), name: code.to_owned(), area: Vec::new() });
        self.by_code.insert(code.to_owned(), id);
        id
    }
}

/// Moves the municipalities that touch the region, or that its premises name, into it. One code is one municipality: the features of
/// one file are its parts, and a later file's replace those of the files before.
pub(super) fn municipalities(
    raws: &mut [RawRegion],
    edits: &[BorderEdit],
    frame: &Frame,
    parts: &mut RegionParts,
    issues: &mut Issues,
    ctx: &Context<'_>,
) -> Result<Municipalities, Cancelled> {
    let named: std::collections::BTreeSet<String> =
        raws.iter().flat_map(|raw| &raw.premises).filter_map(|p| p.municipality.clone()).collect();
    let mut by_code: BTreeMap<String, MunicipalityId> = BTreeMap::new();
    let mut drawn_by: BTreeMap<MunicipalityId, usize> = BTreeMap::new();
    for (index, raw) in raws.iter_mut().enumerate() {
        let file = parts.sources[index].name.clone();
        let (mut outside, mut replaced) = (0_u64, 0_u64);
        for (code, name, area) in std::mem::take(&mut raw.municipalities) {
            let near = named.contains(&code) || area.iter().any(|polygon| frame.extent.overlaps(&polygon.outer));
            if !near {
                outside += 1;
                continue;
            }
            let record = if code.is_empty() { name.clone() } else { code.clone() };
            let polygons: Vec<Polygon> =
                area.iter().flat_map(|polygon| mended(polygon, frame, &file, &record, issues)).collect();
            let id = *by_code.entry(code.clone()).or_insert_with(|| {
                let id = MunicipalityId::from_usize(parts.municipalities.len());
                parts.municipalities.push(Municipality { code: code.clone(), name: code.clone(), area: Vec::new() });
                id
            });
            let known = &mut parts.municipalities[id.index()];
            let earlier = if polygons.is_empty() { None } else { drawn_by.insert(id, index) };
            if earlier.is_some_and(|earlier| earlier != index) {
                replaced += 1;
                known.area.clear();
                known.name.clone_from(&known.code);
            }
            if !name.is_empty() && known.name == known.code {
                known.name = name;
            }
            // A file may give one municipality in several features (mainland and islands).
            known.area.extend(polygons);
        }
        if replaced > 0 {
            let message =
                format!("{replaced} municipalities are in an earlier file too; their borders in this one count");
            issues.push(&file, "", Issue::new("borders-replaced", Severity::Note, message));
        }
        if outside > 0 {
            let message = format!("{outside} municipalities of this file lie outside of the region and were left out");
            issues.push(&file, "", Issue::new("borders-outside", Severity::Note, message));
        }
    }
    // Two of one name are told apart by their codes, wherever they are named.
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    parts.municipalities.iter().for_each(|one| *named.entry(one.name.clone()).or_default() += 1);
    for one in parts.municipalities.iter_mut().filter(|one| named[&one.name] > 1 && one.name != one.code) {
        one.name = format!("{} ({})", one.name, one.code);
    }
    change_borders(edits, frame, parts, issues, ctx)?;
    let mut owners = Vec::new();
    for (number, municipality) in parts.municipalities.iter().enumerate() {
        owners.extend(municipality.area.iter().map(|_| MunicipalityId::from_usize(number)));
    }
    let index = PolygonIndex::build(parts.municipalities.iter().flat_map(|m| &m.area));
    Ok(Municipalities { by_code, index, owners })
}

/// Changes borders as the scenario says; what cannot be done is said, and left out.
fn change_borders(
    edits: &[BorderEdit],
    frame: &Frame,
    parts: &mut RegionParts,
    issues: &mut Issues,
    ctx: &Context<'_>,
) -> Result<(), Cancelled> {
    for edit in edits {
        ctx.check()?;
        let mut areas: Vec<&mut Polygon> = parts.municipalities.iter_mut().flat_map(|one| &mut one.area).collect();
        let change = BorderChange::of(edit, &frame.projection).map_err(|error| error.to_string());
        let made = change.and_then(|change| {
            // The scenario was checked: what is no change is not there.
            change
                .map_or(Ok(()), |change| breiband_spatial::change_borders(&mut areas, change))
                .map_err(|fault| fault.to_string())
        });
        if let Err(problem) = made {
            let message = format!("{problem}: this change of a border is left out");
            let at = edit.at.or(edit.between.map(|sides| sides[0])).unwrap_or_default();
            let shown = format!("{}, {}", at[0], at[1]);
            issues.push(
                "",
                "",
                Issue::new("border-unchanged", Severity::Warning, message).field("options.border", shown),
            );
        }
    }
    Ok(())
}
