//! Tables for spreadsheets and scripts: UTF-8, comma, decimal point, names in English whatever the report's language.

use std::borrow::Cow;

use breiband_model::{Method, Origin};

use crate::rows::Rows;
use crate::stretch::side_name;
use crate::view::{Drawn, PlanView, name_of, within_180};

/// A spreadsheet takes text that begins like this for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Text from outside, kept from being run: a formula gets an apostrophe in front.
pub(crate) fn text(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(FORMULA) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

pub(crate) struct Table {
    rows: Rows,
    /// The row's last cell.
    attribution: Vec<u8>,
}

impl Table {
    pub(crate) fn new(view: &PlanView<'_>, columns: &[&str]) -> Self {
        let mut rows = Rows::default();
        rows.text(&text(&view.attribution()));
        let attribution = rows.take();
        columns.iter().chain(&["attribution"]).for_each(|column| rows.text(column));
        rows.end();
        Self { rows, attribution }
    }

    /// A row, cell by cell.
    ///
    /// The attribution stands in each row: rows are sorted, filtered and copied, and it has to go with them.
    pub(crate) fn write(&mut self, cells: impl FnOnce(&mut Rows)) {
        cells(&mut self.rows);
        self.rows.cells(&self.attribution);
        self.rows.end();
    }

    pub(crate) fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.write(|row| cells.into_iter().for_each(|cell| row.text(cell.as_ref())));
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.rows.take()
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
            "technology",
            "delivers_mbps",
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
        table.write(|cells| {
            for cell in [&p.external_id, &p.street, &p.number, &p.postcode, &p.city, &p.parcel] {
                cells.text(&text(cell));
            }
            cells.text(&text(row.municipality.0));
            cells.text(&text(row.municipality.1));
            cells.text(&format!("{:.7}", within_180(lon)));
            cells.text(&format!("{lat:.7}"));
            cells.text(p.kind.name());
            cells.number(p.households);
            cells.number(u8::from(p.households_assumed));
            let service = p.service.as_ref().map(|service| service.down_mbps.to_string());
            cells.text(&service.unwrap_or_default());
            cells.text(p.signed_up.map_or("", |yes| if yes { "1" } else { "0" }));
            cells.text(row.outcome.status.name());
            cells.text(row.outcome.reason.name());
            cells.text(row.outcome.technology.map_or("", |technology| technology.name()));
            cells.text(&row.delivers_mbps.map(|mbps| mbps.to_string()).unwrap_or_default());
            if connected {
                cells.decimal(row.outcome.distance_mm, 3);
                cells.decimal(row.drop_mm, 3);
            } else {
                cells.nothing(2);
            }
            match row.drop_cost {
                Some(cost) => cells.decimal(cost.as_minor(), 2),
                None => cells.nothing(1),
            }
            cells.text(&row.share.map(|share| format!("{share:.2}")).unwrap_or_default());
        });
    }
    table.finish()
}

/// `network.csv`: one row for each stretch of what is built; `edge` is the row's edge in `graph.csv.gz`.
pub(crate) fn network(drawn: &Drawn<'_>) -> Vec<u8> {
    let mut columns = vec!["edge", "kind", "method", "price", "origin", "name", "side", "length_m", "count", "cost"];
    let loads = drawn.view.loads;
    if loads.is_some() {
        columns.extend(["load_mbps", "last_load_mbps", "equipment", "full_in"]);
    }
    let mut table = Table::new(drawn.view, &columns);
    for stretch in &drawn.stretches {
        table.write(|cells| {
            cells.number(stretch.edge.as_u32());
            cells.text(stretch.kind.name());
            cells.text(stretch.method.map_or("", Method::name));
            cells.text(&text(stretch.price));
            cells.text(&text(drawn.view.origin_id(stretch.origin)));
            cells.text(&text(&drawn.view.origin_label(stretch.origin)));
            cells.text(side_name(stretch.side));
            cells.decimal(stretch.mm, 3);
            cells.number(stretch.count);
            cells.decimal(stretch.cost.as_minor(), 2);
            match loads.map(|loads| loads.get(&stretch.edge)) {
                None => {}
                Some(None) => cells.nothing(4),
                Some(Some(load)) => {
                    load.load_mbps.iter().for_each(|mbps| cells.text(&mbps.to_string()));
                    cells.text(load.equipment.as_deref().map(text).unwrap_or_default().as_ref());
                    cells.text(&load.fills.map(|year| year.to_string()).unwrap_or_default());
                }
            }
        });
    }
    table.finish()
}

