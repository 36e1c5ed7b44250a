//! The program as a person runs it: files in, files out, exit codes.
#![allow(missing_docs, reason = "a test")]

use std::fs::File;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn breiband(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_breiband")).args(arguments).current_dir(directory).output().expect("it runs")
}

fn ok(directory: &Path, arguments: &[&str]) -> String {
    let output = breiband(directory, arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "breiband {}: {error}", arguments.join(" "));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn fails(directory: &Path, arguments: &[&str], code: i32) -> String {
    let output = breiband(directory, arguments);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "breiband {}: {error}", arguments.join(" "));
    assert!(!error.contains("panicked"), "{error}");
    error
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_program_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    ok(here, &["synth", "-o", "region", "--premises", "4000", "--seed", "6"]);
    // More steps than anybody would wait for, and no gap that is small enough.
    let scenario = here.join("region/scenario.toml");
    let text = std::fs::read_to_string(&scenario).expect("written");
    let exact: String = text
        .lines()
        .map(|line| if line.starts_with("gap = ") { "gap = 0.0" } else { line })
        .map(|line| format!("{line}\n"))
        .collect();
    assert_ne!(exact, text, "the draft has a gap");
    std::fs::write(&scenario, exact).expect("writable");
    let arguments = ["plan", "region/scenario.toml", "-o", "plan", "--quiet", "--steps", "1000000000000"];
    let mut child =
        Command::new(env!("CARGO_BIN_EXE_breiband")).args(arguments).current_dir(here).spawn().expect("it runs");
    assert!(child.try_wait().expect("its state").is_none(), "it is at work");
    // Whoever runs the tests in the background may have their interrupts ignored; a request to terminate is then next.
    for signal in ["-INT", "-TERM"] {
        let kill =
            Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill is on every Unix");
        assert!(kill.success());
    }
    assert!(!child.wait().expect("it ended").success());
    let left: Vec<_> = std::fs::read_dir(here).expect("readable").map(|e| e.expect("an entry").file_name()).collect();
    assert_eq!(left, ["region"], "neither a plan nor a part of one");
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("one JSON object")
}

#[test]
fn a_region_is_invented_inspected_planned_and_verified() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    ok(here, &["synth", "-o", "region", "--premises", "600", "--seed", "5"]);
    let inspection = json(&ok(here, &["inspect", "region/scenario.toml", "--json"]));
    assert_eq!(inspection["totals"]["premises"], 600);
    assert!(inspection["rules"].as_array().is_some_and(|rules| rules.len() > 3));
    let text = std::fs::read_to_string(here.join("region/scenario.toml")).expect("readable");
    let scenario = breiband::Scenario::parse(&text).expect("a scenario");
    let same = serde_json::to_string(&scenario).expect("plain data");
    std::fs::write(here.join("region/scenario.json"), format!("\u{feff}{same}")).expect("writable");
    let from_json = json(&ok(here, &["inspect", "region/scenario.json", "--json"]));
    assert_eq!(from_json["totals"], inspection["totals"], "a scenario is one in JSON, too");
    std::fs::copy(here.join("region/ways.geojson"), here.join("ways.json")).expect("writable");
    assert!(json(&ok(here, &["inspect", "ways.json", "--json"]))["totals"]["ways"].as_u64() > Some(0));

    let summary = json(&ok(here, &["plan", "region/scenario.toml", "-o", "plan", "--json"]));
    let count = |key: &str| summary[key].as_u64().unwrap_or_else(|| panic!("{key} is a number"));
    let parts = count("connected") + count("unreachable") + count("excluded") + count("already_served");
    assert_eq!(parts, count("premises"));
    for key in ["trench_metres", "cost", "currency", "bound", "gap", "issues", "seconds", "digest"] {
        assert!(!summary[key].is_null(), "{key} is in the object");
    }
    let found = json(&ok(here, &["verify", "plan", "--json", "--inputs", "region"]));
    let checks = found["checks"].as_array().expect("checks");
    assert!(checks.iter().all(|c| c["state"] == "holds"), "{checks:#?}");

    // Planned again in place: the same bytes, and nothing left beside it.
    let read = |name: &str| std::fs::read(here.join("plan").join(name)).expect("it is there");
    let before = (read("plan.gpkg"), read("manifest.json"), read("summary.html"));
    ok(here, &["plan", "region/scenario.toml", "-o", "plan", "--quiet"]);
    assert_eq!(before, (read("plan.gpkg"), read("manifest.json"), read("summary.html")));
    let left: Vec<_> =
        std::fs::read_dir(here).expect("readable").filter_map(|e| e.ok()?.file_name().into_string().ok()).collect();
    assert!(left.iter().all(|name| !name.starts_with('.')), "{left:?}");

    // A changed figure is found out, with an exit code of its own.
    let text =
        String::from_utf8(read("summary.json")).expect("UTF-8").replacen("\"connected\": ", "\"connected\": 1", 1);
    std::fs::write(here.join("plan/summary.json"), text).expect("writable");
    let error = fails(here, &["verify", "plan", "--inputs", "region"], 5);
    assert!(error.contains("does not verify"), "{error}");
}

#[test]
fn a_draft_is_planned_as_it_stands() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    ok(here, &["synth", "-o", "region", "--premises", "300"]);
    let draft = ok(here, &["new", "ways=region/ways.geojson", "premises=region/premises.csv", "--date", "2026-02-03"]);
    assert!(draft.contains("# "), "it is commented");
    std::fs::write(here.join("mine.toml"), draft).expect("writable");
    let text = ok(here, &["plan", "mine.toml"]);
    assert!(text.contains("2026-02-03") && text.contains("above the least possible"), "{text}");
    assert!(here.join("mine-plan/manifest.json").is_file());
}

