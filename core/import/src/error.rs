//! Why a file, or all of them together, could not be read.

use breiband_model::{Cancelled, Sentence, UnsoundRegion};

use crate::format::FORMATS_READ;

/// Why one file could not be read. Problems of single records are [`Issue`](breiband_model::Issue)s instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No bytes, or nothing but white space.
    #[error("the file is empty: was the download interrupted?")]
    Empty,
    /// The file ends within a record.
    #[error("the file is cut short at {place}: download it again")]
    Truncated {
        /// Line, byte or blob.
        place: String,
    },
    /// The file contradicts its format.
    #[error("the file is damaged at {place}: {what}")]
    Damaged {
        /// Line, byte, blob or table.
        place: String,
        /// What is wrong, and what to do where that is known.
        what: String,
    },
    /// More than this program is willing to hold.
    #[error("{what} is larger than {limit}: cut the file to the region first")]
    TooLarge {
        /// What is too large.
        what: String,
        /// The limit, with its unit.
        limit: String,
    },
    /// A small file that unpacks to an absurd size.
    #[error(
        "the file unpacks to more than {limit} times its size, as no map does: it is damaged or made to fill the memory"
    )]
    Bomb {
        /// The largest ratio that is accepted.
        limit: u64,
    },
    /// No format that is read here.
    #[error("the format is not known{}; these are read: {FORMATS_READ}", opened(hint))]
    UnknownFormat {
        /// What it seems to be, where that is known.
        hint: Option<Sentence>,
    },
    /// Text that is not UTF-8.
    #[error("the text is not UTF-8 at {place}: save the file as UTF-8")]
    NotUtf8 {
        /// Line.
        place: String,
    },
    /// The coordinate system is unknown or cannot be right.
    #[error("{0}")]
    Crs(Sentence),
    /// A table without the columns that its role needs.
    #[error("{0}")]
    Columns(Sentence),
    /// The format holds nothing for the role that the scenario gives the file.
    #[error("{0}")]
    Role(Sentence),
    /// A raster's own faults.
    #[error(transparent)]
    Raster(#[from] breiband_terrain::RasterError),
    /// An OSM file's own faults.
    #[error(transparent)]
    Osm(crate::osm::ReadError),
    /// The user asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl From<crate::osm::ReadError> for ReadError {
    /// A file that is cut short is that in every format.
    fn from(error: crate::osm::ReadError) -> Self {
        match error {
            crate::osm::ReadError::Truncated { place, .. } => Self::Truncated { place },
            error => Self::Osm(error),
        }
    }
}

/// Why files could not become a region.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// One of the files could not be read; nothing of the others is kept.
    #[error("{file}: {problem}")]
    File {
        /// The file's name as the user gave it.
        file: String,
        /// What is wrong with it.
        problem: ReadError,
    },
    /// No files.
    #[error("there is no input: name at least one file with roads or addresses")]
    NoFiles,
    /// More records than ids can name.
    #[error("there are more than 4,294,967,294 {0}: plan a smaller region")]
    TooMany(&'static str),
    /// A fault of this program.
    #[error("the region is not sound ({0}): please report this")]
    Unsound(#[from] UnsoundRegion),
    /// The user asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// What is said besides, if anything, after a colon.
fn opened(hint: &Option<Sentence>) -> String {
    hint.as_ref().map(|hint| format!(": {hint}")).unwrap_or_default()
}