/// `masts.csv`: one row for each sector of each mast in use; the first sector looks from north to east.
pub(crate) fn masts(drawn: &Drawn<'_>) -> Vec<u8> {
    let columns = [
        "mast",
        "name",
        "lon",
        "lat",
        "existing",
        "height_m",
        "fed_by",
        "sector",
        "premises",
        "homes",
        "busy_mbps",
        "capacity_mbps",
    ];
    let mut table = Table::new(drawn.view, &columns);
    for (mast, _) in &drawn.masts {
        for (number, sector) in mast.sectors.iter().enumerate() {
            table.write(|cells| {
                cells.text(&text(&mast.id));
                cells.text(&text(&mast.name));
                cells.text(&format!("{:.7}", mast.place[0]));
                cells.text(&format!("{:.7}", mast.place[1]));
                cells.number(u8::from(mast.existing));
                cells.text(&mast.height_m.to_string());
                cells.text(if mast.radio_fed { "radio" } else { "fibre" });
                cells.number(number + 1);
                cells.number(sector.premises);
                cells.number(sector.homes);
                cells.text(&sector.busy_mbps.to_string());
                cells.text(&sector.capacity_mbps.to_string());
            });
        }
    }
    table.finish()
}

/// `places.csv`: points of presence and cabinets; `used` says whether the plan has it and pays for it.
pub(crate) fn places(view: &PlanView<'_>) -> Vec<u8> {
    let mut table = Table::new(view, &["place", "name", "kind", "lon", "lat", "cost", "source", "used"]);
    for one in &view.summary.places {
        table.write(|cells| {
            cells.text(&text(&one.id));
            cells.text(&text(&one.name));
            cells.text(one.kind.name());
            cells.text(&format!("{:.7}", one.place[0]));
            cells.text(&format!("{:.7}", one.place[1]));
            cells.text(&format!("{:.2}", one.cost));
            cells.text(&text(&one.source));
            cells.number(u8::from(one.used));
        });
    }
    table.finish()
}

/// `issues.csv`: every problem met on the way.
pub(crate) fn issues(view: &PlanView<'_>) -> Vec<u8> {
    let mut table = Table::new(view, &["code", "severity", "file", "record", "field", "value", "message"]);
    for issue in view.issues {
        let cells = [&issue.file, &issue.record, &issue.field, &issue.value, &issue.message];
        let head = [text(&issue.code), Cow::Owned(name_of(issue.severity))];
        table.row(head.into_iter().chain(cells.map(|cell| text(cell))));
    }
    table.finish()
}

/// `left-out.csv`: everything that could have been in the graph and is not.
pub(crate) fn left_out(view: &PlanView<'_>) -> Vec<u8> {
    let mut table = Table::new(view, &["made_from", "origin", "name", "reason", "length_m", "detail"]);
    for left in &view.network.left_out {
        table.write(|cells| {
            cells.text(made_from(left.origin));
            cells.text(&text(view.origin_id(left.origin)));
            cells.text(&text(&view.origin_label(left.origin)));
            cells.text(left.reason.name());
            cells.decimal(left.length_mm, 3);
            cells.text(&text(&left.detail));
        });
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
        Origin::Mast(_) => "mast",
        Origin::Cabinet(_) => "cabinet",
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
