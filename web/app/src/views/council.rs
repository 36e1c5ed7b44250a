//! The council view: few words, large figures, nothing to edit.

use leptos::prelude::*;

use breiband_wire::{Export, SummaryView};

use super::figures::notice;
use crate::state::State;

/// The method that stands for running what is built: no year's budget pays for it.
const RUNNING: &str = "running";

/// What a method costs in the plan.
fn cost_of(summary: &SummaryView, method: &str) -> f64 {
    summary.methods.iter().filter(|one| one.name == method).map(|one| one.cost).sum()
}

/// What a council reads beside the map: what it brings, what it costs, when, and who pays.
#[component]
pub(crate) fn Council(state: State) -> impl IntoView {
    let words = state.words;
    let plan = move || {
        state.summary.get().map(|summary| {
            let each = summary.cost / (summary.connected.max(1) as f64);
            let running = cost_of(&summary, RUNNING);
            let parts = (running > 0.0).then(|| {
                let equipment = cost_of(&summary, "equipment");
                let parts =
                    [("building", summary.cost - equipment - running), ("equipment", equipment), ("running", running)];
                let parts = parts.into_iter().filter(|(_, amount)| *amount > 0.0).map(|(name, amount)| {
                    let amount = words.millions(amount, &summary.currency);
                    words.with(&format!("council.parts.{name}"), &[("amount", amount)])
                });
                words.with("council.parts", &[("parts", parts.collect::<Vec<_>>().join(", "))])
            });
            view! {
                <dl class="figures">
                    <div><dt>{words.get("summary.connected")}</dt><dd>{words.count(summary.connected)}</dd></div>
                    <div><dt>{words.get("summary.each")}</dt><dd>{words.money(each, &summary.currency)}</dd></div>
                </dl>
                {parts.map(|parts| view! { <p class="small" id="council-parts">{parts}</p> })}
            }
        })
    };
    let years = move || {
        let programme = state.programme.get().filter(|one| !one.years.is_empty())?;
        let fastest = programme.coverage.last()?.clone();
        let speed = words.count(fastest.mbps as u64);
        let rows = programme.years.iter().enumerate().map(|(at, one)| {
            let share = fastest.shares.get(at + 1).copied().unwrap_or_default();
            let year = one.year;
            view! {
                <tr class:current=move || state.year.get() == Some(year)>
                    <th scope="row">{year}</th>
                    <td class="cover">
                        <i class="cover-bar" style:--share=share.to_string()></i>
                        <span>{words.part(share)}</span>
                    </td>
                    <td>{words.millions(one.work + one.fixed, &programme.currency)}</td>
                </tr>
            }
        });
        let rows = rows.collect_view();
        let fixed: f64 = programme.years.iter().map(|one| one.fixed).sum();
        let network = state
            .summary
            .with(|summary| summary.as_ref().map_or(0.0, |summary| summary.cost - cost_of(summary, RUNNING)));
        // The years pay for more than the network is to build: each lot is begun, and the project is run.
        let beside = programme.total + fixed - network;
        let sum = (beside >= 1.0).then(|| {
            let [all, beside, later] = [programme.total + fixed, beside, programme.unfunded]
                .map(|amount| words.millions(amount, &programme.currency));
            let later = (programme.unfunded > 0.0).then(|| words.with("council.later", &[("amount", later)]));
            view! {
                <p class="small" id="council-sum">{words.with("council.sum", &[("all", all), ("beside", beside)])}" "{later}</p>
            }
        });
        let today = fastest.shares.first().copied().unwrap_or_default();
        let title = words.with("council.have", &[("speed", speed)]);
        let key = programme.keys.first();
        let name = key.map(|key| words.find(&format!("measure.{}", key.name)).unwrap_or_else(|| key.name.clone()));
        let pays = key.map(|key| {
            let rows = programme.members.iter().enumerate().map(|(m, name)| {
                let all: f64 = key.shares.iter().filter_map(|row| row.get(m)).sum();
                view! { <tr><th scope="row">{name.clone()}</th><td>{words.millions(all, &programme.currency)}</td></tr> }
            });
            let rows = rows.collect_view();
            view! {
                <h2>{words.with("council.pays", &[("key", name.unwrap_or_default())])}</h2>
                <table class="table"><tbody>{rows}</tbody></table>
            }
        });
        Some(view! {
            <h2>{title}</h2>
            <table class="table council-years">
                <thead>
                    <tr><th scope="col">{words.get("council.today")}</th><td class="cover"><i class="cover-bar" style:--share=today.to_string()></i><span>{words.part(today)}</span></td><td>{words.get("years.spent")}</td></tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            {sum}
            {pays}
        })
    };
    let give = move |_| {
        let language = words.0.get_untracked().code().to_owned();
        state.export(Export::Page { language, public: true }, false);
    };
    view! {
        <section id="council-words">
            {plan}
            {years}
            {move || {
                let said = state.summary.with(|summary| summary.as_ref().and_then(|one| notice(words, &one.notice)));
                said.map(|said| view! { <p class="notice" id="council-notice">{said}</p> })
            }}
            <div class="row wrap council-tools">
                <button class="button primary" id="print" on:click=move |_| state.print()>{words.say("council.print")}</button>
                <button class="button" id="council-page" on:click=give>{words.say("exports.public")}</button>
            </div>
        </section>
    }
}
