//! One step of all flows and potentials, four numbers at a time.

use super::{Edge, Four, LANES, Lane, Relax};

/// Over-relaxation of each step; below two.
const AHEAD: f32 = 1.95;
/// Flows that are next to nothing are swept away in one step of so many, before they are numbers that processors are slow with.
const SWEEP: u32 = 32;
/// A flow below this part of one is none.
const SPECK: f32 = 1e-6;
/// A width is good enough if the next turn of its search would change it by no more than this part of itself. A hundredth takes as
/// long, and leaves I003's bound where a ten-thousandth has it one part in fifteen thousand higher.
const NEAR: f32 = 1e-4;
/// Turns at most of the search for an arc's price at the margin: it converges in two or three.
const TURNS: usize = 20;

/// By the bits of [`Relax::own`]: [`AHEAD`] where they are set.
const OWN: [Four; 1 << LANES] = {
    let mut own = [Four::ZERO; 1 << LANES];
    let mut bits = 0;
    while bits < own.len() {
        let mut ahead = [0.0; LANES];
        let mut k = 0;
        while k < LANES {
            ahead[k] = if bits >> k & 1 == 1 { AHEAD } else { 0.0 };
            k += 1;
        }
        own[bits] = Four::new(ahead);
        bits += 1;
    }
    own
};

impl Relax {
    /// One step of flows and potentials, O(flows).
    pub(crate) fn step(&mut self) {
        self.steps += 1;
        if self.steps.is_multiple_of(SWEEP) { self.go::<true>() } else { self.go::<false>() }
    }

    /// A step, which sweeps flows away that are next to nothing, or does not.
    fn go<const SWEEPS: bool>(&mut self) {
        for (goal, unit) in self.goal.iter().zip(&self.units) {
            for (k, (&goal, unit)) in goal.iter().zip(unit.to_array()).enumerate() {
                self.surplus[goal as usize].as_mut_array()[k] += unit;
            }
        }
        let mut lanes = &mut self.lanes[..];
        for at in 0..self.edges.len() {
            let end = self.edges.get(at + 1).map_or(lanes.len(), |next| (next.first - self.edges[at].first) as usize);
            let (own, rest) = lanes.split_at_mut(end);
            lanes = rest;
            let (potential, units, surplus) = (&self.potential[..], &self.units[..], &mut self.surplus[..]);
            // The compiler makes straight code of the usual lengths.
            let edge = &mut self.edges[at];
            match end {
                1 => widen::<SWEEPS>(edge, &mut own[..1], &mut self.wishes[..1], potential, units, surplus),
                2 => widen::<SWEEPS>(edge, &mut own[..2], &mut self.wishes[..2], potential, units, surplus),
                3 => widen::<SWEEPS>(edge, &mut own[..3], &mut self.wishes[..3], potential, units, surplus),
                4 => widen::<SWEEPS>(edge, &mut own[..4], &mut self.wishes[..4], potential, units, surplus),
                n => widen::<SWEEPS>(edge, own, &mut self.wishes[..n], potential, units, surplus),
            }
        }
        let moved = self.potential.iter_mut().zip(&self.stride).zip(&self.own).zip(&mut self.surplus);
        for (((potential, stride), own), surplus) in moved {
            let next = (*potential + *surplus * *stride).fast_max(Four::ZERO);
            *potential += (next - *potential) * OWN[usize::from(*own) % OWN.len()];
            *surplus = Four::ZERO;
        }
        self.surplus[self.user.len()] = Four::ZERO;
    }
}

/// What a group asks for on an edge.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    /// Forwards, or backwards if negative.
    pub(super) flow: Four,
    /// What is one whole.
    pub(super) whole: Four,
}

impl Wish {
    pub(super) const NONE: Self = Self { flow: Four::ZERO, whole: Four::ONE };

