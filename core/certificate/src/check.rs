//! The checker: O(edges + Σ degree of the vertices named), each arc's load held against its cost as it grows.

use crate::{Certificate, JointCertificate};

/// What a bound is about, as the checker needs it.
#[derive(Debug, Clone, Copy)]
pub struct Instance<'a> {
    /// Number of vertices.
    pub vertices: u32,
    /// Endpoints and cost of each edge.
    pub edges: &'a [(u32, u32, u64)],
    /// Where every path begins.
    pub root: u32,
    /// Terminals; with a prize, one may be left out for that price.
    pub terminals: &'a [(u32, Option<u64>)],
    /// Vertices that no path passes through.
    pub sinks: &'a [u32],
}

/// Why a certificate proves nothing about an instance.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// The instance names a vertex it does not have.
    #[error("the instance names vertex {0}, which it does not have")]
    Instance(u32),
    /// The root is neither the instance's root nor a terminal that every solution holds and paths may leave.
    #[error("the potentials start from vertex {0}, which not every solution holds")]
    Root(u32),
    /// A potential for a vertex that the instance does not have.
    #[error("terminal {terminal}: vertex {vertex} is not in the instance")]
    Vertex {
        /// The terminal.
        terminal: u32,
        /// The vertex.
        vertex: u32,
    },
    /// A potential of something that is no terminal.
    #[error("vertex {0} has a potential but is no terminal")]
    NoTerminal(u32),
    /// Lines out of increasing order, or twice.
    #[error("terminal {terminal}, vertex {vertex}: out of order or given twice")]
    Order {
        /// The terminal.
        terminal: u32,
        /// The vertex.
        vertex: u32,
    },
    /// The root's potential is not zero.
    #[error("terminal {0}: the root's potential is not zero")]
    RootPotential(u32),
    /// More than the prize.
    #[error("terminal {terminal}: its potential {potential} exceeds its prize {prize}")]
    Prize {
        /// The terminal.
        terminal: u32,
        /// π_t(t).
        potential: u64,
        /// The prize.
        prize: u64,
    },
    /// A share that reaches beyond the potential it is a share of.
    #[error("terminal {terminal}: its share reaches to {level}, its potential only to {potential}")]
    Share {
        /// The terminal.
        terminal: u32,
        /// Where its share ends.
        level: u64,
        /// π(t).
        potential: u64,
    },
    /// An edge carries more than its cost in one direction.
    #[error("edge {edge} from {from} to {to}: the rises exceed its cost {cost}")]
    Overloaded {
        /// Position of the edge.
        edge: usize,
        /// Tail.
        from: u32,
        /// Head.
        to: u32,
        /// The edge's cost.
        cost: u64,
    },
    /// The bound does not fit 64 bits.
    #[error("the bound does not fit 64 bits")]
    TooLarge,
}

/// Checks a certificate and returns the bound it proves.
///
/// The root may also be a required terminal that is no sink: every solution holds it, and the instance's own root then
/// counts as a required terminal.
///
/// # Errors
/// The first rule that is broken, with the place.
pub fn check(instance: &Instance<'_>, certificate: &Certificate) -> Result<u64, Violation> {
    paid(instance, certificate).map(|paid| paid.bound)
}

/// A valid certificate's bound, and what it leaves of every arc's cost.
pub(crate) struct Paid {
    pub(crate) bound: u64,
    pub(crate) rows: Rows,
    /// By slot of `rows`.
    pub(crate) left: Vec<u64>,
}

/// As [`check`], for potentials that several terminals pay for together.
///
/// ```
/// use breiband_certificate::{Instance, JointCertificate, check_joint};
/// // Two homes at the end of a way of 10, each worth 4: they pay for 8 of it together.
/// let edges = [(0, 1, 10), (1, 2, 1), (1, 3, 1)];
/// let terminals = [(2, Some(4)), (3, Some(4))];
/// let instance = Instance { vertices: 4, edges: &edges, root: 0, terminals: &terminals, sinks: &[2, 3] };
/// let mut joint = JointCertificate::new(0);
/// joint.push([(3, 4), (2, 4)], [(1, 8)]);
/// assert_eq!(check_joint(&instance, &joint)?, 8);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The first rule that is broken, with the place.
pub fn check_joint(instance: &Instance<'_>, joint: &JointCertificate) -> Result<u64, Violation> {
    let mut payments = Payments::new(instance, joint.root())?;
    for (payers, vertices, values) in joint.blocks() {
        let named = payers.first().map_or(joint.root(), |payer| payer.0);
        payments.spread(named, vertices, values)?;
        let mut level = 0;
        for &(terminal, amount) in payers {
            level = payments.share(terminal, level, amount)?;
        }
        payments.gather(vertices, values)?;
    }
    payments.bound()
}

