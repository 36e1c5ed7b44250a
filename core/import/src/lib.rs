//! Bytes to a `Region`: OSM extracts, address registers, road databases, GeoJSON and tables.
//!
//! Each reader turns one file into a raw region in degrees, with every problem it met listed; assembling joins the files,
//! chooses the plane, and checks everything against everything.

mod assemble;
mod error;
mod feature;
mod format;
mod geojson;
mod geopackage;
mod osm;
mod place;
mod raw;
mod table;
mod tags;
mod value;

use std::borrow::Cow;

use breiband_model::{Context, Input, Issue, Options, Region, Role, Severity, SiteKind, Source, Staged};
use breiband_terrain::RasterError;
use sha2::{Digest, Sha256};

pub use crate::error::{ImportError, ReadError};
pub use crate::osm::{ReadError as OsmError, osm_pbf_counts};

use crate::assemble::Part;
use crate::format::Format;
use crate::raw::RawRegion;

/// A file to import: what the scenario says of it, and its bytes.
#[derive(Debug, Clone)]
pub struct SourceFile<'a> {
    /// Name, role, coordinate system and columns.
    pub input: Input,
    /// The whole file.
    pub bytes: Cow<'a, [u8]>,
}

/// Reads the files, in their order, and joins them into one region.
///
/// ```
/// use breiband_import::{SourceFile, import};
/// use breiband_model::{Context, Input, Options};
/// let roads = r#"{"type": "Feature", "properties": {"highway": "residential", "name": "Storgata"},
///     "geometry": {"type": "LineString", "coordinates": [[6.15, 62.47], [6.16, 62.47]]}}"#;
/// let addresses = "id,lon,lat,street,number\na1,6.151,62.4702,Storgata,1\na2,6.152,bad,Storgata,3\n";
/// let files = [
///     SourceFile { input: Input::auto("roads.geojson"), bytes: roads.as_bytes().into() },
///     SourceFile { input: Input::auto("addresses.csv"), bytes: addresses.as_bytes().into() },
/// ];
/// let region = import(&files, &Options::default(), &mut Context::silent())?;
/// assert_eq!((region.value.ways.len(), region.value.premises.len()), (1, 1));
/// assert_eq!(region.issues[0].to_string(),
///     "bad-coordinate addresses.csv line 3 lat = \"bad\": no decimal number, such as 62.4702: the row's place is unknown");
/// # Ok::<(), breiband_import::ImportError>(())
/// ```
///
/// # Rules of joining
/// - A broken file refuses the whole import; a broken record is left out and listed as an [`Issue`](breiband_model::Issue).
/// - Within a file, ways meet where the file says so: OSM and NVDB by node ids, GeoJSON and GeoPackage where coordinates are
///   equal to the bit. Across files they meet where nodes fall on the same millimetre.
/// - Of records with one external id, and of one address in two files, the first is kept. Of a way that its extract cuts, a
///   later file adds what is missing, and what two files hold alike (houses, streams) is once.
///
/// # Errors
/// The first file that cannot be read, by name and place, or [`ImportError::Cancelled`].
pub fn import(
    files: &[SourceFile<'_>],
    options: &Options,
    ctx: &mut Context<'_>,
) -> Result<Staged<Region>, ImportError> {
    let mut importer = Importer::new(options);
    for file in files {
        importer.add(file, ctx)?;
    }
    importer.finish(ctx)
}

/// [`import`] one file at a time, so that each file's bytes can go before the next one's come.
#[derive(Debug)]
pub struct Importer {
    options: Options,
    parts: Vec<Part>,
}

impl Importer {
    /// An importer without files.
    pub fn new(options: &Options) -> Self {
        Self { options: options.clone(), parts: Vec::new() }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Where the file as a whole cannot be read. The importer is unchanged then.
    pub fn add(&mut self, file: &SourceFile<'_>, ctx: &mut Context<'_>) -> Result<(), ImportError> {
        ctx.check()?;
        let input = &file.input;
        let raw = read(&file.bytes, input, &self.options, ctx).map_err(|problem| match problem {
            ReadError::Cancelled(cancelled)
            | ReadError::Osm(OsmError::Cancelled(cancelled))
            | ReadError::Raster(RasterError::Cancelled(cancelled)) => cancelled.into(),
            problem => ImportError::File { file: input.path.clone(), problem },
        })?;
        let source = Source {
            name: input.path.clone(),
            format: raw.format.clone(),
            sha256: Sha256::digest(&file.bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
            attribution: input.attribution.clone().unwrap_or_else(|| raw.attribution.clone()),
            counts: raw.counts.clone(),
        };
        self.parts.push(Part { source, raw });
        Ok(())
    }

    /// Joins what was read.
    ///
    /// # Errors
    /// No files, more records than ids, or cancelled.
    pub fn finish(self, ctx: &mut Context<'_>) -> Result<Staged<Region>, ImportError> {
        if self.parts.is_empty() {
            return Err(ImportError::NoFiles);
        }
        assemble::assemble(self.parts, &self.options, ctx)
    }
}

fn read(bytes: &[u8], input: &Input, options: &Options, ctx: &mut Context<'_>) -> Result<RawRegion, ReadError> {
    // OSM's XML is large: its reader unpacks as it goes.
    if matches!(
        format::peek(bytes).as_deref().map(|start| format::recognise(start, &input.path)),
        Some(Ok(Format::OsmXml))
    ) {
        let mut raw = read_osm(bytes, osm::OsmFormat::XmlGz, input, options, ctx)?;
        keep(input.role, &mut raw);
        return Ok(raw);
    }
    let unpacked = format::unpack(bytes)?;
    let (mut raw, layered) = match format::recognise(&unpacked, &input.path)? {
        Format::OsmPbf => (read_osm(&unpacked, osm::OsmFormat::Pbf, input, options, ctx)?, true),
        Format::OsmXml => (read_osm(&unpacked, osm::OsmFormat::Xml, input, options, ctx)?, true),
        Format::GeoJson => (geojson::read(&unpacked, input, ctx)?, false),
        Format::GeoPackage => (geopackage::read(&unpacked, input, ctx)?, false),
        Format::Table => (table::read(&unpacked, input, ctx)?, false),
        Format::Hgt | Format::Tiff => (read_terrain(&unpacked, input, ctx)?, false),
    };
    if layered {
        keep(input.role, &mut raw);
    }
    Ok(raw)
}

/// Heights of the ground, whatever tile or raster they come in.
fn read_terrain(bytes: &[u8], input: &Input, ctx: &Context<'_>) -> Result<RawRegion, ReadError> {
    if !matches!(input.role, Role::Auto | Role::Terrain) {
        return Err(ReadError::Role("this is a raster of heights: leave `as` out, or set it to `terrain`".into()));
    }
    let tiff = breiband_terrain::is_tiff(bytes);
    let mut issues = Vec::new();
    let (format, attribution, raster) = if tiff {
        ("geotiff", "", breiband_terrain::read_geotiff(bytes, input.epsg, ctx)?)
    } else {
        issues.extend(always_degrees(input)?);
        ("srtm-hgt", "SRTM: NASA, USGS", breiband_terrain::read_hgt(bytes, &input.path, ctx)?)
    };
    let (columns, rows) = raster.size();
    let counts = [("heights", u64::from(columns) * u64::from(rows)), ("voids", raster.voids() as u64)];
    Ok(RawRegion {
        format: format.to_owned(),
        attribution: attribution.to_owned(),
        counts: counts.into_iter().map(|(what, n)| (what.to_owned(), n)).collect(),
        issues,
        terrain: vec![raster],
        ..Default::default()
    })
}

/// What is said of an `epsg` on an input whose format has no coordinates but degrees.
///
/// # Errors
/// A code that is none known here, as in any other format.
fn always_degrees(input: &Input) -> Result<Option<Issue>, ReadError> {
    let Some(epsg) = input.epsg.filter(|&epsg| epsg != 4326) else { return Ok(None) };
    place::Placer::from_epsg(Some(epsg))?;
    let message = "files of this format are always in degrees (EPSG:4326), and it was read so: leave `epsg` out";
    Ok(Some(Issue::new("bad-epsg", Severity::Warning, message).field("epsg", epsg.to_string())))
}

fn read_osm(
    bytes: &[u8],
    format: osm::OsmFormat,
    input: &Input,
    options: &Options,
    ctx: &mut Context<'_>,
) -> Result<RawRegion, ReadError> {
    let ignored = always_degrees(input)?;
    let wanted = osm::OsmOptions { premises_from: options.premises_from };
    let mut raw = osm::read(bytes, format, &wanted, ctx)?;
    raw.issues.extend(ignored);
    Ok(raw)
}

/// The masts among public sites, as masts that stand.
fn masts_of(sites: Vec<(String, SiteKind, String, raw::LonLat)>) -> Vec<raw::RawMast> {
    let masts = sites.into_iter().filter(|site| site.1 == SiteKind::Mast);
    masts
        .map(|(external_id, _, name, point)| raw::RawMast {
            name: if name.is_empty() { external_id.clone() } else { name },
            external_id,
            point,
            height_mm: None,
            sectors: None,
            existing: true,
        })
        .collect()
}

/// Of a file with everything in it, leaves what the role asks for. Buildings stay beside premises: they tell which address
/// lies in which house.
fn keep(role: Role, raw: &mut RawRegion) {
    if matches!(role, Role::Auto | Role::Osm) {
        return;
    }
    if role == Role::Ways {
        raw.premises.clear();
        return;
    }
    let all = std::mem::take(raw);
    *raw = RawRegion {
        format: all.format,
        attribution: all.attribution,
        counts: all.counts,
        issues: all.issues,
        ..Default::default()
    };
    match role {
        Role::Premises => {
            raw.premises = all.premises;
            raw.buildings = all.buildings;
        }
        Role::Buildings => raw.buildings = all.buildings,
        Role::Borders => raw.municipalities = all.municipalities,
        Role::Sites => raw.sites = all.sites,
        Role::Masts => raw.masts = masts_of(all.sites),
        Role::Water => raw.water = all.water,
        Role::LandUse => raw.land = all.land,
        Role::Power => raw.poles = all.poles,
        _ => {}
    }
    raw.lines = all.lines;
    raw.lines.retain(|(_, kind, _)| {
        use breiband_model::LineKind::{Coastline, MinorPowerLine, PowerLine, Stream};
        match role {
            Role::Power => matches!(kind, PowerLine | MinorPowerLine),
            Role::Water => matches!(kind, Coastline | Stream),
            _ => false,
        }
    });
}
