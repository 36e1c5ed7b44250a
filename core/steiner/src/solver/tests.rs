use super::*;
use crate::oracle::{assert_sound, instances, optimum};
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
