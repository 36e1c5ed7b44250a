//! The layering of ARCHITECTURE.md as a test: which crate may know which.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use serde::Deserialize;

use crate::shell::{cargo, output};

/// Each crate and the crates of this workspace that it may depend on. What is not listed may not be.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("breiband-model", &[]),
    ("breiband-graph", &[]),
    ("breiband-sqlite", &[]),
    ("breiband-messages", &[]),
    ("breiband-wire", &[]),
    ("breiband-certificate", &["breiband-graph"]),
    ("breiband-steiner", &["breiband-graph", "breiband-certificate"]),
    ("breiband-spatial", &["breiband-model"]),
    ("breiband-import", &["breiband-model", "breiband-spatial", "breiband-sqlite"]),
    ("breiband-network", &["breiband-model", "breiband-spatial", "breiband-graph"]),
    ("breiband-synth", &["breiband-model", "breiband-spatial", "breiband-import"]),
    ("breiband-export", &["breiband-model", "breiband-graph", "breiband-spatial", "breiband-messages", "breiband-sqlite"]),
    (
        "breiband",
        &[
            "breiband-model",
            "breiband-graph",
            "breiband-certificate",
            "breiband-steiner",
            "breiband-spatial",
            "breiband-import",
            "breiband-network",
            "breiband-export",
            "breiband-messages",
            "breiband-sqlite",
            "breiband-synth",
        ],
    ),
    ("breiband-session", &["breiband", "breiband-wire"]),
    ("breiband-worker", &["breiband-session", "breiband-wire"]),
    ("breiband-app", &["breiband-wire", "breiband-messages"]),
    ("breiband-cli", &["breiband"]),
];

/// Crates that look at the whole from outside: they may know any other, and none may know them.
const OUTSIDE: [&str; 3] = ["breiband-tests", "breiband-benches", "xtask"];

/// Native-only crates that nothing that runs in the browser may reach.
const NATIVE_ONLY: [&str; 4] = ["tokio", "axum", "rusqlite", "proj-sys"];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    source: Option<String>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
    optional: bool,
}

/// Holds every crate's dependencies to the table. Test dependencies are free: an oracle may come from anywhere.
pub(crate) fn layering() -> Result<String> {
    let metadata = output(cargo().args(["metadata", "--format-version=1", "--no-deps", "--locked"]))?;
    let metadata: Metadata = serde_json::from_str(&metadata)?;
    let ours: BTreeSet<&str> =
        metadata.packages.iter().filter(|package| package.source.is_none()).map(|package| package.name.as_str()).collect();
    let rules: BTreeMap<&str, BTreeSet<&str>> =
        MAY_KNOW.iter().map(|(name, known)| (*name, known.iter().copied().collect())).collect();
    let mut faults = Vec::new();
    for package in &metadata.packages {
        if OUTSIDE.contains(&package.name.as_str()) {
            continue;
        }
        let Some(known) = rules.get(package.name.as_str()) else {
            faults.push(format!("{} has no row in the layering table", package.name));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|dependency| dependency.kind.as_deref() != Some("dev")) {
            if ours.contains(dependency.name.as_str()) && !known.contains(dependency.name.as_str()) {
                faults.push(format!("{} may not know {}", package.name, dependency.name));
            }
            let is_native = NATIVE_ONLY.contains(&dependency.name.as_str()) && !dependency.optional;
            if is_native && package.name != "breiband-cli" {
                faults.push(format!("{} may not need {}: it must run in the browser too", package.name, dependency.name));
            }
        }
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(format!("{} crates", rules.len()))
}