#[test]
fn refusals_name_file_and_remedy() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    let write = |name: &str, text: &[u8]| std::fs::write(here.join(name), text).expect("writable");
    assert!(fails(here, &["plan", "absent.toml"], 1).contains("absent.toml: there is no such file"));
    assert!(fails(here, &["plan", "."], 1).contains("is a folder"));
    write("lost.toml", b"version = 1\nname = \"s\"\ndate = \"2026-01-01\"\n\n[[input]]\npath = \"absent.csv\"\n");
    let lost = fails(here, &["plan", "lost.toml"], 1);
    assert!(lost.contains("lost.toml: line 5: input: absent.csv: ") && lost.contains("put it there"), "{lost}");
    write("bad.toml", b"version = 1\nname = 3");
    assert!(fails(here, &["plan", "bad.toml"], 3).contains("bad.toml"));
    write("empty.osm.pbf", b"");
    assert!(fails(here, &["inspect", "empty.osm.pbf"], 3).contains("empty.osm.pbf"));
    write("noise.bin", &[7; 300]);
    assert!(fails(here, &["inspect", "noise.bin"], 3).contains("noise.bin"));
    fails(here, &["plan"], 2);
    fails(here, &["verify", "."], 2);
    assert!(fails(here, &["serve", "."], 2).contains("holds no plan"));
    fails(here, &["synth", "-o", "x", "--premises", "5"], 2);

    // Premises without roads: nothing to plan, and it says where roads come from.
    write("premises.csv", b"id,lon,lat\na,6.2,62.5\nb,6.21,62.5\n");
    write(
        "s.toml",
        b"version = 1\nname = \"s\"\ndate = \"2026-01-01\"\n[[input]]\npath = \"premises.csv\"\nas = \"premises\"\n",
    );
    let error = fails(here, &["plan", "s.toml", "-o", "p"], 4);
    assert!(error.contains("OpenStreetMap") && !here.join("p").exists(), "{error}");
    // What was wrong with the inputs may be why: it is told with the refusal.
    write("ways.geojson", b"{\"type\":\"LineString\",\"coordinates\":[[6.2,62.5],[6.21,62.5]]}");
    let text = std::fs::read_to_string(here.join("s.toml")).expect("it is there");
    write("s.toml", format!("{text}[[input]]\npath = \"ways.geojson\"\nas = \"premises\"\n").as_bytes());
    let error = fails(here, &["plan", "s.toml", "-o", "p"], 4);
    assert!(error.contains("1 issue\n") && error.contains("wrong-geometry ways.geojson"), "{error}");

    // A scenario's own price has its line, and the prices that there are.
    for (change, said) in
        [("[prices.asfalt]\neach = 1\n", "asphalt-verge"), ("[prices.bore]\neach = -1\n", "0 to 90 trillion")]
    {
        write("s.toml", format!("{text}{change}").as_bytes());
        let error = fails(here, &["plan", "s.toml", "-o", "p"], 3);
        let place = format!("s.toml: line {}: prices.", text.lines().count() + 1);
        assert!(error.contains(&place) && error.contains(said), "{error}");
    }
    // So has a price of a book, and a book that is not there.
    write("s.toml", format!("cost_book = \"book.toml\"\n{text}").as_bytes());
    assert!(fails(here, &["plan", "s.toml", "-o", "p"], 1).contains("s.toml: line 1: cost_book: "));
    let book = ok(here, &["prices"]).replacen("each = 1500", "each = -1500", 1);
    let line = book.lines().position(|line| line.contains("-1500")).map_or(0, |at| at + 1);
    write("book.toml", book.as_bytes());
    let error = fails(here, &["plan", "s.toml", "-o", "p"], 3);
    let told: usize =
        error.split("book.toml: line ").nth(1).and_then(|rest| rest.split(':').next()?.parse().ok()).unwrap_or(0);
    assert!(line > 0 && (1..=8).contains(&(line - told)), "{error}: the price is at {line}");

    // A directory with other things in it is left alone.
    ok(here, &["synth", "-o", "region", "--premises", "300"]);
    std::fs::create_dir(here.join("mine")).expect("writable");
    write("mine/thesis.txt", b"precious");
    fails(here, &["plan", "region/scenario.toml", "-o", "mine", "--quiet"], 2);
    assert_eq!(std::fs::read(here.join("mine/thesis.txt")).expect("still there"), b"precious");
    // So is an earlier result with something beside it; one with what another scenario writes, or a reader, is replaced.
    ok(here, &["plan", "region/scenario.toml", "-o", "plan", "--quiet"]);
    for (name, code) in [("masts.csv", 0), ("plan.gpkg-wal", 0), ("mine.qgz", 2)] {
        write(&format!("plan/{name}"), b"precious");
        match code {
            0 => drop(ok(here, &["plan", "region/scenario.toml", "-o", "plan", "--quiet"])),
            code => {
                assert!(fails(here, &["plan", "region/scenario.toml", "-o", "plan", "--quiet"], code).contains(name))
            }
        }
        assert_eq!(here.join("plan").join(name).exists(), code != 0, "{name}");
    }
    // A plan has a scenario as an invented region has, and is none.
    assert!(fails(here, &["synth", "-o", "plan"], 2).contains("plan holds "));
    assert!(here.join("plan/manifest.json").is_file());
}

#[test]
fn completions_and_prices_are_printed() {
    let folder = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(ok(folder.path(), &["completions", shell]).contains("breiband"));
    }
    assert!(ok(folder.path(), &["prices"]).contains("uncalibrated"));
}

#[test]
fn a_curve_is_drawn_and_a_budget_planned() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    ok(here, &["synth", "--premises", "1000", "--seed", "9", "-o", "region"]);
    let curve = json(&ok(here, &["curve", "region/scenario.toml", "--steps", "3000000", "--json", "-o", "curve.csv"]));
    let places = curve["places"].as_array().expect("places");
    let everybody = places.last().and_then(|p| p["cost"].as_f64()).expect("a cost");
    let csv = std::fs::read_to_string(here.join("curve.csv")).expect("written");
    assert_eq!(csv.lines().count(), places.len() + 1);
    assert!(csv.starts_with("cost,connected,share,bound,cost_of_the_next_each\n"));
    let table = ok(here, &["curve", "region/scenario.toml", "--steps", "3000000", "--quiet"]);
    assert!(table.contains("homes") && table.contains("100.0 %"), "{table}");

    let scenario = std::fs::read_to_string(here.join("region/scenario.toml")).expect("readable");
    let with = |goal: &str| {
        assert!(scenario.contains("kind = \"connect\""));
        std::fs::write(here.join("region/goal.toml"), scenario.replace("kind = \"connect\"", goal)).expect("writable");
    };
    with(&format!("kind = \"budget\"\nbudget = {:.2}", everybody / 2.0));
    let plan = json(&ok(here, &["plan", "region/goal.toml", "--steps", "3000000", "--json", "-o", "plan"]));
    let figure = |name: &str| plan["choice"][name].as_u64().expect("a figure");
    assert!(figure("connected") <= figure("most") && figure("most") < figure("wanted"), "{plan}");
    assert!(plan["cost"].as_f64().is_some_and(|cost| cost <= everybody / 2.0));
    assert!(ok(here, &["verify", "plan", "--inputs", "region"]).contains("holds choice"));
    // Areas are taken whole there, which is said to be why fewer are connected.
    let said = ok(here, &["plan", "region/goal.toml", "--steps", "3000000", "--quiet", "-o", "whole"]);
    assert!(said.contains("support areas built, each as a whole or not at all"), "{said}");
    with("kind = \"coverage\"\nshare = 1.5");
    assert!(fails(here, &["plan", "region/goal.toml"], 3).contains("goal.share"));
    with("kind = \"budget\"\nbudget = 1\ncount = \"cows\"");
    assert!(fails(here, &["plan", "region/goal.toml"], 3).contains("expected `homes` or `premises`"));
}

