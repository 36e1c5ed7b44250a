//! Licences, bans and sources of the dependencies, by the rules of `deny.toml`: the part of cargo-deny that the project needs,
//! so that a newcomer installs nothing.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use spdx::Expression;

use crate::shell::{cargo, output, root};

#[derive(Deserialize)]
struct Rules {
    licenses: Licences,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licences {
    /// SPDX ids that may be used.
    allow: BTreeSet<String>,
    /// Packages that may have others, each with its reason.
    #[serde(default)]
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    package: String,
    allow: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Bans {
    #[serde(default)]
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    package: String,
    reason: String,
}

#[derive(Deserialize)]
struct Sources {
    #[serde(rename = "allow-registry")]
    registries: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

/// Checks every package of the lock file; lists all that breaks a rule. Returns what a person wants to know.
pub(crate) fn check() -> Result<String> {
    let text = std::fs::read_to_string(root().join("deny.toml")).context("deny.toml")?;
    let rules: Rules = toml::from_str(&text).context("deny.toml")?;
    let metadata = output(cargo().args(["metadata", "--format-version=1", "--locked"]))?;
    let metadata: Metadata = serde_json::from_str(&metadata)?;
    let mut faults = Vec::new();
    let mut used: BTreeMap<String, u64> = BTreeMap::new();
    for package in &metadata.packages {
        let name = format!("{} {}", package.name, package.version);
        if let Some(banned) = rules.bans.deny.iter().find(|banned| banned.package == package.name) {
            faults.push(format!("{name} is banned: {}", banned.reason));
        }
        // A package without a source is the workspace's own.
        let Some(source) = &package.source else { continue };
        let registry = source.strip_prefix("registry+").unwrap_or(source);
        if !rules.sources.registries.contains(registry) {
            faults.push(format!("{name} comes from {source}, which is not allowed"));
        }
        let Some(licence) = &package.license else {
            faults.push(format!("{name} names no licence"));
            continue;
        };
        *used.entry(licence.clone()).or_default() += 1;
        let exceptions = rules.licenses.exceptions.iter().filter(|exception| exception.package == package.name);
        let extra: BTreeSet<&String> = exceptions.flat_map(|exception| &exception.allow).collect();
        let allowed = |id: &str| rules.licenses.allow.contains(id) || extra.iter().any(|other| *other == id);
        match is_allowed(licence, &allowed) {
            Ok(true) => {}
            Ok(false) => faults.push(format!("{name} has the licence {licence}, which deny.toml does not allow")),
            Err(error) => faults.push(format!("{name} has an unreadable licence {licence:?}: {error}")),
        }
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(format!("{} packages, {} licence expressions", metadata.packages.len(), used.len()))
}

/// Whether an SPDX expression (or the older `A/B`) can be met with allowed licences.
fn is_allowed(licence: &str, allowed: &dyn Fn(&str) -> bool) -> Result<bool> {
    let expression =
        Expression::parse_mode(licence, spdx::ParseMode::LAX).map_err(|error| anyhow::anyhow!("{}", error.reason))?;
    Ok(expression.evaluate(|requirement| {
        let id = requirement.license.id().map_or_else(|| requirement.license.to_string(), |id| id.name.to_owned());
        // An exception only ever permits more than its licence does.
        allowed(&id) || requirement.exception.is_some_and(|exception| allowed(&format!("{id} WITH {}", exception.name)))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_met() {
        let allowed = |id: &str| ["MIT", "Apache-2.0"].contains(&id);
        for (licence, expected) in [
            ("MIT", true),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0 OR MIT", true),
            ("GPL-3.0", false),
            ("MIT AND GPL-2.0", false),
            ("(MIT OR GPL-2.0) AND Apache-2.0", true),
            ("Apache-2.0 WITH LLVM-exception", true),
        ] {
            assert_eq!(is_allowed(licence, &allowed).unwrap(), expected, "{licence}");
        }
        assert!(is_allowed("my own words", &allowed).is_err());
    }
}
