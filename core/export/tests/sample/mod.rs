//! An invented region with a hand-made plan: a valley road, side roads, houses, a lake, two municipalities.

use breiband_export::{OutputFile, PlanView, all};
use breiband_model::{
    Access, Assumption, CandidateNetwork, CostBook, Demand, Edge, EdgeId, Handover, HandoverId, Issue, LeftOut,
    LeftOutReason, Money, Municipality, MunicipalityId, MunicipalitySummary, NodeId, Origin, Part, PartKind, Plane,
    Point, Polygon, Premises, PremisesId, PremisesKind, PremisesOutcome, PriceId, Quantity, Reason, Region,
    RegionParts, RoutePlan, Scenario, Service, Severity, Side, Source, SourceId, Status, Structure, Summary, Surface,
    Technology, Terminal, Vertex, VertexId, VertexKind, Water, Way, WayClass, WayId,
};

pub(crate) struct Sample {
    pub(crate) region: Region,
    pub(crate) scenario: Scenario,
    pub(crate) book: CostBook,
    pub(crate) network: CandidateNetwork,
    pub(crate) route: RoutePlan,
    pub(crate) summary: Summary,
    pub(crate) issues: Vec<Issue>,
}

impl Sample {
    pub(crate) fn view(&self) -> PlanView<'_> {
        PlanView {
            region: &self.region,
            scenario: &self.scenario,
            book: &self.book,
            network: &self.network,
            route: &self.route,
            summary: &self.summary,
            issues: &self.issues,
            loads: None,
        }
    }

    pub(crate) fn files(&self) -> Vec<OutputFile> {
        all(&self.view())
    }
}

/// Kind, origin, side, price, line, pieces and lump of a part.
type Piece = (PartKind, Origin, Side, Option<PriceId>, Vec<Point>, u32, u64);

struct Builder {
    parts: RegionParts,
    network: CandidateNetwork,
    chosen: Vec<EdgeId>,
    book: CostBook,
}

impl Builder {
    fn price(&self, method: breiband_model::Method) -> Option<PriceId> {
        self.book.prices().find(|(_, price)| price.method == method).map(|(id, _)| id)
    }

    fn vertex(&mut self, point: Point, kind: VertexKind) -> VertexId {
        self.network.vertices.push(Vertex { point, kind });
        VertexId::from_usize(self.network.vertices.len() - 1)
    }

    fn edge(&mut self, tail: VertexId, head: VertexId, pieces: Vec<Piece>) {
        let from = self.network.parts.len() as u32;
        for (kind, origin, side, price, line, count, lump) in pieces {
            let start = self.network.points.len() as u32;
            self.network.points.extend(line);
            let geometry = (start, self.network.points.len() as u32);
            let part =
                Part { kind, origin, side, price, geometry, count, permille: 1000, lump: Money::from_minor(lump) };
            self.network.parts.push(part);
        }
        let parts = (from, self.network.parts.len() as u32);
        let id = EdgeId::from_usize(self.network.edges.len());
        self.network.edges.push(Edge { tail, head, cost: Money::ZERO, running: Money::ZERO, parts });
        self.network.price(id, &self.book);
        self.chosen.push(id);
    }

    fn node(&mut self, p: Point) -> NodeId {
        self.parts.nodes.push(p);
        NodeId::from_usize(self.parts.nodes.len() - 1)
    }

    fn way(&mut self, name: &str, class: WayClass, surface: Surface, line: &[Point]) -> WayId {
        let nodes = line.iter().map(|&p| self.node(p)).collect();
        let external_id = format!("way/{}", self.parts.ways.len() + 1);
        self.parts.ways.push(Way {
            external_id,
            source: SourceId::new(0),
            name: name.to_owned(),
            class,
            surface,
            structure: Structure::None,
            access: Access::Public,
            owner: String::new(),
            layer: 0,
            nodes,
        });
        WayId::from_usize(self.parts.ways.len() - 1)
    }
}

fn premises(id: usize, street: &str, point: Point, municipality: u32) -> Premises {
    Premises {
        external_id: format!("node/{id}"),
        source: SourceId::new(0),
        street: street.to_owned(),
        number: format!("{}", id % 90 + 1),
        postcode: "0612".to_owned(),
        city: "Vik".to_owned(),
        parcel: String::new(),
        point,
        access_point: None,
        building: None,
        municipality: Some(MunicipalityId::new(municipality)),
        households: 1,
        households_assumed: true,
        kind: PremisesKind::Home,
        service: None,
        signed_up: id.is_multiple_of(3).then_some(id.is_multiple_of(2)),
    }
}

