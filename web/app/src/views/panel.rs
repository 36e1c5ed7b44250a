//! The panel: opening, then files and progress, then the plan.

use leptos::prelude::*;

use breiband_wire::{Edit, PlaceKind};

use super::council::Council;
use super::drawing::DrawingFigures;
use super::figures::{Figures, Headline};
use super::goal::Goal;
use super::opening::{Begin, Choose, Opening};
use super::together::{Sides, Together};
use super::tools::Tools;
use super::years::Years;
use super::{drawn, places, policy, premises, prices, project, scenarios, scheme};
use crate::state::{State, Tab};
use crate::text::{holds, live, whenever};

#[component]
pub(crate) fn Panel(state: State) -> impl IntoView {
    let has_region = move || state.region.with(Option::is_some);
    let has_files = move || state.files.with(|files| !files.is_empty());
    // Of files of which none could be read there is nothing to steer.
    let has_document = move || state.is_open();
    let has_plan = move || state.summary.with(Option::is_some);
    let stale = move || state.document.with(|document| document.as_ref().is_some_and(|d| d.stale));
    view! {
        <Work state/>
        <Show when=whenever(move || !has_files() && !has_region() && !state.busy.get())>
            <Opening state/>
        </Show>
        <Show when=whenever(move || has_files() && !has_region() && !state.busy.get())>
            <section class="stack">
                <Begin state/>
            </section>
        </Show>
        <Show when=has_document>
            <Tools state/>
        </Show>
        <Show when=whenever(move || state.drawing.with(Option::is_some))>
            <DrawingFigures state/>
        </Show>
        <Show when=has_plan>
            <div class:stale=stale>
                <Headline state/>
            </div>
        </Show>
        <Show when=whenever(move || has_region() && !has_plan())>
            <Region state/>
        </Show>
        <Show when=whenever(move || state.council.get() && has_plan())>
            <Council state/>
        </Show>
        <Show when=has_document>
            <Tabs state/>
        </Show>
        <Part state tab=Tab::Plan>
            <Show when=whenever(move || has_plan() && has_document())>
                <Goal state/>
            </Show>
            <Show when=has_plan>
                <div class:stale=stale>
                    <Figures state/>
                </div>
            </Show>
            <Show when=whenever(move || state.issues.with(|issues| !issues.is_empty()))>
                <Issues state/>
            </Show>
        </Part>
        <Show when=has_document>
            <Part state tab=Tab::Years>
                <Sides state/>
                <div hidden=holds(move || state.beside.get())><Years state/></div>
                <div id="part-together" hidden=holds(move || !state.beside.get())><Together state/></div>
            </Part>
            <Part state tab=Tab::Scenarios>
                <scenarios::Scenarios state/>
                <drawn::Drawn state/>
                {PlaceKind::ALL.map(|kind| view! { <places::Places state kind/> }).collect_view()}
                <places::Masts state/>
                <drawn::Borders state/>
                <Scenario state/>
            </Part>
            <Part state tab=Tab::Premises>
                <premises::PremisesList state/>
            </Part>
            <Part state tab=Tab::Prices>
                <prices::Prices state/>
                <policy::Policy state/>
                <scheme::Scheme state/>
            </Part>
        </Show>
        <Part state tab=Tab::Files>
            <Show when=has_document>
                <project::Project state/>
            </Show>
            <Show when=has_files>
                <Files state/>
            </Show>
            <Show when=whenever(move || has_region() && !has_files())>
                <section class="stack">
                    <Choose state replace=true/>
                </section>
            </Show>
            <Show when=has_region>
                <Basemap state/>
            </Show>
        </Part>
    }
}

/// The panel's parts by name; arrow keys go from one to the next.
#[component]
fn Tabs(state: State) -> impl IntoView {
    let words = state.words;
    let go = move |key: &str| {
        let at = Tab::ALL.iter().position(|tab| *tab == state.tab.get_untracked()).unwrap_or(0);
        let to = match key {
            "ArrowRight" => at + 1,
            "ArrowLeft" => at + Tab::ALL.len() - 1,
            "Home" => 0,
            "End" => Tab::ALL.len() - 1,
            _ => return false,
        };
        let tab = Tab::ALL[to % Tab::ALL.len()];
        state.tab.set(tab);
        crate::preferences::focus(&format!("tab-{}", tab.name()));
        true
    };
    let tabs = Tab::ALL.map(|tab| {
        let chosen = move || state.tab.get() == tab;
        view! {
            <button
                role="tab"
                id=format!("tab-{}", tab.name())
                aria-controls=format!("part-{}", tab.name())
                aria-selected=live(move || chosen().to_string())
                tabindex=move || if chosen() { "0" } else { "-1" }
                on:click=move |_| state.tab.set(tab)
                on:keydown=move |event| {
                    if go(&event.key()) {
                        event.prevent_default();
                    }
                }
            >
                {live(move || words.get(&format!("tab.{}", tab.name())))}
            </button>
        }
    });
    view! { <div class="tabs" role="tablist" aria-label=words.say("tabs")>{tabs.collect_view()}</div> }
}

