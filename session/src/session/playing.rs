//! What a programme comes to besides its years, and its game of groups, which is played beside everything else.

use breiband_wire::Event;

use super::{Job, Session, Sink, answer};
use crate::refusal::refuse;
use crate::together::{self, Playing, Sources};

impl Session {
    /// Works out what else the programme comes to, and says what is known of its game: one that was played for the same stays.
    pub(super) fn gather(&mut self, sink: Sink<'_>) {
        let key = self.game_key();
        let (region, plan) = (self.region.clone(), self.plan.clone());
        let variant = self.history.now.variant().cloned();
        let mut view = None;
        if let (Some(Ok(programme)), Some(region), Some(plan), Some(variant)) =
            (&mut self.programme, region, plan, variant)
        {
            let made =
                Sources { region: &region.value, scenario: &variant.scenario, book: &self.book, plan: &plan.value };
            let problem =
                together::services(&made, programme, |path| self.history.now.file(path)).err().unwrap_or_default();
            if let Some(played) = self.played.as_ref().filter(|played| played.key == key) {
                played.attach(programme);
            }
            view = Some(Box::new(together::view(&made, programme, problem)));
        }
        let game = self.programme.as_ref().and_then(|one| together::game_view(one.as_ref().ok()?)).map(Box::new);
        if self.playing.as_ref().is_some_and(|playing| playing.key() != key) {
            self.stop_playing(self.revision, sink);
        }
        self.tell(Event::Together(view), sink);
        self.tell(Event::Game(game), sink);
    }

    /// What a game depends on.
    pub(super) fn game_key(&self) -> String {
        let variant = self.history.now.variant();
        let money = variant.map(|variant| {
            let mut programme = variant.scenario.programme.clone();
            // What sites ask for changes no group's cost.
            if let Some(settings) = &mut programme {
                settings.policy.clear();
                settings.policy_changes.clear();
            }
            format!("{programme:?}\n{:?}", variant.scenario.support)
        });
        format!("{}\n{}", self.key(), money.unwrap_or_default())
    }

    /// Begins to play, beside everything else.
    pub(super) fn play(&mut self, revision: u32, sink: Sink<'_>) {
        let is_whole = self.plan.is_some() && self.plan_key == self.key();
        if !is_whole || !matches!(self.programme, Some(Ok(_))) || !matches!(self.job, None | Some(Job::Curve(..))) {
            let event = refuse("not-planned", String::new()).into();
            return answer(revision, event, Vec::new(), sink);
        }
        self.playing = Some(Box::new(Playing::new(self.game_key())));
        answer(revision, Event::Playing(Some((0, 0))), Vec::new(), sink);
    }

    pub(super) fn stop_playing(&mut self, revision: u32, sink: Sink<'_>) {
        if self.playing.take().is_some() {
            answer(revision, Event::Playing(None), Vec::new(), sink);
        }
    }

    /// One slice of the game: one group's network, or one slice of the first year's.
    pub(super) fn game_slice(&mut self, sink: Sink<'_>) {
        let Some(mut playing) = self.playing.take() else { return };
        let (Some(Ok(programme)), Some(region), Some(plan), Some(variant)) =
            (&mut self.programme, &self.region, &self.plan, self.history.now.variant())
        else {
            return self.tell(Event::Playing(None), sink);
        };
        let made = Sources { region: &region.value, scenario: &variant.scenario, book: &self.book, plan: &plan.value };
        match playing.advance(&made, programme) {
            Ok(None) => {
                self.tell(Event::Playing(Some(playing.progress())), sink);
                self.playing = Some(playing);
            }
            Ok(Some(played)) => {
                played.attach(programme);
                let view = together::game_view(programme).map(Box::new);
                self.played = Some(played);
                self.tell(Event::Playing(None), sink);
                self.tell(Event::Game(view), sink);
            }
            Err(detail) => {
                self.tell(Event::Playing(None), sink);
                self.tell(refuse("plan", detail).into(), sink);
            }
        }
    }
}
