//! Sets up what the page needs and the machine lacks: the wasm32 target and the pinned npm packages. Does nothing where
//! both are there.

use anyhow::{Result, bail};

use crate::shell::{execute, exists, program, root, say};
use crate::wasm_target;

/// Makes sure that the page can be built.
pub(crate) fn run_quietly() -> Result<()> {
    wasm_target::ensure()?;
    npm_packages()
}

/// Makes sure that the page can be built, and says so.
pub(crate) fn run() -> Result<()> {
    run_quietly()?;
    say(&format!("setup: the {} target and the npm packages are in place", wasm_target::TARGET));
    Ok(())
}

/// Installs exactly what `web/package-lock.json` names, unless the same lock file was installed before.
fn npm_packages() -> Result<()> {
    let web = root().join("web");
    let lock = std::fs::read(web.join("package-lock.json"))?;
    // npm leaves its own copy of the lock file in node_modules, without the root entry: our stamp is the file itself.
    let stamp = web.join("node_modules/.breiband-lock.json");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    if !exists("npm") {
        bail!(
            "npm is not on the path: install Node.js 18 or newer with npm (Debian: apt install nodejs npm), then run this again"
        );
    }
    say("setup: installing the pinned npm packages into web/node_modules");
    execute(program("npm").current_dir(&web).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]))?;
    std::fs::write(stamp, lock)?;
    Ok(())
}
