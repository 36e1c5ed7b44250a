//! Files to scenarios: the sources of a generated region, and a first scenario for a newcomer's files.

use breiband_import::SourceFile;
use breiband_model::{Input, Role, Scenario, ScenarioError};
use breiband_synth::SyntheticFile;

/// The scenario among generated files, and the sources it names, in its order.
///
/// # Errors
/// Where the scenario is missing or unreadable: never for what [`crate::generate`] made.
pub fn scenario_of(files: &[SyntheticFile]) -> Result<(Scenario, Vec<SourceFile<'_>>), ScenarioError> {
    let missing = || ScenarioError::Syntax("no scenario.toml among the files".to_owned());
    let text = files.iter().find(|f| f.name == "scenario.toml").ok_or_else(missing)?;
    let scenario = Scenario::parse(&String::from_utf8_lossy(&text.bytes))?;
    let source = |input: &Input| {
        let file = files.iter().find(|f| f.name == input.path)?;
        Some(SourceFile { input: input.clone(), bytes: file.bytes.as_slice().into() })
    };
    let sources = scenario.inputs.iter().filter_map(source).collect();
    Ok((scenario, sources))
}

/// A commented scenario in TOML for files of these names: what `breiband new` writes and the browser starts from.
/// `date` is `yyyy-mm-dd`; outputs carry it instead of the clock.
pub fn drafted_scenario(inputs: &[Input], date: &str) -> String {
    let first = inputs.first().map_or("My region", |input| input.path.as_str());
    let name = first.rsplit(['/', '\\']).next().unwrap_or(first);
    let name = name.split('.').next().unwrap_or(name);
    let mut text = format!(
        "# What to plan, from which files. Same scenario and same files: same plan, byte for byte.\n\
         version = 1\n\
         name = {}\n\
         date = \"{date}\"          # on every output, instead of the clock\n\
         language = \"en\"             # reports in en, nb or nn\n\
         # cost_book = \"my-prices.toml\"   # without one, the shipped example prices\n",
        quoted(name)
    );
    text.push_str(
        "\n# What a file is for, where it does not say it: as = \"osm\", \"ways\", \"premises\", \"borders\", \"service\",\n\
         # \"sign-ups\", \"handovers\", \"areas\", \"sites\", \"buildings\", \"water\", \"land-use\", \"power\" or \"ducts\".\n\
         # Its coordinates, where it does not say them: epsg = 25832, and so on.\n",
    );
    for input in inputs {
        text.push_str(&format!("[[input]]\npath = {}\n", quoted(&input.path)));
        if let (false, Ok(role)) = (input.role == Role::Auto, toml::Value::try_from(input.role)) {
            text.push_str(&format!("as = {role}\n"));
        }
    }
    text.push_str(
        "\n[goal]\n\
         kind = \"connect\"            # everybody who needs it, at least cost\n\
         threshold_mbps = 100        # who has less than this today needs it; without a service table, everybody\n\
         \n\
         # Where backbone capacity can be bought: the only roots of the network. Without one, one is assumed and named.\n\
         # [[handover]]\n\
         # name = \"Exchange\"\n\
         # lon = 6.15\n\
         # lat = 62.47\n\
         \n\
         [options]\n\
         premises_from = \"addresses\"  # or all-buildings, for extracts without addresses\n\
         mend_gaps_m = 0.0            # gaps between ways up to this length are bridged; all are listed\n\
         use_poles = true             # hang fibre on distribution lines\n\
         use_ducts = true\n\
         exclude = []                 # premises, by id\n\
         include = []                 # premises, by id: connected whatever else leaves them out\n\
         exclude_kinds = [\"outbuilding\"]\n\
         forbid_ways = []             # ways, by id\n\
         steps = 50000000             #  more steps, better answers; the same steps give the same plan everywhere\n\
         seed = 1\n",
    );
    text
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_a_scenario() {
        let borders = Input { role: Role::Borders, ..Input::auto("b.geojson") };
        let inputs = vec![Input::auto("data/a \"b\".osm.pbf"), borders];
        let scenario = Scenario::parse(&drafted_scenario(&inputs, "2026-01-01")).expect("the draft parses");
        assert_eq!(scenario.inputs, inputs);
        assert_eq!(scenario.options, breiband_model::Options::default());
        assert_eq!(scenario.goal, breiband_model::Goal::default());
    }
}
