//! Where two plans differ, lists of premises, and files made on request.

use breiband::spatial::{Projection, SegmentGrid};
use breiband::{CostBook, Plan, Point, Region, Scenario, Status};
use breiband_wire::{FoundView, LayerId};

use crate::facts::word;
use crate::geojson::{Drawn, Writer};
use crate::layers::{service_class, stretches};

/// A line is the other plan's too where it is no farther from it than this, millimetres.
const SAME_MM: u32 = 5;
/// How many premises of a list are sent.
const LISTED: usize = 200;

/// Lines of both plans, and of one alone; premises that one connects and the other does not. `here` is on screen.
pub(crate) fn difference(here: &Plan, there: &Plan, region: &Region) -> Drawn {
    let mut writer = Writer::new(Projection::new(region.plane));
    let segments = |plan: &Plan| -> Vec<(Point, Point)> {
        let lines = stretches(plan).map(|(_, part)| plan.network.geometry_of(part));
        lines.flat_map(|line| line.windows(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>()).collect()
    };
    let mut id = 0;
    for (own, other, alone) in [(here, there, "here"), (there, here, "there")] {
        let grid = SegmentGrid::build(&segments(other), 50_000);
        for (_, part) in stretches(own) {
            let line = own.network.geometry_of(part);
            let is_shared = |pair: &[Point]| grid.nearest(pair[0].towards(pair[1], 1, 2), SAME_MM).is_some();
            let pairs: Vec<&[Point]> = line.windows(2).collect();
            for run in pairs.chunk_by(|a, b| is_shared(a) == is_shared(b)) {
                let shared = is_shared(run[0]);
                // What both have is written once.
                if shared && alone == "there" {
                    continue;
                }
                let points = run.iter().map(|pair| pair[0]).chain(run.last().map(|pair| pair[1]));
                writer.line(id, &[("in", if shared { "both" } else { alone })], points);
                id += 1;
            }
        }
    }
    for (premises, (a, b)) in region.premises.iter().zip(here.route.outcomes.iter().zip(&there.route.outcomes)) {
        let (a, b) = (a.status == Status::Connected, b.status == Status::Connected);
        if a != b {
            writer.point(id, &[("in", if a { "here" } else { "there" })], premises.point);
            id += 1;
        }
    }
    writer.finish()
}

/// Premises whose address, id or municipality has all words of `text`, and sites of such a name: how many, and the first of them.
pub(crate) fn find(
    text: &str,
    status: &str,
    service: &str,
    sort: &str,
    region: &Region,
    plan: Option<&Plan>,
) -> (u64, Vec<FoundView>) {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let projection = Projection::new(region.plane);
    let mut found: Vec<FoundView> = Vec::new();
    for (id, premises) in (0..).zip(&region.premises) {
        let municipality =
            premises.municipality.map(|m| region.municipalities[m.index()].name.clone()).unwrap_or_default();
        let outcome = plan.and_then(|plan| plan.route.outcomes.get(id as usize));
        let own = outcome.map_or("unplanned", |outcome| outcome.status.name());
        if !(status.is_empty() || status == own) || !(service.is_empty() || service == service_class(premises)) {
            continue;
        }
        let label = premises.label();
        if !words.is_empty() {
            let all = format!("{label} {} {municipality} {}", premises.external_id, premises.city).to_lowercase();
            if !words.iter().all(|word| all.contains(word.as_str())) {
                continue;
            }
        }
        let drop = outcome.and_then(|outcome| outcome.drop).zip(plan);
        found.push(FoundView {
            layer: LayerId::Premises,
            id,
            label,
            municipality,
            status: own.to_owned(),
            drop_cost: drop.map_or(0.0, |(edge, plan)| plan.network.edges[edge.index()].cost.as_major()),
            metres: outcome.map_or(0.0, |outcome| outcome.distance_mm as f64 / 1000.0),
            place: projection.to_lon_lat(premises.point).into(),
        });
    }
    let sites = (0..).zip(&region.sites).filter(|_| service.is_empty() && (status == "sites" || !words.is_empty()));
    for (id, site) in sites.filter(|_| status.is_empty() || status == "sites") {
        let name = site.label();
        let all = format!("{name} {}", site.external_id).to_lowercase();
        if words.iter().all(|word| all.contains(word.as_str())) {
            found.push(FoundView {
                layer: LayerId::Sites,
                id,
                label: name.to_owned(),
                municipality: String::new(),
                status: word(&site.kind),
                drop_cost: 0.0,
                metres: 0.0,
                place: projection.to_lon_lat(site.point).into(),
            });
        }
    }
    match sort {
        "cost" | "distance" => {
            let most = |one: &FoundView| if sort == "cost" { one.drop_cost } else { one.metres };
            found.sort_by(|a, b| most(b).total_cmp(&most(a)).then_with(|| a.id.cmp(&b.id)));
        }
        // Numbers within an address sort as numbers.
        _ => found.sort_by_cached_key(|one| (address_key(&one.label), one.id)),
    }
    let count = found.len() as u64;
    found.truncate(LISTED);
    (count, found)
}

fn address_key(label: &str) -> Vec<(u64, String)> {
    let folded = label.to_lowercase();
    // "12B," is a 12 like "12".
    let number =
        |part: &str| part.split(|one: char| !one.is_ascii_digit()).next().and_then(|digits| digits.parse().ok());
    folded.split_whitespace().map(|part| (number(part).unwrap_or(0), part.to_owned())).collect()
}

/// The scenario as a file for the command line. What the page's cost book holds is the shipped one or lies beside it.
pub(crate) fn rust_program(scenario: &Scenario, book: &CostBook) -> String {
    let name = serde_json::Value::from(scenario.name.as_str());
    let cost_book = match &scenario.cost_book {
        Some(path) => {
            format!("CostBook::parse(&std::fs::read_to_string({})?)?", serde_json::Value::from(path.as_str()))
        }
        None => "CostBook::example()".to_owned(),
    };
    let changed = if scenario.prices.is_empty() { "" } else { ".changed(&scenario.prices)?" };
    format!(
        "//! Plans {name} as the page does, at the prices of {book}. Put this beside scenario.toml and its inputs.\n\
         use breiband::{{Context, CostBook, Scenario, Silent, SourceFile}};\n\n\
         fn main() -> Result<(), Box<dyn std::error::Error>> {{\n\
         \x20   let scenario = Scenario::parse(&std::fs::read_to_string(\"scenario.toml\")?)?;\n\
         \x20   let book = {cost_book}{changed};\n\
         \x20   let mut sources = Vec::new();\n\
         \x20   for input in &scenario.inputs {{\n\
         \x20       sources.push(SourceFile {{ input: input.clone(), bytes: std::fs::read(&input.path)?.into() }});\n\
         \x20   }}\n\
         \x20   let mut silent = Silent;\n\
         \x20   let mut context = Context::new(&mut silent);\n\
         \x20   let region = breiband::import(&sources, &scenario.options, &mut context)?;\n\
         \x20   let plan = breiband::plan(&region, &scenario, &book, &mut context)?;\n\
         \x20   let summary = &plan.value.summary;\n\
         \x20   println!(\"{{}} premises for {{}} {{}}: {{}}\", summary.connected, summary.cost, summary.currency, summary.digest);\n\
         \x20   Ok(())\n\
         }}\n",
        book = book.file().name,
    )
}

#[cfg(test)]
mod tests {
    use super::address_key;

    #[test]
    fn houses_are_in_the_order_of_their_numbers() {
        let mut labels = [
            "Strandvegen 10, 6150 Ørsta",
            "Strandvegen 1, 6150 Ørsta",
            "Strandvegen 2B, 6150 Ørsta",
            "strandvegen 2, 6150 Ørsta",
        ];
        labels.sort_by_cached_key(|label| address_key(label));
        let numbers = labels.map(|label| label.split([' ', ',']).nth(1).unwrap_or_default());
        assert_eq!(numbers, ["1", "2", "2B", "10"]);
    }
}
