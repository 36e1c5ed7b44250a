//! What is refused is said in every language of the page: no code and no reason without words, and of what a planner can
//! cause nothing in English but what a reader of files says.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use breiband_messages::{Language, page_text, shipped};
use breiband_wire::{Command, Edit, Event, GoalKind, GoalView, MastView, Value};

use support::{Desk, region, said};

/// The texts of a folder's sources, without their tests.
fn sources(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, all);
        } else {
            let text = fs::read_to_string(&path).expect("text");
            all.push_str(text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default());
        }
    }
}

/// What stands in quotes after each `opener`.
fn quoted<'t>(text: &'t str, opener: &str) -> BTreeSet<&'t str> {
    text.split(opener).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_refusal_has_words() {
    let mut text = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    let (codes, reasons) = (quoted(&text, "refuse(\""), quoted(&text, "why(\""));
    assert!(codes.len() > 20 && reasons.len() > 30, "{codes:?} {reasons:?}");
    // A pointer that comes too late is told to nobody.
    for code in codes.into_iter().filter(|code| *code != "no-drawing") {
        assert!(page_text(Language::En, &format!("failure.{code}")).is_some(), "{code}");
    }
    for reason in reasons {
        assert!(page_text(Language::En, &format!("why.{reason}")).is_some(), "{reason}");
    }
}

#[test]
fn every_remedy_of_a_scenario_is_known_in_every_language() {
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/model/src");
    let mut found = 0;
    for file in ["scenario.rs", "support.rs"] {
        let text = fs::read_to_string(model.join(file)).expect("text");
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for literal in code.flat_map(|line| line.split('"').skip(1).step_by(2)) {
            let begins = ["choose ", "give ", "write ", "add ", "propose ", "take ", "name ", "it ", "a forbidden "];
            if begins.iter().any(|begin| literal.starts_with(begin)) {
                let [english, others @ ..] = Language::ALL.map(|language| shipped(language, literal));
                assert!(others.iter().all(|other| *other != english), "{file}: {literal}");
                found += 1;
            }
        }
    }
    assert!(found > 30, "{found}");
}

/// The last refusal: its code and its words in the three languages.
fn refused(desk: &Desk) -> (String, [String; 3]) {
    let told = desk.last(|event| match event {
        Event::Failed { code, detail } => Some((code.clone(), detail.clone())),
        _ => None,
    });
    let (code, detail) = told.expect("it is refused");
    (code, Language::ALL.map(|language| said(language, &detail)))
}

fn opened(files: Vec<(String, Vec<u8>)>) -> Desk {
    let mut desk = Desk::new();
    let (names, attachments) = files.into_iter().unzip();
    desk.ask(Command::Open { names, replace: true, today: "2026-01-01".to_owned() }, attachments);
    desk.finish();
    if desk.heard(|event| matches!(event, Event::Failed { .. })) == 0 {
        desk.run(Command::Plan);
    }
    desk
}

#[test]
fn what_a_planner_can_cause_is_said_in_three_languages() {
    let named = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
    let scenario =
        |text: &str| named("s.toml", format!("version = 1\nname = \"s\"\ndate = \"2026-01-01\"\n{text}").as_bytes());
    let roads = br#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"highway":"residential"},
        "geometry":{"type":"LineString","coordinates":[[6.1,62.4],[6.11,62.4]]}}]}"#;
    let cases = [
        ("import", "tom", named("empty.csv", b"")),
        ("import", "bilde", named("map.csv", b"\x89PNG\r\n")),
        ("import", "zip-arkiv", named("map.shp", b"PK\x03\x04\x14\0")),
        ("import", "Formatet", named("map.bin", b"\x01\0\0\0\x02")),
        ("import", "UTF-8", named("map.csv", b"address;lat;lon\nB\xe5tveien;62;6\n")),
        ("import", "kolonner", named("map.csv", b"colour;size\nred;3\n")),
        ("plan", "adresser", named("roads.geojson", roads)),
        ("scenario", "linje 4: language er «fr»: velg en", scenario("language = \"fr\"\n")),
        ("scenario", "Leseren sier", scenario("wishes = 3\n")),
        ("scenario", "nyere", named("s.toml", b"version = 7\nname = \"s\"\ndate = \"2026-01-01\"\n")),
    ];
    for (wanted, part, file) in cases {
        let name = file.0.clone();
        let (code, [english, nb, nn]) = refused(&opened(vec![file]));
        assert!(code == wanted && nb.contains(part), "{name}: {code}: {nb}");
        assert!(english != nb && english != nn && nb != nn, "{name}: {english} / {nb} / {nn}");
    }
}

#[test]
fn a_refused_edit_is_said_in_three_languages() {
    let mut desk = opened(region(120));
    let goal = GoalView { kind: GoalKind::Budget, homes: false, amount: -1.0 };
    desk.edit(Edit::Goal(goal));
    let (code, [english, nb, nn]) = refused(&desk);
    assert_eq!(code, "scenario");
    assert!(english.contains("0 or more") && nb.contains("0 eller mer") && nn.contains("0 eller meir"), "{nb} / {nn}");
    let bounds = desk.last(|event| match event {
        Event::Region(region) => region.bounds_e7,
        _ => None,
    });
    let [west, south, east, north] = bounds.expect("a region").map(|e7| f64::from(e7) / 1e7);
    let place = [f64::midpoint(west, east), f64::midpoint(south, north)];
    let mast = MastView { name: "M".to_owned(), place, ..MastView::default() };
    desk.edit(Edit::Mast(None, Some(mast.clone())));
    desk.edit(Edit::Mast(None, Some(mast)));
    let (_, [_, nb, nn]) = refused(&desk);
    assert!(nb.contains("hver mast sitt eget navn") && nn.contains("kvar mast sitt eige namn"), "{nb} / {nn}");
    let key = |at, name: &str| Edit::Key { at, name: name.to_owned(), parts: vec![("equal".to_owned(), 100.0)] };
    desk.edit(Edit::Programme(3));
    desk.edit(key(None, "Likt"));
    desk.edit(key(None, "Likt"));
    assert_eq!(refused(&desk).0, "name-taken");
    let unknown = Value::Known("A book of its author's".to_owned());
    assert_eq!(said(Language::Nb, &unknown), "A book of its author's");
}
