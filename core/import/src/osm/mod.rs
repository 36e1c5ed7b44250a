//! OpenStreetMap extracts: `.osm.pbf`, `.osm` and `.osm.gz` to a raw region.
//!
//! Reading takes one pass over the bytes, which keeps node places (16 bytes each, sorted), references (8 bytes) and the few
//! objects whose tags mean something (`tags`); areas made of several ways are joined after it (`rings`).
//!
//! # Counts
//! [`RawRegion::counts`] holds, by these definitions:
//! - `addresses`: nodes and ways with `addr:housenumber` (`address_nodes` + `address_ways`). Ways that are not buildings
//!   count too (`address_ways_on_buildings` does not hold them: of Liechtenstein's 12,201 addressed ways 48 are building
//!   parts, demolished houses, shops and the like). `address_relations` come on top.
//! - `distinct_street_number`: distinct pairs of street (else place) and number among those, whatever the town.
//!   `premises` is larger: two villages may both have a Dorfstrasse 1 (see `premises`).
//! - `buildings`: ways with `building=*` other than `no`; `building_relations` come on top.
//! - `schools`, `kindergartens`, `town_halls`, `fire_stations`, `masts`: objects of any type with `amenity=school` and so
//!   on, `man_made=mast`. `sites` holds the other kinds too.
//! - `bridges`, `tunnels`: ways kept with `highway=*` and `bridge`/`tunnel` other than `no`; passages through buildings are
//!   tunnels.
//! - `road_…`: the graph of roads and tracks, see `statistics`. Foot and cycle ways are read as ways too, but not counted
//!   there.
//! - `missing_node_references`: references of all ways to nodes that the file does not hold;
//!   `missing_node_references_of_highways` those of ways with a `highway` tag.
//! - `highways_excluded`: `highway=*` that is planned, gone or no way on the ground (construction, platform, …).

mod build;
mod collect;
mod error;
mod issues;
mod pbf;
mod premises;
mod resolve;
mod rings;
mod statistics;
mod wire;
mod xml;

#[cfg(test)]
mod osm_tests;

use std::collections::BTreeMap;

use breiband_model::{Context, PremisesFrom, Silent};

pub use error::ReadError;
pub(crate) use error::is_opl;

use crate::raw::RawRegion;

/// How an OSM file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OsmFormat {
    /// `.osm.pbf`
    Pbf,
    /// `.osm`
    Xml,
    /// `.osm.gz`
    XmlGz,
}

impl OsmFormat {
    /// The usual file name ending.
    fn name(self) -> &'static str {
        match self {
            Self::Pbf => "osm.pbf",
            Self::Xml => "osm",
            Self::XmlGz => "osm.gz",
        }
    }
}

/// What to take from the file.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OsmOptions {
    /// Which objects are premises.
    pub(crate) premises_from: PremisesFrom,
}

/// What an `.osm.pbf` holds, by the definitions that `inspect` uses, read as far as to the graph of its ways and no further.
///
/// # Errors
/// Where the file as a whole cannot be read.
pub fn osm_pbf_counts(bytes: &[u8]) -> Result<BTreeMap<String, u64>, ReadError> {
    read(bytes, OsmFormat::Pbf, &OsmOptions::default(), &mut Context::new(&mut Silent)).map(|region| region.counts)
}

/// Reads an OSM file.
///
/// # Errors
/// Where the file as a whole cannot be read; faults of single records are issues of the region.
pub(crate) fn read(
    bytes: &[u8],
    format: OsmFormat,
    options: &OsmOptions,
    context: &mut Context<'_>,
) -> Result<RawRegion, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    let mut collected = collect::Collected::default();
    match format {
        OsmFormat::Pbf => pbf::read(bytes, &mut collected, context)?,
        OsmFormat::Xml => xml::read(bytes, &mut collected, context)?,
        OsmFormat::XmlGz => xml::read_gzip(bytes, &mut collected, context)?,
    }
    Ok(build::build(collected, options, format.name(), context)?)
}
