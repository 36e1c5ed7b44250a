//! The core's figures as the page sees them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use breiband::{
    AreaUse, CostBook, Count, CoverageCurve, Goal, Issue, PolicyValue, Region, RouteUse, Scenario, Severity, Summary,
    SupportField,
};
use breiband_wire::{
    Amount, AreaView, AssumptionView, ChoiceView, CurveView, DocumentView, GoalKind, GoalView, IssueGroup, IssueView,
    MastView, MunicipalityView, PlaceView, PolicyView, PriceView, Purpose, RegionView, RouteView, ScenarioFigures,
    ScenarioView, Setting, SettingView, SummaryView,
};

use crate::document::{Document, Variant};
use crate::few;
use crate::history::History;

/// How many issues of a kind are sent; the count is always that of all.
const EXAMPLES: usize = 5;

/// A region as it was read, and the scenario in use.
pub(crate) fn region(region: &Region, scenario: &str) -> RegionView {
    let e7 = |degrees: f64| (degrees * 1e7).round() as i32;
    let bounds_e7 = crate::places::bounds(region).map(|bounds| bounds.map(e7));
    let mut attribution: Vec<String> =
        region.sources.iter().map(|source| source.attribution.clone()).filter(|text| !text.is_empty()).collect();
    attribution.sort();
    attribution.dedup();
    let technologies: BTreeSet<&str> =
        region.premises.iter().filter_map(|one| Some(one.service.as_ref()?.technology.as_str())).collect();
    RegionView {
        bounds_e7,
        premises: region.premises.len() as u64,
        ways: region.ways.len() as u64,
        municipalities: region.municipalities.len() as u64,
        handovers: region.handovers.len() as u64,
        scenario: scenario.to_owned(),
        attribution,
        borders: crate::borders::rings(region).map(|(name, _)| name.to_owned()).collect(),
        technologies: technologies.into_iter().filter(|name| !name.is_empty()).map(str::to_owned).collect(),
    }
}

/// A plan's figures, methods by falling cost.
pub(crate) fn summary(summary: &Summary) -> SummaryView {
    let amount = |(name, quantity): (&String, &breiband::Quantity)| Amount {
        name: name.clone(),
        metres: quantity.metres,
        count: quantity.count,
        cost: quantity.cost,
    };
    let mut methods: Vec<Amount> = summary.methods.iter().map(amount).collect();
    methods.sort_by(|a, b| b.cost.total_cmp(&a.cost).then_with(|| a.name.cmp(&b.name)));
    let municipality = |one: &breiband::MunicipalitySummary| MunicipalityView {
        name: one.name.clone(),
        connected: one.connected,
        metres: one.work.metres,
        cost: one.work.cost,
    };
    let assumption = |one: &breiband::Assumption| AssumptionView { code: one.code.clone(), values: one.values.clone() };
    SummaryView {
        name: summary.name.clone(),
        notice: summary.notice.clone(),
        premises: summary.premises,
        connected: summary.connected,
        unreachable: summary.unreachable,
        excluded: summary.excluded,
        already_served: summary.already_served,
        coverage_known: summary.coverage_known,
        trench_metres: summary.trench_metres,
        cost: summary.cost,
        cost_range: summary.cost_range,
        first: false,
        choice: None,
        places: summary
            .places
            .iter()
            .map(|one| (one.kind == breiband::PlaceKind::Cabinet, one.name.clone(), one.cost, one.used))
            .collect(),
        bound: summary.bound,
        gap: summary.gap,
        currency: summary.currency.clone(),
        methods,
        municipalities: summary.municipalities.iter().map(municipality).collect(),
        assumptions: summary.assumptions.iter().map(assumption).collect(),
        cost_book: summary.cost_book.clone(),
        digest: summary.digest.clone(),
    }
}

