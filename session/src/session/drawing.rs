//! The route or area that is drawn, and those that were: priced by a sketch that is made anew where prices are others.

use std::rc::Rc;

use breiband::{Region, Scenario};
use breiband_wire::{Draw, Event, Purpose};

use super::{Priced, Session, Sink, answer, steering};
use crate::document::{Drawing, Variant, plan_key};
use crate::draw::{self, Step};
use crate::geojson::Drawn;
use crate::refusal::{Refusal, refuse};

impl Session {
    pub(super) fn draw_command(&mut self, revision: u32, command: Draw, sink: Sink<'_>) {
        self.ensure_sketch();
        let (Some(Priced { sketch, .. }), Some(region)) = (&self.sketch, &self.region) else {
            return answer(revision, refuse("no-files", String::new()).into(), Vec::new(), sink);
        };
        match draw::step(command, &self.history.now, sketch, &region.value) {
            Ok(Step::Show(pending)) => {
                self.pending = pending;
                self.tell_drawing(revision, sink);
            }
            Ok(Step::Edit(name, document)) => self.take_edit(revision, Ok((name, document)), sink),
            // A pointer that comes too late is no mistake.
            Err(Refusal { code: "no-drawing", .. }) => {}
            Err(refusal) => self.take_edit(revision, Err(refusal), sink),
        }
    }

    /// Makes the sketch anew where its prices, or who needs a connection, have changed.
    fn ensure_sketch(&mut self) {
        let (Some(region), Some(variant)) = (&self.region, self.history.now.variant()) else { return };
        let is_seen =
            |known: &Priced| Rc::ptr_eq(&known.seen.0, variant) && Rc::ptr_eq(&known.seen.1, &self.history.now.files);
        if self.sketch.as_ref().is_some_and(is_seen) {
            return;
        }
        let seen = (Rc::clone(variant), Rc::clone(&self.history.now.files));
        // No place that is put, and no route, changes what another route costs.
        let places = Scenario { handovers: Vec::new(), cabinets: Vec::new(), ..variant.scenario.clone() };
        let bare = Scenario { routes: Vec::new(), masts: Vec::new(), ..places };
        let key = plan_key(&bare, &self.book);
        if let Some(known) = self.sketch.as_mut().filter(|known| known.key == key) {
            known.seen = seen;
            return;
        }
        let mut sketch = steering::layout_of(&mut self.layout, region, &self.book).sketch(&bare);
        if let Some(plan) = &self.plan {
            sketch.set_built(&plan.value.network, &plan.value.route);
        }
        self.sketch = Some(Priced { sketch, key, seen });
    }

    pub(super) fn tell_drawing(&mut self, revision: u32, sink: Sink<'_>) {
        let Some(drawing) = self.history.now.drawing.clone() else {
            return answer(revision, Event::Drawing(None), Vec::new(), sink);
        };
        self.ensure_sketch();
        let (Some(Priced { sketch, .. }), Some(region)) = (&mut self.sketch, &self.region) else { return };
        let name = drawing_name(self.history.now.variant(), &drawing, &region.value);
        let plan = self.plan.as_ref().map(|plan| &plan.value);
        let (view, drawn) = draw::view(&drawing, name, self.pending, sketch, &region.value, &self.book, plan);
        answer(revision, Event::Drawing(Some(Box::new(view))), vec![drawn.geojson.into_bytes()], sink);
    }

    pub(super) fn drawn_routes(&mut self) -> Drawn {
        let none = Drawn { geojson: String::new(), features: 0 };
        let skip = self.history.now.drawing.clone();
        let Some(variant) = self.history.now.variant().cloned() else { return none };
        self.ensure_sketch();
        match (&mut self.sketch, &self.region) {
            (Some(Priced { sketch, .. }), Some(region)) => {
                draw::finished(&variant.scenario, skip.as_deref(), sketch, &region.value)
            }
            _ => none,
        }
    }

    /// Says of each drawn route how much of it the plan on screen uses: one that changes nothing would else look like a mistake.
    pub(super) fn tell_routes(&mut self, revision: u32, sink: Sink<'_>) {
        let Some(variant) = self.history.now.variant().cloned() else { return };
        if variant.scenario.routes.is_empty() {
            return answer(revision, Event::Routes(Vec::new()), Vec::new(), sink);
        }
        self.ensure_sketch();
        let (Some(Priced { sketch, .. }), Some(region)) = (&mut self.sketch, &self.region) else { return };
        let used = draw::used(&variant.scenario, sketch, &region.value);
        answer(revision, Event::Routes(used), Vec::new(), sink);
    }
}

fn drawing_name(variant: Option<&Rc<Variant>>, drawing: &Drawing, region: &Region) -> String {
    let name = || {
        let (at, scenario) = (drawing.known?, &variant?.scenario);
        if drawing.purpose == Purpose::Border {
            return crate::borders::name(region, at);
        }
        match drawing.purpose.is_area() {
            true => scenario.areas.get(at).map(|area| area.name.clone()),
            false => scenario.routes.get(at).map(|route| route.name.clone()),
        }
    };
    name().unwrap_or_default()
}
