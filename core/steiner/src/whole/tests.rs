use super::*;
use crate::oracle::{instances, optimum};
use crate::{Silent, curve};
use proptest::prelude::*;

/// An instance whose terminals are sinks of some weight, put into up to four groups.
fn grouped() -> impl Strategy<Value = (Instance, Vec<Vec<u32>>)> {
    (instances(), any::<u64>()).prop_map(|(instance, seed)| {
        let random = |v: u32| breiband_random::mix(seed ^ u64::from(v));
        let own: Vec<u32> = instance.terminals().iter().map(|t| t.vertex).filter(|&v| v != instance.root()).collect();
        let terminals = own.iter().map(|&v| Terminal { vertex: v, prize: Some(random(v) >> 8 & 3) }).collect();
        let mut groups = vec![Vec::new(); 4];
        own.iter().for_each(|&v| groups[(random(v) & 3) as usize].push(v));
        groups.retain(|group| !group.is_empty());
        let edges = instance.edges().to_vec();
        (Instance::new(instance.vertices(), edges, instance.root(), terminals, own).unwrap(), groups)
    })
}

/// Cost and missed weight of every set of groups, each set connected at least cost.
fn every(instance: &Instance, groups: &[Vec<u32>], unreachable: &[u32]) -> Vec<(u64, u64)> {
    let weight = |group: &Vec<u32>| -> u64 {
        let of = |v: &u32| instance.terminals().iter().find(|t| t.vertex == *v).and_then(|t| t.prize).unwrap_or(0);
        group.iter().filter(|v| unreachable.binary_search(v).is_err()).map(of).sum()
    };
    (0u32..1 << groups.len())
        .map(|bits| {
            let inside = |i: usize| bits >> i & 1 == 1;
            let taken = (0..groups.len()).filter(|&i| inside(i)).flat_map(|i| &groups[i]);
            let terminals = taken.map(|&vertex| Terminal { vertex, prize: None }).collect();
            let edges = instance.edges().to_vec();
            let (n, root) = (instance.vertices(), instance.root());
            let part = Instance::new(n, edges, root, terminals, instance.sinks().to_vec()).unwrap();
            let missed = (0..groups.len()).filter(|&i| !inside(i)).map(|i| weight(&groups[i])).sum();
            (optimum(&part).0, missed)
        })
        .collect()
}

fn search(instance: &Instance, groups: &[Vec<u32>], aim: Aim) -> (Curve, Option<Point>) {
    search_by(instance, groups, aim, Config::default())
}

fn search_by(instance: &Instance, groups: &[Vec<u32>], aim: Aim, config: Config) -> (Curve, Option<Point>) {
    let curve = curve(instance, aim, &config, &mut Silent).unwrap();
    let mut whole = Whole::new(instance, groups, aim, curve, config);
    while whole.advance(&mut Silent).unwrap() == Status::Running {}
    whole.into_parts()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn no_set_of_groups_is_better_and_the_bound_without_the_rule_holds(
        (instance, groups) in grouped(), money in 0u64..60, quota in 0u64..12, rate in 1u64..12
    ) {
        let (_, unreachable) = optimum(&instance);
        let sets = every(&instance, &groups, &unreachable);
        let total = sets[0].1;
        for aim in [Aim::Budget(money), Aim::Missed(quota.min(total)), Aim::Rate(rate)] {
            let (curve, found) = search(&instance, &groups, aim);
            let point = found.expect("nothing is required, so something is allowed");
            // The tree connects whole groups and nothing else costs.
            let cost: u64 = point.edges.iter().map(|&e| instance.edges()[e as usize].2).sum();
            prop_assert_eq!(cost, point.cost);
            for group in &groups {
                let reachable = group.iter().filter(|v| unreachable.binary_search(v).is_err());
                let missed = reachable.clone().filter(|v| point.missed.binary_search(v).is_ok()).count();
                let weighs = |v: &&u32| instance.terminals().iter().any(|t| t.vertex == **v && t.prize > Some(0));
                prop_assert!(missed == 0 || missed == reachable.filter(weighs).count());
            }
            match aim {
                Aim::Budget(money) => {
                    let best = sets.iter().filter(|s| s.0 <= money).map(|s| s.1).min();
                    prop_assert!(point.cost <= money);
                    prop_assert_eq!(Some(point.missed_weight), best);
                    prop_assert!(curve.least_missed(money) <= point.missed_weight);
                }
                Aim::Missed(quota) => {
                    let best = sets.iter().filter(|s| s.1 <= quota).map(|s| s.0).min();
                    prop_assert_eq!(Some(point.cost), best);
                    prop_assert!(curve.least_cost(quota) <= point.cost);
                }
                _ => {
                    let best = sets.iter().map(|s| s.0 + s.1 * rate).min();
                    prop_assert_eq!(Some(point.cost + point.missed_weight * rate), best);
                }
            }
            prop_assert!(curve.least_cost(point.missed_weight) <= point.cost);
        }
    }
}

