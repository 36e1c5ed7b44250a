//! Whatever an edit changes, what is mended is a plan of the scenario's own candidates, and its bound one that the checker
//! accepts.

use std::sync::Arc;

use breiband_certificate::{Instance, check};
use breiband_model::{
    AreaUse, Context, DrawnArea, DrawnRoute, Goal, Leg, NamedCabinet, NamedPlace, PriceChange, RouteUse, Silent,
    Status, VertexKind,
};
use breiband_network::Layout;
use breiband_spatial::Projection;
use proptest::prelude::*;

use super::*;

/// The bound that the certificate's own checker finds.
fn checked(plan: &Plan) -> u64 {
    let network = &plan.network;
    let ends = |e: &breiband_model::Edge| (e.tail.as_u32(), e.head.as_u32(), e.cost.as_minor());
    let edges: Vec<_> = network.edges.iter().map(ends).collect();
    let terminals: Vec<_> = network.required().map(|vertex| (vertex.as_u32(), None)).collect();
    let vertices = network.vertices.len() as u32;
    let sinks: Vec<u32> = (0..vertices).filter(|&v| network.vertices[v as usize].kind.is_sink()).collect();
    let root = CandidateNetwork::ROOT.as_u32();
    let instance = Instance { vertices, edges: &edges, root, terminals: &terminals, sinks: &sinks };
    check(&instance, &plan.certificate).expect("the certificate holds")
}

/// An edit of a kind at a house and another, or at so many.
fn edited(scenario: &mut Scenario, region: &Region, kind: u8, houses: [usize; 2], number: usize) {
    let projection = Projection::new(region.plane);
    let house = |at: usize| &region.premises[at % region.premises.len()];
    let at = |house_at: usize| -> [f64; 2] { projection.to_lon_lat(house(house_at).point).into() };
    let [from, to] = houses.map(at);
    let name = format!("n{number}");
    let (lon, lat) = (from[0], from[1] + 1e-4);
    let mut route = |usage, leg| {
        scenario.routes.push(DrawnRoute { name: name.clone(), usage, points: vec![from, to], legs: vec![leg] });
    };
    match kind {
        0 | 1 => {
            let ids = (0..[1, 12][usize::from(kind)]).map(|n| house(houses[0] + n).external_id.clone());
            let ids: Vec<String> = ids.collect();
            let was_out = scenario.options.exclude.iter().any(|id| ids.contains(id));
            scenario.options.exclude.retain(|id| !ids.contains(id));
            let list = if was_out { &mut scenario.options.include } else { &mut scenario.options.exclude };
            list.extend(ids);
        }
        2 | 3 => scenario.handovers.push(NamedPlace {
            name,
            lon,
            lat,
            opening_cost: (kind == 3).then_some(5_000.0),
            ..NamedPlace::default()
        }),
        4 => scenario.cabinets.push(NamedCabinet { name, lon, lat, price: Some(90.0), ..NamedCabinet::default() }),
        5 => route(RouteUse::Candidate, Leg::Free),
        6 => route(RouteUse::Duct, Leg::Road),
        7 => route(RouteUse::Forbidden, Leg::Road),
        8 => {
            let change = PriceChange { per_metre: Some(300.0 + number as f64), ..PriceChange::default() };
            scenario.prices.insert("asphalt-verge".to_owned(), change);
        }
        _ => {
            let rules = [AreaUse::Forbid, AreaUse::Multiply, AreaUse::Lump, AreaUse::ExcludePremises];
            let rule = rules[usize::from(kind) % 4];
            let (factor, amount) = match rule {
                AreaUse::Multiply => (Some(0.5 + (number % 3) as f64), None),
                AreaUse::Lump => (None, Some(500.0)),
                _ => (None, None),
            };
            let corner = |[x, y]: [f64; 2]| [from[0] + 0.006 * x, from[1] + 0.003 * y];
            let ring = [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]].map(corner).to_vec();
            scenario.areas.push(DrawnArea { name, rule, factor, amount, ring });
        }
    }
}

