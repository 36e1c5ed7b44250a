//! Follows a proof from the instance, step by step.

use super::bound::{self, Ruled};
use super::graph::{Graph, Kind};
use super::lift::lift;
use super::search::Search;
use super::text::Steps;
use super::{Step, optional, rules};
use crate::{Instance, ParseError, Violation};
use std::io::Read;

/// Proofs within one another, at most.
const DEPTH: usize = 1_000;

/// Why a step is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such vertex, or not one that can stand there.
    #[error("vertex {0} is not there, or cannot stand there")]
    Vertex(u32),
    /// No such edge, or it is gone.
    #[error("edge {0} is not there")]
    Edge(u32),
    /// A vertex that must be connected.
    #[error("vertex {0} is a terminal")]
    NotPlain(u32),
    /// `X`
    #[error("vertex {0} is no dead end: it has several edges, not all to sinks")]
    NoDeadEnd(u32),
    /// `J`
    #[error("vertex {0} does not lie on a single way between two others that are not both sinks")]
    NoWayThrough(u32),
    /// `T`
    #[error("edge {0} need not be in a best solution")]
    NotTaken(u32),
    /// `E`
    #[error("no other edge between the ends of {0} costs no more")]
    NoEqual(u32),
    /// `S`
    #[error("the ends of edge {0} are not joined without it by a special distance of its cost")]
    NotSpecial(u32),
    /// `F`
    #[error("edge {0} is no drop that another drop and a way to it undercut")]
    NotFarther(u32),
    /// `L`
    #[error("vertex {0} is no sink with an edge")]
    NotLowered(u32),
    /// `M`, `H` or `A`
    #[error(
        "vertex {0} is no sink with a free edge from the vertex in question, a second from a terminal, and no other"
    )]
    NotOptional(u32),
    /// `H`
    #[error("vertex {0} does not lie on a single way that costs at least what its sink's second edge does, both ways")]
    NotPassed(u32),
    /// `A`
    #[error("edge {0} need not be in a best solution that holds one of its ends")]
    NotAdjoined(u32),
    /// `V`, `W` or `Z`
    #[error(
        "vertex {0} cannot be replaced: a solution may need to branch there, or it has not two to four edges to others"
    )]
    NotDispensable(u32),
    /// `D`
    #[error("the potentials do not rule out edge {0}")]
    NotDear(u32),
    /// `Y`
    #[error("a best solution may go on from edge {0}, as far as the potentials and special distances tell")]
    NotStuck(u32),
    /// `R` and `P`
    #[error("the potentials are not valid: {0}")]
    Potentials(#[from] Violation),
    /// `(` or `)` where it cannot stand.
    #[error("no proof within a proof can begin or end here")]
    Nesting,
    /// After `B` or `K`.
    #[error("after B or K only proofs on the parts can follow")]
    Parts,
    /// `)` too early.
    #[error("the proof is not complete: what its steps prove is less than it says")]
    Incomplete,
    /// Sums beyond 64 bits, or proofs nested too deeply.
    #[error("costs do not fit 64 bits, or more than a thousand proofs lie within one another")]
    TooLarge,
}

/// Why a file proves nothing about an instance.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// It cannot be read, or a line is not understood.
    #[error(transparent)]
    Text(#[from] ParseError),
    /// The instance is not sound.
    #[error("the instance: {0}")]
    Instance(Refusal),
    /// A step does not follow.
    #[error("line {line}: {refusal}")]
    Step {
        /// Counted from 1.
        line: u64,
        /// Why.
        refusal: Refusal,
    },
    /// The file ends within a proof.
    #[error("the file ends at line {line}, before it has proved what it says: it may be cut off")]
    End {
        /// The last line.
        line: u64,
    },
}

impl ReplayError {
    /// The same of a proof that so many lines come before in its file.
    #[must_use]
    pub fn after(self, before: u64) -> Self {
        match self {
            Self::Text(ParseError::Line { line, problem }) => {
                Self::Text(ParseError::Line { line: line + before, problem })
            }
            Self::Text(ParseError::Read { line, source }) => {
                Self::Text(ParseError::Read { line: line + before, source })
            }
            Self::Instance(refusal) => Self::Instance(refusal),
            Self::Step { line, refusal } => Self::Step { line: line + before, refusal },
            Self::End { line } => Self::End { line: line + before },
        }
    }
}