/// A grid of random costs with houses at random crossings, two to a group.
fn streets(seed: u64) -> (Instance, Vec<Vec<u32>>) {
    let random = |what: u64| breiband_random::mix(seed ^ what << 20);
    let (side, houses) = (14u32, 60u32);
    let crossing = |x: u32, y: u32| y * side + x;
    let mut edges = Vec::new();
    for (x, y) in (0..side).flat_map(|x| (0..side).map(move |y| (x, y))) {
        let cost = |way: u64| 20 + random(u64::from(crossing(x, y)) * 2 + way) % 60;
        if x + 1 < side {
            edges.push((crossing(x, y), crossing(x + 1, y), cost(0)));
        }
        if y + 1 < side {
            edges.push((crossing(x, y), crossing(x, y + 1), cost(1)));
        }
    }
    let first = side * side;
    let own: Vec<u32> = (first..first + houses).collect();
    for &house in &own {
        for drop in 0..2 {
            let foot = random(1 << 30 | u64::from(house) << 1 | drop) % u64::from(first);
            edges.push((foot as u32, house, 1 + random(u64::from(house) << 8 | drop) % 20));
        }
    }
    let terminals = own.iter().map(|&vertex| Terminal { vertex, prize: Some(1) }).collect();
    let groups = own.chunks(2).map(<[u32]>::to_vec).collect();
    (Instance::new(first + houses, edges, 0, terminals, own).unwrap(), groups)
}

/// However little is tried, what the tree that connects everything allows is found: nothing need be built, so there is an answer.
#[test]
fn few_steps_find_what_the_tree_allows() {
    for seed in 0..30 {
        let (instance, groups) = streets(seed);
        let config = Config { steps: 0, ..Config::default() };
        for money in [0, 100, 400, 1200, 2500] {
            let (_, found) = search_by(&instance, &groups, Aim::Budget(money), config);
            let point = found.expect("nothing is required");
            assert!(point.cost <= money);
        }
    }
}

/// Many groups on a star: the knapsack of a budget, which the greedy order solves where all weigh the same.
#[test]
fn of_many_groups_the_cheapest_are_taken() {
    let n = 40;
    let edges: Vec<_> = (1..=2 * n).map(|v| (0, v, u64::from(v))).collect();
    let terminals = (1..=2 * n).map(|vertex| Terminal { vertex, prize: Some(1) }).collect();
    let instance = Instance::new(2 * n + 1, edges, 0, terminals, (1..=2 * n).collect()).unwrap();
    // Pairs (1, 80), (2, 79), … all cost 81, but for the first, which has lost its dear half.
    let mut groups: Vec<Vec<u32>> = (1..=n).map(|v| vec![v, 2 * n + 1 - v]).collect();
    groups[0] = vec![1];
    let (_, found) = search(&instance, &groups, Aim::Budget(81 * 5 + 1));
    let point = found.expect("something fits");
    assert_eq!((point.cost, point.missed_weight), (81 * 5 + 1, 2 * u64::from(n) - 11));
    let (_, found) = search(&instance, &groups, Aim::Missed(2 * u64::from(n) - 11));
    assert_eq!(found.map(|p| p.cost), Some(81 * 5 + 1));
}
