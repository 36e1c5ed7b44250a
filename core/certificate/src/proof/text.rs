//! The lines of a proof, written and read: one at a time, with bounded memory.

use super::{Proof, Step};
use crate::text::{MAX_ENTRIES, MAX_LINE, gzipped, number};
use crate::{Certificate, Lines, ParseError};
use std::io::{self, Read, Write};

/// The first line.
const TITLE: &str = "breiband proof 1";

impl Proof {
    /// Writes the file's lines.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_text(&self, to: &mut (impl Write + ?Sized)) -> io::Result<()> {
        writeln!(to, "{TITLE}\nU {}", self.bound)?;
        self.steps.iter().try_for_each(|step| step.write_text(to))
    }

    /// The file's lines, gzipped: the same bytes for the same proof, on every machine.
    #[must_use]
    pub fn to_gzip_bytes(&self) -> Vec<u8> {
        gzipped(|to| self.write_text(to))
    }
}

impl Step {
    fn write_text(&self, to: &mut (impl Write + ?Sized)) -> io::Result<()> {
        match self {
            Step::DeadEnd(v) => writeln!(to, "X {v}"),
            Step::Join(v) => writeln!(to, "J {v}"),
            Step::Take(e, v) => writeln!(to, "T {e} {v}"),
            Step::Equal(e) => writeln!(to, "E {e}"),
            Step::Special(e) => writeln!(to, "S {e}"),
            Step::Farther(e) => writeln!(to, "F {e}"),
            Step::Lower(t) => writeln!(to, "L {t}"),
            Step::Merge(s, t) => writeln!(to, "M {s} {t}"),
            Step::Pass(v, t) => writeln!(to, "H {v} {t}"),
            Step::Adjoin(e, t, v) => writeln!(to, "A {e} {t} {v}"),
            Step::Replace(v, pairs) => writeln!(to, "V {v} {pairs}"),
            Step::Potentials(certificate) => certificate.write_text(to),
            Step::Dear(e) => writeln!(to, "D {e}"),
            Step::Straight(v) => writeln!(to, "W {v}"),
            Step::Stuck(e) => writeln!(to, "Y {e}"),
            Step::StuckBranching(v) => writeln!(to, "Z {v}"),
            Step::Anew => writeln!(to, "N"),
            Step::Branch(v) => writeln!(to, "B {v}"),
            Step::Blocks => writeln!(to, "K"),
            Step::Open(bound, None) => writeln!(to, "( {bound}"),
            Step::Open(bound, Some(e)) => writeln!(to, "( {bound} {e}"),
            Step::Close => writeln!(to, ")"),
        }
    }
}

/// The steps of a file, one at a time, each with the number of its first line.
pub(super) struct Steps<'a> {
    lines: Lines<'a>,
    /// The line after a set of potentials.
    ahead: Option<(u64, Line)>,
}

/// What one line says.
enum Line {
    Step(Step),
    Potential(u32, u32, u64),
}

impl<'a> Steps<'a> {
    /// Reads the first two lines: the steps that follow, and U.
    pub(super) fn of(from: impl Read + 'a) -> Result<(Self, u64), ParseError> {
        let mut lines = Lines::new(from, MAX_LINE)?;
        if lines.next()?.is_none_or(|(_, text)| text != TITLE.as_bytes()) {
            return Err(ParseError::Line { line: 1, problem: "a proof begins with the line `breiband proof 1`" });
        }
        let bound = lines.next()?.and_then(|(_, text)| text.strip_prefix(b"U ").and_then(number));
        let bound = bound.ok_or(ParseError::Line { line: 2, problem: "the second line must be `U` and a number" })?;
        Ok((Self { lines, ahead: None }, bound))
    }

    /// The next step.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Step)>, ParseError> {
        let next = match self.ahead.take() {
            Some(next) => Some(next),
            None => self.line()?,
        };
        let (line, mut step) = match next {
            None => return Ok(None),
            Some((line, Line::Step(step))) => (line, step),
            Some((line, Line::Potential(..))) => {
                return Err(ParseError::Line { line, problem: "lines `P` follow a line `R r`" });
            }
        };
        if let Step::Potentials(certificate) = &mut step {
            while let Some((line, next)) = self.line()? {
                match next {
                    Line::Potential(..) if certificate.len() == MAX_ENTRIES => {
                        return Err(ParseError::Line { line, problem: "too many potentials" });
                    }
                    Line::Potential(t, v, value) => certificate.append(t, v, value),
                    Line::Step(_) => {
                        self.ahead = Some((line, next));
                        break;
                    }
                }
            }
        }
        Ok(Some((line, step)))
    }

    /// The number of the line that came last.
    pub(super) fn number(&self) -> u64 {
        self.lines.number()
    }

    fn line(&mut self) -> Result<Option<(u64, Line)>, ParseError> {
        let Some((line, text)) = self.lines.next()? else { return Ok(None) };
        let problem = "it is no step of a proof: a letter and plain decimal numbers, as the format has them";
        parse(text).map(|said| Some((line, said))).ok_or(ParseError::Line { line, problem })
    }
}

fn parse(text: &[u8]) -> Option<Line> {
    let mut words = text.split(|&b| b == b' ');
    let kind = words.next()?;
    let mut numbers = [None; 3];
    let mut count = 0;
    for word in words {
        *numbers.get_mut(count)? = Some(number(word)?);
        count += 1;
    }
    let small = |i: usize| numbers[i].and_then(|n| u32::try_from(n).ok());
    let step = match (kind, count) {
        (b"X", 1) => Step::DeadEnd(small(0)?),
        (b"J", 1) => Step::Join(small(0)?),
        (b"T", 2) => Step::Take(small(0)?, small(1)?),
        (b"E", 1) => Step::Equal(small(0)?),
        (b"S", 1) => Step::Special(small(0)?),
        (b"F", 1) => Step::Farther(small(0)?),
        (b"L", 1) => Step::Lower(small(0)?),
        (b"M", 2) => Step::Merge(small(0)?, small(1)?),
        (b"H", 2) => Step::Pass(small(0)?, small(1)?),
        (b"A", 3) => Step::Adjoin(small(0)?, small(1)?, small(2)?),
        (b"V", 2) => Step::Replace(small(0)?, u8::try_from(numbers[1]?).ok()?),
        (b"R", 1) => Step::Potentials(Certificate::new(small(0)?)),
        (b"P", 3) => return Some(Line::Potential(small(0)?, small(1)?, numbers[2].filter(|&value| value > 0)?)),
        (b"D", 1) => Step::Dear(small(0)?),
        (b"W", 1) => Step::Straight(small(0)?),
        (b"Y", 1) => Step::Stuck(small(0)?),
        (b"Z", 1) => Step::StuckBranching(small(0)?),
        (b"N", 0) => Step::Anew,
        (b"B", 1) => Step::Branch(small(0)?),
        (b"K", 0) => Step::Blocks,
        (b"(", 1) => Step::Open(numbers[0]?, None),
        (b"(", 2) => Step::Open(numbers[0]?, Some(small(1)?)),
        (b")", 0) => Step::Close,
        _ => return None,
    };
    Some(Line::Step(step))
}
