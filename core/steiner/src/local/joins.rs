//! The search of one move: how the parts that a tree fell into can be joined again.

use super::rooted::Rooted;
use crate::NONE;
use crate::net::Net;
use breiband_graph::{MinHeap, UnionFind};
use breiband_random::mix;

/// Tree vertices of a component that a move marks ahead; further ones are found by climbing.
pub(super) const MARKED: usize = 64;
/// Vertices a move's search settles.
const SETTLED: usize = 1500;
/// Tree edges a move climbs to find which component a vertex lies in.
pub(super) const CLIMB: usize = 3000;

/// What the search of one move knows about a vertex.
#[derive(Debug, Clone, Copy)]
struct Label {
    distance: u64,
    via: u32,
    component: u32,
    settled: bool,
}

const BLANK: Label = Label { distance: u64::MAX, via: NONE, component: NONE, settled: false };

/// The workspace of such searches.
#[derive(Debug)]
pub(super) struct Joins {
    label: Vec<Label>,
    touched: Vec<u32>,
    heap: MinHeap,
    /// Not zero while prices are distorted.
    pub(super) noise: u64,
    /// Nobody may be left out again: no sink is joined to the root by an edge of its own.
    pub(super) in_earnest: bool,
    /// Arcs looked at.
    pub(super) work: u64,
}

impl Joins {
    pub(super) fn new(net: &Net) -> Self {
        let n = net.kind.len();
        Self {
            label: vec![BLANK; n],
            touched: Vec::new(),
            heap: MinHeap::new(n as u32, net.graph.max_distance().saturating_mul(2)),
            noise: 0,
            in_earnest: false,
            work: 0,
        }
    }

    /// The vertices that the last search met.
    pub(super) fn touched(&self) -> &[u32] {
        &self.touched
    }

    /// Forgets the last search.
    pub(super) fn clear(&mut self) {
        for v in self.touched.drain(..) {
            self.label[v as usize] = BLANK;
        }
    }

    /// An edge's cost, or half to one and a half of it while prices are distorted.
    fn price(&self, edge: u32, cost: u64) -> u64 {
        if self.noise == 0 {
            return cost;
        }
        let factor = 512 + (mix(self.noise ^ u64::from(edge)) & 1023);
        ((u128::from(cost) * u128::from(factor)) >> 10) as u64
    }

    fn mark(&mut self, v: u32, component: u32, distance: u64) {
        if self.label[v as usize].component == NONE {
            self.touched.push(v);
        }
        self.label[v as usize] = Label { distance, via: NONE, component, settled: false };
    }

