//! What is asked: a graph, a root, terminals, and the vertices nothing passes through.

use breiband_certificate as certificate;
use breiband_graph::{Csr, GraphError};

/// A vertex to be connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terminal {
    /// The vertex.
    pub vertex: u32,
    /// What leaving it out costs, in the unit of the edge costs; `None` if it must be connected.
    pub prize: Option<u64>,
}

/// Why an instance is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstanceError {
    /// The edges are no graph.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The root is not a vertex.
    #[error("the root {0} is not below the number of vertices")]
    Root(u32),
    /// The root is among the sinks, so no path could begin there.
    #[error("the root {0} is a sink")]
    RootIsSink(u32),
    /// A terminal is not a vertex.
    #[error("terminal {0} is not below the number of vertices")]
    Terminal(u32),
    /// A terminal is given twice.
    #[error("terminal {0} is given twice")]
    DuplicateTerminal(u32),
    /// A sink is not a vertex.
    #[error("sink {0} is not below the number of vertices")]
    Sink(u32),
    /// Costs and prizes together exceed 2⁶².
    #[error("costs and prizes together exceed 2^62: give them with fewer digits, or in a larger unit")]
    TooCostly,
    /// More vertices, or edges and prizes together, than can be numbered.
    #[error("too large: the limit is 2^31 vertices and 2^30 edges and terminals")]
    TooLarge,
}

/// A sound instance.
#[derive(Debug, Clone)]
pub struct Instance {
    vertices: u32,
    edges: Vec<(u32, u32, u64)>,
    root: u32,
    terminals: Vec<Terminal>,
    sinks: Vec<u32>,
}

impl Instance {
    /// Checks and keeps an instance.
    ///
    /// `edges` are undirected; parallel edges and zero costs are fine. No path passes through a vertex of `sinks`: it
    /// can only be where one ends. A terminal that is the root is connected from the start. Terminals that nothing
    /// connects to the root are no error; the solution lists them.
    ///
    /// # Errors
    /// What [`InstanceError`] lists.
    pub fn new(
        vertices: u32,
        edges: Vec<(u32, u32, u64)>,
        root: u32,
        mut terminals: Vec<Terminal>,
        mut sinks: Vec<u32>,
    ) -> Result<Self, InstanceError> {
        if vertices > 1 << 31 || edges.len() > 1 << 30 || terminals.len() > 1 << 30 {
            return Err(InstanceError::TooLarge);
        }
        if root >= vertices {
            return Err(InstanceError::Root(root));
        }
        let mut sum = 0u64;
        for (edge, &(u, v, cost)) in edges.iter().enumerate() {
            if let Some(vertex) = [u, v].into_iter().find(|&x| x >= vertices) {
                return Err(GraphError::OutOfRange { edge, vertex, vertices }.into());
            }
            if u == v {
                return Err(GraphError::SelfLoop { edge, vertex: u }.into());
            }
            sum = sum.checked_add(cost).ok_or(InstanceError::TooCostly)?;
        }
        for t in &terminals {
            sum = sum.checked_add(t.prize.unwrap_or(0)).ok_or(InstanceError::TooCostly)?;
        }
        if sum > 1 << 62 {
            return Err(InstanceError::TooCostly);
        }
        terminals.sort_unstable_by_key(|t| t.vertex);
        if let Some(t) = terminals.iter().find(|t| t.vertex >= vertices) {
            return Err(InstanceError::Terminal(t.vertex));
        }
        if let Some(pair) = terminals.windows(2).find(|pair| pair[0].vertex == pair[1].vertex) {
            return Err(InstanceError::DuplicateTerminal(pair[0].vertex));
        }
        sinks.sort_unstable();
        sinks.dedup();
        if let Some(&sink) = sinks.iter().find(|&&sink| sink >= vertices) {
            return Err(InstanceError::Sink(sink));
        }
        if sinks.binary_search(&root).is_ok() {
            return Err(InstanceError::RootIsSink(root));
        }
        Ok(Self { vertices, edges, root, terminals, sinks })
    }

    /// The same graph, root and sinks with other terminals. O(n + m).
    ///
    /// # Errors
    /// As [`Instance::new`], of the terminals.
    pub fn with_terminals(&self, terminals: Vec<Terminal>) -> Result<Self, InstanceError> {
        Self::new(self.vertices, self.edges.clone(), self.root, terminals, self.sinks.clone())
    }

