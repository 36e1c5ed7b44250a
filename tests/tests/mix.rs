//! Technology mixes from scenario to verified files: an invented region and a real country.

use std::collections::BTreeMap;

use breiband::{
    Advance, Context, CostBook, DrawnMast, Eligibility, Goal, Input, Method, MixSettings, Need, Phase, Plan, PlanError,
    Planner, Policy, PremisesId, PremisesKind, Reason, Recipe, Region, Role, Scenario, Silent, SiteKind, SourceFile,
    Staged, Status, SupportScheme, Technology,
};
use breiband_tests::{faults, shared, verified, written};

struct Case {
    scenario: Scenario,
    sources: Vec<SourceFile<'static>>,
    region: Staged<Region>,
    book: CostBook,
}

fn read(mut scenario: Scenario, sources: Vec<SourceFile<'static>>, steps: u64) -> Case {
    scenario.options.steps = steps;
    let region = breiband::import(&sources, &scenario.options, &mut Context::new(&mut Silent)).expect("it is read");
    Case { scenario, sources, region, book: CostBook::example() }
}

fn invented() -> Case {
    let files = breiband::generate(&Recipe { premises: 1_500, terrain: true, ..Recipe::default() });
    let (scenario, sources) = breiband::scenario_of(&files).expect("a generated scenario");
    let owned = |s: &SourceFile<'_>| SourceFile { input: s.input.clone(), bytes: s.bytes.to_vec().into() };
    let sources = sources.iter().map(owned).collect();
    read(scenario, sources, 20_000_000)
}

impl Case {
    fn plan(&self) -> Staged<Plan> {
        breiband::plan(&self.region, &self.scenario, &self.book, &mut Context::new(&mut Silent)).expect("a plan")
    }

    fn files(&self, plan: &Staged<Plan>) -> BTreeMap<String, Vec<u8>> {
        written(&self.region, &self.scenario, &self.book, plan)
    }

    /// The names of the checks that fail; all are made.
    fn faults(&self, files: &BTreeMap<String, Vec<u8>>) -> Vec<&'static str> {
        let found = verified(files, &self.sources);
        assert!(found.checks.iter().any(|c| c.name == "technologies") && found.checks.iter().any(|c| c.name == "mix"));
        faults(&found)
    }

    fn mix(&mut self) -> &mut MixSettings {
        self.scenario.mix.as_mut().expect("the scenario mixes")
    }
}

/// What must hold of any mix.
fn assert_sound(case: &Case, plan: &Staged<Plan>) {
    let (summary, route) = (&plan.value.summary, &plan.value.route);
    let mix = summary.mix.as_ref().expect("a mix");
    assert_eq!(summary.connected + summary.unreachable + summary.excluded + summary.already_served, summary.premises);
    let count = |technology| route.outcomes.iter().filter(|o| o.technology == Some(technology)).count() as u64;
    for one in &mix.technologies {
        assert_eq!(one.premises, count(one.technology), "{one:?}");
    }
    let of = |technology: Technology| &mix.technologies[technology as usize];
    assert_eq!(of(Technology::Fibre).premises + of(Technology::Wireless).premises, summary.connected);
    assert_eq!(of(Technology::Satellite).premises, summary.reasons.get(&Reason::Satellite).copied().unwrap_or(0));
    // To the minor unit: what is built is the network's cost, and all together the mix's.
    let minor = |major: f64| (major * 100.0).round() as i64;
    let built = [Technology::Fibre, Technology::Wireless].map(|t| minor(of(t).capex) + minor(of(t).opex_present));
    assert_eq!(built.iter().sum::<i64>(), minor(summary.cost));
    let sum: i64 = mix.technologies.iter().map(|t| minor(t.capex) + minor(t.opex_present)).sum();
    assert_eq!(sum, minor(mix.cost));
    assert!(mix.bound <= mix.cost && mix.gap <= 1.0);
    // Everybody gets what is needed.
    let technologies = case.book.technologies().expect("shipped");
    for (outcome, needs) in route.outcomes.iter().zip(&plan.value.network.needs_mbps) {
        if let Some(technology @ (Technology::Wireless | Technology::Satellite)) = outcome.technology {
            assert!(technologies.down_mbps(technology) >= *needs, "{outcome:?} {needs}");
        }
    }
    let in_sectors: u64 = mix.masts.iter().flat_map(|m| &m.sectors).map(|s| s.premises).sum();
    assert_eq!(in_sectors, of(Technology::Wireless).premises);
}

