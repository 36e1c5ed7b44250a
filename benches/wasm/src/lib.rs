//! The optimiser in WASM as `breiband solve` has it natively, for the bench report.

use breiband_steiner::{Config, Monitor, read_problem};
use js_sys::Date;
use wasm_bindgen::prelude::*;

/// Ends the search when its time is up.
struct Watch {
    end: f64,
}

impl Monitor for Watch {
    fn improved(&mut self, _cost: u64, _bound: u64) {}

    fn progress(&mut self, _done: u64, _of: u64) {}

    fn cancelled(&self) -> bool {
        Date::now() >= self.end
    }
}

/// Solves the file's problem for so many seconds at most; the tree's cost and what the solver claims as its bound, checked as
/// `breiband solve` checks them.
///
/// # Errors
/// What is wrong with the file, or with the answer.
#[wasm_bindgen]
pub fn solve(file: &[u8], seconds: f64) -> Result<Vec<u64>, JsError> {
    let problem = read_problem(file).map_err(|error| JsError::new(&error.to_string()))?;
    let mut watch = Watch { end: Date::now() + seconds * 1e3 };
    let answer = problem.solve(&Config { steps: u64::MAX / 4, ..Config::default() }, false, &mut watch)?;
    if problem.check(&answer.cases, &answer.unreachable).ok().map(|bound| bound.min(answer.cost)) != Some(answer.bound)
    {
        return Err(JsError::new("the certificate does not hold"));
    }
    Ok(vec![answer.cost, answer.claimed])
}
