//! Progress bars on standard error for what takes over a second, and the seconds of each stage.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use breiband::Observer;
use indicatif::{ProgressBar, ProgressStyle};

/// Watches stages: shows a bar once one has run for a second, and keeps the times.
pub(crate) struct Watch {
    quiet: bool,
    started: Instant,
    stage: &'static str,
    bar: Option<ProgressBar>,
    note: String,
    seconds: BTreeMap<String, f64>,
}

impl Watch {
    /// A watch that shows nothing where `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        let seconds = BTreeMap::new();
        Self { quiet, started: Instant::now(), stage: "", bar: None, note: String::new(), seconds }
    }

    /// Runs a stage under its name and keeps its time.
    pub(crate) fn stage<T>(&mut self, name: &str, run: impl FnOnce(&mut Self) -> T) -> T {
        let start = Instant::now();
        self.started = start;
        let value = run(self);
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        *self.seconds.entry(name.to_owned()).or_default() += start.elapsed().as_secs_f64();
        value
    }

    /// Seconds by stage, to the millisecond.
    pub(crate) fn seconds(&self) -> BTreeMap<String, f64> {
        self.seconds.iter().map(|(name, s)| (name.clone(), (s * 1000.0).round() / 1000.0)).collect()
    }

    /// All stages together.
    pub(crate) fn total(&self) -> f64 {
        self.seconds.values().sum()
    }
}

impl Observer for Watch {
    fn progress(&mut self, stage: &'static str, done: u64, of: u64) {
        if self.quiet || self.started.elapsed() < Duration::from_secs(1) {
            return;
        }
        if self.stage != stage {
            if let Some(bar) = self.bar.take() {
                bar.finish_and_clear();
            }
            self.stage = stage;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let bar = if of > 0 { ProgressBar::new(of) } else { ProgressBar::new_spinner() };
            let template =
                if of > 0 { "{prefix:10} {wide_bar} {percent:>3} % {msg}" } else { "{prefix:10} {spinner} {msg}" };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar.set_prefix(stage);
            bar
        });
        bar.set_position(done);
        bar.set_message(self.note.clone());
    }

    fn improved(&mut self, cost: u64, bound: u64) {
        if cost > 0 && cost < u64::MAX {
            let gap = cost.saturating_sub(bound) as f64 / cost as f64;
            self.note = format!("within {:.2} %", gap * 100.0);
        }
    }
}
