//! The views: a frame with a bar, a panel and the map, each in a module of its own.

#![allow(unreachable_pub, reason = "the component macro writes `pub` for what is not")]

mod chart;
mod council;
mod drawing;
mod drawn;
mod figures;
mod game;
mod goal;
mod keys;
mod opening;
mod overlay;
mod panel;
mod places;
mod policy;
mod premises;
mod prices;
mod project;
mod rows;
mod scenarios;
mod scene;
mod scheme;
mod shares;
mod together;
mod tools;
mod top;
mod tour;
mod years;

use leptos::html;
use leptos::prelude::*;

use crate::state::{State, Tool};
use crate::text::whenever;
use crate::{files, map, preferences};

/// The whole page.
#[component]
pub(crate) fn Page() -> impl IntoView {
    let state = State::new();
    let words = state.words;
    state.start();
    let query = preferences::query();
    let asks = |wanted: &str| query.trim_start_matches('?').split('&').any(|word| word == wanted);
    if asks("sample") {
        state.open_sample();
    } else if asks("plan") {
        state.open_plan();
    } else {
        crate::storage::kept(true, move |kept| state.resumable.set(kept.is_some()));
    }
    if asks("council") {
        state.show_council(true);
    }
    window_event_listener(leptos::ev::keydown, move |event| {
        let in_field = preferences::is_field(event.target());
        if !event.default_prevented()
            && state.key(&event.key(), event.ctrl_key() || event.meta_key(), event.shift_key(), in_field)
        {
            event.prevent_default();
        }
    });

    // The page's root element and the map lie outside of the views: they follow the state by effects.
    // One after the other: the map takes its colours from the page.
    Effect::new(move |before: Option<(bool, String)>| {
        let (theme, dark, basemap) = (state.theme.get(), state.is_dark(), state.basemap.get());
        preferences::mark_page(words.0.get().code(), &theme, dark, &words.get("title"));
        let now = (dark, basemap);
        if before.is_some_and(|before| before != now) {
            map::restyle(&now.1);
        }
        now
    });
    let container = NodeRef::<html::Div>::new();
    let drawable = RwSignal::new(true);
    Effect::new(move |_| {
        if let Some(container) = container.get() {
            drawable.set(map::create(
                &container,
                move |found| state.pick(found),
                move || state.basemap_failed.set(true),
                move |stroke| state.stroke(&stroke),
                move |places| state.used(places),
            ));
        }
    });
    Effect::new(move |_| {
        map::set_words(["map.in", "map.out", "map.whole", "map.label"].map(|key| words.get(key)));
    });
    Effect::new(move |_| {
        let years: Vec<u16> = state
            .programme
            .with(|one| one.as_ref().map(|one| one.years.iter().map(|year| year.year).collect()))
            .unwrap_or_default();
        map::set_look(state.colour.get(), &years, state.year.get());
    });
    Effect::new(move |_| {
        map::set_tool(state.tool.with(|tool| match tool {
            None => "",
            Some(Tool::Lasso(_)) => "lasso",
            Some(Tool::Place(..) | Tool::Mast(..)) => "place",
        }));
    });

    let is_opening = move || state.region.with(Option::is_none);
    let dropping = RwSignal::new(false);
    view! {
        <a class="skip button" href="#panel">{words.say("skip")}</a>
        <div
            class="frame"
            class:opening=is_opening
            class:council=move || state.council.get()
            class:timed=move || state.programme.with(|one| one.as_ref().is_some_and(|one| !one.years.is_empty()))
            class:drawing=move || state.drawing.with(Option::is_some)
            class:dropping=move || dropping.get()
            data-hint=words.say("drop.now")
            on:dragover=move |event| {
                event.prevent_default();
                dropping.set(true);
            }
            on:dragleave=move |event| {
                if event.related_target().is_none() {
                    dropping.set(false);
                }
            }
            on:drop=move |event| {
                event.prevent_default();
                dropping.set(false);
                files::dropped(&event, move |opened| state.open(opened, state.region.with_untracked(Option::is_none)));
            }
        >
            <top::Top state/>
            <main class="panel" id="panel" tabindex="-1">
                <panel::Panel state/>
            </main>
            <div class="stage" role="region" aria-label=words.say("map.stage")>
                <div class="map" node_ref=container></div>
                <Show when=is_opening>
                    <scene::Scene/>
                </Show>
                <Show when=whenever(move || !drawable.get())>
                    <p class="card facts failure">{words.say("map.none")}</p>
                </Show>
                <overlay::Overlay state/>
                <drawing::DrawingBar state/>
                <overlay::ToolBar state/>
                <years::Timeline state/>
                <tour::Tour state/>
            </div>
            <overlay::TextDialog state/>
        </div>
    }
}