/// A region of so many premises, its scenario with few steps, and the plan.
fn planned(seed: u64) -> (Arc<Staged<Region>>, Scenario, Staged<Plan>) {
    let files = crate::generate(&crate::Recipe { premises: 160, seed, ..crate::Recipe::default() });
    let (mut scenario, sources) = crate::scenario_of(&files).expect("a scenario");
    scenario.options.steps = 2_000_000;
    let mut silent = Silent;
    let mut context = Context::new(&mut silent);
    let region = crate::import(&sources, &scenario.options, &mut context).expect("a region");
    let plan = crate::plan(&region, &scenario, &CostBook::example(), &mut context).expect("a plan");
    (Arc::new(region), scenario, plan)
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(40))]
    #[test]
    fn what_is_mended_is_sound_after_any_edits(
        seed in 1..4_u64,
        edits in proptest::collection::vec((0..13_u8, [0..160_usize, 0..160_usize]), 1..4),
    ) {
        let (region, mut scenario, before) = planned(seed);
        let mut silent = Silent;
        let mut context = Context::new(&mut silent);
        for (number, &(kind, houses)) in edits.iter().enumerate() {
            edited(&mut scenario, &region.value, kind, houses, number);
        }
        let book = CostBook::example().changed(&scenario.prices).expect("prices");
        let Ok(best) = crate::plan(&region, &scenario, &book, &mut context) else { return Ok(()) };
        let network = Layout::new(Arc::clone(&region), &book).build(&scenario, &mut context).expect("not cancelled");
        let Some(first) = repaired(&region, &scenario, &book, network, &before.value) else { return Ok(()) };
        let (first, best) = (first.value, best.value);
        prop_assert_eq!(checked(&first), first.route.bound.as_minor());
        prop_assert!(first.route.bound <= best.route.cost, "a bound for every network");
        prop_assert!(best.route.bound <= first.route.cost, "one network among them");
        // The same candidates, and the same premises connected over them.
        prop_assert!(first.network == best.network);
        let status = |plan: &Plan| plan.route.outcomes.iter().map(|one| one.status).collect::<Vec<Status>>();
        prop_assert_eq!(status(&first), status(&best));
        // A tree: as many edges as vertices that it reaches besides the root, and nothing that leads to nobody.
        let edges: Vec<u32> = first.route.edges.iter().map(|edge| edge.as_u32()).collect();
        let reached = route::reached_from_root(&first.network, &edges);
        prop_assert_eq!(reached.iter().flatten().count(), edges.len() + 1);
        let mut degree = vec![0_u32; first.network.vertices.len()];
        for edge in edges.iter().map(|&edge| &first.network.edges[edge as usize]) {
            (degree[edge.tail.index()], degree[edge.head.index()]) = (degree[edge.tail.index()] + 1, degree[edge.head.index()] + 1);
        }
        let leaves = degree.iter().zip(&first.network.vertices).filter(|one| *one.0 == 1);
        for (_, vertex) in leaves {
            prop_assert!(vertex.kind.is_sink() || vertex.kind == VertexKind::Root);
        }
    }
}

#[test]
fn what_nothing_changed_is_what_it_was() {
    let (region, scenario, before) = planned(5);
    let same = repaired(
        &region,
        &scenario,
        &CostBook::example(),
        Staged::new(before.value.network.clone(), Vec::new()),
        &before.value,
    );
    let same = same.expect("an answer").value;
    assert_eq!((same.route.cost, same.route.bound), (before.value.route.cost, before.value.route.bound));
    assert_eq!((&same.route.edges, &same.certificate), (&before.value.route.edges, &before.value.certificate));
}

#[test]
fn a_goal_that_leaves_premises_out_is_not_mended() {
    let (region, mut scenario, before) = planned(5);
    let network = || Staged::new(before.value.network.clone(), Vec::new());
    let book = CostBook::example();
    let goal = Goal::Budget { threshold_mbps: 100.0, budget: 1e6, count: Default::default() };
    scenario.goal = goal;
    assert!(repaired(&region, &scenario, &book, network(), &before.value).is_none());
    // So many come or go that a search says more.
    scenario.goal = Goal::Connect { threshold_mbps: 100.0 };
    let left_out = region.value.premises.iter().step_by(3).map(|one| one.external_id.clone());
    let mut fewer = scenario.clone();
    fewer.options.exclude.extend(left_out);
    let mut silent = Silent;
    let few = crate::plan(&region, &fewer, &book, &mut Context::new(&mut silent)).expect("a plan");
    assert!(repaired(&region, &scenario, &book, network(), &few.value).is_none());
}
