//! Why something cannot be done, as a message of the page and what its placeholders stand for. Where the fault is in a file, a
//! parser's own words are quoted.

use breiband::spatial::BorderFault;
use breiband::{
    CostBook, CostBookError, ImportError, PlanError, PolicyError, ProgrammeError, ProgrammeFailure, ReadError,
    ScenarioError, Sentence, SettingsFault,
};
use breiband_wire::{Event, Value};

/// A failure's code, of which the page has a title, and what else is to say.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) detail: Value,
}

pub(crate) fn refuse(code: &'static str, detail: impl Into<Value>) -> Refusal {
    Refusal { code, detail: detail.into() }
}

impl From<Refusal> for Event {
    fn from(refusal: Refusal) -> Self {
        Self::Failed { code: refusal.code.to_owned(), detail: refusal.detail }
    }
}

/// A message of the page, with what stands in it.
fn why<const N: usize>(key: &str, values: [(&str, Value); N]) -> Value {
    Value::Why(key.to_owned(), values.map(|(name, value)| (name.to_owned(), value)).into())
}

fn text(value: impl ToString) -> Value {
    Value::Text(value.to_string())
}

/// A name that the page knows in every language, or else says as it is.
fn known(name: &str) -> Value {
    Value::Known(name.to_owned())
}

/// A sentence of the core's, of which the page has others.
pub(crate) fn sentence(sentence: &Sentence) -> Value {
    if sentence.is_quote() {
        return quoted(sentence);
    }
    let values = sentence.values.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    Value::Said(sentence.words.to_owned(), values.collect())
}

/// What is wrong with a file, by its name.
pub(crate) fn in_file(file: &str, what: Value) -> Value {
    why("in-file", [("file", text(file)), ("what", what)])
}

/// A file that is named and not among those that are open.
pub(crate) fn not_open(file: &str) -> Value {
    why("not-open", [("file", text(file))])
}

/// What a project file lacks.
pub(crate) fn no_project(error: impl ToString) -> Refusal {
    refuse("project", quoted(error))
}

pub(crate) fn project_cut(file: &str) -> Refusal {
    refuse("project", why("project-cut", [("file", text(file))]))
}

/// A parser's words, on one line: without the picture of the place, which needs letters of one width and lines of its own.
pub(crate) fn quoted(error: impl ToString) -> Value {
    let said = error.to_string();
    let is_picture =
        |line: &&str| line.trim_start_matches(|one: char| one == ' ' || one.is_ascii_digit()).starts_with('|');
    let words: Vec<&str> = said.lines().filter(|line| !is_picture(line)).map(str::trim).collect();
    why("quoted", [("what", text(words.join(": ")))])
}

pub(crate) fn scenario(error: &ScenarioError) -> Refusal {
    refuse("scenario", of_scenario(error))
}

fn of_scenario(error: &ScenarioError) -> Value {
    let at = |line: usize, what| why("at-line", [("line", Value::Count(line as u64)), ("what", what)]);
    match error {
        ScenarioError::Syntax(what) => quoted(what),
        ScenarioError::Version(version) => why("scenario-newer", [("version", text(version))]),
        ScenarioError::Value { field, value, remedy } => {
            why("setting-is", [("field", text(field)), ("value", text(value)), ("remedy", sentence(&(*remedy).into()))])
        }
        ScenarioError::At { line, fault } => at(*line, of_scenario(fault)),
        ScenarioError::Programme { line: Some(line), fault } => at(*line, setting(fault)),
        ScenarioError::Programme { line: None, fault } => setting(fault),
    }
}

fn setting(fault: &SettingsFault) -> Value {
    why("setting", [("field", text(fault.place())), ("remedy", sentence(&fault.problem))])
}

pub(crate) fn book(error: &CostBookError) -> Value {
    match error {
        CostBookError::BadPrice { id, field } => why("price-bad", [("price", text(id)), ("field", text(field))]),
        CostBookError::UnknownPrice { price, .. } => why("price-unknown", [("price", text(price))]),
        CostBookError::Duplicate(name) => why("name-twice", [("name", text(name))]),
        CostBookError::Syntax(what) => quoted(what),
        CostBookError::Range(what) => sentence(what),
    }
}

pub(crate) fn policy(error: &PolicyError) -> Value {
    match error {
        PolicyError::Syntax(what) => quoted(what),
        PolicyError::Value(what) => sentence(what),
    }
}

