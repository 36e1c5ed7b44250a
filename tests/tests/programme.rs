//! Building together, end to end: what holds in every programme of an invented region.

use std::collections::BTreeMap;

use breiband::{
    Budget, Context, CostBook, DropPolicy, Money, OrderStatus, Phase, Plan, Programme, Recipe, Region, Scenario,
    Silent, Staged,
};

struct Case {
    region: Staged<Region>,
    scenario: Scenario,
    book: CostBook,
    plan: Staged<Plan>,
    orders: Vec<u8>,
}

impl Case {
    fn new(seed: u64) -> Self {
        let files = breiband::generate(&Recipe { premises: 600, seed, ..Recipe::default() });
        let (scenario, sources) = breiband::scenario_of(&files).expect("its own scenario");
        let mut silent = Silent;
        let mut context = Context::new(&mut silent);
        let region = breiband::import(&sources, &scenario.options, &mut context).expect("its own files");
        let book = CostBook::example();
        let plan = breiband::plan(&region, &scenario, &book, &mut context).expect("a plan");
        let orders = files.iter().find(|f| f.name == "orders.csv").expect("orders").bytes.clone();
        Self { region, scenario, book, plan, orders }
    }

    fn programme(&self, scenario: &Scenario) -> Result<Programme, breiband::ProgrammeFailure> {
        let orders = Some(("orders.csv", self.orders.as_slice()));
        breiband::programme(&self.region.value, scenario, &self.book, &self.plan.value, orders)
    }

    fn services(
        &self,
        scenario: &Scenario,
        programme: &Programme,
        policy: &breiband::Policy,
    ) -> Result<breiband::Services, breiband::ProgrammeFailure> {
        breiband::services(&self.region.value, scenario, &self.book, &self.plan.value, programme, policy)
    }

    /// What must hold whatever is asked.
    fn check(&self, scenario: &Scenario) -> Programme {
        let programme = self.programme(scenario).expect("a programme");
        let settings = scenario.programme.as_ref().expect("the section");
        let mut carried = 0i128;
        for y in &programme.years {
            let minor = |m: Money| i128::from(m.as_minor());
            assert_eq!(minor(y.carried_in), carried.max(0));
            carried += minor(y.budget) - minor(y.fixed) - minor(y.work);
            assert_eq!(minor(y.carried_out) - minor(y.short), carried);
            assert!(y.points <= y.most_points, "{y:?}");
            let flows = programme.flows.iter().filter(|flow| flow.year == y.year);
            assert_eq!(flows.map(|flow| flow.cost).sum::<Money>(), y.work, "what is built is built for somebody");
        }
        for job in &programme.jobs {
            let above = job.after.map_or(Phase::Built, |above| programme.jobs[above].phase);
            assert!(above <= job.phase, "a trunk comes first");
        }
        // Every edge of the plan is in one job; the costs are the plan's, with moving in, less drops that wait.
        let mut edges: Vec<_> = programme.jobs.iter().flat_map(|job| job.edges.iter().copied()).collect();
        edges.sort();
        assert_eq!(edges, self.plan.value.route.edges);
        let moved = programme.jobs.iter().filter(|job| job.cost > Money::ZERO).count() as u64;
        let moving = settings.lots.map_or(0, |lots| moved * (lots.mobilisation * 100.0) as u64);
        let plan = self.plan.value.route.cost.as_minor();
        assert_eq!(programme.total.as_minor() + programme.drops_later.as_minor(), plan + moving);
        let by_phase = |phase: fn(Phase) -> bool| -> u64 {
            programme.jobs.iter().filter(|j| phase(j.phase)).map(|j| j.cost.as_minor()).sum()
        };
        let work: u64 = programme.years.iter().map(|y| y.work.as_minor()).sum();
        assert_eq!(by_phase(|p| matches!(p, Phase::Year(_))), work);
        assert_eq!(by_phase(|p| p == Phase::Unfunded), programme.unfunded.as_minor());
        // Shares add up to each year's cost by every key, and what is caused is what is built.
        for key in &programme.keys {
            for ((y, row), unpaid) in programme.years.iter().zip(&key.shares).zip(&key.unpaid) {
                let paid: u64 = row.iter().map(|m| m.as_minor()).sum();
                assert_eq!(paid + unpaid.as_minor(), y.work.as_minor() + y.fixed.as_minor(), "{} {}", key.name, y.year);
            }
        }
        let sum =
            |of: fn(&breiband::MemberFigures) -> Money| programme.members.iter().map(|m| of(m).as_minor()).sum::<u64>();
        assert_eq!(sum(|m| m.ground) + programme.outside.0.as_minor(), work);
        assert_eq!(sum(|m| m.caused) + programme.outside.1.as_minor(), work);
        for member in &programme.members {
            assert_eq!(
                member.ground.as_minor() - member.for_others.as_minor(),
                member.caused.as_minor() - member.by_others.as_minor(),
                "what it builds for itself"
            );
        }
        // Coverage never falls, and the municipalities add up to all.
        let mut last: BTreeMap<(String, u64), u64> = BTreeMap::new();
        let mut dense: BTreeMap<(String, Option<u16>, u64), [u64; 3]> = BTreeMap::new();
        let mut rows = Vec::new();
        for row in &programme.coverage {
            if !row.density.is_empty() {
                let sum = dense.entry((row.municipality.clone(), row.year, row.threshold_mbps as u64)).or_default();
                *sum = [sum[0] + row.premises, sum[1] + row.households_passed, sum[2] + row.premises_connected];
                continue;
            }
            let own = [row.premises, row.households_passed, row.premises_connected];
            rows.push(((row.municipality.clone(), row.year, row.threshold_mbps as u64), own));
            let key = (row.municipality.clone(), row.threshold_mbps as u64);
            assert!(row.households_connected <= row.households_passed && row.households_passed <= row.households);
            assert!(last.insert(key, row.premises_connected).is_none_or(|before| before <= row.premises_connected));
        }
        let all: u64 = last.iter().filter(|((code, _), _)| code.is_empty()).map(|(_, n)| n).sum();
        let parts: u64 = last.iter().filter(|((code, _), _)| !code.is_empty()).map(|(_, n)| n).sum();
        assert_eq!(all, parts);
        // And so do the classes of density, in each of them.
        assert!(rows.into_iter().all(|(key, own)| dense.remove(&key) == Some(own)) && dense.is_empty());
        // Whoever pays it, what is built is paid once.
        let support = programme.support.as_ref().expect("the sample's scheme");
        let total = support.total;
        assert_eq!(total.cost.as_minor() + support.unsupported.as_minor(), work);
        for funding in support.areas.iter().map(|a| a.funding).chain(support.municipalities.iter().map(|m| m.funding)) {
            let parties = [funding.support, funding.own, funding.gap].into_iter().sum::<Money>();
            assert_eq!(parties, funding.cost);
        }
        programme
    }
}

