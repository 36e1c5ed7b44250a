//! The planner's workbench in the panel: undo, drawing, scenarios side by side, routes, premises, prices, and the project.

use leptos::prelude::*;

use breiband_wire::{
    Choice, Command, Draw, Edit, EditName, Export, FoundView, LayerId, PriceView, ScenarioView, Which,
};

use crate::files;
use crate::map;
use crate::state::{State, Tab, Tool};
use crate::text::Words;

/// An edit's name in the language in force.
fn named(words: Words, name: &EditName) -> String {
    words.with(&format!("edit.{}", name.key), &[("name", name.value.clone())])
}

/// Undo, redo, and the drawing tool.
#[component]
pub(crate) fn Tools(state: State) -> impl IntoView {
    let words = state.words;
    let name = move |back: bool| {
        state.document.with(|document| {
            let document = document.as_ref()?;
            if back { document.undo.clone() } else { document.redo.clone() }
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
                disabled=move || name(back).is_none()
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
            <button
                class="button grow"
                id="draw"
                title="D"
                disabled=is_drawing
                on:click=move |_| state.draw(Draw::Begin { route: None, forbidden: false })
            >
                {move || words.get("draw")}
            </button>
            <button
                class="button"
                id="forbid"
                title=move || words.get("forbid.about")
                disabled=is_drawing
                on:click=move |_| state.draw(Draw::Begin { route: None, forbidden: true })
            >
                {move || words.get("forbid")}
            </button>
        </section>
    }
}

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
    let copy = move || {
        let name = untrack(current).map(|one| one.name).unwrap_or_default();
        let number = shown.with_untracked(|shown| shown.0.len()) + 1;
        state.edit(Edit::Duplicate(untrack(|| {
            words.with("scenarios.copy.name", &[("name", name), ("n", number.to_string())])
        })));
    };
    view! {
        <section class="stack" id="scenarios">
            <h2>{move || words.get("scenarios")}</h2>
            {move || table(state, &shown.get())}
            <label class="stack tight">
                <span class="small">{move || words.get("name")}</span>
                <input
                    type="text"
                    id="scenario-name"
                    prop:value=move || current().map(|one| one.name).unwrap_or_default()
                    on:change=move |event| state.edit(Edit::Rename(event_target_value(&event)))
                />
            </label>
            <label class="stack tight">
                <span class="small">{move || words.get("scenarios.note")}</span>
                <input
                    type="text"
                    id="scenario-note"
                    prop:value=move || current().map(|one| one.note).unwrap_or_default()
                    on:change=move |event| state.edit(Edit::Note(event_target_value(&event)))
                />
            </label>
            <div class="row wrap">
                <button class="button" id="duplicate" on:click=move |_| copy()>{move || words.get("scenarios.copy")}</button>
                <Show when=move || shown.with(|shown| shown.0.len() > 1)>
                    <button
                        class="button"
                        id="remove-scenario"
                        on:click=move |_| state.edit(Edit::RemoveScenario(shown.get_untracked().1))
                    >
                        {move || words.get("scenarios.remove")}
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
            let sign = if change > 0.0 { "+" } else { "−" };
            format!("{sign}{}", words.millions(change.abs(), &own.currency))
        });
        let differs = move || state.differs.get() == Some(id);
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
                        {one.name.clone()}
                    </button>
                </th>
                <td>{figures.map_or_else(|| words.get("scenarios.unplanned"), |f| words.count(f.connected))}</td>
                <td>
                    {figures.map(|f| words.millions(f.cost, &f.currency))}
                    {against.map(|text| view! { <span class="small block">{text}</span> })}
                </td>
                <td>
                    {can_differ.then(|| view! {
                        <button
                            class="button plain tiny difference"
                            title=title.clone()
                            aria-label=title
                            aria-pressed=move || differs().to_string()
                            on:click=move |_| state.differ(if differs() { None } else { Some(id) })
                        >
                            "≠"
                        </button>
                    })}
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
                    <td>{words.get("report.connected_column")}</td>
                    <td>{words.get("fact.cost")}</td>
                    <td><span class="hidden-text">{words.get("layer.difference")}</span></td>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// Routes that were drawn: gone on with, forbidden, taken away.
#[component]
pub(crate) fn Routes(state: State) -> impl IntoView {
    let words = state.words;
    let routes = Memo::new(move |_| {
        state.document.with(|document| document.as_ref().map(|d| d.routes.clone())).unwrap_or_default()
    });
    let rows = move || {
        let rows = routes.get().into_iter().enumerate().map(|(at, route)| {
            let (number, forbidden) = (at as u32, route.forbidden);
            view! {
                <li>
                    <i class="key" style:--key=if forbidden { "var(--danger)" } else { "var(--drawing)" }></i>
                    <span class="name">{route.name.clone()}</span>
                    <span class="row push">
                        <button
                            class="button plain tiny resume-route"
                            on:click=move |_| state.draw(Draw::Begin { route: Some(number), forbidden })
                        >
                            {words.get("route.resume")}
                        </button>
                        <button
                            class="button plain tiny"
                            on:click=move |_| state.edit(Edit::ForbidRoute(number, !forbidden))
                        >
                            {words.get(if forbidden { "route.allow" } else { "route.forbid" })}
                        </button>
                        <button
                            class="button plain tiny"
                            aria-label=words.with("route.remove", &[("name", route.name.clone())])
                            title=words.with("route.remove", &[("name", route.name.clone())])
                            on:click=move |_| state.edit(Edit::RemoveRoute(number))
                        >
                            "×"
                        </button>
                    </span>
                </li>
            }
        });
        rows.collect_view()
    };
    view! {
        <Show when=move || routes.with(|routes| !routes.is_empty())>
            <section id="routes">
                <h2>{move || words.get("layer.drawn")}</h2>
                <ul class="files">{rows}</ul>
            </section>
        </Show>
    }
}

/// Premises: looked for, listed, and chosen by typing.
#[component]
pub(crate) fn PremisesList(state: State) -> impl IntoView {
    let words = state.words;
    let (text, status, sort) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new("address".to_owned()));
    let list = RwSignal::new(String::new());
    Effect::new(move |_| {
        // The list follows the plan.
        let planned = state.summary.with(|summary| summary.as_ref().map(|summary| summary.digest.clone()));
        let find = Command::Find { text: text.get(), status: status.get(), sort: sort.get() };
        if state.tab.get() == Tab::Premises && (planned.is_some() || state.region.with(Option::is_some)) {
            state.ask(find);
        }
    });
    let choose = move |choice: Choice| state.edit(Edit::Choose(Which::Typed(list.get_untracked()), choice));
    let statuses = ["", "connected", "already_served", "excluded", "unreachable"];
    let rows = move || {
        state.found.get().map(|(count, found)| {
            let shown = found.len() as u64;
            let rows = found.into_iter().map(|one| premises_row(state, one)).collect_view();
            let more = (count > shown).then(|| words.with("issues.more", &[("n", words.count(count - shown))]));
            view! {
                <p class="small" role="status">{words.with("premises.found", &[("n", words.count(count))])}</p>
                <ul class="found">{rows}</ul>
                {more.map(|more| view! { <p class="small">{more}</p> })}
            }
        })
    };
    view! {
        <section id="premises">
                <div class="stack">
                    <label>
                        <span class="hidden-text">{move || words.get("premises.search")}</span>
                        <input
                            type="text"
                            id="search"
                            placeholder=move || words.get("premises.search")
                            prop:value=move || text.get()
                            on:input=move |event| text.set(event_target_value(&event))
                        />
                    </label>
                    <div class="row wrap">
                        <label class="grow">
                            <span class="hidden-text">{move || words.get("fact.status")}</span>
                            <select id="search-status" on:change=move |event| status.set(event_target_value(&event))>
                                {statuses
                                    .map(|name| {
                                        let key = if name.is_empty() { "premises.all".to_owned() } else { format!("status.{name}") };
                                        view! { <option value=name>{move || words.get(&key)}</option> }
                                    })
                                    .collect_view()}
                            </select>
                        </label>
                        <label class="grow">
                            <span class="hidden-text">{move || words.get("premises.sort")}</span>
                            <select id="search-sort" on:change=move |event| sort.set(event_target_value(&event))>
                                {["address", "cost", "distance"]
                                    .map(|name| {
                                        view! { <option value=name>{move || words.get(&format!("premises.sort.{name}"))}</option> }
                                    })
                                    .collect_view()}
                            </select>
                        </label>
                    </div>
                    {rows}
                    <div class="stack tight" id="lasso">
                        <span class="small">{move || words.get("premises.lasso")}</span>
                        <div class="row wrap">
                            {[(Choice::Exclude, "exclude"), (Choice::Include, "include"), (Choice::Rules, "rules")]
                                .map(|(choice, key)| view! {
                                    <button
                                        class="button"
                                        id=format!("lasso-{key}")
                                        on:click=move |_| state.tool.set(Some(Tool::Lasso(choice)))
                                    >
                                        {move || words.get(&format!("choose.{key}"))}
                                    </button>
                                })
                                .collect_view()}
                        </div>
                    </div>
                    <label class="stack tight">
                        <span class="small">{move || words.get("premises.typed")}</span>
                        <textarea
                            id="typed"
                            class="short"
                            spellcheck="false"
                            prop:value=move || list.get()
                            on:input=move |event| list.set(event_target_value(&event))
                        ></textarea>
                    </label>
                    <div class="row wrap">
                        <button class="button" id="typed-exclude" on:click=move |_| choose(Choice::Exclude)>
                            {move || words.get("choose.exclude")}
                        </button>
                        <button class="button" id="typed-include" on:click=move |_| choose(Choice::Include)>
                            {move || words.get("choose.include")}
                        </button>
                        <button class="button" id="typed-rules" on:click=move |_| choose(Choice::Rules)>
                            {move || words.get("choose.rules")}
                        </button>
                    </div>
                </div>
        </section>
    }
}

