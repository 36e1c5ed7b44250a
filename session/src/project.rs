//! The project as one file: a line of JSON that says what is in it, then the bytes of the inputs, one after the other.

use std::rc::Rc;

use breiband::{Scenario, ScenarioError};
use serde::{Deserialize, Serialize};

use crate::document::{Drawing, Variant};
use crate::refusal::{self, Refusal, refuse};

/// The version that is written.
const VERSION: u32 = 2;
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
    /// The route or area being drawn.
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
    /// Whether its goal or its masts brought the section `[mix]` with them.
    #[serde(default)]
    pub(crate) lent_mix: bool,
}

impl Saved {
    /// A scenario as it is written.
    pub(crate) fn of(variant: &Variant) -> Self {
        let Variant { id, note, lent_mix, .. } = variant;
        Self { id: *id, note: note.clone(), toml: variant.toml(), lent_mix: *lent_mix }
    }

    /// The scenario that was written.
    ///
    /// # Errors
    /// Its text is none.
    pub(crate) fn variant(self) -> Result<Rc<Variant>, ScenarioError> {
        let Self { id, note, toml, lent_mix } = self;
        let scenario = Scenario::parse(&toml)?;
        Ok(Rc::new(Variant { id, note, scenario, text: Some(toml), lent_mix }))
    }
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

/// Makes a head of a version one of the next.
fn upgrade(version: u64, head: &mut serde_json::Value) {
    // 1: only routes were drawn, and what for was called their use.
    if version == 1
        && let Some(drawing) = head.get_mut("drawing").and_then(serde_json::Value::as_object_mut)
    {
        for (old, new) in [("route", "known"), ("usage", "purpose")] {
            if let Some(value) = drawing.remove(old) {
                drawing.insert(new.to_owned(), value);
            }
        }
    }
    head["breiband_project"] = (version + 1).into();
}

/// A project as its bytes have it: its head, each input, and what comes after them.
type Project<'b> = (Head, Vec<&'b [u8]>, &'b [u8]);

/// Reads a project: its head, the bytes of each input, and what comes after them.
///
/// # Errors
/// A failure's code and detail: what is not a project, was cut short, or was written by a newer program.
pub(crate) fn read(bytes: &[u8]) -> Result<Project<'_>, Refusal> {
    let wrong = || refuse("project", String::new());
    let end = bytes.iter().take(MOST_HEAD).position(|&byte| byte == b'\n');
    let end = end.ok_or_else(wrong)?;
    let mut value: serde_json::Value = serde_json::from_slice(&bytes[..end]).map_err(refusal::no_project)?;
    match value["breiband_project"].as_u64() {
        Some(version) if version > u64::from(VERSION) => return Err(refuse("project-newer", version.to_string())),
        Some(version @ 1..) => (version..u64::from(VERSION)).for_each(|version| upgrade(version, &mut value)),
        _ => return Err(wrong()),
    }
    let head: Head = serde_json::from_value(value).map_err(refusal::no_project)?;
    let mut rest = &bytes[end + 1..];
    let mut files = Vec::new();
    for file in &head.files {
        let length = usize::try_from(file.bytes).unwrap_or(usize::MAX);
        if length > rest.len() {
            return Err(refusal::project_cut(&file.name));
        }
        let (own, others) = rest.split_at(length);
        files.push(own);
        rest = others;
    }
    Ok((head, files, rest))
}

#[cfg(test)]
mod tests {
    use breiband_wire::Purpose;

    use super::*;

    #[test]
    fn an_old_project_is_read_as_one_of_today() {
        let old = br#"{"breiband_project":1,"today":"2026-01-01","scenarios":[],"current":1,"planned":false,"files":[],
            "drawing":{"route":3,"usage":"forbidden","points":[[6.1,62.0]],"legs":[],"mode":"road"}}"#;
        let mut old: Vec<u8> = old.iter().copied().filter(|&byte| byte != b'\n').collect();
        old.push(b'\n');
        let (head, files, _) = read(&old).expect("it is upgraded");
        let drawing = head.drawing.clone().expect("a drawing");
        assert_eq!((drawing.known, drawing.purpose, files.len()), (Some(3), Purpose::Forbidden, 0));
        assert_eq!(head.breiband_project, VERSION);
        assert_eq!(read(&head.line()).expect("its own").0, head);
        let newer = String::from_utf8(head.line()).expect("text").replace("project\":2", "project\":9");
        assert_eq!(read(newer.as_bytes()).expect_err("newer").code, "project-newer");
    }
}
