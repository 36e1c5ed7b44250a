//! What lies on the map: the legend, which also shows and hides layers, the picked feature's facts, and who must be named.

use std::collections::BTreeSet;

use leptos::prelude::*;

use breiband_wire::{Choice, Edit, Fact, LayerId, PlaceKind, Value, Which};

use crate::state::{Picked, State, Tool};
use crate::storage;
use crate::text::{Words, holds, live, whenever};

const METHODS: [&str; 9] =
    ["plough", "trench", "micro-trench", "aerial", "existing-duct", "bore", "structure", "subsea", "radio"];
/// What the map can be coloured by: premises, by year the network too, by load the network alone.
const COLOURS: [&str; 8] = ["status", "year", "service", "technology", "gets", "cost", "support", "load"];
/// The classes of each, as their colours' names end.
const GETS: [&str; 3] = ["fibre", "wireless", "satellite"];
const SUPPORTS: [&str; 4] = ["paid", "unpaid", "served", "not"];
const SERVICES: [&str; 5] = ["1000", "100", "30", "slow", "none"];
const TECHNOLOGIES: [&str; 5] = ["fibre", "cable", "copper", "radio", "satellite"];
const COSTS: [&str; 5] = ["1", "2", "3", "4", "5"];
/// The colour of premises that have it already.
const SERVED: &str = "status-already_served";
const STATUSES: [&str; 4] = ["connected", "already_served", "excluded", "unreachable"];

#[component]
pub(crate) fn Overlay(state: State) -> impl IntoView {
    view! {
        <Facts state/>
        <Show when=whenever(move || state.filled.with(|filled| !filled.is_empty()))>
            <Legend state/>
        </Show>
        <p class="attribution">
            {move || state.region.with(|region| region.as_ref().map(|region| region.attribution.join(" · ")))}
        </p>
    }
}

