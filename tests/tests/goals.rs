//! Goals that leave premises out, from scenario to verified files.

use std::collections::{BTreeMap, BTreeSet};

use breiband::{
    CandidateNetwork, Context, CostBook, Count, EdgeId, Goal, Money, Plan, PremisesId, Reason, Recipe, Region,
    Scenario, Silent, SourceFile, Staged, Status, Terminal,
};
use breiband_tests::{faults, verified, written};

struct Case {
    scenario: Scenario,
    sources: Vec<SourceFile<'static>>,
    region: Staged<Region>,
    book: CostBook,
}

fn case() -> Case {
    let files = breiband::generate(&Recipe { seed: 4, premises: 1_000, ..Recipe::default() });
    let (mut scenario, sources) = breiband::scenario_of(&files).expect("a generated scenario");
    scenario.options.steps = 6_000_000;
    scenario.support = None;
    let sources: Vec<SourceFile<'static>> =
        sources.iter().map(|s| SourceFile { input: s.input.clone(), bytes: s.bytes.to_vec().into() }).collect();
    let region = breiband::import(&sources, &scenario.options, &mut Context::new(&mut Silent)).expect("it is read");
    Case { scenario, sources, region, book: CostBook::example() }
}

impl Case {
    fn plan(&self, goal: Goal) -> (Scenario, Staged<Plan>) {
        let scenario = Scenario { goal, ..self.scenario.clone() };
        let plan = breiband::plan(&self.region, &scenario, &self.book, &mut Context::new(&mut Silent)).expect("a plan");
        (scenario, plan)
    }

    fn files(&self, scenario: &Scenario, plan: &Staged<Plan>) -> BTreeMap<String, Vec<u8>> {
        written(&self.region, scenario, &self.book, plan)
    }

    /// The names of the checks that fail.
    fn faults(&self, files: &BTreeMap<String, Vec<u8>>) -> Vec<&'static str> {
        let found = verified(files, &self.sources);
        faults(&found)
    }
}

/// What it costs least to bring one more of those left out to a plan's network, by the obvious shortest ways.
fn next_home(plan: &Plan, region: &Region) -> Option<Money> {
    let network = &plan.network;
    let built: BTreeSet<EdgeId> = plan.route.edges.iter().copied().collect();
    let sinks: BTreeSet<_> = network.terminals.iter().map(|t| t.vertex).collect();
    let over = |p: &PremisesId| plan.route.outcomes[p.index()].reason == Reason::OverBudget;
    let homes = |p: &PremisesId| region.premises[p.index()].households > 0;
    let left_out = |t: &&Terminal| t.premises.iter().all(over) && t.premises.iter().any(homes);
    let wanted: BTreeSet<_> = network.terminals.iter().filter(left_out).map(|t| t.vertex).collect();
    let mut around: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (id, edge) in network.edges.iter().enumerate() {
        let cost = if built.contains(&EdgeId::new(id as u32)) { Money::ZERO } else { edge.cost };
        around.entry(edge.tail).or_default().push((edge.head, cost));
        around.entry(edge.head).or_default().push((edge.tail, cost));
    }
    let mut queue = BTreeSet::from([(Money::ZERO, CandidateNetwork::ROOT)]);
    let mut done = BTreeSet::new();
    while let Some((reach, v)) = queue.pop_first() {
        if !done.insert(v) {
            continue;
        }
        if wanted.contains(&v) {
            return Some(reach);
        }
        if !sinks.contains(&v) {
            queue.extend(
                around.get(&v).into_iter().flatten().map(|&(head, cost)| ([reach, cost].into_iter().sum(), head)),
            );
        }
    }
    None
}

