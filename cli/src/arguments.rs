//! What may stand on the command line.

use std::path::PathBuf;
use std::time::Duration;

use breiband::Money;
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

/// Plans rural fibre rollouts: the cheapest network from roads and addresses, and a proof of how close to cheapest it is.
///
/// Exit codes: 0 done; 1 a file could not be read or written; 2 wrong arguments; 3 an input or scenario was refused; 4 there
/// is nothing to plan; 5 a plan does not verify, or with `--strict` not all of it could be.
#[derive(Debug, Parser)]
#[command(name = "breiband", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what files hold, and every problem in them.
    Inspect(Inspect),
    /// Write a commented scenario for files to standard output.
    New(Draft),
    /// Plan a scenario and write the plan to a directory.
    Plan(Plan),
    /// Draw the cost–coverage curve: what connecting more and more homes costs, and what it costs at least.
    Curve(Curve),
    /// Re-check a plan from its files, or a proof from a problem's file.
    Verify(Verify),
    /// Solve a Steiner tree problem from a file: SteinLib's STP, PCSTP and RPCST, or PACE's graphs.
    Solve(Solve),
    /// Plan a scenario as a programme and write the council's report: what is built when, who pays what.
    Report(Report),
    /// Hold plans against each other: figures, phases and shares side by side, and a map of what differs.
    Compare(Compare),
    /// Share an amount among the scenario's municipalities by its keys.
    Share(Share),
    /// Write an invented region of fjord country.
    Synth(Synth),
    /// Show the map on 127.0.0.1, with a plan on it if one is given; its files are under /plan/.
    Serve(Serve),
    /// Fit a cost book to the invoices of a finished project.
    Calibrate(Calibrate),
    /// Write the shipped example cost book to standard output.
    Prices,
    /// Write the shipped example policy (what homes and public sites ask of the network) to standard output.
    Policy,
    /// Write completions for a shell to standard output.
    Completions {
        /// The shell.
        shell: Shell,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// Files, or one scenario. `ROLE=FILE` says what a file is for (osm, ways, premises, borders, service, sign-ups,
    /// handovers, masts, terrain, areas, sites, buildings, water, land-use, power, ducts); else it is guessed.
    #[arg(required = true)]
    pub(crate) files: Vec<String>,
    /// EPSG code of the coordinates of files that do not say it.
    #[arg(long)]
    pub(crate) epsg: Option<u32>,
    /// Cost book whose rules metres are counted by.
    #[arg(long)]
    pub(crate) cost_book: Option<PathBuf>,
    /// List every issue, not the first three of each kind.
    #[arg(long)]
    pub(crate) all: bool,
    /// One JSON object on standard output, every issue in it.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Draft {
    /// The files to plan from; `ROLE=FILE` says what one is for.
    #[arg(required = true)]
    pub(crate) files: Vec<String>,
    /// The date on every output, yyyy-mm-dd; else today.
    #[arg(long)]
    pub(crate) date: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// The scenario (TOML or JSON).
    pub(crate) scenario: PathBuf,
    /// Where the plan is written; an earlier plan there is replaced when the new one is whole.
    #[arg(short, long)]
    pub(crate) output: Option<PathBuf>,
    /// Optimiser steps, instead of the scenario's.
    #[arg(long)]
    pub(crate) steps: Option<u64>,
    /// One JSON object on standard output.
    #[arg(long)]
    pub(crate) json: bool,
    /// No progress bars.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Curve {
    /// The scenario (TOML or JSON). Its goal says what is counted, if anything, and nothing else here.
    pub(crate) scenario: PathBuf,
    /// Where the curve is written as CSV, besides the table on standard output.
    #[arg(short, long)]
    pub(crate) output: Option<PathBuf>,
    /// Optimiser steps, instead of the scenario's.
    #[arg(long)]
    pub(crate) steps: Option<u64>,
    /// One JSON object on standard output.
    #[arg(long)]
    pub(crate) json: bool,
    /// No progress bars.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// A directory that `breiband plan` wrote; with --proof, a problem that `breiband solve` reads.
    #[arg(value_name = "DIRECTORY|PROBLEM")]
    pub(crate) subject: PathBuf,
    /// Where the scenario's inputs lie; else they are looked for beside the plan, in the current directory, and in the folders
    /// of both that have them as they were planned.
    #[arg(long)]
    pub(crate) inputs: Option<PathBuf>,
    /// Fail too where a check could not be made, for want of the inputs.
    #[arg(long, conflicts_with = "proof")]
    pub(crate) strict: bool,
    /// A proof that `breiband solve --proof` wrote: it is followed step by step, without any of the solver.
    #[arg(long, conflicts_with = "inputs")]
    pub(crate) proof: Option<PathBuf>,
    /// A tree that `breiband solve -o` wrote: it is held against the proof.
    #[arg(long, requires = "proof")]
    pub(crate) solution: Option<PathBuf>,
    /// One JSON object on standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Solve {
    /// The problem (`.stp`, `.gr`), plain or gzipped.
    pub(crate) file: PathBuf,
    /// Optimiser steps (arcs looked at): the same steps give the same answer on every machine.
    #[arg(long, default_value_t = 4_000_000_000, conflicts_with = "time")]
    pub(crate) steps: u64,
    /// Seconds instead of steps.
    #[arg(long, value_parser = seconds, allow_negative_numbers = true)]
    pub(crate) time: Option<Duration>,
    /// Seed of every random choice.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Threads: 1 is all that is used so far.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) threads: u16,
    /// A line on standard error for each improvement.
    #[arg(long)]
    pub(crate) log: bool,
    /// Where the tree is written: `VALUE n`, then the ends of an edge a line.
    #[arg(short, long)]
    pub(crate) output: Option<PathBuf>,
    /// Where the certificate is written (`.gz`: gzipped), on vertices that count from 0.
    #[arg(long)]
    pub(crate) certificate: Option<PathBuf>,
    /// Go on until the certificate proves the tree, or no more can be had of it. Else the search ends once reductions and branching
    /// have proven the tree, of which a certificate says nothing (`--proof` does).
    #[arg(long)]
    pub(crate) certified: bool,
    /// Where a proof of the least cost is written (`.gz`: gzipped), as `breiband verify --proof` follows it. It goes as far as
    /// the exact close came.
    #[arg(long)]
    pub(crate) proof: Option<PathBuf>,
    /// One JSON object on standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The scenario (TOML or JSON), with its section `[programme]`.
    pub(crate) scenario: PathBuf,
    /// Where the report and its tables are written; an earlier report there is replaced.
    #[arg(short, long)]
    pub(crate) output: Option<PathBuf>,
    /// Do not plan what groups of municipalities would need on their own, nor what the first year's money could buy alone.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Print the programme as JSON, as in programme.json.
    #[arg(long)]
    pub(crate) json: bool,
    /// No progress bars.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// Two or more scenarios, or directories that `breiband plan` wrote (they are planned again from their scenario).
    #[arg(required = true)]
    pub(crate) plans: Vec<PathBuf>,
    /// Where the comparison is written; an earlier comparison there is replaced. Else `comparison`.
    #[arg(short, long)]
    pub(crate) output: Option<PathBuf>,
    /// Where the inputs of directories lie; else they are looked for beside each, in the current directory, and in the folders
    /// of both that have them as they were planned.
    #[arg(long)]
    pub(crate) inputs: Option<PathBuf>,
    /// No progress bars.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Share {
    /// The scenario (TOML or JSON), with members and keys in its section `[programme]`.
    pub(crate) scenario: PathBuf,
    /// The amount, such as 1234567.89.
    #[arg(long, value_parser = amount, allow_negative_numbers = true)]
    pub(crate) amount: Money,
    /// The year whose members and inhabitants count.
    #[arg(long)]
    pub(crate) year: u16,
    /// Leave out a municipality, by code: what the others pay if it leaves.
    #[arg(long, value_name = "CODE")]
    pub(crate) without: Option<String>,
    /// Take in a member of the scenario that is none in that year, by code: what all pay if it joins.
    #[arg(long, value_name = "CODE", conflicts_with = "without")]
    pub(crate) with: Option<String>,
    /// Currency to name; else the cost book's.
    #[arg(long)]
    pub(crate) currency: Option<String>,
    /// One JSON object on standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Calibrate {
    /// A table (CSV) with the columns invoice, price, metres, count and amount: a row for each price class of an invoice.
    pub(crate) invoices: PathBuf,
    /// The cost book to fit; else the shipped example.
    #[arg(long)]
    pub(crate) cost_book: Option<PathBuf>,
    /// Where the fitted cost book is written.
    #[arg(short, long)]
    pub(crate) output: Option<PathBuf>,
    /// What the book's own price weighs, in invoices: more keeps the prices nearer to it.
    #[arg(long, default_value_t = 0.1, value_parser = weight, allow_negative_numbers = true)]
    pub(crate) weight: f64,
    /// Date of the new prices, yyyy-mm-dd; else the book's.
    #[arg(long)]
    pub(crate) date: Option<String>,
    /// What the new prices say of where they come from.
    #[arg(long)]
    pub(crate) source: Option<String>,
    /// One JSON object on standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Synth {
    /// Where the files are written.
    #[arg(short, long)]
    pub(crate) output: PathBuf,
    /// Premises, 100 to 1,000,000.
    #[arg(long, default_value_t = 4_000)]
    pub(crate) premises: u32,
    /// Another seed, another region.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// The ground's heights and masts too, and a scenario that mixes technologies.
    #[arg(long)]
    pub(crate) terrain: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// A directory that `breiband plan` wrote.
    pub(crate) directory: Option<PathBuf>,
    /// Port; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    pub(crate) port: u16,
    /// Open the page in the system's browser.
    #[arg(long)]
    pub(crate) open: bool,
    /// The built page; else `web/dist`, or what lies beside the program.
    #[arg(long)]
    pub(crate) app: Option<PathBuf>,
    /// Allow a basemap from this origin, such as https://tiles.example.org; nothing else leaves the page.
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) allow_basemap: Vec<String>,
}

