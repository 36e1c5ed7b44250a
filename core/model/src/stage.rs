//! What every stage of the work takes and returns: progress, cancellation, seed; a value with its issues.

use crate::Issue;

/// Hears of progress and says when to stop. The core reads no clock: whoever wants times takes them here.
pub trait Observer {
    /// `done` of `of` steps of `stage` are done; `of` is 0 where the end is not known.
    fn progress(&mut self, stage: &'static str, done: u64, of: u64) {
        let _ = (stage, done, of);
    }

    /// A better plan was found: its cost and the proven lower bound, in minor currency units.
    fn improved(&mut self, cost: u64, bound: u64) {
        let _ = (cost, bound);
    }

    /// Whether to stop as soon as may be.
    fn cancelled(&self) -> bool {
        false
    }
}

/// An observer that neither listens nor cancels.
#[derive(Debug, Default, Clone, Copy)]
pub struct Silent;

impl Observer for Silent {}

/// What a stage is given besides its input.
pub struct Context<'a> {
    /// Progress and cancellation.
    pub observer: &'a mut dyn Observer,
    /// The seed of every random choice.
    pub seed: u64,
}

impl<'a> Context<'a> {
    /// A context that reports to `observer`.
    pub fn new(observer: &'a mut dyn Observer) -> Self {
        Self { observer, seed: 1 }
    }

    /// [`Context::check`] at every 256th of a loop's `turns`: often enough to be heard at once, too seldom to cost anything.
    pub fn check_at(&self, turns: usize) -> Result<(), Cancelled> {
        if turns.is_multiple_of(256) { self.check() } else { Ok(()) }
    }

    /// An error where the user has cancelled.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.observer.cancelled() { Err(Cancelled) } else { Ok(()) }
    }
}

/// The user asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

/// A stage's result: the value, and every problem met on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staged<T> {
    /// The sound value.
    pub value: T,
    /// The problems, in the order of the input.
    pub issues: Vec<Issue>,
}

impl<T> Staged<T> {
    /// A value with its issues.
    pub fn new(value: T, issues: Vec<Issue>) -> Self {
        Self { value, issues }
    }
}
