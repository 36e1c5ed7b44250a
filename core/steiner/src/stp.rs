//! Reads SteinLib's `.stp` files (and PACE's `.gr`, the same without the first line), plain or gzipped, and solves what they ask.

use crate::{Instance, InstanceError, Terminal};
use anywhere::Anywhere;
use breiband_certificate::{Lines, ParseError};
use std::collections::BTreeSet;
use std::io::Read;

mod answer;
mod anywhere;
mod solving;

pub use answer::AnswerError;
pub use solving::{Answer, Case, Unproven};

/// Longest line that is read.
const MAX_LINE: u64 = 4096;

/// Why a file is no instance.
#[derive(Debug, thiserror::Error)]
pub enum StpError {
    /// A line is not what it should be, or could not be read.
    #[error(transparent)]
    Text(#[from] ParseError),
    /// The lines are fine, the instance is not.
    #[error(transparent)]
    Instance(#[from] InstanceError),
}

/// Vertices that a file may have whatever its edges, and more for each edge and terminal: a number that is only claimed must not
/// take the room of what it claims.
const LONE: u64 = 1 << 20;
const MOST_A_LINE: u64 = 16;

/// Decimals that a cost may have.
const DECIMALS: u32 = 18;

/// What a file asks for, as an instance, and the way back to the file's own numbers.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The instance: the file's vertices less one, its edges in their order, whole costs. Where the file names neither a
    /// root nor a terminal that must be connected, it asks for the best tree that holds the vertex of the greatest prize, and
    /// [`Problem::solve`] for the best of all. Terminals with prizes that no edges lead to from the root are missed in any tree:
    /// one added at the end, with all their prizes, stands for them.
    pub instance: Instance,
    /// Costs in the file are those of the instance divided by ten to this.
    pub decimals: u32,
    /// Vertices, edges and terminals of the file.
    pub sizes: [usize; 3],
    /// What there is where the root is free.
    free: Option<Anywhere>,
}

impl Problem {
    /// A value as a decimal number of the file.
    #[must_use]
    pub fn figure(&self, value: u64) -> String {
        if self.decimals == 0 {
            return value.to_string();
        }
        let unit = 10u64.pow(self.decimals);
        format!("{}.{:0width$}", value / unit, value % unit, width = self.decimals as usize)
    }

