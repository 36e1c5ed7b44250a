//! Puts the three message files side by side: under each table the keys, and under each key its texts, one a line. What is alike
//! stands close together so, and a page that is sent compressed is smaller by a tenth of its messages' size and more.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

const LANGUAGES: [&str; 3] = ["en", "nb", "nn"];
/// Tables that only the page says, and those that only reports do: what is in neither list is for both.
const PAGE: [&str; 2] = ["web", "known"];
const REPORTS: [&str; 3] = ["report", "compare", "file"];

fn main() {
    println!("cargo::rerun-if-changed=messages");
    let files = LANGUAGES.map(|language| {
        let path = format!("messages/{language}.toml");
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("core/messages/{path}: {error}"))
    });
    let texts = files.each_ref().map(|file| parse(file));
    let is_page = |table: &str| PAGE.contains(&table);
    let is_report = |table: &str| REPORTS.contains(&table);
    write("page.txt", &texts, &files[0], is_page);
    write("reports.txt", &texts, &files[0], is_report);
    write("both.txt", &texts, &files[0], |table| !is_page(table) && !is_report(table));
}

/// Writes the tables that are wanted into a file.
fn write(name: &str, texts: &[BTreeMap<(&str, &str), &str>; 3], english: &str, is_wanted: impl Fn(&str) -> bool) {
    let mut out = String::new();
    let mut table = "";
    for (at, key) in keys(english).into_iter().filter(|(table, _)| is_wanted(table)) {
        if at != table {
            table = at;
            out += &format!("[{table}\n");
        }
        out += &format!("{key}\n");
        for (language, texts) in LANGUAGES.iter().zip(texts) {
            let text = texts.get(&(at, key));
            out += text.unwrap_or_else(|| panic!("core/messages/messages/{language}.toml: {at}.{key} is missing"));
            out.push('\n');
        }
    }
    let folder = env::var_os("OUT_DIR").expect("cargo names a folder to write to");
    fs::write(Path::new(&folder).join(name), out).expect("the folder can be written to");
}

/// The keys of a file with their tables, in its order.
fn keys(file: &str) -> Vec<(&str, &str)> {
    let mut table = "";
    let mut keys = Vec::new();
    for line in file.lines() {
        if let Some(name) = line.strip_prefix('[') {
            table = name.trim_end_matches(']');
        } else if let Some((key, _)) = line.split_once(" = ") {
            keys.push((table, quoted(key)));
        }
    }
    keys
}

fn parse(file: &str) -> BTreeMap<(&str, &str), &str> {
    let texts = file.lines().filter_map(|line| line.split_once(" = ")).map(|(_, text)| quoted(text));
    keys(file).into_iter().zip(texts).collect()
}

/// What stands between quotes, if there are any.
fn quoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}
