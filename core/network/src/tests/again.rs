//! Candidates laid out again after edits are those laid out from nothing.

use std::sync::Arc;

use breiband_model::{
    AreaUse, DrawnArea, DrawnRoute, Leg, NamedCabinet, NamedPlace, Options, PremisesKind, PriceChange, RouteUse, Staged,
};
use breiband_spatial::Projection;
use proptest::prelude::*;

use super::*;
use crate::Layout;

/// An edit at two places of a region, as a planner makes it; the last of its kind is taken back where `back` says so.
#[derive(Debug, Clone, Copy)]
struct Edited {
    kind: u8,
    back: bool,
    places: [(i32, i32); 2],
    number: usize,
}

fn edits() -> impl Strategy<Value = Vec<Edited>> {
    let place = || (-50..550_i32, -50..450_i32);
    let edit = (0..16_u8, proptest::bool::weighted(0.3), [place(), place()], 0..400_usize);
    let edit = edit.prop_map(|(kind, back, places, number)| Edited { kind, back, places, number });
    proptest::collection::vec(edit, 1..8)
}

impl Edited {
    fn apply(self, region: &Region, unit_mm: i32, scenario: &mut Scenario) {
        let projection = Projection::new(region.plane);
        let at =
            |(x, y): (i32, i32)| -> [f64; 2] { projection.to_lon_lat(Point::new(x * unit_mm, y * unit_mm)).into() };
        let [from, to] = self.places;
        let ([lon, lat], name) = (at(from), format!("n{}", self.number));
        let ring = || {
            let ((x, y), (w, h)) = (from, ((to.0 - from.0).abs().max(5) / 3, (to.1 - from.1).abs().max(5) / 3));
            [(x, y), (x + w, y), (x + w, y + h), (x, y + h)].map(at).to_vec()
        };
        let mut route = |usage, leg| {
            let routes = &mut scenario.routes;
            if self.back {
                routes.retain(|one| one.usage != usage);
            } else {
                routes.push(DrawnRoute { name: name.clone(), usage, points: vec![at(from), at(to)], legs: vec![leg] });
            }
        };
        let toggle = |list: &mut Vec<String>, id: String| match list.iter().position(|one| *one == id) {
            Some(at) => drop(list.remove(at)),
            None => list.push(id),
        };
        let house = |n: usize| region.premises.get(n % region.premises.len().max(1)).map(|one| one.external_id.clone());
        let Options { exclude, include, forbid_ways, .. } = &mut scenario.options;
        match self.kind {
            0 => house(self.number).into_iter().for_each(|id| toggle(exclude, id)),
            1 => house(self.number).into_iter().for_each(|id| toggle(include, id)),
            2 if self.back => drop(scenario.handovers.pop()),
            2 | 3 => scenario.handovers.push(NamedPlace {
                name,
                lon,
                lat,
                opening_cost: (self.kind == 3).then_some(1000.0),
                ..NamedPlace::default()
            }),
            4 if self.back => drop(scenario.cabinets.pop()),
            4 => scenario.cabinets.push(NamedCabinet { name, lon, lat, price: Some(9.0), ..NamedCabinet::default() }),
            5 => route(RouteUse::Candidate, Leg::Free),
            6 => route(RouteUse::Duct, Leg::Free),
            7 => route(RouteUse::Poles, Leg::Road),
            8 => route(RouteUse::Forbidden, Leg::Road),
            9..=12 if self.back => drop(scenario.areas.pop()),
            9..=12 => {
                let rules = [AreaUse::Forbid, AreaUse::Multiply, AreaUse::Lump, AreaUse::ExcludePremises];
                let (factor, amount) = ((self.kind == 10).then_some(1.7), (self.kind == 11).then_some(70.0));
                let rule = rules[usize::from(self.kind - 9)];
                scenario.areas.push(DrawnArea { name, rule, factor, amount, ring: ring() });
            }
            13 => {
                let way = region.ways.get(self.number % region.ways.len().max(1));
                way.into_iter().for_each(|way| toggle(forbid_ways, way.external_id.clone()));
            }
            _ => {
                let book = CostBook::example();
                let price = &book.file().prices[self.number % book.file().prices.len()];
                let amount = f64::from(from.0.abs() + 1);
                let change = PriceChange {
                    per_metre: (price.per_metre > 0.0).then_some(amount),
                    each: (price.each > 0.0).then_some(100.0 * amount),
                    source: None,
                };
                let id = price.id.clone();
                if self.back { drop(scenario.prices.pop_last()) } else { drop(scenario.prices.insert(id, change)) }
            }
        }
    }
}

fn same_after_each(region: Region, unit_mm: i32, edits: Vec<Edited>) {
    let (book, mut scenario) = (CostBook::example(), scenario());
    scenario.options.mend_gaps_m = 3.0;
    let region = Arc::new(Staged::new(region, Vec::new()));
    let mut layout = Layout::new(Arc::clone(&region), &book);
    let mut silent = Silent;
    let mut context = Context::new(&mut silent);
    layout.build(&scenario, &mut context).expect("not cancelled");
    for edit in edits {
        edit.apply(&region.value, unit_mm, &mut scenario);
        let book = book.changed(&scenario.prices).expect("prices");
        layout = layout.at(&region, &book).expect("other amounts alone");
        let fresh = build(&region.value, &scenario, &book, &mut context).expect("not cancelled");
        let again = layout.build(&scenario, &mut context).expect("not cancelled");
        assert!(again == fresh, "{edit:?}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(400))]
    #[test]
    fn candidates_of_any_region_are_the_same_after_any_edits(parts in any::any_region(), edits in edits()) {
        same_after_each(Region::new(parts).expect("sound"), 1000, edits);
    }
}

/// An invented municipality: houses enough that an edit leaves most of them alone, pole lines, buildings, fjords and lakes.
fn municipality(seed: u64) -> Region {
    let recipe = breiband_synth::Recipe { premises: 400, seed, ..breiband_synth::Recipe::default() };
    let files = breiband_synth::generate(&recipe);
    let text = files.iter().find(|file| file.name == "scenario.toml").expect("a scenario");
    let scenario = Scenario::parse(&String::from_utf8_lossy(&text.bytes)).expect("a scenario");
    let source = |input: &breiband_model::Input| {
        let file = files.iter().find(|file| file.name == input.path).expect("its file");
        breiband_import::SourceFile { input: input.clone(), bytes: file.bytes.as_slice().into() }
    };
    let sources: Vec<_> = scenario.inputs.iter().map(source).collect();
    let mut silent = Silent;
    let region =
        breiband_import::import(&sources, &scenario.options, &mut Context::new(&mut silent)).expect("sound files");
    assert!(region.value.premises.iter().any(|one| one.kind == PremisesKind::Home));
    region.value
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(24))]
    #[test]
    fn candidates_of_a_municipality_are_the_same_after_any_edits(seed in 1..4_u64, edits in edits()) {
        let region = municipality(seed);
        let bounds = breiband_model::Bounds::of(region.premises.iter().map(|one| one.point)).expect("premises");
        // Places are spread over it.
        let unit = (bounds.max.x - bounds.min.x).max(bounds.max.y - bounds.min.y) / 500;
        same_after_each(region, unit, edits);
    }
}