fn premises_row(state: State, one: FoundView) -> impl IntoView {
    let words = state.words;
    let (id, place) = (one.id, one.place);
    let colour = format!("var(--status-{})", one.status);
    let metres = (one.metres > 0.0).then(|| words.metres(one.metres));
    view! {
        <li>
            <button
                class="link found-row"
                on:click=move |_| {
                    map::fly(place);
                    state.pick(Some((LayerId::Premises, id)));
                }
            >
                <i class="key dot" style:--key=colour></i>
                <span class="name">{one.label}</span>
                <span class="small push">{metres}</span>
            </button>
        </li>
    }
}

/// The threshold, and every price with where it comes from.
#[component]
pub(crate) fn Prices(state: State) -> impl IntoView {
    let words = state.words;
    let prices = Memo::new(move |_| {
        state
            .document
            .with(|document| document.as_ref().map(|d| (d.prices.clone(), d.currency.clone())))
            .unwrap_or_default()
    });
    let threshold = Memo::new(move |_| state.document.with(|document| document.as_ref().map_or(0.0, |d| d.threshold)));
    let source = move || {
        state.document.with(|document| {
            let [name, date, source] = document.as_ref().map(|document| document.book.clone()).unwrap_or_default();
            words.with("prices.book", &[("name", name), ("date", date), ("source", source)])
        })
    };
    let rows = move || {
        let (prices, currency) = prices.get();
        prices.into_iter().map(|price| price_row(state, price, &currency)).collect_view()
    };
    view! {
        <section id="prices">
                <div class="stack">
                    <label class="row">
                        <span class="grow">{move || words.get("prices.threshold")}</span>
                        <input
                            type="number"
                            id="threshold"
                            class="number"
                            min="0"
                            prop:value=move || threshold.get().to_string()
                            on:change=move |event| {
                                if let Ok(mbps) = event_target_value(&event).parse() {
                                    state.edit(Edit::Threshold(mbps));
                                }
                            }
                        />
                    </label>
                    <p class="small">{source}</p>
                    <ul class="prices">{rows}</ul>
                </div>
        </section>
    }
}

