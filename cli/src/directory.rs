//! Writing a directory or a file whole or not at all, and looking before the work whether that can be done.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use breiband::OutputFile;

use crate::failure::Failure;
use crate::interrupt::Writing;
use crate::text;

/// What a command writes, by which an earlier result is known.
pub(crate) struct Kind {
    /// A file that is always there.
    marker: &'static str,
    /// All others, some of which are there for some scenarios only.
    others: &'static [&'static str],
}

pub(crate) const PLAN: Kind = Kind {
    marker: "manifest.json",
    others: &[
        "certificate.txt.gz",
        "cost-book.toml",
        "demand.csv.gz",
        "graph.csv.gz",
        "issues.csv",
        "left-out.csv",
        "masts.csv",
        "masts.geojson",
        "network.csv",
        "network.geojson",
        "places.csv",
        "places.geojson",
        "plan.gpkg",
        "policy.toml",
        "premises.csv",
        "premises.geojson",
        "scenario.toml",
        "summary.html",
        "summary.json",
        "support-areas.csv",
    ],
};
pub(crate) const REPORT: Kind = Kind {
    marker: "programme.json",
    others: &[
        "build-order.csv",
        "business.csv",
        "coverage.csv",
        "first-year.csv",
        "game.csv",
        "leaving.csv",
        "links.csv",
        "measures.csv",
        "members.csv",
        "milestones.csv",
        "order-status.csv",
        "phases.geojson",
        "premises-phases.csv",
        "programme.gpkg",
        "report-en.html",
        "report-nb.html",
        "report-nn.html",
        "report-public-en.html",
        "report-public-nb.html",
        "report-public-nn.html",
        "sensitivity.csv",
        "server-room.csv",
        "shapley.csv",
        "shares.csv",
        "sharings.csv",
        "sites.csv",
        "support-areas.csv",
        "support-municipalities.csv",
        "support-premises.csv",
        "trunk.csv",
        "wronged-groups.csv",
        "years.csv",
    ],
};
pub(crate) const COMPARISON: Kind = Kind {
    marker: "compare.csv",
    others: &["compare-en.html", "compare-nb.html", "compare-nn.html", "difference.geojson", "premises-difference.csv"],
};
pub(crate) const REGION: Kind = Kind {
    marker: "scenario.toml",
    others: &[
        "borders.geojson",
        "buildings.geojson",
        "ducts.geojson",
        "handovers.geojson",
        "land.geojson",
        "masts.csv",
        "masts.geojson",
        "orders.csv",
        "power.geojson",
        "premises.csv",
        "service.csv",
        "sign-ups.csv",
        "sites.geojson",
        "terrain.tif",
        "water.geojson",
        "ways.geojson",
    ],
};

impl Kind {
    /// Whether a result may hold a file of this name.
    fn writes(&self, name: &str) -> bool {
        name == self.marker || self.others.contains(&name)
    }

    /// Whether an earlier result may hold a file of this name, or other programs write it beside one that it holds.
    fn may_hold(&self, name: &str) -> bool {
        let ends = ["-wal", "-shm", "-journal", ".aux.xml"];
        name == ".DS_Store" || self.writes(ends.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name))
    }
}

/// Where a scenario's result goes unless somebody says: `mine-plan` beside `mine.toml`.
pub(crate) fn beside(scenario: &Path, what: &str) -> PathBuf {
    let name = scenario.file_stem().unwrap_or_default().to_string_lossy();
    scenario.with_file_name(format!("{name}-{what}"))
}