/// As [`check`], with what is left of the costs.
pub(crate) fn paid(instance: &Instance<'_>, certificate: &Certificate) -> Result<Paid, Violation> {
    let root = certificate.root();
    let mut payments = Payments::new(instance, root)?;
    let mut last_terminal = None;
    for (terminal, vertices, values) in certificate.blocks() {
        if last_terminal.is_some_and(|last| last >= terminal) {
            return Err(Violation::Order { terminal, vertex: vertices[0] });
        }
        last_terminal = Some(terminal);
        payments.limit_of(terminal)?;
        payments.spread(terminal, vertices, values)?;
        payments.share(terminal, 0, payments.potential[terminal as usize])?;
        payments.gather(vertices, values)?;
    }
    let bound = payments.bound()?;
    Ok(Paid { bound, rows: payments.rows, left: payments.left })
}

/// Who may pay how much, and what is left of the costs while they do.
struct Payments<'a> {
    edges: &'a [(u32, u32, u64)],
    root: u32,
    sink: Vec<bool>,
    /// What each terminal may pay.
    limit: Vec<Option<u64>>,
    /// What each has paid so far.
    paid: Vec<u64>,
    rows: Rows,
    /// By slot of `rows`.
    left: Vec<u64>,
    /// Of the block that is being charged; zero between blocks.
    potential: Vec<u64>,
    bound: u128,
}

impl<'a> Payments<'a> {
    fn new(instance: &Instance<'a>, root: u32) -> Result<Self, Violation> {
        let n = instance.vertices as usize;
        let known = |v: u32| if (v as usize) < n { Ok(v as usize) } else { Err(Violation::Instance(v)) };
        let mut sink = vec![false; n];
        for &v in instance.sinks {
            sink[known(v)?] = true;
        }
        // None: no terminal; Some(limit) otherwise. A terminal named twice has the looser limit only if both allow it.
        let mut limit: Vec<Option<u64>> = vec![None; n];
        for &(t, prize) in instance.terminals {
            let limit = &mut limit[known(t)?];
            *limit = Some(limit.unwrap_or(0).max(prize.unwrap_or(u64::MAX)));
        }
        let own_root = known(instance.root)?;
        if root != instance.root {
            let held = limit.get(root as usize).copied().flatten() == Some(u64::MAX) && !sink[root as usize];
            if !held || sink[own_root] {
                return Err(Violation::Root(root));
            }
            limit[own_root] = Some(u64::MAX);
        }
        let rows = Rows::new(n, instance.edges)?;
        let left = rows.arcs.iter().map(|&(_, edge)| instance.edges[edge as usize].2).collect();
        Ok(Self {
            edges: instance.edges,
            root,
            sink,
            limit,
            paid: vec![0; n],
            rows,
            left,
            potential: vec![0; n],
            bound: 0,
        })
    }

    fn limit_of(&self, terminal: u32) -> Result<u64, Violation> {
        self.limit.get(terminal as usize).copied().flatten().ok_or(Violation::NoTerminal(terminal))
    }

    /// Lays a block's potentials out by vertex; they stand in ascending order, and the root has none.
    fn spread(&mut self, terminal: u32, vertices: &[u32], values: &[u64]) -> Result<(), Violation> {
        let mut last = None;
        for (&vertex, &value) in vertices.iter().zip(values) {
            if vertex as usize >= self.potential.len() {
                return Err(Violation::Vertex { terminal, vertex });
            }
            if last.is_some_and(|last| last >= vertex) || value == 0 {
                return Err(Violation::Order { terminal, vertex });
            }
            if vertex == self.root {
                return Err(Violation::RootPotential(terminal));
            }
            last = Some(vertex);
            self.potential[vertex as usize] = value;
        }
        Ok(())
    }

    /// Lets a terminal pay for what lies between a level and `amount` more of the potential that is laid out; the level above.
    fn share(&mut self, terminal: u32, level: u64, amount: u64) -> Result<u64, Violation> {
        let prize = self.limit_of(terminal)?;
        if terminal == self.root && amount > 0 {
            return Err(Violation::RootPotential(terminal));
        }
        let paid = &mut self.paid[terminal as usize];
        *paid = paid.checked_add(amount).ok_or(Violation::TooLarge)?;
        if *paid > prize {
            return Err(Violation::Prize { terminal, potential: *paid, prize });
        }
        self.bound += u128::from(amount);
        let above = level.checked_add(amount).ok_or(Violation::TooLarge)?;
        match self.potential[terminal as usize] {
            // Nobody passes through it: its own share may be higher there than everybody's potential.
            0 if self.sink[terminal as usize] => self.charge(terminal, above, level)?,
            own if own < above => return Err(Violation::Share { terminal, level: above, potential: own }),
            _ => (),
        }
        Ok(above)
    }

    /// Takes the rises into a vertex from the costs, as if nothing were lower than `least`.
    fn charge(&mut self, to: u32, value: u64, least: u64) -> Result<(), Violation> {
        for slot in self.rows.slots(to) {
            let (from, edge) = self.rows.arcs[slot];
            let rise = value.saturating_sub(self.potential[from as usize].max(least));
            if rise > 0 && !self.sink[from as usize] {
                let left = &mut self.left[slot];
                let cost = self.edges[edge as usize].2;
                let overloaded = Violation::Overloaded { edge: edge as usize, from, to, cost };
                *left = left.checked_sub(rise).ok_or(overloaded)?;
            }
        }
        Ok(())
    }