#[test]
fn masts_of_the_scenario_stand_in_for_those_of_an_input() {
    let mut case = invented();
    let plan = case.plan();
    let projection = breiband::spatial::Projection::new(case.region.value.plane);
    let own = |mast: &breiband::Mast| {
        let (lon, lat) = projection.to_lon_lat(mast.point);
        let height_m = mast.height_mm.map(|mm| f64::from(mm) / 1000.0);
        DrawnMast { name: mast.name.clone(), lon, lat, height_m, sectors: mast.sectors, existing: mast.existing }
    };
    case.scenario.masts = case.region.value.masts.iter().map(own).collect();
    case.scenario.inputs.retain(|input| input.path != "masts.csv");
    case.sources.retain(|source| source.input.path != "masts.csv");
    let case = read(case.scenario, case.sources, 20_000_000);
    assert!(case.region.value.masts.is_empty() && case.scenario.masts.len() > 1);
    let again = case.plan();
    assert_sound(&case, &again);
    let (before, after) = (&plan.value.summary, &again.value.summary);
    assert_eq!((before.cost, before.bound, before.connected), (after.cost, after.bound, after.connected));
    let used = &after.mix.as_ref().expect("a mix").masts;
    assert!(used.iter().any(|mast| mast.id.starts_with("scenario/")), "{used:?}");
    assert_eq!(case.faults(&case.files(&again)), [""; 0]);
}

#[test]
fn an_invented_region_is_mixed_and_verified() {
    let mut case = invented();
    let plan = case.plan();
    assert_sound(&case, &plan);
    let mix = plan.value.summary.mix.clone().expect("a mix");
    assert!(mix.technologies.iter().all(|one| one.premises > 0), "each has its place: {mix:#?}");
    assert!(mix.gap < 0.08, "proven within {}", mix.gap);
    assert!(plan.value.summary.methods.contains_key(Method::Radio.name()));
    // Schools need 1 Gbit/s, which no mast gives.
    let schools = case.region.value.sites.iter().filter(|site| site.kind == SiteKind::School);
    for id in schools.filter_map(|site| site.premises) {
        let outcome = plan.value.route.outcomes[id.index()];
        assert!(matches!(outcome.technology, Some(Technology::Fibre) | None), "{outcome:?}");
        assert!(outcome.technology.is_some() || outcome.status == Status::AlreadyServed);
    }
    let files = case.files(&plan);
    assert_eq!(case.faults(&files), [""; 0]);
    let text = |name: &str| String::from_utf8(files[name].clone()).expect("UTF-8");
    assert_eq!(text("masts.csv").lines().count() - 1, mix.masts.iter().map(|m| m.sectors.len()).sum::<usize>());
    assert_eq!(text("premises.csv").matches(",wireless,100,").count() as u64, mix.technologies[1].premises);
    assert!(text("network.geojson").contains("\"kind\":\"radio\"") && text("masts.geojson").contains("\"radio_fed\""));
    // A cheaper mix than there is, with a manifest that does not agree either.
    let mut dishonest = files.clone();
    let said = text("summary.json");
    let cost = format!("{:?}", mix.cost);
    dishonest.insert("summary.json".to_owned(), said.replace(&cost, &format!("{:?}", mix.cost - 1.0)).into());
    assert_eq!(case.faults(&dishonest), ["output-digests", "mix"]);
    let mut silent = plan.clone();
    silent.value.summary.mix = None;
    assert_eq!(case.faults(&case.files(&silent)), ["mix"], "a summary that says nothing of it");

    // Fewer technologies never cost less than the bound of more, and the same plan comes out again.
    assert_eq!(case.plan().value.summary.digest, plan.value.summary.digest);
    *case.mix() = MixSettings { site_masts: false, ..case.mix().clone() };
    case.mix().propose = 0;
    let mut without = Case { region: case.region.clone(), ..case };
    let mut parts = without.region.value.clone().into_parts();
    parts.masts.clear();
    without.region.value = Region::new(parts).expect("sound");
    let fibre_and_satellite = without.plan();
    assert_sound(&without, &fibre_and_satellite);
    let less = fibre_and_satellite.value.summary.mix.expect("a mix");
    assert!(less.masts.is_empty() && less.cost >= mix.bound && mix.cost >= less.bound.min(mix.cost), "{less:?}");
    assert!(less.cost > mix.cost, "masts pay here: {} against {}", less.cost, mix.cost);
}

