//! The project as one file: a line of JSON that says what is in it, then the bytes of the inputs, one after the other.

use serde::{Deserialize, Serialize};

use crate::document::Drawing;
use crate::edits::Refusal;

/// The version that is written.
const VERSION: u32 = 1;
/// How much of a file may be its first line.
const MOST_HEAD: usize = 64 << 20;

/// The first line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Head {
    /// The format's version; its name tells what the file is.
    pub(crate) breiband_project: u32,
    /// The date for scenarios that are drafted.
    pub(crate) today: String,
    /// The scenarios.
    pub(crate) scenarios: Vec<Saved>,
    /// The number of the one on screen.
    pub(crate) current: u32,
    /// Whether it was planned.
    pub(crate) planned: bool,
    /// The inputs, in the order of their bytes.
    pub(crate) files: Vec<SavedFile>,
    /// The route being drawn.
    #[serde(default)]
    pub(crate) drawing: Option<Drawing>,
}

/// A scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Saved {
    pub(crate) id: u32,
    #[serde(default)]
    pub(crate) note: String,
    pub(crate) toml: String,
}

/// An input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SavedFile {
    pub(crate) name: String,
    pub(crate) bytes: u64,
}

impl Head {
    /// A head of the version that is written.
    pub(crate) fn new(
        today: String,
        scenarios: Vec<Saved>,
        current: u32,
        planned: bool,
        files: Vec<SavedFile>,
    ) -> Self {
        Self { breiband_project: VERSION, today, scenarios, current, planned, files, drawing: None }
    }

    /// Its line.
    pub(crate) fn line(&self) -> Vec<u8> {
        let mut line = serde_json::to_vec(self).unwrap_or_default();
        line.push(b'\n');
        line
    }
}

/// Reads a project: its head, and the bytes of each input.
///
/// # Errors
/// A failure's code and detail: what is not a project, was cut short, or was written by a newer program.
pub(crate) fn read(bytes: &[u8]) -> Result<(Head, Vec<&[u8]>), Refusal> {
    let wrong = |detail: String| ("project", detail);
    let end = bytes.iter().take(MOST_HEAD).position(|&byte| byte == b'\n');
    let end = end.ok_or_else(|| wrong("its first line does not end".to_owned()))?;
    let value: serde_json::Value = serde_json::from_slice(&bytes[..end]).map_err(|error| wrong(error.to_string()))?;
    match value["breiband_project"].as_u64() {
        Some(version) if version > u64::from(VERSION) => return Err(("project-newer", version.to_string())),
        Some(1) => {}
        _ => return Err(wrong("it does not say that it is one".to_owned())),
    }
    let head: Head = serde_json::from_value(value).map_err(|error| wrong(error.to_string()))?;
    let mut rest = &bytes[end + 1..];
    let mut files = Vec::new();
    for file in &head.files {
        let length = usize::try_from(file.bytes).unwrap_or(usize::MAX);
        if length > rest.len() {
            return Err(wrong(format!("it was cut short within {}", file.name)));
        }
        let (own, others) = rest.split_at(length);
        files.push(own);
        rest = others;
    }
    Ok((head, files))
}
