//! Problems in the data: coded, placed, and never only the first.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing: an assumption, a mended detail.
    Note,
    /// The record was used, but something about it was not.
    Warning,
    /// The record was left out.
    Error,
}

/// One problem: what, where, and the value that caused it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// A stable kebab-case code such as `missing-node`, one for each kind of problem.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// The file's name as the user gave it; empty where the problem is not in a file.
    pub file: String,
    /// The record: a line, a feature number or an external id such as `way/123`.
    pub record: String,
    /// The field, tag or column.
    pub field: String,
    /// The offending value, shortened.
    pub value: String,
    /// What it means and what to do, in one English sentence.
    pub message: String,
}

impl Issue {
    /// A problem of kind `code`; the place is added by the other methods.
    pub fn new(code: &str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            severity,
            file: String::new(),
            record: String::new(),
            field: String::new(),
            value: String::new(),
            message: message.into(),
        }
    }

    /// The file it is in.
    #[must_use]
    pub fn file(mut self, file: impl Into<String>) -> Self {
        self.file = file.into();
        self
    }

    /// The record it is in.
    #[must_use]
    pub fn record(mut self, record: impl Into<String>) -> Self {
        self.record = record.into();
        self
    }

    /// The field and its value; values over 80 characters are shortened.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>, value: impl AsRef<str>) -> Self {
        self.field = field.into();
        let value = value.as_ref();
        self.value = value.chars().take(80).collect();
        if self.value.len() < value.len() {
            self.value.push('…');
        }
        self
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        for (name, text) in [("", &self.file), ("", &self.record), ("", &self.field)] {
            if !text.is_empty() {
                write!(f, " {name}{text}")?;
            }
        }
        if !self.value.is_empty() {
            write!(f, " = {:?}", self.value)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// The number of issues by code, in the order of the codes.
pub fn count_by_code(issues: &[Issue]) -> std::collections::BTreeMap<String, u64> {
    let mut counts = std::collections::BTreeMap::new();
    for issue in issues {
        *counts.entry(issue.code.clone()).or_insert(0) += 1;
    }
    counts
}