#[test]
fn a_scenario_made_in_code_is_refused_as_one_that_is_read() {
    let case = case();
    let refused = |goal: Goal| {
        let scenario = Scenario { goal, ..case.scenario.clone() };
        breiband::plan(&case.region, &scenario, &case.book, &mut Context::silent()).expect_err("no plan").to_string()
    };
    let (threshold_mbps, count) = (100.0, Count::Homes);
    let percent = refused(Goal::Coverage { threshold_mbps, count, share: 90.0 });
    assert_eq!(percent, "the scenario's goal.share is \"90\": give a share of 0 to 1, such as 0.95");
    let unknown = refused(Goal::Budget { threshold_mbps, count, budget: f64::NAN });
    assert!(unknown.contains("goal.budget"), "{unknown}");
    let (mut scenario, before) = case.plan(Goal::Connect { threshold_mbps });
    scenario.language = "xx".to_owned();
    let again = breiband::replan(&case.region, &scenario, &case.book, &before.value, &mut Context::silent());
    assert!(again.expect_err("no plan").to_string().contains("language"));
}

#[test]
fn every_goal_is_planned_and_verified() {
    let case = case();
    let (_, everybody) = case.plan(Goal::Connect { threshold_mbps: 100.0 });
    let all = &everybody.value.summary;
    let goals = [
        (Goal::Budget { threshold_mbps: 100.0, count: Count::Homes, budget: all.cost / 3.0 }, Reason::OverBudget),
        (Goal::Coverage { threshold_mbps: 100.0, count: Count::Premises, share: 0.8 }, Reason::BeyondShare),
        (Goal::Worthwhile { threshold_mbps: 100.0, count: Count::Homes, value: 30_000.0 }, Reason::NotWorthwhile),
    ];
    for (goal, reason) in goals {
        let (scenario, plan) = case.plan(goal.clone());
        let summary = &plan.value.summary;
        let choice = summary.choice.as_ref().expect("somebody is left out");
        assert!(choice.connected > 0 && choice.connected < choice.wanted, "{goal:?}: {choice:?}");
        assert!(choice.connected <= choice.most && summary.bound <= summary.cost, "{goal:?}: {choice:?}");
        assert!(summary.cost < all.cost && summary.gap < 0.1, "{goal:?}: the proven gap is {}", summary.gap);
        let sum = summary.connected + summary.unreachable + summary.excluded + summary.already_served;
        assert_eq!(sum, summary.premises);
        assert_eq!(summary.unreachable, all.unreachable, "{goal:?}: what cannot be reached does not change");
        let left_out = plan.value.route.outcomes.iter().filter(|o| o.reason == reason).count() as u64;
        assert_eq!(left_out + summary.connected, all.connected, "{goal:?}");
        assert!(plan.value.route.outcomes.iter().all(|o| o.reason != reason || o.status == Status::Excluded));
        match goal {
            Goal::Budget { budget, .. } => {
                assert!(summary.cost <= budget && summary.cost > budget * 0.95, "{} of {budget}", summary.cost);
                // Used to the last sensible edge: what is left reaches nobody else.
                let next = next_home(&plan.value, &case.region.value).expect("somebody is left out");
                assert!(summary.cost + next.as_major() > budget, "{} of {budget}, and {next:?} more", summary.cost);
            }
            Goal::Coverage { share, .. } => assert!(choice.connected as f64 >= share * choice.wanted as f64),
            // Whoever is connected pays for it in common: on the whole it is worth it.
            Goal::Worthwhile { value, .. } => assert!(summary.cost < value * choice.connected as f64),
            Goal::Connect { .. } | Goal::Cheapest { .. } => unreachable!("no goal of this list"),
        }

        let mut files = case.files(&scenario, &plan);
        assert_eq!(case.faults(&files), [""; 0], "{goal:?}");
        // A summary that promises more than is proven is found out, even with a manifest that agrees.
        let text = String::from_utf8(files["summary.json"].clone()).expect("JSON is UTF-8");
        let most = format!("\"most\": {}", choice.most);
        assert!(text.contains(&most), "{text}");
        files.insert("summary.json".to_owned(), text.replace(&most, &format!("\"most\": {}", choice.most - 1)).into());
        assert_eq!(case.faults(&files), ["output-digests", "choice"], "{goal:?}");
    }
}

