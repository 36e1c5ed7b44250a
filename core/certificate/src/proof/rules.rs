//! Which change keeps a solution below U if there was one. Every rule is looked up in the graph as it is; nothing is believed.

use super::graph::{Graph, Kind};
use super::replay::Refusal;
use super::search::{Search, Way};

/// Edges that a vertex may have to be replaced.
const DEGREE: usize = 4;

/// `X v`
pub(super) fn dead_end(graph: &mut Graph, v: u32) -> Result<(), Refusal> {
    graph.plain(v)?;
    if graph.degree(v) > 1 && graph.row(v).any(|(_, u)| !graph.is_sink(u)) {
        return Err(Refusal::NoDeadEnd(v));
    }
    graph.strip(v);
    Ok(())
}

/// `J v`
pub(super) fn join(graph: &mut Graph, v: u32) -> Result<(), Refusal> {
    graph.plain(v)?;
    let around: Vec<(u32, u32)> = graph.row(v).collect();
    let [(e, a), (f, b)] = around[..] else { return Err(Refusal::NoWayThrough(v)) };
    if a == b || graph.is_sink(a) && graph.is_sink(b) {
        return Err(Refusal::NoWayThrough(v));
    }
    let cost = graph.cost(e).checked_add(graph.cost(f)).ok_or(Refusal::TooLarge)?;
    graph.strip(v);
    graph.add(a, b, cost)
}

/// `T e v`
pub(super) fn take(graph: &mut Graph, search: &mut Search, e: u32, keep: u32) -> Result<(), Refusal> {
    let (a, b, _) = graph.edge(e)?;
    if keep != a && keep != b {
        return Err(Refusal::NotTaken(e));
    }
    let gone = a ^ b ^ keep;
    if !(must_hold(graph, search, e, gone, keep) || must_hold(graph, search, e, keep, gone)) || graph.is_sink(keep) {
        return Err(Refusal::NotTaken(e));
    }
    if graph.is_sink(gone) { graph.settle(e, gone, keep) } else { graph.contract(e, keep, gone) }
}

/// Whether some best solution holds edge `e` from `t` to `x`, seen from `t`.
fn must_hold(graph: &Graph, search: &mut Search, e: u32, t: u32, x: u32) -> bool {
    let cost = graph.cost(e);
    match graph.kind[t as usize] {
        Kind::Plain => false,
        // It needs one drop, and none is cheaper; or there is no other.
        Kind::Sink => {
            let cheapest = graph.row(t).all(|(f, _)| graph.cost(f) >= cost);
            graph.degree(t) == 1 || cheapest && graph.is_terminal(x)
        }
        Kind::Terminal => {
            if graph.is_sink(x) {
                return false;
            }
            let others = graph.row(t).filter(|&(f, u)| f != e && !graph.is_sink(u));
            let second = others.map(|(f, _)| graph.cost(f)).min();
            // The root may serve sinks alone, by its other edges.
            if second.is_none() && (t != graph.root || graph.degree(t) == 1 && graph.terminals > 0) {
                return true;
            }
            // A way from t to the terminal near x begins with an edge no cheaper than the second: e and the way on do
            // instead.
            let Some(limit) = second.unwrap_or(u64::MAX).checked_sub(cost) else { return false };
            let way = Way { around: Some(t), ..Way::default() };
            search.run(graph, x, limit, way, |y, _| graph.is_terminal(y))
        }
    }
}

/// `E e`
pub(super) fn equal(graph: &mut Graph, e: u32) -> Result<(), Refusal> {
    let (u, v, cost) = graph.edge(e)?;
    let (few, many) = if graph.degree(u) <= graph.degree(v) { (u, v) } else { (v, u) };
    if !graph.row(few).any(|(f, other)| f != e && other == many && graph.cost(f) <= cost) {
        return Err(Refusal::NoEqual(e));
    }
    graph.remove(e);
    Ok(())
}

/// `S e`
pub(super) fn special(graph: &mut Graph, search: &mut Search, e: u32) -> Result<(), Refusal> {
    let (u, v, cost) = graph.edge(e)?;
    if graph.is_sink(u) || graph.is_sink(v) {
        return Err(Refusal::NotSpecial(e));
    }
    let mut joined = |hasty, a, b| {
        let way = Way { without: Some(e), rests: true, hasty, ..Way::default() };
        search.run(graph, a, cost, way, |x, _| x == b)
    };
    if !(joined(true, u, v) || joined(true, v, u) || joined(false, u, v)) {
        return Err(Refusal::NotSpecial(e));
    }
    graph.remove(e);
    Ok(())
}

/// `F e`
pub(super) fn farther(graph: &mut Graph, search: &mut Search, e: u32) -> Result<(), Refusal> {
    let (u, v, cost) = graph.edge(e)?;
    let (sink, foot) = if graph.is_sink(u) { (u, v) } else { (v, u) };
    let mut others: Vec<(u32, u64)> =
        graph.row(sink).filter(|&(f, _)| f != e).map(|(f, u)| (u, graph.cost(f))).collect();
    others.sort_unstable();
    let least = others.iter().map(|&(_, cost)| cost).min().filter(|&least| least <= cost);
    let (Some(least), true, false) = (least, graph.is_sink(sink), graph.is_sink(foot)) else {
        return Err(Refusal::NotFarther(e));
    };
    // What is in every solution needs no way to it; and where the foot is, another is as good as it.
    let stands = others.iter().any(|&(u, other)| other <= cost && graph.is_terminal(u));
    let mut grows = |u, other: u64| {
        let limit = cost.checked_sub(other);
        limit.is_some_and(|limit| search.run(graph, u, limit, Way::default(), |x, _| graph.is_terminal(x)))
    };
    let reached = stands
        || graph.is_terminal(foot) && others.iter().any(|&(u, other)| grows(u, other))
        || search.run(graph, foot, cost - least, Way::default(), |x, distance| {
            let at = others.partition_point(|&(u, _)| u < x);
            others.get(at).is_some_and(|&(u, other)| u == x && other.saturating_add(distance) <= cost)
        });
    if !reached {
        return Err(Refusal::NotFarther(e));
    }
    graph.remove(e);
    Ok(())
}

