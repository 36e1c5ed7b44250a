//! The table of orders: one row an order, as each municipality files it with the joint ordering unit.
//!
//! Columns by name: `id, municipality, targets, points, status, approved_by`. Lists are separated by spaces, or by semicolons where
//! commas separate the columns.

use std::fmt;

use breiband_model::{Order, OrderStatus, ProgrammeSettings, Sentence};

/// Why a table of orders is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file} line {line}: {problem}")]
pub struct OrdersError {
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// What is wrong and what to do.
    pub problem: Sentence,
}

/// An order with the place it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The order.
    pub order: Order,
    /// Where.
    pub place: Place,
}

/// Where an order stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Among the settings' own, from 0.
    Settings(usize),
    /// In a row of a table.
    Row {
        /// File.
        file: String,
        /// Line, from 1.
        line: u64,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(at) => write!(f, "programme.order[{}]", at + 1),
            Self::Row { file, line } => write!(f, "{file} line {line}"),
        }
    }
}

/// The orders of the settings and of a table, in that order.
///
/// # Errors
/// The first row that is no order, an id that is there twice, a code that no member has.
pub fn orders(settings: &ProgrammeSettings, table: Option<(&str, &[u8])>) -> Result<Vec<Filed>, OrdersError> {
    let listed = settings.order_list.iter().enumerate();
    let mut all: Vec<Filed> =
        listed.map(|(at, order)| Filed { order: order.clone(), place: Place::Settings(at) }).collect();
    let Some((file, bytes)) = table else { return Ok(all) };
    let fault = |line: u64, problem: Sentence| OrdersError { file: file.to_owned(), line, problem };
    let (mut reader, _) = crate::table::reader(bytes);
    let header = reader.headers().map_err(|e| fault(1, crate::table::broken(&e)))?.clone();
    const COLUMNS: [&str; 6] = ["id", "municipality", "targets", "points", "status", "approved_by"];
    let of_column = |words, column: &str| {
        Sentence::with(words, [("column", format!("{column:?}")), ("columns", COLUMNS.join(", "))])
    };
    if let Some(unknown) = header.iter().find(|name| !COLUMNS.contains(name)) {
        return Err(fault(1, of_column("the column {column} is unknown: there are {columns}", unknown)));
    }
    if let Some((_, twice)) = header.iter().enumerate().find(|(at, name)| header.iter().take(*at).any(|h| h == *name)) {
        return Err(fault(1, of_column("the column {column} is there twice: take one of them away", twice)));
    }
    if let Some(missing) = COLUMNS[..3].iter().find(|name| !header.iter().any(|h| h == **name)) {
        return Err(fault(1, of_column("the column {column} is missing", missing)));
    }
    for record in reader.records() {
        let record = record.map_err(|e| {
            let line = e.position().map_or(0, csv::Position::line);
            fault(line, crate::table::broken(&e))
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |name: &str| header.iter().position(|h| h == name).and_then(|at| record.get(at)).unwrap_or_default();
        let list = |name: &str| -> Vec<String> {
            let items = cell(name).split([' ', ';']).filter(|item| !item.is_empty());
            items.map(str::to_owned).collect()
        };
        let is = |words, value: &str| Sentence::with(words, [("value", format!("{value:?}"))]);
        let points = match cell("points") {
            "" => 0,
            text => text.parse().map_err(|_| {
                fault(line, is("points is {value}: write a whole number from 0 to 4,294,967,295", text))
            })?,
        };
        let status = match cell("status") {
            "" | "proposed" => OrderStatus::Proposed,
            "ordered" => OrderStatus::Ordered,
            "built" => OrderStatus::Built,
            text => return Err(fault(line, is("status is {value}: write proposed, ordered or built", text))),
        };
        let order = Order {
            id: cell("id").to_owned(),
            municipality: cell("municipality").to_owned(),
            targets: list("targets"),
            points,
            status,
            approved_by: list("approved_by"),
        };
        settings.check_order(&order).map_err(|problem| fault(line, problem))?;
        if all.iter().any(|filed| filed.order.id == order.id) {
            return Err(fault(line, order.is_twice()));
        }
        all.push(Filed { order, place: Place::Row { file: file.to_owned(), line } });
    }
    Ok(all)
}

/// Votes for an order, and votes that approve it. A municipality's own order has its vote; nobody votes twice.
pub(crate) fn votes(settings: &ProgrammeSettings, members: &[String], order: &Order) -> (u32, u32) {
    let of = |code: &String| settings.ordering.votes.get(code).copied().unwrap_or(1);
    let all: u32 = members.iter().map(of).fold(0, u32::saturating_add);
    let for_it = |code: &&String| **code == order.municipality || order.approved_by.contains(code);
    let given = members.iter().filter(for_it).map(of).fold(0, u32::saturating_add);
    let needed = if settings.ordering.needed > 0 { settings.ordering.needed } else { all / 2 + 1 };
    (given, needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_and_its_faults_have_lines() {
        let settings = ProgrammeSettings::default();
        let text = "id,municipality,targets,points,status,approved_by\n# asked for in March\no1,9901,s2 a7,20,proposed,9902;9903\no2,9902,s9,,ordered,\n";
        let filed = orders(&settings, Some(("orders.csv", text.as_bytes()))).expect("two orders");
        assert_eq!(filed.len(), 2);
        assert_eq!(filed[0].order.targets, ["s2", "a7"]);
        assert_eq!((filed[0].order.points, filed[1].order.status), (20, OrderStatus::Ordered));
        assert_eq!(filed[1].place.to_string(), "orders.csv line 4");
        // As a spreadsheet saves it where the comma is the decimal mark.
        let text = text.replace("9902;9903", "9902 9903").replace(',', ";");
        let same = orders(&settings, Some(("orders.csv", text.as_bytes()))).expect("two orders");
        assert_eq!(same, filed);
        let cases = [
            ("id,municipality,targets,wish\n", "line 1", "wish"),
            ("id,targets\n", "line 1", "municipality"),
            ("id,id,municipality,targets\n", "line 1", "twice"),
            ("id,municipality,targets,points\no,1,a,many\n", "line 2", "whole number"),
            ("id,municipality,targets,status\no,1,a,maybe\n", "line 2", "maybe"),
            ("id,municipality,targets\no,1,\n", "line 2", "target"),
            ("id,municipality,targets\no,1,a\no,1,b\n", "line 3", "twice"),
            ("id,municipality,targets\no,1\n", "line 2", "2 cells and the header 3"),
        ];
        for (text, line, word) in cases {
            let said = orders(&settings, Some(("o.csv", text.as_bytes()))).expect_err(text).to_string();
            assert!(said.contains("o.csv") && said.contains(line) && said.contains(word), "{said}");
        }
    }

    #[test]
    fn votes_are_weighed() {
        let members = ["1", "2", "3"].map(str::to_owned);
        let order = Order { municipality: "1".into(), approved_by: vec!["2".into(), "9".into()], ..Order::default() };
        let mut settings = ProgrammeSettings::default();
        assert_eq!(votes(&settings, &members, &order), (2, 2));
        settings.ordering.votes.insert("3".into(), 4);
        assert_eq!(votes(&settings, &members, &order), (2, 4));
        settings.ordering.needed = 1;
        assert_eq!(votes(&settings, &members, &order), (2, 1));
    }
}
