use super::*;
use crate::oracle::{assert_sound, dreyfus_wagner, instances, nets, optimum};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]
    #[test]
    fn sound_and_bounded_by_the_optimum(instance in instances()) {
        let solution = solve(&instance, &Config { steps: 2000, ..Config::default() }, &mut Silent).unwrap();
        assert_sound(&instance, &solution);
        let (best, unreachable) = optimum(&instance);
        prop_assert_eq!(&solution.unreachable, &unreachable);
        prop_assert!(solution.bound <= best && best <= solution.cost);
        prop_assert!(solution.stats.claimed_bound <= best);
    }
}

/// What a solver tells: costs, certified bounds and claimed ones.
#[derive(Default)]
struct Told {
    costs: Vec<u64>,
    certified: Vec<u64>,
    claimed: Vec<u64>,
}

impl Monitor for Told {
    fn improved(&mut self, cost: u64, bound: u64) {
        self.costs.push(cost);
        self.certified.push(bound);
    }

    fn claimed(&mut self, cost: u64, bound: u64) {
        self.costs.push(cost);
        self.claimed.push(bound);
    }

    fn progress(&mut self, _done: u64, _of: u64) {}

    fn cancelled(&self) -> bool {
        false
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn what_is_told_gets_better_and_is_true(nets in prop::collection::vec(nets(), 1..4)) {
        // Several nets that share their root, so that there are blocks.
        let (mut edges, mut terminals, mut vertices, mut want) = (Vec::new(), Vec::new(), 1, 0);
        for net in &nets {
            let name = |v: u32| if v == net.root { 0 } else { vertices + v };
            edges.extend((0..net.graph.edge_count()).map(|e| net.graph.edge(e)).map(|(u, v, cost)| (name(u), name(v), cost)));
            terminals.extend(net.terminals.iter().map(|&v| crate::Terminal { vertex: name(v), prize: None }));
            vertices += net.kind.len() as u32;
            want += dreyfus_wagner(net);
        }
        let instance = Instance::new(vertices, edges, 0, terminals, vec![]).unwrap();
        let mut told = Told::default();
        let solution = solve(&instance, &Config { steps: 20_000_000, ..Config::default() }, &mut told).unwrap();
        prop_assert_eq!((solution.cost, solution.stats.claimed_bound), (want, want));
        prop_assert!(told.costs.is_sorted_by(|a, b| a >= b) && told.costs.last() == Some(&want));
        prop_assert!(told.certified.iter().all(|&bound| bound <= want));
        prop_assert!(told.claimed.is_sorted() && told.claimed.iter().all(|&bound| bound <= want));
    }
}

/// The least cost of a tree's part that holds its first vertex, with the prizes that it misses; each vertex hangs on one before it.
fn on_a_tree(edges: &[(u32, u32, u64)], prizes: &[u64]) -> u64 {
    let mut worth = prizes.to_vec();
    for &(above, v, cost) in edges.iter().rev() {
        worth[above as usize] += worth[v as usize].saturating_sub(cost);
    }
    prizes.iter().sum::<u64>() - worth[0]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    /// Reductions alone solve a tree; what they settled maps back to one that costs as much.
    #[test]
    fn a_tree_with_prizes_is_solved(
        vertices in prop::collection::vec((any::<prop::sample::Index>(), 0u64..12, 0u64..25, 0u8..4), 1..60), near in 1usize..60,
    ) {
        let (mut edges, mut prizes) = (Vec::new(), vec![0]);
        for (i, (above, cost, prize, role)) in vertices.into_iter().enumerate() {
            let nearest = (i + 1).saturating_sub(near);
            edges.push(((nearest + above.index(i + 1 - nearest)) as u32, i as u32 + 1, cost));
            prizes.push(if role == 0 { 0 } else { prize });
        }
        let terminals = (0..).zip(&prizes).filter(|&(_, &prize)| prize > 0);
        let terminals = terminals.map(|(vertex, &prize)| crate::Terminal { vertex, prize: Some(prize) }).collect();
        let instance = Instance::new(prizes.len() as u32, edges.clone(), 0, terminals, vec![]).unwrap();
        let solution = solve(&instance, &Config { steps: 0, ..Config::default() }, &mut Silent).unwrap();
        assert_sound(&instance, &solution);
        let want = on_a_tree(&edges, &prizes);
        prop_assert_eq!((solution.cost, solution.bound, solution.stats.settled), (want, want, want));
    }
}

/// Where branching has proven the tree, a search that goes on for its certificate gives the same tree and ends.
#[test]
fn who_wants_a_certificate_gets_the_same_tree_and_no_worse_a_bound() {
    for seed in 0..20 {
        let mut random = breiband_random::SplitMix64::new(seed);
        let mut any = |below: u64| random.bits() % below;
        let side = 9;
        let streets = (0..side * side).flat_map(|v| {
            [(v % side + 1 < side).then_some(v + 1), (v + side < side * side).then_some(v + side)].map(|to| (v, to))
        });
        let edges = streets.filter_map(|(v, to)| to.map(|to| (v, to))).map(|(v, to)| (v, to, 1_000 + any(900)));
        let edges: Vec<_> = edges.collect();
        let prize = |seed: u64, vertex: u32| (seed % 2 == 1).then_some(1_500 + u64::from(vertex) * 37 % 2_000);
        let terminals =
            (1..side * side).step_by(4).map(|vertex| crate::Terminal { vertex, prize: prize(seed, vertex) });
        let instance = Instance::new(side * side, edges, 0, terminals.collect(), vec![]).unwrap();
        let config = Config { steps: 100_000_000, ..Config::default() };
        let ended = solve(&instance, &config, &mut Silent).unwrap();
        let gone_on = solve(&instance, &Config { certified: true, ..config }, &mut Silent).unwrap();
        assert_sound(&instance, &gone_on);
        assert_eq!((gone_on.cost, gone_on.stats.claimed_bound), (ended.cost, ended.cost), "seed {seed}");
        assert_eq!(gone_on.edges, ended.edges, "seed {seed}");
        assert!(gone_on.bound >= ended.bound, "seed {seed}: {} and {}", gone_on.bound, ended.bound);
        assert!(gone_on.bound >= gone_on.cost / 1_000 * 995, "seed {seed}: {} of {}", gone_on.bound, gone_on.cost);
        assert!(gone_on.stats.steps < config.steps, "seed {seed}");
    }
}

/// Any two of three places serve three premises that can choose between two each: half of all three is what a dual proves.
#[test]
fn what_is_small_is_closed_however_wide_its_gap_is() {
    let opened = (1..=3).map(|place| (0, place, 10));
    let drops = [(1, 4), (2, 4), (2, 5), (3, 5), (3, 6), (1, 6)].map(|(place, premises)| (place, premises, 1));
    let terminals = [4, 5, 6].map(|vertex| crate::Terminal { vertex, prize: None });
    let instance = Instance::new(7, opened.chain(drops).collect(), 0, terminals.to_vec(), vec![4, 5, 6]).unwrap();
    let config = Config { steps: 20_000_000, enough: 5_000, ..Config::default() };
    let solution = solve(&instance, &config, &mut Silent).unwrap();
    assert_eq!((solution.cost, solution.stats.claimed_bound), (23, 23));
    assert!(solution.bound <= 18 && solution.stats.steps < config.steps / 4, "{solution:?}");
}

/// Where nearly everybody chooses between drops, trees and potentials are looked for on one net: the proof is as sound, from nothing
/// and from what was known, and whom nothing reaches stays out.
#[test]
fn a_town_of_choices_is_solved_on_one_net() {
    let (mut random, side) = (breiband_random::SplitMix64::new(7), 60u32);
    let mut any = |below: u64| random.bits() % below;
    let corner = |x: u32, y: u32| y * side + x;
    let streets = (0..side * side)
        .flat_map(|v| [(v % side + 1 < side).then_some((v, v + 1)), (v + side < side * side).then_some((v, v + side))]);
    let mut edges: Vec<_> = streets.flatten().map(|(u, v)| (u, v, 500 + any(900))).collect();
    let houses = 2_400u32;
    for house in 0..houses {
        let (x, y) = (any(u64::from(side - 1)) as u32, any(u64::from(side)) as u32);
        let house = side * side + house;
        edges.extend([(corner(x, y), house, 20 + any(90)), (corner(x + 1, y), house, 20 + any(90))]);
    }
    // Two houses on an island.
    let island = side * side + houses;
    edges.extend([(island, island + 1, 30), (island, island + 2, 40)]);
    let sinks: Vec<u32> = (side * side..island).chain([island + 1, island + 2]).collect();
    let terminals = sinks.iter().map(|&vertex| crate::Terminal { vertex, prize: None }).collect();
    let instance = Instance::new(island + 3, edges, corner(side / 2, side / 2), terminals, sinks).unwrap();

    let mut solver = Solver::new(&instance, Config { steps: 60_000_000, ..Config::default() });
    solver.record();
    while solver.advance(&mut Silent).unwrap() == Status::Running {}
    let net = &solver.thinned.as_ref().unwrap().net;
    let all = (net.graph.vertex_count(), net.graph.edge_count(), net.terminals.len() as u32);
    assert_eq!((solver.stats.reduced, solver.stats.settled), (all, 0), "nothing was reduced");
    let proof = solver.take_proof().unwrap();
    let solution = solver.into_solution().unwrap();
    assert_sound(&instance, &solution);
    assert_eq!(solution.unreachable, [island + 1, island + 2]);
    assert!(solution.bound >= solution.cost / 100 * 97, "{} of {}", solution.bound, solution.cost);
    let mut lines = Vec::new();
    proof.write_text(&mut lines).unwrap();
    let reached = instance.terminals().iter().filter(|t| t.vertex < island).copied().collect();
    assert_eq!(instance.with_terminals(reached).unwrap().replay(&lines[..]).unwrap(), proof.bound);
    assert!(proof.bound >= solution.bound && proof.bound <= solution.cost);

    let start = crate::Start::new(solution.edges.clone(), &solution.certificate, Some);
    let mut again = Solver::new(&instance, Config { steps: 1_000_000, ..Config::default() }).from(start);
    while again.advance(&mut Silent).unwrap() == Status::Running {}
    let again = again.into_solution().unwrap();
    assert_sound(&instance, &again);
    assert!(again.cost <= solution.cost && again.bound >= solution.bound);
}
