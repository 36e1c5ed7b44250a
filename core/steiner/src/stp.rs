//! Reads SteinLib's `.stp` files (and PACE's `.gr`, the same without the first line), plain or gzipped.

use crate::{Instance, InstanceError, Terminal};
use flate2::bufread::MultiGzDecoder;
use std::io::{self, BufRead, BufReader, Read};

/// Longest line that is read.
const MAX_LINE: u64 = 4096;

/// Why a file is no instance.
#[derive(Debug, thiserror::Error)]
pub enum StpError {
    /// A line is not what it should be.
    #[error("line {line}: {problem}")]
    Line {
        /// Counted from 1.
        line: u64,
        /// What is wrong.
        problem: &'static str,
    },
    /// The bytes could not be read or unpacked.
    #[error("line {line}: {source}")]
    Read {
        /// The line that was being read, counted from 1.
        line: u64,
        /// The reader's error.
        source: io::Error,
    },
    /// The lines are fine, the instance is not.
    #[error(transparent)]
    Instance(#[from] InstanceError),
}

/// Reads an instance: vertices lose one (files count from 1), the root is the file's, or its first terminal.
///
/// Only undirected edges (`E`) with whole costs are understood.
/// `TP v prize` gives a terminal with a prize. Comments and coordinates are skipped.
///
/// # Errors
/// The first line that is not understood, by its number, or what is wrong with the instance.
pub fn read_stp(from: impl Read) -> Result<Instance, StpError> {
    let mut plain = BufReader::new(from);
    let magic = plain.fill_buf().map_err(|source| StpError::Read { line: 1, source })?;
    if magic.starts_with(&[0x1f, 0x8b]) { lines(BufReader::new(MultiGzDecoder::new(plain))) } else { lines(plain) }
}

fn lines(mut from: impl BufRead) -> Result<Instance, StpError> {
    let mut section: Option<String> = None;
    let (mut nodes, mut root, mut ended) = (None, None, false);
    let (mut edges, mut terminals) = (Vec::new(), Vec::new());
    let (mut edges_said, mut terminals_said) = (None, None);
    let mut buffer = Vec::new();
    let mut last = 1;
    for line in 1.. {
        last = line;
        let fail = |problem| Err(StpError::Line { line, problem });
        buffer.clear();
        let length = from
            .by_ref()
            .take(MAX_LINE)
            .read_until(b'\n', &mut buffer)
            .map_err(|source| StpError::Read { line, source })?;
        if length == 0 {
            break;
        }
        if length as u64 == MAX_LINE {
            return fail("it is too long");
        }
        let text = String::from_utf8_lossy(&buffer);
        let mut words = text.split_ascii_whitespace();
        let Some(first) = words.next() else { continue };
        let key = first.to_ascii_lowercase();
        let mut number = || words.next().and_then(|word| word.parse::<u64>().ok());
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
            section = Some(words.next().unwrap_or_default().to_ascii_lowercase());
            continue;
        };
        if key == "end" {
            section = None;
            continue;
        }
        let vertex = |number: Option<u64>| {
            number
                .filter(|&v| v >= 1 && nodes.is_some_and(|n| v <= n))
                .map(|v| (v - 1) as u32)
                .ok_or(StpError::Line { line, problem: "a vertex must be from 1 to the number of nodes given before" })
        };
        match (name.as_str(), key.as_str()) {
            ("graph", "nodes") => match number().filter(|&n| n < 1 << 31) {
                Some(n) if nodes.is_none() => nodes = Some(n),
                _ => return fail("the number of nodes must be given once, below 2^31"),
            },
            ("graph", "edges" | "arcs") => edges_said = number(),
            ("graph", "e") => {
                let (u, v) = (vertex(number())?, vertex(number())?);
                match number() {
                    Some(cost) => edges.push((u, v, cost)),
                    None => return fail("a cost must be a whole number, not negative, within 64 bits"),
                }
            }
            ("graph", _) => return fail("only undirected edges, `E u v cost`, are understood"),
            ("terminals", "terminals") => terminals_said = number(),
            ("terminals", "root" | "rootp") => root = Some(vertex(number())?),
            ("terminals", "t") => terminals.push(Terminal { vertex: vertex(number())?, prize: None }),
            ("terminals", "tp") => {
                let vertex = vertex(number())?;
                match number() {
                    Some(prize) => terminals.push(Terminal { vertex, prize: Some(prize) }),
                    None => return fail("a prize must be a whole number, not negative, within 64 bits"),
                }
            }
            ("terminals", _) => return fail("only T, TP and Root lines are understood among the terminals"),
            _ => {}
        }
    }
    let fail = |problem| Err(StpError::Line { line: last, problem });
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
    let required = terminals.iter().find(|t| t.prize.is_none()).map(|t| t.vertex);
    let Some(root) = root.or(required).or((n > 0).then_some(0)) else { return fail("there is no vertex") };
    Ok(Instance::new(n as u32, edges, root, terminals, Vec::new())?)
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
            ("E 2 3 8", "E 2 3 -8", "line 9: a cost must be a whole number, not negative, within 64 bits"),
            ("E 2 3 8", "E 2 3 8.5", "line 9: a cost must be a whole number, not negative, within 64 bits"),
            ("E 2 3 8", "A 2 3 8", "line 9: only undirected edges, `E u v cost`, are understood"),
            ("Nodes 3", "Nodes 4294967296", "line 6: the number of nodes must be given once, below 2^31"),
            ("T 3\nEND\nEOF\n", "T 3\n", "line 15: the file ends within a section"),
            ("E 2 3 8", "E 2 2 8", "edge 1: it joins vertex 1 to itself"),
            ("T 3", "T 1", "terminal 0 is given twice"),
        ] {
            let text = GOOD.replace(from, to);
            assert_eq!(read_stp(text.as_bytes()).unwrap_err().to_string(), message);
        }
    }
}
