//! The planner's workbench in the panel: scenarios side by side, premises, prices, and the project.

use leptos::prelude::*;

use breiband_wire::{
    Choice, Command, Edit, Export, FoundView, LayerId, PriceView, ScenarioFigures, ScenarioView, Which, range,
};

use super::rows::{Field, field, latest, number, own_source, rows};
use crate::files;
use crate::map;
use crate::preferences;
use crate::state::{State, Tab, Tool};
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
                            {[(Choice::Exclude, "exclude"), (Choice::Include, "include"), (Choice::Rules, "rules")]
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
                        <button class="button" id="typed-exclude" on:click=move |_| choose(Choice::Exclude)>
                            {words.say("choose.exclude")}
                        </button>
                        <button class="button" id="typed-include" on:click=move |_| choose(Choice::Include)>
                            {words.say("choose.include")}
                        </button>
                        <button class="button" id="typed-rules" on:click=move |_| choose(Choice::Rules)>
                            {words.say("choose.rules")}
                        </button>
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

/// The threshold, and every price with where it comes from.
#[component]
pub(crate) fn Prices(state: State) -> impl IntoView {
    let words = state.words;
    let prices = Memo::new(move |_| {
        state
            .document
            .with(|document| document.as_ref().map(|d| (d.prices.clone(), d.currency.clone(), d.book[2].clone())))
            .unwrap_or_default()
    });
    let threshold = Memo::new(move |_| state.document.with(|document| document.as_ref().map_or(0.0, |d| d.threshold)));
    let source = move || {
        state.document.with(|document| {
            let [name, date, source] = document.as_ref().map(|document| document.book.clone()).unwrap_or_default();
            words.with(
                "prices.book",
                &[("name", words.shipped(&name)), ("date", date), ("source", words.shipped(&source))],
            )
        })
    };
    let threshold = {
        let label = Signal::derive(move || words.get("prices.threshold"));
        let one = Field { id: "threshold".to_owned(), class: "number", label, is_number: true, ..Field::default() };
        let value = Signal::derive(move || threshold.get().to_string());
        field(state, one, value, move |text| number(&text, |mbps| state.edit(Edit::Threshold(mbps))))
    };
    let price = move |price: Memo<PriceView>| {
        // What the book says of all its prices stands above them once.
        let book = move || prices.with(|(_, _, book)| book.clone());
        let source =
            move || Some(price.get()).filter(|one| one.noted.is_empty() && one.source != book()).map(|one| one.source);
        price_row(state, price, prices.with(|(_, currency, _)| currency.clone()), source)
    };
    let rows = rows(words, move || prices.get().0, |one| one.id.clone(), price);
    view! {
        <section id="prices">
                <div class="stack">
                    <label class="row">
                        <span class="grow">{words.say("prices.threshold")}</span>
                        {threshold}
                    </label>
                    <p class="small">{source}</p>
                    <ul class="prices">{rows}</ul>
                </div>
        </section>
    }
}

fn price_row(
    state: State,
    now: Memo<PriceView>,
    currency: String,
    source: impl Fn() -> Option<String> + Send + Sync + 'static,
) -> AnyView {
    let words = state.words;
    let PriceView { id, method, per_metre, each, book, .. } = now.get_untracked();
    let is_changed = Memo::new(move |_| now.with(|now| [now.per_metre, now.each] != now.book));
    let name = words.find(&format!("price.{id}")).unwrap_or_else(|| id.clone());
    let (named, latest) = (StoredValue::new(id.clone()), latest(state, now));
    // A cable across a fjord costs by the metre, and each of its landings besides.
    let fields = [("prices.metre", per_metre, book[0]), ("prices.each", each, book[1])].into_iter().enumerate();
    let shown = fields.filter(|(at, (_, now, book))| *now > 0.0 || *book > 0.0 || (*at == 0 && each == 0.0));
    let rows = shown.enumerate().map(|(row, (at, (unit, ..)))| {
        let unit = words.with(unit, &[("currency", words.currency(&currency))]);
        let of = move |price: &PriceView| [price.per_metre, price.each];
        let set = move |value: f64| {
            latest.update_value(|one| *(if at == 0 { &mut one.per_metre } else { &mut one.each }) = value);
            let (next, book) = latest.with_value(|one| (of(one), one.book));
            let [per_metre, each] = [0, 1].map(|at| (next[at] != book[at]).then_some(next[at]));
            state.edit(Edit::Price { id: named.get_value(), per_metre, each });
        };
        let one = Field {
            id: if row == 0 { format!("price-{id}") } else { format!("price-{id}-each") },
            class: "number",
            label: format!("{name}: {unit}").into(),
            is_number: true,
            range: Some(range::AMOUNT).into(),
            ..Field::default()
        };
        let value = Signal::derive(move || now.with(|now| of(now)[at].to_string()));
        view! {
            <label>
                <span class="name">
                    {(row == 0).then(|| view! {
                        <i class="key" style:--key=format!("var(--method-{method})")></i>
                        <span title=id.clone()>{name.clone()}</span>
                    })}
                </span>
                {field(state, one, value, move |text| number(&text, set))}
                <span class="small unit">{unit}</span>
            </label>
        }
    });
    let rows = rows.collect_view();
    let told = words.with("prices.source", &[("name", name)]);
    let own = move || {
        is_changed.get().then(|| {
            let noted = Signal::derive(move || now.with(|now| now.noted.clone()));
            let note = Callback::new(move |note| state.edit(Edit::PriceSource(named.get_value(), note)));
            let reset = move |()| state.edit(Edit::Price { id: named.get_value(), per_metre: None, each: None });
            own_source(state, told.clone(), "prices.reset", noted, note, Callback::new(reset))
        })
    };
    view! {
        <li class:changed=is_changed>
            {rows}
            {move || source().filter(|source| !source.is_empty()).map(|source| view! { <p class="small">{words.shipped(&source)}</p> })}
            {own}
        </li>
    }
    .into_any()
}

/// The project as a file, and what is on screen as files.
#[component]
pub(crate) fn Project(state: State) -> impl IntoView {
    let words = state.words;
    let field = NodeRef::<leptos::html::Input>::new();
    let language = move || words.0.get_untracked().code().to_owned();
    let is_planned = move || state.summary.with(|summary| summary.as_ref().is_some_and(|summary| !summary.first));
    view! {
        <section class="stack" id="project">
            <h2>{words.say("project")}</h2>
            <div class="row wrap">
                <button class="button" id="save" on:click=move |_| state.save()>{words.say("project.save")}</button>
                <button
                    class="button"
                    id="open-project"
                    on:click=move |_| {
                        if let Some(field) = field.get_untracked() {
                            field.click();
                        }
                    }
                >
                    {words.say("project.open")}
                </button>
                <input
                    type="file"
                    hidden
                    accept=".breiband"
                    node_ref=field
                    on:change=move |event| files::chosen(&event, move |opened| state.open(opened, true))
                />
            </div>
            <p class="small">{words.say("project.about")}</p>
        </section>
        <section class="stack" id="bridge">
            <h2>{words.say("bridge")}</h2>
            <p class="small">{words.say("bridge.about")}</p>
            {as_text(state, "scenario", "project.scenario", || Export::Scenario)}
            {as_text(state, "rust", "project.rust", || Export::Rust)}
        </section>
        <Show when=is_planned>
            <section class="stack" id="exports">
                <h2>{words.say("exports")}</h2>
                <p class="small">{words.say("exports.about")}</p>
                <div class="row wrap">
                    <button
                        class="button primary"
                        id="export-public"
                        on:click=move |_| state.export(Export::Page { language: language(), public: true }, false)
                    >
                        {words.say("exports.public")}
                    </button>
                    <button
                        class="button"
                        id="export-page"
                        on:click=move |_| state.export(Export::Page { language: language(), public: false }, false)
                    >
                        {words.say("exports.internal")}
                    </button>
                    <button
                        class="button"
                        id="export-folder"
                        on:click=move |_| state.export(Export::Folder { language: language() }, false)
                    >
                        {words.say("exports.folder")}
                    </button>
                </div>
                <Outputs state/>
            </section>
        </Show>
    }
}

/// A file that is shown as text or saved.
fn as_text(state: State, id: &str, name: &'static str, export: fn() -> Export) -> impl IntoView + use<> {
    let words = state.words;
    let button = |verb: &'static str, is_shown: bool| {
        let told = move || format!("{}: {}", words.get(name), words.get(verb));
        view! {
            <button
                class="button small-button"
                id=format!("{}-{id}", if is_shown { "show" } else { "export" })
                aria-label=told
                on:click=move |_| state.export(export(), is_shown)
            >
                {words.say(verb)}
            </button>
        }
    };
    view! {
        <div class="row">
            <span class="grow">{words.say(name)}</span>
            {button("bridge.show", true)}
            {button("bridge.save", false)}
        </div>
    }
}

