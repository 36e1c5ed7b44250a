//! Building together: what support pays, whether it pays, and when each public site has what it needs.

use leptos::prelude::*;

use breiband_wire::{BusinessView, FundingView, NOT_PLANNED, SitesView, SupportView, TogetherView, UNFUNDED};

use super::chart::Frame;
use super::game::Game;
use crate::map;
use crate::state::State;
use crate::text::{Words, live, whenever};

/// Which side of the programme is on screen: the years, or what else it comes to.
#[component]
pub(crate) fn Sides(state: State) -> impl IntoView {
    let words = state.words;
    let side = move |beside: bool, id: &'static str, key: &'static str| {
        view! {
            <button
                class="button"
                id=id
                aria-pressed=live(move || (state.beside.get() == beside).to_string())
                on:click=move |_| state.beside.set(beside)
            >
                {live(move || words.get(key))}
            </button>
        }
    };
    view! {
        <div class="segments sides" role="group" aria-label=words.say("tab.years")>
            {side(false, "show-years", "together.years")}
            {side(true, "show-together", "together.beside")}
        </div>
    }
}

/// What a programme comes to besides its years.
#[component]
pub(crate) fn Together(state: State) -> impl IntoView {
    let words = state.words;
    view! {
        <Show when=whenever(move || state.together.with(Option::is_none))>
            <section id="no-together">
                <h2>{words.say("together.none")}</h2>
                <p>{words.say("together.none.text")}</p>
            </section>
        </Show>
        <Show when=whenever(move || state.together.with(Option::is_some))>
            {move || state.together.get().map(|together| tab(state, &together))}
            <Game state/>
        </Show>
    }
}

fn tab(state: State, together: &TogetherView) -> impl IntoView + use<> {
    let words = state.words;
    let currency = together.currency.as_str();
    view! {
        {together.support.as_ref().map(|one| support(state, one, currency))}
        {together.business.as_ref().map(|one| business(words, one, currency))}
        {together.sites.as_ref().map(|one| sites(state, one, currency))}
        {(!together.problem.is_empty()).then(|| view! {
            <section><p class="failure"><strong>{words.get("years.problem")}</strong>{words.value(&together.problem)}</p></section>
        })}
    }
}

/// A button that colours the map by something, and takes that back.
#[component]
fn ColourButton(state: State, colour: &'static str, key: &'static str) -> impl IntoView {
    let words = state.words;
    view! {
        <button
            class="button"
            id=format!("colour-{colour}")
            aria-pressed=live(move || (state.colour.get() == colour).to_string())
            on:click=move |_| state.toggle_colour(colour)
        >
            {live(move || words.get(key))}
        </button>
    }
}

/// An amount in millions without its unit, for tables.
pub(super) fn millions(words: Words, major: f64) -> String {
    words.decimal(major / 1e6, if major.abs() < 9.95e4 && major != 0.0 { 2 } else { 1 })
}

