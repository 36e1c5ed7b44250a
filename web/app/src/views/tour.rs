//! A guided tour of the workbench in five steps.

use leptos::prelude::*;

use crate::state::{State, Tab};
use crate::text::{live, whenever};

/// How many steps there are.
const STEPS: usize = 5;

#[component]
pub(crate) fn Tour(state: State) -> impl IntoView {
    let words = state.words;
    let step = move || state.tour.get().unwrap_or(0);
    let go = move |to: usize| state.tour.set((to < STEPS).then_some(to));
    Effect::new(move |_| {
        // Each step shows the part of the panel that it speaks of.
        let tab = match state.tour.get() {
            Some(1) => Tab::Premises,
            Some(3) => Tab::Scenarios,
            Some(4) => Tab::Years,
            Some(_) => Tab::Plan,
            None => return,
        };
        state.tab.set(tab);
    });
    view! {
        <Show when=whenever(move || state.tour.get().is_some())>
            <aside class="card tour" id="tour-card" aria-live="polite" aria-label=words.say("tour")>
                <p class="small">{live(move || words.with("tour.step", &[("n", (step() + 1).to_string()), ("of", STEPS.to_string())]))}</p>
                <h2>{live(move || words.get(&format!("tour.{}", step())))}</h2>
                <p>{live(move || words.get(&format!("tour.{}.text", step())))}</p>
                <div class="row">
                    <button class="button" id="tour-close" on:click=move |_| state.tour.set(None)>{words.say("close")}</button>
                    <button class="button primary push" id="tour-next" on:click=move |_| go(step() + 1)>
                        {live(move || words.get(if step() + 1 == STEPS { "tour.done" } else { "tour.next" }))}
                    </button>
                </div>
            </aside>
        </Show>
    }
}
