//! Premises: looked for, listed, and chosen on the map or by typing.

use leptos::prelude::*;

use breiband_wire::{Choice, Command, Edit, FoundView, LayerId, Which};

use crate::map;
use crate::state::{State, Tab, Tool};
use crate::text::live;

/// What can be said of premises that are chosen, and what it is called.
const CHOICES: [(Choice, &str); 3] =
    [(Choice::Exclude, "exclude"), (Choice::Include, "include"), (Choice::Rules, "rules")];

/// Premises: looked for, listed, and chosen by typing.
#[component]
pub(crate) fn PremisesList(state: State) -> impl IntoView {
    let words = state.words;
    let (text, status, sort) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new("address".to_owned()));
    let service = RwSignal::new(String::new());
    let list = RwSignal::new(String::new());
    Effect::new(move |_| {
        // The list follows the plan.
        let planned = state.summary.with(|summary| summary.as_ref().map(|summary| summary.digest.clone()));
        let find = Command::Find { text: text.get(), status: status.get(), service: service.get(), sort: sort.get() };
        if state.tab.get() == Tab::Premises && (planned.is_some() || state.region.with(Option::is_some)) {
            state.ask(find);
        }
    });
    let choose = move |choice: Choice| state.edit(Edit::Choose(Which::Typed(list.get_untracked()), choice));
    let statuses = ["", "connected", "already_served", "excluded", "unreachable", "sites"];
    let services = ["", "1000", "100", "30", "slow", "none", "unknown"];
    let rows = move || {
        state.found.get().map(|(count, found)| {
            let shown = found.len() as u64;
            let rows = found.into_iter().map(|one| premises_row(state, one)).collect_view();
            let more = (count > shown).then(|| words.with("issues.more", &[("n", words.count(count - shown))]));
            view! {
                <p class="small" role="status">{words.with("premises.found", &[("n", words.count(count))])}</p>
                {(count == 0).then(|| view! { <p class="small">{words.get("premises.nothing")}</p> })}
                <ul class="found">{rows}</ul>
                {more.map(|more| view! { <p class="small">{more}</p> })}
            }
        })
    };
    view! {
        <section id="premises">
                <div class="stack">
                    <label>
                        <span class="hidden-text">{words.say("premises.search")}</span>
                        <input
                            type="text"
                            id="search"
                            placeholder=words.say("premises.search")
                            title=words.say("premises.search")
                            prop:value=live(move || text.get())
                            on:input=move |event| text.set(event_target_value(&event))
                        />
                    </label>
                    <div class="filters">
                        <label class="grow">
                            <span class="hidden-text">{words.say("fact.status")}</span>
                            <select id="search-status" on:change=move |event| status.set(event_target_value(&event))>
                                {statuses
                                    .map(|name| {
                                        let key = match name {
                                            "" => "premises.all".to_owned(),
                                            "sites" => "layer.sites".to_owned(),
                                            name => format!("status.{name}"),
                                        };
                                        view! { <option value=name>{live(move || words.get(&key))}</option> }
                                    })
                                    .collect_view()}
                            </select>
                        </label>
                        <label class="grow">
                            <span class="hidden-text">{words.say("fact.service")}</span>
                            <select id="search-service" on:change=move |event| service.set(event_target_value(&event))>
                                {services
                                    .map(|name| {
                                        let key = if name.is_empty() { "premises.service".to_owned() } else { format!("service.{name}") };
                                        view! { <option value=name>{live(move || words.get(&key))}</option> }
                                    })
                                    .collect_view()}
                            </select>
                        </label>
                        <label class="grow">
                            <span class="hidden-text">{words.say("premises.sort")}</span>
                            <select id="search-sort" on:change=move |event| sort.set(event_target_value(&event))>
                                {["address", "cost", "distance"]
                                    .map(|name| {
                                        view! { <option value=name>{live(move || words.get(&format!("premises.sort.{name}")))}</option> }
                                    })
                                    .collect_view()}
                            </select>
                        </label>
                    </div>
                    {rows}
                    <div class="stack tight" id="lasso">
                        <span class="small">{words.say("premises.lasso")}</span>
                        <div class="row wrap">
                            {CHOICES
                                .map(|(choice, key)| view! {
                                    <button
                                        class="button"
                                        id=format!("lasso-{key}")
                                        on:click=move |_| state.tool.set(Some(Tool::Lasso(choice)))
                                    >
                                        {live(move || words.get(&format!("choose.{key}")))}
                                    </button>
                                })
                                .collect_view()}
                        </div>
                    </div>
                    <label class="stack tight">
                        <span class="small">{words.say("premises.typed")}</span>
                        <textarea
                            id="typed"
                            class="short"
                            spellcheck="false"
                            prop:value=live(move || list.get())
                            on:input=move |event| list.set(event_target_value(&event))
                        ></textarea>
                    </label>
                    <div class="row wrap">
                        {CHOICES
                            .map(|(choice, key)| view! {
                                <button class="button" id=format!("typed-{key}") on:click=move |_| choose(choice)>
                                    {live(move || words.get(&format!("choose.{key}")))}
                                </button>
                            })
                            .collect_view()}
                    </div>
                </div>
        </section>
    }
}

fn premises_row(state: State, one: FoundView) -> impl IntoView {
    let words = state.words;
    let (id, place, layer) = (one.id, one.place, one.layer);
    let is_site = layer == LayerId::Sites;
    let colour = if is_site { "var(--map-site)".to_owned() } else { format!("var(--status-{})", one.status) };
    let kind = is_site.then(|| words.get(&format!("value.{}", one.status)));
    let metres = kind.or_else(|| (one.metres > 0.0).then(|| words.metres(one.metres)));
    view! {
        <li>
            <button
                class="link found-row"
                on:click=move |_| {
                    map::fly(place);
                    state.pick(Some((layer, id)));
                }
            >
                <i class="key dot" style:--key=colour></i>
                <span class="name">{one.label}</span>
                <span class="small push">{metres}</span>
            </button>
        </li>
    }
}
