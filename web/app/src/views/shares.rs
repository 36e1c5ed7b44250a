//! Who pays what: shares, net amounts and trunk that serves others, and what if one leaves or joins.

use breiband_wire::ProgrammeView;
use leptos::prelude::*;

use crate::state::State;
use crate::text::Words;

/// What each member pays, by the key that is chosen.
pub(super) fn shares(state: State, programme: &ProgrammeView) -> impl IntoView + use<> {
    let words = state.words;
    let chosen = state.sharing;
    let (keys, members, currency) = (programme.keys.clone(), programme.members.clone(), programme.currency.clone());
    let owed = owed(words, programme);
    let years: Vec<u16> = programme.years.iter().map(|one| one.year).collect();
    let names: Vec<String> = keys
        .iter()
        .map(|key| words.find(&format!("measure.{}", key.name)).unwrap_or_else(|| key.name.clone()))
        .collect();
    let rows = move || {
        let key = keys.get(chosen.get()).or(keys.first())?;
        let this_year = state.year.get().and_then(|year| years.iter().position(|one| *one == year));
        let most = (0..members.len()).map(|m| key.shares.iter().filter_map(|row| row.get(m)).sum::<f64>());
        let most = most.fold(1.0, f64::max);
        let rows = members.iter().enumerate().map(|(m, name)| {
            let of = |rows: &[Vec<f64>]| match this_year {
                Some(at) => rows.get(at).and_then(|row| row.get(m)).copied().unwrap_or_default(),
                None => rows.iter().filter_map(|row| row.get(m)).sum(),
            };
            let all: f64 = key.shares.iter().filter_map(|row| row.get(m)).sum();
            let cells = [of(&key.shares), of(&key.net)].map(|one| view! { <td>{words.millions(one, &currency)}</td> });
            view! {
                <tr>
                    <th scope="row">{name.clone()}<i class="share-bar" style:width=format!("{:.1}%", 100.0 * all / most)></i></th>
                    {cells.collect_view()}
                </tr>
            }
        });
        let rows = rows.collect_view();
        let when = this_year.map_or_else(|| words.get("council.together"), |at| years[at].to_string());
        Some(view! {
            <table class="table">
                <thead><tr><th scope="col"><span class="hidden-text">{words.get("name")}</span></th><td>{when}</td><td>{words.get("council.net")}</td></tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="small small-gap">{words.get("council.net_text")}</p>
        })
    };
    view! {
        <h2>{words.get("years.shares")}</h2>
        <label>
            <span class="hidden-text">{words.get("years.key")}</span>
            <select
                id="sharing-key"
                class="full"
                on:change=move |event| chosen.set(event_target_value(&event).parse().unwrap_or(0))
            >
                {names
                    .into_iter()
                    .enumerate()
                    .map(|(at, name)| view! { <option value=at selected=chosen.get_untracked() == at>{name}</option> })
                    .collect_view()}
            </select>
        </label>
        {rows}
        {owed}
    }
}

/// What the others owe each for trunk on its ground.
fn owed(words: Words, programme: &ProgrammeView) -> Option<impl IntoView + use<>> {
    let rows = programme.members.iter().zip(&programme.owed).map(|(name, owed)| {
        view! { <tr><th scope="row">{name.clone()}</th><td>{words.millions(*owed, &programme.currency)}</td></tr> }
    });
    programme.owed.iter().any(|one| *one != 0.0).then(|| {
        view! {
            <table class="table small-gap" id="owed">
                <thead><tr><th scope="col"><span class="hidden-text">{words.get("name")}</span></th><td>{words.get("council.owed")}</td></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
            <p class="small small-gap">{words.get("council.ground_text")}</p>
        }
    })
}

/// What the others pay if one leaves, or joins that is no member in every year.
pub(super) fn what_if(words: Words, programme: &ProgrammeView) -> Option<impl IntoView + use<>> {
    let (all, members, currency) = (programme.what_if.clone(), programme.members.clone(), programme.currency.clone());
    let chosen = RwSignal::new(None::<usize>);
    let key = programme.keys.first().map(|key| key.name.clone()).unwrap_or_default();
    let key = words.find(&format!("measure.{key}")).unwrap_or(key);
    let options = all.iter().enumerate().map(|(at, one)| {
        let name = members.get(one.member as usize).cloned().unwrap_or_default();
        let text = words.with(if one.joins { "what-if.joins" } else { "what-if.leaves" }, &[("name", name)]);
        view! { <option value=at>{text}</option> }
    });
    let options = options.collect_view();
    let is_empty = all.is_empty();
    let told = move || {
        let one = all.get(chosen.get()?)?;
        let amount = words.money(one.amount, &currency);
        let text = words.with(if one.joins { "what-if.pays" } else { "what-if.avoided" }, &[("amount", amount)]);
        let rows = members.iter().zip(&one.change).enumerate().filter(|(m, _)| *m != one.member as usize);
        let rows = rows.map(|(_, (name, change))| {
            let sign = if *change > 0.0 { "+" } else { "" };
            view! { <tr><th scope="row">{name.clone()}</th><td>{sign}{words.money(*change, &currency)}</td></tr> }
        });
        Some(view! {
            <p class="small small-gap">{text}</p>
            <table class="table">
                <thead><tr><th scope="col"><span class="hidden-text">{words.get("name")}</span></th><td>{words.get("what-if.more")}</td></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        })
    };
    (!is_empty).then(|| {
        view! {
            <div class="small-gap" id="what-if">
                <label class="stack tight">
                    <span class="small">{words.with("what-if.key", &[("name", key)])}</span>
                    <select
                        id="what-if-one"
                        class="full"
                        on:change=move |event| chosen.set(event_target_value(&event).parse().ok())
                    >
                        <option value="">{words.get("what-if")}</option>
                        {options}
                    </select>
                </label>
                <div aria-live="polite">{told}</div>
            </div>
        }
    })
}
