//! The solver's stage for large instances: slices of the flow relaxation, trees from its widths, bounds from its shares.

use super::{SolveError, Solver};
use crate::Monitor;
use crate::ascent::{Ascent, Polish};
use crate::exact::{Exact, Narrow};
use crate::growth::Growth;
use crate::local::Local;
use crate::reduce::Parts;
use crate::relax::{BALL, COARSE, FINE, Relax};
use crate::tree;
use std::sync::Arc;

/// Edges from which on the relaxation is worth its while: smaller instances are closed without.
const LARGE: u64 = 1_000;
/// Steps of the relaxation before a tree is made of it, and what it proves is worked out: each takes half as long as they do. The
/// relaxation is tried if at least the second number is affordable.
const ROUND: u64 = 86;
const SHORT_ROUND: u64 = 50;
/// Parts of the time: once the first has gone by it does not begin, and ends once the second has.
const TO_BEGIN: f64 = 0.5;
const TO_END: f64 = 0.75;
/// Flows that count as one arc looked at elsewhere: eight take half as long, four at a time.
const AN_ARC: u64 = 8;
/// Flows a slice of the relaxation moves, about.
const STRETCH: u64 = 16_000_000;
/// The relaxation ends once so many proofs, one after the other, have closed less than one part in so many of the gap.
const PATIENCE: u32 = 4;
const STALLED: u64 = 20;
/// Vertices around a terminal that its flows may use where a gap of fewer millionths is asked for: flows from farther off say little at
/// first, and what the nearer ones leave.
const AFAR: u32 = 110;
const CLOSE: u32 = 3_000;
/// Vertices that the flows of few terminals may use together: those that share a mast, or a long trunk, are far apart.
const ROOM: usize = 90_000;
/// As many where the tree cannot be better, and only the proof is wanted.
const WIDE: usize = 700_000;
/// Millionths by which the ascent from the relaxation's shares usually passes what they prove: it is tried when that
/// could be enough.
const AHEAD: u32 = 5_000;
/// Flows the relaxation may hold, sixteen bytes each.
const FLOWS: usize = 125_000_000;
/// Arcs the search of a rounded tree looks at, times the edges of the reduced graph.
const TIDY: u64 = 50;

/// The relaxation under way.
#[derive(Debug)]
pub(super) struct Relaxed {
    flows: Relax,
    /// The best dual so far.
    pub(super) ascent: Ascent,
    /// What the flows' shares proved last, if it is to ascend.
    newest: Option<Ascent>,
    /// The twin of each arc.
    twins: Vec<u32>,
    /// Edges of the thinned net that each edge of the reduced one stands for.
    parts: Parts,
    /// The most that the flows' shares have proven by themselves.
    bound: u64,
    /// Proofs since the gap was last narrowed.
    idle: u32,
    steps: u64,
    /// Steps between trees.
    round: u64,
    turn: Turn,
}

/// What the next slice of the relaxation does.
#[derive(Debug, Clone, Copy)]
enum Turn {
    /// Steps of the flows.
    Flow,
    /// A tree from their widths.
    Tree,
    /// What they prove.
    Prove,
    /// Ascent from there, and the end if it is the last time or that is enough.
    Ascend { last: bool },
}