/// What leads to a cabinet alone is in one job with what it hangs on, caused by somebody, and paid once.
#[test]
fn cabinets_and_points_of_presence_are_built_and_paid_like_everything_else() {
    let mut case = Case::new(3);
    let projection = breiband::spatial::Projection::new(case.region.value.plane);
    let premises = case.region.value.premises.iter();
    let places: Vec<(f64, f64)> = premises.step_by(50).map(|one| projection.to_lon_lat(one.drop_point())).collect();
    for (number, (lon, lat)) in places.into_iter().enumerate() {
        let name = format!("P{number}");
        if number % 3 == 0 {
            let (opening_cost, source) = (Some(1000.5), None);
            case.scenario.handovers.push(breiband::NamedPlace { name, lon, lat, opening_cost, source });
        } else {
            let price = (number % 2 == 0).then_some(12_345.67);
            case.scenario.cabinets.push(breiband::NamedCabinet { name, lon, lat, price, source: None });
        }
    }
    let mut silent = Silent;
    let mut context = Context::new(&mut silent);
    case.plan = breiband::plan(&case.region, &case.scenario, &case.book, &mut context).expect("a plan");
    let used = |kind| case.plan.value.summary.places.iter().filter(|one| one.kind == kind && one.used).count();
    assert_eq!(used(breiband::PlaceKind::Cabinet), case.scenario.cabinets.len());
    assert!(used(breiband::PlaceKind::PointOfPresence) > 0, "cheap as they are");
    case.check(&case.scenario);
    let mut signed = case.scenario.clone();
    let settings = signed.programme.as_mut().expect("the section");
    (settings.drops, settings.lots) = (DropPolicy::WhenSigned, None);
    case.check(&signed);
    let table = breiband::GameTable::new(&case.region.value, &case.scenario, &case.book, &case.plan.value);
    let table = table.expect("a game");
    let planned: Vec<_> = (0..table.groups().len()).map(|at| table.plan(at).expect("planned")).collect();
    let game = table.settle(&planned);
    assert!(game.groups.iter().all(|group| group.cost.is_none_or(|(low, high)| low <= high)));
}

#[test]
fn money_and_people_add_up_whatever_is_asked() {
    let case = Case::new(5);
    let usual = case.check(&case.scenario);
    assert!(usual.lots && usual.unfunded > Money::ZERO);
    let with = |change: fn(&mut breiband::ProgrammeSettings)| {
        let mut scenario = case.scenario.clone();
        change(scenario.programme.as_mut().expect("the section"));
        case.check(&scenario)
    };
    let stretches = with(|s| s.lots = None);
    assert!(stretches.jobs.len() > usual.jobs.len());
    let signed = with(|s| s.drops = DropPolicy::WhenSigned);
    assert!(signed.drops_later > Money::ZERO);
    assert!(signed.years.iter().map(|y| y.connected).sum::<u64>() < signed.years.iter().map(|y| y.passed).sum());
    let slow = with(|s| s.crews = Some(breiband::Crews { count: 1, metres: 2_000.0 }));
    assert!(slow.years.iter().all(|y| y.length_mm <= 10_000_000) && slow.unfunded > usual.unfunded);
    // Enough money in the first year builds all of it in Horn's order, but for what is frozen or ordered.
    let rich = with(|s| {
        s.budgets = vec![Budget { year: 2027, amount: 1e9 }];
        (s.fixed, s.milestones, s.freezes) = Default::default();
        s.orders.clear();
    });
    assert_eq!(rich.unfunded, Money::ZERO);
    let frozen = with(|s| {
        s.freezes.push(breiband::Freeze { from: 2027, to: 2030, municipality: String::new(), reason: String::new() })
    });
    assert!(frozen.years[..4].iter().all(|y| y.work == Money::ZERO) && frozen.years[4].work > Money::ZERO);
    let capped = with(|s| s.members.iter_mut().for_each(|m| m.cap = Some(10.0)));
    assert!(capped.keys.iter().all(|key| key.unpaid.iter().any(|&m| m > Money::ZERO)));
}

