//! Dual ascent on directed cuts (Wong 1984).
//!
//! Each terminal t holds the set of vertices that reach it through saturated arcs. Raising t by δ pays δ from every arc
//! into the set; arcs that are used up let their tails join. A terminal is finished when its set meets the root, and
//! rests when its set covers the set of another terminal that is still active (whatever connects that one connects it).
//! The sets of one terminal are nested, so its potential is, per vertex, its total less what it was when the vertex
//! joined: no set is stored twice. What rests keeps the vertices it has paid for and nothing else, and a search for the rest of a
//! set ends where somebody to rest on is found: else every terminal at the edge of a large set would walk through all of it.
//! A terminal whose set is covered but for itself is as good to rest on ([`Ascent::run_quickly`]): where a line to each home costs
//! much more than what runs along the road, sets that differ in the home alone would each walk along all of it.
//!
//! Who may be left out, and has paid all that leaving it out costs, hands its set to one of those who rest on it ([`heirs`]): a
//! village that nobody's prize is worth would else be gathered anew for each who pays.
//!
//! Each set keeps its list of incoming arcs between turns; smallest list first, put back when it passes the next one's. The last
//! of all goes [`alone`].
//! With a good tree at hand, sets that the tree enters once come first (Pajor, Uchoa & Werneck 2018): in an optimal dual
//! no raised cut is crossed twice by an optimal tree.

use crate::net::{Kind, Net};
use breiband_random::mix;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

mod alone;
mod heirs;
mod parted;
mod polish;
mod sums;
mod written;

pub(crate) use polish::Polish;
use sums::Sums;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Active,
    Resting,
    Finished,
    /// Finished, and whoever rests on it rests on its heir.
    Left,
}

/// Where a terminal stands.
#[derive(Debug, Clone)]
struct Stand {
    state: State,
    /// The set that it raises.
    set: u32,
    /// How often the guiding tree enters the set, less one; then the number of incoming arcs. As of the last turn.
    rank: (u32, u32),
    /// Terminals that rest on this one.
    wards: Vec<u32>,
    /// Whom it rests on, while it does; or its heir.
    on: u32,
    /// Whether it rests there without holding the other's entrance.
    loosely: bool,
}

impl Stand {
    /// About to raise its own set.
    fn fresh(set: u32) -> Self {
        let (state, on) = (State::Active, crate::NONE);
        Self { state, set, rank: (0, 0), wards: Vec::new(), on, loosely: false }
    }
}

/// What terminals raise: at first each its own.
#[derive(Debug, Clone)]
struct Set {
    /// Who raises it, or has done so last.
    by: u32,
    total: u64,
    /// Members with the total at which they joined, which only grows along them.
    members: Vec<(u32, u64)>,
    /// Incoming arcs, as slots of their heads; arcs whose tail has joined since are weeded out on the way.
    cut: Vec<u32>,
    /// Who raised it before it was handed on, and up to which total; none of them is a member any more if it is a sink.
    before: Vec<(u32, u64)>,
}

impl Set {
    /// Nothing raised yet.
    fn fresh(by: u32) -> Self {
        Self { by, total: 0, members: Vec::new(), cut: Vec::new(), before: Vec::new() }
    }

    /// The vertices that something was raised for since they joined, and how much.
    fn potentials(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        self.members.iter().filter(|(_, joined)| *joined < self.total).map(|&(v, joined)| (v, self.total - joined))
    }

    /// What it takes: members, and four incoming arcs for one.
    fn size(&self) -> u64 {
        (self.members.len() + self.cut.len() / 4) as u64
    }

    /// Drops the members that nothing was raised for since they joined: they have no potential.
    fn forget_unpaid(&mut self) {
        self.members.truncate(self.members.partition_point(|&(_, joined)| joined < self.total));
    }

    /// Keeps what it has paid for once its turns have ended, and gives back the room: it may have been many times as large.
    fn settle_down(&mut self) {
        self.forget_unpaid();
        self.members.shrink_to_fit();
        self.cut = Vec::new();
    }
}

/// What is asked of a vertex whenever a set meets it, side by side in memory.
#[derive(Debug, Clone, Copy)]
struct Spot {
    /// The last turn that met it.
    stamp: u32,
    /// Bits: [`REACHED`], [`SINK`], [`DOOR`], and below them one more than the position in `net.terminals`, or zero.
    mark: u32,
}

