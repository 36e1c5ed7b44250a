//! `.osm.pbf` to the graph of its ways, with addresses, areas and counts, against a bare decode-and-collect with the
//! `osmpbf` crate: places of all nodes by id, references of all ways by id.
//!
//! Both must hold the same numbers of nodes, ways and relations. Skips where the extract is not there.
#![allow(clippy::print_stdout, missing_docs, reason = "a bench")]

use std::collections::HashMap;
use std::time::{Duration, Instant};

use osmpbf::{Element, ElementReader};

const ROUNDS: usize = 7;

fn main() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/osm/liechtenstein-2025-09-19.osm.pbf");
    let Ok(bytes) = std::fs::read(&path) else {
        println!("SKIPPED: {} is not there", path.display());
        return;
    };
    // Turn about, the best of each: other work on the machine disturbs both alike.
    let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let bare = decode_and_collect(&bytes);
        theirs = theirs.min(start.elapsed());
        let start = Instant::now();
        let counts = breiband_import::osm_pbf_counts(&bytes).expect("a sound extract");
        ours = ours.min(start.elapsed());
        assert_eq!(bare, ["elements_nodes", "elements_ways", "elements_relations"].map(|key| counts[key]));
        assert_eq!((counts["road_junctions"], counts["road_edges"], counts["road_components"]), (8_605, 11_415, 42));
        assert_eq!((counts["addresses"], counts["buildings"]), (12_534, 17_769));
    }
    let rate = |time: Duration| bytes.len() as f64 / 1e6 / time.as_secs_f64();
    println!("to a graph, with everything else:  {ours:.1?}, {:.1} MB/s", rate(ours));
    println!("osmpbf, decode and collect only:   {theirs:.1?}, {:.1} MB/s", rate(theirs));
    println!("ratio {:.2} (1 or more is asked for)", theirs.as_secs_f64() / ours.as_secs_f64());
}

/// Decodes on one thread into maps, and counts.
fn decode_and_collect(bytes: &[u8]) -> [u64; 3] {
    let mut nodes: HashMap<i64, (f64, f64)> = HashMap::new();
    let mut ways: HashMap<i64, Vec<i64>> = HashMap::new();
    let mut relations = 0;
    ElementReader::new(bytes)
        .for_each(|element| match element {
            Element::Node(node) => {
                nodes.insert(node.id(), (node.lon(), node.lat()));
            }
            Element::DenseNode(node) => {
                nodes.insert(node.id(), (node.lon(), node.lat()));
            }
            Element::Way(way) => {
                ways.insert(way.id(), way.refs().collect());
            }
            Element::Relation(_) => relations += 1,
        })
        .expect("a sound extract");
    [nodes.len() as u64, ways.len() as u64, relations]
}
