//! Scenarios side by side: named, copied, compared.

use leptos::prelude::*;

use breiband_wire::{Edit, Export, ScenarioFigures, ScenarioView};

use super::rows::{Field, field};
use crate::state::State;
use crate::text::{Words, live, whenever};

/// The scenarios: their figures side by side, the one on screen with its name and note.
#[component]
pub(crate) fn Scenarios(state: State) -> impl IntoView {
    let words = state.words;
    let shown = Memo::new(move |_| {
        state.document.with(|document| document.as_ref().map(|d| (d.scenarios.clone(), d.current))).unwrap_or_default()
    });
    let current = move || {
        let (scenarios, current) = shown.get();
        scenarios.into_iter().find(|one| one.id == current)
    };
    let told = move |id: &str, of: fn(&ScenarioView) -> String, edit: fn(String) -> Edit| {
        let value = Signal::derive(move || current().map(|one| of(&one)).unwrap_or_default());
        field(state, Field { id: id.to_owned(), ..Field::default() }, value, move |text| {
            state.edit(edit(text));
            true
        })
    };
    let name = told("scenario-name", |one| one.name.clone(), Edit::Rename);
    let note = told("scenario-note", |one| one.note.clone(), Edit::Note);
    let copy = move || {
        let name = untrack(current).map(|one| one.name).unwrap_or_default();
        let number = shown.with_untracked(|shown| shown.0.len()) + 1;
        state.edit(Edit::Duplicate(untrack(|| {
            words.with("scenarios.copy.name", &[("name", name), ("n", number.to_string())])
        })));
    };
    view! {
        <section class="stack" id="scenarios">
            <h2>{words.say("scenarios")}</h2>
            {move || table(state, &shown.get())}
            {move || shown.with(|(scenarios, _)| comparison(words, scenarios))}
            <Show when=whenever(move || shown.with(|(scenarios, _)| scenarios.iter().filter(|one| one.figures.is_some()).count() > 1))>
                <div class="row">
                    <button class="button" id="export-comparison" on:click=move |_| state.export(Export::Comparison, false)>
                        {words.say("comparison.files")}
                    </button>
                </div>
            </Show>
            <label class="stack tight">
                <span class="small">{words.say("name")}</span>
                {name}
            </label>
            <label class="stack tight">
                <span class="small">{words.say("scenarios.note")}</span>
                {note}
            </label>
            <Show when=whenever(move || shown.with(|shown| shown.0.len() == 1))>
                <p class="small">{words.say("scenarios.copy.about")}</p>
            </Show>
            <div class="row wrap">
                <button class="button" id="duplicate" on:click=move |_| copy()>{words.say("scenarios.copy")}</button>
                <Show when=whenever(move || shown.with(|shown| shown.0.len() > 1))>
                    <button
                        class="button"
                        id="remove-scenario"
                        on:click=move |_| state.edit(Edit::RemoveScenario(shown.get_untracked().1))
                    >
                        {words.say("scenarios.remove")}
                    </button>
                </Show>
            </div>
        </section>
    }
}

