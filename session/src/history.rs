//! What the document was before each edit, and after those that were undone, without limit; and how that is kept, so that it
//! outlives the session.

use std::rc::Rc;

use breiband_wire::{EditName, decode, encode};
use serde::{Deserialize, Serialize};

use crate::document::{Document, Drawing, Files, Variant};
use crate::few;
use crate::project::{Saved, SavedFile};

/// Edits that are listed by name.
const NAMED: usize = 50;

/// A state of the document, as what it has other than the one before.
#[derive(Debug, Serialize, Deserialize)]
struct Step {
    /// The edit that led to it.
    edit: EditName,
    current: u32,
    /// All its scenarios, in their order, and those that are others.
    scenarios: Vec<u32>,
    changed: Vec<Saved>,
    /// The numbers of all its files, where they are others.
    files: Option<Vec<u32>>,
    drawing: Option<Drawing>,
}

/// The version of what is written: a history of another is not read.
const VERSION: u32 = 1;

/// Where a kept history stands, and the numbers of its files.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Shelved {
    version: u32,
    /// The step that is the document of the project.
    at: u32,
    /// Of the project's files, in their order.
    numbers: Vec<u32>,
    /// The files that only other steps have, and their numbers.
    more: Vec<(u32, SavedFile)>,
}

/// The files of all states. A number is never used again.
#[derive(Debug, Default)]
struct Shelf {
    files: Vec<(u32, String, Rc<[u8]>)>,
    last: u32,
}

impl Shelf {
    fn number(&mut self, name: &str, file: &Rc<[u8]>) -> u32 {
        let known = self.files.iter().find(|(_, known, bytes)| Rc::ptr_eq(bytes, file) && known == name);
        if let Some((number, ..)) = known {
            return *number;
        }
        self.last += 1;
        self.files.push((self.last, name.to_owned(), Rc::clone(file)));
        self.last
    }

    fn numbers(&mut self, files: &Files) -> Vec<u32> {
        files.iter().map(|(name, file)| self.number(name, file)).collect()
    }

    fn files(&self, numbers: &[u32]) -> Option<Files> {
        let found = self.files.iter().filter(|(number, ..)| numbers.contains(number));
        let files = few::map(found.map(|(_, name, file)| (name.clone(), Rc::clone(file))));
        (files.len() == numbers.len()).then(|| Rc::new(files))
    }
}

/// The document, and what it was before and after.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// As it is.
    pub(crate) now: Document,
    past: Vec<(EditName, Document)>,
    future: Vec<(EditName, Document)>,
    /// How many states, from the first on, were told and are as they were.
    told: usize,
    shelf: Shelf,
}

impl History {
    /// A history that begins here.
    pub(crate) fn begin(document: Document) -> Self {
        Self { now: document, ..Self::default() }
    }

    /// Takes an edited document; what was undone before is forgotten. An edit that changes nothing is none.
    pub(crate) fn edit(&mut self, name: EditName, document: Document) -> bool {
        if document == self.now {
            return false;
        }
        self.past.push((name, std::mem::replace(&mut self.now, document)));
        self.future.clear();
        self.told = self.told.min(self.past.len());
        true
    }

    /// Takes what became of the document without an edit, such as one without a file that cannot be read. A last edit that nothing
    /// is left of is none.
    pub(crate) fn amend(&mut self, document: Document) {
        self.past.pop_if(|(_, before)| *before == document);
        self.now = document;
        self.told = self.told.min(self.past.len());
    }

    /// The document before the last edit.
    pub(crate) fn before(&self) -> Option<&Document> {
        self.past.last().map(|(_, before)| before)
    }

    /// Goes back one edit.
    pub(crate) fn undo(&mut self) -> bool {
        let Some((name, before)) = self.past.pop() else { return false };
        self.future.push((name, std::mem::replace(&mut self.now, before)));
        true
    }

    /// Does again what was undone last.
    pub(crate) fn redo(&mut self) -> bool {
        let Some((name, after)) = self.future.pop() else { return false };
        self.past.push((name, std::mem::replace(&mut self.now, after)));
        true
    }

    /// Goes so many edits back, or forward; whether it went any.
    pub(crate) fn turn(&mut self, steps: i32) -> bool {
        let one = |history: &mut Self| if steps < 0 { history.undo() } else { history.redo() };
        (0..steps.unsigned_abs()).take_while(|_| one(self)).count() > 0
    }

