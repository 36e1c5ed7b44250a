//! First answers over candidates that are laid out already: at once, sound, and seldom the best. A whole plan follows.

use breiband_certificate::Certificate;
use breiband_model::{CandidateNetwork, CostBook, Money, Price, Region, RoutePlan, Scenario, Staged};
use breiband_steiner::Curve;

use crate::goal::{aim, choose};
use crate::planner::finish;
use crate::{Plan, route};

/// `plan` at other prices: the same lines, costed anew. `old` and `new` differ in the figures of their price classes alone.
///
/// The bound is the old one times the price class that fell most, less what rounding each part can take: no line costs less
/// than that much of what it did. `None` where the goal chose whom to connect: it might choose others now. Linear in the size
/// of the network.
pub fn repriced(
    region: &Region,
    scenario: &Scenario,
    [old, new]: [&CostBook; 2],
    plan: &Staged<Plan>,
) -> Option<Staged<Plan>> {
    if plan.value.route.choice.is_some() {
        return None;
    }
    let mut network = plan.value.network.clone();
    network.price_all(new);
    let least = least_ratio(old, new)?;
    let rounding: u64 = network.parts.iter().map(|part| u64::from(part.permille) / 1000 + 2).sum();
    let kept = u128::from(plan.value.route.bound.as_minor()) * u128::from(least) / u128::from(WHOLE);
    let bound = u64::try_from(kept).ok()?.saturating_sub(rounding);
    let cost = plan.value.route.edges.iter().map(|edge| network.edges[edge.index()].cost).sum();
    let route = RoutePlan { cost, bound: Money::from_minor(bound), ..plan.value.route.clone() };
    Some(finish(region, scenario, new, network, plan.issues.clone(), route, unproven()))
}

/// The whole of a ratio.
const WHOLE: u32 = 1_000_000;

/// What of its old price the class that fell most has still, in millionths, rounded down; at most the whole.
fn least_ratio(old: &CostBook, new: &CostBook) -> Option<u32> {
    let mut least = WHOLE;
    for (id, now) in new.prices() {
        let before = old.price(old.price_id(&new.price(id).id)?);
        for read in [|price: &Price| price.per_metre, |price: &Price| price.each] {
            let [before, now] =
                [before, now].map(|price| Money::from_major(read(price)).unwrap_or_default().as_minor());
            if now < before {
                let ratio = u128::from(now) * u128::from(WHOLE) / u128::from(before);
                least = least.min(u32::try_from(ratio).ok()?);
            }
        }
    }
    Some(least)
}

/// The place of a drawn curve that the scenario's goal asks for, as a plan over the candidates of `plan`, which are the
/// curve's. `None` where the goal wants everybody, or more than its budget can reach.
pub fn from_curve(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    plan: &Staged<Plan>,
    curve: &Curve,
) -> Option<Staged<Plan>> {
    let aim = aim(&scenario.goal, curve.weight)?;
    let network = plan.value.network.clone();
    let chosen = choose(&scenario.goal, aim, curve.clone()).ok()?;
    // A goal that knows satellites has no aim on the curve.
    let route = route::plan_of_chosen(&network, region, &scenario.goal, &chosen, &curve.unreachable, |_| false);
    Some(finish(region, scenario, book, network, plan.issues.clone(), route, unproven()))
}

/// What is shown for a moment is not re-checked: its bound is that of the plan or curve it came from, and its proof is not
/// written.
fn unproven() -> Certificate {
    Certificate::new(CandidateNetwork::ROOT.as_u32())
}

#[cfg(test)]
mod tests {
    use breiband_model::{Context, Goal, PriceChange, Silent};

    use super::*;

    fn region() -> (Scenario, Staged<Region>) {
        let files = crate::generate(&crate::Recipe { premises: 250, seed: 6, ..crate::Recipe::default() });
        let (scenario, sources) = crate::scenario_of(&files).expect("a scenario");
        let mut silent = Silent;
        let region = crate::import(&sources, &scenario.options, &mut Context::new(&mut silent)).expect("a region");
        (scenario, region)
    }

