//! An instance made uniform: every terminal required and reached, prizes as edges from the root.

use super::graph::{Graph, Kind};
use super::replay::Refusal;
use crate::Instance;

/// The graph a proof begins with, as [`Step`](super::Step) describes it.
pub(super) fn lift(instance: &Instance<'_>) -> Result<Graph, Refusal> {
    let n = instance.vertices as usize;
    let known = |v: u32| if (v as usize) < n { Ok(v as usize) } else { Err(Refusal::Vertex(v)) };
    let mut blocked = vec![false; n];
    for &v in instance.sinks {
        blocked[known(v)?] = true;
    }
    if blocked[known(instance.root)?] {
        return Err(Refusal::Vertex(instance.root));
    }
    for &(u, v, _) in instance.edges {
        if known(u)? == known(v)? {
            return Err(Refusal::Vertex(u));
        }
    }
    let reached = reach(instance, &blocked)?;
    let mut terminals = instance.terminals.to_vec();
    terminals.sort_unstable_by_key(|t| t.0);
    let mut kind = vec![Kind::Plain; n];
    let mut extra = Vec::new();
    let mut last = None;
    for (t, prize) in terminals {
        if last.replace(t) == Some(t) {
            return Err(Refusal::Vertex(t));
        }
        if !reached[known(t)?] || t == instance.root {
            continue;
        }
        let end = if blocked[t as usize] {
            kind[t as usize] = Kind::Sink;
            t
        } else if prize.is_some() {
            let end = u32::try_from(kind.len()).map_err(|_| Refusal::TooLarge)?;
            kind.push(Kind::Sink);
            extra.push((t, end, 0));
            end
        } else {
            kind[t as usize] = Kind::Terminal;
            t
        };
        extra.extend(prize.map(|prize| (instance.root, end, prize)));
    }
    kind[instance.root as usize] = Kind::Terminal;
    let mut graph = Graph::new(kind, instance.root);
    for &(u, v, cost) in instance.edges {
        let idle = |v: u32| !reached[v as usize] || blocked[v as usize] && !graph.is_sink(v);
        if idle(u) || idle(v) || graph.is_sink(u) && graph.is_sink(v) {
            graph.skip();
        } else {
            graph.add(u, v, cost)?;
        }
    }
    for (u, v, cost) in extra {
        graph.add(u, v, cost)?;
    }
    Ok(graph)
}

/// Which vertices a path from the root can end at.
fn reach(instance: &Instance<'_>, blocked: &[bool]) -> Result<Vec<bool>, Refusal> {
    let mut kind = vec![Kind::Plain; blocked.len()];
    for (kind, _) in kind.iter_mut().zip(blocked).filter(|(_, blocked)| **blocked) {
        *kind = Kind::Sink;
    }
    let mut graph = Graph::new(kind, instance.root);
    for &(u, v, cost) in instance.edges {
        graph.add(u, v, cost)?;
    }
    let mut reached = vec![false; blocked.len()];
    reached[instance.root as usize] = true;
    let mut stack = vec![instance.root];
    while let Some(v) = stack.pop() {
        for (_, u) in graph.row(v) {
            if !std::mem::replace(&mut reached[u as usize], true) && !blocked[u as usize] {
                stack.push(u);
            }
        }
    }
    Ok(reached)
}
