//! Files of what is on screen.

use std::rc::Rc;

use breiband::{Compared, Plan, Programme, Staged};
use breiband_wire::{Event, Export};

use super::{Session, Sink, answer};
use crate::document::{Variant, plan_key};
use crate::files::{self, Made};
use crate::refusal::{Refusal, refuse};
use crate::{compare, together, years};

impl Session {
    /// A file, and a name for it.
    ///
    /// # Errors
    /// Where it is a file of a plan, and there is none of the scenario on screen.
    pub(super) fn export(&self, export: &Export) -> Result<(String, Vec<u8>), Refusal> {
        let none = || refuse("no-files", String::new());
        let variant = self.history.now.variant().ok_or_else(none)?;
        match export {
            Export::Scenario => Ok(("scenario.toml".to_owned(), variant.toml().into_bytes())),
            Export::Rust => {
                let text = compare::rust_program(&variant.scenario, &self.book);
                Ok(("main.rs".to_owned(), text.into_bytes()))
            }
            Export::File(name) if name == "curve.csv" => {
                let key = self.curve_key();
                let (_, curve, _) = self.curve.as_ref().filter(|(known, ..)| *known == key).ok_or_else(none)?;
                Ok((name.clone(), curve.csv().into_bytes()))
            }
            Export::File(name) => Ok((name.clone(), self.made(|made| made.one(name))??)),
            Export::Page { language, public } => self.made(|made| made.page(language, *public))?,
            Export::Folder { language } => Ok(("plan.zip".to_owned(), self.made(|made| made.folder(language))??)),
            Export::Comparison => Ok(("comparison.zip".to_owned(), self.comparison()?)),
        }
    }

    /// Names and sizes of the files of the plan on screen; none where there is no whole plan.
    pub(super) fn tell_outputs(&self, revision: u32, sink: Sink<'_>) {
        let listed = self.made(|made| made.list()).unwrap_or_default();
        answer(revision, Event::Outputs(listed), Vec::new(), sink);
    }

    /// Makes something of the plan on screen.
    fn made<T>(&self, make: impl FnOnce(&Made<'_>) -> T) -> Result<T, Refusal> {
        let none = || refuse("no-files", String::new());
        let variant = self.history.now.variant().ok_or_else(none)?;
        let region = &self.region.as_ref().ok_or_else(none)?.value;
        let plan = self.plan.as_ref().filter(|_| self.plan_key == self.key());
        let plan = plan.ok_or_else(|| refuse("not-planned", variant.scenario.name.clone()))?;
        let programme = self.programme.as_ref().and_then(|programme| programme.as_ref().ok());
        let policy = together::policy(&variant.scenario, |path| self.history.now.file(path)).ok();
        let policy = policy.as_ref().filter(|_| programme.is_some());
        Ok(make(&Made { region, scenario: &variant.scenario, book: &self.book, plan, programme, policy }))
    }

    /// All scenarios that are planned, side by side: what `breiband compare` writes, as an archive.
    fn comparison(&self) -> Result<Vec<u8>, Refusal> {
        let region = &self.region.as_ref().ok_or_else(|| refuse("no-files", String::new()))?.value;
        let now = &self.history.now;
        let mut sides = Vec::new();
        for variant in &now.variants {
            let book = now.book_of(&variant.scenario)?;
            let key = plan_key(&variant.scenario, &book);
            match self.kept.iter().find(|kept| kept.key == key) {
                Some(kept) => sides.push((variant, book, &kept.plan)),
                // Its figures are known, and so it looks planned.
                None if self.figures.contains_key(&key) => {
                    return Err(refuse("not-planned", variant.scenario.name.clone()));
                }
                None => {}
            }
        }
        if sides.len() < 2 {
            return Err(refuse("one-scenario", String::new()));
        }
        let programme = |(variant, book, plan): &(&Rc<Variant>, breiband::CostBook, &Rc<Staged<Plan>>)| {
            let table = |path: &str| now.file(path).map(<[u8]>::to_vec);
            years::of(region, &variant.scenario, book, &plan.value, table)?.ok()
        };
        let programmes: Vec<Option<Programme>> = sides.iter().map(programme).collect();
        let names = unique(sides.iter().map(|side| side.0.scenario.name.as_str()));
        let compared: Vec<Compared<'_>> = sides
            .iter()
            .zip(&programmes)
            .zip(&names)
            .map(|(((variant, book, plan), programme), name)| Compared {
                name,
                region,
                scenario: &variant.scenario,
                book,
                plan,
                programme: programme.as_ref(),
            })
            .collect();
        let entries: Vec<_> = breiband::compare(&compared).into_iter().map(|file| (file.name, file.bytes)).collect();
        Ok(files::zip(&entries))
    }
}

/// Names that are told apart by a number where two are the same.
fn unique<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for name in names {
        let numbered = |n: usize| if n == 1 { name.to_owned() } else { format!("{name} ({n})") };
        let free = (1..).map(numbered).find(|name| !known.contains(name));
        known.extend(free);
    }
    known
}
