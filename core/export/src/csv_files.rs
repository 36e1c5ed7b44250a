//! Tables for spreadsheets and scripts: UTF-8, comma, decimal point, names in English whatever the report's language.

use breiband_model::Origin;

use crate::stretch::side_name;
use crate::view::{Drawn, PlanView, name_of};

/// A spreadsheet takes text that begins like this for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Text from outside, kept from being run: a formula gets an apostrophe in front.
pub(crate) fn text(cell: &str) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

pub(crate) struct Table {
    writer: csv::Writer<Vec<u8>>,
    attribution: String,
}

impl Table {
    pub(crate) fn new(view: &PlanView<'_>, columns: &[&str]) -> Self {
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing to memory cannot fail.
        let _ = writer.write_record(columns.iter().chain(&["attribution"]));
        Self { writer, attribution: text(&view.attribution()) }
    }

    /// The attribution stands in each row: rows are sorted, filtered and copied, and it has to go with them.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        let cells = cells.iter().chain([&self.attribution]);
        let _ = self.writer.write_record(cells);
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.writer.into_inner().unwrap_or_default()
    }
}

pub(crate) fn length(mm: u64) -> String {
    format!("{}.{:03}", mm / 1000, mm % 1000)
}

/// `premises.csv`
pub(crate) fn premises(drawn: &Drawn<'_>) -> Vec<u8> {
    let mut table = Table::new(
        drawn.view,
        &[
            "id",
            "street",
            "number",
            "postcode",
            "city",
            "parcel",
            "municipality_code",
            "municipality",
            "lon",
            "lat",
            "kind",
            "households",
            "households_assumed",
            "down_mbps_today",
            "signed_up",
            "status",
            "reason",
            "route_m",
            "drop_m",
            "drop_cost",
            "cost_share",
        ],
    );
    for row in &drawn.premises {
        let p = row.premises;
        let [lon, lat] = row.lon_lat;
        let connected = row.outcome.drop.is_some();
        table.row(vec![
            text(&p.external_id),
            text(&p.street),
            text(&p.number),
            text(&p.postcode),
            text(&p.city),
            text(&p.parcel),
            text(row.municipality.0),
            text(row.municipality.1),
            format!("{lon:.7}"),
            format!("{lat:.7}"),
            name_of(p.kind),
            p.households.to_string(),
            u8::from(p.households_assumed).to_string(),
            p.service.as_ref().map(|service| service.down_mbps.to_string()).unwrap_or_default(),
            p.signed_up.map(|yes| u8::from(yes).to_string()).unwrap_or_default(),
            row.outcome.status.name().to_owned(),
            row.outcome.reason.name().to_owned(),
            if connected { length(row.outcome.distance_mm) } else { String::new() },
            if connected { length(row.drop_mm) } else { String::new() },
            row.drop_cost.map(|cost| cost.to_string()).unwrap_or_default(),
            row.share.map(|share| format!("{share:.2}")).unwrap_or_default(),
        ]);
    }
    table.finish()
}

/// `network.csv`: one row for each stretch of what is built; `edge` is the row's edge in `graph.csv.gz`.
pub(crate) fn network(drawn: &Drawn<'_>) -> Vec<u8> {
    let columns = ["edge", "kind", "method", "price", "origin", "name", "side", "length_m", "count", "cost"];
    let mut table = Table::new(drawn.view, &columns);
    for stretch in &drawn.stretches {
        table.row(vec![
            stretch.edge.as_u32().to_string(),
            stretch.kind.name().to_owned(),
            stretch.method.map(name_of).unwrap_or_default(),
            text(stretch.price),
            text(drawn.view.origin_id(stretch.origin)),
            text(&drawn.view.origin_label(stretch.origin)),
            side_name(stretch.side).to_owned(),
            length(stretch.mm),
            stretch.count.to_string(),
            stretch.cost.to_string(),
        ]);
    }
    table.finish()
}

/// `issues.csv`: every problem met on the way.
pub(crate) fn issues(view: &PlanView<'_>) -> Vec<u8> {
    let mut table = Table::new(view, &["code", "severity", "file", "record", "field", "value", "message"]);
    for issue in view.issues {
        let cells = [&issue.file, &issue.record, &issue.field, &issue.value, &issue.message];
        let head = [text(&issue.code), name_of(issue.severity)];
        table.row(head.into_iter().chain(cells.map(|cell| text(cell))).collect());
    }
    table.finish()
}

/// `left-out.csv`: everything that could have been in the graph and is not.
pub(crate) fn left_out(view: &PlanView<'_>) -> Vec<u8> {
    let mut table = Table::new(view, &["made_from", "origin", "name", "reason", "length_m", "detail"]);
    for left in &view.network.left_out {
        table.row(vec![
            made_from(left.origin).to_owned(),
            text(view.origin_id(left.origin)),
            text(&view.origin_label(left.origin)),
            left.reason.name().to_owned(),
            length(left.length_mm),
            text(&left.detail),
        ]);
    }
    table.finish()
}

/// What kind of thing an origin is.
pub(crate) fn made_from(origin: Origin) -> &'static str {
    match origin {
        Origin::Way(_) => "way",
        Origin::Premises(_) => "premises",
        Origin::Line(_) => "line",
        Origin::Handover(_) => "handover",
        Origin::Derived => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_not_run() {
        for cell in ["=1+1", "+47", "-5", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(text(cell), format!("'{cell}"));
        }
        assert_eq!(text("Gardsvegen 1"), "Gardsvegen 1");
        assert_eq!(length(1_234_005), "1234.005");
    }
}
