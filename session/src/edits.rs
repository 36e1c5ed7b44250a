//! An edit as the next state of the document, and its name.

use breiband::{
    Budget, DrawnMast, Goal, KeyPart, Measure, MixSettings, NamedCabinet, NamedPlace, PolicyChange, PolicyValue,
    Premises, PriceChange, ProgrammeSettings, Region, RouteUse, Scenario, SharingKey, Summary, SupportField,
    SupportScheme,
};
use breiband_wire::{
    Choice, Edit, EditName, GoalKind, GoalView, MastView, PlaceKind, PlaceView, Purpose, Setting, Which,
};

use crate::document::{Document, Variant};
use crate::places::{on_map, within};
use crate::refusal::{self, Refusal, refuse};

fn name(key: &str, value: impl Into<String>) -> EditName {
    EditName { key: key.to_owned(), value: value.into() }
}

/// The document after an edit; `summary` is that of the plan on screen.
///
/// # Errors
/// Where the edit names what is not there, or leaves no scenario.
pub(crate) fn apply(
    edit: &Edit,
    now: &Document,
    region: Option<&Region>,
    summary: Option<&Summary>,
) -> Result<(EditName, Document), Refusal> {
    let mut next = now.clone();
    let named = match edit {
        Edit::Choose(which, choice) => choose(&mut next, which, *choice, region)?,
        Edit::Price { id, per_metre, each } => {
            next.change(|variant| {
                edited(variant);
                let prices = &mut variant.scenario.prices;
                if per_metre.is_none() && each.is_none() {
                    prices.remove(id);
                } else {
                    let source = prices.get(id).and_then(|known| known.source.clone());
                    prices.insert(id.clone(), PriceChange { per_metre: *per_metre, each: *each, source });
                }
            });
            name("price", id)
        }
        Edit::PriceSource(id, source) => {
            next.change(|variant| {
                if let Some(change) = variant.scenario.prices.get_mut(id) {
                    change.source = (!source.is_empty()).then(|| source.clone());
                    edited(variant);
                }
            });
            name("price-source", id)
        }
        Edit::Policy(path, value) => {
            let value = value.as_ref().map(|value| policy_value(path, value)).transpose()?;
            next.change(|variant| {
                edited(variant);
                let Some(settings) = &mut variant.scenario.programme else { return };
                let changes = &mut settings.policy_changes;
                let source = changes.remove(path).and_then(|known| known.source);
                if let Some(value) = value {
                    changes.insert(path.clone(), PolicyChange { value, source });
                }
            });
            name("policy", path)
        }
        Edit::PolicySource(path, source) => {
            next.change(|variant| {
                let settings = variant.scenario.programme.as_mut();
                if let Some(change) = settings.and_then(|settings| settings.policy_changes.get_mut(path)) {
                    change.source = (!source.is_empty()).then(|| source.clone());
                    edited(variant);
                }
            });
            name("policy-source", path)
        }
        Edit::Support(is_wanted) => {
            next.change(|variant| {
                edited(variant);
                variant.scenario.support = is_wanted.then(SupportScheme::default);
            });
            name(if *is_wanted { "support" } else { "remove-support" }, "")
        }
        Edit::SupportField(field, value) => {
            let mut scheme = scheme(now)?;
            let value = match value.clone() {
                Setting::Flag(flag) => SupportField::Flag(flag),
                Setting::Number(number) => SupportField::Number(number),
                Setting::Text(text) => SupportField::Text(text),
                Setting::List(names) if field == "commercial" => {
                    SupportField::List(ids(names, &scheme.commercial, region)?)
                }
                Setting::List(names) => SupportField::List(names),
            };
            scheme.set(field, value).map_err(|error| refusal::scenario(&error))?;
            let shipped = SupportScheme::default().fields();
            if scheme.fields().iter().zip(&shipped).any(|(now, own)| now.0 == field && now == own) {
                scheme.sources.remove(field);
            }
            put_scheme(&mut next, scheme);
            name("support-field", field)
        }
        Edit::SupportSource(field, source) => {
            let mut scheme = scheme(now)?;
            match source.is_empty() {
                true => drop(scheme.sources.remove(field)),
                false => drop(scheme.sources.insert(field.clone(), source.clone())),
            }
            put_scheme(&mut next, scheme);
            name("support-source", field)
        }
        Edit::Threshold(mbps) => {
            next.change(|variant| {
                edited(variant);
                variant.scenario.goal.set_threshold_mbps(*mbps);
            });
            name("threshold", mbps.to_string())
        }
        Edit::Goal(wanted) => {
            next.change(|variant| {
                edited(variant);
                variant.scenario.goal = goal(*wanted, variant.scenario.goal.threshold_mbps());
                lend_mix(variant);
            });
            name(&format!("goal-{}", wanted.kind.name()), "")
        }
        Edit::Key { at, name: title, parts } => {
            let key = (!parts.is_empty()).then(|| sharing_key(title, parts)).transpose()?;
            let settings = now.variant().and_then(|variant| variant.scenario.programme.as_ref());
            let mut others = settings.iter().flat_map(|settings| settings.keys.iter().enumerate());
            if key.is_some() && others.any(|(other, one)| one.name == *title && *at != Some(other as u32)) {
                return Err(refuse("name-taken", title.clone()));
            }
            next.change(|variant| {
                edited(variant);
                let Some(settings) = &mut variant.scenario.programme else { return };
                let keys = &mut settings.keys;
                match (at.map(|at| at as usize).filter(|&at| at < keys.len()), key) {
                    (Some(at), Some(key)) => keys[at] = key,
                    (Some(at), None) if keys.len() > 1 => drop(keys.remove(at)),
                    (None, Some(key)) => keys.push(key),
                    _ => {}
                }
            });
            name("key", title)
        }
        Edit::Budget(year, amount) => {
            next.change(|variant| {
                edited(variant);
                let Some(settings) = &mut variant.scenario.programme else { return };
                let budgets = &mut settings.budgets;
                match (amount, budgets.iter().position(|budget| budget.year == *year)) {
                    (Some(amount), Some(at)) => budgets[at].amount = *amount,
                    (Some(amount), None) => budgets.push(Budget { year: *year, amount: *amount }),
                    (None, Some(at)) => budgets.truncate(at),
                    (None, None) => {}
                }
            });
            name("budget", year.to_string())
        }
        Edit::Programme(years) => {
            let years = (*years).clamp(1, 50);
            let Some(summary) = summary else { return Err(refuse("not-planned", String::new())) };
            // A hundred thousand more than an even part, so that rounding leaves nobody out.
            let each = (summary.cost / f64::from(years) / 100_000.0).ceil() * 100_000.0;
            next.change(|variant| {
                edited(variant);
                let scenario = &mut variant.scenario;
                let this_year: u16 = scenario.date.get(..4).and_then(|year| year.parse().ok()).unwrap_or(2026);
                let budgets = (1..=years).map(|after| Budget { year: this_year + after, amount: each });
                let settings = scenario.programme.get_or_insert_with(ProgrammeSettings::usual);
                settings.budgets = budgets.collect();
            });
            name("programme", years.to_string())
        }
        Edit::Place(kind, at, view) => {
            region.zip(view.as_ref()).map_or(Ok(()), |(region, view)| on_map(view.place, region, false))?;
            let title = put_place(&mut next, *kind, at.map(|at| at as usize), view.as_ref())?;
            let removes = if view.is_some() { "" } else { "remove-" };
            name(&format!("{removes}{}", kind.name()), title)
        }
        Edit::Mast(at, mast) => {
            region.zip(mast.as_ref()).map_or(Ok(()), |(region, mast)| on_map(mast.place, region, false))?;
            let known = at.and_then(|at| Some(now.variant()?.scenario.masts.get(at as usize)?.name.clone()));
            if at.is_some() && known.is_none() {
                return Err(refuse("gone", at.unwrap_or_default().to_string()));
            }
            next.change(|variant| {
                edited(variant);
                let masts = &mut variant.scenario.masts;
                match (at.map(|at| at as usize), mast.as_ref().map(drawn_mast)) {
                    (Some(at), Some(mast)) => masts[at] = mast,
                    (Some(at), None) => drop(masts.remove(at)),
                    (None, Some(mast)) => masts.push(mast),
                    (None, None) => {}
                }
                lend_mix(variant);
            });
            let title = mast.as_ref().map(|mast| mast.name.clone()).or(known).unwrap_or_default();
            name(if mast.is_some() { "mast" } else { "remove-mast" }, title)
        }
        Edit::ResetBorders => {
            next.change(|variant| {
                edited(variant);
                variant.scenario.options.borders.clear();
            });
            name("reset-borders", "")
        }
        Edit::RemoveRoute(at) => {
            let title = route_name(now, *at)?;
            next.change(|variant| {
                edited(variant);
                drop(variant.scenario.routes.remove(*at as usize));
            });
            name("remove-route", title)
        }
        Edit::ForbidRoute(at, forbidden) => {
            let title = route_name(now, *at)?;
            next.change(|variant| {
                edited(variant);
                let route = &mut variant.scenario.routes[*at as usize];
                route.usage = if *forbidden { RouteUse::Forbidden } else { RouteUse::Candidate };
                if *forbidden {
                    route.legs.clear();
                }
            });
            name(if *forbidden { "forbid-route" } else { "allow-route" }, title)
        }
        Edit::RemoveArea(at) => {
            let title = area_name(now, *at)?;
            next.change(|variant| {
                edited(variant);
                drop(variant.scenario.areas.remove(*at as usize));
            });
            name("remove-area", title)
        }
        Edit::AreaFactor(at, factor) => {
            let title = area_name(now, *at)?;
            next.change(|variant| {
                edited(variant);
                variant.scenario.areas[*at as usize].factor = Some(*factor);
            });
            name("area-factor", title)
        }
        Edit::Duplicate(title) => {
            let Some(source) = now.variant() else { return Err(refuse("no-files", String::new())) };
            let mut copy = Variant { text: None, ..Variant::clone(source) };
            copy.scenario.name.clone_from(title);
            next.push(copy);
            name("duplicate", title)
        }
        Edit::Rename(title) => {
            next.change(|variant| {
                edited(variant);
                variant.scenario.name.clone_from(title);
            });
            name("rename", title)
        }
        Edit::Note(note) => {
            next.change(|variant| variant.note.clone_from(note));
            name("note", "")
        }
        Edit::RemoveScenario(id) => {
            let Some(gone) = now.find(*id) else { return Err(refuse("gone", id.to_string())) };
            if now.variants.len() < 2 {
                return Err(refuse("last-scenario", gone.scenario.name.clone()));
            }
            next.variants.retain(|variant| variant.id != *id);
            if next.current == *id {
                next.current = next.variants[0].id;
            }
            name("remove-scenario", &gone.scenario.name)
        }
        Edit::Switch(id) => {
            let Some(other) = now.find(*id) else { return Err(refuse("gone", id.to_string())) };
            next.current = *id;
            name("switch", &other.scenario.name)
        }
        Edit::Scenario(text) => {
            let scenario = Scenario::parse(text).map_err(|error| refusal::scenario(&error))?;
            let title = scenario.name.clone();
            if next.variants.is_empty() {
                next.add(scenario, Some(text.clone()));
            } else {
                next.change(|variant| {
                    (variant.scenario, variant.text, variant.lent_mix) = (scenario, Some(text.clone()), false);
                });
            }
            name("scenario", title)
        }
    };
    // A border that is drawn is one of the borders as they were.
    let borders = |document: &Document| document.variant().map(|variant| variant.scenario.options.borders.clone());
    if next.drawing.as_ref().is_some_and(|one| one.purpose == Purpose::Border) && borders(&next) != borders(now) {
        next.drawing = None;
    }
    Ok((named, next))
}

