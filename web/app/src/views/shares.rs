//! Who pays what: the shares by each key, trunk that serves somebody else, and what changes if one leaves or joins.

use leptos::prelude::*;

use breiband_wire::ProgrammeView;

use crate::state::State;
use crate::text::Words;

/// A row of a table: its name, how long its bar is, per cent, and its figures.
type Row = (String, Option<f64>, Vec<String>);

/// A table of figures; the head of the names is read out and not shown.
fn table(class: &'static str, head: String, heads: Vec<String>, rows: Vec<Row>) -> AnyView {
    let cells = |figures: Vec<String>| figures.into_iter().map(|figure| view! { <td>{figure}</td> }).collect_view();
    let row = |(name, bar, figures): Row| {
        let bar = bar.map(|bar| view! { <i class="share-bar" style:width=format!("{bar:.1}%")></i> });
        view! { <tr><th scope="row">{name}{bar}</th>{cells(figures)}</tr> }
    };
    view! {
        <table class=class>
            <thead><tr><th scope="col"><span class="hidden-text">{head}</span></th>{cells(heads)}</tr></thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// The place of the year on screen among the programme's, and its name; none, and what all are called, for all of them.
fn on_screen(state: State, years: &[u16]) -> (Option<usize>, String) {
    let at = state.year.get().and_then(|year| years.iter().position(|one| *one == year));
    (at, at.map_or_else(|| state.words.get("council.together"), |at| years[at].to_string()))
}

/// A member's figures of a year, or of all of them.
fn of_member<T>(years: &[Vec<T>], year: Option<usize>, member: usize) -> impl Iterator<Item = &T> {
    let meant = years.iter().enumerate().filter(move |(at, _)| year.is_none_or(|year| year == *at));
    meant.filter_map(move |(_, row)| row.get(member))
}

/// What each member pays, by the key that is chosen.
pub(super) fn shares(state: State, programme: &ProgrammeView) -> impl IntoView + use<> {
    let words = state.words;
    let chosen = state.sharing;
    let (keys, members, currency) = (programme.keys.clone(), programme.members.clone(), programme.currency.clone());
    let years: Vec<u16> = programme.years.iter().map(|one| one.year).collect();
    let names: Vec<String> = keys
        .iter()
        .map(|key| words.find(&format!("measure.{}", key.name)).unwrap_or_else(|| key.name.clone()))
        .collect();
    let rows = move || {
        let key = keys.get(chosen.get()).or(keys.first())?;
        let (year, when) = on_screen(state, &years);
        let all = |m: usize| of_member(&key.shares, None, m).sum::<f64>();
        let most = (0..members.len()).map(all).fold(1.0, f64::max);
        let rows = members.iter().enumerate().map(|(m, name)| {
            let figures = [&key.shares, &key.net].map(|rows| words.millions(of_member(rows, year, m).sum(), &currency));
            (name.clone(), Some(100.0 * all(m) / most), figures.into())
        });
        Some(view! {
            {table("table", words.get("name"), vec![when, words.get("council.net")], rows.collect())}
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
    }
}

/// What lies on each member's ground for others, what it uses on theirs, and what that comes to: in the year on
/// screen, or in all.
pub(super) fn ground(state: State, programme: &ProgrammeView) -> impl IntoView + use<> {
    let words = state.words;
    let (all, members, currency) = (programme.trunk.clone(), programme.members.clone(), programme.currency.clone());
    let years: Vec<u16> = programme.years.iter().map(|one| one.year).collect();
    let is_some = all.iter().flatten().flatten().any(|amount| *amount > 0.0);
    let told = move || {
        let (year, when) = on_screen(state, &years);
        let rows = members.iter().enumerate().map(|(m, name)| {
            let figures = of_member(&all, year, m);
            let [for_others, by_others] = figures.fold([0.0; 2], |sum, one| [sum[0] + one[0], sum[1] + one[1]]);
            let figures = [for_others, by_others, for_others - by_others];
            (name.clone(), None, figures.map(|amount| words.decimal(amount / 1e6, 2)).into())
        });
        let heads = ["years.trunk.ground", "years.trunk.uses", "council.owed"].map(|key| words.get(key));
        let unit = words.with("millions", &[("n", String::new()), ("currency", words.currency(&currency))]);
        view! {
            <h2>{words.get("years.trunk")}</h2>
            <p class="small">{when}", "{unit.trim().to_owned()}</p>
            {table("table close", words.get("name"), heads.into(), rows.collect())}
        }
    };
    is_some.then(|| {
        view! {
            <div id="trunk" class="small-gap">
                {told}
                <p class="small">{words.get("council.ground_text")}</p>
            </div>
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
        let others = members.iter().zip(&one.change).enumerate().filter(|(m, _)| *m != one.member as usize);
        let rows = others.map(|(_, (name, change))| {
            let sign = if *change > 0.0 { "+" } else { "" };
            (name.clone(), None, vec![format!("{sign}{}", words.money(*change, &currency))])
        });
        Some(view! {
            <p class="small small-gap">{text}</p>
            {table("table", words.get("name"), vec![words.get("what-if.more")], rows.collect())}
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