/// One of the panel's parts: there all the time, seen when it is chosen. Without a document there are no parts, and all is seen.
#[component]
fn Part(state: State, tab: Tab, children: Children) -> impl IntoView {
    let has_tabs = move || state.is_open();
    view! {
        <div
            class="part"
            id=format!("part-{}", tab.name())
            role=move || has_tabs().then_some("tabpanel")
            aria-labelledby=move || has_tabs().then(|| format!("tab-{}", tab.name()))
            hidden=holds(move || has_tabs() && state.tab.get() != tab)
        >
            {children()}
        </div>
    }
}

/// Progress with its cancel button, and what went wrong.
#[component]
fn Work(state: State) -> impl IntoView {
    let words = state.words;
    let phase = Memo::new(move |_| state.progress.get().map(|progress| progress.phase.name()));
    let share = move || state.progress.get().and_then(|progress| progress.permille);
    view! {
        <div role="status" aria-live="polite">
            <Show when=whenever(move || state.busy.get())>
                <section class="progress" id="progress">
                    <div class="row">
                        <span>{live(move || words.get(&format!("phase.{}", phase.get().unwrap_or("starting"))))}</span>
                        <button class="button" id="cancel" on:click=move |_| state.cancel()>
                            {words.say("cancel")}
                        </button>
                    </div>
                    {move || match share() {
                        Some(permille) => view! { <progress max="1000" value=permille></progress> }.into_any(),
                        None => view! { <progress></progress> }.into_any(),
                    }}
                </section>
            </Show>
            <Show when=whenever(move || state.restarted.get())>
                <section><p class="notice" id="restarted">{words.say("restarted")}</p></section>
            </Show>
            <Show when=whenever(move || state.storage.with(|said| !said.is_empty()))>
                <section><p class="notice" id="storage">{live(move || words.get(&format!("storage.{}", state.storage.get())))}</p></section>
            </Show>
            <Show when=whenever(move || state.cancelled.get())>
                <section>
                    <p class="notice" id="cancelled">{words.say("cancelled")}</p>
                </section>
            </Show>
        </div>
        <div role="alert">
            {move || {
                state
                    .failure
                    .get()
                    .map(|failure| {
                        let title = words
                            .find(&format!("failure.{}", failure.code))
                            .unwrap_or_else(|| words.get("failure"));
                        view! {
                            <section class="told">
                                <div class="failure" id="failure">
                                    <p>
                                        <strong>{title}</strong>
                                        {words.value(&failure.detail)}
                                    </p>
                                    <button
                                        class="button icon plain"
                                        id="failure-close"
                                        aria-label=words.get("close")
                                        title=words.get("close")
                                        on:click=move |_| state.failure.set(None)
                                    >
                                        "×"
                                    </button>
                                </div>
                            </section>
                        }
                    })
            }}
        </div>
    }
}

/// What was read, and the button that plans it.
#[component]
fn Region(state: State) -> impl IntoView {
    let words = state.words;
    let number = move |read: fn(&breiband_wire::RegionView) -> u64| {
        move || state.region.with(|region| words.count(region.as_ref().map_or(0, read)))
    };
    view! {
        <section>
            <h2>{words.say("region")}</h2>
            <dl class="figures">
                <div>
                    <dt>{words.say("layer.premises")}</dt>
                    <dd>{number(|region| region.premises)}</dd>
                </div>
                <div>
                    <dt>{words.say("layer.ways")}</dt>
                    <dd>{number(|region| region.ways)}</dd>
                </div>
                <div>
                    <dt>{words.say("layer.municipalities")}</dt>
                    <dd>{number(|region| region.municipalities)}</dd>
                </div>
                <div>
                    <dt>{words.say("layer.handovers")}</dt>
                    <dd>{number(|region| region.handovers)}</dd>
                </div>
            </dl>
        </section>
        <section>
            <button
                class="button primary wide"
                id="plan"
                disabled=holds(move || state.busy.get())
                on:click=move |_| state.plan()
            >
                {words.say("plan")}
            </button>
        </section>
    }
}