#[test]
fn needs_choose_the_technology() {
    let mut case = invented();
    // Nobody is content with less than a fibre gives.
    case.mix().needs_mbps = Some(500.0);
    let fibre = case.plan();
    assert_sound(&case, &fibre);
    let mix = fibre.value.summary.mix.as_ref().expect("a mix");
    assert_eq!([mix.technologies[1].premises, mix.technologies[2].premises], [0, 0]);
    assert_eq!(fibre.value.summary.excluded, fibre.value.summary.reasons.get(&Reason::Kind).copied().unwrap_or(0));
    // Homes are content with a satellite that gives more than a mast; firms are not.
    case.mix().needs_mbps = Some(120.0);
    case.mix().needs = vec![Need { kinds: vec![PremisesKind::Business], mbps: 1_000.0, ..Need::default() }];
    let plan = case.plan();
    assert_sound(&case, &plan);
    let mix = plan.value.summary.mix.as_ref().expect("a mix");
    assert!(mix.technologies[1].premises == 0 && mix.technologies[2].premises > 0, "{mix:?}");
    // A goal that knows no satellite has masts all the same.
    case.mix().needs_mbps = None;
    case.mix().needs.clear();
    case.scenario.goal = Goal::Connect { threshold_mbps: 100.0 };
    let everybody = case.plan();
    assert_sound(&case, &everybody);
    let mix = everybody.value.summary.mix.as_ref().expect("a mix");
    assert!(mix.technologies[1].premises > 0 && mix.technologies[2].premises == 0, "{mix:?}");
    assert_eq!(case.faults(&case.files(&everybody)), [""; 0]);
}

#[test]
fn what_is_missing_is_said() {
    let mut case = invented();
    let mut file = case.book.file().clone();
    file.technologies = None;
    case.book = CostBook::new(file).expect("sound");
    let refused = breiband::plan(&case.region, &case.scenario, &case.book, &mut Context::new(&mut Silent)).unwrap_err();
    assert!(matches!(&refused, PlanError::NoTechnologies(_)) && refused.to_string().contains("[technologies]"));
    // Without terrain nothing is known to be in sight.
    case.book = CostBook::example();
    let mut parts = case.region.value.clone().into_parts();
    parts.terrain = None;
    case.region.value = Region::new(parts).expect("sound");
    let plan = case.plan();
    assert_eq!(plan.value.summary.issues.get("no-terrain"), Some(&1));
    assert!(plan.value.network.masts.is_empty());
    // A goal without its section.
    let text = case.scenario.to_toml();
    let bare = Scenario { mix: None, ..case.scenario };
    assert!(Scenario::parse(&text).is_ok());
    assert!(Scenario::parse(&bare.to_toml()).expect_err("no section").to_string().contains("[mix]"));
}

#[test]
fn masts_that_cost_more_than_adds_up_are_not_asked_about() {
    let mut case = invented();
    case.scenario.options.gap = 0.0;
    let mut file = case.book.file().clone();
    let wireless = file.technologies.as_ref().expect("shipped").wireless.clone();
    for price in &mut file.prices {
        if [&wireless.mast_new, &wireless.mast_existing].contains(&&price.id) {
            price.each = 1e13;
        }
    }
    case.book = CostBook::new(file).expect("sound");
    let plan = case.plan();
    assert_sound(&case, &plan);
    assert!(plan.value.summary.mix.as_ref().expect("a mix").masts.is_empty());
}