#[test]
fn solves_a_problem_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    // A square with a centre: by the centre it costs 4 × 1.5, round the rim 3 × 2.5.
    let mut text = "33D32945 STP File, STP Format Version 1.0\nSECTION Graph\nNodes 5\nEdges 8\n".to_owned();
    for v in 1..=4 {
        text += &format!("E {v} {} 2.50\nE {v} 5 1.5\n", v % 4 + 1);
    }
    text += "END\nSECTION Terminals\nTerminals 4\nT 1\nT 2\nT 3\nT 4\nEND\nEOF\n";
    std::fs::write(here.join("square.stp"), &text).expect("writable");
    let json = ok(here, &["solve", "square.stp", "--json", "-o", "tree.txt", "--certificate", "bound.txt.gz"]);
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((value["cost"].as_f64(), value["optimal"].as_bool()), (Some(6.0), Some(true)));
    assert!(value["bound"].as_f64().is_some_and(|bound| bound > 0.0 && bound <= 6.0));
    assert!(value["cpu_seconds"].is_number() && !value["peak_bytes"].is_string());
    let tree = std::fs::read_to_string(here.join("tree.txt")).expect("written");
    assert_eq!(tree, "VALUE 6.0\n1 5\n2 5\n3 5\n4 5\n");
    assert!(here.join("bound.txt.gz").is_file());
    let json = ok(here, &["solve", "square.stp", "--json", "--certified"]);
    let gone_on: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&gone_on["cost"], &gone_on["optimal"]), (&value["cost"], &value["optimal"]));
    assert!(gone_on["bound"].as_f64() >= value["bound"].as_f64());
    let said = ok(here, &["solve", "square.stp", "--time", "0"]);
    assert!(said.contains("certified") && said.contains("claimed"), "{said}");

    std::fs::write(here.join("bad.stp"), text.replace("T 4\n", "T 9\n")).expect("writable");
    assert!(fails(here, &["solve", "bad.stp"], 3).contains("bad.stp: line 19: a vertex must be"));
    let apart = "SECTION Graph\nNodes 3\nEdges 1\nE 1 2 1\nEND\nSECTION Terminals\nTerminals 2\nT 1\nT 3\nEND\nEOF\n";
    std::fs::write(here.join("apart.gr"), apart).expect("writable");
    assert!(fails(here, &["solve", "apart.gr"], 4).contains("cannot be reached from the rest, such as 3"));
    fails(here, &["solve", "square.stp", "--time", "-1"], 2);
    assert!(fails(here, &["solve", "absent.stp"], 1).contains("absent.stp"));
}

#[test]
fn a_proof_is_followed_from_the_problem_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    // The square with a centre again, and a spoke dearer.
    let mut text = "SECTION Graph\nNodes 5\nEdges 8\n".to_owned();
    for v in 1..=4 {
        text += &format!("E {v} {} 2.50\nE {v} 5 1.{}\n", v % 4 + 1, v + 4);
    }
    text += "END\nSECTION Terminals\nTerminals 4\nT 1\nT 2\nT 3\nT 4\nEND\nEOF\n";
    std::fs::write(here.join("square.gr"), &text).expect("writable");
    let json = ok(here, &["solve", "square.gr", "--json", "--proof", "proof.txt", "-o", "tree.txt"]);
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((value["cost"].as_f64(), value["proved"].as_f64()), (Some(6.6), Some(6.6)));
    assert!(value["replay_seconds"].is_number());
    let said = ok(here, &["solve", "square.gr", "--proof", "proof.gz"]);
    assert!(said.contains("proved     6.6: optimal"), "{said}");
    let json = ok(here, &["solve", "square.gr", "--json"]);
    assert!(!json.contains("proved"), "{json}");

    let said = ok(here, &["verify", "square.gr", "--proof", "proof.gz"]);
    assert!(said.contains("no tree costs less than 6.6"), "{said}");
    let json = ok(here, &["verify", "square.gr", "--proof", "proof.txt", "--solution", "tree.txt", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((value["proved"].as_f64(), value["optimal"].as_bool()), (Some(6.6), Some(true)));

    let proof = std::fs::read_to_string(here.join("proof.txt")).expect("written");
    std::fs::write(here.join("more.txt"), proof.replace("U 66", "U 67")).expect("writable");
    assert!(fails(here, &["verify", "square.gr", "--proof", "more.txt"], 5).contains("more.txt: "));
    std::fs::write(here.join("odd.txt"), proof.replace("U 66\n", "U 66\nQ 1\n")).expect("writable");
    assert!(fails(here, &["verify", "square.gr", "--proof", "odd.txt"], 5).contains("odd.txt: line 3: it is no step"));
    let tree = std::fs::read_to_string(here.join("tree.txt")).expect("written");
    std::fs::write(here.join("cheap.txt"), tree.replace("VALUE 6.6", "VALUE 6.5")).expect("writable");
    let told = fails(here, &["verify", "square.gr", "--proof", "proof.gz", "--solution", "cheap.txt"], 5);
    assert!(told.contains("cheap.txt: it says 6.5"), "{told}");
    fails(here, &["verify", "square.gr", "--solution", "tree.txt"], 2);
    assert!(fails(here, &["verify", "square.gr", "--proof", "absent.gz"], 1).contains("absent.gz"));
}

#[test]
fn where_the_root_is_free_a_proof_holds_for_any() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    // Two good places far from one another.
    let text = "SECTION Graph\nNodes 7\nEdges 6\nE 1 2 5.0\nE 2 3 5.0\nE 3 4 5.0\nE 4 5 90\nE 5 6 .2\nE 6 7 3\nEND\n\
        SECTION Terminals\nTerminals 7\nTP 1 6\nTP 2 6\nTP 3 6\nTP 4 6\nTP 5 5\nTP 6 5\nTP 7 5\nEND\nEOF\n";
    std::fs::write(here.join("apart.stp"), text).expect("writable");
    let solve =
        ["solve", "apart.stp", "--json", "-o", "tree.txt", "--certificate", "bounds.txt", "--proof", "proof.gz"];
    let value: serde_json::Value = serde_json::from_str(&ok(here, &solve)).expect("JSON");
    let figure = |name: &str| value[name].as_f64();
    assert_eq!([figure("cost"), figure("bound"), figure("proved")], [Some(27.2); 3]);
    assert_eq!(std::fs::read_to_string(here.join("tree.txt")).expect("written"), "VALUE 27.2\n5 6\n6 7\n");
    let bounds = std::fs::read_to_string(here.join("bounds.txt")).expect("written");
    assert_eq!(["U ", "R "].map(|begins| bounds.lines().filter(|line| line.starts_with(begins)).count()), [2, 2]);
    let said = ok(here, &["verify", "apart.stp", "--proof", "proof.gz", "--solution", "tree.txt"]);
    assert!(said.contains("no tree costs less than 27.2") && said.contains("it is optimal"), "{said}");
}

