//! A file's problem solved and its proofs checked: at its root, or at one root after another where it is free.

use super::Problem;
use super::anywhere::{Anywhere, Left};
use crate::{Certificate, Config, Instance, Monitor, Proof, Solution, SolveError, Solver, Status};
use breiband_certificate::{Lines, ParseError, ReplayError, Violation};
use std::io::{self, Read, Write};

/// Roots that are asked at most.
const MOST: usize = 100;
/// Before each proof of a file with several stands what it is about: a root, and the cost that other trees were left out by.
const AT: &str = "at ";
/// How a proof begins.
const TITLE: &str = "breiband proof ";
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
    pub cases: Vec<Case>,
}

/// What proves a bound for trees that hold one root.
#[derive(Debug, Clone)]
pub struct Case {
    /// One certificate, or a second that proves more. Where the root is free, the first one's potentials tell where no tree without
    /// that root costs less than [`Case::cost`].
    pub certificates: Vec<Certificate>,
    /// What a known tree cost by then.
    pub cost: u64,
    proof: Option<Proof>,
}

impl Answer {
    /// Writes the certificates, one after the other, each with its root. Where that is free, a line `U cost` stands before the first of
    /// a root.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_certificates(&self, problem: &Problem, to: &mut (impl Write + ?Sized)) -> io::Result<()> {
        for case in &self.cases {
            if problem.has_free_root() {
                writeln!(to, "U {}", case.cost)?;
            }
            case.certificates.iter().try_for_each(|certificate| certificate.write_text(to))?;
        }
        Ok(())
    }

    /// Writes the proofs that were recorded, as [`Problem::replay`] follows them. Where the root is free, a line `at root cost` and the
    /// first certificate stand before each.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_proofs(&self, problem: &Problem, to: &mut (impl Write + ?Sized)) -> io::Result<()> {
        for case in &self.cases {
            let Some(proof) = &case.proof else { continue };
            if problem.has_free_root()
                && let Some(first) = case.certificates.first()
            {
                writeln!(to, "{AT}{} {}", first.root(), case.cost)?;
                first.write_text(to)?;
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
        Ok(Self { instance, solution, proof })
    }

    fn claimed(&self) -> u64 {
        self.solution.stats.claimed_bound.max(self.solution.bound)
    }
}

/// Passes on what one root's search finds as news of the whole, and ends it once no tree there is better than a known one.
struct Whole<'a> {
    monitor: &'a mut dyn Monitor,
    /// The best cost.
    best: u64,
    /// What is claimed of this root.
    claimed: u64,
    /// What is certified and claimed of the rest.
    rest: [u64; 2],
    /// Between which parts of the time it runs.
    time: [f64; 2],
}

impl Monitor for Whole<'_> {
    fn improved(&mut self, cost: u64, bound: u64) {
        self.best = self.best.min(cost);
        self.claimed = self.claimed.max(bound);
        self.monitor.improved(self.best, bound.min(self.rest[0]).min(self.best));
    }

    fn claimed(&mut self, cost: u64, bound: u64) {
        self.best = self.best.min(cost);
        self.claimed = self.claimed.max(bound);
        self.monitor.claimed(self.best, bound.min(self.rest[1]).min(self.best));
    }

    fn progress(&mut self, done: u64, of: u64) {
        self.monitor.progress(done, of);
    }

    fn cancelled(&self) -> bool {
        self.claimed >= self.best || self.monitor.elapsed() > self.time[1] || self.monitor.cancelled()
    }

    fn elapsed(&self) -> f64 {
        let [from, until] = self.time;
        ((self.monitor.elapsed() - from) / (until - from)).clamp(0.0, 1.0)
    }
}

/// One root that was asked.
struct Place {
    /// While it may hold a better tree.
    instance: Option<Instance>,
    /// What is certified and claimed of trees that hold it.
    proven: [u64; 2],
    case: Case,
}

/// A search at one root after another.
struct Everywhere<'a> {
    free: &'a Anywhere,
    left: Left<'a>,
    config: Config,
    record: bool,
    places: Vec<Place>,
    cost: u64,
    tree: Vec<(u32, u32)>,
    steps: u64,
}

