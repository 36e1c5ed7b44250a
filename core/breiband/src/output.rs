//! A plan as files: everything a directory needs to be read by people, other programs and `verify`.

use breiband_export::{OutputFile, PlanView};
use breiband_model::{CostBook, Policy, Region, Scenario, Staged};
use breiband_programme::Input;
use serde::{Deserialize, Serialize};

use crate::digest::sha256;
use crate::{Plan, proof};

/// `manifest.json`: what went in and what came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The program and its version.
    pub program: String,
    /// The scenario's date.
    pub date: String,
    /// SHA-256 over the plan's canonical form.
    pub digest: String,
    /// Inputs with their SHA-256, in the scenario's order.
    pub inputs: Vec<(String, String)>,
    /// Files with their SHA-256, `manifest.json` itself left out.
    pub outputs: Vec<(String, String)>,
}

/// All files of a plan, the same bytes for the same inputs, for the caller to write. [`verify`](crate::verify()) re-checks
/// them.
///
/// ```
/// use breiband::{CheckState, Context, CostBook, Recipe};
/// let invented = breiband::generate(&Recipe { premises: 150, ..Recipe::default() });
/// let (scenario, sources) = breiband::scenario_of(&invented)?;
/// let (book, mut context) = (CostBook::example(), Context::silent());
/// let region = breiband::import(&sources, &scenario.options, &mut context)?;
/// let plan = breiband::plan(&region, &scenario, &book, &mut context)?;
/// let files = breiband::files(&region.value, &scenario, &book, &plan);
/// // Here `std::fs::write(folder.join(&file.name), &file.bytes)?` for each; there `std::fs::read(folder.join(name))`.
/// let missing = || std::io::Error::from(std::io::ErrorKind::NotFound);
/// let mut read = |name: &str| files.iter().find(|f| f.name == name).map(|f| f.bytes.clone()).ok_or_else(missing);
/// let mut input = |path: &str| invented.iter().find(|f| f.name == path).map(|f| f.bytes.clone()).ok_or_else(missing);
/// let found = breiband::verify(&mut read, &mut input, &mut context);
/// assert!(found.checks.iter().all(|check| check.state == CheckState::Holds));
/// assert_eq!((found.cost, found.bound), (Some(plan.value.summary.cost), Some(plan.value.summary.bound)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Linear in the size of the network. `scenario` has its inputs' paths as they should stand in the
/// copy that lies beside the plan.
///
/// Where the scenario has a programme, each stretch says its load in the busy hour, by the shipped policy unless the programme
/// names another: then [`files_by`] is given it.
pub fn files(region: &Region, scenario: &Scenario, book: &CostBook, plan: &Staged<Plan>) -> Vec<OutputFile> {
    files_by(region, scenario, book, plan, shipped_policy(scenario).as_ref())
}

/// The shipped policy with the changes of a scenario's programme; none of a scenario that has no programme, or a file with
/// another policy. Changes that cannot be made are a fault of the scenario, which whoever has its policy says.
pub(crate) fn shipped_policy(scenario: &Scenario) -> Option<Policy> {
    let shipped = scenario.programme.as_ref().filter(|programme| programme.policy.is_empty());
    shipped.and_then(|programme| Policy::example().changed(&programme.policy_changes).ok())
}

/// As [`files`]; the loads of stretches are by `policy`, and not told without one.
pub fn files_by(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    plan: &Staged<Plan>,
    policy: Option<&Policy>,
) -> Vec<OutputFile> {
    let Plan { network, route, certificate, summary } = &plan.value;
    let loads = policy.zip(scenario.programme.as_ref()).map(|(policy, settings)| {
        let input = Input { region, book, network, route, settings, orders: &[], support: None };
        let first = settings.budgets.first().map_or(0, |budget| budget.year);
        breiband_programme::loads(&input, policy, first)
    });
    let issues = &plan.issues;
    let view = PlanView { region, scenario, book, network, route, summary, issues, loads: loads.as_ref() };
    let mut files = breiband_export::all(&view);
    let mut add = |name: &str, bytes: Vec<u8>| files.push(OutputFile { name: name.to_owned(), bytes });
    add("graph.csv.gz", proof::graph_file(region, network, route, book));
    add("demand.csv.gz", proof::demand_file(region, network, route, scenario, book));
    add("certificate.txt.gz", proof::certificate_file(certificate));
    add("scenario.toml", scenario.to_toml().into_bytes());
    add("cost-book.toml", book.to_toml().into_bytes());
    let manifest = Manifest {
        program: concat!("breiband ", env!("CARGO_PKG_VERSION")).to_owned(),
        date: scenario.date.clone(),
        digest: summary.digest.clone(),
        inputs: region.sources.iter().map(|s| (s.name.clone(), s.sha256.clone())).collect(),
        outputs: files.iter().map(|f| (f.name.clone(), sha256(&f.bytes))).collect(),
    };
    let text = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    files.push(OutputFile { name: "manifest.json".to_owned(), bytes: text });
    files
}
