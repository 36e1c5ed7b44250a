//! A plan as files: one GeoPackage for GIS, GeoJSON and CSV for everything else, and one page for the council.
//!
//! Architecture invariant: the same plan gives the same bytes. There is no clock here; the date is the scenario's. Every file
//! carries the attribution that its data asks for: in the GeoPackage in each layer's description, in GeoJSON as the member
//! `attribution`, in CSV in the last column of every row.

mod business;
mod compare;
mod csv_files;
mod game;
mod geojson_files;
mod gpkg;
mod html;
mod map;
pub mod palette;
mod premises;
mod programme;
mod qgis;
mod report;
mod rows;
mod services;
mod stretch;
mod support;
mod together;
mod view;

pub use compare::{MOST_SIDES, Side, comparison_files, comparison_table};
pub use html::{SUMMARY_STYLE, assumption, summary_html};
pub use premises::shares;
pub use programme::programme_files;
pub use report::report_html;
pub use rows::Rows;
pub use view::{OutputFile, PlanView};

/// All the files that people and other programs read, `summary.html` in the scenario's language. Linear in the plan's size.
pub fn all(view: &PlanView<'_>) -> Vec<OutputFile> {
    let drawn = view::Drawn::new(view);
    let file = |name: &str, bytes: Vec<u8>| OutputFile { name: name.to_owned(), bytes };
    let mut files = vec![
        file("plan.gpkg", gpkg::geopackage(&drawn)),
        file("network.geojson", geojson_files::network(&drawn)),
        file("premises.geojson", geojson_files::premises(&drawn)),
        file("premises.csv", csv_files::premises(&drawn)),
        file("network.csv", csv_files::network(&drawn)),
        file("issues.csv", csv_files::issues(view)),
        file("left-out.csv", csv_files::left_out(view)),
        file("summary.html", html::page(&drawn, view.language()).into_bytes()),
        file("summary.json", summary_json(view)),
    ];
    if view.summary.mix.is_some() {
        files.push(file("masts.geojson", geojson_files::masts(&drawn)));
        files.push(file("masts.csv", csv_files::masts(&drawn)));
    }
    if !view.summary.places.is_empty() {
        files.push(file("places.geojson", geojson_files::places(&drawn)));
        files.push(file("places.csv", csv_files::places(view)));
    }
    files
}

/// `summary.json`: the [`Summary`](breiband_model::Summary) as it is, for programs.
pub fn summary_json(view: &PlanView<'_>) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(view.summary).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
