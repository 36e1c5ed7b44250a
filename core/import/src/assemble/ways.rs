//! The way network: nodes to the plane, ways of several files joined.

use std::collections::{HashMap, HashSet};

use breiband_model::{Context, Issue, NodeId, Point, RegionParts, Severity, Way};

use super::{Frame, Issues, short, source};
use crate::error::ImportError;
use crate::raw::RawRegion;

const UNSEEN: u32 = u32::MAX;
const REFUSED: u32 = u32::MAX - 1;

/// Moves all ways into the region. Nodes keep their file's identity; across files those on the same millimetre are one.
pub(super) fn join(
    raws: &mut [RawRegion],
    frame: &Frame,
    parts: &mut RegionParts,
    issues: &mut Issues,
    ctx: &Context<'_>,
) -> Result<(), ImportError> {
    let several = raws.iter().filter(|raw| !raw.ways.is_empty()).count() > 1;
    let mut by_point: HashMap<Point, u32> = HashMap::new();
    let mut ids: HashSet<String> = HashSet::new();
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
            if !ids.insert(way.external_id.clone()) {
                let message = "a way with this id was read before; this one was left out";
                issues.push(&file, &way.external_id, Issue::new("duplicate-way", Severity::Warning, message));
                continue;
            }
            parts.ways.push(Way {
                external_id: way.external_id,
                source: source(index),
                name: way.name,
                class: way.class,
                surface: way.surface,
                structure: way.structure,
                access: way.access,
                owner: way.owner,
                layer: way.layer,
                nodes,
            });
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
