use super::*;
use crate::net::Lifted;
use crate::{Instance, Terminal, mehlhorn};
use breiband_random::SplitMix64;

/// A square of streets, and masts: premises choose between several corners and masts, and most of them need not be connected.
fn town(side: u32, premises: u32, masts: u32, seed: u64) -> Instance {
    let mut random = SplitMix64::new(seed);
    let mut any = |below: u32| (random.bits() % u64::from(below)) as u32;
    let corners = side * side;
    let mut edges = Vec::new();
    for v in 0..corners {
        if v % side + 1 < side {
            edges.push((v, v + 1, u64::from(10 + any(90))));
        }
        if v + side < corners {
            edges.push((v, v + side, u64::from(10 + any(90))));
        }
    }
    let mut terminals = Vec::new();
    let hubs = corners + premises;
    edges.extend((0..masts).map(|mast| (0, hubs + mast, u64::from(500 + any(3_000)))));
    edges.extend((0..masts).map(|mast| (any(corners), hubs + mast, u64::from(20 + any(300)))));
    for sink in corners..corners + premises {
        for _ in 0..any(4).min(masts) {
            edges.push((hubs + any(masts), sink, 40));
        }
        let near = any(corners);
        for _ in 0..2 + any(2) {
            edges.push(((near + any(3) + side * any(3)) % corners, sink, u64::from(5 + any(60))));
        }
        let prize = (any(3) > 0).then_some(300);
        terminals.push(Terminal { vertex: sink, prize });
    }
    Instance::new(hubs + masts, edges, 0, terminals, (corners..corners + premises).collect()).unwrap()
}

/// In one of these somebody stands in the queue still while it rests, and used to be raised without paying all around it.
#[test]
fn whoever_is_woken_again_and_again_pays_for_all_that_it_holds() {
    for seed in 1_600..1_620 {
        let instance = town(6, 60, 3, seed);
        let lifted = Lifted::new(&instance).unwrap();
        let net = &lifted.net;
        let tree = mehlhorn::tree(net).unwrap();
        for guide in [&[][..], &tree] {
            let ascent = Ascent::run(net, &net.graph.twins(), guide);
            let bound = ascent.bound;
            let certificate = ascent.into_certificate(&lifted);
            assert_eq!(instance.check(&certificate, &lifted.unreachable), Ok(bound), "seed {seed}");
        }
    }
}