#[test]
fn whoever_joins_pays_what_a_member_does_and_relieves_the_others() {
    let case = Case::new(5);
    let together = case.check(&case.scenario);
    let mut scenario = case.scenario.clone();
    let settings = scenario.programme.as_mut().expect("the section");
    // One that joins in the second year, and one that is never there.
    let second = settings.budgets[1].year;
    settings.members[0].from = Some(format!("{second}-01-01"));
    settings.members[1].from = Some("2190-01-01".to_owned());
    let apart = case.programme(&scenario).expect("a programme");
    assert_eq!(apart.joining.iter().map(|j| j.member).collect::<Vec<_>>(), [0, 1]);
    for joining in &apart.joining {
        let m = joining.member;
        let now: Money = apart.keys[0].all_years(m);
        assert_eq!(joining.change[m], joining.pays.as_minor() as i64 - now.as_minor() as i64);
        assert!(joining.change[m] > 0 && joining.change.iter().enumerate().all(|(o, &c)| o == m || c <= 0));
        assert_eq!(joining.change.iter().sum::<i64>(), 0, "the same amount, shared by more");
    }
    // With both back it is as it was; with one, it is that one's scenario.
    assert!(together.joining.is_empty());
    scenario.programme.as_mut().expect("the section").members[0].from = None;
    let with = case.programme(&scenario).expect("a programme");
    let paid = |programme: &Programme, m: usize| programme.keys[0].all_years(m);
    assert_eq!(paid(&with, 0), apart.joining[0].pays);
}

#[test]
fn orders_and_milestones_move_what_they_name() {
    let case = Case::new(5);
    let usual = case.check(&case.scenario);
    let ordered = usual.orders.iter().find(|o| o.status == "ordered").expect("the first is ordered");
    assert_eq!(ordered.phase, Phase::Year(2027), "what is ordered comes first");
    // A milestone is kept where the money for it is there, and by no more than it asks: the rest keeps Horn's order.
    let mut scenario = case.scenario.clone();
    let settings = scenario.programme.as_mut().expect("the section");
    settings.budgets.iter_mut().for_each(|b| b.amount *= 3.0);
    settings.freezes.clear();
    let kept = case.check(&scenario);
    assert_eq!(kept.milestones.len(), 2);
    assert!(kept.milestones[1].premises > 0, "the second names premises of the plan");
    for m in &kept.milestones {
        assert!(m.reached == m.premises && m.done.is_some_and(|done| done <= m.year), "{m:?}");
    }
    assert!(usual.waiting.0 >= usual.waiting.1, "no order waits less than Horn's");
    let mut scenario = case.scenario.clone();
    let settings = scenario.programme.as_mut().expect("the section");
    settings.order_list.push(breiband::Order {
        id: "x".into(),
        municipality: "9901".into(),
        targets: vec!["no-such-place".into()],
        status: OrderStatus::Built,
        ..Default::default()
    });
    let error = case.programme(&scenario).expect_err("an unknown target").to_string();
    assert!(error.contains("programme.order[1]") && error.contains("no-such-place"), "{error}");
    let settings = scenario.programme.as_mut().expect("the section");
    // What is built already costs nothing more.
    let far = settings.milestones[1].premises.clone();
    settings.order_list[0].targets = far;
    let built = case.programme(&scenario).expect("a programme");
    assert!(built.jobs.iter().any(|job| job.phase == Phase::Built));
    let settings = scenario.programme.as_mut().expect("the section");
    settings.members[0].code = "0000".into();
    settings.order_list.clear();
    let Case { region, book, plan, .. } = &case;
    let refused = breiband::programme(&region.value, &scenario, book, &plan.value, None);
    assert!(refused.expect_err("an unknown member").to_string().contains("0000"));
    settings_without_budget(&case);
}

fn settings_without_budget(case: &Case) {
    let mut scenario = case.scenario.clone();
    let settings = scenario.programme.as_mut().expect("the section");
    settings.budgets.clear();
    assert!(case.programme(&scenario).expect_err("no money").to_string().contains("[[programme.budget]]"));
}

