//! Raw regions to one sound region: one plane for all files, mended areas, ways that meet, premises in their municipalities,
//! tables joined by id.

mod areas;
mod extent;
mod issues;
mod premises;
mod seen;
mod tables;
mod ways;

use std::collections::BTreeSet;

use breiband_model::{
    Bounds, Cancelled, Context, Handover, Issue, LandArea, Line, Mast, Options, Point, PremisesFrom, Region,
    RegionParts, RuledArea, Severity, Source, SourceId, Staged, SupportPolygon, Water,
};
use breiband_spatial::{PolygonIndex, Projection, ProjectionError, plane_around};

use self::extent::Extent;
use self::issues::Issues;
use self::seen::Seen;
use crate::error::ImportError;
use crate::raw::{LonLat, RawHandover, RawRegion};

/// A file as read.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) source: Source,
    pub(crate) raw: RawRegion,
}

/// Degrees to the region's plane, refusing what is not near the rest.
struct Frame {
    projection: Projection,
    extent: Extent,
}

impl Frame {
    /// A record's place, or the issue that says why it has none.
    fn point(&self, place: LonLat) -> Result<Point, Box<Issue>> {
        let point = self.any_point(place)?;
        if self.extent.holds(place) {
            return Ok(point);
        }
        Err(self.far(place))
    }

    /// The issue of a place that is not near the rest.
    fn far(&self, place: LonLat) -> Box<Issue> {
        let message = if self.extent.holds(LonLat { lon: place.lat, lat: place.lon }) {
            "this lies far from everything else, but near it with its two numbers swapped: longitude comes first (of a table, name \
             the columns with `columns`). It was left out"
        } else if place.lon == 0.0 && place.lat == 0.0 {
            "0, 0 lies far from everything else, and stands for a place that is not known: give it its own. It was left out"
        } else {
            "this lies far from everything else: is the coordinate wrong, or is the file of another region or in another \
             coordinate system? It was left out"
        };
        Box::new(Issue::new("far-from-the-rest", Severity::Error, message).field("lon, lat", shown(place)))
    }

    /// A place wherever the plane reaches.
    fn any_point(&self, place: LonLat) -> Result<Point, Box<Issue>> {
        self.projection.to_plane(place.lon, place.lat).map_err(|error| match error {
            ProjectionError::TooFar { .. } => self.far(place),
            error => {
                let message = format!("{error}; the record was left out");
                Box::new(Issue::new("bad-coordinate", Severity::Error, message).field("lon, lat", shown(place)))
            }
        })
    }
}

fn shown(place: LonLat) -> String {
    format!("{}, {}", place.lon, place.lat)
}

/// Joins the files' raw regions.
pub(crate) fn assemble(
    mut files: Vec<Part>,
    options: &Options,
    ctx: &mut Context<'_>,
) -> Result<Staged<Region>, ImportError> {
    let stages = 6;
    let step = |ctx: &mut Context<'_>, done: u64| -> Result<(), ImportError> {
        ctx.observer.progress("assemble", done, stages);
        Ok(ctx.check()?)
    };
    step(ctx, 0)?;
    let extent = Extent::of(files.iter().map(|part| &part.raw));
    let [west, south, east, north] = extent.bounds();
    let plane = plane_around(west, south, east, north);
    let frame = Frame { projection: Projection::new(plane), extent };
    let mut parts = RegionParts::empty(plane);
    let mut issues = Issues::default();
    for part in &mut files {
        issues.read(&part.source.name, std::mem::take(&mut part.raw.issues));
    }
    let mut raws = Vec::with_capacity(files.len());
    for part in files {
        parts.sources.push(part.source);
        raws.push(part.raw);
    }
    ways::join(&mut raws, &frame, &mut parts, &mut issues, ctx)?;
    step(ctx, 1)?;
    let buildings = areas::buildings(&mut raws, &frame, &mut parts, &mut issues, ctx)?;
    step(ctx, 2)?;
    others(&mut raws, &frame, &mut parts, &mut issues, ctx)?;
    step(ctx, 3)?;
    let municipalities = areas::municipalities(&mut raws, &options.borders, &frame, &mut parts, &mut issues, ctx)?;
    step(ctx, 4)?;
    let outlines = PolygonIndex::build(parts.buildings.iter().map(|b| &b.polygon));
    premises::join(&mut raws, &frame, (&buildings, &outlines), municipalities, &mut parts, &mut issues, ctx)?;
    note_few_addresses(options, &parts, &mut issues);
    step(ctx, 5)?;
    tables::join(&mut raws, &mut parts, &mut issues);
    tables::unknown_options(options, &parts, &mut issues);
    premises::sites(&mut raws, &frame, &outlines, &mut parts, &mut issues);
    terrain(&mut raws, &frame, &mut parts, &mut issues, ctx)?;
    step(ctx, stages)?;
    Ok(Staged::new(Region::new(parts)?, issues.into_list()))
}

