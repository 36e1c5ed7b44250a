//! Rows with fields that are written in. What somebody writes is theirs until they leave the field: an edit that arrives meanwhile
//! changes the other fields, and makes no row anew.

use std::sync::Arc;

use leptos::html::Input;
use leptos::prelude::*;

use breiband_wire::{Setting, SettingView, range};

use crate::preferences;
use crate::state::{Failure, State};
use crate::text::{Words, holds, live, whenever};

/// A row for each item, which stays as long as there is an item of its key; what a row shows follows its item. Another language
/// makes the rows anew.
pub(super) fn rows<T: Clone + PartialEq + Send + Sync + 'static>(
    words: Words,
    items: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: fn(&T) -> String,
    row: impl Fn(Memo<T>) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView {
    let items = Memo::new(move |_| items());
    let find = move |own: &str| items.with(|items| items.iter().find(|one| key(one) == own).cloned());
    let keys = Signal::derive(move || items.with(|items| items.iter().map(key).collect()));
    let row = move |own: String| {
        let first = untrack(|| find(&own));
        first.map(|first| {
            row(Memo::new(move |before| find(&own).or_else(|| before.cloned()).unwrap_or_else(|| first.clone())))
        })
    };
    keyed(words, keys, Arc::new(row))
}

/// The same by key alone: built once, whatever rows are of.
pub(super) fn keyed(
    words: Words,
    keys: Signal<Vec<String>>,
    row: Arc<dyn Fn(String) -> Option<AnyView> + Send + Sync>,
) -> AnyView {
    let key = move |key: &String| (words.0.get().code(), key.clone());
    view! { <For each=move || keys.get() key=key children=move |key| row(key)/> }.into_any()
}

/// A row's item as it will be once all edits are answered: a second change begins where the first one ended, however busy the session
/// is.
pub(super) fn latest<T: Clone + PartialEq + Send + Sync + 'static>(state: State, now: Memo<T>) -> StoredValue<T> {
    let latest = StoredValue::new(now.get_untracked());
    Effect::new(move |_| {
        state.answers.track();
        latest.set_value(now.get());
    });
    latest
}

/// A field that is written in.
#[derive(Default)]
pub(super) struct Field {
    pub(super) id: String,
    pub(super) class: &'static str,
    /// What a screen reader says.
    pub(super) label: Signal<String>,
    pub(super) placeholder: Signal<String>,
    /// Whether it takes numbers; the least and the most it takes, where there are such.
    pub(super) is_number: bool,
    pub(super) range: Signal<Option<[f64; 2]>>,
    pub(super) disabled: Signal<bool>,
    /// Whether what was written is not what it takes.
    pub(super) is_wrong: Signal<bool>,
}

/// Shows `value`, but for what is being written. What is written is given to `take` when it is done; where `take` or the session
/// refuses it, `value` is shown again.
pub(super) fn field(
    state: State,
    field: Field,
    value: Signal<String>,
    take: impl Fn(String) -> bool + 'static,
) -> AnyView {
    input(state, field, value, Box::new(take))
}

fn input(state: State, field: Field, value: Signal<String>, take: Box<dyn Fn(String) -> bool>) -> AnyView {
    let Field { id, class, label, placeholder, is_number, range, disabled, is_wrong } = field;
    let node = NodeRef::<Input>::new();
    let is_writing = StoredValue::new(false);
    let show = move |value: &str| {
        if let Some(input) = node.get_untracked()
            && input.value() != value
        {
            input.set_value(value);
        }
    };
    // One with a label that is seen has no other name.
    let label = Signal::derive(move || Some(label.get()).filter(|label| !label.is_empty()));
    // Numbers are in the language's form, and read in it.
    let words = state.words;
    let value = Signal::derive(move || if is_number { words.figure(&value.get()) } else { value.get() });
    Effect::new(move |_| {
        node.track();
        state.answers.track();
        let value = value.get();
        if !is_writing.get_value() {
            show(&value);
        }
    });
    view! {
        <input
            type="text"
            inputmode=is_number.then_some("decimal")
            id=(!id.is_empty()).then_some(id)
            class=class
            aria-label=label
            title=move || range.get().map(|range| between(words, range)).or_else(|| label.get())
            placeholder=placeholder
            disabled=disabled
            aria-invalid=live(move || is_wrong.get().to_string())
            value=value.get_untracked()
            node_ref=node
            on:input=move |_| is_writing.set_value(true)
            on:change=move |event| {
                is_writing.set_value(false);
                let text = event_target_value(&event);
                let read = if is_number { written(state, &text, range.get_untracked()) } else { Some(text) };
                if !read.is_some_and(&take) {
                    show(&value.get_untracked());
                }
            }
            on:blur=move |_| {
                if is_writing.get_value() {
                    is_writing.set_value(false);
                    show(&value.get_untracked());
                }
            }
        />
    }
    .into_any()
}

