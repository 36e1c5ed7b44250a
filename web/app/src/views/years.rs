//! The programme: what is built when, who pays, and the curves; and the slider over the map that plays the years.

use std::time::Duration;

use leptos::prelude::*;

use breiband_wire::{Edit, ProgrammeView, YearView};

use super::chart::Frame;
use super::rows::{Field, field, number, rows};
use super::shares::{ground, shares, what_if};
use crate::state::State;
use crate::text::{Words, holds, live, whenever};
use crate::views::keys::Keys;

/// A programme is begun with so many years.
const FIRST_YEARS: u16 = 5;
/// How long a year stays on screen while the build-out plays.
const BEAT: Duration = Duration::from_millis(1100);

/// The year's number among the curves' points: 0 is today, the last one the end of the last year.
fn position(programme: &ProgrammeView, year: Option<u16>) -> usize {
    let last = programme.years.len();
    year.map_or(last, |year| programme.years.iter().filter(|one| one.year <= year).count().min(last))
}

/// The slider over the map, with the state of things at the end of its year.
#[component]
pub(crate) fn Timeline(state: State) -> impl IntoView {
    let words = state.words;
    let shown = Memo::new(move |_| state.programme.get().filter(|programme| !programme.years.is_empty()));
    let steps = move || shown.with(|programme| programme.as_ref().map_or(0, |one| one.years.len()));
    let at = move || shown.with(|programme| programme.as_ref().map_or(0, |one| position(one, state.year.get())));
    let go = move |to: usize| {
        let year = shown.with_untracked(|programme| {
            let years = &programme.as_ref()?.years;
            let first = years.first()?.year;
            // After the last year comes the whole plan, whether it is paid for or not.
            (to <= years.len()).then(|| first - 1 + to as u16)
        });
        state.year.set(year);
    };
    let value = move || if state.year.get().is_none() { steps() + 1 } else { at() };
    let play = move || {
        if state.playing.get_untracked() {
            return state.playing.set(false);
        }
        state.playing.set(true);
        if untrack(value) > untrack(steps) {
            go(0);
        }
        beat(state, move || untrack(value), go, untrack(steps));
    };
    let said = move || {
        shown.with(|programme| {
            let programme = programme.as_ref()?;
            let network = state.summary.with(|summary| summary.as_ref().map_or(0.0, |summary| summary.cost));
            Some(sentence(words, programme, state.year.get(), network))
        })
    };
    view! {
        <Show when=whenever(move || shown.with(Option::is_some) && state.drawing.with(Option::is_none))>
            <div class="card timeline" id="timeline">
                <button
                    class="button icon"
                    id="play"
                    aria-pressed=live(move || state.playing.get().to_string())
                    title=live(move || words.get(if state.playing.get() { "years.stop" } else { "years.play" }))
                    aria-label=live(move || words.get(if state.playing.get() { "years.stop" } else { "years.play" }))
                    on:click=move |_| play()
                >
                    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
                        {move || if state.playing.get() {
                            view! { <path d="M4 3h3v10H4zM9 3h3v10H9z" fill="currentColor"/> }
                        } else {
                            view! { <path d="M4 2.5v11l9-5.5z" fill="currentColor"/> }
                        }}
                    </svg>
                </button>
                <div class="timeline-body">
                    <p id="year-said" role="status">{move || said().map(|(title, text)| view! { <strong>{title}</strong>{text} })}</p>
                    <input
                        type="range"
                        id="year"
                        min="0"
                        max=live(move || (steps() + 1).to_string())
                        step="1"
                        aria-label=words.say("years.slider")
                        title=words.say("years.slider")
                        aria-valuetext=live(move || said().map(|(title, text)| format!("{title}: {text}")).unwrap_or_default())
                        prop:value=live(move || value().to_string())
                        on:input=move |event| {
                            state.playing.set(false);
                            go(event_target_value(&event).parse().unwrap_or(0));
                        }
                    />
                    <ol class="ticks" aria-hidden="true">
                        {move || {
                            shown.with(|programme| {
                                let years = programme.as_ref().map(|one| one.years.iter().map(|year| year.year.to_string()).collect::<Vec<_>>());
                                std::iter::once(words.get("council.today"))
                                    .chain(years.unwrap_or_default())
                                    .chain(std::iter::once(words.get("years.all.short")))
                                    .map(|text| view! { <li>{text}</li> })
                                    .collect_view()
                            })
                        }}
                    </ol>
                </div>
            </div>
        </Show>
    }
}

