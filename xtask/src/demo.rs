//! The demo: sets up what is missing, builds, plans the bundled sample region on the command line, and serves the page, which
//! plans the same region in the browser.

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, execute, program, root, target};
use crate::{setup, web};

/// Runs until Ctrl-C.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (mut open, mut port) = (false, 8620_u16);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--open" => open = true,
            "--port" => {
                let number = rest.next().context("--port wants a number")?;
                port = number.parse().with_context(|| format!("--port wants a number, not {number:?}"))?;
            }
            other => bail!("demo knows --open and --port N, not {other:?}"),
        }
    }
    setup::run()?;
    println!("demo: building the page");
    web::build()?;
    println!("demo: building the command line");
    build_program()?;
    let breiband = program_path()?;
    let plan = target()?.join("demo-plan");
    println!("demo: planning the sample region");
    execute(program(&breiband).args(["plan", "data/sample/scenario.toml", "-o"]).arg(&plan))?;
    let mut serve = program(&breiband);
    serve.arg("serve").arg(&plan).arg("--port").arg(port.to_string()).arg("--app").arg(web::dist());
    if open {
        serve.arg("--open");
    }
    println!(
        "demo: http://127.0.0.1:{port}/?plan shows the plan, /?sample plans it again in the tab; Ctrl-C ends the demo"
    );
    // Ctrl-C reaches the server too; its ending on that is what was asked for.
    let status = serve.status().with_context(|| format!("cannot start {}", breiband.display()))?;
    if status.success() || status.code().is_none() || status.code() == Some(130) {
        return Ok(());
    }
    bail!("the server ended with {status}")
}

/// Builds the command line.
fn build_program() -> Result<()> {
    execute(cargo().args(["build", "--quiet", "--locked", "--package", "breiband-cli"]))
}

/// Where cargo puts the command line.
pub(crate) fn program_path() -> Result<std::path::PathBuf> {
    let name = format!("breiband{}", std::env::consts::EXE_SUFFIX);
    Ok(target()?.join("debug").join(name))
}

/// Whether the sample region is in this checkout.
pub(crate) fn has_sample() -> bool {
    root().join("data/sample/scenario.toml").is_file()
}