#[test]
fn an_amount_is_shared_to_the_minor_unit() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    // The founding partnership's own figures for 2017 (IKT-samarbeidet Sunnmøre).
    let members = [("1504", 47_199), ("1523", 2_296), ("1524", 1_663), ("1529", 4_667), ("1531", 9_007)]
        .into_iter()
        .chain([("1532", 8_176), ("1534", 9_312), ("1546", 1_246)]);
    let mut text = "version = 1\nname = \"s\"\ndate = \"2017-01-01\"\n[[programme.key]]\nname = \"agreed\"\n\
        parts = [{ by = \"equal\", per_cent = 30 }, { by = \"inhabitants\", per_cent = 70 }]\n"
        .to_owned();
    for (code, count) in members {
        text += &format!("[[programme.member]]\ncode = \"{code}\"\ninhabitants = {{ 2017-01-01 = {count} }}\n");
    }
    std::fs::write(here.join("s.toml"), &text).expect("writable");
    let share = ["share", "s.toml", "--year", "2017", "--amount", "1000.00"];
    let said = ok(here, &share);
    for (share, per_cent) in [("432.87", "43.287 %"), ("56.73", "5.673 %"), ("47.94", "4.794 %")] {
        assert!(said.contains(share) && said.contains(per_cent), "{said}");
    }
    let object = json(&ok(here, &[&share[..], &["--json", "--without", "1546"]].concat()));
    let members = object["members"].as_array().expect("members");
    let paid: Vec<f64> =
        members.iter().map(|m| m["pays"]["agreed"].as_str().expect("text").parse().expect("money")).collect();
    assert_eq!((paid.len(), (paid.iter().sum::<f64>() * 100.0).round()), (7, 100_000.0));
    // The currency is the prices', without being told.
    assert!(said.starts_with("1,000.00 NOK of 2017"), "{said}");
    let book = ok(here, &["prices"]).replace("currency = \"NOK\"", "currency = \"EUR\"");
    std::fs::write(here.join("euro.toml"), book).expect("writable");
    let euro = text.replacen("[[programme.key]]", "cost_book = \"euro.toml\"\n[[programme.key]]", 1);
    std::fs::write(here.join("in-euro.toml"), euro).expect("writable");
    let in_euro = [&["share", "in-euro.toml"], &share[2..]].concat();
    assert!(ok(here, &in_euro).starts_with("1,000.00 EUR of 2017"));
    assert!(ok(here, &[&in_euro[..], &["--currency", "SEK"]].concat()).starts_with("1,000.00 SEK of 2017"));
    // One that joins a year later, as if it were there already.
    let later = "[[programme.member]]\ncode = \"1528\"\nfrom = \"2018-01-01\"\ninhabitants = { 2017-01-01 = 7_500 }\n";
    std::fs::write(here.join("later.toml"), text.clone() + later).expect("writable");
    let with = [&["share", "later.toml"], &share[2..], &["--json"]].concat();
    let members = |arguments: &[&str]| json(&ok(here, arguments))["members"].as_array().map_or(0, Vec::len);
    assert_eq!([members(&with), members(&[&with[..], &["--with", "1528"]].concat())], [8, 9]);
    fails(here, &[&with[..], &["--with", "9999"]].concat(), 3);
    let error = fails(here, &["share", "s.toml", "--year", "2016", "--amount", "1"], 3);
    assert!(error.contains("s.toml: line 9: programme.member[1].inhabitants"), "{error}");
    std::fs::write(here.join("left.toml"), text.replace("code", "until = \"2018-01-01\"\ncode")).expect("writable");
    let error = fails(here, &["share", "left.toml", "--year", "2018", "--amount", "1"], 3);
    assert!(
        error.contains("left.toml: line ") && error.contains("member[8].until") && error.contains("2018"),
        "{error}"
    );
    fails(here, &["share", "s.toml", "--year", "2017", "--amount", "a lot"], 2);
    std::fs::write(here.join("s.toml"), text.replace("per_cent = 70", "per_cent = 60")).expect("writable");
    let error = fails(here, &share, 3);
    assert!(error.contains("s.toml: line 4") && error.contains("90.000 %"), "{error}");
}

