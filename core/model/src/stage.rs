//! What every stage of the work takes and returns: progress, cancellation; a value with its issues.

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

/// What a stage is given besides its input: who hears of its progress, and may stop it. The seed of every random choice is the
/// scenario's ([`Options::seed`](crate::Options::seed)).
///
/// ```
/// use breiband_model::{Context, Observer};
///
/// #[derive(Default)]
/// struct Watch {
///     least_gap: f64,
/// }
///
/// impl Observer for Watch {
///     fn improved(&mut self, cost: u64, bound: u64) {
///         self.least_gap = 1.0 - bound as f64 / cost as f64;
///     }
/// }
///
/// let mut watch = Watch::default();
/// let heard = Context::new(&mut watch); // for whoever wants to hear of progress or to stop the work
/// heard.observer.improved(200, 150);
/// assert_eq!(watch.least_gap, 0.25);
/// let unheard = Context::silent(); // for scripts
/// assert!(unheard.check().is_ok(), "nobody cancels it");
/// ```
pub struct Context<'a> {
    /// Progress and cancellation.
    pub observer: &'a mut dyn Observer,
}

impl<'a> Context<'a> {
    /// A context that reports to `observer`.
    pub fn new(observer: &'a mut dyn Observer) -> Self {
        Self { observer }
    }

    /// A context that reports to nobody and is never cancelled.
    #[must_use]
    pub fn silent() -> Context<'static> {
        // What has no size is boxed without memory, and nothing is lost where it is never freed.
        Context::new(Box::leak(Box::new(Silent)))
    }

    /// [`Context::check`] at every 256th of a loop's `turns`: often enough to be heard at once, too seldom to cost anything.
    ///
    /// # Errors
    /// [`Cancelled`], at such a turn.
    pub fn check_at(&self, turns: usize) -> Result<(), Cancelled> {
        if turns.is_multiple_of(256) { self.check() } else { Ok(()) }
    }

    /// An error where the user has cancelled.
    ///
    /// # Errors
    /// [`Cancelled`], where the observer says so.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.observer.cancelled() { Err(Cancelled) } else { Ok(()) }
    }
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
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
