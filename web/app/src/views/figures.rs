//! The plan's figures: what a person reads first.

use leptos::prelude::*;

use breiband_wire::SummaryView;

use crate::state::State;
use crate::text::{Words, whenever};

/// What the plan costs, always in sight: every edit is felt here.
#[component]
pub(crate) fn Headline(state: State) -> impl IntoView {
    let words = state.words;
    move || state.summary.get().map(|summary| headline(state, words, &summary))
}

fn headline(state: State, words: Words, summary: &SummaryView) -> impl IntoView + use<> {
    let currency = summary.currency.as_str();
    let first = summary.first;
    let line =
        words.with("summary.line", &[("n", words.count(summary.connected)), ("gap", words.per_cent(summary.gap))]);
    view! {
        <section
            id="summary"
            data-digest=summary.digest.clone()
            data-gap=summary.gap.to_string()
            data-first=first.to_string()
        >
            <div class="headline">
                <h2>{words.get("summary.cost")}</h2>
                <span class="figure" title=words.money(summary.cost, currency)>{words.millions(summary.cost, currency)}</span>
                <span class="small">{line}</span>
                {move || drawn_last(state).map(|text| view! { <span class="small" id="drawn-last">{text}</span> })}
            </div>
            {first.then(|| view! {
                <p class="first small">
                    {words.get("summary.first")}", "
                    <Show when=whenever(move || !state.busy.get()) fallback=words.say("summary.better")>
                        <button class="button tiny" id="search-on" on:click=move |_| state.plan()>
                            {words.say("summary.on")}
                        </button>
                    </Show>
                </p>
            })}
        </section>
    }
}

/// What became of the route that was drawn last: the plan may have no use for it.
fn drawn_last(state: State) -> Option<String> {
    let (at, name, purpose) = state.document.with(|document| {
        let document = document.as_ref()?;
        let last = document.named[0].first().filter(|last| last.key == "draw-finish")?;
        let at = document.routes.iter().rposition(|route| route.name == last.value)?;
        Some((at, last.value.clone(), document.routes[at].purpose))
    })?;
    super::drawn::used(state, at, purpose).map(|text| format!("{name}: {text}"))
}

#[component]
pub(crate) fn Figures(state: State) -> impl IntoView {
    let words = state.words;
    move || state.summary.get().map(|summary| figures(words, &summary))
}

/// A notice in the language in force: the sample's own is known, another's stands as its author wrote it.
pub(super) fn notice(words: Words, notice: &str) -> Option<String> {
    (!notice.is_empty()).then(|| breiband_messages::notice(words.0.get(), notice))
}

fn figures(words: Words, summary: &SummaryView) -> impl IntoView + use<> {
    let currency = summary.currency.as_str();
    let each = summary.cost / (summary.connected.max(1) as f64);
    let notice = notice(words, &summary.notice);
    let [low, middle, high] = summary.cost_range.map(|cost| words.millions(cost, currency));
    let range = (summary.cost_range[2] > 0.0)
        .then(|| words.with("plan.range", &[("low", low), ("middle", middle), ("high", high)]));
    let proof = words.with(
        "summary.proof",
        &[("gap", words.per_cent(summary.gap)), ("bound", words.money(summary.bound, currency))],
    );
    view! {
        <section id="figures">
            <dl class="figures">
                <div>
                    <dt>{words.get("summary.connected")}</dt>
                    <dd>{words.count(summary.connected)}</dd>
                </div>
                <div>
                    <dt>{words.get("summary.each")}</dt>
                    <dd>{words.money(each, currency)}</dd>
                </div>
                <div>
                    <dt>{words.get("summary.trench")}</dt>
                    <dd>{words.metres(summary.trench_metres)}</dd>
                </div>
                <div>
                    <dt>{words.get("summary.gap")}</dt>
                    <dd>{words.per_cent(summary.gap)}</dd>
                </div>
            </dl>
            <p class="proof">{proof}</p>
            {range.map(|range| view! { <p class="small lead" id="range">{range}</p> })}
            {notice.map(|notice| view! { <p class="small lead">{notice}</p> })}
        </section>
        {methods(words, summary)}
        {places(words, summary)}
        {statuses(words, summary)}
        {municipalities(words, summary)}
        {assumptions(words, summary)}
    }
}

/// A swatch in the colour of a custom property, as a class that the style sheet's generated part knows.
fn key(kind: &'static str, colour: String) -> impl IntoView {
    view! { <i class=format!("key {kind}") style:--key=format!("var(--{colour})")></i> }
}

