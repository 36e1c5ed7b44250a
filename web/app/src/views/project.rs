//! The project as a file, and what is on screen as files.

use leptos::prelude::*;

use breiband_wire::{Command, Export};

use crate::files;
use crate::preferences;
use crate::state::State;
use crate::text::whenever;

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
