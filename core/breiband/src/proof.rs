//! The files that let anyone re-check a plan: the whole priced graph, and what became of each premises.
//!
//! `graph.csv.gz` has a row for each part of each candidate edge, in edge order; an edge without parts has one row with an
//! empty `kind`. `demand.csv.gz` has a row for each premises; its weight is empty where it must be connected. Lengths are
//! millimetres, money is minor currency units.

use std::io::{Read, Write};

use breiband_certificate::{Certificate, why_unread};
use breiband_export::Rows;
use breiband_model::{CandidateNetwork, CostBook, Demand, Origin, Point, Region, RoutePlan, Scenario, Side};

use crate::goal::Weigh;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};

/// Columns of `graph.csv.gz`.
const GRAPH: [&str; 13] = [
    "edge", "tail", "head", "cost", "built", "kind", "origin", "side", "price", "count", "permille", "lump", "geometry",
];

/// Columns of `demand.csv.gz`.
const DEMAND: [&str; 5] = ["premises", "status", "reason", "vertex", "weight"];

/// A part as the graph file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PartRow {
    pub(crate) kind: String,
    pub(crate) origin: String,
    pub(crate) price: String,
    pub(crate) count: u32,
    pub(crate) permille: u32,
    pub(crate) lump: u64,
    pub(crate) geometry: Vec<Point>,
}

/// An edge as the graph file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EdgeRow {
    pub(crate) tail: u32,
    pub(crate) head: u32,
    pub(crate) cost: u64,
    pub(crate) built: bool,
    pub(crate) parts: Vec<PartRow>,
}

/// A premises as the demand file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DemandRow {
    pub(crate) premises: String,
    pub(crate) status: String,
    pub(crate) reason: String,
    /// The sink of its terminal, where it is to be connected.
    pub(crate) vertex: Option<u32>,
    /// What it counts for the goal; none where it must be connected.
    pub(crate) weight: Option<u64>,
}

/// What is wrong with a proof file.
#[derive(Debug, thiserror::Error)]
#[error("{file} row {row}: {problem}")]
pub(crate) struct ProofError {
    file: &'static str,
    row: u64,
    problem: String,
}

/// Writes `graph.csv.gz`.
pub(crate) fn graph_file(region: &Region, network: &CandidateNetwork, route: &RoutePlan, book: &CostBook) -> Vec<u8> {
    let mut csv = Table::new(&GRAPH);
    let mut built = route.edges.iter().peekable();
    for (index, edge) in network.edges.iter().enumerate() {
        let is_built = built.next_if(|e| e.index() == index).is_some();
        let head = |row: &mut Rows| {
            row.number(index);
            row.number(edge.tail.as_u32());
            row.number(edge.head.as_u32());
            row.number(edge.cost.as_minor());
            row.number(u8::from(is_built));
        };
        let parts = network.parts_of(edge);
        if parts.is_empty() {
            csv.row(|row| {
                head(row);
                row.nothing(8);
            });
        }
        for part in parts {
            csv.row(|row| {
                head(row);
                row.text(part.kind.name());
                row.text(origin_name(region, network, part.origin));
                row.text(match part.side {
                    Side::Middle => "",
                    Side::Left => "left",
                    Side::Right => "right",
                });
                row.text(part.price.map_or("", |p| &book.price(p).id));
                row.number(part.count);
                row.number(part.permille);
                row.number(part.lump.as_minor());
                row.numbers(network.geometry_of(part).iter().flat_map(|point| [point.x, point.y]));
            });
        }
    }
    csv.finish()
}

