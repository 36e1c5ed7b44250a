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
