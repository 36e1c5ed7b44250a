use super::*;
use crate::oracle::instances;
use crate::{Silent, solve};
use breiband_graph::UnionFind;
use proptest::prelude::*;

/// Weights instead of what [`instances`] has: one terminal in four must be connected.
fn weighted() -> impl Strategy<Value = Instance> {
    (instances(), any::<u64>()).prop_map(|(instance, seed)| {
        let terminals = instance.terminals().iter().map(|t| {
            let random = breiband_random::mix(seed ^ u64::from(t.vertex));
            Terminal { vertex: t.vertex, prize: (random & 3 > 0).then_some(random >> 8 & 3) }
        });
        let edges = instance.edges().to_vec();
        Instance::new(instance.vertices(), edges, instance.root(), terminals.collect(), instance.sinks().to_vec())
            .unwrap()
    })
}

/// (cost, missed weight) of every set of edges that connects what must be and can be.
fn every(instance: &Instance) -> Vec<(u64, u64)> {
    let edges = instance.edges();
    let reached = |subset: u32| {
        let mut reached = vec![false; instance.vertices() as usize];
        let mut stack = vec![instance.root()];
        reached[instance.root() as usize] = true;
        while let Some(x) = stack.pop() {
            if instance.sinks().contains(&x) {
                continue;
            }
            for (e, &(u, v, _)) in edges.iter().enumerate() {
                if subset >> e & 1 == 1 && (u == x || v == x) {
                    let y = u ^ v ^ x;
                    if !std::mem::replace(&mut reached[y as usize], true) {
                        stack.push(y);
                    }
                }
            }
        }
        reached
    };
    let all = (1u32 << edges.len()) - 1;
    let most = reached(all);
    (0..=all)
        .filter_map(|subset| {
            let reached = reached(subset);
            let out = instance.terminals().iter().filter(|t| most[t.vertex as usize] && !reached[t.vertex as usize]);
            let missed = out.map(|t| t.prize).try_fold(0u64, |sum, prize| Some(sum + prize?))?;
            Some((edges.iter().enumerate().filter(|(e, _)| subset >> e & 1 == 1).map(|(_, e)| e.2).sum(), missed))
        })
        .collect()
}

/// The curve's answer where there is time for the question itself.
fn asked(instance: &Instance, aim: Aim) -> Curve {
    let config = Config { steps: 200_000, ..Config::default() };
    let mut tracer = Tracer::new(instance, aim, Config::default()).unwrap().asking(config);
    while tracer.advance(&mut Silent).unwrap() == Status::Running {}
    tracer.into_curve()
}

