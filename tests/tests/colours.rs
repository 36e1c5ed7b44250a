//! The map's colours are told apart by whoever sees fewer of them: each palette of the page's style sheet, by day (which is how it
//! prints) and by night, as protanopia, deuteranopia and tritanopia show it (Machado, Oliveira and Fernandes 2009), in CIEDE2000.
//! Reports and QGIS styles have the page's by day.
#![allow(clippy::disallowed_methods, reason = "no result of the program depends on these distances")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use breiband_export::palette;

type Triple = [f64; 3];

/// What eyes make of linear red, green and blue.
const EYES: [(&str, [Triple; 3]); 4] = [
    ("all colours", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ("protanopia", [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    (
        "deuteranopia",
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    ),
    ("tritanopia", [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
];

fn apply(matrix: &[Triple; 3], v: Triple) -> Triple {
    matrix.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

/// Linear red, green and blue of `#rrggbb`.
fn linear(hex: &str) -> Triple {
    [1, 3, 5].map(|at| {
        let part = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("a colour")) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    })
}

/// CIELAB of linear red, green and blue, under D65.
fn lab(rgb: Triple) -> Triple {
    let to_xyz =
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]];
    let [x, y, z] = apply(&to_xyz, rgb.map(|part| part.clamp(0.0, 1.0)));
    let f = |t: f64| if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 };
    let [fx, fy, fz] = [f(x / 0.95047), f(y), f(z / 1.08883)];
    [116.0 * fy - 16.0, 500.0 * (fx - fy), 200.0 * (fy - fz)]
}

/// The distance of two colours of CIELAB by CIEDE2000 (Sharma, Wu and Dalal 2005).
fn distance([l1, a1, b1]: Triple, [l2, a2, b2]: Triple) -> f64 {
    let far = |c: f64| (c.powi(7) / (c.powi(7) + 25_f64.powi(7))).sqrt();
    let length = |a: f64, b: f64| (a * a + b * b).sqrt();
    let g = 1.5 - 0.5 * far(f64::midpoint(length(a1, b1), length(a2, b2)));
    let (c1, c2) = (length(a1 * g, b1), length(a2 * g, b2));
    let hue = |a: f64, b: f64| b.atan2(a).to_degrees().rem_euclid(360.0);
    let (h1, h2) = (hue(a1 * g, b1), hue(a2 * g, b2));
    let turn = if c1 * c2 == 0.0 { 0.0 } else { (h2 - h1 + 180.0).rem_euclid(360.0) - 180.0 };
    let (dl, dc, dh) = (l2 - l1, c2 - c1, 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin());
    let (l, c) = (f64::midpoint(l1, l2), f64::midpoint(c1, c2));
    let h = match (h1 - h2).abs() {
        _ if c1 * c2 == 0.0 => h1 + h2,
        apart if apart <= 180.0 => f64::midpoint(h1, h2),
        _ => f64::midpoint(h1, h2) + 180.0,
    } % 360.0;
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0) - 0.2 * cos(4.0 * h - 63.0);
    let sl = 1.0 + 0.015 * (l - 50.0).powi(2) / (20.0 + (l - 50.0).powi(2)).sqrt();
    let (sc, sh) = (1.0 + 0.045 * c, 1.0 + 0.015 * c * t);
    let rt = -2.0 * far(c) * (60.0 * (-((h - 275.0) / 25.0).powi(2)).exp()).to_radians().sin();
    let (l, c, h) = (dl / sl, dc / sc, dh / sh);
    (l * l + c * c + h * h + rt * c * h).sqrt()
}

#[test]
fn distances_are_the_published_ones() {
    let cases = [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([22.7233, 20.0904, -46.6940], [23.0331, 14.9730, -42.5619], 2.0373),
        ([2.0776, 0.0795, -1.1350], [0.9033, -0.0636, -0.5514], 0.9082),
    ];
    for (a, b, expected) in cases {
        assert!((distance(a, b) - expected).abs() < 1e-4, "{}", distance(a, b));
    }
}

/// The style sheet's colours by name: by day and by night.
fn colours() -> BTreeMap<String, [String; 2]> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/assets/app.css");
    let text = fs::read_to_string(path).expect("the style sheet");
    let line = |line: &str| {
        let (name, rest) = line.trim().strip_prefix("--")?.split_once(": light-dark(#")?;
        let (day, night) = rest.split_once(')')?.0.split_once(", #")?;
        (day.len() == 6 && night.len() == 6).then(|| (name.to_owned(), [day, night].map(|hex| format!("#{hex}"))))
    };
    text.lines().filter_map(line).collect()
}