    /// What the slopes ask for on a lane: its flows, and what the potentials at the second end have over those at the first.
    #[inline(always)]
    pub(super) fn of(lane: &Lane, potential: &[Four], units: &[Four]) -> Self {
        let rise = potential[lane.ends[0] as usize] - potential[lane.ends[1] as usize];
        Self { flow: lane.flow + rise, whole: units[lane.group as usize] }
    }
}

/// The wishes in one direction that pass a width, added up, and their units.
#[derive(Debug, Clone, Copy)]
struct Excess {
    wishes: Four,
    units: Four,
}

impl Excess {
    const NONE: Self = Self { wishes: Four::ZERO, units: Four::ZERO };

    /// Adds a wish: of sign 1 forwards, of sign -1 backwards.
    #[inline(always)]
    fn add(&mut self, wish: &Wish, sign: f32, width: f32) {
        let flow = wish.flow * sign;
        // A width is never negative.
        let over = flow.simd_gt(wish.whole * width);
        self.wishes += flow & over;
        self.units += wish.whole & over;
    }

    fn of(wishes: &[Wish], sign: f32, width: f32) -> Self {
        let mut excess = Self::NONE;
        wishes.iter().for_each(|wish| excess.add(wish, sign, width));
        excess
    }
}

/// The flows of an edge: what the slopes ask for, cut down to the widths at which the excess just pays for it.
#[inline(always)]
fn widen<const SWEEPS: bool>(
    edge: &mut Edge,
    lanes: &mut [Lane],
    wishes: &mut [Wish],
    potential: &[Four],
    units: &[Four],
    surplus: &mut [Four],
) {
    // The first turn of the search for the widths, on the way.
    let [mut forth, mut back] = [Excess::NONE; 2];
    let old = edge.width;
    for (lane, wish) in lanes.iter().zip(&mut *wishes) {
        *wish = Wish::of(lane, potential, units);
        forth.add(wish, 1.0, old[0]);
        back.add(wish, -1.0, old[1]);
    }
    edge.width =
        [narrowed(wishes, 1.0, edge.cost[0], old[0], forth), narrowed(wishes, -1.0, edge.cost[1], old[1], back)];
    if edge.still && edge.width == [0.0; 2] {
        return;
    }
    edge.still = SWEEPS;
    let [forth, back] = edge.width;
    for (lane, wish) in lanes.iter_mut().zip(&*wishes) {
        let (was, whole) = (lane.flow, wish.whole);
        let new = wish.flow.fast_min(whole * forth).fast_max(whole * -back);
        let change = new - was;
        // What a flow will be if it goes on as it goes now.
        let ahead = new + change;
        let next = was + change * AHEAD;
        if SWEEPS {
            lane.flow = next & next.abs().simd_ge(whole * SPECK);
            edge.still &= lane.flow.simd_eq(Four::ZERO).all();
        } else {
            lane.flow = next;
        }
        surplus[lane.ends[0] as usize] -= ahead;
        surplus[lane.ends[1] as usize] += ahead;
    }
}

fn sum(four: Four) -> f32 {
    let [a, b, c, d] = four.to_array();
    (a + b) + (c + d)
}

/// The width in one direction at which the excess of wishes over it adds up to the cost; none if less is wished for.
pub(super) fn width(wishes: &[Wish], sign: f32, cost: f32, start: f32) -> f32 {
    narrowed(wishes, sign, cost, start, Excess::of(wishes, sign, start))
}

/// The same by Newton's method from any width and the excess there.
#[inline(always)]
fn narrowed(wishes: &[Wish], sign: f32, cost: f32, mut width: f32, mut excess: Excess) -> f32 {
    for _ in 0..TURNS {
        let units = sum(excess.units);
        let next = if units > 0.0 { positive((sum(excess.wishes) - cost) / units) } else { 0.0 };
        let close = (next - width).abs() <= NEAR * width;
        width = next;
        if close {
            break;
        }
        excess = Excess::of(wishes, sign, width);
    }
    width
}

/// The number if it is positive, else zero: one instruction, where `max` has to think of what is no number.
pub(super) fn positive(x: f32) -> f32 {
    if x > 0.0 { x } else { 0.0 }
}