    /// Whether the file names neither a root nor a terminal that must be connected.
    #[must_use]
    pub fn has_free_root(&self) -> bool {
        self.free.is_some()
    }
}

/// Reads what a file asks for: SteinLib's STP, PCSTP and RPCST problems and PACE's graphs.
///
/// Vertices lose one (files count from 1). The root is the file's, or its first terminal that must be connected; in a file
/// with prizes alone it is free. `TP v prize` gives a terminal with a prize. Costs may have decimals and
/// exponents; they are scaled to whole numbers exactly. Comments, coordinates and tree decompositions are skipped.
///
/// # Errors
/// The first line that is not understood, by its number, or what is wrong with the instance.
pub fn read_problem(from: impl Read) -> Result<Problem, StpError> {
    read(Lines::new(from, MAX_LINE)?)
}

/// As [`read_problem`], for files with whole costs and a root: just the instance.
///
/// # Errors
/// As [`read_problem`], and for a file that is not such.
pub fn read_stp(from: impl Read) -> Result<Instance, StpError> {
    let problem = read_problem(from)?;
    if problem.decimals > 0 || problem.has_free_root() {
        return Err(refused(1, "whole costs and a root, or a terminal without a prize, were expected"));
    }
    Ok(problem.instance)
}

fn refused(line: u64, problem: &'static str) -> StpError {
    ParseError::Line { line, problem }.into()
}

/// A decimal number: its digits, and how many of them stand behind the point.
#[derive(Debug, Clone, Copy)]
struct Decimal {
    digits: u64,
    decimals: u32,
    line: u64,
}

impl Decimal {
    fn parse(word: &str, line: u64) -> Option<Self> {
        let (mantissa, exponent) = match word.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (word, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let whole = whole.strip_prefix('+').unwrap_or(whole);
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let mut digits = 0u64;
        let fraction = fraction.trim_end_matches('0');
        for digit in whole.bytes().chain(fraction.bytes()) {
            if !digit.is_ascii_digit() {
                return None;
            }
            digits = digits.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
        }
        let mut decimals = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        while decimals > 0 && digits.is_multiple_of(10) && digits > 0 {
            (digits, decimals) = (digits / 10, decimals - 1);
        }
        if digits == 0 {
            decimals = 0;
        }
        if decimals < 0 {
            digits = digits.checked_mul(10u64.checked_pow(decimals.unsigned_abs())?)?;
        }
        let decimals = decimals.max(0) as u32;
        (decimals <= DECIMALS).then_some(Self { digits, decimals, line })
    }

    fn scaled(self, decimals: u32) -> Result<u64, StpError> {
        self.digits
            .checked_mul(10u64.pow(decimals - self.decimals))
            .ok_or(refused(self.line, "with the decimals that other costs have, this one does not fit 64 bits"))
    }
}

const COST: &str = "a cost must be a number, not negative, of at most 18 decimals, within 64 bits";
const PRIZE: &str = "a prize must be a number, not negative, of at most 18 decimals, within 64 bits";

fn read(mut lines: Lines<'_>) -> Result<Problem, StpError> {
    let mut section: Option<String> = None;
    let (mut nodes, mut root, mut ended) = (None, None, false);
    let (mut edges, mut terminals, mut named) = (Vec::new(), Vec::new(), BTreeSet::new());
    let (mut edges_said, mut terminals_said, mut nodes_line) = (None, None, 0);
    while let Some((line, text)) = lines.next()? {
        let fail = |problem| Err(refused(line, problem));
        let text = String::from_utf8_lossy(text);
        let mut words = text.split_ascii_whitespace();
        let Some(first) = words.next() else { continue };
        let key = first.to_ascii_lowercase();
        if ended || (key == "33d32945" && line == 1) {
            continue;
        }
        if key == "eof" {
            ended = true;
            continue;
        }
        let Some(name) = &section else {
            if key != "section" {
                return fail("a section was expected");
            }
            let name = words.next().unwrap_or_default().to_ascii_lowercase();
            if name == "maximumdegrees" {
                return fail("limits on degrees are not understood");
            }
            section = Some(name);
            continue;
        };
        if key == "end" {
            section = None;
            continue;
        }
        let mut whole = || words.next().and_then(|word| word.parse::<u64>().ok());
        let vertex = |number: Option<u64>| {
            number
                .filter(|&v| v >= 1 && nodes.is_some_and(|n| v <= n))
                .map(|v| (v - 1) as u32)
                .ok_or(refused(line, "a vertex must be from 1 to the number of nodes given before"))
        };
        match (name.as_str(), key.as_str()) {
            ("graph", "nodes") => match whole().filter(|&n| n < 1 << 31) {
                Some(n) if nodes.is_none() => (nodes, nodes_line) = (Some(n), line),
                _ => return fail("the number of nodes must be given once, below 2^31"),
            },
            ("graph", "edges" | "arcs") => edges_said = whole(),
            ("graph", "e") => {
                let (u, v) = (vertex(whole())?, vertex(whole())?);
                if u == v {
                    return fail("the edge joins a vertex to itself: take it out, no tree needs it");
                }
                match words.next().and_then(|word| Decimal::parse(word, line)) {
                    Some(cost) => edges.push((u, v, cost)),
                    None => return fail(COST),
                }
            }
            ("graph", _) => return fail("only undirected edges, `E u v cost`, are understood"),
            ("terminals", "terminals") => terminals_said = whole(),
            ("terminals", "root" | "rootp") => root = Some(vertex(whole())?),
            ("terminals", "t" | "tp") => {
                let vertex = vertex(whole())?;
                let prize = words.next().and_then(|word| Decimal::parse(word, line));
                match (key.as_str(), prize) {
                    ("tp", None) => return fail(PRIZE),
                    ("tp", prize) => terminals.push((vertex, prize)),
                    _ => terminals.push((vertex, None)),
                }
                if !named.insert(vertex) {
                    return fail("the terminal is given twice: take one of them out");
                }
            }
            ("terminals", _) => return fail("only T, TP and Root lines are understood among the terminals"),
            _ => {}
        }
    }
    let last = lines.number();
    let fail = |problem| Err(refused(last, problem));
    let Some(n) = nodes else { return fail("the file ends without a number of nodes") };
    if section.is_some() {
        return fail("the file ends within a section");
    }
    if edges_said.is_some_and(|m| m != edges.len() as u64) {
        return fail("the number of edges is not what the file says");
    }
    if terminals_said.is_some_and(|t| t != terminals.len() as u64) {
        return fail("the number of terminals is not what the file says");
    }
    if n == 0 {
        return fail("there is no vertex");
    }
    if n > LONE + MOST_A_LINE * (edges.len() + terminals.len()) as u64 {
        let problem = "there are far more nodes than the file's edges could join: correct their number";
        return Err(refused(nodes_line, problem));
    }
    problem(n as u32, &edges, root, &terminals)
}

/// Scales what was read.
fn problem(
    n: u32,
    edges: &[(u32, u32, Decimal)],
    root: Option<u32>,
    terminals: &[(u32, Option<Decimal>)],
) -> Result<Problem, StpError> {
    let numbers = edges.iter().map(|edge| edge.2).chain(terminals.iter().filter_map(|t| t.1));
    let decimals = numbers.map(|number| number.decimals).max().unwrap_or(0);
    let mut scaled = Vec::with_capacity(edges.len());
    for &(u, v, cost) in edges {
        scaled.push((u, v, cost.scaled(decimals)?));
    }
    let mut ends = Vec::with_capacity(terminals.len());
    for &(vertex, prize) in terminals {
        ends.push(Terminal { vertex, prize: prize.map(|prize| prize.scaled(decimals)).transpose()? });
    }
    let sizes = [n as usize, scaled.len(), ends.len()];
    let required = ends.iter().find(|t| t.prize.is_none()).map(|t| t.vertex);
    if let Some(root) = root.or(required).or_else(|| ends.is_empty().then_some(0)) {
        return Ok(Problem { instance: anywhere::rooted(n, scaled, root, ends)?, decimals, sizes, free: None });
    }
    let free = Anywhere::new(n, scaled, ends)?;
    let instance = free.around_richest()?;
    Ok(Problem { instance, decimals, sizes, free: Some(free) })
}

#[cfg(test)]
mod free_tests;
#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "33D32945 STP File, STP Format Version 1.0\nSECTION Comment\nName \"x\"\nEND\n\
        SECTION Graph\nNodes 3\nEdges 2\nE 1 2 7\nE 2 3 8\nEND\nSECTION Terminals\nTerminals 2\nT 1\nT 3\nEND\nEOF\n";

