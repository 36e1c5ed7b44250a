//! A file's problem solved and its proofs checked: at its root, or at one root after another where it is free.

use super::Problem;
use super::anywhere::{Anywhere, Left};
use crate::instance::Instance;
use crate::{Certificate, Config, Monitor, Proof, Solution, SolveError, Solver, Status};
use breiband_certificate::{Lines, ParseError, ReplayError, Violation};
use std::io::{self, Read, Write};

/// Steps for each edge that a root gets to show whether it is worth more, where there are several.
const GLANCE: u64 = 50;
/// A glance gets at most such a part of all steps.
const PART: u64 = 16;
/// Glances end for a while when so much of the time has gone by, and so does the first root that is asked thoroughly, where there are
/// others.
const AROUND: f64 = 0.25;
const FIRST: f64 = 0.6;
/// Roots that are asked at most.
const MOST: usize = 100;
/// Before each proof of a file with several stands the vertex that it is about.
const AT: &str = "at ";
/// Longest line of a proof.
const MAX_LINE: u64 = 80;

/// The best tree that was found for a file's problem, and what is known of the least cost; in the units of [`Problem::instance`].
#[derive(Debug, Clone)]
pub struct Answer {
    /// The ends of the tree's edges, counted from 1 as in the file. Without an edge it is the root, or the vertex of the greatest prize.
    pub tree: Vec<(u32, u32)>,
    /// What it costs, with the prizes that it misses.
    pub cost: u64,
    /// No tree costs less: what the certificates prove together.
    pub bound: u64,
    /// No tree costs less: what the solver found, whether or not it can be shown.
    pub claimed: u64,
    /// Terminals (from 0) that nothing connects to the root; in no cost.
    pub unreachable: Vec<u32>,
    /// Arcs looked at.
    pub steps: u64,
    /// One; where the root is free, one for each that was asked, in that order.
    pub certificates: Vec<Certificate>,
    /// As many, if they were recorded. With a root, nothing is said of it.
    proofs: Vec<(Option<u32>, Proof)>,
}

impl Answer {
    /// Writes the certificates, one after the other: each begins with its root.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_certificates(&self, to: &mut (impl Write + ?Sized)) -> io::Result<()> {
        self.certificates.iter().try_for_each(|certificate| certificate.write_text(to))
    }

    /// Writes the proofs that were recorded, as [`Problem::replay`] follows them.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_proofs(&self, to: &mut (impl Write + ?Sized)) -> io::Result<()> {
        for (root, proof) in &self.proofs {
            if let Some(root) = root {
                writeln!(to, "{AT}{root}")?;
            }
            proof.write_text(to)?;
        }
        Ok(())
    }
}

/// Why certificates prove nothing.
#[derive(Debug, thiserror::Error)]
pub enum Unproven {
    /// A sum is too high.
    #[error(transparent)]
    Violation(#[from] Violation),
    /// The problem has a root, and there is not one certificate.
    #[error("a problem with a root has one certificate")]
    Number,
    /// A certificate's root (from 0) is none of the vertices that are left.
    #[error("the root {0} is none of the vertices that are left to ask of")]
    Root(u32),
}

/// What came of one root.
struct Asked {
    instance: Instance,
    solution: Solution,
    proof: Option<Proof>,
    /// Whether it got more than a glance.
    thoroughly: bool,
}

impl Asked {
    fn ask(instance: Instance, config: Config, record: bool, monitor: &mut dyn Monitor) -> Result<Self, SolveError> {
        let mut solver = Solver::new(&instance, config);
        if record {
            solver.record();
        }
        while solver.advance(monitor)? == Status::Running {}
        let proof = solver.take_proof();
        let solution = solver.into_solution().ok_or(SolveError::Cancelled)?;
        Ok(Self { instance, solution, proof, thoroughly: false })
    }

    fn claimed(&self) -> u64 {
        self.solution.stats.claimed_bound.max(self.solution.bound)
    }
}

/// Passes on what one root's search finds as news of the whole.
struct Whole<'a> {
    monitor: &'a mut dyn Monitor,
    /// The best cost.
    best: u64,
    /// What is certified and claimed of the rest.
    rest: [u64; 2],
    /// What part of the time it may go on for.
    until: f64,
}

impl Monitor for Whole<'_> {
    fn improved(&mut self, cost: u64, bound: u64) {
        self.best = self.best.min(cost);
        self.monitor.improved(self.best, bound.min(self.rest[0]).min(self.best));
    }

    fn claimed(&mut self, cost: u64, bound: u64) {
        self.best = self.best.min(cost);
        self.monitor.claimed(self.best, bound.min(self.rest[1]).min(self.best));
    }

    fn progress(&mut self, done: u64, of: u64) {
        self.monitor.progress(done, of);
    }

    fn cancelled(&self) -> bool {
        self.monitor.cancelled() || self.monitor.elapsed() > self.until
    }

    fn elapsed(&self) -> f64 {
        self.monitor.elapsed()
    }
}

/// What is asked for, and who follows.
struct Search<'a> {
    config: Config,
    record: bool,
    monitor: &'a mut dyn Monitor,
}

