//! What is written down for a proof: the reductions under the names that a replayer gives to vertices and edges.
//!
//! A replayer numbers every new edge, and numbers anew where a graph falls into parts, so each net that is reduced carries
//! its [`Names`]. The steps themselves are [`breiband_certificate::Step`]s.

use crate::ascent::Ascent;
use crate::net::Net;
use breiband_certificate::Step;

/// What a replayer calls the vertices and edges of a net.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    vertex: Vec<u32>,
    edge: Vec<u32>,
    /// The number of the next edge.
    next: u32,
}

impl Names {
    /// Those of a lifted instance, whose edges come from it or have the numbers after.
    pub(crate) fn lifted(net: &Net, origin: &[u32], edges: usize) -> Self {
        let next = origin.iter().map(|&e| e + 1).max().unwrap_or(0).max(edges as u32);
        Self { vertex: (0..net.graph.vertex_count()).collect(), edge: origin.to_vec(), next }
    }

    /// Those after a renumbering of what is called so.
    pub(crate) fn anew(vertex: Vec<u32>, edge: Vec<u32>) -> Self {
        let next = edge.len() as u32;
        Self { vertex: ranks(vertex), edge: ranks(edge), next }
    }

    /// Those of a net that has some of the vertices and edges of what was recorded.
    pub(crate) fn of_some(record: &Record, vertices: &[u32], edges: &[u32]) -> Self {
        let vertex = vertices.iter().map(|&v| record.vertex(v)).collect();
        Self { vertex, edge: edges.iter().map(|&e| record.edge(e)).collect(), next: record.names.next }
    }

    /// What a vertex is called.
    pub(crate) fn vertex(&self, v: u32) -> u32 {
        self.vertex[v as usize]
    }

    /// Those of a net with the same vertices and some of the edges.
    pub(crate) fn among(&self, edges: &[u32]) -> Self {
        let edge = edges.iter().map(|&e| self.edge[e as usize]).collect();
        Self { vertex: self.vertex.clone(), edge, next: self.next }
    }
}

/// The position of each number among all of them.
fn ranks(numbers: Vec<u32>) -> Vec<u32> {
    let mut sorted = numbers.clone();
    sorted.sort_unstable();
    numbers.into_iter().map(|number| sorted.partition_point(|&other| other < number) as u32).collect()
}

/// The steps of one reducer.
#[derive(Debug)]
pub(crate) struct Record {
    names: Names,
    pub(crate) steps: Vec<Step>,
}

impl Record {
    pub(crate) fn new(names: Names) -> Self {
        Self { names, steps: Vec::new() }
    }

    /// What a vertex is called.
    pub(crate) fn vertex(&self, v: u32) -> u32 {
        self.names.vertex(v)
    }

    /// What an edge is called.
    pub(crate) fn edge(&self, e: u32) -> u32 {
        self.names.edge[e as usize]
    }

    /// A vertex's edges go.
    pub(crate) fn dead_end(&mut self, v: u32) {
        self.steps.push(Step::DeadEnd(self.vertex(v)));
    }

    /// A vertex on a single way goes, and its edges are now the one called `e`.
    pub(crate) fn join(&mut self, v: u32, e: u32) {
        self.steps.push(Step::Join(self.vertex(v)));
        self.is_next(e);
    }

    /// An edge has become the one with the next number.
    fn is_next(&mut self, e: u32) {
        self.names.edge[e as usize] = self.names.next;
        self.names.next += 1;
    }

    /// An edge is taken; its ends are `keep` from now on.
    pub(crate) fn take(&mut self, e: u32, keep: u32) {
        self.steps.push(Step::Take(self.edge(e), self.vertex(keep)));
    }

    /// An edge goes, for a reason.
    pub(crate) fn drop(&mut self, e: u32, why: fn(u32) -> Step) {
        self.steps.push(why(self.edge(e)));
    }

    /// A sink's edges cost less, by what the cheapest did.
    pub(crate) fn lower(&mut self, t: u32) {
        self.steps.push(Step::Lower(self.vertex(t)));
    }

