//! Public solvers and ours on the same instances, in one run: a table for the bench report.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::shell::{cargo, execute, output, program, root, target};
use crate::steiner::{Case, above, cases};

/// Where the tables are kept.
const REPORT: &str = "benches/PEERS.md";
/// What the peers are, as the package index names them.
const PEERS: [&str; 4] = ["networkx", "scipy", "numpy", "pcst-fast2"];
/// Prizes are drawn about so many times a terminal's share of the optimum.
const LEVELS: [&str; 3] = ["1", "2", "4"];
/// The gap that is asked of a prize-collecting answer, millionths.
const GAP: u64 = 5_000;
/// What is asked of our seconds: Mehlhorn's step against scipy and networkx, prizes against strong pruning.
const ASKED: [f64; 3] = [2.0, 100.0, 10.0];

/// Writes both tables. An answer that cannot be right, or is no tree, is an error; one that is not what is asked is in the report.
pub(crate) fn run() -> Result<()> {
    let python = environment()?;
    let versions: Value = serde_json::from_str(&python_says(&python, &["versions"])?)?;
    let version = |name: &&str| format!("{name} {}", versions[*name].as_str().unwrap_or("?"));
    let packages: Vec<String> = PEERS.iter().map(version).collect();
    let mut report = format!(
        "# The optimiser beside public solvers\n\n\
         `cargo xtask peers` writes this report: ours and {}, on the instances of [STEINER.md](STEINER.md),\n\
         in one run on one machine. Seconds are of one processor, with the graph in memory in the form that each wants, and the\n\
         fastest of several runs counts. *Above* is above the published optimum; *×* is how many times our time theirs is. Every\n\
         answer was checked to be a tree that holds who it should, and every bound by its certificate.\n\n",
        packages.join(", ")
    );
    trees(&mut report, &python)?;
    prizes(&mut report, &python)?;
    fs::write(root().join(REPORT), report)?;
    println!("written to {REPORT}");
    Ok(())
}

