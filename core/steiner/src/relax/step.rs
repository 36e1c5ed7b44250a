//! One step of all flows and potentials, four numbers at a time.

use super::{Edge, Four, LANES, Lane, Relax};

/// Over-relaxation of each step; below two.
const AHEAD: f32 = 1.95;
/// A flow below this part of one is none.
const SPECK: f32 = 1e-6;
/// A width is good enough if the next turn of its search would change it by no more than this part of itself. A hundredth takes as
/// long, and leaves I003's bound where a ten-thousandth has it one part in fifteen thousand higher.
const NEAR: f32 = 1e-4;
/// Turns at most of the search for an arc's price at the margin: it converges in two or three.
const TURNS: usize = 20;

impl Relax {
    /// One step of flows and potentials, O(flows).
    pub(crate) fn step(&mut self) {
        for (&goal, unit) in self.goal.iter().zip(&self.units) {
            self.surplus[goal as usize] += unit;
        }
        let mut lanes = &mut self.lanes[..];
        for at in 0..self.edges.len() {
            let end = self.edges.get(at + 1).map_or(lanes.len(), |next| (next.first - self.edges[at].first) as usize);
            let (own, rest) = lanes.split_at_mut(end);
            lanes = rest;
            let (potential, surplus) = (&self.potential[..], &mut self.surplus[..]);
            // The compiler makes straight code of the usual lengths.
            let edge = &mut self.edges[at];
            match end {
                1 => widen(edge, &mut own[..1], &mut self.wish[..1], potential, surplus),
                2 => widen(edge, &mut own[..2], &mut self.wish[..2], potential, surplus),
                3 => widen(edge, &mut own[..3], &mut self.wish[..3], potential, surplus),
                4 => widen(edge, &mut own[..4], &mut self.wish[..4], potential, surplus),
                n => widen(edge, own, &mut self.wish[..n], potential, surplus),
            }
        }
        let moved = self.potential.iter_mut().zip(&self.stride).zip(&mut self.surplus);
        for ((potential, stride), surplus) in moved {
            *potential += AHEAD * (positive(*potential + stride * *surplus) - *potential);
            *surplus = 0.0;
        }
        self.surplus[self.user.len()] = 0.0;
    }
}

impl Lane {
    /// What the slopes ask for: the flows, and what the potentials at the second end have over those at the first.
    #[inline(always)]
    pub(super) fn wish(&self, potential: &[f32]) -> Four {
        // Spelled out, so that it is straight code whatever the compiler thinks of closures within closures.
        let at = |[a, b, c, d]: [u32; LANES]| {
            Four::new([potential[a as usize], potential[b as usize], potential[c as usize], potential[d as usize]])
        };
        self.flow + at(self.ends[0]) - at(self.ends[1])
    }
}

/// The flows of an edge: what the slopes ask for, cut down to the widths at which the excess just pays for it.
#[inline(always)]
fn widen(edge: &mut Edge, lanes: &mut [Lane], wish: &mut [Four], potential: &[f32], surplus: &mut [f32]) {
    let mut all = [Four::ZERO; 2];
    for (lane, wish) in lanes.iter().zip(&mut *wish) {
        *wish = lane.wish(potential);
        all = [all[0] + towards(*wish, 1.0), all[1] + towards(*wish, -1.0)];
    }
    for (direction, sign) in [(0, 1.0), (1, -1.0)] {
        let (old, cost) = (edge.width[direction], edge.cost[direction]);
        edge.width[direction] = if sum(all[direction]) > cost {
            let wished = wish.iter().map(|wish| towards(*wish, sign));
            narrowed(wished.zip(lanes.iter().map(|lane| lane.whole)), cost, old)
        } else {
            0.0
        };
    }
    if edge.still && edge.width == [0.0; 2] {
        return;
    }
    edge.still = true;
    let [forth, back] = edge.width;
    for (lane, wish) in lanes.iter_mut().zip(&*wish) {
        let (was, whole) = (lane.flow, lane.whole);
        let new = wish.fast_min(whole * forth).fast_max(whole * -back);
        let change = new - was;
        // What a flow will be if it goes on as it goes now.
        let ahead = (new + change).to_array();
        let next = was + change * AHEAD;
        // Next to nothing is nothing.
        lane.flow = next & next.abs().simd_ge(whole * SPECK);
        edge.still &= lane.flow.simd_eq(Four::ZERO).all();
        for i in 0..LANES {
            surplus[lane.ends[0][i] as usize] -= ahead[i];
            surplus[lane.ends[1][i] as usize] += ahead[i];
        }
    }
}

/// What of the wishes is forwards, or backwards: zero for the others.
pub(super) fn towards(wish: Four, sign: f32) -> Four {
    (wish * sign).fast_max(Four::ZERO)
}

fn sum(four: Four) -> f32 {
    let [a, b, c, d] = four.to_array();
    (a + b) + (c + d)
}

pub(super) fn total(wishes: impl Iterator<Item = Four>) -> f32 {
    sum(wishes.fold(Four::ZERO, |sum, wish| sum + wish))
}

/// The wishes that pass a width, and their units; zero for the others.
fn beyond(wish: Four, whole: Four, width: f32) -> (Four, Four) {
    let over = wish.simd_gt(whole * width);
    (wish & over, whole & over)
}

/// Newton's next width, if wishes of so much together, of so many units, are wider than the last one.
fn newton(sum: f32, units: f32, cost: f32) -> f32 {
    if units > 0.0 { positive((sum - cost) / units) } else { 0.0 }
}

/// Where the excess of wishes over a width adds up to the cost: Newton's method, from anywhere. `pairs` are wishes and wholes.
#[inline(always)]
pub(super) fn narrowed(pairs: impl Iterator<Item = (Four, Four)> + Clone, cost: f32, start: f32) -> f32 {
    let mut width = start;
    for _ in 0..TURNS {
        let (mut sums, mut units) = (Four::ZERO, Four::ZERO);
        for (wish, whole) in pairs.clone() {
            let (over, unit) = beyond(wish, whole, width);
            (sums, units) = (sums + over, units + unit);
        }
        let next = newton(sum(sums), sum(units), cost);
        let close = (next - width).abs() <= NEAR * width;
        width = next;
        if close {
            break;
        }
    }
    width
}

/// The number if it is positive, else zero: one instruction, where `max` has to think of what is no number.
pub(super) fn positive(x: f32) -> f32 {
    if x > 0.0 { x } else { 0.0 }
}
