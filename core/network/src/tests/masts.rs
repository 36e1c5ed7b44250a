//! Masts: what they see, what each way to them carries, and where new ones are proposed.

use breiband_model::{DrawnMast, Mast, MixSettings, Need, Staged, Terrain};
use breiband_spatial::Projection;

use super::*;

const STEP_M: i32 = 50;
const WEST_M: i32 = -1_000;
const SOUTH_M: i32 = -4_000;

/// Ground of 4 × 8 km: a ridge of 300 m at y = −1,200 m, a hill of 120 m around (1,500, 2,500), else 10 m.
fn terrain() -> Terrain {
    let height = |n: i32| {
        let (x, y) = (WEST_M + n % 81 * STEP_M, SOUTH_M + n / 81 * STEP_M);
        if (-1_250..=-1_150).contains(&y) {
            300_000
        } else if (x - 1_500).abs() <= 100 && (y - 2_500).abs() <= 100 {
            120_000
        } else {
            10_000
        }
    };
    let origin = Point::new(WEST_M * 1000, SOUTH_M * 1000);
    Terrain::new(origin, STEP_M as u32 * 1000, 81, (0..81 * 161).map(height).collect()).expect("whole")
}

/// A road with a handover, a mast beside it, two houses that it sees, one behind the ridge, and one by the road.
fn parts() -> RegionParts {
    let road = way(WayClass::Residential, Surface::Paved, &[0, 1]);
    let houses = [(600, 1_900), (900, 2_100), (400, -2_500), (200, 30)];
    let mut parts = region(&[(0, 0), (400, 0)], vec![road], &houses, Some((0, 0)));
    parts.terrain = Some(terrain());
    parts.masts = vec![Mast {
        external_id: "m".into(),
        name: "M".into(),
        point: Point::new(400_000, 300_000),
        height_mm: Some(30_000),
        sectors: Some(2),
        existing: true,
    }];
    parts
}

fn built(parts: RegionParts, mix: MixSettings) -> (Region, Staged<CandidateNetwork>) {
    let region = Region::new(parts).expect("sound");
    let scenario = Scenario { mix: Some(mix), ..scenario() };
    let book = CostBook::example();
    let staged = build(&region, &scenario, &book, &mut Context::new(&mut Silent)).expect("not cancelled");
    check(&region, &staged.value, &book);
    (region, staged)
}

#[test]
fn a_mast_of_the_scenario_is_one_as_in_an_input() {
    let mut parts = parts();
    let mast = parts.masts.remove(0);
    let region = Region::new(parts).expect("sound");
    let (lon, lat) = Projection::new(region.plane).to_lon_lat(mast.point);
    let drawn = DrawnMast {
        name: mast.name.clone(),
        lon,
        lat,
        height_m: Some(30.0),
        sectors: mast.sectors,
        existing: mast.existing,
    };
    let off = DrawnMast { name: "Nowhere".into(), lon: -170.0, lat: -60.0, ..DrawnMast::default() };
    let scenario = Scenario { mix: Some(MixSettings::default()), masts: vec![drawn, off], ..scenario() };
    let book = CostBook::example();
    let staged = build(&region, &scenario, &book, &mut Context::new(&mut Silent)).expect("not cancelled");
    check(&region, &staged.value, &book);
    assert_eq!(seen(&staged.value), [(0, 0), (1, 0), (3, 0)], "what the same mast of an input sees");
    let one = &staged.value.masts[0];
    assert_eq!((one.external_id.as_str(), one.point, one.height_mm), ("scenario/M", mast.point, 30_000));
    assert!(staged.issues.iter().any(|issue| issue.code == "mast-off-map" && issue.record == "Nowhere"));
}

/// Premises that a radio link reaches, by position, with the mast's number.
fn seen(network: &CandidateNetwork) -> Vec<(usize, usize)> {
    let mut seen = Vec::new();
    for edge in &network.edges {
        let kinds = [edge.tail, edge.head].map(|v| network.vertices[v.index()].kind);
        if !network.is_radio(edge) {
            continue;
        }
        if let [VertexKind::Mast(mast), VertexKind::Premises] | [VertexKind::Premises, VertexKind::Mast(mast)] = kinds {
            let sink = if kinds[0] == VertexKind::Premises { edge.tail } else { edge.head };
            let terminal = network.terminals.iter().find(|t| t.vertex == sink).expect("a terminal");
            seen.push((terminal.premises[0].index(), mast.index()));
        }
    }
    seen.sort_unstable();
    seen
}