/// What is built and who is passed is the programme's own; the sums are the years' own.
fn check_business(case: &breiband::BusinessCase, programme: &Programme) {
    for (cash, built) in case.years.iter().zip(&programme.years) {
        assert_eq!(cash.year, built.year);
        assert_eq!(cash.capex, built.work.saturating_add(built.fixed).as_major());
        assert!((cash.revenue - cash.opex - cash.renewal - cash.capex - cash.net).abs() < 0.001);
    }
    // To the minor unit, as a treasurer adds it up.
    let mut sum = 0.0;
    for cash in &case.years {
        sum += cash.net;
        assert!((sum - cash.cumulative).abs() < 0.001, "{cash:?} {sum}");
    }
    let npv: f64 = case.years.iter().map(|y| y.discounted).sum();
    assert!((npv - case.npv).abs() < 0.001);
    assert!(case.years.windows(2).all(|pair| pair[0].customers <= pair[1].customers));
    assert!(case.years.iter().all(|y| y.customers <= y.passed));
    assert!(case.npv_range[0] < case.npv && case.sways[0].at_p10 != case.sways[0].at_p90);
}

/// What holds in every game: the interval of each group, the sums, and the verdicts by the groups' own figures.
fn check_game(game: &breiband::Game, plan: &Plan, case: &Case) {
    assert_eq!((game.members.len(), game.groups.len(), game.all), (8, 255, true));
    let (_, most) = game.group(255).and_then(|group| group.cost).expect("everybody together can");
    assert_eq!(game.shapley.iter().map(|value| value.share).sum::<i64>(), most as i64);
    assert!(most >= plan.route.bound.as_minor() + game.fixed);
    let settings = case.scenario.programme.as_ref().expect("the section");
    let fixed: f64 = settings.fixed.iter().map(|f| f.amount * 100.0).sum();
    assert_eq!(game.fixed as f64, fixed);
    for group in &game.groups {
        let (least, most) = group.cost.expect("everywhere may be built");
        let proof: u64 = (0..8).filter(|m| group.members >> m & 1 == 1).map(|m| game.dual[m]).sum();
        assert!(game.fixed + proof <= least && least <= most, "{group:?}");
        for part in game.groups.iter().filter(|p| p.members & !group.members == 0 && p.members != group.members) {
            let (_, a) = part.cost.expect("everywhere");
            let (_, b) = game.group(group.members & !part.members).and_then(|g| g.cost).expect("the rest");
            assert!(most + game.fixed <= a + b, "two networks are one for both");
        }
    }
    for sharing in &game.allocations {
        assert_eq!(sharing.shares.iter().sum::<i64>(), most as i64, "{}", sharing.name);
        let pays = |group: u32| (0..8).filter(|m| group >> m & 1 == 1).map(|m| sharing.shares[m]).sum::<i64>();
        let over = game.groups[..254].iter().map(|g| (g.members, pays(g.members) - g.cost.map_or(0, |c| c.1) as i64));
        let worst = over.max_by_key(|&(group, over)| (over, std::cmp::Reverse(group))).filter(|&(_, over)| over > 0);
        assert_eq!(sharing.wronged.first().map(|&(group, more)| (group, more as i64)), worst, "{}", sharing.name);
        assert_eq!(sharing.verdict == breiband::Verdict::Fails, worst.is_some());
    }
    let core = game.least_core.as_ref().expect("each could build alone");
    let shares = game.allocations.iter().find(|a| a.name == "least-core").expect("it is judged");
    let most_wronged = shares.wronged.first().map_or(0, |&(_, more)| more as i64);
    assert!(core.least <= core.most && most_wronged <= core.most.max(0) + 8, "{core:?}");
}