impl Solver<'_> {
    /// A slice of the relaxation; whether to go on with it. Where it ends, the dual under improvement is the one it found.
    pub(super) fn relax(&mut self, monitor: &mut dyn Monitor) -> Result<bool, SolveError> {
        let begun = self.relaxed.take();
        let Some(mut state) = (if begun.is_some() { begun } else { self.relaxation(monitor)? }) else {
            return Ok(false);
        };
        if self.closed() {
            self.resumed = Some(state.ascent);
            return Ok(false);
        }
        state.turn = match state.turn {
            Turn::Flow => self.flow(&mut state, monitor),
            Turn::Tree if self.is_best() => Turn::Prove,
            Turn::Tree => self.widest_tree(&state, monitor)?,
            Turn::Prove => self.prove(&mut state, monitor)?,
            Turn::Ascend { last } => {
                let (Some(thinned), Some((cost, _))) = (&self.thinned, &self.best) else {
                    return Err(SolveError::Fault("no tree to compare with"));
                };
                if let Some(mut ascent) = state.newest.take() {
                    ascent.go_on(&thinned.net, &state.twins);
                    if ascent.bound > state.ascent.bound || last {
                        state.ascent = ascent;
                        self.proven = state.ascent.bound;
                        monitor.improved(*cost, self.proven);
                    }
                }
                if last {
                    self.polish = Some((Polish::new(&thinned.net, state.ascent, self.config.seed), state.twins));
                    return Ok(false);
                }
                Turn::Flow
            }
        };
        self.relaxed = Some(state);
        Ok(true)
    }

    /// Arcs that the search of a tree made of something else may look at.
    pub(super) fn tidy(&self) -> u64 {
        u64::from(self.stats.reduced.1) * TIDY
    }

    /// Steps that the relaxation may use.
    fn share(&self) -> u64 {
        self.config.steps / 4 * 3
    }

    /// Begins the relaxation, if it is worth its while and the budget allows for some rounds.
    fn relaxation(&mut self, monitor: &mut dyn Monitor) -> Result<Option<Relaxed>, SolveError> {
        let (Some(thinned), Some(reducer), Some(reduced), Some((_, best))) =
            (&self.thinned, &self.reducer, &self.reduced, &self.best)
        else {
            return Err(SolveError::Fault("no tree to compare with"));
        };
        let net = &thinned.net;
        let is_best = self.is_best();
        let small = u64::from(reduced.net.graph.edge_count()) < LARGE && !is_best;
        let late = monitor.elapsed() > if is_best { TO_END } else { TO_BEGIN };
        let most = usize::try_from(self.share() / SHORT_ROUND * AN_ARC).unwrap_or(FLOWS).min(FLOWS);
        // There are some eight flows for each arc.
        if net.terminals.is_empty() || small || late || self.closed() || net.graph.arcs().len() * 4 > most {
            return Ok(None);
        }
        let twins = net.graph.twins();
        let ascent = self.resumed.take().unwrap_or_else(|| Ascent::run_quickly(net, &twins, best));
        let room = if is_best { WIDE } else { ROOM };
        let near = if self.config.enough < CLOSE { AFAR } else { BALL };
        let ball = near.max((room / net.terminals.len()).min(net.kind.len()) as u32);
        let Some(flows) = Relax::new(net, &ascent, best, ball, most) else {
            self.resumed = Some(ascent);
            return Ok(None);
        };
        self.proven = ascent.bound;
        let left = self.share().saturating_sub(self.stats.steps);
        let round = (left * AN_ARC / flows.size().max(1)).clamp(1, ROUND);
        Ok(Some(Relaxed {
            flows,
            ascent,
            newest: None,
            twins,
            parts: Parts::of(reducer, reduced),
            bound: 0,
            idle: 0,
            steps: 0,
            round,
            turn: Turn::Flow,
        }))
    }

    /// Some steps, to the end of the round at most.
    fn flow(&mut self, state: &mut Relaxed, monitor: &mut dyn Monitor) -> Turn {
        let steps = (STRETCH / state.flows.size().max(1)).clamp(1, state.round - state.steps % state.round);
        let near = if state.steps < state.round { COARSE } else { FINE };
        for _ in 0..steps {
            state.flows.step(near);
        }
        state.steps += steps;
        self.stats.steps += steps * state.flows.size() / AN_ARC;
        if state.steps.is_multiple_of(state.round) || monitor.elapsed() > TO_END { Turn::Tree } else { Turn::Flow }
    }

    /// The best tree on the edges that the widths suggest, nearly, tidied on the whole net.
    fn widest_tree(&mut self, state: &Relaxed, monitor: &mut dyn Monitor) -> Result<Turn, SolveError> {
        let (Some(thinned), Some(reduced)) = (&self.thinned, &self.reduced) else {
            return Err(SolveError::Fault("nothing reduced"));
        };
        let widths = state.flows.widths(&thinned.net);
        let small = Arc::clone(&reduced.net);
        let width = |e: u32| state.parts.get(e).iter().map(|&e| widths[e as usize]).fold(1.0f32, f32::min);
        let mut growth = Growth::new(&small);
        let grown = growth.along(&small, width);
        let grown =
            grown.and_then(|vertices| tree::best_on(&small, &vertices)).ok_or(SolveError::Fault("no tree grows"))?;
        self.stats.steps += growth.work;
        let (seed, stop) = (self.config.seed, || monitor.cancelled());
        let mut exact = Exact::new(u64::MAX, seed, &stop);
        let upper = small.cost(&self.tree).max(small.cost(&grown)) + 1;
        let best = exact.along(&small, width, &[&self.tree, &grown], upper, Narrow::HASTY)?;
        self.stats.steps += exact.work;
        let (edges, work) = Local::improved(&small, best.unwrap_or(grown), seed, self.tidy());
        self.stats.steps += work;
        if small.cost(&edges) < small.cost(&self.tree) {
            self.offer(&edges, monitor)?;
            self.tree = edges;
        }
        Ok(Turn::Prove)
    }

    /// Whether the budget allows for no further round.
    fn spent(&self, state: &Relaxed) -> bool {
        self.stats.steps + state.flows.size() * state.round / AN_ARC > self.share()
    }

    /// What the flows' shares prove.
    fn prove(&mut self, state: &mut Relaxed, monitor: &mut dyn Monitor) -> Result<Turn, SolveError> {
        let (Some(thinned), Some((cost, best))) = (&self.thinned, &self.best) else {
            return Err(SolveError::Fault("no tree to compare with"));
        };
        let ascent = state.flows.lift(&thinned.net, best);
        let gained = ascent.bound.saturating_sub(state.bound);
        state.idle = if gained > cost.saturating_sub(ascent.bound) / STALLED { 0 } else { state.idle + 1 };
        let last = self.spent(state) || state.idle == PATIENCE || monitor.elapsed() > TO_END;
        let near = self.config.enough > 0 && self.enough(*cost, ascent.bound, AHEAD);
        state.bound += gained;
        let best = ascent.bound > state.ascent.bound;
        if best {
            self.proven = ascent.bound;
            monitor.improved(*cost, self.proven);
        }
        state.newest = match (last, near) {
            // Whatever is improved from here on must have ascended to its end.
            (true, _) => Some(if best { ascent } else { state.ascent.clone() }),
            (false, true) => {
                if best {
                    state.ascent = ascent.clone();
                }
                Some(ascent)
            }
            (false, false) => {
                if best {
                    state.ascent = ascent;
                }
                None
            }
        };
        Ok(if last || near { Turn::Ascend { last } } else { Turn::Flow })
    }
}
