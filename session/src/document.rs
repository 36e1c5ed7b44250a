//! What a planner edits: scenarios side by side, their files, and the route or area being drawn. States of it share what they
//! have in common.

use std::collections::BTreeMap;
use std::rc::Rc;

use breiband::{BorderEdit, CostBook, Input, Leg, PremisesFrom, Scenario};
use breiband_wire::Purpose;

use crate::edits::edited;
use crate::refusal::{self, Refusal, refuse};

/// The open files by name; states of the document share them.
pub(crate) type Files = Rc<BTreeMap<String, Rc<[u8]>>>;

/// An input and the file that is read for it, if it is open.
type ReadInput = (Input, Option<Content>);

/// A file's bytes. States of the document share them, so that what is the same is mostly so without a look at megabytes.
#[derive(Debug, Clone)]
pub(crate) struct Content(Rc<[u8]>);

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

/// A scenario with its own note.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Variant {
    /// Its number; never used again.
    pub(crate) id: u32,
    /// The planner's own words on it.
    pub(crate) note: String,
    /// What is to be planned.
    pub(crate) scenario: Scenario,
    /// The text that the scenario was read from, as long as it is not edited.
    pub(crate) text: Option<String>,
    /// Whether its goal or its masts brought the section `[mix]` with them.
    pub(crate) lent_mix: bool,
}

impl Variant {
    /// The scenario as a file: as it was read, or written anew.
    pub(crate) fn toml(&self) -> String {
        self.text.clone().unwrap_or_else(|| self.scenario.to_toml())
    }
}

/// A route or an area being drawn.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Drawing {
    /// The route or area of the scenario that is being changed; a new one otherwise.
    pub(crate) known: Option<usize>,
    /// What it is for.
    pub(crate) purpose: Purpose,
    /// Longitude and latitude of each waypoint, or of each corner of an area.
    pub(crate) points: Vec<[f64; 2]>,
    /// One fewer than the waypoints; an area's mean nothing.
    pub(crate) legs: Vec<Leg>,
    /// How the next leg runs.
    pub(crate) mode: Leg,
    /// What a border's drawing has changed so far.
    #[serde(default)]
    pub(crate) borders: Vec<BorderEdit>,
}

impl Drawing {
    /// Itself, where it has a leg between any two of its points: what was written elsewhere may not.
    pub(crate) fn sound(self) -> Option<Rc<Self>> {
        (self.legs.len() + 1 == self.points.len().max(1)).then(|| Rc::new(self))
    }

    /// The scenario's route or area that is being changed, and whether it is an area; a border is the region's.
    pub(crate) fn taken(&self) -> Option<(bool, usize)> {
        (self.purpose != Purpose::Border).then_some((self.purpose.is_area(), self.known?))
    }

    /// Puts a waypoint before number `at`, or at the end. A leg that is cut in two keeps its kind.
    pub(crate) fn insert(&mut self, at: usize, point: [f64; 2]) {
        let at = at.min(self.points.len());
        match at {
            _ if self.points.is_empty() => {}
            0 => self.legs.insert(0, self.mode),
            _ if at == self.points.len() => self.legs.push(self.mode),
            _ => self.legs.insert(at, self.legs[at - 1]),
        }
        self.points.insert(at, point);
    }

    /// Takes a waypoint away; the leg after it goes with it.
    pub(crate) fn remove(&mut self, at: usize) {
        if at < self.points.len() {
            self.points.remove(at);
            if !self.legs.is_empty() {
                self.legs.remove(at.min(self.legs.len() - 1));
            }
        }
    }

    /// Moves a waypoint to another place in the order; legs stay where they are.
    pub(crate) fn reorder(&mut self, from: usize, to: usize) {
        if from < self.points.len() && to < self.points.len() {
            let point = self.points.remove(from);
            self.points.insert(to, point);
        }
    }
}

/// Everything that can be edited.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Document {
    /// The open files: inputs, cost books, policies, orders.
    pub(crate) files: Files,
    /// The scenarios, in the order they were made.
    pub(crate) variants: Vec<Rc<Variant>>,
    /// The number of the one on screen.
    pub(crate) current: u32,
    /// The route or area being drawn.
    pub(crate) drawing: Option<Rc<Drawing>>,
}

impl Document {
    /// Puts one more scenario beside the others, and on screen.
    pub(crate) fn add(&mut self, scenario: Scenario, text: Option<String>) {
        self.push(Variant { id: 0, note: String::new(), scenario, text, lent_mix: false });
    }

    /// Puts a variant at the end, under the next number, and on screen.
    pub(crate) fn push(&mut self, variant: Variant) {
        let id = self.variants.iter().map(|variant| variant.id).max().unwrap_or(0) + 1;
        self.variants.push(Rc::new(Variant { id, ..variant }));
        self.current = id;
    }

    /// The bytes of the file that a scenario calls so.
    pub(crate) fn file(&self, path: &str) -> Option<&[u8]> {
        self.files.get(base_name(path)).map(|bytes| &**bytes)
    }