/// Refuses a directory that [`write()`] would refuse, as far as can be told before the work whose result it is for: one that holds
/// anything but an earlier result.
pub(crate) fn check(directory: &Path, kind: &Kind) -> Result<(), Failure> {
    let directory = &*followed(directory);
    if directory.file_name().is_none() {
        return Err(Failure::usage(format!("{} cannot be replaced as a whole: name a directory", directory.display())));
    }
    let names = match fs::read_dir(directory) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries.and_then(|entries| {
            entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect::<Result<Vec<_>, _>>()
        }),
    };
    let mut names = names.map_err(|error| Failure::unwritten(directory.display(), &error))?;
    let marker = kind.marker;
    if !names.is_empty() && !directory.join(marker).is_file() {
        return Err(Failure::usage(format!(
            "{} holds something else than an earlier result (no {marker} in it): choose another directory or empty it",
            directory.display()
        )));
    }
    names.sort_unstable();
    match names.iter().find(|name| !kind.may_hold(name)) {
        Some(other) => Err(Failure::usage(format!(
            "{} holds {other} beside an earlier result, which would be replaced as a whole: move that away or choose another \
             directory",
            directory.display()
        ))),
        None => Ok(()),
    }
}

/// Writes `files` into `directory`. They are written beside it first and renamed when all are there; an earlier result in its
/// place is then removed. A directory that holds anything else is left alone.
pub(crate) fn write(directory: &Path, files: &[OutputFile], kind: &Kind) -> Result<(), Failure> {
    let fail = |path: &Path| {
        let path = path.to_path_buf();
        move |e: std::io::Error| Failure::unwritten(path.display(), &e)
    };
    debug_assert!(files.iter().all(|file| kind.writes(&file.name)), "the next result would not take this one's place");
    // Much may have happened since it was looked at.
    check(directory, kind)?;
    let directory = &*followed(directory);
    let parent = parent(directory);
    fs::create_dir_all(parent).map_err(fail(parent))?;
    let name = directory.file_name().unwrap_or_default().to_string_lossy();
    let beside = |suffix: &str| parent.join(format!(".{name}.{suffix}-{}", std::process::id()));
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

/// Refuses a file that [`write_file`] could not write, as far as can be told before the work whose result it is for.
pub(crate) fn check_file(path: &Path) -> Result<(), Failure> {
    let kind = match fs::metadata(path) {
        Ok(there) if there.is_dir() => Some(ErrorKind::IsADirectory),
        Ok(_) => None,
        Err(_) => match fs::metadata(parent(&followed(path))) {
            Ok(folder) if folder.is_dir() => None,
            Ok(_) => Some(ErrorKind::NotADirectory),
            Err(error) => Some(error.kind()),
        },
    };
    kind.map_or(Ok(()), |kind| Err(Failure::unwritten(path.display(), &kind.into())))
}

/// Writes a file whole or not at all. What is no regular file (a device, a pipe) stays what it is and is written to.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let written = match fs::metadata(path) {
        Ok(there) if is_standard_output(&there) => return text::print_bytes(bytes),
        Ok(there) if !there.is_file() => {
            fs::OpenOptions::new().write(true).open(path).and_then(|mut to| to.write_all(bytes))
        }
        _ => replace(&followed(path), bytes),
    };
    written.map_err(|error| Failure::unwritten(path.display(), &error))
}

fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".new-{}", std::process::id()));
    let fresh = path.with_file_name(name);
    let writing = Writing::begin(&fresh);
    fs::write(&fresh, bytes)?;
    writing.finish(|| fs::rename(&fresh, path))
}

/// Whether this is where standard output goes: a file that took its place would get nothing of what is printed.
#[cfg(unix)]
fn is_standard_output(there: &fs::Metadata) -> bool {
    use std::os::{fd::AsFd, unix::fs::MetadataExt};
    let own = std::io::stdout().as_fd().try_clone_to_owned().and_then(|out| fs::File::from(out).metadata());
    own.is_ok_and(|own| (own.dev(), own.ino()) == (there.dev(), there.ino()))
}

#[cfg(not(unix))]
fn is_standard_output(_: &fs::Metadata) -> bool {
    false
}

/// Where a path leads: what takes the place of a link is not what the link was made for. There may be nothing yet.
fn followed(path: &Path) -> PathBuf {
    let mut place = path.to_path_buf();
    // As many as systems follow; those that go round in a ring cannot be written.
    for _ in 0..40 {
        let Ok(target) = fs::read_link(&place) else { break };
        place = parent(&place).join(target);
    }
    place
}

/// The folder that a path lies in.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
