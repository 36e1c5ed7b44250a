//! The route or area being drawn: a bar on the map, and in the panel what it comes to and where its waypoints lie.

use leptos::prelude::*;

use breiband_wire::{Draw, DrawingView, Purpose};

use super::places::typed;
use crate::preferences;
use crate::state::State;
use crate::text::{Words, holds, live, whenever};

/// The bar over the map: how the next leg runs, and how to end.
#[component]
pub(crate) fn DrawingBar(state: State) -> impl IntoView {
    let words = state.words;
    let active = Memo::new(move |_| state.drawing.with(Option::is_some));
    let read = move |what: fn(&DrawingView) -> bool| state.drawing.with(|drawing| drawing.as_ref().is_some_and(what));
    let hint = move || {
        let (is_area, is_empty) =
            (read(|drawing| drawing.purpose.is_area()), read(|drawing| drawing.points.is_empty()));
        if read(|drawing| drawing.purpose == Purpose::Border) {
            return words.get("drawing.border.hint");
        }
        words.get(match (is_area, is_empty) {
            (false, true) => "drawing.first",
            (false, false) => "drawing.hint",
            (true, true) => "drawing.area.first",
            (true, false) => "drawing.area.hint",
        })
    };
    view! {
        <Show when=whenever(move || active.get())>
            <div class="card drawing-bar" role="toolbar" aria-label=words.say("drawing")>
                <Show when=whenever(move || !read(|drawing| drawing.purpose == Purpose::Forbidden || drawing.purpose.is_area()))>
                    <div class="segments" role="group" aria-label=words.say("drawing.leg")>
                        <button
                            class="button"
                            id="leg-road"
                            title=words.say("drawing.key")
                            aria-pressed=live(move || (!read(|drawing| drawing.free)).to_string())
                            on:click=move |_| state.draw(Draw::Mode(false))
                        >
                            {words.say("drawing.road")}
                        </button>
                        <button
                            class="button"
                            id="leg-free"
                            title=words.say("drawing.key")
                            aria-pressed=live(move || read(|drawing| drawing.free).to_string())
                            on:click=move |_| state.draw(Draw::Mode(true))
                        >
                            {words.say("drawing.free")}
                        </button>
                    </div>
                </Show>
                <p class="small hint">{hint}</p>
                <button
                    class="button primary"
                    id="draw-finish"
                    title="Enter"
                    disabled=holds(move || read(|drawing| drawing.points.len() < drawing.purpose.least_points()))
                    on:click=move |_| state.finish_drawing()
                >
                    {words.say("drawing.finish")}
                </button>
                <button class="button" id="draw-cancel" title="Esc" on:click=move |_| state.draw(Draw::Cancel)>
                    {words.say("drawing.cancel")}
                </button>
            </div>
        </Show>
    }
}

/// What the route would cost or the area covers, and its waypoints.
#[component]
pub(crate) fn DrawingFigures(state: State) -> impl IntoView {
    let words = state.words;
    let (editing, text) = (RwSignal::new(None::<u32>), RwSignal::new(String::new()));
    let is_border =
        move || state.drawing.with(|drawing| drawing.as_ref().is_some_and(|one| one.purpose == Purpose::Border));
    view! {
        <section id="drawing" aria-live="off">
            {move || state.drawing.get().map(|drawing| match drawing.purpose.is_area() {
                true => area_figures(words, &drawing).into_any(),
                false => figures(words, &drawing).into_any(),
            })}
            <label class="stack tight small-gap" hidden=is_border>
                <span class="small">{words.say("name")}</span>
                <input
                    type="text"
                    id="drawing-name"
                    placeholder=move || state.drawing.with(|drawing| drawing.as_ref().map(|one| one.name.clone()))
                    prop:value=live(move || state.drawing_name.get())
                    on:input=move |event| state.drawing_name.set(event_target_value(&event))
                />
            </label>
            <Waypoints state editing text/>
            <Typed state editing text/>
        </section>
    }
}