fn trees(report: &mut String, python: &Path) -> Result<()> {
    report.push_str(
        "## Everybody connected: a first tree\n\n\
         Ours is Mehlhorn's step alone (`core/steiner`, `mehlhorn`), without the reductions before it and the search behind it.\n\
         *scipy* is the same step from its pieces: one Dijkstra from all terminals, the cheapest link of each two regions, their\n\
         minimum spanning tree and the paths behind it. *networkx* is `steiner_tree(method=\"mehlhorn\")`. *Growth* is pcst-fast2 with\n\
         `strong` pruning and prizes so large that nobody is left out.\n\n\
         | instance | ours above | ms | scipy above | × | networkx above | × | growth above | × |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let mut least = [f64::INFINITY; 3];
    let mut dearer = Vec::new();
    for case in cases()? {
        let ours = answer(&ours(&["tree", &path(&case)])?)?;
        let theirs: Value = serde_json::from_str(&python_says(python, &["trees", &path(&case)])?)?;
        let mut line =
            format!("| {} | {:.2} % | {:.2} |", case.name, above(ours.cost, case.optimum), ours.seconds * 1e3);
        for (peer, least) in ["scipy", "networkx", "growth"].into_iter().zip(&mut least) {
            let theirs = answer(&theirs[peer])?;
            if theirs.cost.min(ours.cost) < case.optimum {
                bail!("{} costs {} at least, and {peer} or we have less", case.name, case.optimum);
            }
            let ratio = theirs.seconds / ours.seconds;
            *least = least.min(ratio);
            if ours.cost > theirs.cost {
                dearer.push(format!("{} ({peer})", case.name));
            }
            let _ = write!(line, " {:.2} % | {ratio:.1} |", above(theirs.cost, case.optimum));
        }
        println!("{line}");
        let _ = writeln!(report, "{line}");
    }
    let [scipy, networkx, growth] = least;
    let _ = writeln!(
        report,
        "\nAsked is {} times as fast as scipy's pieces and {} times as networkx: the least of the column is {scipy:.1} ({}) and\n\
         {networkx:.0} ({}); against growth it is {growth:.1}. {}\n",
        ASKED[0],
        ASKED[1],
        held(scipy >= ASKED[0]),
        held(networkx >= ASKED[1]),
        match dearer.is_empty() {
            true => "No tree of ours is dearer than any of theirs, so that all of this is at equal value or better."
                .to_owned(),
            false => format!("Ours is dearer at {}.", dearer.join(", ")),
        }
    );
    Ok(())
}

fn prizes(report: &mut String, python: &Path) -> Result<()> {
    report.push_str(
        "## Prizes: whom to connect at all\n\n\
         **The prizes are invented.** The root is an instance's first terminal; the prize of each other is its level times a terminal's\n\
         share of the optimum times a number drawn from 0 to 2 (`benches/peers.py`, always the same numbers). *Strong* is pcst-fast2's\n\
         `strong` pruning from that root. A value is what the tree costs and the prizes of those outside it; less is better. Ours\n\
         is the whole solver, reductions and certificate among it, which ends once the gap is as asked, or after nine times *strong*'s time.\n\
         *×* is here how many times their time ours is. *Above* is above our certified bound.\n\n\
         | instance | level | strong: left out | value | above | ms | ours: left out | value | better by | certified gap | ms | × |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let file = target()?.join("peers-prizes.stp");
    let out = file.to_string_lossy().into_owned();
    let (mut tried, mut better, mut near, mut quick, mut most) = (0, 0, 0, 0, 0f64);
    for case in cases()? {
        let share = (case.optimum as f64 / case.terminals as f64).to_string();
        for level in LEVELS {
            let told = python_says(python, &["prizes", &path(&case), level, &share, &out])?;
            let strong = answer(&serde_json::from_str(&told)?)?;
            // What has begun by then is ended, and the certificate written.
            let limit = (strong.seconds * (ASKED[2] - 1.0)).to_string();
            let ours = answer(&ours(&["answer", &out, &limit])?)?;
            let bound = ours.bound.context("no bound")?;
            if bound > strong.cost.min(ours.cost) {
                bail!("{} at level {level}: a bound of {bound} cannot be", case.name);
            }
            let gap = 1.0 - bound as f64 / ours.cost as f64;
            let ratio = ours.seconds / strong.seconds;
            tried += 1;
            better += usize::from(ours.cost < strong.cost);
            near += usize::from(gap * 1e6 <= GAP as f64);
            quick += usize::from(ratio <= ASKED[2]);
            most = most.max(ratio);
            let line = format!(
                "| {} | {level} | {} | {} | {:.2} % | {:.1} | {} | {} | {:.2} % | {:.3} % | {:.1} | {ratio:.1} |",
                case.name,
                strong.left_out,
                strong.cost,
                above(strong.cost, bound),
                strong.seconds * 1e3,
                ours.left_out,
                ours.cost,
                (1.0 - ours.cost as f64 / strong.cost as f64) * 100.0,
                gap * 100.0,
                ours.seconds * 1e3,
            );
            println!("{line}");
            let _ = writeln!(report, "{line}");
        }
    }
    fs::remove_file(&file)?;
    let _ = writeln!(
        report,
        "\nAsked is a better value everywhere, a certified gap of at most {} % and at most {} times strong pruning's time. Of {tried}\n\
         problems our value is better on {better} ({}), the gap is as asked on {near} ({}), and the time on {quick} ({}): the most is\n\
         {most:.1} times.",
        GAP as f64 / 1e4,
        ASKED[2],
        held(better == tried),
        held(near == tried),
        held(quick == tried),
    );
    Ok(())
}

fn held(held: bool) -> &'static str {
    if held { "holds" } else { "does not hold" }
}

struct Answer {
    cost: u64,
    seconds: f64,
    bound: Option<u64>,
    left_out: u64,
}

fn answer(said: &Value) -> Result<Answer> {
    Ok(Answer {
        cost: said["cost"].as_u64().with_context(|| format!("no cost in {said}"))?,
        seconds: said["seconds"].as_f64().with_context(|| format!("no time in {said}"))?,
        bound: said["bound"].as_u64(),
        left_out: said["left_out"].as_u64().unwrap_or_default(),
    })
}

fn path(case: &Case) -> String {
    case.file.to_string_lossy().into_owned()
}

/// What the optimiser's own bench says.
fn ours(arguments: &[&str]) -> Result<Value> {
    let bench = ["bench", "--quiet", "--locked", "--package", "breiband-steiner", "--bench", "peers", "--"];
    let text = output(cargo().args(bench).args(arguments))?;
    serde_json::from_str(text.trim()).with_context(|| format!("the bench says {text}"))
}

fn python_says(python: &Path, arguments: &[&str]) -> Result<String> {
    output(program(python).arg("benches/peers.py").args(arguments))
}

/// A Python of our own with the peers in it, in a folder of its own under the target's; made anew when their list changes.
fn environment() -> Result<PathBuf> {
    let folder = target()?.join("peers");
    let (python, list) = (folder.join("bin/python"), folder.join("packages"));
    let wanted = PEERS.join("\n");
    if fs::read_to_string(&list).ok().as_ref() != Some(&wanted) {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        execute(program("python3").args(["-m", "venv"]).arg(&folder))?;
        execute(program(&python).args(["-m", "pip", "install", "--quiet"]).args(PEERS))?;
        fs::write(&list, &wanted)?;
    }
    Ok(python)
}
