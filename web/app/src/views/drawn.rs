//! What the scenario has of its own on the map: drawn routes and areas, and changed borders.

use leptos::prelude::*;

use breiband_wire::{AreaView, Draw, Edit, Purpose, range};

use super::rows::{Field, field, number, rows};
use crate::state::State;
use crate::text::{live, whenever};

/// Routes and areas that were drawn: gone on with, changed, taken away.
#[component]
pub(crate) fn Drawn(state: State) -> impl IntoView {
    let words = state.words;
    let shown = Memo::new(move |_| {
        state
            .document
            .with(|document| document.as_ref().map(|d| (d.routes.clone(), d.areas.clone())))
            .unwrap_or_default()
    });
    let remove = move |name: &str, edit: Edit| {
        let title = words.with("route.remove", &[("name", name.to_owned())]);
        view! {
            <button class="button plain tiny" aria-label=title.clone() title=title on:click=move |_| state.edit(edit.clone())>
                "×"
            </button>
        }
    };
    let resume = move |purpose: Purpose, known: u32| {
        view! {
            <button
                class="button plain tiny resume-route"
                on:click=move |_| state.draw(Draw::Begin { purpose, known: Some(known) })
            >
                {words.get("route.resume")}
            </button>
        }
    };
    let routes = move || {
        let rows = (0_u32..).zip(shown.get().0).map(|(at, route)| {
            let purpose = route.purpose;
            let forbidden = purpose == Purpose::Forbidden;
            let can_bar = forbidden || purpose == Purpose::Candidate;
            view! {
                <li>
                    <i class="key" style:--key=format!("var(--drawn-{})", purpose.name())></i>
                    <span class="name" title=words.get(&format!("purpose.{}", purpose.name()))>{route.name.clone()}</span>
                    <span class="row push tight">
                        {resume(purpose, at)}
                        {can_bar.then(|| view! {
                            <button class="button plain tiny" on:click=move |_| state.edit(Edit::ForbidRoute(at, !forbidden))>
                                {words.get(if forbidden { "route.allow" } else { "route.forbid" })}
                            </button>
                        })}
                        {remove(&route.name, Edit::RemoveRoute(at))}
                    </span>
                    {move || used(state, at as usize, purpose).map(|text| view! { <span class="small used">{text}</span> })}
                </li>
            }
        });
        rows.collect_view()
    };
    let area = move |now: Memo<(u32, AreaView)>| {
        let (at, AreaView { name: title, purpose, .. }) = now.get_untracked();
        let name = purpose.map_or("lump", Purpose::name);
        let factor = (purpose == Some(Purpose::Dearer)).then(|| {
            let label = words.with("area.factor", &[("name", title.clone())]);
            let one = Field {
                class: "number narrow",
                label: label.into(),
                is_number: true,
                range: Some(range::AREA_FACTOR).into(),
                ..Field::default()
            };
            let value =
                Signal::derive(move || now.with(|now| now.1.factor.map_or_else(String::new, |f| f.to_string())));
            let field = field(state, one, value, move |text| number(&text, |f| state.edit(Edit::AreaFactor(at, f))));
            view! { <label class="row tight small">"×"{field}</label> }
        });
        view! {
            <li>
                <i class="key area" style:--key=format!("var(--drawn-{name})")></i>
                <span class="name" title=words.get(&format!("purpose.{name}"))>{title.clone()}</span>
                <span class="row push tight">
                    {factor}
                    {purpose.map(|purpose| resume(purpose, at))}
                    {remove(&title, Edit::RemoveArea(at))}
                </span>
            </li>
        }
        .into_any()
    };
    let areas = StoredValue::new(area);
    let areas = move || {
        let numbered = move || (0_u32..).zip(shown.get().1).collect::<Vec<_>>();
        rows(words, numbered, |(at, one)| format!("{at} {} {:?}", one.name, one.purpose), areas.get_value())
    };
    view! {
        <Show when=whenever(move || shown.with(|(routes, areas)| !routes.is_empty() || !areas.is_empty()))>
            <section id="routes">
                <h2>{words.say("layer.drawn")}</h2>
                <ul class="files">{routes}{areas()}</ul>
            </section>
        </Show>
    }
}

/// What the plan on screen makes of a drawn route, once it is known.
pub(super) fn used(state: State, at: usize, purpose: Purpose) -> Option<String> {
    let words = state.words;
    let is_whole = state.summary.with(|summary| summary.as_ref().is_some_and(|summary| !summary.first))
        && state.document.with(|document| document.as_ref().is_some_and(|d| !d.stale));
    if purpose == Purpose::Forbidden || !is_whole {
        return None;
    }
    let [all, used] = state.routes.with(|routes| routes.get(at).copied())?;
    Some(match used < 0.5 {
        true => words.get("route.unused"),
        false => words.with("route.used", &[("used", words.metres(used)), ("all", words.metres(all))]),
    })
}

/// The municipal borders: each can be changed on the map, and all be taken back.
#[component]
pub(crate) fn Borders(state: State) -> impl IntoView {
    let words = state.words;
    let shown = Memo::new(move |_| {
        state.region.with(|region| region.as_ref().map(|region| region.borders.clone())).unwrap_or_default()
    });
    let edits = Memo::new(move |_| state.document.with(|document| document.as_ref().map_or(0, |d| d.border_edits)));
    let rows = move || {
        let rows = (0_u32..).zip(shown.get()).map(|(known, name)| {
            view! {
                <li>
                    <span class="name">{name.clone()}</span>
                    <button
                        class="button plain tiny push change-border"
                        aria-label=words.with("borders.change.of", &[("name", name)])
                        on:click=move |_| state.draw(Draw::Begin { purpose: Purpose::Border, known: Some(known) })
                    >
                        {words.get("borders.change")}
                    </button>
                </li>
            }
        });
        rows.collect_view()
    };
    view! {
        <Show when=whenever(move || shown.with(|rings| !rings.is_empty()))>
            <section class="stack" id="borders">
                <h2>{words.say("borders")}</h2>
                <p class="small">{words.say("purpose.border.about")}</p>
                <ul class="files">{rows}</ul>
                <Show when=whenever(move || { edits.get() > 0 })>
                    <div class="row wrap">
                        <span class="small grow">{live(move || words.with("borders.edits", &[("n", words.count(edits.get().into()))]))}</span>
                        <button class="button" id="reset-borders" on:click=move |_| state.edit(Edit::ResetBorders)>
                            {words.say("borders.reset")}
                        </button>
                    </div>
                </Show>
            </section>
        </Show>
    }
}
