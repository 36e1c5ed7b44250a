//! The demand policy, figure by figure: what homes and public sites ask for, and what counts in placing the server room.

use std::sync::Arc;

use leptos::prelude::*;

use breiband_wire::{Edit, PolicyView, Setting, SettingView};

use super::rows::{Line, currency, keyed, rows, setting_row};
use crate::state::State;
use crate::text::{Words, whenever};

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
        words.with("prices.book", &[("name", words.shipped(&name)), ("date", date), ("source", words.shipped(&source))])
    };
    let groups = Memo::new(move |_| shown.with(|policy| policy.as_ref().map(groups).unwrap_or_default()));
    let names = Signal::derive(move || groups.with(|groups| groups.iter().map(|group| group.0.clone()).collect()));
    let group = move |name: String| {
        let own = name.clone();
        let figures = move || {
            groups.with(|groups| groups.iter().find(|one| one.0 == own).map(|one| one.1.clone()).unwrap_or_default())
        };
        let is_changed = untrack(&figures).iter().any(|one| one.value != one.own);
        let rows = rows(words, figures, |one| one.path.clone(), move |one| row(state, one));
        let rows = view! { <ul class="prices">{rows}</ul> };
        Some(match name.as_str() {
            "" => rows.into_any(),
            _ => view! { <details open=is_changed><summary>{title(words, &name)}</summary>{rows}</details> }.into_any(),
        })
    };
    let group = StoredValue::new(group);
    view! {
        <Show when=whenever(move || shown.with(Option::is_some))>
            <section class="stack" id="policy">
                <h2>{words.say("policy")}</h2>
                <p class="small">{source}</p>
                {keyed(words, names, Arc::new(group.get_value()))}
            </section>
        </Show>
    }
}

/// A group's name, and its figures in the order that they are read in.
type Group = (String, Vec<SettingView>);

/// The figures that begin a path alike: all of one group.
fn groups(policy: &PolicyView) -> Vec<Group> {
    let mut groups: Vec<Group> =
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
    groups.retain(|group| !group.1.is_empty());
    for (name, figures) in &mut groups {
        figures.sort_by_key(|one| {
            let size = if let Setting::Number(Some(number)) = one.own { number } else { 0.0 };
            (place(&one.path), if name == "equipment" { size as u64 } else { 0 })
        });
    }
    groups
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

fn row(state: State, now: Memo<SettingView>) -> AnyView {
    let words = state.words;
    let SettingView { path, own, .. } = now.get_untracked();
    let field = path.rsplit('.').next().unwrap_or_default();
    let label = match path.strip_prefix("equipment.").and_then(|rest| rest.strip_suffix(".mbps")) {
        Some(name) => name.to_owned(),
        None => words.get(&format!("policy.{field}")),
    };
    let unit = match field {
        "per_km" | "per_site_cut" => currency(state),
        _ => words.find(&format!("policy.{field}.unit")).unwrap_or_default(),
    };
    let named = format!("{}: {label} {unit}", title(words, path.rsplit_once('.').map_or("", |(group, _)| group)));
    let line = Line { id: format!("policy-{path}"), label, unit, named, back: Some("policy.reset"), ..Line::default() };
    let (path, own) = (StoredValue::new(path), StoredValue::new(own));
    let set = Callback::new(move |value: Setting| {
        let value = (!own.with_value(|own| *own == value)).then_some(value);
        state.edit(Edit::Policy(path.get_value(), value));
    });
    setting_row(
        state,
        now,
        line,
        set,
        Callback::new(move |note| state.edit(Edit::PolicySource(path.get_value(), note))),
    )
}
