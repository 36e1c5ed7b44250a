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
         # \"sign-ups\", \"handovers\", \"masts\", \"terrain\", \"areas\", \"sites\", \"buildings\", \"water\", \"land-use\", \"power\" or \"ducts\".\n\
         # Its coordinates, where it does not say them: epsg = 25832, and so on. A table's columns, where their names are others:\n\
         # columns = { lon = \"X_COORD\", lat = \"Y_COORD\" }.\n",
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
         # kind = \"worthwhile\"       # whoever costs no more than it is worth: value = 60000 for each of\n\
         # kind = \"budget\"           # the most for at most: budget = 20000000, counting\n\
         # kind = \"coverage\"         # a share of them, at least cost: share = 0.95, counting\n\
         # kind = \"cheapest\"         # everybody by the cheapest of fibre, wireless and satellite; needs the section [mix]\n\
         # count = \"homes\"           # or premises\n\
         \n\
         # Where backbone capacity can be bought: the only roots of the network. Without one, one is assumed and named.\n\
         # [[handover]]\n\
         # name = \"Exchange\"\n\
         # lon = 6.15\n\
         # lat = 62.47\n\
         \n\
         # With an opening cost it is a candidate point of presence, which is paid only by a plan that uses it.\n\
         # opening_cost = 600000\n\
         # source = \"Offer of May\"\n\
         \n\
         # Cabinets that every plan must reach. Splitters and splicing inside them are not planned.\n\
         # [[cabinet]]\n\
         # name = \"K1\"\n\
         # lon = 6.15\n\
         # lat = 62.47\n\
         # price = 50000               # without it, the cost book's\n\
         # source = \"Offer of May\"\n\
         \n\
         # Masts besides those in the inputs, for the section [mix].\n\
         # [[mast]]\n\
         # name = \"Knoll\"\n\
         # lon = 6.15\n\
         # lat = 62.47\n\
         # height_m = 30.0             # of its antennas above the ground; without it, and without sectors, the cost book's\n\
         # sectors = 3\n\
         # existing = true             # it stands already\n\
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
         steps = 3000000000           # at most; the same steps give the same plan everywhere\n\
         gap = 0.005                  # stop once the plan is proven within this part of the least cost; 0 uses all steps\n\
         seed = 1\n",
    );
    text.push_str(DRAWN);
    text.push_str(MIX);
    text.push_str(PROGRAMME);
    text
}

/// What can be drawn by hand, as comments.
const DRAWN: &str = r#"
# Drawn by hand, in degrees: routes, and areas with a rule. A route is a "candidate", "forbidden" (nothing along its roads), or a
# "duct" or "poles" that are there already; an area's rule is "forbid", "multiply" (factor = 2), "lump" (amount = 5000) or
# "exclude-premises".
# [[route]]
# name = "Over the ridge"
# use = "candidate"
# points = [[6.150, 62.470], [6.171, 62.482]]
# legs = ["free"]                       # or "road", one for each pair of points
# [[area]]
# name = "Nature reserve"
# rule = "forbid"
# ring = [[6.160, 62.471], [6.166, 62.471], [6.166, 62.476]]
"#;

/// The section `[mix]`, all of it as comments.
const MIX: &str = r#"
# Other technologies than fibre: masts (inputs as = "masts", or those of OSM) that see premises over the terrain (SRTM tiles .hgt, or
# GeoTIFF), and satellite. What each costs, runs at and gives is in the cost book's section [technologies].
# [mix]
# site_masts = true                     # masts among the public sites may carry antennas
# propose = 10                          # new masts on high ground near a road, at most
# propose_least = 20                    # homes that a proposed mast is the first to reach, at least
# needs_mbps = 100                      # what a premises needs; without it, the goal's threshold
# needs = [{ sites = ["school"], mbps = 1000 }, { kinds = ["business"], mbps = 300 }, { premises = ["node/17"], mbps = 1000 }]
"#;