    #[test]
    fn reads_a_file() {
        let instance = read_stp(GOOD.as_bytes()).unwrap();
        assert_eq!(instance.edges(), [(0, 1, 7), (1, 2, 8)]);
        assert_eq!(instance.root(), 0);
        assert_eq!(instance.terminals().len(), 2);
    }

    #[test]
    fn names_the_line() {
        for (from, to, message) in [
            ("Edges 2", "Edges 3", "line 17: the number of edges is not what the file says"),
            ("E 2 3 8", "E 2 4 8", "line 9: a vertex must be from 1 to the number of nodes given before"),
            ("E 2 3 8", "E 0 3 8", "line 9: a vertex must be from 1 to the number of nodes given before"),
            (
                "E 2 3 8",
                "E 2 3 -8",
                "line 9: a cost must be a number, not negative, of at most 18 decimals, within 64 bits",
            ),
            (
                "E 2 3 8",
                "E 2 3 nan",
                "line 9: a cost must be a number, not negative, of at most 18 decimals, within 64 bits",
            ),
            (
                "E 1 2 7\nE 2 3 8",
                "E 1 2 7000000\nE 2 3 0.000000000000001",
                "line 8: with the decimals that other costs have, this one does not fit 64 bits",
            ),
            ("E 2 3 8", "A 2 3 8", "line 9: only undirected edges, `E u v cost`, are understood"),
            ("Nodes 3", "Nodes 4294967296", "line 6: the number of nodes must be given once, below 2^31"),
            ("T 3\nEND\nEOF\n", "T 3\n", "line 15: the file ends within a section"),
            ("E 2 3 8", "E 2 2 8", "line 9: the edge joins a vertex to itself: take it out, no tree needs it"),
            ("T 3", "T 1", "line 14: the terminal is given twice: take one of them out"),
            (
                "Nodes 3",
                "Nodes 2000000000",
                "line 6: there are far more nodes than the file's edges could join: correct their number",
            ),
        ] {
            let text = GOOD.replace(from, to);
            assert_eq!(read_stp(text.as_bytes()).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn decimals_are_exact() {
        let text = GOOD.replace("E 2 3 8", "E 2 3 8.0250").replace("E 1 2 7", "E 1 2 1.5e1");
        let problem = read_problem(text.as_bytes()).unwrap();
        assert_eq!(problem.instance.edges(), [(0, 1, 15_000), (1, 2, 8_025)]);
        assert_eq!((problem.decimals, problem.figure(23_025)), (3, "23.025".to_owned()));
        assert!(read_stp(text.as_bytes()).is_err());
    }

    #[test]
    fn prizes_out_of_reach_are_missed() {
        let text = "SECTION Graph\nNodes 5\nEdges 2\nE 1 2 3\nE 3 4 1\nEND\n\
            SECTION Terminals\nTerminals 4\nRootP 1\nTP 2 10\nTP 3 2.5\nTP 4 9\nTP 5 1\nEND\nEOF\n";
        let problem = read_problem(text.as_bytes()).unwrap();
        let found = problem.solve(&crate::Config::default(), false, &mut crate::Silent).unwrap();
        assert_eq!((problem.figure(found.cost).as_str(), &found.tree[..]), ("15.5", &[(1, 2)][..]));
        assert_eq!((found.unreachable.len(), found.bound), (0, found.cost));
        assert_eq!(problem.read_answer(&b"VALUE 15.5\n1 2\n"[..]).unwrap(), found.cost);
    }
}