/// A region of `side_roads` side roads with about ten houses each, along a valley that runs north where `tall`, else east.
pub(crate) fn sample(side_roads: usize, tall: bool) -> Sample {
    use breiband_model::Method::{Aerial, Bore, Plough, Subsea, Trench};
    let at = |along: f64, across: f64| {
        let bend = across + 900.0 * libm_free_wave(along / 4_000.0);
        let (x, y) = if tall { (bend, along) } else { (along, bend) };
        Point::new((x * 1000.0) as i32, (y * 1000.0) as i32)
    };
    let mut b = Builder {
        parts: RegionParts::empty(Plane { central_meridian_e7: 62_000_000, origin_latitude_e7: 624_000_000 }),
        network: CandidateNetwork::default(),
        chosen: Vec::new(),
        book: CostBook::example(),
    };
    b.parts.sources.push(Source {
        name: "invented".into(),
        format: "none".into(),
        sha256: "0".repeat(64),
        attribution: "© OpenStreetMap contributors (ODbL)".into(),
        counts: Default::default(),
    });
    let length = side_roads as f64 * 330.0;
    for (code, name, from, to) in
        [("1531", "Nedre Vik", -1_500.0, length * 0.55), ("1532", "Øvre Vik & Dal", length * 0.55, length + 900.0)]
    {
        let outer = vec![at(from, -3_300.0), at(to, -3_300.0), at(to, 3_300.0), at(from, 3_300.0)];
        b.parts.municipalities.push(Municipality {
            code: code.into(),
            name: name.into(),
            area: vec![Polygon { outer, holes: Vec::new() }],
        });
    }
    let shore: Vec<Point> =
        (0..60).map(|i| at(length * 0.2 + 38.0 * f64::from(i), -900.0 - 20.0 * f64::from(i % 7))).collect();
    let far: Vec<Point> =
        (0..60).rev().map(|i| at(length * 0.2 + 38.0 * f64::from(i), -2_300.0 + 25.0 * f64::from(i % 5))).collect();
    b.parts.water.push(Water {
        external_id: "way/9000".into(),
        polygon: Polygon { outer: [shore, far].concat(), holes: Vec::new() },
    });

    let start = at(0.0, 0.0);
    b.parts.handovers.push(Handover {
        external_id: "handover/1".into(),
        name: "Vik sentral".into(),
        point: start,
        opening: None,
    });
    b.network.handovers = b.parts.handovers.clone();
    let root = b.vertex(start, VertexKind::Root);
    let hub = b.vertex(start, VertexKind::Handover(HandoverId::new(0)));
    b.edge(root, hub, vec![]);
    let mut before = hub;
    let (plough, trench, bore) = (b.price(Plough), b.price(Trench), b.price(Bore));
    let mut number = 0;
    for road in 0..side_roads {
        let (a, z) = (road as f64 * 330.0, (road + 1) as f64 * 330.0);
        let line: Vec<Point> = (0..=6).map(|i| at(a + (z - a) * f64::from(i) / 6.0, 0.0)).collect();
        let main = b.way("Dalsvegen", WayClass::Secondary, Surface::Paved, &line);
        let junction = b.vertex(line[6], VertexKind::Way);
        let side = if road % 2 == 0 { Side::Left } else { Side::Right };
        b.edge(
            before,
            junction,
            vec![
                (PartKind::Along, Origin::Way(main), side, trench, line[..4].to_vec(), 0, 0),
                (PartKind::Crossing, Origin::Way(main), Side::Middle, bore, vec![], 1, 0),
                (PartKind::Along, Origin::Way(main), side, trench, line[3..].to_vec(), 0, 0),
            ],
        );
        before = junction;
        let sign = if road % 2 == 0 { 1.0 } else { -1.0 };
        let reach = 700.0 + (road * 37 % 11) as f64 * 130.0;
        let lane: Vec<Point> = (0..=10)
            .map(|i| at(z + 40.0 * libm_free_wave(f64::from(i) / 3.0), sign * reach * f64::from(i) / 10.0))
            .collect();
        let way = b.way(&format!("Vikaråsen {road}"), WayClass::Track, Surface::Gravel, &lane);
        let mut tail = junction;
        for step in 1..=10_usize {
            let lane_end = b.vertex(lane[step], VertexKind::Way);
            let price = if road % 7 == 3 { b.price(Aerial) } else { plough };
            b.edge(
                tail,
                lane_end,
                vec![(PartKind::Along, Origin::Way(way), Side::Middle, price, lane[step - 1..=step].to_vec(), 0, 0)],
            );
            tail = lane_end;
            let offset = if step % 2 == 0 { 45 } else { -60 } * 1000;
            let house = if tall {
                Point::new(lane[step].x, lane[step].y + offset)
            } else {
                Point::new(lane[step].x + offset, lane[step].y)
            };
            number += 1;
            let mut home = premises(number, &format!("Vikaråsen {road}"), house, u32::from(a > length * 0.55));
            let id = PremisesId::from_usize(b.parts.premises.len());
            if number % 13 == 0 {
                home.service = Some(Service { down_mbps: 1000.0, up_mbps: 1000.0, technology: "fibre".into() });
                b.network.demand.push(Demand::AlreadyServed);
            } else if number % 41 == 0 {
                b.network.demand.push(Demand::NoWay);
            } else if number % 29 == 0 {
                home.kind = PremisesKind::Outbuilding;
                b.network.demand.push(Demand::ExcludedKind);
            } else {
                let sink = b.vertex(house, VertexKind::Premises);
                let lump = if number % 50 == 1 { 123_456 } else { 0 };
                b.edge(
                    lane_end,
                    sink,
                    vec![(
                        PartKind::Drop,
                        Origin::Premises(id),
                        Side::Middle,
                        plough,
                        vec![lane[step], house],
                        0,
                        lump,
                    )],
                );
                b.network.demand.push(Demand::Terminal(b.network.terminals.len() as u32));
                b.network.terminals.push(Terminal { vertex: sink, premises: vec![id] });
            }
            b.parts.premises.push(home);
        }
        if road == side_roads / 2 {
            let over = b.vertex(at(z, -2_900.0), VertexKind::Way);
            let price = b.price(Subsea);
            let line = vec![lane[0], at(z, -1_500.0), at(z, -2_900.0)];
            b.edge(junction, over, vec![(PartKind::Water, Origin::Derived, Side::Middle, price, line, 2, 0)]);
        }
    }
    b.parts.premises[1].street = "=cmd()".into();
    let closed = b.way("Stengt <veg>", WayClass::Motorway, Surface::Paved, &[at(0.0, 200.0), at(600.0, 800.0)]);
    b.network.left_out.push(LeftOut {
        origin: Origin::Way(closed),
        reason: LeftOutReason::ForbiddenByRule,
        length_mm: 848_528,
        detail: "motorway".into(),
    });
    b.network.left_out.push(LeftOut {
        origin: Origin::Premises(PremisesId::new(0)),
        reason: LeftOutReason::Disconnected,
        length_mm: 70_000,
        detail: String::new(),
    });
    b.network.assumptions.push(Assumption {
        code: "assumed-handover".into(),
        values: vec!["road junction".into(), "6.20000".into(), "62.40000".into()],
    });
    b.network.assumptions.push(Assumption { code: "households-assumed".into(), values: vec!["400".into()] });
    let example = Assumption { code: "example-prices".into(), values: vec!["Norway".into(), "2026-01-01".into()] };
    b.network.assumptions.push(example);
    finish(b)
}

