use super::*;
use crate::oracle::{Guided, guide_of, instances};
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
            prop_assert_eq!(instance.check(&ascent.clone().into_certificate(&lifted), &unreachable), Ok(bound));
            ascent.go_on(net, &twins);
            prop_assert!(ascent.bound >= bound);
        }
    }
}
