//! What is known of one block: trees by heuristics, bounds by dual ascents, and what no better tree needs.
//!
//! Ascents from several roots come first. Where they leave a gap, the flow relaxation is solved nearly (`relax`): its
//! shares raise the bound, its widths suggest trees. What is left is fought over by tree and dual in turn, each kicked where
//! the other disagrees with it.

use super::{Best, Exact, Narrow};
use crate::ascent::{Ascent, Polish};
use crate::growth::Growth;
use crate::local::Local;
use crate::net::Net;
use crate::reduce::{Needless, Spared, Spares, needless};
use crate::relax::{BALL, COARSE, FINE, Relax};
use crate::solver::shuffle;
use crate::{SolveError, mehlhorn, tree};
use std::sync::Arc;

/// Terminals whose ascents bound a block, besides its root.
const ROOTS: usize = 3;
/// Arcs that local search may look at, times the edges of a block.
const EFFORT: u64 = 60;
/// Rounds of the relaxation at most, and the steps of one.
const ROUNDS: usize = 15;
const STEPS: u64 = 100;
/// Rounds that may gain nothing: the relaxation starts below where the ascent has come to.
const PATIENCE: usize = 3;
/// A round that closes less than one part in so many of the gap is the last.
const STALLED: u64 = 40;
/// Flows the relaxation may hold.
const FLOWS: usize = 1 << 24;
/// Vertices that the flows of few terminals may use together, where small neighbourhoods leave a gap.
const ROOM: usize = 50_000;
/// What is needless by an ascent is taken away before the relaxation if it is one part in so many of the edges; what is needless by
/// the relaxation, before tree and dual have their turns.
const MUCH: usize = 15;
const MOST: usize = 4;
/// Parts of the gap above the bound in which a better tree is looked for first; as often in vain, and it is looked for no more.
const BELOW: [u64; 2] = [64, 32];
const IN_VAIN: u32 = 2;
/// Turns of tree and dual.
const TURNS: u64 = 16;
/// Where kicks of the tree gain nothing, the next turn makes a part of as many, to one in so many at last.
const LESS: u64 = 4;
const LEAST: u64 = 16;

/// What heuristics and ascents say of a block.
#[derive(Default)]
pub(super) struct Bounds {
    pub(super) bound: u64,
    /// What each ascent spares.
    pub(super) spared: Vec<Spared>,
    /// What no better tree can go on from, by the last of the ascents.
    pub(super) needless: Vec<Needless>,
    /// Where tree and dual disagree.
    pub(super) hot: Vec<u32>,
    /// The ascents and the nets they are on, where a proof is wanted: first those of `spared`.
    pub(super) ascents: Vec<(Net, Ascent)>,
}

/// One block under work.
pub(super) struct Bounding<'a, 'b> {
    exact: &'a mut Exact<'b>,
    net: &'a Arc<Net>,
    twins: Vec<u32>,
    growth: Growth,
    /// The best tree found here.
    tree: Vec<u32>,
    /// What a tree must cost less than to be of use.
    upper: u64,
    /// What the duals on the way spared, those of them that spared what none before them did.
    spared: Spares,
    /// They themselves and the nets they are on, where a proof is wanted.
    ascents: Vec<(Net, Ascent)>,
}

impl<'a, 'b> Bounding<'a, 'b> {
    /// Begins with a first tree, or one that is known if it is better.
    pub(super) fn of(
        exact: &'a mut Exact<'b>,
        net: &'a Arc<Net>,
        known: Option<Vec<u32>>,
        upper: u64,
    ) -> Result<Self, SolveError> {
        let first = mehlhorn::tree(net).ok_or(SolveError::Fault("no first tree"))?;
        let tree = known.filter(|known| net.cost(known) < net.cost(&first)).unwrap_or(first);
        let (twins, growth, spared) = (net.graph.twins(), Growth::new(net), Spares::of(net));
        Ok(Self { exact, net, twins, growth, tree, upper, spared, ascents: Vec::new() })
    }

