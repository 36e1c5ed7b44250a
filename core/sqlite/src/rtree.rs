//! SQLite's R*Tree module: a virtual table in the schema and three shadow tables that hold its nodes, written packed.
//!
//! The boxes are known beforehand, so the tree is built from its leaves up by sort-tile-recursive packing (Leutenegger, Lopez
//! and Edgington 1997): `O(n log n)`, full nodes, and the same nodes for the same boxes. SQLite's own insertion would give
//! another tree that depends on the order. The nodes' layout is described in SQLite's `ext/rtree/rtree.c` and
//! <https://www.sqlite.org/rtree.html>.

use crate::value::Value;
use crate::writer::{Database, WriteError};

/// Entries of a node at the most: what SQLite takes with pages of 4,096 bytes.
const FULL: usize = 51;
/// Bytes of a node: depth, number of entries, entries of an id and four coordinates.
const NODE: usize = 4 + FULL * ENTRY;
const ENTRY: usize = 8 + 4 * 4;

/// A box as the tree stores it: 32-bit floats, rounded outwards, so that nothing is lost that lies inside.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bounds {
    low: [f32; 2],
    high: [f32; 2],
}

impl Bounds {
    /// From `[min x, min y, max x, max y]`.
    fn outside([x0, y0, x1, y1]: [f64; 4]) -> Self {
        let down = |v: f64| if f64::from(v as f32) > v { (v as f32).next_down() } else { v as f32 };
        let up = |v: f64| if f64::from(v as f32) < v { (v as f32).next_up() } else { v as f32 };
        Self { low: [down(x0), down(y0)], high: [up(x1), up(y1)] }
    }

    fn around(entries: &[(i64, Self)]) -> Self {
        let mut around = Self { low: [f32::INFINITY; 2], high: [f32::NEG_INFINITY; 2] };
        for (_, bounds) in entries {
            for axis in 0..2 {
                around.low[axis] = around.low[axis].min(bounds.low[axis]);
                around.high[axis] = around.high[axis].max(bounds.high[axis]);
            }
        }
        around
    }

    fn centre(self, axis: usize) -> f64 {
        f64::from(self.low[axis]) + f64::from(self.high[axis])
    }
}

/// Adds the virtual table `name` (`id, minx, maxx, miny, maxy`) with an entry for each `(id, [min x, min y, max x, max y])`.
///
/// # Errors
/// Where the name, or that of a shadow table, is taken. Two boxes with one id are found by [`Database::into_bytes`].
pub(crate) fn add(database: &mut Database, name: &str, boxes: &[(i64, [f64; 4])]) -> Result<(), WriteError> {
    let quoted = |suffix: &str| format!("\"{}{suffix}\"", name.replace('"', "\"\""));
    let shadow = |database: &mut Database, suffix: &str, key: &str, value: &str| {
        database.create_table(&format!("CREATE TABLE {}({key} INTEGER PRIMARY KEY,{value})", quoted(suffix)))
    };
    database.create_virtual_table(
        name,
        &format!("CREATE VIRTUAL TABLE {} USING rtree(id, minx, maxx, miny, maxy)", quoted("")),
    );
    let rowids = shadow(database, "_rowid", "rowid", "nodeno")?;
    let nodes = shadow(database, "_node", "nodeno", "data")?;
    let parents = shadow(database, "_parent", "nodeno", "parentnode")?;

    let mut level: Vec<(i64, Bounds)> = boxes.iter().map(|&(id, bounds)| (id, Bounds::outside(bounds))).collect();
    let (mut depth, mut next) = (0, 2);
    while level.len() > FULL {
        let mut above = Vec::new();
        for entries in tiles(&mut level) {
            let node = next;
            next += 1;
            for &(id, _) in entries {
                let of = if depth == 0 { rowids } else { parents };
                database.insert(of, vec![id.into(), node.into()])?;
            }
            database.insert(nodes, vec![node.into(), Value::Blob(encode(0, entries))])?;
            above.push((node, Bounds::around(entries)));
        }
        level = above;
        depth += 1;
    }
    for &(id, _) in &level {
        database.insert(if depth == 0 { rowids } else { parents }, vec![id.into(), 1_i64.into()])?;
    }
    database.insert(nodes, vec![1_i64.into(), Value::Blob(encode(depth, &level))])?;
    Ok(())
}

/// Groups of at most [`FULL`] neighbours: strips by the first coordinate, each cut by the second, all evenly, so that no node
/// is emptier than SQLite keeps them.
fn tiles(entries: &mut [(i64, Bounds)]) -> Vec<&[(i64, Bounds)]> {
    let strips = (entries.len().div_ceil(FULL) as f64).sqrt().ceil() as usize;
    let along = |axis: usize| {
        move |a: &(i64, Bounds), b: &(i64, Bounds)| a.1.centre(axis).total_cmp(&b.1.centre(axis)).then(a.0.cmp(&b.0))
    };
    entries.sort_by(along(0));
    let mut tiles = Vec::new();
    for strip in even(entries, strips) {
        strip.sort_by(along(1));
        let count = strip.len().div_ceil(FULL);
        tiles.extend(even(strip, count).into_iter().map(|tile| &*tile));
    }
    tiles
}

/// `count` runs of a slice, none longer than another by more than one.
fn even<T>(mut rest: &mut [T], count: usize) -> Vec<&mut [T]> {
    let mut runs = Vec::with_capacity(count);
    for left in (1..=count).rev() {
        let (run, behind) = rest.split_at_mut(rest.len().div_ceil(left));
        runs.push(run);
        rest = behind;
    }
    runs
}

fn encode(depth: u16, entries: &[(i64, Bounds)]) -> Vec<u8> {
    let mut node = Vec::with_capacity(NODE);
    node.extend(depth.to_be_bytes());
    node.extend((entries.len() as u16).to_be_bytes());
    for (id, Bounds { low, high }) in entries {
        node.extend(id.to_be_bytes());
        for axis in 0..2 {
            node.extend(low[axis].to_be_bytes());
            node.extend(high[axis].to_be_bytes());
        }
    }
    node.resize(NODE, 0);
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_rounded_outwards() {
        for v in [0.1, -0.1, 62.4, 1.0 / 3.0, 16_777_217.0, -179.999_999_9, 0.0] {
            let Bounds { low, high } = Bounds::outside([v, v, v, v]);
            assert!(low.iter().all(|&l| f64::from(l) <= v) && high.iter().all(|&h| f64::from(h) >= v), "{v}");
            assert!(f64::from(high[0]) - f64::from(low[0]) <= v.abs() * 3e-7);
        }
    }

    #[test]
    fn tiles_hold_everything_once_and_are_at_least_a_third_full() {
        for n in [52_usize, 53, 102, 103, 2_000, 12_345] {
            let mut entries: Vec<_> = (0..n)
                .map(|i| {
                    let (x, y) = ((i * 7_919 % n) as f64, (i * 104_729 % n) as f64);
                    (i as i64, Bounds::outside([x, y, x + 1.0, y + 1.0]))
                })
                .collect();
            let tiles = tiles(&mut entries);
            assert!(tiles.iter().all(|tile| (FULL / 3..=FULL).contains(&tile.len())), "{n}");
            let mut ids: Vec<i64> = tiles.iter().flat_map(|tile| tile.iter().map(|entry| entry.0)).collect();
            ids.sort_unstable();
            assert_eq!(ids, (0..n as i64).collect::<Vec<_>>());
        }
    }
}
