//! Whom the plan is to connect: the goal with its slider, and the cost–coverage curve with the place that is planned.

use leptos::prelude::*;

use breiband_wire::{CurveView, DocumentView, Edit, GoalKind, GoalView, Setting, SettingView, range};

use super::chart::Frame;
use super::rows::{Field, field, number};
use crate::state::State;
use crate::text::{Words, holds, live, whenever};

/// A place on the curve: cost, and how many are connected.
type Place = (f64, u64);

/// The place of the curve that a goal would choose.
fn place(curve: &CurveView, goal: GoalView) -> Option<Place> {
    let places = &curve.places;
    match goal.kind {
        GoalKind::Connect | GoalKind::Cheapest => places.last().copied(),
        GoalKind::Budget => places.iter().rev().find(|place| place.0 <= goal.amount).copied(),
        GoalKind::Coverage => {
            let wanted = (goal.amount * curve.wanted as f64 - 1e-6).ceil() as u64;
            places.iter().find(|place| place.1 >= wanted).copied()
        }
        GoalKind::Worthwhile => {
            let loss = |place: &Place| place.0 - goal.amount * place.1 as f64;
            places.iter().min_by(|a, b| loss(a).total_cmp(&loss(b))).copied()
        }
    }
}

/// Whether a goal that leaves premises out takes support areas whole or not at all.
fn takes_areas_whole(state: State) -> bool {
    let is_whole = |setting: &SettingView| setting.path == "whole" && setting.value == Setting::Flag(true);
    let takes =
        |document: &DocumentView| document.goal.kind != GoalKind::Cheapest && document.support.iter().any(is_whole);
    state.document.with(|document| document.as_ref().is_some_and(takes))
}

/// The largest power of ten that is no larger than a number; 1 at least.
fn magnitude(number: f64) -> f64 {
    let mut power = 1.0;
    while power * 10.0 <= number {
        power *= 10.0;
    }
    power
}

/// How far a goal's slider goes, and in what steps.
fn reach(curve: Option<&CurveView>, goal: GoalView, cost: f64) -> [f64; 2] {
    let places = curve.map_or(&[][..], |curve| curve.places.as_slice());
    let round = |value: f64, step: f64| (value / step).ceil() * step;
    match goal.kind {
        GoalKind::Coverage | GoalKind::Connect | GoalKind::Cheapest => [1.0, 0.005],
        GoalKind::Budget => {
            let most = places.last().map_or(cost, |place| place.0).max(goal.amount);
            let step = magnitude(most / 200.0);
            [round(most, step), step]
        }
        GoalKind::Worthwhile => {
            let slope = |pair: &[Place]| (pair[1].0 - pair[0].0) / (pair[1].1 - pair[0].1).max(1) as f64;
            let most = places.windows(2).map(slope).fold(goal.amount, f64::max);
            let step = magnitude(most / 200.0);
            [round(most, step), step]
        }
    }
}