fn price_row(state: State, price: PriceView, currency: &str) -> impl IntoView + use<> {
    let words = state.words;
    let PriceView { id, method, per_metre, each, book, source } = price;
    let by_metre = book[0] > 0.0 || per_metre > 0.0;
    let (now, original) = if by_metre { (per_metre, book[0]) } else { (each, book[1]) };
    let is_changed = [per_metre, each] != book;
    let unit = words.with(if by_metre { "prices.metre" } else { "prices.each" }, &[("currency", currency.to_owned())]);
    let kept = if by_metre { (each != book[1]).then_some(each) } else { (per_metre != book[0]).then_some(per_metre) };
    let (id_set, id_reset) = (id.clone(), id.clone());
    let label = format!("{id}: {unit}");
    view! {
        <li class:changed=is_changed>
            <label>
                <span class="name">
                    <i class="key" style:--key=format!("var(--method-{method})")></i>
                    {id.clone()}
                </span>
                <input
                    type="number"
                    class="number"
                    id=format!("price-{id}")
                    min="0"
                    step="any"
                    aria-label=label
                    prop:value=now.to_string()
                    on:change=move |event| {
                        if let Ok(value) = event_target_value(&event).parse::<f64>() {
                            let value = (value != original).then_some(value);
                            let (per_metre, each) = if by_metre { (value, kept) } else { (kept, value) };
                            state.edit(Edit::Price { id: id_set.clone(), per_metre, each });
                        }
                    }
                />
                <span class="small unit">{unit}</span>
            </label>
            <p class="small">
                {source}
                {is_changed.then(|| view! {
                    <button
                        class="button plain tiny"
                        on:click=move |_| state.edit(Edit::Price { id: id_reset.clone(), per_metre: None, each: None })
                    >
                        {words.with("prices.reset", &[("price", original.to_string())])}
                    </button>
                })}
            </p>
        </li>
    }
}