/// The document; `region` is what it is about, as far as that is read, `figures` are those of each scenario's plan, `original` the
/// book without the scenario's changes.
pub(crate) fn document(
    history: &History,
    region: Option<&Region>,
    figures: &[Option<&SummaryView>],
    stale: bool,
    book: &CostBook,
    original: &CostBook,
) -> DocumentView {
    let document = &history.now;
    let (named, steps) = history.names();
    let scenario = |(variant, figures): (&Rc<Variant>, &Option<&SummaryView>)| ScenarioView {
        id: variant.id,
        name: variant.scenario.name.clone(),
        note: variant.note.clone(),
        figures: figures.map(|summary| ScenarioFigures {
            connected: summary.connected,
            metres: summary.trench_metres,
            cost: summary.cost,
            gap: summary.gap,
            others: [summary.excluded, summary.unreachable, summary.already_served],
            cost_range: summary.cost_range,
            methods: summary.methods.iter().map(|method| (method.name.clone(), method.cost)).collect(),
            currency: summary.currency.clone(),
        }),
    };
    let variant = document.variant();
    let prices = book.prices().map(|(_, price)| {
        let own = original.price_id(&price.id).map_or([price.per_metre, price.each], |id| {
            let own = original.price(id);
            [own.per_metre, own.each]
        });
        PriceView {
            id: price.id.clone(),
            method: crate::facts::word(&price.method),
            per_metre: price.per_metre,
            each: price.each,
            book: own,
            source: price.source.clone(),
            noted: variant
                .and_then(|variant| variant.scenario.prices.get(&price.id)?.source.clone())
                .unwrap_or_default(),
        }
    });
    let file = book.file();
    let scenario_of = |read: fn(&Scenario) -> Vec<String>| variant.map(|v| read(&v.scenario)).unwrap_or_default();
    let routes = variant.map_or(&[][..], |variant| variant.scenario.routes.as_slice());
    DocumentView {
        steps,
        named,
        scenarios: document.variants.iter().zip(figures).map(scenario).collect(),
        current: document.current,
        threshold: variant.map_or(0.0, |variant| variant.scenario.goal.threshold_mbps()),
        goal: variant.map(|variant| goal(&variant.scenario.goal)).unwrap_or_default(),
        currency: file.currency.clone(),
        book: [file.name.clone(), file.date.clone(), file.source.clone()],
        prices: prices.collect(),
        policy: variant.and_then(|variant| policy(&variant.scenario, document)),
        support: variant.map(|variant| support(&variant.scenario, region)).unwrap_or_default(),
        routes: routes
            .iter()
            .map(|route| RouteView { name: route.name.clone(), purpose: purpose_of(route.usage) })
            .collect(),
        areas: variant.map_or_else(Vec::new, |variant| {
            let view = |area: &breiband::DrawnArea| AreaView {
                name: area.name.clone(),
                purpose: area_purpose(area.rule),
                factor: area.factor,
            };
            variant.scenario.areas.iter().map(view).collect()
        }),
        handovers: variant.map_or_else(Vec::new, |variant| {
            let places = variant.scenario.handovers.iter();
            places.map(|one| place(&one.name, [one.lon, one.lat], one.opening_cost, &one.source)).collect()
        }),
        cabinets: variant.map_or_else(Vec::new, |variant| {
            let places = variant.scenario.cabinets.iter();
            places.map(|one| place(&one.name, [one.lon, one.lat], one.price, &one.source)).collect()
        }),
        usual: [book.opening_price(), book.cabinet_price()].map(|id| {
            let price = id.map(|id| book.price(id));
            price.map_or_else(Default::default, |price| (price.each, price.source.clone()))
        }),
        masts: variant.map_or_else(Vec::new, |variant| variant.scenario.masts.iter().map(mast).collect()),
        border_edits: variant.map_or(0, |variant| variant.scenario.options.borders.len() as u32),
        excluded: scenario_of(|scenario| scenario.options.exclude.clone()),
        included: scenario_of(|scenario| scenario.options.include.clone()),
        toml: variant.map(|variant| variant.toml()).unwrap_or_default(),
        stale,
    }
}

/// The demand policy of a scenario's programme, with its own changes.
fn policy(scenario: &Scenario, document: &Document) -> Option<PolicyView> {
    let changes = &scenario.programme.as_ref()?.policy_changes;
    let own = crate::together::policy_file(scenario, |path| document.file(path)).ok()?;
    let figure = |value| match value {
        PolicyValue::Flag(flag) => Setting::Flag(flag),
        PolicyValue::Number(number) => Setting::Number(Some(number)),
    };
    let view = |(path, value): (String, PolicyValue)| {
        let change = changes.get(&path);
        SettingView {
            value: figure(change.map_or(value, |change| change.value)),
            own: figure(value),
            noted: change.and_then(|change| change.source.clone()).unwrap_or_default(),
            path,
            titles: Vec::new(),
        }
    };
    let figures = own.figures().into_iter().map(view).collect();
    Some(PolicyView { of: [own.name, own.date, own.source], figures })
}

