//! An answer's file, read and checked from the problem alone: `VALUE n`, then the ends of an edge a line (PACE 2018).

use super::Problem;
use super::anywhere::Anywhere;
use breiband_certificate::{Lines, ParseError};
use breiband_graph::UnionFind;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// Longest line that is read.
const MAX_LINE: u64 = 80;

/// Why a file is no answer to a problem.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// A line is not what it should be, or could not be read.
    #[error(transparent)]
    Text(#[from] ParseError),
    /// Two vertices (from 1) in different parts.
    #[error("vertex {0} is not connected with {1}")]
    Apart(u32, u32),
    /// A terminal (from 1) that must be connected and is not.
    #[error("terminal {0} is not connected")]
    Missing(u32),
    /// Nothing that could be connected.
    #[error("the problem has nothing to connect")]
    Nothing,
    /// Another cost.
    #[error("it says {said}, but its edges and the prizes it misses come to {sum}")]
    Value {
        /// What the first line says.
        said: String,
        /// What it is.
        sum: String,
    },
}

impl Problem {
    /// Checks that a file holds a tree that connects what must be, and returns what the tree and the prizes it misses cost, in
    /// the instance's units. Of parallel edges the cheapest is meant. O((n + m) log m).
    ///
    /// # Errors
    /// The first line that is wrong, or what the tree lacks.
    pub fn read_answer(&self, from: impl Read) -> Result<u64, AnswerError> {
        let mut lines = Lines::new(from, MAX_LINE)?;
        let wrong = |line, problem| Err(ParseError::Line { line, problem }.into());
        let said = match lines.next()? {
            Some((_, text)) if text.starts_with(b"VALUE ") => String::from_utf8_lossy(&text[6..]).into_owned(),
            _ => return wrong(1, "it must be `VALUE` and what the tree costs"),
        };
        let mut cheapest: BTreeMap<(u32, u32), u64> = BTreeMap::new();
        let rooted = || &self.instance.edges()[..self.sizes[1]];
        let all = self.free.as_ref().map_or_else(rooted, Anywhere::edges);
        for &(u, v, cost) in all {
            let least = cheapest.entry((u.min(v), u.max(v))).or_insert(cost);
            *least = cost.min(*least);
        }
        let mut sets = UnionFind::new(self.instance.vertices());
        let (mut ends, mut sum) = (BTreeSet::new(), 0u64);
        while let Some((line, text)) = lines.next()? {
            let text = String::from_utf8_lossy(text);
            let mut numbers = text.split(' ').map(|word| word.parse::<u32>().ok().and_then(|v| v.checked_sub(1)));
            let (Some(Some(u)), Some(Some(v)), None) = (numbers.next(), numbers.next(), numbers.next()) else {
                return wrong(line, "it must be the two ends of an edge, counted from 1");
            };
            let Some(cost) = cheapest.get(&(u.min(v), u.max(v))) else {
                return wrong(line, "the problem has no edge between these vertices");
            };
            if !sets.union(u, v) {
                return wrong(line, "the edge closes a circle, so the edges are no tree");
            }
            // An instance's costs fit 62 bits together, and no edge comes twice.
            sum += cost;
            ends.extend([u, v]);
        }
        let own = || self.free.as_ref().map_or(self.instance.terminals(), |free| &free.terminals).iter();
        // A problem without a root may be answered anywhere; without an edge, best where the greatest prize is.
        let anywhere = || own().max_by_key(|t| (t.prize, std::cmp::Reverse(t.vertex))).map(|t| t.vertex);
        let rooted = (!self.has_free_root()).then(|| self.instance.root());
        let start = rooted.or_else(|| ends.first().copied()).or_else(anywhere).ok_or(AnswerError::Nothing)?;
        if let Some(&apart) = ends.iter().find(|&&v| !sets.same(v, start)) {
            return Err(AnswerError::Apart(apart + 1, start + 1));
        }
        for t in own().filter(|t| !sets.same(t.vertex, start)) {
            sum += t.prize.ok_or(AnswerError::Missing(t.vertex + 1))?;
        }
        let figure = self.figure(sum);
        if said == figure { Ok(sum) } else { Err(AnswerError::Value { said, sum: figure }) }
    }
}

#[cfg(test)]
mod tests {
    use crate::read_problem;

    const SQUARE: &str = "SECTION Graph\nNodes 4\nEdges 5\nE 1 2 2.5\nE 2 3 1\nE 3 4 1\nE 4 1 1\nE 4 1 9\nEND\n\
        SECTION Terminals\nTerminals 2\nT 1\nTP 3 4\nEND\nEOF\n";

    #[test]
    fn a_tree_is_held_against_its_problem() {
        let problem = read_problem(SQUARE.as_bytes()).unwrap();
        let said = |text: &str| problem.read_answer(text.as_bytes()).map_err(|error| error.to_string());
        assert_eq!(said("VALUE 2.0\n1 4\n3 4\n"), Ok(20));
        assert_eq!(said("VALUE 4.0\n"), Ok(40));
        for (text, error) in [
            ("2.0\n1 4\n", "line 1: it must be `VALUE` and what the tree costs"),
            ("VALUE 2.0\n1 4\n3\n", "line 3: it must be the two ends of an edge, counted from 1"),
            ("VALUE 2.0\n1 4\n1 3\n", "line 3: the problem has no edge between these vertices"),
            ("VALUE 2.0\n1 4\n4 3\n3 2\n2 1\n", "line 5: the edge closes a circle, so the edges are no tree"),
            ("VALUE 2.0\n3 4\n", "vertex 3 is not connected with 1"),
            ("VALUE 1.0\n1 4\n", "it says 1.0, but its edges and the prizes it misses come to 5.0"),
        ] {
            assert_eq!(said(text), Err(error.to_owned()));
        }
        let required = read_problem(SQUARE.replace("TP 3 4", "T 3").as_bytes()).unwrap();
        assert_eq!(
            required.read_answer(&b"VALUE 1.0\n1 4\n"[..]).unwrap_err().to_string(),
            "terminal 3 is not connected"
        );
    }

    #[test]
    fn what_the_solver_writes_is_an_answer() {
        let free = SQUARE.replace("T 1\n", "TP 1 9\n");
        for text in [SQUARE, &free, &free.replace("TP 1 9", "TP 1 0.5")] {
            let problem = read_problem(text.as_bytes()).unwrap();
            let found = problem.solve(&crate::Config::default(), false, &mut crate::Silent).unwrap();
            let lines: String = found.tree.iter().map(|(u, v)| format!("{u} {v}\n")).collect();
            let file = format!("VALUE {}\n{lines}", problem.figure(found.cost));
            assert_eq!(problem.read_answer(file.as_bytes()).unwrap(), found.cost);
        }
    }
}
