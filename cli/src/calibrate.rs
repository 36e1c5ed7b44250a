//! `breiband calibrate`.

use std::fmt::Write;

use breiband::calibrate;

use crate::arguments;
use crate::directory;
use crate::failure::Failure;
use crate::inputs::{read, read_cost_book};
use crate::text;

pub(crate) fn run(arguments: &arguments::Calibrate) -> Result<(), Failure> {
    if let Some(output) = &arguments.output {
        directory::check_file(output)?;
    }
    let book = read_cost_book(arguments.cost_book.as_deref())?;
    let date = arguments.date.clone().unwrap_or_else(|| book.file().date.clone());
    let source = arguments.source.clone().unwrap_or_else(|| {
        let name = arguments.invoices.file_name().unwrap_or_default().to_string_lossy();
        format!("Fitted to the invoices of {name}")
    });
    let bytes = read(&arguments.invoices)?;
    let file = arguments.invoices.display().to_string();
    let fitted = calibrate(&book, (&file, &bytes), arguments.weight, &date, &source).map_err(Failure::input)?;
    if let Some(output) = &arguments.output {
        directory::write_file(output, fitted.book.to_toml().as_bytes())?;
    }
    if arguments.json {
        let object =
            serde_json::json!({ "classes": fitted.classes, "invoices": fitted.invoices, "unused": fitted.unused });
        return text::print(&format!("{object:#}\n"));
    }
    let currency = &book.file().currency;
    let mut out =
        format!("{:<26}{:>9}{:>16}{:>9}\n", "price class", "invoices", format!("by book, {currency}"), "factor");
    for class in &fitted.classes {
        let by_book = text::rounded(class.by_book);
        let _ = writeln!(out, "{:<26}{:>9}{by_book:>16}{:>9.3}", class.price, class.invoices, class.factor);
    }
    let off = |of: fn(&breiband::InvoiceFit) -> f64| {
        let sum: f64 = fitted.invoices.iter().map(|i| (of(i) / i.paid - 1.0).abs()).sum();
        sum / fitted.invoices.len() as f64 * 100.0
    };
    let _ = writeln!(
        out,
        "\n{}: {:.1} % off on the average by the old book, {:.1} % by the fitted one",
        text::counted(fitted.invoices.len() as u64, "invoice"),
        off(|i| i.before),
        off(|i| i.after)
    );
    if !fitted.unused.is_empty() {
        let _ = writeln!(out, "Left out, for want of an amount or of work: {}", fitted.unused.join(", "));
    }
    match &arguments.output {
        Some(output) => {
            let _ = writeln!(out, "Written to {}", output.display());
        }
        None => out.push_str("Nothing is written: name a file with --output\n"),
    }
    text::print(&out)
}
