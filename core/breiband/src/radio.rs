//! Re-checking a plan's technologies from its files: what masts and homes cost, and that every radio link is in sight.

use std::collections::BTreeMap;

use breiband_model::{CostBook, Mast, Point, Region, Scenario, SiteKind, Technologies, Wireless};
use breiband_terrain::{Antenna, Sight};

use crate::proof::{DemandRow, EdgeRow, PartRow};

/// Homes and place of each sink.
type Homes = BTreeMap<u32, (u32, Point)>;

/// What a mast is, by its id.
struct Known<'a> {
    masts: BTreeMap<String, Mast>,
    heights: BTreeMap<Point, i32>,
    sites: BTreeMap<&'a str, Point>,
    default_mm: i32,
}

impl<'a> Known<'a> {
    fn of(region: &'a Region, scenario: &Scenario, wireless: &Wireless) -> Self {
        // What is off the map was left out, and is not looked for.
        let masts = breiband_network::masts(region, scenario, &mut Vec::new());
        let default_mm = millimetres(wireless.mast_height_m);
        let sites = region.sites.iter().filter(|site| site.kind == SiteKind::Mast);
        Self {
            // The first of a place is the one that is used.
            heights: masts.iter().rev().map(|m| (m.point, m.height_mm.unwrap_or(default_mm))).collect(),
            masts: masts.into_iter().rev().map(|m| (m.external_id.clone(), m)).collect(),
            sites: sites.map(|site| (site.external_id.as_str(), site.point)).collect(),
            default_mm,
        }
    }

    /// Whether a mast stands, and its sectors where the inputs say them.
    fn describe(&self, id: &str) -> Result<(bool, Option<u32>), String> {
        match (self.masts.get(id), self.sites.contains_key(id)) {
            (Some(mast), _) => Ok((mast.existing, mast.sectors)),
            (None, true) => Ok((true, None)),
            (None, false) if id.starts_with("proposed/") => Ok((false, None)),
            (None, false) => Err(format!("the mast {id:?} is in no input")),
        }
    }

    /// Where the inputs have a mast; a proposed one may be anywhere.
    fn place(&self, id: &str) -> Option<Point> {
        self.masts.get(id).map(|m| m.point).or_else(|| self.sites.get(id).copied())
    }

    /// An antenna: of the mast there, or as high as a mast that does not say it.
    fn antenna(&self, point: Point) -> Antenna {
        Antenna { point, height_mm: self.heights.get(&point).copied().unwrap_or(self.default_mm) }
    }
}

fn millimetres(metres: f64) -> i32 {
    // At most 500 m, as the cost book was checked.
    (metres * 1000.0) as i32
}

/// Whether parts have a price of a kind so many times, at a factor.
fn has(edge: &EdgeRow, kind: &str, price: &str, count: u32, permille: u32) -> bool {
    let fits =
        |p: &&PartRow| (p.kind.as_str(), p.price.as_str(), p.count, p.permille) == (kind, price, count, permille);
    edge.parts.iter().filter(fits).count() == 1
}

