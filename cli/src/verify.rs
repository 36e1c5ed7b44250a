//! `breiband verify`.

use std::fmt::Write;
use std::io;
use std::path::{Path, PathBuf};

use breiband::{CheckState, Context};

use crate::arguments::Verify;
use crate::failure::Failure;
use crate::progress::Watch;
use crate::proof;
use crate::text;

pub(crate) fn run(arguments: &Verify) -> Result<(), Failure> {
    if let Some(proof) = &arguments.proof {
        return proof::verify(&arguments.subject, proof, arguments.solution.as_deref(), arguments.json);
    }
    let directory = &arguments.subject;
    if !directory.join("manifest.json").is_file() {
        return Err(Failure::usage(format!("{} holds no plan: there is no manifest.json in it", directory.display())));
    }
    let mut watch = Watch::new(arguments.json);
    let found = watch.stage("verify", |watch| {
        let mut read = |name: &str| std::fs::read(directory.join(name));
        let mut read_input = |path: &str| read_input(arguments, path);
        breiband::verify(&mut read, &mut read_input, &mut Context::new(watch))
    });
    let printed = if arguments.json {
        text::print(&format!("{:#}\n", serde_json::to_value(&found).unwrap_or_default()))
    } else {
        let mut out = String::new();
        for check in &found.checks {
            let mark = match check.state {
                CheckState::Holds => "holds ",
                CheckState::Fails => "FAILS ",
                CheckState::NotChecked => "not checked ",
            };
            let _ = writeln!(out, "{mark}{}: {}", check.name, check.text);
        }
        if !found.left_out.is_empty() {
            out.push_str("\nLeft out of the graph\n");
        }
        for (reason, (n, metres)) in &found.left_out {
            let _ = writeln!(out, "  {:<24} {:>9} {:>10.1} km", reason, text::grouped(*n), metres / 1000.0);
        }
        let _ = writeln!(
            out,
            "\nCost {}, bound {}: at most {} above the least possible",
            text::rounded(found.cost),
            text::rounded(found.bound),
            text::per_cent_up(found.gap)
        );
        text::print(&out)
    };
    match found.holds() {
        true => printed,
        false => Err(Failure::unverified(format!("{} does not verify", directory.display()))),
    }
}

/// Looks for an input where the user says, beside the plan, and in the current directory.
fn read_input(arguments: &Verify, path: &str) -> io::Result<Vec<u8>> {
    let beside: PathBuf = arguments.subject.join("..");
    let bases = match &arguments.inputs {
        Some(base) => vec![base.as_path()],
        None => vec![beside.as_path(), Path::new("."), arguments.subject.as_path()],
    };
    let found = bases.iter().map(|base| base.join(path)).find(|p| p.is_file());
    let missing = || io::Error::new(io::ErrorKind::NotFound, "not found; say where the inputs lie with --inputs");
    std::fs::read(found.ok_or_else(missing)?)
}
