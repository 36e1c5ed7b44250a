//! What steering the plan needs besides planning: the curve beside the goal, and first answers without a search.

use std::rc::Rc;
use std::sync::Arc;

use breiband::{Context, CostBook, CurveTracer, Layout, Plan, Region, Silent, Staged};
use breiband_wire::Event;

use super::{Job, Session, Sink};
use crate::document::{plan_key, unpriced_key};
use crate::{together, views};

/// Steps at each corner of the cost–coverage curve that is drawn beside the goal: one is a slice, which an edit waits for.
const DRAWN_STEPS: u64 = 2_000_000;

impl Session {
    /// What the curve on screen depends on: the scenario's goal counts only by what it counts, and by its threshold.
    pub(super) fn curve_key(&self) -> String {
        let Some(variant) = self.history.now.variant() else { return String::new() };
        let mut bare = variant.scenario.clone();
        let (threshold_mbps, count) = (bare.goal.threshold_mbps(), bare.goal.count().unwrap_or_default());
        bare.goal = breiband::Goal::Coverage { threshold_mbps, count, share: 1.0 };
        plan_key(&bare, &self.book)
    }

    /// Begins to draw the curve where it is wanted, not there, and nothing else is to be done.
    pub(super) fn begin_curve(&mut self) {
        if !self.curve_wanted || self.job.is_some() {
            return;
        }
        let (Some(region), Some(plan), Some(variant)) = (&self.region, &self.plan, self.history.now.variant()) else {
            return;
        };
        let key = self.curve_key();
        let is_known = self.curve.as_ref().is_some_and(|(known, ..)| *known == key);
        if is_known || self.plan_key != self.key() {
            return;
        }
        let mut quick = variant.scenario.clone();
        quick.options.steps = DRAWN_STEPS;
        // Costs that cannot be added up have no plan either.
        if let Ok(tracer) = CurveTracer::over(&plan.value.network, &region.value, &quick, &self.book) {
            self.job = Some(Job::Curve(key, Box::new(tracer)));
        }
    }

    pub(super) fn curve_slice(&mut self, key: String, mut tracer: Box<CurveTracer>, sink: Sink<'_>) {
        match tracer.advance(&mut Context::new(&mut Silent)) {
            Ok(None) => self.job = Some(Job::Curve(key, tracer)),
            Ok(Some(curve)) => {
                self.curve = Some((key, curve, tracer.into_curve()));
                self.tell_curve(sink);
            }
            // The curve is a help beside the plan: without it the plan stands.
            Err(_) => {}
        }
    }

    /// Tells the curve where it is that of the scenario on screen.
    pub(super) fn tell_curve(&self, sink: Sink<'_>) {
        let key = self.curve_key();
        let curve = self.curve.as_ref().filter(|(known, ..)| self.curve_wanted && *known == key);
        self.tell(Event::Curve(curve.map(|(_, curve, _)| Box::new(views::curve(curve)))), sink);
    }

    /// What the candidates of the scenario on screen depend on: all but its goal, of which the threshold alone counts.
    pub(super) fn network_key(&self) -> String {
        let Some(variant) = self.history.now.variant() else { return String::new() };
        let mut bare = variant.scenario.clone();
        bare.goal = breiband::Goal::Connect { threshold_mbps: bare.goal.threshold_mbps() };
        plan_key(&bare, &self.book)
    }

    /// A first answer that needs no search, and whether its candidates are those of the scenario on screen: a place of the curve,
    /// the plan without some premises, or the same lines at other prices.
    pub(super) fn at_once(&self) -> Option<(Staged<Plan>, bool)> {
        let (region, plan, variant) = (self.region.as_ref()?, self.plan.as_ref()?, self.history.now.variant()?);
        let (region, scenario) = (&region.value, &variant.scenario);
        let is_same = !self.plan_network.is_empty() && self.plan_network == self.network_key();
        if let Some((key, _, curve)) = &self.curve
            && is_same
            && *key == self.curve_key()
        {
            return Some((breiband::from_curve(region, scenario, &self.book, plan, curve)?, true));
        }
        // A plan that connects everybody over the same candidates has branches for any other goal.
        let everybody = self.network_key();
        if let Some(known) = self.kept.iter().find(|kept| kept.key == everybody)
            && let Some(plan) = breiband::from_branches(region, scenario, &self.book, &known.plan)
        {
            return Some((plan, true));
        }
        if self.plan_unpriced == unpriced_key(scenario) && self.plan_book_file == self.history.now.book_file() {
            return Some((breiband::repriced(region, scenario, [&self.plan_book, &self.book], plan)?, false));
        }
        Some((self.without_more()?, false))
    }

    /// A first answer over candidates that an edit changes in places: the last whole plan that connects everybody, mended; for another
    /// goal, its branches.
    pub(super) fn mended(&mut self) -> Option<Staged<Plan>> {
        let (region, variant) = (self.region.as_ref()?, Rc::clone(self.history.now.variant()?));
        let scenario = &variant.scenario;
        if scenario.goal.is_cheapest() {
            return None;
        }
        let known = self.kept.iter().rev().find(|kept| kept.plan.value.route.choice.is_none())?;
        let layout = layout_of(&mut self.layout, region, &self.book);
        // Why there are none is said by whoever plans the whole.
        let network = breiband::candidates_again(layout, scenario, &mut Context::new(&mut Silent)).ok()?;
        if scenario.goal.count().is_none() {
            return breiband::repaired(region, scenario, &self.book, network, &known.plan.value);
        }
        let mut everybody = scenario.clone();
        everybody.goal = breiband::Goal::Connect { threshold_mbps: scenario.goal.threshold_mbps() };
        let plan = breiband::repaired(region, &everybody, &self.book, network, &known.plan.value)?;
        breiband::from_branches(&region.value, scenario, &self.book, &plan)
    }

    /// A plan with its masts' sectors loaded by the policy of the scenario on screen: plans are kept by what chooses their routes, and
    /// no policy does. A policy that cannot be read loads nothing anew; the programme says why.
    pub(super) fn with_loads(&self, plan: Rc<Staged<Plan>>) -> Rc<Staged<Plan>> {
        let (Some(region), Some(variant)) = (&self.region, self.history.now.variant()) else { return plan };
        if plan.value.summary.mix.as_ref().is_none_or(|mix| mix.masts.is_empty()) {
            return plan;
        }
        let policy = together::policy(&variant.scenario, |path| self.history.now.file(path));
        let Ok(policy) = policy else { return plan };
        let mut plan = Rc::unwrap_or_clone(plan);
        breiband::load_sectors(&region.value, &variant.scenario, &self.book, &mut plan, &policy);
        Rc::new(plan)
    }
}

/// The layout of the region and the prices at hand: the one that is there, or a new one.
pub(super) fn layout_of<'a>(
    layout: &'a mut Option<Layout>,
    region: &Arc<Staged<Region>>,
    book: &CostBook,
) -> &'a mut Layout {
    *layout = layout.take().and_then(|known| known.at(region, book));
    layout.get_or_insert_with(|| Layout::new(Arc::clone(region), book))
}