fn support(state: State, one: &SupportView, currency: &str) -> impl IntoView + use<> {
    let words = state.words;
    let total = &one.total;
    let parts = [("paid", total.support, "support_paid"), ("own", total.own, "own_share"), ("gap", total.gap, "gap")];
    let bar = parts.map(|(name, amount, _)| {
        let share = 100.0 * amount / total.cost.max(1.0);
        view! { <i style:width=format!("{share:.2}%") style:background=format!("var(--fund-{name})")></i> }
    });
    let legend = parts.map(|(name, amount, key)| {
        view! {
            <tr>
                <th scope="row"><i class="key area" style:--key=format!("var(--fund-{name})")></i>{words.get(&format!("council.{key}"))}</th>
                <td>{words.millions(amount, currency)}</td>
                <td>{words.part(amount / total.cost.max(1.0))}</td>
            </tr>
        }
    });
    let values = [
        ("n", words.count(total.reached)),
        ("of", words.count(total.eligible)),
        ("cost", words.millions(total.cost, currency)),
    ];
    let whole = [("n", words.count(one.whole[0])), ("of", words.count(one.whole[1]))];
    let rows = |list: &[FundingView]| {
        let row = |m: &FundingView| {
            let name = if m.name.is_empty() { words.get("council.outside") } else { m.name.clone() };
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td>{format!("{}/{}", words.count(m.reached), words.count(m.eligible))}</td>
                    {[m.support, m.own, m.gap].map(|amount| view! { <td>{words.decimal(amount / 1e6, 2)}</td> })}
                </tr>
            }
        };
        list.iter().map(row).collect_view()
    };
    let head = |first: &str| {
        let keys = ["reached", "support_paid", "own_share", "gap"];
        let cells = keys.map(|key| view! { <td>{words.get(&format!("council.{key}"))}</td> });
        view! { <thead><tr><th scope="col">{words.get(&format!("council.{first}"))}</th>{cells}</tr></thead> }
    };
    let counts = one.counts.iter().map(|(rule, count)| {
        view! { <tr><th scope="row">{words.get(&format!("council.eligibility_{rule}"))}</th><td>{words.count(*count)}</td></tr> }
    });
    let counts = counts.collect_view();
    let source = format!("{}: {}", words.shipped(&one.scheme[0]), words.shipped(&one.scheme[1]));
    view! {
        <section id="support">
            <h2>{words.get("council.support_title")}</h2>
            <p>{words.with("together.support", &values)}" "{words.with("together.whole", &whole)}</p>
            <div class="bar small-gap" role="img" aria-label=words.get("council.support_title")>{bar}</div>
            <table class="table"><tbody>{legend}</tbody></table>
            {(one.unsupported > 0.0).then(|| view! { <p class="small small-gap">{words.with("together.unsupported", &[("amount", words.millions(one.unsupported, currency))])}</p> })}
            {(one.capped > 0.0).then(|| view! { <p class="small small-gap">{words.with("council.support_capped", &[("amount", words.millions(one.capped, currency))])}</p> })}
            <details class="small-gap" open>
                <summary>{words.with("together.by_municipality", &[("currency", words.currency(currency))])}</summary>
                <table class="table close">{head("municipality")}<tbody>{rows(&one.municipalities)}</tbody></table>
            </details>
            <details>
                <summary>{words.get("council.areas_title")}</summary>
                <table class="table close">{head("area")}<tbody>{rows(&one.areas)}</tbody></table>
            </details>
            <details>
                <summary>{words.get("together.eligible")}</summary>
                <table class="table"><tbody>{counts}</tbody></table>
            </details>
            <div class="row wrap small-gap">
                <ColourButton state colour="support" key="together.on_map"/>
            </div>
            <p class="small small-gap">{source}</p>
        </section>
    }
}

fn business(words: Words, one: &BusinessView, currency: &str) -> impl IntoView + use<> {
    let money = |amount: f64| words.millions(amount, currency);
    let last = one.last.to_string();
    let payback = match one.payback {
        Some(year) => words.with("council.business_payback", &[("year", year.to_string())]),
        None => words.with("council.business_never", &[("year", last.clone())]),
    };
    let subsidy = match one.subsidy[0] > 0.0 {
        true => {
            let values = [("subsidy", money(one.subsidy[0])), ("each", words.money(one.subsidy[1], currency))];
            words.with("council.business_subsidy", &values)
        }
        false => words.get("council.business_no_subsidy"),
    };
    let rate = words.decimal(one.rate, 1);
    let sure = [
        ("low", money(one.range[0])),
        ("middle", money(one.range[1])),
        ("high", money(one.range[2])),
        ("pays", words.part(one.pays)),
    ];
    let ends = || one.sways.iter().flat_map(|sway| [sway.1, sway.2]).chain([one.npv]);
    let (least, most) = (ends().fold(f64::INFINITY, f64::min), ends().fold(f64::NEG_INFINITY, f64::max));
    let x = move |value: f64| 100.0 * (value - least) / (most - least).max(1.0);
    let middle = x(one.npv);
    let sways = one.sways.iter().filter(|sway| sway.1 != sway.2).map(|(name, low, high)| {
        let label = match name.as_str() {
            "take-rate" | "revenue" | "opex" => words.get(&format!("council.sway_{name}")),
            class => {
                let name = words.find(&format!("price.{class}")).unwrap_or_else(|| class.to_owned());
                words.with("council.sway_price", &[("name", name)])
            }
        };
        let (from, to) = (x(low.min(*high)), x(low.max(*high)));
        view! {
            <li>
                <span>{label}</span>
                <span class="push small">{format!("{} … {}", millions(words, low.min(*high)), millions(words, low.max(*high)))}</span>
                <span class="tornado"><i style:left=format!("{from:.1}%") style:width=format!("{:.1}%", (to - from).max(0.6))></i><b style:left=format!("{middle:.1}%")></b></span>
            </li>
        }
    });
    let sways = sways.collect_view();
    view! {
        <section id="business">
            <h2>{words.get("council.business_title")}</h2>
            <dl class="figures">
                <div><dt>{words.get("together.npv")}</dt><dd id="npv">{money(one.npv)}</dd></div>
                <div><dt>{words.get("together.range")}</dt><dd>{format!("{}\u{a0}… {}", millions(words, one.range[0]), millions(words, one.range[2]))}</dd></div>
            </dl>
            <p class="small-gap">{payback}" "{subsidy}</p>
            {cumulative(words, one, currency)}
            <p class="small small-gap">{words.with("council.business_npv", &[("npv", money(one.npv)), ("year", last), ("rate", rate)])}" "{words.with("together.sure", &sure)}</p>
            <h3>{words.get("council.sways_title")}</h3>
            <p class="small">{words.with("together.sways", &[("currency", words.currency(currency))])}</p>
            <ul class="sways">{sways}</ul>
            <p class="small small-gap">{words.shipped(&one.source)}</p>
        </section>
    }
}

