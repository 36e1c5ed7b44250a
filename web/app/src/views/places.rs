//! The scenario's own handovers, points of presence, cabinets and masts: put on the map by a click or by their coordinates, moved, changed, taken away.

use leptos::prelude::*;

use breiband_wire::{Edit, MastView, PlaceKind, PlaceView};

use crate::state::{State, Tool};

/// Longitude and latitude as they are typed, degrees.
pub(super) fn typed(text: &str) -> Option<[f64; 2]> {
    let numbers: Vec<f64> = text.split([',', ';', ' ', '\t']).filter_map(|word| word.trim().parse().ok()).collect();
    match numbers.as_slice() {
        &[lon, lat] if (-180.0..=180.0).contains(&lon) && (-85.0..=85.0).contains(&lat) => Some([lon, lat]),
        _ => None,
    }
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
    name: String,
    place: [f64; 2],
    key: [&'static str; 2],
    rename: Box<dyn Fn(String)>,
    put: Box<dyn Fn([f64; 2])>,
    pull: Box<dyn Fn()>,
    remove: Box<dyn Fn()>,
}

/// A place by name and coordinates, both of which can be written anew.
fn row(state: State, row: Row, more: impl IntoView + 'static) -> impl IntoView {
    let words = state.words;
    let Row { name, place: [lon, lat], key: [shape, colour], rename, put, pull, remove } = row;
    let gone = words.with("route.remove", &[("name", name.clone())]);
    let wrong = RwSignal::new(false);
    let at = format!("{}: {name}", words.get("waypoint.typed"));
    let renamed = format!("{}: {name}", words.get("name"));
    view! {
        <li class="place-row">
            <div class="row tight">
                <i class=format!("key {shape}") style:--key=format!("var(--map-{colour})")></i>
                <input
                    type="text"
                    class="grow place-name"
                    aria-label=renamed
                    prop:value=name
                    on:change=move |event| rename(event_target_value(&event).trim().to_owned())
                />
                <button class="button plain tiny" on:click=move |_| pull()>{words.get("handovers.move")}</button>
                <button class="button plain tiny" title=gone.clone() aria-label=gone on:click=move |_| remove()>"×"</button>
            </div>
            <input
                type="text"
                class="full place-at"
                title=words.get("waypoint.typed")
                aria-label=at
                aria-invalid=move || wrong.get().to_string()
                prop:value=format!("{lon:.7}, {lat:.7}")
                on:change=move |event| match typed(&event_target_value(&event)) {
                    Some(place) => {
                        wrong.set(false);
                        put(place);
                    }
                    None => wrong.set(true),
                }
            />
            <Show when=move || wrong.get()>
                <p class="failure small-gap">{move || words.get("waypoint.wrong")}</p>
            </Show>
            {more}
        </li>
    }
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
    let rows = move || {
        let rows = shown.get().unwrap_or_default().into_iter().map(|(number, view)| {
            let known = StoredValue::new(view.clone());
            let change = move |change: &dyn Fn(&mut PlaceView)| {
                let mut view = known.get_value();
                change(&mut view);
                state.edit(Edit::Place(kind, Some(number), Some(view)));
            };
            let one = Row {
                name: view.name.clone(),
                place: view.place,
                key: [shape(kind), kind.name()],
                rename: Box::new(move |name| change(&|view| view.name.clone_from(&name))),
                put: Box::new(move |place| change(&|view| view.place = place)),
                pull: Box::new(move || state.tool.set(Some(Tool::Place(kind, Some(number), known.get_value())))),
                remove: Box::new(move || state.edit(Edit::Place(kind, Some(number), None))),
            };
            let more = (kind != PlaceKind::Handover).then(|| {
                let ((each, from), currency) = usual.get().unwrap_or_default();
                let cost = words.get(if kind == PlaceKind::Pop { "places.opening" } else { "places.price" });
                let (named, told) = (format!("{cost}: {}", view.name), format!("{}: {}", words.get("places.source"), view.name));
                // A cabinet without a price of its own costs what the cost book says, from where it says.
                let book = kind == PlaceKind::Cabinet && view.cost.is_none();
                view! {
                    <div class="row wrap small mast-more">
                        <label class="row tight">
                            {cost}
                            <input
                                type="number"
                                class="number place-cost"
                                min="0"
                                step="any"
                                aria-label=named
                                placeholder=each.to_string()
                                prop:value=view.cost.map_or_else(String::new, |cost| cost.to_string())
                                on:change=move |event| change(&|view| {
                                    let cost = event_target_value(&event).parse().ok();
                                    if cost.is_some() || kind == PlaceKind::Cabinet {
                                        view.cost = cost;
                                    }
                                })
                            />
                            {currency}
                        </label>
                        <input
                            type="text"
                            class="full place-source"
                            disabled=book
                            placeholder=if book { from } else { words.get("places.source") }
                            aria-label=told
                            prop:value=view.source.clone()
                            on:change=move |event| change(&|view| view.source = event_target_value(&event).trim().to_owned())
                        />
                    </div>
                }
            });
            row(state, one, more)
        });
        rows.collect_view()
    };
    let name = kind.name();
    let title = if kind == PlaceKind::Handover { "layer.handovers".to_owned() } else { format!("purpose.{name}.many") };
    view! {
        <section class="stack" id=format!("{name}s")>
            <h2>{move || words.get(&title)}</h2>
            <p class="small">{move || words.get(&format!("{name}s.about"))}</p>
            <ul class="places">{rows}</ul>
            <div class="row">
                <button class="button" id=format!("add-{name}") on:click=move |_| state.put_place(kind)>
                    {move || words.get("handovers.add")}
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
    let rows = move || {
        let rows = (0_u32..).zip(shown.get()).map(|(number, mast)| {
            let known = StoredValue::new(mast.clone());
            let change = move |change: &dyn Fn(&mut MastView)| {
                let mut mast = known.get_value();
                change(&mut mast);
                state.edit(Edit::Mast(Some(number), Some(mast)));
            };
            let one = Row {
                name: mast.name.clone(),
                place: mast.place,
                key: ["ring", "mast"],
                rename: Box::new(move |name| change(&|mast| mast.name.clone_from(&name))),
                put: Box::new(move |place| change(&|mast| mast.place = place)),
                pull: Box::new(move || state.tool.set(Some(Tool::Mast(Some(number), known.get_value())))),
                remove: Box::new(move || state.edit(Edit::Mast(Some(number), None))),
            };
            let label = |key: &str| format!("{}: {}", words.get(key), mast.name);
            let (height, sectors) = (label("masts.height"), label("masts.sectors"));
            let more = view! {
                <div class="row wrap small mast-more">
                    <label class="row tight">
                        {words.get("masts.height")}
                        <input
                            type="number"
                            class="number narrow mast-height"
                            min="0"
                            max="500"
                            step="any"
                            aria-label=height
                            prop:value=mast.height_m.map_or_else(String::new, |metres| metres.to_string())
                            on:change=move |event| change(&|mast| mast.height_m = event_target_value(&event).parse().ok())
                        />
                    </label>
                    <label class="row tight">
                        {words.get("masts.sectors")}
                        <input
                            type="number"
                            class="number narrow"
                            min="1"
                            max="36"
                            aria-label=sectors
                            prop:value=mast.sectors.map_or_else(String::new, |sectors| sectors.to_string())
                            on:change=move |event| change(&|mast| mast.sectors = event_target_value(&event).parse().ok())
                        />
                    </label>
                    <label class="row tight">
                        <input
                            type="checkbox"
                            prop:checked=mast.existing
                            on:change=move |event| change(&|mast| mast.existing = event_target_checked(&event))
                        />
                        {words.get("masts.existing")}
                    </label>
                </div>
            };
            row(state, one, more)
        });
        rows.collect_view()
    };
    view! {
        <section class="stack" id="masts">
            <h2>{move || words.get("purpose.mast.many")}</h2>
            <p class="small">{move || words.get("masts.about")}</p>
            <ul class="places">{rows}</ul>
            <div class="row">
                <button class="button" id="add-mast" on:click=move |_| state.put_mast()>{move || words.get("handovers.add")}</button>
            </div>
        </section>
    }
}