/// The root reaches it through saturated arcs.
const REACHED: u32 = 1 << 31;
/// No path passes through it.
const SINK: u32 = 1 << 30;
/// It is no terminal, but the only and free way to one that no path passes through.
const DOOR: u32 = 1 << 29;

impl Spot {
    fn is_reached(self) -> bool {
        self.mark & REACHED != 0
    }

    fn is_sink(self) -> bool {
        self.mark & SINK != 0
    }

    /// Which terminal it is, if any.
    fn terminal(self) -> Option<u32> {
        self.entrance().filter(|_| self.mark & DOOR == 0)
    }

    /// To which terminal all paths come by it, if to any: the terminal that it is, or the one behind it.
    fn entrance(self) -> Option<u32> {
        (self.mark & (DOOR - 1)).checked_sub(1)
    }
}

/// A feasible dual solution: residual costs and the terminals' sets.
#[derive(Debug, Clone)]
pub(crate) struct Ascent {
    /// By slot of v's row: what is left of the arc from that neighbour *into* v.
    pub(crate) residual: Vec<u64>,
    /// By position in `net.terminals`.
    stands: Vec<Stand>,
    /// Each terminal's own, which it may have handed on.
    sets: Vec<Set>,
    /// Σ totals: the bound.
    pub(crate) bound: u64,
    /// Arcs looked at.
    pub(crate) work: u64,
    spots: Vec<Spot>,
    turn: u32,
    /// By vertex: the slot of the saturated arc by which the root reaches it, [`ORIGIN`] for the root, else none.
    via: Vec<u32>,
    /// By slot: whether the guiding tree uses the arc. Empty without one.
    guide: Vec<bool>,
    /// Whether sets rest on any terminal that they cover but for itself, or on sinks alone.
    quick: bool,
    /// Whether sets that several terminals have raised are left to them together.
    joint: bool,
    /// Not zero: cuts are ranked with a distortion of up to double that depends on it.
    jitter: u64,
    /// What changed since [`Ascent::begin`], to be taken back.
    log: Option<Log>,
}

/// More ways than these into a terminal are not gone through to see whether somebody may rest on it.
const WAYS: usize = 64;
/// Members that all sets may hold (16 bytes each), or four incoming arcs for one: where thousands hold nearly all there is, the
/// bound stays where it is then.
const ROOM: u64 = 1 << 26;
/// Terminals that go on together.
const TOGETHER: usize = 1_000;
/// The rank after everybody's.
const NOBODY: (u32, u32) = (u32::MAX, u32::MAX);
/// Stands for the arc by which the root reaches itself.
const ORIGIN: u32 = crate::NONE - 1;

/// Old values, in the order in which they were overwritten.
#[derive(Debug, Clone, Default)]
struct Log {
    bound: u64,
    residual: Vec<(u32, u64)>,
    via: Vec<(u32, u32)>,
    sets: Vec<(u32, Set)>,
}

impl Ascent {
    /// Nothing raised.
    pub(crate) fn empty(net: &Net, tree: &[u32]) -> Self {
        Self {
            residual: net.graph.arcs().iter().map(|arc| arc.cost).collect(),
            stands: (0..net.terminals.len() as u32).map(Stand::fresh).collect(),
            sets: (0..net.terminals.len() as u32).map(Set::fresh).collect(),
            bound: 0,
            work: 0,
            spots: spots(net),
            turn: 0,
            via: vec![crate::NONE; net.kind.len()],
            guide: guide(net, tree),
            quick: false,
            joint: false,
            jitter: 0,
            log: None,
        }
    }

    /// Takes over a terminal's potentials: its total, and its vertices with the total at which they joined. The caller has
    /// seen to the residual costs.
    pub(crate) fn adopt(&mut self, i: usize, total: u64, members: Vec<(u32, u64)>) {
        self.bound += total;
        self.sets[i] = Set { total, members, ..Set::fresh(i as u32) };
    }

