//! Planning what is on screen: a first answer at once where there is one, then the whole, and its programme.

use std::collections::BTreeSet;
use std::rc::Rc;

use breiband::{Advance, Context, Plan, PlanError, Planner, PremisesId, Staged};
use breiband_wire::{Event, LayerId, PhaseId};

use super::{Job, Planned, Priced, Relay, Session, Sink, steering};
use crate::document::{Variant, plan_key, unpriced_key};
use crate::refusal::{self, refuse};
use crate::{views, years};

/// Plans that are kept, so that undoing an edit or going back to a scenario shows its plan at once.
const KEPT_PLANS: usize = 6;
/// Steps of the first answer: a tree and a bound, hardly improved; and of one that begins with an earlier plan's, which is
/// nearly as good as the whole.
const FIRST_STEPS: u64 = 200_000;
const KNOWN_STEPS: u64 = 5_000_000;
/// The key of a first answer: no scenario's.
pub(super) const FIRST: &str = "first";

/// Whether an earlier plan helps to a first answer: one that is not the whole, of a goal that asks for no curve.
fn may_begin_known(variant: &Rc<Variant>) -> bool {
    let scenario = &variant.scenario;
    scenario.options.steps > KNOWN_STEPS && (scenario.goal.count().is_none() || scenario.goal.is_cheapest())
}

impl Session {
    /// The steps of the answer after a first one; none for the whole. Whom to connect is chosen in between from the curve alone.
    pub(super) fn next_answer(&self) -> Option<u64> {
        let scenario = &self.history.now.variant()?.scenario;
        let chooses = scenario.goal.count().is_some() && !scenario.goal.is_cheapest();
        (chooses && self.answered < breiband::CURVE_STEPS).then_some(breiband::CURVE_STEPS)
    }

    /// What the plan of the scenario on screen depends on.
    pub(super) fn key(&self) -> String {
        self.history.now.variant().map(|variant| plan_key(&variant.scenario, &self.book)).unwrap_or_default()
    }

    /// Plans the scenario on screen; at once where that was done before.
    pub(super) fn plan_now(&mut self, sink: Sink<'_>) {
        let key = self.key();
        let kept = self.kept.iter().find(|kept| kept.key == key).map(|kept| Rc::clone(&kept.plan));
        match kept {
            Some(plan) => {
                self.plan_whole = true;
                self.show_plan(plan, key, false, sink);
            }
            None => match self.at_once().or_else(|| Some((self.mended()?, true))) {
                Some((plan, whole)) => {
                    (self.plan_whole, self.answered) = (whole, 0);
                    self.show_plan(Rc::new(plan), key, true, sink);
                }
                None => {
                    // Another goal chooses among the same candidates.
                    let known = self.region.as_ref().zip(self.plan.as_ref());
                    let known =
                        known.filter(|_| !self.plan_network.is_empty() && self.plan_network == self.network_key());
                    let phase = if known.is_some() { PhaseId::Solving } else { PhaseId::Network };
                    let mut planner = known.map(|(region, plan)| Planner::again(region, plan)).unwrap_or_default();
                    // The first answer begins with what the last whole plan knows; the whole depends on nothing before.
                    let last = self.kept.last().filter(|_| self.history.now.variant().is_some_and(may_begin_known));
                    if let Some(last) = last {
                        planner = planner.knowing(&last.plan.value);
                    }
                    let first = Some(if last.is_some() { KNOWN_STEPS } else { FIRST_STEPS });
                    self.job = Some(Job::Plan { planner: Box::new(planner), phase, first });
                    self.progress(phase, None, sink);
                }
            },
        }
    }

    /// What a plan depends on besides the premises that its scenario leaves out; and those.
    pub(super) fn base(&self) -> Option<(String, BTreeSet<String>)> {
        let mut bare = self.history.now.variant()?.scenario.clone();
        let excludes = std::mem::take(&mut bare.options.exclude).into_iter().collect();
        Some((plan_key(&bare, &self.book), excludes))
    }

    /// The plan on screen without the premises that the scenario leaves out beyond it, where that is the whole difference.
    pub(super) fn without_more(&self) -> Option<Staged<Plan>> {
        let (base, excludes) = self.base()?;
        let (region, plan) = (self.region.as_ref()?, self.plan.as_ref()?);
        if base != self.plan_base || !self.plan_excludes.is_subset(&excludes) {
            return None;
        }
        let more = |one: &breiband::Premises| {
            excludes.contains(&one.external_id) && !self.plan_excludes.contains(&one.external_id)
        };
        let premises = region.value.premises.iter().enumerate().filter(|(_, one)| more(one));
        let left_out = premises.map(|(at, _)| PremisesId::from_usize(at)).collect();
        breiband::without(&region.value, &self.history.now.variant()?.scenario, &self.book, plan, &left_out)
    }