    /// A sink is left out together with another one.
    pub(crate) fn merge(&mut self, s: u32, t: u32) {
        self.steps.push(Step::Merge(self.vertex(s), self.vertex(t)));
    }

    /// A vertex that is passed or not there goes with its sink, and its edges are now the one called `e`.
    pub(crate) fn pass(&mut self, v: u32, t: u32, e: u32) {
        self.steps.push(Step::Pass(self.vertex(v), self.vertex(t)));
        self.is_next(e);
    }

    /// An edge is in every tree that holds an end of it; its ends are `keep` from now on.
    pub(crate) fn adjoin(&mut self, e: u32, t: u32, keep: u32) {
        self.steps.push(Step::Adjoin(self.edge(e), self.vertex(t), self.vertex(keep)));
    }

    /// No solution that is looked for branches at a vertex.
    pub(crate) fn needless_branching(&mut self, v: u32) {
        self.steps.push(Step::StuckBranching(self.vertex(v)));
    }

    /// A vertex gives way to edges between its neighbours; what these are called, by pair. `apart` is by pair too: the
    /// special distance, unless that is not known or bounds are the reason (`straight`).
    pub(crate) fn replace(
        &mut self,
        v: u32,
        around: &[(u32, u32)],
        apart: &[Vec<u64>],
        straight: bool,
    ) -> impl Fn(usize, usize) -> u32 + use<> {
        let k = around.len();
        let position = ranks(around.iter().map(|&(e, _)| self.edge(e)).collect());
        let pair = move |i: usize, j: usize| {
            let (a, b) = (position[i].min(position[j]), position[i].max(position[j]));
            // The pairs of those before `a` come first.
            a * (2 * k as u32 - a - 1) / 2 + (b - a - 1)
        };
        let known = (0..k).flat_map(|i| (i + 1..k).map(move |j| (i, j))).filter(|&(i, j)| apart[i][j] < u64::MAX);
        let known = known.fold(0u8, |bits, (i, j)| bits | 1 << pair(i, j));
        let v = self.vertex(v);
        self.steps.push(if straight { Step::Straight(v) } else { Step::Replace(v, known) });
        let first = self.names.next;
        self.names.next += (k * (k - 1) / 2) as u32;
        move |i, j| first + pair(i, j)
    }

    /// An edge has become what is called so.
    pub(crate) fn rename(&mut self, e: u32, name: u32) {
        if e as usize == self.names.edge.len() {
            self.names.edge.push(name);
        } else {
            self.names.edge[e as usize] = name;
        }
    }

    /// The potentials of an ascent on a net whose vertices are those of the reducer that `vertex` says.
    pub(crate) fn potentials(&self, net: &Net, ascent: &Ascent, vertex: &[u32]) -> Step {
        Step::Potentials(ascent.certificate_as(net, |v| self.vertex(vertex[v as usize])))
    }
}

/// The steps of a whole proof while it is written; some turn out to be needless.
#[derive(Debug, Default)]
pub(crate) struct Log {
    steps: Vec<Option<Step>>,
}

impl Log {
    pub(crate) fn push(&mut self, step: Step) -> usize {
        self.steps.push(Some(step));
        self.steps.len() - 1
    }

    /// Moves the steps of a reducer here.
    pub(crate) fn gather(&mut self, record: &mut Record) {
        self.steps.extend(record.steps.drain(..).map(Some));
    }

    pub(crate) fn len(&self) -> usize {
        self.steps.len()
    }

    /// Forgets all steps from one on.
    pub(crate) fn cut(&mut self, length: usize) {
        self.steps.truncate(length);
    }

    /// Forgets a step.
    pub(crate) fn forget(&mut self, at: usize) {
        self.steps[at] = None;
    }

    /// Says what the proof that opened at a step proves, and closes it.
    pub(crate) fn close(&mut self, at: usize, bound: u64) {
        if let Some(Step::Open(said, _)) = &mut self.steps[at] {
            *said = bound;
        }
        self.push(Step::Close);
    }

    pub(crate) fn into_steps(self) -> impl Iterator<Item = Step> {
        self.steps.into_iter().flatten()
    }
}

#[cfg(test)]
mod tests;
