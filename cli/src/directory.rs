//! Writing a directory whole or not at all.

use std::fs;
use std::path::Path;

use breiband::OutputFile;

use crate::failure::Failure;
use crate::interrupt::Writing;

/// What a command writes, by which an earlier result is known.
pub(crate) struct Kind {
    /// A file that is always there.
    marker: &'static str,
    /// Files that are there for some scenarios only.
    sometimes: &'static [&'static str],
}

pub(crate) const PLAN: Kind = Kind {
    marker: "manifest.json",
    sometimes: &["masts.csv", "masts.geojson", "places.csv", "places.geojson", "policy.toml", "support-areas.csv"],
};
pub(crate) const REPORT: Kind = Kind {
    marker: "programme.json",
    sometimes: &[
        "business.csv",
        "first-year.csv",
        "game.csv",
        "leaving.csv",
        "links.csv",
        "measures.csv",
        "milestones.csv",
        "order-status.csv",
        "sensitivity.csv",
        "server-room.csv",
        "shapley.csv",
        "sharings.csv",
        "sites.csv",
        "support-areas.csv",
        "support-municipalities.csv",
        "support-premises.csv",
        "trunk.csv",
        "wronged-groups.csv",
    ],
};
pub(crate) const COMPARISON: Kind =
    Kind { marker: "compare.csv", sometimes: &["difference.geojson", "premises-difference.csv"] };
pub(crate) const REGION: Kind =
    Kind { marker: "scenario.toml", sometimes: &["masts.csv", "masts.geojson", "terrain.tif"] };

impl Kind {
    /// Whether an earlier result may hold a file of this name, or other programs write it beside one that it holds.
    fn may_hold(&self, name: &str, files: &[OutputFile]) -> bool {
        let name =
            ["-wal", "-shm", "-journal", ".aux.xml"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        name == ".DS_Store" || self.sometimes.contains(&name) || files.iter().any(|file| file.name == name)
    }
}

/// Writes `files` into `directory`. They are written beside it first and renamed when all are there; an earlier result in its
/// place is then removed. A directory that holds anything else is left alone.
pub(crate) fn write(directory: &Path, files: &[OutputFile], kind: &Kind) -> Result<(), Failure> {
    let fail = |path: &Path| {
        let path = path.to_path_buf();
        move |e: std::io::Error| Failure::file(&path, &e)
    };
    let mut held: Vec<String> = Vec::new();
    if directory.exists() {
        for entry in fs::read_dir(directory).map_err(fail(directory))? {
            held.push(entry.map_err(fail(directory))?.file_name().to_string_lossy().into_owned());
        }
    }
    let marker = kind.marker;
    if !held.is_empty() && !directory.join(marker).is_file() {
        return Err(Failure::usage(format!(
            "{} holds something else than an earlier result (no {marker} in it): choose another directory or empty it",
            directory.display()
        )));
    }
    held.sort_unstable();
    if let Some(other) = held.iter().find(|name| !kind.may_hold(name, files)) {
        return Err(Failure::usage(format!(
            "{} holds {other} beside an earlier result, which would be replaced as a whole: move that away or choose another \
             directory",
            directory.display()
        )));
    }
    let name = directory.file_name().ok_or_else(|| {
        Failure::usage(format!("{} cannot be replaced as a whole: name a directory", directory.display()))
    })?;
    let parent = match directory.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(fail(parent))?;
    let beside = |suffix: &str| parent.join(format!(".{}.{suffix}-{}", name.to_string_lossy(), std::process::id()));
    let (fresh, old) = (beside("new"), beside("old"));
    let writing = Writing::begin(&fresh);
    fs::create_dir(&fresh).map_err(fail(&fresh))?;
    for file in files {
        let path = fresh.join(&file.name);
        fs::write(&path, &file.bytes).map_err(fail(&path))?;
    }
    writing.finish(|| {
        if directory.exists() {
            fs::rename(directory, &old).map_err(fail(directory))?;
        }
        let renamed = fs::rename(&fresh, directory).map_err(fail(directory));
        if renamed.is_err() && old.exists() {
            let _ = fs::rename(&old, directory);
        }
        renamed?;
        if old.exists() { fs::remove_dir_all(&old).map_err(fail(&old)) } else { Ok(()) }
    })
}

/// Writes a file whole or not at all.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".new-{}", std::process::id()));
    let fresh = path.with_file_name(name);
    let writing = Writing::begin(&fresh);
    let written = fs::write(&fresh, bytes).and_then(|()| writing.finish(|| fs::rename(&fresh, path)));
    written.map_err(|error| Failure::file(path, &error))
}