    /// All states in their order, each with the name of the edit that led to it; the first has none.
    fn states(&self) -> Vec<(Option<&EditName>, &Document)> {
        let before = self.past.iter().map(|(_, document)| document);
        let after = self.future.iter().rev().map(|(_, document)| document);
        let names = self.past.iter().chain(self.future.iter().rev()).map(|(name, _)| Some(name));
        std::iter::once(None).chain(names).zip(before.chain([&self.now]).chain(after)).collect()
    }

    /// The states that are to be kept besides those that were told before: the first one's number, and each as bytes.
    pub(crate) fn untold(&mut self) -> (u32, Vec<Vec<u8>>) {
        let from = self.told;
        let mut shelf = std::mem::take(&mut self.shelf);
        let none = Document::default();
        let states = self.states();
        let mut before = from.checked_sub(1).map_or(&none, |before| states[before].1);
        let mut steps = Vec::new();
        for (edit, document) in &states[from..] {
            let is_known = |one: &&Rc<Variant>| before.find(one.id).is_some_and(|known| Rc::ptr_eq(known, one));
            let others = document.variants.iter().filter(|one| !is_known(one));
            // The first step says it all: the empty document before it has no files either.
            let same_files = !steps.is_empty() || from > 0;
            let step = Step {
                edit: edit.cloned().unwrap_or(EditName { key: String::new(), value: String::new() }),
                current: document.current,
                scenarios: document.variants.iter().map(|one| one.id).collect(),
                changed: others.map(|one| Saved::of(one)).collect(),
                files: (!same_files || document.files != before.files).then(|| shelf.numbers(&document.files)),
                drawing: document.drawing.as_deref().cloned(),
            };
            steps.push(encode(&step).unwrap_or_default());
            before = document;
        }
        self.told = states.len();
        self.shelf = shelf;
        (u32::try_from(from).unwrap_or(u32::MAX), steps)
    }

    /// Where the history stands and what its files are, once they were told; and those that the document has not. With `tidy`, files
    /// that no state has any more are forgotten.
    pub(crate) fn shelved(&mut self, tidy: bool) -> (Vec<u8>, Vec<Rc<[u8]>>) {
        if tidy {
            let mut shelf = std::mem::take(&mut self.shelf);
            let states = self.states();
            let is_had = |name: &str, file: &Rc<[u8]>| {
                states.iter().any(|(_, one)| one.files.get(name).is_some_and(|had| Rc::ptr_eq(had, file)))
            };
            shelf.files.retain(|(_, name, file)| is_had(name, file));
            self.shelf = shelf;
        }
        let numbers = self.shelf.numbers(&self.now.files);
        let others = self.shelf.files.iter().filter(|(number, ..)| !numbers.contains(number));
        let listed = |(number, name, file): &(u32, String, Rc<[u8]>)| {
            (*number, SavedFile { name: name.clone(), bytes: file.len() as u64 })
        };
        let more = others.clone().map(listed).collect();
        let files = others.map(|(.., file)| Rc::clone(file)).collect();
        let at = u32::try_from(self.past.len()).unwrap_or(u32::MAX);
        (encode(&Shelved { version: VERSION, at, numbers, more }).unwrap_or_default(), files)
    }

    /// The history of a document that was kept: as it was, or, where that cannot be read or is another's, from here on.
    pub(crate) fn resumed(document: Document, shelved: &[u8], more: &[u8], steps: &[Vec<u8>]) -> Self {
        Self::read(&document, shelved, more, steps).unwrap_or_else(|| Self::begin(document))
    }

