use super::*;
use crate::oracle::{assert_sound, dreyfus_wagner, instances, nets, optimum};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]
    #[test]
    fn sound_and_bounded_by_the_optimum(instance in instances()) {
        let solution = solve(&instance, &Config { seed: 1, steps: 2000, enough: 0 }, &mut Silent).unwrap();
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
        let solution = solve(&instance, &Config { seed: 1, steps: 20_000_000, enough: 0 }, &mut told).unwrap();
        prop_assert_eq!((solution.cost, solution.stats.claimed_bound), (want, want));
        prop_assert!(told.costs.is_sorted_by(|a, b| a >= b) && told.costs.last() == Some(&want));
        prop_assert!(told.certified.iter().all(|&bound| bound <= want));
        prop_assert!(told.claimed.is_sorted() && told.claimed.iter().all(|&bound| bound <= want));
    }
}

/// Any two of three places serve three premises that can choose between two each: half of all three is what a dual proves.
#[test]
fn what_is_small_is_closed_however_wide_its_gap_is() {
    let opened = (1..=3).map(|place| (0, place, 10));
    let drops = [(1, 4), (2, 4), (2, 5), (3, 5), (3, 6), (1, 6)].map(|(place, premises)| (place, premises, 1));
    let terminals = [4, 5, 6].map(|vertex| crate::Terminal { vertex, prize: None });
    let instance = Instance::new(7, opened.chain(drops).collect(), 0, terminals.to_vec(), vec![4, 5, 6]).unwrap();
    let config = Config { seed: 1, steps: 20_000_000, enough: 5_000 };
    let solution = solve(&instance, &config, &mut Silent).unwrap();
    assert_eq!((solution.cost, solution.stats.claimed_bound), (23, 23));
    assert!(solution.bound <= 18 && solution.stats.steps < config.steps / 4, "{solution:?}");
}
