//! The way network: nodes to the plane, ways of several files joined.

use std::collections::HashMap;

use breiband_model::{Context, NodeId, Point, RegionParts, Way};

use super::{Frame, Issues, doubled, short, source};
use crate::error::ImportError;
use crate::raw::RawRegion;

const UNSEEN: u32 = u32::MAX;
const REFUSED: u32 = u32::MAX - 1;

/// Moves all ways into the region. Nodes keep their file's identity; across files those on the same millimetre are one.
/// Of ways with one id the first counts, but that pieces of a way which its file lacks nodes of are all of it that there is:
/// another file that holds the id adds what is not there yet.
pub(super) fn join(
    raws: &mut [RawRegion],
    frame: &Frame,
    parts: &mut RegionParts,
    issues: &mut Issues,
    ctx: &Context<'_>,
) -> Result<(), ImportError> {
    let several = raws.iter().filter(|raw| !raw.ways.is_empty()).count() > 1;
    let mut by_point: HashMap<Point, u32> = HashMap::new();
    let mut ids: HashMap<String, usize> = HashMap::new();
    let mut pieces: Vec<Pieces> = Vec::new();
    let mut pieces_of: HashMap<String, usize> = HashMap::new();
    for (index, raw) in raws.iter_mut().enumerate() {
        let file = parts.sources[index].name.clone();
        let first = parts.nodes.len();
        let mut place_of = vec![UNSEEN; raw.nodes.len()];
        for (turn, way) in std::mem::take(&mut raw.ways).into_iter().enumerate() {
            ctx.check_at(turn)?;
            let mut nodes: Vec<NodeId> = Vec::with_capacity(way.nodes.len());
            let mut refused = None;
            for &number in &way.nodes {
                let Some(&place) = raw.nodes.get(number as usize) else { continue };
                let seen = &mut place_of[number as usize];
                if *seen == UNSEEN {
                    *seen = match frame.point(place) {
                        Ok(point) => match by_point.get(&point).filter(|_| several) {
                            Some(&node) => node,
                            None => {
                                parts.nodes.push(point);
                                parts.nodes.len() as u32 - 1
                            }
                        },
                        Err(issue) => {
                            refused = Some(issue);
                            REFUSED
                        }
                    };
                    if parts.nodes.len() >= REFUSED as usize {
                        return Err(ImportError::TooMany("way nodes"));
                    }
                } else if *seen == REFUSED {
                    refused = refused.or_else(|| frame.point(place).err());
                }
                let same =
                    |&last: &NodeId| *seen != REFUSED && parts.nodes[last.index()] == parts.nodes[*seen as usize];
                if *seen != REFUSED && !nodes.last().is_some_and(same) {
                    nodes.push(NodeId::new(*seen));
                }
            }
            if let Some(issue) = refused {
                issues.push(&file, &way.external_id, *issue);
                continue;
            }
            if nodes.len() < 2 {
                issues.push(&file, &way.external_id, short("way"));
                continue;
            }
            let known = ids.get(&way.external_id).copied();
            let cut = pieces_of.get(&way.external_id).copied();
            let runs = match cut.map(|at| &mut pieces[at]) {
                Some(first) if first.source != index => first.absent(index, &nodes),
                Some(_) => vec![nodes],
                None if known.is_some() => Vec::new(),
                None => vec![nodes],
            };
            if runs.is_empty() {
                let first = known.filter(|&first| first != index).map(|first| parts.sources[first].name.as_str());
                issues.push(&file, &way.external_id, doubled("duplicate-way", "way", first));
                continue;
            }
            ids.entry(way.external_id.clone()).or_insert(index);
            let cut = cut.or_else(|| {
                (way.cut && known.is_none()).then(|| {
                    pieces.push(Pieces { source: index, sides: Vec::new(), newest: index, fresh: Vec::new() });
                    pieces_of.insert(way.external_id.clone(), pieces.len() - 1);
                    pieces.len() - 1
                })
            });
            for nodes in runs {
                if let Some(at) = cut.filter(|_| several) {
                    pieces[at].hold(index, &nodes);
                }
                parts.ways.push(Way {
                    external_id: way.external_id.clone(),
                    source: source(index),
                    name: way.name.clone(),
                    class: way.class,
                    surface: way.surface,
                    structure: way.structure,
                    access: way.access,
                    owner: way.owner.clone(),
                    layer: way.layer,
                    nodes,
                });
            }
        }
        raw.nodes = Vec::new();
        if several {
            for (number, &point) in parts.nodes.iter().enumerate().skip(first) {
                by_point.entry(point).or_insert(number as u32);
            }
        }
    }
    if parts.ways.len() >= u32::MAX as usize {
        return Err(ImportError::TooMany("ways"));
    }
    Ok(())
}

/// What is held of a way that its file has pieces of.
struct Pieces {
    /// The first file with its id.
    source: usize,
    /// Its sides in the files before `newest`, sorted.
    sides: Vec<u64>,
    /// The last file that had some, and those: a file's own pieces are not compared with each other.
    newest: usize,
    fresh: Vec<u64>,
}

impl Pieces {
    fn hold(&mut self, index: usize, nodes: &[NodeId]) {
        self.settle(index);
        self.fresh.extend(nodes.windows(2).map(side));
    }

    fn settle(&mut self, index: usize) {
        if self.newest != index {
            self.sides.append(&mut self.fresh);
            self.sides.sort_unstable();
            self.newest = index;
        }
    }

    /// The runs of a line whose sides are not held.
    fn absent(&mut self, index: usize, nodes: &[NodeId]) -> Vec<Vec<NodeId>> {
        self.settle(index);
        let mut runs: Vec<Vec<NodeId>> = Vec::new();
        let mut goes_on = false;
        for pair in nodes.windows(2) {
            let absent = self.sides.binary_search(&side(pair)).is_err();
            match runs.last_mut() {
                Some(run) if absent && goes_on => run.push(pair[1]),
                _ if absent => runs.push(pair.to_vec()),
                _ => {}
            }
            goes_on = absent;
        }
        runs
    }
}

/// A side as a number, whichever way it is walked.
fn side(pair: &[NodeId]) -> u64 {
    let [a, b] = [pair[0], pair[1]].map(|node| u64::from(node.as_u32()));
    a.min(b) << 32 | a.max(b)
}