#[test]
fn what_is_required_is_connected_whatever_the_goal() {
    let mut case = case();
    let (_, everybody) = case.plan(Goal::Connect { threshold_mbps: 100.0 });
    let outcomes = everybody.value.route.outcomes.iter().zip(&case.region.value.premises);
    let farthest = outcomes.max_by_key(|(o, _)| o.distance_mm).map(|(_, p)| p.external_id.clone()).expect("someone");
    let budget = everybody.value.summary.cost / 4.0;
    let goal = Goal::Budget { threshold_mbps: 100.0, count: Count::Homes, budget };
    let at = case.region.value.premises.iter().position(|p| p.external_id == farthest).expect("it is there");
    assert_eq!(case.plan(goal.clone()).1.value.route.outcomes[at].reason, Reason::OverBudget);
    case.scenario.options.include.push(farthest);
    let (scenario, plan) = case.plan(goal);
    assert_eq!(plan.value.route.outcomes[at].status, Status::Connected);
    assert!(plan.value.summary.cost <= budget);
    assert_eq!(case.faults(&case.files(&scenario, &plan)), [""; 0]);

    // Too little for that alone: said, with what it would take.
    let scenario =
        Scenario { goal: Goal::Budget { threshold_mbps: 100.0, count: Count::Homes, budget: 1.0 }, ..case.scenario };
    let refused = breiband::plan(&case.region, &scenario, &case.book, &mut Context::new(&mut Silent)).unwrap_err();
    assert!(refused.to_string().starts_with("the budget is too small"), "{refused}");
}

#[test]
fn the_curve_rises_and_its_bounds_with_it() {
    let case = case();
    let curve = breiband::coverage_curve(&case.region, &case.scenario, &case.book, &mut Context::new(&mut Silent))
        .expect("a curve");
    assert!(curve.places.len() > 8, "{curve:?}");
    assert_eq!(curve.places.last().map(|p| p.connected), Some(curve.wanted));
    for pair in curve.places.windows(2) {
        assert!(pair[0].cost < pair[1].cost && pair[0].connected < pair[1].connected, "{pair:?}");
        assert!(pair[0].bound <= pair[1].bound, "{pair:?}");
    }
    // A place that lies between corners of the curve may be dearer than the line between them.
    let within = |part: f64| curve.places.iter().filter(|p| p.bound >= p.cost * part).count();
    assert!(curve.places.iter().all(|p| p.bound <= p.cost), "{curve:?}");
    assert!(within(0.85) == curve.places.len() && within(0.9) + 1 >= curve.places.len(), "{curve:?}");
}