/// Holds radio links against the terrain, and every home's and mast's cost against the cost book. Linear in the files, and a
/// look along the terrain for each radio link.
pub(crate) fn check(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    edges: &[EdgeRow],
    demand: &[DemandRow],
) -> Result<String, String> {
    let technologies = match (&scenario.mix, book.technologies()) {
        (None, _) | (Some(_), None) => {
            return Err("the scenario or the cost book says nothing of technologies".to_owned());
        }
        (Some(_), Some(technologies)) => technologies,
    };
    let wireless = &technologies.wireless;
    let known = Known::of(region, scenario, wireless);
    let present = technologies.present_permille();
    let mut homes = Homes::new();
    for (row, premises) in demand.iter().zip(&region.premises) {
        if let Some(vertex) = row.vertex {
            homes.entry(vertex).or_insert((0, premises.drop_point())).0 += premises.homes();
        }
    }
    let [access, between] = [wireless.frequency_mhz, wireless.backhaul_frequency_mhz].map(|f| Sight::new(wireless, f));
    // The mast at a vertex, by the homes that hang on it.
    let mut masts: BTreeMap<u32, &str> = BTreeMap::new();
    let mut seen = [0_u64; 2];
    for (index, edge) in edges.iter().enumerate() {
        let fault = |text: &str| format!("edge {index}: {text}");
        let sink = [(edge.tail, edge.head), (edge.head, edge.tail)].into_iter().find(|(s, _)| homes.contains_key(s));
        let radio = edge.parts.iter().find(|part| part.kind == "radio");
        let Some((sink, other)) = sink else {
            if let Some(radio) = radio {
                feed(region, &known, &between, wireless, radio).map_err(|text| fault(&text))?;
                seen[1] += 1;
            }
            continue;
        };
        let (count, place) = homes[&sink];
        let (kind, equipment, running) = match radio {
            Some(_) => ("radio", &wireless.equipment, &wireless.running),
            None => ("equipment", &technologies.fibre.equipment, &technologies.fibre.running),
        };
        if !has(edge, kind, equipment, count, 1000) || !has(edge, "running", running, count, present) {
            return Err(fault("a home's equipment or running is not what the cost book says"));
        }
        if let Some(radio) = radio {
            let mut ends = radio.geometry.clone();
            if edge.tail == sink {
                ends.reverse();
            }
            let [mast, home] = ends[..] else { return Err(fault("a radio link has two ends")) };
            if home != place || known.place(&radio.origin).is_some_and(|p| p != mast) {
                return Err(fault("a radio link does not end where the mast and the premises are"));
            }
            known.describe(&radio.origin).map_err(|text| fault(&text))?;
            if masts.insert(other, &radio.origin).is_some_and(|before| before != radio.origin) {
                return Err(fault("two masts are one vertex"));
            }
            let home = Antenna { point: home, height_mm: millimetres(wireless.premises_height_m) };
            clear(region, &access, known.antenna(mast), home, wireless.range_m).map_err(|text| fault(&text))?;
            seen[0] += 1;
        }
    }
    opened(&known, book, technologies, edges, (&homes, &masts))?;
    Ok(format!(
        "{} radio links to premises and {} between masts are in sight, and {} masts cost what the cost book says",
        seen[0],
        seen[1],
        masts.len()
    ))
}

fn clear(region: &Region, sight: &Sight, a: Antenna, b: Antenna, range_m: f64) -> Result<(), String> {
    let Some(terrain) = &region.terrain else { return Err("the inputs have no terrain".to_owned()) };
    let length = a.point.distance_mm(b.point);
    // The range is held against whole millimetres squared; a half more is rounding.
    if length as f64 > range_m * 1000.0 + 1.0 {
        return Err(format!("a radio link of {:.1} m is longer than the cost book lets it be", length as f64 / 1000.0));
    }
    match sight.clearance(terrain, a, b) {
        Some(found) if found.room_mm >= 0 => Ok(()),
        Some(found) => Err(format!(
            "the ground reaches {:.1} m into the way of a radio link, {:.0} m from its first end",
            -found.room_mm as f64 / 1000.0,
            found.at_mm as f64 / 1000.0
        )),
        None => Err("nobody knows the ground under a radio link".to_owned()),
    }
}

/// A radio link that feeds a mast.
fn feed(region: &Region, known: &Known<'_>, sight: &Sight, wireless: &Wireless, radio: &PartRow) -> Result<(), String> {
    let [from, to] = radio.geometry[..] else { return Err("a radio link has two ends".to_owned()) };
    if (radio.price.as_str(), radio.count, radio.permille) != (wireless.backhaul.as_str(), 1, 1000) {
        return Err("a radio link between masts is not priced as the cost book says".to_owned());
    }
    known.describe(&radio.origin)?;
    clear(region, sight, known.antenna(from), known.antenna(to), wireless.backhaul_range_m)
}

