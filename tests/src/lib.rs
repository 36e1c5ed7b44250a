//! What the end-to-end tests share: the folder of real inputs, which may be absent.

use std::io::Write;
use std::path::{Path, PathBuf};

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
