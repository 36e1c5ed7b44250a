use super::*;
use crate::net::Lifted;
use crate::oracle::instances;
use crate::reduce::Reducer;
use crate::{mehlhorn, tree};
use proptest::prelude::*;

/// Where two houses stand at the end of a way, each of them behind a drop, and leaving one out costs `prize`: the net, the edges that
/// connect both and those that leave both out.
fn two_behind(way: u64, prize: u64) -> (Arc<Net>, Vec<u32>, Vec<u32>) {
    let terminals = [2, 3].map(|vertex| crate::Terminal { vertex, prize: Some(prize) });
    let edges = vec![(0, 1, way), (1, 2, 1), (1, 3, 1)];
    let instance = crate::Instance::new(4, edges, 0, terminals.to_vec(), vec![2, 3]).unwrap();
    let Lifted { net, origin, .. } = Lifted::new(&instance).unwrap();
    let is_excuse = |&e: &u32| origin[e as usize] >= 3 && net.graph.edge(e).2 == prize;
    let (excuses, connected): (Vec<u32>, Vec<u32>) = (0..origin.len() as u32).partition(is_excuse);
    assert_eq!([net.cost(&connected), net.cost(&excuses)], [way + 2, 2 * prize]);
    (Arc::new(net), connected, excuses)
}

#[test]
fn two_who_share_a_way_are_connected_together() {
    let (net, _, excuses) = two_behind(8, 6);
    let mut local = Local::new(Arc::clone(&net), &excuses, 1);
    assert!(local.search(u64::MAX));
    assert_eq!(local.cost(), 10, "neither of them is worth the way alone");
    assert!(tree::is_solution(&net, &local.edges()));
}

#[test]
fn a_branch_goes_as_a_whole() {
    let (net, connected, excuses) = two_behind(11, 6);
    let mut local = Local::new(net, &connected, 1);
    assert!(local.prune() && local.cost() == 12 && !local.prune());
    assert_eq!(local.edges(), excuses);
    assert!(local.search(u64::MAX) && local.cost() == 12);
}

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