#[test]
fn overloaded_sectors_are_listed() {
    let mut case = invented();
    let mut file = case.book.file().clone();
    file.technologies.as_mut().expect("shipped").wireless.sector_mbps = 200.0;
    case.book = CostBook::new(file).expect("sound");
    let plan = case.plan();
    let mix = plan.value.summary.mix.as_ref().expect("a mix");
    let sectors = || mix.masts.iter().flat_map(|m| &m.sectors);
    let over = sectors().filter(|s| s.busy_mbps > s.capacity_mbps).count();
    assert!(over > 0 && plan.issues.iter().filter(|i| i.code == "sector-overloaded").count() == over);
    // By hand: 60 % of the homes at 3 Mbit/s on the average, and one at full speed; public sites add theirs.
    for sector in sectors().filter(|s| s.premises > 0) {
        assert!(sector.capacity_mbps == 140.0 && sector.busy_mbps >= 100.0, "{sector:?}");
        assert!(sector.busy_mbps <= 100.0 + 1.8 * sector.homes as f64 + 250.0, "{sector:?}");
    }
}

#[test]
fn a_plan_made_of_another_says_of_its_own_masts() {
    let mut case = invented();
    case.scenario.goal = Goal::Connect { threshold_mbps: 100.0 };
    let mut file = case.book.file().clone();
    file.technologies.as_mut().expect("shipped").wireless.sector_mbps = 200.0;
    case.book = CostBook::new(file).expect("sound");
    let plan = case.plan();
    let said = |plan: &Staged<Plan>, code: &str| plan.issues.iter().filter(|issue| issue.code == code).count();
    assert!(said(&plan, "sector-overloaded") > 0);
    let masts = |plan: &Staged<Plan>| plan.value.summary.mix.as_ref().map(|mix| mix.masts.clone()).expect("a mix");
    // At the same prices, with nobody left out, and over the candidates of a plan that was made.
    let same = breiband::repriced(&case.region.value, &case.scenario, [&case.book, &case.book], &plan).expect("a plan");
    let none = std::collections::BTreeSet::new();
    let all = breiband::without(&case.region.value, &case.scenario, &case.book, &plan, &none).expect("a plan");
    let mut planner = Planner::again(&case.region, &plan);
    let again = loop {
        let mut silent = Silent;
        let advanced = planner.advance(&case.region, &case.scenario, &case.book, &mut Context::new(&mut silent));
        if let Advance::Done(plan) = advanced.expect("a plan") {
            break *plan;
        }
    };
    for other in [&same, &all, &again] {
        assert_eq!(masts(other), masts(&plan));
        for code in ["sector-overloaded", "fibre-behind-radio"] {
            assert_eq!(said(other, code), said(&plan, code), "{code}");
        }
        assert_eq!(other.value.summary.issues, plan.value.summary.issues);
    }
}