/// The sum of the nets over the years.
fn cumulative(words: Words, one: &BusinessView, currency: &str) -> impl IntoView + use<> {
    let frame = Frame::new(130.0, 46.0);
    let values = || one.cumulative.iter().map(|point| point.1).chain([0.0]);
    let (least, most) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let count = one.cumulative.len().max(2) - 1;
    let up = move |value: f64| (value - least) / (most - least).max(1.0);
    let line = one.cumulative.iter().enumerate().map(|(at, point)| (at as f64 / count as f64, up(point.1)));
    let line = frame.line("curve-2".to_owned(), line);
    let mut marks = vec![least, 0.0, most];
    marks.dedup_by(|a, b| (frame.y(up(*a)) - frame.y(up(*b))).abs() < 12.0);
    let grid = marks
        .into_iter()
        .map(|value| frame.level(if value == 0.0 { "now" } else { "grid" }, up(value), millions(words, value)));
    let grid = grid.collect_view();
    let ends = [one.cumulative.first(), one.cumulative.last()].map(|point| point.map_or(0, |point| point.0));
    let title = words.with("together.cumulative", &[("currency", words.currency(currency))]);
    let drawn = view! {
        {grid}
        {line}
        {frame.foot(0.0, "start", ends[0].to_string())}
        {frame.foot(0.5, "middle", title.clone())}
        {frame.foot(1.0, "end", ends[1].to_string())}
    };
    view! { <div class="small-gap">{frame.view("", title, drawn)}</div> }
}

/// When something is there, in words.
fn when(words: Words, phase: u16) -> String {
    match phase {
        0 => words.get("council.ready_today"),
        UNFUNDED => words.get("council.phase_unfunded"),
        NOT_PLANNED => words.get("council.ready_never"),
        year => year.to_string(),
    }
}