    /// Bounds the block; a better tree is offered to `best`. `effort` is for the last part, in arcs for each edge.
    pub(super) fn run(mut self, best: &mut Best, effort: u64) -> Result<Bounds, SolveError> {
        let edges = u64::from(self.net.graph.edge_count());
        let first = std::mem::take(&mut self.tree);
        self.tree = self.improved(first, edges * EFFORT);
        let mut ascents = self.ascents();
        // By which dual what is needless is, where that is not the last one.
        let mut witness = None;
        let mut bounds = Bounds { bound: ascents.iter().map(|(_, a)| a.bound).max().unwrap_or(0), ..Bounds::default() };
        self.exact.tell(self.top(), bounds.bound);
        if bounds.bound < self.top()
            && let Some(at) = (0..ascents.len()).max_by_key(|&i| (ascents[i].1.bound, std::cmp::Reverse(i)))
        {
            let (rooted, mut ascent) = ascents.swap_remove(at);
            bounds.needless = self.needless(&rooted, &ascent);
            // Where much is needless, it is taken away first.
            if bounds.needless.len() * MUCH <= edges as usize {
                ascent = self.relaxed(&rooted, ascent)?;
                self.look_below(&rooted, &ascent)?;
                bounds.needless = self.needless(&rooted, &ascent);
                if bounds.needless.len() * MOST <= edges as usize && ascent.bound < self.top() && !self.ends() {
                    let proves = self.exact.log.is_some() && !bounds.needless.is_empty();
                    witness = proves.then(|| (rooted.clone(), ascent.clone()));
                    ascent = self.duel(&rooted, ascent, &mut bounds.hot, effort)?;
                }
            }
            bounds.bound = ascent.bound;
            ascents.push((rooted, ascent));
        }
        self.exact.work += std::mem::take(&mut self.growth.work);
        best.offer(self.net, std::mem::take(&mut self.tree));
        if self.ends() {
            return Ok(bounds);
        }
        for (rooted, ascent) in &ascents {
            self.spare(rooted, ascent, best.upper, ascent.bound == bounds.bound);
        }
        self.ascents.extend(witness);
        (bounds.spared, bounds.ascents) = (self.spared.list, self.ascents);
        Ok(bounds)
    }

    /// What no tree below the best can go on from.
    fn needless(&mut self, rooted: &Net, ascent: &Ascent) -> Vec<Needless> {
        if self.exact.narrow.is_some() {
            return Vec::new();
        }
        let (found, work) = needless(rooted, &self.twins, ascent, self.top(), self.exact.stop);
        self.exact.work += work;
        found
    }

    /// The dual that the flow relaxation finds.
    fn relaxed(&mut self, rooted: &Net, ascent: Ascent) -> Result<Ascent, SolveError> {
        let near = self.exact.narrow.map_or(BALL, |narrow| narrow.ball);
        if near == 0 {
            return Ok(ascent);
        }
        let ascent = self.relax(rooted, ascent, near)?;
        // Few terminals are far apart: what one of them pays for may be seen from nowhere near it.
        let ball = (ROOM / rooted.terminals.len()).min(rooted.kind.len()) as u32;
        let wider = ascent.bound < self.top() && ball > BALL && self.exact.narrow.is_none();
        if wider { self.relax(rooted, ascent, ball) } else { Ok(ascent) }
    }

    /// Notes what trees below `upper` can do without by an ascent, if that is news or the ascent must be known.
    fn spare(&mut self, rooted: &Net, ascent: &Ascent, upper: u64, always: bool) {
        self.exact.work += u64::from(self.net.graph.edge_count()) * 8;
        let spared = Spared::by(rooted, &self.twins, ascent, upper);
        if self.spared.add(spared, always) && self.exact.log.is_some() {
            self.ascents.push((rooted.clone(), ascent.clone()));
        }
    }

    /// Whether nothing but a tree is wanted, and no better one is looked for: no dual is of use then.
    fn ends(&self) -> bool {
        self.exact.narrow.is_some() && self.exact.spent()
    }

    /// Where a bound closes the block.
    fn top(&self) -> u64 {
        self.upper.min(self.net.cost(&self.tree))
    }

    /// Ascents from the root and some other terminals, and the trees that what they saturate suggests.
    fn ascents(&mut self) -> Vec<(Net, Ascent)> {
        let net = self.net;
        let edges = u64::from(net.graph.edge_count());
        let mut ascents = Vec::new();
        for i in 0..=ROOTS {
            let root = if i == 0 { net.root } else { self.exact.any(&net.terminals) };
            if i > 0 && (net.terminals.iter().any(|&t| net.is_sink(t)) || net.terminals.len() <= i) {
                break;
            }
            let rooted = Net::new(net.graph.clone(), root, net.kind.clone());
            let ascent = Ascent::run(&rooted, &self.twins, &self.tree);
            self.exact.work += ascent.work + edges;
            let saturated = ascent.saturated(&rooted);
            let grown = self.growth.run(net, root, |e, cost| saturated[e as usize].then_some(cost));
            self.offer(grown, edges * EFFORT / 4);
            let closed = ascent.bound >= self.top();
            ascents.push((rooted, ascent));
            if closed {
                break;
            }
        }
        ascents
    }

