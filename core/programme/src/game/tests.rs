use super::*;
use breiband_model::{KeyPart, Measure};
use proptest::prelude::*;

/// A ground of a few stretches; `raw` gives ends, cost, whose ground and the charge of leaving the owner out.
fn ground(raw: &[(u32, u32, u64, u8, u64)], own: bool, terminals: Vec<(u32, u32)>) -> Ground {
    let stretch = |&(tail, head, cost, owner, charge): &(u32, u32, u64, u8, u64)| {
        Stretch::of(tail, head, cost, if own { 1 << owner } else { 0 }, vec![(owner, charge)])
    };
    Ground { vertices: 7, root: 0, stretches: raw.iter().filter(|s| s.0 != s.1).map(stretch).collect(), terminals }
}

/// The cheapest set of stretches that connects a group's terminals, by trying all; none passes through a terminal.
fn slow(ground: &Ground, group: u32) -> Option<(u64, Vec<u32>)> {
    let wanted: Vec<u32> = ground.terminals.iter().filter(|t| t.1 & group != 0).map(|t| t.0).collect();
    let sink = |v: u32| ground.terminals.iter().any(|t| t.0 == v);
    let mut best: Option<(u64, Vec<u32>)> = None;
    for set in 0u32..1 << ground.stretches.len() {
        let chosen: Vec<u32> = (0..ground.stretches.len() as u32).filter(|e| set >> e & 1 == 1).collect();
        let costs: Option<u64> = chosen.iter().map(|&e| ground.stretches[e as usize].cost_for(group)).sum();
        let Some(cost) = costs.filter(|&cost| best.as_ref().is_none_or(|(least, _)| cost < *least)) else { continue };
        let mut reached = vec![false; ground.vertices as usize];
        reached[ground.root as usize] = true;
        for _ in 0..chosen.len() {
            for &e in &chosen {
                let s = &ground.stretches[e as usize];
                for (a, b) in [(s.tail, s.head), (s.head, s.tail)] {
                    if reached[a as usize] && !sink(a) {
                        reached[b as usize] = true;
                    }
                }
            }
        }
        if wanted.iter().all(|&v| reached[v as usize]) {
            best = Some((cost, chosen));
        }
    }
    best
}

fn stretches() -> impl Strategy<Value = Vec<(u32, u32, u64, u8, u64)>> {
    // A star from the root, so that everywhere is reachable, and a few more.
    let star = prop::collection::vec((5u64..40, 0u8..3, 0u64..6), 6);
    let more = prop::collection::vec((0u32..7, 0u32..7, 1u64..12, 0u8..3, 0u64..6), 0..5);
    (star, more).prop_map(|(star, more)| {
        let star =
            star.into_iter().enumerate().map(|(v, (cost, owner, charge))| (0, v as u32 + 1, cost, owner, charge));
        star.chain(more).collect()
    })
}

fn terminals() -> Vec<(u32, u32)> {
    vec![(1, 0b001), (2, 0b010), (3, 0b100), (4, 0b011)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn contraction_changes_no_groups_cost(raw in stretches(), own in any::<bool>()) {
        // Vertex 6 is a house that nobody connects.
        let whole = ground(&raw, own, terminals());
        let mut open = whole.clone();
        open.stretches.retain(|s| s.tail != 6 && s.head != 6);
        let small = whole.contracted(&[1, 2, 3, 4, 6]);
        prop_assert!(small.stretches.len() <= open.stretches.len());
        for group in 1..8 {
            prop_assert_eq!(slow(&open, group).map(|s| s.0), slow(&small, group).map(|s| s.0));
        }
    }

    #[test]
    fn bounds_stay_true_when_they_help_each_other(raw in stretches(), own in any::<bool>(), loose in prop::collection::vec(0u64..30, 8)) {
        let ground = ground(&raw, own, terminals());
        let best: Vec<_> = (1..8).map(|group| slow(&ground, group)).collect();
        // The best tree of each group, but a worse cost for some of them, and a lower bound that is too low.
        let planned: Vec<Planned> = best.iter().zip(1u32..).map(|(best, members)| {
            let by = loose[members as usize];
            let cost = best.as_ref().map(|(cost, _)| (cost.saturating_sub(by), cost + by / 2));
            Planned { members, cost, tree: best.clone().map(|b| b.1).unwrap_or_default(), proof: vec![0; 3] }
        }).collect();
        let bounds = consistent(&ground, &planned, None);
        for ((bound, best), before) in bounds.iter().zip(&best).zip(&planned) {
            prop_assert_eq!(bound.is_some(), best.is_some());
            if let (Some((least, most)), Some((cost, _)), Some(before)) = (bound, best, before.cost) {
                prop_assert!(before.0 <= *least && *least <= *cost && *cost <= *most && *most <= before.1);
            }
        }
    }
}

fn played(costs: [u64; 7], keys: &[SharingKey]) -> Game {
    let members: Vec<(String, String)> = (1..4).map(|m| (m.to_string(), format!("M{m}"))).collect();
    let planned: Vec<Planned> = costs
        .iter()
        .zip(1u32..)
        .map(|(&cost, members)| Planned { members, cost: Some((cost, cost)), tree: vec![0], proof: vec![0; 3] })
        .collect();
    // Costs given as they are: no group may use another's network, nor is one cheaper for company.
    let stretches = vec![Stretch::of(0, 1, 0, u32::MAX, vec![])];
    let ground = Ground { vertices: 2, root: 0, stretches, terminals: vec![(1, 0b111)] };
    let bases = [1, 1, 8].map(|inhabitants| Basis { inhabitants, ..Basis::default() });
    let rules = Rules { members: &members, orders: &[], fixed: 10, keys, bases: &bases };
    settle(&rules, &ground, &planned, None)
}

#[test]
fn who_is_wronged_is_named_with_the_amount() {
    let key = |by| SharingKey { name: "k".into(), parts: vec![KeyPart { by, per_cent: 100.0 }] };
    let game = played([100, 100, 150, 100, 150, 150, 180], &[key(Measure::Inhabitants), key(Measure::Equal)]);
    // 180 and 10 fixed for all, 19 for each inhabitant: the third pays 152 where 110 would do.
    let by_head = &game.allocations[0];
    assert_eq!((by_head.shares.as_slice(), by_head.verdict), ([19, 19, 152].as_slice(), Verdict::Fails));
    assert_eq!(by_head.wronged, [(0b100, 42), (0b101, 11), (0b110, 11)]);
    assert_eq!((by_head.over_alone[2], by_head.over_shapley.as_slice()), (42, [-44, -44, 88].as_slice()));
    assert_eq!(game.allocations[1].verdict, Verdict::Holds);
    assert_eq!(game.shapley.iter().map(|v| v.share).collect::<Vec<_>>(), [64, 63, 63]);
    assert_eq!(game.saving, Some((140, 140)));
    let core = game.least_core.expect("each could build alone");
    assert_eq!((core.least, core.most), (-34, -33), "two thirds of 190 against 160");
}

#[test]
fn drawn_orders_are_permutations_and_their_groups_are_planned() {
    assert!(orders(10, 5, 1).is_empty() && groups(10, &[]).len() == 1023);
    let drawn = orders(12, 40, 1);
    let planned = groups(12, &drawn);
    for order in &drawn {
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..12).collect::<Vec<_>>());
        let mut group = 0u32;
        for m in order {
            group |= 1 << m;
            assert!(planned.binary_search(&group).is_ok());
        }
    }
    assert_ne!(drawn[0], drawn[1]);
    assert_eq!(orders(12, 40, 1), drawn);
}
