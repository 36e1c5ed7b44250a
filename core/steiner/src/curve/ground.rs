//! What does not change from rate to rate.

use crate::net::{Lifted, Net};
use crate::solver::SolveError;
use crate::{Instance, NONE};
use breiband_graph::Csr;

/// What does not depend on the rate.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) graph: Csr,
    /// What each vertex weighs if it is connected; none where it must be.
    pub(super) weight: Vec<Option<u64>>,
    pub(super) blocked: Vec<bool>,
    pub(super) lifted: Lifted,
    /// By edge of the instance: that of the lifted net.
    pub(super) up: Vec<u32>,
    /// By edge of the lifted net: whether it is paid for what is missed.
    pub(super) prize: Vec<bool>,
    /// By vertex of the instance: its prize arc, and the free edge to the sink that stands for it.
    pub(super) arcs: Vec<(u32, u32)>,
}

impl Ground {
    pub(super) fn new(instance: &Instance) -> Result<Self, SolveError> {
        let lifted = Lifted::new(instance)?;
        let (n, m) = (instance.vertices() as usize, instance.edges().len());
        let mut weight = vec![Some(0); n];
        for t in instance.terminals() {
            if lifted.unreachable.binary_search(&t.vertex).is_err() && t.vertex != instance.root() {
                weight[t.vertex as usize] = t.prize;
            }
        }
        let mut blocked = vec![false; n];
        for &sink in instance.sinks() {
            blocked[sink as usize] = true;
        }
        let mut up = vec![NONE; m];
        let mut prize = vec![false; lifted.origin.len()];
        let mut arcs = vec![(NONE, NONE); n];
        for (e, &origin) in (0..).zip(&lifted.origin) {
            if let Some(up) = up.get_mut(origin as usize) {
                *up = e;
                continue;
            }
            let (u, v, _) = lifted.net.graph.edge(e);
            // Prize arcs begin at the root, free edges at what they stand for; both end at a sink.
            let own = &mut arcs[lifted.added.terminal(v) as usize];
            if u == lifted.net.root {
                (own.0, prize[e as usize]) = (e, true);
            } else {
                own.1 = e;
            }
        }
        Ok(Self { graph: instance.graph()?, weight, blocked, lifted, up, prize, arcs })
    }

    /// The lifted net at a rate.
    pub(super) fn net(&self, scale: u64, rate: u64) -> Result<Net, SolveError> {
        let net = &self.lifted.net;
        // What is added up here, and doubled on the way, fits as it does in any instance.
        let price = |e: u32, cost: u64| cost.saturating_mul(if self.prize[e as usize] { rate } else { scale });
        Ok(Net { graph: net.graph.with_costs(price)?, ..net.clone() })
    }

    /// What there is to win.
    pub(super) fn total_weight(&self) -> u64 {
        self.weight.iter().flatten().sum()
    }

    /// By vertex, whether it is the root or an end of one of the edges.
    pub(super) fn inside(&self, edges: &[u32]) -> Vec<bool> {
        let mut inside = vec![false; self.weight.len()];
        inside[self.lifted.net.root as usize] = true;
        for &e in edges {
            let (u, v, _) = self.graph.edge(e);
            (inside[u as usize], inside[v as usize]) = (true, true);
        }
        inside
    }

    /// A tree as one of the lifted net: what it misses is paid for.
    pub(super) fn lift(&self, edges: &[u32]) -> Vec<u32> {
        let mut lifted: Vec<u32> = edges.iter().map(|&e| self.up[e as usize]).collect();
        let inside = self.inside(edges);
        for (&(prize, free), &inside) in self.arcs.iter().zip(&inside) {
            let edge = if inside { free } else { prize };
            if edge != NONE {
                lifted.push(edge);
            }
        }
        lifted.sort_unstable();
        lifted
    }

    /// What of a tree of the lifted net is the instance's.
    pub(super) fn lower(&self, edges: &[u32]) -> Vec<u32> {
        let m = self.up.len() as u32;
        edges.iter().map(|&e| self.lifted.origin[e as usize]).filter(|&e| e < m).collect()
    }
}
