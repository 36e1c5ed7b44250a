//! What a click tells: the facts of one feature.

use breiband::{CostBook, EdgeId, Origin, Part, Plan, Premises, Programme, Region, Scenario, Way, WayClass, length_mm};
use breiband_wire::{Fact, LayerId, Value};

use crate::layers::{masts, place_of, stretches};
use crate::years;

/// What the plan on screen is of, and the programme made of it.
#[derive(Clone, Copy)]
pub(crate) struct Behind<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) programme: Option<&'a Programme>,
    /// Each premises' part of the cost.
    pub(crate) shares: &'a [Option<f64>],
}

/// A feature's name and facts; `None` where there is no such feature.
pub(crate) fn of(
    layer: LayerId,
    id: u32,
    region: &Region,
    plan: Option<&Plan>,
    book: &CostBook,
    behind: Behind<'_>,
) -> Option<(String, Vec<Fact>)> {
    let at = id as usize;
    match layer {
        LayerId::Premises => {
            region.premises.get(at).map(|premises| premises_facts(premises, at, region, plan, book, behind))
        }
        LayerId::Ways => region.ways.get(at).map(|way| way_facts(way, region)),
        LayerId::Network => {
            let plan = plan?;
            let (edge, part) = stretches(plan).nth(at)?;
            let (title, mut facts) = stretch_facts(edge, part, region, plan, book);
            if let Some(programme) = behind.programme
                && let Some(job) = programme.jobs.iter().find(|job| job.edges.contains(&edge))
            {
                facts.insert(0, phase_fact(job.phase));
            }
            Some((title, facts))
        }
        LayerId::Sites => region
            .sites
            .get(at)
            .map(|site| (site.label().to_owned(), vec![kind("kind", word(&site.kind)), text("id", &site.external_id)])),
        LayerId::Masts => {
            let all = masts(plan?);
            let (mast, _) = all.get(at)?;
            let sum = |of: fn(&breiband::SectorLoad) -> u64| mast.sectors.iter().map(of).sum();
            let full = mast.sectors.iter().filter(|sector| sector.busy_mbps > sector.capacity_mbps).count() as u64;
            let facts = vec![
                kind("fed_by", if mast.radio_fed { "radio" } else { "gets-fibre" }.to_owned()),
                fact("premises", Value::Count(sum(|sector| sector.premises))),
                fact("households", Value::Count(sum(|sector| sector.homes))),
                fact("sectors", Value::Count(mast.sectors.len() as u64)),
                fact("sectors_full", Value::Count(full)),
                text("id", &mast.id),
            ];
            Some((mast.name.clone(), facts))
        }
        LayerId::Handovers | LayerId::Pops => {
            let handover = plan.map_or(&region.handovers, |plan| &plan.network.handovers).get(at)?;
            Some((handover.name.clone(), place_facts(plan, &handover.external_id)))
        }
        LayerId::Cabinets => {
            let cabinet = plan?.network.cabinets.get(at)?;
            Some((cabinet.name.clone(), place_facts(plan, &cabinet.external_id)))
        }
        LayerId::Municipalities => {
            let municipality = region.municipalities.get(at)?;
            let mut facts = vec![text("code", &municipality.code)];
            let rows = plan.map_or(&[][..], |plan| plan.summary.municipalities.as_slice());
            if let (Some(plan), Some(row)) = (plan, rows.iter().find(|row| row.code == municipality.code)) {
                facts.push(fact("premises", Value::Count(row.premises)));
                facts.push(fact("connected", Value::Count(row.connected)));
                facts.push(fact("length", Value::Metres(row.work.metres)));
                facts.push(fact("cost", Value::Money(row.work.cost, plan.summary.currency.clone())));
            }
            Some((municipality.name.clone(), facts))
        }
        LayerId::Water | LayerId::Buildings | LayerId::Drawn | LayerId::Difference => None,
    }
}

fn premises_facts(
    premises: &Premises,
    at: usize,
    region: &Region,
    plan: Option<&Plan>,
    book: &CostBook,
    behind: Behind<'_>,
) -> (String, Vec<Fact>) {
    let mut facts = Vec::new();
    if let Some((plan, outcome)) = plan.and_then(|plan| Some((plan, plan.route.outcomes.get(at)?))) {
        let why = years::why(at, behind.scenario, book, plan, behind.programme).unwrap_or_default();
        facts.extend(why.into_iter().map(|why| fact("why", why)));
        facts.push(kind("status", outcome.status.name().to_owned()));
        facts.push(kind("reason", outcome.reason.name().to_owned()));
        if let Some(phase) = behind.programme.and_then(|programme| programme.premises.get(at))
            && outcome.drop.is_some()
        {
            facts.push(phase_fact(phase.phase));
            facts.push(fact("marginal", Value::Money(phase.marginal.as_major(), book.file().currency.clone())));
        }
        if let (Some(technology), Some(_)) = (outcome.technology, &plan.summary.mix) {
            facts.push(kind("gets", format!("gets-{}", technology.name())));
        }
        if let Some(share) = behind.shares.get(at).copied().flatten() {
            facts.push(fact("share", Value::Money(share, book.file().currency.clone())));
        }
        if let Some(drop) = outcome.drop {
            let network = &plan.network;
            let edge = &network.edges[drop.index()];
            facts.push(fact("distance", metres(outcome.distance_mm)));
            facts.push(fact("drop_length", metres(network.edge_length(edge))));
            facts.push(fact("drop_cost", Value::Money(edge.cost.as_major(), book.file().currency.clone())));
        }
    }
    if let Some(service) = &premises.service {
        facts.push(fact("service", Value::Speed(service.down_mbps, service.up_mbps)));
        facts.push(text("technology", &service.technology));
    }
    if let Some(signed_up) = premises.signed_up {
        facts.push(fact("signed_up", Value::Flag(signed_up)));
    }
    facts.push(kind("kind", word(&premises.kind)));
    facts.push(fact("households", Value::Count(premises.households.into())));
    if let Some(municipality) = premises.municipality {
        facts.push(text("municipality", &region.municipalities[municipality.index()].name));
    }
    facts.push(text("id", &premises.external_id));
    if let Some(source) = region.sources.get(premises.source.index()) {
        facts.push(text("source", &source.name));
    }
    facts.retain(|fact| fact.value != Value::Text(String::new()));
    (premises.label(), facts)
}

