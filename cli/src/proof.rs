//! `breiband verify PROBLEM --proof FILE`: from the problem and the files alone, without the solver.

use std::fmt::Write;
use std::path::Path;

use breiband::certificate::ReplayError;

use crate::failure::Failure;
use crate::inputs::{open, read_problem};
use crate::text;

pub(crate) fn verify(subject: &Path, proof: &Path, solution: Option<&Path>, json: bool) -> Result<(), Failure> {
    let problem = read_problem(subject)?;
    let bound = problem.replay(open(proof)?).map_err(|error| {
        let other = matches!(error, ReplayError::Step { .. });
        let hint = if other { format!("; is it a proof of {}?", subject.display()) } else { String::new() };
        Failure::unverified(format!("{}: {error}{hint}", proof.display()))
    })?;
    let answer = |path: &Path| {
        let read = problem.read_answer(open(path)?);
        read.map_err(|error| Failure::unverified(format!("{}: {error}", path.display())))
    };
    let cost = solution.map(answer).transpose()?;
    if json {
        let number = |value: u64| serde_json::from_str::<serde_json::Value>(&problem.figure(value)).unwrap_or_default();
        let mut object = serde_json::json!({ "proved": number(bound) });
        if let Some(cost) = cost {
            object["cost"] = number(cost);
            object["optimal"] = (cost == bound).into();
        }
        return text::print(&format!("{object:#}\n"));
    }
    let mut out = format!("proved  no tree costs less than {}\n", problem.figure(bound));
    if let Some(cost) = cost {
        let distance = match cost == bound {
            true => "it is optimal".to_owned(),
            false => format!("at most {} above the least possible", text::per_cent_up(text::gap(cost, bound))),
        };
        let _ = writeln!(out, "holds   a tree that connects what must be costs {}: {distance}", problem.figure(cost));
    }
    text::print(&out)
}