#[test]
fn a_report_is_written_and_refusals_name_the_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    ok(here, &["synth", "-o", "region", "--premises", "300"]);
    let said = ok(here, &["report", "region/scenario.toml", "-o", "report", "--quiet"]);
    assert!(
        said.contains("Shares of all years by the key \"causer-pays\"") && said.contains("All amounts are in NOK"),
        "{said}"
    );
    assert!(said.contains("No issues.") && !said.contains("fixed costs exceed"), "{said}");
    assert!(said.contains("2031") && said.contains("in no budget yet"), "{said}");
    for name in ["report-nn.html", "report-public-en.html", "shares.csv", "programme.gpkg", "premises-phases.csv"] {
        assert!(here.join("report").join(name).is_file(), "{name}");
    }
    let read = || std::fs::read(here.join("report/report-nb.html")).expect("it is there");
    let before = read();
    ok(here, &["report", "region/scenario.toml", "-o", "report", "--quiet"]);
    assert_eq!(before, read(), "the same bytes again");

    // Fixed costs that the money does not reach are told, and so is what was wrong with the inputs.
    let scenario = std::fs::read_to_string(here.join("region/scenario.toml")).expect("it is there");
    let office = "[[programme.fixed]]\nname = \"Office\"\nyear = 2027\namount = 900000000\n";
    let dear = scenario.replacen("exclude = []", "exclude = [\"nobody\"]", 1) + office;
    std::fs::write(here.join("region/dear.toml"), dear).expect("writable");
    let said = ok(here, &["report", "region/dear.toml", "-o", "dear", "--quick", "--quiet"]);
    assert!(
        said.contains("2027 the fixed costs exceed the money by 8") && said.contains("unknown-option-id"),
        "{said}"
    );

    // A policy of one's own; a fault in it has its file and line.
    for name in ["sites.csv", "links.csv", "server-room.csv", "game.csv", "business.csv", "sensitivity.csv"] {
        assert!(here.join("report").join(name).is_file(), "{name}");
    }
    let own = scenario.replacen("[programme]\n", "[programme]\npolicy = \"policy.toml\"\n", 1);
    std::fs::write(here.join("region/own.toml"), own).expect("writable");
    let policy = ok(here, &["policy"]);
    std::fs::write(here.join("region/policy.toml"), policy.replacen("fill_per_cent = 70", "fill_per_cent = 140", 1))
        .expect("writable");
    let error = fails(here, &["report", "region/own.toml", "--quick", "--quiet"], 3);
    assert!(error.contains("policy.toml: line 5: ") && error.contains("fill_per_cent"), "{error}");
    // A change of a figure that there is not, and a table of orders that is not there: the scenario's line.
    let line_of = |text: &str, what: &str| text[..text.find(what).expect("it is there")].matches('\n').count() + 1;
    let changed = "[programme.policy_changes.\"homes.fast\"]\nvalue = 3\n";
    for (text, what) in [
        (format!("{scenario}\n{changed}"), "[programme.policy_changes"),
        (scenario.replacen("orders = \"orders.csv\"", "orders = \"nothing.csv\"", 1), "orders = \"nothing"),
    ] {
        std::fs::write(here.join("region/faulty.toml"), &text).expect("writable");
        let code = if what.contains("nothing") { 1 } else { 3 };
        let error = fails(here, &["report", "region/faulty.toml", "--quick", "--quiet"], code);
        assert!(error.contains(&format!("faulty.toml: line {}: programme.", line_of(&text, what))), "{error}");
    }
    std::fs::write(here.join("region/policy.toml"), policy).expect("writable");
    let said = ok(here, &["report", "region/own.toml", "-o", "own", "--quick", "--quiet"]);
    assert!(said.contains("public sites have what they need") && said.contains("server room"), "{said}");

    let orders = std::fs::read(here.join("region/orders.csv")).expect("it is there");
    std::fs::write(here.join("region/orders.csv"), "id,municipality,targets\no1,9901,nobody\n").expect("writable");
    let error = fails(here, &["report", "region/scenario.toml", "-o", "other", "--quiet"], 3);
    assert!(error.contains("orders.csv line 2") && error.contains("nobody"), "{error}");
    // What the scenario itself names and no input has is refused with the scenario's line.
    let order = "[[programme.order]]\nid = \"x\"\nmunicipality = \"9901\"\ntargets = [\n  \"nobody\",\n]\n";
    let milestone = "[[programme.milestone]]\nname = \"m\"\nyear = 2027\npremises = [\"nobody\"]\n";
    for (section, below) in [(order, 5), (milestone, 4)] {
        std::fs::write(here.join("region/unknown.toml"), format!("{scenario}{section}")).expect("writable");
        let error = fails(here, &["report", "region/unknown.toml", "-o", "other", "--quiet"], 3);
        let place = format!("unknown.toml: line {}: ", scenario.lines().count() + below);
        assert!(error.contains(&place) && error.contains("\"nobody\" is no premises"), "{error}");
    }
    std::fs::write(here.join("region/orders.csv"), orders).expect("writable");
    let (before, after) = scenario.split_once("[support]\n").expect("a scheme");
    let unknown = format!("{before}[support]\ncommercial = [\n  \"nobody\",\n]\n{after}");
    std::fs::write(here.join("region/unknown.toml"), unknown).expect("writable");
    let error = fails(here, &["report", "region/unknown.toml", "-o", "other", "--quiet"], 3);
    let place = format!("unknown.toml: line {}: support.commercial[1]: ", before.lines().count() + 3);
    assert!(error.contains(&place) && error.contains("\"nobody\" is no premises"), "{error}");
    let draft = ok(here, &["new", "ways=region/ways.geojson", "premises=region/premises.csv"]);
    std::fs::write(here.join("mine.toml"), draft).expect("writable");
    assert!(fails(here, &["report", "mine.toml"], 3).contains("[programme]"));
}

#[test]
fn plans_are_compared() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    ok(here, &["synth", "-o", "region", "--premises", "400", "--seed", "5"]);
    let scenario = std::fs::read_to_string(here.join("region/scenario.toml")).expect("it is there");
    let goal = "kind = \"connect\"\nthreshold_mbps = 100.0\n";
    let half = scenario.replacen(goal, "kind = \"coverage\"\nthreshold_mbps = 100.0\nshare = 0.5\n", 1);
    assert_ne!(half, scenario);
    std::fs::write(here.join("region/half.toml"), half).expect("writable");
    ok(here, &["plan", "region/scenario.toml", "-o", "whole", "--quiet"]);
    let arguments = ["compare", "whole", "region/half.toml", "region/scenario.toml", "--inputs", "region", "-q"];
    let said = ok(here, &[&arguments[..], &["-o", "side-by-side"]].concat());
    assert!(
        said.contains("whole")
            && said.contains("half")
            && said.contains("Spent in 2027")
            && !said.contains("spent_2027"),
        "{said}"
    );
    let read = |name: &str| std::fs::read_to_string(here.join("side-by-side").join(name)).expect("it is there");
    let row = |name: &str| -> Vec<f64> {
        let table = read("compare.csv");
        let gap = table.lines().find(|line| line.starts_with("funding_gap,")).expect("what nobody pays");
        assert!(gap.split(',').skip(1).take(3).all(|cell| cell.parse::<f64>().is_ok_and(|gap| gap > 0.0)), "{gap}");
        assert!(table.contains("\nnpv,") && table.contains("\nsupport_reached,"), "{table}");
        let line = table.lines().find(|line| line.starts_with(&format!("{name},"))).expect("the figure").to_owned();
        line.split(',').skip(1).take(3).map(|cell| cell.parse().expect("a number")).collect()
    };
    let (connected, cost) = (row("connected"), row("cost"));
    assert!(connected[0] > connected[1] && cost[0] > cost[1], "{connected:?} {cost:?}");
    assert_eq!((connected[0], cost[0]), (connected[2], cost[2]), "a plan's directory is its scenario's plan");
    // What is in which plan: every metre of each, by the summary's own count.
    let lines = json(&read("difference.geojson"));
    let features = lines["features"].as_array().expect("features");
    let metres = |side: &str| -> f64 {
        let of = features.iter().map(|f| &f["properties"]);
        let of = of.filter(|p| p["sides"].as_array().is_some_and(|sides| sides.iter().any(|s| s == side)));
        of.filter_map(|p| p["length_m"].as_f64()).sum()
    };
    for (side, expect) in ["whole", "half", "scenario"].iter().zip(row("line")) {
        // Lines that lie upon each other, such as a drop of two houses, count once.
        let found = metres(side);
        assert!(found <= expect * 1.001 + 1.0 && found > expect * 0.6, "{side}: {found} of {expect}");
    }
    assert!(metres("whole") > metres("half"));
    assert!(read("compare.csv").contains("\ncurrency,NOK,NOK,NOK,"), "amounts say what they are in");
    // Of one name, each says where it lies.
    let twice = ["compare", "region/half.toml", "./region/half.toml", "-q", "-o", "twice"];
    let said = ok(here, &twice);
    assert!(said.contains("half (region/half.toml)") && said.contains("half (./region/half.toml)"), "{said}");
    // Those that only one plan connects, besides those that come in another year.
    let houses = read("premises-difference.csv");
    let gained = |line: &&str| line.matches("connected").count() == 2;
    let one_only = houses.lines().skip(1).filter(gained).count();
    assert_eq!(one_only, (connected[0] - connected[1]) as usize, "{houses}");
    assert!(read("compare-nn.html").contains("Oppdikta data") && !read("compare-nn.html").contains("Invented data"));
    for page in ["compare-en.html", "compare-nb.html", "compare-nn.html"] {
        let page = read(page);
        let body = page.split_once("</style>").expect("a style").1;
        assert!(!body.contains('{') && !page.contains("compare.") && !page.contains("NaN"), "a text is missing");
        assert_eq!(page.matches("http").count(), page.matches("http://www.w3.org/2000/svg").count());
    }
    fails(here, &["compare", "region/half.toml"], 2);
    let error = fails(here, &["compare", "whole", "region/half.toml", "--inputs", "nowhere"], 3);
    assert!(error.contains("--inputs"), "{error}");
}