    /// Searches from the components under `tops` (and `extra`) at once; edges at which two of them meet, as (length,
    /// edge). Components are numbered by `tops`, then the extra vertex, then the one that holds the root.
    pub(super) fn links(
        &mut self,
        tree: &Rooted,
        tops: &[u32],
        extra: Option<u32>,
        limit: u64,
    ) -> Option<Vec<(u64, u32)>> {
        let upper = (tops.len() + usize::from(extra.is_some())) as u32;
        self.heap.clear();
        for (i, &top) in tops.iter().enumerate() {
            let (part, work) = tree.part(top, MARKED);
            self.work += work;
            for x in part {
                self.mark(x, i as u32, 0);
                self.heap.push(0, x);
            }
        }
        if let Some(z) = extra {
            if tree.net.is_sink(z) {
                return None;
            }
            self.mark(z, upper - 1, 0);
            self.heap.push(0, z);
        }
        // Two components want the shortest link only: once there is one, no search reaches further.
        let pair = upper == 1;
        let mut limit = limit;
        let mut meetings = Vec::new();
        let mut settled = 0;
        while let Some((distance, x)) = self.heap.pop() {
            let label = self.label[x as usize];
            if distance > label.distance || label.settled {
                continue;
            }
            self.label[x as usize].settled = true;
            settled += usize::from(distance > 0);
            if settled > SETTLED {
                break;
            }
            self.work += tree.net.graph.degree(x) as u64;
            for slot in tree.net.graph.slots(x) {
                let arc = tree.net.graph.arcs()[slot];
                let w = arc.head;
                let reach = distance + self.price(arc.edge, arc.cost);
                let excuses = self.in_earnest && w == tree.net.root && tree.net.is_sink(x);
                if reach > limit || pair && reach == limit || arc.edge == label.via || excuses {
                    continue;
                }
                let known = self.label[w as usize];
                if known.component == NONE && tree.holds(w) {
                    if tree.net.is_sink(w) {
                        continue;
                    }
                    let component = self.component(tree, w, upper)?;
                    self.mark(w, component, 0);
                    if component == label.component {
                        self.heap.push(0, w);
                    } else {
                        meetings.push(arc.edge);
                        if pair {
                            limit = reach;
                        }
                    }
                } else if known.component != NONE && known.component != label.component {
                    meetings.push(arc.edge);
                    if reach < known.distance && known.distance > 0 {
                        self.label[w as usize] =
                            Label { distance: reach, via: arc.edge, component: label.component, settled: false };
                        self.heap.push(reach, w);
                    }
                } else if reach < known.distance && !tree.net.is_sink(w) {
                    if known.component == NONE {
                        self.touched.push(w);
                    }
                    self.label[w as usize] =
                        Label { distance: reach, via: arc.edge, component: label.component, settled: false };
                    self.heap.push(reach, w);
                }
            }
        }
        let mut links: Vec<(u64, u32)> = meetings
            .into_iter()
            .filter_map(|e| {
                let (a, b, cost) = tree.net.graph.edge(e);
                let (x, y) = (self.label[a as usize], self.label[b as usize]);
                let length = x.distance.checked_add(y.distance)?.checked_add(self.price(e, cost))?;
                (x.component != y.component && length <= limit).then_some((length, e))
            })
            .collect();
        links.sort_unstable();
        links.dedup();
        Some(links)
    }

    /// Which component a tree vertex lies in, by climbing.
    fn component(&mut self, tree: &Rooted, w: u32, upper: u32) -> Option<u32> {
        let mut at = w;
        for _ in 0..CLIMB {
            let label = self.label[at as usize];
            if label.component != NONE && label.distance == 0 {
                return Some(label.component);
            }
            let Some(e) = tree.up(at) else { return Some(upper) };
            self.work += 1;
            at = tree.other(e, at);
        }
        None
    }

    /// Edges that join all components for less than `old`, if the links give such.
    pub(super) fn assemble(&self, tree: &Rooted, links: &[(u64, u32)], upper: usize, old: u64) -> Option<Vec<u32>> {
        let mut sets = UnionFind::new(upper as u32 + 1);
        let mut edges = Vec::new();
        let mut joined = 0;
        for &(_, e) in links {
            let (a, b, _) = tree.net.graph.edge(e);
            if sets.union(self.label[a as usize].component, self.label[b as usize].component) {
                joined += 1;
                edges.push(e);
                for mut x in [a, b] {
                    while self.label[x as usize].distance > 0 || self.label[x as usize].via != NONE {
                        let via = self.label[x as usize].via;
                        edges.push(via);
                        x = tree.other(via, x);
                    }
                }
            }
        }
        if joined < upper {
            return None;
        }
        edges.sort_unstable();
        edges.dedup();
        let new = tree.net.cost(&edges);
        let mut ends: Vec<u32> = edges
            .iter()
            .flat_map(|&e| {
                let (a, b, _) = tree.net.graph.edge(e);
                [a, b]
            })
            .filter(|&x| tree.net.is_sink(x))
            .collect();
        ends.sort_unstable();
        let through = ends.windows(2).any(|pair| pair[0] == pair[1]);
        (new < old && !through).then_some(edges)
    }
}