    /// Rounds of the flow relaxation, within so many vertices around each terminal; the best dual so far.
    fn relax(&mut self, rooted: &Net, mut best: Ascent, ball: u32) -> Result<Ascent, SolveError> {
        let Some(mut flows) = Relax::new(rooted, &best, &self.tree, ball, FLOWS) else { return Ok(best) };
        let edges = u64::from(self.net.graph.edge_count());
        let near = if self.exact.narrow.is_some() { COARSE } else { FINE };
        for round in 0..ROUNDS {
            for _ in 0..STEPS {
                flows.step(near);
            }
            self.exact.work += STEPS * flows.size();
            let widths = flows.widths(rooted);
            let width = |e: u32| widths[e as usize];
            let grown = self.growth.along(self.net, width);
            self.offer(grown, edges * EFFORT);
            if self.ends() {
                break;
            }
            let mut ascent = flows.lift(rooted, &self.tree);
            ascent.go_on(rooted, &self.twins);
            self.exact.work += ascent.work;
            let gained = ascent.bound.saturating_sub(best.bound);
            if gained > 0 {
                best = ascent;
                self.exact.tell(self.top(), best.bound);
            }
            if self.exact.narrow.is_none()
                && let Some(tree) = self.exact.along(self.net, width, &[&self.tree], self.top(), Narrow::THOROUGH)?
            {
                self.tree = self.improved(tree, edges * EFFORT);
            }
            let gap = self.top().saturating_sub(best.bound);
            if gap == 0 || self.exact.spent() || round >= PATIENCE && gained < gap / STALLED {
                break;
            }
        }
        Ok(best)
    }

    /// Looks for better trees as if one were known that costs hardly more than the bound: by that, most of the graph can be spared (Polzin
    /// & Vahdati Daneshmand 2001, who prune so). What is found is a tree all the same.
    fn look_below(&mut self, rooted: &Net, ascent: &Ascent) -> Result<(), SolveError> {
        if self.exact.narrow.is_some() || self.exact.in_vain == IN_VAIN {
            return Ok(());
        }
        let edges = self.net.graph.edge_count();
        let before = self.top();
        for part in BELOW {
            let gap = self.top().saturating_sub(ascent.bound);
            if gap == 0 || self.exact.spent() {
                return Ok(());
            }
            let needed = Spared::by(rooted, &self.twins, ascent, ascent.bound + gap / part + 1).needed(edges);
            self.exact.work += u64::from(edges) * 8;
            let width = |e: u32| f32::from(u8::from(needed[e as usize]));
            if let Some(tree) = self.exact.along(self.net, width, &[&self.tree], self.top(), Narrow::CHOSEN)? {
                self.tree = self.improved(tree, u64::from(edges) * EFFORT);
            }
        }
        self.exact.in_vain = if self.top() < before { 0 } else { self.exact.in_vain + 1 };
        Ok(())
    }

    /// Improves tree and dual in turn, each where the other disagrees with it. Every dual on the way spares something else.
    fn duel(&mut self, rooted: &Net, ascent: Ascent, hot: &mut Vec<u32>, effort: u64) -> Result<Ascent, SolveError> {
        let net = self.net;
        let left = self.exact.limit.saturating_sub(self.exact.work);
        let turn = u64::from(net.graph.edge_count()).saturating_mul(effort).min(left) / TURNS / 2;
        let mut local = Local::new(Arc::clone(net), &self.tree, self.exact.seed);
        let mut polish = Polish::new(rooted, ascent, self.exact.seed);
        let mut kicks = turn;
        for _ in 0..TURNS {
            let before = polish.ascent.work;
            polish.run(rooted, &self.twins, turn);
            self.exact.work += polish.ascent.work - before;
            self.exact.tell(self.upper.min(local.cost()), polish.ascent.bound);
            if polish.ascent.bound >= self.upper.min(local.cost()) || self.exact.spent() {
                break;
            }
            self.spare(rooted, &polish.ascent, self.upper.min(local.cost()), false);
            let (before, cost) = (local.work, local.cost());
            let mut places = polish.places().to_vec();
            shuffle(&mut places, self.exact.seed ^ self.exact.work);
            for place in places {
                if local.work - before < kicks {
                    local.kick_at(place);
                }
            }
            while local.work - before < kicks {
                local.kick();
            }
            self.exact.work += local.work - before;
            kicks = if local.cost() < cost { turn } else { (kicks / LESS).max(turn / LEAST) };
            if local.cost() < cost {
                self.tree = tree::best_on(net, &tree::vertices_of(net, &local.edges()))
                    .ok_or(SolveError::Fault("a searched tree is none"))?;
                polish.follow(rooted, &self.tree);
            }
        }
        hot.extend_from_slice(polish.places());
        Ok(polish.ascent)
    }

    /// Keeps the tree on some vertices if there is one and a search makes it the best.
    fn offer(&mut self, vertices: Option<Vec<u32>>, effort: u64) {
        if let Some(edges) = vertices.and_then(|vertices| tree::best_on(self.net, &vertices)) {
            let edges = self.improved(edges, effort);
            if self.net.cost(&edges) < self.net.cost(&self.tree) {
                self.tree = edges;
            }
        }
    }

    /// What local search makes of a tree.
    fn improved(&mut self, edges: Vec<u32>, effort: u64) -> Vec<u32> {
        let (edges, work) = Local::improved(self.net, edges, self.exact.seed, effort);
        self.exact.work += work;
        edges
    }
}