/// A search at one root after another.
struct Everywhere<'a> {
    free: &'a Anywhere,
    left: Left<'a>,
    asked: Vec<Asked>,
    cost: u64,
    tree: Vec<(u32, u32)>,
    steps: u64,
}

impl Everywhere<'_> {
    /// What the rest proves and claims beside one of those that were asked.
    fn rest(&self, but: usize) -> [u64; 2] {
        let rest = || self.asked.iter().enumerate().filter(move |&(i, _)| i != but).map(|(_, asked)| asked);
        let left = self.left.bound();
        [rest().map(|asked| asked.solution.bound).fold(left, u64::min), rest().map(Asked::claimed).fold(left, u64::min)]
    }

    fn learn(&mut self, asked: &Asked) {
        self.steps += asked.solution.stats.steps;
        if asked.solution.cost < self.cost {
            self.cost = asked.solution.cost;
            self.tree = ends(&asked.instance, &asked.solution, self.free.vertices());
        }
    }

    /// Asks an instance for as long as it may.
    fn ask(
        &mut self,
        instance: Instance,
        at: usize,
        (steps, until): (u64, f64),
        search: &mut Search<'_>,
    ) -> Result<Asked, SolveError> {
        let mut whole = Whole { monitor: &mut *search.monitor, best: self.cost, rest: self.rest(at), until };
        let asked = Asked::ask(instance, Config { steps, ..search.config }, search.record, &mut whole)?;
        self.learn(&asked);
        Ok(asked)
    }

    /// Glances at one root after another until nothing is left where more could be saved, or for a part of the time; at the only one
    /// there is, thoroughly.
    fn look(&mut self, until: f64, search: &mut Search<'_>) -> Result<(), SolveError> {
        let all = search.config.steps;
        while let Some(part) = self.left.widest(self.free.all - self.cost) {
            let over = search.monitor.cancelled() || search.monitor.elapsed() > until;
            if self.asked.len() == MOST || !self.asked.is_empty() && over {
                break;
            }
            let saved = self.free.all - self.cost;
            let root = self.left.root(part, saved);
            let fault = |_| SolveError::Fault("a part that is no instance");
            let instance = self.left.rooted(part, root).map_err(fault)?;
            let most = self.left.most(part);
            self.left.take(part, root);
            let only = self.left.widest(saved).is_none() && self.open().next().is_none();
            let glance = (instance.edges().len() as u64 * GLANCE).min(all / PART);
            let steps = if only { all.saturating_sub(self.steps) } else { glance };
            match self.ask(instance, self.asked.len(), (steps, 1.0), search) {
                Ok(asked) => self.asked.push(Asked { thoroughly: only, ..asked }),
                // Stopped before it had a tree: nothing is known there.
                Err(SolveError::Cancelled) if !self.asked.is_empty() => {
                    self.left.give_up(most);
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Those that got a glance and may hold a better tree.
    fn open(&self) -> impl Iterator<Item = usize> + '_ {
        let open = |asked: &Asked| !asked.thoroughly && asked.claimed() < self.cost;
        (0..self.asked.len()).filter(move |&i| open(&self.asked[i]))
    }

    /// Asks one of them thoroughly.
    fn dwell(&mut self, i: usize, allowed: (u64, f64), search: &mut Search<'_>) -> Result<(), SolveError> {
        self.asked[i].thoroughly = true;
        let instance = self.asked[i].instance.clone();
        match self.ask(instance, i, allowed, search) {
            Ok(asked) if asked.claimed() >= self.asked[i].claimed() => {
                self.asked[i] = Asked { thoroughly: true, ..asked };
            }
            Ok(_) | Err(SolveError::Cancelled) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Glances around, then looks thoroughly where the best tree is, since the better it is the less is left to ask; then at the rest.
    fn search(&mut self, search: &mut Search<'_>) -> Result<(), SolveError> {
        self.look(AROUND, search)?;
        let all = search.config.steps;
        let best = self.open().min_by_key(|&i| self.asked[i].solution.cost);
        if let Some(best) = best.filter(|_| !search.monitor.cancelled()) {
            let alone = self.left.widest(self.free.all - self.cost).is_none() && self.open().count() == 1;
            let left = all.saturating_sub(self.steps);
            self.dwell(best, if alone { (left, 1.0) } else { (left / 2, FIRST) }, search)?;
        }
        self.look(1.0, search)?;
        // That of the least bound holds the others back.
        while let Some(least) =
            self.open().min_by_key(|&i| self.asked[i].claimed()).filter(|_| !search.monitor.cancelled())
        {
            let steps = all.saturating_sub(self.steps) / self.open().count() as u64;
            self.dwell(least, (steps, 1.0), search)?;
        }
        Ok(())
    }

    fn into_answer(self) -> Answer {
        let [bound, claimed] = self.rest(usize::MAX).map(|bound| bound.min(self.cost));
        let (cost, tree, steps) = (self.cost, self.tree, self.steps);
        let mut certificates = Vec::with_capacity(self.asked.len());
        let mut proofs = Vec::new();
        for Asked { instance, solution, proof, .. } in self.asked {
            certificates.push(solution.certificate);
            proofs.extend(proof.map(|proof| (Some(instance.root()), proof)));
        }
        Answer { tree, cost, bound, claimed, unreachable: Vec::new(), steps, certificates, proofs }
    }
}

impl Problem {
    /// Solves it: once, or at one root after another where that is free, for as long as a tree elsewhere may be better. The steps of
    /// `config` are for all of them together. With `record`, proofs are written down on the way.
    ///
    /// # Errors
    /// As those of [`crate::solve`].
    pub fn solve(&self, config: &Config, record: bool, monitor: &mut dyn Monitor) -> Result<Answer, SolveError> {
        let Some(free) = &self.free else {
            let asked = Asked::ask(self.instance.clone(), *config, record, monitor)?;
            let claimed = asked.claimed();
            let Asked { instance, solution, proof, .. } = asked;
            return Ok(Answer {
                tree: ends(&instance, &solution, self.sizes[0] as u32),
                cost: solution.cost,
                bound: solution.bound,
                claimed,
                unreachable: solution.unreachable,
                steps: solution.stats.steps,
                certificates: vec![solution.certificate],
                proofs: proof.map(|proof| (None, proof)).into_iter().collect(),
            });
        };
        let (left, cost) = (Left::of(free), free.alone());
        let mut everywhere = Everywhere { free, left, asked: Vec::new(), cost, tree: Vec::new(), steps: 0 };
        everywhere.search(&mut Search { config: *config, record, monitor })?;
        Ok(everywhere.into_answer())
    }

    /// What certificates prove together, from them and the problem alone: no tree costs less. Where the root is free, each is for a
    /// root of its own, in the order in which they leave nothing out.
    ///
    /// # Errors
    /// What is wrong with one.
    pub fn check(&self, certificates: &[Certificate], unreachable: &[u32]) -> Result<u64, Unproven> {
        let Some(free) = &self.free else {
            let [certificate] = certificates else { return Err(Unproven::Number) };
            return Ok(self.instance.check(certificate, unreachable)?);
        };
        let mut left = Left::of(free);
        let mut bound = u64::MAX;
        for certificate in certificates {
            let root = certificate.root();
            let part = left.part_of(root).ok_or(Unproven::Root(root))?;
            let instance = left.rooted(part, root).map_err(|_| Unproven::Root(root))?;
            bound = bound.min(instance.check(certificate, &[])?);
            left.take(part, root);
        }
        Ok(bound.min(left.bound()))
    }

    /// Follows proofs that were recorded from the problem alone, and says what they prove: no tree costs less.
    ///
    /// # Errors
    /// The line that does not follow.
    pub fn replay(&self, from: impl Read) -> Result<u64, ReplayError> {
        let Some(free) = &self.free else { return self.instance.replay(from) };
        let mut left = Left::of(free);
        let mut bound = u64::MAX;
        let mut lines = Lines::new(from, MAX_LINE)?;
        let mut next = lines.next()?.map(|(_, text)| root_of(text));
        while let Some(root) = next {
            let line = lines.number();
            let wrong = |problem| ReplayError::from(ParseError::Line { line, problem });
            let root = root.ok_or(wrong("before a proof stands the vertex that it is about, as `at 17`"))?;
            let part = left.part_of(root).ok_or(wrong("the vertex is none of those that are left to ask"))?;
            let instance = left.rooted(part, root).map_err(|_| wrong("what is left has no such problem"))?;
            let mut proof = OneProof { lines: &mut lines, line: Vec::new(), at: 0, next: None };
            bound = bound.min(instance.replay(&mut proof).map_err(|error| error.after(line))?);
            next = proof.next;
            left.take(part, root);
        }
        Ok(bound.min(left.bound()))
    }
}

/// The ends of a tree's edges as the file counts them; what was added is none of them.
fn ends(instance: &Instance, solution: &Solution, vertices: u32) -> Vec<(u32, u32)> {
    let edges = solution.edges.iter().map(|&e| instance.edges()[e as usize]);
    edges.filter(|&(u, v, _)| u.max(v) < vertices).map(|(u, v, _)| (u + 1, v + 1)).collect()
}

/// The vertex that a proof is about.
fn root_of(text: &[u8]) -> Option<u32> {
    std::str::from_utf8(text.strip_prefix(AT.as_bytes())?).ok()?.parse().ok()
}

/// The lines of one proof of several.
struct OneProof<'a, 'b> {
    lines: &'a mut Lines<'b>,
    line: Vec<u8>,
    at: usize,
    /// What the next proof is about, once it has been come to.
    next: Option<Option<u32>>,
}

impl Read for OneProof<'_, '_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.at == self.line.len() {
            if self.next.is_some() {
                return Ok(0);
            }
            let Some((_, text)) = self.lines.next().map_err(io::Error::other)? else { return Ok(0) };
            if text.starts_with(AT.as_bytes()) {
                self.next = Some(root_of(text));
                return Ok(0);
            }
            self.line.clear();
            self.line.extend_from_slice(text);
            self.line.push(b'\n');
            self.at = 0;
        }
        let length = to.len().min(self.line.len() - self.at);
        to[..length].copy_from_slice(&self.line[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}