    /// Ascends from what all terminals were given. Whom the root does not reach through saturated arcs ascends anew in what is
    /// left of the costs, and adds that to what it was given: its first potentials need not lie on saturated arcs, so it could
    /// only raise all of them together, and would pay all around them.
    pub(crate) fn go_on(&mut self, net: &Net, twins: &[u32]) {
        self.flood(net, twins, net.root, ORIGIN);
        let among: Vec<u32> = (0..).zip(&net.terminals).filter(|(_, t)| !self.reached(**t)).map(|(i, _)| i).collect();
        for stand in &mut self.stands {
            stand.state = State::Finished;
        }
        let mut sums = Sums::new(net);
        // Some at a time: where much is saturated already, sets are large.
        for some in among.chunks(TOGETHER) {
            let given: Vec<Set> = some.iter().map(|&i| self.take(i)).collect();
            for &i in some {
                self.stands[i as usize] = Stand::fresh(i);
                self.begin_at(net, i as usize);
            }
            self.settle(net, twins, some);
            for (&i, given) in some.iter().zip(given) {
                let set = &mut self.sets[i as usize];
                *set = sums.of(net, &mut self.residual, [&given, set]);
                self.stands[i as usize].state = State::Finished;
            }
        }
    }

    /// The vertices at which a terminal has a potential, and the potentials.
    pub(crate) fn potentials(&self, i: usize) -> impl Iterator<Item = (u32, u64)> + '_ {
        self.sets[i].potentials()
    }

    /// Ascends from nothing, guided by the edges of a tree if some are given.
    pub(crate) fn run(net: &Net, twins: &[u32], tree: &[u32]) -> Self {
        Self::empty(net, tree).raised(net, twins)
    }

    /// As [`Ascent::run`], for the bound alone: many times as fast on a graph that nothing was reduced of, with as high a bound. Its
    /// smaller sets tell less of what a better tree can do without.
    pub(crate) fn run_quickly(net: &Net, twins: &[u32], tree: &[u32]) -> Self {
        Self { quick: true, ..Self::empty(net, tree) }.raised(net, twins)
    }

    /// As [`Ascent::run_quickly`]; what several terminals have raised one after the other is not parted among them: many times as
    /// small where few of them are worth what they cost. To be written by [`Ascent::into_joint_certificate`], or first to be parted by
    /// [`Ascent::parted`].
    pub(crate) fn run_jointly(net: &Net, twins: &[u32], tree: &[u32]) -> Self {
        Self { quick: true, joint: true, ..Self::empty(net, tree) }.raised(net, twins)
    }

    fn raised(mut self, net: &Net, twins: &[u32]) -> Self {
        self.flood(net, twins, net.root, ORIGIN);
        for i in 0..net.terminals.len() {
            self.begin_at(net, i);
        }
        let all: Vec<u32> = (0..net.terminals.len() as u32).collect();
        self.settle(net, twins, &all);
        self
    }

    /// Begins a terminal's fresh set.
    fn begin_at(&mut self, net: &Net, i: usize) {
        self.turn += 1;
        self.join(net, i, net.terminals[i]);
        self.stands[i].rank = (0, self.sets[i].cut.len() as u32);
        if self.stands[i].state != State::Active {
            self.sets[i].settle_down();
        }
    }

    /// Members of all sets, or about that, once they are parted.
    pub(crate) fn held(&self) -> u64 {
        self.sets.iter().map(|set| set.members.len() as u64 * (1 + set.before.len() as u64)).sum()
    }

    /// A terminal's set, and leaves a fresh one.
    fn take(&mut self, i: u32) -> Set {
        std::mem::replace(&mut self.sets[i as usize], Set::fresh(i))
    }

    /// The set that a terminal raises.
    fn set_of(&mut self, i: usize) -> &mut Set {
        &mut self.sets[self.stands[i].set as usize]
    }

    /// Whether the root reaches a vertex through saturated arcs.
    fn reached(&self, v: u32) -> bool {
        self.spots[v as usize].is_reached()
    }

    /// Lets those of the terminals `among` that are active ascend until the root reaches all.
    fn settle(&mut self, net: &Net, twins: &[u32], among: &[u32]) {
        // A terminal rests on the promise that its path will come through another's. With several drops to a sink the
        // promise can be broken by a later drop: whoever is still cut off goes on.
        loop {
            self.climb(net, twins, among);
            let cut_off =
                |&i: &u32| !self.reached(net.terminals[i as usize]) && self.stands[i as usize].state == State::Resting;
            let woken: Vec<u32> = among.iter().copied().filter(cut_off).collect();
            if woken.is_empty() {
                break;
            }
            self.wake(net, &woken);
        }
        if !self.joint {
            self.part(net, among);
        }
    }

    /// Lets every active terminal of `among` ascend until it is finished or rests.
    fn climb(&mut self, net: &Net, twins: &[u32], among: &[u32]) {
        let mut queue: BinaryHeap<Reverse<((u32, u32), u32)>> = among
            .iter()
            .filter(|&&i| self.stands[i as usize].state == State::Active)
            .map(|&i| Reverse((self.stands[i as usize].rank, i)))
            .collect();
        let all = |sets: &[Set]| among.iter().map(|&i| sets[i as usize].size()).sum::<u64>();
        let mut held = all(&self.sets);
        while let Some(Reverse((_, i))) = queue.pop() {
            // Whoever was woken twice stands in the queue twice, and may rest by now, its cut not known to the end.
            if self.stands[i as usize].state != State::Active {
                continue;
            }
            let next = queue.peek().map_or(NOBODY, |Reverse((rank, _))| *rank);
            if self.reached(net.terminals[i as usize]) {
                self.stands[i as usize].state = State::Finished;
                self.set_of(i as usize).settle_down();
                continue;
            }
            if held > ROOM {
                // What was forgotten since was not subtracted.
                held = all(&self.sets);
                if held > ROOM {
                    self.end_all();
                    return;
                }
            }
            let drops = self.drops_used(net, i as usize);
            let before = self.set_of(i as usize).size();
            let on = self.take_turn(net, twins, i as usize, next);
            held += self.set_of(on).size().saturating_sub(before);
            if self.stands[on].state == State::Active {
                queue.push(Reverse((self.stands[on].rank, on as u32)));
            }
            if drops > 0 && self.drops_used(net, i as usize) > drops {
                // It has begun to pay for a second way. Whoever rests on it may still have only one: let them pay.
                let mut wards = std::mem::take(&mut self.stands[i as usize].wards);
                wards.retain(|&ward| self.stands[ward as usize].state == State::Resting);
                self.wake(net, &wards);
                wards.retain(|&ward| self.stands[ward as usize].state == State::Active);
                queue.extend(wards.iter().map(|&ward| Reverse((self.stands[ward as usize].rank, ward))));
            }
        }
    }

    /// Leaves every terminal where it is.
    fn end_all(&mut self) {
        for (stand, set) in self.stands.iter_mut().zip(&mut self.sets) {
            stand.state = State::Finished;
            set.settle_down();
        }
    }

    /// Lets resting terminals go on, as far as they do not rest on one another.
    fn wake(&mut self, net: &Net, woken: &[u32]) {
        for &i in woken {
            self.stands[i as usize].state = State::Active;
        }
        let mut held = 0;
        for &i in woken {
            self.resume(net, i as usize);
            held += self.set_of(i as usize).size();
            if held > ROOM {
                self.end_all();
                return;
            }
        }
    }

    /// How many drops of a sink are saturated.
    fn drops_used(&self, net: &Net, i: usize) -> usize {
        let t = net.terminals[i];
        if !net.is_sink(t) {
            return 0;
        }
        net.graph.slots(t).filter(|&slot| self.residual[slot] == 0).count()
    }

    /// Raises one terminal until its cut has grown beyond `next`, or it is no longer active; who goes on in its place, or it
    /// itself.
    fn take_turn(&mut self, net: &Net, twins: &[u32], i: usize, next: (u32, u32)) -> usize {
        self.turn += 1;
        let raised = self.stands[i].set as usize;
        for &(v, _) in &self.sets[raised].members {
            self.spots[v as usize].stamp = self.turn;
        }
        if next == NOBODY && self.log.is_none() {
            return self.climb_alone(net, twins, i);
        }
        let arcs = net.graph.arcs();
        let mut joining = Vec::new();
        loop {
            let (spots, residual, guide, turn) = (&self.spots, &self.residual, &self.guide, self.turn);
            let (set, stand) = (&mut self.sets[raised], &mut self.stands[i]);
            self.work += set.cut.len() as u64;
            let (mut least, mut entered) = (u64::MAX, 0u32);
            set.cut.retain(|&slot| {
                let outside = spots[arcs[slot as usize].head as usize].stamp != turn;
                if outside {
                    least = least.min(residual[slot as usize]);
                    entered += u32::from(guide.get(slot as usize) == Some(&true));
                }
                outside
            });
            if set.cut.is_empty() {
                // Cut off from the root: the caller keeps only terminals that are not.
                stand.state = State::Finished;
                set.settle_down();
                return i;
            }
            stand.rank = (entered.saturating_sub(1), distorted(self.jitter, i, set.cut.len() as u32));

            if stand.rank > next {
                return i;
            }
            joining.clear();
            for &slot in &set.cut {
                let left = &mut self.residual[slot as usize];
                if let Some(log) = &mut self.log {
                    log.residual.push((slot, *left));
                }
                *left -= least;
                if *left == 0 {
                    joining.push(slot);
                }
            }
            set.total += least;
            self.bound += least;
            for &slot in &joining {
                let tail = arcs[slot as usize].head;
                if self.reached(tail) {
                    self.flood(net, twins, arcs[twins[slot as usize] as usize].head, slot);
                }
            }
            for (at, &slot) in joining.iter().enumerate() {
                self.join(net, i, arcs[slot as usize].head);
                if self.stands[i].state != State::Active {
                    return self.ended(net, i, &joining[at..]);
                }
            }
        }
    }

    /// Lets `v` and whatever reaches it through saturated arcs into the set that `i` raises, which must be the stamped one.
    fn join(&mut self, net: &Net, i: usize, v: u32) {
        let arcs = net.graph.arcs();
        if self.spots[v as usize].stamp == self.turn {
            return;
        }
        self.spots[v as usize].stamp = self.turn;
        let raised = self.stands[i].set as usize;
        let mut at = self.sets[raised].members.len();
        let total = self.sets[raised].total;
        self.sets[raised].members.push((v, total));
        while let Some(&(v, _)) = self.sets[raised].members.get(at) {
            at += 1;
            let spot = self.spots[v as usize];
            if spot.is_reached() {
                self.stands[i].state = State::Finished;
                return;
            }
            if self.whose(spot).is_some_and(|other| self.rest(i, other as usize, false)) {
                return;
            }
            self.work += net.graph.degree(v) as u64;
            for slot in net.graph.slots(v) {
                let tail = arcs[slot].head;
                let spot = self.spots[tail as usize];
                if spot.stamp == self.turn {
                    continue;
                }
                if let Some(other) =
                    self.whose(spot).filter(|_| self.quick || spot.is_sink()).map(|other| other as usize)
                {
                    let may = other != i && self.stands[other].state != State::Finished;
                    if may && self.covers(net, tail) && self.rest(i, other, !spot.is_sink()) {
                        return;
                    }
                }
                if spot.is_sink() {
                    continue;
                }
                if self.residual[slot] == 0 {
                    self.spots[tail as usize].stamp = self.turn;
                    self.sets[raised].members.push((tail, total));
                } else {
                    self.sets[raised].cut.push(slot as u32);
                }
            }
        }
    }

    /// The terminal that a set which holds a vertex may rest on.
    fn whose(&self, spot: Spot) -> Option<u32> {
        if self.quick { spot.entrance() } else { spot.terminal() }
    }

    /// Whether the stamped set holds all that a terminal has gathered, but for its entrance and itself.
    fn covers(&self, net: &Net, entrance: u32) -> bool {
        if net.graph.degree(entrance) > WAYS {
            return false;
        }
        let mut some = false;
        for slot in net.graph.slots(entrance) {
            let spot = self.spots[net.graph.arcs()[slot].head as usize];
            if self.residual[slot] == 0 && !spot.is_sink() {
                some = true;
                if spot.stamp != self.turn {
                    return false;
                }
            }
        }
        some
    }

    /// Lets terminal `i` rest on another whose set it covers, or on whom that one rests on, if that is somebody else who is active.
    fn rest(&mut self, i: usize, other: usize, loosely: bool) -> bool {
        let (top, also) = self.top(other);
        let rests = top != i && self.stands[top].state == State::Active;
        if rests {
            let stand = &mut self.stands[i];
            (stand.state, stand.on, stand.loosely) = (State::Resting, top as u32, loosely | also);
            self.stands[top].wards.push(i as u32);
        }
        rests
    }

    /// On whom a terminal rests in the end, or it itself; and whether loosely.
    fn top(&mut self, i: usize) -> (usize, bool) {
        let rests = |stand: &Stand| matches!(stand.state, State::Resting | State::Left);
        let (mut at, mut loosely) = (i, false);
        while rests(&self.stands[at]) {
            let next = self.stands[at].on;
            let beyond = &self.stands[next as usize];
            let (on, also) = if rests(beyond) { (beyond.on, beyond.loosely) } else { (next, false) };
            let stand = &mut self.stands[at];
            (stand.on, stand.loosely) = (on, stand.loosely | also);
            (at, loosely) = (on as usize, loosely | stand.loosely);
        }
        (at, loosely)
    }

    /// Marks `v`, entered by `slot`, and what it reaches through saturated arcs, as reached.
    fn flood(&mut self, net: &Net, twins: &[u32], v: u32, slot: u32) {
        if self.reached(v) {
            return;
        }
        self.set_via(v, slot);
        let mut stack = vec![v];
        while let Some(v) = stack.pop() {
            if net.is_sink(v) {
                continue;
            }
            for slot in net.graph.slots(v) {
                let (head, into) = (net.graph.arcs()[slot].head, twins[slot]);
                if !self.reached(head) && self.residual[into as usize] == 0 {
                    self.set_via(head, into);
                    stack.push(head);
                }
            }
        }
    }

    fn set_via(&mut self, v: u32, slot: u32) {
        let old = self.put_via(v, slot);
        if let Some(log) = &mut self.log {
            log.via.push((v, old));
        }
    }

    /// As [`Ascent::set_via`], and nothing is noted; what was there before.
    fn put_via(&mut self, v: u32, slot: u32) -> u32 {
        let mark = &mut self.spots[v as usize].mark;
        *mark = if slot == crate::NONE { *mark & !REACHED } else { *mark | REACHED };
        std::mem::replace(&mut self.via[v as usize], slot)
    }

    /// Whether each edge is saturated in a direction that exists.
    pub(crate) fn saturated(&self, net: &Net) -> Vec<bool> {
        let mut saturated = vec![false; net.graph.edge_count() as usize];
        for (arc, &left) in net.graph.arcs().iter().zip(&self.residual) {
            if left == 0 && !net.is_sink(arc.head) {
                saturated[arc.edge as usize] = true;
            }
        }
        saturated
    }
}

