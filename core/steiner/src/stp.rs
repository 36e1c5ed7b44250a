//! Reads SteinLib's `.stp` files (and PACE's `.gr`, the same without the first line), plain or gzipped.

use crate::{Instance, InstanceError, Solution, Terminal};
use breiband_certificate::{Lines, ParseError};
use breiband_graph::UnionFind;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

mod answer;

pub use answer::AnswerError;

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
    /// root nor a terminal that must be connected, two vertices and some edges are added at the end: a root, and what
    /// makes a tree begin somewhere. Terminals with prizes that no edges lead to from the root are missed in any tree:
    /// one added at the end, with all their prizes, stands for them.
    pub instance: Instance,
    /// Costs in the file are those of the instance divided by ten to this.
    pub decimals: u32,
    /// Vertices, edges and terminals of the file.
    pub sizes: [usize; 3],
    /// What the way in from the added root costs.
    entry: u64,
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

    /// A cost or bound of the instance less what was added to it, in the instance's units.
    #[must_use]
    pub fn value(&self, cost: u64) -> u64 {
        cost.saturating_sub(self.entry)
    }

    /// Whether the file names neither a root nor a terminal that must be connected.
    #[must_use]
    pub fn has_free_root(&self) -> bool {
        self.entry > 0
    }

    /// The problem of the best tree that holds a vertex (from 0), for one whose root is free: what costs the least there costs no
    /// less here. A root of the file's own is far easier to search from than one that was added. None for other problems.
    #[must_use]
    pub fn rooted_at(&self, vertex: u32) -> Option<Self> {
        if !self.has_free_root() {
            return None;
        }
        let [vertices, edges, _] = self.sizes;
        let terminals = self.instance.terminals().iter().copied().filter(|t| t.prize.is_some()).collect();
        rooted(vertices as u32, self.instance.edges()[..edges].to_vec(), vertex, terminals, self.decimals).ok()
    }

    /// The cheapest tree among the edges of a solution, as ends counted from 1, and what it costs in the instance's
    /// units, with the prizes it misses. Only where the root was added can a solution fall into several.
    #[must_use]
    pub fn tree(&self, solution: &Solution) -> (u64, Vec<(u32, u32)>) {
        let ends = |e: u32| {
            let (u, v, _) = self.instance.edges()[e as usize];
            (u + 1, v + 1)
        };
        let own: Vec<u32> = solution.edges.iter().copied().filter(|&e| (e as usize) < self.sizes[1]).collect();
        if !self.has_free_root() {
            return (solution.cost, own.into_iter().map(ends).collect());
        }
        let mut sets = UnionFind::new(self.instance.vertices());
        for &e in &own {
            let (u, v, _) = self.instance.edges()[e as usize];
            sets.union(u, v);
        }
        let prizes: u64 = self.instance.terminals().iter().filter_map(|t| t.prize).sum();
        // What each part saves on missing everything.
        let mut worth: BTreeMap<u32, i128> = BTreeMap::new();
        for t in self.instance.terminals() {
            *worth.entry(sets.find(t.vertex)).or_default() += i128::from(t.prize.unwrap_or(0));
        }
        for &e in &own {
            let (u, _, cost) = self.instance.edges()[e as usize];
            *worth.entry(sets.find(u)).or_default() -= i128::from(cost);
        }
        let best = worth.into_iter().max_by_key(|&(part, worth)| (worth, std::cmp::Reverse(part)));
        let Some((part, worth)) = best else { return (0, Vec::new()) };
        let kept = own.into_iter().filter(|&e| sets.find(self.instance.edges()[e as usize].0) == part);
        ((i128::from(prizes) - worth).max(0) as u64, kept.map(ends).collect())
    }
}

