//! Potentials as shortest ways: what one terminal may pay on each arc bounds how far its potential can rise.

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