/// From now on the scenario's file is written, not as it was read.
pub(crate) fn edited(variant: &mut Variant) {
    variant.text = None;
}

/// A goal and masts bring the section `[mix]` that they need; it goes with the last of them, unless something was written there.
fn lend_mix(variant: &mut Variant) {
    let scenario = &mut variant.scenario;
    if scenario.goal.is_cheapest() || !scenario.masts.is_empty() {
        variant.lent_mix |= scenario.mix.is_none();
        scenario.mix.get_or_insert_default();
    } else if std::mem::take(&mut variant.lent_mix) {
        scenario.mix.take_if(|mix| *mix == MixSettings::default());
    }
}

/// Puts, changes or takes away a handover, point of presence or cabinet; its name.
fn put_place(
    next: &mut Document,
    kind: PlaceKind,
    at: Option<usize>,
    view: Option<&PlaceView>,
) -> Result<String, Refusal> {
    let scenario = &next.variant().ok_or_else(|| refuse("no-files", String::new()))?.scenario;
    let named: Vec<&String> = match kind {
        PlaceKind::Cabinet => scenario.cabinets.iter().map(|one| &one.name).collect(),
        PlaceKind::Handover | PlaceKind::Pop => scenario.handovers.iter().map(|one| &one.name).collect(),
    };
    let known = at.map(|at| named.get(at).map(|name| (*name).clone()).ok_or_else(|| refuse("gone", at.to_string())));
    let known = known.transpose()?;
    let others = || named.iter().enumerate().filter(|(other, _)| Some(*other) != at);
    let title = view.map(|view| view.name.clone()).or(known).unwrap_or_default();
    if view.is_some() && others().any(|(_, name)| **name == title) {
        return Err(refuse("name-taken", title));
    }
    let fits = |cost: f64| breiband::Money::from_major(cost).is_some();
    if let Some(cost) = view.and_then(|view| view.cost).filter(|cost| !fits(*cost)) {
        return Err(refuse("bad-cost", cost.to_string()));
    }
    next.change(|variant| {
        edited(variant);
        let scenario = &mut variant.scenario;
        let source = view.map(|view| view.source.clone()).filter(|source| !source.is_empty());
        if kind == PlaceKind::Cabinet {
            let one = view.map(|view| {
                let PlaceView { name, place: [lon, lat], cost: price, .. } = view.clone();
                NamedCabinet { name, lon, lat, price, source: source.filter(|_| price.is_some()) }
            });
            put(&mut scenario.cabinets, at, one);
        } else {
            let one = view.map(|view| {
                let PlaceView { name, place: [lon, lat], cost, .. } = view.clone();
                // Without a figure a point of presence is one that costs nothing.
                let opening_cost = if kind == PlaceKind::Pop { Some(cost.unwrap_or(0.0)) } else { None };
                NamedPlace { name, lon, lat, opening_cost, source: source.filter(|_| opening_cost.is_some()) }
            });
            put(&mut scenario.handovers, at, one);
        }
    });
    Ok(title)
}