pub(crate) fn border(fault: BorderFault) -> Refusal {
    let key = match fault {
        BorderFault::Gone => return refuse("gone", String::new()),
        BorderFault::Meets => "border-meets",
        BorderFault::Crosses => "border-crosses",
    };
    refuse("border", why(key, []))
}

pub(crate) fn import(error: &ImportError) -> Value {
    match error {
        ImportError::File { file, problem } => read(file, problem),
        ImportError::NoFiles => why("no-inputs", []),
        ImportError::TooMany(_) => why("too-many", []),
        ImportError::Unsound(what) => fault_of_ours(what),
        // Whoever stopped it knows.
        ImportError::Cancelled(_) => text(""),
    }
}

fn fault_of_ours(what: impl ToString) -> Value {
    why("our-fault", [("what", text(what))])
}

fn read(file: &str, problem: &ReadError) -> Value {
    let file = ("file", text(file));
    let place = |place: &String| ("place", text(place));
    match problem {
        ReadError::Empty => why("file-empty", [file]),
        ReadError::Truncated { place: at } => why("file-cut", [file, place(at)]),
        ReadError::NotUtf8 { place: at } => why("file-utf8", [file, place(at)]),
        ReadError::Damaged { place: at, what } => why("file-damaged", [file, place(at), ("what", text(what))]),
        ReadError::TooLarge { limit, .. } => why("file-large", [file, ("limit", text(limit))]),
        ReadError::Bomb { limit } => why("file-bomb", [file, ("limit", Value::Count(*limit))]),
        ReadError::UnknownFormat { hint: None } => why("file-format", [file]),
        ReadError::UnknownFormat { hint: Some(hint) } => why("file-other", [file, ("hint", sentence(hint))]),
        ReadError::Crs(what) => why("file-crs", [file, ("what", sentence(what))]),
        ReadError::Columns(what) | ReadError::Role(what) => why("in-file", [file, ("what", sentence(what))]),
        ReadError::Raster(_) | ReadError::Osm(_) | ReadError::Cancelled(_) => {
            why("file-reader", [file, ("what", text(problem))])
        }
    }
}

pub(crate) fn plan(error: &PlanError, book: &CostBook) -> Value {
    match error {
        PlanError::NoWays => why("no-ways", []),
        PlanError::NoPremises => why("no-premises", []),
        PlanError::NoTechnologies(book) => why("no-technologies", [("book", known(book))]),
        PlanError::NoCabinetPrice(cabinet, book) => {
            why("no-cabinet-price", [("cabinet", text(cabinet)), ("book", known(book))])
        }
        PlanError::NothingToDig => why("nothing-to-dig", []),
        PlanError::Budget { least } => {
            why("budget-least", [("least", Value::Money(least.as_major(), book.file().currency.clone()))])
        }
        PlanError::Instance(what) => why("costs-too-large", [("what", text(what))]),
        PlanError::Solve(what) => fault_of_ours(what),
        PlanError::Scenario(what) => text(what),
        PlanError::Cancelled(_) => text(""),
    }
}

pub(crate) fn programme(error: &ProgrammeFailure, book: &CostBook) -> Value {
    match error {
        ProgrammeFailure::NoSection => why("programme-none", []),
        ProgrammeFailure::Orders(error) => {
            let line = why("at-line", [("line", Value::Count(error.line)), ("what", sentence(&error.problem))]);
            in_file(&error.file, line)
        }
        ProgrammeFailure::Plan(error) => plan(error, book),
        ProgrammeFailure::Settings(error) => match error {
            ProgrammeError::NoBudget => why("programme-no-budget", []),
            ProgrammeError::Unknown(fault) => setting(fault),
            ProgrammeError::UnknownTarget { place, id } => {
                why("unknown-target", [("place", text(place)), ("id", text(id))])
            }
            ProgrammeError::TooManyPlayers(count) => why("too-many-players", [("count", Value::Count(*count as u64))]),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parser_is_quoted_without_its_picture() {
        let Err(error) = breiband::Scenario::parse("version = 1\nname = [1") else { panic!("it is read") };
        assert!(error.to_string().contains(" | name = [1"), "{error}");
        let Value::Why(key, values) = scenario(&error).detail else { panic!("it is told in words") };
        let [(_, Value::Text(said))] = values.as_slice() else { panic!("{values:?}") };
        assert!(key == "quoted" && said.contains("line 2, column") && said.contains(": "), "{said}");
        assert!(!said.contains(['|', '^', '\n']), "{said}");
    }
}
