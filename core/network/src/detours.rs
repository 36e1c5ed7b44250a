//! Whether the way around a water is cheaper than the crossing.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use breiband_model::{Bounds, CostBook, Point, Price, RuleId};

use crate::carry::Change;
use crate::links::Place;
use crate::stretches::{Stretch, Stretches, Use};

/// Junctions that the search for a way around may visit; beyond that the crossing is kept.
const MOST_VISITED: usize = 4_000;

/// What was found out, by the two places, as far as it depends on no junction's number.
#[derive(Debug, Default)]
pub(crate) struct KnownDetours(HashMap<(Point, Point), Known>);

#[derive(Debug)]
struct Known {
    question: Question,
    is_cheaper: bool,
    /// Around all junctions that were visited.
    seen: Bounds,
}

/// What is asked: between the ends of the two stretches, for at most so much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Question {
    starts: [Point; 2],
    goals: [Point; 2],
    budget: u64,
}

impl KnownDetours {
    /// Goes on with ways that are cut otherwise: what saw none of the change holds.
    pub(crate) fn carry(&mut self, change: &Change) {
        self.0.retain(|_, known| !change.is_within(&known.seen));
    }
}

/// What the way around costs, roughly: metres along the ways and one crossing at each junction.
pub(crate) struct Detours<'s> {
    stretches: &'s Stretches,
    /// Cost of following each stretch; `u64::MAX` where it may not be followed.
    costs: Vec<u64>,
    /// The least cost found to each junction in the search of that number.
    found: Vec<(u32, u64)>,
    search: u32,
}

impl<'s> Detours<'s> {
    pub(crate) fn new(stretches: &'s Stretches, book: &CostBook) -> Self {
        let prices = |rule| [book.along(rule), book.crossing(rule)].map(|price| price.map(|price| book.price(price)));
        let prices: Vec<_> = (0..book.file().rules.len()).map(|rule| prices(RuleId::from_usize(rule))).collect();
        let cost = |s: &Stretch| match (s.usage, s.rule) {
            (Use::Verges | Use::Line, Some(rule)) => {
                let [along, crossing] = prices[rule.index()];
                let price = |p: Option<&Price>, mm, n| p.map_or(0, |p| p.cost(mm, n, 1000).as_minor());
                price(along, u64::from(s.length_mm), 0) + price(crossing, 0, 1)
            }
            _ => u64::MAX,
        };
        let costs = stretches.all.iter().map(cost).collect();
        Self { stretches, costs, found: vec![(0, 0); stretches.junctions.len()], search: 0 }
    }

    /// Whether a way around from `a` to `b` is found that costs at most `cost`; what is known is not looked for anew.
    pub(crate) fn is_cheaper(&mut self, a: &Place, b: &Place, cost: u64, all_known: &mut KnownDetours) -> bool {
        let ends = |place: &Place| {
            let s = &self.stretches.all[place.stretch as usize];
            [s.tail, s.head]
        };
        let (starts, goals) = (ends(a), ends(b));
        if a.stretch == b.stretch {
            return self.costs[a.stretch as usize] <= cost;
        }
        // The stretches of the two landings count whole: at most that.
        let fixed = self.costs[a.stretch as usize].saturating_add(self.costs[b.stretch as usize]);
        let Some(budget) = cost.checked_sub(fixed) else { return false };
        let points = |ends: [u32; 2]| ends.map(|junction| self.stretches.junctions[junction as usize]);
        let question = Question { starts: points(starts), goals: points(goals), budget };
        if let Some(known) = all_known.0.get(&(a.point, b.point)).filter(|known| known.question == question) {
            return known.is_cheaper;
        }
        let (is_cheaper, seen) = self.search(starts, goals, budget);
        match seen {
            Some(seen) => drop(all_known.0.insert((a.point, b.point), Known { question, is_cheaper, seen })),
            None => drop(all_known.0.remove(&(a.point, b.point))),
        }
        is_cheaper
    }

    /// Whether a way is found, and the box around what was visited: none where junctions that are as far, taken in
    /// another order, might have used up the visits.
    fn search(&mut self, starts: [u32; 2], goals: [u32; 2], budget: u64) -> (bool, Option<Bounds>) {
        self.search += 1;
        let mut heap: BinaryHeap<Reverse<(u64, u32)>> = BinaryHeap::new();
        for start in starts {
            self.found[start as usize] = (self.search, 0);
            heap.push(Reverse((0, start)));
        }
        let ends = starts.into_iter().chain(goals).map(|junction| self.stretches.junctions[junction as usize]);
        let mut seen = Bounds::of(ends);
        let (mut visited, mut is_free) = (0, false);
        while let Some(Reverse((so_far, junction))) = heap.pop() {
            if goals.contains(&junction) {
                // Where every step costs something, all that is as far as the goal waits beside it or was visited.
                return (true, seen.filter(|_| !is_free && visited + heap.len() < MOST_VISITED));
            }
            if self.found[junction as usize] != (self.search, so_far) {
                continue;
            }
            visited += 1;
            if visited > MOST_VISITED {
                return (false, None);
            }
            seen = Bounds::of(
                seen.into_iter().flat_map(|b| [b.min, b.max]).chain([self.stretches.junctions[junction as usize]]),
            );
            for arm in self.stretches.arms_of(junction) {
                let s = &self.stretches.all[arm.stretch as usize];
                let next = if arm.at_head { s.tail } else { s.head };
                let step = self.costs[arm.stretch as usize];
                is_free |= step == 0;
                let total = so_far.saturating_add(step);
                let known = &mut self.found[next as usize];
                if total <= budget && (known.0 != self.search || total < known.1) {
                    *known = (self.search, total);
                    heap.push(Reverse((total, next)));
                }
            }
        }
        (false, seen)
    }
}