/// Seconds.
fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.ok_or("it is a number of seconds of 0 or more, such as 60 or 0.5")
}

/// Invoices that a book's own price weighs.
fn weight(text: &str) -> Result<f64, &'static str> {
    text.parse().ok().filter(|weight| (0.0..=1e6).contains(weight)).ok_or("it is 0 to 1,000,000 invoices")
}

/// `1234567.89`, read digit by digit: a float has no øre.
fn amount(text: &str) -> Result<Money, &'static str> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let well_formed = !whole.is_empty() && part.len() <= 2 && digits(whole) && digits(part);
    let minor = || whole.parse::<u64>().ok()?.checked_mul(100)?.checked_add(format!("{part:0<2}").parse().ok()?);
    let minor = well_formed.then(minor).flatten();
    minor.map(Money::from_minor).ok_or("it is an amount of 0 or more such as 1234567.89, with at most two decimals")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_to_the_minor_unit() {
        assert_eq!(amount("1234567.89"), Ok(Money::from_minor(123_456_789)));
        assert_eq!(amount("90071992547409.93"), Ok(Money::from_minor(9_007_199_254_740_993)));
        assert_eq!(amount("5.5"), Ok(Money::from_minor(550)));
        for text in ["", "-1", "1.234", "1e6", ".5", "1,5", "99999999999999999999"] {
            assert!(amount(text).is_err(), "{text}");
        }
    }
}
