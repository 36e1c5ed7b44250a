use super::*;
use crate::net::Lifted;
use crate::oracle::{dreyfus_wagner, instances, nets, optimum, prized_nets};
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
        let (want, unreachable) = optimum(&instance);
        prop_assert_eq!(&lifted.unreachable, &unreachable);
        let mut reducer = Reducer::among(&lifted.net, |v| lifted.reached[v as usize]);
        reducer.run();
        prop_assert_eq!(reducer.fixed_cost() + rest(&reducer.freeze().unwrap()), want);
        reducer.run_hard(u64::MAX, &|| false);
        prop_assert_eq!(reducer.fixed_cost() + rest(&reducer.freeze().unwrap()), want);
    }

    #[test]
    fn keeps_the_optimum_of_larger_nets(net in prop_oneof![nets(), prized_nets()]) {
        let mut reducer = Reducer::new(&net);
        reducer.run_hard(u64::MAX, &|| false);
        let reduced = reducer.freeze().unwrap();
        prop_assert_eq!(reducer.fixed_cost() + dreyfus_wagner(&reduced.net), dreyfus_wagner(&net));
    }
}
