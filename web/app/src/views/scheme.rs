//! The support scheme, field by field, with where each changed figure comes from.

use leptos::prelude::*;

use breiband_wire::{Edit, Setting, SupportFieldView};

use super::bench::{figure_line, own_source};
use crate::state::State;

/// What an area can be, as files name it.
const AREAS: [&str; 3] = ["municipalities", "drawn", "clusters"];

/// The section: a button that begins a scheme, or the scheme's fields.
#[component]
pub(crate) fn Scheme(state: State) -> impl IntoView {
    let words = state.words;
    let shown = Memo::new(move |_| {
        state.document.with(|document| document.as_ref().map(|d| d.support.clone())).unwrap_or_default()
    });
    let is_there = Memo::new(move |_| !shown.with(Vec::is_empty));
    view! {
        <section class="stack" id="scheme">
            <h2>{move || words.get("scheme")}</h2>
            <p class="small">{move || words.get("scheme.about")}</p>
            <ul class="prices">{move || shown.get().into_iter().map(|one| row(state, one)).collect_view()}</ul>
            <div class="row">
                <button class="button" id="scheme-toggle" on:click=move |_| state.edit(Edit::Support(!is_there.get_untracked()))>
                    {move || words.get(if is_there.get() { "scheme.remove" } else { "scheme.add" })}
                </button>
            </div>
        </section>
    }
}

/// A field; a changed figure says where it comes from, and can be taken back.
fn row(state: State, one: SupportFieldView) -> impl IntoView {
    let words = state.words;
    let SupportFieldView { field, value, own, noted } = one;
    let label = words.get(&format!("scheme.{field}"));
    let unit = words.find(&format!("scheme.{field}.unit")).unwrap_or_default();
    let is_figure = !matches!(field.as_str(), "name" | "source");
    let is_changed = is_figure && value != own;
    let to_set = StoredValue::new(field.clone());
    let set = move |value: Setting| state.edit(Edit::SupportField(to_set.get_value(), value));
    let (id, named) = (format!("scheme-{field}"), format!("{label} {unit}"));
    let input = match value {
        Setting::Flag(flag) => view! {
            <input type="checkbox" id=id aria-label=named prop:checked=flag
                on:change=move |event| set(Setting::Flag(event_target_checked(&event)))/>
        }
        .into_any(),
        Setting::Number(number) => {
            let is_limit = own == Setting::Number(None);
            view! {
                <input type="number" class="number" id=id min="0" step="any" aria-label=named
                    placeholder=is_limit.then(|| words.get("scheme.no_limit"))
                    prop:value=number.map_or_else(String::new, |number| number.to_string())
                    on:change=move |event| {
                        let number = event_target_value(&event).parse().ok();
                        if number.is_some() || is_limit {
                            set(Setting::Number(number));
                        }
                    }/>
            }
            .into_any()
        }
        Setting::Text(text) if field == "areas" => {
            let options = AREAS.into_iter().map(|name| {
                view! { <option value=name selected=text == name>{words.get(&format!("scheme.areas.{name}"))}</option> }
            });
            view! {
                <select id=id aria-label=named on:change=move |event| set(Setting::Text(event_target_value(&event)))>
                    {options.collect_view()}
                </select>
            }
            .into_any()
        }
        Setting::Text(text) => view! {
            <input type="text" class="grow" id=id aria-label=named prop:value=text
                on:change=move |event| set(Setting::Text(event_target_value(&event).trim().to_owned()))/>
        }
        .into_any(),
    };
    let told = words.with("prices.source", &[("name", label.clone())]);
    let own = StoredValue::new(own);
    let source = is_changed.then(|| {
        own_source(
            words,
            told,
            noted,
            move |note| state.edit(Edit::SupportSource(to_set.get_value(), note)),
            move || set(own.get_value()),
        )
    });
    figure_line([label, field, unit], input, source)
}
