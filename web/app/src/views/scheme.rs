//! The support scheme, field by field, with where each changed figure comes from.

use leptos::prelude::*;

use breiband_wire::{Edit, Setting, SettingView};

use super::rows::{Line, currency, rows, setting_row};
use crate::state::State;
use crate::text::live;

/// What an area can be, as files name it.
const AREAS: [&str; 3] = ["municipalities", "drawn", "clusters"];

/// The kinds of premises, as files name them.
const KINDS: [&str; 6] = ["home", "cabin", "business", "public", "outbuilding", "unknown"];

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
            <h2>{words.say("scheme")}</h2>
            <p class="small">{words.say("scheme.about")}</p>
            <ul class="prices">{rows(words, move || shown.get(), |one| one.path.clone(), move |one| row(state, one))}</ul>
            <div class="row">
                <button class="button" id="scheme-toggle" on:click=move |_| state.edit(Edit::Support(!is_there.get_untracked()))>
                    {live(move || words.get(if is_there.get() { "scheme.remove" } else { "scheme.add" }))}
                </button>
            </div>
        </section>
    }
}

fn row(state: State, now: Memo<SettingView>) -> AnyView {
    let words = state.words;
    let path = now.get_untracked().path;
    let label = words.get(&format!("scheme.{path}"));
    let unit = match path.as_str() {
        "most_per_premises" | "yearly_cap" => currency(state),
        _ => words.find(&format!("scheme.{path}.unit")).unwrap_or_default(),
    };
    let titled = |name: &str, key: &str| (name.to_owned(), words.get(&format!("{key}.{name}")));
    let names = match path.as_str() {
        "areas" => AREAS.map(|name| titled(name, "scheme.areas")).into(),
        "not_kinds" => KINDS.map(|name| titled(name, "value")).into(),
        "upgradable" => {
            let known = state.region.with(|region| region.as_ref().map(|region| region.technologies.clone()));
            // As the files name them: a technology's word may stand for something else on the page.
            known.unwrap_or_default().into_iter().map(|name| (name.clone(), name)).collect()
        }
        _ => Vec::new(),
    };
    let more = words.find(&format!("scheme.{path}.more"));
    let named = format!("{label} {unit}");
    // Its name and its source are the scheme's own.
    let back = (!matches!(path.as_str(), "name" | "source")).then_some("scheme.reset");
    let line = Line { id: format!("scheme-{path}"), label, unit, named, back, names, more };
    let path = StoredValue::new(path);
    let set = Callback::new(move |value: Setting| state.edit(Edit::SupportField(path.get_value(), value)));
    setting_row(
        state,
        now,
        line,
        set,
        Callback::new(move |note| state.edit(Edit::SupportSource(path.get_value(), note))),
    )
}