/// Goes on by a year after a while, to the whole plan.
fn beat(state: State, value: impl Fn() -> usize + Copy + 'static, go: impl Fn(usize) + Copy + 'static, steps: usize) {
    set_timeout(
        move || {
            if !state.playing.get_untracked() {
                return;
            }
            let next = value() + 1;
            go(next);
            if next > steps {
                state.playing.set(false);
            } else {
                beat(state, value, go, steps);
            }
        },
        BEAT,
    );
}

/// The state of things at the end of a year: a title, and one line. The network alone costs `network`.
fn sentence(words: Words, programme: &ProgrammeView, year: Option<u16>, network: f64) -> (String, String) {
    let at = position(programme, year);
    let done = &programme.years[..at];
    let connected: u64 = done.iter().map(|one| one.connected).sum();
    let spent: f64 = done.iter().map(|one| one.work + one.fixed).sum();
    let title = match year {
        None => words.get("years.all"),
        Some(_) if at == 0 => words.get("years.today"),
        Some(year) => words.with("years.end", &[("year", year.to_string())]),
    };
    if year.is_none() {
        let all = programme.curve.last().map_or(0, |last| last.1);
        // The years pay for more than the network: each lot is begun, and the project is run.
        let cost = programme.total + programme.years.iter().map(|one| one.fixed).sum::<f64>();
        let values = [("n", words.count(all)), ("cost", words.millions(cost, &programme.currency))];
        let more = if cost - network >= 1.0 { words.get("years.all.more") } else { String::new() };
        return (title, words.with("years.all.text", &values) + &more);
    }
    let fastest = programme.coverage.last();
    let share = fastest.and_then(|one| one.shares.get(at)).copied().unwrap_or_default();
    let values = [
        ("share", words.part(share)),
        ("speed", words.count(fastest.map_or(0, |one| one.mbps as u64))),
        ("n", words.count(connected)),
        ("cost", words.millions(spent, &programme.currency)),
    ];
    (title, words.with("years.text", &values))
}

/// The tab: curves, budgets, shares, milestones and orders.
#[component]
pub(crate) fn Years(state: State) -> impl IntoView {
    let words = state.words;
    let is_there = move || state.programme.with(|one| one.as_ref().is_some_and(|one| one.problem.is_empty()));
    let problem =
        move || state.programme.with(|one| one.as_ref().map(|one| words.value(&one.problem))).unwrap_or_default();
    view! {
        <Show when=whenever(move || !problem().is_empty())>
            <section><p class="failure"><strong>{words.say("years.problem")}</strong>{problem}</p></section>
        </Show>
        <Show when=whenever(move || state.programme.with(Option::is_none))>
            <section class="stack" id="no-programme">
                <h2>{words.say("years.none")}</h2>
                <p>{words.say("years.none.text")}</p>
                <button
                    class="button primary"
                    id="begin-programme"
                    disabled=holds(move || state.summary.with(Option::is_none))
                    on:click=move |_| state.edit(Edit::Programme(FIRST_YEARS))
                >
                    {live(move || words.with("years.begin", &[("n", FIRST_YEARS.to_string())]))}
                </button>
            </section>
        </Show>
        <Show when=is_there>
            {tab(state)}
        </Show>
    }
}

fn tab(state: State) -> impl IntoView {
    let drawn = move |draw: fn(State, &ProgrammeView) -> AnyView| {
        move || state.programme.get().map(|programme| draw(state, &programme))
    };
    view! {
        {drawn(|state, programme| coverage(state, programme).into_any())}
        <section id="budgets">
            {drawn(|state, programme| costs(state, programme).into_any())}
            {budgets(state)}
            {drawn(|state, programme| more_years(state, programme).into_any())}
        </section>
        <section id="shares">
            {drawn(|state, programme| shares(state, programme).into_any())}
            <Keys state/>
            {drawn(|state, programme| what_if(state.words, programme).into_any())}
            {drawn(|state, programme| ground(state, programme).into_any())}
        </section>
        {drawn(|state, programme| promises(state.words, programme).into_any())}
    }
}