#[component]
fn Legend(state: State) -> impl IntoView {
    let words = state.words;
    let filled = Memo::new(move |_| state.filled.get());
    let at_least = |width: u32| {
        let query = web_sys::window().and_then(|w| w.match_media(&format!("(min-width: {width}px)")).ok().flatten());
        query.is_some_and(|query| query.matches())
    };
    // A council is shown what the colours mean wherever there is room.
    let is_open = move || at_least(if state.council.get() { 721 } else { 1101 });
    view! {
        <details class="card legend" open=is_open>
            <summary>{words.say("layers")}</summary>
            <label class="colour-by">
                <span class="small">{words.say("colour")}</span>
                <select id="colour" on:change=move |event| {
                    let wanted = event_target_value(&event);
                    if let Some(name) = COLOURS.into_iter().find(|name| *name == wanted) {
                        state.colour.set(name);
                    }
                }>
                    {COLOURS
                        .map(|name| {
                            view! {
                                <option value=name selected=holds(move || state.colour.get() == name)>
                                    {live(move || words.get(&format!("colour.{name}")))}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
            <div class="layers">
                {move || {
                    let filled = filled.get();
                    LayerId::ALL
                        .into_iter()
                        .rev()
                        .filter(|layer| filled.contains(layer))
                        .map(|layer| row(state, layer))
                        .collect_view()
                }}
            </div>
        </details>
    }
}

/// One layer: its switch, and the classes it is drawn in.
fn row(state: State, layer: LayerId) -> impl IntoView {
    let words = state.words;
    let (shape, colour) = match layer {
        LayerId::Water => ("area", "map-water"),
        LayerId::Municipalities => ("", "map-border"),
        LayerId::Buildings => ("area", "map-building"),
        LayerId::Ways => ("", "map-casing"),
        LayerId::Sites => ("dot", "map-site"),
        LayerId::Masts => ("dot", "map-mast"),
        LayerId::Cabinets => ("square", "map-cabinet"),
        LayerId::Pops => ("diamond", "map-pop"),
        LayerId::Handovers => ("ring", "map-handover"),
        LayerId::Network | LayerId::Premises | LayerId::Difference | LayerId::Drawn => ("", ""),
    };
    let shown = move || state.hidden.with(|hidden| !hidden.contains(&layer));
    let classes = move || {
        if layer == LayerId::Drawn {
            let used = state.document.with(|document| {
                let document = document.as_ref()?;
                let routes = document.routes.iter().map(|route| route.purpose);
                Some(routes.chain(document.areas.iter().filter_map(|area| area.purpose)).collect::<BTreeSet<_>>())
            });
            let lines = used.unwrap_or_default().into_iter().map(|purpose| {
                let shape = if purpose.is_area() { "key area" } else { "key" };
                let colour = format!("var(--drawn-{})", purpose.name());
                let text = words.get(&format!("purpose.{}", purpose.name()));
                view! { <span><i class=shape style:--key=colour></i>{text}</span> }
            });
            let places = state.document.with(|document| {
                document.as_ref().map_or([false; 4], |d| {
                    let any = |is_pop| d.handovers.iter().any(|one| one.cost.is_some() == is_pop);
                    [any(false), any(true), !d.cabinets.is_empty(), !d.masts.is_empty()]
                })
            });
            let places = ["handover", "pop", "cabinet", "mast"].into_iter().zip(places).filter(|(_, is_there)| *is_there).map(|(name, _)| {
                let colour = format!("var(--map-{name})");
                view! { <span><i class="key ring" style:--key=colour></i>{words.get(&format!("purpose.{name}"))}</span> }
            });
            let places = places.collect_view();
            return Some(view! { <div class="classes">{lines.collect_view()}{places}</div> }.into_any());
        }
        if layer == LayerId::Difference {
            let name = |id: Option<u32>| {
                state.document.with(|document| {
                    let document = document.as_ref()?;
                    let one = document.scenarios.iter().find(|one| Some(one.id) == id)?;
                    Some(one.name.clone())
                })
            };
            let current = state.document.with(|document| document.as_ref().map(|document| document.current));
            let only = |id: Option<u32>| words.with("difference.only", &[("name", name(id).unwrap_or_default())]);
            let lines = [
                ("diff-here", only(current)),
                ("diff-there", only(state.differs.get())),
                ("diff-both", words.get("difference.both")),
            ];
            let lines = lines.map(|(colour, text)| {
                view! { <span><i class="key" style:--key=format!("var(--{colour})")></i>{text}</span> }
            });
            return Some(view! { <div class="classes">{lines.into_iter().collect_view()}</div> }.into_any());
        }
        let colour = state.colour.get();
        let by_year = colour == "year" && matches!(layer, LayerId::Network | LayerId::Premises);
        let by_load = colour == "load" && layer == LayerId::Network;
        // The difference is drawn over the network, in colours of its own.
        if layer == LayerId::Network && state.filled.with(|filled| filled.contains(&LayerId::Difference)) {
            return None;
        }
        if by_year || by_load || (layer == LayerId::Premises && !matches!(colour, "status" | "load")) {
            return colour_classes(state, layer, colour).map(IntoAny::into_any);
        }
        state.summary.with(|summary| {
            let summary = summary.as_ref()?;
            let used: BTreeSet<&str> = summary.methods.iter().map(|method| method.name.as_str()).collect();
            let counts = [summary.connected, summary.already_served, summary.excluded, summary.unreachable];
            let (shape, prefix, names): (_, _, Vec<&str>) = match layer {
                LayerId::Network => ("", "method", METHODS.into_iter().filter(|name| used.contains(name)).collect()),
                LayerId::Premises => {
                    let used = STATUSES.into_iter().zip(counts).filter(|(_, count)| *count > 0);
                    ("dot", "status", used.map(|(name, _)| name).collect())
                }
                _ => return None,
            };
            let lines = names.into_iter().map(|name| {
                let text = words.get(&format!("{prefix}.{name}"));
                view! { <span><i class=format!("key {shape}") style:--key=format!("var(--{prefix}-{name})")></i>{text}</span> }
            });
            Some(view! { <div class="classes">{lines.collect_view()}</div> }.into_any())
        })
    };
    // A council sees one list of years, which the lines carry as well.
    let name = move || {
        let is_both = layer == LayerId::Premises && state.council.get() && state.colour.get() == "year";
        words.get(&if is_both { "layer.by_year".to_owned() } else { format!("layer.{}", layer.name()) })
    };
    view! {
        <label
            class:layer-minor=layer <= LayerId::Ways
            class:layer-drawn=layer == LayerId::Drawn
            class:layer-plain=move || layer == LayerId::Network && matches!(state.colour.get(), "year" | "load")
        >
            <input
                type="checkbox"
                prop:checked=shown
                on:change=move |event| state.show(layer, event_target_checked(&event))
            />
            {(!colour.is_empty()).then(|| view! { <i class=format!("key {shape}") style:--key=format!("var(--{colour})")></i> })}
            <span>{live(name)}</span>
        </label>
        {classes}
    }
}

/// The legend's lines where the map is coloured by something else than status and method.
fn colour_classes(state: State, layer: LayerId, colour: &str) -> Option<impl IntoView + use<>> {
    let words = state.words;
    let shape = if layer == LayerId::Premises { "dot" } else { "" };
    let named = |names: &[&str], prefix: &str| -> Vec<(String, String)> {
        names.iter().map(|name| (format!("{prefix}-{name}"), words.get(&format!("{prefix}.{name}")))).collect()
    };
    // Who has it already is hollow, as on the map: a grey beside that of what no budget pays for.
    let shape = move |colour: &str| if colour == SERVED && shape == "dot" { "ring thin" } else { shape };
    let lines: Vec<(String, String)> = match colour {
        // One list of years serves the lines and the dots.
        "year" if layer == LayerId::Network => return None,
        "year" => {
            let years: Vec<u16> = state
                .programme
                .with(|one| one.as_ref().map(|one| one.years.iter().map(|year| year.year).collect()))
                .unwrap_or_default();
            let last = years.len().saturating_sub(1).max(1);
            let colour = |at: usize| format!("year-{}", 1 + (at * 7 + last / 2) / last);
            let mut lines: Vec<(String, String)> =
                years.iter().enumerate().map(|(at, year)| (colour(at), year.to_string())).collect();
            if state.programme.with(|one| one.as_ref().is_some_and(|one| one.unfunded > 0.0)) {
                lines.push(("year-later".to_owned(), words.get("council.phase_unfunded")));
            }
            lines.push((SERVED.to_owned(), words.get("status.already_served")));
            lines
        }
        "support" => named(&SUPPORTS, "support"),
        "load" => {
            let names =
                state.together.with(|one| one.as_ref().and_then(|one| one.sites.as_ref().map(|s| s.equipment.clone())));
            let named = names.unwrap_or_default().into_iter().enumerate();
            named.map(|(at, name)| (format!("load-{}", (at + 1).min(5)), name)).collect()
        }
        "service" => named(&SERVICES, "service"),
        "technology" => named(&TECHNOLOGIES, "technology"),
        "gets" => named(&GETS, "gets"),
        _ => {
            let currency = state.summary.with(|s| s.as_ref().map(|s| s.currency.clone())).unwrap_or_default();
            COSTS
                .map(|name| {
                    (
                        format!("cost-{name}"),
                        words.with(&format!("cost.{name}"), &[("currency", words.currency(&currency))]),
                    )
                })
                .into()
        }
    };
    let lines = lines.into_iter().map(|(colour, text)| {
        let shape = shape(&colour);
        view! { <span><i class=format!("key {shape}") style:--key=format!("var(--{colour})")></i>{text}</span> }
    });
    Some(view! { <div class="classes">{lines.collect_view()}</div> })
}

/// While the map is touched for something: what it is for, and how to give it up.
#[component]
pub(crate) fn ToolBar(state: State) -> impl IntoView {
    let words = state.words;
    let hint = move || {
        state.tool.with(|tool| {
            words.get(match tool {
                Some(Tool::Place(PlaceKind::Handover, ..)) => "tool.handover",
                Some(Tool::Place(PlaceKind::Pop, ..)) => "tool.pop",
                Some(Tool::Place(PlaceKind::Cabinet, ..)) => "tool.cabinet",
                Some(Tool::Mast(..)) => "tool.mast",
                Some(Tool::Lasso(Choice::Exclude)) => "tool.exclude",
                Some(Tool::Lasso(Choice::Include)) => "tool.include",
                Some(Tool::Lasso(Choice::Rules)) | None => "tool.rules",
            })
        })
    };
    view! {
        <Show when=whenever(move || state.tool.with(Option::is_some))>
            <div class="card drawing-bar tool-bar" role="status">
                <p class="small hint">{hint}</p>
                <button class="button" id="tool-cancel" title="Esc" on:click=move |_| state.tool.set(None)>
                    {words.say("drawing.cancel")}
                </button>
            </div>
        </Show>
    }
}

/// A file as text, to be read, copied or saved.
#[component]
pub(crate) fn TextDialog(state: State) -> impl IntoView {
    let words = state.words;
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if state.shown.with(Option::is_some) {
            // One that is open already stays so.
            let _ = dialog.show_modal();
        } else {
            dialog.close();
        }
    });
    let text = move || state.shown.with(|shown| shown.as_ref().map(|one| one.text.clone())).unwrap_or_default();
    let name = move || state.shown.with(|shown| shown.as_ref().map(|one| one.name.clone())).unwrap_or_default();
    view! {
        <dialog class="card text-dialog" id="text" node_ref=dialog aria-label=name on:close=move |_| state.shown.set(None)>
            <header class="row">
                <h2>{name}</h2>
                <button class="button push" id="text-copy" on:click=move |_| storage::copy(&untrack(text))>{words.say("copy")}</button>
                <button class="button primary" id="text-close" on:click=move |_| state.shown.set(None)>{words.say("close")}</button>
            </header>
            <pre tabindex="0">{text}</pre>
        </dialog>
    }
}

#[component]
fn Facts(state: State) -> impl IntoView {
    let words = state.words;
    view! {
        <div aria-live="polite">
            {move || {
                state
                    .picked
                    .get()
                    .map(|picked| {
                        let (why, plain): (Vec<_>, Vec<_>) = picked.facts.iter().partition(|fact| fact.label == "why");
                        let why = why.into_iter().map(|fact| view! { <p class="why">{words.value(&fact.value)}</p> });
                        let why = why.collect_view();
                        let lines = plain.into_iter().map(|fact| {
                            view! {
                                <dt>{words.get(&format!("fact.{}", fact.label))}</dt>
                                <dd>{fact_value(words, fact)}</dd>
                            }
                        });
                        view! {
                            <article class="card facts" id="facts">
                                <header>
                                    <h2>{picked.title.clone()}</h2>
                                    <button
                                        class="button icon plain"
                                        aria-label=words.get("close")
                                        title=words.get("close")
                                        on:click=move |_| state.unpick()
                                    >
                                        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
                                            <path d="M2 2l10 10M12 2L2 12" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/>
                                        </svg>
                                    </button>
                                </header>
                                <p class="small">{words.get(&format!("one.{}", picked.layer.name()))}</p>
                                {why}
                                {(picked.layer == LayerId::Premises).then(|| choices(state, &picked))}
                                <dl>{lines.collect_view()}</dl>
                            </article>
                        }
                    })
            }}
        </div>
    }
}

/// A fact as it is read: a technology that registers name has a word of each language, another is given as its file has it.
fn fact_value(words: Words, fact: &Fact) -> String {
    let technology = match &fact.value {
        Value::Text(name) if fact.label == "technology" => words.find(&format!("technology.{}", name.to_lowercase())),
        _ => None,
    };
    technology.unwrap_or_else(|| words.value(&fact.value))
}

/// What the plan is to do about the picked premises.
fn choices(state: State, picked: &Picked) -> impl IntoView + use<> {
    let words = state.words;
    let (number, label) =
        (picked.id, picked.facts.iter().find(|fact| fact.label == "id").map(|fact| fact.value.clone()));
    let id = match label {
        Some(Value::Text(id)) => id,
        _ => picked.title.clone(),
    };
    let chosen = Memo::new(move |_| {
        state.document.with(|document| {
            let document = document.as_ref()?;
            Some(match (document.excluded.contains(&id), document.included.contains(&id)) {
                (true, _) => Choice::Exclude,
                (_, true) => Choice::Include,
                _ => Choice::Rules,
            })
        })
    });
    let button = move |choice: Choice, key: &'static str| {
        view! {
            <button
                class="button small-button"
                id=format!("choose-{key}")
                aria-pressed=live(move || (chosen.get() == Some(choice)).to_string())
                on:click=move |_| state.edit(Edit::Choose(Which::Numbers(vec![number]), choice))
            >
                {live(move || words.get(&format!("choose.{key}")))}
            </button>
        }
    };
    view! {
        <Show when=whenever(move || chosen.get().is_some() && !state.council.get())>
            <div class="choices" role="group" aria-label=words.say("choose")>
                {button(Choice::Rules, "rules")}
                {button(Choice::Exclude, "exclude")}
                {button(Choice::Include, "include")}
            </div>
        </Show>
    }
}
