//! A cost book fitted to the invoices of a finished project.
//!
//! An invoice says what was done, by price class, and what was paid; often one amount for several classes at once.

use std::collections::BTreeMap;

use breiband_model::{CostBook, CostBookError};

use crate::units::cents;

/// Factors are kept above this: a price is not negative, and nothing is dug for nothing.
const LEAST: f64 = 0.05;
/// Columns of the table.
const COLUMNS: [&str; 5] = ["invoice", "price", "metres", "count", "amount"];

/// Why invoices are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalibrationError {
    /// A row that cannot be used.
    #[error("{file} line {line}: {problem}")]
    Row {
        /// File.
        file: String,
        /// Line, from 1.
        line: u64,
        /// What is wrong and what to do.
        problem: String,
    },
    /// Nothing to fit to.
    #[error("{0}: there is no invoice with an amount and with work of a known price class")]
    Empty(String),
    /// The fitted book is none.
    #[error(transparent)]
    Book(#[from] CostBookError),
}

/// What became of a price class.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ClassFit {
    /// Name.
    pub price: String,
    /// Invoices that it is on.
    pub invoices: u64,
    /// What the work on them costs by the old book, major units.
    pub by_book: f64,
    /// Its new prices are the old ones times this.
    pub factor: f64,
}

/// An invoice held against both books, major units.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct InvoiceFit {
    /// Its number.
    pub invoice: String,
    /// What was paid.
    pub paid: f64,
    /// What the old book says.
    pub before: f64,
    /// What the fitted one says.
    pub after: f64,
}

/// A fitted cost book.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// The book with the new prices; their source says what they are fitted to.
    pub book: CostBook,
    /// Classes that the invoices speak of.
    pub classes: Vec<ClassFit>,
    /// The invoices.
    pub invoices: Vec<InvoiceFit>,
    /// Invoices without an amount or without work, which say nothing.
    pub unused: Vec<String>,
}

#[derive(Default)]
struct Invoice {
    work: BTreeMap<String, f64>,
    paid: f64,
}