#[test]
fn support_areas_are_built_whole_or_not_at_all() {
    let mut case = case();
    let (_, everybody) = case.plan(Goal::Connect { threshold_mbps: 100.0 });
    let cost = everybody.value.summary.cost;
    case.scenario.support = Some(breiband::SupportScheme {
        areas: breiband::SupportAreas::Clusters,
        cluster_metres: 300.0,
        cluster_least: 2,
        ..Default::default()
    });
    let goals = [
        Goal::Budget { threshold_mbps: 100.0, count: Count::Premises, budget: cost / 2.0 },
        Goal::Coverage { threshold_mbps: 100.0, count: Count::Homes, share: 0.7 },
        Goal::Worthwhile { threshold_mbps: 100.0, count: Count::Homes, value: 30_000.0 },
    ];
    for goal in goals {
        let (free_scenario, free) = case.plan(goal.clone());
        let choice = free.value.summary.choice.clone().expect("somebody is left out");
        let [built, all] = choice.areas.expect("areas are told");
        assert!(0 < built && built < all, "{built} of {all}");
        assert!(choice.connected <= choice.most && free.value.summary.bound <= free.value.summary.cost);
        let files = case.files(&free_scenario, &free);
        assert_eq!(case.faults(&files), [""; 0], "{goal:?}");
        let loose = Scenario { support: None, ..free_scenario.clone() };
        let plan = breiband::plan(&case.region, &loose, &case.book, &mut Context::new(&mut Silent)).expect("a plan");
        let rule_free = plan.value.summary.choice.clone().expect("a choice");
        // What is proven without the rule bounds the plan that keeps to it.
        match goal {
            Goal::Budget { budget, .. } => {
                assert!(free.value.summary.cost <= budget && choice.connected <= rule_free.most);
                assert!(choice.connected * 10 >= rule_free.connected * 8, "{choice:?} {rule_free:?}");
            }
            Goal::Coverage { share, .. } => {
                assert!(choice.connected as f64 >= share * choice.wanted as f64);
                assert!(free.value.summary.cost >= plan.value.summary.bound);
                assert!(free.value.summary.cost <= plan.value.summary.cost * 1.3);
            }
            _ => {}
        }
        // A plan that takes areas in part and says that it does not is found out.
        if let Goal::Budget { .. } = goal {
            let mut mixed = plan.clone();
            mixed.value.summary.choice.as_mut().expect("a choice").areas = Some([built, all]);
            assert_eq!(case.faults(&case.files(&free_scenario, &mixed)), ["areas"], "{goal:?}");
            // Nor does it pass because its summary says nothing.
            mixed.value.summary.choice.as_mut().expect("a choice").areas = None;
            assert_eq!(case.faults(&case.files(&free_scenario, &mixed)), ["areas"], "{goal:?}");
            let mut silent = free.clone();
            silent.value.summary.choice = None;
            let found = case.faults(&case.files(&free_scenario, &silent));
            assert!(found.contains(&"choice") && found.contains(&"areas"), "{found:?}");
            // Without the inputs it is said that areas were not looked at.
            let found = breiband::verify(
                &mut |name| files.get(name).cloned().ok_or_else(|| std::io::ErrorKind::NotFound.into()),
                &mut |_| Err(std::io::ErrorKind::NotFound.into()),
                &mut Context::new(&mut Silent),
            );
            let areas = found.checks.iter().find(|check| check.name == "areas").expect("it is listed");
            assert_eq!(areas.state, breiband::CheckState::NotChecked);
        }
    }
}

/// Whoever may connect part of an area connects no fewer for the same money than who must take it whole.
#[test]
fn a_rule_never_makes_more_of_a_budget() {
    for seed in 3..=6 {
        let files = breiband::generate(&Recipe { seed, premises: 600, ..Recipe::default() });
        let (mut scenario, sources) = breiband::scenario_of(&files).expect("a generated scenario");
        scenario.options.steps = 6_000_000;
        let region = breiband::import(&sources, &scenario.options, &mut Context::new(&mut Silent)).expect("it is read");
        let book = CostBook::example();
        let plan = |scenario: &Scenario| {
            breiband::plan(&region, scenario, &book, &mut Context::new(&mut Silent)).expect("a plan").value
        };
        let all = plan(&scenario).route.cost.as_major();
        for share in [0.05, 0.1, 0.2, 0.4, 0.7] {
            let goal = Goal::Budget { budget: all * share, threshold_mbps: 100.0, count: Count::Premises };
            let ruled = Scenario { goal, ..scenario.clone() };
            let free = Scenario { support: None, ..ruled.clone() };
            let [with, without] = [&ruled, &free].map(|s| plan(s).route.choice.expect("a choice"));
            assert!(with.connected <= without.connected, "seed {seed}, {share} of the cost: {with:?} and {without:?}");
            assert!(without.connected <= without.most, "seed {seed}, {share} of the cost: {without:?}");
        }
    }
}

#[test]
fn a_goal_that_asks_for_nobody_says_so() {
    let case = case();
    let (scenario, plan) = case.plan(Goal::Coverage { threshold_mbps: 100.0, count: Count::Homes, share: 0.0 });
    let choice = plan.value.summary.choice.as_ref().expect("a choice");
    assert_eq!((choice.connected, plan.value.summary.cost), (0, 0.0));
    assert!(choice.most < choice.wanted, "some proof that no money connects not everybody: {choice:?}");
    let files = case.files(&scenario, &plan);
    let page = String::from_utf8(files["summary.html"].clone()).expect("UTF-8");
    assert!(page.contains("the goal asks for none of those that need it") && !page.contains("No premises need"));
    assert_eq!(case.faults(&files), [""; 0]);
}
