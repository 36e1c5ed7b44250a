//! What is refused is said in every language of the page: no code and no reason without words, and of what a planner can
//! cause nothing in English but what a reader of files says.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use breiband_messages::{Language, known, page_text};
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

/// The literals of a source outside its tests and comments, each with the code before it.
fn literals(text: &str) -> Vec<(String, String)> {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n").replace("'\"'", "' '");
    let (mut found, mut rest) = (Vec::new(), code.as_str());
    while let Some((before, after)) = rest.split_once('"') {
        let mut literal = String::new();
        let mut letters = after.char_indices();
        let end = loop {
            match letters.next() {
                None => return found,
                Some((at, '"')) => break at,
                Some((_, '\\')) => match letters.next() {
                    Some((_, '\n')) => {
                        let skipped = letters.as_str().len() - letters.as_str().trim_start().len();
                        (0..skipped).for_each(|_| _ = letters.next());
                    }
                    Some((_, other)) => literal.push(other),
                    None => return found,
                },
                Some((_, letter)) => literal.push(letter),
            }
        };
        found.push((before.trim_end().to_owned(), literal));
        rest = &after[end + 1..];
    }
    found
}

#[test]
fn every_sentence_of_the_core_is_known_in_every_language() {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core");
    // Of the model, all that says more than a word or two, but for what comes from others or is said in English alone; elsewhere what
    // begins as sentences do.
    let others = ["#[error(", "unreachable!(", "format!(", "name:", "source:", "reason =", "rename =", "default ="];
    let begins =
        ["words =", "::with(", " is(", "of_column(", "said(", "&str =", "Role(", "hint: Some(", "unknown(", "=> {"];
    let model =
        ["partnership", "game", "business", "policy", "policy_change", "cost_book", "mix", "scenario", "support"];
    let programme = ["build", "treasurer", "orders", "game/ground"];
    let import = ["format", "geojson", "geopackage", "place", "table/mod", "table/columns", "lib"];
    let mut found = 0;
    for (part, files) in [("model", &model[..]), ("programme", &programme), ("import", &import)] {
        for file in files {
            let text = fs::read_to_string(core.join(format!("{part}/src/{file}.rs"))).expect("text");
            for (before, literal) in literals(&text).into_iter().filter(|(_, literal)| literal.matches(' ').count() > 1)
            {
                let is_one = match part {
                    "model" => !others.iter().any(|opener| before.ends_with(opener)),
                    _ => begins.iter().any(|opener| before.ends_with(opener)) && !literal.starts_with("OSM ("),
                };
                if is_one {
                    let [english, others @ ..] = Language::ALL.map(|language| known(language, &literal));
                    assert_eq!(english, Some(literal.as_str()), "{part}/{file}");
                    assert!(
                        others.iter().all(|other| other.is_some() && *other != english),
                        "{part}/{file}: {literal}"
                    );
                    found += 1;
                }
            }
        }
    }
    assert!(found > 120, "{found}");
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
        ("import", "kolonnene i første linje er", named("map.csv", b"colour;size\nred;3\n")),
        ("plan", "adresser", named("roads.geojson", roads)),
        ("import", "\"Topology\", som ikke er en av", named("map.geojson", br#"{"type":"Topology"}"#)),
        ("import", "er ingen steder i EPSG:4326", named("places.csv", b"id;lon;lat\n1;600000;6900000\n")),
        (
            "scenario",
            "linje 8: programme.budget[2].year: budsjettet for 2028 mangler",
            scenario("[[programme.budget]]\nyear = 2027\namount = 1\n[[programme.budget]]\nyear = 2029\namount = 1\n"),
        ),
        (
            "scenario",
            "programme.key[1]: delene blir 90.000 %",
            scenario("[[programme.key]]\nname = \"a\"\nparts = [{ by = \"equal\", per_cent = 90 }]\n"),
        ),
        ("scenario", "0 til 100 prosent", scenario("[support]\nper_cent = 300\n")),
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
    assert!(english.contains("from 0 to") && nb.contains("fra 0 til") && nn.contains("frå 0 til"), "{nb} / {nn}");
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
    let wrong = Some(breiband_wire::Setting::Number(Some(300.0)));
    desk.edit(Edit::Policy("fill_per_cent".to_owned(), wrong));
    let (code, [_, nb, nn]) = refused(&desk);
    assert_eq!(code, "policy");
    assert!(nb.contains("må være over 0 og ikke over 100") && nn.contains("må vere over 0"), "{nb} / {nn}");
    // A cost book with a fault is no scenario.
    let book = breiband::CostBook::example_text().replace("verges = 2", "verges = 3").into_bytes();
    let give = |desk: &mut Desk, name: &str, bytes| {
        let open = Command::Open { names: vec![name.to_owned()], replace: false, today: "2026-01-01".to_owned() };
        desk.ask(open, vec![bytes]);
        desk.finish();
    };
    give(&mut desk, "dear.toml", book);
    let (_, [english, nb, _]) = refused(&desk);
    assert!(nb.contains("verges må være 1 eller 2") && english != nb, "{nb}");
    // Orders are told of where the years are.
    give(&mut desk, "orders.csv", b"id,municipality,targets\no,1,\n".to_vec());
    let problem = desk.last(|event| match event {
        Event::Programme(Some(programme)) => Some(programme.problem.clone()),
        _ => None,
    });
    let nb = said(Language::Nb, &problem.expect("a programme"));
    assert!(nb.starts_with("orders.csv: linje 2: en bestilling har"), "{nb}");
    let unknown = Value::Known("A book of its author's".to_owned());
    assert_eq!(said(Language::Nb, &unknown), "A book of its author's");
}