/// The section `[programme]`, all of it as comments: take the `# ` away from what applies.
const PROGRAMME: &str = r#"
# Building together: who pays what, and in which year what is built. Without this section only the network is planned.
# [programme]
# delivers_mbps = 1000                  # download speed of what is built
# thresholds_mbps = [30, 100, 1000]     # coverage is told at these speeds
# thresholds_source = "Norway, 2025: high speed by law, statistics, national goal"
# density = { within_m = 250, source = "our own", class = [{ name = "scattered", from = 0 }, { name = "village", from = 50 }] }
# drops = "with-trench"                 # or "when-signed": only where somebody has signed up
# orders = "orders.csv"                 # id,municipality,targets,points,status,approved_by
# policy = "policy.toml"               # what homes and public sites ask for; `breiband policy` writes the shipped example
# policy_changes = { "homes.busy_mbps" = { value = 4, source = "Measured" }, "site.school.heads" = { value = 90 } }
# heads = { s2 = 240 }                  # pupils, staff or beds of public sites, by id
# public_least = 5                      # the public report shows no figure of fewer premises than this
# weights = { premises = 1, household = 0, household_below = 0, below_mbps = 30, site = 0, signed_up = 0 }   # what comes first
# ordering = { needed = 0, votes = {} } # votes that approve an order (0: more than half), votes by municipality code
# crews = { count = 4, metres = 12000 } # metres of line a crew builds in a season
# lots = { least = 1000000, mobilisation = 50000 }   # branches gathered until they are worth a contract
#
# [programme.game]                      # what a group of municipalities meets that builds without the others
# wayleave_per_metre = 15               # on the ground of those outside it
# outsider_price = 0                    # for a handover of theirs
# territory = "anywhere"                # or "own": on its own ground only
# steps = 200000                        # optimiser steps for each group's network
# handover = [{ name = "Exchange", owner = "1504" }]   # whose a handover is; the others are shared by all
#
# [programme.business]                  # what the network earns and costs to run; examples, uncalibrated
# source = "our own accounts of 2025"
# take_rate = [0.35, 0.5, 0.6]          # customers among the homes passed, in the year they are passed, the next, …
# connection_fee = 4500
# revenue = 5400                        # from a customer in a year
# opex_per_customer = 1400
# opex_per_km = 2500
# renewal_per_cent = 1                  # of what was built, a year
# discount_per_cent = 4
# horizon = 25                          # years
# spread = { take_rate = [0.8, 1, 1.15], revenue = [0.9, 1, 1.1], opex = [0.85, 1, 1.25] }   # P10, P50, P90
#
# [[programme.member]]                  # without members, every municipality of the borders
# code = "1504"
# from = "2013-02-01"                   # first day
# until = "2035-01-01"                  # first day it is no longer a member
# cap = 5000000                         # it pays at most this in a year
# inhabitants = { 2017-01-01 = 47199 }
#
# [[programme.key]]                     # the first is the agreed one; parts by equal, inhabitants, premises,
# name = "30 % equal, 70 % inhabitants" # connected-premises, metres or causer-pays, together 100 %
# parts = [{ by = "equal", per_cent = 30 }, { by = "inhabitants", per_cent = 70 }]
#
# [[programme.budget]]                  # a year's money; what it does not use, the next one has
# year = 2027
# amount = 10000000
#
# [[programme.fixed]]                   # costs that are no digging
# name = "Tender"
# year = 2027
# amount = 500000
#
# [[programme.milestone]]               # what must be connected by the end of a year
# name = "Schools"
# year = 2027
# sites = ["school"]                    # or premises = ["id", …]
#
# [[programme.freeze]]                  # nothing is built, everywhere or in one municipality
# from = 2028
# to = 2028
# municipality = "1504"
# reason = "roadworks"
#
# [support]                             # a scheme that pays for building; what is left out is as in Norway, to be checked
# name = "County call of 2027"
# source = "the call's text"
# below_mbps = 100                      # eligible: less than this today, unknown counts as less
# upgradable = ["coax"]                 # technologies, as in the table of service, that can give enough: not eligible
# delivers_mbps = 1000                  # what is built must give this
# not_kinds = ["cabin", "outbuilding"]
# commercial = ["node/17"]              # addresses that somebody connects without support, besides areas with rule = "commercial"
# areas = "municipalities"              # or "drawn" (areas with rule = "support"), or "clusters" of eligible addresses
# cluster_metres = 400
# cluster_least = 5
# whole = true                          # an area is supported, and by a goal that chooses built, whole or not at all
# per_cent = 75                         # most that is paid of an area's cost
# most_per_premises = 25000
# own_per_cent = 25                     # what the municipality pays at least
# yearly_cap = 5000000
"#;

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
        assert_eq!(scenario.programme, None);
    }

    #[test]
    fn the_commented_drawings_are_some() {
        let lines =
            DRAWN.lines().skip_while(|line| !line.starts_with("# [[")).map(|line| line.trim_start_matches("# "));
        let text =
            format!("{}{}", Scenario::new("s", "2026-01-01", vec![]).to_toml(), lines.collect::<Vec<_>>().join("\n"));
        let scenario = Scenario::parse(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert_eq!((scenario.routes.len(), scenario.areas.len()), (1, 1));
    }

    #[test]
    fn the_commented_mix_is_one() {
        let draft = drafted_scenario(&[Input::auto("a.osm.pbf")], "2026-01-01").replace("\"connect\"", "\"cheapest\"");
        let (head, rest) = draft.split_once("# [mix]\n").expect("it is in the draft");
        let lines = rest.lines().take_while(|line| line.starts_with("# ")).map(|line| line.trim_start_matches("# "));
        let text = format!("{head}[mix]\n{}", lines.collect::<Vec<_>>().join("\n"));
        let scenario = Scenario::parse(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert_eq!(scenario.mix.expect("the section").needs.len(), 3);
    }

    #[test]
    fn the_commented_programme_is_one() {
        let draft = drafted_scenario(&[Input::auto("a.osm.pbf")], "2026-01-01");
        let (head, programme) = draft.split_once("\n# Building together").expect("it is in the draft");
        let lines = programme.lines().skip(1).map(|line| line.trim_start_matches("# ").trim_start_matches('#'));
        let text = format!("{head}\n{}", lines.collect::<Vec<_>>().join("\n"));
        // What a freeze or milestone names is there, and somebody is a member when the budget begins.
        let scenario = Scenario::parse(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        let support = scenario.support.as_ref().expect("the section after it");
        assert_eq!((support.commercial.len(), support.parts()), (1, (75_000, 25_000)));
        let programme = scenario.programme.expect("the section");
        assert_eq!(programme.keys.len() + programme.members.len() + programme.milestones.len(), 3);
        assert_eq!(programme.members[0].inhabitants["2017-01-01"], 47_199);
    }
}