/// Fits `book` to a table of invoices with the columns `invoice, price, metres, count, amount`: a row for each price class of
/// an invoice; its amounts are added up, so that one amount for all of its rows may stand on any of them. `weight` is what the
/// book's own price weighs, in invoices. `date` and `source` are the new book's.
///
/// Each class gets one factor on its prices, so that the invoices come out as nearly as may be, counted in parts of each
/// invoice, while the book's own price weighs as much as a part of an invoice (ridge regression, Hoerl and Kennard 1970): a
/// class that the invoices say little of stays near its price.
///
/// # Errors
/// The first row that cannot be used, with its line; invoices of nothing.
pub fn calibrate(
    book: &CostBook,
    (file, bytes): (&str, &[u8]),
    weight: f64,
    date: &str,
    source: &str,
) -> Result<Calibration, CalibrationError> {
    let invoices = read(book, file, bytes)?;
    let (usable, unused): (Vec<_>, Vec<_>) =
        invoices.iter().partition(|(_, i)| i.paid > 0.0 && i.work.values().any(|&cost| cost > 0.0));
    if usable.is_empty() {
        return Err(CalibrationError::Empty(file.to_owned()));
    }
    let mut names: Vec<&String> = usable.iter().flat_map(|(_, i)| i.work.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let rows: Vec<Vec<f64>> = usable
        .iter()
        .map(|(_, i)| names.iter().map(|name| i.work.get(*name).copied().unwrap_or(0.0) / i.paid).collect())
        .collect();
    let factors = fit(&rows, weight);
    let factor_of = |name: &String| names.binary_search(&name).map_or(1.0, |at| factors[at]);
    let mut new = book.file().clone();
    for price in new.prices.iter_mut().filter(|price| names.binary_search(&&price.id).is_ok()) {
        let factor = factor_of(&price.id);
        price.per_metre = cents(price.per_metre * factor);
        price.each = cents(price.each * factor);
        price.source = source.to_owned();
    }
    date.clone_into(&mut new.date);
    new.source = format!("{source}; else {}", book.file().source);
    let class = |name: &&String| ClassFit {
        price: (*name).clone(),
        invoices: usable.iter().filter(|(_, i)| i.work.get(*name).is_some_and(|&cost| cost > 0.0)).count() as u64,
        by_book: cents(usable.iter().filter_map(|(_, i)| i.work.get(*name)).sum()),
        factor: factor_of(name),
    };
    let invoice = |(number, i): &(&String, &Invoice)| InvoiceFit {
        invoice: (*number).clone(),
        paid: cents(i.paid),
        before: cents(i.work.values().sum()),
        after: cents(i.work.iter().map(|(name, cost)| cost * factor_of(name)).sum()),
    };
    let (classes, invoices) = (names.iter().map(class).collect(), usable.iter().map(invoice).collect());
    let unused = unused.into_iter().map(|(number, _)| number.clone()).collect();
    Ok(Calibration { book: CostBook::new(new)?, classes, invoices, unused })
}

/// The factors that bring each row's sum nearest to 1, each factor drawn to 1 by `weight`; a factor that would fall below
/// the least is held there and the others fitted again.
fn fit(rows: &[Vec<f64>], weight: f64) -> Vec<f64> {
    let n = rows.first().map_or(0, Vec::len);
    let mut held = vec![false; n];
    loop {
        let free: Vec<usize> = (0..n).filter(|&at| !held[at]).collect();
        let rest = |row: &Vec<f64>| 1.0 - (0..n).filter(|&at| held[at]).map(|at| row[at] * LEAST).sum::<f64>();
        let mut matrix: Vec<Vec<f64>> = Vec::new();
        for &a in &free {
            let mut line: Vec<f64> =
                free.iter().map(|&b| rows.iter().map(|row| row[a] * row[b]).sum::<f64>()).collect();
            line[matrix.len()] += weight;
            line.push(rows.iter().map(|row| row[a] * rest(row)).sum::<f64>() + weight);
            matrix.push(line);
        }
        let found = solve(matrix);
        let mut factors = vec![LEAST; n];
        free.iter().zip(&found).for_each(|(&at, &factor)| factors[at] = factor);
        let below: Vec<usize> = free.into_iter().filter(|&at| factors[at] < LEAST).collect();
        if below.is_empty() {
            return factors;
        }
        below.into_iter().for_each(|at| held[at] = true);
    }
}

/// Gauss with the largest pivot; a column without one keeps 1.
fn solve(mut matrix: Vec<Vec<f64>>) -> Vec<f64> {
    let n = matrix.len();
    for k in 0..n {
        let best = (k..n).max_by(|&a, &b| matrix[a][k].abs().total_cmp(&matrix[b][k].abs())).unwrap_or(k);
        matrix.swap(k, best);
        if matrix[k][k].abs() < 1e-12 {
            continue;
        }
        let pivot = matrix[k].clone();
        for row in &mut matrix[k + 1..] {
            let factor = row[k] / pivot[k];
            row.iter_mut().zip(&pivot).for_each(|(value, above)| *value -= factor * above);
        }
    }
    let mut found = vec![1.0; n];
    for k in (0..n).rev().filter(|&k| matrix[k][k].abs() >= 1e-12).collect::<Vec<_>>() {
        let known: f64 = (k + 1..n).map(|at| matrix[k][at] * found[at]).sum();
        found[k] = (matrix[k][n] - known) / matrix[k][k];
    }
    found
}

fn read(book: &CostBook, file: &str, bytes: &[u8]) -> Result<BTreeMap<String, Invoice>, CalibrationError> {
    let fault = |line: u64, problem: String| CalibrationError::Row { file: file.to_owned(), line, problem };
    let (mut reader, decimals) = crate::table::reader(bytes);
    let header = reader.headers().map_err(|e| fault(1, crate::table::broken(&e).to_string()))?.clone();
    if let Some(missing) = COLUMNS.iter().find(|name| !header.iter().any(|h| h == **name)) {
        let needed = COLUMNS.join(", ");
        return Err(match header.is_empty() {
            true => fault(1, format!("the table is empty: it needs a row with the names {needed}, and rows below")),
            false => {
                let there: Vec<&str> = header.iter().collect();
                fault(1, format!("the column {missing:?} is missing among {}; it needs {needed}", there.join(", ")))
            }
        });
    }
    let mut invoices: BTreeMap<String, Invoice> = BTreeMap::new();
    for record in reader.records() {
        let record = record
            .map_err(|e| fault(e.position().map_or(0, csv::Position::line), crate::table::broken(&e).to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |name: &str| header.iter().position(|h| h == name).and_then(|at| record.get(at)).unwrap_or_default();
        let figure = |name: &str| match cell(name) {
            "" => Ok(0.0),
            text => decimals.figure(text).ok_or_else(|| {
                fault(line, format!("{name} is {text:?}: write a number of 0 or more, with a decimal point"))
            }),
        };
        let (metres, count, amount) = (figure("metres")?, figure("count")?, figure("amount")?);
        let id = book.price_id(cell("price")).ok_or_else(|| {
            let known: Vec<&str> = book.file().prices.iter().map(|price| price.id.as_str()).collect();
            fault(line, format!("the cost book has no price {:?}: there are {}", cell("price"), known.join(", ")))
        })?;
        if cell("invoice").is_empty() {
            return Err(fault(line, "the invoice has no number".to_owned()));
        }
        let price = book.price(id);
        // Work that costs nothing by the book would be left out of the fit, and nobody would know.
        for (quantity, unit, each) in [(metres, "metres", price.per_metre), (count, "count", price.each)] {
            if quantity > 0.0 && each == 0.0 {
                let other = if unit == "metres" { "count" } else { "metres" };
                let problem =
                    format!("{} has no price for {unit} in the cost book: give {other}, or set that price", price.id);
                return Err(fault(line, problem));
            }
        }
        let invoice = invoices.entry(cell("invoice").to_owned()).or_default();
        *invoice.work.entry(price.id.clone()).or_default() += metres * price.per_metre + count * price.each;
        invoice.paid += amount;
    }
    Ok(invoices)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fitted(text: &str, weight: f64) -> Result<Calibration, CalibrationError> {
        calibrate(&CostBook::example(), ("i.csv", text.as_bytes()), weight, "2027-01-01", "Project A")
    }

    #[test]
    fn one_invoice_of_one_class_gives_its_own_price() {
        let fit = fitted("invoice,price,metres,count,amount\n1,forest,100,,30000\n", 0.0).expect("an invoice");
        let price = fit.book.price(fit.book.price_id("forest").expect("in the book"));
        assert_eq!((price.per_metre, price.source.as_str()), (300.0, "Project A"));
        assert_eq!((fit.invoices[0].before, fit.invoices[0].after), (20_000.0, 30_000.0));
        assert!(fit.book.file().source.contains("uncalibrated"), "the rest still is");
        let same = fitted("invoice;price;metres;count;amount\n1;forest;100,0;;30 000,00\n2;forest;5;;\n", 0.0)
            .expect("an invoice");
        assert_eq!((same.classes, same.invoices, same.unused), (fit.classes, fit.invoices, vec!["2".to_owned()]));
        // The more the book weighs, the less one invoice moves it.
        let held = fitted("invoice,price,metres,count,amount\n1,forest,100,,30000\n", 1e9).expect("an invoice");
        assert!((held.classes[0].factor - 1.0).abs() < 1e-6);
    }

    #[test]
    fn bad_rows_are_refused_with_their_line() {
        let head = "invoice,price,metres,count,amount\n";
        let cases = [
            ("invoice,price,metres,amount\n".to_owned(), "line 1", "count"),
            ("a,b\n1,2\n".to_owned(), "line 1", "\"invoice\" is missing among a, b; it needs invoice, price,"),
            (String::new(), "line 1", "the table is empty"),
            (format!("{head}1,gold,1,,2\n"), "line 2", "gold"),
            (format!("{head}1,forest,1,,2\n2,forest,-4,,2\n"), "line 3", "metres"),
            (format!("{head},forest,1,,2\n"), "line 2", "number"),
            (format!("{head}1,forest,1,,\n"), "", "no invoice"),
            (format!("{head}1,forest,,3,9\n"), "line 2", "forest has no price for count"),
            (format!("{head}1,forest\n"), "line 2", "2 cells and the header 5"),
            (format!("{head}1,forest,\"1,5\",,9\n"), "line 2", "decimal point"),
        ];
        for (text, line, word) in cases {
            let said = fitted(&text, 0.1).expect_err(&text).to_string();
            assert!(said.contains("i.csv") && said.contains(line) && said.contains(word), "{said}");
        }
    }

    proptest! {
        #[test]
        fn true_factors_are_found_again(truth in prop::collection::vec(0.3f64..3.0, 3), work in prop::collection::vec(prop::collection::vec(1.0f64..5_000.0, 3), 12)) {
            let classes = ["forest", "gravel-verge", "farmland-plough"];
            let book = CostBook::example();
            let mut text = String::from("invoice,price,metres,count,amount\n");
            for (number, metres) in work.iter().enumerate() {
                let price = |at: usize| book.price(book.price_id(classes[at]).expect("in the book")).per_metre;
                let amount: f64 = (0..3).map(|at| metres[at] * price(at) * truth[at]).sum();
                for at in 0..3 {
                    let amount = if at == 1 { amount } else { 0.0 };
                    text += &format!("{number},{},{},,{amount}\n", classes[at], metres[at]);
                }
            }
            let fit = fitted(&text, 0.0).expect("invoices");
            for invoice in &fit.invoices {
                prop_assert!((invoice.after - invoice.paid).abs() <= invoice.paid * 1e-6 + 0.02, "{:?}", invoice);
            }
        }
    }
}
