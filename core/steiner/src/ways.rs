//! Potentials as shortest ways: what one terminal may pay on each arc bounds how far its potential can rise.

use crate::ascent::Ascent;

/// An arc as one terminal sees it, and what it may pay for it.
pub(crate) struct Way {
    /// Where a potential rises to, and from where.
    pub(crate) head: u32,
    pub(crate) tail: u32,
    /// The arc's slot.
    pub(crate) slot: u32,
    pub(crate) share: u64,
}

/// Lowers potentials until none rises along a way by more than its share: the highest that the shares allow, where they begin
/// higher. There are few ways, and they follow the numbering, up or down.
pub(crate) fn shorten(ways: &[Way], potential: &mut [u64]) {
    let mut lower = |way: &Way| {
        let reach = potential[way.tail as usize].saturating_add(way.share);
        let shorter = reach < potential[way.head as usize];
        if shorter {
            potential[way.head as usize] = reach;
        }
        shorter
    };
    let mut up = true;
    loop {
        let changed = if up {
            ways.iter().fold(false, |any, way| lower(way) | any)
        } else {
            ways.iter().rev().fold(false, |any, way| lower(way) | any)
        };
        if !changed {
            return;
        }
        up = !up;
    }
}

/// Takes over a terminal's potentials, none higher than `goal`'s, which is its own, and pays for them on its ways. `members`
/// are what may have a potential, with their vertices.
pub(crate) fn adopt(
    ascent: &mut Ascent,
    i: usize,
    ways: &[Way],
    potential: &mut [u64],
    goal: u32,
    members: impl Iterator<Item = (u32, u32)>,
) {
    let total = potential[goal as usize];
    let mut joined = Vec::new();
    for (at, vertex) in members {
        let at = &mut potential[at as usize];
        *at = (*at).min(total);
        if *at > 0 {
            joined.push((vertex, total - *at));
        }
    }
    joined.sort_unstable_by_key(|&(v, joined)| (joined, v));
    for way in ways {
        let [head, tail] = [way.head, way.tail].map(|at| potential[at as usize]);
        ascent.residual[way.slot as usize] -= head.saturating_sub(tail);
    }
    ascent.adopt(i, total, joined);
}
