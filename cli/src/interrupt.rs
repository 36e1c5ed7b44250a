//! Ctrl-C: ends the program at once, and leaves nothing half-written.
//!
//! Whatever is only computed can be dropped where it stands. What is being written is told here: on an interrupt it is
//! removed before the program ends, and a finished result's renaming into its place is waited for.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use crate::text;

/// The exit code that shells give to what Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// What is not whole yet.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// A file or folder that is being written, until [`Writing::finish`]. Dropped without that, it is removed.
#[must_use = "dropped at once, it removes what is written"]
pub(crate) struct Writing(());

impl Writing {
    /// Says that `path` is about to be made; from now on an interrupt removes it.
    pub(crate) fn begin(path: &Path) -> Self {
        listen();
        *unfinished() = Some(path.to_path_buf());
        Self(())
    }

    /// Puts what was written into its place by `rename`; no interrupt comes between.
    pub(crate) fn finish<T, E>(self, rename: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let mut unfinished = unfinished();
        let done = rename();
        if done.is_ok() {
            *unfinished = None;
        }
        // Else the drop removes it, and locks for that.
        drop(unfinished);
        done
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if let Some(path) = unfinished().take() {
            remove(&path);
        }
    }
}

fn unfinished() -> MutexGuard<'static, Option<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn remove(path: &Path) {
    // A folder, a file, or not made yet.
    let _ = fs::remove_dir_all(path).or_else(|_| fs::remove_file(path));
}

/// Starts to listen for Ctrl-C; until then the system ends the program, and nothing is written yet.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        std::thread::spawn(move || {
            if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
                let unfinished = unfinished();
                if let Some(path) = &*unfinished {
                    remove(path);
                    text::say("breiband: interrupted; what was being written is removed");
                }
                // The lock is held to the end, so that nothing is renamed after this.
                std::process::exit(INTERRUPTED);
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_finished_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let (fresh, place) = (folder.path().join("fresh"), folder.path().join("place"));
        let begin = || {
            let writing = Writing::begin(&fresh);
            fs::create_dir(&fresh).expect("made");
            fs::write(fresh.join("file"), "half").expect("written");
            writing
        };
        drop(begin());
        assert!(!fresh.exists());
        assert!(begin().finish(|| Err::<(), _>("no room")).is_err());
        assert!(!fresh.exists());
        begin().finish(|| fs::rename(&fresh, &place)).expect("renamed");
        assert!(place.join("file").exists() && !fresh.exists());
    }
}