/// Every file that the command line writes of the plan on screen, by name, with what it is and how large.
#[component]
fn Outputs(state: State) -> impl IntoView {
    let words = state.words;
    let is_open = RwSignal::new(false);
    Effect::new(move |_| {
        // The list follows the plan and what is worked out of it.
        let planned = state.summary.with(|summary| summary.as_ref().map(|summary| summary.first));
        state.game.track();
        state.outputs.set(None);
        if is_open.get() && planned == Some(false) && !state.busy.get() {
            state.ask(Command::Outputs);
        }
    });
    let row = move |name: String, size: Option<u64>| {
        let about = words.find(&format!("files.about.{name}"));
        let title = name.clone();
        view! {
            <li>
                <button class="link export-file" on:click=move |_| state.export(Export::File(name.clone()), false)>
                    <span class="name">{title}</span>
                    <span class="small push">{size.map(|size| words.bytes(size))}</span>
                    <span class="small about">{about}</span>
                </button>
            </li>
        }
    };
    view! {
        <details id="outputs" on:toggle=move |event| is_open.set(preferences::is_open(event.target()))>
            <summary>{words.say("exports.files")}</summary>
            <Show when=whenever(move || is_open.get() && state.outputs.with(Option::is_none))>
                <p class="small waiting">{words.say("exports.wait")}</p>
            </Show>
            <ul class="found">
                {move || state.outputs.get().map(|list| list.into_iter().map(|one| row(one.name, Some(one.bytes))).collect_view())}
                <Show when=whenever(move || state.curve.with(Option::is_some))>{row("curve.csv".to_owned(), None)}</Show>
            </ul>
        </details>
    }
}