#[component]
pub(crate) fn Goal(state: State) -> impl IntoView {
    let words = state.words;
    let goal = Memo::new(move |_| state.document.with(|d| d.as_ref().map(|d| d.goal)).unwrap_or_default());
    let currency = move || state.document.with(|d| d.as_ref().map(|d| d.currency.clone())).unwrap_or_default();
    // What the slider is at while it is pulled.
    let pulled = RwSignal::new(None::<f64>);
    Effect::new(move |_| {
        goal.track();
        pulled.set(None);
    });
    let at = Signal::derive(move || GoalView { amount: pulled.get().unwrap_or(goal.get().amount), ..goal.get() });
    let cost = move || state.summary.with(|summary| summary.as_ref().map_or(0.0, |summary| summary.cost));
    let limits = move || state.curve.with(|curve| reach(curve.as_ref(), goal.get(), cost()));
    let choose = move |kind: GoalKind| {
        let (now, cost) = (goal.get_untracked(), untrack(cost));
        let connected = state.summary.with_untracked(|summary| summary.as_ref().map_or(1, |one| one.connected)).max(1);
        let round = |value: f64| {
            let step = magnitude(value / 10.0);
            (value / step).round() * step
        };
        // Where the slider begins: a place that shows what it does.
        let amount = match kind {
            GoalKind::Connect | GoalKind::Cheapest => 0.0,
            GoalKind::Budget => round(cost / 2.0),
            GoalKind::Coverage => 0.95,
            GoalKind::Worthwhile => round(2.0 * cost / connected as f64),
        };
        state.edit(Edit::Goal(GoalView { kind, amount, ..now }));
    };
    let set = move |amount: f64| state.edit(Edit::Goal(GoalView { amount, ..goal.get_untracked() }));
    let typed = move || {
        let one = Field {
            id: "goal-figure".to_owned(),
            class: "number",
            label: Signal::derive(move || words.get(&format!("goal.{}.figure", goal.get().kind.name()))),
            is_number: true,
            range: Signal::derive(move || {
                Some(if goal.get().kind == GoalKind::Coverage { range::PER_CENT } else { range::AMOUNT })
            }),
            ..Field::default()
        };
        let value = Signal::derive(move || {
            let at = at.get();
            let shown = if at.kind == GoalKind::Coverage { (at.amount * 1e4).round() / 100.0 } else { at.amount };
            shown.to_string()
        });
        field(state, one, value, move |text| {
            number(&text, |number| {
                set(if goal.get_untracked().kind == GoalKind::Coverage { number / 100.0 } else { number })
            })
        })
    };
    let kinds = GoalKind::ALL.map(|kind| {
        view! {
            <option value=kind.name() selected=holds(move || goal.get().kind == kind)>
                {live(move || words.get(&format!("goal.{}", kind.name())))}
            </option>
        }
    });
    let has_figure = move || goal.get().kind.has_figure();
    let named = live(move || words.get(&format!("goal.{}.figure", goal.get().kind.name())));
    view! {
        <section class="stack" id="goal">
            <h2>{words.say("goal")}</h2>
            <label>
                <span class="hidden-text">{words.say("goal")}</span>
                <select
                    id="goal-kind"
                    class="full"
                    on:change=move |event| {
                        let wanted = event_target_value(&event);
                        if let Some(kind) = GoalKind::ALL.into_iter().find(|kind| kind.name() == wanted) {
                            choose(kind);
                        }
                    }
                >
                    {kinds.collect_view()}
                </select>
            </label>
            <Show when=has_figure>
                <div class="slider">
                    <input
                        type="range"
                        id="goal-slider"
                        min="0"
                        max=live(move || limits()[0].to_string())
                        step=live(move || limits()[1].to_string())
                        aria-label=named
                        title=named
                        aria-valuetext=live(move || figure(words, at.get(), &currency()))
                        prop:value=live(move || at.get().amount.to_string())
                        on:input=move |event| pulled.set(event_target_value(&event).parse().ok())
                        on:change=move |event| {
                            if let Ok(amount) = event_target_value(&event).parse() {
                                set(amount);
                            }
                        }
                    />
                    <label class="row tight">
                        {typed()}
                        <span class="small">{move || if goal.get().kind == GoalKind::Coverage { "%".to_owned() } else { words.currency(&currency()) }}</span>
                    </label>
                </div>
                <label class="row">
                    <span class="small grow">{words.say("goal.count")}</span>
                    <select
                        id="goal-count"
                        on:change=move |event| {
                            let homes = event_target_value(&event) == "homes";
                            state.edit(Edit::Goal(GoalView { homes, ..goal.get_untracked() }));
                        }
                    >
                        {[("homes", true), ("premises", false)]
                            .map(|(name, homes)| view! {
                                <option value=name selected=holds(move || goal.get().homes == homes)>
                                    {live(move || words.get(&format!("goal.{name}")))}
                                </option>
                            })
                            .collect_view()}
                    </select>
                </label>
            </Show>
            <Show when=whenever(move || !has_figure())>
                <button
                    class="button"
                    id="goal-curve"
                    aria-pressed=live(move || state.curve_asked.get().to_string())
                    on:click=move |_| state.ask_curve(!state.curve_asked.get_untracked())
                >
                    {words.say("goal.curve.ask")}
                </button>
            </Show>
            <Show when=whenever(move || state.curve_wanted.get())>
                {move || match state.curve.get() {
                    Some(curve) => chart(state, &curve, at).into_any(),
                    None => view! { <p class="small waiting">{words.get("goal.curve.wait")}</p> }.into_any(),
                }}
            </Show>
            {move || areas(state).map(|text| view! { <p class="small" id="goal-areas">{text}</p> })}
        </section>
    }
}