/// Reads what a file asks for: SteinLib's STP, PCSTP and RPCST problems and PACE's graphs.
///
/// Vertices lose one (files count from 1). The root is the file's, or its first terminal that must be connected; a file
/// with prizes alone gets one of its own. `TP v prize` gives a terminal with a prize. Costs may have decimals and
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
    if problem.decimals > 0 || problem.entry > 0 {
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

/// Scales what was read, and adds a root where there is none.
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
        return rooted(n, scaled, root, ends, decimals);
    }
    // A tree may begin at any terminal: each has a way in from the added root, dearer than all prizes, and a free way
    // out to an added end that must be reached. So exactly one way in is used.
    let entry = ends.iter().try_fold(1u64, |sum, t| sum.checked_add(t.prize.unwrap_or(0)));
    let entry = entry.ok_or(InstanceError::TooCostly)?;
    let (top, end) = (n, n + 1);
    for t in &ends {
        scaled.push((top, t.vertex, entry));
        scaled.push((t.vertex, end, 0));
    }
    ends.push(Terminal { vertex: end, prize: None });
    let instance = Instance::new(n + 2, scaled, top, ends, vec![end])?;
    Ok(Problem { instance, decimals, sizes, entry })
}

/// The problem with a root of the file's own.
fn rooted(
    n: u32,
    mut edges: Vec<(u32, u32, u64)>,
    root: u32,
    mut terminals: Vec<Terminal>,
    decimals: u32,
) -> Result<Problem, StpError> {
    let sizes = [n as usize, edges.len(), terminals.len()];
    let lost = take_lost(n, &edges, root, &mut terminals)?;
    if lost > 0 {
        edges.push((root, n, lost));
        terminals.push(Terminal { vertex: n, prize: Some(lost) });
    }
    let instance = Instance::new(n + u32::from(lost > 0), edges, root, terminals, Vec::new())?;
    Ok(Problem { instance, decimals, sizes, entry: 0 })
}

/// Takes out the terminals with prizes that the root's part of the graph does not hold; what their prizes come to.
fn take_lost(
    n: u32,
    edges: &[(u32, u32, u64)],
    root: u32,
    terminals: &mut Vec<Terminal>,
) -> Result<u64, InstanceError> {
    let mut sets = UnionFind::new(n);
    for &(u, v, _) in edges {
        sets.union(u, v);
    }
    let mut lost = 0u64;
    for prize in terminals.iter().filter(|t| !sets.same(t.vertex, root)).filter_map(|t| t.prize) {
        lost = lost.checked_add(prize).ok_or(InstanceError::TooCostly)?;
    }
    terminals.retain(|t| t.prize.is_none() || sets.same(t.vertex, root));
    Ok(lost)
}

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
        let solution = crate::solve(&problem.instance, &crate::Config::default(), &mut crate::Silent).unwrap();
        let (cost, tree) = problem.tree(&solution);
        assert_eq!((problem.figure(cost).as_str(), &tree[..]), ("15.5", &[(1, 2)][..]));
        assert_eq!((solution.unreachable.len(), problem.value(solution.bound)), (0, cost));
        assert_eq!(problem.read_answer(&b"VALUE 15.5\n1 2\n"[..]).unwrap(), cost);
    }

    #[test]
    fn without_a_root_a_tree_begins_where_it_pays() {
        // Two good places far apart: only one of them can be in the tree.
        let text = "SECTION Graph\nNodes 4\nEdges 3\nE 1 2 3\nE 2 3 50\nE 3 4 2\nEND\n\
            SECTION Terminals\nTerminals 4\nTP 1 10\nTP 2 4\nTP 3 9\nTP 4 9\nEND\nEOF\n";
        let problem = read_problem(text.as_bytes()).unwrap();
        let solution = crate::solve(&problem.instance, &crate::Config::default(), &mut crate::Silent).unwrap();
        let (cost, tree) = problem.tree(&solution);
        assert_eq!((cost, &tree[..]), (2 + 10 + 4, &[(3, 4)][..]));
        assert_eq!(problem.value(solution.cost), 16);
        let rooted = problem.rooted_at(0).unwrap();
        let there = crate::solve(&rooted.instance, &crate::Config::default(), &mut crate::Silent).unwrap();
        assert_eq!(rooted.tree(&there), (3 + 9 + 9, vec![(1, 2)]));
        assert!(rooted.rooted_at(0).is_none());
        assert!(problem.value(solution.bound) <= 16);
    }
}