/// Points of presence one by one, opened or not, and the cabinets together.
fn places(words: Words, summary: &SummaryView) -> impl IntoView + use<> {
    let row = |shape: &'static str, name: String, cost: f64, state: &str| {
        view! {
            <tr>
                <th scope="row">{key(shape, format!("map-{}", if shape == "square" { "cabinet" } else { "pop" }))}{name}</th>
                <td>{words.get(&format!("plan.place_{state}"))}</td>
                <td>{words.money(cost, &summary.currency)}</td>
            </tr>
        }
    };
    let candidates = summary.places.iter().filter(|one| !one.0);
    let mut rows: Vec<_> = candidates
        .map(|(_, name, cost, used)| row("diamond", name.clone(), *cost, if *used { "opened" } else { "unopened" }))
        .collect();
    for (used, state) in [(true, "built"), (false, "unreached")] {
        let all: Vec<f64> = summary.places.iter().filter(|one| one.0 && one.3 == used).map(|one| one.2).collect();
        if !all.is_empty() {
            let name = words.with("plan.cabinets", &[("count", words.count(all.len() as u64))]);
            rows.push(row("square", name, all.iter().sum(), state));
        }
    }
    (!rows.is_empty()).then(|| {
        view! {
            <section id="plan-places">
                <h2>{words.get("plan.places_title")}</h2>
                <table class="table"><tbody>{rows}</tbody></table>
                <p class="small">{words.get("plan.places_text")}</p>
            </section>
        }
    })
}

fn methods(words: Words, summary: &SummaryView) -> impl IntoView + use<> {
    let bar = summary.methods.iter().filter(|method| method.cost > 0.0).map(|method| {
        view! { <i style:flex-grow=format!("{:.0}", method.cost) style:background=format!("var(--method-{})", method.name)></i> }
    });
    let bar = bar.collect_view();
    let rows = summary.methods.iter().map(|method| {
        let much = if method.metres > 0.0 {
            words.metres(method.metres)
        } else {
            words.with("summary.places", &[("n", words.count(method.count))])
        };
        view! {
            <tr>
                <th scope="row">{key("", format!("method-{}", method.name))}{words.get(&format!("method.{}", method.name))}</th>
                <td>{much}</td>
                <td>{words.millions(method.cost, &summary.currency)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section>
            <h2>{words.get("summary.methods")}</h2>
            <div class="bar" aria-hidden="true">{bar}</div>
            <table class="table"><tbody>{rows}</tbody></table>
            <p class="small lead">{words.with("summary.book", &[("name", words.shipped(&summary.cost_book[0])), ("date", summary.cost_book[1].clone())])}</p>
        </section>
    }
}

fn statuses(words: Words, summary: &SummaryView) -> impl IntoView + use<> {
    let all = [
        ("connected", summary.connected),
        ("already_served", summary.already_served),
        ("excluded", summary.excluded),
        ("unreachable", summary.unreachable),
    ];
    let bar = all.map(|(name, count)| {
        (count > 0).then(
            || view! { <i style:flex-grow=count.to_string() style:background=format!("var(--status-{name})")></i> },
        )
    });
    let rows = all.map(|(name, count)| {
        view! {
            <tr>
                <th scope="row">{key("dot", format!("status-{name}"))}{words.get(&format!("status.{name}"))}</th>
                <td>{words.count(count)}</td>
            </tr>
        }
    });
    view! {
        <section>
            <h2>{words.with("summary.premises", &[("n", words.count(summary.premises))])}</h2>
            <div class="bar" aria-hidden="true">{bar.collect_view()}</div>
            <table class="table"><tbody>{rows.collect_view()}</tbody></table>
            {(!summary.coverage_known).then(|| view! { <p class="notice lead">{words.get("summary.nocoverage")}</p> })}
        </section>
    }
}

fn municipalities(words: Words, summary: &SummaryView) -> impl IntoView + use<> {
    let rows = summary.municipalities.iter().map(|one| {
        let name = if one.name.is_empty() { words.get("plan.elsewhere") } else { one.name.clone() };
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{words.count(one.connected)}</td>
                <td>{words.millions(one.cost, &summary.currency)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    (!summary.municipalities.is_empty()).then(|| {
        view! {
            <section>
                <h2>{words.get("layer.municipalities")}</h2>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col"><span class="hidden-text">{words.get("name")}</span></th>
                            <td>{words.get("status.connected")}</td>
                            <td>{words.get("summary.work")}</td>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
        }
    })
}

fn assumptions(words: Words, summary: &SummaryView) -> impl IntoView + use<> {
    let lines = summary.assumptions.iter().map(|assumption| {
        let text = words.find(&format!("assumption.{}", assumption.code)).map_or_else(
            || format!("{} {}", assumption.code.replace('-', " "), assumption.values.join(", ")),
            |text| {
                let values = assumption.values.iter().enumerate();
                let values: Vec<(String, String)> =
                    values.map(|(at, value)| (at.to_string(), words.shipped(value))).collect();
                breiband_messages::filled(&text, &values)
            },
        );
        view! { <li>{text}</li> }
    });
    let lines = lines.collect_view();
    view! {
        <section>
            <h2>{words.get("assumptions")}</h2>
            {if summary.assumptions.is_empty() {
                view! { <p class="small">{words.get("assumptions.none")}</p> }.into_any()
            } else {
                view! { <ul class="plain-list">{lines}</ul> }.into_any()
            }}
            <details>
                <summary>{words.get("summary.digest")}</summary>
                <div>
                    <p class="small">{words.get("summary.digest.about")}</p>
                    <p class="digest">{summary.digest.clone()}</p>
                </div>
            </details>
        </section>
    }
}
