//! A dual as a certificate.

use super::{Ascent, Set};
use crate::net::{Lifted, Net};
use breiband_certificate::{Certificate, JointCertificate};
use std::borrow::Borrow;
use std::vec::Drain;

impl Ascent {
    /// The certificate of an ascent on a lifted instance, in the instance's own names; potentials at vertices that were added
    /// are implied, and left out. Each set is given up as soon as it is written.
    pub(crate) fn into_certificate(mut self, lifted: &Lifted) -> Certificate {
        let own = |v: u32| (v < lifted.vertices).then_some(v);
        written(&lifted.net, |t| lifted.terminal(t), own, |i| self.take(i as u32))
    }

    /// As [`Ascent::into_certificate`], where sets were not parted.
    pub(crate) fn into_joint_certificate(mut self, lifted: &Lifted) -> JointCertificate {
        let name = |t: u32| lifted.terminal(t);
        let own = |v: u32| (v < lifted.vertices).then_some(v);
        let mut certificate = JointCertificate::new(name(lifted.net.root));
        certificate.reserve(self.sets.iter().map(|set| set.members.len()).sum());
        let mut scratch = Scratch::new(&lifted.net, own);
        for i in 0..self.sets.len() as u32 {
            let set = self.take(i);
            let payers = set.shares().rev().map(|share| {
                let terminal = name(lifted.net.terminals[share.terminal as usize]);
                (terminal, share.to - share.from)
            });
            certificate.push(payers, scratch.entries(&set, own));
        }
        certificate
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
fn written<S: Borrow<Set>>(
    net: &Net,
    terminal: impl Fn(u32) -> u32,
    vertex: impl Fn(u32) -> Option<u32>,
    mut set: impl FnMut(usize) -> S,
) -> Certificate {
    let mut certificate = Certificate::new(terminal(net.root));
    let mut order: Vec<(u32, usize)> = net.terminals.iter().enumerate().map(|(i, &t)| (terminal(t), i)).collect();
    order.sort_unstable();
    let mut scratch = Scratch::new(net, &vertex);
    for (t, i) in order {
        certificate.push(t, scratch.entries(set(i).borrow(), &vertex));
    }
    certificate
}

/// Where the potentials of one terminal are put in order.
struct Scratch {
    ordered: Vec<(u32, u64)>,
    /// Of many: a bit for each vertex, and by vertex the potential. No bit is set between uses.
    held: Vec<u64>,
    potential: Vec<u64>,
}

/// Words of bits that may be passed over for one entry: sorting it takes longer.
const PASSED: usize = 16;

impl Scratch {
    fn new(net: &Net, vertex: impl Fn(u32) -> Option<u32>) -> Self {
        let last = (0..net.kind.len() as u32).filter_map(vertex).max();
        let words = last.map_or(0, |last| last as usize / 64 + 1);
        Self { ordered: Vec::new(), held: vec![0; words], potential: vec![0; words * 64] }
    }

    /// A set's potentials by ascending vertex, under the names of those that have one.
    fn entries(&mut self, set: &Set, vertex: impl Fn(u32) -> Option<u32>) -> Drain<'_, (u32, u64)> {
        let Self { ordered, held, potential } = self;
        let entries = set.potentials().filter_map(|(v, potential)| Some((vertex(v)?, potential)));
        if held.len() > set.members.len() * PASSED {
            ordered.extend(entries);
            ordered.sort_unstable();
            return ordered.drain(..);
        }
        for (v, own) in entries {
            held[v as usize / 64] |= 1 << (v % 64);
            potential[v as usize] = own;
        }
        for (bits, word) in held.iter_mut().zip(0u32..) {
            let mut bits = std::mem::take(bits);
            while bits > 0 {
                let v = word * 64 + bits.trailing_zeros();
                ordered.push((v, potential[v as usize]));
                bits &= bits - 1;
            }
        }
        ordered.drain(..)
    }
}