#[test]
fn a_cost_book_is_fitted_to_invoices() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    let rows =
        "invoice,price,metres,count,amount\nA1,forest,1000,,260000\nA2,forest,400,,\nA2,gravel-verge,100,,140000\n";
    std::fs::write(here.join("invoices.csv"), rows).expect("writable");
    let said = ok(here, &["calibrate", "invoices.csv", "-o", "mine.toml", "--weight", "0", "--source", "Project A"]);
    assert!(said.contains("2 invoices") && said.contains("0.0 % by the fitted one"), "{said}");
    let book = std::fs::read_to_string(here.join("mine.toml")).expect("it is there");
    // 260 for a metre of forest; of the second invoice 104,000, and 36,000 for a hundred metres of verge.
    assert!(book.contains("per_metre = 260.0") && book.contains("per_metre = 360.0") && book.contains("Project A"));
    ok(here, &["synth", "-o", "region", "--premises", "300"]);
    let scenario = std::fs::read_to_string(here.join("region/scenario.toml")).expect("it is there");
    let with = scenario.replacen("language = \"en\"", "language = \"en\"\ncost_book = \"../mine.toml\"", 1);
    std::fs::write(here.join("region/scenario.toml"), with).expect("writable");
    ok(here, &["plan", "region/scenario.toml", "-o", "plan", "--quiet"]);
    std::fs::write(here.join("bad.csv"), "invoice,price,metres,count,amount\n1,gold,1,,2\n").expect("writable");
    let error = fails(here, &["calibrate", "bad.csv"], 3);
    assert!(error.contains("bad.csv line 2") && error.contains("gold"), "{error}");
}

/// A square of which a tree is found at once.
const SQUARE: &str = "SECTION Graph\nNodes 4\nEdges 4\nE 1 2 1\nE 2 3 1\nE 3 4 1\nE 4 1 2\nEND\n\
                      SECTION Terminals\nTerminals 3\nT 1\nT 2\nT 4\nEND\nEOF\n";

/// A plan in `plan` of a region in `region`, and one in `tampered` that does not verify.
fn plan_and_tampered(here: &Path) {
    ok(here, &["synth", "-o", "region", "--premises", "300"]);
    for directory in ["plan", "tampered"] {
        ok(here, &["plan", "region/scenario.toml", "-o", directory, "--quiet"]);
    }
    let summary = here.join("tampered/summary.json");
    let text = std::fs::read_to_string(&summary).expect("written");
    std::fs::write(summary, text.replacen("\"connected\": ", "\"connected\": 1", 1)).expect("writable");
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_told_and_a_closed_pipe_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    plan_and_tampered(here);
    std::fs::write(here.join("square.gr"), SQUARE).expect("writable");
    let into = |to: Stdio, arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_breiband"));
        let output = command.args(arguments).current_dir(here).stdout(to).stderr(Stdio::piped()).output();
        let output = output.expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let full = || Stdio::from(File::options().write(true).open("/dev/full").expect("Linux has it"));
    for arguments in [
        &["prices"][..],
        &["policy"],
        &["completions", "bash"],
        &["verify", "plan"],
        &["inspect", "region/scenario.toml"],
        &["solve", "square.gr", "--json"],
    ] {
        let (code, error) = into(full(), arguments);
        assert_eq!(code, Some(1), "{arguments:?}: {error}");
        assert!(error.contains("standard output: there is no room left"), "{arguments:?}: {error}");
    }
    // Nobody reads: the other end is closed before anything is written.
    let unread = || {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        Stdio::from(writer)
    };
    for (arguments, code) in [(["verify", "plan"], 0), (["verify", "tampered"], 5), (["completions", "bash"], 0)] {
        assert_eq!(into(unread(), &arguments).0, Some(code), "{arguments:?}");
    }
    let (code, error) = into(full(), &["verify", "tampered"]);
    assert!(code == Some(5) && error.contains("does not verify"), "{error}");
    // A message that cannot be told either leaves the code.
    let mut command = Command::new(env!("CARGO_BIN_EXE_breiband"));
    let status = command.args(["verify", "tampered"]).current_dir(here).stdout(Stdio::null()).stderr(full()).status();
    assert_eq!(status.expect("it runs").code(), Some(5));
}