/// The scenario's own handovers: added by a click on the map, moved, taken away.
#[component]
pub(crate) fn Handovers(state: State) -> impl IntoView {
    let words = state.words;
    let shown = Memo::new(move |_| {
        state.document.with(|document| document.as_ref().map(|d| d.handovers.clone())).unwrap_or_default()
    });
    let add = move || {
        let number = shown.with_untracked(Vec::len) + 1;
        let name = untrack(|| words.with("handovers.name", &[("n", number.to_string())]));
        state.tool.set(Some(Tool::Handover(None, name)));
    };
    let rows = move || {
        let rows = shown.get().into_iter().enumerate().map(|(at, (name, [lon, lat]))| {
            let number = at as u32;
            let (moved, gone) = (name.clone(), name.clone());
            let remove = words.with("route.remove", &[("name", name.clone())]);
            view! {
                <li>
                    <i class="key ring" style:--key="var(--map-handover)"></i>
                    <span class="name" title=format!("{lon:.5}, {lat:.5}")>{name}</span>
                    <span class="row push">
                        <button
                            class="button plain tiny"
                            on:click=move |_| state.tool.set(Some(Tool::Handover(Some(number), moved.clone())))
                        >
                            {words.get("handovers.move")}
                        </button>
                        <button
                            class="button plain tiny"
                            title=remove.clone()
                            aria-label=remove
                            on:click=move |_| {
                                state.edit(Edit::Handover { at: Some(number), name: gone.clone(), place: None });
                            }
                        >
                            "×"
                        </button>
                    </span>
                </li>
            }
        });
        rows.collect_view()
    };
    view! {
        <section class="stack" id="handovers">
            <h2>{move || words.get("layer.handovers")}</h2>
            <p class="small">{move || words.get("handovers.about")}</p>
            <ul class="files">{rows}</ul>
            <div class="row">
                <button class="button" id="add-handover" on:click=move |_| add()>{move || words.get("handovers.add")}</button>
            </div>
        </section>
    }
}