#[test]
fn sites_are_ready_when_they_are_built_and_links_carry_what_is_behind_them() {
    let case = Case::new(5);
    let mut scenario = case.scenario.clone();
    let settings = scenario.programme.as_mut().expect("the section");
    let school = case.region.value.sites.iter().find(|s| s.kind == breiband::SiteKind::School).expect("a school");
    settings.heads.insert(school.external_id.clone(), 7);
    let programme = case.check(&scenario);
    let mut policy = breiband::Policy::example();
    let found = case.services(&scenario, &programme, &policy).expect("services");
    let by_id = |id: &str| case.region.value.sites.iter().find(|s| s.external_id == id).expect("it is the region's");
    for site in &found.sites {
        let premises = by_id(&site.id).premises.expect("sites stand in houses").index();
        let enough = site.today_mbps.is_some_and(|mbps| mbps >= site.needs_mbps);
        let expect = match enough {
            true => Phase::Built,
            false if site.needs_mbps > 1000.0 => Phase::NotPlanned,
            false => programme.premises[premises].phase,
        };
        assert_eq!(site.ready, expect, "{site:?}");
        assert_eq!(site.feide.is_some(), site.kind == breiband::SiteKind::School);
    }
    let counted = found.sites.iter().find(|s| s.id == school.external_id).expect("the school");
    assert_eq!((counted.heads, counted.busy_mbps), ((7, false), 7.0 * 1.5 + 20.0));
    // Everything that is connected is behind one handover, homes and sites alike.
    let homes: u64 = found.links.iter().filter(|link| link.handover).map(|link| link.homes).sum();
    let region = &case.region.value;
    let planned = region.premises.iter().zip(&programme.premises).filter(|(_, row)| row.phase != Phase::NotPlanned);
    let expect: u64 =
        planned.filter(|(p, _)| p.kind != breiband::PremisesKind::Public).map(|(p, _)| u64::from(p.households)).sum();
    assert_eq!(homes, expect);
    assert!(found.links.iter().all(|link| link.load_mbps[0] <= link.load_mbps[1]));
    assert!(found.links.iter().all(|link| link.fills.is_none() || link.equipment != link.lasting));
    // Without growth nothing fills up.
    policy.homes.growth_per_cent = 0.0;
    let still = case.services(&scenario, &programme, &policy).expect("services");
    assert!(still.links.iter().all(|link| link.fills.is_none() && link.load_mbps[0] == link.load_mbps[1]));
    // The best host is the one with the least score of those with a second path.
    assert!(found.hosts.len() > 3, "handovers and town halls");
    let least = found.hosts.iter().filter(|h| h.second_path.is_some()).map(|h| h.score).fold(f64::INFINITY, f64::min);
    assert!(found.hosts[0].second_path.is_none() || found.hosts[0].score == least);
    let settings = scenario.programme.as_mut().expect("the section");
    settings.heads.insert("nowhere".into(), 1);
    let refused = case.services(&scenario, &programme, &policy).expect_err("no such site").to_string();
    assert!(refused.contains("programme.heads") && refused.contains("nowhere"), "{refused}");
}

#[test]
fn on_their_own_ground_some_cannot() {
    let case = Case::new(5);
    let mut scenario = case.scenario.clone();
    let settings = scenario.programme.as_mut().expect("the section");
    settings.members.truncate(4);
    let game_of = |scenario: &Scenario| {
        let mut silent = Silent;
        breiband::game(&case.region.value, scenario, &case.book, &case.plan.value, &mut Context::new(&mut silent))
    };
    let free = game_of(&scenario).expect("fifteen plans");
    let rules = scenario.programme.as_mut().and_then(|p| p.game.as_mut()).expect("the section");
    rules.territory = breiband::Territory::Own;
    let own = game_of(&scenario).expect("fifteen plans");
    assert!(own.groups.iter().any(|g| g.cost.is_none()), "somebody needs a neighbour's ground");
    assert!(own.shapley.is_empty() && own.saving.is_none());
    for (own, free) in own.groups.iter().zip(&free.groups) {
        let (Some(own), Some(free)) = (own.cost, free.cost) else { continue };
        assert!(free.0 <= own.1, "what is allowed everywhere is no dearer");
    }
    let rules = scenario.programme.as_mut().and_then(|p| p.game.as_mut()).expect("the section");
    rules.handovers.push(breiband::OwnedHandover { name: "no such place".into(), owner: "9901".into() });
    assert!(game_of(&scenario).expect_err("no handover").to_string().contains("no such place"));
}

#[test]
fn reports_are_whole_and_the_public_one_names_nobody() {
    let case = Case::new(5);
    let mut programme = case.check(&case.scenario);
    let mut silent = Silent;
    let mut context = Context::new(&mut silent);
    let plan = &case.plan.value;
    let game = breiband::game(&case.region.value, &case.scenario, &case.book, plan, &mut context).expect("255 plans");
    check_game(&game, plan, &case);
    programme.game = Some(game);
    let policy = breiband::Policy::example();
    programme.services = Some(case.services(&case.scenario, &programme, &policy).expect("sites"));
    let first =
        breiband::first_year(&case.region.value, &case.scenario, plan, &programme, &mut context).expect("a year");
    assert!(first.reached <= first.found && first.found <= first.most && first.most <= first.all, "{first:?}");
    assert!(first.least <= first.spent && first.spent <= first.money, "{first:?}");
    check_first_year(&case, first);
    programme.first_year = Some(first);
    let files = breiband::report(&case.region.value, &case.scenario, &case.book, &case.plan, &programme);
    let reports: Vec<_> = files.iter().filter(|f| f.name.ends_with(".html")).collect();
    assert_eq!(reports.len(), 6);
    let streets: Vec<String> = case
        .region
        .value
        .premises
        .iter()
        .zip(&programme.premises)
        .filter(|(_, phase)| phase.phase != Phase::NotPlanned)
        .map(|(p, _)| p.label())
        .collect();
    for file in reports {
        let text = std::str::from_utf8(&file.bytes).expect("UTF-8");
        assert!(text.matches("http").count() == text.matches("http://www.w3.org/2000/svg").count(), "it stands alone");
        for left in ["council.", "measure.", "(value.", "(web.", "<script", "<img", "NaN"] {
            assert!(!text.contains(left), "{} holds {left}", file.name);
        }
        let body = text.split_once("</style>").expect("a style").1;
        assert!(!body.contains('{'), "{}: a placeholder is left", file.name);
        // What comes with the project is said in the page's language.
        let english = ["General knowledge", "example prices", "example demand", "Example scheme", "invented, for"];
        if !file.name.contains("-en.") {
            assert_eq!(english.into_iter().find(|words| body.contains(words)), None, "{}", file.name);
        }
        let named = streets.iter().filter(|label| text.contains(label.as_str())).count();
        assert_eq!(named > 0, !file.name.contains("public"), "{}", file.name);
    }
    check_business(programme.business.as_ref().expect("the sample has a business case"), &programme);
    let text = |name: &str| {
        let file = files.iter().find(|f| f.name == name).unwrap_or_else(|| panic!("{name} is written"));
        std::str::from_utf8(&file.bytes).expect("UTF-8")
    };
    check_words(text("report-en.html"), text("report-public-en.html"), &programme, &plan.summary);
    assert_eq!(text("game.csv").lines().count(), 256);
    assert_eq!(text("shapley.csv").lines().count(), 9);
    assert_eq!(text("sharings.csv").lines().count(), 6 * 8 + 1, "four keys, Shapley and the least core");
    assert_eq!(text("business.csv").lines().count(), 26);
    let shares =
        String::from_utf8(files.iter().find(|f| f.name == "shares.csv").expect("shares").bytes.clone()).expect("UTF-8");
    let rows = programme.keys.len() * programme.years.len() * programme.members.len();
    assert_eq!(shares.lines().count(), rows + 1);
    let why = String::from_utf8(files.iter().find(|f| f.name == "premises-phases.csv").expect("why").bytes.clone())
        .expect("UTF-8");
    assert_eq!(why.lines().count(), case.region.value.premises.len() + 1);
    assert!(why.contains("number ") && why.contains("Mbit/s today"));
}