/// A cut's size for the queue: between itself and its double, by chance, if there is a `jitter`.
fn distorted(jitter: u64, i: usize, size: u32) -> u32 {
    if jitter == 0 { size } else { size + (mix(jitter ^ i as u64) % (u64::from(size) + 1)) as u32 }
}

/// By slot, whether the tree `edges` uses the arc from that neighbour, walking from the root. Empty for no edges.
pub(crate) fn guide(net: &Net, edges: &[u32]) -> Vec<bool> {
    if edges.is_empty() {
        return Vec::new();
    }
    let mut inside = vec![false; net.graph.edge_count() as usize];
    for &e in edges {
        inside[e as usize] = true;
    }
    let mut guide = vec![false; net.graph.arcs().len()];
    let mut stack = vec![(net.root, crate::NONE)];
    while let Some((v, from)) = stack.pop() {
        for slot in net.graph.slots(v) {
            let arc = net.graph.arcs()[slot];
            if arc.edge == from {
                guide[slot] = true;
            } else if inside[arc.edge as usize] {
                stack.push((arc.head, arc.edge));
            }
        }
    }
    guide
}

/// Every vertex before anything is raised.
fn spots(net: &Net) -> Vec<Spot> {
    let sink = |kind: &Kind| if *kind == Kind::Sink { SINK } else { 0 };
    let mut spots: Vec<Spot> = net.kind.iter().map(|kind| Spot { stamp: 0, mark: sink(kind) }).collect();
    for (i, &t) in (1..).zip(&net.terminals) {
        spots[t as usize].mark |= i;
    }
    for (i, &t) in (1..).zip(&net.terminals).filter(|(_, t)| net.is_sink(**t)) {
        let mut ways = net.graph.neighbours(t).filter(|way| way.head != net.root);
        if let (Some(way), None) = (ways.next(), ways.next())
            && way.cost == 0
            && spots[way.head as usize].mark == 0
        {
            spots[way.head as usize].mark = i | DOOR;
        }
    }
    spots
}

#[cfg(test)]
mod tests;
