//! Running programs, and where things are.

use std::cell::RefCell;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

/// The workspace's folder.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default())
}

/// Where the inputs lie that are not part of the project, whether they are there or not: `data` in `$BREIBAND_SHARED`, or in the
/// folder `shared` beside the project.
pub(crate) fn shared() -> PathBuf {
    std::env::var_os("BREIBAND_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from).join("data")
}

/// Cargo's target folder, wherever the user's settings put it.
pub(crate) fn target() -> Result<&'static Path> {
    static TARGET: OnceLock<PathBuf> = OnceLock::new();
    if let Some(target) = TARGET.get() {
        return Ok(target);
    }
    let metadata: serde_json::Value =
        serde_json::from_str(&output(cargo().args(["metadata", "--format-version=1", "--no-deps"]))?)?;
    let folder = metadata["target_directory"].as_str().context("cargo metadata names no target folder")?;
    Ok(TARGET.get_or_init(|| PathBuf::from(folder)))
}

/// The name of the machine's own target, as `x86_64-unknown-linux-gnu`.
pub(crate) fn host() -> Result<String> {
    let version = output(program("rustc").arg("-vV"))?;
    version.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned).context("rustc names no host")
}

/// The cargo that runs this task.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    // Set by the cargo that started this task for this task alone; a child's build scripts would rebuild because of them.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_MANIFEST_PATH"] {
        command.env_remove(name);
    }
    command
}

/// Any other program, run in the workspace's folder.
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

thread_local! {
    /// What this thread has said, while it is kept.
    static KEPT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Prints a line, or keeps it for later.
pub(crate) fn say(line: &str) {
    KEPT.with_borrow_mut(|kept| match kept {
        Some(text) => {
            text.push_str(line);
            text.push('\n');
        }
        None => println!("{line}"),
    });
}

/// Does something, and keeps what this thread says meanwhile and what programs print that it runs.
pub(crate) fn kept<T>(work: impl FnOnce() -> T) -> (T, String) {
    KEPT.set(Some(String::new()));
    let result = work();
    (result, KEPT.take().unwrap_or_default())
}

/// Runs a program whose output the user sees; anything but success is an error.
pub(crate) fn execute(command: &mut Command) -> Result<()> {
    let name = line(command);
    let context = || format!("cannot start {name}");
    command.stdin(Stdio::null());
    let status = if KEPT.with_borrow(Option::is_some) {
        let output = command.output().with_context(context)?;
        for text in [output.stdout, output.stderr] {
            String::from_utf8_lossy(&text).lines().for_each(say);
        }
        output.status
    } else {
        command.status().with_context(context)?
    };
    if !status.success() {
        bail!("{name} ended with {status}");
    }
    Ok(())
}

/// Runs a program and returns what it printed; all of that, and its errors, are shown where it fails.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {}", line(command)))?;
    if !output.status.success() {
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        bail!("{} ended with {}\n{out}{err}", line(command), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program, shows every line it prints as it comes, and returns them with whether it succeeded.
pub(crate) fn watch(command: &mut Command) -> Result<(String, bool)> {
    let name = line(command);
    let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = started.with_context(|| format!("cannot start {name}"))?;
    let mut text = String::new();
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).lines() {
            let line = line.with_context(|| format!("reading what {name} prints"))?;
            say(&line);
            text.push_str(&line);
            text.push('\n');
        }
    }
    Ok((text, child.wait()?.success()))
}

/// Whether a program of this name is on the path.
pub(crate) fn exists(name: &str) -> bool {
    find(name).is_some()
}

/// Where a program of this name is on the path.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// Whether this is a run of continuous integration, where a skipped check is a failed one.
pub(crate) fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// Whether the user may install packages.
pub(crate) fn is_root() -> bool {
    output(program("id").arg("-u").current_dir("/")).is_ok_and(|id| id.trim() == "0")
}

fn line(command: &Command) -> String {
    let words: Vec<_> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    words.join(" ")
}
