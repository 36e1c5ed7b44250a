//! Reading scenarios, cost books and inputs from disk.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use breiband::certificate::ParseError;
use breiband::steiner::{self, Problem, StpError};
use breiband::{
    Context, CostBook, CostBookError, Input, Manifest, Policy, ProgrammeFailure, ProgrammeSettings, Region, Scenario,
    SettingsFault, SourceFile, Staged,
};

use crate::failure::Failure;
use crate::progress::Watch;

/// A file's bytes.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|e| Failure::file(path, &e))
}

/// The Steiner tree problem in a file.
pub(crate) fn read_problem(path: &Path) -> Result<Problem, Failure> {
    steiner::read_problem(open(path)?).map_err(|error| {
        // Whoever has another file at hand hears what is read, not where it first differs.
        let other = matches!(&error, StpError::Text(ParseError::Line { line: 1, .. }));
        let hint =
            if other { ": it is no Steiner tree problem; SteinLib's STP and PACE's graphs are read" } else { "" };
        Failure::input(format!("{}: {error}{hint}", path.display()))
    })
}

/// A file, to be read as it goes.
pub(crate) fn open(path: &Path) -> Result<File, Failure> {
    // Some systems open a folder, and fail at its first byte.
    let opened = match path.is_dir() {
        true => Err(ErrorKind::IsADirectory.into()),
        false => File::open(path),
    };
    opened.map_err(|error| Failure::file(path, &error))
}

/// A file's text.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    text_of(path, read(path)?)
}

fn text_of(path: &Path, bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|_| Failure::input(format!("{}: not UTF-8 text", path.display())))
}

/// The file that the scenario at `path` names where `keys` lead to, taken relative to `base`.
fn read_named(path: &Path, base: &Path, name: &str, keys: &[&str]) -> Result<Vec<u8>, Failure> {
    let file = base.join(name);
    std::fs::read(&file).map_err(|error| Failure::named(&file, &error).at(&place(path, keys)))
}

/// A scenario and the directory its paths are relative to.
pub(crate) fn read_scenario(path: &Path) -> Result<(Scenario, PathBuf), Failure> {
    let scenario = Scenario::parse(&read_text(path)?);
    let scenario = scenario.map_err(|e| Failure::input(format!("{}: {e}", path.display())))?;
    let base = path.parent().map(Path::to_path_buf).unwrap_or_default();
    Ok((scenario, base))
}

/// Why the scenario at `path` gives no programme, with its line where that is in the scenario.
pub(crate) fn refused(path: &Path, error: &ProgrammeFailure) -> Failure {
    match error.in_settings() {
        Some(fault) => refused_settings(path, fault),
        None => Failure::input(format!("{}: {error}", path.display())),
    }
}

/// A fault in the scenario at `path`, with its line.
pub(crate) fn refused_settings(path: &Path, fault: &SettingsFault) -> Failure {
    let line = read_text(path).ok().and_then(|text| fault.line(&text));
    let line = line.map(|line| format!("line {line}: ")).unwrap_or_default();
    Failure::input(format!("{}: {line}{fault}", path.display()))
}

/// The cost book at `path`, or the shipped example.
pub(crate) fn read_cost_book(path: Option<&Path>) -> Result<CostBook, Failure> {
    match path {
        None => Ok(CostBook::example()),
        Some(path) => parsed_cost_book(path, read(path)?),
    }
}

fn parsed_cost_book(path: &Path, bytes: Vec<u8>) -> Result<CostBook, Failure> {
    let text = text_of(path, bytes)?;
    CostBook::parse(&text).map_err(|e| {
        let line = e.line(&text).map(|line| format!("line {line}: ")).unwrap_or_default();
        Failure::input(format!("{}: {line}{e}", path.display()))
    })
}

/// The prices the scenario at `path` asks for: those of its cost book, or of the shipped example, with its own changes.
pub(crate) fn read_prices(path: &Path, scenario: &Scenario, base: &Path) -> Result<CostBook, Failure> {
    let book = match &scenario.cost_book {
        None => CostBook::example(),
        Some(book) => parsed_cost_book(&base.join(book), read_named(path, base, book, &["cost_book"])?)?,
    };
    book.changed(&scenario.prices).map_err(|error| match &error {
        CostBookError::UnknownPrice { price, .. } => {
            let known: Vec<&str> = book.file().prices.iter().map(|one| one.id.as_str()).collect();
            let problem = format!("the cost book has no such price: there are {}", known.join(", "));
            Failure::input(problem).at(&place(path, &["prices", price]))
        }
        CostBookError::BadPrice { id, .. } => Failure::input(&error).at(&place(path, &["prices", id])),
        _ => Failure::input(&error).at(&place(path, &["prices"])),
    })
}

/// Where a fault is that `keys` lead to in the scenario at `path`, to stand before it.
fn place(path: &Path, keys: &[&str]) -> String {
    let line = read_text(path).ok().and_then(|text| breiband::line_in_toml(&text, keys));
    let line = line.map(|line| format!("line {line}: ")).unwrap_or_default();
    let named = match keys {
        // An input goes by its file, which is told anyhow.
        ["input", _] => "input".to_owned(),
        _ => keys[..keys.len().min(2)].join("."),
    };
    format!("{}: {line}{named}: ", path.display())
}

