//! Which change keeps a solution below U if there was one, where a terminal may be left out: a sink with a free edge from one vertex,
//! and a second edge from a terminal, which every solution holds. Whatever holds the vertex has the sink for nothing.

use super::graph::{Graph, Kind};
use super::replay::Refusal;

/// A sink that one vertex alone serves, or else a terminal.
#[derive(Debug, Clone, Copy)]
struct Optional {
    /// The vertex.
    place: u32,
    /// The sink's edge from it, and the other.
    served: u32,
    excuse: u32,
}

impl Optional {
    fn of(graph: &Graph, t: u32) -> Option<Self> {
        if graph.kind.get(t as usize) != Some(&Kind::Sink) || graph.degree(t) != 2 {
            return None;
        }
        let mut row = graph.row(t);
        let ((e, u), (f, w)) = (row.next()?, row.next()?);
        match (graph.kind[u as usize], graph.kind[w as usize]) {
            (Kind::Plain, Kind::Terminal) => Some(Self { place: u, served: e, excuse: f }),
            (Kind::Terminal, Kind::Plain) => Some(Self { place: w, served: f, excuse: e }),
            _ => None,
        }
    }

    /// One whose place serves it for nothing.
    fn free(graph: &Graph, t: u32) -> Result<Self, Refusal> {
        Self::of(graph, t).filter(|optional| graph.cost(optional.served) == 0).ok_or(Refusal::NotOptional(t))
    }
}

/// What a stretch gains by a vertex: what its optional sinks save there, up to its cheapest edge. So no way gets shorter by a round
/// trip, and nothing counts twice.
pub(super) fn gain(graph: &Graph, v: u32) -> u64 {
    let (mut saved, mut least) = (0u64, u64::MAX);
    for (e, u) in graph.row(v) {
        if !graph.is_sink(u) {
            least = least.min(graph.cost(e));
        } else if let Some(optional) = Optional::of(graph, u) {
            saved = saved.saturating_add(graph.cost(optional.excuse).saturating_sub(graph.cost(optional.served)));
        }
    }
    saved.min(least)
}

/// `L t`
pub(super) fn lower(graph: &mut Graph, t: u32) -> Result<(), Refusal> {
    let sink = graph.kind.get(t as usize) == Some(&Kind::Sink);
    let edges: Vec<u32> = if sink { graph.row(t).map(|(e, _)| e).collect() } else { Vec::new() };
    let least = edges.iter().map(|&e| graph.cost(e)).min().ok_or(Refusal::NotLowered(t))?;
    for e in edges {
        graph.set_cost(e, graph.cost(e) - least)?;
    }
    graph.fix(least)
}

/// `M s t`
pub(super) fn merge(graph: &mut Graph, s: u32, t: u32) -> Result<(), Refusal> {
    let (one, other) = (Optional::free(graph, s)?, Optional::free(graph, t)?);
    if s == t || one.place != other.place {
        return Err(Refusal::NotOptional(s));
    }
    let both = graph.cost(one.excuse).checked_add(graph.cost(other.excuse)).ok_or(Refusal::TooLarge)?;
    graph.dismiss(s);
    graph.set_cost(other.excuse, both)
}

/// `H v t`: nobody goes to v for its sink alone, so a solution passes v or is not there.
pub(super) fn pass(graph: &mut Graph, v: u32, t: u32) -> Result<(), Refusal> {
    graph.plain(v)?;
    let optional = Optional::free(graph, t)?;
    let around: Vec<(u32, u32)> = graph.row(v).filter(|&(e, _)| e != optional.served).collect();
    let [(e, a), (f, b)] = around[..] else { return Err(Refusal::NotPassed(v)) };
    let price = graph.cost(optional.excuse);
    let cheap = price > graph.cost(e).min(graph.cost(f));
    if optional.place != v || cheap || a == b || graph.is_sink(a) && graph.is_sink(b) {
        return Err(Refusal::NotPassed(v));
    }
    let cost = graph.cost(e).checked_add(graph.cost(f)).ok_or(Refusal::TooLarge)? - price;
    graph.dismiss(t);
    graph.fix(price)?;
    graph.strip(v);
    graph.add(a, b, cost)
}

/// `A e t v`: whoever holds one end gains by the other, and by no other edge sooner.
pub(super) fn adjoin(graph: &mut Graph, e: u32, t: u32, keep: u32) -> Result<(), Refusal> {
    let (a, b, cost) = graph.edge(e)?;
    graph.plain(a)?;
    graph.plain(b)?;
    let optional = Optional::free(graph, t)?;
    if keep != a && keep != b || optional.place != a && optional.place != b {
        return Err(Refusal::NotAdjoined(e));
    }
    let price = graph.cost(optional.excuse);
    let other = a ^ b ^ optional.place;
    let company = graph.row(other).any(|(_, s)| {
        Optional::free(graph, s).is_ok_and(|optional| optional.place == other && graph.cost(optional.excuse) >= cost)
    });
    let cheapest = |v: u32| graph.row(v).all(|(f, u)| graph.is_sink(u) || graph.cost(f) >= cost);
    if price < cost || !company || !(cheapest(a) || cheapest(b)) {
        return Err(Refusal::NotAdjoined(e));
    }
    graph.set_cost(optional.excuse, price - cost)?;
    graph.fix(cost)?;
    graph.merge(keep, a ^ b ^ keep);
    Ok(())
}