    #[test]
    fn other_prices_are_those_of_the_same_lines_and_their_bound_holds() {
        let (scenario, region) = region();
        let mut silent = Silent;
        let mut context = Context::new(&mut silent);
        let old = CostBook::example();
        let plan = crate::plan(&region, &scenario, &old, &mut context).expect("a plan");
        let changes = [
            ("asphalt-verge", 900.0),
            ("asphalt-verge", 200.0),
            ("existing-poles", 0.0),
            ("gravel-verge", 3_333.33),
            ("forest", 199.99),
        ];
        for (id, per_metre) in changes {
            let change = PriceChange { per_metre: Some(per_metre), ..PriceChange::default() };
            let mut other = scenario.clone();
            other.prices.insert(id.to_owned(), change);
            let new = old.changed(&other.prices).expect("a book");
            let first = repriced(&region.value, &other, [&old, &new], &plan).expect("a first answer").value;
            // Costs by hand, from the parts of the chosen lines.
            let network = &plan.value.network;
            let parts = plan.value.route.edges.iter().flat_map(|edge| network.parts_of(&network.edges[edge.index()]));
            let by_hand: Money = parts.map(|part| network.cost_of(part, &new)).sum();
            assert_eq!(first.route.cost, by_hand);
            assert_eq!(first.summary.connected, plan.value.summary.connected);
            let best = crate::plan(&region, &other, &new, &mut context).expect("a plan").value;
            assert!(first.route.bound <= best.route.cost, "{id} {per_metre}: a bound for every network");
            assert!(best.route.bound <= first.route.cost, "{id} {per_metre}: one network among them");
            let digest = &best.summary.digest;
            assert!(first.route.cost > best.route.cost || first.summary.digest == *digest || per_metre > 0.0);
        }
    }

    #[test]
    fn a_place_of_the_curve_is_a_plan_for_the_goal() {
        let (scenario, region) = region();
        let mut silent = Silent;
        let mut context = Context::new(&mut silent);
        let book = CostBook::example();
        let plan = crate::plan(&region, &scenario, &book, &mut context).expect("a plan");
        let mut tracer = crate::CurveTracer::over(&plan.value.network, &region.value, &scenario, &book).expect("costs");
        while tracer.advance(&mut context).expect("not cancelled").is_none() {}
        let curve = tracer.into_curve();
        let (threshold_mbps, count) = (scenario.goal.threshold_mbps(), Default::default());
        let goals = [
            Goal::Budget { threshold_mbps, count, budget: plan.value.summary.cost / 2.0 },
            Goal::Coverage { threshold_mbps, count, share: 0.8 },
            Goal::Worthwhile { threshold_mbps, count, value: 40_000.0 },
        ];
        for goal in goals {
            let other = Scenario { goal, ..scenario.clone() };
            let first = from_curve(&region.value, &other, &book, &plan, &curve).expect("a first answer").value;
            let best = crate::plan(&region, &other, &book, &mut context).expect("a plan").value;
            let [first_choice, best_choice] =
                [&first, &best].map(|plan| plan.route.choice.clone().expect("the goal chose"));
            assert_eq!(first_choice.wanted, best_choice.wanted);
            // What is proven of every network holds for the best one, and the other way round.
            // At a budget both speak of the budget, else of what their own network costs.
            let dearer = |one: &Plan, other: &Plan| other.route.cost < one.route.cost;
            let budget = matches!(other.goal, Goal::Budget { .. });
            assert!(best_choice.connected <= first_choice.most || !budget && dearer(&best, &first));
            assert!(first_choice.connected <= best_choice.most || !budget && dearer(&first, &best));
            let summary = &first.summary;
            let all = summary.connected + summary.excluded + summary.unreachable + summary.already_served;
            assert_eq!(all, summary.premises);
            match other.goal {
                Goal::Budget { budget, .. } => assert!(summary.cost <= budget),
                Goal::Coverage { .. } => assert!(first_choice.connected * 10 >= first_choice.wanted * 8),
                _ => {}
            }
        }
        assert!(from_curve(&region.value, &scenario, &book, &plan, &curve).is_none(), "everybody is no place of it");
    }
}