/// The number that was written, as Rust reads it, or nothing where nothing was. What is none in the language, or too small or too
/// large, is said, with how to write it.
fn written(state: State, text: &str, range: Option<[f64; 2]>) -> Option<String> {
    if text.trim().is_empty() {
        return Some(String::new());
    }
    let words = state.words;
    let refuse = |code: &str, remedy: String| {
        let detail = words.with("number.refused", &[("text", text.trim().to_owned()), ("remedy", remedy)]);
        state.failure.set(Some(Failure { code: code.to_owned(), detail: detail.into() }));
    };
    let Some(number) = words.written(text) else {
        refuse("number", words.get("number.form"));
        return None;
    };
    if let Some(range) = range.filter(|[least, most]| !(least..=most).contains(&&number)) {
        refuse("range", between(words, range));
        return None;
    }
    Some(number.to_string())
}

/// The least and the most that a field takes, in words.
fn between(words: Words, range: [f64; 2]) -> String {
    let [least, most] = range.map(|number| words.plain(number));
    words.with("number.between", &[("least", least), ("most", most)])
}

/// Gives a number that was written on; one that is none is refused.
pub(super) fn number(text: &str, take: impl FnOnce(f64)) -> bool {
    text.parse().map(take).is_ok()
}

/// Where a value of the scenario's own is from, and the way back to what it replaces. `told` names the field.
pub(super) fn own_source(
    state: State,
    told: String,
    back: &str,
    noted: Signal<String>,
    note: Callback<String>,
    reset: Callback<()>,
) -> AnyView {
    let short = state.words.get("places.source");
    let told = Field { class: "grow", placeholder: short.into(), label: told.into(), ..Field::default() };
    view! {
        <div class="row">
            {field(state, told, noted, move |text| {
                note.run(text.trim().to_owned());
                true
            })}
            <button class="button small-button" on:click=move |_| reset.run(())>{state.words.get(back)}</button>
        </div>
    }
    .into_any()
}

/// What is known of a setting's row before its value is.
#[derive(Default)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) unit: String,
    /// What a screen reader says of it.
    pub(super) named: String,
    /// The message key of the way back to what a changed value replaces; none where there is none.
    pub(super) back: Option<&'static str>,
    /// The names that there are to choose from: of words one, of a list any.
    pub(super) names: Vec<(String, String)>,
    /// Whether a list takes other names too, and what is asked for then.
    pub(super) more: Option<String>,
}

/// The unit of amounts of money.
pub(super) fn currency(state: State) -> String {
    let code = state.document.with_untracked(|document| document.as_ref().map(|document| document.currency.clone()));
    state.words.currency(&code.unwrap_or_default())
}

/// A setting with its label (its name in files on hover), its field and its unit. A changed one says where it comes from, and can be
/// taken back.
pub(super) fn setting_row(
    state: State,
    now: Memo<SettingView>,
    line: Line,
    set: Callback<Setting>,
    note: Callback<String>,
) -> AnyView {
    let Line { id, label, unit, named, back, names, more } = line;
    let SettingView { path, own, .. } = now.get_untracked();
    let is_changed = Memo::new(move |_| back.is_some() && now.with(|now| now.value != now.own));
    let told = state.words.with("prices.source", &[("name", label.clone())]);
    let source = move || {
        back.filter(|_| is_changed.get()).map(|back| {
            let noted = Signal::derive(move || now.with(|now| now.noted.clone()));
            own_source(
                state,
                told.clone(),
                back,
                noted,
                note,
                Callback::new(move |()| set.run(now.get_untracked().own)),
            )
        })
    };
    let input = match own {
        Setting::List(_) => {
            let list = list(state, now, id, names, more, set);
            return view! {
                <li class:changed=is_changed>
                    <div role="group" aria-label=named>
                        <span class="name" title=path>{label}</span>
                        {list}
                    </div>
                    {source}
                </li>
            }
            .into_any();
        }
        Setting::Flag(_) => view! {
            <input
                type="checkbox"
                id=id
                aria-label=named
                prop:checked=holds(move || now.with(|now| now.value == Setting::Flag(true)))
                on:change=move |event| set.run(Setting::Flag(event_target_checked(&event)))
            />
        }
        .into_any(),
        Setting::Text(_) if !names.is_empty() => {
            let options = names.into_iter().map(|(name, title)| {
                let value = name.clone();
                let is_chosen = move || now.with(|now| now.value == Setting::Text(name.clone()));
                view! { <option value=value prop:selected=is_chosen>{title}</option> }
            });
            view! {
                <select id=id aria-label=named on:change=move |event| set.run(Setting::Text(event_target_value(&event)))>
                    {options.collect_view()}
                </select>
            }
            .into_any()
        }
        Setting::Number(_) | Setting::Text(_) => {
            let is_number = matches!(own, Setting::Number(_));
            // A number without which there is no limit may be left out.
            let is_limit = own == Setting::Number(None);
            let value = Signal::derive(move || {
                now.with(|now| match &now.value {
                    Setting::Number(Some(number)) => number.to_string(),
                    Setting::Text(text) => text.clone(),
                    _ => String::new(),
                })
            });
            let placeholder = if is_limit { state.words.get("scheme.no_limit") } else { String::new() };
            let class = if is_number { "number" } else { "grow" };
            let range = is_number.then(|| range::of_setting(&path)).flatten();
            let one = Field {
                id,
                class,
                label: named.into(),
                placeholder: placeholder.into(),
                is_number,
                range: range.into(),
                ..Field::default()
            };
            field(state, one, value, move |text| {
                if !is_number {
                    set.run(Setting::Text(text.trim().to_owned()));
                } else if is_limit && text.is_empty() {
                    set.run(Setting::Number(None));
                } else {
                    return number(&text, |number| set.run(Setting::Number(Some(number))));
                }
                true
            })
        }
    };
    view! {
        <li class:changed=is_changed>
            <label>
                <span class="name" title=path>{label}</span>
                {input}
                <span class="small unit">{unit}</span>
            </label>
            {source}
        </li>
    }
    .into_any()
}

