use super::*;
use crate::net::Lifted;
use crate::oracle::{Guided, guide_of, instances};
use crate::{Instance, Terminal, mehlhorn};
use breiband_random::SplitMix64;
use proptest::prelude::*;

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
            for run in [Ascent::run, Ascent::run_quickly] {
                let ascent = run(net, &net.graph.twins(), guide);
                let bound = ascent.bound;
                let certificate = ascent.into_lifted_certificate(&lifted);
                assert_eq!(instance.check(&certificate, &lifted.unreachable), Ok(bound), "seed {seed}");
            }
        }
    }
}

/// The bound of an ascent whose sets are not parted, which all three certificates of it prove.
fn proven_jointly(instance: &Instance, lifted: &Lifted, guide: &[u32]) -> u64 {
    let net = &lifted.net;
    let ascent = Ascent::run_jointly(net, &net.graph.twins(), guide);
    let bound = ascent.bound;
    let joint = ascent.clone().into_joint_certificate(lifted);
    let parted = ascent.parted(net).into_lifted_certificate(lifted);
    assert_eq!(instance.check_joint(&joint, &lifted.unreachable), Ok(bound));
    for separate in [joint.separate(), parted] {
        assert_eq!(instance.check(&separate, &lifted.unreachable), Ok(bound));
        assert_eq!(instance.check_joint(&separate.into(), &lifted.unreachable), Ok(bound));
    }
    bound
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn what_several_have_raised_is_proven_jointly_and_apart(instance in instances(), guided: bool) {
        let Guided { lifted, tree, best, .. } = guide_of(&instance, guided);
        let bound = proven_jointly(&instance, &lifted, &tree);
        prop_assert!(bound <= best);
        prop_assert_eq!(bound, Ascent::run_quickly(&lifted.net, &lifted.net.graph.twins(), &tree).bound);
    }
}

#[test]
fn towns_are_proven_jointly_and_apart() {
    for seed in 0..60 {
        let instance = town(6, 60, 3, seed);
        let lifted = Lifted::new(&instance).unwrap();
        let bound = proven_jointly(&instance, &lifted, &[]);
        assert_eq!(bound, Ascent::run_quickly(&lifted.net, &lifted.net.graph.twins(), &[]).bound, "seed {seed}");
    }
}

/// Turns that are noted to be taken back look at every arc for every rise.
#[test]
fn the_last_terminal_rises_as_high_and_leaves_as_much_alone_as_arc_by_arc() {
    for seed in 0..40 {
        let instance = town(7, 40, 2, seed);
        let lifted = Lifted::new(&instance).unwrap();
        let (net, twins) = (&lifted.net, lifted.net.graph.twins());
        let ascend = |noted: bool| {
            let mut ascent = Ascent::empty(net, &[]);
            ascent.log = noted.then(Log::default);
            ascent.raised(net, &twins)
        };
        let (alone, noted) = (ascend(false), ascend(true));
        assert_eq!(alone.bound, noted.bound, "seed {seed}");
        assert_eq!(alone.residual, noted.residual, "seed {seed}");
    }
}

/// Streets that cost next to nothing, and homes that hang on them by several dear lines and may be passed through.
#[test]
fn homes_on_a_cheap_road_rest_on_one_another_where_quick_will_do() {
    let (along, homes) = (200, 100);
    let mut random = SplitMix64::new(7);
    let mut edges: Vec<(u32, u32, u64)> = (1..along).map(|v| (v - 1, v, 1)).collect();
    edges.push((along - 1, along, 500_000));
    for home in along + 1..along + 1 + homes {
        let near = 2 * (home - along - 1);
        for door in [near, near + 1, (near + 5).min(along - 1)] {
            edges.push((door, home, 1_000 + random.bits() % 500));
        }
    }
    for prize in [None, Some(50_000)] {
        let terminals = (along + 1..along + 1 + homes).map(|vertex| Terminal { vertex, prize }).collect();
        let instance = Instance::new(along + 1 + homes, edges.clone(), along, terminals, vec![]).unwrap();
        let lifted = Lifted::new(&instance).unwrap();
        let (net, twins) = (&lifted.net, lifted.net.graph.twins());
        let slow = Ascent::run(net, &twins, &[]);
        let quick = Ascent::run_quickly(net, &twins, &[]);
        assert!(quick.bound >= slow.bound / 100 * 99, "{} and {}", quick.bound, slow.bound);
        assert!(quick.work * 5 < slow.work, "{} and {}", quick.work, slow.work);
        let bound = quick.bound;
        assert_eq!(instance.check(&quick.into_lifted_certificate(&lifted), &lifted.unreachable), Ok(bound));
    }
}

/// A village at the end of a way that nobody's prize is worth, on roads that cost next to nothing.
#[test]
fn who_is_left_out_hands_the_village_on_as_it_is() {
    let (corners, homes) = (100, 300);
    let mut edges: Vec<(u32, u32, u64)> = (2..=corners).map(|v| (v - 1, v, 1)).collect();
    edges.extend([(0, 1, 1_000_000_000), (1, corners, 1)]);
    let sinks: Vec<u32> = (corners + 1..=corners + homes).collect();
    for (&sink, at) in sinks.iter().zip(0..) {
        edges.extend([0, 7].map(|beside| (1 + (at + beside) % corners, sink, u64::from(2 + at % 3))));
    }
    for seed in 1..4 {
        let mut random = SplitMix64::new(seed);
        let prizes: Vec<u64> = sinks.iter().map(|_| 1_000 + random.bits() % 1_000).collect();
        let terminals = sinks.iter().zip(&prizes).map(|(&vertex, &prize)| Terminal { vertex, prize: Some(prize) });
        let instance =
            Instance::new(corners + homes + 1, edges.clone(), 0, terminals.collect(), sinks.clone()).unwrap();
        let lifted = Lifted::new(&instance).unwrap();
        let (net, twins) = (&lifted.net, lifted.net.graph.twins());
        for run in [Ascent::run, Ascent::run_quickly] {
            let ascent = run(net, &twins, &[]);
            let (bound, work, held) = (ascent.bound, ascent.work, ascent.held());
            assert_eq!(bound, prizes.iter().sum::<u64>(), "seed {seed}");
            assert!(work < 2 * held, "seed {seed}: {work} arcs looked at, {held} members");
            assert_eq!(instance.check(&ascent.into_lifted_certificate(&lifted), &[]), Ok(bound));
        }
        assert_eq!(proven_jointly(&instance, &lifted, &[]), prizes.iter().sum::<u64>(), "seed {seed}");
        let joint = Ascent::run_jointly(net, &twins, &[]).into_joint_certificate(&lifted);
        assert!(joint.len() * 20 < joint.separate().len(), "{} of {}", joint.len(), joint.separate().len());
    }
}
