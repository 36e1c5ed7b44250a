//! The file: `R r`, then `P t v π` a line, plain or gzipped; read with bounded memory, refused with the line's number.

use crate::{Certificate, Lines, ParseError};
use flate2::{Compression, GzBuilder};
use std::io::{self, Read, Write};

/// Longest line that is read: `P` and three numbers of at most twenty digits.
pub(crate) const MAX_LINE: u64 = 80;
/// Most potentials that are read (some 12 bytes each): beyond any region of this planet, short of any machine's memory.
pub(crate) const MAX_ENTRIES: usize = 1 << 29;

/// What `write` writes, gzipped: the same bytes for the same text, on every machine.
pub fn gzipped(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Vec<u8> {
    let mut packer = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::fast());
    let written = {
        let mut buffered = io::BufWriter::with_capacity(1 << 16, &mut packer);
        write(&mut buffered).and_then(|()| buffered.flush())
    };
    // Writing to memory does not fail.
    written.and_then(|()| packer.finish()).unwrap_or_default()
}

impl Certificate {
    /// Writes the file's lines.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_text(&self, to: &mut (impl Write + ?Sized)) -> io::Result<()> {
        writeln!(to, "R {}", self.root)?;
        for (t, vertices, potentials) in self.blocks() {
            for (v, value) in vertices.iter().zip(potentials) {
                writeln!(to, "P {t} {v} {value}")?;
            }
        }
        Ok(())
    }

    /// The file's lines, gzipped: the same bytes for the same certificate, on every machine.
    #[must_use]
    pub fn to_gzip_bytes(&self) -> Vec<u8> {
        gzipped(|to| self.write_text(to))
    }

    /// One more potential, not zero.
    pub(crate) fn append(&mut self, terminal: u32, vertex: u32, value: u64) {
        let end = self.entries.extend([(vertex, value)]);
        match self.blocks.last_mut() {
            Some((last, to)) if *last == terminal => *to = end,
            _ => self.blocks.push((terminal, end)),
        }
    }

    /// Reads a file, plain or gzipped, from memory.
    ///
    /// # Errors
    /// The first line that is not `R r` or `P t v π`, by its number.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        Self::read(bytes)
    }

    /// Reads a file, plain or gzipped. No line longer than 80 bytes is held in memory, whatever the file claims.
    ///
    /// # Errors
    /// As [`Certificate::parse`], and those of the reader.
    pub fn read(from: impl Read) -> Result<Self, ParseError> {
        read(Lines::new(from, MAX_LINE)?)
    }
}

fn read(mut lines: Lines<'_>) -> Result<Certificate, ParseError> {
    let mut certificate = Certificate::default();
    let mut rooted = false;
    while let Some((line, text)) = lines.next()? {
        let fail = |problem| Err(ParseError::Line { line, problem });
        let mut words = text.split(|&b| b == b' ');
        let kind = words.next();
        let numbers = [words.next().map(number), words.next().map(number), words.next().map(number)];
        if words.next().is_some() {
            return fail("it has too many words");
        }
        match (kind, numbers) {
            (Some(b"R"), [Some(Some(r)), None, None]) if !rooted => match u32::try_from(r) {
                Ok(r) => {
                    certificate.root = r;
                    rooted = true;
                }
                Err(_) => return fail("the root is not a vertex number"),
            },
            (Some(b"R"), _) => return fail("the root must be given once, as `R r`"),
            (Some(b"P"), [Some(Some(t)), Some(Some(v)), Some(Some(value))]) => {
                let (Ok(t), Ok(v)) = (u32::try_from(t), u32::try_from(v)) else {
                    return fail("a vertex number does not fit 32 bits");
                };
                if !rooted {
                    return fail("the first line must be `R r`");
                }
                if value == 0 {
                    return fail("zeros are left out");
                }
                if certificate.len() == MAX_ENTRIES {
                    return fail("too many potentials");
                }
                certificate.append(t, v, value);
            }
            _ => return fail("it is neither `R r` nor `P t v π` in plain decimal numbers"),
        }
    }
    if rooted { Ok(certificate) } else { Err(ParseError::Line { line: 1, problem: "the first line must be `R r`" }) }
}

/// A decimal number without sign or leading zeros, so that a file has one spelling.
pub(crate) fn number(word: &[u8]) -> Option<u64> {
    if word.is_empty() || word.len() > 20 || (word[0] == b'0' && word.len() > 1) {
        return None;
    }
    word.iter().try_fold(0u64, |sum, &digit| {
        if !digit.is_ascii_digit() {
            return None;
        }
        sum.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn problem(bytes: &[u8]) -> String {
        Certificate::parse(bytes).unwrap_err().to_string()
    }

    #[test]
    fn names_the_line() {
        assert_eq!(problem(b""), "line 1: the first line must be `R r`");
        assert_eq!(problem(b"P 1 1 1\n"), "line 1: the first line must be `R r`");
        assert!(problem(b"R 0\nP 1 1 -1\n").starts_with("line 2: it is neither"));
        assert!(problem(b"R 0\nP 1 1\n").starts_with("line 2: it is neither"));
        assert!(problem(b"R 0\nP 1 1 01\n").starts_with("line 2: it is neither"));
        assert_eq!(problem(b"R 0\nR 0\n"), "line 2: the root must be given once, as `R r`");
        assert_eq!(problem(b"R 0\nP 1 1 0\n"), "line 2: zeros are left out");
        assert_eq!(problem(b"R 0\nP 4294967296 1 1\n"), "line 2: a vertex number does not fit 32 bits");
        assert_eq!(problem(&[b'R'; 1 << 20]), "line 1: it is too long");
        assert!(problem(&[0x1f, 0x8b, 8, 0]).starts_with("line 1:"));
    }

    proptest! {
        #[test]
        fn text_and_gzip_come_back(blocks in prop::collection::btree_map(any::<u32>(),
            prop::collection::btree_map(any::<u32>(), 1u64.., 1..5), 0..5), root in any::<u32>()) {
            let mut certificate = Certificate::new(root);
            for (t, entries) in blocks {
                certificate.push(t, entries);
            }
            let mut text = Vec::new();
            certificate.write_text(&mut text).unwrap();
            prop_assert_eq!(&Certificate::parse(&text).unwrap(), &certificate);
            prop_assert_eq!(&Certificate::parse(&certificate.to_gzip_bytes()).unwrap(), &certificate);
        }

        #[test]
        fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Certificate::parse(&bytes);
        }
    }
}