/// Shares of households by speed over the years, drawn as curves.
fn coverage(state: State, programme: &ProgrammeView) -> impl IntoView + use<> {
    let words = state.words;
    let frame = Frame::new(150.0, 34.0);
    let years = programme.years.len();
    let along = move |at: usize| at as f64 / years.max(1) as f64;
    let lines = programme.coverage.iter().enumerate().map(|(number, one)| {
        frame
            .line(format!("curve-{}", number % 4), one.shares.iter().enumerate().map(|(at, share)| (along(at), *share)))
    });
    let lines = lines.collect_view();
    let grid = [0.0, 0.5, 1.0].map(|share| frame.level("grid", share, words.part(share)));
    let labels =
        std::iter::once(words.get("council.today")).chain(programme.years.iter().map(|one| one.year.to_string()));
    let labels = labels.enumerate().map(|(at, text)| frame.foot(along(at), "middle", text)).collect_view();
    let ends = programme.clone();
    let now = move || frame.x(along(position(&ends, state.year.get())));
    let drawn = view! {
        {grid}
        <line class="now" x1=now.clone() x2=now y1=frame.y(1.0) y2=frame.y(0.0)/>
        {lines}
        {labels}
    };
    let keys = programme.coverage.iter().enumerate().map(|(number, one)| {
        let first = one.shares.first().copied().unwrap_or_default();
        let last = one.shares.last().copied().unwrap_or_default();
        view! {
            <tr>
                <th scope="row"><i class="key" style:--key=format!("var(--curve-{})", number % 4)></i>{words.with("council.speed", &[("speed", words.count(one.mbps as u64))])}</th>
                <td>{words.part(first)}</td>
                <td>{words.part(last)}</td>
            </tr>
        }
    });
    let keys = keys.collect_view();
    view! {
        <section id="coverage">
            <h2>{words.get("years.coverage")}</h2>
            {frame.view("", words.get("years.coverage"), drawn)}
            <table class="table">
                <thead><tr><th scope="col"><span class="hidden-text">{words.get("years.speed")}</span></th><td>{words.get("council.today")}</td><td>{words.get("years.after")}</td></tr></thead>
                <tbody>{keys}</tbody>
            </table>
        </section>
    }
}

/// The curve of cost and premises.
fn costs(state: State, programme: &ProgrammeView) -> impl IntoView + use<> {
    let words = state.words;
    let currency = programme.currency.clone();
    let most = programme.curve.last().copied().unwrap_or_default();
    let frame = Frame::new(130.0, 34.0);
    let share = move |(cost, n): (f64, u64)| (cost / most.0.max(1.0), n as f64 / most.1.max(1) as f64);
    let line = frame.line("curve-2".to_owned(), programme.curve.iter().map(|place| share(*place)));
    let years = programme.years.clone();
    let now = move || {
        let done = years.iter().filter(|one| state.year.get().is_none_or(|year| one.year <= year));
        share(done.fold((0.0, 0), |(work, reached), one| (work + one.work, reached + one.passed)))
    };
    let (cx, cy) = (now.clone(), now);
    let drawn = view! {
        {frame.level("grid", 0.0, words.count(0))}
        {frame.level("grid", 1.0, words.count(most.1))}
        {frame.foot(1.0, "end", words.millions(most.0, &currency))}
        {frame.foot(0.0, "start", words.get("years.curve"))}
        {line}
        <circle class="point" cx=move || frame.x(cx().0) cy=move || frame.y(cy().1) r="5"/>
    };
    view! {
        <h2>{words.get("years.budgets")}</h2>
        {frame.view("", words.get("years.curve"), drawn)}
    }
}

