use super::*;
use crate::net::Lifted;
use crate::oracle::{Guided, guide_of, instances};
use crate::{Instance, Terminal, growth};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    /// Whatever the flows, what their shares prove is a certificate that does not pass the optimum, before and after it
    /// ascends.
    #[test]
    fn shares_prove_what_they_say(
        instance in instances(), steps in 0usize..200, guided: bool, fine: bool, ball in 1..BALL,
    ) {
        let Guided { lifted, tree, best, unreachable } = guide_of(&instance, guided);
        let net = &lifted.net;
        let twins = net.graph.twins();
        let ascent = Ascent::run(net, &twins, &tree);
        let Some(mut relax) = Relax::new(net, &ascent, &tree, ball, 1 << 20) else { return Ok(()) };
        for _ in 0..steps {
            relax.step(if fine { FINE } else { COARSE });
        }
        let shares = relax.shares(net);
        for (at, edge) in relax.edges.iter().enumerate() {
            let own = shares[relax.lanes(at)].as_flattened();
            let cost = net.graph.edge(edge.id).2 as i64;
            prop_assert!(own.iter().filter(|&&share| share > 0).sum::<i64>() <= cost);
            prop_assert!(own.iter().filter(|&&share| share < 0).sum::<i64>() >= -cost);
        }
        let widths = relax.widths(net);
        prop_assert!(widths.iter().all(|width| (0.0..=1.0).contains(width)));
        let mut ascent = relax.lift(net, &tree);
        for _ in 0..2 {
            let bound = ascent.bound;
            prop_assert!(bound <= best);
            prop_assert_eq!(instance.check(&ascent.clone().into_lifted_certificate(&lifted), &unreachable), Ok(bound));
            ascent.go_on(net, &twins);
            prop_assert!(ascent.bound >= bound);
        }
    }
}

/// Places on streets that may be left out for a prize hang on free edges, which are as wide as they are asked to be: at no cost,
/// nobody is left to wish for more than the width that all agree on, and its search used to begin anew from nothing.
#[test]
fn free_edges_are_as_wide_as_they_are_asked_to_be() {
    let (scale, side) = (10_000, 6);
    let streets = (0..side * side).flat_map(|v| {
        let across = (v % side + 1 < side).then_some((v, v + 1, scale * (90 + u64::from(v * 7 % 31))));
        across.into_iter().chain((v + side < side * side).then_some((
            v,
            v + side,
            scale * (90 + u64::from(v * 5 % 29)),
        )))
    });
    let terminals = (1..side * side)
        .step_by(3)
        .map(|vertex| Terminal { vertex, prize: Some(scale * (100 + u64::from(vertex * 13 % 90))) });
    let instance = Instance::new(side * side, streets.collect(), 0, terminals.collect(), vec![]).unwrap();
    let lifted = Lifted::new(&instance).unwrap();
    let (net, tree) = (&lifted.net, growth::tree(&lifted.net).unwrap());
    let ascent = Ascent::run(net, &net.graph.twins(), &tree);
    let mut relax = Relax::new(net, &ascent, &tree, BALL, 1 << 20).unwrap();
    (0..1_000).for_each(|_| relax.step(FINE));
    let proven = relax.lift(net, &tree).bound;
    assert!(proven >= ascent.bound / 1_000 * 999, "{proven} and {} before", ascent.bound);
}