/// `V v m`
pub(super) fn replace(graph: &mut Graph, search: &mut Search, v: u32, pairs: u8) -> Result<(), Refusal> {
    let around = neighbours(graph, v)?;
    let k = around.len();
    if k < 3 || !joined_without(graph, search, v, &around, pairs) {
        return Err(Refusal::NotDispensable(v));
    }
    substitute(graph, v, &around)
}

/// The edges at a vertex, by number, if they lead to as many others, none of them a sink, and there are not too many.
fn neighbours(graph: &Graph, v: u32) -> Result<Vec<(u32, u32)>, Refusal> {
    graph.plain(v)?;
    let mut around: Vec<(u32, u32)> = graph.row(v).collect();
    around.sort_unstable();
    let distinct = (0..around.len()).all(|i| around[..i].iter().all(|&(_, u)| u != around[i].1));
    if !(2..=DEGREE).contains(&around.len()) || !distinct || around.iter().any(|&(_, u)| graph.is_sink(u)) {
        return Err(Refusal::NotDispensable(v));
    }
    Ok(around)
}

/// Whether any three or more neighbours are joined without the vertex for no more than by it. Haste comes first, from every
/// neighbour: mostly it does.
fn joined_without(graph: &Graph, search: &mut Search, v: u32, around: &[(u32, u32)], pairs: u8) -> bool {
    let total = around.iter().fold(0u64, |sum, &(e, _)| sum.saturating_add(graph.cost(e)));
    let mut apart = [[u64::MAX; DEGREE]; DEGREE];
    for hasty in [true, false] {
        for (i, &(_, from)) in around.iter().enumerate() {
            let wanted = |j: usize| j != i && (hasty || j > i) && pairs >> pair(around.len(), i, j) & 1 == 1;
            let mut missing: Vec<usize> = (0..around.len()).filter(|&j| wanted(j)).collect();
            if missing.is_empty() {
                continue;
            }
            let way = Way { around: Some(v), rests: true, hasty, ..Way::default() };
            search.run(graph, from, total, way, |x, longest| {
                if let Some(at) = missing.iter().position(|&j| around[j].1 == x) {
                    let j = missing.swap_remove(at);
                    let known = apart[i][j].min(longest);
                    (apart[i][j], apart[j][i]) = (known, known);
                }
                missing.is_empty()
            });
        }
        if dispensable(graph, around, &apart) {
            return true;
        }
    }
    false
}

/// The position of a pair among all of `k`.
fn pair(k: usize, i: usize, j: usize) -> usize {
    let (a, b) = (i.min(j), i.max(j));
    a * (2 * k - a - 1) / 2 + (b - a - 1)
}

/// Whether any three or more, so far apart, are joined for no more than by their edges.
fn dispensable(graph: &Graph, around: &[(u32, u32)], apart: &[[u64; DEGREE]; DEGREE]) -> bool {
    let k = around.len();
    (0u32..1 << k).filter(|set| set.count_ones() >= 3).all(|set| {
        let chosen: Vec<usize> = (0..k).filter(|i| set >> i & 1 == 1).collect();
        let own = chosen.iter().fold(0u64, |sum, &i| sum.saturating_add(graph.cost(around[i].0)));
        spanning(apart, &chosen).is_some_and(|joined| joined <= own)
    })
}

/// What a spanning tree of the chosen ones costs, if they are joined at all: one after another, the nearest first.
fn spanning(apart: &[[u64; DEGREE]; DEGREE], chosen: &[usize]) -> Option<u64> {
    let (mut inside, mut outside) = (vec![*chosen.first()?], chosen[1..].to_vec());
    let mut sum = 0u64;
    while !outside.is_empty() {
        let reach = |j: usize| inside.iter().map(|&i| apart[i][j]).min().unwrap_or(u64::MAX);
        let at = (0..outside.len()).min_by_key(|&at| reach(outside[at]))?;
        let next = reach(outside[at]);
        sum = sum.checked_add(next).filter(|_| next < u64::MAX)?;
        inside.push(outside.swap_remove(at));
    }
    Some(sum)
}

/// The second half of `V` and `W`: edges between the neighbours instead of the vertex. They stand for ways there are, so no
/// solution gets cheaper by them.
fn substitute(graph: &mut Graph, v: u32, around: &[(u32, u32)]) -> Result<(), Refusal> {
    let costs: Vec<u64> = around.iter().map(|&(e, _)| graph.cost(e)).collect();
    graph.strip(v);
    for i in 0..around.len() {
        for j in i + 1..around.len() {
            let cost = costs[i].checked_add(costs[j]).ok_or(Refusal::TooLarge)?;
            graph.add(around[i].1, around[j].1, cost)?;
        }
    }
    Ok(())
}

/// The graph's half of `W v`: the caller knows that no solution in question branches at v.
pub(super) fn straight(graph: &mut Graph, v: u32) -> Result<(), Refusal> {
    let around = neighbours(graph, v)?;
    substitute(graph, v, &around)
}
