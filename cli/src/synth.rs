//! `breiband synth`.

use breiband::{OutputFile, Recipe};

use crate::arguments::Synth;
use crate::directory;
use crate::failure::Failure;
use crate::text;

pub(crate) fn run(arguments: &Synth) -> Result<(), Failure> {
    if !(100..=1_000_000).contains(&arguments.premises) {
        return Err(Failure::usage("--premises must lie in 100 to 1,000,000"));
    }
    directory::check(&arguments.output, &directory::REGION)?;
    let recipe =
        Recipe { seed: arguments.seed, premises: arguments.premises, terrain: arguments.terrain, ..Recipe::default() };
    let files: Vec<OutputFile> =
        breiband::generate(&recipe).into_iter().map(|f| OutputFile { name: f.name, bytes: f.bytes }).collect();
    directory::write(&arguments.output, &files, &directory::REGION)?;
    text::print(&format!(
        "An invented region of {} premises (seed {}) is in {}.\nPlan it: breiband plan {}\n",
        text::grouped(u64::from(arguments.premises)),
        arguments.seed,
        arguments.output.display(),
        arguments.output.join("scenario.toml").display()
    ))
}