/// Writes `demand.csv.gz`.
pub(crate) fn demand_file(
    region: &Region,
    network: &CandidateNetwork,
    route: &RoutePlan,
    scenario: &Scenario,
    book: &CostBook,
) -> Vec<u8> {
    let weigh = Weigh::new(scenario, book);
    let mut csv = Table::new(&DEMAND);
    let rows = region.premises.iter().zip(&route.outcomes).zip(&network.demand);
    for (at, ((premises, outcome), demand)) in rows.enumerate() {
        csv.row(|row| {
            row.text(&premises.external_id);
            row.text(outcome.status.name());
            row.text(outcome.reason.name());
            match demand {
                Demand::Terminal(t) => row.number(network.terminals[*t as usize].vertex.as_u32()),
                _ => row.nothing(1),
            }
            match weigh.premises(premises, network.needs_mbps.get(at).copied()) {
                Some(weight) => row.number(weight),
                None => row.nothing(1),
            }
        });
    }
    csv.finish()
}

/// Writes `certificate.txt.gz`, in the form that [`Certificate::write_text`] has.
pub(crate) fn certificate_file(certificate: &Certificate) -> Vec<u8> {
    let mut gzip = gzip();
    let mut digits = itoa::Buffer::new();
    let mut text = format!("R {}\n", certificate.root()).into_bytes();
    for (terminal, vertices, potentials) in certificate.blocks() {
        let head = format!("P {terminal} ");
        for (&vertex, &potential) in vertices.iter().zip(potentials) {
            text.extend_from_slice(head.as_bytes());
            text.extend_from_slice(digits.format(vertex).as_bytes());
            text.push(b' ');
            text.extend_from_slice(digits.format(potential).as_bytes());
            text.push(b'\n');
        }
        if text.len() >= Table::CHUNK {
            // Writing to memory cannot fail.
            let _ = gzip.write_all(&text);
            text.clear();
        }
    }
    let _ = gzip.write_all(&text);
    gzip.finish().unwrap_or_default()
}

/// A packer without name, time and system. The quickest level: the files are a third larger than the smallest possible, and
/// written in a fourth of the time.
fn gzip() -> GzEncoder<Vec<u8>> {
    GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::fast())
}

/// An origin as files name it: the external id of what a part was made from.
pub(crate) fn origin_name<'a>(region: &'a Region, network: &'a CandidateNetwork, origin: Origin) -> &'a str {
    match origin {
        Origin::Way(id) => &region.way(id).external_id,
        Origin::Premises(id) => &region.premises_of(id).external_id,
        Origin::Line(index) => &region.lines[index as usize].external_id,
        Origin::Handover(id) => network.handovers.get(id.index()).map_or("", |h| &h.external_id),
        Origin::Mast(id) => network.masts.get(id.index()).map_or("", |m| &m.external_id),
        Origin::Cabinet(id) => network.cabinets.get(id.index()).map_or("", |c| &c.external_id),
        Origin::Derived => "",
    }
}

/// Reads `graph.csv.gz`.
pub(crate) fn read_graph(bytes: &[u8]) -> Result<Vec<EdgeRow>, ProofError> {
    let mut edges: Vec<EdgeRow> = Vec::new();
    read("graph.csv.gz", bytes, &GRAPH, |cells| {
        let number = |i: usize| cells[i].parse::<u64>().map_err(|_| format!("{} is {:?}", GRAPH[i], &cells[i]));
        let small = |i: usize| u32::try_from(number(i)?).map_err(|_| format!("{} is too large", GRAPH[i]));
        let index = number(0)? as usize;
        if index == edges.len() {
            let built = &cells[4] == "1";
            edges.push(EdgeRow { tail: small(1)?, head: small(2)?, cost: number(3)?, built, parts: Vec::new() });
        } else if index + 1 != edges.len() {
            return Err(format!("edge {index} is out of order"));
        }
        if let (Some(edge), false) = (edges.last_mut(), cells[5].is_empty()) {
            let mut geometry = Vec::new();
            let mut numbers = cells[12].split_ascii_whitespace().map(str::parse::<i32>);
            while let Some(x) = numbers.next() {
                match (x, numbers.next()) {
                    (Ok(x), Some(Ok(y))) => geometry.push(Point::new(x, y)),
                    _ => return Err("the geometry is not pairs of whole millimetres".to_owned()),
                }
            }
            edge.parts.push(PartRow {
                kind: cells[5].to_owned(),
                origin: cells[6].to_owned(),
                price: cells[8].to_owned(),
                count: small(9)?,
                permille: small(10)?,
                lump: number(11)?,
                geometry,
            });
        }
        Ok(())
    })?;
    Ok(edges)
}

