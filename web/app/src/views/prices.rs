//! Prices, each with where it comes from.

use leptos::prelude::*;

use breiband_wire::{Edit, PriceView, range};

use super::rows::{Field, field, latest, number, own_source, rows};
use crate::state::State;

/// The threshold, and every price with where it comes from.
#[component]
pub(crate) fn Prices(state: State) -> impl IntoView {
    let words = state.words;
    let prices = Memo::new(move |_| {
        state
            .document
            .with(|document| document.as_ref().map(|d| (d.prices.clone(), d.currency.clone(), d.book[2].clone())))
            .unwrap_or_default()
    });
    let threshold = Memo::new(move |_| state.document.with(|document| document.as_ref().map_or(0.0, |d| d.threshold)));
    let source = move || {
        state.document.with(|document| {
            let [name, date, source] = document.as_ref().map(|document| document.book.clone()).unwrap_or_default();
            words.with(
                "prices.book",
                &[("name", words.shipped(&name)), ("date", date), ("source", words.shipped(&source))],
            )
        })
    };
    let threshold = {
        let label = Signal::derive(move || words.get("prices.threshold"));
        let one = Field { id: "threshold".to_owned(), class: "number", label, is_number: true, ..Field::default() };
        let value = Signal::derive(move || threshold.get().to_string());
        field(state, one, value, move |text| number(&text, |mbps| state.edit(Edit::Threshold(mbps))))
    };
    let price = move |price: Memo<PriceView>| {
        // What the book says of all its prices stands above them once.
        let book = move || prices.with(|(_, _, book)| book.clone());
        let source =
            move || Some(price.get()).filter(|one| one.noted.is_empty() && one.source != book()).map(|one| one.source);
        price_row(state, price, prices.with(|(_, currency, _)| currency.clone()), source)
    };
    let rows = rows(words, move || prices.get().0, |one| one.id.clone(), price);
    view! {
        <section id="prices">
                <div class="stack">
                    <label class="row">
                        <span class="grow">{words.say("prices.threshold")}</span>
                        {threshold}
                    </label>
                    <p class="small">{source}</p>
                    <ul class="prices">{rows}</ul>
                </div>
        </section>
    }
}

fn price_row(
    state: State,
    now: Memo<PriceView>,
    currency: String,
    source: impl Fn() -> Option<String> + Send + Sync + 'static,
) -> AnyView {
    let words = state.words;
    let PriceView { id, method, per_metre, each, book, .. } = now.get_untracked();
    let is_changed = Memo::new(move |_| now.with(|now| [now.per_metre, now.each] != now.book));
    let name = words.find(&format!("price.{id}")).unwrap_or_else(|| id.clone());
    let (named, latest) = (StoredValue::new(id.clone()), latest(state, now));
    // A cable across a fjord costs by the metre, and each of its landings besides.
    let fields = [("prices.metre", per_metre, book[0]), ("prices.each", each, book[1])].into_iter().enumerate();
    let shown = fields.filter(|(at, (_, now, book))| *now > 0.0 || *book > 0.0 || (*at == 0 && each == 0.0));
    let rows = shown.enumerate().map(|(row, (at, (unit, ..)))| {
        let unit = words.with(unit, &[("currency", words.currency(&currency))]);
        let of = move |price: &PriceView| [price.per_metre, price.each];
        let set = move |value: f64| {
            latest.update_value(|one| *(if at == 0 { &mut one.per_metre } else { &mut one.each }) = value);
            let (next, book) = latest.with_value(|one| (of(one), one.book));
            let [per_metre, each] = [0, 1].map(|at| (next[at] != book[at]).then_some(next[at]));
            state.edit(Edit::Price { id: named.get_value(), per_metre, each });
        };
        let one = Field {
            id: if row == 0 { format!("price-{id}") } else { format!("price-{id}-each") },
            class: "number",
            label: format!("{name}: {unit}").into(),
            is_number: true,
            range: Some(range::AMOUNT).into(),
            ..Field::default()
        };
        let value = Signal::derive(move || now.with(|now| of(now)[at].to_string()));
        view! {
            <label>
                <span class="name">
                    {(row == 0).then(|| view! {
                        <i class="key" style:--key=format!("var(--method-{method})")></i>
                        <span title=id.clone()>{name.clone()}</span>
                    })}
                </span>
                {field(state, one, value, move |text| number(&text, set))}
                <span class="small unit">{unit}</span>
            </label>
        }
    });
    let rows = rows.collect_view();
    let told = words.with("prices.source", &[("name", name)]);
    let own = move || {
        is_changed.get().then(|| {
            let noted = Signal::derive(move || now.with(|now| now.noted.clone()));
            let note = Callback::new(move |note| state.edit(Edit::PriceSource(named.get_value(), note)));
            let reset = move |()| state.edit(Edit::Price { id: named.get_value(), per_metre: None, each: None });
            own_source(state, told.clone(), "prices.reset", noted, note, Callback::new(reset))
        })
    };
    view! {
        <li class:changed=is_changed>
            {rows}
            {move || source().filter(|source| !source.is_empty()).map(|source| view! { <p class="small">{words.shipped(&source)}</p> })}
            {own}
        </li>
    }
    .into_any()
}