#[cfg(unix)]
#[test]
fn links_and_pipes_stay_what_they_are() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    let is_link = |name: &str| std::fs::symlink_metadata(here.join(name)).is_ok_and(|there| there.is_symlink());
    std::fs::write(here.join("square.gr"), SQUARE).expect("writable");
    // A link's target is written, whether it is there yet or not.
    std::fs::create_dir(here.join("far")).expect("writable");
    symlink("far/tree.txt", here.join("link.txt")).expect("writable");
    for _ in 0..2 {
        ok(here, &["solve", "square.gr", "-o", "link.txt"]);
        let tree = std::fs::read_to_string(here.join("far/tree.txt")).expect("written");
        assert!(tree.starts_with("VALUE 3\n") && is_link("link.txt"), "{tree}");
        std::fs::write(here.join("far/tree.txt"), "old").expect("writable");
    }
    // A pipe is written to.
    assert!(Command::new("mkfifo").arg(here.join("pipe")).status().expect("every Unix has it").success());
    let reader = std::thread::spawn({
        let pipe = here.join("pipe");
        move || std::fs::read_to_string(pipe).expect("readable")
    });
    ok(here, &["solve", "square.gr", "-o", "pipe"]);
    assert!(std::fs::symlink_metadata(here.join("pipe")).is_ok_and(|there| there.file_type().is_fifo()));
    assert!(reader.join().expect("it read").starts_with("VALUE 3\n"));
    // Standard output gets both, also where it is a file.
    assert!(ok(here, &["solve", "square.gr", "-o", "/dev/stdout"]).contains("VALUE 3\n"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_breiband"));
    let all = File::create(here.join("all.txt")).expect("writable");
    let status = command.args(["solve", "square.gr", "-o", "/dev/stdout"]).current_dir(here).stdout(all).status();
    assert!(status.expect("it runs").success());
    let all = std::fs::read_to_string(here.join("all.txt")).expect("written");
    assert!(all.contains("VALUE 3\n") && all.contains("certified"), "{all}");
    // A linked directory is filled where it is.
    ok(here, &["synth", "-o", "region", "--premises", "300"]);
    std::fs::create_dir(here.join("far/plan")).expect("writable");
    symlink("far/plan", here.join("plan")).expect("writable");
    for _ in 0..2 {
        ok(here, &["plan", "region/scenario.toml", "-o", "plan", "--quiet"]);
        assert!(is_link("plan") && here.join("far/plan/manifest.json").is_file());
    }
}

#[test]
fn a_place_that_cannot_be_written_is_refused_before_the_work() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    let write = |name: &str, text: &str| std::fs::write(here.join(name), text).expect("writable");
    std::fs::create_dir(here.join("mine")).expect("writable");
    write("mine/thesis.txt", "precious");
    write("file", "precious");
    // There is nothing that could be planned or solved: who gets as far as that says something else.
    write(
        "s.toml",
        "version = 1\nname = \"s\"\ndate = \"2026-01-01\"\n[programme]\n[[input]]\npath = \"absent.csv\"\n",
    );
    for command in ["plan", "report"] {
        assert!(fails(here, &[command, "s.toml", "-o", "mine"], 2).contains("mine holds something else"), "{command}");
        assert!(
            fails(here, &[command, "s.toml", "-o", "file"], 1).contains("file: what should be a folder"),
            "{command}"
        );
        assert!(fails(here, &[command, "s.toml", "-o", "."], 2).contains("name a directory"), "{command}");
    }
    // An earlier result with something beside it too.
    write("mine/manifest.json", "");
    assert!(
        fails(here, &["plan", "s.toml", "-o", "mine"], 2).contains("mine holds thesis.txt beside an earlier result")
    );
    assert!(fails(here, &["compare", "s.toml", "s.toml", "-o", "mine"], 2).contains("mine holds something else"));
    assert!(fails(here, &["synth", "-o", "file"], 1).contains("what should be a folder there is a file"));
    for arguments in [
        &["curve", "s.toml", "-o"][..],
        &["calibrate", "absent.csv", "-o"],
        &["solve", "absent.gr", "-o"],
        &["solve", "absent.gr", "--proof"],
        &["solve", "absent.gr", "--certificate"],
    ] {
        let error = |place| fails(here, &[arguments, &[place]].concat(), 1);
        assert!(
            error("nowhere/x").contains("nowhere/x: the folder that it should lie in is not there"),
            "{arguments:?}"
        );
        assert!(error("mine").contains("mine: it is a folder"), "{arguments:?}");
        assert!(error("file/x").contains("file/x: what should be a folder there is a file"), "{arguments:?}");
    }
    assert_eq!(std::fs::read_to_string(here.join("file")).expect("still there"), "precious");
}

#[cfg(target_os = "linux")]
#[test]
fn what_was_solved_is_printed_though_it_cannot_be_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    std::fs::write(here.join("square.gr"), SQUARE).expect("writable");
    let output = breiband(here, &["solve", "square.gr", "-o", "/dev/full", "--proof", "proof.txt"]);
    let (said, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(said.contains("cost       3") && error.contains("/dev/full: there is no room left"), "{said}{error}");
    assert!(here.join("proof.txt").is_file());
}

#[test]
fn inputs_of_a_plan_are_found_or_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    plan_and_tampered(here);
    // Another region has files of the same names, and comes first.
    ok(here, &["synth", "-o", "another", "--premises", "300", "--seed", "9"]);
    let said = ok(here, &["verify", "plan", "--strict"]);
    assert!(said.contains("holds input-digests") && !said.contains("not made"), "{said}");
    let both = ["compare", "plan", "region/scenario.toml", "-q"];
    assert!(ok(here, &both).contains("Connected"));
    std::fs::rename(here.join("region"), here.join("another/region")).expect("movable");
    let said = ok(here, &["verify", "plan"]);
    assert!(said.contains("not checked input-digests: the input ways.geojson is not found"), "{said}");
    assert!(
        said.ends_with("2 checks were not made: name the folder that the scenario's inputs lie in with --inputs\n")
    );
    assert!(fails(here, &["verify", "plan", "--strict"], 5).contains("2 checks could not be made"));
    ok(here, &["verify", "plan", "--strict", "--inputs", "another/region"]);
    assert!(fails(here, &["verify", "plan", "--inputs", "nowhere"], 3).contains("there is no such folder"));
    let error = fails(here, &["verify", "plan", "--inputs", "another"], 5);
    assert!(error.contains("does not verify"), "what is named is what is checked: {error}");
    assert!(fails(here, &["verify", "nowhere"], 1).contains("nowhere: there is no such file or folder"));

    // A proof that is not there is not claimed.
    let told = |directory: &str| {
        let output = breiband(here, &["verify", directory]);
        assert_eq!(output.status.code(), Some(5));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let graph = std::fs::read(here.join("tampered/graph.csv.gz")).expect("it is there");
    std::fs::write(here.join("tampered/graph.csv.gz"), &graph[..graph.len() / 2]).expect("writable");
    let said = told("tampered");
    assert!(said.contains("the gzipped file is cut off") && !said.contains("least possible"), "{said}");
    std::fs::remove_file(here.join("tampered/graph.csv.gz")).expect("it is there");
    let said = told("tampered");
    assert!(said.contains("graph.csv.gz is missing") && !said.contains("os error"), "{said}");
    assert!(!said.contains("least possible"), "{said}");
    let object = breiband(here, &["verify", "tampered", "--json"]).stdout;
    assert!(json(&String::from_utf8_lossy(&object))["gap"].is_null());
    for (text, word) in [("{\n", "manifest.json is cut off at line 2"), ("{}", "not written by `breiband plan`")] {
        std::fs::write(here.join("tampered/manifest.json"), text).expect("writable");
        let said = told("tampered");
        assert!(said.contains(word) && !said.contains("EOF") && !said.contains("least possible"), "{said}");
    }
}

