//! A dual as a certificate.

use super::{Ascent, Set};
use crate::net::{Lifted, Net};
use breiband_certificate::Certificate;

impl Ascent {
    /// The certificate of an ascent on a lifted instance, in the instance's own names; potentials at vertices that were added
    /// are implied, and left out. Each set is given up as soon as it is written.
    pub(crate) fn into_certificate(mut self, lifted: &Lifted) -> Certificate {
        let sets = &mut self.sets;
        let own = |v: u32| (v < lifted.vertices).then_some(v);
        written(&lifted.net, |t| lifted.terminal(t), own, |i| std::mem::replace(&mut sets[i], Set::fresh()))
    }

    /// The certificate on the net itself, under other names.
    pub(crate) fn certificate_as(&self, net: &Net, name: impl Fn(u32) -> u32) -> Certificate {
        let mut certificate = written(net, &name, |v| Some(name(v)), |i| &self.sets[i]);
        // A log holds hundreds of them.
        certificate.shrink_to_fit();
        certificate
    }
}

/// The sets as a certificate: what terminals and vertices are called there, the latter if they are called anything.
fn written<S: std::borrow::Borrow<Set>>(
    net: &Net,
    terminal: impl Fn(u32) -> u32,
    vertex: impl Fn(u32) -> Option<u32>,
    mut set: impl FnMut(usize) -> S,
) -> Certificate {
    let mut certificate = Certificate::new(terminal(net.root));
    let mut order: Vec<(u32, usize)> = net.terminals.iter().enumerate().map(|(i, &t)| (terminal(t), i)).collect();
    order.sort_unstable();
    let mut entries: Vec<(u32, u64)> = Vec::new();
    for (t, i) in order {
        let set = set(i);
        let set = set.borrow();
        entries.clear();
        entries.extend(set.potentials().filter_map(|(v, potential)| Some((vertex(v)?, potential))));
        entries.sort_unstable();
        certificate.push(t, entries.iter().copied());
    }
    certificate
}