    pub(super) fn show_plan(&mut self, plan: Rc<Staged<Plan>>, key: String, first: bool, sink: Sink<'_>) {
        let plan = self.with_loads(plan);
        let mut summary = views::summary(&plan.value.summary);
        summary.first = first;
        summary.choice = plan.value.route.choice.as_ref().map(views::choice);
        if let Some(variant) = self.history.now.variant() {
            summary.name.clone_from(&variant.scenario.name);
        }
        // A first answer is shown, but never kept: what is compared, exported and saved is the scenario's whole plan.
        if !first {
            self.figures.insert(key.clone(), summary.clone());
            self.kept.retain(|kept| kept.key != key);
            self.kept.push(Planned { key: key.clone(), plan: Rc::clone(&plan) });
            if self.kept.len() > KEPT_PLANS {
                self.kept.remove(0);
            }
        }
        self.tell(Event::Summary(Box::new(summary)), sink);
        self.tell(Event::Issues(views::issues(&plan.issues)), sink);
        self.shares = breiband::shares(&plan.value.network, &plan.value.route);
        (self.plan_base, self.plan_excludes) = self.base().unwrap_or_default();
        self.plan_unpriced =
            self.history.now.variant().map(|variant| unpriced_key(&variant.scenario)).unwrap_or_default();
        self.plan_book.clone_from(&self.book);
        self.plan_book_file = self.history.now.book_file();
        self.plan_network = if self.plan_whole { self.network_key() } else { String::new() };
        // The programme of another plan is none of this one's.
        (self.plan, self.programme) = (Some(plan), None);
        self.plan_key = if first { FIRST.to_owned() } else { key };
        if let Some(Priced { sketch, .. }) = &mut self.sketch
            && let Some(plan) = &self.plan
        {
            sketch.set_built(&plan.value.network, &plan.value.route);
        }
        self.tell_document(self.revision, sink);
        if self.history.now.drawing.is_some() {
            self.tell_drawing(self.revision, sink);
        }
        self.progress(PhaseId::Drawing, None, sink);
        self.job = Some(Job::Programme { first });
    }

    /// Works out the programme of the plan on screen, and asks for what it changes on the map.
    pub(super) fn programme_slice(&mut self, first: bool, sink: Sink<'_>) {
        self.programme = match (&self.region, &self.plan, self.history.now.variant()) {
            (Some(region), Some(plan), Some(variant)) => {
                let table = |path: &str| self.history.now.file(path).map(<[u8]>::to_vec);
                years::of(&region.value, &variant.scenario, &self.book, &plan.value, table)
            }
            _ => None,
        };
        let both = self.programme.as_ref().zip(self.plan.as_ref()).zip(self.history.now.variant());
        let view = both.map(|((one, plan), variant)| Box::new(years::view(one, plan, &variant.scenario)));
        self.tell(Event::Programme(view), sink);
        if !first {
            self.gather(sink);
        }
        let mut layers = vec![
            LayerId::Handovers,
            LayerId::Pops,
            LayerId::Cabinets,
            LayerId::Masts,
            LayerId::Premises,
            LayerId::Network,
        ];
        if !first {
            // When a site is ready is worked out for the whole plan alone.
            layers.push(LayerId::Sites);
        }
        if self.differs.is_some() && !first {
            layers.insert(0, LayerId::Difference);
        }
        self.job = Some(Job::Draw(layers, first));
    }

    pub(super) fn plan_slice(&mut self, mut planner: Box<Planner>, phase: PhaseId, first: Option<u64>, sink: Sink<'_>) {
        let (Some(region), Some(variant)) = (&self.region, self.history.now.variant()) else {
            return self.fail(refuse("no-files", String::new()), sink);
        };
        // Fewer steps than that are the whole already.
        let first = first.filter(|steps| variant.scenario.options.steps > *steps);
        let quick = first.map(|steps| {
            let mut quick = variant.scenario.clone();
            quick.options.steps = steps;
            quick
        });
        let scenario = quick.as_ref().unwrap_or(&variant.scenario);
        let mut relay = Relay { revision: self.revision, phase, last: None, reached: &self.reached, sink: &mut *sink };
        let mut context = Context::new(&mut relay);
        let laid = if planner.is_at_start() {
            let layout = steering::layout_of(&mut self.layout, region, &self.book);
            let laid = breiband::candidates_again(layout, scenario, &mut context);
            laid.map(|network| *planner = std::mem::take(&mut *planner).laid(network))
        } else {
            Ok(())
        };
        let advanced = laid.and_then(|()| planner.advance(region, scenario, &self.book, &mut context));
        match advanced {
            Ok(Advance::Running) => self.job = Some(Job::Plan { planner, phase: PhaseId::Solving, first }),
            Ok(Advance::Done(plan)) => {
                let key = self.key();
                (self.plan_whole, self.answered) = (true, first.unwrap_or(u64::MAX));
                self.show_plan(Rc::new(*plan), key, first.is_some(), sink);
            }
            Err(PlanError::Cancelled(_)) => {
                self.tell(Event::Cancelled, sink);
                self.tell(Event::Idle, sink);
            }
            Err(error) => self.fail(refuse("plan", refusal::plan(&error, &self.book)), sink),
        }
    }
}
