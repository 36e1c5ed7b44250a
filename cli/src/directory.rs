//! Writing a directory whole or not at all.

use std::fs;
use std::path::Path;

use breiband::OutputFile;

use crate::failure::Failure;
use crate::interrupt::Writing;

/// Writes `files` into `directory`. They are written beside it first and renamed when all are there; an earlier plan in its
/// place is then removed. A directory that holds anything else is left alone.
pub(crate) fn write(directory: &Path, files: &[OutputFile], marker: &str) -> Result<(), Failure> {
    let fail = |path: &Path| {
        let path = path.to_path_buf();
        move |e: std::io::Error| Failure::file(&path, &e)
    };
    let occupied = directory.exists() && fs::read_dir(directory).map_err(fail(directory))?.next().is_some();
    if occupied && !directory.join(marker).is_file() {
        return Err(Failure::usage(format!(
            "{} holds something else than an earlier result (no {marker} in it): choose another directory or empty it",
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
