//! The demand policy, figure by figure: what homes and public sites ask for, and what counts in placing the server room.

use leptos::prelude::*;

use breiband_wire::{Edit, Figure, PolicyFigureView, PolicyView};

use super::bench::{figure_line, own_source};
use crate::state::State;
use crate::text::Words;

/// The fields in the order that they are read in; their message keys are under `policy`.
const FIELDS: [&str; 15] = [
    "fill_per_cent",
    "horizon",
    "take_per_cent",
    "busy_mbps",
    "peak_mbps",
    "growth_per_cent",
    "heads",
    "busy_mbps_per_head",
    "guests",
    "busy_mbps_per_guest",
    "needs_mbps",
    "feide",
    "mbps",
    "per_km",
    "per_site_cut",
];

/// The section: the policy's own words on where it comes from, then its figures by what they are of.
#[component]
pub(crate) fn Policy(state: State) -> impl IntoView {
    let words = state.words;
    let shown = Memo::new(move |_| state.document.with(|document| document.as_ref().and_then(|d| d.policy.clone())));
    let source = move || {
        let [name, date, source] = shown.get().unwrap_or_default().of;
        words.with("prices.book", &[("name", name), ("date", date), ("source", source)])
    };
    view! {
        <Show when=move || shown.with(Option::is_some)>
            <section class="stack" id="policy">
                <h2>{move || words.get("policy")}</h2>
                <p class="small">{source}</p>
                {move || shown.get().map(|policy| groups(state, &policy))}
            </section>
        </Show>
    }
}

/// The figures that begin a path alike: all of one group.
fn groups(state: State, policy: &PolicyView) -> impl IntoView + use<> {
    let words = state.words;
    let mut groups: Vec<(String, Vec<PolicyFigureView>)> =
        ["", "homes", "equipment", "server_room"].map(|name| (name.to_owned(), Vec::new())).into();
    for one in &policy.figures {
        let (group, _) = one.path.rsplit_once('.').unwrap_or_default();
        // Equipment is one figure each.
        let group = if group.starts_with("equipment.") { "equipment" } else { group };
        match groups.iter_mut().find(|known| known.0 == group) {
            Some(known) => known.1.push(one.clone()),
            None => groups.push((group.to_owned(), vec![one.clone()])),
        }
    }
    let place = |path: &str| FIELDS.iter().position(|field| path.rsplit('.').next() == Some(field));
    let groups = groups.into_iter().filter(|group| !group.1.is_empty()).map(|(name, mut figures)| {
        figures.sort_by_key(|one| {
            let size = if let Figure::Number(number) = one.own { number } else { 0.0 };
            (place(&one.path), if name == "equipment" { size as u64 } else { 0 })
        });
        let is_changed = figures.iter().any(|one| one.value != one.own);
        let rows = figures.into_iter().map(|one| row(state, one)).collect_view();
        let title = title(words, &name);
        match name.as_str() {
            "" => view! { <ul class="prices">{rows}</ul> }.into_any(),
            _ => view! {
                <details open=is_changed>
                    <summary>{title}</summary>
                    <ul class="prices">{rows}</ul>
                </details>
            }
            .into_any(),
        }
    });
    groups.collect_view()
}

fn title(words: Words, group: &str) -> String {
    match group.split_once('.') {
        Some((_, kind)) => {
            let name = words.find(&format!("value.{kind}")).unwrap_or_else(|| kind.to_owned());
            // In running text it is written small.
            name.chars().take(1).flat_map(char::to_uppercase).chain(name.chars().skip(1)).collect()
        }
        None => words.get(&format!("policy.{group}")),
    }
}

/// A figure with its field; a changed one says where it comes from, and can be taken back.
fn row(state: State, one: PolicyFigureView) -> impl IntoView {
    let words = state.words;
    let PolicyFigureView { path, value, own, noted } = one;
    let field = path.rsplit('.').next().unwrap_or_default();
    let label = match path.strip_prefix("equipment.").and_then(|rest| rest.strip_suffix(".mbps")) {
        Some(name) => name.to_owned(),
        None => words.get(&format!("policy.{field}")),
    };
    let unit = words.find(&format!("policy.{field}.unit")).unwrap_or_default();
    let is_changed = value != own;
    let named = format!("{}: {label} {unit}", title(words, path.rsplit_once('.').map_or("", |(group, _)| group)));
    let (to_set, to_reset, to_note) = (path.clone(), path.clone(), path.clone());
    let set = move |value: Figure| {
        state.edit(Edit::Policy(to_set.clone(), (value != own).then_some(value)));
    };
    let id = format!("policy-{path}");
    let input = match value {
        Figure::Flag(flag) => view! {
            <input
                type="checkbox"
                id=id
                aria-label=named
                prop:checked=flag
                on:change=move |event| set(Figure::Flag(event_target_checked(&event)))
            />
        }
        .into_any(),
        Figure::Number(number) => view! {
            <input
                type="number"
                class="number"
                id=id
                min="0"
                step="any"
                aria-label=named
                prop:value=number.to_string()
                on:change=move |event| {
                    if let Ok(number) = event_target_value(&event).parse() {
                        set(Figure::Number(number));
                    }
                }
            />
        }
        .into_any(),
    };
    let told = words.with("prices.source", &[("name", label.clone())]);
    let source = is_changed.then(|| {
        own_source(
            words,
            told,
            noted,
            move |note| state.edit(Edit::PolicySource(to_note.clone(), note)),
            move || state.edit(Edit::Policy(to_reset.clone(), None)),
        )
    });
    figure_line([label, path, unit], input, source)
}