/// Follows a proof and returns what no solution of the instance costs less than. Terminals that no path from the root reaches
/// are left out, as everywhere.
///
/// O(m log m) a set of potentials and O(m) a block or branch, as they are then; little a step for what else there is, where a
/// reduction had a reason.
///
/// ```
/// use breiband_certificate::{Instance, replay};
/// // A square with a tail: the tail's end, 4, and the corner opposite the root are to be connected.
/// let edges = [(0, 1, 3), (1, 2, 3), (0, 3, 2), (3, 2, 2), (2, 4, 7)];
/// let instance = Instance { vertices: 5, edges: &edges, root: 0, terminals: &[(2, None), (4, None)], sinks: &[] };
/// // 4 has one way out; 1 and 3 lie on single ways, edges 5 and 6; the cheaper one is the only one left.
/// let proof = "breiband proof 1\nU 11\nT 4 2\nJ 1\nJ 3\nE 5\nT 6 0\n";
/// assert_eq!(replay(&instance, proof.as_bytes())?, 11);
/// assert!(replay(&instance, proof.replace("U 11", "U 12").as_bytes()).is_err());
/// # Ok::<(), breiband_certificate::ReplayError>(())
/// ```
///
/// # Errors
/// The first line that cannot be read or does not follow, and why.
pub fn replay(instance: &Instance<'_>, from: impl Read) -> Result<u64, ReplayError> {
    let (mut steps, bound) = Steps::of(from)?;
    let graph = lift(instance).map_err(ReplayError::Instance)?;
    let mut frames = vec![Frame::new(graph, bound)];
    let mut search = Search::default();
    // Proofs that have begun within a complete one.
    let mut idle = 0usize;
    while let Some((line, step)) = steps.next()? {
        let fail = |refusal| ReplayError::Step { line, refusal };
        let depth = frames.len();
        let Some(frame) = frames.last_mut() else { break };
        match step {
            Step::Open(..) if frame.proven => idle += 1,
            Step::Close if idle > 0 => idle -= 1,
            Step::Open(bound, edge) => {
                let graph = frame.child(edge).filter(|_| depth < DEPTH);
                frames.push(Frame::new(graph.ok_or(fail(Refusal::Nesting))?, bound));
            }
            Step::Close if depth == 1 => return Err(fail(Refusal::Nesting)),
            Step::Close if !frame.complete() => return Err(fail(Refusal::Incomplete)),
            Step::Close => {
                let proven = frame.target;
                frames.pop();
                if let Some(above) = frames.last_mut() {
                    above.learn(proven);
                }
            }
            _ if frame.proven => {}
            step => frame.follow(step, &mut search).map_err(fail)?,
        }
    }
    match &frames[..] {
        [whole] if idle == 0 && whole.complete() => Ok(bound),
        _ => Err(ReplayError::End { line: steps.number().saturating_sub(1) }),
    }
}

/// Proofs on parts that are to follow.
enum Parts {
    None,
    /// Both graphs of a branching, the second at the end; how many have been proven, and the least of what was.
    Branch {
        left: Vec<Graph>,
        proven: usize,
        least: u64,
    },
    /// The blocks, by edge which; the sum of what was proven.
    Blocks {
        left: Vec<Option<Graph>>,
        of: Vec<Option<usize>>,
        sum: u64,
    },
}

/// One proof: that nothing on its graph costs less than its target.
struct Frame {
    graph: Graph,
    target: u64,
    proven: bool,
    ruled: Ruled,
    parts: Parts,
}

impl Frame {
    fn new(graph: Graph, target: u64) -> Self {
        let proven = graph.fixed >= target;
        Self { graph, target, proven, ruled: Ruled::default(), parts: Parts::None }
    }

    /// Whether what has been done suffices.
    fn complete(&self) -> bool {
        self.proven || self.graph.fixed >= self.target || self.graph.reached().is_none()
    }

    /// The graph of a proof that begins within this one.
    fn child(&mut self, edge: Option<u32>) -> Option<Graph> {
        match (&mut self.parts, edge) {
            (Parts::Branch { left, .. }, None) => left.pop(),
            (Parts::Blocks { left, of, .. }, Some(e)) => left[(*of.get(e as usize)?)?].take(),
            _ => None,
        }
    }

