//! The first screen: what this is, how it goes, and two ways to begin.

use leptos::prelude::*;

use crate::files;
use crate::state::State;
use crate::text::{live, whenever};

#[component]
pub(crate) fn Opening(state: State) -> impl IntoView {
    let words = state.words;
    view! {
        <section>
            <h1>{words.say("opening.title")}</h1>
            <p class="lead">{words.say("opening.lead")}</p>
            <ol class="steps">
                {["opening.step1", "opening.step2", "opening.step3"]
                    .map(|key| view! { <li><span>{live(move || words.get(key))}</span></li> })
                    .collect_view()}
            </ol>
        </section>
        <section class="stack">
            <Begin state/>
            <Choose state replace=true/>
            <p class="private">
                <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
                    <rect x="2.5" y="7" width="11" height="7" rx="1.5" fill="none" stroke="currentColor" stroke-width="1.4"/>
                    <path d="M5 7V5a3 3 0 0 1 6 0v2" fill="none" stroke="currentColor" stroke-width="1.4"/>
                </svg>
                {words.say("opening.private")}
            </p>
        </section>
    }
}

/// The two ways to begin without files: the sample, and what the browser has kept.
#[component]
pub(crate) fn Begin(state: State) -> impl IntoView {
    let words = state.words;
    view! {
        <button class="button primary wide" id="sample" on:click=move |_| state.open_sample()>
            {words.say("opening.sample")}
        </button>
        <p class="small">{words.say("opening.sample.about")}</p>
        <Show when=whenever(move || state.resumable.get())>
            <button class="button wide" id="resume" on:click=move |_| state.resume(true)>
                {words.say("opening.resume")}
            </button>
        </Show>
    }
}

/// A place to drop files on, with a button that opens the file chooser.
#[component]
pub(crate) fn Choose(state: State, replace: bool) -> impl IntoView {
    let words = state.words;
    let field = NodeRef::<leptos::html::Input>::new();
    view! {
        <div class="drop">
            <p>{words.say("drop.title")}</p>
            <p class="formats">{words.say("drop.formats")}</p>
            <input
                type="file"
                id="files"
                multiple
                hidden
                node_ref=field
                on:change=move |event| files::chosen(&event, move |opened| state.open(opened, replace))
            />
            <button
                class="button"
                on:click=move |_| {
                    if let Some(field) = field.get_untracked() {
                        field.click();
                    }
                }
            >
                {words.say("drop.choose")}
            </button>
        </div>
    }
}
