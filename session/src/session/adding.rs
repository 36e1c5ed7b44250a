//! Files that are added to what is open: an edit like any other.

use std::rc::Rc;

use breiband::{CostBook, Input};

use super::{File, Session, Sink, base_name};
use crate::edits;

/// What a file is, as far as the session must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Scenario,
    CostBook,
    Policy,
    Data,
}

/// What a file is: a `.toml` that is neither prices nor a policy is the scenario.
pub(super) fn kind_of(name: &str, bytes: &[u8]) -> Kind {
    if !name.to_lowercase().ends_with(".toml") {
        return Kind::Data;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if CostBook::parse(text).is_ok() => Kind::CostBook,
        Ok(text) if breiband::Policy::parse(text).is_ok() => Kind::Policy,
        _ => Kind::Scenario,
    }
}

pub(super) fn holds_scenario(names: &[String], attachments: &[Vec<u8>]) -> bool {
    names.iter().zip(attachments).any(|(name, bytes)| kind_of(name, bytes) == Kind::Scenario)
}

impl Session {
    /// Adds files to the document as an edit: data as inputs of every scenario, a cost book or a policy as that of the one on
    /// screen. A file of a known name takes the place of the one before.
    pub(super) fn add_files(&mut self, revision: u32, names: Vec<String>, attachments: Vec<Vec<u8>>, sink: Sink<'_>) {
        let mut next = self.history.now.clone();
        let title = names.join(", ");
        for (name, bytes) in names.into_iter().zip(attachments) {
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
                        let inputs = &variant.scenario.inputs;
                        let orders = variant.scenario.programme.as_ref().map(|settings| settings.orders.as_str());
                        let is_orders = orders.is_some_and(|path| base_name(path) == name);
                        if !is_orders && !inputs.iter().any(|input| base_name(&input.path) == name) {
                            let variant = Rc::make_mut(variant);
                            edits::edited(variant);
                            variant.scenario.inputs.push(Input::auto(&name));
                        }
                    }
                }
            }
            self.files.insert(name, File { bytes });
        }
        let name = breiband_wire::EditName { key: "add-files".to_owned(), value: title };
        self.history.edit(name, next);
        self.read(revision, Some(self.history.now.clone()), sink);
    }
}