/// Puts one in the place of another or at the end, or takes one away.
fn put<T>(all: &mut Vec<T>, at: Option<usize>, one: Option<T>) {
    match (at, one) {
        (Some(at), Some(one)) => all[at] = one,
        (Some(at), None) => drop(all.remove(at)),
        (None, one) => all.extend(one),
    }
}

fn scheme(now: &Document) -> Result<SupportScheme, Refusal> {
    let scheme = now.variant().and_then(|variant| variant.scenario.support.clone());
    scheme.ok_or_else(|| refuse("gone", "support".to_owned()))
}

fn put_scheme(next: &mut Document, scheme: SupportScheme) {
    next.change(|variant| {
        edited(variant);
        variant.scenario.support = Some(scheme);
    });
}

fn policy_value(path: &str, setting: &Setting) -> Result<PolicyValue, Refusal> {
    match setting {
        Setting::Flag(flag) => Ok(PolicyValue::Flag(*flag)),
        Setting::Number(Some(number)) => Ok(PolicyValue::Number(*number)),
        Setting::Number(None) | Setting::Text(_) | Setting::List(_) => Err(refuse("scenario", path.to_owned())),
    }
}

/// The ids of a list of premises: what is not known in it yet is an id or an address of the region.
fn ids(names: Vec<String>, known: &[String], region: Option<&Region>) -> Result<Vec<String>, Refusal> {
    let mut all = Vec::new();
    for name in names {
        if known.contains(&name) {
            all.push(name);
        } else {
            let region = region.ok_or_else(|| refuse("no-files", String::new()))?;
            all.extend(typed(&name, region)?.into_iter().map(|one| one.external_id.clone()));
        }
    }
    Ok(all)
}

