//! The list of problems, kept from growing without bound on a file that is nothing but problems.

use std::collections::BTreeMap;

use breiband_model::{Issue, Severity};

/// How many problems of one kind are listed; the rest are counted.
const LISTED_PER_CODE: u64 = 20_000;

/// Problems met so far.
#[derive(Debug, Default)]
pub(super) struct Issues {
    list: Vec<Issue>,
    counts: BTreeMap<String, u64>,
}

impl Issues {
    /// Lists a problem.
    pub(super) fn add(&mut self, issue: impl FnOnce() -> Issue) {
        let issue = issue();
        match self.counts.get_mut(&issue.code) {
            Some(count) => *count += 1,
            None => {
                self.counts.insert(issue.code.clone(), 1);
            }
        }
        if self.counts[&issue.code] <= LISTED_PER_CODE {
            self.list.push(issue);
        }
    }

    /// The list; where one kind was cut short, an issue says how many were not listed.
    pub(super) fn into_list(mut self) -> Vec<Issue> {
        for (code, count) in self.counts {
            if count > LISTED_PER_CODE {
                let rest = count - LISTED_PER_CODE;
                self.list.push(
                    Issue::new(
                        "not-listed",
                        Severity::Warning,
                        format!("{rest} more of `{code}` are counted but not listed"),
                    )
                    .field(code, rest.to_string()),
                );
            }
        }
        self.list
    }
}