/// In much of the world maps have houses without addresses, and then those must do.
fn note_few_addresses(options: &Options, parts: &RegionParts, issues: &mut Issues) {
    let (premises, buildings) = (parts.premises.len(), parts.buildings.len());
    if options.premises_from == PremisesFrom::AllBuildings || premises * FEW_TIMES >= buildings {
        return;
    }
    let remedy = "set `premises_from = \"all-buildings\"` under [options] to plan for every building that is no outbuilding, or add a \
                  file of addresses";
    let issue = match premises {
        0 => Issue::new("no-addresses", Severity::Warning, format!("there are buildings, but no addresses: {remedy}")),
        _ => Issue::new(
            "few-addresses",
            Severity::Note,
            format!("there are few addresses ({premises}) for so many buildings: if most houses have none, {remedy}"),
        ),
    };
    issues.push("", "", issue.field("buildings", buildings.to_string()));
}

/// With so many buildings for an address, some houses will have none.
const FEW_TIMES: usize = 5;

/// A file's id.
fn source(index: usize) -> SourceId {
    SourceId::from_usize(index)
}

/// Everything that stands by itself.
fn others(
    raws: &mut [RawRegion],
    frame: &Frame,
    parts: &mut RegionParts,
    issues: &mut Issues,
    ctx: &Context<'_>,
) -> Result<(), Cancelled> {
    let mut masts = BTreeSet::new();
    let files = raws.len();
    let [mut waters, mut lands, mut lines, mut poles] = [(); 4].map(|()| Seen::new(files));
    for (index, raw) in raws.iter_mut().enumerate() {
        let file = parts.sources[index].name.clone();
        for (turn, (external_id, polygon)) in std::mem::take(&mut raw.water).into_iter().enumerate() {
            ctx.check_at(turn)?;
            if waters.earlier(index, &external_id, &polygon.outer, 0).is_some() {
                continue;
            }
            for polygon in areas::mended(&polygon, frame, &file, &external_id, issues) {
                parts.water.push(Water { external_id: external_id.clone(), polygon });
            }
        }
        for (number, (land_use, polygon)) in std::mem::take(&mut raw.land).into_iter().enumerate() {
            ctx.check_at(number)?;
            if lands.earlier(index, &format!("{land_use:?}"), &polygon.outer, 0).is_some() {
                continue;
            }
            let record = format!("land/{}", number + 1);
            for polygon in areas::mended(&polygon, frame, &file, &record, issues) {
                parts.land.push(LandArea { land_use, polygon });
            }
        }
        for (external_id, rule, polygon) in std::mem::take(&mut raw.ruled_areas) {
            for polygon in areas::mended(&polygon, frame, &file, &external_id, issues) {
                parts.ruled_areas.push(RuledArea { external_id: external_id.clone(), rule: rule.clone(), polygon });
            }
        }
        for (external_id, commercial, polygon) in std::mem::take(&mut raw.support_areas) {
            for polygon in areas::mended(&polygon, frame, &file, &external_id, issues) {
                parts.support_areas.push(SupportPolygon { external_id: external_id.clone(), commercial, polygon });
            }
        }
        for (external_id, kind, places) in std::mem::take(&mut raw.lines) {
            if lines.earlier(index, &external_id, &places, 0).is_some() {
                continue;
            }
            let points: Result<Vec<Point>, Box<Issue>> = places.iter().map(|&place| frame.any_point(place)).collect();
            match points {
                Ok(mut points) => {
                    points.dedup();
                    if points.len() > 1 {
                        parts.lines.push(Line { external_id, kind, points });
                    } else {
                        issues.push(&file, &external_id, short("line"));
                    }
                }
                Err(issue) => issues.push(&file, &external_id, *issue),
            }
        }
        for (number, place) in std::mem::take(&mut raw.poles).into_iter().enumerate() {
            if poles.earlier(index, "", &[place], 0).is_some() {
                continue;
            }
            match frame.any_point(place) {
                Ok(point) => parts.poles.push(point),
                Err(issue) => issues.push(&file, &format!("pole/{}", number + 1), *issue),
            }
        }
        for mast in std::mem::take(&mut raw.masts) {
            match frame.point(mast.point) {
                Ok(_) if !masts.insert(mast.external_id.clone()) => {
                    let message = "a mast with this id was read before; this one was left out";
                    issues.push(&file, &mast.external_id, Issue::new("duplicate-mast", Severity::Warning, message));
                }
                Ok(point) => parts.masts.push(Mast {
                    external_id: mast.external_id,
                    name: mast.name,
                    point,
                    height_mm: mast.height_mm,
                    sectors: mast.sectors,
                    existing: mast.existing,
                }),
                Err(issue) => issues.push(&file, &mast.external_id, *issue),
            }
        }
        for RawHandover { external_id, name, point: place, opening } in std::mem::take(&mut raw.handovers) {
            match frame.point(place) {
                Ok(point) => parts.handovers.push(Handover { external_id, name, point, opening }),
                Err(issue) => issues.push(&file, &external_id, *issue),
            }
        }
    }
    Ok(())
}