fn drawn_mast(view: &MastView) -> DrawnMast {
    let MastView { name, place: [lon, lat], height_m, sectors, existing } = view.clone();
    DrawnMast { name, lon, lat, height_m, sectors, existing }
}

fn route_name(document: &Document, at: u32) -> Result<String, Refusal> {
    let route = document.variant().and_then(|variant| variant.scenario.routes.get(at as usize));
    route.map(|route| route.name.clone()).ok_or_else(|| refuse("gone", at.to_string()))
}

fn area_name(document: &Document, at: u32) -> Result<String, Refusal> {
    let area = document.variant().and_then(|variant| variant.scenario.areas.get(at as usize));
    area.map(|area| area.name.clone()).ok_or_else(|| refuse("gone", at.to_string()))
}

/// The goal that the page asks for; what it counts is what the page says.
fn goal(wanted: GoalView, threshold_mbps: f64) -> Goal {
    let count = if wanted.homes { breiband::Count::Homes } else { breiband::Count::Premises };
    match wanted.kind {
        GoalKind::Connect => Goal::Connect { threshold_mbps },
        GoalKind::Budget => Goal::Budget { threshold_mbps, count, budget: wanted.amount },
        GoalKind::Coverage => Goal::Coverage { threshold_mbps, count, share: wanted.amount },
        GoalKind::Cheapest => Goal::Cheapest { threshold_mbps },
        GoalKind::Worthwhile => Goal::Worthwhile { threshold_mbps, count, value: wanted.amount },
    }
}