    /// Takes the rises into all of a block from the costs, and clears it away.
    fn gather(&mut self, vertices: &[u32], values: &[u64]) -> Result<(), Violation> {
        for (&to, &value) in vertices.iter().zip(values) {
            self.charge(to, value, 0)?;
        }
        for &vertex in vertices {
            self.potential[vertex as usize] = 0;
        }
        Ok(())
    }

    fn bound(&self) -> Result<u64, Violation> {
        u64::try_from(self.bound).map_err(|_| Violation::TooLarge)
    }
}

/// The arcs into each vertex, as (tail, edge). The checker builds its own, so that it leans on nothing it checks.
#[derive(Debug)]
pub(crate) struct Rows {
    first: Vec<usize>,
    pub(crate) arcs: Vec<(u32, u32)>,
}

impl Rows {
    fn new(n: usize, edges: &[(u32, u32, u64)]) -> Result<Self, Violation> {
        let mut first = vec![0usize; n + 2];
        for &(u, v, _) in edges {
            for x in [u, v] {
                if x as usize >= n {
                    return Err(Violation::Instance(x));
                }
                first[x as usize + 2] += 1;
            }
        }
        for i in 2..first.len() {
            first[i] += first[i - 1];
        }
        let mut arcs = vec![(0, 0); edges.len() * 2];
        for (edge, &(u, v, _)) in edges.iter().enumerate() {
            for (head, tail) in [(u, v), (v, u)] {
                let at = &mut first[head as usize + 1];
                arcs[*at] = (tail, edge as u32);
                *at += 1;
            }
        }
        Ok(Self { first, arcs })
    }

    pub(crate) fn slots(&self, head: u32) -> std::ops::Range<usize> {
        self.first[head as usize]..self.first[head as usize + 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDGES: [(u32, u32, u64); 4] = [(0, 1, 5), (1, 2, 3), (0, 2, 9), (2, 3, 2)];

    fn verdict(text: &str, terminals: &[(u32, Option<u64>)], sinks: &[u32]) -> Result<u64, Violation> {
        let instance = Instance { vertices: 4, edges: &EDGES, root: 0, terminals, sinks };
        check(&instance, &Certificate::parse(text.as_bytes()).unwrap())
    }

    #[test]
    fn each_rule_is_held() {
        let t = [(2, None)];
        let good = "R 0\nP 2 1 5\nP 2 2 8\nP 2 3 6\n";
        assert_eq!(verdict(good, &t, &[]), Ok(8));
        assert_eq!(verdict("R 0\n", &t, &[]), Ok(0));
        assert_eq!(verdict("R 1\n", &t, &[]), Err(Violation::Root(1)));
        assert_eq!(verdict(good, &[], &[]), Err(Violation::NoTerminal(2)));
        assert_eq!(verdict(good, &[(2, Some(7))], &[]), Err(Violation::Prize { terminal: 2, potential: 8, prize: 7 }));
        assert_eq!(verdict("R 0\nP 2 0 1\n", &t, &[]), Err(Violation::RootPotential(2)));
        assert_eq!(
            verdict("R 0\nP 2 2 8\nP 2 3 8\nP 2 1 5\n", &t, &[]),
            Err(Violation::Order { terminal: 2, vertex: 1 })
        );
        assert_eq!(
            verdict("R 0\nP 2 1 5\nP 2 2 8\nP 2 2 8\n", &t, &[]),
            Err(Violation::Order { terminal: 2, vertex: 2 })
        );
        assert!(matches!(verdict("R 0\nP 2 1 5\nP 2 2 9\n", &t, &[]), Err(Violation::Overloaded { edge: 1, .. })));
        assert!(matches!(verdict("R 0\nP 2 9 9\n", &t, &[]), Err(Violation::Vertex { .. })));
    }

    #[test]
    fn arcs_that_leave_a_sink_do_not_exist() {
        // From 3 to 2 the rise is 8 over a cost of 2: allowed only if 3 is a sink.
        let text = "R 0\nP 2 1 5\nP 2 2 8\n";
        assert!(matches!(verdict(text, &[(2, None)], &[]), Err(Violation::Overloaded { edge: 3, from: 3, .. })));
        assert_eq!(verdict(text, &[(2, None)], &[3]), Ok(8));
        // 2 itself a sink: the arc from 1 into it still counts.
        assert!(verdict("R 0\nP 2 1 5\nP 2 2 9\n", &[(2, None)], &[2, 3]).is_err());
    }

    #[test]
    fn a_required_terminal_may_be_the_root() {
        let text = "R 2\nP 0 0 8\nP 0 1 3\n";
        assert_eq!(verdict(text, &[(2, None)], &[]), Ok(8));
        assert_eq!(verdict(text, &[(2, Some(9))], &[]), Err(Violation::Root(2)));
        assert_eq!(verdict(text, &[(2, None)], &[2]), Err(Violation::Root(2)));
    }
}
