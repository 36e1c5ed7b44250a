//! One step of all flows and potentials, four numbers at a time.

use super::{Edge, Four, LANES, Lane, Relax};

/// Over-relaxation of each step; below two.
const AHEAD: f32 = 1.95;
/// Flows that are next to nothing are swept away in one step of so many, before they are numbers that processors are slow with.
const SWEEP: u32 = 32;
/// A flow below this part of one is none.
const SPECK: f32 = 1e-6;
/// The prices of a whole of flow fall to this part of themselves every so many steps, for so long: at first flows are far from where
/// they belong, and later potentials are. What they end at measured best of what was tried.
const FALL: f32 = 0.88;
const FALL_EVERY: u32 = 8;
const FALL_UNTIL: u32 = 72;

/// How nearly a width is found: it is good enough if the next turn of its search would change it by no more than this.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Near {
    /// As a part of itself.
    part: f32,
    /// As a part of the whole of a flow.
    whole: f32,
}

/// Where tree and bound are nearly the same. A hundredth leaves I003's bound where a ten-thousandth has it one part in fifteen thousand
/// higher, and it is closed in four times the time.
pub(crate) const FINE: Near = Near { part: 1e-4, whole: 0.0 };
/// The same while widths still move by more than that in each step: the first steps prove as much with it, in two thirds of the time.
pub(crate) const COARSE: Near = Near { part: 5e-2, whole: 1e-2 };
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
    ///
    /// Widths are found as nearly as asked: [`FINE`] or [`COARSE`].
    pub(crate) fn step(&mut self, near: Near) {
        if self.steps.is_multiple_of(FALL_EVERY) && (1..=FALL_UNTIL).contains(&self.steps) {
            self.lower_prices();
        }
        self.steps += 1;
        if self.steps.is_multiple_of(SWEEP) { self.go::<true>(near) } else { self.go::<false>(near) }
    }

    /// Lowers the price of a whole of each flow. Potentials are counted in it.
    fn lower_prices(&mut self) {
        self.units.iter_mut().for_each(|unit| *unit *= FALL);
        self.potential.iter_mut().for_each(|potential| *potential *= 1.0 / FALL);
    }

    /// A step, which sweeps flows away that are next to nothing, or does not.
    fn go<const SWEEPS: bool>(&mut self, near: Near) {
        for goal in &self.goal {
            for (k, &goal) in goal.iter().enumerate() {
                self.surplus[goal as usize].as_mut_array()[k] += 1.0;
            }
        }
        let mut lanes = &mut self.lanes[..];
        for at in 0..self.edges.len() {
            let end = self.edges.get(at + 1).map_or(lanes.len(), |next| (next.first - self.edges[at].first) as usize);
            let (own, rest) = lanes.split_at_mut(end);
            lanes = rest;
            let (potential, units, surplus) = (&self.potential[..], &self.units[..], &mut self.surplus[..]);
            let edge = &mut self.edges[at];
            // The compiler makes straight code of the usual lengths.
            match if SWEEPS { usize::MAX } else { end } {
                1 => widen::<false>(edge, &mut own[..1], &mut self.wishes[..1], potential, units, surplus, near),
                2 => widen::<false>(edge, &mut own[..2], &mut self.wishes[..2], potential, units, surplus, near),
                3 => widen::<false>(edge, &mut own[..3], &mut self.wishes[..3], potential, units, surplus, near),
                4 => widen::<false>(edge, &mut own[..4], &mut self.wishes[..4], potential, units, surplus, near),
                _ => widen::<SWEEPS>(edge, own, &mut self.wishes[..end], potential, units, surplus, near),
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
    /// The price of one whole.
    pub(super) unit: Four,
}

impl Wish {
    pub(super) const NONE: Self = Self { flow: Four::ZERO, unit: Four::ONE };

    /// What the slopes ask for on a lane: its flows, and what the potentials at the second end have over those at the first.
    #[inline(always)]
    pub(super) fn of(lane: &Lane, potential: &[Four], units: &[Four]) -> Self {
        let rise = potential[lane.ends[0] as usize] - potential[lane.ends[1] as usize];
        Self { flow: lane.flow + rise, unit: units[lane.group as usize] }
    }
}

/// The wishes that pass a width, and those who have them: both added up by price.
#[derive(Debug, Clone, Copy)]
struct Excess {
    wishes: Four,
    units: Four,
}

impl Excess {
    const NONE: Self = Self { wishes: Four::ZERO, units: Four::ZERO };

    /// Adds what a wish is at its price, where it passes.
    #[inline(always)]
    fn add(&mut self, price: Four, unit: Four, passes: Four) {
        self.wishes += price & passes;
        self.units += unit & passes;
    }

    /// The wishes in one direction: of sign 1 forwards, of sign -1 backwards.
    fn of(wishes: &[Wish], sign: f32, width: f32) -> Self {
        let mut excess = Self::NONE;
        for &Wish { flow, unit } in wishes {
            let flow = flow * sign;
            excess.add(flow * unit, unit, flow.simd_gt(Four::splat(width)));
        }
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
    near: Near,
) {
    // The first turn of the search for the widths, on the way.
    let [mut forth, mut back] = [Excess::NONE; 2];
    let old = edge.width;
    let [most, least] = [Four::splat(old[0]), Four::splat(-old[1])];
    for (lane, wish) in lanes.iter().zip(&mut *wishes) {
        // Taken apart: a copy of the whole would go by the stack.
        let Wish { flow, unit } = Wish::of(lane, potential, units);
        (wish.flow, wish.unit) = (flow, unit);
        let price = flow * unit;
        forth.add(price, unit, flow.simd_gt(most));
        back.add(price, unit, flow.simd_lt(least));
    }
    back.wishes = -back.wishes;
    edge.width = narrowed(wishes, edge.cost, old, [forth, back], near);
    if edge.still && edge.width == [0.0; 2] {
        return;
    }
    edge.still = SWEEPS;
    let [most, least] = [Four::splat(edge.width[0]), Four::splat(-edge.width[1])];
    for (lane, wish) in lanes.iter_mut().zip(&*wishes) {
        let was = lane.flow;
        let new = wish.flow.fast_min(most).fast_max(least);
        let change = new - was;
        // What a flow will be if it goes on as it goes now.
        let ahead = new + change;
        let next = was + change * AHEAD;
        if SWEEPS {
            lane.flow = next & next.abs().simd_ge(Four::splat(SPECK));
            edge.still &= lane.flow.simd_eq(Four::ZERO).all();
        } else {
            lane.flow = next;
        }
        surplus[lane.ends[0] as usize] -= ahead;
        surplus[lane.ends[1] as usize] += ahead;
    }
}

/// The widths, one in each direction, at which the excess of wishes over them adds up to the costs; none where less is wished for.
pub(super) fn widths(wishes: &[Wish], costs: [f32; 2], start: [f32; 2]) -> [f32; 2] {
    narrowed(wishes, costs, start, [Excess::of(wishes, 1.0, start[0]), Excess::of(wishes, -1.0, start[1])], FINE)
}

/// The same by Newton's method from any widths and the excess there.
#[inline(always)]
fn narrowed(
    wishes: &[Wish],
    costs: [f32; 2],
    mut widths: [f32; 2],
    [mut forth, mut back]: [Excess; 2],
    near: Near,
) -> [f32; 2] {
    for _ in 0..TURNS {
        // All four sums at once.
        let [a, b, c, d] = Four::transpose([forth.wishes, forth.units, back.wishes, back.units]);
        let [wishes_forth, units_forth, wishes_back, units_back] = ((a + b) + (c + d)).to_array();
        let next = [turn(wishes_forth, units_forth, costs[0]), turn(wishes_back, units_back, costs[1])];
        let open = [0, 1].map(|i| (next[i] - widths[i]).abs() > near.part * widths[i] + near.whole);
        widths = next;
        if !(open[0] | open[1]) {
            break;
        }
        if open[0] {
            forth = Excess::of(wishes, 1.0, widths[0]);
        }
        if open[1] {
            back = Excess::of(wishes, -1.0, widths[1]);
        }
    }
    widths
}

/// Where wishes that go on as they do add up to the cost.
#[inline(always)]
fn turn(wishes: f32, units: f32, cost: f32) -> f32 {
    // Nobody wishes for anything where there are no units: the quotient is negative then, or zero.
    let units = if units > f32::MIN_POSITIVE { units } else { f32::MIN_POSITIVE };
    positive((wishes - cost) / units)
}

/// The number if it is positive, else zero: one instruction, where `max` has to think of what is no number.
pub(super) fn positive(x: f32) -> f32 {
    if x > 0.0 { x } else { 0.0 }
}