/// Problems by kind, the first few of each.
#[component]
fn Issues(state: State) -> impl IntoView {
    let words = state.words;
    let groups = move || {
        state.issues.get().into_iter().map(|group| {
            let title = words.find(&format!("issue.{}", group.code)).unwrap_or_else(|| group.code.replace('-', " "));
            let is_error = group.severity == "error";
            let more = group.count.saturating_sub(group.examples.len() as u64);
            let examples = group.examples.into_iter().map(|issue| {
                let place = (!issue.place.is_empty()).then(|| view! { <span class="small">{issue.place}<br/></span> });
                view! { <li>{place}{issue.message}</li> }
            });
            view! {
                <details>
                    <summary>
                        <span class="pill" class:error=is_error>{words.count(group.count)}</span>
                        {title}
                    </summary>
                    <ul class="plain-list">
                        {examples.collect_view()}
                        {(more > 0).then(|| view! { <li class="small">{words.with("issues.more", &[("n", words.count(more))])}</li> })}
                    </ul>
                </details>
            }
        }).collect_view()
    };
    view! {
        <section id="issues">
            <h2>{words.say("issues")}</h2>
            {groups}
        </section>
    }
}

/// Open files, and more of them.
#[component]
fn Files(state: State) -> impl IntoView {
    let words = state.words;
    view! {
        <section class="stack">
            <h2>{words.say("files")}</h2>
            <ul class="files">
                {move || {
                    state
                        .files
                        .get()
                        .into_iter()
                        .map(|file| {
                            let size = words.bytes(file.bytes);
                            let broken = file.is_broken.then(|| {
                                let name = file.name.clone();
                                let gone = words.with("route.remove", &[("name", name.clone())]);
                                view! {
                                    <span class="pill error">{words.get("files.broken")}</span>
                                    <button class="button plain tiny" title=gone.clone() aria-label=gone on:click=move |_| state.leave_out(name.clone())>"×"</button>
                                }
                            });
                            view! {
                                <li>
                                    <span class="name" title=file.name.clone()>{file.name.clone()}</span>
                                    <span class="small">{file.format.clone()}" "{size}</span>
                                    {broken}
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
            <details open=move || state.region.with(Option::is_none)>
                <summary>{words.say("files.add")}</summary>
                <Choose state replace=false/>
            </details>
        </section>
    }
}

/// The scenario's text, to be read and changed.
#[component]
fn Scenario(state: State) -> impl IntoView {
    let words = state.words;
    let text = RwSignal::new(String::new());
    Effect::new(move |_| {
        // The session's text replaces the edited one whenever the session takes a new one.
        state
            .document
            .with(|document| text.set(document.as_ref().map(|document| document.toml.clone()).unwrap_or_default()));
    });
    view! {
        <section>
            <details>
                <summary>{words.say("scenario")}</summary>
                <div class="stack">
                    <p class="small">{words.say("scenario.about")}</p>
                    <label>
                        <span class="hidden-text">{words.say("scenario")}</span>
                        <textarea
                            id="scenario"
                            spellcheck="false"
                            prop:value=live(move || text.get())
                            on:input=move |event| text.set(event_target_value(&event))
                        ></textarea>
                    </label>
                    <button
                        class="button"
                        disabled=holds(move || state.busy.get())
                        on:click=move |_| state.edit(Edit::Scenario(text.get_untracked()))
                    >
                        {words.say("scenario.use")}
                    </button>
                </div>
            </details>
        </section>
    }
}

/// The background map: off until the user gives an address and switches it on.
#[component]
fn Basemap(state: State) -> impl IntoView {
    let words = state.words;
    let address = RwSignal::new(String::new());
    let is_on = move || state.basemap.with(|address| !address.is_empty());
    view! {
        <section>
            <details>
                <summary>{words.say("basemap")}</summary>
                <div class="stack">
                    <p class="small">{words.say("basemap.about")}</p>
                    <label class="stack">
                        <span class="small">{words.say("basemap.address")}</span>
                        <input
                            type="text"
                            id="basemap"
                            inputmode="url"
                            placeholder="https://…/{z}/{x}/{y}.png"
                            prop:value=live(move || address.get())
                            on:input=move |event| address.set(event_target_value(&event))
                        />
                    </label>
                    <button
                        class="button"
                        id="basemap-switch"
                        on:click=move |_| {
                            state.use_basemap(if is_on() { String::new() } else { address.get_untracked() })
                        }
                    >
                        {live(move || words.get(if is_on() { "basemap.off" } else { "basemap.on" }))}
                    </button>
                    <Show when=whenever(move || state.basemap_failed.get())>
                        <p class="failure">{words.say("basemap.failed")}</p>
                    </Show>
                </div>
            </details>
        </section>
    }
}