/// Reads `demand.csv.gz`.
pub(crate) fn read_demand(bytes: &[u8]) -> Result<Vec<DemandRow>, ProofError> {
    let mut rows = Vec::new();
    read("demand.csv.gz", bytes, &DEMAND, |cells| {
        let vertex = match &cells[3] {
            "" => None,
            text => Some(text.parse().map_err(|_| format!("vertex is {text:?}"))?),
        };
        let weight = match &cells[4] {
            "" => None,
            text => Some(text.parse().map_err(|_| format!("weight is {text:?}"))?),
        };
        rows.push(DemandRow {
            premises: cells[0].to_owned(),
            status: cells[1].to_owned(),
            reason: cells[2].to_owned(),
            vertex,
            weight,
        });
        Ok(())
    })?;
    Ok(rows)
}

fn read(
    file: &'static str,
    bytes: &[u8],
    columns: &[&str],
    mut take: impl FnMut(&csv::StringRecord) -> Result<(), String>,
) -> Result<(), ProofError> {
    let mut reader = csv::Reader::from_reader(GzDecoder::new(bytes).take(1 << 40));
    let header = reader.headers().map_err(|e| ProofError { file, row: 0, problem: broken(&e) })?;
    if !header.iter().eq(columns.iter().copied()) {
        return Err(ProofError { file, row: 0, problem: format!("the columns should be {}", columns.join(",")) });
    }
    let mut record = csv::StringRecord::new();
    for row in 1.. {
        match reader.read_record(&mut record) {
            Ok(true) => take(&record).map_err(|problem| ProofError { file, row, problem })?,
            Ok(false) => break,
            Err(e) => return Err(ProofError { file, row, problem: broken(&e) }),
        }
    }
    Ok(())
}

fn broken(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(error) => why_unread(error),
        _ => error.to_string(),
    }
}

/// A CSV table, gzipped with no name and no time, so that its bytes depend on its rows alone.
struct Table {
    rows: Rows,
    gzip: GzEncoder<Vec<u8>>,
}

impl Table {
    /// So many bytes are gathered before they are packed.
    const CHUNK: usize = 1 << 16;

    fn new(columns: &[&str]) -> Self {
        let mut table = Self { rows: Rows::default(), gzip: gzip() };
        table.row(|row| columns.iter().for_each(|column| row.text(column)));
        table
    }

    fn row(&mut self, cells: impl FnOnce(&mut Rows)) {
        cells(&mut self.rows);
        self.rows.end();
        if self.rows.len() >= Self::CHUNK {
            self.pack();
        }
    }

    /// Writing to memory cannot fail.
    fn pack(&mut self) {
        let _ = self.gzip.write_all(self.rows.as_bytes());
        self.rows.clear();
    }

    fn finish(mut self) -> Vec<u8> {
        self.pack();
        self.gzip.finish().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_certificate_is_in_its_own_form(root: u32, blocks in prop::collection::btree_map(any::<u32>(),
            prop::collection::btree_map(any::<u32>(), 1_u64.., 0..5), 0..5)) {
            let mut certificate = Certificate::new(root);
            blocks.into_iter().for_each(|(terminal, entries)| certificate.push(terminal, entries));
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            GzDecoder::new(certificate_file(&certificate).as_slice()).read_to_end(&mut ours).unwrap();
            certificate.write_text(&mut theirs).unwrap();
            prop_assert_eq!(ours, theirs);
        }
    }
}
