//! The files that let anyone re-check a plan: the whole priced graph, and what became of each premises.
//!
//! `graph.csv.gz` has a row for each part of each candidate edge, in edge order; an edge without parts has one row with an
//! empty `kind`. `demand.csv.gz` has a row for each premises; its weight is empty where it must be connected. Lengths are millimetres, money is minor currency units.

use std::io::{Read, Write};

use breiband_model::{CandidateNetwork, CostBook, Demand, Origin, Point, Region, RoutePlan, Scenario, Side};

use crate::goal::Weigh;
use flate2::{Compression, GzBuilder, read::GzDecoder};

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
        let head = [
            index.to_string(),
            edge.tail.as_u32().to_string(),
            edge.head.as_u32().to_string(),
            edge.cost.as_minor().to_string(),
            u8::from(is_built).to_string(),
        ];
        let parts = network.parts_of(edge);
        if parts.is_empty() {
            csv.row(head.iter().map(String::as_str).chain(std::iter::repeat_n("", 8)));
        }
        for part in parts {
            let mut geometry = String::new();
            for point in network.geometry_of(part) {
                if !geometry.is_empty() {
                    geometry.push(' ');
                }
                geometry.push_str(&format!("{} {}", point.x, point.y));
            }
            let tail = [
                part.kind.name().to_owned(),
                origin_name(region, network, part.origin),
                match part.side {
                    Side::Middle => "",
                    Side::Left => "left",
                    Side::Right => "right",
                }
                .to_owned(),
                part.price.map(|p| book.price(p).id.clone()).unwrap_or_default(),
                part.count.to_string(),
                part.permille.to_string(),
                part.lump.as_minor().to_string(),
                geometry,
            ];
            csv.row(head.iter().chain(&tail).map(String::as_str));
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
) -> Vec<u8> {
    let weigh = Weigh::new(scenario);
    let mut csv = Table::new(&DEMAND);
    for ((premises, outcome), demand) in region.premises.iter().zip(&route.outcomes).zip(&network.demand) {
        let vertex = match demand {
            Demand::Terminal(t) => network.terminals[*t as usize].vertex.as_u32().to_string(),
            _ => String::new(),
        };
        let weight = weigh.premises(premises).map_or(String::new(), |weight| weight.to_string());
        csv.row([premises.external_id.as_str(), outcome.status.name(), outcome.reason.name(), &vertex, &weight]);
    }
    csv.finish()
}

/// An origin as files name it: the external id of what a part was made from.
pub(crate) fn origin_name(region: &Region, network: &CandidateNetwork, origin: Origin) -> String {
    match origin {
        Origin::Way(id) => region.way(id).external_id.clone(),
        Origin::Premises(id) => region.premises_of(id).external_id.clone(),
        Origin::Line(index) => region.lines[index as usize].external_id.clone(),
        Origin::Handover(id) => network.handovers.get(id.index()).map(|h| h.external_id.clone()).unwrap_or_default(),
        Origin::Derived => String::new(),
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
        rows.push(DemandRow { premises: cells[0].to_owned(), status: cells[1].to_owned(), vertex, weight });
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
    let header = reader.headers().map_err(|e| ProofError { file, row: 0, problem: e.to_string() })?;
    if !header.iter().eq(columns.iter().copied()) {
        return Err(ProofError { file, row: 0, problem: format!("the columns should be {}", columns.join(",")) });
    }
    let mut record = csv::StringRecord::new();
    for row in 1.. {
        match reader.read_record(&mut record) {
            Ok(true) => take(&record).map_err(|problem| ProofError { file, row, problem })?,
            Ok(false) => break,
            Err(e) => return Err(ProofError { file, row, problem: e.to_string() }),
        }
    }
    Ok(())
}

/// A CSV table, gzipped with no name and no time, so that its bytes depend on its rows alone.
struct Table(csv::Writer<Gzip>);

type Gzip = flate2::write::GzEncoder<Vec<u8>>;

impl Table {
    fn new(columns: &[&str]) -> Self {
        // The quickest level: the files are a third larger than the smallest possible, and written in a fourth of the time.
        let gzip = GzBuilder::new().mtime(0).write(Vec::new(), Compression::fast());
        let mut table = Self(csv::Writer::from_writer(gzip));
        table.row(columns.iter().copied());
        table
    }

    /// Writing to memory cannot fail.
    fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        let _ = self.0.write_record(cells);
    }

    fn finish(self) -> Vec<u8> {
        let written = self.0.into_inner().ok().and_then(|mut gzip| {
            gzip.flush().ok()?;
            gzip.finish().ok()
        });
        written.unwrap_or_default()
    }
}
