//! What is told in parts adds up to the whole, to the minor unit, where some of it belongs to nobody in particular.

use breiband::{
    AreaUse, Context, CostBook, DrawnArea, Goal, Money, NamedCabinet, Plan, Quantity, Recipe, Region, Scenario, Silent,
    SourceFile, Staged, Summary,
};

struct Case {
    scenario: Scenario,
    region: Staged<Region>,
    plan: Staged<Plan>,
}

impl Case {
    fn new(change: impl Fn(&mut Scenario, &mut Vec<SourceFile<'_>>, &Region)) -> Self {
        let files = breiband::generate(&Recipe { premises: 300, seed: 23, ..Recipe::default() });
        let (mut scenario, mut sources) = breiband::scenario_of(&files).expect("its own scenario");
        let mut silent = Silent;
        let mut context = Context::new(&mut silent);
        let whole = breiband::import(&sources, &scenario.options, &mut context).expect("its own files");
        scenario.options.steps = 100_000;
        change(&mut scenario, &mut sources, &whole.value);
        let region = breiband::import(&sources, &scenario.options, &mut context).expect("fewer files");
        let plan = breiband::plan(&region, &scenario, &CostBook::example(), &mut context).expect("a plan");
        Self { scenario, region, plan }
    }

    fn summary(&self) -> &Summary {
        &self.plan.value.summary
    }
}

/// A square around a premises, `half` a degree of latitude.
fn around(region: &Region, at: usize, half: f64) -> Vec<[f64; 2]> {
    let (lon, lat) = breiband::spatial::Projection::new(region.plane).to_lon_lat(region.premises[at].point);
    [[-2.0, -1.0], [2.0, -1.0], [2.0, 1.0], [-2.0, 1.0]].map(|[x, y]| [lon + x * half, lat + y * half]).to_vec()
}

fn minor<'a>(of: impl Iterator<Item = &'a Quantity>) -> u64 {
    of.map(|quantity| Money::from_major(quantity.cost).expect("an amount").as_minor()).sum()
}

#[test]
fn methods_prices_and_municipalities_add_up_to_the_cost() {
    // Each premises on a surcharge of its own, and every second municipality unknown.
    let case = Case::new(|scenario, sources, region| {
        for at in (0..region.premises.len()).step_by(40) {
            let (name, amount) = (format!("A{at}"), Some(5000.25));
            let ring = around(region, at, 0.001);
            scenario.areas.push(DrawnArea { name, rule: AreaUse::Lump, factor: None, amount, ring });
        }
        let borders = sources.iter_mut().find(|file| file.input.path == "borders.geojson").expect("borders");
        let mut file: serde_json::Value = serde_json::from_slice(&borders.bytes).expect("GeoJSON");
        let mut number = 0;
        file["features"].as_array_mut().expect("features").retain(|_| {
            number += 1;
            number % 2 == 0
        });
        borders.bytes = file.to_string().into_bytes().into();
        scenario.programme = None;
    });
    let summary = case.summary();
    let cost = Money::from_major(summary.cost).expect("an amount").as_minor();
    assert!(summary.prices["area-lump"].cost > 0.0 && summary.prices["area-lump"].count > 0);
    assert_eq!(minor(summary.methods.values()), cost);
    assert_eq!(minor(summary.prices.values()), cost);
    assert_eq!(minor(summary.municipalities.iter().map(|m| &m.work)), cost);
    let elsewhere = summary.municipalities.last().expect("municipalities");
    assert!(elsewhere.is_elsewhere() && elsewhere.work.cost > 0.0);
    assert_eq!(elsewhere.premises, summary.in_no_municipality);
    assert_eq!(summary.municipalities.iter().map(|m| m.premises).sum::<u64>(), summary.premises);
    assert_eq!(summary.municipalities.iter().map(|m| m.connected).sum::<u64>(), summary.connected);
}

#[test]
fn what_nobody_hangs_on_is_on_somebodys_ground() {
    // Everybody has enough today: all that is built leads to a cabinet.
    let case = Case::new(|scenario, _, region| {
        scenario.goal = Goal::Connect { threshold_mbps: 0.0 };
        let (lon, lat) = breiband::spatial::Projection::new(region.plane).to_lon_lat(region.premises[7].point);
        scenario.cabinets.push(NamedCabinet { name: "K".into(), lon, lat, price: None, source: None });
    });
    let programme =
        breiband::programme(&case.region.value, &case.scenario, &CostBook::example(), &case.plan.value, None)
            .expect("a programme");
    let work: Money = programme.years.iter().map(|year| year.work).sum();
    assert!(case.summary().connected == 0 && work > Money::ZERO);
    assert_eq!(programme.flows.iter().map(|flow| flow.cost).sum::<Money>(), work);
    assert!(programme.flows.iter().all(|flow| flow.user.is_empty()));
    assert_eq!(programme.members.iter().map(|m| m.ground).sum::<Money>().saturating_add(programme.outside.0), work);
    assert_eq!(programme.members.iter().map(|m| m.caused).sum::<Money>().saturating_add(programme.outside.1), work);
}
