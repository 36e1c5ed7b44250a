//! Styles for QGIS (QML), in the colours of the report's map.

use breiband_messages::{Language, text};
use breiband_model::{Method, PlaceKind, Status};

use crate::palette::{self, METHODS, STATUSES};

/// Names and values of a symbol layer's options.
type Options<'a> = Vec<(&'a str, String)>;

fn rgb(colour: &str) -> String {
    let part = |at: usize| u8::from_str_radix(colour.get(at..at + 2).unwrap_or("00"), 16).unwrap_or(0);
    format!("{},{},{},255", part(1), part(3), part(5))
}

fn symbol(name: &str, kind: &str, class: &str, options: &Options<'_>) -> String {
    let mut out = format!("<symbol name=\"{name}\" type=\"{kind}\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">");
    out += &format!("<layer class=\"{class}\" enabled=\"1\" locked=\"0\" pass=\"0\"><Option type=\"Map\">");
    for (name, value) in options {
        out += &format!("<Option name=\"{name}\" type=\"QString\" value=\"{value}\"/>");
    }
    out += "</Option></layer></symbol>";
    out
}

fn line_symbol(name: &str, colour: &str, width: &str, style: &str) -> String {
    let options = vec![
        ("line_color", rgb(colour)),
        ("line_width", width.to_owned()),
        ("line_width_unit", "MM".to_owned()),
        ("line_style", style.to_owned()),
        ("capstyle", "round".to_owned()),
        ("joinstyle", "round".to_owned()),
    ];
    symbol(name, "line", "SimpleLine", &options)
}

fn marker(name: &str, shape: &str, colour: &str, outline: &str, size: &str) -> String {
    let options = vec![
        ("name", shape.to_owned()),
        ("color", rgb(colour)),
        ("outline_color", rgb(outline)),
        ("outline_width", "0.2".to_owned()),
        ("outline_width_unit", "MM".to_owned()),
        ("size", size.to_owned()),
        ("size_unit", "MM".to_owned()),
    ];
    symbol(name, "marker", "SimpleMarker", &options)
}

fn document(renderer: &str) -> String {
    format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22.0\" styleCategories=\"Symbology\">{renderer}</qgis>\n"
    )
}

fn single(symbol: &str) -> String {
    document(&format!(
        "<renderer-v2 type=\"singleSymbol\" symbollevels=\"0\" enableorderby=\"0\" forceraster=\"0\"><symbols>{symbol}</symbols></renderer-v2>"
    ))
}

/// A style by the values of `attribute`: for each its label and symbol, whose name is its position.
fn categories(attribute: &str, rows: &[(String, String, String)]) -> String {
    let mut out = format!(
        "<renderer-v2 type=\"categorizedSymbol\" attr=\"{attribute}\" symbollevels=\"0\" enableorderby=\"0\" forceraster=\"0\"><categories>"
    );
    for (at, (value, label, _)) in rows.iter().enumerate() {
        out += &format!(
            "<category symbol=\"{at}\" value=\"{value}\" label=\"{}\" render=\"true\"/>",
            crate::html::escape(label)
        );
    }
    out += "</categories><symbols>";
    out.extend(rows.iter().map(|(_, _, symbol)| symbol.as_str()));
    out += "</symbols></renderer-v2>";
    document(&out)
}

pub(crate) fn network(language: Language) -> String {
    let rows: Vec<_> = METHODS
        .iter()
        .enumerate()
        .map(|(at, (method, colour))| {
            let value = method.name().to_owned();
            let label = text(language, &format!("method.{value}"), &[]);
            let (width, style) = match method {
                Method::Subsea => ("0.6", "dash"),
                Method::Radio => ("0.2", "dot"),
                _ => ("0.6", "solid"),
            };
            (value, label, line_symbol(&at.to_string(), colour, width, style))
        })
        .collect();
    categories("method", &rows)
}

pub(crate) fn premises(language: Language) -> String {
    let rows: Vec<_> = STATUSES
        .iter()
        .enumerate()
        .map(|(at, (status, colour))| {
            let (shape, size) = if *status == Status::Unreachable { ("triangle", "2.6") } else { ("circle", "1.6") };
            let label = text(language, &format!("status.{}", status.name()), &[]);
            (status.name().to_owned(), label, marker(&at.to_string(), shape, colour, "#ffffff", size))
        })
        .collect();
    categories("status", &rows)
}

pub(crate) fn crossings() -> String {
    let bored = METHODS.iter().find(|one| one.0 == Method::Bore).map_or("#000000", |one| one.1);
    single(&marker("0", "square", "#ffffff", bored, "1.4"))
}

pub(crate) fn handovers() -> String {
    single(&marker("0", "star", palette::HANDOVER, "#ffffff", "5"))
}

pub(crate) fn masts() -> String {
    single(&marker("0", "pentagon", palette::MAST, "#ffffff", "4"))
}

pub(crate) fn places(language: Language) -> String {
    let rows: Vec<(String, String, String)> = [
        (PlaceKind::PointOfPresence, "diamond", palette::POP, "4.4"),
        (PlaceKind::Cabinet, "square", palette::CABINET, "2.8"),
    ]
    .into_iter()
    .enumerate()
    .map(|(at, (kind, shape, colour, size))| {
        let label = text(language, &format!("place.{}", kind.name()), &[]);
        (kind.name().to_owned(), label, marker(&at.to_string(), shape, colour, "#ffffff", size))
    })
    .collect();
    categories("kind", &rows)
}

pub(crate) fn ways() -> String {
    single(&line_symbol("0", "#c9c6c0", "0.26", "solid"))
}

pub(crate) fn municipalities() -> String {
    let options = vec![
        ("style", "no".to_owned()),
        ("outline_color", rgb(palette::BORDER)),
        ("outline_style", "dash".to_owned()),
        ("outline_width", "0.3".to_owned()),
        ("outline_width_unit", "MM".to_owned()),
    ];
    single(&symbol("0", "fill", "SimpleFill", &options))
}
