//! Branchings and bounds as they are written down where small nets would not need them.

use super::*;
use crate::ascent::Ascent;
use crate::oracle::{dreyfus_wagner, nets};
use crate::reduce::{Spared, needless};
use crate::{Instance, Proof, Terminal};
use proptest::prelude::*;

fn recorded(net: &Net) -> (Reducer, Exact<'static>) {
    let mut reducer = Reducer::new(net);
    let origin: Vec<u32> = (0..net.graph.edge_count()).collect();
    reducer.record = Some(Record::new(Names::lifted(net, &origin, origin.len())));
    let mut exact = Exact::new(u64::MAX, 1, &|| false);
    exact.log = Some(Log::default());
    (reducer, exact)
}

/// The lines of what was written down, and what a replayer makes of them.
fn replayed(net: &Net, exact: Exact<'_>, bound: u64) -> (String, Result<u64, String>) {
    let mut text = Vec::new();
    let proof = Proof { bound, steps: exact.log.unwrap().into_steps().collect() };
    proof.write_text(&mut text).unwrap();
    let terminals = net.terminals.iter().map(|&vertex| Terminal { vertex, prize: None }).collect();
    let edges = net.graph.edges().to_vec();
    let instance = Instance::new(net.graph.vertex_count(), edges, net.root, terminals, Vec::new()).unwrap();
    let proven = instance.replay(&text[..]).map_err(|error| error.to_string());
    (String::from_utf8(text).unwrap(), proven)
}

/// What is left is closed after a renumbering, and all of it is proven.
fn rest_is_proven(
    net: &Net,
    reducer: &Reducer,
    reduced: &Reduced,
    mut exact: Exact<'static>,
    want: u64,
) -> Result<(), TestCaseError> {
    exact.note(Step::Anew);
    let names = names(reducer.record.as_ref().unwrap(), reduced);
    let verdict = exact.close(&reduced.net, Best::below(u64::MAX), 0, Some(names)).unwrap();
    prop_assert_eq!(verdict.bound, want);
    let (text, proven) = replayed(net, exact, want);
    prop_assert_eq!(proven, Ok(want), "{}", text);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn a_branching_proves_the_optimum(net in nets()) {
        prop_assume!(net.kind.contains(&Kind::Plain) && !net.terminals.is_empty());
        let (reducer, mut exact) = recorded(&net);
        let want = dreyfus_wagner(&net);
        let (_, verdict) = exact.branch(&net, &reducer, Best::below(u64::MAX), 0, &[], 0).unwrap();
        let (text, proven) = replayed(&net, exact, want);
        prop_assert!(text.contains("\nB "));
        prop_assert_eq!((verdict.bound, proven), (want, Ok(want)));
    }

    #[test]
    fn what_bounds_spare_is_proven(net in nets()) {
        let want = dreyfus_wagner(&net);
        let (mut reducer, mut exact) = recorded(&net);
        let before = reducer.freeze().unwrap();
        let twins = before.net.graph.twins();
        let (mut ascents, mut spared) = (Vec::new(), Vec::new());
        for root in [before.net.root].into_iter().chain(before.net.terminals.iter().copied()) {
            let rooted = Net::new(before.net.graph.clone(), root, before.net.kind.clone());
            let ascent = Ascent::run(&rooted, &twins, &[]);
            // As if the best tree were one dearer: then the optimum must be left.
            spared.push(Spared::by(&rooted, &twins, &ascent, want + 1));
            ascents.push((rooted, ascent));
        }
        for ((rooted, ascent), needed) in
            ascents.iter().zip(reducer.needed(&spared, &[], &before.edge, &before.vertex))
        {
            if needed {
                exact.note(reducer.record.as_ref().unwrap().potentials(rooted, ascent, &before.vertex));
            }
        }
        reducer.take_away(&spared, &[], &before.edge, &before.vertex);
        exact.gather(&mut reducer);
        rest_is_proven(&net, &reducer, &reducer.freeze().unwrap(), exact, want)?;
    }
}

/// What is needless on a net by an ascent from one of its terminals, with the lines that say so.
fn without_needless(net: &Net, root: usize, upper: u64) -> (Reducer, Exact<'static>) {
    let (mut reducer, mut exact) = recorded(net);
    let before = reducer.freeze().unwrap();
    let (twins, net) = (before.net.graph.twins(), &before.net);
    let roots: Vec<u32> = [net.root].into_iter().chain(net.terminals.iter().copied()).collect();
    let rooted = Net::new(net.graph.clone(), roots[root % roots.len()], net.kind.clone());
    let ascent = Ascent::run(&rooted, &twins, &[]);
    let (found, _) = needless(&rooted, &twins, &ascent, upper, &|| false);
    exact.note(reducer.record.as_ref().unwrap().potentials(&rooted, &ascent, &before.vertex));
    reducer.take_away(&[], &found, &before.edge, &before.vertex);
    exact.gather(&mut reducer);
    (reducer, exact)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn what_cannot_go_on_is_proven(net in nets(), root in 0usize..8, more in 1u64..40) {
        let want = dreyfus_wagner(&net);
        // However good the best tree is that is known.
        let (reducer, exact) = without_needless(&net, root, want + more);
        let reduced = reducer.freeze().unwrap();
        prop_assert_eq!(reducer.fixed_cost() + dreyfus_wagner(&reduced.net), want);
        rest_is_proven(&net, &reducer, &reduced, exact, want)?;
    }
}

/// How many lines of two kinds are written of some nets.
fn lines_of_kinds(kinds: [&str; 2], write: impl Fn(&Net) -> Exact<'static>) -> [usize; 2] {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut counts = [0; 2];
    for _ in 0..50 {
        let net = nets().new_tree(&mut runner).unwrap().current();
        let (text, _) = replayed(&net, write(&net), 0);
        for (count, kind) in counts.iter_mut().zip(kinds) {
            *count += text.matches(&format!("\n{kind} ")).count();
        }
    }
    counts
}

/// Random nets have edges and branchings from which no best tree goes on.
#[test]
fn extension_finds_something() {
    let [edges, branchings] = lines_of_kinds(["Y", "Z"], |net| without_needless(net, 0, dreyfus_wagner(net) + 20).1);
    assert!(edges > 50 && branchings > 50, "{edges} edges, {branchings} branchings");
}

/// Random nets spare edges and branchings both.
#[test]
fn bounds_spare_something() {
    let [edges, branchings] = lines_of_kinds(["D", "W"], |net| {
        let (mut reducer, mut exact) = recorded(net);
        let before = reducer.freeze().unwrap();
        let twins = before.net.graph.twins();
        let ascent = Ascent::run(&before.net, &twins, &[]);
        let spared = [Spared::by(&before.net, &twins, &ascent, dreyfus_wagner(net) + 1)];
        exact.note(reducer.record.as_ref().unwrap().potentials(&before.net, &ascent, &before.vertex));
        reducer.take_away(&spared, &[], &before.edge, &before.vertex);
        exact.gather(&mut reducer);
        exact
    });
    assert!(edges > 50 && branchings > 0, "{edges} edges, {branchings} branchings");
}