/// Points must be trees that miss what they say; lines must be certified and lie below `all`.
fn assert_sound(instance: &Instance, curve: &Curve, all: &[(u64, u64)]) {
    for point in &curve.points {
        let mut sets = UnionFind::new(instance.vertices());
        let mut degree = vec![0; instance.vertices() as usize];
        let mut cost = 0;
        for &e in &point.edges {
            let (u, v, c) = instance.edges()[e as usize];
            assert!(sets.union(u, v), "a cycle");
            cost += c;
            degree[u as usize] += 1;
            degree[v as usize] += 1;
        }
        assert!(instance.sinks().iter().all(|&s| degree[s as usize] <= 1), "a path through a sink");
        assert!(
            point.edges.iter().all(|&e| sets.same(instance.edges()[e as usize].0, instance.root())),
            "a stray edge"
        );
        let mut missed = Vec::new();
        for t in instance.terminals() {
            let out = !sets.same(t.vertex, instance.root()) && !curve.unreachable.contains(&t.vertex);
            assert!(!out || t.prize.is_some(), "a required terminal is missing");
            if out && t.prize != Some(0) {
                missed.push(t.vertex);
            }
        }
        let weight = |v: &u32| instance.terminals().iter().find(|t| t.vertex == *v).and_then(|t| t.prize).unwrap();
        assert_eq!((&missed, missed.iter().map(weight).sum::<u64>()), (&point.missed, point.missed_weight));
        assert_eq!(cost, point.cost);
    }
    assert!(curve.points.windows(2).all(|p| p[0].cost < p[1].cost && p[0].missed_weight > p[1].missed_weight));
    for line in &curve.lines {
        let at_rate = instance.at_rate(line.scale, line.rate).unwrap();
        assert_eq!(at_rate.check_joint(line.certificate.as_ref().unwrap(), &curve.unreachable), Ok(line.bound));
        for &(cost, missed) in all {
            assert!(line.scale * cost + line.rate * missed >= line.bound, "a tree below a line");
            assert!(line.least_cost(missed) <= cost && line.least_missed(cost) <= missed);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn the_curve_lies_between_lines_and_trees(instance in weighted()) {
        let all = every(&instance);
        let curve = curve(&instance, Aim::Curve, &Config::default(), &mut Silent).unwrap();
        assert_sound(&instance, &curve, &all);
        let whole = all.iter().filter(|a| a.1 == 0).map(|a| a.0).min().unwrap();
        prop_assert_eq!(curve.points.last().map(|p| (p.cost, p.missed_weight)), Some((whole, 0)));
    }

    #[test]
    fn a_budget_is_used_up(instance in weighted(), share in 0u64..=10) {
        let all = every(&instance);
        let whole = all.iter().filter(|a| a.1 == 0).map(|a| a.0).min().unwrap();
        let budget = whole * share / 10;
        let curve = curve(&instance, Aim::Budget(budget), &Config::default(), &mut Silent).unwrap();
        assert_sound(&instance, &curve, &all);
        let best = all.iter().filter(|a| a.0 <= budget).map(|a| a.1).min();
        match (curve.within(budget), best) {
            (Some(point), Some(best)) => {
                prop_assert!(point.missed_weight >= best && curve.least_missed(budget) <= best);
                // No path that is still affordable wins anything.
                let more = all.iter().filter(|a| a.0 <= budget && a.1 < point.missed_weight).count();
                let chosen = &point.edges;
                for extra in 1u32..1 << instance.edges().len() {
                    let added: Vec<u32> = (0..instance.edges().len() as u32).filter(|e| extra >> e & 1 == 1 || chosen.contains(e)).collect();
                    let cost: u64 = added.iter().map(|&e| instance.edges()[e as usize].2).sum();
                    if more > 0 && cost <= budget && added.len() > chosen.len() {
                        prop_assert!(!wins(&instance, &added, &point.missed), "an affordable path is left");
                    }
                }
            }
            (None, None) => {}
            (found, best) => prop_assert!(false, "found {:?}, and the best misses {:?}", found, best),
        }
    }

    /// A tree that is known is begun with where it connects all, and nothing else is.
    #[test]
    fn what_is_known_is_begun_with(instance in weighted(), share in 0u64..=10, torn: u32) {
        let all = every(&instance);
        let known = solve(&instance.all_required().unwrap(), &Config::default(), &mut Silent).unwrap().edges;
        let budget = all.iter().filter(|a| a.1 == 0).map(|a| a.0).min().unwrap() * share / 10;
        let given = known.iter().copied().enumerate().filter(|(at, _)| torn >> at & 1 == 0).map(|(_, e)| e).collect();
        for edges in [known.clone(), given, vec![u32::MAX]] {
            let mut tracer = Tracer::new(&instance, Aim::Budget(budget), Config::default()).unwrap().beginning_with(edges);
            while tracer.advance(&mut Silent).unwrap() == Status::Running {}
            let curve = tracer.into_curve();
            assert_sound(&instance, &curve, &all);
            let best = all.iter().filter(|a| a.0 <= budget).map(|a| a.1).min();
            prop_assert_eq!(curve.within(budget).is_some(), best.is_some());
            prop_assert!(best.is_none_or(|best| curve.least_missed(budget) <= best));
        }
    }

    #[test]
    fn a_quota_is_met(instance in weighted(), share in 0u64..=10) {
        let all = every(&instance);
        let weight: u64 = all.iter().map(|a| a.1).max().unwrap();
        let most = weight * share / 10;
        let curve = curve(&instance, Aim::Missed(most), &Config::default(), &mut Silent).unwrap();
        assert_sound(&instance, &curve, &all);
        let best = all.iter().filter(|a| a.1 <= most).map(|a| a.0).min().unwrap();
        let point = curve.missing_at_most(most).unwrap();
        prop_assert!(point.cost >= best && curve.least_cost(most) <= best);
    }

    /// On a tree there is nothing to search for but which part of it, and that is chosen exactly.
    #[test]
    fn the_best_part_of_a_tree_is_found(instance in weighted(), share in 0u64..=20) {
        let mut sets = UnionFind::new(instance.vertices());
        let edges = instance.edges().iter().filter(|e| sets.union(e.0, e.1)).copied().collect();
        let (n, root, sinks) = (instance.vertices(), instance.root(), instance.sinks().to_vec());
        let tree = Instance::new(n, edges, root, instance.terminals().to_vec(), sinks).unwrap();
        let all = every(&tree);
        let whole = all.iter().filter(|a| a.1 == 0).map(|a| a.0).min().unwrap();
        let budget = whole * share / 20;
        let found = curve(&tree, Aim::Budget(budget), &Config::default(), &mut Silent).unwrap();
        let best = all.iter().filter(|a| a.0 <= budget).map(|a| a.1).min();
        prop_assert_eq!(found.within(budget).map(|p| p.missed_weight), best);
        let most = all.iter().map(|a| a.1).max().unwrap() * share / 20;
        let found = curve(&tree, Aim::Missed(most), &Config::default(), &mut Silent).unwrap();
        let best = all.iter().filter(|a| a.1 <= most).map(|a| a.0).min();
        prop_assert_eq!(found.missing_at_most(most).map(|p| p.cost), best);
    }

    /// With time for the question itself, and for choosing again, the answer is as sound and no worse.
    #[test]
    fn a_question_asked_is_answered_no_worse(instance in weighted(), share in 0u64..=10) {
        let all = every(&instance);
        let whole = all.iter().filter(|a| a.1 == 0).map(|a| a.0).min().unwrap();
        let budget = whole * share / 10;
        let [brief, long] = [curve(&instance, Aim::Budget(budget), &Config::default(), &mut Silent).unwrap(), asked(&instance, Aim::Budget(budget))];
        assert_sound(&instance, &long, &all);
        let missed = |curve: &Curve| curve.within(budget).map(|point| point.missed_weight);
        prop_assert!(missed(&long).is_some() == missed(&brief).is_some() && missed(&long) <= missed(&brief));
        prop_assert!(all.iter().filter(|a| a.0 <= budget).all(|a| long.least_missed(budget) <= a.1));
        let weight: u64 = all.iter().map(|a| a.1).max().unwrap();
        let most = weight * share / 10;
        let long = asked(&instance, Aim::Missed(most));
        assert_sound(&instance, &long, &all);
        let best = all.iter().filter(|a| a.1 <= most).map(|a| a.0).min().unwrap();
        prop_assert!(long.missing_at_most(most).is_some_and(|point| point.cost >= best));
        let long = asked(&instance, Aim::Rate(share));
        assert_sound(&instance, &long, &all);
        let value = |p: &Point| p.cost + p.missed_weight * share;
        prop_assert_eq!(long.points.iter().map(value).min(), all.iter().map(|a| a.0 + a.1 * share).min());
    }

    #[test]
    fn what_is_worth_it_is_connected(instance in weighted(), rate in 0u64..9) {
        let all = every(&instance);
        let curve = curve(&instance, Aim::Rate(rate), &Config::default(), &mut Silent).unwrap();
        assert_sound(&instance, &curve, &all);
        let best = all.iter().map(|a| a.0 + a.1 * rate).min().unwrap();
        let found = curve.points.iter().map(|p| p.cost + p.missed_weight * rate).min().unwrap();
        prop_assert_eq!(found, best);
    }
}

/// Whether some of the `missed` is reached by these edges.
fn wins(instance: &Instance, edges: &[u32], missed: &[u32]) -> bool {
    let mut reached = vec![false; instance.vertices() as usize];
    reached[instance.root() as usize] = true;
    let mut stack = vec![instance.root()];
    while let Some(x) = stack.pop() {
        for &e in edges.iter().filter(|_| !instance.sinks().contains(&x)) {
            let (u, v, _) = instance.edges()[e as usize];
            if (u == x || v == x) && !std::mem::replace(&mut reached[(u ^ v ^ x) as usize], true) {
                stack.push(u ^ v ^ x);
            }
        }
    }
    missed.iter().any(|&t| reached[t as usize])
}
