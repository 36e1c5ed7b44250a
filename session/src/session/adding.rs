//! Files that are opened: instead of what is open, or added to it as an edit like any other.

use std::collections::BTreeMap;
use std::rc::Rc;

use breiband::{CostBook, CostBookError, Input, Policy, PolicyError, Scenario};
use breiband_wire::EditName;

use super::{Session, Sink};
use crate::document::{Document, Files, base_name};
use crate::edits;
use crate::history::History;
use crate::refusal::{self, Refusal};

/// Files by their names.
pub(super) type Given = BTreeMap<String, Rc<[u8]>>;

/// What a file is, as far as the session must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Scenario,
    CostBook,
    Policy,
    Data,
}

/// What a file is: a `.toml` that is neither prices nor a policy is the scenario.
fn kind_of(name: &str, bytes: &[u8]) -> Kind {
    if !name.to_lowercase().ends_with(".toml") {
        return Kind::Data;
    }
    match std::str::from_utf8(bytes) {
        // One with a fault in a value is one all the same, and its own fault is said.
        Ok(text) if !matches!(CostBook::parse(text), Err(CostBookError::Syntax(_))) => Kind::CostBook,
        Ok(text) if !matches!(Policy::parse(text), Err(PolicyError::Syntax(_))) => Kind::Policy,
        _ => Kind::Scenario,
    }
}

/// The scenarios among files, beside the others.
fn apart(files: Given) -> (Given, Given) {
    files.into_iter().partition(|(name, bytes)| kind_of(name, bytes) == Kind::Scenario)
}

/// Puts scenarios into a document, in the order of their names.
fn put(scenarios: &Given, document: &mut Document) -> Result<(), Refusal> {
    for bytes in scenarios.values() {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let scenario = Scenario::parse(&text).map_err(|error| refusal::scenario(&error))?;
        document.add(scenario, Some(text));
    }
    Ok(())
}

/// The document with files added: a scenario beside the others, a cost book or a policy as that of the one on screen, data as
/// inputs of every scenario. A file of a known name takes the place of the one before.
///
/// # Errors
/// A scenario that cannot be read.
pub(super) fn added(files: Given, now: &Document) -> Result<(EditName, Document), Refusal> {
    let value = files.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    let mut next = now.clone();
    let (scenarios, others) = apart(files);
    put(&scenarios, &mut next)?;
    for (name, bytes) in others {
        match kind_of(&name, &bytes) {
            Kind::CostBook => next.change(|variant| {
                edits::edited(variant);
                variant.scenario.cost_book = Some(name.clone());
            }),
            Kind::Policy => next.change(|variant| {
                edits::edited(variant);
                if let Some(settings) = &mut variant.scenario.programme {
                    settings.policy.clone_from(&name);
                }
            }),
            Kind::Scenario | Kind::Data => {
                for variant in &mut next.variants {
                    let orders = variant.scenario.programme.as_ref().map(|settings| settings.orders.as_str());
                    let is_orders = orders.is_some_and(|path| base_name(path) == name);
                    if !is_orders && !variant.scenario.inputs.iter().any(|input| base_name(&input.path) == name) {
                        let variant = Rc::make_mut(variant);
                        edits::edited(variant);
                        variant.scenario.inputs.push(Input::auto(&name));
                    }
                }
            }
        }
        Rc::make_mut(&mut next.files).insert(name, bytes);
    }
    Ok((EditName { key: "add-files".to_owned(), value }, next))
}

impl Session {
    /// Opens files instead of what is open, beside files that are `known`.
    pub(super) fn open(&mut self, revision: u32, mut known: Files, files: Given, today: String, sink: Sink<'_>) {
        let (scenarios, others) = apart(files);
        Rc::make_mut(&mut known).extend(others);
        let mut document = Document { files: known, ..Document::default() };
        let put = put(&scenarios, &mut document);
        (self.today, self.follows) = (today, false);
        self.history = History::begin(document);
        self.read(revision, sink);
        if let Err(refusal) = put {
            self.fail(refusal, sink);
        }
    }
}
