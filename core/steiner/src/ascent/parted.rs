//! Sets that several terminals have raised one after the other, parted: to each its own.

use super::{Ascent, Set};
use crate::net::Net;

/// What a terminal has raised of a set: from one total to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    pub(super) terminal: u32,
    pub(super) from: u64,
    pub(super) to: u64,
}

impl Share {
    /// What the terminal has raised for a member that joined at a total.
    fn of(&self, joined: u64) -> u64 {
        self.to.saturating_sub(joined.max(self.from))
    }
}

impl Set {
    /// Who raised it, the first ones first.
    pub(super) fn shares(&self) -> impl DoubleEndedIterator<Item = Share> + '_ {
        let end = |k: usize| self.before.get(k).map_or((self.by, self.total), |&share| share);
        (0..=self.before.len()).map(move |k| {
            let (terminal, to) = end(k);
            Share { terminal, from: if k == 0 { 0 } else { end(k - 1).1 }, to }
        })
    }
}

impl Ascent {
    /// Parts all sets, see [`Ascent::run_jointly`].
    pub(crate) fn parted(mut self, net: &Net) -> Self {
        self.joint = false;
        let all: Vec<u32> = (0..net.terminals.len() as u32).collect();
        self.part(net, &all);
        self
    }

    /// Gives each of the terminals `among` a set of its own, of all that it has raised; nobody else may have raised one of theirs.
    pub(super) fn part(&mut self, net: &Net, among: &[u32]) {
        if among.iter().all(|&i| self.sets[i as usize].before.is_empty()) {
            return;
        }
        let shares = among.iter().flat_map(|&i| self.sets[i as usize].shares().map(move |share| (share, i)));
        let mut shares: Vec<(Share, u32)> = shares.filter(|(share, _)| share.from < share.to).collect();
        shares.sort_by_key(|(share, _)| share.terminal);
        let mut potential = vec![0; net.kind.len()];
        let mut parted = Vec::new();
        for of_one in shares.chunk_by(|a, b| a.0.terminal == b.0.terminal) {
            let i = of_one[0].0.terminal;
            if of_one.len() == 1 && of_one[0].1 == i && self.sets[i as usize].before.is_empty() {
                continue;
            }
            let (t, total) = (net.terminals[i as usize], of_one.iter().map(|(share, _)| share.to - share.from).sum());
            // Its own is the sum, though a sink that has handed a set on is in it no longer.
            let mut held = vec![t];
            potential[t as usize] = total;
            for &(share, set) in of_one {
                let members = self.sets[set as usize].members.iter().filter(|(v, _)| *v != t);
                let raised = members.map(|&(v, joined)| (v, share.of(joined))).take_while(|(_, by)| *by > 0);
                for (v, by) in raised {
                    if potential[v as usize] == 0 {
                        held.push(v);
                    }
                    potential[v as usize] += by;
                }
            }
            let joined = held.into_iter().map(|v| (v, total - std::mem::take(&mut potential[v as usize])));
            let mut members: Vec<(u32, u64)> = joined.collect();
            members.sort_unstable_by_key(|&(v, joined)| (joined, v));
            parted.push(Set { total, members, ..Set::fresh(i) });
        }
        for &i in among {
            self.stands[i as usize].set = i;
            if !self.sets[i as usize].before.is_empty() {
                self.sets[i as usize] = Set::fresh(i);
            }
        }
        for set in parted {
            let at = set.by as usize;
            self.sets[at] = set;
        }
    }
}