impl Everywhere<'_> {
    /// What is certified and claimed of all but one place.
    fn rest(&self, but: usize) -> [u64; 2] {
        let rest = self.places.iter().enumerate().filter(|&(i, _)| i != but);
        rest.fold([self.left.bound(); 2], |[bound, claimed], (_, place)| {
            [bound.min(place.proven[0]), claimed.min(place.proven[1])]
        })
    }

    /// Asks an instance, with a part of what is left of steps and time.
    fn ask(
        &mut self,
        instance: Instance,
        at: usize,
        all: bool,
        monitor: &mut dyn Monitor,
    ) -> Result<Asked, SolveError> {
        let left = self.config.steps.saturating_sub(self.steps);
        let gone = monitor.elapsed();
        let (steps, until) = if all { (left, 1.0) } else { (left / 2, gone.midpoint(1.0)) };
        let mut whole = Whole { monitor, best: self.cost, claimed: 0, rest: self.rest(at), time: [gone, until] };
        let asked = Asked::ask(instance, Config { steps, ..self.config }, self.record, &mut whole)?;
        self.steps += asked.solution.stats.steps;
        if asked.solution.cost < self.cost {
            self.cost = asked.solution.cost;
            self.tree = ends(&asked.instance, &asked.solution, self.free.vertices());
        }
        Ok(asked)
    }

    /// Asks at one root after another until nothing is left where more could be saved.
    fn look(&mut self, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        while let Some(part) = self.left.widest(self.free.all - self.cost) {
            if self.places.len() == MOST || !self.places.is_empty() && monitor.cancelled() {
                break;
            }
            let saved = self.free.all - self.cost;
            let (root, beyond) = self.left.root(part, saved);
            let fault = |_| SolveError::Fault("a part that is no instance");
            let instance = self.left.rooted(part, root).map_err(fault)?;
            let all = beyond <= saved && self.left.is_last(part, saved);
            match self.ask(instance, self.places.len(), all, monitor) {
                Ok(asked) => {
                    let proven = [asked.solution.bound, asked.claimed()];
                    let Asked { instance, solution, proof } = asked;
                    self.left.take(part, &solution.certificate, self.cost);
                    let case = Case { certificates: vec![solution.certificate], cost: self.cost, proof };
                    let instance = Some(instance).filter(|_| proven[1] < self.cost);
                    self.places.push(Place { instance, proven, case });
                }
                // Stopped before it had a tree: nothing is known there.
                Err(SolveError::Cancelled) if !self.places.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Asks again, with all that is left, where a better tree may be.
    fn ask_again(&mut self, monitor: &mut dyn Monitor) -> Result<(), SolveError> {
        while !monitor.cancelled() && self.steps < self.config.steps {
            let open = |place: &Place| place.instance.is_some() && place.proven[1] < self.cost;
            let open: Vec<usize> = (0..self.places.len()).filter(|&i| open(&self.places[i])).collect();
            // That of the least bound holds the others back.
            let Some(&i) = open.iter().min_by_key(|&&i| self.places[i].proven[1]) else { break };
            let all = open.len() == 1;
            let Some(instance) = self.places[i].instance.take() else { break };
            match self.ask(instance, i, all, monitor) {
                Ok(asked) => {
                    let place = &mut self.places[i];
                    let claimed = asked.claimed();
                    if claimed > place.proven[1] {
                        place.case.proof = asked.proof;
                    }
                    if asked.solution.bound > place.proven[0] {
                        place.case.certificates.push(asked.solution.certificate);
                    }
                    place.proven = [place.proven[0].max(asked.solution.bound), place.proven[1].max(claimed)];
                }
                Err(SolveError::Cancelled) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn into_answer(self) -> Answer {
        let [bound, claimed] = self.rest(usize::MAX).map(|bound| bound.min(self.cost));
        let cases = self.places.into_iter().map(|place| place.case).collect();
        let (cost, tree, steps) = (self.cost, self.tree, self.steps);
        Answer { tree, cost, bound, claimed, unreachable: Vec::new(), steps, cases }
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
            let Asked { instance, solution, proof } = asked;
            return Ok(Answer {
                tree: ends(&instance, &solution, self.sizes[0] as u32),
                cost: solution.cost,
                bound: solution.bound,
                claimed,
                unreachable: solution.unreachable,
                steps: solution.stats.steps,
                cases: vec![Case { certificates: vec![solution.certificate], cost: solution.cost, proof }],
            });
        };
        let mut everywhere = Everywhere {
            free,
            left: Left::of(free),
            config: *config,
            record,
            places: Vec::new(),
            cost: free.alone(),
            tree: Vec::new(),
            steps: 0,
        };
        everywhere.look(monitor)?;
        everywhere.ask_again(monitor)?;
        Ok(everywhere.into_answer())
    }

    /// What certificates prove together, from them and the problem alone: no tree costs less. Where the root is free, each is for a
    /// root of its own, in the order in which they leave nothing out, and no tree means none that costs less than the
    /// least [`Case::cost`].
    ///
    /// # Errors
    /// What is wrong with one.
    pub fn check(&self, cases: &[Case], unreachable: &[u32]) -> Result<u64, Unproven> {
        let Some(free) = &self.free else {
            let [Case { certificates, .. }] = cases else { return Err(Unproven::Number) };
            let [certificate] = &certificates[..] else { return Err(Unproven::Number) };
            return Ok(self.instance.check(certificate, unreachable)?);
        };
        let mut left = Left::of(free);
        let mut bound = u64::MAX;
        for Case { certificates, cost, .. } in cases {
            let first = certificates.first().ok_or(Unproven::Number)?;
            let part = left.part_of(first.root()).ok_or(Unproven::Root(first.root()))?;
            let instance = left.rooted(part, first.root()).map_err(|_| Unproven::Root(first.root()))?;
            let mut proven = 0;
            for certificate in certificates {
                proven = instance.check(certificate, &[])?.max(proven);
            }
            bound = bound.min(proven).min(*cost);
            left.take(part, first, *cost);
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
        let mut next = lines.next()?.map(|(_, text)| place_of(text));
        while let Some(place) = next {
            let line = lines.number();
            let wrong = |problem| ReplayError::from(ParseError::Line { line, problem });
            let (root, cost) = place
                .ok_or(wrong("before a proof stands what it is about: `at`, its root, and what a known tree costs"))?;
            let part = left.part_of(root).ok_or(wrong("the vertex is none of those that are left to ask"))?;
            let instance = left.rooted(part, root).map_err(|_| wrong("what is left has no such problem"))?;
            let mut section = Section::of(&mut lines, TITLE);
            let certificate = Certificate::read(&mut section).map_err(|error| ReplayError::from(error).after(line))?;
            let title = section.next.take().ok_or(wrong("no proof follows the certificate behind this line"))?;
            if certificate.root() != root || instance.check(&certificate, &[]).is_err() {
                return Err(wrong("the certificate behind this line does not hold"));
            }
            let before = lines.number() - 1;
            let mut proof = Section::of(&mut lines, AT);
            proof.line.extend_from_slice(&title);
            proof.line.push(b'\n');
            bound = bound.min(instance.replay(&mut proof).map_err(|error| error.after(before))?).min(cost);
            next = proof.next.take().map(|text| place_of(&text));
            left.take(part, &certificate, cost);
        }
        Ok(bound.min(left.bound()))
    }
}

/// The ends of a tree's edges as the file counts them; what was added is none of them.
fn ends(instance: &Instance, solution: &Solution, vertices: u32) -> Vec<(u32, u32)> {
    let edges = solution.edges.iter().map(|&e| instance.edges()[e as usize]);
    edges.filter(|&(u, v, _)| u.max(v) < vertices).map(|(u, v, _)| (u + 1, v + 1)).collect()
}

/// The root and the cost that a proof is about.
fn place_of(text: &[u8]) -> Option<(u32, u64)> {
    let (root, cost) = std::str::from_utf8(text.strip_prefix(AT.as_bytes())?).ok()?.split_once(' ')?;
    Some((root.parse().ok()?, cost.parse().ok()?))
}

/// The lines up to one that begins in a certain way.
struct Section<'a, 'b> {
    lines: &'a mut Lines<'b>,
    ends: &'static str,
    line: Vec<u8>,
    at: usize,
    /// The line that ended it.
    next: Option<Vec<u8>>,
}

impl<'a, 'b> Section<'a, 'b> {
    fn of(lines: &'a mut Lines<'b>, ends: &'static str) -> Self {
        Self { lines, ends, line: Vec::new(), at: 0, next: None }
    }
}

impl Read for Section<'_, '_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.at == self.line.len() {
            if self.next.is_some() {
                return Ok(0);
            }
            let Some((_, text)) = self.lines.next().map_err(io::Error::other)? else { return Ok(0) };
            if text.starts_with(self.ends.as_bytes()) {
                self.next = Some(text.to_vec());
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
