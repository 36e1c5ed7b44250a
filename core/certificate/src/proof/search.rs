//! Searches along special distances, and plain ones.

use super::graph::Graph;
use super::optional::gain;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Arcs that a hasty search looks at.
const HASTE: usize = 1_000;

/// Where a search may not go, whether it may rest, and how well it looks.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Way {
    /// An edge it may not use.
    pub(super) without: Option<u32>,
    /// A vertex it may not enter.
    pub(super) around: Option<u32>,
    /// Whether a stretch ends at a terminal, and is shorter past a vertex with optional sinks; else the whole way is one.
    pub(super) rests: bool,
    /// Look around the start only, and go on from a vertex by one of the ways to it: what is found is a way, but not always
    /// the best. Special distances with all their ways reach far where terminals are many.
    pub(super) hasty: bool,
}

/// The workspace of searches.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// By vertex, what is known in the search of this turn.
    known: Vec<Known>,
    turn: u32,
    heap: BinaryHeap<Reverse<(u64, u64, u32)>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Known {
    turn: u32,
    /// The label put last.
    put: (u64, u64),
    /// The shortest stretch that was gone on from.
    stretch: u64,
}

impl Search {
    /// Looks around `from` along stretches of at most `limit` and through no sink, until `found` says so of a vertex and its
    /// distance.
    ///
    /// A label is the longest stretch of a way and the length of its present one. Labels come by the first, so the first of
    /// a vertex has its distance; a later one counts only if its present stretch is shorter than any before.
    pub(super) fn run(
        &mut self,
        on: &Graph,
        from: u32,
        limit: u64,
        way: Way,
        mut found: impl FnMut(u32, u64) -> bool,
    ) -> bool {
        let n = on.kind.len();
        if self.known.len() < n || self.turn == u32::MAX {
            self.known = vec![Known::default(); n.max(self.known.len())];
            self.turn = 0;
        }
        self.turn += 1;
        self.heap.clear();
        self.put(from, (0, 0), way.hasty);
        let mut looked = 0;
        while let Some(Reverse((longest, stretch, v))) = self.heap.pop() {
            let start = match (way.rests, on.is_terminal(v)) {
                (true, true) => 0,
                (true, false) if stretch > 0 && on.has_sinks() => stretch.saturating_sub(gain(on, v)),
                _ => stretch,
            };
            let known = &mut self.known[v as usize];
            if start >= known.stretch || way.hasty && known.put != (longest, stretch) {
                continue;
            }
            known.stretch = start;
            if found(v, longest) {
                return true;
            }
            if way.hasty && looked > HASTE {
                return false;
            }
            for (e, u) in on.row(v) {
                looked += 1;
                let stretch = start.saturating_add(on.cost(e));
                let longest = longest.max(stretch);
                if longest <= limit && Some(e) != way.without && Some(u) != way.around && !on.is_sink(u) {
                    self.put(u, (longest, stretch), way.hasty);
                }
            }
        }
        false
    }

    fn put(&mut self, v: u32, label: (u64, u64), hasty: bool) {
        let known = &mut self.known[v as usize];
        if known.turn != self.turn {
            *known = Known { turn: self.turn, put: label, stretch: u64::MAX };
        } else if hasty && known.put <= label
            || known.put.0 <= label.0 && known.put.1 <= label.1
            || known.stretch <= label.1
        {
            return;
        }
        known.put = label;
        self.heap.push(Reverse((label.0, label.1, v)));
    }
}