/// A smooth wave without trigonometry: a parabola over each half period.
fn libm_free_wave(x: f64) -> f64 {
    let t = x.rem_euclid(2.0);
    if t < 1.0 { 4.0 * t * (1.0 - t) } else { -4.0 * (t - 1.0) * (2.0 - t) }
}

fn finish(b: Builder) -> Sample {
    let Builder { parts, network, chosen, book } = b;
    let mut drop_of = std::collections::BTreeMap::new();
    for &id in &chosen {
        drop_of.insert(network.edges[id.index()].head, id);
    }
    let outcome = |status, reason| PremisesOutcome { status, reason, drop: None, distance_mm: 0, technology: None };
    let outcomes: Vec<_> = network
        .demand
        .iter()
        .map(|demand| match demand {
            Demand::Terminal(t) => {
                let drop = drop_of.get(&network.terminals[*t as usize].vertex).copied();
                PremisesOutcome {
                    status: Status::Connected,
                    reason: Reason::InPlan,
                    drop,
                    distance_mm: 1_234_567,
                    technology: Some(Technology::Fibre),
                }
            }
            Demand::AlreadyServed => outcome(Status::AlreadyServed, Reason::Service),
            Demand::NoWay => outcome(Status::Unreachable, Reason::NoWay),
            _ => outcome(Status::Excluded, Reason::Kind),
        })
        .collect();
    let cost: Money = chosen.iter().map(|id| network.edges[id.index()].cost).sum();
    let bound = Money::from_minor(cost.as_minor() - cost.as_minor() / 263);
    let count = |status| outcomes.iter().filter(|o| o.status == status).count() as u64;
    let mut methods = std::collections::BTreeMap::<String, Quantity>::new();
    let mut total = 0.0;
    for part in chosen.iter().flat_map(|id| network.parts_of(&network.edges[id.index()])) {
        total += network.length_of(part) as f64 / 1000.0;
        let Some(price) = part.price else { continue };
        let work = methods
            .entry(serde_json::to_value(book.price(price).method).unwrap().as_str().unwrap().to_owned())
            .or_default();
        work.metres += network.length_of(part) as f64 / 1000.0;
        work.count += u64::from(part.count);
        work.cost += book.price(price).cost(network.length_of(part), part.count, part.permille).as_major();
    }
    let municipalities = parts.municipalities.iter().enumerate().map(|(i, m)| {
        let here: Vec<_> = parts
            .premises
            .iter()
            .zip(&outcomes)
            .filter(|(p, _)| p.municipality.is_some_and(|m| m.index() == i))
            .collect();
        let of = |status| here.iter().filter(|(_, o)| o.status == status).count() as u64;
        let work = Quantity { metres: total / 2.0, count: 9, cost: cost.as_major() / 2.0 };
        let (connected, already_served) = (of(Status::Connected), of(Status::AlreadyServed));
        MunicipalitySummary {
            code: m.code.clone(),
            name: m.name.clone(),
            premises: here.len() as u64,
            connected,
            already_served,
            work,
        }
    });
    let mut reasons = std::collections::BTreeMap::new();
    for outcome in &outcomes {
        *reasons.entry(outcome.reason).or_insert(0) += 1;
    }
    let file = book.file();
    let issues = vec![
        Issue::new("missing-node", Severity::Warning, "A way names a node that the file does not have.")
            .file("a, \"b\".pbf")
            .record("way/7"),
        Issue::new("odd-value", Severity::Note, "Not a number.").field("width", "-5 m"),
    ];
    let summary = Summary {
        name: "Vik and Dal, fibre for everyone".into(),
        date: "2026-01-31".into(),
        premises: outcomes.len() as u64,
        connected: count(Status::Connected),
        unreachable: count(Status::Unreachable),
        excluded: count(Status::Excluded),
        already_served: count(Status::AlreadyServed),
        reasons,
        in_no_municipality: 3,
        coverage_known: true,
        trench_metres: total,
        cost: cost.as_major(),
        cost_range: [1_234_000.0, 1_500_000.0, 1_876_000.0],
        currency: file.currency.clone(),
        bound: bound.as_major(),
        gap: 0.003_803,
        choice: None,
        places: Vec::new(),
        mix: None,
        methods,
        prices: Default::default(),
        municipalities: municipalities.collect(),
        long_drops: Quantity { metres: 2_000.0, count: 12, cost: 240_000.0 },
        assumptions: network.assumptions.clone(),
        issues: breiband_model::count_by_code(&issues),
        cost_book: [file.name.clone(), file.date.clone(), file.source.clone()],
        attribution: parts.sources.iter().map(|source| source.attribution.clone()).collect(),
        notice: breiband_messages::INVENTED.into(),
        digest: "5".repeat(64),
    };
    let mut scenario = Scenario::new(summary.name.clone(), summary.date.clone(), Vec::new());
    scenario.notice = summary.notice.clone();
    let route = RoutePlan { edges: chosen, outcomes, cost, bound, choice: None };
    Sample { region: Region::new(parts).expect("a sound region"), scenario, book, network, route, summary, issues }
}
