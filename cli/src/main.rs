//! `breiband`: plan rural fibre rollouts from the command line. All file access of the project lives in this crate.
mod arguments;
mod calibrate;
mod compare;
mod curve;
mod directory;
mod failure;
mod game;
mod inputs;
mod inspect;
mod interrupt;
mod plan;
mod progress;
mod proof;
mod report;
mod serve;
mod share;
mod solve;
mod synth;
mod text;
mod verify;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::{CommandFactory, Parser};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Inspect(options) => inspect::run(&options),
        Command::New(options) => inspect::draft(&options),
        Command::Plan(options) => plan::run(&options),
        Command::Report(options) => report::run(&options),
        Command::Curve(options) => curve::run(&options),
        Command::Compare(options) => compare::run(&options),
        Command::Share(options) => share::run(&options),
        Command::Verify(options) => verify::run(&options),
        Command::Solve(options) => solve::run(&options),
        Command::Synth(options) => synth::run(&options),
        Command::Serve(options) => serve::run(&options),
        Command::Calibrate(options) => calibrate::run(&options),
        Command::Prices => text::print(breiband::CostBook::example_text()),
        Command::Policy => text::print(breiband::Policy::example_text()),
        Command::Completions { shell } => {
            // Into memory first: the generator panics where it cannot write.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "breiband", &mut script);
            text::print_bytes(&script)
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            text::say(format_args!("breiband: {failure}"));
            failure.code()
        }
    }
}