    fn read(document: &Document, shelved: &[u8], mut more: &[u8], steps: &[Vec<u8>]) -> Option<Self> {
        let shelved: Shelved = decode(shelved).ok().filter(|shelved: &Shelved| shelved.version == VERSION)?;
        let mut shelf = Shelf::default();
        let named = shelved.numbers.iter().zip(document.files.iter());
        shelf.files.extend(named.map(|(number, (name, file))| (*number, name.clone(), Rc::clone(file))));
        for (number, file) in &shelved.more {
            let (own, rest) = more.split_at_checked(usize::try_from(file.bytes).ok()?)?;
            shelf.files.push((*number, file.name.clone(), own.into()));
            more = rest;
        }
        shelf.last = shelf.files.iter().map(|(number, ..)| *number).max().unwrap_or(0);
        let mut states: Vec<(EditName, Document)> = Vec::new();
        for step in steps {
            let step: Step = decode(step).ok()?;
            let before = states.last().map(|(_, document)| document);
            let mut changed: Vec<Rc<Variant>> = Vec::new();
            for saved in step.changed {
                changed.push(saved.variant().ok()?);
            }
            let find = |id: &u32| changed.iter().find(|one| one.id == *id).or_else(|| before?.find(*id)).cloned();
            let next = Document {
                files: match (step.files, before) {
                    (Some(numbers), _) => shelf.files(&numbers)?,
                    (None, before) => Rc::clone(&before?.files),
                },
                variants: step.scenarios.iter().map(find).collect::<Option<_>>()?,
                current: step.current,
                drawing: step.drawing.and_then(Drawing::sound),
            };
            states.push((step.edit, next));
        }
        let at = usize::try_from(shelved.at).ok()?;
        states.get(at).filter(|(_, state)| state == document)?;
        // What is kept with a state is the edit that leads on from it to the next, or led to it where it was undone.
        let mut names: Vec<EditName> = states.iter().skip(1).map(|(name, _)| name.clone()).collect();
        let after = states.split_off(at + 1).into_iter().map(|(_, state)| state);
        let future = names.split_off(at).into_iter().zip(after).rev().collect();
        let (_, now) = states.pop()?;
        let past = names.into_iter().zip(states.into_iter().map(|(_, state)| state)).collect();
        Some(Self { now, past, future, told: 0, shelf })
    }

    /// The names of the last edits and of the next ones that can be done again, and how many there are of each.
    pub(crate) fn names(&self) -> ([Vec<EditName>; 2], [u32; 2]) {
        let last = |steps: &[(EditName, Document)]| {
            steps.iter().rev().take(NAMED).map(|(name, _)| name.clone()).collect::<Vec<_>>()
        };
        let many = |steps: &[(EditName, Document)]| u32::try_from(steps.len()).unwrap_or(u32::MAX);
        ([last(&self.past), last(&self.future)], [many(&self.past), many(&self.future)])
    }
}

#[cfg(test)]
mod tests {
    use breiband::Scenario;

    use super::*;

    #[test]
    fn every_edit_can_be_undone_and_done_again() {
        let name = |key: &str| EditName { key: key.to_owned(), value: String::new() };
        let mut first = Document::default();
        first.add(Scenario::new("a", "2026-01-01", vec![]), None);
        let mut history = History::begin(first);
        let states: Vec<Document> = (0..500)
            .map(|n| {
                let mut next = history.now.clone();
                next.change(|variant| variant.scenario.name = n.to_string());
                assert!(history.edit(name("rename"), next.clone()));
                next
            })
            .collect();
        assert!(!history.edit(name("nothing"), history.now.clone()), "an edit that changes nothing is none");
        for state in states.iter().rev() {
            assert_eq!(&history.now, state);
            assert!(history.undo());
        }
        assert!(!history.undo());
        for state in &states {
            assert!(history.redo());
            assert_eq!(&history.now, state);
        }
        assert!(history.turn(-200) && history.now == states[299]);
        assert!(history.turn(1_000) && history.now == states[499], "no farther than there is");
        assert!(!history.turn(1));
        let ([past, future], many) = history.names();
        assert_eq!((past.len(), future.len(), many), (NAMED, 0, [500, 0]));
        history.undo();
        let mut other = history.now.clone();
        other.change(|variant| variant.note = "another way".to_owned());
        history.edit(name("note"), other);
        assert!(!history.redo(), "what was undone is gone after an edit");
    }

    /// What a browser has: the steps as they were told last.
    #[derive(Default)]
    struct Browser {
        steps: Vec<Vec<u8>>,
        shelved: (Vec<u8>, Vec<u8>),
    }

    impl Browser {
        fn keep(&mut self, history: &mut History, tidy: bool) {
            let (from, steps) = history.untold();
            self.steps.truncate(from as usize);
            self.steps.extend(steps);
            let (shelved, more) = history.shelved(tidy);
            self.shelved = (shelved, more.concat());
        }