fn way_facts(way: &Way, region: &Region) -> (String, Vec<Fact>) {
    let line: Vec<_> = way.nodes.iter().map(|node| region.nodes[node.index()]).collect();
    let title = if way.name.is_empty() { way.external_id.clone() } else { way.name.clone() };
    let mut facts = vec![
        kind("class", class_word(way.class)),
        kind("surface", word(&way.surface)),
        kind("structure", word(&way.structure)),
        kind("access", word(&way.access)),
        fact("length", metres(length_mm(&line))),
        text("id", &way.external_id),
    ];
    if let Some(source) = region.sources.get(way.source.index()) {
        facts.push(text("source", &source.name));
    }
    (title, facts)
}

fn stretch_facts(edge: EdgeId, part: &Part, region: &Region, plan: &Plan, book: &CostBook) -> (String, Vec<Fact>) {
    let network = &plan.network;
    let currency = || book.file().currency.clone();
    let mut facts = vec![kind("method", method_of(part, book)), kind("kind", part.kind.name().to_owned())];
    if let Some(price) = part.price {
        facts.push(text("price", &book.price(price).id));
    }
    facts.push(fact("length", metres(network.length_of(part))));
    facts.push(fact("cost", Value::Money(network.cost_of(part, book).as_major(), currency())));
    facts.push(fact("edge_cost", Value::Money(network.edges[edge.index()].cost.as_major(), currency())));
    let title = match part.origin {
        Origin::Way(way) => {
            let way = &region.ways[way.index()];
            facts.push(text("way", &way.external_id));
            facts.push(kind("class", class_word(way.class)));
            way.name.clone()
        }
        Origin::Premises(premises) => region.premises[premises.index()].label(),
        Origin::Handover(handover) => {
            network.handovers.get(handover.index()).map(|h| h.name.clone()).unwrap_or_default()
        }
        Origin::Mast(mast) => network.masts.get(mast.index()).map(|m| m.name.clone()).unwrap_or_default(),
        Origin::Cabinet(cabinet) => network.cabinets.get(cabinet.index()).map(|c| c.name.clone()).unwrap_or_default(),
        Origin::Line(_) | Origin::Derived => String::new(),
    };
    (title, facts)
}

/// What a point of presence or cabinet costs and whether the plan has it; of another place, its id alone.
fn place_facts(plan: Option<&Plan>, id: &str) -> Vec<Fact> {
    let mut facts = vec![text("id", id)];
    if let Some((one, plan)) = place_of(plan, id).zip(plan) {
        let state = match (one.kind, one.used) {
            (breiband::PlaceKind::PointOfPresence, true) => "opened",
            (breiband::PlaceKind::PointOfPresence, false) => "not-opened",
            (breiband::PlaceKind::Cabinet, true) => "built",
            (breiband::PlaceKind::Cabinet, false) => "unreached",
        };
        facts.insert(0, kind("in_plan", state.to_owned()));
        facts.insert(1, fact("cost", Value::Money(one.cost, plan.summary.currency.clone())));
        facts.push(text("cost_source", &one.source));
    }
    facts
}

/// The building method of a part, as files and messages name it; `other` for what has no price.
pub(crate) fn method_of(part: &Part, book: &CostBook) -> String {
    part.price.map_or_else(|| "other".to_owned(), |price| word(&book.price(price).method))
}

/// An enum's name in files.
pub(crate) fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// A way's class as a message key: `service` is taken by the reason of that name.
fn class_word(class: WayClass) -> String {
    if class == WayClass::Service { "service_road".to_owned() } else { word(&class) }
}

fn fact(label: &str, value: Value) -> Fact {
    Fact { label: label.to_owned(), value }
}

fn text(label: &str, value: &str) -> Fact {
    fact(label, Value::Text(value.to_owned()))
}

fn phase_fact(phase: breiband::Phase) -> Fact {
    match phase {
        breiband::Phase::Year(year) => text("year", &year.to_string()),
        breiband::Phase::NotPlanned => text("year", ""),
        other => kind("year", format!("phase-{}", other.label())),
    }
}

fn kind(label: &str, value: String) -> Fact {
    fact(label, Value::Word(value))
}

fn metres(millimetres: u64) -> Value {
    Value::Metres(millimetres as f64 / 1000.0)
}
