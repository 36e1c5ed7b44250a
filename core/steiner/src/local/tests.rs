use super::*;
use crate::net::Lifted;
use crate::oracle::instances;
use crate::reduce::Reducer;
use crate::{mehlhorn, tree};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn a_move_keeps_a_solution_and_lowers_its_cost(instance in instances(), picks in prop::collection::vec((0u32..20, 1usize..6, 0u32..30), 1..12)) {
        let lifted = Lifted::new(&instance).unwrap();
        let reduced = Reducer::new(&lifted.net, &lifted.reached).freeze().unwrap();
        let net = &reduced.net;
        let first = mehlhorn::tree(net).unwrap();
        let mut local = Local::new(Arc::clone(net), &first, 7);
        let n = net.kind.len() as u32;
        let mut cost = net.cost(&first);
        for (v, paths, extra) in picks {
            let (v, extra) = (v % n, Some(extra).filter(|&z| z < n));
            if local.tree.crucial(v) {
                let better = local.improve_at(v, paths, extra);
                let edges = local.edges();
                prop_assert!(tree::is_solution(net, &edges));
                let now = net.cost(&edges);
                prop_assert_eq!(better, now < cost);
                prop_assert!(now <= cost);
                cost = now;
            }
        }
        prop_assert!(local.search(u64::MAX));
        prop_assert!(tree::is_solution(net, &local.edges()));
        prop_assert!(net.cost(&local.edges()) <= cost);
        for _ in 0..10 {
            let before = local.cost();
            local.kick();
            prop_assert!(tree::is_solution(net, &local.edges()));
            prop_assert_eq!(net.cost(&local.edges()), local.cost());
            prop_assert!(local.cost() <= before);
            for v in 0..n {
                prop_assert_eq!(local.tree.holds(v), v == net.root || local.tree.up(v).is_some());
            }
        }
    }
}