#[test]
fn a_mast_reaches_what_it_sees_and_every_way_to_it_is_paid() {
    let (_, staged) = built(parts(), MixSettings::default());
    let network = &staged.value;
    assert_eq!(seen(network), [(0, 0), (1, 0), (3, 0)], "not the one behind the ridge");
    assert_eq!(network.demand[2], Demand::NoWay);
    let book = CostBook::example();
    let technologies = book.technologies().expect("shipped");
    let each = |name: &str, count, permille| {
        book.price(book.price_id(name).expect("in the book")).cost(0, count, permille).as_minor()
    };
    let present = technologies.present_permille();
    let own = each("mast-rented", 1, 1000) + each("sector-radio", 2, 1000) + each("mast-running", 1, present);
    let home = each("radio-terminal", 1, 1000) + each("radio-running", 1, present);
    let (mut leads, mut feeds) = (0, 0);
    for edge in &network.edges {
        let ends = [edge.tail, edge.head].map(|v| network.vertices[v.index()].kind);
        if !ends.iter().any(|kind| matches!(kind, VertexKind::Mast(_))) {
            continue;
        }
        let line = network.parts_of(edge).iter().filter(|p| p.kind == PartKind::MastLead);
        let line: u64 = line.map(|p| network.cost_of(p, &book).as_minor()).sum();
        if ends.contains(&VertexKind::Premises) {
            assert_eq!(edge.cost.as_minor(), home);
        } else if ends.iter().any(|kind| matches!(kind, VertexKind::Handover(_))) {
            assert_eq!(edge.cost.as_minor(), each("radio-backhaul", 1, 1000) + own);
            feeds += 1;
        } else {
            assert_eq!(edge.cost.as_minor(), line + own, "300 m over the ground, and the mast");
            assert!(line > 0);
            leads += 1;
        }
    }
    assert!(leads > 0 && feeds == 1, "{leads} {feeds}");
    // A home with fibre has its terminal and running too.
    let drops = network.edges.iter().filter(|e| network.parts_of(e).iter().any(|p| p.kind == PartKind::Drop));
    let fibre = each("fibre-terminal", 1, 1000) + each("fibre-running", 1, present);
    for edge in drops {
        let kinds = [PartKind::Equipment, PartKind::Running];
        let parts = network.parts_of(edge).iter().filter(|p| kinds.contains(&p.kind));
        assert_eq!(parts.map(|p| network.cost_of(p, &book).as_minor()).sum::<u64>(), fibre);
    }
}

#[test]
fn who_needs_more_hangs_on_no_mast() {
    let need = Need { premises: vec!["node/1".into()], mbps: 300.0, ..Need::default() };
    let (_, staged) = built(parts(), MixSettings { needs: vec![need], ..MixSettings::default() });
    assert_eq!(seen(&staged.value), [(0, 0), (3, 0)]);
    assert_eq!(staged.value.needs_mbps, [100.0, 300.0, 100.0, 100.0]);
}

#[test]
fn masts_are_proposed_where_most_see_one_for_the_first_time() {
    let mut without = parts();
    without.masts.clear();
    // A track to the south of the ridge, so that a mast there has a way near.
    without.nodes.extend([Point::new(0, -2_000_000), Point::new(400_000, -2_000_000)]);
    without.ways.push(Way { external_id: "way/1".into(), ..way(WayClass::Track, Surface::Gravel, &[2, 3]) });
    let settings = |propose| MixSettings { propose, propose_least: 1, ..MixSettings::default() };
    let (_, none) = built(without.clone(), settings(0));
    assert!(none.value.masts.is_empty());
    let (_, one) = built(without.clone(), settings(1));
    let (_, two) = built(without, settings(9));
    assert_eq!(one.value.masts[..], two.value.masts[..1], "more are added, none is moved");
    // The ridge sees both sides; from it, nobody is left for a second.
    let ridge = one.value.masts[0].point.y / 1000;
    assert!((-1_250..=-1_150).contains(&ridge), "{ridge}");
    assert_eq!(seen(&one.value).iter().map(|s| s.0).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert_eq!(two.value.masts.len(), 1);
}

#[test]
fn a_cancel_is_heard_between_masts() {
    struct Asked(std::cell::Cell<usize>);
    impl breiband_model::Observer for Asked {
        fn cancelled(&self) -> bool {
            self.0.set(self.0.get() + 1);
            false
        }
    }
    let asked = |masts: u32| {
        let mut parts = parts();
        let one = parts.masts[0].clone();
        parts.masts = (0..masts).map(|n| Mast { external_id: n.to_string(), ..one.clone() }).collect();
        parts.masts.iter_mut().zip(0..).for_each(|(mast, n)| mast.point.y += n * 1000);
        let region = Region::new(parts).expect("sound");
        let scenario = Scenario { mix: Some(MixSettings::default()), ..scenario() };
        let mut observer = Asked(std::cell::Cell::new(0));
        let staged = build(&region, &scenario, &CostBook::example(), &mut Context::new(&mut observer));
        assert_eq!(staged.expect("not cancelled").value.masts.len(), masts as usize);
        observer.0.get()
    };
    // Each is a look at all others.
    assert!(asked(101) >= asked(1) + 100);
}

#[test]
fn without_terrain_masts_are_left_out_and_said_to_be() {
    let mut flat = parts();
    flat.terrain = None;
    let (_, staged) = built(flat, MixSettings::default());
    assert!(staged.value.masts.is_empty() && staged.issues.iter().any(|issue| issue.code == "no-terrain"));
    let mut far = parts();
    far.masts[0].point = Point::new(9_000_000, 0);
    let (_, staged) = built(far, MixSettings::default());
    assert!(staged.value.masts.is_empty() && staged.issues.iter().any(|issue| issue.code == "mast-off-terrain"));
}
