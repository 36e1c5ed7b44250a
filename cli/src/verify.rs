//! `breiband verify`.

use std::fmt::Write;

use breiband::{CheckState, Context, Verification};

use crate::arguments::Verify;
use crate::failure::Failure;
use crate::inputs::{holds_plan, inputs_of, read_scenario};
use crate::progress::Watch;
use crate::proof;
use crate::text;

pub(crate) fn run(arguments: &Verify) -> Result<(), Failure> {
    if let Some(proof) = &arguments.proof {
        return proof::verify(&arguments.subject, proof, arguments.solution.as_deref(), arguments.json);
    }
    let directory = &arguments.subject;
    holds_plan(directory)?;
    // A scenario that cannot be read is for the checks to tell.
    let scenario = read_scenario(&directory.join("scenario.toml")).ok();
    let inputs = match &scenario {
        Some((scenario, _)) => inputs_of(directory, arguments.inputs.as_deref(), scenario)?,
        None => None,
    };
    // Where they are not all found, the first that is missing has its name told.
    let inputs = inputs.or_else(|| arguments.inputs.clone()).unwrap_or_else(|| directory.join(".."));
    let mut watch = Watch::new(arguments.json);
    let found = watch.stage("verify", |watch| {
        let mut read = |name: &str| std::fs::read(directory.join(name));
        let mut read_input = |path: &str| std::fs::read(inputs.join(path));
        breiband::verify(&mut read, &mut read_input, &mut Context::new(watch))
    });
    let printed = text::print(&match arguments.json {
        true => format!("{:#}\n", serde_json::to_value(&found).unwrap_or_default()),
        false => describe(&found),
    });
    let not_made = found.not_made().count() as u64;
    if !found.holds() {
        return Err(Failure::unverified(format!("{} does not verify", directory.display())));
    }
    if arguments.strict && not_made > 0 {
        let checks = text::counted(not_made, "check");
        return Err(Failure::unverified(format!("{}: {checks} could not be made", directory.display())));
    }
    printed
}

fn describe(found: &Verification) -> String {
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
    // Half of it would read as a proof of nothing.
    if let (Some(cost), Some(bound), Some(gap)) = (found.cost, found.bound, found.gap) {
        let [cost, bound, gap] = [text::rounded(cost), text::rounded(bound), text::per_cent_up(gap)];
        let _ = writeln!(out, "\nCost {cost}, bound {bound}: at most {gap} above the least possible");
    }
    let not_made = found.not_made().count() as u64;
    if not_made > 0 {
        let were = if not_made == 1 { "was" } else { "were" };
        let _ = writeln!(
            out,
            "\n{} {were} not made: name the folder that the scenario's inputs lie in with --inputs",
            text::counted(not_made, "check")
        );
    }
    out
}
