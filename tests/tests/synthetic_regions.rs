//! Invented regions of other seeds than the sample's, from recipe to verified plan.

use breiband::{Context, CostBook, Recipe, Silent, Status};

#[test]
fn other_seeds_plan_and_add_up() {
    for seed in [2, 7, 20_260_101] {
        let files = breiband::generate(&Recipe { seed, premises: 1_000, ..Recipe::default() });
        let (scenario, sources) = breiband::scenario_of(&files).expect("a generated scenario");
        let mut silent = Silent;
        let mut context = Context::new(&mut silent);
        let region = breiband::import(&sources, &scenario.options, &mut context).expect("generated files are read");
        let book = CostBook::example();
        let plan = breiband::plan(&region, &scenario, &book, &mut context).expect("there is a plan");
        let summary = &plan.value.summary;
        assert_eq!(summary.premises, 1_000);
        let sum = summary.connected + summary.unreachable + summary.excluded + summary.already_served;
        assert_eq!(sum, summary.premises, "seed {seed}");
        assert!(summary.already_served > 0 && summary.connected > 0, "seed {seed}: {summary:?}");
        assert!(summary.gap <= 0.05, "seed {seed}: the proven gap is {}", summary.gap);
        assert!(summary.notice.contains("nvented"), "invented data is labelled");

        // What is built is what is paid, and each municipality's share of the work adds up to no more than all of it.
        let network = &plan.value.network;
        let paid: u64 = plan.value.route.edges.iter().map(|e| network.edges[e.index()].cost.as_minor()).sum();
        assert_eq!(paid, plan.value.route.cost.as_minor());
        let shares: f64 = summary.municipalities.iter().map(|m| m.work.cost).sum();
        assert!(shares <= summary.cost + 0.01, "{shares} of {}", summary.cost);
        let connected: u64 = summary.municipalities.iter().map(|m| m.connected).sum();
        assert!(connected <= summary.connected);

        // Everyone connected has a drop, a distance and no faster service than the goal asks.
        for (outcome, premises) in plan.value.route.outcomes.iter().zip(&region.value.premises) {
            assert_eq!(outcome.status == Status::Connected, outcome.drop.is_some());
            if outcome.status == Status::Connected {
                assert!(premises.service.as_ref().is_none_or(|s| s.down_mbps < 100.0));
            }
        }
        // As petgraph: the built network is a forest over the same vertices.
        let built = plan.value.built_to_petgraph();
        assert_eq!(built.edge_count(), plan.value.route.edges.len());
        assert_eq!(plan.value.to_petgraph().node_count(), network.vertices.len());
    }
}
