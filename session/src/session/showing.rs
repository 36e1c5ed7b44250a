//! What is on screen: the document, the map's layers, the difference to another scenario, and a plan read back from its files.

use std::collections::BTreeMap;

use breiband::Scenario;
use breiband_wire::{Event, LayerId, SummaryView};

use super::planning::FIRST;
use super::{Session, Sink, answer, tell_layer};
use crate::document::plan_key;
use crate::geojson::Drawn;
use crate::history::History;
use crate::refusal::{Refusal, refuse};
use crate::shown::Shown;
use crate::{compare, layers, views};

impl Session {
    pub(super) fn show(&mut self, shown: Shown, layers: Vec<(LayerId, Drawn)>, sink: Sink<'_>) {
        (self.region, self.plan, self.job) = (None, None, None);
        (self.programme, self.playing, self.played) = (None, None, None);
        self.history = History::default();
        self.tell(Event::Region(shown.region.clone()), sink);
        self.tell(Event::Summary(Box::new(views::summary(&shown.summary))), sink);
        for (layer, drawn) in layers {
            tell_layer(self.revision, layer, drawn, sink);
        }
        self.shown = Some(shown);
        self.tell(Event::Idle, sink);
    }

    pub(super) fn tell_document(&self, revision: u32, sink: Sink<'_>) {
        let keys = self.history.now.variants.iter().map(|variant| {
            let book = self.history.now.book_of(&variant.scenario).unwrap_or_else(|_| self.book.clone());
            plan_key(&variant.scenario, &book)
        });
        let figures: Vec<Option<&SummaryView>> = keys.map(|key| self.figures.get(&key)).collect();
        let is_stale = self.plan.is_some() && self.plan_key != self.key() && self.plan_key != FIRST;
        let original = self.history.now.variant().map(|variant| {
            let bare = Scenario { prices: BTreeMap::new(), ..variant.scenario.clone() };
            self.history.now.book_of(&bare).unwrap_or_else(|_| self.book.clone())
        });
        let original = original.as_ref().unwrap_or(&self.book);
        let region = self.region.as_ref().map(|region| &region.value);
        let view = views::document(&self.history, region, &figures, is_stale, &self.book, original);
        answer(revision, Event::Document(Box::new(view)), Vec::new(), sink);
    }

    pub(super) fn difference(&self) -> Result<Drawn, Refusal> {
        let none = Drawn { geojson: String::new(), features: 0 };
        let (Some(other), Some(region)) = (self.differs, &self.region) else { return Ok(none) };
        let other = self.history.now.find(other).ok_or_else(|| refuse("gone", other.to_string()))?;
        let key = plan_key(&other.scenario, &self.history.now.book_of(&other.scenario)?);
        let kept = self.kept.iter().find(|kept| kept.key == key).map(|kept| &kept.plan.value);
        match (self.plan.as_ref().filter(|_| self.plan_key == self.key()), kept) {
            (Some(here), Some(there)) => Ok(compare::difference(&here.value, there, &region.value)),
            _ => Err(refuse("not-planned", other.scenario.name.clone())),
        }
    }

    pub(super) fn draw(&mut self, layer: LayerId, sink: Sink<'_>) {
        let drawn = match (layer, &self.region) {
            (_, None) => return,
            (LayerId::Drawn, _) => self.drawn_routes(),
            (LayerId::Difference, _) => {
                let drawn = self.difference();
                self.differs = self.differs.filter(|_| drawn.is_ok());
                drawn.unwrap_or(Drawn { geojson: String::new(), features: 0 })
            }
            (_, Some(region)) => {
                let plan = self.plan.as_ref().map(|plan| &plan.value);
                let programme = self.programme.as_ref().and_then(|programme| programme.as_ref().ok());
                layers::draw(layer, &region.value, plan, &self.book, programme, &self.shares)
            }
        };
        tell_layer(self.revision, layer, drawn, sink);
    }
}
