//! The wasm32 target's standard library: from rustup where it can download, else built from Debian's `rust-src` of exactly
//! the toolchain's version, which takes half a minute and needs no more than Debian's own package servers.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell::{execute, exists, output, program, say, target};

/// The target's name.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The Debian suites that may hold the toolchain's version, likeliest first.
const SUITES: [&str; 4] = ["trixie-backports", "sid", "trixie", "bookworm-backports"];

/// Adds the target to the active toolchain if it is missing.
pub(crate) fn ensure() -> Result<()> {
    let libraries = library_folder()?;
    if is_there(&libraries) {
        return Ok(());
    }
    say(&format!("setup: adding the {TARGET} target"));
    if exists("rustup") {
        let added = output(program("rustup").args(["target", "add", TARGET]));
        if added.is_ok() && is_there(&library_folder()?) {
            return Ok(());
        }
        say("setup: rustup cannot download it here; building it from Debian's rust-src instead");
    }
    build_from_debian(&libraries).with_context(|| {
        format!(
            "the {TARGET} target is missing, and neither rustup nor Debian's packages could supply it.\n\
             With network access, `rustup target add {TARGET}` does it"
        )
    })
}

fn library_folder() -> Result<PathBuf> {
    Ok(PathBuf::from(output(program("rustc").args(["--print", "target-libdir", "--target", TARGET]))?.trim()))
}

fn is_there(libraries: &Path) -> bool {
    fs::read_dir(libraries).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with("libstd-") && name.ends_with(".rlib")
        })
    })
}

fn build_from_debian(libraries: &Path) -> Result<()> {
    for needed in ["apt-get", "dpkg-deb"] {
        if !exists(needed) {
            bail!("{needed} is not on the path: this is no Debian machine");
        }
    }
    let version = output(program("rustc").arg("--version"))?;
    let version = version.split(' ').nth(1).context("rustc tells no version")?.to_owned();
    let work = target()?.join("rust-src");
    fs::create_dir_all(&work)?;
    let package = download(&work, &version)?;
    let source = work.join("source");
    fs::create_dir_all(&source)?;
    execute(program("dpkg-deb").arg("--extract").args([&package, &source]))?;
    let library = fs::read_dir(source.join("usr/src"))?
        .flatten()
        .map(|entry| entry.path().join("library"))
        .find(|folder| folder.join("sysroot/Cargo.toml").is_file())
        .context("the package holds no library/sysroot/Cargo.toml")?;
    let built = work.join("build");
    // The variables make a stable compiler accept the library's unstable features and give its symbols their usual names.
    execute(
        program("cargo")
            .current_dir(&library)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", "-Zforce-unstable-if-unmarked -Cembed-bitcode=yes")
            .env("__CARGO_DEFAULT_LIB_METADATA", "stablestd")
            .env("CARGO_TARGET_DIR", &built)
            .args([
                "build",
                "--quiet",
                "--locked",
                "--release",
                "--target",
                TARGET,
                "--manifest-path",
                "sysroot/Cargo.toml",
            ]),
    )?;
    fs::create_dir_all(libraries)?;
    for entry in fs::read_dir(built.join(TARGET).join("release/deps"))?.flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "rlib") {
            fs::copy(entry.path(), libraries.join(entry.file_name()))?;
        }
    }
    fs::remove_dir_all(&work)?;
    say(&format!("setup: built the {TARGET} library from rust-src {version}"));
    Ok(())
}

/// Fetches the `rust-src` package of `version` with lists and archives of its own, so that the machine's are untouched.
fn download(work: &Path, version: &str) -> Result<PathBuf> {
    let mirror = mirror().context("no package server is configured in /etc/apt")?;
    for folder in ["lists/partial", "archives/partial"] {
        fs::create_dir_all(work.join(folder))?;
    }
    for suite in SUITES {
        let list = work.join(format!("{suite}.list"));
        let keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
        fs::write(&list, format!("deb [signed-by={keyring}] {mirror} {suite} main\n"))?;
        let options = [
            format!("-oDir::Etc::sourcelist={}", list.display()),
            "-oDir::Etc::sourceparts=-".to_owned(),
            format!("-oDir::State::lists={}", work.join("lists").display()),
            format!("-oDir::Cache::archives={}", work.join("archives").display()),
            "-oAPT::Sandbox::User=root".to_owned(),
        ];
        if output(program("apt-get").args(&options).arg("update")).is_err() {
            continue;
        }
        let Ok(known) = output(program("apt-cache").args(&options).args(["madison", "rust-src"])) else { continue };
        let Some(full) = known
            .lines()
            .filter_map(|line| line.split('|').nth(1).map(str::trim))
            .find(|full| full.starts_with(version))
        else {
            continue;
        };
        let fetch = program("apt-get")
            .current_dir(work)
            .args(&options)
            .args(["download", &format!("rust-src={full}")])
            .status();
        if !fetch.is_ok_and(|status| status.success()) {
            continue;
        }
        let package = fs::read_dir(work)?
            .flatten()
            .map(|entry| entry.path())
            .find(|path| path.extension().is_some_and(|extension| extension == "deb"));
        if let Some(package) = package {
            return Ok(package);
        }
    }
    bail!("no Debian suite reached from {mirror} has rust-src {version}")
}

/// The machine's first Debian package server.
fn mirror() -> Option<String> {
    let sources = fs::read_dir("/etc/apt/sources.list.d").into_iter().flatten().flatten().map(|entry| entry.path());
    let files = sources.chain(std::iter::once(PathBuf::from("/etc/apt/sources.list")));
    let texts = files.filter_map(|path| fs::read_to_string(path).ok());
    texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).find_map(|line| {
        let is_entry = line.starts_with("URIs:") || line.starts_with("deb ");
        let mirror = line.split_whitespace().find(|word| word.contains("://"))?.to_owned();
        is_entry.then_some(mirror)
    })
}