/// What each year may cost and what it brings.
fn budgets(state: State) -> impl IntoView {
    let words = state.words;
    let of = move |read: fn(&ProgrammeView) -> f64| state.programme.with(|one| one.as_ref().map_or(0.0, read));
    let slide = Memo::new(move |_| {
        (of(|programme| programme.curve.last().map_or(0.0, |last| last.0)) / 2.0 / 100_000.0).ceil() * 100_000.0
    });
    let currency = Memo::new(move |_| state.programme.with(|one| one.as_ref().map(|one| one.currency.clone())));
    let row = move |now: Memo<YearView>| {
        let year = now.get_untracked().year;
        let budget = Signal::derive(move || now.get().budget.to_string());
        let set = move |amount: f64| state.edit(Edit::Budget(year, Some(amount)));
        let unit = words.currency(&currency.get_untracked().unwrap_or_default());
        let label = format!("{}, {unit}", words.with("years.budget.of", &[("year", year.to_string())]));
        let one = Field {
            id: format!("budget-{year}"),
            class: "number",
            label: label.clone().into(),
            is_number: true,
            ..Field::default()
        };
        let brings = move || {
            let one = now.get();
            words.with(
                "years.brings",
                &[
                    ("n", words.count(one.connected)),
                    ("length", words.metres(one.metres)),
                    ("cost", words.millions(one.work + one.fixed, &currency.get().unwrap_or_default())),
                ],
            )
        };
        view! {
            <li>
                <span class="year">{year}</span>
                <input
                    type="range"
                    min="0"
                    max=live(move || slide.get().max(now.get().budget).to_string())
                    step="100000"
                    aria-label=label.clone()
                    title=label
                    prop:value=budget
                    on:change=move |event| {
                        number(&event_target_value(&event), set);
                    }
                />
                {field(state, one, budget, move |text| number(&text, set))}
                <span class="small">{unit}</span>
                <span class="small brings">{brings}</span>
            </li>
        }
        .into_any()
    };
    let years = move || state.programme.with(|one| one.as_ref().map(|one| one.years.clone()).unwrap_or_default());
    view! { <ul class="budgets">{rows(words, years, |one| one.year.to_string(), row)}</ul> }
}

/// What no year pays for, and a year more or less.
fn more_years(state: State, programme: &ProgrammeView) -> impl IntoView + use<> {
    let words = state.words;
    let last = programme.years.last().map(|one| (one.year, one.budget));
    let unfunded = (programme.unfunded > 0.0)
        .then(|| words.with("years.unfunded", &[("cost", words.millions(programme.unfunded, &programme.currency))]));
    view! {
        {unfunded.map(|text| view! { <p class="notice small-gap">{text}</p> })}
        <div class="row wrap small-gap">
            {last.map(|(year, budget)| view! {
                <button class="button" id="more-years" on:click=move |_| state.edit(Edit::Budget(year + 1, Some(budget)))>
                    {words.with("years.more", &[("year", (year + 1).to_string())])}
                </button>
                <button class="button" id="fewer-years" on:click=move |_| state.edit(Edit::Budget(year, None))>
                    {words.with("years.fewer", &[("year", year.to_string())])}
                </button>
            })}
        </div>
    }
}

/// Milestones and orders: kept, missed, and when.
fn promises(words: Words, programme: &ProgrammeView) -> impl IntoView + use<> {
    let milestones = programme.milestones.iter().map(|one| {
        let [premises, reached] = one.premises;
        let kept = reached >= premises;
        let values = [("name", one.name.clone()), ("year", one.year.to_string()), ("n", words.count(premises)), ("reached", words.count(reached))];
        view! {
            <li>
                <span class="pill" class:error=!kept>{words.get(if kept { "years.kept" } else { "years.missed" })}</span>" "
                {words.with("years.milestone", &values)}
            </li>
        }
    });
    let milestones = milestones.collect_view();
    let orders = programme.orders.iter().map(|one| {
        let phase = if one.phase.is_empty() {
            "–".to_owned()
        } else {
            words.find(&format!("value.phase-{}", one.phase)).unwrap_or_else(|| one.phase.clone())
        };
        view! {
            <tr>
                <th scope="row">{one.id.clone()}</th>
                <td>{words.get(&format!("council.order_{}", one.status))}</td>
                <td>{phase}</td>
            </tr>
        }
    });
    let orders = orders.collect_view();
    let has = (!programme.milestones.is_empty(), !programme.orders.is_empty());
    (has.0 || has.1).then(|| {
        view! {
            <section id="promises">
                <h2>{words.get("years.promises")}</h2>
                <ul class="plain-list">{milestones}</ul>
                {has.1.then(|| view! {
                    <table class="table">
                        <thead><tr><th scope="col">{words.get("council.order")}</th><td>{words.get("council.status")}</td><td>{words.get("council.year")}</td></tr></thead>
                        <tbody>{orders}</tbody>
                    </table>
                })}
            </section>
        }
    })
}