        /// Scenarios through their text, as a project has them.
        fn resume(&self, now: &Document) -> History {
            let read = |variant: &Rc<Variant>| Saved::of(variant).variant().expect("a scenario");
            let document = Document { variants: now.variants.iter().map(read).collect(), ..now.clone() };
            History::resumed(document, &self.shelved.0, &self.shelved.1, &self.steps)
        }
    }

    /// All that is kept of states: a scenario is known by its text.
    fn written(history: &History) -> Vec<impl PartialEq + std::fmt::Debug> {
        let state = |(name, one): (Option<&EditName>, &Document)| {
            let variants: Vec<Saved> = one.variants.iter().map(|one| Saved::of(one)).collect();
            (name.cloned(), variants, one.current, Rc::clone(&one.files), one.drawing.clone())
        };
        history.states().into_iter().map(state).collect()
    }

    #[test]
    fn whatever_is_edited_undone_and_amended_outlives_the_session() {
        let mut random = breiband_random::SplitMix64::new(5);
        for _ in 0..60 {
            let mut history = History::default();
            let mut browser = Browser::default();
            let mut kept = 0;
            for turn in 0..40 {
                let mut next = history.now.clone();
                match random.below(12) {
                    0 | 1 => next.add(Scenario::new(format!("s{turn}"), "2026-01-01", vec![]), None),
                    2..5 => next.change(|variant| {
                        variant.text = None;
                        variant.scenario.name = format!("n{turn}");
                    }),
                    5 => next.change(|variant| variant.note = format!("{turn}")),
                    6 => {
                        let (name, bytes) = (format!("{}.csv", random.below(2)), vec![turn; 3]);
                        drop(Rc::make_mut(&mut next.files).insert(name, bytes.into()));
                    }
                    7 => next.drawing = Drawing { points: vec![[6.0, f64::from(turn)]], ..Drawing::default() }.sound(),
                    8 | 9 => drop(history.turn(-(1 + random.below(3) as i32))),
                    10 => drop(history.turn(1 + random.below(3) as i32)),
                    _ => {
                        drop(next.variants.pop());
                        next.current = next.variants.last().map_or(0, |one| one.id);
                        history.amend(next.clone());
                    }
                }
                let had = history.now.files.clone();
                history.edit(EditName { key: format!("k{turn}"), value: String::new() }, next);
                // Files are kept anew where they are others, and tidied then; else as it comes.
                if had != history.now.files || random.below(3) == 0 {
                    browser.keep(&mut history, random.below(2) == 0);
                    kept += 1;
                    let mut again = browser.resume(&history.now);
                    assert_eq!(written(&again), written(&history));
                    assert_eq!((again.names(), again.past.len()), (history.names(), history.past.len()));
                    if random.below(4) == 0 {
                        // It goes on from there, and tells all of it to the browser once more.
                        std::mem::swap(&mut history, &mut again);
                    }
                }
            }
            assert!(kept > 5);
        }
    }

    #[test]
    fn only_what_is_new_is_told_and_what_is_torn_begins_anew() {
        let mut history = History::default();
        let mut browser = Browser::default();
        for turn in 0..20 {
            let mut next = history.now.clone();
            next.add(Scenario::new(format!("s{turn}"), "2026-01-01", vec![]), None);
            next.variants.truncate(1);
            next.current = 1;
            Rc::make_mut(&mut next.variants[0]).note = format!("{turn}");
            history.edit(EditName { key: "add".to_owned(), value: String::new() }, next);
            let (from, steps) = history.untold();
            assert_eq!((from as usize, steps.len()), if turn == 0 { (0, 2) } else { (turn + 1, 1) });
            browser.steps.extend(steps);
        }
        browser.keep(&mut history, true);
        assert_eq!(browser.resume(&history.now).past.len(), 20);
        let whole = browser.steps.clone();
        for at in 0..whole.len() {
            browser.steps[at].truncate(5);
            assert_eq!(browser.resume(&history.now).names().1, [0, 0], "{at}");
            browser.steps.clone_from(&whole);
        }
        // Of another document, as where a tab was closed between two edits.
        history.undo();
        assert_eq!(browser.resume(&history.now).names().1, [0, 0]);
    }
}
