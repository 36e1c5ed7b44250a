use super::*;
use crate::exact::Exact;
use crate::net::Kind;
use crate::oracle::{dreyfus_wagner, instances, nets, optimum};
use crate::{Config, Instance, Proof, Silent, Solver, Status, Terminal};
use proptest::prelude::*;

/// What a solver proves of an instance, and what its solution costs.
fn proven(instance: &Instance, steps: u64) -> (Proof, u64) {
    let mut solver = Solver::new(instance, Config { seed: 1, steps, enough: 0 });
    solver.record();
    while solver.advance(&mut Silent).unwrap() == Status::Running {}
    let proof = solver.take_proof().unwrap();
    (proof, solver.into_solution().unwrap().cost)
}

fn text(proof: &Proof) -> String {
    let mut text = Vec::new();
    proof.write_text(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn instance_of(net: &Net) -> Instance {
    let terminals = net.terminals.iter().map(|&vertex| Terminal { vertex, prize: None }).collect();
    let sinks = net.terminals.iter().copied().filter(|&t| net.is_sink(t)).collect();
    Instance::new(net.graph.vertex_count(), net.graph.edges().to_vec(), net.root, terminals, sinks).unwrap()
}

/// What an exact close from scratch proves of a net within a budget.
fn closed(net: &Net, limit: u64) -> Proof {
    let mut exact = Exact::new(limit, 1, &|| false);
    exact.log = Some(Log::default());
    let origin: Vec<u32> = (0..net.graph.edge_count()).collect();
    let names = Names::lifted(net, &origin, origin.len());
    let verdict = exact.close(net, u64::MAX, 0, Some(names)).unwrap();
    Proof { bound: verdict.bound, steps: exact.log.unwrap().into_steps().collect() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    #[test]
    fn solvers_prove_the_optimum(instance in instances()) {
        let (want, _) = optimum(&instance);
        let (proof, cost) = proven(&instance, 20_000_000);
        let lines = text(&proof);
        prop_assert_eq!(instance.replay(lines.as_bytes()).map_err(|e| format!("{e}\n{lines}")), Ok(want));
        prop_assert_eq!(instance.replay(&proof.to_gzip_bytes()[..]).ok(), Some(want));
        prop_assert_eq!(cost, want);
    }

    #[test]
    fn closes_prove_the_optimum(net in nets()) {
        let want = dreyfus_wagner(&net);
        let lines = text(&closed(&net, u64::MAX));
        let proven = instance_of(&net).replay(lines.as_bytes());
        prop_assert_eq!(proven.map_err(|e| format!("{e}\n{lines}")), Ok(want));
    }

    /// Whenever the budget ends, what is written proves what was found out by then.
    #[test]
    fn closes_that_end_early_prove_their_bound(net in nets(), limit in 0u64..20_000) {
        let proof = closed(&net, limit);
        let lines = text(&proof);
        let proven = instance_of(&net).replay(lines.as_bytes());
        prop_assert_eq!(proven.map_err(|e| format!("{e}\n{lines}")), Ok(proof.bound));
        prop_assert!(proof.bound <= dreyfus_wagner(&net));
    }
}
