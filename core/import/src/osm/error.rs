//! Why an OSM file could not be read at all.

use std::fmt::Display;

use breiband_model::Cancelled;

/// Why an OSM file could not be read. Faults of single records are issues, not errors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The file is of another format than it was said to be.
    #[error("expected {expected}, but this looks like {found}; {advice}")]
    WrongFormat {
        /// What was expected.
        expected: &'static str,
        /// What it looks like.
        found: &'static str,
        /// What the user can do.
        advice: &'static str,
    },
    /// The file ends within a block or an element.
    #[error("{place}: the file ends {before}: it is truncated, download it again")]
    Truncated {
        /// Where.
        place: String,
        /// What it ends before, or inside.
        before: &'static str,
    },
    /// The file is broken from a place on.
    #[error("{place}: {problem}")]
    Malformed {
        /// Where: a byte position, with the block or element.
        place: String,
        /// What is wrong there.
        problem: String,
    },
    /// A size is over what a sound file can have.
    #[error("{place}: {what} of {size} bytes is over the limit of {limit} bytes")]
    TooLarge {
        /// Where.
        place: String,
        /// What is too large.
        what: &'static str,
        /// Its size, or the size reached when reading stopped.
        size: u64,
        /// The limit.
        limit: u64,
    },
    /// The file needs something that this reader does not do.
    #[error("{place}: {what}; {advice}")]
    Unsupported {
        /// Where.
        place: String,
        /// What is not read.
        what: String,
        /// What the user can do.
        advice: &'static str,
    },
    /// The user asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl ReadError {
    /// A file broken at a place.
    pub(super) fn malformed(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Malformed { place: place.into(), problem: problem.into() }
    }

    /// What no writer of the format writes: the file is damaged.
    pub(super) fn broken(place: impl Into<String>, problem: impl Display) -> Self {
        Self::malformed(place, format!("{problem}: download the extract again"))
    }
}

const CONVERT: &str = "convert it with `osmium cat FILE -o FILE.osm.pbf`";

/// Names the format that bytes look like, with what to do about it.
pub(super) fn looks_like(bytes: &[u8]) -> (&'static str, &'static str) {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let starts = |prefix: &[u8]| bytes.starts_with(prefix);
    if starts(b"\x1f\x8b") {
        ("gzip", "name it .osm.gz if it holds OSM XML")
    } else if starts(b"BZh") {
        ("bzip2", "unpack it first, or convert it with `osmium cat`")
    } else if starts(b"\xff\xe0") || starts(b"\xff") && bytes.windows(4).take(16).any(|w| w == b"o5m2") {
        ("o5m", CONVERT)
    } else if starts(b"PK\x03\x04") {
        ("a zip archive", "unpack it first")
    } else if starts(b"SQLite format 3\0") {
        ("SQLite or GeoPackage", "name it .gpkg")
    } else if bytes.get(4..).is_some_and(|b| b.windows(9).take(40).any(|w| w == b"OSMHeader")) {
        ("OSM PBF", "name it .osm.pbf")
    } else if text[..text.len().min(500)].windows(5).any(|word| word.eq_ignore_ascii_case(b"<html")) {
        ("a web page", "the download probably led to a log-in or an error")
    } else if text.starts_with(b"<") {
        ("XML", "name it .osm if it is OSM XML")
    } else if text.starts_with(b"{") || text.starts_with(b"[") {
        ("JSON", "name it .geojson if it is GeoJSON")
    } else if is_opl(text) {
        ("OPL", CONVERT)
    } else {
        ("something else", "download the extract again, and check its name")
    }
}

/// `n1 v1 …`, `w20 v1 …`, `r30 v1 …`.
pub(crate) fn is_opl(text: &[u8]) -> bool {
    let word = text.split(|&b| b == b' ').next().unwrap_or_default();
    matches!(word, [b'n' | b'w' | b'r', digits @ ..] if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
}