fn figures(words: Words, drawing: &DrawingView) -> impl IntoView + use<> {
    let currency = drawing.currency.clone();
    let each = (drawing.premises[0] > 0).then(|| drawing.cost / drawing.premises[0] as f64);
    let rows = drawing.grounds.iter().map(|(ground, metres, cost)| {
        view! {
            <tr>
                <th scope="row">{words.get(&format!("ground.{ground}"))}</th>
                <td>{words.metres(*metres)}</td>
                <td>{words.millions(*cost, &currency)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let crossings = (drawing.crossings > 0.0).then(|| {
        view! {
            <tr>
                <th scope="row">{words.get("drawing.crossings")}</th>
                <td></td>
                <td>{words.millions(drawing.crossings, &currency)}</td>
            </tr>
        }
    });
    view! {
        <div class="headline">
            <h2>{words.get(&format!("drawing.cost.{}", drawing.purpose.name()))}</h2>
            <span class="figure" data-cost=drawing.cost.to_string()>{words.millions(drawing.cost, &currency)}</span>
        </div>
        <dl class="figures">
            <div><dt>{words.get("drawing.added")}</dt><dd>{words.millions(drawing.added, &currency)}</dd></div>
            <div><dt>{words.get("drawing.length")}</dt><dd>{words.metres(drawing.metres)}</dd></div>
            <div>
                <dt>{words.with("drawing.passed", &[("m", words.metres(drawing.reach[0]))])}</dt>
                <dd>{words.count(drawing.premises[0])}</dd>
            </div>
            <div>
                <dt>{words.with("drawing.within", &[("m", words.metres(drawing.reach[1]))])}</dt>
                <dd>{words.count(drawing.premises[1])}</dd>
            </div>
            <div>
                <dt>{words.get("drawing.each")}</dt>
                <dd>{each.map_or_else(|| "–".to_owned(), |each| words.money(each, &currency))}</dd>
            </div>
        </dl>
        {problems(words, drawing)}
        <table class="table"><tbody>{rows}{crossings}</tbody></table>
        <p class="small lead">{words.get("drawing.about")}</p>
    }
}

/// What stands in the way, or is taken otherwise than it may be meant.
fn problems(words: Words, drawing: &DrawingView) -> impl IntoView + use<> {
    let told = drawing.problems.iter().map(|[code, value]| {
        let text = words.with(&format!("drawing.problem.{code}"), &[("name", value.clone())]);
        view! { <p class="failure small-gap">{text}</p> }
    });
    told.collect_view()
}

/// What an area covers.
fn area_figures(words: Words, drawing: &DrawingView) -> impl IntoView + use<> {
    let title = match drawing.purpose {
        Purpose::Border => drawing.name.clone(),
        other => words.get(&format!("purpose.{}", other.name())),
    };
    view! {
        <div class="headline">
            <h2>{title}</h2>
            <span class="figure">{words.area(drawing.square_metres)}</span>
        </div>
        <dl class="figures">
            <div><dt>{words.get("drawing.inside")}</dt><dd>{words.count(drawing.premises[0])}</dd></div>
            <div><dt>{words.get("drawing.inside.planned")}</dt><dd>{words.count(drawing.premises[1])}</dd></div>
            <div><dt>{words.get("drawing.around")}</dt><dd>{words.metres(drawing.metres)}</dd></div>
        </dl>
        {problems(words, drawing)}
        <p class="small lead">{words.get(&format!("purpose.{}.about", drawing.purpose.name()))}</p>
    }
}

/// The waypoints in their order: moved up, taken away, and how each leg runs.
#[component]
fn Waypoints(state: State, editing: RwSignal<Option<u32>>, text: RwSignal<String>) -> impl IntoView {
    let words = state.words;
    let shown = Memo::new(move |_| {
        state.drawing.with(|drawing| {
            let fixed = |d: &DrawingView| d.purpose == Purpose::Forbidden || d.purpose.is_area();
            drawing.as_ref().map(|d| (d.points.clone(), d.legs.clone(), fixed(d), d.purpose == Purpose::Border))
        })
    });
    let rows = move || {
        let (points, legs, fixed, fixed_order) = shown.get().unwrap_or_default();
        let rows = points.into_iter().enumerate().map(|(at, [lon, lat])| {
            let number = at as u32;
            let leg = legs.get(at).copied().filter(|_| !fixed);
            let named = move |key: &str| words.with(key, &[("n", (at + 1).to_string())]);
            view! {
                <li>
                    <span class="pill">{at + 1}</span>
                    <button
                        class="link place"
                        title=named("waypoint.change")
                        aria-label=format!("{}: {lon:.5}, {lat:.5}", named("waypoint.change"))
                        on:click=move |_| {
                            editing.set(Some(number));
                            text.set(format!("{lon:.7}, {lat:.7}"));
                            preferences::focus("waypoint");
                        }
                    >
                        {format!("{lon:.5}, {lat:.5}")}
                    </button>
                    {leg.map(|free| {
                        let runs = words.get(if free { "drawing.free" } else { "drawing.road" });
                        view! {
                            <button
                                class="button plain tiny"
                                title=named("waypoint.leg")
                                aria-label=format!("{}: {runs}", named("waypoint.leg"))
                                on:click=move |_| state.draw(Draw::Leg(number, !free))
                            >
                                {runs.clone()}
                            </button>
                        }
                    })}
                    {(at > 0 && !fixed_order).then(|| view! {
                        <button
                            class="button plain tiny"
                            id=format!("waypoint-up-{at}")
                            title=named("waypoint.up")
                            aria-label=named("waypoint.up")
                            on:click=move |_| {
                                state.draw(Draw::Reorder(number, number - 1));
                                // The focus goes with the waypoint, so that it can be pressed again.
                                preferences::focus(&format!("waypoint-up-{}", at - 1));
                            }
                        >
                            "↑"
                        </button>
                    })}
                    <button
                        class="button plain tiny"
                        title=named("waypoint.remove")
                        aria-label=named("waypoint.remove")
                        on:click=move |_| state.draw(Draw::Remove(number))
                    >
                        "×"
                    </button>
                </li>
            }
        });
        rows.collect_view()
    };
    view! { <ol class="waypoints">{rows}</ol> }
}

/// A waypoint by its coordinates: a new one, or the one that is being changed.
#[component]
fn Typed(state: State, editing: RwSignal<Option<u32>>, text: RwSignal<String>) -> impl IntoView {
    let words = state.words;
    let wrong = RwSignal::new(false);
    let add = move || match typed(state, &text.get_untracked()) {
        Some(place) => {
            wrong.set(false);
            text.set(String::new());
            state.draw(match editing.get_untracked() {
                Some(at) => Draw::Move { at, place, reach_m: 0.0, done: true },
                None => Draw::Add { place, at: None, reach_m: 0.0 },
            });
            editing.set(None);
        }
        None => wrong.set(true),
    };
    view! {
        <form
            class="row typed"
            on:submit=move |event| {
                event.prevent_default();
                add();
            }
        >
            <label class="grow">
                <span class="hidden-text">{words.say("waypoint.typed")}</span>
                <input
                    type="text"
                    id="waypoint"
                    placeholder=words.say("waypoint.typed")
                    title=words.say("waypoint.typed")
                    aria-invalid=live(move || wrong.get().to_string())
                    prop:value=live(move || text.get())
                    on:input=move |event| text.set(event_target_value(&event))
                />
            </label>
            <button class="button" type="submit">
                {live(move || words.get(if editing.get().is_some() { "waypoint.move" } else { "waypoint.add" }))}
            </button>
        </form>
        <Show when=whenever(move || wrong.get())>
            <p class="failure small-gap">{words.say("waypoint.wrong")}</p>
        </Show>
    }
}
