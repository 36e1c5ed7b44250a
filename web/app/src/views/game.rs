//! Whether building together is fair and pays: the game of all groups, worked out on request while the page goes on.

use leptos::prelude::*;

use breiband_wire::{Command, GameView, SharingView};

use super::together::millions;
use crate::state::State;
use crate::text::{Words, holds, live, whenever};

/// Names of a group that are written out; larger groups are counted.
const NAMED: usize = 4;

/// The section: how to begin, how far it is, or what came of it.
#[component]
pub(crate) fn Game(state: State) -> impl IntoView {
    let words = state.words;
    let playing = move || state.play.get();
    let members = move || state.together.with(|one| one.as_ref().map_or(0, |one| one.members));
    let groups = move || state.together.with(|one| one.as_ref().map_or(0, |one| one.groups));
    view! {
        <Show when=whenever(move || { members() > 1 })>
            <section id="game">
                <h2>{words.say("council.together_title")}</h2>
                <Show when=whenever(move || playing().is_none() && state.game.with(Option::is_none))>
                    <p>{live(move || words.with("together.game", &[("n", words.count(groups()))]))}</p>
                    <button
                        class="button primary small-gap"
                        id="play-game"
                        disabled=holds(move || state.busy.get())
                        on:click=move |_| state.ask(Command::Play(true))
                    >
                        {words.say("together.play")}
                    </button>
                </Show>
                <Show when=whenever(move || playing().is_some())>
                    <div class="progress" id="game-progress" role="status" aria-live="off">
                        <div class="row">
                            <span>{move || {
                                let (done, of) = playing().unwrap_or_default();
                                match of {
                                    0 => words.get("together.first"),
                                    of => words.with("together.playing", &[("n", words.count(done.into())), ("of", words.count(of.into()))]),
                                }
                            }}</span>
                            <button class="button" id="stop-game" on:click=move |_| state.ask(Command::Play(false))>
                                {words.say("cancel")}
                            </button>
                        </div>
                        {move || match playing() {
                            Some((done, of)) if of > 0 => view! { <progress max=of value=done aria-label=words.get("together.planning")></progress> }.into_any(),
                            _ => view! { <progress aria-label=words.get("together.planning")></progress> }.into_any(),
                        }}
                    </div>
                </Show>
                {move || state.game.get().map(|game| found(state, &game))}
            </section>
        </Show>
    }
}

fn currency(state: State) -> String {
    state.together.with_untracked(|one| one.as_ref().map(|one| one.currency.clone())).unwrap_or_default()
}

fn found(state: State, game: &GameView) -> impl IntoView + use<> {
    let words = state.words;
    let currency = currency(state);
    let saving = game.saving.map(|[least, most]| {
        let values = [
            ("least", words.millions(least, &currency)),
            ("most", words.millions(most, &currency)),
            ("joint", words.millions(game.joint, &currency)),
        ];
        view! { <p id="saving">{words.with("together.saving", &values)}</p> }
    });
    let first = game.first_year.as_ref().map(|first| {
        let [reached, found, most] = first.points.map(|points| words.count(points));
        let values = [
            ("year", first.year.to_string()),
            ("money", words.millions(first.money, &currency)),
            ("reached", reached),
            ("found", found),
            ("most", most),
        ];
        view! { <p class="small small-gap" id="first-year">{words.with("together.first_year", &values)}</p> }
    });
    let shown = RwSignal::new(0usize);
    let names: Vec<String> = game.sharings.iter().map(|one| name(words, &one.name)).collect();
    let options =
        names.into_iter().enumerate().map(|(at, name)| view! { <option value=at>{name}</option> }).collect_view();
    let (players, sharings) = (game.players.clone(), game.sharings.clone());
    let money = currency.clone();
    let judged = sharings.clone();
    let rows = move || {
        let sharing = sharings.get(shown.get())?;
        let rows = players.iter().zip(&sharing.shares).map(|(player, share)| {
            let alone = player.alone;
            let wronged = alone.is_some_and(|[_, most]| *share > most);
            let least = alone.map_or_else(|| words.get("council.impossible"), |[least, most]| span(words, least, most));
            let value = player.shapley.map_or_else(|| "–".to_owned(), |[least, most]| span(words, least, most));
            view! {
                <tr>
                    <th scope="row">{player.name.clone()}</th>
                    <td class:over=wronged>{millions(words, *share)}</td>
                    <td>{least}</td>
                    <td>{value}</td>
                </tr>
            }
        });
        Some(rows.collect_view())
    };
    let answer = move || judged.get(shown.get()).map(|sharing| verdict(words, sharing, &money));
    let head = ["together.pays", "together.alone", "council.shapley"].map(|key| view! { <td>{words.get(key)}</td> });
    let unit = words.with("together.table", &[("currency", words.currency(&currency))]);
    let all = words
        .with(if game.groups.1 { "together.groups" } else { "together.drawn" }, &[("n", words.count(game.groups.0))]);
    view! {
        {saving}
        <label class="stack small-gap">
            <span class="small">{words.get("council.by_key")}</span>
            <select id="game-key" class="full" on:change=move |event| shown.set(event_target_value(&event).parse().unwrap_or(0))>{options}</select>
        </label>
        <p class="verdict" id="verdict" role="status">{answer}</p>
        <p class="small">{unit}</p>
        <table class="table close">
            <thead><tr><th scope="col">{words.get("council.municipality")}</th>{head}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
        {first}
        <p class="small small-gap">{all}</p>
    }
}

/// Two bounds: one figure where they are the same to the eye.
fn span(words: Words, least: f64, most: f64) -> String {
    let (least, most) = (millions(words, least), millions(words, most));
    if least == most { least } else { words.with("together.span", &[("least", least), ("most", most)]) }
}

fn name(words: Words, sharing: &str) -> String {
    match sharing {
        "shapley" => words.get("council.shapley"),
        "least-core" => words.get("council.least_core"),
        key => words.find(&format!("measure.{key}")).unwrap_or_else(|| key.to_owned()),
    }
}

/// The answer to whether a group would rather build on its own.
fn verdict(words: Words, sharing: &SharingView, currency: &str) -> impl IntoView + use<> {
    let text = match (sharing.verdict.as_str(), &sharing.wronged) {
        ("holds", _) => words.get("together.holds"),
        ("fails", Some((group, more))) => {
            let names = match group.len() {
                ..=NAMED => group.join(", "),
                count => {
                    let values =
                        [("names", group[..NAMED - 1].join(", ")), ("count", words.count((count - NAMED + 1) as u64))];
                    words.with("council.and_more", &values)
                }
            };
            words.with("together.fails", &[("names", names), ("more", words.money(*more, currency))])
        }
        _ => words.with("together.open", &[("count", words.count(sharing.undecided))]),
    };
    let key = format!("council.core_{}", sharing.verdict);
    let pill = words.with(&key, &[("count", words.count(sharing.undecided))]);
    let failed = sharing.verdict == "fails";
    view! { <span class="pill" class:error=failed class:good=sharing.verdict == "holds">{pill}</span>" "{text} }
}