/// What the command line writes, by what it is for: a name, and the message key of its description.
const FILES: [(&str, &str); 7] = [
    ("plan.gpkg", "files.gpkg"),
    ("network.geojson", "files.network"),
    ("premises.geojson", "files.premises"),
    ("network.csv", "files.network-csv"),
    ("premises.csv", "files.premises-csv"),
    ("left-out.csv", "files.left-out"),
    ("summary.json", "files.summary"),
];
/// What it writes besides where there is a programme.
const PROGRAMME_FILES: [(&str, &str); 6] = [
    ("programme.gpkg", "files.programme"),
    ("years.csv", "files.years"),
    ("shares.csv", "files.shares"),
    ("coverage.csv", "files.coverage"),
    ("build-order.csv", "files.order"),
    ("premises-phases.csv", "files.phases"),
];

/// The project as a file, and what is on screen as files.
#[component]
pub(crate) fn Project(state: State) -> impl IntoView {
    let words = state.words;
    let field = NodeRef::<leptos::html::Input>::new();
    let language = move || words.0.get_untracked().code().to_owned();
    let is_planned = move || state.summary.with(|summary| summary.as_ref().is_some_and(|summary| !summary.first));
    let has_programme = move || state.programme.with(|one| one.as_ref().is_some_and(|one| one.problem.is_empty()));
    let row = move |(name, about): (&'static str, &'static str)| {
        view! {
            <li>
                <button class="link export-file" on:click=move |_| state.export(Export::File(name.to_owned()), false)>
                    <span class="name">{name}</span>
                    <span class="small">{move || words.get(about)}</span>
                </button>
            </li>
        }
    };
    view! {
        <section class="stack" id="project">
            <h2>{move || words.get("project")}</h2>
            <div class="row wrap">
                <button class="button" id="save" on:click=move |_| state.save()>{move || words.get("project.save")}</button>
                <button
                    class="button"
                    id="open-project"
                    on:click=move |_| {
                        if let Some(field) = field.get_untracked() {
                            field.click();
                        }
                    }
                >
                    {move || words.get("project.open")}
                </button>
                <input
                    type="file"
                    hidden
                    accept=".breiband"
                    node_ref=field
                    on:change=move |event| files::chosen(&event, move |opened| state.open(opened, true))
                />
            </div>
            <p class="small">{move || words.get("project.about")}</p>
        </section>
        <section class="stack" id="bridge">
            <h2>{move || words.get("bridge")}</h2>
            <p class="small">{move || words.get("bridge.about")}</p>
            <div class="row wrap">
                <button class="button" id="show-scenario" on:click=move |_| state.export(Export::Scenario, true)>
                    {move || words.get("bridge.scenario")}
                </button>
                <button class="button" id="show-rust" on:click=move |_| state.export(Export::Rust, true)>
                    {move || words.get("bridge.rust")}
                </button>
            </div>
            <div class="row wrap">
                <button class="button" id="export-scenario" on:click=move |_| state.export(Export::Scenario, false)>
                    {move || words.get("project.scenario")}
                </button>
                <button class="button" id="export-rust" on:click=move |_| state.export(Export::Rust, false)>
                    {move || words.get("project.rust")}
                </button>
            </div>
        </section>
        <Show when=is_planned>
            <section class="stack" id="exports">
                <h2>{move || words.get("exports")}</h2>
                <p class="small">{move || words.get("exports.about")}</p>
                <div class="row wrap">
                    <button
                        class="button primary"
                        id="export-public"
                        on:click=move |_| state.export(Export::Page { language: language(), public: true }, false)
                    >
                        {move || words.get("exports.public")}
                    </button>
                    <button
                        class="button"
                        id="export-page"
                        on:click=move |_| state.export(Export::Page { language: language(), public: false }, false)
                    >
                        {move || words.get("exports.internal")}
                    </button>
                    <button
                        class="button"
                        id="export-folder"
                        on:click=move |_| state.export(Export::Folder { language: language() }, false)
                    >
                        {move || words.get("exports.folder")}
                    </button>
                </div>
                <details>
                    <summary>{move || words.get("exports.files")}</summary>
                    <ul class="found">
                        {FILES.map(row).collect_view()}
                        <Show when=has_programme>{PROGRAMME_FILES.map(row).collect_view()}</Show>
                    </ul>
                </details>
            </section>
        </Show>
    }
}