#[test]
fn sectors_are_loaded_as_links_are() {
    let case = invented();
    let mut plan = case.plan();
    let route = plan.value.route.clone();
    let by_radio = |at: usize| route.outcomes[at].is_by_radio();
    // A fire station in a house that hangs on a mast, whatever the plan chose for those there are.
    let mut parts = case.region.value.clone().into_parts();
    let house = (0..parts.premises.len()).find(|&at| by_radio(at)).expect("somebody hangs on a mast");
    parts.sites.push(breiband::PublicSite {
        external_id: "station".to_owned(),
        kind: SiteKind::FireStation,
        name: String::new(),
        point: parts.premises[house].point,
        premises: Some(PremisesId::from_usize(house)),
    });
    let region = &Region::new(parts).expect("sound");
    // Where nobody is at full speed, all sectors together carry the average of all that hang on them.
    let mut policy = Policy::example();
    policy.homes.peak_mbps = 0.0;
    policy.sites.iter_mut().for_each(|site| site.needs_mbps = 0.0);
    let mut loaded = |scenario: &Scenario| -> f64 {
        breiband::load_sectors(region, scenario, &case.book, &mut plan, &policy);
        let mix = plan.value.summary.mix.as_ref().expect("a mix");
        mix.masts.iter().flat_map(|m| &m.sectors).map(|sector| sector.busy_mbps).sum()
    };
    let home = |p: &breiband::Premises| !matches!(p.kind, PremisesKind::Outbuilding | PremisesKind::Public);
    let homes = region.premises.iter().enumerate().filter(|(at, p)| by_radio(*at) && home(p));
    let homes: u32 = homes.map(|(_, p)| p.households).sum();
    let there = |site: &&breiband::PublicSite| site.premises.is_some_and(|id| by_radio(id.index()));
    let sites: Vec<_> = region.sites.iter().filter(there).filter_map(|s| Some((s, policy.site(s.kind)?))).collect();
    let (site, demand) = *sites.iter().find(|(_, d)| d.busy_mbps_per_head > 0.0).expect("a site hangs on a mast");
    let own = sites
        .iter()
        .map(|(_, d)| f64::from(d.heads) * d.busy_mbps_per_head + f64::from(d.guests) * d.busy_mbps_per_guest);
    let expect = f64::from(homes) * 0.6 * 3.0 + own.sum::<f64>();
    let found = loaded(&case.scenario);
    assert!((found - expect).abs() < 5.0, "{found} where {expect} is asked for");
    // The scenario knows better than the policy how many they are.
    let mut told = case.scenario.clone();
    let settings = told.programme.get_or_insert_default();
    settings.heads.insert(site.external_id.clone(), demand.heads + 1_000);
    let more = loaded(&told) - found;
    assert!((more - 1_000.0 * demand.busy_mbps_per_head).abs() < 0.11, "{more}");
}

#[test]
fn the_report_says_who_gets_fibre_and_who_radio() {
    let mut case = invented();
    case.scenario.options.steps = 1_000_000;
    let plan = case.plan();
    let programme =
        breiband::programme(&case.region.value, &case.scenario, &case.book, &plan.value, None).expect("a programme");
    let connected = |technology| {
        let both = plan.value.route.outcomes.iter().zip(&programme.premises);
        let own = both.filter(|(outcome, _)| outcome.technology == Some(technology));
        own.filter(|(_, row)| row.connected && matches!(row.phase, Phase::Year(_))).count()
    };
    let [fibre, radio] = [Technology::Fibre, Technology::Wireless].map(connected);
    let all: u64 = programme.years.iter().map(|year| year.connected).sum();
    assert!(fibre > 0 && radio > 0 && (fibre + radio) as u64 == all, "{fibre} + {radio} = {all}");
    let files = breiband::report(&case.region.value, &case.scenario, &case.book, &plan, &programme);
    let page = |name: &str| {
        let file = files.iter().find(|file| file.name == name).unwrap_or_else(|| panic!("no {name}"));
        String::from_utf8_lossy(&file.bytes).into_owned()
    };
    let told = |page: &str, what: &[&str]| {
        what.iter().filter(|words| !page.contains(**words)).map(|words| (*words).to_owned()).collect::<Vec<_>>()
    };
    for name in ["report-en.html", "report-public-en.html"] {
        let page = page(name);
        let headline = format!(": {fibre} by fibre, {radio} by radio</h1>");
        let speeds = "1,000 Mbit/s by fibre, 100 Mbit/s by radio";
        let rows = ["<th>Radio from a mast</th><td>100</td>", "<th>Satellite</th><td>", "</svg>Mast</li>"];
        assert_eq!(told(&page, &[&headline, speeds]), [""; 0], "{name}");
        assert_eq!(told(&page, &rows), [""; 0], "{name}");
        assert!(!page.contains("get fibre"), "{name}");
    }
    for name in ["report-nb.html", "report-public-nn.html"] {
        assert_eq!(told(&page(name), &[" med fiber, ", " med radio</h1>"]), [""; 0], "{name}");
    }
    // On paper a mast is no premises that cannot be reached, which is a triangle.
    let written = case.files(&plan);
    let summary = String::from_utf8_lossy(&written["summary.html"]).into_owned();
    assert!(summary.contains("</svg>Mast</li>"), "the legend names masts");
}

