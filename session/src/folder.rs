//! What lies in an exported folder, listed on its first page.

use breiband::messages::{self, Language};

/// The folder of the programme's files.
pub(crate) const REPORT: &str = "report/";

/// A page that says under what it has what else lies beside it, each file linked and explained.
pub(crate) fn with_contents(page: Vec<u8>, language: &str, names: &[&str]) -> Vec<u8> {
    let Ok(page) = String::from_utf8(page) else { return Vec::new() };
    let language = Language::from_code(language).unwrap_or_default();
    let Some((before, after)) = page.rsplit_once("</main>") else { return page.into_bytes() };
    format!("{before}{}</main>{after}", contents(language, names)).into_bytes()
}

fn contents(language: Language, names: &[&str]) -> String {
    let say = |key: &str| messages::text(language, &format!("file.{key}"), &[]);
    let item = |name: &&str| {
        let about = about(language, name.strip_prefix(REPORT).unwrap_or(name));
        let about = about.map(|about| format!(": {about}")).unwrap_or_default();
        format!("<li><a href=\"{name}\">{name}</a>{about}</li>\n")
    };
    let (report, plan): (Vec<&str>, Vec<&str>) = names.iter().partition(|name| name.starts_with(REPORT));
    let mut out = format!(
        "<section class=\"files\">\n<style>@media print {{ .files {{ display: none }} }}</style>\n<h2>{}</h2>\n<p>{}</p>\n",
        say("title"),
        say("about")
    );
    for (key, names) in [("plan", plan), ("report", report)].into_iter().filter(|(_, names)| !names.is_empty()) {
        let items: String = names.iter().map(item).collect();
        out += &format!("<h3>{}</h3>\n<ul>\n{items}</ul>\n", say(key));
    }
    out + "</section>\n"
}

/// What a file is, by its name without a folder; a report's in a language by that of all.
pub(crate) fn about(language: Language, name: &str) -> Option<String> {
    let of_all = Language::ALL.iter().find_map(|one| {
        let start = name.strip_suffix(&format!("-{}.html", one.code()))?;
        Some((format!("{start}.html"), one.name()))
    });
    let (name, in_language) = of_all.map_or((name.to_owned(), ""), |(name, language)| (name, language));
    let key = format!("file.{name}");
    let text = messages::has(&key).then(|| messages::text(language, &key, &[]))?;
    Some(if in_language.is_empty() { text } else { format!("{text} ({in_language})") })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_that_the_core_writes_has_a_word() {
        let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core");
        let mut found = 0;
        for folder in ["export/src", "breiband/src"] {
            for entry in fs::read_dir(core.join(folder)).expect("a folder").flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                // What compares plans lies in no plan's folder, and what is read in none.
                let is_other = ["compare.rs", "sources.rs"].contains(&name.as_str());
                if !name.ends_with(".rs") || name.ends_with("tests.rs") || is_other {
                    continue;
                }
                let text = fs::read_to_string(entry.path()).expect("text");
                for literal in text.lines().flat_map(|line| line.split('"').skip(1).step_by(2)) {
                    let (stem, ending) = literal.split_once('.').unwrap_or_default();
                    let is_name = stem.len() > 3 && stem.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
                    let written = ["csv", "csv.gz", "txt.gz", "geojson", "gpkg", "json", "toml", "html"];
                    if is_name && written.contains(&ending) && !stem.contains("difference") {
                        assert!(about(Language::Nn, literal).is_some(), "{literal} of {name}");
                        found += 1;
                    }
                }
            }
        }
        assert!(found > 40, "{found}");
        assert!(about(Language::En, "report-public-nn.html").is_some_and(|about| about.contains("Nynorsk")));
        assert_eq!(about(Language::En, "nothing.csv"), None);
    }
}
