//! Who goes on paying where a terminal ends that may be left out, and has paid all that leaving it out costs.
//!
//! Around it may lie a whole village that hangs together by saturated arcs. Whoever rests on it there would gather the same
//! set, one after the other: instead, one of them takes it over as it is.

use super::{Ascent, Set, State};
use crate::net::Net;

/// Who goes on paying.
enum Heir {
    /// Somebody who hangs together with all of the set, and takes it over as it is.
    Whole(usize),
    /// Somebody whose own set is another, and is gathered first.
    Apart(usize),
}

impl Ascent {
    /// Ends the stamped terminal `i`, which was active until the first of the arcs that are `joining`; who goes on in its
    /// place, or it itself, which has finished then.
    pub(super) fn ended(&mut self, net: &Net, i: usize, joining: &[u32]) -> usize {
        let arcs = net.graph.arcs();
        let own = net.graph.slots(net.terminals[i]);
        let is_own = |slot: u32| own.contains(&(slot as usize));
        let by_its_prize = self.sets[i].state == State::Finished
            && net.is_sink(net.terminals[i])
            && joining.first().is_some_and(|&slot| is_own(slot) && arcs[slot as usize].head == net.root);
        match if by_its_prize { self.heir(net, i) } else { None } {
            None => {
                // Whatever it would hold from here on, it pays for nothing of that now.
                self.sets[i].settle_down();
                i
            }
            Some(Heir::Whole(heir)) => {
                self.inherit(net, i, heir);
                for &slot in joining.iter().filter(|slot| !is_own(**slot)) {
                    self.join(net, heir, arcs[slot as usize].head);
                    if self.sets[heir].state != State::Active {
                        self.sets[heir].settle_down();
                        break;
                    }
                }
                heir
            }
            Some(Heir::Apart(heir)) => {
                self.sets[i].settle_down();
                self.sets[heir].state = State::Active;
                self.resume(net, heir);
                heir
            }
        }
    }

    /// One of those who rest on the stamped terminal; the others go over to it, as far as they rest on it as well then.
    fn heir(&mut self, net: &Net, i: usize) -> Option<Heir> {
        let mut wards = std::mem::take(&mut self.sets[i].wards);
        let (mut firmly, mut loosely) = (Vec::new(), Vec::new());
        let mut heir = None;
        while let Some(ward) = wards.pop() {
            let w = ward as usize;
            let (top, is_loose) = self.top(w);
            if self.sets[w].state != State::Resting || top != i || self.reached(net.terminals[w]) {
                continue;
            }
            if !is_loose && self.is_within(net, w) {
                heir = Some(Heir::Whole(w));
                break;
            }
            if is_loose { &mut loosely } else { &mut firmly }.push(ward);
        }
        match heir {
            Some(_) => loosely.append(&mut firmly),
            // Those who rest firmly hold what it holds, and need not hold one another.
            None => heir = loosely.pop().map(|ward| Heir::Apart(ward as usize)),
        }
        wards.append(&mut loosely);
        self.sets[i].wards = firmly;
        let (on, loosely) = match heir {
            Some(Heir::Whole(on)) => (on, false),
            Some(Heir::Apart(on)) => (on, true),
            None => return None,
        };
        self.sets[on].wards.append(&mut wards);
        let left = &mut self.sets[i];
        (left.state, left.on, left.loosely) = (State::Left, on as u32, loosely);
        heir
    }

    /// Whether a terminal and all that it has gathered are in the stamped set, but for itself if it is a sink.
    fn is_within(&self, net: &Net, i: usize) -> bool {
        let t = net.terminals[i];
        let inside = if net.is_sink(t) { self.covers(net, t) } else { self.holds(t) };
        inside && self.sets[i].members.iter().all(|&(v, _)| v == t || self.holds(v))
    }

    /// Hands the stamped set of `i` to its heir, whose own becomes the part of it that it has paid for before.
    fn inherit(&mut self, net: &Net, i: usize, heir: usize) {
        let (t, own) = (net.terminals[heir], net.terminals[i]);
        let before = self.turn;
        self.turn += 1;
        let mut left = std::mem::replace(&mut self.sets[i], Set::fresh());
        let set = &mut self.sets[heir];
        let total = set.total;
        set.forget_unpaid();
        set.members.reserve_exact(left.members.len());
        for &(v, _) in &set.members {
            self.spots[v as usize].stamp = self.turn;
        }
        for &(v, _) in left.members.iter().filter(|(v, _)| *v != own && *v != net.root) {
            let stamp = &mut self.spots[v as usize].stamp;
            if *stamp == before {
                *stamp = self.turn;
                set.members.push((v, total));
            }
        }
        set.cut = std::mem::take(&mut left.cut);
        let of_own = net.graph.slots(own);
        set.cut.retain(|&slot| !of_own.contains(&(slot as usize)));
        if net.is_sink(t) {
            if self.spots[t as usize].stamp != self.turn {
                self.spots[t as usize].stamp = self.turn;
                set.members.push((t, total));
            }
            let spots = &self.spots;
            let outside = net.graph.slots(t).filter(|&slot| {
                let tail = spots[net.graph.arcs()[slot].head as usize];
                tail.stamp != self.turn && !tail.is_sink()
            });
            set.cut.extend(outside.map(|slot| slot as u32));
        }
        (set.state, set.rank) = (State::Active, (left.rank.0, set.cut.len() as u32));
        self.work += (left.members.len() + set.cut.len()) as u64;
        left.settle_down();
        self.sets[i] = left;
    }
}