/// How the plan on screen heeds the rule that areas are taken whole; a first answer does not yet.
fn areas(state: State) -> Option<String> {
    let words = state.words;
    let (choice, is_first) = state.summary.with(|summary| summary.as_ref().map(|one| (one.choice, one.first)))?;
    match choice?.areas {
        Some([built, all]) => {
            Some(words.with("plan.choice_areas", &[("built", words.count(built)), ("all", words.count(all))]))
        }
        None => (is_first && takes_areas_whole(state)).then(|| words.get("goal.areas.later")),
    }
}

/// A goal's figure, to be read out.
fn figure(words: Words, goal: GoalView, currency: &str) -> String {
    match goal.kind {
        GoalKind::Coverage => words.part(goal.amount),
        _ => words.millions(goal.amount, currency),
    }
}

/// Premises or homes over money, and the place that is planned or would be.
fn chart(state: State, curve: &CurveView, at: Signal<GoalView>) -> impl IntoView + use<> {
    let words = state.words;
    let most: Place = curve.places.last().copied().unwrap_or_default();
    let frame = Frame::new(150.0, 44.0);
    let share = move |place: Place| (place.0 / most.0.max(1.0), place.1 as f64 / most.1.max(1) as f64);
    let line = frame.line("curve-2".to_owned(), curve.places.iter().map(|place| share(*place)));
    let counted = words.get(if curve.homes { "goal.homes" } else { "goal.premises" });
    let (wanted, currency) = (curve.wanted, curve.currency.clone());
    let known = curve.clone();
    // The plan on screen, unless the slider is being pulled or everybody is connected.
    let here = Memo::new(move |_| {
        let goal = at.get();
        let planned = state.summary.with(|summary| {
            let summary = summary.as_ref()?;
            let is_same = state.document.with(|d| d.as_ref().is_some_and(|d| d.goal == goal && !d.stale));
            summary.choice.filter(|_| is_same).map(|choice| (summary.cost, choice.connected))
        });
        planned.or_else(|| place(&known, goal)).unwrap_or_default()
    });
    let said = {
        let counted = counted.clone();
        move || {
            let (cost, n) = here.get();
            let share = n as f64 / wanted.max(1) as f64;
            let values = [
                ("n", words.count(n)),
                ("of", words.count(wanted)),
                ("what", counted.to_lowercase()),
                ("share", words.part(share)),
                ("cost", words.millions(cost, &currency)),
            ];
            words.with("goal.place", &values)
        }
    };
    let bound = move || {
        let choice = state.summary.with(|summary| summary.as_ref().and_then(|one| one.choice));
        choice.map(|choice| words.with("goal.most", &[("n", words.count(choice.most))]))
    };
    let label = words.get("goal.curve");
    let (x, y) = (move || frame.x(share(here.get()).0), move || frame.y(share(here.get()).1));
    let drawn = view! {
        {frame.level("grid", 0.0, words.count(0))}
        {frame.level("grid", 1.0, words.count(most.1))}
        {frame.foot(1.0, "end", words.millions(most.0, &curve.currency))}
        {frame.foot(0.0, "start", counted)}
        <line class="now" x1=x x2=x y1=y y2=frame.y(0.0)/>
        {line}
        <circle class="point" cx=x cy=y r="5.5"/>
    };
    view! {
        {frame.view("goal-chart", label, drawn)}
        <p role="status" id="goal-place">{said}</p>
        {move || bound().map(|text| view! { <p class="small">{text}</p> })}
        {move || {
            takes_areas_whole(state).then(|| view! { <p class="small" id="goal-parts">{words.get("goal.curve.parts")}</p> })
        }}
    }
}
