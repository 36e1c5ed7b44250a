//! Where real inputs are looked for.
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use std::path::PathBuf;

/// A path under `data` of the shared folder; says that the test is skipped where there is none.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("BREIBAND_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join("data").join(path);
    if !path.exists() {
        eprintln!("SKIPPED: {} is not there", path.display());
        return None;
    }
    Some(path)
}