/// A key of parts by their measures' names.
fn sharing_key(title: &str, parts: &[(String, f64)]) -> Result<SharingKey, Refusal> {
    let part = |(by, per_cent): &(String, f64)| {
        let measure = Measure::ALL.into_iter().find(|measure| measure.name() == by);
        measure.map(|by| KeyPart { by, per_cent: *per_cent }).ok_or_else(|| refuse("gone", by.clone()))
    };
    Ok(SharingKey { name: title.to_owned(), parts: parts.iter().map(part).collect::<Result<_, _>>()? })
}

fn choose(next: &mut Document, which: &Which, choice: Choice, region: Option<&Region>) -> Result<EditName, Refusal> {
    let Some(region) = region else { return Err(refuse("no-files", String::new())) };
    let chosen: Vec<&Premises> = match which {
        Which::Numbers(numbers) => numbers.iter().filter_map(|&at| region.premises.get(at as usize)).collect(),
        Which::Within(ring) => within(ring, region).into_iter().map(|at| &region.premises[at]).collect(),
        Which::Typed(text) => typed(text, region)?,
    };
    let Some(first) = chosen.first() else {
        let is_ring = matches!(which, Which::Within(_));
        let none = String::new();
        return Err(if is_ring { refuse("none-inside", none) } else { refuse("unknown-premises", none) });
    };
    let value = if chosen.len() == 1 { first.label() } else { chosen.len().to_string() };
    next.change(|variant| {
        edited(variant);
        let options = &mut variant.scenario.options;
        let ids: std::collections::BTreeSet<&str> = chosen.iter().map(|one| one.external_id.as_str()).collect();
        options.exclude.retain(|id| !ids.contains(id.as_str()));
        options.include.retain(|id| !ids.contains(id.as_str()));
        let list = match choice {
            Choice::Rules => None,
            Choice::Include => Some(&mut options.include),
            Choice::Exclude => Some(&mut options.exclude),
        };
        if let Some(list) = list {
            list.extend(ids.into_iter().map(str::to_owned));
            list.sort_unstable();
        }
    });
    let key = match choice {
        Choice::Rules => "by-rules",
        Choice::Include => "include",
        Choice::Exclude => "exclude",
    };
    Ok(name(key, value))
}

/// Premises by id, or else by address; every one typed must be there.
fn typed<'r>(text: &str, region: &'r Region) -> Result<Vec<&'r Premises>, Refusal> {
    let wanted = text.split(['\n', ';']).map(str::trim).filter(|word| !word.is_empty());
    let mut found = Vec::new();
    let mut unknown = Vec::new();
    for word in wanted {
        let folded = word.to_lowercase();
        let by_id = region.premises.iter().find(|one| one.external_id == word);
        let one = by_id.or_else(|| region.premises.iter().find(|one| one.label().to_lowercase() == folded));
        match one {
            Some(one) => found.push(one),
            None => unknown.push(word),
        }
    }
    if unknown.is_empty() { Ok(found) } else { Err(refuse("unknown-premises", unknown.join(", "))) }
}
