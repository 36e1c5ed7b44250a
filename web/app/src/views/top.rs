//! The bar: name, region, language, theme.

use breiband_messages::Language;
use leptos::prelude::*;

use crate::state::State;
use crate::text::{live, whenever};

#[component]
pub(crate) fn Top(state: State) -> impl IntoView {
    let words = state.words;
    let name = move || state.summary.with(|summary| summary.as_ref().map(|summary| summary.name.clone()));
    view! {
        <header class="top">
            <span class="brand">
                <img src="icon.svg" alt=""/>
                "Breiband"
            </span>
            {move || {
                let named = name();
                let class = if named.is_some() { "region-name" } else { "hidden-text" };
                // The first screen has a heading of its own.
                let is_first = state.files.with(Vec::is_empty) && state.region.with(Option::is_none) && !state.busy.get();
                let title = named.or_else(|| (!is_first).then(|| words.get("title")));
                title.map(|title| view! { <h1 class=class>{title}</h1> })
            }}
            <div class="tools">
                <Show when=whenever(move || state.summary.with(Option::is_some))>
                    <button
                        class="button plain"
                        id="council"
                        aria-pressed=live(move || state.council.get().to_string())
                        title=words.say("council.about")
                        on:click=move |_| state.show_council(!state.council.get_untracked())
                    >
                        {words.say("council")}
                    </button>
                </Show>
                <Show when=whenever(move || state.document.with(Option::is_some))>
                    <button class="button plain" id="tour" title=words.say("tour") aria-label=words.say("tour") on:click=move |_| state.tour.set(Some(0))>
                        <span class="wide-only">{words.say("tour")}</span>
                        <span class="narrow-only" aria-hidden="true">"?"</span>
                    </button>
                </Show>
                <label>
                    <span class="hidden-text">{words.say("language")}</span>
                    <select
                        id="language"
                        prop:value=move || words.0.get().code()
                        on:change=move |event| state.speak(Language::from_code(&event_target_value(&event)).unwrap_or_default())
                    >
                        {Language::ALL
                            .map(|language| {
                                view! {
                                    <option value=language.code() lang=language.code() selected=words.0.get_untracked() == language>
                                        {language.name()}
                                    </option>
                                }
                            })
                            .collect_view()}
                    </select>
                </label>
                <button
                    class="button icon plain"
                    id="theme"
                    aria-pressed=live(move || state.is_dark().to_string())
                    aria-label=words.say("theme.dark")
                    title=words.say("theme.dark")
                    on:click=move |_| state.toggle_theme()
                >
                    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
                        <circle cx="9" cy="9" r="6.5" fill="none" stroke="currentColor" stroke-width="1.6"/>
                        <path d="M9 2.5a6.5 6.5 0 0 1 0 13z" fill="currentColor"/>
                    </svg>
                </button>
            </div>
        </header>
    }
}