    /// A proof within this one is complete.
    fn learn(&mut self, bound: u64) {
        let rest = match &mut self.parts {
            Parts::None => return,
            Parts::Branch { proven, least, .. } => {
                (*proven, *least) = (*proven + 1, bound.min(*least));
                if *proven < 2 {
                    return;
                }
                *least
            }
            Parts::Blocks { sum, .. } => {
                *sum = sum.saturating_add(bound);
                *sum
            }
        };
        self.proven = self.graph.fixed.saturating_add(rest) >= self.target;
    }

    fn follow(&mut self, step: Step, search: &mut Search) -> Result<(), Refusal> {
        if !matches!(self.parts, Parts::None) {
            return Err(Refusal::Parts);
        }
        let graph = &mut self.graph;
        match &step {
            Step::Potentials(_)
            | Step::Dear(_)
            | Step::Stuck(_)
            | Step::StuckBranching(_)
            | Step::Branch(_)
            | Step::Blocks => {}
            Step::Equal(_) | Step::Straight(_) => self.ruled.edges_changed(),
            _ => self.ruled.clear(),
        }
        match step {
            Step::DeadEnd(v) => rules::dead_end(graph, v)?,
            Step::Join(v) => rules::join(graph, v)?,
            Step::Take(e, keep) => rules::take(graph, search, e, keep)?,
            Step::Equal(e) => rules::equal(graph, e)?,
            Step::Special(e) => rules::special(graph, search, e)?,
            Step::Farther(e) => rules::farther(graph, search, e)?,
            Step::Lower(t) => optional::lower(graph, t)?,
            Step::Merge(s, t) => optional::merge(graph, s, t)?,
            Step::Pass(v, t) => optional::pass(graph, v, t)?,
            Step::Adjoin(e, t, keep) => optional::adjoin(graph, e, t, keep)?,
            Step::Replace(v, pairs) => rules::replace(graph, search, v, pairs)?,
            Step::Potentials(certificate) => {
                self.proven = bound::apply(graph, &certificate, self.target, &mut self.ruled)?;
            }
            Step::Dear(e) => {
                graph.edge(e)?;
                if !self.ruled.dear(e) {
                    return Err(Refusal::NotDear(e));
                }
                graph.remove(e);
            }
            Step::Straight(v) => {
                if !self.ruled.straight(v) {
                    return Err(Refusal::NotDispensable(v));
                }
                rules::straight(graph, v)?;
            }
            Step::Stuck(e) => {
                graph.edge(e)?;
                if !self.ruled.stuck(e) {
                    return Err(Refusal::NotStuck(e));
                }
                graph.remove(e);
            }
            Step::StuckBranching(v) => {
                graph.plain(v)?;
                if !self.ruled.stuck_branching(v) {
                    return Err(Refusal::NotDispensable(v));
                }
            }
            Step::Anew => match graph.reached() {
                None => self.proven = true,
                Some(reached) => {
                    let fixed = graph.fixed;
                    *graph = graph.anew(&reached)?;
                    graph.fixed = fixed;
                }
            },
            Step::Branch(v) => self.branch(v)?,
            Step::Blocks => match graph.reached() {
                None => self.proven = true,
                Some(reached) => {
                    let (left, of) = graph.split(&reached)?;
                    let left = left.into_iter().map(Some).collect();
                    self.parts = Parts::Blocks { left, of, sum: 0 };
                }
            },
            Step::Open(..) | Step::Close => return Err(Refusal::Nesting),
        }
        self.proven |= self.graph.fixed >= self.target;
        Ok(())
    }

    fn branch(&mut self, v: u32) -> Result<(), Refusal> {
        self.graph.plain(v)?;
        let Some(reached) = self.graph.reached() else {
            self.proven = true;
            return Ok(());
        };
        let at = reached.vertices.binary_search(&v).map_err(|_| Refusal::Vertex(v))?;
        let mut with = self.graph.anew(&reached)?;
        let mut without = with.clone();
        with.kind[at] = Kind::Terminal;
        with.terminals += 1;
        without.strip(at as u32);
        self.parts = Parts::Branch { left: vec![without, with], proven: 0, least: u64::MAX };
        Ok(())
    }
}