#[test]
fn households_below_a_speed_weigh_what_the_scenario_says() {
    let case = Case::new(5);
    let mut scenario = case.scenario.clone();
    let settings = scenario.programme.as_mut().expect("the section");
    settings.order_list.clear();
    let mut slow = Vec::new();
    for below_mbps in [5.0, 50.0] {
        let settings = scenario.programme.as_mut().expect("the section");
        settings.weights = breiband::Weights { premises: 0, household_below: 2, below_mbps, ..settings.weights };
        let found = breiband::programme(&case.region.value, &scenario, &case.book, &case.plan.value, None);
        let programme = found.expect("a programme");
        let is_slow = |p: &breiband::Premises| p.service.as_ref().is_none_or(|today| today.down_mbps < below_mbps);
        let rows = case.region.value.premises.iter().zip(&programme.premises);
        let rows = rows.filter(|(p, row)| row.phase != Phase::NotPlanned && is_slow(p));
        let households: u64 = rows.map(|(p, _)| u64::from(p.households)).sum();
        assert_eq!(programme.jobs.iter().map(|job| job.points).sum::<u64>(), 2 * households);
        slow.push(households);
    }
    assert!(slow[0] < slow[1], "{slow:?}");
}

#[test]
fn whoever_is_left_out_is_told_why_and_what_reaching_them_costs() {
    let mut case = Case::new(5);
    let budget = (case.plan.value.summary.cost / 3.0).round();
    let threshold_mbps = case.scenario.goal.threshold_mbps();
    case.scenario.goal = breiband::Goal::Budget { threshold_mbps, count: breiband::Count::Premises, budget };
    case.scenario.support = None;
    let mut silent = Silent;
    let mut context = Context::new(&mut silent);
    case.plan = breiband::plan(&case.region, &case.scenario, &case.book, &mut context).expect("a plan");
    let programme = case.programme(&case.scenario).expect("a programme");
    let Plan { network, route, .. } = &case.plan.value;
    // Bellman and Ford, from everything that is built, through nobody's house.
    let house = |v: usize| network.vertices[v].kind == breiband::VertexKind::Premises;
    let mut far = vec![u64::MAX; network.vertices.len()];
    let ends = route.edges.iter().map(|id| &network.edges[id.index()]).flat_map(|edge| [edge.tail, edge.head]);
    ends.map(|v| v.index()).filter(|&v| !house(v)).for_each(|v| far[v] = 0);
    let mut changes = true;
    while std::mem::take(&mut changes) {
        for edge in &network.edges {
            let [a, b] = [edge.tail.index(), edge.head.index()];
            for (from, to) in [(a, b), (b, a)] {
                let there = far[from].saturating_add(edge.cost.as_minor());
                if !house(from) && there < far[to] {
                    far[to] = there;
                    changes = true;
                }
            }
        }
    }
    let mut left_out = 0;
    for (at, (row, outcome)) in programme.premises.iter().zip(&route.outcomes).enumerate() {
        let expected = match network.demand[at] {
            breiband::Demand::Terminal(t) if outcome.drop.is_none() => {
                far[network.terminals[t as usize].vertex.index()]
            }
            _ => 0,
        };
        assert_eq!(row.reach.as_minor(), if expected == u64::MAX { 0 } else { expected });
        left_out += u64::from(outcome.reason == breiband::Reason::OverBudget && expected > 0);
    }
    assert!(left_out > 20, "{left_out}");
    let files = breiband::report(&case.region.value, &case.scenario, &case.book, &case.plan, &programme);
    let table = files.iter().find(|file| file.name == "premises-phases.csv").expect("it is written");
    let text = String::from_utf8_lossy(&table.bytes);
    let told = text.lines().filter(|line| line.contains("reaches others first") && line.contains("alone would cost"));
    assert_eq!(told.count() as u64, left_out);
}