/// How many names of a list are shown; the scenario's file has them all.
const SHOWN: usize = 60;

/// A list of names: a tick for each that can be chosen, the others one by one, and a field for more.
fn list(
    state: State,
    now: Memo<SettingView>,
    id: String,
    known: Vec<(String, String)>,
    more: Option<String>,
    set: Callback<Setting>,
) -> AnyView {
    let words = state.words;
    let names = move |one: &SettingView| if let Setting::List(names) = &one.value { names.clone() } else { Vec::new() };
    let latest = latest(state, now);
    let put = move |next: Vec<String>| {
        latest.update_value(|one| one.value = Setting::List(next.clone()));
        set.run(Setting::List(next));
    };
    let change = move |name: String, is_in: bool| {
        let mut next = latest.with_value(names);
        next.retain(|one| *one != name);
        if is_in {
            next.push(name);
        }
        put(next);
    };
    let is_known: Vec<String> = known.iter().map(|one| one.0.clone()).collect();
    let field_id = format!("{id}-more");
    let ticks = known.into_iter().map(|(name, title)| {
        let own = name.clone();
        view! {
            <label class="chip">
                <input
                    type="checkbox"
                    value=own.clone()
                    prop:checked=holds(move || now.with(|now| names(now).contains(&own)))
                    on:change=move |event| change(name.clone(), event_target_checked(&event))
                />
                {title}
            </label>
        }
    });
    let ticks = ticks.collect_view();
    let others = Memo::new(move |_| {
        now.with(|now| {
            let titles = now.titles.iter().map(Some).chain(std::iter::repeat(None));
            let all = names(now).into_iter().zip(titles);
            let others = all.filter(|(name, _)| !is_known.contains(name));
            others.map(|(name, title)| (title.unwrap_or(&name).clone(), name)).collect::<Vec<_>>()
        })
    });
    let to_field = StoredValue::new(field_id.clone());
    let other = move |(title, name): (String, String)| {
        let gone = words.with("route.remove", &[("name", title.clone())]);
        let take_away = move |_| {
            change(name.clone(), false);
            preferences::focus(&to_field.get_value());
        };
        view! {
            <span class="chip">
                {title}
                <button class="button plain tiny" title=gone.clone() aria-label=gone on:click=take_away>"×"</button>
            </span>
        }
    };
    let shown = move || others.get().into_iter().take(SHOWN).map(other).collect_view();
    let rest = move || others.with(|all| all.len().saturating_sub(SHOWN));
    let adder = more.map(|asked| {
        let one = Field { id: field_id, class: "grow", label: asked.clone().into(), placeholder: asked.into(), ..Field::default() };
        // Names may be many at once, as in the list of premises. What is taken is shown as one of them, and the field is empty again.
        let field = field(state, one, Signal::from(String::new()), move |text| {
            let mut next = latest.with_value(names);
            let before = next.len();
            next.extend(text.split(';').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()));
            let is_new = next.len() > before;
            if is_new {
                put(next);
            }
            is_new
        });
        view! { <div class="row tight">{field}<button class="button small-button">{words.get("scheme.list.add")}</button></div> }
    });
    view! {
        <div class="chips" id=id>{ticks}{shown}</div>
        <Show when=whenever(move || { rest() > 0 })>
            <p class="small">{live(move || words.with("issues.more", &[("n", words.count(rest() as u64))]))}</p>
        </Show>
        {adder}
    }
    .into_any()
}
