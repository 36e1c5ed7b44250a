//! Undo and redo with what they are about, and everything that can be drawn.

use leptos::prelude::*;

use breiband_wire::{Draw, EditName, PlaceKind, Purpose};

use super::places::shape;
use crate::preferences;
use crate::state::State;
use crate::text::{Words, holds, live};

/// An edit's name in the language in force.
fn named(words: Words, name: &EditName) -> String {
    // What is changed by its name in files has another one on the page.
    let field = name.value.rsplit('.').next().unwrap_or_default();
    let title = match name.key.trim_end_matches("-source") {
        "support-field" | "support" => words.find(&format!("scheme.{field}")),
        "policy" => words.find(&format!("policy.{field}")),
        "price" => words.find(&format!("price.{}", name.value)),
        _ => None,
    };
    words.with(&format!("edit.{}", name.key), &[("name", title.unwrap_or_else(|| name.value.clone()))])
}

/// The row of tools at the top of the panel.
#[component]
pub(crate) fn Tools(state: State) -> impl IntoView {
    let words = state.words;
    let name = move |back: bool| {
        state.document.with(|document| {
            let document = document.as_ref()?;
            document.named[usize::from(!back)].first().cloned()
        })
    };
    let turn = move |back: bool, id: &'static str, key: &'static str, sign: &'static str| {
        let title = move || {
            let what = name(back).map(|name| named(words, &name)).unwrap_or_default();
            words.with(key, &[("name", what)])
        };
        view! {
            <button
                class="button icon"
                id=id
                title=title
                aria-label=title
                disabled=holds(move || name(back).is_none())
                on:click=move |_| state.turn(back)
            >
                <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
                    <path d=sign fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/>
                </svg>
            </button>
        }
    };
    let is_drawing = move || state.drawing.with(Option::is_some);
    view! {
        <section class="tools-row" id="tools">
            {turn(true, "undo", "undo", "M6 3 2.5 6.5 6 10M2.5 6.5H11a4.2 4.2 0 0 1 0 8.4H7")}
            {turn(false, "redo", "redo", "M12 3l3.5 3.5L12 10M15.5 6.5H7a4.2 4.2 0 0 0 0 8.4h4")}
            <History state/>
            <button
                class="button grow"
                id="draw"
                title=words.say("draw.key")
                disabled=is_drawing
                on:click=move |_| state.draw(Draw::Begin { purpose: Purpose::Candidate, known: None })
            >
                {words.say("draw")}
            </button>
            <DrawMenu state/>
        </section>
    }
}

/// Every edit by its name: a press goes to how it was after that one.
#[component]
fn History(state: State) -> impl IntoView {
    let words = state.words;
    let rows = move || {
        let (named_edits, steps) = state
            .document
            .with(|document| document.as_ref().map(|document| (document.named.clone(), document.steps)))
            .unwrap_or_default();
        let [past, future] = named_edits;
        let ahead = future.iter().enumerate().rev().map(|(at, name)| (at as i32 + 1, named(words, name)));
        let behind = past.iter().enumerate().map(|(at, name)| (-(at as i32), named(words, name)));
        let is_all = past.len() == steps[0] as usize;
        let opened = is_all.then(|| (-(steps[0] as i32), words.get("history.begin")));
        let rows = ahead.chain(behind).chain(opened).map(|(by, text)| {
            let is_ahead = by > 0;
            view! {
                <li>
                    <button
                        class="menu-item"
                        class:ahead=is_ahead
                        aria-current=(by == 0).then_some("step")
                        on:click=move |_| {
                            if by != 0 {
                                state.turn_by(by);
                            }
                        }
                    >
                        {text}
                    </button>
                </li>
            }
        });
        rows.collect_view()
    };
    view! {
        <details class="menu" id="history">
            <summary class="button icon" title=words.say("history") aria-label=words.say("history")>
                <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
                    <path d="M3 9a6 6 0 1 0 2-4.5M3 3v3h3M9 6v3.2l2.2 1.6" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>
                </svg>
            </summary>
            <ol class="card menu-list" aria-label=words.say("history")>{rows}</ol>
        </details>
    }
}

/// What else can be drawn or put on the map.
#[component]
fn DrawMenu(state: State) -> impl IntoView {
    let words = state.words;
    let items = Purpose::ALL.into_iter().skip(1).map(|purpose| {
        let shape = if purpose.is_area() { "key area" } else { "key" };
        let colour = format!("var(--drawn-{})", purpose.name());
        view! {
            <li>
                <button
                    class="menu-item"
                    id=format!("draw-{}", purpose.name())
                    on:click=move |_| {
                        preferences::close("draw-more");
                        state.draw(Draw::Begin { purpose, known: None });
                    }
                >
                    <i class=shape style:--key=colour></i>
                    <span>
                        {live(move || words.get(&format!("purpose.{}", purpose.name())))}
                        <span class="small block">{live(move || words.get(&format!("purpose.{}.about", purpose.name())))}</span>
                    </span>
                </button>
            </li>
        }
    });
    let place = move |name: &'static str, shape: &'static str, put: Box<dyn Fn(State)>| {
        let about = format!("{name}s.about");
        view! {
            <li>
                <button
                    class="menu-item"
                    id=format!("draw-{name}")
                    on:click=move |_| {
                        preferences::close("draw-more");
                        put(state);
                    }
                >
                    <i class=format!("key {shape}") style:--key=format!("var(--map-{name})")></i>
                    <span>
                        {live(move || words.get(&format!("purpose.{name}")))}
                        <span class="small block">{live(move || words.get(&about))}</span>
                    </span>
                </button>
            </li>
        }
    };
    view! {
        <details class="menu end" id="draw-more" class:inert=move || state.drawing.with(Option::is_some)>
            <summary class="button" title=words.say("draw.more.about")>{words.say("draw.more")}</summary>
            <ul class="card menu-list">
                {items.collect_view()}
                {PlaceKind::ALL.map(|kind| place(kind.name(), shape(kind), Box::new(move |state| state.put_place(kind)))).collect_view()}
                {place("mast", "ring", Box::new(State::put_mast))}
            </ul>
        </details>
    }
}
