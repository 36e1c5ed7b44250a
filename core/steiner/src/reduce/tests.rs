use super::*;
use crate::net::Lifted;
use crate::oracle::{instances, optimum};
use crate::{Instance, Terminal};
use proptest::prelude::*;

/// The optimum of what is left, by the oracle.
fn rest(reduced: &Reduced) -> u64 {
    let net = &reduced.net;
    let terminals = net.terminals.iter().map(|&vertex| Terminal { vertex, prize: None }).collect();
    let sinks = net.terminals.iter().copied().filter(|&t| net.is_sink(t)).collect();
    let n = net.graph.vertex_count();
    let instance = Instance::new(n, net.graph.edges().to_vec(), net.root, terminals, sinks).unwrap();
    let (cost, unreachable) = optimum(&instance);
    assert!(unreachable.is_empty(), "a reduction cut off {unreachable:?}");
    cost
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn keeps_the_optimum(instance in instances()) {
        let lifted = Lifted::new(&instance).unwrap();
        prop_assume!(lifted.net.graph.edge_count() <= 18);
        let mut reducer = Reducer::new(&lifted.net, &lifted.reached);
        reducer.run();
        let reduced = reducer.freeze().unwrap();
        let (want, unreachable) = optimum(&instance);
        prop_assert_eq!(&lifted.unreachable, &unreachable);
        prop_assert_eq!(reducer.fixed_cost() + rest(&reduced), want);
    }
}
