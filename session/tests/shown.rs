//! The Rust that the page shows is a program: what it says is built here, and planned.

#[path = "shown/program.rs"]
mod program;
mod support;

use breiband_wire::{Command, Event, Export};
use support::{Desk, region};

const ASKED: &str = "BREIBAND_SHOWN";
const PREMISES: u32 = 300;

#[test]
fn the_rust_on_screen_builds_and_plans_what_is_on_screen() {
    let mut desk = Desk::open(PREMISES);
    desk.run(Command::Plan);
    let bytes = |desk: &mut Desk, export: Export| {
        desk.run(Command::Export(export.clone()));
        let given = desk.bytes(|event| matches!(event, Event::Exported { export: one, .. } if *one == export));
        String::from_utf8(given).expect("text")
    };
    // The formatter breaks lines, and sets commas where it does.
    let bare = |text: &str| {
        let code = text.lines().filter(|line| !line.starts_with("//") && !line.starts_with("#!")).collect::<String>();
        code.split_whitespace().collect::<String>().replace(",)", ")")
    };
    let shown = bytes(&mut desk, Export::Rust);
    assert_eq!(
        bare(&shown),
        bare(include_str!("shown/program.rs")).replace("pub(crate)fn", "fn"),
        "program.rs is what the page shows"
    );

    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &[u8]| std::fs::write(folder.path().join(name), text).expect("writable");
    write("scenario.toml", bytes(&mut desk, Export::Scenario).as_bytes());
    region(PREMISES).iter().for_each(|(name, bytes)| write(name, bytes));
    // Where its files are, and with an output of its own: this program again.
    let mut again = std::process::Command::new(std::env::current_exe().expect("this program"));
    again.args(["--exact", "the_program_where_it_is_asked_for", "--nocapture"]);
    let run = again.env(ASKED, "yes").current_dir(folder.path()).output().expect("it runs");
    let (said, summary) = (String::from_utf8_lossy(&run.stdout), desk.summary());
    let wanted = format!("{} premises for {} NOK: {}", summary.connected, summary.cost, summary.digest);
    assert!(run.status.success() && said.contains(&wanted), "{wanted} is not in {said}");
}

#[test]
fn the_program_where_it_is_asked_for() {
    if std::env::var_os(ASKED).is_some() {
        program::main().expect("it plans");
    }
}
