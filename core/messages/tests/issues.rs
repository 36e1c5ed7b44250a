//! Every kind of problem that the core tells of has a title in the messages: a code without one would be shown as it is.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Codes of a source text: words with hyphens in quotes, beside a severity or where an issue is made.
fn codes(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let is_code = |word: &str| {
        word.contains('-')
            && word.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase()))
    };
    // The next word in quotes, where nothing but the arguments before it is in between.
    for opener in ["Issue::new(", "self.issue(", "self.bad_value(", "named(\n"] {
        for (at, _) in text.match_indices(opener) {
            let word = text[at..].split('"').nth(1).filter(|word| is_code(word));
            found.extend(word.map(str::to_owned));
        }
    }
    // The last one before a severity.
    for (at, _) in text.match_indices("Severity::") {
        let before = text[..at].trim_end().trim_end_matches(',');
        let word = before.strip_suffix('"').and_then(|rest| rest.rsplit('"').next());
        found.extend(word.filter(|word| is_code(word)).map(str::to_owned));
    }
    found
}

fn sources(folder: &Path, all: &mut String) {
    let mut entries: Vec<_> = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" {
            sources(&path, all);
        } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).expect("text");
            all.push_str(text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default());
        }
    }
}

#[test]
fn every_problem_has_a_title() {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut text = String::new();
    for crate_of_issues in ["breiband", "import", "network", "spatial", "terrain"] {
        sources(&core.join(crate_of_issues).join("src"), &mut text);
    }
    let codes = codes(&text);
    assert!(codes.len() > 40 && codes.contains("handover-far"), "they are found: {codes:?}");
    let untitled: Vec<_> = codes.iter().filter(|code| !breiband_messages::has(&format!("issue.{code}"))).collect();
    assert!(untitled.is_empty(), "{untitled:?}");
}