/// The support scheme, field by field.
fn support(scenario: &Scenario, region: Option<&Region>) -> Vec<SettingView> {
    let Some(scheme) = &scenario.support else { return Vec::new() };
    let setting = |value| match value {
        SupportField::Flag(flag) => Setting::Flag(flag),
        SupportField::Number(number) => Setting::Number(number),
        SupportField::Text(text) => Setting::Text(text),
        SupportField::List(names) => Setting::List(names),
    };
    let addresses = addresses(&scheme.commercial, region);
    let both = scheme.fields().into_iter().zip(breiband::SupportScheme::default().fields());
    let view = |((field, value), (_, own))| SettingView {
        noted: scheme.sources.get(field).cloned().unwrap_or_default(),
        path: str::to_owned(field),
        value: setting(value),
        own: setting(own),
        titles: if field == "commercial" { addresses.clone() } else { Vec::new() },
    };
    both.map(view).collect()
}

/// The addresses of ids of premises, in their order; of what is not in the region, the id.
fn addresses(ids: &[String], region: Option<&Region>) -> Vec<String> {
    if ids.is_empty() {
        return Vec::new();
    }
    let wanted: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
    let premises = region.map_or(&[][..], |region| &region.premises).iter();
    let wanted = premises.filter(|one| wanted.contains(one.external_id.as_str()));
    let labels: BTreeMap<&str, String> = few::map(wanted.map(|one| (one.external_id.as_str(), one.label())));
    ids.iter().map(|id| labels.get(id.as_str()).unwrap_or(id).clone()).collect()
}

fn place(name: &str, place: [f64; 2], cost: Option<f64>, source: &Option<String>) -> PlaceView {
    PlaceView { name: name.to_owned(), place, cost, source: source.clone().unwrap_or_default() }
}

fn mast(mast: &breiband::DrawnMast) -> MastView {
    let breiband::DrawnMast { name, lon, lat, height_m, sectors, existing } = mast.clone();
    MastView { name, place: [lon, lat], height_m, sectors, existing }
}

/// What a route of the scenario is for, in the page's terms.
pub(crate) fn purpose_of(usage: RouteUse) -> Purpose {
    match usage {
        RouteUse::Candidate => Purpose::Candidate,
        RouteUse::Forbidden => Purpose::Forbidden,
        RouteUse::Duct => Purpose::Duct,
        RouteUse::Poles => Purpose::Poles,
    }
}

/// What an area of the scenario is for, in the page's terms; a lump is a file's alone.
pub(crate) fn area_purpose(usage: AreaUse) -> Option<Purpose> {
    match usage {
        AreaUse::Forbid => Some(Purpose::NoDig),
        AreaUse::Multiply => Some(Purpose::Dearer),
        AreaUse::ExcludePremises => Some(Purpose::LeaveOut),
        AreaUse::Lump => None,
    }
}

fn goal(goal: &Goal) -> GoalView {
    let (kind, amount) = match *goal {
        Goal::Connect { .. } => (GoalKind::Connect, 0.0),
        Goal::Budget { budget, .. } => (GoalKind::Budget, budget),
        Goal::Coverage { share, .. } => (GoalKind::Coverage, share),
        Goal::Worthwhile { value, .. } => (GoalKind::Worthwhile, value),
        Goal::Cheapest { .. } => (GoalKind::Cheapest, 0.0),
    };
    GoalView { kind, amount, homes: goal.count().unwrap_or_default() == Count::Homes }
}

/// The curve as the page draws it.
pub(crate) fn curve(curve: &CoverageCurve) -> CurveView {
    CurveView {
        homes: curve.count == Count::Homes,
        wanted: curve.wanted,
        places: curve.places.iter().map(|place| (place.cost, place.connected)).collect(),
        currency: curve.currency.clone(),
    }
}

/// What a goal chose.
pub(crate) fn choice(choice: &breiband::Choice) -> ChoiceView {
    let breiband::Choice { count, wanted, connected, most, areas, .. } = *choice;
    ChoiceView { homes: count == Count::Homes, wanted, connected, most, areas }
}

/// Issues by code: errors first, then warnings, then notes.
pub(crate) fn issues(issues: &[Issue]) -> Vec<IssueGroup> {
    let mut groups: BTreeMap<(std::cmp::Reverse<Severity>, &str), IssueGroup> = BTreeMap::new();
    for issue in issues {
        let group = groups.entry((std::cmp::Reverse(issue.severity), &issue.code)).or_insert_with(|| IssueGroup {
            code: issue.code.clone(),
            severity: crate::facts::word(&issue.severity),
            count: 0,
            examples: Vec::new(),
        });
        group.count += 1;
        if group.examples.len() < EXAMPLES {
            let parts = [&issue.file, &issue.record, &issue.field, &issue.value];
            let parts: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
            group.examples.push(IssueView {
                code: issue.code.clone(),
                place: parts.join(" · "),
                message: issue.message.clone(),
            });
        }
    }
    groups.into_values().collect()
}
