//! The list of problems, bounded: a file of nonsense must not fill the memory with complaints.

use std::collections::BTreeMap;

use breiband_model::{Issue, Severity};

/// So many of one code in one file are listed one by one; the rest are counted.
const MOST: u64 = 100_000;

#[derive(Default)]
pub(super) struct Issues {
    list: Vec<Issue>,
    counts: BTreeMap<(String, String), u64>,
}

impl Issues {
    /// What a reader met in a file.
    pub(super) fn read(&mut self, file: &str, issues: Vec<Issue>) {
        for issue in issues {
            self.keep(if issue.file.is_empty() { issue.file(file) } else { issue });
        }
    }

    /// A problem of a record.
    pub(super) fn push(&mut self, file: &str, record: &str, issue: Issue) {
        self.keep(issue.file(file).record(record));
    }

    fn keep(&mut self, issue: Issue) {
        let count = self.counts.entry((issue.file.clone(), issue.code.clone())).or_insert(0);
        *count += 1;
        if *count <= MOST {
            self.list.push(issue);
        }
    }

    pub(super) fn into_list(mut self) -> Vec<Issue> {
        for ((file, code), count) in self.counts {
            if count > MOST {
                let message = format!("{} more of `{code}` are not listed", count - MOST);
                self.list.push(Issue::new("more-issues", Severity::Warning, message).file(file));
            }
        }
        self.list
    }
}
