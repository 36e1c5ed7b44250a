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

/// A road with two verges, drops to both from four houses at its side, and one more place at its end.
#[test]
fn a_line_moves_across_the_road_with_all_its_drops() {
    let (root, end) = (0, 9);
    let mut edges = Vec::new();
    for verge in [1, 5] {
        edges.push((root, verge, 10));
        edges.extend((verge..verge + 3).map(|v| (v, v + 1, 10)));
        edges.push((verge + 3, end, 10));
    }
    let drops = (1..=4).flat_map(|foot| [(foot, foot + 9, 5), (foot + 4, foot + 9, 1)]);
    edges.extend(drops);
    let terminals = (end..=13).map(|vertex| crate::Terminal { vertex, prize: None }).collect();
    let instance = crate::Instance::new(14, edges, root, terminals, (10..=13).collect()).unwrap();
    let net = Arc::new(Lifted::new(&instance).unwrap().net);
    let wrong: Vec<u32> = (0..5).chain([10, 12, 14, 16]).collect();
    let mut local = Local::new(Arc::clone(&net), &wrong, 1);
    assert!(tree::is_solution(&net, &wrong) && local.cost() == 70);
    assert!((0..10).all(|v| !local.tree.crucial(v) || !local.improve_at(v, 4, None)), "no few key paths do");
    assert!(local.exchange_line(end) && local.cost() == 54);
    assert_eq!(local.edges(), [5, 6, 7, 8, 9, 11, 13, 15, 17]);
    assert!(tree::is_solution(&net, &local.edges()) && !local.exchange_line(end));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn a_move_keeps_a_solution_and_lowers_its_cost(instance in instances(), reduces: bool, picks in prop::collection::vec((0u32..20, 1usize..6, 0u32..30), 1..12)) {
        let lifted = Lifted::new(&instance).unwrap();
        // What is not reduced has edges that cost nothing.
        let net = if reduces {
            Reducer::among(&lifted.net, |v| lifted.reached[v as usize]).freeze().unwrap().net
        } else {
            Arc::new(lifted.net)
        };
        let net = &net;
        let all: Vec<u32> = (0..net.graph.vertex_count()).collect();
        let first = if reduces { mehlhorn::tree(net) } else { tree::best_on(net, &all) }.unwrap();
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
