//! Debian's packages, installed where that is allowed: by root, or in continuous integration.

use std::fs;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};

use crate::shell::{execute, exists, is_ci, is_root, output, program, say, target};

/// Whether packages may be installed here.
fn may_install() -> bool {
    exists("apt-get") && (is_root() || is_ci())
}

/// Programs, and the Debian packages that have them.
pub(crate) type Packages = &'static [(&'static str, &'static str)];

/// Installs the packages of those programs that are missing, where that is allowed. Waits for an installation under way.
pub(crate) fn ensure(programs: &[(&str, &str)]) -> Result<()> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let missing: Vec<&str> = programs.iter().filter(|(name, _)| !exists(name)).map(|(_, package)| *package).collect();
    if missing.is_empty() || !may_install() {
        return Ok(());
    }
    install(&missing)
}

/// Installs with an archive folder of its own: a clean-up hook of some images deletes the usual one while dpkg reads from it.
fn install(packages: &[&str]) -> Result<()> {
    say(&format!("installing Debian's {}", packages.join(", ")));
    let archives = target()?.join("apt-archives");
    fs::create_dir_all(archives.join("partial"))?;
    let apt = || {
        let mut command = if is_root() { program("apt-get") } else { program("sudo") };
        if !is_root() {
            command.args(["-n", "apt-get"]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").current_dir("/");
        command
    };
    let context = || format!("installing {}", packages.join(", "));
    output(apt().args(["update", "-qq"])).with_context(context)?;
    let options = [format!("-oDir::Cache::archives={}", archives.display()), "-oAPT::Sandbox::User=root".to_owned()];
    let mut install = apt();
    install.args(options).args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages);
    execute(&mut install).with_context(context)?;
    fs::remove_dir_all(archives)?;
    Ok(())
}