/// The demand policy that the programme of the scenario at `path` names, or the shipped example, with the programme's own changes.
pub(crate) fn read_policy(path: &Path, scenario: &Scenario, base: &Path) -> Result<Policy, Failure> {
    let Some(settings) = &scenario.programme else { return Ok(Policy::example()) };
    let policy = match settings.policy.as_str() {
        "" => Policy::example(),
        name => {
            let file = base.join(name);
            let text = text_of(&file, read_named(path, base, name, &["programme", "policy"])?)?;
            Policy::parse(&text).map_err(|e| {
                let line = e.line(&text).map(|line| format!("line {line}: ")).unwrap_or_default();
                Failure::input(format!("{}: {line}{e}", file.display()))
            })?
        }
    };
    policy.changed(&settings.policy_changes).map_err(|error| {
        // The change that is refused, by what is said of it; of several that do not fit together, the section.
        let said = error.to_string();
        let change = settings.policy_changes.keys().find(|change| said.contains(change.as_str()));
        let keys = ["programme", "policy_changes"].into_iter().chain(change.map(String::as_str));
        Failure::input(error).at(&place(path, &keys.collect::<Vec<_>>()))
    })
}

/// The inputs, their paths taken relative to `base`; `path` is the scenario that names them, if one does.
fn read_inputs(path: Option<&Path>, inputs: &[Input], base: &Path) -> Result<Vec<SourceFile<'static>>, Failure> {
    let read = |input: &Input| {
        let bytes = match path {
            Some(path) => read_named(path, base, &input.path, &["input", &input.path])?,
            None => read(&base.join(&input.path))?,
        };
        Ok(SourceFile { input: input.clone(), bytes: bytes.into() })
    };
    inputs.iter().map(read).collect()
}

/// Refuses a directory without a plan.
pub(crate) fn holds_plan(directory: &Path) -> Result<(), Failure> {
    // A folder that is not there holds none either, but that is not what is wrong with it.
    std::fs::metadata(directory).map_err(|error| Failure::file(directory, &error))?;
    match directory.join("manifest.json").is_file() {
        true => Ok(()),
        false => Err(Failure::usage(format!("{} holds no plan: there is no manifest.json in it", directory.display()))),
    }
}

/// Where the inputs of the plan in `directory` lie: where the user says, in `inputs`; else beside the plan, in the current
/// directory or in the plan; else in a folder of the first two that has them as they were planned.
pub(crate) fn inputs_of(
    directory: &Path,
    inputs: Option<&Path>,
    scenario: &Scenario,
) -> Result<Option<PathBuf>, Failure> {
    let has = |base: &PathBuf| scenario.inputs.iter().all(|input| base.join(&input.path).is_file());
    if let Some(base) = inputs {
        if !base.is_dir() {
            let problem = "--inputs names the folder that the scenario's inputs lie in, and there is no such folder";
            return Err(Failure::input(format!("{}: {problem}", base.display())));
        }
        return Ok(Some(base.to_path_buf()).filter(has));
    }
    let near = [directory.join(".."), PathBuf::from(".")];
    if let Some(base) = near.iter().cloned().chain([directory.to_path_buf()]).find(has) {
        return Ok(Some(base));
    }
    // Another region may have files of the same names: those that were planned have their digests.
    let manifest = std::fs::read(directory.join("manifest.json")).ok();
    let Some(manifest) = manifest.and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok()) else {
        return Ok(None);
    };
    let mut folders: Vec<PathBuf> = near
        .iter()
        .filter_map(|base| std::fs::read_dir(base).ok())
        .flat_map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())))
        .collect();
    folders.sort_unstable();
    let planned = |base: &PathBuf| {
        let files = scenario.inputs.iter().zip(&manifest.inputs);
        has(base)
            && files.into_iter().all(|(input, (_, digest))| {
                std::fs::read(base.join(&input.path)).is_ok_and(|bytes| breiband::sha256(&bytes) == *digest)
            })
    };
    Ok(folders.into_iter().find(planned))
}

/// The region that a scenario's inputs describe; their bytes are dropped when it is made. `path` is the
/// scenario's, if it is one of its own that lies beside its inputs.
pub(crate) fn read_region(
    path: Option<&Path>,
    scenario: &Scenario,
    base: &Path,
    watch: &mut Watch,
) -> Result<Staged<Region>, Failure> {
    let files = watch.stage("read", |_| read_inputs(path, &scenario.inputs, base))?;
    watch.stage("import", |watch| {
        breiband::import(&files, &scenario.options, &mut Context::new(watch)).map_err(Failure::input)
    })
}

/// The table of orders that the programme of the scenario at `path` names, if it does: its name and bytes.
pub(crate) fn read_orders<'s>(
    path: &Path,
    settings: &'s ProgrammeSettings,
    base: &Path,
) -> Result<Option<(&'s str, Vec<u8>)>, Failure> {
    match settings.orders.as_str() {
        "" => Ok(None),
        table => Ok(Some((table, read_named(path, base, table, &["programme", "orders"])?))),
    }
}

/// `FILE` or `ROLE=FILE`, each as an input.
pub(crate) fn named_inputs(files: &[String]) -> Result<Vec<Input>, Failure> {
    files.iter().map(|file| named_input(file)).collect()
}

fn named_input(text: &str) -> Result<Input, Failure> {
    let Some((role, path)) = text.split_once('=') else { return Ok(Input::auto(text)) };
    match serde_json::from_value(role.into()) {
        Ok(role) => Ok(Input { role, ..Input::auto(path) }),
        // A file whose own name has that sign.
        Err(_) if Path::new(text).exists() => Ok(Input::auto(text)),
        Err(unknown) => {
            Err(Failure::usage(format!("{text}: there is no such file, nor such a role for {path}: {unknown}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use breiband::Role;

    #[test]
    fn roles_stand_before_the_path() {
        let input = |text| named_input(text).expect("an input");
        assert_eq!(input("borders=a.geojson").role, Role::Borders);
        assert_eq!(input("sign-ups=a=b.csv").path, "a=b.csv");
        assert_eq!(input("a-b.csv"), Input::auto("a-b.csv"));
    }
}
