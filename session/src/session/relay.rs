//! Progress on its way to the page.

use std::cell::Cell;

use breiband::Observer;
use breiband_wire::{Event, PhaseId, ProgressView, Reply};

use super::{Outgoing, Sink};

/// Passes progress on, no more often than a bar could show. A phase has stages that each begin anew: what is said never goes back,
/// and where one has come to its end while the phase goes on, nobody knows how long it will be.
pub(super) struct Relay<'a> {
    pub(super) revision: u32,
    pub(super) phase: PhaseId,
    pub(super) last: Option<Option<u16>>,
    pub(super) reached: &'a Cell<(PhaseId, u16)>,
    pub(super) sink: Sink<'a>,
}

impl Relay<'_> {
    fn reach(&self, now: u16) -> Option<u16> {
        let (phase, before) = self.reached.get();
        let most = if phase == self.phase { before.max(now) } else { now };
        self.reached.set((self.phase, most));
        (most < 1000).then_some(most)
    }
}

impl Observer for Relay<'_> {
    fn progress(&mut self, _stage: &'static str, done: u64, of: u64) {
        let permille = (of > 0).then(|| (u128::from(done.min(of)) * 1000 / u128::from(of)) as u16 / 5 * 5);
        let permille = permille.and_then(|now| self.reach(now));
        if self.last != Some(permille) {
            self.last = Some(permille);
            let event = Event::Progress(ProgressView { phase: self.phase, permille });
            (self.sink)(Outgoing { reply: Reply { revision: self.revision, event }, attachments: Vec::new() });
        }
    }
}