#[test]
fn the_public_is_told_no_sums_of_few() {
    let case = Case::new(5);
    let mut programme = case.check(&case.scenario);
    let support = programme.support.as_mut().expect("the sample's scheme");
    let mut tell = |at: usize, eligible: u64, reached: u64, kroner: u64| {
        let cost = Money::from_minor(kroner * 100);
        let funding = breiband::Funding { eligible, reached, cost, ..support.municipalities[at].funding };
        support.municipalities[at].funding = funding;
        support.areas[at].funding = funding;
    };
    tell(0, 40, 3, 98_765_432);
    tell(1, 3, 3, 87_654_321);
    tell(2, 40, 0, 76_543_219);
    tell(3, 40, 5, 65_432_198);
    let files = breiband::report(&case.region.value, &case.scenario, &case.book, &case.plan, &programme);
    for file in files.iter().filter(|file| file.name.ends_with(".html")) {
        let text = String::from_utf8_lossy(&file.bytes);
        let digits: String =
            text.chars().filter(|c| !matches!(c, ' ' | ',' | '\u{a0}' | '\u{202f}' | '\u{2009}')).collect();
        let said = ["98765432", "87654321", "76543219", "65432198"].map(|sum| digits.contains(sum));
        assert_eq!(
            said,
            if file.name.contains("public") { [false, false, true, true] } else { [true; 4] },
            "{}",
            file.name
        );
    }
}

/// What a treasurer adds up, and what the public is told before it meets it.
fn check_words(own: &str, public: &str, programme: &Programme, summary: &breiband::Summary) {
    let figure = |text: &str| text.replace([',', '\u{2212}'], "").parse::<i64>().unwrap_or_else(|_| panic!("{text}"));
    let tables = tables(own);
    let values = tables.iter().find(|table| table[0].get(1).is_some_and(|head| head == "Shapley value"));
    let (sum, rows) = values.and_then(|table| table[1..].split_last()).expect("Shapley values");
    let added: i64 = rows.iter().map(|row| figure(&row[1])).sum();
    assert!(sum[0] == "Together" && added.abs_diff(figure(&sum[1])) <= 8, "{sum:?} {added}");
    // The dear end of the network, and all that the budgets pay besides.
    let fixed: f64 = programme.years.iter().map(|year| year.fixed.as_major()).sum();
    let budgets: f64 = programme.years.iter().map(|year| year.budget.as_major()).sum();
    let all = programme.total.as_major() + programme.drops_later.as_major() + fixed;
    let short = all - summary.cost + summary.cost_range[2] - budgets;
    let told = own.split(" less than the dear end").next().and_then(|text| text.rsplit('\u{a0}').next());
    assert!(told.is_some_and(|told| (figure(told) as f64 - short).abs() < 1.0), "{told:?} {short}");
    assert!(own.contains("in NOK as all amounts"));
    let explained = public.find("stands for a figure of fewer than");
    assert!(explained.is_some() && explained < public.find("<table"), "the public knows what a colon means");
}

/// Tables of a page: rows of cells, heads and sums among them.
fn tables(page: &str) -> Vec<Vec<Vec<String>>> {
    let between = |text: &str, from: &str, to: &str| -> Vec<String> {
        text.split(from).skip(1).filter_map(|part| Some(part.split_once(to)?.0.to_owned())).collect()
    };
    let cells = |row: &String| -> Vec<String> {
        let row = row.replace("<th>", "<td>").replace("</th>", "</td>");
        between(&row, "<td", "</td>").iter().filter_map(|cell| Some(cell.split_once('>')?.1.to_owned())).collect()
    };
    between(page, "<table", "</table>").iter().map(|t| between(t, "<tr", "</tr>").iter().map(cells).collect()).collect()
}

