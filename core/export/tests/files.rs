//! Every format is read back, by this project's readers and by other programs where they are installed.
#![allow(clippy::print_stderr)]

mod sample;

use std::process::Command;

use breiband_export::{OutputFile, summary_html};
use breiband_messages::Language;
use breiband_model::{Money, Status};
use breiband_sqlite::Reader;
use breiband_sqlite::geopackage::{Geometry, features, layers};
use sample::sample;

fn file<'a>(files: &'a [OutputFile], name: &str) -> &'a [u8] {
    &files.iter().find(|file| file.name == name).unwrap_or_else(|| panic!("no {name}")).bytes
}

fn rows(bytes: &[u8]) -> (Vec<String>, Vec<csv::StringRecord>) {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    (header, reader.records().map(|row| row.unwrap()).collect())
}

#[test]
fn the_same_plan_gives_the_same_bytes_and_each_file_its_attribution() {
    let files = sample(20, false).files();
    assert_eq!(files, sample(20, false).files());
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let expect = [
        "plan.gpkg",
        "network.geojson",
        "premises.geojson",
        "premises.csv",
        "network.csv",
        "issues.csv",
        "left-out.csv",
        "summary.html",
        "summary.json",
    ];
    assert_eq!(names, expect);
    for file in &files {
        let needle = "© OpenStreetMap contributors (ODbL)".as_bytes();
        assert!(file.bytes.windows(needle.len()).any(|window| window == needle), "{}", file.name);
    }
    let out = std::env::var_os("BREIBAND_EXPORT_OUT");
    if let Some(folder) = out {
        for (name, roads, tall) in [("wide", 40, false), ("tall", 40, true), ("small", 1, false)] {
            let sample = sample(roads, tall);
            for language in Language::ALL {
                let path = std::path::Path::new(&folder).join(format!("{name}-{}.html", language.code()));
                std::fs::write(path, summary_html(&sample.view(), language)).unwrap();
            }
        }
        for file in &files {
            std::fs::write(std::path::Path::new(&folder).join(&file.name), &file.bytes).unwrap();
        }
    }
}

#[test]
fn tables_add_up_and_run_no_formula() {
    let sample = sample(20, false);
    let files = sample.files();
    let (header, premises) = rows(file(&files, "premises.csv"));
    assert_eq!(premises.len(), sample.region.premises.len());
    let column = |name: &str| header.iter().position(|h| h == name).unwrap();
    assert_eq!(&premises[1][column("street")], "'=cmd()");
    assert_eq!(&premises[0][column("postcode")], "0612");
    assert_eq!(
        premises.iter().filter(|row| &row[column("status")] == "connected").count() as u64,
        sample.summary.connected
    );
    let shares: f64 = premises.iter().filter_map(|row| row[column("cost_share")].parse::<f64>().ok()).sum();
    // Everything is built for somebody but the cable over the lake; shares are rounded to the minor unit one by one.
    let lake = sample
        .network
        .edges
        .iter()
        .find(|edge| sample.network.parts_of(edge).iter().any(|p| p.kind.name() == "water"))
        .unwrap();
    let idle: Money = sample
        .route
        .edges
        .iter()
        .map(|id| &sample.network.edges[id.index()])
        .filter(|e| idle(&sample, e))
        .map(|e| e.cost)
        .sum();
    assert!(idle >= lake.cost);
    let expect = sample.summary.cost - idle.as_major();
    assert!((shares - expect).abs() <= 0.01 * premises.len() as f64, "{shares} {expect}");

    let (header, network) = rows(file(&files, "network.csv"));
    let column = |name: &str| header.iter().position(|h| h == name).unwrap();
    let total: f64 = network.iter().map(|row| row[column("cost")].parse::<f64>().unwrap()).sum();
    assert!((total - sample.summary.cost).abs() < 0.01);
    let metres: f64 = network.iter().map(|row| row[column("length_m")].parse::<f64>().unwrap()).sum();
    assert!((metres - sample.summary.trench_metres).abs() < 0.01);

    let (_, issues) = rows(file(&files, "issues.csv"));
    assert_eq!((&issues[0][2], &issues[1][5]), ("a, \"b\".pbf", "'-5 m"));
    let (_, left) = rows(file(&files, "left-out.csv"));
    assert_eq!(
        left[0].iter().take(6).collect::<Vec<_>>(),
        ["way", "way/41", "Stengt <veg>", "forbidden-by-rule", "848.528", "motorway"].map(|s| if s == "way/221" {
            "way/41"
        } else {
            s
        })
    );
}

/// Whether nobody is behind an edge of the sample: the far end of a road whose last houses are not connected, or the lake.
fn idle(sample: &sample::Sample, edge: &breiband_model::Edge) -> bool {
    let mut open = vec![edge.head];
    while let Some(vertex) = open.pop() {
        if sample.network.terminals.iter().any(|t| t.vertex == vertex) {
            return false;
        }
        open.extend(sample.network.edges.iter().filter(|e| e.tail == vertex).map(|e| e.head));
    }
    true
}

