//! Who may depend on whom: ARCHITECTURE.md's picture, held against `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Each crate of the core, and the workspace crates it may name. Anything else is a fault of the design or of this table.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("random", &[]),
    ("graph", &[]),
    ("sqlite", &[]),
    ("messages", &[]),
    ("certificate", &["graph"]),
    ("steiner", &["random", "graph", "certificate"]),
    ("spatial", &["model", "random"]),
    ("terrain", &["model", "spatial"]),
    ("import", &["model", "spatial", "sqlite", "terrain"]),
    ("network", &["model", "spatial", "graph", "terrain"]),
    ("programme", &["model", "random", "graph", "spatial"]),
    ("export", &["model", "spatial", "graph", "messages", "sqlite"]),
    ("synth", &["model", "random", "spatial"]),
    ("wire", &[]),
    ("app", &["wire", "messages"]),
    ("worker", &["session", "wire"]),
    ("session", &["breiband", "wire", "messages"]),
    ("cli", &["breiband"]),
    ("benches-wasm", &["steiner"]),
];

/// Crates of other people that the optimiser and its checker may not see: no formats, no geometry, no floating trees.
const PURE: &[&str] = &["random", "graph", "certificate", "steiner"];

fn workspace() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let short = |name: &str| name.trim_start_matches("breiband-").to_owned();
    packages
        .iter()
        .map(|package| {
            let uses = package["dependencies"].as_array().expect("dependencies").iter();
            let normal = uses.filter(|d| d["kind"].is_null()).filter_map(|d| d["name"].as_str());
            (short(package["name"].as_str().expect("name")), normal.map(short).collect())
        })
        .collect()
}

#[test]
fn crates_depend_only_downwards() {
    let workspace = workspace();
    for (name, allowed) in MAY_USE {
        let Some(uses) = workspace.get(*name) else { panic!("the table names {name}, which is no crate") };
        for used in uses.iter().filter(|u| workspace.contains_key(*u)) {
            assert!(allowed.contains(&used.as_str()), "{name} may not depend on {used}");
        }
    }
}

#[test]
fn the_optimiser_knows_no_fibre_and_no_files() {
    let workspace = workspace();
    let allowed = BTreeSet::from(["random", "graph", "certificate", "petgraph", "thiserror", "flate2", "wide"]);
    for name in PURE {
        for used in &workspace[*name] {
            assert!(allowed.contains(used.as_str()), "{name} may not depend on {used}");
        }
    }
}

#[test]
fn every_crate_of_the_core_is_in_the_table() {
    for name in workspace().keys() {
        let free = ["breiband", "tests", "benches", "xtask"];
        assert!(free.contains(&name.as_str()) || MAY_USE.iter().any(|(n, _)| n == name), "{name} is not in the table");
    }
}