#[test]
fn a_programme_pays_for_building_and_not_for_running() {
    let case = invented();
    let plan = case.plan();
    let mix = plan.value.summary.mix.as_ref().expect("a mix");
    let minor = |major: f64| (major * 100.0).round() as u64;
    let built: u64 = mix.technologies[..2].iter().map(|t| minor(t.capex)).sum();
    assert!(built < minor(plan.value.summary.cost), "running is a part of the plan's cost");
    let mut scenario = case.scenario.clone();
    let settings = scenario.programme.as_mut().expect("the section");
    (settings.lots, settings.crews) = (None, None);
    settings.freezes.clear();
    settings.fixed.clear();
    settings.milestones.clear();
    // So much money as the building costs, in the first year.
    settings.budgets.iter_mut().for_each(|budget| budget.amount = 0.0);
    settings.budgets[0].amount = built as f64 / 100.0;
    let made = |scenario: &Scenario| {
        breiband::programme(&case.region.value, scenario, &case.book, &plan.value, None).expect("a programme")
    };
    // Support is for what delivers enough, and a mast does not.
    scenario.support = Some(SupportScheme { delivers_mbps: 1_000.0, ..SupportScheme::default() });
    let programme = made(&scenario);
    let support = programme.support.as_ref().expect("a scheme");
    let by_radio = |at: &usize| plan.value.route.outcomes[*at].is_by_radio();
    let said: Vec<_> = (0..support.premises.len()).filter(by_radio).map(|at| support.premises[at].0).collect();
    assert!(said.contains(&Eligibility::TooSlow) && !said.contains(&Eligibility::Eligible), "{:?}", support.counts);
    assert_eq!(support.total.cost.as_minor() + support.unsupported.as_minor(), programme.total.as_minor());
    assert_eq!(programme.total.as_minor() + programme.drops_later.as_minor(), built);
    assert_eq!(programme.unfunded.as_minor(), 0);
    let caused: u64 = programme.members.iter().map(|m| m.caused.as_minor()).sum();
    assert_eq!(caused + programme.outside.1.as_minor(), programme.total.as_minor());
    let business = programme.business.expect("the section");
    let running = |name: &str| {
        let price = case.book.price_id(name).map(|id| case.book.price(id));
        price.is_some_and(|price| price.method == Method::Running)
    };
    assert!(business.sways.iter().all(|sway| !running(&sway.of)), "{:?}", business.sways);
}

#[test]
fn liechtenstein_is_mixed_and_verified() {
    let names = [("osm/liechtenstein-2025-09-19.osm.pbf", Role::Auto), ("terrain/N47E009.hgt.gz", Role::Auto)];
    let mut sources = Vec::new();
    for (name, role) in names {
        let Some(path) = shared(name) else { return };
        let bytes = std::fs::read(&path).expect("readable");
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        sources.push(SourceFile { input: Input { role, ..Input::auto(name) }, bytes: bytes.into() });
    }
    let mut scenario = Scenario::new("Mix", "2026-01-01", sources.iter().map(|s| s.input.clone()).collect());
    scenario.goal = Goal::Cheapest { threshold_mbps: 100.0 };
    scenario.mix = Some(MixSettings { propose: 5, ..MixSettings::default() });
    let case = read(scenario, sources, 60_000_000);
    let plan = case.plan();
    assert_sound(&case, &plan);
    let mix = plan.value.summary.mix.as_ref().expect("a mix");
    assert!(mix.technologies.iter().all(|one| one.premises > 0) && mix.gap < 0.25, "{mix:?}");
    assert!(plan.value.network.masts.len() >= 36, "OSM's masts and those proposed");
    assert_eq!(case.faults(&case.files(&plan)), [""; 0]);
}
