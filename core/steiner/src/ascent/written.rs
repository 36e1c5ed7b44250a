//! A dual as a certificate.

use super::Ascent;
use crate::net::{Lifted, Net};
use crate::thinned::Thinned;
use breiband_certificate::{Certificate, JointCertificate};
use std::vec::Drain;

impl Ascent {
    /// The certificate of an ascent on a thinned instance, on all of the instance and in its names. Each set is given up as soon as
    /// it is written.
    pub(crate) fn into_certificate(mut self, thinned: &Thinned) -> Certificate {
        let mut carrier = thinned.carrier();
        let terminal = |t: u32| thinned.terminal(t);
        written(&thinned.net, terminal, carrier.vertices(), |i, list| carrier.carry(self.take(i).potentials(), list))
    }

    /// The same on a lifted instance that was not thinned; potentials at vertices that were added are implied, and left out.
    #[cfg(test)]
    pub(crate) fn into_lifted_certificate(mut self, lifted: &Lifted) -> Certificate {
        let own = |&(v, _): &(u32, u64)| v < lifted.added.vertices;
        let terminal = |t: u32| lifted.added.terminal(t);
        written(&lifted.net, terminal, lifted.added.vertices, |i, list| {
            list.extend(self.take(i).potentials().filter(own))
        })
    }

    /// As [`Ascent::into_certificate`] on a lifted instance, where sets were not parted.
    pub(crate) fn into_joint_certificate(mut self, lifted: &Lifted) -> JointCertificate {
        let name = |t: u32| lifted.added.terminal(t);
        let mut certificate = JointCertificate::new(name(lifted.net.root));
        certificate.reserve(self.sets.iter().map(|set| set.members.len()).sum());
        let (mut scratch, mut list) = (Scratch::new(lifted.added.vertices), Vec::new());
        for i in 0..self.sets.len() as u32 {
            let set = self.take(i);
            let payers = set.shares().rev().map(|share| {
                let terminal = name(lifted.net.terminals[share.terminal as usize]);
                (terminal, share.to - share.from)
            });
            list.extend(set.potentials().filter(|&(v, _)| v < lifted.added.vertices));
            certificate.push(payers, scratch.ordered(&mut list));
        }
        certificate
    }

    /// The certificate on the net itself, under other names.
    pub(crate) fn certificate_as(&self, net: &Net, name: impl Fn(u32) -> u32) -> Certificate {
        let last = (0..net.graph.vertex_count()).map(&name).max().unwrap_or(0);
        let named = |(v, potential): (u32, u64)| (name(v), potential);
        let mut certificate =
            written(net, &name, last + 1, |i, list| list.extend(self.sets[i as usize].potentials().map(named)));
        // A log holds hundreds of them.
        certificate.shrink_to_fit();
        certificate
    }
}

/// The sets as a certificate: what terminals are called there, how many vertices are, and what puts a terminal's potentials into an
/// empty list.
fn written(
    net: &Net,
    terminal: impl Fn(u32) -> u32,
    vertices: u32,
    mut potentials: impl FnMut(u32, &mut Vec<(u32, u64)>),
) -> Certificate {
    let mut certificate = Certificate::new(terminal(net.root));
    let mut order: Vec<(u32, u32)> = net.terminals.iter().zip(0..).map(|(&t, i)| (terminal(t), i)).collect();
    order.sort_unstable();
    let (mut scratch, mut list) = (Scratch::new(vertices), Vec::new());
    for (t, i) in order {
        potentials(i, &mut list);
        certificate.push(t, scratch.ordered(&mut list));
    }
    certificate
}

/// Where the potentials of one terminal are put in order.
struct Scratch {
    /// Of many: a bit for each vertex, and by vertex the potential. No bit is set between uses.
    held: Vec<u64>,
    potential: Vec<u64>,
}

/// Words of bits that may be passed over for one entry: sorting it takes longer.
const PASSED: usize = 16;

impl Scratch {
    fn new(vertices: u32) -> Self {
        let words = vertices.div_ceil(64) as usize;
        Self { held: vec![0; words], potential: vec![0; words * 64] }
    }

    /// Potentials by ascending vertex; the list is empty afterwards.
    fn ordered<'a>(&mut self, list: &'a mut Vec<(u32, u64)>) -> Drain<'a, (u32, u64)> {
        let Self { held, potential } = self;
        if held.len() > list.len() * PASSED {
            list.sort_unstable();
            return list.drain(..);
        }
        for (v, own) in list.drain(..) {
            held[v as usize / 64] |= 1 << (v % 64);
            potential[v as usize] = own;
        }
        for (bits, word) in held.iter_mut().zip(0u32..) {
            let mut bits = std::mem::take(bits);
            while bits > 0 {
                let v = word * 64 + bits.trailing_zeros();
                list.push((v, potential[v as usize]));
                bits &= bits - 1;
            }
        }
        list.drain(..)
    }
}
