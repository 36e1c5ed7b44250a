//! The scenario's own handovers, points of presence, cabinets and masts: put on the map by a click or by their coordinates, moved, changed, taken away.

use leptos::prelude::*;

use breiband_wire::{Edit, MastView, PlaceKind, PlaceView, range};

use super::rows::{Field, field, latest, rows};
use crate::state::{State, Tool};
use crate::text::{Words, holds, live, whenever};

/// Longitude and latitude as they are typed, degrees: in the other order, too, where only that is on the map.
pub(super) fn typed(state: State, text: &str) -> Option<[f64; 2]> {
    let bounds = state.region.with_untracked(|region| region.as_ref()?.bounds_e7);
    breiband_wire::place::typed(text, bounds.map(|bounds| bounds.map(|e7| f64::from(e7) / 1e7)))
}

/// The shape of a kind's symbol, on the map and in lists.
pub(super) fn shape(kind: PlaceKind) -> &'static str {
    match kind {
        PlaceKind::Handover => "ring",
        PlaceKind::Pop => "diamond",
        PlaceKind::Cabinet => "square",
    }
}

/// What a row of a place can do; each gives an edit or takes up a tool.
struct Row {
    name: Signal<String>,
    place: Signal<[f64; 2]>,
    key: [&'static str; 2],
    rename: Box<dyn Fn(String)>,
    put: Box<dyn Fn([f64; 2])>,
    pull: Box<dyn Fn()>,
    remove: Box<dyn Fn()>,
}

/// A place by name and coordinates, both of which can be written anew.
fn row(state: State, row: Row, more: AnyView) -> AnyView {
    let words = state.words;
    let Row { name, place, key: [shape, colour], rename, put, pull, remove } = row;
    let gone = move || words.with("route.remove", &[("name", name.get())]);
    let wrong = RwSignal::new(false);
    let named = Field { class: "grow place-name", label: labelled(words, "name", name), ..Field::default() };
    let named = field(state, named, name, move |text| {
        rename(text.trim().to_owned());
        true
    });
    let at = Field {
        class: "full place-at",
        label: labelled(words, "waypoint.typed", name),
        is_wrong: wrong.into(),
        ..Field::default()
    };
    let written = Signal::derive(move || {
        let [lon, lat] = place.get();
        format!("{lon:.7}, {lat:.7}")
    });
    // What is no place stays, to be mended.
    let at = field(state, at, written, move |text| {
        let place = typed(state, &text);
        wrong.set(place.is_none());
        place.into_iter().for_each(&put);
        true
    });
    view! {
        <li class="place-row">
            <div class="row tight">
                <i class=format!("key {shape}") style:--key=format!("var(--map-{colour})")></i>
                {named}
                <button class="button plain tiny" on:click=move |_| pull()>{words.get("handovers.move")}</button>
                <button class="button plain tiny" title=gone aria-label=gone on:click=move |_| remove()>"×"</button>
            </div>
            {at}
            <Show when=whenever(move || wrong.get())>
                <p class="failure small-gap">{words.say("waypoint.wrong")}</p>
            </Show>
            {more}
        </li>
    }
    .into_any()
}

/// What a field is of, and of which place.
fn labelled(words: Words, key: &'static str, name: Signal<String>) -> Signal<String> {
    Signal::derive(move || format!("{}: {}", words.get(key), name.get()))
}

/// The scenario's own places of a kind; what one costs, and where that is from, is written beside it.
#[component]
pub(crate) fn Places(state: State, kind: PlaceKind) -> impl IntoView {
    let words = state.words;
    // Points of presence are numbered among the handovers.
    let shown = Memo::new(move |_| {
        let of = |places: &[PlaceView], keep: fn(&PlaceView) -> bool| -> Vec<(u32, PlaceView)> {
            (0..).zip(places.iter().cloned()).filter(|(_, one)| keep(one)).collect()
        };
        state.document.with(|document| {
            let document = document.as_ref()?;
            Some(match kind {
                PlaceKind::Handover => of(&document.handovers, |one| one.cost.is_none()),
                PlaceKind::Pop => of(&document.handovers, |one| one.cost.is_some()),
                PlaceKind::Cabinet => of(&document.cabinets, |_| true),
            })
        })
    });
    let usual = Memo::new(move |_| {
        state.document.with(|document| document.as_ref().map(|d| (d.usual[1].clone(), d.currency.clone())))
    });
    let one = move |now: Memo<(u32, PlaceView)>| {
        let number = now.get_untracked().0;
        let latest = latest(state, now);
        let change = move |change: &dyn Fn(&mut PlaceView)| {
            latest.update_value(|(_, view)| change(view));
            state.edit(Edit::Place(kind, Some(number), Some(latest.get_value().1)));
        };
        let name = Signal::derive(move || now.with(|now| now.1.name.clone()));
        let one = Row {
            name,
            place: Signal::derive(move || now.with(|now| now.1.place)),
            key: [shape(kind), kind.name()],
            rename: Box::new(move |name| change(&|view| view.name.clone_from(&name))),
            put: Box::new(move |place| change(&|view| view.place = place)),
            pull: Box::new(move || state.tool.set(Some(Tool::Place(kind, Some(number), now.get_untracked().1)))),
            remove: Box::new(move || state.edit(Edit::Place(kind, Some(number), None))),
        };
        let more = (kind != PlaceKind::Handover).then(|| {
            let cost = if kind == PlaceKind::Pop { "places.opening" } else { "places.price" };
            // A cabinet without a price of its own costs what the cost book says, from where it says.
            let book = move || kind == PlaceKind::Cabinet && now.with(|now| now.1.cost.is_none());
            let usual = move || usual.get().unwrap_or_default();
            let priced = Field {
                class: "number place-cost",
                label: labelled(words, cost, name),
                placeholder: Signal::derive(move || words.figure(&usual().0.0.to_string())),
                is_number: true,
                ..Field::default()
            };
            let written = move || now.with(|now| now.1.cost.map_or_else(String::new, |cost| cost.to_string()));
            let priced = field(state, priced, Signal::derive(written), move |text| {
                let cost = text.parse().ok();
                let is_taken = cost.is_some() || kind == PlaceKind::Cabinet;
                if is_taken {
                    change(&|view| view.cost = cost);
                }
                is_taken
            });
            let from = Field {
                class: "full place-source",
                label: labelled(words, "places.source", name),
                placeholder: Signal::derive(move || if book() { usual().0.1 } else { words.get("places.source") }),
                disabled: Signal::derive(book),
                ..Field::default()
            };
            let source = Signal::derive(move || now.with(|now| now.1.source.clone()));
            let from = field(state, from, source, move |text| {
                change(&|view| view.source = text.trim().to_owned());
                true
            });
            view! {
                <div class="row wrap small mast-more">
                    <label class="row tight">{words.get(cost)}{priced}{move || usual().1}</label>
                    {from}
                </div>
            }
        });
        row(state, one, more.into_any())
    };
    let rows = rows(words, move || shown.get().unwrap_or_default(), |one| one.0.to_string(), one);
    let name = kind.name();
    let title = if kind == PlaceKind::Handover { "layer.handovers".to_owned() } else { format!("purpose.{name}.many") };
    view! {
        <section class="stack" id=format!("{name}s")>
            <h2>{live(move || words.get(&title))}</h2>
            <p class="small">{live(move || words.get(&format!("{name}s.about")))}</p>
            <ul class="places">{rows}</ul>
            <div class="row">
                <button class="button" id=format!("add-{name}") on:click=move |_| state.put_place(kind)>
                    {words.say("handovers.add")}
                </button>
            </div>
        </section>
    }
}

/// The scenario's own masts.
#[component]
pub(crate) fn Masts(state: State) -> impl IntoView {
    let words = state.words;
    let shown = Memo::new(move |_| {
        state.document.with(|document| document.as_ref().map(|d| d.masts.clone())).unwrap_or_default()
    });
    let one = move |now: Memo<(u32, MastView)>| {
        let number = now.get_untracked().0;
        let latest = latest(state, now);
        let change = move |change: &dyn Fn(&mut MastView)| {
            latest.update_value(|(_, mast)| change(mast));
            state.edit(Edit::Mast(Some(number), Some(latest.get_value().1)));
        };
        let name = Signal::derive(move || now.with(|now| now.1.name.clone()));
        let one = Row {
            name,
            place: Signal::derive(move || now.with(|now| now.1.place)),
            key: ["ring", "mast"],
            rename: Box::new(move |name| change(&|mast| mast.name.clone_from(&name))),
            put: Box::new(move |place| change(&|mast| mast.place = place)),
            pull: Box::new(move || state.tool.set(Some(Tool::Mast(Some(number), now.get_untracked().1)))),
            remove: Box::new(move || state.edit(Edit::Mast(Some(number), None))),
        };
        let figure = |class: &'static str,
                      key: &'static str,
                      range: [f64; 2],
                      read: fn(&MastView) -> Option<f64>,
                      write: fn(&mut MastView, Option<f64>)| {
            let label = labelled(words, key, name);
            let one = Field { class, label, is_number: true, range: Some(range).into(), ..Field::default() };
            let value = move || now.with(|now| read(&now.1).map_or_else(String::new, |number| number.to_string()));
            let field = field(state, one, Signal::derive(value), move |text| {
                change(&|mast| write(mast, text.parse().ok()));
                true
            });
            view! { <label class="row tight">{words.get(key)}{field}</label> }
        };
        let more = view! {
            <div class="row wrap small mast-more">
                {figure(
                    "number narrow mast-height",
                    "masts.height",
                    range::MAST_HEIGHT_M,
                    |mast| mast.height_m,
                    |mast, metres| mast.height_m = metres,
                )}
                {figure(
                    "number narrow",
                    "masts.sectors",
                    range::MAST_SECTORS,
                    |mast| mast.sectors.map(f64::from),
                    |mast, sectors| mast.sectors = sectors.map(|sectors| sectors as u32),
                )}
                <label class="row tight">
                    <input
                        type="checkbox"
                        prop:checked=holds(move || now.with(|now| now.1.existing))
                        on:change=move |event| change(&|mast| mast.existing = event_target_checked(&event))
                    />
                    {words.get("masts.existing")}
                </label>
            </div>
        };
        row(state, one, more.into_any())
    };
    let rows = rows(words, move || (0..).zip(shown.get()).collect(), |one| one.0.to_string(), one);
    view! {
        <section class="stack" id="masts">
            <h2>{words.say("purpose.mast.many")}</h2>
            <p class="small">{words.say("masts.about")}</p>
            <ul class="places">{rows}</ul>
            <div class="row">
                <button class="button" id="add-mast" on:click=move |_| state.put_mast()>{words.say("handovers.add")}</button>
            </div>
        </section>
    }
}
