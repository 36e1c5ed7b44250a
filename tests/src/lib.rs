//! What the end-to-end tests share: the folder of real inputs, which may be absent.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use breiband::{
    CheckState, Context, CostBook, OutputFile, Plan, Region, Scenario, Silent, SourceFile, Staged, Verification,
};

/// The path of a real input under `../shared/data` (or `$BREIBAND_SHARED/data`), or `None` with a line on standard error
/// that says what is skipped. Tests that need one must pass without it.
pub fn shared(name: &str) -> Option<PathBuf> {
    let root = match std::env::var_os("BREIBAND_SHARED") {
        Some(root) => PathBuf::from(root),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
    };
    let path = root.join("data").join(name);
    if path.exists() {
        return Some(path);
    }
    // Past the test harness's capture, so that a skip is seen.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {name} is not at hand");
    None
}

/// What `breiband plan` writes of a plan, by name.
#[must_use]
pub fn written(
    region: &Staged<Region>,
    scenario: &Scenario,
    book: &CostBook,
    plan: &Staged<Plan>,
) -> BTreeMap<String, Vec<u8>> {
    let copy = Scenario { cost_book: Some("cost-book.toml".to_owned()), ..scenario.clone() };
    let files = breiband::files(&region.value, &copy, book, plan);
    files.into_iter().map(|OutputFile { name, bytes }| (name, bytes)).collect()
}

/// What `breiband verify` finds in such files, every check made.
///
/// # Panics
/// If a check could not be made.
#[must_use]
pub fn verified(files: &BTreeMap<String, Vec<u8>>, sources: &[SourceFile<'_>]) -> Verification {
    let missing = || std::io::Error::from(std::io::ErrorKind::NotFound);
    let found = breiband::verify(
        &mut |name| files.get(name).cloned().ok_or_else(missing),
        &mut |path| sources.iter().find(|s| s.input.path == path).map(|s| s.bytes.to_vec()).ok_or_else(missing),
        &mut Context::new(&mut Silent),
    );
    assert!(found.checks.iter().all(|check| check.state != CheckState::NotChecked), "{:?}", found.checks);
    found
}

/// The names of the checks that fail.
#[must_use]
pub fn faults(found: &Verification) -> Vec<&'static str> {
    found.checks.iter().filter(|check| check.state == CheckState::Fails).map(|check| check.name).collect()
}
