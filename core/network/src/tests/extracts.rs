//! Real extracts and an invented region, as far as they are at hand.

use std::path::PathBuf;

use breiband_import::{SourceFile, import};
use breiband_model::{Input, LeftOutReason};

use super::*;

fn shared(name: &str) -> Option<Vec<u8>> {
    let root = std::env::var_os("BREIBAND_SHARED").map(PathBuf::from);
    let root = root.unwrap_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")));
    let bytes = std::fs::read(root.join("data").join(name)).ok();
    if bytes.is_none() {
        eprintln!("SKIPPED: {name} is not at hand");
    }
    bytes
}

fn plan(name: &str) -> Option<(Region, CandidateNetwork)> {
    let bytes = shared(name)?;
    let file = SourceFile { input: Input::auto(name), bytes: bytes.into() };
    let mut silent = Silent;
    let scenario = scenario();
    let region = import(&[file], &scenario.options, &mut Context::new(&mut silent)).expect("a sound extract").value;
    Some(planned(region, &scenario))
}

fn planned(region: Region, scenario: &Scenario) -> (Region, CandidateNetwork) {
    let mut silent = Silent;
    let begun = std::time::Instant::now();
    let staged = build(&region, scenario, &CostBook::example(), &mut Context::new(&mut silent)).expect("not cancelled");
    let network = staged.value;
    let count = |kind| network.parts.iter().filter(|p| p.kind == kind).count();
    eprintln!(
        "{} premises, {} ways: {} vertices, {} edges, {} parts ({} water, {} gap, {} poles), {} terminals, {} left out, \
         {} issues, {:?}, assumptions {:?}",
        region.premises.len(),
        region.ways.len(),
        network.vertices.len(),
        network.edges.len(),
        network.parts.len(),
        count(PartKind::Water),
        count(PartKind::Gap),
        count(PartKind::Poles),
        network.terminals.len(),
        network.left_out.len(),
        staged.issues.len(),
        begun.elapsed(),
        network.assumptions,
    );
    check(&region, &network, &CostBook::example());
    (region, network)
}

/// Drops end in vertices; of the ways that meet there, one at least must be fit for it.
fn no_drop_ends_on_a_structure(region: &Region, network: &CandidateNetwork) {
    let mut fit = std::collections::BTreeSet::new();
    for way in &region.ways {
        if way.structure == Structure::None && way.class != WayClass::Motorway {
            fit.extend(way.nodes.iter().map(|&n| region.node(n)));
        }
    }
    let mut unfit = std::collections::BTreeSet::new();
    for way in &region.ways {
        if way.structure != Structure::None || way.class == WayClass::Motorway {
            unfit.extend(way.nodes.iter().map(|&n| region.node(n)).filter(|p| !fit.contains(p)));
        }
    }
    for edge in &network.edges {
        let is_sink = |v: breiband_model::VertexId| network.vertices[v.index()].kind == VertexKind::Premises;
        for (end, other) in [(edge.tail, edge.head), (edge.head, edge.tail)] {
            if is_sink(end) {
                assert!(!unfit.contains(&network.vertices[other.index()].point));
            }
        }
    }
}

#[test]
fn liechtenstein() {
    let Some((region, network)) = plan("osm/liechtenstein-2025-09-19.osm.pbf") else { return };
    no_drop_ends_on_a_structure(&region, &network);
    assert!(network.assumptions.iter().any(|a| a.code == "assumed-handover"));
    // Nearly every address has a way, and nearly every way is reached.
    let nowhere = network.demand.iter().filter(|d| matches!(d, Demand::NoWay)).count();
    assert!(nowhere * 200 < region.premises.len(), "{nowhere}");
    let of = |reason| network.left_out.iter().filter(|l| l.reason == reason).map(|l| l.length_mm).sum::<u64>();
    let total: u64 = (0..region.ways.len()).map(|w| length_mm(&region.way_points(WayId::from_usize(w)))).sum();
    eprintln!(
        "{total} mm of ways; disconnected {}, forbidden {}, no rule {}",
        of(LeftOutReason::Disconnected),
        of(LeftOutReason::ForbiddenByRule),
        of(LeftOutReason::NoRule)
    );
    assert!(of(LeftOutReason::Disconnected) * 20 < total);
}

#[test]
fn anholt() {
    let Some((region, network)) = plan("osm/anholt.osm.gz") else { return };
    no_drop_ends_on_a_structure(&region, &network);
    assert!(network.demand.iter().all(|d| !matches!(d, Demand::NoWay)));
}

#[test]
fn invented_fjords_are_connected_over_the_water() {
    let premises = std::env::var("BREIBAND_PREMISES").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000);
    let files = breiband_synth::generate(&breiband_synth::Recipe { premises, seed: 7, ..Default::default() });
    let text = files.iter().find(|f| f.name == "scenario.toml").map(|f| String::from_utf8_lossy(&f.bytes).into_owned());
    let scenario = Scenario::parse(&text.expect("a scenario")).expect("a sound scenario");
    let sources: Vec<SourceFile<'_>> = scenario
        .inputs
        .iter()
        .map(|input| {
            let file = files.iter().find(|f| f.name == input.path).expect("the scenario names its own files");
            SourceFile { input: input.clone(), bytes: file.bytes.as_slice().into() }
        })
        .collect();
    let mut silent = Silent;
    let region = import(&sources, &scenario.options, &mut Context::new(&mut silent)).expect("sound files").value;
    let (_, network) = planned(region, &scenario);
    assert!(network.parts.iter().any(|p| p.kind == PartKind::Water));
    let mut joined = vec![false; network.vertices.len()];
    network.edges.iter().for_each(|e| (joined[e.tail.index()], joined[e.head.index()]) = (true, true));
    let cut_off = network.terminals.iter().filter(|t| !joined[t.vertex.index()]).count();
    assert!(cut_off * 50 <= network.terminals.len(), "{cut_off} of {}", network.terminals.len());
}