    /// The prices of a scenario: its cost book's, with its own changes.
    ///
    /// # Errors
    /// Where its cost book is not open or not one, or its changes are of no use.
    pub(crate) fn book_of(&self, scenario: &Scenario) -> Result<CostBook, Refusal> {
        let book = match &scenario.cost_book {
            None => CostBook::example(),
            Some(path) => {
                let file = self.file(path).ok_or(refuse("missing-file", path.clone()))?;
                CostBook::parse(&String::from_utf8_lossy(file))
                    .map_err(|error| refuse("scenario", refusal::in_file(path, refusal::book(&error))))?
            }
        };
        book.changed(&scenario.prices).map_err(|error| refuse("price", refusal::book(&error)))
    }

    /// The file of the cost book of the scenario on screen, where it is not the shipped one.
    pub(crate) fn book_file(&self) -> Option<Rc<[u8]>> {
        let path = self.variant()?.scenario.cost_book.as_ref()?;
        self.files.get(base_name(path)).cloned()
    }

    /// What the region on screen is read from: inputs with their files, and what is made of them.
    pub(crate) fn is_read_from(&self) -> Option<(Vec<ReadInput>, PremisesFrom, Vec<BorderEdit>)> {
        let scenario = &self.variant()?.scenario;
        let bytes = |input: &Input| self.files.get(base_name(&input.path)).cloned();
        let file = |input: &Input| (input.clone(), bytes(input).map(Content));
        let options = &scenario.options;
        Some((scenario.inputs.iter().map(file).collect(), options.premises_from, options.borders.clone()))
    }

    /// The document without an input that cannot be read; what the state before had in its place comes back.
    pub(crate) fn without(&self, path: &str, before: Option<&Self>) -> Self {
        let (mut next, name) = (self.clone(), base_name(path));
        let files = Rc::make_mut(&mut next.files);
        let broken = files.remove(name);
        let known = before.and_then(|before| before.files.get(name)).filter(|known| Some(*known) != broken.as_ref());
        match known {
            Some(known) => drop(files.insert(name.to_owned(), Rc::clone(known))),
            None => {
                for variant in &mut next.variants {
                    let variant = Rc::make_mut(variant);
                    variant.scenario.inputs.retain(|input| base_name(&input.path) != name);
                    edited(variant);
                }
            }
        }
        // A scenario that is as it was is written as it was.
        for variant in &mut next.variants {
            if let Some(known) = before.and_then(|before| before.find(variant.id))
                && known.scenario == variant.scenario
            {
                *variant = Rc::clone(known);
            }
        }
        next
    }

    /// The scenario on screen.
    pub(crate) fn variant(&self) -> Option<&Rc<Variant>> {
        self.find(self.current)
    }

    /// The scenario of that number.
    pub(crate) fn find(&self, id: u32) -> Option<&Rc<Variant>> {
        self.variants.iter().find(|variant| variant.id == id)
    }

    /// Changes the scenario on screen.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Variant)) {
        if let Some(variant) = self.variants.iter_mut().find(|variant| variant.id == self.current) {
            change(Rc::make_mut(variant));
        }
    }
}

/// The last part of a path: in a browser, files have no folders.
pub(crate) fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// What a plan depends on, as text: equal where the plan is.
pub(crate) fn plan_key(scenario: &Scenario, book: &CostBook) -> String {
    format!("{}\n{}", unpriced_key(scenario), book.to_toml())
}

/// What a plan depends on besides its prices.
pub(crate) fn unpriced_key(scenario: &Scenario) -> String {
    let mut bare =
        Scenario { name: String::new(), notice: String::new(), language: "en".to_owned(), ..scenario.clone() };
    bare.date = "2000-01-01".to_owned();
    bare.prices.clear();
    // A programme chooses no route.
    bare.programme = None;
    // Nor does a scheme where everybody is connected.
    if bare.goal.count().is_none() {
        bare.support = None;
    }
    bare.routes.iter_mut().for_each(|route| route.name.clear());
    bare.areas.iter_mut().for_each(|area| area.name.clear());
    bare.to_toml()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waypoints_and_legs_stay_in_step() {
        let mut drawing = Drawing::default();
        drawing.insert(0, [1.0, 0.0]);
        drawing.mode = Leg::Free;
        drawing.insert(9, [2.0, 0.0]);
        drawing.mode = Leg::Road;
        drawing.insert(9, [3.0, 0.0]);
        assert_eq!(drawing.legs, [Leg::Free, Leg::Road]);
        // Within the first leg: both halves are freehand.
        drawing.insert(1, [1.5, 0.0]);
        assert_eq!(drawing.legs, [Leg::Free, Leg::Free, Leg::Road]);
        drawing.insert(0, [0.0, 0.0]);
        assert_eq!((drawing.points.len(), drawing.legs.len()), (5, 4));
        drawing.reorder(4, 0);
        assert_eq!(drawing.points[0], [3.0, 0.0]);
        for _ in 0..6 {
            drawing.remove(0);
        }
        assert!(drawing.points.is_empty() && drawing.legs.is_empty());
    }
}