fn sites(state: State, one: &SitesView, currency: &str) -> impl IntoView + use<> {
    let words = state.words;
    let phases: Vec<(u16, Option<u16>)> = one.sites.iter().map(|site| (site.ready, site.feide)).collect();
    // The slider's year decides; the whole plan has what no budget pays for too.
    let now = move || state.year.get().unwrap_or(UNFUNDED);
    let schools = phases.iter().filter(|(_, feide)| feide.is_some()).count();
    let figures = {
        let all = phases.len();
        move || {
            let ready = phases.iter().filter(|(ready, _)| *ready <= now()).count();
            let feide = phases.iter().filter(|(_, feide)| feide.is_some_and(|phase| phase <= now())).count();
            let of = |n: usize, all: usize| format!("{} / {}", words.count(n as u64), words.count(all as u64));
            let title = match state.year.get() {
                None => words.get("years.all"),
                Some(year) => words.with("years.end", &[("year", year.to_string())]),
            };
            view! {
                <p class="small">{title}</p>
                <dl class="figures">
                    <div><dt>{words.get("together.ready")}</dt><dd id="sites-ready">{of(ready, all)}</dd></div>
                    <div><dt>{words.get("together.feide")}</dt><dd>{of(feide, schools)}</dd></div>
                </dl>
            }
        }
    };
    let rows = one.sites.iter().map(|site| {
        let (place, ready) = (site.place, site.ready);
        let kind = words.find(&format!("value.{}", site.kind)).unwrap_or_else(|| site.kind.clone());
        let today = site.mbps.1.map_or_else(|| "–".to_owned(), |mbps| words.decimal(mbps, 0));
        view! {
            <tr class:waits=move || { ready > now() }>
                <th scope="row">
                    <button class="link" on:click=move |_| map::fly(place)>{site.name.clone()}</button>
                    <span class="small block">{format!("{kind} · {}", site.municipality)}</span>
                </th>
                <td>{format!("{today} / {}", words.decimal(site.mbps.0, 0))}</td>
                <td>{when(words, site.ready)}</td>
                <td>{site.feide.map_or_else(|| "–".to_owned(), |phase| when(words, phase))}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let head = ["site", "together.mbps", "ready", "feide"];
    let head = head.map(|key| words.find(&format!("council.{key}")).unwrap_or_else(|| words.get(key)));
    let [site, mbps, ready, feide] = head;
    let [name, date, source] = one.policy.clone();
    let links = one.links.iter().map(|(name, handover, load, equipment, full)| {
        let name = if *handover { name.clone() } else { words.with("council.lot_number", &[("number", name.clone())]) };
        view! { <tr><th scope="row">{name}</th><td>{words.decimal(*load, 0)}</td><td>{equipment.clone()}</td><td>{*full}</td></tr> }
    });
    let links = links.collect_view();
    let has_links = !one.links.is_empty();
    view! {
        <section id="sites">
            <h2>{words.get("together.sites")}</h2>
            {figures}
            <details class="small-gap">
                <summary>{words.get("together.each_site")}</summary>
                <div class="tall-table"><table class="table close each-site">
                    <thead><tr><th scope="col">{site}</th><td>{mbps}</td><td>{ready}</td><td>{feide}</td></tr></thead>
                    <tbody>{rows}</tbody>
                </table></div>
            </details>
            {room(words, one, currency)}
            {has_links.then(|| view! {
                <h3>{words.get("together.links")}</h3>
                <table class="table close">
                    <thead><tr><th scope="col">{words.get("council.link")}</th><td>{words.get("together.load")}</td><td>{words.get("council.equipment")}</td><td>{words.get("council.fills")}</td></tr></thead>
                    <tbody>{links}</tbody>
                </table>
            })}
            <div class="row wrap small-gap">
                <ColourButton state colour="load" key="together.load_on_map"/>
            </div>
            <p class="small small-gap">{format!("{} ({date}). {}", words.shipped(&name), words.shipped(&source))}</p>
        </section>
    }
}

/// Where the server room is best placed, and why.
fn room(words: Words, one: &SitesView, currency: &str) -> Option<impl IntoView + use<>> {
    let best = one.hosts.first()?;
    let second = |cost: Option<f64>| {
        cost.map_or_else(|| words.get("council.no_second_path"), |cost| words.millions(cost, currency))
    };
    let values = [
        ("name", best.name.clone()),
        ("first", words.money(best.backbone, currency)),
        ("second", second(best.second)),
        ("way", words.metres(best.way)),
        ("cut", words.count(best.cut)),
    ];
    let rows = one.hosts.iter().map(|host| {
        view! {
            <tr>
                <th scope="row">{host.name.clone()}</th>
                <td>{millions(words, host.backbone + host.second.unwrap_or(0.0))}</td>
                <td>{words.metres(host.way)}</td>
                <td>{words.count(host.cut)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let paths = words.with("together.paths", &[("currency", words.currency(currency))]);
    Some(view! {
        <h3>{words.get("council.hosts_title")}</h3>
        <p id="server-room">{words.with("council.hosts_text", &values)}</p>
        <details>
            <summary>{words.get("together.hosts")}</summary>
            <table class="table close">
                <thead><tr><th scope="col">{words.get("council.host")}</th><td>{paths}</td><td>{words.get("council.mean_way")}</td><td>{words.get("council.cut")}</td></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    })
}