fn table(state: State, (scenarios, current): &(Vec<ScenarioView>, u32)) -> impl IntoView + use<> {
    let words = state.words;
    let base = scenarios.iter().find(|one| one.id == *current).and_then(|one| one.figures.clone());
    let rows = scenarios.iter().map(|one| {
        let (id, is_current) = (one.id, one.id == *current);
        let figures = one.figures.as_ref();
        let against = figures.zip(base.as_ref()).filter(|_| !is_current).map(|(own, base)| {
            let change = own.cost - base.cost;
            match change {
                _ if change.abs() < 0.5 => "=".to_owned(),
                _ if change > 0.0 => format!("+{}", words.millions(change, &own.currency)),
                _ => format!("−{}", words.millions(-change, &own.currency)),
            }
        });
        let differs = move || state.differs.get() == Some(id);
        // Its colour on the map of the difference, whose legend may be folded.
        let side = move || match state.differs.get() {
            Some(_) if is_current => Some("diff-here"),
            Some(other) if other == id => Some("diff-there"),
            _ => None,
        };
        let can_differ = !is_current && figures.is_some() && base.is_some();
        let title = words.with("difference.to", &[("name", one.name.clone())]);
        view! {
            <tr class:current=is_current>
                <th scope="row">
                    <button
                        class="link"
                        aria-current=if is_current { "true" } else { "false" }
                        title=one.note.clone()
                        on:click=move |_| {
                            if !is_current {
                                state.differ(None);
                                state.edit(Edit::Switch(id));
                            }
                        }
                    >
                        {move || side().map(|colour| view! { <i class="key" style:--key=format!("var(--{colour})")></i> })}
                        {one.name.clone()}
                    </button>
                    {can_differ.then(|| view! {
                        <button
                            class="button tiny difference"
                            title=title
                            aria-label=format!("{}: {}", words.get("difference.show"), one.name)
                            aria-pressed=live(move || differs().to_string())
                            on:click=move |_| state.differ(if differs() { None } else { Some(id) })
                        >
                            {words.get("difference.show")}
                        </button>
                    })}
                </th>
                <td>{figures.map_or_else(|| words.get("scenarios.unplanned"), |f| words.count(f.connected))}</td>
                <td>
                    {figures.map(|f| words.millions(f.cost, &f.currency))}
                    {against.map(|text| view! { <span class="small block">{text}</span> })}
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <table class="table compare">
            <thead>
                <tr>
                    <th scope="col">{words.get("name")}</th>
                    <td>{words.get("plan.connected_column")}</td>
                    <td>{words.get("fact.cost")}</td>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// Every figure of the scenarios that are planned, one beside the other.
fn comparison(words: Words, scenarios: &[ScenarioView]) -> Option<impl IntoView + use<>> {
    let planned = |one: &ScenarioView| Some((one.name.clone(), one.figures.clone()?));
    let planned: Vec<(String, ScenarioFigures)> = scenarios.iter().filter_map(planned).collect();
    if planned.len() < 2 {
        return None;
    }
    let millions = |f: &ScenarioFigures, cost: f64| words.millions(cost, &f.currency);
    let row = |title: String, value: &dyn Fn(&ScenarioFigures) -> String| {
        let cells = planned.iter().map(|(_, figures)| view! { <td>{value(figures)}</td> });
        view! { <tr><th scope="row">{title}</th>{cells.collect_view()}</tr> }
    };
    let mut rows = vec![
        row(words.get("summary.connected"), &|f| words.count(f.connected)),
        row(words.get("summary.cost"), &|f| millions(f, f.cost)),
        row(words.get("summary.each"), &|f| words.money(f.cost / f.connected.max(1) as f64, &f.currency)),
        row(words.get("comparison.nine"), &|f| millions(f, f.cost_range[2])),
        row(words.get("summary.trench"), &|f| words.metres(f.metres)),
        row(words.get("summary.gap"), &|f| words.per_cent(f.gap)),
        row(words.get("status.excluded"), &|f| words.count(f.others[0])),
        row(words.get("status.unreachable"), &|f| words.count(f.others[1])),
        row(words.get("status.already_served"), &|f| words.count(f.others[2])),
    ];
    let mut methods: Vec<&str> = Vec::new();
    for (name, _) in planned.iter().flat_map(|(_, figures)| &figures.methods) {
        if !methods.contains(&name.as_str()) {
            methods.push(name);
        }
    }
    rows.extend(methods.into_iter().map(|method| {
        let cost = |f: &ScenarioFigures| f.methods.iter().find(|one| one.0 == method).map_or(0.0, |one| one.1);
        row(words.get(&format!("method.{method}")), &|f| millions(f, cost(f)))
    }));
    let heads = planned.iter().map(|(name, _)| view! { <th scope="col">{name.clone()}</th> }).collect_view();
    Some(view! {
        <details id="comparison">
            <summary>{words.get("comparison")}</summary>
            <div class="scroll" tabindex="0" role="region" aria-label=words.get("comparison")>
                <table class="table columns">
                    <thead><tr><td></td>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    })
}