#[test]
fn the_map_that_is_not_built_is_told_of() {
    use std::io::{BufRead, BufReader};
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    plan_and_tampered(here);
    assert!(fails(here, &["serve"], 2).contains("cargo xtask build-web"));
    assert!(fails(here, &["serve", "plan", "--app", "region"], 2).contains("region holds no page"));
    let serve = |app: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_breiband"));
        command.args(["serve", "plan", "--port", "0"]).args(app).current_dir(here);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        let mut address = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut address).expect("an address");
        child.kill().expect("it serves");
        let output = child.wait_with_output().expect("it ended");
        (address, String::from_utf8(output.stderr).expect("UTF-8"))
    };
    let (address, said) = serve(&[]);
    assert!(address.ends_with("/plan/summary.html\n") && said.contains("--app"), "{address}{said}");
    std::fs::create_dir(here.join("page")).expect("writable");
    std::fs::write(here.join("page/index.html"), "").expect("writable");
    let (address, said) = serve(&["--app", "page"]);
    assert!(address.ends_with("/?plan\n") && said.is_empty(), "{address}{said}");
}

#[test]
fn arguments_are_refused_in_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    let write = |name: &str, text: &[u8]| std::fs::write(here.join(name), text).expect("writable");
    for (arguments, words) in [
        (["solve", "x.gr", "--time", "-3"], "a number of seconds of 0 or more"),
        (["solve", "x.gr", "--time", "abc"], "a number of seconds of 0 or more"),
        (["share", "s.toml", "--amount", "-5"], "an amount of 0 or more"),
        (["calibrate", "x.csv", "--weight", "-1"], "0 to 1,000,000 invoices"),
    ] {
        let error = fails(here, &arguments, 2);
        assert!(error.contains(words) && !error.contains("-- -") && !error.contains("literal"), "{error}");
    }
    // A role that there is not names those that there are, and the help names them too.
    let error = fails(here, &["inspect", "wrongrole=x.csv"], 2);
    let help = ok(here, &["inspect", "--help"]);
    let roles: Vec<&str> = error.split('`').skip(3).step_by(2).filter(|role| *role != "auto").collect();
    assert!(roles.len() > 10 && error.contains("`wrongrole`"), "{error}");
    for role in roles {
        assert!(help.split(|c: char| !(c.is_alphanumeric() || c == '-')).any(|word| word == role), "{role}: {help}");
    }
    write("odd=name.csv", b"id,lon,lat\na,6.2,62.5\n");
    assert!(ok(here, &["inspect", "odd=name.csv"]).contains("1 premises"));
    assert!(fails(here, &["new", "."], 1).contains("is a folder"));
    assert!(fails(here, &["new", "absent.csv"], 1).contains("absent.csv: there is no such file"));
    // What is no problem, a part of one, and the proof of another.
    write("map.osm.pbf", b"\0\0\0\x0d\x0a\x09OSMHeader");
    assert!(fails(here, &["solve", "map.osm.pbf"], 3).contains("SteinLib's STP and PACE's graphs are read"));
    assert!(fails(here, &["solve", "."], 1).contains("is a folder"));
    write("square.gr", SQUARE.as_bytes());
    ok(here, &["solve", "square.gr", "--certificate", "text.gz", "--proof", "proof.txt"]);
    let packed = std::fs::read(here.join("text.gz")).expect("written");
    write("cut.gr", &packed[..packed.len().min(14)]);
    assert!(fails(here, &["solve", "cut.gr"], 3).contains("the gzipped file is cut off"));
    write(
        "other.gr",
        b"SECTION Graph\nNodes 2\nEdges 1\nE 1 2 1\nEND\nSECTION Terminals\nTerminals 1\nT 1\nEND\nEOF\n",
    );
    assert!(fails(here, &["verify", "other.gr", "--proof", "proof.txt"], 5).contains("is it a proof of other.gr?"));
}

#[test]
fn figures_are_told_once_and_in_the_singular_of_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    ok(here, &["synth", "-o", "region", "--premises", "300"]);
    let said = ok(here, &["plan", "region/scenario.toml", "-o", "plan", "--quiet"]);
    assert_eq!(said.matches("uncalibrated").count(), 1, "{said}");
    let bore = said.lines().find(|line| line.trim_start().starts_with("bore")).expect("some is bored");
    let cells: Vec<&str> = bore.split_whitespace().collect();
    assert!(cells.len() == 3 && cells[1].parse().is_ok_and(|times: u64| times > 0), "{bore}");
    // One file with all in it.
    let map = "<osm version='0.6'><node id='1' lat='62.1' lon='6.1'/><node id='2' lat='62.1' lon='6.11'/>\
               <node id='3' lat='62.1003' lon='6.105'><tag k='addr:street' v='Vegen'/><tag k='addr:housenumber' v='1'/></node>\
               <way id='1'><nd ref='1'/><nd ref='2'/><tag k='highway' v='residential'/></way></osm>";
    std::fs::write(here.join("map.osm"), map).expect("writable");
    let draft = ok(here, &["new", "map.osm", "--date", "2026-02-03"]);
    std::fs::write(here.join("one.toml"), draft).expect("writable");
    ok(here, &["plan", "one.toml", "-o", "one", "--quiet"]);
    assert!(ok(here, &["verify", "one", "--strict"]).contains("the input is the one that was planned"));
    std::fs::write(here.join("one.csv"), "id,lon,lat\na,6.2,62.5\n").expect("writable");
    let border = "{\"type\":\"Feature\",\"properties\":{\"kommunenummer\":\"1504\",\"name\":\"Å\"},\"geometry\":{\"type\":\
                  \"Polygon\",\"coordinates\":[[[6,62],[7,62],[7,63],[6,63],[6,62]]]}}";
    std::fs::write(here.join("border.geojson"), border).expect("writable");
    let said = ok(here, &["inspect", "one.csv", "borders=border.geojson"]);
    assert!(said.contains("1 municipality\n") && !said.contains("municipalities"), "{said}");
}