/// The pairs of colours that some eyes see less apart than so much.
fn too_close(named: &[(&str, &str)], least: f64) -> Vec<String> {
    let mut close = Vec::new();
    for (at, (a, first)) in named.iter().enumerate() {
        for (b, second) in &named[..at] {
            for (eyes, matrix) in &EYES {
                let seen = |hex: &str| lab(apply(matrix, linear(hex)));
                let apart = distance(seen(first), seen(second));
                if apart < least {
                    close.push(format!("{a} and {b}, {eyes}: {apart:.1} of {least}"));
                }
            }
        }
    }
    close
}

/// From far away roads are drawn in their casings' colour.
#[test]
fn roads_stand_out_from_the_ground() {
    let colours = colours();
    let light = |name: &str, at: usize| apply(&[[0.2126, 0.7152, 0.0722]; 3], linear(&colours[name][at]))[0] + 0.05;
    for road in ["map-casing", "map-track"] {
        for (at, when) in ["day", "night"].into_iter().enumerate() {
            let [road_light, ground] = [light(road, at), light("map-land", at)];
            let contrast = road_light.max(ground) / road_light.min(ground);
            assert!(contrast > 1.75, "{road} by {when}: {contrast:.2}");
        }
    }
}

#[test]
fn reports_and_styles_have_the_pages_colours() {
    let mut exported: Vec<(String, &str)> = Vec::new();
    // Equipment and running are no lines.
    let drawn = palette::METHODS.iter().filter(|(method, _)| !["equipment", "running"].contains(&method.name()));
    exported.extend(drawn.map(|(method, hex)| (format!("method-{}", method.name()), *hex)));
    exported.extend(palette::STATUSES.iter().map(|(status, hex)| (format!("status-{}", status.name()), *hex)));
    exported.extend((1..).zip(palette::YEARS).map(|(number, hex)| (format!("year-{number}"), hex)));
    exported.extend((0..).zip(palette::CURVES).map(|(number, hex)| (format!("curve-{number}"), hex)));
    let [here, there, ..] = palette::PLANS;
    let others = [
        ("year-built", palette::BUILT),
        ("year-later", palette::LATER),
        ("diff-here", here),
        ("diff-there", there),
        ("diff-both", palette::ALL_PLANS),
        ("map-pop", palette::POP),
        ("map-cabinet", palette::CABINET),
        ("map-mast", palette::MAST),
        ("map-handover", palette::HANDOVER),
        ("map-water", palette::WATER),
        ("map-border", palette::BORDER),
    ];
    exported.extend(others.map(|(name, hex)| (name.to_owned(), hex)));
    let colours = colours();
    for (name, hex) in &exported {
        assert_eq!(colours.get(name).map(|both| both[0].as_str()), Some(*hex), "{name}");
    }
    // None of the page's is missing there.
    for palette in ["method-", "status-", "curve-", "diff-"] {
        let missing = |name: &&String| name.starts_with(palette) && !exported.iter().any(|one| one.0 == **name);
        let missing: Vec<&String> = colours.keys().filter(missing).collect();
        assert!(missing.is_empty() || missing == ["status-unplanned"], "{missing:?}");
    }
}

#[test]
fn no_eyes_take_one_colour_for_another() {
    let colours = colours();
    // What stands beside a palette on the map, and how far apart two of it are at least: by a table's own order less will do, and
    // lines have their widths, their places and the pressed one's name besides.
    let palettes: [(&str, &[&str], f64); 12] = [
        ("status", &[], 12.0),
        ("technology", &["status-excluded"], 12.0),
        ("service", &["status-excluded"], 12.0),
        ("gets", &["status-excluded"], 12.0),
        ("cost", &["status-already_served"], 12.0),
        ("support", &["status-excluded"], 12.0),
        ("load", &[], 12.0),
        ("diff", &[], 12.0),
        ("fund", &[], 12.0),
        ("curve", &[], 12.0),
        ("method", &[], 8.0),
        ("year", &[], 6.8),
    ];
    let mut close = Vec::new();
    for (palette, beside, least) in palettes {
        let own = colours.keys().filter(|name| name.strip_prefix(palette).is_some_and(|rest| rest.starts_with('-')));
        let all: Vec<&str> = own.map(String::as_str).chain(beside.iter().copied()).collect();
        assert!(all.len() >= 3, "{palette}: {all:?}");
        for (theme, time) in ["day", "night"].iter().enumerate() {
            let named: Vec<(&str, &str)> = all.iter().map(|name| (*name, colours[*name][theme].as_str())).collect();
            close.extend(too_close(&named, least).into_iter().map(|pair| format!("{pair} by {time}")));
        }
    }
    // What the page compares is two plans; a report, up to six, what some have and what all have.
    let plans = palette::PLANS.iter().chain([&palette::ALL_PLANS, &palette::SOME_PLANS]);
    close.extend(too_close(&plans.map(|hex| (*hex, *hex)).collect::<Vec<_>>(), 12.0));
    assert!(close.is_empty(), "{}", close.join("\n"));
}
