//! What is drawn and put on the map.

use std::collections::BTreeSet;

use leptos::prelude::*;

use breiband_wire::{Command, DocumentView, Draw, Edit, MastView, PlaceKind, PlaceView, Purpose, Which};

use super::{State, Tool};
use crate::{bridge, map, preferences};

impl State {
    /// Draws.
    pub(crate) fn draw(self, draw: Draw) {
        self.next_hover.set(None);
        self.failure.set(None);
        if matches!(draw, Draw::Begin { .. }) {
            self.unpick();
            self.tool.set(None);
            self.drawing_name.set(String::new());
            // What it comes to stands at the top.
            preferences::to_top("panel");
        }
        bridge::send(Command::Draw(draw), Vec::new());
    }

    /// Follows the pointer, no faster than the worker answers.
    pub(super) fn hover(self, draw: Draw) {
        if self.hovering.get_untracked() {
            self.next_hover.set(Some(draw));
        } else {
            self.hovering.set(true);
            bridge::send(Command::Draw(draw), Vec::new());
        }
    }

    /// Takes what the pointer did on the map while something is drawn.
    pub(crate) fn stroke(self, stroke: &map::Stroke) {
        let map::Stroke { place, at, reach_m, .. } = *stroke;
        // A border is priced nowhere, so that nothing follows the pointer.
        let is_border =
            || self.drawing.with_untracked(|one| one.as_ref().is_some_and(|d| d.purpose == Purpose::Border));
        match (stroke.kind.as_str(), at) {
            ("add", _) => self.draw(Draw::Add { place, at: None, reach_m }),
            ("insert", Some(_)) => self.draw(Draw::Add { place, at, reach_m }),
            ("move", Some(at)) => self.hover(Draw::Move { at, place, reach_m, done: false }),
            ("drop", Some(at)) => self.draw(Draw::Move { at, place, reach_m, done: true }),
            ("remove", Some(at)) => self.draw(Draw::Remove(at)),
            ("finish" | "hover" | "leave", _) if is_border() => {}
            ("finish", _) => self.finish_drawing(),
            ("hover", _) => self.hover(Draw::Hover(place)),
            ("leave", _) => self.hover(Draw::Leave),
            _ => {}
        }
    }

    /// Ends what is being drawn, under its name or a new one.
    pub(crate) fn finish_drawing(self) {
        let Some(drawing) = self.drawing.get_untracked() else { return };
        let known = |document: &DocumentView| match drawing.purpose.is_area() {
            true => document.areas.iter().map(|area| area.name.clone()).collect(),
            false => document.routes.iter().map(|route| route.name.clone()).collect(),
        };
        let key = if drawing.purpose.is_area() { "area" } else { drawing.purpose.name() };
        let given = [self.drawing_name.get_untracked().trim().to_owned(), drawing.name.clone()];
        let given = given.into_iter().find(|name| !name.is_empty());
        let name = given.unwrap_or_else(|| self.free_name(&format!("unnamed.{key}"), known));
        self.draw(Draw::Finish(name));
    }

    /// Takes up the tool that puts a place of the next name that is free; a point of presence costs what the cost book says of one.
    pub(crate) fn put_place(self, kind: PlaceKind) {
        let known = |d: &DocumentView| d.handovers.iter().chain(&d.cabinets).map(|one| one.name.clone()).collect();
        let name = self.free_name(&format!("{}s.name", kind.name()), known);
        let usual = self.document.with_untracked(|d| d.as_ref().map(|d| d.usual[0].clone())).unwrap_or_default();
        let (cost, source) = if kind == PlaceKind::Pop { (Some(usual.0), usual.1) } else { (None, String::new()) };
        self.tool.set(Some(Tool::Place(kind, None, PlaceView { name, cost, source, ..PlaceView::default() })));
    }

    /// Takes up the tool that puts a mast of the next name that is free.
    pub(crate) fn put_mast(self) {
        let known = |d: &DocumentView| d.masts.iter().map(|one| one.name.clone()).collect();
        let name = self.free_name("masts.name", known);
        self.tool.set(Some(Tool::Mast(None, MastView { name, ..MastView::default() })));
    }

    /// Takes what a tool was used on: a ring, or one place.
    pub(crate) fn used(self, places: Vec<[f64; 2]>) {
        let Some(tool) = self.tool.get_untracked() else { return };
        self.tool.set(None);
        match (tool, places.as_slice()) {
            (Tool::Lasso(choice), [_, _, _, ..]) => self.edit(Edit::Choose(Which::Within(places), choice)),
            (Tool::Place(kind, at, view), [place, ..]) => {
                self.edit(Edit::Place(kind, at, Some(PlaceView { place: *place, ..view })));
            }
            (Tool::Mast(at, mast), [place, ..]) => {
                self.edit(Edit::Mast(at, Some(MastView { place: *place, ..mast })));
            }
            _ => {}
        }
    }

    fn free_name(self, key: &str, known: impl Fn(&DocumentView) -> BTreeSet<String>) -> String {
        let known = self.document.with_untracked(|document| document.as_ref().map(known)).unwrap_or_default();
        let name = |n: usize| untrack(|| self.words.with(key, &[("n", n.to_string())]));
        (1..=known.len()).map(name).find(|name| !known.contains(name)).unwrap_or_else(|| name(known.len() + 1))
    }
}