#[test]
fn geojson_is_geojson() {
    let sample = sample(6, false);
    let files = sample.files();
    for (name, count) in [
        ("premises.geojson", sample.region.premises.len()),
        ("network.geojson", rows(file(&files, "network.csv")).1.len()),
    ] {
        let text = std::str::from_utf8(file(&files, name)).unwrap();
        let parsed: geojson::FeatureCollection = text.parse().unwrap();
        assert_eq!(parsed.features.len(), count, "{name}");
        assert!(parsed.foreign_members.unwrap().contains_key("attribution"));
        for feature in parsed.features {
            assert!(feature.geometry.is_some() && feature.properties.is_some());
        }
    }
    let text = std::str::from_utf8(file(&files, "premises.geojson")).unwrap();
    let longest = text
        .split(['[', ',', ']'])
        .filter_map(|t| t.split_once('.'))
        .filter(|(_, f)| f.bytes().all(|b| b.is_ascii_digit()))
        .map(|(_, f)| f.len())
        .max();
    assert_eq!(longest, Some(7));
}

#[test]
fn the_geopackage_holds_every_layer() {
    let sample = sample(20, false);
    let files = sample.files();
    let bytes = file(&files, "plan.gpkg");
    let reader = Reader::new(bytes).unwrap();
    let layers = layers(&reader).unwrap();
    let mut counts = Vec::new();
    for layer in &layers {
        assert_eq!(layer.epsg, Some(4326));
        counts.push((
            layer.name.as_str(),
            features(&reader, layer).unwrap().inspect(|f| assert!(f.as_ref().unwrap().geometry.is_ok())).count(),
        ));
    }
    let stretches = rows(file(&files, "network.csv")).1.len();
    assert_eq!(counts[0].1 + counts[1].1, stretches);
    let expect = [("premises", 200), ("handovers", 1), ("ways", 41), ("municipalities", 2), ("left_out", 2)];
    assert_eq!(counts[2..], expect);
    let styles = reader.rows("layer_styles").unwrap();
    assert_eq!(styles.count(), 6);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.gpkg");
    std::fs::write(&path, bytes).unwrap();
    let Ok(output) = Command::new("ogrinfo").args(["-so", "-al"]).arg(&path).output() else {
        eprintln!("SKIPPED: ogrinfo is not installed");
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    for (name, count) in counts {
        let after = text.split(&format!("Layer name: {name}\n")).nth(1).unwrap_or_else(|| panic!("{name}: {text}"));
        let line = after.lines().find(|line| line.starts_with("Feature Count")).unwrap();
        assert_eq!(line, format!("Feature Count: {count}"), "{name}");
    }
}

#[test]
fn verges_are_drawn_on_their_side_whichever_way_the_line_runs() {
    let sample = sample(2, false);
    let files = sample.files();
    let reader = Reader::new(file(&files, "plan.gpkg")).unwrap();
    let layers = layers(&reader).unwrap();
    let side = layers[0].columns.iter().position(|c| c == "side").unwrap();
    let mut seen = 0;
    for feature in features(&reader, &layers[0]).unwrap() {
        let feature = feature.unwrap();
        let (Some(Geometry::LineString(line)), Some(side)) =
            (feature.geometry.unwrap(), feature.values[side].as_text().map(str::to_owned))
        else {
            continue;
        };
        let way = sample.region.way_points(breiband_model::WayId::new(if side == "left" { 0 } else { 2 }));
        let projection = breiband_spatial::Projection::new(sample.region.plane);
        let drawn = projection.to_plane(line[0][0], line[0][1]).unwrap();
        if side.is_empty() || drawn.distance_mm(way[0]) > 10_000 {
            continue;
        }
        let (along, off) = ((way[1].x - way[0].x, way[1].y - way[0].y), (drawn.x - way[0].x, drawn.y - way[0].y));
        let cross = i64::from(along.0) * i64::from(off.1) - i64::from(along.1) * i64::from(off.0);
        assert_eq!(cross > 0, side == "left");
        assert!((1_900..2_100).contains(&drawn.distance_mm(way[0])));
        seen += 1;
    }
    assert_eq!(seen, 2);
}

#[test]
fn the_page_says_the_figures_in_each_language_and_runs_nothing() {
    let sample = sample(20, true);
    for (language, gap, cost_word, notice, range) in [
        (Language::En, "0.39\u{a0}%", "NOK\u{a0}", "Invented data", "eight such projects in ten cost NOK\u{a0}1,2"),
        (Language::Nb, "0,39\u{a0}%", "\u{a0}kr", "Oppdiktede data", "åtte av ti slike prosjekter 1\u{a0}23"),
        (Language::Nn, "0,39\u{a0}%", "\u{a0}kr", "Oppdikta data", "åtte av ti slike prosjekt 1\u{a0}23"),
    ] {
        let html = summary_html(&sample.view(), language);
        let example = match language {
            Language::En => "uncalibrated",
            Language::Nb => "ikke kalibrert",
            Language::Nn => "ikkje kalibrert",
        };
        for part in
            [gap, cost_word, example, "Øvre Vik &amp; Dal", notice, range, "© OpenStreetMap contributors (ODbL)"]
        {
            assert!(html.contains(part), "{part} in {}", language.code());
        }
        assert_eq!(html.contains("uncalibrated"), language == Language::En, "no English on a Norwegian page");
        for none in ["<script", "report.", "status.", "reason.", "method.", "style=", "http://www.example", "src="] {
            assert!(!html.contains(none), "{none} in {}", language.code());
        }
        // Well-formed enough for an XML parser, but for the void elements in the head.
        assert_eq!(html.matches("<section>").count(), html.matches("</section>").count());
    }
    assert_eq!(
        sample.summary.connected,
        sample.route.outcomes.iter().filter(|o| o.status == Status::Connected).count() as u64
    );
}
