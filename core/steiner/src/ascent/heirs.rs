//! Who goes on paying where a terminal ends that may be left out, and has paid all that leaving it out costs.
//!
//! Around it may lie a whole village that hangs together by saturated arcs. Whoever rests on it there would gather the same
//! set, one after the other: instead, one of them raises it from there on.

use super::{Ascent, State};
use crate::net::Net;

/// Who goes on paying.
enum Heir {
    /// Somebody who hangs together with all of the set, and raises it from there on.
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
        let by_its_prize = self.stands[i].state == State::Finished
            && net.is_sink(net.terminals[i])
            && joining.first().is_some_and(|&slot| is_own(slot) && arcs[slot as usize].head == net.root);
        match if by_its_prize { self.heir(net, i) } else { None } {
            None => {
                // Whatever it would hold from here on, it pays for nothing of that now.
                self.set_of(i).settle_down();
                i
            }
            Some(Heir::Whole(heir)) => {
                self.inherit(net, i, heir);
                for &slot in joining.iter().filter(|slot| !is_own(**slot)) {
                    self.join(net, heir, arcs[slot as usize].head);
                    if self.stands[heir].state != State::Active {
                        self.set_of(heir).settle_down();
                        break;
                    }
                }
                heir
            }
            Some(Heir::Apart(heir)) => {
                self.set_of(i).settle_down();
                self.stands[heir].state = State::Active;
                self.resume(net, heir);
                heir
            }
        }
    }

    /// One of those who rest on the stamped terminal; the others go over to it, as far as they rest on it as well then.
    fn heir(&mut self, net: &Net, i: usize) -> Option<Heir> {
        let mut wards = std::mem::take(&mut self.stands[i].wards);
        let (mut firmly, mut loosely) = (Vec::new(), Vec::new());
        let mut heir = None;
        while let Some(ward) = wards.pop() {
            let w = ward as usize;
            let (top, is_loose) = self.top(w);
            if self.stands[w].state != State::Resting || top != i || self.reached(net.terminals[w]) {
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
        self.stands[i].wards = firmly;
        let (on, loosely) = match heir {
            Some(Heir::Whole(on)) => (on, false),
            Some(Heir::Apart(on)) => (on, true),
            None => return None,
        };
        self.stands[on].wards.append(&mut wards);
        let left = &mut self.stands[i];
        (left.state, left.on, left.loosely) = (State::Left, on as u32, loosely);
        heir
    }

    /// Whether a terminal is in the stamped set, but for itself if it is a sink.
    fn is_within(&self, net: &Net, i: usize) -> bool {
        let t = net.terminals[i];
        if net.is_sink(t) { self.covers(net, t) } else { self.holds(t) }
    }

    /// Hands the stamped set, which `i` has raised, to its heir. What that one has raised before is another set.
    fn inherit(&mut self, net: &Net, i: usize, heir: usize) {
        let (t, own) = (net.terminals[heir], net.terminals[i]);
        let raised = self.stands[i].set;
        let set = &mut self.sets[raised as usize];
        set.before.push((i as u32, set.total));
        set.by = heir as u32;
        // The root was met last.
        set.members.pop_if(|last| last.0 == net.root);
        if let Some(at) = set.members.iter().position(|&(v, _)| v == own) {
            set.members.remove(at);
        }
        for v in [own, net.root] {
            self.spots[v as usize].stamp = 0;
        }
        let of_own = net.graph.slots(own);
        set.cut.retain(|&slot| !of_own.contains(&(slot as usize)));
        if net.is_sink(t) {
            self.spots[t as usize].stamp = self.turn;
            set.members.push((t, set.total));
            let spots = &self.spots;
            let outside = net.graph.slots(t).filter(|&slot| {
                let tail = spots[net.graph.arcs()[slot].head as usize];
                tail.stamp != self.turn && !tail.is_sink()
            });
            set.cut.extend(outside.map(|slot| slot as u32));
        }
        self.work += set.cut.len() as u64;
        let rank = (self.stands[i].rank.0, set.cut.len() as u32);
        let stand = &mut self.stands[heir];
        (stand.state, stand.set, stand.rank) = (State::Active, raised, rank);
    }
}