#[test]
fn what_the_public_is_not_told_is_not_left_of_a_total() {
    let case = Case::new(5);
    let mut silent = Silent;
    let game = breiband::game(
        &case.region.value,
        &case.scenario,
        &case.book,
        &case.plan.value,
        &mut Context::new(&mut silent),
    );
    let game = game.expect("255 plans");
    let policy = breiband::Policy::example();
    let mut hidden = 0;
    // What counts as few, from nothing to most of what there is.
    for least in [1, 2, 5, 12, 40, 150] {
        let mut scenario = case.scenario.clone();
        scenario.programme.as_mut().expect("the section").public_least = least;
        let mut programme = case.check(&scenario);
        programme.services = Some(case.services(&scenario, &programme, &policy).expect("sites"));
        programme.game = Some(game.clone());
        let files = breiband::report(&case.region.value, &scenario, &case.book, &case.plan, &programme);
        let page = |name: &str| {
            let file = files.iter().find(|file| file.name == name).expect("it is written");
            String::from_utf8(file.bytes.clone()).expect("UTF-8")
        };
        let own = page("report-en.html");
        assert!(!own.contains("<td>:</td>"), "the council is told everything");
        let row = programme.coverage.iter().rfind(|row| row.municipality.is_empty() && row.density.is_empty());
        assert!(row.is_some_and(|row| row.households_connected < row.households));
        assert!(!own.contains("<dd>100.0\u{a0}%</dd>"), "not everybody is covered");
        let public = page("report-public-en.html");
        let tables = tables(&public);
        assert!(tables.len() > 12, "{}", tables.len());
        // Lots are hidden by year, and only the first are listed; of a share of everybody that is a bound, nothing is left.
        let bound = |cell: &str| cell.starts_with("over ") || cell.starts_with("under ");
        for table in tables.iter().filter(|table| table[0][0] != "Lot") {
            for column in 1..table[0].len() {
                let all = match table[0][column].as_str() {
                    "Covered today" => tables[0][1][2].as_str(),
                    "Covered after" => tables[0].last().map_or("", |row| row[2].as_str()),
                    _ => "",
                };
                if bound(all) {
                    continue;
                }
                let count = table[1..].iter().filter(|row| row[column] == ":" || bound(&row[column])).count();
                assert_ne!(count, 1, "{least}: {:?} {:?}", table[0], table[0][column]);
                hidden += count;
                assert!(least > 1 || count == 0, "one is not few");
            }
        }
        // No count of a few, in the tables that count premises.
        let counted = ["Households", "Households more", "Eligible", "Reached", "Homes", "Premises connected"];
        for table in &tables {
            for column in (1..table[0].len()).filter(|&column| counted.contains(&table[0][column].as_str())) {
                for row in table[1..].iter().filter(|row| row[0] != "Together") {
                    let count: Option<u64> = row[column].replace(',', "").parse().ok();
                    assert!(count.is_none_or(|count| count == 0 || count >= least), "{least}: {row:?}");
                }
            }
        }
    }
    assert!(hidden > 50, "{hidden}");
}

/// The first year's money as a budget of its own, planned and bounded by the goal that is made for it.
fn check_first_year(case: &Case, first: breiband::FirstYear) {
    let goal = breiband::Goal::Budget {
        threshold_mbps: case.scenario.goal.threshold_mbps(),
        count: breiband::Count::Premises,
        budget: first.money.as_major(),
    };
    let scenario = Scenario { goal, support: None, ..case.scenario.clone() };
    let mut silent = Silent;
    let plan = breiband::plan(&case.region, &scenario, &case.book, &mut Context::new(&mut silent)).expect("a plan");
    let choice = plan.value.summary.choice.expect("somebody is left out");
    assert_eq!(choice.wanted, first.all);
    assert!(choice.connected <= first.most && first.found <= choice.most, "{choice:?} {first:?}");
    assert!(first.found * 10 >= choice.connected * 9, "{choice:?} {first:?}");
}

#[test]
fn every_stretch_says_what_it_carries() {
    let case = Case::new(5);
    let programme = case.check(&case.scenario);
    let policy = breiband::Policy::example();
    let services = case.services(&case.scenario, &programme, &policy).expect("loads");
    assert_eq!(services.stretches.len(), case.plan.value.route.edges.len());
    // What a handover carries is what its first stretch does; no stretch carries more than what it hangs on.
    let most = services.links.iter().filter(|l| l.handover).map(|l| l.homes).sum::<u64>();
    let homes = services.stretches.values().map(|load| load.homes).max();
    assert!(homes.is_some_and(|homes| homes <= most), "{homes:?} {most}");
    for link in services.links.iter().filter(|link| link.handover) {
        let same = |l: &breiband::LinkLoad| (l.homes, l.load_mbps, l.fills) == (link.homes, link.load_mbps, link.fills);
        assert!(services.stretches.values().any(same), "{link:?}");
    }
    let text = |files: &[breiband::OutputFile], name: &str| {
        let file = files.iter().find(|f| f.name == name).unwrap_or_else(|| panic!("{name}"));
        String::from_utf8_lossy(&file.bytes).into_owned()
    };
    let files = breiband::files(&case.region.value, &case.scenario, &case.book, &case.plan);
    let network = text(&files, "network.csv");
    assert!(
        network.lines().next().is_some_and(|head| head.contains("cost,load_mbps,last_load_mbps,equipment,full_in"))
    );
    assert!(text(&files, "network.geojson").contains("\"load_mbps\":"));
    let plain = Scenario { programme: None, ..case.scenario.clone() };
    let files = breiband::files(&case.region.value, &plain, &case.book, &case.plan);
    assert!(!text(&files, "network.csv").contains("load_mbps"), "without a programme, no policy is in force");
}
