//! Checks of the files: what was read is what was planned from, and nothing is there that is not listed.

use std::collections::BTreeMap;

use breiband_model::{Region, Scenario, length_mm};

use crate::SourceFile;
use crate::digest::sha256;
use crate::output::Manifest;
use crate::proof::{DemandRow, EdgeRow};

pub(super) fn output_digests(
    manifest: &Manifest,
    file: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
) -> Result<String, String> {
    for (name, digest) in &manifest.outputs {
        if &sha256(&file(name)?) != digest {
            return Err(format!("{name} was changed after it was written"));
        }
    }
    Ok(match manifest.outputs.len() {
        1 => "the file is as it was written".to_owned(),
        all => format!("{all} files are as they were written"),
    })
}

/// Rows of `left-out.csv`: origin, reason, millimetres.
pub(super) fn read_left_out(text: &str) -> Result<Vec<(String, String, u64)>, String> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| format!("left-out.csv: {e}"))?.clone();
    let column = |name: &str| {
        header.iter().position(|h| h == name).ok_or_else(|| format!("left-out.csv has no column {name:?}"))
    };
    let (origin, reason, metres) = (column("origin")?, column("reason")?, column("length_m")?);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| format!("left-out.csv: {e}"))?;
        let length: f64 = record[metres].parse().map_err(|_| format!("left-out.csv: length {:?}", &record[metres]))?;
        let origin = record[origin].trim_start_matches('\'').to_owned();
        rows.push((origin, record[reason].to_owned(), (length.max(0.0) * 1000.0 + 0.5) as u64));
    }
    Ok(rows)
}

/// The scenario's inputs, or what is missing.
pub(super) fn inputs(
    manifest: &Manifest,
    scenario: &Scenario,
    read_input: &mut dyn FnMut(&str) -> std::io::Result<Vec<u8>>,
) -> Result<Vec<SourceFile<'static>>, String> {
    if manifest.inputs.len() != scenario.inputs.len() {
        return Err("the manifest and the scenario list different inputs".to_owned());
    }
    let read = |input: &breiband_model::Input| match read_input(&input.path) {
        Ok(bytes) => Ok(SourceFile { input: input.clone(), bytes: bytes.into() }),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(format!("the input {} is not found", input.path)),
        Err(e) => Err(format!("the input {} cannot be read: {e}", input.path)),
    };
    scenario.inputs.iter().map(read).collect()
}

pub(super) fn input_digests(manifest: &Manifest, files: &[SourceFile<'_>]) -> Result<String, String> {
    for (file, (name, digest)) in files.iter().zip(&manifest.inputs) {
        if &sha256(&file.bytes) != digest {
            return Err(format!("the input {name} is not the one that was planned"));
        }
    }
    Ok(match files.len() {
        1 => "the input is the one that was planned".to_owned(),
        all => format!("{all} inputs are the ones that were planned"),
    })
}

/// Every metre of every way must be in the graph or listed as left out, and every premises in the demand file.
pub(super) fn nothing_unlisted(
    region: &Region,
    edges: &[EdgeRow],
    demand: &[DemandRow],
    left_out: &[(String, String, u64)],
) -> Result<String, String> {
    let same_premises =
        region.premises.iter().map(|p| p.external_id.as_str()).eq(demand.iter().map(|d| d.premises.as_str()));
    if !same_premises {
        return Err("the demand file does not list the premises of the inputs".to_owned());
    }
    let mut covered: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for part in edges.iter().flat_map(|e| &e.parts).filter(|p| p.kind == "along") {
        let entry = covered.entry(part.origin.as_str()).or_default();
        entry.0 += length_mm(&part.geometry);
        // Where a way is cut, each piece's length is rounded by itself.
        entry.1 += 2 * part.geometry.len() as u64 + 2;
    }
    for (origin, _, mm) in left_out {
        let entry = covered.entry(origin.as_str()).or_default();
        entry.0 += mm;
        entry.1 += 2;
    }
    let mut expected: BTreeMap<&str, u64> = BTreeMap::new();
    let mut total = 0;
    for (index, way) in region.ways.iter().enumerate() {
        let length = length_mm(&region.way_points(breiband_model::WayId::from_usize(index)));
        *expected.entry(way.external_id.as_str()).or_default() += length;
        total += length;
    }
    for (way, length) in expected {
        let (found, tolerance) = covered.get(way).copied().unwrap_or_default();
        if found + tolerance < length {
            return Err(format!(
                "{way} is {:.1} m long, and only {:.1} m of it are in the graph or listed as left out",
                length as f64 / 1000.0,
                found as f64 / 1000.0
            ));
        }
    }
    Ok(format!("all {:.1} km of ways are in the graph or listed as left out", total as f64 / 1e6))
}
