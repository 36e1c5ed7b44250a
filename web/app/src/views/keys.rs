//! The key that costs are shared by, as figures that can be changed.

use leptos::prelude::*;

use breiband_wire::{Edit, KeyView, range};

use super::rows::{Field, field};
use crate::state::State;
use crate::text::{holds, live};

/// What a part of a key can go by, as files name it.
const MEASURES: [&str; 6] = ["equal", "inhabitants", "premises", "connected-premises", "metres", "causer-pays"];

/// A key's name, and what its parts go by in per cent.
type Key = (String, Vec<(String, f64)>);

/// The chosen key's parts, changed together: they count once they are 100 per cent. Another edit leaves what is written alone.
#[component]
pub(crate) fn Keys(state: State) -> impl IntoView {
    let words = state.words;
    let keys: Memo<Vec<Key>> = Memo::new(move |_| {
        let of = |key: &KeyView| (key.name.clone(), key.parts.clone());
        state.programme.with(|one| one.as_ref().map(|one| one.keys.iter().map(of).collect())).unwrap_or_default()
    });
    let count = move || keys.with(Vec::len);
    let name = RwSignal::new(String::new());
    let parts = RwSignal::new([0.0; MEASURES.len()]);
    Effect::new(move |_| {
        let at = state.sharing.get();
        keys.with(|keys| {
            if let Some((title, all)) = keys.get(at).or(keys.first()) {
                name.set(title.clone());
                parts.set(MEASURES.map(|by| all.iter().find(|part| part.0 == by).map_or(0.0, |part| part.1)));
            }
        });
    });
    let sum = move || parts.with(|parts| parts.iter().sum::<f64>());
    let is_whole = move || (sum() - 100.0).abs() < 1e-6 && name.with(|name| !name.trim().is_empty());
    let take = move |at: Option<u32>| {
        let chosen = MEASURES.into_iter().zip(parts.get_untracked()).filter(|part| part.1 > 0.0);
        let parts = chosen.map(|(by, per_cent)| (by.to_owned(), per_cent)).collect();
        state.edit(Edit::Key { at, name: name.get_untracked().trim().to_owned(), parts });
        if at.is_none() {
            state.sharing.set(untrack(count));
        }
    };
    let chosen = move || state.sharing.get_untracked().min(untrack(count).saturating_sub(1)) as u32;
    let rows = MEASURES.into_iter().enumerate().map(|(at, by)| {
        let named = move || words.find(&format!("measure.{by}")).unwrap_or_else(|| by.to_owned());
        let one = Field {
            id: format!("key-{by}"),
            class: "number",
            label: Signal::derive(named),
            is_number: true,
            range: Some(range::PER_CENT).into(),
            ..Field::default()
        };
        let value = Signal::derive(move || parts.with(|parts| parts[at].to_string()));
        let field = field(state, one, value, move |text| {
            parts.update(|parts| parts[at] = text.parse().unwrap_or(0.0));
            true
        });
        view! {
            <label class="row">
                <span class="grow">{named}</span>
                {field}
                <span class="small">"%"</span>
            </label>
        }
    });
    view! {
        <details id="key-parts">
            <summary>{words.say("keys.change")}</summary>
            <div class="stack">
                <label class="stack tight">
                    <span class="small">{words.say("name")}</span>
                    <input
                        type="text"
                        id="key-name"
                        prop:value=live(move || name.get())
                        on:input=move |event| name.set(event_target_value(&event))
                    />
                </label>
                {rows.collect_view()}
                <p class="small" role="status">
                    {live(move || words.with(
                        if is_whole() { "keys.whole" } else { "keys.sum" },
                        &[("sum", words.plain(sum()))],
                    ))}
                </p>
                <div class="row wrap">
                    <button class="button primary" id="key-use" disabled=holds(move || !is_whole()) on:click=move |_| take(Some(chosen()))>
                        {words.say("keys.use")}
                    </button>
                    <button class="button" id="key-add" disabled=holds(move || !is_whole()) on:click=move |_| take(None)>
                        {words.say("keys.add")}
                    </button>
                    <button
                        class="button"
                        id="key-remove"
                        disabled=holds(move || { count() < 2 })
                        on:click=move |_| {
                            let at = Some(chosen());
                            state.sharing.set(0);
                            state.edit(Edit::Key { at, name: name.get_untracked(), parts: Vec::new() });
                        }
                    >
                        {words.say("keys.remove")}
                    </button>
                </div>
                <p class="small">{words.say("keys.about")}</p>
            </div>
        </details>
    }
}
