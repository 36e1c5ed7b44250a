//! Why a command failed, as a sentence and an exit code.

use std::fmt;
use std::io::ErrorKind;
use std::path::Path;
use std::process::ExitCode;

use breiband::{Issue, PlanError};

use crate::inspect::describe_issues;

/// A failure: what to tell, and which exit code it has.
#[derive(Debug)]
pub(crate) struct Failure {
    text: String,
    code: u8,
}

impl Failure {
    /// A file could not be read.
    pub(crate) fn file(path: &Path, error: &std::io::Error) -> Self {
        let path = path.display();
        let text = match error.kind() {
            ErrorKind::NotFound => format!("{path}: there is no such file or folder"),
            ErrorKind::IsADirectory => format!("{path} is a folder, and not a file"),
            ErrorKind::NotADirectory => format!("{path}: what should be a folder there is a file"),
            ErrorKind::PermissionDenied => format!("{path}: you have no right to that here: {error}"),
            _ => format!("{path}: {error}"),
        };
        Self { text, code: 1 }
    }

    /// What should be written, a path or a stream, could not be.
    pub(crate) fn unwritten(place: impl fmt::Display, error: &std::io::Error) -> Self {
        let why = match error.kind() {
            ErrorKind::NotFound => "the folder that it should lie in is not there: make it first, or choose another",
            ErrorKind::NotADirectory => "what should be a folder there is a file: choose another place",
            ErrorKind::IsADirectory => "it is a folder, and a file is to be written: name a file",
            ErrorKind::PermissionDenied => "you have no right to write there: choose another place",
            ErrorKind::StorageFull => "there is no room left to write it",
            _ => return Self { text: format!("{place}: it could not be written: {error}"), code: 1 },
        };
        Self { text: format!("{place}: {why}"), code: 1 }
    }

    /// A file that a scenario names could not be read.
    pub(crate) fn named(path: &Path, error: &std::io::Error) -> Self {
        let Self { mut text, code } = Self::file(path, error);
        if error.kind() == ErrorKind::NotFound {
            text += "; put it there, or write where it is: names begin in the scenario's own folder";
        }
        Self { text, code }
    }

    /// Wrong arguments.
    pub(crate) fn usage(text: impl fmt::Display) -> Self {
        Self { text: text.to_string(), code: 2 }
    }

    /// An input, scenario or cost book was refused.
    pub(crate) fn input(text: impl fmt::Display) -> Self {
        Self { text: text.to_string(), code: 3 }
    }

    /// A plan was refused.
    pub(crate) fn plan(error: PlanError) -> Self {
        match error {
            PlanError::NoWays | PlanError::NoPremises | PlanError::NothingToDig => Self::nothing(error),
            _ => Self::input(error),
        }
    }

    /// A plan of a region was refused: where something to plan is missing, what was wrong with the inputs may say why.
    pub(crate) fn plan_of(error: PlanError, issues: &[Issue]) -> Self {
        let failure = Self::plan(error);
        match failure.code == 4 && !issues.is_empty() {
            true => Self { text: format!("{}\n{}", failure.text, describe_issues(issues, 1).trim_end()), ..failure },
            false => failure,
        }
    }

    /// There is nothing to plan.
    pub(crate) fn nothing(text: impl fmt::Display) -> Self {
        Self { text: text.to_string(), code: 4 }
    }

    /// A plan does not verify.
    pub(crate) fn unverified(text: impl fmt::Display) -> Self {
        Self { text: text.to_string(), code: 5 }
    }

    /// The same, told with the place that names it before it.
    pub(crate) fn at(self, place: &str) -> Self {
        Self { text: format!("{place}{}", self.text), ..self }
    }

    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
