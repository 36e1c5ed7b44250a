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
    let mut scratch = Scratch::new((0..net.kind.len() as u32).filter_map(&vertex).max());
    for (t, i) in order {
        let set = set(i);
        let set = set.borrow();
        let entries = set.potentials().filter_map(|(v, potential)| Some((vertex(v)?, potential)));
        scratch.write(&mut certificate, t, set.members.len(), entries);
    }
    certificate
}

/// Where the potentials of one terminal are put in order.
struct Scratch {
    few: Vec<(u32, u64)>,
    /// Of many: a bit for each vertex, and by vertex the potential. No bit is set between uses.
    held: Vec<u64>,
    potential: Vec<u64>,
}

/// Words of bits that may be passed over for one entry: sorting it takes longer.
const PASSED: usize = 16;

impl Scratch {
    fn new(last: Option<u32>) -> Self {
        let words = last.map_or(0, |last| last as usize / 64 + 1);
        Self { few: Vec::new(), held: vec![0; words], potential: vec![0; words * 64] }
    }

    /// Writes some `count` entries by ascending vertex.
    fn write(
        &mut self,
        certificate: &mut Certificate,
        terminal: u32,
        count: usize,
        entries: impl Iterator<Item = (u32, u64)>,
    ) {
        if self.held.len() > count * PASSED {
            self.few.extend(entries);
            self.few.sort_unstable();
            certificate.push(terminal, self.few.drain(..));
            return;
        }
        let (held, potential) = (&mut self.held, &mut self.potential);
        for (v, own) in entries {
            held[v as usize / 64] |= 1 << (v % 64);
            potential[v as usize] = own;
        }
        let vertices = held.iter_mut().zip(0u32..).flat_map(|(bits, word)| {
            let mut bits = std::mem::take(bits);
            std::iter::from_fn(move || {
                let bit = (bits > 0).then(|| bits.trailing_zeros())?;
                bits &= bits - 1;
                Some(word * 64 + bit)
            })
        });
        certificate.push(terminal, vertices.map(|v| (v, potential[v as usize])));
    }
}