/// Brings the rasters to one lattice around everything that an antenna may stand on.
fn terrain(
    raws: &mut [RawRegion],
    frame: &Frame,
    parts: &mut RegionParts,
    issues: &mut Issues,
    ctx: &Context<'_>,
) -> Result<(), Cancelled> {
    let Some(first) = raws.iter().position(|raw| !raw.terrain.is_empty()) else { return Ok(()) };
    let rasters: Vec<_> = raws.iter_mut().flat_map(|raw| std::mem::take(&mut raw.terrain)).collect();
    let file = parts.sources[first].name.clone();
    let sites = parts.sites.iter().map(|s| s.point).chain(parts.masts.iter().map(|m| m.point));
    let others = parts.premises.iter().map(|p| p.point).chain(parts.handovers.iter().map(|h| h.point));
    let Some(bounds) = Bounds::of(parts.nodes.iter().copied().chain(sites).chain(others)) else { return Ok(()) };
    let wider = |p: Point, by: i32| Point::new(p.x.saturating_add(by), p.y.saturating_add(by));
    let bounds = Bounds { min: wider(bounds.min, -MARGIN_MM), max: wider(bounds.max, MARGIN_MM) };
    parts.terrain = breiband_terrain::lattice(&rasters, &frame.projection, bounds, ctx)?;
    let unknown = |p: &&breiband_model::Premises| {
        parts.terrain.as_ref().is_none_or(|t| breiband_terrain::height_at(t, p.point).is_none())
    };
    let count = parts.premises.iter().filter(unknown).count();
    if count > 0 {
        let message =
            "the terrain is unknown at so many premises: they are taken to see no mast. Add the neighbouring tiles";
        issues.push(
            &file,
            "",
            Issue::new("terrain-unknown", Severity::Warning, message).field("premises", count.to_string()),
        );
    }
    Ok(())
}

/// The terrain reaches so far beyond the outermost record, millimetres.
const MARGIN_MM: i32 = 500_000;

fn short(what: &str) -> Issue {
    let message = format!("the {what} has fewer than two different points and was left out");
    Issue::new("short-line", Severity::Warning, message)
}

/// The issue of a record whose id was read before, and in which other file if not in this one: extracts overlap.
fn doubled(code: &str, what: &str, other: Option<&str>) -> Issue {
    match other {
        Some(file) => Issue::new(code, Severity::Note, format!("this {what} is also in {file}, whose record was kept")),
        None => {
            let message = format!("a {what} with this id was read before; this one was left out");
            Issue::new(code, Severity::Warning, message)
        }
    }
}