    /// Number of vertices.
    #[must_use]
    pub fn vertices(&self) -> u32 {
        self.vertices
    }

    /// Endpoints and cost of each edge, as given.
    #[must_use]
    pub fn edges(&self) -> &[(u32, u32, u64)] {
        &self.edges
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> u32 {
        self.root
    }

    /// The terminals, by vertex.
    #[must_use]
    pub fn terminals(&self) -> &[Terminal] {
        &self.terminals
    }

    /// The vertices no path passes through, by number.
    #[must_use]
    pub fn sinks(&self) -> &[u32] {
        &self.sinks
    }

    /// Freezes the graph. O(n + m).
    ///
    /// # Errors
    /// None that [`Instance::new`] did not refuse.
    pub fn graph(&self) -> Result<Csr, GraphError> {
        Csr::new(self.vertices, &self.edges)
    }

    /// Checks a certificate for this instance (its terminals but those `unreachable`) and returns the bound it proves.
    ///
    /// # Errors
    /// The first rule that the certificate breaks.
    pub fn check(
        &self,
        certificate: &certificate::Certificate,
        unreachable: &[u32],
    ) -> Result<u64, certificate::Violation> {
        self.told(unreachable, |instance| certificate::check(instance, certificate))
    }

    /// As [`Instance::check`], of potentials that several terminals pay for together.
    ///
    /// # Errors
    /// The first rule that the certificate breaks.
    pub fn check_joint(
        &self,
        joint: &certificate::JointCertificate,
        unreachable: &[u32],
    ) -> Result<u64, certificate::Violation> {
        self.told(unreachable, |instance| certificate::check_joint(instance, joint))
    }

    /// Follows a proof for this instance and returns what it proves that no solution costs less than. Terminals that nothing
    /// connects to the root are left out.
    ///
    /// # Errors
    /// The first line that cannot be read or does not follow.
    pub fn replay(&self, from: impl std::io::Read) -> Result<u64, certificate::ReplayError> {
        self.told(&[], |instance| certificate::replay(instance, from))
    }

    /// Asks something of this instance as checkers know it.
    fn told<T>(&self, unreachable: &[u32], ask: impl FnOnce(&certificate::Instance<'_>) -> T) -> T {
        let terminals: Vec<_> = self
            .terminals
            .iter()
            .filter(|t| unreachable.binary_search(&t.vertex).is_err())
            .map(|t| (t.vertex, t.prize))
            .collect();
        ask(&certificate::Instance {
            vertices: self.vertices,
            edges: &self.edges,
            root: self.root,
            terminals: &terminals,
            sinks: &self.sinks,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_nonsense() {
        let t = |vertex| Terminal { vertex, prize: None };
        let new = |edges: &[(u32, u32, u64)], root, terminals: &[Terminal], sinks: &[u32]| {
            Instance::new(3, edges.to_vec(), root, terminals.to_vec(), sinks.to_vec()).map(|_| ()).unwrap_err()
        };
        assert_eq!(new(&[], 3, &[], &[]), InstanceError::Root(3));
        assert_eq!(new(&[], 0, &[], &[0]), InstanceError::RootIsSink(0));
        assert_eq!(new(&[], 0, &[t(3)], &[]), InstanceError::Terminal(3));
        assert_eq!(new(&[], 0, &[t(1), t(2), t(1)], &[]), InstanceError::DuplicateTerminal(1));
        assert_eq!(new(&[], 0, &[], &[7]), InstanceError::Sink(7));
        assert_eq!(new(&[(0, 1, 1 << 62), (1, 2, 1)], 0, &[], &[]), InstanceError::TooCostly);
        assert!(matches!(new(&[(0, 0, 1)], 0, &[], &[]), InstanceError::Graph(GraphError::SelfLoop { .. })));
        assert!(matches!(new(&[(0, 9, 1)], 0, &[], &[]), InstanceError::Graph(GraphError::OutOfRange { .. })));
        assert_eq!(new(&[(0, 1, u64::MAX), (0, 1, 9)], 0, &[], &[]), InstanceError::TooCostly);
    }
}
