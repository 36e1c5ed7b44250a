//! Builds the page and its worker into `web/dist`: two WASM modules with their bindings, the static files, MapLibre and
//! the sample region. Prints each part's compressed size and holds it to the ceilings of `web/sizes.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};
use wasm_bindgen_cli_support::Bindgen;

use crate::setup;
use crate::shell::{cargo, execute, root, say, target};
use crate::wasm_target::TARGET;

/// Cargo packages and the name of the bundle made of each.
const MODULES: [(&str, &str); 2] = [("breiband-app", "app"), ("breiband-worker", "worker")];

/// The profile that both are built with.
const PROFILE: &str = "wasm";

/// What is taken of MapLibre. Its own worker finds its file beside the main one.
const MAPLIBRE: [&str; 4] =
    ["dist/maplibre-gl.mjs", "dist/maplibre-gl-worker.mjs", "dist/maplibre-gl.css", "LICENSE.txt"];

/// Where the finished page is.
pub(crate) fn dist() -> PathBuf {
    root().join("web/dist")
}

/// Sets up and builds, unless this run of the tasks has done so already.
pub(crate) fn build_once() -> Result<()> {
    static DONE: Mutex<bool> = Mutex::new(false);
    let mut done = DONE.lock().unwrap_or_else(PoisonError::into_inner);
    if !*done {
        setup::run_quietly()?;
        assemble()?;
        *done = true;
    }
    Ok(())
}

/// Builds everything and prints the sizes.
pub(crate) fn build() -> Result<()> {
    assemble()?;
    check_sizes()
}

/// Lints the page and its worker, as they are built: with the profile's own macros and build scripts.
pub(crate) fn lint() -> Result<()> {
    let mut command = cargo();
    command.args(["clippy", "--quiet", "--locked", "--no-deps", "--profile", PROFILE, "--target", TARGET]);
    for (package, _) in MODULES {
        command.args(["--package", package]);
    }
    execute(command.args(["--", "-D", "warnings"]))
}

fn assemble() -> Result<()> {
    build_modules(&MODULES)?;
    let fresh = root().join("web/.dist-new");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    fs::create_dir_all(&fresh)?;
    for (package, name) in MODULES {
        bind(package, name, &fresh)?;
    }
    copy_folder(&root().join("web/assets"), &fresh)?;
    let maplibre = root().join("web/node_modules/maplibre-gl");
    fs::create_dir_all(fresh.join("maplibre"))?;
    for file in MAPLIBRE {
        let from = maplibre.join(file);
        let name = from.file_name().context("a file has a name")?;
        fs::copy(&from, fresh.join("maplibre").join(name)).with_context(|| format!("copying {}", from.display()))?;
    }
    sample(&fresh.join("sample"))?;
    // The page is swapped in whole, so that a server running over it never shows half of two builds for long.
    let dist = dist();
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    fs::rename(&fresh, &dist)?;
    Ok(())
}

/// Builds a package as the page's are built, and makes its bindings in a folder, under a name.
pub(crate) fn module_of(package: &str, name: &str, folder: &Path) -> Result<()> {
    setup::run_quietly()?;
    build_modules(&[(package, name)])?;
    fs::create_dir_all(folder)?;
    bind(package, name, folder)
}

fn build_modules(modules: &[(&str, &str)]) -> Result<()> {
    let mut command = cargo();
    command.args(["build", "--quiet", "--locked", "--profile", PROFILE, "--target", TARGET]);
    for (package, _) in modules {
        command.args(["--package", package]);
    }
    execute(&mut command)
}

/// The built module of a package, before its bindings are made.
fn module(package: &str) -> Result<PathBuf> {
    Ok(target()?.join(TARGET).join(PROFILE).join(format!("{}.wasm", package.replace('-', "_"))))
}

fn bind(package: &str, name: &str, folder: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(module(package)?)
        .out_name(name)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)
        .with_context(|| format!("making the bindings of {package}"))
}

/// The sample region's files, and a list of them for the page.
fn sample(folder: &Path) -> Result<()> {
    let source = root().join("data/sample");
    fs::create_dir_all(folder)?;
    let mut names = Vec::new();
    if source.is_dir() {
        for entry in fs::read_dir(&source)?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_input = !name.to_lowercase().ends_with(".md") && !name.starts_with("MANIFEST");
            if entry.path().is_file() && is_input {
                fs::copy(entry.path(), folder.join(&name))?;
                names.push(name);
            }
        }
    }
    names.sort();
    fs::write(folder.join("index.txt"), names.iter().map(|name| format!("{name}\n")).collect::<String>())?;
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())?.flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Prints the gzipped sizes; over a ceiling is an error, so that growth is a decision and not an accident.
pub(crate) fn check_sizes() -> Result<()> {
    let dist = dist();
    let text = fs::read_to_string(root().join("web/sizes.toml"))?;
    let ceilings: BTreeMap<String, BTreeMap<String, u64>> = toml::from_str(&text).context("web/sizes.toml")?;
    let ceilings = ceilings.get("kilobytes").context("web/sizes.toml has no [kilobytes]")?;
    let mut over = Vec::new();
    say(&format!("{:<32} {:>10} {:>10} {:>10}", "web/dist", "kB", "gzipped", "ceiling"));
    for (file, &ceiling) in ceilings {
        let bytes = fs::read(dist.join(file)).with_context(|| format!("web/dist/{file}"))?;
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&bytes)?;
        let packed = packed.finish()?.len() as u64;
        say(&format!("{file:<32} {:>10.1} {:>10.1} {ceiling:>10}", bytes.len() as f64 / 1e3, packed as f64 / 1e3));
        if packed > ceiling * 1_000 {
            over.push(file.as_str());
        }
    }
    if !over.is_empty() {
        bail!(
            "over the ceiling of web/sizes.toml: {}. Make it smaller, or raise the ceiling and say why",
            over.join(", ")
        );
    }
    Ok(())
}
