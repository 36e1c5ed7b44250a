//! Text files line by line, plain or gzipped, with bounded memory.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

/// Why a text file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ParseError {
    /// A line is not what it should be.
    #[error("line {line}: {problem}")]
    Line {
        /// Counted from 1.
        line: u64,
        /// What is wrong.
        problem: &'static str,
    },
    /// The bytes could not be read or unpacked.
    #[error("line {line}: {}", why_unread(source))]
    Read {
        /// The line that was being read, counted from 1.
        line: u64,
        /// The reader's error.
        source: io::Error,
    },
}

/// Why the bytes of a gzipped file could not be read, in words for whoever has the file.
#[must_use]
pub fn why_unread(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "the gzipped file is cut off: write or download it again".to_owned(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            format!("the gzipped file is damaged ({error}): write or download it again")
        }
        _ => error.to_string(),
    }
}

/// The lines of a file, by number. No more than one line is held, whatever the file unpacks to.
///
/// ```
/// let mut lines = breiband_certificate::Lines::new(&b"one\r\ntwo"[..], 80)?;
/// assert_eq!(lines.next()?, Some((1, &b"one"[..])));
/// assert_eq!(lines.next()?, Some((2, &b"two"[..])));
/// assert_eq!(lines.next()?, None);
/// # Ok::<(), breiband_certificate::ParseError>(())
/// ```
pub struct Lines<'a> {
    from: Box<dyn BufRead + 'a>,
    buffer: Vec<u8>,
    longest: u64,
    number: u64,
}

impl<'a> Lines<'a> {
    /// The lines of `from`, unpacked where it is gzipped; a line of `longest` bytes or more is refused.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn new(from: impl Read + 'a, longest: u64) -> Result<Self, ParseError> {
        let mut plain = BufReader::new(from);
        let magic = plain.fill_buf().map_err(|source| ParseError::Read { line: 1, source })?;
        let from: Box<dyn BufRead + 'a> = if magic.starts_with(&[0x1f, 0x8b]) {
            Box::new(BufReader::new(MultiGzDecoder::new(plain)))
        } else {
            Box::new(plain)
        };
        Ok(Self { from, buffer: Vec::new(), longest, number: 0 })
    }

    /// The next line without its ending, and its number, counted from 1.
    ///
    /// # Errors
    /// Those of the reader, and for a line that is too long.
    #[expect(clippy::should_implement_trait, reason = "an iterator cannot lend its buffer")]
    pub fn next(&mut self) -> Result<Option<(u64, &[u8])>, ParseError> {
        self.number += 1;
        let line = self.number;
        self.buffer.clear();
        let length = self
            .from
            .by_ref()
            .take(self.longest)
            .read_until(b'\n', &mut self.buffer)
            .map_err(|source| ParseError::Read { line, source })?;
        if length == 0 {
            return Ok(None);
        }
        if length as u64 == self.longest {
            return Err(ParseError::Line { line, problem: "it is too long" });
        }
        let text = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
        Ok(Some((line, text.strip_suffix(b"\r").unwrap_or(text))))
    }

    /// The number of the line that came last.
    pub fn number(&self) -> u64 {
        self.number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_unpacked_is_said_in_words() {
        let packed = crate::gzipped(|to| to.write_all(&[b'a'; 1_000]));
        let told = |bytes: &[u8]| match Lines::new(bytes, 80).and_then(|mut lines| lines.next().map(drop)) {
            Err(error) => error.to_string(),
            Ok(()) => String::new(),
        };
        assert!(told(&packed[..packed.len() / 2]).contains("cut off"), "{}", told(&packed[..packed.len() / 2]));
        let mut damaged = packed.clone();
        damaged[10..].fill(0xff);
        assert!(told(&damaged).contains("is damaged"), "{}", told(&damaged));
    }
}
