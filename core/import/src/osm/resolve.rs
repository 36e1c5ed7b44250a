//! References to places: nodes sorted by id, each reference looked up once.

use breiband_model::{Issue, Severity};

use super::collect::{Collected, Node, WayRecord};
use super::issues::Issues;

/// Stands for a reference to a node that the file does not hold.
const MISSING: u32 = u32::MAX;

/// All references of all ways as positions in the sorted nodes.
pub(super) struct Resolved {
    /// Sorted by id, each id once.
    pub(super) nodes: Vec<Node>,
    positions: Vec<u32>,
    /// References from `highway=*` ways to nodes that the file does not hold.
    pub(super) missing_from_highways: u64,
    /// The same from all ways.
    pub(super) missing: u64,
}

/// Sorts the nodes, drops repeated ids with an issue each, and looks all references up.
pub(super) fn resolve(collected: &mut Collected) -> Resolved {
    let mut nodes = std::mem::take(&mut collected.nodes);
    if !nodes.is_sorted_by(|a, b| a.id < b.id) {
        sort(&mut nodes);
        let issues = &mut collected.issues;
        nodes.dedup_by(|later, first| {
            let same = later.id == first.id;
            if same {
                issues.add(|| duplicate("node", later.id));
            }
            same
        });
    }
    add_located(&mut nodes, std::mem::take(&mut collected.located));
    let mut positions = Vec::with_capacity(collected.refs.len());
    let index = Index::new(&nodes);
    let mut guess = 0;
    for way in &collected.ways {
        let refs = &collected.refs[way.start as usize..way.end as usize];
        let start = positions.len();
        for (at, &id) in refs.iter().enumerate() {
            if at > 0 && at + 1 == refs.len() && id == refs[0] {
                positions.push(positions[start]);
            } else if let Some(found) = index.find(id, guess) {
                positions.push(found as u32);
                guess = found;
            } else {
                positions.push(MISSING);
            }
        }
    }
    collected.refs = Vec::new();
    let missing_of = |way: &WayRecord| {
        positions[way.start as usize..way.end as usize].iter().filter(|&&p| p == MISSING).count() as u64
    };
    let (mut missing, mut missing_from_highways) = (0, 0);
    for way in &collected.ways {
        let count = missing_of(way);
        missing += count;
        missing_from_highways += if way.highway { count } else { 0 };
    }
    Resolved { nodes, positions, missing_from_highways, missing }
}

/// Adds the nodes that only ways tell of to the sorted ones.
fn add_located(nodes: &mut Vec<Node>, mut located: Vec<Node>) {
    sort(&mut located);
    located.dedup_by_key(|node| node.id);
    located.retain(|node| nodes.binary_search_by_key(&node.id, |known| known.id).is_err());
    if !located.is_empty() {
        nodes.append(&mut located);
        sort(nodes);
    }
}

/// By id; of equal ones the first stays the first.
#[inline(never)]
fn sort(nodes: &mut [Node]) {
    nodes.sort_by_key(|node| node.id);
}

/// The issue of an id that comes twice.
pub(super) fn duplicate(kind: &str, id: i64) -> Issue {
    Issue::new("duplicate-id", Severity::Warning, "the id comes more than once in the file; the first was used")
        .record(format!("{kind}/{id}"))
}

/// One in this many ids is in the upper level of the [`Index`].
const STEP: usize = 16;

/// Sorted nodes with a small level of every [`STEP`]th id above them, which stays in the processor's cache.
struct Index<'a> {
    nodes: &'a [Node],
    above: Vec<i64>,
}

impl<'a> Index<'a> {
    fn new(nodes: &'a [Node]) -> Self {
        Self { nodes, above: nodes.iter().step_by(STEP).map(|node| node.id).collect() }
    }

    /// Nodes of one way were often made together and lie side by side: looks near the last hit, then searches.
    fn find(&self, id: i64, guess: usize) -> Option<usize> {
        let from = guess.saturating_sub(2);
        let near = &self.nodes[from.min(self.nodes.len())..(guess + 4).min(self.nodes.len())];
        if let Some(at) = near.iter().position(|node| node.id == id) {
            return Some(from + at);
        }
        let block = self.above.partition_point(|&first| first <= id).checked_sub(1)? * STEP;
        let nodes = &self.nodes[block..(block + STEP).min(self.nodes.len())];
        nodes.binary_search_by_key(&id, |node| node.id).ok().map(|at| block + at)
    }
}

impl Resolved {
    /// The pieces of a way between its missing nodes, each without equal neighbours and of two nodes or more, and how many
    /// of its nodes are missing. Lists what is wrong.
    pub(super) fn pieces(&self, way: &WayRecord, issues: &mut Issues) -> Vec<Vec<u32>> {
        let positions = self.positions(way);
        let mut pieces = Vec::new();
        for run in positions.split(|&p| p == MISSING) {
            let mut piece = run.to_vec();
            piece.dedup();
            if piece.len() >= 2 {
                pieces.push(piece);
            }
        }
        if !self.note_missing(way, "it was cut there", issues) && pieces.is_empty() {
            issues.add(|| short(way));
        }
        pieces
    }

    /// The nodes of a way that is an outline, or a part of one, without those that are missing.
    pub(super) fn outline(&self, way: &WayRecord, issues: &mut Issues) -> Vec<u32> {
        let mut outline: Vec<u32> = self.positions(way).iter().copied().filter(|&p| p != MISSING).collect();
        outline.dedup();
        self.note_missing(way, "the area's outline goes straight there", issues);
        outline
    }

    /// Whether the file does not hold all nodes of a way.
    pub(super) fn lacks_nodes(&self, way: &WayRecord) -> bool {
        self.positions(way).contains(&MISSING)
    }

    fn note_missing(&self, way: &WayRecord, effect: &str, issues: &mut Issues) -> bool {
        let missing = self.positions(way).iter().filter(|&&p| p == MISSING).count();
        if missing > 0 {
            issues.add(|| {
                Issue::new(
                    "missing-node",
                    Severity::Warning,
                    format!(
                        "the file does not hold all nodes of the way, as is normal at the edge of an extract; {effect}"
                    ),
                )
                .record(format!("way/{}", way.id))
                .field("nodes missing", missing.to_string())
            });
        }
        missing > 0
    }

    fn positions(&self, way: &WayRecord) -> &[u32] {
        &self.positions[way.start as usize..way.end as usize]
    }
}

/// The issue of a way that is no line.
pub(super) fn short(way: &WayRecord) -> Issue {
    Issue::new("short-way", Severity::Error, "the way has fewer than two different nodes and was left out")
        .record(format!("way/{}", way.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::osm::collect::Place;

    #[test]
    fn the_index_finds_what_a_scan_finds() {
        for count in [0_i64, 1, 63, 64, 65, 1_000] {
            let nodes: Vec<Node> =
                (0..count).map(|n| Node { id: n * n - 50, place: Place { lon: 0, lat: 0 } }).collect();
            let index = Index::new(&nodes);
            for id in (-60..200).chain((0..count).flat_map(|n| n * n - 51..n * n - 48)) {
                let scanned = nodes.iter().position(|node| node.id == id);
                for guess in [0, count as usize / 2, (count as usize).saturating_sub(1)] {
                    assert_eq!(index.find(id, guess), scanned, "{id} of {count}");
                }
            }
        }
    }
}
