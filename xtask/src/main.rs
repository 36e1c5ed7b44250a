//! The project's own tasks. `cargo xtask` alone lists them.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a task talks to the person who runs it")]

mod bench;
mod browser;
mod debian;
mod demo;
mod fuzz;
mod licences;
mod peers;
mod setup;
mod shell;
mod steiner;
mod steps;
mod suite;
mod wasm_target;
mod web;

use std::process::ExitCode;

const HELP: &str = "\
Tasks of this project:

  cargo xtask demo [--open] [--port N]   set up what is missing, build, plan the sample region, serve the map
  cargo xtask test [--all] [ONLY…]       run everything that must hold; --all adds the slow checks;
                                         ONLY names steps, such as: cargo xtask test fmt browser
  cargo xtask setup                      set up what the web page needs: the wasm32 target and the npm packages
  cargo xtask build-web                  build the page and its worker into web/dist
  cargo xtask measure-web                first paint, sizes, time to interactive, planning in the tab, and how the map moves
  cargo xtask journey [DIR]              the first ten minutes in the page, a picture of each step at three widths
  cargo xtask bench-wasm [FOLDER]        time the plan of the sample, or of a folder, natively and in WASM; print the ratio
  cargo xtask bench-steiner [--time S]   solve instances with known optima and write benches/STEINER.md
  cargo xtask peers                      public solvers beside ours on the same instances; writes benches/PEERS.md (needs Python)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = match arguments.split_first() {
        Some((task, rest)) => (task.as_str(), rest),
        None => ("help", &[][..]),
    };
    let result = match task {
        "setup" => setup::run(),
        "bench-wasm" => bench::run(rest.first().map(String::as_str)),
        "bench-steiner" => steiner::bench(rest),
        "peers" => peers::run(),
        "measure-web" => browser::measure(),
        "journey" => browser::journey(rest),
        "build-web" => setup::run().and_then(|()| web::build()),
        "demo" => demo::run(rest),
        "test" => suite::run(rest),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(anyhow::anyhow!("no task is called {other:?}\n\n{HELP}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