/// Every edge that brings the network to a mast must carry the mast's cost.
fn opened(
    known: &Known<'_>,
    book: &CostBook,
    technologies: &Technologies,
    edges: &[EdgeRow],
    (homes, masts): (&Homes, &BTreeMap<u32, &str>),
) -> Result<(), String> {
    let wireless = &technologies.wireless;
    let cost = |name: &str, count| book.each(name, count, 1000).as_minor();
    for (index, edge) in edges.iter().enumerate() {
        let ends = [edge.tail, edge.head];
        let radio = || edge.parts.iter().filter(|part| part.kind == "radio");
        if ends.iter().any(|v| homes.contains_key(v)) && radio().next().is_some() {
            continue;
        }
        let fed = radio().map(|part| part.origin.as_str());
        let mut needed = 0;
        for id in ends.iter().filter_map(|v| masts.get(v).copied()).chain(fed) {
            let (existing, sectors) = known.describe(id)?;
            let sectors = cost(&wireless.sector, sectors.unwrap_or(wireless.sectors));
            needed = needed.max(cost(wireless.mast_price(existing), 1).saturating_add(sectors));
        }
        if needed == 0 {
            continue;
        }
        let parts = edge.parts.iter().filter(|part| part.kind == "mast");
        let found: u64 = parts.map(|part| cost(&part.price, part.count)).sum();
        if found < needed || !has(edge, "running", &wireless.mast_running, 1, technologies.present_permille()) {
            return Err(format!("edge {index} brings the network to a mast and does not carry what the mast costs"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::{demand_file, graph_file, read_demand, read_graph};
    use breiband_model::{Context, Silent};
    use breiband_synth::{Recipe, generate};

    #[test]
    fn what_is_not_in_sight_or_not_paid_is_found_out() {
        let files = generate(&Recipe { premises: 300, terrain: true, ..Recipe::default() });
        let (mut scenario, sources) = crate::scenario_of(&files).expect("a generated scenario");
        scenario.options.steps = 1_000_000;
        let mut silent = Silent;
        let mut context = Context::new(&mut silent);
        let region = crate::import(&sources, &scenario.options, &mut context).expect("it is read");
        let book = CostBook::example();
        let plan = crate::plan(&region, &scenario, &book, &mut context).expect("a plan").value;
        let graph = graph_file(&region.value, &plan.network, &plan.route, &book);
        let edges = read_graph(&graph).expect("it is ours");
        let demand = demand_file(&region.value, &plan.network, &plan.route, &scenario, &book);
        let demand = read_demand(&demand).expect("it is ours");
        let holds = |edges: &[EdgeRow], scenario: &Scenario, book: &CostBook, region: &Region| {
            check(region, scenario, book, edges, &demand)
        };
        let said = holds(&edges, &scenario, &book, &region.value).expect("an honest plan");
        assert!(!said.starts_with("0 radio"), "{said}");
        // What is changed in the first edge that has such a part, and what is said of it.
        type Change = fn(&mut EdgeRow, usize);
        let home = "a home's equipment or running";
        let changes: [(&str, Change, &str); 6] = [
            (
                "equipment",
                |e, _| e.parts.iter_mut().filter(|p| p.kind == "running").for_each(|p| p.permille -= 1),
                home,
            ),
            ("equipment", |e, at| e.parts[at].count += 1, home),
            ("radio", |e, _| e.parts.retain(|p| p.kind == "radio"), "edge"),
            ("radio", |e, at| e.parts[at].geometry[0].x += 700_000, "edge"),
            ("mast-lead", |e, _| e.parts.retain(|p| p.kind != "mast"), "what the mast costs"),
            ("radio", |e, at| e.parts[at].origin = "nowhere".into(), "in no input"),
        ];
        for (number, (kind, change, expect)) in changes.into_iter().enumerate() {
            let mut changed = edges.clone();
            let found = changed.iter_mut().find_map(|e| e.parts.iter().position(|p| p.kind == kind).map(|at| (e, at)));
            let (edge, at) = found.expect("an edge with such a part");
            change(edge, at);
            let text = holds(&changed, &scenario, &book, &region.value).expect_err("a dishonest plan");
            assert!(text.contains(expect), "change {number}: {text}");
        }
        // A wall of ground between masts and homes, a range that is shorter, more clearance than there is.
        let mut parts = region.value.clone().into_parts();
        let terrain = parts.terrain.take().expect("read");
        let heights = terrain.heights().iter().enumerate();
        let wall = heights.map(|(at, &h)| if at % 3 == 0 { h.saturating_add(900_000) } else { h }).collect();
        parts.terrain = breiband_model::Terrain::new(terrain.origin(), terrain.step_mm(), terrain.columns(), wall);
        let walled = Region::new(parts).expect("sound");
        let text = holds(&edges, &scenario, &book, &walled).expect_err("nothing sees through");
        assert!(text.contains("the ground reaches"), "{text}");
        let mut file = book.file().clone();
        file.technologies.as_mut().expect("shipped").wireless.range_m = 300.0;
        let near = CostBook::new(file).expect("sound");
        let text = holds(&edges, &scenario, &near, &region.value).expect_err("too long");
        assert!(text.contains("longer than the cost book"), "{text}");
    }
}
